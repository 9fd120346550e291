//! The values of a synthetic row: everything follows from the number of the event, so that an event can
//! be written again without having been kept.

use crate::feed::normal::address;
use crate::net::{Asn, Prefix};

/// Splitmix64 (Steele, Lea, Flood 2014): a number out of two.
pub(super) fn mix(seed: u64, at: u64) -> u64 {
    let mut state = seed.wrapping_add(at.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

const PLACES: [(&str, &str, &str, &str); 8] = [
    ("AT", "WIEN", "VIENNA", "Communications, Service Provider, and Hosting Service"),
    ("AT", "STEIERMARK", "GRAZ", "Education"),
    ("DE", "BAYERN", "MUNICH", "Information"),
    ("CH", "ZURICH", "ZURICH", "Finance and Insurance"),
    ("CZ", "PRAHA", "PRAGUE", "Communications, Service Provider, and Hosting Service"),
    ("SI", "LJUBLJANA", "LJUBLJANA", "Public Administration"),
    ("SK", "BRATISLAVA", "BRATISLAVA", "Health Care"),
    ("HU", "BUDAPEST", "BUDAPEST", ""),
];

const FAMILIES: [&str; 8] = ["mirai", "andromeda", "qakbot", "socks5systemz", "ranbyus", "necurs", "avalanche-generic", "vpnfilter"];
const CVES: [&str; 6] = ["cve-2021-26855", "cve-2023-3519", "cve-2019-19781", "cve-2024-21887", "cve-2022-40684", "cve-2023-4966"];
const DEVICES: [(&str, &str, &str); 5] = [
    ("Example Networks", "router", "XR-500"),
    ("Example Vision", "ip-camera", "EV-2"),
    ("Sample Systems", "firewall", "SecureGate"),
    ("Sample Systems", "nas", "Store 4"),
    ("", "", ""),
];

/// How many addresses of a network have hosts at most.
const HOSTS: u64 = 1 << 24;

/// A network and what the feed says of all its addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    prefix: Prefix,
    asn: Asn,
    hosts: u64,
}

impl Place {
    pub fn new(prefix: Prefix, asn: Asn) -> Self {
        let bits = if prefix.is_v4() { 32 } else { 128 } - u32::from(prefix.len());
        Self { prefix, asn, hosts: HOSTS.min(1 << bits.min(24)) }
    }

    /// The address with this number, as text.
    fn address(&self, number: u64) -> String {
        let (low, _) = self.prefix.bounds();
        let octets = u128::from_be_bytes(low) | u128::from(number);
        address::ip(octets.to_be_bytes()).to_string()
    }
}

/// A type's values.
pub(super) struct Values<'a> {
    seed: u64,
    day: i64,
    kind: &'a str,
    places: &'a [Place],
    hosts: u64,
    /// Steps through all addresses and meets each once: it shares no divisor with their number.
    stride: u64,
}

impl<'a> Values<'a> {
    pub fn new(seed: u64, day: i64, kind: &'a str, places: &'a [Place]) -> Self {
        let hosts = places.iter().map(|place| place.hosts).sum::<u64>().max(1);
        let start = (hosts / 5 * 3) | 1;
        let stride = (start..start + hosts).find(|stride| divisor(*stride, hosts) == 1).unwrap_or(1);
        Self { seed, day, kind, places, hosts, stride }
    }

