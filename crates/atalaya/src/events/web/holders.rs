//! The holders of a case's sources, to be added to it as parties.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::Id;

use crate::cases::parties::ROLES;
use crate::cases::{Case, parties};
use crate::events::{self, Holders};
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "events/pages/holders.html")]
struct HoldersPage {
    shell: Shell,
    case: Case,
    holders: Holders,
    role: String,
    /// How many of them do not take part yet.
    free: usize,
    error: Option<String>,
}

async fn shown(ctx: &Ctx, number: &str, role: &str, error: Option<String>) -> Result<Response> {
    let (case, holders) = events::holders_of_case(&ctx.app, &ctx.who, number).await?;
    let shell = Shell::new(ctx, &format!("{} Holders of its sources", case.number), Room::Cases).await?;
    let free = holders.held.iter().filter(|one| one.part.is_empty()).count();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &HoldersPage { shell, case, holders, role: role.to_owned(), free, error })
}

/// `GET /cases/{number}/holders`
pub async fn list(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    shown(&ctx, &number, "source", None).await
}

/// `POST /cases/{number}/holders`
pub async fn add(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let chosen: Result<Vec<Id>, _> = fields.all("organisation").map(str::parse).collect();
    let chosen = chosen.map_err(|_| Error::NotFound)?;
    match events::add_holders(&ctx.app, &ctx.who, &number, fields.get("role"), &chosen).await {
        Ok((case, added)) => Ok(go(&case.path(), Some(&words(&added)))),
        Err(Error::Invalid(text)) => shown(&ctx, &number, fields.get("role"), Some(text)).await,
        Err(error) => Err(error),
    }
}

/// What became of it, in words that fit over a page.
fn words(added: &parties::Added) -> String {
    let came = match added.parties {
        0 => "Nobody came in.".to_owned(),
        1 => "One party came in. Nothing has been told to it yet.".to_owned(),
        many => format!("{many} parties came in. Nothing has been told to them yet."),
    };
    let more = added.left.len().saturating_sub(3);
    let rest = if more > 0 { format!("And {more} more like that.") } else { String::new() };
    [came].into_iter().chain(added.left.iter().take(3).cloned()).chain([rest]).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}
