//! The pages of cases: parse, call one verb, render.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::Id;

use super::case::Case;
use super::facts::{Edited, Facts};
use super::list::Filter;
use super::notes::Note;
use super::page::{self, CasePage, ChangePage, ClosePage, EditPage, ExtentPage, JoinPage, ListPage, NewPage, NotePage, Problem};
use super::{NewCase, NewTask, Split, change, drafts, extent, facts, join, notes, open, see, states, tasks};
use crate::people::{named, views};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, local, page, page_as, show};
use crate::{Error, Result};

async fn found(ctx: &Ctx, number: &str) -> Result<Case> {
    see::find(&mut ctx.app.db.read().await?, &ctx.who, number).await
}

/// An invalid input becomes a problem of the page that asked; all else stays an error.
fn problem(field: &'static str, error: Error) -> Result<Problem> {
    match error {
        Error::Invalid(text) => Ok(Problem { field, text }),
        other => Err(other),
    }
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

// ---- the list ---------------------------------------------------------------------------------

/// `GET /cases`.
pub async fn list_page(ctx: Ctx, asked: Asked) -> Result<Response> {
    page(&ListPage::read(&ctx, Filter::read(&asked), Problem::default()).await?)
}

/// `POST /cases/views`.
pub async fn save_view(ctx: Ctx, fields: Fields) -> Result<Response> {
    let filter = Filter::read(&Fields::parse(fields.get("query").as_bytes()));
    match views::save(&ctx.app, &ctx.who, "cases", fields.get("name"), &filter.query()).await {
        Ok(()) => Ok(go(&format!("/cases?{}", filter.query()), Some("The view is saved."))),
        Err(error) => page_as(WRONG, &ListPage::read(&ctx, filter, problem("view-name", error)?).await?),
    }
}

/// `POST /cases/views/{id}`: forgets it.
pub async fn drop_view(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    views::remove(&ctx.app, &ctx.who, id.parse().map_err(|_| Error::NotFound)?).await?;
    Ok(go("/cases", Some("The view is forgotten.")))
}

// ---- opening ----------------------------------------------------------------------------------

/// `GET /cases/new`, from reports with `?report=R-2026-000412`.
pub async fn new_page(ctx: Ctx, asked: Asked) -> Result<Response> {
    page(&NewPage::read(&ctx, asked.0, Problem::default()).await?)
}

/// `POST /cases`.
pub async fn create(ctx: Ctx, fields: Fields) -> Result<Response> {
    match opened(&ctx, &fields).await {
        Ok(case) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "new-case", drafts::NEW).await?;
            Ok(go(&case.path(), Some(&format!("{} is open.", case.number))))
        }
        Err(error) => page_as(WRONG, &NewPage::read(&ctx, fields, problem("title", error)?).await?),
    }
}

async fn opened(ctx: &Ctx, fields: &Fields) -> Result<Case> {
    let mut reports = Vec::new();
    let mut reader = ctx.app.db.read().await?;
    for number in fields.all("report").filter(|number| !number.is_empty()) {
        let report = see::report_of_number(&mut reader, &ctx.who, number).await?;
        reports.push(report.ok_or_else(|| Error::invalid(format!("There is no report {number}")))?.id);
    }
    drop(reader);
    let [rsit_class, rsit_type, subtype] = page::class_of(fields.get("class"));
    let new = NewCase {
        kind: fields.get("kind").to_owned(),
        title: fields.get("title").to_owned(),
        summary: fields.exact("summary").to_owned(),
        label: fields.parsed("label", "a label")?,
        rsit_class,
        rsit_type,
        subtype,
        restricted: fields.get("restricted") == "yes",
        group: change::id_in(fields, "group")?,
        reports,
        about: String::new(),
        events: String::new(),
    };
    open::open(&ctx.app, &ctx.sends(fields), new).await
}

// ---- a case -----------------------------------------------------------------------------------

