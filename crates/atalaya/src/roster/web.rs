//! `/people`: everybody, groups and tokens. Leads see them, admins keep them.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::{DeadJob, Id};

use crate::access::{Noun, Role, Verb, may};
use crate::constituency;
use crate::events;
use crate::people::{self, Group, Listing, NewPerson, NewToken, Token};
use crate::text::own_name;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result, jobs};

#[derive(Template)]
#[template(path = "roster/pages/people.html")]
struct ListPage {
    shell: Shell,
    keeps: bool,
    people: Vec<Listing>,
    groups: Vec<Group>,
    tokens: Vec<Token>,
    scopes: [(&'static str, &'static str); 4],
    /// Feeds that a token may be bound to: name and title.
    feeds: Vec<(String, String)>,
    organisations: HashMap<Id, String>,
    known: Vec<String>,
    staff: Vec<(Id, String)>,
    /// Work that failed for good, for who keeps the installation.
    failed: Vec<DeadJob>,
    /// A secret that is shown this once.
    secret: Option<String>,
    error: String,
}

impl ListPage {
    fn organisation(&self, id: Option<&Id>) -> &str {
        id.and_then(|id| self.organisations.get(id)).map_or("", String::as_str)
    }
}

#[derive(Template)]
#[template(path = "roster/pages/person.html")]
struct PersonPage {
    shell: Shell,
    keeps: bool,
    person: Option<Listing>,
    fields: Fields,
    known: Vec<String>,
    languages: Vec<(String, String)>,
    /// A password that is shown this once.
    secret: Option<String>,
    error: String,
}

impl PersonPage {
    fn action(&self) -> String {
        self.person.as_ref().map_or_else(|| "/people/new".into(), |person| format!("/people/{}", person.id))
    }
}

/// `GET /people`
pub async fn list(ctx: Ctx) -> Result<Response> {
    everybody(&ctx, StatusCode::OK, None, String::new()).await
}

async fn everybody(ctx: &Ctx, status: StatusCode, secret: Option<String>, error: String) -> Result<Response> {
    let shell = Shell::new(ctx, "People", Room::People).await?;
    let mut reader = ctx.app.db.read().await?;
    let people = people::everybody(&mut reader, &ctx.who).await?;
    let tokens = people::tokens(&mut reader).await?;
    let organisations = constituency::list(&mut reader).await?;
    let keeps = may(&ctx.who, Verb::Keep, Noun::People);
    let list = ListPage {
        shell,
        keeps,
        failed: if keeps { jobs::laid_aside(&mut reader, &ctx.who).await? } else { Vec::new() },
        groups: people::groups(&mut reader).await?,
        known: organisations.iter().map(|(_, name)| name.clone()).collect(),
        organisations: organisations.into_iter().collect(),
        staff: people::staff(&mut reader).await?,
        people,
        tokens,
        scopes: people::SCOPES,
        feeds: events::list(&mut reader).await?.into_iter().map(|feed| (feed.name, feed.title)).collect(),
        secret,
        error,
    };
    page_as(status, &list)
}

/// The list again after something was done there: with what is wrong, or back to a clean page.
async fn after<T>(ctx: &Ctx, done: Result<T>, said: &str) -> Result<Response> {
    match done {
        Ok(_) => Ok(go("/people", Some(said))),
        Err(Error::Invalid(text)) => everybody(ctx, StatusCode::UNPROCESSABLE_ENTITY, None, text).await,
        Err(Error::Conflict(text)) => everybody(ctx, StatusCode::CONFLICT, None, text).await,
        Err(other) => Err(other),
    }
}

/// `POST /people/jobs/{id}`
pub async fn job_again(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    jobs::try_again(&ctx.app, &ctx.who, id.parse().map_err(|_| Error::NotFound)?).await?;
    Ok(go("/people", Some("It runs again.")))
}

/// `GET /people/new`
pub async fn add_page(ctx: Ctx) -> Result<Response> {
    let mut fields = Fields::default();
    fields.set("role", "analyst");
    fields.set("language", ctx.app.languages.first());
    form(&ctx, StatusCode::OK, None, fields, None, String::new()).await
}

async fn form(ctx: &Ctx, status: StatusCode, person: Option<Listing>, fields: Fields, secret: Option<String>, error: String) -> Result<Response> {
    let title = person.as_ref().map_or_else(|| "Add a person".to_owned(), |person| person.name.clone());
    let shell = Shell::new(ctx, &title, Room::People).await?;
    let mut reader = ctx.app.db.read().await?;
    let known = constituency::list(&mut reader).await?.into_iter().map(|(_, name)| name).collect();
    drop(reader);
    let languages = ctx.app.languages.offered().iter().map(|tag| (tag.clone(), own_name(tag).to_owned())).collect();
    page_as(status, &PersonPage { shell, keeps: may(&ctx.who, Verb::Keep, Noun::People), person, fields, known, languages, secret, error })
}

