//! The whole registry at one version: who holds which resource, from when until when.
//!
//! Millions of events a day are matched against it in memory, so it is read once and compiled; the
//! version, which rises with each change of a resource, says when to read it again.

use ::store::{FromRow, Id, Reader, Row, Tx};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::store;
use crate::Result;

/// The counter that rises with each change of a resource.
const VERSION: &str = "registry";
/// The counter of event files: without one there is nothing to match again.
const EVENT_FILES: &str = "event-file";

/// One resource in one holder's hands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Holding {
    /// The holder's number.
    pub holder: i64,
    /// `asn`, `prefix`, `domain`.
    pub kind: String,
    /// The canonical value.
    pub value: String,
    /// First instant; [`super::days::UNKNOWN`] if nobody knows.
    pub from: Timestamp,
    /// First instant after.
    pub to: Option<Timestamp>,
}

impl FromRow for Holding {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { holder: row.get()?, kind: row.get()?, value: row.get()?, from: row.get()?, to: row.get()? })
    }
}

/// Everything that anybody holds or has held.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// Its version.
    pub version: i64,
    /// By holder, kind and value.
    pub holdings: Vec<Holding>,
}

/// The registry's version now; 0 before anything was entered.
pub async fn registry_version(reader: &mut Reader) -> Result<i64> {
    store::counter(reader, VERSION).await
}

/// The registry as it is now. The version is read first: a change that comes in between is read again.
pub async fn registry(reader: &mut Reader) -> Result<Registry> {
    let version = registry_version(reader).await?;
    Ok(Registry { version, holdings: store::holdings(reader).await? })
}

/// Says that resources changed: what was compiled before is old, and events that are stored are matched again,
/// once for all changes of a minute.
pub(super) async fn moved_on(tx: &mut Tx) -> Result<()> {
    tx.next_number(VERSION).await?;
    if store::counter(tx, EVENT_FILES).await? > 0 {
        let soon = tx.now() + SignedDuration::from_mins(1);
        tx.enqueue_at("rematch_events", json!({}), soon, Some("rematch_events")).await?;
    }
    Ok(())
}

/// An organisation by its number in the events, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Number in the events.
    pub number: i64,
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
}

impl FromRow for Numbered {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { number: row.get()?, id: row.get()?, name: row.get()? })
    }
}

/// The organisations of these numbers, in the order of the numbers. Unknown ones are left out.
pub async fn numbered(reader: &mut Reader, numbers: &[i64]) -> Result<Vec<Numbered>> {
    store::numbered(reader, numbers).await
}

/// The number of an organisation in the events.
pub async fn number_of(reader: &mut Reader, organisation: Id) -> Result<i64> {
    store::number_of(reader, organisation).await?.ok_or(crate::Error::NotFound)
}
