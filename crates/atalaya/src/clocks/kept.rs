//! The share of promises kept, computed anew from what is stored about each clock.

use jiff::{SignedDuration, Timestamp};
use store::Reader;

use super::{Clock, store as sql};
use crate::{App, Result};

/// How one promise was kept over a span of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    /// Stopped in time.
    pub kept: u64,
    /// Stopped too late, or still running and late.
    pub missed: u64,
    /// Still running in time, or paused.
    pub open: u64,
    /// Ended without a verdict.
    pub void: u64,
    /// Half of the answers came faster than this many microseconds.
    pub median_micros: i64,
    /// Clocks whose stored due instant or verdict is not what their anchor, calendar and pauses give: what is stored does
    /// not count, and somebody should look.
    pub differ: u64,
    /// Clocks that ended under a calendar that the profile no longer has: for these what is stored counts.
    pub unproven: u64,
}

impl Share {
    /// Kept of all that have a verdict, in percent; nothing when there are none.
    pub fn percent(&self) -> Option<u64> {
        (self.kept * 100).checked_div(self.kept + self.missed)
    }

    /// How many have a verdict.
    pub fn judged(&self) -> u64 {
        self.kept + self.missed
    }
}

/// The shares of the last quarter by promise, with the journal's head and the instant they were computed at.
pub type Shares = std::sync::Mutex<std::collections::BTreeMap<String, (u64, Timestamp, Share)>>;

/// [`share_of_quarter`] for the public's first page, at most a minute old: it must not cost more the busier the team is.
pub async fn share_lately(app: &App, promise: &str) -> Result<Share> {
    let now = app.now();
    let known = app.shares.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(promise).cloned();
    match known {
        Some((_, at, share)) if at <= now && now.duration_since(at) < SignedDuration::from_mins(1) => Ok(share),
        _ => share_of_quarter(app, promise).await,
    }
}

/// How a promise was kept by reports and cases of the last 90 days. Computed anew when anything
/// was done since, or after a minute.
pub async fn share_of_quarter(app: &App, promise: &str) -> Result<Share> {
    let (now, head) = (app.now(), *app.db.watch().borrow());
    let known = app.shares.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(promise).cloned();
    if let Some((at_head, at, share)) = known
        && at_head == head
        && at <= now
        && now.duration_since(at) < SignedDuration::from_mins(1)
    {
        return Ok(share);
    }
    let since = now.checked_sub(SignedDuration::from_hours(90 * 24)).unwrap_or(now);
    let share = share_kept(&mut app.db.read().await?, app, promise, since).await?;
    app.shares.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(promise.to_owned(), (head, now, share.clone()));
    Ok(share)
}

/// How a promise was kept by reports and cases that came since an instant.
async fn share_kept(reader: &mut Reader, app: &App, promise: &str, since: Timestamp) -> Result<Share> {
    let now = app.now();
    let mut share = Share::default();
    let mut times = Vec::new();
    for clock in sql::judged(reader, promise, since).await? {
        let clock = recomputed(app, clock, &mut share);
        match (clock.state.as_str(), clock.stopped_at) {
            ("void", _) => share.void += 1,
            (_, Some(stopped)) => {
                if stopped <= clock.due_at {
                    share.kept += 1;
                } else {
                    share.missed += 1;
                }
                times.push(stopped.as_microsecond() - clock.anchor_at.as_microsecond());
            }
            (_, None) if clock.is_late(now) => share.missed += 1,
            _ => share.open += 1,
        }
    }
    times.sort_unstable();
    share.median_micros = times.get(times.len() / 2).copied().unwrap_or(0);
    Ok(share)
}

/// The clock with the due instant that its anchor, calendar and pauses give: the verdict follows from the instants and is
/// not read, so a changed row decides nothing. Counts those in which something else is stored.
fn recomputed(app: &App, mut clock: Clock, share: &mut Share) -> Clock {
    // While it is held nobody knows yet when it is due; what ended without a verdict has none.
    if clock.state == "void" || !clock.pause_reason().is_empty() {
        return clock;
    }
    let Some(due) = clock.recompute(app) else {
        share.unproven += 1;
        return clock;
    };
    let verdict = clock.stopped_at.map(|stopped| if stopped <= due { "kept" } else { "missed" });
    if due != clock.due_at || verdict.is_some_and(|verdict| verdict != clock.state) {
        share.differ += 1;
    }
    clock.due_at = due;
    clock
}
