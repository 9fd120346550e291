//! Starting, holding and stopping clocks.

use jiff::Timestamp;
use serde_json::json;
use store::{Id, Record, Tx};

use super::{Clock, Facts, Pause, store as sql};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::{Anchor, Asked, KeptBy};
use crate::{App, Error, Result};

/// Starts the clocks of every promise that applies. Gives the earliest moment at which one is due.
pub async fn start(tx: &mut Tx, app: &App, noun: &'static str, about: Id, facts: &Facts, anchor: Timestamp) -> Result<Option<Timestamp>> {
    begin(tx, app, noun, about, facts, anchor, &[]).await
}

/// Somebody asks again after an answer: each promise that no clock runs for begins anew.
pub async fn renew(tx: &mut Tx, app: &App, noun: &'static str, about: Id, facts: &Facts, anchor: Timestamp) -> Result<()> {
    let running: Vec<String> = sql::of(tx, about).await?.into_iter().filter(Clock::runs).map(|clock| clock.promise).collect();
    begin(tx, app, noun, about, facts, anchor, &running).await.map(drop)
}

async fn begin(tx: &mut Tx, app: &App, noun: &'static str, about: Id, facts: &Facts, anchor: Timestamp, there: &[String]) -> Result<Option<Timestamp>> {
    let mut first: Option<Timestamp> = None;
    let event = if facts.event == "opened" { Anchor::Opened } else { Anchor::Received };
    let asked = Asked { kind: &facts.kind, advice: facts.kind == "advice", help: facts.help, urgent: facts.urgent };
    for promise in app.profile.promises_for(asked).filter(|promise| promise.anchor == event && !there.contains(&promise.id)) {
        let Some(due_at) = promise.due(anchor, &[]).at() else { continue };
        let clock = Clock {
            id: tx.new_id(),
            about,
            noun: noun.to_owned(),
            promise: promise.id.clone(),
            anchor_at: anchor,
            amount: promise.duration.amount,
            unit: promise.duration.unit.as_str().to_owned(),
            reading: promise.duration.reading.as_str().to_owned(),
            calendar: promise.calendar.id().to_owned(),
            calendar_version: promise.calendar.version(),
            due_at,
            state: "running".into(),
            stopped_at: None,
            pauses: Vec::new(),
            version: 1,
        };
        first = first.into_iter().chain([due_at]).min();
        sql::add(tx, &clock).await?;
        tx.record(Record::new("clock.started", "clock", clock.id).about(about).facts(json!({
            "promise": clock.promise, "anchor": clock.anchor_at, "due": clock.due_at, "calendar": clock.calendar, "calendar_version": clock.calendar_version
        })));
    }
    Ok(first)
}

/// Stops the clocks of a report or case: a human, substantive answer went out. Says whether any ran.
pub async fn stop(tx: &mut Tx, app: &App, about: Id) -> Result<bool> {
    stop_those(tx, app, about, |_| true).await
}

/// Stops the clocks of those promises that what was done keeps. Says whether any ran.
pub async fn stop_those(tx: &mut Tx, app: &App, about: Id, keeps: impl Fn(KeptBy) -> bool) -> Result<bool> {
    let now = tx.now();
    let mut any = false;
    for mut clock in sql::of(tx, about).await?.into_iter().filter(|clock| clock.runs() && keeps(clock.kept_by(&app.profile))) {
        end_pause(app, &mut clock, now)?;
        clock.state = if now <= clock.due_at { "kept" } else { "missed" }.into();
        clock.stopped_at = Some(now);
        write(tx, &clock).await?;
        tx.record(stopped(&clock));
        any = true;
    }
    Ok(any)
}

/// Ends clocks that no longer make sense (merged, deleted), without a verdict. Says which.
pub async fn void(tx: &mut Tx, about: Id, reason: &str) -> Result<Vec<Id>> {
    let mut voided = Vec::new();
    for clock in sql::of(tx, about).await?.into_iter().filter(Clock::runs) {
        voided.push(clock.id);
        end(tx, clock, reason).await?;
    }
    Ok(voided)
}

/// Ends the clocks that began at an instant or later, without a verdict: somebody of the team found that what began them
/// wants no answer.
pub async fn void_since(tx: &mut Tx, about: Id, since: Timestamp, reason: &str) -> Result<()> {
    for clock in sql::of(tx, about).await?.into_iter().filter(|clock| clock.runs() && clock.anchor_at >= since) {
        end(tx, clock, reason).await?;
    }
    Ok(())
}

/// What the clocks ran for is closed: a promise whose time is over was missed, any other ends without a verdict. Says
/// which ended without one.
pub async fn conclude(tx: &mut Tx, about: Id, reason: &str) -> Result<Vec<Id>> {
    Ok(end_all(tx, about, reason).await?.into_iter().filter_map(|(id, late)| (!late).then_some(id)).collect())
}

/// What the clocks ran for is given up (rejected, abandoned), which may be taken back: [`conclude`], that says all that
/// ended. Who gives up too late has missed the promise all the same, as long as it stays given up.
pub async fn give_up(tx: &mut Tx, about: Id, reason: &str) -> Result<Vec<Id>> {
    Ok(end_all(tx, about, reason).await?.into_iter().map(|(id, _)| id).collect())
}

