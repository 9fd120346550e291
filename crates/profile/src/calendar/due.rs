//! From an anchor event to the instant at which a promise or duty falls due.
//!
//! Two families of unit share one engine. Business units (business days and
//! business hours) count the team's open time; plain units (hours, months) run
//! through nights and holidays, as statutory duties do. A clock may be held for
//! a named reason, for example while the team waits for the reporter's answer;
//! held time moves the due instant on. A deadline is stored in UTC with the
//! calendar's id and version, and computed again from its anchor by these
//! functions alone.

use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::Calendar;

/// What a promise counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Dates with any opening; the day of receipt does not count.
    BusinessDays,
    /// Hours of open time.
    BusinessHours,
    /// Hours that pass, open or not; a change of clocks does not alter them.
    Hours,
    /// Calendar months on the wall clock of the zone. A day that the month
    /// lacks becomes its last: 31 January plus one month is 28 February.
    Months,
}

/// How "within n business days" is meant. Other units have one meaning only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Until the team goes home on the nth business day after receipt.
    #[default]
    Close,
    /// Until the time of day of receipt on the nth business day; if the team
    /// is away at that time, its next opening that day, or else its close.
    SameTime,
}

/// How long a promise gives: an amount, its unit, and the reading of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// How many; the profile admits 1 to 1,000.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
    /// How business days are meant.
    #[serde(default)]
    pub reading: Reading,
}

/// When a clock that may be held falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// At this instant.
    At(Timestamp),
    /// The clock is held and not yet released, so no instant can be named.
    Held {
        /// When the hold began.
        since: Timestamp,
    },
}

impl Unit {
    /// All units, in the order in which a page offers them.
    pub const ALL: [Self; 4] = [Self::BusinessDays, Self::BusinessHours, Self::Hours, Self::Months];

    /// The word for it in profiles and in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BusinessDays => "business_days",
            Self::BusinessHours => "business_hours",
            Self::Hours => "hours",
            Self::Months => "months",
        }
    }

    /// The unit of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }
}

impl Reading {
    /// All readings, the default first.
    pub const ALL: [Self; 2] = [Self::Close, Self::SameTime];

    /// The word for it in profiles and in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::SameTime => "same_time",
        }
    }

    /// The reading of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reading| reading.as_str() == word)
    }
}

impl Duration {
    /// A duration in the default reading.
    pub fn new(amount: u32, unit: Unit) -> Self {
        Self { amount, unit, reading: Reading::default() }
    }
}

impl Due {
    /// The instant, unless the clock is held.
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Held { .. } => None,
        }
    }
}

impl Calendar {
    /// When what began at `anchor` falls due, if nothing holds the clock.
    pub fn due(&self, anchor: Timestamp, duration: Duration) -> Timestamp {
        let Duration { amount, unit, reading } = duration;
        match (unit, reading) {
            (Unit::BusinessDays, Reading::Close) => self.close_of_next_business_day(anchor, amount),
            (Unit::BusinessDays, Reading::SameTime) => self.same_time(anchor, amount),
            (Unit::BusinessHours, _) => self.add_business_hours(anchor, amount),
            (Unit::Hours, _) => later(anchor, SignedDuration::from_hours(i64::from(amount))),
            (Unit::Months, _) => self.months_later(anchor, amount),
        }
    }

    /// When it falls due if the clock was held in between.
    ///
    /// A hold runs from its first instant until its second, or until further
    /// notice. Holds may come in any order and overlap; shared time counts
    /// once, time before the anchor not at all, and a hold that begins when the
    /// promise has already fallen due changes nothing. Under a plain unit the
    /// held time is added as it passed. Under a business unit the open time in
    /// it is added as open time, so a hold over a weekend is worth nothing and
    /// one of two office hours moves the close of Tuesday to two hours after
    /// the opening of Wednesday.
    pub fn due_with_pauses(&self, anchor: Timestamp, duration: Duration, pauses: &[(Timestamp, Option<Timestamp>)]) -> Due {
        let mut pauses = pauses.to_vec();
        pauses.sort_unstable();
        let mut due = self.due(anchor, duration);
        let mut counted = anchor;
        for (from, until) in pauses {
            let Some(until) = until else {
                if from.max(anchor) < due {
                    return Due::Held { since: from.max(anchor) };
                }
                break;
            };
            let from = from.max(counted);
            if from >= due {
                break;
            }
            if from < until {
                due = self.move_on(due, duration.unit, from, until);
                counted = until;
            }
        }
        Due::At(due)
    }

    fn move_on(&self, due: Timestamp, unit: Unit, from: Timestamp, until: Timestamp) -> Timestamp {
        match unit {
            Unit::BusinessDays | Unit::BusinessHours => self.add_open(due, self.open_between(from, until)),
            Unit::Hours | Unit::Months => later(due, from.duration_until(until)),
        }
    }

    fn same_time(&self, anchor: Timestamp, days: u32) -> Timestamp {
        let received = self.plan.zone.to_datetime(self.next_opening(anchor)).time();
        let Some(date) = self.nth_business_day(anchor, days) else {
            return Timestamp::MAX;
        };
        let wanted = self.first_at(date.to_datetime(received));
        let still_open = self.spans_on(date).find(|span| wanted <= span.closes);
        match still_open {
            Some(span) => wanted.max(span.opens),
            None => self.close_of_next_business_day(anchor, days),
        }
    }

    fn months_later(&self, anchor: Timestamp, months: u32) -> Timestamp {
        let months = Span::new().try_months(months);
        let wall = self.plan.zone.to_datetime(anchor);
        let there = months.and_then(|span| wall.checked_add(span));
        there.map_or(Timestamp::MAX, |wall| self.first_at(wall))
    }
}

/// Plain elapsed time; the end of time, if it would be passed.
fn later(at: Timestamp, time: SignedDuration) -> Timestamp {
    at.checked_add(time).unwrap_or(Timestamp::MAX)
}
