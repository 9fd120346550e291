//! The seam to the lake: what this room asks of it, in this room's words.
//!
//! Nothing else here knows how events are kept. The lake waits for disks, so whoever calls it does so
//! where waiting is allowed.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::lake::{Holder, Holders, Intake, Lake, Resource, Rollup, Settings, Start};
use ::store::{Job, Tx};
use formats::feed::Events;
use formats::net::Asn;
use jiff::SignedDuration;

use super::desk::Desk;
use super::file::EventFile;
use super::place::{Place, place};
use super::table::{self, Found};
use super::{notices, store, upkeep};
use crate::constituency::{self, Holding};
use crate::{App, Error, Result};

/// How long a job is held while its work goes on.
const HOLD: SignedDuration = SignedDuration::from_mins(5);

/// How long a page or a piece of a download waits for a cluster.
#[cfg(feature = "spark")]
const TIME: Duration = Duration::from_mins(2);

/// What the program remembers of the lake: that it is open, and the registry as it was compiled last.
#[derive(Debug, Default)]
pub struct Memory {
    lake: Mutex<Option<Lake>>,
    /// Held by whoever opens it.
    opening: tokio::sync::Mutex<()>,
    /// The same, only read, while another process works with it.
    beside: Mutex<Option<Lake>>,
    /// With the name of the table whose events are matched with it: another table has none that were.
    holders: Mutex<Option<(String, Arc<Holders>)>>,
    /// Where the long work is done.
    desk: Desk,
    #[cfg(feature = "spark")]
    cluster: Mutex<Option<Arc<cluster::Cluster>>>,
}

impl Memory {
    fn open(&self) -> Option<Lake> {
        self.lake.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn beside(&self) -> Option<Lake> {
        self.beside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(feature = "spark")]
impl Memory {
    /// The cluster that the profile names, if it names one.
    pub(super) fn cluster(&self, app: &App) -> Result<Option<Arc<cluster::Cluster>>> {
        let Some(engine) = &app.profile.events.engine else { return Ok(None) };
        let mut known = self.cluster.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            let settings = cluster::Settings { address: &engine.address, token: None, place: engine.place.clone(), time: TIME };
            *known = Some(Arc::new(cluster::Cluster::new(&settings).map_err(fault)?));
        }
        Ok(known.clone())
    }
}

/// How the events of a file ended.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// New in the lake.
    pub stored: u64,
    /// Known before.
    pub duplicate: u64,
    /// Of the stored ones, nobody's.
    pub unmatched: u64,
    /// The data files that hold them, each with its sums.
    pub data_files: Vec<(String, ::lake::Rollup)>,
}

/// A file on its way into the lake: all of it, or nothing.
pub struct Writer {
    intake: Intake,
    registry: i64,
}

