//! The reporter's pages. They work without a script and set no cookie; the language is in the address,
//! and a receipt is in the body of a request and nowhere else.

use std::io::{Read as _, Seek as _, Write as _};

use askama::Template;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{FromRequestParts, Multipart, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use post::openpgp;
use zeroize::Zeroizing;

use super::clear::{self, Answer, Typed};
use super::dialogue::{self, Opened};
use super::intake::{self, Place, Refused, Taken};
use super::manifest::{self, Published};
use super::receipt::Receipt;
use super::{armor, brake, instance, instance_bytes, keys, site, uploads};
use crate::App;
use crate::text::{Text, own_name};
use crate::web::ctx::header_text;
use crate::web::{Fields, page_as, show};

/// The most bytes of a pasted message.
const PASTED: usize = 4 << 20;
/// How much of a message is looked at before anything of it is written to the disk.
const LOOK: usize = 96 * 1024;
/// The words that scripts use stand in the text file of the pages.
const WORDS: &str = include_str!("../../texts/en/sealed.ftl");

/// The language of a request: the one in the address, or what the browser asks for. It is used and not kept.
#[derive(Clone, Debug)]
pub struct Tongue {
    text: Text,
    chosen: bool,
    intake: String,
}

impl FromRequestParts<App> for Tongue {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let asked = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let (lang, chosen) = (asked.get("lang"), asked.has("lang"));
        let accepted = app.languages.accepted(header_text(&parts.headers, header::ACCEPT_LANGUAGE.as_str()));
        let sealed = app.profile.sealed.clone().unwrap_or_default();
        let intake = sealed.intake(asked.get("intake")).or(sealed.intakes.first()).map(|intake| intake.id.clone()).unwrap_or_default();
        Ok(Self { text: app.languages.text(if chosen { lang } else { &accepted }), chosen, intake })
    }
}

/// What stands around every page.
#[derive(Clone, Debug)]
struct Frame {
    title: String,
    text: Text,
    team: String,
    languages: Vec<(String, String)>,
    chosen: bool,
    path: &'static str,
    script: &'static str,
}

impl Frame {
    fn new(app: &App, tongue: &Tongue, title: &str, path: &'static str) -> Self {
        let language = tongue.text.wanted();
        Self {
            title: tongue.text.say(title),
            team: app.profile.team.name.text(language).to_owned(),
            languages: app.languages.offered().iter().filter(|tag| *tag != language).map(|tag| (tag.clone(), own_name(tag).to_owned())).collect(),
            text: tongue.text.clone(),
            chosen: tongue.chosen,
            path,
            script: "",
        }
    }

    fn scripted(mut self, script: &'static str) -> Self {
        self.script = script;
        self
    }

    /// The text of a key.
    fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    fn with(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.text.with(key, name, value)
    }

    /// An address of ours in the reader's language.
    fn to(&self, path: &str) -> String {
        if self.chosen { format!("{path}?lang={}", self.text.wanted()) } else { path.to_owned() }
    }

    fn words(&self) -> Vec<(String, String)> {
        words(&self.text)
    }

    /// The script with all that it needs, what is needed first.
    fn modules(&self) -> Vec<(String, String)> {
        site::modules("/sealed/assets", self.script)
    }
}

/// The words that the scripts put in: names of attributes and texts.
pub fn words(language: &Text) -> Vec<(String, String)> {
    let named = WORDS.lines().filter_map(|line| {
        let (key, text) = line.split_once(" = ")?;
        let name = key.strip_prefix("sealed-word-").or_else(|| key.strip_prefix("sealed-").filter(|rest| rest.starts_with("problem-")))?;
        let names = text.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next());
        let values: Vec<(&str, String)> = names.map(|value| (value, format!("{{{value}}}"))).collect();
        Some((format!("data-{name}"), language.fill(key, &values)))
    });
    named.collect()
}

/// What a page needs to know of keys.
#[derive(Clone, Debug)]
struct Keys {
    instance: String,
    team: String,
    intake: String,
    version: i64,
    readers: usize,
    recovery: usize,
    fingerprints: Vec<String>,
}

