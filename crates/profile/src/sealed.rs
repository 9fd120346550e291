//! The `[sealed]` table: reports that only readers can open, and where they are taken.

use std::net::SocketAddr;

use super::source::{Item, Table};
use super::texts::Texts;

/// The most zero bits that a browser may be asked for: the script of the form refuses more (`work.js`).
pub const MOST_WORK_BITS: u32 = 26;

/// The `[sealed]` table; without it, nothing sealed is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// A listener of its own, for an onion service or a host name of its own.
    pub listen: Option<SocketAddr>,
    /// Whether the public site takes them, too, below `/sealed`.
    pub public: bool,
    /// The address that reporters use, without a slash at its end.
    pub url: Option<String>,
    /// Who is told, by a mail without any content, that something came.
    pub notify: Vec<String>,
    /// What reports are about, with keys of their own; `default` if none is named.
    pub intakes: Vec<SealedIntake>,
    /// Whether the server may seal for a reporter who has neither script nor program (grade C).
    pub by_server: bool,
    /// Zero bits that a browser has to find before it may upload.
    pub work_bits: u32,
    /// Bytes of all files of one message together, as they are on the reporter's device.
    pub max_bytes: u64,
    /// Bytes that the server seals for one reporter, in memory.
    pub max_server_bytes: u64,
    /// Bytes taken on one day, from everybody.
    pub max_bytes_per_day: u64,
    /// Reports taken on one day, from everybody.
    pub max_per_day: u32,
    /// Reports that may wait unopened.
    pub max_unopened: u32,
    /// Uploads begun in an hour by everybody, each way by itself.
    pub uploads_per_hour: u32,
    /// Codes tried in a minute, by everybody.
    pub tries_per_minute: u32,
    /// Days after which what nobody opened is deleted.
    pub days_unopened: u32,
    /// Days after the end of a dialogue after which it is deleted.
    pub days_closed: u32,
}

/// The way from the public pages to the sealed site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The address of its first page.
    pub href: String,
    /// Whether only Tor Browser opens it.
    pub tor: bool,
    /// The address as an onion service, if it has one.
    pub onion: Option<String>,
}

fn is_onion(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    host.split(['/', ':']).next().is_some_and(|host| host.to_ascii_lowercase().ends_with(".onion"))
}

/// A `[[sealed.intake]]`: a subject with readers of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedIntake {
    /// What manifests and commands call it.
    pub id: String,
    /// What reporters read.
    pub title: Texts,
}

impl Default for Sealed {
    fn default() -> Self {
        Self {
            listen: None,
            public: false,
            url: None,
            notify: Vec::new(),
            intakes: vec![SealedIntake { id: "default".into(), title: Texts::default() }],
            by_server: true,
            work_bits: 18,
            max_bytes: 2 << 30,
            max_server_bytes: 32 << 20,
            max_bytes_per_day: 20 << 30,
            max_per_day: 500,
            max_unopened: 2_000,
            uploads_per_hour: 600,
            tries_per_minute: 12_000,
            days_unopened: 180,
            days_closed: 90,
        }
    }
}

impl Sealed {
    /// Where the public pages lead a reporter to; none when no address is known that they could lead to.
    pub fn door(&self) -> Option<Door> {
        let onion = self.url.clone().filter(|url| is_onion(url));
        let href = match &self.url {
            Some(url) if onion.is_none() => format!("{url}/sealed"),
            _ if self.public => "/sealed".to_owned(),
            Some(onion) => format!("{onion}/sealed"),
            None => return None,
        };
        Some(Door { tor: is_onion(&href), onion, href })
    }

    /// The intake of that id.
    pub fn intake(&self, id: &str) -> Option<&SealedIntake> {
        self.intakes.iter().find(|intake| intake.id == id)
    }

    pub(super) fn read(table: Table<'_>, languages: &[String], web: Option<SocketAddr>) -> Self {
        let plain = Self::default();
        let count = |key, most, or| table.get(key).and_then(|item| item.whole(1..=most)).unwrap_or(or);
        let bytes = |key, or| table.get(key).and_then(|item| item.whole(65_536..=1 << 40)).unwrap_or(or);
        let notify = table.items("notify");
        let intakes = super::each(&table, "intake", |table| SealedIntake::read(table, languages), |one| &one.id);
        let sealed = Self {
            listen: table.get("listen").and_then(|item| item.socket_address()),
            public: table.get("public").and_then(|item| item.flag()).unwrap_or(plain.public),
            url: table.get("url").and_then(|item| item.url()),
            notify: notify.iter().filter_map(Item::mail_address).collect(),
            intakes: if intakes.is_empty() { plain.intakes } else { intakes },
            by_server: table.get("by_server").and_then(|item| item.flag()).unwrap_or(plain.by_server),
            work_bits: table.get("work_bits").and_then(|item| item.whole(0..=i64::from(MOST_WORK_BITS))).unwrap_or(plain.work_bits),
            // In a tar no file can be larger (ustar, IEEE 1003.1).
            max_bytes: table.get("max_bytes").and_then(|item| item.whole(65_536..=(1 << 33) - 1)).unwrap_or(plain.max_bytes),
            max_server_bytes: bytes("max_server_bytes", plain.max_server_bytes),
            max_bytes_per_day: bytes("max_bytes_per_day", plain.max_bytes_per_day),
            max_per_day: count("max_per_day", 1_000_000, plain.max_per_day),
            max_unopened: count("max_unopened", 1_000_000, plain.max_unopened),
            uploads_per_hour: count("uploads_per_hour", 1_000_000, plain.uploads_per_hour),
            tries_per_minute: count("tries_per_minute", 1_000_000, plain.tries_per_minute),
            days_unopened: count("days_unopened", 3_650, plain.days_unopened),
            days_closed: count("days_closed", 3_650, plain.days_closed),
        };
        if sealed.listen.is_none() && !sealed.public && table.get("listen").is_none() {
            table.fault("is taken nowhere", "listen, or public = true");
        }
        if let Some(item) = table.get("listen")
            && sealed.listen.is_some()
            && sealed.listen == web
        {
            item.note("is where the web server listens", "an address of its own, or only public = true");
        }
        // Two warnings come first, a month and a week before.
        for (key, days) in [("days_unopened", sealed.days_unopened), ("days_closed", sealed.days_closed)] {
            if let Some(item) = table.get(key)
                && days < 40
            {
                item.note("leaves no time for two warnings", "40 days or more");
            }
        }
        table.close();
        sealed
    }
}

impl SealedIntake {
    fn read(table: Table<'_>, languages: &[String]) -> Self {
        let intake = Self {
            id: table.need("id").and_then(|item| item.id()).unwrap_or_default(),
            title: table.need("title").map(|item| Texts::read(&item, languages)).unwrap_or_default(),
        };
        table.close();
        intake
    }
}
