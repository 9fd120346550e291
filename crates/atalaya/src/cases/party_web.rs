//! The console's pages of parties, their threads, and the page before a message leaves.

use askama::Template;
use axum::Json;
use axum::extract::{Multipart, Path};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::label::Tlp;
use serde_json::json;
use store::Id;

use super::before::{self, Prepared};
use super::messages::{self, Attached, Draft, DraftFile, Drafted, Message};
use super::parties::{self, Changes, NewParty, Party, REACHES, ROLES};
use super::recommendations::{self, KINDS, Recommendation};
use super::suggest::{self, Suggestion};
use super::templates::{self, Facts};
use super::{Case, see};
use crate::outbox::{self, Delivery};
use crate::web::fields::Asked;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as, show};
use crate::{App, Error, Result, constituency, people, reports};

/// The labels to choose from.
fn labels() -> Vec<&'static str> {
    Tlp::ALL.iter().map(|tlp| tlp.as_str()).collect()
}

fn id_of(text: &str) -> Result<Id> {
    text.parse().map_err(|_| Error::NotFound)
}

// ---- adding a party ---------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "cases/pages/party_new.html")]
struct NewPage {
    shell: Shell,
    case: Case,
    suggestions: Vec<Suggestion>,
    organisations: Vec<(Id, String)>,
    fields: Fields,
    error: Option<String>,
    labels: Vec<&'static str>,
    languages: Vec<String>,
}

impl NewPage {
    fn chosen(&self, name: &str, value: &str) -> bool {
        self.fields.get(name) == value
    }
}

async fn new_page(ctx: &Ctx, number: &str, fields: Fields, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Add a party", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, number).await?;
    let suggestions = suggest::suggest(&mut reader, &case).await?;
    let organisations = constituency::list(&mut reader).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let languages = ctx.app.profile.languages.clone();
    page_as(status, &NewPage { shell, case, suggestions, organisations, fields, error, labels: labels(), languages })
}

/// `GET /cases/{number}/parties`: the form for a new one, and who suggests itself.
pub async fn new(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    new_page(&ctx, &number, asked.0, None).await
}

/// `POST /cases/{number}/parties`
pub async fn add(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, &number).await?;
    drop(reader);
    let text = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let new = NewParty {
        organisation: fields.parsed("organisation", "an organisation")?,
        contact: fields.parsed("contact", "a contact")?,
        report: fields.parsed("report", "a report")?,
        name: fields.get("name").into(),
        alias: fields.get("alias").into(),
        role: fields.get("role").into(),
        mail: text("mail"),
        language: text("language"),
        reach: fields.get("reach").into(),
        ceiling: fields.parsed("ceiling", "a label")?,
    };
    match parties::add(&ctx.app, &ctx.who, case.id, new).await {
        Ok(party) => Ok(go(&format!("/cases/{}/parties/{party}", case.number), Some("The party takes part now. Nothing has been told to it yet."))),
        Err(Error::Invalid(text)) => new_page(&ctx, &number, fields, Some(text)).await,
        Err(error) => Err(error),
    }
}

// ---- a party's thread -------------------------------------------------------------------------

/// A message with how its mail fares.
pub struct Shown {
    message: Message,
    by: String,
    delivery: Option<Delivery>,
}

#[derive(Template)]
#[template(path = "cases/pages/party.html")]
struct PartyPage {
    shell: Shell,
    case: Case,
    lanes: Vec<Party>,
    current: Option<Id>,
    party: Party,
    thread: Vec<Shown>,
    advice: Vec<Recommendation>,
    contact_why: String,
    link: String,
    labels: Vec<&'static str>,
    languages: Vec<String>,
    waits: bool,
    error: Option<String>,
}

