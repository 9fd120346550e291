//! The job that tells one organisation: looks, compares, and lets one notice out, or says why not.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::store::{Id, Job, Kept, Record, Tx};
use formats::label::Tlp;
use jiff::SignedDuration;
use serde_json::json;

use super::claim;
use super::compare::{self, Judge, Line, Looked, Plan, State};
use super::gather::{Registry, Waiting, gather};
use super::knock;
use super::round;
use super::rule::{self, Rule};
use super::standing::{self, Known};
use super::store::{self, Standing};
use super::told::{Held, Notice};
use super::untold::{self, Untold};
use super::way::{Way, most, usable, way};
use super::{sheet, text};
use crate::access::Who;
use crate::app::Guides;
use crate::constituency::{self, Contact, Organisation};
use crate::keys;
use crate::outbox::{self, Mail};
use crate::release::{self, Leaving};
use crate::{App, Error, Result, people};

/// So long something waits for a threshold.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// So far back it is looked when a feed came last.
pub const HEARD: SignedDuration = SignedDuration::from_hours(24 * 95);

/// Everything that is known before anything is let out.
struct Ready {
    organisation: Organisation,
    standing: Standing,
    due: Vec<(Id, String)>,
    /// Those of them that are told now.
    slots: Vec<(Id, String)>,
    rules: Vec<Rule>,
    plan: Plan,
    to: i64,
    /// Whether more findings wait than one notice speaks of.
    more: bool,
    contact: constituency::Choice,
    /// Whether somebody of the organisation can log in, and fetch the list there.
    logs_in: bool,
    /// Why what is above may not leave.
    refused: String,
    /// The version of the registry by which it is the organisation's.
    registry: i64,
}

/// The job.
pub async fn tell_organisation(app: &App, job: &Job) -> Result<()> {
    let holder = job.payload.get("holder").and_then(serde_json::Value::as_i64).ok_or_else(|| Error::fault("a job without a holder"))?;
    let mut reader = app.db.read().await?;
    let due = store::due_of(&mut reader, holder).await?;
    let Some(standing) = store::standing(&mut reader, holder).await?.filter(|_| !due.is_empty()) else { return Ok(()) };
    // What is due stays due: who reads the last of these files has everybody told.
    if store::is_half_filled(&mut reader).await? {
        return Ok(());
    }
    let organisation = match constituency::numbered(&mut reader, &[holder]).await?.into_iter().next() {
        Some(one) => constituency::get(&mut reader, one.id).await?,
        None => return quietly(app, &standing, &due, standing.told_to, &[]).await,
    };
    let told = store::was_told(&mut reader, organisation.id, &due).await?;
    let slots: Vec<(Id, String)> = due.iter().filter(|slot| !told.contains(slot)).cloned().collect();
    let rules = rule::of_organisation(store::rules(&mut reader).await?, organisation.id, &organisation.status);
    let to = store::newest(&mut reader).await?;
    let arrivals = store::arrivals_of(&mut reader, holder, standing.told_to, to).await?;
    let now = app.now();
    let back = |by: SignedDuration| now.checked_sub(by).unwrap_or(now);
    let heard = store::heard(&mut reader, back(HEARD), now, to).await?;
    let (overdue, past) = (store::arrival_before(&mut reader, back(PATIENCE)).await?, store::arrival_before(&mut reader, back(round::KEPT)).await?);
    let contacts = constituency::contacts_of(&mut reader, &[organisation.id]).await?;
    let wrong = claim::wrong(&mut reader, holder).await?;
    let logs_in = people::can_log_in(&mut reader, organisation.id).await?;
    let known = Arc::new(standing::known(app, &mut reader, standing.list).await?);
    drop(reader);
    let due_rules = slots.iter().map(|(rule, _)| *rule).collect::<BTreeSet<Id>>();
    let contact = constituency::choose_for(&contacts, now, "abuse");
    let (registry, (most, _)) = (Registry::now(app, holder).await?, most(app, &organisation, &contact, Tlp::ALL.into()).await?);
    let judge = Judge {
        rules: &rules,
        due: &due_rules,
        wrong: &wrong,
        most,
        is_own: &|finding| registry.gives(finding, finding.last),
        today: now.to_zoned(app.profile.calendar().zone().clone()).date(),
    };
    let Waiting { findings, passed, whole } = gather(app, holder, &arrivals, &known, &judge).await?;
    let labels = findings.values().map(|finding| finding.tlp).chain(known.iter().map(|known| known.finding.tlp)).chain(passed.label).collect();
    let refused = self::most(app, &organisation, &contact, labels).await?.1;
    let (floor, now) = (standing.told_to, now.as_microsecond());
    // There may be a million of either: whoever waits for a page is served meanwhile.
    let plan = tokio::task::block_in_place(|| {
        let (left, known) = (registry.left(&known, now), Arc::unwrap_or_clone(known));
        compare::compare(Looked { judge, known, pending: findings, passed, left: &left, heard: &heard, whole, floor, to, overdue, past, now })
    });
    let ready = Ready { organisation, standing, due, slots, rules, plan, to, more: !whole, contact, logs_in, refused, registry: registry.version() };
    if !ready.plan.lines.is_empty() {
        return tell(app, ready).await;
    }
    if ready.plan.above.is_some() {
        let why = ready.refused.clone();
        return hold(app, &ready, why).await;
    }
    if ready.more {
        let why = format!("More than {} different findings wait, and no rule speaks of any of these yet.", app.profile.events.max_findings);
        return hold(app, &ready, why).await;
    }
    quietly(app, &ready.standing, &ready.due, ready.plan.floor, &untold(&ready)).await
}

