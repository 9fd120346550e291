//! A CVSS vector, put together from its base metrics, and carried into the form that wants it.

use ::store::Id;
use askama::Template;
use axum::response::Response;

use crate::Result;
use crate::publications::known;
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, page};

#[derive(Template)]
#[template(path = "publications/pages/cvss.html")]
struct CvssPage {
    shell: Shell,
    version: &'static str,
    metrics: Vec<Metric>,
    vector: String,
    score: String,
    /// The vulnerability that it is for, as an address has it; empty for none.
    asks: String,
    /// The form that takes it.
    form: String,
}

/// A metric of CVSS with its values.
struct Metric {
    code: &'static str,
    name: &'static str,
    values: Vec<(&'static str, &'static str, bool)>,
}

/// The version of that name; 3.1 where it is none.
pub(super) fn version(name: &str) -> &'static str {
    if name == "4.0" { "4.0" } else { "3.1" }
}

/// The publication and the place of a vulnerability in it: whoever follows an address from elsewhere is led to no other.
fn wanted(asked: &str) -> Option<(Id, usize)> {
    let (id, place) = asked.split_once('/')?;
    Some((id.parse().ok()?, place.parse().ok()?))
}

/// `GET /publishing/cvss?version=3.1|4.0&for=ID/PLACE&AV=N&…`: a vector put together from its base metrics.
pub async fn cvss(ctx: Ctx, asked: Asked) -> Result<Response> {
    let version = version(asked.get("version"));
    let table = if version == "4.0" { known::CVSS4 } else { known::CVSS3 };
    let mut vector = format!("CVSS:{version}");
    let mut metrics = Vec::new();
    for (code, name, values) in table {
        let chosen =
            values.iter().map(|(value, _)| *value).find(|value| *value == asked.get(code)).or(values.last().map(|(value, _)| *value)).unwrap_or_default();
        vector.push_str(&format!("/{code}:{chosen}"));
        metrics.push(Metric { code, name, values: values.iter().map(|(value, means)| (*value, *means, *value == chosen)).collect() });
    }
    let rating = csaf::write::rating(&vector);
    let score = rating.map(|(tenths, severity)| format!("{}.{} {}", tenths / 10, tenths % 10, severity.as_str().to_lowercase())).unwrap_or_default();
    let place = wanted(asked.get("for"));
    let field = if version == "4.0" { "cvss4" } else { "cvss3" };
    let form = place.map(|(id, place)| format!("/publishing/{id}/vulnerabilities/{place}?{field}={vector}")).unwrap_or_default();
    let asks = place.map(|(id, place)| format!("{id}/{place}")).unwrap_or_default();
    page(&CvssPage { shell: Shell::new(&ctx, "CVSS", Room::Publishing).await?, version, metrics, vector, score, asks, form })
}
