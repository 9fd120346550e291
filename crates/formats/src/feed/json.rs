//! JSON objects: one a line, one after another, or in an array. An object becomes a record by the paths
//! (`source.ip`, `addresses.0.ip`) that the mapping names; what it does not name stays as it is.

mod stream;

pub(super) use stream::{Next, next};

use super::record::{Record, Span};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// The longest object, in bytes.
pub const MAX_OBJECT: usize = 32 << 20;

/// How many fields of an object are looked at.
const MAX_FIELDS: usize = 4096;

/// How a file puts its objects together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Each line is one; a broken line costs itself only.
    Lines,
    /// Anything between them: line ends, commas, the brackets of an array.
    Stream,
}

/// The layout by the beginning of a file: lines, if the first one is an object by itself.
pub(super) fn layout(window: &[u8], last: bool) -> Option<Layout> {
    let from = window.iter().position(|b| !b.is_ascii_whitespace());
    let Some(rest) = from.and_then(|from| window.get(from..)) else { return last.then_some(Layout::Lines) };
    if rest.first() != Some(&b'{') {
        return Some(Layout::Stream);
    }
    let (end, _) = super::csv::line(rest, last)?;
    let whole = rest.get(..end).is_some_and(|line| serde_json::from_slice::<&RawValue>(line).is_ok());
    Some(if whole { Layout::Lines } else { Layout::Stream })
}

/// The paths that a mapping names, with their columns.
#[derive(Debug, Default)]
pub(super) struct Paths {
    columns: HashMap<String, usize>,
    /// Everything that a path goes through.
    through: HashSet<String>,
}

impl Paths {
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut paths = Self::default();
        for (column, name) in names.enumerate() {
            let name = name.to_ascii_lowercase();
            for (at, _) in name.match_indices('.') {
                paths.through.extend(name.get(..at).map(str::to_owned));
            }
            paths.columns.insert(name, column);
        }
        paths
    }
}

/// An object taken apart; kept from one to the next for its memory.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: String,
    spans: Vec<Span>,
    more: Vec<(Span, Span)>,
    /// The names in `more`, so that an object with thousands of fields does not look through all for each.
    known: HashSet<u64>,
    hashes: RandomState,
    fields: usize,
    path: String,
}

impl Cells {
    pub fn record(&self) -> Record<'_> {
        Record { text: &self.text, mended: "", spans: &self.spans, more: &self.more }
    }

    /// Empties it for an object of so many columns.
    pub fn clear(&mut self, columns: usize) {
        self.text.clear();
        self.more.clear();
        self.known.clear();
        self.path.clear();
        self.fields = 0;
        self.spans.clear();
        self.spans.resize(columns, Span::default());
    }

    /// Takes an object apart. False when it is no JSON object.
    pub fn read(&mut self, object: &str, paths: &Paths) -> bool {
        self.clear(paths.columns.len());
        self.object(object, paths)
    }

    /// Sets a column's cell, unless it has one.
    pub fn set(&mut self, column: usize, value: &str) {
        let span = self.append(value);
        if let Some(place) = self.spans.get_mut(column).filter(|place| place.start == place.end) {
            *place = span;
        }
    }

    /// Adds a field that has no column, as JSON. The first of a name counts.
    pub fn add(&mut self, name: &str, raw: &str) {
        let is_new = self.known.insert(self.hashes.hash_one(name));
        if !is_new && self.more.iter().any(|(known, _)| self.text.get(known.range()) == Some(name)) {
            return;
        }
        let pair = (self.append(name), self.append(raw));
        self.more.push(pair);
    }

    fn append(&mut self, text: &str) -> Span {
        let from = self.text.len();
        self.text.push_str(text);
        Span::new(from..self.text.len())
    }

    fn object(&mut self, raw: &str, paths: &Paths) -> bool {
        pairs(raw, &mut |name, value| self.field(name, value, paths))
    }

    fn field(&mut self, name: &str, value: &str, paths: &Paths) {
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return;
        }
        let before = self.path.len();
        if before > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        let lower = self.path.to_ascii_lowercase();
        let first = value.as_bytes().first();
        if let Some(column) = paths.columns.get(&lower) {
            let text = scalar(value);
            self.set(*column, &text);
        } else if paths.through.contains(&lower) && first == Some(&b'{') {
            self.object(value, paths);
        } else if paths.through.contains(&lower) && first == Some(&b'[') {
            let mut index = 0;
            items(value, &mut |item| {
                self.field(&index.to_string(), item, paths);
                index += 1;
            });
        } else {
            let path = std::mem::take(&mut self.path);
            self.add(&path, value);
            self.path = path;
        }
        self.path.truncate(before);
    }
}

