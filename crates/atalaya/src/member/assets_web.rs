//! The products that a member's organisation says it runs, so that it is told of what concerns them.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use press::Runs;

use crate::constituency::assets::{self, Asset};
use crate::publications::known;
use crate::web::{Ctx, Fields, Site, go, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "member/pages/assets.html")]
struct AssetsPage {
    site: Site,
    rows: Vec<Asset>,
    /// Vendors and products of what was published.
    vendors: BTreeSet<String>,
    names: BTreeSet<String>,
    typed: Fields,
    problem: String,
}

async fn shown(ctx: &Ctx, typed: Fields, problem: String) -> Result<Response> {
    let organisation = ctx.who.organisation().ok_or(Error::NotFound)?;
    let rows = assets::assets(&mut ctx.app.db.read().await?, &ctx.who, organisation).await?;
    let (vendors, names) = known::public_products(&ctx.app).await?.into_iter().unzip();
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let site = Site::new(ctx, &ctx.text.say("assets-title"));
    page_as(status, &AssetsPage { site, rows, vendors, names, typed, problem })
}

/// `GET /member/assets`
pub async fn list(ctx: Ctx) -> Result<Response> {
    shown(&ctx, Fields::default(), String::new()).await
}

/// `POST /member/assets`
pub async fn declare(ctx: Ctx, fields: Fields) -> Result<Response> {
    let organisation = ctx.who.organisation().ok_or(Error::NotFound)?;
    match assets::declare(&ctx.app, &ctx.sends(&fields), organisation, runs(&fields)).await {
        Ok(_) => Ok(go("/member/assets", Some(&ctx.text.say("assets-added")))),
        Err(Error::Invalid(text)) => shown(&ctx, fields, ctx.text.told(&text)).await,
        Err(error) => Err(error),
    }
}

/// `POST /member/assets/{id}/removal`
pub async fn end(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let organisation = ctx.who.organisation().ok_or(Error::NotFound)?;
    assets::end(&ctx.app, &ctx.who, organisation, id.parse().map_err(|_| Error::NotFound)?).await?;
    Ok(go("/member/assets", Some(&ctx.text.say("assets-removed"))))
}

/// What a form names.
fn runs(fields: &Fields) -> Runs {
    let text = |name: &str| fields.get(name).to_owned();
    Runs { vendor: text("vendor"), name: text("name"), version: text("version"), cpe: text("cpe"), purl: text("purl") }
}
