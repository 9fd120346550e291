//! What a few words, an address or a number find.
//!
//! A number leads straight to its page. An observable is looked up exactly, and an address also in
//! the networks around it; then in the words of whatever does not have it as an observable. Everything
//! else is words, along the index, the newest first. A hit that stands in a case which the viewer may
//! not know of is dropped before anything is counted.

use std::collections::HashMap;

use ::store::{Hit as Indexed, Id, Reader};
use formats::net::Prefix;
use formats::observable::{Kind, Observable};
use jiff::Timestamp;

use super::found::{Found, Hit, Known, Sighted};
use super::question::{Question, around, recognised, written};
use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{Error, Result, cases, constituency, reports};

/// Found things of one kind on a page.
const PAGE: usize = 30;
/// How many hits are read at once, and how often, to fill a page when some may not be shown.
const READ: u32 = 60;
const ROUNDS: usize = 5;
/// The same where only some days or one state are asked for.
const ROUNDS_NARROW: usize = 50;
/// How many observables of one question are looked up, with the networks around them.
const LOOKED_UP: usize = 8;

/// Finds.
pub async fn find(reader: &mut Reader, who: &Who, question: &Question) -> Result<Found> {
    require(who, Verb::See, Noun::Search)?;
    let q = question.q.trim();
    let mut found = Found::default();
    if q.is_empty() {
        return Ok(found);
    }
    found.jump = by_number(reader, who, q).await?;
    if found.jump.is_some() {
        return Ok(found);
    }
    let (observables, exact) = recognised(q);
    found.exact = exact;
    let wants = |kind: &str| question.kind.is_empty() || question.kind == kind;
    if question.before.is_none() && (wants("observable") || wants("report") || wants("case")) {
        (found.sighted, found.more_addresses) = sightings(reader, who, question, &observables).await?;
    }
    let first = question.before.is_none() && question.seen_before.is_none();
    if first && wants("organisation") && !exact && !question.is_narrow() {
        found.organisations = constituency::found::named(reader, q, 12).await?;
    }
    if question.seen_before.is_none() && !matches!(question.kind.as_str(), "organisation" | "observable") {
        let wanted = if exact && !question.as_words { Wanted::Values(&observables) } else { Wanted::Words(q) };
        by_words(reader, who, question, wanted, &mut found).await?;
    }
    Ok(found)
}

