//! The header fields of a mail (RFC 5322 section 3.6), made safe to show. A
//! field that may stand once but stands more often is read once, the first
//! time, and the others are told of: two From fields are how a forger shows
//! one name to the filter and another to the person.

use mail_parser::{Addr, Header, HeaderName, HeaderValue, Message};

use super::{Address, Letter, Limits, one_line};

/// Fields that RFC 5322 section 3.6 allows once.
const ONCE: [(HeaderName<'static>, &str); 7] = [
    (HeaderName::From, "From"),
    (HeaderName::To, "To"),
    (HeaderName::Cc, "Cc"),
    (HeaderName::ReplyTo, "Reply-To"),
    (HeaderName::Subject, "Subject"),
    (HeaderName::Date, "Date"),
    (HeaderName::MessageId, "Message-ID"),
];

/// Microseconds of 1970 and of 2200: outside, a Date is a mistake.
const SENSIBLE: std::ops::Range<i64> = 0..7_258_118_400_000_000;

/// Reads the fields of the top header into the letter.
pub fn fill(letter: &mut Letter, message: &Message<'_>, limits: &Limits) {
    let headers = message.headers();
    for (name, shown) in &ONCE {
        let count = headers.iter().filter(|header| header.name == *name).count();
        if count > 1 {
            letter.problems.push(format!("The mail has {count} {shown} fields; the first was used."));
        }
    }
    letter.message_id = ids(headers, &HeaderName::MessageId, limits).into_iter().next();
    letter.in_reply_to = ids(headers, &HeaderName::InReplyTo, limits);
    letter.references = ids(headers, &HeaderName::References, limits);
    letter.from = addresses(headers, &HeaderName::From, limits, &mut letter.problems).into_iter().next();
    letter.reply_to = addresses(headers, &HeaderName::ReplyTo, limits, &mut letter.problems);
    letter.to = addresses(headers, &HeaderName::To, limits, &mut letter.problems);
    letter.cc = addresses(headers, &HeaderName::Cc, limits, &mut letter.problems);
    letter.subject = subject(headers, limits, &mut letter.problems);
    letter.date = date(headers, &mut letter.problems);
    letter.language = language(headers);
    letter.authentication = limits.authserv_id.as_deref().and_then(|id| authentication(headers, id));
    if letter.from.is_none() {
        letter.problems.push("The mail does not say who wrote it.".to_owned());
    }
}

/// The first field of this name.
pub fn first<'a, 'x>(headers: &'a [Header<'x>], name: &HeaderName<'_>) -> Option<&'a HeaderValue<'x>> {
    headers.iter().find(|header| header.name == *name).map(|header| &header.value)
}

/// The text of the first field of this name, whatever its case.
pub fn text_field<'a>(headers: &'a [Header<'_>], name: &str) -> Option<&'a str> {
    headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case(name)).map(|header| header.value.as_text().unwrap_or("").trim())
}

fn subject(headers: &[Header<'_>], limits: &Limits, problems: &mut Vec<String>) -> String {
    let text = first(headers, &HeaderName::Subject).and_then(HeaderValue::as_text).unwrap_or("");
    if text.contains('\u{fffd}') {
        problems.push("The subject has characters that could not be decoded.".to_owned());
    }
    if text.chars().count() > limits.subject {
        problems.push(format!("The subject was cut to {} characters.", limits.subject));
    }
    one_line(text, limits.subject)
}

fn addresses(headers: &[Header<'_>], name: &HeaderName<'_>, limits: &Limits, problems: &mut Vec<String>) -> Vec<Address> {
    let Some(list) = first(headers, name).and_then(HeaderValue::as_address) else {
        return Vec::new();
    };
    let mut found: Vec<Address> = list.iter().filter_map(|addr| address(addr, limits)).take(limits.addresses + 1).collect();
    if found.len() > limits.addresses {
        found.truncate(limits.addresses);
        problems.push(format!("{} names more than {} addresses; the others were not read.", name.as_str(), limits.addresses));
    }
    found
}

fn address(addr: &Addr<'_>, limits: &Limits) -> Option<Address> {
    // Longer than RFC 5321 section 4.5.3.1.3 allows is no address, but is shown.
    let mail = one_line(addr.address.as_deref().unwrap_or(""), 320);
    let name = addr.name.as_deref().map(|name| one_line(name, limits.name)).filter(|name| !name.is_empty());
    (!mail.is_empty() || name.is_some()).then_some(Address { name, mail })
}

fn ids(headers: &[Header<'_>], name: &HeaderName<'_>, limits: &Limits) -> Vec<String> {
    let texts: Vec<&str> = match first(headers, name) {
        Some(HeaderValue::Text(id)) => vec![id],
        Some(HeaderValue::TextList(ids)) => ids.iter().map(AsRef::as_ref).collect(),
        _ => return Vec::new(),
    };
    let ids: Vec<String> = texts.into_iter().filter_map(message_id).collect();
    // The newest ids stand last and tell most.
    let skip = ids.len().saturating_sub(limits.addresses);
    ids.into_iter().skip(skip).collect()
}

/// A Message-ID with its brackets (RFC 5322 section 3.6.4), or nothing when
/// this could not stand in a header field.
pub fn message_id(text: &str) -> Option<String> {
    let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
    let fits = !inner.is_empty() && inner.len() <= 900;
    let clean = inner.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '<' && c != '>');
    (fits && clean).then(|| format!("<{inner}>"))
}

fn date(headers: &[Header<'_>], problems: &mut Vec<String>) -> Option<i64> {
    let value = first(headers, &HeaderName::Date)?;
    let date = value
        .as_datetime()
        .filter(|date| date.is_valid())
        .and_then(|date| date.to_timestamp().checked_mul(1_000_000))
        .filter(|micros| SENSIBLE.contains(micros));
    if date.is_none() {
        problems.push("The Date of the mail is not a date.".to_owned());
    }
    date
}

/// The first language tag (RFC 3282), when it looks like one (RFC 5646).
fn language(headers: &[Header<'_>]) -> Option<String> {
    let value = first(headers, &HeaderName::ContentLanguage)?;
    let text = match value {
        HeaderValue::TextList(tags) => tags.first().map(AsRef::as_ref),
        other => other.as_text(),
    }?;
    let tag = text.split([',', ';', ' ']).next().unwrap_or("").trim();
    let plausible = (2..=35).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    plausible.then(|| tag.to_owned())
}

/// The verdict of the server we trust (RFC 8601 section 7.1): the topmost field
/// with its name, because it writes above what the sender wrote.
fn authentication(headers: &[Header<'_>], ours: &str) -> Option<String> {
    headers.iter().filter(|header| header.name == HeaderName::AuthenticationResults).filter_map(|header| header.value.as_text()).find_map(|text| {
        let (id, results) = text.split_once(';')?;
        let id = id.split_whitespace().next()?;
        id.eq_ignore_ascii_case(ours).then(|| one_line(results, 1000))
    })
}
