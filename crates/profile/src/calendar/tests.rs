//! The calendar against dates that were looked up, one by one.

use jiff::tz::TimeZone;

use super::*;

/// A plan with the same hours from Monday to Friday.
pub(super) fn weekdays(zone: &str, hours: &str, holidays: &[&str]) -> Plan {
    let day = Day::new(vec![Interval::parse(hours).unwrap()]).unwrap();
    let off = Day::default;
    Plan {
        id: "office".to_owned(),
        version: 1,
        zone: TimeZone::get(zone).unwrap(),
        week: [day.clone(), day.clone(), day.clone(), day.clone(), day, off(), off()],
        holidays: holidays.iter().map(|date| date.parse().unwrap()).collect(),
        openings: BTreeMap::new(),
        valid_from: "2026-01-01".parse().unwrap(),
        valid_to: "2026-12-31".parse().unwrap(),
    }
}

fn south() -> Calendar {
    let holidays = [
        "2026-01-01",
        "2026-03-11",
        "2026-04-03",
        "2026-04-06",
        "2026-05-01",
        "2026-05-14",
        "2026-05-25",
        "2026-07-17",
        "2026-10-04",
        "2026-12-25",
        "2026-12-26",
    ];
    Calendar::new(weekdays("Africa/Maseru", "08:00-16:30", &holidays)).unwrap()
}

fn north() -> Calendar {
    let holidays = [
        "2026-01-01",
        "2026-04-06",
        "2026-05-01",
        "2026-05-09",
        "2026-05-14",
        "2026-05-25",
        "2026-06-23",
        "2026-08-15",
        "2026-11-01",
        "2026-12-25",
        "2026-12-26",
    ];
    Calendar::new(weekdays("Europe/Luxembourg", "08:30-17:30", &holidays)).unwrap()
}

/// An instant from the wall clock of the calendar's zone, `2026-04-02 15:30`.
fn at(calendar: &Calendar, wall: &str) -> Timestamp {
    let wall = wall.parse::<DateTime>().unwrap();
    wall.to_zoned(calendar.zone().clone()).unwrap().timestamp()
}

