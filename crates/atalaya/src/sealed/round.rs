//! The standing round: every half hour, whatever happened or not, it tells the journal and the team
//! of what came, warns of what will be deleted, and clears away what was left half-way.
//!
//! No arrival starts it. Of what waits it takes about an eighth each time, by the dice, so that the moment
//! at which the team hears says little about the moment at which somebody wrote: half of all wait for some
//! three hours or more. What still waits at midnight is told then, because the promises begin to count.

use ::store::{Id, Job, Record, Tx};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

use super::{Dialogue, Envelope, bodies, dialogue, end_of, intake, level, store, today, uploads};
use crate::access::Who;
use crate::clocks::{self, Facts};
use crate::outbox::{self, Mail};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::web::upload::on_disk;
use crate::{App, Error, Result};
use formats::label::Tlp;

/// How long from one round to the next.
const EVERY: SignedDuration = SignedDuration::from_mins(30);
/// One of so many is told at each round of its day.
const ONE_OF: u8 = 8;
/// Days before the deletion on which the team is warned.
const WARNINGS: [i64; 2] = [30, 7];

/// Sees to it that a round is waiting; called at start.
pub async fn wake(app: &App) -> Result<()> {
    if app.profile.sealed.is_none() {
        return Ok(());
    }
    app.db.keep_house(async |tx| later(tx).await).await?;
    Ok(())
}

/// The next half hour by the clock, so that rounds do not tell when the program was started either.
async fn later(tx: &mut Tx) -> ::store::Result<()> {
    let now = tx.now();
    let next = (now.as_second().div_euclid(EVERY.as_secs()) + 1) * EVERY.as_secs();
    let at = jiff::Timestamp::from_second(next).unwrap_or(now);
    tx.enqueue_at("sealed_round", json!({}), at, Some(&format!("sealed_round:{next}"))).await
}

/// The job.
pub async fn sealed_round(app: &App, _job: &Job) -> Result<()> {
    app.db.keep_house(async |tx| later(tx).await).await?;
    let failed = tell(app).await?;
    warn(app).await?;
    confess(app).await?;
    uploads::sweep(app).await?;
    let (blobs, day) = (app.blobs.clone(), level(app)?);
    on_disk(move || Ok(blobs.level_folders(day)?)).await?;
    if let Err(error) = app.db.empty_log().await {
        tracing::warn!(%error, "the database's log of writes still holds what was deleted");
    }
    failed.map_or(Ok(()), Err)
}

/// Sees to it that the team is mailed, in the change that gives it something to look at: whatever fails after that, nobody
/// waits for a notice that is lost. One that still waits is enough.
async fn notify(tx: &mut Tx, app: &App) -> Result<()> {
    let wanted = app.profile.sealed.as_ref().is_some_and(|sealed| !sealed.notify.is_empty()) && app.profile.mail.is_some();
    if wanted {
        let now = tx.now();
        tx.enqueue_at("sealed_notice", json!({}), now, Some("sealed_notice")).await?;
    }
    Ok(())
}

/// Tells of what came, with one notice for all of it. Gives what went wrong first, if something did.
async fn tell(app: &App) -> Result<Option<Error>> {
    let today = today(app).to_string();
    let waiting = store::untold(&mut app.db.read().await?, 1_000).await?;
    let mut any = false;
    let (mut held, mut failed) = (None, None);
    for envelope in waiting {
        // What came on an earlier day is told with all that waits since its morning; the rest tosses dice. An
        // envelope never overtakes the one before it.
        let [dice] = app.db.entropy().bytes::<1>();
        if held == Some(envelope.dialogue) || (envelope.day == today && dice % ONE_OF != 0) {
            held = Some(envelope.dialogue);
            // Its file would tell to the second when it came, for as long as it waits.
            if let Err(error) = made_anew(app, &envelope).await {
                tracing::warn!(%error, "the file of a sealed message that waits was not looked after");
            }
            continue;
        }
        // What cannot be told stops itself and its dialogue, and nothing behind it.
        match tell_of(app, &envelope, !any).await {
            Ok(told) => any |= told,
            Err(error) => {
                tracing::error!(%error, "a sealed message cannot be told of yet");
                held = Some(envelope.dialogue);
                failed.get_or_insert(error);
            }
        }
    }
    Ok(failed)
}

/// When a file was made nobody can set: each round makes those of all that waits, and of what it tells, anew at its own
/// moment, so that none says more than that it came before. Where that fails (no room for a copy), being told of it counts
/// for more. Says whether the file is there.
async fn made_anew(app: &App, envelope: &Envelope) -> Result<bool> {
    let came: Date = envelope.day.parse().map_err(Error::fault)?;
    let (blobs, body, dated) = (app.blobs.clone(), envelope.body, level(app)?.min(super::start_of(app, came)?));
    on_disk(move || {
        let there = blobs.has(&body)?;
        if there {
            if let Err(error) = blobs.renew(&body, dated) {
                tracing::error!(%error, "the file of a sealed message could not be made anew: the file system knows when it came");
            }
            blobs.level(&body, dated)?;
        }
        Ok(there)
    })
    .await
}

