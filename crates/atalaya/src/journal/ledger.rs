//! The disclosure ledger: what was told, to whom, under which label, by which right.

use ::store::{Id, Reader};
use jiff::Timestamp;
use vault::blob::Hash;

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{Error, Result};

/// One act of letting something out.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// Id.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// Who let it out, as the journal writes it.
    pub who: String,
    /// `party:<id>`, `reporter:<id>`, `contact:<id>`, `public`.
    pub recipient: String,
    /// What the party or the reporter is called, where it is one and has a name.
    pub name: String,
    /// The organisation behind the recipient.
    pub organisation: Option<String>,
    /// The report or case.
    pub about: Id,
    /// Its number; of a publication its number or title, for whoever may know it.
    pub number: String,
    /// The page of a publication, for whoever works on it.
    pub page: Option<String>,
    /// What it was.
    pub noun: String,
    /// Under which label.
    pub label: String,
    /// By which right.
    pub basis: String,
    /// Through which channel.
    pub channel: String,
    /// Signed with which key, encrypted to which; empty when it was neither.
    pub protection: String,
    /// To which address.
    pub address: String,
    /// SHA-256 of the very bytes.
    pub content: Hash,
}

impl Disclosure {
    /// The page of what it is about.
    pub fn path(&self) -> String {
        self.page.clone().unwrap_or_else(|| super::path_of(&self.number))
    }

    /// The label's class on the page.
    pub fn css(&self) -> &'static str {
        self.label.parse::<formats::label::Tlp>().map_or("red", formats::label::Tlp::css)
    }
}

/// Which part of the ledger.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// All of it.
    All,
    /// Who knows of this report or case.
    About(Id),
    /// What this organisation knows.
    Organisation(Id),
    /// What this recipient knows.
    Recipient(String),
}

/// A row's place in the ledger: many may have the same instant.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// When.
    pub at: Timestamp,
    /// Which of these.
    pub id: Id,
}

impl Place {
    /// After everything.
    pub const END: Self = Self { at: Timestamp::MAX, id: Id([0xff; 16]) };
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.as_microsecond(), self.id)
    }
}

impl std::str::FromStr for Place {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = text.rsplit_once('-').and_then(|(at, id)| Some(Self { at: ::store::instant(at.parse().ok()?), id: id.parse().ok()? }));
        found.ok_or(Error::NotFound)
    }
}

/// Rows of the ledger before a place, newest first; of a case that the viewer may not know of, none.
pub async fn disclosures(reader: &mut Reader, who: &Who, wanted: &Wanted, before: Place, limit: u32) -> Result<Vec<Disclosure>> {
    require(who, Verb::See, Noun::Journal)?;
    Ok(store::disclosures(reader, who, wanted, before, limit).await?)
}

/// The report or case of that number, if the viewer may know of it.
pub async fn about(reader: &mut Reader, who: &Who, number: &str) -> Result<Id> {
    require(who, Verb::See, Noun::Journal)?;
    let id = store::about_number(reader, number).await?.ok_or(Error::NotFound)?;
    if store::hidden(reader, who, &[id]).await?.is_empty() { Ok(id) } else { Err(Error::NotFound) }
}
