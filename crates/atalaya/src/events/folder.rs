//! The drop folder: `<drop>/<feed>/<file>` is taken in, then moved to `<drop>/<feed>/done/`.
//!
//! A file is taken only when nobody wrote to it for half a minute: a line that stalls stalls longer than a moment. Names
//! that begin with a dot or end in `.part` or `.tmp` are never taken, so that whoever writes long renames at the end. It
//! is moved only after the commit; one that was taken and not moved is known by its bytes the next time, and one that
//! was written to meanwhile, or within an hour of being moved, is put back, to be taken again when it is whole. What
//! cannot be taken goes to `refused/`, with the reason beside it.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::arrive::{Arriving, Piece, arrive};
use super::feed::{self, Feed};
use crate::access::Who;
use crate::{App, Error, Result};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(2);
/// What nobody wrote to for so long is whole.
const STILL: SignedDuration = SignedDuration::from_secs(30);

/// Whoever still has a file open that was moved writes to it where it lies then; so long it is looked at.
const OPEN: SignedDuration = SignedDuration::from_hours(1);

/// So many names of a drop folder are looked at when what is of no feed is listed, and so many of these are named.
const MOST: usize = 1000;
const SHOWN: usize = 5;

/// What was seen at the looks before.
#[derive(Debug, Default)]
pub struct Seen {
    /// Files that wait: size, when they were written to last, and since when it is so.
    waiting: Marks,
    /// Files that were moved away, as they were then, and when. A program that was started anew knows of none.
    moved: HashMap<PathBuf, Moved>,
}

/// A file that was moved away.
#[derive(Debug)]
struct Moved {
    /// Where it was.
    from: PathBuf,
    mark: Mark,
    at: Timestamp,
}

/// By which it is seen that somebody wrote to a file.
type Mark = (u64, Option<SystemTime>);

/// Files as they were seen, and since when.
type Marks = HashMap<PathBuf, (Mark, Timestamp)>;

/// Watches the profile's drop folder, if it names one, until `stop` holds true.
pub fn watch(app: &App, mut stop: watch::Receiver<bool>) -> Option<JoinHandle<()>> {
    app.profile.events.drop.as_ref()?;
    let app = app.clone();
    Some(tokio::spawn(async move {
        let (mut seen, mut told) = (Seen::default(), String::new());
        while !*stop.borrow() {
            match look(&app, &mut seen).await {
                Ok(_) => told.clear(),
                // Said once, not at each look.
                Err(error) if told == error.to_string() => {}
                Err(error) => {
                    tracing::warn!(%error, "the drop folder cannot be read; it is tried again");
                    told = error.to_string();
                }
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
            }
        }
    }))
}

/// Looks once through the folders of all feeds. Says how many files were taken in; if there was trouble with some,
/// the first of it, when all others are done.
pub async fn look(app: &App, seen: &mut Seen) -> Result<usize> {
    let Some(drop) = app.profile.events.drop.clone() else { return Ok(0) };
    let feeds = feed::list(&mut app.db.read().await?).await?;
    let (mut now, mut taken, mut trouble) = (Marks::new(), 0, None);
    for feed in feeds.iter().filter(|feed| feed.state == "active") {
        let folder = drop.join(&feed.name);
        let whole = ready(&folder, app.now(), &seen.waiting, &mut now).unwrap_or_else(|error| {
            _ = trouble.get_or_insert(error);
            Vec::new()
        });
        for (path, mark) in whole {
            match take(app, feed, &folder, &path).await {
                Ok((new, placed)) => {
                    taken += usize::from(new);
                    now.remove(&path);
                    seen.moved.insert(placed, Moved { from: path, mark, at: app.now() });
                }
                // It waits where it is; what lies beside it goes on.
                Err(error) => _ = trouble.get_or_insert(error),
            }
        }
    }
    seen.waiting = now;
    if let Err(error) = put_back(app.now(), &mut seen.moved) {
        _ = trouble.get_or_insert(error);
    }
    trouble.map_or(Ok(taken), Err)
}

/// What lies in the drop folder and is of no feed: names of files beside the feeds' folders, and of folders that no feed has
/// and in which something lies. Some of them, and how many there are, up to a thousand.
pub fn strays(drop: &Path, feeds: &[&str]) -> Result<(Vec<String>, usize)> {
    let fault = |error: std::io::Error| Error::fault(format!("{}: {error}", drop.display()));
    let (mut names, mut count) = (Vec::new(), 0);
    for entry in fs::read_dir(drop).map_err(fault)?.take(MOST) {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What a link leads to is read like a folder of a feed.
        let is_folder = entry.path().is_dir();
        let is_empty = || fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none());
        if name.starts_with('.') || (is_folder && (feeds.contains(&name.as_str()) || is_empty())) {
            continue;
        }
        count += 1;
        if names.len() < SHOWN {
            names.push(if is_folder { format!("{name}/") } else { name });
        }
    }
    names.sort();
    Ok((names, count))
}

