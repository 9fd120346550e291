//! Telephone numbers in a text, however they are written: only their digits count.

use std::ops::Range;

/// The fewest digits of a number that is looked for.
const FEWEST: usize = 6;
/// A country code and what leads out of a country: digits that may be left out at the front of a number.
const AHEAD: usize = 4;
/// The most signs between two digits of one number.
const BETWEEN: usize = 3;

/// Where a text names one of the numbers in `name`: whole, without its country code, or its last six digits or more.
pub fn places(text: &str, name: &str) -> Vec<Range<usize>> {
    let known: Vec<String> = runs(name).into_iter().map(|(_, digits)| digits).filter(|digits| digits.len() >= FEWEST).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let names = |digits: &str| known.iter().any(|number| is_named(number, digits));
    runs(text).into_iter().filter(|(_, digits)| names(digits)).map(|(at, _)| at).collect()
}

fn is_named(number: &str, digits: &str) -> bool {
    let short = digits.trim_start_matches('0');
    let ends = short.len() >= FEWEST && number.ends_with(short);
    let tails = (0..=AHEAD).filter_map(|ahead| number.get(ahead..)).filter(|tail| tail.len() >= FEWEST);
    ends || tails.into_iter().any(|tail| digits.contains(tail))
}

/// Digits that may be one number, with the signs that people put between them: where, and the digits alone.
fn runs(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all: Vec<(Range<usize>, String)> = Vec::new();
    let (mut open, mut gap, mut plus) = (false, 0, None);
    for (at, letter) in text.char_indices() {
        if letter.is_ascii_digit() {
            match all.last_mut().filter(|_| open) {
                Some((place, digits)) => {
                    place.end = at + 1;
                    digits.push(letter);
                }
                None => all.push((plus.unwrap_or(at)..at + 1, letter.to_string())),
            }
            (open, gap, plus) = (true, 0, None);
        } else {
            gap += 1;
            open = open && gap <= BETWEEN && " -–.()/\u{a0}\u{2009}\u{200b}".contains(letter);
            plus = (letter == '+').then_some(at);
        }
    }
    all
}
