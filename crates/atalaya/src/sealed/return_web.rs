//! Coming back with a receipt.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::brake;
use super::clear::{self, Answer};
use super::dialogue::{self, Opened};
use super::instance_bytes;
use super::intake::Refused;
use super::page::{Frame, Keys, Plain, Tongue, failed, left, padded, saved, shown, told};
use super::receipt::Receipt;
use crate::App;
use crate::web::{Fields, show};

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

/// The page that asks for the code; with what was wrong, it is the answer to one.
async fn back_page(app: &App, tongue: &Tongue, refused: Option<&Refused>) -> Response {
    let keys = match Keys::of(app, &tongue.intake).await {
        Ok(keys) => keys,
        Err(refused) => return failed(app, tongue, &refused),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-return-title", "/sealed/return").scripted(if keys.is_some() { "dialogue.js" } else { "" });
    let page = Back { frame, keys, problem };
    if refused.is_some() { padded(status, &page) } else { shown(status, &page) }
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

pub(super) async fn talk(app: &App, tongue: &Tongue, code: &str, said: &str, words: Zeroizing<String>, refused: Option<Refused>) -> Response {
    let found = async {
        let (receipt, opened) = opened(app, code).await?;
        let answers = clear::answers(app, &opened, &receipt.derive(&instance_bytes(app))).await?;
        for answer in answers.iter().filter(|answer| answer.problem.is_none()) {
            drop(dialogue::fetch(app, &opened, answer.place).await?);
        }
        Ok::<_, Refused>((receipt, opened, answers))
    };
    match brake::evenly(brake::OPEN, found).await {
        Ok((receipt, opened, answers)) => {
            let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, &refused));
            let said = if said.is_empty() { String::new() } else { tongue.text.say(said) };
            let frame = Frame::new(app, tongue, "sealed-return-title", "/sealed/return");
            padded(status, &Talk { frame, opened, answers, code: receipt.shown(), problem, said, words })
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
        let (_, opened) = brake::evenly(brake::LOOK, opened(&app, fields.get("code"))).await?;
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
    match brake::evenly(brake::OPEN, found).await {
        Ok((name, bytes)) => saved(&name, bytes.into()),
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

/// `POST /sealed/return/delete`
pub async fn delete(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    // A code that cannot be one takes the way of one that leads nowhere.
    let receipt = Receipt::parse(fields.get("code")).unwrap_or_else(|| Receipt::new(app.db.entropy().bytes()));
    match brake::evenly(brake::LOOK, dialogue::delete(&app, &receipt.derive(&instance_bytes(&app)).auth)).await {
        Ok(()) => {
            let frame = Frame::new(&app, &tongue, "sealed-deleted-title", "/sealed");
            let lines = vec![tongue.text.say("sealed-deleted-text")];
            left(shown(StatusCode::OK, &Plain { frame, lines, error: false }))
        }
        Err(refused) => failed(&app, &tongue, &refused),
    }
}
