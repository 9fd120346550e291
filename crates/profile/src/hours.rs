//! The team's calendars, from `[[calendar]]` tables to [`Calendar`]s, with the names of holidays.
//!
//! Several calendars may stand side by side, and several versions of one. A past deadline is
//! computed with the version it was made with, so an edit raises `version` and leaves the old
//! table in the file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::source::{Item, Table};
use super::texts::Texts;
use crate::calendar::{Calendar, Day, Interval, Plan};

/// One `[[calendar]]`: the hours to compute with, and the holidays to show.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamCalendar {
    /// What deadlines are computed with.
    pub hours: Arc<Calendar>,
    /// The listed holidays in order, with their names.
    pub holidays: Vec<Holiday>,
}

/// A date on which the team is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The date in the calendar's zone.
    pub date: Date,
    /// What people call the day.
    pub name: Texts,
}

const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads all calendars of the profile.
pub(super) fn calendars(root: &Table<'_>, languages: &[String]) -> Vec<TeamCalendar> {
    let before = root.faults_so_far();
    let tables = root.tables("calendar");
    if let (true, Some(item)) = (tables.is_empty(), root.need("calendar"))
        && root.faults_so_far() == before
    {
        item.fault("at least one [[calendar]]");
    }
    let mut calendars: Vec<TeamCalendar> = Vec::new();
    for table in tables {
        let id = table.get("id");
        let Some(calendar) = read(table, languages) else {
            continue;
        };
        let (name, version) = (calendar.hours.id(), calendar.hours.version());
        let same = |known: &TeamCalendar| known.hours.id() == name && known.hours.version() == version;
        if let Some(id) = id
            && calendars.iter().any(same)
        {
            id.note(format!("has version {version} twice"), "a higher one for the newer");
        }
        calendars.push(calendar);
    }
    calendars
}

/// The newest version of a calendar.
pub(super) fn newest<'a>(calendars: &'a [TeamCalendar], id: &str) -> Option<&'a TeamCalendar> {
    let versions = calendars.iter().filter(|calendar| calendar.hours.id() == id);
    versions.max_by_key(|calendar| calendar.hours.version())
}

fn read(table: Table<'_>, languages: &[String]) -> Option<TeamCalendar> {
    let before = table.faults_so_far();
    let id = table.need("id").and_then(|item| item.id());
    let version = table.need("version").and_then(|item| item.whole(1..=1_000_000));
    let known = "a time zone that this machine knows, by its IANA name";
    let zone = table.need("zone").and_then(|item| item.read(known, |name| TimeZone::get(name).ok()));
    let valid = validity(&table);
    let mut holidays = holidays(&table, valid, languages);
    holidays.sort_by_key(|holiday| holiday.date);
    let openings = openings(&table);
    let week = table.need("week");
    let days = week.as_ref().and_then(Item::table).map(|table| {
        let week = WEEK.map(|name| table.get(name).map(|item| day(&item)).unwrap_or_default());
        table.close();
        week
    });
    let complete = table.faults_so_far() == before;
    table.close();
    let (valid_from, valid_to) = valid?;
    let dates = holidays.iter().map(|holiday| holiday.date).collect();
    let plan = Plan { id: id?, version: version?, zone: zone?, week: days?, holidays: dates, openings, valid_from, valid_to };
    match Calendar::new(plan) {
        Ok(hours) => Some(TeamCalendar { hours: Arc::new(hours), holidays }),
        // With hours that could not be read, this says nothing about what was meant.
        Err(_) if !complete => None,
        Err(shut) => {
            week?.note(format!("leaves {shut}"), "hours on at least one day of the week");
            None
        }
    }
}

/// The dates from and to which holidays are listed.
fn validity(table: &Table<'_>) -> Option<(Date, Date)> {
    let from = table.need("valid_from").and_then(|item| item.date());
    let end = table.need("valid_to");
    let to = end.as_ref().and_then(Item::date);
    let (from, to) = (from?, to?);
    if to < from {
        end?.fault(format!("a date not before {from}"));
        return None;
    }
    Some((from, to))
}

fn holidays(table: &Table<'_>, valid: Option<(Date, Date)>, languages: &[String]) -> Vec<Holiday> {
    let before = table.faults_so_far();
    let mut holidays: Vec<Holiday> = Vec::new();
    for item in table.items("holidays") {
        let Some(entry) = item.table() else { continue };
        let date = entry.need("date");
        let name = entry.need("name").map(|name| Texts::read(&name, languages));
        entry.close();
        let Some(day) = date.as_ref().and_then(Item::date) else {
            continue;
        };
        let outside = valid.is_some_and(|(from, to)| day < from || to < day);
        if outside {
            date.inspect(|date| date.fault("a date from valid_from to valid_to"));
        } else if holidays.iter().any(|known| known.date == day) {
            date.inspect(|date| date.fault("each holiday once"));
        } else {
            holidays.push(Holiday { date: day, name: name.unwrap_or_default() });
        }
    }
    let listed: BTreeSet<_> = holidays.iter().map(|holiday| holiday.date.year()).collect();
    let forgotten = valid.and_then(|(from, to)| whole_years(from, to).find(|year| !listed.contains(year)));
    if let Some(year) = forgotten
        && !listed.is_empty()
        && table.faults_so_far() == before
    {
        table.fault(format!("lists no holiday in {year}"), "those of every year from valid_from to valid_to");
    }
    holidays
}

/// The years that lie within the two dates from January to December.
fn whole_years(from: Date, to: Date) -> impl Iterator<Item = i16> {
    let first = if from.day_of_year() == 1 { from.year() } else { from.year() + 1 };
    let last = if to.month() == 12 && to.day() == 31 { to.year() } else { to.year() - 1 };
    first..=last
}

fn openings(table: &Table<'_>) -> BTreeMap<Date, Day> {
    let mut openings = BTreeMap::new();
    for item in table.items("openings") {
        let Some(entry) = item.table() else { continue };
        let date = entry.need("date");
        let hours = entry.need("hours").map(|item| day(&item)).unwrap_or_default();
        entry.close();
        let Some(day) = date.as_ref().and_then(Item::date) else {
            continue;
        };
        if openings.insert(day, hours).is_some() {
            date.inspect(|date| date.fault("each date once"));
        }
    }
    openings
}

/// The hours of one day, a list of `08:00-16:30`.
fn day(item: &Item<'_>) -> Day {
    let expected = "opening hours such as 08:00-16:30, at most until 24:00";
    let items = item.list();
    let intervals = items.iter().filter_map(|item| item.read(expected, Interval::parse)).collect();
    Day::new(intervals).unwrap_or_else(|overlap| {
        item.note(format!("has hours that overlap: {overlap}"), "hours apart from each other");
        Day::default()
    })
}
