//! What changed between two versions of a text, line by line and within a line word by word, for the page of a
//! publication's history.
//!
//! imara-diff finds the lines (histogram) and the words (Myers). Two hostile texts cost nearly the product of their
//! lengths, so what is larger than [`LARGEST`] or has more than [`LINES`] is not compared at all (all of the old is
//! gone, all of the new is new), and words are compared in the first changed lines only, far beyond what a person
//! changes.

use imara_diff::{Algorithm, Diff, InternedInput};

/// The largest two texts together that are compared, in bytes.
pub const LARGEST: usize = 1 << 20;

/// The most lines that two texts together may have to be compared.
pub const LINES: usize = 20_000;

/// The longest two lines together that are compared word by word, in bytes.
const LONGEST: usize = 10_000;

/// How many bytes of changed lines are compared word by word, in all.
const WORDS: usize = 200_000;

/// Whether something stands in both texts, in the old one only, or in the new one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Same,
    Gone,
    New,
}

/// A line of one of the texts, or of both. The lines that are not [`State::New`] put together are the old text,
/// those that are not [`State::Gone`] the new one, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub state: State,
    /// Its parts. In a line that is gone or new, the parts that are [`State::Same`] stand in the line that
    /// replaced it or that it replaces too.
    pub pieces: Vec<Piece>,
}

/// A part of a line; the last one ends with the line's end, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub state: State,
    pub text: String,
}

impl Line {
    fn whole(state: State, text: &str) -> Self {
        Self { state, pieces: vec![Piece { state, text: text.to_owned() }] }
    }

    /// The line as it stands in its text.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// The lines of both texts in one order: what is gone stands before what replaced it.
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    if old.len() + new.len() > LARGEST || before.len() + after.len() > LINES {
        let gone = before.iter().map(|line| Line::whole(State::Gone, line));
        return gone.chain(after.iter().map(|line| Line::whole(State::New, line))).collect();
    }
    let mut input = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let mut out = Vec::new();
    let (mut same, mut left) = (0, WORDS);
    for hunk in diff.hunks() {
        out.extend(part(&before, same..index(hunk.before.start)).map(|line| Line::whole(State::Same, line)));
        let gone: Vec<&str> = part(&before, index(hunk.before.start)..index(hunk.before.end)).collect();
        let came: Vec<&str> = part(&after, index(hunk.after.start)..index(hunk.after.end)).collect();
        replaced(&gone, &came, &mut left, &mut out);
        same = index(hunk.before.end);
    }
    out.extend(part(&before, same..before.len()).map(|line| Line::whole(State::Same, line)));
    out
}

fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn part<'a, 'b>(lines: &'b [&'a str], range: std::ops::Range<usize>) -> impl Iterator<Item = &'a str> + 'b {
    lines.get(range).unwrap_or_default().iter().copied()
}

/// Lines that replace others, the first one the first. Where one is nothing like the other, they are not compared.
fn replaced(gone: &[&str], came: &[&str], left: &mut usize, out: &mut Vec<Line>) {
    let mut pairs = Vec::new();
    for (old, new) in gone.iter().zip(came) {
        let size = old.len() + new.len();
        if size > LONGEST || size > *left {
            pairs.push((Line::whole(State::Gone, old), Line::whole(State::New, new)));
            continue;
        }
        *left -= size;
        pairs.push(words(old, new));
    }
    let (old, new): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let whole = |state: State, lines: &[&str], from: usize| lines.iter().skip(from).map(|line| Line::whole(state, line)).collect::<Vec<_>>();
    let paired = old.len();
    out.extend(old.into_iter().chain(whole(State::Gone, gone, paired)));
    out.extend(new.into_iter().chain(whole(State::New, came, paired)));
}

/// A line and the one that replaced it, with the words that both have.
fn words(old: &str, new: &str) -> (Line, Line) {
    let apart = || (Line::whole(State::Gone, old), Line::whole(State::New, new));
    let (before, after) = (tokens(old), tokens(new));
    let mut input = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let diff = Diff::compute(Algorithm::Myers, &input);
    let line = |state: State, tokens: &[&str], differs: &dyn Fn(u32) -> bool| {
        let mut pieces: Vec<Piece> = Vec::new();
        for (at, token) in (0..).zip(tokens) {
            let state = if differs(at) { state } else { State::Same };
            match pieces.last_mut() {
                Some(last) if last.state == state => last.text.push_str(token),
                _ => pieces.push(Piece { state, text: (*token).to_owned() }),
            }
        }
        Line { state, pieces }
    };
    let gone = line(State::Gone, &before, &|at| diff.is_removed(at));
    let came = line(State::New, &after, &|at| diff.is_added(at));
    // Two lines that share a word here and there are two lines.
    let shared: usize = gone.pieces.iter().filter(|piece| piece.state == State::Same).map(|piece| piece.text.trim().len()).sum();
    if shared * 3 < old.trim().len().max(new.trim().len()) { apart() } else { (gone, came) }
}

