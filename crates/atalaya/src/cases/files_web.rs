//! Files of messages: taken from a form, finished when they are wanted, and given back to be kept.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Multipart, Path};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use futures_util::stream;

use super::messages::{self, Attached};
use super::party_web::id_of;
use super::see;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, Kept};
use crate::{App, Error, Result, reports};

/// A form with files, sealed as they came; and the names of those that were refused.
pub async fn take(app: &App, form: Multipart, room: usize) -> Result<(Fields, Vec<Coming>, Vec<String>), Kept> {
    let limits = Limits { files: room, bytes: app.profile.intake.max_file_bytes };
    let taken = upload::take(form, limits, || Ok(app.blobs.upload())).await?;
    Ok((taken.fields, taken.files, taken.too_large.into_iter().chain(taken.too_many).collect()))
}

/// A file that is not finished: it goes when nobody wants it.
pub type Coming = upload::File<store::Upload>;

/// Finishes files that are wanted.
pub async fn finish(files: Vec<Coming>) -> Result<Vec<reports::NewFile>> {
    upload::on_disk(move || {
        let finish = |file: Coming| Ok(reports::NewFile { name: file.name, media_type: file.media_type, kept: file.writer.finish()? });
        files.into_iter().map(finish).collect::<Result<Vec<_>>>()
    })
    .await
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
