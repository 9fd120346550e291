//! What makes an event itself: sixteen bytes, of which the first two are its day and the others a keyed
//! hash of what the mapping names. The same event has the same id in every file that tells of it,
//! nobody without the key can make two events meet, and the day can be read from the id.

use formats::feed::Events;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// An event's id. Ids are in order of their days.
pub type EventId = u128;

/// The secret that ids are made with; one installation has one for good.
pub type Key = [u8; 16];

pub(crate) const DAY: i64 = 86_400_000_000;

/// Days since 1970 of an instant in microseconds, within what an id can hold (to the year 2149).
pub(crate) fn day(observed: i64) -> i32 {
    i32::from(u16::try_from(observed.div_euclid(DAY).max(0)).unwrap_or(u16::MAX))
}

pub(crate) fn day_of(event: EventId) -> i32 {
    i32::from(u16::try_from(event >> 112).unwrap_or(u16::MAX))
}

/// The least id of a day.
pub(crate) fn first_of(day: i32) -> EventId {
    u128::from(u16::try_from(day).unwrap_or(if day < 0 { 0 } else { u16::MAX })) << 112
}

/// `scratch` only keeps its memory.
pub(crate) fn event(key: &Key, events: &Events, row: usize, scratch: &mut Vec<u8>) -> EventId {
    scratch.clear();
    events.key(row, scratch);
    let day = day(events.observed.get(row).copied().unwrap_or(0));
    let mut hasher = SipHasher24::new_with_key(key);
    hasher.write(scratch);
    first_of(day) | (hasher.finish128().as_u128() >> 16)
}

/// `2026-11-28`, as partitions are named.
pub(crate) fn date(day: i32) -> String {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(day)).to_string()
}

pub(crate) fn parse_date(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.parse().ok()?;
    date.since(jiff::civil::date(1970, 1, 1)).ok().map(|span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::{date, day, day_of, first_of, parse_date};

    #[test]
    fn a_day_is_read_from_an_id_and_from_its_name() {
        for day in [0, 1, 20_000, 20_785, 65_535] {
            assert_eq!(day_of(first_of(day) | 7), day);
            assert_eq!(parse_date(&date(day)), Some(day));
        }
        assert_eq!(date(20_785), "2026-11-28");
        assert_eq!((day(-1), day(0), day(86_400_000_000)), (0, 0, 1));
    }
}
