//! A CVSS vector, put together from its base metrics.

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
}

/// A metric of CVSS with its values.
struct Metric {
    code: &'static str,
    name: &'static str,
    values: Vec<(&'static str, &'static str, bool)>,
}

/// `GET /publishing/cvss?version=3.1|4.0&AV=N&…`: a vector put together from its base metrics.
pub async fn cvss(ctx: Ctx, asked: Asked) -> Result<Response> {
    let version = if asked.get("version") == "4.0" { "4.0" } else { "3.1" };
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
    page(&CvssPage { shell: Shell::new(&ctx, "CVSS", Room::Publishing).await?, version, metrics, vector, score })
}
