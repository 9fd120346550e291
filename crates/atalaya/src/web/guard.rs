//! What stands before every handler: who is it, may they, and does the request come from our own page?

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::access::{Noun, Verb, Who, may};
use crate::web::ctx::{Visitor, cookie, header_text};
use crate::web::errors;
use crate::{App, Error, people};

/// Who may take a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whom the table of `access.rs` lets.
    May(Verb, Noun),
    /// Whoever shows a token of the API; the handler checks which.
    Token,
}

/// The cookie that holds the session's secret.
pub const SESSION: &str = "session";

/// Finds out who asks, for all routes.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // Style sheets and signs of life are the same for everybody and need no database.
    let same_for_all = request.uri().path().starts_with("/assets/") || request.uri().path() == "/healthz";
    let visitor = match (same_site(request.method(), request.headers()), cookie(request.headers(), SESSION)) {
        (Err(error), _) => Err(error),
        (Ok(()), Some(secret)) if !same_for_all => people::visitor(&app, &secret).await,
        _ => Ok(None),
    };
    let visitor = visitor.unwrap_or_else(|error| {
        // The page that says so is made where all errors become pages.
        request.extensions_mut().insert(errors::Failed::from(&error));
        None
    });
    request.extensions_mut().insert(visitor.unwrap_or(Visitor { who: Who::Public, session: None }));
    next.run(request).await
}

/// Refuses what the table does not allow, for one route.
pub async fn check(access: Access, request: Request, next: Next) -> Response {
    if let Access::May(verb, noun) = access {
        let visitor = request.extensions().get::<Visitor>();
        match visitor.map(|visitor| &visitor.who) {
            Some(who @ Who::Person(_)) if may(who, verb, noun) => {}
            Some(Who::Person(_)) => return Error::NotFound.into_response(),
            _ => return errors::log_in(request).await,
        }
    }
    next.run(request).await
}

/// Cross-site request forgery: a request that changes something must come from our own pages.
///
/// Browsers say so in `Sec-Fetch-Site` (Fetch Metadata) or at least in `Origin`. A program that
/// sends neither carries no cookie of ours, or is refused.
fn same_site(method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let refused = || Err(Error::invalid("error-said-other-site"));
    match header_text(headers, "sec-fetch-site") {
        "same-origin" | "none" => return Ok(()),
        "" => {}
        _ => return refused(),
    }
    let origin = header_text(headers, header::ORIGIN.as_str());
    if origin.is_empty() {
        return if cookie(headers, SESSION).is_some() { refused() } else { Ok(()) };
    }
    let host = header_text(headers, header::HOST.as_str());
    if origin.split_once("://").is_some_and(|(_, from)| from == host) { Ok(()) } else { refused() }
}

/// Headers that every answer carries (invariant 8), and the end of a line that was shown.
pub async fn harden(request: Request, next: Next) -> Response {
    let said = cookie(request.headers(), "said").is_some();
    let mut response = next.run(request).await;
    let page = header_text(response.headers(), header::CONTENT_TYPE.as_str()).starts_with("text/html");
    let headers = response.headers_mut();
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        // A download may be stricter than a page.
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if said && page {
        headers.append(header::SET_COOKIE, HeaderValue::from_static("said=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    response
}
