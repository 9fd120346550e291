//! Resources: what an organisation holds on the network, and from when until when.
//!
//! A prefix that moves to another holder is ended here and added there, so that a report about last
//! year still finds last year's holder. Two organisations may hold the same thing at the same time.

use ::store::{Id, Reader, Record, Statement, Tx};
use formats::net::{Asn, Prefix, domain};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::{days, organisation, registry, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, once};

/// A resource with its holder and days.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Id.
    pub id: Id,
    /// The holder.
    pub organisation: Id,
    /// `asn`, `prefix`, `domain`.
    pub kind: String,
    /// The canonical value: `AS64501`, `203.0.113.0/24`, `a.example`.
    pub value: String,
    /// First instant; [`days::UNKNOWN`] if nobody knows.
    pub valid_from: Timestamp,
    /// First instant after.
    pub valid_to: Option<Timestamp>,
    /// Where we know it from: `console`, `import`.
    pub source: String,
}

impl Resource {
    /// Whether it is held at this instant.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| to > at)
    }

    /// Its first and last day, as a form shows them.
    pub fn days(&self) -> (String, String) {
        (days::typed(days::first(self.valid_from)), days::typed(days::last(self.valid_to)))
    }

    /// What a form for its days was filled from.
    pub fn shown(&self) -> String {
        let (from, to) = self.days();
        format!("{from}/{to}")
    }

    /// Whether these days meet its own.
    pub fn meets(&self, from: Timestamp, to: Option<Timestamp>) -> bool {
        to.is_none_or(|to| self.valid_from < to) && self.valid_to.is_none_or(|end| from < end)
    }
}

/// What is said to be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// `asn`, `prefix`, `domain`, or empty to tell it by its look.
    pub kind: String,
    /// As typed.
    pub value: String,
    /// First day; none if nobody knows.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// `console`, `import`, ...
    pub source: &'static str,
}

/// Kind and canonical value of what was typed, or one plain line.
pub fn canonical(kind: &str, value: &str) -> Result<(&'static str, String), String> {
    let value = value.trim();
    match kind {
        "asn" => value.parse::<Asn>().map(|asn| ("asn", asn.to_string())).map_err(|_| format!("“{value}” is not an AS number like AS64501")),
        "prefix" => match value.parse::<Prefix>() {
            Ok(prefix) if prefix.len() == 0 => Err(format!("“{value}” is every address there is")),
            Ok(prefix) => {
                let written = value.split('/').next().and_then(|address| address.trim().parse::<std::net::IpAddr>().ok()).map(|address| address.to_canonical());
                if written == Some(prefix.address()) {
                    Ok(("prefix", prefix.to_string()))
                } else {
                    Err(format!("“{value}” has host bits set: did you mean {prefix}?"))
                }
            }
            Err(error) => Err(format!("“{value}” is not a prefix like 203.0.113.0/24: {}", error.why())),
        },
        "domain" => match domain::normalise(value.trim_start_matches("*.")) {
            Ok(name) if name.contains('.') && name.rsplit('.').next().is_some_and(is_top) => Ok(("domain", name)),
            _ => Err(format!("“{value}” is not a domain like a.example")),
        },
        "" => {
            let digits = value.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("as")) && value.bytes().skip(2).all(|byte| byte.is_ascii_digit());
            let kind = if digits && value.len() > 2 || value.parse::<u32>().is_ok() {
                "asn"
            } else if value.contains([':', '/']) || value.parse::<std::net::IpAddr>().is_ok() {
                "prefix"
            } else {
                "domain"
            };
            canonical(kind, value)
        }
        other => Err(format!("“{other}” is no kind of resource: asn, prefix or domain")),
    }
}

