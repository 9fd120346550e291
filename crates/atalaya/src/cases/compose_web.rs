//! Writing to a party: the draft, its files, the exact text as it would leave, and letting it go.

use askama::Template;
use axum::Json;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use store::Id;

use super::Case;
use super::before::{self, Prepared};
use super::files_web::take;
use super::messages::{self, Draft, DraftFile, Drafted, Message, Moving};
use super::parties::{self, Party};
use super::party_web::{id_of, labels};
use super::recommendations::{self, KINDS, Recommendation};
use super::templates::{self, Facts};
use crate::reports::{Coming, finish};
use crate::web::fields::Asked;
use crate::web::upload::Taken;
use crate::web::{Ctx, Fields, Kept, Room, Shell, go, page, page_as, show};
use crate::{Error, Result, people};

#[derive(Template)]
#[template(path = "cases/pages/compose.html")]
struct ComposePage {
    shell: Shell,
    case: Case,
    party: Party,
    draft: Draft,
    saved_at: Option<jiff::Timestamp>,
    newer: i64,
    others: Vec<(String, jiff::Timestamp, String)>,
    advice: Vec<Recommendation>,
    prepared: Prepared,
    last: Option<Message>,
    labels: Vec<&'static str>,
    error: Option<String>,
    /// Files that were not taken, a line each.
    refused: Vec<String>,
    /// What waits for an answer to this party.
    waits: Vec<String>,
    /// Shown, but not kept yet: it must be looked at before it can be released.
    unkept: bool,
    /// Where the way goes on afterwards: `close`, or nothing.
    back: String,
}

impl ComposePage {
    fn has_text(&self) -> bool {
        !self.draft.body.trim().is_empty() || !self.advice.is_empty()
    }

    /// The templates that fit, and which of them the draft began with.
    fn templates(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> + '_ {
        templates::offered(self.party.report.is_some()).iter().map(|(name, title)| (*name, *title, self.draft.template == *name))
    }

    fn label(&self) -> &'static str {
        self.draft.label.unwrap_or(Tlp::Amber).as_str()
    }
}

/// What stands on the page beside what is saved.
#[derive(Default)]
struct Wished {
    /// A draft that is shown, but not kept.
    draft: Option<Draft>,
    error: Option<String>,
    refused: Vec<String>,
    back: String,
}

async fn composed(ctx: &Ctx, number: &str, id: &str, wished: Wished) -> Result<ComposePage> {
    let shell = Shell::new(ctx, "Write to a party", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let (case, party) = before::of_number(&mut reader, &ctx.who, number, id_of(id)?).await?;
    let Drafted { draft, saved_at, others, newer } = messages::draft(&mut reader, &ctx.app, &ctx.who, &party).await?;
    let unkept = wished.draft.as_ref().is_some_and(|wished| *wished != draft);
    let draft = wished.draft.unwrap_or(draft);
    let prepared = before::prepare(&mut reader, &ctx.app, &ctx.who, party.id, &draft).await?;
    let advice = recommendations::of_party(&mut reader, party.id).await?.into_iter().filter(|one| one.state == "draft").collect();
    let last = messages::thread(&mut reader, party.id).await?.into_iter().rfind(|message| !message.ours());
    let ids: Vec<Id> = others.iter().map(|(person, _, _)| *person).collect();
    let names = people::named::names(&mut reader, &ids).await?;
    let others = others.into_iter().map(|(person, at, text)| (names.get(&person).cloned().unwrap_or_else(|| "Somebody".into()), at, text)).collect();
    let waits = parties::waits(&mut reader, &ctx.app, &case, &party).await?;
    let Wished { error, refused, back, .. } = wished;
    Ok(ComposePage { shell, case, party, draft, saved_at, newer, others, advice, prepared, last, labels: labels(), error, refused, waits, unkept, back })
}

/// The one other place from which people come to write: the page that closes the case.
fn back_of(asked: &Fields) -> String {
    if asked.get("back") == "close" { "close".into() } else { String::new() }
}

/// The same for the address of the page that writes.
pub(super) fn tail(fields: &Fields) -> &'static str {
    if back_of(fields).is_empty() { "" } else { "?back=close" }
}

/// `GET /cases/{number}/parties/{party}/message`
pub async fn compose(ctx: Ctx, Path((number, id)): Path<(String, String)>, asked: Asked) -> Result<Response> {
    let draft = begun(&ctx, &number, &id, &asked).await?;
    page(&composed(&ctx, &number, &id, Wished { draft, back: back_of(&asked), ..Wished::default() }).await?)
}

