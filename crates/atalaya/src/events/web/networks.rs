//! The networks of what nobody holds: whom should the registry know?

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::download;
use crate::events::coverage::{self, Network};
use crate::events::{Wanted, found, wanted};
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "events/pages/networks.html")]
struct NetworksPage {
    shell: Shell,
    here: &'static str,
    asked: Asked,
    wanted: Wanted,
    types: Vec<(String, String)>,
    rows: Vec<Network>,
    /// How many there are in all.
    of: usize,
    query: String,
    problems: Vec<String>,
}

/// `GET /events/networks`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Networks that nobody holds", Room::Events).await?;
    let asker = found::staff(&ctx.who)?;
    let (wanted, mut problems, _) = wanted::read(&ctx.app, &asked).await?;
    let mut rows = coverage::unheld_networks(&ctx.app, &asker, &wanted).await.or_else(|error| asked_again(error, &mut problems))?;
    let of = rows.len();
    rows.truncate(coverage::SHOWN);
    let types = formats::rsit::TYPES.iter().map(|known| (format!("{}/{}", known.class, known.name), known.title.to_owned())).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let query = wanted::query(&asked);
    page_as(status, &NetworksPage { shell, here: "nobodys", asked, wanted, types, rows, of, query, problems })
}

/// What is too much to be shown is asked again.
fn asked_again(error: Error, problems: &mut Vec<String>) -> Result<Vec<Network>> {
    match error {
        Error::Invalid(text) => {
            problems.push(text);
            Ok(Vec::new())
        }
        error => Err(error),
    }
}

/// `GET /events/networks.csv`
pub async fn csv(ctx: Ctx, asked: Asked) -> Result<Response> {
    let asker = found::staff(&ctx.who)?;
    let (wanted, problems, _) = wanted::read(&ctx.app, &asked).await?;
    if let Some(problem) = problems.into_iter().next() {
        return Err(Error::invalid(problem));
    }
    let list = coverage::unheld_csv(&ctx.app, &asker, &wanted).await?;
    Ok(download("networks.csv", "text/csv; charset=utf-8", list.into()))
}
