//! A lake with made-up events whose numbers say everything about them.

use engine::{Engine, Limits};
use formats::feed::{Events, KeyPart, Row, Source};
use lake::{Filter, Holder, Holders, Lake, Resource, Settings, Span, Start};
use std::sync::Arc;
use std::time::Duration;

pub const DAY: i64 = 86_400_000_000;
pub const TODAY: i64 = 20_700 * DAY;

pub struct World {
    pub lake: Lake,
    pub engine: Engine,
    pub rows: Vec<Row>,
    _folder: tempfile::TempDir,
}

pub fn ip(n: i64) -> [u8; 16] {
    let mut ip = [0; 16];
    ip[10] = 0xff;
    ip[11] = 0xff;
    ip[12..].copy_from_slice(&[198, 18, u8::try_from(n / 256 % 4).unwrap(), u8::try_from(n % 256).unwrap()]);
    ip
}

pub fn row(n: i64) -> Row {
    Row {
        line: i32::try_from(n).unwrap(),
        observed: TODAY + n % 5 * DAY + n * 7_000_000,
        ip: if n % 11 == 0 { Row::NO_IP } else { ip(n * n) },
        port: if n % 4 == 0 { -1 } else { i32::try_from(n % 3).unwrap() },
        asn: [0, 64_500, 64_501, 64_502][usize::try_from(n % 4).unwrap()],
        country: ["AT", "CZ", ""][usize::try_from(n % 3).unwrap()].into(),
        class: "vulnerable".into(),
        r#type: ["ddos-amplifier", "weak-crypto"][usize::try_from(n % 2).unwrap()].into(),
        identifier: format!("open-{}", n % 3),
        domain: if n % 11 == 0 { format!("host-{n}.example.net") } else { String::new() },
        severity: i8::try_from(n % 6 - 1).unwrap(),
        malware: if n % 50 == 0 { "it's \\ \"odd\"; --".into() } else { String::new() },
        peer_ip: if n % 7 == 0 { ip(n) } else { Row::NO_IP },
        extra: format!("{{\"number\":{n}}}"),
        ..Row::default()
    }
}

/// 198.18.0.0/24 is of holder 1, 198.18.0.0/16 of holder 2 without its last quarter; 198.18.3.0/24 of nobody.
pub fn world(count: i64) -> World {
    let folder = tempfile::tempdir().unwrap();
    let (place, scratch) = (folder.path().join("lake"), folder.path().join("scratch"));
    let settings =
        Settings { place: place.to_str().unwrap(), options: Vec::new(), scratch: &scratch, key: [7; 16], now: TODAY, table: "test", begin: true, rows: 1000 };
    let lake = Lake::open(&settings).unwrap();
    let network = |id, text: &str| Holder { id, resource: Resource::Network(text.parse().unwrap()), from: 0, until: i64::MAX };
    let resources = [network(1, "198.18.0.0/24"), network(2, "198.18.0.0/23"), network(2, "198.18.2.0/24")];
    let holders = Arc::new(Holders::compile(1, resources));
    let rows: Vec<Row> = (0..count).map(row).collect();
    for (file, rows) in (1..).zip(rows.chunks(700)) {
        let mut sha = [0; 32];
        sha[0] = u8::try_from(file).unwrap();
        let mut intake = lake.intake(Start { sha, file, now: TODAY, nonce: u64::from(sha[0]) }, Arc::clone(&holders)).unwrap();
        let key: Vec<KeyPart> = vec![KeyPart::Observed, KeyPart::Subject];
        let mut events = Events::new(Source { feed: "example".into(), kind: "scan_dns".into(), mapping: 1, key: key.into() });
        for row in rows {
            events.push(row);
        }
        intake.take(&events).unwrap();
        assert_eq!(intake.commit().unwrap().counts.stored, rows.len() as u64);
    }
    let limits = Limits { threads: 2, memory: 256 << 20, time: Duration::from_mins(1), scratch: folder.path() };
    World { lake, engine: Engine::new(&limits, Vec::new()).unwrap(), rows, _folder: folder }
}

pub fn all() -> Filter {
    Filter::new(Span { from: TODAY, until: TODAY + 30 * DAY })
}

/// Who holds an address in this world, the first holder first.
pub fn holders_of(ip: [u8; 16]) -> Vec<i64> {
    match ip[14] {
        _ if ip == Row::NO_IP => vec![],
        0 => vec![1, 2],
        1 | 2 => vec![2],
        _ => vec![],
    }
}
