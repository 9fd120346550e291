//! What a report may repeat, and what it may have to do with: by what both speak of.

use std::collections::{HashMap, HashSet};

use ::store::{Id, Reader, Statement, args};
use formats::observable::Kind;
use jiff::{SignedDuration, Timestamp};

use super::report::{Observed, Report, observables};
use crate::Result;

/// Something like the report, with the reasons. A case's name and place are for whoever may see
/// it to look up: here is its id only.
#[derive(Clone, Debug)]
pub struct Alike {
    /// `report` or `case`.
    pub noun: String,
    /// Id.
    pub id: Id,
    /// Public number; empty for a case.
    pub number: String,
    /// Title; empty for a case.
    pub title: String,
    /// State; empty for a case.
    pub state: String,
    /// When the report came in, or when the case first saw it.
    pub at: Timestamp,
    /// How much speaks for it.
    pub score: i64,
    /// Why, in words.
    pub reasons: Vec<String>,
    /// Whether it is probably the same report once more.
    pub duplicate: bool,
}

/// How many observables are compared, the telling ones first, and how many sightings of each.
const COMPARED: usize = 24;
const SIGHTINGS: i64 = 25;
/// From this score on two reports of one day are probably one; from the next on, of any day.
const SAME_DAY: i64 = 3;
const ANY_DAY: i64 = 5;

/// Reports that this one probably repeats, the likeliest first.
pub async fn likely_duplicates(reader: &mut Reader, report: &Report) -> Result<Vec<Alike>> {
    let mut all = alike(reader, report).await?;
    all.retain(|one| one.duplicate);
    Ok(all)
}

/// Reports and cases that speak of the same, without the probable duplicates. The caller leaves out cases that its viewer may not see.
pub async fn related(reader: &mut Reader, report: &Report) -> Result<Vec<Alike>> {
    let mut all = alike(reader, report).await?;
    all.retain(|one| !one.duplicate);
    Ok(all)
}

/// Both kinds at once, the most telling first.
pub async fn alike(reader: &mut Reader, report: &Report) -> Result<Vec<Alike>> {
    let mut seen = observables(reader, report.id).await?;
    seen.sort_by_key(|one| std::cmp::Reverse(weight(&one.kind)));
    let mut found: HashMap<Id, Alike> = HashMap::new();
    for one in seen.iter().take(COMPARED) {
        // Along the index, the newest first: a name that everybody mentions costs no more than another.
        let text = "select about, noun, at from sightings where observable_id = $1 and about <> $2 order by at desc limit $3";
        for (about, noun, at) in reader.rows::<(Id, String, Timestamp)>(text, args![one.id, report.id, SIGHTINGS]).await? {
            let entry = found.entry(about).or_insert_with(|| blank(about, noun, at));
            entry.score += weight(&one.kind);
            entry.reasons.push(format!("same {} {}", lower(title(one)), one.value));
        }
    }
    same_reporter(reader, report, &mut found).await?;
    name(reader, &mut found).await?;
    let mut all: Vec<Alike> = found.into_values().filter(|one| one.noun != "report" || !one.number.is_empty()).collect();
    for one in &mut all {
        let near = one.at.duration_since(report.received_at).abs() <= SignedDuration::from_hours(24);
        one.duplicate |= one.noun == "report" && (one.score >= ANY_DAY || (near && one.score >= SAME_DAY));
        if near && one.noun == "report" {
            one.reasons.push("received within a day".to_owned());
        }
    }
    all.sort_by(|a, b| b.score.cmp(&a.score).then(b.at.cmp(&a.at)));
    all.truncate(20);
    Ok(all)
}

fn blank(id: Id, noun: String, at: Timestamp) -> Alike {
    Alike { noun, id, number: String::new(), title: String::new(), state: String::new(), at, score: 0, reasons: Vec::new(), duplicate: false }
}

/// The same person who writes nearly the same again, within two weeks.
async fn same_reporter(reader: &mut Reader, report: &Report, found: &mut HashMap<Id, Alike>) -> Result<()> {
    if report.reporter_mail.is_empty() {
        return Ok(());
    }
    let text = "select id, title, received_at from reports where reporter_mail = $1 and id <> $2 order by received_at desc limit $3";
    for (id, title, at) in reader.rows::<(Id, String, Timestamp)>(text, args![&report.reporter_mail, report.id, SIGHTINGS]).await? {
        let near = at.duration_since(report.received_at).abs() <= SignedDuration::from_hours(14 * 24);
        if near && similar(&title, &report.title) {
            let entry = found.entry(id).or_insert_with(|| blank(id, "report".to_owned(), at));
            entry.score += 4;
            entry.duplicate = true;
            entry.reasons.push("same reporter, similar title".to_owned());
        }
    }
    Ok(())
}

/// Fills in what lists show of reports.
async fn name(reader: &mut Reader, found: &mut HashMap<Id, Alike>) -> Result<()> {
    let ids: Vec<Id> = found.values().filter(|one| one.noun == "report").map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut statement = Statement::new("select id, number, title, state, received_at from reports where id in (");
    statement.bind_list(ids.into_iter().map(Into::into)).push(")");
    for (id, number, title, state, at) in reader.select::<(Id, String, String, String, Timestamp)>(statement).await? {
        if let Some(one) = found.get_mut(&id) {
            (one.number, one.title, one.state, one.at) = (number, title, state, at);
        }
    }
    Ok(())
}

/// What is rare says more: a hash or URL is nearly proof, an address is shared by many.
fn weight(kind: &str) -> i64 {
    match kind {
        "md5" | "sha1" | "sha256" | "url" => 5,
        "domain" | "mail" => 3,
        "cve" => 2,
        _ => 1,
    }
}

fn title(one: &Observed) -> &'static str {
    one.kind.parse::<Kind>().map_or("observable", Kind::title)
}

/// `Domain` inside of a sentence; `IP address` stays.
fn lower(title: &str) -> String {
    if title.chars().nth(1).is_some_and(char::is_uppercase) { title.to_owned() } else { title.to_lowercase() }
}

/// Whether half of the words of both titles are the same.
fn similar(one: &str, other: &str) -> bool {
    let words = |text: &str| -> HashSet<String> { text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).map(str::to_lowercase).collect() };
    let (one, other) = (words(one), words(other));
    let both = one.intersection(&other).count();
    both > 0 && both * 2 >= one.union(&other).count()
}
