//! The work that changes left behind: which job does what, and what happens when one fails.
//!
//! A handler does its work in changes of its own; doing a job twice does nothing new, since a
//! worker may die between the work and its mark.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use store::{DeadJob, Id, Job, Reader, Record};
use tokio::sync::watch;

use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, cases, constituency, events, form, journal, mailbox, once, outbox, publications, reports, sealed};

/// How long a worker may hold a job before another takes it.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// After how many tries a job is laid aside for a person.
const TRIES: i64 = 40;
/// The same for an event file: within half a day somebody should see that it cannot be read.
const TRIES_OF_A_FILE: i64 = 10;
/// How long a worker rests when the disk is full, the database away or itself broken.
const TROUBLE: Duration = Duration::from_secs(3);

/// Mails on their way, the most urgent first.
const SENDING: &[&str] = &["send_mail", "send_alert", "send_advisory", "send_digest"];

/// Lines of work, each with a worker of its own: a mail server that lets us wait holds up mail and
/// nothing else. Within a line, what stands first comes first.
const LINES: [&[&str]; 10] = [
    // An embargo ends at its instant, whatever comes in at that moment.
    &["publish_due"],
    &[
        "acknowledge",
        "read_mail",
        "tell_closed",
        "tidy_form",
        "sealed_round",
        "sealed_notice",
        "sweep_blobs",
        "index_parties",
        "span_prefixes",
        "place_addresses",
    ],
    &["mail_out"],
    // A round goes through all who are told by digest, which is long: no alert waits for it.
    &["tell_registered", "digest_round"],
    // A mail server answers each mail after a while, and four at once.
    SENDING,
    SENDING,
    SENDING,
    SENDING,
    &["erase_events", "read_events", "rematch_events", "tidy_events"],
    &["notice_round", "tell_organisation"],
];

/// What is done with the lake of events, by one process and one thing at a time.
const EVENTS: &[&str] = &["erase_events", "read_events", "rematch_events", "tidy_events"];

/// What is told of the events in the lake, by the same process.
const NOTICES: &[&str] = &["notice_round", "tell_organisation"];

/// Does one job. Every kind of job stands here, and in a line of [`LINES`].
async fn work(app: &App, job: &Job) -> Result<()> {
    match job.kind.as_str() {
        "acknowledge" => reports::acknowledge(app, job).await,
        "read_mail" => Box::pin(mailbox::read_mail(app, job)).await,
        "send_mail" | "send_alert" | "send_advisory" | "send_digest" => outbox::send_mail(app, job).await,
        "tell_closed" => reports::tell_closed(app, job).await,
        "read_events" => events::read_events(app, job).await,
        "rematch_events" => events::rematch_events(app, job).await,
        "erase_events" => events::erase_events(app, job).await,
        "tidy_events" => events::tidy_events(app, job).await,
        "notice_round" => events::notices::notice_round(app, job).await,
        "tell_organisation" => events::notices::tell_organisation(app, job).await,
        "tidy_form" => form::tidy(app).await,
        "sweep_blobs" => sweep(app, job).await,
        "index_parties" => cases::index_parties(app, job).await,
        "span_prefixes" => constituency::span_prefixes(app, job).await,
        "place_addresses" => reports::place_addresses(app, job).await,
        "mail_out" => publications::readers::mail_out(app, job).await,
        "digest_round" => publications::readers::digest_round(app, job).await,
        "publish_due" => publications::publish_due(app, job).await,
        "tell_registered" => publications::registrations::tell_registered(app, job).await,
        "sealed_round" => sealed::sealed_round(app, job).await,
        "sealed_notice" => sealed::sealed_notice(app, job).await,
        other => Err(Error::fault(format!("no such job: {other}"))),
    }
}

/// What lies about and is wanted no longer, once a day.
async fn sweep(app: &App, job: &Job) -> Result<()> {
    once::sweep(app).await?;
    publications::registrations::forget(app).await?;
    publications::readers::forget(app).await?;
    publications::known::look_again(app).await?;
    journal::sweep_blobs(app, job).await
}

/// Tells whom it concerns that a job will not be tried any more.
async fn give_up(app: &App, job: &Job, why: &str) -> Result<()> {
    match job.kind.as_str() {
        "read_events" => events::give_up(app, job, why).await,
        _ => Ok(()),
    }
}

/// Runs all workers until told to stop.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    let mut workers = tokio::task::JoinSet::new();
    for kinds in LINES {
        let (app, stop) = (app.clone(), stop.clone());
        workers.spawn(kept_up(stop.clone(), move || line(app.clone(), kinds, stop.clone())));
    }
    let sealing = stop.clone();
    let sealed = app.clone();
    workers.spawn(kept_up(stop, move || seal_now_and_then(sealed.clone(), sealing.clone())));
    while workers.join_next().await.is_some() {}
    app.outbox.close().await;
}

/// Starts a worker again should it ever break.
async fn kept_up<W: Future<Output = ()> + Send + 'static>(stop: watch::Receiver<bool>, worker: impl Fn() -> W) {
    while !*stop.borrow() {
        if let Err(error) = tokio::spawn(worker()).await {
            tracing::error!(%error, "a worker broke and is started again");
            tokio::time::sleep(TROUBLE).await;
        }
    }
}

