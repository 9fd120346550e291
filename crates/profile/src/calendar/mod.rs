//! When a team is at its desks, and so when its promises fall due.
//!
//! A [`Calendar`] is a time zone, the opening intervals of each weekday, the
//! dates on which the team is away (holidays) and the dates on which it keeps
//! other hours than its week says (openings). All of it is data from the
//! profile, holidays are never computed: a government may move one by decree.
//! Nothing here asks for the time. Every answer is a pure function of the
//! instants that come in and of the calendar, so a deadline that was shown two
//! years ago can be computed again from its anchor, its unit and the calendar's
//! id and version.
//!
//! Instants are UTC ([`jiff::Timestamp`]); intervals are on the wall clock of
//! the calendar's zone, to the minute, closed at the start and open at the end.
//! On a day when clocks change, an interval begins and ends at the first
//! instant at which the wall clock has reached its bound, so a skipped hour
//! shortens it and a repeated hour lengthens it.

mod due;
mod hours;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

pub use self::due::{Due, Duration, Reading, Unit};
pub use self::hours::{Day, Interval, Overlap};

/// The longest time, in days, that a calendar may stay shut. A longer one is a
/// mistake in the profile, not a holiday.
pub const LONGEST_SHUT_DAYS: usize = 400;

/// What a calendar is made from: the profile's `[[calendar]]`, read and typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What promises call the calendar, for example `office`.
    pub id: String,
    /// Raised with every edit; a deadline keeps the version it was made with.
    pub version: u32,
    /// The zone whose wall clock the intervals are read on.
    pub zone: TimeZone,
    /// Hours of each weekday, Monday first.
    pub week: [Day; 7],
    /// Dates on which the team is away, whatever the week says.
    pub holidays: BTreeSet<Date>,
    /// Dates with hours of their own, whatever week and holidays say.
    pub openings: BTreeMap<Date, Day>,
    /// First date for which holidays are listed.
    pub valid_from: Date,
    /// Last date for which holidays are listed. Later dates follow the week
    /// alone, see [`Calendar::covers`].
    pub valid_to: Date,
}

/// A plan under which the team would practically never be there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no opening in the {LONGEST_SHUT_DAYS} days from {from}")]
pub struct Shut {
    /// The first day of the time without an opening.
    pub from: Date,
}

/// The business calendar of a team. See the module's text for the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    plan: Plan,
}

/// One stretch of open time, and the date whose hours it belongs to.
#[derive(Debug, Clone, Copy)]
struct Span {
    date: Date,
    opens: Timestamp,
    closes: Timestamp,
}

impl Calendar {
    /// Takes a plan that opens at least once in any 400 days, so that every
    /// search for an opening ends.
    pub fn new(plan: Plan) -> Result<Self, Shut> {
        let calendar = Self { plan };
        let listed = calendar.plan.holidays.iter().chain(calendar.plan.openings.keys());
        let after = listed.filter_map(|date| date.tomorrow().ok());
        for from in std::iter::once(calendar.plan.valid_from).chain(after) {
            let mut days = days_from(from).take(LONGEST_SHUT_DAYS);
            if days.all(|date| calendar.hours_on(date).is_empty()) {
                return Err(Shut { from });
            }
        }
        Ok(calendar)
    }

    /// What promises call this calendar.
    pub fn id(&self) -> &str {
        &self.plan.id
    }

    /// The version that a deadline made with this calendar has to keep.
    pub fn version(&self) -> u32 {
        self.plan.version
    }

    /// The zone in which the team reads its clock, for showing instants.
    pub fn zone(&self) -> &TimeZone {
        &self.plan.zone
    }

    /// What the calendar was made from, for the page that shows office hours.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The hours of one date: its own, if it has any, else none on a holiday,
    /// else those of its weekday.
    pub fn hours_on(&self, date: Date) -> &[Interval] {
        if let Some(day) = self.plan.openings.get(&date) {
            return day.intervals();
        }
        if self.plan.holidays.contains(&date) {
            return &[];
        }
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.plan.week.get(weekday).map_or(&[], Day::intervals)
    }

    /// When the team leaves on a date; the end of the date when it does not come at all.
    pub fn close_of(&self, date: Date) -> Option<Timestamp> {
        let whole = Interval::new(0, 24 * 60)?;
        let last = self.hours_on(date).last().copied().unwrap_or(whole);
        let close = self.first_at(last.closes_on(date));
        // A day that ends at midnight is still this day for whoever reads it.
        if last.closes() == whole.closes() { close.checked_sub(SignedDuration::from_mins(1)).ok() } else { Some(close) }
    }

    /// Whether the holidays of this instant's date were known when the calendar
    /// was written. Outside, answers follow the week alone, and the operator
    /// should be told that the profile has run out.
    pub fn covers(&self, at: Timestamp) -> bool {
        (self.plan.valid_from..=self.plan.valid_to).contains(&self.date_of(at))
    }

