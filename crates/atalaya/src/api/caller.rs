//! Who calls: the holder of a bearer token (RFC 6750).

use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};

use crate::access::Who;
use crate::web::ctx::header_text;
use crate::{App, Error, people};

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
        people::token(app, bearer.trim()).await?.map(Self).ok_or(Error::LogIn)
    }
}