/// Does the jobs of one line, as they become due.
async fn line(app: App, kinds: &'static [&'static str], mut stop: watch::Receiver<bool>) {
    let bell = app.db.bell(kinds);
    while !*stop.borrow() {
        // Heard from here on: what is rung while we look is not missed.
        let rung = bell.notified();
        let mut rest = Duration::ZERO;
        if let Err(error) = work_off(&app, kinds, &stop).await {
            tracing::error!(%error, "the queue of jobs stands still");
            rest = TROUBLE;
        }
        let rest = rest.max(pause(&app, kinds).await);
        tokio::select! {
            () = rung => {}
            () = tokio::time::sleep(rest) => catch_up(&app).await,
            _ = stop.changed() => {}
        }
    }
}

/// What another process committed on this machine (`mail-in`, the command line) rings no bell here.
async fn catch_up(app: &App) {
    if let Ok(mut reader) = app.db.read().await
        && let Ok(head) = reader.journal_head().await
    {
        app.db.announce(head);
    }
}

/// Signs the journal once a minute while it grows.
async fn seal_now_and_then(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_mins(1)) => {}
            _ = stop.changed() => break,
        }
        if let Err(error) = journal::seal(&app).await {
            tracing::error!(%error, "the journal could not be signed");
        }
    }
}

/// Does the jobs of these kinds that are due, one after the other, until there is none or the program ends. Says
/// whether there was any.
async fn work_off(app: &App, kinds: &[&str], stop: &watch::Receiver<bool>) -> Result<bool> {
    let mut job = if may_work(app, kinds, stop) { app.db.take_job(kinds, LEASE).await? } else { None };
    let any = job.is_some();
    while let Some(taken) = job {
        let done = attempt(app, &taken).await?;
        job = match (done, may_work(app, kinds, stop)) {
            (true, true) => app.db.go_on(&taken, kinds, LEASE).await?,
            (true, false) => app.db.keep_house(async |tx| tx.finish_job(&taken).await).await.map(|()| None)?,
            (false, true) => app.db.take_job(kinds, LEASE).await?,
            (false, false) => None,
        };
    }
    Ok(any)
}

/// Work goes on unless the program ends, or another process has the lake.
fn may_work(app: &App, kinds: &[&str], stop: &watch::Receiver<bool>) -> bool {
    !*stop.borrow() && !((kinds == EVENTS || kinds == NOTICES) && events::lake::is_elsewhere(app))
}

/// Does a job once. Says whether it is done; if not, it was put back or laid aside.
async fn attempt(app: &App, job: &Job) -> Result<bool> {
    let tries = if job.kind == "read_events" { TRIES_OF_A_FILE } else { TRIES };
    if job.attempts > tries {
        // Each try was begun and none came back: whatever it is, it ends this program.
        const ENDLESS: &str = "it was begun again and again and never came to an end";
        give_up(app, job, ENDLESS).await?;
        app.db.put_back_job(job, ENDLESS, None).await?;
        return Ok(false);
    }
    let (there, taken) = (app.clone(), job.clone());
    // In a task of its own: a job that panics is a try that failed, like any other.
    let done = tokio::spawn(async move { work(&there, &taken).await }).await;
    let Err(error) = done.unwrap_or_else(|error| Err(Error::fault(error))) else { return Ok(true) };
    tracing::warn!(job = %job.kind, id = %job.id, attempts = job.attempts, %error, "a job failed");
    let again = (job.attempts < tries).then(|| later(app, job.attempts));
    if again.is_none() {
        give_up(app, job, &error.to_string()).await?;
    }
    app.db.put_back_job(job, &error.to_string(), again).await?;
    Ok(false)
}

/// Does every job that is due now. Tests call this instead of waiting.
pub async fn drain(app: &App) -> Result<()> {
    let (_keep, stop) = watch::channel(false);
    let mut more = true;
    while more {
        more = false;
        for kinds in LINES {
            more |= work_off(app, kinds, &stop).await?;
        }
    }
    Ok(())
}

/// Jobs that failed until nobody tried any more, the newest first.
pub async fn laid_aside(reader: &mut Reader, who: &Who) -> Result<Vec<DeadJob>> {
    require(who, Verb::Keep, Noun::People)?;
    Ok(reader.dead_jobs(100).await?)
}

/// Gives a job that was laid aside all its tries again.
pub async fn try_again(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Keep, Noun::People)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if !tx.revive_job(id).await? {
                return Err(Error::NotFound);
            }
            tx.record(Record::new("job.tried_again", "job", id).facts(json!({ "job": id })));
            Ok(())
        })
        .await
}

/// One minute, then longer each time up to six hours: some five days in all.
fn later(app: &App, attempts: i64) -> jiff::Timestamp {
    let minutes = (1_i64 << attempts.clamp(1, 10).saturating_sub(1)).min(360);
    let now = app.now();
    now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(now)
}

async fn pause(app: &App, kinds: &[&str]) -> Duration {
    let most = Duration::from_secs(5);
    let Ok(Some(next)) = app.db.next_job_at(kinds).await else { return most };
    let micros = next.as_microsecond().saturating_sub(app.now().as_microsecond());
    u64::try_from(micros).map_or(Duration::ZERO, Duration::from_micros).clamp(Duration::from_millis(20), most)
}
