//! The form's pages.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequestParts, Multipart, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::page::{CheckPage, ReceivedPage, UnknownPage, ask, files_page, promise};
use super::questions::{self, Step};
use super::{Answers, Ended, Token};

use crate::clocks::Turn;
use crate::publications::{self, site, site::Card};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, REPORT_SECRET, Site, ctx::cookie, go, page_as, remove_cookie, upload};
use crate::{App, Error, Result, clocks, form, reports};

/// The cookie with the visitor's token.
const COOKIE: &str = "answers";
/// The field that no person sees; robots fill it.
const TRAP: &str = "website";

/// The visitor's token, if the browser sent one.
#[derive(Debug)]
pub struct Holder(Option<Token>);

impl FromRequestParts<App> for Holder {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(cookie(&parts.headers, COOKIE).as_deref().and_then(Token::sent)))
    }
}

/// `GET /report`: the first question.
pub async fn begin(ctx: Ctx, holder: Holder, asked: Asked) -> Result<Response> {
    let answers = form::answers(&ctx.app, holder.0.as_ref()).await?.filter(|answers| answers.sent.is_none()).unwrap_or_default();
    ask(&ctx, Step::Kind, &answers, asked.has("check"), StatusCode::OK)
}

/// `GET /report/{step}`: another question.
pub async fn question(ctx: Ctx, holder: Holder, Path(slug): Path<String>, asked: Asked) -> Result<Response> {
    let step = Step::named(&slug).filter(|step| *step != Step::Kind).ok_or(Error::NotFound)?;
    let answers = match open(&ctx, &holder).await? {
        Ok(answers) => answers,
        Err(elsewhere) => return Ok(elsewhere),
    };
    ask(&ctx, step, &answers, asked.has("check"), StatusCode::OK)
}

/// `GET /report/files`: the files so far.
pub async fn files_so_far(ctx: Ctx, holder: Holder, asked: Asked) -> Result<Response> {
    question(ctx, holder, Path(Step::Files.slug().to_owned()), asked).await
}

/// `POST /report`: the first answer.
pub async fn answer_first(ctx: Ctx, holder: Holder, fields: Fields) -> Result<Response> {
    answered(&ctx, holder, Step::Kind, &fields).await
}

/// `POST /report/{step}`: an answer.
pub async fn answer(ctx: Ctx, holder: Holder, Path(slug): Path<String>, fields: Fields) -> Result<Response> {
    let step = Step::named(&slug).filter(|step| ![Step::Kind, Step::Files].contains(step)).ok_or(Error::NotFound)?;
    answered(&ctx, holder, step, &fields).await
}

async fn answered(ctx: &Ctx, holder: Holder, step: Step, fields: &Fields) -> Result<Response> {
    trapped(fields)?;
    let checking = fields.has("check");
    let (token, answers) = form::keep(ctx, holder.0, step, fields).await?;
    let response = if answers.wrong(step, &ctx.app, &ctx.text).is_empty() {
        let changed_kind = checking && step == Step::Kind;
        go(&after(step, &answers, checking, changed_kind), None)
    } else {
        ask(ctx, step, &answers, checking, StatusCode::UNPROCESSABLE_ENTITY)?
    };
    Ok(remember(ctx, response, &token))
}

/// Where an answered page leads.
fn after(step: Step, answers: &Answers, checking: bool, changed_kind: bool) -> String {
    let steps = questions::steps(answers.kind());
    let next = steps.iter().skip_while(|known| **known != step).nth(1);
    match next {
        // Another kind has other questions: they come before the check.
        Some(next) if changed_kind => format!("{}?check=1", next.path()),
        Some(next) if !checking => next.path(),
        _ => "/report/check".into(),
    }
}

/// `POST /report/files`: files come in, one goes out, or nothing of both.
pub async fn files(ctx: Ctx, holder: Holder, form: Result<Multipart, MultipartRejection>) -> Result<Response> {
    let answers = match open(&ctx, &holder).await? {
        Ok(answers) => answers,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (Some(token), Ok(form)) = (holder.0, form) else { return Err(Error::invalid("error-said-button")) };
    let uploads = ctx.app.uploads.clone();
    let taken = upload::take(form, form::room(&ctx.app, &answers), || Ok(uploads.writer()?)).await?;
    trapped(&taken.fields)?;
    let refused = taken.refused(&ctx.text, &ctx.app.profile.intake, "form").into_iter().map(|text| ("files".to_owned(), text)).collect::<Vec<_>>();
    let status = if taken.too_large.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::PAYLOAD_TOO_LARGE };
    let (fields, brought) = (taken.fields, !taken.files.is_empty());
    let answers = kept(&ctx, &token, taken.files, &fields).await?;
    let onward = || go(&after_files(&fields, &answers, brought), None);
    let response = if refused.is_empty() { onward() } else { files_page(&ctx, &answers, fields.has("check"), refused, status)? };
    Ok(remember(&ctx, response, &token))
}

/// Keeps the files that came, and lets the one go that was taken out. Says what there is then.
async fn kept(ctx: &Ctx, token: &Token, files: Vec<upload::File<vault::blob::Writer>>, fields: &Fields) -> Result<Answers> {
    form::attach(ctx, token, files).await?;
    if let Ok(id) = fields.get("remove").parse() {
        form::detach(&ctx.app, token, id).await?;
    }
    Ok(form::answers(&ctx.app, Some(token)).await?.unwrap_or_default())
}

