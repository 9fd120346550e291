//! The public site in Chromium, without scripts and in every language; the room where it is written.

use std::path::Path;

use atalaya::publications;
use press::Kind;

use crate::advisories::{mail_key, technical};
use crate::browser::Walk;
use crate::house::{Browser, House};
use crate::publications::{begin, press};

const LANGUAGES: [&str; 6] = ["en", "es", "pt", "fr", "de", "st"];

/// A house with what ships, and an alert, an advisory and a training of its own.
async fn filled() -> House {
    let house = House::with(|profile| profile.languages = LANGUAGES.map(str::to_owned).to_vec()).await;
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles/content");
    let taken = publications::fill(&house.app, &content, true).await.unwrap();
    assert!(taken.taken > 40 && taken.there == 0, "{taken:?}");
    let again = publications::fill(&house.app, &content, true).await.unwrap();
    assert_eq!((again.taken, again.there), (0, taken.taken), "what is there stays as it is");
    begin(&house, "alert", "Routers with open port 7547 are being taken over").await.out().await;
    technical(&house, "CLEAR").await.out().await;
    let training = begin(&house, "calendar", "Incident handling for small providers").await;
    let facts = [("starts", "2026-12-03T09:00"), ("ends", "2026-12-03T16:30"), ("zone", "Africa/Maseru"), ("registers", "yes"), ("places", "12")];
    training.facts(&[&[("label", "CLEAR")][..], &facts[..]].concat()).await.must(303);
    training.out().await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_the_taxonomy_leads_to_guidance() {
    let house = filled().await;
    let catalogue = publications::catalogue(&house.app).await.unwrap();
    for known in formats::rsit::TYPES.iter().filter(|known| known.class != "test") {
        assert!(catalogue.guidance(known.class, known.name).is_some(), "{}/{}", known.class, known.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_site_is_accessible_in_every_language_without_scripts_and_cookies() {
    let house = filled().await;
    mail_key(&house).await;
    let registration = crate::registrations::registered(&house, "ann").await;
    let ended = begin(&house, "alert", "Cameras look at nothing").await;
    ended.out().await;
    press(&ended.lead, &ended.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
    let catalogue = publications::catalogue(&house.app).await.unwrap();
    let one_of = |kind| catalogue.of(kind).next().expect("a page").path();
    let (question, term, service) = (one_of(Kind::Question), one_of(Kind::Term), one_of(Kind::Service));
    let mut walk = Walk::begin(&house).await;
    walk.browser.scripts(false).await;
    let pages = [
        ("home", "/"),
        ("alerts", "/alerts?severity=high"),
        ("alert", "/alerts/MLT-AL-2026-0001"),
        ("withdrawn", "/alerts/MLT-AL-2026-0002"),
        ("advisory", "/advisories/MLT-AD-2026-0001"),
        ("guidance", "/guidance/phishing"),
        ("subscribe", "/subscribe"),
        ("calendar", "/calendar"),
        ("training", "/calendar/MLT-EV-2026-0001"),
        ("registered", "/registration/asked"),
        ("registration", registration.as_str()),
        ("latest", "/latest"),
        ("faq", "/faq"),
        ("question", &question),
        ("glossary", "/glossary"),
        ("term", &term),
        ("services", "/services"),
        ("service", &service),
        ("about", "/about"),
        ("openpgp", "/openpgp"),
        ("nothing", "/alerts?q=nothingofthekind"),
    ];
    for language in LANGUAGES {
        for (name, path) in pages {
            let lang = if path.contains('?') { format!("&lang={language}") } else { format!("?lang={language}") };
            walk.go(&format!("{path}{lang}")).await;
            walk.look_without_scripts(&format!("site-{name}-{language}")).await;
        }
    }
    assert!(walk.browser.cookies().await.is_empty(), "{:?}", walk.browser.cookies().await);
    walk.end();
}

/// What a first visit to a page loads: the page and all of ours that it names, as they are sent to a browser.
async fn weight(browser: &Browser, path: &str) -> (usize, Vec<String>) {
    browser.set_header("accept-encoding", "");
    let page = browser.get(path).await.must(200).text();
    browser.set_header("accept-encoding", "gzip");
    let mut bytes = browser.get(path).await.must(200).body.len();
    let mut parts: Vec<String> = Vec::new();
    for mark in ["<link rel=\"stylesheet\" href=\"", " src=\"", "<link rel=\"icon\" href=\"", "<use href=\""] {
        let named = page.split(mark).skip(1).filter_map(|rest| rest.split(['"', '#']).next());
        parts.extend(named.filter(|part| part.starts_with('/')).map(str::to_owned));
    }
    parts.sort();
    parts.dedup();
    for part in &parts {
        bytes += browser.get(part).await.must(200).body.len();
    }
    (bytes, parts)
}

#[tokio::test(flavor = "multi_thread")]
async fn home_lists_and_items_come_in_sixty_kilobytes() {
    let house = filled().await;
    for place in 0..25 {
        begin(&house, "alert", &format!("Routers with open port {place}: block the port, then look who was there")).await.out().await;
    }
    let browser = house.visitor();
    for path in ["/", "/latest", "/alerts", "/guidance", "/faq", "/glossary", "/alerts/MLT-AL-2026-0001", "/advisories/MLT-AD-2026-0001", "/guidance/phishing"]
    {
        let (bytes, parts) = weight(&browser, path).await;
        println!("{path}: {bytes} bytes with {}", parts.join(", "));
        assert!(parts.iter().any(|part| part.contains(".css")), "{path} has its looks: {parts:?}");
        assert!(bytes <= 60_000, "{path} weighs {bytes} bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_where_it_is_written_is_accessible() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    let alert = begin(&house, "alert", "Routers with open port 7547").await;
    alert.out().await;
    press(&alert.lead, &alert.at, "revision", &[]).await.must(303);
    alert.words("en", "Routers with open port 7548", "Other words, and more of them.").await.must(303);
    technical(&house, "CLEAR").await.out().await;
    let (product,) = house.rows::<(store::Id,)>("select id from products limit 1", vec![]).await[0];
    let training = crate::registrations::training(&house, &[]).await;
    crate::registrations::registered(&house, "ann").await;
    let mut walk = Walk::begin(&house).await;
    walk.become_person(&piece.lead.cookie("session").expect("a session")).await;
    let pages = [
        ("list", "/publishing?of=all".to_owned()),
        ("new", "/publishing/new".to_owned()),
        ("one", piece.at.clone()),
        ("revised", alert.at.clone()),
        ("words", format!("{}/words/es", alert.at)),
        ("facts", format!("{}/facts", alert.at)),
        ("version", format!("{}/versions/1", alert.at)),
        ("products", format!("{}/products", piece.at)),
        ("catalogue", format!("/publishing/products?product={product}")),
        ("vulnerability", format!("{}/vulnerabilities/0", piece.at)),
        ("cvss", "/publishing/cvss?version=4.0".to_owned()),
        ("preview", format!("{}/preview", alert.at)),
        ("channels", format!("{}/channels", piece.at)),
        ("takeover", "/publishing/takeover".to_owned()),
        ("registrations", format!("{}/registrations", training.at)),
        ("constituents", format!("{}/constituents", piece.at)),
    ];
    for (name, path) in pages {
        walk.go(&path).await;
        walk.look(&format!("publishing-{name}"), false).await;
    }
    walk.end();
}
