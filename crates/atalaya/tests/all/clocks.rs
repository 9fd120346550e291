//! What happens to promises when reports and cases are closed, taken up again and merged.

use atalaya::access::{Role, Who};
use atalaya::cases::{self, Case, NewCase};
use atalaya::profile::{Anchor, AppliesTo, Profile};
use atalaya::reports;
use store::{Id, args};

use crate::house::House;
use crate::messages::analyst;
use crate::reports::told;

/// A report that its case takes along has no clock that nobody can stop.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_rejected_with_its_case_has_no_running_clock_until_the_case_is_taken_up() {
    for house in House::both().await {
        let browser = house.login_as(Role::Analyst).await;
        let who = analyst(browser.person());
        let (id, number) = report(&house, "Strange router").await;
        let before = clocks(&house, id).await;
        let case = open(&house, &who, "Odd traffic", vec![id]).await;
        cases::abandon(&house.app, &who, case.id, "nothing in it").await.unwrap();
        assert!(clocks(&house, id).await.iter().all(|(_, state, _)| state == "void"), "on {}: {:?}", house.on, clocks(&house, id).await);
        let due = async || house.rows::<(Option<i64>, Option<i64>)>("select r.due_at, c.due_at from reports r, cases c", vec![]).await;
        assert_eq!(due().await, [(None, None)], "nothing is due");
        house.set_clock("2026-12-23T10:00:00+02:00");
        let later = house.login_as(Role::Analyst).await;
        let page = later.get("/clocks").await.must(200);
        assert!(!page.shows(&number) && !page.shows(&case.number), "a month later nobody is reminded: {}", page.words());
        house.set_clock("2026-11-23T11:00:00+02:00");
        cases::reopen(&house.app, &who, case.id, "there is").await.unwrap();
        assert_eq!(clocks(&house, id).await, before, "the same clocks count on");
        let first = before.iter().map(|(_, _, due)| *due).min();
        assert_eq!(due().await, [(first, first)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_promise_of_a_case_ends_when_it_closes() {
    for late in [false, true] {
        let house = house().await;
        let who = analyst(house.person(Role::Lead, None).await);
        let case = cases::open(&house.app, &who, NewCase { kind: "advice".into(), title: "One".into(), ..NewCase::default() }).await.unwrap();
        if late {
            house.later(60 * 24 * 30);
        }
        cases::close(&house.app, &who, case.id, cases::Closing { outcome: "resolved".into(), ..cases::Closing::default() }).await.unwrap();
        let states: Vec<String> = clocks(&house, case.id).await.into_iter().map(|(_, state, _)| state).collect();
        assert!(!states.is_empty() && states.iter().all(|state| state == if late { "missed" } else { "void" }), "late {late}: {states:?}");
        let due: Vec<(Option<i64>,)> = house.rows("select due_at from cases", vec![]).await;
        assert_eq!(due, [(None,)]);
    }
}

/// The profile of the tests with another version of its calendar.
fn newer(text: &str) -> String {
    text.replacen("id = \"office\"\nversion = 1", "id = \"office\"\nversion = 2", 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_does_not_start_without_the_calendar_of_a_running_clock() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let text = crate::kill::profile(&crate::house::Sink::start().await);
    std::fs::write(here.join("atalaya.toml"), &text).unwrap();
    let app = crate::kill::open(here, store::Clock::System).await;
    reports::receive(&app, &Who::Public, told(&app, "form", "One", "x", "")).await.unwrap();
    app.db.close().await;
    drop(app);
    std::fs::write(here.join("atalaya.toml"), newer(&text)).unwrap();
    let mut serve = crate::kill::program_at(here, &here.join("data"), "serve");
    let refused = serve.args(["--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("of the calendar “office”, which the profile does not have"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    std::fs::write(here.join("atalaya.toml"), &text).unwrap();
    crate::kill::Program::start(here, None).await.unwrap().stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_is_computed_as_it_was_promised_although_the_promise_is_read_otherwise_now() {
    let house = House::sqlite().await;
    let (id, _) = report(&house, "One").await;
    let mut reader = house.app.db.read().await.unwrap();
    for clock in atalaya::clocks::of(&mut reader, id).await.unwrap() {
        assert_eq!(clock.recompute(&house.app), Some(clock.due_at));
        let other = if clock.reading == "close" { "same_time" } else { "close" };
        let again = atalaya::clocks::Clock { reading: other.into(), ..clock.clone() }.recompute(&house.app);
        assert!(clock.unit != "business_days" || again != Some(clock.due_at), "the reading is the clock's own");
    }
}

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
    House::with(promised_for_cases).await
}

pub fn promised_for_cases(profile: &mut Profile) {
    let mut promise = profile.promises[0].clone();
    promise.id = "case-plan".into();
    promise.anchor = Anchor::Opened;
    promise.applies_to = vec![AppliesTo::Any];
    profile.promises.push(promise);
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

/// The other stories' clock stands still within a change; this one's does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_has_its_clocks_back_whatever_time_closing_takes_and_none_beside_one_that_was_begun_since() {
    let folder = tempfile::tempdir().unwrap();
    let text = crate::kill::profile(&crate::house::Sink::start().await);
    // The first promise counts from the opening of a case.
    std::fs::write(folder.path().join("atalaya.toml"), text.replacen("anchor = \"received\"", "anchor = \"opened\"", 1)).unwrap();
    let app = crate::kill::open(folder.path(), store::Clock::System).await;
    let who = Who::Operator;
    let case = cases::open(&app, &who, NewCase { kind: "advice".into(), title: "One".into(), ..NewCase::default() }).await.unwrap();
    let states = async || -> Vec<(String, i64)> {
        let text = "select state, due_at from clocks where about = $1 order by id";
        app.db.read().await.unwrap().rows(text, args![case.id]).await.unwrap()
    };
    let before = states().await;
    assert!(!before.is_empty() && before.iter().all(|(state, _)| state == "running"), "{before:?}");
    cases::abandon(&app, &who, case.id, "nothing in it").await.unwrap();
    assert!(states().await.iter().all(|(state, _)| state == "void"));
    cases::reopen(&app, &who, case.id, "there is").await.unwrap();
    assert_eq!(states().await, before);
    cases::close(&app, &who, case.id, cases::Closing { outcome: "resolved".into(), ..cases::Closing::default() }).await.unwrap();
    assert!(states().await.iter().all(|(state, _)| state == "void"));
    // Whoever asks again is promised anew, and that is what counts.
    let facts = atalaya::clocks::Facts { event: "opened", kind: "advice".into(), ..atalaya::clocks::Facts::default() };
    let renewed = app.db.change("test", async |tx| {
        let now = tx.now();
        atalaya::clocks::renew(tx, &app, "case", case.id, &facts, now).await
    });
    renewed.await.unwrap();
    cases::reopen(&app, &who, case.id, "there is").await.unwrap();
    let running = states().await.into_iter().filter(|(state, _)| state == "running").count();
    assert_eq!(running, before.len(), "{:?}", states().await);
    app.db.close().await;
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
async fn of_two_clocks_of_one_promise_the_one_due_first_counts_on_after_a_merge() {
    for house in House::both_with(promised_for_cases).await {
        let who = analyst(house.person(Role::Analyst, None).await);
        let old = open(&house, &who, "Old", vec![]).await;
        let first = clocks(&house, old.id).await;
        house.later(60 * 24 * 3);
        let target = open(&house, &who, "New", vec![]).await;
        let second = clocks(&house, target.id).await;
        cases::merge(&house.app, &who, old.id, target.id).await.unwrap();
        assert_eq!(clocks(&house, target.id).await, first, "on {}", house.on);
        let (ended, _, due) = &second[0];
        assert_eq!(clocks(&house, old.id).await, [(ended.clone(), "void".to_owned(), *due)]);
        let due: Vec<(Option<i64>,)> = house.rows("select due_at from cases where id = $1", args![target.id]).await;
        assert_eq!(due, [(Some(first[0].2),)]);

        // A promise that was kept to one is not kept to the other; a case that is taken up again owes what it owed.
        house
            .app
            .db
            .change("test", async |tx| {
                tx.execute("update clocks set state = 'kept' where about = $1", args![target.id]).await?;
                tx.record(store::Record::new("clock.stopped", "clock", target.id));
                Ok::<_, store::Error>(())
            })
            .await
            .unwrap();
        let third = open(&house, &who, "Third", vec![]).await;
        let waits = clocks(&house, third.id).await;
        cases::merge(&house.app, &who, third.id, target.id).await.unwrap();
        let both = clocks(&house, target.id).await;
        assert_eq!(both.len(), 2, "{both:?}");
        assert!(both.contains(&waits[0]), "on {}: {both:?}", house.on);
        cases::abandon(&house.app, &who, target.id, "nothing in it").await.unwrap();
        cases::reopen(&house.app, &who, target.id, "there is").await.unwrap();
        assert_eq!(clocks(&house, target.id).await, both, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_is_kept_by_a_message_of_substance_only_and_paused_for_its_own_reasons_only() {
    for house in House::both().await {
        let story = crate::messages::story(&house).await;
        let report = house.rows::<(Id,)>("select id from reports", vec![]).await[0].0;
        let states = async || clocks(&house, report).await.into_iter().map(|(_, state, _)| state).collect::<Vec<_>>();
        let running = states().await;
        assert!(!running.is_empty() && running.iter().all(|state| state == "running"), "{running:?}");

        let (clock,): (Id,) = house.rows("select id from clocks where about = $1", args![report]).await.remove(0);
        for reason in ["", "lunch", "waiting-for-reporter' or 1=1"] {
            let _ = story.browser.post(&format!("/clocks/{clock}/pause"), &[("reason", reason)]).await.must(422);
        }
        assert_eq!(states().await, running, "nothing was paused");

        let mut words = crate::messages::words("We have your report and read it tomorrow.", 0);
        words.substantive = false;
        atalaya::cases::messages::release(&house.app, &story.who, story.reporter, &words, None).await.unwrap();
        house.run_jobs().await;
        assert_eq!(states().await, running, "on {}: a notice without substance stops nothing", house.on);
        crate::messages::say(&house, &story, story.reporter, "It was a scan. Block port 7547.").await.unwrap();
        assert!(states().await.iter().all(|state| state == "kept"), "on {}: {:?}", house.on, states().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_another_kind_has_the_promises_of_that_kind_from_when_it_was_opened() {
    let promises = |profile: &mut Profile| {
        for kind in ["incident", "threat"] {
            let mut promise = profile.promises[0].clone();
            (promise.id, promise.anchor, promise.applies_to) = (kind.into(), Anchor::Opened, vec![AppliesTo::Kind(kind.into())]);
            profile.promises.push(promise);
        }
    };
    for house in House::both_with(promises).await {
        let desk = house.login_as(Role::Analyst).await;
        let case = open(&house, &analyst(desk.person()), "Which is it?", vec![]).await;
        let opened = house.app.now().as_microsecond();
        house.later(60);
        let _ = desk.post(&format!("{}/change", case.path()), &[("what", "kind"), ("kind", "threat")]).await.must(303);
        let all: Vec<(String, String, i64)> =
            house.rows("select promise, state, anchor_at from clocks where about = $1 order by promise", args![case.id]).await;
        assert_eq!(all, [("incident".into(), "void".into(), opened), ("threat".into(), "running".into(), opened)], "on {}", house.on);
    }
}
