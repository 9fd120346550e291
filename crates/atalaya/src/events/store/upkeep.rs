//! What the lake's events were matched with, and what of them was erased.

use std::collections::HashSet;

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use jiff::Timestamp;

use crate::Result;
use crate::constituency::Holding;
use crate::events::erase::{Erasure, Step};

/// Rows that go into one statement.
const AT_ONCE: usize = 500;
/// A resource that is held without an end.
const ENDLESS: i64 = i64::MAX;

/// The resources that events in the lake were matched with, and whether all of them were.
pub async fn matched(reader: &mut Reader) -> Result<Vec<(Holding, bool)>> {
    let rows: Vec<(i64, String, String, Timestamp, i64, i64)> =
        reader.rows("select holder, kind, value, valid_from, valid_to, whole from event_holdings order by holder, kind, value, valid_from", vec![]).await?;
    let holding = |(holder, kind, value, from, to, whole)| {
        let to = (to != ENDLESS).then(|| ::store::instant(to));
        (Holding { holder, kind, value, from, to }, whole != 0)
    };
    Ok(rows.into_iter().map(holding).collect())
}

/// Whether there are resources that only some of the events were matched with.
pub async fn some_matched_by_halves(reader: &mut Reader) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from event_holdings where whole = 0 limit 1", vec![]).await?.is_some())
}

/// Notes that events are matched with these resources from now on; all of them, or only those that come.
pub async fn note_matched(tx: &mut Tx, new: &[&Holding], all: bool) -> ::store::Result<()> {
    for some in new.chunks(AT_ONCE) {
        let mut statement = Statement::new("insert into event_holdings (holder, kind, value, valid_from, valid_to, whole) values ");
        for (at, one) in some.iter().enumerate() {
            let to = one.to.map_or(ENDLESS, Timestamp::as_microsecond);
            statement.push(if at == 0 { "(" } else { ", (" });
            statement.bind_list(args![one.holder, &one.kind, &one.value, one.from, to, all]).push(")");
        }
        statement.push(" on conflict (holder, kind, value, valid_from, valid_to) do ");
        statement.push(if all { "update set whole = 1" } else { "nothing" });
        tx.run(statement).await?;
    }
    Ok(())
}

/// Notes that no event is matched with these resources any more.
pub async fn forget_matched(tx: &mut Tx, old: &[&Holding]) -> Result<()> {
    let text = "delete from event_holdings where holder = $1 and kind = $2 and value = $3 and valid_from = $4 and valid_to = $5";
    for one in old {
        let to = one.to.map_or(ENDLESS, Timestamp::as_microsecond);
        tx.execute(text, args![one.holder, &one.kind, &one.value, one.from, to]).await?;
    }
    Ok(())
}

const ERASURE: &str = "select id, kind, value, reason, by_whom, at, told_to, masked_at, written_at, gone_at from event_erasures ";

impl FromRow for Erasure {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            kind: row.get()?,
            value: row.get()?,
            reason: row.get()?,
            by_whom: row.get()?,
            at: row.get()?,
            told_to: row.get()?,
            masked_at: row.get()?,
            written_at: row.get()?,
            gone_at: row.get()?,
        })
    }
}

/// The newest erasures, the newest first.
pub async fn erasures(reader: &mut Reader, limit: u32) -> Result<Vec<Erasure>> {
    let mut statement = Statement::new(ERASURE);
    statement.push("order by at desc, id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// Erasures of which bytes are left, the oldest first.
pub async fn open_erasures(reader: &mut Reader) -> Result<Vec<Erasure>> {
    let mut statement = Statement::new(ERASURE);
    statement.push("where gone_at is null order by at");
    Ok(reader.select(statement).await?)
}

pub async fn insert_erasure(tx: &mut Tx, one: &Erasure) -> Result<()> {
    tx.execute(
        "insert into event_erasures (id, kind, value, reason, by_whom, at, masked_at, written_at, gone_at) values ($1, $2, $3, $4, $5, $6, null, null, null)",
        args![one.id, &one.kind, &one.value, &one.reason, &one.by_whom, one.at],
    )
    .await?;
    Ok(())
}

/// How many erasures hold.
pub async fn count_masked(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from event_erasures where masked_at is not null", vec![]).await?)
}

/// The data files that are known to hold nothing of so many erasures.
pub async fn cleared(reader: &mut Reader, erasures: i64) -> Result<HashSet<String>> {
    let rows: Vec<(String,)> = reader.rows("select data_file from event_data_files where cleared >= $1", args![erasures]).await?;
    Ok(rows.into_iter().map(|(file,)| file).collect())
}

/// Notes that data files hold nothing of so many erasures.
pub async fn note_cleared(tx: &mut Tx, files: &[String], erasures: i64) -> ::store::Result<()> {
    for some in files.chunks(AT_ONCE) {
        let mut statement = Statement::new("update event_data_files set cleared = ");
        statement.bind(erasures).push(" where data_file in (").bind_list(some.iter().map(Value::from)).push(")");
        tx.run(statement).await?;
    }
    Ok(())
}

/// Notes how far an erasure came.
pub async fn mark_erasure(tx: &mut Tx, id: Id, step: Step) -> Result<()> {
    let now = tx.now();
    let text = match step {
        Step::Masked => "update event_erasures set masked_at = $2 where id = $1 and masked_at is null",
        Step::Written => "update event_erasures set written_at = $2 where id = $1 and written_at is null",
        Step::Gone => "update event_erasures set gone_at = $2 where id = $1 and gone_at is null",
    };
    tx.execute(text, args![id, now]).await?;
    Ok(())
}

/// Notes that organisations are told nothing of it from now on.
pub async fn mark_told_to(tx: &mut Tx, id: Id) -> ::store::Result<()> {
    let now = tx.now();
    tx.execute("update event_erasures set told_to = $2 where id = $1 and told_to is null", args![id, now]).await.map(drop)
}

/// Notes that there is no lake: no sums, nothing matched, nothing masked.
pub async fn forget_lake(tx: &mut Tx) -> Result<()> {
    for text in [
        "delete from event_rollups",
        "delete from event_days",
        "delete from event_sketches",
        "delete from event_data_files",
        "delete from event_holdings",
        "update event_erasures set masked_at = null, written_at = null, gone_at = null",
    ] {
        tx.execute(text, vec![]).await?;
    }
    Ok(())
}
