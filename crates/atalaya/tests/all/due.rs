//! What is due: held clocks, and answers that did not arrive.

use atalaya::access::Role;
use atalaya::reports::{self, NewReport};
use formats::label::Tlp;
use store::{Id, args};

use crate::house::House;
use crate::messages::analyst;
use crate::reports::told;
use crate::triage::receive;

async fn due(house: &House, report: Id) -> Option<i64> {
    house.rows::<(Option<i64>,)>("select due_at from reports where id = $1", args![report]).await[0].0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_clock_makes_nothing_due_and_a_late_one_cannot_be_held() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let report = receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", "Odd page", "At 192.0.2.7.", "desk@shop.example") }).await;
        let (clock,): (Id,) = house.rows("select id from clocks where about = $1", args![report.id]).await.remove(0);
        let first = due(&house, report.id).await.expect("a promise runs");
        let _ = desk.post(&format!("/clocks/{clock}/pause"), &[("reason", "waiting-for-reporter")]).await.must(303);
        assert_eq!(due(&house, report.id).await, None, "on {}", house.on);
        house.later(60);
        let _ = desk.post(&format!("/clocks/{clock}/resumption"), &[]).await.must(303);
        assert!(due(&house, report.id).await.unwrap() >= first);

        house.later(14 * 24 * 60);
        let desk = house.login_as(Role::Analyst).await;
        let page = desk.get("/clocks").await.must(200);
        let missed = page.between("data-label=\"Late\">", "<");
        assert_eq!(missed, "1");
        let refused = desk.post(&format!("/clocks/{clock}/pause"), &[("reason", "waiting-for-reporter")]).await.must(409);
        assert!(refused.shows("late already"), "{}", refused.words());
        assert_eq!(desk.get("/clocks").await.must(200).between("data-label=\"Late\">", "<"), "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_did_not_arrive_is_due_until_another_goes_out() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let who = analyst(desk.person());
        let new = NewReport { acknowledge: false, ..told(&house.app, "form", "Strange mail", "See 192.0.2.7.", "gone@shop.example") };
        let report = receive(&house, new).await;
        house.sink.answer("gone@shop.example", "550 5.1.1 no such user");
        reports::answer(&house.app, &who, report.id, "What to do", "Do not open it.", Tlp::Green).await.unwrap();
        assert!(!desk.get("/clocks").await.must(200).shows("not delivered"));
        house.run_jobs().await;
        let page = desk.get("/clocks").await.must(200);
        assert!(page.shows("answer failed") && page.shows("What to do") && page.shows(&report.number), "on {}: {}", house.on, page.words());

        house.sink.answer("gone@shop.example", "");
        house.later(5);
        reports::answer(&house.app, &who, report.id, "Once more", "Do not open it.", Tlp::Green).await.unwrap();
        house.run_jobs().await;
        assert!(!desk.get("/clocks").await.must(200).shows("not delivered"));
    }
}
