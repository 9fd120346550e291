//! IDEA0 messages (Intrusion Detection Extensible Alert, version 0): one JSON object with lists of
//! sources and targets. Each address of a source is an event of its own; where no source has one, each
//! of a target. What a message says of itself is said of each of its events.

use super::fill::MAX_EXTRA;
use super::json::{Cells, items, pairs};
use super::rejected::Reason;
use super::row::Role;
use crate::net::Prefix;
use std::borrow::Cow;
use std::net::IpAddr;

/// How many events one message can be. A message with more is no message.
pub(super) const MAX_SUBJECTS: usize = 4096;

/// How much of a message is kept, in bytes, [`EACH`] more for each text: its events each have what it says of itself.
const MAX_KEPT: usize = 1 << 20;
const EACH: usize = 32;

/// The columns of the records that a message becomes. The mapping `idea` reads them.
pub(super) const COLUMNS: [&str; 20] = [
    "EventTime",
    "DetectTime",
    "CeaseTime",
    "Category",
    "RSIT",
    "Confidence",
    "ConnCount",
    "Subject.IP",
    "Subject.Hostname",
    "Subject.Reverse",
    "Subject.URL",
    "Subject.Email",
    "Subject.Port",
    "Subject.Proto",
    "Subject.ASN",
    "Peer.IP",
    "Peer.Hostname",
    "Peer.Port",
    "Peer.Proto",
    "Peer.ASN",
];

/// What a message must have (IDEA0, "Mandatory").
const MANDATORY: [&str; 4] = ["Format", "ID", "DetectTime", "Category"];

/// A message taken apart.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// What has a column, as its cell.
    cells: Vec<(usize, String)>,
    categories: Vec<String>,
    /// Name and JSON of every other field but Source and Target.
    rest: Vec<(String, String)>,
    sources: Vec<Node>,
    targets: Vec<Node>,
}

/// How much of a message may still be kept. Once there is no room nothing is kept any more.
#[derive(Debug)]
struct Room(Option<usize>);

impl Room {
    fn take(&mut self, bytes: usize) -> bool {
        self.0 = self.0.and_then(|left| left.checked_sub(bytes + EACH));
        self.0.is_some()
    }

    fn keep(&mut self, text: &str, kept: &mut Vec<String>) {
        if self.take(text.len()) {
            kept.push(text.to_owned());
        }
    }

    /// Keeps a field as it stands; of one that is too long for `extra` as much as shows that.
    fn keep_raw(&mut self, name: &str, raw: &str, kept: &mut Vec<(String, String)>) {
        let end = raw.floor_char_boundary(MAX_EXTRA + 4);
        if self.take(name.len() + end) {
            kept.push((name.to_owned(), raw.get(..end).unwrap_or_default().to_owned()));
        }
    }
}

/// One source or target.
#[derive(Debug, Default)]
struct Node {
    ips: Vec<String>,
    hostnames: Vec<String>,
    urls: Vec<String>,
    emails: Vec<String>,
    ports: Vec<String>,
    protocols: Vec<String>,
    asns: Vec<String>,
    types: Vec<String>,
    /// What has no list here.
    rest: Vec<(String, String)>,
}

