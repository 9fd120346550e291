//! Signing, and what is to be thought of a signature.

use jiff::Timestamp;
use pgp::composed::{ArmorOptions, CleartextSignedMessage, Deserializable as _, DetachedSignature, Message, SignedSecretSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{PublicKey, PublicSubkey, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{Fingerprint, KeyDetails as _, KeyId, Password, SigningKey, VerifyingKey};

use super::policy::{self, Purpose, Standing};
use super::{Certificate, Error, Result, SecretKey, dice, instant, stamp};

/// What a signature is worth.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verdict {
    /// Fingerprint of the certificate whose holder signed, if it is known.
    pub by: Option<String>,
    /// What to call the signer: a user id, or the key id that the signature names.
    pub name: String,
    /// When it says it was made.
    pub at: Option<Timestamp>,
    /// Whether it stands.
    pub good: bool,
    /// Why it does not, or what is doubtful; empty when all is well.
    pub why: String,
}

/// The part of a key that signs.
pub(super) fn signer(key: &SecretKey) -> &dyn SigningKey {
    match subkey(key) {
        Some(subkey) => &subkey.key,
        None => &key.inner.primary_key,
    }
}

fn subkey(key: &SecretKey) -> Option<&SignedSecretSubKey> {
    key.inner.secret_subkeys.iter().rev().find(|subkey| subkey.signatures.iter().any(|signature| signature.key_flags().sign()))
}

/// A signature by the part of the key that signs, dated as told.
fn signature(key: &SecretKey, passphrase: &str, kind: SignatureType, at: Timestamp, seed: [u8; 32], bytes: &[u8]) -> pgp::errors::Result<Signature> {
    fn by<K: SigningKey>(key: &K, password: &Password, kind: SignatureType, at: Timestamp, seed: [u8; 32], bytes: &[u8]) -> pgp::errors::Result<Signature> {
        let mut config = SignatureConfig::from_key(dice(seed), key, kind)?;
        config.hash_alg = HashAlgorithm::Sha512;
        config.hashed_subpackets = vec![
            Subpacket::regular(SubpacketData::SignatureCreationTime(stamp(at)))?,
            Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
        ];
        config.unhashed_subpackets = vec![Subpacket::regular(SubpacketData::IssuerKeyId(key.legacy_key_id()))?];
        config.sign(key, password, bytes)
    }
    let password = Password::from(passphrase);
    match subkey(key) {
        Some(subkey) => by(&subkey.key, &password, kind, at, seed, bytes),
        None => by(&key.inner.primary_key, &password, kind, at, seed, bytes),
    }
}

/// Refuses a key that may not sign now, or whose passphrase is another.
pub(super) fn ready(key: &SecretKey, passphrase: &str, at: Timestamp) -> Result<()> {
    if key.is_locked() && !key.unlocks(passphrase) {
        return Err(Error::Passphrase);
    }
    key.certificate().must(Purpose::Sign, at)
}

/// Signs a text that stays readable (RFC 9580 section 7).
pub fn sign_cleartext(text: &str, key: &SecretKey, passphrase: &str, at: Timestamp, seed: [u8; 32]) -> Result<String> {
    let fault = |error: pgp::errors::Error| Error::Io(format!("signing failed: {error}"));
    ready(key, passphrase, at)?;
    // Spaces at the end of a line are no part of what is signed (RFC 9580 section 7.2).
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let signed = CleartextSignedMessage::new_many(&format!("{}\n", lines.join("\n")), |text| {
        Ok(vec![signature(key, passphrase, SignatureType::Text, at, seed, text.as_bytes())?])
    });
    signed.and_then(|signed| signed.to_armored_string(ArmorOptions::default())).map_err(fault)
}

/// Signs bytes beside them, in armor.
pub fn sign_detached(bytes: &[u8], key: &SecretKey, passphrase: &str, at: Timestamp, seed: [u8; 32]) -> Result<String> {
    let fault = |error: pgp::errors::Error| Error::Io(format!("signing failed: {error}"));
    ready(key, passphrase, at)?;
    let signature = signature(key, passphrase, SignatureType::Binary, at, seed, bytes).map_err(fault)?;
    DetachedSignature::new(signature).to_armored_string(ArmorOptions::default()).map_err(fault)
}

/// The text of a cleartext-signed message, and what its signatures are worth.
pub fn verify_cleartext(signed: &str, signers: &[Certificate], now: Timestamp) -> Result<(String, Vec<Verdict>)> {
    let (message, _) = CleartextSignedMessage::from_string(signed).map_err(|error| Error::unreadable("the signed text", error))?;
    let text = message.signed_text();
    let verdicts = message.signatures().iter().map(|signature| judge(signature, signers, now, |key| key.fits(signature, text.as_bytes()))).collect();
    Ok((text.replace("\r\n", "\n"), verdicts))
}

/// What detached signatures over bytes are worth.
pub fn verify_detached(bytes: &[u8], signature: &[u8], signers: &[Certificate], now: Timestamp) -> Result<Vec<Verdict>> {
    let found: Vec<DetachedSignature> = if signature.first().is_some_and(|first| first & 0x80 != 0) {
        DetachedSignature::from_bytes_many(signature).and_then(|all| all.take(20).collect())
    } else {
        DetachedSignature::from_armor_many(signature).and_then(|(all, _)| all.take(20).collect())
    }
    .map_err(|error| Error::unreadable("the signature", error))?;
    Ok(found.iter().map(|one| judge(&one.signature, signers, now, |key| key.fits(&one.signature, bytes))).collect())
}

/// What the signatures inside a message are worth, once it was read to its end.
pub(super) fn of_message(message: &Message<'_>, signers: &[Certificate], now: Timestamp) -> Vec<Verdict> {
    let Message::Signed { reader, .. } = message else { return Vec::new() };
    let all = (0..reader.num_signatures()).filter_map(|at| Some((at, reader.signature(at)?)));
    all.map(|(at, signature)| judge(signature, signers, now, |key| message.verify_nested_explicit(at, key.any()).is_ok())).collect()
}

fn judge(signature: &Signature, signers: &[Certificate], now: Timestamp, verify: impl Fn(Key<'_>) -> bool) -> Verdict {
    let at = signature.created().map(instant);
    let named = signature.issuer_fingerprint().first().map(ToString::to_string).or_else(|| signature.issuer_key_id().first().map(ToString::to_string));
    let mut verdict = Verdict { by: None, name: named.unwrap_or_else(|| "nobody".into()).to_ascii_uppercase(), at, good: false, why: String::new() };
    let Some((cert, key)) = signers.iter().find_map(|cert| Some((cert, named_key(cert, signature, now)?))) else {
        verdict.why = "the key of the signer is not known here".into();
        return verdict;
    };
    verdict.by = Some(cert.fingerprint());
    verdict.name = cert.name();
    let expired = signature.signature_expiration_time().zip(at).is_some_and(|(after, made)| {
        after.as_secs() > 0 && made.checked_add(jiff::SignedDuration::from_secs(i64::from(after.as_secs()))).is_ok_and(|end| end <= now)
    });
    verdict.why = match cert.standing(Purpose::Sign, at.filter(|at| *at <= now).unwrap_or(now)) {
        _ if !verify(key) => "it does not fit: what was signed was changed, or somebody else signed".into(),
        _ if policy::is_weak(signature.hash_alg()) => {
            format!("it was made with a broken hash ({})", signature.hash_alg().map_or_else(|| "none".into(), |hash| hash.to_string()))
        }
        _ if expired => "it has expired".into(),
        _ if matches!(key, Key::Primary(_)) && !policy::primary_signs(&cert.inner) => "the part of the key that made it was not made for signing".into(),
        Standing::Good if cert.standing(Purpose::Sign, now) == Standing::Revoked => "the key was revoked by its holder".into(),
        Standing::Good => String::new(),
        bad => format!("the key {bad}"),
    };
    verdict.good = verdict.why.is_empty();
    verdict
}

/// A part of a certificate that can check signatures.
#[derive(Clone, Copy)]
enum Key<'c> {
    Primary(&'c PublicKey),
    Subkey(&'c PublicSubkey),
}

impl<'c> Key<'c> {
    fn any(self) -> &'c dyn VerifyingKey {
        match self {
            Self::Primary(key) => key,
            Self::Subkey(key) => key,
        }
    }

    fn fits(self, signature: &Signature, bytes: &[u8]) -> bool {
        match self {
            Self::Primary(key) => signature.verify(key, bytes).is_ok(),
            Self::Subkey(key) => signature.verify(key, bytes).is_ok(),
        }
    }
}

/// The key of the certificate that the signature names: the primary one, or a subkey that may sign.
fn named_key<'c>(cert: &'c Certificate, signature: &Signature, now: Timestamp) -> Option<Key<'c>> {
    let names = |fingerprint: Fingerprint, id: KeyId| {
        let fingerprints = signature.issuer_fingerprint();
        if fingerprints.is_empty() { signature.issuer_key_id().contains(&&id) } else { fingerprints.contains(&&fingerprint) }
    };
    let primary = &cert.inner.primary_key;
    if names(primary.fingerprint(), primary.legacy_key_id()) {
        return Some(Key::Primary(primary));
    }
    let made = signature.created().map(instant).filter(|at| *at <= now).unwrap_or(now);
    let fit = policy::signing(&cert.inner, made).into_iter().find(|subkey| names(subkey.key.fingerprint(), subkey.key.legacy_key_id()));
    fit.map(|subkey| Key::Subkey(&subkey.key))
}
