//! The console's pages of the directory: list, one key, a new one.

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::directory::{self, Entry, Key, Source, Wanted};
use super::own::{self, MailKey};
use crate::web::fields::Asked;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result, people};

const PAGE: usize = 50;
/// The most bytes of a file with keys.
const MOST: u64 = 1 << 20;

#[derive(Template)]
#[template(path = "keys/pages/list.html")]
struct ListPage {
    shell: Shell,
    wanted: Wanted,
    rows: Vec<Entry>,
    next: String,
    mail: Vec<MailKey>,
    address: String,
}

/// `GET /keys`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "OpenPGP keys", Room::Constituency).await?;
    let after = asked.exact("after").split_once(' ').map(|(address, key)| (address.to_owned(), key.to_owned())).unwrap_or_default();
    let wanted = Wanted { words: asked.get("q").into(), state: asked.get("state").into(), after };
    let mut reader = ctx.app.db.read().await?;
    let mut rows = directory::list(&mut reader, &ctx.who, &wanted, PAGE + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| more).map(|one| format!("{} {}", one.binding.address, one.binding.fingerprint));
    let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let next = last.map(|last| format!("/keys?after={}&q={}&state={}", coded(&last), coded(&wanted.words), coded(&wanted.state))).unwrap_or_default();
    let mail = own::all(&mut reader).await?;
    let address = ctx.app.profile.mail.as_ref().map(|mail| mail.from_address.clone()).unwrap_or_default();
    page(&ListPage { shell, wanted, rows, next, mail, address })
}

#[derive(Template)]
#[template(path = "keys/pages/new.html")]
struct NewPage {
    shell: Shell,
    address: String,
    text: String,
    error: Option<String>,
}

/// `GET /keys/new`
pub async fn new(ctx: Ctx, asked: Asked) -> Result<Response> {
    form(&ctx, asked.get("address").to_owned(), String::new(), None).await
}

async fn form(ctx: &Ctx, address: String, text: String, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Add a key", Room::Constituency).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &NewPage { shell, address, text, error })
}

/// `POST /keys/new`
pub async fn add(ctx: Ctx, sent: Multipart) -> Result<Response> {
    let taken = upload::take(sent, Limits { files: 1, bytes: MOST }, || Ok(Vec::new())).await?;
    let (address, text) = (taken.fields.get("address").to_owned(), taken.fields.get("key").to_owned());
    let bytes = taken.files.into_iter().next().map_or_else(|| text.clone().into_bytes(), |file| file.writer);
    if !taken.too_large.is_empty() {
        return form(&ctx, address, text, Some("This file is too large to be keys".into())).await;
    }
    match directory::take(&ctx.app, &ctx.who, &bytes, &address, Source::Upload).await {
        Ok(found) => {
            let one = found.first().map(|key| key.fingerprint.clone()).unwrap_or_default();
            Ok(go(&format!("/keys/{one}"), Some("The key is in the directory. Compare its fingerprint with its holder before you rely on it.")))
        }
        Err(Error::Invalid(says) | Error::Conflict(says)) => form(&ctx, address, text, Some(says)).await,
        Err(error) => Err(error),
    }
}

/// An address that a key speaks for, and who said so.
struct Spoken {
    entry: Entry,
    by: String,
    /// Other keys of this address.
    others: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "keys/pages/key.html")]
struct KeyPage {
    shell: Shell,
    key: Key,
    spoken: Vec<Spoken>,
    error: Option<String>,
}

async fn shown(ctx: &Ctx, fingerprint: &str, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "A key", Room::Constituency).await?;
    let mut reader = ctx.app.db.read().await?;
    let (key, entries) = directory::one(&mut reader, &ctx.who, fingerprint).await?;
    let names = people::describe_all(&mut reader, entries.iter().map(|entry| entry.binding.verified_by.as_str())).await?;
    let addresses: Vec<String> = entries.iter().map(|entry| entry.binding.address.clone()).collect();
    let all = directory::of_addresses(&mut reader, &addresses).await?;
    let spoken = entries.into_iter().map(|entry| {
        let (by, address) = (names.get(&entry.binding.verified_by).cloned().unwrap_or_default(), &entry.binding.address);
        let others = all.iter().filter(|other| other.binding.address == *address && other.key.fingerprint != key.fingerprint).cloned().collect();
        Spoken { entry, by, others }
    });
    let spoken = spoken.collect();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &KeyPage { shell, key, spoken, error })
}

/// `GET /keys/{fingerprint}`
pub async fn one(ctx: Ctx, Path(fingerprint): Path<String>) -> Result<Response> {
    shown(&ctx, &fingerprint, None).await
}

/// `GET /keys/{fingerprint}/file`
pub async fn file(ctx: Ctx, Path(fingerprint): Path<String>) -> Result<Response> {
    let (key, _) = directory::one(&mut ctx.app.db.read().await?, &ctx.who, &fingerprint).await?;
    let name = format!("attachment; filename=\"{}.asc\"", key.fingerprint);
    Ok(([(header::CONTENT_TYPE, "application/pgp-keys".to_owned()), (header::CONTENT_DISPOSITION, name)], key.armored).into_response())
}

/// `POST /keys/{fingerprint}/verification`
pub async fn verify(ctx: Ctx, Path(fingerprint): Path<String>, fields: Fields) -> Result<Response> {
    match directory::verify(&ctx.app, &ctx.who, &fingerprint, fields.get("address"), fields.get("note")).await {
        Ok(()) => Ok(go(&format!("/keys/{fingerprint}"), Some("The key is verified. Mail to this address is encrypted with it from now on."))),
        Err(Error::Invalid(says)) => shown(&ctx, &fingerprint, Some(says)).await,
        Err(error) => Err(error),
    }
}

/// `POST /keys/{fingerprint}/removal`
pub async fn remove(ctx: Ctx, Path(fingerprint): Path<String>, fields: Fields) -> Result<Response> {
    directory::remove(&ctx.app, &ctx.who, &fingerprint, fields.get("address")).await?;
    Ok(go("/keys", Some("The key no longer speaks for this address.")))
}
