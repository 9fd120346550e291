//! What nobody holds, by network: the allocation that a registry's imported list knows around an address, else its block of
//! 256 (a /48 of IPv6). It tells whom the team's registry lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use formats::net::Prefix;
use jiff::Timestamp;

use super::found::{self, Asker};
use super::wanted::Wanted;
use crate::constituency::allocations;
use crate::{App, Error, Result};

/// Networks on a page.
pub const SHOWN: usize = 200;
/// The lengths of blocks where no list knows better.
const BLOCKS: (u8, u8) = (24, 48);
/// AS numbers that are named of a network.
const NAMED: usize = 3;

/// A network whose events nobody holds.
#[derive(Clone, Debug)]
pub struct Network {
    /// Which.
    pub network: Prefix,
    /// List, handle and country of the allocation that it is; none where no list knows it.
    pub given: Option<allocations::Given>,
    /// The AS numbers that the feeds name, those with the most events first, and how many more.
    pub asns: (Vec<i64>, usize),
    /// Different addresses.
    pub addresses: u64,
    /// Events.
    pub events: u64,
    /// When the last was seen.
    pub last: Timestamp,
}

impl Network {
    /// Its AS numbers in a few words.
    pub fn asns_in_words(&self) -> String {
        let (named, more) = &self.asns;
        let named = named.iter().map(|asn| format!("AS{asn}")).collect::<Vec<_>>().join(", ");
        if *more > 0 { format!("{named} and {more} more") } else { named }
    }
}

#[derive(Default)]
struct Seen {
    addresses: BTreeSet<[u8; 16]>,
    events: u64,
    last: i64,
    asns: BTreeMap<i64, u64>,
}

/// The networks of what fits and nobody holds, those with the most events first.
pub async fn unheld_networks(app: &App, asker: &Asker, wanted: &Wanted) -> Result<Vec<Network>> {
    let found = found::addresses(app, asker, &Wanted { holder: Some(0), ..wanted.clone() }).await?;
    let hosts: BTreeSet<[u8; 16]> = found.keys().map(|(_, ip)| *ip).collect();
    let blocks: BTreeSet<Prefix> = hosts.iter().filter_map(|ip| block(*ip)).collect();
    let around = allocations::covering(&mut app.db.read().await?, &blocks.into_iter().collect::<Vec<_>>()).await?;
    let mut seen: BTreeMap<Prefix, (Option<allocations::Given>, Seen)> = BTreeMap::new();
    for ((asn, ip), (events, last)) in found {
        let given = around.of(&Prefix::host(Ipv6Addr::from(ip).to_canonical()));
        let Some(network) = given.map(|given| given.network).or_else(|| block(ip)) else { continue };
        let (_, one) = seen.entry(network).or_insert_with(|| (given.cloned(), Seen::default()));
        one.addresses.insert(ip);
        one.events += events;
        one.last = one.last.max(last);
        if asn != 0 {
            *one.asns.entry(asn).or_default() += events;
        }
    }
    let mut all: Vec<Network> = seen.into_iter().map(|(network, (given, seen))| of(network, given, seen)).collect();
    all.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.network.cmp(&b.network)));
    Ok(all)
}

fn of(network: Prefix, given: Option<allocations::Given>, seen: Seen) -> Network {
    let mut asns: Vec<(i64, u64)> = seen.asns.into_iter().collect();
    asns.sort_by_key(|(asn, events)| (std::cmp::Reverse(*events), *asn));
    let more = asns.len().saturating_sub(NAMED);
    let asns = (asns.into_iter().take(NAMED).map(|(asn, _)| asn).collect(), more);
    Network { network, given, asns, addresses: seen.addresses.len() as u64, events: seen.events, last: ::store::instant(seen.last) }
}

/// The block around an address.
fn block(ip: [u8; 16]) -> Option<Prefix> {
    let address = Ipv6Addr::from(ip).to_canonical();
    Prefix::new(address, if address.is_ipv4() { BLOCKS.0 } else { BLOCKS.1 }).ok()
}

/// The same as CSV.
pub async fn unheld_csv(app: &App, asker: &Asker, wanted: &Wanted) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["network", "registry", "handle", "country", "asns", "addresses", "events", "last_seen"]).map_err(Error::fault)?;
    for one in unheld_networks(app, asker, wanted).await? {
        let (registry, handle, country) =
            one.given.as_ref().map(|given| (given.registry.as_str(), given.handle.as_str(), given.country.as_str())).unwrap_or_default();
        let line = [one.network.to_string(), one.asns_in_words(), one.addresses.to_string(), one.events.to_string(), one.last.to_string()];
        let [network, asns, addresses, events, last] = &line;
        out.write_record([network, registry, handle, country, asns, addresses, events, last].map(crate::web::show::cell)).map_err(Error::fault)?;
    }
    out.into_inner().map_err(Error::fault)
}
