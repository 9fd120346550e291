//! The directory: which key speaks for which address, where it came from, and who verified it how.
//!
//! A key that comes with a mail is taken as unverified, and only for the address that the mail is from.
//! It never takes the place of one that is verified, that somebody of the team entered, or that came
//! before and still works: it stands beside it as a conflict until a person looks at it.

use ::store::{FromRow, Id, Reader, Record, Row, Tx};
use jiff::Timestamp;
use post::openpgp::look::Found;
use serde_json::json;

use super::{own, spelled, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// Somebody's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Fingerprint.
    pub fingerprint: String,
    /// In armor.
    pub armored: String,
    /// The first user id.
    pub name: String,
    /// All user ids, one a line.
    pub user_ids: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Its holder took it back.
    pub revoked: bool,
    /// Why nothing could be encrypted to it when it was last seen; empty when it could.
    pub not_to: String,
    /// When it was last seen.
    pub seen_at: Timestamp,
}

impl FromRow for Key {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            fingerprint: row.get()?,
            armored: row.get()?,
            name: row.get()?,
            user_ids: row.get()?,
            made_at: row.get()?,
            expires_at: row.get()?,
            revoked: row.get()?,
            not_to: row.get()?,
            seen_at: row.get()?,
        })
    }
}

impl Key {
    /// The fingerprint as people compare it.
    pub fn grouped(&self) -> String {
        super::grouped(&self.fingerprint)
    }

    /// What is wrong with it now, as the end of a sentence; empty when nothing is.
    pub fn trouble(&self, now: &Timestamp) -> String {
        match self.expires_at {
            _ if self.revoked => "was revoked by its holder".into(),
            Some(at) if at <= *now => format!("expired on {}", at.strftime("%-d %B %Y")),
            _ => self.not_to.clone(),
        }
    }
}

/// A key for an address.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The address.
    pub address: String,
    /// The key.
    pub fingerprint: String,
    /// `import`, `upload`, `autocrypt`, `attached`.
    pub source: String,
    /// `unverified`, `verified`, `conflict`, `replaced`.
    pub state: String,
    /// How it was verified.
    pub note: String,
    /// When.
    pub verified_at: Option<Timestamp>,
    /// By whom, as the journal writes it.
    pub verified_by: String,
    /// The contact with that address.
    pub contact: Option<Id>,
    /// Its organisation.
    pub organisation: Option<Id>,
    /// Since when it is known.
    pub first_at: Timestamp,
    /// When it was last seen.
    pub last_at: Timestamp,
}

impl FromRow for Binding {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            address: row.get()?,
            fingerprint: row.get()?,
            source: row.get()?,
            state: row.get()?,
            note: row.get()?,
            verified_at: row.get()?,
            verified_by: row.get()?,
            contact: row.get()?,
            organisation: row.get()?,
            first_at: row.get()?,
            last_at: row.get()?,
        })
    }
}

impl Binding {
    /// Whether somebody of the team entered it.
    pub fn is_entered(&self) -> bool {
        matches!(self.source.as_str(), "import" | "upload")
    }

    /// Where it came from, in words.
    pub fn source_word(&self) -> &'static str {
        match self.source.as_str() {
            "import" => "imported by the operator",
            "upload" => "entered by the team",
            "autocrypt" => "in the header of a mail (Autocrypt)",
            _ => "attached to a mail",
        }
    }

    /// The state's class on the page.
    pub fn css(&self) -> &'static str {
        match self.state.as_str() {
            "verified" => "ok",
            "conflict" => "high",
            _ => "",
        }
    }
}

/// A line of the directory.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The address and how far the key is known for it.
    pub binding: Binding,
    /// The key.
    pub key: Key,
    /// The organisation's name.
    pub of: Option<String>,
}

/// Where a key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Import,
    /// A page, by somebody of the team or of the organisation.
    Upload,
    /// The header of a mail.
    Autocrypt,
    /// A file of a mail, or its text.
    Attached,
}

impl Source {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Upload => "upload",
            Self::Autocrypt => "autocrypt",
            Self::Attached => "attached",
        }
    }
}

