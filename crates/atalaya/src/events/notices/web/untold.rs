//! Who was not told of what, and why.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use crate::events::notices::{self, Step, UntoldLine};
use crate::web::{Ctx, Room, Shell, go, page};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "events/notices/pages/untold.html")]
struct UntoldPage {
    shell: Shell,
    here: &'static str,
    /// Title, what it means, the lines.
    parts: Vec<(&'static str, &'static str, Vec<UntoldLine>)>,
}

/// `GET /events/untold`
pub async fn list(ctx: Ctx) -> Result<Response> {
    let shell = Shell::new(&ctx, "Not told", Room::Events).await?;
    let (waits, stays): (Vec<_>, Vec<_>) = notices::untold(&ctx.app, &ctx.who).await?.into_iter().partition(|line| line.waits);
    let parts = vec![
        ("Not told unless somebody does something", "The reason has to go first; then have it looked at again.", stays),
        ("Told in time", "It waits for a moment of its rule; nothing has to be done.", waits),
    ];
    page(&UntoldPage { shell, here: "notices", parts })
}

/// `POST /events/untold/{organisation}`
pub async fn look_again(ctx: Ctx, Path(organisation): Path<String>) -> Result<Response> {
    let id = organisation.parse().map_err(|_| Error::NotFound)?;
    notices::look_again(&ctx.app, &ctx.who, id).await?;
    Ok(go("/events/untold", Some("It is looked at again by the rules of now, each at its next moment.")))
}
