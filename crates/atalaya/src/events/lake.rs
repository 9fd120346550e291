//! The seam to the lake: what this room asks of it, in this room's words.
//!
//! Nothing else here knows how events are kept. The lake waits for disks, so whoever calls it does so
//! where waiting is allowed.

use std::sync::{Arc, Mutex, PoisonError};

use ::lake::{Holder, Holders, Intake, Lake, Resource, Settings, Start};
use ::store::Tx;
use formats::feed::Events;
use formats::net::Asn;

use super::file::EventFile;
use super::store;
use crate::constituency::{self, Holding};
use crate::{App, Error, Result};

/// What the program remembers of the lake: that it is open, and the registry as it was compiled last.
#[derive(Debug, Default)]
pub struct Memory {
    lake: Mutex<Option<Lake>>,
    holders: Mutex<Option<Arc<Holders>>>,
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

fn fault(error: ::lake::Error) -> Error {
    Error::fault(error)
}

/// The lake, opened when it is first asked for: the command line beside a running server never does.
pub fn open(app: &App) -> Result<Lake> {
    let mut open = app.events.lake.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lake) = &*open {
        return Ok(lake.clone());
    }
    let place = app.data.join("events").display().to_string();
    let scratch = app.data.join("events-work");
    let secret = app.key.secret("events");
    let mut key = [0; 16];
    key.iter_mut().zip(secret.iter()).for_each(|(to, from)| *to = *from);
    let settings = Settings { place: &place, options: Vec::new(), scratch: &scratch, key, now: app.now().as_microsecond(), id: app.db.entropy().bytes() };
    let lake = Lake::open(&settings).map_err(fault)?;
    *open = Some(lake.clone());
    Ok(lake)
}

/// The registry, compiled; anew when it has changed.
pub async fn holders(app: &App) -> Result<Arc<Holders>> {
    let mut reader = app.db.read().await?;
    let version = constituency::registry_version(&mut reader).await?;
    let known = app.events.holders.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(known) = known.filter(|known| known.version() == version) {
        return Ok(known);
    }
    let registry = constituency::registry(&mut reader).await?;
    drop(reader);
    let compiled = tokio::task::spawn_blocking(move || Arc::new(Holders::compile(registry.version, registry.holdings.into_iter().filter_map(resource))));
    let compiled = compiled.await.map_err(Error::fault)?;
    *app.events.holders.lock().unwrap_or_else(PoisonError::into_inner) = Some(compiled.clone());
    Ok(compiled)
}

/// A resource as the lake compiles it. The registry keeps canonical values only, so that each can be read.
fn resource(one: Holding) -> Option<Holder> {
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
    let nonce = u64::from_le_bytes(app.db.entropy().bytes());
    let start = Start { sha: *file.sha256.as_bytes(), file: file.number, now: app.now().as_microsecond(), nonce };
    let app = app.clone();
    let intake = tokio::task::spawn_blocking(move || open(&app)?.intake(start, holders).map_err(fault)).await.map_err(Error::fault)??;
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

/// Notes the sums of data files, in the change that says that a file is stored.
pub(super) async fn note(tx: &mut Tx, stored: &Stored) -> Result<()> {
    for (file, rollup) in &stored.data_files {
        let Some(day) = day_of(file) else { continue };
        store::insert_rollup(tx, file, day, rollup).await?;
    }
    Ok(())
}

/// The day that a data file is of, in days since 1970: it stands in its name.
fn day_of(data_file: &str) -> Option<i64> {
    let text = data_file.split('/').find_map(|part| part.strip_prefix("day="))?;
    let day: jiff::civil::Date = text.parse().ok()?;
    day.since(jiff::civil::Date::constant(1970, 1, 1)).ok().map(|span| i64::from(span.get_days()))
}
