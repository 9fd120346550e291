//! The advisory as its authors think of it. It knows nothing of the version of CSAF that it will be
//! written as: [`crate::write`] makes a CSAF 2.0 or 2.1 document of it, so that a later version of the
//! standard changes the writer and not what is kept.
//!
//! Names follow CSAF's own words (section 3.2 of CSAF 2.0). Products are a flat list with stable ids,
//! as a catalogue gives them; the product tree is made when writing. Nothing here is checked when it is
//! built: a draft may be wrong, and [`crate::validate`] says where.

mod names;
mod product;
mod vulnerability;

pub use names::{is_cpe, is_purl};
pub use product::{Product, Release};
pub use vulnerability::{Cwe, Epss, Flag, FlagLabel, Identifier, Kev, Measure, Remediation, Score, Statuses, Threat, ThreatCategory, Vulnerability};

use formats::label::Tlp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One advisory in one language: the unit that is drafted, released, revised and withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    /// `document.tracking.id`, unique for this publisher and never used again: `EX-2026-0001`.
    pub id: String,
    /// Other names of the same document, such as the id of a case (`document.tracking.aliases`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Which profile of CSAF it follows (section 4).
    pub kind: Kind,
    /// Whether it still holds.
    #[serde(default, skip_serializing_if = "State::is_current")]
    pub state: State,
    /// The language it is written in, as a BCP 47 tag.
    pub language: String,
    /// What it is a translation of; nothing for an original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// The title, product first.
    pub title: String,
    /// Words about the whole document: summary, details, legal disclaimer.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// How far it may be shared.
    pub tlp: Tlp,
    /// Further words on sharing (`document.distribution.text`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// An SPDX licence expression; CSAF 2.1 only (section 3.2.2.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Who publishes it.
    pub publisher: Publisher,
    /// Every product that is spoken of.
    #[serde(default)]
    pub products: Vec<Product>,
    /// The vulnerabilities, in the order in which they are shown.
    #[serde(default)]
    pub vulnerabilities: Vec<Vulnerability>,
    /// Where else to read about it, the most important one first.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// Whom to thank.
    #[serde(default)]
    pub acknowledgments: Vec<Credit>,
    /// Draft, interim or final (`document.tracking.status`).
    pub status: Status,
    /// What was released when, the oldest first. The number of the last one is the document's version.
    pub revisions: Vec<Revision>,
    /// When it was first released to those whom it is for.
    pub initial_release_date: Timestamp,
    /// When this version was released.
    pub current_release_date: Timestamp,
}

impl Advisory {
    /// The version of the document: the number of its newest revision (test 6.1.16), `0` without one.
    pub fn version(&self) -> &str {
        self.revisions.last().map_or("0", |newest| newest.number.as_str())
    }

    /// The product of that id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }
}

/// The profile of an advisory (CSAF 2.0, section 4; CSAF 2.1, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Vulnerabilities in products and what to do about them: profile 4.
    SecurityAdvisory,
    /// What is not about a vulnerability, such as a wrong configuration: profile 3. It needs a note and
    /// an external reference.
    InformationalAdvisory,
    /// The answer to an incident: profile 2. It needs a note and an external reference.
    SecurityIncidentResponse,
}

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::SecurityAdvisory, Self::InformationalAdvisory, Self::SecurityIncidentResponse];

    /// The value of `document.category`.
    pub fn category(self) -> &'static str {
        match self {
            Self::SecurityAdvisory => "csaf_security_advisory",
            Self::InformationalAdvisory => "csaf_informational_advisory",
            Self::SecurityIncidentResponse => "csaf_security_incident_response",
        }
    }
}

/// Whether an advisory still holds. One that does not keeps its id and its history; its content gives
/// way to the reason (CSAF 2.1, profiles 7 and 8).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum State {
    /// It holds.
    #[default]
    Current,
    /// It should not be followed any more, and nothing takes its place.
    Withdrawn {
        /// What it said and why it was taken back.
        reason: String,
    },
    /// Another document takes its place.
    Superseded {
        /// Why there is another one.
        reason: String,
        /// The other document: its id or title, and where it is.
        by: Reference,
    },
}

impl State {
    /// Whether it holds.
    pub fn is_current(&self) -> bool {
        *self == Self::Current
    }
}

/// What a translation was made from (CSAF 2.0, section 9.1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Original {
    /// The tracking id of the original.
    pub id: String,
    /// Its language, as a BCP 47 tag: `document.source_lang`.
    pub language: String,
    /// Its version when it was translated. An original with a newer one makes the translation outdated.
    pub version: String,
    /// Where it is, written as the first reference.
    pub reference: Reference,
}

/// A paragraph with a role (`notes_t`, section 3.1.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The role.
    pub category: NoteCategory,
    /// A heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whom it is for, when not for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The words.
    pub text: String,
}

/// The role of a note (section 3.1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteCategory {
    /// Generalised text about the whole.
    Description,
    /// Low-level detail.
    Details,
    /// Question and answer.
    Faq,
    /// General words, such as about the product's place.
    General,
    /// Legal words.
    LegalDisclaimer,
    /// Anything else.
    Other,
    /// For who reads only one paragraph.
    Summary,
}

/// Who publishes (`document.publisher`, section 3.2.1.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// The name, in words.
    pub name: String,
    /// A URL that stands for this publisher: `https://csirt.example`.
    pub namespace: String,
    /// In what role it publishes.
    pub category: PublisherCategory,
    /// How to reach it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_details: Option<String>,
    /// By what right it publishes, such as "the national CSIRT of ...".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuing_authority: Option<String>,
}

/// The role in which a publisher speaks (section 3.2.1.8.1; `multiplier` came with CSAF 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublisherCategory {
    /// It coordinates between finders, vendors and users: what a CSIRT is in its own advisories.
    Coordinator,
    /// It found the vulnerability.
    Discoverer,
    /// It passes on what others published; `other` in CSAF 2.0, which has no word for it.
    Multiplier,
    /// None of the others.
    Other,
    /// It translated the document of another.
    Translator,
    /// It uses the product.
    User,
    /// It makes the product.
    Vendor,
}

/// A link with words (`references_t`, section 3.1.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Whether it leads to this very document.
    #[serde(default)]
    pub category: ReferenceCategory,
    /// What is found there.
    pub summary: String,
    /// Where.
    pub url: String,
}

/// Where a reference leads (section 3.1.10.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceCategory {
    /// To another document.
    #[default]
    External,
    /// To this document, in this or another form.
    #[serde(rename = "self")]
    Same,
}

/// Thanks to somebody (`acknowledgments_t`, section 3.1.1). At least one field has a value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// The people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Their organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Their pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
}

/// How finished a document is (`document.tracking.status`, section 3.2.1.12.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not released; only a draft has a version 0 or 0.y.z.
    Draft,
    /// Released, and more is to come soon.
    Interim,
    /// Released, and nothing more is expected.
    Final,
}

/// One released version (`document.tracking.revision_history[]`, section 3.2.1.12.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Its number, integer or semantic; one scheme for a whole history (test 6.1.30).
    pub number: String,
    /// When it was released.
    pub date: Timestamp,
    /// What changed, for readers.
    pub summary: String,
}
