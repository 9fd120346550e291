//! What a publication will be before it leaves, on each way out, and what its versions changed.

use ::csaf::write::Edition;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use press::{Change, Content, Kind};

use super::read;
use crate::publications::item::{self, Publication, Version};
use crate::publications::{catalogue, csaf, readers, site};
use crate::text::own_name;
use crate::web::{Ctx, Room, Shell, page};
use crate::{Error, Result};

/// `GET /publishing/{id}/preview?lang=`: the page as it will be.
pub async fn preview(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let one = item::get(&mut reader, &ctx.who, read(&id)?).await?;
    let item = coming(&mut reader, &ctx, &one).await?;
    drop(reader);
    site::preview(&ctx, item)
}

/// What the catalogue would have of it.
async fn coming(reader: &mut ::store::Reader, ctx: &Ctx, one: &Publication) -> Result<catalogue::Item> {
    let past = item::versions(reader, &ctx.who, one.id).await?;
    let number = if one.kind == Kind::Advisory { csaf::coming(reader, &ctx.app, one).await?.0.number } else { String::new() };
    Ok(called(ctx, one, &past, number))
}

/// The same, under a number that is known.
pub(super) fn called(ctx: &Ctx, one: &Publication, past: &[Version], number: String) -> catalogue::Item {
    let now = ctx.app.now();
    let this = catalogue::Past { version: one.version + 1, number: number.clone(), at: now, note: one.note.clone(), standing: "current".into() };
    catalogue::Item {
        id: one.id,
        kind: one.kind,
        name: if one.name.is_empty() { ctx.text.say("pub-no-number") } else { one.name.clone() },
        version: one.version + 1,
        number,
        standing: "current".into(),
        content: one.content.clone(),
        first_at: past.last().map_or(now, |first| first.at),
        changed_at: now,
        superseded_by: None,
        translated: Vec::new(),
        history: vec![this],
    }
}

/// What one way out carries in one language.
struct Sample {
    /// The language by its own name.
    language: String,
    /// What it is: `Atom`, `Mail`, `CSAF 2.0`.
    what: String,
    /// What stands above it: the subject of a mail; empty for the rest.
    head: String,
    /// The very text.
    text: String,
}

#[derive(Template)]
#[template(path = "publications/pages/channels.html")]
struct ChannelsPage {
    shell: Shell,
    one: Publication,
    /// Languages and their own names, to look at the page in each.
    tongues: Vec<(String, String)>,
    feeds: Vec<Sample>,
    mails: Vec<Sample>,
    documents: Vec<Sample>,
    /// Whether the team has mail at all.
    mail: bool,
}

/// `GET /publishing/{id}/channels`: what each way out will carry, word for word.
pub async fn channels(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let one = item::get(&mut reader, &ctx.who, read(&id)?).await?;
    let item = coming(&mut reader, &ctx, &one).await?;
    let documents = if one.kind == Kind::Advisory { csaf::preview(&mut reader, &ctx.app, &one).await? } else { Vec::new() };
    drop(reader);
    let name = |tag: &String| own_name(tag).to_owned();
    let (mut feeds, mut mails) = (Vec::new(), Vec::new());
    for tag in item.content.words.keys() {
        let sample = |what: &str, (head, text): (String, String)| Sample { language: name(tag), what: what.to_owned(), head, text };
        if !one.kind.is_page() {
            feeds.push(sample("Atom", (String::new(), site::entry_as_atom(&ctx, tag, &item))));
            mails.push(sample("Mail", readers::written(&ctx.app, tag, &item)));
        }
    }
    let written = documents.into_iter().flat_map(|(tag, editions)| editions.into_iter().map(move |(edition, text)| (tag.clone(), edition, text)));
    let sample = |(tag, edition, text): (String, Edition, String)| Sample { language: name(&tag), what: format!("CSAF {edition}"), head: String::new(), text };
    let documents = written.map(sample).collect();
    let tongues = item.content.words.keys().map(|tag| (tag.clone(), name(tag))).collect();
    let shell = Shell::new(&ctx, &format!("{}: on each way out", one.called()), Room::Publishing).await?;
    page(&ChannelsPage { shell, tongues, feeds, mails, documents, mail: ctx.app.profile.mail.is_some(), one })
}

#[derive(Template)]
#[template(path = "publications/pages/version.html")]
struct VersionPage {
    shell: Shell,
    one: Publication,
    version: Version,
    /// What it changed; of the first all that it said.
    changes: Vec<Change>,
    first: bool,
}

/// `GET /publishing/{id}/versions/{number}`: what a version changed of the one before.
pub async fn version(ctx: Ctx, Path((id, number)): Path<(String, i64)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let one = item::get(&mut reader, &ctx.who, read(&id)?).await?;
    let versions = item::versions(&mut reader, &ctx.who, one.id).await?;
    drop(reader);
    let at = versions.iter().position(|version| version.version == number).ok_or(Error::NotFound)?;
    let version = versions.get(at).cloned().ok_or(Error::NotFound)?;
    let none = Content { open: version.content.open, ..Content::new(one.kind, &version.content.original, version.content.label) };
    let was = versions.get(at + 1).map_or(&none, |before| &before.content);
    let changes = press::changes::between(was, &version.content);
    let first = versions.get(at + 1).is_none();
    page(&VersionPage { shell: Shell::new(&ctx, &format!("{} version {number}", one.called()), Room::Publishing).await?, one, version, changes, first })
}
