//! What was found, as lines of a page. What the viewer may not know of has no line.

use std::collections::HashMap;

use ::store::{Id, Reader};
use jiff::Timestamp;

use crate::access::Who;
use crate::constituency::found::Line as Organisation;
use crate::{Result, cases, reports};

/// One line of what was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What it is: `report`, `case`, `message`, ...
    pub noun: String,
    /// Where.
    pub path: String,
    /// Public number of the report or case.
    pub number: String,
    /// Title.
    pub title: String,
    /// State of the report or case.
    pub state: String,
    /// What else to know: kind, state, who.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

/// Where an observable stands.
#[derive(Clone, Debug)]
pub struct Sighted {
    /// What it is.
    pub kind: String,
    /// Its value.
    pub value: String,
    /// How it fits what was asked, if it is not the same.
    pub why: &'static str,
    /// Reports and cases, newest first.
    pub hits: Vec<Hit>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// It was a number: there.
    pub jump: Option<String>,
    /// Whether the question was an address, name or hash and nothing else.
    pub exact: bool,
    /// Observables.
    pub sighted: Vec<Sighted>,
    /// Whether there are more addresses in a network than were looked up.
    pub more_addresses: bool,
    /// Organisations.
    pub organisations: Vec<Organisation>,
    /// By words.
    pub hits: Vec<Hit>,
    /// Where the next page of words begins.
    pub next: Option<i64>,
}

impl Found {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.sighted.iter().all(|one| one.hits.is_empty() && one.next.is_none()) && self.organisations.is_empty() && self.hits.is_empty()
    }
}

/// Lines of reports and cases, read together; a case that the viewer may not know of is not among them.
#[derive(Default)]
pub(super) struct Known {
    reports: HashMap<Id, reports::Line>,
    cases: HashMap<Id, cases::lookup::Line>,
}

impl Known {
    pub async fn read(reader: &mut Reader, who: &Who, reports: impl Iterator<Item = Id>, cases: impl Iterator<Item = Id>) -> Result<Self> {
        let once = |mut ids: Vec<Id>| {
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let mut ids = once(reports.collect());
        let hidden = cases::hidden_reports(reader, who, &ids).await?;
        ids.retain(|id| !hidden.contains(id));
        let reports = reports::lines(reader, &ids).await?;
        let cases = cases::lookup::lines(reader, who, &once(cases.collect())).await?;
        Ok(Self { reports: reports.into_iter().map(|line| (line.id, line)).collect(), cases: cases.into_iter().map(|line| (line.id, line)).collect() })
    }

    pub fn report(&self, id: Id) -> Option<Hit> {
        let line = self.reports.get(&id)?;
        let who = if line.reporter.is_empty() { "anonymous" } else { &line.reporter };
        Some(Hit {
            noun: "report".into(),
            path: format!("/inbox/{}", line.number),
            number: line.number.clone(),
            title: line.title.clone(),
            state: line.state.clone(),
            words: format!("{} · {} · {who}, by {}", line.state, line.kind, line.channel),
            at: line.received_at,
        })
    }

    pub fn case(&self, id: Id) -> Option<Hit> {
        let line = self.cases.get(&id)?;
        Some(Hit {
            noun: "case".into(),
            path: format!("/cases/{}", line.number),
            number: line.number.clone(),
            title: line.title.clone(),
            state: line.state.clone(),
            words: format!(
                "{} · {} · {}",
                if line.merged_into.is_some() { "merged into another case" } else { &line.state },
                line.kind.replace('_', " "),
                line.severity
            ),
            at: line.updated_at,
        })
    }
}
