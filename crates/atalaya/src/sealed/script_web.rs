//! What the script of the console's page asks for: envelopes and heads, and an answer in parts.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json_, json};

use super::api_web::{Body, Commit, gone};
use super::desk::{How, Old, plain};
use super::intake::{self, Refused, Taken};
use super::{desk, dialogue, keys, manifest, site, store, uploads};
use crate::web::Ctx;
use crate::web::ctx::header_text;
use crate::{App, Error, Result};

/// `POST /dialogues/{number}/envelopes/{place}`: out of the house's hands, to be opened elsewhere.
pub async fn take_out(ctx: Ctx, Path((number, place)): Path<(String, i64)>) -> Result<Response> {
    let (body, name) = desk::take_out(&ctx.app, &ctx.who, &number, place, How::Elsewhere).await?;
    Ok(bytes(body, Some(&name)))
}

fn bytes(body: axum::body::Body, name: Option<&str>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response();
    if let Some(value) = name.and_then(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).ok()) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /dialogues/{number}/envelopes`: the list for the page's script.
pub async fn envelopes(ctx: Ctx, Path(number): Path<String>) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    let (dialogue, envelopes) = desk::of_number(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let mut all = Vec::new();
    for one in envelopes {
        let base = format!("/dialogues/{number}/envelopes/{}", one.place);
        let head = if store::head(&mut reader, one.id).await?.is_some() { format!("{base}/newest-head") } else { format!("{base}/head") };
        all.push(json!({
            "place": one.place, "way": one.way, "day": one.day, "size": one.size, "sha256": one.hash.to_string(), "grade": dialogue.grade,
            "manifest_version": one.manifest_version, "body": format!("{base}/body"), "first_head": format!("{base}/head"), "head": head,
        }));
    }
    Ok(Json(json!({ "number": dialogue.number, "intake": dialogue.intake, "envelopes": all })))
}

/// `GET /dialogues/{number}/envelopes/{place}/{part}`: `head` as it came, `newest-head`, or `body`, which counts as opening.
pub async fn part(ctx: Ctx, Path((number, place, part)): Path<(String, i64, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let (_, envelopes) = desk::of_number(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let envelope = envelopes.into_iter().find(|one| one.place == place).ok_or(Error::NotFound)?;
    let newest = store::head(&mut reader, envelope.id).await?;
    drop(reader);
    match part.as_str() {
        "head" => Ok(bytes(envelope.head.into(), None)),
        "newest-head" => Ok(bytes(newest.map_or(envelope.head, |(head, _)| head).into(), None)),
        "body" => {
            desk::opened_here(&ctx.app, &ctx.who, &number, place).await?;
            Ok(bytes(dialogue::stream_of(Vec::new(), ctx.app.blobs.stream(&envelope.body)?), None))
        }
        _ => Err(Error::NotFound),
    }
}

/// `GET /dialogues/{number}/heads`: what is to be wrapped anew of one dialogue.
pub async fn heads(ctx: Ctx, Path(number): Path<String>) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    let (dialogue, _) = desk::of_number(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let (version, old) = desk::to_rewrap(&mut reader, &ctx.app, &ctx.who, &number).await?;
    Ok(wanted(old.into_iter().map(|(place, _)| Old { number: number.clone(), place, intake: dialogue.intake.clone(), version })))
}

/// `GET /dialogues/heads`: the same of all dialogues.
pub async fn all_heads(ctx: Ctx) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    Ok(wanted(desk::all_to_rewrap(&mut reader, &ctx.app, &ctx.who).await?.into_iter()))
}

fn wanted(old: impl Iterator<Item = Old>) -> Json<Json_> {
    let heads: Vec<Json_> = old
        .map(|one| {
            let base = format!("/dialogues/{}/envelopes/{}", one.number, one.place);
            json!({ "intake": one.intake, "manifest_version": one.version, "head": format!("{base}/newest-head"), "post": format!("{base}/head") })
        })
        .collect();
    Json(json!({ "heads": heads }))
}

/// A new head.
#[derive(Debug, Deserialize)]
pub struct NewHead {
    head: String,
    manifest_version: i64,
}

/// `POST /dialogues/{number}/envelopes/{place}/head`
pub async fn new_head(ctx: Ctx, Path((number, place, part)): Path<(String, i64, String)>, new: Result<Body<NewHead>, Refused>) -> Result<Response> {
    if part != "head" {
        return Err(Error::NotFound);
    }
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let Body(new) = new.map_err(plain)?;
    let head = data_encoding::HEXLOWER_PERMISSIVE.decode(new.head.as_bytes()).map_err(|_| Error::invalid("The head is not in hexadecimal."))?;
    desk::rewrap(&ctx.app, &ctx.who, &number, place, (&head, new.manifest_version)).await?;
    Ok(Json(json!({ "place": place })).into_response())
}

/// `POST /dialogues/{number}/uploads`: an answer in parts.
pub async fn begin(ctx: Ctx, Path(number): Path<String>) -> Result<Response, Refused> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let sealed = intake::settings(&ctx.app)?;
    let id = uploads::begin(&ctx.app, &sealed).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "part": uploads::PART, "most": intake::most(&sealed) }))).into_response())
}

/// `PUT /dialogues/{number}/uploads/{id}/{part}`
pub async fn put(ctx: Ctx, Path((number, id, part)): Path<(String, String, String)>, headers: HeaderMap, bytes: Bytes) -> Result<StatusCode, Refused> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let part = part.parse().map_err(|_| Refused::NotFound)?;
    let sealed = intake::settings(&ctx.app)?;
    uploads::put(&ctx.app, &sealed, &id, part, header_text(&headers, "x-part-sha256"), bytes).await.map_err(gone)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /dialogues/{number}/uploads/{id}/commit`
