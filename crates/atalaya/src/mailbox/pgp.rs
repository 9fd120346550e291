//! OpenPGP in a mail that came in: opened with the mail address's keys, checked with those we know, and
//! its keys learned as unverified ones.

use ::store::Tx;
use post::child::Unreadable;
use post::letter::{Envelope, Letter};
use post::openpgp::look::{self, Found, OpenedMail};
use post::openpgp::mail::{Ring, Seal};

use super::place;
use crate::keys::{self, Source, directory, own, ring, seen};
use crate::{App, Result};

/// The letter as it is inside, and what was found on the way; the same letter where OpenPGP has no part.
pub async fn opened(app: &App, envelope: &Envelope, raw: &[u8], letter: Letter) -> std::result::Result<OpenedMail, Unreadable> {
    if !ring::concerns(raw, &letter) {
        return Ok(OpenedMail { letter, ..OpenedMail::default() });
    }
    let away = |error: crate::Error| Unreadable::NotStarted(error.to_string());
    let from = sender(&letter);
    let mut ring = secrets(app, &from).await.map_err(away)?;
    let first = ring::open(app, envelope, raw, ring.clone()).await?;
    // Who signed stands inside: with their keys, should we know them, it is looked at once more.
    let unknown = first.seals.iter().flat_map(|seal| &seal.signatures).filter(|signed| signed.by.is_none());
    let names: Vec<String> = unknown.map(|signed| signed.name.clone()).collect();
    if names.is_empty() {
        return Ok(first);
    }
    let before = ring.signers.len();
    let more = more_signers(app, &from, &names).await.map_err(away)?;
    ring.signers.extend(more.into_iter().chain(first.keys.iter().filter(|key| speaks_for(key, &from)).map(|key| key.armored.clone())));
    ring.signers.sort_unstable();
    ring.signers.dedup();
    if ring.signers.len() == before {
        return Ok(first);
    }
    ring::open(app, envelope, raw, ring).await
}

async fn secrets(app: &App, from: &str) -> Result<Ring> {
    let mut reader = app.db.read().await?;
    let mut held = Vec::new();
    for key in own::all(&mut reader).await? {
        held.push((own::secret(&mut reader, app, &key).await?, String::new()));
    }
    Ok(Ring { keys: held, signers: seen::signers(&mut reader, from, &[]).await? })
}

async fn more_signers(app: &App, from: &str, names: &[String]) -> Result<Vec<String>> {
    seen::signers(&mut app.db.read().await?, from, names).await
}

/// The address that a letter is from, in the spelling of the directory.
pub fn sender(letter: &Letter) -> String {
    letter.from.as_ref().map(|from| keys::spelled(&from.mail)).unwrap_or_default()
}

fn speaks_for(key: &Found, address: &str) -> bool {
    // Autocrypt says whose key it is; the post crate compared that with the sender.
    !address.is_empty() && (key.source == "autocrypt" || key.mails.iter().any(|mail| keys::spelled(mail) == address))
}

/// Takes the sender's keys as unverified; other people's, and a forger's, are left in the mail.
pub async fn learn(tx: &mut Tx, app: &App, letter: &Letter, found: &[Found]) -> Result<()> {
    let from = sender(letter);
    let ours = app.profile.mail.iter().flat_map(|mail| mail.recipients.iter().chain([&mail.from_address])).any(|ours| keys::spelled(ours) == from);
    if ours || place::is_forged(letter) || post::address::check(&from).is_err() {
        return Ok(());
    }
    for key in found.iter().filter(|key| speaks_for(key, &from)).take(3) {
        if own::holds(tx, &key.fingerprint).await? {
            continue;
        }
        let source = if key.source == "autocrypt" { Source::Autocrypt } else { Source::Attached };
        directory::take_in(tx, key, &from, source).await?;
    }
    Ok(())
}

/// What of the mail stayed shut, each a plain line.
pub fn problems(letter: &Letter, seals: &[Seal]) -> Vec<String> {
    let mut lines: Vec<String> = seals
        .iter()
        .filter(|seal| !seal.opened)
        .map(|seal| format!("{} is encrypted and could not be opened: {}.", capital(&seal.part), seal.problem))
        .collect();
    if seals.is_empty() && letter.encrypted && !letter.problems.iter().any(|line| line == look::BROKEN) {
        lines.push("A part of this mail is encrypted. Open the original to read it.".to_owned());
    }
    lines
}

fn capital(part: &str) -> String {
    part.strip_prefix("the ").map_or_else(|| format!("“{part}”"), |rest| format!("The {rest}"))
}
