//! A CVSS vector, put together from its base metrics, and carried into the form that wants it.

use ::store::Id;
use askama::Template;
use axum::response::Response;

use crate::Result;
use crate::publications::{item, known};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, page};

#[derive(Template)]
#[template(path = "publications/pages/cvss.html")]
struct CvssPage {
    shell: Shell,
    version: &'static str,
    metrics: Vec<Metric>,
    /// Metrics that are not asked for, with their values.
    others: Vec<(String, String)>,
    vector: String,
    /// Empty where the vector is not whole.
    score: String,
    /// The vulnerability that it is for, as an address has it; empty for none.
    asks: String,
    /// The field that takes the vector, and its form.
    field: &'static str,
    back: String,
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

/// Metrics with their values: as the address chooses them, or else those of the vector that the vulnerability was saved with.
async fn chosen(ctx: &Ctx, asked: &Asked, version: &str, place: Option<(Id, usize)>) -> Result<Fields> {
    let typed: Vec<_> = asked.0.0.iter().filter(|(name, _)| !matches!(name.as_str(), "version" | "for")).cloned().collect();
    let Some((id, place)) = place.filter(|_| typed.is_empty()) else { return Ok(Fields(typed)) };
    let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
    let family = if version == "4.0" { "CVSS:4" } else { "CVSS:3" };
    let scores = one.content.vulnerabilities.get(place).map(|one| one.scores.as_slice()).unwrap_or_default();
    let vector = scores.iter().map(|score| score.vector.as_str()).find(|vector| vector.starts_with(family)).unwrap_or_default();
    Ok(Fields(vector.split('/').filter_map(|part| part.split_once(':')).skip(1).map(|(code, value)| (code.to_owned(), value.to_owned())).collect()))
}

/// `GET /publishing/cvss?version=3.1|4.0&for=ID/PLACE&AV=N&…`: a vector put together from its base metrics. What a vector says
/// beyond them goes along as it is.
pub async fn cvss(ctx: Ctx, asked: Asked) -> Result<Response> {
    let version = version(asked.get("version"));
    let table = if version == "4.0" { known::CVSS4 } else { known::CVSS3 };
    let place = wanted(asked.get("for"));
    let chosen = chosen(&ctx, &asked, version, place).await?;
    let others: Vec<(String, String)> = chosen.0.iter().filter(|(code, _)| !table.iter().any(|(known, ..)| known == code)).cloned().collect();
    let base = table.iter().map(|(code, ..)| (*code, chosen.get(code)));
    let all = base.chain(others.iter().map(|(code, value)| (code.as_str(), value.as_str())));
    let vector = format!("CVSS:{version}{}", all.map(|(code, value)| format!("/{code}:{value}")).collect::<String>());
    // Of what is not whole there is no score, and nothing to take over.
    let rating = csaf::write::rating(&vector);
    let score = rating.map(|(tenths, severity)| format!("{}.{} {}", tenths / 10, tenths % 10, severity.as_str().to_lowercase())).unwrap_or_default();
    let metric = |(code, name, values): &known::Metric| {
        let values = values.iter().map(|(value, means)| (*value, *means, *value == chosen.get(code))).collect();
        Metric { code, name, values }
    };
    let metrics = table.iter().map(metric).collect();
    let back = place.map(|(id, place)| format!("/publishing/{id}/vulnerabilities/{place}")).unwrap_or_default();
    let asks = place.map(|(id, place)| format!("{id}/{place}")).unwrap_or_default();
    let field = if version == "4.0" { "cvss4" } else { "cvss3" };
    page(&CvssPage { shell: Shell::new(&ctx, "CVSS", Room::Publishing).await?, version, metrics, others, vector, score, asks, field, back })
}
