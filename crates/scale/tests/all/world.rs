//! Made-up events whose numbers say everything about them, and the lake that holds them.

use engine::{Engine, Limits};
use formats::feed::{Events, KeyPart, Row, Source};
use lake::{Erased, Filter, Holder, Holders, Lake, Receipt, Resource, Settings, Span, Start};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub const DAY: i64 = 86_400_000_000;
pub const TODAY: i64 = 20_700 * DAY;

pub fn ip(n: i64) -> [u8; 16] {
    let mut ip = [0; 16];
    if n % 13 == 0 {
        // 2001:db8:n::n
        ip[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        ip[5] = u8::try_from(n % 5).unwrap();
        ip[15] = u8::try_from(n % 200).unwrap();
        return ip;
    }
    ip[10] = 0xff;
    ip[11] = 0xff;
    ip[12..].copy_from_slice(&[198, 18, u8::try_from(n / 256 % 4).unwrap(), u8::try_from(n % 256).unwrap()]);
    ip
}

pub fn row(n: i64) -> Row {
    let word = |every: i64, text: &str| if n % every == 0 { text.to_owned() } else { String::new() };
    Row {
        line: i32::try_from(n).unwrap(),
        observed: TODAY + n % 5 * DAY + n % 12_000 * 7_000_000,
        ip: if n % 11 == 0 { Row::NO_IP } else { ip(n * n) },
        port: if n % 4 == 0 { -1 } else { i32::try_from(n % 3).unwrap() },
        transport: word(2, "udp"),
        asn: [0, 64_500, 64_501, 64_502][usize::try_from(n % 4).unwrap()],
        country: ["AT", "CZ", ""][usize::try_from(n % 3).unwrap()].into(),
        class: ["vulnerable", "availability", ""][usize::try_from(n / 7 % 3).unwrap()].into(),
        r#type: ["ddos-amplifier", "weak-crypto"][usize::try_from(n % 2).unwrap()].into(),
        identifier: format!("open-{}", n % 3),
        domain: if n % 11 == 0 { format!("host-{n}.example.net") } else { String::new() },
        severity: i8::try_from(n % 6 - 1).unwrap(),
        malware: word(50, "it's \\ \"odd\"; -- žluťoučký"),
        peer_ip: if n % 7 == 0 { ip(n) } else { Row::NO_IP },
        peer_asn: if n % 7 == 0 { 64_510 + n % 3 } else { 0 },
        tlp: word(3, "AMBER"),
        extra: format!("{{\"number\":{n}}}"),
        ..Row::default()
    }
}

/// 198.18.0.0/24 is of holder 1, 198.18.0.0/16 of holder 2 without its last quarter, `2001:db8:1::/48` of
/// holder 3, 198.18.3.0/24 of nobody.
pub fn holders() -> Arc<Holders> {
    let network = |id, text: &str| Holder { id, resource: Resource::Network(text.parse().unwrap()), from: 0, until: i64::MAX };
    let resources = [network(1, "198.18.0.0/24"), network(2, "198.18.0.0/23"), network(2, "198.18.2.0/24"), network(3, "2001:db8:1::/48")];
    Arc::new(Holders::compile(1, resources))
}

pub fn open(place: &str, options: Vec<(String, String)>, scratch: &Path, rows: usize) -> lake::Result<Lake> {
    Lake::open(&Settings { place, options, scratch, key: [7; 16], now: TODAY, table: "test", begin: true, rows })
}

/// Takes in one event file: the events with these numbers.
pub fn take(lake: &Lake, file: i64, nonce: u64, numbers: impl Iterator<Item = i64>) -> lake::Result<Receipt> {
    let mut sha = [0; 32];
    sha[..8].copy_from_slice(&file.to_le_bytes());
    let mut intake = lake.intake(Start { sha, file, now: TODAY, nonce }, holders())?;
    let key: Vec<KeyPart> = vec![KeyPart::Observed, KeyPart::Subject];
    let mut events = Events::new(Source { feed: "example".into(), kind: "scan_dns".into(), mapping: 1, key: key.into() });
    for number in numbers {
        if events.len() == 20_000 {
            intake.take(&events)?;
            events.clear();
        }
        events.push(&row(number));
    }
    intake.take(&events)?;
    intake.commit()
}

pub fn engine(scratch: &Path, options: Vec<(String, String)>) -> Engine {
    let limits = Limits { threads: 2, memory: 512 << 20, time: Duration::from_mins(2), scratch };
    Engine::new(&limits, options).unwrap()
}

pub fn all() -> Filter {
    Filter::new(Span { from: TODAY, until: TODAY + 30 * DAY })
}

/// What became of the events that were taken in.
#[derive(Clone, Copy, PartialEq)]
pub enum Kept {
    Plain,
    /// Some were erased, masked only; one day was written together.
    Erased,
}

/// A lake in a folder with some thousand events from several files.
pub struct World {
    pub lake: Lake,
    _folder: tempfile::TempDir,
}

pub fn kept(kept: Kept) -> World {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(folder.path().join("lake").to_str().unwrap(), Vec::new(), &folder.path().join("scratch"), 1000).unwrap();
    for file in 1..=4 {
        take(&lake, file, file as u64, (file - 1) * 700..file * 700).unwrap();
    }
    if kept == Kept::Erased {
        lake.compact((TODAY / DAY) as i32, TODAY, 9).unwrap();
        lake.erase(Erased::Addresses(ip(9), ip(9)), TODAY + 3 * DAY, TODAY).unwrap();
        lake.erase(Erased::Addresses(ip(300), ip(330)), TODAY + 20 * DAY, TODAY).unwrap();
        lake.erase(Erased::Holder(1), TODAY + 2 * DAY, TODAY).unwrap();
    }
    World { lake, _folder: folder }
}
