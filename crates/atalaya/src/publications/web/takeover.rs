//! The page on which a document of somebody else is taken over: chosen or pasted, looked at, made a draft.

use ::store::Reader;
use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq;
use vault::blob::Hash;

use super::csaf::takeover::{self, Becomes, Look, MOST};
use super::refused;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Room, Shell, go, page_as, show};
use crate::{App, Error, Result};

#[derive(Template)]
#[template(path = "publications/pages/takeover.html")]
struct TakeoverPage {
    shell: Shell,
    /// Where the document is, as somebody said.
    url: String,
    /// What was pasted and not taken.
    pasted: String,
    look: Option<Look>,
    /// The document that was looked at, for the next step.
    kept: String,
    /// Why nothing was looked at.
    problem: String,
    most: String,
}

impl TakeoverPage {
    /// What pressing the button does.
    fn button(&self) -> &'static str {
        match self.look.as_ref().map(|look| &look.becomes) {
            Some(Becomes::Next(_)) => "Propose the next version",
            Some(Becomes::Nothing(_)) => "Go to what was made of it",
            _ => "Take it over",
        }
    }
}

async fn shown(ctx: &Ctx, status: StatusCode, (url, pasted): (&str, &str), look: Option<Look>, kept: String, problem: String) -> Result<Response> {
    let shell = Shell::new(ctx, "Take over a CSAF document", Room::Publishing).await?;
    page_as(status, &TakeoverPage { shell, url: url.to_owned(), pasted: pasted.to_owned(), look, kept, problem, most: show::limit(MOST) })
}

/// `GET /publishing/takeover`
pub async fn ask(ctx: Ctx) -> Result<Response> {
    shown(&ctx, StatusCode::OK, ("", ""), None, String::new(), String::new()).await
}

/// `POST /publishing/takeover`: looks at a document, or makes a draft of the one that was looked at.
pub async fn take(ctx: Ctx, form: Multipart) -> Result<Response> {
    let taken = upload::take(form, Limits { files: 1, bytes: MOST }, || Ok(Vec::new())).await?;
    let (url, kept) = (taken.fields.get("url").to_owned(), taken.fields.get("kept").to_owned());
    if !kept.is_empty() {
        return made(&ctx, &kept, &url).await;
    }
    let pasted = taken.fields.exact("text").trim();
    let bytes = taken.files.into_iter().next().map_or_else(|| pasted.as_bytes().to_vec(), |file| file.writer);
    let problem = match (taken.too_large.is_empty(), bytes.is_empty()) {
        (false, _) => format!("The file has more than {}, which is more than is read.", show::limit(MOST)),
        (_, true) => "Choose the document, or paste it.".to_owned(),
        _ => return looked(&ctx, &bytes, (&url, pasted)).await,
    };
    shown(&ctx, StatusCode::UNPROCESSABLE_ENTITY, (&url, pasted), None, String::new(), problem).await
}

async fn looked(ctx: &Ctx, bytes: &[u8], (url, pasted): (&str, &str)) -> Result<Response> {
    let look = takeover::look(&ctx.app, &ctx.who, bytes, url).await?;
    if !look.against.is_empty() {
        return shown(ctx, StatusCode::UNPROCESSABLE_ENTITY, (url, pasted), Some(look), String::new(), String::new()).await;
    }
    let sealed = ctx.app.blobs.seal(bytes)?;
    ctx.app.db.keep_house(async |tx| tx.keep_loosely(&sealed).await.map(drop)).await?;
    let kept = mark(ctx, sealed.hash)?;
    shown(ctx, StatusCode::OK, (url, ""), Some(look), kept, String::new()).await
}

async fn made(ctx: &Ctx, kept: &str, url: &str) -> Result<Response> {
    let bytes = held(&mut ctx.app.db.read().await?, &ctx.app, hash(ctx, kept)?).await?;
    let done = takeover::take_over(&ctx.app, &ctx.who, &bytes, url).await;
    let said = done.as_ref().ok().map(|taken| (format!("/publishing/{}", taken.id), words(&taken.becomes)));
    match (refused(done)?, said) {
        (None, Some((page, said))) => Ok(go(&page, Some(said))),
        (Some((status, text)), _) => shown(ctx, status, (url, ""), None, String::new(), text).await,
        _ => Err(Error::fault("neither taken nor refused")),
    }
}

fn words(becomes: &Becomes) -> &'static str {
    match becomes {
        Becomes::Draft => "Taken over. Read it, and hand it in.",
        Becomes::Next(_) => "The next version is in work: what nobody here changed follows the newer document.",
        Becomes::Nothing(_) => "It was taken over already: this is what was made of it.",
    }
}

/// What was looked at lies in the vault for a while; the mark says who may go on with it, so that nobody names other bytes.
fn mark(ctx: &Ctx, hash: Hash) -> Result<String> {
    let mac = ctx.app.key.mac("document to take over", &[&ctx.person()?.id.0, hash.as_bytes()]);
    Ok(format!("{}{}", HEXLOWER.encode(hash.as_bytes()), HEXLOWER.encode(&mac)))
}

fn hash(ctx: &Ctx, kept: &str) -> Result<Hash> {
    let (hash, _) = kept.split_at_checked(64).ok_or(Error::NotFound)?;
    let hash: Hash = hash.parse().map_err(|_| Error::NotFound)?;
    if bool::from(mark(ctx, hash)?.as_bytes().ct_eq(kept.as_bytes())) { Ok(hash) } else { Err(Error::NotFound) }
}

async fn held(reader: &mut Reader, app: &App, hash: Hash) -> Result<Vec<u8>> {
    // Who comes back after a day finds it swept away.
    app.blobs.get(reader, hash).await.map_err(|_| Error::invalid("The document lies here no longer: choose it once more."))
}