/// The page that comes next: the button says where it leads, and files that were chosen come along either way.
fn after_files(fields: &Fields, answers: &Answers, brought: bool) -> String {
    let (checking, removed) = (fields.has("check"), fields.has("remove"));
    let onward = fields.get("do") == "on" && !removed;
    if !onward && (brought || removed || fields.get("do") == "add") {
        return if checking { "/report/files?check=1" } else { "/report/files" }.to_owned();
    }
    after(Step::Files, answers, checking, false)
}

/// `GET /report/check`: everything again.
pub async fn check(ctx: Ctx, holder: Holder) -> Result<Response> {
    let answers = match open(&ctx, &holder).await? {
        Ok(answers) => answers,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if let Some(step) = answers.unfinished(&ctx.app, &ctx.text) {
        return ask(&ctx, step, &answers, true, StatusCode::UNPROCESSABLE_ENTITY);
    }
    page_as(StatusCode::OK, &CheckPage::new(&ctx, &answers))
}

/// `POST /report/check`: send it.
pub async fn send(ctx: Ctx, holder: Holder, fields: Fields) -> Result<Response> {
    trapped(&fields)?;
    let Some(token) = &holder.0 else { return unknown(&ctx) };
    Ok(match form::send(&ctx, token).await? {
        Ended::Sent => remember(&ctx, go("/report/received", None), token),
        Ended::Missing(step) => go(&format!("{}?check=1", step.path()), None),
        Ended::Nothing => over(&ctx),
    })
}

/// `GET /report/received`: the receipt.
pub async fn received(ctx: Ctx, holder: Holder) -> Result<Response> {
    let kept = form::answers(&ctx.app, holder.0.as_ref()).await?;
    let (Some(token), Some(sent)) = (&holder.0, kept.and_then(|answers| answers.sent)) else { return Ok(go("/report", None)) };
    let (number, secret) = form::receipt(token, &sent)?;
    let link = format!("{}/status/{number}?secret={secret}", ctx.app.profile.web.public_url);
    let mut reader = ctx.app.db.read().await?;
    let running = clocks::of(&mut reader, sent.id).await?;
    let report = reports::get(&mut reader, sent.id).await?;
    drop(reader);
    let mailed = ctx.app.profile.mail.is_some() && report.as_ref().is_some_and(|report| !report.reporter_mail.is_empty());
    let urgent = report.as_ref().is_some_and(|report| report.urgent);
    let guidance = meanwhile(&ctx, report.as_ref().map_or("", |report| report.kind.as_str())).await?;
    // What was promised when it came, whatever came of it since.
    let first = running.iter().filter(|clock| clock.state != "void" && !matches!(clock.turn(&running), Turn::Again(_)));
    let promises = first.map(|clock| (promise(&ctx, &clock.promise), clock.due_at)).collect();
    let site = Site::new(&ctx, &ctx.text.say("form-received-title"));
    page_as(StatusCode::OK, &ReceivedPage { site, number, secret, link, promises, notice: ctx.capacity_notice(), mailed, urgent, guidance })
}

/// What the team has written for whom such a thing happened to.
async fn meanwhile(ctx: &Ctx, kind: &str) -> Result<Vec<Card>> {
    let Some((class, name)) = questions::commonly(kind) else { return Ok(Vec::new()) };
    let catalogue = publications::catalogue(&ctx.app).await?;
    Ok(site::cards(ctx, catalogue.guidance(class, name)))
}

/// `POST /report/forget`: throw the answers away or, once they were sent, whatever leads from this device to the report.
pub async fn forget(ctx: Ctx, holder: Holder) -> Result<Response> {
    let sent = form::answers(&ctx.app, holder.0.as_ref()).await?.and_then(|answers| answers.sent);
    if let Some(token) = &holder.0 {
        form::forget(&ctx.app, token).await?;
    }
    let said = if sent.is_some() { "form-received-forgotten" } else { "form-forgotten" };
    let mut response = go("/", Some(&ctx.text.say(said)));
    remove_cookie(&mut response, COOKIE, "/report");
    if let Some(sent) = sent {
        remove_cookie(&mut response, REPORT_SECRET, &format!("/status/{}", sent.number));
    }
    Ok(response)
}

/// The answers so far, or where to go when there are none or they were sent.
async fn open(ctx: &Ctx, holder: &Holder) -> Result<Result<Answers, Response>> {
    Ok(match form::answers(&ctx.app, holder.0.as_ref()).await? {
        Some(answers) if answers.sent.is_some() => Err(go("/report/received", None)),
        Some(answers) if answers.wrong(Step::Kind, &ctx.app, &ctx.text).is_empty() => Ok(answers),
        Some(_) => Err(go("/report", None)),
        None if holder.0.is_some() => Err(over(ctx)),
        None => Err(unknown(ctx)?),
    })
}

/// No cookie came along: the hour is over, or the browser keeps none, and then no page could ever say so but this.
fn unknown(ctx: &Ctx) -> Result<Response> {
    let site = Site::new(ctx, &ctx.text.say("form-unknown-title"));
    page_as(StatusCode::UNPROCESSABLE_ENTITY, &UnknownPage { site })
}

fn over(ctx: &Ctx) -> Response {
    go("/report", Some(&ctx.text.say("form-over")))
}

/// A robot filled the field that nobody sees. It is told what a person in a hurry is told.
fn trapped(fields: &Fields) -> Result<()> {
    if fields.has(TRAP) { Err(Error::TooMany) } else { Ok(()) }
}

fn remember(ctx: &Ctx, mut response: Response, token: &Token) -> Response {
    let secure = if ctx.app.profile.web.secure_cookies { "; Secure" } else { "" };
    let line = format!("{COOKIE}={}; Path=/report; Max-Age=3600; HttpOnly; SameSite=Lax{secure}", token.as_str());
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
