//! Whose is it? The registry at one version, compiled once for many look-ups: which holders' resources
//! cover an address, a network, an AS number or a domain at a time, most specific first.

mod ranges;
mod table;

use formats::feed::{Events, Row, flag};
use formats::net::Prefix;
use ranges::Ranges;
use rustc_hash::FxHashMap;
use table::Table;

/// A resource of the registry: what a holder holds, and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The holder's number; positive.
    pub id: i64,
    pub resource: Resource,
    /// Microseconds; it holds from this instant,
    pub from: i64,
    /// and until before this one; [`i64::MAX`] for ever.
    pub until: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    Network(Prefix),
    Asn(u32),
    /// With all names below it; in A-labels, lower case.
    Domain(String),
}

/// By which kind of resource a holder was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Via {
    Ip,
    Domain,
    Asn,
    /// By none: nobody's.
    None,
}

impl Via {
    pub const ALL: [Self; 4] = [Self::Ip, Self::Domain, Self::Asn, Self::None];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Domain => "domain",
            Self::Asn => "asn",
            Self::None => "none",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|via| via.as_str() == name)
    }
}

/// What is looked up of an event.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub ip: [u8; 16],
    /// As in [`Events::prefix`].
    pub prefix: i8,
    pub asn: i64,
    pub domain: &'a str,
    pub observed: i64,
    pub flags: i32,
}

impl<'a> Subject<'a> {
    /// What is looked up of a row.
    pub fn of(events: &'a Events, row: usize) -> Self {
        Self {
            ip: events.ip.get(row).copied().unwrap_or(Row::NO_IP),
            prefix: events.prefix.get(row).copied().unwrap_or(-1),
            asn: events.asn.get(row).copied().unwrap_or(0),
            domain: events.domain.get(row),
            observed: events.observed.get(row).copied().unwrap_or(0),
            flags: events.flags.get(row).copied().unwrap_or(0),
        }
    }
}

/// One holder that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub holder: i64,
    pub via: Via,
}

/// The compiled registry.
#[derive(Debug, Default)]
pub struct Holders {
    version: i64,
    table: Table,
    v4: Ranges<u32>,
    v6: Ranges<u128>,
    asns: FxHashMap<i64, u32>,
    domains: FxHashMap<Box<str>, u32>,
}

/// The first twelve bytes of an IPv4 address in IPv6 form.
const V4: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

impl Holders {
    /// Compiles resources. `version` is the caller's: which state of the registry this is.
    pub fn compile(version: i64, resources: impl IntoIterator<Item = Holder>) -> Self {
        let mut table = Table::default();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        let (mut asns, mut domains) = (FxHashMap::default(), FxHashMap::default());
        for holder in resources {
            let held = table.note(&holder);
            match holder.resource {
                Resource::Network(prefix) => {
                    let (first, _) = prefix.bounds();
                    match v4_of(first).filter(|_| prefix.is_v4()) {
                        Some(first) => v4.push((first, prefix.len(), held)),
                        None => v6.push((u128::from_be_bytes(first), prefix.len(), held)),
                    }
                }
                Resource::Asn(asn) => table.chain(asns.entry(i64::from(asn)).or_insert(Table::NONE), held),
                Resource::Domain(name) => table.chain(domains.entry(name.into_boxed_str()).or_insert(Table::NONE), held),
            }
        }
        let v4 = Ranges::build(v4, &mut table);
        let v6 = Ranges::build(v6, &mut table);
        Self { version, table, v4, v6, asns, domains }
    }

    pub fn version(&self) -> i64 {
        self.version
    }

    /// How many resources it was compiled from.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds all holders: by address first, the longest prefix before the shorter, then by domain, the
    /// longest name before the shorter, then by AS number. A holder is named once, by its first reason.
    pub fn find(&self, subject: Subject<'_>, found: &mut Vec<Held>) {
        self.find_with(subject, self.by_address(subject.ip), found);
    }

    /// The same for many subjects; `each` gets them in their order.
    pub fn find_all<'a>(&self, subjects: impl Iterator<Item = Subject<'a>>, mut each: impl FnMut(&[Held])) {
        const BLOCK: usize = 256;
        let mut subjects = subjects.peekable();
        let (mut block, mut found): (Vec<Subject<'a>>, Vec<Held>) = (Vec::with_capacity(BLOCK), Vec::new());
        let (mut v4, mut v6, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        let (mut of_v4, mut of_v6, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        while subjects.peek().is_some() {
            block.clear();
            block.extend(subjects.by_ref().take(BLOCK));
            v4.clear();
            v6.clear();
            for subject in &block {
                match v4_of(subject.ip) {
                    Some(address) => v4.push(address),
                    None => v6.push(u128::from_be_bytes(subject.ip)),
                }
            }
            self.v4.find_all(&v4, &mut bounds, &mut of_v4);
            self.v6.find_all(&v6, &mut bounds, &mut of_v6);
            let (mut of_v4, mut of_v6) = (of_v4.iter(), of_v6.iter());
            entries.clear();
            entries.extend(block.iter().filter_map(|subject| if v4_of(subject.ip).is_some() { of_v4.next() } else { of_v6.next() }));
            self.table.warm(&entries);
            for (subject, entry) in block.iter().zip(&entries) {
                self.find_with(*subject, *entry, &mut found);
                each(&found);
            }
        }
    }

    /// `entry`: what [`Self::by_address`] says of the address.
    fn find_with(&self, subject: Subject<'_>, entry: u32, found: &mut Vec<Held>) {
        found.clear();
        let private = subject.flags & flag::PRIVATE != 0;
        if !private && subject.ip != Row::NO_IP {
            self.collect(entry, u8::try_from(subject.prefix).ok(), subject.observed, Via::Ip, found);
        }
        if !subject.domain.is_empty() && !self.domains.is_empty() {
            let mut name = subject.domain;
            loop {
                if let Some(entry) = self.domains.get(name) {
                    self.collect(*entry, None, subject.observed, Via::Domain, found);
                }
                match name.split_once('.') {
                    Some((_, parent)) => name = parent,
                    None => break,
                }
            }
        }
        if !private
            && subject.asn != 0
            && let Some(entry) = self.asns.get(&subject.asn)
        {
            self.collect(*entry, None, subject.observed, Via::Asn, found);
        }
    }

    /// The most specific network around an address, valid or not.
    fn by_address(&self, ip: [u8; 16]) -> u32 {
        match v4_of(ip) {
            Some(address) => self.v4.find(address),
            None => self.v6.find(u128::from_be_bytes(ip)),
        }
    }

    /// `len`: how long a prefix may be to cover the subject; any for a single address.
    fn collect(&self, mut entry: u32, len: Option<u8>, observed: i64, via: Via, found: &mut Vec<Held>) {
        while let Some(resource) = self.table.get(entry) {
            let covers = len.is_none_or(|len| self.table.prefix_len(entry) <= len);
            if covers && self.table.is_valid(resource, observed) && !found.iter().any(|held| held.holder == resource.holder) {
                found.push(Held { holder: resource.holder, via });
            }
            entry = resource.next;
        }
    }
}

#[inline]
fn v4_of(ip: [u8; 16]) -> Option<u32> {
    let (head, tail) = ip.split_at(12);
    (head == V4).then(|| u32::from_be_bytes(tail.try_into().unwrap_or_default()))
}
