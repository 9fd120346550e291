//! Errors as pages: what happened, what was kept, what to do. Programs get the same as JSON.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::web::ctx::{Ctx, header_text};
use crate::web::{Fields, Site, go, page_as};
use crate::{App, Error};

impl Error {
    /// The status of an answer that says this.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::Barred => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) | Self::Overtaken => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Away(_) | Self::Unanswered(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The name of the kind: key of the texts, and `error` in JSON.
    fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::LogIn => "log-in",
            Self::Barred => "barred",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::Overtaken => "overtaken",
            Self::TooMany => "too-many",
            Self::Full => "full",
            Self::Away(_) => "away",
            Self::Unanswered(_) => "unanswered",
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

    /// What staff may read beside it.
    fn said_to_staff(&self) -> String {
        if let Self::Unanswered(text) = self { text.clone() } else { String::new() }
    }
}

/// An error as the page that shows it needs it, carried from where it happened to [`show`].
#[derive(Clone, Debug)]
pub(super) struct Failed {
    status: StatusCode,
    kind: &'static str,
    said: String,
    said_to_staff: String,
}

impl From<&Error> for Failed {
    fn from(error: &Error) -> Self {
        if let Error::Fault(text) | Error::Away(text) | Error::Unanswered(text) = error {
            tracing::error!(error = %text, "a request failed");
        }
        Self { status: error.status(), kind: error.kind(), said: error.said(), said_to_staff: error.said_to_staff() }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Failed::from(&self));
        response
    }
}

/// An error at the end of a form with files. What was typed goes along to the page that says so.
#[derive(Debug)]
pub struct Kept {
    error: Error,
    typed: Option<Typed>,
}

impl Kept {
    /// The form was read: its fields, and the names of those for files.
    pub fn new(error: Error, fields: Fields, files: &[&str]) -> Self {
        let files = files.iter().map(|name| (*name).to_owned()).collect();
        Self { error, typed: Some(Typed { fields, files: Some(files) }) }
    }

    /// Nobody has read the form yet.
    pub async fn unread(error: Error, form: Multipart) -> Self {
        Self { error, typed: Some(words(form).await) }
    }
}

impl From<Error> for Kept {
    fn from(error: Error) -> Self {
        Self { error, typed: None }
    }
}

impl From<Kept> for Error {
    fn from(kept: Kept) -> Self {
        kept.error
    }
}

impl IntoResponse for Kept {
    fn into_response(self) -> Response {
        let mut response = self.error.into_response();
        if let Some(typed) = self.typed.filter(|typed| !typed.fields.0.is_empty()) {
            response.extensions_mut().insert(typed);
        }
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
    /// Where to send again what was typed, and what that was.
    again: Option<(String, Typed)>,
    /// Where to ask again for what was only looked at.
    retry: Option<String>,
    /// What was written and is of no use to send again as it is.
    words: Vec<String>,
    log_in: bool,
}

/// What was typed into a form.
#[derive(Clone, Debug, Default)]
struct Typed {
    fields: Fields,
    /// Names of the fields for files, which are chosen anew; nothing where the form takes none.
    files: Option<Vec<String>>,
}

/// Up to this size what was typed into a form is held while it is answered.
const TYPED: usize = 256 * 1024;

/// Turns errors into pages or JSON, in the reader's language.
pub async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let api = parts.uri.path().starts_with("/api/");
    let ctx = <Ctx as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, &app).await;
    let wants_page = header_text(&parts.headers, header::ACCEPT.as_str()).contains("text/html") || parts.method == "GET";
    let next_page = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let is_get = parts.method == "GET";
    let stopped = parts.extensions.get::<Failed>().cloned();
    let (body, typed, stopped) = match typed(&parts, body).await {
        Ok((body, typed)) => (body, typed, stopped),
        // What did not arrive whole reaches no handler; the page that says so is made below.
        Err(error) => (Body::empty(), None, Some(Failed::from(&error))),
    };
    let response = match stopped {
        Some(failed) => {
            let mut response = failed.status.into_response();
            response.extensions_mut().insert(failed);
            response
        }
        None => next.run(Request::from_parts(parts, body)).await,
    };
    let typed = typed.or_else(|| response.extensions().get::<Typed>().cloned());
    let Some(failed) = response.extensions().get::<Failed>().cloned().or_else(|| unworded(&response)) else { return response };
    let mut shown = if api {
        let said = app.languages.text(crate::text::COMPLETE).told(&failed.said);
        let text = if said.is_empty() { for_programs(failed.kind).to_owned() } else { said };
        (failed.status, axum::Json(json!({ "error": failed.kind, "message": text }))).into_response()
    } else if let Ok(ctx) = ctx {
        if failed.kind == "log-in" && is_get && wants_page {
            let to = percent_encoding::utf8_percent_encode(&next_page, percent_encoding::NON_ALPHANUMERIC);
            return go(&format!("/login?next={to}"), None);
        }
        let retry = Some(next_page.clone()).filter(|_| is_get);
        page_of(&ctx, &failed, retry, typed.map(|typed| (next_page, typed))).unwrap_or(response)
    } else {
        response
    };
    let again = match failed.status {
        StatusCode::SERVICE_UNAVAILABLE => Some(HeaderValue::from_static("10")),
        StatusCode::TOO_MANY_REQUESTS => Some(HeaderValue::from_static("60")),
        _ => None,
    };
    if let Some(seconds) = again {
        shown.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    shown
}

