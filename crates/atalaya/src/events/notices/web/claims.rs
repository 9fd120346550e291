//! What members say is wrong, for the team to decide.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use crate::events::notices::{self, Claim};
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result, constituency};

/// Claims on the page, of each kind.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "events/notices/pages/claims.html")]
struct ClaimsPage {
    shell: Shell,
    here: &'static str,
    open: Vec<(Claim, String)>,
    decided: Vec<(Claim, String)>,
    accepted: i64,
    error: Option<String>,
}

async fn shown(ctx: &Ctx, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Said to be wrong", Room::Events).await?;
    let mut reader = ctx.app.db.read().await?;
    let open = notices::claims(&mut reader, &ctx.who, true, SHOWN).await?;
    let decided = notices::claims(&mut reader, &ctx.who, false, SHOWN).await?;
    let accepted = notices::count_wrong(&mut reader, &ctx.who, None).await?;
    let ids: Vec<_> = open.iter().chain(&decided).map(|one| one.organisation).collect();
    let known = constituency::known(&mut reader, &ids).await?;
    drop(reader);
    let named = |one: Claim| {
        let name = known.iter().find(|known| known.id == one.organisation).map(|known| known.name.clone()).unwrap_or_default();
        (one, name)
    };
    let (open, decided) = (open.into_iter().map(named).collect(), decided.into_iter().map(named).collect());
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &ClaimsPage { shell, here: "claims", open, decided, accepted, error })
}

/// `GET /events/claims`
pub async fn list(ctx: Ctx) -> Result<Response> {
    shown(&ctx, None).await
}

/// `POST /events/claims/{id}`
pub async fn decide(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let accept = match fields.get("do") {
        "accept" => true,
        "refuse" => false,
        _ => return shown(&ctx, Some("Choose what you decide".into())).await,
    };
    match notices::decide_claim(&ctx.app, &ctx.who, id, accept, fields.get("note")).await {
        Ok(()) => Ok(go("/events/claims", Some(if accept { "It is told no more." } else { "It is told as before." }))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, Some(text)).await,
        Err(error) => Err(error),
    }
}
