//! The original and the files, as bytes that no browser renders.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::Id;
use vault::blob::Hash;

use super::web::report_of;
use crate::reports::Report;
use crate::web::{Ctx, Room, Shell, page, show};
use crate::{Error, Result, reports};

/// How much of an original a page shows.
const SHOWN: usize = 200_000;

#[derive(Template)]
#[template(path = "triage/pages/original.html")]
struct OriginalPage {
    shell: Shell,
    report: Report,
    size: String,
    text: String,
    cut: bool,
}

/// `GET /inbox/{number}/original`
pub async fn original(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let bytes = blob(&ctx, report.raw.ok_or(Error::NotFound)?).await?;
    let shell = Shell::new(&ctx, &format!("Original of {}", report.number), Room::Inbox).await?;
    let shown = bytes.get(..SHOWN.min(bytes.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(shown).replace('\0', "\u{2400}");
    let size = show::size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    page(&OriginalPage { shell, report, size, text, cut: bytes.len() > SHOWN })
}

/// `GET /inbox/{number}/original/file`
pub async fn original_file(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let bytes = blob(&ctx, report.raw.ok_or(Error::NotFound)?).await?;
    let ending = if report.raw_type == "message/rfc822" { "eml" } else { "txt" };
    attached(&format!("{}.{ending}", report.number), bytes)
}

/// `GET /inbox/{number}/files/{id}`
pub async fn download(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let mut reader = ctx.app.db.read().await?;
    let found = reports::file(&mut reader, id).await?.filter(|(of, _)| *of == report.id);
    drop(reader);
    let (_, file) = found.ok_or(Error::NotFound)?;
    attached(&file.name, blob(&ctx, file.blob).await?)
}

async fn blob(ctx: &Ctx, hash: Hash) -> Result<Vec<u8>> {
    let mut reader = ctx.app.db.read().await?;
    Ok(ctx.app.blobs.get(&mut reader, hash).await?)
}

/// Bytes to be saved, never shown: whatever type they claim, they are none that a browser opens.
fn attached(name: &str, bytes: Vec<u8>) -> Result<Response> {
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")).map_err(Error::fault)?;
    let fixed = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((fixed, bytes).into_response())
}
