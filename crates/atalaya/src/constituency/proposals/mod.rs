//! What a member wishes to be changed of its contacts and resources. Nothing changes until somebody of the team approves
//! it, and approving it is the change: by the same verbs, in the same commit, in the name of whoever approved.

mod store;
pub mod web;

use std::collections::BTreeMap;

use ::store::{Id, Reader, Record, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::{ContactDetails, Held, days};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// What can be wished.
pub const KINDS: [&str; 5] = ["contact.add", "contact.change", "contact.end", "resource.add", "resource.end"];
/// The most letters of words and fields.
const WORDS: usize = 2000;
/// Wishes of one organisation that may wait at a time.
const WAITING: i64 = 50;

/// A wish.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Id.
    pub id: Id,
    /// Whose.
    pub organisation: Id,
    /// One of [`KINDS`].
    pub kind: String,
    /// The contact or resource, where there is one already.
    pub target: Option<Id>,
    /// The version of the contact that was seen.
    pub version: i64,
    /// The fields: of a contact, or `value`, or `last`.
    pub fields: BTreeMap<String, String>,
    /// Why.
    pub words: String,
    /// `open`, `approved`, `refused`.
    pub state: String,
    /// Who wishes it.
    pub by_whom: String,
    /// When.
    pub at: Timestamp,
    /// Who decided, or empty.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What the team says to it.
    pub note: String,
}

/// What a member asks for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// One of [`KINDS`].
    pub kind: String,
    /// The contact or resource.
    pub target: Option<Id>,
    /// The version of the contact that was seen.
    pub version: i64,
    /// The fields.
    pub fields: BTreeMap<String, String>,
    /// Why.
    pub words: String,
}

