//! The audit page and the ledger page.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;

use super::ledger::{self, Disclosure, Place, Wanted};
use super::store;
use crate::access::{Noun, Verb, require};
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, page};
use crate::{Error, Result, people};

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
            Some(map) => map
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
                .collect::<Vec<_>>()
                .join(" · "),
            None => String::new(),
        };
        let leaf = short(&line.leaf);
        entries.push(Entry { seq: line.seq, at: line.at, who, verb: line.verb, noun: line.noun, details, leaf });
    }
    page(&JournalPage { shell, entries, older })
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
    page(&LedgerPage { shell, rows, about, organisation, recipient, older })
}