/// Ends all that run; says which, and whether its time was over.
async fn end_all(tx: &mut Tx, about: Id, reason: &str) -> Result<Vec<(Id, bool)>> {
    let (now, mut ended) = (tx.now(), Vec::new());
    for clock in sql::of(tx, about).await?.into_iter().filter(Clock::runs) {
        let late = clock.is_late(now);
        ended.push((clock.id, late));
        finish(tx, clock, now, reason).await?;
    }
    Ok(ended)
}

/// A clock of what is closed, given up or of another kind now: what is late was missed.
async fn finish(tx: &mut Tx, mut clock: Clock, now: Timestamp, reason: &str) -> Result<()> {
    if !clock.is_late(now) {
        return end(tx, clock, reason).await;
    }
    (clock.state, clock.stopped_at) = ("missed".into(), Some(now));
    write(tx, &clock).await?;
    tx.record(stopped(&clock));
    Ok(())
}

fn stopped(clock: &Clock) -> Record {
    Record::new("clock.stopped", "clock", clock.id).about(clock.about).facts(json!({ "promise": clock.promise, "state": clock.state, "due": clock.due_at }))
}

async fn end(tx: &mut Tx, mut clock: Clock, reason: &str) -> Result<()> {
    clock.state = "void".into();
    clock.stopped_at = Some(tx.now());
    write(tx, &clock).await?;
    tx.record(
        Record::new("clock.voided", "clock", clock.id).about(clock.about).facts(json!({ "promise": clock.promise })).particulars(json!({ "reason": reason })),
    );
    Ok(())
}

/// Lets clocks that [`void`], [`conclude`] or [`give_up`] ended run on, as if they had never ended: what ended them was taken
/// back. A promise that was given anew since keeps the clock that began then, whatever became of it.
pub async fn revive_these(tx: &mut Tx, about: Id, which: &[Id]) -> Result<()> {
    let all = sql::of(tx, about).await?;
    let counts = |one: &Clock, since: &Clock| one.state != "void" && one.promise == since.promise && (one.runs() || one.anchor_at > since.anchor_at);
    for clock in all.iter().filter(|clock| matches!(clock.state.as_str(), "void" | "missed") && which.contains(&clock.id)) {
        if all.iter().any(|other| counts(other, clock)) {
            continue;
        }
        let mut clock = clock.clone();
        clock.state = if clock.pauses.iter().any(|pause| pause.to.is_none()) { "paused" } else { "running" }.into();
        clock.stopped_at = None;
        write(tx, &clock).await?;
        tx.record(Record::new("clock.revived", "clock", clock.id).about(about).facts(json!({ "promise": clock.promise, "due": clock.due_at })));
    }
    Ok(())
}

/// The clocks that the facts of a line of the journal name as ended; nothing, if it names none.
pub fn named_in(facts: &str) -> Option<Vec<Id>> {
    let facts: serde_json::Value = serde_json::from_str(facts).ok()?;
    Some(facts.get("clocks")?.as_array()?.iter().filter_map(|id| id.as_str()?.parse().ok()).collect())
}

/// Lets clocks that ended without a verdict count on, as if nothing had happened: what they ran for was
/// taken up again. A promise that was kept, missed or runs keeps its clock.
/// `applies` is asked for each promise: one that was found not to hold stays ended.
pub async fn revive(tx: &mut Tx, about: Id, applies: impl Fn(&str) -> bool) -> Result<()> {
    let all = sql::of(tx, about).await?;
    let mut seen: Vec<&str> = all.iter().filter(|clock| clock.state != "void").map(|clock| clock.promise.as_str()).collect();
    // Of several that ended, the newest counts on.
    let mut ended: Vec<&Clock> = all.iter().filter(|clock| clock.state == "void").collect();
    ended.sort_by_key(|clock| std::cmp::Reverse(clock.id.0));
    for clock in ended {
        if seen.contains(&clock.promise.as_str()) || !applies(&clock.promise) {
            continue;
        }
        seen.push(&clock.promise);
        let mut clock = clock.clone();
        clock.state = if clock.pause_reason().is_empty() { "running" } else { "paused" }.into();
        clock.stopped_at = None;
        write(tx, &clock).await?;
        tx.record(Record::new("clock.revived", "clock", clock.id).about(about).facts(json!({ "promise": clock.promise, "due": clock.due_at })));
    }
    Ok(())
}

/// Something was closed by mistake at that instant: the promises that this kept count on, as if it had not been.
pub async fn unkeep(tx: &mut Tx, app: &App, about: Id, closed_at: Timestamp) -> Result<()> {
    let all = sql::of(tx, about).await?;
    let runs = |promise: &str| all.iter().any(|clock| clock.runs() && clock.promise == promise);
    for clock in all.iter().filter(|clock| clock.was_kept_by_closing(&app.profile, closed_at) && !runs(&clock.promise)) {
        let mut clock = clock.clone();
        clock.state = "running".into();
        clock.stopped_at = None;
        write(tx, &clock).await?;
        tx.record(Record::new("clock.revived", "clock", clock.id).about(about).facts(json!({ "promise": clock.promise, "due": clock.due_at })));
    }
    Ok(())
}

