//! Shadowserver's report types: all there, and what each direction of report says.

use super::{RECEIVED, delivery, open, read};
use formats::feed::{Decoder, Held, Plan, Role, Stop, Tables, flag};
use formats::rsit;
use std::collections::HashSet;

const OTHERS: [&str; 6] = ["arf", "idea", "intelmq", "xarf", "xarf2", "xarf3"];

#[test]
fn all_170_types_are_known_by_the_name_of_their_files() {
    let tables = Tables::built_in();
    let kinds: Vec<&str> = tables.iter().map(|mapping| &*mapping.kind).filter(|kind| !OTHERS.contains(kind)).collect();
    let of = |prefix: &str| kinds.iter().filter(|kind| kind.starts_with(prefix)).count();
    assert_eq!((kinds.len(), of("scan_"), of("scan6_"), of("event4_"), of("event6_")), (170, 82, 41, 20, 3));
    for kind in kinds {
        for name in [format!("2026-03-24-{kind}-example-asn.csv"), format!("2026-03-24-{kind}-123-example-asn-delayed.CSV"), format!("{kind}.csv")] {
            assert_eq!(tables.by_name(&name).unwrap().map(|mapping| &*mapping.kind), Some(kind), "{name}");
        }
    }
}

#[test]
fn every_type_has_what_an_event_needs() {
    let mut columns = HashSet::new();
    for mapping in Tables::built_in().iter().filter(|mapping| !OTHERS.contains(&&*mapping.kind)) {
        let kind = &*mapping.kind;
        let row = &mapping.constants;
        assert!(rsit::find(&row.class, &row.r#type).is_some(), "{kind}: {}/{}", row.class, row.r#type);
        assert!((0..=4).contains(&row.severity) && !mapping.title.is_empty(), "{kind}");
        assert!(mapping.required.iter().all(|name| mapping.fields.contains_key(name)), "{kind}");
        let all: Vec<&str> = mapping.fields.keys().chain(&mapping.columns).map(String::as_str).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{kind} names a column twice");
        assert!(Plan::meet(mapping, &all).is_ok_and(|plan| plan.unknown().is_empty()), "{kind}");
        assert_eq!(Plan::meet(mapping, &[]).err(), Some(Held::MissingColumns(mapping.required.clone())), "{kind}");
        columns.extend(all.iter().map(|name| (*name).to_owned()));
    }
    assert!(columns.len() >= 741, "{} columns", columns.len());
}

#[test]
fn what_was_seen_on_an_address_is_about_it() {
    let file = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector,device_vendor,device_type\n\
        2026-03-24 01:02:03,critical,192.0.2.1,tcp,3389,Host-1.Example.NET,rdp;cve-2019-0708,64500,at,WIEN,VIENNA,0,ptr,,Example,router\n\
        2026-03-24 01:02:03,,2001:db8::1,tcp,3389,,,,,,,517311,,,,\n";
    let outcome = open(&Tables::built_in(), Some("2026-03-24-scan_rdp-example-asn.csv"), file).unwrap();
    let events = &outcome.events;
    assert_eq!(
        (outcome.ip(0).as_str(), events.port[0], events.transport.get(0), events.reverse.get(0), events.domain.get(0)),
        ("192.0.2.1", 3389, "tcp", "host-1.example.net", "")
    );
    assert_eq!((events.identifier.get(0), events.cve.get(0), events.country.get(0), events.asn[0]), ("rdp;cve-2019-0708", "CVE-2019-0708", "AT", 64_500));
    assert_eq!((events.severity.as_slice(), events.product.get(0), events.role[0]), (&[4, 3][..], "Example", Role::Subject));
    assert_eq!(events.extra.get(0), r#"{"region":"WIEN","city":"VIENNA","hostname_source":"ptr","device_type":"router"}"#);
    assert_eq!((events.extra.get(1), events.flags[1]), (r#"{"naics":"517311"}"#, flag::NAIVE_TIME));
    assert_eq!(RECEIVED - events.observed[0], (10 * 3600 + 57 * 60 + 57) * 1_000_000);
}

#[test]
fn what_an_address_did_is_about_the_source() {
    let file = "timestamp,protocol,src_ip,src_port,src_asn,src_geo,src_hostname,dst_ip,dst_port,dst_asn,dst_geo,dst_hostname,infection,family,tag,http_host,http_url\n\
        2026-03-24 01:02:03,tcp,192.0.2.7,60902,64500,AT,a.example.net,198.51.100.1,80,64511,US,sink.example.org,andromeda,,x,c2.example,GET / HTTP/1.1\n";
    let outcome = read("event4_sinkhole_http", file);
    let events = &outcome.events;
    assert_eq!((outcome.ip(0).as_str(), events.port[0], outcome.peer_ip(0).as_str(), events.peer_port[0]), ("192.0.2.7", 60_902, "198.51.100.1", 80));
    assert_eq!(
        (events.identifier.get(0), events.malware.get(0), events.peer_domain.get(0), events.domain.get(0)),
        ("andromeda", "andromeda", "c2.example", "")
    );
    assert_eq!(events.extra.get(0), r#"{"http_url":"GET / HTTP/1.1","dst_hostname":"sink.example.org","tag":"x"}"#);
    assert_eq!((events.class.get(0), events.r#type.get(0), events.severity[0]), ("malicious-code", "infected-system", 4));
}

#[test]
fn what_was_done_to_an_address_is_about_the_target() {
    let file = "timestamp,protocol,dst_ip,dst_port,dst_asn,src_ip,src_port,src_asn,infection,family,domain\n2026-03-24 01:02:03,udp,192.0.2.9,80,64500,198.51.100.4,61234,64511,ddos,mirai,shop.example\n";
    let outcome = read("event4_honeypot_ddos_target", file);
    assert_eq!((outcome.ip(0).as_str(), outcome.peer_ip(0).as_str(), outcome.events.role[0]), ("192.0.2.9", "198.51.100.4", Role::Target));
    assert_eq!((outcome.events.domain.get(0), outcome.events.r#type.get(0), outcome.events.asn[0]), ("shop.example", "ddos", 64_500));
    let file = "timestamp,http_referer_ip,http_referer_port,http_referer,dst_ip\n2026-03-24,192.0.2.3,80,http://blog.example.net/x,198.51.100.1\n";
    let outcome = read("event6_sinkhole_http_referer", file);
    assert_eq!((outcome.ip(0).as_str(), outcome.events.registrable.get(0)), ("192.0.2.3", "example.net"));
}

#[test]
fn web_sites_are_about_their_name_and_url() {
    let file = "timestamp,ip,port,hostname,http_host,url,application,tag\n\
        2026-03-24,192.0.2.1,443,r.example.net,WWW.Shop.Example,/header.php?x=1,https,spam\n2026-03-24,192.0.2.1,8080,,192.0.2.1,/a,http,\n2026-03-24,2001:db8::1,80,,,/b,http,\n";
    let outcome = read("compromised_website", file);
    let urls: Vec<_> = outcome.events.url.iter().collect();
    assert_eq!(urls, ["https://www.shop.example/header.php?x=1", "http://192.0.2.1:8080/a", "http://[2001:db8::1]/b"]);
    assert_eq!((outcome.events.domain.get(0), outcome.events.registrable.get(0)), ("www.shop.example", "shop.example"));
    let outcome = read(
        "malware_url",
        "timestamp,url,ip,sha256\n2026-03-24,http://Files.Example.org/a b,192.0.2.1,E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855\n",
    );
    assert_eq!(
        (outcome.events.url.get(0), outcome.events.domain.get(0), outcome.events.hash.get(0).len()),
        ("http://files.example.org/a%20b", "files.example.org", 64)
    );
}

#[test]
fn types_without_an_address_are_about_a_name() {
    let outcome = read("compromised_account", "timestamp,email,infection,service\n2026-03-24,Someone@Example.ORG,stealer,login.example\n");
    assert_eq!((outcome.events.domain.get(0), outcome.events.malware.get(0)), ("example.org", "stealer"));
    assert_eq!((outcome.events.url.get(0), outcome.events.extra.get(0)), ("mailto:someone@example.org", r#"{"service":"login.example"}"#));
    let outcome = read(
        "ransomware_victim",
        "timestamp,entity_name,website,geo,ransomware\n2026-03-24,Example Ltd,https://www.example.net/,AT,locker\n2026-03-24,Other,www.example.org,,\n",
    );
    assert_eq!(outcome.events.domain.iter().collect::<Vec<_>>(), ["www.example.net", "www.example.org"]);
    let outcome = read("sandbox_dns", "timestamp,request,family\n2026-03-24,c2.example.com,x\n");
    assert_eq!((outcome.events.domain.get(0), outcome.events.malware.get(0)), ("c2.example.com", "x"));
}

/// How many different events the lines are.
fn different(kind: &str, file: &str) -> usize {
    let events = read(kind, file).events;
    let keys: std::collections::BTreeSet<Vec<u8>> = (0..events.len())
        .map(|row| {
            let mut key = Vec::new();
            events.key(row, &mut key);
            key
        })
        .collect();
    keys.len()
}

#[test]
fn what_is_meant_tells_events_of_one_address_apart() {
    let lines = |header: &str, rows: [&str; 4]| format!("{header}\n{}\n", rows.map(|row| format!("2026-03-24,{row}")).join("\n"));
    // Of each type three things on one address, and the last of them again, under another name in reverse DNS.
    let files = [
        (
            "malware_url",
            "timestamp,ip,hostname,url",
            ["192.0.2.1,a,http://a.example/1", "192.0.2.1,a,http://a.example/2", "192.0.2.1,a,http://b.example/1", "192.0.2.1,b,http://b.example/1"],
        ),
        (
            "compromised_website",
            "timestamp,ip,port,hostname,http_host",
            ["192.0.2.1,80,a,a.example", "192.0.2.1,80,a,b.example", "192.0.2.1,80,a,c.example", "192.0.2.1,80,b,c.example"],
        ),
        (
            "spam_url",
            "timestamp,ip,hostname,url",
            ["192.0.2.1,a,http://a.example/1", "192.0.2.1,a,http://a.example/2", "192.0.2.1,a,http://a.example/3", "192.0.2.1,b,http://a.example/3"],
        ),
        (
            "sandbox_url",
            "timestamp,ip,hostname,url",
            ["192.0.2.1,a,http://a.example/1", "192.0.2.1,a,http://a.example/2", "192.0.2.1,a,http://a.example/3", "192.0.2.1,b,http://a.example/3"],
        ),
        (
            "sandbox_conn",
            "timestamp,ip,port,hostname,md5",
            [
                "192.0.2.1,80,a,d41d8cd98f00b204e9800998ecf8427e",
                "192.0.2.1,80,a,e41d8cd98f00b204e9800998ecf8427e",
                "192.0.2.1,80,a,f41d8cd98f00b204e9800998ecf8427e",
                "192.0.2.1,80,b,f41d8cd98f00b204e9800998ecf8427e",
            ],
        ),
        ("compromised_account", "timestamp,email,detail", ["a@example.org,1", "b@example.org,1", "c@example.org,1", "C@Example.org,2"]),
        (
            "event4_sinkhole_http_referer",
            "timestamp,http_referer_ip,http_referer_port,http_referer",
            ["192.0.2.1,80,http://a.example/?1", "192.0.2.1,80,http://b.example/?1", "192.0.2.1,80,http://c.example/?1", "192.0.2.1,80,http://c.example/?2"],
        ),
        ("scan_telnet", "timestamp,ip,port,hostname,banner", ["192.0.2.1,23,a,x", "192.0.2.2,23,a,x", "192.0.2.1,24,a,x", "192.0.2.1,24,b,y"]),
    ];
    for (kind, header, rows) in files {
        assert_eq!(different(kind, &lines(header, rows)), 3, "{kind}");
    }
}

#[test]
fn a_mailbox_is_written_as_a_url_whatever_it_is_made_of() {
    let of = |cell: &str| read("compromised_account", format!("timestamp,email\n2026-03-24,{cell}\n")).events.url.get(0).to_owned();
    assert_eq!(of("<Ana.B+x@Mail.Example>"), "mailto:ana.b+x@mail.example");
    assert_eq!(of("Ana <ana@mail.example>"), "mailto:ana@mail.example");
    assert_eq!(of("a/b?c@mail.example"), "mailto:a%2Fb%3Fc@mail.example");
    assert_eq!(of("@mail.example"), "");
}

#[test]
fn a_web_shell_is_a_compromise() {
    let outcome = read(
        "scan_exchange",
        "timestamp,ip,port,tag,severity\n2026-03-24,192.0.2.1,443,exchange;webshell,\n2026-03-24,192.0.2.2,443,exchange;cve-2021-26855,\n",
    );
    let types: Vec<_> = outcome.events.r#type.iter().collect();
    assert_eq!(types, ["system-compromise", "vulnerable-system"]);
    assert_eq!(outcome.events.class.get(0), "intrusions");
}

#[test]
fn a_report_type_that_nobody_knows_is_named() {
    let Err(Stop::Held(held)) = Decoder::open(&Tables::built_in(), Some("2026-03-24-scan_novelty-1-x.csv"), delivery(), "timestamp,ip\n".as_bytes()) else {
        panic!()
    };
    assert_eq!(held, Held::UnknownKind("scan_novelty".into()));
}
