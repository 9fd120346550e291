//! A file's events are stored: whose they are, and of which days, in the change that says so.

use std::collections::{BTreeMap, BTreeSet};

use ::lake::{Gained, Rollup};
use ::store::{Id, Reader, Tx};
use jiff::SignedDuration;

use super::{round, store};

/// Notes the arrival of a file from the sums of its data files, each with its day. A file that was read
/// again has its arrival already: nothing of it is new. `stored`: how many events it brought.
pub(in crate::events) async fn arrived<'a>(tx: &mut Tx, file: Id, stored: u64, sums: impl Iterator<Item = (i64, &'a Rollup)>) -> ::store::Result<()> {
    let (arrival, new) = store::arrival_of(tx, file).await?;
    if !new {
        return go_on(tx).await;
    }
    let mut of: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    let mut counted = 0;
    for (day, rollup) in sums {
        for cell in &rollup.cells {
            counted += if cell.first { cell.events } else { 0 };
            *of.entry((cell.holder, day)).or_default() += i64::try_from(cell.events).unwrap_or(i64::MAX);
        }
    }
    if counted < stored {
        // We died after the lake had it, and its data files were written together with others since: it may
        // be anybody's whom the lake has.
        for (holder, day) in store::held_days(tx).await? {
            of.entry((holder, day)).or_default();
        }
    }
    let of: Vec<(i64, i64, i64)> = of.into_iter().map(|((holder, day), events)| (holder, day, events)).collect();
    if of.is_empty() {
        return Ok(());
    }
    store::arrived(tx, arrival, &of).await?;
    round::look_now(tx).await
}

/// Goes on with what waited until no stored file is missing in the lake.
pub(in crate::events) async fn go_on(tx: &mut Tx) -> ::store::Result<()> {
    if store::is_half_filled(tx).await? {
        return Ok(());
    }
    let now = tx.now();
    for holder in store::holders_due(tx).await? {
        round::enqueue_tell(tx, holder, now).await?;
    }
    Ok(())
}

/// How long what came counts as news for whoever is given it by the registry.
const NEWS: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The files, by number, whose events are news for whoever is given them, with their arrivals.
pub(in crate::events) async fn news(reader: &mut Reader) -> ::store::Result<BTreeMap<i64, i64>> {
    let now = reader.now();
    let since = store::arrival_before(reader, now.checked_sub(NEWS).unwrap_or(now)).await?;
    Ok(store::files_since(reader, since).await?.into_iter().collect())
}

/// A changed registry gave holders events of these files, in the change that says so: what came of late is
/// news to them. Of what they knew already their standing says that it was told.
pub(in crate::events) async fn moved(tx: &mut Tx, news: &BTreeMap<i64, i64>, gained: &BTreeSet<Gained>) -> ::store::Result<()> {
    let mut of: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for one in gained.iter().filter(|one| one.holder != 0) {
        if let Some(arrival) = news.get(&one.file) {
            of.entry(one.holder).or_default().push((*arrival, i64::from(one.day)));
        }
    }
    for (holder, arrivals) in &of {
        store::moved(tx, *holder, arrivals).await?;
    }
    if of.is_empty() { Ok(()) } else { round::look_now(tx).await }
}
