//! Taking an envelope in: looked at from the outside, kept, and noted with nothing but its day.

use ::store::{Id, Reader};
use jiff::ToSpan;
use jiff::civil::Date;
use post::child::Unopened;
use post::openpgp::{self, Reason};
use serde::Serialize;
use vault::blob::Hash;

use super::bodies::{self, Came, HEAD};
use super::manifest::{self, Manifest, Published};
use super::uploads::By;
use super::{Dialogue, inside, random_id, sha256, store, today};
use crate::profile::Sealed;
use crate::{App, Error};

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
    Later {
        /// `A`, `B` or `C`, whatever the messages before it were.
        grade: &'static str,
        /// The dialogue.
        dialogue: Box<Dialogue>,
        /// SHA-256 of the envelope before it.
        prev: Option<String>,
    },
}

impl Place {
    fn grade(&self) -> &'static str {
        match self {
            Self::First { grade, .. } | Self::Later { grade, .. } => grade,
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

/// Refuses what does not fit into today, before anything is read. Of all that is taken, half at most may have cost its
/// senders no work: who sends without end and for nothing leaves the other half to those who work for it.
pub async fn room_for(app: &App, sealed: &Sealed, by: By, first: bool, size: u64) -> Result<(), Refused> {
    if size > most(sealed) {
        return Err(Refused::TooLarge);
    }
    let mut reader = app.db.read().await?;
    let (day, free) = (store::of_day(&mut reader, &today(app).to_string()).await?, by == By::Free);
    let half = |most: u32| most.div_ceil(2);
    let many = first
        && (day.reports >= i64::from(sealed.max_per_day)
            || (free && day.free_reports >= i64::from(half(sealed.max_per_day)))
            || store::count_unopened(&mut reader, false, sealed.max_unopened).await? >= i64::from(sealed.max_unopened)
            || (free && store::count_unopened(&mut reader, true, half(sealed.max_unopened)).await? >= i64::from(half(sealed.max_unopened))));
    let fits = |bytes: i64, most: u64| u64::try_from(bytes).unwrap_or(0).saturating_add(size) <= most;
    let fits = fits(day.bytes, sealed.max_bytes_per_day) && (!free || fits(day.free_bytes, sealed.max_bytes_per_day / 2));
    if many || !fits { Err(Refused::Closed("sealed-error-busy")) } else { Ok(()) }
}

/// The day on which a report is deleted that nobody opened, if this was the last day on which its reporter wrote.
pub fn unopened_until(app: &App, day: Date) -> Result<String, Error> {
    let days = app.profile.sealed.as_ref().map_or(180, |sealed| sealed.days_unopened);
    day.checked_add(i64::from(days).days()).map(|day| day.to_string()).map_err(Error::fault)
}

/// What became of an envelope of this hash that was taken at this place before.
pub async fn sent(app: &App, place: &Place, sha256: &str) -> Result<Option<Taken>, Refused> {
    let mut reader = app.db.read().await?;
    let dialogue = match place {
        Place::First { lookup, .. } => store::by_lookup(&mut reader, *lookup).await?,
        Place::Later { dialogue, .. } => Some((**dialogue).clone()),
    };
    match dialogue {
        Some(dialogue) => Ok(sent_in(&mut reader, &dialogue, "in", sha256).await?),
        None => Ok(None),
    }
}

/// Whether a receipt leads to something already.
pub async fn is_used(app: &App, lookup: [u8; 32]) -> Result<bool, Refused> {
    Ok(store::by_lookup(&mut app.db.read().await?, lookup).await?.is_some())
}

/// [`sent`] for one side of a dialogue.
pub async fn sent_in(reader: &mut Reader, dialogue: &Dialogue, way: &str, sha256: &str) -> ::store::Result<Option<Taken>> {
    let all = store::envelopes(reader, dialogue.id).await?;
    let found = all.into_iter().find(|one| one.way == way && one.hash.to_string().eq_ignore_ascii_case(sha256));
    Ok(found.map(|one| Taken { sha256: one.hash, number: dialogue.number.clone(), place: one.place }))
}

/// Notes an envelope that came from a reporter.
pub async fn note(app: &App, came: &Came, manifest: &Manifest, place: &Place) -> Result<Taken, Refused> {
    let day = today(app);
    let (id, envelope) = (random_id(app), random_id(app));
    let delete_on = unopened_until(app, day)?;
    let noted = app
        .db
        .keep_house(async |tx| {
            let mut new = came.envelope(envelope, id, manifest, day.to_string());
            new.grade = place.grade().to_owned();
            if let Place::Later { dialogue, prev, .. } = place {
                // Before anything else, as an answer does that comes at the same moment.
                let still = store::held(tx, dialogue.id).await?.is_some_and(|dialogue| !matches!(dialogue.state.as_str(), "gone" | "deleted" | "withdrawn"));
                let last = store::envelopes(tx, dialogue.id).await?.last().map(|last| last.hash.to_string());
                if !still {
                    return Ok(Err(Refused::NotFound));
                }
                if prev.is_some() && *prev != last {
                    return Ok(Err(Refused::Moved));
                }
            }
            if let Err(refused) = bodies::may_name(tx, app, came).await {
                return Ok(Err(refused));
            }
            let number = match place {
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
                        waits: false,
                    };
                    store::add_dialogue(tx, &dialogue, *lookup).await?;
                    number
                }
                Place::Later { dialogue, .. } => {
                    new.dialogue = dialogue.id;
                    new.place = next_place(tx, dialogue.id).await?;
                    dialogue.number.clone()
                }
            };
            store::add_envelope(tx, &new).await?;
            Ok(Ok(Taken { sha256: came.hash, number, place: new.place }))
        })
        .await;
    let noted = noted.unwrap_or_else(|error| Err(error.into()));
    if noted.is_err() {
        bodies::drop_body(app, came).await?;
    }
    noted
}

/// The place of the next envelope.
pub async fn next_place(reader: &mut ::store::Reader, dialogue: Id) -> ::store::Result<i64> {
    let last: Option<i64> =
        reader.value("select place from sealed_envelopes where dialogue_id = $1 order by place desc limit 1", ::store::args![dialogue]).await?;
    Ok(last.map_or(1, |place| place + 1))
}

/// SHA-256 of a reporter's `auth`, which is all that is kept of it.
pub fn lookup_of(auth: &[u8; 32]) -> [u8; 32] {
    sha256(auth)
}
