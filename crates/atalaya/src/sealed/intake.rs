//! Taking an envelope in: looked at from the outside, kept, and noted with nothing but its day.

use std::io::{Read, Write};

use ::store::{Id, Kept, Upload};
use jiff::ToSpan;
use post::child::Unopened;
use post::openpgp::{self, Reason, Survey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use vault::blob::Hash;

use super::manifest::{self, Manifest, Published};
use super::{Dialogue, Envelope, armor, bucket, inside, level, random_id, sha256, store, today};
use crate::profile::Sealed;
use crate::web::upload::on_disk;
use crate::{App, Error};

/// The most bytes that may stand before the encrypted body.
const HEAD: usize = 256 * 1024;
/// What stands beside the files: the words, the list of up to 999 files, and a header and a filling for each.
const BESIDE: u64 = 4 << 20;

/// The most bytes of a whole envelope: as many files as may be sent with all that stands beside them, padded,
/// in pieces of 512 bytes or more with a byte before each (RFC 9580 section 4.2.1.4), and wrapped for the readers.
pub fn most(sealed: &Sealed) -> u64 {
    let padded = inside::padme(sealed.max_bytes.saturating_add(BESIDE));
    padded + padded / 512 + HEAD as u64
}

/// Why something was not taken. The words stand in the texts, so that they are in the reporter's language.
#[derive(Debug)]
pub enum Refused {
    /// It cannot be taken: the text's key.
    Invalid(&'static str),
    /// It is no envelope: why.
    Envelope(Reason),
    /// It cannot be taken: why, in the words of the console.
    Message(String),
    /// There is no such thing, or not with this code.
    NotFound,
    /// It does not fit what is here: the text's key.
    Conflict(&'static str),
    /// Somebody wrote in between.
    Moved,
    /// Too often.
    TooMany,
    /// Too large.
    TooLarge,
    /// Nothing is taken now: the text's key.
    Closed(&'static str),
    /// Our own fault.
    Fault(Error),
}

impl Refused {
    /// What cannot be taken.
    pub fn invalid(key: &'static str) -> Self {
        Self::Invalid(key)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::TooMany => Self::TooMany,
            Error::Full => Self::Closed("sealed-error-full"),
            other => Self::Fault(other),
        }
    }
}

impl From<::store::Error> for Refused {
    fn from(error: ::store::Error) -> Self {
        match error {
            ::store::Error::Exists => Self::Conflict("sealed-problem-sent-already"),
            other => Error::from(other).into(),
        }
    }
}

impl From<openpgp::Error> for Refused {
    fn from(error: openpgp::Error) -> Self {
        match error {
            openpgp::Error::Outside(reason) => Self::Envelope(reason),
            openpgp::Error::TooLarge(_) => Self::TooLarge,
            // Only keys of ours are used here: a reader's certificate ended before its manifest did.
            openpgp::Error::Unusable(why) => {
                tracing::error!(%why, "nothing can be sealed to a reader of the manifest");
                Self::Closed("sealed-problem-manifest-reader")
            }
            other => Self::Fault(Error::fault(other)),
        }
    }
}

impl From<Unopened> for Refused {
    fn from(error: Unopened) -> Self {
        match error {
            Unopened::Wrong(wrong) => wrong.into(),
            Unopened::TooBig => Self::TooLarge,
            Unopened::TooSlow(_) | Unopened::Killed => Self::Invalid("sealed-error-hard"),
            Unopened::NotStarted(why) => Self::Fault(Error::fault(why)),
        }
    }
}

/// Where an envelope belongs.
#[derive(Debug)]
pub enum Place {
    /// It begins a dialogue.
    First {
        /// `A`, `B` or `C`.
        grade: &'static str,
        /// SHA-256 of the reporter's `auth`.
        lookup: [u8; 32],
        /// The reply key under the receipt's.
        wrapped_key: Option<Vec<u8>>,
    },
    /// It goes on with one, after the envelope of this hash if its writer said which.
    Later(Box<Dialogue>, Option<String>),
}

/// An envelope that lies in the blobs, and that nothing names yet.
#[derive(Clone, Debug)]
pub struct Came {
    pub hash: Hash,
    pub head: Vec<u8>,
    pub body: Hash,
    pub size: u64,
}

impl Came {
    /// The first envelope of a dialogue, from its reporter.
    pub fn envelope(&self, id: Id, dialogue: Id, manifest: &Manifest, day: String) -> Envelope {
        Envelope {
            id,
            dialogue,
            place: 1,
            way: "in".into(),
            hash: self.hash,
            head: self.head.clone(),
            body: self.body,
            size: self.size,
            bucket: i64::try_from(bucket(self.size)).unwrap_or(i64::MAX),
            manifest_version: manifest.version,
            day,
            told: false,
            read_day: None,
        }
    }
}

/// What the sender gets back.
#[derive(Clone, Debug, Serialize)]
pub struct Taken {
    /// SHA-256 of what is kept.
    pub sha256: Hash,
    /// The dialogue's number.
    pub number: String,
    /// The envelope's place in it.
    pub place: i64,
}

/// The profile's table, or nothing is there.
pub fn settings(app: &App) -> Result<Sealed, Refused> {
    app.profile.sealed.clone().ok_or(Refused::NotFound)
}

/// The manifest that an envelope says it was sealed to: the newest or the one before it, and in its time.
pub async fn sealed_to(app: &App, intake: &str, version: Option<i64>) -> Result<Published, Refused> {
    let mut reader = app.db.read().await?;
    let newest = manifest::newest(&mut reader, intake).await?.ok_or(Refused::Closed("sealed-error-no-manifest"))?;
    let found = match version {
        None => newest,
        Some(version) if version == newest.manifest.version => newest,
        Some(version) if version + 1 == newest.manifest.version => {
            manifest::of_version(&mut reader, intake, version).await?.ok_or(Refused::Conflict("sealed-error-manifest"))?
        }
        Some(_) => return Err(Refused::Conflict("sealed-error-manifest")),
    };
    if found.manifest.is_for(today(app)) { Ok(found) } else { Err(Refused::Closed("sealed-error-no-manifest")) }
}

/// Refuses what does not fit into today, before anything is read.
pub async fn room_for(app: &App, sealed: &Sealed, first: bool, size: u64) -> Result<(), Refused> {
    if size > most(sealed) {
        return Err(Refused::TooLarge);
    }
    let mut reader = app.db.read().await?;
    let (reports, bytes) = store::of_day(&mut reader, &today(app).to_string()).await?;
    if first && (reports >= i64::from(sealed.max_per_day) || store::count_unopened(&mut reader, sealed.max_unopened).await? >= i64::from(sealed.max_unopened)) {
        return Err(Refused::Closed("sealed-error-busy"));
    }
    let bytes = u64::try_from(bytes).unwrap_or(0).saturating_add(size);
    if bytes > sealed.max_bytes_per_day { Err(Refused::Closed("sealed-error-busy")) } else { Ok(()) }
}

/// Reads an envelope, looks at its outside, and keeps its body as a file that is dated with the day.
pub async fn keep(app: &App, from: impl Read + Send + 'static, armored: bool, manifest: &Manifest, most: u64) -> Result<Came, Refused> {
    let mut ours = Vec::new();
    for cert in manifest.certificates()? {
        ours.extend(cert.subkey_ids());
    }
    let from: Box<dyn Read + Send> = if armored { Box::new(armor::Binary::new(from)) } else { Box::new(from) };
    take(app, from, Some(&ours), most).await
}

/// [`keep`] for what the team seals: to whom is for its writer to know.
pub async fn keep_any(app: &App, from: impl Read + Send + 'static, most: u64) -> Result<Came, Refused> {
    take(app, Box::new(armor::Binary::new(from)), None, most).await
}

async fn take(app: &App, from: Box<dyn Read + Send>, ours: Option<&[String]>, most: u64) -> Result<Came, Refused> {
    let begun = tokio::task::spawn_blocking(move || {
        let (mut from, mut begin) = (from.take(most + 1), Vec::new());
        from.by_ref().take(HEAD as u64).read_to_end(&mut begin).map_err(unreadable)?;
        Ok::<_, Refused>((begin, from))
    });
    let (begin, from) = begun.await.map_err(Error::fault)??;
    // What a stranger wrote is taken apart in another process.
    let survey = app.opener.survey(&begin).await?;
    if ours.is_some_and(|ours| is_foreign(&survey, ours)) {
        return Err(Refused::Invalid("sealed-error-readers"));
    }
    let (upload, blobs, day) = (app.blobs.upload_to_file()?, app.blobs.clone(), level(app)?);
    let kept = tokio::task::spawn_blocking(move || {
        let came = read(begin, survey.body_at, from, upload, most)?;
        blobs.level(&came.body, day).map_err(Error::from)?;
        Ok::<_, Refused>(came)
    });
    kept.await.map_err(Error::fault)?
}

/// Whether a message names all its readers, and none of ours is among them.
fn is_foreign(survey: &Survey, ours: &[String]) -> bool {
    let named: Vec<&String> = survey.to.iter().flatten().collect();
    named.len() == survey.to.len() && !named.into_iter().any(|id| ours.contains(id))
}

/// Why bytes could not be read: what the armor says, or the machine.
pub fn unreadable(error: std::io::Error) -> Refused {
    let reason = error.get_ref().and_then(|inner| inner.downcast_ref::<Reason>()).copied();
    reason.map_or_else(|| error.into(), Refused::Envelope)
}

/// Passes on what is read, hashed and kept.
struct Through<R> {
    from: R,
    whole: Sha256,
    size: u64,
    into: Upload,
}

impl<R: Read> Read for Through<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(into)?;
        let bytes = into.get(..count).unwrap_or_default();
        self.into.write_all(bytes)?;
        self.whole.update(bytes);
        self.size += count as u64;
        Ok(count)
    }
}

fn read(mut begin: Vec<u8>, body_at: usize, from: impl Read, upload: Upload, most: u64) -> Result<Came, Refused> {
    let rest = begin.split_off(body_at.min(begin.len()));
    let mut whole = Sha256::new();
    whole.update(&begin);
    let size = begin.len() as u64;
    let mut through = Through { from: rest.as_slice().chain(from), whole, size, into: upload };
    openpgp::whole(&mut through)?;
    if through.size > most {
        return Err(Refused::TooLarge);
    }
    let (size, hash) = (through.size, Hash::from_bytes(through.whole.finalize().into()));
    let kept = through.into.finish()?;
    Ok(Came { hash, head: begin, body: kept.hash, size })
}

/// Takes a body away again that nothing came to name. The same bytes may have come before and be another
/// message's: those stay.
pub async fn drop_body(app: &App, came: &Came) -> Result<(), Refused> {
    let _alone = app.sealed.naming.lock().await;
    if is_named(app, came).await? {
        return Ok(());
    }
    let (blobs, body) = (app.blobs.clone(), came.body);
    on_disk(move || blobs.remove(&body).map(drop).map_err(Error::from)).await.map_err(Refused::Fault)
}

/// Whether a message has these bytes already.
pub async fn is_named(app: &App, came: &Came) -> Result<bool, Refused> {
    let named = app.db.read().await?.value::<i64>("select 1 from sealed_envelopes where body = $1 limit 1", ::store::args![came.body]).await?;
    Ok(named.is_some())
}

/// Nobody else names or drops a body meanwhile: it is there, and no message has it yet.
pub async fn alone<'a>(app: &'a App, came: &Came) -> Result<tokio::sync::MutexGuard<'a, ()>, Refused> {
    let alone = app.sealed.naming.lock().await;
    if is_named(app, came).await? {
        return Err(Refused::Conflict("sealed-problem-sent-already"));
    }
    // Who sent the same and was refused may have taken it away: it is asked for once more. Reading it would note
    // the moment on the disk.
    let (blobs, body, day) = (app.blobs.clone(), came.body, super::level(app)?);
    on_disk(move || blobs.level(&body, day).map_err(Error::from)).await?;
    Ok(alone)
}

