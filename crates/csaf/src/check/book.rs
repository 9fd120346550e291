//! The verdicts as they come together.

use crate::provider::Role;
use std::collections::BTreeMap;
use std::fmt;

/// What is said of one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its number in section 7.1.
    pub number: u8,
    /// Its name there.
    pub title: &'static str,
    /// Whether it is fulfilled.
    pub outcome: Outcome,
}

/// Whether a requirement is fulfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is, as far as was looked.
    Met,
    /// It is not: where and why.
    NotMet(Vec<Place>),
    /// It can't be told from here, and why.
    Unjudged(String),
}

/// A place where a requirement is not fulfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The URL.
    pub url: String,
    /// What is wrong there, on one line.
    pub words: String,
}

/// How many places one requirement names.
const PLACES: usize = 50;

const TITLES: [(u8, &str); 20] = [
    (1, "valid CSAF document"),
    (2, "filename"),
    (3, "TLS"),
    (4, "TLP:CLEAR is freely accessible"),
    (5, "TLP:AMBER and above are protected"),
    (6, "no redirects"),
    (7, "provider-metadata.json"),
    (8, "security.txt"),
    (9, "well-known URL"),
    (10, "DNS path"),
    (11, "one folder per year"),
    (12, "index.txt"),
    (13, "changes.csv"),
    (14, "directory listings"),
    (15, "ROLIE feed"),
    (16, "ROLIE service document"),
    (17, "ROLIE category document"),
    (18, "integrity"),
    (19, "signatures"),
    (20, "public OpenPGP key"),
];

/// Notes on each requirement while looking.
#[derive(Debug, Default)]
pub(super) struct Book(BTreeMap<u8, Notes>);

#[derive(Debug, Default)]
struct Notes {
    looked: bool,
    faults: Vec<Place>,
    unjudged: Option<String>,
}

impl Book {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Something was looked at; without a fault the requirement is met.
    pub(super) fn looked(&mut self, number: u8) {
        self.0.entry(number).or_default().looked = true;
    }

    /// Something is wrong.
    pub(super) fn fault(&mut self, number: u8, url: &str, words: impl fmt::Display) {
        let notes = self.0.entry(number).or_default();
        notes.looked = true;
        if notes.faults.len() < PLACES {
            let words = words.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            notes.faults.push(Place { url: url.to_owned(), words });
        }
    }

    /// It can't be told, unless something else tells it.
    pub(super) fn unjudged(&mut self, number: u8, words: impl fmt::Display) {
        self.0.entry(number).or_default().unjudged.get_or_insert_with(|| words.to_string());
    }

    pub(super) fn close(mut self) -> Vec<Verdict> {
        let verdicts = TITLES.into_iter().map(|(number, title)| {
            let notes = self.0.remove(&number).unwrap_or_default();
            let outcome = match notes {
                Notes { faults, .. } if !faults.is_empty() => Outcome::NotMet(faults),
                Notes { looked: true, .. } => Outcome::Met,
                Notes { unjudged, .. } => Outcome::Unjudged(unjudged.unwrap_or_else(|| "there was nothing to look at".to_owned())),
            };
            Verdict { number, title, outcome }
        });
        verdicts.collect()
    }
}

/// The highest role whose requirements none of the verdicts denies (section 7.2). What can't be judged
/// from here does not count against it, except that one way of being found must be seen (8, 9 or 10)
/// unless none could be judged.
pub fn role(verdicts: &[Verdict]) -> Option<Role> {
    let fine = |number: u8| verdicts.iter().any(|verdict| verdict.number == number && !matches!(verdict.outcome, Outcome::NotMet(_)));
    let all = |numbers: std::ops::RangeInclusive<u8>| numbers.into_iter().all(fine);
    if !all(1..=4) {
        return None;
    }
    let is_found = (8..=10).any(fine);
    if !(all(5..=7) && is_found && (all(11..=14) || all(15..=17))) {
        return Some(Role::Publisher);
    }
    Some(if all(18..=20) { Role::TrustedProvider } else { Role::Provider })
}

/// `12 index.txt: met`
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, title, outcome } = self;
        match outcome {
            Outcome::Met => write!(f, "{number} {title}: met"),
            Outcome::Unjudged(why) => write!(f, "{number} {title}: can't be judged from here: {why}"),
            Outcome::NotMet(places) => {
                write!(f, "{number} {title}: not met")?;
                places.iter().try_for_each(|place| write!(f, "\n  {}: {}", place.url, place.words))
            }
        }
    }
}
