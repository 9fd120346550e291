//! Certificates: the team's, which signs manifests, and the readers', which forms seal to. No secret
//! key of them is ever here.

use std::collections::HashSet;

use ::store::{FromRow, Id, Reader, Record, Row, Tx};
use jiff::{SignedDuration, Timestamp};
use post::openpgp::Purpose;
use post::openpgp::ask::Card;
use serde_json::json;

use super::{manifest, published, sums};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// A certificate that is in use.
#[derive(Clone, Debug)]
pub struct Cert {
    /// Fingerprint.
    pub fingerprint: String,
    /// The intake that it reads; empty for the team's.
    pub intake: String,
    /// In armor.
    pub armored: String,
    /// What the form calls its holder.
    pub name: String,
    /// `team`, `reader` or `recovery`.
    pub purpose: String,
    /// The holder's log-in, if it is somebody's own.
    pub person: Option<Id>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

impl FromRow for Cert {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            fingerprint: row.get()?,
            intake: row.get()?,
            armored: row.get()?,
            name: row.get()?,
            purpose: row.get()?,
            person: row.get()?,
            expires_at: row.get()?,
        })
    }
}

/// A reader to be.
#[derive(Clone, Debug)]
pub struct NewReader {
    /// The certificate, armored or binary.
    pub certificate: Vec<u8>,
    /// What they read.
    pub intake: String,
    /// What the form calls them; the certificate's own name if empty.
    pub name: String,
    /// Whose it is.
    pub person: Option<Id>,
    /// A recovery key, which lies in a safe.
    pub recovery: bool,
}

/// Something that ends soon, or did.
#[derive(Clone, Debug)]
pub struct Ending {
    /// What ends: a finished line without its date.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Whole days left; below zero when it is over.
    pub days: i64,
}

impl Ending {
    /// Whether it is pressing: a month or less.
    pub fn is_pressing(&self) -> bool {
        self.days <= 30
    }
}

/// Refuses an intake that the profile does not name.
pub fn known_intake(app: &App, id: &str) -> Result<()> {
    let sealed = app.profile.sealed.clone().unwrap_or_default();
    let known: Vec<&str> = sealed.intakes.iter().map(|intake| intake.id.as_str()).collect();
    if known.contains(&id) { Ok(()) } else { Err(Error::invalid(format!("{id}: the profile names no such intake, but {}", known.join(", ")))) }
}

/// The team's certificate.
pub async fn team(reader: &mut Reader) -> Result<Option<Cert>> {
    Ok(published::certs(reader, Some("")).await?.into_iter().find(|cert| cert.purpose == "team"))
}

/// A certificate that the team has or had, in armor: what it signed is verified with it for as long as it stands in a
/// manifest of today.
pub async fn team_of(reader: &mut Reader, fingerprint: &str) -> Result<Option<String>> {
    Ok(published::team_of(reader, fingerprint).await?)
}

/// Those who read, of one intake or of all.
pub async fn readers(reader: &mut Reader, intake: Option<&str>) -> Result<Vec<Cert>> {
    Ok(published::certs(reader, intake).await?.into_iter().filter(|cert| cert.purpose != "team").collect())
}

/// Takes the team's certificate, in the place of the one before, which is kept: what it signed stays verifiable.
pub async fn set_team(app: &App, who: &Who, certificate: &[u8]) -> Result<Cert> {
    require(who, Verb::Keep, Noun::Sealed)?;
    let cert = usable(app, certificate, Purpose::Sign).await?;
    let name = cert.name.clone();
    let row = row(cert, String::new(), name, "team", None);
    app.db
        .change(&who.to_string(), async |tx| {
            refuse_held(tx, &row).await?;
            published::remove_team(tx).await?;
            published::add_cert(tx, &row).await?;
            tx.record(
                Record::new("key.team_set", "key", tx.new_id())
                    .facts(json!({ "fingerprint": row.fingerprint, "expires": row.expires_at }))
                    .particulars(json!({ "name": row.name })),
            );
            Ok::<_, Error>(())
        })
        .await?;
    Ok(row)
}

