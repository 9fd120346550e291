//! The member's page of its own events: how many, which, and all of them as a file.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::events::notices::kind_key;
use crate::events::web::found::{bars, sent};
use crate::events::{Form, Page, Tallied, Wanted, found, query};
use crate::release::Channel;
use crate::web::chart::Bars;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Site, page_as};
use crate::{Error, Result};

/// Events on a page.
const PAGE: u32 = 50;
/// Types that are told one by one.
const TYPES: usize = 12;

#[derive(Template)]
#[template(path = "member/pages/events.html")]
struct EventsPage {
    site: Site,
    asked: Fields,
    wanted: Wanted,
    types: Vec<(String, String)>,
    found: Page,
    tallied: Tallied,
    chart: Bars,
    problem: bool,
    query: String,
}

/// `GET /member/events`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let site = Site::new(&ctx, &ctx.text.say("member-events"));
    let asker = found::member(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, Channel::Portal).await?;
    let (wanted, problems) = Wanted::read(&asked, ctx.app.now());
    let after = found::after(&asker, asked.get("after"));
    let problem = !problems.is_empty() || after.is_err();
    let after = after.unwrap_or_default();
    let (found, mut tallied) = if problem { Default::default() } else { found::page(&ctx.app, &ctx.who, &asker, &wanted, after, PAGE).await? };
    for (key, title, _) in &mut tallied.types {
        *title = ctx.text.say(&kind_key(key.rsplit('/').next().unwrap_or_default()));
    }
    // What can be chosen is what there is.
    let mut types: Vec<(String, String)> = tallied.types.iter().map(|(key, title, _)| (key.clone(), title.clone())).collect();
    // What was chosen stays chosen, also where nothing of it is found.
    if !wanted.kind.is_empty() && types.iter().all(|(key, _)| *key != wanted.kind) {
        types.push((wanted.kind.clone(), ctx.text.say(&kind_key(wanted.kind.rsplit('/').next().unwrap_or_default()))));
    }
    tallied.types.truncate(TYPES);
    let (chart, query) = (bars(&tallied.days, "%Y-%m-%d"), query(&asked));
    let status = if problem { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &EventsPage { site, asked: asked.0, wanted, types, found, tallied, chart, problem, query })
}

/// `GET /member/events.csv`
pub async fn csv(ctx: Ctx, asked: Asked) -> Result<Response> {
    export(&ctx, &asked, Form::Csv).await
}

/// `GET /member/events.jsonl`
pub async fn json_lines(ctx: Ctx, asked: Asked) -> Result<Response> {
    export(&ctx, &asked, Form::JsonLines).await
}

/// `GET /member/events.parquet`
pub async fn parquet(ctx: Ctx, asked: Asked) -> Result<Response> {
    export(&ctx, &asked, Form::Parquet).await
}

async fn export(ctx: &Ctx, asked: &Fields, form: Form) -> Result<Response> {
    let asker = found::member(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, Channel::Portal).await?;
    let (wanted, problems) = Wanted::read(asked, ctx.app.now());
    if let Some(problem) = problems.into_iter().next() {
        return Err(Error::invalid(problem));
    }
    let after = found::after(&asker, asked.get("after"))?;
    Ok(sent(found::Download::begin(&ctx.app, &ctx.who, asker, &wanted, after, form).await?, form))
}
