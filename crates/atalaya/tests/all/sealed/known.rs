//! Who knows what of a dialogue, and when: holders of keys and others, the team and the hour, the grade of each message, and
//! whom an answer is for.

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self, NewReader};
use post::openpgp::{Sealing, seal};
use serde_json::{Value as Json, json};

use super::*;
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn only_the_holders_of_keys_know_of_a_dialogue_once_keys_are_somebodys() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (_, number) = report_a(&reporter, &envelope(&team, b"need to know", 97), 97).await;
        rounds(&house).await;
        let holder = house.person(Role::Lead, None).await;
        let (page, ledger) = (format!("/dialogues/{number}"), format!("/ledger?about={number}"));
        let answer = reply(&team, b"an answer", 96);
        let files = [("envelope", "a.pgp", "application/octet-stream", answer.as_slice())];
        let _ = house.login(holder).await.upload(&format!("{page}/reply"), &[("label", "amber")], &files).await.must(303);
        let lead = house.login_as(Role::Lead).await;
        assert_eq!(lead.get(&page).await.status, 200);
        // While no key is anybody's, the whole team knows.
        for role in [Role::Lead, Role::Admin, Role::Auditor] {
            let other = house.login_as(role).await;
            assert!(other.get("/journal").await.must(200).shows(&number), "{role:?}");
        }
        assert!(lead.get("/ledger").await.must(200).shows("sealed answer") && lead.get(&ledger).await.status == 200);

        let new = NewReader { certificate: armored(&team.readers[0]), intake: "default".into(), name: "Duty 1".into(), person: Some(holder), recovery: false };
        keys::add_reader(&house.app, &Who::Operator, new).await.unwrap();
        assert_eq!(lead.get(&page).await.status, 404);
        assert!(!lead.get("/dialogues").await.must(200).shows(&number) && !lead.get("/clocks").await.must(200).shows(&number));
        for role in [Role::Lead, Role::Admin, Role::Auditor] {
            let other = house.login_as(role).await;
            let journal = other.get("/journal").await.must(200);
            for word in [number.as_str(), "sealed.received", "sealed.answered"] {
                assert!(!lines_of(&journal).contains(word), "on {}: {role:?} reads {word} in the journal", house.on);
            }
            assert!(!lines_of(&other.get("/journal?kind=sealed.received").await.must(200)).contains(&number), "on {}: {role:?}", house.on);
            let asked = other.get(&format!("/journal?number={number}")).await.must(200);
            assert_eq!(lines_of(&asked), lines_of(&other.get("/journal?number=S-2026-999999").await.must(200)), "on {}: {role:?}", house.on);
            if role == Role::Auditor {
                continue;
            }
            assert!(!other.get("/ledger").await.must(200).shows("sealed answer"), "on {}: {role:?} reads in the ledger that an answer went out", house.on);
            assert_eq!(other.get(&ledger).await.status, 404, "on {}: {role:?}", house.on);
        }
        let holder = house.login(holder).await;
        assert_eq!(holder.get(&page).await.status, 200);
        assert!(holder.get("/clocks").await.must(200).shows(&number) || !holder.get("/clocks").await.must(200).shows("S-"));
        assert!(holder.get("/journal").await.must(200).shows(&number));
        assert!(holder.get("/ledger").await.must(200).shows("sealed answer") && holder.get(&ledger).await.status == 200);
    }
}

