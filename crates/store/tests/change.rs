//! What `change` promises, on the embedded database: together or not at all, never unrecorded,
//! whole after a cut-off, one chain whatever the order.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

use std::time::Duration;

use serde_json::json;
use store::{Clock, Db, Error, Migration, Record, Result, args};

const SCHEMA: Migration = Migration {
    name: "test",
    text: "create table journal (seq BIGINT primary key, at BIGINT not null, who TEXT not null, verb TEXT not null, noun TEXT not null, noun_id BYTEA not null,
      about BYTEA not null, facts TEXT not null, salt BYTEA, particulars TEXT, commitment BYTEA not null, previous BYTEA not null, leaf BYTEA not null);
    create table things (id BYTEA primary key, name TEXT not null);
    create table jobs (id BYTEA primary key, kind TEXT not null, payload TEXT not null, run_at BIGINT not null, state TEXT not null, attempts BIGINT not null,
      lease_until BIGINT, unique_key TEXT unique, last_error TEXT, created_at BIGINT not null, again_at BIGINT);
    create table counters (name TEXT primary key, value BIGINT not null);",
};

async fn fresh() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("test.db").display().to_string(), Clock::System).await.unwrap();
    db.migrate(&[SCHEMA]).await.unwrap();
    (folder, db)
}

