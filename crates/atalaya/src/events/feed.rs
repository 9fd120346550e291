//! A feed: who delivers what, how often, under which label, and how its files are read.

use ::store::{Id, Reader, Record};
use formats::feed::Tables;
use formats::label::Tlp;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{file, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// A feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// Id.
    pub id: Id,
    /// What programs and folders call it.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The report type of all its files; empty where name or header tell it.
    pub kind: String,
    /// Mappings of its own (TOML), in addition to those that come with the program.
    pub mapping: String,
    /// The label of what it delivers, where the file says no higher one.
    pub label: Tlp,
    /// Mail from this address is its, if one is named.
    pub mail_from: String,
    /// Mail to this address is its, if one is named.
    pub mail_to: String,
    /// Within how many hours something should come; 0 for whenever it likes.
    pub every_hours: i64,
    /// Whether it is taken at all: `active`, `paused`.
    pub state: String,
    /// When its last file came.
    pub last_at: Option<Timestamp>,
    /// For the team.
    pub note: String,
    /// Since when it is known.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

impl Feed {
    /// Whether it should have delivered by now: half as long again as it says, so that a late morning is no alarm.
    pub fn is_silent(&self, now: Timestamp) -> bool {
        let patience = SignedDuration::from_mins(self.every_hours.saturating_mul(90));
        self.state == "active" && self.every_hours > 0 && now.duration_since(self.last_at.unwrap_or(self.created_at)) > patience
    }

    /// The mappings that its files are read by.
    pub fn tables(&self) -> Result<Tables> {
        let mut tables = Tables::built_in();
        if !self.mapping.is_empty() {
            tables.add(&self.name, &self.mapping).map_err(|problems| Error::invalid(told(&problems)))?;
        }
        Ok(tables)
    }
}

/// The mistakes of a mapping, a line each.
pub(super) fn told(problems: &[formats::feed::mapping::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What can be said about a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedDetails {
    /// What programs and folders call it.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Report type, or empty.
    pub kind: String,
    /// Mappings of its own, or empty.
    pub mapping: String,
    /// Label.
    pub label: Tlp,
    /// Sender of its mail, or empty.
    pub mail_from: String,
    /// Recipient of its mail, or empty.
    pub mail_to: String,
    /// Hours, or 0.
    pub every_hours: i64,
    /// `active`, `paused`.
    pub state: String,
    /// For the team.
    pub note: String,
}

impl From<&Feed> for FeedDetails {
    fn from(one: &Feed) -> Self {
        Self {
            name: one.name.clone(),
            title: one.title.clone(),
            kind: one.kind.clone(),
            mapping: one.mapping.clone(),
            label: one.label,
            mail_from: one.mail_from.clone(),
            mail_to: one.mail_to.clone(),
            every_hours: one.every_hours,
            state: one.state.clone(),
            note: one.note.clone(),
        }
    }
}

impl FeedDetails {
    /// What stands in the form of a new one.
    pub fn fresh(app: &App) -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            kind: String::new(),
            mapping: String::new(),
            label: app.profile.labels.default,
            mail_from: String::new(),
            mail_to: String::new(),
            every_hours: 24,
            state: "active".into(),
            note: String::new(),
        }
    }

    /// Everything that has to be asked again: field and one plain line.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut problem = |bad: bool, field, text: &str| {
            if bad {
                problems.push((field, text.to_owned()));
            }
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let named = (2..=40).contains(&self.name.len()) && self.name.bytes().all(plain) && !self.name.starts_with('-');
        problem(!named, "name", "Write a short name of lower-case letters, digits and hyphens, like shadowserver");
        problem(self.title.is_empty() || self.title.chars().count() > 100, "title", "Write what people call it, up to 100 letters");
        problem(!matches!(self.state.as_str(), "active" | "paused"), "state", "Choose whether it is taken or paused");
        problem(!(0..=24 * 366).contains(&self.every_hours), "every_hours", "Write the hours as a number, or 0 for no alarm");
        for (field, mail) in [("mail_from", &self.mail_from), ("mail_to", &self.mail_to)] {
            problem(!mail.is_empty() && post::address::normalise(mail).is_err(), field, "Write a mail address like reports@feed.example");
        }
        let mut tables = Tables::built_in();
        if !self.mapping.is_empty()
            && let Err(found) = tables.add("mapping", &self.mapping)
        {
            problems.push(("mapping", told(&found)));
        } else if !self.kind.is_empty() && tables.get(&self.kind).is_none() {
            problems.push(("kind", format!("No mapping reads files of the type “{}”", self.kind)));
        }
        problems
    }

    /// Trims what was typed.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.name = self.name.trim().to_lowercase();
        self.title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.kind = self.kind.trim().to_owned();
        self.mail_from = self.mail_from.trim().to_lowercase();
        self.mail_to = self.mail_to.trim().to_lowercase();
        if self.mapping.trim().is_empty() {
            self.mapping.clear();
        }
        self
    }
}

fn refuse(details: &FeedDetails) -> Result<()> {
    match details.problems().into_iter().next() {
        Some((_, text)) => Err(Error::invalid(text)),
        None => Ok(()),
    }
}

