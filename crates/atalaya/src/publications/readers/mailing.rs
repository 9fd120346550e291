//! One version on its way to all whom it concerns: constituents that have to hear of it, and whoever asked.

use std::collections::HashSet;
use std::sync::Arc;

use ::store::{Id, Job, Reader, Record, Tx};
use jiff::Timestamp;
use serde_json::json;

use super::super::catalogue::{self, Item};
use super::super::site::Filter;
use super::super::{store as publications, warnings};
use super::lost::is_lost;
use super::{Subscription, letter, store};
use crate::access::{Noun, Verb, Who, require};
use crate::web::Fields;
use crate::{App, Error, Result};

/// More recipients than this are for a second person to let go.
pub(super) const ASKED: i64 = 1000;
/// So many subscriptions one change goes through.
const STEP: u32 = 100;

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
    /// `release` (those whom the rule names, and all who asked) or `chosen` (constituents whom somebody chose).
    pub kind: String,
    /// It goes before the version is out.
    pub ahead: bool,
    /// What is told ahead: a hash. Nothing else goes on that word.
    pub text: String,
    /// When somebody last let it go.
    pub let_go_at: Option<Timestamp>,
}

/// Begins the mailing of a version, in the change that releases it. `by`: who released it, or said when it is to leave.
pub async fn start_in(tx: &mut Tx, app: &App, by: String, publication: Id, version: i64) -> Result<()> {
    // Without mail somebody may be told on a page of the portal all the same.
    if app.profile.mail.is_none() && !warnings::tells_anybody(tx, app, publication).await? {
        return Ok(());
    }
    let mailing = Mailing { kind: "release".into(), ..begun(tx, by, publication, version) };
    insert(tx, &mailing).await.map(drop)
}

/// A mailing that begins now.
pub(in crate::publications) fn begun(tx: &Tx, started_by: String, publication: Id, version: i64) -> Mailing {
    Mailing {
        id: tx.new_id(),
        publication,
        version,
        state: "begins".into(),
        recipients: 0,
        queued: 0,
        after: None,
        started_by,
        approved_by: None,
        at: tx.now(),
        kind: "chosen".into(),
        ahead: false,
        text: String::new(),
        let_go_at: None,
    }
}

/// Writes a mailing down and leaves its job; false if this version has its mailing already.
pub(in crate::publications) async fn insert(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    let new = store::insert_mailing(tx, mailing).await? > 0;
    if new {
        tx.enqueue("mail_out", json!({ "mailing": mailing.id })).await?;
    }
    Ok(new)
}

