//! Out: now, or at an instant; and back as far as that goes, by saying that it no longer holds.

use ::store::{Id, Job, Tx};
use jiff::Timestamp;
use press::Kind;
use serde_json::json;

use super::item::Publication;
use super::review::{complete, must_be, undo};
use super::{before, csaf, products, readers, registrations, store, write};
use crate::access::{Noun, Verb, Who, require};
use crate::release;
use crate::{App, Error, Result};

/// Lets the approved working copy out. `seen` is the edition that was looked at.
pub async fn release(app: &App, who: &Who, id: Id, seen: i64) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    csaf::judge(app, id).await?;
    let done = app
        .db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            may_release(&one, who)?;
            leave(tx, app, who, &mut one).await
        })
        .await;
    app.publications.forget();
    done
}

/// Approved, and where two have to release it, not by the one hand that approved it.
fn may_release(one: &Publication, who: &Who) -> Result<()> {
    must_be(one, &["approved", "scheduled"])?;
    let person = who.person().map(|person| person.id);
    if one.wants_two() && person.is_some() && person == one.approved_by {
        return Err(Error::conflict("A critical alert is released by another person than the one who approved it."));
    }
    Ok(())
}

/// The version, its name, ledger and journal, in the change that the caller began.
async fn leave(tx: &mut Tx, app: &App, who: &Who, one: &mut Publication) -> Result<()> {
    // One instant for all that says when it left: the clock goes on while this change is made.
    let now = tx.now();
    complete(one, now)?;
    let before = before::before(tx, app, who, one).await?;
    let passed = release::release(tx, &app.profile, who, &before.leaving, one.content.clone()).await?;
    if one.name.is_empty() {
        one.name = name(tx, app, one, now).await?;
    }
    let versions = store::versions(tx, one.id).await?;
    one.version += 1;
    one.standing = "current".into();
    let (label, channel) = (before.weighed.effective, before.leaving.channel);
    let numbered = csaf::release_in(tx, app, one, &versions, (label, now)).await?;
    csaf::sign_all(tx, app, one.id, one.version).await?;
    let by = one.released_by.filter(|_| matches!(who, Who::Job(_))).map_or_else(|| who.to_string(), |person| format!("person:{person}"));
    let leaves = store::Leaves { one, channel: channel.name(), label, by: by.clone(), ledger: passed.ledger(), numbered: &numbered, at: now };
    store::insert_version(tx, &leaves).await?;
    close(tx, one, now).await?;
    products::note(tx, &one.content.products).await?;
    readers::start_in(tx, app, by, one.id, one.version).await?;
    registrations::tell_in(tx, one, channel).await?;
    write::note(tx, "publication.released", one);
    Ok(())
}

/// What a team begins with leaves on the word of whoever runs the program, and of nobody else.
pub(super) async fn leave_at_start(tx: &mut Tx, app: &App, who: &Who, mut one: Publication) -> Result<()> {
    leave(tx, app, who, &mut one).await
}

/// Nobody works on it any more.
async fn close(tx: &mut Tx, one: &mut Publication, now: Timestamp) -> Result<()> {
    one.stage = String::new();
    one.released_at = Some(now);
    one.writers = Vec::new();
    (one.note, one.said_back, one.said_by) = (String::new(), String::new(), String::new());
    // Reasons were of what left: what is written next is weighed anew.
    (one.lowered, one.lowered_from, one.told) = (String::new(), None, (String::new(), String::new()));
    one.unapprove();
    store::update(tx, one).await
}

/// The number of a kind that has numbers, drawn when it leaves: a gap would tell of what did not. Others are called by
/// their title.
async fn name(tx: &mut Tx, app: &App, one: &Publication, now: Timestamp) -> Result<String> {
    if let Some(letters) = one.kind.letters() {
        let year = now.to_zoned(app.profile.calendar().zone().clone()).year();
        let number = tx.next_number(&format!("publication-{letters}-{year}")).await?;
        return Ok(format!("{}-{letters}-{year}-{number:04}", app.profile.team.number_prefix));
    }
    let word = press::slug(one.content.title());
    for place in 1..1000 {
        let name = if place == 1 { word.clone() } else { format!("{word}-{place}") };
        if store::named(tx, one.kind, &name).await?.is_none_or(|there| there == one.id) {
            return Ok(name);
        }
    }
    Err(Error::conflict("Too many are called like this: choose another title."))
}

/// Says when the approved working copy is to leave: an embargo. Until then nothing outside knows of it. `zone` is whose time
/// that was typed in (IANA).
pub async fn schedule(app: &App, who: &Who, id: Id, seen: i64, (at, zone): (Timestamp, &str)) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            may_release(&one, who)?;
            if at <= tx.now() {
                return Err(Error::invalid("This moment has passed; release it now instead."));
            }
            complete(&one, at)?;
            one.stage = "scheduled".into();
            one.publish_at = Some(at);
            zone.clone_into(&mut one.publish_zone);
            one.released_by = who.person().map(|person| person.id);
            store::update(tx, &one).await?;
            tx.enqueue_at("publish_due", json!({ "publication": id }), at, None).await?;
            write::note(tx, "publication.scheduled", &one);
            Ok(())
        })
        .await
}

