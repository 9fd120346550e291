//! Feeds that come by mail: who sends them, and which of a mail's files are event files.
//!
//! Anybody may write an address into From, so a feed that is known by it alone delivers only where our own mail server
//! vouches for the sender; else the mail becomes a report that a person sees. So does a mail of a feed without any file
//! to read.

use ::store::{Blobs, Reader, Tx};
use formats::feed::feedback_report;
use post::letter::{Attachment, Letter};

use super::arrive::{Arriving, Piece, Receipt, keep_in};
use super::feed::Feed;
use super::store;
use crate::Result;

/// Endings of files that a feed delivers.
const ENDINGS: [&str; 9] = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "yaml", "yml", "zip"];
/// Media types that say what a file is, whatever it is called.
const TYPES: [&str; 7] =
    ["text/csv", "application/zip", "application/x-zip-compressed", "application/json", "message/feedback-report", "text/x-yaml", "application/x-ndjson"];

/// A mail of a feed, with what it brought.
#[derive(Debug)]
pub struct ByMail {
    /// The feed.
    pub feed: Feed,
    /// Its files.
    pub pieces: Vec<Piece>,
}

/// The feed that a mail is of: it names the sender, the recipient or both, and what it names fits.
pub async fn of_mail(reader: &mut Reader, letter: &Letter, to: &[String]) -> Result<Option<Feed>> {
    let from = letter.from.as_ref().map(|from| from.mail.to_lowercase()).unwrap_or_default();
    let to: Vec<String> = to.iter().chain(letter.to.iter().chain(&letter.cc).map(|address| &address.mail)).map(|mail| mail.to_lowercase()).collect();
    let fits = |feed: &Feed| {
        let by_sender = feed.mail_from.is_empty() || feed.mail_from == from;
        let by_recipient = feed.mail_to.is_empty() || to.contains(&feed.mail_to);
        feed.state == "active" && by_sender && by_recipient
    };
    // Who names both is more sure than who names one.
    let mut named: Vec<Feed> = store::feeds(reader).await?.into_iter().filter(|feed| !feed.mail_from.is_empty() || !feed.mail_to.is_empty()).collect();
    named.sort_by_key(|feed| feed.mail_from.is_empty() || feed.mail_to.is_empty());
    Ok(named.into_iter().find(fits))
}

fn is_event_file(file: &Attachment) -> bool {
    let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    !file.inline && ENDINGS.contains(&ending.as_str()) || TYPES.contains(&file.media_type.to_lowercase().as_str())
}

/// What a mail brings for a feed, sealed and on disk; nothing if it has no file that could be one. A feedback report
/// (RFC 5965) takes along what the reported message beside it says of itself. It waits for the disk.
pub fn fetched(blobs: &Blobs, most: u64, attachments: &[Attachment]) -> Result<Vec<Piece>> {
    let is_a = |file: &Attachment, kinds: &[&str]| kinds.iter().any(|kind| file.media_type.eq_ignore_ascii_case(kind));
    let reported = attachments.iter().find(|file| is_a(file, &["message/rfc822", "text/rfc822-headers"])).map_or(&[][..], |file| &file.content);
    let mut pieces = Vec::new();
    for file in attachments.iter().filter(|file| is_event_file(file) && !file.content.is_empty()) {
        let mut arriving = Arriving::new(blobs, most);
        if is_a(file, &["message/feedback-report"]) {
            arriving.push(&feedback_report(&file.content, reported))?;
        } else {
            arriving.push(&file.content)?;
        }
        pieces.extend(arriving.finish(&file.name)?);
    }
    Ok(pieces)
}

/// Takes in what a mail brought, in the change that settles the mail.
pub async fn take_in(tx: &mut Tx, by_mail: ByMail) -> Result<Vec<Receipt>> {
    keep_in(tx, &by_mail.feed, by_mail.pieces, "mail", None).await
}
