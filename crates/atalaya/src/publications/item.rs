//! A publication as the team has it.

use ::store::{Id, Reader};
use formats::label::Tlp;
use jiff::Timestamp;
use press::{Content, Kind};

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{Error, Result};

/// A publication with its working copy.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Id.
    pub id: Id,
    /// Its kind.
    pub kind: Kind,
    /// Its number, or the last word of its address; empty until it has one.
    pub name: String,
    /// Empty while nothing of it was ever out; `current`, `withdrawn`, `superseded`.
    pub standing: String,
    /// The newest version that is out, 0 for none.
    pub version: i64,
    /// Empty when nothing is in work; `draft`, `review`, `approved`, `scheduled`.
    pub stage: String,
    /// The working copy.
    pub content: Content,
    /// Who changed it since the last release.
    pub writers: Vec<Id>,
    /// Why it may go further than what it was made from.
    pub lowered: String,
    /// The label that this reason was given against: it excuses no higher one.
    pub lowered_from: Option<Tlp>,
    /// Why what the leak check asks about may be said, and what it asked about then.
    pub told: (String, String),
    /// What the next version changes.
    pub note: String,
    /// Why it came back: a reviewer's words, or what stood against it when it was due.
    pub said_back: String,
    /// Who says so, as the journal writes it; empty for the program.
    pub said_by: String,
    /// Who approved the working copy.
    pub approved_by: Option<Id>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// When it is to leave.
    pub publish_at: Option<Timestamp>,
    /// The time zone in which that was typed; empty where nobody said.
    pub publish_zone: String,
    /// Who said that it is to leave then.
    pub released_by: Option<Id>,
    /// What took its place.
    pub superseded_by: Option<Id>,
    /// Who looks after it.
    pub owner: Option<Id>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// When the newest version left.
    pub released_at: Option<Timestamp>,
    /// Counts the changes of the row.
    pub edition: i64,
}

impl Publication {
    /// The address of its page on the site, once it has a name.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.kind.path(), self.name)
    }

    /// Its number, or its title while it has none.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { self.content.title() } else { &self.name }
    }

    /// Whether somebody works on it.
    pub fn is_open(&self) -> bool {
        !self.stage.is_empty()
    }

    /// Whether it is out as it was last said.
    pub fn is_current(&self) -> bool {
        self.standing == "current"
    }

    /// Nobody has approved it any more, and it does not leave by itself.
    pub fn unapprove(&mut self) {
        (self.approved_by, self.approved_at, self.publish_at, self.released_by) = (None, None, None, None);
        self.publish_zone = String::new();
    }

    /// Adds a line of the program's own to what whoever writes is told.
    pub fn tell(&mut self, line: &str) {
        self.said_back = format!("{}\n{line}", self.said_back).trim().to_owned();
    }

    /// Whether two people have to release it: an alert that says that it is critical.
    pub fn wants_two(&self) -> bool {
        self.kind == Kind::Alert && self.content.severity == press::Severity::Critical
    }
}

/// A line of the console's list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Id.
    pub id: Id,
    /// Its kind.
    pub kind: Kind,
    /// Number or word.
    pub name: String,
    /// See [`Publication::standing`].
    pub standing: String,
    /// Newest version.
    pub version: i64,
    /// See [`Publication::stage`].
    pub stage: String,
    /// Its title, in the original's language.
    pub title: String,
    /// Label of the working copy.
    pub label: Tlp,
    /// When it is to leave.
    pub publish_at: Option<Timestamp>,
    /// When somebody is to look at it again.
    pub review_on: String,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Who wrote in the working copy.
    pub writers: Vec<Id>,
}

/// A version as it left.
#[derive(Clone, Debug)]
pub struct Version {
    /// The publication.
    pub publication: Id,
    /// From 1.
    pub version: i64,
    /// What an advisory's document calls it: `1.1.0`; empty for other kinds.
    pub number: String,
    /// What changed weighs so much: `patch`, `minor`, `major`; empty for the first.
    pub weight: String,
    /// What it said of itself: `current`, `withdrawn`, `superseded`.
    pub standing: String,
    /// What it said.
    pub content: Content,
    /// Under which label it left.
    pub label: Tlp,
    /// `public`, or `portal` for constituents.
    pub channel: String,
    /// What it changed.
    pub note: String,
    /// Who released it, as the journal writes it.
    pub by: String,
    /// Who approved it.
    pub approved_by: Option<Id>,
    /// When.
    pub at: Timestamp,
}

impl Version {
    /// What it is called: `1.1.0`, or `2` for what leaves no document.
    pub fn called(&self) -> String {
        called(&self.number, self.version)
    }
}

/// What a version is called.
pub(super) fn called(number: &str, version: i64) -> String {
    if number.is_empty() { version.to_string() } else { number.to_owned() }
}

/// What the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// One kind, or all.
    pub kind: Option<Kind>,
    /// `work` (what somebody works on), `due` (to be looked at again), or everything.
    pub of: String,
    /// Made from this case or report.
    pub from: Option<Id>,
    /// Behind this row.
    pub after: Option<(Timestamp, Id)>,
}

/// A publication.
pub async fn get(reader: &mut Reader, who: &Who, id: Id) -> Result<Publication> {
    require(who, Verb::See, Noun::Publication)?;
    store::get(reader, id).await?.ok_or(Error::NotFound)
}

/// With which reasons its newest version left although something was asked about, a line each.
pub async fn excuses(reader: &mut Reader, who: &Who, one: &Publication) -> Result<Vec<String>> {
    require(who, Verb::See, Noun::Publication)?;
    let basis = store::basis(reader, one.id, one.version).await?;
    Ok(basis.iter().filter_map(|basis| basis.strip_prefix("publication; ")).map(str::to_owned).collect())
}

/// A page of the console's list, the newest change first, and whether there is more.
pub async fn list(reader: &mut Reader, who: &Who, asked: &Asked, limit: usize) -> Result<(Vec<Listed>, bool)> {
    require(who, Verb::See, Noun::Publication)?;
    let mut some = store::list(reader, asked, limit + 1).await?;
    let more = some.len() > limit;
    some.truncate(limit);
    Ok((some, more))
}

/// All versions of a publication, the newest first.
pub async fn versions(reader: &mut Reader, who: &Who, id: Id) -> Result<Vec<Version>> {
    require(who, Verb::See, Noun::Publication)?;
    store::versions(reader, id).await
}