/// It is not to leave then.
pub async fn unschedule(app: &App, who: &Who, id: Id, seen: i64) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            must_be(&one, &["scheduled"])?;
            one.stage = "approved".into();
            (one.publish_at, one.released_by) = (None, None);
            one.publish_zone = String::new();
            store::update(tx, &one).await?;
            write::note(tx, "publication.unscheduled", &one);
            Ok(())
        })
        .await
}

/// The job at the end of an embargo. Whatever it was queued for, the row decides: a moment that was moved, or taken back,
/// is not this one. What stands against it now goes back to who writes, and says so.
pub async fn publish_due(app: &App, job: &Job) -> Result<()> {
    let id: Id =
        job.payload.get("publication").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a publication"))?;
    let who = Who::Job("publish_due");
    let due = |one: &Publication, now: Timestamp| one.stage == "scheduled" && one.publish_at.is_some_and(|at| at <= now);
    csaf::judge(app, id).await?;
    let done: Result<()> = app
        .db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, None).await?;
            if !due(&one, tx.now()) {
                // Moved to later, or the clock was put back: it is asked again then.
                if let Some(at) = one.publish_at.filter(|_| one.stage == "scheduled") {
                    tx.enqueue_at("publish_due", json!({ "publication": id }), at, None).await?;
                }
                return Ok(());
            }
            leave(tx, app, &who, &mut one).await
        })
        .await;
    app.publications.forget();
    let Err(Error::Conflict(_)) = done else { return done };
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, None).await?;
            if due(&one, tx.now()) {
                // What it is may be of a case that not everybody knows of: each reads under *Before it leaves* what may be read.
                one.said_by = String::new();
                undo(tx, &mut one, "It was due and did not leave: something stands against it now.".into()).await?;
                write::note(tx, "publication.held_back", &one);
            }
            Ok(())
        })
        .await
}

/// Says that it no longer holds: a version of its own, which says why. The page stays.
pub async fn withdraw(app: &App, who: &Who, id: Id, seen: i64, why: &str) -> Result<()> {
    end(app, who, (id, seen), "withdrawn", why, None).await
}

/// Says that another took its place.
pub async fn supersede(app: &App, who: &Who, id: Id, seen: i64, by: &str, why: &str) -> Result<()> {
    let by = by.trim();
    let mut reader = app.db.read().await?;
    let mut other = None;
    for kind in Kind::ALL {
        other = other.or(store::named(&mut reader, kind, by).await?);
    }
    drop(reader);
    let other = other.filter(|other| *other != id).ok_or_else(|| Error::invalid("Write the number of another publication that is out."))?;
    end(app, who, (id, seen), "superseded", why, Some(other)).await
}

async fn end(app: &App, who: &Who, (id, seen): (Id, i64), standing: &str, why: &str, by: Option<Id>) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    let why = why.trim().to_owned();
    if why.is_empty() {
        return Err(Error::invalid("Say why; the page says it to everybody."));
    }
    let done = app
        .db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            if !one.is_current() {
                return Err(Error::conflict("Only what is out and holds can be taken back."));
            }
            if let Some(by) = by
                && store::get(tx, by).await?.is_none_or(|other| !other.is_current())
            {
                return Err(Error::conflict("What takes its place has to be out, and to hold."));
            }
            let last = store::versions(tx, id).await?.into_iter().next().ok_or(Error::NotFound)?;
            // What it says is what it said, and the reason beside it: words that pass the gate like any other. What is in
            // work stays in work, and who approved that approved nothing here.
            let now = tx.now();
            let said = Publication {
                content: last.content,
                note: why,
                standing: standing.to_owned(),
                version: one.version + 1,
                superseded_by: by,
                approved_by: None,
                ..one.clone()
            };
            let mut before = before::before(tx, app, who, &Publication { version: one.version, ..said.clone() }).await?;
            // What it says is out: taking it back tells nothing more than the reason does.
            before.leaving.containers = Vec::new();
            before.leaving.held = Vec::new();
            before.leaving.against = before::against_words(tx, app, who, id, &said.note).await?;
            // It goes to whom it went, which may be fewer than its writer chose.
            let label = last.label;
            before.leaving.label = label;
            let passed = release::release(tx, &app.profile, who, &before.leaving, ()).await?;
            let numbered = csaf::end_in(tx, app, &said, (label, now)).await?;
            csaf::sign_all(tx, app, one.id, said.version).await?;
            store::insert_version(
                tx,
                &store::Leaves {
                    one: &said,
                    channel: before.leaving.channel.name(),
                    label,
                    by: who.to_string(),
                    ledger: passed.ledger(),
                    numbered: &numbered,
                    at: now,
                },
            )
            .await?;
            one.version = said.version;
            one.standing = said.standing;
            one.superseded_by = by;
            one.released_at = Some(now);
            // What waits to leave would say in a while that it holds: somebody looks whether it still should.
            if ["approved", "scheduled"].contains(&one.stage.as_str()) {
                one.stage = "draft".into();
                one.unapprove();
                one.tell(&format!("It is {standing} since it was approved: look whether it should still leave."));
            }
            store::update(tx, &one).await?;
            readers::start_in(tx, app, who.to_string(), one.id, one.version).await?;
            registrations::tell_in(tx, &one, before.leaving.channel).await?;
            write::note(tx, &format!("publication.{standing}"), &one);
            Ok(())
        })
        .await;
    app.publications.forget();
    done
}