/// A value as a cell: texts without quotes, numbers as written, lists of them with `;` between, nothing for
/// null; what is deeper stays JSON.
fn scalar(raw: &str) -> Cow<'_, str> {
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(raw).map_or(Cow::Borrowed(raw), Cow::Owned),
        Some(b'n') => Cow::Borrowed(""),
        Some(b'[') => {
            let mut joined = String::new();
            items(raw, &mut |item| {
                if !joined.is_empty() {
                    joined.push(';');
                }
                joined.push_str(&if item.starts_with('[') { Cow::Borrowed(item) } else { scalar(item) });
            });
            Cow::Owned(joined)
        }
        _ => Cow::Borrowed(raw),
    }
}

/// Calls `each` for every field of an object. False when it is none.
pub(super) fn pairs(raw: &str, each: &mut dyn FnMut(&str, &str)) -> bool {
    Walk(each).deserialize(&mut serde_json::Deserializer::from_str(raw)).is_ok()
}

/// Calls `each` for every item of an array, or with the value itself when it is none.
pub(super) fn items(raw: &str, each: &mut dyn FnMut(&str)) {
    if !raw.starts_with('[') {
        return each(raw);
    }
    // An array that is broken cannot be here: it is part of an object that was read.
    let _read = WalkArray(each).deserialize(&mut serde_json::Deserializer::from_str(raw));
}

struct Walk<'a>(&'a mut dyn FnMut(&str, &str));

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            (self.0)(&name, value.get());
        }
        Ok(())
    }
}

struct WalkArray<'a>(&'a mut dyn FnMut(&str));

impl<'de> DeserializeSeed<'de> for WalkArray<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for WalkArray<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<&'de RawValue>()? {
            (self.0)(item.get());
        }
        Ok(())
    }
}

/// The names of an object's fields, through what `paths` go through; for asking whether all are there.
pub(super) fn names(object: &str) -> Vec<String> {
    fn walk(raw: &str, prefix: &str, depth: u8, found: &mut Vec<String>) {
        pairs(raw, &mut |name, value| {
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
            if depth > 0 && value.starts_with('{') && found.len() < MAX_FIELDS {
                walk(value, &path, depth - 1, found);
            }
            if found.len() < MAX_FIELDS {
                found.push(path);
            }
        });
    }
    let mut found = Vec::new();
    walk(object, "", 3, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::{Cells, Layout, Paths, layout, names};

    #[test]
    fn the_beginning_tells_the_layout() {
        assert_eq!(layout(b"{\"a\":1}\n{\"a\":2}", false), Some(Layout::Lines));
        assert_eq!(layout(b" {\n \"a\":1}\n", false), Some(Layout::Stream));
        assert_eq!(layout(b"[{\"a\":1}]", false), Some(Layout::Stream));
        assert_eq!(layout(b"{\"a\":1", false), None);
        assert_eq!(layout(b"{\"a\":1", true), Some(Layout::Stream));
    }

    #[test]
    fn paths_lead_through_objects_and_arrays() {
        let paths = Paths::new(["source.ip", "list.1.x", "tags", "when"].into_iter());
        let mut cells = Cells::default();
        let object = r#"{"source":{"IP":"192.0.2.1","x":[1,{"y":2}]},"list":[{"x":1},{"x":"b\"c"}],"tags":["a",2,null],"when":null,"rest":{"z":1},"rest":2}"#;
        assert!(cells.read(object, &paths));
        let record = cells.record();
        assert_eq!((0..4).map(|column| record.get(column)).collect::<Vec<_>>(), ["192.0.2.1", "b\"c", "a;2;", ""]);
        let more: Vec<_> = record.more.iter().map(|(name, raw)| (record.at(*name), record.at(*raw))).collect();
        assert_eq!(more, [("source.x", "[1,{\"y\":2}]"), ("list.0", "{\"x\":1}"), ("rest", "{\"z\":1}")]);
        assert!(cells.read(r#"{"source.ip":"192.0.2.2"}"#, &paths) && cells.record().get(0) == "192.0.2.2");
        for broken in ["[]", "1", "{", "{\"a\":}", ""] {
            assert!(!cells.read(broken, &paths), "{broken}");
        }
        assert_eq!(names(r#"{"a":{"b":1},"c":[1]}"#), ["a.b", "a", "c"]);
    }
}
