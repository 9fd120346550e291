//! Feeds, and the columns that their files had.

use std::collections::HashSet;

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use formats::label::Tlp;

use crate::Result;
use crate::events::feed::Feed;

const FEED: &str =
    "select id, name, title, kind, mapping, label, mail_from, mail_to, every_hours, state, last_at, note, created_at, updated_at, version from feeds ";

impl FromRow for Feed {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            name: row.get()?,
            title: row.get()?,
            kind: row.get()?,
            mapping: row.get()?,
            // A label that cannot be read lets nothing out.
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            mail_from: row.get()?,
            mail_to: row.get()?,
            every_hours: row.get()?,
            state: row.get()?,
            last_at: row.get()?,
            note: row.get()?,
            created_at: row.get()?,
            updated_at: row.get()?,
            version: row.get()?,
        })
    }
}

pub async fn feeds(reader: &mut Reader) -> Result<Vec<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("order by name");
    Ok(reader.select(statement).await?)
}

pub async fn feed(reader: &mut Reader, id: Id) -> Result<Option<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn feed_named(reader: &mut Reader, name: &str) -> Result<Option<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("where name = ").bind(name);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn insert_feed(tx: &mut Tx, one: &Feed) -> Result<()> {
    tx.execute(
        "insert into feeds (id, name, title, kind, mapping, label, mail_from, mail_to, every_hours, state, last_at, note, created_at, updated_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            one.id,
            &one.name,
            &one.title,
            &one.kind,
            &one.mapping,
            one.label.as_str(),
            &one.mail_from,
            &one.mail_to,
            one.every_hours,
            &one.state,
            one.last_at,
            &one.note,
            one.created_at,
            one.updated_at,
            one.version
        ],
    )
    .await?;
    Ok(())
}

/// Writes a feed over the version before; says whether that was still there.
pub async fn update_feed(tx: &mut Tx, one: &Feed) -> Result<bool> {
    let touched = tx
        .execute(
            "update feeds set title = $2, kind = $3, mapping = $4, label = $5, mail_from = $6, mail_to = $7, every_hours = $8, state = $9, note = $10, updated_at = $11, \
             version = $12 where id = $1 and version = $13",
            args![
                one.id,
                &one.title,
                &one.kind,
                &one.mapping,
                one.label.as_str(),
                &one.mail_from,
                &one.mail_to,
                one.every_hours,
                &one.state,
                &one.note,
                one.updated_at,
                one.version,
                one.version - 1
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// A feed has delivered.
pub async fn heard(tx: &mut Tx, feed: Id) -> Result<()> {
    let now = tx.now();
    tx.execute("update feeds set last_at = $2 where id = $1", args![feed, now]).await?;
    Ok(())
}

/// The columns of a feed that are noted: report type and name.
pub async fn columns_of(tx: &mut Tx, feed: Id) -> ::store::Result<HashSet<(String, String)>> {
    Ok(tx.rows("select kind, name from feed_columns where feed_id = $1", args![feed]).await?.into_iter().collect())
}

/// A column came that the mapping does not name.
pub async fn see_column(tx: &mut Tx, feed: Id, kind: &str, name: &str, times: u64) -> ::store::Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into feed_columns (feed_id, kind, name, first_at, last_at, values_seen, looked_at) values ($1, $2, $3, $4, $4, $5, null) \
         on conflict (feed_id, kind, name) do update set last_at = excluded.last_at, values_seen = feed_columns.values_seen + excluded.values_seen",
        args![feed, kind, name, now, times],
    )
    .await?;
    Ok(())
}

/// Columns that nobody has looked at, by name.
pub async fn drift_of(reader: &mut Reader, feed: Id) -> Result<Vec<String>> {
    let rows: Vec<(String, String)> =
        reader.rows("select kind, name from feed_columns where feed_id = $1 and looked_at is null order by kind, name limit 50", args![feed]).await?;
    Ok(rows.into_iter().map(|(kind, name)| format!("{kind}: {name}")).collect())
}

/// Somebody has looked at the columns of a feed that came so far.
pub async fn look_at_columns(tx: &mut Tx, feed: Id) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute("update feed_columns set looked_at = $2 where feed_id = $1 and looked_at is null", args![feed, now]).await?)
}
