//! Addresses at a place in a text, and the small tokens beside them: where an IPv4 or IPv6 address
//! that begins here ends, what follows it (a prefix length, a second address), and what only looks
//! like an address because it is a version number or a hardware address.

use crate::net::Prefix;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest textual IPv6 address: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
const MAX_V6: usize = 45;
const MAX_V4: usize = 15;

/// The text from a byte on; empty where there is none.
pub(super) fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The end of the run of bytes from `at` on that `keep` keeps, never more than `most` bytes.
pub(super) fn run(text: &str, at: usize, most: usize, keep: impl Fn(u8) -> bool) -> usize {
    let tail = text.as_bytes().get(at..).unwrap_or_default();
    at + tail.iter().take(most).take_while(|byte| keep(**byte)).count()
}

pub(super) fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// Whether an ASCII word goes on at this byte, so that a token cannot end before it. An underscore
/// alone is markup: `_192.0.2.1_`.
pub(super) fn word_at(text: &str, at: usize) -> bool {
    let letter = |at: usize| byte(text, at).is_some_and(|b| b.is_ascii_alphanumeric());
    letter(at) || (byte(text, at) == Some(b'_') && letter(at + 1))
}

/// Four octets without leading zeros: with them, half of the world reads octal.
pub(super) fn v4(text: &str) -> Option<Ipv4Addr> {
    if text.len() > MAX_V4 { None } else { text.parse().ok() }
}

/// The IPv6 address that begins at `at` and where it ends.
pub(super) fn v6(text: &str, at: usize) -> Option<(Ipv6Addr, usize)> {
    let end = run(text, at, MAX_V6 + 2, |b| b.is_ascii_hexdigit() || b == b':' || b == b'.');
    let read = |end: usize| {
        let address = text.get(at..end)?.parse().ok()?;
        // A full stop or colon may be the sentence's; a letter would make it another word.
        (!word_at(text, end)).then_some((address, end))
    };
    let written = text.get(at..end)?;
    let undotted = at + written.trim_end_matches('.').len();
    let unmarked = if byte(text, undotted.checked_sub(1)?) == Some(b':') { undotted - 1 } else { undotted };
    let sentence = at + written.find('.').unwrap_or(written.len());
    read(undotted).or_else(|| read(unmarked)).or_else(|| read(sentence))
}

/// An address of either family that begins at `at`, for the far end of a range.
pub(super) fn either(text: &str, at: usize) -> Option<(IpAddr, usize)> {
    if let Some((address, end)) = v6(text, at) {
        return Some((address.to_canonical(), end));
    }
    let end = run(text, at, MAX_V4 + 2, |b| b.is_ascii_digit() || b == b'.');
    let end = at + text.get(at..end)?.trim_end_matches('.').len();
    let address = v4(text.get(at..end)?)?;
    let goes_on = word_at(text, end) || (byte(text, end) == Some(b'-') && word_at(text, end + 1));
    (!goes_on).then_some((address.into(), end))
}

/// The prefix of `address` when a length follows at `at`, and where that ends.
pub(super) fn cidr(text: &str, address: IpAddr, at: usize) -> Option<(Prefix, usize)> {
    let digits = from(text, at).strip_prefix('/')?;
    let end = run(text, at + 1, 4, |b| b.is_ascii_digit());
    let len = digits.get(..end - at - 1)?;
    if len.is_empty() || (len.len() > 1 && len.starts_with('0')) {
        return None;
    }
    // "192.0.2.1/24/x" and "192.0.2.1/24.html" are paths, not lengths.
    let goes_on = match byte(text, end) {
        Some(b'/' | b'%' | b'=') => true,
        Some(b'.' | b'-') => word_at(text, end + 1),
        _ => word_at(text, end),
    };
    if goes_on {
        return None;
    }
    let prefix = Prefix::new(address, len.parse().ok()?).ok()?;
    Some((prefix, end))
}

/// The far end of a range when a hyphen or dash and a higher address follow at `at`.
pub(super) fn range(text: &str, low: IpAddr, at: usize) -> Option<(IpAddr, usize)> {
    let spaced = |at: usize| at + usize::from(byte(text, at) == Some(b' '));
    let dash = spaced(at);
    let tail = from(text, dash);
    let width = if tail.starts_with('-') { 1 } else { tail.starts_with('–').then_some('–'.len_utf8())? };
    let (high, end) = either(text, spaced(dash + width)).or_else(|| last_octet(text, low, dash + width))?;
    let one_family = low.is_ipv4() == high.is_ipv4();
    // A length makes it two networks beside each other.
    (one_family && low < high && byte(text, end) != Some(b'/')).then_some((high, end))
}

/// The far end of `192.0.2.1-9`: the same network, another last octet.
fn last_octet(text: &str, low: IpAddr, at: usize) -> Option<(IpAddr, usize)> {
    let IpAddr::V4(low) = low else { return None };
    let end = run(text, at, 4, |b| b.is_ascii_digit());
    let digits = text.get(at..end).filter(|digits| !digits.starts_with('0'))?;
    let [a, b, c, _] = low.octets();
    let high = Ipv4Addr::new(a, b, c, digits.parse().ok()?);
    let goes_on = word_at(text, end) || (matches!(byte(text, end), Some(b'.' | b'-' | b':')) && word_at(text, end + 1));
    (!goes_on).then_some((high.into(), end))
}

/// What parses as IPv6 and is something else: the eight two-digit groups of a hardware address
/// (EUI-64), nothing at all (`::`), or two words with `::` between them, as programs write.
pub(super) fn is_no_v6(address: IpAddr, written: &str) -> bool {
    let IpAddr::V6(v6) = address else {
        return false;
    };
    let shown = v6.to_string();
    // The shown form is looked at too, so that nothing is found whose value would not be.
    let hardware = |text: &str| text.len() == 23 && text.split(':').all(|group| group.len() == 2);
    let words = !shown.contains(|c: char| c.is_ascii_digit()) && shown.matches(':').count() < 3;
    hardware(written) || hardware(&shown) || words || v6.is_unspecified()
}

/// Programs whose versions stand behind a slash in banners and logs.
const PROGRAMS: [&str; 16] =
    ["apache", "chrome", "chromium", "curl", "edg", "firefox", "httpd", "iis", "nginx", "openssh", "openssl", "opera", "php", "postfix", "safari", "wget"];

fn names_a_program(before: &str) -> bool {
    let head = before.strip_suffix('/').unwrap_or(before);
    let start =
        head.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + head.get(at..).and_then(|tail| tail.chars().next()).map_or(1, char::len_utf8));
    let word = head.get(start..).unwrap_or_default().to_ascii_lowercase();
    PROGRAMS.contains(&word.as_str())
}

/// Whether what stands before `at` says that four numbers are a version: "version 1.2.3.4",
/// "v. 1.2.3.4", and a program's name as in "Chrome/120.0.0.0".
pub(super) fn is_version(text: &str, at: usize, address: Ipv4Addr) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let product = before.strip_suffix('/').is_some_and(|head| head.ends_with(char::is_alphabetic));
    if product && (matches!(address.octets(), [_, 0, 0, 0]) || names_a_program(before)) {
        return true;
    }
    let mut gap = 0;
    let mut word = Vec::new();
    for c in before.chars().rev().take(14) {
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        } else if word.is_empty() && gap < 2 && matches!(c, ' ' | ':' | '=' | '.' | '\u{a0}') {
            gap += 1;
        } else {
            break;
        }
    }
    let word: String = word.iter().rev().collect();
    ["v", "ver", "version", "versions", "release", "build", "firmware", "versión", "versão"].contains(&word.as_str())
}
