//! SQL of people, sessions, groups and tokens.

use ::store::{Id, Result, Tx, args};

use super::NewPerson;

pub async fn insert(tx: &mut Tx, id: Id, new: &NewPerson) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into people (id, login, name, mail, role, organisation_id, language, password, totp_secret, totp_step, state, created_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, '', null, 0, 'active', $8, 1)",
        args![id, &new.login, &new.name, new.mail.clone(), new.role.name(), new.organisation, &new.language, now],
    )
    .await?;
    Ok(())
}

pub async fn insert_session(tx: &mut Tx, hash: [u8; 32], person: Id, expires: jiff::Timestamp, agent: &str, stage: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into sessions (hash, person_id, created_at, seen_at, expires_at, agent, csrf, stage) values ($1, $2, $3, $3, $4, $5, '', $6)",
        args![hash, person, now, expires, agent, stage],
    )
    .await?;
    Ok(())
}
