//! The mail address's own keys. The server holds their secret part, sealed with the instance's key:
//! whoever has the running server and that key can read mail that is encrypted to it. Therefore a mail
//! key never reads sealed reports, and a key of sealed reports is never one of these.

use ::store::{FromRow, Id, Reader, Record, Row, Tx};
use jiff::Timestamp;
use post::openpgp::{Certificate, Purpose, SecretKey};
use serde_json::json;
use vault::blob::Hash;

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// A key of the mail address.
#[derive(Clone, Debug)]
pub struct MailKey {
    /// Fingerprint.
    pub fingerprint: String,
    /// The certificate, in armor.
    pub armored: String,
    /// The first user id.
    pub name: String,
    /// The blob with the secret part.
    pub secret: Hash,
    /// `current` signs and is given out; `old` opens what was encrypted to it.
    pub state: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Since when the server holds it.
    pub added_at: Timestamp,
}

impl FromRow for MailKey {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            fingerprint: row.get()?,
            armored: row.get()?,
            name: row.get()?,
            secret: row.get()?,
            state: row.get()?,
            expires_at: row.get()?,
            added_at: row.get()?,
        })
    }
}

impl MailKey {
    /// The fingerprint as people compare it.
    pub fn grouped(&self) -> String {
        super::grouped(&self.fingerprint)
    }

    /// Whether it signs and is given out.
    pub fn is_current(&self) -> bool {
        self.state == "current"
    }
}

/// All mail keys, the current one first.
pub async fn all(reader: &mut Reader) -> Result<Vec<MailKey>> {
    let mut keys = store::mail_keys(reader).await?;
    keys.sort_by_key(|key| (!key.is_current(), std::cmp::Reverse(key.added_at)));
    Ok(keys)
}

/// The key that signs and is given out.
pub async fn current(reader: &mut Reader) -> Result<Option<MailKey>> {
    Ok(all(reader).await?.into_iter().find(MailKey::is_current))
}

/// Whether the server holds this key: then it reads no sealed report.
pub async fn holds(reader: &mut Reader, fingerprint: &str) -> Result<bool> {
    Ok(all(reader).await?.iter().any(|key| key.fingerprint == fingerprint))
}

/// Takes a secret key as the mail address's own; the one before still opens what came before.
pub async fn install(app: &App, who: &Who, secret: &[u8], passphrase: &str) -> Result<MailKey> {
    require(who, Verb::Keep, Noun::Outgoing)?;
    let bad = |error: post::openpgp::Error| Error::invalid(super::ring::capital(&error.to_string()));
    let key = SecretKey::read(secret).map_err(bad)?.unlocked(passphrase).map_err(bad)?;
    let cert = key.certificate();
    for purpose in [Purpose::Sign, Purpose::Encrypt] {
        cert.must(purpose, app.now()).map_err(bad)?;
    }
    let address = app.profile.mail.as_ref().map(|mail| mail.from_address.to_lowercase()).ok_or_else(|| Error::invalid("The profile has no [mail]"))?;
    if !cert.mails().iter().any(|mail| mail.to_lowercase() == address) {
        return Err(Error::invalid(format!("This key is not of {address}: its user ids are {}", cert.user_ids().join(", "))));
    }
    let kept = app.blobs.seal(key.armored().map_err(bad)?.as_bytes())?;
    let row = MailKey {
        fingerprint: cert.fingerprint(),
        armored: cert.armored().map_err(bad)?,
        name: cert.name(),
        secret: kept.hash,
        state: "current".into(),
        expires_at: cert.expires(),
        added_at: app.now(),
    };
    app.db
        .change(&who.to_string(), async |tx| {
            refuse_readers(tx, &cert).await?;
            if holds(tx, &row.fingerprint).await? {
                return Err(Error::conflict("The server holds this key already"));
            }
            tx.keep(&kept).await?;
            store::insert_mail_key(tx, &row).await?;
            tx.record(
                Record::new("key.mail_set", "key", tx.new_id())
                    .facts(json!({ "fingerprint": row.fingerprint, "expires": row.expires_at }))
                    .particulars(json!({ "name": row.name })),
            );
            Ok(())
        })
        .await?;
    Ok(row)
}

/// What reads sealed reports, or signs who does, is never held by the server.
async fn refuse_readers(tx: &mut Tx, cert: &Certificate) -> Result<()> {
    match store::sealed_purpose(tx, &cert.fingerprint()).await? {
        Some(purpose) => Err(Error::conflict(format!("This is a {purpose} key of sealed reports. The server must never hold it: make another for mail"))),
        None => Ok(()),
    }
}