/// All feeds, by name.
pub async fn list(reader: &mut Reader) -> Result<Vec<Feed>> {
    store::feeds(reader).await
}

/// A feed.
pub async fn get(reader: &mut Reader, id: Id) -> Result<Feed> {
    store::feed(reader, id).await?.ok_or(Error::NotFound)
}

/// The feed of this name.
pub async fn by_name(reader: &mut Reader, name: &str) -> Result<Feed> {
    store::feed_named(reader, name).await?.ok_or(Error::NotFound)
}

/// Adds a feed.
pub async fn add(app: &App, who: &Who, details: FeedDetails) -> Result<Id> {
    require(who, Verb::Change, Noun::Event)?;
    let details = details.tidy();
    refuse(&details)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if store::feed_named(tx, &details.name).await?.is_some() {
                return Err(Error::conflict(format!("There is a feed named “{}” already", details.name)));
            }
            let (id, now) = (tx.new_id(), tx.now());
            let one = of(details, id, None, now, 1);
            store::insert_feed(tx, &one).await?;
            tx.record(Record::new("feed.added", "feed", id).facts(facts(&one)).particulars(json!({ "title": one.title, "from": one.mail_from })));
            Ok(id)
        })
        .await
}

/// Changes a feed that the caller saw in this version. Its name stays: folders and programs use it.
pub async fn change(app: &App, who: &Who, id: Id, version: i64, details: FeedDetails) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    let details = details.tidy();
    refuse(&details)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let before = get(tx, id).await?;
            if before.name != details.name {
                return Err(Error::invalid("The name of a feed stays: folders and programs use it"));
            }
            let now = of(details, id, Some(&before), tx.now(), version + 1);
            if before.version != version || !store::update_feed(tx, &now).await? {
                return Err(Error::conflict("Somebody else has changed this feed meanwhile. Nothing of yours is lost: compare and save again."));
            }
            let mapping = before.mapping != now.mapping;
            let mut told = facts(&now);
            if let Some(map) = told.as_object_mut() {
                map.insert("mapping_changed".into(), json!(mapping));
            }
            tx.record(Record::new("feed.changed", "feed", id).facts(told).particulars(json!({ "title": now.title, "from": now.mail_from })));
            Ok(())
        })
        .await
}

fn facts(one: &Feed) -> serde_json::Value {
    json!({ "name": one.name, "kind": one.kind, "label": one.label.as_str(), "every_hours": one.every_hours, "state": one.state, "version": one.version })
}

fn of(details: FeedDetails, id: Id, before: Option<&Feed>, now: Timestamp, version: i64) -> Feed {
    let FeedDetails { name, title, kind, mapping, label, mail_from, mail_to, every_hours, state, note } = details;
    let (last_at, created_at) = (before.and_then(|before| before.last_at), before.map_or(now, |before| before.created_at));
    Feed { id, name, title, kind, mapping, label, mail_from, mail_to, every_hours, state, last_at, note, created_at, updated_at: now, version }
}

/// How a feed stands: what the first page of the room tells at one glance.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The feed.
    pub feed: Feed,
    /// Its newest file.
    pub last: Option<file::EventFile>,
    /// Events stored of its files of the last seven days.
    pub stored: i64,
    /// Lines that wait to be mended or dropped.
    pub open: i64,
    /// Files that are held or failed.
    pub alarms: i64,
    /// Columns that came, no mapping names, and nobody has looked at.
    pub drift: Vec<String>,
    /// Whether it should have delivered by now.
    pub silent: bool,
}

impl Standing {
    /// Whether it delivers, and nothing is wrong with it.
    pub fn is_well(&self) -> bool {
        self.last.is_some() && self.alarms == 0 && !self.silent && self.drift.is_empty() && self.open == 0
    }
}

/// How every feed stands, by name.
pub async fn standings(reader: &mut Reader, who: &Who) -> Result<Vec<Standing>> {
    let mut all = Vec::new();
    for feed in list(reader).await? {
        all.push(standing(reader, who, feed).await?);
    }
    Ok(all)
}

/// How one feed stands.
pub async fn standing(reader: &mut Reader, who: &Who, feed: Feed) -> Result<Standing> {
    require(who, Verb::See, Noun::Event)?;
    let now = reader.now();
    let since = now.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(now);
    let last = file::newest(reader, feed.id).await?;
    let (stored, alarms) = (store::stored_since(reader, feed.id, since).await?, store::alarms_of(reader, feed.id).await?);
    let (open, drift) = (store::open_rejects_of(reader, feed.id).await?, store::drift_of(reader, feed.id).await?);
    Ok(Standing { silent: feed.is_silent(now), last, stored, open, alarms, drift, feed })
}

/// Says that somebody has looked at the columns of a feed that no mapping names.
pub async fn look_at_columns(app: &App, who: &Who, name: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let feed = by_name(tx, name).await?;
            let count = store::look_at_columns(tx, feed.id).await?;
            if count > 0 {
                tx.record(Record::new("feed.columns_seen", "feed", feed.id).facts(json!({ "columns": count })));
            }
            Ok(())
        })
        .await
}