impl Wish {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// A contact with the fields of a wish.
fn with_fields(mut details: ContactDetails, fields: &BTreeMap<String, String>) -> ContactDetails {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    (details.name, details.function, details.mail) = (field("name"), field("function"), field("mail"));
    (details.phone, details.language, details.hours) = (field("phone"), field("language"), field("hours"));
    if details.reach.is_empty() {
        details.reach = "mail".into();
    }
    details.tidy()
}

fn last_day(text: &str) -> Result<Date> {
    days::read(text).map_err(Error::Invalid)?.ok_or_else(|| Error::invalid("Write the last day"))
}

/// Since when something is held: what was seen there before that day is not told to whoever proposes it.
fn first_day(text: &str) -> Result<Date> {
    days::read(text).map_err(Error::Invalid)?.ok_or_else(|| Error::invalid("Write the first day"))
}

/// Checks a wish as its change would be checked, against what the organisation has.
async fn check(reader: &mut Reader, organisation: Id, wish: &Wish) -> Result<()> {
    if is_long(wish) {
        return Err(Error::invalid(format!("Write up to {WORDS} letters")));
    }
    let before = match (wish.kind.split_once('.').unwrap_or_default(), wish.target) {
        (("contact", "add"), None) => Some(ContactDetails::default()),
        (("contact", _), Some(id)) => {
            let one = super::contact(reader, id).await?;
            if one.organisation != organisation {
                return Err(Error::NotFound);
            }
            Some(ContactDetails::from(&one))
        }
        (("resource", "add"), None) => None,
        (("resource", "end"), Some(id)) => {
            if super::resource(reader, id).await?.organisation != organisation {
                return Err(Error::NotFound);
            }
            None
        }
        _ => return Err(Error::NotFound),
    };
    match (wish.kind.as_str(), before) {
        ("contact.add" | "contact.change", Some(before)) => super::refuse(with_fields(before, &wish.fields).problems()),
        ("contact.end" | "resource.end", _) => last_day(wish.field("last")).map(drop),
        ("resource.add", _) => super::canonical("", wish.field("value")).map_err(Error::Invalid).and_then(|_| first_day(wish.field("from"))).map(drop),
        _ => Err(Error::NotFound),
    }
}

/// Why a wish is not taken, for whoever reads it in another language than the team's verbs speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A text has more letters than this.
    Long(usize),
    /// A field of a contact.
    Contact(&'static str),
    /// The last day.
    LastDay,
    /// The first day.
    FirstDay,
    /// No network, AS number or domain.
    Value,
    /// An address that is none of a network of that length; the network that may be meant.
    HostBits(String),
    /// So many wait already.
    Waiting(i64),
    /// Whatever else.
    Other,
}

/// What is wrong with a wish that [`propose`] refused. What was shown beside a contact's own fields is as it stands.
pub fn wrong(wish: &Wish, error: &Error) -> Wrong {
    if is_long(wish) {
        return Wrong::Long(WORDS);
    }
    match (wish.kind.as_str(), error) {
        (_, Error::Conflict(_)) => Wrong::Waiting(WAITING),
        ("contact.add" | "contact.change", _) => {
            let problems = with_fields(ContactDetails::default(), &wish.fields).problems();
            problems.first().map_or(Wrong::Other, |problem| Wrong::Contact(problem.field))
        }
        ("contact.end" | "resource.end", _) => Wrong::LastDay,
        ("resource.add", _) if super::canonical("", wish.field("value")).is_ok() => Wrong::FirstDay,
        ("resource.add", _) => match wish.field("value").trim().parse::<formats::net::Prefix>() {
            Ok(network) if network.len() > 0 => Wrong::HostBits(network.to_string()),
            _ => Wrong::Value,
        },
        _ => Wrong::Other,
    }
}

fn is_long(wish: &Wish) -> bool {
    wish.words.chars().count() > WORDS || wish.fields.values().any(|text| text.chars().count() > WORDS)
}

/// A member wishes something to be changed.
pub async fn propose(app: &App, who: &Who, wish: Wish) -> Result<Id> {
    require(who, Verb::Change, Noun::Membership)?;
    let organisation = who.organisation().ok_or(Error::NotFound)?;
    check(&mut app.db.read().await?, organisation, &wish).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            if store::count_waiting(tx, organisation).await? >= WAITING {
                return Err(Error::conflict(format!("{WAITING} wishes of yours wait already: our team decides about these first.")));
            }
            let Wish { kind, target, version, fields, words } = wish;
            let (id, at) = (tx.new_id(), tx.now());
            let one = Proposal {
                id,
                organisation,
                kind,
                target,
                version,
                fields,
                words: words.trim().to_owned(),
                state: "open".into(),
                by_whom: who.to_string(),
                at,
                decided_by: String::new(),
                decided_at: None,
                note: String::new(),
            };
            store::insert_proposal(tx, &one).await?;
            let told = json!({ "fields": one.fields, "words": one.words });
            tx.record(Record::new("proposal.made", "proposal", id).about(organisation).facts(json!({ "kind": one.kind, "target": target })).particulars(told));
            Ok(id)
        })
        .await
}

/// The team approves a wish, which is the change, or refuses it and says why.
pub async fn decide_proposal(app: &App, who: &Who, id: Id, approve: bool, note: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    let note = note.trim();
    if !approve && note.is_empty() {
        return Err(Error::invalid("Say why it is refused"));
    }
    if note.chars().count() > WORDS {
        return Err(Error::invalid(format!("Write up to {WORDS} letters")));
    }
    let state = if approve { "approved" } else { "refused" };
    app.db
        .change(&who.to_string(), async |tx| {
            let one = store::proposal(tx, id).await?.ok_or(Error::NotFound)?;
            if !store::decide_proposal(tx, id, state, &who.to_string(), note).await? {
                return Err(Error::conflict("Somebody else has decided about this meanwhile."));
            }
            if approve {
                apply(tx, who, &one).await?;
            }
            if !note.is_empty() {
                super::note::note(tx, app, who, one.organisation, ("proposal", id), note).await?;
            }
            tx.record(
                Record::new(&format!("proposal.{state}"), "proposal", id)
                    .about(one.organisation)
                    .facts(json!({ "kind": one.kind, "target": one.target }))
                    .particulars(json!({ "note": note })),
            );
            Ok(())
        })
        .await
}