impl Keys {
    async fn of(app: &App, intake: &str) -> Result<Option<Self>, Refused> {
        let mut reader = app.db.read().await?;
        let (team, current) = (keys::team(&mut reader).await?, manifest::current(&mut reader, app, intake).await?);
        let (Some(team), Some(Published { manifest, .. })) = (team, current) else { return Ok(None) };
        let (readers, recovery) = manifest.counts();
        Ok(Some(Self {
            instance: instance(app),
            team: team.fingerprint,
            intake: intake.to_owned(),
            version: manifest.version,
            readers,
            recovery,
            fingerprints: manifest.readers.into_iter().map(|one| one.fingerprint).collect(),
        }))
    }

    /// The team's fingerprint as people compare it.
    fn shown(&self) -> String {
        self.team.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    fn command(&self) -> String {
        let to: String = self.fingerprints.iter().map(|one| format!(" -R {one}")).collect();
        format!("tar -cf - report.txt files | gpg --encrypt --trust-model always{to} --output report.pgp")
    }
}

#[derive(Template)]
#[template(path = "sealed/pages/start.html")]
struct Start {
    frame: Frame,
    keys: Option<Keys>,
    intakes: Vec<(String, String)>,
    kinds: Vec<String>,
    by_server: bool,
}

#[derive(Template)]
#[template(path = "sealed/pages/program.html")]
struct Program {
    frame: Frame,
    keys: Option<Keys>,
    intakes: Vec<(String, String)>,
    message: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "sealed/pages/server.html")]
struct Server {
    frame: Frame,
    keys: Option<Keys>,
    intakes: Vec<(String, String)>,
    words: Zeroizing<String>,
    problem: String,
    most: String,
}

impl Server {
    fn readers(&self, keys: &Keys) -> String {
        let counts = [("readers", keys.readers.to_string()), ("recovery", keys.recovery.to_string())];
        self.frame.text.fill("sealed-word-readers", &counts)
    }
}

#[derive(Template)]
#[template(path = "sealed/pages/arrived.html")]
struct Arrived {
    frame: Frame,
    taken: Taken,
    receipt: String,
    grade: &'static str,
}

#[derive(Template)]
#[template(path = "sealed/pages/back.html")]
struct Back {
    frame: Frame,
    keys: Option<Keys>,
    problem: String,
}

#[derive(Template)]
#[template(path = "sealed/pages/dialogue.html")]
struct Talk {
    frame: Frame,
    opened: Opened,
    answers: Vec<Answer>,
    code: String,
    problem: String,
    said: String,
    words: Zeroizing<String>,
}

impl Talk {
    fn answer(&self, place: &i64) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.place == *place)
    }

    fn size(&self, bytes: usize) -> String {
        show::size(bytes as u64)
    }

    fn state(&self) -> String {
        self.frame.say(&format!("sealed-word-state-{}", self.opened.dialogue.state))
    }
}

#[derive(Template)]
#[template(path = "sealed/pages/plain.html")]
struct Plain {
    frame: Frame,
    lines: Vec<String>,
    error: bool,
}

fn intakes(app: &App, text: &Text) -> Vec<(String, String)> {
    let sealed = app.profile.sealed.clone().unwrap_or_default();
    if sealed.intakes.len() < 2 {
        return Vec::new();
    }
    sealed.intakes.iter().map(|intake| (intake.id.clone(), intake.title.text(text.wanted()).to_owned())).collect()
}

/// What was wrong, in the reporter's words, with its status.
fn told(text: &Text, refused: &Refused) -> (StatusCode, String) {
    let said = match refused {
        Refused::Invalid(key) | Refused::Conflict(key) | Refused::Closed(key) => text.say(key),
        Refused::Message(why) => text.with("sealed-error-message", "why", why),
        Refused::NotFound => text.say("sealed-problem-receipt-unknown"),
        Refused::Moved => text.say("sealed-problem-moved"),
        Refused::TooMany => text.say("sealed-error-busy"),
        Refused::TooLarge => text.say("sealed-error-large"),
        Refused::Fault(error) => {
            tracing::error!(%error, "a sealed page failed");
            text.say("sealed-error-fault")
        }
    };
    (refused.told().0, said)
}

