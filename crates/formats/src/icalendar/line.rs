//! A content line (RFC 5545, section 3.1): its values, written so that none ends it, and its folding.

use crate::text::{one_line, readable};
use jiff::Timestamp;

/// How many octets a line has at most, without its end.
const OCTETS: usize = 75;

/// Adds a line, folded where it is too long. A character is never cut in two, as it may be by the letter of the
/// standard: programs that decode before they unfold are many.
pub(super) fn put(out: &mut String, name: &str, value: &str) {
    let mut length = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if length + c.len_utf8() > OCTETS {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// A value of type TEXT (section 3.3.11).
pub(super) fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in readable(value).chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A value of a parameter, in quotation marks; what cannot stand between them is written as RFC 6868 says.
pub(super) fn parameter(value: &str) -> String {
    let value = one_line(value).replace('^', "^^").replace('"', "^'");
    format!("\"{value}\"")
}

/// A mailbox as an address (RFC 6068): what is no character of one is percent-encoded.
pub(super) fn mailbox(mail: &str) -> String {
    let mut out = "mailto:".to_owned();
    for byte in one_line(mail).bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_+!$'*~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// An instant in UTC (section 3.3.5, form 2).
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::{mailbox, parameter, put, text};

    #[test]
    fn no_value_ends_its_line() {
        assert_eq!(text("a;b,c\\d\r\nBEGIN:VEVENT\u{2028}x\0"), "a\\;b\\,c\\\\d\\nBEGIN:VEVENT\\nx");
        assert_eq!(parameter("The \"A\" team; ^ x\r\nATTENDEE:y"), "\"The ^'A^' team; ^^ x ATTENDEE:y\"");
        assert_eq!(mailbox("a+b@c.example\r\nX:y?cc=z"), "mailto:a+b@c.example%20X%3Ay%3Fcc%3Dz");
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = String::new();
        put(&mut out, "SUMMARY", &"é".repeat(60));
        let lines: Vec<&str> = out.split_terminator("\r\n").collect();
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [74, 55]);
        assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "é".repeat(60)));
        let mut out = String::new();
        put(&mut out, "X", &"y".repeat(73));
        assert_eq!(out.len(), 77);
    }
}
