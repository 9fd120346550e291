//! From events to findings: what is told of one subject, however often it was seen. Pure.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};

use ::lake::Event;
use formats::label::Tlp;
use formats::net::Prefix;
use serde::{Deserialize, Serialize};

/// Types whose subject is a page or a mailbox, and not the machine that serves it.
const BY_URL: [&str; 7] =
    ["phishing", "masquerade", "copyright", "malware-distribution", "malware-configuration", "unauthorised-information-modification", "data-leak"];

/// Types that tell of a machine which went out to others: its port is another one with each connection, and whoever is
/// told looks for the machine. Of all others the port is the service's that is meant.
const GOES_OUT: [&str; 8] = ["infected-system", "scanner", "spam", "ids-alert", "brute-force", "exploit", "dos", "ddos"];

/// What makes findings differ. In this order they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// RSIT class; empty where the feed says none.
    pub class: Box<str>,
    /// RSIT type.
    pub r#type: Box<str>,
    /// Address, IPv4 mapped.
    pub ip: Option<[u8; 16]>,
    /// The length of a network; -1 for an address.
    pub prefix: i8,
    /// Domain, or empty.
    pub domain: Box<str>,
    /// The page or mailbox, for what is about these.
    pub url: Box<str>,
    /// The service's port; -1 where there is none, or where it is only the one that the machine went out from.
    pub port: i32,
    /// `tcp`, `udp`, or empty.
    pub transport: Box<str>,
    /// The source's own name for it.
    pub identifier: Box<str>,
    /// Feed.
    pub feed: Box<str>,
    /// Report type.
    pub report: Box<str>,
}

/// All that was seen of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Of what.
    pub key: Key,
    /// The worst of its events: 0 (info) to 4 (critical).
    pub severity: i8,
    /// When it was first seen, in microseconds.
    pub first: i64,
    /// When it was last seen.
    pub last: i64,
    /// How many events.
    pub events: u64,
    /// How many sightings the sources folded into them.
    pub sightings: u64,
    /// AS number, or 0.
    pub asn: i64,
    /// The highest label of its events.
    pub tlp: Tlp,
    /// The last malware named.
    pub malware: Box<str>,
    /// The last CVEs named.
    pub cve: Box<str>,
    /// The first and last arrival of its events.
    pub arrivals: (i64, i64),
    /// Where the port makes no difference: that of the last sighting, by which a machine behind a shared address is found.
    #[serde(default)]
    pub from: Option<(i32, Box<str>)>,
}

impl Finding {
    /// The address or network, or nothing.
    pub fn address(&self) -> String {
        let Some(ip) = self.key.ip else { return String::new() };
        let ip = IpAddr::V6(Ipv6Addr::from(ip)).to_canonical();
        let len = u8::try_from(self.key.prefix).ok();
        len.and_then(|len| Prefix::new(ip, len).ok()).map_or_else(|| ip.to_string(), |network| network.to_string())
    }

    /// `fraud/phishing`; empty where nothing is said.
    pub fn path(&self) -> String {
        if self.key.r#type.is_empty() { String::new() } else { format!("{}/{}", self.key.class, self.key.r#type) }
    }

    fn take(&mut self, event: &Event<'_>, arrival: i64, tlp: Tlp) {
        self.severity = self.severity.max(event.severity.unwrap_or(0));
        self.first = self.first.min(event.observed);
        self.events += 1;
        self.sightings += u64::try_from(event.count).unwrap_or(1).max(1);
        self.tlp = self.tlp.max(tlp);
        self.arrivals = (self.arrivals.0.min(arrival), self.arrivals.1.max(arrival));
        if event.observed >= self.last {
            self.last = event.observed;
            self.asn = event.asn.unwrap_or(self.asn);
            self.from = event.port.filter(|_| !self.key.has_port()).map(|port| (port, event.transport.into()));
            keep(&mut self.malware, event.malware);
            keep(&mut self.cve, event.cve);
        }
    }

    /// Takes what was told of it before into account.
    pub(super) fn unite(&mut self, before: &Self) {
        self.first = self.first.min(before.first);
        self.last = self.last.max(before.last);
        self.events += before.events;
        self.sightings += before.sightings;
        self.tlp = self.tlp.max(before.tlp);
    }
}

fn keep(to: &mut Box<str>, word: &str) {
    if !word.is_empty() && **to != *word {
        *to = word.into();
    }
}

impl Key {
    /// Whether the port tells one finding from another.
    fn has_port(&self) -> bool {
        !GOES_OUT.contains(&&*self.r#type)
    }

    /// As it is now, of one that was written down when every port made a difference.
    pub fn normal(self) -> Self {
        if self.has_port() { self } else { Self { port: -1, transport: Box::default(), ..self } }
    }

    fn of(event: &Event<'_>) -> Self {
        let key = Self {
            class: event.class.into(),
            r#type: event.r#type.into(),
            ip: event.ip,
            prefix: event.prefix.unwrap_or(-1),
            domain: event.domain.into(),
            url: if BY_URL.contains(&event.r#type) { event.url.into() } else { Box::default() },
            port: event.port.unwrap_or(-1),
            transport: event.transport.into(),
            identifier: event.identifier.into(),
            feed: event.feed.into(),
            report: event.kind.into(),
        };
        key.normal()
    }
}

/// Findings as they grow out of events: in little memory, in the order of keys, those behind one of them.
#[derive(Debug)]
pub struct Gathered {
    /// The findings, each with all its events.
    pub findings: BTreeMap<Key, Finding>,
    /// Of what was told before: up to which arrival.
    told: HashMap<Key, i64>,
    /// The label of an event that says none.
    label: Tlp,
    /// So many findings at most are held in memory: the first ones.
    most: usize,
    after: Option<Key>,
    /// Whether there are more behind them.
    pub full: bool,
}

impl Gathered {
    /// `told`: which findings were told up to which arrival. `after`: only what is behind this one.
    pub fn new(told: impl IntoIterator<Item = (Key, i64)>, label: Tlp, most: usize, after: Option<Key>) -> Self {
        Self { findings: BTreeMap::new(), told: told.into_iter().collect(), label, most: most.max(1), after, full: false }
    }

    /// Takes an event with its file's arrival, unless it was told of.
    pub fn add(&mut self, event: &Event<'_>, arrival: i64) {
        let key = Key::of(event);
        if self.told.get(&key).is_some_and(|told| *told >= arrival) || self.after.as_ref().is_some_and(|after| key <= *after) {
            return;
        }
        // A label that cannot be read lets nothing out.
        let tlp = if event.tlp.is_empty() { self.label } else { event.tlp.parse().unwrap_or(Tlp::Red) };
        if let Some(finding) = self.findings.get_mut(&key) {
            finding.take(event, arrival, tlp);
            return;
        }
        if self.findings.len() >= self.most {
            self.full = true;
            // What is let go here comes in the next look: it is behind all that stay, and so never comes back in this one.
            match self.findings.last_entry() {
                Some(last) if key < *last.key() => drop(last.remove()),
                _ => return,
            }
        }
        let mut finding = Finding {
            key: key.clone(),
            severity: 0,
            first: event.observed,
            last: event.observed,
            events: 0,
            sightings: 0,
            asn: 0,
            tlp,
            malware: Box::default(),
            cve: Box::default(),
            arrivals: (arrival, arrival),
            from: None,
        };
        finding.take(event, arrival, tlp);
        self.findings.insert(key, finding);
    }
}