fn failed(app: &App, tongue: &Tongue, refused: &Refused) -> Response {
    let (status, line) = told(&tongue.text, refused);
    shown(status, &Plain { frame: Frame::new(app, tongue, "sealed-error-title", "/sealed"), lines: vec![line], error: true })
}

fn shown(status: StatusCode, template: &impl Template) -> Response {
    page_as(status, template).unwrap_or_else(|error| Refused::Fault(error).into_response())
}

/// `GET /sealed`: the form that seals on the reporter's device, and the other ways.
pub async fn start(State(app): State<App>, tongue: Tongue) -> Response {
    let (keys, sealed) = match (Keys::of(&app, &tongue.intake).await, intake::settings(&app)) {
        (Ok(keys), Ok(sealed)) => (keys, sealed),
        (Err(refused), _) | (_, Err(refused)) => return failed(&app, &tongue, &refused),
    };
    let frame = Frame::new(&app, &tongue, "sealed-title", "/sealed").scripted(if keys.is_some() { "form.js" } else { "" });
    let intakes = intakes(&app, &tongue.text);
    shown(StatusCode::OK, &Start { frame, keys, intakes, kinds: app.profile.intake.kinds.clone(), by_server: sealed.by_server })
}

async fn program(app: &App, tongue: &Tongue, message: String, refused: Option<&Refused>) -> Response {
    let keys = match Keys::of(app, &tongue.intake).await {
        Ok(keys) => keys,
        Err(refused) => return failed(app, tongue, &refused),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-site-b-title", "/sealed/b");
    shown(status, &Program { frame, keys, intakes: intakes(app, &tongue.text), message, problem })
}

/// `GET /sealed/b`
pub async fn own_program(State(app): State<App>, tongue: Tongue) -> Response {
    program(&app, &tongue, String::new(), None).await
}

/// `POST /sealed/b`: a message that the reporter encrypted, uploaded or pasted.
pub async fn take_message(State(app): State<App>, tongue: Tongue, form: Result<Multipart, MultipartRejection>) -> Response {
    let mut pasted = String::new();
    match message_of(&app, &tongue, form, &mut pasted).await {
        Ok((taken, receipt)) => arrived(&app, &tongue, taken, receipt, "B"),
        Err(refused) => program(&app, &tongue, pasted, Some(&refused)).await,
    }
}

fn arrived(app: &App, tongue: &Tongue, taken: Taken, receipt: Option<Receipt>, grade: &'static str) -> Response {
    let receipt = receipt.map(|receipt| receipt.shown()).unwrap_or_default();
    shown(StatusCode::CREATED, &Arrived { frame: Frame::new(app, tongue, "sealed-done-title", "/sealed"), taken, receipt, grade })
}

fn broken<E>(_: E) -> Refused {
    Refused::invalid("sealed-error-broken")
}

async fn message_of(app: &App, tongue: &Tongue, form: Result<Multipart, MultipartRejection>, pasted: &mut String) -> Result<(Taken, Option<Receipt>), Refused> {
    let sealed = intake::settings(app)?;
    brake::begin(app, &sealed)?;
    let mut form = form.map_err(broken)?;
    let (mut code, mut subject, mut file) = (Zeroizing::new(String::new()), tongue.intake.clone(), None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "code" => code = field_words(field, 200).await?,
            "intake" => subject = field_words(field, 100).await?.to_string(),
            "message" => *pasted = field_words(field, PASTED).await?.to_string(),
            "file" if field.file_name().is_some_and(|name| !name.is_empty()) => file = Some(encrypted(app, field, sealed.max_bytes).await?),
            _ => {}
        }
    }
    let place = place_of(app, &code).await?;
    if let Some((Place::Later(dialogue, _), _)) = &place {
        subject = dialogue.intake.clone();
    }
    let manifest = intake::sealed_to(app, &subject, None).await?.manifest;
    intake::room_for(app, &sealed, place.is_none(), 0).await?;
    let came = match file {
        Some(file) => intake::keep(app, file, true, &manifest, sealed.max_bytes).await?,
        None if pasted.trim().is_empty() => return Err(Refused::invalid("sealed-error-empty")),
        None => {
            look(pasted.as_bytes())?;
            intake::keep(app, std::io::Cursor::new(pasted.clone().into_bytes()), true, &manifest, sealed.max_bytes).await?
        }
    };
    let (place, receipt) = place.unwrap_or_else(|| {
        let receipt = Receipt::new(app.db.entropy().bytes());
        let lookup = intake::lookup_of(&receipt.derive(&instance_bytes(app)).auth);
        (Place::First { grade: "B", lookup, wrapped_key: None }, Some(receipt))
    });
    Ok((intake::note(app, &sealed, &came, &manifest, place).await?, receipt))
}

