//! A mapping that met the columns of a file: which cell goes where, in which order, and what of the
//! file nobody has named yet.

use super::mapping::{Field, Mapping, Reader, Rule, Target};
use super::normal::text;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// How many columns a file may have.
pub const MAX_COLUMNS: usize = 4096;

/// How many different unknown names are counted; a file with more has no names.
const MAX_UNKNOWN: usize = 1000;

/// How much of a name that nobody knows is kept, in bytes.
const MAX_NAME: usize = 200;

/// Why a file is held as a whole: nothing of it becomes an event until somebody has looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Nothing in it.
    Empty,
    /// Its name tells a report type that no table has.
    UnknownKind(String),
    /// Neither name nor columns tell what it is.
    Unrecognised,
    /// Columns that the mapping must have are not there.
    MissingColumns(Vec<String>),
    /// A column that the mapping reads is there twice.
    DuplicateColumn(String),
    /// More columns than a file may have.
    TooManyColumns,
    /// A document that is too long to be read in one piece.
    TooLong,
}

impl Held {
    /// The stable name in tables and figures.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UnknownKind(_) => "unknown_kind",
            Self::Unrecognised => "unrecognised",
            Self::MissingColumns(_) => "missing_columns",
            Self::DuplicateColumn(_) => "duplicate_column",
            Self::TooManyColumns => "too_many_columns",
            Self::TooLong => "too_long",
        }
    }
}

/// One sentence for people.
impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The file is empty."),
            Self::UnknownKind(kind) => write!(f, "No mapping is known for the report type {kind:?}."),
            Self::Unrecognised => f.write_str("Neither the name nor the columns tell what this file is. A name like 2026-11-30-scan_telnet-team.csv tells its type; or the settings of its feed say the type of all its files."),
            Self::MissingColumns(names) => write!(f, "The file lacks what its mapping must have: {}.", names.join(", ")),
            Self::DuplicateColumn(name) => write!(f, "The column {name:?} is there twice."),
            Self::TooManyColumns => write!(f, "The file has more than {MAX_COLUMNS} columns."),
            Self::TooLong => f.write_str("The document is too long to be read in one piece."),
        }
    }
}

impl std::error::Error for Held {}

/// A name as people are shown it: of one that is no name but a key or a text, the beginning and how long it is.
fn short(name: &str) -> Cow<'_, str> {
    if name.len() <= MAX_NAME {
        return Cow::Borrowed(name);
    }
    let start = name.get(..name.floor_char_boundary(MAX_NAME)).unwrap_or_default();
    Cow::Owned(format!("{start}… ({} bytes)", name.len()))
}

/// One column of the file.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: Arc<str>,
    /// Its name as JSON with the colon, as `extra` has it.
    pub key: String,
    pub words: Option<HashMap<String, String>>,
    /// Whether the mapping says nothing of it; then how many rows had a value.
    pub unknown: Option<u64>,
}

/// One thing to do with a cell.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub column: usize,
    pub field: Field,
    pub reader: Reader,
    /// Only where nothing filled the field before.
    pub fallback: bool,
    /// Whether it is the last thing done with this cell: what nobody took goes to `extra` then.
    pub last: bool,
    /// Whether the mapping's words for the column apply: they say what the first aim of a column means.
    pub translated: bool,
}

/// What to do with each record of a file.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) mapping: Arc<Mapping>,
    pub(super) columns: Vec<Column>,
    pub(super) steps: Vec<Step>,
    pub(super) rules: Vec<(usize, Rule)>,
    /// How many columns a line must have: those behind go to `extra` only. Feeds add columns at the end
    /// before all their lines have them.
    pub(super) needed: usize,
    /// Names beside the columns, and how often they came.
    pub(super) unknown: BTreeMap<String, u64>,
}

