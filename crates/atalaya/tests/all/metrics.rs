//! Figures for the operator's own watch: numbers, no names, and not for everybody.

use atalaya::access::{Role, Who};
use atalaya::{cases, people, reports};

use crate::house::House;
use crate::reports::told;

fn value(text: &str, name: &str) -> Option<i64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_count_what_came_and_what_waits_and_name_nobody() {
    for house in House::both().await {
        for n in 0..3 {
            reports::receive(&house.app, &Who::Public, told(&house.app, "form", &format!("Secret title {n}"), "x", "ana@shop.example")).await.unwrap();
        }
        let new = cases::NewCase { kind: "incident".into(), title: "Hidden".into(), ..cases::NewCase::default() };
        cases::open(&house.app, &Who::Operator, new).await.unwrap();
        let token = people::add_token(&house.app, &Who::Operator, "watch", None, "reports").await.unwrap();
        let watch = house.visitor();
        watch.set_header("authorization", &format!("Bearer {token}"));
        let text = watch.get("/metrics").await.must(200).text();
        for (name, expected) in [
            ("atalaya_reports_total", 3),
            ("atalaya_cases_total", 1),
            ("atalaya_reports_waiting", 3),
            ("atalaya_jobs{state=\"ready\"}", 3),
            ("atalaya_outbox_waiting", 0),
            ("atalaya_clocks_overdue", 0),
        ] {
            assert_eq!(value(&text, name), Some(expected), "{name} on {}: {text}", house.on);
        }
        assert!(value(&text, "atalaya_clocks_running").unwrap() >= 3 && value(&text, "atalaya_journal_entries").unwrap() > 4, "{text}");
        assert!(value(&text, "atalaya_last_backup_timestamp_seconds").is_none(), "nobody made one yet");
        assert!(!text.contains("Secret") && !text.contains("Hidden") && !text.contains("ana@"), "{text}");
        house.set_clock("2026-12-10T10:00:00+02:00");
        let text = watch.get("/metrics").await.must(200).text();
        assert!(value(&text, "atalaya_clocks_overdue").unwrap() >= 3, "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.rsplit_once(' ').unwrap().1.parse::<i64>().is_ok(), "{line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_for_a_token_of_the_team_wherever_the_request_comes_from() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    // A proxy on this machine may forward a stranger's request without a word of it.
    let _ = visitor.get("/metrics").await.must(404);
    let organisation = house.organisation("Walk Example").await;
    let theirs = people::add_token(&house.app, &Who::Operator, "theirs", Some(organisation), "reports").await.unwrap();
    visitor.set_header("authorization", &format!("Bearer {theirs}"));
    let _ = visitor.get("/metrics").await.must(404);
    let ours = people::add_token(&house.app, &Who::Operator, "watch", None, "reports").await.unwrap();
    visitor.set_header("authorization", &format!("Bearer {ours}"));
    let _ = visitor.get("/metrics").await.must(200);
    let _ = house.login_as(Role::Lead).await.get("/metrics").await.must(404);
}
