//! Who delivers for which feed, and what its files may not do: fill the list of columns, or lose their time by being mended.

use atalaya::access::{Role, Who};
use atalaya::people;
use store::{Id, args};

use crate::events::{deliver, feed, feed_with, file};
use crate::house::House;

const NAME: &str = "2026-11-22-scan_telnet-maluti.csv";

fn row(ip: &str) -> String {
    format!("2026-11-22 03:04:05,{ip},23,tcp,,telnet,64500,LS")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_delivers_to_the_feeds_that_it_names_and_knows_of_no_other() {
    for house in House::both().await {
        for name in ["sensor", "partner", "third"] {
            feed(&house, name).await;
        }
        let admin = house.login_as(Role::Admin).await;
        let refused = admin.post("/people/tokens", &[("name", "A sensor"), ("scope", "feeds")]).await.must(422);
        assert!(admin.post("/people/tokens", &[("name", "A sensor"), ("scope", "reports"), ("feed", "sensor")]).await.must(422).shows("delivers event files"));
        assert!(refused.shows("Choose the feeds that the token delivers to"), "{}", refused.words());
        let form = [("name", "A sensor"), ("scope", "feeds"), ("feed", "sensor"), ("feed", "third")];
        let token = admin.post("/people/tokens", &form).await.must(200).between("id=\"token\">", "<");
        let page = admin.get("/people").await.must(200);
        assert!(page.shows("feeds sensor, third"), "on {}: {}", house.on, page.words());
        let program = house.visitor();
        let ask = async |method: &str, path: &str, token: &str, bytes: &[u8]| {
            program.send(method, path, &[("authorization", &format!("Bearer {token}")), ("content-type", "text/csv")], bytes).await
        };
        let bytes = file(&[row("203.0.113.7")]);
        let _ = ask("POST", "/api/v1/feeds/partner/files", &token, &bytes).await.must(404);
        let told = ask("POST", &format!("/api/v1/feeds/sensor/files?name={NAME}"), &token, &bytes).await.must(201).json();
        let _ = ask("POST", "/api/v1/feeds/third/files", &token, &file(&[row("203.0.113.8")])).await.must(201);
        let sha = told["files"][0]["sha256"].as_str().unwrap().to_owned();
        let _ = ask("GET", &format!("/api/v1/feeds/sensor/files/{sha}"), &token, b"").await.must(200);
        // Nor does it read what became of another's file whose hash it knows.
        let theirs = file(&[row("203.0.113.9")]);
        let theirs = deliver(&house, "partner", NAME, &theirs).await[0].file.sha256;
        let _ = ask("GET", &format!("/api/v1/feeds/partner/files/{theirs}"), &token, b"").await.must(404);
        // Whoever was given every feed, as all tokens of before, delivers to every feed.
        let every = people::add_token(&house.app, &Who::Operator, "all", None, "feeds").await.unwrap();
        let _ = ask("GET", &format!("/api/v1/feeds/partner/files/{theirs}"), &every, b"").await.must(200);
        let _ = ask("POST", "/api/v1/feeds/partner/files", &every, &file(&[row("203.0.113.10")])).await.must(201);
        assert!(admin.get("/people").await.shows("feeds every feed"));
        let none: Vec<(i64,)> = house.rows("select count(*) from event_files f join feeds d on d.id = f.feed_id where d.name = 'partner'", vec![]).await;
        assert_eq!(none[0].0, 2, "what was refused is not kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrections_correction_without_a_time_has_the_moment_of_the_file_that_was_delivered() {
    let house = House::sqlite().await;
    let mapping = "name = \"own\"\nversion = 1\n[type.own_scan]\ntitle = \"Scans\"\nrequired = \"who\"\nsignature = \"who what\"\ntype = \"scanner\"\nundated = true\n\
                   [type.own_scan.fields]\nwho = \"ip\"\nwhat = \"port\"\n";
    feed_with(&house, "own", |feed| feed.mapping = mapping.into()).await;
    deliver(&house, "own", "list.csv", b"who,what\n203.0.113.1,23\n203.0.113.x,23\n").await;
    house.run_jobs().await;
    // Mended wrongly on another day, and then rightly on the next.
    let mend = async |line: &str| {
        house.later(24 * 60);
        let analyst = house.login_as(Role::Analyst).await;
        let open: Vec<(Id,)> = house.rows("select id from event_rejects where state = 'open'", vec![]).await;
        let id = open[0].0.to_string();
        let _ = analyst.post("/events/rejected", &[("do", "mend"), ("id", &id), (&format!("line-{id}"), line)]).await.must(303);
        house.run_jobs().await;
    };
    mend("203.0.113.y,23").await;
    mend("203.0.113.2,23").await;
    let states: Vec<(String, i64)> = house.rows("select state, stored from event_files order by number", vec![]).await;
    assert_eq!(states, [("stored".into(), 1), ("stored".into(), 0), ("stored".into(), 1)]);
    let delivered: Vec<(i64,)> = house.rows("select received_at from event_files where number = 1", vec![]).await;
    let lake = atalaya::events::lake::reading(&house.app).await.unwrap().unwrap();
    let days: Vec<i32> = lake.view().unwrap().files().iter().map(|file| file.day).collect();
    let day = i32::try_from(delivered[0].0.div_euclid(86_400_000_000)).unwrap();
    assert_eq!(days, [day, day], "both are of the day on which the file came");
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_are_called_otherwise_in_each_file_do_not_fill_the_database() {
    for house in House::both().await {
        let id = feed(&house, "shadow").await;
        for turn in 0..3 {
            let names: Vec<String> = (0..450).map(|n| format!("c{turn}_{n}")).collect();
            let header = format!("timestamp,ip,port,protocol,hostname,tag,asn,geo,{}", names.join(","));
            let values = vec!["x"; names.len()].join(",");
            let bytes = format!("{header}\n{},{values}\n", row(&format!("203.0.113.{turn}")));
            deliver(&house, "shadow", &format!("2026-11-22-scan_telnet-{turn}.csv"), bytes.as_bytes()).await;
            house.run_jobs().await;
        }
        let noted = async |of: &'static str| -> i64 { house.rows::<(i64,)>(of, args![id]).await[0].0 };
        assert_eq!(noted("select count(*) from feed_columns where feed_id = $1").await, 1000, "on {}", house.on);
        assert_eq!(noted("select cast(sum(stored) as BIGINT) from event_files where feed_id = $1").await, 3, "their events are stored");
        // What is known goes on being counted.
        let bytes = format!("timestamp,ip,port,protocol,hostname,tag,asn,geo,c0_0,c9_9\n{},x,x\n", row("203.0.113.77"));
        deliver(&house, "shadow", "2026-11-22-scan_telnet-again.csv", bytes.as_bytes()).await;
        house.run_jobs().await;
        assert_eq!(noted("select values_seen from feed_columns where feed_id = $1 and name = 'c0_0'").await, 2);
        assert_eq!(noted("select count(*) from feed_columns where feed_id = $1").await, 1000);
    }
}
