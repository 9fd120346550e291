//! What is found in free text, and what is left alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use formats::observable::{Kind, Observable, distinct, extract, extract_capped};

/// One line per observable: "kind value".
fn shown(text: &str) -> Vec<String> {
    extract(text).iter().map(|f| format!("{} {}", f.observable.kind, f.observable.value)).collect()
}

fn check(table: &[(&str, &[&str])]) {
    for (text, expect) in table {
        assert_eq!(shown(text), *expect, "in {text:?}");
    }
}

#[test]
fn addresses_are_found_in_any_surroundings() {
    let surroundings = [
        "@",
        "(@)",
        "[@]",
        "<@>",
        "{@}",
        "\"@\"",
        "'@'",
        "`@`",
        "“@”",
        "«@»",
        "@.",
        "@,",
        "@;",
        "@:",
        "@!",
        "@?",
        "at @ today",
        "—@—",
        "\t@\n",
        "src=@ dst",
        "src=@,",
        "ip:@",
        "IP: @.",
        "检测到@在",
        "|@|",
        "*@*",
        "_@_",
        "...@...",
        "@...",
        "-@",
        "a @) b",
        "@\u{a0}",
        "é@é",
        "от @, до",
        "#@#",
        "@\r\n",
    ];
    for (value, kind) in [
        ("192.0.2.1", "ip"),
        ("192.0.2.0/24", "cidr"),
        ("192.0.2.1-192.0.2.9", "range"),
        ("2001:db8::1", "ip"),
        ("2001:db8::/32", "cidr"),
        ("d41d8cd98f00b204e9800998ecf8427e", "md5"),
        ("CVE-2024-12345", "cve"),
        ("AS64501", "asn"),
    ] {
        for place in surroundings {
            let text = place.replace('@', value);
            let found = extract(&text);
            assert_eq!(shown(&text), [format!("{kind} {value}")], "in {text:?}");
            assert_eq!(&text[found[0].at.clone()], value);
        }
    }
}

#[test]
fn addresses_are_normalised() {
    check(&[
        ("2001:0DB8:0000:0000:0000:0000:0000:0001", &["ip 2001:db8::1"]),
        ("2001:db8:0:0:1::", &["ip 2001:db8:0:0:1::"]),
        ("see ::1 and fe80::1%eth0", &["ip ::1", "ip fe80::1"]),
        ("::ffff:192.0.2.1", &["ip 192.0.2.1"]),
        ("[2001:db8::1]:443", &["ip 2001:db8::1"]),
        ("2001:db8::1: unreachable", &["ip 2001:db8::1"]),
        ("2001:db8:1:2:3:4:5:6", &["ip 2001:db8:1:2:3:4:5:6"]),
        ("2001:db8::1-2001:db8::9", &["range 2001:db8::1-2001:db8::9"]),
        ("192.0.2.77/24", &["cidr 192.0.2.0/24"]),
        ("192.0.2.1/32", &["ip 192.0.2.1"]),
        ("192.0.2.1 - 192.0.2.9", &["range 192.0.2.1-192.0.2.9"]),
        ("192.0.2.1 – 192.0.2.9.", &["range 192.0.2.1-192.0.2.9"]),
        ("192.0.2.9-192.0.2.1", &["ip 192.0.2.9", "ip 192.0.2.1"]),
        ("192.0.2.1:443", &["ip 192.0.2.1"]),
        ("192.0.2.1/index.html", &["ip 192.0.2.1"]),
        ("192.0.2.1,192.0.2.2;192.0.2.3", &["ip 192.0.2.1", "ip 192.0.2.2", "ip 192.0.2.3"]),
        ("192[.]0[.]2[.]1 and 2001[:]db8[:][:]1", &["ip 192.0.2.1", "ip 2001:db8::1"]),
        ("host_192.0.2.1_tcp", &["ip 192.0.2.1"]),
        ("Client IP 192.0.2.1.Next", &["ip 192.0.2.1"]),
    ]);
}

