//! The ledger page and the pages of outgoing mail.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::ledger::{self, Disclosure, Place, Wanted};
use super::outgoing::{self, Outgoing};
use super::store;
use crate::access::{Noun, Verb, may};
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, go, page};
use crate::{Error, Result, outbox};

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
}

/// `GET /ledger`
pub async fn ledger(ctx: Ctx, asked: Asked) -> Result<Response> {
    let shell = Shell::new(&ctx, "Disclosure ledger", Room::Journal).await?;
    let [about, organisation, recipient] = ["about", "organisation", "recipient"].map(|name| asked.get(name).to_owned());
    let mut reader = ctx.app.db.read().await?;
    let wanted = if !about.is_empty() {
        Wanted::About(ledger::about(&mut reader, &ctx.who, &about).await?)
    } else if !organisation.is_empty() {
        Wanted::Organisation(store::organisation_named(&mut reader, &organisation).await?.ok_or(Error::NotFound)?)
    } else if !recipient.is_empty() {
        Wanted::Recipient(recipient.clone())
    } else {
        Wanted::All
    };
    let before = asked.parsed("before", "a place in the ledger")?.unwrap_or(Place::END);
    let mut rows = ledger::disclosures(&mut reader, &ctx.who, &wanted, before, 101).await?;
    let older = if rows.len() > PAGE { rows.get(PAGE - 1).map(|row| Place { at: row.at, id: row.id }) } else { None };
    rows.truncate(PAGE);
    page(&LedgerPage { shell, rows, about, organisation, recipient, older, mails: may(&ctx.who, Verb::See, Noun::Outgoing) })
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
