//! Erasure: nobody sees the events of an address, a network or an organisation any more, and then their
//! bytes go.
//!
//! What is asked is written down first. The mask holds from the lake's next commit on, for everybody; the
//! job `erase_events` writes the files anew without it, and the files from before go with the daily tidying,
//! a day later. What organisations were told (standings, notices, their lists and mails) and rejected lines lose it
//! with the first. The original event files stay, sealed, and are shown without these lines: `docs/events.md` says why.

use ::lake::{Erased, Lake};
use ::store::{Id, Job, Reader, Record, Tx};
use formats::net::Prefix;
use jiff::Timestamp;
use serde_json::json;

use super::{lake, mentions, notices, store, upkeep};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, constituency};

/// Rejected lines that are looked at at a time.
const LINES: u32 = 1000;

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
    /// Up to when organisations were told of it; what they were told after is of what came after it.
    pub told_to: Option<Timestamp>,
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

    /// Whose events are meant.
    pub(super) fn meant(&self) -> Result<Meant> {
        if self.kind == "organisation" {
            return self.value.parse().map(Meant::Holder).map_err(Error::fault);
        }
        self.value.parse().map(Meant::Network).map_err(Error::fault)
    }
}

/// Whose events were erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// Of all addresses of a network.
    Network(Prefix),
    /// Of a holder, by its number.
    Holder(i64),
}

impl Meant {
    fn erased(self) -> Erased {
        match self {
            Self::Network(network) => {
                let (first, last) = network.bounds();
                Erased::Addresses(first, last)
            }
            Self::Holder(holder) => Erased::Holder(holder),
        }
    }

    /// The holder, if only one is meant.
    pub fn holder(self) -> Option<i64> {
        if let Self::Holder(holder) = self { Some(holder) } else { None }
    }

    /// Whether what is about this address is meant; of a holder, all that it has is.
    pub fn is(self, ip: Option<[u8; 16]>) -> bool {
        let Self::Network(network) = self else { return true };
        let (first, last) = network.bounds();
        ip.is_some_and(|ip| first <= ip && ip <= last)
    }

    /// A text of a holder without what is meant, `None` if nothing of it is there. Its first line says what it is.
    pub fn without(self, text: &str, instead: &str) -> Option<String> {
        match self {
            Self::Network(network) => mentions::without(text, &[network], instead),
            Self::Holder(_) => {
                let first = text.lines().next().unwrap_or_default();
                let rest = format!("{first}\n{}{instead}{}", if instead.is_empty() { "" } else { "\n" }, if instead.is_empty() { "" } else { "\n" });
                (text != rest).then_some(rest)
            }
        }
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

/// Erases what was observed until now. Says whether nobody sees it already; where another process works with the lake,
/// or it cannot be reached, it is so from a later turn of the job on.
pub async fn erase(app: &App, who: &Who, whose: Whose, reason: &str) -> Result<bool> {
    require(who, Verb::Decide, Noun::Event)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::invalid("Say why, in up to 1,000 letters"));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let (kind, value) = match &whose {
                Whose::Network(prefix) => ("addresses", prefix.to_string()),
                Whose::Organisation(id) => ("organisation", constituency::number_of(tx, *id).await?.to_string()),
            };
            let (id, at) = (tx.new_id(), tx.now());
            let one =
                Erasure { id, kind: kind.into(), value, reason, by_whom: who.to_string(), at, told_to: None, masked_at: None, written_at: None, gone_at: None };
            store::insert_erasure(tx, &one).await?;
            enqueue(tx).await?;
            let told = json!({ "value": one.value, "reason": one.reason });
            tx.record(Record::new("events.erased", "event_erasure", id).facts(json!({ "kind": kind })).particulars(told));
            Ok::<_, Error>(())
        })
        .await?;
    let masked = mask(app).await.inspect_err(|error| tracing::warn!(%error, "what was erased is masked by the next turn of the job"));
    Ok(masked.is_ok())
}

pub(super) async fn enqueue(tx: &mut Tx) -> ::store::Result<()> {
    let now = tx.now();
    tx.enqueue_at("erase_events", json!({}), now, Some("erase_events")).await
}

