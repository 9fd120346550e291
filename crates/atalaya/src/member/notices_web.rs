//! What a member's organisation was told of its events: the notices again, and their lists.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use press::Kind;

use crate::events::notices::{self, Notice};
use crate::publications;
use crate::release::Released;
use crate::web::{Ctx, Site, page};
use crate::{Error, Result};

/// Notices on the page.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "member/pages/notices.html")]
struct NoticesPage {
    site: Site,
    rows: Vec<Notice>,
}

/// `GET /member/notices`
pub async fn list(ctx: Ctx) -> Result<Response> {
    let rows = notices::of_member(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, SHOWN).await?;
    page(&NoticesPage { site: Site::new(&ctx, &ctx.text.say("notices-title")), rows })
}

#[derive(Template)]
#[template(path = "member/pages/notice.html")]
struct NoticePage {
    site: Site,
    /// None, where the label lets no page show it.
    one: Option<(Notice, String)>,
    /// The guidance that it leads to: title, and address.
    guides: Vec<(String, String)>,
}

/// The guidance that a text leads to, as far as it still holds.
async fn guides(ctx: &Ctx, text: &str) -> Result<Vec<(String, String)>> {
    let (catalogue, begin) = (publications::catalogue(&ctx.app).await?, format!("{}/guidance/", ctx.app.profile.web.public_url.trim_end_matches('/')));
    let named = text.split_whitespace().filter_map(|word| word.strip_prefix(&begin)).map(|name| name.split('?').next().unwrap_or(name));
    let items = named.filter_map(|name| catalogue.get(Kind::Guidance, name)).filter(|item| item.is_current());
    let mut all: Vec<(String, String)> = items.filter_map(|item| Some((item.content.said(ctx.text.wanted())?.0.title.clone(), item.path()))).collect();
    all.dedup();
    Ok(all)
}

/// `GET /member/notices/{number}`
pub async fn one(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let one = match notices::for_member(&ctx.app, &ctx.who, &number).await {
        Ok(released) => {
            let one = released.into_value();
            let text = ctx.app.blobs.get(&mut ctx.app.db.read().await?, one.content).await?;
            Some((one, String::from_utf8_lossy(&text).into_owned()))
        }
        Err(Error::Conflict(_)) => None,
        Err(error) => return Err(error),
    };
    let guides = guides(&ctx, one.as_ref().map_or("", |(_, text)| text)).await?;
    page(&NoticePage { site: Site::new(&ctx, &number), one, guides })
}

/// `GET /member/notices/{number}/list`
pub async fn csv(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let one: Released<Notice> = notices::for_member(&ctx.app, &ctx.who, &number).await?;
    let bytes = ctx.app.blobs.get(&mut ctx.app.db.read().await?, one.value().csv).await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}.csv\"", one.value().number)).map_err(Error::fault)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from(bytes)).into_response())
}