/// What a program's log should say.
fn for_programs(kind: &str) -> &'static str {
    match kind {
        "log-in" => {
            "There is no token in the request, or it is wrong, ended or not one for this. Send “Authorization: Bearer” and the token that the team gave you."
        }
        "not-found" => "There is no such thing here, or not for this token.",
        "overtaken" => "Another request was faster at the very same moment. Nothing was changed; send it again.",
        "too-many" => "Too many requests. Wait as long as Retry-After says.",
        "full" => "The storage is full: nothing new can be kept. Try again later.",
        "unanswered" => "Events cannot be looked up at the moment. Try again as Retry-After says.",
        "away" => "The database does not answer at the moment. Try again as Retry-After says.",
        "invalid" => "The request cannot be taken: check its size and its Content-Type.",
        _ => "Something went wrong on our side. Try again with the same Idempotency-Key.",
    }
}

fn page_of(ctx: &Ctx, failed: &Failed, retry: Option<String>, typed: Option<(String, Typed)>) -> crate::Result<Response> {
    let title = ctx.text.say(&format!("error-{}-title", failed.kind));
    let text = ctx.text.say(&format!("error-{}-text", failed.kind));
    // Worth sending again as it is: the trouble lies with us, or the session ended.
    let worth = matches!(failed.kind, "away" | "unanswered" | "full" | "fault" | "log-in" | "overtaken" | "too-many");
    // A choice is made anew in a moment; sentences are not.
    let sentences =
        |(_, typed): &(String, Typed)| typed.fields.0.iter().map(|(_, value)| value.trim().to_owned()).filter(|value| value.contains(' ')).collect();
    let words = typed.as_ref().filter(|_| !worth).map(sentences).unwrap_or_default();
    let (again, log_in) = (typed.filter(|_| worth), failed.kind == "log-in");
    let site = Site::new(ctx, &title);
    let said = if site.staff.is_some() && failed.said.is_empty() { &failed.said_to_staff } else { &failed.said };
    let retry = retry.filter(|_| matches!(failed.kind, "away" | "unanswered"));
    let template = ErrorPage { site, title, text, said: ctx.text.told(said), again, retry, words, log_in };
    page_as(failed.status, &template)
}

/// Holds what was typed into a form, so that the page of an error can offer to send it again.
async fn typed(parts: &Parts, body: Body) -> crate::Result<(Body, Option<Typed>)> {
    let length: usize = header_text(&parts.headers, header::CONTENT_LENGTH.as_str()).parse().unwrap_or(usize::MAX);
    let form = header_text(&parts.headers, header::CONTENT_TYPE.as_str()).starts_with("application/x-www-form-urlencoded");
    if parts.method != "POST" || !form || length > TYPED {
        return Ok((body, None));
    }
    let bytes = to_bytes(body, TYPED).await.map_err(|_| Error::invalid("error-said-broken"))?;
    let fields = Fields::parse(&bytes);
    // Secrets for a log-in are typed anew.
    let path = parts.uri.path();
    let secret =
        path.starts_with("/account") || path.starts_with("/login") || fields.0.iter().any(|(name, _)| name.contains("password") || name.contains("code"));
    let typed = Some(Typed { fields, files: None });
    Ok((Body::from(bytes), typed.filter(|typed| !secret && !typed.fields.0.is_empty())))
}

/// Nobody is logged in, and somebody must be. The words of a form with files, which nobody else
/// will read, are held for the page that says so.
pub(super) async fn log_in(request: Request) -> Response {
    match Multipart::from_request(request, &()).await {
        Ok(form) => Kept::unread(Error::LogIn, form).await.into_response(),
        Err(_) => Error::LogIn.into_response(),
    }
}

/// The fields of a form with files, as far as they came, without the files.
async fn words(mut form: Multipart) -> Typed {
    let (mut fields, mut files, mut room) = (Fields::default(), Vec::new(), TYPED);
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            if !files.contains(&name) {
                files.push(name);
            }
            continue;
        }
        let Ok(text) = field.text().await else { break };
        let Some(left) = room.checked_sub(text.len()) else { break };
        room = left;
        fields.0.push((name, text));
    }
    Typed { fields, files: Some(files) }
}

/// What the router itself refused, before a handler saw it: such an answer is no page yet.
fn unworded(response: &Response) -> Option<Failed> {
    let status = response.status();
    let kind = match status {
        _ if header_text(response.headers(), header::CONTENT_TYPE.as_str()).starts_with("text/html") => return None,
        StatusCode::BAD_REQUEST | StatusCode::METHOD_NOT_ALLOWED => "not-found",
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE => "invalid",
        _ => return None,
    };
    Some(Failed { status, kind, said: String::new(), said_to_staff: String::new() })
}

/// What no route takes.
pub async fn nothing_here() -> Error {
    Error::NotFound
}
