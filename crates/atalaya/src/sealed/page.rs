//! What stands around every page of the reporter: language, keys, words for scripts, what went wrong.
//!
//! The pages work without a script and set no cookie; the language is in the address, and a receipt is
//! in the body of a request and nowhere else.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::intake::Refused;
use super::manifest::{self, Published};
use super::{instance, keys, site};
use crate::App;
use crate::text::{Text, own_name};
use crate::web::ctx::header_text;
use crate::web::{Fields, page_as, show};

/// The words that scripts use stand in the text file of the pages.
const WORDS: &str = include_str!("../../texts/en/sealed.ftl");

/// The language of a request: the one in the address, or what the browser asks for. It is used and not kept.
#[derive(Clone, Debug)]
pub struct Tongue {
    pub(super) text: Text,
    pub(super) chosen: bool,
    /// The intake that the page is about: the one that the address names, or the first.
    pub(super) intake: String,
    pub(super) named: Option<String>,
}

impl FromRequestParts<App> for Tongue {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let asked = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let (lang, chosen) = (asked.get("lang"), asked.has("lang"));
        let accepted = app.languages.accepted(header_text(&parts.headers, header::ACCEPT_LANGUAGE.as_str()));
        let sealed = app.profile.sealed.clone().unwrap_or_default();
        let named = sealed.intake(asked.get("intake")).map(|intake| intake.id.clone());
        let intake = named.clone().or_else(|| Some(sealed.intakes.first()?.id.clone())).unwrap_or_default();
        Ok(Self { text: app.languages.text(if chosen { lang } else { &accepted }), chosen, intake, named })
    }
}

/// What stands around every page.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) text: Text,
    pub(super) team: String,
    pub(super) languages: Vec<(String, String)>,
    pub(super) chosen: bool,
    /// The intake that the address names.
    pub(super) intake: Option<String>,
    pub(super) path: &'static str,
    pub(super) script: &'static str,
}

impl Frame {
    pub(super) fn new(app: &App, tongue: &Tongue, title: &str, path: &'static str) -> Self {
        let language = tongue.text.wanted();
        Self {
            title: tongue.text.say(title),
            team: app.profile.team.name.text(language).to_owned(),
            languages: app
                .languages
                .offered()
                .iter()
                .filter(|tag| *tag != language && app.languages.has(tag))
                .map(|tag| (tag.clone(), own_name(tag).to_owned()))
                .collect(),
            text: tongue.text.clone(),
            chosen: tongue.chosen,
            intake: tongue.named.clone(),
            path,
            script: "",
        }
    }

    pub(super) fn scripted(mut self, script: &'static str) -> Self {
        self.script = script;
        self
    }

    /// The text of a key.
    pub(super) fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    pub(super) fn with(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.text.with(key, name, value)
    }

    /// An address of ours in the reader's language, and about the intake that this page was asked for.
    pub(super) fn to(&self, path: &str) -> String {
        at(path, self.intake.as_deref(), self.chosen.then(|| self.text.wanted()))
    }

    /// This page in another language.
    pub(super) fn in_language(&self, tag: &str) -> String {
        at(self.path, self.intake.as_deref(), Some(tag))
    }

    /// [`Self::to`], about what this page is about.
    pub(super) fn about(&self, path: &str, intake: &str) -> String {
        at(path, Some(intake), self.chosen.then(|| self.text.wanted()))
    }

    pub(super) fn words(&self) -> Vec<(String, String)> {
        words(&self.text)
    }

    /// Address and hash of the script.
    pub(super) fn pinned(&self) -> Option<(String, String)> {
        site::script("/sealed/assets", self.script)
    }
}

