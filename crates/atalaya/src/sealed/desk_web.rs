//! The console's pages of sealed reports.

use std::io::{Seek as _, Write as _};

use ::store::Id;
use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::label::Tlp;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json_, json};

use super::api_web::{Body, Commit, gone};
use super::desk::{How, plain};
use super::intake::{self, Refused, Taken};
use super::unseal::Chosen;
use super::{Dialogue, Envelope, desk, dialogue, keys, manifest, pages, site, store, unseal as verb, uploads};
use crate::clocks::{self, Clock};
use crate::profile::Profile;
use crate::reports::{KINDS, NewFile};
use crate::text::COMPLETE;
use crate::web::ctx::header_text;
use crate::web::fields::Asked;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{App, Error, Result, cases, people};

struct Row {
    dialogue: Dialogue,
    size: String,
    due: Option<Timestamp>,
    owner: String,
}

#[derive(Template)]
#[template(path = "sealed/pages/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    done: bool,
    next: Option<String>,
    alarms: Vec<String>,
}

async fn alarms(app: &App) -> Result<Vec<String>> {
    let (endings, mut lines) = keys::endings(&mut app.db.read().await?, app).await?;
    lines.extend(endings.into_iter().map(|ending| {
        let (word, on) = (if ending.days < 0 { "ended" } else { "ends" }, ending.at.strftime("%-d %B %Y"));
        format!("{} {word} on {on}.", ending.what)
    }));
    Ok(lines)
}

/// `GET /dialogues`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let (done, before) = (asked.has("done"), Some(asked.get("before")).filter(|before| !before.is_empty()));
    let shell = Shell::new(&ctx, "Sealed", Room::Sealed).await?;
    let alarms = alarms(&ctx.app).await?;
    let mut reader = ctx.app.db.read().await?;
    let mut found = desk::list(&mut reader, &ctx.app, &ctx.who, done, before).await?;
    let next = (found.len() > 50).then(|| found.get(49).map(|last| last.number.clone())).flatten();
    found.truncate(50);
    let mut rows = Vec::new();
    for dialogue in found {
        let bytes: i64 = store::envelopes(&mut reader, dialogue.id).await?.iter().filter(|envelope| envelope.told).map(|envelope| envelope.bucket).sum();
        let due = clocks::of(&mut reader, dialogue.id).await?.iter().filter(|clock| clock.state == "running").map(|clock| clock.due_at).min();
        let owner = match dialogue.owner {
            Some(owner) => people::name_of(&mut reader, owner).await?,
            None => String::new(),
        };
        rows.push(Row { size: crate::web::show::size(u64::try_from(bytes).unwrap_or(0)), due, owner, dialogue });
    }
    drop(reader);
    page(&ListPage { shell, rows, done, next, alarms })
}

#[derive(Template)]
#[template(path = "sealed/pages/desk.html")]
struct DeskPage {
    shell: Shell,
    profile: Profile,
    dialogue: Dialogue,
    envelopes: Vec<Envelope>,
    owner: String,
    mine: bool,
    deletes: bool,
    case: Option<String>,
    clocks: Vec<Clock>,
    story: Vec<(Timestamp, String)>,
    old: usize,
    keys: (String, i64),
    labels: Vec<String>,
    groups: Vec<(Id, String)>,
    kinds: Vec<String>,
    words: Vec<(String, String)>,
    problem: String,
    text: crate::text::Text,
}

impl DeskPage {
    fn modules(&self) -> Vec<(String, String)> {
        site::modules("/dialogues/assets", "desk.js")
    }

    fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    fn grade(&self) -> &'static str {
        match self.dialogue.grade.as_str() {
            "A" => "sealed on the reporter's device",
            "B" => "encrypted by the reporter",
            _ => "sealed on our server, which could have read it",
        }
    }
}

fn told(verb: &str) -> &str {
    match verb {
        "sealed.received" => "it was found in the arrivals",
        "sealed.added" => "the reporter added a message",
        "sealed.opened" => "took a message out to open it",
        "sealed.assigned" => "took it or handed it back",
        "sealed.answered" => "posted an answer",
        "sealed.rewrapped" => "wrapped a key anew",
        "sealed.kept_sealed" => "made a case that keeps it sealed",
        "sealed.unsealed" => "unsealed parts of it into a case",
        "sealed.closed" => "closed it",
        "sealed.deleted" => "it was deleted",
        "sealed.deletion_warned" => "warned of its deletion",
        other => other,
    }
}

