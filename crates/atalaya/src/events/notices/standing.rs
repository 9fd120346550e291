//! A standing as it is kept: what an organisation is known to have been told of, sealed in one piece.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{BufWriter, Write};

use ::store::{Blobs, Kept};
use serde_json::json;

use super::compare::Known;
use super::group::Key;
use crate::{Error, Result};

/// Seals a line that no other standing has, then a line for each finding, as they come: there may be a million. It waits
/// for the disk.
pub fn sealed(blobs: &Blobs, holder: i64, turn: i64, known: &[Known]) -> Result<Kept> {
    let mut out = BufWriter::new(blobs.upload());
    out.write_all(json!({ "holder": holder, "turn": turn }).to_string().as_bytes()).map_err(Error::fault)?;
    for one in known {
        out.write_all(b"\n").map_err(Error::fault)?;
        serde_json::to_writer(&mut out, one).map_err(Error::fault)?;
    }
    let out = out.into_inner().map_err(|error| Error::fault(error.into_error()))?;
    Ok(out.finish()?)
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