/// The lake's trouble in the program's words.
pub(super) fn fault(error: ::lake::Error) -> Error {
    match error {
        ::lake::Error::InUse(_) => Error::conflict("Another process of this installation works with the events: ask that one, or end it."),
        ::lake::Error::Place { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => Error::Full,
        ::lake::Error::Engine(why) => Error::Unanswered(why),
        error @ (::lake::Error::Missing(_) | ::lake::Error::Another { .. }) => Error::Unanswered(error.to_string()),
        // What the client of a bucket says has no kind of the disk's.
        ::lake::Error::Place { what, source } if source.kind() == std::io::ErrorKind::Other => {
            Error::Unanswered(format!("the bucket of the events: {what}: {source}"))
        }
        error => Error::fault(error),
    }
}

/// Whether another process holds the lake: what there is to do with it is that one's.
pub fn is_elsewhere(app: &App) -> bool {
    if app.events.open().is_some() {
        return false;
    }
    // Or somebody opens it here just now: from a bucket that may take long, and nobody waits for it.
    let lock = File::open(scratch(app).join("lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// The folder of this process alone.
fn scratch(app: &App) -> PathBuf {
    app.data.join("events-work")
}

/// The lake, opened when it is first asked for: the command line beside a running server never does. Where nothing was
/// kept yet it is begun; where its place is another than before, everything is read again first.
///
/// A place can go away while the program runs. What writes asks here, and then looks for the table as at a start.
pub async fn open(app: &App) -> Result<Lake> {
    if let Some(lake) = app.events.open() {
        let there = lake.clone();
        if upkeep::blocking(move || there.is_here().map_err(fault)).await? {
            return Ok(lake);
        }
        close(app);
    }
    let _turn = app.events.opening.lock().await;
    if let Some(lake) = app.events.open() {
        return Ok(lake);
    }
    let (ours, found) = table::look(app).await?;
    if found == Found::Moved {
        table::make_again(app).await?;
        return Err(Error::conflict("The events are read again from their files first."));
    }
    let (there, table) = (app.clone(), ours.id.clone());
    let lake = upkeep::blocking(move || {
        let app = there;
        let (Place { url, options }, scratch) = (place(&app)?, scratch(&app));
        let secret = app.key.secret("events");
        let mut key = [0; 16];
        key.iter_mut().zip(secret.iter()).for_each(|(to, from)| *to = *from);
        let (now, begin) = (app.now().as_microsecond(), found == Found::Nothing);
        let settings = Settings { place: &url, options, scratch: &scratch, key, now, table: &table, begin, rows: Settings::ROWS };
        let lake = Lake::open(&settings).map_err(fault)?;
        *app.events.lake.lock().unwrap_or_else(PoisonError::into_inner) = Some(lake.clone());
        Ok(lake)
    })
    .await?;
    if found == Found::Nothing {
        table::begun(app, &ours.id).await?;
    }
    Ok(lake)
}

/// The lake for whoever only reads, if there is one: ours, or beside another process of this installation that works
/// with it.
pub async fn reading(app: &App) -> Result<Option<Lake>> {
    if let Some(lake) = app.events.open().or_else(|| app.events.beside().filter(|_| is_elsewhere(app))) {
        return Ok(Some(lake));
    }
    let (ours, found) = table::look(app).await?;
    if found != Found::Ours {
        return Ok(None);
    }
    match open(app).await {
        Err(Error::Conflict(_)) => {}
        done => return done.map(Some),
    }
    let app = app.clone();
    upkeep::blocking(move || {
        let Place { url, options } = place(&app)?;
        let lake = Lake::beside(&url, &options, &scratch(&app), &ours.id).map_err(fault)?;
        *app.events.beside.lock().unwrap_or_else(PoisonError::into_inner) = Some(lake.clone());
        Ok(Some(lake))
    })
    .await
}

/// Lets go of the lake, so that another may open it; whoever asks for it opens it again.
pub fn close(app: &App) {
    *app.events.lake.lock().unwrap_or_else(PoisonError::into_inner) = None;
    *app.events.beside.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Forgets the compiled registry: what events were matched with is noted anew.
pub(super) fn forget_holders(app: &App) {
    *app.events.holders.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// The registry, compiled; anew when it has changed, and for another table. Before events are matched with it, its resources are noted
/// as such that the older events were not matched with: whoever matches again looks at what these cover, too.
pub async fn holders(app: &App) -> Result<Arc<Holders>> {
    let mut reader = app.db.read().await?;
    let version = constituency::registry_version(&mut reader).await?;
    let table = store::ours(&mut reader).await?.map(|ours| ours.id).unwrap_or_default();
    let known = app.events.holders.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, known)) = known.filter(|(of, known)| *of == table && known.version() == version) {
        return Ok(known);
    }
    let registry = constituency::registry(&mut reader).await?;
    let matched: HashSet<Holding> = store::matched(&mut reader).await?.into_iter().map(|(one, _)| one).collect();
    drop(reader);
    let new: Vec<&Holding> = registry.holdings.iter().filter(|one| !matched.contains(one)).collect();
    // Where nothing is stored yet, there is no older event.
    let all = !is_there(app).await?;
    app.db.keep_house(async |tx| store::note_matched(tx, &new, all).await).await?;
    let compiled = tokio::task::spawn_blocking(move || Arc::new(Holders::compile(registry.version, registry.holdings.into_iter().filter_map(resource))));
    let compiled = compiled.await.map_err(Error::fault)?;
    *app.events.holders.lock().unwrap_or_else(PoisonError::into_inner) = Some((table, compiled.clone()));
    Ok(compiled)
}

/// A resource as the lake compiles it. The registry keeps canonical values only, so that each can be read.
pub(super) fn resource(one: Holding) -> Option<Holder> {
    let resource = match one.kind.as_str() {
        "prefix" => Resource::Network(one.value.parse().ok()?),
        "asn" => Resource::Asn(one.value.parse::<Asn>().ok()?.0),
        "domain" => Resource::Domain(formats::net::domain::normalise(&one.value).ok()?),
        _ => return None,
    };
    Some(Holder { id: one.holder, resource, from: one.from.as_microsecond(), until: one.to.map_or(i64::MAX, jiff::Timestamp::as_microsecond) })
}

/// Begins to take a file in.
pub async fn begin(app: &App, file: &EventFile) -> Result<Writer> {
    let holders = holders(app).await?;
    let registry = holders.version();
    let start = Start { sha: *file.sha256.as_bytes(), file: file.number, now: app.now().as_microsecond(), nonce: nonce(app) };
    let lake = open(app).await?;
    let intake = upkeep::blocking(move || lake.intake(start, holders).map_err(fault)).await?;
    Ok(Writer { intake, registry })
}

impl Writer {
    /// The version of the registry that its events are matched with.
    pub fn registry(&self) -> i64 {
        self.registry
    }

    /// Takes a batch.
    pub fn push(&mut self, events: &Events) -> Result<()> {
        self.intake.take(events).map_err(fault)
    }

    /// Keeps all of it: durable when it returns. A file that is in already is counted as it was then.
    pub fn commit(self) -> Result<Stored> {
        let receipt = self.intake.commit().map_err(fault)?;
        let counts = receipt.counts;
        Ok(Stored { stored: counts.stored, duplicate: counts.duplicate, unmatched: counts.stored.saturating_sub(counts.held), data_files: receipt.data_files })
    }
}

/// Whether the lake has the events of a file.
pub(super) async fn has(app: &App, file: &EventFile) -> Result<bool> {
    let Some(lake) = reading(app).await? else { return Ok(false) };
    let sha = *file.sha256.as_bytes();
    upkeep::blocking(move || Ok(lake.receipt(&sha).map_err(fault)?.is_some())).await
}

/// Whether there is a lake: nothing is begun only to find that it is empty.
pub(super) async fn is_there(app: &App) -> Result<bool> {
    // A bucket is asked over the network, and not once more for each page.
    Ok(app.events.open().is_some() || table::look(app).await?.1 == Found::Ours)
}

/// What tells the data files of one writing from those of any other.
pub(super) fn nonce(app: &App) -> u64 {
    u64::from_le_bytes(app.db.entropy().bytes())
}

/// Has work done where long work with events is, and holds the job meanwhile. `None`: another worker has the job now.
/// The work may go on to its commit: whatever the lake is asked for can be asked for twice.
pub(super) async fn held<T: Send + 'static>(app: &App, job: &Job, work: impl FnOnce() -> T + Send + 'static) -> Result<Option<T>> {
    let mut work = app.events.desk.run(work)?;
    loop {
        tokio::select! {
            done = &mut work => return Ok(Some(done.map_err(Error::fault)?)),
            () = tokio::time::sleep(Duration::from_mins(1)) => {
                if !app.db.hold_job(job, HOLD).await? {
                    return Ok(None);
                }
            }
        }
    }
}

/// Notes the sums of data files, in the change that says that a file is stored.
pub(super) async fn note(tx: &mut Tx, data_files: &[(String, Rollup)]) -> ::store::Result<()> {
    for (file, rollup) in data_files {
        let Some(day) = day_of(file) else { continue };
        store::insert_rollup(tx, file, day, rollup).await?;
    }
    Ok(())
}

/// Notes whose the events of a file are and of which days, in the change that says that it is stored.
pub(super) async fn arrived(tx: &mut Tx, file: ::store::Id, stored: &Stored) -> ::store::Result<()> {
    let sums = stored.data_files.iter().filter_map(|(name, rollup)| Some((day_of(name)?, rollup)));
    notices::arrived(tx, file, stored.stored, sums).await
}

/// Hands the events of a holder on some days to `each`, where waiting for disks is allowed.
pub(super) async fn fold_events<T: Send + 'static>(
    app: &App,
    holder: i64,
    days: Vec<i32>,
    start: T,
    mut each: impl FnMut(&mut T, &::lake::Event<'_>) -> bool + Send + 'static,
) -> Result<T> {
    let Some(lake) = reading(app).await? else { return Ok(start) };
    upkeep::blocking(move || {
        let mut folded = start;
        lake.events_of(holder, &days, |event| each(&mut folded, event)).map_err(fault)?;
        Ok(folded)
    })
    .await
}

/// The day that a data file is of, in days since 1970: it stands in its name.
fn day_of(data_file: &str) -> Option<i64> {
    let text = data_file.split('/').find_map(|part| part.strip_prefix("day="))?;
    let day: jiff::civil::Date = text.parse().ok()?;
    day.since(jiff::civil::Date::constant(1970, 1, 1)).ok().map(|span| i64::from(span.get_days()))
}
