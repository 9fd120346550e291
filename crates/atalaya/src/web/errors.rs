//! Errors as pages: what happened, what was kept, what to do. Programs get the same as JSON.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::web::ctx::{Ctx, header_text};
use crate::web::{Site, go, page_as};
use crate::{App, Error};

impl Error {
    /// The status of an answer that says this.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The name of the kind: key of the texts, and `error` in JSON.
    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::LogIn => "log-in",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::TooMany => "too-many",
            Self::Full => "full",
            Self::Fault(_) => "fault",
        }
    }

    /// What a visitor may read of it. A fault's own words stay in the log.
    fn said(&self) -> String {
        match self {
            Self::Invalid(text) | Self::Conflict(text) => text.clone(),
            _ => String::new(),
        }
    }
}

/// The kind and words of an error, carried from the handler to [`show`].
#[derive(Clone)]
struct Failed {
    kind: &'static str,
    said: String,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Fault(text) = &self {
            tracing::error!(error = %text, "a request failed");
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Failed { kind: self.kind(), said: self.said() });
        response
    }
}

/// The page of an error.
#[derive(Template)]
#[template(path = "web/pages/error.html")]
struct ErrorPage {
    site: Site,
    title: String,
    text: String,
    said: String,
}

/// Turns errors into pages or JSON, in the reader's language.
pub async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let api = parts.uri.path().starts_with("/api/");
    let ctx = <Ctx as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, &app).await;
    let wants_page = header_text(&parts.headers, header::ACCEPT.as_str()).contains("text/html") || parts.method == "GET";
    let next_page = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let is_get = parts.method == "GET";
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(failed) = response.extensions().get::<Failed>().cloned() else { return response };
    let status = response.status();
    if api {
        let text = if failed.said.is_empty() { failed.kind.to_owned() } else { failed.said };
        return (status, axum::Json(json!({ "error": failed.kind, "message": text }))).into_response();
    }
    let Ok(ctx) = ctx else { return response };
    if failed.kind == "log-in" && is_get && wants_page {
        let to = percent_encoding::utf8_percent_encode(&next_page, percent_encoding::NON_ALPHANUMERIC);
        return go(&format!("/login?next={to}"), None);
    }
    let title = ctx.text.say(&format!("error-{}-title", failed.kind));
    let text = ctx.text.say(&format!("error-{}-text", failed.kind));
    let template = ErrorPage { site: Site::new(&ctx, &title), title, text, said: failed.said };
    page_as(status, &template).unwrap_or(response)
}

/// What no route takes.
pub async fn nothing_here() -> Error {
    Error::NotFound
}
