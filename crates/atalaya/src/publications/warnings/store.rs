//! The SQL of warnings.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use formats::label::Tlp;
use jiff::Timestamp;

use super::{Reason, Target, Warning};
use crate::{Error, Result};

const WARNING: &str = "select id, mailing_id, publication_id, version, ahead, organisation_id, reasons, state, why, contact_id, channel, label, language, subject, content, \
                       message_id, at from warnings ";

impl FromRow for Warning {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            mailing: row.get()?,
            publication: row.get()?,
            version: row.get()?,
            ahead: row.get::<i64>()? != 0,
            organisation: row.get()?,
            reasons: serde_json::from_str(&row.get::<String>()?).map_err(|_| ::store::Error::Shape("the reasons of a warning"))?,
            state: row.get()?,
            why: row.get()?,
            contact: row.get()?,
            channel: row.get()?,
            // A label that cannot be read is the highest.
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            language: row.get()?,
            subject: row.get()?,
            content: row.get()?,
            message_id: row.get()?,
            at: row.get()?,
        })
    }
}

pub async fn rule(reader: &mut Reader, publication: Id) -> Result<Option<String>> {
    Ok(reader.value("select told from publication_rules where publication_id = $1", args![publication]).await?)
}

pub async fn set_rule(tx: &mut Tx, publication: Id, rule: &str) -> Result<()> {
    let text = "insert into publication_rules (publication_id, told) values ($1, $2) on conflict (publication_id) do update set told = excluded.told";
    tx.execute(text, args![publication, rule]).await?;
    Ok(())
}

pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Warning>> {
    let mut statement = Statement::new(WARNING);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// That of an organisation.
pub async fn of_organisation(reader: &mut Reader, publication: Id, target: Target, organisation: Id) -> Result<Option<Warning>> {
    let mut statement = Statement::new(WARNING);
    statement.push("where publication_id = ").bind(publication).push(" and version = ").bind(target.version);
    statement.push(" and ahead = ").bind(i64::from(target.ahead)).push(" and organisation_id = ").bind(organisation);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Those of a version, in the order in which a person looks at them.
pub async fn of(reader: &mut Reader, publication: Id, target: Target, limit: u32) -> Result<Vec<Warning>> {
    let mut all = Vec::new();
    for state in ["proposed", "out", "held", "waits", "told"] {
        let left = (limit as usize).saturating_sub(all.len());
        let mut statement = Statement::new(WARNING);
        statement.push("where publication_id = ").bind(publication).push(" and version = ").bind(target.version);
        statement.push(" and ahead = ").bind(i64::from(target.ahead)).push(" and state = ").bind(state);
        statement.push(" order by organisation_id limit ").bind(left);
        all.extend(reader.select::<Warning>(statement).await?);
    }
    Ok(all)
}

/// How many of a version are in each state.
pub async fn counts(reader: &mut Reader, publication: Id, target: Target) -> Result<Vec<(String, i64)>> {
    let text = "select state, count(*) from warnings where publication_id = $1 and version = $2 and ahead = $3 group by state order by state";
    Ok(reader.rows(text, args![publication, target.version, i64::from(target.ahead)]).await?)
}

/// How many of a mailing are in each state.
pub async fn of_mailing(reader: &mut Reader, mailing: Id) -> Result<Vec<(String, i64)>> {
    Ok(reader.rows("select state, count(*) from warnings where mailing_id = $1 group by state order by state", args![mailing]).await?)
}

/// The next that waits in a mailing.
pub async fn next(reader: &mut Reader, mailing: Id) -> Result<Option<Id>> {
    Ok(reader.value("select id from warnings where mailing_id = $1 and state = 'waits' order by id limit 1", args![mailing]).await?)
}

/// Who was told of a publication, or is being told now, whatever the version. Whom a mailing that was stopped, or that nobody let go,
/// would have told, and who was held, heard of nothing.
pub async fn organisations(reader: &mut Reader, publication: Id) -> Result<Vec<Id>> {
    let text = "select distinct organisation_id from warnings where publication_id = $1 and (state = 'told' \
                or (state = 'waits' and mailing_id in (select id from mailings where publication_id = $1 and state = 'going')))";
    Ok(reader.rows::<(Id,)>(text, args![publication]).await?.into_iter().map(|(id,)| id).collect())
}

/// Those that could not be told of a publication, the newest first.
pub async fn held(reader: &mut Reader, publication: Id) -> Result<Vec<Warning>> {
    let mut statement = Statement::new(WARNING);
    statement.push("where publication_id = ").bind(publication).push(" and state = 'held' order by version desc, ahead, organisation_id");
    Ok(reader.select(statement).await?)
}

/// Those that wait in a mailing, some of them.
pub async fn waiting(reader: &mut Reader, mailing: Id, after: Option<Id>, limit: u32) -> Result<Vec<Warning>> {
    let mut statement = Statement::new(WARNING);
    statement.push("where mailing_id = ").bind(mailing).push(" and state = 'waits'");
    if let Some(after) = after {
        statement.push(" and id > ").bind(after);
    }
    statement.push(" order by id limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// The mails by which an organisation was told of the versions of a publication, the first one first.
pub async fn mails(reader: &mut Reader, publication: Id, organisation: Id) -> Result<Vec<String>> {
    let text = "select message_id from warnings where publication_id = $1 and organisation_id = $2 and state = 'told' and message_id <> '' order by version, ahead desc";
    Ok(reader.rows::<(String,)>(text, args![publication, organisation]).await?.into_iter().map(|(id,)| id).collect())
}

/// Proposes one; what is known of it already gets the new reasons, as long as nobody sent it.
pub async fn propose(tx: &mut Tx, one: &Warning) -> Result<()> {
    let text = "insert into warnings (id, mailing_id, publication_id, version, ahead, organisation_id, reasons, state, why, contact_id, channel, label, language, subject, content, message_id, at) \
                values ($1, null, $2, $3, $4, $5, $6, $7, '', null, '', 'RED', '', '', null, '', $8) \
                on conflict (publication_id, version, ahead, organisation_id) do update set reasons = excluded.reasons where warnings.state in ('proposed', 'out')";
    let reasons = json(&one.reasons)?;
    tx.execute(text, args![one.id, one.publication, one.version, i64::from(one.ahead), one.organisation, reasons, &one.state, one.at]).await?;
    Ok(())
}

/// Has a mailing carry one that nobody carries yet.
pub async fn carry(tx: &mut Tx, one: &Warning, mailing: Id) -> Result<()> {
    let text = "insert into warnings (id, mailing_id, publication_id, version, ahead, organisation_id, reasons, state, why, contact_id, channel, label, language, subject, content, message_id, at) \
                values ($1, $2, $3, $4, $5, $6, $7, 'waits', '', null, '', 'RED', '', '', null, '', $8) \
                on conflict (publication_id, version, ahead, organisation_id) do update set state = 'waits', mailing_id = excluded.mailing_id \
                where warnings.state in ('proposed', 'out')";
    let reasons = json(&one.reasons)?;
    tx.execute(text, args![one.id, mailing, one.publication, one.version, i64::from(one.ahead), one.organisation, reasons, one.at]).await?;
    Ok(())
}

/// What was proposed of other versions is settled by this one.
pub async fn forget_proposed(tx: &mut Tx, publication: Id, version: i64) -> Result<()> {
    let text = "delete from warnings where publication_id = $1 and state in ('proposed', 'out') and (version < $2 or ahead = 1)";
    tx.execute(text, args![publication, version]).await?;
    Ok(())
}

/// Takes one out, or puts it back.
pub async fn choose(tx: &mut Tx, publication: Id, id: Id, state: &str) -> Result<u64> {
    let text = "update warnings set state = $3 where id = $1 and publication_id = $2 and state in ('proposed', 'out') and state <> $3";
    Ok(tx.execute(text, args![id, publication, state]).await?)
}

/// Has a mailing carry what is chosen; what an earlier one left, because it was stopped or held, goes with it where that is
/// `again`.
pub async fn carry_chosen(tx: &mut Tx, publication: Id, target: Target, mailing: Id, again: bool) -> Result<u64> {
    let now = tx.now();
    let text = if again {
        "update warnings set state = 'waits', why = '', mailing_id = $4, at = $5 where publication_id = $1 and version = $2 and ahead = $3 and (state = 'held' \
         or (state = 'waits' and mailing_id in (select id from mailings where publication_id = $1 and state in ('stopped', 'done'))))"
    } else {
        "update warnings set state = 'waits', why = '', mailing_id = $4, at = $5 where publication_id = $1 and version = $2 and ahead = $3 and state = 'proposed'"
    };
    Ok(tx.execute(text, args![publication, target.version, i64::from(target.ahead), mailing, now]).await?)
}

/// Writes down what became of one.
pub async fn settle(tx: &mut Tx, one: &Warning) -> Result<()> {
    tx.execute(
        "update warnings set state = $2, why = $3, contact_id = $4, channel = $5, label = $6, language = $7, subject = $8, content = $9, message_id = $10, at = $11 where id = $1",
        args![
            one.id,
            &one.state,
            &one.why,
            one.contact,
            &one.channel,
            one.label.as_str(),
            &one.language,
            &one.subject,
            one.content,
            &one.message_id,
            one.at
        ],
    )
    .await?;
    Ok(())
}

/// What an organisation was told, the newest first, up to a label.
pub async fn told(reader: &mut Reader, organisation: Id, ceiling: Tlp, before: Option<(Timestamp, Id)>, limit: u32) -> Result<Vec<Warning>> {
    let mut statement = Statement::new(WARNING);
    statement.push("where organisation_id = ").bind(organisation).push(" and state = 'told'");
    let labels = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red].into_iter().filter(|label| *label <= ceiling);
    statement.push(" and label in (").bind_list(labels.map(|label| label.as_str().into())).push(")");
    if let Some((at, id)) = before {
        statement.push(" and (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by at desc, id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

fn json(reasons: &[Reason]) -> Result<String> {
    serde_json::to_string(reasons).map_err(Error::fault)
}
