//! Calendars: another program finds the events that were put in, and no other.

use crate::texts;
use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use formats::icalendar::{Calendar, Event, Organizer, Status, When, write};
use formats::text::{one_line, readable};
use proptest::prelude::*;

/// A calendar whose every text is the given one.
pub fn calendar(text: &str) -> Calendar {
    let event = |number: u32, when: When, status: Status| Event {
        uid: format!("{number}@csirt.example"),
        stamp: "2026-03-01T08:00:00Z".parse().unwrap(),
        sequence: number,
        when,
        status,
        summary: text.to_owned(),
        description: Some(text.to_owned()),
        location: Some(text.to_owned()),
        url: Some(format!("https://csirt.example/events/{number}")),
        categories: vec![text.to_owned(), "drill".into()],
        organizer: Organizer { name: text.to_owned(), mail: "training@csirt.example".into() },
        language: "en".into(),
    };
    let instants = When::Instants("2026-05-04T07:00:00Z".parse().unwrap(), "2026-05-04T15:30:00Z".parse().unwrap());
    let days = When::Days("2026-12-31".parse().unwrap(), "2026-12-31".parse().unwrap());
    Calendar {
        name: text.to_owned(),
        description: Some(text.to_owned()),
        language: "en".into(),
        product: "-//Example CSIRT//Events//EN".into(),
        refresh: 12,
        events: vec![event(1, instants, Status::Confirmed), event(2, days, Status::Cancelled)],
    }
}

#[test]
fn a_calendar_is_written_as_the_standard_says() {
    let expect = "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example CSIRT//Events//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME;LANGUAGE=en:a\\,b
X-WR-CALNAME:a\\,b
DESCRIPTION;LANGUAGE=en:a\\,b
REFRESH-INTERVAL;VALUE=DURATION:PT12H
X-PUBLISHED-TTL:PT12H
BEGIN:VEVENT
UID:1@csirt.example
DTSTAMP:20260301T080000Z
DTSTART:20260504T070000Z
DTEND:20260504T153000Z
SEQUENCE:1
STATUS:CONFIRMED
SUMMARY;LANGUAGE=en:a\\,b
DESCRIPTION;LANGUAGE=en:a\\,b
LOCATION;LANGUAGE=en:a\\,b
URL:https://csirt.example/events/1
CATEGORIES;LANGUAGE=en:a\\,b,drill
ORGANIZER;CN=\"a,b\":mailto:training@csirt.example
END:VEVENT
BEGIN:VEVENT
UID:2@csirt.example
DTSTAMP:20260301T080000Z
DTSTART;VALUE=DATE:20261231
DTEND;VALUE=DATE:20270101
SEQUENCE:2
STATUS:CANCELLED
";
    let found = String::from_utf8(write(&calendar("a,b"))).unwrap();
    assert!(found.starts_with(&expect.replace('\n', "\r\n")), "{found}");
    let mut backwards = calendar("a");
    backwards.events[0].when = When::Instants("2026-05-04T07:00:00Z".parse().unwrap(), "2026-05-04T07:00:00Z".parse().unwrap());
    backwards.events[0].url = Some("javascript:x".into());
    backwards.events.truncate(1);
    let found = String::from_utf8(write(&backwards)).unwrap();
    assert!(!found.contains("DTEND") && !found.contains("URL"), "{found}");
}

proptest! {
    #[test]
    fn a_calendar_gives_back_what_was_put_in(text in texts()) {
        let written = String::from_utf8(write(&calendar(&text))).unwrap();
        for line in written.split_terminator("\r\n") {
            prop_assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{:?}", line);
        }
        let found = ICalendar::parse(&written).unwrap_or_else(|entry| panic!("{entry:?}: {written}"));
        let events: Vec<_> = found.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent).collect();
        prop_assert_eq!(events.len(), 2);
        prop_assert_eq!(found.components.len(), 3);
        for event in events {
            prop_assert_eq!(event.entries.len(), 12, "{}", written);
            let of = |name: ICalendarProperty| {
                let entry = event.entries.iter().find(|entry| entry.name == name).unwrap();
                let values = entry.values.iter().filter_map(|value| value.as_text()).collect::<Vec<_>>();
                // This reader has no value where there is an empty one.
                if values.is_empty() { vec![""] } else { values }
            };
            prop_assert_eq!(of(ICalendarProperty::Summary), [one_line(&text)]);
            prop_assert_eq!(of(ICalendarProperty::Description), [readable(&text)]);
            prop_assert_eq!(of(ICalendarProperty::Location), [one_line(&text)]);
            prop_assert_eq!(of(ICalendarProperty::Categories), [one_line(&text), "drill".to_owned()]);
        }
    }
}
