//! Files of messages: taken from a form, and given back to be kept.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Multipart, Path};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use futures_util::stream;

use super::messages::{self, Attached};
use super::party_web::id_of;
use super::see;
use crate::reports::Coming;
use crate::web::upload::{self, Limits, Taken};
use crate::web::{Ctx, Fields, Kept};
use crate::{App, Error, Result};

/// A form with files, sealed as they came.
pub async fn take(app: &App, form: Multipart, room: usize) -> Result<Taken<store::Upload>, Kept> {
    let limits = Limits { files: room, bytes: app.profile.intake.max_file_bytes };
    upload::take(form, limits, || Ok(app.blobs.upload())).await
}

/// An answer that somebody wrote on a page of a thread: the fields as they came, the words, and the files that came along.
pub struct Written {
    pub fields: Fields,
    pub words: String,
    pub files: Vec<Coming>,
}

/// Reads such an answer; or what was typed, and why it cannot be taken.
pub async fn written(ctx: &Ctx, form: Multipart) -> Result<Result<Written, (String, String)>, Kept> {
    let intake = &ctx.app.profile.intake;
    let taken = take(&ctx.app, form, usize::try_from(intake.max_files).unwrap_or(usize::MAX)).await?;
    let words = taken.fields.exact("words").trim().to_owned();
    let refused = taken.refused(&ctx.text, intake, "status").join(" ");
    Ok(if !refused.is_empty() {
        Err((words, refused))
    } else if words.is_empty() && taken.files.is_empty() {
        Err((words, ctx.text.say("slice-empty")))
    } else {
        Ok(Written { fields: taken.fields, words, files: taken.files })
    })
}

/// `GET /cases/{number}/messages/{message}/files/{file}`
pub async fn file(ctx: Ctx, Path((number, message, file)): Path<(String, String, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, &number).await?;
    let found = messages::file_for_staff(&mut reader, &ctx.who, &case, id_of(&message)?, id_of(&file)?).await?;
    download(&ctx.app, &mut reader, &found).await
}

/// `GET /cases/{number}/messages/{message}/original`: an answer as it came.
pub async fn original(ctx: Ctx, Path((number, message)): Path<(String, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, &number).await?;
    let found = messages::original(&mut reader, &ctx.who, &case, id_of(&message)?).await?;
    download(&ctx.app, &mut reader, &found).await
}

/// How much of a file is handed to the line at once.
const PIECE: usize = 64 * 1024;

/// A file to be kept, never shown: what strangers send does not run in our pages.
pub async fn download(app: &App, reader: &mut store::Reader, file: &Attached) -> Result<Response> {
    let content = app.blobs.get(reader, file.blob).await?;
    let name = percent_encoding::utf8_percent_encode(&file.name, percent_encoding::NON_ALPHANUMERIC);
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")).map_err(Error::fault)?;
    let kind = HeaderValue::from_static("application/octet-stream");
    let length = HeaderValue::from(content.len());
    // In pieces: what is handed over whole counts as sent, and a slow line would be cut in the middle.
    let mut rest = Bytes::from(content);
    let pieces = std::iter::from_fn(move || (!rest.is_empty()).then(|| Ok::<_, Infallible>(rest.split_to(rest.len().min(PIECE)))));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_LENGTH, length),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(stream::iter(pieces))).into_response())
}
