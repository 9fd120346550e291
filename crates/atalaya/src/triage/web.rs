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
use crate::reports::{self, Facts, KINDS, Report, Row};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result, cases, mailbox, people};

#[derive(Template)]
#[template(path = "triage/pages/inbox.html")]
struct InboxPage {
    shell: Shell,
    queue: Queue,
    opened: Option<Opened>,
    /// A phone shows the report, not the list.
    open: bool,
    problem: Option<String>,
    /// What was typed into which form, when it could not be taken.
    typed: Option<(&'static str, Fields)>,
    /// Whether some mail stands nowhere.
    unplaced: bool,
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

    /// What stands in a field: what was typed, or else what is kept.
    fn put<'a>(&'a self, form: &str, field: &str, kept: &'a str) -> &'a str {
        self.typed.as_ref().filter(|(typed, _)| *typed == form).map_or(kept, |(_, fields)| fields.get(field))
    }

    /// Whether a form comes back to whoever sent it.
    fn back(&self, form: &str) -> bool {
        self.typed.as_ref().is_some_and(|(typed, _)| *typed == form)
    }

    /// Whether a box is ticked.
    fn ticked(&self, form: &str, field: &str, kept: &bool) -> bool {
        if self.back(form) { !self.put(form, field, "").is_empty() } else { *kept }
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
    show(&ctx, &asked, None, None, None).await
}

/// `GET /inbox/{number}`
pub async fn report(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    show(&ctx, &asked, Some(report), None, None).await
}

async fn show(
    ctx: &Ctx,
    asked: &Asked,
    report: Option<Report>,
    problem: Option<(StatusCode, String)>,
    typed: Option<(&'static str, Fields)>,
) -> Result<Response> {
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
    if let Some(report) = report.as_ref().filter(|_| !open) {
        // The list opened it by itself.
        cases::reads::note_report(&ctx.app, &ctx.who, report.id).await?;
    }
    let opened = match report {
        Some(report) => Some(Opened::read(&ctx.app, &mut reader, &ctx.who, &shell, report).await?),
        None => None,
    };
    let staff = people::named::staff(&mut reader).await?;
    let unplaced = !mailbox::unplaced(&mut reader, 1).await?.is_empty();
    let (status, problem) = problem.map_or((StatusCode::OK, None), |(status, says)| (status, Some(says)));
    page_as(status, &InboxPage { shell, queue, opened, open, problem, typed, unplaced, staff, me: person.id, kinds: KINDS, labels: Tlp::ALL })
}

/// Does one act to one report and shows it again; what the rules refuse is said on the same page.
async fn quick(ctx: Ctx, number: &str, name: &'static str, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, number).await?;
    if let Err(error) = fresh(&report, &fields) {
        return settled(&ctx, report, (name, fields), Err(error)).await;
    }
    let mut reader = ctx.app.db.read().await?;
    let act = Act::read(&ctx.app, &mut reader, &ctx.who, name, &fields).await;
    drop(reader);
    let outcome = match act {
        Ok(act) => act.apply(&ctx.app, &ctx.who, &report).await,
        Err(error) => Err(error),
    };
    settled(&ctx, report, (name, fields), outcome).await
}

/// Whether the form was made from the report as it is: what somebody else wrote since is not undone unseen.
fn fresh(report: &Report, fields: &Fields) -> Result<()> {
    let seen: Option<i64> = fields.parsed("version", "a version")?;
    if seen.is_none_or(|seen| seen == report.version) {
        return Ok(());
    }
    Err(Error::conflict(format!(
        "{} was changed by somebody else meanwhile. Look at what they changed; what you chose stands in the form still.",
        report.number
    )))
}

async fn settled(ctx: &Ctx, report: Report, (form, fields): (&'static str, Fields), outcome: Result<String>) -> Result<Response> {
    let back = Some(fields.get("back")).filter(|back| back.starts_with('?')).unwrap_or_default().to_owned();
    match outcome {
        Ok(said) => Ok(go(&format!("/inbox/{}{back}", report.number), Some(&said))),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let asked = Asked(Fields::parse(back.trim_start_matches('?').as_bytes()));
            let report = report_of(ctx, &report.number).await?;
            show(ctx, &asked, Some(report), Some((error.status(), error.to_string())), Some((form, fields))).await
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
        Err(error) => settled(&ctx, report, ("open", fields), Err(error)).await,
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

/// `POST /inbox/{number}/ending`: what was written after the end needs no answer.
pub async fn leave_ended(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = reports::leave_ended(&ctx.app, &ctx.who, report.id, fields.get("seen")).await;
    settled(&ctx, report, ("ending", fields), done.map(|()| "It stays as it had ended.".to_owned())).await
}

/// `POST /inbox/{number}/rejection/removal`
pub async fn unreject(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    quick(ctx, &number, "unreject", fields).await
}

/// `POST /inbox/{number}/link/removal`: the reporter's secret link ends.
pub async fn revoke_link(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = cases::parties::end_links_of_report(&ctx.app, &ctx.who, report.id).await;
    settled(&ctx, report, ("revocation", fields), done.map(|()| "The links in our mails to the reporter lead nowhere from now on.".to_owned())).await
}

/// `POST /inbox/{number}/link`: the next mail to the reporter carries a link again.
pub async fn issue_link(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = reports::issue_link(&ctx.app, &ctx.who, report.id).await;
    settled(&ctx, report, ("issue", fields), done.map(|()| "The next mail to the reporter carries a new link.".to_owned())).await
}

/// `POST /inbox/{number}/messages/{id}/acceptance`: somebody made sure that the reporter wrote it.
pub async fn accept(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let message = id.parse().map_err(|_| Error::NotFound)?;
    let done = reports::accept_answer(&ctx.app, &ctx.who, report.id, message).await;
    settled(&ctx, report, ("accept", fields), done.map(|()| "It counts as the reporter's now, and stands on the reporter's page.".to_owned())).await
}

/// `POST /inbox/{number}/messages/{id}/refusal`: somebody made sure that the reporter did not write it.
pub async fn refuse(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let message = id.parse().map_err(|_| Error::NotFound)?;
    let done = reports::refuse_answer(&ctx.app, &ctx.who, report.id, message).await;
    settled(&ctx, report, ("refuse", fields), done.map(|()| "It counts as a stranger's. It stays here, on no page but ours.".to_owned())).await
}

/// `POST /inbox/{number}/sender`: somebody made sure that it is from the contact whose address it names.
pub async fn vouch(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = reports::vouch(&ctx.app, &ctx.who, report.id, fields.get("claimed")).await;
    settled(&ctx, report, ("sender", fields), done.map(|()| "It is from that contact: the organisation reads it among its reports.".to_owned())).await
}

/// `POST /inbox/{number}/scope`
pub async fn scope(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = match fresh(&report, &fields) {
        Ok(()) => set_scope(&ctx, &report, &fields).await,
        stale => stale,
    };
    let said = format!("Now {}.", told::scope(fields.get("scope")));
    settled(&ctx, report, ("scope", fields), done.map(|()| said)).await
}

async fn set_scope(ctx: &Ctx, report: &Report, fields: &Fields) -> Result<()> {
    let (app, who) = (&ctx.app, &ctx.who);
    app.db
        .change(&who.to_string(), async |tx| {
            cases::hold_of_report_in(tx, report.id, &[]).await?;
            reports::set_scope_in(tx, who, report.id, fields.get("scope"), fields.get("reason")).await?;
            cases::judge_report_in(tx, app, report.id).await
        })
        .await
}

/// `POST /inbox/{number}/facts`: title, kind, label and marks, all or none.
pub async fn facts(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let done = change_facts(&ctx, &report, &fields).await;
    settled(&ctx, report, ("facts", fields), done.map(|()| "Changed.".to_owned())).await
}

async fn change_facts(ctx: &Ctx, report: &Report, fields: &Fields) -> Result<()> {
    fresh(report, fields)?;
    let marks = fields.has("marks");
    let facts = Facts {
        seen: fields.parsed("version", "a version")?,
        title: Some(fields.get("title").to_owned()),
        kind: Some(fields.get("kind").to_owned()),
        label: fields.parsed("label", "a label")?,
        urgent: marks.then(|| fields.has("urgent")),
        help: marks.then(|| fields.has("help")),
    };
    let (app, who) = (&ctx.app, &ctx.who);
    app.db
        .change(&who.to_string(), async |tx| {
            cases::hold_of_report_in(tx, report.id, &[]).await?;
            if reports::set_facts_in(tx, app, who, report.id, facts).await? {
                cases::refresh_due_of_report(tx, report.id).await?;
            }
            Ok(())
        })
        .await
}