async fn apply(tx: &mut Tx, who: &Who, one: &Proposal) -> Result<()> {
    let target = one.target.ok_or(Error::NotFound);
    let field = |name: &str| one.fields.get(name).map_or("", String::as_str);
    match one.kind.as_str() {
        "contact.add" => super::add_contact_in(tx, who, one.organisation, with_fields(ContactDetails::default(), &one.fields)).await.map(drop),
        "contact.change" => {
            let before = ContactDetails::from(&super::contact(tx, target?).await?);
            super::change_contact_in(tx, who, target_of(one)?, one.version, with_fields(before, &one.fields)).await
        }
        "contact.end" => {
            let before = ContactDetails::from(&super::contact(tx, target?).await?);
            let details = ContactDetails { to: Some(last_day(field("last"))?), ..before };
            super::change_contact_in(tx, who, target_of(one)?, one.version, details).await
        }
        "resource.add" => {
            let held = Held {
                kind: String::new(),
                value: field("value").to_owned(),
                from: days::read(field("from")).map_err(Error::Invalid)?,
                to: None,
                source: "member",
            };
            super::add_resource_in(tx, who, one.organisation, held).await.map(drop)
        }
        _ => {
            let before = super::resource(tx, target?).await?;
            super::change_resource_in(tx, who, before.id, days::first(before.valid_from), Some(last_day(field("last"))?)).await
        }
    }
}

fn target_of(one: &Proposal) -> Result<Id> {
    one.target.ok_or(Error::NotFound)
}

/// What a wish would change, a line for each field.
pub async fn lines(reader: &mut Reader, one: &Proposal) -> Result<Vec<String>> {
    let field = |name: &str| one.fields.get(name).cloned().unwrap_or_default();
    let contact = match one.target {
        Some(id) if one.kind.starts_with("contact") => super::contact(reader, id).await.ok().map(|one| ContactDetails::from(&one)),
        _ => None,
    };
    let resource = match one.target {
        Some(id) if one.kind.starts_with("resource") => super::resource(reader, id).await.ok().map(|one| one.value),
        _ => None,
    };
    Ok(match one.kind.as_str() {
        "contact.add" => ContactDetails::default().changes(&with_fields(ContactDetails::default(), &one.fields)),
        "contact.change" => match contact {
            Some(before) => std::iter::once(before.name.clone()).chain(before.changes(&with_fields(before.clone(), &one.fields))).collect(),
            None => Vec::new(),
        },
        "contact.end" => vec![format!("{}: ends on {}", contact.map(|one| one.name).unwrap_or_default(), field("last"))],
        "resource.add" if field("from").is_empty() => vec![format!("holds {}", field("value"))],
        "resource.add" => vec![format!("holds {} since {}", field("value"), field("from"))],
        _ => vec![format!("{}: held until {}", resource.unwrap_or_default(), field("last"))],
    })
}

/// What a wish is about: a contact's name, a network.
pub async fn about(reader: &mut Reader, one: &Proposal) -> Result<String> {
    let field = |name: &str| one.fields.get(name).cloned().unwrap_or_default();
    Ok(match (one.kind.split_once('.').map_or("", |(noun, _)| noun), one.target) {
        ("contact", None) => field("name"),
        ("contact", Some(id)) => super::contact(reader, id).await.map(|one| one.name).unwrap_or_default(),
        (_, Some(id)) => super::resource(reader, id).await.map(|one| one.value).unwrap_or_default(),
        _ => field("value"),
    })
}

/// Wishes that wait, the oldest first.
pub async fn proposals(reader: &mut Reader, who: &Who, limit: u32) -> Result<Vec<Proposal>> {
    require(who, Verb::See, Noun::Organisation)?;
    store::open_proposals(reader, limit).await
}

/// How many wait.
pub async fn count_proposals(reader: &mut Reader, who: &Who) -> Result<i64> {
    require(who, Verb::See, Noun::Organisation)?;
    store::count_open_proposals(reader).await
}

/// The wishes of a member's organisation, the newest first.
pub async fn proposals_of_member(reader: &mut Reader, app: &App, who: &Who, limit: u32) -> Result<Vec<Proposal>> {
    require(who, Verb::See, Noun::Membership)?;
    let organisation = who.organisation().ok_or(Error::NotFound)?;
    let mut all = store::proposals_of(reader, organisation, limit).await?;
    if !super::note::may_be_shown(reader, app, organisation).await? {
        for one in &mut all {
            one.note = String::new();
        }
    }
    Ok(all)
}
