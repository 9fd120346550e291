//! Grade B: a message that the reporter encrypted, as a file or pasted.

use std::io::Read as _;

use askama::Template;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::bodies::Came;
use super::intake::{self, Place, Refused, Taken};
use super::nameless::{Nameless, nameless};
use super::page::{Frame, Keys, Tongue, failed, intakes, padded, shown, told};
use super::receipt::Receipt;
use super::uploads::By;
use super::{armor, bodies, brake, dialogue, instance_bytes};
use crate::App;
use crate::profile::Sealed;

/// The most bytes of a pasted message.
const PASTED: usize = 4 << 20;
/// How much of a message is looked at before anything of it is written to the disk.
const LOOK: usize = 96 * 1024;

#[derive(Template)]
#[template(path = "sealed/pages/program.html")]
struct Program {
    frame: Frame,
    keys: Option<Keys>,
}

#[derive(Template)]
#[template(path = "sealed/pages/program_form.html")]
struct Form {
    frame: Frame,
    keys: Option<Keys>,
    intakes: Vec<(String, String)>,
    receipt: Zeroizing<String>,
    message: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "sealed/pages/arrived.html")]
struct Arrived {
    frame: Frame,
    taken: Taken,
    receipt: String,
    grade: &'static str,
}

async fn form(app: &App, tongue: &Tongue, sent: Sent, refused: Option<&Refused>) -> Response {
    let keys = match Keys::of(app, &tongue.intake).await {
        Ok(keys) => keys,
        Err(refused) => return failed(app, tongue, &refused),
    };
    let (status, problem) = refused.map_or((StatusCode::OK, String::new()), |refused| told(&tongue.text, refused));
    let frame = Frame::new(app, tongue, "sealed-site-b-title", "/sealed/b");
    let page = Form { frame, keys, intakes: intakes(app, &tongue.text), receipt: noted(app, &sent.receipt), message: sent.pasted.clone(), problem };
    if sent.code.trim().is_empty() { shown(status, &page) } else { padded(status, &page, &sent.pasted) }
}

/// The receipt that a form carries, as the form on the device shows one: the one that it came with, or a new one. It is
/// noted before anything is sent, so that a report is not lost with the answer to it.
pub(super) fn noted(app: &App, carried: &str) -> Zeroizing<String> {
    let receipt = Receipt::parse(carried).unwrap_or_else(|| Receipt::new(app.db.entropy().bytes()));
    Zeroizing::new(receipt.shown().replace('-', " "))
}

/// The receipt of a first report: the one that its form carried, or a new one for who sends without our form.
pub(super) fn carried(app: &App, carried: &str) -> Result<Receipt, Refused> {
    if carried.trim().is_empty() {
        return Ok(Receipt::new(app.db.entropy().bytes()));
    }
    Receipt::parse(carried).ok_or(Refused::invalid("sealed-problem-receipt-check"))
}

