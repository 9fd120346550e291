//! What was told, and what could not be.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use formats::label::Tlp;
use jiff::Timestamp;
use vault::blob::Hash;

use super::small;
use crate::Result;
use crate::events::notices::told::{Held, Notice, NoticeThread};

const NOTICE: &str = "select id, number, holder, organisation_id, rule_id, turn, arrival_from, arrival_to, contact_id, channel, label, language, events, fresh, again, lasting, gone, severity, \
     subject, content, csv, lines, attached, at from notices ";

impl FromRow for Notice {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            holder: row.get()?,
            organisation: row.get()?,
            rule: row.get()?,
            turn: row.get()?,
            arrivals: (row.get()?, row.get()?),
            contact: row.get()?,
            channel: row.get()?,
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            language: row.get()?,
            events: row.get()?,
            fresh: row.get()?,
            again: row.get()?,
            lasting: row.get()?,
            gone: row.get()?,
            severity: small(row)?,
            subject: row.get()?,
            content: row.get()?,
            csv: row.get()?,
            lines: row.get()?,
            attached: row.get::<i64>()? != 0,
            at: row.get()?,
        })
    }
}

pub async fn insert_notice(tx: &mut Tx, one: &Notice) -> Result<()> {
    tx.execute(
        "insert into notices (id, number, holder, organisation_id, rule_id, turn, arrival_from, arrival_to, contact_id, channel, label, language, events, fresh, again, lasting, gone, \
         severity, subject, content, csv, lines, attached, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
        args![
            one.id,
            &one.number,
            one.holder,
            one.organisation,
            one.rule,
            one.turn,
            one.arrivals.0,
            one.arrivals.1,
            one.contact,
            &one.channel,
            one.label.as_str(),
            &one.language,
            one.events,
            one.fresh,
            one.again,
            one.lasting,
            one.gone,
            i64::from(one.severity),
            &one.subject,
            one.content,
            one.csv,
            one.lines,
            i64::from(one.attached),
            one.at
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_slot(tx: &mut Tx, rule: Id, organisation: Id, slot: &str, notice: Id) -> Result<()> {
    tx.execute("insert into notice_slots (rule_id, organisation_id, slot, notice_id) values ($1, $2, $3, $4)", args![rule, organisation, slot, notice]).await?;
    Ok(())
}

/// Which of these slots were told already.
pub async fn was_told(reader: &mut Reader, organisation: Id, due: &[(Id, String)]) -> ::store::Result<Vec<(Id, String)>> {
    let mut told = Vec::new();
    for (rule, slot) in due {
        let text = "select 1 from notice_slots where rule_id = $1 and organisation_id = $2 and slot = $3";
        if reader.value::<i64>(text, args![*rule, organisation, slot]).await?.is_some() {
            told.push((*rule, slot.clone()));
        }
    }
    Ok(told)
}

/// Notices, the newest first: of all, or of one organisation; up to a label.
pub fn notices_statement(organisation: Option<Id>, ceiling: Option<Tlp>, before: Option<(Timestamp, Id)>, limit: u32) -> Statement {
    let mut statement = Statement::new(NOTICE);
    statement.push("where 1 = 1");
    if let Some(organisation) = organisation {
        statement.push(" and organisation_id = ").bind(organisation);
    }
    if let Some(ceiling) = ceiling {
        let labels = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red].into_iter().filter(|label| *label <= ceiling);
        statement.push(" and label in (").bind_list(labels.map(|label| label.as_str().into())).push(")");
    }
    if let Some((at, id)) = before {
        statement.push(" and (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by at desc, id desc limit ").bind(limit);
    statement
}

pub async fn notice_numbered(reader: &mut Reader, number: &str) -> Result<Option<Notice>> {
    let mut statement = Statement::new(NOTICE);
    statement.push("where number = ").bind(number);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn thread(reader: &mut Reader, id: Id) -> Result<Option<NoticeThread>> {
    let row: Option<(String, Id, Id)> = reader.row("select number, organisation_id, contact_id from notices where id = $1", args![id]).await?;
    Ok(row.map(|(number, organisation, contact)| NoticeThread { number, organisation, contact }))
}

/// The rules that a notice speaks for, with their moments.
pub async fn slots_of(reader: &mut Reader, notice: Id) -> Result<Vec<(String, String)>> {
    let text = "select r.name, s.slot from notice_slots s join notice_rules r on r.id = s.rule_id where s.notice_id = $1 order by r.place, r.id";
    Ok(reader.rows(text, args![notice]).await?)
}

impl FromRow for Held {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            holder: row.get()?,
            organisation: row.get()?,
            rule: row.get()?,
            why: row.get()?,
            findings: row.get()?,
            severity: small(row)?,
            since: row.get()?,
        })
    }
}

pub async fn held(reader: &mut Reader, limit: u32) -> Result<Vec<Held>> {
    let text = "select holder, organisation_id, rule_id, why, findings, severity, since from notice_held order by since, holder limit $1";
    Ok(reader.rows(text, args![limit]).await?)
}

pub async fn held_of(reader: &mut Reader, holder: i64) -> ::store::Result<Option<Held>> {
    let text = "select holder, organisation_id, rule_id, why, findings, severity, since from notice_held where holder = $1";
    reader.row(text, args![holder]).await
}

pub async fn count_held(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from notice_held limit 101) h", vec![]).await?)
}

pub async fn hold(tx: &mut Tx, one: &Held) -> ::store::Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into notice_held (holder, organisation_id, rule_id, why, findings, severity, since, at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (holder) do update set rule_id = excluded.rule_id, why = excluded.why, findings = excluded.findings, severity = excluded.severity, at = excluded.at",
        args![one.holder, one.organisation, one.rule, &one.why, one.findings, i64::from(one.severity), one.since, now],
    )
    .await
    .map(drop)
}

pub async fn unhold(tx: &mut Tx, holder: i64) -> ::store::Result<()> {
    tx.execute("delete from notice_held where holder = $1", args![holder]).await.map(drop)
}

/// The words of a notice, where they lie.
#[derive(Clone, Debug)]
pub struct Words {
    pub id: Id,
    pub number: String,
    pub organisation: Id,
    pub content: Hash,
    pub csv: Hash,
    pub at: Timestamp,
}

impl FromRow for Words {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { id: row.get()?, number: row.get()?, organisation: row.get()?, content: row.get()?, csv: row.get()?, at: row.get()? })
    }
}

/// Notices told up to an instant, to all or to one holder, behind one of them in the order of time.
pub async fn words_before(reader: &mut Reader, holder: Option<i64>, until: Timestamp, after: Option<(Timestamp, Id)>, limit: u32) -> Result<Vec<Words>> {
    let mut statement = Statement::new("select id, number, organisation_id, content, csv, at from notices where at <= ");
    statement.bind(until);
    if let Some(holder) = holder {
        statement.push(" and holder = ").bind(holder);
    }
    if let Some((at, id)) = after {
        statement.push(" and (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by at desc, id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn replace_words(tx: &mut Tx, id: Id, content: Hash, csv: Hash) -> Result<()> {
    tx.execute("update notices set content = $2, csv = $3 where id = $1", args![id, content, csv]).await?;
    Ok(())
}

/// Whether a notice still names these bytes.
pub async fn is_named(reader: &mut Reader, bytes: Hash) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from notices where content = $1 or csv = $1 limit 1", args![bytes]).await?.is_some())
}
