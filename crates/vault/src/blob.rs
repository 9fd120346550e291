//! Sealed blobs. A blob is named by the SHA-256 of its plain content and kept as an age v1 file
//! (<https://c2sp.org/age>): a small header and chunks of 64 KiB under ChaCha20-Poly1305, so that it
//! is written and read as a stream and opens with the stock tool in ten years. Two checks stand
//! behind each read: age's own authentication says whether the seal is whole, and the hash says
//! whether the content is the one that was asked for.

mod hash;
mod reader;
mod store;
mod writer;

use std::io::{Read, Write};

pub use hash::Hash;
pub use reader::Reader;
pub use store::Store;
pub use writer::Writer;

pub(crate) use reader::is_damage;

use crate::key::InstanceKey;
use crate::{Error, Result};

/// Seals a small content in memory.
pub fn seal(key: &InstanceKey, plain: &[u8]) -> Result<Vec<u8>> {
    let mut stream = sealing(key, Vec::with_capacity(plain.len() + 512))?;
    stream.write_all(plain).and_then(|()| stream.finish()).map_err(|e| Error::io("seal in memory", e))
}

/// Opens what [`seal`] made and checks that it is the content called `expected`.
pub fn open(key: &InstanceKey, sealed: &[u8], expected: &Hash) -> Result<Vec<u8>> {
    let mut plain = Vec::with_capacity(sealed.len());
    Reader::new(key, sealed, *expected)?.read_to_end(&mut plain).map_err(|e| Error::io(format!("open blob {expected}"), e))?;
    Ok(plain)
}

pub(crate) type Sealing<W> = age::stream::StreamWriter<W>;

/// Starts an age file for the instance on `output`.
pub(crate) fn sealing<W: Write>(key: &InstanceKey, output: W) -> Result<Sealing<W>> {
    let recipient = key.identity().to_public();
    age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|e| Error::Seal(Box::new(e)))?
        .wrap_output(output)
        .map_err(|e| Error::io("write the head of a sealed file", e))
}
