//! Parts of sealed messages while they come in: files in a folder of their own, dated with the day.
//!
//! What is known of an upload besides its parts is in memory only. After a restart an upload goes on
//! where it was, and its hour begins anew.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::intake::{self, Refused, Taken};
use super::{level, sha256};
use crate::App;
use crate::profile::Sealed;
use crate::web::upload::on_disk;

/// Bytes of a part; only the last is shorter.
pub const PART: usize = 1 << 20;
/// How long nothing may come.
const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// How many may be open at the same time.
const OPEN: usize = 200;

/// The uploads that are known.
#[derive(Debug, Default)]
pub struct Uploads(Mutex<HashMap<String, Entry>>);

#[derive(Debug)]
struct Entry {
    last: Timestamp,
    bytes: u64,
    done: Option<Taken>,
    alone: Arc<tokio::sync::Mutex<()>>,
}

impl Uploads {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, Entry>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that an upload is alive.
    fn touch(&self, id: &str, now: Timestamp, bytes: u64) -> Arc<tokio::sync::Mutex<()>> {
        self.with(|all| {
            let entry = all.entry(id.to_owned()).or_insert_with(|| Entry { last: now, bytes: 0, done: None, alone: Arc::default() });
            entry.last = now;
            entry.bytes += bytes;
            Arc::clone(&entry.alone)
        })
    }

    /// What came of an upload that was committed.
    pub fn done(&self, id: &str) -> Option<Taken> {
        self.with(|all| all.get(id).and_then(|entry| entry.done.clone()))
    }

    /// Remembers what came of it, should the answer get lost.
    pub fn finish(&self, id: &str, taken: &Taken) {
        self.with(|all| {
            if let Some(entry) = all.get_mut(id) {
                (entry.done, entry.bytes) = (Some(taken.clone()), 0);
            }
        });
    }
}

fn root(app: &App) -> PathBuf {
    app.data.join("uploads").join("sealed")
}

/// The folder of an upload, if its id is one.
fn folder(app: &App, id: &str) -> Result<PathBuf, Refused> {
    let shaped = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if shaped { Ok(root(app).join(id)) } else { Err(Refused::NotFound) }
}

fn failed(error: io::Error) -> Refused {
    Refused::Fault(vault::Error::io("keep a part", error).into())
}

/// Begins an upload.
pub async fn begin(app: &App, sealed: &Sealed) -> Result<String, Refused> {
    let id = data_encoding::HEXLOWER.encode(&app.db.entropy().bytes::<16>());
    let (open, bytes) =
        app.sealed.uploads.with(|all| (all.values().filter(|entry| entry.done.is_none()).count(), all.values().map(|entry| entry.bytes).sum::<u64>()));
    if open >= OPEN || bytes > sealed.max_bytes_per_day {
        return Err(Refused::Closed("sealed-error-busy"));
    }
    let (folder, day) = (folder(app, &id)?, level(app)?);
    on_disk(move || {
        let mut make = fs::DirBuilder::new();
        make.recursive(true).mode(0o700);
        make.create(&folder).and_then(|()| dated(&folder, day)).map_err(|error| vault::Error::io("make a folder for an upload", error).into())
    })
    .await?;
    app.sealed.uploads.touch(&id, app.now(), 0);
    Ok(id)
}

/// Which parts are there, in order.
pub async fn parts(app: &App, id: &str) -> Result<Vec<u32>, Refused> {
    let folder = folder(app, id)?;
    let listed = on_disk(move || Ok(numbers(&folder))).await?;
    let parts = listed.map_err(|_| Refused::NotFound)?;
    app.sealed.uploads.touch(id, app.now(), 0);
    Ok(parts)
}

fn numbers(folder: &Path) -> io::Result<Vec<u32>> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(folder)? {
        parts.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    parts.sort_unstable();
    Ok(parts)
}

/// Keeps a part. The same part again is the same.
pub async fn put(app: &App, sealed: &Sealed, id: &str, number: u32, hash: &str, bytes: axum::body::Bytes) -> Result<(), Refused> {
    let folder = folder(app, id)?;
    if bytes.is_empty() || bytes.len() > PART || u64::from(number) * PART as u64 + bytes.len() as u64 > intake::most(sealed) {
        return Err(Refused::TooLarge);
    }
    if data_encoding::HEXLOWER.encode(&sha256(&bytes)) != hash.trim().to_ascii_lowercase() {
        return Err(Refused::invalid("sealed-error-part"));
    }
    if app.sealed.uploads.done(id).is_some() {
        return Err(Refused::Conflict("sealed-problem-sent-already"));
    }
    let (day, size) = (level(app)?, bytes.len() as u64);
    let fresh: [u8; 8] = app.db.entropy().bytes();
    let kept = on_disk(move || {
        if !folder.is_dir() {
            return Ok(None);
        }
        let place = folder.join(number.to_string());
        let new = !place.exists();
        // Two of the same part at once never see half of each other.
        let temporary = folder.join(format!(".{}", data_encoding::HEXLOWER.encode(&fresh)));
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
            file.write_all(&bytes)?;
            drop(file);
            dated(&temporary, day)?;
            fs::rename(&temporary, &place)?;
            dated(&folder, day)
        })();
        written.map_err(|error: io::Error| {
            let _ = fs::remove_file(&temporary);
            vault::Error::io("keep a part", error)
        })?;
        Ok(Some(new))
    })
    .await?;
    let new = kept.ok_or(Refused::NotFound)?;
    app.sealed.uploads.touch(id, app.now(), if new { size } else { 0 });
    Ok(())
}

