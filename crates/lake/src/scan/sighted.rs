//! Events in the few columns that tell whom an advisory concerns: who holds what was seen, and what was said of it.

use super::{Hunt, column, tests, words};
use crate::lake::Lake;
use crate::query::{Filter, Sight, View};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, DictionaryArray, RecordBatch, StringArray};

/// An event as one of its holders has it. Texts are empty where the source says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Sighted<'a> {
    pub holder: i64,
    /// In microseconds.
    pub observed: i64,
    /// IPv4 mapped.
    pub ip: Option<[u8; 16]>,
    /// The length of a network.
    pub prefix: Option<i8>,
    pub domain: &'a str,
    pub class: &'a str,
    pub r#type: &'a str,
    /// `CVE-2026-0001`, several with `;` between.
    pub cve: &'a str,
    pub product: &'a str,
    pub tlp: &'a str,
}

const COLUMNS: [&str; 10] = ["holder", "observed", "ip", "prefix", "domain", "class", "type", "cve", "product", "tlp"];

impl Lake {
    /// Goes through all events of a filter, each as each of its holders has it; what nobody holds is left out.
    pub fn each_sighted(&self, view: &View, filter: &Filter, mut each: impl FnMut(&Sighted<'_>)) -> Result<()> {
        if filter.span.from >= filter.span.until {
            return Ok(());
        }
        let hunt = Hunt { tests: tests(true, filter, &Sight::All).collect(), denied: view.denied(), after: None };
        for file in view.touched(filter, &Sight::All) {
            self.each_batch(&file, &hunt, &COLUMNS, |batch| {
                let cells = Cells::of(batch)?;
                let held = |row: &usize| cells.holders.get(*row).is_some_and(|holder| *holder > 0);
                (0..batch.num_rows()).filter(held).for_each(|row| each(&cells.row(row)));
                Ok(())
            })?;
        }
        Ok(())
    }
}

struct Cells<'a> {
    batch: &'a RecordBatch,
    holders: &'a [i64],
    observed: &'a [i64],
    domain: &'a StringArray,
    cve: &'a StringArray,
    words: [&'a DictionaryArray<Int32Type>; 4],
}

impl<'a> Cells<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self> {
        let text = |name: &str| column(batch, name)?.as_string_opt::<i32>().ok_or_else(|| other(name));
        Ok(Self {
            batch,
            holders: column(batch, "holder")?.as_primitive_opt::<Int64Type>().ok_or_else(|| other("holder"))?.values(),
            observed: column(batch, "observed")?.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(|| other("observed"))?.values(),
            domain: text("domain")?,
            cve: text("cve")?,
            words: [words(batch, "class")?, words(batch, "type")?, words(batch, "product")?, words(batch, "tlp")?],
        })
    }

    fn row(&self, row: usize) -> Sighted<'a> {
        let text = |texts: &'a StringArray| if texts.is_valid(row) { texts.value(row) } else { "" };
        let [class, kind, product, tlp] = self.words.map(|words| word(words, row));
        let ip = self.batch.column_by_name("ip").and_then(|ips| ips.as_fixed_size_binary_opt()).filter(|ips| ips.is_valid(row));
        let prefix = self.batch.column_by_name("prefix").and_then(|lengths| lengths.as_primitive_opt::<Int8Type>()).filter(|lengths| lengths.is_valid(row));
        Sighted {
            holder: self.holders.get(row).copied().unwrap_or(0),
            observed: self.observed.get(row).copied().unwrap_or(0),
            ip: ip.and_then(|ips| ips.value(row).try_into().ok()),
            prefix: prefix.map(|lengths| lengths.value(row)),
            domain: text(self.domain),
            class,
            r#type: kind,
            cve: text(self.cve),
            product,
            tlp,
        }
    }
}

fn word(words: &DictionaryArray<Int32Type>, row: usize) -> &str {
    let texts = words.values().as_string_opt::<i32>();
    words.key(row).zip(texts).filter(|(key, texts)| texts.is_valid(*key)).map_or("", |(key, texts)| texts.value(key))
}

fn other(name: &str) -> Error {
    Error::damaged("data file", format!("the column {name} is of another kind"))
}
