//! The pages of those who take part without a log-in: a party's own page and the page that answers
//! a recommendation, each behind the secret from our mail.
//!
//! Looking changes nothing: mail scanners follow every link before a person does. A wrong secret is
//! 404 like any other page that is not there; only guessing is slowed down, never the true holder.

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use formats::label::Tlp;
use jiff::{SignedDuration, Timestamp};
use store::{Id, Reader};

use super::files_web::{Written, download, written};
use super::messages::{self, Message};
use super::parties::{self, Party};
use super::recommendations::{self, Recommendation};
use super::{receive_answer, templates};
use crate::access::Who;
use crate::release::Released;
use crate::reports::{Answer, Coming, finish};
use crate::web::ctx::cookie;
use crate::web::{Ctx, Fields, Kept, Site, go, page_as, throttle};
use crate::{App, Error, Result};

/// Wrong secrets within an hour from one network, before it is told to wait.
const GUESSES: u32 = 60;
/// Answers in an hour of one party.
const ANSWERS: u32 = 30;

/// What a party sees of its case: its own slice.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The case's number.
    pub number: String,
    /// Whether work goes on.
    pub open: bool,
    /// The party.
    pub party: Party,
    /// What was released to it and what it said, oldest first.
    pub said: Vec<Released<Message>>,
    /// When mails came that are not shown, because they may be another's.
    pub held: Vec<Timestamp>,
    /// The recommendations to it, newest first.
    pub advice: Vec<Recommendation>,
    /// Where its forms go.
    pub root: String,
    /// The highest label of what is shown.
    pub label: Option<Tlp>,
    /// What that label asks of the reader.
    pub meaning: String,
    /// What was typed and could not be taken, and why.
    pub typed: String,
    /// Why.
    pub error: Option<String>,
}

impl Slice {
    /// What it is about: the newest subject; empty where nothing had one.
    pub fn title(&self) -> &str {
        self.said.iter().rev().map(|message| message.value().subject.as_str()).find(|subject| !subject.is_empty()).unwrap_or_default()
    }

    /// Reads the slice of a party; its actions stand under `root`.
    pub async fn of(reader: &mut Reader, ctx: &Ctx, party: Party, root: String) -> Result<Self> {
        let (number, open) = parties::case_of(reader, &party).await?;
        let person = parties::is_person(reader, &party).await?;
        let number = if party.organisation.is_none() { parties::report_of(reader, &party).await?.map_or(number, |report| report.number) } else { number };
        let said = messages::told(reader, &ctx.app, &party).await?;
        let held = messages::held(reader, party.id).await?;
        let mut advice = messages::advice_for(reader, party.id).await?;
        advice.retain(|one| said.iter().any(|message| Some(message.value().id) == one.message));
        let label =
            said.iter().map(super::super::release::Released::value).filter(|message| message.ours() && message.channel != "phone").map(Message::tlp).max();
        let meaning = label.map(|label| templates::meaning(&ctx.text, label, person)).unwrap_or_default();
        Ok(Self { number, open, party, said, held, advice, root, label, meaning, typed: String::new(), error: None })
    }

    /// The key of the text for a recommendation's state.
    pub fn state_key(&self, one: &Recommendation) -> String {
        let state = if one.state == "sent" && !self.open { "no-answer" } else { &one.state };
        format!("recommendation-state-{state}")
    }
}

/// The page in the party's language, unless the reader chose another.
fn in_language(ctx: &mut Ctx, headers: &HeaderMap, language: &str) {
    if cookie(headers, "language").is_none() {
        ctx.text = ctx.app.languages.text(language);
    }
}

/// What was found behind a secret; a wrong one counts as a guess.
async fn behind<T>(ctx: &Ctx, found: Result<T>) -> Result<T> {
    if matches!(found, Err(Error::NotFound)) {
        throttle::allow(&ctx.app, &format!("secret:{}", throttle::network(ctx.from)), GUESSES, SignedDuration::from_hours(1)).await?;
    }
    found
}

