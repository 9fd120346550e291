//! Whether a document is what the standard asks for: its schema and the numbered tests of section 6.
//! Mandatory tests decide whether it may be published; optional (CSAF 2.1: recommended) and informative
//! ones advise.
//!
//! Whatever comes in, a [`Report`] comes out: broken JSON, a version that is not known or a document
//! that is too deep are findings like any other.

mod field;
mod report;

pub use field::field;
pub use report::{Finding, Group, Report};

use crate::advisory::Advisory;
use crate::json;
use crate::judge::{Judge, Outcome, SCHEMA, tests};
use crate::write::{Edition, document};
use serde_json::Value;

/// How much is asked of a document (CSAF 2.0, sections 9.1.14 to 9.1.16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// The schema alone.
    Schema,
    /// The schema and all mandatory tests: a basic validator.
    Basic,
    /// The optional tests too: an extended validator.
    Extended,
    /// The informative tests too: a full validator.
    Full,
}

impl Preset {
    fn groups(self) -> &'static [Group] {
        let all = &[Group::Schema, Group::Mandatory, Group::Optional, Group::Informative];
        let count = match self {
            Self::Schema => 1,
            Self::Basic => 2,
            Self::Extended => 3,
            Self::Full => 4,
        };
        all.get(..count).unwrap_or(all)
    }
}

/// The report on the bytes of a file.
pub fn check(bytes: &[u8], preset: Preset) -> Report {
    match open(bytes) {
        Ok((document, edition)) => run(document, edition, preset),
        Err(report) => *report,
    }
}

/// The report of one test: its id as in the standard (`6.1.27.4`), or `schema`. A test that neither
/// edition has stands in [`Report::unknown`].
pub fn test(bytes: &[u8], id: &str) -> Report {
    let (document, edition) = match open(bytes) {
        Ok(found) => found,
        Err(report) => return *report,
    };
    let mut report = Report::of(edition);
    if !known(edition, id) {
        report.unknown.push(id.to_owned());
        return report;
    }
    judge(&Judge::new(document, edition), id, &mut report);
    // A test that could not run because the document is out of form says nothing; the schema does.
    if report.skipped.iter().any(|skipped| skipped == id) {
        return run(judged(bytes), edition, Preset::Schema).with_skipped(id);
    }
    report
}

/// The report on an advisory as it would be written: for the author, while typing. Each finding also
/// says which field of the advisory it is about, where that can be told.
pub fn advisory(advisory: &Advisory, edition: Edition, preset: Preset) -> Report {
    let mut report = run(document(advisory, edition), edition, preset);
    let leaves = crate::write::leaves(advisory);
    for finding in &mut report.findings {
        finding.field = field(advisory, &leaves, &finding.pointer);
    }
    report
}

/// Whether the edition has a test of that id.
pub fn known(edition: Edition, id: &str) -> bool {
    Group::ALL.into_iter().any(|group| tests(edition, group).contains(&id))
}

fn judged(bytes: &[u8]) -> Value {
    json::parse(bytes).unwrap_or_default()
}

/// The document in these bytes and its edition, or the report that it can't be read.
fn open(bytes: &[u8]) -> Result<(Value, Edition), Box<Report>> {
    let document = json::parse(bytes).map_err(|broken| Box::new(Report::unreadable(&broken.pointer, &broken.words)))?;
    if let Some(edition) = edition(&document) {
        return Ok((document, edition));
    }
    let stands = document.pointer("/document/csaf_version").map_or_else(|| "nothing".to_owned(), Value::to_string);
    let shown: String = stands.chars().take(80).collect();
    Err(Box::new(Report::unreadable("/document/csaf_version", &format!("2.0 or 2.1 is expected, {shown} stands there"))))
}

/// The edition that a document says it is of.
pub fn edition(document: &Value) -> Option<Edition> {
    let version = document.pointer("/document/csaf_version")?.as_str()?;
    Edition::ALL.into_iter().find(|edition| edition.as_str() == version)
}

fn run(document: Value, edition: Edition, preset: Preset) -> Report {
    let judging = Judge::new(document, edition);
    let mut report = Report::of(edition);
    for id in preset.groups().iter().flat_map(|group| tests(edition, *group)) {
        judge(&judging, id, &mut report);
    }
    report
}

fn judge(judge: &Judge, id: &str, report: &mut Report) {
    match judge.run(id) {
        Outcome::Passed => {}
        Outcome::Failed(findings) => report.findings.extend(findings),
        Outcome::NotImplemented => report.not_implemented.push(id.to_owned()),
        Outcome::Skipped if id == SCHEMA => {}
        Outcome::Skipped => report.skipped.push(id.to_owned()),
    }
}
