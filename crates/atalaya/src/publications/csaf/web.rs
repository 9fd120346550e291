//! The tree over HTTP: what is CLEAR to everybody and every program, what carries more to those who show a token of an
//! organisation that may get it. For whoever may not, it is not there.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::label::Tlp;

use super::fetched;
use super::tree::{self, Held};
use crate::access::Who;
use crate::constituency::{self, Organisation};
use crate::release::Channel;
use crate::web::ctx::header_text;
use crate::web::packed::{has, takes_gzip};
use crate::{App, Error, Result, people};

/// `GET /.well-known/csaf/{*path}`
pub async fn file(State(app): State<App>, headers: HeaderMap, Path(path): Path<String>) -> Result<Response> {
    serve(&app, &headers, &path).await
}

/// `GET /.well-known/csaf/provider-metadata.json` under its own name, for those who ask for the folder.
pub async fn metadata_file(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    serve(&app, &headers, "index.html").await
}

async fn serve(app: &App, headers: &HeaderMap, path: &str) -> Result<Response> {
    let known = tree::known(app).await?;
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let found = known.files.get(&path);
    let label = found.map_or(Tlp::Red, |(label, _)| *label);
    let mut reads = None;
    if label > Channel::Public.ceiling(&app.profile) {
        reads = may(app, headers, label).await?;
        if reads.is_none() {
            // Whether it is there is for those who may know; a token is asked for wherever one could help.
            return if is_closed(&path) { Ok(unauthorised()) } else { Err(Error::NotFound) };
        }
    }
    let bytes = match &found.ok_or(Error::NotFound)?.1 {
        Held::Here(bytes) => Arc::clone(bytes),
        Held::Document(place) => {
            let bytes = tree::packed(app, &known, &path, place).await?;
            if let Some((who, organisation)) = &reads {
                fetched::note(app, who, organisation, place.of(), label, &bytes.plain()).await?;
            }
            bytes
        }
    };
    let tag = bytes.tag();
    let mut response = if has(headers, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { bytes.answer(takes_gzip(headers)) };
    let out = response.headers_mut();
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Authorization"));
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media(&path)));
    let cache = if label == Tlp::Clear { "public, max-age=60" } else { "private, no-store" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    // CSAF 2.1 requirement 25: browsers of other sites may read it.
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The folders of labels above CLEAR, of both editions.
fn is_closed(path: &str) -> bool {
    let folder = path.trim_start_matches("v2.1/").split('/').next().unwrap_or_default();
    ["green", "amber", "amber+strict", "red"].contains(&folder)
}

fn unauthorised() -> Response {
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// Whose token comes along, if it is of an organisation that may get this label by the API.
async fn may(app: &App, headers: &HeaderMap, label: Tlp) -> Result<Option<(Who, Organisation)>> {
    let Some(secret) = header_text(headers, header::AUTHORIZATION.as_str()).strip_prefix("Bearer ") else { return Ok(None) };
    if label > Channel::Api.ceiling(&app.profile) {
        return Ok(None);
    }
    let Some(who) = people::token(app, secret.trim(), "advisories").await? else { return Ok(None) };
    let Who::Token { organisation: Some(organisation), .. } = who else { return Ok(None) };
    let organisation = constituency::get(&mut app.db.read().await?, organisation).await.ok();
    Ok(organisation.filter(|one| label <= one.ceiling).map(|organisation| (who, organisation)))
}

/// The media type of a file of the tree (RFC 4287, RFC 8322, CSAF 2.0 section 7.1).
fn media(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("json") => "application/json",
        Some("txt" | "sha256" | "sha512") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("asc") => "application/pgp-keys",
        _ => "application/octet-stream",
    }
}