async fn add(db: Db, name: String) -> Result<()> {
    db.change("test", async |tx| {
        let id = tx.new_id();
        tx.execute("insert into things (id, name) values ($1, $2)", args![id, &name]).await?;
        tx.enqueue("look", json!({ "name": name })).await?;
        tx.record(Record::new("thing.added", "thing", id).particulars(json!({ "name": name })));
        if name == "bad" { Err(Error::Exists) } else { Ok(()) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_from_many_tasks_form_one_chain() {
    let (_folder, db) = fresh().await;
    let tasks: Vec<_> = (0..40).map(|n| tokio::spawn(add(db.clone(), if n % 10 == 3 { "bad".into() } else { format!("thing {n}") }))).collect();
    let mut kept = 0;
    for task in tasks {
        kept += i64::from(task.await.unwrap().is_ok());
    }
    let mut reader = db.read().await.unwrap();
    assert_eq!(kept, 36);
    assert_eq!(reader.count("select count(*) from things", vec![]).await.unwrap(), 36);
    assert_eq!(reader.count("select count(*) from jobs", vec![]).await.unwrap(), 36);
    let lines = reader.journal_after(0, 100).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), (1..=36).collect::<Vec<_>>());
    assert!(lines.windows(2).all(|pair| pair[0].leaf == pair[1].previous));
}

#[tokio::test]
async fn a_change_that_records_nothing_is_refused() {
    let (_folder, db) = fresh().await;
    let refused: Result<()> = db
        .change("test", async |tx| {
            let id = tx.new_id();
            tx.execute("insert into things (id, name) values ($1, 'x')", args![id]).await.map(drop)
        })
        .await;
    assert!(matches!(refused, Err(Error::Unrecorded)));
    let house = db.keep_house(async |tx| tx.execute("insert into things (id, name) values ($1, 'x')", args![tx.new_id()]).await).await;
    assert!(matches!(house, Err(Error::Unrecorded)));
    assert_eq!(db.read().await.unwrap().count("select count(*) from things", vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_change_that_is_cut_off_leaves_nothing_and_blocks_nobody() {
    let (_folder, db) = fresh().await;
    let cut = db.change("test", async |tx| {
        let id = tx.new_id();
        tx.execute("insert into things (id, name) values ($1, 'half')", args![id]).await?;
        std::future::pending::<()>().await;
        Ok::<_, Error>(())
    });
    assert!(tokio::time::timeout(Duration::from_millis(50), cut).await.is_err());
    add(db.clone(), "whole".into()).await.unwrap();
    let mut reader = db.read().await.unwrap();
    assert_eq!(reader.value::<String>("select name from things", vec![]).await.unwrap().as_deref(), Some("whole"));
}

/// Asks a change to go on so many times, then goes away. Says whether it ended before.
async fn cut_after(polls: u32, change: impl Future<Output = Result<()>>) -> bool {
    let mut change = std::pin::pin!(change);
    for _ in 0..polls {
        let ended = std::future::poll_fn(|context| std::task::Poll::Ready(change.as_mut().poll(context).is_ready())).await;
        if ended {
            return true;
        }
        std::thread::sleep(Duration::from_micros(50));
        tokio::task::yield_now().await;
    }
    false
}

#[tokio::test]
async fn a_change_that_is_cut_off_anywhere_is_whole_or_not_there_and_blocks_nobody() {
    let (_folder, db) = fresh().await;
    let mut ended = 0;
    for polls in (1..400).chain([4_000, 40_000, 400_000]) {
        ended += u32::from(cut_after(polls, add(db.clone(), format!("cut {polls}"))).await);
        tokio::time::timeout(Duration::from_mins(1), add(db.clone(), format!("whole {polls}"))).await.expect("nobody is blocked").unwrap();
        if ended > 20 {
            break;
        }
    }
    assert!(ended > 0, "a change ends before it is cut");
    let mut reader = db.read().await.unwrap();
    let things = reader.count("select count(*) from things", vec![]).await.unwrap();
    let lines = reader.journal_after(0, 10_000).await.unwrap();
    assert_eq!(things, i64::try_from(lines.len()).unwrap(), "each thing has its entry");
    assert_eq!(things, reader.count("select count(*) from jobs", vec![]).await.unwrap(), "and its job");
    assert!(lines.windows(2).all(|pair| pair[0].leaf == pair[1].previous));
    assert_eq!(*db.watch().borrow(), lines.last().unwrap().seq, "everybody was told");
}

#[tokio::test]
async fn a_change_that_is_cut_off_keeps_no_lock() {
    let (folder, db) = fresh().await;
    let cut = db.change("test", async |tx| {
        tx.execute("insert into things (id, name) values ($1, 'half')", args![tx.new_id()]).await?;
        std::future::pending::<()>().await;
        Ok::<_, Error>(())
    });
    assert!(tokio::time::timeout(Duration::from_millis(50), cut).await.is_err());
    // Another process writes into the same file; nobody here has to come by first.
    let other = Db::open(&folder.path().join("test.db").display().to_string(), Clock::System).await.unwrap();
    tokio::time::timeout(Duration::from_mins(1), add(other, "elsewhere".into())).await.expect("the file is free").unwrap();
}

#[tokio::test]
async fn a_key_holds_one_job_back_and_is_free_again_when_it_died() {
    let (_folder, db) = fresh().await;
    let ask = async || db.keep_house(async |tx| tx.enqueue_at("look", json!({}), tx.now(), Some("one")).await).await.unwrap();
    let take = async || db.take_job(&["look"], jiff::SignedDuration::from_mins(1)).await.unwrap();
    ask().await;
    ask().await;
    let job = take().await.unwrap();
    assert!(take().await.is_none(), "asked twice, there is one");
    ask().await;
    assert!(take().await.is_none(), "not while it runs");
    db.keep_house(async |tx| tx.finish_job(&job).await).await.unwrap();
    let job = take().await.expect("asked for while it ran, it runs once more");
    db.put_back_job(&job, "no", None).await.unwrap();
    assert!(take().await.is_none(), "laid aside");
    assert_eq!(db.read().await.unwrap().dead_jobs(10).await.unwrap()[0].error, "no");
    ask().await;
    let job = take().await.expect("asked for again, it has its tries again");
    assert_eq!(job.attempts, 1);
    db.put_back_job(&job, "no", None).await.unwrap();
    assert!(db.keep_house(async |tx| tx.revive_job(job.id).await).await.unwrap());
    assert!(take().await.is_some());
}

#[tokio::test]
async fn a_job_that_asks_for_itself_waits_for_the_moment_it_named() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual("2026-11-23T08:59:59Z".parse().unwrap());
    let db = Db::open(&folder.path().join("test.db").display().to_string(), clock.clone()).await.unwrap();
    db.migrate(&[SCHEMA]).await.unwrap();
    let nine = "2026-11-23T09:00:00Z".parse().unwrap();
    let ask = async |at| db.keep_house(async |tx| tx.enqueue_at("look", json!({}), at, Some("nine")).await).await.unwrap();
    let take = async || db.take_job(&["look"], jiff::SignedDuration::from_mins(1)).await.unwrap();
    ask(clock.now()).await;
    let job = take().await.unwrap();
    ask(nine).await;
    db.keep_house(async |tx| tx.finish_job(&job).await).await.unwrap();
    assert!(take().await.is_none(), "it is not nine yet");
    clock.set(nine);
    assert!(take().await.is_some());
}

#[tokio::test]
async fn who_holds_a_job_for_longer_may_still_end_it_and_who_lost_it_may_not_hold_it() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual("2026-11-23T08:00:00Z".parse().unwrap());
    let db = Db::open(&folder.path().join("test.db").display().to_string(), clock.clone()).await.unwrap();
    db.migrate(&[SCHEMA]).await.unwrap();
    add(db.clone(), "one".into()).await.unwrap();
    let lease = jiff::SignedDuration::from_mins(1);
    let take = async || db.take_job(&["look"], lease).await.unwrap();
    let first = take().await.unwrap();
    clock.set("2026-11-23T08:00:50Z".parse().unwrap());
    assert!(db.hold_job(&first, lease).await.unwrap());
    clock.set("2026-11-23T08:01:30Z".parse().unwrap());
    assert!(take().await.is_none(), "it is held still");
    clock.set("2026-11-23T08:02:00Z".parse().unwrap());
    let second = take().await.expect("held no longer");
    assert!(!db.hold_job(&first, lease).await.unwrap());
    assert!(db.hold_job(&second, lease).await.unwrap());
    db.keep_house(async |tx| tx.finish_job(&second).await).await.unwrap();
    clock.set("2026-11-23T09:00:00Z".parse().unwrap());
    assert!(take().await.is_none(), "it is done");
}

#[tokio::test]
async fn a_job_is_taken_once_and_again_when_its_worker_died() {
    let (_folder, db) = fresh().await;
    add(db.clone(), "one".into()).await.unwrap();
    let lease = jiff::SignedDuration::from_mins(1);
    let job = db.take_job(&["look"], lease).await.unwrap().unwrap();
    assert_eq!((job.kind.as_str(), job.attempts), ("look", 1));
    assert!(db.take_job(&["look"], lease).await.unwrap().is_none());
    assert!(db.take_job(&["read", "write"], lease).await.unwrap().is_none());
    db.put_back_job(&job, "no", Some(jiff::Timestamp::UNIX_EPOCH)).await.unwrap();
    let again = db.take_job(&["look"], lease).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
    db.keep_house(async |tx| tx.finish_job(&again).await).await.unwrap();
    assert!(db.take_job(&["look"], lease).await.unwrap().is_none());
}

#[tokio::test]
async fn who_lost_the_lease_says_nothing_of_the_job_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual("2026-11-23T08:00:00Z".parse().unwrap());
    let db = Db::open(&folder.path().join("test.db").display().to_string(), clock.clone()).await.unwrap();
    db.migrate(&[SCHEMA]).await.unwrap();
    add(db.clone(), "one".into()).await.unwrap();
    let lease = jiff::SignedDuration::from_mins(1);
    let take = async || db.take_job(&["look"], lease).await.unwrap();
    let state = async || db.read().await.unwrap().rows::<(String, i64)>("select state, attempts from jobs", vec![]).await.unwrap();
    let slow = take().await.unwrap();
    clock.set("2026-11-23T08:02:00Z".parse().unwrap());
    let second = take().await.expect("its lease is over");
    db.put_back_job(&slow, "too slow", None).await.unwrap();
    db.keep_house(async |tx| tx.finish_job(&slow).await).await.unwrap();
    assert_eq!(state().await, [("running".to_owned(), 2)], "the second still works on it");
    db.keep_house(async |tx| tx.finish_job(&second).await).await.unwrap();
    assert_eq!(state().await, []);
}

#[tokio::test]
async fn nor_does_it_when_the_job_was_asked_for_once_more_and_counts_its_tries_anew() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual("2026-11-23T08:00:00Z".parse().unwrap());
    let path = folder.path().join("test.db").display().to_string();
    // Two nodes on one database.
    let (one, other) = (Db::open(&path, clock.clone()).await.unwrap(), Db::open(&path, clock.clone()).await.unwrap());
    one.migrate(&[SCHEMA]).await.unwrap();
    let ask = async || one.keep_house(async |tx| tx.enqueue_at("look", json!({}), tx.now(), Some("one")).await).await.unwrap();
    let take = async |db: &Db| db.take_job(&["look"], jiff::SignedDuration::from_mins(1)).await.unwrap().expect("it is due");
    let state = async || one.read().await.unwrap().rows::<(String, i64)>("select state, attempts from jobs", vec![]).await.unwrap();
    ask().await;
    let slow = take(&one).await;
    clock.set("2026-11-23T08:02:00Z".parse().unwrap());
    let second = take(&other).await;
    ask().await;
    other.keep_house(async |tx| tx.finish_job(&second).await).await.unwrap();
    let third = take(&other).await;
    assert_eq!((slow.attempts, third.attempts), (1, 1), "both are a first try");
    one.put_back_job(&slow, "too slow", None).await.unwrap();
    one.keep_house(async |tx| tx.finish_job(&slow).await).await.unwrap();
    assert_eq!(state().await, [("running".to_owned(), 1)], "the third taker still works on it");
    other.keep_house(async |tx| tx.finish_job(&third).await).await.unwrap();
    assert_eq!(state().await, []);
}

#[tokio::test]
async fn a_read_cannot_write() {
    let (_folder, db) = fresh().await;
    let mut reader = db.read().await.unwrap();
    assert!(matches!(reader.rows::<(i64,)>("delete from things", vec![]).await, Err(Error::Misplaced(_))));
}

/// What a change found before it is kept until it ends, so that it can be taken back: how much that is may not matter.
#[tokio::test]
async fn a_change_of_more_pages_than_fit_anywhere_is_made_and_taken_back() {
    let (_folder, db) = fresh().await;
    let rename = async |name: &str, ends_well: bool| {
        db.change("test", async |tx| {
            let touched = tx.execute("update things set name = $1 || substr(name, 2)", args![name]).await?;
            let id = tx.new_id();
            tx.record(Record::new("things.renamed", "thing", id));
            if ends_well { Ok(touched) } else { Err(Error::Exists) }
        })
        .await
    };
    let name = "a".repeat(2000);
    db.change("test", async |tx| {
        for _ in 0..12_000 {
            let id = tx.new_id();
            tx.execute("insert into things (id, name) values ($1, $2)", args![id, &name]).await?;
        }
        let id = tx.new_id();
        tx.record(Record::new("things.added", "thing", id));
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let begin_with =
        async |letter: &str| db.read().await.unwrap().count("select count(*) from things where substr(name, 1, 1) = $1", args![letter]).await.unwrap();
    assert_eq!(rename("b", true).await.unwrap(), 12_000);
    assert!(rename("c", false).await.is_err());
    assert_eq!([begin_with("b").await, begin_with("c").await], [12_000, 0]);
}
