//! Undoing defanging: people break addresses on purpose (`hxxp://evil[.]example`), so that nobody
//! clicks them. Here they are mended, and each mended place is remembered, so that a span in the
//! mended text can be told in the text as written.
//!
//! Only the idioms that people use are touched, and a dot or at sign only between two characters
//! that a name can have: `[.]` `(.)` `{.}` `[dot]` `[at]` `[@]` (with spaces on both sides too),
//! `[/]` `[:]` `[://]`, half of one (`evil[.com`), `\.`, and the schemes `hxxp`, `hxtp`, `htxp`, `h**p`, `fxp`.

use crate::net::domain::is_label_char;
use std::ops::Range;

/// A mended text and where it was mended.
pub(super) struct Mended {
    pub text: String,
    /// In order, never empty, never overlapping: (in the mended text, in the text as written).
    swaps: Vec<(Range<usize>, Range<usize>)>,
}

/// The text with its defanged addresses made whole: `hxxp://evil[.]example` gives
/// `http://evil.example`.
pub fn fang(text: &str) -> String {
    mend(text).text
}

pub(super) fn mend(text: &str) -> Mended {
    let mut out = String::with_capacity(text.len());
    let mut swaps = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let swap = match byte {
            b'[' | b'(' | b'{' => bracket(text, at, copied),
            b'h' | b'H' | b'f' | b'F' => scheme(text, at),
            b'\\' => escaped(text, at),
            _ => None,
        };
        let Some((with, whole)) = swap else {
            at += 1;
            continue;
        };
        out.push_str(text.get(copied..whole.start).unwrap_or_default());
        let start = out.len();
        out.push_str(with);
        swaps.push((start..out.len(), whole.clone()));
        copied = whole.end;
        at = whole.end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Mended { text: out, swaps }
}

impl Mended {
    /// A span of the mended text, in the text as written.
    pub fn written(&self, span: &Range<usize>) -> Range<usize> {
        self.start(span.start)..self.end(span.end)
    }

    /// Whether anything inside the span was mended.
    pub fn touches(&self, span: &Range<usize>) -> bool {
        let first = self.swaps.partition_point(|(out, _)| out.end <= span.start);
        self.swaps.get(first).is_some_and(|(out, _)| out.start < span.end)
    }

    fn start(&self, at: usize) -> usize {
        match self.swap_before(self.swaps.partition_point(|(out, _)| out.start <= at)) {
            Some((out, source)) if at < out.end => source.start,
            Some((out, source)) => source.end + (at - out.end),
            None => at,
        }
    }

    fn end(&self, at: usize) -> usize {
        match self.swap_before(self.swaps.partition_point(|(out, _)| out.start < at)) {
            Some((out, source)) => source.end + at.saturating_sub(out.end),
            None => at,
        }
    }

    fn swap_before(&self, index: usize) -> Option<&(Range<usize>, Range<usize>)> {
        self.swaps.get(index.checked_sub(1)?)
    }
}

