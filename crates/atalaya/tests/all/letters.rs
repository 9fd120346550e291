//! What the mails, feeds and calendars say: the whole text, in which language it really is, and of what no longer holds no advice.

#![allow(unused_must_use, reason = "must() itself is the check")]

use crate::advisories::technical;
use crate::house::{House, Mail};
use crate::publications::{Piece, begin, press};
use crate::readers::subscribed;

fn newest(house: &House, address: &str) -> Mail {
    house.sink.to(address).pop().expect("a mail")
}

/// A new version of a piece, out.
pub async fn revised(house: &House, piece: &Piece, facts: &[(&str, &str)]) {
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    piece.facts(facts).await.must(303);
    piece.out().await;
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_what_no_longer_holds_says_so_first_and_gives_no_advice() {
    for house in House::both().await {
        subscribed(&house, "at-once@shop.example", &[]).await;
        subscribed(&house, "daily@shop.example", &[("due", "daily")]).await;
        house.later(1);
        let (gone, old) = (begin(&house, "alert", "Routers with open port 7547").await, begin(&house, "alert", "Printers print by themselves").await);
        gone.out().await;
        old.out().await;
        house.run_jobs().await;
        let new = begin(&house, "alert", "Printers print at night").await;
        let path = new.out().await;
        house.run_jobs().await;
        press(&gone.lead, &gone.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
        house.run_jobs().await;
        let mail = newest(&house, "at-once@shop.example").letter();
        assert!(mail.subject.contains("WITHDRAWN: Routers"), "on {}: {}", house.on, mail.subject);
        let first: Vec<&str> = mail.text.lines().filter(|line| !line.is_empty()).take(4).collect();
        assert_eq!(first[..4], ["TLP:CLEAR", "WITHDRAWN", "Withdrawn: this no longer holds.", "It was another product"], "on {}", house.on);
        assert!(!mail.text.contains("Block the port") && !mail.text.contains("Somebody sends commands"), "on {}: {}", house.on, mail.text);
        let name = path.rsplit('/').next().unwrap();
        press(&old.lead, &old.at, "supersession", &[("by", name), ("why", "It is known better now")]).await.must(303);
        house.run_jobs().await;
        let mail = newest(&house, "at-once@shop.example").letter();
        assert!(mail.subject.contains("SUPERSEDED") && mail.text.contains("It is known better now"), "on {}: {}", house.on, mail.text);
        assert!(mail.text.contains(&format!("{path}?lang=en")) && !mail.text.contains("Block the port"), "on {}: {}", house.on, mail.text);
        // A digest, and feeds, say the same.
        atalaya::publications::readers::digest_begin(&house.app).await.unwrap();
        house.set_clock("2026-11-24T11:30:00+02:00");
        house.run_jobs().await;
        let digest = newest(&house, "daily@shop.example").letter().text;
        assert!(digest.contains("[WITHDRAWN] Routers") && digest.contains("It was another product"), "on {}: {digest}", house.on);
        for feed in ["latest.atom", "latest.json"] {
            let text = house.visitor().get(&format!("/feeds/{feed}?q=open")).await.must(200).text();
            assert!(text.contains("It was another product") && !text.contains("Block the port"), "on {}: {feed}: {text}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_of_an_advisory_has_its_products_vulnerabilities_and_what_helps_as_its_feed_has() {
    let house = House::sqlite().await;
    subscribed(&house, "at-once@shop.example", &[]).await;
    let piece = technical(&house, "CLEAR").await;
    let facts = [
        ("label", "CLEAR"),
        ("severity", "high"),
        ("keys", "CVE-2026-30011"),
        ("exploited", "yes"),
        ("exploited_source", "Example CERT"),
        ("references", "Vendor https://vendor.example/7"),
        ("credits", "Naledi of Example Labs"),
    ];
    piece.facts(&facts).await.must(303);
    piece.out().await;
    house.run_jobs().await;
    let text = newest(&house, "at-once@shop.example").letter().text;
    for part in [
        "Being exploited: Yes (Example CERT",
        "Example Vendor Example Gateway 7.2.4: fixed",
        ": affected",
        "CVE-2026-30011 Commands in attachments",
        "A crafted archive makes the gateway run a command.",
        "CVSS 3.1: 9.8 Critical",
        "CWE: CWE-78",
        "Fix: Install 7.2.4. <https://vendor.example/7.2.4>",
        "Until then: Let archives wait for a person.",
        "Vendor <https://vendor.example/7>",
        "Naledi of Example Labs",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let longest = text.lines().filter(|line| !line.contains("://")).map(|line| line.chars().count()).max();
    assert!(longest <= Some(78), "{longest:?} in {text}");
    let feed = house.visitor().get("/feeds/advisories.json").await.must(200).text();
    for part in ["Example Gateway 7.2.4: fixed", "9.8 Critical", "https://vendor.example/7.2.4", "Naledi of Example Labs"] {
        assert!(feed.contains(part), "{part} in {feed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_says_in_which_language_it_is_and_whether_the_translation_is_old() {
    let house = House::sqlite().await;
    subscribed(&house, "es@shop.example", &[("language", "es")]).await;
    let piece = begin(&house, "alert", "Routers with open port 7547").await;
    piece.out().await;
    house.run_jobs().await;
    let mail = newest(&house, "es@shop.example");
    assert_eq!(mail.header("Content-Language").as_deref(), Some("en"));
    assert!(mail.letter().text.contains("English"), "{}", mail.letter().text);
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    piece.words("es", "Routers con el puerto 7547", "Alguien manda órdenes.").await.must(303);
    piece.words("en", "Routers with open port 7547", "It goes on.").await.must(303);
    piece.facts(&[("label", "CLEAR"), ("severity", "high"), ("note", "More is known")]).await.must(303);
    piece.out().await;
    house.run_jobs().await;
    let mail = newest(&house, "es@shop.example");
    assert_eq!(mail.header("Content-Language").as_deref(), Some("es"));
    let text = mail.letter().text;
    assert!(text.contains("Routers con el puerto") && text.contains("?lang=en"), "the original is newer, and linked: {text}");
}
