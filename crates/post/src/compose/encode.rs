//! The encodings that keep a mail within ASCII and 76 characters a line:
//! encoded words in headers (RFC 2047), parameters (RFC 2231), quoted-printable
//! and base64 (RFC 2045 section 6), and the folding of fields (RFC 5322 2.2.3).

use std::fmt::Write;

use data_encoding::BASE64;

/// A line of a header or an encoded body is at most this long.
const WIDTH: usize = 76;
/// Bytes in one encoded word: in base64, with `=?utf-8?B?` and `?=`, they leave
/// room for `Subject: ` in the first line.
const WORD: usize = 39;

/// Unstructured text for a header: itself, or as encoded words.
pub fn encoded_word_text(text: &str) -> String {
    let line = one_line(text);
    if plain(&line) { line } else { encoded_words(&line) }
}

/// A display name: quoted, or as encoded words (RFC 2047 section 5, rule 3).
pub fn encoded_word_phrase(name: &str) -> String {
    let line = one_line(name);
    if !plain(&line) || line.len() > 60 {
        return encoded_words(&line);
    }
    let escaped = line.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// Control characters, line ends among them, cannot reach a header.
fn one_line(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() || c == '\u{2028}' { ' ' } else { c });
    spaced.filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// ASCII that a reader takes as it stands, with words short enough to fold.
fn plain(line: &str) -> bool {
    line.is_ascii() && !line.contains("=?") && !line.contains("  ") && line.split(' ').all(|word| word.len() <= 60)
}

fn encoded_words(line: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in line.chars() {
        if word.len() + c.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encoded: Vec<String> = words.iter().map(|word| format!("=?utf-8?B?{}?=", BASE64.encode(word.as_bytes()))).collect();
    encoded.join(" ")
}

/// A parameter of a header (RFC 2231 section 4 for what is not ASCII).
pub fn parameter(name: &str, value: &str) -> String {
    let simple = value.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_.,()+".contains(&b)) && value.len() <= 60;
    if simple {
        return format!("{name}=\"{value}\"");
    }
    // In sections of whole characters, so that no line grows too long.
    let mut sections = vec![String::from("utf-8''")];
    for c in value.chars() {
        let mut piece = String::new();
        for byte in c.to_string().bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                piece.push(char::from(byte));
            } else {
                let _ = write!(piece, "%{byte:02X}");
            }
        }
        match sections.last_mut() {
            Some(last) if last.len() + piece.len() <= 54 => last.push_str(&piece),
            _ => sections.push(piece),
        }
    }
    if let [only] = sections.as_slice() {
        return format!("{name}*={only}");
    }
    let numbered: Vec<String> = sections.iter().enumerate().map(|(at, section)| format!("{name}*{at}*={section}")).collect();
    numbered.join("; ")
}

/// A field folded at its spaces. The value holds no line end by now.
pub fn fold(name: &str, value: &str) -> String {
    let mut out = format!("{name}:");
    let mut column = out.len();
    for word in value.split(' ') {
        if column > name.len() + 1 && column + 1 + word.len() > WIDTH {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
    out
}

/// Quoted-printable text with CRLF line ends (RFC 2045 section 6.7). A dot or
/// `From ` that begins a line is encoded too, because relays change those.
pub fn quoted_printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let mut column = 0;
        let last = line.len().saturating_sub(1);
        for (at, byte) in line.bytes().enumerate() {
            let start = at == 0 && (byte == b'.' || line.starts_with("From "));
            let literal = match byte {
                b' ' | b'\t' => at != last,
                b'=' => false,
                other => (b'!'..=b'~').contains(&other),
            };
            let piece = if literal && !start { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if column + piece.len() > WIDTH - 1 {
                out.push_str("=\r\n");
                column = 0;
            }
            // A break may put a dot first in its line again.
            let piece = if column == 0 && piece == "." { "=2E".to_owned() } else { piece };
            out.push_str(&piece);
            column += piece.len();
        }
        out.push_str("\r\n");
    }
    out
}

/// Base64 in lines of 76 characters (RFC 2045 section 6.8).
pub fn base64_lines(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() / 3 * 4 + bytes.len() / 28 + 8);
    for chunk in bytes.chunks(57) {
        out.push_str(&BASE64.encode(chunk));
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_foreign_texts_stay_within_the_line() {
        let subject = encoded_word_text(&"Notificación de phishing ñandú ".repeat(12));
        let folded = fold("Subject", &subject);
        assert!(folded.lines().all(|line| line.len() <= 78), "{folded}");
        assert!(folded.is_ascii());
    }

    #[test]
    fn quoted_printable_survives_relays() {
        let text = "a = b \n.\nFrom me\nñ\n\n".to_owned() + &"x".repeat(100) + "." + &".".repeat(100);
        let encoded = quoted_printable(&text);
        assert!(encoded.starts_with("a =3D b=20\r\n=2E\r\n=46rom me\r\n=C3=B1\r\n\r\n"), "{encoded}");
        assert!(encoded.split("\r\n").all(|line| line.len() <= 76 && !line.starts_with('.')), "{encoded}");
    }

    #[test]
    fn a_foreign_file_name_is_written_in_sections() {
        assert_eq!(parameter("filename", "a b.txt"), "filename=\"a b.txt\"");
        assert_eq!(parameter("filename", "año.txt"), "filename*=utf-8''a%C3%B1o.txt");
        let long = parameter("filename", &"ñ".repeat(60));
        assert!(long.starts_with("filename*0*=utf-8''%C3%B1") && long.split(' ').all(|piece| piece.len() <= 72), "{long}");
    }
}