async fn party_page(ctx: &Ctx, number: &str, id: &str, error: Option<String>) -> Result<Response> {
    let id = id_of(id)?;
    let shell = Shell::new(ctx, "A party", Room::Cases).await?;
    let mut reader = ctx.app.db.read().await?;
    let (case, party) = before::of_number(&mut reader, &ctx.who, number, id).await?;
    let lanes = parties::of(&mut reader, &case).await?;
    let mut thread = Vec::new();
    for message in messages::thread(&mut reader, party.id).await? {
        let delivery = if message.ours() && message.channel == "mail" { outbox::deliveries(&mut reader, message.id).await?.into_iter().next() } else { None };
        let by = if message.ours() { people::describe(&mut reader, &message.by).await? } else { party.name.clone() };
        thread.push(Shown { message, by, delivery });
    }
    let advice = recommendations::of_party(&mut reader, party.id).await?;
    let organisation: Vec<Id> = party.organisation.into_iter().collect();
    let choice = constituency::choose(&constituency::contacts_of(&mut reader, &organisation).await?, ctx.app.now());
    let contact_why = match (&choice.contact, party.contact) {
        _ if party.organisation.is_none() => String::new(),
        (Some(best), Some(used)) if best.id == used => choice.why,
        (Some(best), _) => format!("Written to by hand. The registry would choose {}: {}", best.mail.as_deref().unwrap_or(&best.name), choice.why),
        (None, _) => choice.why,
    };
    let waits = parties::waits(&mut reader, &case, &party).await?;
    let link = parties::known_as(&mut reader, &ctx.app, &case, &party).await?.page;
    drop(reader);
    if party.unread > 0 {
        parties::mark_read(&ctx.app, &ctx.who, party.id).await?;
    }
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let current = Some(party.id);
    let languages = ctx.app.profile.languages.clone();
    page_as(status, &PartyPage { shell, case, lanes, current, party, thread, advice, contact_why, link, labels: labels(), languages, waits, error })
}

/// `GET /cases/{number}/parties/{party}`
pub async fn party(ctx: Ctx, Path((number, id)): Path<(String, String)>) -> Result<Response> {
    party_page(&ctx, &number, &id, None).await
}

/// What a verb said, as the party's page.
async fn back<T>(ctx: &Ctx, number: &str, id: &str, done: Result<T>, said: &str) -> Result<Response> {
    match done {
        Ok(_) => Ok(go(&format!("/cases/{number}/parties/{id}"), Some(said))),
        Err(Error::Invalid(text)) => party_page(ctx, number, id, Some(text)).await,
        Err(error) => Err(error),
    }
}

/// `POST /cases/{number}/parties/{party}`
pub async fn change(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let changes = Changes {
        name: fields.get("name").into(),
        alias: fields.get("alias").into(),
        role: fields.get("role").into(),
        mail: Some(fields.get("mail").to_owned()),
        language: fields.get("language").into(),
        reach: fields.get("reach").into(),
        ceiling: fields.need("ceiling", "Choose the highest label")?.parse().map_err(|_| Error::invalid("Choose a label"))?,
    };
    let done = parties::change(&ctx.app, &ctx.who, id_of(&id)?, changes).await;
    back(&ctx, &number, &id, done, "Saved.").await
}

/// `POST /cases/{number}/parties/{party}/consent`
pub async fn consent(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let withdraw = fields.get("do") == "withdraw";
    let until = show::from_local(&format!("{}T23:59", fields.get("until")), &ctx.zone());
    let done = if !withdraw && until.is_none() {
        Err(Error::invalid("Enter until when it may be named"))
    } else {
        parties::set_consent(&ctx.app, &ctx.who, id_of(&id)?, until.filter(|_| !withdraw), fields.get("given_by"), fields.get("note")).await
    };
    let said = if withdraw { "The consent is withdrawn: from now on it is named to nobody." } else { "The consent is recorded." };
    back(&ctx, &number, &id, done, said).await
}

/// `POST /cases/{number}/parties/{party}/calls`
pub async fn call(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let label = fields.parsed("label", "a label")?.unwrap_or(ctx.app.profile.labels.default);
    let (outgoing, substantive) = (fields.get("direction") == "out", fields.has("substantive"));
    let done = messages::record_call(&ctx.app, &ctx.who, id_of(&id)?, outgoing, fields.exact("words"), label, substantive).await;
    back(&ctx, &number, &id, done, "The call is in the thread.").await
}

