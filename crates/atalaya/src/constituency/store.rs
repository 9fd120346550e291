//! The SQL of this room.

use ::store::{FromRow, Id, Line, Reader, Row, Statement, Tx, Value, args};
use formats::label::Tlp;
use jiff::Timestamp;

use super::contact::Contact;
use super::found::{escaped, spellings};
use super::organisation::{Organisation, Wanted};
use super::reach::Known;
use super::registry::{Holding, Numbered};
use super::resource::Resource;
use crate::Result;

const ORGANISATION: &str =
    "select o.id, o.name, o.sector, o.status, o.country, o.language, o.ceiling, o.note, o.created_at, o.updated_at, o.version from organisations o ";
const CONTACT: &str = "select c.id, c.organisation_id, c.name, c.function, c.mail, c.phone, c.language, c.hours, c.reach, c.key_fingerprint, c.key_text, c.bounced_at, c.bounce, \
     c.valid_from, c.valid_to, c.version from contacts c ";
const RESOURCE: &str = "select r.id, r.organisation_id, r.kind, r.value, r.valid_from, r.valid_to, r.source from resources r ";

impl FromRow for Organisation {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            name: row.get()?,
            sector: row.get()?,
            status: row.get()?,
            country: row.get()?,
            language: row.get()?,
            // A label that cannot be read lets nothing out.
            ceiling: row.get::<String>()?.parse().unwrap_or(Tlp::Clear),
            note: row.get()?,
            created_at: row.get()?,
            updated_at: row.get()?,
            version: row.get()?,
        })
    }
}

impl FromRow for Contact {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            organisation: row.get()?,
            name: row.get()?,
            function: row.get()?,
            mail: row.get()?,
            phone: row.get()?,
            language: row.get()?,
            hours: row.get()?,
            reach: row.get()?,
            key_fingerprint: row.get()?,
            key_text: row.get()?,
            bounced_at: row.get()?,
            bounce: row.get()?,
            valid_from: row.get()?,
            valid_to: row.get()?,
            version: row.get()?,
        })
    }
}

impl FromRow for Resource {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            organisation: row.get()?,
            kind: row.get()?,
            value: row.get()?,
            valid_from: row.get()?,
            valid_to: row.get()?,
            source: row.get()?,
        })
    }
}

/// A resource with its holder, as the look-up needs it.
pub(super) struct Holder {
    pub organisation: Id,
    pub name: String,
    pub status: String,
    pub value: String,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

impl FromRow for Holder {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { organisation: row.get()?, name: row.get()?, status: row.get()?, value: row.get()?, from: row.get()?, to: row.get()? })
    }
}

/// Whoever held one of these at that date, by name.
pub(super) async fn holders(reader: &mut Reader, kind: &'static str, values: &[String], at: Timestamp) -> Result<Vec<Holder>> {
    let mut statement = Statement::new(
        "select r.organisation_id, o.name, o.status, r.value, r.valid_from, r.valid_to from resources r join organisations o on o.id = r.organisation_id where r.kind = ",
    );
    statement.bind(kind).push(" and r.value in (").bind_list(values.iter().map(Value::from)).push(") and r.valid_from <= ").bind(at);
    statement.push(" and (r.valid_to is null or r.valid_to > ").bind(at).push(") order by o.name, r.valid_from, r.id");
    Ok(reader.select(statement).await?)
}

