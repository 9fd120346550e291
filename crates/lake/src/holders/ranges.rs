//! Nested networks as ranges that do not overlap: each range knows its most specific network, each
//! network the next larger one. An address is found by a table over its leading bits and a search among
//! the few ranges behind it.

use super::table::{Noted, Table};
use std::fmt::Debug;

/// Entries of the table over leading bits: two to this power at most.
const JUMPS: u32 = 21;

/// Ranges behind an entry of that table that are looked at without asking first whether it pays.
const FEW: usize = 4;

/// An address as a number.
pub(super) trait Width: Copy + Ord + Debug + Default {
    /// The first address behind a network that begins here; none behind the last address of all.
    fn end(self, len: u8) -> Option<Self>;

    /// How many bits the distance from `base` needs.
    fn bits(self, base: Self) -> u32;

    /// The leading bits of the distance from `base`, which is not larger.
    fn slot(self, base: Self, shift: u32) -> usize;
}

impl Width for u32 {
    fn end(self, len: u8) -> Option<Self> {
        self.checked_add(1_u32.checked_shl(32 - u32::from(len.min(32)))?)
    }

    fn bits(self, base: Self) -> u32 {
        Self::BITS - (self - base).leading_zeros()
    }

    #[inline]
    fn slot(self, base: Self, shift: u32) -> usize {
        (self - base).checked_shr(shift).map_or(0, |slot| slot as usize)
    }
}

impl Width for u128 {
    fn end(self, len: u8) -> Option<Self> {
        self.checked_add(1_u128.checked_shl(128 - u32::from(len.min(128)))?)
    }

    fn bits(self, base: Self) -> u32 {
        Self::BITS - (self - base).leading_zeros()
    }

    #[inline]
    fn slot(self, base: Self, shift: u32) -> usize {
        (self - base).checked_shr(shift).map_or(0, |slot| usize::try_from(slot).unwrap_or(usize::MAX))
    }
}

#[derive(Debug, Default)]
pub(super) struct Ranges<A> {
    /// Where each range begins, and its most specific network.
    starts: Vec<(A, u32)>,
    /// For the leading bits of `address - base`: the first range that may hold it.
    jumps: Vec<u32>,
    base: A,
    shift: u32,
}

impl<A: Width> Ranges<A> {
    /// `networks`: first address, length, and whose. They go into the table in the order of their addresses: those around
    /// an address lie near each other.
    pub fn build(mut networks: Vec<(A, u8, Noted)>, table: &mut Table) -> Self {
        // Larger before smaller; of equal ones the first stays the first.
        networks.sort_by_key(|(first, len, _)| (*first, *len));
        let mut starts: Vec<(A, u32)> = Vec::new();
        let mut open: Vec<(Option<A>, u32)> = Vec::new();
        let mut rest = networks.into_iter().peekable();
        while let Some((first, len, held)) = rest.next() {
            close(&mut open, Some(first), &mut starts);
            let parent = open.last().map_or(Table::NONE, |(_, entry)| *entry);
            let entry = table.push(held, len);
            // The same network again, held by another or at another time, follows in the chain.
            let mut last = entry;
            while let Some((.., again)) = rest.next_if(|(other, length, _)| *other == first && *length == len) {
                let next = table.push(again, len);
                table.link(last, next);
                last = next;
            }
            table.link(last, parent);
            begin(&mut starts, first, entry);
            open.push((first.end(len), entry));
        }
        close(&mut open, None, &mut starts);
        Self::index(starts)
    }