    /// Appends the row of an event, seen at a time of its own.
    pub fn row(&self, header: &[String], event: u64, row: u64, out: &mut String) {
        let dice = mix(self.seed, event);
        // The subject: each address once, then each again with the next port.
        let (round, at) = (event / self.hosts, event % self.hosts);
        let number = u64::try_from((u128::from(at) * u128::from(self.stride) + u128::from(self.seed)) % u128::from(self.hosts)).unwrap_or(0);
        let mut rest = number;
        let place = self.places.iter().find(|place| {
            let here = rest < place.hosts;
            rest -= if here { 0 } else { place.hosts };
            here
        });
        let Some(place) = place else { return };
        let facts = Facts { dice, round, place, host: rest, ip: place.address(rest), seconds: i64::try_from(mix(self.seed ^ 1, row) % 86_400).unwrap_or(0) };
        for (index, name) in header.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            self.value(name, &facts, out);
        }
    }

    /// Makes a line that is no event out of one that is.
    pub fn spoil(&self, row: u64, line: &mut String) {
        match mix(self.seed ^ 2, row) % 5 {
            // A quotation mark that is not closed.
            0 => *line = line.replacen("\",", ",", 1),
            // Cut off before the columns that are read end.
            1 => line.truncate(line.len() / 3),
            2 => line.push_str(",\"one too many\""),
            3 => *line = line.replacen("20", "last ", 1),
            _ => line.insert_str(0, "\"2031-13-01 00:00:00\","),
        }
    }

    fn value(&self, name: &str, facts: &Facts, out: &mut String) {
        let pick = |from: u32, count: usize| usize::try_from((facts.dice >> from) % count as u64).unwrap_or(0);
        let (country, region, city, sector) = PLACES.get(usize::try_from(facts.place.asn.0 % 8).unwrap_or(0)).copied().unwrap_or_default();
        let family = FAMILIES.get(pick(8, FAMILIES.len())).copied().unwrap_or_default();
        let device = DEVICES.get(pick(12, DEVICES.len())).copied().unwrap_or_default();
        let text = |out: &mut String, value: &str| {
            if !value.is_empty() {
                out.push('"');
                out.push_str(value);
                out.push('"');
            }
        };
        match name {
            "timestamp" => text(out, &format!("{} {}", date(self.day), clock(facts.seconds))),
            "severity" => text(out, self.severity()),
            "ip" | "src_ip" => text(out, &facts.ip),
            "protocol" => text(out, self.service().1),
            "port" => out.push_str(&(u64::from(self.service().0) + facts.round).to_string()),
            "src_port" => out.push_str(&(1024 + (mix(self.seed, facts.host) % 60_000 + facts.round) % 64_000).to_string()),
            "hostname" | "src_hostname" if facts.place.prefix.is_v4() && !facts.dice.is_multiple_of(3) => {
                text(out, &format!("{}.dyn.as{}.example.net", facts.ip.replace('.', "-"), facts.place.asn.0));
            }
            "hostname_source" if facts.place.prefix.is_v4() && !facts.dice.is_multiple_of(3) => text(out, "ptr"),
            "tag" if self.kind == "scan_http_vulnerable" => text(out, CVES.get(pick(16, CVES.len())).copied().unwrap_or_default()),
            "tag" => text(out, self.service().2),
            "asn" | "src_asn" => out.push_str(&facts.place.asn.0.to_string()),
            "geo" | "src_geo" => text(out, country),
            "region" | "src_region" => text(out, region),
            "city" | "src_city" => text(out, city),
            "naics" | "src_naics" => out.push_str(if sector.is_empty() { "0" } else { "517311" }),
            "sector" | "src_sector" => text(out, sector),
            "infection" | "family" if self.kind.contains("sinkhole") => text(out, family),
            "dst_ip" => text(out, &format!("203.0.113.{}", 1 + pick(24, 250))),
            "dst_port" => out.push_str(["80", "443", "22", "23"].get(pick(28, 4)).copied().unwrap_or("80")),
            "dst_asn" => out.push_str("64511"),
            "dst_geo" => text(out, "US"),
            "device_vendor" => text(out, device.0),
            "device_type" => text(out, device.1),
            "device_model" => text(out, device.2),
            "reason" => text(out, "Malicious host"),
            "source" => text(out, "Example blocklist"),
            "banner" => text(out, ["login: ", "Password:", "BusyBox v1.19.3", "|Welcome to XR-500"].get(pick(32, 4)).copied().unwrap_or_default()),
            "service" => text(out, "ssh"),
            "mac_address" => text(out, &format!("00-00-5E-00-53-{:02X}", facts.host % 256)),
            "workgroup" => text(out, "WORKGROUP"),
            "amplification" => out.push_str(&format!("{}.{:02}", 1 + pick(36, 60), pick(42, 100))),
            "response_size" => out.push_str(&(40 + pick(36, 1400)).to_string()),
            _ => (),
        }
    }

    fn severity(&self) -> &'static str {
        match self.kind {
            "device_id" => "info",
            "scan_http_vulnerable" | "event4_sinkhole" | "event4_honeypot_brute_force" => "critical",
            "scan_netbios" => "high",
            "blocklist" => "low",
            _ => "medium",
        }
    }

    /// Port, transport and tag of the service that the type is about.
    fn service(&self) -> (u16, &'static str, &'static str) {
        match self.kind {
            "scan_telnet" => (23, "tcp", "telnet"),
            "scan_dns" => (53, "udp", "openresolver"),
            "scan_netbios" => (137, "udp", "netbios"),
            "scan_http_vulnerable" => (443, "tcp", ""),
            "device_id" => (8443, "tcp", "ssl;iot"),
            "event4_sinkhole" => (80, "tcp", ""),
            "event4_honeypot_brute_force" => (22, "tcp", "ssh-brute-force"),
            _ => (80, "tcp", ""),
        }
    }
}

/// What one row is about.
struct Facts<'a> {
    dice: u64,
    round: u64,
    place: &'a Place,
    host: u64,
    ip: String,
    seconds: i64,
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The day of an instant as `2026-03-24`.
pub(super) fn date(micros: i64) -> String {
    let time = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
    jiff::tz::TimeZone::UTC.to_datetime(time).date().to_string()
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
