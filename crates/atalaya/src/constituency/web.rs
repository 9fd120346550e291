//! The pages: list and look-up, one organisation, its forms.

use ::store::{Id, Line};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::form::{self, Field};
use super::lookup::{Match, read_asked};
use super::{Contact, ContactDetails, Details, Held, Organisation, Problem, STATUSES, Wanted, days, store};
use crate::profile::Profile;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result, people};

const PAGE: usize = 50;

/// One line of the list.
struct Row {
    id: Id,
    name: String,
    sector: String,
    status: String,
    holds: Vec<String>,
    more: usize,
    contacts: usize,
    bounced: usize,
}

#[derive(Template)]
#[template(path = "constituency/pages/list.html")]
struct ListPage {
    shell: Shell,
    wanted: Wanted,
    filtered: bool,
    sectors: Vec<(String, String, String)>,
    statuses: [(&'static str, &'static str, &'static str); 3],
    rows: Vec<Row>,
    next: String,
    resource: String,
    at: String,
    day: String,
    found: Option<Vec<Match>>,
    lookup_error: String,
}

/// `GET /constituency`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Constituency", Room::Constituency).await?;
    let text = |name| asked.get(name).to_owned();
    let wanted = Wanted { words: text("q"), sector: text("sector"), status: text("status"), after: asked.exact("after").to_owned() };
    let (rows, next) = rows(&ctx, &wanted).await?;
    let (found, lookup_error) = match look_up(&ctx, &asked).await {
        Ok(found) => (found, String::new()),
        Err(Error::Invalid(text)) => (None, text),
        Err(error) => return Err(error),
    };
    let filtered = !(wanted.words.is_empty() && wanted.sector.is_empty() && wanted.status.is_empty() && wanted.after.is_empty());
    let day = if asked.has("at") { text("at") } else { days::day(shell.now).to_string() };
    let (sectors, resource, at) = (form::sectors(&ctx.app.profile), text("resource"), text("at"));
    let status = if lookup_error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_as(status, &ListPage { shell, wanted, filtered, sectors, statuses: STATUSES, rows, next, resource, at, day, found, lookup_error })
}

async fn rows(ctx: &Ctx, wanted: &Wanted) -> Result<(Vec<Row>, String)> {
    let mut reader = ctx.app.db.read().await?;
    let now = reader.now();
    let (some, more) = super::page_of(&mut reader, wanted, PAGE).await?;
    let ids: Vec<Id> = some.iter().map(|one| one.id).collect();
    let resources = store::resources(&mut reader, &ids).await?;
    let contacts = store::contacts(&mut reader, &ids).await?;
    let next = match some.last() {
        Some(last) if more => {
            let part = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
            format!("/constituency?q={}&sector={}&status={}&after={}", part(&wanted.words), part(&wanted.sector), part(&wanted.status), part(&last.name))
        }
        _ => String::new(),
    };
    let rows = some.into_iter().map(|one| {
        let mut holds: Vec<String> = resources.iter().filter(|held| held.organisation == one.id && held.holds_at(now)).map(|held| held.value.clone()).collect();
        let more = holds.len().saturating_sub(4);
        holds.truncate(4);
        let theirs = contacts.iter().filter(|contact| contact.organisation == one.id && contact.holds_at(now));
        let (contacts, bounced) = theirs.fold((0, 0), |(all, bounced), contact| (all + 1, bounced + usize::from(contact.bounced_at.is_some())));
        Row { id: one.id, sector: sector(&ctx.app.profile, &one.sector), name: one.name, status: one.status, holds, more, contacts, bounced }
    });
    Ok((rows.collect(), next))
}

async fn look_up(ctx: &Ctx, asked: &Fields) -> Result<Option<Vec<Match>>> {
    let resource = asked.get("resource");
    if resource.is_empty() {
        return Ok(None);
    }
    let observable = read_asked(resource).ok_or_else(|| {
        Error::invalid(format!(
            "“{resource}” is no address, prefix, range, AS number or domain. Write it like 203.0.113.7, 203.0.113.0/24, AS64501 or a.example"
        ))
    })?;
    let at = match days::read(asked.get("at")).map_err(Error::Invalid)? {
        Some(day) => days::starts(Some(day))?,
        None => ctx.app.now(),
    };
    let mut reader = ctx.app.db.read().await?;
    Ok(Some(super::owners(&mut reader, &[observable], at).await?))
}

fn sector(profile: &Profile, id: &str) -> String {
    profile.sectors.iter().find(|sector| sector.id == id).map_or_else(|| id.to_owned(), |sector| sector.title.text("en").to_owned())
}

/// A contact on the page, with its days in words.
struct ContactLine {
    contact: Contact,
    today: bool,
    held: String,
}

/// A resource on the page.
struct ResourceLine {
    id: Id,
    kind: String,
    value: String,
    held: String,
    /// `held`, `ended`, `to come`.
    state: &'static str,
    source: String,
}

/// A line of the history.
struct HistoryLine {
    at: Timestamp,
    what: String,
    details: String,
    who: String,
}

#[derive(Template)]
#[template(path = "constituency/pages/organisation.html")]
struct OrganisationPage {
    shell: Shell,
    one: Organisation,
    sector: String,
    means: String,
    language: String,
    contacts: Vec<ContactLine>,
    best: String,
    why: String,
    resources: Vec<ResourceLine>,
    /// What it holds, to search for.
    searches: Vec<String>,
    history: Vec<HistoryLine>,
    older_history: bool,
}

/// `GET /constituency/{id}`
pub async fn organisation(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let shell = Shell::new(&ctx, &one.name, Room::Constituency).await?;
    let mut reader = ctx.app.db.read().await?;
    let now = reader.now();
    let all = super::contacts_of(&mut reader, &[one.id]).await?;
    let choice = super::choose(&all, now);
    let contacts =
        all.into_iter().map(|contact| ContactLine { today: contact.holds_at(now), held: in_words(contact.valid_from, contact.valid_to), contact }).collect();
    let resources = super::every_resource_of(&mut reader, one.id).await?;
    let resources: Vec<ResourceLine> = resources
        .into_iter()
        .map(|held| {
            let state = if held.holds_at(now) {
                "held"
            } else if held.valid_from > now {
                "to come"
            } else {
                "ended"
            };
            ResourceLine { id: held.id, held: in_words(held.valid_from, held.valid_to), kind: held.kind, value: held.value, state, source: held.source }
        })
        .collect();
    let searches = resources.iter().filter(|line| line.state == "held").take(6).map(|line| line.value.clone()).collect();
    let lines = store::history(&mut reader, one.id, 201).await?;
    let older_history = lines.len() > 200;
    let mut history = Vec::new();
    for line in lines.into_iter().take(200) {
        history.push(HistoryLine { at: line.at, what: what(&line), details: details(&line), who: people::describe(&mut reader, &line.who).await? });
    }
    let means = STATUSES.iter().find(|(status, _, _)| *status == one.status).map_or_else(|| one.status.clone(), |(_, _, means)| (*means).to_owned());
    let (sector, language) = (sector(&ctx.app.profile, &one.sector), crate::text::own_name(&one.language).to_owned());
    let best = choice.contact.map(|contact| contact.name).unwrap_or_default();
    page(&OrganisationPage { shell, one, sector, means, language, contacts, best, why: choice.why, resources, searches, history, older_history })
}

async fn found(ctx: &Ctx, id: &str) -> Result<Organisation> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    super::get(&mut ctx.app.db.read().await?, id).await
}

