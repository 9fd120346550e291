//! The SQL of parties, messages and recommendations.

use formats::label::Tlp;
use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};

use super::messages::{Attached, Message};
use super::parties::Party;
use super::recommendations::Recommendation;
use crate::Result;

/// Number and state of cases, for those who see a slice only.
pub(super) async fn numbers(reader: &mut Reader, cases: &[Id]) -> Result<Vec<(Id, String, String)>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, number, state from cases where id in (");
    statement.bind_list(cases.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

pub(super) async fn reports_of(reader: &mut Reader, case: Id) -> Result<Vec<Id>> {
    Ok(reader.rows::<(Id,)>("select report_id from case_reports where case_id = $1", args![case]).await?.into_iter().map(|(id,)| id).collect())
}

/// A label as the database has it; what is empty or unknown carries the team's default.
pub(super) fn label(text: &str, default: Tlp) -> Tlp {
    text.parse().unwrap_or(default)
}

// ---- parties --------------------------------------------------------------------------------

const PARTY: &str = "select p.id, p.case_id, p.organisation_id, p.contact_id, p.report_id, p.name, p.alias, p.role, p.mail, p.language, p.reach, p.ceiling, \
     p.consent_until, p.consent_note, p.last_in, p.last_out, p.unread, p.added_at, p.link_turn, p.link_ended, p.link_in_clear from parties p ";

impl FromRow for Party {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            case: row.get()?,
            organisation: row.get()?,
            contact: row.get()?,
            report: row.get()?,
            name: row.get()?,
            alias: row.get()?,
            role: row.get()?,
            mail: row.get()?,
            language: row.get()?,
            reach: row.get()?,
            ceiling: label(&row.get::<String>()?, Tlp::Amber),
            consent_until: row.get()?,
            consent_note: row.get()?,
            last_in: row.get()?,
            last_out: row.get()?,
            unread: row.get()?,
            added_at: row.get()?,
            link_turn: row.get()?,
            link_ended: row.get()?,
            link_in_clear: row.get()?,
        })
    }
}

pub(super) async fn party(reader: &mut Reader, id: Id) -> Result<Option<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("where p.id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn party_by_secret(reader: &mut Reader, hash: [u8; 32]) -> Result<Option<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("where p.secret = ").bind(hash);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn parties(reader: &mut Reader, case: Id) -> Result<Vec<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("where p.case_id = ").bind(case).push(" order by p.added_at");
    Ok(reader.select(statement).await?)
}

pub(super) async fn parties_of_report(reader: &mut Reader, report: Id) -> Result<Vec<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("where p.report_id = ").bind(report);
    Ok(reader.select(statement).await?)
}

/// The threads of an organisation in which something was said, newest case first, from below a key: case and thread.
pub(super) async fn parties_of_organisation(reader: &mut Reader, organisation: Id, below: Option<(Id, Id)>, limit: usize) -> Result<Vec<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("where p.organisation_id = ").bind(organisation).push(" and (p.last_out is not null or p.last_in is not null)");
    if let Some((case, party)) = below {
        statement.push(" and p.case_id <= ").bind(case).push(" and (p.case_id < ").bind(case).push(" or p.id < ").bind(party).push(")");
    }
    statement.push(" order by p.case_id desc, p.id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// The threads of an organisation in the case of this number, the newest first.
pub(super) async fn parties_in_case(reader: &mut Reader, organisation: Id, number: &str) -> Result<Vec<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("join cases c on c.id = p.case_id where c.number = ").bind(number).push(" and p.organisation_id = ").bind(organisation);
    statement.push(" order by p.id desc");
    Ok(reader.select(statement).await?)
}

/// In how many threads of an organisation, in open cases, we wait for its answer.
pub(super) async fn count_waiting(reader: &mut Reader, organisation: Id) -> Result<i64> {
    let text = "select count(*) from parties p join cases c on c.id = p.case_id where p.organisation_id = $1 and c.state = 'open' \
         and p.last_out is not null and (p.last_in is null or p.last_in < p.last_out)";
    Ok(reader.count(text, args![organisation]).await?)
}

