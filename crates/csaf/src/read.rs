//! A document of somebody else, 2.0 or 2.1, read for what a list, a match with assets or an import
//! needs. It is read as it is: what is out of form is left out and told, the rest is kept. Whether the
//! document is valid is another question ([`crate::validate`]).

mod adopt;
mod products;
mod republish;
mod summary;

pub use adopt::{Adopted, adopt};
pub use products::Found;
pub use republish::{Error, Republication, republish};
pub use summary::{Problem, Scored, Summary, Weakness};

use crate::json::{self, Broken};
use serde_json::Value;

/// The summary of a document in these bytes and what was left out of it. Bytes that are no JSON, or
/// more than is read, give no summary.
pub fn read(bytes: &[u8]) -> Result<(Summary, Vec<Problem>), Broken> {
    Ok(summary::of(&json::parse(bytes)?))
}

/// The text of a property; nothing when it is missing, empty or no text.
fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// The items of a list; none when it is missing or no list.
fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
