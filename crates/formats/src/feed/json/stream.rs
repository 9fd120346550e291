//! Where the objects of a file stand that is not one object a line. An object is looked at only as far as it
//! is one: the first sign that cannot stand where it stands ends it, and the next object is looked for from
//! there. So what one of them lacks (a quotation mark, a brace) costs no other.

use super::MAX_OBJECT;
use crate::feed::csv;
use crate::feed::rejected::Reason;
use memchr::memchr_iter;

/// How deep objects and arrays may lie in each other. It bounds how often a byte is looked at.
const MAX_DEPTH: u32 = 128;

/// Where the next object of a window stands.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::feed) enum Next {
    /// Bytes before it, and where it ends.
    Object {
        skip: usize,
        end: usize,
    },
    /// Bytes of what is none.
    Broken {
        skip: usize,
        end: usize,
        reason: Reason,
    },
    More,
    Done,
}

/// The next object of a stream; in a file of lines, `line` of the CSV reader finds it.
pub(in crate::feed) fn next(window: &[u8], last: bool) -> Next {
    let between = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b'[' | b']');
    let Some(skip) = window.iter().position(|b| !between(b)) else { return if last { Next::Done } else { Next::More } };
    let rest = window.get(skip..).unwrap_or_default();
    let whole = last || window.len() >= MAX_OBJECT;
    // What begins further to the right than this one lies in it, as people and programs write.
    let column = column_of(window, skip);
    let (end, reason) = if rest.first() == Some(&b'{') {
        match scan(rest) {
            Scan::Object(end) => return Next::Object { skip, end },
            Scan::Open if !whole => return Next::More,
            Scan::Open => (boundary(rest, 1, Some(column)), if last { Reason::Syntax } else { Reason::TooLong }),
            Scan::Wrong { from, at } => {
                let here = (rest.get(at) == Some(&b'{')).then_some(at);
                (boundary(rest, from, Some(column)).into_iter().chain(here).min(), Reason::Syntax)
            }
        }
    } else {
        let line = csv::line(rest, false).map(|(end, _)| end);
        (boundary(rest, 1, None).into_iter().chain(line).min(), Reason::Syntax)
    };
    let end = match end {
        Some(end) => end,
        None if whole => rest.len(),
        None => return Next::More,
    };
    let kept = rest.get(..end).unwrap_or_default().iter().rposition(|b| !b.is_ascii_whitespace() && *b != b',').map_or(1, |at| at + 1);
    Next::Broken { skip, end: kept, reason }
}

/// What stands at the beginning of bytes that begin with a brace.
#[derive(Debug, PartialEq, Eq)]
enum Scan {
    /// An object of so many bytes, by its braces, brackets, quotation marks and what stands between them.
    Object(usize),
    /// The beginning of one.
    Open,
    /// At `at` stands what cannot stand there. `from`: the last quotation mark that opened before it, which may be the
    /// one that is wrong.
    Wrong { from: usize, at: usize },
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// A name, or in an array a value: after an opening bracket or a comma.
    Item,
    Colon,
    Value,
    Comma,
}

fn scan(bytes: &[u8]) -> Scan {
    // A bit for each level: whether it is an array.
    let (mut arrays, mut depth) = (0_u128, 0_u32);
    let (mut wants, mut from, mut at) = (Wants::Value, 1, 0);
    while let Some(byte) = bytes.get(at) {
        let in_array = arrays & 1 == 1;
        let value = wants == Wants::Value || wants == Wants::Item && in_array;
        let start = at;
        at += 1;
        wants = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => wants,
            b'{' | b'[' if value && depth < MAX_DEPTH => {
                depth += 1;
                arrays = arrays << 1 | u128::from(*byte == b'[');
                Wants::Item
            }
            // A comma too many is the reader's to refuse: where the object ends is clear.
            b'}' | b']' if depth > 0 && in_array == (*byte == b']') => {
                depth -= 1;
                arrays >>= 1;
                if depth == 0 {
                    return Scan::Object(at);
                }
                Wants::Comma
            }
            b'"' if value || wants == Wants::Item => {
                from = start.max(1);
                match text(bytes.get(at..).unwrap_or_default()) {
                    Ok(Some(end)) => at += end,
                    Ok(None) => return Scan::Open,
                    Err(()) => return Scan::Wrong { from, at: from },
                }
                if value { Wants::Comma } else { Wants::Colon }
            }
            b':' if wants == Wants::Colon => Wants::Value,
            b',' if wants == Wants::Comma => Wants::Item,
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' if value => {
                let plain = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
                at += bytes.get(at..).unwrap_or_default().iter().take_while(plain).count();
                Wants::Comma
            }
            _ => return Scan::Wrong { from, at: start },
        };
    }
    Scan::Open
}

