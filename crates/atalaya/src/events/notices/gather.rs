//! What a holder was not told of yet: its rows of some files, folded into findings.

use std::collections::{BTreeSet, HashMap};

use ::lake::holders::Subject;
use formats::feed::Row;
use jiff::Timestamp;

use super::compare::Known;
use super::group::{Gathered, Key};
use super::rule::Rule;
use crate::events::lake;
use crate::{App, Result};

/// Where events lie that arrived: arrival, day, the file's number, when it was read.
pub type Arrival = (i64, i64, i64, Timestamp);

/// Reads the rows of a holder that came with these arrivals, and were not told. Whether that is all of them: where there
/// are more findings than one notice speaks of, it is some of those that `speaking` rules may want.
pub async fn gather(app: &App, holder: i64, arrivals: &[Arrival], known: &[Known], speaking: &[Rule]) -> Result<(Gathered, bool)> {
    let all = look(app, holder, arrivals, known, None).await?;
    if !all.full {
        return Ok((all, true));
    }
    drop(all);
    let some = look(app, holder, arrivals, known, Some(speaking.to_vec())).await?;
    Ok((some, false))
}

async fn look(app: &App, holder: i64, arrivals: &[Arrival], known: &[Known], only: Option<Vec<Rule>>) -> Result<Gathered> {
    let told: Vec<_> = known.iter().map(|known| (known.finding.key.clone(), known.told_to)).collect();
    let start = Gathered::new(told, app.profile.labels.default, app.profile.events.max_findings);
    let (days, files) = places(arrivals);
    if files.is_empty() {
        return Ok(start);
    }
    lake::fold_events(app, holder, days, start, move |gathered, event| {
        if let Some(arrival) = files.get(&event.file) {
            let wanted = |key: &Key| only.as_ref().is_none_or(|rules| rules.iter().any(|rule| rule.says.may_fit(key)));
            gathered.add(event, *arrival, wanted);
        }
        only.is_some() || !gathered.full
    })
    .await
}

/// Those of the findings that a holder was told of which are not its own any more: what the registry gave to others.
pub async fn left(app: &App, holder: i64, known: &[Known]) -> Result<BTreeSet<Key>> {
    let open: Vec<&Known> = known.iter().filter(|known| !known.gone || known.left).collect();
    if open.is_empty() {
        return Ok(BTreeSet::new());
    }
    let holders = lake::holders(app).await?;
    let (now, mut found) = (app.now().as_microsecond(), Vec::new());
    let mut left = BTreeSet::new();
    for Known { finding, .. } in open {
        let key = &finding.key;
        let subject = Subject { ip: key.ip.unwrap_or(Row::NO_IP), prefix: key.prefix, asn: finding.asn, domain: &key.domain, observed: now, flags: 0 };
        holders.find(subject, &mut found);
        if !found.iter().any(|held| held.holder == holder) {
            left.insert(key.clone());
        }
    }
    Ok(left)
}

/// The days to look at, and the arrival of each file.
pub fn places(arrivals: &[Arrival]) -> (Vec<i32>, HashMap<i64, i64>) {
    let days: BTreeSet<i32> = arrivals.iter().filter_map(|(_, day, ..)| i32::try_from(*day).ok()).collect();
    (days.into_iter().collect(), arrivals.iter().map(|(arrival, _, file, _)| (*file, *arrival)).collect())
}
