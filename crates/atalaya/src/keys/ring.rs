//! The one place where OpenPGP of strangers is taken apart, so that nothing else of the room does.

use post::child::Unreadable;
use post::letter::{Envelope, Letter};
use post::openpgp::look::{self, Found, OpenedMail};
use post::openpgp::mail::Ring;

use crate::{App, Error, Result};

/// Whether OpenPGP may have a part in a mail of which a letter was read already.
pub fn concerns(raw: &[u8], letter: &Letter) -> bool {
    look::concerns(raw, letter)
}

/// Opens and checks a mail.
pub async fn open(app: &App, envelope: &Envelope, raw: &[u8], ring: Ring) -> std::result::Result<OpenedMail, Unreadable> {
    let (envelope, raw, now, limits) = (envelope.clone(), raw.to_vec(), app.now(), app.reader.limits().clone());
    let opened = tokio::task::spawn_blocking(move || look::mail(&envelope, &raw, &ring, now, &limits)).await;
    opened.map_err(|error| Unreadable::Crashed(error.to_string()))
}

/// The keys in a text or file that somebody gave us.
pub async fn keys(app: &App, bytes: &[u8]) -> Result<Vec<Found>> {
    let (bytes, now) = (bytes.to_vec(), app.now());
    let read = tokio::task::spawn_blocking(move || look::keys(&bytes, now)).await.map_err(Error::fault)?;
    read.map_err(|error| Error::invalid(capital(&error.to_string())))
}

pub(super) fn capital(line: &str) -> String {
    let mut letters = line.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
