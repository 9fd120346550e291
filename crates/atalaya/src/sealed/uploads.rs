//! Parts of sealed messages while they come in: files in a folder of their own, dated with the day.
//!
//! What is known of an upload besides its parts is in memory only. After a restart an upload goes on
//! where it was, and its hour begins anew. Several nodes share the folder: each takes from the number of files whether
//! another one has gone on since it looked, since their dates tell nothing.
//!
//! What is on its way counts against the bytes of the day like what came, piece by piece, so that nobody fills the disk
//! with what is never sent off.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::intake::{self, Refused};
use super::{level, sha256, store, today};
use crate::App;
use crate::profile::Sealed;
use crate::web::upload::on_disk;

/// Bytes of a part; only the last is shorter.
pub const PART: usize = 1 << 20;
/// How long nothing new may come.
const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// How long an upload may take, whatever comes.
const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How many may be open at the same time: reporters', and the team's.
const OPEN: usize = 200;
const OPEN_OF_TEAM: usize = 50;

/// Who sends. What one of them may take, another cannot take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A reporter's browser, which worked for it.
    Worked,
    /// A reporter without a script: it costs nothing.
    Free,
    /// A reader, for an answer.
    Team,
}

/// The uploads that are known.
#[derive(Debug, Default)]
pub struct Uploads {
    open: Mutex<HashMap<String, Entry>>,
    /// Bytes in files without a name.
    free: AtomicU64,
    of_team: AtomicU64,
    /// Whether the folder was looked at since the start.
    known: tokio::sync::OnceCell<()>,
}

#[derive(Debug)]
struct Entry {
    by: By,
    begun: Timestamp,
    last: Timestamp,
    bytes: u64,
    /// How many there are in its folder, as far as this node knows.
    files: usize,
    alone: Arc<tokio::sync::Mutex<()>>,
}

impl Uploads {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, Entry>) -> T) -> T {
        work(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes an upload, and a new file of it of so many bytes: nothing else keeps it alive.
    fn touch(&self, id: &str, now: Timestamp, new: Option<u64>) -> Arc<tokio::sync::Mutex<()>> {
        self.with(|all| {
            let entry = all.entry(id.to_owned()).or_insert_with(|| Entry::new(By::Worked, now));
            if let Some(bytes) = new {
                entry.last = now;
                entry.bytes += bytes;
                entry.files += 1;
            }
            Arc::clone(&entry.alone)
        })
    }

    /// Bytes on their way from them.
    fn bytes(&self, by: By) -> u64 {
        let parts = self.with(|all| all.values().filter(|entry| entry.by == by).map(|entry| entry.bytes).sum::<u64>());
        parts + self.nameless(by).map_or(0, |bytes| bytes.load(Ordering::Relaxed))
    }

    /// The count of bytes in files without a name.
    pub(super) fn nameless(&self, by: By) -> Option<&AtomicU64> {
        match by {
            By::Worked => None,
            By::Free => Some(&self.free),
            By::Team => Some(&self.of_team),
        }
    }
}

impl Entry {
    fn new(by: By, now: Timestamp) -> Self {
        Self { by, begun: now, last: now, bytes: 0, files: 0, alone: Arc::default() }
    }

    /// Whether it has had its time; whoever commits it is let finish.
    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.last) > IDLE || (now.duration_since(self.begun) > LIFE && self.alone.try_lock().is_ok())
    }
}

/// Refuses so many bytes more, where they do not fit into today beside what came and what is on its way. Of what strangers
/// may bring, half at most costs them nothing; an answer of the team's waits for none of it.
pub async fn room(app: &App, sealed: &Sealed, by: By, more: u64) -> Result<(), Refused> {
    let (uploads, most) = (&app.sealed.uploads, sealed.max_bytes_per_day);
    uploads.known.get_or_try_init(|| look(app)).await?;
    let fits = if by == By::Team {
        uploads.bytes(By::Team).saturating_add(more) <= most
    } else {
        let day = store::of_day(&mut app.db.read().await?, &today(app).to_string()).await?;
        let (free, all) = (uploads.bytes(By::Free), uploads.bytes(By::Free) + uploads.bytes(By::Worked));
        let fits = |came: i64, coming: u64, most: u64| u64::try_from(came).unwrap_or(0).saturating_add(coming).saturating_add(more) <= most;
        fits(day.bytes, all, most) && (by == By::Worked || fits(day.free_bytes, free, most / 2))
    };
    if fits { Ok(()) } else { Err(Refused::Closed("sealed-error-busy")) }
}

