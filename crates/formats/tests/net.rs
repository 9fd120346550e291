//! Prefixes from outside: what is read, what covers what, and what a range is made of.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use formats::net::Prefix;
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn prefix(text: &str) -> Prefix {
    text.parse().unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn each_spelling_has_one_form() {
    let table = [
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.77/24", "192.0.2.0/24"),
        (" 192.0.2.1 ", "192.0.2.1/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0::1", "2001:db8::1/128"),
        ("2001:db8:ffff::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.1", "192.0.2.1/32"),
        ("::ffff:192.0.2.1/120", "192.0.2.0/24"),
        ("::ffff:192.0.2.1/64", "::/64"),
    ];
    for (text, expect) in table {
        assert_eq!(prefix(text).to_string(), expect, "{text}");
    }
    let bad = [
        "",
        "/",
        "192.0.2",
        "192.0.2.0/33",
        "192.0.2.0/",
        "192.0.2.0/+8",
        "192.0.2.0/8/8",
        "2001:db8::/129",
        "2001:db8::/256",
        "example",
        "192.0.2.256",
        "192.0.2.0/-1",
    ];
    for text in bad {
        let error = text.parse::<Prefix>().unwrap_err().to_string();
        assert!(error.contains("is not a prefix") && !error.contains('\n'), "{text}: {error}");
    }
}

#[test]
fn a_prefix_knows_what_lies_in_it() {
    let net = prefix("192.0.2.0/24");
    assert!(net.contains(ip("192.0.2.255")) && net.contains(ip("::ffff:192.0.2.1")));
    assert!(!net.contains(ip("192.0.3.0")) && !net.contains(ip("2001:db8::1")));
    assert!(net.covers(&net) && net.covers(&prefix("192.0.2.128/25")));
    assert!(!net.covers(&prefix("192.0.0.0/16")) && !net.covers(&prefix("2001:db8::/64")));
    assert_eq!((net.len(), net.is_v4(), net.is_host()), (24, true, false));
    let low = Ipv4Addr::new(192, 0, 2, 0).to_ipv6_mapped().octets();
    let high = Ipv4Addr::new(192, 0, 2, 255).to_ipv6_mapped().octets();
    assert_eq!(net.bounds(), (low, high));
}

#[test]
fn covering_goes_from_itself_to_length_one() {
    let all: Vec<_> = prefix("192.0.2.1").covering().collect();
    assert_eq!(all.len(), 32);
    assert_eq!(all[0], prefix("192.0.2.1/32"));
    assert_eq!(all[8], prefix("192.0.2.0/24"));
    assert_eq!(all[31], prefix("128.0.0.0/1"));
    assert_eq!(prefix("2001:db8::1").covering().count(), 128);
    assert_eq!(prefix("0.0.0.0/0").covering().count(), 1);
}

#[test]
fn a_range_becomes_the_fewest_prefixes() {
    let table: &[(&str, &str, &[&str])] = &[
        ("192.0.2.0", "192.0.2.255", &["192.0.2.0/24"]),
        ("192.0.2.1", "192.0.2.1", &["192.0.2.1/32"]),
        ("192.0.2.1", "192.0.2.6", &["192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6/32"]),
        ("0.0.0.0", "255.255.255.255", &["0.0.0.0/0"]),
        ("2001:db8::", "2001:db8::ffff", &["2001:db8::/112"]),
        ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &["::/0"]),
        ("192.0.2.9", "192.0.2.1", &[]),
        ("192.0.2.1", "2001:db8::1", &[]),
    ];
    for (low, high, expect) in table {
        let expect: Vec<_> = expect.iter().map(|text| prefix(text)).collect();
        assert_eq!(Prefix::from_range(ip(low), ip(high)), expect, "{low}-{high}");
    }
}

proptest! {
    #[test]
    fn text_survives_a_round_trip(bits: u128, v4: u32, len in 0u8..=128, short in 0u8..=32) {
        for net in [
            Prefix::new(Ipv6Addr::from(bits).into(), len).unwrap(),
            Prefix::new(Ipv4Addr::from(v4).into(), short).unwrap(),
        ] {
            prop_assert_eq!(net.to_string().parse::<Prefix>(), Ok(net));
            prop_assert!(net.contains(net.address()) && net.contains(net.last()));
            prop_assert!(net.covering().all(|wider| wider.covers(&net)));
            let (low, high) = net.bounds();
            prop_assert!(low <= high);
        }
    }

    #[test]
    fn a_range_is_covered_exactly(a: u32, b: u32) {
        let (low, high) = (a.min(b), a.max(b));
        let nets = Prefix::from_range(Ipv4Addr::from(low).into(), Ipv4Addr::from(high).into());
        let size: u64 = nets.iter().map(|net| 1u64 << (32 - net.len())).sum();
        prop_assert_eq!(size, u64::from(high - low) + 1);
        prop_assert!(nets.windows(2).all(|pair| pair[0].last() < pair[1].address()));
        prop_assert!(nets.len() <= 62);
    }
}
