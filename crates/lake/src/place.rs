//! Where the lake lies: a folder, or a bucket of an object store. Few things are asked of it, and each
//! write counts only when it would survive a loss of power. Only [`Place::create`] decides between
//! writers: a name is given once.

mod folder;
#[cfg(feature = "s3")]
mod store;

use crate::{Error, Result};
use std::fs::File;
use std::path::{Path, PathBuf};

/// One thing found in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Relative to the place, with `/` between.
    pub path: String,
    pub size: u64,
    /// Milliseconds since 1970, by the clock of the place.
    pub modified: i64,
}

#[derive(Debug)]
pub(crate) enum Place {
    Folder(PathBuf),
    #[cfg(feature = "s3")]
    Store(store::Store),
}

impl Place {
    /// `url` is a path, `file://`, or, where this was built with `s3`, `s3://bucket/prefix`. What else
    /// the store must know (endpoint, region, keys) stands in `options` by the names of the AWS
    /// variables in lower case.
    pub fn open(url: &str, options: &[(String, String)]) -> Result<Self> {
        if let Some(path) = folder_of(url) {
            let root = PathBuf::from(path);
            std::fs::create_dir_all(root.join(crate::log::FOLDER)).map_err(Error::place(path))?;
            folder::sync_folder(&root)?;
            return Ok(Self::Folder(root.canonicalize().map_err(Error::place(path))?));
        }
        #[cfg(feature = "s3")]
        return store::Store::open(url, options).map(Self::Store);
        #[cfg(not(feature = "s3"))]
        {
            let _ = options;
            Err(Error::Question(format!("{url}: this program was built without object stores; a folder is understood")))
        }
    }

    /// The place as it is; `None` if it is a folder that is not there.
    pub fn look(url: &str, options: &[(String, String)]) -> Result<Option<Self>> {
        match folder_of(url) {
            Some(path) => Ok(Path::new(path).is_dir().then(|| Self::Folder(PathBuf::from(path)))),
            None => Self::open(url, options).map(Some),
        }
    }

    /// What lies in `folder` and below, in the order of names; with `after`, names behind it only.
    pub fn list(&self, folder: &str, after: Option<&str>) -> Result<Vec<Entry>> {
        let mut found = match self {
            Self::Folder(root) => folder::list(root, folder)?,
            #[cfg(feature = "s3")]
            Self::Store(store) => store.list(folder, after)?,
        };
        if let Some(after) = after {
            found.retain(|entry| entry.path.as_str() > after);
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The bytes under a name, if there is one.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Folder(root) => folder::read(&root.join(path)),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.read(path),
        }
    }

    /// Whether there is something under a name.
    pub fn has(&self, path: &str) -> Result<bool> {
        match self {
            Self::Folder(root) => root.join(path).try_exists().map_err(Error::place(path)),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.has(path),
        }
    }

    /// Puts bytes under a name that nobody used before. `false`: somebody did.
    pub fn create(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        match self {
            Self::Folder(root) => folder::create(&root.join(path), bytes),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.create(path, bytes),
        }
    }

    /// Puts bytes under a name, whatever was there.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Folder(root) => folder::put(&root.join(path), bytes),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.put(path, bytes),
        }
    }

    /// Takes over a finished file. It is gone from where it was. A folder above it still has to be
    /// flushed: [`Place::settle`].
    pub fn adopt(&self, file: &Path, path: &str) -> Result<()> {
        match self {
            Self::Folder(root) => folder::adopt(file, &root.join(path)),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.adopt(file, path),
        }
    }

    /// Flushes the folders of adopted files.
    pub fn settle<'a>(&self, paths: impl Iterator<Item = &'a str>) -> Result<()> {
        match self {
            Self::Folder(root) => folder::settle(root, paths),
            #[cfg(feature = "s3")]
            Self::Store(_) => Ok(()),
        }
    }

    /// The file under a name, to be read from anywhere in it; from a store it is copied to `scratch`.
    pub fn file(&self, path: &str, scratch: &Path) -> Result<File> {
        match self {
            Self::Folder(root) => File::open(root.join(path)).map_err(Error::place(path)),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.file(path, scratch),
        }
        .inspect(|_| {
            let _ = scratch;
        })
    }

    /// Takes a name away, if it is there.
    pub fn delete(&self, path: &str) -> Result<()> {
        match self {
            Self::Folder(root) => folder::delete(&root.join(path)),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.delete(path),
        }
    }

    /// Where an engine finds it.
    pub fn url(&self) -> String {
        match self {
            Self::Folder(root) => format!("file://{}", root.display()),
            #[cfg(feature = "s3")]
            Self::Store(store) => store.url(),
        }
    }
}

fn folder_of(url: &str) -> Option<&str> {
    url.strip_prefix("file://").or_else(|| (!url.contains("://")).then_some(url))
}

pub(crate) use folder::{put as put_file, sync_folder};
