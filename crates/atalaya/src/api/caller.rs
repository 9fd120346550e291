//! Who calls: the holder of a bearer token (RFC 6750).

use ::store::{Id, args};
use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};
use sha2::{Digest, Sha256};

use crate::access::Who;
use crate::web::ctx::header_text;
use crate::{App, Error, Result};

/// A program with a good token.
#[derive(Clone, Debug)]
pub struct Caller(pub Who);

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let (scheme, bearer) = header_text(&parts.headers, header::AUTHORIZATION.as_str()).split_once(' ').unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::LogIn);
        }
        holder(app, bearer.trim()).await?.map(Self).ok_or(Error::LogIn)
    }
}

async fn holder(app: &App, bearer: &str) -> Result<Option<Who>> {
    let hash: [u8; 32] = Sha256::digest(bearer.as_bytes()).into();
    let text = "select id, organisation_id from tokens where hash = $1 and scope = 'reports' and revoked_at is null";
    let found: Option<(Id, Option<Id>)> = app.db.read().await?.row(text, args![hash]).await?;
    Ok(found.map(|(id, organisation)| Who::Token { id, organisation }))
}
