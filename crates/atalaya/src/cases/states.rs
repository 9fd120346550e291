//! Open, resolved, abandoned: the states of a case and what follows from them.
//!
//! The state of a report is a function of the states of its cases: open while one is open,
//! resolved when they all ended and one was resolved, rejected when all were abandoned. So no
//! order of closing and reopening can leave a report behind.

use serde_json::json;
use store::{Id, Reader, Record, Tx, args};

use super::case::{Case, OUTCOMES};
use super::{party_store, see, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::KeptBy;
use crate::reports::linked;
use crate::reports::scope::{self, Scope};
use crate::{App, Error, Result, clocks};

/// How a case ends.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    /// One of [`OUTCOMES`].
    pub outcome: String,
    /// Words to it; needed when it was not possible.
    pub reason: String,
    /// Why no recommendation was sent, if none was.
    pub waiver: String,
}

/// Closes a case as resolved, with its outcome.
pub async fn close(app: &App, who: &Who, id: Id, closing: Closing) -> Result<()> {
    app.db.change(&who.to_string(), async |tx| close_in(tx, app, who, id, &closing).await).await
}

/// Closes a case inside a change that does more.
pub async fn close_in(tx: &mut Tx, app: &App, who: &Who, id: Id, closing: &Closing) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    let mut case = see::held(tx, who, id).await?;
    must_be_open(&case)?;
    if !OUTCOMES.iter().any(|(outcome, _, _)| *outcome == closing.outcome) {
        return Err(Error::invalid("Choose how the case ended"));
    }
    let (reason, waiver) = (closing.reason.trim(), closing.waiver.trim());
    if closing.outcome == "not_possible" && reason.is_empty() {
        return Err(Error::invalid("Say why it was not possible"));
    }
    if needs_recommendation(tx, &case).await? {
        if waiver.is_empty() {
            return Err(Error::invalid("Send a recommendation first, or say why none is needed"));
        }
        require(who, Verb::Decide, Noun::Case)?;
        case.waiver_by = who.person().map(|person| person.id);
        case.waiver_reason = waiver.to_owned();
    }
    case.state = "resolved".into();
    case.outcome = Some(closing.outcome.clone());
    case.outcome_reason = reason.to_owned();
    case.closed_at = Some(tx.now());
    rows::save(tx, &mut case).await?;
    clocks::stop_those(tx, app, case.id, |kept_by| kept_by == KeptBy::Closing).await?;
    let ended = clocks::conclude(tx, case.id, "closed").await?;
    tx.record(
        Record::new("case.closed", "case", case.id)
            .facts(json!({ "outcome": closing.outcome, "waived": case.waiver_by.is_some(), "clocks": ended }))
            .particulars(json!({ "reason": reason, "waiver": case.waiver_reason })),
    );
    settle_all(tx, &case).await?;
    refresh_due(tx, case.id).await
}

/// Gives a case up: it was none, or it is not ours to follow.
pub async fn abandon(app: &App, who: &Who, id: Id, reason: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::held(tx, who, id).await?;
            must_be_open(&case)?;
            if reason.trim().is_empty() {
                return Err(Error::invalid("Say why the case is abandoned"));
            }
            case.state = "abandoned".into();
            case.outcome = None;
            case.outcome_reason = reason.trim().to_owned();
            case.closed_at = Some(tx.now());
            rows::save(tx, &mut case).await?;
            let ended = clocks::give_up(tx, case.id, "abandoned").await?;
            tx.record(Record::new("case.abandoned", "case", case.id).facts(json!({ "clocks": ended })).particulars(json!({ "reason": reason.trim() })));
            settle_all(tx, &case).await?;
            refresh_due(tx, case.id).await
        })
        .await
}

/// Takes a closed or abandoned case up again.
pub async fn reopen(app: &App, who: &Who, id: Id, reason: &str) -> Result<()> {
    app.db.change(&who.to_string(), async |tx| take_up_in(tx, who, id, reason).await.map(drop)).await
}

