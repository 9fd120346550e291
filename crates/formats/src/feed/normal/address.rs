//! Addresses and networks, strictly as RFC 6943 asks: no leading zeros, no missing parts. IPv4 lies in
//! IPv6 (`::ffff:0:0/96`), so that both sort and compare as 16 bytes.

use crate::feed::row::Row;
use crate::net::Prefix;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address (`prefix` -1) or a network with its lowest address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    pub ip: [u8; 16],
    pub prefix: i8,
}

/// An address, or a network as `address/length`. The unspecified address (`0.0.0.0`, `::`) is
/// [`Row::NO_IP`]; a zone (`%eth0`) is cut, because it means something on one machine only.
pub fn network(text: &str) -> Option<Network> {
    if !text.contains('/') {
        return parse(text).map(|ip| Network { ip: octets(ip, -1), prefix: -1 });
    }
    let prefix: Prefix = text.parse().ok()?;
    let len = if prefix.is_host() { -1 } else { i8::try_from(prefix.len()).ok()? };
    Some(Network { ip: octets(prefix.address(), len), prefix: len })
}

fn parse(text: &str) -> Option<IpAddr> {
    if let Some(v4) = v4(text.as_bytes()) {
        return Some(IpAddr::V4(v4));
    }
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse::<Ipv6Addr>().ok().map(|v6| IpAddr::V6(v6).to_canonical())
}

/// Four numbers without leading zeros: what most lines of most files have, so that it is read by hand.
fn v4(text: &[u8]) -> Option<Ipv4Addr> {
    let (mut octets, mut part, mut digits, mut value) = ([0u8; 4], 0, 0u8, 0u16);
    for byte in text {
        match byte {
            b'0'..=b'9' if digits == 0 || digits < 3 && value > 0 => {
                value = value * 10 + u16::from(byte - b'0');
                digits += 1;
            }
            b'.' if digits > 0 && part < 3 => {
                *octets.get_mut(part)? = u8::try_from(value).ok()?;
                (part, digits, value) = (part + 1, 0, 0);
            }
            _ => return None,
        }
    }
    *octets.get_mut(part)? = u8::try_from(value).ok()?;
    (part == 3 && digits > 0).then(|| Ipv4Addr::from(octets))
}

/// The 16 bytes; a single unspecified address is none.
fn octets(ip: IpAddr, prefix: i8) -> [u8; 16] {
    if ip.is_unspecified() && prefix < 0 {
        return Row::NO_IP;
    }
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

/// The address of 16 bytes.
pub fn ip(octets: [u8; 16]) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from(octets)).to_canonical()
}

/// Whether many networks use this address, so that it tells nobody's (RFC 6890): private, shared,
/// link-local, loopback, multicast and reserved ones. Documentation and benchmarking addresses are not
/// among them: an exercise gives them a holder, and otherwise nobody has them.
pub fn is_shared(octets: [u8; 16]) -> bool {
    match octets {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, _, _] => match (a, b) {
            (0 | 10 | 127 | 224..=255, _) => true,
            (100, b) => b & 0b1100_0000 == 64,
            (169, 254) | (192, 168) => true,
            (172, b) => b & 0b1111_0000 == 16,
            _ => false,
        },
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 | 1] => octets != Row::NO_IP,
        [0xfc..=0xfd | 0xff, ..] => true,
        [0xfe, b, ..] => b & 0b1000_0000 != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{ip, is_shared, network};
    use crate::feed::row::Row;

    #[test]
    fn addresses_have_one_form() {
        let table = [
            ("192.0.2.1", "192.0.2.1", -1),
            ("::ffff:192.0.2.1", "192.0.2.1", -1),
            ("::FFFF:c000:201", "192.0.2.1", -1),
            ("2001:DB8:0:0::1", "2001:db8::1", -1),
            ("fe80::1%eth0", "fe80::1", -1),
            ("192.0.2.77/24", "192.0.2.0", 24),
            ("192.0.2.77/32", "192.0.2.77", -1),
            ("2001:db8::7/48", "2001:db8::", 48),
            ("2001:db8::7/128", "2001:db8::7", -1),
            ("::ffff:192.0.2.9/120", "192.0.2.0", 24),
        ];
        for (text, address, prefix) in table {
            let read = network(text).unwrap();
            assert_eq!((ip(read.ip).to_string().as_str(), read.prefix), (address, prefix), "{text}");
        }
        for text in ["0.0.0.0", "::", "0.0.0.0/32"] {
            assert_eq!(network(text).unwrap().ip, Row::NO_IP, "{text}");
        }
    }

    #[test]
    fn what_is_not_strictly_an_address_is_none() {
        for text in [
            "",
            "1.2.3",
            "01.2.3.4",
            "1.2.3.4.5",
            "256.1.1.1",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/+8",
            "1.2.3.x",
            "::1::",
            "2001:db8::/129",
            "a",
            " 1.2.3.4",
            "1.2.3.4%a",
        ] {
            assert_eq!(network(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_that_many_use_is_told_apart() {
        for text in ["10.1.2.3", "172.31.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.1.2.3"] {
            assert!(is_shared(network(text).unwrap().ip), "{text}");
        }
        for text in ["::1", "fe80::1", "fd00::1", "ff02::1", "fec0::1"] {
            assert!(is_shared(network(text).unwrap().ip), "{text}");
        }
        for text in ["192.0.2.1", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:198.18.0.1", "2a00::1"] {
            assert!(!is_shared(network(text).unwrap().ip), "{text}");
        }
        assert!(!is_shared(Row::NO_IP));
    }
}