/// Takes keys that somebody of the team gives; for the addresses of their user ids, or for the one that is said.
pub async fn take(app: &App, who: &Who, bytes: &[u8], address: &str, source: Source) -> Result<Vec<Found>> {
    require(who, Verb::Change, Noun::Organisation)?;
    let found = super::ring::keys(app, bytes).await?;
    if !address.trim().is_empty() && post::address::check(address.trim()).is_err() {
        return Err(Error::invalid("Write a mail address like desk@a.example"));
    }
    if found.len() > 1 && !address.trim().is_empty() {
        return Err(Error::invalid("There is more than one key in this text: give one for this address"));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            for key in &found {
                let addresses = if address.trim().is_empty() { key.mails.clone() } else { vec![address.to_owned()] };
                if addresses.is_empty() {
                    return Err(Error::invalid(format!("{} names no mail address: say for which one it is", key.name)));
                }
                for address in addresses {
                    take_in(tx, key, &address, source).await?;
                }
            }
            Ok(())
        })
        .await?;
    Ok(found)
}

/// Takes one key for one address, inside a change that does more. Says the state that it has now.
pub async fn take_in(tx: &mut Tx, found: &Found, address: &str, source: Source) -> Result<&'static str> {
    let (address, now) = (spelled(address), tx.now());
    if own::holds(tx, &found.fingerprint).await? {
        return Err(Error::conflict("This is the mail address's own key"));
    }
    let entered = matches!(source, Source::Import | Source::Upload);
    keep_key(tx, found, entered).await?;
    let known = store::bindings_of_address(tx, &address).await?;
    if let Some(same) = known.iter().find(|one| one.fingerprint == found.fingerprint) {
        let source = if entered && !same.is_entered() { source.name() } else { same.source.as_str() };
        store::touch_binding(tx, same, source, now).await?;
        if entered {
            tx.record(
                Record::new("key.given_again", "key", own::about(&same.fingerprint))
                    .about(same.organisation.unwrap_or_else(|| own::about(&same.fingerprint)))
                    .facts(json!({ "fingerprint": same.fingerprint, "source": source, "revoked": found.revoked }))
                    .particulars(json!({ "name": found.name, "mail": same.address })),
            );
        }
        return Ok(match same.state.as_str() {
            "verified" => "verified",
            "conflict" => "conflict",
            "replaced" => "replaced",
            _ => "unverified",
        });
    }
    let taken = known.iter().any(|one| one.state == "verified") || (!entered && first_known(tx, &known, now).await?);
    let state = if taken { "conflict" } else { "unverified" };
    let contact = store::contact_of(tx, &address).await?;
    let (contact, organisation) = (contact.map(|(contact, _)| contact), contact.map(|(_, organisation)| organisation));
    let row = Binding {
        address,
        fingerprint: found.fingerprint.clone(),
        source: source.name().into(),
        state: state.into(),
        note: String::new(),
        verified_at: None,
        verified_by: String::new(),
        contact,
        organisation,
        first_at: now,
        last_at: now,
    };
    store::insert_binding(tx, &row).await?;
    tx.record(
        Record::new("key.taken", "key", own::about(&row.fingerprint))
            .about(organisation.unwrap_or_else(|| own::about(&row.fingerprint)))
            .facts(json!({ "fingerprint": row.fingerprint, "source": row.source, "state": state }))
            .particulars(json!({ "name": found.name, "mail": row.address })),
    );
    Ok(state)
}

