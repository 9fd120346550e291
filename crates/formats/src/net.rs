//! What an organisation can hold on the network: address prefixes, AS numbers and domains.
//!
//! Each has one canonical form, so that two spellings of the same thing are found by plain equality
//! in an index: host bits are zeroed, IPv4-mapped IPv6 becomes IPv4, domain names are lower case
//! without the root dot. [`Prefix::covering`] and [`domain::suffixes`] give the keys under which a
//! holder could be registered, most specific first. [`is_here`] tells this machine from all others.

pub mod alike;
mod asn;
pub mod domain;
mod mentions;
mod prefix;

pub use asn::Asn;
pub use mentions::mentions;
pub use prefix::Prefix;

/// Whether a host is this machine: a password may go there without TLS.
pub fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