    /// The last day whose holidays are known, when it is less than a month ahead of this instant.
    pub fn runs_out(&self, now: Timestamp) -> Option<Date> {
        let month = now.checked_add(jiff::SignedDuration::from_hours(24 * 30)).unwrap_or(now);
        (!self.covers(month)).then_some(self.plan.valid_to)
    }

    /// Whether the team is at its desks. It is at the minute of opening, it is
    /// not at the minute of closing.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.next_opening(at) == at
    }

    /// When the office opens again, if it is closed at that instant.
    pub fn opens_after(&self, at: Timestamp) -> Option<Timestamp> {
        Some(self.next_opening(at)).filter(|opens| *opens > at)
    }

    /// The first open instant that is not before `at`: `at` itself while the
    /// team is there. This is when a report that arrived at `at` counts as
    /// received.
    pub fn next_opening(&self, at: Timestamp) -> Timestamp {
        let next = self.spans_from(at).next();
        next.map_or(Timestamp::MAX, |span| span.opens.max(at))
    }

    /// The instant at which `hours` of open time have passed since `at`. Eight
    /// hours of an eight-hour day end at its close, not at the next opening.
    pub fn add_business_hours(&self, at: Timestamp, hours: u32) -> Timestamp {
        self.add_open(at, SignedDuration::from_hours(i64::from(hours)))
    }

    /// The close of the `n`th business day after the day of receipt.
    ///
    /// A business day is a date with any opening. The day of receipt does not
    /// count, and what arrives outside office hours is received at the next
    /// opening: with Monday to Friday, one business day after Thursday
    /// afternoon ends with Friday, and one after Saturday ends with Tuesday.
    /// With `n` of 0 it is the close of the day of receipt itself.
    pub fn close_of_next_business_day(&self, at: Timestamp, n: u32) -> Timestamp {
        self.nth_business_day(at, n).and_then(|date| self.spans_on(date).last()).map_or(Timestamp::MAX, |span| span.closes)
    }

    /// Open time from `a` to `b` in microseconds, 0 if `b` is not after `a`.
    pub fn open_micros_between(&self, a: Timestamp, b: Timestamp) -> i64 {
        i64::try_from(self.open_between(a, b).as_micros()).unwrap_or(i64::MAX)
    }

    fn open_between(&self, a: Timestamp, b: Timestamp) -> SignedDuration {
        let b = b.max(a);
        self.spans_from(a)
            .take_while(|span| span.opens < b)
            .map(|span| span.opens.max(a).duration_until(span.closes.min(b)))
            .fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }

    /// The earliest instant at which `time` of open time has passed since `at`.
    fn add_open(&self, at: Timestamp, time: SignedDuration) -> Timestamp {
        if time <= SignedDuration::ZERO {
            return at;
        }
        let mut left = time;
        for span in self.spans_from(at) {
            let from = span.opens.max(at);
            let room = from.duration_until(span.closes);
            if left <= room {
                return from.checked_add(left).unwrap_or(Timestamp::MAX);
            }
            left = left.saturating_sub(room);
        }
        Timestamp::MAX
    }

    /// The date of the `n`th business day after the one on which `at` counts
    /// as received.
    fn nth_business_day(&self, at: Timestamp, n: u32) -> Option<Date> {
        let received = self.spans_from(at).next()?.date;
        let open = days_from(received).filter(|date| self.spans_on(*date).next().is_some());
        open.take(usize::try_from(n).ok()?.saturating_add(1)).last()
    }

    /// All open time that ends after `at`, in order.
    fn spans_from(&self, at: Timestamp) -> impl Iterator<Item = Span> {
        days_from(self.date_of(at)).flat_map(|date| self.spans_on(date)).skip_while(move |span| span.closes <= at)
    }

    /// The open time of one date. An interval that a clock change swallows
    /// whole is left out.
    fn spans_on(&self, date: Date) -> impl Iterator<Item = Span> {
        let hours = self.hours_on(date).iter();
        let spans = hours.map(move |interval| Span { date, opens: self.first_at(interval.opens_on(date)), closes: self.first_at(interval.closes_on(date)) });
        spans.filter(|span| span.opens < span.closes)
    }

    fn date_of(&self, at: Timestamp) -> Date {
        self.plan.zone.to_datetime(at).date()
    }

    /// The first instant at which the wall clock has reached `civil`.
    fn first_at(&self, civil: DateTime) -> Timestamp {
        let zone = &self.plan.zone;
        let reading = zone.to_ambiguous_timestamp(civil);
        let skipped = matches!(reading.offset(), AmbiguousOffset::Gap { .. });
        let Ok(at) = reading.compatible() else {
            return Timestamp::MAX;
        };
        if !skipped {
            return at;
        }
        // The clock jumped over this reading: what counts is the jump itself,
        // the last transition that is not after the shifted reading.
        let just_after = at.checked_add(SignedDuration::from_secs(1)).unwrap_or(at);
        let jump = zone.preceding(just_after).next();
        jump.map_or(at, |transition| transition.timestamp())
    }
}

fn days_from(date: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(date), |day| day.tomorrow().ok())
}
