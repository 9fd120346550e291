//! A certificate: what somebody publishes so that others can write to them in secret and check
//! what they signed.

use jiff::Timestamp;
use pgp::composed::{ArmorOptions, PublicOrSecret, SignedPublicKey};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails as _, KeyVersion};

use super::policy::{self, Purpose, Standing};
use super::{Error, Result, instant};

/// The most bytes that are read as certificates.
const MOST: usize = 1 << 20;
/// The most certificates in one text.
const MANY: usize = 50;
/// What a key may carry that somebody sends whom nobody knows: each of its signatures is checked whenever it is used.
const STRANGERS_BYTES: usize = 64 * 1024;
const STRANGERS_SIGNATURES: usize = 250;
const STRANGERS_NAMES: usize = 50;
const STRANGERS_PARTS: usize = 50;

/// A certificate whose form could be read. Whether it may be used is what [`Certificate::standing`] says.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub(super) inner: SignedPublicKey,
}

impl Certificate {
    /// Reads certificates, armored (also with text around) or binary. A secret key is refused: it
    /// does not belong where certificates are asked for.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>> {
        if bytes.len() > MOST {
            return Err(Error::TooLarge(MOST as u64));
        }
        let bytes = from_armor(bytes);
        let found: Vec<PublicOrSecret> = if bytes.first().is_some_and(|first| first & 0x80 != 0) {
            PublicOrSecret::from_bytes_many(bytes).and_then(|all| all.take(MANY).collect())
        } else {
            PublicOrSecret::from_armor_many(bytes).and_then(|(all, _)| all.take(MANY).collect())
        }
        .map_err(|error| Error::unreadable("the key", error))?;
        if found.is_empty() {
            return Err(Error::Unreadable("there is no OpenPGP key in this text".into()));
        }
        found
            .into_iter()
            .map(|one| match one {
                PublicOrSecret::Public(inner) => Ok(Self { inner }),
                PublicOrSecret::Secret(_) => Err(Error::Unusable("this is a secret key: keep it to yourself, and give the public one".into())),
            })
            .collect()
    }

    /// Reads exactly one certificate.
    pub fn read_one(bytes: &[u8]) -> Result<Self> {
        let mut all = Self::read(bytes)?;
        match (all.pop(), all.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => Err(Error::Unreadable("there is more than one key in this text: give one".into())),
        }
    }

    /// The fingerprint, 40 (v4) or 64 (v6) upper-case hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        self.inner.fingerprint().to_string().to_ascii_uppercase()
    }

    /// User ids as text, the primary one first; only those that the key itself vouches for.
    pub fn user_ids(&self) -> Vec<String> {
        let mut all: Vec<(bool, String)> =
            policy::users(&self.inner).map(|user| (user.is_primary(), user.id.as_str().unwrap_or_default().to_owned())).collect();
        all.sort_by_key(|(primary, _)| !primary);
        all.into_iter().map(|(_, id)| id).filter(|id| !id.is_empty()).collect()
    }

    /// The mail addresses of the user ids, in their one spelling.
    pub fn mails(&self) -> Vec<String> {
        let address = |id: &String| {
            let inside = id.rsplit_once('<').map_or(id.as_str(), |(_, rest)| rest.trim_end().trim_end_matches('>'));
            crate::address::normalise(inside).ok()
        };
        self.user_ids().iter().filter_map(address).collect()
    }

    /// When it was made.
    pub fn created(&self) -> Timestamp {
        instant(self.inner.primary_key.created_at())
    }

    /// When it ends, as its newest self-signature says; none if it never does.
    pub fn expires(&self) -> Option<Timestamp> {
        policy::expires(&self.inner)
    }

    /// Whether it may be used for this now, and if not why.
    pub fn standing(&self, purpose: Purpose, now: Timestamp) -> Standing {
        policy::standing(&self.inner, purpose, now)
    }

    /// [`Certificate::standing`] as an error that names the key.
    pub fn must(&self, purpose: Purpose, now: Timestamp) -> Result<()> {
        match self.standing(purpose, now) {
            Standing::Good => Ok(()),
            bad => Err(Error::Unusable(format!("the key of {} {bad}", self.name()))),
        }
    }

    /// Refuses a key that would keep its users busy: for keys of strangers, where they come in and before they are used.
    pub fn must_be_light(&self) -> Result<()> {
        let (details, parts) = (&self.inner.details, self.inner.public_subkeys.len());
        let names = details.users.len() + details.user_attributes.len();
        let of_names = details.users.iter().map(|user| user.signatures.len()).chain(details.user_attributes.iter().map(|one| one.signatures.len()));
        let of_parts = self.inner.public_subkeys.iter().map(|subkey| subkey.signatures.len());
        let signatures = details.direct_signatures.len() + details.revocation_signatures.len() + of_names.chain(of_parts).sum::<usize>();
        let light = signatures <= STRANGERS_SIGNATURES && names <= STRANGERS_NAMES && parts <= STRANGERS_PARTS;
        if light && self.bytes()?.len() <= STRANGERS_BYTES {
            return Ok(());
        }
        let fingerprint = self.fingerprint();
        Err(Error::Unusable(format!(
            "the key {fingerprint} carries too much ({signatures} signatures, {names} names, {parts} parts); its holder can give a small one: gpg --armor --export-options export-minimal --export"
        )))
    }

    /// Key id of the primary key, 16 upper-case hexadecimal digits.
    pub fn key_id(&self) -> String {
        self.inner.primary_key.legacy_key_id().to_string().to_ascii_uppercase()
    }

    /// Key ids of its subkeys, 16 upper-case hexadecimal digits: what a message may name as its reader.
    pub fn subkey_ids(&self) -> Vec<String> {
        self.inner.public_subkeys.iter().map(|subkey| subkey.key.legacy_key_id().to_string().to_ascii_uppercase()).collect()
    }

    /// Whether programs of before RFC 9580, gpg 2.2 among them, can encrypt to it and check its signatures: what
    /// they need of it, whatever signs included, is of version 4, and of no kind that came with that RFC (section 9.1,
    /// 25 to 28).
    pub fn is_old_enough(&self, now: Timestamp) -> bool {
        let old = |kind| !matches!(kind, PublicKeyAlgorithm::X25519 | PublicKeyAlgorithm::X448 | PublicKeyAlgorithm::Ed25519 | PublicKeyAlgorithm::Ed448);
        let primary = &self.inner.primary_key;
        let subkey = policy::encrypting(&self.inner, now).map(|subkey| subkey.key.algorithm());
        let signing = policy::signing(&self.inner, now).into_iter().map(|subkey| subkey.key.algorithm());
        primary.version() == KeyVersion::V4 && old(primary.algorithm()) && subkey.map_or(true, old) && signing.into_iter().all(old)
    }

    /// What a person calls it: the first user id, or the fingerprint.
    pub fn name(&self) -> String {
        self.user_ids().into_iter().next().unwrap_or_else(|| self.fingerprint())
    }

    /// The certificate in armor (RFC 9580 section 6).
    pub fn armored(&self) -> Result<String> {
        self.inner.to_armored_string(ArmorOptions::default()).map_err(|error| Error::Io(error.to_string()))
    }

    /// The certificate in binary.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        self.inner.to_bytes().map_err(|error| Error::Io(error.to_string()))
    }
}

/// Mail programs and web pages put text before the armor.
pub(super) fn from_armor(bytes: &[u8]) -> &[u8] {
    const HEAD: &[u8] = b"-----BEGIN PGP ";
    match bytes.windows(HEAD.len()).position(|window| window == HEAD) {
        Some(at) if bytes.first().is_none_or(|first| first & 0x80 == 0) => bytes.get(at..).unwrap_or(bytes),
        _ => bytes,
    }
}

/// The name under which a key directory on the web has the key of an address: its local part, hashed
/// (draft-koch-openpgp-webkey-service section 3.1).
pub fn directory_name(local: &str) -> Result<String> {
    let hash = pgp::crypto::hash::HashAlgorithm::Sha1.digest(local.to_lowercase().as_bytes()).map_err(|error| Error::Io(error.to_string()))?;
    let mut alphabet = data_encoding::Specification::new();
    alphabet.symbols.push_str("ybndrfg8ejkmcpqxot1uwisza345h769");
    let encoding = alphabet.encoding().map_err(|error| Error::Io(error.to_string()))?;
    Ok(encoding.encode(&hash))
}
