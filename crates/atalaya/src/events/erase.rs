//! Erasure: nobody sees the events of an address, a network or an organisation any more, and then their
//! bytes go.
//!
//! What is asked is written down first. The mask holds from the lake's next commit on, for everybody; the
//! job `erase_events` writes the files anew without it, and the files from before go with the daily tidying,
//! a day later. The original event files stay what they were; who must let go of these, too, is told so.

use ::lake::{Erased, Lake};
use ::store::{Id, Job, Reader, Record, Tx};
use formats::net::Prefix;
use jiff::Timestamp;
use serde_json::json;

use super::{lake, store, upkeep};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, constituency};

/// Something that was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Id.
    pub id: Id,
    /// `addresses`, `organisation`.
    pub kind: String,
    /// A network, or the number of an organisation in the events.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Who wanted it.
    pub by_whom: String,
    /// When; what was observed before then is meant.
    pub at: Timestamp,
    /// Since when nobody sees it.
    pub masked_at: Option<Timestamp>,
    /// Since when the files are written without it.
    pub written_at: Option<Timestamp>,
    /// Since when the files from before are gone.
    pub gone_at: Option<Timestamp>,
}

impl Erasure {
    /// How far it came, in a word or two.
    pub fn state(&self) -> &'static str {
        match (self.masked_at, self.written_at, self.gone_at) {
            (_, _, Some(_)) => "gone",
            (_, Some(_), None) => "old files go tomorrow",
            (Some(_), None, None) => "nobody sees it",
            (None, None, None) => "waits",
        }
    }

    fn what(&self) -> Result<Erased> {
        if self.kind == "organisation" {
            return self.value.parse().map(Erased::Holder).map_err(Error::fault);
        }
        let (first, last) = self.value.parse::<Prefix>().map_err(Error::fault)?.bounds();
        Ok(Erased::Addresses(first, last))
    }
}

/// How far an erasure comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nobody sees it.
    Masked,
    /// The files are written without it.
    Written,
    /// The files from before are gone.
    Gone,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Masked => "masked",
            Self::Written => "written",
            Self::Gone => "gone",
        }
    }
}

/// Whose events are to be erased.
#[derive(Clone, Debug)]
pub enum Whose {
    /// An address or a network.
    Network(Prefix),
    /// An organisation.
    Organisation(Id),
}

/// The newest erasures.
pub async fn erasures(reader: &mut Reader, who: &Who, limit: u32) -> Result<Vec<Erasure>> {
    require(who, Verb::See, Noun::Event)?;
    store::erasures(reader, limit).await
}

/// Erases what was observed until now. When this returns nobody sees it, unless another process works with
/// the lake: then from the next turn of the job on.
pub async fn erase(app: &App, who: &Who, whose: Whose, reason: &str) -> Result<Id> {
    require(who, Verb::Decide, Noun::Event)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::invalid("Say why, in up to 1,000 letters"));
    }
    let id = app
        .db
        .change(&who.to_string(), async |tx| {
            let (kind, value) = match &whose {
                Whose::Network(prefix) => ("addresses", prefix.to_string()),
                Whose::Organisation(id) => ("organisation", constituency::number_of(tx, *id).await?.to_string()),
            };
            let (id, at) = (tx.new_id(), tx.now());
            let one = Erasure { id, kind: kind.into(), value, reason, by_whom: who.to_string(), at, masked_at: None, written_at: None, gone_at: None };
            store::insert_erasure(tx, &one).await?;
            enqueue(tx).await?;
            let told = json!({ "value": one.value, "reason": one.reason });
            tx.record(Record::new("events.erased", "event_erasure", id).facts(json!({ "kind": kind })).particulars(told));
            Ok::<_, Error>(id)
        })
        .await?;
    if let Err(error) = mask(app).await {
        tracing::warn!(%error, "what was erased is masked by the next turn of the job");
    }
    Ok(id)
}

pub(super) async fn enqueue(tx: &mut Tx) -> ::store::Result<()> {
    let now = tx.now();
    tx.enqueue_at("erase_events", json!({}), now, Some("erase_events")).await
}

/// Masks what was asked for and is not masked yet. Doing it twice hides nothing more.
async fn mask(app: &App) -> Result<()> {
    for one in store::open_erasures(&mut app.db.read().await?).await?.into_iter().filter(|one| one.masked_at.is_none()) {
        let (there, what) = (app.clone(), one.what()?);
        upkeep::blocking(move || {
            let now = there.now().as_microsecond();
            lake::open(&there)?.erase(what, one.at.as_microsecond(), now).map_err(lake::fault).map(drop)
        })
        .await?;
        step(app, &[one.id], Step::Masked).await?;
    }
    Ok(())
}

/// The job `erase_events`.
pub async fn erase_events(app: &App, job: &Job) -> Result<()> {
    mask(app).await?;
    let there = app.clone();
    let lake = upkeep::blocking(move || lake::open(&there)).await?;
    write_anew(app, job, &lake).await
}

/// Writes the files of what is masked anew without it; those, too, that came in since with events from before.
pub(super) async fn write_anew(app: &App, job: &Job, lake: &Lake) -> Result<()> {
    let mut reader = app.db.read().await?;
    if store::erasures(&mut reader, 1).await?.is_empty() {
        return Ok(());
    }
    let open = store::open_erasures(&mut reader).await?;
    drop(reader);
    let ids: Vec<Id> = open.iter().filter(|one| one.masked_at.is_some() && one.written_at.is_none()).map(|one| one.id).collect();
    let (of, now, nonce) = (lake.clone(), app.now().as_microsecond(), lake::nonce(app));
    let work = tokio::task::spawn_blocking(move || of.expunge(now, nonce).map_err(lake::fault));
    let Some(done) = lake::held(app, job, work).await? else { return Ok(()) };
    upkeep::mend_sums(app, lake, done?.into_iter().flat_map(|rewritten| rewritten.added).collect()).await?;
    step(app, &ids, Step::Written).await
}

/// Notes that files which were written anew before an instant have none of the old bytes left.
pub(super) async fn note_gone(app: &App, before: Timestamp) -> Result<()> {
    let open = store::open_erasures(&mut app.db.read().await?).await?;
    let ids: Vec<Id> = open.iter().filter(|one| one.written_at.is_some_and(|at| at < before)).map(|one| one.id).collect();
    step(app, &ids, Step::Gone).await
}

async fn step(app: &App, ids: &[Id], step: Step) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    app.db
        .change(&Who::Job("erase_events").to_string(), async |tx| {
            for id in ids {
                store::mark_erasure(tx, *id, step).await?;
                tx.record(Record::new("events.erasure_went_on", "event_erasure", *id).facts(json!({ "step": step.name() })));
            }
            Ok(())
        })
        .await
}
