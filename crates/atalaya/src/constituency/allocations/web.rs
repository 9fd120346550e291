//! The page on which a registry's list is imported, and the links of handles to organisations.

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use store::Id;

use super::{Plan, import, link, lists, preview, unlink};
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

/// The most bytes of a list: the longest there is has some 20 MB.
const MOST: u64 = 64 << 20;

#[derive(Template)]
#[template(path = "constituency/pages/allocations.html")]
struct ListPage {
    shell: Shell,
    /// Registry and day of the lists that are known.
    known: Vec<(String, String)>,
    plan: Option<Plan>,
    counts: (usize, usize, usize, usize),
    error: Option<String>,
}

async fn shown(ctx: &Ctx, plan: Option<Plan>, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Import a registry's list", Room::Constituency).await?;
    let known = lists(&mut ctx.app.db.read().await?).await?;
    let error = error.or_else(|| plan.as_ref().and_then(|plan| plan.against.clone()));
    let counts = plan.as_ref().map(Plan::counts).unwrap_or_default();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &ListPage { shell, known, plan: plan.filter(|plan| plan.against.is_none()), counts, error })
}

/// `GET /constituency/allocations`
pub async fn ask(ctx: Ctx) -> Result<Response> {
    shown(&ctx, None, None).await
}

/// `POST /constituency/allocations`: shows what a list would do, or does it.
pub async fn take(ctx: Ctx, form: Multipart) -> Result<Response> {
    let taken = upload::take(form, Limits { files: 1, bytes: MOST }, || Ok(Vec::new())).await?;
    let (sure, holders) = (taken.fields.get("do") == "import", taken.fields.has("holders"));
    let Some(file) = taken.files.into_iter().next() else { return shown(&ctx, None, Some("Choose the file with the list".into())).await };
    if !sure {
        let plan = preview(&mut ctx.app.db.read().await?, &ctx.who, &file.writer).await?;
        return shown(&ctx, Some(plan), None).await;
    }
    match import(&ctx.app, &ctx.who, &file.writer, holders).await {
        Ok(done) => Ok(go("/constituency/allocations", Some(&done.in_words()))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, None, Some(text)).await,
        Err(error) => Err(error),
    }
}

/// `POST /constituency/{id}/handles`: links a handle or ends its link.
pub async fn handle(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let organisation: Id = id.parse().map_err(|_| Error::NotFound)?;
    let (registry, handle) = (fields.get("registry"), fields.get("handle"));
    if fields.get("do") == "end" {
        unlink(&ctx.app, &ctx.who, organisation, registry, handle).await?;
        return Ok(go(&format!("/constituency/{organisation}"), Some("The handle is not linked any more.")));
    }
    link(&ctx.app, &ctx.who, organisation, registry, handle).await?;
    Ok(go(&format!("/constituency/{organisation}"), Some("Linked: what the registry gave it stands among its resources.")))
}
