//! The signed page that seals without a network, and its signature, to be saved.

use axum::extract::{Path, State};
use axum::response::Response;

use super::intake::Refused;
use super::offline;
use super::page::saved;
use crate::App;

/// `GET /sealed/offline/{file}`: `default.en.html` or `default.en.html.asc`.
pub async fn file(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refused> {
    let bare = name.strip_suffix(".asc").unwrap_or(&name);
    let (intake, language) = bare.strip_suffix(".html").and_then(|bare| bare.rsplit_once('.')).ok_or(Refused::NotFound)?;
    let mut reader = app.db.read().await?;
    let signed = offline::offered(&mut reader, &app, intake, language).await?.ok_or(Refused::NotFound)?;
    let bytes = if bare.len() < name.len() { signed.signature.into_bytes() } else { offline::bytes(&mut reader, &app, &signed).await? };
    Ok(saved(&name, bytes.into()))
}
