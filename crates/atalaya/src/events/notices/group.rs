//! From events to findings: what is told of one subject, however often it was seen. Pure.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use ::lake::Event;
use formats::label::Tlp;
use formats::net::Prefix;
use serde::{Deserialize, Serialize};

use super::key::Key;
use super::standing::{Known, find};
use super::words::{Word, Words};

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
    pub malware: Word,
    /// The last CVEs named.
    pub cve: Word,
    /// The first and last arrival of its events.
    pub arrivals: (i64, i64),
    /// Where the port makes no difference: that of the last sighting, by which a machine behind a shared address is found.
    #[serde(default)]
    pub from: Option<(i32, Word)>,
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
        if self.key.nature.r#type.is_empty() { String::new() } else { format!("{}/{}", self.key.nature.class, self.key.nature.r#type) }
    }

    /// Before its first event is taken.
    fn begun(key: Key, event: &Event<'_>, arrival: i64, tlp: Tlp) -> Self {
        Self {
            key,
            severity: 0,
            first: event.observed,
            last: event.observed,
            events: 0,
            sightings: 0,
            asn: 0,
            tlp,
            malware: Word::default(),
            cve: Word::default(),
            arrivals: (arrival, arrival),
            from: None,
        }
    }

    fn take(&mut self, event: &Event<'_>, arrival: i64, tlp: Tlp, words: &mut Words) {
        self.severity = self.severity.max(event.severity.unwrap_or(0));
        self.first = self.first.min(event.observed);
        self.events += 1;
        self.sightings += u64::try_from(event.count).unwrap_or(1).max(1);
        self.tlp = self.tlp.max(tlp);
        self.arrivals = (self.arrivals.0.min(arrival), self.arrivals.1.max(arrival));
        if event.observed >= self.last {
            self.last = event.observed;
            self.asn = event.asn.unwrap_or(self.asn);
            self.from = event.port.filter(|_| !self.key.has_port()).map(|port| (port, words.word(event.transport)));
            keep(&mut self.malware, event.malware, words);
            keep(&mut self.cve, event.cve, words);
        }
    }

    /// What was seen last is what the later of both saw: a file that comes late tells of days before those that are known.
    /// The instant and what it says of the machine are one sighting's.
    pub(super) fn see_last(&mut self, other: &Self) {
        if other.last <= self.last {
            return;
        }
        (self.last, self.asn, self.from) = (other.last, other.asn, other.from.clone());
        for (to, word) in [(&mut self.malware, &other.malware), (&mut self.cve, &other.cve)] {
            if !word.is_empty() {
                *to = word.clone();
            }
        }
    }

    /// Takes what was told of it before into account.
    pub(super) fn unite(&mut self, before: &Self) {
        self.first = self.first.min(before.first);
        self.see_last(before);
        self.events += before.events;
        self.sightings += before.sightings;
        self.tlp = self.tlp.max(before.tlp);
    }
}

fn keep(to: &mut Word, word: &str, words: &mut Words) {
    if !word.is_empty() && **to != *word {
        *to = words.word(word);
    }
}

/// Findings as they grow out of events: in little memory, in the order of keys, those behind one of them.
#[derive(Debug)]
pub struct Gathered {
    /// The findings, each with all its events.
    pub findings: BTreeMap<Key, Finding>,
    /// What was told before, in the order of keys.
    known: Arc<Vec<Known>>,
    words: Words,
    /// The label of an event that says none.
    label: Tlp,
    /// So many findings at most are held in memory: the first ones.
    most: usize,
    after: Option<Key>,
    /// Whether there are more behind them.
    pub full: bool,
}

impl Gathered {
    /// `known`: what was told, in the order of keys. `after`: only what is behind this one.
    pub fn new(known: Arc<Vec<Known>>, label: Tlp, most: usize, after: Option<Key>) -> Self {
        Self { findings: BTreeMap::new(), known, words: Words::default(), label, most: most.max(1), after, full: false }
    }

    /// Takes an event with its file's arrival, unless it was told of.
    pub fn add(&mut self, event: &Event<'_>, arrival: i64) {
        let key = Key::of(event, &mut self.words);
        if find(&self.known, &key).is_some_and(|known| known.told_to >= arrival) || self.after.as_ref().is_some_and(|after| key <= *after) {
            return;
        }
        // A label that cannot be read lets nothing out.
        let tlp = if event.tlp.is_empty() { self.label } else { event.tlp.parse().unwrap_or(Tlp::Red) };
        if let Some(finding) = self.findings.get_mut(&key) {
            finding.take(event, arrival, tlp, &mut self.words);
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
        let mut finding = Finding::begun(key.clone(), event, arrival, tlp);
        finding.take(event, arrival, tlp, &mut self.words);
        self.findings.insert(key, finding);
    }
}