/// Takes a reader's certificate. Forms seal to it once a manifest with it is signed.
pub async fn add_reader(app: &App, who: &Who, new: NewReader) -> Result<Cert> {
    require(who, Verb::Keep, Noun::Sealed)?;
    known_intake(app, &new.intake)?;
    let cert = usable(app, &new.certificate, Purpose::Encrypt).await?;
    let name = if new.name.trim().is_empty() { cert.name.clone() } else { new.name.trim().to_owned() };
    let row = row(cert, new.intake, name, if new.recovery { "recovery" } else { "reader" }, new.person);
    app.db
        .change(&who.to_string(), async |tx| {
            refuse_held(tx, &row).await?;
            let named = named(tx, &row.intake).await?;
            published::add_cert(tx, &row).await?;
            refuse_to_open(tx, named, &row).await?;
            tx.record(
                Record::new("key.reader_added", "key", tx.new_id())
                    .facts(json!({ "fingerprint": row.fingerprint, "intake": row.intake, "purpose": row.purpose, "person": row.person, "expires": row.expires_at }))
                    .particulars(json!({ "name": row.name })),
            );
            Ok::<_, Error>(())
        })
        .await?;
    Ok(row)
}

/// The server holds the mail address's key, and so could read for itself what is sealed to it.
async fn refuse_held(reader: &mut Reader, cert: &Cert) -> Result<()> {
    if crate::keys::own::holds(reader, &cert.fingerprint).await? {
        return Err(Error::conflict("This is the mail address's key, which the server holds: it never opens sealed reports. Give another one"));
    }
    Ok(())
}

/// Takes a reader out. What came in before stays open to them until its heads are wrapped anew.
pub async fn remove_reader(app: &App, who: &Who, intake: &str, fingerprint: &str) -> Result<Cert> {
    require(who, Verb::Keep, Noun::Sealed)?;
    let wanted: String = fingerprint.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let mut found: Vec<Cert> = readers(&mut app.db.read().await?, Some(intake)).await?.into_iter().filter(|cert| cert.fingerprint.ends_with(&wanted)).collect();
    let cert = match (found.pop(), found.is_empty()) {
        (Some(cert), true) if wanted.len() >= 8 => cert,
        _ => return Err(Error::invalid(format!("{fingerprint}: give the fingerprint of one reader of “{intake}”, or its last 8 digits or more"))),
    };
    app.db
        .change(&who.to_string(), async |tx| {
            let named = named(tx, &cert.intake).await?;
            published::remove_cert(tx, &cert).await?;
            refuse_to_open(tx, named, &cert).await?;
            tx.record(
                Record::new("key.reader_removed", "key", tx.new_id())
                    .facts(json!({ "fingerprint": cert.fingerprint, "intake": cert.intake }))
                    .particulars(json!({ "name": cert.name })),
            );
            Ok::<_, Error>(())
        })
        .await?;
    Ok(cert)
}

/// How many keys of an intake belong to a log-in; until this change ends, nobody else changes that.
async fn named(tx: &mut Tx, intake: &str) -> Result<usize> {
    tx.alone(&format!("sealed readers {intake}")).await?;
    Ok(readers(tx, Some(intake)).await?.iter().filter(|one| one.person.is_some()).count())
}

/// An intake whose keys belong to no log-in is everybody's of the team: what only some knew of would be everybody's
/// from this change on, and nobody asked for that.
async fn refuse_to_open(tx: &mut Tx, before: usize, cert: &Cert) -> Result<()> {
    if before > 0 && named(tx, &cert.intake).await? == 0 {
        let (name, intake) = (&cert.name, &cert.intake);
        let why = format!("{name} is the last reader of “{intake}” with a log-in: without one, the whole team would know of its reports");
        return Err(Error::conflict(format!("{why}. Add another first: `atalaya keys reader add --person LOG-IN`.")));
    }
    Ok(())
}

