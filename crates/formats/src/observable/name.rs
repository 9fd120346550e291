//! Names at a place in a text: domains, the local part of mail addresses, hashes and CVE numbers.
//!
//! A domain is the hardest to tell from prose. It must end in a public suffix; beyond that, what
//! looks like a file name or like two sentences without a space between them is not taken, unless
//! something beside it says that it is a domain (a scheme, an at sign, a defanged dot).

use super::Kind;
use super::address::{byte, run, word_at};
use crate::net::domain::{has_public_suffix, is_label_char, is_registry, normalise, registrable};
use std::ops::Range;

/// Top-level domains that are file name endings first. Those that are as common as domains (`ai`,
/// `app`, `cc`, `io`, `so`) stay domains.
const FILE_ENDINGS: [&str; 10] = ["cab", "java", "md", "mov", "pl", "pm", "py", "rs", "sh", "zip"];

/// RFC 5321, section 4.5.3.1.1.
const MAX_LOCAL: usize = 64;
const MAX_NAME: usize = 253;

/// Whether the character can stand in a name, so that a token goes on.
pub(super) fn is_name_char(c: char) -> bool {
    is_label_char(c) || c == '.'
}

/// Whether a token can begin with it.
pub(super) fn begins_name(c: char) -> bool {
    c != '-' && is_label_char(c)
}

/// The end of the token at `at`: name characters up to two dots in a row.
pub(super) fn token_end(text: &str, at: usize) -> usize {
    let tail = text.get(at..).unwrap_or_default();
    let mut dot = false;
    for (offset, c) in tail.char_indices() {
        if !is_name_char(c) {
            return at + offset;
        }
        if c == '.' && dot {
            return at + offset - 1;
        }
        dot = c == '.';
    }
    text.len()
}

/// The span without the dots, hyphens and underscores around what it holds.
pub(super) fn trimmed(text: &str, span: &Range<usize>) -> Range<usize> {
    let edge = |c: char| matches!(c, '.' | '-' | '_');
    let Some(held) = text.get(span.clone()) else {
        return span.start..span.start;
    };
    let end = span.start + held.trim_end_matches(edge).len();
    let start = span.start + (held.len() - held.trim_start_matches(['.', '-']).len());
    start.min(end)..end
}

/// The canonical domain that this text is. `sure` says that something beside it already tells so.
pub(super) fn domain(text: &str, sure: bool) -> Option<String> {
    if text.len() > MAX_NAME || !text.contains('.') {
        return None;
    }
    let name = normalise(text).ok()?;
    if !has_public_suffix(&name) || is_registry(&name) {
        return None;
    }
    // Service names have underscores (RFC 8552), registered names have none.
    if registrable(&name).is_some_and(|held| held.contains('_')) {
        return None;
    }
    if !sure && (is_file_name(&name) || is_sentence_join(text)) {
        return None;
    }
    Some(name)
}

fn is_file_name(name: &str) -> bool {
    name.split_once('.').is_some_and(|(_, ending)| FILE_ENDINGS.contains(&ending))
}

/// "finished.It": the last word begins a sentence, the one before it does not.
fn is_sentence_join(text: &str) -> bool {
    let mut labels = text.rsplit('.');
    let (Some(last), Some(before)) = (labels.next(), labels.next()) else {
        return false;
    };
    let capital = last.chars().next().is_some_and(char::is_uppercase);
    let rest_small = last.chars().skip(1).all(char::is_lowercase);
    capital && rest_small && before.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
}

/// The mail address that begins at `at`: its canonical value, where its host stands, its host.
pub(super) fn mail(text: &str, at: usize) -> Option<(String, Range<usize>, String)> {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"._%+-'".contains(&b);
    let end = run(text, at, MAX_LOCAL + 1, inner);
    let local = text.get(at..end)?;
    let odd = local.len() > MAX_LOCAL || local.starts_with('-') || local.ends_with(['.', '\'', '+', '%']) || local.contains("..");
    if local.is_empty() || odd || byte(text, end) != Some(b'@') {
        return None;
    }
    let (span, host) = host(text, end + 1)?;
    // Hosts are lower case by the standard, local parts by everybody's practice.
    Some((format!("{}@{host}", local.to_ascii_lowercase()), span, host))
}

/// The domain that begins at `at`, where it is known to be one.
fn host(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let near = super::address::from(text, at);
    let near = near.char_indices().take_while(|(offset, c)| *offset <= MAX_NAME && is_name_char(*c));
    let end = at + near.last().map_or(0, |(offset, c)| offset + c.len_utf8());
    let end = end.min(token_end(text.get(..end)?, at));
    let whole = trimmed(text, &(at..end));
    if let Some(name) = domain(text.get(whole.clone())?, true) {
        return Some((whole, name));
    }
    // Words of other scripts may follow without a space.
    let end = run(text, at, MAX_NAME + 1, |b| b.is_ascii_alphanumeric() || b"._-".contains(&b)).min(end);
    let plain = trimmed(text, &(at..end));
    let name = domain(text.get(plain.clone())?, true)?;
    Some((plain, name))
}

/// Which hash these digits are, by their number.
pub(super) fn hash(text: &str) -> Option<(Kind, String)> {
    let kind = match text.len() {
        32 => Kind::Md5,
        40 => Kind::Sha1,
        64 => Kind::Sha256,
        _ => return None,
    };
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    // All decimal digits is a long number; a hash without a letter is one in some millions.
    let letter = text.bytes().any(|b| b.is_ascii_alphabetic());
    (hex && letter).then(|| (kind, text.to_ascii_lowercase()))
}

/// The CVE number that begins at `at` and where it ends.
pub(super) fn cve(text: &str, at: usize) -> Option<(String, usize)> {
    let word = text.get(at..at + 4)?;
    let year_end = run(text, at + 4, 5, |b| b.is_ascii_digit());
    let end = run(text, year_end + 1, 8, |b| b.is_ascii_digit());
    let parts = word.eq_ignore_ascii_case("cve-") && byte(text, year_end) == Some(b'-');
    let lengths = year_end - at == 8 && (4..=7).contains(&end.saturating_sub(year_end + 1));
    let ends = !byte(text, end).is_some_and(|b| b.is_ascii_alphanumeric());
    (parts && lengths && ends).then(|| text.get(at..end).map(|cve| (cve.to_ascii_uppercase(), end)))?
}

/// The number of an AS whose letters end at `at`, when a space and the number follow: `ASN 64501`,
/// and `AS 64501` in capitals with four digits or more, because "as 10 hosts" is prose.
pub(super) fn spaced_asn(text: &str, letters: &str, at: usize) -> Option<usize> {
    let number = at + usize::from(byte(text, at) == Some(b' '));
    let end = run(text, number, 11, |b| b.is_ascii_digit());
    let digits = end - number;
    let meant = letters.eq_ignore_ascii_case("asn") || (letters == "AS" && digits >= 4);
    (meant && number > at && digits > 0 && !word_at(text, end)).then_some(end)
}
