//! Those who asked to be told: asked once more, told once, and no more when they say so.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use store::args;

use crate::house::{Browser, House, Mail};
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
async fn many_mails_wait_for_a_second_person_and_can_be_stopped() {
    let house = House::sqlite().await;
    let app = &house.app;
    atalaya::publications::readers::enlist(app, (0..1001).map(|place| format!("r{place}@shop.example")), "en").await.unwrap();
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    house.run_jobs().await;
    let page = piece.lead.get(&piece.at).await.must(200);
    assert!(page.shows("waits for a second person"), "{}", page.words());
    let mailing = page.input("mailing");
    assert!(press(&piece.lead, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(409).shows("somebody else"));
    let other: Browser = house.login_as(Role::Lead).await;
    press(&other, &piece.at, "mailing", &[("mailing", &mailing)]).await.must(303);
    house.run_jobs().await;
    let (told,): (i64,) = house.rows("select count(distinct subscription_id) from deliveries", args![]).await[0];
    assert_eq!(told, 1001);
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
