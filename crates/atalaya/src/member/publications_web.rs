//! What is published for constituents, and what a member's organisation was told of in particular.

use std::sync::Arc;

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use press::Kind;

use crate::publications::Item;
use crate::publications::inside::{self, Place};
use crate::publications::site::{self, Card};
use crate::publications::warnings::{self, Warning};
use crate::web::fields::Asked;
use crate::web::{Ctx, Site, page};
use crate::{Error, Result};

/// Lines on a page.
const PAGE: usize = 30;

/// A line of what is for constituents: its card and its label.
struct Line {
    card: Card,
    label: formats::label::Tlp,
}

#[derive(Template)]
#[template(path = "member/pages/publications.html")]
struct ListPage {
    site: Site,
    lines: Vec<Line>,
    /// Where the next page of them begins.
    older: String,
    told: Vec<Warning>,
    older_told: String,
    /// Whether each list begins with the newest.
    first: (bool, bool),
}

/// `GET /member/publications`; its lists go on with `?before=` and `?told=`.
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let (before, before_told) = (place(asked.get("before")), place(asked.get("told")));
    let mut reader = ctx.app.db.read().await?;
    let limit = u32::try_from(PAGE + 1).unwrap_or(u32::MAX);
    let mut found = inside::list(&mut reader, &ctx.app, &ctx.who, before, limit).await?;
    let mut told = warnings::of_member(&mut reader, &ctx.app, &ctx.who, before_told, limit).await?;
    drop(reader);
    let (older, older_told) = (cut(&mut found, inside::Line::place), cut(&mut told, |one| (one.at, one.id)));
    let lines = found.into_iter().filter_map(|line| Line::of(&ctx, line.item)).collect();
    page(&ListPage { site: Site::new(&ctx, &ctx.text.say("inside-title")), lines, older, told, older_told, first: (before.is_none(), before_told.is_none()) })
}

impl Line {
    fn of(ctx: &Ctx, item: Item) -> Option<Self> {
        let (label, path) = (item.content.label, format!("/member/publications{}", item.path()));
        let card = site::cards(ctx, [&Arc::new(item)]).pop()?;
        Some(Self { card: Card { path, ..card }, label })
    }
}

/// Cuts a list to what fits on a page; where the next page begins, if there is one.
fn cut<T>(rows: &mut Vec<T>, place: impl Fn(&T) -> Place) -> String {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    rows.last().filter(|_| more).map(|last| written(place(last))).unwrap_or_default()
}

/// `GET /member/publications/{list}/{name}`
pub async fn one(ctx: Ctx, Path((list, name)): Path<(String, String)>) -> Result<Response> {
    let kind = Kind::at(&list).ok_or(Error::NotFound)?;
    let item = inside::one(&ctx.app, &ctx.who, kind, &name).await?;
    site::for_constituent(&ctx, item.into_value())
}

#[derive(Template)]
#[template(path = "member/pages/warning.html")]
struct WarningPage {
    site: Site,
    one: Warning,
    text: String,
}

/// `GET /member/warnings/{id}`
pub async fn warning(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    match warnings::for_member(&ctx.app, &ctx.who, id).await {
        Ok(told) => {
            let (one, text) = told.into_value();
            page(&WarningPage { site: Site::new(&ctx, &one.subject), one, text })
        }
        // What may not be shown on a page is not there.
        Err(Error::Conflict(_)) => Err(Error::NotFound),
        Err(error) => Err(error),
    }
}

/// A place in a list, as an address has it.
fn written((at, id): Place) -> String {
    format!("{}~{id}", at.as_microsecond())
}

fn place(text: &str) -> Option<Place> {
    let (at, id) = text.split_once('~')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse::<Id>().ok()?))
}
