//! Secret keys: made for a new team, read, locked with a passphrase.

use jiff::{SignedDuration, Timestamp};
use pgp::composed::{ArmorOptions, Deserializable as _, EncryptionCaps, KeyType, SecretKeyParamsBuilder, SignedSecretKey, SubkeyParamsBuilder};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{Features, KeyFlags, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{Duration, KeyDetails as _, Password, SignedUser, Tag};

use super::cert::from_armor;
use super::{Certificate, Error, Result, dice, stamp};

/// The most bytes that are read as a secret key.
const MOST: usize = 1 << 20;

/// A secret key, most often locked with a passphrase.
#[derive(Clone)]
pub struct SecretKey {
    pub(super) inner: SignedSecretKey,
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.certificate().fingerprint())
    }
}

/// What a new key is for.
#[derive(Debug, Clone)]
pub struct NewKey<'t> {
    /// `Name <address>`.
    pub user_id: &'t str,
    /// When it begins.
    pub at: Timestamp,
    /// How long it may be used.
    pub valid: SignedDuration,
    /// What locks it; none leaves it open.
    pub passphrase: Option<&'t str>,
}

impl SecretKey {
    /// Makes a key that gpg 2.2 and `OpenPGP.js` both use: version 4, Ed25519 for certifying and
    /// signing, a Curve25519 subkey for encryption, both in the older encoding (RFC 9580 sections
    /// 9.2.1 and 9.3). Signing is the primary key's work, so that one fingerprint says it all.
    pub fn generate(new: &NewKey<'_>, seed: [u8; 32]) -> Result<Self> {
        let fault = |error: pgp::errors::Error| Error::Io(format!("the key could not be made: {error}"));
        let odd = |error: String| Error::Io(format!("the key could not be made: {error}"));
        let mut rng = dice(seed);
        let subkey = SubkeyParamsBuilder::default()
            .key_type(KeyType::ECDH(ECCCurve::Curve25519Legacy))
            .can_encrypt(EncryptionCaps::All)
            .created_at(stamp(new.at))
            .build()
            .map_err(|error| odd(error.to_string()))?;
        let params = SecretKeyParamsBuilder::default()
            .key_type(KeyType::Ed25519Legacy)
            .can_certify(true)
            .can_sign(true)
            .created_at(stamp(new.at))
            .primary_user_id(new.user_id.to_owned())
            .subkeys(vec![subkey])
            .build()
            .map_err(|error| odd(error.to_string()))?;
        let mut inner = params.generate(&mut rng).map_err(fault)?;
        sign_again(&mut inner, new, &mut rng).map_err(fault)?;
        let mut key = Self { inner };
        if let Some(passphrase) = new.passphrase {
            key.lock(passphrase, &mut rng)?;
        }
        Ok(key)
    }

    fn lock(&mut self, passphrase: &str, rng: &mut rand::rngs::StdRng) -> Result<()> {
        let fault = |error: pgp::errors::Error| Error::Io(format!("the key could not be locked: {error}"));
        let password = Password::from(passphrase);
        self.inner.primary_key.set_password(&mut *rng, &password).map_err(fault)?;
        for subkey in &mut self.inner.secret_subkeys {
            subkey.key.set_password(&mut *rng, &password).map_err(fault)?;
        }
        Ok(())
    }

    /// The key without its lock, for whom it is to be sealed otherwise.
    pub fn unlocked(mut self, passphrase: &str) -> Result<Self> {
        if !self.is_locked() {
            return Ok(self);
        }
        let password = Password::from(passphrase);
        let fault = |_: pgp::errors::Error| Error::Passphrase;
        self.inner.primary_key.remove_password(&password).map_err(fault)?;
        for subkey in &mut self.inner.secret_subkeys {
            subkey.key.remove_password(&password).map_err(fault)?;
        }
        Ok(self)
    }

