//! An item as plain text that can be handed on and checked: signed with the mail address's key, where there is one.

use std::sync::Arc;

use super::super::catalogue::{Item, Kept};
use super::super::readers;
use crate::web::Ctx;
use crate::{Error, Result, keys};

/// `GET /advisories/{name}.txt` and so on: what the mails say of it, and which version of which it is.
pub async fn text(ctx: &Ctx, item: &Arc<Item>) -> Result<Kept> {
    let said = readers::said(&ctx.app, item, ctx.text.wanted()).ok_or(Error::NotFound)?;
    let team = ctx.app.profile.team.name.text(ctx.text.wanted());
    let version = ctx.text.with("pub-version", "number", item.called());
    let text = format!("{}\n\n{team}, {}, {version}, {}\n", said.trim_end(), item.name, item.changed_at);
    let signed = keys::own::sign(&mut ctx.app.db.read().await?, &ctx.app, &text).await?;
    Ok(Kept::new("text/plain; charset=utf-8", signed.unwrap_or(text).into_bytes()))
}
