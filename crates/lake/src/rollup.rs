//! Sums of a data file, made while it is written: how many events of which holder, type, AS and
//! country, and sketches of how many different addresses. They belong to their file, so that a file
//! that is rewritten takes its sums along. Dashboards read only these.

mod totals;

pub use totals::{Total, Totals};

use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use datasketches::hll::{Coupon, HllSketch, HllType, HllUnion};
use std::collections::HashMap;

/// Two to this power registers: about 1.6 % standard error, some 2 KiB when full.
const REGISTERS: u8 = 12;

/// Cells that a data file has at most, and AS numbers that are counted one by one: what stands in a file must not decide how
/// large its sums are. Beyond, events count under their holder and type, with all other AS numbers together.
const MOST: usize = 20_000;

/// The AS number of those beyond what is counted one by one.
pub const OTHERS: i64 = -1;

/// What the sums of a data file are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rollup {
    pub cells: Vec<Cell>,
    pub sketches: Vec<Sketch>,
}

/// How many events have all this in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub holder: i64,
    /// Whether the holder is the event's first. Over all holders these only are counted, each event once.
    pub first: bool,
    pub class: String,
    pub r#type: String,
    /// 0: not known; [`OTHERS`]: beyond what is counted one by one, and without a country.
    pub asn: i64,
    pub country: String,
    pub events: u64,
}

/// What a sketch counts the addresses of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// Of all events.
    All,
    Holder(i64),
    Asn(i64),
}

/// About how many different addresses, in a form that can be united with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    pub of: Of,
    /// A `HyperLogLog` of Apache `DataSketches`.
    pub bytes: Vec<u8>,
}

/// About how many different addresses there are in all sketches together.
pub fn distinct<'a>(sketches: impl IntoIterator<Item = &'a [u8]>) -> Result<f64> {
    let bad = |error| Error::damaged("sketch", error);
    let mut union = HllUnion::new(REGISTERS).map_err(bad)?;
    for bytes in sketches {
        union.update(&HllSketch::deserialize(bytes).map_err(bad)?);
    }
    Ok(union.estimate())
}

/// One sketch of several, to be kept in their place.
pub fn unite<'a>(sketches: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>> {
    let bad = |error| Error::damaged("sketch", error);
    let mut union = HllUnion::new(REGISTERS).map_err(bad)?;
    for bytes in sketches {
        union.update(&HllSketch::deserialize(bytes).map_err(bad)?);
    }
    Ok(union.to_sketch(HllType::Hll4).serialize())
}

type Group = (i64, bool, i32, i32, i64, i32);

/// Sums that grow with each batch of rows.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    words: Words,
    cells: HashMap<Group, u64>,
    /// The cell of the row before: rows are sorted, so that it is often the next one's.
    last: Option<(Group, u64)>,
    holders: HashMap<i64, HllSketch>,
    asns: HashMap<i64, HllSketch>,
}

#[derive(Debug, Default)]
struct Words {
    ids: HashMap<String, i32>,
    values: Vec<String>,
}

impl Words {
    fn id(&mut self, word: &str) -> i32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = i32::try_from(self.values.len()).unwrap_or(-1);
        self.values.push(word.to_owned());
        self.ids.insert(word.to_owned(), id);
        id
    }

    fn get(&self, id: i32) -> String {
        usize::try_from(id).ok().and_then(|id| self.values.get(id)).cloned().unwrap_or_default()
    }

    /// The ids of a dictionary column's rows; -1 where there is no word.
    fn column(&mut self, batch: &RecordBatch, name: &str) -> Result<Vec<i32>> {
        let column = column(batch, name)?;
        let column = column.as_dictionary_opt::<Int32Type>().ok_or_else(|| Error::damaged(name, "not a dictionary"))?;
        let values = column.values().as_string_opt::<i32>().ok_or_else(|| Error::damaged(name, "not words"))?;
        let mut ids: Vec<Option<i32>> = vec![None; values.len()];
        let rows = column.keys().iter().map(|key| {
            let key = key.and_then(|key| usize::try_from(key).ok())?;
            let slot = ids.get_mut(key)?;
            if slot.is_none() && values.is_valid(key) {
                *slot = Some(self.id(values.value(key)));
            }
            *slot
        });
        Ok(rows.map(|id| id.unwrap_or(-1)).collect())
    }
}

