//! What a holder was not told of yet: its rows of some files, folded into findings.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::compare::Known;
use super::group::Gathered;
use crate::events::lake;
use crate::{App, Result};

/// So many findings of one organisation are held in memory at most.
pub const MOST: usize = 1_000_000;

/// Where events lie that arrived: arrival, day, the file's number, when it was read.
pub type Arrival = (i64, i64, i64, Timestamp);

/// Reads the rows of a holder that came with these arrivals, and were not told.
pub async fn gather(app: &App, holder: i64, arrivals: &[Arrival], known: &[Known]) -> Result<Gathered> {
    let told: Vec<_> = known.iter().map(|known| (known.finding.key.clone(), known.told_to)).collect();
    let start = Gathered::new(told, app.profile.labels.default, MOST);
    let (days, files) = places(arrivals);
    if files.is_empty() {
        return Ok(start);
    }
    lake::fold_events(app, holder, days, start, move |gathered, event| match files.get(&event.file) {
        Some(arrival) => gathered.add(event, *arrival),
        None => true,
    })
    .await
}

/// The days to look at, and the arrival of each file.
pub fn places(arrivals: &[Arrival]) -> (Vec<i32>, HashMap<i64, i64>) {
    let days: BTreeSet<i32> = arrivals.iter().filter_map(|(_, day, ..)| i32::try_from(*day).ok()).collect();
    (days.into_iter().collect(), arrivals.iter().map(|(arrival, _, file, _)| (*file, *arrival)).collect())
}
