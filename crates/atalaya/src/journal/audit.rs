//! The audit page: the journal, newest first, of one report or case, one person, one kind of entry, one
//! day, or all of it.
//!
//! A line that the viewer may not know of stands in the whole journal without its words, because the
//! chain has no gaps. Among the lines of one person or kind it is left out: that it stands there would
//! say whose it is, or of what kind.

use std::collections::HashMap;

use ::store::{Id, JournalPart, Line, Reader};
use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;

use super::store::{self, Numbered};
use crate::access::{Noun, Verb, Who, may, require};
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, page};
use crate::{App, Error, Result, people, sealed};

/// Lines on a page; how many are read at once, and how often when some may not be shown.
const PAGE: usize = 100;
const ROUNDS: usize = 10;

/// One line of the audit page.
struct Entry {
    seq: u64,
    at: Timestamp,
    who: String,
    /// Who, as the address asks for them.
    by: String,
    verb: String,
    /// The report, case or sealed report that it is about.
    number: String,
    /// Its page, if the viewer may go there.
    path: Option<String>,
    details: String,
    leaf: String,
}

/// What is asked for, as it stands in the form.
#[derive(Clone, Default)]
struct Wanted {
    number: String,
    who: String,
    kind: String,
    day: String,
}

impl Wanted {
    fn of(asked: &Asked) -> Self {
        let [number, who, kind, day] = ["number", "who", "kind", "day"].map(|name| asked.get(name).to_owned());
        Self { number, who, kind, day }
    }

    fn is_all(&self) -> bool {
        [&self.number, &self.who, &self.kind, &self.day].iter().all(|text| text.is_empty())
    }

    /// The same question but for one answer, as an address.
    fn but(&self, name: &str, value: &str) -> String {
        let mut all = [("number", &self.number), ("who", &self.who), ("kind", &self.kind), ("day", &self.day)].map(|(name, text)| (name, text.as_str()));
        for one in all.iter_mut().filter(|one| one.0 == name) {
            one.1 = value;
        }
        let more = (!all.iter().any(|one| one.0 == name)).then_some((name, value));
        let parts = all.into_iter().chain(more).filter(|(_, text)| !text.is_empty());
        let query: Vec<String> = parts.map(|(name, text)| format!("{name}={}", utf8_percent_encode(text, NON_ALPHANUMERIC))).collect();
        format!("/journal?{}", query.join("&"))
    }
}

#[derive(Template)]
#[template(path = "journal/pages/journal.html")]
struct JournalPage {
    shell: Shell,
    wanted: Wanted,
    entries: Vec<Entry>,
    people: Vec<(String, String)>,
    kinds: Vec<String>,
    older: Option<u64>,
    first: bool,
    mails: bool,
}

/// `GET /journal`
pub async fn journal(ctx: Ctx, asked: Asked) -> Result<Response> {
    require(&ctx.who, Verb::See, Noun::Journal)?;
    let wanted = Wanted::of(&asked);
    let before: Option<u64> = asked.parsed("before", "a number")?;
    let day: Option<Date> = asked.parsed("day", "a day")?;
    let mut reader = ctx.app.db.read().await?;
    let (entries, older) = match part(&mut reader, &ctx, &wanted, day).await? {
        Some(part) => entries(&mut reader, &ctx.app, &ctx.who, &part, before.unwrap_or(u64::MAX >> 1)).await?,
        None => (Vec::new(), None),
    };
    let kinds = reader.journal_verbs().await?;
    let people = who_acts(&mut reader, &wanted.who).await?;
    drop(reader);
    let shell = Shell::new(&ctx, "Journal", Room::Journal).await?;
    page(&JournalPage { shell, wanted, entries, people, kinds, older, first: before.is_none(), mails: may(&ctx.who, Verb::See, Noun::Outgoing) })
}

