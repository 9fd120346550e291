//! Numbers and short words: ports, AS numbers, CVE sets, hashes, levels.

use crate::label::Tlp;
use crate::net::Asn;

/// A port; 0 is none (-1).
pub fn port(text: &str) -> Option<i32> {
    let port = number(text)?;
    let port = i32::try_from(port).ok().filter(|port| *port <= 65_535)?;
    Some(if port == 0 { -1 } else { port })
}

/// Plain digits, at most 18 of them.
pub fn number(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.bytes().try_fold(0i64, |value, b| b.is_ascii_digit().then(|| value * 10 + i64::from(b - b'0')))
}

/// `64501`, `AS64501`, `1.10`; 0 is none.
pub fn asn(text: &str) -> Option<i64> {
    match number(text) {
        Some(plain) => u32::try_from(plain).ok().map(i64::from),
        None => text.parse::<Asn>().ok().map(|asn| i64::from(asn.0)),
    }
}

/// Appends the name of a transport protocol in lower case; numbers are those of IANA's registry of
/// protocols. What speaks above them (`ssh`) is none.
pub fn transport(text: &str, out: &mut String) -> bool {
    const KNOWN: [(&str, &str); 12] = [
        ("tcp", "6"),
        ("udp", "17"),
        ("icmp", "1"),
        ("icmpv6", "58"),
        ("sctp", "132"),
        ("gre", "47"),
        ("esp", "50"),
        ("ah", "51"),
        ("igmp", "2"),
        ("ipip", "4"),
        ("dccp", "33"),
        ("udplite", "136"),
    ];
    let known = KNOWN.iter().find(|(name, number)| name.eq_ignore_ascii_case(text) || *number == text);
    let name = match known {
        Some((name, _)) => name,
        None if text.eq_ignore_ascii_case("ipv6-icmp") => "icmpv6",
        None => return false,
    };
    out.push_str(name);
    true
}

/// Appends in lower case (ASCII only, so that the length stays).
pub fn lower(text: &str, out: &mut String) {
    let from = out.len();
    out.push_str(text);
    if let Some(added) = out.get_mut(from..) {
        added.make_ascii_lowercase();
    }
}

/// Appends a country, two letters in upper case.
pub fn country(text: &str, out: &mut String) -> bool {
    let [a, b] = text.as_bytes() else { return false };
    if !(a.is_ascii_alphabetic() && b.is_ascii_alphabetic()) {
        return false;
    }
    out.push(char::from(a.to_ascii_uppercase()));
    out.push(char::from(b.to_ascii_uppercase()));
    true
}

