//! The SQL of recommendations.

use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Tx, args};

use super::recommendations::Recommendation;
use crate::Result;

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

pub(super) async fn get(reader: &mut Reader, id: Id) -> Result<Option<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn by_secret(reader: &mut Reader, hash: [u8; 32]) -> Result<Option<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where secret = ").bind(hash);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub(super) async fn of_party(reader: &mut Reader, party: Id) -> Result<Vec<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where party_id = ").bind(party).push(" order by created_at");
    Ok(reader.select(statement).await?)
}

/// What waits for an organisation's answer in open cases, the newest first.
pub(super) async fn of_organisation(reader: &mut Reader, organisation: Id) -> Result<Vec<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push(
        "where state = 'sent' and party_id in (select p.id from parties p join cases c on c.id = p.case_id where c.state = 'open' and p.organisation_id = ",
    );
    statement.bind(organisation).push(") order by created_at desc limit 200");
    Ok(reader.select(statement).await?)
}

pub(super) async fn of_case(reader: &mut Reader, case: Id) -> Result<Vec<Recommendation>> {
    let mut statement = Statement::new(RECOMMENDATION);
    statement.push("where case_id = ").bind(case).push(" order by created_at limit 500");
    Ok(reader.select(statement).await?)
}

pub(super) async fn set_secret(tx: &mut Tx, id: Id, secret: [u8; 32]) -> Result<()> {
    tx.execute("update recommendations set secret = $2 where id = $1", args![id, secret]).await?;
    Ok(())
}

pub(super) async fn change_secret(tx: &mut Tx, id: Id, old: [u8; 32], new: [u8; 32]) -> Result<()> {
    tx.execute("update recommendations set secret = $3 where id = $1 and secret = $2", args![id, old, new]).await?;
    Ok(())
}

pub(super) async fn insert(tx: &mut Tx, one: &Recommendation, secret: [u8; 32]) -> Result<()> {
    tx.execute(
        "insert into recommendations (id, case_id, party_id, message_id, kind, text, wish_at, state, answer, hearsay, answered_at, secret, created_at) \
         values ($1, $2, $3, null, $4, $5, $6, 'draft', '', '', null, $7, $8)",
        args![one.id, one.case, one.party, &one.kind, &one.text, one.wish_at, secret, one.created_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn send(tx: &mut Tx, id: Id, message: Id) -> Result<()> {
    tx.execute("update recommendations set state = 'sent', message_id = $2 where id = $1 and state = 'draft'", args![id, message]).await?;
    Ok(())
}

pub(super) async fn set_state(tx: &mut Tx, id: Id, state: &str, answer: &str, answered_at: Option<Timestamp>) -> Result<()> {
    tx.execute("update recommendations set state = $2, answer = $3, answered_at = $4 where id = $1", args![id, state, answer, answered_at]).await?;
    Ok(())
}

pub(super) async fn set_hearsay(tx: &mut Tx, id: Id, hearsay: &str) -> Result<()> {
    tx.execute("update recommendations set hearsay = $2 where id = $1", args![id, hearsay]).await?;
    Ok(())
}
