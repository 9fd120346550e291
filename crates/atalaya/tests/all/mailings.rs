//! The program is killed again and again while one alert is on its way to everybody who asked for it: nobody is missed, and
//! nobody has it twice.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use atalaya::access::{Role, Who};
use atalaya::people::{self, NewPerson};
use atalaya::publications::{self, readers};
use atalaya::{App, jobs};
use store::{Clock, Id};

use crate::house::{Browser, Sink, new_database};
use crate::kill::{Program, open, profile, program};

/// Addresses that no other test listens on.
const ALONE: [&str; 2] = ["127.0.9.11:0", "127.0.9.12:0"];

/// `ATALAYA_READERS`: how many readers (10,000 for the whole).
fn readers_asked() -> usize {
    std::env::var("ATALAYA_READERS").ok().and_then(|count| count.parse().ok()).unwrap_or(600)
}

/// A lead's session.
async fn lead(app: &App, login: &str) -> String {
    let new = NewPerson { login: login.into(), name: login.into(), mail: None, role: Role::Lead, organisation: None, language: "en".into() };
    let id = people::add(app, &Who::Operator, new).await.expect("a person");
    people::begin_session(app, id, "full", "test").await.expect("a session")
}

/// The first content of a team, with one guide in it.
fn content(folder: &Path) {
    let place = folder.join("content/guidance");
    std::fs::create_dir_all(&place).unwrap();
    let head = "title = \"The first hour\"\nsummary = \"What to do first.\"\nkeys = [\"rsit:fraud/phishing\"]\nreview = \"2127-05-31\"";
    std::fs::write(place.join("first-hour.en.md"), format!("+++\n{head}\n+++\nKeep calm.\n")).unwrap();
}

fn browser(address: SocketAddr, session: &str) -> Browser {
    let browser = Browser::new(address);
    browser.set_cookie("session", session);
    browser
}

/// A second person lets the mailing go, once it asks for one.
async fn let_it_go(lead: &Browser, at: &str) -> bool {
    for _ in 0..200 {
        let page = lead.get(at).await.must(200);
        if page.shows("waits for a second person") {
            lead.post(&format!("{at}/mailing"), &[("mailing", &page.input("mailing"))]).await.must(303);
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

/// Which `Message-ID`s each address was given.
fn given(sink: &Sink) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in sink.mails() {
        let id = mail.header("Message-ID").expect("an id");
        all.entry(mail.to.first().expect("a recipient").clone()).or_default().push(id);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_a_mailing_misses_nobody_and_tells_nobody_twice() {
    killed_while_it_tells(None, ALONE[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_beside_its_database_server_a_mailing_misses_nobody_either() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_none() {
        let database = tokio::task::spawn_blocking(new_database).await.unwrap();
        killed_while_it_tells(Some(database), ALONE[1]).await;
    }
}

#[expect(clippy::print_stdout, reason = "whoever runs it with more readers wants the counts")]
async fn killed_while_it_tells(database: Option<String>, alone: &str) {
    let mut dice = fastrand::Rng::with_seed(20_261_130);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let here = folder.path();
    let sink = Sink::start().await;
    let server = database.map(|url| format!("\n[database]\nurl = \"{url}\"\n")).unwrap_or_default();
    std::fs::write(here.join("atalaya.toml"), profile(&sink) + server.as_str()).unwrap();
    content(here);
    let count = readers_asked();
    let app = open(here, Clock::System).await;
    let (now, session) = (app.now(), lead(&app, "second").await);
    let addresses = (0..count).map(|n| format!("reader{n}@shop.example"));
    assert_eq!(readers::enlist(&app, addresses, "en").await.expect("readers are taken over").new, count);
    publications::fill(&app, &here.join("content"), true).await.expect("it is published");
    let piece: Vec<(Id,)> = app.db.read().await.unwrap().rows("select id from publications", vec![]).await.unwrap();
    app.db.close().await;
    drop(app);

    let began = Instant::now();
    let (mut killed, mut let_go) = (0, count <= 1000);
    loop {
        let program = Program::at(program(here, "serve"), here, None, alone).await.expect("it starts");
        if !let_go {
            let_go = let_it_go(&browser(program.place.0, &session), &format!("/publishing/{}", piece[0].0)).await;
        }
        let enough = given(&sink).len() + (count / 8).max(1);
        let patience = Instant::now();
        while given(&sink).len() < enough.min(count) && patience.elapsed() < Duration::from_secs(2) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_micros(dice.u64(0..40_000))).await;
        program.kill().await;
        killed += 1;
        if killed == 6 {
            break;
        }
    }
    // What a killed worker held stays taken until its lease is over: tomorrow it is.
    let clock = Clock::manual(now + jiff::SignedDuration::from_hours(24));
    let app = open(here, clock.clone()).await;
    jobs::drain(&app).await.expect("the jobs run");
    // All are at one provider, which gets so many in a minute; the others wait for the next.
    while given(&sink).len() < count && clock.now() < now + jiff::SignedDuration::from_hours(25) {
        clock.set(clock.now() + jiff::SignedDuration::from_mins(1));
        jobs::drain(&app).await.expect("the jobs run");
    }
    let given = given(&sink);
    assert_eq!(given.len(), count, "somebody was missed");
    let mut again = 0;
    for (address, ids) in &given {
        assert!(ids.iter().all(|id| id == &ids[0]), "{address} was told by more than one mail: {ids:?}");
        again += ids.len() - 1;
    }
    // SMTP cannot say whether a mail was taken whose answer was lost with the program: the same mail again, by four workers.
    assert!(again <= killed * 4, "{again} were handed over again");
    let mut reader = app.db.read().await.unwrap();
    let told: Vec<(i64, i64)> = reader.rows("select count(*), count(distinct subscription_id) from deliveries", vec![]).await.unwrap();
    assert_eq!(told, [(i64::try_from(count).unwrap(), i64::try_from(count).unwrap())]);
    println!("{count} readers, killed {killed} times in {:.1} s, {again} handed over again", began.elapsed().as_secs_f64());
}
