//! What is done about events that are stored: a changed registry gives them other holders, old days are
//! let go, small files become large ones.
//!
//! The sums follow the lake: after each rewriting those of data files that are gone are taken away and
//! those of new ones come in, by the names of the files, so that a death in between is mended the next time.
//! Reading files, rematching, erasing and tidying are jobs of one line: no two of them run at the same time.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ::lake::rematch::Change;
use ::lake::{Lake, Rollup};
use ::store::{Job, Record, Tx};
use jiff::{SignedDuration, Span, Timestamp};
use serde_json::json;

use super::table::{self, Found};
use super::{erase, lake, notices, store};
use crate::access::Who;
use crate::constituency::{self, Holding, days};
use crate::{App, Error, Result};

/// How long from one tidying to the next, and how long bytes stay that no question needs any more: longer
/// than any question or intake takes.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Originals that are let go in one change.
const AT_ONCE: u32 = 500;
/// So many kinds of moves are told one by one.
const TOLD: usize = 50;

/// Sees to it that the tidying is waiting, and that a lake which is to be made again is; called at start.
pub async fn wake(app: &App) -> Result<()> {
    look_after(app).await?;
    let by_halves = store::some_matched_by_halves(&mut app.db.read().await?).await?;
    app.db
        .keep_house(async |tx| {
            if by_halves {
                let now = tx.now();
                tx.enqueue_at("rematch_events", json!({}), now, Some("rematch_events")).await?;
            }
            later(tx).await
        })
        .await?;
    Ok(())
}

/// Looks for the lake once, so that the alarm is there and what is to be read again begins. Whoever opens it looks again.
async fn look_after(app: &App) -> Result<()> {
    match table::look(app).await {
        Ok((_, Found::Moved)) => table::make_again(app).await,
        // A bucket that is away keeps nobody from reporting.
        Err(Error::Away(why) | Error::Unanswered(why)) => {
            tracing::warn!(%why, "the events cannot be looked after now");
            Ok(())
        }
        done => done.map(drop),
    }
}

async fn later(tx: &mut Tx) -> ::store::Result<()> {
    let day = tx.now().as_second().div_euclid(EVERY.as_secs()) + 1;
    let at = Timestamp::from_second(day * EVERY.as_secs()).unwrap_or_else(|_| tx.now());
    tx.enqueue_at("tidy_events", json!({}), at, Some(&format!("tidy_events:{day}"))).await
}

/// The job `rematch_events`: events that are stored get the holders that they have by the registry of now.
pub async fn rematch_events(app: &App, job: &Job) -> Result<()> {
    let mut reader = app.db.read().await?;
    let registry = constituency::registry(&mut reader).await?;
    let matched = store::matched(&mut reader).await?;
    let news = notices::news(&mut reader).await?;
    drop(reader);
    let new: HashSet<&Holding> = registry.holdings.iter().collect();
    // What only some of the events were matched with is a change for the others: it came, or it is gone again.
    let before: Vec<Holding> = matched.iter().filter(|(one, all)| *all || !new.contains(one)).map(|(one, _)| one.clone()).collect();
    let old: HashSet<&Holding> = before.iter().collect();
    if old == new || !lake::is_there(app).await? {
        return Ok(());
    }
    let version = registry.version;
    let change = [&before, &registry.holdings].map(|list| list.iter().cloned().filter_map(lake::resource).collect::<Vec<_>>());
    let (lake, now, nonce, files) = (lake::open(app).await?, app.now().as_microsecond(), lake::nonce(app), news.clone());
    let work = move || -> Result<_> {
        let [old, new] = change;
        let change = Change::between(&old, version, &new).telling(files.into_keys());
        let done = lake.rematch(&change, now, nonce).map_err(lake::fault)?;
        Ok((lake, done))
    };
    let Some((lake, done)) = lake::held(app, job, work).await?.transpose()? else { return Ok(()) };
    let sums = done.rewritten.map(|rewritten| rewritten.added).unwrap_or_default();
    mend_sums(app, &lake, sums).await?;
    let (gone, come): (Vec<&Holding>, Vec<&Holding>) = (old.difference(&new).copied().collect(), new.difference(&old).copied().collect());
    app.db
        .change(&Who::Job("rematch_events").to_string(), async |tx| {
            store::note_matched(tx, &come, true).await?;
            store::forget_matched(tx, &gone).await?;
            notices::moved(tx, &news, &done.gained).await?;
            let moves: Vec<_> = done.moves.iter().take(TOLD).map(|of| json!({ "from": of.from, "to": of.to, "events": of.events })).collect();
            let facts = json!({ "registry": version, "events": done.events, "moves": moves });
            tx.record(Record::new("events.rematched", "events", tx.new_id()).facts(facts));
            Ok(())
        })
        .await
}

