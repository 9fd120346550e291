//! A folder of sealed blobs: `<root>/<first two digits>/<hash>`, and `<root>/tmp` for what is being
//! written. The same content put twice is one file. A blob in place is never changed; only a damaged
//! one is replaced, by the same content, when it comes in again.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::{Hash, Reader, Writer};
use crate::disk::{self, Temp};
use crate::key::InstanceKey;
use crate::{Error, Part, Result};

#[derive(Clone, Debug)]
pub struct Store {
    root: Arc<Path>,
    key: InstanceKey,
}

impl Store {
    /// Opens the folder, making it if need be, and clears away what a crash left half written.
    pub fn open(root: impl AsRef<Path>, key: InstanceKey) -> Result<Self> {
        let store = Self { root: root.as_ref().into(), key };
        let temporary = store.temporary();
        fs::create_dir_all(&temporary).map_err(Error::at("create the folder", &temporary))?;
        let mut made = false;
        // All 256 at once: so no blob has to make its folder, nor wait until that is durable.
        for first in 0..=u8::MAX {
            let folder = store.root.join(format!("{first:02x}"));
            match fs::create_dir(&folder) {
                Ok(()) => made = true,
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::at("create the folder", &folder)(e)),
            }
        }
        if made {
            disk::sync_folder(&store.root)?;
            disk::sync_folder_of(&store.root)?;
        }
        disk::clear_leftovers(&temporary)?;
        Ok(store)
    }

    /// Keeps a small content. When this returns it survives a power cut.
    pub fn put(&self, content: &[u8]) -> Result<Hash> {
        let hash = Hash::of(content);
        if self.keeps_whole(&hash)? {
            return Ok(hash);
        }
        let mut writer = self.writer()?;
        writer.write_all(content).map_err(|e| Error::io(format!("write blob {hash}"), e))?;
        writer.finish().map(|(hash, _)| hash)
    }

    /// Keeps a content of any size as it streams in; see [`Writer::finish`].
    pub fn writer(&self) -> Result<Writer> {
        Writer::new(self.clone())
    }

    /// Whether a blob of this name is here; [`verify`](Self::verify) tells whether it is whole.
    pub fn has(&self, hash: &Hash) -> Result<bool> {
        let path = self.path(hash);
        path.try_exists().map_err(Error::at("look for", &path))
    }

    /// The content as a stream; the read that reaches the end fails if the hash is not right.
    pub fn reader(&self, hash: &Hash) -> Result<Reader<BufReader<File>>> {
        Reader::new(&self.key, BufReader::new(self.file(hash)?), *hash)
    }

    /// The whole content in memory.
    pub fn get(&self, hash: &Hash) -> Result<Vec<u8>> {
        let path = self.path(hash);
        let mut sealed = Vec::new();
        disk::open_unnoted(&path).and_then(|mut file| file.read_to_end(&mut sealed)).map_err(|e| absent(*hash, &path, e))?;
        super::open(&self.key, &sealed, hash)
    }

    /// Reads the blob to its end and checks seal and hash, in little memory.
    pub fn verify(&self, hash: &Hash) -> Result<()> {
        self.reader(hash)?.drain()
    }

    /// All names, in order. Files that are no blobs are passed over.
    pub fn list(&self) -> impl Iterator<Item = Result<Hash>> + use<> {
        let root = Arc::clone(&self.root);
        (0..=u8::MAX).flat_map(move |first| {
            let folder = root.join(format!("{first:02x}"));
            match names(&folder, first) {
                Ok(hashes) => hashes.into_iter().map(Ok).collect(),
                Err(e) => vec![Err(e)],
            }
        })
    }

    /// The names of files that nobody put since `before`, in order: what is newer may be on its way to be named.
    pub fn old(&self, before: SystemTime) -> Result<Vec<Hash>> {
        let mut old = Vec::new();
        for hash in self.list() {
            let hash = hash?;
            if self.put_at(&hash)?.is_some_and(|at| at < before) {
                old.push(hash);
            }
        }
        Ok(old)
    }

    /// [`remove`](Self::remove), unless somebody put it again since `before`.
    pub fn remove_old(&self, hash: &Hash, before: SystemTime) -> Result<bool> {
        let _alone = self.alone(File::lock)?;
        match self.put_at(hash)? {
            Some(at) if at < before => self.remove(hash),
            _ => Ok(false),
        }
    }

    /// Puts a fresh copy of the sealed file in its place, written and read at `dated` as far as files say, so that the
    /// file system's own note of when the file was made is that of this call. False if it is not there, or went meanwhile.
    pub fn renew(&self, hash: &Hash, dated: SystemTime) -> Result<bool> {
        const DOING: &str = "copy a sealed file";
        let path = self.path(hash);
        let mut old = match disk::open_unnoted(&path) {
            Ok(old) => old,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(e) => return Err(Error::at("read", &path)(e)),
        };
        let (temp, mut file) = Temp::create(&self.temporary())?;
        io::copy(&mut old, &mut file).map_err(|e| Error::io(DOING, e))?;
        file.set_times(fs::FileTimes::new().set_accessed(dated).set_modified(dated)).map_err(|e| Error::io(DOING, e))?;
        file.sync_all().map_err(|e| Error::io(DOING, e))?;
        // What somebody removed meanwhile does not come back.
        let _alone = self.alone(File::lock)?;
        if !self.has(hash)? {
            return Ok(false);
        }
        temp.rename(&path).map(|()| true)
    }

    /// Removes the sealed file for good; false if it was not there. Whoever calls this has written
    /// in the journal why.
    pub fn remove(&self, hash: &Hash) -> Result<bool> {
        let path = self.path(hash);
        match fs::remove_file(&path) {
            Ok(()) => disk::sync_folder_of(&path).map(|()| true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(Error::at("remove", &path)(e)),
        }
    }

    /// Where the sealed file of this name lies, for a backup or the `age` tool.
    pub fn path(&self, hash: &Hash) -> PathBuf {
        let name = hash.to_string();
        let folder = name.get(..2).unwrap_or_default();
        self.root.join(folder).join(&name)
    }

    /// Gives a finished, synced file its name, unless the same content is there and whole: of two
    /// who put the same content at once either may win, and both are right.
    pub(super) fn place(&self, temp: Temp, hash: &Hash) -> Result<()> {
        if self.keeps_whole(hash)? {
            return Ok(());
        }
        let _shared = self.alone(File::lock_shared)?;
        temp.rename(&self.path(hash))
    }

    /// The folders that hold the files of all blobs.
    pub fn folders(&self) -> impl Iterator<Item = PathBuf> + use<'_> {
        (0..=u8::MAX).map(|first| self.root.join(format!("{first:02x}")))
    }

    pub(super) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    pub(super) fn key(&self) -> &InstanceKey {
        &self.key
    }

    /// Whether this blob is in place, whole and durable. A damaged file must not make us throw away
    /// the good copy that just came in, so it counts as absent; a file sealed for another key does
    /// not, because there the operator has the wrong key and nothing should be overwritten.
    fn keeps_whole(&self, hash: &Hash) -> Result<bool> {
        match self.verify(hash) {
            // Whoever put it may not have synced the folder yet.
            Ok(()) => Ok(self.touch(hash)? && disk::sync_folder_of(&self.path(hash)).map(|()| true)?),
            Err(Error::Missing(_) | Error::Damaged { part: Part::Seal | Part::Content, .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Dates a file with now, so that nobody takes it for old; false if it went a moment ago. The file
    /// system says what time it is: it dates the others too.
    fn touch(&self, hash: &Hash) -> Result<bool> {
        let (_temp, clock) = Temp::create(&self.temporary())?;
        let now = clock.metadata().and_then(|made| made.modified()).map_err(|e| Error::io("ask the file system for the time", e))?;
        let _shared = self.alone(File::lock_shared)?;
        match File::open(self.path(hash)).and_then(|file| file.set_modified(now)) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(Error::at("date", &self.path(hash))(e)),
        }
    }

    /// When a file was put last, if it is there.
    fn put_at(&self, hash: &Hash) -> Result<Option<SystemTime>> {
        let path = self.path(hash);
        match fs::metadata(&path).and_then(|found| found.modified()) {
            Ok(at) => Ok(Some(at)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::at("look at", &path)(e)),
        }
    }

    /// Keeps those who put and whoever removes what is old out of each other's way, in other processes
    /// too, for as long as the answer lives.
    fn alone(&self, lock: impl FnOnce(&File) -> io::Result<()>) -> Result<File> {
        let path = self.temporary();
        File::open(&path).and_then(|folder| lock(&folder).map(|()| folder)).map_err(Error::at("lock", &path))
    }

    fn file(&self, hash: &Hash) -> Result<File> {
        let path = self.path(hash);
        disk::open_unnoted(&path).map_err(|e| absent(*hash, &path, e))
    }
}

fn absent(hash: Hash, path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::Missing(hash),
        _ => Error::at("read", path)(error),
    }
}

fn names(folder: &Path, first: u8) -> Result<Vec<Hash>> {
    let mut hashes = Vec::new();
    for found in fs::read_dir(folder).map_err(Error::at("list", folder))? {
        let name = found.map_err(Error::at("list", folder))?.file_name();
        let hash = name.to_str().and_then(|n| n.parse::<Hash>().ok().filter(|h| h.to_string() == n));
        hashes.extend(hash.filter(|h| h.as_bytes().first() == Some(&first)));
    }
    hashes.sort_unstable();
    Ok(hashes)
}