/// `GET /cases/{number}`. A merged case leads to the one it lives on in.
pub async fn case_page(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    if case.merged_into.is_some() {
        let mut reader = ctx.app.db.read().await?;
        let id = states::lives_in(&mut reader, case.id).await?.id;
        let on = see::get(&mut reader, &ctx.who, id).await?;
        return Ok(go(&on.path(), Some(&format!("{} was merged into this case.", case.number))));
    }
    page(&CasePage::read(&ctx, case, asked.0, Problem::default()).await?)
}

/// `GET /cases/{number}/edit`.
pub async fn edit_page(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    page(&EditPage::read(&ctx, found(&ctx, &number).await?).await?)
}

/// `POST /cases/{number}/edit`.
pub async fn edit(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    match edited(&ctx, &case, &fields).await {
        Ok(Edited::Saved) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "case", case.id).await?;
            Ok(go(&case.path(), Some("Saved.")))
        }
        Ok(Edited::Stale(now)) => page_as(StatusCode::CONFLICT, &EditPage::stale(&ctx, *now, fields).await?),
        Err(error) => page_as(WRONG, &EditPage::of(&ctx, case, fields, problem("title", error)?).await?),
    }
}

async fn edited(ctx: &Ctx, case: &Case, fields: &Fields) -> Result<Edited> {
    let version = fields.parsed("version", "a version")?.unwrap_or(0);
    let facts = page::as_facts(fields, &Facts::of(case), &ctx.zone())?;
    facts::edit(&ctx.app, &ctx.who, case.id, version, facts).await
}

/// `GET /cases/{number}/change`.
pub async fn change_page(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    page(&ChangePage::read(&ctx, found(&ctx, &number).await?, Fields::default(), Problem::default()).await?)
}

/// `POST /cases/{number}/change`.
pub async fn change(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    match change::apply(&ctx.app, &ctx.who, &case, &fields).await {
        // Whoever gave a restricted case away may not know of it any more.
        Ok(said) if found(&ctx, &number).await.is_err() => Ok(go("/cases", Some(said))),
        Ok(said) => Ok(go(&case.path(), Some(said))),
        Err(error) if matches!(fields.get("what"), "link" | "unlink" | "link-report" | "unlink-report") => {
            page_as(WRONG, &JoinPage::read(&ctx, case, fields, problem("case", error)?).await?)
        }
        Err(error) => page_as(WRONG, &ChangePage::read(&ctx, case, fields, problem("main", error)?).await?),
    }
}

/// `GET /cases/{number}/close`.
pub async fn close_page(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    page(&ClosePage::read(&ctx, found(&ctx, &number).await?, Fields::default(), Problem::default()).await?)
}

/// `POST /cases/{number}/close`: closes it with an outcome, or abandons it.
pub async fn close(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let outcome = fields.get("outcome").to_owned();
    let done = if outcome == "abandoned" {
        states::abandon(&ctx.app, &ctx.who, case.id, fields.get("reason")).await
    } else {
        let closing = states::Closing { outcome, reason: fields.get("reason").to_owned(), waiver: fields.get("waiver").to_owned() };
        states::close(&ctx.app, &ctx.who, case.id, closing).await
    };
    match done {
        Ok(()) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "closing", case.id).await?;
            Ok(go(&case.path(), Some(&format!("{} is closed.", case.number))))
        }
        Err(error) => page_as(WRONG, &ClosePage::read(&ctx, case, fields, problem("outcome", error)?).await?),
    }
}

/// `GET /cases/{number}/extent`.
pub async fn extent_page(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    page(&ExtentPage::read(&ctx, found(&ctx, &number).await?, None, Problem::default(), false).await?)
}

/// `POST /cases/{number}/extent`.
pub async fn extent(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let base = fields.parsed("version", "a version")?.unwrap_or(0);
    let text = fields.exact("items").to_owned();
    let set = match extent::parse(&text) {
        Ok(items) => extent::set_extent(&ctx.app, &ctx.who, case.id, base, items).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "extent", case.id).await?;
            Ok(go(&case.path(), Some("The extent is written down.")))
        }
        Err(Error::Conflict(_)) => page_as(StatusCode::CONFLICT, &ExtentPage::read(&ctx, case, Some((text, base)), Problem::default(), true).await?),
        Err(error) => page_as(WRONG, &ExtentPage::read(&ctx, case, Some((text, base)), problem("items", error)?, false).await?),
    }
}