/// Where parts lie.
pub(super) fn root(app: &App) -> PathBuf {
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
pub async fn begin(app: &App, sealed: &Sealed, by: By) -> Result<String, Refused> {
    let id = data_encoding::HEXLOWER.encode(&app.db.entropy().bytes::<16>());
    room(app, sealed, by, 0).await?;
    let (folder, day, now) = (folder(app, &id)?, level(app)?, app.now());
    let places = if by == By::Team { OPEN_OF_TEAM } else { OPEN };
    let free = app.sealed.uploads.with(|all| {
        let free = all.values().filter(|entry| (entry.by == By::Team) == (by == By::Team)).count() < places;
        if free {
            all.insert(id.clone(), Entry::new(by, now));
        }
        free
    });
    if !free {
        return Err(Refused::Closed("sealed-error-busy"));
    }
    let made = on_disk(move || {
        let mut make = fs::DirBuilder::new();
        make.recursive(true).mode(0o700);
        make.create(&folder).and_then(|()| dated(&folder, day)).map_err(|error| vault::Error::io("make a folder for an upload", error).into())
    });
    if let Err(error) = made.await {
        app.sealed.uploads.with(|all| all.remove(&id));
        return Err(error.into());
    }
    Ok(id)
}

/// Which parts are there, in order.
pub async fn parts(app: &App, id: &str) -> Result<Vec<u32>, Refused> {
    let folder = folder(app, id)?;
    let listed = on_disk(move || Ok(numbers(&folder))).await?;
    let parts = listed.map_err(|_| Refused::NotFound)?;
    app.sealed.uploads.touch(id, app.now(), None);
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
pub async fn put(app: &App, sealed: &Sealed, by: By, id: &str, (number, hash): (u32, &str), bytes: axum::body::Bytes) -> Result<(), Refused> {
    let folder = folder(app, id)?;
    if bytes.is_empty() || bytes.len() > PART || u64::from(number) * PART as u64 + bytes.len() as u64 > intake::most(sealed) {
        return Err(Refused::TooLarge);
    }
    if data_encoding::HEXLOWER.encode(&sha256(&bytes)) != hash.trim().to_ascii_lowercase() {
        return Err(Refused::invalid("sealed-error-part"));
    }
    room(app, sealed, by, bytes.len() as u64).await?;
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
    app.sealed.uploads.touch(id, app.now(), new.then_some(size));
    Ok(())
}

/// Holds an upload for whoever commits it: a second one waits, and then sees what came of it. An id that
/// nobody was given is noted nowhere: it would count as an open upload, and work is asked for each of these.
pub async fn hold(app: &App, id: &str) -> Result<tokio::sync::OwnedMutexGuard<()>, Refused> {
    let (folder, day) = (folder(app, id)?, level(app)?);
    // Another node sees by this file that somebody is at it.
    let marked = on_disk(move || {
        let mark = folder.join("commit");
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&mark).and_then(|_| dated(&mark, day)).and_then(|()| dated(&folder, day)) {
            Ok(()) => Ok(Some(true)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Some(false)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(vault::Error::io("hold an upload", error).into()),
        }
    })
    .await?;
    let new = marked.ok_or(Refused::NotFound)?;
    Ok(app.sealed.uploads.touch(id, app.now(), new.then_some(0)).lock_owned().await)
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
    app.sealed.uploads.with(|all| all.remove(id));
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

/// Looks at the folder: whatever a restart forgot, or another node began or went on with, gets its hour from now on.
async fn look(app: &App) -> crate::Result<()> {
    let (root, now) = (root(app), app.now());
    let listed = on_disk(move || {
        let Ok(entries) = fs::read_dir(&root) else { return Ok(Vec::new()) };
        let sizes =
            |path: PathBuf| -> Option<Vec<u64>> { Some(fs::read_dir(path).ok()?.flatten().filter_map(|file| Some(file.metadata().ok()?.len())).collect()) };
        Ok(entries.flatten().filter_map(|entry| Some((entry.file_name().to_str()?.to_owned(), sizes(entry.path())?))).collect::<Vec<_>>())
    })
    .await?;
    app.sealed.uploads.with(|all| {
        for (id, sizes) in listed {
            let entry = all.entry(id).or_insert_with(|| Entry::new(By::Worked, now));
            if entry.files != sizes.len() {
                (entry.files, entry.bytes, entry.last) = (sizes.len(), sizes.iter().sum(), now);
            }
        }
    });
    Ok(())
}

/// Removes uploads that nobody went on with for an hour, or that took more than a day.
pub async fn sweep(app: &App) -> crate::Result<()> {
    look(app).await?;
    let now = app.now();
    let over = app.sealed.uploads.with(|all| {
        let over: Vec<String> = all.iter().filter(|(_, entry)| entry.is_over(now)).map(|(id, _)| id.clone()).collect();
        all.retain(|id, _| !over.contains(id));
        over
    });
    for id in over {
        if let Err(Refused::Fault(error)) = remove(app, &id).await {
            return Err(error);
        }
    }
    Ok(())
}

pub(super) fn dated(path: &Path, day: Timestamp) -> io::Result<()> {
    ::store::level(path, day)
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        failed(error)
    }
}
