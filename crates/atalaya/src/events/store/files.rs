//! Event files and what became of them.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use jiff::Timestamp;
use vault::blob::Hash;

use crate::Result;
use crate::events::file::{Asked, EventFile};
use crate::events::read::Found;

const FILE: &str = "select id, number, sha256, feed_id, name, size, via, received_at, state, kind, mapping_version, registry_version, stored, duplicate, rejected, unmatched, alarm, \
     header, mends, read_at, let_go_at, said_kind, version from event_files ";

impl FromRow for EventFile {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            sha256: row.get()?,
            feed: row.get()?,
            name: row.get()?,
            size: row.get()?,
            via: row.get()?,
            received_at: row.get()?,
            state: row.get()?,
            kind: row.get()?,
            mapping_version: row.get()?,
            registry_version: row.get()?,
            stored: row.get()?,
            duplicate: row.get()?,
            rejected: row.get()?,
            unmatched: row.get()?,
            alarm: row.get()?,
            header: row.get()?,
            mends: row.get()?,
            read_at: row.get()?,
            let_go_at: row.get()?,
            said_kind: row.get()?,
            version: row.get()?,
        })
    }
}

pub fn files_statement(asked: &Asked) -> Statement {
    let mut statement = Statement::new(FILE);
    statement.push("where number < ").bind(asked.before.unwrap_or(i64::MAX));
    if let Some(feed) = asked.feed {
        statement.push(" and feed_id = ").bind(feed);
    }
    if asked.alarms {
        statement.push(" and state in ('held', 'failed')");
    }
    statement.push(" order by number desc limit ").bind(asked.limit);
    statement
}

pub async fn file(reader: &mut Reader, id: Id) -> Result<Option<EventFile>> {
    let mut statement = Statement::new(FILE);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn file_numbered(reader: &mut Reader, number: i64) -> Result<Option<EventFile>> {
    let mut statement = Statement::new(FILE);
    statement.push("where number = ").bind(number);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn file_of(reader: &mut Reader, sha256: Hash) -> Result<Option<EventFile>> {
    let mut statement = Statement::new(FILE);
    statement.push("where sha256 = ").bind(sha256);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn insert_file(tx: &mut Tx, one: &EventFile) -> Result<()> {
    tx.execute(
        "insert into event_files (id, number, sha256, feed_id, name, size, via, received_at, state, kind, mapping_version, registry_version, stored, duplicate, rejected, unmatched, \
         alarm, header, mends, read_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, 0, 0, 0, 0, 0, '', '', $10, null, 1)",
        args![one.id, one.number, one.sha256, one.feed, &one.name, one.size, &one.via, one.received_at, &one.state, one.mends],
    )
    .await?;
    Ok(())
}

pub async fn set_file_state(tx: &mut Tx, id: Id, state: &str, alarm: &str) -> Result<()> {
    tx.execute("update event_files set state = $2, alarm = $3, version = version + 1 where id = $1", args![id, state, alarm]).await?;
    Ok(())
}

/// Notes as which report type a file is to be read; empty for what its name, its columns or its feed say.
pub async fn say_kind(tx: &mut Tx, id: Id, kind: &str) -> Result<()> {
    tx.execute("update event_files set said_kind = $2 where id = $1", args![id, kind]).await?;
    Ok(())
}

/// Whether a file is still where its worker left it: another one may have finished it.
pub async fn is_being_read(reader: &mut Reader, id: Id) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from event_files where id = $1 and state = 'reading'", args![id]).await?.is_some())
}

/// Files whose events are in the lake, in the order in which they got there: read again in this order, each event is
/// the same file's as before.
pub async fn stored_files(reader: &mut Reader) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = reader.rows("select id from event_files where state = 'stored' order by coalesce(arrival, 0), number", vec![]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Files that nobody waits for, received before an instant, with their bytes; the oldest first.
pub async fn old_originals(reader: &mut Reader, before: Timestamp, limit: u32) -> ::store::Result<Vec<(Id, i64, Hash)>> {
    let text = "select id, number, sha256 from event_files where let_go_at is null and state in ('stored', 'dropped') and received_at < $1 order by received_at limit $2";
    reader.rows(text, args![before, limit]).await
}

/// Notes that the original of a file was let go; its bytes go with the next sweep that finds nobody else naming them.
pub async fn let_original_go(tx: &mut Tx, id: Id, sha256: Hash) -> Result<()> {
    let now = tx.now();
    tx.execute("update event_files set let_go_at = $2, version = version + 1 where id = $1", args![id, now]).await?;
    Ok(tx.loosen(sha256).await?)
}

/// Files whose events are lost with a table and whose originals were let go: nothing is to be had of them any more.
pub async fn drop_without_original(tx: &mut Tx) -> Result<u64> {
    let why = "Its events are lost with the table of before, and its original was let go already.";
    Ok(tx
        .execute("update event_files set state = 'dropped', alarm = $1, version = version + 1 where state = 'stored' and let_go_at is not null", args![why])
        .await?)
}

pub async fn store_file(tx: &mut Tx, id: Id, found: &Found) -> Result<()> {
    let now = tx.now();
    let stored = &found.stored;
    tx.execute(
        "update event_files set state = 'stored', alarm = '', kind = $2, mapping_version = $3, registry_version = $4, stored = $5, duplicate = $6, rejected = $7, unmatched = $8, \
         header = $9, read_at = coalesce(read_at, $10), seen_to = $11, version = version + 1 where id = $1",
        args![
            id,
            &found.kind,
            found.mapping,
            found.registry,
            stored.stored,
            stored.duplicate,
            found.rejects,
            stored.unmatched,
            &found.header,
            now,
            found.seen_to
        ],
    )
    .await?;
    Ok(())
}

pub async fn count_alarms(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from event_files where state in ('held', 'failed') limit 101) a", vec![]).await?)
}

pub async fn alarms_of(reader: &mut Reader, feed: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from event_files where state in ('held', 'failed') and feed_id = $1", args![feed]).await?)
}

/// Events stored of the newest files of a feed, as far back as this instant.
pub async fn stored_since(reader: &mut Reader, feed: Id, since: Timestamp) -> Result<i64> {
    Ok(reader
        .count(
            "select cast(coalesce(sum(stored), 0) as BIGINT) from (select stored, received_at from event_files where feed_id = $1 order by number desc limit 500) f \
             where received_at >= $2",
            args![feed, since],
        )
        .await?)
}
