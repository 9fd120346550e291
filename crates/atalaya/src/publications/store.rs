//! The SQL of this room.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use formats::label::Tlp;
use jiff::Timestamp;
use press::{Content, Kind};
use vault::blob::Hash;

use super::csaf::Numbered;
use super::item::{Asked, Listed, Publication, Version};
use super::sources::{FROM, From};
use crate::{App, Error, Result};

const COLUMNS: &str = "select id, kind, name, standing, version, stage, content, writers, lowered, told, told_of, note, said_back, approved_by, approved_at, publish_at, \
                       released_by, superseded_by, owner_id, created_at, updated_at, released_at, edition, lowered_from, said_by, publish_zone from publications ";

fn kind(text: &str) -> ::store::Result<Kind> {
    Kind::named(text).ok_or(::store::Error::Shape("a kind of publication"))
}

fn content(text: &str) -> ::store::Result<Content> {
    serde_json::from_str(text).map_err(|_| ::store::Error::Shape("what a publication says"))
}

impl FromRow for Publication {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let mut one = Self {
            id: row.get()?,
            kind: kind(&row.get::<String>()?)?,
            name: row.get()?,
            standing: row.get()?,
            version: row.get()?,
            stage: row.get()?,
            content: content(&row.get::<String>()?)?,
            writers: row.get::<String>()?.split_whitespace().filter_map(|id| id.parse().ok()).collect(),
            lowered: row.get()?,
            lowered_from: None,
            told: (row.get()?, row.get()?),
            note: row.get()?,
            said_back: row.get()?,
            said_by: String::new(),
            approved_by: row.get()?,
            approved_at: row.get()?,
            publish_at: row.get()?,
            publish_zone: String::new(),
            released_by: row.get()?,
            superseded_by: row.get()?,
            owner: row.get()?,
            created_at: row.get()?,
            updated_at: row.get()?,
            released_at: row.get()?,
            edition: row.get()?,
        };
        // A label that cannot be read excuses nothing.
        one.lowered_from = row.get::<String>()?.parse().ok();
        (one.said_by, one.publish_zone) = (row.get()?, row.get()?);
        Ok(one)
    }
}

impl FromRow for Listed {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            kind: kind(&row.get::<String>()?)?,
            name: row.get()?,
            standing: row.get()?,
            version: row.get()?,
            stage: row.get()?,
            title: row.get()?,
            label: label(&row.get::<String>()?),
            publish_at: row.get()?,
            review_on: row.get()?,
            updated_at: row.get()?,
            writers: row.get::<String>()?.split_whitespace().filter_map(|id| id.parse().ok()).collect(),
        })
    }
}

impl FromRow for Version {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            publication: row.get()?,
            version: row.get()?,
            standing: row.get()?,
            content: content(&row.get::<String>()?)?,
            label: label(&row.get::<String>()?),
            channel: row.get()?,
            note: row.get()?,
            by: row.get()?,
            approved_by: row.get()?,
            at: row.get()?,
            number: row.get()?,
            weight: row.get()?,
        })
    }
}

impl FromRow for From {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let (noun, id, said) = (row.get::<String>()?, row.get()?, row.get()?);
        let text: String = row.get()?;
        Ok(Self {
            of: row.get()?,
            holders: Vec::new(),
            noun: FROM.into_iter().find(|known| *known == noun).ok_or(::store::Error::Shape("what it was made from"))?,
            id,
            said,
            label: Some(text).filter(|text| !text.is_empty()).map(|text| label(&text)),
        })
    }
}

/// A label that cannot be read is the highest.
fn label(text: &str) -> Tlp {
    text.parse().unwrap_or(Tlp::Red)
}

pub(super) async fn get(reader: &mut Reader, id: Id) -> Result<Option<Publication>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The publication that has this name among its kind.
pub(super) async fn named(reader: &mut Reader, kind: Kind, name: &str) -> Result<Option<Id>> {
    Ok(reader.value("select id from publications where kind = $1 and name = $2", args![kind.name(), name]).await?)
}

/// How many there are at all, one at most.
pub(super) async fn any(reader: &mut Reader) -> Result<bool> {
    Ok(reader.value::<Id>("select id from publications limit 1", vec![]).await?.is_some())
}

/// How many wait for a reviewer, up to 101.
pub(super) async fn count_to_read(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from publications where stage = 'review' limit 101) waiting", vec![]).await?)
}

