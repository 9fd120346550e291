//! A listing of each folder (requirement 14), as a page without script that the server has ready.

use super::{Files, put};
use formats::label::Tlp;
use std::collections::{BTreeMap, BTreeSet};

/// Adds `index.html` to every folder. A listing names only what its own readers may have: a folder of a
/// higher label is not named in the one above it.
pub(super) fn write(files: &mut Files) {
    let mut folders: BTreeMap<String, BTreeSet<(String, Tlp)>> = BTreeMap::new();
    for file in files.values() {
        let mut path = file.path.as_str();
        while let Some((folder, name)) = split(path) {
            let is_file = path.len() == file.path.len();
            let name = if is_file { name.to_owned() } else { format!("{name}/") };
            folders.entry(folder.to_owned()).or_default().insert((name, file.label));
            if folder.is_empty() {
                break;
            }
            path = folder.trim_end_matches('/');
        }
    }
    for (folder, names) in folders {
        let label = names.iter().map(|(_, label)| *label).min().unwrap_or(Tlp::Red);
        let seen: BTreeSet<&str> = names.iter().filter(|(_, of)| *of <= label).map(|(name, _)| name.as_str()).collect();
        put(files, format!("{folder}index.html"), page(&folder, &seen).into_bytes(), label);
    }
}

/// A path as its folder, with `/` at the end, and its last name.
fn split(path: &str) -> Option<(&str, &str)> {
    if path.is_empty() {
        return None;
    }
    Some(path.rfind('/').and_then(|at| path.split_at_checked(at + 1)).unwrap_or(("", path)))
}

fn page(folder: &str, names: &BTreeSet<&str>) -> String {
    // Paths are made of letters, digits and a few signs, none of which HTML knows.
    let items: String = names.iter().map(|name| format!("<li><a href=\"{}\">{name}</a></li>\n", name.replace('+', "%2B"))).collect();
    let title = if folder.is_empty() { "CSAF" } else { folder };
    format!("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n</html>\n")
}
