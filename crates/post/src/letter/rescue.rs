//! What is left when a mail cannot be read: the head of it as text, and the
//! sender and subject found by a scan that trusts nothing. A report is still
//! made of it, and a person looks at the raw mail.

use super::headers::message_id;
use super::{Address, Letter, cut, one_line};

/// How much of the mail is looked at and shown.
const SHOWN: usize = 64 * 1024;

/// The letter of a mail that could not be read, with the reason as its problem.
pub fn unreadable(raw: &[u8], reason: &str) -> Letter {
    let head = raw.get(..SHOWN).unwrap_or(raw);
    let mut text: String = String::from_utf8_lossy(head).replace("\r\n", "\n");
    text.retain(|c| !c.is_control() || c == '\n' || c == '\t');
    cut(&mut text, SHOWN);
    let mut problems = vec![reason.to_owned()];
    if head.len() < raw.len() {
        problems.push(format!("Only the first {SHOWN} bytes of the mail are shown."));
    }
    let field = |name: &str| field(&text, name);
    Letter {
        message_id: field("message-id").and_then(|value| message_id(&value)),
        in_reply_to: field("in-reply-to").into_iter().filter_map(|value| message_id(&value)).collect(),
        from: field("from").and_then(|value| sender(&value)),
        subject: field("subject").map(|value| one_line(&value, 500)).unwrap_or_default(),
        // Nobody knows what it is; a machine must not answer it.
        auto_submitted: true,
        problems,
        text,
        ..Letter::default()
    }
}

/// The first field of this name in the header, unfolded (RFC 5322 section 2.2.3).
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines =
        text.lines().take_while(|line| !line.is_empty()).skip_while(|line| !line.split_once(':').is_some_and(|(key, _)| key.trim().eq_ignore_ascii_case(name)));
    let mut value = lines.next()?.split_once(':')?.1.to_owned();
    for more in lines.take_while(|line| line.starts_with([' ', '\t'])).take(50) {
        value.push(' ');
        value.push_str(more.trim());
    }
    Some(value.trim().to_owned())
}

fn sender(value: &str) -> Option<Address> {
    let (name, mail) = match value.rsplit_once('<') {
        Some((name, rest)) => (name, rest.split('>').next().unwrap_or("")),
        None => ("", value),
    };
    let mail = one_line(mail, 320);
    let name = one_line(name.trim().trim_matches('"'), 200);
    mail.contains('@').then_some(Address { name: (!name.is_empty()).then_some(name), mail })
}
