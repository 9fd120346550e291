//! A few columns of stored rows, as plain values.

use crate::holders::{Subject, Via};
use crate::key::EventId;
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, PrimitiveArray, RecordBatch, StringArray};
use formats::feed::Row;

/// The columns that say whose a row is, and whether it was erased.
pub(crate) fn holding_columns() -> [&'static str; 6] {
    ["event", "holder", "rank", "observed", "ip", "peer_ip"]
}

/// The columns that say whose a row is and why, and whether it was erased.
pub(crate) fn matching_columns() -> [&'static str; 12] {
    ["event", "holder", "rank", "via", "observed", "file", "ip", "prefix", "domain", "asn", "flags", "peer_ip"]
}

/// Columns of a batch; those that were not read are empty.
pub(crate) struct Narrow<'a> {
    events: &'a FixedSizeBinaryArray,
    holders: &'a PrimitiveArray<Int64Type>,
    ranks: &'a PrimitiveArray<Int8Type>,
    why: Option<Why<'a>>,
}

struct Why<'a> {
    via: &'a DictionaryArray<Int32Type>,
    vias: Vec<Via>,
    observed: &'a PrimitiveArray<TimestampMicrosecondType>,
    files: &'a PrimitiveArray<Int64Type>,
    ips: &'a FixedSizeBinaryArray,
    prefixes: &'a PrimitiveArray<Int8Type>,
    domains: &'a StringArray,
    asns: &'a PrimitiveArray<Int64Type>,
    flags: &'a PrimitiveArray<Int32Type>,
}

impl<'a> Narrow<'a> {
    pub fn holdings(batch: &'a RecordBatch) -> Result<Self> {
        Ok(Self {
            events: column(batch, "event")?.as_fixed_size_binary(),
            holders: column(batch, "holder")?.as_primitive(),
            ranks: column(batch, "rank")?.as_primitive(),
            why: None,
        })
    }

    pub fn of(batch: &'a RecordBatch) -> Result<Self> {
        let via = column(batch, "via")?.as_dictionary::<Int32Type>();
        let names = via.values().as_string_opt::<i32>().ok_or_else(|| Error::damaged("data file", "reasons are not words"))?;
        let why = Why {
            via,
            vias: names.iter().map(|name| name.and_then(Via::from_name).unwrap_or(Via::None)).collect(),
            observed: column(batch, "observed")?.as_primitive(),
            files: column(batch, "file")?.as_primitive(),
            ips: column(batch, "ip")?.as_fixed_size_binary(),
            prefixes: column(batch, "prefix")?.as_primitive(),
            domains: column(batch, "domain")?.as_string(),
            asns: column(batch, "asn")?.as_primitive(),
            flags: column(batch, "flags")?.as_primitive(),
        };
        Ok(Self { why: Some(why), ..Self::holdings(batch)? })
    }

    pub fn event(&self, row: usize) -> EventId {
        EventId::from_be_bytes(self.events.value(row).try_into().unwrap_or_default())
    }

    pub fn holder(&self, row: usize) -> i64 {
        self.holders.value(row)
    }

    pub fn rank(&self, row: usize) -> i8 {
        self.ranks.value(row)
    }

    pub fn via(&self, row: usize) -> Via {
        let Some(why) = &self.why else { return Via::None };
        why.via.key(row).and_then(|key| why.vias.get(key).copied()).unwrap_or(Via::None)
    }

    /// The event file's number.
    pub fn file(&self, row: usize) -> i64 {
        self.why.as_ref().map_or(0, |why| why.files.value(row))
    }

    pub fn subject(&self, row: usize) -> Subject<'a> {
        let nothing = Subject { ip: Row::NO_IP, prefix: -1, asn: 0, domain: "", observed: 0, flags: 0 };
        let Some(why) = &self.why else { return nothing };
        Subject {
            ip: if why.ips.is_valid(row) { why.ips.value(row).try_into().unwrap_or_default() } else { Row::NO_IP },
            prefix: if why.prefixes.is_valid(row) { why.prefixes.value(row) } else { -1 },
            asn: if why.asns.is_valid(row) { why.asns.value(row) } else { 0 },
            domain: if why.domains.is_valid(row) { why.domains.value(row) } else { "" },
            observed: why.observed.value(row),
            flags: why.flags.value(row),
        }
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| Error::damaged("data file", format!("there is no column {name}")))
}
