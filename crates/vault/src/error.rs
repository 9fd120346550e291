//! The one error of this crate. Each variant says what was being done and to what; the cause is kept
//! as `source()` and never repeated in the sentence itself.

use std::io;
use std::path::Path;

use crate::blob::Hash;

pub type Result<T, E = Error> = std::result::Result<T, E>;

type Cause = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk, or the quota on it, has no room. Nothing was kept; try again with more room.
    #[error("no room left on the disk while trying to {doing}")]
    Full {
        doing: String,
        #[source]
        source: io::Error,
    },
    #[error("could not {doing}")]
    Io {
        doing: String,
        #[source]
        source: io::Error,
    },
    /// The key file is missing, open to others, or not a key.
    #[error("the key file {path}: {why}")]
    Key { path: String, why: String },
    #[error("no blob {0} is stored here")]
    Missing(Hash),
    /// A blob is there, but what comes out is not what was put in.
    #[error("blob {hash}: {part}")]
    Damaged {
        hash: Hash,
        part: Part,
        #[source]
        source: Option<Cause>,
    },
    /// A copy that was sealed whole and does not open.
    #[error("the sealed file {path}: {why}")]
    Copy { path: String, why: String },
    #[error("could not seal")]
    Seal(#[source] Cause),
    #[error("not a SHA-256 in hexadecimal: {0:?}")]
    Hash(String),
    /// A signed note, a checkpoint or a verifier key that cannot be read or does not verify.
    #[error("{0}")]
    Note(String),
    /// A Merkle proof, or the kept state of a tree, that does not hold.
    #[error("{0}")]
    Tree(&'static str),
}

/// Which part of a blob is damaged; it tells the operator where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The encrypted bytes were changed or cut short on the disk.
    Seal,
    /// The seal is whole, but the content has another hash: a file under the wrong name.
    Content,
    /// The seal is for another key: a restored folder with the wrong key file.
    Key,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Seal => "the seal is damaged: its encrypted bytes were changed or cut short",
            Self::Content => "the seal is whole but the content has another hash",
            Self::Key => "it is sealed for another key, or its header is damaged",
        })
    }
}

impl Error {
    /// Wraps an I/O error with what was being done; a full disk becomes [`Error::Full`]. Use it for
    /// errors that come out of `write` on a [`blob::Writer`](crate::blob::Writer) too.
    pub fn io(doing: impl Into<String>, source: io::Error) -> Self {
        let doing = doing.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full { doing, source },
            // Our own error that travelled through `Read` or `Write` comes out as it went in.
            _ => match source.downcast::<Self>() {
                Ok(own) => own,
                Err(source) => Self::Io { doing, source },
            },
        }
    }

    /// Whether the cause is a disk or a quota without room.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    pub(crate) fn at(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let doing = format!("{doing} {}", path.display());
        move |source| Self::io(doing, source)
    }

    pub(crate) fn damaged(hash: Hash, part: Part) -> Self {
        Self::Damaged { hash, part, source: None }
    }
}
