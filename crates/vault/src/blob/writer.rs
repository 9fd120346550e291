//! Writing a blob as a stream: what comes in is hashed and sealed on its way to a temporary file, so
//! memory stays the same whatever the size, and plain content never touches the disk.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use sha2::{Digest, Sha256};

use super::{Hash, Sealing, Store, sealing};
use crate::disk::Temp;
use crate::{Error, Result};

/// Dropped before [`finish`](Writer::finish), it leaves nothing behind.
pub struct Writer {
    // Before `temp`, so that the file is closed by the time its name is removed.
    stream: Sealing<BufWriter<File>>,
    temp: Temp,
    hasher: Sha256,
    size: u64,
    broken: bool,
    store: Store,
}

impl Writer {
    pub(super) fn new(store: Store) -> Result<Self> {
        let (temp, file) = Temp::create(&store.temporary())?;
        let stream = sealing(store.key(), BufWriter::new(file))?;
        Ok(Self { stream, temp, hasher: Sha256::new(), size: 0, broken: false, store })
    }

    /// Closes the seal, makes it durable and gives it its name. When this returns, the content
    /// survives a power cut.
    pub fn finish(self) -> Result<(Hash, u64)> {
        const DOING: &str = "write a sealed file";
        if self.broken {
            let source = io::Error::other("a write to it failed before");
            return Err(Error::io(DOING, source));
        }
        let buffered = self.stream.finish().map_err(|e| Error::io(DOING, e))?;
        let file = buffered.into_inner().map_err(|e| Error::io(DOING, e.into_error()))?;
        file.sync_all().map_err(|e| Error::io("sync a sealed file", e))?;
        let hash = Hash::finished(self.hasher);
        self.store.place(self.temp, &hash)?;
        Ok((hash, self.size))
    }
}

impl Write for Writer {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        // After a failed write the seal has a hole; finishing it would name a file that cannot be
        // opened, so the writer remembers.
        match self.stream.write(plain) {
            Ok(count) => {
                self.hasher.update(plain.get(..count).unwrap_or(plain));
                self.size += count as u64;
                Ok(count)
            }
            Err(e) => {
                self.broken = true;
                Err(e)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush().inspect_err(|_| self.broken = true)
    }
}