pub async fn commit(ctx: Ctx, Path((number, id, part)): Path<(String, String, String)>, said: Result<Body<Commit>, Refused>) -> Result<Json<Taken>, Refused> {
    let (_, envelopes) = desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let Body(said) = said?;
    if part != "commit" {
        return Err(Refused::NotFound);
    }
    let _alone = uploads::hold(&ctx.app, &id).await.map_err(gone)?;
    if let Some(taken) = ctx.app.sealed.uploads.done(&id) {
        return Ok(Json(taken));
    }
    let last = envelopes.last().map(|envelope| envelope.hash.to_string()).unwrap_or_default();
    let taken = posted(&ctx, number, &id, said, &last).await?;
    ctx.app.sealed.uploads.finish(&id, &taken);
    uploads::remove(&ctx.app, &id).await?;
    Ok(Json(taken))
}

/// The parts that were put become the answer, unless the dialogue went on since it was begun.
async fn posted(ctx: &Ctx, number: String, upload: &str, said: Commit, last: &str) -> Result<Taken, Refused> {
    if said.prev.is_some_and(|prev| prev != last) {
        return Err(Refused::Moved);
    }
    let whole = uploads::whole(&ctx.app, upload, said.parts, said.size).await.map_err(gone)?;
    let label = ctx.app.profile.labels.default;
    let posted = desk::reply(&ctx.app, &ctx.who, &number, whole, label, Some(said.manifest_version), Some(&said.sha256)).await;
    let (place, sha256) = posted.map_err(|error| match error {
        Error::Invalid(text) | Error::Conflict(text) => Refused::Message(text),
        other => other.into(),
    })?;
    Ok(Taken { sha256, number, place })
}

/// `GET /dialogues/team.asc`
pub async fn team(State(app): State<App>) -> Result<Response> {
    let team = keys::team(&mut app.db.read().await?).await?;
    Ok(team.ok_or_else(|| Error::conflict("There is no team certificate yet."))?.armored.into_response())
}

/// `GET /dialogues/manifest/{intake}/{version}`: `newest`, or a number.
pub async fn manifest_text(State(app): State<App>, Path((intake, version)): Path<(String, String)>) -> Result<Response> {
    let mut reader = app.db.read().await?;
    let found = match version.parse() {
        Ok(version) => manifest::of_version(&mut reader, &intake, version).await?,
        Err(_) => manifest::newest(&mut reader, &intake).await?,
    };
    Ok(found.ok_or(Error::NotFound)?.text.into_response())
}

/// `GET /dialogues/assets/{file}`
pub async fn asset(Path(name): Path<String>) -> Result<Response> {
    site::file(Path(name)).await.map_err(plain)
}
