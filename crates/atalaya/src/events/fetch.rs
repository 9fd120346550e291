//! A program fetches its organisation's events: by days, or what came since it fetched last.
//!
//! Each answer names the arrival up to which it tells, taken before the view that it is read from: who goes on behind it
//! misses nothing, and gets at most twice what comes at that moment. How many files others bring is nobody's to know, so
//! that an arrival is named sealed, for its organisation alone.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use data_encoding::BASE64URL_NOPAD;
use jiff::Span;

use super::found::{self, Asker, Download};
use super::{Form, Wanted, notices};
use crate::access::Who;
use crate::web::Fields;
use crate::{App, Error, Result};
use ::store::Id;

/// What a program can say beside the filter.
const MORE: [&str; 4] = ["form", "after", "arrived_after", "arrived_to"];
/// What of the filter is the team's alone.
const INNER: [&str; 3] = ["organisation", "nobodys", "file"];

/// What is fetched, and where to go on.
pub struct Fetched {
    /// The events.
    pub download: Download,
    /// How they are written.
    pub form: Form,
    /// The arrival up to which they tell, sealed; `None` where an answer cannot say so.
    pub arrived: Option<String>,
    /// Whether more is there already.
    pub more: bool,
}

/// Begins to fetch what the fields say.
pub async fn fetch(app: &App, who: &Who, asker: Asker, asked: &Fields) -> Result<Fetched> {
    refuse(asked)?;
    let form = match asked.get("form") {
        "" | "jsonl" => Form::JsonLines,
        "csv" => Form::Csv,
        "parquet" => Form::Parquet,
        other => return Err(Error::invalid(format!("“{other}” is no form of a download: csv, jsonl or parquet"))),
    };
    let (mut wanted, problems) = Wanted::read(asked, app.now());
    if let Some(problem) = problems.into_iter().next() {
        return Err(Error::invalid(problem));
    }
    let (holder, organisation) = asker.member().ok_or(Error::NotFound)?;
    let named = |name| Some(asked.get(name)).filter(|text| !text.is_empty()).map(|text| open(app, organisation, text)).transpose();
    let (since, to, after) = (named("arrived_after")?, named("arrived_to")?, found::after(&asker, asked.get("after"))?);
    if to.is_some_and(|to| since.is_some_and(|since| to < since)) {
        return Err(Error::invalid("“arrived_to” is an arrival before “arrived_after”"));
    }
    let mut reader = app.db.read().await?;
    let goes_on = after.is_some();
    let (arrived, more) = if let Some(since) = since {
        if goes_on && to.is_none() {
            return Err(Error::invalid("Who goes on with what was broken off says as arrived_to the arrival that the broken answer named"));
        }
        let came = notices::came(&mut reader, app.now(), holder, since, to).await?;
        wanted.files = Some(came.files);
        if let Some((first, last)) = came.days.filter(|_| !asked.has("from") && !asked.has("to")) {
            (wanted.from, wanted.to) = (first, last);
        }
        (Some(came.to), came.more)
    } else {
        if !asked.has("to") {
            // A clock that runs ahead of ours tells of days that have not come.
            wanted.to = wanted.to.checked_add(Span::new().days(2)).unwrap_or(wanted.to);
        }
        let newest = notices::newest(&mut reader).await?;
        // What came since a broken answer begun is not in its rest: that one's arrival stays.
        (to.map(|to| to.min(newest)).or(Some(newest).filter(|_| !goes_on)), false)
    };
    let download = Download::begin(app, who, asker, &wanted, after, form).await?;
    // What is not there while files are read again would never be asked for again.
    let is_whole = !notices::is_half_filled(&mut reader).await?;
    if since.is_some() && !is_whole {
        return Err(Error::Unanswered("The events are being read again from their files: ask again later".into()));
    }
    let arrived = arrived.filter(|_| is_whole).map(|arrived| seal(app, organisation, arrived)).transpose()?;
    Ok(Fetched { download, form, arrived, more })
}

/// A slip in a name would bring other events than were meant, and so would an arrival whose note is lost.
fn refuse(asked: &Fields) -> Result<()> {
    let is_known = |name: &str| MORE.contains(&name) || super::FIELDS.contains(&name) && !INNER.contains(&name);
    for (name, value) in &asked.0 {
        if !is_known(name) {
            return Err(Error::invalid(format!("There is no field “{name}” here")));
        }
        if name.starts_with("arrived_") && value.trim().is_empty() {
            return Err(Error::invalid(format!("“{name}” is empty: leave it out, or say the arrival that an answer named")));
        }
    }
    Ok(())
}

fn cipher(app: &App) -> Aes256Gcm {
    Aes256Gcm::new(&app.key.secret("arrivals").into())
}

fn seal(app: &App, organisation: Id, arrival: i64) -> Result<String> {
    let (nonce, about): ([u8; 12], _) = (app.db.entropy().bytes(), organisation.to_string());
    let payload = Payload { msg: &arrival.to_be_bytes(), aad: about.as_bytes() };
    let sealed = cipher(app).encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| Error::fault("an arrival cannot be sealed"))?;
    Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat()))
}

fn open(app: &App, organisation: Id, text: &str) -> Result<i64> {
    let (bytes, about) = (BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default(), organisation.to_string());
    let opened = bytes.split_at_checked(12).and_then(|(nonce, sealed)| {
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        cipher(app).decrypt(Nonce::from_slice(nonce), payload).ok()
    });
    let number = opened.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
    number.ok_or_else(|| Error::invalid(format!("“{}” is no arrival that an answer named to your organisation", text.chars().take(80).collect::<String>())))
}
