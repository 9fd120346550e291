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
    by_server: bool,
}

impl Talk {
    fn answer(&self, place: &i64) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.place == *place)
    }

    /// Whether there is something to read that was not opened yet.
    fn unread(&self) -> bool {
        self.answers.is_empty() && self.opened.envelopes.iter().any(|envelope| envelope.way == "out")
    }

    fn size(&self, bytes: &usize) -> String {
        show::size(*bytes as u64)
    }

    fn state(&self) -> String {
        self.frame.say(&format!("sealed-word-state-{}", self.opened.dialogue.state))
    }
}

/// The page that asks for the code; with what was wrong, it is the answer to one.
async fn back_page(app: &App, tongue: &Tongue, refused: Option<(&Refused, &str)>) -> Response {
    let keys = match Keys::of(app, &tongue.intake).await {
        Ok(keys) => keys,
        Err(refused) => return failed(app, tongue, &refused),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |(refused, _)| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-return-title", "/sealed/return").scripted(if keys.is_some() { "dialogue.js" } else { "" });
    let page = Back { frame, keys, problem };
    refused.map_or_else(|| shown(status, &page), |(_, typed)| padded(status, &page, typed))
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

/// What stands beside a dialogue: what became of a message that came along, and its words, if it was refused.
#[derive(Default)]
struct Beside<'a> {
    said: &'a str,
    typed: Zeroizing<String>,
    refused: Option<Refused>,
}

fn talk_page(app: &App, tongue: &Tongue, (receipt, opened, answers): (Receipt, Opened, Vec<Answer>), beside: Beside<'_>) -> Response {
    let Beside { said, typed, refused } = beside;
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, &refused));
    let said = if said.is_empty() { String::new() } else { tongue.text.say(said) };
    let frame = Frame::new(app, tongue, "sealed-return-title", "/sealed/return");
    let words = if problem.is_empty() { Zeroizing::default() } else { typed.clone() };
    let by_server = app.profile.sealed.as_ref().is_some_and(|sealed| sealed.by_server);
    padded(status, &Talk { frame, opened, answers, code: receipt.shown(), problem, said, words, by_server }, &typed)
}

/// The dialogue of a code, with what was said of a message that came along: its words are shown again if it was refused.
/// Answers are listed and not opened, so that a right code is answered as fast as a wrong one, however many there are.
pub(super) async fn talk(app: &App, tongue: &Tongue, code: &str, said: &str, typed: Zeroizing<String>, refused: Option<Refused>) -> Response {
    let page = async {
        match opened(app, code).await {
            Ok((receipt, opened)) => {
                let answers = clear::unopened(&opened);
                talk_page(app, tongue, (receipt, opened, answers), Beside { said, typed, refused })
            }
            Err(refused) => back_page(app, tongue, Some((&refused, &typed))).await,
        }
    };
    brake::evenly(brake::OPEN, page).await
}

/// `POST /sealed/return`: the dialogue of a code.
pub async fn open(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    talk(&app, &tongue, fields.get("code"), "", Zeroizing::default(), None).await
}

/// `POST /sealed/return/answers`: the same with its answers opened, for who saw that there are some. It takes its time.
pub async fn answers(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    let found = async {
        let (receipt, opened) = opened(&app, fields.get("code")).await?;
        let answers = clear::answers(&app, &opened, &receipt.derive(&instance_bytes(&app))).await?;
        Ok::<_, Refused>((receipt, opened, answers))
    };
    match brake::evenly(brake::OPEN, found).await {
        Ok(found) => talk_page(&app, &tongue, found, Beside::default()),
        Err(refused) => back_page(&app, &tongue, Some((&refused, ""))).await,
    }
}

/// What a code did not lead to, at the length of what one does lead to.
fn nowhere(app: &App, tongue: &Tongue, refused: &Refused) -> Response {
    let (status, line) = told(&tongue.text, refused);
    padded(status, &Plain { frame: Frame::new(app, tongue, "sealed-error-title", "/sealed"), lines: vec![line], error: true }, "")
}

/// `POST /sealed/return/envelope`: an answer as it was sealed, for the reporter's own program.
pub async fn envelope(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    let found = async {
        let (_, opened) = brake::evenly(brake::LOOK, opened(&app, fields.get("code"))).await?;
        let place = fields.get("place").parse().map_err(|_| Refused::NotFound)?;
        Ok::<_, Refused>((format!("{}-{place}.pgp", opened.dialogue.number), dialogue::fetch(&app, &opened, place)?))
    };
    match found.await {
        Ok((name, body)) => saved(&name, body),
        Err(refused) => nowhere(&app, &tongue, &refused),
    }
}

/// `POST /sealed/return/file`: a file of an answer, opened here.
pub async fn file(State(app): State<App>, tongue: Tongue, fields: Fields) -> Response {
    let found = async {
        let (receipt, opened) = opened(&app, fields.get("code")).await?;
        let (place, at): (i64, usize) = (fields.get("place").parse().map_err(|_| Refused::NotFound)?, fields.get("at").parse().map_err(|_| Refused::NotFound)?);
        clear::file(&app, &opened, &receipt.derive(&instance_bytes(&app)), place, at).await
    };
    match brake::evenly(brake::OPEN, found).await {
        Ok((name, bytes)) => saved(&name, bytes.into()),
        Err(refused) => nowhere(&app, &tongue, &refused),
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
            left(padded(StatusCode::OK, &Plain { frame, lines, error: false }, ""))
        }
        // With the same headers.
        Err(refused) => left(nowhere(&app, &tongue, &refused)),
    }
}
