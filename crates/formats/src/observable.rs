//! Observables: the addresses, names, hashes and identifiers that a report speaks of.
//!
//! [`extract`] finds them in free text as people write it, defanged spellings included
//! (`hxxp://evil[.]example`), and says where each stood. Every observable has one canonical value,
//! so that the same address in two reports is the same row in an index. [`Observable::new`] makes
//! one from a field that says which kind it is.
//!
//! The way of a text: [`fang`] undoes the defanging and remembers what it moved; a scanner walks
//! over the tokens and asks, at each, whether it begins a URL, a mail address, an IPv6 address, a
//! name, and so on; spans are given in the text as written. Each step looks a bounded distance ahead
//! and never back over what is done, so hostile text costs time in proportion to its length.

mod address;
mod canonical;
mod fang;
mod name;
mod scan;
mod url;

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

pub use canonical::defang;
pub use fang::fang;

/// How many distinct observables [`extract`] gives at most. A report with more is a data file.
pub const DISTINCT_CAP: usize = 2_000;

/// What an observable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `192.0.2.1`, `2001:db8::1`
    Ip,
    /// `192.0.2.0/24`
    Cidr,
    /// `192.0.2.1-192.0.2.9`
    Range,
    /// `www.example.org`
    Domain,
    /// `https://www.example.org/login?x=1`
    Url,
    /// `someone@example.org`
    Mail,
    /// 32 hexadecimal digits
    Md5,
    /// 40 hexadecimal digits
    Sha1,
    /// 64 hexadecimal digits
    Sha256,
    /// `CVE-2024-12345`
    Cve,
    /// `AS64501`
    Asn,
}

impl Kind {
    /// Every kind, in the order in which forms and tables list them.
    pub const ALL: [Self; 11] =
        [Self::Ip, Self::Cidr, Self::Range, Self::Domain, Self::Url, Self::Mail, Self::Md5, Self::Sha1, Self::Sha256, Self::Cve, Self::Asn];

    /// The name in addresses, columns and exchanged files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Cidr => "cidr",
            Self::Range => "range",
            Self::Domain => "domain",
            Self::Url => "url",
            Self::Mail => "mail",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Cve => "cve",
            Self::Asn => "asn",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ip => "IP address",
            Self::Cidr => "Network",
            Self::Range => "Address range",
            Self::Domain => "Domain",
            Self::Url => "URL",
            Self::Mail => "Mail address",
            Self::Md5 => "MD5 hash",
            Self::Sha1 => "SHA-1 hash",
            Self::Sha256 => "SHA-256 hash",
            Self::Cve => "Vulnerability",
            Self::Asn => "AS number",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text.trim()));
        known.ok_or_else(|| Error::new("a kind of observable", text, "expected ip, domain, url, ..."))
    }
}

/// One observable with its canonical value; [`Observable::new`] and [`extract`] make them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Observable {
    pub kind: Kind,
    pub value: String,
}

/// The value alone.
impl fmt::Display for Observable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.value)
    }
}

/// An observable and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub observable: Observable,
    /// The bytes of the text as written, defanging included; always on character boundaries.
    pub at: Range<usize>,
}

/// Every observable of a text in the order of appearance, repeated ones included, until
/// [`DISTINCT_CAP`] distinct ones are found. The host of a URL or mail address follows it as an
/// observable of its own.
pub fn extract(text: &str) -> Vec<Found> {
    extract_capped(text, DISTINCT_CAP).0
}

/// As [`extract`], up to `cap` distinct observables, and whether there was one more.
pub fn extract_capped(text: &str, cap: usize) -> (Vec<Found>, bool) {
    scan::run(text, cap)
}

/// Each observable once, in the order of first appearance.
pub fn distinct(found: &[Found]) -> Vec<Observable> {
    let mut seen = HashSet::new();
    let first = found.iter().map(|found| &found.observable).filter(|seen_now| seen.insert(*seen_now));
    first.cloned().collect()
}
