//! What an organisation runs, as the team sees and keeps it. The page stands here, because names are offered from what advisories
//! spoke of, which the registry of organisations does not know.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use press::Runs;

use crate::constituency::assets::{self, Asset};
use crate::constituency::{self, Organisation};
use crate::people;
use crate::publications::products;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "publications/pages/assets.html")]
struct AssetsPage {
    shell: Shell,
    one: Organisation,
    /// What it runs, and who declared it.
    rows: Vec<(Asset, String)>,
    vendors: BTreeSet<String>,
    names: BTreeSet<String>,
    typed: Fields,
    problem: String,
}

async fn shown(ctx: &Ctx, id: &str, typed: Fields, problem: String) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let one = constituency::get(&mut reader, super::read(id)?).await?;
    let all = assets::assets(&mut reader, &ctx.who, one.id).await?;
    let by = people::describe_all(&mut reader, all.iter().map(|asset| asset.by_whom.as_str())).await?;
    let (vendors, names) = products::offered(&mut reader).await?.into_iter().map(|one| (one.vendor, one.name)).unzip();
    drop(reader);
    let rows = all.into_iter().map(|asset| (asset.clone(), by.get(&asset.by_whom).cloned().unwrap_or_default())).collect();
    let shell = Shell::new(ctx, &format!("{}: products", one.name), Room::Constituency).await?;
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_as(status, &AssetsPage { shell, one, rows, vendors, names, typed, problem })
}

/// `GET /constituency/{id}/assets`
pub async fn list(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    shown(&ctx, &id, Fields::default(), String::new()).await
}

/// `POST /constituency/{id}/assets`
pub async fn declare(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let text = |name: &str| fields.get(name).to_owned();
    let runs = Runs { vendor: text("vendor"), name: text("name"), version: text("version"), cpe: text("cpe"), purl: text("purl") };
    match assets::declare(&ctx.app, &ctx.sends(&fields), super::read(&id)?, runs).await {
        Ok(_) => Ok(go(&format!("/constituency/{id}/assets"), Some("Added."))),
        Err(Error::Invalid(text)) => shown(&ctx, &id, fields, ctx.text.told(&text)).await,
        Err(error) => Err(error),
    }
}

/// `POST /constituency/{id}/assets/{asset}/removal`
pub async fn end(ctx: Ctx, Path((id, asset)): Path<(String, String)>) -> Result<Response> {
    assets::end(&ctx.app, &ctx.who, super::read(&id)?, super::read(&asset)?).await?;
    Ok(go(&format!("/constituency/{id}/assets"), Some("Taken out.")))
}