/// `GET /cases/{number}/join`; with `?into=` the preview of a merge.
pub async fn join_page(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let missing = !asked.0.0.is_empty() && found(&ctx, asked.get("into")).await.is_err();
    let text = if asked.has("into") { "There is no case of that number" } else { "Write the number of the other case" };
    let problem = if missing { Problem { field: "into", text: text.into() } } else { Problem::default() };
    let status = if missing { WRONG } else { StatusCode::OK };
    page_as(status, &JoinPage::read(&ctx, case, asked.0, problem).await?)
}

/// `POST /cases/{number}/merge`.
pub async fn merge(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let source = found(&ctx, &number).await?;
    let target = change::found(&ctx.app, &ctx.who, fields.get("into")).await?;
    join::merge(&ctx.app, &ctx.who, source.id, target.id).await?;
    Ok(go(&target.path(), Some(&format!("{} is part of this case now.", source.number))))
}

/// `POST /cases/{number}/split`.
pub async fn split(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let ids = |name| fields.all(name).filter_map(|id| id.parse().ok()).collect();
    let new =
        Split { title: fields.get("title").to_owned(), reports: ids("report"), parties: ids("party"), along: fields.all("take").map(str::to_owned).collect() };
    match join::split(&ctx.app, &ctx.sends(&fields), case.id, new).await {
        Ok(fresh) => Ok(go(&fresh.path(), Some(&format!("Split off from {}.", case.number)))),
        Err(error) => page_as(WRONG, &JoinPage::read(&ctx, case, fields, problem("title", error)?).await?),
    }
}

// ---- tasks, notes, drafts ---------------------------------------------------------------------

/// `POST /cases/{number}/tasks`.
pub async fn add_task(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let due_at = show::from_local(fields.get("due"), &ctx.zone());
    let new = NewTask { title: fields.get("title").to_owned(), owner: change::id_in(&fields, "owner")?, party: change::id_in(&fields, "with")?, due_at };
    let added = if fields.has("due") && due_at.is_none() {
        Err(Error::invalid("Write the date and time as 2026-11-21T10:31"))
    } else {
        tasks::add_task(&ctx.app, &ctx.sends(&fields), case.id, new).await
    };
    match added {
        Ok(_) => Ok(go(&format!("{}#tasks", case.path()), Some("The task is added."))),
        Err(error) => page_as(WRONG, &CasePage::read(&ctx, case, fields, problem("task-title", error)?).await?),
    }
}

/// `POST /cases/{number}/tasks/{id}`.
pub async fn change_task(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    match fields.get("do") {
        "done" | "reopen" => tasks::finish_task(&ctx.app, &ctx.who, id, fields.get("do") == "done").await?,
        "up" | "down" => tasks::move_task(&ctx.app, &ctx.who, id, fields.get("do") == "up").await?,
        "hand" => hand_task(&ctx, id, &fields).await?,
        _ => return Err(Error::invalid("Choose what to do with the task")),
    }
    let back = fields.get("back");
    if back == "/tasks" || back == "/tasks?of=all" {
        return Ok(go(back, Some(if fields.get("do") == "hand" { "The task is handed on." } else { "Changed." })));
    }
    Ok(go(&format!("{}#tasks", case.path()), None))
}

async fn hand_task(ctx: &Ctx, id: Id, fields: &Fields) -> Result<()> {
    let due_at = show::from_local(fields.get("due"), &ctx.zone());
    if fields.has("due") && due_at.is_none() {
        return Err(Error::invalid("Write the date and time as 2026-11-21T10:31"));
    }
    tasks::hand_task(&ctx.app, &ctx.who, id, change::id_in(fields, "owner")?, due_at).await
}

