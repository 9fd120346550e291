//! What was erased, and the form to erase more.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::access::{Noun, Verb, may};
use crate::constituency;
use crate::events::{self, Erasure, Wanted, Whose};
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

/// Erasures on the page.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "events/pages/erasures.html")]
struct ErasuresPage {
    shell: Shell,
    here: &'static str,
    may: bool,
    rows: Vec<(String, Erasure)>,
    typed: Fields,
    error: Option<String>,
}

async fn shown(ctx: &Ctx, typed: Fields, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Erased events", Room::Events).await?;
    let mut reader = ctx.app.db.read().await?;
    let found = events::erasures(&mut reader, &ctx.who, SHOWN).await?;
    let numbers: Vec<i64> = found.iter().filter(|one| one.kind == "organisation").filter_map(|one| one.value.parse().ok()).collect();
    let names = constituency::numbered(&mut reader, &numbers).await?;
    let name = |one: &Erasure| names.iter().find(|known| one.kind == "organisation" && known.number.to_string() == one.value).map(|known| known.name.clone());
    let rows = found.into_iter().map(|one| (name(&one).unwrap_or_else(|| one.value.clone()), one)).collect();
    drop(reader);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let may = may(&ctx.who, Verb::Decide, Noun::Event);
    page_as(status, &ErasuresPage { shell, here: "erasures", may, rows, typed, error })
}

/// `GET /events/erasures`
pub async fn list(ctx: Ctx) -> Result<Response> {
    shown(&ctx, Fields::default(), None).await
}

/// `POST /events/erasures`
pub async fn erase(ctx: Ctx, fields: Fields) -> Result<Response> {
    let done = match whose(&ctx, &fields).await {
        Ok(whose) => events::erase(&ctx.app, &ctx.who, whose, fields.get("reason")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(true) => Ok(go("/events/erasures", Some("Nobody sees these events any more."))),
        Ok(false) => {
            Ok(go("/events/erasures", Some("The events cannot be reached at this moment. It is written down, and nobody sees these events once they can be.")))
        }
        Err(Error::Invalid(text)) => shown(&ctx, fields, Some(text)).await,
        Err(error) => Err(error),
    }
}

async fn whose(ctx: &Ctx, fields: &Fields) -> Result<Whose> {
    match (fields.get("ip"), fields.get("organisation")) {
        (_, "") => {
            let (wanted, problems) = Wanted::read(fields, ctx.app.now());
            let problem = problems.into_iter().next().unwrap_or_else(|| "Write an address, a network or an organisation".into());
            wanted.network.map(Whose::Network).ok_or_else(|| Error::invalid(problem))
        }
        ("", name) => {
            let one = constituency::find_by_name(&mut ctx.app.db.read().await?, name).await?;
            Ok(Whose::Organisation(one.ok_or_else(|| Error::invalid(format!("There is no organisation named “{name}”")))?.id))
        }
        _ => Err(Error::invalid("Write an address or an organisation, not both")),
    }
}
