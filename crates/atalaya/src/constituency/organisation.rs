//! Organisations: who they are to the team.

use ::store::{Id, Reader, Record, Tx};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;

use super::{Held, Problem, refuse, store};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::Profile;
use crate::text::one_line;
use crate::{App, Error, Result, once};

/// What an organisation is to the team, and what that means.
pub const STATUSES: [(&str, &str, &str); 3] = [
    ("registered", "Registered", "A constituent that agreed on contacts and resources with the team"),
    ("unregistered", "Unregistered", "Falls within the mandate, but nothing is agreed yet"),
    ("outside", "Outside", "Not served by the team; known because it takes part in cases"),
];

/// An organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    /// Id.
    pub id: Id,
    /// Its name, which no other has.
    pub name: String,
    /// A sector of the team profile.
    pub sector: String,
    /// One of [`STATUSES`].
    pub status: String,
    /// ISO 3166-1, or empty.
    pub country: String,
    /// The language that it is written to in.
    pub language: String,
    /// The highest label that it may get.
    pub ceiling: Tlp,
    /// What the team wants to remember.
    pub note: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

/// What can be said about an organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// Its name.
    pub name: String,
    /// A sector of the team profile.
    pub sector: String,
    /// One of [`STATUSES`].
    pub status: String,
    /// ISO 3166-1, or empty.
    pub country: String,
    /// Language tag.
    pub language: String,
    /// The highest label that it may get.
    pub ceiling: Tlp,
    /// A note.
    pub note: String,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Part of the name.
    pub words: String,
    /// Sector, or empty for all.
    pub sector: String,
    /// Status, or empty for all.
    pub status: String,
    /// The last name of the page before.
    pub after: String,
}

impl From<&Organisation> for Details {
    fn from(one: &Organisation) -> Self {
        Self {
            name: one.name.clone(),
            sector: one.sector.clone(),
            status: one.status.clone(),
            country: one.country.clone(),
            language: one.language.clone(),
            ceiling: one.ceiling,
            note: one.note.clone(),
        }
    }
}

impl Details {
    /// What stands in the form of a new one.
    pub fn fresh(profile: &Profile) -> Self {
        Self {
            name: String::new(),
            sector: String::new(),
            status: "registered".into(),
            country: profile.team.country.clone(),
            language: profile.languages.first().cloned().unwrap_or_else(|| "en".into()),
            ceiling: profile.labels.recipient,
            note: String::new(),
        }
    }

    /// Everything that has to be asked again.
    pub fn problems(&self, profile: &Profile) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.name.is_empty() || self.name.chars().count() > 200 {
            problems.push(Problem::new("name", "Write the organisation's name, up to 200 letters"));
        }
        if !profile.sectors.iter().any(|sector| sector.id == self.sector) {
            let known: Vec<&str> = profile.sectors.iter().map(|sector| sector.id.as_str()).collect();
            problems.push(Problem::new("sector", format!("Choose a sector: {}", known.join(", "))));
        }
        if !STATUSES.iter().any(|(status, _, _)| *status == self.status) {
            problems.push(Problem::new("status", "Choose a status: registered, unregistered or outside"));
        }
        let two_letters = self.country.len() == 2 && self.country.bytes().all(|byte| byte.is_ascii_uppercase());
        if !self.country.is_empty() && !two_letters {
            problems.push(Problem::new("country", "Write the country in two letters, like LS"));
        }
        if !is_language(&self.language) {
            problems.push(Problem::new("language", "Write the language as a tag, like en or es"));
        }
        problems
    }

    /// Trims what was typed.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.name = one_line(&self.name);
        self.country = self.country.trim().to_uppercase();
        self.note = self.note.trim().to_owned();
        self
    }

    /// What differs, each as `field: before → now`.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let pairs = [
            ("name", &self.name, &now.name),
            ("sector", &self.sector, &now.sector),
            ("status", &self.status, &now.status),
            ("country", &self.country, &now.country),
            ("language", &self.language, &now.language),
            ("note", &self.note, &now.note),
        ];
        let mut changes = super::contact::changed(&pairs);
        if self.ceiling != now.ceiling {
            changes.push(format!("ceiling: {} → {}", self.ceiling.as_str(), now.ceiling.as_str()));
        }
        changes
    }
}

/// A language tag, as far as its shape goes (BCP 47).
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase()));
    first && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// An organisation.
pub async fn get(reader: &mut Reader, id: Id) -> Result<Organisation> {
    store::organisation(reader, id).await?.ok_or(Error::NotFound)
}

