//! `atalaya keys new`: a key for a team, a reader or the safe, made on whatever machine this runs on and
//! never put into the data folder.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::SignedDuration;
use post::openpgp::SecretKey;
use post::openpgp::key::NewKey;
use store::Clock;

use super::keys::passphrase;
use crate::commands::{Ended, Place, say};

pub(super) fn new_key(
    place: &Place,
    name: &str,
    mail: &str,
    days: i64,
    passphrase: Option<&str>,
    out: Option<&Path>,
    certificate: Option<&Path>,
) -> Result<(), Ended> {
    if let Some(out) = out
        && is_within(out, &place.data)
    {
        return Err(Ended { code: 2, text: format!("{} lies in the data folder: a secret key does not belong there.", out.display()) });
    }
    let bad = |error: post::openpgp::Error| Ended { code: 2, text: error.to_string() };
    let user_id = format!("{} <{}>", name.trim(), mail.trim());
    let new = NewKey { user_id: &user_id, at: Clock::System.now(), valid: SignedDuration::from_hours(days * 24), passphrase };
    let seed = store::Entropy.bytes();
    let key = SecretKey::generate(&new, seed).map_err(bad)?;
    let (secret, public) = (key.armored().map_err(bad)?, key.certificate().armored().map_err(bad)?);
    if let Some(file) = certificate {
        std::fs::write(file, &public)?;
    }
    match out {
        Some(file) => {
            let mut new = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(file)
                .map_err(|error| Ended { code: 2, text: format!("{}: {error}", file.display()) })?;
            new.write_all(secret.as_bytes()).and_then(|()| new.sync_all())?;
            say(&key.certificate().fingerprint());
            if certificate.is_none() {
                say(public.trim_end());
            }
        }
        None => say(secret.trim_end()),
    }
    Ok(())
}

/// What locks the new key. None is a choice that somebody says, and nothing that happens.
pub(super) fn lock_of(file: Option<&Path>, unlocked: bool) -> Result<Option<String>, Ended> {
    let found = passphrase(file)?.filter(|phrase| !phrase.is_empty());
    if found.is_some() || unlocked {
        return Ok(found);
    }
    let text = "Nothing locks this key, and whoever finds its file could use it: name a file whose first line locks it (--passphrase-file), or say that it stays open (--unlocked).";
    Err(Ended { code: 2, text: text.into() })
}

/// Whether a file would lie below a folder, wherever links lead.
fn is_within(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}
