//! The forms of this room: an organisation, its contacts, its resources.

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::{self, Field};
use super::web::found;
use super::{Contact, ContactDetails, Details, Held, Organisation, Problem};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

/// Any form of this room.
#[derive(Template)]
#[template(path = "constituency/pages/form.html")]
struct FormPage {
    shell: Shell,
    back: String,
    back_name: String,
    /// What the form was filled from: a version, or what was shown.
    version: String,
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
        Ok(Self { shell, back, back_name, version: String::new(), button: "Save", fields, problems: Vec::new(), stale: String::new(), removal: String::new() })
    }

    fn version(mut self, version: impl ToString) -> Self {
        self.version = version.to_string();
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

    /// What a verb refused: asks again with its words; or shows what was saved meanwhile beside them, and goes on from
    /// that version.
    fn refused(mut self, error: Error, saved: Option<(String, Vec<Field>)>) -> Result<Response> {
        let first = self.fields.first().map_or("main", |field| field.name);
        match error {
            Error::Invalid(text) => self.again(vec![Problem::new(first, text)]),
            Error::Conflict(text) => {
                match saved {
                    Some((version, saved)) => {
                        form::compare(&mut self.fields, saved);
                        self.version = version;
                    }
                    None => form::mark(&mut self.fields, &[Problem::new(first, text.clone())]),
                }
                self.stale = text;
                page_as(StatusCode::CONFLICT, &self)
            }
            other => Err(other),
        }
    }
}

/// `GET /constituency/new`: empty, or with what a link says that it holds.
pub async fn new(ctx: Ctx, asked: Asked) -> Result<Response> {
    let fresh = Details::fresh(&ctx.app.profile);
    let country = if asked.has("country") { asked.get("country").to_uppercase() } else { fresh.country.clone() };
    let fields = form::new_organisation(&ctx.app.profile, &Details { country, ..fresh }, asked.get("holds"));
    FormPage::new(&ctx, "Add an organisation", None, fields).await?.show()
}

/// `POST /constituency/new`
pub async fn add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let details = form::organisation_typed(&ctx.app.profile, &fields);
    let form = FormPage::new(&ctx, "Add an organisation", None, form::new_organisation(&ctx.app.profile, &details, fields.get("holds"))).await?;
    let (holds, mut problems) = form::holds_typed(fields.get("holds"));
    problems.extend(details.problems(&ctx.app.profile));
    if !problems.is_empty() {
        return form.again(problems);
    }
    match super::add_holding(&ctx.app, &ctx.sends(&fields), details, holds).await {
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
            form.version(seen).refused(error, (seen != one.version).then(|| (one.version.to_string(), form::organisation(profile, &Details::from(&one)))))
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
    match super::add_contact(&ctx.app, &ctx.sends(&fields), one.id, details).await {
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
    let profile = &ctx.app.profile;
    let (details, mut problems) = form::contact_typed(&fields);
    let seen = fields.parsed::<i64>("version", "a version")?.unwrap_or(0);
    let form = FormPage::new(&ctx, "Edit the contact", Some(&one), form::contact(profile, &details)).await?;
    problems.extend(details.problems());
    if !problems.is_empty() {
        return form.version(seen).again(problems);
    }
    match super::change_contact(&ctx.app, &ctx.who, contact.id, seen, details).await {
        Ok(()) => Ok(go(&format!("/constituency/{}", one.id), Some("Contact saved."))),
        Err(error) => form
            .version(seen)
            .refused(error, (seen != contact.version).then(|| (contact.version.to_string(), form::contact(profile, &ContactDetails::from(&contact))))),
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
    match super::add_resource(&ctx.app, &ctx.sends(&fields), one.id, Held { kind, value, from, to, source: "console" }).await {
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
    let form = FormPage::new(&ctx, &format!("Days of {}", held.value), Some(&one), form::days_of(&held)).await?;
    form.version(held.shown()).removal(format!("/constituency/{}/resources/{}/removal", one.id, held.id)).show()
}

/// `POST /constituency/{id}/resources/{resource}`
pub async fn change_resource(ctx: Ctx, Path((id, resource)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let held = resource_of(&ctx, &one, &resource).await?;
    let (from, to, problems) = form::days_typed(&fields);
    let typed = form::resource(true, "", "", fields.get("from"), fields.get("to"));
    let (form, seen) = (FormPage::new(&ctx, &format!("Days of {}", held.value), Some(&one), typed).await?, fields.get("version"));
    if !problems.is_empty() {
        return form.version(seen).again(problems);
    }
    match super::change_resource(&ctx.app, &ctx.who, held.id, seen, from, to).await {
        Ok(()) => Ok(go(&format!("/constituency/{}", one.id), Some("Saved."))),
        Err(error) => form.version(seen).refused(error, (seen != held.shown()).then(|| (held.shown(), form::days_of(&held)))),
    }
}

/// `POST /constituency/{id}/resources/{resource}/removal`
pub async fn remove_resource(ctx: Ctx, Path((id, resource)): Path<(String, String)>) -> Result<Response> {
    let one = found(&ctx, &id).await?;
    let held = resource_of(&ctx, &one, &resource).await?;
    super::remove_resource(&ctx.app, &ctx.who, held.id).await?;
    Ok(go(&format!("/constituency/{}", one.id), Some("Removed.")))
}
