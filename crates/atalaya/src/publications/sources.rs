//! What a publication was made from.

use ::store::{Id, Reader, Record, Tx};
use formats::label::Tlp;
use serde_json::json;
use vault::blob::Hash;

use super::{store, write};
use crate::access::{Noun, Verb, Who, require};
use crate::events::{self, HOLDERS, Search};
use crate::text::short_line;
use crate::web::Fields;
use crate::{App, Error, Result, cases, reports};

/// What a publication can be made from.
pub(super) const FROM: [&str; 3] = ["case", "report", "events"];

/// What a publication was made from, as it is kept.
#[derive(Clone, Debug)]
pub(super) struct From {
    /// One of [`FROM`].
    pub(super) noun: &'static str,
    /// The case or report; of events, what identifies the search.
    pub(super) id: Id,
    /// The search for events, as an address has it.
    pub(super) said: String,
    /// The label of events, as it was then; cases and reports say their own.
    pub(super) label: Option<Tlp>,
    /// Of how many organisations these events are; -1 where nobody looked.
    pub(super) of: i64,
    /// Those of them whose names are looked for in the text, when it is named.
    pub(super) holders: Vec<Id>,
}

impl From {
    /// A case or report.
    fn of(noun: &'static str, id: Id) -> Self {
        Self { noun, id, said: String::new(), label: None, of: -1, holders: Vec::new() }
    }
}

/// A case, a report or a search for events that a publication was made from.
#[derive(Clone, Debug)]
pub struct Source {
    /// `case`, `report` or `events`.
    pub noun: &'static str,
    /// Its id.
    pub id: Id,
    /// Its number; empty for whoever may not know of it.
    pub number: String,
    /// Its page; empty likewise.
    pub path: String,
}

/// What it was made from; what this viewer may not know of is there without a name.
pub async fn sources(reader: &mut Reader, who: &Who, id: Id) -> Result<Vec<Source>> {
    require(who, Verb::See, Noun::Publication)?;
    let mut all = Vec::new();
    for From { noun, id, said, of, .. } in store::sources(reader, id).await? {
        let (number, path) = match noun {
            "case" => cases::get(reader, who, id).await.map(|case| (case.number.clone(), format!("/cases/{}", case.number))),
            "report" => report(reader, who, id).await.map(|number| (number.clone(), format!("/inbox/{number}"))),
            _ => require(who, Verb::See, Noun::Event).map(|()| (in_words(&said, of), format!("/events/found?{said}"))),
        }
        .unwrap_or_default();
        all.push(Source { noun, id, number, path });
    }
    Ok(all)
}

/// Whether this viewer may know of all that it was made from. The program itself may: it tells nobody.
pub(super) async fn knows_all(reader: &mut Reader, who: &Who, id: Id) -> Result<bool> {
    if matches!(who, Who::Job(_) | Who::Operator) {
        return Ok(true);
    }
    Ok(sources(reader, who, id).await?.iter().all(|source| !source.number.is_empty()))
}

async fn report(reader: &mut Reader, who: &Who, id: Id) -> Result<String> {
    cases::may_see_report(reader, who, id).await?;
    Ok(reports::linked::brief(reader, id).await?.ok_or(Error::NotFound)?.number)
}

/// A search for events, for people: `Events: type fraud/phishing, from 2026-11-01, to 2026-11-30`; and whose names are not looked for.
fn in_words(said: &str, of: i64) -> String {
    let fields = Fields::parse(said.as_bytes());
    let parts: Vec<String> = fields.0.iter().map(|(name, value)| format!("{name} {}", short_line(value, 60))).collect();
    let named = usize::try_from(of).map_or_else(
        |_| "; whose they are was not noted: name it again, and their names are looked for".to_owned(),
        |of| if of > HOLDERS { format!("; of {of} organisations, the {HOLDERS} with the most are looked for by name") } else { String::new() },
    );
    format!("Events: {}{named}", parts.join(", "))
}

/// Says that a publication was made from a case or report, by its number, or from a search for events, by its address.
pub async fn add_source(app: &App, who: &Who, id: Id, number: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    let from =
        if number.contains("/events/found") { of_events(app, who, number).await? } else { of_number(&mut app.db.read().await?, who, number.trim()).await? };
    change(app, who, id, from, true).await
}

async fn of_events(app: &App, who: &Who, address: &str) -> Result<From> {
    let Search { query, label, holders, of } = events::search(app, who, address.trim()).await?;
    let id = Hash::of(query.as_bytes()).as_bytes().first_chunk().copied().ok_or_else(|| Error::fault("a hash of 32 bytes"))?;
    Ok(From { noun: "events", id: Id(id), said: query, label: Some(label), of: i64::try_from(of).unwrap_or(i64::MAX), holders })
}

/// The id of a case or report by its number, for whoever may know of it.
pub async fn source_named(reader: &mut Reader, who: &Who, number: &str) -> Result<Id> {
    Ok(of_number(reader, who, number).await?.id)
}

pub(super) async fn of_number(reader: &mut Reader, who: &Who, number: &str) -> Result<From> {
    let (noun, id) = match cases::find(reader, who, number).await {
        Ok(case) => ("case", case.id),
        Err(Error::NotFound) => match cases::see::report_of_number(reader, who, number).await? {
            Some(report) => ("report", report.id),
            None => return Err(Error::invalid(format!("There is no case or report “{}”.", short_line(number, 40)))),
        },
        Err(error) => return Err(error),
    };
    Ok(From::of(noun, id))
}

/// Says that it was not.
pub async fn remove_source(app: &App, who: &Who, id: Id, source: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    let mut reader = app.db.read().await?;
    let known = sources(&mut reader, who, id).await?.into_iter().find(|one| one.id == source && !one.number.is_empty());
    drop(reader);
    let noun = known.ok_or(Error::NotFound)?.noun;
    change(app, who, id, From::of(noun, source), false).await
}

/// What stood against its release may be another thing now: an approval does not last.
async fn change(app: &App, who: &Who, id: Id, from: From, is: bool) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, None).await?;
            if note(tx, who, id, &from, is).await? {
                if one.is_open() {
                    write::back_to_draft(&mut one, who);
                }
                store::update(tx, &one).await?;
            }
            Ok(())
        })
        .await
}

/// Writes down that it was made from something, or no longer; false if that was so already.
pub(super) async fn note(tx: &mut Tx, who: &Who, id: Id, from: &From, is: bool) -> Result<bool> {
    let touched = if is { store::add_source(tx, id, from, &who.to_string()).await? } else { store::remove_source(tx, id, from.id).await? };
    if touched == 0 {
        return Ok(false);
    }
    let verb = if is { "publication.made_from" } else { "publication.not_made_from" };
    tx.record(Record::new(verb, "publication", id).facts(json!({ "noun": from.noun, "source": from.id })));
    // The case's own story says so, too.
    if from.noun != "events" {
        tx.record(Record::new(verb, from.noun, from.id).about(from.id).facts(json!({ "publication": id })));
    }
    Ok(true)
}
