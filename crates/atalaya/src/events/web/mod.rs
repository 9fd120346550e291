//! The console's pages about events: feeds, files, rejected lines, counts, search, erasures.

pub mod erasures;
mod feeds;
mod files;
pub mod found;
mod holders;
mod networks;
mod overview;
mod rejects;

pub use feeds::{add, change, columns, edit, feed, list, new, preview, take};
pub use files::{act, original};
pub use files::{file, list as files};
pub use holders::{add as add_holders, list as holders};
pub use networks::{csv as networks_csv, list as networks};
pub use overview::{make_again, nobodys, overview};
pub use rejects::{act as act_on_rejects, list as rejects};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// Bytes as a download that no browser shows.
pub(in crate::events) fn download(name: &str, kind: &'static str, body: axum::body::Body) -> Response {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{safe}\"")).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}
