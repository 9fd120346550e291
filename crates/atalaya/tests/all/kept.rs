//! The share of promises kept: computed anew from anchor, calendar and pauses, so that a changed row changes nothing and shows.

use atalaya::access::Role;
use atalaya::cases::{self, NewCase};
use atalaya::reports::{self, NewReport};
use formats::label::Tlp;
use store::{Id, args};

use crate::house::House;
use crate::messages::analyst;
use crate::reports::told;
use crate::triage::receive;

#[tokio::test(flavor = "multi_thread")]
async fn kept_missed_open_and_void_are_counted_and_a_tampered_row_changes_nothing_and_is_named() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let who = analyst(desk.person());
        let report = async |title: &str| {
            receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", title, "At 192.0.2.7.", "desk@shop.example") }).await.id
        };
        let clock = async |report: Id| house.rows::<(Id,)>("select id from clocks where about = $1", args![report]).await.remove(0).0;
        let (kept, late, held, gone, held_and_kept) =
            (report("Kept").await, report("Late").await, report("Held").await, report("Gone").await, report("Held and kept").await);
        for one in [held, held_and_kept] {
            let _ = desk.post(&format!("/clocks/{}/pause", clock(one).await), &[("reason", "waiting-for-reporter")]).await.must(303);
        }
        reports::answer(&house.app, &who, kept, "What to do", "Do not open it.", Tlp::Green).await.unwrap();
        reports::reject(&house.app, &who, gone, "Spam.").await.unwrap();
        // Ten days later the one that was held is in time still, and the other is not.
        house.later(10 * 24 * 60);
        for one in [held_and_kept, late] {
            reports::answer(&house.app, &who, one, "What to do", "Do not open it.", Tlp::Green).await.unwrap();
        }
        let desk = house.login(desk.person()).await;
        let said = async || {
            let page = desk.get("/clocks").await.must(200);
            let cell = |label: &str| page.between(&format!("data-label=\"{label}\">"), "</td>").replace("<b>", "").replace("</b>", "");
            (cell("Kept"), cell("In time"), cell("Late"), cell("Open"), page.shows("differ from the calendar"))
        };
        let wanted = ("66 %".to_owned(), "2".to_owned(), "1".to_owned(), "1".to_owned());
        let (a, b, c, d, differ) = said().await;
        assert_eq!(((a, b, c, d), differ), (wanted.clone(), false), "on {}", house.on);
        // Somebody with the database in hand gives the late one another week.
        let (row, due) = (clock(late).await, house.app.now());
        let tampered = "update clocks set due_at = $2, state = 'kept' where id = $1";
        house
            .app
            .db
            .change("operator", async |tx| {
                tx.execute(tampered, args![row, due]).await?;
                tx.record(store::Record::new("clock.changed", "clock", row));
                Ok::<_, store::Error>(())
            })
            .await
            .unwrap();
        let (a, b, c, d, differ) = said().await;
        assert_eq!(((a, b, c, d), differ), (wanted, true), "on {}: what was promised decides", house.on);
        assert!(desk.get("/clocks").await.shows("1 differ from the calendar"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rejected_referred_or_given_up_too_late_was_missed_and_runs_again_when_that_is_taken_back() {
    for house in House::both().await {
        let who = analyst(house.login_as(Role::Analyst).await.person());
        let report = async |title: &str| {
            let new = NewReport { acknowledge: false, ..told(&house.app, "form", title, "At 192.0.2.7.", "desk@shop.example") };
            receive(&house, new).await.id
        };
        let states = async |about: Id| {
            let rows: Vec<(String,)> = house.rows("select state from clocks where about = $1", args![about]).await;
            rows.into_iter().map(|(state,)| state).collect::<Vec<_>>()
        };
        let (rejected, referred, abandoned, in_time) = (report("Rejected").await, report("Referred").await, report("Abandoned").await, report("In time").await);
        reports::reject(&house.app, &who, in_time, "Spam.").await.unwrap();
        assert_eq!(states(in_time).await, ["void"], "on {}", house.on);
        let new = NewCase { kind: "incident".into(), title: "Nothing".into(), reports: vec![abandoned], ..NewCase::default() };
        let case = cases::open(&house.app, &who, new).await.unwrap();
        house.later(10 * 24 * 60);
        reports::reject(&house.app, &who, rejected, "Spam.").await.unwrap();
        reports::refer(&house.app, &who, referred, "bank-team", "A bank.").await.unwrap();
        cases::abandon(&house.app, &who, case.id, "nothing in it").await.unwrap();
        for one in [rejected, referred, abandoned] {
            assert_eq!(states(one).await, ["missed"], "on {}", house.on);
        }
        reports::undo_reject(&house.app, &who, rejected).await.unwrap();
        cases::reopen(&house.app, &who, case.id, "there was").await.unwrap();
        for one in [rejected, abandoned] {
            assert_eq!(states(one).await, ["running"], "on {}: nobody has answered yet", house.on);
        }
    }
}