/// Takes a case up again that was closed by mistake: what closing kept counts on.
pub async fn take_back(app: &App, who: &Who, id: Id, reason: &str) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let before = take_up_in(tx, who, id, reason).await?;
            if let Some(closed_at) = before.closed_at {
                clocks::unkeep(tx, app, before.id, closed_at).await?;
            }
            refresh_due(tx, before.id).await
        })
        .await
}

/// Takes it up. Says what it was before.
async fn take_up_in(tx: &mut Tx, who: &Who, id: Id, reason: &str) -> Result<Case> {
    require(who, Verb::Change, Noun::Case)?;
    let case = see::held(tx, who, id).await?;
    if case.is_open() {
        return Err(Error::conflict("This case is open already."));
    }
    if case.merged_into.is_some() {
        return Err(Error::conflict("This case was merged into another one and lives on there."));
    }
    reopen_in(tx, case.id, reason).await?;
    Ok(case)
}

/// Takes a case up again, whatever for. A merged case hands on to the one it lives on
/// in. Says which case is open now.
pub async fn reopen_in(tx: &mut Tx, id: Id, reason: &str) -> Result<Id> {
    see::hold(tx, &[id]).await?;
    let mut case = lives_in(tx, id).await?;
    if !case.is_open() {
        let was = std::mem::replace(&mut case.state, "open".into());
        (case.outcome, case.closed_at, case.waiver_by) = (None, None, None);
        case.outcome_reason.clear();
        case.waiver_reason.clear();
        rows::save(tx, &mut case).await?;
        party_store::clear_all_asked(tx, case.id).await?;
        match ended_with(tx, case.id).await? {
            Some(clocks) => clocks::revive_these(tx, case.id, &clocks).await?,
            None => clocks::revive(tx, case.id, |_| true).await?,
        }
        tx.record(Record::new("case.reopened", "case", case.id).facts(json!({ "was": was })).particulars(json!({ "reason": reason.trim() })));
        settle_all(tx, &case).await?;
        refresh_due(tx, case.id).await?;
    }
    Ok(case.id)
}

/// The clocks that the last end of a case ended without a verdict; nothing, if it ended before that was written down.
async fn ended_with(tx: &mut Tx, id: Id) -> Result<Option<Vec<Id>>> {
    let text = "select facts from journal where about = $1 and noun_id = $1 and verb in ('case.closed', 'case.abandoned') order by seq desc limit 1";
    let facts: Option<String> = tx.value(text, args![id]).await?;
    Ok(facts.as_deref().and_then(clocks::named_in))
}

/// A report was taken up again: so are its cases.
pub async fn reopen_for_report_in(tx: &mut Tx, report: Id, reason: &str) -> Result<()> {
    for case in rows::cases_of_all(tx, &[report]).await? {
        reopen_in(tx, case, reason).await?;
    }
    refresh_due_of_report(tx, report).await
}

/// Whether a report stands in any case, seen or unseen.
pub async fn has_report(reader: &mut Reader, report: Id) -> Result<bool> {
    Ok(!rows::cases_of(reader, report).await?.is_empty())
}

/// The case that a merged one lives on in; itself, if it was not merged.
pub async fn lives_in(reader: &mut Reader, id: Id) -> Result<Case> {
    let mut case = rows::load(reader, id).await?;
    // Merges make no circle (a target is never a merged case), but a broken row must not hang us.
    for _ in 0..32 {
        match case.merged_into {
            Some(next) => case = rows::load(reader, next).await?,
            None => break,
        }
    }
    Ok(case)
}

/// The first substantive answer went out to who reported: the time `responded`, if nobody set one.
pub async fn mark_responded_in(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    tx.execute("update cases set responded_at = $2, updated_at = $2, version = version + 1 where id = $1 and responded_at is null", args![id, now]).await?;
    refresh_due(tx, id).await
}

/// Something happened in the case: it moves up in the list.
pub async fn touch_in(tx: &mut Tx, id: Id) -> Result<()> {
    rows::touch(tx, id).await
}