impl Sums {
    pub fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let classes = self.words.column(batch, "class")?;
        let types = self.words.column(batch, "type")?;
        let countries = self.words.column(batch, "country")?;
        let holders = column(batch, "holder")?.as_primitive::<Int64Type>().values();
        let ranks = column(batch, "rank")?.as_primitive::<Int8Type>().values();
        let asns = column(batch, "asn")?.as_primitive::<Int64Type>();
        let ips = column(batch, "ip")?.as_fixed_size_binary();
        let words = classes.iter().zip(&types).zip(&countries);
        for (row, ((holder, rank), ((class, kind), country))) in holders.iter().zip(ranks).zip(words).enumerate() {
            let asn = if asns.is_valid(row) { asns.value(row) } else { 0 };
            self.count((*holder, *rank == 0, *class, *kind, asn, *country));
            if ips.is_valid(row) {
                let coupon = Coupon::from_value(ips.value(row));
                sketch(&mut self.holders, *holder, coupon)?;
                if *rank == 0 {
                    let asn = if self.asns.len() < MOST || self.asns.contains_key(&asn) { asn } else { OTHERS };
                    sketch(&mut self.asns, asn, coupon)?;
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, group: Group) {
        match &mut self.last {
            Some((last, events)) if *last == group => *events += 1,
            last => {
                if let Some((group, events)) = last.replace((group, 1)) {
                    self.put(group, events);
                }
            }
        }
    }

    fn put(&mut self, group: Group, events: u64) {
        let (holder, first, class, kind, ..) = group;
        let group = if self.cells.len() < MOST || self.cells.contains_key(&group) { group } else { (holder, first, class, kind, OTHERS, -1) };
        *self.cells.entry(group).or_default() += events;
    }

    /// In a fixed order, so that the same rows give the same sums.
    pub fn finish(mut self) -> Result<Rollup> {
        if let Some((group, events)) = self.last.take() {
            self.put(group, events);
        }
        let bad = |error| Error::damaged("sketch", error);
        let mut all = HllUnion::new(REGISTERS).map_err(bad)?;
        // Each event is in that of an AS.
        let mut asns: Vec<(i64, HllSketch)> = self.asns.into_iter().collect();
        asns.sort_unstable_by_key(|(id, _)| *id);
        for (_, sketch) in &asns {
            all.update(sketch);
        }
        let words = &self.words;
        let cell = |((holder, first, class, kind, asn, country), events)| Cell {
            holder,
            first,
            class: words.get(class),
            r#type: words.get(kind),
            asn,
            country: words.get(country),
            events,
        };
        let mut cells: Vec<Cell> = self.cells.into_iter().map(cell).collect();
        cells.sort_unstable();
        let holders = self.holders.into_iter().map(|(id, sketch)| Sketch { of: Of::Holder(id), bytes: sketch.serialize() });
        let asns = asns.into_iter().map(|(id, sketch)| Sketch { of: Of::Asn(id), bytes: sketch.serialize() });
        let all = Sketch { of: Of::All, bytes: all.to_sketch(HllType::Hll4).serialize() };
        let mut sketches: Vec<Sketch> = holders.chain(asns).chain([all]).collect();
        sketches.sort_unstable_by_key(|sketch| sketch.of);
        Ok(Rollup { cells, sketches })
    }
}

/// The columns that sums are made of.
pub(crate) const COLUMNS: [&str; 7] = ["holder", "rank", "class", "type", "asn", "country", "ip"];

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| Error::damaged("data file", format!("there is no column {name}")))
}

fn sketch(sketches: &mut HashMap<i64, HllSketch>, key: i64, coupon: Coupon) -> Result<()> {
    if let Some(sketch) = sketches.get_mut(&key) {
        sketch.update_with_coupon(coupon);
        return Ok(());
    }
    let mut sketch = HllSketch::new(REGISTERS, HllType::Hll4).map_err(|error| Error::damaged("sketch", error))?;
    sketch.update_with_coupon(coupon);
    sketches.insert(key, sketch);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MOST, OTHERS, Sums, Totals, distinct};
    use crate::schema;
    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, DictionaryArray, FixedSizeBinaryArray, Int8Array, Int64Array, RecordBatch};
    use std::sync::Arc;

    #[test]
    fn rows_that_each_name_another_as_make_no_more_sums_than_a_file_may_have() {
        let mut sums = Sums::default();
        let rows = 80_000;
        for from in (0..rows).step_by(16_000) {
            let numbers = || from..from + 16_000_i64;
            let word = |word: &str| -> ArrayRef { Arc::new(numbers().map(|_| Some(word)).collect::<DictionaryArray<Int32Type>>()) };
            let ips = numbers().map(|n| [[0; 8], n.to_be_bytes()].concat());
            let columns: Vec<(&str, ArrayRef)> = vec![
                ("holder", Arc::new(numbers().map(|n| n % 3).collect::<Int64Array>())),
                ("rank", Arc::new(numbers().map(|_| 0).collect::<Int8Array>())),
                ("class", word("vulnerable")),
                ("type", word("weak-crypto")),
                ("asn", Arc::new(numbers().map(|n| n + 1).collect::<Int64Array>())),
                ("country", word("LS")),
                ("ip", Arc::new(FixedSizeBinaryArray::try_from_iter(ips).unwrap())),
            ];
            assert!(columns.iter().all(|(name, _)| schema::kind(name).is_some()));
            sums.add(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
        }
        let rollup = sums.finish().unwrap();
        assert!(rollup.cells.len() <= MOST + 3 && rollup.sketches.len() <= MOST + 3 + 2, "{} cells, {} sketches", rollup.cells.len(), rollup.sketches.len());
        let totals = Totals::of(&rollup.cells);
        assert_eq!(totals.all().0, rows.unsigned_abs(), "each event is counted");
        assert_eq!(totals.asns.get(&OTHERS).unwrap().0, rows.unsigned_abs() - MOST as u64);
        assert_eq!(totals.holders.get(&1).unwrap().0, 26_667);
        let all = distinct(rollup.sketches.iter().filter(|sketch| sketch.of == super::Of::All).map(|sketch| sketch.bytes.as_slice())).unwrap();
        assert!((all - 80_000.0).abs() < 4000.0, "{all}");
    }
}
