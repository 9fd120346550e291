//! Those who asked to be told: subscriptions, and the mails that go to them.
//!
//! A subscription is a filter and an address, which its holder has confirmed by a mail that was sent there. Its key, in every mail, is
//! all that is needed to change or end it; nobody logs in. A **mailing** is one version on its way to all whom it concerns: a job
//! tells the constituents that have to hear of it ([`super::warnings`]) and walks through the subscriptions. What was queued stands
//! in `warnings` and `deliveries`, so that nobody is missed and nobody told twice, whenever the program dies.

mod digest;
mod forget;
mod letter;
mod lost;
mod mailing;
mod said;
mod store;
mod team;
pub mod team_web;
pub mod web;

use ::store::{Id, Reader, Record, Tx};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::Timestamp;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::catalogue::catalogue;
use super::site::Filter;
use crate::access::Who;
use crate::{App, Error, Result};

pub use digest::{begin as digest_begin, digest_round};
pub use forget::forget;
pub(super) use letter::{list_headers, turn};
pub use mailing::{Mailing, approve_mailing, mail_out, mailings, start_in, stop_mailing};
pub(super) use mailing::{begun, held as held_mailing, insert, note as note_mailing, overtaken};
pub(super) use said::{body, state};
pub use said::{text as said, written};
pub(super) use store::{release_of, update_mailing};
pub use team::{Reach, reach};

/// Somebody who asked to be told.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Id.
    pub id: Id,
    /// Where the mails go; empty once it ended.
    pub address: String,
    /// In which language.
    pub language: String,
    /// Of what: the query of the list that shows the same.
    pub filter: String,
    /// `at_once`, `daily`, `weekly`.
    pub due: String,
    /// `pending`, `active`, `suspended`, `ended`.
    pub state: String,
    /// When its holder confirmed it last: what came back before is forgotten.
    pub confirmed_at: Option<Timestamp>,
    /// Up to when its holder was told by digest.
    pub told_until: Timestamp,
    /// Until when it is silent.
    pub paused_until: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// How often mails may come.
pub const DUES: [&str; 3] = ["at_once", "daily", "weekly"];

/// The key of a subscription, as it stands in an address: who has it may change and end it.
pub fn key(app: &App, id: Id) -> String {
    let mac = app.key.mac("subscription", &[&id.0]);
    let mut bytes = id.0.to_vec();
    bytes.extend(mac.iter().take(16));
    BASE64URL_NOPAD.encode(&bytes)
}

/// The subscription that a key opens.
pub async fn of_key(app: &App, key: &str) -> Result<Subscription> {
    let id = id_of(app, key)?;
    store::get(&mut app.db.read().await?, id).await?.filter(|one| one.state != "ended").ok_or(Error::NotFound)
}

/// Whose key it is. A key that nobody gave out opens nothing, and costs no look into the database.
fn id_of(app: &App, key: &str) -> Result<Id> {
    let bytes = BASE64URL_NOPAD.decode(key.as_bytes()).map_err(|_| Error::NotFound)?;
    let (id, mac) = bytes.split_at_checked(16).ok_or(Error::NotFound)?;
    let id = Id(id.try_into().map_err(|_| Error::NotFound)?);
    let right = app.key.mac("subscription", &[&id.0]);
    if bool::from(right.get(..16).unwrap_or_default().ct_eq(mac)) { Ok(id) } else { Err(Error::NotFound) }
}

/// The holder of an address was told of a version by a mail of another kind: what it asked for tells it of that no more.
pub(super) async fn told_otherwise(tx: &mut Tx, address: &str, (publication, version): (Id, i64), message_id: &str) -> Result<()> {
    let spelled = address.to_lowercase();
    tx.alone(&format!("subscription:{spelled}")).await?;
    store::deliver_to(tx, &spelled, publication, version, message_id).await
}

/// Whether a thread is that of a subscription.
pub async fn is_thread(reader: &mut Reader, thread: Id) -> Result<bool> {
    Ok(store::get(reader, thread).await?.is_some())
}

/// A wish to be told.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Where the mails are to go.
    pub address: String,
    /// In which language.
    pub language: String,
    /// Of what.
    pub filter: Filter,
    /// How often.
    pub due: String,
}

/// Takes a wish down and sends the mail that asks whether it was meant. The same wish of an address that has it already is
/// asked again, and changes nothing; whoever wishes is told the same in all cases.
pub async fn ask(app: &App, wish: Wish) -> Result<()> {
    let address = crate::reports::mailable(&wish.address).ok_or_else(|| Error::invalid("error-said-no-address"))?.to_owned();
    if app.profile.mail.is_none() {
        return Err(Error::NotFound);
    }
    let due = DUES.into_iter().find(|due| *due == wish.due).unwrap_or("at_once").to_owned();
    let filter = wish.filter.query(true);
    app.db
        .change(&Who::Public.to_string(), async |tx| {
            let spelled = address.to_lowercase();
            tx.alone(&format!("subscription:{spelled}")).await?;
            let there = store::same(tx, &spelled, &filter, &wish.language).await?;
            if let Some(mut one) = there {
                if one.state == "pending" {
                    // Its holder has a week from here on.
                    one.created_at = tx.now();
                    store::update(tx, &one).await?;
                    note(tx, "subscription.asked", &one);
                }
                return letter::confirm(tx, app, &one).await;
            }
            let now = tx.now();
            let one = Subscription {
                id: tx.new_id(),
                address: address.clone(),
                language: wish.language.clone(),
                filter: filter.clone(),
                due: due.clone(),
                state: "pending".into(),
                confirmed_at: None,
                told_until: now,
                paused_until: None,
                created_at: now,
            };
            store::insert(tx, &one).await?;
            note(tx, "subscription.asked", &one);
            letter::confirm(tx, app, &one).await
        })
        .await
}