/// Masks what was asked for and is not masked yet. Doing it twice hides nothing more.
async fn mask(app: &App) -> Result<()> {
    for one in store::open_erasures(&mut app.db.read().await?).await?.into_iter().filter(|one| one.masked_at.is_none()) {
        let (lake, what, now) = (lake::open(app).await?, one.meant()?.erased(), app.now().as_microsecond());
        upkeep::blocking(move || lake.erase(what, one.at.as_microsecond(), now).map_err(lake::fault).map(drop)).await?;
        step(app, &[one.id], Step::Masked).await?;
    }
    Ok(())
}

/// The job `erase_events`.
pub async fn erase_events(app: &App, job: &Job) -> Result<()> {
    mask(app).await?;
    let lake = lake::open(app).await?;
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
    let mut ids: Vec<Id> = Vec::new();
    for one in open.iter().filter(|one| one.masked_at.is_some() && one.written_at.is_none()) {
        let what = one.meant()?;
        let told_to = match one.told_to {
            Some(told_to) => told_to,
            None => end_telling(app, one, &what).await?,
        };
        notices::forget(app, &what, one.at, told_to).await?;
        ids.push(one.id);
    }
    // What was found clear of this many erasures need not be read for them again.
    let mut reader = app.db.read().await?;
    let masked = store::count_masked(&mut reader).await?;
    let clear = store::cleared(&mut reader, masked).await?;
    drop(reader);
    let (of, now, nonce) = (lake.clone(), app.now().as_microsecond(), lake::nonce(app));
    let work = move || of.expunge(now, nonce, |file| clear.contains(file)).map_err(lake::fault);
    let Some(done) = lake::held(app, job, work).await? else { return Ok(()) };
    let done = done?;
    upkeep::mend_sums(app, lake, done.rewritten.into_iter().flat_map(|rewritten| rewritten.added).collect()).await?;
    app.db.keep_house(async |tx| store::note_cleared(tx, &done.clear, masked).await).await?;
    step(app, &ids, Step::Written).await
}

/// From here on nobody is told of it: what is being told begins again. Returns when that was. A later turn takes nothing
/// that was told after it.
async fn end_telling(app: &App, one: &Erasure, what: &Meant) -> Result<Timestamp> {
    forget_rejects(app, what).await?;
    app.db
        .change(&Who::Job("erase_events").to_string(), async |tx| {
            notices::begin_again(tx, what.holder()).await?;
            store::mark_told_to(tx, one.id).await?;
            tx.record(Record::new("events.erasure_went_on", "event_erasure", one.id).facts(json!({ "step": "told no more" })));
            Ok(tx.now())
        })
        .await
}

/// Rejected lines that name what was erased are gone.
async fn forget_rejects(app: &App, what: &Meant) -> Result<()> {
    let Meant::Network(network) = what else { return Ok(()) };
    let mut after = Id([0; 16]);
    loop {
        let lines = store::lines_after(&mut app.db.read().await?, after, LINES).await?;
        let Some((last, _)) = lines.last() else { return Ok(()) };
        after = *last;
        let named = lines.iter().filter(|(_, bytes)| mentions::mentions(&String::from_utf8_lossy(bytes), network));
        let named: Vec<Id> = named.map(|(id, _)| *id).collect();
        if named.is_empty() {
            continue;
        }
        app.db
            .change(&Who::Job("erase_events").to_string(), async |tx| {
                for id in &named {
                    store::erase_reject(tx, *id).await?;
                }
                tx.record(Record::new("event_rejects.erased", "event_rejects", tx.new_id()).facts(json!({ "lines": named.len() })));
                Ok::<_, Error>(())
            })
            .await?;
    }
}

/// The networks whose addresses nobody sees any more: what an original is shown without.
pub async fn erased_networks(reader: &mut Reader) -> Result<Vec<Prefix>> {
    let all = store::erasures(reader, u32::MAX).await?;
    Ok(all.iter().filter(|one| one.kind == "addresses").filter_map(|one| one.value.parse().ok()).collect())
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