/// The organisations of these ids; unknown ones are left out.
pub async fn these(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Organisation>> {
    store::organisations(reader, ids).await
}

/// Id and name of every organisation, for selects.
pub async fn list(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    store::names(reader).await
}

/// The organisation of exactly this name.
pub async fn find_by_name(reader: &mut Reader, name: &str) -> Result<Option<Organisation>> {
    store::organisation_named(reader, name.trim()).await
}

/// A page of the list, and whether there is more.
pub async fn page_of(reader: &mut Reader, wanted: &Wanted, limit: usize) -> Result<(Vec<Organisation>, bool)> {
    let mut some = store::page(reader, wanted, limit + 1).await?;
    let more = some.len() > limit;
    some.truncate(limit);
    Ok((some, more))
}

/// Adds an organisation.
pub async fn add(app: &App, who: &Who, details: Details) -> Result<Id> {
    add_holding(app, who, details, Vec::new()).await
}

/// Adds an organisation with what it holds.
pub async fn add_holding(app: &App, who: &Who, details: Details, holds: Vec<Held>) -> Result<Id> {
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(there) = once::made(tx, who).await? {
                return Ok(there);
            }
            let id = add_in(tx, app, who, details).await?;
            for held in holds {
                super::resource::add_resource_in(tx, who, id, held).await?;
            }
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// Adds an organisation inside a change that does more.
pub async fn add_in(tx: &mut Tx, app: &App, who: &Who, details: Details) -> Result<Id> {
    require(who, Verb::Change, Noun::Organisation)?;
    let details = details.tidy();
    refuse(details.problems(&app.profile))?;
    let (id, now) = (tx.new_id(), tx.now());
    if store::organisation_named(tx, &details.name).await?.is_some() {
        return Err(taken(&details.name));
    }
    let Details { name, sector, status, country, language, ceiling, note } = details;
    let one = Organisation { id, name, sector, status, country, language, ceiling, note, created_at: now, updated_at: now, version: 1 };
    store::insert_organisation(tx, &one).await?;
    tx.record(
        Record::new("organisation.added", "organisation", id)
            .facts(json!({ "sector": one.sector, "status": one.status, "country": one.country, "ceiling": one.ceiling.as_str() }))
            .particulars(json!({ "name": one.name, "note": one.note })),
    );
    index(tx, id).await?;
    Ok(id)
}

/// Changes an organisation that the caller saw in this version.
pub async fn change(app: &App, who: &Who, id: Id, version: i64, details: Details) -> Result<()> {
    app.db.change(&who.to_string(), async |tx| change_in(tx, app, who, id, version, details).await).await
}

/// Changes an organisation inside a change that does more. What stays the same is not written.
pub async fn change_in(tx: &mut Tx, app: &App, who: &Who, id: Id, version: i64, details: Details) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    let details = details.tidy();
    refuse(details.problems(&app.profile))?;
    let before = get(tx, id).await?;
    if before.version != version {
        return Err(Error::conflict("Somebody else has changed this organisation meanwhile. Nothing of yours is lost: compare and save again."));
    }
    let changes = Details::from(&before).changes(&details);
    if changes.is_empty() {
        return Ok(());
    }
    if before.name != details.name && store::organisation_named(tx, &details.name).await?.is_some() {
        return Err(taken(&details.name));
    }
    let Details { name, sector, status, country, language, ceiling, note } = details;
    let now = Organisation { name, sector, status, country, language, ceiling, note, updated_at: tx.now(), version: version + 1, ..before.clone() };
    if !store::update_organisation(tx, &now).await? {
        return Err(Error::conflict("Somebody else has changed this organisation meanwhile."));
    }
    let fields: Vec<&str> = changes.iter().filter_map(|change| change.split(':').next()).collect();
    tx.record(
        Record::new("organisation.changed", "organisation", id)
            .facts(json!({ "version": now.version, "fields": fields }))
            .particulars(json!({ "changes": changes })),
    );
    index(tx, id).await
}

/// Writes down an organisation of which a list says little, inside a change that records it.
pub(super) async fn insert(tx: &mut Tx, app: &App, name: &str, sector: &str, status: &str, country: &str) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let Details { language, ceiling, .. } = Details::fresh(&app.profile);
    let (name, sector, status, country) = (name.to_owned(), sector.to_owned(), status.to_owned(), country.to_owned());
    let one = Organisation { id, name, sector, status, country, language, ceiling, note: String::new(), created_at: now, updated_at: now, version: 1 };
    store::insert_organisation(tx, &one).await?;
    index(tx, id).await?;
    Ok(id)
}

fn taken(name: &str) -> Error {
    Error::conflict(format!("There is an organisation named “{name}” already"))
}

/// Makes it findable by name, contacts and resources.
pub(super) async fn index(tx: &mut Tx, id: Id) -> Result<()> {
    let one = get(tx, id).await?;
    let mut body = format!("{} {} {}\n{}", one.sector, one.status, one.country, one.note);
    for contact in store::contacts(tx, &[id]).await? {
        body.push_str(&format!("\n{} {} {}", contact.name, contact.mail.unwrap_or_default(), contact.phone));
    }
    for resource in store::resources(tx, &[id]).await? {
        body.push('\n');
        body.push_str(&resource.value);
    }
    tx.index("organisation", id, id, &one.name, &body).await?;
    Ok(())
}
