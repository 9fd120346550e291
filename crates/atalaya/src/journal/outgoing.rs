//! Outgoing mail: what waits, what was handed over, what failed. A mail belongs to a row of the ledger
//! and is shown to those who may see that row.
//!
//! A mail holds links that speak in its recipient's name. Where a smarthost takes it, nobody of the team
//! reads its text here. Where none is configured yet it can be read, without the secrets of its links:
//! it leaves one day. Only in a demonstration, whose mail goes nowhere, the links stand whole.

use ::store::{Id, Reader};
use jiff::Timestamp;
use vault::blob::Hash;

use super::ledger::Place;
use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, demo};

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
    /// Why the ledger says that it may leave.
    pub basis: String,
    /// Number of the report or case; of a publication its number or title, for whoever may know it.
    pub number: String,
    /// The page of a publication, for whoever works on it.
    pub page: Option<String>,
    /// What it is about.
    pub about: Id,
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
            "taken_back" => "taken back",
            _ => "failed",
        }
    }

    /// The state's class on the page.
    pub fn css(&self) -> &'static str {
        match self.state.as_str() {
            "queued" => "medium",
            "sent" => "ok",
            "taken_back" => "",
            _ => "high",
        }
    }

    /// What it is, in a line.
    pub fn title(&self) -> &str {
        match (self.subject.is_empty(), self.noun.as_str()) {
            (false, _) => &self.subject,
            (true, "report") if self.basis == "closing notice" => "Closing notice",
            (true, "report") => "Receipt",
            (true, "notice") => "Notice of a message on its page",
            (true, "publication") => "What was published",
            (true, "subscription") => "To a reader",
            (true, noun) => noun,
        }
    }

    /// The page of what it is about.
    pub fn path(&self) -> String {
        self.page.clone().unwrap_or_else(|| super::path_of(&self.number))
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

/// A mail's text, where that may be read.
pub struct Letter {
    /// Subject.
    pub subject: String,
    /// From, answers to, day, id: what a reader of mail sees at its head, and what finds the thread.
    pub head: Vec<(&'static str, String)>,
    /// Files: name, media type, size in words.
    pub files: Vec<(String, String, String)>,
    /// Text.
    pub text: String,
    /// Whether its links stand whole.
    pub whole: bool,
}

/// Subject and text of a mail, where that may be read.
pub async fn text(app: &App, mail: &Outgoing) -> Result<Letter> {
    if !readable(app) {
        return Err(Error::NotFound);
    }
    let whole = demo::is_one(app).await?;
    let raw = app.blobs.get(&mut app.db.read().await?, mail.raw).await?;
    // It is our own writing, not a stranger's: it needs no child process.
    let letter = post::letter::read(&raw, &post::letter::Limits::default());
    let mut head = Vec::new();
    head.extend(letter.from.as_ref().map(|from| ("From", spelled(from))));
    // The address that answers go to is as good as a link: it finds the thread.
    head.extend(letter.reply_to.first().filter(|_| whole).map(|to| ("Answers to", to.mail.clone())));
    head.extend(letter.in_reply_to.first().map(|id| ("Answers the mail", id.clone())));
    head.extend(letter.message_id.clone().filter(|_| whole).map(|id| ("Message-ID", id)));
    let size = |bytes: usize| crate::web::show::size(u64::try_from(bytes).unwrap_or(u64::MAX));
    let files = letter.attachments.iter().map(|file| (file.name.clone(), file.media_type.clone(), size(file.size))).collect();
    let text = if whole { letter.text } else { masked(&letter.text) };
    Ok(Letter { subject: letter.subject, head, files, text, whole })
}

fn spelled(address: &post::letter::Address) -> String {
    address.name.as_ref().map_or_else(|| address.mail.clone(), |name| format!("{name} <{}>", address.mail))
}

/// The text with `…` in place of every secret in a link of ours.
fn masked(text: &str) -> String {
    ["secret=", "/party/", "/answer/", "/subscription/", "/registration/"].iter().fold(text.to_owned(), |text, mark| {
        let mut parts = text.split(mark);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            out.push_str(mark);
            let rest = part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_".contains(c));
            out.push_str(if rest.len() < part.len() { "…" } else { "" });
            out.push_str(rest);
        }
        out
    })
}
