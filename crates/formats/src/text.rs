//! What a stranger's text may carry out of the house, whatever the format: letters, lines and links that lead
//! where they say. Each writer of this crate takes text through here first, then through its format's own
//! escaping, so that a reader at the other end gets exactly [`readable`] of what was written.

/// Whether a character is left out of everything that is published: controls (but for tab and line feed), what
/// XML 1.0 (section 2.2) has no place for, the byte order mark, and the marks that turn reading direction
/// around (Unicode TR 9, embeddings, overrides and isolates), which make `exe.pdf` of `fdp.exe`. The marks
/// between two words of different direction (U+200E, U+200F, U+061C) stay: they move no letter.
pub fn is_left_out(c: char) -> bool {
    let control = c.is_control() && c != '\t' && c != '\n';
    control || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The text without what [`is_left_out`]; every kind of line end is a line feed. What is readable already stays as it is.
pub fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = '\0';
    for c in text.chars() {
        match c {
            // The second half of one line end.
            '\n' if last == '\r' => {}
            // Readers split lines at these too, Python's among them.
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            c if is_left_out(c) => {}
            c => out.push(c),
        }
        last = c;
    }
    out
}

/// The text in one line: each run of spaces and line ends is one space, none at the ends.
pub fn one_line(text: &str) -> String {
    readable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a link may lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// `https://…` or `http://…`
    Web(String),
    /// `mailto:…`, with the scheme
    Mail(String),
    /// A page of the own site: `/…`
    Path(String),
}

impl Link {
    /// What a link leads to, or nothing if it must not be followed: other schemes (`javascript:`), `//host`, an
    /// address with a password in front of its host (`https://bank.example@evil.example/`), control characters.
    /// What would end an attribute or a bracket is percent-encoded (RFC 3986, section 2.1).
    pub fn new(href: &str) -> Option<Self> {
        let href = href.trim_matches(' ');
        if href.chars().any(|c| c.is_control() || is_left_out(c) || (c.is_whitespace() && c != ' ')) {
            return None;
        }
        let safe = encoded(href);
        let after = |scheme: &str| {
            let (head, rest) = safe.split_at_checked(scheme.len())?;
            head.eq_ignore_ascii_case(scheme).then_some(rest)
        };
        for scheme in ["https://", "http://"] {
            if let Some(rest) = after(scheme) {
                let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
                let host = authority.split(':').next().unwrap_or_default();
                let led_astray = authority.contains('@') || (host.is_empty() || host.contains('%'));
                return (!led_astray).then(|| Self::Web(format!("{scheme}{rest}")));
            }
        }
        if let Some(rest) = after("mailto:") {
            return rest.contains('@').then(|| Self::Mail(format!("mailto:{rest}")));
        }
        (safe.starts_with('/') && !safe.starts_with("//")).then_some(Self::Path(safe))
    }

    /// The address, as it is written into a document.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Web(href) | Self::Mail(href) | Self::Path(href) => href,
        }
    }
}

/// An address on the web, or nothing: what a feed or a calendar may lead to.
pub(crate) fn web(href: &str) -> Option<String> {
    match Link::new(href) {
        Some(Link::Web(href)) => Some(href),
        _ => None,
    }
}

/// A language tag (RFC 5646) reduced to the characters that one can have, so that it can stand anywhere.
pub(crate) fn language(tag: &str) -> String {
    tag.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(35).collect()
}

/// Percent-encodes what no URI contains and what HTML, XML, mail and iCalendar end things with.
pub(crate) fn encoded(href: &str) -> String {
    let mut out = String::with_capacity(href.len());
    for c in href.chars() {
        match c {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => out.push_str(&format!("%{:02X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Link, is_left_out, language, one_line, readable};
    use proptest::prelude::*;

    #[test]
    fn what_turns_or_breaks_lines_is_gone() {
        let table = [
            ("two\r\nlines\rand\u{2028}more\u{85}\n", "two\nlines\nand\nmore\n\n"),
            ("\u{feff}a\0b\u{1b}[31mc\td", "ab[31mc\td"),
            ("invoice\u{202e}fdp.exe\u{2066}", "invoicefdp.exe"),
            ("\u{200f}שלום\u{200e} 123", "\u{200f}שלום\u{200e} 123"),
        ];
        for (text, expect) in table {
            assert_eq!(readable(text), expect, "{text:?}");
        }
        assert_eq!(one_line("  a\r\n b\t\u{a0}c\u{202e} "), "a b c");
        assert_eq!(language("pt-BR\r\nX: \"y"), "pt-BRXy");
    }

    #[test]
    fn links_lead_where_they_say_or_nowhere() {
        let table = [
            ("https://a.example/x?y=1#z", Some("https://a.example/x?y=1#z")),
            ("HTTPS://a.example", Some("https://a.example")),
            ("http://a.example:8080/\"><b>", Some("http://a.example:8080/%22%3E%3Cb%3E")),
            ("mailto:csirt@a.example?subject=x y", Some("mailto:csirt@a.example?subject=x%20y")),
            ("/guidance/7", Some("/guidance/7")),
            ("/\\evil.example", Some("/%5Cevil.example")),
            ("//evil.example", None),
            ("javascript:alert(1)", None),
            ("java\tscript:alert(1)", None),
            ("\u{1}javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("https://bank.example@evil.example/", None),
            ("https://", None),
            ("https:///x", None),
            ("https:\\\\evil.example", None),
            ("https://a%2eb/", None),
            ("mailto:x", None),
            ("page", None),
            ("", None),
        ];
        for (href, expect) in table {
            assert_eq!(Link::new(href).as_ref().map(Link::as_str), expect, "{href:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_readable_stays(text in any::<String>()) {
            let once = readable(&text);
            prop_assert!(!once.contains(is_left_out));
            prop_assert_eq!(readable(&once), once);
        }
    }
}
