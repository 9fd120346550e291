//! Domain names: their canonical form, the names above them, and whether they can exist at all.
//!
//! What is registrable comes from the Public Suffix List (its `ICANN` and private sections), which
//! knows that `co.uk` is nobody's and `example.co.uk` somebody's. The reserved names `.example` and
//! `.test` (RFC 2606, section 2) count as known, because documentation and exercises use them.

use crate::Error;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use psl::Type;

/// The longest name in its textual form (RFC 1035, section 2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Lower case, without surrounding white space and root dot. A name in other scripts becomes its ASCII
/// form (`xn--`, UTS 46), so that its two spellings are one name; what has no such form keeps its letters.
pub fn normalise(text: &str) -> Result<String, Error> {
    let bad = |why| Error::new("a domain name", text, why);
    let trimmed = text.trim();
    let name = trimmed.strip_suffix('.').unwrap_or(trimmed);
    if name.is_empty() {
        return Err(bad("it is empty"));
    }
    // Lower case can be longer than upper case, so that both are measured.
    if name.len() > MAX_NAME {
        return Err(bad("longer than 253 bytes"));
    }
    let name = name.to_lowercase();
    if name.len() > MAX_NAME {
        return Err(bad("longer than 253 bytes"));
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err(bad("two dots in a row"));
        }
        if label.len() > MAX_LABEL {
            return Err(bad("a label longer than 63 bytes"));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(bad("a label that begins or ends with a hyphen"));
        }
        if !label.chars().all(is_label_char) {
            return Err(bad("a character that no name has"));
        }
    }
    if name.is_ascii() {
        return Ok(name);
    }
    match Uts46::new().to_ascii(name.as_bytes(), AsciiDenyList::EMPTY, Hyphens::CheckFirstLast, DnsLength::Verify) {
        Ok(ascii) if ascii.split('.').count() == name.split('.').count() => Ok(ascii.into_owned()),
        _ => Ok(name),
    }
}

/// The name in its own letters, as the Public Suffix List has it. What is no name of other scripts stays.
pub fn in_letters(name: &str) -> String {
    if !name.contains("xn--") {
        return name.to_owned();
    }
    let (letters, read) = Uts46::new().to_unicode(name.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    if read.is_ok() && letters.split('.').count() == name.split('.').count() { letters.into_owned() } else { name.to_owned() }
}

/// How many labels the registrable part of a name has.
fn registrable_labels(name: &str) -> Option<usize> {
    psl::domain_str(&in_letters(name)).map(|registrable| registrable.split('.').count())
}

/// The last labels of a name.
fn last_labels(name: &str, labels: usize) -> &str {
    let mut dots = name.rmatch_indices('.').map(|(at, _)| at + 1);
    dots.nth(labels.saturating_sub(1)).and_then(|at| name.get(at..)).unwrap_or(name)
}

/// The name and each name above it, most specific first, down to the registrable domain:
/// `a.b.example` gives `a.b.example`, `b.example`. A name that is itself a public suffix, or is no
/// name at all, gives only what it is or nothing.
pub fn suffixes(name: &str) -> Vec<String> {
    let Ok(name) = normalise(name) else {
        return Vec::new();
    };
    let Some(labels) = registrable_labels(&name) else {
        return vec![name];
    };
    let registrable = last_labels(&name, labels);
    let mut found = Vec::new();
    let mut rest = name.as_str();
    while rest.len() >= registrable.len() {
        found.push(rest.to_owned());
        let Some((_, above)) = rest.split_once('.') else {
            break;
        };
        rest = above;
    }
    found
}

/// The shortest name that somebody can register: `example.co.uk` of `www.example.co.uk`.
pub fn registrable(name: &str) -> Option<String> {
    let name = normalise(name).ok()?;
    registrable_labels(&name).map(|labels| last_labels(&name, labels).to_owned())
}

/// Whether the name ends in a suffix that the list knows, or in `.example` or `.test`.
pub fn has_public_suffix(name: &str) -> bool {
    let Ok(name) = normalise(name) else {
        return false;
    };
    let name = in_letters(&name);
    let last = name.rsplit('.').next().unwrap_or_default();
    matches!(last, "example" | "test") || is_known(&name) || is_known(last)
}

/// Whether the name is a suffix under which anybody may register, such as `com` or `co.uk`.
pub(crate) fn is_registry(name: &str) -> bool {
    let name = in_letters(name);
    match psl::suffix(name.as_bytes()) {
        Some(suffix) => suffix.as_bytes().len() == name.len() && suffix.typ() != Some(Type::Private),
        None => false,
    }
}

fn is_known(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Letters, digits, hyphen and underscore (service names have it, RFC 8552); of other scripts also
/// the vowel signs and joiners that Indic and Thai words are written with.
pub(crate) fn is_label_char(c: char) -> bool {
    match c {
        '\u{964}' | '\u{965}' => false,
        '-' | '_' | '\u{900}'..='\u{109F}' => true,
        _ => c.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::{has_public_suffix, in_letters, is_registry, normalise, registrable, suffixes};

    #[test]
    fn names_are_normalised() {
        let table = [
            ("Example.ORG.", "example.org"),
            (" www.example.org ", "www.example.org"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("Bücher.Example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("_dmarc.example.org", "_dmarc.example.org"),
        ];
        for (text, expect) in table {
            assert_eq!(normalise(text).as_deref(), Ok(expect));
        }
        let long = format!("{}.example", "a".repeat(64));
        let longer = "a.".repeat(127) + "example";
        for text in ["", ".", "a..b", "-a.example", "a-.example", "a b.example", "a/b", &long, &longer] {
            assert!(normalise(text).is_err(), "{text}");
        }
    }

    #[test]
    fn suffixes_stop_at_what_somebody_registered() {
        let table: &[(&str, &[&str])] = &[
            ("a.b.example", &["a.b.example", "b.example"]),
            ("WWW.a.example.co.uk", &["www.a.example.co.uk", "a.example.co.uk", "example.co.uk"]),
            ("x.someone.github.io", &["x.someone.github.io", "someone.github.io"]),
            ("example.org", &["example.org"]),
            ("co.uk", &["co.uk"]),
            ("not a name", &[]),
        ];
        for (name, expect) in table {
            assert_eq!(suffixes(name), *expect, "{name}");
        }
        // The list is written in letters; names are kept in ASCII.
        assert_eq!(registrable("www.пример.рф").as_deref(), Some("xn--e1afmkfd.xn--p1ai"));
        assert_eq!(suffixes("a.b.xn--e1afmkfd.xn--p1ai").last().map(String::as_str), Some("xn--e1afmkfd.xn--p1ai"));
        assert_eq!(in_letters("www.xn--e1afmkfd.xn--p1ai"), "www.пример.рф");
        assert_eq!(registrable("www.example.co.uk").as_deref(), Some("example.co.uk"));
    }

    #[test]
    fn only_known_suffixes_are_public() {
        for name in ["a.com", "com", "a.co.ls", "host.example", "x.test", "a.onion", "www.gov.ck", "a.рф", "a.xn--p1ai"] {
            assert!(has_public_suffix(name), "{name}");
        }
        for name in ["file.txt", "a.invalid", "localhost", "x.local", "e.g", "1.2", ""] {
            assert!(!has_public_suffix(name), "{name}");
        }
        assert!(is_registry("com") && is_registry("co.uk") && is_registry("xn--p1ai"));
        assert!(!is_registry("github.io") && !is_registry("example.com"));
    }
}
