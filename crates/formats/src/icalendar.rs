//! Trainings, drills and meetings as a calendar that people subscribe to (RFC 5545, method PUBLISH of RFC 5546,
//! names and refreshing of RFC 7986).
//!
//! Instants are written in UTC: every program shows them in its reader's own zone, and no VTIMEZONE can be wrong
//! or missing. What that costs, a rule of a zone that changes between publishing and the day, a subscriber gets
//! with the next refresh. Own writer: the libraries bring a calendar beside the house's own or write no parameters.

mod line;

use crate::text::{language, one_line, web};
use jiff::Timestamp;
use jiff::civil::Date;
use line::{instant, mailbox, parameter, put, text};

/// The media type to serve it as.
pub const MEDIA: &str = "text/calendar; charset=utf-8; method=PUBLISH";

/// A list of events, as a subscriber sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub name: String,
    pub description: Option<String>,
    /// The language of the names (RFC 5646).
    pub language: String,
    /// Who made the document: `-//Example CSIRT//Events//EN` (RFC 5545, section 3.7.3).
    pub product: String,
    /// After how many hours a subscriber should look again.
    pub refresh: u16,
    pub events: Vec<Event>,
}

/// Something that takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Never changes and is nobody else's: `7@csirt.example` (RFC 7986, section 5.3).
    pub uid: String,
    /// When this version was made.
    pub stamp: Timestamp,
    /// How often place, time or state changed since it was first published.
    pub sequence: u32,
    pub when: When,
    pub status: Status,
    pub summary: String,
    pub description: Option<String>,
    pub location: Option<String>,
    pub url: Option<String>,
    pub categories: Vec<String>,
    pub organizer: Organizer,
    pub language: String,
}

/// When an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From one instant to another; without the second if it is not later.
    Instants(Timestamp, Timestamp),
    /// Whole days, the last one included.
    Days(Date, Date),
}

/// Whether an event takes place (RFC 5545, section 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Tentative,
    Confirmed,
    /// It stays in the calendar, so that everybody who has it hears of it.
    Cancelled,
}

/// Whom to ask. A published event must have one (RFC 5546, section 3.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organizer {
    pub name: String,
    /// `training@csirt.example`
    pub mail: String,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// The document, in UTF-8, lines of at most 75 octets that end with CR LF. A link that must not be followed is
/// left out. Names are one line; descriptions keep their lines.
pub fn write(calendar: &Calendar) -> Vec<u8> {
    let mut out = String::new();
    put(&mut out, "BEGIN", "VCALENDAR");
    put(&mut out, "VERSION", "2.0");
    put(&mut out, "PRODID", &text(&one_line(&calendar.product)));
    put(&mut out, "CALSCALE", "GREGORIAN");
    put(&mut out, "METHOD", "PUBLISH");
    let spoken = spoken(&calendar.language);
    let name = text(&one_line(&calendar.name));
    put(&mut out, &format!("NAME{spoken}"), &name);
    // The name of the time before RFC 7986, which most programs still read; so for how often to look.
    put(&mut out, "X-WR-CALNAME", &name);
    if let Some(description) = &calendar.description {
        put(&mut out, &format!("DESCRIPTION{spoken}"), &text(description));
    }
    let refresh = calendar.refresh.max(1);
    put(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", &format!("PT{refresh}H"));
    put(&mut out, "X-PUBLISHED-TTL", &format!("PT{refresh}H"));
    for one in &calendar.events {
        event(&mut out, one);
    }
    put(&mut out, "END", "VCALENDAR");
    out.into_bytes()
}

fn event(out: &mut String, event: &Event) {
    put(out, "BEGIN", "VEVENT");
    put(out, "UID", &text(&one_line(&event.uid)));
    put(out, "DTSTAMP", &instant(event.stamp));
    match event.when {
        When::Instants(start, end) => {
            put(out, "DTSTART", &instant(start));
            // An end that is no end is none (section 3.8.2.2).
            if end > start {
                put(out, "DTEND", &instant(end));
            }
        }
        When::Days(first, last) => {
            // The end is the first day on which nothing takes place any more.
            let after = last.max(first).tomorrow().unwrap_or(last);
            put(out, "DTSTART;VALUE=DATE", &first.strftime("%Y%m%d").to_string());
            put(out, "DTEND;VALUE=DATE", &after.strftime("%Y%m%d").to_string());
        }
    }
    put(out, "SEQUENCE", &event.sequence.to_string());
    put(out, "STATUS", event.status.as_str());
    let spoken = spoken(&event.language);
    put(out, &format!("SUMMARY{spoken}"), &text(&one_line(&event.summary)));
    if let Some(description) = &event.description {
        put(out, &format!("DESCRIPTION{spoken}"), &text(description));
    }
    if let Some(location) = &event.location {
        put(out, &format!("LOCATION{spoken}"), &text(&one_line(location)));
    }
    if let Some(url) = event.url.as_deref().and_then(web) {
        put(out, "URL", &url);
    }
    if !event.categories.is_empty() {
        let words: Vec<String> = event.categories.iter().map(|word| text(&one_line(word))).collect();
        put(out, &format!("CATEGORIES{spoken}"), &words.join(","));
    }
    put(out, &format!("ORGANIZER;CN={}", parameter(&event.organizer.name)), &mailbox(&event.organizer.mail));
    put(out, "END", "VEVENT");
}

/// The parameter that says the language of a text, if it has one (section 3.2.10).
fn spoken(tag: &str) -> String {
    let tag = language(tag);
    if tag.is_empty() { String::new() } else { format!(";LANGUAGE={tag}") }
}
