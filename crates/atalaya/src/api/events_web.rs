//! Event files by HTTP: a program of a feed streams a file in, and asks what became of it.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde_json::{Value, json};
use store::Reader;

use super::caller::{Feeder, Fetcher};
use crate::access::Who;
use crate::events::{self, Arriving, Feed, found};
use crate::release::Channel;
use crate::web::fields::Asked;
use crate::{App, Error, Result, people};

/// `POST /api/v1/feeds/{feed}/files?name=...`: 201 once it is on disk; 200 when it was before.
pub async fn post(State(app): State<App>, Feeder(who): Feeder, Path(feed): Path<String>, asked: Asked, body: Body) -> Result<Response> {
    let feed = feed_for(&mut app.db.read().await?, &who, &feed).await?;
    let mut arriving = Arriving::new(&app.blobs, app.profile.events.max_file_bytes);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        arriving.push(&piece.map_err(|_| Error::invalid("The file did not arrive whole: send it again"))?)?;
    }
    let name = if asked.has("name") { asked.get("name").to_owned() } else { format!("{}.csv", feed.name) };
    let pieces = crate::web::upload::on_disk(move || arriving.finish(&name)).await?;
    let receipts = events::arrive(&app, &who, &feed, pieces, "api").await?;
    let status = if receipts.iter().any(|one| one.new) { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(json!({ "feed": feed.name, "files": told(&app, receipts).await? }))).into_response())
}

/// The feed of this name, if the token may deliver to it; for any other there is none.
async fn feed_for(reader: &mut Reader, who: &Who, name: &str) -> Result<Feed> {
    if !people::may_deliver(reader, who, name).await? {
        return Err(Error::NotFound);
    }
    events::by_name(reader, name).await
}

/// What is told of files that came in.
async fn told(app: &App, receipts: Vec<events::Receipt>) -> Result<Vec<Value>> {
    let mut reader = app.db.read().await?;
    let mut files = Vec::new();
    for one in receipts {
        // What another feed delivered before is that feed's.
        let name = events::get(&mut reader, one.file.feed).await?.name;
        files.push(events::receipt(&app.profile.web.public_url, &name, &one.file));
    }
    Ok(files)
}

/// `GET /api/v1/feeds/{feed}/files/{sha256}`: what became of it.
pub async fn get(State(app): State<App>, Feeder(who): Feeder, Path((feed, sha256)): Path<(String, String)>) -> Result<Response> {
    let mut reader = app.db.read().await?;
    let feed = feed_for(&mut reader, &who, &feed).await?;
    let hash = sha256.parse().map_err(|_| Error::NotFound)?;
    let one = events::file_of_feed(&mut reader, feed.id, hash).await?;
    let mut told = events::receipt(&app.profile.web.public_url, &feed.name, &one);
    if let Some(map) = told.as_object_mut() {
        let counts = json!({ "stored": one.stored, "duplicate": one.duplicate, "rejected": one.rejected, "unmatched": one.unmatched });
        map.extend([
            ("state".to_owned(), json!(one.state)),
            ("kind".to_owned(), json!(one.kind)),
            ("counts".to_owned(), counts),
            ("alarm".to_owned(), json!(one.alarm)),
        ]);
    }
    Ok(Json(told).into_response())
}

/// `GET /api/v1/events?from=&to=&form=&after=&arrived_after=&arrived_to=`: the events of the organisation that the token is
/// for, the newest first, as CSV, JSON lines or Parquet. Who broke off goes on with `after`: time and id of its last whole
/// line; who wants what is new, with `arrived_after`: the arrival that an answer before named.
pub async fn fetch(State(app): State<App>, Fetcher(who): Fetcher, asked: Asked) -> Result<Response> {
    let asker = found::member(&mut app.db.read().await?, &app, &who, Channel::Api).await?;
    let fetched = events::fetch(&app, &who, asker, &asked).await?;
    let mut headers = HeaderMap::new();
    if let Some(arrived) = &fetched.arrived {
        headers.insert("atalaya-arrived", HeaderValue::from_str(arrived).map_err(Error::fault)?);
        if fetched.more {
            let (site, query, form) = (&app.profile.web.public_url, events::query(&asked), asked.get("form"));
            let link = format!("<{site}/api/v1/events?{query}&form={form}&arrived_after={arrived}>; rel=\"next\"");
            headers.insert(header::LINK, HeaderValue::from_str(&link).map_err(Error::fault)?);
        }
    }
    Ok((headers, events::web::found::sent(fetched.download, fetched.form)).into_response())
}
