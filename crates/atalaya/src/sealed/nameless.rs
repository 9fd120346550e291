//! Files without a name, for a message that comes in one piece: gone with their handle, whatever happens, and counted
//! among what is on its way as long as they are there.

use std::fs::{self, File};
use std::io::{self, Read, Seek as _, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::sync::atomic::Ordering;

use super::intake::Refused;
use super::level;
use super::uploads::{By, PART, dated, room, root};
use crate::App;
use crate::profile::Sealed;
use crate::web::upload::on_disk;

/// A file for ciphertext.
pub struct Nameless {
    file: File,
    app: App,
    by: By,
    bytes: u64,
}

/// A new one, for whom sends.
pub async fn nameless(app: &App, by: By) -> Result<Nameless, Refused> {
    let (root, day) = (root(app), level(app)?);
    let file = on_disk(move || {
        let mut make = fs::DirBuilder::new();
        make.recursive(true).mode(0o700);
        let made = make.create(&root).and_then(|()| tempfile::tempfile_in(&root)).and_then(|file| dated(&root, day).map(|()| file));
        made.map_err(|error| vault::Error::io("make a file for a message", error).into())
    });
    Ok(Nameless { file: file.await.map_err(Refused::Fault)?, app: app.clone(), by, bytes: 0 })
}

impl Nameless {
    /// Bytes in it.
    pub fn size(&self) -> u64 {
        self.bytes
    }

    /// Back to its beginning, to be read.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.file.rewind()
    }

    /// Writes what somebody sends, as far as it fits into today. That is asked once for each [`PART`].
    pub async fn add(&mut self, sealed: &Sealed, bytes: &[u8]) -> Result<(), Refused> {
        let part = |bytes: u64| bytes.div_ceil(PART as u64);
        if part(self.bytes) != part(self.bytes + bytes.len() as u64) {
            room(&self.app, sealed, self.by, bytes.len() as u64).await?;
        }
        Ok(self.write_all(bytes)?)
    }
}

impl Read for Nameless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}

impl Write for Nameless {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.bytes += count as u64;
        if let Some(all) = self.app.sealed.uploads.nameless(self.by) {
            all.fetch_add(count as u64, Ordering::Relaxed);
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Nameless {
    fn drop(&mut self) {
        if let Some(all) = self.app.sealed.uploads.nameless(self.by) {
            all.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}
