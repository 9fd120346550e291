//! The SQL of this room.

use ::store::FromRow;
use ::store::{Id, Reader, Row, Statement, Tx, args};
use jiff::Timestamp;
use post::openpgp::look::Found;

use super::directory::{Binding, Entry, Key, Wanted};
use super::own::MailKey;
use crate::Result;

const KEY: &str = "k.fingerprint, k.armored, k.name, k.user_ids, k.made_at, k.expires_at, k.revoked, k.not_to, k.seen_at";
const BINDING: &str =
    "b.address, b.fingerprint, b.source, b.state, b.note, b.verified_at, b.verified_by, b.contact_id, b.organisation_id, b.first_at, b.last_at";

impl FromRow for Entry {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { binding: Binding::from_row(row)?, key: Key::from_row(row)?, of: row.get()? })
    }
}

fn entry() -> Statement {
    let mut statement = Statement::new("select ");
    statement.push(BINDING).push(", ").push(KEY).push(
        ", o.name from openpgp_bindings b join openpgp_keys k on k.fingerprint = b.fingerprint left join organisations o on o.id = b.organisation_id where ",
    );
    statement
}

pub async fn entries(reader: &mut Reader, wanted: &Wanted, limit: usize) -> Result<Vec<Entry>> {
    let mut statement = entry();
    let (address, fingerprint) = &wanted.after;
    statement.push("(b.address > ").bind(address).push(" or (b.address = ").bind(address).push(" and b.fingerprint > ").bind(fingerprint).push("))");
    if !wanted.words.is_empty() {
        let escaped = wanted.words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        statement.push(" and b.address like ").bind(format!("%{escaped}%")).push(" escape '\\'");
    }
    if !wanted.state.is_empty() {
        statement.push(" and b.state = ").bind(&wanted.state);
    }
    statement.push(" order by b.address, b.fingerprint limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn entries_of_key(reader: &mut Reader, fingerprint: &str) -> Result<Vec<Entry>> {
    let mut statement = entry();
    statement.push("b.fingerprint = ").bind(fingerprint).push(" order by b.address");
    Ok(reader.select(statement).await?)
}

pub async fn entries_of_addresses(reader: &mut Reader, addresses: &[String]) -> Result<Vec<Entry>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = entry();
    statement.push("b.address in (").bind_list(addresses.iter().map(Into::into)).push(") order by b.address, b.fingerprint limit ").bind(50 * addresses.len());
    Ok(reader.select(statement).await?)
}

pub async fn bindings_of_address(reader: &mut Reader, address: &str) -> Result<Vec<Binding>> {
    let mut statement = Statement::new("select ");
    statement.push(BINDING).push(" from openpgp_bindings b where b.address = ").bind(address).push(" order by b.fingerprint");
    Ok(reader.select(statement).await?)
}

pub async fn bindings_of_key(reader: &mut Reader, fingerprint: &str) -> Result<Vec<Binding>> {
    let mut statement = Statement::new("select ");
    statement.push(BINDING).push(" from openpgp_bindings b where b.fingerprint = ").bind(fingerprint).push(" order by b.address");
    Ok(reader.select(statement).await?)
}

pub async fn insert_binding(tx: &mut Tx, one: &Binding) -> Result<()> {
    tx.execute(
        "insert into openpgp_bindings (address, fingerprint, source, state, note, verified_at, verified_by, contact_id, organisation_id, first_at, last_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            &one.address,
            &one.fingerprint,
            &one.source,
            &one.state,
            &one.note,
            one.verified_at,
            &one.verified_by,
            one.contact,
            one.organisation,
            one.first_at,
            one.last_at
        ],
    )
    .await?;
    Ok(())
}

pub async fn touch_binding(tx: &mut Tx, one: &Binding, source: &str, at: Timestamp) -> Result<()> {
    tx.execute(
        "update openpgp_bindings set source = $3, last_at = $4 where address = $1 and fingerprint = $2",
        args![&one.address, &one.fingerprint, source, at],
    )
    .await?;
    Ok(())
}

pub async fn set_binding(tx: &mut Tx, one: &Binding, state: &str, note: &str, at: Option<Timestamp>, by: &str) -> Result<()> {
    tx.execute(
        "update openpgp_bindings set state = $3, note = $4, verified_at = $5, verified_by = $6 where address = $1 and fingerprint = $2",
        args![&one.address, &one.fingerprint, state, note, at, by],
    )
    .await?;
    Ok(())
}

pub async fn delete_binding(tx: &mut Tx, one: &Binding) -> Result<()> {
    tx.execute("delete from openpgp_bindings where address = $1 and fingerprint = $2", args![&one.address, &one.fingerprint]).await?;
    Ok(())
}

