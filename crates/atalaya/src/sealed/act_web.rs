//! What is done with a dialogue from the console's forms.

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::desk::plain;
use super::desk_web::desk_page;
use super::nameless::nameless;
use super::unseal::Chosen;
use super::uploads::By;
use super::{desk, end, intake, unseal as verb};
use crate::reports::{NewFile, finish};
use crate::web::ctx::header_text;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, go};
use crate::{Error, Result};

/// After an act: on to the page, or the page with what stood against it.
async fn after(ctx: &Ctx, number: &str, done: Result<()>, said: &str) -> Result<Response> {
    match done {
        Ok(()) => Ok(go(&format!("/dialogues/{number}"), Some(said))),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => desk_page(ctx, number, Some(error)).await,
        Err(error) => Err(error),
    }
}

/// `POST /dialogues/{number}/reply`: an answer that was sealed with gpg.
pub async fn reply(ctx: Ctx, Path(number): Path<String>, form: Result<Multipart, MultipartRejection>) -> Result<Response> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let done = reply_of(&ctx, &number, form).await;
    after(&ctx, &number, done, "The answer is posted.").await
}

async fn reply_of(ctx: &Ctx, number: &str, form: Result<Multipart, MultipartRejection>) -> Result<()> {
    let sealed = intake::settings(&ctx.app).map_err(plain)?;
    let mut form = form.map_err(|_| Error::invalid("Choose the sealed message"))?;
    let (mut file, mut label) = (None, ctx.app.profile.labels.default);
    let broken = |_| Error::invalid("The line broke off; send it again.");
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("label") => label = field.text().await.map_err(broken)?.parse().map_err(|_| Error::invalid("Choose a label"))?,
            Some("envelope") => {
                let (mut new, mut size) = (nameless(&ctx.app, By::Team).await.map_err(plain)?, 0);
                while let Some(chunk) = field.chunk().await.map_err(broken)? {
                    size += chunk.len() as u64;
                    if size > intake::most(&sealed) / 2 * 3 {
                        return Err(Error::invalid("It is larger than may be taken."));
                    }
                    new.add(&sealed, &chunk).await.map_err(plain)?;
                }
                new.rewind().map_err(|error| vault::Error::io("keep a message", error))?;
                file = Some(new);
            }
            _ => {}
        }
    }
    let file = file.ok_or_else(|| Error::invalid("Choose the sealed message"))?;
    desk::reply(&ctx.app, &ctx.who, number, file, desk::Said { label, version: None, sha256: None, prev: None }).await.map(drop)
}

/// `POST /dialogues/{number}/owner`
pub async fn owner(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let mine = fields.has("mine");
    let done = desk::take(&ctx.app, &ctx.who, &number, mine).await;
    after(&ctx, &number, done, if mine { "It is yours." } else { "It is handed back." }).await
}

/// `POST /dialogues/{number}/case`
pub async fn keep_sealed(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    match desk::keep_sealed(&ctx.app, &ctx.who, &number, "", ctx.app.profile.labels.default, None).await {
        Ok(case) => Ok(go(&format!("/cases/{case}"), Some("The case is open; the report stays sealed."))),
        Err(error) => after(&ctx, &number, Err(error), "").await,
    }
}

/// `POST /dialogues/{number}/close`
pub async fn close(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let done = end::close(&ctx.app, &ctx.who, &number).await;
    after(&ctx, &number, done, "It is closed.").await
}

/// `POST /dialogues/{number}/removal`
pub async fn delete(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let done = end::delete(&ctx.app, &ctx.who, &number, fields.get("reason")).await;
    after(&ctx, &number, done, "It is deleted.").await
}

/// `POST /dialogues/{number}/unseal`: by the script (JSON back) or by the form.
pub async fn unseal(ctx: Ctx, Path(number): Path<String>, headers: HeaderMap, form: Result<Multipart, MultipartRejection>) -> Result<Response> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let script = !header_text(&headers, header::ACCEPT.as_str()).contains("text/html");
    match chosen(&ctx, form).await {
        Ok(chosen) => match verb(&ctx.app, &ctx.who, &number, chosen).await {
            Ok(case) if script => Ok(Json(json!({ "to": format!("/cases/{case}") })).into_response()),
            Ok(case) => Ok(go(&format!("/cases/{case}"), Some("The case is open; the sealed original stays as evidence."))),
            Err(error) => after(&ctx, &number, Err(error), "").await,
        },
        Err(error) => after(&ctx, &number, Err(error), "").await,
    }
}

async fn chosen(ctx: &Ctx, form: Result<Multipart, MultipartRejection>) -> Result<Chosen> {
    let form = form.map_err(|_| Error::invalid("Write a title"))?;
    let limits = Limits { files: 100, bytes: ctx.app.profile.intake.max_file_bytes.max(256 << 20) };
    let blobs = ctx.app.blobs.clone();
    let taken = upload::take(form, limits, || Ok(blobs.upload())).await?;
    if let Some(name) = taken.too_large.first().or(taken.too_many.first()) {
        return Err(Error::invalid(format!("{name} is too large, or one too many.")));
    }
    // What was sealed says nothing of its kind that anybody could trust.
    let files = finish(taken.files).await?.into_iter().map(|file| NewFile { media_type: "application/octet-stream".into(), ..file }).collect();
    let fields = taken.fields;
    let group = fields.get("group");
    let text = fields.exact("text").to_owned();
    Ok(Chosen {
        title: fields.get("title").to_owned(),
        kind: Some(fields.get("kind")).filter(|kind| !kind.is_empty()).unwrap_or("other").to_owned(),
        label: fields.get("label").parse().map_err(|_| Error::invalid("Choose a label"))?,
        open: group == "all",
        group: if group.is_empty() || group == "all" { None } else { Some(group.parse().map_err(|_| Error::invalid("Choose a group"))?) },
        raw: ctx.app.blobs.seal(text.as_bytes())?,
        text,
        files,
    })
}
