//! The ways in and out: the report form, mail, and the web server.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use formats::net::Prefix;

use super::forms::Listen;
use super::hosted::Imap;
use super::source::{Item, Table};
use super::texts::Texts;

/// The kinds of report that the product knows; a profile offers some or all of them.
pub const REPORT_KINDS: [&str; 6] = ["impersonation", "intrusion", "outage", "data", "weakness", "other"];

/// The kinds of case besides a request for advice.
pub const CASE_KINDS: [&str; 4] = ["incident", "near_miss", "threat", "vulnerability"];

/// The `[intake]` table: what the report form offers and bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The kinds offered, in the order of the form: ids from [`REPORT_KINDS`].
    pub kinds: Vec<String>,
    /// Files with one report.
    pub max_files: u32,
    /// Bytes of one file.
    pub max_file_bytes: u64,
    /// Reports in an hour from one network address.
    pub max_per_hour_and_address: u32,
    /// Reports in an hour by form from everybody.
    pub max_per_hour: u32,
    /// Requests in a minute with one token of the API.
    pub max_per_minute_and_token: u32,
    /// What the form and the receipt say while the team cannot keep up.
    pub capacity_notice: Option<Texts>,
}

/// The `[mail]` table: mail in by LMTP or IMAP, mail out by a smarthost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The name in From.
    pub from_name: Texts,
    /// The address in From.
    pub from_address: String,
    /// Where LMTP listens (RFC 2033), if it does.
    pub listen: Option<Listen>,
    /// Addresses that mail is accepted for.
    pub recipients: Vec<String>,
    /// The name that the server gives itself in its greeting.
    pub hello: String,
    /// Whose Authentication-Results are believed (RFC 8601); nobody's, if absent.
    pub authserv_id: Option<String>,
    /// The mailbox that mail is fetched from, if somebody else hosts it.
    pub imap: Option<Imap>,
    /// Who carries mail out; without it, mail waits.
    pub smarthost: Option<Smarthost>,
    /// So many mails go to one domain in a minute; the others wait for the next.
    pub per_domain_per_minute: u32,
}

/// The `[mail.smarthost]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smarthost {
    /// Host name or address.
    pub host: String,
    /// Its port, 587 (RFC 6409) unless said otherwise.
    pub port: u16,
    /// How the way to it is protected.
    pub tls: Tls,
    /// The user to log in as, and the file that holds the password.
    pub login: Option<(String, PathBuf)>,
}

/// Protection of a connection to a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// After STARTTLS, which must succeed.
    StartTls,
    /// None at all: only for a mail server on this machine.
    None,
}

/// Half of ten thousand readers at one large provider are told within two minutes; a runaway is not.
const PER_DOMAIN_PER_MINUTE: u32 = 3000;

/// Some less than the 1024 files that a process may usually open.
const MAX_CONNECTIONS: usize = 900;

/// The `[web]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address that people use, for links in mails, without a slash at its end.
    pub public_url: String,
    /// Whether cookies are for HTTPS only.
    pub secure_cookies: bool,
    /// Proxies in front of us, besides those on this machine: who they name as the visitor is believed.
    pub proxies: Vec<Prefix>,
    /// How many connections are open at once; who comes then waits for a place.
    pub max_connections: usize,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            kinds: REPORT_KINDS.map(str::to_owned).to_vec(),
            max_files: 5,
            max_file_bytes: 25 << 20,
            max_per_hour_and_address: 20,
            max_per_hour: 1000,
            max_per_minute_and_token: 600,
            capacity_notice: None,
        }
    }
}

