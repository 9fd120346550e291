//! What can go wrong, in the kinds that a person can do something about.
//!
//! Verbs return this error; `web::errors` turns it into a page or a JSON answer with its status.

use store::Error as StoreError;

/// The program's one error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or not for this viewer: the two look the same (invariant 4).
    #[error("not found")]
    NotFound,
    /// Nobody is logged in, and somebody must be.
    #[error("please log in")]
    LogIn,
    /// What was sent cannot be taken: the field and one plain line.
    #[error("{0}")]
    Invalid(String),
    /// The rules do not allow it now, or somebody else was faster: what was kept and what to do.
    #[error("{0}")]
    Conflict(String),
    /// Only another person may do it, and who asks is known to be none: the team answers for nobody else.
    #[error("only the addressee may do this; write down what you heard instead")]
    Barred,
    /// Two changes at the same moment stood in each other's way, and this one gave in.
    #[error("somebody else was faster, at the same moment; nothing was changed, try again")]
    Overtaken,
    /// Too many tries from there.
    #[error("too many tries; wait a few minutes and try again")]
    TooMany,
    /// The disk is full: nothing new can be kept, reading goes on.
    #[error("the disk is full: nothing new can be kept, what was kept is safe")]
    Full,
    /// What this program needs does not answer now: the database, which was asked again and again for a moment, the place
    /// of the events, the cluster.
    #[error("{0}")]
    Away(String),
    /// The place where the events lie, or the cluster that answers for them, does not answer: nothing is lost, and the
    /// same may be asked again.
    #[error("events cannot be looked up: {0}")]
    Unanswered(String),
    /// Our own fault, or the database's.
    #[error("{0}")]
    Fault(String),
}

/// The program's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An invalid input, in one line.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(text.into())
    }

    /// A rule or another person said no.
    pub fn conflict(text: impl Into<String>) -> Self {
        Self::Conflict(text.into())
    }

    /// Whether the next thing would fare no better.
    pub fn is_general(&self) -> bool {
        matches!(self, Self::Away(_) | Self::Unanswered(_) | Self::Full | Self::TooMany | Self::LogIn)
    }

    /// What staff may read of it: a fault's own words stay in the log.
    pub fn plain(&self) -> String {
        match self {
            Self::Fault(_) => "the fault is ours, and stands in the log".into(),
            other => other.to_string(),
        }
    }

    /// Something that should not happen.
    pub fn fault(text: impl std::fmt::Display) -> Self {
        Self::Fault(text.to_string())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Away(text) => Self::Away(format!("the database does not answer: {text}")),
            StoreError::Overtaken => Self::Overtaken,
            StoreError::Exists => Self::Conflict("this exists already".into()),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Fault(error.to_string())
    }
}
