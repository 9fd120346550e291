//! When a rule speaks: pure. Days are the team's business days, hours those of its wall clock.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::Calendar;

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Soon after something came.
    AtOnce,
    /// Each business day at an hour.
    Daily {
        /// 0 to 23.
        hour: i8,
    },
    /// Each week on a weekday; on the next business day if the team is away on it.
    Weekly {
        /// 0 is Monday.
        weekday: i8,
        /// 0 to 23.
        hour: i8,
    },
}

/// The first moment after an instant; none for [`When::AtOnce`].
pub fn next(calendar: &Calendar, when: When, after: Timestamp) -> Option<Timestamp> {
    let today = after.to_zoned(calendar.zone().clone()).date();
    // From a week and some holidays before: a weekday that was moved on may still lie ahead.
    let from = today.checked_sub(jiff::Span::new().days(21)).ok()?;
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok()).take(800);
    match when {
        When::AtOnce => None,
        When::Daily { hour } => days.filter(|day| is_open(calendar, *day)).filter_map(|day| at(calendar, day, hour)).find(|at| *at > after),
        When::Weekly { weekday, hour } => {
            let named = days.filter(|day| day.weekday().to_monday_zero_offset() == weekday);
            named.filter_map(|day| at(calendar, open_from(calendar, day)?, hour)).find(|at| *at > after)
        }
    }
}

/// Every moment from after one instant up to another.
pub fn between(calendar: &Calendar, when: When, after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let next = |at: &Timestamp| next(calendar, when, *at).filter(|at| *at <= until);
    std::iter::successors(next(&after), next).take(100).collect()
}

/// How a moment is called, in the team's time: part of a notice's identity.
pub fn slot(calendar: &Calendar, at: Timestamp) -> String {
    at.to_zoned(calendar.zone().clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn is_open(calendar: &Calendar, day: Date) -> bool {
    !calendar.hours_on(day).is_empty()
}

fn open_from(calendar: &Calendar, day: Date) -> Option<Date> {
    std::iter::successors(Some(day), |day| day.tomorrow().ok()).take(crate::calendar::LONGEST_SHUT_DAYS).find(|day| is_open(calendar, *day))
}

fn at(calendar: &Calendar, day: Date, hour: i8) -> Option<Timestamp> {
    day.at(hour, 0, 0, 0).to_zoned(calendar.zone().clone()).ok().map(|zoned| zoned.timestamp())
}