fn at(path: &str, intake: Option<&str>, language: Option<&str>) -> String {
    let named = [("intake", intake), ("lang", language)].into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
    let query = named.collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
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
pub(super) struct Keys {
    pub(super) instance: String,
    pub(super) team: String,
    pub(super) intake: String,
    pub(super) version: i64,
    pub(super) readers: usize,
    pub(super) recovery: usize,
    /// Bytes of all files of one message.
    pub(super) most: u64,
}

impl Keys {
    pub(super) async fn of(app: &App, intake: &str) -> Result<Option<Self>, Refused> {
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
            most: app.profile.sealed.as_ref().map_or(0, |sealed| sealed.max_bytes),
        }))
    }

    /// The team's fingerprint as people compare it.
    pub(super) fn shown(&self) -> String {
        self.team.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// The most that all files of one message may have.
    pub(super) fn most_word(&self) -> String {
        show::limit(self.most)
    }

    /// How to encrypt with gpg: to whom the signed list names, as it was verified, and not to whom this page names.
    pub(super) fn command() -> &'static str {
        r#"mkdir -p files
tar --owner=0 --group=0 --mtime=@0 -cf - report.txt files |
gpg --encrypt --trust-model always $(sed -n 's/.*"fingerprint": "\(.*\)",/-R \1/p' readers) --output report.pgp"#
    }
}

#[derive(Template)]
#[template(path = "sealed/pages/plain.html")]
pub(super) struct Plain {
    pub(super) frame: Frame,
    pub(super) lines: Vec<String>,
    pub(super) error: bool,
}

pub(super) fn intakes(app: &App, text: &Text) -> Vec<(String, String)> {
    let sealed = app.profile.sealed.clone().unwrap_or_default();
    if sealed.intakes.len() < 2 {
        return Vec::new();
    }
    sealed.intakes.iter().map(|intake| (intake.id.clone(), intake.title.text(text.wanted()).to_owned())).collect()
}

/// What was wrong, in the reporter's words, with its status.
pub(super) fn told(text: &Text, refused: &Refused) -> (StatusCode, String) {
    let said = match refused {
        Refused::Invalid(key) | Refused::Conflict(key) | Refused::Closed(key) => text.say(key),
        Refused::Envelope(reason) => text.say(&format!("sealed-envelope-{}", reason.word())),
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

pub(super) fn failed(app: &App, tongue: &Tongue, refused: &Refused) -> Response {
    let (status, line) = told(&tongue.text, refused);
    shown(status, &Plain { frame: Frame::new(app, tongue, "sealed-error-title", "/sealed"), lines: vec![line], error: true })
}

pub(super) fn shown(status: StatusCode, template: &impl Template) -> Response {
    page_as(status, template).unwrap_or_else(|error| Refused::Fault(error).into_response())
}

/// The length of a page in answer to a code: that of a wrong code, and of a dialogue of some forty messages. What is
/// longer is filled up to the next power of two.
const LEAST: usize = 128 * 1024;

/// [`shown`], of a length that says little to who looks at the line and not into it. `typed`: what came with the code
/// and is shown again by some answers: all have the room for it.
pub(super) fn padded(status: StatusCode, template: &impl Template, typed: &str) -> Response {
    // As askama writes it in HTML.
    let again: usize = typed.bytes().map(|byte| if b"<>&\"'".contains(&byte) { 5 } else { 1 }).sum();
    match template.render() {
        Ok(page) => {
            let page = filled(status, page, LEAST, LEAST / 2 + again);
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], page).into_response()
        }
        Err(error) => Refused::Fault(error.into()).into_response(),
    }
}

/// Fills a text up to `least`, or to the power of two that holds it and `room`, so that it has one length together with
/// the words of its status, which stand before it on the line.
pub(super) fn filled(status: StatusCode, mut text: String, least: usize, room: usize) -> String {
    let reason = status.canonical_reason().map_or(0, str::len);
    let whole = (text.len() + reason).max(room).max(least).next_power_of_two();
    text.extend(std::iter::repeat_n(' ', whole - reason - text.len()));
    text
}

pub(super) fn saved(name: &str, body: axum::body::Body) -> Response {
    let ascii: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let mut response = ([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

pub(super) fn left(mut response: Response) -> Response {
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

pub(super) fn nothing(app: &App, tongue: &Tongue) -> Response {
    let frame = Frame::new(app, tongue, "sealed-site-nothing", "/sealed");
    shown(StatusCode::NOT_FOUND, &Plain { frame, lines: vec![tongue.text.say("sealed-site-nothing-text")], error: true })
}
