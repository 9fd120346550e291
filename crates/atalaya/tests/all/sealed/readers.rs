//! A reader comes, another goes: the keys of all messages are wrapped again on one page, by whoever can open
//! them, and no message is encrypted anew or opened for it.

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self as verbs, NewReader};
use atalaya::sealed::manifest;

use super::browser::{choose_file, on_the_day, step, text, wait};
use super::*;
use crate::browser::Walk;
use crate::house::House;

/// Unlocks a key on the page of readers and wraps all that it opens; what the page says of it.
async fn wrap(walk: &mut Walk, key: &SecretKey, expect: &str) -> String {
    walk.go("/dialogues/readers").await;
    walk.must_show(expect).await;
    step(walk, "unlock").await;
    walk.look("sealed-readers-wrap", false).await;
    let own = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(own.path(), key.armored().unwrap().as_bytes()).unwrap();
    choose_file(walk, "[data-own-key]", own.path()).await;
    walk.browser.press("[data-unlock]").await;
    step(walk, "talk").await;
    walk.browser.press("[data-rewrap]").await;
    wait(walk, "[data-fill=rewrapped]:not(:empty)").await;
    walk.look("sealed-readers-wrapped", false).await;
    text(walk, "[data-fill=rewrapped]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn when_readers_come_and_go_the_keys_of_all_messages_are_wrapped_again_on_one_page() {
    let house = House::sqlite().await;
    let (mut team, reporter, count) = (team(&house).await, house.visitor(), 5_u8);
    for seed in 0..count {
        report_a(&reporter, &envelope(&team, format!("report {seed}").as_bytes(), seed), seed).await;
    }
    // One that none of the readers opens is another's to wrap.
    let foreign = Team { key: key("Team", 1), readers: vec![key("Stranger", 61)] };
    report_a(&reporter, &envelope(&foreign, b"foreign", 77), 77).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    walk.go("/dialogues/readers").await;
    assert!(!walk.browser.words().await.contains("older list of readers"), "nothing is to be done");

    let new = key("Duty 3", 51);
    let reader = NewReader { certificate: armored(&new), intake: "default".into(), name: "Duty 3".into(), person: None, recovery: false };
    verbs::add_reader(&house.app, &Who::Operator, reader).await.unwrap();
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    let opens = async |key: &SecretKey| {
        let mut opened = 0;
        for number in 1..=u32::from(count) {
            let sealed = analyst.post(&format!("/dialogues/S-2026-{number:06}/envelopes/1"), &[]).await.must(200).body;
            opened += u32::from(post::openpgp::open(&sealed, &[(key, "")], &[], house.app.now(), 1 << 20).is_ok());
        }
        opened
    };
    assert_eq!(opens(&new).await, 0);
    assert_eq!(wrap(&mut walk, &team.readers[0], "6 messages are sealed to an older list of readers").await, "Wrapped again: 5. Not yours to open: 1.");
    assert_eq!((opens(&new).await, opens(&team.readers[0]).await), (5, 5));

    // One leaves. Whoever came wraps the keys: from then on nothing is handed out that the leaver opens.
    let gone = team.readers.remove(0);
    verbs::remove_reader(&house.app, &Who::Operator, "default", &gone.certificate().fingerprint()).await.unwrap();
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    assert_eq!(wrap(&mut walk, &new, "6 messages are sealed to an older list of readers").await, "Wrapped again: 5. Not yours to open: 1.");
    assert_eq!((opens(&gone).await, opens(&new).await, opens(&team.readers[0]).await), (0, 5, 5));
    walk.go("/dialogues/readers").await;
    walk.must_show("1 message is sealed to an older list of readers").await;
    let wrapped = house.done().await.iter().filter(|verb| *verb == "sealed.rewrapped").count();
    assert_eq!(wrapped, 10, "each stands in the journal");
    walk.end();
}