    /// Reads one secret key, armored or binary.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MOST {
            return Err(Error::TooLarge(MOST as u64));
        }
        let (inner, _) = SignedSecretKey::from_reader_single(from_armor(bytes)).map_err(|error| Error::unreadable("the secret key", error))?;
        Ok(Self { inner })
    }

    /// What may be given to others.
    pub fn certificate(&self) -> Certificate {
        Certificate { inner: self.inner.to_public_key() }
    }

    /// Whether a passphrase locks it.
    pub fn is_locked(&self) -> bool {
        self.inner.primary_key.secret_params().is_encrypted() || self.inner.secret_subkeys.iter().any(|subkey| subkey.key.secret_params().is_encrypted())
    }

    /// Whether this passphrase opens it.
    pub fn unlocks(&self, passphrase: &str) -> bool {
        let password = Password::from(passphrase);
        let opens = |result: pgp::errors::Result<pgp::errors::Result<()>>| matches!(result, Ok(Ok(())));
        opens(self.inner.primary_key.unlock(&password, |_, _| Ok(())))
            && self.inner.secret_subkeys.iter().all(|subkey| opens(subkey.key.unlock(&password, |_, _| Ok(()))))
    }

    /// The key in armor; locked if it is locked.
    pub fn armored(&self) -> Result<String> {
        self.inner.to_armored_string(ArmorOptions::default()).map_err(|error| Error::Io(error.to_string()))
    }
}

/// The library writes no end of validity and dates its signatures by the clock; ours say both.
fn sign_again(key: &mut SignedSecretKey, new: &NewKey<'_>, rng: &mut rand::rngs::StdRng) -> pgp::errors::Result<()> {
    let (open, public) = (Password::empty(), key.primary_key.public_key());
    let seconds = Duration::from_secs(u32::try_from(new.valid.as_secs()).unwrap_or(u32::MAX));
    let mut flags = KeyFlags::default();
    flags.set_certify(true);
    flags.set_sign(true);
    let mut features = Features::new();
    features.set_seipd_v1(true);
    let about_key = |flags: &KeyFlags| -> pgp::errors::Result<Vec<Subpacket>> {
        Ok(vec![
            Subpacket::regular(SubpacketData::SignatureCreationTime(stamp(new.at)))?,
            Subpacket::regular(SubpacketData::IssuerFingerprint(public.fingerprint()))?,
            Subpacket::regular(SubpacketData::KeyExpirationTime(seconds))?,
            Subpacket::regular(SubpacketData::KeyFlags(flags.clone()))?,
        ])
    };
    for user in &mut key.details.users {
        let mut config = SignatureConfig::from_key(&mut *rng, &key.primary_key, SignatureType::CertPositive)?;
        config.hashed_subpackets = about_key(&flags)?;
        config.hashed_subpackets.push(Subpacket::regular(SubpacketData::IsPrimary(true))?);
        config.hashed_subpackets.push(Subpacket::regular(SubpacketData::Features(features.clone()))?);
        let ciphers = [SymmetricKeyAlgorithm::AES256, SymmetricKeyAlgorithm::AES128].into_iter().collect();
        config.hashed_subpackets.push(Subpacket::regular(SubpacketData::PreferredSymmetricAlgorithms(ciphers))?);
        let hashes = [HashAlgorithm::Sha512, HashAlgorithm::Sha256].into_iter().collect();
        config.hashed_subpackets.push(Subpacket::regular(SubpacketData::PreferredHashAlgorithms(hashes))?);
        config.unhashed_subpackets = vec![Subpacket::regular(SubpacketData::IssuerKeyId(public.legacy_key_id()))?];
        let signature = config.sign_certification(&key.primary_key, public, &open, Tag::UserId, &user.id)?;
        *user = SignedUser::new(user.id.clone(), vec![signature]);
    }
    let mut flags = KeyFlags::default();
    flags.set_encrypt_comms(true);
    flags.set_encrypt_storage(true);
    for subkey in &mut key.secret_subkeys {
        let mut config = SignatureConfig::from_key(&mut *rng, &key.primary_key, SignatureType::SubkeyBinding)?;
        config.hashed_subpackets = about_key(&flags)?;
        config.unhashed_subpackets = vec![Subpacket::regular(SubpacketData::IssuerKeyId(public.legacy_key_id()))?];
        subkey.signatures = vec![config.sign_subkey_binding(&key.primary_key, public, &open, subkey.key.public_key())?];
    }
    Ok(())
}
