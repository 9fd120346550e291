//! What comes after the end of a case: it waits for somebody to say whether work goes on, and what was promised to who asks
//! again counts from when it came, until it is answered, left ended, or the case is taken up again.

use jiff::Timestamp;
use serde_json::json;
use store::{Id, Line, Record, Tx};

use super::parties::{self, Party};
use super::{Case, lives_in, mark_responded_in, message_store, party_store as rows, refresh_due, refresh_due_of_report, see, touch_in};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::KeptBy;
use crate::{App, Error, Result, clocks, reports};

/// Why a clock ended that began after the end.
const LEFT: &str = "it needs no answer, and the case stays as it ended";

/// Somebody wrote after the case had ended, and waits for an answer again: the case's promises count from then
/// and, if it was a reporter, those to the reporter.
pub(super) async fn asked_again(tx: &mut Tx, app: &App, case: &Case, report: Option<Id>, since: Timestamp) -> Result<()> {
    let facts = clocks::Facts::opened(&case.kind);
    clocks::renew(tx, app, "case", case.id, &facts, since).await?;
    if let Some(report) = report {
        tx.hold("reports", report).await?;
        reports::asked_again_in(tx, app, report, since).await?;
        refresh_due_of_report(tx, report).await?;
    }
    refresh_due(tx, case.id).await
}

/// Somebody made sure that a party wrote a message. One that came after the end, and that nobody has answered or left since,
/// is asked now: what was promised counts from when it came, and where the case has ended it waits for a decision.
/// `lines` is the journal of the case.
pub(super) async fn made_sure(tx: &mut Tx, app: &App, case: &Case, party: &Party, (message, at): (Id, Timestamp), lines: &[Line]) -> Result<()> {
    // Until such answers waited for a decision, they took up again what had ended.
    let after_end = |line: &&Line| ["after_end", "reopened"].iter().any(|fact| line.details().get(fact) == Some(&json!(true)));
    let Some(came) = lines.iter().find(|line| line.verb == "message.received" && line.id == message).filter(after_end) else { return Ok(()) };
    let here = |line: &Line| line.details().get("parties").and_then(|ids| ids.as_array()).is_some_and(|ids| ids.contains(&json!(party.id)));
    let left = lines.iter().any(|line| line.seq > came.seq && line.verb == "case.left_ended" && here(line));
    let waits = party.asked_at.is_some_and(|since| since <= at);
    if !waits && (left || message_store::was_answered_since(tx, party.id, at).await?) {
        return Ok(());
    }
    if !case.is_open() {
        rows::set_asked(tx, party.id, at).await?;
    }
    asked_again(tx, app, case, party.report, at).await
}

/// What was written after the end gives no work: the case stays as it ended, and what was promised to who wrote ends
/// without a verdict, by a decision that has a name. `seen` is the moment of the case that was looked at, as
/// [`Case::seen`] says it: what came since is looked at first.
pub async fn leave_ended(app: &App, who: &Who, id: Id, seen: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let case = see::held(tx, who, id).await?;
            if !seen.is_empty() && seen != case.seen() {
                return Err(Error::conflict("Something came or was changed meanwhile: look at the case once more."));
            }
            let mut asked = parties::of(tx, &case).await?;
            asked.retain(|party| party.asked_at.is_some());
            if case.is_open() || asked.is_empty() {
                return Err(Error::conflict("Nothing waits for this decision: somebody else took it, or the case is open."));
            }
            tx.hold_all("reports", &asked.iter().filter_map(|party| party.report).collect::<Vec<_>>()).await?;
            for (report, since) in asked.iter().filter_map(|party| Some((party.report?, party.asked_at?))) {
                void_here(tx, app, &case, report, since).await?;
            }
            rows::clear_all_asked(tx, case.id).await?;
            let (ids, names): (Vec<Id>, Vec<&str>) = asked.iter().map(|party| (party.id, party.name.as_str())).unzip();
            tx.record(Record::new("case.left_ended", "case", case.id).facts(json!({ "parties": ids })).particulars(json!({ "names": names })));
            rest_in(tx, case.id).await
        })
        .await
}

/// What a reporter wrote in this ended case needs no answer. What the same reporter wrote in another one waits on there,
/// and counts from when it came.
async fn void_here(tx: &mut Tx, app: &App, case: &Case, report: Id, since: Timestamp) -> Result<()> {
    clocks::void_since(tx, report, since, LEFT).await?;
    let mut elsewhere: Option<Timestamp> = None;
    for party in rows::parties_of_report(tx, report).await?.into_iter().filter(|party| party.case != case.id) {
        if let Some(asked) = party.asked_at {
            let (_, own) = message_store::first_since(tx, party.id, asked).await?;
            elsewhere = elsewhere.into_iter().chain(own).min();
        }
    }
    match elsewhere {
        Some(asked) => reports::asked_again_in(tx, app, report, asked).await?,
        None => reports::refresh_due(tx, report).await?,
    }
    refresh_due_of_report(tx, report).await
}

/// A party was answered: what it wrote after the end of the case, and somebody has read, waits no longer. What came while
/// the answer was on its way waits on, and what was promised counts from when that came. Once nothing waits, nobody works
/// on the case, and no promise of its own runs on.
pub(super) async fn answered_in(tx: &mut Tx, app: &App, case: &Case, party: &Party) -> Result<()> {
    let Some(asked) = party.asked_at else { return Ok(()) };
    let (unread, own) = match party.unread_at {
        // What came before was decided, read or not.
        Some(since) => message_store::first_since(tx, party.id, since.max(asked)).await?,
        None => (None, None),
    };
    let waits = rows::answer_asked(tx, party, unread).await?;
    if let Some(own) = own {
        asked_again(tx, app, case, party.report, own).await?;
    }
    if waits { Ok(()) } else { rest_in(tx, case.id).await }
}

/// Something was taken out of a party's thread after the end: what the rest of the thread asks waits on, and nothing else.
pub(super) async fn taken_back_in(tx: &mut Tx, app: &App, case: &Case, party: &Party) -> Result<()> {
    let Some(since) = party.asked_at else { return Ok(()) };
    let (asked, own) = message_store::first_since(tx, party.id, since).await?;
    if asked == Some(since) {
        return Ok(());
    }
    if let Some(report) = party.report {
        tx.hold("reports", report).await?;
        void_here(tx, app, case, report, since).await?;
    }
    if !rows::answer_asked(tx, party, asked).await? {
        rest_in(tx, case.id).await?;
    }
    match own {
        Some(own) => asked_again(tx, app, case, party.report, own).await,
        None => Ok(()),
    }
}

/// Who reported sealed was answered in the sealed dialogue, and not in a thread of the case: what the case promised to who
/// reported is kept all the same.
pub async fn answered_sealed_in(tx: &mut Tx, app: &App, case: Id) -> Result<()> {
    let case = lives_in(tx, case).await?.id;
    see::hold(tx, &[case]).await?;
    clocks::stop_those(tx, app, case, |kept_by| kept_by == KeptBy::Answer).await?;
    mark_responded_in(tx, case).await
}

/// Nobody works on a case that has ended.
async fn rest_in(tx: &mut Tx, id: Id) -> Result<()> {
    clocks::void(tx, id, LEFT).await?;
    touch_in(tx, id).await?;
    refresh_due(tx, id).await
}