async fn desk_page(ctx: &Ctx, number: &str, failed: Option<Error>) -> Result<Response> {
    let shell = Shell::new(ctx, number, Room::Sealed).await?;
    let mut reader = ctx.app.db.read().await?;
    let (dialogue, envelopes) = desk::of_number(&mut reader, &ctx.app, &ctx.who, number).await?;
    let owner = match dialogue.owner {
        Some(owner) => people::name_of(&mut reader, owner).await?,
        None => String::new(),
    };
    // A case that this viewer may not know of is none.
    let case = match dialogue.case {
        Some(case) => cases::get(&mut reader, &ctx.who, case).await.ok().map(|case| case.number),
        None => None,
    };
    let mut story = Vec::new();
    for line in reader.journal_about(dialogue.id, 200).await?.into_iter().filter(|line| line.noun == "sealed" && line.verb.starts_with("sealed.")) {
        let who = people::describe(&mut reader, &line.who).await?;
        story.push((line.at, format!("{who}: {}", told(&line.verb))));
    }
    let clocks = clocks::of(&mut reader, dialogue.id).await?;
    let (_, old) = desk::to_rewrap(&mut reader, &ctx.app, &ctx.who, number).await?;
    let team = keys::team(&mut reader).await?.map(|team| team.fingerprint).unwrap_or_default();
    let version = manifest::newest(&mut reader, &dialogue.intake).await?.map_or(0, |published| published.manifest.version);
    let groups = people::groups(&mut reader).await?.into_iter().map(|group| (group.id, group.name)).collect();
    drop(reader);
    let (status, problem) = failed.map_or((StatusCode::OK, String::new()), |error| (error.status(), error.to_string()));
    let text = ctx.app.languages.text(COMPLETE);
    let page = DeskPage {
        profile: ctx.app.profile.clone(),
        mine: dialogue.owner.is_some() && dialogue.owner == ctx.who.person().map(|person| person.id),
        deletes: crate::access::may(&ctx.who, crate::access::Verb::Decide, crate::access::Noun::Sealed),
        labels: Tlp::ALL.iter().map(|label| label.as_str().to_owned()).collect(),
        kinds: KINDS.iter().map(|kind| (*kind).to_owned()).collect(),
        words: pages::words(&text),
        old: old.len(),
        keys: (team, version),
        shell,
        dialogue,
        envelopes,
        owner,
        case,
        clocks,
        story,
        groups,
        problem,
        text,
    };
    page_as(status, &page)
}

/// `GET /dialogues/{number}`
pub async fn one(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    desk_page(&ctx, &number, None).await
}

/// After an act: on to the page, or the page with what stood against it.
async fn after(ctx: &Ctx, number: &str, done: Result<()>, said: &str) -> Result<Response> {
    match done {
        Ok(()) => Ok(go(&format!("/dialogues/{number}"), Some(said))),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => desk_page(ctx, number, Some(error)).await,
        Err(error) => Err(error),
    }
}

/// `POST /dialogues/{number}/envelopes/{place}`: out of the house's hands, to be opened elsewhere.
pub async fn take_out(ctx: Ctx, Path((number, place)): Path<(String, i64)>) -> Result<Response> {
    let (body, name) = desk::take_out(&ctx.app, &ctx.who, &number, place, How::Elsewhere).await?;
    Ok(bytes(body, Some(&name)))
}

