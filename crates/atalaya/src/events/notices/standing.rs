//! A standing as it is kept: what an organisation is known to have been told of, sealed in one piece.

use serde_json::json;

use super::compare::Known;
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

/// The findings.
pub fn decoded(bytes: &[u8]) -> Result<Vec<Known>> {
    bytes.split(|byte| *byte == b'\n').skip(1).map(|line| serde_json::from_slice(line).map_err(Error::fault)).collect()
}