impl Plan {
    /// The plan for a file with these columns, in any order; names are compared without regard to case.
    pub fn meet(mapping: &Arc<Mapping>, header: &[&str]) -> Result<Self, Held> {
        if header.len() > MAX_COLUMNS {
            return Err(Held::TooManyColumns);
        }
        let has = |name: &String| header.iter().any(|column| column.trim().eq_ignore_ascii_case(name));
        let missing: Vec<String> = mapping.required.iter().filter(|name| !has(name)).cloned().collect();
        if !missing.is_empty() {
            return Err(Held::MissingColumns(missing));
        }
        let mut plan = Self { mapping: Arc::clone(mapping), columns: Vec::new(), steps: Vec::new(), rules: Vec::new(), needed: 0, unknown: BTreeMap::new() };
        let mut names: HashMap<String, usize> = HashMap::new();
        for (index, written) in header.iter().enumerate() {
            plan.column(index, written.trim(), &mut names)?;
        }
        plan.order();
        for rule in &mapping.rules {
            let columns = plan.columns.iter().enumerate().filter(|(_, column)| column.name.eq_ignore_ascii_case(&rule.column));
            plan.rules.extend(columns.map(|(index, _)| (index, rule.clone())));
        }
        let read = plan.steps.iter().filter(|step| !matches!(step.field, Field::Extra | Field::Drop)).map(|step| step.column);
        plan.needed = read.chain(plan.rules.iter().map(|(column, _)| *column)).max().map_or(0, |last| last + 1);
        Ok(plan)
    }

    fn column(&mut self, index: usize, written: &str, names: &mut HashMap<String, usize>) -> Result<(), Held> {
        let mapping = Arc::clone(&self.mapping);
        let targets = mapping.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(written)).map(|(_, targets)| targets.as_slice());
        let times = names.entry(written.to_ascii_lowercase()).or_insert(0);
        *times += 1;
        if *times > 1 && targets.is_some() {
            return Err(Held::DuplicateColumn(written.to_owned()));
        }
        let name = match (written, *times) {
            ("", _) => format!("column_{}", index + 1),
            (name, 1) => name.to_owned(),
            (name, times) => format!("{name}_{times}"),
        };
        let known = targets.is_some() || mapping.columns.iter().any(|known| known.eq_ignore_ascii_case(written));
        let words = mapping.words.iter().find(|(name, _)| name.eq_ignore_ascii_case(written)).map(|(_, words)| words.clone());
        let mut key = String::new();
        text::json(&name, &mut key);
        key.push(':');
        let translated = words.is_some();
        self.columns.push(Column { name: name.into(), key, words, unknown: (!known).then_some(0) });
        let extra = Target { field: Field::Extra, reader: Reader::Plain, fallback: false };
        for (at, target) in targets.unwrap_or(std::slice::from_ref(&extra)).iter().enumerate() {
            let (field, reader, fallback) = (target.field, target.reader.clone(), target.fallback);
            self.steps.push(Step { column: index, field, reader, fallback, last: false, translated: at == 0 && translated });
        }
        Ok(())
    }

    /// First what has the right to a field, then what stands in for it; the last step of each column is marked.
    fn order(&mut self) {
        self.steps.sort_by_key(|step| step.fallback);
        let mut seen = vec![false; self.columns.len()];
        for step in self.steps.iter_mut().rev() {
            step.last = seen.get_mut(step.column).is_some_and(|seen| !std::mem::replace(seen, true));
        }
    }

    /// The mapping that it is made of.
    pub fn mapping(&self) -> &Arc<Mapping> {
        &self.mapping
    }

    /// The columns that the mapping does not name, and how many rows had a value there.
    pub fn unknown(&self) -> Vec<(String, u64)> {
        let columns = self.columns.iter().filter_map(|column| Some((short(&column.name).into_owned(), column.unknown?)));
        columns.chain(self.unknown.iter().map(|(name, times)| (name.clone(), *times))).collect()
    }

    pub(super) fn count_unknown(&mut self, name: &str) {
        let name = &*short(name);
        if let Some(times) = self.unknown.get_mut(name) {
            *times += 1;
        } else if self.unknown.len() < MAX_UNKNOWN && !self.mapping.columns.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            self.unknown.insert(name.to_owned(), 1);
        }
    }
}
