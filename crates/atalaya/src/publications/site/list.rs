//! Lists: of one kind, of everything that is news, and the site's pages that are read as a whole.

use std::sync::Arc;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use press::{Kind, State};

use super::super::catalogue::{Catalogue, Item, Kept};
use super::filter::Filter;
use super::item::Shown;
use super::{answer, html, kind_at};
use crate::text::own_name;
use crate::web::fields::Asked;
use crate::web::{Ctx, Site};
use crate::{Error, Result};

/// So many stand on a page of a list.
const PAGE: usize = 30;

/// An item as a list shows it.
#[derive(Clone, Debug)]
pub struct Card {
    /// What it is.
    pub kind: Kind,
    /// Its page.
    pub path: String,
    /// Its number, or empty for what is called by its title.
    pub number: String,
    /// Title.
    pub title: String,
    /// Two lines.
    pub summary: String,
    /// What to do.
    pub act: String,
    /// The language of these words.
    pub language: String,
    /// Whether they are in another language than asked for.
    pub fallback: bool,
    /// How bad.
    pub severity: &'static str,
    /// `open` or `closed` for an alert, else empty; `withdrawn`, `superseded`.
    pub state: &'static str,
    /// `yes`, `no` or empty.
    pub exploited: String,
    /// CVE ids.
    pub cves: Vec<String>,
    /// When it changed.
    pub changed_at: jiff::Timestamp,
    /// When it first left.
    pub first_at: jiff::Timestamp,
    /// Newest version.
    pub version: i64,
    /// What it is called.
    pub called: String,
    /// When and where it takes place, in words.
    pub takes_place: Option<(String, String, String)>,
    /// When somebody looks at it again.
    pub review: Option<jiff::civil::Date>,
}

impl Card {
    /// It no longer holds: how bad it was is no word to begin with.
    pub fn is_over(&self) -> bool {
        ["withdrawn", "superseded"].contains(&self.state)
    }
}

/// The cards of some items.
pub fn cards<'i>(ctx: &Ctx, items: impl IntoIterator<Item = &'i Arc<Item>>) -> Vec<Card> {
    items.into_iter().filter_map(|item| card(ctx, item)).collect()
}

fn card(ctx: &Ctx, item: &Item) -> Option<Card> {
    let content = &item.content;
    let wanted = ctx.text.wanted();
    let (words, language) = content.said(wanted)?;
    let state = match (item.standing.as_str(), item.kind, content.open) {
        ("withdrawn", ..) => "withdrawn",
        ("superseded", ..) => "superseded",
        (_, Kind::Alert, true) => "open",
        (_, Kind::Alert, false) => "closed",
        _ => "",
    };
    Some(Card {
        kind: item.kind,
        path: item.path(),
        number: if item.kind.letters().is_some() { item.name.clone() } else { String::new() },
        title: words.title.clone(),
        summary: words.summary.clone(),
        act: words.act.clone(),
        language: language.to_owned(),
        fallback: content.state(wanted) == State::Missing,
        severity: if item.kind.has_severity() { content.severity.name() } else { "none" },
        state,
        exploited: content.exploited.state.clone(),
        cves: content.cves().map(str::to_owned).collect(),
        changed_at: item.changed_at,
        first_at: item.first_at,
        version: item.version,
        called: item.called(),
        takes_place: content.meeting.as_ref().map(|meeting| super::item::takes_place(&ctx.text, meeting, &words.place)),
        review: content.review,
    })
}

/// Alerts and advisories that hold, the newest change first.
pub fn news(catalogue: &Catalogue) -> Vec<&Arc<Item>> {
    catalogue.items.iter().filter(|item| matches!(item.kind, Kind::Alert | Kind::Advisory) && item.is_current()).collect()
}

