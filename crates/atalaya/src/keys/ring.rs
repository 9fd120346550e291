//! OpenPGP of strangers is taken apart in child processes, and asked for here alone.

use post::child::{Unopened, Unreadable};
use post::letter::{Envelope, Letter};
use post::openpgp::look::{self, Found, OpenedMail};
use post::openpgp::mail::Ring;

use crate::{App, Error, Result};

/// Whether OpenPGP may have a part in a mail of which a letter was read already.
pub fn concerns(raw: &[u8], letter: &Letter) -> bool {
    look::concerns(raw, letter)
}

/// Opens and checks a mail: the keys go to a process that ends with it.
pub async fn open(app: &App, envelope: &Envelope, raw: &[u8], ring: Ring) -> std::result::Result<OpenedMail, Unreadable> {
    app.reader.open(envelope, raw, ring, app.now()).await
}

/// The keys in a text or file that somebody gave us.
pub async fn keys(app: &App, bytes: &[u8]) -> Result<Vec<Found>> {
    app.opener.keys(bytes, app.now()).await.map_err(|error| match error {
        Unopened::NotStarted(why) => Error::fault(why),
        other => Error::invalid(capital(&other.to_string())),
    })
}

pub(super) fn capital(line: &str) -> String {
    let mut letters = line.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
