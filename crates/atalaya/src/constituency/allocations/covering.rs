//! Which allocation of the registries' lists a network lies in, as the lists stand now: of several that cover it the
//! narrowest.

use std::collections::{BTreeSet, HashMap};

use ::store::Reader;
use formats::net::Prefix;

use super::store;
use crate::Result;

/// How many keys go into one statement.
const AT_ONCE: usize = 8000;
/// What is asked for by its own key; the few allocations of IPv4 that are narrower are read whole.
const BLOCK: u8 = 24;

/// An allocation as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The network.
    pub network: Prefix,
    /// The list.
    pub registry: String,
    /// Its holder, as the list calls it.
    pub handle: String,
    /// Two letters, or empty.
    pub country: String,
}

/// The allocations around some networks.
#[derive(Clone, Debug, Default)]
pub struct Covering(HashMap<Prefix, Given>);

impl Covering {
    /// The narrowest allocation that a network lies in.
    pub fn of(&self, network: &Prefix) -> Option<&Given> {
        network.covering().find_map(|wider| self.0.get(&wider))
    }
}

/// Reads the allocations that one of these networks lies in, and those of IPv4 that are narrower than a block of 256.
pub async fn covering(reader: &mut Reader, networks: &[Prefix]) -> Result<Covering> {
    let lists = super::lists(reader).await?;
    let mut found = Covering::default();
    if lists.is_empty() || networks.is_empty() {
        return Ok(found);
    }
    let blocks = networks.iter().map(|network| if network.is_v4() && network.len() > BLOCK { block(network) } else { *network });
    let keys: BTreeSet<String> = blocks.flat_map(|block| block.covering().map(|wider| wider.to_string()).collect::<Vec<_>>()).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let names: Vec<String> = lists.into_iter().map(|(registry, _)| registry).collect();
    for some in keys.chunks(AT_ONCE) {
        found.take(store::allocated(reader, &names, some).await?);
    }
    found.take(store::narrow_allocations(reader).await?);
    Ok(found)
}

impl Covering {
    fn take(&mut self, rows: Vec<(String, String, String, String)>) {
        for (registry, value, handle, country) in rows {
            if let Ok(network) = value.parse::<Prefix>() {
                self.0.entry(network).or_insert(Given { network, registry, handle, country });
            }
        }
    }
}

/// The block of 256 addresses around a network of IPv4.
fn block(network: &Prefix) -> Prefix {
    Prefix::new(network.address(), BLOCK).unwrap_or(*network)
}
