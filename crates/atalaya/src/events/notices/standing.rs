//! A standing as it is kept: what an organisation is known to have been told of, sealed in one piece.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::json;

use super::compare::Known;
use super::group::Key;
use crate::{Error, Result};

/// A line that no other standing has, then a line for each finding.
pub fn encoded(holder: i64, turn: i64, known: &[Known]) -> Result<Vec<u8>> {
    let mut out = json!({ "holder": holder, "turn": turn }).to_string().into_bytes();
    for one in known {
        out.push(b'\n');
        serde_json::to_writer(&mut out, one).map_err(Error::fault)?;
    }
    Ok(out)
}

/// The findings, each once.
pub fn decoded(bytes: &[u8]) -> Result<Vec<Known>> {
    let mut all: BTreeMap<Key, Known> = BTreeMap::new();
    for line in bytes.split(|byte| *byte == b'\n').skip(1) {
        let mut one: Known = serde_json::from_slice(line).map_err(Error::fault)?;
        one.finding.key = one.finding.key.normal();
        match all.entry(one.finding.key.clone()) {
            Entry::Vacant(new) => drop(new.insert(one)),
            Entry::Occupied(mut known) => known.get_mut().unite(one),
        }
    }
    Ok(all.into_values().collect())
}
