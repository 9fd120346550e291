//! The disclosure ledger: what was told, to whom, under which label, by which right.

use ::store::{Id, Reader};
use jiff::Timestamp;
use vault::blob::Hash;

use super::store;
use crate::Result;
use crate::access::{Noun, Verb, Who, require};

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
    /// The organisation behind the recipient.
    pub organisation: Option<String>,
    /// The report or case.
    pub about: Id,
    /// Its number.
    pub number: String,
    /// What it was.
    pub noun: String,
    /// Under which label.
    pub label: String,
    /// By which right.
    pub basis: String,
    /// Through which channel.
    pub channel: String,
    /// To which address.
    pub address: String,
    /// SHA-256 of the very bytes.
    pub content: Hash,
}

impl Disclosure {
    /// The page of what it is about.
    pub fn path(&self) -> String {
        let room = if self.number.starts_with("R-") { "inbox" } else { "cases" };
        format!("/{room}/{}", self.number)
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

/// Rows of the ledger before an instant, newest first.
pub async fn disclosures(reader: &mut Reader, who: &Who, wanted: &Wanted, before: Timestamp) -> Result<Vec<Disclosure>> {
    require(who, Verb::See, Noun::Journal)?;
    let mut rows = store::disclosures(reader, wanted, before, 101).await?;
    let about: Vec<Id> = rows.iter().map(|row| row.about).collect();
    let hidden = store::hidden(reader, who, &about).await?;
    rows.retain(|row| !hidden.contains(&row.about));
    Ok(rows)
}
