//! The interface that the reporter's page speaks with: JSON, no cookies, secrets in bodies only.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER_PERMISSIVE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json_, json};

use super::brake::{self, Way, Work};
use super::intake::{self, Place, Refused, Taken};
use super::page::filled;
use super::uploads::By;
use super::{bodies, dialogue, keys, manifest, sums, uploads};
use crate::App;
use crate::profile::Sealed;
use crate::web::ctx::header_text;

/// The most bytes of a manifest or list that somebody asks for.
const JSON: usize = 64 * 1024;
/// The length of an answer to a code: a first one has some 3,000 bytes, and each message some 200.
const LEAST: usize = 16 * 1024;

/// A refusal as the page reads it: `code` is a word that it knows, or the status says it.
impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, said) = self.said();
        (status, Json(said)).into_response()
    }
}

impl Refused {
    /// Status and body.
    fn said(self) -> (StatusCode, Json_) {
        let (mut status, code) = self.told();
        // A page asks again after 422: that is for a part that came damaged, and for nothing else.
        if status == StatusCode::UNPROCESSABLE_ENTITY && !matches!(self, Self::Invalid("sealed-error-part")) {
            status = StatusCode::BAD_REQUEST;
        }
        if let Self::Fault(error) = &self {
            // The reason only: no path, no address.
            tracing::error!(%error, "a sealed request failed");
        }
        let text = match &self {
            Self::Message(why) => why.clone(),
            Self::Envelope(reason) => reason.to_string(),
            _ => String::new(),
        };
        (status, json!({ "code": code, "text": text }))
    }

    /// Status and word.
    pub fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid("sealed-error-upload") => (StatusCode::GONE, "gone"),
            Self::Invalid(_) | Self::Envelope(_) | Self::Message(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            Self::NotFound => (StatusCode::NOT_FOUND, "receipt-unknown"),
            Self::Conflict("sealed-error-manifest") => (StatusCode::CONFLICT, "manifest-old"),
            Self::Conflict("sealed-problem-body-missing") => (StatusCode::GONE, "body-missing"),
            Self::Conflict("sealed-problem-evidence") => (StatusCode::CONFLICT, "evidence"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "sent-already"),
            Self::Moved => (StatusCode::CONFLICT, "moved"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "busy"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "file-large"),
            Self::Closed("sealed-error-no-manifest") => (StatusCode::CONFLICT, "manifest-late"),
            Self::Closed("sealed-problem-manifest-reader") => (StatusCode::CONFLICT, "manifest-reader"),
            Self::Closed(_) => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            Self::Fault(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server"),
        }
    }
}

/// A body as JSON, whatever media type it is said to be; what it cannot be is refused in our words.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &App) -> Result<Self, Refused> {
        let bytes = axum::body::to_bytes(request.into_body(), JSON).await.map_err(|_| Refused::TooLarge)?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Refused::invalid("sealed-error-shape"))
    }
}

fn bytes32(text: &str) -> Result<[u8; 32], Refused> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| Refused::invalid("sealed-error-shape"))?;
    bytes.try_into().map_err(|_| Refused::invalid("sealed-error-shape"))
}

/// `POST /sealed/v1/uploads`
#[derive(Debug, Deserialize)]
pub struct Begin {
    #[serde(default)]
    work: Option<Work>,
}

pub async fn begin(State(app): State<App>, Body(begin): Body<Begin>) -> Result<Response, Refused> {
    let sealed = intake::settings(&app)?;
    if sealed.work_bits > 0 && !begin.work.is_some_and(|work| work.is_done(&app, &sealed)) {
        let asked = json!({ "code": "work", "challenge": brake::challenge(&app), "bits": sealed.work_bits });
        return Ok((StatusCode::PRECONDITION_REQUIRED, Json(asked)).into_response());
    }
    brake::begin(&app, &sealed, Way::Browser)?;
    let id = uploads::begin(&app, &sealed, By::Worked).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "part": uploads::PART, "most": intake::most(&sealed) }))).into_response())
}

/// `GET /sealed/v1/uploads/{id}`
pub async fn parts(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let parts = uploads::parts(&app, &id).await.map_err(gone)?;
    Ok(Json(json!({ "parts": parts })).into_response())
}

