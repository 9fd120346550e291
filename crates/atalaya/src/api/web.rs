//! The handlers of the API.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::caller::Caller;
use super::{Submitted, description, status, submit};
use crate::web::ctx::header_text;
use crate::{App, Error, Result};

/// The largest body taken, whatever the profile's limits: it is held in memory.
const MOST: u64 = 64 << 20;

/// `POST /api/v1/reports`
pub async fn post(State(app): State<App>, Caller(who): Caller, request: Request) -> Result<Response> {
    let key = idempotency(&request)?;
    let Ok(raw) = to_bytes(request.into_body(), largest(&app)).await else {
        let says = format!("the request is larger than {} bytes", largest(&app));
        return Ok((StatusCode::PAYLOAD_TOO_LARGE, Json(json!({ "error": "too-large", "message": says }))).into_response());
    };
    Ok(match submit(&app, &who, key, &raw).await? {
        Submitted::Made(answer) => (StatusCode::CREATED, Json(answer)).into_response(),
        Submitted::Known(answer) => Json(answer).into_response(),
        Submitted::Refused(fields) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": "invalid", "message": "nothing was kept", "fields": fields }))).into_response()
        }
    })
}

/// `GET /api/v1/reports/{number}`
pub async fn get(State(app): State<App>, Caller(who): Caller, Path(number): Path<String>) -> Result<Json<Value>> {
    status(&app, &who, &number).await.map(Json)
}

/// `GET /api/v1/openapi.json`
pub async fn openapi(State(app): State<App>) -> Json<Value> {
    Json(description(&app))
}

fn idempotency(request: &Request) -> Result<Option<String>> {
    if !request.headers().contains_key("idempotency-key") {
        return Ok(None);
    }
    let key = header_text(request.headers(), "idempotency-key").trim();
    if key.is_empty() || key.len() > 200 {
        return Err(Error::invalid("Idempotency-Key has 1 to 200 printable characters"));
    }
    Ok(Some(key.to_owned()))
}

/// All files in base64, and room for the words.
fn largest(app: &App) -> usize {
    let files = u64::from(app.profile.intake.max_files).saturating_mul(app.profile.intake.max_file_bytes);
    let most = (files / 3).saturating_mul(4).saturating_add(6 << 20).min(MOST);
    usize::try_from(most).unwrap_or(usize::MAX)
}