type Swap = (&'static str, Range<usize>);

/// `[.]` and its sisters at `open`; nothing before `copied` may be taken again.
fn bracket(text: &str, open: usize, copied: usize) -> Option<Swap> {
    let bytes = text.as_bytes();
    let close = match bytes.get(open)? {
        b'[' => b']',
        b'(' => b')',
        _ => b'}',
    };
    let space = |at: usize| usize::from(bytes.get(at) == Some(&b' '));
    let inside = open + 1 + space(open + 1);
    let words = [("://", "://"), (":", ":"), (".", "."), ("dot", "."), ("@", "@"), ("at", "@"), ("/", "/")];
    let starts = |word: &str| {
        let written = bytes.get(inside..inside + word.len());
        written.is_some_and(|written| written.eq_ignore_ascii_case(word.as_bytes()))
    };
    let (word, with) = *words.iter().find(|(word, _)| starts(word))?;
    let last = inside + word.len();
    let last = last + space(last);
    if bytes.get(last) != Some(&close) {
        // Half a bracket: "evil[.com".
        let half = word == "." && bytes.get(open) == Some(&b'[') && inside == open + 1;
        let joined = text.get(..open).and_then(|head| head.chars().next_back()).is_some_and(is_label_char)
            && text.get(inside + 1..).and_then(|tail| tail.chars().next()).is_some_and(is_label_char);
        return (half && joined).then_some((with, open..inside + 1));
    }
    let end = last + 1;
    let before = |at: usize| text.get(..at).and_then(|head| head.chars().next_back());
    let after = |at: usize| text.get(at..).and_then(|tail| tail.chars().next());
    if with.starts_with(':') {
        // Without spaces, and not inside another bracket, or mending would make a new idiom:
        // "[[:]]" must not become "[:]".
        let tight = end - open == word.len() + 2;
        let bracketed = before(open).is_some_and(|c| "[({".contains(c));
        return (tight && !bracketed).then_some((with, open..end));
    }
    let joins = |c: Option<char>| c.is_some_and(is_label_char);
    if with == "/" && end - open != 3 {
        return None;
    }
    if joins(before(open)) && joins(after(end)) {
        return Some((with, open..end));
    }
    let spaced = open > copied && before(open) == Some(' ') && after(end) == Some(' ');
    if spaced && joins(before(open - 1)) && joins(after(end + 1)) {
        return Some((with, open - 1..end + 1));
    }
    None
}

/// `hxxp` and its sisters at `at`, when a word begins there and a colon follows.
fn scheme(text: &str, at: usize) -> Option<Swap> {
    let bytes = text.as_bytes();
    if at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let schemes = [("hxxp", "http"), ("hxtp", "http"), ("htxp", "http"), ("h**p", "http"), ("fxp", "ftp")];
    let starts = |word: &str| {
        let written = bytes.get(at..at + word.len());
        written.is_some_and(|written| written.eq_ignore_ascii_case(word.as_bytes()))
    };
    let (word, with) = *schemes.iter().find(|(word, _)| starts(word))?;
    let end = at + word.len();
    let secure = usize::from(bytes.get(end).is_some_and(|b| b.eq_ignore_ascii_case(&b's')));
    let colon = match bytes.get(end + secure)? {
        b':' => true,
        b'[' | b'(' | b'{' => bytes.get(end + secure + 1) == Some(&b':'),
        _ => false,
    };
    let slashes = end + secure + 1;
    if colon && bytes.get(slashes - 1..slashes + 2) == Some(br":\\") {
        let with = match (with, secure) {
            ("http", 0) => "http://",
            ("http", _) => "https://",
            (_, 0) => "ftp://",
            _ => "ftps://",
        };
        return Some((with, at..slashes + 2));
    }
    colon.then_some((with, at..end))
}

/// `\.` between two characters of a name.
fn escaped(text: &str, at: usize) -> Option<Swap> {
    let joined = text.get(..at).and_then(|head| head.chars().next_back()).is_some_and(is_label_char)
        && text.get(at + 2..).and_then(|tail| tail.chars().next()).is_some_and(is_label_char);
    (joined && text.as_bytes().get(at + 1) == Some(&b'.')).then_some((".", at..at + 2))
}

#[cfg(test)]
mod tests {
    use super::{fang, mend};

    #[test]
    fn idioms_are_mended_and_nothing_else() {
        let table = [
            ("hxxp://evil[.]example", "http://evil.example"),
            ("hXXps[:]//evil(.)example", "https://evil.example"),
            ("hxxps[://]evil{.}example", "https://evil.example"),
            ("h**p://a.example", "http://a.example"),
            ("fxp://a.example", "ftp://a.example"),
            ("192[.]0[.]2[.]1", "192.0.2.1"),
            ("2001[:]db8[:][:]1", "2001:db8::1"),
            ("a[at]b[dot]example", "a@b.example"),
            ("a [at] b [DOT] example", "a@b.example"),
            ("a (at) b(dot)example", "a@b.example"),
            ("a[@]b.example", "a@b.example"),
            ("évil[.]example", "évil.example"),
            ("the end[.] Next", "the end[.] Next"),
            ("f(.) and, [at] least", "f(.) and, [at] least"),
            ("evil[.com", "evil.com"),
            ("evil\\.com", "evil.com"),
            ("hxxp:\\\\evil[.]example[/]x", "http://evil.example/x"),
            ("hxxps:\\\\evil.example", "https://evil.example"),
            ("see \\. too", "see \\. too"),
            ("shxxp://x", "shxxp://x"),
            ("hxxp is a word", "hxxp is a word"),
            ("x[[:]]y", "x[[:]]y"),
            ("[", "["),
        ];
        for (text, expect) in table {
            assert_eq!(fang(text), expect);
            assert_eq!(fang(expect), expect);
        }
    }

    #[test]
    fn spans_lead_back_to_what_was_written() {
        let text = "é hxxp://a[.]example, b [at] c.example";
        let mended = mend(text);
        for (part, written) in [("http://a.example", "hxxp://a[.]example"), ("b@c.example", "b [at] c.example"), ("é", "é")] {
            let at = mended.text.find(part).unwrap();
            assert_eq!(&text[mended.written(&(at..at + part.len()))], written);
        }
        assert!(mended.touches(&(0..mended.text.len())) && !mended.touches(&(0..2)));
    }
}
