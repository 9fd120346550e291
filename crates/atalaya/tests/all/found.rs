//! Stored events: who sees which, what a changed registry moves, what is erased and let go.

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, Held};
use atalaya::profile::Storage;
use atalaya::{events, jobs, people, reports};
use formats::label::Tlp;
use store::{Id, args};

use crate::events::{deliver, feed, feed_with, file};
use crate::house::House;
use crate::reports::told;

const NAME: &str = "2026-11-22-scan_telnet-maluti.csv";

fn row(day: &str, ip: &str, port: u16, asn: u32) -> String {
    format!("{day} 03:04:05,{ip},{port},tcp,,telnet,{asn},LS")
}

async fn holds(house: &House, organisation: Id, value: &str) -> Id {
    let held = Held { kind: String::new(), value: value.into(), from: None, to: None, source: "test" };
    constituency::add_resource(&house.app, &Who::Operator, organisation, held).await.unwrap()
}

/// Two organisations with three and two events, and one that nobody holds.
pub async fn world(house: &House) -> [Id; 2] {
    let (north, south) = (house.organisation("North Cable").await, house.organisation("South Wave").await);
    holds(house, north, "203.0.113.0/25").await;
    holds(house, south, "203.0.113.128/25").await;
    feed(house, "shadow").await;
    deliver(house, "shadow", NAME, &file(&rows())).await;
    house.run_jobs().await;
    [north, south]
}

/// What they bring.
fn rows() -> [String; 6] {
    [
        row("2026-11-22", "203.0.113.1", 23, 64500),
        row("2026-11-22", "203.0.113.2", 23, 64500),
        row("2026-11-21", "203.0.113.3", 2323, 64500),
        row("2026-11-22", "203.0.113.200", 23, 64501),
        row("2026-11-21", "203.0.113.201", 23, 64501),
        row("2026-11-22", "198.51.100.9", 23, 64502),
    ]
}

