//! A JSON object under construction. CSAF has no empty texts, lists or objects (each has a minimum of
//! one in the schema), so what is empty is left out here, in one place.

use serde_json::{Map, Value};
use std::collections::HashSet;

/// An object that leaves out what is empty.
#[derive(Debug, Default)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A value that the schema demands; it is written also when it is empty, so that validation sees it.
    pub(crate) fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// A value that may be missing.
    pub(crate) fn maybe(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// A list that may be empty.
    pub(crate) fn list(self, key: &str, items: impl IntoIterator<Item = Value>) -> Self {
        let items: Vec<Value> = items.into_iter().collect();
        if items.is_empty() { self } else { self.set(key, items) }
    }

    /// A list in which nothing may stand twice (`uniqueItems`).
    pub(crate) fn distinct(self, key: &str, items: &[String]) -> Self {
        let mut known = HashSet::new();
        let kept: Vec<Value> = items.iter().filter(|item| known.insert(item.as_str())).map(|item| item.as_str().into()).collect();
        self.list(key, kept)
    }

    /// An object that may be empty.
    pub(crate) fn part(self, key: &str, part: Self) -> Self {
        if part.0.is_empty() { self } else { self.set(key, part) }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}
