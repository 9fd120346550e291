//! Asks children about OpenPGP, so that the program itself takes nothing apart that a stranger wrote.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::frame;
use super::pool::{Alone, Answer, Failed, Pool};
use crate::openpgp::ask::{Ask, Card, Said};
use crate::openpgp::look::Found;
use crate::openpgp::{Error, Opened, Survey, Verdict};

/// Asks about OpenPGP. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Opener {
    pool: Arc<Pool>,
    patience: Duration,
}

/// Why there is no answer: one plain line for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// It was read, and this is wrong with it.
    #[error(transparent)]
    Wrong(#[from] Error),
    #[error("it could not be read within {0} seconds")]
    TooSlow(u64),
    #[error("it is larger than can be read, or what it holds is")]
    TooBig,
    #[error("it could not be read: its reader took too much memory or computing, or broke on it, and was ended")]
    Killed,
    /// Not its fault: it may be asked again later.
    #[error("the opener could not be started: {0}")]
    NotStarted(String),
}

type Result<T> = std::result::Result<T, Unopened>;

impl Opener {
    /// With children that others ask, too.
    pub fn over(pool: Arc<Pool>) -> Self {
        Self { pool, patience: Duration::from_secs(20) }
    }

    /// How long one answer may take.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The outside of a message.
    pub async fn survey(&self, begin: &[u8]) -> Result<Survey> {
        match self.ask(Ask::Survey, begin).await? {
            (Said::Survey(survey), _) => Ok(survey),
            _ => Err(Unopened::Killed),
        }
    }

    /// How many readers a bare head names.
    pub async fn readers_of_head(&self, head: &[u8]) -> Result<usize> {
        match self.ask(Ask::Head, head).await? {
            (Said::Head(count), _) => Ok(count),
            _ => Err(Unopened::Killed),
        }
    }

    /// All keys in a text or file.
    pub async fn keys(&self, bytes: &[u8], now: Timestamp) -> Result<Vec<Found>> {
        match self.ask(Ask::Keys { now }, bytes).await? {
            (Said::Keys(keys), _) => Ok(keys),
            _ => Err(Unopened::Killed),
        }
    }

    /// One certificate.
    pub async fn certificate(&self, bytes: &[u8], now: Timestamp) -> Result<Card> {
        match self.ask(Ask::Certificate { now }, bytes).await? {
            (Said::Certificate(card), _) => Ok(*card),
            _ => Err(Unopened::Killed),
        }
    }

    /// The text of what is signed in clear, and what its signatures are worth.
    pub async fn clear(&self, signed: &str, signers: Vec<String>, now: Timestamp) -> Result<(String, Vec<Verdict>)> {
        match self.ask(Ask::Clear { signers, now }, signed.as_bytes()).await? {
            (Said::Verdicts(verdicts), text) => Ok((String::from_utf8_lossy(&text).into_owned(), verdicts)),
            _ => Err(Unopened::Killed),
        }
    }

    /// What signatures beside these bytes are worth.
    pub async fn detached(&self, bytes: &[u8], signature: &[u8], signers: Vec<String>, now: Timestamp) -> Result<Vec<Verdict>> {
        match self.ask(Ask::Detached { signature: signature.to_vec(), signers, now }, bytes).await? {
            (Said::Verdicts(verdicts), _) => Ok(verdicts),
            _ => Err(Unopened::Killed),
        }
    }

    /// A child of one's own: keys and content end with it, and are in no process that reads what somebody else wrote.
    pub fn apart(&self) -> Apart<'_> {
        Apart { alone: self.pool.alone(), patience: self.patience }
    }

    async fn ask(&self, ask: Ask, bytes: &[u8]) -> Result<(Said, Vec<u8>)> {
        said(self.pool.ask(&frame::Order::OpenPgp(ask), bytes, self.patience).await?)
    }
}

/// A child that opens what is for one reader, or seals to one, and ends with this.
pub struct Apart<'o> {
    alone: Alone<'o>,
    patience: Duration,
}

impl Apart<'_> {
    /// Opens a message with one of these keys (armored, with passphrase).
    pub async fn open(&mut self, message: &[u8], keys: Vec<(String, String)>, signers: Vec<String>, now: Timestamp, most: u64) -> Result<Opened> {
        let order = frame::Order::OpenPgp(Ask::Open { keys, signers, now, most });
        match said(self.alone.ask(&order, message, self.patience).await?)? {
            (Said::Opened { encrypted, ciphers, verdicts }, content) => Ok(Opened { content, encrypted, ciphers, verdicts }),
            _ => Err(Unopened::Killed),
        }
    }

    /// Wraps the session key of a message for the holder of a certificate that a stranger made: the head of the message.
    pub async fn wrap(&mut self, session_key: &[u8], to: &str, now: Timestamp, seed: [u8; 32]) -> Result<Vec<u8>> {
        let order = frame::Order::OpenPgp(Ask::Wrap { to: to.to_owned(), now, seed });
        match said(self.alone.ask(&order, session_key, self.patience).await?)? {
            (Said::Wrapped, head) => Ok(head),
            _ => Err(Unopened::Killed),
        }
    }
}

fn said(answer: Answer) -> Result<(Said, Vec<u8>)> {
    let said: std::result::Result<Said, Error> = serde_json::from_slice(&answer.said).map_err(|_| Unopened::Killed)?;
    Ok((said?, answer.bytes))
}

impl From<Failed> for Unopened {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::TookTooLong(seconds) => Self::TooSlow(seconds),
            Failed::TooMuchOutput(_) | Failed::TooMuchInput(_) => Self::TooBig,
            Failed::Crashed(_) | Failed::Garbled => Self::Killed,
            Failed::NotStarted(why) => Self::NotStarted(why),
        }
    }
}
