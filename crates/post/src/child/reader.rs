//! Reads mails in children.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::pool::{Failed, Pool};
use super::{Unreadable, frame};
use crate::letter::{Envelope, Letter, Limits};
use crate::openpgp::look::OpenedMail;
use crate::openpgp::mail::Ring;

/// Reads mails in children of this program. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Reader {
    pool: Arc<Pool>,
    limits: Limits,
    patience: Duration,
}

impl Reader {
    /// With children of its own.
    pub fn new(program: PathBuf, args: Vec<String>, workers: usize) -> Self {
        Self::over(Arc::new(Pool::new(program, args, workers)))
    }

    /// With children that others ask, too.
    pub fn over(pool: Arc<Pool>) -> Self {
        Self { pool, limits: Limits::default(), patience: Duration::from_secs(20) }
    }

    /// How long one mail may take.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How much of a mail is read.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads one mail; waits while all children are busy.
    pub async fn read(&self, envelope: &Envelope, raw: &[u8]) -> Result<Letter, Unreadable> {
        let order = frame::Order::Mail { envelope: envelope.clone(), limits: Box::new(self.limits.clone()) };
        let answer = self.pool.ask(&order, raw, self.patience).await?;
        serde_json::from_slice(&answer.said).map_err(|_| Unreadable::Garbled)
    }
}

impl Reader {
    /// Opens a mail with these keys, in a child of its own.
    pub async fn open(&self, envelope: &Envelope, raw: &[u8], ring: Ring, now: Timestamp) -> Result<OpenedMail, Unreadable> {
        let order = frame::Order::OpenMail { envelope: envelope.clone(), limits: Box::new(self.limits.clone()), ring, now };
        let answer = self.pool.alone().ask(&order, raw, self.patience).await?;
        serde_json::from_slice(&answer.said).map_err(|_| Unreadable::Garbled)
    }
}

impl From<Failed> for Unreadable {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::TookTooLong(seconds) => Self::TookTooLong(seconds),
            Failed::Crashed(how) => Self::Crashed(how),
            Failed::TooMuchOutput(most) => Self::TooMuchOutput(most),
            Failed::TooMuchInput(most) => Self::TooMuchInput(most),
            Failed::Garbled => Self::Garbled,
            Failed::NotStarted(why) => Self::NotStarted(why),
        }
    }
}
