//! What the judge finds in a document that a publication would leave, remembered for a while. All tests of both editions take a good
//! part of a second: so they are run before the change that releases it, by whoever looks at its page or presses the button, and
//! that change asks what was found of this very content.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use ::store::Id;
use csaf::advisory::Advisory;
use csaf::validate::{self, Finding, Preset};
use csaf::write::Edition;
use formats::label::Tlp;
use jiff::{SignedDuration, Timestamp};
use press::Content;
use vault::blob::Hash;

use super::super::item::Version;
use super::super::store as publications;
use super::document;
use crate::{App, Error, Result};

/// Tests in which the judge of 2.1, who knows an earlier draft, finds what draft 04 allows.
const FALSE_ALARMS: [&str; 4] = ["6.1.27.13", "6.1.48", "6.1.50", "6.1.60.2"];
/// So many verdicts are remembered, for so long: that of a document differs from the one that leaves in its instant and its number.
const KEPT: usize = 64;
const HOLDS: SignedDuration = SignedDuration::from_mins(10);

type Verdict = (Hash, Timestamp, Arc<Vec<Finding>>);

/// The verdicts of late.
#[derive(Default)]
pub struct Memory(Mutex<VecDeque<Verdict>>);

impl Memory {
    fn find(&self, of: Hash, now: Timestamp) -> Option<Arc<Vec<Finding>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |at: Timestamp| (SignedDuration::ZERO..HOLDS).contains(&now.duration_since(at));
        known.iter().find(|(hash, at, _)| *hash == of && holds(*at)).map(|(_, _, found)| Arc::clone(found))
    }

    fn keep(&self, verdict: Verdict) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(hash, _, _)| *hash != verdict.0);
        known.push_front(verdict);
        known.truncate(KEPT);
    }
}

/// What a document is made of, but for its number and its instant.
pub struct Of<'a> {
    /// What it says.
    pub content: &'a Content,
    /// What this version changes.
    pub note: &'a str,
    /// Under which label it would leave.
    pub label: Tlp,
    /// What left before, the newest first.
    pub versions: &'a [Version],
    /// The language of a translation; empty for the original.
    pub language: &'a str,
}

impl Of<'_> {
    fn hash(&self) -> Result<Hash> {
        let last = self.versions.first().map(|last| (last.publication.to_string(), last.version, last.number.as_str()));
        let all = (self.content, self.note, self.label.as_str(), last, self.language);
        Ok(Hash::of(&serde_json::to_vec(&all).map_err(Error::fault)?))
    }
}

/// All that the tests of both editions find in a document made of this, what forbids it and what is only advised, each thing once.
pub fn found(app: &App, of: &Of<'_>, advisory: &Advisory) -> Result<Arc<Vec<Finding>>> {
    let (hash, now) = (of.hash()?, app.now());
    if let Some(known) = app.publications.judged.find(hash, now) {
        return Ok(known);
    }
    let found = Arc::new(against(advisory, &Edition::ALL, Preset::Full));
    app.publications.judged.keep((hash, now, Arc::clone(&found)));
    Ok(found)
}

/// What is found in a document, in each of these editions that it leaves as, each thing once.
pub fn against(advisory: &Advisory, editions: &[Edition], preset: Preset) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for edition in editions.iter().filter(|edition| document::fits(**edition, advisory.tlp)) {
        for finding in validate::advisory(advisory, *edition, preset).findings {
            let known = all.iter().any(|one| one.test == finding.test && one.field == finding.field);
            if !(known || *edition == Edition::V21 && FALSE_ALARMS.contains(&finding.test.as_str())) {
                all.push(finding);
            }
        }
    }
    all
}

/// Judges what a publication would leave now, in all its languages, where nobody waits for it.
pub async fn judge(app: &App, id: Id) -> Result<()> {
    let mut reader = app.db.read().await?;
    let one = publications::get(&mut reader, id).await?.filter(|one| one.kind == press::Kind::Advisory && one.is_open());
    let Some(one) = one else { return Ok(()) };
    let (versions, now) = (publications::versions(&mut reader, id).await?, reader.now());
    drop(reader);
    let app = app.clone();
    let work = move || {
        for (language, advisory) in document::leaving(&app, &one, &versions, (one.content.label, now))?.1 {
            let of = Of { content: &one.content, note: &one.note, label: one.content.label, versions: &versions, language: &language };
            found(&app, &of, &advisory)?;
        }
        Ok(())
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::fault)?
}
