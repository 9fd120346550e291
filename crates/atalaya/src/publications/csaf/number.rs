//! What the next version of an advisory is called, and why (CSAF 2.0 section 3.1.11): told before the release, written down
//! with it.

use csaf::version::{self, Change, Level, Scheme};
use formats::label::Tlp;
use press::Content;

use super::super::item::Version;
use super::advisory::advisory;
use crate::{App, Error, Result};

/// A version's number and where it comes from.
#[derive(Clone, Debug, Default)]
pub struct Numbered {
    /// `1.1.0`; `4` where the document has counted so from its beginning. Empty for kinds that leave no document.
    pub number: String,
    /// `patch`, `minor`, `major`: what changed weighs so much. Empty for the first.
    pub weight: &'static str,
    /// What weighs so much.
    pub changes: Vec<Change>,
}

impl Numbered {
    /// Why it is called so, for people.
    pub fn why(&self) -> &'static str {
        match self.weight {
            "" => "the first release",
            "major" => "major: readers compare with their products again",
            "minor" => "minor: it says something else, and nothing new of which products are hit",
            _ => "patch: spelling, or what is no part of the document",
        }
    }

    /// The changes that weigh so much, as places of the document; a few of them.
    pub fn places(&self) -> Vec<&str> {
        self.changes.iter().map(|change| change.path.as_str()).take(8).collect()
    }
}

/// The number of the version that would leave now. `before` are those that left, the newest first.
pub fn numbered(app: &App, name: &str, content: &Content, label: Tlp, before: &[Version]) -> Result<Numbered> {
    let Some(last) = before.first() else {
        let number = version::next(Scheme::Semantic, None, true, Level::None).map_err(Error::fault)?;
        return Ok(Numbered { number, ..Numbered::default() });
    };
    let was = advisory(app, name, &last.content, last.label, Vec::new());
    let is = advisory(app, name, content, label, Vec::new());
    let difference = version::difference(&was, &is);
    // What was taken back and holds again has its products again. A release is a new version, also where the document says
    // what it said before.
    let level = if last.standing == "current" { difference.level.max(Level::Patch) } else { Level::Major };
    // One scheme for the whole of its life (test 6.1.30).
    let scheme = Scheme::of(&last.number).unwrap_or(Scheme::Semantic);
    let number = version::next(scheme, Some(&last.number), true, level).map_err(Error::fault)?;
    let changes = difference.changes.into_iter().filter(|change| change.level == difference.level).collect();
    Ok(Numbered { number, weight: weight(level), changes })
}

fn weight(level: Level) -> &'static str {
    match level {
        Level::Major => "major",
        Level::Minor => "minor",
        Level::Patch | Level::None => "patch",
    }
}