/// The team can read the links in its own mails, and answers for nobody.
fn addressee(ctx: &Ctx, party: Id) -> Result<Who> {
    if ctx.who.is_staff() { Err(Error::Barred) } else { Ok(Who::Party(party)) }
}

async fn holder(ctx: &Ctx, secret: &str) -> Result<Party> {
    let mut reader = ctx.app.db.read().await?;
    let found = parties::by_secret(&mut reader, secret).await;
    drop(reader);
    behind(ctx, found).await
}

#[derive(Template)]
#[template(path = "cases/pages/party_portal.html")]
struct PartyPortal {
    site: Site,
    slice: Slice,
}

async fn portal(ctx: &Ctx, party: Party, secret: &str, typed: String, error: Option<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let mut slice = Slice::of(&mut reader, ctx, party, format!("/party/{secret}")).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (slice.typed, slice.error) = (typed, error);
    let site = Site::new(ctx, &slice.number);
    page_as(status, &PartyPortal { site, slice })
}

/// `GET /party/{secret}`
pub async fn party(mut ctx: Ctx, headers: HeaderMap, Path(secret): Path<String>) -> Result<Response> {
    let party = holder(&ctx, &secret).await?;
    in_language(&mut ctx, &headers, &party.language);
    portal(&ctx, party, &secret, String::new(), None).await
}

/// `POST /party/{secret}/reply`
pub async fn reply(mut ctx: Ctx, headers: HeaderMap, Path(secret): Path<String>, form: Multipart) -> Result<Response, Kept> {
    let party = match holder(&ctx, &secret).await {
        Ok(party) => party,
        Err(error) => return Err(Kept::unread(error, form).await),
    };
    in_language(&mut ctx, &headers, &party.language);
    let who = match addressee(&ctx, party.id) {
        Ok(who) => who,
        Err(error) => return Err(Kept::unread(error, form).await),
    };
    match take_reply(&ctx, &who, &party, form).await? {
        Ok(said) => Ok(go(&format!("/party/{secret}"), Some(&said))),
        Err((typed, error)) => Ok(portal(&ctx, party, &secret, typed, Some(error)).await?),
    }
}

/// Takes an answer from a page into the thread: what to say, or what was typed and why not.
pub async fn take_reply(ctx: &Ctx, who: &Who, party: &Party, form: Multipart) -> Result<Result<String, (String, String)>, Kept> {
    let Written { fields, words, files } = match written(ctx, form).await? {
        Ok(written) => written,
        Err(refused) => return Ok(Err(refused)),
    };
    match receive(&ctx.app, who, party, words, files).await {
        Ok(()) => Ok(Ok(ctx.text.say("slice-thanks"))),
        Err(error) => Err(Kept::new(error, fields, &["files"])),
    }
}

async fn receive(app: &App, who: &Who, party: &Party, words: String, files: Vec<Coming>) -> Result<()> {
    throttle::allow(app, &format!("party-answer:{}", party.id), ANSWERS, SignedDuration::from_hours(1)).await?;
    let files = finish(files).await?;
    let raw = app.blobs.seal(words.as_bytes())?;
    app.db
        .change(&who.to_string(), async |tx| {
            let answer = Answer { raw: Some(raw), files, ..Answer::of("portal", words) };
            receive_answer(tx, app, party.id, answer).await.map(drop)
        })
        .await
}

/// `GET /party/{secret}/files/{file}`
pub async fn file(ctx: Ctx, Path((secret, file)): Path<(String, String)>) -> Result<Response> {
    let party = holder(&ctx, &secret).await?;
    file_of(&ctx, &party, &file).await
}

