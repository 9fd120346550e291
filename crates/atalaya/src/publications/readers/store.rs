//! The SQL of subscriptions and mailings.

use std::collections::{BTreeSet, HashSet};

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use jiff::Timestamp;

use super::Subscription;
use super::mailing::Mailing;
use super::team::{ASKS, Count};
use crate::{Error, Result};

const COLUMNS: &str = "select id, address, language, filter, due, state, confirmed_at, told_until, paused_until, created_at from subscriptions ";

impl FromRow for Subscription {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            address: row.get()?,
            language: row.get()?,
            filter: row.get()?,
            due: row.get()?,
            state: row.get()?,
            confirmed_at: row.get()?,
            told_until: row.get()?,
            paused_until: row.get()?,
            created_at: row.get()?,
        })
    }
}

impl FromRow for Mailing {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            publication: row.get()?,
            version: row.get()?,
            state: row.get()?,
            recipients: row.get()?,
            queued: row.get()?,
            after: row.get()?,
            started_by: row.get()?,
            approved_by: row.get()?,
            at: row.get()?,
            kind: row.get()?,
            ahead: row.get::<i64>()? != 0,
            text: row.get()?,
            let_go_at: row.get()?,
        })
    }
}

pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Subscription>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The same wish of the same address, if it still holds.
pub async fn same(reader: &mut Reader, spelled: &str, filter: &str, language: &str) -> Result<Option<Subscription>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where spelled = ").bind(spelled).push(" and filter = ").bind(filter).push(" and language = ").bind(language);
    statement.push(" and state <> 'ended' limit 1");
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Subscriptions that hold, by id from one on.
pub async fn after(reader: &mut Reader, after: Option<Id>, due: &str, limit: u32) -> Result<Vec<Subscription>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where state = 'active' and due = ").bind(due);
    if let Some(after) = after {
        statement.push(" and id > ").bind(after);
    }
    statement.push(" order by id limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn insert(tx: &mut Tx, one: &Subscription) -> Result<()> {
    tx.execute(
        "insert into subscriptions (id, address, spelled, language, filter, due, state, confirmed_at, told_until, paused_until, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            one.id,
            &one.address,
            one.address.to_lowercase(),
            &one.language,
            &one.filter,
            &one.due,
            &one.state,
            one.confirmed_at,
            one.told_until,
            one.paused_until,
            one.created_at
        ],
    )
    .await?;
    Ok(())
}

pub async fn update(tx: &mut Tx, one: &Subscription) -> Result<()> {
    tx.execute(
        "update subscriptions set due = $2, state = $3, confirmed_at = $4, told_until = $5, paused_until = $6, language = $7, address = $8, spelled = $9, \
         created_at = $10 where id = $1",
        args![
            one.id,
            &one.due,
            &one.state,
            one.confirmed_at,
            one.told_until,
            one.paused_until,
            &one.language,
            &one.address,
            one.address.to_lowercase(),
            one.created_at
        ],
    )
    .await?;
    Ok(())
}

const MAILING: &str =
    "select id, publication_id, version, state, recipients, queued, after_id, started_by, approved_by, at, kind, ahead, text, let_go_at from mailings ";