/// Holder and events of the sums that every page which counts reads, over the first holders.
async fn sums(house: &House) -> Vec<(i64, i64)> {
    house.rows("select holder, cast(sum(events) as BIGINT) from event_rollups where first = 1 group by holder order by holder", vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_counts_lists_and_downloads_its_own_events_and_nothing_of_anothers() {
    for house in House::both().await {
        let [north, south] = world(&house).await;
        let (member, other) = (house.login_as_member_of(north).await, house.login_as_member_of(south).await);
        let page = member.get("/member/events").await.must(200);
        assert!(page.shows("3 events") && page.shows("203.0.113.1") && page.shows("203.0.113.3"), "on {}: {}", house.on, page.words());
        assert!(!page.shows("203.0.113.200") && !page.shows("198.51.100.9"));
        let one = member.get("/member/events?ip=203.0.113.3").await.must(200);
        assert!(one.shows("1 event") && !one.shows("203.0.113.2"), "{}", one.words());
        // Another's address finds nothing, and says no more than an address that nobody has.
        assert!(member.get("/member/events?ip=203.0.113.200").await.must(200).shows("Nothing was seen"));
        // What cannot be read finds nothing, instead of everything.
        let nonsense = member.get("/member/events?ip=nonsense").await.must(422);
        assert!(!nonsense.text().contains("/member/events.csv"), "{}", nonsense.words());
        assert!(other.get("/member/events").await.must(200).shows("2 events"));

        let csv = member.get("/member/events.csv").await.must(200).text();
        assert_eq!(csv.lines().count(), 4, "{csv}");
        assert!(csv.starts_with("event,") && !csv.contains("203.0.113.200") && !csv.lines().next().unwrap().contains("holder"));
        let lines = member.get("/member/events.jsonl").await.must(200).text();
        let all: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(all.len(), 3);
        // Whoever broke off goes on behind the last whole line.
        let after = format!("{},{}", all[0]["observed"].as_str().unwrap(), all[0]["event"].as_str().unwrap());
        let rest = member.get(&format!("/member/events.jsonl?after={after}")).await.must(200).text();
        assert_eq!(rest, lines.split_once('\n').unwrap().1);

        let ledger = house.ledger().await;
        assert!(ledger.iter().any(|(to, _, channel, _, about)| *to == format!("organisation:{north}") && channel == "portal" && *about == north), "{ledger:?}");
        let before = ledger.len();
        let _ = member.get("/member/events.csv").await.must(200);
        assert_eq!(house.ledger().await.len(), before, "the same content stands there once");

        let token = people::add_token(&house.app, &Who::Operator, "fetch", Some(north), "events").await.unwrap();
        let wrong = people::add_token(&house.app, &Who::Operator, "other", Some(north), "reports").await.unwrap();
        let program = house.visitor();
        program.set_header("authorization", &format!("Bearer {token}"));
        assert_eq!(program.get("/api/v1/events").await.must(200).text().lines().count(), 3);
        assert!(program.get("/api/v1/events?form=csv&ip=203.0.113.0/31").await.must(200).text().contains("203.0.113.1"));
        let parquet = program.get("/api/v1/events?form=parquet").await.must(200).body;
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
        let _ = program.get("/api/v1/events?form=xml").await.must(422);
        assert!(program.get("/api/v1/events?form=csv&fom=2026-11-01").await.must(422).text().contains("no field “fom”"), "a slip brings nothing else");
        program.set_header("authorization", &format!("Bearer {wrong}"));
        let _ = program.get("/api/v1/events").await.must(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_label_keeps_from_a_member_is_neither_listed_nor_counted() {
    let house = House::sqlite().await;
    let [north, _] = world(&house).await;
    feed_with(&house, "closed", |feed| feed.label = Tlp::Red).await;
    deliver(&house, "closed", "2026-11-22-scan_telnet-closed.csv", &file(&[row("2026-11-22", "203.0.113.7", 23, 64500)])).await;
    house.run_jobs().await;
    let member = house.login_as_member_of(north).await;
    let page = member.get("/member/events").await.must(200);
    assert!(page.shows("3 events") && !page.shows("203.0.113.7"), "{}", page.words());
    assert!(!member.get("/member/events.csv").await.must(200).text().contains("203.0.113.7"));
    let analyst = house.login_as(Role::Analyst).await;
    assert!(analyst.get("/events/found?ip=203.0.113.7").await.must(200).shows("RED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_finds_events_and_opens_a_case_from_them() {
    let house = House::sqlite().await;
    let [north, _] = world(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let page = analyst.get("/events/found").await.must(200);
    assert!(page.shows("6 events") && page.shows("198.51.100.9"), "{}", page.words());
    assert!(analyst.get(&format!("/events/found?organisation={north}")).await.must(200).shows("3 events"));
    assert!(analyst.get("/events/found?asn=AS64501").await.must(200).shows("2 events"));
    assert!(analyst.get("/events/found?nobodys=1").await.must(200).shows("1 event"));
    assert!(analyst.get("/events/found?port=2323").await.must(200).shows("203.0.113.3"));
    let nobody = analyst.get("/events/found?organisation=Nobody").await.must(422);
    assert!(!nobody.text().contains("203.0.113.") && !nobody.shows("Open a case"), "{}", nobody.words());
    assert_eq!(analyst.get("/events/found.csv?ip=203.0.113.0/24").await.must(200).text().lines().count(), 6);
    let parquet = analyst.get("/events/found.parquet?ip=203.0.113.0/24").await.must(200).body;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    assert!(analyst.get(&format!("/constituency/{north}")).await.must(200).text().contains(&format!("/events/found?organisation={north}")));

    let told = told(&house.app, "form", "Telnet", "203.0.113.1 tries to log in here", "x@y.example");
    let report = reports::receive(&house.app, &Who::Public, told).await.unwrap().number;
    assert!(analyst.get(&format!("/inbox/{report}")).await.must(200).text().contains("/events/found?ip="), "an address leads from a report to its events");

    let _ = analyst.post("/events/found", &[("ip", "203.0.113.0/24")]).await.must(422);
    let _ = analyst.post("/events/found", &[("ip", "192.0.2.1"), ("title", "Nothing"), ("of", "all")]).await.must(422);
    // Nothing chosen is not everything: that has a button of its own.
    let none = analyst.post("/events/found", &[("ip", "203.0.113.0/24"), ("title", "Open telnet")]).await.must(422);
    assert!(none.shows("Choose the events"), "{}", none.words());
    let page = analyst.get("/events/found?ip=203.0.113.0/24").await.must(200);
    assert!(page.shows("Open a case from all 5"), "{}", page.words());
    let before = (house.sink.mails().len(), house.ledger().await.len());
    let opened = analyst.post("/events/found", &[("ip", "203.0.113.0/24"), ("title", "Open telnet"), ("of", "all")]).await.must(303);
    let case = analyst.get(opened.header("location").unwrap()).await.must(200);
    let number = opened.header("location").unwrap().rsplit('/').next().unwrap().split(['?', '#']).next().unwrap().to_owned();
    for address in ["203.0.113.1", "203.0.113.201"] {
        assert!(analyst.get(&format!("/search?q={address}")).await.must(200).shows(&number), "{address} leads to the case");
    }
    assert!(!analyst.get("/search?q=198.51.100.9").await.must(200).shows(&number));
    assert_eq!((house.sink.mails().len(), house.ledger().await.len()), before, "nobody is told anything");
    let sources = case.between("/events/sources.csv?", "\"").split(['<', '\n', ' ']).next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let sources = analyst.get(&format!("/events/sources.csv?{sources}")).await.must(200).text();
    let all: Vec<&str> = sources.lines().collect();
    assert_eq!((all.len(), all[0], all[1]), (6, "asn,address,events,last_seen", "AS64500,203.0.113.1,1,2026-11-22T03:04:05Z"), "{sources}");
    assert!(case.shows("Open telnet") && case.shows("5 events of 5 addresses") && case.shows("AS64500: 3 events, 3 addresses"), "{}", case.words());
    let found = analyst.get("/events/found.jsonl?ip=203.0.113.200").await.must(200).text();
    let event = serde_json::from_str::<serde_json::Value>(&found).unwrap()["event"].as_str().unwrap().to_owned();
    let opened = analyst.post("/events/found", &[("event", &event), ("title", "One of them")]).await.must(303);
    assert!(analyst.get(opened.header("location").unwrap()).await.must(200).shows("1 events of 1 addresses"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_side_and_the_hour_of_an_attack_can_be_asked_for() {
    let house = House::sqlite().await;
    let [north, _] = world(&house).await;
    let line = |hour: u32, source: &str, target: &str| format!("2026-11-22 {hour:02}:30:00,tcp,{source},1024,64500,{target},80,64511,mirai");
    let lines = [
        line(1, "203.0.113.20", "198.51.100.66"),
        line(5, "203.0.113.21", "198.51.100.66"),
        line(5, "203.0.113.200", "198.51.100.66"),
        line(5, "203.0.113.22", "198.51.100.67"),
    ];
    let bytes = format!("timestamp,protocol,src_ip,src_port,src_asn,dst_ip,dst_port,dst_asn,infection\n{}\n", lines.join("\n"));
    deliver(&house, "shadow", "2026-11-22-event4_sinkhole-maluti.csv", bytes.as_bytes()).await;
    house.run_jobs().await;
    let analyst = house.login_as(Role::Analyst).await;
    let sources = async |query: &str| -> Vec<String> {
        let found = analyst.get(&format!("/events/found.jsonl?{query}")).await.must(200).text();
        let mut all: Vec<String> =
            found.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["ip"].as_str().unwrap().to_owned()).collect();
        all.sort();
        all
    };
    assert_eq!(sources("peer=198.51.100.66").await, ["203.0.113.20", "203.0.113.200", "203.0.113.21"]);
    assert_eq!(sources("peer=198.51.100.64/30&ip=203.0.113.0/25").await, ["203.0.113.20", "203.0.113.21", "203.0.113.22"]);
    assert_eq!(sources("peer=198.51.100.66&from=2026-11-22T05:00&to=2026-11-22T05:29").await, [""; 0]);
    assert_eq!(
        sources("peer=198.51.100.66&from=2026-11-22T05:00&to=2026-11-22T05:30").await,
        ["203.0.113.200", "203.0.113.21"],
        "the last minute belongs to it"
    );
    assert_eq!(sources("peer=198.51.100.66&from=2026-11-22+00:00&to=2026-11-22T03:31%2B02:00").await, ["203.0.113.20"], "in any zone");
    // A member asks the same of its own.
    let member = house.login_as_member_of(north).await;
    let page = member.get("/member/events?peer=198.51.100.66").await.must(200);
    assert!(page.shows("2 events") && page.input("peer") == "198.51.100.66" && !page.shows("203.0.113.22"), "{}", page.words());
    assert!(!page.shows("203.0.113.200"), "another's");
    let _ = member.get("/member/events?peer=nobody").await.must(422);
    let page = analyst.get("/events/found?peer=198.51.100.66&from=2026-11-22T05:00&to=2026-11-22T06:00").await.must(200);
    assert!(
        page.shows("2 events") && page.shows("2026-11-22T05:00 to 2026-11-22T06:00") && page.text().contains("value=\"2026-11-22T05:00\""),
        "{}",
        page.words()
    );
    for wrong in ["peer=nobody", "from=2026-11-22T25:00", "from=2026-11-22T05:00&to=2026-11-22T04:00"] {
        let _ = analyst.get(&format!("/events/found?{wrong}")).await.must(422);
        let _ = analyst.get(&format!("/events/found.csv?{wrong}")).await.must(422);
    }
    let token = people::add_token(&house.app, &Who::Operator, "fetch", Some(north), "events").await.unwrap();
    let program = house.visitor();
    program.set_header("authorization", &format!("Bearer {token}"));
    let own = program.get("/api/v1/events?form=csv&peer=198.51.100.66&from=2026-11-22T05:00").await.must(200).text();
    assert!(own.lines().count() == 2 && own.contains("203.0.113.21"), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_lines_go_with_their_original_and_with_the_days_that_are_kept() {
    for house in House::both_with(|profile| (profile.events.keep_originals_days, profile.events.keep_years) = (Some(3000), Some(1))).await {
        feed(&house, "shadow").await;
        events::wake(&house.app).await.unwrap();
        let lines = async || house.rows::<(i64,)>("select count(*) from event_rejects", vec![]).await[0].0;
        deliver(&house, "shadow", NAME, &file(&["2026-11-22 03:04:05,203.0.113.x,23,tcp,,telnet,64500,LS".into()])).await;
        house.run_jobs().await;
        for (days, left) in [(300, 1), (70, 0)] {
            house.later(days * 24 * 60);
            house.run_jobs().await;
            house.later(24 * 60);
            house.run_jobs().await;
            assert_eq!(lines().await, left, "on {}, {days} days later", house.on);
        }
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_rejects.let_go").count(), 1);
        let counted: Vec<(i64,)> = house.rows("select rejected from event_files", vec![]).await;
        assert_eq!(counted[0].0, 1, "how many there were stays");
    }
    for house in House::both_with(|profile| profile.events.keep_originals_days = Some(30)).await {
        feed(&house, "shadow").await;
        events::wake(&house.app).await.unwrap();
        deliver(&house, "shadow", NAME, &file(&["2026-11-22 03:04:05,203.0.113.x,23,tcp,,telnet,64500,LS".into()])).await;
        house.run_jobs().await;
        for _ in 0..2 {
            house.later(32 * 24 * 60);
            house.run_jobs().await;
        }
        assert!(house.rows::<(Id,)>("select id from event_rejects", vec![]).await.is_empty(), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_registry_moves_events_that_are_stored_and_the_sums_follow() {
    for house in House::both().await {
        let [north, south] = world(&house).await;
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 3), (2, 2)], "on {}", house.on);
        let late = holds(&house, south, "198.51.100.0/24").await;
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(1, 3), (2, 3)]);
        let page = house.login_as_member_of(south).await.get("/member/events").await.must(200);
        assert!(page.shows("3 events") && page.shows("198.51.100.9"), "{}", page.words());
        // What was given and taken away between two looks leaves nothing behind.
        constituency::remove_resource(&house.app, &Who::Operator, late).await.unwrap();
        let brief = holds(&house, north, "198.51.100.0/25").await;
        deliver(&house, "shadow", "2026-11-22-scan_telnet-b.csv", &file(&[row("2026-11-22", "198.51.100.10", 23, 64502)])).await;
        house.run_jobs().await;
        constituency::remove_resource(&house.app, &Who::Operator, brief).await.unwrap();
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 2), (1, 3), (2, 2)]);
        assert!(house.done().await.iter().filter(|verb| *verb == "events.rematched").count() >= 2);
        let resource = constituency::registry(&mut house.app.db.read().await.unwrap()).await.unwrap();
        let noted: Vec<(i64,)> = house.rows("select count(*) from event_holdings", vec![]).await;
        assert_eq!(noted[0].0, i64::try_from(resource.holdings.len()).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_days_go_after_the_years_of_the_profile_and_small_files_become_one() {
    let house = House::with(|profile| profile.events.keep_years = Some(1)).await;
    feed(&house, "shadow").await;
    for (name, row) in [
        ("a", row("2025-11-20", "203.0.113.1", 23, 64500)),
        ("b", row("2026-11-21", "203.0.113.2", 23, 64500)),
        ("c", row("2026-11-21", "203.0.113.3", 23, 64500)),
    ] {
        deliver(&house, "shadow", &format!("2026-11-22-scan_telnet-{name}.csv"), &file(&[row])).await;
        house.run_jobs().await;
    }
    let files = async || -> Vec<(String,)> { house.rows("select data_file from event_data_files order by day", vec![]).await };
    assert_eq!(files().await.len(), 3);
    events::wake(&house.app).await.unwrap();
    house.later(24 * 60);
    house.run_jobs().await;
    assert_eq!(files().await.len(), 1, "the old day is gone, the two files of the other are one");
    assert_eq!(sums(&house).await, [(0, 2)]);
    assert!(house.done().await.contains(&"events.let_go".to_owned()));
    let analyst = house.login_as(Role::Analyst).await;
    assert!(analyst.get("/events/found?from=2025-01-01&to=2026-11-30").await.must(200).shows("2 events"));
    // The bytes go a day later.
    let bytes = || walk(&house.data().join("events")).into_iter().filter(|path| path.ends_with(".parquet")).count();
    house.later(24 * 60);
    house.run_jobs().await;
    house.later(24 * 60);
    house.run_jobs().await;
    assert_eq!(bytes(), 1);
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { found.extend(walk(&entry.path())) } else { found.push(entry.path().display().to_string()) }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_is_seen_by_nobody_at_once_and_its_bytes_go() {
    for house in House::both().await {
        let [north, south] = world(&house).await;
        let (analyst, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let _ = analyst.post("/events/erasures", &[("ip", "203.0.113.1"), ("reason", "asked for")]).await.must(404);
        let _ = lead.post("/events/erasures", &[("ip", "203.0.113.1")]).await.must(422);
        let _ = lead.post("/events/erasures", &[("reason", "asked for")]).await.must(422);
        let _ = lead.post("/events/erasures", &[("ip", "203.0.113.1"), ("reason", "asked for")]).await.must(303);
        let member = house.login_as_member_of(north).await;
        let page = member.get("/member/events").await.must(200);
        assert!(page.shows("2 events") && !page.shows("203.0.113.1 "), "at once, on {}: {}", house.on, page.words());
        assert!(!member.get("/member/events.csv").await.must(200).text().contains("203.0.113.1,"));
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 2), (2, 2)]);
        let _ = lead.post("/events/erasures", &[("organisation", "South Wave"), ("reason", "left")]).await.must(303);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 2)]);
        assert!(house.login_as_member_of(south).await.get("/member/events").await.must(200).shows("Nothing was seen"));
        assert!(analyst.get("/events/erasures").await.must(200).shows("South Wave"));
        events::wake(&house.app).await.unwrap();
        for _ in 0..3 {
            house.later(24 * 60);
            house.run_jobs().await;
        }
        let states: Vec<(i64,)> = house.rows("select count(*) from event_erasures where gone_at is not null", vec![]).await;
        assert_eq!(states[0].0, 2);
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "events.erased").count(), 2);
        // What is seen from now on is seen.
        deliver(&house, "shadow", "2026-11-27-scan_telnet-b.csv", &file(&[row("2026-11-25", "203.0.113.1", 23, 64500)])).await;
        house.run_jobs().await;
        let member = house.login_as_member_of(north).await;
        assert!(member.get("/member/events").await.must(200).shows("3 events"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_fails_with_its_reason_when_its_tries_are_used_up_and_can_be_read_again() {
    let house = House::sqlite().await;
    feed(&house, "shadow").await;
    deliver(&house, "shadow", NAME, &file(&[row("2026-11-22", "203.0.113.1", 23, 64500)])).await;
    let sealed: Vec<(store::Id, Vec<u8>)> = house.rows("select e.id, b.sealed from event_files e join blobs b on b.hash = e.sha256", vec![]).await;
    let put = async |bytes: Vec<u8>| {
        let text = "update blobs set sealed = $1 where hash = (select sha256 from event_files)";
        house.app.db.keep_house(async |tx| tx.execute(text, args![bytes.clone()]).await).await.unwrap();
    };
    put(sealed[0].1.iter().map(|byte| byte ^ 1).collect()).await;
    for _ in 0..12 {
        let _ = house.try_jobs().await;
        house.later(6 * 60);
    }
    let analyst = house.login_as(Role::Analyst).await;
    let page = analyst.get("/events/files/1").await.must(200);
    assert!(page.shows("failed") && page.shows("Nothing of it is used yet"), "{}", page.words());
    let alarm: Vec<(String, String)> = house.rows("select state, alarm from event_files", vec![]).await;
    assert!(alarm[0].0 == "failed" && !alarm[0].1.is_empty(), "{alarm:?}");
    assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_file.failed").count(), 1);
    put(sealed[0].1.clone()).await;
    let _ = analyst.post("/events/files/1", &[("do", "again")]).await.must(303);
    let _ = house.try_jobs().await;
    let state: Vec<(String, i64)> = house.rows("select state, stored from event_files", vec![]).await;
    assert_eq!(state, [("stored".to_owned(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_one_file_of_the_drop_folder_keeps_no_other_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let drop = folder.path().to_owned();
    let house = House::with(|profile| profile.events.drop = Some(drop.clone())).await;
    feed(&house, "one").await;
    feed(&house, "two").await;
    let mut seen = events::folder::Seen::default();
    events::folder::look(&house.app, &mut seen).await.unwrap();
    // Where taken files go stands a file: they cannot be moved.
    std::fs::write(drop.join("one/done"), b"").unwrap();
    for feed in ["one", "two"] {
        std::fs::write(drop.join(feed).join(NAME), file(&[row("2026-11-22", &format!("203.0.113.{}", feed.as_bytes()[0]), 23, 64500)])).unwrap();
    }
    events::folder::look(&house.app, &mut seen).await.unwrap();
    house.later(1);
    assert!(events::folder::look(&house.app, &mut seen).await.is_err(), "it is told");
    assert!(drop.join("two/done").join(NAME).exists());
    house.run_jobs().await;
    let stored: Vec<(i64,)> = house.rows("select count(*) from event_files where state = 'stored'", vec![]).await;
    assert_eq!(stored[0].0, 2, "both are kept; the first is known when it is looked at again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lake_that_was_lost_is_made_again_from_the_event_files() {
    for house in House::both().await {
        world(&house).await;
        let broken = [row("2026-11-22", "203.0.113.9", 23, 64500), "too,few".into()];
        deliver(&house, "shadow", "2026-11-22-scan_telnet-c.csv", &file(&broken)).await;
        house.run_jobs().await;
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/erasures", &[("ip", "203.0.113.2"), ("reason", "asked for")]).await.must(303);
        house.run_jobs().await;
        let before = sums(&house).await;
        events::lake::close(&house.app);
        std::fs::remove_dir_all(house.data().join("events")).unwrap();
        events::wake(&house.app).await.unwrap();
        let _ = lead.post("/events/table", &[]).await.must(303);
        house.run_jobs().await;
        house.later(24 * 60);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, before, "on {}", house.on);
        let lead = house.login_as(Role::Lead).await;
        assert!(!lead.get("/events/found.csv").await.must(200).text().contains("203.0.113.2,"), "what was erased is masked again");
        let rejects: Vec<(i64,)> = house.rows("select count(*) from event_rejects", vec![]).await;
        assert_eq!(rejects[0].0, 1);
        let states: Vec<(String,)> = house.rows("select distinct state from event_files", vec![]).await;
        assert_eq!(states, [("stored".to_owned(),)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_lie_in_the_folder_that_the_profile_names_and_move_there_by_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| Some(Storage { events: folder.path().join(name).display().to_string(), ..Storage::default() });
    let house = House::with(|profile| profile.storage = at("one")).await;
    world(&house).await;
    let lead = house.login_as(Role::Lead).await;
    assert!(lead.get("/events/found.csv").await.must(200).text().contains("203.0.113.2,"));
    assert!(walk(&folder.path().join("one")).iter().any(|path| path.ends_with(".parquet")));
    assert!(!house.data().join("events").exists());
    // The profile is changed: another place, and nothing there.
    events::lake::close(&house.app);
    let moved = house.again_with(|profile| profile.storage = at("two")).await;
    events::wake(&moved).await.unwrap();
    jobs::drain(&moved).await.unwrap();
    assert!(walk(&folder.path().join("two")).iter().any(|path| path.ends_with(".parquet")), "the files are read again");
    let now = events::lake::reading(&moved).await.unwrap().map(|lake| lake.data_files().unwrap().values().sum::<u64>());
    assert_eq!(now, Some(6));
    events::lake::close(&moved);
    // Back to the place of before: what lies there has not what comes from now on, and is not taken for ours.
    let _ = lead.get("/events/found").await.must(503);
    assert!(lead.get("/events").await.must(200).shows("another table of events"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_the_one_that_holds_the_lake_works_with_it() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let database = tokio::task::spawn_blocking(crate::house::new_database).await.unwrap();
    let house = House::on(&database).await;
    world(&house).await;
    let other = house.beside(&database).await;
    deliver(&house, "shadow", "2026-11-22-scan_telnet-d.csv", &file(&[row("2026-11-22", "203.0.113.77", 23, 64500)])).await;
    jobs::drain(&other).await.unwrap();
    let waits: Vec<(String, i64)> = house.rows("select state, attempts from jobs where kind = 'read_events'", vec![]).await;
    assert_eq!(waits, [("ready".to_owned(), 0)], "no try of it is lost");
    house.run_jobs().await;
    let stored: Vec<(i64,)> = house.rows("select count(*) from event_files where state = 'stored'", vec![]).await;
    assert_eq!(stored[0].0, 2);
}

/// Everything in a folder, with its bytes.
fn bytes_in(folder: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    walk(folder).into_iter().map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_not_where_it_was_is_one_alarm_and_nothing_is_begun_in_its_stead() {
    for house in House::both().await {
        world(&house).await;
        let place = house.data().join("events");
        let lead = house.login_as(Role::Lead).await;
        let before = sums(&house).await;
        // The disk is not mounted at this start, nor later that day.
        events::lake::close(&house.app);
        std::fs::rename(&place, house.data().join("away")).unwrap();
        std::fs::create_dir(&place).unwrap();
        events::wake(&house.app).await.unwrap();
        deliver(&house, "shadow", "2026-11-22-scan_telnet-d.csv", &file(&[row("2026-11-22", "203.0.113.77", 23, 64500)])).await;
        let failed = house.try_jobs().await;
        house.later(2);
        assert!(failed.len() == 1 && failed[0].1.contains("Our table of events"), "{failed:?}");
        let _ = house.try_jobs().await;
        assert!(walk(&place).is_empty(), "on {}: {:?}", house.on, walk(&place));
        for page in ["/events", "/events/feeds"] {
            let page = lead.get(page).await.must(200);
            assert!(page.shows("is not in") && page.shows("nobody is told anything"), "{}", page.words());
        }
        let _ = lead.get("/events/found").await.must(503);
        let missing = async || house.done().await.iter().filter(|verb| *verb == "events.missing").count();
        assert_eq!(missing().await, 1, "one alarm, however often it is asked");
        // It is there again: what waited goes on, by itself.
        std::fs::remove_dir(&place).unwrap();
        std::fs::rename(house.data().join("away"), &place).unwrap();
        house.later(10);
        house.run_jobs().await;
        let stored: Vec<(i64,)> = house.rows("select count(*) from event_files where state = 'stored'", vec![]).await;
        assert_eq!((stored[0].0, missing().await), (2, 1), "on {}", house.on);
        assert!(sums(&house).await != before && !lead.get("/events").await.must(200).shows("is not in"));
        assert!(lead.get("/events/found.csv").await.must(200).text().contains("203.0.113.77"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_goes_away_while_the_program_runs_is_the_same_alarm() {
    for house in House::both().await {
        world(&house).await;
        let place = house.data().join("events");
        let lead = house.login_as(Role::Lead).await;
        std::fs::rename(&place, house.data().join("away")).unwrap();
        std::fs::create_dir(&place).unwrap();
        deliver(&house, "shadow", "2026-11-22-scan_telnet-d.csv", &file(&[row("2026-11-22", "203.0.113.77", 23, 64500)])).await;
        let failed = house.try_jobs().await;
        assert!(failed.len() == 1 && failed[0].1.contains("Our table of events"), "on {}: {failed:?}", house.on);
        assert!(walk(&place).is_empty(), "on {}: {:?}", house.on, walk(&place));
        assert!(lead.get("/events").await.must(200).shows("is not in"), "on {}", house.on);
        // What is to be erased is so later, and nothing else is said.
        let _ = lead.post("/events/erasures", &[("ip", "198.51.100.200"), ("reason", "asked for")]).await.must(303);
        let page = lead.get("/events/erasures").await.must(200);
        assert!(page.shows("once they can be") && page.shows("waits") && !page.shows("Nobody sees these"), "on {}: {}", house.on, page.words());
        std::fs::remove_dir(&place).unwrap();
        std::fs::rename(house.data().join("away"), &place).unwrap();
        house.later(10);
        house.run_jobs().await;
        assert_eq!(sums(&house).await.iter().map(|(_, events)| events).sum::<i64>(), 7, "on {}", house.on);
        assert!(!lead.get("/events").await.must(200).shows("is not in"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_ahead_of_the_database_is_an_alarm_until_it_is_made_again() {
    for house in House::both().await {
        world(&house).await;
        let again = file(&[row("2026-11-22", "203.0.113.77", 23, 64500)]);
        deliver(&house, "shadow", "2026-11-22-scan_telnet-d.csv", &again).await;
        house.run_jobs().await;
        // A backup from before that file is restored: the database knows nothing of it, and gives its numbers again.
        events::lake::close(&house.app);
        let older = house.app.db.change("test", async |tx| {
            for text in [
                "delete from event_rejects where file_id in (select id from event_files where number = 2)",
                "delete from event_arrivals where arrival in (select arrival from event_files where number = 2)",
                "delete from event_files where number = 2",
            ] {
                tx.execute(text, vec![]).await?;
            }
            tx.record(store::Record::new("test", "test", tx.new_id()));
            Ok::<_, store::Error>(())
        });
        older.await.unwrap();
        let place = house.data().join("events");
        let before = bytes_in(&place);
        events::wake(&house.app).await.unwrap();
        deliver(&house, "shadow", "2026-11-22-scan_telnet-d.csv", &file(&[row("2026-11-22", "203.0.113.78", 23, 64500)])).await;
        let failed = house.try_jobs().await;
        assert!(failed.len() == 1 && failed[0].1.contains("ahead of the database"), "on {}: {failed:?}", house.on);
        let lead = house.login_as(Role::Lead).await;
        assert!(lead.get("/events").await.must(200).shows("ahead of the database"), "on {}", house.on);
        let _ = lead.get("/events/found").await.must(503);
        let _ = lead.post("/events/table", &[]).await.must(409);
        assert!(bytes_in(&place) == before, "on {}: nothing is written", house.on);
        // It is taken away, and made again; the feed sends what was lost.
        std::fs::rename(&place, house.data().join("ahead")).unwrap();
        events::wake(&house.app).await.unwrap();
        let _ = lead.post("/events/table", &[]).await.must(303);
        house.later(10);
        house.run_jobs().await;
        deliver(&house, "shadow", "2026-11-22-scan_telnet-e.csv", &again).await;
        house.run_jobs().await;
        assert_eq!(sums(&house).await.iter().map(|(_, events)| events).sum::<i64>(), 8, "on {}", house.on);
        assert!(!lead.get("/events").await.must(200).shows("ahead of the database"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_after_a_table_was_made_again_moves_its_events_as_ever() {
    for house in House::both().await {
        world(&house).await;
        house.later(5);
        house.run_jobs().await;
        events::lake::close(&house.app);
        std::fs::remove_dir_all(house.data().join("events")).unwrap();
        events::wake(&house.app).await.unwrap();
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post("/events/table", &[]).await.must(303);
        house.run_jobs().await;
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 1), (1, 3), (2, 2)], "on {}", house.on);
        let held: Vec<(Id,)> = house.rows("select id from resources where value = '203.0.113.0/25'", vec![]).await;
        constituency::remove_resource(&house.app, &Who::Operator, held[0].0).await.unwrap();
        house.later(5);
        house.run_jobs().await;
        assert_eq!(sums(&house).await, [(0, 4), (2, 2)], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_another_installation_is_neither_read_nor_written() {
    let shared = tempfile::tempdir().unwrap();
    let storage = Storage { events: shared.path().join("events").display().to_string(), ..Storage::default() };
    let first = House::with(|profile| profile.storage = Some(storage.clone())).await;
    world(&first).await;
    events::lake::close(&first.app);
    let before = bytes_in(shared.path());
    for house in House::both_with(|profile| profile.storage = Some(storage.clone())).await {
        feed(&house, "shadow").await;
        deliver(&house, "shadow", "2026-11-22-scan_telnet-x.csv", &file(&[row("2026-11-22", "198.51.100.1", 23, 64500)])).await;
        events::wake(&house.app).await.unwrap();
        let _ = house.try_jobs().await;
        let lead = house.login_as(Role::Lead).await;
        assert!(lead.get("/events/feeds").await.must(200).shows("another table of events"), "on {}", house.on);
        let _ = lead.get("/events/found.csv").await.must(503);
        let told = lead.post("/events/table", &[]).await.must(409);
        assert!(told.shows("name another place in the profile"), "{}", told.words());
        let states: Vec<(String,)> = house.rows("select state from event_files", vec![]).await;
        assert!(states[0].0 != "stored", "what came in waits");
        assert!(bytes_in(shared.path()) == before, "on {}: its bytes are as they were", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn originals_are_let_go_by_age_and_what_came_of_them_stays() {
    for house in House::both_with(|profile| profile.events.keep_originals_days = Some(30)).await {
        world(&house).await;
        events::wake(&house.app).await.unwrap();
        atalaya::journal::wake(&house.app).await.unwrap();
        // One that is held waits for somebody, and so does its original.
        deliver(&house, "shadow", "nothing.csv", b"no,such,columns\n1,2,3\n").await;
        house.run_jobs().await;
        let (analyst, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let found = analyst.get("/events/found.csv").await.must(200).text();
        let _ = analyst.get("/events/files/1/original").await.must(200);
        let hashes: Vec<(vault::blob::Hash,)> = house.rows("select sha256 from event_files order by number", vec![]).await;
        for _ in 0..4 {
            house.later(8 * 24 * 60);
            house.run_jobs().await;
        }
        for _ in 0..3 {
            house.later(24 * 60);
            house.run_jobs().await;
        }
        let kept = async |at: usize| house.app.blobs.get(&mut house.app.db.read().await.unwrap(), hashes[at].0).await.is_ok();
        assert_eq!((kept(0).await, kept(1).await), (false, true), "on {}", house.on);
        let (analyst, lead) = (house.login(analyst.person()).await, house.login(lead.person()).await);
        assert!(analyst.get("/events/files/1/original").await.must(409).shows("was let go on"));
        assert!(analyst.get("/events/files/1").await.must(200).shows("Original let go on"));
        let _ = analyst.get("/events/files/2/original").await.must(200);
        assert_eq!(analyst.get("/events/found.csv?from=2026-11-01").await.must(200).text(), found, "on {}: its events stay", house.on);
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_originals.let_go").count(), 1);
        let sound = atalaya::journal::check(&house.app.db, &house.app.blobs, &house.app.key, true).await.unwrap();
        assert!(sound.is_ok(), "on {}: {:?}", house.on, sound.err().map(|unsound| unsound.why));
        // The same bytes are nothing new, and are not kept again.
        let known: Vec<(i64,)> = house.rows("select count(*) from event_files", vec![]).await;
        deliver(&house, "shadow", NAME, &file(&rows())).await;
        assert_eq!(house.rows::<(i64,)>("select count(*) from event_files", vec![]).await, known, "on {}", house.on);
        assert!(!kept(0).await, "on {}", house.on);
        // A table that is lost now comes back without them, and says so.
        events::lake::close(&house.app);
        std::fs::remove_dir_all(house.data().join("events")).unwrap();
        events::wake(&house.app).await.unwrap();
        let _ = lead.post("/events/table", &[]).await.must(303);
        house.run_jobs().await;
        let states: Vec<(String,)> = house.rows("select state from event_files order by number", vec![]).await;
        assert_eq!(states, [("dropped".to_owned(),), ("held".to_owned(),)]);
        assert!(analyst.get("/events/files/1").await.must(200).shows("its original was let go"));
        let told = analyst.post("/events/files/1", &[("do", "again")]).await;
        assert!(told.shows("cannot be read again"), "{}", told.words());
    }
}
