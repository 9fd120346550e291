//! The bytes of envelopes: looked at from the outside, kept as files, and taken away again.

use std::io::{Read, Write};

use ::store::{Id, Kept, Tx, Upload};
use jiff::SignedDuration;
use post::openpgp::{self, Reason, Survey};
use sha2::{Digest, Sha256};
use vault::blob::Hash;

use super::intake::Refused;
use super::manifest::{self, Manifest};
use super::{Envelope, armor, booked, bucket, level};
use crate::web::upload::on_disk;
use crate::{App, Error, named};

/// The most bytes that may stand before the encrypted body.
pub const HEAD: usize = 256 * 1024;
/// An envelope that lies in the blobs, and that nothing names yet.
#[derive(Clone, Debug)]
pub struct Came {
    pub hash: Hash,
    pub head: Vec<u8>,
    pub body: Hash,
    pub size: u64,
    /// The list of readers that it was sealed to, as far as can be told.
    pub sealed_to: i64,
}

impl Came {
    /// The first envelope of a dialogue, from its reporter.
    pub fn envelope(&self, id: Id, dialogue: Id, manifest: &Manifest, day: String) -> Envelope {
        Envelope {
            id,
            dialogue,
            place: 1,
            way: "in".into(),
            grade: String::new(),
            hash: self.hash,
            head: self.head.clone(),
            body: self.body,
            size: self.size,
            bucket: i64::try_from(bucket(self.size)).unwrap_or(i64::MAX),
            manifest_version: manifest.version,
            sealed_to: self.sealed_to,
            day,
            told: false,
        }
    }
}

/// Reads an envelope that a page of ours sealed to this list, looks at its outside, and keeps its body as a file that
/// is dated with the day.
pub async fn keep(app: &App, from: impl Read + Send + 'static, manifest: &Manifest, most: u64) -> Result<Came, Refused> {
    let (mut came, _) = take(app, Box::new(from), most, Some(manifest)).await?;
    came.sealed_to = manifest.version;
    Ok(came)
}

/// [`keep`] for what was sealed by a program of the reporter's, or the page for working offline: to which list, its
/// outside tells.
pub async fn keep_foreign(app: &App, from: impl Read + Send + 'static, manifest: &Manifest, most: u64) -> Result<Came, Refused> {
    let (mut came, survey) = take(app, Box::new(armor::Binary::new(from)), most, Some(manifest)).await?;
    came.sealed_to = booked::list_of(app, manifest, &survey.to, 0).await?;
    Ok(came)
}

/// [`keep`] for what the team seals: to whom is for its writer to know. `said`: whether a page sealed it to this list;
/// a program's goes to its reporter beside the readers.
pub async fn keep_answer(app: &App, from: impl Read + Send + 'static, manifest: &Manifest, said: bool, most: u64) -> Result<Came, Refused> {
    let (mut came, survey) = take(app, Box::new(armor::Binary::new(from)), most, None).await?;
    came.sealed_to = if said { manifest.version } else { booked::list_of(app, manifest, &survey.to, 1).await? };
    let booked = manifest::of_version(&mut app.db.read().await?, &manifest.intake, came.sealed_to).await?;
    if goes_beyond(&survey, booked.as_ref().map_or(manifest, |list| &list.manifest))? {
        return Ok(came);
    }
    drop_body(app, &came).await?;
    Err(Refused::Invalid("sealed-error-readers-only"))
}

/// Whether an answer may be for somebody beside the readers of this list, as far as its outside tells: for a key that is named
/// and is none of theirs, or for a hidden one more than those readers who are not named.
fn goes_beyond(survey: &Survey, list: &Manifest) -> Result<bool, Error> {
    let named: Vec<&String> = survey.to.iter().flatten().collect();
    let hidden = survey.to.len() - named.len();
    let (mut known, mut unnamed) = (Vec::new(), 0);
    for cert in list.certificates()? {
        let ids = cert.subkey_ids();
        unnamed += usize::from(!ids.iter().any(|id| named.contains(&id)));
        known.extend(ids);
    }
    Ok(hidden > unnamed || named.into_iter().any(|id| !known.contains(id)))
}

