//! Documents: JSON, X-ARF, ARF, IDEA, and the events of other programs.

use super::{open, read, read_by};
use formats::feed::{Decoder, Events, Reason, Role, Tables, feedback_report, flag};

const XARF: &str = r#"{"xarf_version":"4.2.0","report_id":"7f6a8f0e-58a5-4a3a-9a52-5d9f3c1a0b11","timestamp":"2026-03-24T09:15:00Z",
    "reporter":{"org":"Example Honeypots","contact":"abuse@honeypots.example","domain":"honeypots.example"},
    "source_identifier":"192.0.2.77","source_port":45621,"category":"connection","type":"login_attack","destination_ip":"198.51.100.22",
    "destination_port":22,"protocol":"tcp","service":"ssh","attempt_count":2847,"confidence":0.95,"evidence":[{"content_type":"text/plain","payload":"eA=="}],
    "tags":["attack:brute_force"],"region_note":"new"}"#;

#[test]
fn an_x_arf_4_report_is_an_event() {
    let outcome = open(&Tables::built_in(), Some("report.json"), XARF).unwrap();
    let events = &outcome.events;
    assert_eq!((&*events.source.kind, outcome.ip(0).as_str(), events.port[0]), ("xarf", "192.0.2.77", 45_621));
    assert_eq!((outcome.peer_ip(0).as_str(), events.peer_port[0]), ("198.51.100.22", 22));
    assert_eq!((events.class.get(0), events.r#type.get(0), events.identifier.get(0)), ("intrusion-attempts", "brute-force", "login_attack"));
    assert_eq!((events.transport.get(0), events.application.get(0), events.count[0], events.confidence[0]), ("tcp", "ssh", 2847, 95));
    assert_eq!(outcome.unknown, [("region_note".to_owned(), 1)]);
    let extra: serde_json::Value = serde_json::from_str(events.extra.get(0)).unwrap();
    assert_eq!((&extra["reporter"]["org"], &extra["tags"][0], extra.get("evidence")), (&"Example Honeypots".into(), &"attack:brute_force".into(), None));
}

#[test]
fn an_x_arf_4_report_can_be_about_a_url_or_a_name() {
    let report = |source: &str, url: &str| {
        format!(
            r#"{{"xarf_version":"4.2.0","timestamp":"2026-03-24T09:15:00Z","source_identifier":"{source}","category":"content","type":"phishing","url":"{url}"}}"#
        )
    };
    let file = format!("{}\n{}\n", report("login.example.net", "http://Login.Example.net/x"), report("nowhere", "http://a.example/"));
    let outcome = read("xarf", file);
    assert_eq!(
        (outcome.events.domain.get(0), outcome.events.registrable.get(0), outcome.events.url.get(0)),
        ("login.example.net", "example.net", "http://login.example.net/x")
    );
    assert_eq!(outcome.reasons(), [(2, Reason::Host)]);
}

#[test]
fn an_x_arf_3_report_is_an_event() {
    let text = r#"{"Version":"3","ReporterInfo":{"ReporterOrg":"Example"},"Report":{"ReportClass":"Activity","ReportType":"Login-Attack","Date":"2026-03-24T09:15:00+01:00",
        "SourceIp":"2001:db8::7","SourcePort":40000,"DestinationIp":"198.51.100.1","DestinationPort":22,"AttackCount":5,"Samples":[{"Payload":"eA=="}]}}"#;
    let outcome = open(&Tables::built_in(), None, text).unwrap();
    assert_eq!((&*outcome.events.source.kind, outcome.ip(0).as_str(), outcome.events.port[0], outcome.events.count[0]), ("xarf3", "2001:db8::7", 40_000, 5));
    assert_eq!((outcome.events.r#type.get(0), outcome.events.identifier.get(0)), ("brute-force", "Login-Attack"));
    let other = r#"{"Version":"3","ReporterInfo":{},"Report":{"ReportClass":"Content","ReportType":"phishing","Date":"2026-03-24T09:15:00Z","Source":{"URL":"https://bad.example/x","Type":"uri"}}}"#;
    assert_eq!(open(&Tables::built_in(), None, other).unwrap().events.domain.get(0), "bad.example");
}

#[test]
fn the_first_x_arf_is_flat_yaml() {
    let text = "---\nReported-From: reports@example.org\nCategory: abuse\nReport-Type: login-attack\nService: ssh\nReport-ID: '17@example.org'\nDate: Tue, 24 Mar 2026 09:15:00 +0100\nSource: 192.0.2.9\nSource-Type: ipv4\nPort: 22\nTLP: green\n";
    let outcome = open(&Tables::built_in(), None, text).unwrap();
    assert_eq!((&*outcome.events.source.kind, outcome.ip(0).as_str(), outcome.events.peer_port[0]), ("xarf2", "192.0.2.9", 22));
    assert_eq!((outcome.events.r#type.get(0), outcome.events.application.get(0), outcome.events.tlp.get(0)), ("brute-force", "ssh", "GREEN"));
}

#[test]
fn a_feedback_report_is_an_event_with_what_it_is_about() {
    let report = b"Feedback-Type: abuse\r\nUser-Agent: Example/1.0\r\nVersion: 1\r\nArrival-Date: Tue, 24 Mar 2026 08:00:00 GMT\r\nSource-IP: 192.0.2.33\r\nReported-Domain: shop.example\r\nReported-URI: http://shop.example/a\r\nReported-URI: http://shop.example/b\r\n";
    let original = b"From: <seller@shop.example>\r\nSubject: cheap\r\n things\r\nMessage-ID: <1@shop.example>\r\n\r\nbody";
    let outcome = open(&Tables::built_in(), None, &String::from_utf8(feedback_report(report, original)).unwrap()).unwrap();
    assert_eq!((&*outcome.events.source.kind, outcome.ip(0).as_str(), outcome.events.domain.get(0)), ("arf", "192.0.2.33", "shop.example"));
    assert_eq!((outcome.events.r#type.get(0), outcome.events.identifier.get(0), outcome.events.application.get(0)), ("spam", "abuse", "smtp"));
    let extra: serde_json::Value = serde_json::from_str(outcome.events.extra.get(0)).unwrap();
    assert_eq!((&extra["Original-Subject"], &extra["Reported-URI_2"]), (&"cheap things".into(), &"http://shop.example/b".into()));
}

#[test]
fn a_feedback_report_without_a_time_has_that_of_its_arrival() {
    let outcome = read("arf", "Feedback-Type: fraud\nUser-Agent: x\nVersion: 1\nReported-Domain: bank.example\n");
    assert_eq!((outcome.events.observed[0], outcome.events.flags[0] & flag::UNDATED), (super::RECEIVED, flag::UNDATED));
    assert_eq!(outcome.events.r#type.get(0), "phishing");
    assert_eq!(read("arf", "Feedback-Type: abuse\n").reasons(), [(1, Reason::NoSubject)]);
}

#[test]
fn an_idea_message_is_an_event_for_each_source() {
    let message = r#"{"Format":"IDEA0","ID":"4390fc3f-c753-4a3e-bc83-1b44f24baf75","CreateTime":"2026-03-24T08:11:00Z","DetectTime":"2026-03-24T08:10:00Z",
      "EventTime":"2026-03-24T08:00:00Z","CeaseTime":"2026-03-24T08:05:00Z","Category":["Recon.Scanning","Attempt.Login"],"Confidence":0.8,
      "Source":[{"IP4":["192.0.2.77","192.0.2.128-192.0.2.191"],"Proto":["tcp","ssh"],"Type":["CC"]},{"IP6":["2001:db8::1"],"Hostname":["scan.example"]},{"IP4":["198.51.100.9"],"Spoofed":true}],
      "Target":[{"IP4":["198.51.100.1"],"Port":[22,2222]},{"IP4":["198.51.100.2","198.51.100.3"]}],"ConnCount":812,"Node":[{"Name":"org.example.honeypot"}]}"#;
    let outcome = open(&Tables::built_in(), Some("alert.idea"), message).unwrap();
    let events = &outcome.events;
    let subjects: Vec<_> = (0..events.len()).map(|row| (outcome.ip(row), events.prefix[row])).collect();
    assert_eq!(subjects, [("192.0.2.77".to_owned(), -1), ("192.0.2.128".to_owned(), 26), ("2001:db8::1".to_owned(), -1)]);
    assert_eq!(
        (events.role[0], events.role[2], events.r#type.get(0), events.identifier.get(0)),
        (Role::C2, Role::Subject, "scanner", "Recon.Scanning;Attempt.Login")
    );
    assert_eq!((events.count[0], events.confidence[0], events.transport.get(0), events.application.get(0)), (812, 80, "tcp", "ssh"));
    assert_eq!((outcome.peer_ip(2).as_str(), events.peer_port[2], events.reverse.get(2), events.domain.get(2)), ("198.51.100.1", 22, "scan.example", ""));
    assert_eq!(events.ended[0] - events.observed[0], 300_000_000);
    assert!(events.extra.get(0).contains(r#""Peer.Ports":["22","2222"]"#), "{}", events.extra.get(0));
    assert!(events.extra.get(1).contains(r#""Peer.IPs":["198.51.100.1","198.51.100.2","198.51.100.3"]"#), "{}", events.extra.get(1));
    assert_eq!((outcome.tally.records, outcome.tally.events), (1, 3));
}

#[test]
fn one_bad_message_costs_itself_only() {
    let good = r#"{"Format":"IDEA0","ID":"a","DetectTime":"2026-03-24T08:10:00Z","Category":["Test"],"Source":[{"IP4":["192.0.2.1"]}]}"#;
    let file = [
        good,
        "{\"Format\":\"IDEA0\"",
        &good.replace("\"ID\":\"a\",", ""),
        &good.replace("192.0.2.1", "here"),
        &good.replace("IDEA0", "IDEA9"),
        &good.replace("\"Source\"", "\"Node\""),
        "",
        good,
        &good.replace("\"192.0.2.1\"", "\"192.0.2.1\",\"there\""),
    ];
    let outcome = read("idea", file.join("\n"));
    let expect = [(2, Reason::Syntax), (3, Reason::Missing), (4, Reason::Address), (5, Reason::Unknown), (6, Reason::NoSubject), (9, Reason::Address)];
    assert_eq!(outcome.reasons(), expect);
    assert_eq!((outcome.events.len(), outcome.tally.records, outcome.tally.blank), (3, 2, 1));
    assert_eq!(outcome.rejected[1].column.as_deref(), Some("ID"));
}

const HOSTS: &str = r#"
name = "ours"
version = 4
[type.sightings]
format = "json"
type = "scanner"
required = "seen src.addr"
columns = "note"
[type.sightings.fields]
seen = "observed epoch_ms"
"src.addr" = "host"
"src.ports.0" = "port"
names = "identifier"
"#;

#[test]
fn json_is_mapped_by_paths_whatever_stands_between_objects() {
    let mut tables = Tables::built_in();
    tables.add("ours.toml", HOSTS).unwrap();
    let one = r#"{"seen":1774339200000,"src":{"addr":"192.0.2.1","ports":[80,443],"more":{"x":[1, 2]}},"names":["a","b"],"note":"n","news":null}"#;
    let two = r#"{"seen":1774339200001,"src":{"addr":"a.example"}}"#;
    for file in [
        format!("{one}\n{two}\n"),
        format!("[{one},{two}]"),
        format!("{one}{two}"),
        format!("[\n  {one},\n  {two}\n]\n"),
        format!("\u{feff}{one}\r\n\r\n{two}"),
    ] {
        let outcome = read_by(&tables, "sightings", &file);
        assert_eq!((outcome.ip(0).as_str(), outcome.events.port[0], outcome.events.identifier.get(0)), ("192.0.2.1", 80, "a;b"), "{file}");
        assert_eq!(outcome.events.extra.get(0), r#"{"src.ports.1":443,"src.more":{"x":[1,2]},"note":"n"}"#);
        assert_eq!((outcome.events.domain.get(1), outcome.events.len(), outcome.rejected.len()), ("a.example", 2, 0));
    }
}

#[test]
fn a_broken_object_costs_itself_only() {
    let mut tables = Tables::built_in();
    tables.add("ours.toml", HOSTS).unwrap();
    let one = r#"{"seen":1774339200000,"src":{"addr":"192.0.2.1"}}"#;
    let outcome = read_by(&tables, "sightings", format!("{one}\n{{\"seen\":\n{one}\nnull\n{}\n{one}", one.replace("1774339200000", "\"soon\"")));
    assert_eq!((outcome.events.line.as_slice(), outcome.reasons()), (&[1, 3, 6][..], vec![(2, Reason::Syntax), (4, Reason::Syntax), (5, Reason::Time)]));
    let outcome = read_by(&tables, "sightings", format!("[{one},\n  oops,\n  {{\"seen\":1x}},\n{one}]"));
    assert_eq!((outcome.events.line.as_slice(), outcome.reasons()), (&[1, 4][..], vec![(2, Reason::Syntax), (3, Reason::Syntax)]));
    assert_eq!(open(&tables, Some("sightings.csv"), "[ ]\n").unwrap().tally.events, 0);
    // What the mapping requires and no object has at the beginning holds the file.
    assert_eq!(open(&tables, Some("sightings.csv"), r#"{"seen":1,"src":{"address":"192.0.2.1"}}"#).err(), Some("missing_columns"));
}

#[test]
fn what_an_object_of_an_array_lacks_costs_no_other() {
    let mut tables = Tables::built_in();
    tables.add("ours.toml", HOSTS).unwrap();
    let one = r#"{"seen":1774339200000,"src":{"addr":"192.0.2.1","ports":[80]},"list":[{"x":"}, {"},{"x":2}]}"#;
    for broken in [
        r#"{"seen":1774339200000,"src":{"addr":"192.0.2.2,"ports":[80]}}"#,
        r#"{"seen":1774339200000,"src":{"addr":"192.0.2.2","ports":[80]}"#,
        r#"{"seen":1774339200000,"src":{"addr":"192.0.2.2","ports":[80}}"#,
        r#"{"seen":1774339200000,"src":"addr":"192.0.2.2","ports":[80]}}"#,
        r#"{"seen":1774339200000,"src":{"addr":192.0.2.2","ports":[80]}}"#,
        r#"{"seen":1774339200000,"src":{"ports":[80],"addr":"192.0.2.2}}"#,
        r#"{"seen"}"#,
        "oops",
    ] {
        for separator in [", ", ",", ",\n", "\n,"] {
            let many = vec![one; 50].join(separator);
            let file = format!("[{many}{separator}{broken}{separator}{many}]");
            let outcome = read_by(&tables, "sightings", &file);
            assert_eq!(outcome.events.len(), 100, "{broken} {separator:?}");
            assert!(outcome.rejected.iter().all(|one| one.reason == Reason::Syntax) && (1..=2).contains(&outcome.rejected.len()), "{broken} {separator:?}");
            assert_eq!(outcome.tally.rejected, outcome.rejected.len() as u64);
        }
    }
    // Each beginning of an object is one that ends nowhere, and costs no more than itself.
    let outcome = read_by(&tables, "sightings", format!("[{one},\n{}{one}]", "{\n".repeat(20_000)));
    assert_eq!((outcome.events.len(), outcome.rejected.len()), (2, 20_000));
}

#[test]
fn a_batch_of_wide_rows_is_handed_on_before_it_is_large_and_a_long_name_is_cut() {
    let wide = |n: usize| {
        format!(
            r#"{{"timestamp":"2026-03-24T09:15:00Z","source_identifier":"192.0.2.{}","xarf_version":"4.2.0","category":"connection","type":"login_attack","banner":"{}"}}"#,
            n % 250,
            "x".repeat(3_000)
        )
    };
    let file: String = (0..15_000).map(|n| wide(n) + "\n").collect();
    let tables = Tables::built_in();
    let mut decoder = Decoder::with(tables.get("xarf").unwrap(), super::delivery(), file.as_bytes()).unwrap();
    let (mut events, mut rejected, mut batches) = (Events::default(), Vec::new(), Vec::new());
    loop {
        let more = decoder.fill(&mut events, &mut rejected).unwrap();
        batches.push(events.len());
        events.clear();
        if !more {
            break;
        }
    }
    assert_eq!((batches.iter().sum::<usize>(), rejected.len()), (15_000, 0));
    assert!(batches.len() > 1 && batches.iter().all(|rows| *rows < 12_000), "{batches:?}");
    let outcome = read("xarf", wide(1).replace("banner", &"é".repeat(3_000)));
    let long: Vec<&str> = outcome.unknown.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with('é')).collect();
    assert_eq!(long, [format!("{}… (6000 bytes)", "é".repeat(100))]);
}

#[test]
fn a_message_with_more_fields_than_anybody_reads_is_refused() {
    let fields: Vec<String> = (0..40_000).map(|n| format!(r#""x{n}":1"#)).collect();
    let good = r#"{"Format":"IDEA0","ID":"a","DetectTime":"2026-03-24T08:10:00Z","Category":["Test"],"Source":[{"IP4":["192.0.2.1"]}]}"#;
    let outcome = read("idea", format!("{}\n{good}", good.replace("\"ID\"", &format!("{},\"ID\"", fields.join(",")))));
    assert_eq!((outcome.events.len(), outcome.reasons()), (1, vec![(1, Reason::TooLong)]));
}

#[test]
fn events_of_intelmq_are_taken_over() {
    let text = r#"{"time.source":"2026-03-24T09:00:00+00:00","classification.taxonomy":"malicious-code","classification.type":"infected-system","classification.identifier":"mirai","source.ip":"192.0.2.4","source.port":23,"source.asn":64500,"source.geolocation.cc":"AT","feed.name":"Example","protocol.transport":"tcp","extra.tag":"iot","raw":"eA=="}"#;
    let outcome = open(&Tables::built_in(), None, text).unwrap();
    assert_eq!((&*outcome.events.source.kind, outcome.ip(0).as_str(), outcome.events.r#type.get(0)), ("intelmq", "192.0.2.4", "infected-system"));
    assert_eq!(
        (outcome.events.asn[0], outcome.events.country.get(0), outcome.events.extra.get(0)),
        (64_500, "AT", r#"{"classification.taxonomy":"malicious-code","feed.name":"Example","extra.tag":"iot"}"#)
    );
}

#[test]
fn pages_mailboxes_and_samples_tell_events_of_one_address_apart() {
    let phishing = |url: &str| {
        format!(
            r#"{{"xarf_version":"4.0.0","category":"content","type":"phishing","timestamp":"2026-03-24T08:00:00Z","source_identifier":"192.0.2.1","url":"{url}"}}"#
        )
    };
    let idea = |url: &str| {
        format!(
            r#"{{"Format":"IDEA0","ID":"1","DetectTime":"2026-03-24T08:00:00Z","Category":["Fraud.Phishing"],"Source":[{{"IP4":["192.0.2.1"],"URL":["{url}"]}}]}}"#
        )
    };
    let intelmq =
        |url: &str| format!(r#"{{"time.source":"2026-03-24T08:00:00Z","classification.type":"phishing","source.ip":"192.0.2.1","source.url":"{url}"}}"#);
    let urls = ["http://a.example/1", "http://a.example/2", "http://b.example/1", "http://b.example/1"];
    for (kind, file) in [("xarf", urls.map(phishing)), ("idea", urls.map(idea)), ("intelmq", urls.map(intelmq))] {
        let events = read(kind, file.join("\n")).events;
        let keys: std::collections::BTreeSet<Vec<u8>> = (0..events.len())
            .map(|row| {
                let mut key = Vec::new();
                events.key(row, &mut key);
                key
            })
            .collect();
        assert_eq!((events.len(), keys.len()), (4, 3), "{kind}");
    }
}
