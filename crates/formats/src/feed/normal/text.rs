//! Texts of strangers: composed characters (NFC), no control characters, not endless. And the same
//! texts as JSON strings, for `extra`.

use crate::feed::row::flag;
use icu_normalizer::ComposingNormalizerBorrowed;

/// The longest text of one field, in bytes.
pub const MAX_TEXT: usize = 4096;

/// Appends the text as it is kept and gives the [`flag`]s of what was changed. White space controls
/// become spaces.
pub fn clean(text: &str, out: &mut String) -> i32 {
    let (text, mut flags) = cut(text);
    if all(text, |b| matches!(b, 0x20..=0x7e)) {
        out.push_str(text);
        return flags;
    }
    let composed = if text.is_ascii() { text.into() } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) };
    for c in composed.chars() {
        match c {
            '\t' | '\n' | '\r' => out.push(' '),
            c if is_control(c) => flags |= flag::CONTROL,
            c => out.push(c),
        }
    }
    flags
}

/// Appends the text as a JSON string with its quotes; line ends and tabs are kept as escapes.
pub fn json(text: &str, out: &mut String) -> i32 {
    let (text, mut flags) = cut(text);
    out.push('"');
    if all(text, |b| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
        out.push_str(text);
    } else {
        let composed = if text.is_ascii() { text.into() } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) };
        for c in composed.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                c if is_control(c) => flags |= flag::CONTROL,
                c => out.push(c),
            }
        }
    }
    out.push('"');
    flags
}

/// Appends JSON without white space between its parts and without characters that [`clean`] takes out.
pub fn compact(raw: &str, out: &mut String) -> i32 {
    let (mut quoted, mut escaped, mut flags) = (false, false, 0);
    for c in raw.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' if !quoted => continue,
            c if is_control(c) => {
                flags |= flag::CONTROL;
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => (),
        }
        escaped = quoted && c == '\\' && !escaped;
        out.push(c);
    }
    flags
}

/// Whether all bytes are of a kind. It looks at all of them, which is quicker than to stop at the first.
fn all(text: &str, kind: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |all, b| all & kind(b))
}

/// At most [`MAX_TEXT`] bytes, cut between characters.
fn cut(text: &str) -> (&str, i32) {
    if text.len() <= MAX_TEXT {
        return (text, 0);
    }
    let end = (0..=MAX_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text.get(..end).unwrap_or_default(), flag::CUT)
}

/// Controls (Unicode `Cc`) and those that turn the direction of what follows (UAX 9), with which a text
/// looks like another one.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::{MAX_TEXT, clean, compact, json};
    use crate::feed::row::flag;

    #[test]
    fn texts_are_cleaned_and_it_is_said() {
        let table = [
            ("plain", "plain", 0),
            ("two\r\nlines\t.", "two  lines .", 0),
            ("nul\0 and \u{1b}[31m", "nul and [31m", flag::CONTROL),
            ("u\u{308}ber", "über", 0),
            ("exe.\u{202E}gpj", "exe.gpj", flag::CONTROL),
        ];
        for (text, expect, flags) in table {
            let mut out = String::new();
            assert_eq!((clean(text, &mut out), out.as_str()), (flags, expect), "{text:?}");
        }
        let mut out = String::new();
        assert_eq!(clean(&"ü".repeat(MAX_TEXT), &mut out), flag::CUT);
        assert_eq!(out.len(), MAX_TEXT);
    }

    #[test]
    fn json_is_made_compact() {
        let mut out = String::new();
        assert_eq!(compact("{ \"a b\" : [1 ,\n\"\\\" \u{202E}\\\\\" , {} ] }", &mut out), flag::CONTROL);
        assert_eq!(out, "{\"a b\":[1,\"\\\" \\\\\",{}]}");
    }

    #[test]
    fn json_strings_come_back() {
        for text in ["", "plain", "quote \" back \\ tab \t line \n", "über 联系", "\u{1}\u{7f}x"] {
            let mut out = String::new();
            let flags = json(text, &mut out);
            let kept: String = text.chars().filter(|c| matches!(c, '\t' | '\n') || !c.is_control()).collect();
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), kept);
            assert_eq!(flags != 0, kept != text);
        }
    }
}