/// The page of a number, if it is one and there is such a thing for this viewer.
async fn by_number(reader: &mut Reader, who: &Who, q: &str) -> Result<Option<String>> {
    let mut parts = q.rsplitn(3, '-');
    let (Some(place), Some(year), Some(prefix)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
    let digits = |text: &str, count: usize| text.len() >= count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(place, 1) || !digits(year, 4) || !prefix.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    if let Some(report) = reports::find(reader, q).await?
        && cases::may_see_report(reader, who, report.id).await.is_ok()
    {
        return Ok(Some(format!("/inbox/{}", report.number)));
    }
    match cases::find(reader, who, q).await {
        Ok(case) => Ok(Some(format!("/cases/{}", case.number))),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Where the observables of a question stand, with the networks around them and the addresses in them; and whether there
/// are more such addresses than were looked up.
async fn sightings(reader: &mut Reader, who: &Who, question: &Question, asked: &[Observable]) -> Result<(Vec<Sighted>, bool)> {
    if asked.is_empty() {
        return Ok((Vec::new(), false));
    }
    let mut wanted: Vec<Observable> = asked.iter().take(LOOKED_UP).cloned().collect();
    wanted.extend(asked.iter().take(LOOKED_UP).flat_map(around));
    let same = |kind: &str, value: &str| asked.iter().any(|one| one.kind.as_str() == kind && one.value == value);
    let mut known = reports::sighted(reader, &wanted).await?;
    // What was asked for first, then the most specific network.
    known.sort_by_key(|(_, kind, value)| (!same(kind, value), std::cmp::Reverse(value.parse::<Prefix>().map_or(0, |net| net.len()))));
    known.truncate(LOOKED_UP);
    let mut inside = Vec::new();
    for one in asked.iter().take(LOOKED_UP) {
        let Some(span) = reports::span_of(one) else { continue };
        let other = |(_, kind, value): &(Id, String, String)| !same(kind, value);
        known.extend(store::ranges_around(reader, who, &span, LOOKED_UP).await?.into_iter().filter(other));
        if one.kind != Kind::Ip {
            inside.extend(store::addresses_in(reader, who, &span, LOOKED_UP + 1).await?.into_iter().filter(other));
        }
    }
    known.dedup();
    let more = inside.len() > LOOKED_UP;
    let around = known.len();
    known.extend(inside.into_iter().take(LOOKED_UP));
    let (mut all, mut rounds) = (Vec::new(), rounds(question));
    for (place, (id, kind, value)) in known.into_iter().enumerate() {
        let (hits, next) = page_of(reader, who, question, id, &mut rounds).await?;
        let why = match (same(&kind, &value), kind.as_str()) {
            (true, _) => "",
            (false, "cidr") => "network around it",
            (false, "range") if place < around => "range around it",
            (false, "range") => "range in it",
            (false, _) => "address in it",
        };
        let title = kind.parse::<Kind>().map_or("Observable", Kind::title);
        // Where the newest places are of other days, who asked for it may look further back.
        if !hits.is_empty() || (why.is_empty() && next.is_some()) {
            all.push(Sighted { kind: title.to_owned(), value, why, hits, next });
        }
    }
    Ok((all, more))
}

/// A page of where an observable stands, and where the next begins. What the viewer may not know of
/// is passed over before it is counted, so that neither the page's length nor its end tells of it. `rounds` are how often
/// it may be read for all observables of the question; each is read once at least.
async fn page_of(reader: &mut Reader, who: &Who, question: &Question, observable: Id, rounds: &mut usize) -> Result<(Vec<Hit>, Option<String>)> {
    let kind = |hit: &Hit| ["", "observable"].contains(&question.kind.as_str()) || question.kind == hit.noun;
    let wanted = |hit: &Hit| kind(hit) && question.wants(&hit.state, hit.at);
    let (mut hits, mut before) = (Vec::new(), question.seen_before);
    for _ in 0..(*rounds).max(1) {
        *rounds = rounds.saturating_sub(1);
        let rows = reports::seen_in(reader, observable, before, READ).await?;
        for (key, hit) in lines(reader, who, &rows).await?.into_iter().filter(|(_, hit)| wanted(hit)) {
            if hits.len() == PAGE {
                return Ok((hits, before.map(written)));
            }
            hits.push(hit);
            before = Some(key);
        }
        before = rows.last().map(|(_, about, at)| (*at, *about)).or(before);
        if rows.len() < usize::try_from(READ).unwrap_or(usize::MAX) {
            return Ok((hits, None));
        }
    }
    Ok((hits, before.map(written)))
}

/// Sightings as lines with their keys, without what the viewer may not know of.
async fn lines(reader: &mut Reader, who: &Who, rows: &[(String, Id, Timestamp)]) -> Result<Vec<((Timestamp, Id), Hit)>> {
    let (of_reports, of_cases): (Vec<_>, Vec<_>) = rows.iter().partition(|(noun, _, _)| noun == "report");
    let known = Known::read(reader, who, of_reports.iter().map(|row| row.1), of_cases.iter().map(|row| row.1)).await?;
    Ok(rows.iter().filter_map(|(noun, id, at)| Some(((*at, *id), if noun == "report" { known.report(*id) } else { known.case(*id) }?))).collect())
}

/// How often hits are read to fill a page.
fn rounds(question: &Question) -> usize {
    if question.is_narrow() { ROUNDS_NARROW } else { ROUNDS }
}

/// What is looked for along the index.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// Words, all of them.
    Words(&'a str),
    /// Observables, one of them, where they stand in words only: what has them as observables was found already.
    Values(&'a [Observable]),
}

async fn by_words(reader: &mut Reader, who: &Who, question: &Question, wanted: Wanted<'_>, found: &mut Found) -> Result<()> {
    let values: Vec<&str> = match wanted {
        Wanted::Words(_) => Vec::new(),
        Wanted::Values(all) => all.iter().take(LOOKED_UP).map(|one| one.value.as_str()).collect(),
    };
    let known: Vec<Id> = match wanted {
        Wanted::Words(_) => Vec::new(),
        Wanted::Values(all) => {
            reports::sighted(reader, all.get(..LOOKED_UP.min(all.len())).unwrap_or_default()).await?.into_iter().map(|(id, _, _)| id).collect()
        }
    };
    let mut before = question.before;
    for _ in 0..rounds(question) {
        let read = match wanted {
            Wanted::Words(words) => reader.search(words, before, READ).await?,
            Wanted::Values(_) => reader.search_values(&values, before, READ).await?,
        };
        let last = read.len() < usize::try_from(READ).unwrap_or(usize::MAX);
        // Whoever takes part in a case leads to the case.
        let asked = |noun: &str| question.kind.is_empty() || question.kind == noun || (question.kind == "case" && noun == "party");
        let mut entries: Vec<Indexed> = read.iter().filter(|hit| asked(&hit.noun)).cloned().collect();
        if !known.is_empty() {
            let told: Vec<Id> = entries.iter().filter(|hit| hit.id == hit.about).map(|hit| hit.id).collect();
            let seen = reports::seen_among(reader, &known, &told).await?;
            entries.retain(|hit| !seen.contains(&hit.id));
        }
        for (place, hit) in resolved(reader, who, question, &entries, found).await? {
            if found.hits.len() == PAGE {
                found.next = before;
                return Ok(());
            }
            before = Some(place);
            if hit.noun == "case" && found.hits.iter().any(|there| there.path == hit.path && there.noun == "case") {
                continue;
            }
            found.hits.push(hit);
        }
        before = read.last().map(|hit| hit.place);
        found.next = if last { None } else { before };
        if last || found.hits.len() == PAGE {
            return Ok(());
        }
    }
    Ok(())
}

/// Entries of the index as lines, with their places.
async fn resolved(reader: &mut Reader, who: &Who, question: &Question, entries: &[Indexed], found: &mut Found) -> Result<Vec<(i64, Hit)>> {
    let ids = |noun: &'static str| entries.iter().filter(move |hit| hit.noun == noun).map(|hit| hit.id).collect::<Vec<Id>>();
    for line in constituency::found::lines(reader, &ids("organisation")).await? {
        if found.organisations.len() < PAGE && !question.is_narrow() && !found.organisations.iter().any(|one| one.id == line.id) {
            found.organisations.push(line);
        }
    }
    let of_reports = entries.iter().filter(|hit| hit.noun != "case" && hit.noun != "organisation").map(|hit| hit.about);
    let of_cases = entries.iter().filter(|hit| hit.noun != "report" && hit.noun != "organisation").map(|hit| hit.about);
    let known = Known::read(reader, who, of_reports, of_cases).await?;
    let messages: HashMap<Id, _> = store::messages(reader, &ids("message")).await?.into_iter().map(|(id, subject, way, at)| (id, (subject, way, at))).collect();
    let parties: HashMap<Id, _> = cases::lookup::parties(reader, &ids("party")).await?.into_iter().map(|(id, name, role)| (id, (name, role))).collect();
    let line = |hit: &Indexed| {
        let mut line = match hit.noun.as_str() {
            "report" => known.report(hit.id)?,
            "case" => known.case(hit.id)?,
            _ => known.case(hit.about).or_else(|| known.report(hit.about))?,
        };
        if let Some((name, role)) = parties.get(&hit.id) {
            line.words = format!("{name} takes part as {role} · {}", line.words);
            return Some((hit.place, line));
        }
        if !["report", "case"].contains(&hit.noun.as_str()) {
            line.words = format!("{} in “{}”", if hit.noun == "message" { "message" } else { "found" }, line.title);
            line.noun.clone_from(&hit.noun);
        }
        if let Some((subject, way, at)) = messages.get(&hit.id) {
            line.words = format!("{} in “{}”", if way == "in" { "message to us" } else { "message from us" }, line.title);
            (line.title, line.at) = (subject.clone(), *at);
        }
        Some((hit.place, line))
    };
    Ok(entries.iter().filter_map(line).filter(|(_, hit)| question.wants(&hit.state, hit.at)).collect())
}