/// Adds each CVE number of a text to a set that is written `CVE-2024-1;CVE-2024-12345`, sorted and each
/// once. Gives whether there was one.
pub fn cves(text: &str, set: &mut String) -> bool {
    let mut found = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(here) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'c', b'C', rest)) {
        at += here;
        if let Some(end) = cve_at(bytes, at)
            && let Some(one) = text.get(at..end)
        {
            insert(one, set);
            found = true;
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

/// The end of a CVE number that begins at `at`: `CVE-`, four digits, a hyphen, four digits or more.
fn cve_at(bytes: &[u8], at: usize) -> Option<usize> {
    let head = bytes.get(at..at + 9)?;
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric);
    let written = head.get(..4)?.eq_ignore_ascii_case(b"cve-") && digits(head.get(4..8)?) && head.get(8) == Some(&b'-');
    if before || !written {
        return None;
    }
    let number = bytes.get(at + 9..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    (4..=19).contains(&number).then_some(at + 9 + number)
}

fn insert(one: &str, set: &mut String) {
    // A set of a hostile length is no set: what a row may hold is enough.
    if set.len() > super::text::MAX_TEXT {
        return;
    }
    let mut place = set.len();
    let mut at = 0;
    for known in set.split(';').filter(|known| !known.is_empty()) {
        match order(known).cmp(&order(one)) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Greater => {
                place = at;
                break;
            }
            std::cmp::Ordering::Less => at += known.len() + 1,
        }
    }
    if place == set.len() && !set.is_empty() {
        set.push(';');
        place += 1;
    } else if place < set.len() {
        set.insert(place, ';');
    }
    set.insert_str(place, one);
    if let Some(inserted) = set.get_mut(place..place + one.len()) {
        inserted.make_ascii_uppercase();
    }
}

/// By year, then by number: shorter numbers are smaller ones.
fn order(cve: &str) -> (&str, usize, &str) {
    (cve.get(4..8).unwrap_or_default(), cve.len(), cve.get(9..).unwrap_or_default())
}

/// Appends an MD5, SHA-1 or SHA-256 in lower case; colons between bytes and a name before (`sha256:`) go.
pub fn hash(text: &str, out: &mut String) -> bool {
    let from = out.len();
    let text = ["md5:", "sha1:", "sha256:"].iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    out.extend(text.chars().filter(|c| *c != ':').take(65).map(|c| c.to_ascii_lowercase()));
    let read = out.get(from..).is_some_and(|added| matches!(added.len(), 32 | 40 | 64) && added.bytes().all(|b| b.is_ascii_hexdigit()));
    if !read {
        out.truncate(from);
    }
    read
}

/// `info` to `critical`, or their numbers 0 to 4.
pub fn severity(text: &str) -> Option<i8> {
    const LEVELS: [&[&str]; 5] = [&["info", "informational", "none", "0"], &["low", "1"], &["medium", "moderate", "2"], &["high", "3"], &["critical", "4"]];
    let level = LEVELS.iter().position(|names| names.iter().any(|name| name.eq_ignore_ascii_case(text)))?;
    i8::try_from(level).ok()
}

/// The words of [`severity`], from 0 to 4.
pub const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

/// A confidence in percent: `85`, or a fraction with a point (`0.85`, `1.0`).
pub fn confidence(text: &str) -> Option<i8> {
    let percent = match text.split_once('.') {
        None => number(text)?,
        Some((whole, fraction)) => {
            let digits = fraction.len() <= 18 && fraction.bytes().all(|b| b.is_ascii_digit());
            let at = |index: usize| fraction.as_bytes().get(index).map_or(0, |b| i64::from(b - b'0'));
            (digits && !fraction.is_empty()).then(|| number(whole))?? * 100 + if digits { at(0) * 10 + at(1) } else { 0 }
        }
    };
    i8::try_from(percent).ok().filter(|percent| *percent <= 100)
}

/// A TLP label, with or without `TLP:`.
pub fn tlp(text: &str) -> Option<Tlp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{asn, confidence, country, cves, hash, port, severity, tlp, transport};
    use crate::label::Tlp;

    fn word(read: fn(&str, &mut String) -> bool, text: &str) -> Option<String> {
        let mut out = String::new();
        let known = read(text, &mut out);
        assert!(known || out.is_empty(), "{text}");
        known.then_some(out)
    }

    #[test]
    fn numbers_are_read_or_refused() {
        let ports = [("80", Some(80)), ("0", Some(-1)), ("65535", Some(65_535)), ("65536", None), ("-1", None), ("8o", None), ("", None), ("+80", None)];
        for (text, expect) in ports {
            assert_eq!(port(text), expect, "{text}");
        }
        let asns = [("64501", Some(64_501)), ("AS64501", Some(64_501)), ("as 1.10", Some(65_546)), ("0", Some(0)), ("4294967296", None), ("AS", None)];
        for (text, expect) in asns {
            assert_eq!(asn(text), expect, "{text}");
        }
        let levels = [("85", Some(85)), ("0.85", Some(85)), ("1.0", Some(100)), ("0.8", Some(80)), ("101", None), ("1.5", None), ("0.x", None), (".5", None)];
        for (text, expect) in levels {
            assert_eq!(confidence(text), expect, "{text}");
        }
        assert_eq!((severity("HIGH"), severity("4"), severity("5"), severity("")), (Some(3), Some(4), None, None));
        assert_eq!((tlp("TLP:WHITE"), tlp("amber+strict"), tlp("PURPLE")), (Some(Tlp::Clear), Some(Tlp::AmberStrict), None));
    }

    #[test]
    fn words_have_one_form() {
        for (text, expect) in [("TCP", Some("tcp")), ("17", Some("udp")), ("ipv6-icmp", Some("icmpv6")), ("99", None), ("ssh", None)] {
            assert_eq!(word(transport, text).as_deref(), expect, "{text}");
        }
        for (text, expect) in [("at", Some("AT")), ("AUT", None), ("1A", None), ("ü", None)] {
            assert_eq!(word(country, text).as_deref(), expect, "{text}");
        }
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        for text in [md5, &md5.to_uppercase(), &format!("md5:{md5}"), "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E"] {
            assert_eq!(word(hash, text).as_deref(), Some(md5), "{text}");
        }
        for text in ["", "abc", &"g".repeat(32), &"a".repeat(65), &"a".repeat(128)] {
            assert_eq!(word(hash, text), None, "{text}");
        }
    }

    #[test]
    fn cve_numbers_are_a_sorted_set() {
        let mut set = String::new();
        assert!(cves("exchange;cve-2021-26855;CVE-2021-3449, cve-2021-26855", &mut set));
        assert_eq!(set, "CVE-2021-3449;CVE-2021-26855");
        assert!(cves("CVE-2019-0708", &mut set) && cves("(cve-2024-123456)", &mut set));
        assert_eq!(set, "CVE-2019-0708;CVE-2021-3449;CVE-2021-26855;CVE-2024-123456");
        for text in ["", "cve", "cve-2021-12", "xcve-2021-1234", "cve-20211234", "cve-2021-", "CCCC"] {
            assert!(!cves(text, &mut String::new()), "{text}");
        }
    }
}
