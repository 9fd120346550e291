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
use super::uploads::By;
use super::{desk, dialogue, keys, manifest, site, store, uploads};
use crate::web::ctx::header_text;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields};
use crate::{App, Error, Result};

/// `POST /dialogues/{number}/envelopes/{place}`: out of the house's hands, to be opened elsewhere.
pub async fn take_out(ctx: Ctx, Path((number, place)): Path<(String, i64)>, fields: Fields) -> Result<Response> {
    let how = if fields.get("as") == "came" { How::AsItCame } else { How::Elsewhere };
    let (body, name) = desk::take_out(&ctx.app, &ctx.who, &number, place, how).await?;
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
    let last = envelopes.last().map_or(0, |last| last.place);
    let mut all = Vec::new();
    // Of what came before an answer and is told later, its place can be seen by the answer's, and no more.
    for one in store::envelopes(&mut reader, dialogue.id).await?.into_iter().filter(|one| one.told || one.place < last) {
        if !one.told {
            all.push(json!({ "place": one.place, "way": one.way, "untold": true }));
            continue;
        }
        let base = format!("/dialogues/{number}/envelopes/{}", one.place);
        let head = if store::head(&mut reader, one.id).await?.is_some() { format!("{base}/newest-head") } else { format!("{base}/head") };
        all.push(json!({
            "place": one.place, "way": one.way, "day": one.day, "size": one.size, "sha256": one.hash.to_string(), "grade": one.grade,
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
            // What is not there is not opened, and the page says so.
            let body = match dialogue::body_of(&ctx.app, &envelope) {
                Ok(body) => body,
                Err(refused @ Refused::Conflict(_)) => return Ok(refused.into_response()),
                Err(other) => return Err(plain(other)),
            };
            desk::opened_here(&ctx.app, &ctx.who, &number, place).await?;
            Ok(bytes(dialogue::stream_of(Vec::new(), body), None))
        }
        _ => Err(Error::NotFound),
    }
}

/// `GET /dialogues/{number}/heads`: what is to be wrapped anew of one dialogue.
pub async fn heads(ctx: Ctx, Path(number): Path<String>) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    Ok(wanted(desk::to_rewrap(&mut reader, &ctx.app, &ctx.who, &number).await?, false))
}

/// `GET /dialogues/heads`: the same of all dialogues, piece by piece.
pub async fn all_heads(ctx: Ctx, asked: Asked) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    let behind = asked.get("behind").rsplit_once('/').and_then(|(number, place)| Some((number.to_owned(), place.parse().ok()?)));
    let (old, more) = desk::all_to_rewrap(&mut reader, &ctx.app, &ctx.who, &behind.unwrap_or_default()).await?;
    Ok(wanted(old, more))
}

fn wanted(old: Vec<Old>, more: bool) -> Json<Json_> {
    let next = old.last().filter(|_| more).map(|last| format!("/dialogues/heads?behind={}/{}", last.number, last.place));
    let heads = old.into_iter().map(|one| {
        let base = format!("/dialogues/{}/envelopes/{}", one.number, one.place);
        // The one that it came with first: nobody but its writer wrapped that.
        let heads = ["head", "newest-head"].map(|head| format!("{base}/{head}"));
        json!({ "intake": one.intake, "manifest_version": one.version, "heads": heads, "post": format!("{base}/head") })
    });
    Json(json!({ "heads": heads.collect::<Vec<_>>(), "next": next }))
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
    let id = uploads::begin(&ctx.app, &sealed, By::Team).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "part": uploads::PART, "most": intake::most(&sealed) }))).into_response())
}

/// `PUT /dialogues/{number}/uploads/{id}/{part}`
pub async fn put(ctx: Ctx, Path((number, id, part)): Path<(String, String, String)>, headers: HeaderMap, bytes: Bytes) -> Result<StatusCode, Refused> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let part = part.parse().map_err(|_| Refused::NotFound)?;
    let sealed = intake::settings(&ctx.app)?;
    uploads::put(&ctx.app, &sealed, By::Team, &id, (part, header_text(&headers, "x-part-sha256")), bytes).await.map_err(gone)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /dialogues/{number}/uploads/{id}/commit`
pub async fn commit(ctx: Ctx, Path((number, id, part)): Path<(String, String, String)>, said: Result<Body<Commit>, Refused>) -> Result<Json<Taken>, Refused> {
    let Body(said) = said?;
    if part != "commit" {
        return Err(Refused::NotFound);
    }
    let (held, sha256) = (uploads::hold(&ctx.app, &id).await, said.sha256.clone());
    // The answer to the same commit may have been lost, here, at another node or in a restart.
    if let Some(taken) = desk::sent(&ctx.app, &ctx.who, &number, &sha256).await? {
        uploads::remove(&ctx.app, &id).await?;
        return Ok(Json(taken));
    }
    let _alone = held.map_err(gone)?;
    let taken = match posted(&ctx, number.clone(), &id, said).await {
        Err(refused) => desk::sent(&ctx.app, &ctx.who, &number, &sha256).await?.ok_or(refused)?,
        Ok(taken) => taken,
    };
    uploads::remove(&ctx.app, &id).await?;
    Ok(Json(taken))
}

/// The parts that were put become the answer, unless the dialogue went on since it was begun.
async fn posted(ctx: &Ctx, number: String, upload: &str, said: Commit) -> Result<Taken, Refused> {
    let whole = uploads::whole(&ctx.app, upload, said.parts, said.size).await.map_err(gone)?;
    let label = ctx.app.profile.labels.default;
    let said = desk::Said { label, version: Some(said.manifest_version), sha256: Some(said.sha256), prev: said.prev };
    let posted = desk::reply(&ctx.app, &ctx.who, &number, whole, said).await.map_err(|error| match error {
        Error::Invalid(text) | Error::Conflict(text) => Refused::Message(text),
        other => other.into(),
    })?;
    let (place, sha256) = posted.ok_or(Refused::Moved)?;
    Ok(Taken { sha256, number, place })
}

/// `GET /dialogues/team.asc`
pub async fn team(State(app): State<App>) -> Result<Response> {
    let team = keys::team(&mut app.db.read().await?).await?;
    Ok(team.ok_or_else(|| Error::conflict("There is no team certificate yet."))?.armored.into_response())
}

/// `GET /dialogues/team/{fingerprint}`: the same, or one of before.
pub async fn team_of(State(app): State<App>, Path(fingerprint): Path<String>) -> Result<Response> {
    Ok(keys::team_of(&mut app.db.read().await?, &fingerprint).await?.ok_or(Error::NotFound)?.into_response())
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
