//! The words of IMAP: strings as commands carry them, numbers as answers do.

use std::str::FromStr;

use data_encoding::BASE64_NOPAD;

/// A folder's name as a quoted string in modified UTF-7 (RFC 3501 section 5.1.3).
pub fn quoted(folder: &str) -> String {
    let mut text = String::from('"');
    let mut foreign: Vec<u8> = Vec::new();
    for c in folder.chars() {
        if c.is_ascii() && !c.is_ascii_control() {
            shift(&mut text, &mut foreign);
            match c {
                '&' => text.push_str("&-"),
                '"' | '\\' => text.extend(['\\', c]),
                _ => text.push(c),
            }
        } else {
            foreign.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    shift(&mut text, &mut foreign);
    text.push('"');
    text
}

fn shift(text: &mut String, foreign: &mut Vec<u8>) {
    if !foreign.is_empty() {
        text.push_str(&format!("&{}-", BASE64_NOPAD.encode(foreign).replace('/', ",")));
        foreign.clear();
    }
}

/// A string as LOGIN takes it, if it can be one.
pub fn plain(text: &str) -> Option<String> {
    let good = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    good.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The number that follows a word.
pub fn number_after<T: FromStr>(text: &str, word: &str) -> Option<T> {
    let mut words = words(text);
    words.find(|one| one.eq_ignore_ascii_case(word))?;
    words.next()?.parse().ok()
}

/// Whether a response brings something of the mail with this number.
pub fn is_about(text: &str, uid: u32) -> bool {
    let fetched = words(text).nth(1).is_some_and(|word| word.eq_ignore_ascii_case("FETCH"));
    fetched && number_after(text, "UID") == Some(uid)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '(', ')', ']']).filter(|word| !word.is_empty())
}

/// What a server said, fit for one line of a log.
pub fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_in_modified_utf_7() {
        assert_eq!(quoted("INBOX"), "\"INBOX\"");
        assert_eq!(quoted("a \"b\" & c\\"), "\"a \\\"b\\\" &- c\\\\\"");
        assert_eq!(quoted("Leídos"), "\"Le&AO0-dos\"");
        // The example of the standard.
        assert_eq!(quoted("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
        assert_eq!(quoted("a\r\nb LOGOUT"), "\"a&AA0ACg-b LOGOUT\"");
    }

    #[test]
    fn answers_are_understood_by_their_words() {
        assert_eq!(number_after("OK [UIDVALIDITY 1700000000] valid", "[UIDVALIDITY"), Some(1_700_000_000_u32));
        assert_eq!(number_after::<u32>("OK [UIDNEXT x]", "[UIDNEXT"), None);
        assert_eq!(number_after("3 FETCH (UID 5 RFC822.SIZE 4096)", "rfc822.size"), Some(4096_u64));
        assert!(is_about("3 FETCH (FLAGS (\\Seen) UID 5)", 5));
        assert!(!is_about("3 FETCH (UID 55)", 5) && !is_about("3 EXPUNGE", 3) && !is_about("", 0));
        assert_eq!(plain("a\"b\\"), Some("\"a\\\"b\\\\\"".to_owned()));
        assert_eq!((plain("ä"), plain("a\r\nb")), (None, None));
        assert_eq!(shown("a\r\n\u{7}b"), "ab");
    }
}
