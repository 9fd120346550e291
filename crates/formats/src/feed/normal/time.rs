//! Times: microseconds since 1970 in UTC. Two written standards are read, RFC 3339 and the date of a
//! mail (RFC 5322), and nothing is guessed: a time without a zone is in the zone that the mapping
//! declares, never in the machine's.

use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime::BrokenDownTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The earliest time that is taken for one: 1995-01-01.
pub const EARLIEST: i64 = 9_131 * DAY;

/// How far ahead a time may lie: clocks run wrong, and zones are mistaken, by less than a day.
pub const AHEAD: i64 = DAY;

/// The zone of times that name none.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Zone {
    #[default]
    Utc,
    Named(TimeZone),
}

impl Zone {
    /// `UTC`, an offset (`+02:00`) or a name of the IANA database, which comes with the program.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "UTC" {
            return Some(Self::Utc);
        }
        if let Some((offset, "")) = offset(text) {
            let offset = i32::try_from(offset).ok().and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok())?;
            return Some(Self::Named(offset.to_time_zone()));
        }
        TimeZoneDatabase::bundled().get(text).ok().map(Self::Named)
    }

    fn micros(&self, civil: i64) -> Option<i64> {
        let Self::Named(zone) = self else { return Some(civil) };
        let time = jiff::Timestamp::from_microsecond(civil).ok()?;
        instant(TimeZone::UTC.to_datetime(time), zone)
    }
}

fn instant(civil: DateTime, zone: &TimeZone) -> Option<i64> {
    zone.to_ambiguous_timestamp(civil).compatible().ok().map(jiff::Timestamp::as_microsecond)
}

/// How a column writes times.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Form {
    /// RFC 3339 (also with a space, without seconds, without a zone, or a date alone) or RFC 5322.
    #[default]
    Written,
    /// Seconds since 1970, perhaps with a fraction.
    Epoch,
    /// Milliseconds since 1970.
    EpochMillis,
    /// A pattern such as `%d.%m.%Y %H:%M`.
    Pattern(Box<str>),
}

/// The time and whether it named no zone.
pub fn read(text: &str, form: &Form, zone: &Zone) -> Option<(i64, bool)> {
    match form {
        Form::Written if text.as_bytes().first()?.is_ascii_digit() && text.as_bytes().get(4) == Some(&b'-') => written(text, zone),
        Form::Written => rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok().map(|time| (time.as_microsecond(), false)),
        Form::Epoch => epoch(text).map(|time| (time, false)),
        Form::EpochMillis => epoch(text).map(|time| (time / 1000, false)),
        Form::Pattern(pattern) => patterned(pattern, text, zone),
    }
}

/// RFC 3339, section 5.6, with what the last sentence of its section 5.6 and common use allow.
fn written(text: &str, zone: &Zone) -> Option<(i64, bool)> {
    let bytes = text.as_bytes();
    let day = date(bytes.get(..10)?)?;
    let Some(separator) = bytes.get(10) else {
        return zone.micros(day).map(|time| (time, true));
    };
    if !matches!(separator, b' ' | b'T' | b't') || bytes.get(13) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (two(bytes, 11)?, two(bytes, 14)?);
    let mut at = 16;
    let (mut second, mut fraction) = (0, 0);
    if bytes.get(at) == Some(&b':') {
        second = two(bytes, at + 1)?;
        at += 3;
        if matches!(bytes.get(at), Some(b'.' | b',')) {
            (fraction, at) = micros(bytes, at + 1)?;
        }
    }
    // A leap second is the first moment of the next minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let civil = day + (hour * 3600 + minute * 60 + second) * SECOND + fraction;
    let rest = text.get(at..)?;
    if rest.is_empty() {
        return zone.micros(civil).map(|time| (time, true));
    }
    match offset(rest.trim_start()) {
        Some((seconds, "")) => Some((civil - seconds * SECOND, false)),
        _ => None,
    }
}

/// `YYYY-MM-DD` as microseconds since 1970.
fn date(bytes: &[u8]) -> Option<i64> {
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let (year, month, day) = (two(bytes, 0)? * 100 + two(bytes, 2)?, two(bytes, 5)?, two(bytes, 8)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > last {
        return None;
    }
    // Years begin in March, so that the leap day is the last one; 719,468 days lie before 1970-01-01.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(days * DAY)
}

fn two(bytes: &[u8], at: usize) -> Option<i64> {
    match bytes.get(at..at + 2)? {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
        _ => None,
    }
}

/// The digits of a fraction as microseconds (more digits are read and dropped), and where they end.
fn micros(bytes: &[u8], start: usize) -> Option<(i64, usize)> {
    let (mut value, mut unit, mut at) = (0, SECOND / 10, start);
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        value += i64::from(digit - b'0') * unit;
        unit /= 10;
        at += 1;
    }
    (at > start).then_some((value, at))
}

/// `Z`, `UTC`, `+02:00`, `+0200` or `+02` in seconds, and what follows it.
fn offset(text: &str) -> Option<(i64, &str)> {
    for utc in ["Z", "z", "UTC"] {
        if let Some(rest) = text.strip_prefix(utc) {
            return Some((0, rest));
        }
    }
    let bytes = text.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = two(bytes, 1)?;
    let colon = usize::from(bytes.get(3) == Some(&b':'));
    let (minutes, end) = match two(bytes, 3 + colon) {
        Some(minutes) => (minutes, 5 + colon),
        None if colon == 0 => (0, 3),
        None => return None,
    };
    (hours < 24 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), text.get(end..)?))
}

