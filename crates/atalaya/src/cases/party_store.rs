//! The SQL of parties, and what a thread asks of its case.

use formats::label::Tlp;
use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};

use super::parties::Party;
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

const PARTY: &str = "select p.id, p.case_id, p.organisation_id, p.contact_id, p.report_id, p.name, p.alias, p.role, p.mail, p.language, p.reach, p.ceiling, \
     p.consent_until, p.consent_note, p.last_in, p.last_out, p.unread, p.added_at, p.link_turn, p.link_ended, p.link_in_clear, \
     p.name_checked, p.phone, p.ended_at, p.ended_reason, p.asked_at, p.unread_at from parties p ";

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
            checked: row.get()?,
            phone: row.get()?,
            ended_at: row.get()?,
            ended_reason: row.get()?,
            asked_at: row.get()?,
            unread_at: row.get()?,
        })
    }
}

pub(super) async fn party(reader: &mut Reader, id: Id) -> Result<Option<Party>> {
    Ok(party_row(reader, id).await?)
}

/// The same, for house-keeping.
pub(super) async fn party_row(reader: &mut Reader, id: Id) -> store::Result<Option<Party>> {
    let mut statement = Statement::new(PARTY);
    statement.push("where p.id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The next parties in the order of their ids, each with whether search knows it.
pub(super) async fn whether_found(reader: &mut Reader, after: Id, most: u32) -> Result<Vec<(Id, bool)>> {
    let text =
        "select p.id, (select count(*) from search_rows s where s.noun = 'party' and s.noun_id = p.id) from parties p where p.id > $1 order by p.id limit $2";
    Ok(reader.rows(text, args![after, most]).await?)
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
         and p.ended_at is null and p.last_out is not null and (p.last_in is null or p.last_in < p.last_out)";
    Ok(reader.count(text, args![organisation]).await?)
}

/// What is written of a party, new or not, from its contact to its number.
fn written(party: &Party) -> Vec<Value> {
    args![
        party.id,
        party.contact,
        &party.name,
        &party.alias,
        &party.role,
        party.mail.clone(),
        &party.language,
        &party.reach,
        party.ceiling.as_str(),
        party.checked,
        &party.phone
    ]
}

pub(super) async fn insert_party(tx: &mut Tx, party: &Party, secret: [u8; 32]) -> Result<()> {
    tx.execute(
        "insert into parties (id, contact_id, name, alias, role, mail, language, reach, ceiling, name_checked, phone, case_id, organisation_id, report_id, secret, \
         added_at, consent_until, consent_note, last_in, last_out, unread) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, null, '', null, null, 0)",
        [written(party), args![party.case, party.organisation, party.report, secret, party.added_at]].concat(),
    )
    .await?;
    Ok(())
}

pub(super) async fn update_party(tx: &mut Tx, party: &Party) -> Result<()> {
    tx.execute(
        "update parties set contact_id = $2, name = $3, alias = $4, role = $5, mail = $6, language = $7, reach = $8, ceiling = $9, \
         name_checked = $10, phone = $11 where id = $1",
        written(party),
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

/// Since when it takes part no longer, and why; or that it does again.
pub(super) async fn set_ended(tx: &mut Tx, party: Id, at: Option<Timestamp>, reason: &str) -> Result<()> {
    tx.execute("update parties set ended_at = $2, ended_reason = $3 where id = $1", args![party, at, reason]).await?;
    Ok(())
}

/// It told us something, and whoever of the team took it down has heard it.
pub(super) async fn mark_heard(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set last_in = $2 where id = $1", args![party, at]).await?;
    Ok(())
}

/// Something was taken out of its thread: when it last told us something, and since when nobody has read what it told, is
/// as the rest of the thread says.
pub(super) async fn mark_heard_anew(tx: &mut Tx, party: &Party) -> Result<()> {
    let said: Option<Option<Timestamp>> =
        tx.value("select max(at) from messages where party_id = $1 and direction = 'in' and state = 'received'", args![party.id]).await?;
    let advised: Option<Option<Timestamp>> = tx.value("select max(answered_at) from recommendations where party_id = $1", args![party.id]).await?;
    let last = said.flatten().max(advised.flatten());
    let (unread, _) = match party.unread_at {
        Some(since) => super::message_store::first_since(tx, party.id, since).await?,
        None => (None, None),
    };
    let text = "update parties set last_in = $2, unread_at = $3, unread = case when $4 = 1 then unread else 0 end where id = $1";
    tx.execute(text, args![party.id, last, unread, unread.is_some()]).await?;
    Ok(())
}

/// An answer came that somebody has to read.
pub(super) async fn mark_in(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set last_in = $2, unread = unread + 1, unread_at = coalesce(unread_at, $2) where id = $1", args![party, at]).await?;
    Ok(())
}

/// Something came that may be another's: somebody has to read it, and whether the party answered is not known.
pub(super) async fn mark_doubted(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set unread = unread + 1, unread_at = coalesce(unread_at, $2) where id = $1", args![party, at]).await?;
    Ok(())
}

/// What a party wrote after the end of its case waits for a decision, since the first of it.
pub(super) async fn set_asked(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set asked_at = $2 where id = $1 and (asked_at is null or asked_at > $2)", args![party, at]).await?;
    Ok(())
}

/// What a party wrote after the end was answered, up to what waits on. Says whether anything of the case waits still.
pub(super) async fn answer_asked(tx: &mut Tx, party: &Party, waits: Option<Timestamp>) -> Result<bool> {
    tx.execute("update parties set asked_at = $2 where id = $1", args![party.id, waits]).await?;
    let other: Option<i64> = tx.value("select 1 from parties where case_id = $1 and asked_at is not null limit 1", args![party.case]).await?;
    Ok(other.is_some())
}

/// It was decided what becomes of all that was written after the end of a case.
pub(super) async fn clear_all_asked(tx: &mut Tx, case: Id) -> Result<()> {
    tx.execute("update parties set asked_at = null where case_id = $1 and asked_at is not null", args![case]).await?;
    Ok(())
}

/// We wrote. What came meanwhile stays unread: whoever wrote need not have seen it.
pub(super) async fn mark_out(tx: &mut Tx, party: Id, at: Timestamp) -> Result<()> {
    tx.execute("update parties set last_out = $2 where id = $1", args![party, at]).await?;
    Ok(())
}

pub(super) async fn mark_read(tx: &mut Tx, party: Id) -> Result<u64> {
    Ok(tx.execute("update parties set unread = 0, unread_at = null where id = $1 and unread > 0", args![party]).await?)
}
