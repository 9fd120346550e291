//! A program that fetches what is new: by arrival, so that what comes late is not missed, and nothing comes twice.

use atalaya::access::Who;
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
async fn asked(program: &Browser, query: &str) -> (Vec<String>, i64) {
    let answer = program.get(&format!("/api/v1/events?{query}")).await.must(200);
    let of = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["ip"].as_str().unwrap().to_owned();
    let arrived = answer.header("atalaya-arrived").unwrap().parse().unwrap();
    (answer.text().lines().map(of).collect(), arrived)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_since_is_all_that_came_since_whenever_it_was_seen() {
    for house in House::both().await {
        let [north, south] = world(&house).await;
        let (program, other) = (program(&house, north).await, program(&house, south).await);
        let (first, arrived) = asked(&program, "").await;
        assert_eq!((first.len(), arrived), (3, 1), "on {}", house.on);
        assert_eq!(asked(&program, "arrived_after=1").await, (vec![], 1), "nothing came");
        assert_eq!(asked(&program, "arrived_after=0").await.0.len(), 3, "all came since the beginning");

        // One that is older than all, one that is another's, one that tells again what is known.
        bring(&house, "late", "2026-03-02", "203.0.113.7").await;
        bring(&house, "others", "2026-11-22", "203.0.113.210").await;
        bring(&house, "known", "2026-11-22", "203.0.113.1").await;
        assert_eq!(asked(&program, "").await.0.len(), 3, "by days it would be missed");
        assert_eq!(asked(&program, "arrived_after=1").await, (vec!["203.0.113.7".to_owned()], 4));
        assert_eq!(asked(&other, "arrived_after=1").await, (vec!["203.0.113.210".to_owned()], 4));
        assert_eq!(asked(&program, "arrived_after=1&from=2026-11-01").await.0, Vec::<String>::new(), "days and conditions hold beside it");
        assert_eq!(asked(&program, "arrived_after=4").await, (vec![], 4));

        // Who broke off says what it was told, and gets the rest of that.
        bring(&house, "two", "2026-11-20", "203.0.113.8").await;
        bring(&house, "three", "2026-11-21", "203.0.113.9").await;
        let answer = program.get("/api/v1/events?arrived_after=4").await.must(200);
        let line: serde_json::Value = serde_json::from_str(answer.text().lines().next().unwrap()).unwrap();
        let after = format!("{},{}", line["observed"].as_str().unwrap(), line["event"].as_str().unwrap());
        bring(&house, "meanwhile", "2026-11-23", "203.0.113.10").await;
        assert_eq!(asked(&program, &format!("arrived_after=4&arrived_to=6&after={after}")).await, (vec!["203.0.113.8".to_owned()], 6));
        assert_eq!(asked(&program, "arrived_after=6").await, (vec!["203.0.113.10".to_owned()], 7));
        assert!(program.get(&format!("/api/v1/events?arrived_after=4&after={after}")).await.must(422).text().contains("arrived_to"));

        for wrong in ["arrived_after=8", "arrived_after=x", "arrived_after=", "arrived_to=3", "arrived_after=4&arrived_to=3", "arrived_after=1&arrived_to=x"] {
            let _ = program.get(&format!("/api/v1/events?{wrong}")).await.must(422);
        }
        let empty = program.get("/api/v1/events?arrived_after=7&form=parquet").await.must(200).body;
        assert!(empty.starts_with(b"PAR1") && empty.ends_with(b"PAR1"), "a file without a row is a file all the same");
        // What came long ago is found by its days.
        house.set_clock("2027-01-20T09:00:00+02:00");
        assert!(program.get("/api/v1/events?arrived_after=1").await.must(422).text().contains("from and to"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_files_are_read_again_nobody_is_told_that_nothing_came() {
    let house = House::sqlite().await;
    let [north, _] = world(&house).await;
    let program = program(&house, north).await;
    let again = async |tx: &mut store::Tx| {
        tx.record(store::Record::new("test.again", "event_file", north));
        tx.execute("update event_files set state = 'received'", vec![]).await
    };
    house.app.db.change("test", again).await.unwrap();
    let _ = program.get("/api/v1/events?arrived_after=0").await.must(503);
}
