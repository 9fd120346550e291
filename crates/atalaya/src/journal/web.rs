//! The ledger page and the pages of outgoing mail.

use ::store::Reader;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::ledger::{self, Disclosure, Place, Wanted};
use super::outgoing::{self, Outgoing};
use super::store;
use crate::access::{Noun, Verb, Who, may};
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, go, page, page_as};
use crate::{Error, Result, cases, outbox};

const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "journal/pages/ledger.html")]
struct LedgerPage {
    shell: Shell,
    rows: Vec<Disclosure>,
    about: String,
    organisation: String,
    recipient: String,
    older: Option<Place>,
    mails: bool,
    /// What was asked for is not there, or not for this viewer.
    unknown: bool,
}

/// `GET /ledger`
pub async fn ledger(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Disclosure ledger", Room::Journal).await?;
    let [about, organisation, recipient] = ["about", "organisation", "recipient"].map(|name| asked.get(name).to_owned());
    let mut reader = ctx.app.db.read().await?;
    let wanted = wanted(&mut reader, &ctx.who, [&about, &organisation, &recipient]).await?;
    let before = asked.parsed("before", "a place in the ledger")?.unwrap_or(Place::END);
    let mut rows = match &wanted {
        Some(wanted) => ledger::disclosures(&mut reader, &ctx.who, wanted, before, 101).await?,
        None => Vec::new(),
    };
    let older = if rows.len() > PAGE { rows.get(PAGE - 1).map(|row| Place { at: row.at, id: row.id }) } else { None };
    rows.truncate(PAGE);
    let (unknown, mails) = (wanted.is_none(), may(&ctx.who, Verb::See, Noun::Outgoing));
    let status = if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    page_as(status, &LedgerPage { shell, rows, about, organisation, recipient, older, mails, unknown })
}

/// The part of the ledger that is asked for; none, if there is no such thing or it is not for this viewer.
async fn wanted(reader: &mut Reader, who: &Who, asked: [&str; 3]) -> Result<Option<Wanted>> {
    match asked {
        ["", "", ""] => Ok(Some(Wanted::All)),
        ["", "", recipient] => Ok(Some(Wanted::Recipient(recipient.to_owned()))),
        ["", organisation, _] => Ok(store::organisation_named(reader, organisation).await?.map(Wanted::Organisation)),
        [about, _, _] => match ledger::about(reader, who, about).await {
            Ok(id) => Ok(Some(Wanted::About(id))),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        },
    }
}

#[derive(Template)]
#[template(path = "journal/pages/outgoing.html")]
struct OutgoingPage {
    shell: Shell,
    rows: Vec<Outgoing>,
    state: String,
    older: Option<Place>,
    /// Whether there is a server that mail is handed to.
    smarthost: bool,
    readable: bool,
}

/// `GET /outgoing`
pub async fn mails(ctx: Ctx, asked: Asked) -> Result<Response> {
    let state = Some(asked.get("state")).filter(|state| ["queued", "sent", "failed", "bounced"].contains(state)).unwrap_or_default().to_owned();
    let before = asked.parsed("before", "a place in the list")?.unwrap_or(Place::END);
    let mut rows = outgoing::outgoing(&mut ctx.app.db.read().await?, &ctx.who, &state, before, 101).await?;
    let older = if rows.len() > PAGE { rows.get(PAGE - 1).map(|row| Place { at: row.queued_at, id: row.id }) } else { None };
    rows.truncate(PAGE);
    let smarthost = ctx.app.profile.mail.as_ref().is_some_and(|mail| mail.smarthost.is_some());
    let shell = Shell::new(&ctx, "Outgoing mail", Room::Journal).await?;
    page(&OutgoingPage { shell, rows, state, older, smarthost, readable: outgoing::readable(&ctx.app) })
}

#[derive(Template)]
#[template(path = "journal/pages/mail.html")]
struct MailPage {
    shell: Shell,
    mail: Outgoing,
    read: outgoing::Letter,
}

impl MailPage {
    /// The text in pieces; whether a piece is an address of our own pages.
    fn parts(&self) -> Vec<(bool, &str)> {
        let spaced = self.read.text.split_inclusive(char::is_whitespace);
        let mut parts = Vec::new();
        for word in spaced {
            let bare = word.trim_end();
            let link = (bare.starts_with("https://") || bare.starts_with("http://")) && !bare.contains('…');
            parts.push((link, bare));
            parts.push((false, word.get(bare.len()..).unwrap_or_default()));
        }
        parts
    }
}

/// `GET /outgoing/{id}`
pub async fn mail(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let mail = outgoing::one(&mut ctx.app.db.read().await?, &ctx.who, id.parse().map_err(|_| Error::NotFound)?).await?;
    cases::reads::note_number(&ctx.app, &ctx.who, &mail.number).await?;
    let read = outgoing::text(&ctx.app, &mail).await?;
    let shell = Shell::new(&ctx, "A mail", Room::Journal).await?;
    page(&MailPage { shell, mail, read })
}

/// `POST /outgoing/{id}`: a mail that failed is tried again.
pub async fn mail_again(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let mail = outgoing::one(&mut ctx.app.db.read().await?, &ctx.who, id.parse().map_err(|_| Error::NotFound)?).await?;
    outbox::again(&ctx.app, &ctx.who, mail.id).await?;
    Ok(go("/outgoing", Some("The mail is on its way again.")))
}
