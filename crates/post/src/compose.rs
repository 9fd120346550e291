//! Writes an outgoing mail: one recipient, plain text, ASCII on the wire.
//! Every value that goes into a header is checked or encoded, so that no text
//! of a person can add a field (CVE-2012-4730). The same input gives the same
//! bytes, because time and ids are part of it.

mod encode;

use std::fmt::Write;

use encode::{base64_lines, encoded_word_phrase, encoded_word_text, fold, quoted_printable};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::address::{AddressError, check};
use crate::letter::{Address, Attachment, safe_name};

/// A mail to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// With angle brackets, from [`crate::address::ThreadKey::message_id`].
    pub message_id: String,
    pub from: Address,
    /// Exactly one: nobody learns from a header who else was told.
    pub to: Address,
    pub reply_to: Option<Address>,
    pub subject: String,
    pub text: String,
    /// Content-Language (RFC 3282).
    pub language: Option<String>,
    /// Microseconds since 1970, UTC.
    pub date: i64,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    /// [`REPLIED`] for an acknowledgement, [`GENERATED`] for a mail that a rule sends.
    pub auto_submitted: Option<&'static str>,
    pub attachments: Vec<Attachment>,
    /// Further fields; the names that this module writes are refused.
    pub headers: Vec<(String, String)>,
}

/// Auto-Submitted of an automatic answer (RFC 3834 section 5).
pub const REPLIED: &str = "auto-replied";
/// Auto-Submitted of a mail that no person wrote and that answers nothing.
pub const GENERATED: &str = "auto-generated";

/// Why a mail cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    #[error("{field}: {source}")]
    Address { field: &'static str, source: AddressError },
    #[error("\"{0}\" is not a Message-ID")]
    MessageId(String),
    #[error("the date {0} cannot be written")]
    Date(i64),
    #[error("\"{0}\" is not a language tag")]
    Language(String),
    #[error("the header field \"{0}\" may not be added")]
    Header(String),
    #[error("\"{0}\" is not a media type")]
    MediaType(String),
}

/// Fields that [`compose`] writes itself, and those that would send copies.
const RESERVED: [&str; 16] = [
    "from",
    "to",
    "cc",
    "bcc",
    "sender",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "auto-submitted",
    "x-auto-response-suppress",
    "return-path",
    "received",
];

/// The bytes of the mail, with CRLF line ends and nothing but ASCII.
pub fn compose(mail: &Outgoing) -> Result<Vec<u8>, ComposeError> {
    let mut out = String::new();
    let date = Timestamp::from_microsecond(mail.date)
        .ok()
        .and_then(|at| jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).ok())
        .ok_or(ComposeError::Date(mail.date))?;
    field(&mut out, "Date", &date);
    field(&mut out, "Message-ID", id(&mail.message_id)?);
    field(&mut out, "From", &mailbox("From", &mail.from)?);
    field(&mut out, "To", &mailbox("To", &mail.to)?);
    if let Some(reply_to) = &mail.reply_to {
        field(&mut out, "Reply-To", &mailbox("Reply-To", reply_to)?);
    }
    field(&mut out, "Subject", &encoded_word_text(&mail.subject));
    if let Some(parent) = &mail.in_reply_to {
        field(&mut out, "In-Reply-To", id(parent)?);
    }
    let references = references(&mail.references);
    if !references.is_empty() {
        field(&mut out, "References", &references);
    }
    if let Some(kind) = mail.auto_submitted {
        field(&mut out, "Auto-Submitted", if kind == REPLIED { REPLIED } else { GENERATED });
        // Exchange heeds this one: no absence notes, no delivery or read receipts.
        field(&mut out, "X-Auto-Response-Suppress", "All");
    }
    for (name, value) in &mail.headers {
        field(&mut out, header_name(name)?, &encoded_word_text(value));
    }
    field(&mut out, "MIME-Version", "1.0");
    body(&mut out, mail)?;
    Ok(out.into_bytes())
}

