//! Outgoing mail, signed, encrypted or both (RFC 3156), with the subject inside (RFC 9788).

use std::fmt::Write as _;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Certificate, Error, Result, SecretKey, reseal_head, seal_body, sign_detached};

/// How a mail is protected.
#[derive(Debug, Clone, Default)]
pub struct Protection<'t> {
    /// Who signs, with the passphrase.
    pub sign: Option<(&'t SecretKey, &'t str)>,
    /// Who alone can read it; nobody in particular when empty.
    pub to: &'t [Certificate],
    /// What stands as the subject on the outside of an encrypted mail: nothing that tells of the inside.
    pub outside: &'t str,
}

/// A mail that is encrypted, and to nobody yet: the head that names its reader may be made elsewhere, since it needs the
/// session key of this one mail and nothing else.
pub struct Unaddressed {
    before: String,
    after: String,
    body: Vec<u8>,
    session_key: Zeroizing<Vec<u8>>,
    seed: [u8; 32],
}

impl Unaddressed {
    /// What the reader's key is to wrap.
    pub fn session_key(&self) -> &[u8] {
        &self.session_key
    }

    /// Random bytes for that, of which nothing in the body can be told.
    pub fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// The mail with its head ([`super::reseal_head`]).
    pub fn addressed(self, head: &[u8]) -> Vec<u8> {
        [self.before, armor(&[head, self.body.as_slice()].concat()), self.after].concat().into_bytes()
    }
}

/// Protects a mail as [`crate::compose::compose`] wrote it: ASCII, CRLF, no space at a line's end.
pub fn protect(mail: &[u8], protection: &Protection<'_>, at: Timestamp, seed: [u8; 32]) -> Result<Vec<u8>> {
    if !protection.to.is_empty() {
        let open = unaddressed(mail, protection.sign, protection.outside, at, seed)?;
        let head = reseal_head(open.session_key(), protection.to, false, at, open.seed())?;
        return Ok(open.addressed(&head));
    }
    let Some((key, passphrase)) = protection.sign else { return Ok(mail.to_vec()) };
    let (mut out, entity) = split(mail, None)?;
    let hash = super::boundary(seed);
    // The line end before the boundary belongs to the boundary, not to what is signed.
    let entity = entity.strip_suffix("\r\n").unwrap_or(&entity);
    let signature = sign_detached(entity.as_bytes(), key, passphrase, at, seed)?.replace("\r\n", "\n").replace('\n', "\r\n");
    let _ = write!(
        out,
        "Content-Type: multipart/signed; boundary=\"=_{hash}\";\r\n micalg=pgp-sha512; protocol=\"application/pgp-signature\"\r\n\r\n\
         --=_{hash}\r\n{entity}\r\n--=_{hash}\r\nContent-Type: application/pgp-signature; name=\"signature.asc\"\r\n\
         Content-Disposition: attachment; filename=\"signature.asc\"\r\n\r\n{signature}\r\n--=_{hash}--\r\n"
    );
    Ok(out.into_bytes())
}

/// Encrypts a mail, and signs it inside where somebody does, without a reader. `outside`: as in [`Protection`].
pub fn unaddressed(mail: &[u8], sign: Option<(&SecretKey, &str)>, outside: &str, at: Timestamp, seed: [u8; 32]) -> Result<Unaddressed> {
    let (mut before, entity) = split(mail, Some(outside))?;
    let hash = super::boundary(seed);
    let (session_key, body) = seal_body(entity.as_bytes(), sign, at, seed)?;
    let _ = write!(
        before,
        "Content-Type: multipart/encrypted; boundary=\"=_{hash}\";\r\n protocol=\"application/pgp-encrypted\"\r\n\r\n\
         --=_{hash}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
         --=_{hash}\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\
         Content-Disposition: inline; filename=\"encrypted.asc\"\r\n\r\n"
    );
    // The same bytes would begin the session key and the key that wraps it.
    let seed = Sha256::digest([b"head".as_slice(), &seed].concat()).into();
    Ok(Unaddressed { before, after: format!("\r\n--=_{hash}--\r\n"), body, session_key, seed })
}

/// The fields that stay outside, and the entity that is protected. `hidden`: what stands outside in the place of the
/// subject, which goes inside (RFC 9788).
fn split(mail: &[u8], hidden: Option<&str>) -> Result<(String, String)> {
    let text = std::str::from_utf8(mail).map_err(|_| Error::Io("the mail is not ASCII".into()))?;
    let (fields, body) = text.split_once("\r\n\r\n").ok_or_else(|| Error::Io("the mail has no body".into()))?;
    let fields = unfolded(fields);
    let inner = |name: &str| name.to_ascii_lowercase().starts_with("content-");
    let (inside, outside): (Vec<_>, Vec<_>) = fields.iter().partition(|field| inner(field));
    let is = |field: &str, name: &str| field.split(':').next().is_some_and(|have| have.eq_ignore_ascii_case(name));
    let mut out = String::with_capacity(mail.len() * 2);
    for field in &outside {
        match hidden.filter(|_| is(field, "Subject")) {
            Some(hidden) => drop(write!(out, "Subject: {hidden}\r\n")),
            None => drop(write!(out, "{field}\r\n")),
        }
    }
    let mut entity = String::with_capacity(mail.len() + 200);
    for field in &inside {
        let marked = hidden.is_some() && is(field, "Content-Type");
        let _ = write!(entity, "{field}{}\r\n", if marked { ";\r\n protected-headers=\"v1\"; hp=\"cipher\"" } else { "" });
    }
    for field in outside.iter().filter(|field| hidden.is_some() && is(field, "Subject")) {
        let _ = write!(entity, "{field}\r\n");
    }
    let _ = write!(entity, "\r\n{body}");
    Ok((out, entity))
}

/// The Autocrypt field for our own address (autocrypt.org, level 1).
pub fn autocrypt(address: &str, cert: &Certificate) -> Result<String> {
    let data = data_encoding::BASE64.encode(&cert.bytes()?);
    let mut value = format!("addr={address}; keydata=");
    for line in data.as_bytes().chunks(70) {
        value.push_str("\r\n ");
        value.push_str(&String::from_utf8_lossy(line));
    }
    Ok(value)
}

/// A message in armor with CRLF, and with the old checksum: gpg 2.2 does not find the end without it.
pub fn armor(message: &[u8]) -> String {
    let mut out = String::from("-----BEGIN PGP MESSAGE-----\r\n\r\n");
    for line in data_encoding::BASE64.encode(message).as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push_str("\r\n");
    }
    let checksum = data_encoding::BASE64.encode(crc24(message).to_be_bytes().get(1..).unwrap_or_default());
    let _ = write!(out, "={checksum}\r\n-----END PGP MESSAGE-----\r\n");
    out
}

/// RFC 9580 section 6.1.1.
fn crc24(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x00B7_04CE, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 16), |crc, _| if crc & 0x0080_0000 == 0 { crc << 1 } else { (crc << 1) ^ 0x0186_4CFB }) & 0x00FF_FFFF
    })
}

/// Header fields, each with its folded lines.
fn unfolded(fields: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in fields.split("\r\n") {
        match all.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push_str("\r\n");
                last.push_str(line);
            }
            _ => all.push(line.to_owned()),
        }
    }
    all
}
