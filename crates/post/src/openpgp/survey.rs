//! The outside of a message: what can be said of it without any key (RFC 9580 sections 4.2, 5.1 and
//! 10.3). This is our own small reader, since it must say where the head ends and the body begins.

use std::borrow::Cow;
use std::io::Read as _;

use serde::{Deserialize, Serialize};

use super::cert::from_armor;
use super::{Error, Result};

/// The most bytes of armored text that are turned into binary in memory.
const MOST: u64 = 64 << 20;
/// The first byte of a packet of protected data, in the current form of headers (tag 18).
const PROTECTED: u8 = 0xD2;
/// The most readers that a head may name.
const READERS: usize = 200;

/// Why something is not taken as an encrypted message. [`Reason::word`] is for who says it in other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    #[error("this is not an OpenPGP message")]
    Other,
    #[error("the message was cut off")]
    Cut,
    #[error("the head of the message is damaged")]
    Damaged,
    #[error("the armor is damaged")]
    Armor,
    #[error("it names too many readers")]
    ManyReaders,
    #[error("something follows after the message")]
    Follows,
    #[error("it is encrypted with a password only: encrypt it to our keys")]
    Password,
    #[error("it is encrypted in a way that is not known here")]
    UnknownWay,
    #[error("it is encrypted in an old way that anybody could have changed: use a current program")]
    OldWay,
    #[error("it is encrypted in a way that only some programs read (OCB): encrypt without it")]
    Ocb,
    #[error("it is signed but not encrypted")]
    Signed,
    #[error("it is not encrypted")]
    Clear,
    #[error("this is a key, not a message")]
    Key,
}

impl Reason {
    /// A word that names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Cut => "cut",
            Self::Damaged => "damaged",
            Self::Armor => "armor",
            Self::ManyReaders => "many-readers",
            Self::Follows => "follows",
            Self::Password => "password",
            Self::UnknownWay => "unknown-way",
            Self::OldWay => "old-way",
            Self::Ocb => "ocb",
            Self::Signed => "signed",
            Self::Clear => "clear",
            Self::Key => "key",
        }
    }
}

/// What a message is on its outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Key ids of those who can open it, 16 upper-case hexadecimal digits; none where they are hidden.
    pub to: Vec<Option<String>>,
    /// Whether a password opens it too.
    pub password: bool,
    /// Where the encrypted body begins; what stands before it is the head.
    pub body_at: usize,
    /// The version of the protected data packet: 1 or 2.
    pub version: u8,
}

/// The binary form of a message that may be armored.
pub fn binary(message: &[u8]) -> Result<Cow<'_, [u8]>> {
    let message = from_armor(message);
    if message.first().is_some_and(|first| first & 0x80 != 0) {
        return Ok(Cow::Borrowed(message));
    }
    if !message.starts_with(b"-----BEGIN PGP ") {
        return Err(Reason::Other.into());
    }
    let mut out = Vec::new();
    let armor = pgp::armor::Dearmor::new(message);
    armor.take(MOST + 1).read_to_end(&mut out).map_err(|error| Error::unreadable("the armor", error))?;
    if out.len() as u64 > MOST {
        return Err(Error::TooLarge(MOST));
    }
    Ok(Cow::Owned(out))
}

/// Looks at a binary message. Anything but an encrypted message with protection against changes is
/// refused with the reason: a signed one, a readable one, an unprotected one, a key.
pub fn survey(message: &[u8]) -> Result<Survey> {
    let mut found = Survey { to: Vec::new(), password: false, body_at: 0, version: 0 };
    let mut at = 0;
    loop {
        let rest = message.get(at..).unwrap_or_default();
        let (tag, head, length) = packet(rest).ok_or_else(|| Error::from(if found.to.is_empty() { Reason::Other } else { Reason::Cut }))?;
        let body = rest.get(head..).unwrap_or_default();
        match tag {
            1 => found.to.push(reader(body)?),
            3 => found.password = true,
            // Markers and padding say nothing.
            10 | 21 => {}
            18 => {
                (found.body_at, found.version) = (at, body.first().copied().unwrap_or(0));
                return match found.version {
                    // Cipher, AEAD and chunk size stand open (RFC 9580 section 5.13.2): AES with EAX, OCB or GCM.
                    2 if !matches!(body.get(1..4), Some([7..=9, 1..=3, 0..=16])) => Err(Reason::UnknownWay.into()),
                    1 | 2 if !found.to.is_empty() => Ok(found),
                    1 | 2 => Err(Reason::Password.into()),
                    _ => Err(Reason::UnknownWay.into()),
                };
            }
            9 => return Err(Reason::OldWay.into()),
            20 => return Err(Reason::Ocb.into()),
            2 | 4 => return Err(Reason::Signed.into()),
            8 | 11 => return Err(Reason::Clear.into()),
            5..=7 | 14 => return Err(Reason::Key.into()),
            _ => return Err(Reason::Other.into()),
        }
        let length = length.ok_or_else(|| Error::from(Reason::Damaged))?;
        if found.to.len() > READERS {
            return Err(Reason::ManyReaders.into());
        }
        at = at.saturating_add(head).saturating_add(length);
    }
}