/// `GET /sealed/b`: how to encrypt. It is the same for everybody, and its check sum is signed.
pub async fn own_program(State(app): State<App>, tongue: Tongue) -> Response {
    match Keys::of(&app, &tongue.intake).await {
        Ok(keys) => shown(StatusCode::OK, &Program { frame: Frame::new(&app, &tongue, "sealed-site-b-title", "/sealed/b"), keys }),
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

/// `GET /sealed/b/message`: the form, with a receipt that nobody else gets.
pub async fn message(State(app): State<App>, tongue: Tongue) -> Response {
    form(&app, &tongue, Sent::default(), None).await
}

/// `POST /sealed/b`: a message that the reporter encrypted, uploaded or pasted.
pub async fn take_message(State(app): State<App>, tongue: Tongue, parts: Result<Multipart, MultipartRejection>) -> Response {
    let mut sent = Sent { subject: tongue.intake.clone(), ..Sent::default() };
    let taken = async {
        sent.read(&app, parts).await?;
        brake::evenly(brake::OPEN, message_of(&app, &mut sent)).await
    };
    match taken.await {
        Ok((taken, receipt)) => arrived(&app, &tongue, taken, receipt, "B", &sent.pasted),
        Err(refused) => form(&app, &tongue, sent, Some(&refused)).await,
    }
}

/// Says that a message is there, with its receipt if it is the first. With a receipt that was typed, the page has the
/// length of one that refuses it.
pub(super) fn arrived(app: &App, tongue: &Tongue, taken: Taken, receipt: Option<Receipt>, grade: &'static str, typed: &str) -> Response {
    // As the form on the device shows it.
    let shown_receipt = receipt.as_ref().map(|receipt| receipt.shown().replace('-', " ")).unwrap_or_default();
    let page = Arrived { frame: Frame::new(app, tongue, "sealed-done-title", "/sealed"), taken, receipt: shown_receipt, grade };
    if receipt.is_some() { shown(StatusCode::CREATED, &page) } else { padded(StatusCode::CREATED, &page, typed) }
}

pub(super) fn broken<E>(_: E) -> Refused {
    Refused::invalid("sealed-error-broken")
}

/// What was sent with the form.
#[derive(Default)]
struct Sent {
    code: Zeroizing<String>,
    receipt: Zeroizing<String>,
    subject: String,
    pasted: String,
    file: Option<Nameless>,
}

impl Sent {
    async fn read(&mut self, app: &App, form: Result<Multipart, MultipartRejection>) -> Result<(), Refused> {
        let sealed = intake::settings(app)?;
        let mut form = form.map_err(broken)?;
        while let Some(field) = form.next_field().await.map_err(broken)? {
            match field.name().unwrap_or_default() {
                "code" => self.code = field_words(field, 200).await?,
                "receipt" => self.receipt = field_words(field, 200).await?,
                "intake" => self.subject = field_words(field, 100).await?.to_string(),
                "message" => self.pasted = field_words(field, PASTED).await?.to_string(),
                "file" if field.file_name().is_some_and(|name| !name.is_empty()) => self.file = Some(encrypted(app, &sealed, field).await?),
                _ => {}
            }
        }
        Ok(())
    }
}

async fn message_of(app: &App, sent: &mut Sent) -> Result<(Taken, Option<Receipt>), Refused> {
    let sealed = intake::settings(app)?;
    let place = place_of(app, &sent.code).await?;
    if let Some(Place::Later { dialogue, .. }) = &place {
        sent.subject = dialogue.intake.clone();
    }
    let manifest = intake::sealed_to(app, &sent.subject, None).await?.manifest;
    // Armor is a third longer than what it holds.
    let size = sent.file.as_ref().map_or(sent.pasted.len() as u64, Nameless::size).min(intake::most(&sealed));
    intake::room_for(app, &sealed, By::Free, place.is_none(), size).await?;
    let (place, receipt) = if let Some(place) = place {
        (place, None)
    } else {
        let receipt = carried(app, &sent.receipt)?;
        let lookup = intake::lookup_of(&receipt.derive(&instance_bytes(app)).auth);
        (Place::First { grade: "B", lookup, wrapped_key: None }, Some(receipt))
    };
    let came = match sent.file.take() {
        Some(file) => bodies::keep_foreign(app, file, &manifest, intake::most(&sealed)).await?,
        None if sent.pasted.trim().is_empty() => return Err(Refused::invalid("sealed-error-empty")),
        None => {
            look(app, sent.pasted.as_bytes()).await?;
            bodies::keep_foreign(app, std::io::Cursor::new(sent.pasted.clone().into_bytes()), &manifest, intake::most(&sealed)).await?
        }
    };
    match intake::note(app, &came, &manifest, &place).await {
        Ok(taken) => Ok((taken, receipt)),
        Err(refused) => Ok((sent_before(app, &came, &place, refused).await?, receipt)),
    }
}

/// The answer to the same message, which may have been lost; else why it was refused.
async fn sent_before(app: &App, came: &Came, place: &Place, refused: Refused) -> Result<Taken, Refused> {
    if let Some(taken) = intake::sent(app, place, &came.hash.to_string()).await? {
        return Ok(taken);
    }
    let used = match place {
        Place::First { lookup, .. } => intake::is_used(app, *lookup).await?,
        Place::Later { .. } => false,
    };
    Err(if used { Refused::Conflict("sealed-error-receipt-used") } else { refused })
}

/// Where a message goes whose writer shows a code; nothing without one.
async fn place_of(app: &App, code: &str) -> Result<Option<Place>, Refused> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let receipt = Receipt::parse(code).ok_or(Refused::invalid("sealed-problem-receipt-check"))?;
    let opened = dialogue::open(app, &receipt.derive(&instance_bytes(app)).auth).await?;
    Ok(Some(Place::Later { grade: "B", dialogue: Box::new(opened.dialogue), prev: None }))
}

pub(super) async fn field_words(mut field: Field<'_>, most: usize) -> Result<Zeroizing<String>, Refused> {
    let mut bytes = Zeroizing::new(Vec::new());
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > most {
            return Err(Refused::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Refuses what is not encrypted, as far as its beginning shows. Only what is counts as one more message: what is none
/// takes nothing from others.
async fn look(app: &App, begin: &[u8]) -> Result<(), Refused> {
    let (mut from, mut seen, mut piece) = (armor::Binary::new(begin), Vec::new(), [0; 4096]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => seen.extend_from_slice(piece.get(..count).unwrap_or_default()),
            // Cut off in the middle of the armor: what was read says enough.
            Err(_) if !seen.is_empty() => break,
            Err(error) => return Err(bodies::unreadable(error)),
        }
    }
    app.opener.survey(&seen).await?;
    brake::begin(app, &intake::settings(app)?, brake::Way::Program)
}

/// A file as it streams in: looked at first, so that nothing readable is ever written to the disk.
async fn encrypted(app: &App, sealed: &Sealed, mut field: Field<'_>) -> Result<Nameless, Refused> {
    let most = intake::most(sealed);
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
                    look(app, &held).await?;
                    let mut new = nameless(app, By::Free).await?;
                    new.add(sealed, &std::mem::take(&mut held)).await?;
                    file = Some(new);
                }
            }
            Some(file) => file.add(sealed, &chunk).await?,
        }
    }
    let mut file = if let Some(file) = file {
        file
    } else {
        look(app, &held).await?;
        let mut new = nameless(app, By::Free).await?;
        new.add(sealed, &held).await?;
        new
    };
    file.rewind()?;
    Ok(file)
}
