//! The audit page, the ledger page and the pages of outgoing mail.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::ledger::{self, Disclosure, Place, Wanted};
use super::outgoing::{self, Outgoing};
use super::store;
use crate::access::{Noun, Verb, may, require};
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, go, page};
use crate::{Error, Result, outbox, people};

const PAGE: usize = 100;

/// One line of the audit page.
struct Entry {
    seq: u64,
    at: Timestamp,
    who: String,
    verb: String,
    noun: String,
    details: String,
    leaf: String,
}

#[derive(Template)]
#[template(path = "journal/pages/journal.html")]
struct JournalPage {
    shell: Shell,
    entries: Vec<Entry>,
    older: Option<u64>,
    mails: bool,
}

/// `GET /journal`
pub async fn journal(ctx: Ctx, asked: Asked) -> Result<Response> {
    require(&ctx.who, Verb::See, Noun::Journal)?;
    let shell = Shell::new(&ctx, "Journal", Room::Journal).await?;
    let before = asked.parsed::<u64>("before", "a number")?.unwrap_or(i64::MAX.unsigned_abs());
    let mut reader = ctx.app.db.read().await?;
    let lines = reader.journal_before(before, 100).await?;
    let older = if lines.len() == PAGE { lines.last().map(|line| line.seq) } else { None };
    let about: Vec<_> = lines.iter().map(|line| line.about).collect();
    let hidden = store::hidden(&mut reader, &ctx.who, &about).await?;
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        let who = people::describe(&mut reader, &line.who).await?;
        if hidden.contains(&line.about) {
            // The chain has no gaps, so the line stands; what it says is for those who may know of the case.
            entries.push(Entry {
                seq: line.seq,
                at: line.at,
                who: String::new(),
                verb: "hidden by your rights".into(),
                noun: String::new(),
                details: String::new(),
                leaf: short(&line.leaf),
            });
            continue;
        }
        let details = match line.details().as_object() {
            Some(map) => map.iter().filter_map(|(name, value)| said(name, value)).collect::<Vec<_>>().join(" · "),
            None => String::new(),
        };
        let leaf = short(&line.leaf);
        entries.push(Entry { seq: line.seq, at: line.at, who, verb: line.verb, noun: line.noun, details, leaf });
    }
    page(&JournalPage { shell, entries, older, mails: may(&ctx.who, Verb::See, Noun::Outgoing) })
}

/// A particular for people: what is empty is left out, lists and parts are written as words.
fn said(name: &str, value: &Json) -> Option<String> {
    let words = worded(value)?;
    Some(format!("{}: {words}", name.replace('_', " ")))
}

fn worded(value: &Json) -> Option<String> {
    let words = match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_owned(),
        Json::Array(list) => list.iter().filter_map(worded).collect::<Vec<_>>().join("; "),
        Json::Object(map) => map.iter().filter_map(|(name, value)| said(name, value)).collect::<Vec<_>>().join(", "),
    };
    (!words.is_empty()).then_some(words)
}

/// The first letters of a leaf, to tell lines apart.
fn short(leaf: &[u8; 32]) -> String {
    leaf.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

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
