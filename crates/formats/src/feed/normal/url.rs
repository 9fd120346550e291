//! URLs in the form that observables have (`formats::observable`): scheme and host normalised, path and
//! query as written. What no URL may hold (white space, quotes, angle brackets) is percent-encoded
//! as the URL standard of the WHATWG does it.

use super::address;
use super::name;
use crate::feed::row::Row;
use crate::observable;
use std::ops::Range;

const MAX_SCHEME: usize = 16;

/// The longest part before the at sign, in bytes; RFC 5321 has 64.
const MAX_LOCAL: usize = 256;

/// What a URL that was read says about its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Where the host stands in the buffer.
    pub at: Range<usize>,
    /// The host's address, if it is one and not a name.
    pub ip: Option<[u8; 16]>,
}

/// Appends the normal form. Nothing is appended when it is no URL with scheme and host.
pub fn url(text: &str, out: &mut String) -> Option<Host> {
    let from = out.len();
    let mut read = if may_be_defanged(text) { append(&observable::fang(text), out) } else { append(text, out) };
    // Percent-encoding can put a letter where a defanged dot wants one ("\"[.x" is "%22[.x"): once more, so
    // that the normal form is what the same text has as an observable.
    let again = out.get(from..).filter(|normal| may_be_defanged(normal)).map(observable::fang);
    if let Some(again) = again.filter(|again| read.is_some() && out.get(from..) != Some(again)) {
        out.truncate(from);
        read = append(&again, out);
    }
    if read.is_none() {
        out.truncate(from);
    }
    read
}

/// Appends the mailbox of a mail address as a URL (RFC 6068), in lower case: two that differ in nothing
/// else are one mailbox wherever mail is read. Nothing is appended when it is none.
pub fn mailbox(text: &str, out: &mut String) -> bool {
    let from = out.len();
    let Some((local, host)) = text.trim_end_matches('>').rsplit_once('@') else { return false };
    let local = local.rsplit(['<', ' ', ':']).next().unwrap_or_default();
    if local.is_empty() || local.len() > MAX_LOCAL {
        return false;
    }
    out.push_str("mailto:");
    for byte in local.to_lowercase().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$'*+=".contains(&byte) { out.push(char::from(byte)) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out.push('@');
    let named = name::name(host, out);
    if !named {
        out.truncate(from);
    }
    named
}

/// Whether anything in it may be an idiom that `observable::fang` undoes.
fn may_be_defanged(text: &str) -> bool {
    let scheme = |word: &[u8]| text.as_bytes().get(..word.len()).is_some_and(|written| written.eq_ignore_ascii_case(word));
    let plain = scheme(b"http") || scheme(b"ftp");
    !plain || text.bytes().any(|b| matches!(b, b'[' | b'(' | b'{' | b'\\'))
}

