//! A batch of events, column by column, ready to become Arrow arrays: numbers in plain vectors with a
//! value that means "absent", texts in one buffer with offsets, words as numbers into a dictionary.
//! Every column has the same length. All rows come from one file by one mapping ([`Source`]).

use super::row::{Role, Row};
use super::{Texts, Words};
use std::sync::Arc;

/// How many rows a batch holds at most.
pub const MAX_ROWS: usize = 65_536;

/// How many bytes of texts a batch has before it is handed on: each is copied twice on its way to a file.
const MAX_WEIGHT: usize = 32 << 20;

/// What all rows of a batch share.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Source {
    /// Who delivered the file.
    pub feed: Arc<str>,
    /// The report type: `scan_rdp`.
    pub kind: Arc<str>,
    /// The version of the mapping that read it.
    pub mapping: i32,
    /// What makes two events of this type the same one.
    pub key: Arc<[KeyPart]>,
}

/// Rows of events. Absent values: time [`Row::NO_TIME`], address [`Row::NO_IP`], AS number 0, other
/// numbers -1, text and word empty (word key [`Words::NONE`]).
#[derive(Debug, Clone, Default)]
pub struct Events {
    pub source: Source,
    /// Line of the file, from 1 (in a file of one document: its place among the subjects).
    pub line: Vec<i32>,
    /// When it was seen: microseconds since 1970 in UTC; always present.
    pub observed: Vec<i64>,
    /// When it was over or last seen, if the source says so.
    pub ended: Vec<i64>,
    /// Sightings that the source folded into this one; at least 1.
    pub count: Vec<i32>,
    pub role: Vec<Role>,
    /// The subject's address, IPv4 as `::ffff:a.b.c.d`; a network's lowest one.
    pub ip: Vec<[u8; 16]>,
    /// The length of a network (IPv4 0 to 31, IPv6 0 to 127); -1 for a single address, so that the
    /// family is told by the address and the length fits a signed byte.
    pub prefix: Vec<i8>,
    pub port: Vec<i32>,
    /// `tcp`, `udp`, `icmp`, ...
    pub transport: Words,
    /// `http`, `rdp`, ...
    pub application: Words,
    /// The name that the event is about, in A-labels: what was asked for, what is hosted. A holder may be found by it.
    pub domain: Texts,
    /// The part of `domain` that somebody registered.
    pub registrable: Texts,
    pub url: Texts,
    /// What reverse DNS says of the address. Whoever holds the address writes there what they like,
    /// so that no holder is found by it.
    pub reverse: Texts,
    pub asn: Vec<i64>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Words,
    pub peer_ip: Vec<[u8; 16]>,
    pub peer_port: Vec<i32>,
    pub peer_asn: Vec<i64>,
    pub peer_country: Words,
    pub peer_domain: Texts,
    /// RSIT class and type.
    pub class: Words,
    pub r#type: Words,
    /// What the source calls it.
    pub identifier: Words,
    /// 0 info, 1 low, 2 medium, 3 high, 4 critical.
    pub severity: Vec<i8>,
    /// 0 to 100.
    pub confidence: Vec<i8>,
    pub malware: Words,
    /// `CVE-2024-12345`, sorted, several with `;` between.
    pub cve: Texts,
    pub product: Words,
    /// MD5, SHA-1 or SHA-256 in lower case.
    pub hash: Texts,
    /// `AMBER+STRICT`, as [`crate::label::Tlp::as_str`] writes it.
    pub tlp: Words,
    /// Bits of [`super::flag`].
    pub flags: Vec<i32>,
    /// A JSON object of what no field was named for, or empty.
    pub extra: Texts,
    /// Bytes of all texts and words of the rows.
    weight: usize,
}

/// One part of what makes an event itself. See [`Events::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPart {
    Feed,
    Kind,
    Role,
    /// Address and length, domain and URL: what the event is about, each part of it.
    Subject,
    Ip,
    Port,
    Transport,
    Application,
    Domain,
    Url,
    Asn,
    PeerIp,
    PeerPort,
    PeerDomain,
    Class,
    Type,
    Identifier,
    Malware,
    Cve,
    Product,
    Hash,
    /// The time itself.
    Observed,
    /// The hour of `observed` in UTC.
    Hour,
    /// The day of `observed` in UTC.
    Day,
}

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

impl KeyPart {
    /// What counts where a mapping says nothing: all that tells whose it is, and what is meant.
    pub const DEFAULT: [Self; 10] =
        [Self::Kind, Self::Role, Self::Subject, Self::Asn, Self::Hash, Self::Port, Self::Transport, Self::Type, Self::Identifier, Self::Day];

    pub const ALL: [Self; 24] = [
        Self::Feed,
        Self::Kind,
        Self::Role,
        Self::Subject,
        Self::Ip,
        Self::Port,
        Self::Transport,
        Self::Application,
        Self::Domain,
        Self::Url,
        Self::Asn,
        Self::PeerIp,
        Self::PeerPort,
        Self::PeerDomain,
        Self::Class,
        Self::Type,
        Self::Identifier,
        Self::Malware,
        Self::Cve,
        Self::Product,
        Self::Hash,
        Self::Observed,
        Self::Hour,
        Self::Day,
    ];

