//! The two columns that are no plain vector: words, which are numbers into a dictionary, and texts,
//! which lie in one buffer.

use formats::feed::{Texts, Words};
use std::collections::HashMap;

/// Words of many batches with one dictionary.
#[derive(Debug, Default)]
pub(crate) struct WordColumn {
    /// With the keyed hash of the standard library: it is asked once for each word of a batch, and what
    /// stands in a file must not choose where it falls.
    ids: HashMap<Box<str>, i32>,
    pub values: Vec<Box<str>>,
    pub keys: Vec<i32>,
    bytes: usize,
}

impl WordColumn {
    pub fn extend(&mut self, words: &Words) {
        let here: Vec<i32> = words.values().iter().map(|word| self.id(word)).collect();
        let of = |key: i32| usize::try_from(key).ok().and_then(|key| here.get(key).copied()).unwrap_or(Words::NONE);
        self.keys.extend(words.keys().iter().map(|key| of(*key)));
    }

    /// Makes room for so many times what it has.
    pub fn reserve(&mut self, times: usize) {
        self.keys.reserve(self.keys.len() * times);
    }

    fn id(&mut self, word: &str) -> i32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = i32::try_from(self.values.len()).unwrap_or(Words::NONE);
        self.values.push(word.into());
        self.ids.insert(word.into(), id);
        self.bytes += word.len() * 2 + 64;
        id
    }

    pub fn get(&self, row: usize) -> &str {
        let key = self.keys.get(row).and_then(|key| usize::try_from(*key).ok());
        key.and_then(|key| self.values.get(key)).map_or("", |word| word)
    }

    pub fn size(&self) -> usize {
        self.bytes
    }

    pub fn clear(&mut self) {
        self.ids.clear();
        self.values.clear();
        self.keys.clear();
        self.bytes = 0;
    }
}

/// Texts of many batches in one buffer.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    bytes: String,
    /// Where each row's text ends.
    ends: Vec<usize>,
}

impl TextColumn {
    pub fn extend(&mut self, texts: &Texts) {
        let base = self.bytes.len();
        self.bytes.push_str(texts.as_str());
        self.ends.extend(texts.offsets().iter().skip(1).map(|end| base + usize::try_from(*end).unwrap_or(0)));
    }

    /// Makes room for so many times what it has.
    pub fn reserve(&mut self, times: usize) {
        self.bytes.reserve(self.bytes.len() * times);
        self.ends.reserve(self.ends.len() * times);
    }

    pub fn get(&self, row: usize) -> &str {
        let from = row.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        from.zip(self.ends.get(row).copied()).and_then(|(from, to)| self.bytes.get(from..to)).unwrap_or_default()
    }

    /// Whether all rows are empty.
    pub fn is_blank(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}