pub async fn mailing(reader: &mut Reader, id: Id) -> Result<Option<Mailing>> {
    let mut statement = Statement::new(MAILING);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn mailings(reader: &mut Reader, publication: Id) -> Result<Vec<Mailing>> {
    let mut statement = Statement::new(MAILING);
    statement.push("where publication_id = ").bind(publication).push(" order by version desc, id desc");
    Ok(reader.select(statement).await?)
}

/// The mailing that the release of a version began.
pub async fn release_of(reader: &mut Reader, publication: Id, version: i64) -> Result<Option<Id>> {
    let text = "select id from mailings where publication_id = $1 and version = $2 and kind = 'release' limit 1";
    Ok(reader.value(text, args![publication, version]).await?)
}

pub async fn insert_mailing(tx: &mut Tx, one: &Mailing) -> Result<u64> {
    let text = "insert into mailings (id, publication_id, version, state, recipients, queued, after_id, started_by, approved_by, at, kind, ahead, text) \
                values ($1, $2, $3, $4, $5, 0, null, $6, null, $7, $8, $9, $10) on conflict do nothing";
    let ahead = i64::from(one.ahead);
    Ok(tx.execute(text, args![one.id, one.publication, one.version, &one.state, one.recipients, &one.started_by, one.at, &one.kind, ahead, &one.text]).await?)
}

pub async fn update_mailing(tx: &mut Tx, one: &Mailing) -> Result<()> {
    tx.execute(
        "update mailings set state = $2, recipients = $3, queued = $4, after_id = $5, approved_by = $6, let_go_at = $7 where id = $1",
        args![one.id, &one.state, one.recipients, one.queued, one.after, one.approved_by, one.let_go_at],
    )
    .await?;
    Ok(())
}

/// Notes that a subscription is told of a version by this mail. Whoever was told of it at this very moment has that mail, and no other.
pub async fn deliver(tx: &mut Tx, subscription: Id, publication: Id, version: i64, message_id: &str) -> Result<()> {
    let now = tx.now();
    let text = "insert into deliveries (subscription_id, publication_id, version, message_id, at) values ($1, $2, $3, $4, $5) on conflict do nothing";
    let new = tx.execute(text, args![subscription, publication, version, message_id, now]).await?;
    if new == 1 { Ok(()) } else { Err(Error::Overtaken) }
}

/// Notes that the holder of an address, who is told by another mail, hears of a version by that one.
pub async fn deliver_to(tx: &mut Tx, spelled: &str, publication: Id, version: i64, message_id: &str) -> Result<()> {
    let now = tx.now();
    let text = "insert into deliveries (subscription_id, publication_id, version, message_id, at) select s.id, $2, $3, $4, $5 from subscriptions s \
                where s.spelled = $1 and s.state = 'active' on conflict do nothing";
    tx.execute(text, args![spelled, publication, version, message_id, now]).await?;
    Ok(())
}

/// The mails by which a subscription was told of the versions of a publication, the first one first.
pub async fn delivered(reader: &mut Reader, subscription: Id, publication: Id) -> Result<Vec<(i64, String)>> {
    Ok(reader
        .rows(
            "select version, message_id from deliveries where subscription_id = $1 and publication_id = $2 order by version",
            args![subscription, publication],
        )
        .await?)
}

/// Whether an address was told of a version already, whichever of its subscriptions it was.
pub async fn is_told(reader: &mut Reader, one: &Subscription, publication: Id, version: i64) -> Result<bool> {
    // A cross join keeps SQLite from looking first at all who were told, which are more with each mail.
    let text = "select d.version from subscriptions s cross join deliveries d where s.spelled = $1 and d.subscription_id = s.id and d.publication_id = $2 and d.version = $3 limit 1";
    Ok(reader.value::<i64>(text, args![one.address.to_lowercase(), publication, version]).await?.is_some())
}

/// The publications of which a subscription was told.
pub async fn followed(reader: &mut Reader, subscription: Id) -> Result<HashSet<Id>> {
    let text = "select publication_id from deliveries where subscription_id = $1";
    Ok(reader.rows::<(Id,)>(text, args![subscription]).await?.into_iter().map(|(id,)| id).collect())
}

/// The subscriptions that were told of a publication.
pub async fn followers(reader: &mut Reader, publication: Id) -> Result<HashSet<Id>> {
    let text = "select subscription_id from deliveries where publication_id = $1";
    Ok(reader.rows::<(Id,)>(text, args![publication]).await?.into_iter().map(|(id,)| id).collect())
}

/// Of the newest mails to a subscription since an instant, whether each came back. A digest is one mail, whatever it tells of.
pub async fn fates(reader: &mut Reader, subscription: Id, since: Option<Timestamp>, limit: u32) -> Result<Vec<bool>> {
    let mut statement = Statement::new("select o.state, o.refused from (select message_id, max(at) as told_at from deliveries where subscription_id = ");
    statement.bind(subscription);
    if let Some(since) = since {
        statement.push(" and at >= ").bind(since);
    }
    statement.push(" group by message_id order by told_at desc limit ").bind(limit).push(") d join outbox o on o.mail_message_id = d.message_id");
    let lost = |(state, refused): (String, i64)| state == "bounced" || state == "failed" && refused == 1;
    Ok(reader.select::<(String, i64)>(statement).await?.into_iter().map(lost).collect())
}

/// The mailings of versions that digests wait for, and those that were let go since: publication, version, when it was let go.
pub async fn gates(reader: &mut Reader, since: Timestamp) -> Result<Vec<Gate>> {
    let text =
        "select publication_id, version, state, let_go_at from mailings where kind = 'release' and (state in ('begins', 'asks', 'stopped') or let_go_at > $1)";
    Ok(reader.rows(text, args![since]).await?)
}

/// Whether a version may be told by digest, and since when.
pub struct Gate {
    pub publication: Id,
    pub version: i64,
    /// Nobody let it go yet, or somebody stopped it.
    pub is_shut: bool,
    pub let_go_at: Option<Timestamp>,
}

impl FromRow for Gate {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let (publication, version, state): (Id, i64, String) = (row.get()?, row.get()?, row.get()?);
        Ok(Self { publication, version, is_shut: ["begins", "asks", "stopped"].contains(&state.as_str()), let_go_at: row.get()? })
    }
}

