//! Opening: decrypting with the keys at hand, and saying who signed what was inside.

use std::io::Read;

use jiff::Timestamp;
use pgp::composed::{Esk, Message, PlainSessionKey, TheRing};
use pgp::packet::{Packet, PacketParser};
use pgp::types::{DecryptionKey as _, EskType, Password, PkeskVersion};

use super::sign::{self, Verdict};
use super::{Certificate, Error, Reason, Result, SecretKey, policy, survey};

/// How often a message may hold a message.
const DEEP: usize = 6;

/// What was inside.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The content.
    pub content: Vec<u8>,
    /// Whether it was encrypted at all.
    pub encrypted: bool,
    /// With which ciphers, the outermost first; none where its outside says it (version 2: AES alone).
    pub ciphers: Vec<String>,
    /// One verdict for each signature.
    pub verdicts: Vec<Verdict>,
}

/// Opens a message, armored or binary, with whichever key fits. At most `most` bytes come out; a
/// message without protection against changes (RFC 9580 section 5.7) is refused.
pub fn open(message: &[u8], keys: &[(&SecretKey, &str)], signers: &[Certificate], now: Timestamp, most: u64) -> Result<Opened> {
    let binary = survey::binary(message)?;
    // The library breaks on ways of encryption that it does not know.
    if let Err(error @ Error::Outside(Reason::UnknownWay)) = survey::survey(&binary) {
        return Err(error);
    }
    let bad = |error: pgp::errors::Error| Error::unreadable("the message", error);
    let mut inside = Message::from_bytes(&*binary).map_err(bad)?;
    let (mut encrypted, mut ciphers) = (false, Vec::new());
    for _ in 0..DEEP {
        if inside.is_encrypted() {
            encrypted = true;
            ciphers.extend(cipher(&inside, keys));
            inside = decrypt(inside, keys)?;
        } else if inside.is_compressed() {
            inside = inside.decompress().map_err(bad)?;
        } else {
            break;
        }
    }
    if inside.is_encrypted() || inside.is_compressed() {
        return Err(Error::Unreadable(format!("the message could not be read: it holds a message in a message more than {DEEP} times")));
    }
    let mut content = Vec::new();
    inside.by_ref().take(most + 1).read_to_end(&mut content).map_err(|error| Error::unreadable("the message", error))?;
    if content.len() as u64 > most {
        return Err(Error::TooLarge(most));
    }
    let verdicts = sign::of_message(&inside, signers, now);
    Ok(Opened { content, encrypted, ciphers, verdicts })
}

fn decrypt<'m>(message: Message<'m>, keys: &[(&SecretKey, &str)]) -> Result<Message<'m>> {
    let passwords: Vec<Password> = keys.iter().map(|(_, passphrase)| Password::from(*passphrase)).collect();
    let ring = TheRing { secret_keys: keys.iter().map(|(key, _)| &key.inner).collect(), key_passwords: passwords.iter().collect(), ..TheRing::default() };
    match message.decrypt_the_ring(ring, true) {
        Ok((inside, _)) => Ok(inside),
        Err(pgp::errors::Error::MissingKey) => {
            let wrong = keys.iter().any(|(key, passphrase)| key.is_locked() && !key.unlocks(passphrase));
            Err(if wrong { Error::Passphrase } else { Error::NoKey })
        }
        Err(error) => Err(Error::unreadable("the message", error)),
    }
}

/// The cipher that a message is encrypted with: it stands with its session key, which the library keeps to itself. It
/// refuses a message whose session keys differ in it, so the first that opens says what was used.
fn cipher(message: &Message<'_>, keys: &[(&SecretKey, &str)]) -> Option<String> {
    let Message::Encrypted { esk, .. } = message else { return None };
    esk.iter().find_map(|one| {
        let Esk::PublicKeyEncryptedSessionKey(wrapped) = one else { return None };
        if wrapped.version() != PkeskVersion::V3 {
            return None;
        }
        let values = wrapped.values().ok()?;
        keys.iter().find_map(|(key, passphrase)| {
            let password = Password::from(*passphrase);
            let (primary, subkeys) = (&key.inner.primary_key, &key.inner.secret_subkeys);
            let of_primary = wrapped.match_identity(primary.public_key()).then(|| primary.decrypt(&password, values, EskType::V3_4));
            let of_subkeys = subkeys.iter().filter(|subkey| wrapped.match_identity(subkey.key.public_key()));
            let mut tried = of_primary.into_iter().chain(of_subkeys.map(|subkey| subkey.key.decrypt(&password, values, EskType::V3_4)));
            tried.find_map(|tried| match tried {
                Ok(Ok(PlainSessionKey::V3_4 { sym_alg, .. })) => Some(policy::cipher(sym_alg)),
                _ => None,
            })
        })
    })
}

/// The session key of a message's head, for those who may open it: what re-wrapping needs.
pub fn open_session_key(message: &[u8], key: &SecretKey, passphrase: &str) -> Result<Vec<u8>> {
    let binary = survey::binary(message)?;
    let end = survey::survey(&binary)?.body_at;
    let head = binary.get(..end).unwrap_or_default();
    let password = Password::from(passphrase);
    for packet in PacketParser::new(head).flatten() {
        let Packet::PublicKeyEncryptedSessionKey(packet) = packet else { continue };
        let Ok(Esk::PublicKeyEncryptedSessionKey(wrapped)) = Esk::try_from(Packet::from(packet)) else { continue };
        for subkey in &key.inner.secret_subkeys {
            let Ok(values) = wrapped.values() else { continue };
            if !wrapped.match_identity(subkey.key.public_key()) {
                continue;
            }
            match subkey.key.decrypt(&password, values, EskType::V3_4) {
                Ok(Ok(PlainSessionKey::V3_4 { ref key, .. })) => return Ok(key.as_ref().to_vec()),
                Err(_) if key.is_locked() && !key.unlocks(passphrase) => return Err(Error::Passphrase),
                _ => {}
            }
        }
    }
    Err(Error::NoKey)
}