/// What has ended or ends soon, the nearest first; and what is missing altogether. Soon is within 90
/// days for a certificate, and within 30 for a manifest, which lives for 90.
pub async fn endings(reader: &mut Reader, app: &App) -> Result<(Vec<Ending>, Vec<String>)> {
    let (mut endings, mut missing) = (Vec::new(), Vec::new());
    let Some(sealed) = &app.profile.sealed else { return Ok((endings, missing)) };
    let now = app.now();
    let mut note = |what: String, at: Timestamp, soon: i64| {
        let left = at.duration_since(now);
        if left <= SignedDuration::from_hours(soon * 24) {
            endings.push(Ending { what, at, days: whole_days(left) });
        }
    };
    let team = team(reader).await?;
    match &team {
        Some(team) => {
            if let Some(at) = team.expires_at {
                note(format!("The team's certificate ({})", team.name), at, 90);
            }
        }
        None => missing.push("There is no team certificate: `atalaya keys team --import FILE`.".into()),
    }
    for intake in &sealed.intakes {
        let there = readers(reader, Some(&intake.id)).await?;
        for one in &there {
            if let Some(at) = one.expires_at {
                note(format!("The certificate of {} (reads {})", one.name, one.intake), at, 90);
            }
        }
        match manifest::newest(reader, &intake.id).await? {
            Some(published) => {
                let end = super::end_of(app, published.manifest.not_after)?;
                note(format!("The manifest {} of {}", published.manifest.version, intake.id), end, 30);
                // Pages believe the present key alone, and it has signed nothing yet.
                if team.as_ref().is_some_and(|team| team.fingerprint != published.manifest.team) {
                    let version = published.manifest.version;
                    missing.push(format!("The manifest {version} of {} is signed by a former key of the team: `atalaya keys manifest sign`.", intake.id));
                }
                let listed: HashSet<&str> = published.manifest.readers.iter().map(|reader| reader.fingerprint.as_str()).collect();
                // Who was taken out and still stands in it gets whatever is sealed to it.
                if listed != there.iter().map(|one| one.fingerprint.as_str()).collect() {
                    let version = published.manifest.version;
                    missing.push(format!("The manifest {version} of {} names others than read now: `atalaya keys manifest sign`.", intake.id));
                }
            }
            None => missing.push(format!("There is no manifest of {}: `atalaya keys manifest sign`.", intake.id)),
        }
    }
    for (intake, language, version) in published::pages(reader).await? {
        let newest = published::newest_version(reader, &intake).await?.unwrap_or(0);
        if version < newest {
            missing.push(format!("The page for working offline ({intake}, {language}) holds manifest {version} of {newest}: `atalaya keys offline sign`."));
        }
    }
    endings.sort_by_key(|ending| ending.at);
    Ok((endings, missing))
}

/// Whole days; below zero from the first moment after the end.
pub fn whole_days(left: SignedDuration) -> i64 {
    left.as_secs().div_euclid(86_400)
}

/// Says in the log at start what ends soon.
pub async fn warn(app: &App) -> Result<()> {
    let (endings, missing) = endings(&mut app.db.read().await?, app).await?;
    for ending in endings {
        let on = ending.at.strftime("%-d %B %Y").to_string();
        if ending.days < 0 {
            tracing::error!(%on, "{} has ended: nothing can be sealed to it", ending.what);
        } else {
            tracing::warn!(%on, days = ending.days, "{} ends soon", ending.what);
        }
    }
    for line in missing {
        tracing::warn!("sealed reports: {line}");
    }
    if let Some(path) = sums::outdated(app).await? {
        tracing::warn!("{}", sums::told(&path));
    }
    Ok(())
}

/// A certificate that somebody handed in, if it may be used for this.
async fn usable(app: &App, certificate: &[u8], purpose: Purpose) -> Result<Card> {
    let card = app.opener.certificate(certificate, app.now()).await.map_err(|error| Error::invalid(error.to_string()))?;
    card.must(purpose).map_err(|error| Error::invalid(error.to_string()))?;
    // Reporters and colleagues with an older program would be left out by one key of the list.
    if !card.old_enough {
        let kind = "make one of version 4 with Curve25519 in its older encoding (`atalaya keys new`, or gpg), or with RSA";
        return Err(Error::invalid(format!("The key of {} is of a kind that gpg 2.2 cannot use: {kind}.", card.name)));
    }
    Ok(card)
}

fn row(card: Card, intake: String, name: String, purpose: &str, person: Option<Id>) -> Cert {
    Cert { fingerprint: card.fingerprint, intake, armored: card.armored, name, purpose: purpose.to_owned(), person, expires_at: card.expires }
}
