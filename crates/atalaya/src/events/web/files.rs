//! Event files: the newest, one with what became of it, its original.

use std::io::{BufRead, BufReader, Read};

use ::store::{Id, Reader};
use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::net::Prefix;
use tokio::sync::mpsc;

use super::download;
use super::rejects::behind_line;
use crate::events::{self, Asked, EventFile, Feed, Reject, WantedRejects};
use crate::web::fields::Asked as Query;
use crate::web::upload;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

const PAGE: u32 = 50;
/// Rejected lines on a file's page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "events/pages/files.html")]
struct FilesPage {
    shell: Shell,
    here: &'static str,
    alarms: bool,
    feeds: Vec<Feed>,
    rows: Vec<EventFile>,
    next: Option<i64>,
}

impl FilesPage {
    fn feed(&self, file: &EventFile) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.id == file.feed)
    }
}

/// `GET /events/files`
pub async fn list(ctx: Ctx, asked: Query) -> Result<Response> {
    let shell = Shell::new(&ctx, "Event files", Room::Events).await?;
    let alarms = asked.has("alarms");
    let mut reader = ctx.app.db.read().await?;
    let before = asked.parsed("before", "a number")?;
    let mut rows = events::files(&mut reader, &ctx.who, &Asked { feed: None, alarms, before, limit: PAGE + 1 }).await?;
    let feeds = events::list(&mut reader).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| last.number);
    page(&FilesPage { shell, here: "files", alarms, feeds, rows, next })
}

#[derive(Template)]
#[template(path = "events/pages/file.html")]
struct FilePage {
    shell: Shell,
    one: EventFile,
    feed: Feed,
    mends: Option<i64>,
    /// The report types that one that waits may be of.
    kinds: Vec<String>,
    lines: Vec<Reject>,
    more: Option<String>,
    /// The first lines of what waits for somebody.
    head: String,
    error: Option<String>,
}

/// So many lines of it are shown, each up to so many letters.
const HEAD: (usize, usize) = (5, 300);

/// The first lines of a file that is held or failed, without those that name what was erased; nothing of what is no text.
async fn head(ctx: &Ctx, reader: &mut Reader, one: &EventFile) -> Result<String> {
    if !matches!(one.state.as_str(), "held" | "failed") || one.let_go_at.is_some() {
        return Ok(String::new());
    }
    let erased = events::erased_networks(reader).await?;
    let input = events::original(reader, &ctx.app, one).await?;
    let begin = upload::on_disk(move || {
        let (mut input, mut lines) = (BufReader::new(input), Vec::new());
        for _ in 0..HEAD.0 {
            let mut line = Vec::new();
            if input.by_ref().take(LONGEST).read_until(b'\n', &mut line).map_err(Error::fault)? == 0 {
                break;
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            let is_erased = erased.iter().any(|network| events::mentions(&text, network));
            lines.push(if is_erased { "[erased]".to_owned() } else { text.trim_end().chars().take(HEAD.1).collect() });
        }
        Ok(lines.join("\n"))
    });
    Ok(Some(begin.await?).filter(|text| !text.contains('\0')).unwrap_or_default())
}

async fn shown(ctx: &Ctx, number: &str, after: Option<(i64, Id)>, error: Option<String>) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let mut reader = ctx.app.db.read().await?;
    let one = events::file(&mut reader, &ctx.who, number).await?;
    let feed = events::get(&mut reader, one.feed).await?;
    let mends = events::number_of(&mut reader, one.mends).await?;
    let wanted = WantedRejects { file: Some(one.id), after, limit: LINES + 1, ..WantedRejects::default() };
    let mut lines = events::rejected(&mut reader, &ctx.who, &wanted).await?;
    // It may be held just because its original cannot be read.
    let head = head(ctx, &mut reader, &one).await.unwrap_or_else(|error| {
        tracing::warn!(%error, file = number, "how it begins cannot be shown");
        String::new()
    });
    drop(reader);
    let waits = matches!(one.state.as_str(), "held" | "failed");
    let kinds = if waits { feed.tables().map(|tables| tables.iter().map(|known| known.kind.to_string()).collect()).unwrap_or_default() } else { Vec::new() };
    let more = lines.len() > LINES as usize;
    lines.truncate(LINES as usize);
    let more = lines.last().filter(|_| more).map(|line| format!("{}-{}", line.line, line.id));
    let shell = Shell::new(ctx, &format!("File {number}"), Room::Events).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &FilePage { shell, one, feed, mends, kinds, lines, more, head, error })
}