/// Reads the protected data packet with which a body begins to its end: whether it is whole, and
/// nothing follows (RFC 9580 section 4.2.1). What is inside stays shut.
pub fn whole(body: impl std::io::Read) -> Result<()> {
    let mut body = std::io::BufReader::with_capacity(64 * 1024, body);
    if number(&mut body, 1)? != u64::from(PROTECTED) {
        return Err(Reason::Other.into());
    }
    loop {
        let (length, more) = match number(&mut body, 1)? {
            one @ 0..192 => (one, false),
            one @ 192..224 => (((one - 192) << 8) + number(&mut body, 1)? + 192, false),
            255 => (number(&mut body, 4)?, false),
            part => (1 << (part & 0x1F), true),
        };
        let read = std::io::copy(&mut body.by_ref().take(length), &mut std::io::sink()).map_err(|error| broken(&error))?;
        if read < length {
            return Err(cut_off());
        }
        if !more {
            let mut one = [0];
            let after = body.read(&mut one).map_err(|error| broken(&error))?;
            return if after == 0 { Ok(()) } else { Err(Reason::Follows.into()) };
        }
    }
}

/// The next octets as one number.
fn number(body: &mut impl std::io::Read, octets: usize) -> Result<u64> {
    let mut eight = [0; 8];
    body.read_exact(eight.get_mut(8 - octets..).unwrap_or_default()).map_err(|error| broken(&error))?;
    Ok(u64::from_be_bytes(eight))
}

fn cut_off() -> Error {
    Reason::Cut.into()
}

/// What stopped the reading: the end, a reason that whoever reads for us found, or the machine.
fn broken(error: &std::io::Error) -> Error {
    let found = error.get_ref().and_then(|inner| inner.downcast_ref::<Reason>());
    match (found, error.kind()) {
        (Some(reason), _) => (*reason).into(),
        (None, std::io::ErrorKind::UnexpectedEof) => cut_off(),
        (None, _) => Error::Io(error.to_string()),
    }
}

/// How many readers a head names that stands without its body.
pub fn readers_of_head(head: &[u8]) -> Result<usize> {
    let mut message = head.to_vec();
    message.extend_from_slice(&[PROTECTED, 1, 1]);
    let found = survey(&message)?;
    if found.body_at == head.len() && !found.password { Ok(found.to.len()) } else { Err(Reason::Damaged.into()) }
}

/// Tag, bytes of the header, and length of the body if it is known at once (RFC 9580 section 4.2).
fn packet(bytes: &[u8]) -> Option<(u8, usize, Option<usize>)> {
    let first = *bytes.first()?;
    let byte = |at: usize| bytes.get(at).map(|byte| usize::from(*byte));
    match first >> 6 {
        3 => {
            let (head, length) = match byte(1)? {
                one @ 0..192 => (2, Some(one)),
                one @ 192..224 => (3, Some(((one - 192) << 8) + byte(2)? + 192)),
                255 => (6, Some((byte(2)? << 24) | (byte(3)? << 16) | (byte(4)? << 8) | byte(5)?)),
                _ => (2, None),
            };
            Some((first & 0x3F, head, length))
        }
        2 => {
            let (head, length) = match first & 3 {
                0 => (2, Some(byte(1)?)),
                1 => (3, Some((byte(1)? << 8) | byte(2)?)),
                2 => (5, Some((byte(1)? << 24) | (byte(2)? << 16) | (byte(3)? << 8) | byte(4)?)),
                _ => (1, None),
            };
            Some(((first >> 2) & 0x0F, head, length))
        }
        _ => None,
    }
}

/// The reader that a wrapped session key names: none if it hides.
fn reader(body: &[u8]) -> Result<Option<String>> {
    let damaged = || Error::from(Reason::Damaged);
    let octets = |from: usize, to: usize| body.get(from..to).ok_or_else(damaged);
    let hex = |bytes: &[u8]| Some(data_encoding::HEXUPPER.encode(bytes));
    match octets(0, 2)? {
        [3, _] => octets(1, 9).map(|id| if id == [0; 8] { None } else { hex(id) }),
        [6, 0] => Ok(None),
        // Version and fingerprint; the key id is its beginning (v6) or its end (v4).
        [6, _] if octets(2, 3)? == [4] => octets(15, 23).map(hex),
        [6, _] => octets(3, 11).map(hex),
        _ => Err(damaged()),
    }
}
