//! Two who act at the same moment: whatever the order, what the rules say holds afterwards.
//!
//! On a server both are inside their changes at once. The one holds what the other needs, and the test waits
//! until the server says that the other one waits, or until it is through, which is what must not happen.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::cases::{self, Case, Closing, NewCase};
use atalaya::{App, Error, reports};
use store::{Id, args};
use tokio::task::JoinHandle;

use crate::house::House;
use crate::messages::analyst;
use crate::reports::told;

async fn report(house: &House, title: &str) -> Id {
    reports::receive(&house.app, &Who::Public, told(&house.app, "form", title, "x", "ana@harbour.example")).await.unwrap().id
}

async fn open(house: &House, who: &Who, title: &str, reports: Vec<Id>) -> Case {
    cases::open(&house.app, who, NewCase { kind: "advice".into(), title: title.into(), reports, ..NewCase::default() }).await.unwrap()
}

fn done() -> Closing {
    Closing { outcome: "resolved".into(), ..Closing::default() }
}

async fn state(house: &House, report: Id) -> String {
    house.rows::<(String,)>("select state from reports where id = $1", args![report]).await[0].0.clone()
}

/// Until somebody on the server waits for a row, or the work is over.
async fn waits<T>(app: &App, work: &JoinHandle<T>) {
    let text = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while !work.is_finished() {
        let waiting: Option<i64> = app.db.read().await.unwrap().value(text, vec![]).await.unwrap();
        if waiting != Some(0) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// One change on a server, with another begun in its middle; what became of the other.
async fn while_open<T: Send + 'static>(
    house: &House,
    first: impl AsyncFnOnce(&mut store::Tx) -> Result<(), Error>,
    second: impl Future<Output = T> + Send + 'static,
) -> T {
    let mut begun = None;
    let outer = house.app.db.change("operator", async |tx| {
        first(tx).await?;
        let other = tokio::spawn(second);
        waits(&house.app, &other).await;
        begun = Some(other);
        Ok::<_, Error>(())
    });
    outer.await.unwrap();
    begun.unwrap().await.unwrap()
}

async fn server() -> Option<House> {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() { None } else { Some(House::postgres().await) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_whose_two_cases_close_at_the_same_moment_is_resolved() {
    let Some(house) = server().await else { return };
    let who = analyst(house.person(Role::Analyst, None).await);
    let told = report(&house, "One").await;
    let (here, there) = (open(&house, &who, "Here", vec![told]).await, open(&house, &who, "There", vec![told]).await);
    let (app, by) = (house.app.clone(), who.clone());
    let other = while_open(&house, async |tx| cases::close_in(tx, &who, here.id, &done()).await, async move {
        cases::close(&app, &by, there.id, done()).await
    });
    other.await.unwrap();
    assert_eq!(state(&house, told).await, "resolved");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_report_comes_into_a_case_that_is_being_closed() {
    let Some(house) = server().await else { return };
    let who = analyst(house.person(Role::Analyst, None).await);
    let (case, late) = (open(&house, &who, "Here", vec![report(&house, "One").await]).await, report(&house, "Late").await);
    let (app, by) = (house.app.clone(), who.clone());
    let other = while_open(&house, async |tx| cases::close_in(tx, &who, case.id, &done()).await, async move {
        cases::link_report(&app, &by, case.id, late).await
    });
    assert!(matches!(other.await, Err(Error::Conflict(text)) if text.contains("reopen it first")));
    assert_eq!(state(&house, late).await, "new", "it waits in the inbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_case_works_on_is_neither_rejected_nor_referred() {
    for house in House::both().await {
        let who = analyst(house.person(Role::Analyst, None).await);
        let told = report(&house, "One").await;
        open(&house, &who, "Here", vec![told]).await;
        for refused in
            [reports::reject(&house.app, &who, told, "Spam.").await, reports::refer(&house.app, &who, told, "bank-team", "A bank.").await]
        {
            assert!(matches!(refused, Err(Error::Conflict(ref text)) if text.contains("is worked on in a case")), "on {}: {refused:?}", house.on);
        }
        assert_eq!(state(&house, told).await, "open");
    }
    // Not even when it comes into the case at this very moment.
    let Some(house) = server().await else { return };
    let who = analyst(house.person(Role::Analyst, None).await);
    let told = report(&house, "One").await;
    reports::reject(&house.app, &who, told, "Spam.").await.unwrap();
    reports::undo_reject(&house.app, &who, told).await.unwrap();
    let case = open(&house, &who, "Here", vec![]).await;
    let (app, by) = (house.app.clone(), who.clone());
    let other = while_open(&house, async |tx| cases::link_report_in(tx, &house.app, &who, case.id, told).await, async move {
        reports::reject(&app, &by, told, "Spam.").await
    });
    assert!(matches!(other.await, Err(Error::Conflict(_))));
    assert_eq!(state(&house, told).await, "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_button_was_pressed_twice_goes_out_once() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let receipt = reports::receive(&house.app, &Who::Public, told(&house.app, "form", "One", "x", "ana@harbour.example")).await.unwrap();
        let fields = [("do", "answer"), ("id", receipt.number.as_str()), ("subject", "What to do"), ("body", "Delete it."), ("label", "AMBER"), ("again", "1")];
        let sheet = desk.post("/inbox/batches", &fields).await.must(200);
        let shown = sheet.input("shown");
        let sure: Vec<(&str, &str)> = fields.iter().copied().chain([("sure", "1"), ("shown", shown.as_str())]).collect();
        let (first, second) = tokio::join!(desk.post("/inbox/batches", &sure), desk.post("/inbox/batches", &sure));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "on {}", house.on);
        assert!([first, second].iter().any(|answer| answer.words().contains("they were sent once")));
        let sent = async || house.rows::<(i64,)>("select count(*) from messages where direction = 'out'", vec![]).await[0].0;
        assert_eq!(sent().await, 1);
        // Asked again, the same words may be the answer again.
        let path = format!("/status/{}", receipt.number);
        let reporter = house.visitor();
        reporter.get(&format!("{path}?secret={}", receipt.secret)).await.must(303);
        reporter.upload(&path, &[("body", "And now?")], &[]).await.must(303);
        desk.post("/inbox/batches", &sure).await.must(303);
        assert_eq!(sent().await, 2, "on {}", house.on);
    }
}
