//! What comes while something else is on its way: a newer version, a letter that cannot be written, work that holds other work up.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::time::{Duration, Instant};

use atalaya::access::Who;
use atalaya::publications::readers;
use atalaya::{jobs, reports};
use store::{Id, args};
use tokio::sync::watch;

use crate::advisories::technical;
use crate::house::{Held, House, new_database, wait_for_waiting};
use crate::nodes::Two;
use crate::notices::{NORTH, SOUTH, two};
use crate::publications::{begin, press};
use crate::readers::subscribed;
use crate::reports::told;
use crate::warnings::{do_there, next_version, runs, said};

/// A house on a database server of which a statement's rows are held.
async fn on_a_server() -> Option<(House, String)> {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return None;
    }
    let database = tokio::task::spawn_blocking(new_database).await.unwrap();
    Some((House::on(&database).await, database))
}

async fn held(database: &str, statement: &'static str) -> Held {
    let database = database.to_owned();
    tokio::task::spawn_blocking(move || Held::by(&database, &format!("begin; {statement} for update"))).await.unwrap()
}

async fn one_waits(database: &str) {
    let database = database.to_owned();
    tokio::task::spawn_blocking(move || wait_for_waiting(&database, 1)).await.unwrap();
}

async fn let_go(held: Held) {
    tokio::task::spawn_blocking(move || drop(held)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_while_its_mails_are_on_their_way_gives_nobody_else_its_old_advice() {
    let Some((house, database)) = on_a_server().await else { return };
    readers::enlist(&house.app, (0..3).map(|place| format!("r{place}@shop.example")), "en").await.unwrap();
    house.later(1);
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    // The job has read what it tells, and goes on once it is withdrawn.
    let mailing = held(&database, "select id from mailings").await;
    let meanwhile = async {
        one_waits(&database).await;
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
        let_go(mailing).await;
    };
    tokio::join!(house.run_jobs(), meanwhile);
    house.run_jobs().await;
    let old: Vec<String> = house.sink.mails().iter().map(said).filter(|text| text.contains("Block the port")).collect();
    assert!(old.is_empty(), "{old:?}");
    let stands: Vec<(i64, String)> = house.rows("select version, state from mailings order by version", vec![]).await;
    assert_eq!(stands, [(1, "stopped".to_owned()), (2, "done".to_owned())]);
    assert!(house.done().await.iter().any(|verb| verb == "mailing.overtaken"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_stopped_mailing_never_told_hears_of_no_earlier_version() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        runs(&house, north, "7.1").await;
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        house.run_jobs().await;
        do_there(&piece.writer, &piece.at, "search", &[]).await.must(303);
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(303);
        let chosen: Vec<(Id,)> = house.rows("select id from mailings where kind = 'chosen'", vec![]).await;
        do_there(&piece.lead, &piece.at, "mailing-stop", &[("mailing", &chosen[0].0.to_string())]).await.must(303);
        house.run_jobs().await;
        // Who was chosen and could not be told is told of the next, and of no earlier one.
        do_there(&piece.writer, &piece.at, "addition", &[("name", "South Radio")]).await.must(303);
        let contact: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![south]).await;
        bounced(&house, contact[0].0, true).await;
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(303);
        house.run_jobs().await;
        bounced(&house, contact[0].0, false).await;
        next_version(&piece, "CLEAR").await;
        house.run_jobs().await;
        assert!(house.sink.to(NORTH).is_empty(), "on {}", house.on);
        let all: Vec<String> = house.sink.to(SOUTH).iter().map(said).collect();
        assert!(all.len() == 1 && all[0].contains("our team thinks that it concerns you"), "on {}: {all:?}", house.on);
        assert!(!all[0].contains("you were told of an earlier version"), "on {}: {all:?}", house.on);
    }
}

/// As if mail to a contact came back, or did not.
async fn bounced(house: &House, contact: Id, is: bool) {
    let at = is.then(|| house.app.now());
    house
        .app
        .db
        .change("test", async |tx| {
            tx.execute("update contacts set bounced_at = $2 where id = $1", args![contact, at]).await?;
            tx.record(store::Record::new("test", "contact", contact));
            Ok::<(), atalaya::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_chosen_for_a_version_that_was_overtaken_is_told_of_the_newer_one_and_why() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        runs(&house, north, "7.1").await;
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        house.run_jobs().await;
        do_there(&piece.writer, &piece.at, "search", &[]).await.must(303);
        do_there(&piece.writer, &piece.at, "sending", &[]).await.must(303);
        next_version(&piece, "CLEAR").await;
        house.run_jobs().await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 1, "on {}", house.on);
        let text = said(&mails[0]);
        assert!(text.contains("It is worse") && text.contains("you declared that you run"), "on {}: {text}", house.on);
        assert!(!text.contains("you were told of an earlier version"), "on {}: {text}", house.on);
    }
}

/// What no page does.
async fn by_hand(house: &House, text: &'static str) {
    let change = house.app.db.change("test", async |tx| {
        tx.execute(text, vec![]).await?;
        let id = tx.new_id();
        tx.record(store::Record::new("test", "test", id));
        Ok::<(), atalaya::Error>(())
    });
    change.await.unwrap();
}

/// From here on a second mail to an address cannot be written down.
async fn one_mail_each(house: &House) {
    by_hand(house, "create unique index one_mail_each on outbox (recipient)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_cannot_be_written_is_held_and_holds_up_nobody() {
    let house = House::with(|profile| profile.publications.constituents = atalaya::profile::Told::All).await;
    two(&house).await;
    subscribed(&house, NORTH, &[("kind", "guidance")]).await;
    readers::enlist(&house.app, ["reader@shop.example".to_owned()], "en").await.unwrap();
    house.later(1);
    one_mail_each(&house).await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    house.run_jobs().await;
    assert_eq!((house.sink.to(SOUTH).len(), house.sink.to("reader@shop.example").len()), (1, 1));
    let page = piece.lead.get(&format!("{}/constituents", piece.at)).await.must(200);
    assert!(page.shows("1 held") && page.shows("1 told"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_cannot_be_written_holds_up_no_other() {
    let house = House::sqlite().await;
    subscribed(&house, "first@shop.example", &[("due", "daily")]).await;
    readers::enlist(&house.app, ["second@shop.example".to_owned()], "en").await.unwrap();
    daily(&house).await;
    house.later(1);
    one_mail_each(&house).await;
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    house.run_jobs().await;
    readers::digest_begin(&house.app).await.unwrap();
    house.set_clock("2026-11-24T11:30:00+02:00");
    house.run_jobs().await;
    assert_eq!((house.sink.to("first@shop.example").len(), house.sink.to("second@shop.example").len()), (1, 1));
}

/// Everybody is told once a day.
async fn daily(house: &House) {
    by_hand(house, "update subscriptions set due = 'daily'").await;
}

/// Lets all workers run until something is there, for a while at most.
async fn worked(house: &House, held: Held, is_there: impl AsyncFn() -> bool) -> bool {
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(jobs::run(house.app.clone(), stopped));
    let begun = Instant::now();
    let mut there = false;
    while !there && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        there = is_there().await;
    }
    let_go(held).await;
    stop.send(true).unwrap();
    workers.await.unwrap();
    there
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_leaves_at_its_instant_whatever_mail_is_being_read_and_answered() {
    let Some((house, database)) = on_a_server().await else { return };
    let reported = async |title: &str| {
        let report = told(&house.app, "form", title, "x", "reporter@shop.example");
        reports::receive(&house.app, &Who::Public, report).await.unwrap();
    };
    reported("Seen").await;
    house.run_jobs().await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.approved().await;
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-24T09:00")]).await.must(303);
    house.set_clock("2026-11-24T09:00:00+02:00");
    reported("Seen again").await;
    // The receipt that is being written waits for a row that somebody holds.
    let throttle = held(&database, "select name from throttles").await;
    let out = worked(&house, throttle, async || house.visitor().get("/alerts/MLT-AL-2026-0001").await.status == 200).await;
    assert!(out, "an embargo waits for nobody's receipt");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_does_not_wait_for_a_round_of_digests() {
    let Some((house, database)) = on_a_server().await else { return };
    readers::enlist(&house.app, ["first@shop.example".to_owned()], "en").await.unwrap();
    daily(&house).await;
    readers::enlist(&house.app, ["second@shop.example".to_owned()], "en").await.unwrap();
    house.later(1);
    begin(&house, "alert", "Printers print by themselves").await.out().await;
    house.run_jobs().await;
    readers::digest_begin(&house.app).await.unwrap();
    house.set_clock("2026-11-24T11:30:00+02:00");
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    let digest = held(&database, "select id from subscriptions where due = 'daily'").await;
    // The round is taken before there is anything else to do.
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(jobs::run(house.app.clone(), stopped));
    one_waits(&database).await;
    piece.out().await;
    let begun = Instant::now();
    while house.sink.to("second@shop.example").len() < 2 && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let told = house.sink.to("second@shop.example").len();
    let_go(digest).await;
    stop.send(true).unwrap();
    workers.await.unwrap();
    assert_eq!(told, 2, "who asked to be told at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_asked_twice_is_told_once_though_a_mailing_and_a_digest_tell_it_at_the_same_moment() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let house = &two.house;
    let address = "twice@shop.example";
    subscribed(house, address, &[]).await;
    subscribed(house, address, &[("due", "daily"), ("kind", "alert")]).await;
    house.later(1);
    begin(house, "alert", "Routers with open port 7547").await.out().await;
    house.run_jobs().await;
    let told = || house.sink.to(address).iter().map(said).filter(|text| text.contains("7547")).count();
    assert_eq!(told(), 1);
    // As if it were on its way still, a day later.
    house
        .app
        .db
        .change("test", async |tx| {
            tx.execute("delete from deliveries", vec![]).await?;
            tx.execute("update mailings set state = 'going', after_id = null", vec![]).await?;
            let id = tx.new_id();
            tx.record(store::Record::new("test", "test", id));
            Ok::<(), atalaya::Error>(())
        })
        .await
        .unwrap();
    let (mailing,): (Id,) = house.rows("select id from mailings", vec![]).await[0];
    house.set_clock("2026-11-24T11:30:00+02:00");
    let at = house.app.now();
    for (kind, what) in [("mail_out", serde_json::json!({ "mailing": mailing })), ("digest_round", serde_json::json!({}))] {
        house.app.db.keep_house(async |tx| tx.enqueue_at(kind, what.clone(), at, None).await).await.unwrap();
    }
    let lease = jiff::SignedDuration::from_mins(5);
    let mails = house.app.db.take_job(&["mail_out"], lease).await.unwrap().expect("a mailing");
    let round = house.app.db.take_job(&["digest_round"], lease).await.unwrap().expect("a round");
    let (first, second) = two.meanwhile(readers::mail_out(&house.app, &mails), readers::digest_round(&house.app, &round)).await;
    first.unwrap();
    second.unwrap();
    house.run_jobs().await;
    assert_eq!(told(), 2, "once more, by one of them");
}
