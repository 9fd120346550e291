//! The work that changes left behind: which job does what, and what happens when one fails.
//!
//! A handler does its work in changes of its own; doing a job twice does nothing new, since a
//! worker may die between the work and its mark.

use std::time::Duration;

use jiff::SignedDuration;
use store::Job;

use crate::{App, Error, Result, form, journal, mailbox, outbox, reports};

/// How long a worker may hold a job before another takes it.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// After how many tries a job is laid aside for a person.
const TRIES: i64 = 40;

/// How long the workers rest when the disk is full or the database away.
const TROUBLE: Duration = Duration::from_secs(3);

/// Does one job. Every kind of job stands here.
async fn work(app: &App, job: &Job) -> Result<()> {
    match job.kind.as_str() {
        "acknowledge" => reports::acknowledge(app, job).await,
        "read_mail" => mailbox::read_mail(app, job).await,
        "send_mail" => outbox::send_mail(app, job).await,
        "tidy_form" => form::tidy(app).await,
        other => Err(Error::fault(format!("no such job: {other}"))),
    }
}

/// Takes and does jobs until told to stop.
pub async fn run(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let bell = app.db.work();
    let mut sealed_at = app.now();
    while !*stop.borrow() {
        let mut wait = Duration::ZERO;
        if let Err(error) = drain(&app).await {
            tracing::error!(%error, "the queue of jobs stands still");
            wait = TROUBLE;
        }
        if let Err(error) = seal_now_and_then(&app, &mut sealed_at).await {
            tracing::error!(%error, "the journal could not be signed");
        }
        let wait = wait.max(pause(&app).await);
        // What another process committed on this machine (`mail-in`, the command line) rings no bell here.
        if let Ok(mut reader) = app.db.read().await
            && let Ok(head) = reader.journal_head().await
        {
            app.db.announce(head);
        }
        tokio::select! {
            () = bell.notified() => {}
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Signs the journal once a minute while it grows.
async fn seal_now_and_then(app: &App, sealed_at: &mut jiff::Timestamp) -> Result<()> {
    let now = app.now();
    if now.duration_since(*sealed_at) >= SignedDuration::from_mins(1) {
        *sealed_at = now;
        journal::seal(app).await?;
    }
    Ok(())
}

/// Does every job that is due now. Tests call this instead of waiting.
pub async fn drain(app: &App) -> Result<()> {
    while let Some(job) = app.db.take_job(LEASE).await? {
        match work(app, &job).await {
            Ok(()) => app.db.keep_house(async |tx| tx.finish_job(&job).await).await?,
            Err(error) => {
                tracing::warn!(job = %job.kind, id = %job.id, attempts = job.attempts, %error, "a job failed");
                let again = (job.attempts < TRIES).then(|| later(app, job.attempts));
                app.db.put_back_job(&job, &error.to_string(), again).await?;
            }
        }
    }
    Ok(())
}

/// One minute, then longer each time up to six hours: some five days in all.
fn later(app: &App, attempts: i64) -> jiff::Timestamp {
    let minutes = (1_i64 << attempts.clamp(1, 10).saturating_sub(1)).min(360);
    let now = app.now();
    now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(now)
}

async fn pause(app: &App) -> Duration {
    let most = Duration::from_secs(5);
    let Ok(Some(next)) = app.db.next_job_at().await else { return most };
    let micros = next.as_microsecond().saturating_sub(app.now().as_microsecond());
    u64::try_from(micros).map_or(Duration::ZERO, Duration::from_micros).clamp(Duration::from_millis(20), most)
}
