//! What its reporter wrote after the end of a report takes it up again, since nobody looks at what has ended. Where that
//! needs no answer, a word of thanks for one, the report ends once more as it had.

use ::store::{Id, Line, Record, args};
use serde_json::{Value as Json, json};

use super::states::step;
use super::verbs::{on, refresh_due};
use crate::access::Who;
use crate::{App, Error, Result, clocks};

/// What decides how a report stands.
const DECIDES: [&str; 10] = [
    "report.answered",
    "report.advised",
    "report.referred",
    "report.rejected",
    "report.resolved",
    "report.placed",
    "report.unplaced",
    "report.opened",
    "report.reopened",
    "report.left_ended",
];

/// The answer that took a report up again, if nothing was decided since: an entry of the report's journal.
pub fn taken_up_by(lines: &[Line]) -> Option<&Line> {
    let woke = |line: &Line| line.verb != "report.answered" || line.details().get("was").is_some_and(Json::is_object);
    let last = lines.iter().rev().find(|line| DECIDES.contains(&line.verb.as_str()) && woke(line))?;
    (last.verb == "report.answered").then_some(last)
}

/// The number of the newest answer's entry in a report's journal; 0 when nobody answered.
pub fn newest_answer(lines: &[Line]) -> u64 {
    lines.iter().filter(|line| line.verb == "report.answered").map(|line| line.seq).max().unwrap_or(0)
}

/// Ends a report once more as it had ended before its reporter wrote: that needs no answer. What was promised since ends
/// without a verdict, by a decision that has a name.
/// `seen` is the [`newest_answer`] that was looked at.
pub async fn leave_ended(app: &App, who: &Who, id: Id, seen: &str) -> Result<()> {
    on(app, who, id, async |tx, report| {
        let lines = tx.journal_about(id, 500).await?;
        if !seen.is_empty() && seen != newest_answer(&lines).to_string() {
            return Err(Error::conflict("Something more was written meanwhile: read it first."));
        }
        let waits = taken_up_by(&lines).filter(|_| report.state == "open" && report.disposition.is_none());
        let facts = waits.map(Line::details).ok_or_else(|| Error::conflict("Nothing that was written after its end waits: somebody decided already."))?;
        let was = |key: &str| facts.get("was").and_then(|was| was.get(key)).and_then(Json::as_str);
        let (state, reason) = (was("state").unwrap_or("resolved"), facts.get("reason").and_then(Json::as_str).unwrap_or_default());
        step(tx, &report, if state == "rejected" { "rejected" } else { "resolved" }).await?;
        tx.execute("update reports set disposition = $2, disposition_reason = $3 where id = $1", args![id, was("disposition"), reason]).await?;
        let (why, message) = ("it needs no answer, and the report stays as it ended", facts.get("message").and_then(Json::as_str));
        if let Some(message) = message.and_then(|id| id.parse::<Id>().ok())
            && let Some(came) = tx.value("select at from messages where id = $1", args![message]).await?
        {
            clocks::void_since(tx, id, came, why).await?;
        }
        // What was missed before, and ran on since, stays missed.
        clocks::conclude(tx, id, why).await?;
        refresh_due(tx, id).await?;
        tx.record(Record::new("report.left_ended", "report", id).facts(json!({ "state": state })));
        Ok(())
    })
    .await
}
