//! What a mapping makes of a sample: the first events, the lines that are none, the columns nobody named.

use std::collections::HashMap;

use formats::feed::{Decoder, Delivery, Events, Rejected, Row, Stop};
use formats::net::{Asn, Prefix};
use jiff::Timestamp;

use super::feed::FeedDetails;
use crate::constituency::{Holding, Registry};
use crate::{Error, Result};

/// So many events are shown.
const SHOWN: usize = 20;

/// What became of a sample.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Why the file would be held; empty when it would not.
    pub held: String,
    /// The type that it was read as.
    pub kind: String,
    /// Its events: name and value of each field that has one.
    pub events: Vec<Vec<(&'static str, String)>>,
    /// How many there are in all.
    pub count: usize,
    /// Lines that are none: line, column, reason.
    pub rejected: Vec<(u32, String, String)>,
    /// Columns that the mapping does not name.
    pub unknown: Vec<String>,
}

/// Reads a sample as a file of the feed would be read. Nothing is kept.
pub fn sample(details: &FeedDetails, name: &str, bytes: &[u8], now: Timestamp) -> Result<Sample> {
    let mut tables = formats::feed::Tables::built_in();
    if !details.mapping.trim().is_empty() {
        tables.add("mapping", &details.mapping).map_err(|problems| Error::invalid(super::feed::told(&problems)))?;
    }
    let delivery = Delivery { feed: details.name.as_str().into(), received: now.as_microsecond(), tlp: Some(details.label) };
    let opened = match tables.get(&details.kind) {
        Some(mapping) => Decoder::with(mapping, delivery, bytes),
        None => Decoder::open(&tables, Some(name).filter(|name| !name.is_empty()), delivery, bytes),
    };
    let mut decoder = match opened {
        Ok(decoder) => decoder,
        Err(Stop::Held(held)) => return Ok(Sample { held: held.to_string(), ..Sample::default() }),
        Err(Stop::Read(error)) => return Err(Error::fault(error)),
    };
    let (mut events, mut rejected) = (Events::default(), Vec::<Rejected>::new());
    decoder.fill(&mut events, &mut rejected).map_err(Error::fault)?;
    let unknown = decoder.plan().unknown().into_iter().map(|(name, _)| name).collect();
    let shown = (0..events.len().min(SHOWN)).map(|row| fields(&events, row)).collect();
    let rejected =
        rejected.into_iter().take(SHOWN).map(|one| (one.line, one.column.map(|column| column.to_string()).unwrap_or_default(), one.reason.to_string()));
    Ok(Sample { held: String::new(), kind: decoder.source().kind.to_string(), count: events.len(), events: shown, rejected: rejected.collect(), unknown })
}

/// The fields of an event that have a value, as people read them.
fn fields(events: &Events, row: usize) -> Vec<(&'static str, String)> {
    let number = |column: &[i32]| column.get(row).filter(|value| **value >= 0).map(ToString::to_string).unwrap_or_default();
    let level = |column: &[i8]| column.get(row).filter(|value| **value >= 0).map(ToString::to_string).unwrap_or_default();
    let asn = |column: &[i64]| column.get(row).filter(|value| **value > 0).map(|value| format!("AS{value}")).unwrap_or_default();
    let time = |column: &[i64]| column.get(row).filter(|at| **at != Row::NO_TIME).map(|at| ::store::instant(*at).to_string()).unwrap_or_default();
    let all = [
        ("observed", time(&events.observed)),
        ("type", format!("{}/{}", events.class.get(row), events.r#type.get(row)).trim_matches('/').to_owned()),
        ("ip", address(&events.ip, events.prefix.get(row), row)),
        ("port", number(&events.port)),
        ("transport", events.transport.get(row).to_owned()),
        ("domain", events.domain.get(row).to_owned()),
        ("url", events.url.get(row).to_owned()),
        ("asn", asn(&events.asn)),
        ("country", events.country.get(row).to_owned()),
        ("role", events.role.get(row).map(|role| role.as_str().to_owned()).unwrap_or_default()),
        ("peer", address(&events.peer_ip, None, row)),
        ("peer_port", number(&events.peer_port)),
        ("identifier", events.identifier.get(row).to_owned()),
        ("severity", level(&events.severity)),
        ("malware", events.malware.get(row).to_owned()),
        ("cve", events.cve.get(row).to_owned()),
        ("product", events.product.get(row).to_owned()),
        ("tlp", events.tlp.get(row).to_owned()),
        ("extra", events.extra.get(row).to_owned()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn address(column: &[[u8; 16]], prefix: Option<&i8>, row: usize) -> String {
    let Some(ip) = column.get(row).filter(|ip| **ip != Row::NO_IP) else { return String::new() };
    let address = std::net::IpAddr::from(*ip).to_canonical();
    match prefix.filter(|len| **len >= 0) {
        Some(len) => format!("{address}/{len}"),
        None => address.to_string(),
    }
}

/// The networks that somebody holds now, each with an AS of its holder: where made-up events may happen.
pub fn networks(registry: &Registry) -> Vec<(Prefix, Asn)> {
    let held = |one: &&Holding| one.to.is_none();
    let asns: HashMap<i64, Asn> =
        registry.holdings.iter().filter(held).filter(|one| one.kind == "asn").filter_map(|one| Some((one.holder, one.value.parse().ok()?))).collect();
    let prefixes = registry.holdings.iter().filter(held).filter(|one| one.kind == "prefix");
    prefixes.filter_map(|one| Some((one.value.parse().ok()?, asns.get(&one.holder).copied().unwrap_or(Asn(0))))).collect()
}
