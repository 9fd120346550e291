//! What the mails say: of a version the whole text, since a stub would make everybody open a browser at night; of what no longer holds
//! that it does not, and nothing that reads like advice.

use formats::markdown;
use press::State;

use super::super::catalogue::Item;
use super::super::{particulars, site};
use crate::App;
use crate::text::{Text, one_line, own_name};

/// What a mail says of something.
pub struct Said {
    pub subject: String,
    pub text: String,
    /// The language of its words, which may be another than its reader's.
    pub language: String,
}

/// The address of the public site, without a slash at its end.
pub fn address(app: &App) -> &str {
    app.profile.web.public_url.trim_end_matches('/')
}

/// What the mail to a reader of a language says; nothing of what has no words.
pub fn of(app: &App, item: &Item, language: &str) -> Option<Said> {
    let text = app.languages.text(language);
    let (words, written) = item.content.said(language)?;
    let version = if item.version > 1 { format!("v{}", item.called()) } else { String::new() };
    let head = [item.content.label.marking().to_owned(), severity(&text, item), version, state(&text, item)];
    let subject = format!("{}: {}", head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "), one_line(&words.title));
    let page = format!("{}{}?lang={language}", address(app), item.path());
    Some(Said { subject, text: body(app, &text, item, language, &page), language: written.to_owned() })
}

/// The text of the mail to a reader of a language; nothing of what has no words.
pub fn text(app: &App, item: &Item, language: &str) -> Option<String> {
    of(app, item, language).map(|said| said.text)
}

/// Subject and text of the mail that tells of something in a language, with its foot: for a preview.
pub fn written(app: &App, language: &str, item: &Item) -> (String, String) {
    let Some(said) = of(app, item, language) else { return (String::new(), String::new()) };
    (said.subject, with_foot(app, language, &said.text, &format!("{}/subscription/…", address(app))))
}

/// A text with how to end the mails below it.
pub fn with_foot(app: &App, language: &str, text: &str, link: &str) -> String {
    format!("{}\n\n-- \n{}\n", text.trim_end(), app.languages.text(language).with("mail-foot", "link", link))
}

fn severity(text: &Text, item: &Item) -> String {
    if item.kind.has_severity() && item.is_current() { text.say(&format!("pub-severity-{}", item.content.severity.name())) } else { String::new() }
}

/// `WITHDRAWN`, `SUPERSEDED`, or that an alert is over; empty for what holds and is open.
pub fn state(text: &Text, item: &Item) -> String {
    if !item.is_current() {
        text.say(&format!("pub-state-{}", item.standing)).to_uppercase()
    } else if item.kind == press::Kind::Alert && !item.content.open {
        text.say("pub-state-closed")
    } else {
        String::new()
    }
}

/// How the reader's language stands, as the page says it; empty where its words are right. `page`: where the original can be read.
fn tongue(text: &Text, item: &Item, language: &str, page: &str) -> String {
    let key = match item.content.state(language) {
        State::Missing => "pub-only-in",
        State::Outdated => "pub-outdated",
        State::Machine => "pub-machine",
        State::Original | State::Current => return String::new(),
    };
    let said = text.with(key, "language", own_name(&item.content.original));
    match page.split_once("?lang=") {
        Some((page, _)) if key != "pub-only-in" => format!("{said}\n{}: {page}?lang={}\n", text.say("pub-original"), item.content.original),
        _ => format!("{said}\n"),
    }
}

/// The whole of it, as text, in the page's order. `page`: where it can be read.
pub fn body(app: &App, text: &Text, item: &Item, language: &str, page: &str) -> String {
    let Some((words, _)) = item.content.said(language) else { return String::new() };
    let site = address(app);
    let mut out = format!("{}\n", item.content.label.marking());
    let state = state(text, item);
    for part in [state, tongue(text, item, language, page)].into_iter().filter(|part| !part.is_empty()) {
        out.push_str(&format!("\n{}\n", part.trim_end()));
    }
    if let Some(ended) = particulars::ended(site, text, item) {
        out.push_str(&format!("{}\n\n{}\n", ended.lines(), words.title));
        return format!("{out}{}", below(page));
    }
    out.push_str(&format!("\n{}\n", words.title));
    if let Some(past) = item.history.first().filter(|past| !past.note.is_empty()) {
        out.push_str(&format!("\n{}: {}\n", text.with("pub-version", "number", item.called()), past.note));
    }
    out.push_str(&place(text, item, &words.place));
    let brief = [("pub-what", &words.summary), ("pub-affected", &words.affected), ("pub-act", &words.act)];
    for (key, said) in brief.into_iter().filter(|(_, said)| !said.is_empty()) {
        out.push_str(&format!("\n{}\n{}\n", text.say(key), markdown::plain(said, site).trim_end()));
    }
    let mut block = |of: &str| {
        if !of.trim().is_empty() {
            out.push_str(&format!("\n{}\n", markdown::plain(of, site).trim_end()));
        }
    };
    block(&particulars::facts(text, &item.content));
    block(&words.body);
    block(&particulars::technical(text, &item.content));
    if let Some(of) = &item.content.origin {
        let values = [("publisher", of.publisher.clone()), ("id", of.id.clone()), ("version", of.version.clone())];
        out.push_str(&format!("\n{} {}\n", text.fill("csaf-taken", &values), of.url));
    }
    let further = particulars::further(text, &item.content);
    if !further.is_empty() {
        out.push_str(&format!("\n{}\n", markdown::plain(&further, site).trim_end()));
    }
    format!("{out}{}\n{}\n", below(page), text.say("pub-not-binding"))
}

fn below(page: &str) -> String {
    if page.is_empty() { String::new() } else { format!("\n{page}\n") }
}

/// When and where something of the calendar takes place.
fn place(text: &Text, item: &Item, place: &str) -> String {
    let Some(meeting) = &item.content.meeting else { return String::new() };
    let (when, zone, place) = site::takes_place(text, meeting, place);
    let cancelled = if meeting.cancelled { format!("{}\n", text.say("pub-cancelled")) } else { String::new() };
    let place = if place.is_empty() { String::new() } else { format!("{}: {place}\n", text.say("pub-where")) };
    format!("\n{cancelled}{}: {when} ({zone})\n{place}", text.say("pub-when"))
}

/// What a digest says of something.
pub fn entry(app: &App, text: &Text, item: &Item, language: &str) -> String {
    let Some((words, _)) = item.content.said(language) else { return String::new() };
    let marks = [severity(text, item), state(text, item)].into_iter().filter(|part| !part.is_empty());
    let marks: String = marks.map(|part| format!(" [{part}]")).collect();
    let site = address(app);
    let said = particulars::ended(site, text, item).map_or_else(|| words.summary.clone(), |ended| ended.lines());
    let page = format!("{site}{}?lang={language}", item.path());
    let tongue = tongue(text, item, language, "");
    let lines =
        [format!("{}{marks} {}", text.say(&format!("pub-kind-{}", item.kind.name())), one_line(&words.title)), tongue.trim_end().to_owned(), said, page];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