/// Whether a key was known for the address first: one that the team entered, or one that came by itself and
/// still works. Whoever writes in another's name would otherwise be written to in secret from then on.
async fn first_known(tx: &mut Tx, known: &[Binding], now: Timestamp) -> Result<bool> {
    for one in known.iter().filter(|one| one.state == "unverified") {
        if one.is_entered() || store::key(tx, &one.fingerprint).await?.is_some_and(|key| key.trouble(&now).is_empty()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A newer form of a key that is known takes its place. By mail only one that adds something: a
/// revocation, or a later end; and nothing takes a revocation back.
async fn keep_key(tx: &mut Tx, found: &Found, entered: bool) -> Result<()> {
    let now = tx.now();
    if let Some(known) = store::key(tx, &found.fingerprint).await? {
        let later = found.expires.is_none_or(|end| known.expires_at.is_some_and(|before| end > before)) && found.not_to.is_empty();
        if known.revoked && !found.revoked || !(entered || found.revoked || later) {
            store::touch_key(tx, &known.fingerprint, now).await?;
            return Ok(());
        }
    }
    store::put_key(tx, found, now).await
}

/// Somebody compared the fingerprint with the holder: how, in a few words. Another key that was verified for
/// this address is replaced.
pub async fn verify(app: &App, who: &Who, fingerprint: &str, address: &str, note: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > 500 {
        return Err(Error::invalid("Say how you compared the fingerprint: by phone with whom, on paper, ..."));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let known = store::bindings_of_address(tx, &spelled(address)).await?;
            let one = known.iter().find(|one| one.fingerprint == fingerprint).ok_or(Error::NotFound)?;
            for other in known.iter().filter(|other| other.fingerprint != fingerprint && other.state == "verified") {
                store::set_binding(tx, other, "replaced", &other.note, other.verified_at, &other.verified_by).await?;
            }
            let now = tx.now();
            store::set_binding(tx, one, "verified", note, Some(now), &who.to_string()).await?;
            tx.record(
                Record::new("key.verified", "key", own::about(fingerprint))
                    .about(one.organisation.unwrap_or_else(|| own::about(fingerprint)))
                    .facts(json!({ "fingerprint": fingerprint, "before": one.state }))
                    .particulars(json!({ "mail": one.address, "note": note })),
            );
            Ok(())
        })
        .await
}

/// Takes a key away from an address. What was said with it stays as it was judged by the keys that are known.
pub async fn remove(app: &App, who: &Who, fingerprint: &str, address: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let known = store::bindings_of_address(tx, &spelled(address)).await?;
            let one = known.iter().find(|one| one.fingerprint == fingerprint).ok_or(Error::NotFound)?;
            store::delete_binding(tx, one).await?;
            if store::bindings_of_key(tx, fingerprint).await?.is_empty() {
                store::delete_key(tx, fingerprint).await?;
            }
            tx.record(
                Record::new("key.removed", "key", own::about(fingerprint))
                    .about(one.organisation.unwrap_or_else(|| own::about(fingerprint)))
                    .facts(json!({ "fingerprint": fingerprint, "state": one.state }))
                    .particulars(json!({ "mail": one.address })),
            );
            Ok(())
        })
        .await
}

/// Which part of the directory.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// A part of the address.
    pub words: String,
    /// A state, or empty.
    pub state: String,
    /// What stands after this address and key.
    pub after: (String, String),
}

/// Lines of the directory, by address.
pub async fn list(reader: &mut Reader, who: &Who, wanted: &Wanted, limit: usize) -> Result<Vec<Entry>> {
    require(who, Verb::See, Noun::Organisation)?;
    store::entries(reader, wanted, limit).await
}

/// A key with the addresses that it speaks for.
pub async fn one(reader: &mut Reader, who: &Who, fingerprint: &str) -> Result<(Key, Vec<Entry>)> {
    require(who, Verb::See, Noun::Organisation)?;
    let key = store::key(reader, fingerprint).await?.ok_or(Error::NotFound)?;
    let entries = store::entries_of_key(reader, fingerprint).await?;
    Ok((key, entries))
}

/// The keys of an address that may be used or judged: what is chosen to write to stands first.
pub async fn of_address(reader: &mut Reader, address: &str) -> Result<Vec<Entry>> {
    of_addresses(reader, &[spelled(address)]).await
}

/// [`of_address`] for several in their one spelling, in one statement.
pub async fn of_addresses(reader: &mut Reader, addresses: &[String]) -> Result<Vec<Entry>> {
    let mut entries = store::entries_of_addresses(reader, addresses).await?;
    let rank = |one: &Entry| match one.binding.state.as_str() {
        "verified" => 0,
        "unverified" if one.binding.is_entered() => 1,
        "unverified" => 2,
        _ => 3,
    };
    entries.sort_by_key(|one| (rank(one), std::cmp::Reverse(one.binding.last_at)));
    Ok(entries)
}

/// Certificates of keys whose ids these are: fingerprints, or key ids as signatures name them.
pub async fn named(reader: &mut Reader, ids: &[String]) -> Result<Vec<Key>> {
    let mut found: Vec<Key> = Vec::new();
    for id in ids.iter().take(20) {
        for fingerprint in store::fingerprints_of(reader, &short(id)).await? {
            if !found.iter().any(|known| known.fingerprint == fingerprint) {
                found.extend(store::key(reader, &fingerprint).await?);
            }
        }
    }
    Ok(found)
}

/// The key id in a fingerprint (RFC 9580 section 5.5.4.1): its end (version 4), or its beginning (version 6).
fn short(id: &str) -> String {
    match id.len() {
        40 => id.get(24..).unwrap_or_default().to_owned(),
        64 => id.get(..16).unwrap_or_default().to_owned(),
        _ => id.to_owned(),
    }
}
