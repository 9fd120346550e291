//! What the team sees of its readers: how many there are, to how many a mail goes, and to leads who they are.

use ::store::{Id, Reader};

use super::super::catalogue::Item;
use super::{Subscription, mailing, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Result};

/// What filters ask for, each with the condition that finds it. One filter may ask for several.
pub const ASKS: [(&str, &str); 9] = [
    ("all kinds", "filter not like '%kind=%'"),
    ("alerts", "filter like '%kind=alert%'"),
    ("advisories", "filter like '%kind=advisory%'"),
    ("guidance", "filter like '%kind=guidance%'"),
    ("calendar", "filter like '%kind=calendar%'"),
    ("a least severity", "filter like '%severity=%'"),
    ("a sector", "filter like '%sector=%'"),
    ("a product", "filter like '%product=%'"),
    ("words or a subject", "filter like 'q=%' or filter like '%&q=%' or filter like '%about=%'"),
];

/// How many subscriptions of a language are in a state.
#[derive(Clone, Debug)]
pub struct Count {
    /// `pending`, `active`, `suspended`, `ended`.
    pub state: String,
    /// Language of the mails.
    pub language: String,
    /// All of them.
    pub all: i64,
    /// Those that are silent for a time.
    pub silent: i64,
    /// How many ask for each of [`ASKS`].
    pub asks: [i64; ASKS.len()],
}

/// To how many addresses a version would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// At once.
    pub at_once: i64,
    /// In a digest.
    pub digest: i64,
    /// There may be more: only so many subscriptions were looked at.
    pub more: bool,
}

impl Reach {
    /// Whether a second person lets the mailing go. Constituents that are told without asking count with it.
    pub fn asks(&self) -> bool {
        self.at_once > mailing::ASKED
    }
}

/// So many subscriptions of each kind a page looks at; the mailing itself counts them all.
const LOOKED_AT: usize = 10_000;

/// To how many a version would go if it left now.
pub async fn reach(app: &App, item: &Item) -> Result<Reach> {
    let (at_once, more) = mailing::count(app, item, "at_once", Some(LOOKED_AT)).await?;
    let mut reach = Reach { at_once, digest: 0, more };
    for due in ["daily", "weekly"] {
        let (some, more) = mailing::count(app, item, due, Some(LOOKED_AT)).await?;
        (reach.digest, reach.more) = (reach.digest + some, reach.more || more);
    }
    Ok(reach)
}

/// How many stand how.
pub async fn counts(reader: &mut Reader, who: &Who) -> Result<Vec<Count>> {
    require(who, Verb::See, Noun::Publication)?;
    store::counts(reader).await
}

/// Those in a state, the newest first, and whether there are more: addresses, for those who release.
pub async fn list(reader: &mut Reader, who: &Who, state: &str, before: Option<Id>, limit: u32) -> Result<(Vec<Subscription>, bool)> {
    require(who, Verb::Release, Noun::Publication)?;
    let mut some = store::in_state(reader, state, before, limit + 1).await?;
    let more = some.len() > limit as usize;
    some.truncate(limit as usize);
    Ok((some, more))
}
