//! The reports' own SQL.

use std::collections::{HashMap, HashSet};

use ::store::{Id, Statement, Tx, Value, args};
use formats::label::Tlp;
use formats::observable::Observable;
use jiff::Timestamp;

use super::addresses::places_of;
use super::sightings::Place;
use super::{NewFile, NewReport};
use crate::Result;
use crate::constituency::Match;

/// A report's row on its way in.
pub struct New<'a> {
    pub id: Id,
    pub number: &'a str,
    pub now: Timestamp,
    pub told: &'a NewReport,
    pub problems: String,
    pub label: Tlp,
    pub organisation: Option<Id>,
    pub due: Option<Timestamp>,
    pub secret: [u8; 32],
}

pub async fn insert(tx: &mut Tx, row: New<'_>) -> Result<()> {
    let New { id, number, now, told: new, problems, label, organisation, due, secret } = row;
    tx.execute(
        "insert into reports (id, number, channel, received_at, kind, title, body, language, urgent, help, reporter_name, reporter_mail, reporter_phone, \
         reporter_org, organisation_id, member_id, raw, raw_type, problems, label, state, scope, scope_reason, disposition_reason, \
         secret, idempotency, mail_message_id, due_at, updated_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 'new', 'unknown', '', '', \
         $21, $22, $23, $24, $4, 1)",
        args![
            id,
            number,
            new.channel,
            now,
            &new.kind,
            &new.title,
            &new.body,
            &new.language,
            new.urgent,
            new.help,
            &new.reporter_name,
            &new.reporter_mail,
            &new.reporter_phone,
            &new.reporter_org,
            organisation,
            new.member,
            new.raw.hash,
            new.raw_type,
            problems,
            label.as_str(),
            secret,
            new.idempotency.clone(),
            new.mail_message_id.clone(),
            due
        ],
    )
    .await?;
    Ok(())
}

/// Files of a report, or of an answer in its thread. Their bytes are kept already.
pub async fn add_files(tx: &mut Tx, report: Id, message: Option<Id>, files: &[NewFile]) -> Result<()> {
    let ids: Vec<Id> = files.iter().map(|_| tx.new_id()).collect();
    let files = ids.into_iter().zip(files).enumerate();
    let files = files.map(|(place, (id, file))| args![id, report, message, &file.name, &file.media_type, file.kept.size, file.kept.hash, place]).collect();
    insert_rows(tx, "insert into report_files (id, report_id, message_id, name, media_type, size, blob, place) values ", files, "").await
}

/// Writes down that these were seen. Gives their ids, in the order given.
pub async fn sight(tx: &mut Tx, place: &Place, seen: &[Observable]) -> Result<Vec<Id>> {
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let fresh: Vec<Id> = seen.iter().map(|_| tx.new_id()).collect();
    let row = |(id, one): (&Id, &Observable)| {
        let [first, last] = places_of(one);
        args![id, one.kind.as_str(), &one.value, first, last]
    };
    let new = fresh.iter().zip(seen).map(row).collect();
    insert_rows(tx, "insert into observables (id, kind, value, address, until) values ", new, " on conflict (kind, value) do nothing").await?;

    let mut known: HashMap<(String, String), Id> = HashMap::new();
    // Written out as `or`, because SQLite reads the whole table for a list of pairs; in pieces, because
    // it takes no more than a thousand such conditions at once.
    for piece in seen.chunks(AT_ONCE / 2) {
        let mut statement = Statement::new("select id, kind, value from observables where ");
        for (at, one) in piece.iter().enumerate() {
            statement.push(if at == 0 { "(kind = " } else { " or (kind = " }).bind(one.kind.as_str()).push(" and value = ").bind(&one.value).push(")");
        }
        known.extend(tx.select::<(Id, String, String)>(statement).await?.into_iter().map(|(id, kind, value)| ((kind, value), id)));
    }
    let ids: Vec<Id> =
        seen.iter().zip(fresh).map(|(one, fresh)| known.get(&(one.kind.as_str().to_owned(), one.value.clone())).copied().unwrap_or(fresh)).collect();

    let now = tx.now();
    let sightings = ids.iter().map(|id| args![id, place.about, place.noun, now, place.message]).collect();
    let text = "insert into sightings (observable_id, about, noun, at, message_id) values ";
    insert_rows(tx, text, sightings, " on conflict (observable_id, about) do nothing").await?;
    Ok(ids)
}

/// Who holds what was seen, and why we think so.
pub async fn add_matches(tx: &mut Tx, about: Id, observables: &[Id], owners: &[Match]) -> Result<()> {
    let mut once = HashSet::new();
    let found: Vec<Vec<Value>> = owners
        .iter()
        .filter_map(|owner| {
            let observable = *observables.get(owner.observable)?;
            once.insert((observable, owner.organisation, owner.resource.as_str()))
                .then(|| args![about, observable, owner.organisation, &owner.resource, &owner.reason, owner.place])
        })
        .collect();
    insert_rows(tx, "insert into matches (about, observable_id, organisation_id, resource, reason, place) values ", found, KNOWN).await
}

/// What an answer names again is known already.
const KNOWN: &str = " on conflict (about, observable_id, organisation_id, resource) do nothing";

/// Rows that go in with one statement: no database takes any number of values at once.
const AT_ONCE: usize = 1000;

async fn insert_rows(tx: &mut Tx, head: &'static str, all: Vec<Vec<Value>>, tail: &'static str) -> Result<()> {
    let mut all = all.into_iter().peekable();
    while all.peek().is_some() {
        let mut statement = Statement::new(head);
        rows(&mut statement, all.by_ref().take(AT_ONCE));
        statement.push(tail);
        tx.run(statement).await?;
    }
    Ok(())
}

/// `($1, $2), ($3, $4), ...`
fn rows(statement: &mut Statement, rows: impl IntoIterator<Item = Vec<Value>>) {
    for (at, row) in rows.into_iter().enumerate() {
        statement.push(if at > 0 { ", (" } else { "(" });
        statement.bind_list(row);
        statement.push(")");
    }
}