/// Holds an upload for whoever commits it: a second one waits, and then sees what came of it. An id that
/// nobody was given is noted nowhere: it would count as an open upload, and work is asked for each of these.
pub async fn hold(app: &App, id: &str) -> Result<tokio::sync::OwnedMutexGuard<()>, Refused> {
    let folder = folder(app, id)?;
    let there = on_disk(move || Ok(folder.is_dir())).await?;
    if !there && app.sealed.uploads.done(id).is_none() {
        return Err(Refused::NotFound);
    }
    Ok(app.sealed.uploads.touch(id, app.now(), 0).lock_owned().await)
}

/// All parts as one stream, if they are there, in order and of the size that was said.
pub async fn whole(app: &App, id: &str, count: u32, size: u64) -> Result<Parts, Refused> {
    let folder = folder(app, id)?;
    let there = parts(app, id).await?;
    if count == 0 || there.len() as u64 != u64::from(count) || there.last().copied() != count.checked_sub(1) {
        return Err(Refused::invalid("sealed-error-parts"));
    }
    let place = folder.clone();
    let sizes = on_disk(move || {
        let sizes: io::Result<Vec<u64>> = (0..count).map(|number| place.join(number.to_string()).metadata().map(|data| data.len())).collect();
        sizes.map_err(|error| vault::Error::io("look at the parts", error).into())
    })
    .await?;
    let full = sizes.iter().rev().skip(1).all(|part| *part == PART as u64);
    if !full || sizes.iter().sum::<u64>() != size {
        return Err(Refused::invalid("sealed-error-parts"));
    }
    Ok(Parts { folder, next: 0, count, open: None })
}

/// The parts of an upload, one after the other.
pub struct Parts {
    folder: PathBuf,
    next: u32,
    count: u32,
    open: Option<File>,
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(file) = &mut self.open {
                let count = file.read(into)?;
                if count > 0 {
                    return Ok(count);
                }
                self.open = None;
            }
            if self.next >= self.count {
                return Ok(0);
            }
            self.open = Some(File::open(self.folder.join(self.next.to_string()))?);
            self.next += 1;
        }
    }
}

/// Takes the parts away.
pub async fn remove(app: &App, id: &str) -> Result<(), Refused> {
    let (folder, root, day) = (folder(app, id)?, root(app), level(app)?);
    on_disk(move || {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(vault::Error::io("remove the parts", error).into()),
            _ => {}
        }
        let _ = dated(&root, day);
        Ok(())
    })
    .await
    .map_err(Refused::Fault)
}

/// A file for ciphertext that has no name and is gone with its handle.
pub async fn nameless(app: &App) -> Result<File, Refused> {
    let (root, day) = (root(app), level(app)?);
    on_disk(move || {
        let mut make = fs::DirBuilder::new();
        make.recursive(true).mode(0o700);
        let made = make.create(&root).and_then(|()| tempfile::tempfile_in(&root)).and_then(|file| dated(&root, day).map(|()| file));
        made.map_err(|error| vault::Error::io("make a file for a message", error).into())
    })
    .await
    .map_err(Refused::Fault)
}

/// Removes uploads that nobody went on with for an hour.
pub async fn sweep(app: &App) -> crate::Result<()> {
    let (root, now) = (root(app), app.now());
    let listed = on_disk(move || {
        let Ok(entries) = fs::read_dir(&root) else { return Ok(Vec::new()) };
        Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect::<Vec<_>>())
    })
    .await?;
    let over = app.sealed.uploads.with(|all| {
        // Whatever a restart forgot gets its hour from now on.
        for id in &listed {
            all.entry(id.clone()).or_insert_with(|| Entry { last: now, bytes: 0, done: None, alone: Arc::default() });
        }
        let over = |entry: &Entry| now.duration_since(entry.last) > IDLE;
        let ids: Vec<String> = all.iter().filter(|(_, entry)| over(entry)).map(|(id, _)| id.clone()).collect();
        all.retain(|_, entry| !over(entry));
        ids
    });
    for id in over {
        if let Err(Refused::Fault(error)) = remove(app, &id).await {
            return Err(error);
        }
    }
    Ok(())
}

fn dated(path: &Path, day: Timestamp) -> io::Result<()> {
    ::store::level(path, day)
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        failed(error)
    }
}