/// A file of a message that a party may read.
pub async fn file_of(ctx: &Ctx, party: &Party, file: &str) -> Result<Response> {
    let id: Id = file.parse().map_err(|_| Error::NotFound)?;
    let mut reader = ctx.app.db.read().await?;
    let said = messages::told(&mut reader, &ctx.app, party).await?;
    let found = said.iter().flat_map(|message| &message.value().files).find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    download(&ctx.app, &mut reader, &found).await
}

/// `POST /party/{secret}/recommendations/{id}`
pub async fn answer_there(ctx: Ctx, Path((secret, id)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let party = holder(&ctx, &secret).await?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    recommendations::answer(&ctx.app, &addressee(&ctx, party.id)?, id, (fields.get("answer"), fields.exact("words"), fields.get("seen"))).await?;
    Ok(go(&format!("/party/{secret}"), Some(&ctx.text.say("answer-thanks"))))
}

// ---- one recommendation -------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "cases/pages/answer.html")]
struct AnswerPage {
    site: Site,
    one: Recommendation,
    number: String,
    label: Tlp,
    state_key: String,
    error: Option<String>,
    /// The answer that is chosen, and its words.
    chosen: String,
    words: String,
}

/// An answer that could not be taken: why, and what was chosen and typed.
struct Refused {
    status: StatusCode,
    why: String,
    chosen: String,
    words: String,
}

async fn answer_page(mut ctx: Ctx, headers: &HeaderMap, one: Recommendation, refused: Option<Refused>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let party = parties::by_id(&mut reader, one.party).await?;
    in_language(&mut ctx, headers, &party.language);
    // The page shows again what the message told, under the same label, or nothing at all.
    let slice = Slice::of(&mut reader, &ctx, party, String::new()).await?;
    let told = slice.said.iter().find(|message| Some(message.value().id) == one.message).ok_or(Error::NotFound)?;
    let (label, number, state_key) = (told.value().tlp(), slice.number.clone(), slice.state_key(&one));
    let site = Site::new(&ctx, &ctx.text.say("answer-title"));
    let (chosen, words) = refused.as_ref().map_or((&one.state, &one.answer), |refused| (&refused.chosen, &refused.words));
    let (chosen, words) = (chosen.clone(), words.clone());
    let (status, error) = refused.map_or((StatusCode::OK, None), |refused| (refused.status, Some(refused.why)));
    page_as(status, &AnswerPage { site, one, number, label, state_key, error, chosen, words })
}

async fn asked(ctx: &Ctx, secret: &str) -> Result<Recommendation> {
    let mut reader = ctx.app.db.read().await?;
    let found = recommendations::by_secret(&mut reader, secret).await;
    drop(reader);
    behind(ctx, found).await
}

/// `GET /answer/{secret}`: shows, and changes nothing.
pub async fn question(ctx: Ctx, headers: HeaderMap, Path(secret): Path<String>) -> Result<Response> {
    let one = asked(&ctx, &secret).await?;
    answer_page(ctx, &headers, one, None).await
}

/// `POST /answer/{secret}`
pub async fn answer(ctx: Ctx, headers: HeaderMap, Path(secret): Path<String>, fields: Fields) -> Result<Response> {
    let one = asked(&ctx, &secret).await?;
    let (who, chosen, words) = (addressee(&ctx, one.party)?, fields.get("answer").to_owned(), fields.exact("words").to_owned());
    let refused = match recommendations::answer(&ctx.app, &who, one.id, (&chosen, &words, fields.get("seen"))).await {
        Ok(()) => return Ok(go(&format!("/answer/{secret}"), Some(&ctx.text.say("answer-thanks")))),
        Err(Error::Invalid(_)) => Refused { status: StatusCode::UNPROCESSABLE_ENTITY, why: ctx.text.say("answer-choose"), chosen, words },
        Err(Error::Conflict(text)) if one.is_open() => Refused { status: StatusCode::CONFLICT, why: ctx.text.say(&text), chosen, words },
        Err(error) => return Err(error),
    };
    let now = asked(&ctx, &secret).await?;
    answer_page(ctx, &headers, now, Some(refused)).await
}
