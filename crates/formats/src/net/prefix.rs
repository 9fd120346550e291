//! Address prefixes (RFC 4632 for IPv4, RFC 4291 section 2.3 for IPv6).
//!
//! A [`Prefix`] never holds host bits and never holds an IPv4 address dressed as IPv6: both are
//! normalised when it is made, so equality means "the same addresses". As bytes, IPv4 lies inside
//! IPv6 (`::ffff:0:0/96`), which gives both families one sort order in one index.

use crate::Error;
use ipnet::{IpNet, IpSubnets, Ipv4Subnets, Ipv6Subnets};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A prefix of IPv4 or IPv6 addresses. `Display` gives `192.0.2.0/24`, single addresses included
/// (`192.0.2.1/32`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefix(IpNet);

impl Prefix {
    /// The prefix of this length that contains `address`. Host bits are dropped; an IPv4-mapped
    /// prefix of 96 bits or more becomes the IPv4 prefix that it stands for.
    pub fn new(address: IpAddr, len: u8) -> Result<Self, Error> {
        let (address, len) = match address {
            IpAddr::V6(v6) => match (v6.to_ipv4_mapped(), len.checked_sub(96)) {
                (Some(v4), Some(len)) => (IpAddr::V4(v4), len),
                _ => (address, len),
            },
            IpAddr::V4(_) => (address, len),
        };
        let net = IpNet::new(address, len).map_err(|_| {
            let text = format!("{address}/{len}");
            Error::new("a prefix", &text, "the length is more than the address has bits")
        })?;
        Ok(Self(net.trunc()))
    }

    /// The prefix that holds this one address.
    pub fn host(address: IpAddr) -> Self {
        Self(IpNet::from(address.to_canonical()))
    }

    /// The fewest prefixes that hold exactly the addresses from `low` to `high`, in order. None when
    /// the two are of different families or the wrong way round.
    pub fn from_range(low: IpAddr, high: IpAddr) -> Vec<Self> {
        let subnets = match (low.to_canonical(), high.to_canonical()) {
            (IpAddr::V4(low), IpAddr::V4(high)) if low <= high => IpSubnets::from(Ipv4Subnets::new(low, high, 0)),
            (IpAddr::V6(low), IpAddr::V6(high)) if low <= high => IpSubnets::from(Ipv6Subnets::new(low, high, 0)),
            _ => return Vec::new(),
        };
        subnets.map(Self).collect()
    }

    /// The lowest address.
    pub fn address(&self) -> IpAddr {
        self.0.network()
    }

    /// The highest address.
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }

    /// The number of leading bits that its addresses share: 0 to 32 or 0 to 128.
    #[expect(clippy::len_without_is_empty, reason = "a prefix's length, not a collection's")]
    pub fn len(&self) -> u8 {
        self.0.prefix_len()
    }

    pub fn is_v4(&self) -> bool {
        matches!(self.0, IpNet::V4(_))
    }

    /// Whether it holds exactly one address.
    pub fn is_host(&self) -> bool {
        self.0.prefix_len() == self.0.max_prefix_len()
    }

    /// Whether the address lies in it; an IPv4-mapped address counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether every address of `other` lies in it. A prefix covers itself.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Itself and each shorter prefix around it, most specific first, down to length 1: a holder of
    /// half the address space does not exist, and length 0 says nothing.
    pub fn covering(&self) -> impl Iterator<Item = Self> + use<> {
        let wider = |inner: &Self| inner.0.supernet().filter(|net| net.prefix_len() > 0).map(Self);
        std::iter::successors(Some(*self), wider)
    }

    /// Its lowest and highest address as 16 bytes, IPv4 as `::ffff:a.b.c.d` (RFC 4291, 2.5.5.2).
    pub fn bounds(&self) -> ([u8; 16], [u8; 16]) {
        (bytes(self.address()), bytes(self.last()))
    }
}

fn bytes(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address(), self.len())
    }
}

/// `192.0.2.0/24`, `2001:db8::/32`, or a single address.
impl FromStr for Prefix {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |why| Error::new("a prefix", text, why);
        let trimmed = text.trim();
        let (address, len) = match trimmed.split_once('/') {
            Some((address, len)) => (address, Some(len)),
            None => (trimmed, None),
        };
        let address: IpAddr = address.parse().map_err(|_| bad("expected an IPv4 or IPv6 address"))?;
        let Some(len) = len else {
            return Ok(Self::host(address));
        };
        // The standard parser would take "+8".
        if len.is_empty() || len.len() > 3 || !len.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad("expected a length after the slash"));
        }
        let len = len.parse().map_err(|_| bad("expected a length of at most 128"))?;
        Self::new(address, len).map_err(|problem| bad(problem.why()))
    }
}

impl From<Ipv4Addr> for Prefix {
    fn from(address: Ipv4Addr) -> Self {
        Self::host(address.into())
    }
}

impl From<Ipv6Addr> for Prefix {
    fn from(address: Ipv6Addr) -> Self {
        Self::host(address.into())
    }
}

impl TryFrom<String> for Prefix {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> Self {
        prefix.to_string()
    }
}
