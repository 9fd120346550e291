//! The page of what is due, and how promises were kept.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::Due;
use crate::clocks::Share;
use crate::keys::own::Ending;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, local, page, show};
use crate::{Error, Result, clocks, due, keys};

/// One promise's line in the table of what was kept.
struct Kept {
    id: String,
    title: String,
    target: u8,
    share: Share,
    median: String,
}

#[derive(Template)]
#[template(path = "due/pages/clocks.html")]
struct ClocksPage {
    shell: Shell,
    due: Vec<Due>,
    mine: bool,
    promises: Vec<Kept>,
    reasons: Vec<(String, String)>,
    /// The last day whose holidays the profile knows, when that is near or past.
    known_to: Option<String>,
    /// Keys of ours that end soon.
    keys: Vec<Ending>,
    /// How many documents of advisories have no signature.
    unsigned: usize,
}

impl ClocksPage {
    /// The promise's words for its id; a task's title stays.
    fn title(&self, due: &Due) -> String {
        self.promises.iter().find(|kept| due.clock.is_some() && kept.id == due.what).map_or_else(|| due.what.clone(), |kept| kept.title.clone())
    }
}

/// `GET /clocks`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Clocks", Room::Clocks).await?;
    let mine = asked.has("mine");
    let mut reader = ctx.app.db.read().await?;
    let due = due::list(&mut reader, &ctx.who, mine).await?;
    let keys = keys::own::ending(&mut reader).await?;
    let reads = crate::access::may(&ctx.who, crate::access::Verb::See, crate::access::Noun::Publication);
    let unsigned = if reads { crate::publications::csaf::count_unsigned(&mut reader, &ctx.who).await? } else { 0 };
    drop(reader);
    let mut promises = Vec::new();
    for promise in &ctx.app.profile.promises {
        let share = clocks::share_of_quarter(&ctx.app, &promise.id).await?;
        let median = show::span(share.median_micros);
        promises.push(Kept { id: promise.id.clone(), title: promise.title.text("en").to_owned(), target: promise.target_percent, share, median });
    }
    let reasons = ctx.app.profile.pause_reasons.iter().map(|reason| (reason.id.clone(), reason.title.text("en").to_owned())).collect();
    let known_to = ctx.app.profile.calendar().runs_out(ctx.app.now()).map(|last| last.to_string());
    page(&ClocksPage { shell, due, mine, promises, reasons, known_to, keys, unsigned })
}

/// `POST /clocks/{id}/pause`
pub async fn pause(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    due::pause(&ctx.app, &ctx.who, id, fields.need("reason", "Choose why the clock is paused")?).await?;
    Ok(go(back(&fields), Some("The clock is paused; the time until it runs again does not count.")))
}

/// `POST /clocks/{id}/resumption`
pub async fn resume(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    due::resume(&ctx.app, &ctx.who, id).await?;
    Ok(go(back(&fields), Some("The clock runs again.")))
}

/// The page that the form stood on; only our own.
fn back(fields: &Fields) -> &str {
    local(fields.get("back")).unwrap_or("/clocks")
}
