//! Outgoing mail: what waits, what was handed over, what failed. A mail belongs to a row of the ledger
//! and is shown to those who may see that row.
//!
//! A mail holds links that speak in its recipient's name, so nobody of the team reads its text. Only
//! where no smarthost is configured, as in a demonstration, it can be read: there it goes nowhere else.

use ::store::{Id, Reader};
use jiff::Timestamp;
use vault::blob::Hash;

use super::ledger::Place;
use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// A mail as the list shows it.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Id.
    pub id: Id,
    /// `queued`, `sent`, `failed`, `bounced`.
    pub state: String,
    /// To which address.
    pub recipient: String,
    /// Subject of the message that it carries; empty when it carries none.
    pub subject: String,
    /// What the ledger calls it.
    pub noun: String,
    /// Number of the report or case.
    pub number: String,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// When it was handed over.
    pub sent_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i64,
    /// What the other side said last.
    pub answer: String,
    /// Its bytes.
    pub raw: Hash,
}

impl Outgoing {
    /// The state for people.
    pub fn stands(&self) -> &'static str {
        match self.state.as_str() {
            "queued" => "waiting",
            "sent" => "sent",
            "bounced" => "came back",
            _ => "failed",
        }
    }

    /// The state's class on the page.
    pub fn css(&self) -> &'static str {
        match self.state.as_str() {
            "queued" => "medium",
            "sent" => "ok",
            _ => "high",
        }
    }

    /// What it is, in a line.
    pub fn title(&self) -> &str {
        match (self.subject.is_empty(), self.noun.as_str()) {
            (false, _) => &self.subject,
            (true, "report") => "Receipt",
            (true, "notice") => "Notice of a message on its page",
            (true, noun) => noun,
        }
    }

    /// The page of what it is about.
    pub fn path(&self) -> String {
        let room = if self.number.starts_with("R-") { "inbox" } else { "cases" };
        format!("/{room}/{}", self.number)
    }
}

/// Mails before a place, newest first; of a case that the viewer may not know of, none.
pub async fn outgoing(reader: &mut Reader, who: &Who, state: &str, before: Place, limit: u32) -> Result<Vec<Outgoing>> {
    require(who, Verb::See, Noun::Outgoing)?;
    Ok(store::outgoing(reader, who, state, None, before, limit).await?)
}

/// One mail.
pub async fn one(reader: &mut Reader, who: &Who, id: Id) -> Result<Outgoing> {
    require(who, Verb::See, Noun::Outgoing)?;
    store::outgoing(reader, who, "", Some(id), Place::END, 1).await?.into_iter().next().ok_or(Error::NotFound)
}

/// Whether the text of mails may be read here: nothing but this page has them.
pub fn readable(app: &App) -> bool {
    app.profile.mail.as_ref().is_some_and(|mail| mail.smarthost.is_none())
}

/// Subject and text of a mail, where that may be read.
pub async fn text(reader: &mut Reader, app: &App, mail: &Outgoing) -> Result<(String, String)> {
    if !readable(app) {
        return Err(Error::NotFound);
    }
    let raw = app.blobs.get(reader, mail.raw).await?;
    // It is our own writing, not a stranger's: it needs no child process.
    let letter = post::letter::read(&raw, &post::letter::Limits::default());
    Ok((letter.subject, letter.text))
}
