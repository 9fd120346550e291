//! URLs in a text (RFC 3986): a known scheme, an authority, and as much of the rest as is the
//! address's and not the sentence's. Full stops, commas and quotes at the end belong to the
//! sentence; a closing bracket belongs to whoever opened it.

use super::Kind;
use super::address::{byte, from, run, v4, v6, word_at};
use super::name::{domain, is_name_char, trimmed};
use crate::net::domain::normalise;
use std::net::IpAddr;
use std::ops::Range;

/// Schemes that name a place on the network and that reports speak of.
const SCHEMES: [&str; 21] = [
    "http", "https", "ftp", "ftps", "sftp", "tftp", "ssh", "telnet", "ws", "wss", "ldap", "ldaps", "rmi", "smb", "rdp", "rtsp", "tcp", "udp", "irc", "git",
    "dns",
];

/// How far the authority is looked for: user information, a name of 253 bytes and a port.
const MAX_AUTHORITY: usize = 512;

/// A URL that was read.
pub(super) struct Url {
    pub value: String,
    pub end: usize,
    /// Where its host stands, and what it is when it is an observable of its own.
    pub host: Option<(Range<usize>, Kind, String)>,
}

/// The URL that begins at `at`.
pub(super) fn read(text: &str, at: usize) -> Option<Url> {
    let scheme_end = run(text, at, 7, |b| b.is_ascii_alphabetic());
    let scheme = text.get(at..scheme_end)?.to_ascii_lowercase();
    if !from(text, scheme_end).starts_with("://") || !SCHEMES.contains(&scheme.as_str()) {
        return None;
    }
    let start = scheme_end + 3;
    // User information ends at the last at sign before anything that it cannot have.
    let user = |b: u8| b.is_ascii_alphanumeric() || b"-._~%!$&*+=:@".contains(&b);
    let user = text.get(start..run(text, start, MAX_AUTHORITY, user))?;
    let user = start + user.rfind('@').map_or(0, |at| at + 1);
    let (host, end, kind) = host(text, user)?;
    let mut value = format!("{scheme}://{}", text.get(start..user)?);
    value.push_str(&host);
    let span = user..end.text;
    let found = kind.map(|(kind, host)| (span, kind, host));
    // After a root dot ("evil.example./x") only a path goes on.
    let port_end = if end.text == end.run { port(text, end.run) } else { end.run };
    let opens = |at: usize| matches!(byte(text, at), Some(b'/' | b'?' | b'#'));
    if port_end == end.run && !opens(end.run) {
        return Some(Url { value, end: end.text, host: found });
    }
    value.push_str(text.get(end.run..port_end)?);
    let last = if opens(port_end) { tail(text, port_end, quote_before(text, at)) } else { port_end };
    value.push_str(text.get(port_end..last)?);
    Some(Url { value, end: last, host: found })
}

/// Where a host ends: what is the host's, and the same with a root dot.
struct End {
    text: usize,
    run: usize,
}

type Host = (String, End, Option<(Kind, String)>);

fn host(text: &str, at: usize) -> Option<Host> {
    if byte(text, at) == Some(b'[') {
        let (address, end) = v6(text, at + 1)?;
        let zone = if byte(text, end) == Some(b'%') { run(text, end, 20, |b| b != b']') } else { end };
        if byte(text, zone) != Some(b']') {
            return None;
        }
        let (shown, value) = match address.to_canonical() {
            IpAddr::V4(v4) => (v4.to_string(), v4.to_string()),
            IpAddr::V6(v6) => (format!("[{v6}]"), v6.to_string()),
        };
        return Some((shown, End { text: zone + 1, run: zone + 1 }, Some((Kind::Ip, value))));
    }
    let near = from(text, at).char_indices().take_while(|(at, c)| *at <= 255 && is_name_char(*c));
    let whole = at + near.last().map_or(0, |(at, c)| at + c.len_utf8());
    let plain = run(text, at, 256, |b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    // Words of other scripts may follow without a space, so that the plain part is tried as well.
    [whole, plain].into_iter().find_map(|run| {
        let span = trimmed(text, &(at..run));
        let written = text.get(span.clone()).filter(|_| span.start == at)?;
        let name = normalise(written).ok()?;
        let kind = match v4(&name) {
            Some(address) => Some((Kind::Ip, address.to_string())),
            None => domain(written, true).map(|name| (Kind::Domain, name)),
        };
        if kind.is_none() && !written.is_ascii() && plain > at {
            return None;
        }
        let rooted = text.get(span.end..run) == Some(".");
        Some((name, End { text: span.end, run: if rooted { run } else { span.end } }, kind))
    })
}

/// The end of a port at `at`, or `at`.
fn port(text: &str, at: usize) -> usize {
    let end = run(text, at + 1, 6, |b| b.is_ascii_digit());
    let port = text.get(at + 1..end).and_then(|digits| digits.parse::<u16>().ok());
    if byte(text, at) == Some(b':') && port.is_some() && !word_at(text, end) { end } else { at }
}

/// Characters at which every URL ends: white space, controls, and quotes and brackets that no URL
/// has, those of other scripts included.
fn stops(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '<' | '>' | '`' | '{' | '}' | '|' | '\\' | '^')
        || matches!(c, '«' | '»' | '‹' | '›' | '“' | '”' | '„' | '‘' | '’' | '‚' | '…')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}')
        || matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '，' | '；' | '：' | '！' | '？' | '（' | '）')
}

fn quote_before(text: &str, at: usize) -> bool {
    at.checked_sub(1).and_then(|before| byte(text, before)) == Some(b'\'')
}

/// The end of path, query and fragment that begin at `at`.
fn tail(text: &str, at: usize, quoted: bool) -> usize {
    let (mut round, mut square) = (0u32, 0u32);
    let mut end = text.len();
    for (offset, c) in from(text, at).char_indices() {
        let here = at + offset;
        let stop = match c {
            '(' => count(&mut round, true),
            ')' => count(&mut round, false),
            // A tag such as "[/url]" is the forum's.
            '[' => from(text, here).starts_with("[/") || count(&mut square, true),
            ']' => count(&mut square, false),
            '\'' => quoted,
            ',' | ';' => ["http", "ftp:"].iter().any(|next| from(text, here + 1).starts_with(next)),
            '&' => ["&gt;", "&lt;", "&quot;"].iter().any(|mark| from(text, here).starts_with(mark)),
            _ => stops(c),
        };
        if stop {
            end = here;
            break;
        }
    }
    let sentence = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*');
    at + text.get(at..end).unwrap_or_default().trim_end_matches(sentence).len()
}

/// Counts an opened or closed bracket; whether a bracket closes that was opened outside.
fn count(open: &mut u32, opens: bool) -> bool {
    if opens {
        *open += 1;
        return false;
    }
    let outside = *open == 0;
    *open = open.saturating_sub(1);
    outside
}