/// The files of a folder that are whole, by the machine's clock or by what was seen of them. A folder that is not there yet is made, so that people see where to put things.
fn ready(folder: &Path, at: Timestamp, seen: &Marks, now: &mut Marks) -> Result<Vec<(PathBuf, Mark)>> {
    let fault = |error: std::io::Error| Error::fault(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(fault)?;
    let mut whole = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let unfinished = name.starts_with('.') || [".part", ".tmp", ".filepart"].iter().any(|end| name.to_lowercase().ends_with(end));
        // A link is not followed: it may lead anywhere on this machine.
        let Ok(kind) = entry.file_type() else { continue };
        let Some(about) = Some(entry.metadata()).filter(|_| kind.is_file() && !unfinished).and_then(Result::ok) else { continue };
        let mark = (about.len(), about.modified().ok());
        let since = seen.get(&entry.path()).filter(|(before, _)| *before == mark).map_or(at, |(_, since)| *since);
        let old = mark.1.and_then(|at| at.elapsed().ok()).is_some_and(|since| since >= STILL.unsigned_abs());
        if old || at.duration_since(since) >= STILL {
            whole.push((entry.path(), mark));
        }
        now.insert(entry.path(), (mark, since));
    }
    whole.sort();
    Ok(whole)
}

/// Takes one file in and moves it away. Whether it was taken, and where it lies now.
async fn take(app: &App, feed: &Feed, folder: &Path, path: &Path) -> Result<(bool, PathBuf)> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (from, blobs, most) = (path.to_owned(), app.blobs.clone(), app.profile.events.max_file_bytes);
    let called = name.clone();
    let pieces = tokio::task::spawn_blocking(move || swallow(&from, &called, &blobs, most)).await.map_err(Error::fault)?;
    let done = match pieces {
        Ok(pieces) => arrive(app, &Who::Job("drop_folder"), feed, pieces, "folder").await.map(drop),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok((true, move_to(&folder.join("done"), path, &name)?)),
        // What is wrong with the file stays wrong; what is wrong with us may pass, and the file waits.
        Err(Error::Invalid(why)) => {
            let placed = move_to(&folder.join("refused"), path, &name)?;
            let note = why_of(&placed);
            fs::write(&note, format!("{why}\n")).map_err(|error| Error::fault(format!("{}: {error}", note.display())))?;
            tracing::warn!(file = %path.display(), %why, "a file in the drop folder is refused");
            Ok((false, placed))
        }
        Err(error) => Err(error),
    }
}

/// Puts files back that were written to after they were looked at: what was read of them may be a part.
fn put_back(now: Timestamp, moved: &mut HashMap<PathBuf, Moved>) -> Result<()> {
    moved.retain(|path, one| path.exists() && now.duration_since(one.at) < OPEN);
    let is_same = |path: &Path, mark: Mark| fs::metadata(path).is_ok_and(|about| (about.len(), about.modified().ok()) == mark);
    let written: Vec<PathBuf> = moved.iter().filter(|(path, one)| !is_same(path, one.mark)).map(|(path, _)| path.clone()).collect();
    for path in written {
        let Some(from) = moved.get(&path).map(|one| one.from.clone()) else { continue };
        // Under its own name, which may say what it is.
        if let (Some(folder), Some(name)) = (from.parent(), from.file_name()) {
            move_to(folder, &path, &name.to_string_lossy())?;
            let _ = fs::remove_file(why_of(&path));
        }
        moved.remove(&path);
    }
    Ok(())
}

/// Beside a refused file: why.
fn why_of(placed: &Path) -> PathBuf {
    placed.with_file_name(format!("{}.why", placed.file_name().map(|name| name.to_string_lossy()).unwrap_or_default()))
}

fn swallow(path: &Path, name: &str, blobs: &::store::Blobs, most: u64) -> Result<Vec<Piece>> {
    let fault = |error: std::io::Error| Error::fault(format!("{}: {error}", path.display()));
    let mut file = fs::File::open(path).map_err(fault)?;
    let mut arriving = Arriving::new(blobs, most);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(fault)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
        arriving.push(bytes)?;
    }
    arriving.finish(name)
}

/// Moves a file into a folder beside it, under a name that nothing has there.
fn move_to(folder: &Path, path: &Path, name: &str) -> Result<PathBuf> {
    let fault = |error: std::io::Error| Error::fault(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(fault)?;
    let mut to = folder.join(name);
    let mut turn = 1;
    while to.exists() {
        turn += 1;
        to = folder.join(format!("{turn}-{name}"));
    }
    fs::rename(path, &to).map_err(fault)?;
    Ok(to)
}
