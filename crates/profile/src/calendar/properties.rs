//! The calendar against an oracle that knows nothing of intervals, days or
//! transitions: it steps through time minute by minute and looks at the clock
//! on the wall. Zones and dates are chosen so that clocks change in between,
//! by an hour and by half an hour, at night and at midnight.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::tests::weekdays;
use super::*;

const ZONES: [&str; 6] = ["Africa/Maseru", "Europe/Luxembourg", "America/Montevideo", "Australia/Lord_Howe", "America/Santiago", "America/St_Johns"];

/// Minutes that the oracle walks: six Wednesdays, three for the answers below and three that a
/// case may close, lie within.
const WALK: i64 = 24 * 60 * 48;

/// One open minute: its instant, and the date whose hours it belongs to.
type Minute = (Timestamp, Date);

/// All open minutes from `from` on. A bound counts from the first time that the
/// wall clock has reached it, so the latest reading so far is what matters.
fn open_minutes(calendar: &Calendar, from: Timestamp) -> Vec<Minute> {
    // Starting a day early makes sure that a repeated hour is met whole.
    let start = from - 24.hours();
    let mut latest = calendar.zone().to_datetime(start);
    let mut open = Vec::new();
    for step in 0..WALK {
        let at = start + step.minutes();
        latest = latest.max(calendar.zone().to_datetime(at));
        let minute = u16::try_from(latest.hour()).unwrap() * 60 + u16::try_from(latest.minute()).unwrap();
        let hours = calendar.hours_on(latest.date());
        if at >= from && hours.iter().any(|i| (i.opens()..i.closes()).contains(&minute)) {
            open.push((at, latest.date()));
        }
    }
    open
}

fn day() -> impl Strategy<Value = Day> {
    let bounds = proptest::collection::btree_set(0_u16..=288, 0..=6);
    bounds.prop_map(|bounds| {
        let bounds: Vec<_> = bounds.into_iter().map(|five| five * 5).collect();
        let pairs = bounds.chunks_exact(2).filter_map(|pair| Interval::new(pair[0], pair[1]));
        Day::new(pairs.collect()).unwrap()
    })
}

/// A calendar, open at least on Wednesdays, and a minute close to a change of
/// clocks in 2026 (or to the same dates where clocks do not change).
fn case() -> impl Strategy<Value = (Calendar, Timestamp)> {
    let week = proptest::array::uniform7(day());
    let away = proptest::collection::btree_set(-3_i32..30, 0..3);
    let changes =
        prop_oneof![Just("2026-03-08"), Just("2026-03-29"), Just("2026-04-05"), Just("2026-09-06"), Just("2026-10-04"), Just("2026-10-25"), Just("2026-11-01")];
    let extra = proptest::option::of((-3_i32..20, day()));
    let minutes = -3 * 1440_i64..2 * 1440;
    (prop::sample::select(&ZONES), week, away, changes, extra, minutes).prop_map(|(zone, week, away, change, extra, minutes)| {
        let change: Date = change.parse().unwrap();
        let mut plan = weekdays(zone, "10:00-15:00", &[]);
        let wednesday = plan.week[2].clone();
        plan.week = week;
        plan.week[2] = wednesday;
        plan.holidays = away.into_iter().map(|days| change + days.days()).collect();
        plan.openings = extra.into_iter().map(|(days, day)| (change + days.days(), day)).collect();
        let midnight = change.to_zoned(plan.zone.clone()).unwrap().timestamp();
        (Calendar::new(plan).unwrap(), midnight + minutes.minutes())
    })
}

/// The instant after the last open minute of the `n`th date after the first.
fn close_by_walking(open: &[Minute], n: usize) -> Timestamp {
    let mut dates: Vec<Date> = open.iter().map(|(_, date)| *date).collect();
    dates.dedup();
    let (last, _) = open.iter().rfind(|(_, date)| *date == dates[n]).unwrap();
    *last + 1.minutes()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_what_walking_minute_by_minute_finds(
        (calendar, at) in case(), hours in 1_u32..9, days in 0_u32..3, span in 0_i64..20_000,
    ) {
        let open = open_minutes(&calendar, at);
        prop_assert_eq!(calendar.next_opening(at), open[0].0);
        prop_assert_eq!(calendar.is_open(at), open[0].0 == at);
        let minutes = usize::try_from(hours).unwrap() * 60;
        prop_assert_eq!(calendar.add_business_hours(at, hours), open[minutes - 1].0 + 1.minutes());
        let n = usize::try_from(days).unwrap();
        prop_assert_eq!(calendar.close_of_next_business_day(at, days), close_by_walking(&open, n));
        let until = at + span.minutes();
        let walked = open.iter().filter(|(minute, _)| *minute < until).count();
        let micros = calendar.open_micros_between(at, until);
        prop_assert_eq!(micros, i64::try_from(walked).unwrap() * 60_000_000);
    }
}

