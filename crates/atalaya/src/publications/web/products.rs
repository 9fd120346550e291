//! The catalogue of products: what forms offer, and a form that mends one of them.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::{read, refused};
use crate::Result;
use crate::publications::products::{self, Known};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};

#[derive(Template)]
#[template(path = "publications/pages/catalogue.html")]
struct CataloguePage {
    shell: Shell,
    rows: Vec<Known>,
    /// The one that is mended, as its form has it.
    one: Option<Known>,
    refused: String,
}

async fn shown(ctx: &Ctx, one: Option<Known>, status: StatusCode, refused: String) -> Result<Response> {
    let rows = products::offered(&mut ctx.app.db.read().await?).await?;
    page_as(status, &CataloguePage { shell: Shell::new(ctx, "Products", Room::Publishing).await?, rows, one, refused })
}

/// `GET /publishing/products?product=`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let one = match asked.get("product") {
        "" => None,
        id => Some(products::one(&mut ctx.app.db.read().await?, read(id)?).await?),
    };
    shown(&ctx, one, StatusCode::OK, String::new()).await
}

/// `POST /publishing/products/{id}`
pub async fn mend(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let (id, text) = (read(&id)?, |name: &str| fields.get(name).to_owned());
    let right = Known { id, vendor: text("vendor"), name: text("name"), cpe: text("cpe"), purl: text("purl") };
    match refused(products::mend(&ctx.app, &ctx.who, id, right.clone()).await)? {
        None => Ok(go("/publishing/products", Some("Saved. Forms offer it so from now on."))),
        Some((status, why)) => shown(&ctx, Some(right), status, why).await,
    }
}
