//! Texts of an event about one address may name another that was erased. The event stays; such a text goes as a whole,
//! because what is left of it would often still tell.

use crate::log::Denied;
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// The columns of texts that may name other addresses than that of the event.
pub(super) const COLUMNS: [&str; 3] = ["url", "reverse", "extra"];

/// What is looked for in texts: addresses, each as a range with the instant before which it was erased.
pub(super) struct Named(Vec<([u8; 16], [u8; 16], i64)>);

impl Named {
    /// `None`: no address was erased.
    pub fn of(denied: &[Denied]) -> Option<Self> {
        let ranges: Vec<_> = denied.iter().filter_map(|denied| denied.addresses().map(|(first, last)| (first, last, denied.before))).collect();
        (!ranges.is_empty()).then_some(Self(ranges))
    }

    /// Whether a text of an event that was observed then names one of them.
    fn is_in(&self, text: &str, observed: i64) -> bool {
        self.0.iter().any(|(_, _, before)| observed < *before)
            && formats::net::mentions(text, |address| {
                let address = sixteen(address);
                self.0.iter().any(|(first, last, before)| observed < *before && *first <= address && address <= *last)
            })
    }

    /// Whether one of the texts of a batch does; `observed`: when each row was.
    pub fn is_any(&self, batch: &RecordBatch, observed: &[i64]) -> Result<bool> {
        for name in COLUMNS {
            let Some(column) = batch.column_by_name(name) else { continue };
            if texts(column)?.iter().zip(observed).any(|(text, observed)| text.is_some_and(|text| self.is_in(text, *observed))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A column without the texts that do; `None`: there are none.
    pub fn without(&self, column: &ArrayRef, observed: &[i64]) -> Result<Option<ArrayRef>> {
        let texts = texts(column)?;
        let stays = |(text, observed): (Option<&'_ str>, &i64)| text.is_none_or(|text| !self.is_in(text, *observed));
        let stays: Vec<bool> = texts.iter().zip(observed).map(stays).collect();
        if stays.iter().all(|stays| *stays) {
            return Ok(None);
        }
        let left: StringArray = texts.iter().zip(stays).map(|(text, stays)| text.filter(|_| stays)).collect();
        Ok(Some(Arc::new(left)))
    }
}

fn texts(column: &ArrayRef) -> Result<&StringArray> {
    column.as_string_opt::<i32>().ok_or_else(|| Error::damaged("data file", "other columns"))
}

/// As events have it: IPv4 in IPv6 form.
fn sixteen(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => Ipv4Addr::to_ipv6_mapped(&address).octets(),
        IpAddr::V6(address) => Ipv6Addr::octets(&address),
    }
}
