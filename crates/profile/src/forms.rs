//! The forms that single values take: ids, addresses, hosts. Each reader gives back what it
//! understood, or nothing.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::source::Item;

/// Where a server of ours listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// On an address and port.
    Address(SocketAddr),
    /// On a socket in the file system.
    Socket(PathBuf),
}

impl Item<'_> {
    /// What profile entries call each other: `first-answer`.
    pub(super) fn id(&self) -> Option<String> {
        self.read("an id of up to 40 lower-case letters, digits, - and _", id)
    }

    pub(super) fn mail_address(&self) -> Option<String> {
        self.read("a mail address such as report@csirt.example", mail_address)
    }

    /// An address on the web, without a slash at its end.
    pub(super) fn url(&self) -> Option<String> {
        self.read("an address that begins with https:// or http://", url)
    }

    pub(super) fn host(&self) -> Option<String> {
        self.read("a host name or an IP address", host)
    }

    pub(super) fn country(&self) -> Option<String> {
        self.read("a country code of two capital letters (ISO 3166-1)", country)
    }

    pub(super) fn socket_address(&self) -> Option<SocketAddr> {
        self.read("an address and port such as 127.0.0.1:8080", |text| text.parse().ok())
    }

    /// An address and port, or the absolute path of a socket.
    pub(super) fn listen(&self) -> Option<Listen> {
        let expected = "an address and port, or the absolute path of a socket";
        self.read(expected, |text| match text.strip_prefix('/') {
            Some(path) if !path.is_empty() => Some(Listen::Socket(PathBuf::from(text))),
            _ => text.parse().ok().map(Listen::Address),
        })
    }
}

fn id(text: &str) -> Option<String> {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let good = text.len() <= 40 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(rest);
    good.then(|| text.to_owned())
}

/// Case numbers begin with it, so it must survive a phone call and a subject line.
pub(super) fn number_prefix(text: &str) -> Option<String> {
    let good = (2..=8).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    good.then(|| text.to_owned())
}

fn country(text: &str) -> Option<String> {
    let good = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    good.then(|| text.to_owned())
}

/// A plain address (RFC 5321 without quoted local parts), which is all a team needs for itself.
fn mail_address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let good = !local.is_empty() && local.len() <= 64 && dots && local.bytes().all(atom);
    let domain = host(domain).filter(|domain| domain.parse::<std::net::IpAddr>().is_err())?;
    good.then(|| format!("{local}@{domain}"))
}

fn host(text: &str) -> Option<String> {
    let label = |label: &str| {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(good) && !label.starts_with('-') && !label.ends_with('-')
    };
    let named = text.len() <= 253 && text.split('.').all(label);
    (named || text.parse::<std::net::IpAddr>().is_ok()).then(|| text.to_ascii_lowercase())
}

fn url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = match authority.rsplit_once(':') {
        Some((name, port)) => port.parse::<u16>().ok().map(|_| name)?,
        None => authority,
    };
    let named = host(name.trim_matches(['[', ']'])).is_some();
    let plain = rest.chars().all(|c| c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c));
    (named && plain).then(|| text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: fn(&str) -> Option<String>, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(read(text).as_deref(), Some(*text));
        }
        for text in bad {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn addresses_and_names_are_checked_before_anybody_relies_on_them() {
        let bad = ["", "report", "@csirt.example", "a@", "a b@csirt.example", "a..b@csirt.example"];
        check(mail_address, &["report@csirt.example", "a.b+c@mail-1.example"], &bad);
        check(mail_address, &[], &["a@b@c", "a@192.0.2.1", "a@-x.example", "ä@csirt.example"]);
        check(host, &["mx.csirt.example", "192.0.2.1", "2001:db8::1", "localhost"], &["", "a..b", "a_b"]);
        let good = ["https://csirt.example", "http://127.0.0.1:8080", "https://[2001:db8::1]:8443/a"];
        check(url, &good, &["csirt.example", "ftp://csirt.example", "https://", "https://a b", "https://a:x"]);
        assert_eq!(url("https://csirt.example/").as_deref(), Some("https://csirt.example"));
        check(id, &["first-answer", "a", "b_2"], &["", "2b", "First", "a b", "é"]);
        check(number_prefix, &["ATL", "A1"], &["A", "atl", "1A", "ABCDEFGHI"]);
        check(country, &["XX"], &["x", "XXX", "xx"]);
    }
}
