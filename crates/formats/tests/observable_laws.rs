//! Laws that hold for any text: nothing breaks, nothing planted is missed, time stays in proportion.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use formats::observable::{Found, Kind, Observable, defang, extract, fang};
use proptest::prelude::*;
use std::time::{Duration, Instant};

#[test]
fn hostile_text_takes_time_in_proportion_to_its_length() {
    let units = [
        "a.",
        "1",
        "1.",
        ":",
        "1:",
        "a:",
        "::1",
        "hxxp",
        "hxxp://",
        "http://",
        "http://a",
        "http://a@",
        "a@",
        "@",
        "a+",
        "[.]",
        "a[.]",
        "[",
        "(",
        "a-",
        "-",
        "_",
        ".",
        "..",
        "é",
        "é.",
        "CVE-",
        "cve-2024-",
        "AS",
        "AS ",
        "1-",
        "1.1.1.1-",
        "192.0.2.1/",
        "http://a.b/(",
        "http://a.b,http",
        "a'",
        "[:]",
        "1.2.3.4 - ",
        "h**p[:]//",
        "f",
        "ab:",
        "e3:",
        "\u{a0}v ",
    ];
    let time = |unit: &str, size: usize, tail: &str| {
        let text = unit.repeat(size / unit.len()) + tail;
        let start = Instant::now();
        let _ = extract(&text);
        // Generous: this is a slow build on a busy machine; quadratic time would be many minutes.
        assert!(start.elapsed() < Duration::from_mins(1), "{unit:?} {tail:?}");
    };
    for unit in units {
        time(unit, 1 << 16, "@x.example");
    }
    for unit in ["a.", "1:", "hxxp"] {
        time(unit, 1 << 18, "");
    }
}

fn planted() -> impl Strategy<Value = (Kind, String)> {
    let label = "[a-z][a-z0-9]{0,8}";
    let name = (label, proptest::sample::select(vec!["example", "com", "co.ls", "net.br", "org"])).prop_map(|(label, end)| format!("{label}.{end}"));
    let v4 = any::<u32>().prop_map(|bits| std::net::Ipv4Addr::from(bits).to_string());
    let v6 = any::<[u16; 7]>().prop_map(|g| std::net::Ipv6Addr::new(0x2001, g[0], g[1], g[2], g[3], g[4], g[5], g[6]).to_string());
    prop_oneof![
        v4.prop_map(|ip| (Kind::Ip, ip)),
        v6.prop_map(|ip| (Kind::Ip, ip)),
        any::<u32>().prop_map(|n| (Kind::Asn, format!("AS{}", n.max(1)))),
        (1999..2030u32, 1000..9_999_999u32).prop_map(|(y, n)| (Kind::Cve, format!("CVE-{y}-{n}"))),
        "[a-f][0-9a-f]{31}".prop_map(|hash| (Kind::Md5, hash)),
        "[a-f][0-9a-f]{63}".prop_map(|hash| (Kind::Sha256, hash)),
        name.clone().prop_map(|name| (Kind::Domain, name)),
        (label, name.clone()).prop_map(|(user, name)| (Kind::Mail, format!("{user}@{name}"))),
        (name, "[a-zA-Z0-9/]{0,9}").prop_map(|(name, path)| (Kind::Url, format!("https://{name}/{path}"))),
    ]
}

/// Text that is likely to trip a scanner.
fn text() -> impl Strategy<Value = String> {
    let bits = vec![
        "http://",
        "hxxp",
        "[.]",
        "[at]",
        "(dot)",
        "[:]",
        "::",
        "1",
        "192.0.2.1",
        ".",
        "-",
        "/24",
        "@",
        "a",
        "com",
        ".example",
        "é",
        "“",
        "AS",
        "CVE-2024-",
        "1234",
        " ",
        "\n",
        "_",
        "%",
        "'",
        "(",
        ")",
        "[",
        "]",
        "ffff",
        "下",
        ",",
        "=",
    ];
    prop_oneof![any::<String>(), proptest::collection::vec(proptest::sample::select(bits), 0..24).prop_map(|v| v.concat())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_survived(text in text()) {
        formats::fuzz::observable(text.as_bytes());
    }

    #[test]
    fn what_is_planted_is_found((kind, value) in planted(), a in 0usize..9, b in 0usize..9) {
        let before = [" ", "\n", "\"", "(", ")", "<", ", ", ">", "“"];
        // An opening bracket after a URL could be its own.
        let after = [" ", "\n", "\"", ")", ">", "<", ", ", "]", "”"];
        for written in [value.clone(), defang(&Observable { kind, value: value.clone() })] {
            let text = format!("x{}{written}{}y", before[a], after[b]);
            let found = extract(&text);
            prop_assert!(found.iter().any(|f| f.observable.kind == kind && f.observable.value == value
                && text[f.at.clone()] == written), "{} gave {:?}", text, found);
        }
    }

    #[test]
    fn a_canonical_value_is_found_as_itself(text in text()) {
        for Found { observable, .. } in extract(&text) {
            let again = extract(&observable.value);
            // A name that could be a file's is one only beside something that says so.
            let found = again.first().map(|f| &f.observable) == Some(&observable);
            prop_assert!(found, "{:?} gave {:?}", observable, again);
            prop_assert_eq!(fang(&observable.value), observable.value);
        }
    }
}
