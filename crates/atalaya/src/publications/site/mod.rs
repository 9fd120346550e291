//! The public site: lists, pages, feeds, and what machines ask for. Everything here is made from the catalogue.

mod about;
mod changed;
mod feeds;
mod filter;
pub use filter::Filter;
mod item;
mod list;
mod machine;
mod plain;

pub use about::{about, about_text};
pub use feeds::{calendar, entry_as_atom, feed};
use item::{before, inside};
pub use item::{item, refused, takes_place};
pub use list::{Card, cards, coming, latest, list, news, pages};
pub use machine::{security_txt, sitemap};

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::catalogue::{Catalogue, Kept, catalogue};
use crate::access::Who;
use crate::web::packed::{Packed, has, takes_gzip};
use crate::web::{Ctx, go};
use crate::{Error, Result};

/// Answers with a page that is the same for every visitor of this language: as it was made before, if that still holds.
/// Whoever is logged in, or is told something, gets a page of their own.
pub async fn answer(ctx: &Ctx, headers: &HeaderMap, make: impl AsyncFnOnce(Arc<Catalogue>) -> Result<Kept>) -> Result<Response> {
    answer_of(ctx, headers, "", make).await
}

/// [`answer`] with a page that is made of something else, too: another value of that, another page.
pub async fn answer_of(ctx: &Ctx, headers: &HeaderMap, of: &str, make: impl AsyncFnOnce(Arc<Catalogue>) -> Result<Kept>) -> Result<Response> {
    if let Some(address) = without_others(ctx) {
        return Ok(go(&address, None));
    }
    let catalogue = catalogue(&ctx.app).await?;
    if !matches!(ctx.who, Who::Public) || ctx.said.is_some() {
        return Ok(own(make(catalogue).await?));
    }
    let (now, memory) = (ctx.app.now(), &ctx.app.publications);
    let address = format!("{} {}?{} {of}", ctx.text.wanted(), ctx.path, ctx.query);
    let known = memory.page(&catalogue, now, &address);
    let page = if let Some(page) = known {
        page
    } else {
        let page = Arc::new(make(Arc::clone(&catalogue)).await?);
        memory.keep_page(&catalogue, now, address, &page);
        page
    };
    Ok(same_for_all(headers, &page))
}

/// What the addresses of lists and feeds ask; all other pages know the language alone.
const LISTED: [&str; 12] = ["lang", "page", "kind", "q", "severity", "exploited", "sector", "about", "product", "in", "year", "state"];

/// The address without what its page does not know, if there is such: the marks of a link that was handed on, and whatever would
/// have one and the same page made, packed and signed anew for each visitor.
fn without_others(ctx: &Ctx) -> Option<String> {
    let list = ctx.path.trim_start_matches('/');
    let lists = list == "latest" || list.starts_with("feeds/") || press::Kind::at(list).is_some();
    let known = if lists { LISTED.as_slice() } else { LISTED.get(..1).unwrap_or_default() };
    let pairs = || ctx.query.split('&').filter(|pair| !pair.is_empty());
    let is_known = |pair: &&str| known.contains(&pair.split('=').next().unwrap_or_default());
    if pairs().all(|pair| is_known(&pair)) {
        return None;
    }
    let kept: Vec<&str> = pairs().filter(is_known).collect();
    Some(if kept.is_empty() { ctx.path.clone() } else { format!("{}?{}", ctx.path, kept.join("&")) })
}

/// A page for one visitor: nobody keeps it.
fn own(page: Kept) -> Response {
    let mut response = page.bytes.plain().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(page.kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A page for all: caches may keep it for a minute, and ask then whether it still holds (RFC 9111, RFC 9110 section 13.1.2).
fn same_for_all(headers: &HeaderMap, page: &Kept) -> Response {
    let mut response = if has(headers, &page.tag) { StatusCode::NOT_MODIFIED.into_response() } else { page.bytes.answer(takes_gzip(headers)) };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.kind));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language, Cookie"));
    if let Ok(tag) = HeaderValue::from_str(&page.tag) {
        out.insert(header::ETAG, tag);
    }
    for (name, value) in &page.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::from_str(value)) {
            out.insert(name, value);
        }
    }
    response
}

/// What a page will be, for somebody of the team.
pub fn preview(ctx: &Ctx, item: super::Item) -> Result<Response> {
    let door = super::registrations::Door::before(ctx, &item);
    Ok(own(before(ctx, item, door)?))
}

/// The page of what is for constituents, for one of them.
pub fn for_constituent(ctx: &Ctx, item: super::Item) -> Result<Response> {
    Ok(own(inside(ctx, item)?))
}

/// A page from its template.
pub fn html(template: &impl askama::Template) -> Result<Kept> {
    Ok(Kept::new("text/html; charset=utf-8", template.render()?.into_bytes()))
}

impl Kept {
    /// What is answered with these bytes.
    pub fn new(kind: &'static str, bytes: Vec<u8>) -> Self {
        let bytes = Packed::new(bytes);
        Self { kind, tag: bytes.tag(), bytes, headers: Vec::new() }
    }

    /// With another header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// The kind of publication that a path is about.
fn kind_at(path: &str) -> Result<press::Kind> {
    path.trim_start_matches('/').split('/').next().and_then(press::Kind::at).ok_or(Error::NotFound)
}
