//! What a member's organisation was told of its events: the notices again, and their lists.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::events::notices::{self, Notice};
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
    page(&NoticePage { site: Site::new(&ctx, &number), one })
}

/// `GET /member/notices/{number}/list`
pub async fn csv(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let one: Released<Notice> = notices::for_member(&ctx.app, &ctx.who, &number).await?;
    let bytes = ctx.app.blobs.get(&mut ctx.app.db.read().await?, one.value().csv).await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}.csv\"", one.value().number)).map_err(Error::fault)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from(bytes)).into_response())
}