/// Behind which byte a text ends whose quotation mark was opened; none if it does not end here. It cannot have a line end.
fn text(bytes: &[u8]) -> Result<Option<usize>, ()> {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            0..=0x1f => return Err(()),
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Ok(Some(at + 1)),
            _ => (),
        }
    }
    Ok(None)
}

/// Bytes between the beginning of its line and a byte.
fn column_of(bytes: &[u8], at: usize) -> usize {
    bytes.get(..at).unwrap_or_default().iter().rev().take_while(|byte| **byte != b'\n').count()
}

/// Where, from some byte on, the next object seems to begin: a brace at the beginning of a line, whatever separates it
/// from those before, or one behind the end of another; outside of an object, any. A field's value is none, nor is what
/// stands in its list. `inside`: within an object that begins in this column, only what does not begin to the right of it.
fn boundary(bytes: &[u8], from: usize, inside: Option<usize>) -> Option<usize> {
    let blank = |end: usize| {
        let before = bytes.get(..end).unwrap_or_default();
        let at = before.iter().rposition(|b| !b.is_ascii_whitespace());
        (at, before.get(at.map_or(0, |at| at + 1)..).is_some_and(|blank| blank.contains(&b'\n')))
    };
    let last_before = |end: usize| blank(end).0.and_then(|at| bytes.get(at));
    let begins = |brace: usize| {
        let (at, new_line) = blank(brace);
        match at.and_then(|at| Some((at, bytes.get(at)?))) {
            Some((_, b':')) => false,
            Some((at, b'[')) if last_before(at) == Some(&b':') => false,
            _ if new_line => inside.is_none_or(|column| column_of(bytes, brace) <= column),
            _ if inside.is_none() => true,
            Some((_, b'}')) => true,
            Some((at, b',' | b'[')) => blank(at).1 || last_before(at) == Some(&b'}'),
            _ => false,
        }
    };
    memchr_iter(b'{', bytes.get(from..)?).map(|at| from + at).find(|at| begins(*at))
}

#[cfg(test)]
mod tests {
    use super::{Next, Reason, boundary, next};

    fn broken(skip: usize, end: usize) -> Next {
        Next::Broken { skip, end, reason: Reason::Syntax }
    }

    #[test]
    fn objects_are_found_in_a_stream() {
        assert_eq!(next(b"[ {\"a\":\"}\\\"\"}, ", false), Next::Object { skip: 2, end: 11 });
        assert_eq!(next(b"{\"a\":{}", false), Next::More);
        assert_eq!(next(b"{\"a\":{}", true), broken(0, 7));
        assert_eq!(next(b" x\n{}", false), broken(1, 1));
        assert_eq!(next(b" ]\n", true), Next::Done);
        assert_eq!(next(b"{\"a\":[1,-2.5e3,null,{\"b\":[]}],}", false), Next::Object { skip: 0, end: 31 });
    }

    #[test]
    fn what_is_none_ends_before_the_next_one() {
        for (text, end) in [
            (r#"{"a":"1, "b":2}, {"c":3}"#, 15),
            (r#"{"a":"1}, {"c":3}"#, 8),
            (r#"{"a":1, {"c":3}"#, 6),
            (r#"{"a":[1}, {"c":3}"#, 8),
            ("{\"a\":\"1\n},\n{\"c\":3}", 9),
            ("x}, {\"c\":3}", 2),
            ("x, {\"c\":3}", 1),
            ("\"b\":{\"d\":1}}, {\"c\":3}", 12),
        ] {
            assert_eq!(next(text.as_bytes(), false), broken(0, end), "{text}");
        }
        assert_eq!(next(br#"{"a":"1, "b":2},"#, false), Next::More, "the next one may still come");
        let inside = Some(0);
        assert_eq!((boundary(b"{} {", 1, inside), boundary(b"{:{", 1, inside), boundary(b"[{", 0, inside)), (Some(3), None, None));
        // Nor does what lies in it begin another, on lines of its own too.
        let text = "{\"a\": x y,\n  \"b\":\n  {\"ip\": 1},\n  \"c\": [\n    {\"ip\": 2},\n    {\"ip\": 3}\n  ]\n}\n{\"ip\": 4}";
        assert_eq!(next(text.as_bytes(), false), broken(0, text.len() - 10), "{text}");
    }
}
