//! Which keys may be used now, and for what. The library reads anything; here it is decided.
//!
//! A self-signature counts only if it verifies, is not older than the key, and uses no broken hash.
//! RSA and DSA need at least 2048 bits, elliptic curves must be known ones.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use pgp::composed::{SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{KeyFlags, Signature, SignatureType};
use pgp::types::{KeyDetails, PublicParams, SignedUser, Tag};

use pgp::ser::Serialize as _;

use super::instant;

/// What a key is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Purpose {
    /// Writing to its holder in secret.
    Encrypt,
    /// Checking what its holder signed.
    Sign,
}

/// Whether a certificate may be used. Displays as the end of a sentence: `expired on 1 March 2026`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Standing {
    /// It may.
    Good,
    /// Its time is over.
    Expired(Timestamp),
    /// Its holder took it back.
    Revoked,
    /// It begins in the future.
    NotYet(Timestamp),
    /// It uses what is broken: which.
    Weak(String),
    /// It was not made for this.
    Unfit(Purpose),
    /// Nothing in it proves that it is whole.
    Unsigned,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |at: &Timestamp| at.strftime("%-d %B %Y").to_string();
        match self {
            Self::Good => f.write_str("is good"),
            Self::Expired(at) => write!(f, "expired on {}", day(at)),
            Self::Revoked => f.write_str("was revoked by its holder"),
            Self::NotYet(at) => write!(f, "is valid only from {}", day(at)),
            Self::Weak(what) => write!(f, "is too weak: {what}"),
            Self::Unfit(Purpose::Encrypt) => f.write_str("has no part that can be encrypted to"),
            Self::Unfit(Purpose::Sign) => f.write_str("has no part that signs"),
            Self::Unsigned => f.write_str("is not whole: its own signature is missing or wrong"),
        }
    }
}

/// Whether a hash may still carry a signature.
pub(super) fn is_weak(hash: Option<HashAlgorithm>) -> bool {
    !matches!(
        hash,
        Some(HashAlgorithm::Sha256 | HashAlgorithm::Sha384 | HashAlgorithm::Sha512 | HashAlgorithm::Sha224 | HashAlgorithm::Sha3_256 | HashAlgorithm::Sha3_512)
    )
}

/// What a cipher is called (RFC 9580 section 9.3).
pub(super) fn cipher(cipher: SymmetricKeyAlgorithm) -> String {
    match cipher {
        SymmetricKeyAlgorithm::TripleDES => "3DES".into(),
        SymmetricKeyAlgorithm::Other(number) => format!("cipher {number}"),
        known => format!("{known:?}"),
    }
}

/// Whether a cipher of that name does not protect any more: blocks of 64 bits tell of their content in large mails
/// (Sweet32), and keys of some of these are short.
pub fn is_weak_cipher(name: &str) -> bool {
    matches!(name, "3DES" | "IDEA" | "CAST5" | "Blowfish")
}

/// The user ids that the key itself vouches for.
pub(super) fn users(cert: &SignedPublicKey) -> impl Iterator<Item = &SignedUser> {
    cert.details.users.iter().filter(|user| {
        let own = |signature: &&Signature| signature.verify_certification(&cert.primary_key, Tag::UserId, &user.id).is_ok();
        newest(user.signatures.iter().filter(own)).is_some_and(|signature| signature.typ() != Some(SignatureType::CertRevocation))
    })
}

fn newest<'s>(signatures: impl Iterator<Item = &'s Signature>) -> Option<&'s Signature> {
    signatures.filter(|signature| !is_weak(signature.hash_alg())).max_by_key(|signature| signature.created().map(pgp::types::Timestamp::as_secs))
}

/// The self-signature that speaks for the whole key: the newest of the user ids' and direct ones.
fn speaks(cert: &SignedPublicKey) -> Option<&Signature> {
    let direct = cert.details.direct_signatures.iter().filter(|signature| signature.verify_key(&cert.primary_key).is_ok());
    let of_users = users(cert).flat_map(|user| {
        let own = |signature: &&Signature| signature.is_certification() && signature.verify_certification(&cert.primary_key, Tag::UserId, &user.id).is_ok();
        user.signatures.iter().filter(own)
    });
    newest(direct.chain(of_users))
}

fn ends(made: Timestamp, signature: &Signature) -> Option<Timestamp> {
    let seconds = signature.key_expiration_time()?.as_secs();
    (seconds > 0).then(|| made.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX))
}

/// When the key ends, as it says itself.
pub(super) fn expires(cert: &SignedPublicKey) -> Option<Timestamp> {
    ends(instant(cert.primary_key.created_at()), speaks(cert)?)
}

