//! The browser's files, built into the program: stylesheet, scripts, icons.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;

use crate::web::packed::{Packed, has, takes_gzip};
use crate::{Error, Result};

#[derive(RustEmbed)]
#[folder = "assets/"]
#[include = "*.css"]
#[include = "*.js"]
#[include = "*.svg"]
struct Files;

/// A file's text, for pages that hold it themselves.
pub fn text(name: &str) -> Option<String> {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

/// `GET /assets/{file}`
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let file = Files::get(&name).ok_or(Error::NotFound)?;
    let tag = format!("W/\"{}\"", HEXLOWER.encode(&file.metadata.sha256_hash()));
    if has(&headers, &tag) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let packed = packed(&tag, &file.data);
    let mut response = packed.answer(takes_gzip(&headers));
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(&name)));
    // Pages name files with the program's version, so a day of keeping is safe.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// A file packed, which is done once for each content.
fn packed(tag: &str, data: &[u8]) -> Packed {
    static KNOWN: Mutex<BTreeMap<String, Packed>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(tag.to_owned()).or_insert_with(|| Packed::new(data.to_vec())).clone()
}

/// The media type of a file of this name.
fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    }
}
