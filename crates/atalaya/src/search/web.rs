//! The page of found things, and the forms that keep and remove views.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::find::find;
use super::found::Found;
use super::question::Question;
use crate::people::views::{self, View};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "search/pages/search.html")]
struct SearchPage {
    shell: Shell,
    question: Question,
    found: Found,
    views: Vec<View>,
    query: String,
    first: bool,
}

impl SearchPage {
    /// Whether a kept view is what is shown.
    fn is(&self, view: &View) -> bool {
        view.query == self.query
    }
}

/// `GET /search`
pub async fn search(ctx: Ctx, asked: Asked) -> Result<Response> {
    let question = Question::read(&asked, &ctx.zone());
    let mut reader = ctx.app.db.read().await?;
    let found = find(&mut reader, &ctx.who, &question).await?;
    if let Some(path) = &found.jump {
        return Ok(go(path, None));
    }
    let views = views::list(&mut reader, ctx.person()?, "search").await?;
    drop(reader);
    let shell = Shell::new(&ctx, "Search", Room::Search).await?;
    let query = query_of(&question);
    let first = question.before.is_none() && question.seen_before.is_none();
    page(&SearchPage { shell, question, found, views, query, first })
}

/// What was asked, as an address has it: the same question is always the same text.
fn query_of(question: &Question) -> String {
    let kind = if question.kind.is_empty() { String::new() } else { format!("&in={}", utf8_percent_encode(&question.kind, NON_ALPHANUMERIC)) };
    let [from, to] = &question.days;
    let more = [("from", from), ("to", to), ("state", &question.state)];
    let more: String =
        more.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
    format!("q={}{kind}{more}", utf8_percent_encode(&question.q, NON_ALPHANUMERIC))
}

/// `POST /views`
pub async fn save(ctx: Ctx, fields: Fields) -> Result<Response> {
    views::save(&ctx.app, &ctx.who, fields.get("room"), fields.get("name"), fields.get("query")).await?;
    Ok(go(inside(fields.get("to"), fields.get("room")).as_str(), Some("View saved.")))
}

/// `POST /views/{id}/removal`
pub async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let room = views::remove(&ctx.app, &ctx.who, id).await?;
    Ok(go(&format!("/{room}"), Some("View removed.")))
}

/// The page to come back to: of the same room, never another site.
fn inside(to: &str, room: &str) -> String {
    let home = format!("/{room}");
    let ours = to == home || to.starts_with(&format!("{home}?")) || to.starts_with(&format!("{home}/"));
    if ours { to.to_owned() } else { home }
}