/// What one event of a message is about: an address, a URL, a name, a mail address.
#[derive(Debug, Clone, Copy)]
enum Subject<'a> {
    Ip(&'a str),
    Url(&'a str),
    Hostname(&'a str),
    Email(&'a str),
}

impl Message {
    /// Fails with the field that is missing, or none when it is no JSON object or too long.
    pub fn read(object: &str) -> Result<Self, (Option<&'static str>, Reason)> {
        let (mut message, mut room) = (Self::default(), Room(Some(MAX_KEPT)));
        let (mut has, mut format) = ([false; MANDATORY.len()], None);
        let read = pairs(object, &mut |name, value| {
            MANDATORY.iter().zip(&mut has).filter(|(known, _)| **known == name).for_each(|(_, has)| *has = true);
            match name {
                "Source" => items(value, &mut |node| message.sources.extend(Node::read(node, &mut room))),
                "Target" => items(value, &mut |node| message.targets.extend(Node::read(node, &mut room))),
                _ => {
                    let known = column(name);
                    if known.is_none() {
                        room.keep_raw(name, value, &mut message.rest);
                    }
                    if known.is_some() || name == "Format" {
                        let texts = list(value, &mut room);
                        format = format.take().or_else(|| texts.first().filter(|_| name == "Format").cloned());
                        message.cells.extend(known.map(|column| (column, texts.join(";"))));
                        if name == "Category" && message.categories.is_empty() {
                            message.categories = texts;
                        }
                    }
                }
            }
        });
        if !read {
            return Err((None, Reason::Syntax));
        }
        if room.0.is_none() {
            return Err((None, Reason::TooLong));
        }
        if let Some((missing, _)) = MANDATORY.iter().zip(has).find(|(_, has)| !has) {
            return Err((Some(missing), Reason::Missing));
        }
        if format.as_deref() != Some("IDEA0") {
            return Err((Some("Format"), Reason::Unknown));
        }
        Ok(message)
    }

    /// Calls `each` with the record of every event; `is_known` tells categories that the mapping has a word for. Fails when there is none, or too many.
    pub fn records(&self, cells: &mut Cells, is_known: &dyn Fn(&str) -> bool, each: &mut dyn FnMut(&Cells, Role)) -> Result<(), Reason> {
        let of_sources = self.sources.iter().any(|node| !node.subjects().is_empty());
        let (subjects, peers) = if of_sources { (&self.sources, &self.targets) } else { (&self.targets, &self.sources) };
        let pairs: Vec<_> = subjects.iter().flat_map(|node| node.subjects().into_iter().map(move |subject| (node, subject))).collect();
        if pairs.is_empty() {
            return Err(Reason::NoSubject);
        }
        if pairs.len() > MAX_SUBJECTS {
            return Err(Reason::TooLong);
        }
        let all: Vec<&str> = peers.iter().flat_map(|peer| &peer.ips).map(String::as_str).collect();
        let others = if all.len() > 1 { serde_json::json!(all).to_string() } else { String::new() };
        for (node, subject) in pairs {
            self.record(cells, node, subject, peers, is_known);
            if !others.is_empty() {
                cells.add("Peer.IPs", &others);
            }
            let role = match (of_sources, node.types.iter().any(|one| one == "CC")) {
                (true, true) => Role::C2,
                (true, false) => Role::Subject,
                (false, _) => Role::Target,
            };
            each(cells, role);
        }
        Ok(())
    }

    fn record(&self, cells: &mut Cells, node: &Node, subject: Subject, peers: &[Node], is_known: &dyn Fn(&str) -> bool) {
        cells.clear(COLUMNS.len());
        for (column, text) in self.cells.iter().filter(|(_, text)| !text.is_empty()) {
            cells.set(*column, text);
        }
        set(cells, "RSIT", self.categories.iter().find_map(|one| known(one, is_known)).unwrap_or_default());
        for (name, raw) in &self.rest {
            cells.add(name, raw);
        }
        match subject {
            Subject::Ip(ip) => {
                set(cells, "Subject.IP", ip);
                node.hostnames.iter().for_each(|name| set(cells, "Subject.Reverse", name));
                node.urls.iter().for_each(|url| set(cells, "Subject.URL", url));
            }
            Subject::Url(url) => set(cells, "Subject.URL", url),
            Subject::Hostname(name) => set(cells, "Subject.Hostname", name),
            Subject::Email(mail) => set(cells, "Subject.Email", mail),
        }
        node.common("Subject", cells);
        if let Some(peer) = peers.first() {
            peer.ips.iter().for_each(|ip| set(cells, "Peer.IP", ip));
            peer.hostnames.iter().for_each(|name| set(cells, "Peer.Hostname", name));
            peer.common("Peer", cells);
        }
    }
}

impl Node {
    /// `None`: there is no room for it.
    fn read(raw: &str, room: &mut Room) -> Option<Self> {
        let mut node = room.take(size_of::<Self>()).then(Self::default)?;
        pairs(raw, &mut |name, value| match name {
            "IP4" | "IP6" => list(value, room).iter().for_each(|ip| spread(ip, room, &mut node.ips)),
            "Hostname" => node.hostnames.extend(list(value, room)),
            "URL" => node.urls.extend(list(value, room)),
            "Email" => node.emails.extend(list(value, room)),
            "Port" => node.ports.extend(list(value, room)),
            "Proto" => node.protocols.extend(list(value, room)),
            "ASN" => node.asns.extend(list(value, room)),
            "Type" => node.types.extend(list(value, room)),
            _ => room.keep_raw(name, value, &mut node.rest),
        });
        Some(node)
    }

    /// What an event can be about. Whoever is named by a spoofed address has nothing to do with it.
    fn subjects(&self) -> Vec<Subject<'_>> {
        if self.rest.iter().any(|(name, raw)| name == "Spoofed" && raw == "true") {
            return Vec::new();
        }
        let lists: [Vec<Subject>; 4] = [
            self.ips.iter().map(|ip| Subject::Ip(ip)).collect(),
            self.urls.iter().map(|url| Subject::Url(url)).collect(),
            self.hostnames.iter().map(|name| Subject::Hostname(name)).collect(),
            self.emails.iter().map(|mail| Subject::Email(mail)).collect(),
        ];
        lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default()
    }

    fn common(&self, side: &str, cells: &mut Cells) {
        self.ports.first().into_iter().for_each(|port| set(cells, &format!("{side}.Port"), port));
        if self.ports.len() > 1 {
            let all: Vec<_> = self.ports.iter().map(String::as_str).collect();
            cells.add(&format!("{side}.Ports"), &serde_json::json!(all).to_string());
        }
        set(cells, &format!("{side}.Proto"), &self.protocols.join(";"));
        self.asns.first().into_iter().for_each(|asn| set(cells, &format!("{side}.ASN"), asn));
        if !self.types.is_empty() {
            cells.add(&format!("{side}.Type"), &serde_json::json!(self.types).to_string());
        }
        for (name, raw) in &self.rest {
            cells.add(&format!("{side}.{name}"), raw);
        }
    }
}

/// The category, or its first part, by which the mapping knows the type.
fn known<'a>(category: &'a str, is_known: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    let first = category.split('.').next();
    [Some(category), first].into_iter().flatten().find(|name| is_known(name))
}

fn column(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|known| *known == name)
}