pub(super) async fn organisation(reader: &mut Reader, id: Id) -> Result<Option<Organisation>> {
    let mut statement = Statement::new(ORGANISATION);
    statement.push("where o.id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn organisations(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Organisation>> {
    let mut all = Vec::new();
    for some in ids.chunks(500) {
        let mut statement = Statement::new(ORGANISATION);
        statement.push("where o.id in (").bind_list(some.iter().map(Value::from)).push(")");
        all.extend(reader.select::<Organisation>(statement).await?);
    }
    Ok(all)
}

pub(super) async fn organisation_named(reader: &mut Reader, name: &str) -> Result<Option<Organisation>> {
    let mut statement = Statement::new(ORGANISATION);
    statement.push("where o.name = ").bind(name);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn known(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Known>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, name, language, ceiling from organisations where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

pub(super) async fn names(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(reader.rows("select id, name from organisations order by name", vec![]).await?)
}

/// One page of the list, in the order of the names.
pub(super) async fn page(reader: &mut Reader, wanted: &Wanted, limit: usize) -> Result<Vec<Organisation>> {
    let mut statement = Statement::new(ORGANISATION);
    statement.push("where o.name > ").bind(&wanted.after);
    if !wanted.words.is_empty() {
        for (place, word) in spellings(&wanted.words).iter().map(|word| escaped(word)).enumerate() {
            statement.push(if place == 0 { " and (" } else { " or " }).push("lower(o.name) like ").bind(format!("%{word}%")).push(" escape '\\'");
        }
        statement.push(")");
    }
    if !wanted.sector.is_empty() {
        statement.push(" and o.sector = ").bind(&wanted.sector);
    }
    if !wanted.status.is_empty() {
        statement.push(" and o.status = ").bind(&wanted.status);
    }
    statement.push(" order by o.name limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub(super) async fn insert_organisation(tx: &mut Tx, one: &Organisation) -> Result<()> {
    let number = tx.next_number("organisation-number").await?;
    let values = args![
        one.id,
        &one.name,
        &one.sector,
        &one.status,
        &one.country,
        &one.language,
        one.ceiling.as_str(),
        &one.note,
        one.created_at,
        one.updated_at,
        one.version,
        number
    ];
    tx.execute(
        "insert into organisations (id, name, sector, status, country, language, ceiling, note, created_at, updated_at, version, number) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values,
    )
    .await?;
    Ok(())
}

/// Writes an organisation over the version before; says whether that was still there.
pub(super) async fn update_organisation(tx: &mut Tx, one: &Organisation) -> Result<bool> {
    let values = args![
        one.id,
        &one.name,
        &one.sector,
        &one.status,
        &one.country,
        &one.language,
        one.ceiling.as_str(),
        &one.note,
        one.updated_at,
        one.version,
        one.version - 1
    ];
    let touched = tx
        .execute(
            "update organisations set name = $2, sector = $3, status = $4, country = $5, language = $6, ceiling = $7, note = $8, updated_at = $9, version = $10 \
             where id = $1 and version = $11",
            values,
        )
        .await?;
    Ok(touched == 1)
}

pub(super) async fn contact(reader: &mut Reader, id: Id) -> Result<Option<Contact>> {
    let mut statement = Statement::new(CONTACT);
    statement.push("where c.id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn contacts(reader: &mut Reader, organisations: &[Id]) -> Result<Vec<Contact>> {
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(CONTACT);
    statement.push("where c.organisation_id in (").bind_list(organisations.iter().map(Value::from)).push(") order by c.function, c.name, c.id");
    Ok(reader.select(statement).await?)
}

/// Contacts that write from this address at this instant.
pub(super) async fn contacts_writing(reader: &mut Reader, mail: &str, at: Timestamp) -> Result<Vec<Contact>> {
    let mut statement = Statement::new(CONTACT);
    statement.push("where c.mail = ").bind(mail).push(" and c.valid_from <= ").bind(at);
    statement.push(" and (c.valid_to is null or c.valid_to > ").bind(at).push(") order by c.id limit 2");
    Ok(reader.select(statement).await?)
}

pub(super) async fn insert_contact(tx: &mut Tx, one: &Contact) -> Result<()> {
    let values = args![
        one.id,
        one.organisation,
        &one.name,
        &one.function,
        one.mail.clone(),
        &one.phone,
        &one.language,
        &one.hours,
        &one.reach,
        &one.key_fingerprint,
        &one.key_text,
        one.bounced_at,
        one.bounce.clone(),
        one.valid_from,
        one.valid_to,
        one.version
    ];
    tx.execute(
        "insert into contacts (id, organisation_id, name, function, mail, phone, language, hours, reach, key_fingerprint, key_text, bounced_at, bounce, valid_from, \
         valid_to, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        values,
    )
    .await?;
    Ok(())
}

/// Writes a contact over the version before; says whether that was still there.
pub(super) async fn update_contact(tx: &mut Tx, one: &Contact) -> Result<bool> {
    let values = args![
        one.id,
        &one.name,
        &one.function,
        one.mail.clone(),
        &one.phone,
        &one.language,
        &one.hours,
        &one.reach,
        &one.key_fingerprint,
        &one.key_text,
        one.bounced_at,
        one.bounce.clone(),
        one.valid_from,
        one.valid_to,
        one.version,
        one.version - 1
    ];
    let touched = tx
        .execute(
            "update contacts set name = $2, function = $3, mail = $4, phone = $5, language = $6, hours = $7, reach = $8, key_fingerprint = $9, key_text = $10, \
             bounced_at = $11, bounce = $12, valid_from = $13, valid_to = $14, version = $15 where id = $1 and version = $16",
            values,
        )
        .await?;
    Ok(touched == 1)
}

/// Says that mail to a contact came back, or that it works again, whoever changes the contact at this moment.
pub(super) async fn set_bounce(tx: &mut Tx, contact: Id, bounce: Option<(Timestamp, &str)>) -> Result<()> {
    let (at, said) = (bounce.map(|(at, _)| at), bounce.map(|(_, said)| said.to_owned()));
    tx.execute("update contacts set bounced_at = $2, bounce = $3, version = version + 1 where id = $1", args![contact, at, said]).await?;
    Ok(())
}

pub(super) async fn resource(reader: &mut Reader, id: Id) -> Result<Option<Resource>> {
    let mut statement = Statement::new(RESOURCE);
    statement.push("where r.id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// What an organisation holds at an instant, behind one of them in the order of kinds and values.
pub(super) fn held_statement(organisation: Id, at: Timestamp, after: Option<&Resource>, limit: u32) -> Statement {
    let mut statement = Statement::new(RESOURCE);
    statement.push("where r.organisation_id = ").bind(organisation);
    if let Some(after) = after {
        let place = args![after.kind.as_str(), after.value.as_str(), after.valid_from, after.id];
        statement.push(" and (r.kind, r.value, r.valid_from, r.id) > (").bind_list(place).push(")");
    }
    statement.push(" and r.valid_from <= ").bind(at).push(" and (r.valid_to is null or r.valid_to > ").bind(at);
    statement.push(") order by r.kind, r.value, r.valid_from, r.id limit ").bind(limit);
    statement
}

pub(super) async fn resources(reader: &mut Reader, organisations: &[Id]) -> Result<Vec<Resource>> {
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(RESOURCE);
    statement.push("where r.organisation_id in (").bind_list(organisations.iter().map(Value::from)).push(") order by r.kind, r.value, r.valid_from, r.id");
    Ok(reader.select(statement).await?)
}

pub(super) async fn insert_resource(tx: &mut Tx, one: &Resource) -> Result<()> {
    let [first, last] = super::spans::span_of(&one.kind, &one.value);
    tx.execute(
        "insert into resources (id, organisation_id, kind, value, valid_from, valid_to, source, first_address, last_address) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![one.id, one.organisation, &one.kind, &one.value, one.valid_from, one.valid_to, &one.source, first, last],
    )
    .await?;
    Ok(())
}

/// Writes new days, unless somebody else did meanwhile.
pub(super) async fn update_resource(tx: &mut Tx, before: &Resource, from: Timestamp, to: Option<Timestamp>) -> Result<bool> {
    let values = args![before.id, from, to, before.valid_from, before.valid_to.map_or(-1, Timestamp::as_microsecond)];
    let touched =
        tx.execute("update resources set valid_from = $2, valid_to = $3 where id = $1 and valid_from = $4 and coalesce(valid_to, -1) = $5", values).await?;
    Ok(touched == 1)
}

pub(super) async fn delete_resource(tx: &mut Tx, id: Id) -> Result<bool> {
    Ok(tx.execute("delete from resources where id = $1", args![id]).await? == 1)
}

/// What happened to an organisation, its contacts and resources: the newest first.
pub(super) async fn history(reader: &mut Reader, id: Id, limit: u32) -> Result<Vec<Line>> {
    let mut statement =
        Statement::new("select seq, at, who, verb, noun, noun_id, about, facts, salt, particulars, commitment, previous, leaf from journal where about = ");
    statement.bind(id).push(" order by seq desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// The value of a counter; 0 when it never counted.
pub(super) async fn counter(reader: &mut Reader, name: &str) -> Result<i64> {
    Ok(reader.value("select value from counters where name = $1", args![name]).await?.unwrap_or(0))
}

/// Everything that anybody holds or held, by holder.
pub(super) async fn holdings(reader: &mut Reader) -> Result<Vec<Holding>> {
    Ok(reader
        .rows(
            "select o.number, r.kind, r.value, r.valid_from, r.valid_to from resources r join organisations o on o.id = r.organisation_id \
             order by o.number, r.kind, r.value, r.valid_from",
            vec![],
        )
        .await?)
}

pub(super) async fn numbered(reader: &mut Reader, numbers: &[i64]) -> Result<Vec<Numbered>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select number, id, name from organisations where number in (");
    statement.bind_list(numbers.iter().map(|number| Value::from(*number))).push(") order by number");
    Ok(reader.select(statement).await?)
}

pub(super) async fn number_of(reader: &mut Reader, organisation: Id) -> Result<Option<i64>> {
    Ok(reader.value("select number from organisations where id = $1", args![organisation]).await?)
}