/// Due is the earliest running clock, of the case or of one of its reports, or open task.
pub async fn refresh_due(tx: &mut Tx, id: Id) -> Result<()> {
    let mut about = rows::reports(tx, id).await?;
    about.push(id);
    let clocks = clocks::of_many(tx, &about).await?;
    let running = clocks.iter().filter(|clock| clock.state == "running").map(|clock| clock.due_at).min();
    let task = rows::first_task_due(tx, id).await?;
    rows::set_due(tx, id, running.into_iter().chain(task).min()).await
}

/// A clock of a report started, stopped or was held: what its cases have due follows.
pub async fn refresh_due_of_report(tx: &mut Tx, report: Id) -> Result<()> {
    for case in rows::cases_of_all(tx, &[report]).await? {
        refresh_due(tx, case).await?;
    }
    Ok(())
}

/// Whether the case may not close before a recommendation was sent or waived.
pub async fn needs_recommendation(reader: &mut Reader, case: &Case) -> Result<bool> {
    // What was asked for as advice is answered with it; a case that was none is abandoned.
    if case.kind == "advice" || !in_scope(reader, case.id).await? {
        return Ok(false);
    }
    let sent: Option<i64> =
        reader.value("select 1 from recommendations where case_id = $1 and message_id is not null and state <> 'withdrawn' limit 1", args![case.id]).await?;
    Ok(sent.is_none())
}

/// Whether the case is ours: a constituent is its target, its source or an intermediary (the L2
/// truth table, [`scope::judge`]). While nobody is known to be one of these, what was decided of
/// the reports counts: one that is ours is enough, and it is not ours when none of them is.
pub(super) async fn scope_of(reader: &mut Reader, id: Id) -> Result<Scope> {
    let engaged = rows::engaged(reader, id).await?;
    let by_parties = scope::judge(engaged.iter().map(|(role, status)| (role.as_str(), status.as_str())));
    if by_parties != Scope::Unknown {
        return Ok(by_parties);
    }
    let linked = rows::reports(reader, id).await?;
    let decided = linked::scopes(reader, &linked).await?;
    Ok(match () {
        () if decided.iter().any(|scope| scope == "in") => Scope::In,
        () if !decided.is_empty() && decided.iter().all(|scope| scope == "out") => Scope::Out,
        () => Scope::Unknown,
    })
}

/// Whether the team has its duties in the case: it has them until it is decided that the case is not ours.
pub(super) async fn in_scope(reader: &mut Reader, id: Id) -> Result<bool> {
    Ok(scope_of(reader, id).await? != Scope::Out)
}

pub(super) async fn settle_all(tx: &mut Tx, case: &Case) -> Result<()> {
    let mut reports = rows::reports(tx, case.id).await?;
    // In one order for all cases, so that two that end at once wait for each other in turn.
    reports.sort_unstable();
    tx.hold_all("reports", &reports).await?;
    for report in reports {
        settle(tx, case, report).await?;
    }
    Ok(())
}

/// Gives a report the state that its cases say. `case` is the one that has just changed.
pub(super) async fn settle(tx: &mut Tx, case: &Case, report: Id) -> Result<()> {
    // Held first: another case of it may be changing at this moment, and whoever comes second sees both.
    tx.hold("reports", report).await?;
    let cases = rows::cases_of(tx, report).await?;
    let active = cases.iter().find(|(_, state)| state == "open");
    let state = match (cases.is_empty(), active) {
        (true, _) => "new",
        (_, Some(_)) => "open",
        _ if cases.iter().any(|(_, state)| state == "resolved") => "resolved",
        _ => "rejected",
    };
    if linked::follow_in(tx, report, state, case.id).await? {
        refresh_due_of_report(tx, report).await?;
    }
    if let (false, Some((other, _))) = (case.is_open(), active) {
        // The report stays open because of another case, and both timelines say so.
        tx.record(Record::new("report.kept_open", "report", report).facts(json!({ "closed": case.id, "open": other })));
        tx.record(Record::new("report.kept_open", "report", report).about(case.id).facts(json!({ "report": report, "open": other })));
    }
    Ok(())
}

pub(super) fn must_be_open(case: &Case) -> Result<()> {
    if case.is_open() { Ok(()) } else { Err(Error::conflict(format!("{} is {}: reopen it first.", case.number, case.state))) }
}
