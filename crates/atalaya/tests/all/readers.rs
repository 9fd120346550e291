//! Those who asked to be told: asked once more, told once, and no more when they say so.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use store::{Id, Record, args};

use crate::house::{Browser, Gpg, House, Mail};
use crate::publications::{begin, press};

/// Head and text of a mail.
fn said(mail: &Mail) -> String {
    let raw = mail.text();
    let letter = mail.letter();
    format!("{}\n{}\n{}", raw.split("\r\n\r\n").next().unwrap_or_default(), letter.subject, letter.text)
}

/// The address of the subscription in a mail.
fn link(mail: &Mail) -> String {
    let text = mail.letter().text;
    let at = text.find("/subscription/").expect("a link");
    text[at..].split(|c: char| c.is_whitespace()).next().unwrap().to_owned()
}

async fn ask(house: &House, address: &str, more: &[(&str, &str)]) {
    let mut fields = more.to_vec();
    for (name, value) in [("address", address), ("language", "en"), ("due", "at_once")] {
        if !more.iter().any(|(asked, _)| *asked == name) {
            fields.push((name, value));
        }
    }
    house.visitor().post("/subscribe", &fields).await.must(303);
    house.run_jobs().await;
}

/// Asks and confirms; gives the address of the subscription.
pub async fn subscribed(house: &House, address: &str, more: &[(&str, &str)]) -> String {
    ask(house, address, more).await;
    let at = link(&house.sink.to(address).pop().expect("a mail that asks"));
    house.visitor().post(&format!("{at}/confirmation"), &[]).await.must(303);
    at
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_before_a_button_was_pressed_and_one_click_ends_it() {
    for house in House::both().await {
        ask(&house, "reader@shop.example", &[]).await;
        let asked = house.sink.to("reader@shop.example");
        assert_eq!(asked.len(), 1, "on {}", house.on);
        let at = link(&asked[0]);
        // A program that opens every link in a mail changes nothing.
        for path in [at.clone(), format!("{at}/end")] {
            house.visitor().get(&path).await.must(200);
        }
        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        piece.out().await;
        house.run_jobs().await;
        assert_eq!(house.sink.to("reader@shop.example").len(), 1, "on {}: not confirmed", house.on);
        house.visitor().post(&format!("{at}/confirmation"), &[]).await.must(303);
        let other = begin(&house, "alert", "Printers print by themselves").await;
        other.out().await;
        house.run_jobs().await;
        let told = house.sink.to("reader@shop.example").pop().unwrap();
        let raw = said(&told);
        for part in [
            "Printers print by themselves",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Precedence: list",
            "TLP:CLEAR",
            "Auto-Submitted: auto-generated",
            "List-Id:",
        ] {
            assert!(raw.contains(part), "on {}: {part} in {raw}", house.on);
        }
        let forged = format!("{}x", &at[..at.len() - 1]);
        house.visitor().get(&forged).await.must(404);
        house.visitor().post(&format!("{at}/end"), &[("List-Unsubscribe", "One-Click")]).await.must(200);
        house.visitor().post(&format!("{at}/end"), &[("List-Unsubscribe", "One-Click")]).await.must(200);
        house.visitor().get(&at).await.must(404);
        begin(&house, "alert", "Cameras look at nothing").await.out().await;
        house.run_jobs().await;
        assert_eq!(house.sink.to("reader@shop.example").len(), 2, "on {}: ended", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_told_of_what_was_asked_for_and_a_revision_follows_its_first_mail() {
    let house = House::sqlite().await;
    subscribed(&house, "high@shop.example", &[("severity", "critical")]).await;
    subscribed(&house, "words@shop.example", &[("q", "routers")]).await;
    subscribed(&house, "guidance@shop.example", &[("kind", "guidance")]).await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    house.run_jobs().await;
    let count = |address: &str| house.sink.to(address).len();
    assert_eq!((count("high@shop.example"), count("words@shop.example"), count("guidance@shop.example")), (1, 2, 1));
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    piece.facts(&[("label", "CLEAR"), ("severity", "critical"), ("keys", "CVE-2026-30200"), ("note", "It is worse")]).await.must(303);
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    press(&piece.reader, &piece.at, "approval", &[]).await.must(303);
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    house.run_jobs().await;
    assert_eq!((count("high@shop.example"), count("words@shop.example")), (2, 3));
    let mails = house.sink.to("words@shop.example");
    let (first, second) = (said(&mails[1]), said(&mails[2]));
    let id = mails[1].header("Message-ID").expect("an id");
    assert!(first.contains("Routers") && mails[2].header("In-Reply-To") == Some(id) && second.contains("It is worse") && second.contains(" v2: "), "{second}");
    let told: Vec<(i64,)> = house.rows("select version from deliveries order by version, at", vec![]).await;
    assert_eq!(told.len(), 3);
    let left: i64 = house.rows::<(i64,)>("select count(*) from ledger where recipient like 'subscriber:%' and noun = 'publication'", vec![]).await[0].0;
    assert_eq!(left, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_gathers_a_day_and_silence_is_kept() {
    let house = House::sqlite().await;
    subscribed(&house, "daily@shop.example", &[("due", "daily")]).await;
    let silent = subscribed(&house, "silent@shop.example", &[]).await;
    house.visitor().post(&silent, &[("due", "at_once"), ("paused", "2026-12-01")]).await.must(303);
    house.later(1);
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    begin(&house, "guidance", "The first hour").await.out().await;
    house.run_jobs().await;
    atalaya::publications::readers::digest_begin(&house.app).await.unwrap();
    house.set_clock("2026-11-24T11:30:00+02:00");
    house.run_jobs().await;
    let mails = house.sink.to("daily@shop.example");
    assert_eq!(mails.len(), 2);
    let text = said(&mails[1]);
    assert!(text.contains("Routers with open port 7547") && text.contains("The first hour"), "{text}");
    assert_eq!(house.sink.to("silent@shop.example").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_mails_wait_for_a_second_person_whatever_is_pressed_and_digests_wait_with_them() {
    let house = House::sqlite().await;
    let app = &house.app;
    atalaya::publications::readers::enlist(app, (0..1001).map(|place| format!("r{place}@shop.example")), "en").await.unwrap();
    subscribed(&house, "daily@shop.example", &[("due", "daily")]).await;
    let switched = subscribed(&house, "switched@shop.example", &[]).await;
    house.later(1);
    // Stopped before anybody counted, and let go by the same hand: it is counted, and waits all the same.
    let early = begin(&house, "alert", "Printers print by themselves").await;
    early.out().await;
    let (id,): (Id,) = house.rows("select id from mailings", args![]).await[0];
    for act in ["mailing-stop", "mailing"] {
        press(&early.lead, &early.at, act, &[("mailing", &id.to_string())]).await.must(303);
        house.run_jobs().await;
    }
    assert!(early.lead.get(&early.at).await.must(200).shows("waits for a second person"));
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    house.run_jobs().await;
    let page = piece.lead.get(&piece.at).await.must(200);
    assert!(page.shows("waits for a second person"), "{}", page.words());
    let mailing = page.input("mailing");
    assert!(press(&piece.lead, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(409).shows("somebody else"));
    // To stop it is no way around the second person.
    press(&piece.lead, &piece.at, "mailing-stop", &[("mailing", &mailing)]).await.must(303);
    assert!(press(&piece.lead, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(409).shows("somebody else"));
    house.visitor().post(&switched, &[("due", "daily"), ("language", "en")]).await.must(303);
    atalaya::publications::readers::digest_begin(app).await.unwrap();
    house.set_clock("2026-11-24T11:30:00+02:00");
    house.run_jobs().await;
    let told = |address: &str| house.sink.to(address).len() - 1;
    assert_eq!((told("daily@shop.example"), told("switched@shop.example")), (0, 0), "what is stopped is in no digest");
    let other: Browser = house.login_as(Role::Lead).await;
    press(&other, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(303);
    house.run_jobs().await;
    house.later(90);
    house.run_jobs().await;
    assert_eq!((told("daily@shop.example"), told("switched@shop.example")), (1, 1), "once it is let go it is in the next digest");
    let (all,): (i64,) = house.rows("select count(distinct subscription_id) from deliveries", args![]).await[0];
    assert_eq!(all, 1003);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_scheduled_a_release_began_its_mailing() {
    let house = House::sqlite().await;
    subscribed(&house, "reader@shop.example", &[]).await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.approved().await;
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-23T12:00"), ("zone", "Africa/Maseru")]).await.must(303);
    house.later(180);
    house.run_jobs().await;
    let by: Vec<(String,)> = house.rows("select started_by from mailings", args![]).await;
    assert_eq!(by, [(format!("person:{}", piece.lead.person()),)]);
}

/// Has every mailing go once more, as if somebody had stopped it and let it go.
async fn again(house: &House) {
    let app = &house.app;
    let all: Vec<(Id,)> = house.rows("select id from mailings", args![]).await;
    app.db
        .change("test", async |tx| {
            tx.execute("update mailings set state = 'going', after_id = null", vec![]).await?;
            for (id,) in &all {
                tx.enqueue("mail_out", serde_json::json!({ "mailing": id })).await?;
                tx.record(Record::new("test.again", "mailing", *id));
            }
            Ok::<_, store::Error>(())
        })
        .await
        .unwrap();
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_told_twice_when_a_reader_asks_to_be_told_otherwise() {
    for house in House::both().await {
        let (first, second) = ("first@shop.example", "second@shop.example");
        let digest = subscribed(&house, first, &[("due", "daily")]).await;
        let other = subscribed(&house, second, &[("due", "daily")]).await;
        house.later(1);
        begin(&house, "alert", "Routers with open port 7547").await.out().await;
        house.run_jobs().await;
        let told = |address: &str| house.sink.to(address).len() - 1;
        assert_eq!((told(first), told(second)), (0, 0), "on {}", house.on);
        // What the next digest would have told comes now.
        house.visitor().post(&digest, &[("due", "at_once"), ("language", "en")]).await.must(303);
        house.run_jobs().await;
        assert_eq!((told(first), told(second)), (1, 0), "on {}", house.on);
        assert!(said(&house.sink.to(first)[1]).contains("Routers with open port 7547"), "on {}", house.on);
        atalaya::publications::readers::digest_begin(&house.app).await.unwrap();
        house.set_clock("2026-11-24T11:30:00+02:00");
        house.run_jobs().await;
        house.visitor().post(&other, &[("due", "at_once"), ("language", "en")]).await.must(303);
        again(&house).await;
        assert_eq!((told(first), told(second)), (1, 1), "on {}: each once, by whichever mail", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_told_of_something_is_told_how_it_ends() {
    for house in House::both().await {
        subscribed(&house, "high@shop.example", &[("severity", "high")]).await;
        subscribed(&house, "open@shop.example", &[("state", "open"), ("q", "routers")]).await;
        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        piece.out().await;
        house.run_jobs().await;
        let told = |address: &str| house.sink.to(address).len() - 1;
        assert_eq!(told("high@shop.example"), 1, "on {}", house.on);
        crate::letters::revised(&house, &piece, &[("label", "CLEAR"), ("severity", "low"), ("note", "It is less bad")]).await;
        assert_eq!(told("high@shop.example"), 2, "on {}", house.on);
        subscribed(&house, "late@shop.example", &[("severity", "high")]).await;
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
        house.run_jobs().await;
        assert_eq!((told("high@shop.example"), told("open@shop.example"), told("late@shop.example")), (3, 3, 0), "on {}", house.on);
    }
}

/// One more alert, out, with its mails on their way.
async fn alert(house: &House, title: &str) {
    begin(house, "alert", title).await.out().await;
    house.run_jobs().await;
    house.later(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_nothing_arrives_gets_no_more_until_its_holder_says_so_and_our_own_trouble_is_not_its_fault() {
    for house in House::both().await {
        let (gone, ours) = ("gone@shop.example", "ours@shop.example");
        let at = subscribed(&house, gone, &[]).await;
        subscribed(&house, ours, &[]).await;
        house.later(1);
        house.sink.answer(gone, "550 5.1.1 no such user");
        house.sink.answer(ours, "554 5.7.0 we do not know you");
        for title in ["One", "Two", "Three", "Four"] {
            alert(&house, title).await;
        }
        let states: Vec<(String, String)> = house.rows("select spelled, state from subscriptions order by spelled", args![]).await;
        assert_eq!(states, [(gone.to_owned(), "suspended".to_owned()), (ours.to_owned(), "active".to_owned())], "on {}", house.on);
        // Its holder is back.
        house.sink.answer(gone, "");
        house.visitor().post(&format!("{at}/confirmation"), &[]).await.must(303);
        house.later(1);
        for title in ["Five", "Six"] {
            alert(&house, title).await;
        }
        assert_eq!(house.sink.to(gone).len(), 3, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_came_back_is_one_mail_however_much_it_told_of() {
    let house = House::sqlite().await;
    let gone = "gone@shop.example";
    subscribed(&house, gone, &[("due", "daily")]).await;
    house.later(1);
    house.sink.answer(gone, "550 5.1.1 no such user");
    atalaya::publications::readers::digest_begin(&house.app).await.unwrap();
    for (day, state) in [(24, "active"), (25, "active"), (26, "active"), (27, "suspended")] {
        for title in ["One", "Two", "Three"] {
            begin(&house, "alert", &format!("{title} of day {day}")).await.out().await;
        }
        house.set_clock(&format!("2026-11-{day}T23:30:00+02:00"));
        house.run_jobs().await;
        let states: Vec<(String,)> = house.rows("select state from subscriptions", args![]).await;
        assert_eq!(states, [(state.to_owned(),)], "day {day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_one_mail_of_a_version_however_often_it_asked() {
    let house = House::sqlite().await;
    subscribed(&house, "twice@shop.example", &[]).await;
    subscribed(&house, "Twice@shop.example", &[("kind", "alert")]).await;
    subscribed(&house, "twice@shop.example", &[("kind", "alert"), ("due", "daily")]).await;
    house.later(1);
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    atalaya::publications::readers::digest_begin(&house.app).await.unwrap();
    house.run_jobs().await;
    house.set_clock("2026-11-24T11:30:00+02:00");
    house.run_jobs().await;
    let told = house.sink.mails().iter().filter(|mail| mail.letter().text.contains("7547")).count();
    assert_eq!(told, 1);
    // Who asked us for anything keeps that; who ended it is not taken over again, however the list spells it.
    let ended = subscribed(&house, "ended@shop.example", &[]).await;
    // Said twice, by the page and by a mail program: it is ended as it was.
    for _ in 0..2 {
        house.visitor().post(&format!("{ended}/end"), &[]).await.must(303);
    }
    let list = ["twice@shop.example", "new@shop.example", "NEW@shop.example", "Ended@shop.example"].map(str::to_owned);
    let done = atalaya::publications::readers::enlist(&house.app, list, "en").await.unwrap();
    assert_eq!((done.new, done.skipped), (1, 3));
    let kept: Vec<(String, String)> = house.rows("select address, spelled from subscriptions where state = 'ended'", args![]).await;
    assert_eq!(kept, [(String::new(), String::new())]);
    // Its holder may ask again.
    subscribed(&house, "ended@shop.example", &[]).await;
    assert!(atalaya::publications::readers::enlist(&house.app, ["x@shop.example".to_owned()], "tlh").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_program_ends_it_by_either_form_and_a_forged_key_ends_nothing() {
    let house = House::sqlite().await;
    let at = subscribed(&house, "reader@shop.example", &[]).await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let head = [("content-type", "multipart/form-data; boundary=b")];
    let forged = format!("{}x/end", &at[..at.len() - 1]);
    house.visitor().send("POST", &forged, &head, body.as_bytes()).await.must(404);
    for _ in 0..2 {
        let answer = house.visitor().send("POST", &format!("{at}/end"), &head, body.as_bytes()).await.must(200);
        assert_eq!(answer.text(), "ok\n");
    }
    let kept: Vec<(String, String, String)> = house.rows("select state, address, spelled from subscriptions", args![]).await;
    assert_eq!(kept, [("ended".to_owned(), String::new(), String::new())], "no address is kept of who ended it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_confirms_is_erased_after_a_week_with_the_mail_that_asked() {
    for house in House::both().await {
        ask(&house, "never@shop.example", &[]).await;
        subscribed(&house, "reader@shop.example", &[]).await;
        for (at, left) in [("2026-11-30T09:59:00+02:00", 2), ("2026-11-30T10:30:00+02:00", 1)] {
            house.set_clock(at);
            atalaya::publications::readers::forget(&house.app).await.unwrap();
            let all: Vec<(String,)> = house.rows("select spelled from subscriptions order by spelled", args![]).await;
            assert_eq!(all.len(), left, "on {} at {at}", house.on);
        }
        let raws: Vec<(i64,)> = house.rows("select count(*) from blobs", args![]).await;
        atalaya::publications::readers::forget(&house.app).await.unwrap();
        assert_eq!(house.rows::<(i64,)>("select count(*) from blobs", args![]).await, raws, "on {}: nothing more to erase", house.on);
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "subscription.forgotten").count(), 1, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_sees_how_many_read_it_leads_see_who_and_a_working_copy_says_to_how_many_it_goes() {
    for house in House::both().await {
        subscribed(&house, "one@shop.example", &[("kind", "alert"), ("severity", "high")]).await;
        subscribed(&house, "two@shop.example", &[("due", "weekly"), ("language", "es")]).await;
        ask(&house, "three@shop.example", &[]).await;
        let piece = begin(&house, "alert", "Routers with open port 7547").await;
        piece.approved().await;
        let copy = piece.lead.get(&piece.at).await.must(200);
        assert!(copy.shows("Its mail goes to 1 reader at once, and to 1 in a digest."), "on {}: {}", house.on, copy.words());
        let lead = piece.lead.get("/publishing/readers").await.must(200);
        for words in ["one@shop.example", "two@shop.example", "Español", "all kinds 1 1 0 0", "alerts 1 0 0 0", "a least severity 1 0 0 0"] {
            assert!(lead.shows(words), "on {}: {words} in {}", house.on, lead.words());
        }
        assert!(!lead.shows("three@shop.example"), "on {}", house.on);
        assert!(piece.lead.get("/publishing/readers?of=pending").await.must(200).shows("three@shop.example"), "on {}", house.on);
        let analyst = piece.writer.get("/publishing/readers").await.must(200);
        assert!(analyst.shows("alerts 1") && !analyst.shows("one@shop.example"), "on {}: {}", house.on, analyst.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_mails_that_waited_for_a_smarthost_are_woken_however_many() {
    let house = House::with(|profile| profile.mail.as_mut().unwrap().smarthost = None).await;
    atalaya::publications::readers::enlist(&house.app, (0..620).map(|place| format!("r{place}@shop.example")), "en").await.unwrap();
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    house.run_jobs().await;
    let (host, port) = ("127.0.0.1".to_owned(), house.sink.port);
    let smarthost = atalaya::profile::Smarthost { host, port, tls: atalaya::profile::Tls::None, login: None };
    let app = house.again_with(|profile| profile.mail.as_mut().unwrap().smarthost = Some(smarthost)).await;
    atalaya::outbox::wake(&app).await.unwrap();
    let woken: Vec<(i64,)> = house.rows("select count(*) from jobs where kind = 'send_alert'", args![]).await;
    assert_eq!(woken, [(620,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_told_the_same_whoever_has_asked_before_and_not_more_often_than_is_good() {
    let house = House::sqlite().await;
    let first = {
        ask(&house, "reader@shop.example", &[]).await;
        house.visitor().get("/subscribe/asked").await.must(200).words()
    };
    ask(&house, "reader@shop.example", &[]).await;
    assert_eq!(house.visitor().get("/subscribe/asked").await.must(200).words(), first);
    ask(&house, "Reader@shop.example", &[]).await;
    house.visitor().post("/subscribe", &[("address", "reader@shop.example"), ("language", "en")]).await.must(429);
    for bad in ["", "x", "a@b\r\nBcc: c@d.example", "two@a.example, three@b.example"] {
        house.visitor().post("/subscribe", &[("address", bad), ("language", "en")]).await.must(422);
    }
    let (known,): (i64,) = house.rows("select count(*) from subscriptions", vec![]).await[0];
    assert_eq!(known, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_feeds_and_subscriptions_ask_for_products_and_languages_alike() {
    let house = House::sqlite().await;
    let piece = crate::advisories::technical(&house, "CLEAR").await;
    piece.words("es", "La pasarela ejecuta órdenes", "Un archivo hace que ejecute una orden.").await.must(303);
    let filter = [("product", "example-gateway")];
    let mine = subscribed(&house, "mine@shop.example", &filter).await;
    subscribed(&house, "other@shop.example", &[("product", "Other Switch")]).await;
    subscribed(&house, "es@shop.example", &[("language", "es"), ("only", "yes")]).await;
    let fields = [("address", "fr@shop.example"), ("language", "es"), ("in", "fr"), ("due", "at_once")];
    house.visitor().post("/subscribe", &fields).await.must(303);
    house.run_jobs().await;
    house.visitor().post(&format!("{}/confirmation", link(&house.sink.to("fr@shop.example")[0])), &[]).await.must(303);
    piece.out().await;
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    house.run_jobs().await;
    let count = |address: &str| house.sink.to(address).len() - 1;
    assert_eq!((count("mine@shop.example"), count("other@shop.example"), count("es@shop.example"), count("fr@shop.example")), (1, 0, 1, 0));
    let spanish = house.sink.to("es@shop.example").pop().unwrap();
    assert!(spanish.letter().text.contains("La pasarela ejecuta órdenes"), "{}", spanish.letter().text);
    let page = house.visitor().get(&mine).await.must(200);
    assert!(page.shows("Product: example-gateway"), "{}", page.words());
    for (query, found) in
        [("product=example+gateway", true), ("product=VENDOR", true), ("product=switch", false), ("in=es", true), ("in=fr", false), ("in=en", true)]
    {
        for (path, title) in [
            ("/advisories", "Example Gateway"),
            ("/latest", "Example Gateway"),
            ("/feeds/advisories.json", "Example Gateway"),
            ("/feeds/latest.csv", "MLT-AD-2026-0001"),
        ] {
            let list = house.visitor().get(&format!("{path}?{query}")).await.must(200);
            assert_eq!(list.text().contains(title), found, "{path}?{query}: {}", list.words());
        }
    }
    let list = house.visitor().get("/latest?product=gateway&in=es").await.must(200);
    assert!(list.links("/subscribe?").iter().any(|link| link.contains("product=gateway") && link.contains("in=es")), "{:?}", list.links("/subscribe"));
    let asks = house.visitor().get("/subscribe?product=gateway&in=es").await.must(200);
    assert!(asks.text().contains("value=\"gateway\"") && asks.text().contains("name=\"only\" value=\"yes\" checked"), "{}", asks.text());
    // The language of the mails can be changed, and nothing else with it.
    house.visitor().post(&mine, &[("due", "at_once"), ("language", "es")]).await.must(303);
    let kept: Vec<(String, String)> = house.rows("select language, filter from subscriptions where spelled = 'mine@shop.example'", args![]).await;
    assert_eq!(kept, [("es".to_owned(), "product=example-gateway".to_owned())]);
    house.visitor().post(&mine, &[("due", "at_once"), ("language", "xx")]).await.must(303);
    assert_eq!(house.rows::<(String,)>("select language from subscriptions where spelled = 'mine@shop.example'", args![]).await[0].0, "es");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_heard_again_and_wants_mails_at_once_has_what_gathered_meanwhile() {
    let house = House::sqlite().await;
    let at = subscribed(&house, "back@shop.example", &[("due", "daily")]).await;
    house.visitor().post(&at, &[("due", "daily"), ("language", "en"), ("paused", "2026-12-31")]).await.must(303);
    house.later(1);
    begin(&house, "alert", "Routers with open port 7547").await.out().await;
    house.run_jobs().await;
    house.visitor().post(&at, &[("due", "at_once"), ("language", "en"), ("paused", "")]).await.must(303);
    house.run_jobs().await;
    let mails = house.sink.to("back@shop.example");
    assert!(mails.len() == 2 && said(&mails[1]).contains("Routers with open port 7547"), "{}", mails.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_again_has_a_week_from_then_to_confirm_it() {
    let house = House::sqlite().await;
    ask(&house, "late@shop.example", &[]).await;
    house.set_clock("2026-11-29T10:00:00+02:00");
    ask(&house, "late@shop.example", &[]).await;
    house.set_clock("2026-12-01T10:00:00+02:00");
    atalaya::publications::readers::forget(&house.app).await.unwrap();
    let at = link(&house.sink.to("late@shop.example").pop().unwrap());
    house.visitor().post(&format!("{at}/confirmation"), &[]).await.must(303);
}

/// What Python's own reader of mails finds in one: its headers, and of `multipart/signed` the bytes that are signed and their signature.
fn as_python_reads_it(mail: &Mail) -> serde_json::Value {
    const PROGRAM: &str = r#"
import sys, json, email, email.policy
raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.default.clone(linesep="\r\n"))
text, signature = mail.get_payload()
boundary = ("--" + mail.get_boundary()).encode()
signed = raw.split(boundary)[1][2:-2]
print(json.dumps({
    "type": mail.get_content_type(), "protocol": mail["Content-Type"].params["protocol"], "defects": [str(one) for one in mail.defects],
    "headers": {name.lower(): str(value) for name, value in mail.items()}, "text": text.get_content(), "charset": text.get_content_charset(),
    "signed": signed.decode(), "signature": signature.get_content() if signature.get_content_maintype() == "text" else signature.get_payload(),
}))
"#;
    let mut child = std::process::Command::new("/usr/bin/python3")
        .args(["-c", PROGRAM])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("python3");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &mail.raw).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", mail.text());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn others_read_the_mail_to_a_reader_and_gpg_its_signature() {
    for house in House::both().await {
        let key = crate::openpgp::mail_key(&house).await;
        let at = subscribed(&house, "reader@shop.example", &[]).await;
        let piece = begin(&house, "alert", "Cámaras: ñandú and 7547").await;
        piece.out().await;
        house.run_jobs().await;
        let mail = house.sink.to("reader@shop.example").pop().unwrap();
        let read = as_python_reads_it(&mail);
        assert_eq!((&read["type"], &read["protocol"]), (&"multipart/signed".into(), &"application/pgp-signature".into()), "on {}", house.on);
        assert_eq!(read["defects"], serde_json::json!([]), "on {}", house.on);
        let site = house.app.profile.web.public_url.clone();
        let headers = &read["headers"];
        for (name, value) in [
            ("list-id", "<publications.csirt.maluti.example>".to_owned()),
            ("list-unsubscribe", format!("<{site}{at}/end>")),
            ("list-unsubscribe-post", "List-Unsubscribe=One-Click".to_owned()),
            ("list-help", format!("<{site}{at}>")),
            ("list-subscribe", format!("<{site}/subscribe?lang=en>")),
            ("list-archive", format!("<{site}/latest>")),
            ("list-owner", "<mailto:report@csirt.maluti.example>".to_owned()),
            ("list-post", "NO".to_owned()),
            ("precedence", "list".to_owned()),
            ("auto-submitted", "auto-generated".to_owned()),
            ("x-advisory-id", "MLT-AL-2026-0001".to_owned()),
            ("to", "reader@shop.example".to_owned()),
        ] {
            assert_eq!(headers[name], value, "on {}: {name}", house.on);
        }
        assert!(headers["subject"].as_str().unwrap().contains("Cámaras: ñandú and 7547"), "on {}: {headers}", house.on);
        assert!(read["text"].as_str().unwrap().contains("Cámaras: ñandú and 7547") && read["charset"] == "utf-8", "on {}: {read}", house.on);
        let gpg = Gpg::empty();
        gpg.must(&["--import"], key.certificate().armored().unwrap().as_bytes());
        let signature = gpg.home().join("signature.asc");
        std::fs::write(&signature, read["signature"].as_str().unwrap()).unwrap();
        let signed = read["signed"].as_str().unwrap();
        let (good, _, said) = gpg.run(&["--verify", &signature.display().to_string(), "-"], signed.as_bytes());
        assert!(good && said.contains("GOODSIG"), "on {}: {said}", house.on);
        let (good, ..) = gpg.run(&["--verify", &signature.display().to_string(), "-"], signed.replace("7547", "7548").as_bytes());
        assert!(!good, "on {}: what was changed on its way", house.on);
    }
}
