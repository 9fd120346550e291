//! The forms of a publication: the words in one language, and what holds in all of them.

use std::str::FromStr;

use formats::label::Tlp;
use jiff::civil::{Date, DateTime};
use press::{Content, Exploited, Key, Meeting, Reference, Severity, Wanted, Words};

use super::item::Publication;
use crate::web::Fields;
use crate::{Error, Result};

/// The words that a form brought.
pub fn words(fields: &Fields) -> Words {
    let text = |name: &str| fields.exact(name).trim().to_owned();
    Words {
        title: crate::text::one_line(fields.get("title")),
        summary: text("summary"),
        affected: text("affected"),
        act: text("act"),
        body: text("body"),
        place: crate::text::one_line(fields.get("place")),
        machine: fields.has("machine"),
        of: String::new(),
    }
}

/// What holds in all languages, as a form brought it, over what was there; and every line that could not be read.
pub fn facts(fields: &Fields, was: &Content) -> (Content, Vec<Wanted>) {
    let mut wrong = Vec::new();
    let mut content = was.clone();
    let lines = |name: &str| fields.exact(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    content.label = fields.get("label").parse::<Tlp>().unwrap_or(Tlp::Amber);
    content.severity = Severity::named(fields.get("severity")).unwrap_or_default();
    content.open = !fields.has("closed");
    let on = day(fields, "exploited_on", &mut wrong);
    let state = Some(fields.get("exploited")).filter(|state| ["yes", "no"].contains(state)).unwrap_or_default().to_owned();
    content.exploited = Exploited { state, source: crate::text::one_line(fields.get("exploited_source")), on };
    content.keys = Vec::new();
    for word in fields.get("keys").split([' ', ',', '\n', ';']).filter(|word| !word.is_empty()) {
        match Key::read(word) {
            Some(key) if content.keys.contains(&key) => {}
            Some(key) => content.keys.push(key),
            None => wrong.push(no("keys", word, "RSIT type, CVE or ATT&CK id")),
        }
    }
    content.sectors = fields.all("sector").map(str::to_owned).collect();
    content.audience = fields.all("audience").map(str::to_owned).collect();
    content.review = day(fields, "review", &mut wrong);
    content.order = fields.get("order").parse().unwrap_or(was.order);
    content.references = lines("references").into_iter().map(|line| reference(&line)).collect();
    content.credits = lines("credits");
    content.meeting = meeting(fields, was, &mut wrong);
    (content, wrong)
}

/// A line of references: the address, and what it is called before it.
fn reference(line: &str) -> Reference {
    match line.rsplit_once(char::is_whitespace) {
        Some((title, url)) if url.contains("://") => Reference { title: title.trim().to_owned(), url: url.to_owned() },
        _ => Reference { title: String::new(), url: line.to_owned() },
    }
}

/// What was typed into a field is not what it asks for.
fn no(field: &str, typed: &str, asked: &str) -> Wanted {
    Wanted { field: field.to_owned(), text: format!("“{}” is no {asked}.", crate::text::short_line(typed, 60)) }
}

/// All that is wrong, in one text.
pub fn lines(wrong: &[Wanted]) -> String {
    wrong.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn day(fields: &Fields, field: &str, wrong: &mut Vec<Wanted>) -> Option<Date> {
    parsed(fields, field, "day like 2027-05-31", wrong)
}

fn moment(fields: &Fields, field: &str, wrong: &mut Vec<Wanted>) -> Option<DateTime> {
    parsed(fields, field, "date and time like 2027-05-31T09:00", wrong)
}

/// What a field says; nothing where it is empty, or says something else.
fn parsed<T: FromStr>(fields: &Fields, field: &str, asked: &str, wrong: &mut Vec<Wanted>) -> Option<T> {
    match fields.get(field) {
        "" => None,
        text => text.parse().map_err(|_| wrong.push(no(field, text, asked))).ok(),
    }
}

fn meeting(fields: &Fields, was: &Content, wrong: &mut Vec<Wanted>) -> Option<Meeting> {
    if was.kind != press::Kind::Calendar {
        return None;
    }
    let (starts, ends) = (moment(fields, "starts", wrong)?, moment(fields, "ends", wrong));
    Some(Meeting {
        starts,
        ends: ends.unwrap_or(starts),
        zone: fields.get("zone").to_owned(),
        online: fields.has("online"),
        registers: fields.has("registers"),
        places: parsed(fields, "places", "number of places", wrong),
        closes: moment(fields, "closes", wrong),
        cancelled: fields.has("cancelled"),
    })
}

/// What a part of the content was when a form was made of it: who changes it meanwhile is told, who changes another part
/// is not in the way.
pub fn seen(one: &Publication, part: &str) -> Result<String> {
    let content = &one.content;
    let of = match content.words.get(part) {
        Some(words) => serde_json::to_string(words),
        // The note of what the version changes stands in the same form.
        None if part == "facts" => serde_json::to_string(&(Content { words: std::collections::BTreeMap::new(), ..content.clone() }, &one.note)),
        None => Ok(String::new()),
    };
    Ok(vault::blob::Hash::of(of.map_err(Error::fault)?.as_bytes()).to_string())
}