fn in_words(from: Timestamp, to: Option<Timestamp>) -> String {
    match days::held(from, to) {
        held if held.is_empty() => "start not known".into(),
        held => held.trim().to_owned(),
    }
}

fn what(line: &Line) -> String {
    let noun = |verb: &str| verb.split_once('.').map_or_else(|| verb.to_owned(), |(noun, done)| format!("{} {}", capital(noun), done.replace('_', " ")));
    match line.verb.as_str() {
        "contact.bounced" => "Mail to a contact came back".into(),
        "contact.bounce_cleared" => "Address of a contact works again".into(),
        "resource.changed" => "Days of a resource changed".into(),
        verb => noun(verb),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn details(line: &Line) -> String {
    let all = line.details();
    let text = |key: &str| all.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let changes: Vec<String> =
        all.get("changes").and_then(serde_json::Value::as_array).into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    let mut parts = vec![if line.noun == "resource" { text("value") } else { text("name") }, text("held"), text("mail"), text("said")];
    if !text("was").is_empty() {
        parts.push(format!("before: {}", text("was")));
    }
    parts.push(changes.join(", "));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// Any form of this room.
#[derive(Template)]
#[template(path = "constituency/pages/form.html")]
struct FormPage {
    shell: Shell,
    back: String,
    back_name: String,
    version: i64,
    button: &'static str,
    fields: Vec<Field>,
    problems: Vec<Problem>,
    /// What to say when somebody else was faster.
    stale: String,
    /// Where the button goes that takes it away; empty when there is none.
    removal: String,
}

impl FormPage {
    async fn new(ctx: &Ctx, title: &str, of: Option<&Organisation>, fields: Vec<Field>) -> Result<Self> {
        let (back, back_name) =
            of.map_or_else(|| ("/constituency".into(), "Constituency".into()), |one| (format!("/constituency/{}", one.id), one.name.clone()));
        let shell = Shell::new(ctx, title, Room::Constituency).await?;
        Ok(Self { shell, back, back_name, version: 0, button: "Save", fields, problems: Vec::new(), stale: String::new(), removal: String::new() })
    }

    fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    fn removal(mut self, to: String) -> Self {
        self.removal = to;
        self
    }

    fn show(&self) -> Result<Response> {
        page(self)
    }

    /// Asks again.
    fn again(mut self, problems: Vec<Problem>) -> Result<Response> {
        form::mark(&mut self.fields, &problems);
        self.problems = problems;
        page_as(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    /// What a verb refused: asks again with its words, or shows both versions.
    fn refused(mut self, error: Error, saved: Option<Vec<Field>>) -> Result<Response> {
        let first = self.fields.first().map_or("main", |field| field.name);
        match error {
            Error::Invalid(text) => self.again(vec![Problem::new(first, text)]),
            Error::Conflict(text) => {
                match saved {
                    Some(saved) => form::compare(&mut self.fields, saved),
                    None => form::mark(&mut self.fields, &[Problem::new(first, text.clone())]),
                }
                self.stale = text;
                page_as(StatusCode::CONFLICT, &self)
            }
            other => Err(other),
        }
    }
}

/// `GET /constituency/new`
pub async fn new(ctx: Ctx) -> Result<Response> {
    let fields = form::organisation(&ctx.app.profile, &Details::fresh(&ctx.app.profile));
    FormPage::new(&ctx, "Add an organisation", None, fields).await?.show()
}

/// `POST /constituency/new`
pub async fn add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let details = form::organisation_typed(&ctx.app.profile, &fields);
    let form = FormPage::new(&ctx, "Add an organisation", None, form::organisation(&ctx.app.profile, &details)).await?;
    let problems = details.problems(&ctx.app.profile);
    if !problems.is_empty() {
        return form.again(problems);
    }
    match super::add(&ctx.app, &ctx.who, details).await {
        Ok(id) => Ok(go(&format!("/constituency/{id}"), Some("Added. Now its contacts and resources."))),
        Err(error) => form.refused(error, None),
    }
}

/// `GET /constituency/{id}/edit`
pub async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let fields = form::organisation(&ctx.app.profile, &Details::from(&one));
    FormPage::new(&ctx, "Edit the organisation", Some(&one), fields).await?.version(one.version).show()
}

/// `POST /constituency/{id}/edit`
pub async fn change(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let profile = &ctx.app.profile;
    let details = form::organisation_typed(profile, &fields);
    let seen = fields.parsed::<i64>("version", "a version")?.unwrap_or(0);
    let form = FormPage::new(&ctx, "Edit the organisation", Some(&one), form::organisation(profile, &details)).await?;
    let problems = details.problems(profile);
    if !problems.is_empty() {
        return form.version(seen).again(problems);
    }
    match super::change(&ctx.app, &ctx.who, one.id, seen, details).await {
        Ok(()) => Ok(go(&format!("/constituency/{}", one.id), Some("Saved."))),
        Err(error) => {
            let saved = (seen != one.version).then(|| form::organisation(profile, &Details::from(&one)));
            form.version(one.version).refused(error, saved)
        }
    }
}

/// `GET /constituency/{id}/contacts/new`
pub async fn new_contact(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let fresh = ContactDetails { function: "abuse".into(), reach: "mail".into(), language: one.language.clone(), ..ContactDetails::default() };
    FormPage::new(&ctx, "Add a contact", Some(&one), form::contact(&ctx.app.profile, &fresh)).await?.show()
}

/// `POST /constituency/{id}/contacts/new`
pub async fn add_contact(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let (details, mut problems) = form::contact_typed(&fields);
    let form = FormPage::new(&ctx, "Add a contact", Some(&one), form::contact(&ctx.app.profile, &details)).await?;
    problems.extend(details.problems());
    if !problems.is_empty() {
        return form.again(problems);
    }
    match super::add_contact(&ctx.app, &ctx.who, one.id, details).await {
        Ok(_) => Ok(go(&format!("/constituency/{}", one.id), Some("Contact added."))),
        Err(error) => form.refused(error, None),
    }
}

async fn contact_of(ctx: &Ctx, one: &Organisation, contact: &str) -> Result<Contact> {
    let id: Id = contact.parse().map_err(|_| Error::NotFound)?;
    let contact = super::contact(&mut ctx.app.db.read().await?, id).await?;
    if contact.organisation == one.id { Ok(contact) } else { Err(Error::NotFound) }
}

/// `GET /constituency/{id}/contacts/{contact}`
pub async fn edit_contact(ctx: Ctx, Path((id, contact)): Path<(String, String)>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let contact = contact_of(&ctx, &one, &contact).await?;
    let fields = form::contact(&ctx.app.profile, &ContactDetails::from(&contact));
    FormPage::new(&ctx, "Edit the contact", Some(&one), fields).await?.version(contact.version).show()
}

/// `POST /constituency/{id}/contacts/{contact}`
pub async fn change_contact(ctx: Ctx, Path((id, contact)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let contact = contact_of(&ctx, &one, &contact).await?;
    let (details, mut problems) = form::contact_typed(&fields);
    let seen = fields.parsed::<i64>("version", "a version")?.unwrap_or(0);
    let form = FormPage::new(&ctx, "Edit the contact", Some(&one), form::contact(&ctx.app.profile, &details)).await?;
    problems.extend(details.problems());
    if !problems.is_empty() {
        return form.version(seen).again(problems);
    }
    match super::change_contact(&ctx.app, &ctx.who, contact.id, seen, details).await {
        Ok(()) => Ok(go(&format!("/constituency/{}", one.id), Some("Contact saved."))),
        Err(error) => {
            let saved = (seen != contact.version).then(|| form::contact(&ctx.app.profile, &ContactDetails::from(&contact)));
            form.version(contact.version).refused(error, saved)
        }
    }
}

/// `POST /constituency/{id}/contacts/{contact}/bounce`
pub async fn clear_bounce(ctx: Ctx, Path((id, contact)): Path<(String, String)>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let contact = contact_of(&ctx, &one, &contact).await?;
    super::clear_bounce(&ctx.app, &ctx.who, contact.id).await?;
    Ok(go(&format!("/constituency/{}", one.id), Some("The address counts as working again.")))
}

/// `GET /constituency/{id}/resources/new`
pub async fn new_resource(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    FormPage::new(&ctx, "Add a resource", Some(&one), form::resource(false, "", "", "", "")).await?.show()
}

/// `POST /constituency/{id}/resources/new`
pub async fn add_resource(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let (kind, value) = (fields.get("kind").to_owned(), fields.get("value").to_owned());
    let (from, to, mut problems) = form::days_typed(&fields);
    let typed = form::resource(false, &kind, &value, fields.get("from"), fields.get("to"));
    let form = FormPage::new(&ctx, "Add a resource", Some(&one), typed).await?;
    problems.extend(super::canonical(&kind, &value).err().map(|text| Problem::new("value", text)));
    if !problems.is_empty() {
        return form.again(problems);
    }
    match super::add_resource(&ctx.app, &ctx.who, one.id, Held { kind, value, from, to, source: "console" }).await {
        Ok(_) => Ok(go(&format!("/constituency/{}", one.id), Some("Resource added."))),
        Err(error) => form.refused(error, None),
    }
}

async fn resource_of(ctx: &Ctx, one: &Organisation, resource: &str) -> Result<super::Resource> {
    let id: Id = resource.parse().map_err(|_| Error::NotFound)?;
    let resource = super::resource(&mut ctx.app.db.read().await?, id).await?;
    if resource.organisation == one.id { Ok(resource) } else { Err(Error::NotFound) }
}

/// `GET /constituency/{id}/resources/{resource}`
pub async fn edit_resource(ctx: Ctx, Path((id, resource)): Path<(String, String)>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let held = resource_of(&ctx, &one, &resource).await?;
    let (from, to) = (days::typed(days::first(held.valid_from)), days::typed(days::last(held.valid_to)));
    let form = FormPage::new(&ctx, &format!("Days of {}", held.value), Some(&one), form::resource(true, "", "", &from, &to)).await?;
    form.removal(format!("/constituency/{}/resources/{}/removal", one.id, held.id)).show()
}

/// `POST /constituency/{id}/resources/{resource}`
pub async fn change_resource(ctx: Ctx, Path((id, resource)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let held = resource_of(&ctx, &one, &resource).await?;
    let (from, to, problems) = form::days_typed(&fields);
    let typed = form::resource(true, "", "", fields.get("from"), fields.get("to"));
    let form = FormPage::new(&ctx, &format!("Days of {}", held.value), Some(&one), typed).await?;
    if !problems.is_empty() {
        return form.again(problems);
    }
    match super::change_resource(&ctx.app, &ctx.who, held.id, from, to).await {
        Ok(()) => Ok(go(&format!("/constituency/{}", one.id), Some("Saved."))),
        Err(error) => form.refused(error, None),
    }
}

/// `POST /constituency/{id}/resources/{resource}/removal`
pub async fn remove_resource(ctx: Ctx, Path((id, resource)): Path<(String, String)>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let held = resource_of(&ctx, &one, &resource).await?;
    super::remove_resource(&ctx.app, &ctx.who, held.id).await?;
    Ok(go(&format!("/constituency/{}", one.id), Some("Removed.")))
}
