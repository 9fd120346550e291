//! The SQL of messages: what was said in a thread, its files, and the drafts of what may be said next.

use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};

use super::messages::{Attached, Message};
use crate::Result;

const MESSAGE: &str = "select id, case_id, party_id, direction, channel, subject, body, label, language, state, substantive, mail_message_id, by_whom, at, raw, placed_from from messages ";

impl FromRow for Message {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            case: row.get()?,
            party: row.get()?,
            direction: row.get()?,
            channel: row.get()?,
            subject: row.get()?,
            body: row.get()?,
            label: row.get()?,
            language: row.get()?,
            state: row.get()?,
            substantive: row.get()?,
            mail_message_id: row.get()?,
            by: row.get()?,
            at: row.get()?,
            raw: row.get()?,
            placed_from: row.get()?,
            files: Vec::new(),
            recommendations: Vec::new(),
            seals: Vec::new(),
        })
    }
}

pub(super) async fn get(reader: &mut Reader, id: Id) -> Result<Option<Message>> {
    let mut statement = Statement::new(MESSAGE);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn of_party(reader: &mut Reader, party: Id) -> Result<Vec<Message>> {
    let mut statement = Statement::new(MESSAGE);
    statement.push("where party_id = ").bind(party).push(" order by at desc limit 500");
    let mut messages: Vec<Message> = reader.select(statement).await?;
    messages.reverse();
    Ok(messages)
}

pub(super) async fn of_case(reader: &mut Reader, case: Id, limit: u32) -> Result<Vec<Message>> {
    let mut statement = Statement::new(MESSAGE);
    statement.push("where case_id = ").bind(case).push(" order by at desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// The parties of a case with doubted messages, each as often as it has any.
pub(super) async fn doubted_in(reader: &mut Reader, case: Id) -> Result<Vec<Id>> {
    let text = "select party_id from messages where case_id = $1 and state = 'doubted' and party_id is not null limit 1000";
    Ok(reader.rows::<(Id,)>(text, args![case]).await?.into_iter().map(|(id,)| id).collect())
}

/// Id, party and subject of what was released to these parties, the newest first.
pub(super) async fn subjects(reader: &mut Reader, parties: &[Id]) -> Result<Vec<(Id, Id, String)>> {
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("select id, party_id, subject from messages where direction = 'out' and state <> 'automatic' and subject <> '' and party_id in (");
    statement.bind_list(parties.iter().map(Value::from)).push(") order by at desc, id desc");
    Ok(reader.select(statement).await?)
}

pub(super) async fn threads_of(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, Id, Timestamp)>> {
    let mut statement = Statement::new("select id, party_id, at from messages where party_id is not null and id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// How many messages went out to a party: what two writers compare.
pub(super) async fn sent_count(reader: &mut Reader, party: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from messages where party_id = $1 and direction = 'out'", args![party]).await?)
}

/// Whether an answer went out to a party after an instant.
pub(super) async fn was_answered_since(reader: &mut Reader, party: Id, at: Timestamp) -> Result<bool> {
    let text = "select 1 from messages where party_id = $1 and direction = 'out' and substantive = 1 and at > $2 limit 1";
    let found: Option<i64> = reader.value(text, args![party, at]).await?;
    Ok(found.is_some())
}

/// When the first message of a party came at an instant or later: whoever may have written it, and the party itself.
pub(super) async fn first_since(reader: &mut Reader, party: Id, since: Timestamp) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    let text = "select min(at), min(case when state = 'received' then at end) from messages where party_id = $1 and direction = 'in' \
         and channel <> 'phone' and state in ('received', 'doubted') and at >= $2";
    Ok(reader.row(text, args![party, since]).await?.unwrap_or_default())
}

/// What was put into threads of a case: the report, the thread, the message.
pub(super) async fn placed_in(reader: &mut Reader, case: Id) -> store::Result<Vec<(Id, Id, Id)>> {
    let text = "select placed_from, party_id, id from messages where case_id = $1 and placed_from is not null and party_id is not null";
    reader.rows(text, args![case]).await
}

/// The threads into which what a report says was put, the one of the newest message first.
pub(super) async fn placed(reader: &mut Reader, report: Id) -> Result<Vec<Id>> {
    let text = "select party_id from messages where placed_from = $1 and party_id is not null order by at desc, id desc limit 500";
    let mut threads: Vec<Id> = Vec::new();
    for (party,) in reader.rows::<(Id,)>(text, args![report]).await? {
        if !threads.contains(&party) {
            threads.push(party);
        }
    }
    Ok(threads)
}

/// Takes what came as a report out of a thread. It stands in the report; what was read of it here stays on record. Says
/// which messages they were.
pub(super) async fn take_out(tx: &mut Tx, party: Id, report: Id) -> Result<Vec<Id>> {
    let text = "select id from messages where placed_from = $1 and party_id = $2 order by at, id limit 500";
    let ids: Vec<(Id,)> = tx.rows(text, args![report, party]).await?;
    let text = "update messages set party_id = null, case_id = null, placed_from = null, state = 'taken_back', version = version + 1 \
         where placed_from = $1 and party_id = $2";
    tx.execute(text, args![report, party]).await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

pub(super) struct NewMessage<'a> {
    pub message: &'a Message,
    pub in_reply_to: Option<String>,
    pub raw: Option<vault::blob::Hash>,
    pub version: i64,
}

pub(super) async fn insert(tx: &mut Tx, new: NewMessage<'_>) -> Result<()> {
    let one = new.message;
    tx.execute(
        "insert into messages (id, case_id, party_id, report_id, direction, channel, subject, body, label, language, state, substantive, mail_message_id, \
         in_reply_to, raw, by_whom, at, version, placed_from) \
         values ($1, $2, $3, null, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        args![
            one.id,
            one.case,
            one.party,
            &one.direction,
            &one.channel,
            &one.subject,
            &one.body,
            &one.label,
            &one.language,
            &one.state,
            one.substantive,
            one.mail_message_id.clone(),
            new.in_reply_to,
            new.raw,
            &one.by,
            one.at,
            new.version,
            one.placed_from
        ],
    )
    .await?;
    Ok(())
}

/// A doubted answer is another's; says whether it was doubted.
pub(super) async fn set_refused(tx: &mut Tx, message: Id) -> Result<bool> {
    Ok(tx.execute("update messages set state = 'refused', version = version + 1 where id = $1 and state = 'doubted'", args![message]).await? == 1)
}

/// A doubted answer is its party's own after all, also one that was refused; says whether it was doubted.
pub(super) async fn set_own(tx: &mut Tx, message: Id) -> Result<bool> {
    Ok(tx.execute("update messages set state = 'received', version = version + 1 where id = $1 and state in ('doubted', 'refused')", args![message]).await?
        == 1)
}

pub(super) async fn set_label(tx: &mut Tx, message: Id, label: &str) -> Result<()> {
    tx.execute("update messages set label = $2 where id = $1", args![message, label]).await?;
    Ok(())
}

pub(super) async fn set_mail_id(tx: &mut Tx, message: Id, mail_message_id: &str) -> Result<()> {
    tx.execute("update messages set mail_message_id = $2 where id = $1", args![message, mail_message_id]).await?;
    Ok(())
}

pub(super) async fn insert_file(tx: &mut Tx, message: Id, place: usize, file: &Attached) -> Result<()> {
    let id = tx.new_id();
    tx.execute(
        "insert into message_files (id, message_id, name, media_type, size, blob, place) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, message, &file.name, &file.media_type, file.size, file.blob, place],
    )
    .await?;
    Ok(())
}

impl FromRow for Attached {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self { id: row.get()?, message: row.get()?, name: row.get()?, media_type: row.get()?, size: row.get()?, blob: row.get()? })
    }
}

pub(super) async fn files(reader: &mut Reader, messages: &[Id]) -> Result<Vec<Attached>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, message_id, name, media_type, size, blob from message_files where message_id in (");
    statement.bind_list(messages.iter().map(Value::from)).push(") order by message_id, place");
    Ok(reader.select(statement).await?)
}

// ---- drafts ---------------------------------------------------------------------------------

/// Somebody's draft to a party.
pub(super) struct Kept {
    pub person: Id,
    pub fields: String,
    pub base: i64,
    pub at: Timestamp,
}

impl FromRow for Kept {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self { person: row.get()?, fields: row.get()?, base: row.get()?, at: row.get()? })
    }
}

pub(super) async fn drafts(reader: &mut Reader, party: Id) -> store::Result<Vec<Kept>> {
    reader.rows("select person_id, fields, base_version, updated_at from drafts where noun = 'party' and noun_id = $1", args![party]).await
}

/// The fields of everybody's drafts to parties.
pub(super) async fn all_drafts(reader: &mut Reader) -> store::Result<Vec<String>> {
    Ok(reader.rows::<(String,)>("select fields from drafts where noun = 'party'", vec![]).await?.into_iter().map(|(fields,)| fields).collect())
}

pub(super) async fn keep_draft(tx: &mut Tx, person: Id, party: Id, fields: &str, base: i64) -> store::Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into drafts (person_id, noun, noun_id, fields, base_version, updated_at) values ($1, 'party', $2, $3, $4, $5) \
         on conflict (person_id, noun, noun_id) do update set fields = $3, base_version = $4, updated_at = $5",
        args![person, party, fields, base, now],
    )
    .await?;
    Ok(())
}

pub(super) async fn drop_draft(tx: &mut Tx, person: Id, party: Id) -> store::Result<u64> {
    tx.execute("delete from drafts where person_id = $1 and noun = 'party' and noun_id = $2", args![person, party]).await
}
