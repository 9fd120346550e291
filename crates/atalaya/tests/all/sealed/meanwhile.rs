//! What comes while the team answers: it is told of hours later, and neither side is alarmed; whoever wrote it waits
//! for an answer all the same. What is left out or answered twice shows.

use atalaya::access::Role;
use serde_json::json;

use super::browser::{choose_file, come_with, on_the_day, step, wait};
use super::desk::{Begun, NUMBER, begun, end};
use super::*;
use crate::browser::Walk;
use crate::house::{Browser, House};

/// Opens the dialogue's page of the console with the second reader's key.
pub(super) async fn unlocked(walk: &mut Walk, house: &House, analyst: &Browser, team: &Team) {
    on_the_day(walk, house).await;
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    walk.go(&format!("/dialogues/{NUMBER}")).await;
    step(walk, "unlock").await;
    let own = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(own.path(), team.readers[1].armored().unwrap().as_bytes()).unwrap();
    choose_file(walk, "[data-own-key]", own.path()).await;
    walk.browser.press("[data-unlock]").await;
    step(walk, "talk").await;
}

/// What is said of the chain, if anything is.
pub(super) async fn alarm(walk: &mut Walk) -> String {
    let said = walk.browser.evaluate("(e => e.hidden ? '' : e.textContent)(document.querySelector('[data-chain]'))").await;
    said.as_str().unwrap().to_owned()
}

