//! Bytes kept by hash, sealed with the instance's key.
//!
//! A small blob rides in the same commit as the row that names it: one flush keeps both. A large
//! one is streamed to a file first, which is flushed before the row is written, so that a row
//! never names bytes that are not there.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use vault::blob::{self, Hash};
use vault::key::InstanceKey;

use crate::read::Reader;
use crate::{Error, Result, Tx, args};

/// Up to this size a blob lies in the database.
const INLINE: usize = 128 * 1024;

/// The blobs of an instance. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    files: Arc<blob::Store>,
    key: InstanceKey,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Blobs")
    }
}

/// Bytes that are sealed and ready to be named by a row.
#[derive(Clone, Debug)]
pub struct Kept {
    /// SHA-256 of the bytes as they came.
    pub hash: Hash,
    /// Their number.
    pub size: u64,
    sealed: Option<Vec<u8>>,
}

impl Blobs {
    /// Opens the folder for large blobs.
    pub fn open(root: &Path, key: InstanceKey) -> Result<Self> {
        Ok(Self { files: Arc::new(blob::Store::open(root, key.clone())?), key })
    }

    /// Seals bytes; large ones are on disk, flushed, when this returns. Call [`Tx::keep`] in the change that names them.
    pub fn seal(&self, bytes: &[u8]) -> Result<Kept> {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if bytes.len() <= INLINE {
            return Ok(Kept { hash: Hash::of(bytes), size, sealed: Some(blob::seal(&self.key, bytes)?) });
        }
        Ok(Kept { hash: self.files.put(bytes)?, size, sealed: None })
    }

    /// Takes a stream of any length in pieces: write into it, then [`Upload::finish`].
    pub fn upload(&self) -> Result<Upload> {
        Ok(Upload(self.files.writer()?))
    }

    /// The bytes of a hash.
    pub async fn get(&self, reader: &mut Reader, hash: Hash) -> Result<Vec<u8>> {
        let found: Option<(String, Option<Vec<u8>>)> = reader.row("select place, sealed from blobs where hash = $1", args![hash]).await?;
        match found {
            Some((_, Some(sealed))) => Ok(blob::open(&self.key, &sealed, &hash)?),
            Some(_) => Ok(self.files.get(&hash)?),
            None => Err(Error::Shape("a blob of that hash")),
        }
    }

    /// Reads a blob to its end and compares the hash: for `verify`.
    pub async fn check(&self, reader: &mut Reader, hash: Hash) -> Result<()> {
        let found: Option<(String, Option<Vec<u8>>)> = reader.row("select place, sealed from blobs where hash = $1", args![hash]).await?;
        match found {
            Some((_, Some(sealed))) => blob::open(&self.key, &sealed, &hash).map(drop)?,
            Some(_) => self.files.verify(&hash)?,
            None => return Err(Error::Shape("a blob of that hash")),
        }
        Ok(())
    }

    /// Levels the times of a large blob's file, of its folder and of the folder for what is being
    /// written, so that they do not tell when it came. What the file system keeps of its own (when a
    /// file's entry was last changed) is then when this was called.
    pub fn level(&self, hash: &Hash, to: jiff::Timestamp) -> Result<()> {
        let file = self.files.path(hash);
        let folder = file.parent().map(Path::to_owned);
        let written = folder.as_deref().and_then(Path::parent).map(|root| root.join("tmp"));
        for path in [Some(file), folder, written].into_iter().flatten() {
            level(&path, to).map_err(|error| vault::Error::io(format!("level the times of {}", path.display()), error))?;
        }
        Ok(())
    }

    /// Removes a large blob's file for good; its row must be gone already ([`Tx::forget`]).
    pub fn remove(&self, hash: &Hash) -> Result<bool> {
        Ok(self.files.remove(hash)?)
    }

    /// A stream of a large blob's bytes.
    pub fn stream(&self, hash: &Hash) -> Result<impl Read + Send + use<>> {
        Ok(self.files.reader(hash)?)
    }
}

/// A blob on its way in.
pub struct Upload(blob::Writer);

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Upload")
    }
}

impl std::io::Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Upload {
    /// Flushes to disk and names the blob.
    pub fn finish(self) -> Result<Kept> {
        let (hash, size) = self.0.finish()?;
        Ok(Kept { hash, size, sealed: None })
    }
}

/// Sets when a file was read and written last.
pub fn level(path: &Path, to: jiff::Timestamp) -> std::io::Result<()> {
    let to = std::time::SystemTime::from(to);
    std::fs::File::open(path)?.set_times(std::fs::FileTimes::new().set_accessed(to).set_modified(to))
}

impl Kept {
    /// A blob whose file is there already, by its hash and size.
    pub fn in_file(hash: Hash, size: u64) -> Self {
        Self { hash, size, sealed: None }
    }
}

impl Tx {
    /// Keeps sealed bytes with this change. The same bytes twice are kept once.
    pub async fn keep(&mut self, kept: &Kept) -> Result<Hash> {
        let now = self.now();
        self.keep_since(kept, now).await
    }

    /// Lets go of a blob that nothing names any more. Its file goes after the commit, with [`Blobs::remove`].
    pub async fn forget(&mut self, hash: Hash) -> Result<()> {
        self.execute("delete from blobs where hash = $1", args![hash]).await.map(drop)
    }

    /// [`Tx::keep`], dated as told: for what must not say when it came.
    pub async fn keep_since(&mut self, kept: &Kept, now: jiff::Timestamp) -> Result<Hash> {
        let place = if kept.sealed.is_some() { "row" } else { "file" };
        self.execute(
            "insert into blobs (hash, size, place, sealed, created_at) values ($1, $2, $3, $4, $5) on conflict (hash) do nothing",
            args![kept.hash, kept.size, place, kept.sealed.clone(), now],
        )
        .await?;
        Ok(kept.hash)
    }
}