#[test]
fn what_only_looks_like_an_address_is_left_alone() {
    for text in [
        "version 1.2.3.4",
        "Version: 1.2.3.4",
        "v1.2.3.4",
        "v 1.2.3.4",
        "versión 1.2.3.4",
        "release=1.2.3.4",
        "Chrome/120.0.0.0 Safari/537.36",
        "1.2.3.4.5",
        "1.3.6.1.4.1.311",
        "256.1.1.1",
        "1.2.3",
        "01.2.3.4",
        "00:11:22:33:44:55",
        "00:11:22:33:44:55:66:77",
        "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89",
        "12:30:45",
        "std::vec::Vec",
        "a::b",
        "::",
        ":::",
        "1.2.3.4a",
        "x1.2.3.4",
    ] {
        assert_eq!(shown(text), Vec::<String>::new(), "in {text:?}");
    }
}

#[test]
fn names_are_found_and_prose_is_not() {
    check(&[
        ("www.Example.ORG.", &["domain www.example.org"]),
        ("see evil[.]example, or evil(.)co[.]uk", &["domain evil.example", "domain evil.co.uk"]),
        ("evil [dot] example", &["domain evil.example"]),
        ("_dmarc.example.org", &["domain _dmarc.example.org"]),
        ("xn--bcher-kva.example", &["domain xn--bcher-kva.example"]),
        ("bücher.example", &["domain xn--bcher-kva.example"]),
        ("1.2.0.192.in-addr.arpa", &["domain 1.2.0.192.in-addr.arpa"]),
        ("192-0-2-1.dsl.example.net", &["domain 192-0-2-1.dsl.example.net"]),
        ("example.com/install", &["domain example.com"]),
        ("(example.com)", &["domain example.com"]),
        ("请访问 evil.com，谢谢", &["domain evil.com"]),
        ("evil.zip", &[]),
        ("evil[.]zip and www.evil.zip", &["domain evil.zip", "domain www.evil.zip"]),
        ("README.md file.txt setup.py run.sh lib.rs x.pl a.zip main.c foo.exe", &[]),
        ("e.g. this, i.e. that, a.m. or p.m., U.S. etc.", &[]),
        ("It finished.It was late. The end.In time", &[]),
        ("host.local a.invalid localhost co.uk com .com example", &[]),
    ]);
}

#[test]
fn urls_and_mail_bring_their_hosts() {
    check(&[
        ("hxxp://Evil[.]Example/Path?x=1", &["url http://evil.example/Path?x=1", "domain evil.example"]),
        ("hXXps[:]//evil.example:8443.", &["url https://evil.example:8443", "domain evil.example"]),
        ("<http://a.example/x>", &["url http://a.example/x", "domain a.example"]),
        ("(see http://a.example/x_(y))", &["url http://a.example/x_(y)", "domain a.example"]),
        ("[t](http://a.example/x)", &["url http://a.example/x", "domain a.example"]),
        ("[url]http://a.example/x[/url]", &["url http://a.example/x", "domain a.example"]),
        ("href='http://a.example/x'>", &["url http://a.example/x", "domain a.example"]),
        ("http://a.example/x, then", &["url http://a.example/x", "domain a.example"]),
        ("http://a.example/x,http://b.example/y", &["url http://a.example/x", "domain a.example", "url http://b.example/y", "domain b.example"]),
        ("&lt;http://a.example/x&gt;", &["url http://a.example/x", "domain a.example"]),
        ("http://192.0.2.1/x.sh", &["url http://192.0.2.1/x.sh", "ip 192.0.2.1"]),
        ("http://[2001:DB8::1]:80/", &["url http://[2001:db8::1]:80/", "ip 2001:db8::1"]),
        ("ldap://u:p@evil.example/a", &["url ldap://u:p@evil.example/a", "domain evil.example"]),
        ("http://localhost/admin", &["url http://localhost/admin"]),
        ("http://evil.zip", &["url http://evil.zip", "domain evil.zip"]),
        ("http://evil.example./x", &["url http://evil.example/x", "domain evil.example"]),
        ("访问http://evil.com/下载。", &["url http://evil.com/下载", "domain evil.com"]),
        ("http:// or http://-", &[]),
        ("Abuse@Example.ORG.", &["mail abuse@example.org", "domain example.org"]),
        ("abuse [at] example [dot] org", &["mail abuse@example.org", "domain example.org"]),
        ("to=<a.b+c@example.org>,", &["mail a.b+c@example.org", "domain example.org"]),
        ("mailto:o'brien@example.org", &["mail o'brien@example.org", "domain example.org"]),
        ("'abuse@example.org'", &["mail abuse@example.org", "domain example.org"]),
        ("联系abuse@example.com请", &["mail abuse@example.com", "domain example.com"]),
        ("é-@as.com -@as.com", &["domain as.com", "domain as.com"]),
        ("root@localhost root@192.0.2.1", &["ip 192.0.2.1"]),
        ("@example.org", &["domain example.org"]),
    ]);
}

