//! One version on its way to all whom it concerns.

use ::store::{Id, Job, Reader, Record, Tx};
use jiff::Timestamp;
use serde_json::json;

use super::super::catalogue::{self, Item};
use super::super::site::Filter;
use super::{Subscription, letter, store};
use crate::access::{Noun, Verb, Who, require};
use crate::web::Fields;
use crate::{App, Error, Result};

/// More recipients than this are for a second person to let go.
const ASKED: i64 = 1000;
/// So many subscriptions one change goes through.
const STEP: u32 = 100;
/// So many mails that came back, one after the other, end the mails to an address.
const LOST: u32 = 3;

/// A version on its way.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// Id.
    pub id: Id,
    /// The publication.
    pub publication: Id,
    /// Its version.
    pub version: i64,
    /// `asks` (a second person has to let it go), `going`, `stopped`, `done`.
    pub state: String,
    /// So many it concerned when it began.
    pub recipients: i64,
    /// So many mails were queued.
    pub queued: i64,
    /// The last subscription that was gone through.
    pub after: Option<Id>,
    /// Who released the version.
    pub started_by: String,
    /// Who let it go.
    pub approved_by: Option<Id>,
    /// Since when.
    pub at: Timestamp,
}

/// Begins the mailing of a version, in the change that releases it.
pub async fn start_in(tx: &mut Tx, app: &App, who: &Who, publication: Id, version: i64) -> Result<()> {
    if app.profile.mail.is_none() {
        return Ok(());
    }
    let (id, at) = (tx.new_id(), tx.now());
    let mailing =
        Mailing { id, publication, version, state: "begins".into(), recipients: 0, queued: 0, after: None, started_by: who.to_string(), approved_by: None, at };
    if store::insert_mailing(tx, &mailing).await? > 0 {
        tx.enqueue("mail_out", json!({ "mailing": id })).await?;
    }
    Ok(())
}

/// The mailings of a publication, the newest version first.
pub async fn mailings(reader: &mut Reader, who: &Who, publication: Id) -> Result<Vec<(Mailing, Vec<(String, i64)>)>> {
    require(who, Verb::See, Noun::Publication)?;
    let mut all = Vec::new();
    for mailing in store::mailings(reader, publication).await? {
        let tally = store::tally(reader, publication, mailing.version).await?;
        all.push((mailing, tally));
    }
    Ok(all)
}

/// A second person lets a large mailing go.
pub async fn approve_mailing(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    let person = who.person().map(|person| person.id).ok_or(Error::NotFound)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut mailing = held(tx, id).await?;
            if !["asks", "stopped"].contains(&mailing.state.as_str()) {
                return Err(Error::conflict("It does not wait for anybody."));
            }
            if mailing.state == "asks" && mailing.started_by == format!("person:{person}") {
                return Err(Error::conflict("You released it: somebody else has to let so many mails go."));
            }
            mailing.state = "going".into();
            mailing.approved_by = Some(person);
            store::update_mailing(tx, &mailing).await?;
            tx.enqueue("mail_out", json!({ "mailing": id })).await?;
            note(tx, "mailing.let_go", &mailing);
            Ok(())
        })
        .await
}

/// Stops it: what was queued goes, nothing more is queued.
pub async fn stop_mailing(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut mailing = held(tx, id).await?;
            if mailing.state == "done" {
                return Err(Error::conflict("All its mails are queued already."));
            }
            mailing.state = "stopped".into();
            store::update_mailing(tx, &mailing).await?;
            note(tx, "mailing.stopped", &mailing);
            Ok(())
        })
        .await
}

async fn held(tx: &mut Tx, id: Id) -> Result<Mailing> {
    tx.hold("mailings", id).await?;
    store::mailing(tx, id).await?.ok_or(Error::NotFound)
}

fn note(tx: &mut Tx, verb: &str, mailing: &Mailing) {
    tx.record(
        Record::new(verb, "publication", mailing.publication)
            .facts(json!({ "version": mailing.version, "recipients": mailing.recipients, "queued": mailing.queued, "state": mailing.state })),
    );
}

