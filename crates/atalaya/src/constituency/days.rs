//! Days from and until which something is held: typed and shown as dates, kept as instants.
//!
//! People name the last day; the database keeps the instant after it, so that one comparison
//! (`from <= at and at < to`) decides.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::{Error, Result};

/// A start that nobody knows.
pub const UNKNOWN: Timestamp = Timestamp::UNIX_EPOCH;

/// The first instant of a first day; [`UNKNOWN`] if none was said.
pub fn starts(day: Option<Date>) -> Result<Timestamp> {
    day.map_or(Ok(UNKNOWN), midnight)
}

/// The first instant after a last day.
pub fn ends(day: Option<Date>) -> Result<Option<Timestamp>> {
    day.map(|day| day.tomorrow().map_err(Error::fault).and_then(midnight)).transpose()
}

fn midnight(day: Date) -> Result<Timestamp> {
    day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(Error::fault)
}

/// The first day, if it is known.
pub fn first(from: Timestamp) -> Option<Date> {
    (from != UNKNOWN).then(|| day(from))
}

/// The last day, if there is one.
pub fn last(to: Option<Timestamp>) -> Option<Date> {
    to.map(|to| day(instant_before(to)))
}

/// The day of an instant.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn instant_before(at: Timestamp) -> Timestamp {
    ::store::instant(at.as_microsecond().saturating_sub(1))
}

/// Reads `2026-11-23`; nothing typed is nothing said.
pub fn read(text: &str) -> Result<Option<Date>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<Date>() {
        Ok(day) if (1980..=9000).contains(&day.year()) => Ok(Some(day)),
        _ => Err(format!("“{text}” is not a date: write it like 2026-11-23")),
    }
}

/// For `<input type="date">`; empty when there is none.
pub fn typed(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// ` since 2024-02-01`, ` from 2024-02-01 until 2025-03-31`, or nothing.
pub fn held(from: Timestamp, to: Option<Timestamp>) -> String {
    match (first(from), last(to)) {
        (Some(from), None) => format!(" since {from}"),
        (Some(from), Some(to)) => format!(" from {from} until {to}"),
        (None, Some(to)) => format!(" until {to}"),
        (None, None) => String::new(),
    }
}
