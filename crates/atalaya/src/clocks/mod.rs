//! Running promises: started, paused, stopped, kept or missed.

use jiff::Timestamp;
use store::{Id, Reader, Tx};

use crate::access::Who;
use crate::{App, Result};

/// A running promise.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Id.
    pub id: Id,
    /// The report or case it runs for.
    pub about: Id,
    /// `report` or `case`.
    pub noun: String,
    /// The promise's id in the profile.
    pub promise: String,
    /// When it began to count.
    pub anchor_at: Timestamp,
    /// When it must be met.
    pub due_at: Timestamp,
    /// `running`, `paused`, `kept`, `missed`, `void`.
    pub state: String,
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
    /// Why it is paused; empty when it is not.
    pub pause_reason: String,
}

/// What a promise may depend on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// `received` (reports) or `opened` (cases).
    pub event: &'static str,
    /// Kind of the report or case.
    pub kind: String,
    /// Marked urgent.
    pub urgent: bool,
    /// Help was asked for.
    pub help: bool,
}

/// Starts the clocks of every promise that applies.
pub async fn start(tx: &mut Tx, app: &App, noun: &'static str, about: Id, facts: &Facts, anchor: Timestamp) -> Result<()> {
    let _ = (tx, app, noun, about, facts, anchor);
    Ok(())
}

/// Stops the clocks of a report or case: a human, substantive answer went out. Says whether any ran.
pub async fn stop(tx: &mut Tx, about: Id) -> Result<bool> {
    let _ = (tx, about);
    Ok(false)
}

/// Ends clocks that no longer make sense (rejected, referred, merged), without a verdict.
pub async fn void(tx: &mut Tx, about: Id, reason: &str) -> Result<()> {
    let _ = (tx, about, reason);
    Ok(())
}

/// The clocks of a report or case, earliest due first.
pub async fn of(reader: &mut Reader, about: Id) -> Result<Vec<Clock>> {
    let _ = (reader, about);
    Ok(Vec::new())
}

/// How many running clocks are due today or missed, that this viewer may see; counted up to 1001.
pub async fn count_due(reader: &mut Reader, who: &Who) -> Result<i64> {
    let _ = (reader, who);
    Ok(0)
}