    /// The name in mappings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Kind => "kind",
            Self::Role => "role",
            Self::Subject => "subject",
            Self::Ip => "ip",
            Self::Port => "port",
            Self::Transport => "transport",
            Self::Application => "application",
            Self::Domain => "domain",
            Self::Url => "url",
            Self::Asn => "asn",
            Self::PeerIp => "peer_ip",
            Self::PeerPort => "peer_port",
            Self::PeerDomain => "peer_domain",
            Self::Class => "class",
            Self::Type => "type",
            Self::Identifier => "identifier",
            Self::Malware => "malware",
            Self::Cve => "cve",
            Self::Product => "product",
            Self::Hash => "hash",
            Self::Observed => "observed",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }
}

impl Events {
    pub fn new(source: Source) -> Self {
        Self { source, ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.line.len()
    }

    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Whether the batch should be handed on before another row comes.
    pub fn is_full(&self) -> bool {
        self.len() >= MAX_ROWS || self.weight >= MAX_WEIGHT
    }

    /// Whether so many rows fit in.
    pub fn has_room(&self, rows: usize) -> bool {
        self.len() + rows <= MAX_ROWS
    }

    pub fn push(&mut self, row: &Row) {
        self.line.push(row.line);
        self.observed.push(row.observed);
        self.ended.push(row.ended);
        self.count.push(row.count);
        self.role.push(row.role);
        self.ip.push(row.ip);
        self.prefix.push(row.prefix);
        self.port.push(row.port);
        self.transport.push(&row.transport);
        self.application.push(&row.application);
        self.domain.push(&row.domain);
        self.registrable.push(&row.registrable);
        self.url.push(&row.url);
        self.reverse.push(&row.reverse);
        self.asn.push(row.asn);
        self.country.push(&row.country);
        self.peer_ip.push(row.peer_ip);
        self.peer_port.push(row.peer_port);
        self.peer_asn.push(row.peer_asn);
        self.peer_country.push(&row.peer_country);
        self.peer_domain.push(&row.peer_domain);
        self.class.push(&row.class);
        self.r#type.push(&row.r#type);
        self.identifier.push(&row.identifier);
        self.severity.push(row.severity);
        self.confidence.push(row.confidence);
        self.malware.push(&row.malware);
        self.cve.push(&row.cve);
        self.product.push(&row.product);
        self.hash.push(&row.hash);
        self.tlp.push(&row.tlp);
        self.flags.push(row.flags);
        self.extra.push(&row.extra);
        let texts = [&row.domain, &row.registrable, &row.url, &row.reverse, &row.peer_domain, &row.cve, &row.hash, &row.extra];
        let words = [&row.transport, &row.application, &row.country, &row.peer_country, &row.class, &row.r#type, &row.identifier, &row.malware, &row.product];
        self.weight += texts.iter().chain(&words).map(|text| text.len()).sum::<usize>();
    }

    /// Empties every column and keeps their memory.
    pub fn clear(&mut self) {
        self.weight = 0;
        for column in [&mut self.line, &mut self.count, &mut self.port, &mut self.peer_port, &mut self.flags] {
            column.clear();
        }
        for column in [&mut self.observed, &mut self.ended, &mut self.asn, &mut self.peer_asn] {
            column.clear();
        }
        for column in [&mut self.prefix, &mut self.severity, &mut self.confidence] {
            column.clear();
        }
        self.role.clear();
        self.ip.clear();
        self.peer_ip.clear();
        let words = [&mut self.transport, &mut self.application, &mut self.country, &mut self.peer_country, &mut self.class, &mut self.r#type];
        for column in words.into_iter().chain([&mut self.identifier, &mut self.malware, &mut self.product, &mut self.tlp]) {
            column.clear();
        }
        let texts = [&mut self.domain, &mut self.registrable, &mut self.url, &mut self.reverse, &mut self.peer_domain];
        for column in texts.into_iter().chain([&mut self.cve, &mut self.hash, &mut self.extra]) {
            column.clear();
        }
    }

    /// Appends what makes this row's event itself, by the parts that the mapping names: the same bytes
    /// for the same event, other bytes for any other. Numbers have fixed width, texts come with their length.
    /// Label and severity always count: a copy that fewer may see, or that is less bad, stands in for none.
    pub fn key(&self, row: usize, out: &mut Vec<u8>) {
        for part in self.source.key.iter() {
            self.key_part(*part, row, out);
        }
        text(self.tlp.get(row), out);
        out.extend(self.severity.get(row).copied().unwrap_or(-1).to_le_bytes());
    }

    fn key_part(&self, part: KeyPart, row: usize, out: &mut Vec<u8>) {
        let time = |unit: i64| self.observed.get(row).map_or(0, |at| at.div_euclid(unit)).to_le_bytes();
        let port = |column: &[i32]| column.get(row).copied().unwrap_or(-1).to_le_bytes();
        let ip = |column: &[[u8; 16]]| column.get(row).copied().unwrap_or(Row::NO_IP);
        match part {
            KeyPart::Feed => text(&self.source.feed, out),
            KeyPart::Kind => text(&self.source.kind, out),
            KeyPart::Role => out.push(self.role.get(row).map_or(0, |role| *role as u8)),
            KeyPart::Subject => self.subject(row, out),
            KeyPart::Ip => self.network(row, out),
            KeyPart::Port => out.extend(port(&self.port)),
            KeyPart::Transport => text(self.transport.get(row), out),
            KeyPart::Application => text(self.application.get(row), out),
            KeyPart::Domain => text(self.domain.get(row), out),
            KeyPart::Url => text(self.url.get(row), out),
            KeyPart::Asn => out.extend(self.asn.get(row).copied().unwrap_or(0).to_le_bytes()),
            KeyPart::PeerIp => out.extend(ip(&self.peer_ip)),
            KeyPart::PeerPort => out.extend(port(&self.peer_port)),
            KeyPart::PeerDomain => text(self.peer_domain.get(row), out),
            KeyPart::Class => text(self.class.get(row), out),
            KeyPart::Type => text(self.r#type.get(row), out),
            KeyPart::Identifier => text(self.identifier.get(row), out),
            KeyPart::Malware => text(self.malware.get(row), out),
            KeyPart::Cve => text(self.cve.get(row), out),
            KeyPart::Product => text(self.product.get(row), out),
            KeyPart::Hash => text(self.hash.get(row), out),
            KeyPart::Observed => out.extend(time(1)),
            KeyPart::Hour => out.extend(time(HOUR)),
            KeyPart::Day => out.extend(time(DAY)),
        }
    }

    fn subject(&self, row: usize, out: &mut Vec<u8>) {
        self.network(row, out);
        text(self.domain.get(row), out);
        text(self.url.get(row), out);
    }

    fn network(&self, row: usize, out: &mut Vec<u8>) {
        out.extend(self.ip.get(row).copied().unwrap_or(Row::NO_IP));
        out.extend(self.prefix.get(row).copied().unwrap_or(-1).to_le_bytes());
    }
}

fn text(value: &str, out: &mut Vec<u8>) {
    out.extend(u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(value.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{Events, KeyPart, Row, Source};

    fn key(parts: &[KeyPart], change: impl Fn(&mut Row)) -> Vec<u8> {
        let mut events = Events::new(Source { kind: "scan_rdp".into(), key: parts.into(), ..Source::default() });
        let mut row = Row { observed: 1_772_000_000_000_000, domain: "a.example".into(), port: 3389, ..Row::default() };
        change(&mut row);
        events.push(&row);
        let mut out = Vec::new();
        events.key(0, &mut out);
        out
    }

    #[test]
    fn a_key_changes_with_what_it_names_and_with_nothing_else() {
        let same = key(&KeyPart::DEFAULT, |_| ());
        assert_eq!(same, key(&KeyPart::DEFAULT, |row| row.extra.push('x')));
        assert_eq!(same, key(&KeyPart::DEFAULT, |row| row.observed += 1_000_000), "the same day");
        assert_ne!(same, key(&KeyPart::DEFAULT, |row| row.observed += 86_400_000_000));
        assert_ne!(same, key(&KeyPart::DEFAULT, |row| row.port = 3390));
        assert_ne!(same, key(&KeyPart::DEFAULT, |row| row.domain.push('x')));
        assert_ne!(same, key(&KeyPart::DEFAULT, |row| row.ip[15] = 1));
        assert_ne!(same, key(&KeyPart::DEFAULT, |row| row.asn = 64_500));
        assert_ne!(same, key(&KeyPart::DEFAULT, |row| row.hash.push('0')));
        assert_ne!(key(&[KeyPart::Subject], |_| ()), key(&[KeyPart::Subject], |row| row.url.push_str("a.example")));
        // Beside an address, too.
        let host = |change: fn(&mut Row)| {
            key(&KeyPart::DEFAULT, |row| {
                row.ip[15] = 1;
                change(row);
            })
        };
        assert_ne!(host(|_| ()), host(|row| row.domain.push('x')));
        assert_ne!(host(|_| ()), host(|row| row.url.push_str("http://a.example/1")));
        assert_eq!(host(|_| ()), host(|row| row.reverse.push_str("host-1.a.example")), "reverse DNS says nothing");
    }

    #[test]
    fn label_and_severity_count_whatever_a_mapping_names() {
        for parts in [&KeyPart::DEFAULT[..], &[KeyPart::Ip, KeyPart::Day]] {
            assert_ne!(key(parts, |row| row.tlp.push_str("RED")), key(parts, |row| row.tlp.push_str("GREEN")));
            assert_ne!(key(parts, |row| row.severity = 1), key(parts, |row| row.severity = 4));
        }
    }

    #[test]
    fn every_part_has_a_name_of_its_own() {
        for part in KeyPart::ALL {
            assert_eq!(KeyPart::from_name(part.as_str()), Some(part));
        }
    }
}
