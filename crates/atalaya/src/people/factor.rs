//! The second factor: time-based codes (RFC 6238), and recovery codes for the day the phone is lost.
//!
//! The secret lies sealed with the instance's key. While somebody sets it up, it is derived from
//! their session, so that nothing is kept before the first right code. A code counts once: the
//! step that it was made for is kept, and only later ones are taken.

use std::fmt::Write as _;

use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use qrcode::{Color, QrCode};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Totp};
use vault::blob::{self, Hash};

use crate::{App, Error, Result};

/// How many recovery codes somebody gets.
pub const CODES: usize = 8;

/// A secret that is being set up.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The secret.
    pub secret: Vec<u8>,
    /// As people type it: groups of four letters.
    pub typed: String,
    /// Side of the QR code in modules, with its quiet zone.
    pub side: usize,
    /// The dark modules as an SVG path.
    pub path: String,
}

/// The secret offered to this session.
pub fn offer(app: &App, session: &[u8; 32], login: &str) -> Result<Offer> {
    let mac = app.key.mac("second factor on offer", &[session]);
    let secret: Vec<u8> = mac.iter().copied().take(20).collect();
    let base = BASE32_NOPAD.encode(&secret);
    let typed = base.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let escape = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let team = escape(app.profile.team.short_name.text(app.profile.default_language()));
    let uri = format!("otpauth://totp/{team}:{}?secret={base}&issuer={team}", escape(login));
    let (side, path) = drawn(&uri)?;
    Ok(Offer { secret, typed, side, path })
}

/// A QR code as a path of unit squares, one run a line, so that the page needs no image.
fn drawn(text: &str) -> Result<(usize, String)> {
    let code = QrCode::new(text).map_err(Error::fault)?;
    let (width, colors) = (code.width(), code.into_colors());
    let mut path = String::new();
    for (y, line) in colors.chunks(width).enumerate() {
        for (x, _) in line.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + 4, y + 4);
        }
    }
    Ok((width + 8, path))
}

/// A secret as the database keeps it: sealed, with the hash that opening checks.
pub fn seal(app: &App, secret: &[u8]) -> Result<String> {
    Ok(format!("{}.{}", Hash::of(secret), BASE64.encode(&blob::seal(&app.key, secret)?)))
}

fn open(app: &App, kept: &str) -> Result<Vec<u8>> {
    let broken = || Error::fault("a second factor's secret is not in its form");
    let (hash, sealed) = kept.split_once('.').ok_or_else(broken)?;
    let hash: [u8; 32] = HEXLOWER.decode(hash.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(broken)?;
    let sealed = BASE64.decode(sealed.as_bytes()).map_err(|_| broken())?;
    Ok(blob::open(&app.key, &sealed, &Hash::from_bytes(hash))?)
}

/// The step that a code was made for, if it is right now (one step before or after counts).
pub fn step(app: &App, secret: &[u8], code: &str) -> Result<Option<i64>> {
    let totp: Totp = Builder::new().with_secret(secret.to_vec()).build().map_err(Error::fault)?;
    let now = u64::try_from(app.now().as_second()).unwrap_or(0);
    Ok(totp.check(code, now).and_then(|step| i64::try_from(step).ok()))
}

/// [`step`] with a kept secret.
pub fn step_of(app: &App, kept: &str, code: &str) -> Result<Option<i64>> {
    step(app, &open(app, kept)?, code)
}

/// The right code of an instant: what the phone shows. Tests and demonstrations log in with it.
pub fn code_at(secret: &[u8], at: jiff::Timestamp) -> Result<String> {
    let totp: Totp = Builder::new().with_secret(secret.to_vec()).build().map_err(Error::fault)?;
    Ok(totp.generate(u64::try_from(at.as_second()).unwrap_or(0)).to_string())
}

/// New recovery codes of 80 bits, as people write them down.
pub fn recovery_codes(app: &App) -> Vec<String> {
    let one = || BASE32_NOPAD.encode(&app.db.entropy().bytes::<10>()).to_lowercase();
    let grouped = |code: String| code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-");
    (0..CODES).map(|_| grouped(one())).collect()
}

/// The hash by which a recovery code is found again. It has 80 random bits, so a plain hash will do.
pub fn recovery_hash(person: ::store::Id, code: &str) -> [u8; 32] {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::new().chain_update(person.0).chain_update(letters.to_lowercase()).finalize().into()
}
