//! Documents of others, taken over: looked at by the standard, made a draft of ours that says whose it was, and followed when
//! their publisher has a newer version.
//!
//! What is made of one is a publication like any other: our number, our history and dates, our review. Its origin stays with it
//! ([`press::Origin`]), and the bytes as they came are kept. A newer version of the same document proposes the next version of
//! the same publication: what nobody here touched follows, the rest stays as it is and is named ([`press::follow`]).

mod read;
mod store;

use ::store::{Id, Reader, Tx};
use jiff::Timestamp;
use press::Content;

use super::super::item::Publication;
use super::super::{known, write};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

pub use read::{MOST, Read};
use store::Origin;

/// A document of somebody else, looked at.
#[derive(Clone, Debug)]
pub struct Look {
    /// What is against it, a line each with the JSON pointer of the place; then nothing can be made of it.
    pub against: Vec<String>,
    /// What is left out of it, and what else is to be known, a line each.
    pub left_out: Vec<String>,
    /// What it is.
    pub read: Option<Read>,
    /// What would become of it.
    pub becomes: Becomes,
}

/// What becomes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// A draft of its own.
    Draft,
    /// The next version of what was made of the one before.
    Next(Known),
    /// Nothing: this version, or a later one, was taken already.
    Nothing(Known),
}

/// What was made of an earlier version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The publication.
    pub id: Id,
    /// Its number, or its title while it has none.
    pub called: String,
    /// Their version that it was taken from.
    pub version: String,
}

/// What was made of a document.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The publication.
    pub id: Id,
    /// What became of the document.
    pub becomes: Becomes,
    /// What stayed ours although theirs changed.
    pub kept: Vec<String>,
    /// What was left out of it.
    pub left_out: Vec<String>,
}

/// Looks at a document and says what would become of it. `url` says where it is, if somebody knows.
pub async fn look(app: &App, who: &Who, bytes: &[u8], url: &str) -> Result<Look> {
    require(who, Verb::Change, Noun::Publication)?;
    let mut look = judged(app, bytes, url).await?;
    let Some(read) = &look.read else { return Ok(look) };
    let mut reader = app.db.read().await?;
    let newest = newest(&mut reader, read).await?;
    look.becomes = becomes(&mut reader, read, newest.as_ref()).await?;
    if read.ended && newest.is_none() {
        look.against.push("/document/category: its publisher took it back, and nothing of ours was made of it.".into());
        look.read = None;
    }
    Ok(look)
}

/// Reads and judges in a thread of its own: the largest documents take a second.
async fn judged(app: &App, bytes: &[u8], url: &str) -> Result<Look> {
    let (app, bytes, url) = (app.clone(), bytes.to_vec(), url.to_owned());
    tokio::task::spawn_blocking(move || read::read(&app, &bytes, &url)).await.map_err(Error::fault)
}

/// Takes it over. What is against it is the error, a line each.
pub async fn take_over(app: &App, who: &Who, bytes: &[u8], url: &str) -> Result<Taken> {
    let look = look(app, who, bytes, url).await?;
    let Some(read) = look.read.filter(|_| look.against.is_empty()) else { return Err(Error::invalid(look.against.join("\n"))) };
    let raw = app.blobs.seal(bytes)?;
    let before = before(app, &read).await?;
    let done: Result<(Id, Becomes, Vec<String>)> = app
        .db
        .change(&who.to_string(), async |tx| {
            // Two who take the same document over at the same moment do it in turn: the second finds what the first made.
            tx.alone(&format!("origin:{}:{}", read.namespace, read.id)).await?;
            let newest = newest(tx, &read).await?;
            let becomes = becomes(tx, &read, newest.as_ref()).await?;
            let (id, kept) = match (&becomes, &newest) {
                (Becomes::Nothing(known), _) => return Ok((known.id, becomes, Vec::new())),
                (Becomes::Next(known), Some(newest)) => {
                    let was = before.as_ref().filter(|(version, _)| *version == newest.version).ok_or(Error::Overtaken)?;
                    (known.id, next(tx, app, who, &read, (known.id, &was.1)).await?)
                }
                _ => (draft(tx, app, who, &read).await?, Vec::new()),
            };
            tx.keep(&raw).await?;
            let origin = Origin { publication: id, version: read.version.clone(), released_at: read.released_at, raw: raw.hash };
            store::insert(tx, &read, &origin, &who.to_string()).await?;
            Ok((id, becomes, kept))
        })
        .await;
    let (id, becomes, kept) = done?;
    Ok(Taken { id, becomes, kept, left_out: look.left_out })
}

