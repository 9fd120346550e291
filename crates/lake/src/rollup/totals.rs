//! What a data file holds in all, by type, AS, country and first holder, each event once: packed, so that a year of files is
//! one short list and is added up in a moment. What is asked of fewer events than all is asked of the cells.
//!
//! Packed: numbers of seven bits a byte, the lowest first (LEB128); first the version of the form, then for each total what it
//! is of (a number), its key (a number, or a length and a text), its events and those of them that nobody holds.

use super::Cell;
use crate::{Error, Result};
use rustc_hash::FxHashMap;

const FORM: u64 = 1;
const TYPE: u64 = 1;
const ASN: u64 = 2;
const COUNTRY: u64 = 3;
const HOLDER: u64 = 4;

/// Events, and those of them that nobody holds.
pub type Total = (u64, u64);

/// Totals of one data file or of many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// By class and type, with `/` between.
    pub types: FxHashMap<String, Total>,
    /// By AS number; 0 where none is known, [`super::OTHERS`] for those beyond what is counted one by one.
    pub asns: FxHashMap<i64, Total>,
    pub countries: FxHashMap<String, Total>,
    /// By first holder.
    pub holders: FxHashMap<i64, Total>,
}

impl Totals {
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut totals = Self::default();
        cells.into_iter().for_each(|cell| totals.count(cell));
        totals
    }

    /// Adds a cell. Those of second holders count no event again.
    pub fn count(&mut self, cell: &Cell) {
        if cell.first {
            let total = (cell.events, if cell.holder == 0 { cell.events } else { 0 });
            add(self.types.entry(format!("{}/{}", cell.class, cell.r#type)).or_default(), total);
            add(self.asns.entry(cell.asn).or_default(), total);
            add(self.countries.entry(cell.country.clone()).or_default(), total);
            add(self.holders.entry(cell.holder).or_default(), total);
        }
    }

    /// How many events there are.
    pub fn all(&self) -> Total {
        let mut all = (0, 0);
        self.types.values().for_each(|total| add(&mut all, *total));
        all
    }

    /// In a fixed order, so that the same totals give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, FORM);
        for (of, totals) in [(TYPE, &self.types), (COUNTRY, &self.countries)] {
            let mut totals: Vec<_> = totals.iter().collect();
            totals.sort_unstable();
            for (key, total) in totals {
                put(&mut bytes, of);
                put(&mut bytes, key.len() as u64);
                bytes.extend(key.as_bytes());
                for number in [total.0, total.1] {
                    put(&mut bytes, number);
                }
            }
        }
        for (of, totals) in [(ASN, &self.asns), (HOLDER, &self.holders)] {
            let mut totals: Vec<_> = totals.iter().collect();
            totals.sort_unstable();
            for (key, total) in totals {
                // Only the one for all others is below nothing.
                for number in [of, u64::try_from(key + 1).unwrap_or(0), total.0, total.1] {
                    put(&mut bytes, number);
                }
            }
        }
        bytes
    }

    /// Adds what was packed; says how many events that were.
    pub fn add(&mut self, bytes: &[u8]) -> Result<Total> {
        let damaged = || Error::damaged("totals", "they cannot be read");
        let (mut rest, mut all) = (bytes, (0, 0));
        if take(&mut rest).ok_or_else(damaged)? != FORM {
            return Err(damaged());
        }
        while !rest.is_empty() {
            let of = take(&mut rest).ok_or_else(damaged)?;
            let key = take(&mut rest).ok_or_else(damaged)?;
            match of {
                TYPE | COUNTRY => {
                    let text;
                    (text, rest) = usize::try_from(key).ok().and_then(|len| rest.split_at_checked(len)).ok_or_else(damaged)?;
                    let text = std::str::from_utf8(text).map_err(|_| damaged())?;
                    let total = pair(&mut rest).ok_or_else(damaged)?;
                    let known = if of == TYPE { &mut self.types } else { &mut self.countries };
                    match known.get_mut(text) {
                        Some(known) => add(known, total),
                        None => drop(known.insert(text.to_owned(), total)),
                    }
                    if of == TYPE {
                        add(&mut all, total);
                    }
                }
                ASN | HOLDER => {
                    let key = i64::try_from(key).map_err(|_| damaged())? - 1;
                    let total = pair(&mut rest).ok_or_else(damaged)?;
                    let known = if of == ASN { &mut self.asns } else { &mut self.holders };
                    add(known.entry(key).or_default(), total);
                }
                _ => return Err(damaged()),
            }
        }
        Ok(all)
    }
}

fn add(to: &mut Total, more: Total) {
    *to = (to.0.saturating_add(more.0), to.1.saturating_add(more.1));
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            break;
        }
    }
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn pair(bytes: &mut &[u8]) -> Option<Total> {
    Some((take(bytes)?, take(bytes)?))
}

#[cfg(test)]
mod tests {
    use super::super::OTHERS;
    use super::{Cell, Totals};
    use proptest::prelude::*;

    prop_compose! {
        fn cell()(holder in 0..5_i64, first: bool, class in "[a-c]", kind in "[a-c]", asn in prop_oneof![Just(OTHERS), Just(0), 1..4_294_967_296_i64], country in "[A-C]{0,2}", events in 0..1_u64 << 40) -> Cell {
            Cell { holder, first, class, r#type: kind, asn, country, events }
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_adds_up_as_the_cells_do(one in prop::collection::vec(cell(), 0..40), other in prop::collection::vec(cell(), 0..40)) {
            let mut sum = Totals::default();
            let all = sum.add(&Totals::of(&one).to_bytes()).unwrap();
            prop_assert_eq!(all, Totals::of(&one).all());
            sum.add(&Totals::of(&other).to_bytes()).unwrap();
            prop_assert_eq!(sum, Totals::of(one.iter().chain(&other)));
        }

        #[test]
        fn other_bytes_are_refused_or_read_and_never_more(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Totals::default().add(&bytes);
        }
    }
}