/// The draft with what a link asks to begin it with, if it asks for anything. Shown, not saved: a link changes nothing.
async fn begun(ctx: &Ctx, number: &str, id: &str, asked: &Asked) -> Result<Option<Draft>> {
    let forward: Option<Id> = asked.parsed("forward", "a message")?;
    let template = if forward.is_some() { "forward_answer" } else { asked.get("template") };
    if template.is_empty() {
        return Ok(None);
    }
    let mut reader = ctx.app.db.read().await?;
    let (case, party) = before::of_number(&mut reader, &ctx.who, number, id_of(id)?).await?;
    let drafted = messages::draft(&mut reader, &ctx.app, &ctx.who, &party).await?;
    let quoted = match forward {
        Some(message) => {
            let found = messages::get(&mut reader, &case, message).await?;
            if found.is_doubted() {
                return Err(Error::conflict("Nobody has made sure who wrote this mail: what it says is handed on to nobody before that."));
            }
            found.body
        }
        None => String::new(),
    };
    let quoted = before::redacted(&mut reader, &ctx.app, &ctx.who, party.id, &quoted).await?;
    drop(reader);
    let begun = Begun { template, quoted, outcome: asked.get("outcome") };
    begin(ctx, &case, &party, drafted.draft, begun).await.map(Some)
}

/// What a draft begins with.
struct Begun<'a> {
    template: &'a str,
    quoted: String,
    outcome: &'a str,
}

/// A template at the beginning of a draft; words that are there already stay.
async fn begin(ctx: &Ctx, case: &Case, party: &Party, mut draft: Draft, begun: Begun<'_>) -> Result<Draft> {
    let app = &ctx.app;
    let text = app.languages.text(&party.language);
    let mut reader = app.db.read().await?;
    let rows = before::own_rows(&mut reader, case.id, party.organisation).await?;
    let known = parties::known_as(&mut reader, app, case, party).await?;
    let report = parties::report_of(&mut reader, party).await?;
    let facts = Facts {
        number: known.number,
        team: app.profile.team.name.text(text.shown()).to_owned(),
        rows,
        quoted: begun.quoted,
        reporter: report.is_some(),
        day: report.map(|report| show::day(report.received_at, app.profile.calendar().zone(), &text)).unwrap_or_default(),
        outcome: if begun.outcome.is_empty() { case.outcome.clone().unwrap_or_default() } else { begun.outcome.to_owned() },
    };
    let (subject, body) = templates::fill(&text, begun.template, &facts);
    if draft.subject.trim().is_empty() {
        draft.subject = subject;
    }
    begun.template.clone_into(&mut draft.template);
    if !draft.body.contains(body.trim()) {
        draft.body = if draft.body.trim().is_empty() { body } else { format!("{}\n\n{body}", draft.body.trim_end()) };
    }
    Ok(draft)
}

/// The draft as the form has it; files stay as they were saved.
fn typed(fields: &Fields, saved: &Draft) -> Result<Draft> {
    Ok(Draft {
        subject: fields.get("subject").into(),
        body: fields.exact("body").into(),
        label: fields.parsed("label", "a label")?,
        downgrade: fields.get("downgrade").into(),
        told: fields.get("told").into(),
        told_of: Some(fields.exact("told_of").to_owned()),
        substantive: fields.has("substantive"),
        template: fields.get("template").into(),
        protect: fields.get("protect").into(),
        channel: if fields.get("channel") == "mail" { "mail" } else { "portal" }.into(),
        files: saved.files.clone(),
        base: fields.parsed("base", "a number")?.unwrap_or(saved.base),
    })
}

async fn saved(ctx: &Ctx, number: &str, id: &str) -> Result<(Case, Party, Drafted)> {
    let mut reader = ctx.app.db.read().await?;
    let (case, party) = before::of_number(&mut reader, &ctx.who, number, id_of(id)?).await?;
    let drafted = messages::draft(&mut reader, &ctx.app, &ctx.who, &party).await?;
    Ok((case, party, drafted))
}

/// `POST /cases/{number}/parties/{party}/message`: look at it, begin with a template, throw it away.
pub async fn write(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let kept = saved(&ctx, &number, &id).await?;
    written(&ctx, &number, &id, kept, &fields, (None, Vec::new())).await
}

/// What the button that was pressed does with the draft, the new files with it. `begun`: when they began to come.
async fn written(
    ctx: &Ctx,
    number: &str,
    id: &str,
    kept: (Case, Party, Drafted),
    fields: &Fields,
    (begun, new): (Option<Timestamp>, Vec<DraftFile>),
) -> Result<Response> {
    let (case, party, drafted) = kept;
    if fields.get("do") == "drop" {
        messages::drop_draft(&ctx.app, &ctx.who, party.id).await?;
        return Ok(go(&format!("/cases/{number}/parties/{id}"), Some("The draft is thrown away.")));
    }
    // A form that brings files only says nothing about the text.
    let brought = fields.0.iter().any(|(name, _)| name == "body");
    let mut draft = if brought { typed(fields, &drafted.draft)? } else { drafted.draft };
    if fields.get("do") == "template" {
        let begun = Begun { template: fields.get("template"), quoted: String::new(), outcome: "" };
        draft = begin(ctx, &case, &party, draft, begun).await?;
    }
    let moving = Moving { new, gone: fields.get("remove").to_owned() };
    messages::save_draft(&ctx.app, &ctx.who, party.id, &draft, begun, &moving).await?;
    Ok(go(&format!("/cases/{number}/parties/{id}/message{}", tail(fields)), None))
}

