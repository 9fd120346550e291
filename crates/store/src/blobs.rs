//! Bytes kept by hash, sealed with the instance's key.
//!
//! A small blob rides in the same commit as the row that names it: one flush keeps both. A large
//! one is streamed to a file first, which is flushed before the row is written, so that a row
//! never names bytes that are not there.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use vault::blob::{self, Hash};
use vault::key::InstanceKey;

use crate::read::Reader;
use crate::{Error, Result, Statement, Tx, Value, args};

/// Up to this size a blob lies in the database.
const INLINE: usize = 128 * 1024;

/// A blob that was kept again is dated anew after this time: far below what a sweep takes for old.
const LONG: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

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
    pub fn upload(&self) -> Upload {
        Upload { blobs: self.clone(), begun: Vec::new(), file: None, cut: false }
    }

    /// [`Blobs::upload`] that makes a file of whatever comes, for what is named before it has a row.
    pub fn upload_to_file(&self) -> Result<Upload> {
        Ok(Upload { file: Some(self.files.writer()?), ..self.upload() })
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

    /// The bytes of several small blobs, asked for at once; in no order, each once.
    pub async fn get_all(&self, reader: &mut Reader, hashes: &[Hash]) -> Result<Vec<Vec<u8>>> {
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let mut text = Statement::new("select hash, sealed from blobs where hash in (");
        text.bind_list(hashes.iter().copied().map(Value::from)).push(")");
        let found: Vec<(Hash, Option<Vec<u8>>)> = reader.select(text).await?;
        let open = |(hash, sealed): (Hash, Option<Vec<u8>>)| match sealed {
            Some(sealed) => Ok(blob::open(&self.key, &sealed, &hash)?),
            None => Ok(self.files.get(&hash)?),
        };
        found.into_iter().map(open).collect()
    }

    /// A blob's bytes as a stream, wherever it lies: for what is too long for memory.
    pub async fn open_stream(&self, reader: &mut Reader, hash: Hash) -> Result<Box<dyn Read + Send>> {
        let found: Option<(String, Option<Vec<u8>>)> = reader.row("select place, sealed from blobs where hash = $1", args![hash]).await?;
        match found {
            Some((_, Some(sealed))) => Ok(Box::new(std::io::Cursor::new(blob::open(&self.key, &sealed, &hash)?))),
            Some(_) => Ok(Box::new(self.files.reader(&hash)?)),
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
        let written = file.parent().and_then(Path::parent).map(|root| root.join("tmp"));
        for path in [Some(file), written].into_iter().flatten() {
            level_at(&path, to)?;
        }
        self.level_folder(hash, to)
    }

    /// Puts a fresh copy of a large blob's file in its place, and levels the times of both as [`Blobs::level`] does: the
    /// file system's own note of when the file was made, which nobody can set, is then when this was called. False if it
    /// is not there.
    pub fn renew(&self, hash: &Hash, to: jiff::Timestamp) -> Result<bool> {
        Ok(self.files.renew(hash, to.into())?)
    }

    /// Whether a large blob's file is there.
    pub fn has(&self, hash: &Hash) -> Result<bool> {
        Ok(self.files.has(hash)?)
    }

    /// [`Blobs::level`] of the folder alone, for what was removed from it.
    pub fn level_folder(&self, hash: &Hash, to: jiff::Timestamp) -> Result<()> {
        self.files.path(hash).parent().map_or(Ok(()), |folder| level_at(folder, to))
    }

    /// [`Blobs::level`] of all folders. Done at moments of its own, it takes from the file system when one of them was
    /// last changed.
    pub fn level_folders(&self, to: jiff::Timestamp) -> Result<()> {
        self.files.folders().try_for_each(|folder| level_at(&folder, to))
    }

    /// Large blobs' files that nobody put since `before`; what is newer may be on its way to be named.
    pub fn old_files(&self, before: jiff::Timestamp) -> Result<Vec<Hash>> {
        Ok(self.files.old(before.into())?)
    }

    /// [`Blobs::remove`], unless somebody put the same bytes again since `before`.
    pub fn remove_old(&self, hash: &Hash, before: jiff::Timestamp) -> Result<bool> {
        Ok(self.files.remove_old(hash, before.into())?)
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

/// A blob on its way in: in memory as long as it is small, a file as soon as it is not.
pub struct Upload {
    blobs: Blobs,
    begun: Vec<u8>,
    file: Option<blob::Writer>,
    /// A file could not be begun: what is in memory is not all that came.
    cut: bool,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Upload")
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(file) = &mut self.file {
            return file.write(bytes);
        }
        if self.begun.len() + bytes.len() <= INLINE {
            return self.begun.write(bytes);
        }
        self.cut = true;
        let file = self.file.insert(self.blobs.files.writer().map_err(std::io::Error::other)?);
        self.cut = false;
        file.write_all(&std::mem::take(&mut self.begun))?;
        file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Upload {
    /// Names the blob; a large one is flushed to disk.
    pub fn finish(self) -> Result<Kept> {
        if self.cut {
            return Err(vault::Error::io("keep a file", std::io::Error::other("it could not be begun")).into());
        }
        let Some(file) = self.file else { return self.blobs.seal(&self.begun) };
        let (hash, size) = file.finish()?;
        Ok(Kept { hash, size, sealed: None })
    }
}

fn level_at(path: &Path, to: jiff::Timestamp) -> Result<()> {
    Ok(level(path, to).map_err(|error| vault::Error::io(format!("level the times of {}", path.display()), error))?)
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

    /// [`Tx::keep`] for bytes that may never be named for good, like a draft's files: the sweep asks of
    /// these whether somebody names them.
    pub async fn keep_loosely(&mut self, kept: &Kept) -> Result<Hash> {
        self.loosen(kept.hash).await?;
        let now = self.now();
        self.keep_since(kept, now).await
    }

    /// Whoever named a blob for good does so no more: the sweep lets go of it if nobody else names it.
    pub async fn loosen(&mut self, hash: Hash) -> Result<()> {
        let now = self.now();
        self.execute("insert into loose_blobs (hash, at) values ($1, $2) on conflict (hash) do update set at = excluded.at", args![hash, now]).await.map(drop)
    }

    /// Holds these blobs until this change ends: who keeps the same bytes at this moment is waited for, and what names them
    /// is read after that. The embedded database has one writer anyway.
    pub async fn hold_blobs(&mut self, hashes: &[Hash]) -> Result<()> {
        if hashes.is_empty() || !self.is_postgres() {
            return Ok(());
        }
        let mut those = Statement::new("select hash from blobs where hash in (");
        those.bind_list(hashes.iter().map(|hash| (*hash).into())).push(") order by hash for update");
        self.select::<(Hash,)>(those).await.map(drop)
    }

    /// Lets go of a blob that nothing names any more. Its file goes after the commit, with [`Blobs::remove`].
    pub async fn forget(&mut self, hash: Hash) -> Result<()> {
        self.execute("delete from blobs where hash = $1", args![hash]).await.map(drop)
    }

    /// [`Tx::forget`], unless somebody kept the same bytes again since `before`.
    pub async fn forget_old(&mut self, hash: Hash, before: jiff::Timestamp) -> Result<bool> {
        Ok(self.execute("delete from blobs where hash = $1 and created_at < $2", args![hash, before]).await? > 0)
    }

    /// [`Tx::keep`], dated as told: for what must not say when it came.
    pub async fn keep_since(&mut self, kept: &Kept, now: jiff::Timestamp) -> Result<Hash> {
        let place = if kept.sealed.is_some() { "row" } else { "file" };
        self.execute(
            // What has been there for long is dated anew, so that no sweep at this moment takes it for old.
            "insert into blobs (hash, size, place, sealed, created_at) values ($1, $2, $3, $4, $5) \
             on conflict (hash) do update set created_at = excluded.created_at where blobs.created_at < $6",
            args![kept.hash, kept.size, place, kept.sealed.clone(), now, now - LONG],
        )
        .await?;
        Ok(kept.hash)
    }
}