fn set(cells: &mut Cells, name: &str, value: &str) {
    if let Some(column) = column(name).filter(|_| !value.is_empty()) {
        cells.set(column, value);
    }
}

/// A list of texts and numbers, or the one that stands where a list should.
fn list(raw: &str, room: &mut Room) -> Vec<String> {
    let mut found = Vec::new();
    items(raw, &mut |item| {
        if room.0.is_some() {
            room.keep(&serde_json::from_str::<Cow<str>>(item).unwrap_or(Cow::Borrowed(item)), &mut found);
        }
    });
    found
}

/// An address, a network, or a range as the fewest networks that make it up: 252 at most.
fn spread(text: &str, room: &mut Room, ips: &mut Vec<String>) {
    let range = text.split_once('-').and_then(|(low, high)| Some((low.trim().parse::<IpAddr>().ok()?, high.trim().parse::<IpAddr>().ok()?)));
    match range.filter(|_| room.0.is_some()).map(|(low, high)| Prefix::from_range(low, high)).filter(|parts| !parts.is_empty()) {
        Some(parts) => parts.iter().for_each(|part| room.keep(&part.to_string(), ips)),
        None => room.keep(text, ips),
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Cells, Message, Reason, Role};

    fn records(text: &str) -> Vec<(Role, Vec<(&'static str, String)>)> {
        let mut found = Vec::new();
        let category = |name: &str| name == "Attempt";
        let read = Message::read(text).unwrap().records(&mut Cells::default(), &category, &mut |cells, role| {
            let record = cells.record();
            let cells = COLUMNS.iter().enumerate().filter(|(at, _)| !record.get(*at).is_empty());
            found.push((role, cells.map(|(at, name)| (*name, record.get(at).to_owned())).collect()));
        });
        assert!(read.is_ok(), "{read:?}");
        found
    }

    const HEAD: &str = r#""Format":"IDEA0","ID":"x","DetectTime":"2026-03-02T08:10:00Z","Category":["Attempt.Login"]"#;

    #[test]
    fn each_address_of_a_source_is_an_event() {
        let text = format!(
            r#"{{{HEAD},"Source":[{{"IP4":["192.0.2.1","192.0.2.8-192.0.2.9"],"Proto":["tcp","ssh"]}},{{"URL":["http://a.example/"]}}],"Target":[{{"IP4":["198.51.100.1"],"Port":[22,2222]}}]}}"#
        );
        let found = records(&text);
        let subjects: Vec<_> =
            found.iter().filter_map(|(_, cells)| cells.iter().find(|(name, _)| name.starts_with("Subject.")).map(|(_, value)| value.as_str())).collect();
        assert_eq!(subjects, ["192.0.2.1/32", "192.0.2.8/31", "http://a.example/"].map(|text| text.trim_end_matches("/32")));
        assert!(found.iter().all(|(role, cells)| *role == Role::Subject && cells.contains(&("Peer.Port", "22".to_owned()))));
        assert!(found[0].1.contains(&("RSIT", "Attempt".to_owned())) && found[0].1.contains(&("Subject.Proto", "tcp;ssh".to_owned())));
    }

    #[test]
    fn a_spoofed_source_is_not_what_it_is_about() {
        let found = records(&format!(r#"{{{HEAD},"Source":[{{"IP4":["192.0.2.1"],"Spoofed":true}}],"Target":[{{"IP4":["198.51.100.1"]}}]}}"#));
        assert_eq!((found.len(), found[0].0), (1, Role::Target));
        assert!(found[0].1.contains(&("Subject.IP", "198.51.100.1".to_owned())));
    }

    #[test]
    fn targets_count_where_there_is_no_source() {
        let found = records(&format!(r#"{{{HEAD},"Source":[{{"Proto":["tcp"]}}],"Target":[{{"IP6":["2001:db8::1"],"Port":22}}]}}"#));
        assert_eq!((found.len(), found[0].0), (1, Role::Target));
        assert!(found[0].1.contains(&("Subject.Port", "22".to_owned())));
    }

    #[test]
    fn a_message_lacks_nothing_that_is_mandatory() {
        for text in ["[]", "{}", r#"{"Format":"IDEA0","ID":"x","DetectTime":"2026-03-02T08:10:00Z"}"#, &format!("{{{HEAD}}}").replace("IDEA0", "IDEA1")] {
            assert!(Message::read(text).is_err(), "{text}");
        }
        let message = Message::read(&format!("{{{HEAD}}}")).unwrap();
        assert!(message.records(&mut Cells::default(), &|_| false, &mut |_, _| ()).is_err());
    }

    #[test]
    fn no_more_is_kept_of_a_message_than_there_is_room_for() {
        let many = |one: &str, times: usize| vec![one; times].join(",");
        for rest in [
            format!(r#""Source":[{{"IP6":[{}]}}]"#, many(r#""::1-fffe::""#, 5_000)),
            format!(r#""Source":[{}]"#, many(r#"{"IP6":["::1-fffe::"]}"#, 5_000)),
            format!(r#""Target":[{{"Port":[{}]}}]"#, many("1", 100_000)),
            format!(r#""Source":[{}]"#, many("{}", 100_000)),
        ] {
            assert_eq!(Message::read(&format!("{{{HEAD},{rest}}}")).err(), Some((None, Reason::TooLong)), "{}", &rest[..30]);
        }
        // What is attached is not counted in full, since no event has room for it.
        let attached = format!(r#""Attach":[{{"Content":"{}"}}],"Source":[{{"IP4":["192.0.2.1"]}}]"#, "x".repeat(2 << 20));
        assert_eq!(records(&format!("{{{HEAD},{attached}}}")).len(), 1);
    }
}