/// `POST /cases/{number}/parties/{party}/recommendations`
pub async fn recommend(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let wish = fields.parsed("wish", "a day")?.and_then(|day| ctx.app.profile.calendar().close_of(day));
    let done = recommendations::add(&ctx.app, &ctx.who, id_of(&id)?, fields.get("kind"), fields.get("text"), wish).await;
    match done {
        Ok(_) if fields.has("compose") => Ok(go(&format!("/cases/{number}/parties/{id}/message{}", tail(&fields)), Some("The next message carries it."))),
        done => back(&ctx, &number, &id, done, "The next message to this party carries it.").await,
    }
}

/// `POST /cases/{number}/recommendations/{id}`: withdrawn, or something was heard of it.
pub async fn recommendation(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let said = if fields.get("do") == "withdraw" {
        recommendations::withdraw(&ctx.app, &ctx.who, id).await?;
        "The recommendation is withdrawn."
    } else if fields.get("do") == "revoke" {
        recommendations::revoke_link(&ctx.app, &ctx.who, id).await?;
        "The link in the mail leads nowhere from now on."
    } else {
        recommendations::hear(&ctx.app, &ctx.who, id, fields.get("said")).await?;
        "Noted as hearsay. Only the addressee marks it done."
    };
    let back = fields.get("party");
    let to = if back.is_empty() {
        format!("/cases/{number}")
    } else {
        format!("/cases/{number}/parties/{back}{}", if fields.has("compose") { format!("/message{}", tail(&fields)) } else { String::new() })
    };
    Ok(go(&to, Some(said)))
}

// ---- writing to a party -----------------------------------------------------------------------

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
    /// Whether a clock waits for an answer to this party.
    waits: bool,
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
    let waits = parties::waits(&mut reader, &case, &party).await?;
    let Wished { error, refused, back, .. } = wished;
    Ok(ComposePage { shell, case, party, draft, saved_at, newer, others, advice, prepared, last, labels: labels(), error, refused, waits, unkept, back })
}

/// The one other place from which people come to write: the page that closes the case.
fn back_of(asked: &Fields) -> String {
    if asked.get("back") == "close" { "close".into() } else { String::new() }
}

/// The same for the address of the page that writes.
fn tail(fields: &Fields) -> &'static str {
    if back_of(fields).is_empty() { "" } else { "?back=close" }
}

/// `GET /cases/{number}/parties/{party}/message`
pub async fn compose(ctx: Ctx, Path((number, id)): Path<(String, String)>, asked: Asked) -> Result<Response> {
    let forward: Option<Id> = asked.parsed("forward", "a message")?;
    let template = if forward.is_some() { "forward_answer" } else { asked.get("template") };
    let back = back_of(&asked);
    if template.is_empty() {
        return page(&composed(&ctx, &number, &id, Wished { back, ..Wished::default() }).await?);
    }
    // Shown, not saved: a link changes nothing.
    let mut reader = ctx.app.db.read().await?;
    let (case, party) = before::of_number(&mut reader, &ctx.who, &number, id_of(&id)?).await?;
    let drafted = messages::draft(&mut reader, &ctx.app, &ctx.who, &party).await?;
    let quoted = match forward {
        Some(message) => messages::get(&mut reader, &case, message).await?.body,
        None => String::new(),
    };
    let quoted = before::redacted(&mut reader, &ctx.app, &ctx.who, party.id, &quoted).await?;
    drop(reader);
    let begun = Begun { template, quoted, outcome: asked.get("outcome") };
    let draft = Some(begin(&ctx, &case, &party, drafted.draft, begun).await?);
    page(&composed(&ctx, &number, &id, Wished { draft, back, ..Wished::default() }).await?)
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
        substantive: fields.has("substantive"),
        template: fields.get("template").into(),
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
    written(&ctx, &number, &id, kept, &fields, Vec::new()).await
}

/// What the button that was pressed does with the draft, the new files with it.
async fn written(ctx: &Ctx, number: &str, id: &str, kept: (Case, Party, Drafted), fields: &Fields, new: Vec<DraftFile>) -> Result<Response> {
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
    if let Some(name) = Some(fields.get("remove")).filter(|name| !name.is_empty()) {
        draft.files.retain(|file| file.blob != name);
    }
    draft.files.extend(new);
    messages::save_draft(&ctx.app, &ctx.who, party.id, &draft).await?;
    Ok(go(&format!("/cases/{number}/parties/{id}/message{}", tail(fields)), None))
}

