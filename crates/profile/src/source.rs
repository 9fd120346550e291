//! A TOML document that is read key by key, and that notes every mistake with its line.
//!
//! Reading stops at no mistake: a faulty value is noted and left out, and the reader goes on, so
//! that the operator sees all mistakes of a file at once. A key that nobody asked for is a mistake
//! too, because it is a misspelt one more often than not.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Fault;

/// The file under the reader's eyes, and what was found wrong with it so far.
pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    faults: RefCell<Vec<Fault>>,
}

/// One table of the document. It remembers which of its keys were asked for.
pub(super) struct Table<'a> {
    source: &'a Source<'a>,
    entries: &'a DeTable<'a>,
    path: String,
    at: usize,
    asked: RefCell<Vec<&'static str>>,
}

/// One value of the document, with its place and the path that leads to it.
pub(super) struct Item<'a> {
    source: &'a Source<'a>,
    value: &'a DeValue<'a>,
    path: String,
    at: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        let faults = RefCell::default();
        Self { file, text, faults }
    }

    /// The document's outermost table.
    pub(super) fn root(&'a self, entries: &'a DeTable<'a>) -> Table<'a> {
        let (path, asked) = (String::new(), RefCell::default());
        Table { source: self, entries, path, at: 0, asked }
    }

    pub(super) fn note(&self, at: usize, found: impl Into<String>, expected: impl Into<String>) {
        let before = self.text.bytes().take(at);
        let line = before.filter(|byte| *byte == b'\n').count() + 1;
        let fault = Fault { file: self.file.to_owned(), line, found: found.into(), expected: expected.into() };
        self.faults.borrow_mut().push(fault);
    }

    /// What is not TOML in the first place.
    pub(super) fn note_syntax(&self, error: &toml::de::Error) {
        let Range { start, .. } = error.span().unwrap_or_default();
        self.note(start, error.message().replace('\n', ", "), "TOML");
    }

    /// All faults, in the order of their lines.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| fault.line);
        faults
    }
}

impl<'a> Table<'a> {
    /// The value of a key that may be absent.
    pub(super) fn get(&self, key: &'static str) -> Option<Item<'a>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        let (name, value) = self.entries.get_key_value(key)?;
        Some(self.item(name.span(), key, value))
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &'static str) -> Option<Item<'a>> {
        let item = self.get(key);
        if item.is_none() {
            let place = if self.path.is_empty() { "the profile" } else { &self.path };
            self.source.note(self.at, format!("{place} has no {key}"), "one");
        }
        item
    }

    /// The table of a key that must be there.
    pub(super) fn section(&self, key: &'static str) -> Option<Table<'a>> {
        self.need(key)?.table()
    }

    /// The table of a key that may be absent.
    pub(super) fn option(&self, key: &'static str) -> Option<Table<'a>> {
        self.get(key)?.table()
    }

    /// The tables of a repeated `[[key]]`; none if it is absent.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(item) = self.get(key) else {
            return Vec::new();
        };
        if item.value.is_array() {
            return item.list().iter().filter_map(Item::table).collect();
        }
        item.fault(format!("a list of tables, each begun with [[{key}]]"));
        Vec::new()
    }

    /// How much was found wrong in the file so far. A reader that finds it unchanged knows that
    /// what it has read is complete, and may go on to judge the whole.
    pub(super) fn faults_so_far(&self) -> usize {
        self.source.faults.borrow().len()
    }

    /// The items of a list; none if it is absent.
    pub(super) fn items(&self, key: &'static str) -> Vec<Item<'a>> {
        self.get(key).map(|item| item.list()).unwrap_or_default()
    }

    /// All entries, whatever their keys: for maps from a language or a channel.
    pub(super) fn entries(&self) -> Vec<(&'a str, Item<'a>)> {
        let named = self.entries.iter();
        named
            .map(|(name, value)| {
                let key: &str = name.get_ref();
                (key, self.item(name.span(), key, value))
            })
            .collect()
    }

    /// A fault of the table as a whole.
    pub(super) fn fault(&self, found: impl AsRef<str>, expected: impl Into<String>) {
        self.source.note(self.at, format!("{} {}", self.path, found.as_ref()), expected);
    }

    /// Ends the reading of a table whose keys are all known by now.
    pub(super) fn close(self) {
        let asked = self.asked.into_inner();
        for (name, _) in self.entries {
            let key: &str = name.get_ref();
            if !asked.contains(&key) {
                let found = format!("unknown key {}", path(&self.path, key));
                let expected = format!("one of {}", asked.join(", "));
                self.source.note(name.span().start, found, expected);
            }
        }
    }

    fn item(&self, place: Range<usize>, key: &str, value: &'a Spanned<DeValue<'a>>) -> Item<'a> {
        let path = path(&self.path, key);
        Item { source: self.source, value: value.get_ref(), path, at: place.start }
    }
}

impl<'a> Item<'a> {
    /// Notes that this value is not what it should be.
    pub(super) fn fault(&self, expected: impl Into<String>) {
        let found = format!("{} is {}", self.path, shown(self.value));
        self.source.note(self.at, found, expected);
    }

