//! The pages of a report for its reporter.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequestParts, Multipart, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;

use crate::clocks::Turn;
use crate::reports::{Coming, Report, finish};
use crate::status::{self, Seen};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Kept, REPORT_SECRET, Site, ctx::cookie, go, page_as, show, upload};
use crate::{App, Error, Result};

/// The cookie that holds the secret of the one report in its path.
const COOKIE: &str = REPORT_SECRET;

/// The secret that the browser holds for this path.
#[derive(Debug)]
pub struct Secret(String);

impl FromRequestParts<App> for Secret {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(cookie(&parts.headers, COOKIE).unwrap_or_default()))
    }
}

/// Asks for number and secret.
#[derive(Template)]
#[template(path = "status/pages/find.html")]
struct FindPage {
    site: Site,
    number: String,
    /// Why nothing was found; empty before anybody asked.
    failed: String,
    /// An answer that was written when nobody could open the report any more.
    body: String,
}

/// The report.
#[derive(Template)]
#[template(path = "status/pages/report.html")]
struct ReportPage {
    site: Site,
    report: Report,
    seen: Seen,
    notice: Option<(String, String)>,
    /// Of each promise: its words, its class, how it stands, and which time it was given.
    promises: Vec<(String, &'static str, String, String)>,
    body: String,
    errors: Vec<(String, String)>,
    heading: String,
    words: String,
    hint: String,
}

impl ReportPage {
    fn bytes(&self, size: &u64) -> String {
        show::size(*size)
    }

    /// The class of a label.
    fn tone(&self, line: &status::Line) -> String {
        line.label.split('+').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// Whether the timeline names a step: what ended without work with others says nothing of it.
    fn has_step(&self, stage: usize) -> bool {
        let standing = &self.seen.standing;
        stage != 3 || standing.stage < status::CLOSED || standing.word.starts_with("closed-")
    }

    /// What a step says, and when it was taken: what happened stands in the past, what is to come in the future.
    fn told(&self, stage: usize) -> (String, Option<Timestamp>) {
        let standing = &self.seen.standing;
        let ahead = if self.step(stage) == "next" { "-next" } else { "" };
        let at = match stage {
            1 => Some(self.report.received_at),
            2 => standing.read_at,
            3 => standing.worked_at,
            _ => standing.closed_at,
        };
        (self.site.say(&format!("status-step-{stage}{ahead}")), at.filter(|_| ahead.is_empty()))
    }

    /// The class of a step in the timeline.
    fn step(&self, stage: usize) -> &'static str {
        let now = self.seen.standing.stage;
        if stage < now || now == status::CLOSED || stage == 1 {
            "done"
        } else if stage == now {
            "now"
        } else {
            "next"
        }
    }
}

/// `GET /status`: asks for number and secret.
pub async fn find(ctx: Ctx) -> Result<Response> {
    let site = Site::new(&ctx, &ctx.text.say("status-find-title"));
    page_as(StatusCode::OK, &FindPage { site, number: String::new(), failed: String::new(), body: String::new() })
}

/// `POST /status`: number and secret.
pub async fn enter(ctx: Ctx, fields: Fields) -> Result<Response> {
    let (number, secret) = named(fields.get("number"), fields.get("secret"));
    match status::open(&ctx, &number, &secret).await? {
        Some(report) => {
            let number = report.number.clone();
            let body = fields.get("body").to_owned();
            let page = if body.is_empty() { go(&format!("/status/{number}"), None) } else { shown(&ctx, report, body, Vec::new(), StatusCode::OK).await? };
            Ok(holding(&ctx, page, &number, &secret))
        }
        None => not_found(&ctx, number, StatusCode::UNPROCESSABLE_ENTITY, fields.get("body").to_owned(), "status-find-failed"),
    }
}

/// `GET /status/{number}`: the page; with `?secret=` in the address, the way there, which takes the
/// secret out of the address and looks at nothing.
pub async fn report(ctx: Ctx, Path(number): Path<String>, asked: Asked, Secret(secret): Secret) -> Result<Response> {
    let number = number.to_ascii_uppercase();
    let sent = bare(asked.get("secret"));
    if !sent.is_empty() && is_plain(&number) {
        return Ok(holding(&ctx, go(&format!("/status/{number}"), None), &number, &sent));
    }
    match status::open(&ctx, &number, &secret).await? {
        // Whoever looks and writes now has an hour from now.
        Some(report) => {
            let page = shown(&ctx, report, String::new(), Vec::new(), StatusCode::OK).await?;
            Ok(if is_plain(&number) { holding(&ctx, page, &number, &secret) } else { page })
        }
        None => not_found(&ctx, String::new(), StatusCode::NOT_FOUND, String::new(), without(&secret)),
    }
}

/// `POST /status/{number}`: an answer, with files.
pub async fn answer(ctx: Ctx, Path(number): Path<String>, Secret(secret): Secret, form: Result<Multipart, MultipartRejection>) -> Result<Response, Kept> {
    let form = form.map_err(|_| Error::invalid("error-said-button"))?;
    match status::open(&ctx, &number, &secret).await {
        // The team can read the links in its own mails, and answers for nobody.
        Ok(Some(_)) if ctx.who.is_staff() => Err(Kept::unread(Error::Barred, form).await),
        Ok(Some(report)) => take_answer(&ctx, report, form).await,
        Ok(None) => too_late(&ctx, &number, &secret, form).await,
        Err(error) => Err(Kept::unread(error, form).await),
    }
}

/// Takes what was written into the thread, or shows it again with what is wrong.
async fn take_answer(ctx: &Ctx, report: Report, form: Multipart) -> Result<Response, Kept> {
    let intake = &ctx.app.profile.intake;
    let limits = upload::Limits { files: usize::try_from(intake.max_files).unwrap_or(usize::MAX), bytes: intake.max_file_bytes };
    let taken = upload::take(form, limits, || Ok(ctx.app.blobs.upload())).await?;
    let body = taken.fields.get("body").replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}");
    let errors = wrong(ctx, &taken, &body);
    if !errors.is_empty() {
        let status = if taken.too_large.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::PAYLOAD_TOO_LARGE };
        return Ok(shown(ctx, report, body, errors, status).await?);
    }
    match answered(ctx, &report, &body, taken.files).await {
        Ok(()) => Ok(go(&format!("/status/{}", report.number), Some(&ctx.text.say("status-answered")))),
        Err(error) => Err(Kept::new(error, taken.fields, &["files"])),
    }
}