/// What takes place from now on, the next first.
pub fn coming(catalogue: &Catalogue, now: jiff::Timestamp) -> Vec<&Arc<Item>> {
    let instants = |item: &Item| item.content.meeting.as_ref().and_then(press::Meeting::instants).unwrap_or_default();
    let mut coming: Vec<&Arc<Item>> = catalogue.of(Kind::Calendar).filter(|item| item.is_current() && instants(item).1 >= now).collect();
    coming.sort_by_key(|item| instants(item));
    coming
}

#[derive(Template)]
#[template(path = "publications/pages/list.html")]
struct ListPage {
    site: Site,
    /// The kind, or none for everything that is news.
    kind: Option<Kind>,
    filter: Filter,
    cards: Vec<Card>,
    found: usize,
    /// The address of this list without its filter.
    path: &'static str,
    /// Feeds of the same filter: name, address.
    feeds: Vec<(&'static str, String)>,
    /// Where the same is had by mail, if the team has any.
    mails: bool,
    subscribe: String,
    previous: String,
    next: String,
    sectors: Vec<(String, String)>,
    /// Languages in which something of it is written: tag, own name.
    languages: Vec<(String, String)>,
    years: Vec<String>,
}

impl ListPage {
    fn name(&self) -> &'static str {
        self.kind.map_or("latest", Kind::name)
    }

    fn empty_key(&self) -> String {
        if self.filter.asks() { "pub-none-found".into() } else { format!("pub-none-{}", self.name()) }
    }

    fn asks_severity(&self) -> bool {
        self.kind.is_none_or(Kind::has_severity)
    }

    fn asks_product(&self) -> bool {
        self.kind.is_none_or(|kind| matches!(kind, Kind::Alert | Kind::Advisory))
    }

    fn is_guidance(&self) -> bool {
        self.kind == Some(Kind::Guidance)
    }

    fn is_alerts(&self) -> bool {
        self.kind == Some(Kind::Alert)
    }
}

/// `GET /alerts`, `/advisories`, `/guidance`, `/calendar`
pub async fn list(ctx: Ctx, headers: HeaderMap, asked: Asked) -> Result<Response> {
    let kind = kind_at(&ctx.path)?;
    answer(&ctx, &headers, async |catalogue| listed(&ctx, &catalogue, &asked, Some(kind))).await
}

/// `GET /latest`
pub async fn latest(ctx: Ctx, headers: HeaderMap, asked: Asked) -> Result<Response> {
    answer(&ctx, &headers, async |catalogue| listed(&ctx, &catalogue, &asked, None)).await
}

fn listed(ctx: &Ctx, catalogue: &Catalogue, asked: &Asked, kind: Option<Kind>) -> Result<Kept> {
    let filter = Filter::of(asked, kind);
    let zone = ctx.zone();
    let fitting: Vec<&Arc<Item>> = sorted(ctx, catalogue.items.iter().filter(|item| filter.fits(item, ctx.text.wanted(), &zone)).collect(), kind);
    let page = asked.parsed::<usize>("page", "a page")?.unwrap_or(1).clamp(1, 10_000);
    let some: Vec<&Arc<Item>> = fitting.iter().skip((page - 1) * PAGE).take(PAGE).copied().collect();
    let path = kind.map_or("/latest", path_of);
    let at = |page: usize| address(ctx, path, &filter.query(kind.is_none()), page);
    let years: std::collections::BTreeSet<String> = catalogue
        .items
        .iter()
        .filter(|item| kind.is_none_or(|kind| item.kind == kind))
        .map(|item| item.first_at.to_zoned(zone.clone()).year().to_string())
        .collect();
    let title = ctx.text.say(&format!("pub-list-{}", kind.map_or("latest", Kind::name)));
    html(&ListPage {
        site: Site::new(ctx, &title),
        kind,
        cards: cards(ctx, some),
        found: fitting.len(),
        path,
        feeds: feeds(ctx, kind, &filter),
        mails: ctx.app.profile.mail.is_some(),
        subscribe: address(ctx, "/subscribe", &filter.query(true), 1),
        previous: if page > 1 { at(page - 1) } else { String::new() },
        next: if fitting.len() > page * PAGE { at(page + 1) } else { String::new() },
        sectors: ctx.app.profile.sectors.iter().map(|sector| (sector.id.clone(), sector.title.text(ctx.text.wanted()).to_owned())).collect(),
        languages: languages(catalogue, kind),
        years: years.into_iter().rev().collect(),
        filter,
    })
}