    fn index(starts: Vec<(A, u32)>) -> Self {
        let (Some((base, _)), Some((last, _))) = (starts.first().copied(), starts.last().copied()) else { return Self::default() };
        let bits = last.bits(base);
        let size = JUMPS.min(starts.len().next_power_of_two().ilog2() + 1);
        let shift = bits.saturating_sub(size);
        let mut jumps: Vec<u32> = Vec::new();
        for (at, (start, _)) in starts.iter().enumerate() {
            let slot = start.slot(base, shift);
            while jumps.len() <= slot {
                jumps.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        jumps.push(u32::try_from(starts.len()).unwrap_or(u32::MAX));
        Self { starts, jumps, base, shift }
    }

    /// The most specific network around an address.
    pub fn find(&self, address: A) -> u32 {
        self.search(address, self.bounds(address))
    }

    /// The same for many addresses. A look-up waits for memory, not for arithmetic: here the waits of
    /// many overlap.
    pub fn find_all(&self, addresses: &[A], bounds: &mut Vec<(u32, u32)>, found: &mut Vec<u32>) {
        bounds.clear();
        bounds.extend(addresses.iter().map(|address| self.bounds(*address)));
        found.clear();
        found.extend(addresses.iter().zip(bounds).map(|(address, bounds)| self.search(*address, *bounds)));
    }

    /// Which ranges begin with the same leading bits as the address.
    fn bounds(&self, address: A) -> (u32, u32) {
        if address < self.base {
            return (0, 0);
        }
        let slot = address.slot(self.base, self.shift).min(self.jumps.len().saturating_sub(2));
        let at = |slot: usize| self.jumps.get(slot).copied().unwrap_or(0);
        (at(slot), at(slot + 1))
    }

    fn search(&self, address: A, (from, to): (u32, u32)) -> u32 {
        let (from, to) = (from as usize, to as usize);
        let among = self.starts.get(from..to).unwrap_or_default();
        let before = if among.len() <= FEW {
            // Adding up is quicker than guessing wrong.
            among.iter().map(|(start, _)| usize::from(*start <= address)).sum()
        } else {
            among.partition_point(|(start, _)| *start <= address)
        };
        (from + before).checked_sub(1).and_then(|at| self.starts.get(at)).map_or(Table::NONE, |(_, entry)| *entry)
    }
}

/// Ends networks that end before `until`; behind each, what is around it goes on.
fn close<A: Width>(open: &mut Vec<(Option<A>, u32)>, until: Option<A>, starts: &mut Vec<(A, u32)>) {
    while let Some((end, _)) = open.last().copied() {
        // A network that reaches to the last address of all never ends.
        if until.is_some_and(|until| end.is_none_or(|end| end > until)) {
            break;
        }
        open.pop();
        if let Some(end) = end {
            begin(starts, end, open.last().map_or(Table::NONE, |(_, entry)| *entry));
        }
    }
}

fn begin<A: Width>(starts: &mut Vec<(A, u32)>, at: A, entry: u32) {
    match starts.last_mut() {
        Some(last) if last.0 == at => last.1 = entry,
        _ => starts.push((at, entry)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Held, Holder, Holders, Resource, Subject, Via};
    use formats::net::Prefix;
    use proptest::prelude::*;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    fn subject(ip: IpAddr, prefix: i8, observed: i64) -> Subject<'static> {
        let ip = match ip {
            IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
            IpAddr::V6(ip) => ip.octets(),
        };
        Subject { ip, prefix, asn: 0, domain: "", observed, flags: 0 }
    }

    /// What `find` should say, by looking at each resource.
    fn naive(all: &[Holder], ip: IpAddr, len: u8, observed: i64) -> Vec<i64> {
        let mut covering: Vec<(u8, usize, i64)> = Vec::new();
        for (at, holder) in all.iter().enumerate() {
            let Resource::Network(prefix) = &holder.resource else { continue };
            if prefix.is_v4() == ip.is_ipv4() && prefix.contains(ip) && prefix.len() <= len && holder.from <= observed && observed < holder.until {
                covering.push((u8::MAX - prefix.len(), at, holder.id));
            }
        }
        covering.sort_unstable();
        let mut ids = Vec::new();
        for (.., id) in covering {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Addresses of a small world, so that networks nest; sometimes at the very ends.
    fn address() -> impl Strategy<Value = IpAddr> {
        let v4 = prop_oneof![0_u32..64, (u32::MAX - 63)..=u32::MAX, 0x0a00_0000_u32..0x0a00_0040].prop_map(|ip| IpAddr::V4(Ipv4Addr::from(ip)));
        let v6 = prop_oneof![(1_u128 << 20)..(1 << 20) + 64, (u128::MAX - 63)..=u128::MAX, (0x2001_u128 << 112)..(0x2001_u128 << 112) + 64];
        prop_oneof![v4, v6.prop_map(|ip| IpAddr::V6(Ipv6Addr::from(ip)))]
    }

    fn network() -> impl Strategy<Value = Prefix> {
        (address(), prop_oneof![0_u8..8, 26_u8..=32]).prop_map(|(ip, len)| {
            let len = if ip.is_ipv4() { len } else { 96 + len };
            Prefix::new(ip, if ip.is_ipv6() && len < 104 { len - 96 } else { len }).unwrap()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn all_covering_holders_are_found_as_by_looking_at_each(
            networks in prop::collection::vec((network(), 1_i64..6, 0_i64..4, 0_i64..4), 0..40),
            asked in prop::collection::vec((address(), 0_u8..12, 0_i64..5), 1..60),
        ) {
            let all: Vec<Holder> = networks
                .into_iter()
                .map(|(prefix, id, from, long)| Holder { id, resource: Resource::Network(prefix), from, until: from + long })
                .collect();
            let holders = Holders::compile(1, all.clone());
            let mut found = Vec::new();
            for (ip, shorter, observed) in asked {
                let full = if ip.is_ipv4() { 32 } else { 128 };
                let len = full - shorter;
                let net = Prefix::new(ip, len).unwrap();
                let prefix = if len == full { -1 } else { i8::try_from(len).unwrap() };
                holders.find(subject(net.address(), prefix, observed), &mut found);
                let ids: Vec<i64> = found.iter().map(|held: &Held| held.holder).collect();
                prop_assert_eq!(ids, naive(&all, net.address(), len, observed), "{}", net);
            }
        }
    }

    #[test]
    fn a_domain_is_found_by_its_parents_and_an_as_by_its_number() {
        let whole = |id, resource| Holder { id, resource, from: 0, until: i64::MAX };
        let holders = Holders::compile(
            3,
            [
                whole(1, Resource::Domain("example.net".into())),
                whole(2, Resource::Domain("shop.example.net".into())),
                whole(3, Resource::Asn(64_500)),
                whole(1, Resource::Asn(64_500)),
                Holder { id: 4, resource: Resource::Domain("shop.example.net".into()), from: 0, until: 5 },
            ],
        );
        let mut found = Vec::new();
        let mut ids = |domain, asn, observed, flags| {
            holders.find(Subject { asn, domain, flags, ..subject("::".parse().unwrap(), -1, observed) }, &mut found);
            found.iter().map(|held| (held.holder, held.via)).collect::<Vec<_>>()
        };
        assert_eq!(ids("a.shop.example.net", 64_500, 9, 0), [(2, Via::Domain), (1, Via::Domain), (3, Via::Asn)]);
        assert_eq!(ids("shop.example.net", 0, 4, 0), [(2, Via::Domain), (4, Via::Domain), (1, Via::Domain)]);
        assert_eq!(ids("ample.net", 64_501, 9, 0), []);
        assert_eq!(ids("", 64_500, 9, formats::feed::flag::PRIVATE), []);
    }
}
