//! Whether a line of text names an address that was erased. Pure.

use formats::net::Prefix;

/// Whether a text names an address of a network, or a network that begins in it.
pub fn mentions(text: &str, network: &Prefix) -> bool {
    formats::net::mentions(text, |address| network.contains(address))
}

/// A text without the lines that name an address of these networks; in their place stands `instead`. `None`: there are none.
pub fn without(text: &str, networks: &[Prefix], instead: &str) -> Option<String> {
    let is_erased = |line: &str| networks.iter().any(|network| mentions(line, network));
    if !text.lines().any(is_erased) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if is_erased(line) {
            out.push_str(instead);
            out.push('\n');
        } else {
            out.push_str(line);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may fail")]

    use super::*;

    #[test]
    fn addresses_are_seen_however_they_stand_in_a_line() {
        let network: Prefix = "203.0.113.0/28".parse().unwrap();
        for line in [
            "203.0.113.7",
            "a,203.0.113.7,23",
            "  203.0.113.7 23/tcp · new",
            "(203.0.113.7)",
            "at 203.0.113.7.",
            "203.0.113.7:23",
            "\"::ffff:203.0.113.7\"",
            "203.0.113.0/30",
            "src:203.0.113.7",
            "from:203.0.113.7:4444",
            "feed:203.0.113.7.",
            "ab:203.0.113.7:80:203.0.113.99",
            "203[.]0[.]113[.]7 port 23",
            "hxxp://203(.)0(.)113(.)7/x",
            "{\"src\":\"203.0.113.7\"}",
        ] {
            assert!(mentions(line, &network), "{line}");
        }
        for line in ["203.0.113.77", "1203.0.113.7", "203.0.113.16", "2026-11-22 03:04:05", "", "203.0.113"] {
            assert!(!mentions(line, &network), "{line}");
        }
        let six: Prefix = "2001:db8::/32".parse().unwrap();
        for line in ["[2001:db8::1]:80 and", "ip:2001:db8::1", "address:2001:db8::1,tcp", "at 2001:db8::1:"] {
            assert!(mentions(line, &six), "{line}");
        }
        // Of one address the end is no other one.
        assert!(!mentions("fe80:2001:db8::1", &six));
        assert_eq!(without("a\n203.0.113.7,x\nb\n", &[network], "[erased]").unwrap(), "a\n[erased]\nb\n");
    }
}
