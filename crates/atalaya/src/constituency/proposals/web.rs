//! What members wish to be changed, for the team to approve or refuse.

use ::store::Reader;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::Proposal;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result, constituency};

/// Wishes on the page.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "constituency/pages/proposals.html")]
struct ProposalsPage {
    shell: Shell,
    /// A wish, whose, and what it would change.
    rows: Vec<(Proposal, String, Vec<String>)>,
    error: Option<String>,
}

impl ProposalsPage {
    /// What is wished, in words.
    fn what(&self, one: &Proposal) -> &'static str {
        match one.kind.as_str() {
            "contact.add" => "A new contact",
            "contact.change" => "A contact changes",
            "contact.end" => "A contact ends",
            "resource.add" => "A network, AS number or domain more",
            "resource.end" => "A network, AS number or domain less",
            _ => "Unknown",
        }
    }
}

async fn shown(ctx: &Ctx, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Proposed by members", Room::Constituency).await?;
    let mut reader = ctx.app.db.read().await?;
    let open = super::proposals(&mut reader, &ctx.who, SHOWN).await?;
    let known = constituency::known(&mut reader, &open.iter().map(|one| one.organisation).collect::<Vec<_>>()).await?;
    let mut rows = Vec::new();
    for one in open {
        let name = known.iter().find(|known| known.id == one.organisation).map(|known| known.name.clone()).unwrap_or_default();
        let mut lines = super::lines(&mut reader, &one).await?;
        lines.extend(held_by_now(&mut reader, &one).await?);
        rows.push((one, name, lines));
    }
    drop(reader);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &ProposalsPage { shell, rows, error })
}

/// Who holds by now what somebody wishes to hold, for the team alone.
async fn held_by_now(reader: &mut Reader, one: &Proposal) -> Result<Vec<String>> {
    let asked = one.fields.get("value").filter(|_| one.kind == "resource.add").and_then(|value| constituency::read_asked(value));
    let Some(asked) = asked else { return Ok(Vec::new()) };
    let now = reader.now();
    let owners = constituency::owners(reader, &[asked], now).await?;
    Ok(owners.into_iter().map(|owner| format!("held by {} now: {}", owner.name, owner.reason)).collect())
}

/// `GET /constituency/proposals`
pub async fn list(ctx: Ctx) -> Result<Response> {
    shown(&ctx, None).await
}

/// `POST /constituency/proposals/{id}`
pub async fn decide(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let approve = match fields.get("do") {
        "approve" => true,
        "refuse" => false,
        _ => return shown(&ctx, Some("Choose what you decide".into())).await,
    };
    match super::decide_proposal(&ctx.app, &ctx.who, id, approve, fields.get("note")).await {
        Ok(()) => Ok(go("/constituency/proposals", Some(if approve { "Approved: it is changed." } else { "Refused." }))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, Some(text)).await,
        Err(error) => Err(error),
    }
}
