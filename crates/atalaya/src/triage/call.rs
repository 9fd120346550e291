//! A phone call, written down while it lasts: the same intake as every other report.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::access::{Noun, Verb, require};
use crate::cases::drafts;
use crate::reports::{self, KINDS, NewReport, Receipt};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, page, page_as};
use crate::{App, Error, Result};

#[derive(Template)]
#[template(path = "triage/pages/call.html")]
struct CallPage {
    shell: Shell,
    fields: Fields,
    kinds: [&'static str; 7],
    languages: Vec<(String, String)>,
    /// When what was typed saved itself.
    draft: Option<Timestamp>,
    problem: Option<(&'static str, String)>,
}

impl CallPage {
    /// Whether this field is the one to mend.
    fn bad(&self, field: &str) -> bool {
        self.problem.as_ref().is_some_and(|(bad, _)| *bad == field)
    }
}

#[derive(Template)]
#[template(path = "triage/pages/called.html")]
struct CalledPage {
    shell: Shell,
    number: String,
    /// None once somebody ended it.
    link: Option<String>,
    /// Whether the same was sent before.
    again: bool,
    /// Whether a receipt goes by mail; if not, why.
    mailed: bool,
    why: &'static str,
}

/// `GET /inbox/new`
pub async fn call(ctx: Ctx, asked: Asked) -> Result<Response> {
    let left = drafts::draft(&mut ctx.app.db.read().await?, ctx.person()?.id, "call", drafts::NEW).await?;
    match left.filter(|_| asked.0.0.is_empty()) {
        Some(left) => form(&ctx, left.fields, Some(left.at), None).await,
        None => form(&ctx, asked.0, None, None).await,
    }
}

async fn form(ctx: &Ctx, fields: Fields, draft: Option<Timestamp>, problem: Option<(&'static str, String)>) -> Result<Response> {
    let shell = Shell::new(ctx, "A report by phone", Room::Inbox).await?;
    let languages = ctx.app.languages.offered().iter().map(|tag| (tag.clone(), crate::text::own_name(tag).to_owned())).collect();
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &CallPage { shell, fields, kinds: KINDS, languages, draft, problem })
}

/// `POST /inbox/new`
pub async fn take_call(ctx: Ctx, fields: Fields) -> Result<Response> {
    require(&ctx.who, Verb::Change, Noun::Report)?;
    let new = match read(&ctx.app, &fields) {
        Ok(new) => new,
        Err((field, says)) => return form(&ctx, fields, None, Some((field, says))).await,
    };
    let receipt = match reports::receive(&ctx.app, &ctx.sends(&fields), new?).await {
        Err(Error::Invalid(says) | Error::Conflict(says)) => return form(&ctx, fields, None, Some(("title", says))).await,
        receipt => receipt?,
    };
    drafts::drop_draft(&ctx.app, ctx.person()?.id, "call", drafts::NEW).await?;
    called(&ctx, &fields, receipt).await
}

/// What the caller is told: the number and the link, since no mail may say it.
async fn called(ctx: &Ctx, fields: &Fields, receipt: Receipt) -> Result<Response> {
    let shell = Shell::new(ctx, "Written down", Room::Inbox).await?;
    let link = reports::link(&mut ctx.app.db.read().await?, &ctx.app, receipt.id).await?;
    let why = match (fields.get("reporter_mail").is_empty(), fields.has("receipt"), ctx.app.profile.mail.is_some()) {
        (true, true, _) => "a receipt was ticked, but there is no mail address to send it to",
        (true, false, _) => "there is no mail address",
        (_, false, _) => "no receipt was ticked",
        (_, _, false) => "the team has no mail",
        _ => "",
    };
    page(&CalledPage { shell, number: receipt.number, link, again: receipt.secret.is_empty(), mailed: why.is_empty(), why })
}

type Fault = (&'static str, String);

/// What was typed as a report; the outer error names a field, the inner is a fault of ours.
fn read(app: &App, fields: &Fields) -> Result<Result<NewReport>, Fault> {
    let need = |name: &'static str, says: &str| fields.need(name, says).map(str::to_owned).map_err(|error| (name, error.to_string()));
    let title = need("title", "Write in one line what it is about")?;
    let body = need("body", "Write down what the caller said")?;
    let mail = fields.get("reporter_mail");
    if !mail.is_empty() && post::address::check(mail).is_err() {
        return Err(("reporter_mail", format!("“{mail}” is not a mail address")));
    }
    let kind = fields.get("kind");
    if !KINDS.contains(&kind) {
        return Err(("kind", "Choose what it is about".into()));
    }
    let label: Option<Tlp> = fields.parsed("label", "a label").map_err(|error| ("label", error.to_string()))?;
    let typed: Map<String, Json> = fields.0.iter().map(|(name, value)| (name.clone(), Json::from(value.as_str()))).collect();
    let raw = app.blobs.seal(Json::Object(typed).to_string().as_bytes()).map_err(Error::from);
    Ok(raw.map(|raw| NewReport {
        channel: "phone",
        kind: kind.to_owned(),
        title,
        body,
        attached: String::new(),
        language: fields.get("language").to_owned(),
        urgent: fields.has("urgent"),
        help: fields.has("help"),
        reporter_name: fields.get("reporter_name").to_owned(),
        reporter_mail: mail.to_owned(),
        reporter_phone: fields.get("reporter_phone").to_owned(),
        reporter_org: fields.get("reporter_org").to_owned(),
        organisation: None,
        member: None,
        raw,
        raw_type: "application/json",
        problems: Vec::new(),
        label,
        idempotency: None,
        mail_message_id: None,
        acknowledge: fields.has("receipt"),
        files: Vec::new(),
    }))
}
