//! The programming interface: other programs hand in reports and ask how theirs stand.
//!
//! [`submit`] is the third channel into `reports::receive`, beside form and mail. A token says who
//! asks; an idempotency key makes a repeated request the same report. `openapi.json` describes it all.

mod body;
mod caller;
mod events_openapi;
pub mod events_web;
mod openapi;
pub mod web;

use serde_json::{Value as Json, json};

use vault::blob::Hash;

use crate::access::Who;
use crate::release::{self, Channel, Leaving, Recipient};
use crate::reports::{self, NewReport, Report};
use crate::{App, Error, Result};

pub use body::Faults;
pub use caller::Callers;
pub use openapi::description;

/// What became of a request that hands in a report.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// A new report: number, secret and the address of its status page.
    Made(Json),
    /// The same request came before: its number.
    Known(Json),
    /// Nothing was taken: what is wrong, field by field.
    Refused(Faults),
}

/// Takes a report in for the holder of a token.
pub async fn submit(app: &App, who: &Who, key: Option<String>, raw: &[u8]) -> Result<Submitted> {
    let Who::Token { id, organisation } = who else { return Err(Error::LogIn) };
    let new = match body::read(app, raw)? {
        Ok(new) => new,
        Err(faults) => return Ok(Submitted::Refused(faults)),
    };
    // One program's key says nothing about another's.
    let idempotency = key.map(|key| format!("token:{id}:{key}"));
    let hash = new.raw.hash;
    let new = NewReport { organisation: *organisation, idempotency, ..new };
    let receipt = reports::receive(app, who, new).await?;
    let status = format!("{}/status/{}", app.profile.web.public_url, receipt.number);
    if !receipt.secret.is_empty() {
        let url = format!("{status}?secret={}", receipt.secret);
        return Ok(Submitted::Made(json!({ "number": receipt.number, "secret": receipt.secret, "status_url": url })));
    }
    let first = reports::get(&mut app.db.read().await?, receipt.id).await?.ok_or(Error::NotFound)?;
    if first.raw != Some(hash) {
        return Err(Error::conflict(format!("This Idempotency-Key belongs to {}, which says something else. Use a new key for a new report.", first.number)));
    }
    Ok(Submitted::Known(json!({ "number": first.number, "status_url": status })))
}

/// How a report stands, for the token that handed it in.
pub async fn status(app: &App, who: &Who, number: &str) -> Result<Json> {
    let mut reader = app.db.read().await?;
    let report = reports::find(&mut reader, number).await?.ok_or(Error::NotFound)?;
    if !reports::was_made_by(&mut reader, report.id, &who.to_string()).await? {
        return Err(Error::NotFound);
    }
    let answer = json!({ "number": report.number, "received_at": report.received_at.to_string(), "status": stands(&report) });
    let leaving = Leaving {
        to: Recipient {
            key: who.to_string(),
            name: "the program that handed it in".into(),
            organisation: who.organisation(),
            // Whoever told us something may hear of it again; how far it goes by this channel is the profile's.
            ceiling: app.profile.labels.recipient.max(report.label),
            address: String::new(),
        },
        channel: Channel::Api,
        noun: "report",
        id: report.id,
        about: report.id,
        version: report.version,
        label: report.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "status".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content: Hash::of(answer.to_string().as_bytes()),
    };
    Ok(release::once(&app.db, &app.profile, who, &leaving, answer).await?.into_value())
}

/// No more than the reporter's own page says: what the team thinks of a report stays inside.
fn stands(report: &Report) -> &'static str {
    match report.state.as_str() {
        "new" => "received",
        "open" => "in_progress",
        _ => "closed",
    }
}
