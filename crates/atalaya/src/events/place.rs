//! Where the lake lies, as the profile says, and the keys to it if that is a bucket: from a file of their own, as
//! other programs that speak S3 read it, or from the environment. They are given to the lake and to nobody else.

use std::path::Path;

use crate::profile::Storage;
use crate::{App, Error, Result};

/// A key's name in the file (the environment has it in capitals), and whether it must be there.
const KEYS: [(&str, bool); 3] = [("aws_access_key_id", true), ("aws_secret_access_key", true), ("aws_session_token", false)];

/// A folder or a bucket.
pub(super) struct Place {
    pub url: String,
    /// What is needed to get into a bucket; empty for a folder.
    pub options: Vec<(String, String)>,
}

/// The place of this installation's events.
pub(super) fn place(app: &App) -> Result<Place> {
    match &app.profile.storage {
        None => folder(&app.data.join("events")),
        Some(storage) if !storage.is_bucket() => folder(Path::new(storage.events.trim_start_matches("file://"))),
        Some(storage) => Ok(Place { url: storage.events.clone(), options: options(storage)? }),
    }
}

/// By its whole name: what it is compared with was noted by a program that may have begun elsewhere.
fn folder(path: &Path) -> Result<Place> {
    let whole = std::path::absolute(path).map_err(|error| Error::fault(format!("{}: {error}", path.display())))?;
    Ok(Place { url: whole.display().to_string(), options: Vec::new() })
}

fn options(storage: &Storage) -> Result<Vec<(String, String)>> {
    let mut options = match &storage.credentials_file {
        Some(file) => keys(|name| in_file(&text(file)?, name), &file.display().to_string())?,
        None => keys(|name| Ok(std::env::var(name.to_uppercase()).ok()), "the environment")?,
    };
    let endpoint = storage.endpoint.clone().unwrap_or_default();
    if endpoint.starts_with("http://") {
        options.push(("aws_allow_http".into(), "true".into()));
    }
    options.push(("aws_endpoint".into(), endpoint));
    options.extend(storage.region.clone().map(|region| ("aws_region".into(), region)));
    Ok(options)
}

/// All keys or none: without them the client would ask the machine's own network for some.
fn keys(find: impl Fn(&str) -> Result<Option<String>>, place: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (name, needed) in KEYS {
        match find(name)? {
            Some(value) => found.push((name.to_owned(), value)),
            None if needed => return Err(Error::fault(format!("no {name} in {place}: the bucket of the events cannot be opened"))),
            None => (),
        }
    }
    Ok(found)
}

fn text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| Error::fault(format!("{}: {error}", file.display())))
}

/// The value of `name = value`, whatever section it stands in.
fn in_file(text: &str, name: &str) -> Result<Option<String>> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    Ok(pairs.map(|(key, value)| (key.trim(), value.trim())).find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned()))
}