/// Notes an envelope that came from a reporter.
pub async fn note(app: &App, sealed: &Sealed, came: &Came, manifest: &Manifest, place: Place) -> Result<Taken, Refused> {
    let day = today(app);
    let alone = self::alone(app, came).await?;
    let (id, envelope) = (random_id(app), random_id(app));
    let delete_on = day.checked_add(i64::from(sealed.days_unopened).days()).map_err(Error::fault)?.to_string();
    let noted = app
        .db
        .keep_house(async |tx| {
            let mut new = came.envelope(envelope, id, manifest, day.to_string());
            let number = match &place {
                Place::First { grade, lookup, wrapped_key } => {
                    let count = tx.next_number(&format!("sealed-{}", day.year())).await?;
                    let number = format!("S-{}-{count:06}", day.year());
                    let dialogue = Dialogue {
                        id,
                        number: number.clone(),
                        intake: manifest.intake.clone(),
                        grade: (*grade).to_owned(),
                        wrapped_key: wrapped_key.clone(),
                        day: day.to_string(),
                        state: "arrived".into(),
                        answered_day: None,
                        case: None,
                        owner: None,
                        warned: 0,
                        warned_on: None,
                        delete_on: Some(delete_on.clone()),
                    };
                    store::add_dialogue(tx, &dialogue, *lookup).await?;
                    number
                }
                Place::Later(dialogue, prev) => {
                    let before = store::envelopes(tx, dialogue.id).await?;
                    if prev.as_ref().is_some_and(|prev| before.last().is_none_or(|last| last.hash.to_string() != *prev)) {
                        return Ok(None);
                    }
                    new.dialogue = dialogue.id;
                    new.place = next_place(tx, dialogue.id).await?;
                    dialogue.number.clone()
                }
            };
            store::add_envelope(tx, &new).await?;
            Ok(Some(Taken { sha256: came.hash, number, place: new.place }))
        })
        .await;
    drop(alone);
    match noted {
        Ok(Some(taken)) => Ok(taken),
        Ok(None) => {
            drop_body(app, came).await?;
            Err(Refused::Moved)
        }
        Err(error) => {
            drop_body(app, came).await?;
            Err(error.into())
        }
    }
}

/// The place of the next envelope.
pub async fn next_place(reader: &mut ::store::Reader, dialogue: Id) -> ::store::Result<i64> {
    let last: Option<i64> =
        reader.value("select place from sealed_envelopes where dialogue_id = $1 order by place desc limit 1", ::store::args![dialogue]).await?;
    Ok(last.map_or(1, |place| place + 1))
}

/// The blob of a body that lies in its file already.
pub fn kept(envelope: &Envelope) -> Kept {
    Kept::in_file(envelope.body, envelope.size.saturating_sub(envelope.head.len() as u64))
}

/// SHA-256 of a reporter's `auth`, which is all that is kept of it.
pub fn lookup_of(auth: &[u8; 32]) -> [u8; 32] {
    sha256(auth)
}
