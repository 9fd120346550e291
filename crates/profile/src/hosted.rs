//! The `[mail.imap]` table: a mailbox that somebody else hosts, and that mail is fetched from.

use std::path::PathBuf;

use super::channels::Tls;
use super::source::{Item, Table};

/// The `[mail.imap]` table; without it, nothing is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imap {
    /// Host name or address.
    pub host: String,
    /// Its port: 993 with TLS from the first byte, else 143 (RFC 8314), unless said otherwise.
    pub port: u16,
    /// How the way to it is protected.
    pub tls: Tls,
    /// Whose mailbox it is.
    pub user: String,
    /// The file that holds the password.
    pub password_file: PathBuf,
    /// The folder that mail is fetched from.
    pub folder: String,
    /// Where mail goes once it is kept; without it, it stays and is marked as seen.
    pub moved_to: Option<String>,
    /// The certificate of one's own authority (PEM), beside the public ones.
    pub authority: Option<PathBuf>,
    /// Seconds between two looks at a server that announces nothing (that does not know IDLE).
    pub poll_seconds: u32,
}

impl Imap {
    pub(super) fn read(table: Table<'_>) -> Self {
        let kinds = [("implicit", Tls::Implicit), ("starttls", Tls::StartTls), ("none", Tls::None)];
        let file = |key| table.get(key).and_then(|item| item.text()).map(PathBuf::from);
        let folder = |key| table.get(key).and_then(|item| folder(&item));
        let tls = table.need("tls").and_then(|item| item.one_of(&kinds)).unwrap_or(Tls::Implicit);
        let imap = Self {
            host: table.need("host").and_then(|item| item.host()).unwrap_or_default(),
            port: table.get("port").and_then(|item| item.whole(1..=65_535)).unwrap_or(if tls == Tls::Implicit { 993 } else { 143 }),
            tls,
            user: table.need("user").and_then(|item| item.text()).unwrap_or_default(),
            password_file: table.need("password_file").and_then(|_| file("password_file")).unwrap_or_default(),
            folder: folder("folder").unwrap_or_else(|| "INBOX".to_owned()),
            moved_to: folder("moved_to"),
            authority: file("authority"),
            poll_seconds: table.get("poll_seconds").and_then(|item| item.whole(1..=3600)).unwrap_or(60),
        };
        if let Some(item) = table.get("tls")
            && imap.tls == Tls::None
            && !imap.host.is_empty()
            && !formats::net::is_here(&imap.host)
        {
            item.note("sends the password without TLS", "implicit or starttls, unless host is this machine");
        }
        if let Some(item) = table.get("moved_to")
            && imap.moved_to.as_ref().is_some_and(|to| *to == imap.folder || to.eq_ignore_ascii_case("INBOX") && imap.folder.eq_ignore_ascii_case("INBOX"))
        {
            item.fault("another folder than the one that mail is fetched from");
        }
        if let Some(item) = table.get("authority")
            && imap.tls == Tls::None
        {
            item.note("is never asked without TLS", "tls = \"implicit\" or \"starttls\"");
        }
        table.close();
        imap
    }
}

/// A folder as its owner sees it named, with whatever separator the server has.
fn folder(item: &Item<'_>) -> Option<String> {
    let good = |text: &str| (text.len() <= 255 && !text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned());
    item.read("the name of a folder", good)
}
