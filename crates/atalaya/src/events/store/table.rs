//! Which table of events is ours.

use ::store::{Reader, Tx, args};
use jiff::Timestamp;
use vault::blob::Hash;

use crate::Result;
use crate::events::table::Ours;

pub async fn ours(reader: &mut Reader) -> Result<Option<Ours>> {
    let row: Option<(String, String, String)> = reader.row("select id, place, trouble from event_table where one = 1", args![]).await?;
    Ok(row.map(|(id, place, trouble)| Ours { id, place, trouble }))
}

pub async fn insert_ours(tx: &mut Tx, id: &str, place: &str) -> Result<()> {
    let now = tx.now();
    tx.execute("insert into event_table (one, id, place, trouble, since) values (1, $1, $2, '', $3)", args![id, place, now]).await?;
    Ok(())
}

pub async fn set_ours(tx: &mut Tx, id: &str, place: &str) -> Result<()> {
    let now = tx.now();
    tx.execute("update event_table set id = $1, place = $2, since = $3 where one = 1", args![id, place, now]).await?;
    Ok(())
}

/// Notes what is wrong, or that nothing is any more. Says whether that is news.
pub async fn set_trouble(tx: &mut Tx, why: &str) -> Result<bool> {
    let now = tx.now();
    Ok(tx.execute("update event_table set trouble = $1, since = $2 where one = 1 and trouble <> $1", args![why, now]).await? == 1)
}

pub async fn trouble(reader: &mut Reader) -> Result<Option<(String, Timestamp)>> {
    Ok(reader.row("select trouble, since from event_table where one = 1 and trouble <> ''", args![]).await?)
}

/// Whether events of some file are kept.
pub async fn is_something_stored(reader: &mut Reader) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from event_files where state = 'stored' limit 1", args![]).await?.is_some())
}

/// Whether this file came in here.
pub async fn is_known(reader: &mut Reader, sha256: Hash) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from event_files where sha256 = $1", args![sha256]).await?.is_some())
}