/// Says whether there was still something to tell. `with_notice`: whether the team is to be mailed of it.
async fn tell_of(app: &App, envelope: &Envelope, with_notice: bool) -> Result<bool> {
    let kept = bodies::kept(envelope);
    let came: Date = envelope.day.parse().map_err(Error::fault)?;
    let (dated, anchor) = (super::start_of(app, came)?, end_of(app, came)?);
    let there = made_anew(app, envelope).await?;
    app.db
        .change(&Who::Job("sealed_round").to_string(), async |tx| {
            // What its reporter deleted meanwhile stays deleted: its messages are gone with it.
            let Some(mut dialogue) = store::held(tx, envelope.dialogue).await? else { return Ok(false) };
            if !store::waits_to_be_told(tx, envelope.id).await? {
                return Ok(false);
            }
            dialogue.waits = true;
            tx.keep_since(&kept, dated).await?;
            store::tell(tx, envelope.id).await?;
            let first = envelope.place == 1;
            let facts = Facts { event: "received", kind: "other".into(), urgent: false, help: false };
            if first {
                dialogue.state = "new".into();
                clocks::start(tx, app, "sealed", dialogue.id, &facts, anchor).await?;
            } else {
                // Whoever writes again is owed an answer like whoever writes first: after an answer, after
                // the end, and when it is a case by now.
                clocks::renew(tx, app, "sealed", dialogue.id, &facts, anchor).await?;
                if dialogue.state == "closed" {
                    dialogue.state = "open".into();
                    (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (None, 0, None);
                } else if dialogue.state == "new" {
                    // Nobody has opened it: its days begin anew with what was written last.
                    (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (Some(intake::unopened_until(app, came)?), 0, None);
                }
                if let Some(case) = dialogue.case {
                    tx.record(Record::new("case.sealed_added", "case", case).facts(json!({ "sealed": dialogue.number })));
                }
            }
            store::save(tx, &dialogue).await?;
            if !there {
                // Said once, to those who could have read it: a backup may have it.
                tracing::error!(number = %dialogue.number, place = envelope.place, "the file of a sealed message is missing");
                tx.record(Record::new("sealed.file_missing", "sealed", dialogue.id).facts(json!({ "number": dialogue.number, "place": envelope.place })));
            }
            tx.record(Record::new(if first { "sealed.received" } else { "sealed.added" }, "sealed", dialogue.id).facts(json!({
                "number": dialogue.number, "intake": dialogue.intake, "grade": envelope.grade, "day": envelope.day, "bucket": envelope.bucket,
                "place": envelope.place, "manifest": envelope.sealed_to, "sha256": envelope.hash.to_string(),
            })));
            if with_notice {
                notify(tx, app).await?;
            }
            Ok::<_, Error>(true)
        })
        .await
}

/// Warns of what a rule will delete, and deletes what was warned of twice.
async fn warn(app: &App) -> Result<()> {
    let today = today(app);
    let horizon = today.checked_add(WARNINGS.first().copied().unwrap_or(0).days()).map_err(Error::fault)?.to_string();
    let ending = store::ending(&mut app.db.read().await?, &horizon, 500).await?;
    for dialogue in ending {
        // What is due by the list is looked at again once it is held.
        match due(&dialogue, today)? {
            Due::Nothing => {}
            Due::Warning(_) => warn_of(app, dialogue.id, today).await?,
            Due::End => end(app, dialogue.id, today).await?,
        }
    }
    Ok(())
}

/// What a rule asks for of a dialogue.
enum Due {
    Nothing,
    /// A warning of the end on that day.
    Warning(Date),
    End,
}

fn due(dialogue: &Dialogue, today: Date) -> Result<Due> {
    let day = |text: &Option<String>| text.as_deref().and_then(|day| day.parse::<Date>().ok());
    let on = day(&dialogue.delete_on).filter(|_| matches!(dialogue.state.as_str(), "new" | "open" | "closed"));
    let Some(on) = on else { return Ok(Due::Nothing) };
    let left = i64::from(today.until(on).map_err(Error::fault)?.get_days());
    let since = day(&dialogue.warned_on).map_or(0, |warned| warned.until(today).map_or(0, |span| i64::from(span.get_days())));
    let warning = usize::try_from(dialogue.warned).ok().and_then(|at| WARNINGS.get(at)).is_some_and(|days| left <= *days);
    // The second warning is always a week before the end, also when rounds did not run for long.
    if warning && (dialogue.warned == 0 || since > 0) {
        return Ok(Due::Warning(on));
    }
    Ok(if dialogue.warned >= 2 && left <= 0 && since >= 7 { Due::End } else { Due::Nothing })
}

async fn warn_of(app: &App, id: Id, today: Date) -> Result<()> {
    app.db
        .change(&Who::Job("sealed_round").to_string(), async |tx| {
            let Some(mut dialogue) = store::held(tx, id).await? else { return Ok(()) };
            let Due::Warning(on) = due(&dialogue, today)? else { return Ok(()) };
            dialogue.warned += 1;
            dialogue.warned_on = Some(today.to_string());
            if dialogue.warned == 2 {
                dialogue.delete_on = Some(on.max(today.checked_add(7.days()).map_err(Error::fault)?).to_string());
            }
            store::save(tx, &dialogue).await?;
            let facts = json!({ "number": dialogue.number, "warning": dialogue.warned, "on": dialogue.delete_on });
            tx.record(Record::new("sealed.deletion_warned", "sealed", dialogue.id).facts(facts));
            notify(tx, app).await
        })
        .await
}

/// Deletes it, if that is still due and its reporter has written nothing that waits to be told: that puts it off.
async fn end(app: &App, id: Id, today: Date) -> Result<()> {
    let hashes = app
        .db
        .change(&Who::Job("sealed_round").to_string(), async |tx| {
            let Some(dialogue) = store::held(tx, id).await? else { return Ok(Vec::new()) };
            if !matches!(due(&dialogue, today)?, Due::End) || store::has_untold(tx, id).await? {
                return Ok(Vec::new());
            }
            let hashes = store::purge(tx, id, "deleted").await?;
            clocks::void(tx, id, "deleted by rule").await?;
            tx.record(Record::new("sealed.deleted", "sealed", id).facts(json!({ "number": dialogue.number, "by": "rule", "state": dialogue.state })));
            Ok::<_, Error>(hashes)
        })
        .await?;
    dialogue::remove(app, hashes).await
}

/// Writes down what reporters deleted on earlier days: the journal knows its own moments, and is to know no more than the
/// day of theirs.
async fn confess(app: &App) -> Result<()> {
    let all = store::deleted_quietly(&mut app.db.read().await?, &today(app).to_string()).await?;
    for gone in all {
        app.db
            .change(&Who::Job("sealed_round").to_string(), async |tx| {
                let Some(mut gone) = store::held(tx, gone.id).await?.filter(|gone| gone.state == "gone") else { return Ok(()) };
                gone.state = "deleted".into();
                store::save(tx, &gone).await?;
                store::note_gone(tx, gone.id, None).await?;
                clocks::void(tx, gone.id, "deleted by the reporter").await?;
                tx.record(Record::new("sealed.deleted", "sealed", gone.id).facts(json!({ "number": gone.number, "by": "reporter" })));
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(())
}

/// The job: one mail for all that was told at once, without any content.
pub async fn sealed_notice(app: &App, _job: &Job) -> Result<()> {
    let Some(sealed) = app.profile.sealed.as_ref().filter(|sealed| !sealed.notify.is_empty() && app.profile.mail.is_some()) else { return Ok(()) };
    let text = app.languages.text(app.languages.first());
    let (subject, link) = (text.say("sealed-notice-subject"), format!("{}/dialogues", app.profile.web.public_url));
    let body = text.with("sealed-notice-text", "link", link);
    let who = Who::Job("sealed_round");
    let content = app.blobs.seal(format!("{subject}\n\n{body}").as_bytes())?;
    // To all of them or to none: who was mailed is not mailed again because another's address failed.
    app.db
        .change(&who.to_string(), async |tx| {
            tx.keep(&content).await?;
            for address in &sealed.notify {
                let about = tx.new_id();
                let leaving = Leaving {
                    to: Recipient { key: "team".into(), name: "the team".into(), organisation: None, ceiling: Tlp::Red, address: address.clone() },
                    channel: Channel::Mail,
                    noun: "sealed_notice",
                    id: about,
                    about,
                    version: 1,
                    label: Tlp::Clear,
                    containers: Vec::new(),
                    downgrade: String::new(),
                    basis: "notice".into(),
                    against: Vec::new(),
                    held: Vec::new(),
                    protection: String::new(),
                    content: content.hash,
                };
                let mail = Mail {
                    about,
                    message: None,
                    contact: None,
                    thread: about,
                    to_name: String::new(),
                    to: address.clone(),
                    subject: subject.clone(),
                    number: app.profile.team.number_prefix.clone(),
                    text: body.clone(),
                    language: text.shown().to_owned(),
                    in_reply_to: None,
                    automatic: true,
                    files: Vec::new(),
                    protect: crate::keys::Protect::default(),
                    list: None,
                };
                let released = release::release(tx, &app.profile, &who, &leaving, mail).await?;
                outbox::queue(tx, app, released).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}
