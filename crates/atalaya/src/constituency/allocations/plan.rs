//! What a list changes: what is new, what went to somebody else, what is given back.

use std::collections::HashMap;

use ::store::{Id, Reader};
use jiff::Timestamp;
use jiff::civil::Date;

use super::Allocation;
use super::read::{Fault, Given, List};
use super::store;
use crate::Result;
use crate::constituency::days;

/// One value that changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// As it was known.
    pub before: Option<Allocation>,
    /// As the list has it; the same id as before where only country or status are put right.
    pub now: Option<Allocation>,
}

impl Change {
    /// `added`, `moved`, `ended`, `corrected`.
    pub fn what(&self) -> &'static str {
        match (&self.before, &self.now) {
            (Some(before), Some(now)) if before.id == now.id => "corrected",
            (Some(_), Some(_)) => "moved",
            (Some(_), None) => "ended",
            _ => "added",
        }
    }

    /// The value.
    pub fn value(&self) -> &str {
        self.now.as_ref().or(self.before.as_ref()).map(|one| one.value.as_str()).unwrap_or_default()
    }
}

/// What a list changes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The registry.
    pub registry: String,
    /// The day of the list.
    pub day: Option<Date>,
    /// Its first instant.
    pub at: Timestamp,
    /// What changes, in the order of the list; what ends stands last.
    pub changes: Vec<Change>,
    /// Values that stay as they are.
    pub unchanged: usize,
    /// Lines that could not be read. What they name is not ended.
    pub faults: Vec<Fault>,
    /// Why it may not be imported at all.
    pub against: Option<String>,
    /// Handles of the list that no organisation is linked to.
    pub unlinked: usize,
}

impl Plan {
    /// Added, moved, ended, corrected.
    pub fn counts(&self) -> (usize, usize, usize, usize) {
        let count = |what| self.changes.iter().filter(|change| change.what() == what).count();
        (count("added"), count("moved"), count("ended"), count("corrected"))
    }
}

pub(super) async fn plan(reader: &mut Reader, list: List) -> Result<Plan> {
    let mut plan = Plan { registry: list.registry.clone(), day: list.day, faults: list.faults, ..Plan::default() };
    let Some(day) = list.day.filter(|_| !list.given.is_empty() && list.registry.bytes().all(|byte| byte.is_ascii_lowercase())) else {
        plan.against = Some("This is no list in the format delegated-extended: it begins with a line like 2|lacnic|20261128|…".into());
        return Ok(plan);
    };
    plan.at = days::starts(Some(day))?;
    let newest = store::lists(reader).await?.into_iter().find(|(registry, _)| *registry == plan.registry).map(|(_, day)| day);
    if let Some(newest) = newest.as_ref().filter(|newest| **newest > day.to_string()) {
        plan.against = Some(format!("A list of {newest} was imported already: one of {day} would undo it"));
        return Ok(plan);
    }
    let (mut known, ever) = known(reader, &plan.registry).await?;
    let mut named: HashMap<(&'static str, String), u64> = HashMap::new();
    for given in list.given {
        if let Some(line) = named.insert((given.kind, given.value.clone()), given.line) {
            plan.faults.push(Fault { line: given.line, text: format!("Line {line} has {} already", given.value) });
            continue;
        }
        let key = (given.kind.to_owned(), given.value.clone());
        let before = known.remove(&key);
        match before {
            Some(before) if before.handle == given.handle && before.country == given.country && before.status == given.status => plan.unchanged += 1,
            Some(before) if before.handle == given.handle => {
                let now = Allocation { country: given.country, status: given.status, ..before.clone() };
                plan.changes.push(Change { before: Some(before), now: Some(now) });
            }
            before => {
                // A first list tells since when. Later, what the list before did not name is nobody's up to that list,
                // and what was somebody's is this holder's from the day of the list.
                let fresh = before.is_none() && !ever.contains(&key);
                let after = |since: &Date| newest.as_ref().is_none_or(|newest| since.to_string() > *newest);
                let from = match given.since.filter(|since| fresh && *since <= day && after(since)) {
                    Some(since) => days::starts(Some(since))?,
                    None => plan.at,
                };
                plan.changes.push(Change { before, now: Some(allocation(given, from)) });
            }
        }
    }
    // A line that cannot be read must not take away what it names: with any, nothing is ended.
    if plan.faults.is_empty() {
        let mut rest: Vec<Allocation> = known.into_values().collect();
        rest.sort_by(|one, other| (&one.kind, &one.value).cmp(&(&other.kind, &other.value)));
        plan.changes.extend(rest.into_iter().map(|before| Change { before: Some(before), now: None }));
    }
    let linked = store::linked_handles(reader, &plan.registry).await?;
    let all = plan.changes.iter().filter_map(|change| change.now.as_ref().map(|now| now.handle.clone()));
    let fresh: std::collections::HashSet<String> = all.filter(|handle| !linked.contains(handle)).collect();
    plan.unlinked = fresh.len();
    Ok(plan)
}

fn allocation(given: Given, from: Timestamp) -> Allocation {
    Allocation {
        // A real one is given when it is written.
        id: Id([0; 16]),
        kind: given.kind.to_owned(),
        value: given.value,
        handle: given.handle,
        country: given.country,
        status: given.status,
        from,
        to: None,
    }
}

type Key = (String, String);

/// What is held now, and everything that ever was.
async fn known(reader: &mut Reader, registry: &str) -> Result<(HashMap<Key, Allocation>, std::collections::HashSet<Key>)> {
    let all = store::allocations(reader, registry).await?;
    let ever = all.iter().map(|one| (one.kind.clone(), one.value.clone())).collect();
    let now = all.into_iter().filter(|one| one.to.is_none()).map(|one| ((one.kind.clone(), one.value.clone()), one));
    Ok((now.collect(), ever))
}