pub(super) async fn insert_party(tx: &mut Tx, party: &Party, secret: [u8; 32]) -> Result<()> {
    tx.execute(
        "insert into parties (id, case_id, organisation_id, contact_id, report_id, name, alias, role, mail, language, reach, ceiling, consent_until, \
         consent_note, secret, last_in, last_out, unread, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, '', $13, null, null, 0, $14)",
        args![
            party.id, party.case, party.organisation, party.contact, party.report, &party.name, &party.alias, &party.role, party.mail.clone(),
            &party.language, &party.reach, party.ceiling.as_str(), secret, party.added_at
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn update_party(tx: &mut Tx, party: &Party) -> Result<()> {
    tx.execute(
        "update parties set contact_id = $2, name = $3, alias = $4, role = $5, mail = $6, language = $7, reach = $8, ceiling = $9 where id = $1",
        args![party.id, party.contact, &party.name, &party.alias, &party.role, party.mail.clone(), &party.language, &party.reach, party.ceiling.as_str()],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_link(tx: &mut Tx, party: &Party, secret: [u8; 32]) -> Result<()> {
    let text = "update parties set secret = $2, link_turn = $3, link_ended = $4, link_in_clear = 0 where id = $1";
    tx.execute(text, args![party.id, secret, party.link_turn, party.link_ended]).await?;
    Ok(())
}

pub(super) async fn set_link_in_clear(tx: &mut Tx, party: Id) -> Result<()> {
    tx.execute("update parties set link_in_clear = 1 where id = $1", args![party]).await?;
    Ok(())
}

pub(super) async fn link_is_ended(reader: &mut Reader, party: Id) -> Result<bool> {
    Ok(reader.value("select link_ended from parties where id = $1", args![party]).await?.unwrap_or(true))
}

/// Whether anything but drafts hangs on a party.
pub(super) async fn is_bound(reader: &mut Reader, party: Id) -> Result<bool> {
    for text in [
        "select 1 from messages where party_id = $1 limit 1",
        "select 1 from tasks where party_id = $1 limit 1",
        "select 1 from recommendations where party_id = $1 and message_id is not null limit 1",
    ] {
        let found: Option<i64> = reader.value(text, args![party]).await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The party, and what was drafted for it.
pub(super) async fn remove_party(tx: &mut Tx, party: Id) -> Result<()> {
    for text in [
        "delete from drafts where noun = 'party' and noun_id = $1",
        "delete from recommendations where party_id = $1 and message_id is null",
        "delete from parties where id = $1",
    ] {
        tx.execute(text, args![party]).await?;
    }
    Ok(())
}

pub(super) async fn set_consent(tx: &mut Tx, party: Id, until: Option<Timestamp>, note: &str) -> Result<()> {
    tx.execute("update parties set consent_until = $2, consent_note = $3 where id = $1", args![party, until, note]).await?;
    Ok(())
}

/// Waits until nobody else writes to this thread.
pub(super) async fn hold(tx: &mut Tx, party: Id) -> Result<()> {
    tx.execute("update parties set unread = unread where id = $1", args![party]).await?;
    Ok(())
}

/// It told us something, and whoever of the team took it down has heard it.
pub(super) async fn mark_heard(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set last_in = $2 where id = $1", args![party, at]).await?;
    Ok(())
}

/// An answer came that somebody has to read.
pub(super) async fn mark_in(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set last_in = $2, unread = unread + 1 where id = $1", args![party, at]).await?;
    Ok(())
}

/// We wrote. What came meanwhile stays unread: whoever wrote need not have seen it.
pub(super) async fn mark_out(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set last_out = $2 where id = $1", args![party, at]).await?;
    Ok(())
}

pub(super) async fn mark_read(tx: &mut Tx, party: Id) -> Result<u64> {
    Ok(tx.execute("update parties set unread = 0 where id = $1 and unread > 0", args![party]).await?)
}

// ---- messages -------------------------------------------------------------------------------

const MESSAGE: &str =
    "select id, case_id, party_id, direction, channel, subject, body, label, language, state, substantive, mail_message_id, by_whom, at, raw from messages ";

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
            files: Vec::new(),
            recommendations: Vec::new(),
            seals: Vec::new(),
        })
    }
}

pub(super) async fn message(reader: &mut Reader, id: Id) -> Result<Option<Message>> {
    let mut statement = Statement::new(MESSAGE);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn messages_of_party(reader: &mut Reader, party: Id) -> Result<Vec<Message>> {
    let mut statement = Statement::new(MESSAGE);
    statement.push("where party_id = ").bind(party).push(" order by at desc limit 500");
    let mut messages: Vec<Message> = reader.select(statement).await?;
    messages.reverse();
    Ok(messages)
}

pub(super) async fn messages_of_case(reader: &mut Reader, case: Id, limit: u32) -> Result<Vec<Message>> {
    let mut statement = Statement::new(MESSAGE);
    statement.push("where case_id = ").bind(case).push(" order by at desc limit ").bind(limit);
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

pub(super) struct NewMessage<'a> {
    pub message: &'a Message,
    pub in_reply_to: Option<String>,
    pub raw: Option<vault::blob::Hash>,
    pub version: i64,
}

pub(super) async fn insert_message(tx: &mut Tx, new: NewMessage<'_>) -> Result<()> {
    let one = new.message;
    tx.execute(
        "insert into messages (id, case_id, party_id, report_id, direction, channel, subject, body, label, language, state, substantive, mail_message_id, \
         in_reply_to, raw, by_whom, at, version) values ($1, $2, $3, null, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
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
            new.version
        ],
    )
    .await?;
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

pub(super) async fn drafts(reader: &mut Reader, party: Id) -> Result<Vec<Kept>> {
    Ok(reader.rows("select person_id, fields, base_version, updated_at from drafts where noun = 'party' and noun_id = $1", args![party]).await?)
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

// ---- recommendations ------------------------------------------------------------------------

const RECOMMENDATION: &str =
    "select id, case_id, party_id, message_id, kind, text, wish_at, state, answer, hearsay, answered_at, created_at from recommendations ";

impl FromRow for Recommendation {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            case: row.get()?,
            party: row.get()?,
            message: row.get()?,
            kind: row.get()?,
            text: row.get()?,
            wish_at: row.get()?,
            state: row.get()?,
            answer: row.get()?,
            hearsay: row.get()?,
            answered_at: row.get()?,
            created_at: row.get()?,
        })
    }
}

pub(super) async fn recommendation(reader: &mut Reader, id: Id) -> Result<Option<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn recommendation_by_secret(reader: &mut Reader, hash: [u8; 32]) -> Result<Option<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where secret = ").bind(hash);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn recommendations_of_party(reader: &mut Reader, party: Id) -> Result<Vec<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where party_id = ").bind(party).push(" order by created_at");
    Ok(reader.select(statement).await?)
}

