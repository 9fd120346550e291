//! What is looked for: the observables that a question names, what else is worth looking up for them, and
//! where its next page begins.

use std::net::IpAddr;

use ::store::Id;
use formats::net::Prefix;
use formats::observable::{Kind, Observable, distinct, extract};
use jiff::Timestamp;

use crate::web::Fields;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// As typed.
    pub q: String,
    /// `report`, `case`, `message`, `organisation`, `observable`, or empty for all.
    pub kind: String,
    /// Go on below this place of the index.
    pub before: Option<i64>,
    /// Go on before this sighting: when, and where.
    pub seen_before: Option<(Timestamp, Id)>,
    /// Look for addresses as words too.
    pub as_words: bool,
}

impl Question {
    /// What the fields of the search page ask.
    pub(super) fn read(asked: &Fields) -> Self {
        Self {
            q: asked.get("q").to_owned(),
            kind: asked.get("in").to_owned(),
            before: asked.get("before").parse().ok(),
            seen_before: key_of(asked.get("seen")),
            as_words: asked.has("words"),
        }
    }
}

/// The observables of a question, and whether it is nothing else.
pub(super) fn recognised(q: &str) -> (Vec<Observable>, bool) {
    let found = extract(q);
    if found.is_empty() && !q.contains(char::is_whitespace) {
        let one: Vec<Observable> = Kind::ALL.into_iter().find_map(|kind| Observable::new(kind, q).ok()).into_iter().collect();
        let exact = !one.is_empty();
        return (one, exact);
    }
    let inside = |at: usize| found.iter().any(|one| one.at.contains(&at));
    let exact = !found.is_empty() && q.char_indices().all(|(at, c)| inside(at) || !c.is_alphanumeric());
    (distinct(&found), exact)
}

/// What else is worth looking up for an observable: the networks around an address, the addresses of a small network.
pub(super) fn around(one: &Observable) -> Vec<Observable> {
    let own: Option<Prefix> = match one.kind {
        Kind::Ip => one.value.parse::<IpAddr>().ok().map(Prefix::host),
        Kind::Cidr => one.value.parse().ok(),
        _ => None,
    };
    let Some(own) = own else { return Vec::new() };
    let wider = own.covering().filter(|net| *net != own).map(|net| Observable { kind: Kind::Cidr, value: net.to_string() });
    let inside: Vec<Observable> = match (one.kind, own.address(), own.last()) {
        (Kind::Cidr, IpAddr::V4(low), IpAddr::V4(high)) if own.len() >= 24 => {
            (low.to_bits()..=high.to_bits()).map(|bits| Observable { kind: Kind::Ip, value: std::net::Ipv4Addr::from_bits(bits).to_string() }).collect()
        }
        (Kind::Cidr, IpAddr::V6(low), IpAddr::V6(high)) if own.len() >= 120 => {
            (low.to_bits()..=high.to_bits()).map(|bits| Observable { kind: Kind::Ip, value: std::net::Ipv6Addr::from_bits(bits).to_string() }).collect()
        }
        _ => Vec::new(),
    };
    wider.chain(inside).collect()
}

/// The key of a sighting, as an address has it.
pub(super) fn written((at, about): (Timestamp, Id)) -> String {
    format!("{}-{about}", at.as_microsecond())
}

/// A key that [`written`] wrote.
pub fn key_of(text: &str) -> Option<(Timestamp, Id)> {
    let (at, about) = text.split_once('-')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, about.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_is_an_address_is_one_and_words_around_it_make_it_more() {
        let values = |q: &str| recognised(q).0.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
        assert_eq!(values("192[.]0[.]2[.]7"), ["192.0.2.7"]);
        assert!(recognised("192.0.2.7, AS64501").1);
        assert!(!recognised("scan from 192.0.2.7").1);
        assert_eq!(recognised("router floods"), (vec![], false));
        assert!(recognised("CVE-2026-31337").1);
    }

    #[test]
    fn around_an_address_are_its_networks_and_in_a_small_network_its_addresses() {
        let ip = Observable::new(Kind::Ip, "192.0.2.7").unwrap();
        let nets: Vec<String> = around(&ip).into_iter().map(|one| one.value).collect();
        assert!(nets.contains(&"192.0.2.0/24".to_owned()) && nets.contains(&"192.0.0.0/16".to_owned()) && nets.len() == 31);
        let net = Observable::new(Kind::Cidr, "192.0.2.0/30").unwrap();
        assert!(around(&net).iter().any(|one| one.kind == Kind::Ip && one.value == "192.0.2.3"));
    }
}
