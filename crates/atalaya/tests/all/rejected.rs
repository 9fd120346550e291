//! What could not be read, many at a time: a file whose type nobody knew, and the rejected lines of a file, a feed, a reason.

use atalaya::access::Role;
use store::args;

use crate::events::{deliver, feed, file};
use crate::house::House;

fn row(ip: &str) -> String {
    format!("2026-11-22 03:04:05,{ip},23,tcp,,telnet,64500,LS")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_type_that_nobody_knows_is_read_as_what_somebody_says() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        let analyst = house.login_as(Role::Analyst).await;
        deliver(&house, "shadow", "2026-11-22-scan_unheard_of-maluti.csv", &file(&[row("203.0.113.1")])).await;
        house.run_jobs().await;
        let page = analyst.get("/events/files/1").await.must(200);
        assert!(page.shows("held") && page.text().contains("<option value=\"scan_telnet\">"), "on {}: {}", house.on, page.words());
        let wrong = analyst.post("/events/files/1", &[("do", "again"), ("kind", "scan_nonsense")]).await.must(422);
        assert!(wrong.shows("scan_nonsense") && wrong.shows("is no report type"), "{}", wrong.words());
        let of = async || house.rows::<(String, String, i64)>("select state, kind, stored from event_files where number = 1", vec![]).await[0].clone();
        assert_eq!(of().await.0, "held");
        // As its name says it is held once more.
        let _ = analyst.post("/events/files/1", &[("do", "again"), ("kind", "")]).await.must(303);
        house.run_jobs().await;
        assert_eq!(of().await.0, "held");
        let _ = analyst.post("/events/files/1", &[("do", "again"), ("kind", "scan_telnet")]).await.must(303);
        house.run_jobs().await;
        assert_eq!(of().await, ("stored".into(), "scan_telnet".into(), 1), "on {}", house.on);
        let facts: Vec<(String,)> = house.rows("select facts from journal where verb = $1 order by seq desc limit 1", args!["event_file.read_again"]).await;
        assert!(facts[0].0.contains("scan_telnet"), "{facts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_lines_are_listed_dropped_and_handed_in_by_file_and_reason() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        feed(&house, "other").await;
        let analyst = house.login_as(Role::Analyst).await;
        let timeless = "when?,203.0.113.9,23,tcp,,telnet,64500,LS".to_owned();
        deliver(
            &house,
            "shadow",
            "2026-11-22-scan_telnet-one.csv",
            &file(&[row("203.0.113.1"), row("203.0.113.x"), format!("{}\t ", row("203.0.113.y")), timeless.clone()]),
        )
        .await;
        deliver(&house, "other", "2026-11-22-scan_telnet-two.csv", &file(&[row("203.0.113.z"), timeless])).await;
        house.run_jobs().await;
        let open = async || {
            house
                .rows::<(i64, i64)>(
                    "select f.number, r.line from event_rejects r join event_files f on f.id = r.file_id where r.state = 'open' order by 1, 2",
                    vec![],
                )
                .await
        };
        assert_eq!(open().await, [(1, 3), (1, 4), (1, 5), (2, 2), (2, 3)]);

        let page = analyst.get("/events/rejected?file=1").await.must(200);
        assert!(page.shows("203.0.113.x") && !page.shows("203.0.113.z") && page.shows("timestamp,ip"), "on {}: {}", house.on, page.words());
        let page = analyst.get("/events/rejected?fault=time&feed=other").await.must(200);
        assert!(page.shows("when?") && !page.shows("203.0.113.z") && !page.shows("one.csv"), "{}", page.words());
        assert!(analyst.get("/events/rejected?file=77").await.must(422).shows("There is no file 77"));
        assert!(analyst.get("/events/rejected?feed=nosuch").await.must(422).shows("There is no feed nosuch"));
        let _ = analyst.get("/events/rejected?fault=nonsense").await.must(422);
        assert!(analyst.get("/events/rejected?file=1&feed=other").await.must(422).shows("of another feed"));

        // All of a file once more, as they came: still none, and the list says that they were tried.
        let handed = analyst.post("/events/rejected", &[("do", "again"), ("file", "1")]).await.must(303);
        assert_eq!(handed.location().as_deref(), Some("/events/files/3"), "what became of them is seen there");
        house.run_jobs().await;
        assert_eq!(open().await, [(2, 2), (2, 3), (3, 2), (3, 3), (3, 4)]);
        let bytes: Vec<(Vec<u8>,)> =
            house.rows("select r.bytes from event_rejects r join event_files f on f.id = r.file_id where f.number = 3 and r.line = 3", vec![]).await;
        assert!(bytes[0].0.ends_with(b"LS\t "), "byte for byte: blanks and tabs may be cells");
        assert!(analyst.get("/events/rejected?file=3").await.must(200).shows("handed in before"));
        assert!(analyst.get("/events/files/1").await.must(200).shows("handed in again as file 3"));
        assert!(!analyst.get("/events/rejected?file=2").await.must(200).shows("handed in before"));
        assert!(analyst.post("/events/rejected", &[("do", "again"), ("file", "1")]).await.must(422).shows("No line of file 1 waits"));

        // Nor is there an end to trying: with another mapping the same lines may be events.
        let _ = analyst.post("/events/rejected", &[("do", "again"), ("file", "3")]).await.must(303);
        house.run_jobs().await;
        let _ = analyst.post("/events/rejected", &[("do", "again"), ("file", "4")]).await.must(303);
        house.run_jobs().await;
        assert_eq!(open().await, [(2, 2), (2, 3), (5, 2), (5, 3), (5, 4)]);

        // All that the list is of; never all that there are, and nothing that came since somebody looked.
        let _ = analyst.post("/events/rejected", &[("do", "drop-all"), ("reason", "noise")]).await.must(422);
        assert_eq!(analyst.get("/events/rejected?fault=time").await.must(200).input("seen"), "2");
        let _ = analyst.post("/events/rejected", &[("do", "drop-all"), ("fault", "time"), ("seen", "2"), ("reason", " ")]).await.must(422);
        let _ = analyst.post("/events/rejected", &[("do", "drop-all"), ("fault", "time"), ("reason", "noise")]).await.must(422);
        let more = analyst.post("/events/rejected", &[("do", "drop-all"), ("fault", "time"), ("reason", "noise"), ("seen", "1")]).await.must(422);
        assert!(more.shows("There are 2 such lines now"), "{}", more.words());
        assert_eq!(open().await.len(), 5);
        let _ = analyst.post("/events/rejected", &[("do", "drop-all"), ("fault", "time"), ("reason", "noise"), ("seen", "2")]).await.must(303);
        assert_eq!(open().await, [(2, 2), (5, 2), (5, 3)]);
        let _ = analyst.post("/events/rejected", &[("do", "drop-all"), ("feed", "shadow"), ("seen", "2"), ("reason", "noise")]).await.must(303);
        assert_eq!(open().await, [(2, 2)]);
    }
}
