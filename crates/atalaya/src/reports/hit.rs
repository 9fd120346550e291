//! What of all that reports name was hit, as far as the reporter said so: the form asks for it by
//! question, and who reports a weakness names where it is. Of anything else it is not known whether it
//! was hit or did it.

use std::collections::HashSet;

use ::store::{Id, Reader, Statement, Value};
use formats::observable::{Observable, distinct, extract};
use serde_json::Value as Json;
use vault::blob::Hash;

use super::for_cases::seen;
use crate::{App, Result};

/// The questions of the form that ask what was hit.
const HIT: [&str; 5] = ["systems", "service", "data", "product", PRETENDS];
/// The one that asks in whose name somebody acts: a name more often than an address.
const PRETENDS: &str = "pretends";
/// So many originals are opened for one page.
const OPENED: usize = 20;

/// What reports name as hit.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    /// Addresses and names of machines.
    pub observables: HashSet<Observable>,
    /// In whose name somebody acts, as the reporters wrote it.
    pub impersonated: Vec<String>,
}

/// What these reports name as hit.
pub async fn hit(reader: &mut Reader, app: &App, reports: &[Id]) -> Result<Hit> {
    if reports.is_empty() {
        return Ok(Hit::default());
    }
    let mut statement = Statement::new("select id, kind, channel, raw from reports where id in (");
    statement.bind_list(reports.iter().map(Value::from)).push(") order by id");
    let rows: Vec<(Id, String, String, Option<Hash>)> = reader.select(statement).await?;
    let weak: Vec<Id> = rows.iter().filter(|(_, kind, _, _)| kind == "weakness").map(|(id, _, _, _)| *id).collect();
    let mut hit = Hit { observables: seen(reader, &weak).await?.into_iter().map(|seen| seen.observable).collect(), impersonated: Vec::new() };
    let forms: Vec<Hash> = rows.into_iter().filter(|(_, _, channel, _)| channel == "form").filter_map(|(_, _, _, raw)| raw).take(OPENED).collect();
    for raw in app.blobs.get_all(reader, &forms).await? {
        let document: Json = serde_json::from_slice(&raw).unwrap_or_default();
        for asked in document.get("answers").and_then(Json::as_array).into_iter().flatten() {
            let text = |key: &str| asked.get(key).and_then(Json::as_str).unwrap_or_default();
            if HIT.contains(&text("name")) {
                hit.observables.extend(distinct(&extract(text("answer"))));
            }
            if text("name") == PRETENDS && !text("answer").is_empty() {
                hit.impersonated.push(text("answer").to_owned());
            }
        }
    }
    Ok(hit)
}
