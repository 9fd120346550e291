//! A registry's list of what it allocated, as all five publish it daily: delegated-extended, version 2.
//!
//! `lacnic|BR|ipv4|200.0.2.0|512|20050101|allocated|12345`: registry, country, kind, first value, how
//! many (for IPv6 the prefix length), day, status, and the opaque id that stands for the holder.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use formats::net::{Asn, Prefix};
use jiff::civil::Date;

/// The most values that one list may name: all registries together have fewer.
const MOST: usize = 2_000_000;
/// The most AS numbers in one record.
const ASNS: u32 = 65_536;

/// One value in one holder's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Line in the list.
    pub line: u64,
    /// `asn` or `prefix`.
    pub kind: &'static str,
    /// Canonical.
    pub value: String,
    /// The opaque id of its holder.
    pub handle: String,
    /// Two letters, or empty.
    pub country: String,
    /// `allocated` or `assigned`.
    pub status: String,
    /// Since when, if the list says it.
    pub since: Option<Date>,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line in the list.
    pub line: u64,
    /// What is wrong.
    pub text: String,
}

/// A list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// `lacnic`, `ripencc`, ...; empty when the list does not say.
    pub registry: String,
    /// The day of the list.
    pub day: Option<Date>,
    /// What somebody holds.
    pub given: Vec<Given>,
    /// What could not be read; the rest is good.
    pub faults: Vec<Fault>,
    /// Records of what nobody holds: available, reserved.
    pub free: usize,
}

/// Reads a list.
pub fn read(bytes: &[u8]) -> List {
    let text = String::from_utf8_lossy(bytes);
    let mut list = List::default();
    for (at, line) in text.lines().enumerate() {
        let number = at as u64 + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let done = match cells.as_slice() {
            [version, registry, serial, ..] if list.registry.is_empty() && version.starts_with(|c: char| c.is_ascii_digit()) => {
                list.registry = registry.to_ascii_lowercase();
                list.day = day(serial);
                if version.split('.').next() == Some("2") { Ok(()) } else { Err(format!("This is version {version} of the format; 2 is known")) }
            }
            [_, "*", _, "*", _, "summary", ..] => Ok(()),
            [registry, country, kind, start, value, date, status, rest @ ..] => {
                if list.registry.is_empty() {
                    list.registry = registry.to_ascii_lowercase();
                }
                let handle = rest.first().copied().unwrap_or_default();
                record(&mut list, number, [country, kind, start, value, date, status, handle])
            }
            _ => Err("This is no record: registry|country|kind|start|value|date|status|id".to_owned()),
        };
        if let Err(text) = done {
            list.faults.push(Fault { line: number, text });
        }
        if list.given.len() > MOST {
            list.faults.push(Fault { line: number, text: format!("The list names more than {MOST} values; the rest is not read") });
            break;
        }
    }
    list
}

fn record(list: &mut List, line: u64, [country, kind, start, value, date, status, handle]: [&str; 7]) -> Result<(), String> {
    if !matches!(status, "allocated" | "assigned") {
        list.free += 1;
        return Ok(());
    }
    if handle.is_empty() || handle.len() > 100 {
        return Err("It does not say whose it is: is this the extended list?".into());
    }
    let (kind, values) = match kind {
        "asn" => ("asn", asns(start, value)?),
        "ipv4" => ("prefix", v4(start, value)?),
        "ipv6" => ("prefix", v6(start, value)?),
        other => return Err(format!("“{other}” is no kind: asn, ipv4 or ipv6")),
    };
    let country = if country.len() == 2 { country.to_ascii_uppercase() } else { String::new() };
    let one = Given { line, kind, value: String::new(), handle: handle.to_owned(), country, status: status.to_owned(), since: day(date) };
    list.given.extend(values.into_iter().map(|value| Given { value, ..one.clone() }));
    Ok(())
}

fn asns(start: &str, count: &str) -> Result<Vec<String>, String> {
    let first: Asn = start.parse().map_err(|_| format!("“{start}” is no AS number"))?;
    let count: u32 = count.parse().ok().filter(|count| (1..=ASNS).contains(count)).ok_or_else(|| format!("“{count}” is no number of AS numbers"))?;
    let last = first.0.checked_add(count - 1).ok_or("There are not so many AS numbers")?;
    Ok((first.0..=last).map(|number| Asn(number).to_string()).collect())
}

/// A number of addresses is not always a power of two: the fewest prefixes that hold just these.
fn v4(start: &str, count: &str) -> Result<Vec<String>, String> {
    let low: Ipv4Addr = start.parse().map_err(|_| format!("“{start}” is no IPv4 address"))?;
    let count: u32 = count.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("“{count}” is no number of addresses"))?;
    let high = low.to_bits().checked_add(count - 1).map(Ipv4Addr::from_bits).ok_or("There are not so many addresses")?;
    Ok(Prefix::from_range(IpAddr::V4(low), IpAddr::V4(high)).iter().map(ToString::to_string).collect())
}

fn v6(start: &str, len: &str) -> Result<Vec<String>, String> {
    let address: Ipv6Addr = start.parse().map_err(|_| format!("“{start}” is no IPv6 address"))?;
    let len: u8 = len.parse().ok().filter(|len| (1..=128).contains(len)).ok_or_else(|| format!("“{len}” is no prefix length"))?;
    let prefix = Prefix::new(IpAddr::V6(address), len).map_err(|error| error.to_string())?;
    if prefix.address() == IpAddr::V6(address) { Ok(vec![prefix.to_string()]) } else { Err(format!("“{start}/{len}” has host bits set")) }
}

/// `20261128`.
fn day(text: &str) -> Option<Date> {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<i16>().ok());
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let small = |number: i16| i8::try_from(number).ok();
    Date::new(year, small(month)?, small(day)?).ok().filter(|day| text.len() == 8 && (1980..=9000).contains(&day.year()))
}
