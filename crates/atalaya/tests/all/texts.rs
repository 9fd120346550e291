//! The words: every key in every language with the same variables, and no page without its words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

/// A language's keys, each with the variables that its text fills in.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All files below a folder with this ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_owned()], vec![]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The keys of one file; a key begins at the line's first column, its text goes on indented.
fn keys(file: &Path, faults: &mut Vec<String>) -> Keys {
    let text = fs::read_to_string(file).unwrap();
    if let Err((_, errors)) = FluentResource::try_new(text.clone()) {
        faults.push(format!("{}: {errors:?}", file.display()));
    }
    let (mut found, mut key) = (Keys::new(), String::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let begins = line.split_once('=').filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()));
        if let Some((name, _)) = begins {
            name.trim().clone_into(&mut key);
            if found.insert(key.clone(), BTreeSet::new()).is_some() {
                faults.push(format!("{}: {key} stands there twice", file.display()));
            }
        }
        let variables = line.split('$').skip(1).map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect());
        found.entry(key.clone()).or_default().extend::<Vec<String>>(variables.collect());
    }
    found.remove("");
    found
}

fn language(name: &str, faults: &mut Vec<String>) -> BTreeMap<String, Keys> {
    let folder = here("texts").join(name);
    files(&folder, "ftl").iter().map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), keys(file, faults))).collect()
}

#[test]
fn every_language_has_every_key_with_the_same_variables() {
    let mut faults = vec![];
    let english = language("en", &mut faults);
    let mut languages = fs::read_dir(here("texts")).unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>();
    languages.sort();
    assert!(languages.contains(&"es".to_owned()));
    for name in languages {
        let other = language(&name, &mut faults);
        let rooms: BTreeSet<&String> = english.keys().chain(other.keys()).collect();
        for room in rooms {
            let (none, ours, theirs) = (Keys::new(), english.get(room), other.get(room));
            let (ours, theirs) = (ours.unwrap_or(&none), theirs.unwrap_or(&none));
            for key in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
                match (ours.get(key), theirs.get(key)) {
                    (Some(a), Some(b)) if a == b => {}
                    (Some(a), Some(b)) => faults.push(format!("{name}/{room}: {key} fills in {b:?}, in English {a:?}")),
                    (Some(_), None) => faults.push(format!("{name}/{room}: {key} is missing")),
                    _ => faults.push(format!("en/{room}: {key} is missing, {name} has it")),
                }
            }
        }
    }
    let mut seen = BTreeMap::new();
    for (room, keys) in &english {
        for key in keys.keys() {
            if let Some(other) = seen.insert(key, room) {
                faults.push(format!("{key} stands in {other} and in {room}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_text_that_a_page_or_a_mail_asks_for_exists() {
    let mut faults = vec![];
    let known: BTreeSet<String> = language("en", &mut faults).into_values().flat_map(Keys::into_keys).collect();
    let source = here("src");
    let mut asked = 0;
    for file in files(&source, "html").into_iter().chain(files(&source, "rs")) {
        let text = fs::read_to_string(&file).unwrap();
        for call in [".say(\"", ".with(\"", ".fill(\"", ".say(&format!(\"", ".with(&format!(\"", ".fill(&format!(\""] {
            for rest in text.split(call).skip(1) {
                let Some((key, _)) = rest.split_once('"') else { continue };
                let begin = key.split('{').next().unwrap();
                if begin.is_empty() || !begin.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                    continue;
                }
                asked += 1;
                // A key that is put together must at least begin like one that there is.
                let fine = if begin == key { known.contains(key) } else { known.range(begin.to_owned()..).next().is_some_and(|next| next.starts_with(begin)) };
                if !fine {
                    faults.push(format!("{}: {key} has no text", file.strip_prefix(&source).unwrap().display()));
                }
            }
        }
    }
    assert!(asked > 10, "the pages were not read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
