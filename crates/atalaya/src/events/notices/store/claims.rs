//! What members say is wrong, and what the team decided.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use jiff::Timestamp;

use super::small;
use crate::Result;
use crate::events::notices::claim::Claim;

const CLAIM: &str =
    "select id, organisation_id, holder, finding, subject, kind, words, state, by_whom, at, decided_by, decided_at, note, severity from event_claims ";

impl FromRow for Claim {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            organisation: row.get()?,
            holder: row.get()?,
            finding: row.get()?,
            subject: row.get()?,
            kind: row.get()?,
            words: row.get()?,
            state: row.get()?,
            by_whom: row.get()?,
            at: row.get()?,
            decided_by: row.get()?,
            decided_at: row.get()?,
            note: row.get()?,
            severity: small(row)?,
        })
    }
}

pub async fn claim(reader: &mut Reader, id: Id) -> Result<Option<Claim>> {
    let mut statement = Statement::new(CLAIM);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The newest claim about a finding.
pub async fn claim_on(reader: &mut Reader, holder: i64, finding: &str) -> Result<Option<Claim>> {
    let mut statement = Statement::new(CLAIM);
    statement.push("where holder = ").bind(holder).push(" and finding = ").bind(finding).push(" order by at desc, id desc limit 1");
    Ok(reader.select(statement).await?.into_iter().next())
}

/// All claims of a holder.
pub async fn claims_of(reader: &mut Reader, holder: i64) -> Result<Vec<Claim>> {
    let mut statement = Statement::new(CLAIM);
    statement.push("where holder = ").bind(holder).push(" order by at, id");
    Ok(reader.select(statement).await?)
}

pub async fn claims(reader: &mut Reader, open: bool, limit: u32) -> ::store::Result<Vec<Claim>> {
    let mut statement = Statement::new(CLAIM);
    statement.push(if open { "where state = 'open' order by at, id" } else { "where state <> 'open' order by decided_at desc, id desc" });
    statement.push(" limit ").bind(limit);
    reader.select(statement).await
}

pub async fn count_open_claims(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from event_claims where state = 'open' limit 101) c", args![]).await?)
}

pub async fn count_accepted(reader: &mut Reader, holder: Option<i64>) -> Result<i64> {
    match holder {
        Some(holder) => Ok(reader.count("select count(*) from event_claims where state = 'accepted' and holder = $1", args![holder]).await?),
        None => Ok(reader.count("select count(*) from event_claims where state = 'accepted'", args![]).await?),
    }
}

/// The keys of what a holder is told no more.
pub async fn accepted(reader: &mut Reader, holder: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader.rows("select finding from event_claims where state = 'accepted' and holder = $1", args![holder]).await?;
    Ok(rows.into_iter().map(|(finding,)| finding).collect())
}

pub async fn insert_claim(tx: &mut Tx, one: &Claim) -> Result<()> {
    tx.execute(
        "insert into event_claims (id, organisation_id, holder, finding, subject, kind, words, state, by_whom, at, decided_by, decided_at, note, severity) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            one.id,
            one.organisation,
            one.holder,
            &one.finding,
            &one.subject,
            &one.kind,
            &one.words,
            &one.state,
            &one.by_whom,
            one.at,
            &one.decided_by,
            one.decided_at,
            &one.note,
            i64::from(one.severity)
        ],
    )
    .await?;
    Ok(())
}

pub async fn decide_claim(tx: &mut Tx, id: Id, state: &str, who: &str, note: &str) -> Result<()> {
    let now = tx.now();
    let text = "update event_claims set state = $2, decided_by = $3, decided_at = $4, note = $5 where id = $1";
    tx.execute(text, args![id, state, who, now, note]).await?;
    Ok(())
}

/// The findings that claims up to an instant name, of all holders or of one.
pub async fn named_in_claims(reader: &mut Reader, holder: Option<i64>, until: Timestamp) -> Result<Vec<(Id, String)>> {
    let mut statement = Statement::new("select id, finding from event_claims where finding <> '' and at <= ");
    statement.bind(until);
    if let Some(holder) = holder {
        statement.push(" and holder = ").bind(holder);
    }
    Ok(reader.select(statement).await?)
}

pub async fn erase_claim(tx: &mut Tx, id: Id) -> Result<()> {
    let text =
        "update event_claims set finding = '', subject = '', words = '', note = '', state = case state when 'open' then 'refused' else state end where id = $1";
    tx.execute(text, args![id]).await?;
    Ok(())
}
