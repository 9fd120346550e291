//! All tables together: what comes with the program, then what files replace or add. And the question
//! which mapping a file is read by.

use super::{Mapping, Pattern, Problem, Table};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

const BUILT_IN: [(&str, &str); 2] = [("shadowserver.toml", include_str!("shadowserver.toml")), ("formats.toml", include_str!("formats.toml"))];

/// Mappings by report type.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    mappings: BTreeMap<String, Arc<Mapping>>,
    bases: BTreeMap<String, Arc<Mapping>>,
    files: Vec<Pattern>,
}

impl Tables {
    /// The tables that come with the program, read once. A test reads them, so that there is no mistake in them.
    pub fn built_in() -> Self {
        static READ: LazyLock<Tables> = LazyLock::new(|| {
            let mut tables = Tables::default();
            for (file, text) in BUILT_IN {
                let read = tables.add(file, text);
                debug_assert!(read.is_ok(), "{read:?}");
            }
            tables
        });
        READ.clone()
    }

    /// Adds the types of a table; a type that is known is replaced. With a mistake, nothing changes.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), Vec<Problem>> {
        let table = Table::parse(file, text, |name| self.mappings.get(name).or_else(|| self.bases.get(name)).cloned())?;
        self.mappings.extend(table.mappings);
        self.bases.extend(table.bases);
        self.files.extend(table.files);
        Ok(())
    }

    pub fn get(&self, kind: &str) -> Option<&Arc<Mapping>> {
        self.mappings.get(kind)
    }

    /// Every mapping, by report type.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Mapping>> {
        self.mappings.values()
    }

    /// The mapping that a file name (without folders) tells: `Ok(None)` when it tells nothing, and the
    /// report type as error when it names one that is not known.
    pub fn by_name(&self, name: &str) -> Result<Option<&Arc<Mapping>>, String> {
        let own = |mapping: &&Arc<Mapping>| mapping.files.iter().any(|pattern| pattern.matches(name).is_some());
        if let Some(mapping) = self.mappings.values().find(own) {
            return Ok(Some(mapping));
        }
        let kinds: Vec<String> = self.files.iter().filter_map(|pattern| pattern.matches(name)).filter(|kind| !kind.is_empty()).collect();
        match kinds.iter().find_map(|kind| self.mappings.get(kind)) {
            Some(mapping) => Ok(Some(mapping)),
            None => kinds.into_iter().next().map_or(Ok(None), Err),
        }
    }

    /// The mapping whose signature these columns have: the longest one, if there is one such.
    pub fn by_columns(&self, format: super::Format, columns: &[&str]) -> Option<&Arc<Mapping>> {
        let has = |name: &String| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let fitting = self.mappings.values().filter(|mapping| {
            let like = mapping.format == format || (mapping.format == super::Format::Idea && format == super::Format::Json);
            like && !mapping.signature.is_empty() && mapping.signature.iter().all(has)
        });
        let mut fitting: Vec<_> = fitting.collect();
        fitting.sort_by_key(|mapping| std::cmp::Reverse(mapping.signature.len()));
        match fitting.as_slice() {
            [one] => Some(one),
            [first, second, ..] if first.signature.len() > second.signature.len() => Some(first),
            _ => None,
        }
    }
}
