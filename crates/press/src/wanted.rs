//! What is wanted of a publication before it may leave.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::content::{AUDIENCES, Content, Severity, Words};
use crate::kind::Kind;

/// Something that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The field: its name in the form.
    pub field: String,
    /// What to do about it.
    pub text: String,
}

/// So long a title may be.
pub const TITLE: usize = 200;
/// So long each of the short answers may be.
pub const BRIEF: usize = 600;
/// So long a text may be.
pub const BODY: usize = 100_000;
/// So many keys, references or lines of credit there may be.
const MANY: usize = 200;
/// So many places a meeting may have.
pub const PLACES: u32 = 10_000;

impl Content {
    /// What can never be kept, be it a draft: too long, or of no shape. Sectors are ids of the team profile.
    pub fn refused(&self, sectors: &[String]) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        let mut say = |field: String, text: String| wanted.push(Wanted { field, text });
        for (tag, words) in &self.words {
            for (name, text, most) in parts(words) {
                if text.chars().count() > most {
                    say(format!("{name}-{tag}"), format!("At most {most} letters fit here; these are {}.", text.chars().count()));
                }
            }
            let one_line = [("title", &words.title), ("place", &words.place)];
            for (name, _) in one_line.into_iter().filter(|(_, text)| text.chars().any(char::is_control)) {
                say(format!("{name}-{tag}"), "Write one line.".into());
            }
        }
        let helps = self.vulnerabilities.iter().flat_map(|one| &one.remediations).filter_map(|help| help.url.as_deref());
        let read = self.vulnerabilities.iter().flat_map(|one| &one.references).map(|one| one.url.as_str());
        let urls = self.references.iter().map(|one| one.url.as_str()).chain(read).map(|url| ("references", url)).chain(helps.map(|url| ("fix_url", url)));
        for (field, url) in urls.filter(|(_, url)| !is_web(url)) {
            say(field.into(), format!("“{}” is no address that begins with https:// or http://.", short(url)));
        }
        for id in self.sectors.iter().filter(|id| !sectors.contains(id)) {
            say("sectors".into(), format!("“{}” is no sector of the team.", short(id)));
        }
        for id in self.audience.iter().filter(|id| !AUDIENCES.contains(&id.as_str())) {
            say("audience".into(), format!("“{}” is none of {}.", short(id), AUDIENCES.join(", ")));
        }
        if let Some(origin) = self.origin.as_ref().filter(|origin| self.label < origin.label) {
            say("label".into(), format!("{} labelled it {}: what is taken over from it carries no less.", short(&origin.publisher), origin.label.marking()));
        }
        if self.keys.len() > MANY || self.references.len() > MANY || self.credits.len() > MANY {
            say("keys".into(), format!("At most {MANY} of each fit."));
        }
        if let Some(meeting) = &self.meeting {
            if TimeZone::get(&meeting.zone).is_err() {
                say("zone".into(), format!("“{}” is no time zone, such as Africa/Maseru.", short(&meeting.zone)));
            } else if meeting.ends <= meeting.starts {
                say("ends".into(), "It ends before it begins.".into());
            } else if meeting.closes.is_some_and(|closes| closes > meeting.starts) {
                say("closes".into(), "Registration ends after the beginning.".into());
            }
            if meeting.places.is_some_and(|places| !(1..=PLACES).contains(&places)) {
                say("places".into(), format!("Write between 1 and {PLACES} places, or nothing where everybody finds room."));
            }
        }
        wanted
    }

    /// What must be there before it may leave at an instant.
    pub fn wanted(&self, now: Timestamp) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        let own = self.own();
        let tag = &self.original;
        let mut say = |field: String, text: &str| wanted.push(Wanted { field, text: text.to_owned() });
        if own.title.trim().is_empty() {
            say(format!("title-{tag}"), "Write a title.");
        }
        if self.kind.has_brief() {
            let parts = [
                ("summary", &own.summary, "Say in two lines what it is."),
                ("affected", &own.affected, "Say who is affected."),
                ("act", &own.act, "Say what to do."),
            ];
            for (name, _, text) in parts.into_iter().filter(|(_, words, _)| words.trim().is_empty()) {
                say(format!("{name}-{tag}"), text);
            }
            if self.severity == Severity::None {
                say("severity".into(), "Say how bad it is.");
            }
        } else if own.body.trim().is_empty() && own.summary.trim().is_empty() {
            say(format!("body-{tag}"), "Write the text.");
        }
        match (self.kind, &self.meeting) {
            (Kind::Calendar, None) => say("starts".into(), "Say when it takes place."),
            (Kind::Calendar, Some(meeting)) if !meeting.cancelled && meeting.instants().is_some_and(|(_, ends)| ends < now) => {
                say("ends".into(), "It is over already.");
            }
            (Kind::Calendar, Some(meeting)) if !meeting.online && own.place.trim().is_empty() => say(format!("place-{tag}"), "Say where it takes place."),
            (Kind::Guidance, _) if self.review.is_none() => say("review".into(), "Say when somebody looks at it again."),
            (Kind::Guidance, _) if self.keys.is_empty() => say("keys".into(), "Say what it is about: RSIT types, CVE or ATT&CK ids."),
            _ => {}
        }
        wanted
    }
}

/// An address that a page can lead to.
pub fn is_web(url: &str) -> bool {
    let known = ["https://", "http://"].iter().any(|scheme| url.to_ascii_lowercase().starts_with(scheme));
    known && url.len() <= 2000 && !url.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"\\".contains(c))
}

fn parts(words: &Words) -> [(&'static str, &str, usize); 6] {
    [
        ("title", &words.title, TITLE),
        ("summary", &words.summary, BRIEF),
        ("affected", &words.affected, BRIEF),
        ("act", &words.act, BRIEF),
        ("place", &words.place, TITLE),
        ("body", &words.body, BODY),
    ]
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
