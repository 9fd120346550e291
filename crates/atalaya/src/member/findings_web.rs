//! What stands: what a member's organisation was told of, new, persisting and gone, and where it says what is wrong.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use crate::events::notices::{self, Shown};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Site, go, page, page_as};
use crate::{Error, Result};

/// Findings on a page.
const PAGE: usize = 200;

#[derive(Template)]
#[template(path = "member/pages/findings.html")]
struct FindingsPage {
    site: Site,
    rows: Vec<Shown>,
    tabs: Vec<Tab>,
    /// Whether all are shown, whatever their state.
    all: bool,
    /// How many more there are.
    more: usize,
}

/// How many are new, persist, or are gone.
struct Tab {
    state: &'static str,
    key: String,
    count: usize,
    here: bool,
}

/// `GET /member/findings`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let state = asked.get("state");
    let found = notices::findings(&ctx.app, &ctx.who, state, PAGE).await?;
    let tab = |(of, count)| Tab { state: of, key: format!("findings-{of}"), count, here: state == of };
    let tabs = notices::STATES.into_iter().zip(found.counts).map(tab).collect();
    let more = found.all.saturating_sub(found.rows.len());
    page(&FindingsPage { site: Site::new(&ctx, &ctx.text.say("findings-title")), rows: found.rows, tabs, all: state.is_empty(), more })
}

#[derive(Template)]
#[template(path = "member/pages/finding.html")]
struct FindingPage {
    site: Site,
    one: Shown,
    typed: String,
    problem: bool,
}

async fn shown(ctx: &Ctx, name: &str, typed: String, problem: bool) -> Result<Response> {
    let one = notices::finding(&ctx.app, &ctx.who, name).await?;
    let status = if problem { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &FindingPage { site: Site::new(ctx, &ctx.text.say("findings-wrong")), one, typed, problem })
}

/// `GET /member/findings/{name}`
pub async fn one(ctx: Ctx, Path(name): Path<String>) -> Result<Response> {
    shown(&ctx, &name, String::new(), false).await
}

/// `POST /member/findings/{name}`
pub async fn claim(ctx: Ctx, Path(name): Path<String>, fields: Fields) -> Result<Response> {
    match notices::claim(&ctx.app, &ctx.who, &name, fields.exact("words")).await {
        Ok(_) | Err(Error::Conflict(_)) => Ok(go("/member/findings", Some(&ctx.text.say("findings-said")))),
        Err(Error::Invalid(_)) => shown(&ctx, &name, fields.exact("words").to_owned(), true).await,
        Err(error) => Err(error),
    }
}
