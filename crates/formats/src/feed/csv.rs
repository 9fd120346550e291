//! Comma-separated values (RFC 4180), one record at a time. A quotation mark that opens and does not
//! close costs its own line and no other: the reader goes back to the line after it.

use super::plan::MAX_COLUMNS;
use super::record::Span;
use memchr::{memchr, memchr2};

/// The longest record, in bytes.
pub const MAX_RECORD: usize = 1 << 20;

/// What stands at the beginning of a window.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// A record: its bytes without and with its line end, and how many lines it has.
    Record { end: usize, next: usize, lines: usize },
    /// A line end and nothing before it.
    Blank { next: usize },
    /// The window ends inside the record.
    More,
    /// Quotation marks that do not fit.
    Broken,
}

/// Splits the first record of the window into cells. `last` says that no more follows.
pub(super) fn split(window: &[u8], last: bool, delimiter: u8, cells: &mut Vec<Span>) -> Split {
    cells.clear();
    let mut at = 0;
    let mut lines = 1;
    loop {
        let cell = if window.get(at) == Some(&b'"') {
            match quoted(window, at + 1, last, &mut lines) {
                Ok(cell) => cell,
                Err(outcome) => return outcome,
            }
        } else {
            let length = plain(window.get(at..).unwrap_or_default(), delimiter);
            match length {
                Some(length) => Span::new(at..at + length),
                None if last => Span::new(at..window.len()),
                None => return Split::More,
            }
        };
        // Where the cell ends in the file: after its closing quotation mark, if it has one.
        let end = cell.end as usize + usize::from(cell.start as usize > at);
        let stop = window.get(end).copied();
        if stop == Some(delimiter) {
            if cells.len() >= MAX_COLUMNS {
                return Split::Broken;
            }
            cells.push(cell);
            at = end + 1;
            continue;
        }
        let (end, next) = match (stop, window.get(end + 1)) {
            (Some(b'\n'), _) => (end, end + 1),
            (Some(b'\r'), Some(b'\n')) => (end, end + 2),
            (Some(b'\r'), None) if !last => return Split::More,
            (None, _) | (Some(b'\r'), None) if last => (end, window.len()),
            (None, _) => return Split::More,
            _ => return Split::Broken,
        };
        return finish(window, cell, at, end, next, lines, cells);
    }
}

/// Ends a record with its last cell, from which the carriage return of a line end is taken.
fn finish(window: &[u8], mut cell: Span, at: usize, end: usize, next: usize, lines: usize, cells: &mut Vec<Span>) -> Split {
    let mut end = end;
    let is_plain = cell.start as usize == at;
    if is_plain && end > at && window.get(end - 1) == Some(&b'\r') {
        end -= 1;
        cell.end -= 1;
    }
    if is_plain && end == 0 {
        return Split::Blank { next };
    }
    cells.push(cell);
    Split::Record { end, next, lines }
}

/// The length of a cell without quotation marks: up to the delimiter or the line end.
fn plain(rest: &[u8], delimiter: u8) -> Option<usize> {
    // Most cells are short; only what is longer is worth the wide search.
    let head = rest.iter().take(16).position(|b| *b == delimiter || *b == b'\n');
    head.or_else(|| memchr2(delimiter, b'\n', rest.get(16..)?).map(|at| at + 16))
}

/// A cell whose opening quotation mark is behind `from`; it ends before its closing one.
fn quoted(window: &[u8], from: usize, last: bool, lines: &mut usize) -> Result<Span, Split> {
    let mut at = from;
    let mut mended = false;
    loop {
        let Some(found) = window.get(at..).and_then(mark) else {
            return Err(if last { Split::Broken } else { Split::More });
        };
        at += found;
        if window.get(at) == Some(&b'\n') {
            *lines += 1;
            at += 1;
            continue;
        }
        match window.get(at + 1) {
            Some(b'"') => {
                mended = true;
                at += 2;
            }
            None if !last => return Err(Split::More),
            _ => return Ok(Span { mended, ..Span::new(from..at) }),
        }
    }
}