fn append(text: &str, out: &mut String) -> Option<Host> {
    let (scheme, rest) = text.split_once("://")?;
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || scheme.len() > MAX_SCHEME || !scheme.bytes().all(known) {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (user, host) = authority.rfind('@').map_or(("", authority), |at| authority.split_at(at + 1));
    out.extend(scheme.chars().map(|c| c.to_ascii_lowercase()));
    out.push_str("://");
    encode(user, out);
    let host = append_host(host, out)?;
    // Browsers read a backslash here as a slash.
    let tail = tail.strip_prefix('\\').map_or(tail, |rest| {
        out.push('/');
        rest
    });
    encode(tail, out);
    Some(host)
}

fn append_host(text: &str, out: &mut String) -> Option<Host> {
    let from = out.len();
    if let Some(rest) = text.strip_prefix('[') {
        let (inner, port) = rest.split_once(']')?;
        let ip = single(inner)?;
        let shown = address::ip(ip);
        out.push_str(&if shown.is_ipv6() { format!("[{shown}]") } else { shown.to_string() });
        let at = from..out.len();
        append_port(port, out)?;
        return Some(Host { at, ip: Some(ip) });
    }
    let (host, port) = text.find(':').map_or((text, ""), |at| text.split_at(at));
    let ip = single(host);
    if let Some(ip) = ip {
        out.push_str(&address::ip(ip).to_string());
    } else if !name::name(host, out) || out.get(from..).is_some_and(ends_in_number) {
        return None;
    }
    let at = from..out.len();
    append_port(port, out)?;
    Some(Host { at, ip })
}

/// A host whose last label is a number is meant for an IPv4 address (WHATWG URL, "ends in a number").
fn ends_in_number(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
}

fn single(text: &str) -> Option<[u8; 16]> {
    address::network(text).filter(|one| one.prefix < 0 && one.ip != Row::NO_IP && !text.contains('/')).map(|one| one.ip)
}

/// Nothing, a colon alone (which says nothing) or a colon and a port.
fn append_port(text: &str, out: &mut String) -> Option<()> {
    let Some(digits) = text.strip_prefix(':') else { return text.is_empty().then_some(()) };
    if digits.is_empty() {
        return Some(());
    }
    let port: u16 = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
    out.push(':');
    out.push_str(&port.to_string());
    Some(())
}

/// Appends a path, query or fragment, what does not belong in a URL percent-encoded.
pub fn encode(text: &str, out: &mut String) {
    if text.bytes().all(|b| matches!(b, b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~')) {
        return out.push_str(text);
    }
    for c in text.chars() {
        if matches!(c, ' ' | '"' | '<' | '>' | '`' | '{' | '}' | '|' | '\\' | '^') || c.is_control() || c.is_whitespace() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::url;
    use crate::observable::{Kind, Observable};

    #[test]
    fn urls_have_the_form_of_observables() {
        let table = [
            ("HTTP://Evil.Example/A?b=C#d", "http://evil.example/A?b=C#d", "evil.example"),
            ("https://192.0.2.1:8443/x", "https://192.0.2.1:8443/x", "192.0.2.1"),
            ("http://[2001:DB8::1]:80", "http://[2001:db8::1]:80", "[2001:db8::1]"),
            ("http://[::ffff:192.0.2.1]/", "http://192.0.2.1/", "192.0.2.1"),
            ("ftp://user:pw@a.example./x", "ftp://user:pw@a.example/x", "a.example"),
            ("http://bücher.example/ü", "http://xn--bcher-kva.example/ü", "xn--bcher-kva.example"),
            ("hxxp://evil[.]example/x", "http://evil.example/x", "evil.example"),
            ("http://a.example?x", "http://a.example?x", "a.example"),
        ];
        for (text, expect, host) in table {
            let mut out = String::from("-");
            let read = url(text, &mut out).unwrap();
            assert_eq!((&out[1..], &out[read.at]), (expect, host), "{text}");
            assert_eq!(Observable::new(Kind::Url, text).map(|one| one.value).as_deref(), Ok(expect), "{text}");
        }
        let mut out = String::new();
        url("http://a.example:/", &mut out).unwrap();
        assert_eq!(out, "http://a.example/");
        out.clear();
        url("http://a.example\\@b.example", &mut out).unwrap();
        assert_eq!(out, "http://a.example/@b.example");
        out.clear();
        url("http://a.example/a b\"<\u{7}>{|}\\^`", &mut out).unwrap();
        assert_eq!(out, "http://a.example/a%20b%22%3C%07%3E%7B%7C%7D%5C%5E%60");
    }

    #[test]
    fn what_names_no_host_is_no_url() {
        for text in [
            "",
            "/path",
            "a.example/x",
            "http://",
            "http:///x",
            "http://a b/",
            "://a.example",
            "1http://a.example",
            "http://a.example:99999/",
            "http://a.example:x/",
            "http://[::1/",
            "http://0.0.0.0/",
            "mailto:a@b.example",
        ] {
            let mut out = String::from("-");
            assert_eq!(url(text, &mut out), None, "{text}");
            assert_eq!(out, "-", "{text}");
        }
    }
}