/// What waits for an organisation's answer in open cases, the newest first.
pub(super) async fn recommendations_of_organisation(reader: &mut Reader, organisation: Id) -> Result<Vec<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push(
        "where state = 'sent' and party_id in (select p.id from parties p join cases c on c.id = p.case_id where c.state = 'open' and p.organisation_id = ",
    );
    statement.bind(organisation).push(") order by created_at desc limit 200");
    Ok(reader.select(statement).await?)
}

pub(super) async fn recommendations_of_case(reader: &mut Reader, case: Id) -> Result<Vec<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where case_id = ").bind(case).push(" order by created_at limit 500");
    Ok(reader.select(statement).await?)
}

pub(super) async fn set_recommendation_secret(tx: &mut Tx, id: Id, secret: [u8; 32]) -> Result<()> {
    tx.execute("update recommendations set secret = $2 where id = $1", args![id, secret]).await?;
    Ok(())
}

pub(super) async fn change_recommendation_secret(tx: &mut Tx, id: Id, old: [u8; 32], new: [u8; 32]) -> Result<()> {
    tx.execute("update recommendations set secret = $3 where id = $1 and secret = $2", args![id, old, new]).await?;
    Ok(())
}

pub(super) async fn insert_recommendation(tx: &mut Tx, one: &Recommendation, secret: [u8; 32]) -> Result<()> {
    tx.execute(
        "insert into recommendations (id, case_id, party_id, message_id, kind, text, wish_at, state, answer, hearsay, answered_at, secret, created_at) \
         values ($1, $2, $3, null, $4, $5, $6, 'draft', '', '', null, $7, $8)",
        args![one.id, one.case, one.party, &one.kind, &one.text, one.wish_at, secret, one.created_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn send_recommendation(tx: &mut Tx, id: Id, message: Id) -> Result<()> {
    tx.execute("update recommendations set state = 'sent', message_id = $2 where id = $1 and state = 'draft'", args![id, message]).await?;
    Ok(())
}

pub(super) async fn set_recommendation(tx: &mut Tx, id: Id, state: &str, answer: &str, answered_at: Option<Timestamp>) -> Result<()> {
    tx.execute("update recommendations set state = $2, answer = $3, answered_at = $4 where id = $1", args![id, state, answer, answered_at]).await?;
    Ok(())
}

pub(super) async fn set_hearsay(tx: &mut Tx, id: Id, hearsay: &str) -> Result<()> {
    tx.execute("update recommendations set hearsay = $2 where id = $1", args![id, hearsay]).await?;
    Ok(())
}
