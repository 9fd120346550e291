//! A key that a reader wrapped wrongly shuts nobody out for good: the message opens as it came, here and with gpg, and
//! is wrapped again. Wrapping again is asked for when readers changed, and not when a list was merely signed again.

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self as verbs, NewReader};
use atalaya::sealed::manifest;
use serde_json::json;

use super::browser::{choose_file, on_the_day, step, wait};
use super::*;
use crate::browser::Walk;
use crate::house::{Browser, House};

const NUMBER: &str = "S-2026-000001";

async fn add(house: &House, team: &Team, name: &str, seed: u8) -> SecretKey {
    let new = key(name, seed);
    let reader = NewReader { certificate: armored(&new), intake: "default".into(), name: name.into(), person: None, recovery: false };
    verbs::add_reader(&house.app, &Who::Operator, reader).await.unwrap();
    sign(house, team).await;
    new
}

async fn sign(house: &House, team: &Team) {
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
}

/// The head of another message, for as many readers: right to look at, and wrong.
async fn wrap_wrongly(house: &House, analyst: &Browser, team: &Team, more: &[&SecretKey], version: i64) {
    let mut to = certificates(team);
    to.extend(more.iter().map(|key| key.certificate()));
    let mut head = Vec::new();
    seal(&b"x"[..], &Sealing { to: &to, hidden: true, by: None, at: house.app.now() }, [44; 32], &mut head).unwrap();
    head.truncate(post::openpgp::survey(&head).unwrap().body_at);
    let said = json!({ "head": hex(head), "manifest_version": version });
    let _ = analyst.post_json(&format!("/dialogues/{NUMBER}/envelopes/1/head"), &OURS, &said).await.must(200);
}

async fn opens(house: &House, analyst: &Browser, key: &SecretKey, fields: &[(&str, &str)]) -> bool {
    let sealed = analyst.post(&format!("/dialogues/{NUMBER}/envelopes/1"), fields).await.must(200).body;
    post::openpgp::open(&sealed, &[(key, "")], &[], house.app.now(), 1 << 20).is_ok()
}

/// Unlocks a key on this page of the console, and wraps again what there is; what the page said of messages before.
async fn wrap(walk: &mut Walk, path: &str, key: &SecretKey, picture: &str) -> String {
    walk.go(path).await;
    step(walk, "unlock").await;
    let own = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(own.path(), key.armored().unwrap().as_bytes()).unwrap();
    choose_file(walk, "[data-own-key]", own.path()).await;
    walk.browser.press("[data-unlock]").await;
    step(walk, "talk").await;
    walk.look(picture, false).await;
    let words = walk.browser.words().await;
    walk.browser.press("[data-rewrap]").await;
    wait(walk, "[data-fill=rewrapped]:not(:empty)").await;
    walk.must_show("Wrapped again: 1. Not yours to open: 0.").await;
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_wrapped_wrongly_is_read_past_taken_out_as_it_came_and_wrapped_again() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let tar = pack(&[("report.txt", b"They take bribes.")]);
    report_a(&reporter, &envelope(&team, &tar, 210), 210).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let third = add(&house, &team, "Duty 3", 51).await;
    assert!(!analyst.get(&format!("/dialogues/{NUMBER}")).await.must(200).text().contains("value=\"came\""));
    wrap_wrongly(&house, &analyst, &team, &[&third], 2).await;
    let old = &team.readers[0];
    assert_eq!([opens(&house, &analyst, old, &[]).await, opens(&house, &analyst, old, &[("as", "came")]).await], [false, true]);
    assert!(analyst.get(&format!("/dialogues/{NUMBER}")).await.must(200).text().contains("value=\"came\""));

    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    let page = format!("/dialogues/{NUMBER}");
    let words = wrap(&mut walk, &page, old, "sealed-desk-astray").await;
    assert!(words.contains("They take bribes.") && words.contains("Somebody wrapped its key wrongly"), "{words}");
    assert!(!walk.browser.words().await.contains("Somebody wrapped its key wrongly"), "it is mended");
    assert_eq!([opens(&house, &analyst, old, &[]).await, opens(&house, &analyst, &third, &[]).await], [true, true]);

    // Wrapped wrongly once more, and for the next list all wrap from what came, not from what a colleague made of it.
    wrap_wrongly(&house, &analyst, &team, &[&third], 2).await;
    let fourth = add(&house, &team, "Duty 4", 52).await;
    wrap(&mut walk, "/dialogues/readers", old, "sealed-readers-wrap-again").await;
    assert!(opens(&house, &analyst, &fourth, &[]).await);
    walk.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_signed_again_asks_nobody_to_wrap_and_what_is_to_be_wrapped_is_told_to_the_last() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    report_a(&reporter, &envelope(&team, b"one", 211), 211).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let asked = async || {
        let [one, all] = [format!("/dialogues/{NUMBER}"), "/dialogues/readers".into()]
            .map(async |path: String| analyst.get(&path).await.must(200).shows("to an older list of readers"));
        let heads = analyst.get(&format!("/dialogues/{NUMBER}/heads")).await.must(200).json()["heads"].as_array().unwrap().len();
        (one.await, all.await, heads)
    };
    for _ in 0..3 {
        sign(&house, &team).await;
        assert_eq!(asked().await, (false, false, 0), "the readers are the same");
    }
    add(&house, &team, "Duty 3", 51).await;
    assert_eq!(asked().await, (true, true, 1));
    sign(&house, &team).await;
    assert_eq!(asked().await, (true, true, 1), "it is as old as before");

    // Twelve hundred more, which no piece holds.
    let copies = "with recursive t(n) as (select 2 union all select n + 1 from t where n < 1201)";
    crate::verify::tamper(
        &house.data(),
        &format!(
            "insert into sealed_dialogues (id, number, intake, grade, lookup, day, state, warned) {copies} select randomblob(16), printf('S-2026-%06d', n), intake, grade, \
             randomblob(32), day, state, warned from t, sealed_dialogues where number = '{NUMBER}';
             insert into sealed_envelopes (id, dialogue_id, place, way, hash, head, body, size, bucket, manifest_version, day, told) select randomblob(16), d.id, 1, e.way, \
             randomblob(32), e.head, randomblob(32), e.size, e.bucket, e.manifest_version, e.day, 1 from sealed_dialogues d, sealed_envelopes e where d.number > '{NUMBER}';"
        ),
    );
    assert!(analyst.get("/dialogues/readers").await.must(200).shows("1201 messages are sealed to an older list"));
    let (mut at, mut told) = (Some("/dialogues/heads".to_owned()), Vec::new());
    while let Some(path) = at {
        let piece = analyst.get(&path).await.must(200).json();
        told.extend(piece["heads"].as_array().unwrap().iter().map(|head| head["post"].as_str().unwrap().to_owned()));
        at = piece["next"].as_str().map(str::to_owned);
    }
    let all: Vec<String> = (1..=1201).map(|n| format!("/dialogues/S-2026-{n:06}/envelopes/1/head")).collect();
    assert_eq!(told, all);
}
