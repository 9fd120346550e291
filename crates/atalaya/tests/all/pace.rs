//! How fast mails go to one domain, and which go first.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::profile::Profile;
use atalaya::publications::readers;
use store::args;

use crate::house::House;
use crate::publications::begin;

fn at_most(most: u32) -> impl Fn(&mut Profile) {
    move |profile| {
        if let Some(mail) = &mut profile.mail {
            mail.per_domain_per_minute = most;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_gets_so_many_mails_a_minute_and_holds_up_no_other() {
    for house in House::both_with(at_most(3)).await {
        let many: Vec<String> = (0..8).map(|place| format!("r{place}@Large.example")).collect();
        let all = many.iter().cloned().chain(["one@small.example".to_owned()]);
        readers::enlist(&house.app, all, "en").await.unwrap();
        begin(&house, "alert", "Routers with open port 7547").await.out().await;
        let large = || many.iter().map(|address| house.sink.to(address).len()).sum::<usize>();
        house.set_clock("2026-11-23T10:10:00+02:00");
        house.run_jobs().await;
        assert_eq!((large(), house.sink.to("one@small.example").len()), (3, 1), "on {}", house.on);
        house.set_clock("2026-11-23T10:10:59+02:00");
        house.run_jobs().await;
        assert_eq!(large(), 3, "on {}: the minute is not over", house.on);
        for (clock, sent) in [("10:11:00", 6), ("10:12:00", 8)] {
            house.set_clock(&format!("2026-11-23T{clock}+02:00"));
            house.run_jobs().await;
            assert_eq!(large(), sent, "on {} at {clock}", house.on);
        }
        assert!(many.iter().all(|address| house.sink.to(address).len() == 1), "on {}: each once", house.on);
        let tries: Vec<(i64,)> = house.rows("select max(attempts) from outbox", args![]).await;
        assert_eq!(tries[0].0, 1, "on {}: to wait is no try that failed", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_goes_before_an_advisory_and_that_before_a_digest() {
    let house = House::with(at_most(1)).await;
    let visitor = house.visitor();
    let subscribed = async |address: &str, kind: &str, due: &str| {
        let fields = [("address", address), ("language", "en"), ("due", due), ("kind", kind)];
        visitor.post("/subscribe", &fields).await.must(303);
        house.run_jobs().await;
        let text = house.sink.to(address).pop().expect("a mail that asks").letter().text;
        let link = text[text.find("/subscription/").unwrap()..].split_whitespace().next().unwrap().to_owned();
        visitor.post(&format!("{link}/confirmation"), &[]).await.must(303);
        house.later(1);
    };
    subscribed("digest@x.example", "guidance", "daily").await;
    subscribed("advisory@x.example", "advisory", "at_once").await;
    subscribed("alert@x.example", "alert", "at_once").await;
    begin(&house, "guidance", "The first hour").await.out().await;
    house.run_jobs().await;
    readers::digest_begin(&house.app).await.unwrap();
    house.set_clock("2026-11-24T11:30:00+02:00");
    begin(&house, "advisory", "Gateways run commands").await.out().await;
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    // All three wait; the first one to be handed over is not the first one that was written.
    let told = || ["alert", "advisory", "digest"].map(|name| house.sink.to(&format!("{name}@x.example")).len() - 1);
    house.run_jobs().await;
    assert_eq!(told(), [1, 0, 0]);
    house.later(1);
    house.run_jobs().await;
    assert_eq!(told(), [1, 1, 0]);
    for _ in 0..3 {
        house.later(1);
        house.run_jobs().await;
    }
    assert_eq!(told(), [1, 1, 1]);
}
