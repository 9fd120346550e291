//! What the disk knows: neither an answer that is read nor a report that is deleted leaves its moment there.

use std::os::unix::fs::MetadataExt as _;
use std::time::SystemTime;

use atalaya::access::Role;
use serde_json::json;

use super::*;
use crate::house::House;

/// When each file and folder of the blobs and uploads was read, written and changed last.
fn times(house: &House) -> Vec<(std::path::PathBuf, SystemTime, SystemTime, (i64, i64))> {
    let mut all = Vec::new();
    for folder in ["blobs", "uploads"].map(|name| house.data().join(name)) {
        files(&folder, &mut all);
        all.push(folder);
    }
    all.sort();
    let of = |path: std::path::PathBuf| {
        let known = path.metadata().unwrap();
        (path, known.accessed().unwrap(), known.modified().unwrap(), (known.ctime(), known.ctime_nsec()))
    };
    all.into_iter().map(of).collect()
}

/// When the system noted the last change of a file's or folder's entry, which no program can set.
fn changed(path: &Path) -> (i64, i64) {
    let known = path.metadata().unwrap();
    (known.ctime(), known.ctime_nsec())
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_reading_an_answer_nor_deleting_a_report_leaves_its_moment_on_the_disk() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let receipt = reporter.upload("/sealed/c", &[("text", "They take bribes.")], &[]).await.must(201).between("id=\"receipt\" translate=\"no\">", "<");
        let (auth, _) = report_a(&reporter, &envelope(&team, b"deleted soon", 220), 220).await;
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        answer(&house, &analyst, &team, "S-2026-000001", "Which year?").await;
        let before = times(&house);
        assert_eq!(before.iter().filter(|(path, ..)| path.is_file() && path.starts_with(house.data().join("blobs"))).count(), 3);
        assert!(reporter.post("/sealed/return/answers", &[("code", &receipt)]).await.must(200).shows("Which year?"));
        assert!(!reporter.post("/sealed/return/envelope", &[("code", &receipt), ("place", "2")]).await.must(200).body.is_empty());
        assert!(!json(&reporter, "/sealed/v1/envelope", json!({ "auth": hex(auth), "place": 1 })).await.must(200).body.is_empty());
        assert_eq!(times(&house), before, "on {}: who reads leaves a trace", house.on);
        let read: Vec<(i64,)> = house.rows("select count(*) from sealed_envelopes where read_day is not null", vec![]).await;
        assert_eq!(read, [(0,)], "on {}: who reads leaves a day", house.on);

        let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(200);
        let gone: Vec<_> = before.into_iter().map(|(path, ..)| path).filter(|path| !path.exists()).collect();
        let known = match gone.as_slice() {
            [path] => path.parent().unwrap().metadata().unwrap(),
            other => panic!("{other:?} are gone"),
        };
        assert_eq!(known.modified().unwrap(), SystemTime::from(level(&house)), "on {}: who deletes leaves a trace", house.on);
        // When the system itself noted a change of a folder, a round notes it anew at a moment of its own, for all of them:
        // the folder of what was deleted is one among 256.
        let other = house.data().join("blobs/00");
        std::fs::write(other.join("x"), b"x").unwrap();
        std::fs::remove_file(other.join("x")).unwrap();
        report_a(&reporter, &envelope(&team, b"another", 221), 221).await;
        let clock = tempfile::NamedTempFile::new_in(house.data()).unwrap();
        let begun = changed(clock.path());
        rounds(&house).await;
        assert_eq!(other.metadata().unwrap().modified().unwrap(), SystemTime::from(level(&house)));
        let folders: Vec<_> = std::fs::read_dir(house.data().join("blobs")).unwrap().flatten().filter(|entry| entry.file_name().len() == 2).collect();
        assert_eq!(folders.len(), 256);
        for folder in folders {
            assert!(changed(&folder.path()) >= begun, "on {}: {} tells when something was deleted", house.on, folder.path().display());
            assert_eq!(folder.metadata().unwrap().modified().unwrap(), SystemTime::from(level(&house)), "on {}: {}", house.on, folder.path().display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_system_notes_a_message_as_made_when_the_round_told_of_it_and_not_when_it_came() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let bytes = envelope(&team, &vec![7; 300_000], 222);
        let (auth, _) = report_a(&reporter, &bytes, 222).await;
        // The file system says what time it is, and may not tell when a file was made.
        let clock = tempfile::NamedTempFile::new_in(house.data()).unwrap();
        let Ok(begun) = clock.path().metadata().unwrap().created() else { return };
        let messages = || {
            let mut all = Vec::new();
            files(&house.data().join("blobs"), &mut all);
            all.retain(|path| path.is_file());
            all
        };
        let [file]: [std::path::PathBuf; 1] = messages().try_into().unwrap();
        let day = SystemTime::from(level(&house));
        assert!(file.metadata().unwrap().created().unwrap() <= begun, "the look is blind");
        rounds(&house).await;
        let known = file.metadata().unwrap();
        assert!(known.created().unwrap() >= begun, "on {}: it tells when the message came", house.on);
        assert_eq!([known.modified().unwrap(), known.accessed().unwrap()], [day; 2], "on {}", house.on);
        assert_eq!(messages(), [file], "on {}: a copy is left", house.on);
        assert!(json(&reporter, "/sealed/v1/envelope", json!({ "auth": hex(auth), "place": 1 })).await.must(200).body == bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_to_be_told_is_made_anew_by_each_round_so_that_its_file_tells_no_more_than_the_last_one() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    sealed::wake(&house.app).await.unwrap();
    for seed in 0..10 {
        let _ = report_a(&reporter, &envelope(&team, &[seed; 50_000], 224 + seed), 224 + seed).await;
    }
    let day = SystemTime::from(level(&house));
    for _ in 0..2 {
        let clock = tempfile::NamedTempFile::new_in(house.data()).unwrap();
        let (begun, Ok(made)) = (changed(clock.path()), clock.path().metadata().unwrap().created()) else { return };
        house.later(31);
        house.run_jobs().await;
        let waiting: Vec<(Vec<u8>,)> = house.rows("select body from sealed_envelopes where told = 0", vec![]).await;
        assert!(waiting.len() > 1, "by the dice, all were told");
        let mut all = Vec::new();
        files(&house.data().join("blobs"), &mut all);
        all.retain(|path| path.is_file());
        assert_eq!(all.len(), 10, "a copy is left, or one is gone");
        for (body,) in waiting {
            let file = all.iter().find(|path| path.ends_with(hex(&body))).unwrap();
            let known = file.metadata().unwrap();
            assert!(known.created().unwrap() >= made && changed(file) >= begun, "{} tells when its message came", file.display());
            assert_eq!([known.modified().unwrap(), known.accessed().unwrap()], [day; 2]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reporter_deleted_is_in_no_page_of_the_embedded_database_and_after_a_round_not_in_its_log() {
    const KEY: &[u8] = b"kestrel-in-the-reeds";
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    sealed::wake(&house.app).await.unwrap();
    let (id, bytes, auth) = (begin(&reporter).await, envelope(&team, b"deleted soon", 223), [223; 32]);
    let _ = put(&reporter, &id, 0, &bytes).await.must(204);
    let _ = commit(&reporter, &id, &bytes, json!({ "grade": "A", "lookup": sha(&auth), "wrapped_key": hex(KEY) })).await.must(200);
    let holds = || {
        let files = ["atalaya.db", "atalaya.db-wal"].map(|name| std::fs::read(house.data().join(name)).unwrap());
        files.map(|bytes| bytes.windows(KEY.len()).any(|window| window == KEY))
    };
    house.later(31);
    house.run_jobs().await;
    assert!(holds().contains(&true), "the look is blind");
    let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(200);
    house.later(31);
    house.run_jobs().await;
    assert_eq!(holds(), [false, false]);
}

/// The beginning of the house's day.
fn level(house: &House) -> Timestamp {
    let zone = house.app.profile.calendar().zone().clone();
    house.app.now().to_zoned(zone).start_of_day().unwrap().timestamp()
}