/// Words, and each other character for itself.
fn tokens(line: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() { rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        tokens.push(token);
        rest = after;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, LINES, Line, State, lines};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    /// `-` gone, `+` new, ` ` same; within a line `[gone]`, `{new}`.
    fn shown(old: &str, new: &str) -> String {
        let mut out = String::new();
        for line in lines(old, new) {
            out.push(match line.state {
                State::Same => ' ',
                State::Gone => '-',
                State::New => '+',
            });
            for piece in &line.pieces {
                match piece.state {
                    State::Same => out.push_str(&piece.text),
                    State::Gone => out.push_str(&format!("[{}]", piece.text)),
                    State::New => out.push_str(&format!("{{{}}}", piece.text)),
                }
            }
            if !line.text().ends_with('\n') {
                out.push('$');
            }
        }
        out
    }

    #[test]
    fn lines_and_words_that_changed_are_shown() {
        let table = [
            ("", "", ""),
            ("a\nb\n", "a\nb\n", " a\n b\n"),
            ("a\nb\nc\n", "a\nc\nd\n", " a\n-[b\n] c\n+{d\n}"),
            ("Update to 1.2.3 now.\n", "Update to 1.2.4 today.\n", "-Update to 1.2.[3] [now].\n+Update to 1.2.{4} {today}.\n"),
            ("nothing in common\n", "other words only\n", "-[nothing in common\n]+{other words only\n}"),
            ("a", "a\n", "-a$+a{\n}"),
        ];
        for (old, new, expect) in table {
            assert_eq!(shown(old, new), expect, "{old:?} {new:?}");
        }
    }

    fn text(lines: &[Line], without: State) -> String {
        lines.iter().filter(|line| line.state != without).map(Line::text).collect()
    }

    #[test]
    fn hostile_texts_end_soon() {
        let half = LINES / 2;
        let mut random = 7_u32;
        let mut noise = |words: usize, end: &str| {
            (0..words)
                .map(|_| {
                    random ^= random << 13;
                    random ^= random >> 17;
                    random ^= random << 5;
                    format!("{}{end}", random % 50)
                })
                .collect::<String>()
        };
        let begun = Instant::now();
        let pairs = [
            (noise(half, "\n"), noise(half, "\n")),
            ("a\n".repeat(half), "a\nb\n".repeat(half / 2)),
            ("a\n".repeat(half), "b\n".repeat(half)),
            (noise(1_700, " "), noise(1_700, " ")),
            ((0..50).map(|_| noise(1_500, ",") + "\n").collect(), (0..50).map(|_| noise(1_500, ",") + "\n").collect()),
            // What is too large is not compared.
            (noise(100_000, "\n"), noise(100_000, "\n")),
            ("x".repeat(LARGEST), "y".to_owned()),
        ];
        for (old, new) in &pairs {
            let at = Instant::now();
            let found = lines(old, new);
            assert!(text(&found, State::New) == *old && text(&found, State::Gone) == *new);
            println!("{} + {} bytes: {:?}", old.len(), new.len(), at.elapsed());
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    }

    #[test]
    fn what_is_too_large_is_not_compared() {
        for old in ["a\n".repeat(LINES), "x".repeat(LARGEST) + "\na\n"] {
            assert!(lines(&old, "a\n").iter().all(|line| line.state != State::Same));
        }
        let long = "word ".repeat(1_500);
        assert!(lines(&format!("{long}x"), &format!("{long}y")).iter().all(|line| line.pieces.len() == 1), "compared word by word");
    }

    proptest! {
        #[test]
        fn both_texts_come_back(old in "([abc ]{0,6}\r?\n?){0,12}", new in "([abc é]{0,6}\n?){0,12}") {
            let found = lines(&old, &new);
            prop_assert_eq!(text(&found, State::New), old);
            prop_assert_eq!(text(&found, State::Gone), new);
            for line in &found {
                prop_assert!(line.pieces.iter().all(|piece| piece.state == line.state || piece.state == State::Same));
            }
            // The words that both lines have are the same words.
            for pair in found.windows(2).filter(|pair| pair[0].state == State::Gone && pair[1].state == State::New) {
                let same = |line: &Line| line.pieces.iter().filter(|piece| piece.state == State::Same).map(|piece| piece.text.clone()).collect::<String>();
                let alone = found.iter().filter(|line| line.state != State::Same).count() == 2;
                prop_assert!(!alone || same(&pair[0]) == same(&pair[1]));
            }
        }
    }
}
