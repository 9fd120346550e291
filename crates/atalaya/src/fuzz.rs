//! Entry points for fuzzing what the program itself parses: tables, registries' lists, profiles, calendars, labels. Each takes
//! any bytes, must return, and says whether what must hold held.

use std::sync::LazyLock;

use formats::label::{Pap, Tlp};
use formats::net::{Asn, Prefix};
use jiff::Timestamp;

use crate::constituency::{allocations, import};
use crate::profile::Profile;

/// A table of organisations: every fault and every row names a line of the file.
#[must_use]
pub fn sheet(bytes: &[u8]) -> bool {
    let (rows, faults) = import::read(bytes);
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let cells = rows.iter().all(|row| import::COLUMNS.iter().all(|column| row.get(column).is_none_or(|cell| !cell.is_empty())));
    let placed = rows.iter().map(|row| row.line).chain(faults.iter().map(|fault| fault.line)).all(|line| (1..=lines).contains(&line));
    cells && placed && faults.iter().all(|fault| !fault.text.is_empty())
}

/// A team profile: read, or refused with faults that say where and what was expected.
#[must_use]
pub fn profile(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match Profile::parse(&text, "p") {
        Ok(profile) => !profile.languages.is_empty(),
        Err(faults) => !faults.is_empty() && faults.iter().all(|fault| !fault.expected.is_empty()),
    }
}

static TEAM: LazyLock<Option<Profile>> = LazyLock::new(|| Profile::parse(include_str!("../../../profiles/sector.toml"), "sector.toml").ok());

/// Business time: a deadline never lies before its beginning, and more time is never due earlier.
#[must_use]
pub fn calendar(bytes: &[u8]) -> bool {
    let Some(team) = &*TEAM else { return false };
    let part = |from: usize| bytes.get(from..from + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_le_bytes);
    // From 2025 to 2028, so that the ends of the calendar are seen, too.
    let Ok(at) = Timestamp::from_second(1_735_689_600 + i64::from(part(0) % 126_230_400)) else { return true };
    let (hours, days) = (part(4) % 3000, part(8) % 400);
    let calendar = team.calendar();
    let (sooner, later) = (calendar.add_business_hours(at, hours), calendar.add_business_hours(at, hours + 1));
    let (day, next) = (calendar.close_of_next_business_day(at, days), calendar.close_of_next_business_day(at, days + 1));
    at <= sooner && sooner <= later && at <= day && day <= next && calendar.next_opening(at) >= at && calendar.open_micros_between(at, sooner) >= 0
}

/// A label: what is read is written and read again as the same.
#[must_use]
pub fn label(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let tlp = text.parse::<Tlp>().map_or(true, |label| label.as_str().parse::<Tlp>() == Ok(label) && label.marking().parse::<Tlp>() == Ok(label));
    let pap = text.parse::<Pap>().map_or(true, |label| label.as_str().parse::<Pap>() == Ok(label) && label.marking().parse::<Pap>() == Ok(label));
    tlp && pap
}

/// A registry's list: what is read names a line of the list, and each value is in its canonical form.
#[must_use]
pub fn allocations(bytes: &[u8]) -> bool {
    let list = allocations::read::read(bytes);
    let lines = String::from_utf8_lossy(bytes).lines().count() as u64;
    let given = list.given.iter().all(|one| {
        let canonical = match one.kind {
            "asn" => one.value.parse::<Asn>().map(|value| value.to_string()).ok(),
            _ => one.value.parse::<Prefix>().map(|value| value.to_string()).ok(),
        };
        (1..=lines).contains(&one.line) && canonical.as_ref() == Some(&one.value) && !one.handle.is_empty()
    });
    given && list.faults.iter().all(|fault| (1..=lines).contains(&fault.line) && !fault.text.is_empty())
}
