//! What sealing and opening cost, in this process and without a network. `per_second` is MiB per
//! CPU-second. What a browser does is measured by the script `tests/sealed/bench.mjs`.
//!
//! `seal` and `open` are OpenPGP, as the server seals for who has neither script nor program and as it
//! opens mail; `blob_seal` and `blob_open` are the sealing of files at rest.

use jiff::{SignedDuration, Timestamp};
use post::openpgp::key::NewKey;
use post::openpgp::{self, Certificate, Sealing, SecretKey};
use vault::blob::{self, Hash};
use vault::key::InstanceKey;

use super::{Figure, Turn, in_turns};
use crate::{Error, Result};

/// As many as a small team has on duty, and one for recovery.
const READERS: u8 = 5;
/// MiB of a message, and of a file.
const MESSAGE: usize = 64;
const FILE: usize = 1;

/// Measures those of the four that are wanted.
pub fn sealing(key: &InstanceKey, place: (&'static str, i64), now: Timestamp, wants: impl Fn(&str) -> bool) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let file = vec![0x5A; FILE << 20];
    let (hash, sealed) = (Hash::of(&file), blob::seal(key, &file)?);
    if wants("blob_seal") {
        figures.push(in_turns("blob_seal", place, 50, Turn::of_mib(FILE), || Ok(blob::seal(key, &file).map(drop)?))?);
    }
    if wants("blob_open") {
        figures.push(in_turns("blob_open", place, 50, Turn::of_mib(FILE), || Ok(blob::open(key, &sealed, &hash).map(drop)?))?);
    }
    if wants("seal") || wants("open") {
        let readers: Vec<SecretKey> = (0..READERS).map(|seed| reader(seed, now)).collect::<Result<_>>()?;
        let to: Vec<Certificate> = readers.iter().map(SecretKey::certificate).collect();
        let (content, mut message) = (vec![0x5A; MESSAGE << 20], Vec::new());
        let seal = |out: &mut Vec<u8>| {
            let sealing = Sealing { to: &to, hidden: true, by: None, at: now };
            openpgp::seal(content.as_slice(), &sealing, [7; 32], out).map_err(Error::fault)
        };
        seal(&mut message)?;
        if wants("seal") {
            figures.push(in_turns("seal", place, 5, Turn::of_mib(MESSAGE), || seal(&mut Vec::with_capacity(message.len())))?);
        }
        // The key of the last reader is tried last, as it happens to most readers.
        let keys: Vec<(&SecretKey, &str)> = readers.last().map(|key| (key, "")).into_iter().collect();
        if wants("open") {
            figures
                .push(in_turns("open", place, 5, Turn::of_mib(MESSAGE), || openpgp::open(&message, &keys, &[], now, 1 << 30).map(drop).map_err(Error::fault))?);
        }
    }
    Ok(figures)
}

fn reader(seed: u8, now: Timestamp) -> Result<SecretKey> {
    let new = NewKey { user_id: "Reader <reader@csirt.example>", at: now, valid: SignedDuration::from_hours(24), passphrase: None };
    SecretKey::generate(&new, [seed; 32]).map_err(Error::fault)
}
