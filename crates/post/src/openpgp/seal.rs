//! Sealing: encrypting to several certificates at once, streamed, with or without a signature.

use std::io::{Read, Write};

use jiff::Timestamp;
use pgp::composed::{MessageBuilder, RawSessionKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey};
use pgp::types::Password;
use zeroize::Zeroizing;

use super::policy::{self, Purpose};
use super::{Certificate, Error, Result, SecretKey, dice};

/// How something is sealed.
#[derive(Debug, Clone)]
pub struct Sealing<'t> {
    /// Who can open it. One that may not be used now stops it all: nobody is left out in silence.
    pub to: &'t [Certificate],
    /// Hide who can open it (wildcard key ids, RFC 9580 section 5.1.8).
    pub hidden: bool,
    /// Who signs, with the passphrase.
    pub by: Option<(&'t SecretKey, &'t str)>,
    /// Now.
    pub at: Timestamp,
}

/// Seals a stream as one binary message: SEIPD version 1 with AES-256, which every reader of the
/// last twenty years understands; no compression, which would tell of the content by its length.
pub fn seal(content: impl Read, sealing: &Sealing<'_>, seed: [u8; 32], out: impl Write) -> Result<()> {
    let fault = |error: pgp::errors::Error| Error::Io(format!("sealing failed: {error}"));
    if sealing.to.is_empty() {
        return Err(Error::Unusable("there is nobody to encrypt to".into()));
    }
    let mut rng = dice(seed);
    let mut builder = MessageBuilder::from_reader("", content).seipd_v1(&mut rng, SymmetricKeyAlgorithm::AES256);
    for cert in sealing.to {
        cert.must(Purpose::Encrypt, sealing.at)?;
        let subkey = policy::encrypting(&cert.inner, sealing.at).map_err(|bad| Error::Unusable(format!("the key of {} {bad}", cert.name())))?;
        let added = if sealing.hidden { builder.encrypt_to_key_anonymous(&mut rng, &subkey) } else { builder.encrypt_to_key(&mut rng, &subkey) };
        added.map_err(fault)?;
    }
    if let Some((key, passphrase)) = sealing.by {
        super::sign::ready(key, passphrase, sealing.at)?;
        builder.sign(super::sign::signer(key), Password::from(passphrase), HashAlgorithm::Sha512);
    }
    builder.to_writer(&mut rng, out).map_err(fault)
}

/// What is sealed and wrapped for nobody yet: its session key, and the body that stands behind the head
/// ([`reseal_head`]). Whoever wraps the key reads this one message, and needs neither its content nor who signs.
pub fn seal_body(content: impl Read, by: Option<(&SecretKey, &str)>, at: Timestamp, seed: [u8; 32]) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>)> {
    let fault = |error: pgp::errors::Error| Error::Io(format!("sealing failed: {error}"));
    let (mut rng, mut body) = (dice(seed), Vec::new());
    let mut builder = MessageBuilder::from_reader("", content).seipd_v1(&mut rng, SymmetricKeyAlgorithm::AES256);
    let session_key = Zeroizing::new(builder.session_key().as_ref().to_vec());
    if let Some((key, passphrase)) = by {
        super::sign::ready(key, passphrase, at)?;
        builder.sign(super::sign::signer(key), Password::from(passphrase), HashAlgorithm::Sha512);
    }
    builder.to_writer(&mut rng, &mut body).map_err(fault)?;
    Ok((session_key, body))
}

/// The head of a message for other readers: the session key wrapped for each. Put before an
/// untouched body it adds or removes readers without encrypting anything again.
pub fn reseal_head(session_key: &[u8], to: &[Certificate], hidden: bool, at: Timestamp, seed: [u8; 32]) -> Result<Vec<u8>> {
    let fault = |error: pgp::errors::Error| Error::Io(format!("wrapping the session key failed: {error}"));
    let mut rng = dice(seed);
    let mut head = Vec::new();
    for cert in to {
        cert.must(Purpose::Encrypt, at)?;
        let subkey = policy::encrypting(&cert.inner, at).map_err(|bad| Error::Unusable(format!("the key of {} {bad}", cert.name())))?;
        let key = RawSessionKey::from(session_key);
        let mut packet = PublicKeyEncryptedSessionKey::from_session_key_v3(&mut rng, &key, SymmetricKeyAlgorithm::AES256, &subkey).map_err(fault)?;
        if let (true, PublicKeyEncryptedSessionKey::V3 { id, .. }) = (hidden, &mut packet) {
            *id = pgp::types::KeyId::WILDCARD;
        }
        packet.to_writer_with_header(&mut head).map_err(fault)?;
    }
    Ok(head)
}