fn bytes(body: axum::body::Body, name: Option<&str>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response();
    if let Some(value) = name.and_then(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).ok()) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /dialogues/{number}/envelopes`: the list for the page's script.
pub async fn envelopes(ctx: Ctx, Path(number): Path<String>) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    let (dialogue, envelopes) = desk::of_number(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let mut all = Vec::new();
    for one in envelopes {
        let base = format!("/dialogues/{number}/envelopes/{}", one.place);
        let head = if store::head(&mut reader, one.id).await?.is_some() { format!("{base}/newest-head") } else { format!("{base}/head") };
        all.push(json!({
            "place": one.place, "way": one.way, "day": one.day, "size": one.size, "sha256": one.hash.to_string(), "grade": dialogue.grade,
            "manifest_version": one.manifest_version, "body": format!("{base}/body"), "first_head": format!("{base}/head"), "head": head,
        }));
    }
    Ok(Json(json!({ "number": dialogue.number, "intake": dialogue.intake, "envelopes": all })))
}

/// `GET /dialogues/{number}/envelopes/{place}/{part}`: `head` as it came, `newest-head`, or `body`, which counts as opening.
pub async fn part(ctx: Ctx, Path((number, place, part)): Path<(String, i64, String)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let (_, envelopes) = desk::of_number(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let envelope = envelopes.into_iter().find(|one| one.place == place).ok_or(Error::NotFound)?;
    let newest = store::head(&mut reader, envelope.id).await?;
    drop(reader);
    match part.as_str() {
        "head" => Ok(bytes(envelope.head.into(), None)),
        "newest-head" => Ok(bytes(newest.map_or(envelope.head, |(head, _)| head).into(), None)),
        "body" => {
            desk::opened_here(&ctx.app, &ctx.who, &number, place).await?;
            Ok(bytes(dialogue::stream_of(Vec::new(), ctx.app.blobs.stream(&envelope.body)?), None))
        }
        _ => Err(Error::NotFound),
    }
}

/// `GET /dialogues/{number}/heads`: what is to be wrapped anew.
pub async fn heads(ctx: Ctx, Path(number): Path<String>) -> Result<Json<Json_>> {
    let mut reader = ctx.app.db.read().await?;
    let (dialogue, _) = desk::of_number(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let (version, old) = desk::to_rewrap(&mut reader, &ctx.app, &ctx.who, &number).await?;
    let heads: Vec<Json_> = old
        .into_iter()
        .map(|(place, _)| {
            let base = format!("/dialogues/{number}/envelopes/{place}");
            json!({ "head": format!("{base}/newest-head"), "post": format!("{base}/head") })
        })
        .collect();
    Ok(Json(json!({ "intake": dialogue.intake, "manifest_version": version, "heads": heads })))
}

/// A new head.
#[derive(Debug, Deserialize)]
pub struct NewHead {
    head: String,
}

/// `POST /dialogues/{number}/envelopes/{place}/head`
pub async fn new_head(ctx: Ctx, Path((number, place, part)): Path<(String, i64, String)>, new: Result<Body<NewHead>, Refused>) -> Result<Response> {
    if part != "head" {
        return Err(Error::NotFound);
    }
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let Body(new) = new.map_err(plain)?;
    let head = data_encoding::HEXLOWER_PERMISSIVE.decode(new.head.as_bytes()).map_err(|_| Error::invalid("The head is not in hexadecimal."))?;
    desk::rewrap(&ctx.app, &ctx.who, &number, place, &head).await?;
    Ok(Json(json!({ "place": place })).into_response())
}

/// `POST /dialogues/{number}/uploads`: an answer in parts.
pub async fn begin(ctx: Ctx, Path(number): Path<String>) -> Result<Response, Refused> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let sealed = intake::settings(&ctx.app)?;
    let id = uploads::begin(&ctx.app, &sealed).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "part": uploads::PART, "most": sealed.max_bytes }))).into_response())
}

/// `PUT /dialogues/{number}/uploads/{id}/{part}`
pub async fn put(ctx: Ctx, Path((number, id, part)): Path<(String, String, String)>, headers: HeaderMap, bytes: Bytes) -> Result<StatusCode, Refused> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let part = part.parse().map_err(|_| Refused::NotFound)?;
    let sealed = intake::settings(&ctx.app)?;
    uploads::put(&ctx.app, &sealed, &id, part, header_text(&headers, "x-part-sha256"), bytes).await.map_err(gone)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /dialogues/{number}/uploads/{id}/commit`
pub async fn commit(ctx: Ctx, Path((number, id, part)): Path<(String, String, String)>, said: Result<Body<Commit>, Refused>) -> Result<Json<Taken>, Refused> {
    let (_, envelopes) = desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let Body(said) = said?;
    if part != "commit" {
        return Err(Refused::NotFound);
    }
    let _alone = uploads::hold(&ctx.app, &id).await.map_err(gone)?;
    if let Some(taken) = ctx.app.sealed.uploads.done(&id) {
        return Ok(Json(taken));
    }
    let last = envelopes.last().map(|envelope| envelope.hash.to_string()).unwrap_or_default();
    if said.prev.is_some_and(|prev| prev != last) {
        return Err(Refused::Moved);
    }
    let whole = uploads::whole(&ctx.app, &id, said.parts, said.size).await.map_err(gone)?;
    let label = ctx.app.profile.labels.default;
    let posted = desk::reply(&ctx.app, &ctx.who, &number, whole, label, Some(said.manifest_version), Some(&said.sha256)).await;
    let (place, hash) = posted.map_err(|error| match error {
        Error::Invalid(text) | Error::Conflict(text) => Refused::Message(text),
        other => other.into(),
    })?;
    let taken = Taken { sha256: hash, number, place };
    ctx.app.sealed.uploads.finish(&id, &taken);
    uploads::remove(&ctx.app, &id).await?;
    Ok(Json(taken))
}