pub(super) async fn list(reader: &mut Reader, asked: &Asked, limit: usize) -> Result<Vec<Listed>> {
    let mut statement =
        Statement::new("select id, kind, name, standing, version, stage, title, label, publish_at, review_on, updated_at, writers from publications where ");
    match asked.of.as_str() {
        "work" => statement.push("stage <> ''"),
        "due" => {
            let today = reader.now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
            statement.push("review_on <> '' and standing = 'current' and review_on <= ").bind(today)
        }
        _ => statement.push("1 = 1"),
    };
    if let Some(kind) = asked.kind {
        statement.push(" and kind = ").bind(kind.name());
    }
    if let Some(source) = asked.from {
        statement.push(" and exists (select 1 from publication_sources s where s.publication_id = publications.id and s.source_id = ").bind(source).push(")");
    }
    if let Some((at, id)) = asked.after {
        statement.push(" and (updated_at < ").bind(at).push(" or (updated_at = ").bind(at).push(" and id < ").bind(id).push("))");
    }
    statement.push(" order by updated_at desc, id desc limit ").bind(u32::try_from(limit).unwrap_or(u32::MAX));
    Ok(reader.select(statement).await?)
}

const VERSION: &str = "select v.publication_id, v.version, v.standing, v.content, v.label, v.channel, v.note, v.by_whom, v.approved_by, v.at, v.number, v.weight \
     from publication_versions v ";

pub(super) async fn versions(reader: &mut Reader, id: Id) -> Result<Vec<Version>> {
    let mut statement = Statement::new(VERSION);
    statement.push("where v.publication_id = ").bind(id).push(" order by v.version desc");
    Ok(reader.select(statement).await?)
}

/// All versions of everything, publication by publication, the oldest first: what the catalogue is made of.
pub(super) async fn all_versions(reader: &mut Reader) -> Result<Vec<Version>> {
    let mut statement = Statement::new(VERSION);
    statement.push("order by v.publication_id, v.version");
    Ok(reader.select(statement).await?)
}

/// Id, kind, name and successor of all that ever left.
pub(super) async fn names(reader: &mut Reader) -> Result<Vec<(Id, String, String, Option<Id>)>> {
    Ok(reader.rows("select id, kind, name, superseded_by from publications where version > 0", vec![]).await?)
}

/// How many versions there are: it grows with whatever changes what is public.
pub(super) async fn count_versions(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from publication_versions", vec![]).await?)
}

/// What a row has besides its id, in the order of its columns from `$3` on: written in one place, so that what is inserted and
/// what is updated are the same.
fn values(one: &Publication, edition: i64, now: Timestamp) -> Result<Vec<Value>> {
    Ok(args![
        one.id,
        edition,
        &one.name,
        &one.standing,
        one.version,
        &one.stage,
        json(&one.content)?,
        one.content.title(),
        one.content.label.as_str(),
        ids(&one.writers),
        &one.lowered,
        &one.told.0,
        &one.told.1,
        &one.note,
        &one.said_back,
        one.approved_by,
        one.approved_at,
        one.publish_at,
        one.released_by,
        one.superseded_by,
        review(&one.content),
        one.owner,
        one.released_at,
        now,
        one.lowered_from.map(Tlp::as_str).unwrap_or_default(),
        &one.said_by,
        &one.publish_zone
    ])
}

pub(super) async fn insert(tx: &mut Tx, one: &Publication) -> Result<()> {
    let mut values = values(one, one.edition, one.updated_at)?;
    values.extend(args![one.kind.name(), one.created_at]);
    tx.execute(
        "insert into publications (id, edition, name, standing, version, stage, content, title, label, writers, lowered, told, told_of, note, said_back, approved_by, \
         approved_at, publish_at, released_by, superseded_by, review_on, owner_id, released_at, updated_at, lowered_from, said_by, publish_zone, kind, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)",
        values,
    )
    .await?;
    Ok(())
}

/// Writes the row back as it is now, one edition further; nobody else may have changed it since it was read.
pub(super) async fn update(tx: &mut Tx, one: &Publication) -> Result<()> {
    let values = values(one, one.edition, tx.now())?;
    let touched = tx
        .execute(
            "update publications set name = $3, standing = $4, version = $5, stage = $6, content = $7, title = $8, label = $9, writers = $10, lowered = $11, told = $12, \
             told_of = $13, note = $14, said_back = $15, approved_by = $16, approved_at = $17, publish_at = $18, released_by = $19, superseded_by = $20, review_on = $21, \
             owner_id = $22, released_at = $23, updated_at = $24, lowered_from = $25, said_by = $26, publish_zone = $27, edition = edition + 1 where id = $1 and edition = $2",
            values,
        )
        .await?;
    if touched == 1 { Ok(()) } else { Err(Error::Overtaken) }
}

