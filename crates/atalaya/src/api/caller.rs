//! Who calls: the holder of a bearer token (RFC 6750), and how often.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ::store::Id;
use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};
use jiff::{SignedDuration, Timestamp};

use crate::access::Who;
use crate::web::ctx::header_text;
use crate::{App, Error, people};

/// A program with a good token.
#[derive(Clone, Debug)]
pub struct Caller(pub Who);

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        holder(parts, app, "reports").await.map(Self)
    }
}

/// A program that delivers event files.
#[derive(Clone, Debug)]
pub struct Feeder(pub Who);

impl FromRequestParts<App> for Feeder {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        holder(parts, app, "feeds").await.map(Self)
    }
}

/// A program of an organisation that fetches its events.
#[derive(Clone, Debug)]
pub struct Fetcher(pub Who);

impl FromRequestParts<App> for Fetcher {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        holder(parts, app, "events").await.map(Self)
    }
}

/// Who holds the token that a request shows, if it is good for this.
async fn holder(parts: &Parts, app: &App, scope: &str) -> Result<Who, Error> {
    let (scheme, bearer) = header_text(&parts.headers, header::AUTHORIZATION.as_str()).split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::LogIn);
    }
    let who = people::token(app, bearer.trim(), scope).await?.ok_or(Error::LogIn)?;
    if let Who::Token { id, .. } = &who
        && !app.callers.allow(*id, app.now(), app.profile.intake.max_per_minute_and_token)
    {
        return Err(Error::TooMany);
    }
    Ok(who)
}

/// How often each token called in the running minute. Counted in memory, by each node for itself: a count
/// on disk would cost as much as the report that it counts.
#[derive(Debug, Default)]
pub struct Callers(Mutex<HashMap<Id, (Timestamp, u32)>>);

impl Callers {
    /// Counts one call; whether it is within the limit.
    fn allow(&self, token: Id, now: Timestamp, most: u32) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = counts.entry(token).or_insert((now, 0));
        if now.duration_since(*since) >= SignedDuration::from_mins(1) {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= most
    }
}