/// `PUT /sealed/v1/uploads/{id}/{n}`
pub async fn put(State(app): State<App>, Path((id, number)): Path<(String, u32)>, headers: HeaderMap, bytes: Bytes) -> Result<StatusCode, Refused> {
    let sealed = intake::settings(&app)?;
    uploads::put(&app, &sealed, By::Worked, &id, (number, header_text(&headers, "x-part-sha256")), bytes).await.map_err(gone)?;
    Ok(StatusCode::NO_CONTENT)
}

/// An upload that is not there is no unknown receipt.
pub fn gone(refused: Refused) -> Refused {
    match refused {
        Refused::NotFound => Refused::invalid("sealed-error-upload"),
        other => other,
    }
}

/// `POST /sealed/v1/uploads/{id}/commit`
#[derive(Debug, Deserialize)]
pub struct Commit {
    pub sha256: String,
    pub size: u64,
    pub parts: u32,
    #[serde(default)]
    pub intake: String,
    #[serde(default)]
    grade: String,
    pub manifest_version: i64,
    #[serde(default)]
    lookup: String,
    #[serde(default)]
    wrapped_key: String,
    #[serde(default)]
    auth: String,
    #[serde(default)]
    pub prev: Option<String>,
}

pub async fn commit(State(app): State<App>, Path(id): Path<String>, Body(commit): Body<Commit>) -> Result<Json<Taken>, Refused> {
    let sealed = intake::settings(&app)?;
    let (place, subject) = place_of(&app, &commit).await?;
    let held = uploads::hold(&app, &id).await;
    // The answer to the same commit may have been lost, here, at another node or in a restart.
    if let Some(taken) = intake::sent(&app, &place, &commit.sha256).await? {
        uploads::remove(&app, &id).await?;
        return Ok(Json(taken));
    }
    let _alone = held.map_err(gone)?;
    let taken = match taken(&app, &sealed, &id, &commit, &place, &subject).await {
        // Another node may have been faster with the very same.
        Err(refused) => intake::sent(&app, &place, &commit.sha256).await?.ok_or(refused)?,
        Ok(taken) => taken,
    };
    uploads::remove(&app, &id).await?;
    Ok(Json(taken))
}

/// Where it belongs, and what it is about.
async fn place_of(app: &App, commit: &Commit) -> Result<(Place, String), Refused> {
    if !commit.auth.is_empty() {
        let opened = dialogue::open(app, &bytes32(&commit.auth)?).await?;
        let subject = opened.dialogue.intake.clone();
        return Ok((Place::Later { grade: "A", dialogue: Box::new(opened.dialogue), prev: commit.prev.clone() }, subject));
    }
    let wrapped = HEXLOWER_PERMISSIVE.decode(commit.wrapped_key.as_bytes()).map_err(|_| Refused::invalid("sealed-error-shape"))?;
    if commit.grade != "A" || wrapped.len() > 16 * 1024 {
        return Err(Refused::invalid("sealed-error-shape"));
    }
    let place = Place::First { grade: "A", lookup: bytes32(&commit.lookup)?, wrapped_key: Some(wrapped).filter(|key| !key.is_empty()) };
    Ok((place, commit.intake.clone()))
}

async fn taken(app: &App, sealed: &Sealed, id: &str, commit: &Commit, place: &Place, subject: &str) -> Result<Taken, Refused> {
    intake::room_for(app, sealed, By::Worked, matches!(place, Place::First { .. }), commit.size).await?;
    let manifest = intake::sealed_to(app, subject, Some(commit.manifest_version)).await?.manifest;
    let whole = uploads::whole(app, id, commit.parts, commit.size).await.map_err(gone)?;
    let came = bodies::keep(app, whole, &manifest, intake::most(sealed)).await?;
    if came.hash.to_string() != commit.sha256.to_ascii_lowercase() {
        bodies::drop_body(app, &came).await?;
        return Err(Refused::invalid("sealed-error-hash"));
    }
    intake::note(app, &came, &manifest, place).await
}

/// What a reporter shows who came back.
#[derive(Debug, Deserialize)]
pub struct Back {
    auth: String,
    #[serde(default)]
    place: i64,
}

