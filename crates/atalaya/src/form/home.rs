//! The portal's first page, the language switch, and what machines ask first.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use press::Kind;

use crate::profile::{AppliesTo, Promise, Texts};
use crate::publications::{self, site, site::Card};
use crate::web::fields::Asked;
use crate::web::{Ctx, Site, go, local};
use crate::{App, Error, Result, clocks};

/// The home page.
#[derive(Template)]
#[template(path = "form/pages/home.html")]
struct Home {
    site: Site,
    /// What the team promises everybody; text and language.
    promises: Vec<(String, String)>,
    mandate: (String, String),
    community: (String, String),
    notice: Option<(String, String)>,
    /// How the promises to everybody were kept: title, language, share, and the target.
    doing: Vec<Doing>,
    /// Alerts that are open.
    urgent: Vec<Card>,
    /// Whether one can be told by mail.
    mails: bool,
    /// The newest alerts and advisories besides.
    latest: Vec<Card>,
    /// Some guidance.
    guidance: Vec<Card>,
    /// What takes place next.
    calendar: Vec<Card>,
}

/// How one promise was kept lately.
struct Doing {
    title: String,
    language: String,
    share: String,
    target: u8,
}

/// `GET /`.
pub async fn home(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    site::answer(&ctx, &headers, async |catalogue| {
        let profile = &ctx.app.profile;
        let (news, now) = (site::news(&catalogue), ctx.app.now());
        site::html(&Home {
            site: Site::new(&ctx, ""),
            promises: to_everybody(&ctx).map(|promise| said(&ctx, &promise.title)).collect(),
            mandate: said(&ctx, &profile.team.mandate),
            community: said(&ctx, &profile.team.community),
            notice: ctx.capacity_notice(),
            doing: doing(&ctx).await?,
            mails: profile.mail.is_some(),
            urgent: site::cards(&ctx, news.iter().copied().filter(|item| item.is_urgent()).take(3)),
            latest: site::cards(&ctx, news.iter().copied().filter(|item| !item.is_urgent()).take(5)),
            guidance: site::cards(&ctx, catalogue.of(Kind::Guidance).filter(|item| item.is_current()).take(5)),
            calendar: site::cards(&ctx, site::coming(&catalogue, now).into_iter().take(3)),
        })
    })
    .await
}

/// A text in the reader's language, and which language that is.
fn said(ctx: &Ctx, texts: &Texts) -> (String, String) {
    let (text, language) = texts.get(ctx.text.wanted());
    (text.to_owned(), language.to_owned())
}

fn to_everybody(ctx: &Ctx) -> impl Iterator<Item = &Promise> {
    ctx.app.profile.promises.iter().filter(|promise| promise.applies_to.contains(&AppliesTo::Any))
}

async fn doing(ctx: &Ctx) -> Result<Vec<Doing>> {
    let mut doing = Vec::new();
    for promise in to_everybody(ctx) {
        let share = clocks::share_lately(&ctx.app, &promise.id).await?;
        if let Some(percent) = share.percent().filter(|_| share.judged() >= publications::ENOUGH) {
            let (title, language) = said(ctx, &promise.title);
            let share = ctx.text.fill("home-doing-of", &[("share", percent.to_string()), ("count", share.judged().to_string())]);
            doing.push(Doing { title, language, share, target: promise.target_percent });
        }
    }
    Ok(doing)
}

/// `GET /language/{tag}?back=/path`: reads the pages in another language from now on.
pub async fn language(ctx: Ctx, Path(tag): Path<String>, asked: Asked) -> Result<Response> {
    if !ctx.app.languages.offered().contains(&tag) {
        return Err(Error::NotFound);
    }
    let back = asked.get("back");
    let mut response = go(local(back).unwrap_or("/"), None);
    let secure = if ctx.app.profile.web.secure_cookies { "; Secure" } else { "" };
    let line = format!("language={tag}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
    response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_str(&line).map_err(Error::fault)?);
    Ok(response)
}

/// `GET /robots.txt`: the pages of single reports are for their reporters.
pub async fn robots(State(app): State<App>) -> Response {
    let closed = ["/report/", "/status/", "/language/", "/subscription/", "/registration/"].map(|path| format!("Disallow: {path}\n")).concat();
    // The map's address stands whole (sitemaps.org, "Specifying the Sitemap location in your robots.txt file").
    let text = format!("User-agent: *\n{closed}Sitemap: {}/sitemap.xml\n", app.profile.web.public_url.trim_end_matches('/'));
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// `GET /healthz`: the program runs.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too.
pub async fn readyz(ctx: Ctx) -> Result<&'static str> {
    ctx.app.db.read().await?.count("select 1", vec![]).await?;
    Ok("ready\n")
}
