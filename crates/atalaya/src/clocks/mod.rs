//! Clocks: the team's promises while they run.
//!
//! A clock is (anchor, amount, unit, calendar and its version, pauses), so that its due instant can
//! be computed again at any time (invariant 9). It starts with a report or case, is paused for named
//! reasons only, and is stopped only by a human, substantive answer to whom it was promised: `stop` is
//! called by the verbs that release one, never by an acknowledgement. What keeps a promise of a case
//! stands in the profile: an answer to the reporter, contact with those involved, or its closing.

mod kept;
mod store;
mod verbs;

pub use kept::{Share, Shares, share_lately, share_of_quarter};
pub use verbs::{conclude, give_up, hand_over, named_in, pause, refit, renew, resume, revive, revive_these, start, stop, stop_those, unkeep, void, void_since};

use ::store::{Id, Reader};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::{Duration, Reading, Unit};
use crate::profile::{KeptBy, Profile};
use crate::{App, Error, Result};

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
    /// How business days are meant: a word of `calendar::Reading`; empty for one that began before this was kept.
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

/// Which of several clocks of one promise this is: who writes after the end is promised an answer once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is no other.
    Only,
    /// The one that began with the report or case.
    First,
    /// One that began when somebody asked again, and when that was.
    Again(Timestamp),
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

impl Facts {
    /// Of a case of this kind.
    pub fn opened(kind: &str) -> Self {
        Self { event: "opened", kind: kind.to_owned(), urgent: false, help: false }
    }
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

    /// What keeps its promise; an answer, when the profile no longer has it.
    pub fn kept_by(&self, profile: &Profile) -> KeptBy {
        profile.promises.iter().find(|promise| promise.id == self.promise).map_or(KeptBy::Answer, |promise| promise.kept_by)
    }

    /// Whether it was kept by what ended at that instant, and by nothing that was said.
    pub fn was_kept_by_closing(&self, profile: &Profile, closed_at: Timestamp) -> bool {
        self.state == "kept" && self.kept_by(profile) == KeptBy::Closing && self.stopped_at.is_some_and(|at| at >= closed_at)
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

    /// Which one it is among these, if the promise was given more than once.
    pub fn turn(&self, all: &[Self]) -> Turn {
        let same = |other: &&Self| other.id != self.id && other.about == self.about && other.promise == self.promise && other.state != "void";
        match all.iter().find(same) {
            None => Turn::Only,
            Some(_) if all.iter().filter(same).any(|other| other.anchor_at < self.anchor_at) => Turn::Again(self.anchor_at),
            Some(_) => Turn::First,
        }
    }

    /// Whether it still counts.
    pub fn runs(&self) -> bool {
        matches!(self.state.as_str(), "running" | "paused")
    }

    /// Which of two running clocks of one promise counts: the one due first. One that is held is due nobody knows when,
    /// so that any that is not counts before it.
    pub fn counts_before(&self, other: &Self) -> bool {
        let rank = |clock: &Self| (clock.state == "paused", clock.due_at);
        rank(self) < rank(other)
    }

    /// Whether its time is over and no answer came. While it is held, time stands still.
    pub fn is_late(&self, now: Timestamp) -> bool {
        let held = self.pauses.iter().find(|pause| pause.to.is_none()).map(|pause| pause.from);
        self.runs() && self.due_at < held.unwrap_or(now)
    }

    /// The due instant computed anew from what is stored; `None` when the profile no longer has that calendar.
    pub fn recompute(&self, app: &App) -> Option<Timestamp> {
        let calendar = app.profile.calendar_version(&self.calendar, self.calendar_version)?;
        let unit = Unit::parse(&self.unit)?;
        let kept = Reading::ALL.into_iter().find(|reading| reading.as_str() == self.reading);
        let promise = || app.profile.promises.iter().find(|promise| promise.id == self.promise);
        let reading = kept.or_else(|| promise().map(|promise| promise.duration.reading)).unwrap_or_default();
        let duration = Duration { amount: self.amount, unit, reading };
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

/// The clock of that id.
pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Clock>> {
    Ok(store::get(reader, id).await?)
}

/// At start: every clock that counts still must be computable, so a calendar that one began under stays in the profile.
pub async fn check(app: &App) -> Result<()> {
    for (calendar, version, count) in store::calendars(&mut app.db.read().await?).await? {
        if app.profile.calendar_version(&calendar, version).is_none() {
            return Err(Error::fault(format!(
                "{count} open clocks count in version {version} of the calendar “{calendar}”, which the profile does not have: \
                 leave the old [[calendar]] in the file and give the new one a higher version"
            )));
        }
    }
    Ok(())
}
