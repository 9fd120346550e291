//! The SQL of wishes.

use std::collections::BTreeMap;

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};

use super::Proposal;
use crate::{Error, Result};

const PROPOSAL: &str =
    "select id, organisation_id, kind, target, version, fields, words, state, by_whom, at, decided_by, decided_at, note from registry_proposals ";

impl FromRow for Proposal {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            organisation: row.get()?,
            kind: row.get()?,
            target: row.get()?,
            version: row.get()?,
            fields: serde_json::from_str::<BTreeMap<String, String>>(&row.get::<String>()?).unwrap_or_default(),
            words: row.get()?,
            state: row.get()?,
            by_whom: row.get()?,
            at: row.get()?,
            decided_by: row.get()?,
            decided_at: row.get()?,
            note: row.get()?,
        })
    }
}

pub async fn proposal(reader: &mut Reader, id: Id) -> Result<Option<Proposal>> {
    let mut statement = Statement::new(PROPOSAL);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn open_proposals(reader: &mut Reader, limit: u32) -> Result<Vec<Proposal>> {
    let mut statement = Statement::new(PROPOSAL);
    statement.push("where state = 'open' order by at, id limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn proposals_of(reader: &mut Reader, organisation: Id, limit: u32) -> Result<Vec<Proposal>> {
    let mut statement = Statement::new(PROPOSAL);
    statement.push("where organisation_id = ").bind(organisation).push(" order by at desc, id desc limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn count_open_proposals(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from registry_proposals where state = 'open' limit 101) p", args![]).await?)
}

pub async fn count_waiting(reader: &mut Reader, organisation: Id) -> Result<i64> {
    let text = "select count(*) from (select 1 from registry_proposals where organisation_id = $1 and state = 'open' limit 101) p";
    Ok(reader.count(text, args![organisation]).await?)
}

pub async fn insert_proposal(tx: &mut Tx, one: &Proposal) -> Result<()> {
    let fields = serde_json::to_string(&one.fields).map_err(Error::fault)?;
    tx.execute(
        "insert into registry_proposals (id, organisation_id, kind, target, version, fields, words, state, by_whom, at, decided_by, decided_at, note) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', null, '')",
        args![one.id, one.organisation, &one.kind, one.target, one.version, fields, &one.words, &one.state, &one.by_whom, one.at],
    )
    .await?;
    Ok(())
}

/// Decides about a wish that is open; says whether it still was.
pub async fn decide_proposal(tx: &mut Tx, id: Id, state: &str, who: &str, note: &str) -> Result<bool> {
    let now = tx.now();
    let text = "update registry_proposals set state = $2, decided_by = $3, decided_at = $4, note = $5 where id = $1 and state = 'open'";
    Ok(tx.execute(text, args![id, state, who, now, note]).await? == 1)
}
