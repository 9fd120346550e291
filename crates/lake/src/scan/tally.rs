//! How many events there are, counted in a few columns and without keeping any.

use super::{Hunt, column, word, words};
use crate::lake::Lake;
use crate::query::{DataFile, Filter, Rows, Sight, View};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use std::collections::{BTreeMap, HashSet};

/// How many events by day (since 1970), class and type.
pub type Tally = BTreeMap<(i32, String, String), u64>;

/// Events and different addresses by AS number; 0 where none is known.
pub type Sources = BTreeMap<i64, (u64, u64)>;

/// Events and the instant of the last one, by AS number and address.
pub type Addresses = BTreeMap<(i64, [u8; 16]), (u64, i64)>;

/// A row of the answer to [`crate::Question::Tally`].
pub fn tally_row(rows: &Rows, row: usize) -> Option<((i32, String, String), u64)> {
    let text = |name| rows.get(row, name).text().unwrap_or_default().to_owned();
    let day = i32::try_from(rows.get(row, "day").int()?).ok()?;
    Some(((day, text("class"), text("type")), u64::try_from(rows.get(row, "events").int()?).ok()?))
}

/// A row of the answer to a question for counts by AS.
pub fn source_row(rows: &Rows, row: usize) -> Option<(i64, (u64, u64))> {
    let number = |name| u64::try_from(rows.get(row, name).int()?).ok();
    Some((rows.get(row, "value").int().unwrap_or(0), (number("events")?, number("addresses")?)))
}

impl Lake {
    /// How many events fit, by day (since 1970), class and type.
    pub fn tally(&self, view: &View, filter: &Filter, sight: &Sight) -> Result<Tally> {
        let mut tally = Tally::new();
        let Some(hunt) = Hunt::all(view, filter, sight) else { return Ok(tally) };
        view.touched(filter, sight).iter().try_for_each(|file| self.count(file, &hunt, &mut tally))?;
        Ok(tally)
    }

    /// Counts the events of a file that fit.
    pub(super) fn count(&self, file: &DataFile, hunt: &Hunt<'_>, tally: &mut Tally) -> Result<()> {
        self.each_batch(file, hunt, &["class", "type"], |batch| add(tally, file.day, batch))
    }

    /// The addresses of what fits, by AS; none where there are more than `most`.
    pub fn addresses(&self, view: &View, filter: &Filter, sight: &Sight, most: usize) -> Result<Option<Addresses>> {
        let mut found = Addresses::new();
        let Some(hunt) = Hunt::all(view, filter, sight) else { return Ok(Some(found)) };
        for file in view.touched(filter, sight) {
            self.each_batch(&file, &hunt, &["asn", "ip", "observed"], |batch| {
                let other = || Error::damaged("data file", "other columns");
                let asns = column(batch, "asn")?.as_primitive_opt::<Int64Type>().ok_or_else(other)?;
                let addresses = column(batch, "ip")?.as_fixed_size_binary_opt().ok_or_else(other)?;
                let observed = column(batch, "observed")?.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(other)?;
                for row in (0..batch.num_rows()).filter(|row| addresses.is_valid(*row)) {
                    let asn = if asns.is_valid(row) { asns.value(row) } else { 0 };
                    let (events, last) = found.entry((asn, addresses.value(row).try_into().unwrap_or_default())).or_insert((0, i64::MIN));
                    (*events, *last) = (*events + 1, (*last).max(observed.value(row)));
                    if found.len() > most {
                        break;
                    }
                }
                Ok(())
            })?;
            if found.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// How many events fit and of how many different addresses, by AS. It keeps every address: for what is a
    /// case, not for the whole table.
    pub fn sources(&self, view: &View, filter: &Filter, sight: &Sight) -> Result<Sources> {
        let mut sources: BTreeMap<i64, (u64, HashSet<[u8; 16]>)> = BTreeMap::new();
        if let Some(hunt) = Hunt::all(view, filter, sight) {
            for file in view.touched(filter, sight) {
                self.each_batch(&file, &hunt, &["asn", "ip"], |batch| {
                    let other = || Error::damaged("data file", "other columns");
                    let asns = column(batch, "asn")?.as_primitive_opt::<Int64Type>().ok_or_else(other)?;
                    let addresses = column(batch, "ip")?.as_fixed_size_binary_opt().ok_or_else(other)?;
                    for row in 0..batch.num_rows() {
                        let asn = if asns.is_valid(row) { asns.value(row) } else { 0 };
                        let (events, known) = sources.entry(asn).or_default();
                        *events += 1;
                        if addresses.is_valid(row) {
                            known.insert(addresses.value(row).try_into().unwrap_or_default());
                        }
                    }
                    Ok(())
                })?;
            }
        }
        Ok(sources.into_iter().map(|(asn, (events, known))| (asn, (events, known.len() as u64))).collect())
    }
}

/// Counts the rows of a batch of a day.
pub(super) fn add(tally: &mut Tally, day: i32, batch: &RecordBatch) -> Result<()> {
    let (classes, types) = (words(batch, "class")?, words(batch, "type")?);
    let mut counts: BTreeMap<(Option<usize>, Option<usize>), u64> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        *counts.entry((classes.key(row), types.key(row))).or_default() += 1;
    }
    for ((class, kind), events) in counts {
        *tally.entry((day, word(classes, class), word(types, kind))).or_default() += events;
    }
    Ok(())
}