/// What a report is was found out later: promises that do not apply to it end, and those that do
/// count from the day it came. Once somebody answered, nothing new is promised.
pub async fn refit(tx: &mut Tx, app: &App, noun: &'static str, about: Id, facts: &Facts, anchor: Timestamp) -> Result<()> {
    let asked = Asked { kind: &facts.kind, advice: facts.kind == "advice", help: facts.help, urgent: facts.urgent };
    let (now, known) = (tx.now(), sql::of(tx, about).await?);
    let decided = |clock: &&Clock| matches!(clock.state.as_str(), "kept" | "missed");
    // Of a case, each promise is a matter of its own.
    let answered = noun == "report" && known.iter().any(|clock| decided(&clock));
    let mut there: Vec<String> = known.iter().filter(decided).map(|clock| clock.promise.clone()).collect();
    for clock in known.into_iter().filter(Clock::runs) {
        let promise = app.profile.promises.iter().find(|promise| promise.id == clock.promise);
        if promise.is_some_and(|promise| !promise.applies(asked)) {
            finish(tx, clock, now, "it does not apply").await?;
        } else {
            there.push(clock.promise);
        }
    }
    if answered { Ok(()) } else { begin(tx, app, noun, about, facts, anchor, &there).await.map(drop) }
}

/// Merging: of two running clocks of one promise the one due first counts on for what both live on as, and
/// the other one ends; a clock that is alone goes on there. What ended before keeps its verdict.
pub async fn hand_over(tx: &mut Tx, from: Id, to: Id) -> Result<()> {
    let there = sql::of(tx, to).await?;
    for clock in sql::of(tx, from).await?.into_iter().filter(Clock::runs) {
        let same = there.iter().find(|other| other.runs() && other.promise == clock.promise);
        if same.is_some_and(|other| !clock.counts_before(other)) {
            continue;
        }
        move_to(tx, &clock, from, to).await?;
        if let Some(other) = same {
            move_to(tx, other, to, from).await?;
        }
    }
    void(tx, from, "merged").await.map(drop)
}

async fn move_to(tx: &mut Tx, clock: &Clock, from: Id, to: Id) -> Result<()> {
    sql::hand_over(tx, clock.id, to).await?;
    for about in [from, to] {
        tx.record(Record::new("clock.handed_over", "clock", clock.id).about(about).facts(json!({ "promise": clock.promise, "from": from, "to": to })));
    }
    Ok(())
}

/// Holds a clock for a reason that its promise allows. Whoever calls says so to what it runs for.
pub async fn pause(tx: &mut Tx, app: &App, who: &Who, mut clock: Clock, reason: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Clock)?;
    if clock.state != "running" {
        return Err(Error::conflict(format!("This clock is {}; only a running one can be paused.", clock.state)));
    }
    if clock.is_late(tx.now()) {
        return Err(Error::conflict("This clock is late already; a pause now would not change that."));
    }
    let promise = app.profile.promises.iter().find(|promise| promise.id == clock.promise);
    if !promise.is_some_and(|promise| promise.pause_reasons.iter().any(|known| known == reason)) {
        return Err(Error::invalid("Choose one of the reasons for which this promise may be paused"));
    }
    clock.pauses.push(Pause { from: tx.now(), to: None, reason: reason.to_owned() });
    clock.state = "paused".into();
    write(tx, &clock).await?;
    tx.record(Record::new("clock.paused", "clock", clock.id).about(clock.about).facts(json!({ "promise": clock.promise, "reason": reason })));
    Ok(())
}

/// Lets a held clock run on; the time held moves its due instant. Whoever calls says so to what it runs for.
pub async fn resume(tx: &mut Tx, app: &App, who: &Who, mut clock: Clock) -> Result<()> {
    require(who, Verb::Change, Noun::Clock)?;
    if clock.state != "paused" {
        return Err(Error::conflict("This clock is not paused."));
    }
    end_pause(app, &mut clock, tx.now())?;
    clock.state = "running".into();
    write(tx, &clock).await?;
    tx.record(Record::new("clock.resumed", "clock", clock.id).about(clock.about).facts(json!({ "promise": clock.promise, "due": clock.due_at })));
    Ok(())
}

/// Closes an open pause and counts the due instant anew, held time included, before anything is judged.
fn end_pause(app: &App, clock: &mut Clock, now: Timestamp) -> Result<()> {
    let mut ended = false;
    for pause in clock.pauses.iter_mut().filter(|pause| pause.to.is_none()) {
        pause.to = Some(now);
        ended = true;
    }
    if ended {
        // The program does not start without the calendar; better no change than a pause that does not count.
        clock.due_at = clock.recompute(app).ok_or_else(|| Error::fault("the calendar of a clock is not in the profile"))?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, clock: &Clock) -> Result<()> {
    if sql::change(tx, clock).await? { Ok(()) } else { Err(Error::conflict("Somebody else changed this clock at the same moment; look again.")) }
}