fn epoch(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 13 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction = match micros(fraction.as_bytes(), 0) {
        Some((value, end)) if end == fraction.len() => value,
        None if fraction.is_empty() => 0,
        _ => return None,
    };
    whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(fraction)
}

fn patterned(pattern: &str, text: &str, zone: &Zone) -> Option<(i64, bool)> {
    let read = BrokenDownTime::parse(pattern, text).ok()?;
    if let Ok(time) = read.to_timestamp() {
        return Some((time.as_microsecond(), false));
    }
    let civil = read.to_datetime().or_else(|_| read.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?;
    let zone = match zone {
        Zone::Utc => &TimeZone::UTC,
        Zone::Named(zone) => zone,
    };
    instant(civil, zone).map(|time| (time, true))
}

#[cfg(test)]
mod tests {
    use super::{EARLIEST, Form, Zone, read};
    use jiff::Timestamp;

    fn utc(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn written_times_are_read_in_utc() {
        let table = [
            ("2026-03-02 08:10:00", "2026-03-02T08:10:00Z", true),
            ("2026-03-02T08:10:00Z", "2026-03-02T08:10:00Z", false),
            ("2026-03-02t08:10:00.25z", "2026-03-02T08:10:00.25Z", false),
            ("2026-03-02 08:10:00.123456789+02:00", "2026-03-02T06:10:00.123456Z", false),
            ("2026-03-02T08:10:00-0530", "2026-03-02T13:40:00Z", false),
            ("2026-03-02 08:10:00 UTC", "2026-03-02T08:10:00Z", false),
            ("2026-03-02 08:10:00 +01", "2026-03-02T07:10:00Z", false),
            ("2026-03-02 08:10", "2026-03-02T08:10:00Z", true),
            ("2026-03-02", "2026-03-02T00:00:00Z", true),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", false),
            ("2024-02-29 00:00:00", "2024-02-29T00:00:00Z", true),
            ("1995-01-01", "1995-01-01T00:00:00Z", true),
            ("Mon, 02 Mar 2026 08:10:00 +0100", "2026-03-02T07:10:00Z", false),
            ("2 Mar 2026 08:10:00 GMT", "2026-03-02T08:10:00Z", false),
        ];
        for (text, expect, naive) in table {
            assert_eq!(read(text, &Form::Written, &Zone::Utc), Some((utc(expect), naive)), "{text}");
        }
        assert_eq!(EARLIEST, utc("1995-01-01T00:00:00Z"));
    }

    #[test]
    fn what_is_no_time_is_not_guessed() {
        for text in [
            "",
            "2026",
            "2026-3-2",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "02/03/2026",
            "2026-03-02 24:00:00",
            "2026-03-02 08:60:00",
            "2026-03-02 08:10:61",
            "2026-03-02 8:10:00",
            "2026-03-02 08:10:00.",
            "2026-03-02 08:10:00 CET",
            "2026-03-02 08:10:00+25:00",
            "2026-03-02 08:10:00 +1",
            "2026-03-02x08:10:00",
            "2026-03-02 08:10:00 tail",
            "yesterday",
            "1772439000",
        ] {
            assert_eq!(read(text, &Form::Written, &Zone::Utc), None, "{text}");
        }
    }

    #[test]
    fn a_naive_time_is_in_the_declared_zone() {
        let zone = Zone::parse("Europe/Vienna").unwrap();
        let at = |text| read(text, &Form::Written, &zone).unwrap();
        assert_eq!(at("2026-03-02 08:10:00"), (utc("2026-03-02T07:10:00Z"), true));
        assert_eq!(at("2026-07-02 08:10:00"), (utc("2026-07-02T06:10:00Z"), true));
        assert_eq!(at("2026-07-02 08:10:00Z"), (utc("2026-07-02T08:10:00Z"), false));
        let zone = Zone::parse("-03:00").unwrap();
        assert_eq!(read("2026-07-02", &Form::Written, &zone), Some((utc("2026-07-02T03:00:00Z"), true)));
        assert_eq!((Zone::parse("UTC"), Zone::parse("Nowhere/Town"), Zone::parse("")), (Some(Zone::Utc), None, None));
    }

    #[test]
    fn numbers_and_patterns_are_read_where_they_are_declared() {
        let at = |text, form: &Form| read(text, form, &Zone::Utc);
        assert_eq!(at("1772439000", &Form::Epoch), Some((utc("2026-03-02T08:10:00Z"), false)));
        assert_eq!(at("1772439000.5", &Form::Epoch), Some((utc("2026-03-02T08:10:00.5Z"), false)));
        assert_eq!(at("1772439000250", &Form::EpochMillis), Some((utc("2026-03-02T08:10:00.25Z"), false)));
        for text in ["", "-1", "1e9", "1.x", ".5", "12345678901234567890"] {
            assert_eq!(at(text, &Form::Epoch), None, "{text}");
        }
        let form = Form::Pattern("%d.%m.%Y %H:%M".into());
        assert_eq!(at("02.03.2026 08:10", &form), Some((utc("2026-03-02T08:10:00Z"), true)));
        assert_eq!(at("2026-03-02 08:10", &form), None);
        let form = Form::Pattern("%d/%b/%Y:%H:%M:%S %z".into());
        assert_eq!(at("02/Mar/2026:08:10:00 +0100", &form), Some((utc("2026-03-02T07:10:00Z"), false)));
    }
}
