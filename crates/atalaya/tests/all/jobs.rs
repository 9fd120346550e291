//! The queue of work on both databases: what is asked for while it runs is never forgotten, whatever becomes of the
//! run.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::Job;

use crate::house::House;

const LEASE: SignedDuration = SignedDuration::from_mins(5);

async fn ask(house: &House, minutes: i64) {
    let at = house.app.now() + SignedDuration::from_mins(minutes);
    house.app.db.keep_house(async |tx| tx.enqueue_at("look", json!({}), at, Some("one")).await).await.unwrap();
}

async fn take(house: &House) -> Option<Job> {
    house.app.db.take_job(&["look"], LEASE).await.unwrap()
}

async fn next(house: &House) -> Option<Timestamp> {
    house.app.db.next_job_at(&["look"]).await.unwrap()
}

async fn finish(house: &House, job: &Job) {
    house.app.db.keep_house(async |tx| tx.finish_job(job).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_for_good_is_not_laid_aside_when_it_was_asked_for_meanwhile() {
    for house in House::both().await {
        ask(&house, 0).await;
        let job = take(&house).await.unwrap();
        ask(&house, 0).await;
        house.app.db.put_back_job(&job, "no", None).await.unwrap();
        let job = take(&house).await.unwrap_or_else(|| panic!("on {}: whoever asked waits for ever", house.on));
        assert_eq!(job.attempts, 1, "with all its tries");
        house.app.db.put_back_job(&job, "no", None).await.unwrap();
        assert!(take(&house).await.is_none(), "nobody asked this time: it is laid aside");
        assert_eq!(house.app.db.read().await.unwrap().dead_jobs(10).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_died_is_taken_when_its_lease_ends_whatever_moment_it_was_asked_for() {
    for house in House::both().await {
        ask(&house, 0).await;
        take(&house).await.unwrap();
        ask(&house, 60).await;
        let (begun, wished) = (house.app.now(), house.app.now() + SignedDuration::from_mins(60));
        house.later(6);
        assert_eq!(next(&house).await, Some(begun + LEASE), "on {}", house.on);
        let second = take(&house).await.unwrap_or_else(|| panic!("on {}: the run that was cut off waits for the next", house.on));
        assert!(take(&house).await.is_none());
        finish(&house, &second).await;
        assert!(take(&house).await.is_none(), "asked for in an hour");
        assert_eq!(next(&house).await, Some(wished), "and then it runs, on {}", house.on);
        house.later(60);
        let third = take(&house).await.unwrap();
        finish(&house, &third).await;
        assert_eq!(next(&house).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_now_is_done_by_the_run_that_takes_over() {
    for house in House::both().await {
        ask(&house, 0).await;
        take(&house).await.unwrap();
        ask(&house, 0).await;
        house.later(6);
        let second = take(&house).await.unwrap();
        finish(&house, &second).await;
        assert_eq!(next(&house).await, None, "on {}: it began after it was asked for", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_tried_again_still_runs_when_it_was_asked_to() {
    for house in House::both().await {
        ask(&house, 0).await;
        let job = take(&house).await.unwrap();
        ask(&house, 60).await;
        let wished = house.app.now() + SignedDuration::from_mins(60);
        house.app.db.put_back_job(&job, "no", Some(house.app.now() + SignedDuration::from_mins(1))).await.unwrap();
        house.later(2);
        let again = take(&house).await.unwrap();
        finish(&house, &again).await;
        assert_eq!(next(&house).await, Some(wished), "on {}", house.on);
    }
}
