//! What a transaction is held to, and what is waited for at its end.

use crate::nodes::News;
use crate::{Error, Result, Tx, journal};

/// What a transaction is held to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// It says in the journal what it did.
    Recorded,
    /// It writes house-keeping tables only.
    Kept,
    /// The same, and nobody waits for the disk.
    Jotted,
    /// The same, and nobody waits at all.
    Tallied,
}

/// What whoever ends a change waits for.
pub(crate) enum Until {
    /// Nothing.
    Left,
    /// Others see it.
    Committed,
    /// The disk has it.
    Flushed(News),
}

/// The rules at the end of every change.
pub(crate) async fn settle(tx: &mut Tx, care: Care) -> Result<u64> {
    if tx.records.is_empty() {
        if tx.wrote {
            return Err(Error::Unrecorded);
        }
        return Ok(0);
    }
    if care != Care::Recorded {
        return Err(Error::Misplaced("house-keeping records nothing".into()));
    }
    journal::append(tx).await
}
