//! A whole file under one seal: a copy that leaves the house. It is an age v1 file like a blob, and
//! `age -d -i instance.key COPY` opens it without us. Its content has no name of its own, so whether it
//! is the right one is for whoever opens it to check.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use crate::blob;
use crate::disk::{self, Temp};
use crate::key::InstanceKey;
use crate::{Error, Result};

/// A file in clear that lasts as long as the work on it. What a crash left of an earlier one goes first.
pub struct Scratch {
    temp: Temp,
    // Locked for as long as it lives, so that nobody takes it for a leftover.
    _file: File,
}

impl Scratch {
    /// An empty file in `folder`, for its owner alone.
    pub fn new(folder: impl AsRef<Path>) -> Result<Self> {
        disk::clear_leftovers(folder.as_ref())?;
        let (temp, file) = Temp::create(folder.as_ref())?;
        Ok(Self { temp, _file: file })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.temp.path()
    }
}

/// Seals a file for the instance into a new one. When this returns, that one survives a power cut.
pub fn seal(key: &InstanceKey, plain: impl AsRef<Path>, sealed: impl AsRef<Path>) -> Result<()> {
    let (plain, sealed) = (plain.as_ref(), sealed.as_ref());
    let from = File::open(plain).map_err(Error::at("open", plain))?;
    let to = File::create_new(sealed).map_err(Error::at("create", sealed))?;
    let mut stream = blob::sealing(key, BufWriter::new(to))?;
    copy(BufReader::new(from), &mut stream).map_err(Error::at("seal", plain))?;
    let buffered = stream.finish().map_err(Error::at("write", sealed))?;
    let file = buffered.into_inner().map_err(|e| Error::at("write", sealed)(e.into_error()))?;
    file.sync_all().map_err(Error::at("sync", sealed))?;
    disk::sync_folder_of(sealed)
}

/// Opens what [`seal`] made into a new file, which holds nothing that did not come out of an unbroken seal.
pub fn open(key: &InstanceKey, sealed: impl AsRef<Path>, plain: impl AsRef<Path>) -> Result<()> {
    let (sealed, plain) = (sealed.as_ref(), plain.as_ref());
    let from = File::open(sealed).map_err(Error::at("open", sealed))?;
    let broken = |why: &str| Error::Copy { path: sealed.display().to_string(), why: why.to_owned() };
    let identity = std::iter::once(key.identity() as &dyn age::Identity);
    let opened = age::Decryptor::new_buffered(BufReader::new(from)).and_then(|head| head.decrypt(identity));
    let stream = opened.map_err(|error| match error {
        age::DecryptError::Io(e) if !blob::is_damage(&e) => Error::at("read", sealed)(e),
        age::DecryptError::NoMatchingKeys => broken("it is sealed for another key"),
        _ => broken("it is no sealed file, or its head is damaged"),
    })?;
    let mut to = BufWriter::new(File::create_new(plain).map_err(Error::at("create", plain))?);
    copy(stream, &mut to)
        .map_err(|e| if blob::is_damage(&e) { broken("its encrypted bytes were changed or cut short") } else { Error::at("open", sealed)(e) })?;
    let file = to.into_inner().map_err(|e| Error::at("write", plain)(e.into_error()))?;
    file.sync_all().map_err(Error::at("sync", plain))?;
    disk::sync_folder_of(plain)
}

/// A chunk of age at a time.
fn copy(mut from: impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(()),
            count => to.write_all(chunk.get(..count).unwrap_or_default())?,
        }
    }
}
