//! The outbox's own SQL.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use jiff::Timestamp;
use vault::blob::Hash;

use super::Delivery;
use super::pace::Turn;
use crate::Result;

/// A mail's row on its way in.
pub struct New<'a> {
    pub id: Id,
    pub ledger: Id,
    pub about: Id,
    pub message: Option<Id>,
    pub contact: Option<Id>,
    pub message_id: &'a str,
    pub sender: &'a str,
    pub recipient: &'a str,
    pub raw: Hash,
    pub answer: &'a str,
    pub turn: Turn,
}

pub async fn insert(tx: &mut Tx, row: New<'_>) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into outbox (id, ledger_id, about, message_id, contact_id, mail_message_id, sender, recipient, raw, state, attempts, answer, queued_at, turn) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', 0, $10, $11, $12)",
        args![row.id, row.ledger, row.about, row.message, row.contact, row.message_id, row.sender, row.recipient, row.raw, row.answer, now, row.turn.name()],
    )
    .await?;
    Ok(())
}

/// A mail as the sender of mails needs it.
#[derive(Clone, Debug)]
pub struct Queued {
    pub id: Id,
    pub about: Id,
    pub message: Option<Id>,
    pub contact: Option<Id>,
    pub sender: String,
    pub recipient: String,
    pub raw: Hash,
    pub state: String,
    pub answer: String,
    pub since: Timestamp,
    pub turn: Turn,
}

impl FromRow for Queued {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            about: row.get()?,
            message: row.get()?,
            contact: row.get()?,
            sender: row.get()?,
            recipient: row.get()?,
            raw: row.get()?,
            state: row.get()?,
            answer: row.get()?,
            since: row.get()?,
            turn: Turn::named(&row.get::<String>()?),
        })
    }
}

const COLUMNS: &str = "select id, about, message_id, contact_id, sender, recipient, raw, state, answer, queued_at, turn from outbox ";

pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Queued>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn by_message_id(reader: &mut Reader, message_id: &str) -> Result<Option<Queued>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where mail_message_id = ").bind(message_id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The mails of something that was let out.
pub async fn of_noun(reader: &mut Reader, noun: Id) -> Result<Vec<(Id, Hash, String)>> {
    let text = "select o.id, o.raw, o.state from outbox o join ledger l on l.id = o.ledger_id where l.noun_id = $1 order by o.id";
    Ok(reader.rows(text, args![noun]).await?)
}

/// How the mails of several things stand, the newest last.
pub async fn states_of_nouns(reader: &mut Reader, nouns: &[Id]) -> Result<Vec<(Id, String)>> {
    if nouns.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select l.noun_id, o.state from ledger l join outbox o on o.ledger_id = l.id where l.noun_id in (");
    statement.bind_list(nouns.iter().map(Value::from)).push(") order by o.queued_at, o.id");
    Ok(reader.select(statement).await?)
}

pub async fn replace_raw(tx: &mut Tx, id: Id, raw: Hash) -> Result<()> {
    tx.execute("update outbox set raw = $2 where id = $1", args![id, raw]).await?;
    Ok(())
}

/// Takes a mail back that waits, or that failed and could be tried again. Says whether it was one. Who hands it over at this
/// moment goes on, and it counts as sent then.
pub async fn take_back(tx: &mut Tx, id: Id, why: &str) -> Result<bool> {
    Ok(tx.execute("update outbox set state = 'taken_back', answer = $2 where id = $1 and state in ('queued', 'failed')", args![id, why]).await? == 1)
}

/// What waits for a smarthost, the oldest first, behind one of them.
pub async fn waiting(reader: &mut Reader, after: Option<(Timestamp, Id)>, limit: u32) -> Result<Vec<(Timestamp, Id, Turn)>> {
    let mut statement = Statement::new("select queued_at, id, turn from outbox where state = 'queued'");
    if let Some((at, id)) = after {
        statement.push(" and (queued_at, id) > (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by queued_at, id limit ").bind(limit);
    let some = reader.select::<(Timestamp, Id, String)>(statement).await?;
    Ok(some.into_iter().map(|(at, id, turn)| (at, id, Turn::named(&turn))).collect())
}

pub async fn sent(tx: &mut Tx, id: Id, answer: &str) -> Result<()> {
    let now = tx.now();
    tx.execute("update outbox set state = 'sent', attempts = attempts + 1, answer = $2, sent_at = $3 where id = $1", args![id, answer, now]).await?;
    Ok(())
}

/// A failed mail waits anew, with all its patience; so does the message that it carries.
pub async fn queue_again(tx: &mut Tx, mail: &Queued) -> Result<()> {
    let now = tx.now();
    tx.execute("update outbox set state = 'queued', answer = '', refused = 0, queued_at = $2 where id = $1", args![mail.id, now]).await?;
    if let Some(message) = mail.message {
        tx.execute("update messages set state = 'released', version = version + 1 where id = $1 and state = 'failed'", args![message]).await?;
    }
    Ok(())
}

/// What waits counts as sent when it was written. Says how many.
pub async fn pretend_sent(tx: &mut Tx, answer: &str) -> Result<u64> {
    Ok(tx.execute("update outbox set state = 'sent', attempts = 1, answer = $1, sent_at = queued_at where state = 'queued'", args![answer]).await?)
}

/// Keeps what the other side said; the mail goes on waiting.
pub async fn note(tx: &mut Tx, id: Id, answer: &str) -> Result<()> {
    tx.execute("update outbox set attempts = attempts + 1, answer = $2 where id = $1", args![id, answer]).await?;
    Ok(())
}

/// It will not arrive: the mail and the message that it carried say so. `refused`: nobody can be written to there.
pub async fn fail(tx: &mut Tx, mail: &Queued, state: &'static str, answer: &str, refused: bool) -> Result<()> {
    let text = "update outbox set state = $2, attempts = attempts + 1, answer = $3, refused = $4 where id = $1";
    tx.execute(text, args![mail.id, state, answer, i64::from(refused)]).await?;
    if let Some(message) = mail.message {
        tx.execute("update messages set state = $2, version = version + 1 where id = $1", args![message, state]).await?;
    }
    Ok(())
}

impl FromRow for Delivery {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { state: row.get()?, answer: row.get()?, sent_at: row.get()?, recipient: row.get()? })
    }
}

/// The newest mail of a message comes last.
pub async fn deliveries(reader: &mut Reader, messages: &[Id]) -> Result<Vec<(Id, Delivery)>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select message_id, state, answer, sent_at, recipient from outbox where message_id in (");
    statement.bind_list(messages.iter().map(Value::from)).push(") order by queued_at, id");
    let rows: Vec<Carried> = reader.select(statement).await?;
    Ok(rows.into_iter().map(|row| (row.message, row.delivery)).collect())
}

/// A message and how its mail fares.
struct Carried {
    message: Id,
    delivery: Delivery,
}

impl FromRow for Carried {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { message: row.get()?, delivery: Delivery::from_row(row)? })
    }
}
