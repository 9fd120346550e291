//! What happens to promises when reports and cases are closed, taken up again and merged.

use atalaya::App;
use atalaya::access::{Role, Who};
use atalaya::cases::{self, Case, NewCase};
use atalaya::profile::{Anchor, AppliesTo};
use atalaya::reports;
use store::{Id, args};

use crate::house::{House, Sink};
use crate::kill::{Program, open_at, profile, program_at};
use crate::messages::analyst;
use crate::reports::told;

async fn clocks(house: &House, about: Id) -> Vec<(String, String, i64)> {
    house.rows("select promise, state, due_at from clocks where about = $1 order by promise, id", args![about]).await
}

async fn report(house: &House, title: &str) -> (Id, String) {
    let receipt = reports::receive(&house.app, &Who::Public, told(&house.app, "form", title, "x", "")).await.unwrap();
    (receipt.id, receipt.number)
}

async fn open(house: &House, who: &Who, title: &str, reports: Vec<Id>) -> Case {
    cases::open(&house.app, who, NewCase { kind: "incident".into(), title: title.into(), reports, ..NewCase::default() }).await.unwrap()
}

/// A house whose team promises something for cases, too.
async fn house() -> House {
    House::with(|profile| {
        let mut promise = profile.promises[0].clone();
        promise.id = "case-plan".into();
        promise.anchor = Anchor::Opened;
        promise.applies_to = vec![AppliesTo::Any];
        profile.promises.push(promise);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_taken_up_again_keeps_its_promise_from_the_day_it_came() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        for way in ["referral", "rejection", "answer"] {
            let (id, number) = report(&house, way).await;
            let before = clocks(&house, id).await;
            assert!(before.iter().all(|(_, state, _)| state == "running") && !before.is_empty(), "{before:?}");
            let fields = match way {
                "referral" => vec![("do", "refer"), ("entry", "bank-team"), ("reason", "A bank.")],
                "rejection" => vec![("do", "reject"), ("reason", "Spam.")],
                _ => vec![],
            };
            let who = Who::Operator;
            match way {
                "referral" => reports::refer(&house.app, &who, id, fields[1].1, fields[2].1).await.unwrap(),
                "rejection" => reports::reject(&house.app, &who, id, fields[1].1).await.unwrap(),
                _ => reports::answer(&house.app, &who, id, "", "Do not open it.", formats::label::Tlp::Clear).await.unwrap(),
            }
            house.later(60);
            let _ = analyst.post(&format!("/inbox/{number}/reopening"), &[]).await.must(303);
            let after = clocks(&house, id).await;
            if way == "answer" {
                assert!(after.iter().all(|(_, state, _)| state == "kept"), "a kept promise stays kept: {after:?}");
            } else {
                assert_eq!(after, before, "{way} on {}: the same clocks count on", house.on);
                let listed: Vec<(Option<i64>, Option<String>)> = house.rows("select due_at, disposition from reports where id = $1", args![id]).await;
                assert_eq!(listed, [(before.iter().map(|(_, _, due)| *due).min(), None)], "the inbox shows it as due again");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_who_writes_again_to_a_rejected_report_is_promised_an_answer_again() {
    for house in House::both().await {
        let (id, _) = report(&house, "One").await;
        let before = clocks(&house, id).await;
        reports::reject(&house.app, &Who::Operator, id, "Spam.").await.unwrap();
        let answer = reports::Answer::of("portal", "It is no spam.");
        house.app.db.change("test", async |tx| reports::receive_answer(tx, &house.app, id, answer).await).await.unwrap();
        assert_eq!(clocks(&house, id).await, before, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_reopened_takes_its_closed_cases_along() {
    for house in House::both().await {
        let browser = house.login_as(Role::Analyst).await;
        let who = analyst(browser.person());
        let (id, number) = report(&house, "One").await;
        let (here, there) = (open(&house, &who, "Here", vec![id]).await, open(&house, &who, "There", vec![id]).await);
        for case in [&here, &there] {
            cases::abandon(&house.app, &who, case.id, "nothing in it").await.unwrap();
        }
        let state = async || house.rows::<(String, Option<String>)>("select state, disposition from reports where id = $1", args![id]).await[0].clone();
        assert_eq!(state().await.0, "rejected");
        let _ = browser.post(&format!("/inbox/{number}/reopening"), &[]).await.must(303);
        assert_eq!(state().await, ("open".into(), Some("case".into())), "on {}", house.on);
        let open: Vec<(String,)> = house.rows("select state from cases order by number", vec![]).await;
        assert_eq!(open, [("open".to_owned(),), ("open".to_owned(),)]);
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "case.reopened").count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_case_that_is_reopened_has_its_clock_back() {
    let house = house().await;
    let who = analyst(house.person(Role::Analyst, None).await);
    let case = open(&house, &who, "One", vec![]).await;
    let before = clocks(&house, case.id).await;
    assert_eq!(before.len(), 1, "{before:?}");
    cases::abandon(&house.app, &who, case.id, "nothing in it").await.unwrap();
    assert_eq!(clocks(&house, case.id).await[0].1, "void");
    cases::reopen(&house.app, &who, case.id, "there is").await.unwrap();
    assert_eq!(clocks(&house, case.id).await, before);
    let due: Vec<(Option<i64>,)> = house.rows("select due_at from cases where id = $1", args![case.id]).await;
    assert_eq!(due, [(Some(before[0].2),)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_ends_a_clock_only_where_the_target_keeps_the_same_promise() {
    let house = house().await;
    let who = analyst(house.person(Role::Analyst, None).await);
    let (one, two) = (open(&house, &who, "One", vec![]).await, open(&house, &who, "Two", vec![]).await);
    cases::merge(&house.app, &who, one.id, two.id).await.unwrap();
    assert_eq!(clocks(&house, one.id).await[0].1, "void", "the target has this promise itself");
    assert_eq!(clocks(&house, two.id).await.len(), 1);
    // A target without it takes it over.
    let (three, four) = (open(&house, &who, "Three", vec![]).await, open(&house, &who, "Four", vec![]).await);
    let moved = clocks(&house, three.id).await;
    cases::abandon(&house.app, &who, four.id, "x").await.unwrap();
    cases::reopen(&house.app, &who, four.id, "x").await.unwrap();
    house
        .app
        .db
        .change("test", async |tx| {
            tx.execute("update clocks set state = 'void' where about = $1", args![four.id]).await?;
            tx.record(store::Record::new("clock.voided", "clock", four.id));
            Ok::<_, store::Error>(())
        })
        .await
        .unwrap();
    cases::merge(&house.app, &who, three.id, four.id).await.unwrap();
    assert_eq!(clocks(&house, three.id).await, []);
    assert!(clocks(&house, four.id).await.contains(&moved[0]), "the promise goes on where the case goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_with_an_abandoned_case_is_due_no_more_and_again_once_it_is_taken_up() {
    for house in House::both().await {
        let who = analyst(house.person(Role::Analyst, None).await);
        let (id, _) = report(&house, "One").await;
        let before = clocks(&house, id).await;
        let case = open(&house, &who, "One", vec![id]).await;
        let due = async |table: &str| {
            let text = if table == "cases" { "select due_at from cases" } else { "select due_at from reports" };
            house.rows::<(Option<i64>,)>(text, vec![]).await[0].0
        };
        assert!(due("cases").await.is_some() && due("reports").await.is_some());
        cases::abandon(&house.app, &who, case.id, "nothing in it").await.unwrap();
        assert!(clocks(&house, id).await.iter().all(|(_, state, _)| state == "void"), "on {}", house.on);
        assert_eq!((due("cases").await, due("reports").await), (None, None), "on {}", house.on);
        house.later(60);
        cases::reopen(&house.app, &who, case.id, "there is").await.unwrap();
        assert_eq!(clocks(&house, id).await, before, "on {}: the same clocks count on", house.on);
        assert!(due("cases").await.is_some() && due("reports").await.is_some(), "on {}", house.on);
        // Taken out of the abandoned case it waits in the inbox again, and so does its reporter.
        cases::abandon(&house.app, &who, case.id, "nothing in it").await.unwrap();
        cases::unlink_report(&house.app, &who, case.id, id).await.unwrap();
        assert_eq!(clocks(&house, id).await, before, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_promised_of_a_case_is_judged_or_ends_when_the_case_is_closed() {
    let house = house().await;
    let who = analyst(house.person(Role::Analyst, None).await);
    let closing = || cases::Closing { outcome: "resolved".into(), ..cases::Closing::default() };
    let advice = async |title: &str| {
        let new = NewCase { kind: "advice".into(), title: title.into(), ..NewCase::default() };
        cases::open(&house.app, &who, new).await.unwrap()
    };
    let (soon, late) = (advice("Soon").await, advice("Late").await);
    let before = clocks(&house, soon.id).await;
    cases::close(&house.app, &who, soon.id, closing()).await.unwrap();
    assert_eq!(clocks(&house, soon.id).await[0].1, "void", "it ended in time, and nobody was answered");
    house.later(10 * 24 * 60);
    cases::close(&house.app, &who, late.id, closing()).await.unwrap();
    assert_eq!(clocks(&house, late.id).await[0].1, "missed");
    let due: Vec<(Option<i64>,)> = house.rows("select due_at from cases", vec![]).await;
    assert_eq!(due, [(None,), (None,)]);
    cases::reopen(&house.app, &who, soon.id, "it came back").await.unwrap();
    cases::reopen(&house.app, &who, late.id, "it came back").await.unwrap();
    assert_eq!(clocks(&house, soon.id).await, before);
    assert_eq!(clocks(&house, late.id).await[0].1, "missed", "what was missed stays missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_does_not_start_without_a_calendar_by_which_something_still_counts() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let sink = Sink::start().await;
    let old = profile(&sink);
    std::fs::write(here.join("atalaya.toml"), &old).unwrap();
    let data = here.join("data");
    let app = open_at(here, data.clone(), store::Clock::System).await;
    reports::receive(&app, &Who::Public, told(&app, "form", "One", "x", "")).await.unwrap();
    let clock = app.db.read().await.unwrap().value::<Id>("select id from clocks limit 1", vec![]).await.unwrap().unwrap();
    let reason = app.profile.promises[0].pause_reasons[0].clone();
    let pause = async |app: &App| {
        let hold = async |tx: &mut store::Tx| {
            let clock = atalaya::clocks::get(tx, clock).await?.unwrap();
            atalaya::clocks::pause(tx, app, &Who::Operator, clock, &reason).await
        };
        app.db.change("operator", hold).await
    };
    let resume = async |app: &App| {
        let go = async |tx: &mut store::Tx| {
            let clock = atalaya::clocks::get(tx, clock).await?.unwrap();
            atalaya::clocks::resume(tx, app, &Who::Operator, clock).await
        };
        app.db.change("operator", go).await
    };
    let reading: Vec<(String,)> = app.db.read().await.unwrap().rows("select distinct reading from clocks", vec![]).await.unwrap();
    assert_eq!(reading, [("close".to_owned(),)], "the clock itself says how its days are meant");
    // Whoever is held while the machine's clock stands outside of office hours is held all the same.
    if pause(&app).await.is_err() {
        panic!("a clock that has just begun can be held");
    }
    app.db.close().await;
    drop(app);

    // The calendar is edited where it stands, instead of beside itself.
    let calendar = old.split("[[calendar]]").nth(1).unwrap();
    let calendar = format!("[[calendar]]{}", calendar.split("\n[[").next().unwrap());
    let newer = calendar.replacen("version = 1", "version = 2", 1);
    assert_ne!(newer, calendar);
    std::fs::write(here.join("atalaya.toml"), old.replacen(&calendar, &newer, 1)).unwrap();
    let output = program_at(here, &data, "serve").args(["--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("Clocks still count by the calendar") && said.contains("version 1"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    let app = open_at(here, data.clone(), store::Clock::System).await;
    let refused = resume(&app).await;
    assert!(matches!(refused, Err(atalaya::Error::Conflict(ref text)) if text.contains("put it back first")), "{refused:?}");
    app.db.close().await;
    drop(app);

    // Beside each other they both hold, and nothing of the pause is lost.
    std::fs::write(here.join("atalaya.toml"), old.replacen(&calendar, &format!("{calendar}\n{newer}"), 1)).unwrap();
    Program::start(here, None).await.unwrap().stop().await;
    let app = open_at(here, data, store::Clock::System).await;
    resume(&app).await.unwrap();
    let held = app.db.read().await.unwrap().value::<String>("select pauses from clocks where state = 'running' and pauses <> '[]'", vec![]).await.unwrap();
    assert!(held.is_some_and(|pauses| !pauses.contains("null")), "the pause stands there with its end");
    app.db.close().await;
}
