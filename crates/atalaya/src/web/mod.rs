//! What all pages share: who asks, in which language, the frame around the page, errors as pages.

pub mod assets;
pub mod chart;
pub mod ctx;
pub mod errors;
pub mod fields;
pub mod guard;
pub mod live;
pub mod packed;
pub mod shell;
pub mod show;
pub mod throttle;
pub mod upload;

pub use ctx::Ctx;
pub use errors::Kept;
pub use fields::Fields;
pub use shell::{Room, Shell, Site};

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Result;

/// Renders a template as a page.
pub fn page(template: &impl Template) -> Result<Response> {
    page_as(StatusCode::OK, template)
}

/// Renders a template as a page with another status, such as 422 for a form with errors.
pub fn page_as(status: StatusCode, template: &impl Template) -> Result<Response> {
    let html = template.render()?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], html).into_response())
}

/// The cookie with the secret of a report, on that report's own page.
pub const REPORT_SECRET: &str = "status";

/// Takes a cookie of this path back.
pub fn remove_cookie(response: &mut Response, name: &str, path: &str) {
    if let Ok(line) = HeaderValue::from_str(&format!("{name}=; Path={path}; Max-Age=0; HttpOnly; SameSite=Lax")) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// A path of our own, if it is one: browsers read `//host`, `/\host` and `/<tab>/host` as another site.
pub fn local(path: &str) -> Option<&str> {
    let own = path.starts_with('/') && !path.starts_with("//") && path.len() < 2000;
    (own && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')).then_some(path)
}

/// Sends the browser on after a change (RFC 9110 section 15.4.4), optionally with one line to show there.
pub fn go(to: &str, said: Option<&str>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    if let Some(said) = said {
        let text = percent_encoding::utf8_percent_encode(said, percent_encoding::NON_ALPHANUMERIC);
        if let Ok(cookie) = HeaderValue::from_str(&format!("said={text}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax")) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}