/// A version on its way out.
pub(super) struct Leaves<'a> {
    pub one: &'a Publication,
    pub channel: &'a str,
    pub label: Tlp,
    pub by: String,
    pub ledger: Id,
    pub numbered: &'a Numbered,
    /// The instant that its documents say, too.
    pub at: Timestamp,
}

pub(super) async fn insert_version(tx: &mut Tx, leaves: &Leaves<'_>) -> Result<()> {
    let (id, one) = (tx.new_id(), leaves.one);
    tx.execute(
        "insert into publication_versions (id, publication_id, version, standing, content, label, channel, note, by_whom, approved_by, at, ledger_id, number, weight) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            id,
            one.id,
            one.version,
            &one.standing,
            json(&one.content)?,
            leaves.label.as_str(),
            leaves.channel,
            &one.note,
            &leaves.by,
            one.approved_by,
            leaves.at,
            leaves.ledger,
            &leaves.numbered.number,
            leaves.numbered.weight
        ],
    )
    .await?;
    Ok(())
}

/// The first version that was public.
pub(super) async fn first_public(reader: &mut Reader, id: Id) -> Result<Option<i64>> {
    let text = "select version from publication_versions where publication_id = $1 and channel = 'public' order by version limit 1";
    Ok(reader.value(text, args![id]).await?)
}

/// On which ground a version left, as the ledger says.
pub(super) async fn basis(reader: &mut Reader, id: Id, version: i64) -> Result<Option<String>> {
    let text =
        "select basis from ledger where noun_id = $1 and noun = 'publication' and version = $2 and recipient in ('public', 'constituents') order by at limit 1";
    Ok(reader.value(text, args![id, version]).await?)
}

/// What a publication was made from.
pub(super) async fn sources(reader: &mut Reader, id: Id) -> Result<Vec<From>> {
    Ok(reader.rows("select noun, source_id, said, label, holders from publication_sources where publication_id = $1 order by at, source_id", args![id]).await?)
}

pub(super) async fn add_source(tx: &mut Tx, id: Id, from: &From, by: &str) -> Result<u64> {
    let now = tx.now();
    let text = "insert into publication_sources (publication_id, noun, source_id, at, by_whom, said, label, holders) values ($1, $2, $3, $4, $5, $6, $7, $8) \
                on conflict do nothing";
    let label = from.label.map(Tlp::as_str).unwrap_or_default();
    let new = tx.execute(text, args![id, from.noun, from.id, now, by, &from.said, label, from.of]).await?;
    for holder in from.holders.iter().filter(|_| new > 0) {
        let text = "insert into publication_source_holders (publication_id, source_id, organisation_id) values ($1, $2, $3) on conflict do nothing";
        tx.execute(text, args![id, from.id, *holder]).await?;
    }
    Ok(new)
}

/// The organisations whose events it was made from.
pub(super) async fn source_holders(reader: &mut Reader, id: Id) -> Result<Vec<Id>> {
    let text = "select distinct organisation_id from publication_source_holders where publication_id = $1 order by organisation_id";
    Ok(reader.rows::<(Id,)>(text, args![id]).await?.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn remove_source(tx: &mut Tx, id: Id, source: Id) -> Result<u64> {
    tx.execute("delete from publication_source_holders where publication_id = $1 and source_id = $2", args![id, source]).await?;
    Ok(tx.execute("delete from publication_sources where publication_id = $1 and source_id = $2", args![id, source]).await?)
}

/// Since when the team's page says what it says now in a language. Whoever finds it to say something else notes that.
pub(super) async fn said_since(app: &App, language: &str, hash: Hash) -> Result<Timestamp> {
    let (hash, now) = (hash.to_string(), app.now());
    let known: Option<(String, Timestamp)> = app.db.read().await?.row("select hash, at from about_texts where language = $1", args![language]).await?;
    if let Some((_, at)) = known.filter(|(known, _)| *known == hash) {
        return Ok(at);
    }
    let text = "insert into about_texts (language, hash, at) values ($1, $2, $3) on conflict (language) do update set hash = excluded.hash, at = excluded.at";
    app.db.keep_house(async |tx| tx.execute(text, args![language, &hash, now]).await).await?;
    Ok(now)
}

fn json(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(Error::fault)
}

fn ids(ids: &[Id]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn review(content: &Content) -> String {
    content.review.map(|day| day.to_string()).unwrap_or_default()
}