/// Where a message goes whose writer shows a code; nothing without one.
async fn place_of(app: &App, code: &str) -> Result<Option<(Place, Option<Receipt>)>, Refused> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let receipt = Receipt::parse(code).ok_or(Refused::invalid("sealed-problem-receipt-check"))?;
    let opened = dialogue::open(app, &receipt.derive(&instance_bytes(app)).auth).await?;
    Ok(Some((Place::Later(Box::new(opened.dialogue), None), None)))
}

async fn field_words(mut field: Field<'_>, most: usize) -> Result<Zeroizing<String>, Refused> {
    let mut bytes = Zeroizing::new(Vec::new());
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > most {
            return Err(Refused::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Refuses what is not encrypted, as far as its beginning shows.
fn look(begin: &[u8]) -> Result<(), Refused> {
    let (mut from, mut seen, mut piece) = (armor::Binary::new(begin), Vec::new(), [0; 4096]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => seen.extend_from_slice(piece.get(..count).unwrap_or_default()),
            // Cut off in the middle of the armor: what was read says enough.
            Err(_) if !seen.is_empty() => break,
            Err(error) => return Err(Refused::Message(error.to_string())),
        }
    }
    openpgp::survey(&seen)?;
    Ok(())
}

/// A file as it streams in: looked at first, so that nothing readable is ever written to the disk.
async fn encrypted(app: &App, mut field: Field<'_>, most: u64) -> Result<std::fs::File, Refused> {
    let (mut held, mut size, mut file) = (Vec::new(), 0_u64, None);
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        size += chunk.len() as u64;
        // Armor is a third longer than what it holds.
        if size > most / 2 * 3 {
            return Err(Refused::TooLarge);
        }
        match &mut file {
            None => {
                held.extend_from_slice(&chunk);
                if held.len() >= LOOK {
                    look(&held)?;
                    let mut new = uploads::nameless(app).await?;
                    new.write_all(&std::mem::take(&mut held))?;
                    file = Some(new);
                }
            }
            Some(file) => file.write_all(&chunk)?,
        }
    }
    let mut file = if let Some(file) = file {
        file
    } else {
        look(&held)?;
        let mut new = uploads::nameless(app).await?;
        new.write_all(&held)?;
        new
    };
    file.rewind()?;
    Ok(file)
}

async fn server(app: &App, tongue: &Tongue, words: Zeroizing<String>, refused: Option<&Refused>) -> Response {
    let (keys, sealed) = match (Keys::of(app, &tongue.intake).await, intake::settings(app)) {
        (Ok(keys), Ok(sealed)) if sealed.by_server => (keys, sealed),
        (Err(refused), _) | (_, Err(refused)) => return failed(app, tongue, &refused),
        _ => return nothing(app, tongue),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-site-c-title", "/sealed/c");
    shown(status, &Server { frame, keys, intakes: intakes(app, &tongue.text), words, problem, most: show::limit(sealed.max_server_bytes) })
}

/// `GET /sealed/c`
pub async fn on_server(State(app): State<App>, tongue: Tongue) -> Response {
    server(&app, &tongue, Zeroizing::default(), None).await
}

/// `POST /sealed/c`: words and files that the server seals; with a code, the next message of a dialogue.
pub async fn take_words(State(app): State<App>, tongue: Tongue, form: Result<Multipart, MultipartRejection>) -> Response {
    let (code, typed, subject) = match typed_of(&app, &tongue, form).await {
        Ok(taken) => taken,
        Err(refused) => return server(&app, &tongue, Zeroizing::default(), Some(&refused)).await,
    };
    let kept = typed.text.clone();
    let done = if typed.is_empty() {
        Err(Refused::invalid("sealed-problem-tell-empty"))
    } else if code.trim().is_empty() {
        clear::report(&app, &subject, typed).await.map(|(receipt, taken)| (taken, Some(receipt)))
    } else {
        match Receipt::parse(&code) {
            Some(receipt) => clear::answer(&app, &receipt, typed).await.map(|taken| (taken, None)),
            None => Err(Refused::invalid("sealed-problem-receipt-check")),
        }
    };
    match done {
        Ok((_, None)) => talk(&app, &tongue, &code, "sealed-site-sent", Zeroizing::default(), None).await,
        Ok((taken, receipt)) => arrived(&app, &tongue, taken, receipt, "C"),
        Err(refused) if code.trim().is_empty() => server(&app, &tongue, kept, Some(&refused)).await,
        Err(refused) => talk(&app, &tongue, &code, "", kept, Some(refused)).await,
    }
}

async fn typed_of(app: &App, tongue: &Tongue, form: Result<Multipart, MultipartRejection>) -> Result<(Zeroizing<String>, Typed, String), Refused> {
    let sealed = intake::settings(app)?;
    let mut form = form.map_err(broken)?;
    let mut left = usize::try_from(sealed.max_server_bytes).unwrap_or(usize::MAX);
    let (mut code, mut subject) = (Zeroizing::new(String::new()), tongue.intake.clone());
    let mut typed = Typed { language: tongue.text.shown().to_owned(), ..Typed::default() };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "code" => code = field_words(field, 200).await?,
            "intake" => subject = field_words(field, 100).await?.to_string(),
            "text" => typed.text = field_words(field, 1 << 20).await?,
            "files" if field.file_name().is_some_and(|name| !name.is_empty()) => {
                let name = post::letter::safe_name(field.file_name().unwrap_or_default(), 120);
                let mut bytes = Zeroizing::new(Vec::new());
                while let Some(chunk) = field.chunk().await.map_err(broken)? {
                    left = left.checked_sub(chunk.len()).ok_or(Refused::TooLarge)?;
                    bytes.extend_from_slice(&chunk);
                }
                if typed.files.len() >= 100 {
                    return Err(Refused::TooLarge);
                }
                typed.files.push((name, bytes));
            }
            _ => {}
        }
    }
    Ok((code, typed, subject))
}

