//! The pages: list and look-up, one organisation, its forms.

use ::store::{Id, Line};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::form;
use super::lookup::{Match, holders_inside, read_asked};
use super::{Contact, Organisation, Resource, STATUSES, Wanted, days, store};
use crate::profile::Profile;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, page, page_as};
use crate::{Error, Result, people};

const PAGE: usize = 50;

/// What a look-up found.
struct LookedUp {
    /// Who held it, the most specific first.
    holders: Vec<Match>,
    /// Who held a part of it, by address, up to [`PARTS`].
    parts: Vec<Match>,
    /// How many more parts there are, in words; empty when there are none.
    more: String,
}

/// So many parts of a network are listed, and so many are counted.
const PARTS: usize = 100;
const COUNTED: usize = 1000;

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
    found: Option<LookedUp>,
    lookup_error: String,
    /// What members propose.
    proposed: i64,
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
    let proposed = super::proposals::count_proposals(&mut ctx.app.db.read().await?, &ctx.who).await?;
    page_as(status, &ListPage { shell, wanted, filtered, sectors, statuses: STATUSES, rows, next, resource, at, day, found, lookup_error, proposed })
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

async fn look_up(ctx: &Ctx, asked: &Fields) -> Result<Option<LookedUp>> {
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
    let mut parts = holders_inside(&mut reader, &observable, at, COUNTED + 1).await?;
    let more = match parts.len().saturating_sub(PARTS) {
        0 => String::new(),
        more if parts.len() > COUNTED => format!("more than {} parts more", more - 1),
        more => format!("{more} parts more"),
    };
    parts.truncate(PARTS);
    Ok(Some(LookedUp { holders: super::owners(&mut reader, &[observable], at).await?, parts, more }))
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
    /// Registries whose lists were imported, and their days.
    lists: Vec<(String, String)>,
    /// What these lists call it.
    handles: Vec<(String, String)>,
    history: Vec<HistoryLine>,
    older_history: bool,
}

impl OrganisationPage {
    async fn read(ctx: &Ctx, one: Organisation) -> Result<Self> {
        let shell = Shell::new(ctx, &one.name, Room::Constituency).await?;
        let mut reader = ctx.app.db.read().await?;
        let now = reader.now();
        let all = super::contacts_of(&mut reader, &[one.id]).await?;
        let choice = super::choose(&all, now);
        let resources: Vec<ResourceLine> = super::every_resource_of(&mut reader, one.id).await?.into_iter().map(|held| ResourceLine::of(held, now)).collect();
        let (lists, handles) = (super::allocations::lists(&mut reader).await?, super::allocations::handles_of(&mut reader, one.id).await?);
        let lines = store::history(&mut reader, one.id, 201).await?;
        let names = people::describe_all(&mut reader, lines.iter().map(|line| line.who.as_str())).await?;
        let who = |line: &Line| names.get(&line.who).cloned().unwrap_or_default();
        let means = STATUSES.iter().find(|(status, _, _)| *status == one.status).map_or_else(|| one.status.clone(), |(_, _, means)| (*means).to_owned());
        Ok(Self {
            sector: sector(&ctx.app.profile, &one.sector),
            language: crate::text::own_name(&one.language).to_owned(),
            means,
            contacts: all.into_iter().map(|contact| ContactLine::of(contact, now)).collect(),
            best: choice.contact.map(|contact| contact.name).unwrap_or_default(),
            why: choice.why,
            searches: resources.iter().filter(|line| line.state == "held").take(6).map(|line| line.value.clone()).collect(),
            resources,
            lists,
            handles,
            history: lines.iter().take(200).map(|line| HistoryLine { at: line.at, what: what(line), details: details(line), who: who(line) }).collect(),
            older_history: lines.len() > 200,
            shell,
            one,
        })
    }
}

impl ContactLine {
    fn of(contact: Contact, now: Timestamp) -> Self {
        Self { today: contact.holds_at(now), held: in_words(contact.valid_from, contact.valid_to), contact }
    }
}

impl ResourceLine {
    fn of(held: Resource, now: Timestamp) -> Self {
        let state = match held.holds_at(now) {
            true => "held",
            false if held.valid_from > now => "to come",
            false => "ended",
        };
        Self { id: held.id, held: in_words(held.valid_from, held.valid_to), kind: held.kind, value: held.value, state, source: held.source }
    }
}

/// `GET /constituency/{id}`
pub async fn organisation(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    page(&OrganisationPage::read(&ctx, found(&ctx, &id).await?).await?)
}

pub(super) async fn found(ctx: &Ctx, id: &str) -> Result<Organisation> {
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