/// `POST /cases/{number}/notes`.
pub async fn add_note(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    match notes::add_note(&ctx.app, &ctx.sends(&fields), case.id, fields.exact("body")).await {
        Ok(_) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "note", case.id).await?;
            Ok(go(&format!("{}#note", case.path()), Some("The note is kept. It never leaves the team.")))
        }
        Err(error) => page_as(WRONG, &CasePage::read(&ctx, case, fields, problem("note", error)?).await?),
    }
}

/// `GET /cases/{number}/notes/{id}`.
pub async fn note_page(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let shell = Shell::new(&ctx, "Edit a note", Room::Cases).await?;
    let note = notes::note(&mut ctx.app.db.read().await?, &ctx.who, id.parse().map_err(|_| Error::NotFound)?).await?;
    if note.about != case.id {
        return Err(Error::NotFound);
    }
    let left = drafts::draft(&mut ctx.app.db.read().await?, ctx.person()?.id, "note", note.id).await?;
    let draft = left.as_ref().map(|left| left.at);
    // The draft keeps the version it began with, so that a faster editor shows at saving.
    let (body, base) = left.map_or_else(|| (note.body.clone(), note.version), |left| (left.fields.exact("body").to_owned(), left.base_version));
    page(&NotePage { shell, case, body, base, draft, note, other: None, problem: Problem::default() })
}

/// `POST /cases/{number}/notes/{id}`.
pub async fn edit_note(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let case = found(&ctx, &number).await?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let (body, version) = (fields.exact("body").to_owned(), fields.parsed("version", "a version")?.unwrap_or(0));
    match notes::edit_note(&ctx.app, &ctx.who, id, version, &body).await {
        Ok(None) => {
            drafts::drop_draft(&ctx.app, ctx.person()?.id, "note", id).await?;
            Ok(go(&format!("{}#note", case.path()), Some("Saved.")))
        }
        Ok(Some(now)) => note_stays(&ctx, StatusCode::CONFLICT, case, Some(now), id, body, Problem::default()).await,
        Err(error) => note_stays(&ctx, WRONG, case, None, id, body, problem("body", error)?).await,
    }
}

/// The form again, with what was typed: somebody else saved the note `now`, or something is wrong with the words.
async fn note_stays(ctx: &Ctx, status: StatusCode, case: Case, now: Option<Note>, id: Id, body: String, problem: Problem) -> Result<Response> {
    let shell = Shell::new(ctx, "Edit a note", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let stale = now.is_some();
    let note = match now {
        Some(note) => note,
        None => notes::note(&mut reader, &ctx.who, id).await?,
    };
    let other = named::names(&mut reader, &[note.by]).await?.remove(&note.by).filter(|_| stale);
    drop(reader);
    let base = note.version;
    page_as(status, &NotePage { shell, case, note, body, base, draft: None, other, problem })
}

/// `POST /drafts/{noun}/{id}`: a form saves itself. Says when, or that the thing has changed since.
pub async fn save_draft(ctx: Ctx, Path((noun, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = if id == "new" { drafts::NEW } else { id.parse().map_err(|_| Error::NotFound)? };
    let at = drafts::save_draft(&ctx.app, ctx.person()?.id, &noun, id, &fields).await?;
    if noun == "case" {
        let now = see::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
        if now.version.to_string() != fields.get("version") {
            let message = "Somebody else saved this case meanwhile. Your text is kept; press Save to see both.";
            return Ok((StatusCode::CONFLICT, Json(json!({ "message": message }))).into_response());
        }
    }
    Ok(Json(json!({ "saved": show::when(at, &ctx.zone(), ctx.app.now()) })).into_response())
}

/// `POST /drafts/{noun}/{id}/removal`: throws it away and goes back to its form.
pub async fn drop_draft(ctx: Ctx, Path((noun, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = if id == "new" { drafts::NEW } else { id.parse().map_err(|_| Error::NotFound)? };
    drafts::drop_draft(&ctx.app, ctx.person()?.id, &noun, id).await?;
    Ok(go(local(fields.get("back")).unwrap_or("/cases"), Some("The draft is thrown away.")))
}
