//! What is different is kept, whoever it concerns and whoever may see it; and a day's twelve reports come in at one go.

use std::collections::{BTreeMap, BTreeSet};

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, Held};
use atalaya::events;
use formats::label::Tlp;
use store::Id;

use crate::events::{counts, deliver, feed, feed_with, file};
use crate::house::{House, Mail};
use crate::messages::organisation;
use crate::notices::{NORTH, SOUTH, add, morning, rows, two};

async fn holds(house: &House, organisation: Id, value: &str) {
    let held = Held { kind: String::new(), value: value.into(), from: None, to: None, source: "test" };
    constituency::add_resource(&house.app, &Who::Operator, organisation, held).await.unwrap();
}

/// The attached list, row by row.
fn list(mail: &Mail) -> Vec<BTreeMap<String, String>> {
    let letter = mail.letter();
    letter.attachments.iter().find(|one| one.name.ends_with(".csv")).map(|one| rows(&one.content)).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_names_and_mailboxes_of_one_address_and_day_are_events_of_their_own_and_each_holder_is_told() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        holds(&house, south, "radio.example").await;
        holds(&house, north, "cable.example").await;
        add(&house, "Daily", |rule| rule.severity = 0).await;
        let files = [
            (
                "malware_url",
                "timestamp,ip,url\n2026-11-22,203.0.113.7,http://cable.example/1\n2026-11-22,203.0.113.7,http://cable.example/2\n2026-11-22,203.0.113.7,http://cable.example/3\n",
            ),
            // Of three sites on North's address one is South's.
            (
                "compromised_website",
                "timestamp,ip,port,http_host\n2026-11-22,203.0.113.8,80,a.cable.example\n2026-11-22,203.0.113.8,80,b.cable.example\n2026-11-22,203.0.113.8,80,www.radio.example\n",
            ),
            (
                "compromised_account",
                "timestamp,email\n2026-11-22,ana@radio.example\n2026-11-22,ben@radio.example\n2026-11-22,eve@radio.example\n2026-11-22,Eve@radio.example\n",
            ),
        ];
        for (number, (kind, text)) in (1..).zip(files) {
            deliver(&house, "shadow", &format!("2026-11-22-{kind}-maluti.csv"), text.as_bytes()).await;
            house.run_jobs().await;
            assert_eq!(counts(&house, number).await.0, 3, "{kind} on {}", house.on);
        }
        let phishing = |url: &str| {
            format!(
                r#"{{"xarf_version":"4.0.0","category":"content","type":"phishing","timestamp":"2026-11-22T08:00:00Z","source_identifier":"203.0.113.9","url":"{url}"}}"#
            )
        };
        let lines = ["http://cable.example/a", "http://cable.example/b", "http://radio.example/c"].map(phishing).join("\n");
        deliver(&house, "shadow", "reports.json", lines.as_bytes()).await;
        house.run_jobs().await;
        assert_eq!(counts(&house, 4).await.0, 3, "X-ARF on {}", house.on);
        morning(&house, 24).await;
        let told: BTreeSet<String> =
            list(&house.sink.to(SOUTH)[0]).iter().map(|row| if row["url"].is_empty() { row["domain"].clone() } else { row["url"].clone() }).collect();
        let wanted = ["http://radio.example/c", "mailto:ana@radio.example", "mailto:ben@radio.example", "mailto:eve@radio.example", "www.radio.example"];
        assert_eq!(told, wanted.map(str::to_owned).into(), "on {}", house.on);
        assert_eq!(list(&house.sink.to(NORTH)[0]).len(), 9, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_fewer_may_see_or_that_is_less_bad_stands_in_for_none() {
    let house = House::sqlite().await;
    let (north, _) = two(&house).await;
    feed_with(&house, "closed", |feed| feed.label = Tlp::Red).await;
    feed_with(&house, "open", |feed| feed.label = Tlp::Green).await;
    let seen = |port: u16, country: &str| file(&[format!("2026-11-22 03:04:05,203.0.113.7,{port},tcp,,telnet,64500,{country}")]);
    deliver(&house, "closed", "2026-11-22-scan_telnet-a.csv", &seen(23, "LS")).await;
    deliver(&house, "open", "2026-11-22-scan_telnet-b.csv", &seen(23, "ZA")).await;
    house.run_jobs().await;
    assert_eq!((counts(&house, 1).await.0, counts(&house, 2).await.0), (1, 1));
    let page = house.login_as_member_of(north).await.get("/member/events").await.must(200);
    assert!(page.shows("1 event") && page.shows("203.0.113.7"), "{}", page.words());
    // However its lines and files lie, what is critical is there.
    let event = |severity: &str, second: u32| {
        format!(r#"{{"time.source":"2026-11-22T08:00:{second:02}Z","classification.type":"scanner","source.ip":"203.0.113.{second}","severity":"{severity}"}}"#)
    };
    let files =
        [[event("low", 10), event("critical", 10)].join("\n"), [event("critical", 11), event("low", 11)].join("\n"), event("low", 12), event("critical", 12)];
    for (at, lines) in files.iter().enumerate() {
        deliver(&house, "open", &format!("events-{at}.json"), lines.as_bytes()).await;
        house.run_jobs().await;
    }
    let analyst = house.login_as(Role::Analyst).await;
    for address in ["203.0.113.10", "203.0.113.11", "203.0.113.12"] {
        let found = analyst.get(&format!("/events/found.jsonl?ip={address}")).await.must(200).text();
        let severities: BTreeSet<i64> =
            found.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["severity"].as_i64().unwrap()).collect();
        assert_eq!(severities, BTreeSet::from([1, 4]), "{address}");
    }
}

/// Columns and lines of the day's reports; the first line of each is North's, the second South's, and so on.
const DAY: [(&str, &str, [&str; 3]); 12] = [
    (
        "blocklist",
        "timestamp,ip,hostname,source,reason,asn,geo,sector,tag",
        [
            "203.0.113.1,,Example list,Malicious Host,64500,LS,,",
            "203.0.113.130,,Example list,Malicious Host,64500,LS,,",
            "198.51.100.1,,Example list,Malicious Host,64511,ZA,,",
        ],
    ),
    (
        "compromised_website",
        "timestamp,ip,port,hostname,tag,application,asn,geo,url,http_host,category",
        [
            "203.0.113.2,80,,hacked-webserver,http,64500,LS,/header.php,one.example,spam",
            "203.0.113.131,80,,hacked-webserver,http,64500,LS,/header.php,two.example,spam",
            "203.0.113.131,80,,hacked-webserver,http,64500,LS,/header.php,three.example,spam",
        ],
    ),
    (
        "device_id",
        "timestamp,ip,protocol,port,hostname,tag,asn,geo,device_vendor,device_type,device_model",
        [
            "203.0.113.3,tcp,10443,,\"ssl,vpn\",64500,LS,Example Networks,firewall,XR-500",
            "203.0.113.132,tcp,10443,,\"ssl,vpn\",64500,LS,Example Networks,firewall,XR-500",
            "203.0.113.3,tcp,10443,,\"ssl,vpn\",64500,LS,Example Networks,firewall,XR-500",
        ],
    ),
    (
        "event4_honeypot_ddos_target",
        "timestamp,protocol,dst_ip,dst_port,dst_asn,dst_geo,src_ip,src_port,src_asn,src_geo,tag,infection,attack",
        [
            "udp,203.0.113.4,80,64500,LS,198.51.100.20,61234,64511,ZA,mirai,ddos,atk0",
            "udp,203.0.113.133,80,64500,LS,198.51.100.20,61234,64511,ZA,mirai,ddos,atk0",
            "udp,198.51.100.2,80,64511,ZA,198.51.100.20,61234,64511,ZA,mirai,ddos,atk0",
        ],
    ),
    (
        "event4_sinkhole_http",
        "timestamp,protocol,src_ip,src_port,src_asn,src_geo,dst_ip,dst_port,dst_asn,dst_geo,infection,family,http_url,http_host",
        [
            "tcp,203.0.113.5,60902,64500,LS,192.0.2.2,80,64496,US,andromeda,avalanche,/a,sink.example",
            "tcp,203.0.113.134,60902,64500,LS,192.0.2.2,80,64496,US,andromeda,avalanche,/a,sink.example",
            "tcp,198.51.100.3,60902,64511,ZA,192.0.2.2,80,64496,US,andromeda,avalanche,/a,sink.example",
        ],
    ),
    (
        "event6_sinkhole_http",
        "timestamp,protocol,src_ip,src_port,src_asn,src_geo,dst_ip,dst_port,dst_asn,dst_geo,infection,tag,http_url",
        [
            "tcp,2001:db8:1::5,49431,64500,LS,2001:db8:ffff::fe,80,64496,US,boaxxe,3ve,\"GET /a%2fb\"",
            "tcp,2001:db8:2::5,49431,64500,LS,2001:db8:ffff::fe,80,64496,US,boaxxe,3ve,\"GET /a%2fb\"",
            "tcp,2001:db8:3::5,49431,64511,ZA,2001:db8:ffff::fe,80,64496,US,boaxxe,3ve,\"GET /a%2fb\"",
        ],
    ),
    (
        "scan_exchange",
        "timestamp,ip,port,hostname,tag,asn,geo,version,servername,url",
        [
            "203.0.113.6,443,mx.one.example,exchange;cve-2021-26855,64500,LS,15.2.721,MX1,",
            "203.0.113.135,443,mx.two.example,exchange;webshell,64500,LS,15.2.721,MX2,",
            "203.0.113.x,443,,exchange,64500,LS,15.2.721,MX3,",
        ],
    ),
    (
        "scan_mongodb",
        "timestamp,ip,protocol,port,hostname,tag,version,asn,geo,visible_databases",
        [
            "203.0.113.7,tcp,27017,,mongodb,2.4.5,64500,LS,local | admin",
            "203.0.113.136,tcp,27017,,mongodb,2.4.5,64500,LS,local | admin",
            "198.51.100.4,tcp,27017,,mongodb,2.4.5,64511,ZA,local | admin",
        ],
    ),
    (
        "scan_ntpmonitor",
        "timestamp,ip,protocol,port,hostname,packets,asn,geo,amplification",
        ["203.0.113.8,udp,123,,2,64500,LS,55.33", "203.0.113.137,udp,123,,2,64500,LS,55.33", "198.51.100.5,udp,123,,2,64511,ZA,55.33"],
    ),
    (
        "scan_rdp",
        "timestamp,ip,port,hostname,tag,handshake,asn,geo,rdp_protocol,subject_common_name",
        [
            "203.0.113.9,3389,,rdp,,64500,LS,RDP,HOST1.local",
            "203.0.113.138,3389,,rdp,,64500,LS,RDP,HOST2.local",
            "198.51.100.6,3389,,rdp,,64511,ZA,RDP,HOST3.local",
        ],
    ),
    (
        "scan_snmp",
        "timestamp,ip,protocol,port,hostname,sysdesc,asn,geo,version,tag,community",
        [
            "203.0.113.10,udp,161,,Linux localhost 3.18.20,64500,LS,2,snmp,public",
            "203.0.113.139,udp,161,,Linux,64500,LS,2,snmp,public",
            "198.51.100.7,udp,161,,Linux,64511,ZA,2,snmp,public",
        ],
    ),
    (
        "scan_ssl",
        "timestamp,ip,port,hostname,tag,handshake,asn,geo,cipher_suite,ssl_poodle,subject_common_name",
        [
            "203.0.113.11,10443,,\"ssl,vpn\",TLSv1.2,64500,LS,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,N,VPN1",
            "203.0.113.140,10443,,\"ssl,vpn\",TLSv1.2,64500,LS,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,N,VPN2",
            "198.51.100.8,10443,,\"ssl,vpn\",TLSv1.2,64511,ZA,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,N,VPN3",
        ],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_days_twelve_reports_come_through_the_drop_folder_and_each_organisation_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let drop = folder.path().to_owned();
    let house = House::with(|profile| profile.events.drop = Some(drop.clone())).await;
    feed(&house, "shadow").await;
    let north = organisation(&house, "North Cable", "203.0.113.0/25", NORTH).await;
    let south = organisation(&house, "South Radio", "203.0.113.128/25", SOUTH).await;
    holds(&house, north, "2001:db8:1::/48").await;
    holds(&house, south, "2001:db8:2::/48").await;
    add(&house, "Daily", |rule| rule.severity = 0).await;
    let mut seen = events::folder::Seen::default();
    events::folder::look(&house.app, &mut seen).await.unwrap();
    for (kind, header, lines) in DAY {
        let lines = lines.map(|line| format!("2026-11-22 03:04:05,{line}\n")).concat();
        std::fs::write(drop.join("shadow").join(format!("2026-11-22-{kind}-maluti.csv")), format!("{header}\n{lines}")).unwrap();
    }
    events::folder::look(&house.app, &mut seen).await.unwrap();
    house.later(1);
    assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 12);
    house.run_jobs().await;
    let files: Vec<(String, String, i64, i64, i64, i64)> =
        house.rows("select kind, state, stored, duplicate, rejected, unmatched from event_files order by kind", vec![]).await;
    assert_eq!(files.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), DAY.map(|(kind, ..)| kind), "each is read as what it is");
    for (kind, state, stored, duplicate, rejected, _) in &files {
        assert_eq!((state.as_str(), stored + duplicate + rejected), ("stored", 3), "{kind}: every line is one thing");
    }
    let all = files.iter().fold((0, 0, 0, 0), |sum, row| (sum.0 + row.2, sum.1 + row.3, sum.2 + row.4, sum.3 + row.5));
    assert_eq!(all, (34, 1, 1, 9), "stored, known, rejected, nobody's");
    let sums: Vec<(i64, i64)> =
        house.rows("select holder, cast(sum(events) as BIGINT) from event_rollups where first = 1 group by holder order by holder", vec![]).await;
    assert_eq!(sums, [(0, 9), (1, 12), (2, 13)]);
    morning(&house, 24).await;
    for (mail, lines, other) in [(NORTH, 12, "203.0.113.130"), (SOUTH, 13, "203.0.113.1,")] {
        let mails = house.sink.to(mail);
        assert_eq!(mails.len(), 1, "one mail of the whole day");
        let told = list(&mails[0]);
        assert_eq!(told.len(), lines, "{mail}");
        assert_eq!(told.iter().map(|row| row["report"].clone()).collect::<BTreeSet<_>>(), DAY.map(|(kind, ..)| kind.to_owned()).into(), "{mail}");
        let attached = mails[0].letter().attachments.iter().map(|one| String::from_utf8_lossy(&one.content).into_owned()).collect::<String>();
        assert!(!attached.contains(other) && !attached.contains("198.51.100."), "nothing of others");
    }
}
