//! The standing round: who is to be told something now. It decides nothing of what is said.

use ::store::{Job, Tx};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::rule::{self, Rule, RuleDetails};
use super::schedule::{self, When};
use super::store;
use crate::access::Who;
use crate::{App, Result};

/// How long "at once" waits for what comes with it: a morning's files are one notice.
const GATHER: SignedDuration = SignedDuration::from_mins(5);
/// How long it is known which holders an arrival was of, once everybody was told.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24 * 35);

/// At start: the profile's rule, if there is none yet, and a round for what is due next.
pub async fn wake(app: &App) -> Result<()> {
    let none = store::rules(&mut app.db.read().await?).await?.is_empty();
    if none && app.profile.events.notices.is_some() {
        let details = RuleDetails { name: "Everybody registered".into(), ..RuleDetails::fresh(app) };
        match rule::add_rule(app, &Who::Job("notice_round"), details).await {
            // Another node was quicker.
            Ok(_) | Err(crate::Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    app.db
        .keep_house(async |tx| {
            for rule in store::rules(tx).await?.into_iter().filter(|rule| rule.says.state == "active") {
                if !store::has_turn(tx, rule.id).await? {
                    let next = schedule::next(app.profile.calendar(), rule.says.looks(), tx.now());
                    store::set_turn(tx, rule.id, next).await?;
                }
            }
            later(tx).await
        })
        .await?;
    Ok(())
}

/// Notes when a rule is due next, in the change that writes it. One that speaks at once looks each business day, too: at
/// what is gone, and at what waited for a threshold long enough.
pub(super) async fn turn(tx: &mut Tx, app: &App, rule: &Rule) -> Result<()> {
    let next = if rule.says.state == "active" { schedule::next(app.profile.calendar(), rule.says.looks(), tx.now()) } else { None };
    store::set_turn(tx, rule.id, next).await?;
    if rule.says.when() == When::AtOnce {
        look_now(tx).await?;
    }
    later(tx).await?;
    Ok(())
}

/// A file was stored, in the change that says so: rules "at once" look at what it brought.
pub(in crate::events) async fn look_now(tx: &mut Tx) -> ::store::Result<()> {
    let now = tx.now();
    tx.enqueue_at("notice_round", json!({}), now, Some("notice_round:now")).await
}

/// Sees to it that a round waits for what is due next.
async fn later(tx: &mut Tx) -> ::store::Result<()> {
    let Some(next) = store::next_turn(tx).await? else { return Ok(()) };
    tx.enqueue_at("notice_round", json!({}), next, Some(&format!("notice_round:{next}"))).await
}

/// Leaves the job that tells one holder.
pub(super) async fn enqueue_tell(tx: &mut Tx, holder: i64, at: Timestamp) -> ::store::Result<()> {
    tx.enqueue_at("tell_organisation", json!({ "holder": holder }), at, Some(&format!("tell_organisation:{holder}"))).await
}

/// The job.
pub async fn notice_round(app: &App, _job: &Job) -> Result<()> {
    let calendar = app.profile.calendar();
    app.db
        .keep_house(async |tx| {
            tx.alone("notice_round").await?;
            let now = tx.now();
            let rules = store::rules(tx).await?;
            let today = now.to_zoned(calendar.zone().clone()).date();
            let speaks = |rule: &&Rule| rule.says.state == "active" && !rule.says.is_paused(today);
            let mut due = Vec::new();
            for (id, at) in store::turns_until(tx, now).await? {
                let rule = rules.iter().find(|rule| rule.id == id);
                due.extend(rule.filter(speaks).map(|rule| (rule, schedule::slot(calendar, at))));
                // What was missed while nobody was there is told once, not once for each day.
                store::set_turn(tx, id, rule.and_then(|rule| schedule::next(calendar, rule.says.looks(), now))).await?;
            }
            let at_once: Vec<&Rule> = rules.iter().filter(speaks).filter(|rule| rule.says.when() == When::AtOnce).collect();
            if !due.is_empty() || !at_once.is_empty() {
                for one in store::candidates(tx).await? {
                    for (rule, slot) in &due {
                        store::put_due(tx, one.holder, rule.id, slot).await?;
                    }
                    let new = one.newest > one.looked && !at_once.is_empty();
                    if new {
                        for rule in &at_once {
                            // The registry gives news without an arrival: the turn makes it a moment of its own.
                            store::put_due(tx, one.holder, rule.id, &format!("arrival {} turn {}", one.newest, one.turn)).await?;
                        }
                        store::set_looked(tx, one.holder, one.newest).await?;
                    }
                    if !due.is_empty() {
                        enqueue_tell(tx, one.holder, now).await?;
                    } else if new {
                        enqueue_tell(tx, one.holder, now.checked_add(GATHER).unwrap_or(now)).await?;
                    }
                }
            }
            if let Ok(old) = now.checked_sub(KEPT) {
                let old = store::arrival_before(tx, old).await?;
                let nobody_speaks = !rules.iter().any(|rule| rule.says.state == "active");
                store::forget_arrivals(tx, old, nobody_speaks).await?;
                store::forget_untold(tx, old).await?;
            }
            later(tx).await
        })
        .await?;
    Ok(())
}
