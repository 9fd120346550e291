//! Mail on its way out, and what came back undeliverable.

use jiff::Timestamp;
use store::{Id, Reader, Tx};

use crate::release::Released;
use crate::{App, Result};

/// A mail that passed the gate, to exactly one recipient.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The report or case it belongs to.
    pub about: Id,
    /// The message it carries, if it is one.
    pub message: Option<Id>,
    /// The contact it goes to, if it is one.
    pub contact: Option<Id>,
    /// The thread (party or report id) that answers come back to.
    pub thread: Id,
    /// Recipient.
    pub to_name: String,
    /// Recipient's address.
    pub to: String,
    /// Subject, without the number's tag.
    pub subject: String,
    /// Public number for the subject tag.
    pub number: String,
    /// Text.
    pub text: String,
    /// Language of the text.
    pub language: String,
    /// `Message-ID` that it answers.
    pub in_reply_to: Option<String>,
    /// Set on acknowledgements: automatic, must not be answered by robots.
    pub automatic: bool,
    /// Attachments: name, media type, bytes.
    pub files: Vec<(String, String, Vec<u8>)>,
}

/// Queues a released mail; gives its `Message-ID`.
pub async fn queue(tx: &mut Tx, app: &App, mail: Released<Mail>) -> Result<String> {
    let _ = (tx, app, mail);
    Err(crate::Error::fault("not built"))
}

/// How a mail fares.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `queued`, `sent`, `failed`, `bounced`.
    pub state: String,
    /// What the other side said last.
    pub answer: String,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// To whom.
    pub recipient: String,
}

/// The deliveries of a message.
pub async fn deliveries(reader: &mut Reader, message: Id) -> Result<Vec<Delivery>> {
    let _ = (reader, message);
    Ok(Vec::new())
}

/// A bounce came back for the mail with this `Message-ID`: marks the mail, its message and its contact. Says the thread's case or report, if the mail was ours.
pub async fn bounced(tx: &mut Tx, mail_message_id: &str, text: &str, permanent: bool) -> Result<Option<Id>> {
    let _ = (tx, mail_message_id, text, permanent);
    Ok(None)
}
