//! Checkpoints (<https://c2sp.org/tlog-checkpoint>): the state of a log as a signed note of three
//! lines, its origin, size and root. Whoever keeps an old checkpoint can later prove that the journal
//! has not been rewritten before it.

use data_encoding::BASE64;

use super::note;
use crate::key::InstanceKey;
use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name in the world, a URL without scheme such as `csirt.example/journal`. It is the
    /// name of the signing key too.
    pub origin: String,
    pub size: u64,
    pub root: [u8; 32],
}

impl Checkpoint {
    /// The signed note; fails only if the origin cannot name a log.
    pub fn sign(&self, key: &InstanceKey) -> Result<String> {
        let Self { origin, size, root } = self;
        let text = format!("{origin}\n{size}\n{}\n", BASE64.encode(root));
        note::sign(&text, origin, &key.signing())
    }

    /// Reads a signed note if the key in `vkey` ([`InstanceKey::public_line`]) signed it.
    pub fn parse_and_verify(note: &str, vkey: &str) -> Result<Self> {
        let (text, name) = note::verify(note, vkey)?;
        let checkpoint = parse(text).ok_or_else(|| Error::Note("the note is no checkpoint".into()))?;
        if checkpoint.origin != name {
            let origin = checkpoint.origin;
            return Err(Error::Note(format!("the checkpoint is of the log {origin}, not of {name}")));
        }
        Ok(checkpoint)
    }

    /// The size that a note claims, whoever signed it; to say where a bad one belongs.
    pub(crate) fn claimed_size(note: &str) -> Option<u64> {
        size(note.split('\n').nth(1)?)
    }
}

/// The first three lines; further ones are extensions, to be passed over by who does not know them.
fn parse(text: &str) -> Option<Checkpoint> {
    let mut lines = text.split('\n');
    let origin = lines.next().filter(|o| !o.is_empty())?.to_owned();
    let size = size(lines.next()?)?;
    let root = BASE64.decode(lines.next()?.as_bytes()).ok()?.try_into().ok()?;
    Some(Checkpoint { origin, size, root })
}

/// A decimal number in its one spelling: no sign, no leading zeros.
fn size(line: &str) -> Option<u64> {
    line.parse().ok().filter(|size: &u64| size.to_string() == line)
}
