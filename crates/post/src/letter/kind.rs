//! What a machine had to do with a mail. A report that a machine wrote is a
//! report like any other; only an automatic *answer* and a *delivery report*
//! are of another kind. Whether a mail may be answered automatically is a wider
//! question: there every sign of a machine or a list counts (RFC 3834 section 2).

use mail_parser::{Header, HeaderName, Message, MimeHeaders, PartType};

use super::headers::{message_id, text_field};
use super::{Bounce, BouncedRecipient, Envelope, Letter, LetterKind, attach, one_line};

/// Fills in kind, machine and list marks, and whether something is encrypted.
pub fn fill(letter: &mut Letter, message: &Message<'_>, envelope: Option<&Envelope>) {
    let headers = message.headers();
    let precedence = text_field(headers, "Precedence").unwrap_or("").to_ascii_lowercase();
    let submitted = text_field(headers, "Auto-Submitted").unwrap_or("no").to_ascii_lowercase();
    let null_sender = envelope.is_some_and(|envelope| envelope.from.as_deref().is_none_or(str::is_empty));

    letter.automatic = null_sender
        || !submitted.starts_with("no")
        || precedence == "auto_reply"
        || ["X-Autoreply", "X-Autorespond"].iter().any(|name| text_field(headers, name).is_some());
    letter.mailing_list = precedence == "list" || headers.iter().any(|header| matches!(header.name, HeaderName::ListId | HeaderName::ListPost));
    letter.auto_submitted =
        letter.automatic || ["bulk", "junk", "list"].contains(&precedence.as_str()) || text_field(headers, "X-Auto-Response-Suppress").is_some();
    letter.encrypted = encrypted(letter, message);
    letter.kind = if let Some(bounce) = report(message) {
        LetterKind::Bounce(bounce)
    } else if (null_sender || envelope.is_none()) && from_mailer(letter) {
        LetterKind::Bounce(guessed(letter, message))
    } else if null_sender || answered_by_machine(letter, headers, &submitted, &precedence) {
        LetterKind::AutoReply
    } else {
        LetterKind::Ordinary
    };
    if matches!(letter.kind, LetterKind::Bounce(_)) {
        (letter.automatic, letter.auto_submitted) = (true, true);
    }
}

fn answered_by_machine(letter: &Letter, headers: &[Header<'_>], submitted: &str, precedence: &str) -> bool {
    let answers = !letter.in_reply_to.is_empty() || !letter.references.is_empty();
    submitted.starts_with("auto-replied")
        || precedence == "auto_reply"
        || text_field(headers, "X-Autoreply").is_some()
        || text_field(headers, "X-Autorespond").is_some()
        || (answers && letter.automatic)
}

fn from_mailer(letter: &Letter) -> bool {
    let local = letter.from.as_ref().and_then(|from| from.mail.split('@').next()).unwrap_or("");
    ["mailer-daemon", "postmaster"].iter().any(|name| local.eq_ignore_ascii_case(name))
}

/// A delivery report in its standard form (RFC 3464, RFC 6522).
fn report(message: &Message<'_>) -> Option<Bounce> {
    let root = message.parts.first()?;
    let claimed = root.content_type()?;
    let standard =
        attach::media_type(root) == "multipart/report" && claimed.attribute("report-type").is_none_or(|kind| kind.eq_ignore_ascii_case("delivery-status"));
    if !standard {
        return None;
    }
    let status = message.parts.iter().find(|part| matches!(attach::media_type(part).as_str(), "message/delivery-status" | "message/global-delivery-status"))?;
    let recipients = recipients(&String::from_utf8_lossy(status.contents()));
    let permanent = recipients.iter().any(|one| one.status.starts_with('5') || (one.status.is_empty() && one.action == "failed"));
    Some(Bounce { recipients, original_message_id: original(message), permanent })
}

/// The groups of fields of a delivery status (RFC 3464 section 2.1): the first
/// is about the whole mail, each other about one recipient.
fn recipients(status: &str) -> Vec<BouncedRecipient> {
    let unfolded = status.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let mut found = Vec::new();
    for group in unfolded.split("\n\n").take(200) {
        let field = |name: &str| {
            group.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.trim().eq_ignore_ascii_case(name).then(|| one_line(value, 1000))
            })
        };
        let typed = |value: String| value.split_once(';').map_or(value.clone(), |(_, rest)| rest.trim().to_owned());
        let Some(mail) = field("Original-Recipient").or_else(|| field("Final-Recipient")).map(typed) else {
            continue;
        };
        found.push(BouncedRecipient {
            mail: mail.trim_matches(['<', '>']).to_owned(),
            action: field("Action").unwrap_or_default().to_ascii_lowercase(),
            status: field("Status").unwrap_or_default(),
            diagnostic: field("Diagnostic-Code").map(typed).unwrap_or_default(),
        });
    }
    found
}

/// The Message-ID of the mail that came back: from the copy or its header.
fn original(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().and_then(message_id),
        PartType::Text(text) if attach::media_type(part) == "text/rfc822-headers" => id_in(text),
        PartType::Binary(bytes) if attach::media_type(part).ends_with("headers") => id_in(&String::from_utf8_lossy(bytes)),
        _ => None,
    })
}

fn id_in(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("message-id").then(|| message_id(value))?
    })
}

/// A delivery report in a form of its own: what can be told of it.
fn guessed(letter: &Letter, message: &Message<'_>) -> Bounce {
    let failed = text_field(message.headers(), "X-Failed-Recipients").unwrap_or("");
    let recipients = failed
        .split(',')
        .map(|mail| one_line(mail, 320))
        .filter(|mail| !mail.is_empty())
        .map(|mail| BouncedRecipient { mail, action: "failed".to_owned(), ..BouncedRecipient::default() })
        .collect::<Vec<_>>();
    let final_words = ["5.1.1", "5.1.2", "5.7.1", "550 ", "permanent error", "permanent failure"];
    let lower = letter.text.to_ascii_lowercase();
    Bounce {
        permanent: !recipients.is_empty() || final_words.iter().any(|word| lower.contains(word)),
        recipients,
        original_message_id: original(message).or_else(|| id_in(&letter.text)),
    }
}

/// PGP/MIME (RFC 3156 section 4), S/MIME (RFC 8551 section 3.2) or armor in the text.
fn encrypted(letter: &Letter, message: &Message<'_>) -> bool {
    letter.text.contains("-----BEGIN PGP MESSAGE-----")
        || message.parts.iter().any(|part| match attach::media_type(part).as_str() {
            "multipart/encrypted" | "application/pgp-encrypted" => true,
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                part.content_type().and_then(|claimed| claimed.attribute("smime-type")).is_none_or(|kind| kind.to_ascii_lowercase().ends_with("enveloped-data"))
            }
            _ => false,
        })
        || letter.attachments.iter().any(|file| file.content.trim_ascii_start().starts_with(b"-----BEGIN PGP MESSAGE-----"))
}
