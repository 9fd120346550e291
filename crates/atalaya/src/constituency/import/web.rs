//! The import page: a file or pasted text, what it would do, and then the doing.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Plan, import, preview};
use crate::web::{Ctx, Room, Shell, go, page, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "constituency/pages/import.html")]
struct ImportPage {
    shell: Shell,
    text: String,
    plan: Option<Plan>,
    /// Whether it would do something else by now than what was looked at.
    stale: bool,
    counts: (usize, usize, usize),
    sectors: String,
    example_sector: String,
}

impl ImportPage {
    async fn new(ctx: &Ctx, text: String, plan: Option<Plan>, stale: bool) -> Result<Self> {
        let sectors: Vec<&str> = ctx.app.profile.sectors.iter().map(|sector| sector.id.as_str()).collect();
        let counts = plan.as_ref().map(Plan::counts).unwrap_or_default();
        let shell = Shell::new(ctx, "Import organisations", Room::Constituency).await?;
        let example_sector = sectors.first().copied().unwrap_or_default().to_owned();
        Ok(Self { shell, text, plan, stale, counts, sectors: sectors.join(", "), example_sector })
    }
}

/// `GET /constituency/import`
pub async fn ask(ctx: Ctx) -> Result<Response> {
    page(&ImportPage::new(&ctx, String::new(), None, false).await?)
}

/// `POST /constituency/import`
pub async fn take(ctx: Ctx, sent: Multipart) -> Result<Response> {
    let (bytes, sure, seen) = read(sent).await?;
    let mut reader = ctx.app.db.read().await?;
    let plan = preview(&mut reader, &ctx.app, &ctx.who, &bytes).await?;
    drop(reader);
    let stale = sure && plan.mark() != seen;
    if sure && !stale && plan.faults.is_empty() {
        let (added, changed, _) = import(&ctx.app, &ctx.who, &bytes, &seen).await?.counts();
        return Ok(go("/constituency", Some(&format!("Imported: {}, {changed} changed.", super::lines_added(added)))));
    }
    let status = match plan.faults.is_empty() {
        true if stale => StatusCode::CONFLICT,
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    page_as(status, &ImportPage::new(&ctx, text, Some(plan), stale).await?)
}

/// The file, or else the pasted text; whether it is to be done; and the mark of what was looked at.
async fn read(mut sent: Multipart) -> Result<(Vec<u8>, bool, String)> {
    let broken = |error: axum::extract::multipart::MultipartError| Error::invalid(format!("The file did not arrive whole: {}", error.body_text()));
    let (mut file, mut text, mut sure, mut seen) = (Vec::new(), Vec::new(), false, String::new());
    while let Some(field) = sent.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        match name.as_str() {
            "file" => file = bytes.to_vec(),
            "text" => text = bytes.to_vec(),
            "seen" => seen = String::from_utf8_lossy(&bytes).into_owned(),
            "do" => sure = bytes.as_ref() == b"import",
            _ => {}
        }
    }
    Ok((if file.is_empty() { text } else { file }, sure, seen))
}