/// What the form says about a person.
async fn said_of(ctx: &Ctx, fields: &Fields) -> Result<NewPerson> {
    let role = Role::named(fields.get("role")).ok_or_else(|| Error::invalid("Choose a role"))?;
    let organisation = if role == Role::Member { organisation(ctx, fields.get("organisation")).await? } else { None };
    let text = |name: &str| fields.get(name).to_owned();
    Ok(NewPerson { login: text("login"), name: text("name"), mail: Some(text("mail")), role, organisation, language: text("language") })
}

async fn organisation(ctx: &Ctx, name: &str) -> Result<Option<Id>> {
    if name.is_empty() {
        return Ok(None);
    }
    let mut reader = ctx.app.db.read().await?;
    let found = constituency::find_by_name(&mut reader, name).await?;
    found.map(|found| Some(found.id)).ok_or_else(|| Error::invalid(format!("There is no organisation called “{name}”; add it to the constituency first")))
}

/// `POST /people/new`
pub async fn add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let added = match said_of(&ctx, &fields).await {
        Ok(new) => people::add(&ctx.app, &ctx.who, new).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => {
            let secret = people::reset(&ctx.app, &ctx.who, id).await?;
            show(&ctx, id, Some(secret)).await
        }
        Err(Error::Invalid(text)) => form(&ctx, StatusCode::UNPROCESSABLE_ENTITY, None, fields, None, text).await,
        Err(Error::Conflict(text)) => form(&ctx, StatusCode::CONFLICT, None, fields, None, text).await,
        Err(other) => Err(other),
    }
}

/// `GET /people/{id}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    show(&ctx, id.parse().map_err(|_| Error::NotFound)?, None).await
}

async fn show(ctx: &Ctx, id: Id, secret: Option<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let person = people::one(&mut reader, &ctx.who, id).await?;
    let organisation = match person.organisation {
        Some(id) => constituency::get(&mut reader, id).await?.name,
        None => String::new(),
    };
    drop(reader);
    let mut fields = Fields::default();
    for (name, value) in [("login", &person.login), ("name", &person.name), ("language", &person.language)] {
        fields.set(name, value);
    }
    fields.set("role", person.role.name());
    fields.set("mail", person.mail.clone().unwrap_or_default());
    fields.set("organisation", organisation);
    form(ctx, StatusCode::OK, Some(person), fields, secret, String::new()).await
}

/// `POST /people/{id}`: what the button says.
pub async fn person(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let done = match fields.get("do") {
        "reset" => return show(&ctx, id, Some(people::reset(&ctx.app, &ctx.who, id).await?)).await,
        "disable" => people::set_active(&ctx.app, &ctx.who, id, false).await,
        "enable" => people::set_active(&ctx.app, &ctx.who, id, true).await,
        _ => changed(&ctx, id, &fields).await,
    };
    match done {
        Ok(()) => Ok(go(&format!("/people/{id}"), Some("Saved."))),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let person = people::one(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
            form(&ctx, error.status(), Some(person), fields, None, error.to_string()).await
        }
        Err(other) => Err(other),
    }
}

async fn changed(ctx: &Ctx, id: Id, fields: &Fields) -> Result<()> {
    people::change(&ctx.app, &ctx.who, id, said_of(ctx, fields).await?).await
}

/// `POST /people/groups`
pub async fn group_add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let added = people::add_group(&ctx.app, &ctx.sends(&fields), fields.get("name")).await;
    after(&ctx, added, "Group added.").await
}

/// `POST /people/groups/{id}`: somebody joins or leaves.
pub async fn group(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let (Ok(group), Ok(person)) = (id.parse(), fields.get("person").parse()) else { return Err(Error::NotFound) };
    let done = people::set_membership(&ctx.app, &ctx.who, group, person, fields.get("do") != "leave").await;
    after(&ctx, done, "Group changed.").await
}

/// `POST /people/tokens`: the secret is on the answer, and nowhere else.
pub async fn token_add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let scope = if fields.has("scope") { fields.get("scope") } else { "reports" };
    let made = match organisation(&ctx, fields.get("organisation")).await {
        Ok(organisation) => {
            let new = NewToken { name: fields.get("name"), organisation, scope, feeds: fields.all("feed").collect() };
            people::make_token(&ctx.app, &ctx.sends(&fields), new).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(secret) => everybody(&ctx, StatusCode::OK, Some(secret), String::new()).await,
        failed => after(&ctx, failed, "").await,
    }
}

/// `POST /people/tokens/{id}/end`
pub async fn token_end(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let ended = people::revoke_token(&ctx.app, &ctx.who, id.parse().map_err(|_| Error::NotFound)?).await;
    after(&ctx, ended, "The token no longer works.").await
}