/// `POST /sealed/v1/dialogue`: for every code an answer of the same length after the same time, as far
/// as a stranger sees it who looks at the line and not into it.
pub async fn look(State(app): State<App>, Body(back): Body<Back>) -> Response {
    let answer = brake::evenly(brake::LOOK, async {
        let opened = dialogue::open(&app, &bytes32(&back.auth)?).await?;
        let wrapped = opened.dialogue.wrapped_key.as_ref().map(|key| data_encoding::HEXLOWER.encode(key));
        Ok::<_, Refused>(json!({
            "number": opened.dialogue.number, "intake": opened.dialogue.intake, "grade": opened.dialogue.grade, "state": opened.dialogue.state,
            "wrapped_key": wrapped, "envelopes": opened.listed(),
        }))
    });
    padded(answer.await)
}

/// For who looks at the line, whatever came of a code has one length.
fn padded(answer: Result<Json_, Refused>) -> Response {
    let (status, said) = answer.map_or_else(Refused::said, |found| (StatusCode::OK, found));
    let text = filled(status, said.to_string(), LEAST, 0);
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// `POST /sealed/v1/envelope`: a message has its own length, which was filled up inside.
pub async fn envelope(State(app): State<App>, Body(back): Body<Back>) -> Response {
    let found = async {
        let opened = brake::evenly(brake::LOOK, async { dialogue::open(&app, &bytes32(&back.auth)?).await }).await?;
        dialogue::fetch(&app, &opened, back.place)
    };
    match found.await {
        Ok(body) => ([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response(),
        Err(refused) => padded(Err(refused)),
    }
}

/// `POST /sealed/v1/delete`
pub async fn delete(State(app): State<App>, Body(back): Body<Back>) -> Response {
    padded(brake::evenly(brake::LOOK, async { dialogue::delete(&app, &bytes32(&back.auth)?).await.map(|()| json!({})) }).await)
}

/// `GET /sealed/manifest/{intake}.json.asc`: the newest.
pub async fn manifest(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refused> {
    let intake = name.strip_suffix(".json.asc").ok_or(Refused::NotFound)?;
    let found = manifest::newest(&mut app.db.read().await?, intake).await?;
    plain(found.ok_or(Refused::NotFound)?.text)
}

/// `GET /sealed/manifest/{intake}/{version}.json.asc`: one that was, to check old answers with.
pub async fn past_manifest(State(app): State<App>, Path((intake, name)): Path<(String, String)>) -> Result<Response, Refused> {
    let version = name.strip_suffix(".json.asc").and_then(|version| version.parse().ok()).ok_or(Refused::NotFound)?;
    let found = manifest::of_version(&mut app.db.read().await?, &intake, version).await?;
    plain(found.ok_or(Refused::NotFound)?.text)
}

/// `GET /sealed/readers/{intake}.asc`: the certificates of the newest manifest, for gpg and its like.
pub async fn readers(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refused> {
    let intake = name.strip_suffix(".asc").ok_or(Refused::NotFound)?;
    let found = manifest::newest(&mut app.db.read().await?, intake).await?.ok_or(Refused::NotFound)?;
    plain(found.manifest.readers.iter().map(|reader| format!("{}\n", reader.certificate.trim_end())).collect())
}

/// `GET /sealed/team.asc`: the certificate that signs manifests.
pub async fn team(State(app): State<App>) -> Result<Response, Refused> {
    plain(keys::team(&mut app.db.read().await?).await?.ok_or(Refused::NotFound)?.armored)
}

/// `GET /sealed/team/{fingerprint}.asc`: the same, or one of before, for what it signed.
pub async fn team_of(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refused> {
    let fingerprint = name.strip_suffix(".asc").ok_or(Refused::NotFound)?;
    plain(keys::team_of(&mut app.db.read().await?, fingerprint).await?.ok_or(Refused::NotFound)?)
}

/// `GET /sealed/sums.asc`: the signed list of check sums of what the site serves.
pub async fn sums(State(app): State<App>) -> Result<Response, Refused> {
    plain(sums::newest(&app).await?.ok_or(Refused::NotFound)?)
}

fn plain(text: String) -> Result<Response, Refused> {
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