/// The lines of the journal's page, without the form above them, which lists every kind that there is.
fn lines_of(page: &crate::house::Answer) -> String {
    let text = page.text();
    text.split_once("<tbody").map(|(_, lines)| lines.to_owned()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_the_team_learns_when_something_came_or_was_taken_back_by_asking_for_its_number() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (auth, number) = report_a(&reporter, &envelope(&team, b"just now", 94), 94).await;
    let admin = house.login_as(Role::Admin).await;
    let unknown = |path: &str| path.replace(&number, "S-2026-999999");
    let asked = ["/ledger?about=", "/journal?number=", "/dialogues/", "/search?q=", "/status/"].map(|path| format!("{path}{number}"));
    let same = async |when: &str| {
        for path in &asked {
            let (here, nowhere) = (admin.get(path).await, admin.get(&unknown(path)).await);
            assert_eq!(here.status, nowhere.status, "{path} tells that something {when}");
            assert_eq!(here.words().replace(&number, ""), nowhere.words().replace("S-2026-999999", ""), "{path} tells that something {when}");
        }
        for list in ["/dialogues", "/dialogues?done=1", "/clocks", "/journal", "/ledger"] {
            assert!(!admin.get(list).await.must(200).shows(&number), "{list} tells that something {when}");
        }
    };
    same("came").await;
    // What is taken back before the team was told of it was never there.
    let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(200);
    same("was taken back").await;
    let _ = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_says_that_a_reporter_deleted_on_a_later_day_only() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (auth, number) = report_a(&reporter, &envelope(&team, b"deleted later", 93), 93).await;
        rounds(&house).await;
        let noon = house.app.now().to_zoned(house.app.profile.calendar().zone().clone()).date();
        house.set_clock(&format!("{noon}T12:00:00+02:00"));
        let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(200);
        for _ in 0..8 {
            house.later(31);
            house.run_jobs().await;
        }
        assert!(!house.done().await.contains(&"sealed.deleted".to_owned()), "on {}: the journal knows the half hour", house.on);
        house.later(24 * 60);
        house.run_jobs().await;
        assert!(house.done().await.contains(&"sealed.deleted".to_owned()), "on {}", house.on);
        let lead = house.login_as(Role::Lead).await;
        assert!(lead.get(&format!("/dialogues/{number}")).await.must(200).shows("was deleted"));
        let states: Vec<(String, Option<String>)> = house.rows("select state, gone_day from sealed_dialogues", vec![]).await;
        assert_eq!(states, [("deleted".to_owned(), None)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_only_readers_can_open_is_refused_and_stops_no_clock() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (_, number) = report_a(&reporter, &envelope(&team, b"a question", 92), 92).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let running = async || house.rows::<(String,)>("select state from clocks where state = 'running'", vec![]).await.len();
    let promised = running().await;
    let post = async |bytes: &[u8]| {
        let files = [("envelope", "a.pgp", "application/octet-stream", bytes)];
        analyst.upload(&format!("/dialogues/{number}/reply"), &[("label", "amber")], &files).await
    };
    // With hidden readers, as pages and `-R` make them, and with named ones.
    for (hidden, seed) in [(true, 90), (false, 91)] {
        let mut forgotten = Vec::new();
        seal(b"no one".as_slice(), &Sealing { to: &certificates(&team), hidden, by: None, at: house.app.now() }, [seed; 32], &mut forgotten).unwrap();
        let refused = post(&forgotten).await.must(422);
        assert!(refused.shows("its reporter could not open it"), "{}", refused.words());
        assert_eq!(running().await, promised, "what nobody can read stops the clock");
    }
    let _ = post(&reply(&team, b"to be read", 89)).await.must(303);
    assert_eq!(running().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_has_the_grade_of_how_it_was_sealed_itself() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let first = envelope(&team, b"by a program", 88);
        let arrived = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &first)]).await.must(201);
        let receipt = arrived.between("id=\"receipt\" translate=\"no\">", "<");
        let page = reporter.upload("/sealed/c", &[("code", &receipt), ("text", "And by the server.")], &[]).await.must(200);
        assert!(page.shows("arrived"));
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        let listed = analyst.get("/dialogues/S-2026-000001/envelopes").await.must(200).json();
        let grades: Vec<&Json> = listed["envelopes"].as_array().unwrap().iter().map(|one| &one["grade"]).collect();
        assert_eq!(grades, [&json!("B"), &json!("C")], "on {}: the second passed our server in clear", house.on);
        assert!(analyst.get("/dialogues/S-2026-000001").await.must(200).shows("sealed on our server, which could have read it"));
        let told: Vec<String> = house
            .journal()
            .await
            .into_iter()
            .filter(|line| matches!(line.verb.as_str(), "sealed.received" | "sealed.added"))
            .map(|line| line.details()["grade"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(told, ["B", "C"], "on {}", house.on);
    }
}
