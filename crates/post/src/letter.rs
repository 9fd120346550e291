//! A letter is what a person needs of a mail: who wrote it, what it answers,
//! its text, a harmless form of its HTML, and its attachments. [`read`] makes
//! one of any bytes and never fails; what it had to skip stands in `problems`.
//! The raw mail is the evidence and is kept by the caller; a letter is a view.

mod attach;
mod body;
mod headers;
mod html;
mod kind;
mod rescue;
mod survey;
mod weight;

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};

pub use attach::safe_name;
pub use html::{harmless, text_of};
pub use rescue::unreadable;
pub(crate) use survey::prune;

/// One address with the name it carries (RFC 5322 section 3.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub name: Option<String>,
    pub mail: String,
}

impl Address {
    /// An address without a name.
    pub fn bare(mail: &str) -> Self {
        Self { name: None, mail: mail.to_owned() }
    }

    /// An address with a display name.
    pub fn named(name: &str, mail: &str) -> Self {
        Self { name: Some(name.to_owned()), mail: mail.to_owned() }
    }
}

/// How the mail came: the SMTP envelope (RFC 5321 section 2.3.1). `from` is
/// `None` for the null sender `<>`, which only machines use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub from: Option<String>,
    pub to: Vec<String>,
}

/// One file of a mail. `content` is exactly what the sender encoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Safe to show and to offer for download: no path, no control character.
    pub name: String,
    /// Lower case, of the form `type/subtype`; as the sender claims.
    pub media_type: String,
    pub size: usize,
    #[serde(with = "attach::base64")]
    pub content: Vec<u8>,
    /// Shown by mail programs inside the text (RFC 2183 section 2.1).
    pub inline: bool,
}

/// What a machine may have had to do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LetterKind {
    /// A person, or a machine that reports something.
    #[default]
    Ordinary,
    /// A machine answered one of our mails (RFC 3834): an absence note, a ticket number.
    AutoReply,
    /// A mail of ours did not arrive (RFC 3464).
    Bounce(Bounce),
}

/// What a delivery report says of a mail of ours (RFC 3464).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    pub recipients: Vec<BouncedRecipient>,
    /// With angle brackets. Anyone can write a bounce: verify it with
    /// [`crate::address::ThreadKey::thread_of_message_id`].
    pub original_message_id: Option<String>,
    /// At least one recipient failed for good (status 5.x.x).
    pub permanent: bool,
}

/// The per-recipient fields of a delivery report (RFC 3464 section 2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BouncedRecipient {
    pub mail: String,
    pub action: String,
    pub status: String,
    pub diagnostic: String,
}

/// A mail, read. Message-IDs carry their angle brackets everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    pub from: Option<Address>,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// One line without control characters, at most `Limits::subject` characters.
    pub subject: String,
    /// The sender's Date in microseconds since 1970, UTC; a claim, not a fact.
    pub date: Option<i64>,
    /// The plain text; readable text made of the HTML when there is no other.
    pub text: String,
    /// Harmless HTML: loads nothing, links to nothing, runs nothing.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub kind: LetterKind,
    /// The first Content-Language (RFC 3282), as the sender claims.
    pub language: Option<String>,
    /// A machine wrote it by itself, as it says. A person who answers through a list or a
    /// ticket system is none.
    pub automatic: bool,
    /// A machine or a list had to do with it: never answer it automatically (RFC 3834 section 2).
    pub auto_submitted: bool,
    /// It came through a mailing list (RFC 2919, RFC 2369).
    pub mailing_list: bool,
    /// The verdict of our own mail server (RFC 8601), see `Limits::authserv_id`.
    pub authentication: Option<String>,
    /// One plain sentence for each thing that could not be read.
    pub problems: Vec<String>,
    /// A part or the whole is encrypted: PGP/MIME, S/MIME or inline armor.
    pub encrypted: bool,
}

impl Letter {
    /// Whether an acknowledgement may be sent without starting a mail loop.
    pub fn may_be_acknowledged(&self) -> bool {
        self.kind == LetterKind::Ordinary && !self.auto_submitted && !self.mailing_list
    }
}

/// How much of a mail is read. More is skipped and said so in `problems`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the whole mail.
    pub size: usize,
    /// MIME parts, nested ones included.
    pub parts: usize,
    /// Nesting of multiparts and attached mails.
    pub depth: usize,
    /// Bytes of one header block.
    pub header_block: usize,
    /// Bytes of one header field.
    pub header_field: usize,
    /// Characters of the subject.
    pub subject: usize,
    /// Characters of a display name or file name.
    pub name: usize,
    /// Addresses in each of To, Cc and Reply-To; ids in References.
    pub addresses: usize,
    /// Bytes of text kept, and of HTML looked at.
    pub text: usize,
    /// Our mail server's name in Authentication-Results; without it none is believed.
    pub authserv_id: Option<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            size: 50 * 1024 * 1024,
            parts: 500,
            depth: 20,
            header_block: 1024 * 1024,
            header_field: 64 * 1024,
            subject: 500,
            name: 200,
            addresses: 200,
            text: 2 * 1024 * 1024,
            authserv_id: None,
        }
    }
}

/// Reads a mail of which the envelope is not known.
pub fn read(raw: &[u8], limits: &Limits) -> Letter {
    read_within(raw, None, limits)
}

/// Reads a mail that was delivered with this envelope.
pub fn read_delivered(envelope: &Envelope, raw: &[u8], limits: &Limits) -> Letter {
    read_within(raw, Some(envelope), limits)
}

fn read_within(raw: &[u8], envelope: Option<&Envelope>, limits: &Limits) -> Letter {
    // The parser has been made to panic by crafted mail before; in the child
    // process this turns a restart into a problem line.
    catch_unwind(AssertUnwindSafe(|| read_once(raw, envelope, limits)))
        .unwrap_or_else(|_| unreadable(raw, "The mail is built in a way that the reader cannot follow."))
}

fn read_once(raw: &[u8], envelope: Option<&Envelope>, limits: &Limits) -> Letter {
    let (pruned, mut problems) = survey::prune(raw, limits);
    let message = survey::has_header(&pruned).then(|| MessageParser::default().parse(&pruned));
    let Some(message) = message.flatten() else {
        let mut letter = unreadable(raw, "This is not a mail: it has no header fields.");
        letter.problems.append(&mut problems);
        return letter;
    };
    let mut letter = Letter { problems, ..Letter::default() };
    headers::fill(&mut letter, &message, limits);
    body::fill(&mut letter, &message, limits);
    kind::fill(&mut letter, &message, envelope);
    letter
}

/// Removes what must not stand in one line of text: control characters and the
/// marks that turn the reading direction around (Unicode bidi overrides), which
/// make `exe.pdf` of `fdp.exe`.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let kept: String = spaced.filter(|c| !c.is_control() && !turns_direction(*c)).collect();
    kept.trim().chars().take(limit).collect()
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}' | '\u{feff}')
}

/// Cuts a text to at most this many bytes, at a character's boundary.
pub(crate) fn cut(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    text.truncate(text.floor_char_boundary(limit));
    true
}
