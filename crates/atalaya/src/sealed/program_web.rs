//! Grade B: a message that the reporter encrypted, as a file or pasted.

use std::io::{Read as _, Seek as _, Write as _};

use askama::Template;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::intake::{self, Place, Refused, Taken};
use super::page::{Frame, Keys, Tongue, failed, intakes, shown, told};
use super::receipt::Receipt;
use super::{armor, brake, dialogue, instance_bytes, uploads};
use crate::App;

/// The most bytes of a pasted message.
const PASTED: usize = 4 << 20;
/// How much of a message is looked at before anything of it is written to the disk.
const LOOK: usize = 96 * 1024;

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
#[template(path = "sealed/pages/arrived.html")]
struct Arrived {
    frame: Frame,
    taken: Taken,
    receipt: String,
    grade: &'static str,
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

pub(super) fn arrived(app: &App, tongue: &Tongue, taken: Taken, receipt: Option<Receipt>, grade: &'static str) -> Response {
    // As the form on the device shows it.
    let receipt = receipt.map(|receipt| receipt.shown().replace('-', " ")).unwrap_or_default();
    shown(StatusCode::CREATED, &Arrived { frame: Frame::new(app, tongue, "sealed-done-title", "/sealed"), taken, receipt, grade })
}

pub(super) fn broken<E>(_: E) -> Refused {
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
            "file" if field.file_name().is_some_and(|name| !name.is_empty()) => file = Some(encrypted(app, field, intake::most(&sealed)).await?),
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
        Some(file) => intake::keep(app, file, true, &manifest, intake::most(&sealed)).await?,
        None if pasted.trim().is_empty() => return Err(Refused::invalid("sealed-error-empty")),
        None => {
            look(app, pasted.as_bytes()).await?;
            intake::keep(app, std::io::Cursor::new(pasted.clone().into_bytes()), true, &manifest, intake::most(&sealed)).await?
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

/// Refuses what is not encrypted, as far as its beginning shows.
async fn look(app: &App, begin: &[u8]) -> Result<(), Refused> {
    let (mut from, mut seen, mut piece) = (armor::Binary::new(begin), Vec::new(), [0; 4096]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => seen.extend_from_slice(piece.get(..count).unwrap_or_default()),
            // Cut off in the middle of the armor: what was read says enough.
            Err(_) if !seen.is_empty() => break,
            Err(error) => return Err(intake::unreadable(error)),
        }
    }
    app.opener.survey(&seen).await?;
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
                    look(app, &held).await?;
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
        look(app, &held).await?;
        let mut new = uploads::nameless(app).await?;
        new.write_all(&held)?;
        new
    };
    file.rewind()?;
    Ok(file)
}