/// The mailings of a publication, the newest version first, and how the mails of the newest stand.
pub async fn mailings(reader: &mut Reader, who: &Who, publication: Id) -> Result<Vec<(Mailing, Vec<(String, i64)>)>> {
    require(who, Verb::See, Noun::Publication)?;
    let mut all = Vec::new();
    let mailings = store::mailings(reader, publication).await?;
    let newest = mailings.iter().find(|mailing| mailing.kind == "release").or(mailings.first()).map(|mailing| mailing.version);
    for mailing in mailings {
        // Of those before it is known how many were queued; how each of their mails stands is not counted on every page.
        let is_counted = newest.is_some_and(|newest| mailing.version >= newest);
        let readers = if is_counted && mailing.kind == "release" { store::tally(reader, publication, mailing.version).await? } else { Vec::new() };
        let tally = if is_counted { warnings::tally(reader, mailing.id, readers).await? } else { Vec::new() };
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
            if mailing.recipients > ASKED && mailing.started_by == format!("person:{person}") {
                return Err(Error::conflict("You released it: somebody else has to let so many mails go."));
            }
            // What was stopped before anybody counted is counted first: it may need a second person.
            mailing.state = if mailing.recipients == 0 { "begins" } else { "going" }.into();
            mailing.approved_by = Some(person);
            mailing.let_go_at = Some(tx.now());
            // From the beginning: whoever asked to come otherwise meanwhile is told too, and nobody twice.
            mailing.after = None;
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

pub(in crate::publications) async fn held(tx: &mut Tx, id: Id) -> Result<Mailing> {
    tx.hold("mailings", id).await?;
    store::mailing(tx, id).await?.ok_or(Error::NotFound)
}

pub(in crate::publications) fn note(tx: &mut Tx, verb: &str, mailing: &Mailing) {
    tx.record(
        Record::new(verb, "publication", mailing.publication)
            .facts(json!({ "version": mailing.version, "kind": mailing.kind, "ahead": mailing.ahead, "recipients": mailing.recipients, "queued": mailing.queued, "state": mailing.state })),
    );
}

/// The job: tells constituents one by one, then goes through the next subscriptions, a hundred in one change. What was queued and how
/// far it came stand in that change, so that a death between two of them loses and doubles nothing.
pub async fn mail_out(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.payload.get("mailing").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a mailing"))?;
    let mailing = store::mailing(&mut app.db.read().await?, id).await?.ok_or_else(|| Error::fault("no such mailing"))?;
    app.publications.forget();
    let catalogue = catalogue::catalogue(app).await?;
    // What is for constituents only has no mails to everybody; what was revised meanwhile is told by its newest version.
    let is_this = |item: &&Arc<Item>| mailing.kind == "release" && item.id == mailing.publication && item.version == mailing.version;
    let item = catalogue.items.iter().find(is_this).cloned();
    if mailing.state == "begins" {
        begin(app, &mailing, item.as_deref()).await?;
    }
    while warnings::step(app, id).await? {}
    match item {
        Some(item) => while step(app, id, &item).await? {},
        None => end(app, id).await?,
    }
    Ok(())
}

/// Counts whom it goes to, which decides who lets it go.
async fn begin(app: &App, mailing: &Mailing, item: Option<&Item>) -> Result<()> {
    let readers = match item {
        Some(item) => addresses(app, item, "at_once", None).await?.0,
        None => HashSet::new(),
    };
    app.db
        .change("job:mail_out", async |tx| {
            let mut mailing = held(tx, mailing.id).await?;
            if mailing.state == "begins" {
                let letters = warnings::gather(tx, app, &mailing).await?;
                // Whoever is told as a constituent is told once, by that letter.
                let contacts = warnings::addresses(tx, mailing.id).await?;
                let others = readers.iter().filter(|address| !contacts.contains(*address)).count();
                mailing.recipients = letters + i64::try_from(others).unwrap_or(i64::MAX);
                mailing.state = if mailing.recipients > ASKED { "asks" } else { "going" }.into();
                store::update_mailing(tx, &mailing).await?;
                note(tx, "mailing.began", &mailing);
            }
            Ok::<(), Error>(())
        })
        .await
}

/// All are told, unless somebody stopped it.
async fn end(app: &App, id: Id) -> Result<()> {
    app.db
        .change("job:mail_out", async |tx| {
            let mut mailing = held(tx, id).await?;
            if mailing.state == "going" {
                mailing.state = "done".into();
                store::update_mailing(tx, &mailing).await?;
                note(tx, "mailing.ended", &mailing);
            }
            Ok(())
        })
        .await
}

/// Something else holds by now: nothing more of what a mailing tells is queued.
pub(in crate::publications) async fn overtaken(tx: &mut Tx, mailing: &mut Mailing) -> Result<()> {
    mailing.state = "stopped".into();
    store::update_mailing(tx, mailing).await?;
    note(tx, "mailing.overtaken", mailing);
    Ok(())
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
            // What was withdrawn or written anew since this began gives nobody else its old advice: its own mailing tells them.
            if publications::get(tx, item.id).await?.is_none_or(|one| one.version != item.version) {
                return overtaken(tx, &mut mailing).await.map(|()| false);
            }
            let some = store::after(tx, mailing.after, "at_once", STEP).await?;
            let more = some.len() == STEP as usize;
            store::alone(tx, some.iter()).await?;
            for one in &some {
                mailing.after = Some(one.id);
                let wanted = is_for(tx, app, one, item).await? && !store::is_told(tx, one, item.id, item.version).await?;
                if wanted && !is_lost(tx, one).await? {
                    letter::tell(tx, app, &who, one, item).await?;
                    mailing.queued += 1;
                }
            }
            if more {
                note(tx, "mailing.went_on", &mailing);
            } else {
                mailing.state = "done".into();
                note(tx, "mailing.ended", &mailing);
            }
            store::update_mailing(tx, &mailing).await?;
            Ok(more)
        })
        .await
}

/// How many addresses whose holders asked for it a version concerns, each of which is told once; and whether there may be more,
/// where only so many subscriptions are looked at.
pub(super) async fn count(app: &App, item: &Item, due: &str, most: Option<usize>) -> Result<(i64, bool)> {
    let (addresses, more) = addresses(app, item, due, most).await?;
    Ok((i64::try_from(addresses.len()).unwrap_or(i64::MAX), more))
}

/// These addresses, in small letters.
async fn addresses(app: &App, item: &Item, due: &str, most: Option<usize>) -> Result<(HashSet<String>, bool)> {
    let (mut addresses, mut after, mut seen) = (HashSet::new(), None, 0);
    let followers = store::followers(&mut app.db.read().await?, item.id).await?;
    loop {
        let mut reader = app.db.read().await?;
        let some = store::after(&mut reader, after, due, 1000).await?;
        let now = reader.now();
        let wanted = some.iter().filter(|one| wants(app, one, item, now, followers.contains(&one.id)));
        addresses.extend(wanted.map(|one| one.address.to_lowercase()));
        after = some.last().map(|one| one.id);
        seen += some.len();
        let (is_all, is_enough) = (some.len() < 1000, most.is_some_and(|most| seen >= most));
        if is_all || is_enough {
            return Ok((addresses, !is_all));
        }
    }
}

/// Whether a subscription asks for this. Whoever was told of a publication hears how it ends, whatever becomes of what the filter looks
/// at: `follows`.
pub(super) fn wants(app: &App, one: &Subscription, item: &Item, now: Timestamp, follows: bool) -> bool {
    let fits = || Filter::of(&Fields::parse(one.filter.as_bytes()), None).fits(item, &one.language, app.profile.calendar().zone());
    one.paused_until.is_none_or(|until| until <= now) && (follows || fits())
}

/// [`wants`] of one subscription, which looks into what it was told.
async fn is_for(reader: &mut Reader, app: &App, one: &Subscription, item: &Item) -> Result<bool> {
    let now = reader.now();
    if wants(app, one, item, now, false) {
        return Ok(true);
    }
    Ok(item.version > 1 && !store::delivered(reader, one.id, item.id).await?.is_empty() && wants(app, one, item, now, true))
}
