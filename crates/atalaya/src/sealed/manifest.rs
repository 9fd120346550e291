//! The manifest: whom a form seals to. JSON, signed in clear by the team's key, so that a page can
//! check it against the fingerprint that it was built with, and a person with gpg.

use std::collections::BTreeSet;

use ::store::{Reader, Record};
use jiff::ToSpan;
use jiff::civil::Date;
use post::openpgp::{self, Certificate, Purpose, SecretKey};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{keys, published};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// The name of the form that manifests have.
const SCHEMA: &str = "atalaya-sealed-manifest-1";

/// Whom to seal to, from when until when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of this text.
    pub schema: String,
    /// This installation: 32 hexadecimal digits.
    pub instance: String,
    /// What the reports are about.
    pub intake: String,
    /// Counts up; a form refuses one that is older than what it saw.
    pub version: i64,
    /// First day.
    pub not_before: Date,
    /// Last day.
    pub not_after: Date,
    /// Fingerprint of the team's certificate, which signed this.
    pub team: String,
    /// Who can open what is sealed.
    pub readers: Vec<Listed>,
    /// Those of this intake that keys of the team signed which it had before: the present key vouches for these bytes, so
    /// that old answers stay verifiable, and for nothing else that such a key signs or ever signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Former>,
}

/// A manifest that a former key of the team signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// Fingerprint of the team's certificate of that time.
    pub team: String,
    /// Its version.
    pub version: i64,
    /// SHA-256 of the signed text.
    pub sha256: String,
}

/// A reader in a manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// What the form calls them: a duty, not a person's name.
    pub name: String,
    /// `reader` or `recovery`.
    pub role: String,
    /// Fingerprint of the certificate.
    pub fingerprint: String,
    /// The certificate in armor.
    pub certificate: String,
}

/// A manifest with the text that says so.
#[derive(Clone, Debug)]
pub struct Published {
    /// What it says.
    pub manifest: Manifest,
    /// The signed text.
    pub text: String,
}

impl Manifest {
    /// The certificates to seal to.
    pub fn certificates(&self) -> Result<Vec<Certificate>> {
        self.readers.iter().map(|reader| Certificate::read_one(reader.certificate.as_bytes()).map_err(Error::fault)).collect()
    }

    /// Fingerprints and subkeys of all readers.
    fn keys(&self) -> Result<BTreeSet<(String, Vec<String>)>> {
        Ok(self.certificates()?.iter().map(|cert| (cert.fingerprint(), cert.subkey_ids())).collect())
    }

    /// How many duty readers and how many recovery keys.
    pub fn counts(&self) -> (usize, usize) {
        let recovery = self.readers.iter().filter(|reader| reader.role == "recovery").count();
        (self.readers.len() - recovery, recovery)
    }

    /// Whether a form may seal to it on this day.
    pub fn is_for(&self, day: Date) -> bool {
        self.not_before <= day && day <= self.not_after
    }

    /// The text that is signed.
    pub fn text(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map(|text| format!("{text}\n")).map_err(Error::fault)
    }
}

/// What the next manifest of an intake would say; nobody has signed it yet.
pub async fn draft(reader: &mut Reader, app: &App, intake: &str, days: i64) -> Result<Manifest> {
    keys::known_intake(app, intake)?;
    let team = keys::team(reader).await?.ok_or_else(|| Error::conflict("There is no team certificate yet: `atalaya keys team --import FILE`."))?;
    let readers = keys::readers(reader, Some(intake)).await?;
    if !readers.iter().any(|one| one.purpose == "reader") {
        return Err(Error::conflict(format!("Nobody reads “{intake}” yet: `atalaya keys reader add`.")));
    }
    let now = app.now();
    for one in &readers {
        Certificate::read_one(one.armored.as_bytes()).and_then(|cert| cert.must(Purpose::Encrypt, now)).map_err(|error| Error::conflict(error.to_string()))?;
    }
    let today = super::today(app);
    let version = published::newest_version(reader, intake).await?.unwrap_or(0) + 1;
    Ok(Manifest {
        schema: SCHEMA.into(),
        instance: super::instance(app),
        intake: intake.to_owned(),
        version,
        not_before: today,
        not_after: today.checked_add(days.clamp(1, 3650).days()).map_err(Error::fault)?,
        team: team.fingerprint.clone(),
        readers: readers.into_iter().map(|one| Listed { name: one.name, role: one.purpose, fingerprint: one.fingerprint, certificate: one.armored }).collect(),
        former: former(reader, intake, &team.fingerprint).await?,
    })
}

