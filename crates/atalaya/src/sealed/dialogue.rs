//! What a reporter does who came back: looks, fetches, deletes. A code that is wrong, unknown or of
//! a dialogue that is gone gets one answer, after the same work.

use std::io::{Cursor, Read};

use ::store::Id;
use axum::body::Body;
use futures_util::stream;
use serde::Serialize;
use vault::blob::Hash;

use super::inside::{Shown, Side};
use super::intake::{Refused, lookup_of, settings};
use super::{Dialogue, Envelope, bodies, brake, store, today};
use crate::web::upload::on_disk;
use crate::{App, Error};

/// An envelope as the reporter's list has it.
#[derive(Debug, Serialize)]
pub struct Listed {
    pub place: i64,
    pub way: String,
    pub sha256: Hash,
    pub size: u64,
    pub day: String,
    pub manifest_version: i64,
}

/// A dialogue as its reporter sees it.
#[derive(Debug)]
pub struct Opened {
    pub dialogue: Dialogue,
    pub envelopes: Vec<Envelope>,
}

impl Opened {
    /// The list for programs.
    pub fn listed(&self) -> Vec<Listed> {
        let all = self.envelopes.iter();
        all.map(|one| Listed {
            place: one.place,
            way: one.way.clone(),
            sha256: one.hash,
            size: one.size,
            day: one.day.clone(),
            manifest_version: one.manifest_version,
        })
        .collect()
    }

    /// The envelope at a place.
    pub fn at(&self, place: i64) -> Result<&Envelope, Refused> {
        self.envelopes.iter().find(|envelope| envelope.place == place).ok_or(Refused::NotFound)
    }

    /// SHA-256 of the newest envelope: what the next one names as the one before it.
    pub fn last(&self) -> String {
        self.envelopes.last().map(|envelope| envelope.hash.to_string()).unwrap_or_default()
    }

    /// What of each side its reporter is shown: what their next one names, too.
    pub fn shown(&self) -> Shown {
        let side = |way: &str| {
            let all: Vec<&Envelope> = self.envelopes.iter().filter(|envelope| envelope.way == way).collect();
            Side { count: all.len(), last: all.last().map(|last| last.hash.to_string()).unwrap_or_default() }
        };
        Shown { inward: side("in"), outward: side("out") }
    }
}

/// The dialogue of a code.
pub async fn open(app: &App, auth: &[u8; 32]) -> Result<Opened, Refused> {
    brake::attempt(app, &settings(app)?)?;
    let mut reader = app.db.read().await?;
    let found = store::by_lookup(&mut reader, lookup_of(auth)).await?;
    // Nobody's dialogue is looked up as well, so that a wrong code takes as long as a right one.
    let id = found.as_ref().map_or_else(|| Id(app.db.entropy().bytes()), |dialogue| dialogue.id);
    let envelopes = store::envelopes(&mut reader, id).await?;
    found.map(|dialogue| Opened { dialogue, envelopes }).ok_or(Refused::NotFound)
}

/// One envelope as it came. That it was fetched is noted nowhere: it would say when its reporter came back.
pub fn fetch(app: &App, opened: &Opened, place: i64) -> Result<Body, Refused> {
    let envelope = opened.at(place)?;
    Ok(stream_of(envelope.head.clone(), body_of(app, envelope)?))
}

/// The body of an envelope, or that its file is missing.
pub fn body_of(app: &App, envelope: &Envelope) -> Result<impl Read + Send + use<>, Refused> {
    if !app.blobs.has(&envelope.body)? {
        return Err(Refused::Conflict("sealed-problem-body-missing"));
    }
    Ok(app.blobs.stream(&envelope.body)?)
}

/// Head and body as one stream. A thread is asked for piece by piece, and none while the line is waited for.
pub fn stream_of(head: Vec<u8>, body: impl Read + Send + 'static) -> Body {
    let from = Cursor::new(head).chain(body);
    Body::from_stream(stream::unfold(Some(from), async |from| {
        let mut from = from?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; 64 * 1024];
            from.read(&mut piece).map(|count| {
                piece.truncate(count);
                (axum::body::Bytes::from(piece), from)
            })
        });
        match read.await.map_err(std::io::Error::other).flatten() {
            Ok((piece, from)) => (!piece.is_empty()).then_some((Ok(piece), Some(from))),
            Err(error) => Some((Err(error), None)),
        }
    }))
}

/// An envelope in memory, for one that is opened here.
pub async fn bytes_of(app: &App, envelope: &Envelope, most: u64) -> Result<Vec<u8>, Refused> {
    if envelope.size > most {
        return Err(Refused::TooLarge);
    }
    let (mut bytes, body) = (envelope.head.clone(), body_of(app, envelope)?);
    let read = on_disk(move || {
        let mut body = body;
        body.read_to_end(&mut bytes).map_err(|error| vault::Error::io("read a message", error))?;
        Ok(bytes)
    });
    read.await.map_err(Refused::Fault)
}

/// Deletes everything of a dialogue at once. The journal hears of it on a later day, so that it has the day and no more.
pub async fn delete(app: &App, auth: &[u8; 32]) -> Result<(), Refused> {
    let (id, day) = (open(app, auth).await?.dialogue.id, today(app).to_string());
    let purged = app.db.keep_house(async |tx| {
        let state = match store::held(tx, id).await? {
            // The team never learns of it: neither that it came nor that it went.
            Some(dialogue) if dialogue.state == "arrived" => "withdrawn",
            // What became evidence of a case is no longer the reporter's alone.
            Some(dialogue) if dialogue.case.is_some() => return Ok(Err(Refused::Conflict("sealed-problem-evidence"))),
            Some(dialogue) if !matches!(dialogue.state.as_str(), "gone" | "deleted" | "withdrawn") => "gone",
            _ => return Ok(Err(Refused::NotFound)),
        };
        if state == "gone" {
            store::note_gone(tx, id, Some(&day)).await?;
        }
        Ok(Ok(store::purge(tx, id, state).await?))
    });
    remove(app, purged.await??).await.map_err(Refused::Fault)
}

/// Removes the files of bodies whose rows are gone.
pub async fn remove(app: &App, hashes: Vec<Hash>) -> Result<(), Error> {
    for hash in hashes {
        bodies::take_away(app, hash).await?;
    }
    Ok(())
}
