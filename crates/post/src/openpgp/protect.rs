//! Outgoing mail, signed, encrypted or both (RFC 3156), with the subject inside (RFC 9788).

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{Certificate, Error, Result, Sealing, SecretKey, seal, sign_detached};

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

/// Protects a mail as [`crate::compose::compose`] wrote it: ASCII, CRLF, no space at a line's end.
pub fn protect(mail: &[u8], protection: &Protection<'_>, at: Timestamp, seed: [u8; 32]) -> Result<Vec<u8>> {
    let text = std::str::from_utf8(mail).map_err(|_| Error::Io("the mail is not ASCII".into()))?;
    let (fields, body) = text.split_once("\r\n\r\n").ok_or_else(|| Error::Io("the mail has no body".into()))?;
    let fields = unfolded(fields);
    let inner = |name: &str| name.to_ascii_lowercase().starts_with("content-");
    let (inside, outside): (Vec<_>, Vec<_>) = fields.iter().partition(|field| inner(field));
    let is = |field: &str, name: &str| field.split(':').next().is_some_and(|have| have.eq_ignore_ascii_case(name));
    let hash = super::boundary(seed);
    let mut out = String::with_capacity(mail.len() * 2);
    for field in &outside {
        if is(field, "Subject") && !protection.to.is_empty() {
            let _ = write!(out, "Subject: {}\r\n", protection.outside);
        } else {
            let _ = write!(out, "{field}\r\n");
        }
    }
    let mut entity = String::with_capacity(mail.len() + 200);
    for field in &inside {
        let marked = is(field, "Content-Type") && !protection.to.is_empty();
        let _ = write!(entity, "{field}{}\r\n", if marked { ";\r\n protected-headers=\"v1\"; hp=\"cipher\"" } else { "" });
    }
    if !protection.to.is_empty() {
        for field in outside.iter().filter(|field| is(field, "Subject")) {
            let _ = write!(entity, "{field}\r\n");
        }
    }
    let _ = write!(entity, "\r\n{body}");
    match (&protection.sign, protection.to) {
        (None, []) => return Ok(mail.to_vec()),
        (Some((key, passphrase)), []) => {
            // The line end before the boundary belongs to the boundary, not to what is signed.
            let entity = entity.strip_suffix("\r\n").unwrap_or(&entity);
            let signature = sign_detached(entity.as_bytes(), key, passphrase, at, seed)?.replace("\r\n", "\n").replace('\n', "\r\n");
            let _ = write!(
                out,
                "Content-Type: multipart/signed; boundary=\"=_{hash}\";\r\n micalg=pgp-sha512; protocol=\"application/pgp-signature\"\r\n\r\n\
                 --=_{hash}\r\n{entity}\r\n--=_{hash}\r\nContent-Type: application/pgp-signature; name=\"signature.asc\"\r\n\
                 Content-Disposition: attachment; filename=\"signature.asc\"\r\n\r\n{signature}\r\n--=_{hash}--\r\n"
            );
        }
        (sign, to) => {
            let mut sealed = Vec::new();
            seal(entity.as_bytes(), &Sealing { to, hidden: false, by: *sign, at }, seed, &mut sealed)?;
            let armored = armor(&sealed);
            let _ = write!(
                out,
                "Content-Type: multipart/encrypted; boundary=\"=_{hash}\";\r\n protocol=\"application/pgp-encrypted\"\r\n\r\n\
                 --=_{hash}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
                 --=_{hash}\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\
                 Content-Disposition: inline; filename=\"encrypted.asc\"\r\n\r\n{armored}\r\n--=_{hash}--\r\n"
            );
        }
    }
    Ok(out.into_bytes())
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
