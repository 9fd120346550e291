//! What can go wrong in the store, told apart by what a caller can do about it.

/// The store's one error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full: reads go on, nothing more can be kept.
    #[error("the disk is full")]
    Full,
    /// The database does not answer; a later try may succeed.
    #[error("the database does not answer: {0}")]
    Away(String),
    /// Two changes at the same moment stood in each other's way, and this one gave in: nothing of it was kept.
    #[error("another change was faster")]
    Overtaken,
    /// A uniqueness rule said no.
    #[error("this exists already")]
    Exists,
    /// A change wrote rows and recorded nothing (invariant 1).
    #[error("a change wrote rows and recorded nothing in the journal")]
    Unrecorded,
    /// A bookkeeping transaction touched a table that needs a journal entry, or a read tried to write.
    #[error("this statement does not belong here: {0}")]
    Misplaced(String),
    /// A column held something else than the program expected.
    #[error("the database holds something else than {0}")]
    Shape(&'static str),
    /// A blob could not be kept or read.
    #[error("{0}")]
    Vault(#[source] vault::Error),
    /// Anything else the database said.
    #[error("{0}")]
    Database(String),
}

/// The store's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What SQLite says when the disk takes no more: full; a quota or a limit of the process stopped
/// the write; no room for its index of the log.
const NO_ROOM: [i32; 3] = [13, 778, 4874];
/// Its other codes that matter here (sqlite.org/rescode.html).
const SQLITE_BUSY: i32 = 5;
const SQLITE_CONSTRAINT_PRIMARYKEY: i32 = 1555;
const SQLITE_CONSTRAINT_UNIQUE: i32 = 2067;

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        if error.is_full() { Self::Full } else { Self::Vault(error) }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map_or(0, |error| error.extended_code);
        match code {
            SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY => Self::Exists,
            code if NO_ROOM.contains(&code) => Self::Full,
            code if code & 0xFF == SQLITE_BUSY => Self::Away(error.to_string()),
            _ => Self::Database(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                if database.is_unique_violation() {
                    Self::Exists
                } else if code == "40001" || code == "40P01" {
                    Self::Overtaken
                } else if code == "53100" {
                    Self::Full
                } else if code.starts_with("08") || code.starts_with("57P") || code == "53300" {
                    Self::Away(database.to_string())
                } else {
                    Self::Database(error.to_string())
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
                Self::Away(error.to_string())
            }
            _ => Self::Database(error.to_string()),
        }
    }
}
