//! Domain names in A-labels, lower case, without the root dot: as [`crate::net::domain::normalise`]
//! gives them, but into a buffer, and without allocation for ASCII.

use crate::net::domain;

/// Appends the canonical name; whether `text` is one. Otherwise `out` is as before.
pub fn name(text: &str, out: &mut String) -> bool {
    if !text.is_ascii() {
        return domain::normalise(text).is_ok_and(|name| {
            out.push_str(&name);
            true
        });
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    if !is_name(text.as_bytes()) {
        return false;
    }
    let from = out.len();
    out.push_str(text);
    if let Some(added) = out.get_mut(from..) {
        added.make_ascii_lowercase();
    }
    true
}

/// RFC 1035, section 2.3.4, with the underscore of service names.
fn is_name(text: &[u8]) -> bool {
    let mut label = 0;
    let mut before = b'-';
    for byte in text {
        match byte {
            b'.' if label == 0 || label > 63 || before == b'-' => return false,
            b'.' => label = 0,
            b'-' if label == 0 => return false,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => label += 1,
            _ => return false,
        }
        before = *byte;
    }
    label > 0 && label <= 63 && before != b'-' && text.len() <= 253
}

/// Whether somebody could have it in the DNS: two labels at least, and the last one no number.
pub fn is_public(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, last)| !last.bytes().all(|b| b.is_ascii_digit()))
}

/// Appends the part of a canonical name that somebody registered, if there is one.
pub fn registrable(name: &str, out: &mut String) {
    if name.contains("xn--") {
        out.push_str(&domain::registrable(name).unwrap_or_default());
    } else if let Some(part) = psl::domain_str(name) {
        out.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_public, name, registrable};

    fn read(text: &str) -> Option<String> {
        let mut out = String::from("before ");
        let read = name(text, &mut out);
        assert!(read || out == "before ");
        read.then(|| out["before ".len()..].to_owned())
    }

    #[test]
    fn names_have_one_form() {
        let table = [
            ("Example.ORG.", Some("example.org")),
            ("_dmarc.a-b.example", Some("_dmarc.a-b.example")),
            ("BÜCHER.example", Some("xn--bcher-kva.example")),
            ("localhost", Some("localhost")),
            ("", None),
            (".", None),
            ("a..b", None),
            ("-a.example", None),
            ("a-.example", None),
            ("a b.example", None),
            ("*.example", None),
            ("a.example..", None),
        ];
        for (text, expect) in table {
            assert_eq!(read(text).as_deref(), expect, "{text}");
        }
        assert_eq!(read(&format!("{}.example", "a".repeat(64))), None);
        assert_eq!(read(&("a.".repeat(127) + "example")), None);
    }

    #[test]
    fn the_registered_part_is_found() {
        for (name, expect) in
            [("www.a.example.co.uk", "example.co.uk"), ("a.b.example", "b.example"), ("a.xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"), ("com", "")]
        {
            let mut out = String::new();
            registrable(name, &mut out);
            assert_eq!(out, expect, "{name}");
        }
        assert!(is_public("a.example") && !is_public("localhost") && !is_public("1.2.3.456"));
    }
}