/// Which version was taken last, and what was made of it before anybody here worked on it.
async fn before(app: &App, read: &Read) -> Result<Option<(String, Content)>> {
    let mut reader = app.db.read().await?;
    let Some(newest) = newest(&mut reader, read).await? else { return Ok(None) };
    let raw = app.blobs.get(&mut reader, newest.raw).await?;
    drop(reader);
    let there = app.clone();
    let content = tokio::task::spawn_blocking(move || read::content_of(&there, &raw)).await.map_err(Error::fault)??;
    Ok(Some((newest.version, content)))
}

async fn becomes(reader: &mut Reader, read: &Read, newest: Option<&Origin>) -> Result<Becomes> {
    let Some(newest) = newest else { return Ok(Becomes::Draft) };
    let one = super::super::store::get(reader, newest.publication).await?.ok_or(Error::NotFound)?;
    let known = Known { id: one.id, called: one.called().to_owned(), version: newest.version.clone() };
    Ok(if is_newer((&read.version, read.released_at), (&newest.version, newest.released_at)) { Becomes::Next(known) } else { Becomes::Nothing(known) })
}

/// The newest version that was taken of a document.
async fn newest(reader: &mut Reader, read: &Read) -> Result<Option<Origin>> {
    let all = store::all(reader, &read.namespace, &read.id).await?;
    let newer = |a: Origin, b: Origin| if is_newer((&b.version, b.released_at), (&a.version, a.released_at)) { b } else { a };
    Ok(all.into_iter().reduce(newer))
}

/// By the numbers where they can be compared (CSAF 2.0 section 3.1.11), else by the instants.
fn is_newer((one, at): (&str, Option<Timestamp>), (other, then): (&str, Option<Timestamp>)) -> bool {
    let dates = || (one != other).then(|| at.cmp(&then));
    csaf::version::precedence(one, other).or_else(dates).is_some_and(std::cmp::Ordering::is_gt)
}

async fn draft(tx: &mut Tx, app: &App, who: &Who, read: &Read) -> Result<Id> {
    let mut content = read.content.clone();
    for one in &mut content.vulnerabilities {
        known::enrich(tx, one).await?;
    }
    write::check(app, &content)?;
    write::add_in(tx, who, content).await
}

/// Puts what a newer version changes into the working copy, or begins one; gives what stayed ours.
async fn next(tx: &mut Tx, app: &App, who: &Who, read: &Read, (id, was): (Id, &Content)) -> Result<Vec<String>> {
    let mut one = write::held(tx, id, None).await?;
    if one.stage == "scheduled" {
        return Err(Error::conflict(format!("{} is to leave by itself: take that back first, then take the newer version over.", one.called())));
    }
    if !one.is_open() {
        one.writers = Vec::new();
        one.note = note(read);
    }
    let mut kept = Vec::new();
    let mut said = format!("{} has version {} of {}.", read.publisher, read.version, read.id);
    if read.ended {
        said.push_str(" It took it back: withdraw ours, or say why it still holds.");
    } else {
        (one.content, kept) = press::follow::follow(was, &read.content, &one.content);
        for vulnerability in &mut one.content.vulnerabilities {
            known::enrich(tx, vulnerability).await?;
        }
        write::check(app, &one.content)?;
        if !kept.is_empty() {
            said.push_str(&format!(" Both changed, and ours stayed: {}.", kept.join(", ")));
        }
    }
    // An approval was of words that do not say it.
    write::back_to_draft(&mut one, who);
    one.tell(&said);
    super::super::store::update(tx, &one).await?;
    write::note(tx, "publication.proposed", &one);
    Ok(kept)
}

/// What the next version changes, in the publisher's own words where it has some.
fn note(read: &Read) -> String {
    let line = format!("{} {}: {}", read.publisher, read.version, read.change);
    crate::text::short_line(line.trim_end_matches([' ', ':']), press::wanted::BRIEF)
}

/// Whose document a publication was taken from, and when: for its page.
pub async fn origins(reader: &mut Reader, who: &Who, one: &Publication) -> Result<Vec<(String, Timestamp)>> {
    require(who, Verb::See, Noun::Publication)?;
    store::of(reader, one.id).await
}