async fn back_page(app: &App, tongue: &Tongue, refused: Option<&Refused>) -> Response {
    let keys = match Keys::of(app, &tongue.intake).await {
        Ok(keys) => keys,
        Err(refused) => return failed(app, tongue, &refused),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-return-title", "/sealed/return").scripted(if keys.is_some() { "dialogue.js" } else { "" });
    shown(status, &Back { frame, keys, problem })
}

/// `GET /sealed/return`
pub async fn back(State(app): State<App>, tongue: Tongue) -> Response {
    back_page(&app, &tongue, None).await
}

/// A code that cannot be one is answered like one that nothing belongs to.
async fn opened(app: &App, code: &str) -> Result<(Receipt, Opened), Refused> {
    let receipt = Receipt::parse(code);
    let known = receipt.clone().unwrap_or_else(|| Receipt::new(app.db.entropy().bytes()));
    let opened = dialogue::open(app, &known.derive(&instance_bytes(app)).auth).await?;
    receipt.map(|receipt| (receipt, opened)).ok_or(Refused::NotFound)
}

async fn talk(app: &App, tongue: &Tongue, code: &str, said: &str, words: Zeroizing<String>, refused: Option<Refused>) -> Response {
    let found = async {
        let (receipt, opened) = opened(app, code).await?;
        let answers = clear::answers(app, &opened, &receipt.derive(&instance_bytes(app))).await?;
        for answer in answers.iter().filter(|answer| answer.problem.is_none()) {
            drop(dialogue::fetch(app, &opened, answer.place).await?);
        }
        Ok::<_, Refused>((receipt, opened, answers))
    };
    match found.await {
        Ok((receipt, opened, answers)) => {
            let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, &refused));
            let said = if said.is_empty() { String::new() } else { tongue.text.say(said) };
            let frame = Frame::new(app, tongue, "sealed-return-title", "/sealed/return");
            shown(status, &Talk { frame, opened, answers, code: receipt.shown(), problem, said, words })
        }
        Err(refused) => back_page(app, tongue, Some(&refused)).await,
    }
}

