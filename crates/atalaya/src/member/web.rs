//! The member's pages, in the portal's frame.

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use store::Id;

use super::Overview;
use crate::cases::answer_web::{Slice, file_of, take_reply};
use crate::cases::files_web::{finish, take};
use crate::cases::{parties, recommendations};
use crate::reports::{Reported, Said};
use crate::web::{Ctx, Fields, Site, go, page, page_as};
use crate::{Error, Result};

fn id_of(text: &str) -> Result<Id> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Template)]
#[template(path = "member/pages/home.html")]
struct Home {
    site: Site,
    over: Overview,
}

/// `GET /member`
pub async fn home(ctx: Ctx) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let over = super::overview(&mut reader, &ctx.app, &ctx.who).await?;
    page(&Home { site: Site::new(&ctx, &ctx.text.say("member-title")), over })
}

#[derive(Template)]
#[template(path = "member/pages/case.html")]
struct CasePage {
    site: Site,
    slice: Slice,
}

async fn case_page(ctx: &Ctx, number: &str, party: Option<Id>, refused: Option<(String, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let party = super::part(&mut reader, &ctx.who, number, party).await?;
    let root = format!("/member/cases/{number}/{}", party.id);
    let mut slice = Slice::of(&mut reader, ctx, party, root).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some((typed, error)) = refused {
        (slice.typed, slice.error) = (typed, Some(error));
    }
    page_as(status, &CasePage { site: Site::new(ctx, &slice.number), slice })
}

/// `GET /member/cases/{number}`
pub async fn case(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    case_page(&ctx, &number, None, None).await
}

/// `GET /member/cases/{number}/{party}`
pub async fn thread(ctx: Ctx, Path((number, party)): Path<(String, String)>) -> Result<Response> {
    case_page(&ctx, &number, Some(id_of(&party)?), None).await
}

/// `POST /member/cases/{number}/{party}/reply`
pub async fn reply(ctx: Ctx, Path((number, party)): Path<(String, String)>, form: Multipart) -> Result<Response> {
    let id = id_of(&party)?;
    let mut reader = ctx.app.db.read().await?;
    let party = super::part(&mut reader, &ctx.who, &number, Some(id)).await?;
    drop(reader);
    match take_reply(&ctx, &ctx.who, &party, form).await? {
        Ok(said) => Ok(go(&format!("/member/cases/{number}/{id}"), Some(&said))),
        Err(refused) => case_page(&ctx, &number, Some(id), Some(refused)).await,
    }
}

/// `GET /member/cases/{number}/{party}/files/{file}`
pub async fn file(ctx: Ctx, Path((number, party, file)): Path<(String, String, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let party = super::part(&mut reader, &ctx.who, &number, Some(id_of(&party)?)).await?;
    drop(reader);
    file_of(&ctx, &party, &file).await
}

/// `POST /member/cases/{number}/{party}/recommendations/{id}`
pub async fn answer(ctx: Ctx, Path((number, party, id)): Path<(String, String, String)>, fields: Fields) -> Result<Response> {
    recommendations::answer(&ctx.app, &ctx.who, id_of(&id)?, fields.get("answer"), fields.exact("words")).await?;
    Ok(go(&format!("/member/cases/{number}/{party}"), Some(&ctx.text.say("answer-thanks"))))
}

#[derive(Template)]
#[template(path = "member/pages/report.html")]
struct ReportPage {
    site: Site,
    report: Reported,
    said: Vec<Said>,
    cases: Vec<parties::Slice>,
    /// What was typed and could not be taken.
    typed: String,
    /// Why.
    error: Option<String>,
}

impl ReportPage {
    /// Where an answer goes: into the thread of the case, where we go on talking, if there is one.
    fn action(&self) -> String {
        match self.cases.first() {
            Some(slice) => format!("/member/cases/{}/{}/reply", slice.number, slice.party.id),
            None => format!("/member/reports/{}", self.report.number),
        }
    }
}

async fn report_page(ctx: &Ctx, number: &str, refused: Option<(String, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let (report, said, cases) = super::report(&mut reader, &ctx.app, &ctx.who, number).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (typed, error) = refused.unzip();
    page_as(status, &ReportPage { site: Site::new(ctx, &report.number), report, said, cases, typed: typed.unwrap_or_default(), error })
}

/// `GET /member/reports/{number}`
pub async fn report(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    report_page(&ctx, &number, None).await
}

/// `POST /member/reports/{number}`
pub async fn report_reply(ctx: Ctx, Path(number): Path<String>, form: Multipart) -> Result<Response> {
    // Nothing is read for a report that is not theirs.
    super::report(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let most = usize::try_from(ctx.app.profile.intake.max_files).unwrap_or(usize::MAX);
    let (fields, files, too_much) = take(&ctx.app, form, most).await?;
    let words = fields.exact("words").trim().to_owned();
    let error = if words.is_empty() && files.is_empty() && too_much.is_empty() {
        ctx.text.say("slice-empty")
    } else if !too_much.is_empty() {
        ctx.text.with("slice-refused", "names", too_much.join(", "))
    } else {
        super::reply(&ctx.app, &ctx.who, &number, &words, finish(files).await?).await?;
        return Ok(go(&format!("/member/reports/{number}"), Some(&ctx.text.say("slice-thanks"))));
    };
    report_page(&ctx, &number, Some((words, error))).await
}
