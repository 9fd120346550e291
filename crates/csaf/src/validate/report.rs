//! What came of validating.

use crate::judge::SCHEMA;
use crate::write::Edition;
use std::fmt;

/// What is wrong with a document, or might be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The edition that the document was judged by; nothing when it could not be told.
    pub edition: Option<Edition>,
    /// Everything that was found, by test.
    pub findings: Vec<Finding>,
    /// Tests of the standard that are not implemented, and so say nothing.
    pub not_implemented: Vec<String>,
    /// Tests that could not run because the document is out of form; the schema's findings say how.
    pub skipped: Vec<String>,
    /// Ids that were asked for and are no test of this edition.
    pub unknown: Vec<String>,
}

impl Report {
    pub(super) fn of(edition: Edition) -> Self {
        Self { edition: Some(edition), findings: Vec::new(), not_implemented: Vec::new(), skipped: Vec::new(), unknown: Vec::new() }
    }

    pub(super) fn unreadable(pointer: &str, words: &str) -> Self {
        let findings = vec![Finding::new(SCHEMA, pointer, words)];
        Self { edition: None, findings, not_implemented: Vec::new(), skipped: Vec::new(), unknown: Vec::new() }
    }

    pub(super) fn with_skipped(mut self, id: &str) -> Self {
        self.skipped.push(id.to_owned());
        self
    }

    /// Whether the document is valid: nothing found by the schema or a mandatory test, and none of them
    /// left out because the document is out of form.
    pub fn is_valid(&self) -> bool {
        self.edition.is_some() && self.skipped.is_empty() && self.blocking().next().is_none()
    }

    /// The findings that forbid publishing.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.blocks)
    }
}

/// A group of tests (section 6 of both editions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The JSON schema, and that there is JSON at all.
    Schema,
    /// Section 6.1.
    Mandatory,
    /// Section 6.2: optional in CSAF 2.0, recommended in 2.1.
    Optional,
    /// Section 6.3.
    Informative,
}

impl Group {
    /// Every group, the strictest first.
    pub const ALL: [Self; 4] = [Self::Schema, Self::Mandatory, Self::Optional, Self::Informative];

    /// The group that a test's id belongs to.
    pub fn of(id: &str) -> Self {
        match id.get(..4) {
            Some("6.1.") => Self::Mandatory,
            Some("6.2.") => Self::Optional,
            Some("6.3.") => Self::Informative,
            _ => Self::Schema,
        }
    }

    /// Whether an error found by such a test makes a document invalid.
    pub fn blocks(self) -> bool {
        matches!(self, Self::Schema | Self::Mandatory)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Mandatory => "mandatory",
            Self::Optional => "optional",
            Self::Informative => "informative",
        }
    }
}

/// One thing that a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The test's id in the standard: `6.1.27.4`, or `schema`.
    pub test: String,
    /// The group of the test.
    pub group: Group,
    /// Whether it makes the document invalid. A mandatory test may also warn of what it can't decide.
    pub blocks: bool,
    /// The JSON pointer (RFC 6901) of the place in the document; empty for the whole.
    pub pointer: String,
    /// What is wrong, in English, on one line.
    pub words: String,
    /// The JSON pointer of the place in the [`crate::advisory::Advisory`], when one was judged.
    pub field: Option<String>,
}

/// How long the words of a finding may be, in characters. A schema's finding quotes the document.
const WORDS: usize = 500;

impl Finding {
    pub(crate) fn new(test: &str, pointer: &str, words: &str) -> Self {
        let mut line: String = words.chars().take(WORDS).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if words.chars().nth(WORDS).is_some() {
            line.push('…');
        }
        let group = Group::of(test);
        Self { test: test.to_owned(), group, blocks: group.blocks(), pointer: pointer.to_owned(), words: line, field: None }
    }
}

impl Finding {
    /// Whether a mandatory test only warns of it: what it cannot decide does not make a document invalid.
    pub fn is_advice(&self) -> bool {
        self.group.blocks() && !self.blocks
    }
}

/// `6.1.1 mandatory /vulnerabilities/0/product_status/fixed/0: words`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { test, group, pointer, words, .. } = self;
        let pointer = if pointer.is_empty() { "/" } else { pointer };
        match group {
            Group::Schema => write!(f, "{test} {pointer}: {words}"),
            _ if self.is_advice() => write!(f, "{test} advice {pointer}: {words}"),
            _ => write!(f, "{test} {} {pointer}: {words}", group.as_str()),
        }
    }
}
