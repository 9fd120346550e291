//! The standing round and what happens at the same moment: what a reporter deletes, what the team keeps, what is written on
//! the last day, and a message whose file is gone.

use atalaya::access::Role;
use serde_json::json;

use super::*;
use crate::house::{Held, House, new_database, wait_for_waiting};

/// Turns the clock until the team was warned twice of the end of all reports, and to noon of that day.
async fn last_day(house: &House) {
    for _ in 0..60 {
        house.later(5 * 24 * 60);
        house.run_jobs().await;
        let ends: Vec<(String,)> = house.rows("select delete_on from sealed_dialogues where warned = 2", vec![]).await;
        if let Some((on,)) = ends.first() {
            house.set_clock(&format!("{on}T12:00:00+02:00"));
            return;
        }
    }
    panic!("nobody was warned");
}

async fn add(reporter: &Browser, auth: [u8; 32], bytes: &[u8]) {
    let id = begin(reporter).await;
    let _ = put(reporter, &id, 0, bytes).await.must(204);
    let _ = commit(reporter, &id, bytes, json!({ "auth": hex(auth) })).await.must(200);
}

async fn state(house: &House) -> Vec<(String, Option<String>, i64)> {
    house.rows("select state, delete_on, warned from sealed_dialogues order by number", vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_to_on_its_last_day_is_not_deleted_and_has_its_days_anew() {
    for house in House::both_with(|profile| profile.sealed.as_mut().unwrap().days_unopened = 40).await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (auth, _) = report_a(&reporter, &envelope(&team, b"first", 240), 240).await;
        rounds(&house).await;
        last_day(&house).await;
        add(&reporter, auth, &envelope(&team, b"and then", 241)).await;
        let day = house.app.now().to_zoned(house.app.profile.calendar().zone().clone()).date();
        // Whether the round tells of it by now or not: nothing is deleted before somebody could have read it.
        house.run_jobs().await;
        let there = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(200).json();
        assert_eq!(there["envelopes"].as_array().unwrap().len(), 2, "on {}", house.on);
        rounds(&house).await;
        let anew = day.checked_add(jiff::Span::new().days(40)).unwrap().to_string();
        assert_eq!(state(&house).await, [("new".to_owned(), Some(anew), 0)], "on {}", house.on);
    }
}

/// A database server with a node, and a report of grade A that waits there.
struct Story {
    house: House,
    database: String,
    reporter: Browser,
    auth: [u8; 32],
    number: String,
}

impl Story {
    async fn begin(seed: u8) -> Option<Self> {
        if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
            return None;
        }
        let database = tokio::task::spawn_blocking(new_database).await.unwrap();
        let house = House::on(&database).await;
        let (team, reporter) = (team(&house).await, house.visitor());
        let (auth, number) = report_a(&reporter, &envelope(&team, b"a report", seed), seed).await;
        Some(Self { house, database, reporter, auth, number })
    }

    /// The row is held by somebody; `first` waits for it, then the round; then it is let go.
    async fn before_the_round<T>(&self, first: impl Future<Output = T>) -> T {
        let database = self.database.clone();
        let held = tokio::task::spawn_blocking(move || Held::by(&database, "begin; select 1 from sealed_dialogues for update")).await.unwrap();
        let waiting = async |how_many: usize| {
            let database = self.database.clone();
            tokio::task::spawn_blocking(move || wait_for_waiting(&database, how_many)).await.unwrap();
        };
        let round = async {
            waiting(1).await;
            let release = async {
                waiting(2).await;
                tokio::task::spawn_blocking(move || drop(held)).await.unwrap();
            };
            tokio::join!(self.house.run_jobs(), release);
        };
        tokio::join!(first, round).0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_team_keeps_at_the_moment_of_its_deletion_is_kept() {
    let Some(story) = Story::begin(242).await else { return };
    rounds(&story.house).await;
    last_day(&story.house).await;
    let analyst = story.house.login_as(Role::Analyst).await;
    let kept = story.before_the_round(analyst.post(&format!("/dialogues/{}/case", story.number), &[])).await;
    let _ = kept.must(303);
    let states: Vec<String> = state(&story.house).await.into_iter().map(|(state, ..)| state).collect();
    assert_eq!(states, ["kept"]);
    assert!(!story.house.done().await.contains(&"sealed.deleted".to_owned()));
    let _ = analyst.post(&format!("/dialogues/{}/envelopes/1", story.number), &[]).await.must(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reporter_deletes_while_the_round_tells_of_it_does_not_come_back() {
    let Some(story) = Story::begin(243).await else { return };
    sealed::wake(&story.house.app).await.unwrap();
    // What came the day before is told of for certain.
    story.house.later(24 * 60);
    let deleted = story.before_the_round(json(&story.reporter, "/sealed/v1/delete", json!({ "auth": hex(story.auth) }))).await;
    let _ = deleted.must(200);
    let states: Vec<String> = state(&story.house).await.into_iter().map(|(state, ..)| state).collect();
    assert_eq!(states, ["withdrawn"]);
    let analyst = story.house.login_as(Role::Analyst).await;
    assert!(!analyst.get("/dialogues").await.must(200).shows(&story.number), "an empty report is told of");
    assert!(!story.house.done().await.contains(&"sealed.received".to_owned()));
    assert!(story.house.sink.mails().is_empty(), "a notice for nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_file_is_gone_is_told_of_as_such_once_and_keeps_nothing_else_from_the_team() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        for seed in 244..249 {
            report_a(&reporter, &envelope(&team, b"a report", seed), seed).await;
        }
        let lost: Vec<(vault::blob::Hash,)> =
            house.rows("select e.body from sealed_envelopes e join sealed_dialogues d on d.id = e.dialogue_id where d.number = 'S-2026-000003'", vec![]).await;
        let name = lost[0].0.to_string();
        std::fs::remove_file(house.data().join("blobs").join(&name[..2]).join(&name)).unwrap();
        rounds(&house).await;
        for _ in 0..3 {
            house.later(31);
            house.run_jobs().await;
        }
        let analyst = house.login_as(Role::Analyst).await;
        let list = analyst.get("/dialogues").await.must(200);
        for at in 1..=5 {
            assert!(list.shows(&format!("S-2026-00000{at}")), "on {}: {at} is kept from the team", house.on);
        }
        let said: Vec<String> = house.done().await.into_iter().filter(|verb| verb == "sealed.file_missing").collect();
        assert_eq!(said.len(), 1, "on {}: said once", house.on);
        assert!(analyst.get("/dialogues/S-2026-000003").await.must(200).shows("the file of the message is missing"));
        assert!(!analyst.get("/dialogues/S-2026-000002").await.must(200).shows("the file of the message is missing"));
        // Who opens it hears why it cannot be opened, and is not said to have opened it.
        let opened = async || house.done().await.iter().filter(|verb| *verb == "sealed.opened").count();
        let body = analyst.get("/dialogues/S-2026-000003/envelopes/1/body").await.must(410).json();
        assert_eq!((&body["code"], opened().await), (&json!("body-missing"), 0), "on {}", house.on);
        assert!(analyst.post("/dialogues/S-2026-000003/envelopes/1", &[]).await.must(409).shows("is missing on the server"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_as_a_file_of_an_ordinary_report_stay_when_the_sealed_one_is_deleted() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let large = envelope(&team, &vec![7; 300_000], 250);
        let bodies: Vec<Vec<u8>> =
            [envelope(&team, b"small", 251), large].into_iter().map(|bytes| bytes[post::openpgp::survey(&bytes).unwrap().body_at..].to_vec()).collect();
        let mut auths = Vec::new();
        for (seed, bytes) in [(251, envelope(&team, b"small", 251)), (250, envelope(&team, &vec![7; 300_000], 250))] {
            auths.push(report_a(&reporter, &bytes, seed).await.0);
        }
        report_a(&reporter, &envelope(&team, b"a third", 252), 252).await;
        rounds(&house).await;
        let me = house.login_as(Role::Analyst).await.person();
        let analyst = house.login(me).await;
        let fields = [("title", "Bytes"), ("text", "The same"), ("label", "amber"), ("kind", "other")];
        let files =
            [("file", "one.bin", "application/octet-stream", bodies[0].as_slice()), ("file", "two.bin", "application/octet-stream", bodies[1].as_slice())];
        let _ = analyst.upload("/dialogues/S-2026-000003/unseal", &fields, &files).await.must(303);
        for auth in auths {
            let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(200);
        }
        let kept: Vec<(store::Id, String)> =
            house.rows("select f.id, r.number from report_files f join reports r on r.id = f.report_id order by f.name", vec![]).await;
        for ((id, number), body) in kept.iter().zip(&bodies) {
            let file = analyst.get(&format!("/inbox/{number}/files/{id}")).await;
            assert!(file.status == 200 && &file.body == body, "on {}: a file of an ordinary report is gone: {}", house.on, file.status);
        }
        assert_eq!(kept.len(), 2);
        assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(1,)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_fails_after_it_told_of_something_takes_no_notice_with_it() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        for seed in 230..234 {
            report_a(&reporter, &envelope(&team, b"a report", seed), seed).await;
        }
        let mut all = Vec::new();
        files(&house.data().join("blobs"), &mut all);
        // A folder of the blobs that no message lies in cannot be dated: in its place is a link that leads nowhere.
        let stands = |name: &str| all.iter().any(|path| path.is_file() && path.parent().is_some_and(|folder| folder.ends_with(name)));
        let folder = ["00", "01", "02", "03", "04", "05"].into_iter().find(|name| !stands(name)).unwrap();
        let folder = house.data().join("blobs").join(folder);
        let _ = std::fs::remove_dir(&folder);
        std::os::unix::fs::symlink(house.data().join("nowhere"), &folder).unwrap();
        sealed::wake(&house.app).await.unwrap();
        house.later(24 * 60);
        let failed = house.try_jobs().await;
        assert!(failed.iter().any(|(kind, _)| kind == "sealed_round"), "on {}: the round is to fail: {failed:?}", house.on);
        std::fs::remove_file(&folder).unwrap();
        for _ in 0..4 {
            house.later(31);
            let _ = house.try_jobs().await;
        }
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "sealed.received").count(), 4, "on {}", house.on);
        assert_eq!(house.sink.mails().len(), 1, "on {}: one notice, for all that was told at once", house.on);
    }
}
