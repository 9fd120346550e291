//! Those who come to what stands in the calendar: they say so on its page, confirm it by a mail, and have a place or wait for one.
//!
//! A registration counts when whoever reads its mailbox has pressed a button; its key, in every mail, is all that is needed to
//! see and cancel it, and nobody logs in. Whoever confirms joins the end of the list of the item, and the first of the list have the
//! places (`press::registration`), so that one rule decides who comes, whoever cancels and however many places a new version
//! has. All this happens while the publication's row is held, so that two never take the last place.

mod change;
mod forget;
mod letter;
mod store;
pub mod team;
pub mod team_web;
mod tell;
pub mod web;

use std::sync::Arc;

use ::store::{Id, Record, Tx};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use press::{Admission, Kind, Places, Seat};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::catalogue::{self, Item};
use crate::{App, Error, Result};

pub use change::{Wish, ask, cancel, confirm};
pub use forget::forget;
pub use tell::{tell_in, tell_registered};
pub use web::Door;

/// Somebody who wants to come.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Id.
    pub id: Id,
    /// The calendar item.
    pub publication: Id,
    /// Their name.
    pub name: String,
    /// Whom they come for; empty when they did not say.
    pub organisation: String,
    /// What the team should know.
    pub remark: String,
    /// Where mails go; empty for somebody whom the team added without one.
    pub address: String,
    /// In which language.
    pub language: String,
    /// How it stands.
    pub seat: Seat,
    /// The place in the list of those who confirmed, 0 before.
    pub turn: i64,
    /// They were there.
    pub attended: bool,
    /// The version that the last mail told of.
    pub told_version: i64,
    /// The first mail to them, which the others follow.
    pub message_id: String,
    /// Who added it, as the journal writes it.
    pub by: String,
    /// Since when it stands there.
    pub asked_at: Timestamp,
    /// Since when it counts.
    pub confirmed_at: Option<Timestamp>,
}

impl Registration {
    /// Since when it counts, or was asked for.
    pub fn since(&self) -> &Timestamp {
        self.confirmed_at.as_ref().unwrap_or(&self.asked_at)
    }
}

/// How many stand how in the list of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not yet confirmed.
    pub asked: u32,
    /// With a place.
    pub coming: u32,
    /// Without one so far.
    pub waiting: u32,
    /// Not any more.
    pub cancelled: u32,
    /// Were there.
    pub attended: u32,
}

impl Counts {
    /// Whether anybody ever registered.
    pub fn any(&self) -> bool {
        self.asked + self.coming + self.waiting + self.cancelled > 0
    }

    /// With so many places in all.
    pub fn places(&self, all: Option<u32>) -> Places {
        Places { all, coming: self.coming, waiting: self.waiting }
    }
}

/// The key of a registration, as it stands in an address: who has it may see and cancel it.
pub fn key(app: &App, id: Id) -> String {
    let mac = app.key.mac("registration", &[&id.0]);
    let mut bytes = id.0.to_vec();
    bytes.extend(mac.iter().take(16));
    BASE64URL_NOPAD.encode(&bytes)
}

/// The registration that a key opens. A key that nobody gave out opens nothing, and costs no look into the database.
fn id_of(app: &App, key: &str) -> Result<Id> {
    let bytes = BASE64URL_NOPAD.decode(key.as_bytes()).map_err(|_| Error::NotFound)?;
    let (id, mac) = bytes.split_at_checked(16).ok_or(Error::NotFound)?;
    let id = Id(id.try_into().map_err(|_| Error::NotFound)?);
    let right = app.key.mac("registration", &[&id.0]);
    if bool::from(right.get(..16).unwrap_or_default().ct_eq(mac)) { Ok(id) } else { Err(Error::NotFound) }
}

/// The item as it is public in this very change, held against whoever registers for it or releases a version of it. What was
/// never public, and what takes no place in the calendar, has no list.
async fn held(tx: &mut Tx, app: &App, publication: Id) -> Result<Arc<Item>> {
    tx.hold("publications", publication).await?;
    catalogue::now(tx, app, publication).await?.filter(|item| item.kind == Kind::Calendar).ok_or(Error::NotFound)
}

/// What an item takes of registrations now.
fn admission(item: &Item, now: Timestamp) -> Admission {
    item.content.meeting.as_ref().map_or(Admission::None, |meeting| meeting.admission(item.is_current(), now))
}

/// How many may come.
fn all(item: &Item) -> Option<u32> {
    item.content.meeting.as_ref().and_then(|meeting| meeting.places)
}

/// Says in the journal what became of a registration: whose it is stands in the list, as long as that is kept, and nowhere else.
fn note(tx: &mut Tx, verb: &str, one: &Registration) {
    tx.record(
        Record::new(verb, "registration", one.id)
            .about(one.publication)
            .facts(json!({ "publication": one.publication, "seat": one.seat.name(), "turn": one.turn })),
    );
}
