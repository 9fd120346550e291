//! The same done with several cases: first the preview, then the deed.

use axum::response::Response;
use store::Id;

use super::list::{self, Bulk, Filter};
use super::page::BulkPage;
use crate::people::named;
use crate::web::{Ctx, Fields, Room, Shell, go, page};
use crate::{Error, Result};

/// `POST /cases/bulk`: first the preview, then with `sure` the deed.
pub async fn bulk(ctx: Ctx, fields: Fields) -> Result<Response> {
    let ids: Vec<Id> = fields.all("id").filter_map(|id| id.parse().ok()).collect();
    let (action, back) = (fields.get("do").to_owned(), format!("/cases?{}", Filter::read(&Fields::parse(fields.get("back").as_bytes())).query()));
    if ids.is_empty() {
        return Ok(go(&back, Some("Tick the cases first.")));
    }
    let value = if fields.has("value") { fields.get("value") } else { fields.get(if action == "label" { "label" } else { "owner" }) }.to_owned();
    let what = asked_of(&action, &value)?;
    if fields.has("sure") {
        let (changed, refused) = list::bulk(&ctx.app, &ctx.who, &ids, &what).await?;
        return changed_some(&back, changed, &refused);
    }
    preview(&ctx, &ids, &what, action, value, back).await
}

/// What became of several cases: all that were not changed are told, or as many as a line holds.
fn changed_some(back: &str, changed: usize, refused: &[String]) -> Result<Response> {
    const TOLD: usize = 5;
    let (first, rest) = refused.split_at(refused.len().min(TOLD));
    let more = if rest.is_empty() { String::new() } else { format!(" And {} more.", rest.len()) };
    match (changed, refused.is_empty()) {
        (0, false) => Err(Error::conflict(format!("{}{more}", first.join(" ")))),
        (_, true) => Ok(go(back, Some(&format!("{changed} {} changed.", if changed == 1 { "case" } else { "cases" })))),
        (_, false) => Ok(go(back, Some(&format!("{changed} changed. Not changed: {}{more}", first.join(" "))))),
    }
}

fn asked_of(action: &str, value: &str) -> Result<Bulk> {
    match action {
        "label" => Ok(Bulk::Label(value.parse().map_err(|_| Error::invalid("Choose a label"))?)),
        "assign" if value == "nobody" => Ok(Bulk::Assign(None)),
        "assign" => Ok(Bulk::Assign(Some(value.parse().map_err(|_| Error::invalid("Choose somebody of the team"))?))),
        _ => Err(Error::invalid("Choose what to do")),
    }
}

async fn preview(ctx: &Ctx, ids: &[Id], what: &Bulk, action: String, value: String, back: String) -> Result<Response> {
    let shell = Shell::new(ctx, "Change several cases", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let staff = named::staff(&mut reader).await?;
    let person = |id: Option<Id>| staff.iter().find(|(known, _)| Some(*known) == id).map_or_else(|| "nobody".to_owned(), |(_, name)| name.clone());
    let words = match what {
        Bulk::Assign(owner) => format!("Give to {}", person(*owner)),
        Bulk::Label(label) => format!("Raise the label to {}", label.marking()),
    };
    let rows = list::chosen(&mut reader, &ctx.who, ids).await?.into_iter().map(|case| {
        let change = match what {
            Bulk::Assign(owner) if case.owner != *owner => format!("{} → {}", person(case.owner), person(*owner)),
            Bulk::Label(label) if case.label < *label => format!("{} → {}", case.label.marking(), label.marking()),
            _ => String::new(),
        };
        (case, change)
    });
    page(&BulkPage { shell, what: words, action, value, rows: rows.collect(), back })
}
