//! The frames between parent and child: four bytes of length, big-endian, then
//! so many bytes. A request is the order as JSON in a frame of its own, then the
//! bytes it is about in another; an answer is JSON in one frame, and the bytes that
//! came out in another.

use std::io::{self, Read, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::letter::{Envelope, Limits};
use crate::openpgp::ask::Ask;
use crate::openpgp::mail::Ring;

/// The most bytes that the child is handed: 64 MiB and what sealing puts around them.
pub const REQUEST: usize = 65 * 1024 * 1024;
/// The largest letter it may answer with, and the most bytes: base64 of the mail, text and HTML.
pub const ANSWER: usize = 160 * 1024 * 1024;

/// What is to be done with the bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Read a mail as a letter.
    Mail { envelope: Envelope, limits: Box<Limits> },
    /// Open a mail with the keys of our address, and say what was found. Whoever is asked this is asked nothing else.
    OpenMail { envelope: Envelope, limits: Box<Limits>, ring: Ring, now: Timestamp },
    /// Answer a question about OpenPGP.
    OpenPgp(Ask),
}

/// The length in front of a frame.
pub fn length(bytes: &[u8]) -> io::Result<[u8; 4]> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    Ok(length.to_be_bytes())
}

/// Reads a frame; `None` at the end of the stream before one begins.
pub fn read(from: &mut impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > limit {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// Writes a frame and sends it off.
pub fn write(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&length(bytes)?)?;
    to.write_all(bytes)?;
    to.flush()
}