/// What is not told now, and why.
fn untold(ready: &Ready) -> Vec<Untold> {
    untold::of(&ready.plan.untold, &ready.rules, (ready.standing.holder, ready.organisation.id), ready.to)
}

/// Nothing is to be said: the moments are over, and what no rule wants is left behind.
async fn quietly(app: &App, standing: &Standing, due: &[(Id, String)], floor: i64, untold: &[Untold]) -> Result<()> {
    let settled = app
        .db
        .keep_house(async |tx| {
            let settled = store::settle_quietly(tx, standing, floor).await?;
            if settled {
                store::done(tx, standing.holder, due).await?;
                store::unhold(tx, standing.holder).await?;
                store::note_untold(tx, standing.holder, untold).await?;
            }
            Ok(settled)
        })
        .await?;
    if settled { Ok(()) } else { Err(Error::conflict("what this organisation knows changed at the same moment: it is looked at again")) }
}

/// Something should be said and may not: the team sees why, and everything waits.
async fn hold(app: &App, ready: &Ready, why: String) -> Result<()> {
    let before = store::held_of(&mut app.db.read().await?, ready.standing.holder).await?;
    let held = held(app, ready, why, before.as_ref())?;
    if before.is_some_and(|before| before.why == held.why) {
        app.db
            .keep_house(async |tx| {
                store::hold(tx, &held).await?;
                store::note_untold(tx, held.holder, &untold(ready)).await?;
                store::done(tx, held.holder, &ready.due).await.map(drop)
            })
            .await?;
        return Ok(());
    }
    app.db
        .change(&Who::Job("tell_organisation").to_string(), async |tx| {
            store::done(tx, held.holder, &ready.due).await?;
            store::note_untold(tx, held.holder, &untold(ready)).await?;
            note_held(tx, &held).await
        })
        .await
}

/// What is held: what is above what may leave, or all of it.
fn held(app: &App, ready: &Ready, why: String, before: Option<&Held>) -> Result<Held> {
    let rule = leading(ready).map(|rule| rule.id).or(ready.due.first().map(|(rule, _)| *rule)).ok_or_else(|| Error::fault("nothing is due"))?;
    let all = (i64::try_from(ready.plan.lines.len()).unwrap_or(i64::MAX), text::worst(&ready.plan));
    let (findings, severity) = ready.plan.above.unwrap_or(all);
    let since = before.map_or(app.now(), |before| before.since);
    Ok(Held { holder: ready.standing.holder, organisation: ready.organisation.id, rule, why, findings, severity, since })
}

/// One alarm for each reason, not one for each day.
async fn note_held(tx: &mut Tx, held: &Held) -> Result<()> {
    store::hold(tx, held).await?;
    let facts = json!({ "rule": held.rule, "findings": held.findings });
    tx.record(Record::new("notice.held", "organisation", held.organisation).about(held.organisation).facts(facts).particulars(json!({ "why": held.why })));
    Ok(())
}

/// The first of the rules that have something to say.
fn leading(ready: &Ready) -> Option<&Rule> {
    let first = ready.plan.lines.iter().map(|line| line.rule).min()?;
    ready.rules.get(first)
}