/// The languages in which something is written, where there is more than one.
fn languages(catalogue: &Catalogue, kind: Option<Kind>) -> Vec<(String, String)> {
    let items = catalogue.items.iter().filter(|item| kind.map_or(!item.kind.is_page(), |kind| item.kind == kind));
    let tags: std::collections::BTreeSet<&String> =
        items.flat_map(|item| item.content.words.keys().filter(|tag| item.content.state(tag) != State::Missing)).collect();
    if tags.len() < 2 { Vec::new() } else { tags.into_iter().map(|tag| (tag.clone(), own_name(tag).to_owned())).collect() }
}

/// The calendar goes forward from today, what is over after what comes; all else from the newest back.
fn sorted<'i>(ctx: &Ctx, mut items: Vec<&'i Arc<Item>>, kind: Option<Kind>) -> Vec<&'i Arc<Item>> {
    if kind == Some(Kind::Calendar) {
        let now = ctx.app.now();
        items.sort_by_key(|item| {
            let (starts, ends) = item.content.meeting.as_ref().and_then(press::Meeting::instants).unwrap_or_default();
            if ends >= now { (0, starts.as_second()) } else { (1, -starts.as_second()) }
        });
    }
    items
}

fn path_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Alert => "/alerts",
        Kind::Advisory => "/advisories",
        Kind::Guidance => "/guidance",
        Kind::Calendar => "/calendar",
        Kind::Question => "/faq",
        Kind::Term => "/glossary",
        Kind::Service => "/services",
    }
}

fn address(ctx: &Ctx, path: &str, query: &str, page: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !query.is_empty() {
        parts.push(query.to_owned());
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if let Some(tag) = &ctx.chosen {
        parts.push(format!("lang={tag}"));
    }
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

/// The same list for programs. A feed is in one language, which its address names.
fn feeds(ctx: &Ctx, kind: Option<Kind>, filter: &Filter) -> Vec<(&'static str, String)> {
    let name = kind.map_or("latest", Kind::path);
    let query = filter.query(kind.is_none());
    let more = if query.is_empty() { String::new() } else { format!("&{query}") };
    let at = |ending: &str| format!("/feeds/{name}.{ending}?lang={}{more}", ctx.text.wanted());
    let mut feeds = vec![("Atom", at("atom")), ("JSON", at("json")), ("CSV", at("csv"))];
    if kind == Some(Kind::Calendar) {
        feeds.push(("iCalendar", at("ics")));
    }
    feeds
}

#[derive(Template)]
#[template(path = "publications/pages/pages.html")]
struct PagesPage {
    site: Site,
    kind: Kind,
    pages: Vec<Shown>,
}

/// `GET /faq`, `/glossary`, `/services`: all of it on one page, in its order.
pub async fn pages(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let kind = kind_at(&ctx.path)?;
    answer(&ctx, &headers, async |catalogue| {
        let mut items: Vec<&Arc<Item>> = catalogue.of(kind).filter(|item| item.is_current()).collect();
        items.sort_by_cached_key(|item| {
            (item.content.order, item.content.said(ctx.text.wanted()).map(|(words, _)| words.title.to_lowercase()).unwrap_or_default())
        });
        if items.is_empty() {
            return Err(Error::NotFound);
        }
        let pages = items.into_iter().filter_map(|item| Shown::of(&ctx, item)).collect();
        html(&PagesPage { site: Site::new(&ctx, &ctx.text.say(&format!("pub-list-{}", kind.name()))), kind, pages })
    })
    .await
}
