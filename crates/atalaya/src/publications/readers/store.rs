//! The SQL of subscriptions and mailings.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use jiff::Timestamp;

use super::Subscription;
use super::mailing::Mailing;
use crate::Result;

const COLUMNS: &str = "select id, address, language, filter, due, state, confirmed_at, told_until, paused_until from subscriptions ";

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
    let now = tx.now();
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
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn update(tx: &mut Tx, one: &Subscription) -> Result<()> {
    tx.execute(
        "update subscriptions set due = $2, state = $3, confirmed_at = $4, told_until = $5, paused_until = $6, language = $7 where id = $1",
        args![one.id, &one.due, &one.state, one.confirmed_at, one.told_until, one.paused_until, &one.language],
    )
    .await?;
    Ok(())
}

const MAILING: &str = "select id, publication_id, version, state, recipients, queued, after_id, started_by, approved_by, at, kind, ahead, text from mailings ";

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

pub async fn insert_mailing(tx: &mut Tx, one: &Mailing) -> Result<u64> {
    let text = "insert into mailings (id, publication_id, version, state, recipients, queued, after_id, started_by, approved_by, at, kind, ahead, text) \
                values ($1, $2, $3, $4, $5, 0, null, $6, null, $7, $8, $9, $10) on conflict do nothing";
    let ahead = i64::from(one.ahead);
    Ok(tx.execute(text, args![one.id, one.publication, one.version, &one.state, one.recipients, &one.started_by, one.at, &one.kind, ahead, &one.text]).await?)
}

pub async fn update_mailing(tx: &mut Tx, one: &Mailing) -> Result<()> {
    tx.execute(
        "update mailings set state = $2, recipients = $3, queued = $4, after_id = $5, approved_by = $6 where id = $1",
        args![one.id, &one.state, one.recipients, one.queued, one.after, one.approved_by],
    )
    .await?;
    Ok(())
}

/// Notes that a subscription is told of a version by this mail; false if it was before.
pub async fn deliver(tx: &mut Tx, subscription: Id, publication: Id, version: i64, message_id: &str) -> Result<()> {
    let now = tx.now();
    let text = "insert into deliveries (subscription_id, publication_id, version, message_id, at) values ($1, $2, $3, $4, $5)";
    tx.execute(text, args![subscription, publication, version, message_id, now]).await?;
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

/// How the newest mails to a subscription stand.
pub async fn fates(reader: &mut Reader, subscription: Id, limit: u32) -> Result<Vec<String>> {
    let mut statement = Statement::new("select o.state from deliveries d join outbox o on o.mail_message_id = d.message_id where d.subscription_id = ");
    statement.bind(subscription).push(" order by d.at desc limit ").bind(limit);
    Ok(reader.select::<(String,)>(statement).await?.into_iter().map(|(state,)| state).collect())
}

/// How many mails of a version stand how.
pub async fn tally(reader: &mut Reader, publication: Id, version: i64) -> Result<Vec<(String, i64)>> {
    let text = "select o.state, count(*) from deliveries d join outbox o on o.mail_message_id = d.message_id where d.publication_id = $1 and d.version = $2 group by o.state order by o.state";
    Ok(reader.rows(text, args![publication, version]).await?)
}

/// When the digests of a kind went out last.
pub async fn told_until(tx: &mut Tx, id: Id, until: Timestamp) -> Result<()> {
    tx.execute("update subscriptions set told_until = $2 where id = $1", args![id, until]).await?;
    Ok(())
}
