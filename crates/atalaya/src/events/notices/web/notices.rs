//! Notices: what is held, the newest, one with its exact text.

use ::store::{Id, Reader};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;

use crate::access::Who;
use crate::events::notices::{self, Held, Notice};
use crate::events::web::download;
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, go, page};
use crate::{Error, Result, constituency, outbox};

const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "events/notices/pages/notices.html")]
struct NoticesPage {
    shell: Shell,
    here: &'static str,
    held: Vec<(Held, String)>,
    /// A notice, whose, and how its mail stands.
    rows: Vec<(Notice, String, &'static str)>,
    next: Option<String>,
    /// How many organisations were not told of something, and when the next rule speaks.
    pending: (i64, Option<Timestamp>),
    /// How many organisations have findings that nobody tells by itself.
    untold: i64,
    /// Whether nobody is told anything now, because the lake is being made again.
    waits: bool,
}

/// How the mail of a notice stands, where that is not just sent.
fn way(state: Option<&String>) -> &'static str {
    match state.map(String::as_str) {
        Some("queued") => "waits to be sent",
        Some("failed") => "could not be sent",
        Some("bounced") => "came back",
        Some("taken_back") => "taken back: all of it was erased",
        _ => "",
    }
}

/// `GET /events/notices`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Notices", Room::Events).await?;
    let before = before(&asked)?;
    let mut reader = ctx.app.db.read().await?;
    let held = if before.is_none() { notices::held(&mut reader, &ctx.who).await? } else { Vec::new() };
    let (rows, next) = sent(&mut reader, &ctx.who, before).await?;
    let (held, rows) = named(&mut reader, held, rows).await?;
    let pending = notices::pending(&mut reader, &ctx.who).await?;
    let untold = notices::count_untold(&mut reader, &ctx.who).await?;
    let waits = notices::is_waiting(&mut reader, &ctx.who).await?;
    page(&NoticesPage { shell, here: "notices", held, rows, next, pending, untold, waits })
}

/// The notices of a page, the newest first, and where the next page begins.
async fn sent(reader: &mut Reader, who: &Who, before: Option<(Timestamp, Id)>) -> Result<(Vec<Notice>, Option<String>)> {
    let mut rows = notices::notices(reader, who, None, before, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| format!("{}-{}", last.at.as_microsecond(), last.id));
    Ok((rows, next))
}

/// Where a page begins.
fn before(asked: &Asked) -> Result<Option<(Timestamp, Id)>> {
    if !asked.has("before") {
        return Ok(None);
    }
    let (at, id) = asked.get("before").split_once('-').ok_or(Error::NotFound)?;
    Ok(Some((::store::instant(at.parse().map_err(|_| Error::NotFound)?), id.parse().map_err(|_| Error::NotFound)?)))
}

type Named = (Vec<(Held, String)>, Vec<(Notice, String, &'static str)>);

/// Whose they are, and how their mails stand.
async fn named(reader: &mut Reader, held: Vec<Held>, rows: Vec<Notice>) -> Result<Named> {
    let ids: Vec<_> = held.iter().map(|one| one.organisation).chain(rows.iter().map(|one| one.organisation)).collect();
    let known = constituency::known(reader, &ids).await?;
    let states = outbox::states(reader, &rows.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    let name = |id| known.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
    let held = held.into_iter().map(|one| (one.clone(), name(one.organisation))).collect();
    Ok((held, rows.into_iter().map(|one| (one.clone(), name(one.organisation), way(states.get(&one.id)))).collect()))
}

#[derive(Template)]
#[template(path = "events/notices/pages/notice.html")]
struct NoticePage {
    shell: Shell,
    one: Notice,
    organisation: String,
    contact: String,
    slots: Vec<(String, String)>,
    text: String,
    /// How its mail stands, where that is not just sent.
    way: &'static str,
}

/// `GET /events/notices/{number}`
pub async fn one(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let (one, slots) = notices::notice(&mut reader, &ctx.who, &number).await?;
    let organisation = constituency::get(&mut reader, one.organisation).await?.name;
    let contact = constituency::contact(&mut reader, one.contact).await.map(|one| one.name).unwrap_or_default();
    let text = ctx.app.blobs.get(&mut reader, one.content).await?;
    let way = way(outbox::states(&mut reader, &[one.id]).await?.get(&one.id));
    drop(reader);
    let shell = Shell::new(&ctx, &format!("Notice {number}"), Room::Events).await?;
    let text = String::from_utf8_lossy(&text).into_owned();
    page(&NoticePage { shell, one, organisation, contact, slots, text, way })
}

/// `GET /events/notices/{number}/list`
pub async fn csv(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let (one, _) = notices::notice(&mut reader, &ctx.who, &number).await?;
    let bytes = ctx.app.blobs.get(&mut reader, one.csv).await?;
    Ok(download(&format!("{}.csv", one.number), "text/csv; charset=utf-8", bytes.into()))
}

/// `POST /events/held/{organisation}`
pub async fn again(ctx: Ctx, Path(organisation): Path<String>) -> Result<Response> {
    let id = organisation.parse().map_err(|_| Error::NotFound)?;
    notices::tell_again(&ctx.app, &ctx.who, id).await?;
    Ok(go("/events/notices", Some("It is tried again now; this page says in a moment how it went.")))
}
