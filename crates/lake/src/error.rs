//! What can go wrong with the lake, by what its caller can do about it.

use std::io;

/// Why a verb of the lake did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the object store did not answer or refused. Nothing was committed; it can be tried again.
    #[error("{what}: {source}")]
    Place { what: String, source: io::Error },
    /// The place holds something that this program does not understand: another format, or a damaged file.
    #[error("{what}: {why}")]
    Damaged { what: String, why: String },
    /// There is no table, and none may be begun.
    #[error("there is no table in {0}")]
    Missing(String),
    /// There is a table, and it is called otherwise.
    #[error("the table in {place} is {found}, and not {wanted}")]
    Another { place: String, found: String, wanted: String },
    /// Another process uses the same scratch folder.
    #[error("another process works in {0}")]
    InUse(String),
    /// Other writers were quicker again and again; it can be tried again.
    #[error("other writers committed {0} times before us")]
    Contended(u32),
    /// A question that cannot be asked so.
    #[error("{0}")]
    Question(String),
    /// The engine could not answer.
    #[error("the engine could not answer: {0}")]
    Engine(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn place(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Place { what, source }
    }

    pub(crate) fn damaged(what: impl Into<String>, why: impl ToString) -> Self {
        Self::Damaged { what: what.into(), why: why.to_string() }
    }
}

impl From<parquet::errors::ParquetError> for Error {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self::damaged("data file", error)
    }
}

impl From<arrow_schema::ArrowError> for Error {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self::damaged("rows", error)
    }
}