/// What keys of the team signed that are not this one: each was verified by the key of its time when it went in.
async fn former(reader: &mut Reader, intake: &str, team: &str) -> Result<Vec<Former>> {
    let mut all = Vec::new();
    for (version, text) in published::manifests(reader, intake).await? {
        let signer = read(&text)?.team;
        if signer != team {
            all.push(Former { team: signer, version, sha256: data_encoding::HEXLOWER.encode(&super::sha256(text.as_bytes())) });
        }
    }
    Ok(all)
}

/// Drafts, signs and publishes at once, for a team key that is at hand.
pub async fn sign(app: &App, who: &Who, intake: &str, days: i64, key: &SecretKey, passphrase: &str) -> Result<Published> {
    let mut reader = app.db.read().await?;
    let manifest = draft(&mut reader, app, intake, days).await?;
    drop(reader);
    if key.certificate().fingerprint() != manifest.team {
        return Err(Error::invalid(format!("This key is {}; the team's is {}.", key.certificate().fingerprint(), manifest.team)));
    }
    let seed = app.db.entropy().bytes();
    let text = openpgp::sign_cleartext(&manifest.text()?, key, passphrase, app.now(), seed).map_err(|error| Error::invalid(error.to_string()))?;
    publish(app, who, &text).await
}

/// Publishes a manifest that was signed, here or elsewhere.
pub async fn publish(app: &App, who: &Who, text: &str) -> Result<Published> {
    require(who, Verb::Keep, Noun::Sealed)?;
    let mut reader = app.db.read().await?;
    let team = keys::team(&mut reader).await?.ok_or_else(|| Error::conflict("There is no team certificate yet."))?;
    let manifest = verify(app, text, &team).await?;
    keys::known_intake(app, &manifest.intake)?;
    let known = keys::readers(&mut reader, Some(&manifest.intake)).await?;
    let newest = published::newest_version(&mut reader, &manifest.intake).await?.unwrap_or(0);
    let former = former(&mut reader, &manifest.intake, &team.fingerprint).await?;
    drop(reader);
    if manifest.instance != super::instance(app) {
        return Err(Error::invalid("This manifest is of another installation."));
    }
    if manifest.version != newest + 1 {
        return Err(Error::invalid(format!("This manifest is version {}; the next one is {}.", manifest.version, newest + 1)));
    }
    let same = known.len() == manifest.readers.len() && known.iter().all(|one| manifest.readers.iter().any(|listed| listed.fingerprint == one.fingerprint));
    if !same || manifest.readers.is_empty() {
        return Err(Error::invalid("This manifest does not name exactly those who read now: make a new draft."));
    }
    if manifest.former != former {
        return Err(Error::invalid("This manifest does not vouch for exactly what former keys of the team signed: make a new draft."));
    }
    for (cert, listed) in manifest.certificates()?.iter().zip(&manifest.readers) {
        if cert.fingerprint() != listed.fingerprint {
            return Err(Error::invalid(format!("The certificate of {} is another one.", listed.name)));
        }
        cert.must(Purpose::Encrypt, app.now()).map_err(|error| Error::invalid(error.to_string()))?;
    }
    let (from, to) = (super::start_of(app, manifest.not_before)?, super::end_of(app, manifest.not_after)?);
    app.db
        .change(&who.to_string(), async |tx| {
            published::add_manifest(tx, &manifest, text, from, to).await?;
            tx.record(
                Record::new("manifest.signed", "manifest", tx.new_id())
                    .facts(json!({ "intake": manifest.intake, "version": manifest.version, "team": manifest.team, "until": manifest.not_after,
                        "readers": manifest.readers.iter().map(|one| &one.fingerprint).collect::<Vec<_>>() }))
                    .particulars(json!({ "names": manifest.readers.iter().map(|one| &one.name).collect::<Vec<_>>() })),
            );
            Ok::<_, Error>(())
        })
        .await?;
    Ok(Published { manifest, text: text.to_owned() })
}

