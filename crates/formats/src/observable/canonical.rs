//! One observable by itself: from a field that says what it is, and back to people in a form that
//! nobody clicks.

use super::address::v4;
use super::fang::fang;
use super::name::{cve, domain, hash, mail};
use super::{Kind, Observable, url};
use crate::Error;
use crate::net::{Asn, Prefix};
use std::net::IpAddr;

impl Observable {
    /// The observable of this kind that `text` is, defanged or not. A network of one address is an
    /// address: `192.0.2.1/32` read as [`Kind::Cidr`] gives [`Kind::Ip`].
    pub fn new(kind: Kind, text: &str) -> Result<Self, Error> {
        let mended = fang(text.trim());
        let value = value(kind, &mended);
        let value = value.ok_or_else(|| Error::new(article(kind), text, "it is not written like one"))?;
        match value.strip_suffix("/32").or_else(|| value.strip_suffix("/128")) {
            Some(address) if kind == Kind::Cidr && address.parse::<Prefix>().is_ok_and(|one| one.to_string() == value) => {
                Ok(Self { kind: Kind::Ip, value: address.to_owned() })
            }
            _ => Ok(Self { kind, value }),
        }
    }
}

fn value(kind: Kind, text: &str) -> Option<String> {
    match kind {
        Kind::Ip => address(text).map(|address| address.to_string()),
        Kind::Cidr => text.contains('/').then(|| text.parse::<Prefix>().ok())?.map(|net| net.to_string()),
        Kind::Range => {
            let (low, high) = text.split_once(['-', '–'])?;
            let (low, high) = (address(low.trim())?, address(high.trim())?);
            (low.is_ipv4() == high.is_ipv4() && low < high).then(|| format!("{low}-{high}"))
        }
        Kind::Domain => domain(text.strip_suffix('.').unwrap_or(text), true),
        Kind::Url => url::read(text, 0).filter(|url| url.end == text.len()).map(|url| url.value),
        Kind::Mail => mail(text, 0).filter(|(_, host, _)| host.end == text.len()).map(|(value, _, _)| value),
        Kind::Md5 | Kind::Sha1 | Kind::Sha256 => hash(text).filter(|(found, _)| *found == kind).map(|(_, value)| value),
        Kind::Cve => cve(text, 0).filter(|(_, end)| *end == text.len()).map(|(value, _)| value),
        Kind::Asn => text.parse::<Asn>().ok().map(|asn| asn.to_string()),
    }
}

fn address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = match v4(text) {
        Some(v4) => v4.into(),
        None => text.parse().ok()?,
    };
    Some(address.to_canonical())
}

fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Ip => "an IP address",
        Kind::Cidr => "a network",
        Kind::Range => "an address range",
        Kind::Domain => "a domain",
        Kind::Url => "a URL",
        Kind::Mail => "a mail address",
        Kind::Md5 => "an MD5 hash",
        Kind::Sha1 => "a SHA-1 hash",
        Kind::Sha256 => "a SHA-256 hash",
        Kind::Cve => "a CVE number",
        Kind::Asn => "an AS number",
    }
}

/// The value in the form that cannot be clicked or resolved by accident: `hxxp://evil[.]example/x`,
/// `192[.]0[.]2[.]1`, `a[at]evil[.]example`. [`fang`] gives the value back. Hashes, CVE and AS
/// numbers lead nowhere and stay as they are.
pub fn defang(observable: &Observable) -> String {
    let value = observable.value.as_str();
    match observable.kind {
        Kind::Ip | Kind::Cidr | Kind::Range | Kind::Domain => broken(value),
        Kind::Mail => match value.rsplit_once('@') {
            Some((local, host)) => format!("{local}[at]{}", broken(host)),
            None => value.to_owned(),
        },
        Kind::Url => broken_url(value),
        Kind::Md5 | Kind::Sha1 | Kind::Sha256 | Kind::Cve | Kind::Asn => value.to_owned(),
    }
}

fn broken(host: &str) -> String {
    host.replace('.', "[.]").replace(':', "[:]")
}

fn broken_url(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_owned();
    };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority);
    let host = authority.rfind('@').map_or(0, |at| at + 1);
    let (user, host) = authority.split_at(host);
    // An IPv6 host keeps its brackets and colons; its scheme is broken already.
    let host = host.replace('.', "[.]");
    match scheme.strip_prefix("http") {
        Some(secure) => format!("hxxp{secure}://{user}{host}{tail}"),
        None => format!("{scheme}[://]{user}{host}{tail}"),
    }
}