/// `POST /dialogues/{number}/reply`: an answer that was sealed with gpg.
pub async fn reply(ctx: Ctx, Path(number): Path<String>, form: Result<Multipart, MultipartRejection>) -> Result<Response> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let done = reply_of(&ctx, &number, form).await;
    after(&ctx, &number, done, "The answer is posted.").await
}

async fn reply_of(ctx: &Ctx, number: &str, form: Result<Multipart, MultipartRejection>) -> Result<()> {
    let sealed = intake::settings(&ctx.app).map_err(plain)?;
    let mut form = form.map_err(|_| Error::invalid("Choose the sealed message"))?;
    let (mut file, mut label) = (None, ctx.app.profile.labels.default);
    let broken = |_| Error::invalid("The line broke off; send it again.");
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("label") => label = field.text().await.map_err(broken)?.parse().map_err(|_| Error::invalid("Choose a label"))?,
            Some("envelope") => {
                let (mut new, mut size) = (uploads::nameless(&ctx.app).await.map_err(plain)?, 0);
                while let Some(chunk) = field.chunk().await.map_err(broken)? {
                    size += chunk.len() as u64;
                    if size > sealed.max_bytes / 2 * 3 {
                        return Err(Error::invalid("It is larger than may be taken."));
                    }
                    new.write_all(&chunk).map_err(|error| vault::Error::io("keep a message", error))?;
                }
                new.rewind().map_err(|error| vault::Error::io("keep a message", error))?;
                file = Some(new);
            }
            _ => {}
        }
    }
    let file = file.ok_or_else(|| Error::invalid("Choose the sealed message"))?;
    desk::reply(&ctx.app, &ctx.who, number, file, label, None, None).await.map(drop)
}

/// `POST /dialogues/{number}/owner`
pub async fn owner(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let mine = fields.has("mine");
    let done = desk::take(&ctx.app, &ctx.who, &number, mine).await;
    after(&ctx, &number, done, if mine { "It is yours." } else { "It is handed back." }).await
}

/// `POST /dialogues/{number}/case`
pub async fn keep_sealed(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    match desk::keep_sealed(&ctx.app, &ctx.who, &number, "", ctx.app.profile.labels.default, None).await {
        Ok(case) => Ok(go(&format!("/cases/{case}"), Some("The case is open; the report stays sealed."))),
        Err(error) => after(&ctx, &number, Err(error), "").await,
    }
}

/// `POST /dialogues/{number}/close`
pub async fn close(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let done = desk::close(&ctx.app, &ctx.who, &number).await;
    after(&ctx, &number, done, "It is closed.").await
}

/// `POST /dialogues/{number}/removal`
pub async fn delete(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let done = desk::delete(&ctx.app, &ctx.who, &number, fields.get("reason")).await;
    after(&ctx, &number, done, "It is deleted.").await
}

/// `POST /dialogues/{number}/unseal`: by the script (JSON back) or by the form.
pub async fn unseal(ctx: Ctx, Path(number): Path<String>, headers: HeaderMap, form: Result<Multipart, MultipartRejection>) -> Result<Response> {
    desk::of_number(&mut ctx.app.db.read().await?, &ctx.app, &ctx.who, &number).await?;
    let script = !header_text(&headers, header::ACCEPT.as_str()).contains("text/html");
    match chosen(&ctx, form).await {
        Ok(chosen) => match verb(&ctx.app, &ctx.who, &number, chosen).await {
            Ok(case) if script => Ok(Json(json!({ "to": format!("/cases/{case}") })).into_response()),
            Ok(case) => Ok(go(&format!("/cases/{case}"), Some("The case is open; the sealed original stays as evidence."))),
            Err(error) => after(&ctx, &number, Err(error), "").await,
        },
        Err(error) => after(&ctx, &number, Err(error), "").await,
    }
}