/// The job: goes through the next subscriptions, and leaves the rest to the next job. What was queued and how far it came stand in one
/// change, so that a death between two of them loses and doubles nothing.
pub async fn mail_out(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.payload.get("mailing").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a mailing"))?;
    let mailing = store::mailing(&mut app.db.read().await?, id).await?.ok_or_else(|| Error::fault("no such mailing"))?;
    app.publications.forget();
    let catalogue = catalogue::catalogue(app).await?;
    // What is for constituents only has no mails to everybody; what was revised meanwhile is told by its newest version.
    let item = catalogue.items.iter().find(|item| item.id == mailing.publication && item.version == mailing.version).cloned();
    let Some(item) = item else { return set(app, id, "done").await };
    if mailing.state == "begins" {
        let count = count(app, &item).await?;
        let state = if count > ASKED { "asks" } else { "going" };
        app.db
            .change("job:mail_out", async |tx| {
                let mut mailing = held(tx, id).await?;
                if mailing.state == "begins" {
                    mailing.state = state.into();
                    mailing.recipients = count;
                    store::update_mailing(tx, &mailing).await?;
                    note(tx, "mailing.began", &mailing);
                }
                Ok::<(), Error>(())
            })
            .await?;
    }
    while step(app, id, &item).await? {}
    Ok(())
}

async fn set(app: &App, id: Id, state: &str) -> Result<()> {
    app.db
        .change("job:mail_out", async |tx| {
            let mut mailing = held(tx, id).await?;
            state.clone_into(&mut mailing.state);
            store::update_mailing(tx, &mailing).await?;
            note(tx, "mailing.ended", &mailing);
            Ok(())
        })
        .await
}

/// One change of a mailing; whether there is more to do.
async fn step(app: &App, id: Id, item: &Item) -> Result<bool> {
    let who = Who::Job("mail_out");
    app.db
        .change(&who.to_string(), async |tx| {
            let mut mailing = held(tx, id).await?;
            if mailing.state != "going" {
                return Ok(false);
            }
            let some = store::after(tx, mailing.after, "at_once", STEP).await?;
            let more = some.len() == STEP as usize;
            for one in &some {
                mailing.after = Some(one.id);
                if wants(app, one, item, tx.now()) && !is_lost(tx, one).await? {
                    letter::tell(tx, app, &who, one, item).await?;
                    mailing.queued += 1;
                }
            }
            if !more {
                mailing.state = "done".into();
                note(tx, "mailing.ended", &mailing);
            } else if !some.is_empty() {
                note(tx, "mailing.went_on", &mailing);
            }
            store::update_mailing(tx, &mailing).await?;
            Ok(more)
        })
        .await
}

/// How many a version concerns.
async fn count(app: &App, item: &Item) -> Result<i64> {
    let (mut count, mut after) = (0, None);
    loop {
        let mut reader = app.db.read().await?;
        let some = store::after(&mut reader, after, "at_once", 1000).await?;
        let now = reader.now();
        count += some.iter().filter(|one| wants(app, one, item, now)).count();
        after = some.last().map(|one| one.id);
        if some.len() < 1000 {
            return Ok(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
}

/// Whether a subscription asks for this.
pub(super) fn wants(app: &App, one: &Subscription, item: &Item, now: Timestamp) -> bool {
    let filter = Filter::of(&Fields::parse(one.filter.as_bytes()), None);
    one.paused_until.is_none_or(|until| until <= now) && filter.fits(item, &one.language, app.profile.calendar().zone())
}

/// Whether the last mails all came back: then nothing more goes there until its holder says so.
async fn is_lost(tx: &mut Tx, one: &Subscription) -> Result<bool> {
    let fates = store::fates(tx, one.id, LOST).await?;
    let lost = fates.len() == LOST as usize && fates.iter().all(|state| ["bounced", "failed"].contains(&state.as_str()));
    if lost {
        let mut one = one.clone();
        one.state = "suspended".into();
        store::update(tx, &one).await?;
        super::note(tx, "subscription.suspended", &one);
    }
    Ok(lost)
}
