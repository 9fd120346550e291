//! The member's pages, in the portal's frame.

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use store::Id;

use super::{Overview, Told};
use crate::cases::answer_web::{Slice, file_of, take_reply};
use crate::cases::files_web::{Written, written};
use crate::cases::parties::{self, Party};
use crate::cases::recommendations;
use crate::reports::{Coming, Reported, Said, finish};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Kept, Site, go, page, page_as};
use crate::{Error, Result};

fn id_of(text: &str) -> Result<Id> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Template)]
#[template(path = "member/pages/home.html")]
struct Home {
    site: Site,
    over: Overview,
    /// How many findings stand on its networks.
    findings: usize,
    /// Whether the list of cases begins with the newest.
    first: bool,
}

/// `GET /member`; its list of cases goes on with `?below=`.
pub async fn home(ctx: Ctx, asked: Asked) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let below = super::key_of(asked.get("below"));
    let over = super::overview(&mut reader, &ctx.app, &ctx.who, below).await?;
    drop(reader);
    let findings = crate::events::notices::count_findings(&ctx.app, &ctx.who).await?;
    page(&Home { site: Site::new(&ctx, &ctx.text.say("member-title")), over, findings, first: below.is_none() })
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

async fn part_of(ctx: &Ctx, number: &str, party: Id) -> Result<Party> {
    super::part(&mut ctx.app.db.read().await?, &ctx.who, number, Some(party)).await
}

/// `POST /member/cases/{number}/{party}/reply`
pub async fn reply(ctx: Ctx, Path((number, party)): Path<(String, String)>, form: Multipart) -> Result<Response, Kept> {
    let id = id_of(&party)?;
    let party = match part_of(&ctx, &number, id).await {
        Ok(party) => party,
        Err(error) => return Err(Kept::unread(error, form).await),
    };
    match take_reply(&ctx, &ctx.who, &party, form).await? {
        Ok(said) => Ok(go(&format!("/member/cases/{number}/{id}"), Some(&said))),
        Err(refused) => Ok(case_page(&ctx, &number, Some(id), Some(refused)).await?),
    }
}

/// `GET /member/cases/{number}/{party}/files/{file}`
pub async fn file(ctx: Ctx, Path((number, party, file)): Path<(String, String, String)>) -> Result<Response> {
    let party = part_of(&ctx, &number, id_of(&party)?).await?;
    file_of(&ctx, &party, &file).await
}

/// `POST /member/cases/{number}/{party}/recommendations/{id}`
pub async fn answer(ctx: Ctx, Path((number, party, id)): Path<(String, String, String)>, fields: Fields) -> Result<Response> {
    recommendations::answer(&ctx.app, &ctx.who, id_of(&id)?, (fields.get("answer"), fields.exact("words"), fields.get("seen"))).await?;
    Ok(go(&format!("/member/cases/{number}/{party}"), Some(&ctx.text.say("answer-thanks"))))
}

#[derive(Template)]
#[template(path = "member/pages/report.html")]
struct ReportPage {
    site: Site,
    report: Reported,
    said: Vec<Said>,
    /// When mails came that are not shown, because they may be another's.
    held: Vec<Timestamp>,
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
    let (report, Told { said, held }, cases) = super::report(&mut reader, &ctx.app, &ctx.who, number).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (typed, error) = refused.unzip();
    page_as(status, &ReportPage { site: Site::new(ctx, &report.number), report, said, held, cases, typed: typed.unwrap_or_default(), error })
}

/// `GET /member/reports/{number}`
pub async fn report(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    report_page(&ctx, &number, None).await
}

/// `POST /member/reports/{number}`
pub async fn report_reply(ctx: Ctx, Path(number): Path<String>, form: Multipart) -> Result<Response, Kept> {
    // No file is kept for a report that is not theirs.
    if let Err(error) = is_theirs(&ctx, &number).await {
        return Err(Kept::unread(error, form).await);
    }
    let Written { fields, words, files } = match written(&ctx, form).await? {
        Ok(written) => written,
        Err(refused) => return Ok(report_page(&ctx, &number, Some(refused)).await?),
    };
    match replied(&ctx, &number, &words, files).await {
        Ok(()) => Ok(go(&format!("/member/reports/{number}"), Some(&ctx.text.say("slice-thanks")))),
        Err(error) => Err(Kept::new(error, fields, &["files"])),
    }
}

async fn is_theirs(ctx: &Ctx, number: &str) -> Result<()> {
    super::report(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, number).await.map(drop)
}

async fn replied(ctx: &Ctx, number: &str, words: &str, files: Vec<Coming>) -> Result<()> {
    super::reply(&ctx.app, &ctx.who, number, words, finish(files).await?).await
}