/// Whether the certificate may be used for this now.
pub(super) fn standing(cert: &SignedPublicKey, purpose: Purpose, now: Timestamp) -> Standing {
    if cert.details.revocation_signatures.iter().any(|signature| signature.verify_key(&cert.primary_key).is_ok()) {
        return Standing::Revoked;
    }
    let Some(own) = speaks(cert) else { return Standing::Unsigned };
    let made = instant(cert.primary_key.created_at());
    if made > now {
        return Standing::NotYet(made);
    }
    if let Some(end) = ends(made, own).filter(|end| *end <= now) {
        return Standing::Expired(end);
    }
    if let Some(weak) = weakness(cert.primary_key.public_params()) {
        return Standing::Weak(weak);
    }
    match purpose {
        Purpose::Encrypt => encrypting(cert, now).map_or_else(|bad| bad, |_| Standing::Good),
        Purpose::Sign if own.key_flags().sign() || !signing(cert, now).is_empty() => Standing::Good,
        Purpose::Sign => Standing::Unfit(Purpose::Sign),
    }
}

/// The subkey to encrypt to: the newest that is valid now. A key of one piece, as very old ones are, is not used.
pub(super) fn encrypting(cert: &SignedPublicKey, now: Timestamp) -> Result<&SignedPublicSubKey, Standing> {
    let wanted = |flags: KeyFlags| flags.encrypt_comms() || flags.encrypt_storage();
    let mut why = Standing::Unfit(Purpose::Encrypt);
    let mut best: Option<&SignedPublicSubKey> = None;
    for subkey in cert.public_subkeys.iter().filter(|subkey| subkey.key.algorithm().can_encrypt()) {
        match of_subkey(cert, subkey, wanted, now) {
            Ok(()) if best.is_none_or(|known| known.key.created_at().as_secs() <= subkey.key.created_at().as_secs()) => best = Some(subkey),
            Ok(()) => {}
            Err(Standing::Unfit(_)) => {}
            Err(bad) => why = bad,
        }
    }
    best.ok_or(why)
}

/// Whether the primary key was made for signing, as its newest self-signature says: many only certify.
pub(super) fn primary_signs(cert: &SignedPublicKey) -> bool {
    speaks(cert).is_some_and(|own| own.key_flags().sign())
}

/// The subkeys that sign and are valid now; the primary key is not among them.
pub(super) fn signing(cert: &SignedPublicKey, now: Timestamp) -> Vec<&SignedPublicSubKey> {
    cert.public_subkeys.iter().filter(|subkey| of_subkey(cert, subkey, |flags| flags.sign(), now).is_ok()).collect()
}

fn of_subkey(cert: &SignedPublicKey, subkey: &SignedPublicSubKey, wanted: impl Fn(KeyFlags) -> bool, now: Timestamp) -> Result<(), Standing> {
    let bound = |signature: &&Signature| signature.verify_subkey_binding(&cert.primary_key, &subkey.key).is_ok();
    if subkey.signatures.iter().filter(bound).any(|signature| signature.typ() == Some(SignatureType::SubkeyRevocation)) {
        return Err(Standing::Revoked);
    }
    let binding = newest(subkey.signatures.iter().filter(bound).filter(|signature| signature.typ() == Some(SignatureType::SubkeyBinding)));
    let binding = binding.ok_or(Standing::Unsigned)?;
    if !wanted(binding.key_flags()) {
        return Err(Standing::Unfit(Purpose::Encrypt));
    }
    // A signing subkey must itself have agreed to belong to this key (RFC 9580 section 10.1.5).
    let agreed = || binding.embedded_signature().is_some_and(|back| back.verify_primary_key_binding(&subkey.key, &cert.primary_key).is_ok());
    if binding.key_flags().sign() && !agreed() {
        return Err(Standing::Unsigned);
    }
    let made = instant(subkey.key.created_at());
    if made > now {
        return Err(Standing::NotYet(made));
    }
    if let Some(end) = ends(made, binding).filter(|end| *end <= now) {
        return Err(Standing::Expired(end));
    }
    weakness(subkey.key.public_params()).map_or(Ok(()), |weak| Err(Standing::Weak(weak)))
}

/// What is too weak about a key, if something is.
fn weakness(params: &PublicParams) -> Option<String> {
    use pgp::types::PublicParams as P;
    match params {
        P::RSA(rsa) => {
            // The first number is the modulus, and begins with its length in bits (RFC 9580 section 3.2).
            let bits = rsa.to_bytes().ok().and_then(|bytes| Some(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]))).unwrap_or(0);
            (bits < 2048).then(|| format!("RSA with {bits} bits"))
        }
        P::DSA(_) => Some("DSA".into()),
        P::Elgamal(_) => Some("ElGamal".into()),
        P::Unknown { .. } => Some("a kind of key that is not known".into()),
        _ => None,
    }
}
