//! The figures in SQL: counters, and counts that end early.

use jiff::Timestamp;
use store::{Reader, Result, args};

/// How many numbers were given out, all years together.
pub async fn numbered(reader: &mut Reader, noun: &str) -> Result<i64> {
    reader.count("select cast(coalesce(sum(value), 0) as bigint) from counters where name like $1", args![format!("{noun}-%")]).await
}

pub async fn jobs(reader: &mut Reader, state: &str) -> Result<i64> {
    reader.count("select count(*) from (select 1 as one from jobs where state = $1 limit 10001) waiting", args![state]).await
}

pub async fn outbox(reader: &mut Reader) -> Result<i64> {
    reader.count("select count(*) from (select 1 as one from outbox where state = 'queued' limit 10001) waiting", args![]).await
}

pub async fn clocks(reader: &mut Reader, until: Timestamp) -> Result<i64> {
    reader.count("select count(*) from (select 1 as one from clocks where state = 'running' and due_at <= $1 limit 10001) running", args![until]).await
}
