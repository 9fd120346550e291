//! What a holder was not told of yet: its rows of some files, folded into findings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use ::lake::Holders;
use ::lake::holders::Subject;
use formats::feed::Row;
use jiff::Timestamp;

use super::compare::{Fate, Judge, Passed};
use super::group::{Finding, Gathered};
use super::key::Key;
use super::standing::Known;
use crate::events::lake;
use crate::{App, Result};

/// Where events lie that arrived: arrival, day, the file's number, when it was read.
pub type Arrival = (i64, i64, i64, Timestamp);

/// What was not told yet.
#[derive(Debug)]
pub struct Waiting {
    /// Findings, for [`super::compare::compare`].
    pub findings: BTreeMap<Key, Finding>,
    /// Those that were looked at and left out.
    pub passed: Passed,
    /// Whether that is all that there is.
    pub whole: bool,
}

/// Reads the rows of a holder that came with these arrivals, and were not told. Where there are more findings than one
/// notice speaks of, it is the first of those that are told now: they are gone through in their order, as many at a time
/// as one notice speaks of, and what is not told takes no room.
pub async fn gather(app: &App, holder: i64, arrivals: &[Arrival], known: &Arc<Vec<Known>>, judge: &Judge<'_>) -> Result<Waiting> {
    let mut page = look(app, holder, arrivals, known, None).await?;
    if !page.full {
        return Ok(Waiting { findings: page.findings, passed: Passed::default(), whole: true });
    }
    let most = app.profile.events.max_findings;
    let mut waiting = Waiting { findings: BTreeMap::new(), passed: Passed::default(), whole: true };
    loop {
        let (more, last) = (page.full, page.findings.keys().next_back().cloned());
        for (key, finding) in page.findings {
            match judge.fate(&finding) {
                Fate::Told(_) if waiting.findings.len() < most => drop(waiting.findings.insert(key, finding)),
                Fate::Told(_) => waiting.whole = false,
                fate => waiting.passed.note(&finding, fate),
            }
        }
        waiting.whole &= !more || waiting.findings.len() < most;
        if !more || !waiting.whole {
            return Ok(waiting);
        }
        page = look(app, holder, arrivals, known, last).await?;
    }
}

async fn look(app: &App, holder: i64, arrivals: &[Arrival], known: &Arc<Vec<Known>>, after: Option<Key>) -> Result<Gathered> {
    let start = Gathered::new(known.clone(), app.profile.labels.default, app.profile.events.max_findings, after);
    let (days, files) = places(arrivals);
    if files.is_empty() {
        return Ok(start);
    }
    lake::fold_events(app, holder, days, start, move |gathered, event| {
        if let Some(arrival) = files.get(&event.file) {
            gathered.add(event, *arrival);
        }
        true
    })
    .await
}

/// Whose things are by the registry of now: a changed network is rematched a minute later, and behind every file that waits.
pub struct Registry {
    holder: i64,
    holders: Arc<Holders>,
}

impl Registry {
    /// As it is now, for one holder.
    pub async fn now(app: &App, holder: i64) -> Result<Self> {
        Ok(Self { holder, holders: lake::holders(app).await? })
    }

    /// Which one.
    pub fn version(&self) -> i64 {
        self.holders.version()
    }

    /// Whether a finding is the holder's, by what was held at an instant.
    pub fn gives(&self, finding: &Finding, at: i64) -> bool {
        let (key, mut found) = (&finding.key, Vec::new());
        let subject = Subject { ip: key.ip.unwrap_or(Row::NO_IP), prefix: key.prefix, asn: finding.asn, domain: &key.domain, observed: at, flags: 0 };
        self.holders.find(subject, &mut found);
        found.iter().any(|held| held.holder == self.holder)
    }

    /// Those of the findings that a holder was told of which are not its own any more: what was given to others.
    pub fn left(&self, known: &[Known], now: i64) -> BTreeSet<Key> {
        let open = known.iter().filter(|known| !known.gone || known.left);
        open.filter(|known| !self.gives(&known.finding, now)).map(|known| known.finding.key.clone()).collect()
    }
}

/// The days to look at, and the arrival of each file.
pub fn places(arrivals: &[Arrival]) -> (Vec<i32>, HashMap<i64, i64>) {
    let days: BTreeSet<i32> = arrivals.iter().filter_map(|(_, day, ..)| i32::try_from(*day).ok()).collect();
    (days.into_iter().collect(), arrivals.iter().map(|(arrival, _, file, _)| (*file, *arrival)).collect())
}
