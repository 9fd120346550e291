//! The daily sweep: bytes that nothing names any more are removed.
//!
//! A file is written before the row that names it, so one is left behind by whoever goes away in
//! between; a draft's files are kept before anybody knows whether they will be sent. What is younger
//! than two days is left alone: it may be on its way to be named.

use std::collections::HashSet;

use ::store::{Job, Record, Tx};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vault::blob::Hash;

use super::store;
use crate::access::Who;
use crate::cases::messages;
use crate::web::upload::on_disk;
use crate::{App, Result, named};

/// How long from one sweep to the next, and how old must be what it takes.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
const OLD: SignedDuration = SignedDuration::from_hours(48);
/// So many are asked for at once.
const AT_ONCE: usize = 500;

/// Sees to it that a sweep is waiting; called at start.
pub async fn wake(app: &App) -> Result<()> {
    Ok(app.db.keep_house(async |tx| later(tx).await).await?)
}

async fn later(tx: &mut Tx) -> ::store::Result<()> {
    let day = tx.now().as_second().div_euclid(EVERY.as_secs()) + 1;
    let at = Timestamp::from_second(day * EVERY.as_secs()).unwrap_or_else(|_| tx.now());
    tx.enqueue_at("sweep_blobs", json!({}), at, Some(&format!("sweep_blobs:{day}"))).await
}

/// The job.
pub async fn sweep_blobs(app: &App, _job: &Job) -> Result<()> {
    app.db.keep_house(async |tx| later(tx).await).await?;
    let before = app.now() - OLD;
    let blobs = let_go(app, before).await?;
    let files = nameless(app, before).await?;
    if blobs == 0 && files.is_empty() {
        return Ok(());
    }
    // First what will be done, then the doing: what a crash leaves is found again tomorrow.
    app.db
        .change(&Who::Job("sweep_blobs").to_string(), async |tx| {
            let id = tx.new_id();
            tx.record(Record::new("blobs.swept", "sweep", id).facts(json!({ "blobs": blobs, "files": files.len() })));
            Ok::<(), crate::Error>(())
        })
        .await?;
    let blobs = app.blobs.clone();
    on_disk(move || {
        for hash in files {
            blobs.remove_old(&hash, before)?;
        }
        Ok(())
    })
    .await
}

/// Lets go of what came for drafts that are gone. Says how many blobs that were.
async fn let_go(app: &App, before: Timestamp) -> Result<usize> {
    let drafted: HashSet<Hash> = messages::drafted(&mut app.db.read().await?).await?.into_iter().collect();
    let gone = app.db.keep_house(async |tx| {
        let loose = store::loose(tx, before).await?;
        let mut gone = 0;
        for some in loose.chunks(AT_ONCE) {
            let named: HashSet<Hash> = named::named(tx, some).await?.into_iter().collect();
            for hash in some.iter().filter(|hash| !drafted.contains(hash)) {
                store::settle(tx, *hash, before).await?;
                if !named.contains(hash) {
                    gone += usize::from(tx.forget_old(*hash, before).await?);
                }
            }
        }
        Ok(gone)
    });
    Ok(gone.await?)
}

/// Old files that no row names.
async fn nameless(app: &App, before: Timestamp) -> Result<Vec<Hash>> {
    let blobs = app.blobs.clone();
    let mut files = on_disk(move || Ok(blobs.old_files(before)?)).await?;
    let mut named: HashSet<Hash> = HashSet::new();
    for some in files.chunks(AT_ONCE) {
        named.extend(store::in_files(&mut app.db.read().await?, some).await?);
    }
    files.retain(|hash| !named.contains(hash));
    Ok(files)
}