/// What became of addresses that were taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enlisted {
    /// So many are told from now on.
    pub new: usize,
    /// So many have a subscription already, and keep it as it is; or ended one, and have to ask themselves.
    pub skipped: usize,
}

/// Takes addresses over from another list, on the word of whoever runs the program that their holders asked for it: they are told
/// of everything. Who asked us for anything already keeps that, and is skipped; and so is who ever ended what we sent, which no list
/// of somebody else's takes back.
pub async fn enlist(app: &App, addresses: impl IntoIterator<Item = String>, language: &str) -> Result<Enlisted> {
    let all: Vec<String> = addresses.into_iter().collect();
    if !app.languages.offered().iter().any(|tag| tag == language) {
        return Err(Error::invalid(format!(
            "The team does not offer “{}”, but {}.",
            crate::text::short_line(language, 40),
            app.languages.offered().join(", ")
        )));
    }
    if let Some(bad) = all.iter().find(|address| crate::reports::mailable(address).is_none()) {
        return Err(Error::invalid(format!("“{}” is no mail address.", crate::text::short_line(bad, 80))));
    }
    let mut done = Enlisted::default();
    for some in all.chunks(500) {
        let new = app.db.change(&Who::Operator.to_string(), async |tx| enlist_in(tx, app, some, language).await).await?;
        done = Enlisted { new: done.new + new, skipped: done.skipped + some.len() - new };
    }
    Ok(done)
}

/// What is kept of an address whose holder ended the mails: whether another is the same can be asked with our key alone.
fn ended_as(app: &App, address: &str) -> String {
    HEXLOWER.encode(&app.key.mac("subscription that ended", &[address.to_lowercase().as_bytes()]))
}

async fn enlist_in(tx: &mut Tx, app: &App, some: &[String], language: &str) -> Result<usize> {
    let mut new = 0;
    for address in some {
        if store::is_known(tx, &address.to_lowercase()).await? || store::has_ended(tx, &ended_as(app, address)).await? {
            continue;
        }
        let now = tx.now();
        let one = Subscription {
            id: tx.new_id(),
            address: address.clone(),
            language: language.to_owned(),
            filter: String::new(),
            due: "at_once".into(),
            state: "active".into(),
            confirmed_at: Some(now),
            told_until: now,
            paused_until: None,
            created_at: now,
        };
        store::insert(tx, &one).await?;
        note(tx, "subscription.taken_over", &one);
        new += 1;
    }
    Ok(new)
}

/// Its holder says that it was meant.
pub async fn confirm(app: &App, key: &str) -> Result<()> {
    let id = id_of(app, key)?;
    app.db
        .change(&Who::Public.to_string(), async |tx| {
            let (mut one, now) = (held(tx, id).await?, tx.now());
            if one.state == "pending" || one.state == "suspended" {
                one.state = "active".into();
                (one.confirmed_at, one.told_until) = (Some(now), now);
            }
            store::update(tx, &one).await?;
            note(tx, "subscription.confirmed", &one);
            Ok(())
        })
        .await
}

/// Its holder wants no more of it. At once, and however often it is said; its address is kept no longer, but for a keyed hash
/// that keeps it from being taken over from another list.
pub async fn end(app: &App, key: &str) -> Result<()> {
    let id = id_of(app, key)?;
    let done = app
        .db
        .change(&Who::Public.to_string(), async |tx| {
            let mut one = held(tx, id).await?;
            // Said again, there is no address any more to make it of.
            if !one.address.is_empty() {
                store::note_ended(tx, id, &ended_as(app, &one.address)).await?;
            }
            one.state = "ended".into();
            one.address = String::new();
            store::update(tx, &one).await?;
            note(tx, "subscription.ended", &one);
            Ok(())
        })
        .await;
    match done {
        Err(Error::NotFound) => Ok(()),
        done => done,
    }
}

/// Its holder wants it otherwise: how often, in which of the team's languages, and silent until then. What the next digest would have
/// told is told now, if no digest follows.
pub async fn alter(app: &App, key: &str, due: &str, language: &str, paused_until: Option<Timestamp>) -> Result<()> {
    let (id, all) = (id_of(app, key)?, catalogue(app).await?);
    let language = app.languages.offered().iter().find(|tag| *tag == language);
    let due = DUES.into_iter().find(|known| *known == due).ok_or_else(|| Error::invalid("error-said-button"))?;
    app.db
        .change(&Who::Public.to_string(), async |tx| {
            let (mut one, now) = (held(tx, id).await?, tx.now());
            // What gathered in a silence that ends now is told with it.
            one.paused_until = paused_until.filter(|until| *until > now);
            if one.due != "at_once" && due == "at_once" && one.state == "active" && app.profile.mail.is_some() {
                digest::tell_in(tx, app, &Who::Public, &one, &all).await?;
            }
            if one.due == "at_once" || due == "at_once" {
                one.told_until = now;
            }
            due.clone_into(&mut one.due);
            if let Some(language) = language {
                language.clone_into(&mut one.language);
            }
            store::update(tx, &one).await?;
            note(tx, "subscription.changed", &one);
            Ok(())
        })
        .await
}

async fn held(tx: &mut Tx, id: Id) -> Result<Subscription> {
    tx.hold("subscriptions", id).await?;
    store::get(tx, id).await?.filter(|one| one.state != "ended").ok_or(Error::NotFound)
}

fn note(tx: &mut Tx, verb: &str, one: &Subscription) {
    tx.record(
        Record::new(verb, "subscription", one.id)
            .facts(json!({ "state": one.state, "due": one.due, "filter": one.filter, "language": one.language }))
            .particulars(json!({ "address": one.address })),
    );
}