pub(super) async fn say(walk: &mut Walk, words: &str, place: u32) {
    walk.browser.write("#sealed-answer", words).await;
    walk.browser.press("[data-step=talk] [data-reply]").await;
    wait(walk, &format!(".message:nth-child({place})")).await;
    wait(walk, "[data-sent]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_while_the_team_answers_alarms_nobody_and_what_is_left_out_still_does() {
    let Begun { house, team, mut walk, receipt, analyst, .. } = begun().await;
    on_the_day(&mut walk, &house).await;
    come_with(&mut walk, &receipt).await;
    say(&mut walk, "It was in 2019.", 2).await;
    // The team has not been told of it, and answers.
    unlocked(&mut walk, &house, &analyst, &team).await;
    assert_eq!(walk.browser.evaluate("document.querySelectorAll('.message').length").await, json!(1), "nobody is told of a moment");
    walk.browser.write("#sealed-reply", "Thank you. Which year?").await;
    walk.browser.press("[data-reply-form] [data-reply]").await;
    wait(&mut walk, ".message.ours").await;
    walk.must_show("This message came before the answer below it.").await;
    assert_eq!(alarm(&mut walk).await, "", "the team is alarmed before it is told");
    walk.look("sealed-desk-untold", false).await;
    walk.browser.forget().await;
    come_with(&mut walk, &receipt).await;
    walk.must_show("Which year?").await;
    assert_eq!(alarm(&mut walk).await, "", "the reporter is alarmed");
    say(&mut walk, "As I said.", 4).await;
    rounds(&house).await;
    let analyst = house.login(analyst.person()).await;
    unlocked(&mut walk, &house, &analyst, &team).await;
    for words in ["It was in 2019.", "As I said.", "Which year?"] {
        walk.must_show(words).await;
    }
    assert_eq!(alarm(&mut walk).await, "", "the team is alarmed once it is told");
    // A server that leaves out what waited, and numbers the rest anew.
    crate::verify::tamper(
        &house.data(),
        "delete from sealed_envelopes where place = 2; update sealed_envelopes set place = 2 where place = 3; update sealed_envelopes set place = 3 where place = 4;",
    );
    unlocked(&mut walk, &house, &analyst, &team).await;
    let said = alarm(&mut walk).await;
    assert!(said.starts_with("Message 3 does not follow on the one before it: something was left out or put in."), "{said}");
    assert!(said.contains("Whoever wrote message 3 had been shown 2 messages of the reporter before it, and not 1 as here"), "{said}");
    end(walk, &["uploads"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_told_of_when_the_team_answered_waits_all_the_same_and_the_ledger_has_the_label_of_the_case() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let first = envelope(&team, b"first", 200);
        let (auth, number) = report_a(&reporter, &first, 200).await;
        rounds(&house).await;
        let me = house.login_as(Role::Analyst).await.person();
        let fields = [("title", "Bribes"), ("text", "Bribes in 2019"), ("label", "red"), ("kind", "other")];
        let _ = house.login(me).await.upload(&format!("/dialogues/{number}/unseal"), &fields, &[]).await.must(303);
        let answer = async |seed: u8| {
            let bytes = reply(&team, b"an answer", seed);
            let files = [("envelope", "a.pgp", "application/octet-stream", bytes.as_slice())];
            let _ = house.login(me).await.upload(&format!("/dialogues/{number}/reply"), &[("label", "green")], &files).await.must(303);
        };
        let lists = async || {
            let analyst = house.login(me).await;
            [analyst.get("/dialogues").await.must(200).shows(&number), analyst.get("/dialogues?done=1").await.must(200).shows(&number)]
        };
        answer(201).await;
        assert_eq!(lists().await, [false, true], "on {}", house.on);
        let (id, more) = (begin(&reporter).await, envelope(&team, b"more", 202));
        let _ = put(&reporter, &id, 0, &more).await.must(204);
        let _ = commit(&reporter, &id, &more, json!({ "auth": hex(auth) })).await.must(200);
        // It is there, and the team answers before it is told.
        answer(203).await;
        assert_eq!(lists().await, [false, true], "on {}", house.on);
        rounds(&house).await;
        let running: Vec<(i64,)> = house.rows("select count(*) from clocks where state = 'running'", vec![]).await;
        assert!(running[0].0 > 0);
        assert_eq!(lists().await, [true, false], "on {}: a clock runs, and nobody sees for what", house.on);
        answer(204).await;
        assert_eq!(lists().await, [false, true], "on {}", house.on);
        let labels: Vec<(String,)> = house.rows("select label from ledger where channel = 'sealed'", vec![]).await;
        assert_eq!(labels, vec![("RED".to_owned(),); 3], "what is said in a case carries its label");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_the_dialogue_keeps_what_its_case_promised_to_who_reported() {
    for house in House::both_with(crate::clocks::promised_for_cases).await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (_, number) = report_a(&reporter, &envelope(&team, b"first", 220), 220).await;
        rounds(&house).await;
        let me = house.login_as(Role::Analyst).await.person();
        let fields = [("title", "Bribes"), ("text", "Bribes in 2019"), ("label", "red"), ("kind", "other")];
        let _ = house.login(me).await.upload(&format!("/dialogues/{number}/unseal"), &fields, &[]).await.must(303);
        let text = "select k.state, case when c.responded_at is null then 0 else 1 end from clocks k join cases c on c.id = k.about";
        let promised = async || house.rows::<(String, i64)>(text, vec![]).await;
        assert_eq!(promised().await, [("running".to_owned(), 0)], "on {}", house.on);
        let bytes = reply(&team, b"an answer", 221);
        let files = [("envelope", "a.pgp", "application/octet-stream", bytes.as_slice())];
        let _ = house.login(me).await.upload(&format!("/dialogues/{number}/reply"), &[("label", "red")], &files).await.must(303);
        assert_eq!(promised().await, [("kept".to_owned(), 1)], "on {}: who reported was answered", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_readers_who_answer_at_once_the_later_one_reads_the_other_first() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let first = envelope(&team, b"first", 205);
    let (_, number) = report_a(&reporter, &first, 205).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let mut begun = Vec::new();
    for seed in [206, 207] {
        let bytes = reply(&team, b"an answer", seed);
        let id = analyst.post_json(&format!("/dialogues/{number}/uploads"), &OURS, &json!({})).await.must(201).json()["id"].as_str().unwrap().to_owned();
        let path = format!("/dialogues/{number}/uploads/{id}");
        let _ = analyst.send("PUT", &format!("{path}/0"), &[OURS[0], ("x-part-sha256", &sha(&bytes))], &bytes).await.must(204);
        begun.push((path, json!({ "sha256": sha(&bytes), "size": bytes.len(), "parts": 1, "manifest_version": 1, "prev": sha(&first) })));
    }
    let [one, two] = [0, 1].map(|at: usize| &begun[at]);
    let send = async |(path, said): &(String, Json)| {
        let answer = analyst.post_json(&format!("{path}/commit"), &OURS, said).await;
        (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!((send(one).await, send(two).await), ((200, String::new()), (409, "moved".to_owned())));
    assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(2,)]);
}