/// Whether the last label of a name can be a top-level domain: letters, or an internationalised one; two at least. What is
/// half an address (`198.51.100.x`) is none.
fn is_top(label: &str) -> bool {
    label.len() > 1 && (label.starts_with("xn--") || label.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// A resource.
pub async fn resource(reader: &mut Reader, id: Id) -> Result<Resource> {
    store::resource(reader, id).await?.ok_or(Error::NotFound)
}

/// Everything that it holds or has held.
pub async fn every_resource_of(reader: &mut Reader, organisation: Id) -> Result<Vec<Resource>> {
    store::resources(reader, &[organisation]).await
}

/// What an organisation holds at an instant: a page of it, behind one of them.
pub async fn resources_held(reader: &mut Reader, organisation: Id, at: Timestamp, after: Option<Id>, limit: u32) -> Result<Vec<Resource>> {
    let after = match after {
        Some(id) => Some(store::resource(reader, id).await?.filter(|one| one.organisation == organisation).ok_or(Error::NotFound)?),
        None => None,
    };
    Ok(reader.select(held_statement(organisation, at, after.as_ref(), limit)).await?)
}

/// The list's statement, for the list and for the test that it does not sort.
pub fn held_statement(organisation: Id, at: Timestamp, after: Option<&Resource>, limit: u32) -> Statement {
    store::held_statement(organisation, at, after, limit)
}

/// Writes down that an organisation holds something.
pub async fn add_resource(app: &App, who: &Who, organisation: Id, held: Held) -> Result<Id> {
    app.db
        .change(&who.to_string(), async |tx| {
            // Taken away meanwhile, it may be entered anew.
            if let Some(made) = once::made(tx, who).await?
                && store::resource(tx, made).await?.is_some()
            {
                return Ok(made);
            }
            let id = add_resource_in(tx, who, organisation, held).await?;
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// As [`add_resource`], inside a change that does more.
pub async fn add_resource_in(tx: &mut Tx, who: &Who, organisation: Id, held: Held) -> Result<Id> {
    require(who, Verb::Change, Noun::Organisation)?;
    organisation::get(tx, organisation).await?;
    let (kind, value) = canonical(&held.kind, &held.value).map_err(Error::Invalid)?;
    let (valid_from, valid_to) = span(held.from, held.to)?;
    let one = Resource { id: tx.new_id(), organisation, kind: kind.into(), value, valid_from, valid_to, source: held.source.into() };
    alone(tx, &one).await?;
    store::insert_resource(tx, &one).await?;
    registry::moved_on(tx).await?;
    tx.record(Record::new("resource.added", "resource", one.id).about(organisation).facts(facts(&one)));
    organisation::index(tx, organisation).await?;
    Ok(one.id)
}

/// Sets other days: an end when it is given up or moves away, or a correction. `seen` is what was looked at
/// ([`Resource::shown`]); whoever changed the days since is not overwritten.
pub async fn change_resource(app: &App, who: &Who, id: Id, seen: &str, from: Option<Date>, to: Option<Date>) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let now = resource(tx, id).await?;
            // The same days once more are no other edit.
            if now.shown() != seen && (now.valid_from, now.valid_to) != span(from, to)? {
                return Err(Error::conflict(MEANWHILE));
            }
            change_resource_in(tx, who, id, from, to).await
        })
        .await
}

const MEANWHILE: &str = "Somebody else has changed this resource meanwhile.";

/// As [`change_resource`], inside a change that does more.
pub async fn change_resource_in(tx: &mut Tx, who: &Who, id: Id, from: Option<Date>, to: Option<Date>) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    let before = resource(tx, id).await?;
    let (valid_from, valid_to) = span(from, to)?;
    let now = Resource { valid_from, valid_to, ..before.clone() };
    if now == before {
        return Ok(());
    }
    alone(tx, &now).await?;
    if !store::update_resource(tx, &before, valid_from, valid_to).await? {
        return Err(Error::conflict(MEANWHILE));
    }
    registry::moved_on(tx).await?;
    let verb = if before.valid_to.is_none() && valid_to.is_some() && before.valid_from == valid_from { "resource.ended" } else { "resource.changed" };
    let was = days::held(before.valid_from, before.valid_to);
    let mut told = facts(&now);
    if let Some(map) = told.as_object_mut() {
        map.insert("was".into(), json!(was.trim()));
    }
    tx.record(Record::new(verb, "resource", id).about(before.organisation).facts(told));
    Ok(())
}

/// Takes away what was entered by mistake. What was truly held is ended instead, see [`change_resource`].
pub async fn remove_resource(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let before = resource(tx, id).await?;
            store::delete_resource(tx, id).await?;
            registry::moved_on(tx).await?;
            tx.record(Record::new("resource.removed", "resource", id).about(before.organisation).facts(facts(&before)));
            organisation::index(tx, before.organisation).await
        })
        .await
}

fn facts(one: &Resource) -> serde_json::Value {
    json!({ "kind": one.kind, "value": one.value, "held": days::held(one.valid_from, one.valid_to).trim() })
}

fn span(from: Option<Date>, to: Option<Date>) -> Result<(Timestamp, Option<Timestamp>)> {
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        return Err(Error::invalid(format!("The last day, {last}, is before the first, {first}")));
    }
    Ok((days::starts(from)?, days::ends(to)?))
}

/// One organisation holds one thing once at a time.
async fn alone(tx: &mut Tx, one: &Resource) -> Result<()> {
    let others = store::resources(tx, &[one.organisation]).await?;
    let other =
        others.iter().find(|other| other.id != one.id && other.kind == one.kind && other.value == one.value && other.meets(one.valid_from, one.valid_to));
    match other {
        Some(other) => {
            Err(Error::invalid(format!("It holds {} already{}: change the days of that entry", other.value, days::held(other.valid_from, other.valid_to))))
        }
        None => Ok(()),
    }
}