/// The part of the journal that is asked for; none when the number is nobody's that the viewer may know of.
async fn part(reader: &mut Reader, ctx: &Ctx, wanted: &Wanted, day: Option<Date>) -> Result<Option<JournalPart>> {
    let mut part = JournalPart { who: some(&wanted.who), verb: some(&wanted.kind), ..JournalPart::default() };
    if !wanted.number.is_empty() {
        match super::ledger::about(reader, &ctx.who, &wanted.number.to_uppercase()).await {
            Ok(id) => part.about = Some(id),
            Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    if let Some(day) = day {
        let begin = |day: Date| day.to_zoned(ctx.zone()).map(|begin| begin.timestamp()).map_err(Error::fault);
        part.between = Some((begin(day)?, begin(day.tomorrow().map_err(Error::fault)?)?));
    }
    Ok(Some(part))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Who can be asked for: the team, those who acted without a log-in, and whoever is asked for now.
async fn who_acts(reader: &mut Reader, now: &str) -> Result<Vec<(String, String)>> {
    let team = people::named::team(reader).await?.into_iter().map(|(id, name)| (format!("person:{id}"), name));
    let mut all: Vec<(String, String)> = team.collect();
    all.extend([("public", "visitors"), ("mail", "mail that came in"), ("operator", "the operator")].map(|(who, name)| (who.to_owned(), name.to_owned())));
    if !now.is_empty() && !all.iter().any(|(who, _)| who == now) {
        all.push((now.to_owned(), people::describe(reader, now).await?));
    }
    Ok(all)
}

/// A page of the part, and where the next begins.
async fn entries(reader: &mut Reader, app: &App, who: &Who, part: &JournalPart, mut before: u64) -> Result<(Vec<Entry>, Option<u64>)> {
    let whole = part.who.is_none() && part.verb.is_none();
    let mut entries: Vec<Entry> = Vec::new();
    for _ in 0..ROUNDS {
        let lines = reader.journal_part(part, before, PAGE).await?;
        let last = lines.len() < PAGE;
        let about: Vec<Id> = lines.iter().map(|line| line.about).collect();
        let hidden = store::hidden(reader, who, &about).await?;
        let numbers = numbered(reader, app, who, &about).await?;
        let names = people::describe_all(reader, lines.iter().map(|line| line.who.as_str())).await?;
        for line in lines {
            if entries.len() == PAGE {
                return Ok((entries, Some(before)));
            }
            before = line.seq;
            match hidden.contains(&line.about) {
                true if whole => entries.push(Entry::hidden(&line)),
                true => {}
                false => {
                    let name = names.get(&line.who).cloned().unwrap_or_default();
                    entries.push(Entry::of(line, name, &numbers));
                }
            }
        }
        if last {
            return Ok((entries, None));
        }
        if entries.len() == PAGE {
            break;
        }
    }
    Ok((entries, Some(before)))
}

/// The numbers of what these are, and whether the viewer may go there.
async fn numbered(reader: &mut Reader, app: &App, who: &Who, about: &[Id]) -> Result<HashMap<Id, Numbered>> {
    let mut numbers = store::numbers(reader, about).await?;
    let mut dialogues = Vec::new();
    for (id, one) in &mut numbers {
        one.open = may(who, Verb::See, one.noun);
        if one.noun == Noun::Sealed && one.open {
            dialogues.push(*id);
        }
    }
    // A sealed report is known to the readers of its intake only.
    let known = if dialogues.is_empty() { Vec::new() } else { sealed::known(reader, app, who, &dialogues).await? };
    for id in dialogues.iter().filter(|id| !known.contains(id)) {
        numbers.entry(*id).and_modify(|one| one.open = false);
    }
    Ok(numbers)
}

impl Entry {
    /// The chain has no gaps, so the line stands; what it says is for those who may know of the case.
    fn hidden(line: &Line) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            who: String::new(),
            by: String::new(),
            verb: String::new(),
            number: String::new(),
            path: None,
            details: String::new(),
            leaf: short(&line.leaf),
        }
    }

    fn of(line: Line, name: String, numbers: &HashMap<Id, Numbered>) -> Self {
        let details = match line.details().as_object() {
            Some(map) => map.iter().filter_map(|(name, value)| said(name, value)).collect::<Vec<_>>().join(" · "),
            None => String::new(),
        };
        let about = numbers.get(&line.about);
        let path = about.filter(|about| about.open).map(|about| format!("{}/{}", about.room, about.number));
        let number = about.map(|about| about.number.clone()).unwrap_or_default();
        Self { seq: line.seq, at: line.at, who: name, by: line.who, verb: line.verb, number, path, details, leaf: short(&line.leaf) }
    }

    fn is_hidden(&self) -> bool {
        self.verb.is_empty()
    }
}

/// A particular for people: what is empty is left out, lists and parts are written as words.
fn said(name: &str, value: &Json) -> Option<String> {
    let words = worded(value)?;
    Some(format!("{}: {words}", name.replace('_', " ")))
}

fn worded(value: &Json) -> Option<String> {
    let words = match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_owned(),
        Json::Array(list) => list.iter().filter_map(worded).collect::<Vec<_>>().join("; "),
        Json::Object(map) => map.iter().filter_map(|(name, value)| said(name, value)).collect::<Vec<_>>().join(", "),
    };
    (!words.is_empty()).then_some(words)
}

/// The first letters of a leaf, to tell lines apart.
fn short(leaf: &[u8; 32]) -> String {
    leaf.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