/// `GET /events/files/{number}`
pub async fn file(ctx: Ctx, Path(number): Path<String>, asked: Query) -> Result<Response> {
    shown(&ctx, &number, behind_line(asked.get("after")), None).await
}

/// `POST /events/files/{number}`: what the button says.
pub async fn act(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    match act_on(&ctx, &number, &fields).await {
        Ok(said) => Ok(go(&format!("/events/files/{number}"), Some(said))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, &number, None, Some(text)).await,
        Err(error) => Err(error),
    }
}

async fn act_on(ctx: &Ctx, number: &str, fields: &Fields) -> Result<&'static str> {
    let at: i64 = number.parse().map_err(|_| Error::NotFound)?;
    match fields.get("do") {
        "again" => events::read_again(&ctx.app, &ctx.who, at, fields.get("kind")).await.map(|()| "It is read again."),
        "drop" => events::drop_file(&ctx.app, &ctx.who, at, fields.get("reason")).await.map(|()| "Dropped; its bytes are kept."),
        _ => Err(Error::invalid("Choose what to do with the file")),
    }
}

/// `GET /events/files/{number}/original`: byte for byte, as a stream; without the lines that name an erased address, if there
/// are any.
pub async fn original(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let mut reader = ctx.app.db.read().await?;
    let one = events::file(&mut reader, &ctx.who, number).await?;
    let erased = events::erased_networks(&mut reader).await?;
    let input = events::original(&mut reader, &ctx.app, &one).await?;
    Ok(download(&one.name, "application/octet-stream", streamed(input, erased)))
}

/// Bytes as they are read; without the lines that name what was erased.
fn streamed(input: impl Read + Send + 'static, erased: Vec<Prefix>) -> Body {
    let (to, from) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || if erased.is_empty() { hand_on(input, &to) } else { hand_on_lines(input, &erased, &to) });
    Body::from_stream(futures_util::stream::unfold(from, async |mut from| from.recv().await.map(|piece| (piece, from))))
}

/// The longest line that is looked at as one.
const LONGEST: u64 = 1 << 20;

type Pieces = mpsc::Sender<std::io::Result<Bytes>>;

fn hand_on(mut input: impl Read, to: &Pieces) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let piece = match input.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => Ok(Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default())),
            Err(error) => Err(error),
        };
        let last = piece.is_err();
        // Whoever asked went away: nobody reads on.
        if to.blocking_send(piece).is_err() || last {
            return;
        }
    }
}

/// Line by line; what is longer than a line of any feed is looked at in pieces.
fn hand_on_lines(input: impl Read, erased: &[Prefix], to: &Pieces) {
    const PIECE: usize = 64 * 1024;
    let mut input = BufReader::new(input);
    let (mut piece, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        let count = match input.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(count) => count,
            Err(error) => {
                let _ = to.blocking_send(Err(error));
                return;
            }
        };
        let text = String::from_utf8_lossy(&line);
        if erased.iter().any(|network| events::mentions(&text, network)) {
            piece.extend_from_slice(b"[erased]\n");
        } else {
            piece.extend_from_slice(&line);
        }
        if (count == 0 || piece.len() >= PIECE) && !piece.is_empty() && to.blocking_send(Ok(Bytes::from(std::mem::take(&mut piece)))).is_err() {
            return;
        }
        if count == 0 {
            return;
        }
    }
}
