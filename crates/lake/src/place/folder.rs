//! A place that is a folder. What is written gets its name only when its bytes are on the disk, and
//! the folder is flushed after.

use super::Entry;
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

pub(super) fn list(root: &Path, folder: &str) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let at = root.join(&folder);
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::place(folder)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(Error::place(folder.as_str()))?;
            let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else { continue };
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // A file may go while we look.
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                open.push(path);
            } else {
                let modified = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_millis());
                found.push(Entry { path, size: about.len(), modified: i64::try_from(modified).unwrap_or(i64::MAX) });
            }
        }
    }
    Ok(found)
}

pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::place(name(path))(error)),
    }
}

pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<bool> {
    let draft = write_draft(path, bytes)?;
    // A hard link is what a folder has for "only if the name is free".
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).map_err(Error::place(name(&draft)))?;
    match linked {
        Ok(()) => sync_parent(path).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::place(name(path))(error)),
    }
}

pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let draft = write_draft(path, bytes)?;
    fs::rename(&draft, path).map_err(Error::place(name(path)))?;
    sync_parent(path)
}

/// Writes and flushes the bytes under a name that no reader looks at. The name is unique among processes by their number,
/// within one by the count; where two machines have processes of one number, who finds a name taken takes the next.
fn write_draft(path: &Path, bytes: &[u8]) -> Result<PathBuf> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(0);
    make_parent(path)?;
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let draft = path.with_file_name(format!(".draft-{}-{count}", std::process::id()));
        match File::create_new(&draft).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())) {
            Ok(()) => return Ok(draft),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => (),
            Err(error) => return Err(Error::place(name(&draft))(error)),
        }
    }
}

pub(super) fn adopt(file: &Path, path: &Path) -> Result<()> {
    make_parent(path)?;
    File::open(file).and_then(|file| file.sync_all()).map_err(Error::place(name(file)))?;
    match fs::rename(file, path) {
        Ok(()) => Ok(()),
        // The scratch folder lies on another disk.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let draft = path.with_extension("draft");
            fs::copy(file, &draft).and_then(|_| File::open(&draft)?.sync_all()).map_err(Error::place(name(&draft)))?;
            fs::rename(&draft, path).map_err(Error::place(name(path)))?;
            fs::remove_file(file).map_err(Error::place(name(file)))
        }
        Err(error) => Err(Error::place(name(path))(error)),
    }
}

pub(super) fn settle<'a>(root: &Path, paths: impl Iterator<Item = &'a str>) -> Result<()> {
    let folders: BTreeSet<&str> = paths.filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    folders.iter().try_for_each(|folder| sync_folder(&root.join(folder)))?;
    sync_folder(root)
}

pub(super) fn delete(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::place(name(path))(error)),
    }
}

pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::place(name(folder)))
}

fn sync_parent(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), sync_folder)
}

fn make_parent(path: &Path) -> Result<()> {
    let Some(parent) = path.parent().filter(|parent| !parent.exists()) else { return Ok(()) };
    // One level, no more: where the place itself is gone, none is made in its stead.
    match fs::create_dir(parent) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(Error::place(name(parent))(error)),
        _ => Ok(()),
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::super::Place;

    #[test]
    fn a_draft_of_another_machines_process_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::open(folder.path().to_str().unwrap(), &[]).unwrap();
        // Its process has the same number, and is as far as ours will be.
        let theirs: Vec<_> = (0..1000).map(|count| folder.path().join(format!(".draft-{}-{count}", std::process::id()))).collect();
        for draft in &theirs {
            std::fs::write(draft, b"theirs").unwrap();
        }
        place.put("ours", b"ours").unwrap();
        assert!(theirs.iter().all(|draft| std::fs::read(draft).unwrap() == b"theirs"));
        assert_eq!(place.read("ours").unwrap().unwrap(), b"ours");
    }

    #[test]
    fn a_name_is_given_once_and_a_list_is_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::open(folder.path().to_str().unwrap(), &[]).unwrap();
        assert!(place.create("a/2", b"first").unwrap());
        assert!(!place.create("a/2", b"second").unwrap());
        assert!(place.create("a/1", b"").unwrap());
        assert_eq!(place.read("a/2").unwrap().unwrap(), b"first");
        place.put("a/2", b"third").unwrap();
        assert_eq!(place.read("a/2").unwrap().unwrap(), b"third");
        let names = |after| place.list("a", after).unwrap().into_iter().map(|entry| entry.path).collect::<Vec<_>>();
        assert_eq!(names(None), ["a/1", "a/2"]);
        assert_eq!(names(Some("a/1")), ["a/2"]);
        place.delete("a/2").unwrap();
        place.delete("a/2").unwrap();
        assert_eq!(place.read("a/2").unwrap(), None);
    }
}
