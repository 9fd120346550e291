//! Grade C: words and files that the server seals.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::brake;
use super::clear::{self, Typed};
use super::intake::{self, Refused, Taken};
use super::page::{Frame, Keys, Tongue, failed, intakes, nothing, shown, told};
use super::program_web::{arrived, broken, carried, field_words, noted};
use super::receipt::Receipt;
use super::return_web::talk;
use crate::App;
use crate::profile::Sealed;
use crate::web::show;

#[derive(Template)]
#[template(path = "sealed/pages/server.html")]
struct Server {
    frame: Frame,
    keys: Option<Keys>,
}

impl Server {
    fn readers(&self, keys: &Keys) -> String {
        readers(&self.frame, keys)
    }
}

#[derive(Template)]
#[template(path = "sealed/pages/server_form.html")]
struct Form {
    frame: Frame,
    keys: Option<Keys>,
    intakes: Vec<(String, String)>,
    receipt: Zeroizing<String>,
    words: Zeroizing<String>,
    problem: String,
    most: String,
}

impl Form {
    fn readers(&self, keys: &Keys) -> String {
        readers(&self.frame, keys)
    }
}

fn readers(frame: &Frame, keys: &Keys) -> String {
    frame.text.fill("sealed-word-readers", &[("readers", keys.readers.to_string()), ("recovery", keys.recovery.to_string())])
}

/// What was sent with the form.
#[derive(Default)]
struct Sent {
    code: Zeroizing<String>,
    receipt: Zeroizing<String>,
    subject: String,
    typed: Typed,
}

impl Sent {
    /// Reads the form, as far as there is room for it.
    async fn read(&mut self, app: &App, request: Request) -> Result<(), Refused> {
        let sealed = intake::settings(app)?;
        if !sealed.by_server {
            return Err(Refused::NotFound);
        }
        brake::begin(app, &sealed, brake::Way::Server)?;
        let mut form = Multipart::from_request(request, app).await.map_err(broken)?;
        let mut left = usize::try_from(sealed.max_server_bytes).unwrap_or(usize::MAX);
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            match field.name().unwrap_or_default() {
                "code" => self.code = field_words(field, 200).await?,
                "receipt" => self.receipt = field_words(field, 200).await?,
                "intake" => self.subject = field_words(field, 100).await?.to_string(),
                "text" => self.typed.text = field_words(field, 1 << 20).await?,
                "files" if field.file_name().is_some_and(|name| !name.is_empty()) => {
                    let name = post::letter::safe_name(field.file_name().unwrap_or_default(), 120);
                    let mut bytes = Zeroizing::new(Vec::new());
                    while let Some(chunk) = field.chunk().await.map_err(broken)? {
                        left = left.checked_sub(chunk.len()).ok_or(Refused::TooLarge)?;
                        bytes.extend_from_slice(&chunk);
                    }
                    if self.typed.files.len() >= 100 {
                        return Err(Refused::TooLarge);
                    }
                    self.typed.files.push((name, bytes));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Keys and limits, where the server seals.
async fn offered(app: &App, tongue: &Tongue) -> Result<Option<(Option<Keys>, Sealed)>, Refused> {
    let sealed = intake::settings(app)?;
    Ok(if sealed.by_server { Some((Keys::of(app, &tongue.intake).await?, sealed)) } else { None })
}

async fn form(app: &App, tongue: &Tongue, receipt: &str, words: Zeroizing<String>, refused: Option<&Refused>) -> Response {
    let (keys, sealed) = match offered(app, tongue).await {
        Ok(Some(offered)) => offered,
        Ok(None) => return nothing(app, tongue),
        Err(refused) => return failed(app, tongue, &refused),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-site-c-title", "/sealed/c");
    let (intakes, most) = (intakes(app, &tongue.text), show::limit(sealed.max_server_bytes));
    shown(status, &Form { frame, keys, intakes, receipt: noted(app, receipt), words, problem, most })
}

/// `GET /sealed/c`: what it means. It is the same for everybody, and its check sum is signed.
pub async fn on_server(State(app): State<App>, tongue: Tongue) -> Response {
    match offered(&app, &tongue).await {
        Ok(Some((keys, _))) => shown(StatusCode::OK, &Server { frame: Frame::new(&app, &tongue, "sealed-site-c-title", "/sealed/c"), keys }),
        Ok(None) => nothing(&app, &tongue),
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

/// `GET /sealed/c/message`: the form, with a receipt that nobody else gets.
pub async fn message(State(app): State<App>, tongue: Tongue) -> Response {
    form(&app, &tongue, "", Zeroizing::default(), None).await
}

/// `POST /sealed/c`: words and files that the server seals; with a code, the next message of a dialogue.
pub async fn take_words(State(app): State<App>, tongue: Tongue, request: Request) -> Response {
    // All of it is in memory until it is sealed: only of so many at once, and nothing is read of the others.
    let Ok(_held) = app.sealed.held.try_acquire() else { return form(&app, &tongue, "", Zeroizing::default(), Some(&Refused::TooMany)).await };
    let mut sent = Sent { subject: tongue.intake.clone(), ..Sent::default() };
    sent.typed.language = tongue.text.shown().to_owned();
    if let Err(refused) = sent.read(&app, request).await {
        return form(&app, &tongue, &sent.receipt, sent.typed.text, Some(&refused)).await;
    }
    let Sent { code, receipt, subject, typed } = sent;
    let kept = typed.text.clone();
    match sealed(&app, (&code, &receipt), &subject, typed).await {
        Ok((_, None)) => talk(&app, &tongue, &code, "sealed-site-sent", kept, None).await,
        Ok((taken, receipt)) => arrived(&app, &tongue, taken, receipt, "C", &kept),
        Err(refused) if code.trim().is_empty() => form(&app, &tongue, &receipt, kept, Some(&refused)).await,
        Err(refused) => talk(&app, &tongue, &code, "", kept, Some(refused)).await,
    }
}

/// Seals what was typed: a report, which gets a receipt, or with a code the next message of its dialogue.
async fn sealed(app: &App, (code, receipt): (&str, &str), subject: &str, typed: Typed) -> Result<(Taken, Option<Receipt>), Refused> {
    if typed.is_empty() {
        return Err(Refused::invalid("sealed-problem-tell-empty"));
    }
    if code.trim().is_empty() {
        let receipt = carried(app, receipt)?;
        return clear::report(app, subject, typed, &receipt).await.map(|taken| (taken, Some(receipt)));
    }
    let receipt = Receipt::parse(code).unwrap_or_else(|| Receipt::new(app.db.entropy().bytes()));
    // As long as for a code that leads nowhere.
    brake::evenly(brake::OPEN, clear::answer(app, &receipt, typed)).await.map(|taken| (taken, None))
}
