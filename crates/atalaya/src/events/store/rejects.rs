//! Lines that are no events.

use std::collections::BTreeMap;

use ::store::{Id, Reader, Statement, Tx, Value, args};
use formats::feed::Rejected;
use jiff::Timestamp;

use crate::Result;
use crate::events::file::EventFile;
use crate::events::reject::WantedRejects;

const REJECT: &str = "select r.id, f.number, f.name, d.name, r.line, r.column_name, r.reason, r.bytes, r.state, r.note, r.at, case when f.mends is null then 0 else 1 end, \
     (select c.number from event_files c where c.id = r.corrected_in) from event_rejects r join event_files f on f.id = r.file_id \
     join feeds d on d.id = r.feed_id ";

pub fn rejects_statement(wanted: &WantedRejects) -> Statement {
    let mut statement = Statement::new(REJECT);
    if let Some(file) = wanted.file {
        statement.push("where r.file_id = ").bind(file);
        if let Some((line, id)) = wanted.after {
            statement.push(" and (r.line, r.id) > (").bind(line).push(", ").bind(id).push(")");
        }
        if wanted.open {
            statement.push(" and r.state = 'open'");
        }
        of_reason(&mut statement, wanted);
        statement.push(" order by r.line, r.id limit ").bind(wanted.limit);
        return statement;
    }
    statement.push("where r.state = 'open'");
    if let Some(feed) = wanted.feed {
        statement.push(" and r.feed_id = ").bind(feed);
    }
    of_reason(&mut statement, wanted);
    if let Some((at, id)) = wanted.before {
        statement.push(" and (r.at, r.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by r.at desc, r.id desc limit ").bind(wanted.limit);
    statement
}

fn of_reason(statement: &mut Statement, wanted: &WantedRejects) {
    if let Some(reason) = &wanted.reason {
        statement.push(" and r.reason = ").bind(reason);
    }
}

/// Of the open lines those of a file, a feed, a reason.
fn open_of(statement: &mut Statement, wanted: &WantedRejects) {
    statement.push(" where r.state = 'open'");
    if let Some(file) = wanted.file {
        statement.push(" and r.file_id = ").bind(file);
    }
    if let Some(feed) = wanted.feed {
        statement.push(" and r.feed_id = ").bind(feed);
    }
    of_reason(statement, wanted);
}

pub async fn count_open(reader: &mut Reader, wanted: &WantedRejects) -> Result<i64> {
    let mut statement = Statement::new("select count(*) from event_rejects r");
    open_of(&mut statement, wanted);
    Ok(reader.select::<(i64,)>(statement).await?.first().map_or(0, |(count,)| *count))
}

/// Drops all open lines of a file, a feed, a reason; says how many.
pub async fn drop_open(tx: &mut Tx, wanted: &WantedRejects, note: &str, who: &str) -> Result<u64> {
    let mut statement = Statement::new("update event_rejects as r set state = 'dropped', note = ");
    statement.bind(note).push(", by_whom = ").bind(who);
    open_of(&mut statement, wanted);
    Ok(tx.run(statement).await?)
}

pub async fn insert_reject(tx: &mut Tx, file: &EventFile, one: &Rejected) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    let column = one.column.as_deref().unwrap_or_default();
    tx.execute(
        "insert into event_rejects (id, file_id, feed_id, line, column_name, reason, bytes, state, corrected_in, note, at, by_whom) \
         values ($1, $2, $3, $4, $5, $6, $7, 'open', null, '', $8, '')",
        args![id, file.id, file.feed, one.line, column, one.reason.code(), one.bytes.clone(), now],
    )
    .await?;
    Ok(())
}

/// Which of these lines are open, each with its file.
pub async fn open_rejects(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, Id)>> {
    let mut statement = Statement::new("select id, file_id from event_rejects where state = 'open' and id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

pub async fn settle_reject(tx: &mut Tx, id: Id, state: &str, corrected_in: Option<Id>, note: &str, who: &str) -> Result<bool> {
    let touched = tx
        .execute(
            "update event_rejects set state = $2, corrected_in = $3, note = $4, by_whom = $5 where id = $1 and state = 'open'",
            args![id, state, corrected_in, note, who],
        )
        .await?;
    Ok(touched == 1)
}

pub async fn open_rejects_of(reader: &mut Reader, feed: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from event_rejects where state = 'open' and feed_id = $1 limit 1001) r", args![feed]).await?)
}

/// The lines of a file that were no events when it was read before, by their numbers.
pub async fn lines_of(reader: &mut Reader, file: Id) -> Result<BTreeMap<i64, Vec<Id>>> {
    let mut lines: BTreeMap<i64, Vec<Id>> = BTreeMap::new();
    for (line, id) in reader.rows::<(i64, Id)>("select line, id from event_rejects where file_id = $1", args![file]).await? {
        lines.entry(line).or_default().push(id);
    }
    Ok(lines)
}

/// Lines in the order of their ids, with their bytes.
pub async fn lines_after(reader: &mut Reader, after: Id, limit: u32) -> Result<Vec<(Id, Vec<u8>)>> {
    Ok(reader.rows("select id, bytes from event_rejects where id > $1 order by id limit $2", args![after, limit]).await?)
}

/// Nothing is left of a line but that it was there.
pub async fn erase_reject(tx: &mut Tx, id: Id) -> Result<()> {
    let text = "update event_rejects set bytes = $2, state = case state when 'open' then 'dropped' else state end, note = case note when '' then 'erased' else note end where id = $1";
    tx.execute(text, args![id, Vec::<u8>::new()]).await?;
    Ok(())
}

/// Some lines of files that came before an instant, or whose original was let go; the oldest first.
pub async fn old_rejects(reader: &mut Reader, before: Timestamp, limit: u32) -> Result<Vec<Id>> {
    let text =
        "select r.id from event_rejects r join event_files f on f.id = r.file_id where f.let_go_at is not null or f.received_at < $1 order by r.id limit $2";
    let rows: Vec<(Id,)> = reader.rows(text, args![before, limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn delete_reject(tx: &mut Tx, id: Id) -> Result<()> {
    tx.execute("delete from event_rejects where id = $1", args![id]).await?;
    Ok(())
}