/// Forgets a mail key for good: what is encrypted to it cannot be opened here any more.
pub async fn remove(app: &App, who: &Who, fingerprint: &str) -> Result<MailKey> {
    require(who, Verb::Keep, Noun::Outgoing)?;
    let wanted: String = fingerprint.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    app.db
        .change(&who.to_string(), async |tx| {
            let mut found: Vec<MailKey> = all(tx).await?.into_iter().filter(|key| key.fingerprint.ends_with(&wanted)).collect();
            let key = match (found.pop(), found.is_empty()) {
                (Some(key), true) if wanted.len() >= 8 => key,
                _ => return Err(Error::invalid(format!("{fingerprint}: give the fingerprint of one mail key, or its last 8 digits or more"))),
            };
            store::delete_mail_key(tx, &key.fingerprint).await?;
            tx.forget(key.secret).await?;
            tx.record(
                Record::new("key.mail_removed", "key", tx.new_id()).facts(json!({ "fingerprint": key.fingerprint })).particulars(json!({ "name": key.name })),
            );
            Ok(key)
        })
        .await
}

/// The secret part, opened with the instance's key.
pub async fn secret(reader: &mut Reader, app: &App, key: &MailKey) -> Result<String> {
    Ok(String::from_utf8_lossy(&app.blobs.get(reader, key.secret).await?).into_owned())
}

/// A text that stays readable, signed with the current mail key (RFC 9580 section 7); `None` where there is no such key,
/// or it may not sign now.
pub async fn sign(reader: &mut Reader, app: &App, text: &str) -> Result<Option<String>> {
    let Some(key) = current(reader).await? else { return Ok(None) };
    let key = SecretKey::read(secret(reader, app, &key).await?.as_bytes()).map_err(Error::fault)?;
    let seed = app.db.entropy().bytes();
    Ok(post::openpgp::sign_cleartext(text, &key, "", app.now(), seed).ok())
}

/// A detached, armored signature of bytes with the current mail key; `None` where there is no such key, or it may not sign now.
pub async fn sign_bytes(reader: &mut Reader, app: &App, bytes: &[u8]) -> Result<Option<String>> {
    let Some(key) = current(reader).await? else { return Ok(None) };
    let key = SecretKey::read(secret(reader, app, &key).await?.as_bytes()).map_err(Error::fault)?;
    let seed = app.db.entropy().bytes();
    let signed = post::openpgp::sign_detached(bytes, &key, "", app.now(), seed);
    Ok(signed.inspect_err(|error| tracing::warn!(%error, fingerprint = %key.certificate().fingerprint(), "the mail key signs nothing")).ok())
}

/// So many days before a key ends it is said.
const SOON: i64 = 90;

/// A key of ours that ends soon, or has ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// What it is for, in words.
    pub what: &'static str,
    /// Its fingerprint.
    pub fingerprint: String,
    /// When it ends.
    pub at: Timestamp,
}

/// The keys that sign and are given out and end within 90 days: mails and the documents of advisories are signed by the mail
/// key, or by the team's.
pub async fn ending(reader: &mut Reader) -> Result<Vec<Ending>> {
    let now = reader.now();
    let soon = |at: &Timestamp| at.duration_since(now).as_hours().div_euclid(24) <= SOON;
    let mail = current(reader).await?.and_then(|key| Some(Ending { what: "the mail key", fingerprint: key.fingerprint, at: key.expires_at? }));
    let team = store::team(reader).await?.and_then(|text| Certificate::read_one(text.as_bytes()).ok());
    let team = team.and_then(|cert| Some(Ending { what: "the team's key", fingerprint: cert.fingerprint(), at: cert.expires()? }));
    Ok(mail.into_iter().chain(team).filter(|one| soon(&one.at)).collect())
}

/// At start: says whether the mail keys open, and what ends soon.
pub async fn check(app: &App) -> Result<()> {
    let mut reader = app.db.read().await?;
    for key in all(&mut reader).await? {
        let opened = secret(&mut reader, app, &key).await.ok().and_then(|text| SecretKey::read(text.as_bytes()).ok());
        if opened.is_none() {
            tracing::error!(fingerprint = %key.fingerprint, "the mail key does not open: encrypted mail cannot be read");
        }
    }
    for key in ending(&mut reader).await? {
        let days = key.at.duration_since(app.now()).as_hours().div_euclid(24);
        tracing::warn!(fingerprint = %key.fingerprint, days, "{} ends soon", key.what);
    }
    Ok(())
}

/// An id for the journal's entries about a key: its own, whatever it is bound to.
pub(super) fn about(fingerprint: &str) -> Id {
    let hash = Hash::of(fingerprint.as_bytes());
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    Id(id)
}
