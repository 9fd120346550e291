//! JSON from outside, read with bounds: bytes, depth and number of values. What can't be read is told in
//! one line with the JSON pointer of the place. A key that stands twice in one object is refused (I-JSON,
//! RFC 7493 section 2.3), because two readers could take different values from the same signed file.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The largest file, in bytes. Annex C.1 suggests 15 MB in CSAF 2.0 and 150 MiB in 2.1; documents of today
/// have up to some 10 MB, and what is larger than this would fill the memory of a small server.
pub const BYTES: usize = 64 << 20;

/// How deep objects and arrays may lie in each other. A product tree with the 30 branches that test
/// 6.1.34 allows has 64.
pub const DEPTH: usize = 100;

/// How many values there may be. A value takes up to 100 bytes of memory, however short it is in the file.
pub const VALUES: usize = 4_000_000;

/// How much of a hostile key a pointer shows, in characters.
const SHOWN: usize = 60;

/// Bytes that are no JSON, or more of it than is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer:?}: {words}")]
pub struct Broken {
    /// The JSON pointer of the value at which reading ended; empty for the whole.
    pub pointer: String,
    /// What is wrong.
    pub words: String,
}

/// The value in these bytes.
pub fn parse(bytes: &[u8]) -> Result<Value, Broken> {
    if bytes.len() > BYTES {
        let words = format!("the file has {} bytes, more than the {BYTES} that are read", bytes.len());
        return Err(Broken { pointer: String::new(), words });
    }
    let mut place = Place { path: Vec::new(), left: VALUES };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Seed(&mut place).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        let pointer = place.path.iter().map(|step| format!("/{step}")).collect();
        Broken { pointer, words: error.to_string() }
    })
}

/// Where reading is. After an error the path stays as it was at that place.
struct Place {
    path: Vec<String>,
    left: usize,
}

struct Seed<'a>(&'a mut Place);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        if self.0.path.len() > DEPTH {
            return Err(D::Error::custom(format_args!("more than {DEPTH} objects and arrays lie in each other")));
        }
        self.0.left = self.0.left.checked_sub(1).ok_or_else(|| D::Error::custom(format_args!("more than {VALUES} values")))?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        loop {
            self.0.path.push(found.len().to_string());
            let Some(item) = items.next_element_seed(Seed(&mut *self.0))? else { break };
            self.0.path.pop();
            found.push(item);
        }
        self.0.path.pop();
        Ok(Value::Array(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut found = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            self.0.path.push(step(&key));
            if found.contains_key(&key) {
                return Err(A::Error::custom("this key stands twice in its object"));
            }
            let value = fields.next_value_seed(Seed(&mut *self.0))?;
            self.0.path.pop();
            found.insert(key, value);
        }
        Ok(Value::Object(found))
    }
}

/// A key as a step of a JSON pointer (RFC 6901, section 4), on one line and shortened.
pub(crate) fn step(key: &str) -> String {
    let mut shown: String = key.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if shown.len() < key.len() && key.chars().count() > SHOWN {
        shown.push('…');
    }
    shown.replace('~', "~0").replace('/', "~1")
}