pub async fn key(reader: &mut Reader, fingerprint: &str) -> Result<Option<Key>> {
    let mut statement = Statement::new("select ");
    statement.push(KEY).push(" from openpgp_keys k where k.fingerprint = ").bind(fingerprint);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Writes a key, over the form of it that was known before.
pub async fn put_key(tx: &mut Tx, one: &Found, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into openpgp_keys (fingerprint, armored, name, user_ids, made_at, expires_at, revoked, not_to, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict (fingerprint) do update set armored = excluded.armored, name = excluded.name, user_ids = excluded.user_ids, expires_at = excluded.expires_at, \
         revoked = excluded.revoked, not_to = excluded.not_to, seen_at = excluded.seen_at",
        args![&one.fingerprint, &one.armored, &one.name, one.user_ids.join("\n"), one.created, one.expires, one.revoked, &one.not_to, now],
    )
    .await?;
    for id in &one.key_ids {
        tx.execute(
            "insert into openpgp_key_ids (key_id, fingerprint) values ($1, $2) on conflict (key_id, fingerprint) do nothing",
            args![id, &one.fingerprint],
        )
        .await?;
    }
    Ok(())
}

pub async fn touch_key(tx: &mut Tx, fingerprint: &str, at: Timestamp) -> Result<()> {
    tx.execute("update openpgp_keys set seen_at = $2 where fingerprint = $1", args![fingerprint, at]).await?;
    Ok(())
}

pub async fn delete_key(tx: &mut Tx, fingerprint: &str) -> Result<()> {
    tx.execute("delete from openpgp_key_ids where fingerprint = $1", args![fingerprint]).await?;
    tx.execute("delete from openpgp_keys where fingerprint = $1", args![fingerprint]).await?;
    Ok(())
}

pub async fn fingerprints_of(reader: &mut Reader, key_id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader.rows("select fingerprint from openpgp_key_ids where key_id = $1 order by fingerprint limit 10", args![key_id]).await?;
    Ok(rows.into_iter().map(|(fingerprint,)| fingerprint).collect())
}

/// The contact with this address, and its organisation.
pub async fn contact_of(reader: &mut Reader, address: &str) -> Result<Option<(Id, Id)>> {
    Ok(reader.row("select id, organisation_id from contacts where mail = $1 order by id limit 1", args![address]).await?)
}

const MAIL_KEY: &str = "select fingerprint, armored, name, secret, state, expires_at, added_at from openpgp_mail_keys ";

pub async fn mail_keys(reader: &mut Reader) -> Result<Vec<MailKey>> {
    Ok(reader.rows(MAIL_KEY, args![]).await?)
}

/// The new one is the current one.
pub async fn insert_mail_key(tx: &mut Tx, key: &MailKey) -> Result<()> {
    tx.execute("update openpgp_mail_keys set state = 'old' where state = 'current'", args![]).await?;
    tx.execute(
        "insert into openpgp_mail_keys (fingerprint, armored, name, secret, state, expires_at, added_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![&key.fingerprint, &key.armored, &key.name, key.secret, &key.state, key.expires_at, key.added_at],
    )
    .await?;
    Ok(())
}

pub async fn delete_mail_key(tx: &mut Tx, fingerprint: &str) -> Result<()> {
    tx.execute("delete from openpgp_mail_keys where fingerprint = $1", args![fingerprint]).await?;
    Ok(())
}

/// What a key is to sealed reports, now or before: `team`, `reader`, `recovery`.
pub async fn sealed_purpose(reader: &mut Reader, fingerprint: &str) -> Result<Option<String>> {
    Ok(reader.value("select purpose from sealed_certs where fingerprint = $1 limit 1", args![fingerprint]).await?)
}

/// The team's certificate in armor, which signs manifests of sealed reports.
pub async fn team(reader: &mut Reader) -> Result<Option<String>> {
    Ok(reader.value("select armored from sealed_certs where purpose = 'team' and removed_at is null limit 1", args![]).await?)
}

/// What was found of a mail. Of one that is kept already only what there is to doubt changes: the mathematics stays.
pub async fn put_seals(tx: &mut Tx, noun: Id, sender: &str, seals: &str, doubts: &str) -> Result<()> {
    let text =
        "insert into openpgp_seals (noun_id, sender, seals, doubts) values ($1, $2, $3, $4) on conflict (noun_id) do update set doubts = excluded.doubts";
    tx.execute(text, args![noun, sender, seals, doubts]).await?;
    Ok(())
}

pub async fn seals(reader: &mut Reader, nouns: &[Id]) -> Result<Vec<(Id, String, String, String)>> {
    if nouns.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select noun_id, sender, seals, doubts from openpgp_seals where noun_id in (");
    statement.bind_list(nouns.iter().map(::store::Value::from)).push(")");
    Ok(reader.select(statement).await?)
}
