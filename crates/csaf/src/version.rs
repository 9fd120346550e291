//! Version numbers (CSAF 2.0, section 3.1.11): what the number of a next version is, given how much
//! changed ([`difference`]). Released content is never changed under the same number.

mod difference;
mod spelling;

pub use difference::{Change, Difference, difference};

use std::cmp::Ordering;
use std::fmt;

/// How much changed, which decides what part of a semantic version moves (section 3.1.11.2). The order
/// is the order of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing that readers would see.
    None,
    /// Spelling (rule 5).
    Patch,
    /// Content that needs no new comparison with an asset database (rule 6).
    Minor,
    /// Readers have to compare with their asset database again (rule 7).
    Major,
}

/// The two ways to number (section 3.1.11). A document keeps to one (test 6.1.30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// 1, 2, 3; `0` before the first release.
    Integer,
    /// 1.0.0, 1.0.1, 1.1.0, 2.0.0; `0.y.z` before the first release.
    Semantic,
}

impl Scheme {
    /// The scheme that a number is of; nothing when it is no version number.
    pub fn of(number: &str) -> Option<Self> {
        match parse(number)? {
            Number::Integer(_) => Some(Self::Integer),
            Number::Semantic { .. } => Some(Self::Semantic),
        }
    }
}

/// Why there is no next number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not in the form of section 3.1.11.
    #[error("{0:?} is not a version number")]
    Number(String),
    /// A history keeps to one scheme (test 6.1.30).
    #[error("{0:?} is numbered by the other scheme")]
    Scheme(String),
    /// A version that was released is never taken back to a draft of itself.
    #[error("nothing changed, so there is no new version")]
    Nothing,
    /// The largest number there is.
    #[error("{0:?} can't be counted on")]
    Full(String),
}

/// The number of the next version.
///
/// `last` is the newest number in the history, if there is one. `released` says whether the version to
/// be numbered is released (interim or final) or a draft. Before the first release the number is `0` or
/// `0.y.z`; the first release is `1` or `1.0.0` whatever came before. A draft of a later version carries
/// the number that it will have.
pub fn next(scheme: Scheme, last: Option<&str>, released: bool, level: Level) -> Result<String, Error> {
    let Some(last) = last else {
        return Ok(first(scheme, released));
    };
    let full = || Error::Full(last.to_owned());
    match (scheme, parse(last).ok_or_else(|| Error::Number(last.to_owned()))?) {
        (Scheme::Integer, Number::Integer(0)) => Ok(first(scheme, released)),
        (Scheme::Integer, Number::Integer(_)) if level == Level::None => Err(Error::Nothing),
        (Scheme::Integer, Number::Integer(number)) => Ok(number.checked_add(1).ok_or_else(full)?.to_string()),
        (Scheme::Semantic, Number::Semantic { core: [0, ..], .. }) if released => Ok(first(scheme, released)),
        (Scheme::Semantic, Number::Semantic { .. }) if level == Level::None => Err(Error::Nothing),
        // Rule 3: what would be major moves the minor number, the rest moves the patch.
        (Scheme::Semantic, Number::Semantic { core: [0, minor, patch], .. }) => match level {
            Level::Major => Ok(format!("0.{}.0", minor.checked_add(1).ok_or_else(full)?)),
            _ => Ok(format!("0.{minor}.{}", patch.checked_add(1).ok_or_else(full)?)),
        },
        (Scheme::Semantic, Number::Semantic { core: [major, minor, patch], .. }) => match level {
            Level::Major => Ok(format!("{}.0.0", major.checked_add(1).ok_or_else(full)?)),
            Level::Minor => Ok(format!("{major}.{}.0", minor.checked_add(1).ok_or_else(full)?)),
            _ => Ok(format!("{major}.{minor}.{}", patch.checked_add(1).ok_or_else(full)?)),
        },
        _ => Err(Error::Scheme(last.to_owned())),
    }
}

fn first(scheme: Scheme, released: bool) -> String {
    let number = match (scheme, released) {
        (Scheme::Integer, true) => "1",
        (Scheme::Integer, false) => "0",
        (Scheme::Semantic, true) => "1.0.0",
        (Scheme::Semantic, false) => "0.1.0",
    };
    number.to_owned()
}

/// Which of two numbers comes later (section 3.1.11.2, rule 11); nothing when one is no version number or
/// they are of different schemes. Build metadata does not count.
pub fn precedence(a: &str, b: &str) -> Option<Ordering> {
    match (parse(a)?, parse(b)?) {
        (Number::Integer(a), Number::Integer(b)) => Some(a.cmp(&b)),
        (Number::Semantic { core: a, pre: a_pre }, Number::Semantic { core: b, pre: b_pre }) => {
            Some(a.cmp(&b).then_with(|| match (a_pre.is_empty(), b_pre.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => a_pre.cmp(&b_pre),
            }))
        }
        _ => None,
    }
}

enum Number {
    Integer(u64),
    Semantic { core: [u64; 3], pre: Vec<Part> },
}

/// A part of a pre-release: numbers before words, as rule 11.4.3 has it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

fn parse(text: &str) -> Option<Number> {
    if let Some(number) = plain(text) {
        return Some(Number::Integer(number));
    }
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    if build.is_some_and(|build| !build.split('.').all(is_word)) {
        return None;
    }
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    let mut numbers = core.split('.').map(plain);
    let core = [numbers.next()??, numbers.next()??, numbers.next()??];
    if numbers.next().is_some() {
        return None;
    }
    let pre = pre.map_or_else(|| Some(Vec::new()), |pre| pre.split('.').map(part).collect())?;
    Some(Number::Semantic { core, pre })
}

fn part(text: &str) -> Option<Part> {
    if text.bytes().all(|c| c.is_ascii_digit()) {
        return plain(text).map(Part::Number);
    }
    is_word(text).then(|| Part::Word(text.to_owned()))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
}

/// A number without leading zeroes.
fn plain(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