proptest! {
    #[test]
    fn what_begins_later_is_never_due_earlier(
        (calendar, at) in case(), seconds in 0_i64..900_000, amount in 0_u32..40,
    ) {
        let after = at + seconds.seconds();
        let wall = |at| calendar.zone().to_datetime(at);
        for unit in Unit::ALL {
            for reading in Reading::ALL {
                let duration = Duration { amount, unit, reading };
                let by_wall = unit == Unit::Months || reading == Reading::SameTime;
                // In a repeated hour the wall clock itself goes back.
                if by_wall && wall(after) < wall(at) {
                    continue;
                }
                let (first, second) = (calendar.due(at, duration), calendar.due(after, duration));
                // Noon of the 30th and morning of the 31st both end on the last day of February,
                // each at its own time.
                if unit == Unit::Months {
                    prop_assert!(wall(first).date() <= wall(second).date());
                } else {
                    prop_assert!(first <= second, "{duration:?}");
                }
            }
        }
    }

    #[test]
    fn a_business_day_ends_when_the_team_goes_home((calendar, at) in case(), amount in 0_u32..30) {
        let due = calendar.due(at, Duration::new(amount, Unit::BusinessDays));
        prop_assert!(due > at);
        prop_assert!(calendar.is_open(due - 1.microsecond()));
        let date = calendar.zone().to_datetime(due - 1.microsecond()).date();
        let last = calendar.spans_on(date).last().unwrap();
        prop_assert_eq!(last.closes, due);
    }

    #[test]
    fn open_time_adds_up((calendar, at) in case(), hours in 0_u32..60, more in 0_u32..60) {
        let due = calendar.add_business_hours(at, hours);
        prop_assert_eq!(calendar.open_micros_between(at, due), i64::from(hours) * 3_600_000_000);
        let both = calendar.add_business_hours(due, more);
        prop_assert_eq!(both, calendar.add_business_hours(at, hours + more));
    }

    #[test]
    fn holds_never_shorten_and_their_order_does_not_matter(
        (calendar, at) in case(), amount in 1_u32..30,
        holds in proptest::collection::vec((-2_000_i64..20_000, 0_i64..6_000), 0..5),
    ) {
        let mut holds: Vec<_> = holds
            .into_iter()
            .map(|(from, length)| (at + from.minutes(), Some(at + (from + length).minutes())))
            .collect();
        for unit in Unit::ALL {
            let duration = Duration::new(amount, unit);
            let due = calendar.due_with_pauses(at, duration, &holds);
            prop_assert!(due.at().unwrap() >= calendar.due(at, duration));
            holds.reverse();
            prop_assert_eq!(calendar.due_with_pauses(at, duration, &holds), due);
        }
    }

    #[test]
    fn a_hold_in_two_parts_is_worth_what_it_is_in_one(
        (calendar, at) in case(), amount in 1_u32..30,
        from in 0_i64..3_000, first in 0_i64..3_000, second in 0_i64..3_000,
    ) {
        let [a, b, c] = [from, from + first, from + first + second].map(|m| at + m.minutes());
        for unit in [Unit::BusinessHours, Unit::Hours, Unit::BusinessDays, Unit::Months] {
            let duration = Duration::new(amount, unit);
            let whole = calendar.due_with_pauses(at, duration, &[(a, Some(c))]);
            let parts = calendar.due_with_pauses(at, duration, &[(a, Some(b)), (b, Some(c))]);
            prop_assert_eq!(whole, parts);
        }
    }
}

#[test]
fn the_zones_of_the_oracle_do_change_their_clocks() {
    let [winter, summer]: [Timestamp; 2] = ["2026-01-15T00:00:00Z", "2026-07-15T00:00:00Z"].map(|at| at.parse().unwrap());
    let changing = ZONES.iter().filter(|zone| {
        let zone = TimeZone::get(zone).unwrap();
        zone.to_offset(winter) != zone.to_offset(summer)
    });
    assert_eq!(changing.count(), 4);
}