#[test]
fn numbers_and_hashes_are_found() {
    check(&[
        ("cve-2024-1234, CVE-2021-44228.", &["cve CVE-2024-1234", "cve CVE-2021-44228"]),
        ("CVE-2024-123 CVE-24-1234 CVE-2024-12345678", &[]),
        ("AS64501 as64502 ASN64503 ASN 64504 AS 64505", &["asn AS64501", "asn AS64502", "asn AS64503", "asn AS64504", "asn AS64505"]),
        ("as 10 hosts, AS 400, AS0, AS-SET, AS99999999999, as of 2024", &[]),
        ("AS1.10", &["asn AS65546"]),
        ("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", &["sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709"]),
        (
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            &["sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
        ),
        ("VirusShare_d41d8cd98f00b204e9800998ecf8427e.exe", &["md5 d41d8cd98f00b204e9800998ecf8427e"]),
        ("d41d8cd98f00b204e9800998ecf8427 6ba7b810-9dad-11d1-80b4-00c04fd430c8", &[]),
        ("12345678901234567890123456789012", &[]),
    ]);
}

#[test]
fn spans_are_those_of_the_text_as_written() {
    let text = "é: hxxps://evil[.]example/x, a [at] b[.]example; 192[.]0[.]2[.]1!";
    let written: Vec<_> = extract(text).into_iter().map(|f| text[f.at].to_owned()).collect();
    let expect = ["hxxps://evil[.]example/x", "evil[.]example", "a [at] b[.]example", "b[.]example", "192[.]0[.]2[.]1"];
    assert_eq!(written, expect);
}

#[test]
fn the_cap_counts_distinct_observables() {
    let text = "192.0.2.1 192.0.2.1 192.0.2.2 192.0.2.1 192.0.2.3";
    let (found, truncated) = extract_capped(text, 2);
    assert_eq!((found.len(), distinct(&found).len(), truncated), (4, 2, true));
    let (found, truncated) = extract_capped(text, 3);
    assert_eq!((found.len(), distinct(&found).len(), truncated), (5, 3, false));
    assert_eq!(extract_capped(text, 0), (vec![], true));
}

#[test]
fn a_typed_value_is_made_canonical_or_refused() {
    let good = [
        (Kind::Ip, "2001:DB8::1", "2001:db8::1"),
        (Kind::Cidr, "192.0.2.9/24", "192.0.2.0/24"),
        (Kind::Range, "192.0.2.1 - 192.0.2.9", "192.0.2.1-192.0.2.9"),
        (Kind::Domain, "Evil[.]zip", "evil.zip"),
        (Kind::Url, "hxxp://A.example", "http://a.example"),
        (Kind::Mail, "A[at]b.example", "a@b.example"),
        (Kind::Asn, "64501", "AS64501"),
        (Kind::Cve, "cve-2024-1234", "CVE-2024-1234"),
    ];
    for (kind, text, value) in good {
        assert_eq!(Observable::new(kind, text).unwrap().value, value);
    }
    assert_eq!(Observable::new(Kind::Cidr, "192.0.2.1/32").unwrap().kind, Kind::Ip);
    for kind in Kind::ALL {
        assert!(Observable::new(kind, "no such thing").is_err());
        assert_eq!(kind.as_str().parse::<Kind>(), Ok(kind));
    }
    assert!("hash".parse::<Kind>().is_err());
}
