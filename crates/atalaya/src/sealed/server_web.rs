//! Grade C: words and files that the server seals.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::clear::{self, Typed};
use super::intake::{self, Refused, Taken};
use super::page::{Frame, Keys, Tongue, failed, intakes, nothing, shown, told};
use super::program_web::{arrived, broken, field_words};
use super::receipt::Receipt;
use super::return_web::talk;
use crate::App;
use crate::web::show;

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
    match sealed(&app, &code, &subject, typed).await {
        Ok((_, None)) => talk(&app, &tongue, &code, "sealed-site-sent", Zeroizing::default(), None).await,
        Ok((taken, receipt)) => arrived(&app, &tongue, taken, receipt, "C"),
        Err(refused) if code.trim().is_empty() => server(&app, &tongue, kept, Some(&refused)).await,
        Err(refused) => talk(&app, &tongue, &code, "", kept, Some(refused)).await,
    }
}

/// Seals what was typed: a report, which gets a receipt, or with a code the next message of its dialogue.
async fn sealed(app: &App, code: &str, subject: &str, typed: Typed) -> Result<(Taken, Option<Receipt>), Refused> {
    if typed.is_empty() {
        return Err(Refused::invalid("sealed-problem-tell-empty"));
    }
    if code.trim().is_empty() {
        return clear::report(app, subject, typed).await.map(|(receipt, taken)| (taken, Some(receipt)));
    }
    let receipt = Receipt::parse(code).ok_or_else(|| Refused::invalid("sealed-problem-receipt-check"))?;
    clear::answer(app, &receipt, typed).await.map(|taken| (taken, None))
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