/// `POST /sealed/return`: the dialogue of a code.
pub async fn open(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    talk(&app, &tongue, fields.get("code"), "", Zeroizing::default(), None).await
}

/// `POST /sealed/return/envelope`: an answer as it was sealed, for the reporter's own program.
pub async fn envelope(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    let found = async {
        let (_, opened) = opened(&app, fields.get("code")).await?;
        let place = fields.get("place").parse().map_err(|_| Refused::NotFound)?;
        Ok::<_, Refused>((format!("{}-{place}.pgp", opened.dialogue.number), dialogue::fetch(&app, &opened, place).await?))
    };
    match found.await {
        Ok((name, body)) => saved(&name, body),
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

/// `POST /sealed/return/file`: a file of an answer, opened here.
pub async fn file(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    let found = async {
        let (receipt, opened) = opened(&app, fields.get("code")).await?;
        let answers = clear::answers(&app, &opened, &receipt.derive(&instance_bytes(&app))).await?;
        let (place, at): (i64, usize) = (fields.get("place").parse().map_err(|_| Refused::NotFound)?, fields.get("at").parse().map_err(|_| Refused::NotFound)?);
        let answer = answers.into_iter().find(|answer| answer.place == place).ok_or(Refused::NotFound)?;
        answer.files.into_iter().nth(at).ok_or(Refused::NotFound)
    };
    match found.await {
        Ok((name, bytes)) => saved(&name, bytes.into()),
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

/// `POST /sealed/return/delete`
pub async fn delete(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    let done = match Receipt::parse(fields.get("code")) {
        Some(receipt) => dialogue::delete(&app, &receipt.derive(&instance_bytes(&app)).auth).await,
        None => Err(Refused::NotFound),
    };
    match done {
        Ok(()) => {
            let frame = Frame::new(&app, &tongue, "sealed-deleted-title", "/sealed");
            let lines = vec![tongue.text.say("sealed-deleted-text")];
            left(shown(StatusCode::OK, &Plain { frame, lines, error: false }))
        }
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

fn saved(name: &str, body: axum::body::Body) -> Response {
    let ascii: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let mut response = ([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn left(mut response: Response) -> Response {
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// `GET /sealed/leave`: nothing of the visit stays in the browser.
pub async fn leave(State(app): State<App>, tongue: Tongue) -> Response {
    let frame = Frame::new(&app, &tongue, "sealed-site-left-title", "/sealed/leave");
    let lines = vec![tongue.text.say("sealed-site-left-text")];
    left(shown(StatusCode::OK, &Plain { frame, lines, error: false }))
}

/// `GET /sealed/promise`: what is protected against whom.
pub async fn promise(State(app): State<App>, tongue: Tongue) -> Response {
    let frame = Frame::new(&app, &tongue, "sealed-ways-title", "/sealed/promise");
    let keys = ["sealed-grade-a-text", "sealed-grade-b-text", "sealed-grade-c-text", "sealed-site-keeps", "sealed-site-not", "sealed-site-network"];
    let lines = keys.map(|key| tongue.text.say(key)).to_vec();
    shown(StatusCode::OK, &Plain { frame, lines, error: false })
}

fn nothing(app: &App, tongue: &Tongue) -> Response {
    let frame = Frame::new(app, tongue, "sealed-site-nothing", "/sealed");
    shown(StatusCode::NOT_FOUND, &Plain { frame, lines: vec![tongue.text.say("sealed-site-nothing-text")], error: true })
}

/// Whatever else is asked for.
pub async fn nothing_here(State(app): State<App>, tongue: Tongue) -> Response {
    nothing(&app, &tongue)
}