async fn chosen(ctx: &Ctx, form: Result<Multipart, MultipartRejection>) -> Result<Chosen> {
    let form = form.map_err(|_| Error::invalid("Write a title"))?;
    let limits = Limits { files: 100, bytes: ctx.app.profile.intake.max_file_bytes.max(256 << 20) };
    let blobs = ctx.app.blobs.clone();
    let taken = upload::take(form, limits, || Ok(blobs.upload()?)).await?;
    if let Some(name) = taken.too_large.first().or(taken.too_many.first()) {
        return Err(Error::invalid(format!("{name} is too large, or one too many.")));
    }
    let mut files = Vec::new();
    for file in taken.files {
        let kept = upload::on_disk(move || Ok(file.writer.finish()?)).await?;
        files.push(NewFile { name: file.name, media_type: "application/octet-stream".into(), kept });
    }
    let fields = taken.fields;
    let group = fields.get("group");
    let text = fields.exact("text").to_owned();
    Ok(Chosen {
        title: fields.get("title").to_owned(),
        kind: Some(fields.get("kind")).filter(|kind| !kind.is_empty()).unwrap_or("other").to_owned(),
        label: fields.get("label").parse().map_err(|_| Error::invalid("Choose a label"))?,
        open: group == "all",
        group: if group.is_empty() || group == "all" { None } else { Some(group.parse().map_err(|_| Error::invalid("Choose a group"))?) },
        raw: ctx.app.blobs.seal(text.as_bytes())?,
        text,
        files,
    })
}

struct Intake {
    id: String,
    version: Option<i64>,
    until: String,
    readers: Vec<Listed>,
}

struct Listed {
    name: String,
    purpose: String,
    person: String,
    fingerprint: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "sealed/pages/readers.html")]
struct ReadersPage {
    shell: Shell,
    team: Option<keys::Cert>,
    intakes: Vec<Intake>,
    alarms: Vec<String>,
}

/// `GET /dialogues/readers`
pub async fn readers(ctx: Ctx) -> Result<Response> {
    let shell = Shell::new(&ctx, "Readers and manifest", Room::Sealed).await?;
    let alarms = alarms(&ctx.app).await?;
    let mut reader = ctx.app.db.read().await?;
    let team = keys::team(&mut reader).await?;
    let mut intakes = Vec::new();
    for intake in ctx.app.profile.sealed.clone().unwrap_or_default().intakes {
        let newest = manifest::newest(&mut reader, &intake.id).await?.map(|published| published.manifest);
        let mut readers = Vec::new();
        for one in keys::readers(&mut reader, Some(&intake.id)).await? {
            let person = match one.person {
                Some(person) => people::name_of(&mut reader, person).await?,
                None => "–".into(),
            };
            let current = newest.as_ref().is_some_and(|manifest| manifest.readers.iter().any(|listed| listed.fingerprint == one.fingerprint));
            readers.push(Listed { name: one.name, purpose: one.purpose, person, fingerprint: one.fingerprint, current });
        }
        let until = newest.as_ref().map(|manifest| manifest.not_after.to_string()).unwrap_or_default();
        intakes.push(Intake { id: intake.id, version: newest.map(|manifest| manifest.version), until, readers });
    }
    drop(reader);
    page(&ReadersPage { shell, team, intakes, alarms })
}

/// `GET /dialogues/team.asc`
pub async fn team(State(app): State<App>) -> Result<Response> {
    let team = keys::team(&mut app.db.read().await?).await?;
    Ok(team.ok_or_else(|| Error::conflict("There is no team certificate yet."))?.armored.into_response())
}

/// `GET /dialogues/manifest/{intake}/{version}`: `newest`, or a number.
pub async fn manifest_text(State(app): State<App>, Path((intake, version)): Path<(String, String)>) -> Result<Response> {
    let mut reader = app.db.read().await?;
    let found = match version.parse() {
        Ok(version) => manifest::of_version(&mut reader, &intake, version).await?,
        Err(_) => manifest::newest(&mut reader, &intake).await?,
    };
    Ok(found.ok_or(Error::NotFound)?.text.into_response())
}

/// `GET /dialogues/assets/{file}`
pub async fn asset(Path(name): Path<String>) -> Result<Response> {
    site::file(Path(name)).await.map_err(plain)
}
