//! Telephone numbers in a text, however they are written: only their digits count.

use std::ops::Range;

/// The fewest digits of a number that is looked for.
const FEWEST: usize = 6;
/// So many digits at the end of a number are it wherever they stand.
const TELLING: usize = 8;
/// A country code and what leads out of a country: digits that may stand before a number, or be left out.
const AHEAD: usize = 5;
/// The most signs between two digits of one number.
const BETWEEN: usize = 3;

/// Where a text names one of the numbers in `name`: whole, without its country code, or its last six digits or more.
pub fn places(text: &str, name: &str) -> Vec<Range<usize>> {
    let parts = name.split(['/', ',', ';']);
    let known: Vec<String> = parts.flat_map(runs).map(|(_, digits)| digits).filter(|digits| digits.len() >= FEWEST).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let names = |digits: &str| known.iter().any(|number| is_named(number, digits));
    runs(text).into_iter().filter(|(_, digits)| names(digits)).map(|(at, _)| at).collect()
}

fn is_named(number: &str, digits: &str) -> bool {
    let short = digits.trim_start_matches('0');
    let ends = short.len() >= FEWEST && number.ends_with(short);
    let whole = digits.ends_with(number) && digits.len() <= number.len() + AHEAD;
    let tails = (0..AHEAD).filter_map(|ahead| number.get(ahead..)).filter(|tail| tail.len() >= TELLING);
    ends || whole || tails.into_iter().any(|tail| digits.contains(tail))
}

/// Digits that may be one number, with the signs that people put between them: where, and the digits alone.
fn runs(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all: Vec<(Range<usize>, String)> = Vec::new();
    let (mut open, mut gap, mut plus) = (false, 0, None);
    for (at, letter) in text.char_indices() {
        if let Some(digit) = digit(letter) {
            let end = at + letter.len_utf8();
            match all.last_mut().filter(|_| open) {
                Some((place, digits)) => {
                    place.end = end;
                    digits.push(digit);
                }
                None => all.push((plus.unwrap_or(at)..end, digit.to_string())),
            }
            (open, gap, plus) = (true, 0, None);
        } else if !is_invisible(letter) {
            gap += 1;
            open = open && gap <= BETWEEN && (letter.is_whitespace() || "-.()/".contains(letter) || matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}'));
            plus = (letter == '+').then_some(at);
        }
    }
    all
}

/// The digit that a sign stands for, in Latin, full width, or Arabic.
fn digit(letter: char) -> Option<char> {
    let first = [('\u{ff10}', '\u{ff19}'), ('\u{660}', '\u{669}'), ('\u{6f0}', '\u{6f9}')].into_iter().find(|(first, last)| (*first..=*last).contains(&letter));
    match first {
        Some((first, _)) => char::from_digit(u32::from(letter) - u32::from(first), 10),
        None => Some(letter).filter(char::is_ascii_digit),
    }
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
