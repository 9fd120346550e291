//! How instants and sizes are written for a person.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::text::Text;

/// `Sat 21 Nov 10:31`, with the year when it is not this one.
pub fn when(at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let (there, here) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let shape = if there.date() == here.date() {
        "%H:%M"
    } else if there.year() == here.year() {
        "%a %-d %b %H:%M"
    } else {
        "%-d %b %Y %H:%M"
    };
    there.strftime(shape).to_string()
}

/// `Sat 21 November 2026, 10:31 (Africa/Maseru)`, in the reader's language: for portal pages, whose
/// reader may be anywhere.
pub fn in_full(at: Timestamp, zone: &TimeZone, text: &Text) -> String {
    let there = at.to_zoned(zone.clone());
    let city = zone.iana_name().map_or_else(|| there.strftime("UTC%:z").to_string(), str::to_owned);
    dated(&there, text, "date-full", &[("time", there.strftime("%H:%M").to_string()), ("zone", city)])
}

/// `Sat 21 November 2026, 10:31`: for tables, below a page that says the zone.
pub fn in_brief(at: Timestamp, zone: &TimeZone, text: &Text) -> String {
    let there = at.to_zoned(zone.clone());
    dated(&there, text, "date-brief", &[("time", there.strftime("%H:%M").to_string())])
}

/// `Sat 21 November 2026`: the day alone.
pub fn day(at: Timestamp, zone: &TimeZone, text: &Text) -> String {
    dated(&at.to_zoned(zone.clone()), text, "date-day", &[])
}

fn dated(there: &Zoned, text: &Text, key: &str, more: &[(&str, String)]) -> String {
    // Lists in the texts, because no two languages abbreviate alike.
    let named = |key: &str, at: i8| usize::try_from(at - 1).ok().and_then(|at| text.say(key).split(", ").nth(at).map(str::to_owned)).unwrap_or_default();
    let mut values = vec![
        ("weekday", named("date-weekdays", there.weekday().to_monday_one_offset())),
        ("day", there.day().to_string()),
        ("month", named("date-months", there.month())),
        ("year", there.year().to_string()),
    ];
    values.extend_from_slice(more);
    text.fill(key, &values)
}

/// RFC 3339 with the zone's offset, for `<time datetime>`.
pub fn iso(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// For `<input type="datetime-local">`.
pub fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Reads what `<input type="datetime-local">` sends, in the team's zone.
pub fn from_local(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let civil: jiff::civil::DateTime = text.trim().parse().ok()?;
    civil.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

/// `3 h 10 min`, `2 days`: how long something took or will take.
pub fn span(micros: i64) -> String {
    let minutes = micros.abs() / 60_000_000;
    match minutes {
        0 => "less than a minute".into(),
        1..60 => format!("{minutes} min"),
        60..1440 if minutes % 60 == 0 => format!("{} h", minutes / 60),
        60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        1440..2880 => "1 day".into(),
        _ => format!("{} days", minutes / 1440),
    }
}

/// `25 MB`, `2 GB`: the most that a file may have. Nobody is promised more than fits.
pub fn limit(bytes: u64) -> String {
    match bytes {
        0..0x10_0000 => size(bytes),
        _ if bytes.is_multiple_of(1 << 30) => format!("{} GB", bytes >> 30),
        _ => format!("{} MB", bytes >> 20),
    }
}

/// `184 KB`: decimal units as file managers show them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Whether a value is an address or a network, of which there may be events.
pub fn is_network(value: &str) -> bool {
    value.parse::<std::net::IpAddr>().is_ok() || value.parse::<formats::net::Prefix>().is_ok()
}

/// `2 405 120`: counts are read at a glance.
pub fn counted(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A cell of a CSV file. A spreadsheet takes some first characters for a formula; what a stranger wrote must be none.
pub fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// An instant as HTTP has it (RFC 9110 section 5.6.7).
pub fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