/// How many mails of a version to those who asked stand how; those to contacts of constituents are counted by themselves.
pub async fn tally(reader: &mut Reader, publication: Id, version: i64) -> Result<Vec<(String, i64)>> {
    let text = "select o.state, count(*) from deliveries d join outbox o on o.mail_message_id = d.message_id where d.publication_id = $1 and d.version = $2 and o.contact_id is null group by o.state order by o.state";
    Ok(reader.rows(text, args![publication, version]).await?)
}

/// When the digests of a kind went out last.
pub async fn told_until(tx: &mut Tx, id: Id, until: Timestamp) -> Result<()> {
    tx.execute("update subscriptions set told_until = $2 where id = $1", args![id, until]).await?;
    Ok(())
}

/// Whether an address has any subscription that did not end.
pub async fn is_known(reader: &mut Reader, spelled: &str) -> Result<bool> {
    Ok(reader.value::<Id>("select id from subscriptions where spelled = $1 and state <> 'ended' limit 1", args![spelled]).await?.is_some())
}

/// Keeps of a subscription that ends whose it was, as [`has_ended`] asks for it.
pub async fn note_ended(tx: &mut Tx, id: Id, ended_as: &str) -> Result<()> {
    tx.execute("update subscriptions set ended_as = $2 where id = $1", args![id, ended_as]).await?;
    Ok(())
}

/// Whether the holder of an address ended any of its subscriptions. Of what ended before this was kept it is not known.
pub async fn has_ended(reader: &mut Reader, ended_as: &str) -> Result<bool> {
    Ok(reader.value::<Id>("select id from subscriptions where ended_as = $1 and state = 'ended' limit 1", args![ended_as]).await?.is_some())
}

/// Waits until nobody else is telling one of these addresses something: of an address that asked twice, one subscription may be told
/// at once while another is told by digest. In one order, so that two who want the same wait in turn.
pub async fn alone(tx: &mut Tx, some: impl Iterator<Item = &Subscription>) -> Result<()> {
    let addresses: BTreeSet<String> = some.map(|one| one.address.to_lowercase()).collect();
    for address in addresses {
        tx.alone(&format!("subscription:{address}")).await?;
    }
    Ok(())
}

/// Subscriptions that nobody confirmed, asked for before an instant.
pub async fn asked_before(reader: &mut Reader, before: Timestamp, limit: u32) -> Result<Vec<Id>> {
    let text = "select id from subscriptions where state = 'pending' and created_at < $1 order by created_at limit $2";
    Ok(reader.rows::<(Id,)>(text, args![before, limit]).await?.into_iter().map(|(id,)| id).collect())
}

pub async fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    tx.execute("delete from subscriptions where id = $1", args![id]).await?;
    Ok(())
}

/// Subscriptions in a state, the newest first.
pub async fn in_state(reader: &mut Reader, state: &str, before: Option<Id>, limit: u32) -> Result<Vec<Subscription>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where state = ").bind(state);
    if let Some(before) = before {
        statement.push(" and id < ").bind(before);
    }
    statement.push(" order by id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

impl FromRow for Count {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let mut count = Self { state: row.get()?, language: row.get()?, all: row.get()?, silent: row.get()?, asks: [0; ASKS.len()] };
        for asked in &mut count.asks {
            *asked = row.get()?;
        }
        Ok(count)
    }
}

/// How many stand how, by language and by what they ask for. A filter's query has `=` and `&` between its parts only.
pub async fn counts(reader: &mut Reader) -> Result<Vec<Count>> {
    let mut statement = Statement::new("select state, language, count(*), sum(case when paused_until > ");
    statement.bind(reader.now()).push(" then 1 else 0 end)");
    for (_, part) in ASKS {
        statement.push(", sum(case when ").push(part).push(" then 1 else 0 end)");
    }
    statement.push(" from subscriptions group by state, language order by state, language");
    Ok(reader.select(statement).await?)
}
