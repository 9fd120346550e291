//! Whose is an address: look-ups in a registry of a million IPv4 and 200,000 IPv6 prefixes, as the routing table of
//! the world has them. In this process and without a network; `per_second` is look-ups per CPU-second.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ::lake::{Holder, Holders, Resource, Subject};
use formats::net::Prefix;

use super::{Figure, Turn, in_turns};
use crate::{Error, Result};

const V4: usize = 1_000_000;
const V6: usize = 200_000;
/// Look-ups of one turn, and turns.
const ASKED: usize = 2_000_000;
const TURNS: usize = 5;

/// Measures those of the two that are wanted. Both ask for half of all addresses anywhere, and for half in a network
/// that somebody holds.
pub fn prefixes(database: &'static str, wants: impl Fn(&str) -> bool) -> Result<Vec<Figure>> {
    let wanted: Vec<&str> = ["prefix_v4", "prefix_v6"].into_iter().filter(|what| wants(what)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut dice = fastrand::Rng::with_seed(1);
    let v4: Vec<Prefix> = (0..V4).filter_map(|_| Prefix::new(IpAddr::V4(Ipv4Addr::from(dice.u32(..))), 24 - shorter(&mut dice, 14)).ok()).collect();
    let v6: Vec<Prefix> = (0..V6).filter_map(|_| Prefix::new(IpAddr::V6(Ipv6Addr::from(anywhere(&mut dice))), 48 - shorter(&mut dice, 24)).ok()).collect();
    let resources =
        v4.iter().chain(&v6).zip(0_i64..).map(|(prefix, n)| Holder { id: n % 30_000 + 1, resource: Resource::Network(*prefix), from: 0, until: i64::MAX });
    let holders = Holders::compile(1, resources);
    let place = (database, i64::try_from(holders.len()).unwrap_or(i64::MAX));
    let mut figures = Vec::new();
    for what in wanted {
        let asked: Vec<[u8; 16]> = if what == "prefix_v4" {
            addresses(&mut dice, &v4, |dice| Ipv4Addr::from(dice.u32(..)).to_ipv6_mapped().into(), 1 << 8)
        } else {
            addresses(&mut dice, &v6, anywhere, 1 << 64)
        };
        figures.push(figure(what, place, &holders, &asked)?);
    }
    Ok(figures)
}

/// How much shorter than the usual length a prefix is: each step half as often.
fn shorter(dice: &mut fastrand::Rng, most: u32) -> u8 {
    u8::try_from(dice.u32(..).trailing_zeros().min(most)).unwrap_or(0)
}

/// In that part of `2000::/4` in which networks are.
fn anywhere(dice: &mut fastrand::Rng) -> u128 {
    u128::from(0x2000 | dice.u64(..0x1000)) << 112 | u128::from(dice.u64(..)) << 48
}

/// `hosts`: how many addresses the smallest network has.
fn addresses(dice: &mut fastrand::Rng, held: &[Prefix], anywhere: impl Fn(&mut fastrand::Rng) -> u128, hosts: u128) -> Vec<[u8; 16]> {
    let each = (0..ASKED).map(|n| match held.get(dice.usize(..held.len().max(1))).filter(|_| n % 2 == 0) {
        Some(prefix) => u128::from_be_bytes(prefix.bounds().0) + dice.u128(..hosts),
        None => anywhere(dice),
    });
    each.map(u128::to_be_bytes).collect()
}

fn figure(what: &str, place: (&'static str, i64), holders: &Holders, asked: &[[u8; 16]]) -> Result<Figure> {
    let mut found = 0;
    let turn = Turn { actions: asked.len(), units: asked.len(), bytes: 0 };
    let figure = in_turns(what, place, TURNS, turn, || {
        let subjects = asked.iter().map(|ip| Subject { ip: *ip, prefix: -1, asn: 0, domain: "", observed: 1, flags: 0 });
        holders.find_all(subjects, |held| found += held.len());
        Ok(())
    })?;
    if found < asked.len() {
        return Err(Error::fault(format!("{what}: half of what was asked should be somebody's")));
    }
    Ok(figure)
}
