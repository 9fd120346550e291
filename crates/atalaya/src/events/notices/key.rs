//! What makes findings differ: their nature and their place. A million of them share a few natures.

use std::cmp::Ordering;
use std::sync::Arc;

use ::lake::Event;
use serde::{Deserialize, Serialize};

use super::words::{Word, Words};

/// Types whose subject is a page or a mailbox, and not the machine that serves it.
const BY_URL: [&str; 7] =
    ["phishing", "masquerade", "copyright", "malware-distribution", "malware-configuration", "unauthorised-information-modification", "data-leak"];

/// Types that tell of a machine which went out to others: its port is another one with each connection, and whoever is
/// told looks for the machine. Of all others the port is the service's that is meant.
const GOES_OUT: [&str; 8] = ["infected-system", "scanner", "spam", "ids-alert", "brute-force", "exploit", "dos", "ddos"];

/// Whether the port tells one finding of a type from another.
fn has_port(of: &str) -> bool {
    !GOES_OUT.contains(&of)
}

/// What a finding is, wherever it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Nature {
    /// RSIT class; empty where the feed says none.
    pub class: Word,
    /// RSIT type.
    pub r#type: Word,
    /// `tcp`, `udp`, or empty.
    pub transport: Word,
    /// The source's own name for it.
    pub identifier: Word,
    /// Feed.
    pub feed: Word,
    /// Report type.
    pub report: Word,
}

impl Nature {
    /// Class, type, transport, identifier, feed and report.
    pub fn words(&self) -> [&str; 6] {
        [&self.class, &self.r#type, &self.transport, &self.identifier, &self.feed, &self.report]
    }

    fn source(&self) -> (&str, &str, &str, &str) {
        (&self.transport, &self.identifier, &self.feed, &self.report)
    }
}

/// What makes findings differ. They are listed by class and type, by place, and then by what else is in their nature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Key {
    /// What it is.
    pub nature: Arc<Nature>,
    /// Address, IPv4 mapped.
    pub ip: Option<[u8; 16]>,
    /// The length of a network; -1 for an address.
    pub prefix: i8,
    /// Domain, or empty.
    pub domain: Word,
    /// The page or mailbox, for what is about these.
    pub url: Word,
    /// The service's port; -1 where there is none, or where it is only the one that the machine went out from.
    pub port: i32,
}

impl Key {
    /// Of an event.
    pub fn of(event: &Event<'_>, words: &mut Words) -> Self {
        let has_port = has_port(event.r#type);
        let transport = if has_port { event.transport } else { "" };
        Self {
            nature: words.nature([event.class, event.r#type, transport, event.identifier, event.feed, event.kind]),
            ip: event.ip,
            prefix: event.prefix.unwrap_or(-1),
            domain: event.domain.into(),
            url: if BY_URL.contains(&event.r#type) { event.url.into() } else { Word::default() },
            port: event.port.filter(|_| has_port).unwrap_or(-1),
        }
    }

    /// Whether the port tells one finding from another.
    pub fn has_port(&self) -> bool {
        has_port(&self.nature.r#type)
    }

    /// As it is now, of one that was written down when every port made a difference.
    pub fn normal(self) -> Self {
        if self.has_port() || (self.port == -1 && self.nature.transport.is_empty()) {
            return self;
        }
        let nature = Nature { transport: Word::default(), ..Nature::clone(&self.nature) };
        Self { port: -1, nature: Arc::new(nature), ..self }
    }

    fn place(&self) -> (Option<[u8; 16]>, i8, &str, &str, i32) {
        (self.ip, self.prefix, &self.domain, &self.url, self.port)
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.nature, &other.nature) {
            return self.place().cmp(&other.place());
        }
        let (one, two) = (&*self.nature, &*other.nature);
        let class = (&one.class, &one.r#type).cmp(&(&two.class, &two.r#type));
        class.then_with(|| self.place().cmp(&other.place())).then_with(|| one.source().cmp(&two.source()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A key as it is written down, in standings and claims. These are compared as they stand: the order of fields stays.
#[derive(Serialize, Deserialize)]
struct Written {
    class: Word,
    r#type: Word,
    ip: Option<[u8; 16]>,
    prefix: i8,
    domain: Word,
    url: Word,
    port: i32,
    transport: Word,
    identifier: Word,
    feed: Word,
    report: Word,
}

impl From<Written> for Key {
    fn from(it: Written) -> Self {
        let Written { class, r#type, ip, prefix, domain, url, port, transport, identifier, feed, report } = it;
        Self { nature: Arc::new(Nature { class, r#type, transport, identifier, feed, report }), ip, prefix, domain, url, port }
    }
}

impl From<Key> for Written {
    fn from(it: Key) -> Self {
        let Nature { class, r#type, transport, identifier, feed, report } = Nature::clone(&it.nature);
        let Key { ip, prefix, domain, url, port, .. } = it;
        Self { class, r#type, ip, prefix, domain, url, port, transport, identifier, feed, report }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may fall")]

    use std::sync::Arc;

    use proptest::prelude::*;

    use super::{Key, Nature, Words};

    /// As keys stood in standings and claims before natures were shared.
    const WRITTEN: &str = r#"{"class":"vulnerable","type":"weak-crypto","ip":[0,0,0,0,0,0,0,0,0,0,255,255,203,0,113,7],"prefix":-1,"domain":"www.example","url":"","port":443,"transport":"tcp","identifier":"ssl","feed":"shadowserver","report":"scan_ssl"}"#;

    fn word() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["", "a", "b", "a\0", "ddos"])
    }

    fn key() -> impl Strategy<Value = Key> {
        (prop::array::uniform6(word()), prop::option::of(any::<bool>()), word(), word(), -1_i32..2).prop_map(|(nature, ip, domain, url, port)| {
            let [class, r#type, transport, identifier, feed, report] = nature.map(Into::into);
            let nature = Arc::new(Nature { class, r#type, transport, identifier, feed, report });
            Key { nature, ip: ip.map(|last| [u8::from(last); 16]), prefix: -1, domain: domain.into(), url: url.into(), port }
        })
    }

    /// The order in which lists and standings have them: that of the fields as they are written.
    fn rank(key: &Key) -> impl Ord + use<> {
        let [class, r#type, transport, identifier, feed, report] = key.nature.words().map(str::to_owned);
        (class, r#type, key.ip, key.prefix, key.domain.to_string(), key.url.to_string(), (key.port, transport, identifier, feed, report))
    }

    proptest! {
        #[test]
        fn keys_are_in_one_order_whether_or_not_they_share_their_nature(one in key(), two in key()) {
            let mut words = Words::default();
            let shared = [&one, &two].map(|key| Key { nature: words.nature(key.nature.words()), ..key.clone() });
            for (one, two) in [(&one, &two), (&shared[0], &shared[1]), (&one, &shared[1])] {
                prop_assert_eq!(one.cmp(two), rank(one).cmp(&rank(two)));
                prop_assert_eq!(one == two, rank(one) == rank(two));
            }
        }
    }

    #[test]
    fn a_key_is_written_as_it_ever_was() {
        let key: Key = serde_json::from_str(WRITTEN).unwrap();
        assert_eq!(serde_json::to_string(&key).unwrap(), WRITTEN);
    }
}
