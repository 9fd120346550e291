//! Clocks: the team's promises while they run.
//!
//! A clock is (anchor, amount, unit, calendar and its version, pauses), so that its due instant can
//! be computed again at any time (invariant 9). It starts with a report or case, is paused for named
//! reasons only, and is stopped only by a human, substantive answer: `stop` is called by the verbs
//! that release one, never by an acknowledgement.

mod kept;
mod store;
mod verbs;

pub use kept::{Share, Shares, share_lately, share_of_quarter};
pub use verbs::{close, hand_over, pause, refit, resume, revive, revive_these, start, stop, void};

use ::store::{Id, Reader};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::{Duration, Reading, Unit};
use crate::profile::Profile;
use crate::{App, Result};

/// A promise that runs, or ran, for one report or case.
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
    /// How many units.
    pub amount: u32,
    /// Of what: a word of `calendar::Unit`.
    pub unit: String,
    /// How business days are meant: a word of `calendar::Reading`; empty where nobody wrote it down.
    pub reading: String,
    /// Calendar that it counts in.
    pub calendar: String,
    /// Version of the calendar.
    pub calendar_version: u32,
    /// When it must be met.
    pub due_at: Timestamp,
    /// `running`, `paused`, `kept`, `missed`, `void`.
    pub state: String,
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
    /// When it was held, and why.
    pub pauses: Vec<Pause>,
    /// For two people who act at once.
    pub version: i64,
}

/// A time during which a clock was held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Timestamp,
    /// Until when; nothing while it lasts.
    pub to: Option<Timestamp>,
    /// Id of the reason in the profile.
    pub reason: String,
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

impl Clock {
    /// Why it is paused; empty when it is not.
    pub fn pause_reason(&self) -> &str {
        self.pauses.iter().find(|pause| pause.to.is_none()).map_or("", |pause| pause.reason.as_str())
    }

    /// The promise in the words of the team, or its id when the profile no longer has it.
    pub fn title<'a>(&'a self, profile: &'a Profile, language: &'a str) -> &'a str {
        profile.promises.iter().find(|promise| promise.id == self.promise).map_or(self.promise.as_str(), |promise| promise.title.text(language))
    }

    /// Class of the panel: `kept`, `missed`, `paused`, `due` (today or late) or nothing.
    pub fn css(&self, now: &Timestamp) -> &'static str {
        match self.state.as_str() {
            "kept" => "kept",
            "missed" => "missed",
            "paused" => "paused",
            "running" if self.due_at < *now => "missed",
            "running" if self.due_at.duration_since(*now) < jiff::SignedDuration::from_hours(24) => "due",
            _ => "",
        }
    }

    /// Whether it still counts.
    pub fn runs(&self) -> bool {
        matches!(self.state.as_str(), "running" | "paused")
    }

    /// Whether its time is over and no answer came. While it is held, time stands still.
    pub fn is_late(&self, now: Timestamp) -> bool {
        let held = self.pauses.iter().find(|pause| pause.to.is_none()).map(|pause| pause.from);
        self.runs() && self.due_at < held.unwrap_or(now)
    }

    /// The due instant computed anew from what is stored; `None` when the profile no longer has that calendar.
    pub fn recompute(&self, app: &App) -> Option<Timestamp> {
        let calendar = app.profile.calendar_version(&self.calendar, self.calendar_version)?;
        let promised = || app.profile.promises.iter().find(|promise| promise.id == self.promise).map(|promise| promise.duration.reading);
        let reading = Reading::parse(&self.reading).or_else(promised).unwrap_or_default();
        let duration = Duration { amount: self.amount, unit: Unit::parse(&self.unit)?, reading };
        let pauses: Vec<_> = self.pauses.iter().map(|pause| (pause.from, pause.to)).collect();
        calendar.due_with_pauses(self.anchor_at, duration, &pauses).at()
    }
}

/// The clocks of a report or case, earliest due first.
pub async fn of(reader: &mut Reader, about: Id) -> Result<Vec<Clock>> {
    Ok(store::of(reader, about).await?)
}

/// The clocks of several reports and cases, earliest due first.
pub async fn of_many(reader: &mut Reader, about: &[Id]) -> Result<Vec<Clock>> {
    Ok(store::of_many(reader, about).await?)
}

/// The calendars by which clocks still count and that the profile does not have, each with its version: what is
/// due by them could not be said again.
pub async fn lost_calendars(reader: &mut Reader, profile: &Profile) -> Result<Vec<(String, u32)>> {
    let mut used = store::calendars(reader).await?;
    used.retain(|(id, version)| profile.calendar_version(id, *version).is_none());
    Ok(used)
}

/// The clock of that id.
pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Clock>> {
    Ok(store::get(reader, id).await?)
}
