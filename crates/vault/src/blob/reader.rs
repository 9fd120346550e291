//! Reading a sealed blob as a stream. Every chunk is authenticated before it is given out, and the
//! hash of the whole is checked at the end: a reader that came to its end without an error has given
//! exactly the content that was asked for.

use std::io::{self, BufRead, Read};

use age::DecryptError;
use age::stream::StreamReader;
use sha2::{Digest, Sha256};

use super::Hash;
use crate::key::InstanceKey;
use crate::{Error, Part, Result};

pub struct Reader<R> {
    stream: StreamReader<R>,
    hash: Hash,
    hasher: Sha256,
    checked: bool,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(key: &InstanceKey, sealed: R, hash: Hash) -> Result<Self> {
        let identity = key.identity();
        let stream =
            age::Decryptor::new_buffered(sealed).and_then(|d| d.decrypt(std::iter::once(identity as &dyn age::Identity))).map_err(|e| head_error(hash, e))?;
        Ok(Self { stream, hash, hasher: Sha256::new(), checked: false })
    }

    /// Reads to the end for the checks alone.
    pub(super) fn drain(mut self) -> Result<()> {
        let doing = format!("read blob {}", self.hash);
        io::copy(&mut self, &mut io::sink()).map_err(|e| Error::io(doing, e))?;
        Ok(())
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(to).map_err(|e| chunk_error(self.hash, e))?;
        if let Some(plain) = to.get(..count) {
            self.hasher.update(plain);
        }
        if count == 0 && !to.is_empty() && !self.checked {
            if Hash::finished(self.hasher.clone()) != self.hash {
                let error = Error::damaged(self.hash, Part::Content);
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
            self.checked = true;
        }
        Ok(count)
    }
}

fn head_error(hash: Hash, error: DecryptError) -> Error {
    match error {
        DecryptError::Io(e) if !is_damage(&e) => Error::io(format!("read blob {hash}"), e),
        DecryptError::NoMatchingKeys => Error::damaged(hash, Part::Key),
        other => Error::Damaged { hash, part: Part::Seal, source: Some(Box::new(other)) },
    }
}

fn chunk_error(hash: Hash, error: io::Error) -> io::Error {
    if !is_damage(&error) {
        return error;
    }
    let cause = Error::Damaged { hash, part: Part::Seal, source: Some(Box::new(error)) };
    io::Error::new(io::ErrorKind::InvalidData, cause)
}

/// How age tells damage from a failing disk.
pub(crate) fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}
