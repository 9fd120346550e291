//! Event files as a feed would deliver them, of any size and from a seed: for demonstrations, tests and
//! measurements. The same settings give the same bytes, and how many different events are in them is
//! known beforehand, because no two rows are the same by chance.

mod values;

use super::mapping::{Mapping, Tables};
use crate::net::{Asn, Prefix};
use std::io::{self, Write};
use values::{Place, Values};

/// Report types that read well as examples: short rows, several RSIT types, both directions.
pub const KINDS: [&str; 8] =
    ["device_id", "scan_telnet", "scan_dns", "scan_netbios", "scan_http_vulnerable", "event4_sinkhole", "event4_honeypot_brute_force", "blocklist"];

/// The order in which the feed writes what most types have; what a type has beside them follows.
const ORDER: [&str; 29] = [
    "timestamp",
    "severity",
    "ip",
    "protocol",
    "port",
    "hostname",
    "tag",
    "asn",
    "geo",
    "region",
    "city",
    "naics",
    "hostname_source",
    "sector",
    "src_ip",
    "src_port",
    "src_asn",
    "src_geo",
    "src_region",
    "src_city",
    "src_hostname",
    "src_naics",
    "src_sector",
    "dst_ip",
    "dst_port",
    "dst_asn",
    "dst_geo",
    "infection",
    "family",
];

/// What a synthetic file is made of.
#[derive(Debug, Clone)]
pub struct Synth {
    pub seed: u64,
    /// Lines behind the header.
    pub rows: u64,
    /// The share of rows that say again what an earlier one said, in thousandths.
    pub repeats: u32,
    /// The share of lines that are no events, in thousandths.
    pub broken: u32,
    /// The first moment of the day that all rows lie in, in microseconds since 1970.
    pub day: i64,
    /// Where the subjects are: networks with the AS that announces them.
    pub networks: Vec<(Prefix, Asn)>,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// Different events.
    pub events: u64,
    /// Rows that repeat one of them.
    pub repeats: u64,
    /// Lines that are no events.
    pub broken: u64,
}

/// What stands in a line.
enum Line {
    Event(u64),
    Repeat(u64),
    Broken,
}

impl Synth {
    /// The name that the feed would give the file.
    pub fn file_name(&self, kind: &str) -> String {
        let date = values::date(self.day);
        format!("{date}-{kind}-synthetic-{}.csv", self.seed)
    }

    /// Writes a file of the report type. None when no such type is known.
    pub fn write(&self, tables: &Tables, kind: &str, out: &mut dyn Write) -> io::Result<Option<Written>> {
        let Some(mapping) = tables.get(kind) else { return Ok(None) };
        let places: Vec<Place> = self.networks.iter().map(|(prefix, asn)| Place::new(*prefix, *asn)).collect();
        let header = header(mapping);
        let values = Values::new(self.seed, self.day, kind, &places);
        let mut written = Written::default();
        let mut line = String::new();
        for (at, name) in header.iter().enumerate() {
            line.push_str(if at == 0 { "\"" } else { ",\"" });
            line.push_str(name);
            line.push('"');
        }
        line.push('\n');
        for row in 0..=self.rows {
            out.write_all(line.as_bytes())?;
            written.bytes += line.len() as u64;
            if row == self.rows {
                break;
            }
            line.clear();
            match self.choose(row, written.events) {
                Line::Event(event) => {
                    values.row(&header, event, row, &mut line);
                    written.events += 1;
                }
                Line::Repeat(event) => {
                    values.row(&header, event, row, &mut line);
                    written.repeats += 1;
                }
                Line::Broken => {
                    values.row(&header, written.events, row, &mut line);
                    values.spoil(row, &mut line);
                    written.broken += 1;
                }
            }
            line.push('\n');
        }
        Ok(Some(written))
    }

    fn choose(&self, row: u64, events: u64) -> Line {
        let dice = values::mix(self.seed ^ 0xD1CE, row);
        let roll = u32::try_from(dice % 1000).unwrap_or(0);
        if roll < self.broken {
            Line::Broken
        } else if roll < self.broken.saturating_add(self.repeats) && events > 0 {
            Line::Repeat((dice / 1000) % events)
        } else {
            Line::Event(events)
        }
    }
}

fn header(mapping: &Mapping) -> Vec<String> {
    let known = |name: &str| mapping.fields.contains_key(name) || mapping.columns.iter().any(|column| column == name);
    let mut header: Vec<String> = ORDER.iter().filter(|name| known(name)).map(|name| (*name).to_owned()).collect();
    // Vendors and products stand in the table for all types; only those that describe devices have them.
    let describes = known("device_model");
    let more = mapping.fields.keys().filter(|name| describes || !matches!(name.as_str(), "device_vendor" | "product"));
    for name in more.chain(&mapping.columns) {
        if !header.contains(name) {
            header.push(name.clone());
        }
    }
    header
}