    /// Notes something else about this value.
    pub(super) fn note(&self, found: impl AsRef<str>, expected: impl Into<String>) {
        self.source.note(self.at, format!("{} {}", self.path, found.as_ref()), expected);
    }

    /// Gives back what was made of the value, or notes that it was not what is expected.
    pub(super) fn or_fault<T>(&self, made: Option<T>, expected: &str) -> Option<T> {
        if made.is_none() {
            self.fault(expected);
        }
        made
    }

    /// Text that is not blank, without blanks around it.
    pub(super) fn text(&self) -> Option<String> {
        let text = self.value.as_str().map(str::trim).filter(|text| !text.is_empty());
        self.or_fault(text.map(str::to_owned), "text")
    }

    /// Text that `read` understands.
    pub(super) fn read<T>(&self, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.or_fault(self.value.as_str().map(str::trim).and_then(read), expected)
    }

    /// One word of a fixed list.
    pub(super) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let word = self.value.as_str().unwrap_or_default();
        let known = words.iter().find(|(known, _)| *known == word);
        let list: Vec<_> = words.iter().map(|(known, _)| *known).collect();
        self.or_fault(known.map(|(_, value)| *value), &format!("one of {}", list.join(", ")))
    }

    /// A whole number within bounds.
    pub(super) fn whole<T: TryFrom<i64>>(&self, bounds: RangeInclusive<i64>) -> Option<T> {
        let digits = self.value.as_integer();
        let number = digits.and_then(|digits| i64::from_str_radix(digits.as_str(), digits.radix()).ok());
        let number = number.filter(|number| bounds.contains(number));
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        self.or_fault(number.and_then(|number| T::try_from(number).ok()), &expected)
    }

    pub(super) fn flag(&self) -> Option<bool> {
        self.or_fault(self.value.as_bool(), "true or false")
    }

    /// A date, written as TOML's own `2026-01-31` or as text.
    pub(super) fn date(&self) -> Option<Date> {
        let text = match self.value {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = if text.len() == "2026-01-31".len() { text.parse().ok() } else { None };
        self.or_fault(date, "a date such as 2026-01-31")
    }

    pub(super) fn list(&self) -> Vec<Item<'a>> {
        let Some(values) = self.or_fault(self.value.as_array(), "a list") else {
            return Vec::new();
        };
        let numbered = values.iter().enumerate();
        numbered
            .map(|(index, value)| {
                let (value, at, path) = (value.get_ref(), value.span().start, format!("{}[{index}]", self.path));
                Item { source: self.source, value, path, at }
            })
            .collect()
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        let entries = self.or_fault(self.value.as_table(), "a table")?;
        let (path, asked) = (self.path.clone(), RefCell::default());
        Some(Table { source: self.source, entries, path, at: self.at, asked })
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }
}

fn path(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

/// A value as a fault shows it: short, and in one line.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => {
            let mut short: String = text.chars().take(60).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            format!("{short:?}")
        }
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(list) if list.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(table) if table.is_empty() => "an empty table".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
