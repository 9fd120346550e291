//! What differs between two versions of an advisory, in a list that a reader can follow, and how much it
//! weighs (section 3.1.11.2, rules 5 to 7).
//!
//! The two are compared as JSON of our own model. Items of a list are matched by what names them (a
//! product by its id, a vulnerability by its CVE, a reference by its URL), so that a new first item does
//! not make everything after it look changed.

use super::Level;
use super::spelling::only_spelling;
use crate::advisory::Advisory;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Two versions compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The weight of the heaviest change.
    pub level: Level,
    /// Every change, in the order of the model.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, as the path in the model with names for items: `/vulnerabilities/CVE-2026-0001/title`.
    pub path: String,
    /// What stood there; nothing when it is new. Text as it is, anything else as JSON.
    pub was: Option<String>,
    /// What stands there now; nothing when it is gone.
    pub is: Option<String>,
    /// What it weighs.
    pub level: Level,
}

/// What changes with every version and says nothing about content.
const ACCOMPANYING: [&str; 3] = ["revisions", "current_release_date", "initial_release_date"];

/// Fields whose words may be mended without being changed.
const PROSE: [&str; 6] = ["title", "text", "details", "summary", "terms", "words"];

/// What changed from `was` to `is`. History and dates do not count, nor does a draft becoming final:
/// they go with a version and are not its content.
pub fn difference(was: &Advisory, is: &Advisory) -> Difference {
    let mut changes = Vec::new();
    if let (Value::Object(was_fields), Value::Object(is_fields)) = (json(was), json(is)) {
        compare_fields(&mut Vec::new(), &was_fields, &is_fields, &mut changes);
    }
    changes.retain(|change| change.path != "/status" || change.was.as_deref() != Some("draft"));
    let level = changes.iter().map(|change| change.level).max().unwrap_or(Level::None);
    Difference { level, changes }
}

fn json(advisory: &Advisory) -> Value {
    // Plain owned data: writing it as JSON has nothing to fail on.
    serde_json::to_value(advisory).unwrap_or_default()
}

fn compare_fields(path: &mut Vec<String>, was: &Map<String, Value>, is: &Map<String, Value>, changes: &mut Vec<Change>) {
    let new = is.keys().filter(|key| !was.contains_key(*key));
    for key in was.keys().chain(new) {
        if path.is_empty() && ACCOMPANYING.contains(&key.as_str()) {
            continue;
        }
        path.push(key.clone());
        compare(path, was.get(key), is.get(key), changes);
        path.pop();
    }
}

fn compare(path: &mut Vec<String>, was: Option<&Value>, is: Option<&Value>, changes: &mut Vec<Change>) {
    // An empty list and none are the same thing.
    let (was, is) = (was.filter(|value| !is_empty(value)), is.filter(|value| !is_empty(value)));
    let none = Vec::new();
    match (was, is) {
        (was, is) if was == is => {}
        (Some(Value::Object(was)), Some(Value::Object(is))) => compare_fields(path, was, is, changes),
        (Some(Value::Array(was)), Some(Value::Array(is))) => compare_items(path, was, is, changes),
        (None, Some(Value::Array(is))) => compare_items(path, &none, is, changes),
        (Some(Value::Array(was)), None) => compare_items(path, was, &none, changes),
        (was, is) => {
            let level = weight(path, was, is);
            changes.push(Change { path: written(path), was: was.map(shown), is: is.map(shown), level });
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

fn compare_items(path: &mut Vec<String>, was: &[Value], is: &[Value], changes: &mut Vec<Change>) {
    let (was_named, is_named) = (named(was), named(is));
    let places = |named: &[(String, usize)]| -> HashMap<String, usize> { named.iter().cloned().collect() };
    let (was_places, is_places) = (places(&was_named), places(&is_named));
    let new = is_named.iter().filter(|(name, _)| !was_places.contains_key(name));
    for (name, _) in was_named.iter().chain(new) {
        path.push(name.clone());
        let at = |places: &HashMap<String, usize>| places.get(name).copied();
        compare(path, at(&was_places).and_then(|at| was.get(at)), at(&is_places).and_then(|at| is.get(at)), changes);
        path.pop();
    }
}

/// A name for each item: what identifies it, made unique by counting.
fn named(items: &[Value]) -> Vec<(String, usize)> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let name = name_of(item).unwrap_or_else(|| at.to_string());
        // The index is different each time, so this ends the search for a free name.
        let name = if taken.contains(&name) { format!("{name} ({})", at + 1) } else { name };
        taken.insert(name.clone());
        found.push((name, at));
    }
    found
}

fn name_of(item: &Value) -> Option<String> {
    if let Value::String(text) = item {
        return Some(text.clone());
    }
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    // A score is its version: a new vector of the same version is a changed score.
    if let Some(vector) = text("vector") {
        return Some(vector.split('/').next().unwrap_or(vector).to_owned());
    }
    let by_id = text("id").or_else(|| text("cve")).or_else(|| text("url")).or_else(|| text("number"));
    let by_role = || match (text("category"), text("title").or_else(|| text("label"))) {
        (Some(category), Some(title)) => Some(format!("{category}: {title}")),
        (category, title) => category.or(title).map(str::to_owned),
    };
    by_id.map(str::to_owned).or_else(by_role)
}

/// Rules 5 to 7 for one change.
fn weight(path: &[String], was: Option<&Value>, is: Option<&Value>) -> Level {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    match steps.as_slice() {
        // The product tree, also its whole when a document stops or starts to hold.
        ["products" | "state", ..] | ["vulnerabilities", _] => Level::Major,
        ["vulnerabilities", _, "statuses", "first_affected" | "known_affected" | "last_affected", ..] => Level::Major,
        ["vulnerabilities", _, "statuses", "first_fixed" | "fixed" | "known_not_affected", ..] if is.is_none() => Level::Major,
        [.., last] if PROSE.contains(last) => match (was.and_then(Value::as_str), is.and_then(Value::as_str)) {
            (Some(was), Some(is)) if only_spelling(was, is) => Level::Patch,
            _ => Level::Minor,
        },
        _ => Level::Minor,
    }
}

/// A path as a JSON pointer (RFC 6901).
fn written(path: &[String]) -> String {
    path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
