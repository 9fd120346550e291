//! A member's contacts and networks as the registry has them, and what it proposes to change. Nothing changes here: the
//! team approves it, and that is the change.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Id, Reader};

use crate::constituency::proposals::{self, Proposal, Wish, Wrong};
use crate::constituency::{self, Contact, ContactDetails, FUNCTIONS, Resource, days};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Site, go, page, page_as};
use crate::{Error, Result};

/// Networks on a page, and contacts.
const PAGE: usize = 100;
/// Wishes that are shown.
const SHOWN: u32 = 20;
/// What a member may say of a contact.
const FIELDS: [&str; 6] = ["name", "function", "mail", "phone", "language", "hours"];

#[derive(Template)]
#[template(path = "member/pages/registry.html")]
struct RegistryPage {
    site: Site,
    /// Whether the page begins at the first network; the others have nothing but networks.
    first: bool,
    contacts: Vec<Contact>,
    /// Contacts that are not shown.
    more: usize,
    /// A resource, and when it is held.
    resources: Vec<(Resource, String)>,
    /// Where the next page begins.
    next: Option<Id>,
    wishes: Vec<(Proposal, Vec<String>)>,
}

/// `GET /member/registry`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let id = ctx.who.organisation().ok_or(Error::NotFound)?;
    let after = asked.parsed("after", "one of your networks")?;
    let mut reader = ctx.app.db.read().await?;
    let now = reader.now();
    let mut contacts = if after.is_none() { constituency::contacts_at(&mut reader, id, now).await? } else { Vec::new() };
    let more = contacts.len().saturating_sub(PAGE);
    contacts.truncate(PAGE);
    let mut held = constituency::resources_held(&mut reader, id, now, after, u32::try_from(PAGE + 1).unwrap_or(u32::MAX)).await?;
    let next = held.get(PAGE - 1).filter(|_| held.len() > PAGE).map(|last| last.id);
    held.truncate(PAGE);
    let wishes = if after.is_none() { wishes(&ctx, &mut reader).await? } else { Vec::new() };
    let resources = held.into_iter().map(|one| (one.clone(), held_in_words(&ctx, &one))).collect();
    page(&RegistryPage { site: Site::new(&ctx, &ctx.text.say("registry-title")), first: after.is_none(), contacts, more, resources, next, wishes })
}

/// What was proposed, in the reader's words.
async fn wishes(ctx: &Ctx, reader: &mut Reader) -> Result<Vec<(Proposal, Vec<String>)>> {
    let mut wishes = Vec::new();
    for one in proposals::proposals_of_member(reader, &ctx.app, &ctx.who, SHOWN).await? {
        let about = proposals::about(reader, &one).await?;
        let mut lines = vec![[ctx.text.say(&format!("registry-{}", one.kind.replace('.', "-"))), about].join(": ")];
        if matches!(one.kind.as_str(), "contact.add" | "contact.change") {
            lines.extend(values(ctx, &one));
        }
        lines.extend(one.fields.get("from").map(|day| format!("{}: {day}", ctx.text.say("registry-from"))));
        lines.extend(one.fields.get("last").map(|day| format!("{}: {day}", ctx.text.say("registry-last"))));
        wishes.push((one, lines));
    }
    Ok(wishes)
}

/// What was proposed of a contact, a line for each field that says something.
fn values(ctx: &Ctx, one: &Proposal) -> Vec<String> {
    let shown = |name: &str, value: &str| match name {
        "function" => ctx.text.say(&format!("function-{value}")),
        _ => value.to_owned(),
    };
    let said = FIELDS.iter().filter_map(|name| Some((*name, one.fields.get(*name).filter(|value| !value.trim().is_empty())?)));
    said.map(|(name, value)| format!("{}: {}", ctx.text.say(&format!("registry-{name}")), shown(name, value))).collect()
}

/// Why a proposal was not taken, in the reader's words.
fn wrong(ctx: &Ctx, wish: &Wish, error: &Error) -> String {
    match proposals::wrong(wish, error) {
        Wrong::Long(letters) => ctx.text.with("registry-bad-words", "letters", letters),
        Wrong::Contact("contact_name") => ctx.text.say("registry-bad-name"),
        Wrong::Contact("function") => ctx.text.say("registry-bad-function"),
        Wrong::Contact("contact_language") => ctx.text.say("registry-bad-language"),
        Wrong::Contact("mail") => ctx.text.say("registry-bad-mail"),
        Wrong::LastDay => ctx.text.say("registry-bad-last"),
        Wrong::FirstDay => ctx.text.say("registry-bad-from"),
        Wrong::Value => ctx.text.say("registry-bad-value"),
        Wrong::HostBits(network) => ctx.text.with("registry-bad-host", "network", network),
        Wrong::Waiting(count) => ctx.text.with("registry-bad-many", "count", count),
        Wrong::Contact(_) | Wrong::Other => ctx.text.say("registry-bad-other"),
    }
}

/// When something is held, in the reader's words.
fn held_in_words(ctx: &Ctx, one: &Resource) -> String {
    let (from, to) = (days::typed(days::first(one.valid_from)), days::typed(days::last(one.valid_to)));
    let key = match (from.is_empty(), to.is_empty()) {
        (true, true) => return String::new(),
        (false, true) => "registry-held-since",
        (true, false) => "registry-held-until",
        (false, false) => "registry-held-between",
    };
    ctx.text.fill(key, &[("from", from), ("to", to)])
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
    functions: Vec<(&'static str, String)>,
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
    let functions = FUNCTIONS.iter().map(|(name, _)| (*name, site.say(&format!("function-{name}")))).collect();
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &WishPage { site, kind, path, version, fields, functions, words, problem })
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
    for name in FIELDS.iter().chain(&["value", "from", "last"]) {
        if fields.has(name) || FIELDS.contains(name) && kind.starts_with("contact") && kind != "contact.end" {
            wish.fields.insert((*name).to_owned(), fields.get(name).to_owned());
        }
    }
    wish.words = fields.exact("words").to_owned();
    wish.version = fields.get("version").parse().unwrap_or(wish.version);
    match proposals::propose(&ctx.app, &ctx.who, wish.clone()).await {
        Ok(_) => Ok(go("/member/registry", Some(&ctx.text.say("registry-said")))),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let problem = wrong(&ctx, &wish, &error);
            wish_page(&ctx, wish, path, Some(problem))
        }
        Err(error) => Err(error),
    }
}