/// The hour was over while somebody wrote: the words stay, files of strangers do not.
async fn too_late(ctx: &Ctx, number: &str, secret: &str, form: Multipart) -> Result<Response, Kept> {
    let taken = upload::take(form, upload::Limits { files: 0, bytes: 0 }, || Ok(std::io::sink())).await?;
    Ok(not_found(ctx, number.to_ascii_uppercase(), StatusCode::NOT_FOUND, taken.fields.get("body").to_owned(), without(secret))?)
}

/// What stands against an answer: the field, and why.
fn wrong<W>(ctx: &Ctx, taken: &upload::Taken<W>, body: &str) -> Vec<(String, String)> {
    let words = status::wrong(&ctx.text, body, taken.files.len()).map(|text| ("body".to_owned(), text));
    let files = taken.refused(&ctx.text, &ctx.app.profile.intake, "status").into_iter().map(|text| ("files".to_owned(), text));
    words.into_iter().chain(files).collect()
}

async fn answered(ctx: &Ctx, report: &Report, body: &str, files: Vec<Coming>) -> Result<()> {
    status::answer(ctx, report, body, finish(files).await?).await
}

async fn shown(ctx: &Ctx, report: Report, body: String, errors: Vec<(String, String)>, status: StatusCode) -> Result<Response> {
    let seen = status::see(&mut ctx.app.db.read().await?, &ctx.app, &report).await?;
    let title = ctx.text.with("status-title", "number", &report.number);
    let site = Site::new(ctx, &if errors.is_empty() { title } else { ctx.text.with("form-error-page", "title", title) });
    // Of what is closed no promise is told that nobody waits for any more; one that runs still is owed.
    let told = seen.clocks.iter().filter(|clock| seen.standing.stage < status::CLOSED || clock.state != "void");
    let promises = told.map(|clock| {
        let title = clock.title(&ctx.app.profile, ctx.text.wanted()).to_owned();
        let (word, when) = match (clock.state.as_str(), clock.stopped_at) {
            ("missed", Some(at)) => ("late", at),
            ("kept", at) => ("kept", at.unwrap_or(clock.due_at)),
            ("running", _) if clock.due_at < ctx.app.now() => ("missed", clock.due_at),
            (state, _) => (state, clock.due_at),
        };
        let turn = match clock.turn(&seen.clocks) {
            Turn::Only => String::new(),
            Turn::First => ctx.text.say("status-promise-first"),
            Turn::Again(at) => ctx.text.with("status-promise-again", "when", site.when(&at)),
        };
        (title, clock.css(&ctx.app.now()), ctx.text.with(&format!("status-promise-{word}"), "when", site.when(&when)), turn)
    });
    let intake = &ctx.app.profile.intake;
    let page = ReportPage {
        promises: promises.collect(),
        notice: if seen.standing.stage < status::CLOSED { ctx.capacity_notice() } else { None },
        heading: ctx.text.say(&format!("status-{}", seen.standing.word)),
        words: ctx.text.say(&format!("status-{}-text", seen.standing.word)),
        hint: ctx.text.fill("status-files-hint", &[("most", intake.max_files.to_string()), ("size", show::limit(intake.max_file_bytes))]),
        site,
        report,
        seen,
        body,
        errors,
    };
    page_as(status, &page)
}

/// The one answer to a wrong secret and to a number that does not exist.
fn not_found(ctx: &Ctx, number: String, status: StatusCode, body: String, why: &str) -> Result<Response> {
    let mut site = Site::new(ctx, &ctx.text.say("status-find-title"));
    "/status".clone_into(&mut site.path);
    page_as(status, &FindPage { site, number, failed: ctx.text.say(why), body })
}

/// What to say of a page that is not there: whoever's browser keeps no cookie brings no secret, right or wrong.
fn without(secret: &str) -> &'static str {
    if secret.is_empty() { "status-find-no-secret" } else { "status-find-failed" }
}

/// Leaves the secret with the browser, for this report's pages only.
fn holding(ctx: &Ctx, mut response: Response, number: &str, secret: &str) -> Response {
    let secure = if ctx.app.profile.web.secure_cookies { "; Secure" } else { "" };
    let line = format!("{COOKIE}={secret}; Path=/status/{number}; Max-Age=3600; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Number and secret as they were typed, or from the whole address, in whichever field it was put.
fn named(number: &str, secret: &str) -> (String, String) {
    let address = [number, secret].into_iter().find_map(|typed| typed.split_once("/status/").and_then(|(_, rest)| rest.split_once("?secret=")));
    let (number, secret) = address.unwrap_or((number, secret));
    let secret = secret.split(['&', '#']).next().unwrap_or_default();
    (number.to_ascii_uppercase(), bare(secret))
}

/// A secret as we make them, whatever spaces and capitals were typed.
fn bare(secret: &str) -> String {
    secret.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_lowercase()
}

/// Whether a number may stand in a header.
fn is_plain(number: &str) -> bool {
    !number.is_empty() && number.len() <= 40 && number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