async fn tell(app: &App, mut ready: Ready) -> Result<()> {
    let Some(contact) = usable(&ready.contact).cloned() else {
        let why = ready.contact.why.clone();
        return hold(app, &ready, why).await;
    };
    let id = Id::new(app.now(), app.db.entropy());
    let Way { leaving, protect, against } = way(app, &ready.organisation, &contact, id, text::label(&ready.plan)).await?;
    let weighed = release::weigh(&app.profile, &leaving);
    if !against.is_empty() || !weighed.may_leave() {
        let why = [against.join(" "), weighed.reasons()].join(" ").trim().to_owned();
        return hold(app, &ready, why).await;
    }
    let open = ready.plan.open();
    let (list, csv) = sealed(app, &mut ready, leaving.channel.is_mail()).await?;
    let guides = app.guides().await?;
    let who = Who::Job("tell_organisation");
    app.db
        .change(&who.to_string(), async |tx| {
            let mine = store::done(tx, ready.standing.holder, &ready.due).await?;
            if constituency::registry_version(tx).await? != ready.registry {
                return Err(Error::conflict("the registry changed at the same moment: it is looked at again whose this is"));
            }
            if !mine || !store::take_turn(tx, &ready.standing, ready.plan.floor, open, list.hash).await? {
                // All of this is taken back; whoever was quicker has said it.
                return Err(Error::conflict("another worker told this organisation at the same moment"));
            }
            let notice = write(tx, app, &ready, &contact, (id, &csv, &guides)).await?;
            let content = notice.1;
            tx.keep(&list).await?;
            tx.keep(&csv.0).await?;
            tx.keep(&content).await?;
            let leaving = Leaving { content: content.hash, ..leaving };
            let mail = Mail { protect, ..mail(&notice.0, &contact, &notice.2, csv.1) };
            store::insert_notice(tx, &Notice { channel: leaving.channel.name().into(), content: content.hash, ..notice.0.clone() }).await?;
            let released = release::release(tx, &app.profile, &who, &leaving, mail).await?;
            if leaving.channel.is_mail() {
                outbox::queue(tx, app, released).await?;
            } else {
                knock::knock(tx, app, &who, &notice.0, &contact, &leaving.to).await?;
            }
            let spoke: BTreeSet<Id> = ready.plan.lines.iter().filter_map(|line| ready.rules.get(line.rule)).map(|rule| rule.id).collect();
            for (rule, slot) in ready.slots.iter().filter(|(rule, _)| spoke.contains(rule)) {
                store::insert_slot(tx, *rule, ready.organisation.id, slot, id).await?;
            }
            still_held(tx, app, &ready).await?;
            store::note_untold(tx, ready.standing.holder, &untold(&ready)).await?;
            if ready.more {
                go_on(tx, &ready).await?;
            }
            let one = &notice.0;
            let facts = json!({
                "number": one.number, "rule": one.rule, "contact": one.contact, "events": one.events, "new": one.fresh, "persisting": one.lasting, "gone": one.gone, "wrong": ready.plan.wrong,
                "arrivals": [one.arrivals.0, one.arrivals.1], "label": one.label.as_str(),
            });
            tx.record(Record::new("notice.told", "notice", id).about(ready.organisation.id).facts(facts));
            if let Some(old) = ready.standing.list {
                tx.forget(old).await?;
            }
            Ok(())
        })
        .await?;
    if let Some(old) = ready.standing.list {
        app.blobs.remove(&old)?;
    }
    Ok(())
}

/// What is above what may leave stays on the team's list; nothing else is held any more.
async fn still_held(tx: &mut Tx, app: &App, ready: &Ready) -> Result<()> {
    if ready.plan.above.is_none() {
        return Ok(store::unhold(tx, ready.standing.holder).await?);
    }
    let before = store::held_of(tx, ready.standing.holder).await?;
    let held = held(app, ready, ready.refused.clone(), before.as_ref())?;
    if before.is_some_and(|before| before.why == held.why) {
        return Ok(store::hold(tx, &held).await?);
    }
    note_held(tx, &held).await
}

/// The rest is told in a notice of its own, at once.
async fn go_on(tx: &mut Tx, ready: &Ready) -> Result<()> {
    for rule in ready.slots.iter().map(|(rule, _)| *rule) {
        store::put_due(tx, ready.standing.holder, rule, &format!("rest of turn {}", ready.standing.turn + 1)).await?;
    }
    let now = tx.now();
    Ok(super::round::enqueue_tell(tx, ready.standing.holder, now).await?)
}

/// The list that goes along: sealed, and its bytes if they are attached.
type Csv = (Kept, Option<Vec<u8>>);

