//! What a report turned out to be. One that its reporter had sent before is answered with the first.

use ::store::{Id, Record, Tx, args};
use serde_json::json;

use super::Verdict;
use super::placed::PLACED;
use super::report::Report;
use super::states::{must, step};
use super::verbs::{on, refresh_due, taken_up};
use crate::access::Who;
use crate::clocks;
use crate::{App, Error, Result};

/// Says what the report turned out to be, and how sure we are. It may be said again; the journal keeps all.
/// What somebody sent twice is answered once: it is resolved with the first, until the verdict is another.
pub async fn set_verdict(app: &App, who: &Who, id: Id, verdict: Verdict, confidence: &str) -> Result<()> {
    if !["low", "medium", "high"].contains(&confidence) {
        return Err(Error::invalid("Say how sure you are: low, medium or high."));
    }
    on(app, who, id, async |tx, report| {
        let first = if let Verdict::DuplicateOf(of) = verdict {
            let first = must(tx, of).await?;
            if repeats(tx, &first, report.id).await? {
                return Err(Error::conflict("A report cannot repeat itself."));
            }
            Some(first)
        } else {
            None
        };
        let (of, now) = (first.as_ref().map(|first| first.id), tx.now());
        tx.execute(
            "update reports set verdict = $2, confidence = $3, duplicate_of = $4, updated_at = $5, version = version + 1 where id = $1",
            args![id, verdict.as_str(), confidence, of, now],
        )
        .await?;
        tx.record(Record::new("report.judged", "report", id).facts(json!({
            "verdict": verdict.as_str(), "confidence": confidence, "before": report.verdict, "duplicate_of": of,
        })));
        let was = is_answered_with_first(&report);
        match first.filter(|first| report.is_answered_with(&first.reporter_mail, &first.state)) {
            Some(first) => answer_with(tx, &report, &first).await,
            None if was => {
                step(tx, &report, "open").await?;
                taken_up(tx, app, &report, false).await
            }
            None => Ok(()),
        }
    })
    .await
}

/// Whether it was resolved as something that is answered elsewhere: with the first report, or in a thread.
pub(super) fn is_answered_elsewhere(report: &Report) -> bool {
    is_answered_with_first(report) || (report.state == "resolved" && report.disposition.as_deref() == Some(PLACED))
}

/// Whether it was resolved as something that its reporter had told us already.
fn is_answered_with_first(report: &Report) -> bool {
    report.state == "resolved" && report.disposition.as_deref() == Some(DUPLICATE)
}

/// The answer to the first report is the answer to this one.
async fn answer_with(tx: &mut Tx, report: &Report, first: &Report) -> Result<()> {
    let id = report.id;
    if !is_answered_with_first(report) {
        step(tx, report, "resolved").await?;
    }
    tx.execute("update reports set disposition = $2, disposition_reason = $3 where id = $1", args![id, DUPLICATE, &first.number]).await?;
    clocks::conclude(tx, id, &format!("answered with {}", first.number)).await?;
    refresh_due(tx, id).await?;
    tx.record(Record::new("report.resolved", "report", id).facts(json!({ "with": first.number })));
    Ok(())
}

/// Whether a report is that one, or repeats it over any number of others.
async fn repeats(tx: &mut Tx, report: &Report, that: Id) -> Result<bool> {
    let (mut at, mut passed) = (Some(report.id), std::collections::HashSet::new());
    while let Some(id) = at.filter(|id| passed.insert(*id)) {
        if id == that {
            return Ok(true);
        }
        at = tx.value::<Option<Id>>("select duplicate_of from reports where id = $1", args![id]).await?.flatten();
    }
    Ok(false)
}

impl Report {
    /// Whether the answer to another report, of this reporter's address and in this state, answers this one: it
    /// is the same person who sent both, and no case works on this one.
    pub fn is_answered_with(&self, mail: &str, state: &str) -> bool {
        let disposition = self.disposition.as_deref();
        let free = (matches!(self.state.as_str(), "new" | "open") && disposition != Some("case")) || disposition == Some(DUPLICATE);
        free && state != "rejected" && !mail.is_empty() && mail.eq_ignore_ascii_case(&self.reporter_mail)
    }
}

/// How a report ends that its reporter had sent before.
const DUPLICATE: &str = "duplicate";
