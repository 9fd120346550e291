//! A member's contacts and networks as the registry has them, and what it proposes to change. Nothing changes here: the
//! team approves it, and that is the change.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::Id;

use crate::constituency::proposals::{self, Proposal, Wish};
use crate::constituency::{self, Contact, ContactDetails, FUNCTIONS, Resource, days};
use crate::web::{Ctx, Fields, Site, go, page, page_as};
use crate::{Error, Result};

/// Wishes that are shown.
const SHOWN: u32 = 20;
/// What a member may say of a contact.
const FIELDS: [&str; 6] = ["name", "function", "mail", "phone", "language", "hours"];

#[derive(Template)]
#[template(path = "member/pages/registry.html")]
struct RegistryPage {
    site: Site,
    contacts: Vec<Contact>,
    /// A resource, and when it is held.
    resources: Vec<(Resource, String)>,
    wishes: Vec<(Proposal, Vec<String>)>,
}

/// `GET /member/registry`
pub async fn list(ctx: Ctx) -> Result<Response> {
    let id = ctx.who.organisation().ok_or(Error::NotFound)?;
    let mut reader = ctx.app.db.read().await?;
    let now = reader.now();
    let contacts = constituency::contacts_at(&mut reader, id, now).await?;
    let held = constituency::every_resource_of(&mut reader, id).await?.into_iter().filter(|one| one.holds_at(now));
    let resources = held.map(|one| (one.clone(), days::held(one.valid_from, one.valid_to))).collect();
    let mut wishes = Vec::new();
    for one in proposals::proposals_of_member(&mut reader, &ctx.who, SHOWN).await? {
        let lines = proposals::lines(&mut reader, &one).await?;
        wishes.push((one, lines));
    }
    drop(reader);
    page(&RegistryPage { site: Site::new(&ctx, &ctx.text.say("registry-title")), contacts, resources, wishes })
}

#[derive(Template)]
#[template(path = "member/pages/wish.html")]
struct WishPage {
    site: Site,
    kind: String,
    /// Where it is sent.
    path: String,
    version: i64,
    /// The contact's fields, or the network and its last day.
    fields: BTreeMap<String, String>,
    functions: Vec<(&'static str, &'static str)>,
    words: String,
    /// Why it was not taken.
    problem: Option<String>,
}

impl WishPage {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn is_contact(&self) -> bool {
        matches!(self.kind.as_str(), "contact.add" | "contact.change")
    }
}

fn wish_page(ctx: &Ctx, wish: Wish, path: String, problem: Option<String>) -> Result<Response> {
    let Wish { kind, version, fields, words, .. } = wish;
    let site = Site::new(ctx, &ctx.text.say(&format!("registry-{}", kind.replace('.', "-"))));
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &WishPage { site, kind, path, version, fields, functions: FUNCTIONS.to_vec(), words, problem })
}

/// The wish that an address speaks of, with what stands there now.
async fn begun(ctx: &Ctx, kind: &str, target: &str) -> Result<(Wish, String)> {
    let organisation = ctx.who.organisation().ok_or(Error::NotFound)?;
    let path = format!("/member/registry/{kind}/{target}");
    let mut wish = Wish { kind: kind.to_owned(), ..Wish::default() };
    if !proposals::KINDS.contains(&kind) {
        return Err(Error::NotFound);
    }
    if kind.rsplit_once('.').is_some_and(|(_, deed)| deed == "add") {
        wish.fields.insert("language".into(), ctx.text.shown().to_owned());
        wish.fields.insert("function".into(), "abuse".into());
        return Ok((wish, path));
    }
    let id: Id = target.parse().map_err(|_| Error::NotFound)?;
    wish.target = Some(id);
    let mut reader = ctx.app.db.read().await?;
    if kind == "resource.end" {
        let one = constituency::resource(&mut reader, id).await?;
        wish.fields.insert("value".into(), one.value);
        return if one.organisation == organisation { Ok((wish, path)) } else { Err(Error::NotFound) };
    }
    let one = constituency::contact(&mut reader, id).await?;
    if one.organisation != organisation {
        return Err(Error::NotFound);
    }
    wish.version = one.version;
    let ContactDetails { name, function, mail, phone, language, hours, .. } = ContactDetails::from(&one);
    wish.fields = FIELDS.iter().map(|name| (*name).to_owned()).zip([name, function, mail, phone, language, hours]).collect();
    Ok((wish, path))
}

/// `GET /member/registry/{kind}/{target}`; the target of something new is `new`.
pub async fn ask(ctx: Ctx, Path((kind, target)): Path<(String, String)>) -> Result<Response> {
    let (wish, path) = begun(&ctx, &kind, &target).await?;
    wish_page(&ctx, wish, path, None)
}

/// `POST /member/registry/{kind}/{target}`
pub async fn propose(ctx: Ctx, Path((kind, target)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (mut wish, path) = begun(&ctx, &kind, &target).await?;
    for name in FIELDS.iter().chain(&["value", "last"]) {
        if fields.has(name) || FIELDS.contains(name) && kind.starts_with("contact") && kind != "contact.end" {
            wish.fields.insert((*name).to_owned(), fields.get(name).to_owned());
        }
    }
    wish.words = fields.exact("words").to_owned();
    wish.version = fields.get("version").parse().unwrap_or(wish.version);
    match proposals::propose(&ctx.app, &ctx.who, wish.clone()).await {
        Ok(_) => Ok(go("/member/registry", Some(&ctx.text.say("registry-said")))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => wish_page(&ctx, wish, path, Some(text)),
        Err(error) => Err(error),
    }
}