/// Seals the new standing and the list, where waiting for the disk is allowed. There may be a million findings: they are
/// written down as they come, and what is known is let go.
async fn sealed(app: &App, ready: &mut Ready, by_mail: bool) -> Result<(Kept, Csv)> {
    let most = leading(ready).and_then(|rule| rule.says.attached(by_mail));
    let (known, lines) = (std::mem::take(&mut ready.plan.known), std::mem::take(&mut ready.plan.lines));
    let (blobs, holder, turn) = (app.blobs.clone(), ready.standing.holder, ready.standing.turn + 1);
    let work = move || -> Result<(Kept, Csv, Vec<Line>)> {
        let list = standing::sealed(&blobs, holder, turn, &known)?;
        drop::<Vec<Known>>(known);
        let mut csv = sheet::Copied::new(blobs.upload(), most);
        sheet::write(&lines, &mut csv)?;
        let (kept, copy) = csv.into_parts();
        Ok((list, (kept.finish()?, copy), lines))
    };
    let (list, csv, lines) = tokio::task::spawn_blocking(work).await.map_err(Error::fault)??;
    ready.plan.lines = lines;
    Ok((list, csv))
}

/// The notice with its exact text.
async fn write(tx: &mut Tx, app: &App, ready: &Ready, contact: &Contact, (id, csv, guides): (Id, &Csv, &Guides)) -> Result<(Notice, Kept, String)> {
    let rule = leading(ready).ok_or_else(|| Error::fault("a notice of no rule"))?;
    let zone = app.profile.calendar().zone();
    let year = tx.now().to_zoned(zone.clone()).year();
    let number = format!("N-{year}-{:06}", tx.next_number(&format!("notice-{year}")).await?);
    let words = Words {
        organisation: &ready.organisation.name,
        language: &contact.language,
        rule,
        number: &number,
        attached: csv.1.is_some(),
        logs_in: ready.logs_in,
        guides,
    };
    let (subject, body, language) = said(app, &ready.plan, &words);
    let content = app.blobs.seal(format!("{subject}\n\n{body}").as_bytes())?;
    let (plan, count) = (&ready.plan, |state| i64::try_from(ready.plan.count(state)).unwrap_or(i64::MAX));
    let notice = Notice {
        id,
        number,
        holder: ready.standing.holder,
        organisation: ready.organisation.id,
        rule: rule.id,
        turn: ready.standing.turn + 1,
        arrivals: (ready.standing.told_to, ready.to),
        contact: contact.id,
        channel: String::new(),
        label: text::label(plan),
        language,
        events: i64::try_from(text::events(plan)).unwrap_or(i64::MAX),
        fresh: count(State::New) + count(State::Again),
        again: count(State::Again),
        lasting: count(State::Persisting),
        gone: count(State::Gone),
        severity: text::worst(plan),
        subject,
        content: content.hash,
        csv: csv.0.hash,
        lines: i64::try_from(plan.lines.len()).unwrap_or(i64::MAX),
        attached: csv.1.is_some(),
        at: tx.now(),
    };
    Ok((notice, content, body))
}

/// What the words of a notice hang on, beside its plan.
pub(super) struct Words<'a> {
    pub organisation: &'a str,
    /// The reader's, where the rule names none.
    pub language: &'a str,
    pub rule: &'a Rule,
    pub number: &'a str,
    pub attached: bool,
    /// Whether somebody of the organisation can log in.
    pub logs_in: bool,
    /// Where the team's guidance is.
    pub guides: &'a Guides,
}

/// Subject, text and language: the same for a notice and for a dry run.
pub(super) fn said(app: &App, plan: &Plan, words: &Words<'_>) -> (String, String, String) {
    let wanted = if words.rule.says.language.is_empty() { words.language } else { words.rule.says.language.as_str() };
    let text = app.languages.text(wanted);
    let told = text::Told {
        plan,
        organisation: words.organisation,
        team: app.profile.team.name.text(text.shown()),
        label: text::label(plan),
        template: &words.rule.says.template,
        attached: words.attached,
        logs_in: words.logs_in,
        page: &format!("{}/member/notices/{}", app.profile.web.public_url, words.number),
        guides: words.guides,
    };
    let (subject, body) = text::words(&text, &told);
    (subject, body, text.shown().to_owned())
}

pub(super) fn mail(notice: &Notice, contact: &Contact, text: &str, csv: Option<Vec<u8>>) -> Mail {
    let files = csv.map(|bytes| (format!("{}.csv", notice.number), "text/csv".to_owned(), bytes));
    Mail {
        about: notice.organisation,
        message: None,
        contact: Some(contact.id),
        thread: notice.id,
        to_name: contact.name.clone(),
        to: contact.mail.clone().unwrap_or_default(),
        subject: notice.subject.clone(),
        number: notice.number.clone(),
        text: text.to_owned(),
        language: notice.language.clone(),
        in_reply_to: None,
        automatic: true,
        files: files.into_iter().collect(),
        protect: keys::Protect::default(),
        list: None,
    }
}