/// Where the next quotation mark or line end is. Most cells are short: they are looked through eight bytes at a time, which
/// is quicker than to begin the wide search.
fn mark(rest: &[u8]) -> Option<usize> {
    const NEAR: usize = 32;
    for (at, eight) in rest.get(..NEAR).unwrap_or_default().chunks_exact(8).enumerate() {
        let word = u64::from_le_bytes(eight.try_into().unwrap_or_default());
        let hits = zeros(word ^ repeated(b'"')) | zeros(word ^ repeated(b'\n'));
        if hits != 0 {
            return Some(at * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    let from = if rest.len() < NEAR { 0 } else { NEAR };
    memchr2(b'"', b'\n', rest.get(from..)?).map(|at| at + from)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is zero, exact for the lowest of them.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(repeated(1)) & !word & repeated(0x80)
}

/// The length of the first line without and with its end; the whole window if it is the last one.
pub(super) fn line(window: &[u8], last: bool) -> Option<(usize, usize)> {
    match memchr(b'\n', window) {
        Some(at) if at > 0 && window.get(at - 1) == Some(&b'\r') => Some((at - 1, at + 1)),
        Some(at) => Some((at, at + 1)),
        None => last.then_some((window.len(), window.len())),
    }
}

/// Copies the cells whose doubled quotation marks must become single ones to `mended`.
pub(super) fn mend(text: &str, cells: &mut [Span], mended: &mut String) {
    mended.clear();
    for cell in cells.iter_mut().filter(|cell| cell.mended) {
        let from = mended.len();
        let mut halves = text.get(cell.range()).unwrap_or_default().split("\"\"");
        mended.push_str(halves.next().unwrap_or_default());
        for half in halves {
            mended.push('"');
            mended.push_str(half);
        }
        *cell = Span { mended: true, ..Span::new(from..mended.len()) };
    }
}

#[cfg(test)]
mod tests {
    use super::{Split, line, mend, split};

    fn cells(text: &str) -> Vec<String> {
        let mut spans = Vec::new();
        let Split::Record { .. } = split(text.as_bytes(), true, b',', &mut spans) else { return vec!["none".into()] };
        let mut mended = String::new();
        mend(text, &mut spans, &mut mended);
        spans.iter().map(|span| if span.mended { &mended[span.range()] } else { &text[span.range()] }).map(str::to_owned).collect()
    }

    #[test]
    fn records_are_split_as_rfc_4180_says() {
        let table: [(&str, &[&str]); 13] = [
            ("a,b,c\nd", &["a", "b", "c"]),
            ("a,b,c\r\n", &["a", "b", "c"]),
            ("a,,\n", &["a", "", ""]),
            ("\"a\",\"b,c\",d", &["a", "b,c", "d"]),
            ("\"a\"\"b\",\"\"\"\"", &["a\"b", "\""]),
            ("\"\",x\n", &["", "x"]),
            ("\"two\nlines\",x\r\nnext", &["two\nlines", "x"]),
            ("\"a\"\r\n", &["a"]),
            ("a\rb,c\n", &["a\rb", "c"]),
            ("in\"side,x\n", &["in\"side", "x"]),
            (",\n", &["", ""]),
            ("long long long long long,x\n", &["long long long long long", "x"]),
            (
                "\"1234567\",\"12345678\",\"a text of more than thirty-two bytes, which is quoted\",x\n",
                &["1234567", "12345678", "a text of more than thirty-two bytes, which is quoted", "x"],
            ),
        ];
        for (text, expect) in table {
            assert_eq!(cells(text), expect, "{text:?}");
        }
    }

    #[test]
    fn what_is_broken_or_not_whole_is_told() {
        let mut spans = Vec::new();
        for text in ["\"a\" ,b\n", "\"a\"b\n", "\"a", "a,\"b\n"] {
            assert_eq!(split(text.as_bytes(), true, b',', &mut spans), Split::Broken, "{text:?}");
        }
        for text in ["", "a", "a,", "\"a", "\"a\"", "\"a\"\r", "a,\"b\n\""] {
            assert_eq!(split(text.as_bytes(), false, b',', &mut spans), Split::More, "{text:?}");
        }
        assert_eq!(split(b"\n", true, b',', &mut spans), Split::Blank { next: 1 });
        assert_eq!(split(b"\r\nx", true, b',', &mut spans), Split::Blank { next: 2 });
        assert_eq!(split(b"\"a\nb\"\n", true, b',', &mut spans), Split::Record { end: 5, next: 6, lines: 2 });
        assert_eq!((line(b"a\r\nb", false), line(b"a", false), line(b"a", true)), (Some((1, 3)), None, Some((1, 1))));
    }
}
