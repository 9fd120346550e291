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
use crate::{Error, Result, mailbox, reports};

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

/// A mail about as it looked. A page of its own, without our frame and our style.
#[derive(Template)]
#[template(path = "triage/pages/looked.html")]
struct LookedPage {
    subject: String,
    html: String,
    text: String,
}

#[derive(Template)]
#[template(path = "triage/pages/mails.html")]
struct MailsPage {
    shell: Shell,
    mails: Vec<mailbox::Unplaced>,
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

/// `GET /inbox/{number}/original/page`
pub async fn original_page(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let raw = report.raw.filter(|_| report.raw_type == "message/rfc822").ok_or(Error::NotFound)?;
    looked(&ctx, raw).await
}

/// `GET /inbox/{number}/messages/{id}/file`: an answer as it came.
pub async fn answer_file(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let (said, raw) = answer_of(&ctx, &number, &id).await?;
    let ending = if said.channel == "mail" { "eml" } else { "txt" };
    attached(&format!("{number}-{id}.{ending}"), blob(&ctx, raw).await?)
}

/// `GET /inbox/{number}/messages/{id}/page`
pub async fn answer_page(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let (said, raw) = answer_of(&ctx, &number, &id).await?;
    if said.channel == "mail" { looked(&ctx, raw).await } else { Err(Error::NotFound) }
}

async fn answer_of(ctx: &Ctx, number: &str, id: &str) -> Result<(reports::Said, Hash)> {
    let report = report_of(ctx, number).await?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let said = reports::thread(&mut ctx.app.db.read().await?, report.id).await?.into_iter().find(|said| said.id == id);
    let said = said.ok_or(Error::NotFound)?;
    let raw = said.raw.ok_or(Error::NotFound)?;
    Ok((said, raw))
}

/// A mail about as it looked: read again by the child, made harmless, and shown where nothing of it
/// may load, run or lead anywhere.
async fn looked(ctx: &Ctx, raw: Hash) -> Result<Response> {
    let bytes = blob(ctx, raw).await?;
    let letter = ctx.app.reader.read(&post::letter::Envelope::default(), &bytes).await;
    let letter = letter.unwrap_or_else(|why| post::letter::unreadable(&bytes, &why.to_string()));
    let page = LookedPage { subject: letter.subject, html: letter.html.unwrap_or_default(), text: letter.text }.render()?;
    let fixed = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((fixed, page).into_response())
}

/// `GET /inbox/mails`: what came and stands nowhere.
pub async fn mails(ctx: Ctx) -> Result<Response> {
    let shell = Shell::new(&ctx, "Mail that could not be placed", Room::Inbox).await?;
    let mails = mailbox::unplaced(&mut ctx.app.db.read().await?, 200).await?;
    page(&MailsPage { shell, mails })
}

/// `GET /inbox/mails/{id}`: one of them, as it came.
pub async fn mail_file(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let found = mailbox::unplaced_blob(&mut ctx.app.db.read().await?, id).await?;
    attached(&format!("{id}.eml"), blob(&ctx, found.ok_or(Error::NotFound)?).await?)
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
