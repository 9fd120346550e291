//! How each holder stands: what it was told of so far, and what is due for it.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use vault::blob::Hash;

use crate::Result;

/// How a holder stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub holder: i64,
    pub newest: i64,
    pub looked: i64,
    pub told_to: i64,
    pub list: Option<Hash>,
    pub turn: i64,
}

impl FromRow for Standing {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { holder: row.get()?, newest: row.get()?, looked: row.get()?, told_to: row.get()?, list: row.get()?, turn: row.get()? })
    }
}

const STANDING: &str = "select holder, newest, looked, told_to, list, turn from notice_standing ";

pub async fn standing(reader: &mut Reader, holder: i64) -> ::store::Result<Option<Standing>> {
    let mut statement = Statement::new(STANDING);
    statement.push("where holder = ").bind(holder);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Those that were told of something; all of them, or one.
pub async fn standings_with_list(reader: &mut Reader, holder: Option<i64>) -> ::store::Result<Vec<Standing>> {
    let mut statement = Statement::new(STANDING);
    statement.push("where list is not null");
    if let Some(holder) = holder {
        statement.push(" and holder = ").bind(holder);
    }
    statement.push(" order by holder");
    reader.select(statement).await
}

/// Puts another list in the place of one, if nobody told anything meanwhile.
pub async fn replace_list(tx: &mut Tx, before: &Standing, open: usize, list: Hash) -> ::store::Result<bool> {
    let text = "update notice_standing set open = $3, list = $4, turn = turn + 1 where holder = $1 and turn = $2";
    Ok(tx.execute(text, args![before.holder, before.turn, i64::try_from(open).unwrap_or(i64::MAX), list]).await? == 1)
}

/// Raises the turn of every standing, or of one: whoever gathered before has to look again.
pub async fn raise_turns(tx: &mut Tx, holder: Option<i64>) -> ::store::Result<()> {
    match holder {
        Some(holder) => tx.execute("update notice_standing set turn = turn + 1 where holder = $1", args![holder]).await.map(drop),
        None => tx.execute("update notice_standing set turn = turn + 1", args![]).await.map(drop),
    }
}

/// Those with something new, or with something that may be gone.
pub async fn candidates(reader: &mut Reader) -> ::store::Result<Vec<Standing>> {
    let mut statement = Statement::new(STANDING);
    statement.push("where newest > told_to or open > 0 order by holder");
    reader.select(statement).await
}

pub async fn count_pending(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from notice_standing where newest > told_to limit 1001) p", args![]).await?)
}

pub async fn set_looked(tx: &mut Tx, holder: i64, looked: i64) -> ::store::Result<()> {
    tx.execute("update notice_standing set looked = $2 where holder = $1", args![holder, looked]).await.map(drop)
}

/// Moves the floor of a holder of whom nothing was told, from the turn that was looked at.
pub async fn settle_quietly(tx: &mut Tx, before: &Standing, told_to: i64) -> ::store::Result<bool> {
    let text = "update notice_standing set told_to = $3 where holder = $1 and turn = $2";
    Ok(tx.execute(text, args![before.holder, before.turn, told_to]).await? == 1)
}

/// Takes the next turn, if nobody took it meanwhile.
pub async fn take_turn(tx: &mut Tx, before: &Standing, told_to: i64, open: usize, list: Hash) -> Result<bool> {
    let text = "update notice_standing set told_to = $3, open = $4, list = $5, turn = turn + 1 where holder = $1 and turn = $2";
    let open = i64::try_from(open).unwrap_or(i64::MAX);
    Ok(tx.execute(text, args![before.holder, before.turn, told_to, open, list]).await? == 1)
}

pub async fn put_due(tx: &mut Tx, holder: i64, rule: Id, slot: &str) -> ::store::Result<()> {
    let now = tx.now();
    // One that waits already speaks for this moment, too.
    tx.execute("insert into notice_due (holder, rule_id, slot, at) values ($1, $2, $3, $4) on conflict do nothing", args![holder, rule, slot, now])
        .await
        .map(drop)
}

/// Holders for whom something is due.
pub async fn holders_due(reader: &mut Reader) -> ::store::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = reader.rows("select distinct holder from notice_due order by holder", args![]).await?;
    Ok(rows.into_iter().map(|(holder,)| holder).collect())
}

pub async fn due_of(reader: &mut Reader, holder: i64) -> ::store::Result<Vec<(Id, String)>> {
    reader.rows("select rule_id, slot from notice_due where holder = $1 order by at, rule_id", args![holder]).await
}

/// Takes away what was looked at. Says whether all of it was still there.
pub async fn done(tx: &mut Tx, holder: i64, due: &[(Id, String)]) -> ::store::Result<bool> {
    let mut gone = 0;
    for (rule, slot) in due {
        gone += tx.execute("delete from notice_due where holder = $1 and rule_id = $2 and slot = $3", args![holder, *rule, slot]).await?;
    }
    Ok(gone == due.len() as u64)
}