impl Intake {
    pub(super) fn read(table: Table<'_>, languages: &[String]) -> Self {
        let plain = Self::default();
        let count = |key| table.get(key).and_then(|item| item.whole(1..=1_000_000));
        let size = table.get("max_file_bytes").and_then(|item| item.whole(1..=1 << 40));
        let notice = table.get("capacity_notice").map(|item| Texts::read(&item, languages));
        let intake = Self {
            kinds: table.get("kinds").map_or(plain.kinds, |item| {
                let words = REPORT_KINDS.map(|kind| (kind, kind));
                let items = item.list();
                if items.is_empty() {
                    item.fault("at least one kind of report");
                }
                items.iter().filter_map(|item| item.one_of(&words)).map(str::to_owned).collect()
            }),
            max_files: table.get("max_files").and_then(|item| item.whole(0..=1000)).unwrap_or(plain.max_files),
            max_file_bytes: size.unwrap_or(plain.max_file_bytes),
            max_per_hour_and_address: count("max_per_hour_and_address").unwrap_or(plain.max_per_hour_and_address),
            max_per_hour: count("max_per_hour").unwrap_or(plain.max_per_hour),
            max_per_minute_and_token: count("max_per_minute_and_token").unwrap_or(plain.max_per_minute_and_token),
            capacity_notice: notice,
        };
        table.close();
        intake
    }
}

impl Mail {
    pub(super) fn read(table: Table<'_>, languages: &[String], report_address: &str) -> Self {
        let recipients = table.items("recipients");
        let mail = Self {
            from_name: table.need("from_name").map(|item| Texts::read(&item, languages)).unwrap_or_default(),
            from_address: table.need("from_address").and_then(|item| item.mail_address()).unwrap_or_default(),
            listen: table.get("listen").and_then(|item| item.listen()),
            recipients: recipients.iter().filter_map(Item::mail_address).collect(),
            hello: table.need("hello").and_then(|item| item.host()).unwrap_or_default(),
            authserv_id: table.get("authserv_id").and_then(|item| item.host()),
            imap: table.option("imap").map(Imap::read),
            smarthost: table.option("smarthost").map(Smarthost::read),
            per_domain_per_minute: table.get("per_domain_per_minute").and_then(|item| item.whole(1..=1_000_000)).unwrap_or(PER_DOMAIN_PER_MINUTE),
        };
        let reports = mail.recipients.iter().any(|known| known.eq_ignore_ascii_case(report_address));
        for item in ["listen", "imap"].into_iter().filter_map(|key| table.get(key)).filter(|_| !reports && !report_address.is_empty()) {
            item.note("receives mail, but not for team.report_address", "it among mail.recipients");
        }
        table.close();
        mail
    }
}

impl Smarthost {
    fn read(table: Table<'_>) -> Self {
        let kinds = [("starttls", Tls::StartTls), ("implicit", Tls::Implicit), ("none", Tls::None)];
        let user = table.get("user").and_then(|item| item.text());
        let password = table.get("password_file").and_then(|item| item.text()).map(PathBuf::from);
        if user.is_some() != password.is_some() {
            table.fault("has half a log-in", "user and password_file, or none of them");
        }
        let smarthost = Self {
            host: table.need("host").and_then(|item| item.host()).unwrap_or_default(),
            port: table.get("port").and_then(|item| item.whole(1..=65_535)).unwrap_or(587),
            tls: table.need("tls").and_then(|item| item.one_of(&kinds)).unwrap_or(Tls::StartTls),
            login: user.zip(password),
        };
        if let Some(item) = table.get("user")
            && smarthost.tls == Tls::None
        {
            item.note("logs in without TLS", "tls = \"starttls\" or \"implicit\"");
        }
        table.close();
        smarthost
    }
}

impl Web {
    pub(super) fn read(table: Table<'_>) -> Self {
        let public_url = table.need("public_url").and_then(|item| item.url()).unwrap_or_default();
        let https = public_url.starts_with("https://");
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let web = Self {
            listen: table.get("listen").and_then(|item| item.socket_address()).unwrap_or(local),
            secure_cookies: table.get("secure_cookies").and_then(|item| item.flag()).unwrap_or(https),
            proxies: table
                .items("proxies")
                .iter()
                .filter_map(|item| item.read("an address or a prefix such as 192.0.2.0/24", |text| text.parse().ok()))
                .collect(),
            max_connections: table.get("max_connections").and_then(|item| item.whole(8..=100_000)).unwrap_or(MAX_CONNECTIONS),
            public_url,
        };
        if let Some(item) = table.get("secure_cookies")
            && web.secure_cookies
            && web.public_url.starts_with("http://")
        {
            item.fault("false while public_url is not https, or nobody could log in");
        }
        table.close();
        web
    }
}
