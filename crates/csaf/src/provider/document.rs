//! A released document as the distribution takes it.

use super::sums::Sums;
use crate::json::Broken;
use crate::read::{self, Summary};
use crate::write::Edition;
use formats::label::Tlp;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A document's file, or what others say of it where it lies elsewhere: whoever lists thousands need not have them in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The bytes, exactly as signed.
    Here(Vec<u8>),
    /// They lie elsewhere and have these sums.
    Elsewhere(Sums),
}

impl Body {
    /// The bytes, where they are here.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Here(bytes) => Some(bytes),
            Self::Elsewhere(_) => None,
        }
    }

    /// The sums.
    pub fn sums(&self) -> Sums {
        match self {
            Self::Here(bytes) => Sums::of(bytes),
            Self::Elsewhere(sums) => sums.clone(),
        }
    }
}

/// One released document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its tracking id.
    pub id: String,
    /// Its title, as feeds show it.
    pub title: String,
    /// One or two sentences for feeds.
    pub summary: String,
    /// Its label.
    pub tlp: Tlp,
    /// Its language, as a BCP 47 tag; a subset feed is made of it.
    pub language: Option<String>,
    /// The sectors that it matters to, as words of the profile; subset feeds are made of them.
    pub sectors: Vec<String>,
    /// The vendors of its products; subset feeds are made of them.
    pub vendors: Vec<String>,
    /// `tracking.initial_release_date`: its year names the folder.
    pub initial_release_date: Timestamp,
    /// `tracking.current_release_date`.
    pub current_release_date: Timestamp,
    /// The 2.0 document.
    pub v20: Option<Body>,
    /// The 2.1 document.
    pub v21: Option<Body>,
}

impl Document {
    pub(super) fn body(&self, edition: Edition) -> Option<&Body> {
        match edition {
            Edition::V20 => self.v20.as_ref(),
            Edition::V21 => self.v21.as_ref(),
        }
    }
}

/// Why bytes give no document to distribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unlike {
    /// There is none in either edition.
    #[error("there is no document")]
    Nothing,
    /// They can't be read.
    #[error("the document can't be read: {0}")]
    Broken(#[from] Broken),
    /// A document without label or dates has no place in the distribution.
    #[error("the document has no {0}")]
    Without(&'static str),
    /// Both editions are of one document.
    #[error("the two editions differ in {0}")]
    Differ(&'static str),
}

impl Document {
    /// The document of these bytes, with what feeds say of it read from the bytes themselves, so that it
    /// can't say anything else. `sectors` are no part of a document.
    pub fn of(v20: Option<Vec<u8>>, v21: Option<Vec<u8>>, sectors: Vec<String>) -> Result<Self, Unlike> {
        let read = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(|bytes| read::read(bytes).map(|(summary, _)| summary)).transpose();
        let (old, new) = (read(&v20)?, read(&v21)?);
        if let (Some(old), Some(new)) = (&old, &new) {
            agree(old, new)?;
        }
        // 2.1 can say more, such as AMBER+STRICT.
        let summary = new.or(old).ok_or(Unlike::Nothing)?;
        let vendors: BTreeSet<String> = summary.products.iter().filter_map(|product| product.vendor.clone()).collect();
        Ok(Self {
            summary: summary.summary.unwrap_or_else(|| summary.title.clone()),
            id: summary.id,
            title: summary.title,
            tlp: summary.tlp.ok_or(Unlike::Without("label"))?,
            language: summary.language,
            sectors,
            vendors: vendors.into_iter().collect(),
            initial_release_date: summary.initial_release_date.ok_or(Unlike::Without("initial_release_date"))?,
            current_release_date: summary.current_release_date.ok_or(Unlike::Without("current_release_date"))?,
            v20: v20.map(Body::Here),
            v21: v21.map(Body::Here),
        })
    }
}

fn agree(old: &Summary, new: &Summary) -> Result<(), Unlike> {
    let same = [
        ("id", old.id == new.id),
        ("version", old.version == new.version),
        ("label", old.tlp == new.tlp),
        ("current_release_date", old.current_release_date == new.current_release_date),
        ("initial_release_date", old.initial_release_date == new.initial_release_date),
    ];
    same.into_iter().find(|(_, same)| !same).map_or(Ok(()), |(what, _)| Err(Unlike::Differ(what)))
}
