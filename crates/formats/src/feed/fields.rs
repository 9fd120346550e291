//! Documents of `Name: value` lines: the feedback report of ARF (RFC 5965), header fields (RFC 5322) and
//! the flat YAML of the first X-ARF. A line that begins with white space goes on with the one before.

/// The longest document, in bytes.
pub const MAX_DOCUMENT: usize = 1 << 20;

/// The name under which lines are kept that have no name of their own.
const UNREAD: &str = "unread_lines";

/// The fields of a document in their order. A name that comes again gets a number (`Reported-URI_2`).
pub(super) fn read(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut unread = String::new();
    for line in text.lines() {
        let starts = line.trim_end();
        if starts.is_empty() || starts.starts_with('#') || matches!(starts, "---" | "...") {
            continue;
        }
        match (line.starts_with([' ', '\t']), named(starts)) {
            (true, _) if !fields.is_empty() => {
                let more = starts.trim_start();
                fields.last_mut().into_iter().for_each(|(_, value)| append(value, more));
            }
            (_, Some((name, value))) if fields.len() < super::plan::MAX_COLUMNS - 1 => fields.push((name.to_owned(), value.to_owned())),
            _ => append(&mut unread, starts),
        }
    }
    number(&mut fields);
    for (_, value) in &mut fields {
        unquote(value);
    }
    if !unread.is_empty() {
        fields.push((UNREAD.to_owned(), unread));
    }
    fields
}

/// The feedback report of a message in ARF together with what `original` (the reported message or its
/// header) says in From, To, Subject, Date and Message-ID, as one document for the mapping `arf`.
pub fn feedback_report(report: &[u8], original: &[u8]) -> Vec<u8> {
    let mut document = report.to_vec();
    document.push(b'\n');
    let text = String::from_utf8_lossy(original.get(..original.len().min(MAX_DOCUMENT)).unwrap_or_default());
    let header = text.split("\r\n\r\n").next().and_then(|header| header.split("\n\n").next()).unwrap_or_default();
    for (name, value) in read(header) {
        if ["from", "to", "subject", "date", "message-id"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            document.extend(format!("Original-{name}: {value}\n").bytes());
        }
    }
    document
}

fn named(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (!name.is_empty() && name.len() <= 100 && name.bytes().all(known)).then_some((name, value.trim()))
}

fn append(value: &mut String, more: &str) {
    if !value.is_empty() {
        value.push(' ');
    }
    value.push_str(more);
}

fn unquote(value: &mut String) {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            *value = inner.to_owned();
            return;
        }
    }
}

fn number(fields: &mut [(String, String)]) {
    let mut times = std::collections::HashMap::new();
    for (name, _) in fields {
        let count = times.entry(name.to_ascii_lowercase()).or_insert(0);
        *count += 1;
        if *count > 1 {
            *name = format!("{name}_{count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{feedback_report, read};

    fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn fields_are_read_in_order() {
        let text = "---\r\nFeedback-Type: abuse\r\nReported-URI: http://a.example/\r\nReported-URI: http://b.example/\r\nLong: one\r\n  two\r\n# no\r\nPort: \"22\"\r\nwhat is this\r\nEmpty:\r\n";
        let expect = [
            ("Feedback-Type", "abuse"),
            ("Reported-URI", "http://a.example/"),
            ("Reported-URI_2", "http://b.example/"),
            ("Long", "one two"),
            ("Port", "22"),
            ("Empty", ""),
            ("unread_lines", "what is this"),
        ];
        assert_eq!(pairs(&read(text)), expect);
    }

    #[test]
    fn a_report_takes_along_what_it_is_about() {
        let document = feedback_report(b"Feedback-Type: abuse\nVersion: 1", b"From: a@example.org\r\nSubject: two\r\n lines\r\nX: y\r\n\r\nFrom: body");
        let text = String::from_utf8(document).unwrap();
        let expect = [("Feedback-Type", "abuse"), ("Version", "1"), ("Original-From", "a@example.org"), ("Original-Subject", "two lines")];
        assert_eq!(pairs(&read(&text)), expect);
    }
}
