//! What differs between two versions of a publication.

mod technical;

use std::collections::BTreeSet;

use crate::content::{Content, Words};

/// Something that says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which part: `title`, `text`, `severity`, ...
    pub part: &'static str,
    /// Which of several, such as a CVE id; empty where there is one.
    pub of: String,
    /// In which language; empty for what is the same in all of them.
    pub language: String,
    /// What it was.
    pub was: String,
    /// What it is.
    pub is: String,
}

impl Change {
    /// What the part is called in the forms, for people of the team.
    pub fn name(&self) -> &'static str {
        match self.part {
            "label" => "How far it may go",
            "severity" => "How bad it is",
            "exploited" => "Whether it is being exploited",
            "open" => "Whether it is over",
            "keys" => "What it is about",
            "sectors" => "For which sectors",
            "audience" => "For whom",
            "review" => "Somebody looks at it again by",
            "meeting" => "When it takes place",
            "original" => "The language that it was written in first",
            "title" => "Title",
            "summary" => "What it is",
            "affected" => "Who is affected",
            "act" => "What to do",
            "place" => "Where it takes place",
            "text" => "Text",
            "products" => "Products",
            "vulnerability" => "Vulnerability",
            "references" => "To read",
            "origin" => "Whose document it was",
            "credits" => "Thanks to",
            other => other,
        }
    }

    /// What became of it: `new`, `taken out`; empty for what was there and is.
    pub fn became(&self) -> &'static str {
        match (self.was.is_empty(), self.is.is_empty()) {
            (true, false) => "new",
            (false, true) => "taken out",
            _ => "",
        }
    }
}

/// What differs, in the order in which a reader meets it.
pub fn between(before: &Content, now: &Content) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut push = |part: &'static str, language: &str, was: String, is: String| {
        if was != is {
            changes.push(Change { part, of: String::new(), language: language.to_owned(), was, is });
        }
    };
    push("label", "", before.label.marking().into(), now.label.marking().into());
    push("severity", "", before.severity.name().into(), now.severity.name().into());
    push("exploited", "", exploited(before), exploited(now));
    push("open", "", open(before), open(now));
    push("keys", "", list(&before.keys), list(&now.keys));
    push("sectors", "", before.sectors.join(", "), now.sectors.join(", "));
    push("audience", "", before.audience.join(", "), now.audience.join(", "));
    push("review", "", before.review.map(|day| day.to_string()).unwrap_or_default(), now.review.map(|day| day.to_string()).unwrap_or_default());
    push("meeting", "", meeting(before), meeting(now));
    push("original", "", before.original.clone(), now.original.clone());
    let languages: BTreeSet<&String> = before.words.keys().chain(now.words.keys()).collect();
    let none = Words::default();
    for tag in languages {
        let (was, is) = (before.words.get(tag).unwrap_or(&none), now.words.get(tag).unwrap_or(&none));
        push("title", tag, was.title.clone(), is.title.clone());
        push("summary", tag, was.summary.clone(), is.summary.clone());
        push("affected", tag, was.affected.clone(), is.affected.clone());
        push("act", tag, was.act.clone(), is.act.clone());
        push("place", tag, was.place.clone(), is.place.clone());
        push("text", tag, was.body.clone(), is.body.clone());
    }
    push("references", "", references(before), references(now));
    push("origin", "", origin(before), origin(now));
    push("credits", "", before.credits.join("\n"), now.credits.join("\n"));
    changes.extend(technical::products(before, now));
    changes.extend(technical::vulnerabilities(before, now));
    changes
}

fn exploited(content: &Content) -> String {
    let on = content.exploited.on.map(|day| day.to_string()).unwrap_or_default();
    [content.exploited.state.as_str(), &content.exploited.source, &on].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn open(content: &Content) -> String {
    if content.open { "open" } else { "closed" }.to_owned()
}

fn list(keys: &[crate::Key]) -> String {
    keys.iter().map(crate::Key::as_str).collect::<Vec<_>>().join(", ")
}

fn origin(content: &Content) -> String {
    let line = |of: &crate::Origin| format!("{} {} version {} {}", of.publisher, of.id, of.version, of.url).trim_end().to_owned();
    content.origin.as_ref().map(line).unwrap_or_default()
}

fn references(content: &Content) -> String {
    content.references.iter().map(|one| format!("{} {}", one.title, one.url)).collect::<Vec<_>>().join("\n")
}

fn meeting(content: &Content) -> String {
    let Some(meeting) = &content.meeting else { return String::new() };
    let mut text = format!("{} to {} {}", meeting.starts, meeting.ends, meeting.zone);
    if meeting.online {
        text.push_str(", online");
    }
    if meeting.registers {
        text.push_str(", with registration");
    }
    if let Some(places) = meeting.places {
        text.push_str(&format!(", {places} places"));
    }
    if let Some(closes) = meeting.closes {
        text.push_str(&format!(", until {closes}"));
    }
    if meeting.cancelled {
        text.push_str(", cancelled");
    }
    text
}