/// The job `tidy_events`, once a day: lets old days go, writes small files together, removes what nobody needs.
pub async fn tidy_events(app: &App, job: &Job) -> Result<()> {
    app.db.keep_house(async |tx| later(tx).await).await?;
    let_originals_go(app).await?;
    let_rejects_go(app).await?;
    if !lake::is_there(app).await? {
        return Ok(());
    }
    let lake = lake::open(app).await?;
    let_go(app, &lake).await?;
    erase::write_anew(app, job, &lake).await?;
    let today = i32::try_from(store::day_number(days::day(app.now()))).unwrap_or(i32::MAX);
    let looked = lake.clone();
    let scattered = blocking(move || looked.scattered(today).map_err(lake::fault)).await?;
    for day in scattered.into_keys() {
        let (of, now, nonce) = (lake.clone(), app.now().as_microsecond(), lake::nonce(app));
        let work = move || of.compact(day, now, nonce).map_err(lake::fault);
        let Some(done) = lake::held(app, job, work).await? else { return Ok(()) };
        if let Some(rewritten) = done? {
            mend_sums(app, &lake, rewritten.added).await?;
        }
    }
    mend_sums(app, &lake, Vec::new()).await?;
    while app.db.keep_house(async |tx| store::pack_totals(tx).await).await? {}
    let before = app.now() - EVERY;
    let of = lake.clone();
    blocking(move || of.vacuum(before.as_microsecond()).map_err(lake::fault)).await?;
    erase::note_gone(app, before).await
}

/// Lets go of the originals of event files that are older than the team keeps them. What is held or failed waits for
/// somebody, and so does its original.
async fn let_originals_go(app: &App) -> Result<()> {
    let Some(keep) = app.profile.events.keep_originals_days else { return Ok(()) };
    let before = app.now() - SignedDuration::from_hours(24 * keep);
    loop {
        let old = store::old_originals(&mut app.db.read().await?, before, AT_ONCE).await?;
        let Some(((_, first, _), (_, last, _))) = old.first().zip(old.last()) else { return Ok(()) };
        let facts = json!({ "files": old.len(), "numbers": [first, last], "days": keep });
        app.db
            .change(&Who::Job("tidy_events").to_string(), async |tx| {
                for (id, _, sha256) in &old {
                    store::let_original_go(tx, *id, *sha256).await?;
                }
                tx.record(Record::new("event_originals.let_go", "events", tx.new_id()).facts(facts));
                Ok::<_, Error>(())
            })
            .await?;
    }
}

/// Lets go of rejected lines with what they stood in: those of files whose original was let go, and of files that came
/// before the first day that is kept.
async fn let_rejects_go(app: &App) -> Result<()> {
    let first = match app.profile.events.keep_years {
        Some(years) => first_kept(app, years)?.to_zoned(jiff::tz::TimeZone::UTC).map_err(Error::fault)?.timestamp(),
        None => Timestamp::UNIX_EPOCH,
    };
    loop {
        let old = store::old_rejects(&mut app.db.read().await?, first, AT_ONCE).await?;
        if old.is_empty() {
            return Ok(());
        }
        app.db
            .change(&Who::Job("tidy_events").to_string(), async |tx| {
                for id in &old {
                    store::delete_reject(tx, *id).await?;
                }
                tx.record(Record::new("event_rejects.let_go", "event_rejects", tx.new_id()).facts(json!({ "lines": old.len() })));
                Ok::<_, Error>(())
            })
            .await?;
    }
}

/// The first day of which events are kept.
fn first_kept(app: &App, years: i64) -> Result<jiff::civil::Date> {
    days::day(app.now()).checked_sub(Span::new().years(years)).map_err(Error::fault)
}

/// Lets go of the days that are older than the team keeps events.
async fn let_go(app: &App, lake: &Lake) -> Result<()> {
    let Some(years) = app.profile.events.keep_years else { return Ok(()) };
    let first = first_kept(app, years)?;
    let day = i32::try_from(store::day_number(first)).unwrap_or(0);
    let (of, now) = (lake.clone(), app.now().as_microsecond());
    let Some(done) = blocking(move || of.drop_before(day, now).map_err(lake::fault)).await? else { return Ok(()) };
    mend_sums(app, lake, Vec::new()).await?;
    app.db
        .change(&Who::Job("tidy_events").to_string(), async |tx| {
            let facts = json!({ "before": first.to_string(), "years": years, "data_files": done.removed.len() });
            tx.record(Record::new("events.let_go", "events", tx.new_id()).facts(facts));
            Ok(())
        })
        .await
}

/// Makes the sums those of the lake's files as they are now. `known`: sums that need not be made anew.
pub(super) async fn mend_sums(app: &App, lake: &Lake, known: Vec<(String, Rollup)>) -> Result<()> {
    let noted: BTreeSet<String> = store::data_files(&mut app.db.read().await?).await?.into_iter().collect();
    let of = lake.clone();
    let known: BTreeMap<String, Rollup> = known.into_iter().collect();
    let (gone, come) = blocking(move || {
        let live = of.data_files().map_err(lake::fault)?;
        let gone: Vec<String> = noted.iter().filter(|file| !live.contains_key(*file)).cloned().collect();
        let mut come = Vec::new();
        for file in live.into_keys().filter(|file| !noted.contains(file)) {
            let rollup = match known.get(&file) {
                Some(rollup) => Some(rollup.clone()),
                None => of.rollup(&file).map_err(lake::fault)?,
            };
            come.extend(rollup.map(|rollup| (file, rollup)));
        }
        Ok((gone, come))
    })
    .await?;
    if gone.is_empty() && come.is_empty() {
        return Ok(());
    }
    let noted = app.db.keep_house(async |tx| {
        for file in &gone {
            store::delete_rollup(tx, file).await?;
        }
        lake::note(tx, &come).await
    });
    Ok(noted.await?)
}

/// Work that waits for the disk.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::fault)?
}