/// `ours`: the list of which one reader at least has to be named, if all are.
async fn take(app: &App, from: Box<dyn Read + Send>, most: u64, ours: Option<&Manifest>) -> Result<(Came, Survey), Refused> {
    let begun = tokio::task::spawn_blocking(move || {
        let (mut from, mut begin) = (from.take(most + 1), Vec::new());
        from.by_ref().take(HEAD as u64).read_to_end(&mut begin).map_err(unreadable)?;
        Ok::<_, Refused>((begin, from))
    });
    let (begin, from) = begun.await.map_err(Error::fault)??;
    // What a stranger wrote is taken apart in another process.
    let survey = app.opener.survey(&begin).await?;
    if let Some(ours) = ours
        && is_foreign(&survey, ours)?
    {
        return Err(Refused::Invalid("sealed-error-readers"));
    }
    let (upload, blobs, day, body_at) = (app.blobs.upload_to_file()?, app.blobs.clone(), level(app)?, survey.body_at);
    let kept = tokio::task::spawn_blocking(move || {
        let came = read(begin, body_at, from, upload, most)?;
        blobs.level(&came.body, day).map_err(Error::from)?;
        Ok::<_, Refused>(came)
    });
    Ok((kept.await.map_err(Error::fault)??, survey))
}

/// Whether a message names all its readers, and none of this list is among them.
fn is_foreign(survey: &Survey, ours: &Manifest) -> Result<bool, Error> {
    let named: Vec<&String> = survey.to.iter().flatten().collect();
    let mut known = Vec::new();
    for cert in ours.certificates()? {
        known.extend(cert.subkey_ids());
    }
    Ok(named.len() == survey.to.len() && !named.into_iter().any(|id| known.contains(id)))
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
    Ok(Came { hash, head: begin, body: kept.hash, size, sealed_to: 0 })
}

/// Takes the file of a body away that no message has, or has any more. The same bytes may have come before, or
/// again, and be another message's, or a file of an ordinary report: those stay.
pub async fn take_away(app: &App, body: Hash) -> Result<(), Error> {
    let (blobs, day) = (app.blobs.clone(), level(app)?);
    // What we keep is dated with the begin of a day. A file with a later date was put again a moment ago, by somebody
    // who is about to name it: if nobody does, the sweep takes it.
    let put_again = day + SignedDuration::from_secs(1);
    let gone = app.db.keep_house(async |tx| {
        if is_named(tx, body).await? || !named::held(tx, &[body]).await?.is_empty() {
            return Ok(Ok(()));
        }
        let removed = on_disk(move || {
            blobs.remove_old(&body, put_again)?;
            Ok(blobs.level_folder(&body, day)?)
        });
        Ok(removed.await)
    });
    gone.await?
}

/// [`take_away`] for what nothing came to name.
pub async fn drop_body(app: &App, came: &Came) -> Result<(), Refused> {
    take_away(app, came.body).await.map_err(Refused::Fault)
}

/// Whether a message has these bytes. Until this change ends, nobody else names or takes them away, at no node.
async fn is_named(tx: &mut Tx, body: Hash) -> ::store::Result<bool> {
    tx.alone(&format!("sealed body {body}")).await?;
    Ok(tx.value::<i64>("select 1 from sealed_envelopes where body = $1 limit 1", ::store::args![body]).await?.is_some())
}

/// Whether this change may name these bytes: no message has them, and they are there.
pub async fn may_name(tx: &mut Tx, app: &App, came: &Came) -> Result<(), Refused> {
    if is_named(tx, came.body).await? {
        return Err(Refused::Conflict("sealed-problem-sent-already"));
    }
    // Who sent the same and was refused may have taken it away: it is asked for once more. Reading it would note
    // the moment on the disk.
    let (blobs, body, day) = (app.blobs.clone(), came.body, level(app)?);
    on_disk(move || blobs.level(&body, day).map_err(Error::from)).await?;
    Ok(())
}

/// The blob of a body that lies in its file already.
pub fn kept(envelope: &Envelope) -> Kept {
    Kept::in_file(envelope.body, envelope.size.saturating_sub(envelope.head.len() as u64))
}
