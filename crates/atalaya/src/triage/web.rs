//! The inbox's page and the acts that need no page of their own.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;
use store::Id;

use super::acts::{self, Act};
use super::opened::Opened;
use super::queue::Queue;
use super::told;
use crate::reports::{self, KINDS, Report, Row};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result, cases, people};

#[derive(Template)]
#[template(path = "triage/pages/inbox.html")]
struct InboxPage {
    shell: Shell,
    queue: Queue,
    opened: Option<Opened>,
    /// A phone shows the report, not the list.
    open: bool,
    problem: Option<String>,
    staff: Vec<(Id, String)>,
    me: Id,
    kinds: [&'static str; 7],
    labels: [Tlp; 5],
}

impl InboxPage {
    /// Whether this row is the report that is read.
    fn chosen(&self, row: &Row) -> bool {
        self.opened.as_ref().is_some_and(|opened| opened.report.id == row.id)
    }
}

/// The report of a number, or nothing there.
pub(super) async fn report_of(ctx: &Ctx, number: &str) -> Result<Report> {
    let mut reader = ctx.app.db.read().await?;
    let report = reports::find(&mut reader, number).await?.ok_or(Error::NotFound)?;
    cases::may_see_report(&mut reader, &ctx.who, report.id).await?;
    Ok(report)
}

/// `GET /inbox`
pub async fn inbox(ctx: Ctx, asked: Asked) -> Result<Response> {
    show(&ctx, &asked, None, None).await
}

/// `GET /inbox/{number}`
pub async fn report(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    show(&ctx, &asked, Some(report), None).await
}

async fn show(ctx: &Ctx, asked: &Asked, report: Option<Report>, problem: Option<(StatusCode, String)>) -> Result<Response> {
    let person = ctx.person()?;
    let open = report.is_some();
    let title = report.as_ref().map_or_else(|| "Inbox".to_owned(), |report| format!("{} {}", report.number, report.title));
    let shell = Shell::new(ctx, &title, Room::Inbox).await?;
    let mut reader = ctx.app.db.read().await?;
    let queue = Queue::read(&mut reader, person, asked).await?;
    let report = match (report, queue.rows.first()) {
        (None, Some(row)) => reports::get(&mut reader, row.id).await?,
        (chosen, _) => chosen,
    };
    let opened = match report {
        Some(report) => Some(Opened::read(&ctx.app, &mut reader, &ctx.who, &shell, report).await?),
        None => None,
    };
    let staff = people::named::staff(&mut reader).await?;
    let (status, problem) = problem.map_or((StatusCode::OK, None), |(status, says)| (status, Some(says)));
    page_as(status, &InboxPage { shell, queue, opened, open, problem, staff, me: person.id, kinds: KINDS, labels: Tlp::ALL })
}

/// Does one act to one report and shows it again; what the rules refuse is said on the same page.
async fn quick(ctx: Ctx, number: &str, name: &str, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, number).await?;
    let mut reader = ctx.app.db.read().await?;
    let act = Act::read(&ctx.app, &mut reader, &ctx.who, name, &fields).await;
    drop(reader);
    let outcome = match act {
        Ok(act) => act.apply(&ctx.app, &ctx.who, &report).await,
        Err(error) => Err(error),
    };
    settled(&ctx, report, &fields, outcome).await
}

async fn settled(ctx: &Ctx, report: Report, fields: &Fields, outcome: Result<String>) -> Result<Response> {
    let back = Some(fields.get("back")).filter(|back| back.starts_with('?')).unwrap_or_default();
    match outcome {
        Ok(said) => Ok(go(&format!("/inbox/{}{back}", report.number), Some(&said))),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let asked = Asked(Fields::parse(back.trim_start_matches('?').as_bytes()));
            show(ctx, &asked, Some(report), Some((error.status(), error.to_string()))).await
        }
        Err(other) => Err(other),
    }
}

/// `POST /inbox/{number}/cases`: a new case with what the report says, in one go.
pub async fn open_case(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let title = if report.title.is_empty() { report.number.as_str() } else { &report.title };
    match acts::open(&ctx.app, &ctx.who, title, acts::case_kind(&report.kind), vec![report.id]).await {
        Ok(case) => Ok(go(&format!("/cases/{}", case.number), Some(&format!("Case opened from {}.", report.number)))),
        Err(error) => settled(&ctx, report, &fields, Err(error)).await,
    }
}

/// `POST /inbox/{number}/links`
pub async fn link(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    quick(ctx, &number, "link", fields).await
}

/// `POST /inbox/{number}/verdict`
pub async fn verdict(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    quick(ctx, &number, "verdict", fields).await
}

/// `POST /inbox/{number}/owner`
pub async fn owner(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    quick(ctx, &number, "assign", fields).await
}

/// `POST /inbox/{number}/reopening`
pub async fn reopen(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    quick(ctx, &number, "reopen", fields).await
}

/// `POST /inbox/{number}/rejection/removal`
pub async fn unreject(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    quick(ctx, &number, "unreject", fields).await
}

/// `POST /inbox/{number}/link/removal`: the reporter's secret link ends.
pub async fn revoke_link(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = reports::revoke_link(&ctx.app, &ctx.who, report.id).await;
    settled(&ctx, report, &fields, done.map(|()| "The link in the receipt leads nowhere from now on.".to_owned())).await
}

/// `POST /inbox/{number}/scope`
pub async fn scope(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = reports::set_scope(&ctx.app, &ctx.who, report.id, fields.get("scope"), fields.get("reason")).await;
    settled(&ctx, report, &fields, done.map(|()| format!("Now {}.", told::scope(fields.get("scope"))))).await
}

/// `POST /inbox/{number}/facts`: title, kind and label, each only when it changed.
pub async fn facts(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = change_facts(&ctx, &report, &fields).await;
    settled(&ctx, report, &fields, done.map(|()| "Changed.".to_owned())).await
}

async fn change_facts(ctx: &Ctx, report: &Report, fields: &Fields) -> Result<()> {
    let label: Tlp = fields.parsed("label", "a label")?.unwrap_or(report.label);
    if fields.get("title") != report.title {
        reports::set_title(&ctx.app, &ctx.who, report.id, fields.get("title")).await?;
    }
    if fields.get("kind") != report.kind {
        reports::set_kind(&ctx.app, &ctx.who, report.id, fields.get("kind")).await?;
    }
    if label != report.label {
        reports::set_label(&ctx.app, &ctx.who, report.id, label).await?;
    }
    Ok(())
}