/// What a signed manifest says, if the team signed it.
pub async fn verify(app: &App, text: &str, team: &keys::Cert) -> Result<Manifest> {
    let said = signed_text(app, text, team).await?;
    let manifest: Manifest = serde_json::from_str(&said).map_err(|error| Error::invalid(format!("This is no manifest: {error}.")))?;
    if manifest.schema != SCHEMA || manifest.team != team.fingerprint {
        return Err(Error::invalid("This manifest is of another form or another team."));
    }
    Ok(manifest)
}

/// The text that the team signed in clear.
pub async fn signed_text(app: &App, text: &str, team: &keys::Cert) -> Result<String> {
    let checked = app.opener.clear(text, vec![team.armored.clone()], app.now()).await;
    let (said, verdicts) = checked.map_err(|error| Error::invalid(error.to_string()))?;
    match verdicts.first() {
        Some(verdict) if verdict.good => Ok(said),
        Some(verdict) => Err(Error::invalid(format!("The signature does not count: {}.", verdict.why))),
        None => Err(Error::invalid("It is not signed.")),
    }
}

/// The newest manifest of an intake, whatever its dates.
pub async fn newest(reader: &mut Reader, intake: &str) -> Result<Option<Published>> {
    let Some(version) = published::newest_version(reader, intake).await? else { return Ok(None) };
    of_version(reader, intake, version).await
}

/// The manifest of a version. What stands in the table was verified when it went in.
pub async fn of_version(reader: &mut Reader, intake: &str, version: i64) -> Result<Option<Published>> {
    let Some(text) = published::manifest(reader, intake, version).await? else { return Ok(None) };
    Ok(Some(Published { manifest: read(&text)?, text }))
}

fn read(text: &str) -> Result<Manifest> {
    let json = inside(text).ok_or_else(|| Error::fault("a manifest that is none"))?;
    serde_json::from_str(&json).map_err(Error::fault)
}

/// The oldest version whose readers, and those of all after it, are this one's, with the same keys: what was wrapped
/// for one of these opens for all who read now.
pub async fn same_readers_since(reader: &mut Reader, manifest: &Manifest) -> Result<i64> {
    let (readers, mut since) = (manifest.keys()?, manifest.version);
    while let Some(before) = of_version(reader, &manifest.intake, since - 1).await? {
        if before.manifest.keys()? != readers {
            break;
        }
        since -= 1;
    }
    Ok(since)
}

/// The manifest that a form seals to today; what to say if there is none.
pub async fn current(reader: &mut Reader, app: &App, intake: &str) -> Result<Option<Published>> {
    let day = super::today(app);
    Ok(newest(reader, intake).await?.filter(|published| published.manifest.is_for(day)))
}

/// The text between the head of a signed message and its signature (RFC 9580 section 7).
pub fn inside(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.iter().position(|line| line.is_empty())? + 1;
    let to = lines.iter().rposition(|line| line.starts_with("-----BEGIN PGP SIGNATURE"))?;
    Some(lines.get(from..to)?.iter().map(|line| line.strip_prefix("- ").unwrap_or(line)).collect::<Vec<_>>().join("\n"))
}
