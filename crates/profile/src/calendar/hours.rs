//! Opening hours of one day: intervals on the wall clock, to the minute.
//!
//! An interval stays within its date. A night shift is two of them, until
//! `24:00` on one date and from `00:00` on the next.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};

const MINUTES_A_DAY: u16 = 24 * 60;

/// From one minute of a date to a later one, `08:00-16:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    opens: u16,
    closes: u16,
}

/// The hours of one date, in order and apart. Without any, it is a day off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    intervals: Vec<Interval>,
}

/// Two intervals of one day that share time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{first} and {second} overlap")]
pub struct Overlap {
    /// The one that opens first.
    pub first: Interval,
    /// The one that opens before the first has closed.
    pub second: Interval,
}

impl Interval {
    /// Takes minutes since midnight, `opens` before `closes`, `closes` at most
    /// 1,440 (midnight at the end of the date).
    pub fn new(opens: u16, closes: u16) -> Option<Self> {
        (opens < closes && closes <= MINUTES_A_DAY).then_some(Self { opens, closes })
    }

    /// Reads `08:00-16:30`; `24:00` is the end of the date.
    pub fn parse(text: &str) -> Option<Self> {
        let (opens, closes) = text.split_once('-')?;
        Self::new(minute(opens)?, minute(closes)?)
    }

    /// Minutes from midnight to opening.
    pub fn opens(self) -> u16 {
        self.opens
    }

    /// Minutes from midnight to closing.
    pub fn closes(self) -> u16 {
        self.closes
    }

    pub(super) fn opens_on(self, date: Date) -> DateTime {
        reading(date, self.opens)
    }

    pub(super) fn closes_on(self, date: Date) -> DateTime {
        reading(date, self.closes)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opens, closes } = self;
        write!(f, "{:02}:{:02}-", opens / 60, opens % 60)?;
        write!(f, "{:02}:{:02}", closes / 60, closes % 60)
    }
}

impl Day {
    /// Puts the intervals in order; refuses two that share time.
    pub fn new(mut intervals: Vec<Interval>) -> Result<Self, Overlap> {
        intervals.sort_unstable();
        for (first, second) in intervals.iter().zip(intervals.iter().skip(1)) {
            if second.opens < first.closes {
                return Err(Overlap { first: *first, second: *second });
            }
        }
        Ok(Self { intervals })
    }

    /// The intervals in order.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }
}

/// The wall-clock reading at a minute of a date, for 1,440 the next midnight.
fn reading(date: Date, minute: u16) -> DateTime {
    let hands = Time::midnight() + jiff::Span::new().minutes(i64::from(minute % MINUTES_A_DAY));
    match date.tomorrow() {
        Ok(tomorrow) if minute == MINUTES_A_DAY => tomorrow.to_datetime(Time::midnight()),
        _ => date.to_datetime(hands),
    }
}

/// Minutes since midnight of `hh:mm`, both with two digits.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let [hours, minutes] = [two_digits(hours)?, two_digits(minutes)?];
    (minutes < 60).then_some(hours * 60 + minutes)
}

fn two_digits(text: &str) -> Option<u16> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}
