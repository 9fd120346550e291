//! What machines ask for: `security.txt` (RFC 9116), the site map.

use axum::http::HeaderMap;
use axum::response::Response;
use formats::security_txt::SecurityTxt;
use jiff::SignedDuration;

use super::super::catalogue::Kept;
use super::{Catalogue, answer};
use crate::web::Ctx;
use crate::{Error, Result, keys};

/// So long a `security.txt` speaks for the team; a new one is made every minute that somebody asks, so that it never ends
/// while the team is there (RFC 9116 section 2.5.5: less than a year).
const SPEAKS: SignedDuration = SignedDuration::from_hours(180 * 24);

/// `GET /.well-known/security.txt`: signed with the mail address's key, where there is one.
pub async fn security_txt(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    answer(&ctx, &headers, async |_| {
        let text = written(&ctx).write().map_err(Error::fault)?;
        let signed = keys::own::sign(&mut ctx.app.db.read().await?, &ctx.app, &text).await?;
        Ok(Kept::new("text/plain; charset=utf-8", signed.unwrap_or(text).into_bytes()))
    })
    .await
}

fn written(ctx: &Ctx) -> SecurityTxt {
    let profile = &ctx.app.profile;
    let site = profile.web.public_url.trim_end_matches('/');
    // RFC 9116 section 2.5.4: http is no address to report to. A demonstration on one machine has the mail address alone.
    let https = site.starts_with("https://");
    let page = |path: &str| if https { vec![format!("{site}{path}")] } else { Vec::new() };
    let mut contacts = page("/report");
    contacts.push(format!("mailto:{}", profile.team.report_address));
    // To the day, so that everybody who asks within one reads the same.
    let day = ctx.app.now().as_second().div_euclid(86_400) * 86_400;
    let expires = jiff::Timestamp::from_second(day).ok().and_then(|day| day.checked_add(SPEAKS).ok()).unwrap_or_else(|| ctx.app.now());
    SecurityTxt {
        contacts,
        expires,
        encryption: if ctx.keys { page("/openpgp") } else { Vec::new() },
        acknowledgments: Vec::new(),
        languages: profile.languages.clone(),
        canonical: page("/.well-known/security.txt"),
        policy: page("/about"),
        hiring: Vec::new(),
        csaf: vec![format!("{}/.well-known/csaf/provider-metadata.json", profile.team.website.trim_end_matches('/'))],
    }
}

/// `GET /sitemap.xml`: every public page in every language.
pub async fn sitemap(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    answer(&ctx, &headers, async |catalogue| Ok(Kept::new("application/xml; charset=utf-8", map(&ctx, &catalogue).into_bytes()))).await
}

fn map(ctx: &Ctx, catalogue: &Catalogue) -> String {
    let site = ctx.app.profile.web.public_url.trim_end_matches('/');
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let mut put = |path: &str, at: Option<jiff::Timestamp>| {
        let at = at.map(|at| format!("<lastmod>{at}</lastmod>")).unwrap_or_default();
        text.push_str(&format!(
            "<url><loc>{}</loc>{at}</url>\n",
            askama::filters::escape(format!("{site}{path}"), askama::filters::Html).map(|text| text.to_string()).unwrap_or_default()
        ));
    };
    for path in ["/", "/about", "/report"] {
        put(path, None);
    }
    for item in &catalogue.items {
        for tag in item.content.words.keys().filter(|tag| item.content.state(tag) != press::State::Missing) {
            put(&format!("{}?lang={tag}", item.path()), Some(item.changed_at));
        }
    }
    text.push_str("</urlset>\n");
    text
}