fn body(out: &mut String, mail: &Outgoing) -> Result<(), ComposeError> {
    if mail.attachments.is_empty() {
        return text_part(out, mail);
    }
    // `=_` can stand in no base64 and no quoted-printable text (RFC 2045 section 6.7).
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(mail.message_id.as_bytes()));
    let boundary = format!("=_{}", hash.get(..32).unwrap_or(&hash));
    field(out, "Content-Type", &format!("multipart/mixed; boundary=\"{boundary}\""));
    let _ = write!(out, "\r\n--{boundary}\r\n");
    text_part(out, mail)?;
    for file in &mail.attachments {
        let _ = write!(out, "--{boundary}\r\n");
        file_part(out, file)?;
    }
    let _ = write!(out, "--{boundary}--\r\n");
    Ok(())
}

fn text_part(out: &mut String, mail: &Outgoing) -> Result<(), ComposeError> {
    field(out, "Content-Type", "text/plain; charset=utf-8");
    field(out, "Content-Transfer-Encoding", "quoted-printable");
    if let Some(tag) = &mail.language {
        let sound = (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !sound {
            return Err(ComposeError::Language(tag.clone()));
        }
        field(out, "Content-Language", tag);
    }
    out.push_str("\r\n");
    out.push_str(&quoted_printable(&mail.text));
    Ok(())
}

fn file_part(out: &mut String, file: &Attachment) -> Result<(), ComposeError> {
    let token = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    let sound = file.media_type.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    if !sound || file.media_type.len() > 127 {
        return Err(ComposeError::MediaType(file.media_type.clone()));
    }
    // An attached mail or multipart may not be base64 (RFC 2046 section 5.2.1).
    let nested = file.media_type.starts_with("message/") || file.media_type.starts_with("multipart/");
    field(out, "Content-Type", if nested { "application/octet-stream" } else { &file.media_type });
    field(out, "Content-Transfer-Encoding", "base64");
    let name = encode::parameter("filename", &safe_name(&file.name, 120));
    let disposition = if file.inline { "inline" } else { "attachment" };
    field(out, "Content-Disposition", &format!("{disposition}; {name}"));
    out.push_str("\r\n");
    out.push_str(&base64_lines(&file.content));
    Ok(())
}

fn field(out: &mut String, name: &str, value: &str) {
    out.push_str(&fold(name, value));
}

/// `"Name" <mail>` (RFC 5322 section 3.4).
fn mailbox(field: &'static str, address: &Address) -> Result<String, ComposeError> {
    check(&address.mail).map_err(|source| ComposeError::Address { field, source })?;
    let name = address.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    Ok(match name {
        Some(name) => format!("{} <{}>", encoded_word_phrase(name), address.mail),
        None => address.mail.clone(),
    })
}

fn id(text: &str) -> Result<&str, ComposeError> {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let sound = inner.is_some_and(|inner| {
        (3..=900).contains(&inner.len()) && inner.contains('@') && inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
    });
    if sound { Ok(text) } else { Err(ComposeError::MessageId(text.chars().take(100).collect())) }
}

/// The first and the twenty last ids: programs thread by those, and a field
/// must not grow without end (RFC 5322 section 3.6.4 allows to leave some out).
/// They come from other people's mails, so one that cannot be written is left out.
fn references(ids: &[String]) -> String {
    let sound: Vec<&str> = ids.iter().filter_map(|text| id(text).ok()).collect();
    let skip = sound.len().saturating_sub(20).max(1);
    let kept: Vec<&str> = sound.iter().take(1).chain(sound.iter().skip(skip)).copied().collect();
    kept.join(" ")
}

fn header_name(name: &str) -> Result<&str, ComposeError> {
    let lower = name.to_ascii_lowercase();
    let sound = (1..=70).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !RESERVED.contains(&lower.as_str())
        && !lower.starts_with("content-")
        && !lower.starts_with("resent-");
    if sound { Ok(name) } else { Err(ComposeError::Header(name.chars().take(70).collect())) }
}
