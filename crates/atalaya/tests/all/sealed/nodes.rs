//! Two nodes that take the very same bytes at one moment make one message of them, and one of them takes nothing away
//! that the other just named.

use serde_json::json;

use super::*;
use crate::house::{Browser, Held, House, new_database, wait_for_waiting};
use crate::nodes::serve;

/// A node each, over one database and one folder.
struct Two {
    house: House,
    other: App,
    database: String,
    here: Browser,
    there: Browser,
    team: Team,
}

impl Two {
    async fn open() -> Self {
        let database = tokio::task::spawn_blocking(new_database).await.unwrap();
        let house = House::on(&database).await;
        let other = house.beside(&database).await;
        let (here, there) = (house.visitor(), Browser::new(serve(&other).await));
        let team = team(&house).await;
        Self { house, other, database, here, there, team }
    }

    async fn waiting(&self, how_many: usize) {
        let database = self.database.clone();
        tokio::task::spawn_blocking(move || wait_for_waiting(&database, how_many)).await.unwrap();
    }

    async fn held(&self, statement: String) -> Held {
        let database = self.database.clone();
        tokio::task::spawn_blocking(move || Held::by(&database, &statement)).await.unwrap()
    }
}

async fn uploaded(browser: &Browser, bytes: &[u8]) -> String {
    let id = begin(browser).await;
    let _ = put(browser, &id, 0, bytes).await.must(204);
    id
}

fn report_of(auth: [u8; 32]) -> Json {
    json!({ "grade": "A", "lookup": sha(&auth), "wrapped_key": "00" })
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_that_take_the_same_bytes_at_once_one_makes_a_report_of_them() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let bytes = envelope(&two.team, b"the same", 230);
    let (one, other) = (uploaded(&two.here, &bytes).await, uploaded(&two.there, &bytes).await);
    // Both have looked whether somebody has these bytes before either of them notes that it has.
    let held = two.held("begin; lock table sealed_envelopes in exclusive mode".into()).await;
    let then = async {
        two.waiting(1).await;
        let release = async {
            two.waiting(2).await;
            tokio::task::spawn_blocking(move || drop(held)).await.unwrap();
        };
        tokio::join!(commit(&two.there, &other, &bytes, report_of([231; 32])), release).0
    };
    let (first, second) = tokio::join!(commit(&two.here, &one, &bytes, report_of([230; 32])), then);
    assert_eq!((first.status, second.status), (200, 409), "{} {}", first.text(), second.text());
    let kept: Vec<(i64,)> = two.house.rows("select count(*) from sealed_envelopes", vec![]).await;
    assert_eq!(kept, [(1,)]);
    let back = json(&two.there, "/sealed/v1/envelope", json!({ "auth": hex([230; 32]), "place": 1 })).await.must(200).body;
    assert!(back == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_a_report_takes_nothing_from_whoever_sends_the_same_bytes_meanwhile() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let bytes = envelope(&two.team, b"the same", 232);
    let (auth, _) = report_a(&two.here, &bytes, 232).await;
    let again = uploaded(&two.there, &bytes).await;
    let body = sha(&bytes[post::openpgp::survey(&bytes).unwrap().body_at..]);
    // The other node is about to name them; then the report is deleted here, and its file is to go.
    let held = two.held(format!("select pg_advisory_lock(70618, hashtext('sealed body {body}'))")).await;
    let then = async {
        two.waiting(1).await;
        let release = async {
            two.waiting(2).await;
            tokio::task::spawn_blocking(move || drop(held)).await.unwrap();
        };
        tokio::join!(json(&two.here, "/sealed/v1/delete", json!({ "auth": hex(auth) })), release).0
    };
    let (sent, deleted) = tokio::join!(commit(&two.there, &again, &bytes, report_of([233; 32])), then);
    assert_eq!((sent.status, deleted.status), (200, 200), "{} {}", sent.text(), deleted.text());
    let back = json(&two.there, "/sealed/v1/envelope", json!({ "auth": hex([233; 32]), "place": 1 })).await.must(200).body;
    assert!(back == bytes, "what came meanwhile is gone");
    let _ = json(&two.here, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_hours_through_one_node_is_swept_by_no_other_and_one_that_was_left_is() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let bytes = envelope(&two.team, &vec![7; 6 * PART], 234);
    let id = begin(&two.here).await;
    sealed::wake(&two.house.app).await.unwrap();
    for (number, part) in bytes.chunks(PART).enumerate() {
        let _ = put(&two.here, &id, number, part).await.must(204);
        // Each time it is the other node that does the round.
        two.house.later(40);
        atalaya::jobs::drain(&two.other).await.unwrap();
    }
    let _ = commit(&two.here, &id, &bytes, report_of([234; 32])).await.must(200);
    let left = begin(&two.here).await;
    let _ = put(&two.here, &left, 0, b"left behind").await.must(204);
    for _ in 0..4 {
        two.house.later(40);
        atalaya::jobs::drain(&two.other).await.unwrap();
    }
    assert!(std::fs::read_dir(two.house.data().join("uploads/sealed")).unwrap().next().is_none(), "what was left is swept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_to_another_node_because_its_receipt_was_lost_is_there_once() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let two = Two::open().await;
    let bytes = envelope(&two.team, b"a report", 235);
    let id = uploaded(&two.here, &bytes).await;
    let first = commit(&two.here, &id, &bytes, report_of([235; 32])).await.must(200).json();
    let again = commit(&two.there, &id, &bytes, report_of([235; 32])).await.must(200).json();
    assert_eq!(first, again);
    // One more message of the dialogue.
    let (more, auth) = (envelope(&two.team, b"and then", 236), json!({ "auth": hex([235; 32]), "prev": sha(&bytes) }));
    let id = uploaded(&two.here, &more).await;
    let first = commit(&two.here, &id, &more, auth.clone()).await.must(200).json();
    assert_eq!(commit(&two.there, &id, &more, auth.clone()).await.must(200).json(), first);
    // Who does not have the receipt learns nothing by a hash.
    let _ = commit(&two.there, &id, &more, report_of([237; 32])).await.must(410);
    rounds(&two.house).await;
    // And the team's answer.
    let here = two.house.login_as(atalaya::access::Role::Analyst).await;
    let there = Browser::new(serve(&two.other).await);
    there.set_cookie("session", &here.cookie("session").unwrap());
    let number = first["number"].as_str().unwrap();
    let answer = reply(&two.team, b"an answer", 238);
    let id = here.post_json(&format!("/dialogues/{number}/uploads"), &OURS, &json!({})).await.must(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/dialogues/{number}/uploads/{id}");
    let _ = here.send("PUT", &format!("{path}/0"), &[OURS[0], ("x-part-sha256", &sha(&answer))], &answer).await.must(204);
    let said = json!({ "sha256": sha(&answer), "size": answer.len(), "parts": 1, "manifest_version": 1, "prev": sha(&more) });
    let first = here.post_json(&format!("{path}/commit"), &OURS, &said).await.must(200).json();
    assert_eq!(there.post_json(&format!("{path}/commit"), &OURS, &said).await.must(200).json(), first);
    assert_eq!(two.house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(3,)]);
}