/// `POST /cases/{number}/parties/{party}/draft`: the page saves itself.
pub async fn autosave(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (_, party, drafted) = saved(&ctx, &number, &id).await?;
    let draft = typed(&fields, &drafted.draft)?;
    messages::save_draft(&ctx.app, &ctx.who, party.id, &draft, None, &Moving::default()).await?;
    if drafted.newer > 0 {
        let message = "Another message went out to this party meanwhile. Your words are saved; load the page to read the new one.";
        return Ok((StatusCode::CONFLICT, Json(json!({ "message": message }))).into_response());
    }
    Ok(Json(json!({ "saved": show::when(ctx.app.now(), &ctx.zone(), ctx.app.now()) })).into_response())
}

/// `POST /cases/{number}/parties/{party}/files`: the same with files. Those that are too large are
/// left behind; the text and the others stay.
pub async fn attach(ctx: Ctx, Path((number, id)): Path<(String, String)>, form: Multipart) -> Result<Response, Kept> {
    let begun = ctx.app.now();
    let kept = match saved(&ctx, &number, &id).await {
        Ok(kept) => kept,
        Err(error) => return Err(Kept::unread(error, form).await),
    };
    let most = usize::try_from(ctx.app.profile.intake.max_files).unwrap_or(5);
    let Taken { fields, files, too_large, too_many } = take(&ctx.app, form, most.saturating_sub(kept.2.draft.files.len())).await?;
    match brought(&ctx, &number, &id, kept, &fields, (begun, files)).await {
        Ok(_) if fields.get("do") != "drop" && !(too_large.is_empty() && too_many.is_empty()) => {
            Ok(left_behind(&ctx, &number, &id, &fields, too_large.into_iter().chain(too_many)).await?)
        }
        Ok(done) => Ok(done),
        Err(error) => Err(Kept::new(error, fields, &["files"])),
    }
}

/// The page again, with the names of the files that were not taken.
async fn left_behind(ctx: &Ctx, number: &str, id: &str, fields: &Fields, names: impl Iterator<Item = String>) -> Result<Response> {
    let intake = &ctx.app.profile.intake;
    let most = format!("a message takes {} files of up to {} each", intake.max_files, show::limit(intake.max_file_bytes));
    let refused = names.map(|name| format!("“{name}” was not taken: {most}.")).collect();
    let wished = Wished { refused, back: back_of(fields), ..Wished::default() };
    page_as(StatusCode::PAYLOAD_TOO_LARGE, &composed(ctx, number, id, wished).await?)
}

async fn brought(
    ctx: &Ctx,
    number: &str,
    id: &str,
    kept: (Case, Party, Drafted),
    fields: &Fields,
    (begun, files): (Timestamp, Vec<Coming>),
) -> Result<Response> {
    let new = messages::keep_files(&ctx.app, finish(files).await?).await?;
    written(ctx, number, id, kept, fields, (Some(begun), new)).await
}

/// `POST /cases/{number}/parties/{party}/release`
pub async fn release(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (_, party, drafted) = saved(&ctx, &number, &id).await?;
    let (saved, draft) = (drafted.draft.clone(), standing(&fields, drafted.draft)?);
    let released =
        if fields.has("files") { Err(chosen()) } else { messages::release(&ctx.app, &ctx.sends(&fields), party.id, &draft, Some(fields.get("seen"))).await };
    // What was typed and did not leave is kept: it may be another than was looked at, and is not to leave unseen.
    if released.is_err() && fields.0.iter().any(|(name, _)| name == "body") && draft != saved {
        messages::save_draft(&ctx.app, &ctx.who, party.id, &draft, None, &Moving::default()).await?;
    }
    match released {
        Ok(_) => {
            let to = if back_of(&fields).is_empty() { format!("/cases/{number}/parties/{id}") } else { format!("/cases/{number}/close") };
            Ok(go(&to, Some(&format!("Released to {}. The disclosure ledger has it.", party.name))))
        }
        Err(Error::Conflict(text)) => {
            let wished = Wished { error: Some(text), back: back_of(&fields), ..Wished::default() };
            page_as(StatusCode::CONFLICT, &composed(&ctx, &number, &id, wished).await?)
        }
        Err(error) => Err(error),
    }
}

/// The draft as it stands in the form whose button was pressed.
fn standing(fields: &Fields, saved: Draft) -> Result<Draft> {
    if fields.0.iter().any(|(name, _)| name == "body") {
        return typed(fields, &saved);
    }
    let base = fields.parsed("base", "a number")?.unwrap_or(saved.base);
    Ok(Draft { base, ..saved })
}

/// A file that was chosen, and not attached.
fn chosen() -> Error {
    Error::conflict("A file was chosen and not attached yet. Nothing left the house: attach it, look at the message, then release.")
}