/// `POST /cases/{number}/parties/{party}/draft`: the page saves itself.
pub async fn autosave(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (_, party, drafted) = saved(&ctx, &number, &id).await?;
    let draft = typed(&fields, &drafted.draft)?;
    messages::save_draft(&ctx.app, &ctx.who, party.id, &draft).await?;
    if drafted.newer > 0 {
        let message = "Another message went out to this party meanwhile. Your words are saved; load the page to read the new one.";
        return Ok((StatusCode::CONFLICT, Json(json!({ "message": message }))).into_response());
    }
    Ok(Json(json!({ "saved": show::when(ctx.app.now(), &ctx.zone(), ctx.app.now()) })).into_response())
}

/// `POST /cases/{number}/parties/{party}/files`: the same with files. Those that are too large are
/// left behind; the text and the others stay.
pub async fn attach(ctx: Ctx, Path((number, id)): Path<(String, String)>, form: Multipart) -> Result<Response> {
    let kept = saved(&ctx, &number, &id).await?;
    let intake = &ctx.app.profile.intake;
    let room = usize::try_from(intake.max_files).unwrap_or(5).saturating_sub(kept.2.draft.files.len());
    let (fields, files, refused) = take(&ctx.app, form, room).await?;
    let new = messages::keep_files(&ctx.app, finish(files).await?).await?;
    let done = written(&ctx, &number, &id, kept, &fields, new).await?;
    if refused.is_empty() || fields.get("do") == "drop" {
        return Ok(done);
    }
    let most = format!("a message takes {} files of up to {} each", intake.max_files, show::limit(intake.max_file_bytes));
    let refused = refused.into_iter().map(|name| format!("“{name}” was not taken: {most}.")).collect();
    let wished = Wished { refused, back: back_of(&fields), ..Wished::default() };
    page_as(StatusCode::PAYLOAD_TOO_LARGE, &composed(&ctx, &number, &id, wished).await?)
}

/// A form with files, sealed as they came; and the names of those that were refused.
pub async fn take(app: &App, form: Multipart, room: usize) -> Result<(Fields, Vec<Coming>, Vec<String>)> {
    let limits = Limits { files: room, bytes: app.profile.intake.max_file_bytes };
    let taken = upload::take(form, limits, || Ok(app.blobs.upload()?)).await?;
    Ok((taken.fields, taken.files, taken.too_large.into_iter().chain(taken.too_many).collect()))
}

/// A file that is not finished: it goes when nobody wants it.
pub type Coming = upload::File<store::Upload>;

/// Finishes files that are wanted.
pub async fn finish(files: Vec<Coming>) -> Result<Vec<reports::NewFile>> {
    upload::on_disk(move || {
        let finish = |file: Coming| Ok(reports::NewFile { name: file.name, media_type: file.media_type, kept: file.writer.finish()? });
        files.into_iter().map(finish).collect::<Result<Vec<_>>>()
    })
    .await
}

/// `POST /cases/{number}/parties/{party}/release`
pub async fn release(ctx: Ctx, Path((number, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (_, party, drafted) = saved(&ctx, &number, &id).await?;
    let base = fields.parsed("base", "a number")?.unwrap_or(drafted.draft.base);
    let draft = Draft { base, ..drafted.draft };
    match messages::release(&ctx.app, &ctx.who, party.id, &draft, Some(fields.get("seen"))).await {
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

// ---- files ------------------------------------------------------------------------------------

/// `GET /cases/{number}/messages/{message}/files/{file}`
pub async fn file(ctx: Ctx, Path((number, message, file)): Path<(String, String, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let case = see::find(&mut reader, &ctx.who, &number).await?;
    let found = messages::file_for_staff(&mut reader, &ctx.who, &case, id_of(&message)?, id_of(&file)?).await?;
    download(&ctx.app, &mut reader, &found).await
}

/// A file to be kept, never shown: what strangers send does not run in our pages.
pub async fn download(app: &App, reader: &mut store::Reader, file: &Attached) -> Result<Response> {
    let content = app.blobs.get(reader, file.blob).await?;
    let name = percent_encoding::utf8_percent_encode(&file.name, percent_encoding::NON_ALPHANUMERIC);
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")).map_err(Error::fault)?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], content)
        .into_response())
}
