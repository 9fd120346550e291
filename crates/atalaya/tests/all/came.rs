//! A program that fetches what is new: by arrival, so that what comes late is not missed, and nothing comes twice.

use atalaya::access::Who;
use atalaya::constituency::{self, Held};
use atalaya::people;
use store::Id;

use crate::events::{deliver, file};
use crate::found::world;
use crate::house::{Browser, House};

fn row(day: &str, ip: &str) -> String {
    format!("{day} 03:04:05,{ip},23,tcp,,telnet,64500,LS")
}

/// Delivers a file of one line and has it read.
async fn bring(house: &House, name: &str, day: &str, ip: &str) {
    deliver(house, "shadow", &format!("2026-11-22-scan_telnet-{name}.csv"), &file(&[row(day, ip)])).await;
    house.run_jobs().await;
}

async fn program(house: &House, organisation: Id) -> Browser {
    let token = people::add_token(&house.app, &Who::Operator, "fetch", Some(organisation), "events").await.unwrap();
    let program = house.visitor();
    program.set_header("authorization", &format!("Bearer {token}"));
    program
}

/// The addresses that an answer tells of, and the arrival that it names.
async fn asked(program: &Browser, query: &str) -> (Vec<String>, String) {
    let answer = program.get(&format!("/api/v1/events?{query}")).await.must(200);
    let of = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["ip"].as_str().unwrap().to_owned();
    (answer.text().lines().map(of).collect(), answer.header("atalaya-arrived").unwrap_or_default().to_owned())
}

/// What came after an arrival, and the next one.
async fn since(program: &Browser, arrived: &str) -> (Vec<String>, String) {
    asked(program, &format!("arrived_after={arrived}")).await
}

/// Where an answer breaks off behind its first line.
async fn first_line(program: &Browser, query: &str) -> (String, String) {
    let answer = program.get(&format!("/api/v1/events?{query}")).await.must(200);
    let line: serde_json::Value = serde_json::from_str(answer.text().lines().next().unwrap()).unwrap();
    let after = format!("{},{}", line["observed"].as_str().unwrap(), line["event"].as_str().unwrap());
    (after, answer.header("atalaya-arrived").unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_since_is_all_that_came_since_whenever_it_was_seen() {
    for house in House::both().await {
        let [north, south] = world(&house).await;
        let (program, other) = (program(&house, north).await, program(&house, south).await);
        let (first, begun) = asked(&program, "").await;
        assert_eq!(first.len(), 3, "on {}", house.on);
        assert_eq!(since(&program, &begun).await.0, Vec::<String>::new(), "nothing came");

        // One that is older than all, one that is another's, one that tells again what is known.
        bring(&house, "late", "2026-03-02", "203.0.113.7").await;
        bring(&house, "others", "2026-11-22", "203.0.113.210").await;
        bring(&house, "known", "2026-11-22", "203.0.113.1").await;
        assert_eq!(asked(&program, "").await.0.len(), 3, "by days it would be missed");
        let (new, second) = since(&program, &begun).await;
        assert_eq!(new, ["203.0.113.7"]);
        assert_eq!(since(&program, &second).await.0, Vec::<String>::new());
        let from = asked(&program, &format!("arrived_after={begun}&from=2026-11-01")).await.0;
        assert_eq!(from, Vec::<String>::new(), "days and conditions hold beside it");
        let (_, of_other) = asked(&other, "").await;
        bring(&house, "theirs", "2026-11-20", "203.0.113.211").await;
        assert_eq!(since(&other, &of_other).await.0, ["203.0.113.211"]);
        // How many files others bring is nobody's to know: an arrival says nothing, and is nobody else's.
        assert_ne!(since(&program, &second).await.1, since(&program, &second).await.1);
        let _ = other.get(&format!("/api/v1/events?arrived_after={second}")).await.must(422);

        // Who broke off says what it was told, and gets the rest of that.
        bring(&house, "two", "2026-11-20", "203.0.113.8").await;
        bring(&house, "three", "2026-11-21", "203.0.113.9").await;
        let (after, third) = first_line(&program, &format!("arrived_after={second}")).await;
        bring(&house, "meanwhile", "2026-11-23", "203.0.113.10").await;
        let rest = asked(&program, &format!("arrived_after={second}&arrived_to={third}&after={after}")).await;
        assert_eq!(rest.0, ["203.0.113.8"]);
        let (new, fourth) = since(&program, &rest.1).await;
        assert_eq!(new, ["203.0.113.10"]);
        let unsaid = program.get(&format!("/api/v1/events?arrived_after={second}&after={after}")).await.must(422);
        assert!(unsaid.text().contains("arrived_to"));
        // By days, too: the rest of a broken answer names no newer arrival than its beginning.
        let (after, fifth) = first_line(&program, "").await;
        bring(&house, "newest", "2026-11-23", "203.0.113.11").await;
        assert_eq!(asked(&program, &format!("after={after}")).await.1, "");
        let rest = asked(&program, &format!("after={after}&arrived_to={fifth}")).await.1;
        assert_eq!(since(&program, &rest).await.0, ["203.0.113.11"]);

        let backwards = format!("arrived_after={fourth}&arrived_to={begun}");
        for wrong in ["arrived_after=8", "arrived_after=", "file=1", "organisation=x", backwards.as_str()] {
            let _ = program.get(&format!("/api/v1/events?{wrong}")).await.must(422);
        }
        let (_, last) = asked(&program, "").await;
        let empty = program.get(&format!("/api/v1/events?arrived_after={last}&form=parquet")).await.must(200).body;
        assert!(empty.starts_with(b"PAR1") && empty.ends_with(b"PAR1"), "a file without a row is a file all the same");
        // What came long ago is found by its days.
        house.set_clock("2027-01-20T09:00:00+02:00");
        assert!(program.get(&format!("/api/v1/events?arrived_after={begun}")).await.must(422).text().contains("from and to"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_registry_gives_comes_when_it_is_given() {
    for house in House::both().await {
        let [north, _] = world(&house).await;
        let program = program(&house, north).await;
        let (_, begun) = asked(&program, "").await;
        // Nobody's until now, and here since before.
        let held = Held { kind: String::new(), value: "198.51.100.0/24".into(), from: None, to: None, source: "test" };
        constituency::add_resource(&house.app, &Who::Operator, north, held).await.unwrap();
        house.later(2);
        house.run_jobs().await;
        let (given, next) = since(&program, &begun).await;
        assert!(given.contains(&"198.51.100.9".to_owned()), "on {}: {given:?}", house.on);
        assert_eq!(since(&program, &next).await.0, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_files_are_read_again_nobody_is_told_that_nothing_came() {
    for house in House::both().await {
        let [north, _] = world(&house).await;
        let program = program(&house, north).await;
        let (_, begun) = asked(&program, "").await;
        let again = async |tx: &mut store::Tx| {
            tx.record(store::Record::new("test.again", "event_file", north));
            tx.execute("update event_files set state = 'received'", vec![]).await
        };
        house.app.db.change("test", again).await.unwrap();
        let _ = program.get(&format!("/api/v1/events?arrived_after={begun}")).await.must(503);
        assert_eq!(asked(&program, "").await.1, "", "nor is there an arrival to go on with");
    }
}
