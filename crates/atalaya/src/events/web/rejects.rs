//! Lines that are no events: mended and handed in again, or dropped with a reason.

use ::store::Id;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::events::{self, Feed, Reject, WantedRejects};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "events/pages/rejects.html")]
struct RejectsPage {
    shell: Shell,
    here: &'static str,
    feed: String,
    feeds: Vec<Feed>,
    rows: Vec<Reject>,
    next: String,
    error: Option<String>,
    /// What was typed into lines that could not be handed in.
    typed: Fields,
}

impl RejectsPage {
    /// The line as it stands in the field: as typed before, or as it came.
    fn text(&self, row: &Reject) -> String {
        let name = format!("line-{}", row.id);
        if self.typed.has(&name) { self.typed.exact(&name).to_owned() } else { row.text() }
    }
}

async fn shown(ctx: &Ctx, feed: &str, before: &str, error: Option<String>, typed: Fields) -> Result<Response> {
    let shell = Shell::new(ctx, "Rejected lines", Room::Events).await?;
    let mut reader = ctx.app.db.read().await?;
    let feeds = events::list(&mut reader).await?;
    let of = feeds.iter().find(|one| one.name == feed).map(|one| one.id);
    let before = before.split_once('-').and_then(|(at, id)| Some((::store::instant(at.parse().ok()?), id.parse::<Id>().ok()?)));
    let mut rows = events::rejected(&mut reader, &ctx.who, &WantedRejects { feed: of, before, limit: PAGE + 1, ..WantedRejects::default() }).await?;
    drop(reader);
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| format!("/events/rejected?feed={feed}&before={}-{}", last.at.as_microsecond(), last.id));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &RejectsPage { shell, here: "rejected", feed: feed.to_owned(), feeds, rows, next: next.unwrap_or_default(), error, typed })
}

/// `GET /events/rejected`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    shown(&ctx, asked.get("feed"), asked.get("before"), None, Fields::default()).await
}

/// `POST /events/rejected`: mends or drops the chosen lines.
pub async fn act(ctx: Ctx, fields: Fields) -> Result<Response> {
    let feed = fields.get("feed").to_owned();
    match act_on(&ctx, &fields).await {
        Ok(said) => Ok(go(&format!("/events/rejected?feed={feed}"), Some(&said))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, &feed, "", Some(text), fields).await,
        Err(error) => Err(error),
    }
}

async fn act_on(ctx: &Ctx, fields: &Fields) -> Result<String> {
    let ids: Vec<Id> = fields.0.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    match fields.get("do") {
        "mend" => {
            let lines = ids.iter().map(|id| (*id, fields.exact(&format!("line-{id}")).to_owned())).collect();
            events::correct(&ctx.app, &ctx.who, lines).await.map(|receipt| format!("Handed in again as file {}.", receipt.file.number))
        }
        "drop" => events::drop_rejects(&ctx.app, &ctx.who, ids, fields.get("reason")).await.map(|count| format!("{count} lines dropped.")),
        _ => Err(Error::invalid("Choose whether to mend or to drop the lines")),
    }
}