/// The wall clock of an instant.
fn wall(calendar: &Calendar, at: Timestamp) -> String {
    calendar.zone().to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn check(calendar: &Calendar, amount: u32, unit: Unit, anchor: &str, expect: &str) {
    let due = calendar.due(at(calendar, anchor), Duration::new(amount, unit));
    assert_eq!(wall(calendar, due), expect, "{amount} {unit:?} from {anchor}");
}

fn check_day(calendar: &Calendar, anchor: &str, expect: &str) {
    check(calendar, 1, Unit::BusinessDays, anchor, expect);
}

#[test]
fn one_business_day_skips_weekends_and_holidays() {
    let ls = south();
    check_day(&ls, "2026-04-02 15:30", "2026-04-07 16:30");
    check_day(&ls, "2026-12-24 10:00", "2026-12-28 16:30");
    check_day(&ls, "2026-03-10 08:00", "2026-03-12 16:30");
    check_day(&ls, "2026-07-16 16:29", "2026-07-20 16:30");
    let lu = north();
    check_day(&lu, "2026-05-13 09:00", "2026-05-15 17:30");
    check_day(&lu, "2026-06-22 12:00", "2026-06-24 17:30");
}

#[test]
fn one_business_day_runs_over_a_change_of_clocks() {
    let lu = north();
    check_day(&lu, "2026-03-27 15:00", "2026-03-30 17:30");
    let due = lu.due(at(&lu, "2026-03-27 15:00"), Duration::new(1, Unit::BusinessDays));
    assert_eq!(due.to_string(), "2026-03-30T15:30:00Z");
    check_day(&lu, "2026-10-23 15:00", "2026-10-26 17:30");
}

#[test]
fn a_report_outside_hours_counts_from_the_next_opening() {
    let ls = south();
    check_day(&ls, "2026-06-13 11:00", "2026-06-16 16:30"); // Saturday
    check_day(&ls, "2026-06-15 06:00", "2026-06-16 16:30"); // Monday before opening
    check_day(&ls, "2026-06-15 16:30", "2026-06-17 16:30"); // Monday at closing
    check_day(&ls, "2026-06-15 23:59", "2026-06-17 16:30");
    check_day(&ls, "2026-04-03 09:00", "2026-04-08 16:30"); // Good Friday
    check_day(&ls, "2026-12-26 09:00", "2026-12-29 16:30");
}

#[test]
fn no_business_days_end_with_the_day_of_receipt() {
    let ls = south();
    check(&ls, 0, Unit::BusinessDays, "2026-06-15 09:00", "2026-06-15 16:30");
    check(&ls, 0, Unit::BusinessDays, "2026-06-13 09:00", "2026-06-15 16:30");
    check(&ls, 5, Unit::BusinessDays, "2026-06-15 09:00", "2026-06-22 16:30");
}

#[test]
fn the_same_time_reading_keeps_the_time_of_day() {
    let ls = south();
    let day = Duration { amount: 1, unit: Unit::BusinessDays, reading: Reading::SameTime };
    let due = |anchor| wall(&ls, ls.due(at(&ls, anchor), day));
    assert_eq!(due("2026-04-02 15:30"), "2026-04-07 15:30");
    assert_eq!(due("2026-06-13 11:00"), "2026-06-16 08:00");
    let mut plan = ls.plan().clone();
    let short = Day::new(vec![Interval::parse("10:00-12:00").unwrap()]).unwrap();
    plan.openings.insert("2026-06-16".parse().unwrap(), short);
    let ls = Calendar::new(plan).unwrap();
    let due = |anchor| wall(&ls, ls.due(at(&ls, anchor), day));
    assert_eq!(due("2026-06-15 09:00"), "2026-06-16 10:00");
    assert_eq!(due("2026-06-15 11:00"), "2026-06-16 11:00");
    assert_eq!(due("2026-06-15 15:00"), "2026-06-16 12:00");
}

#[test]
fn business_hours_count_open_time_only() {
    let ls = south();
    check(&ls, 4, Unit::BusinessHours, "2026-04-02 15:30", "2026-04-07 11:00");
    check(&ls, 1, Unit::BusinessHours, "2026-04-02 15:30", "2026-04-02 16:30");
    check(&ls, 17, Unit::BusinessHours, "2026-06-15 08:00", "2026-06-16 16:30");
    let a_week = ls.open_micros_between(at(&ls, "2026-06-13 00:00"), at(&ls, "2026-06-20 00:00"));
    assert_eq!(a_week, 5 * 17 * 30 * 60 * 1_000_000);
    assert_eq!(ls.open_micros_between(Timestamp::MAX, Timestamp::MIN), 0);
}

#[test]
fn hours_and_months_run_through_nights_and_holidays() {
    let lu = north();
    check(&lu, 24, Unit::Hours, "2026-03-28 12:00", "2026-03-29 13:00"); // clocks go forward
    check(&lu, 72, Unit::Hours, "2026-12-24 12:00", "2026-12-27 12:00");
    check(&lu, 1, Unit::Months, "2026-01-31 10:00", "2026-02-28 10:00");
    check(&lu, 1, Unit::Months, "2028-01-31 10:00", "2028-02-29 10:00");
    check(&lu, 1, Unit::Months, "2026-02-28 10:00", "2026-03-28 10:00");
    check(&lu, 13, Unit::Months, "2026-02-28 10:00", "2027-03-28 10:00");
    check(&lu, 1, Unit::Months, "2026-02-28 02:30", "2026-03-28 02:30");
}

#[test]
fn a_month_that_ends_in_a_skipped_hour_ends_at_the_jump() {
    let lu = north();
    check(&lu, 1, Unit::Months, "2027-02-28 02:30", "2027-03-28 03:00");
}

#[test]
fn an_opening_outranks_week_and_holidays() {
    let mut plan = south().plan().clone();
    let morning = Day::new(vec![Interval::parse("08:00-12:00").unwrap()]).unwrap();
    plan.openings.insert("2026-04-03".parse().unwrap(), morning.clone());
    plan.openings.insert("2026-06-13".parse().unwrap(), morning);
    plan.openings.insert("2026-06-15".parse().unwrap(), Day::default());
    let calendar = Calendar::new(plan).unwrap();
    check_day(&calendar, "2026-04-02 15:30", "2026-04-03 12:00");
    check_day(&calendar, "2026-06-12 15:30", "2026-06-13 12:00");
    check_day(&calendar, "2026-06-13 13:00", "2026-06-17 16:30");
}

#[test]
fn open_and_closed_meet_at_the_minute() {
    let ls = south();
    assert!(!ls.is_open(at(&ls, "2026-06-15 07:59:59.999999")));
    assert!(ls.is_open(at(&ls, "2026-06-15 08:00")));
    assert!(ls.is_open(at(&ls, "2026-06-15 16:29:59.999999")));
    assert!(!ls.is_open(at(&ls, "2026-06-15 16:30")));
    assert_eq!(wall(&ls, ls.next_opening(at(&ls, "2026-06-15 12:00"))), "2026-06-15 12:00");
    assert_eq!(wall(&ls, ls.next_opening(at(&ls, "2026-06-12 16:30"))), "2026-06-15 08:00");
}

#[test]
fn a_calendar_knows_how_far_its_holidays_reach() {
    let ls = south();
    assert!(ls.covers(at(&ls, "2026-01-01 00:00")));
    assert!(ls.covers(at(&ls, "2026-12-31 23:59")));
    assert!(!ls.covers(at(&ls, "2027-01-01 00:00")));
}

#[test]
fn a_team_that_never_sleeps_closes_its_days_at_midnight() {
    let mut plan = weekdays("Europe/Luxembourg", "00:00-24:00", &[]);
    plan.week = std::array::from_fn(|_| Day::new(vec![Interval::parse("00:00-24:00").unwrap()]).unwrap());
    let always = Calendar::new(plan).unwrap();
    check_day(&always, "2026-03-28 10:00", "2026-03-30 00:00");
    let [day, next] = ["2026-03-29 00:00", "2026-03-30 00:00"].map(|wall| at(&always, wall));
    assert_eq!(always.open_micros_between(day, next), 23 * 3_600_000_000);
    let [day, next] = ["2026-10-25 00:00", "2026-10-26 00:00"].map(|wall| at(&always, wall));
    assert_eq!(always.open_micros_between(day, next), 25 * 3_600_000_000);
    assert!(always.is_open(Timestamp::UNIX_EPOCH));
}

#[test]
fn held_time_moves_the_due_instant_on() {
    let ls = south();
    let held = |amount, unit, anchor, pauses: &[(&str, &str)]| {
        let pauses: Vec<_> = pauses.iter().map(|(from, until)| (at(&ls, from), Some(at(&ls, until)))).collect();
        let due = ls.due_with_pauses(at(&ls, anchor), Duration::new(amount, unit), &pauses);
        wall(&ls, due.at().unwrap())
    };
    let monday = "2026-06-15 09:00";
    let two_hours = [("2026-06-15 10:00", "2026-06-15 12:00")];
    assert_eq!(held(24, Unit::Hours, monday, &two_hours), "2026-06-16 11:00");
    assert_eq!(held(1, Unit::Months, monday, &two_hours), "2026-07-15 11:00");
    assert_eq!(held(8, Unit::BusinessHours, monday, &two_hours), "2026-06-16 10:30");
    assert_eq!(held(1, Unit::BusinessDays, monday, &two_hours), "2026-06-17 10:00");
    let weekend = [("2026-06-12 16:30", "2026-06-15 08:00")];
    assert_eq!(held(1, Unit::BusinessDays, "2026-06-12 09:00", &weekend), "2026-06-15 16:30");
    let overlapping = [two_hours[0], ("2026-06-15 11:00", "2026-06-15 13:00")];
    assert_eq!(held(24, Unit::Hours, monday, &overlapping), "2026-06-16 12:00");
    let before = [("2026-06-15 07:00", "2026-06-15 10:00")];
    assert_eq!(held(24, Unit::Hours, monday, &before), "2026-06-16 10:00");
    let too_late = [("2026-06-16 09:00", "2026-06-16 12:00")];
    assert_eq!(held(24, Unit::Hours, monday, &too_late), "2026-06-16 09:00");
    // The first hold moves the due instant behind the beginning of the second.
    let chain = [two_hours[0], ("2026-06-16 10:00", "2026-06-16 11:00")];
    assert_eq!(held(24, Unit::Hours, monday, &chain), "2026-06-16 12:00");
}

#[test]
fn a_clock_on_hold_names_no_instant() {
    let ls = south();
    let [monday, noon, friday] = ["2026-06-15 09:00", "2026-06-15 12:00", "2026-06-19 12:00"].map(|wall| at(&ls, wall));
    let day = Duration::new(1, Unit::BusinessDays);
    assert_eq!(ls.due_with_pauses(monday, day, &[(noon, None)]), Due::Held { since: noon });
    assert_eq!(ls.due_with_pauses(noon, day, &[(monday, None)]), Due::Held { since: noon });
    let missed = ls.due_with_pauses(monday, day, &[(friday, None)]);
    assert_eq!(missed, Due::At(ls.due(monday, day)));
}

#[test]
fn a_calendar_that_stays_shut_is_refused() {
    let mut plan = weekdays("Africa/Maseru", "08:00-16:30", &[]);
    plan.week = std::array::from_fn(|_| Day::default());
    let shut = Calendar::new(plan.clone()).unwrap_err();
    assert_eq!(shut.to_string(), "no opening in the 400 days from 2026-01-01");
    let day = Day::new(vec![Interval::parse("08:00-12:00").unwrap()]).unwrap();
    plan.openings.insert("2026-06-15".parse().unwrap(), day);
    assert_eq!(Calendar::new(plan).unwrap_err().from.to_string(), "2026-06-16");
}

#[test]
fn the_ends_of_time_are_answers_too() {
    let ls = south();
    for unit in Unit::ALL {
        let day = Duration::new(u32::MAX, unit);
        assert!(ls.due(at(&ls, "9999-12-01 00:00"), day) > at(&ls, "9999-12-01 00:00"));
        ls.due(Timestamp::MIN, Duration::new(3, unit));
        ls.due(Timestamp::MAX, Duration::new(3, unit));
    }
}

#[test]
fn intervals_are_read_strictly_and_written_back() {
    for good in ["08:00-16:30", "00:00-24:00", "23:59-24:00"] {
        assert_eq!(Interval::parse(good).unwrap().to_string(), good);
    }
    for bad in ["", "8-16", "8:00-16:30", "16:30-08:00", "08:00-08:00", "08:00-24:01", "08:60-09:00", "+8:00-09:00"] {
        assert_eq!(Interval::parse(bad), None, "{bad}");
    }
    let [a, b] = ["08:00-12:00", "11:59-13:00"].map(|text| Interval::parse(text).unwrap());
    assert_eq!(Day::new(vec![b, a]).unwrap_err().to_string(), "08:00-12:00 and 11:59-13:00 overlap");
}

#[test]
fn words_for_units_and_readings_come_back() {
    for unit in Unit::ALL {
        assert_eq!(Unit::parse(unit.as_str()), Some(unit));
    }
    for reading in Reading::ALL {
        assert_eq!(Reading::parse(reading.as_str()), Some(reading));
    }
    assert_eq!(Unit::parse("days"), None);
}
