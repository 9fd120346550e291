//! What is published for constituents and not for everybody, as their members read it.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Who;
use atalaya::constituency::{self, Details};
use formats::label::Tlp;
use store::Id;

use crate::house::House;
use crate::publications::{Piece, begin, press};

async fn inside(house: &House, kind: &str, title: &str, label: &str) -> Piece {
    let piece = begin(house, kind, title).await;
    piece.facts(&[("label", label), ("severity", "high"), ("keys", "CVE-2026-30200"), ("review", "2027-05-31")]).await.must(303);
    piece.approved().await;
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    piece
}

async fn of(house: &House, ceiling: Tlp) -> Id {
    let id = house.organisation(&format!("Of {}", ceiling.as_str())).await;
    let one = constituency::get(&mut house.app.db.read().await.unwrap(), id).await.unwrap();
    if ceiling != one.ceiling {
        constituency::change(&house.app, &Who::Operator, id, one.version, Details { ceiling, ..Details::from(&one) }).await.unwrap();
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn members_read_what_their_label_lets_them_and_the_ledger_says_once_who_did() {
    for house in House::both().await {
        let (clear, green, amber) = (of(&house, Tlp::Clear).await, of(&house, Tlp::Green).await, of(&house, Tlp::Amber).await);
        inside(&house, "alert", "Routers with open port 7547", "GREEN").await;
        let piece = inside(&house, "guidance", "How we share", "AMBER").await;
        let (alert, guidance) = ("/member/publications/alerts/MLT-AL-2026-0001", "/member/publications/guidance/how-we-share");
        let everybody = house.visitor();
        everybody.get("/alerts/MLT-AL-2026-0001").await.must(404);
        everybody.get(alert).await.must(303);
        let (none, some, all) = (house.login_as_member_of(clear).await, house.login_as_member_of(green).await, house.login_as_member_of(amber).await);
        for (member, sees) in [(&none, [false, false]), (&some, [true, false]), (&all, [true, true])] {
            let list = member.get("/member/publications").await.must(200);
            for ((path, title), sees) in [(alert, "Routers with open port"), (guidance, "How we share")].into_iter().zip(sees) {
                assert_eq!(list.shows(title), sees, "on {}: {title} in {}", house.on, list.words());
                member.get(path).await.must(if sees { 200 } else { 404 });
            }
        }
        let page = all.get(alert).await.must(200);
        assert!(page.shows("TLP:GREEN") && page.shows("Block the port.") && !page.text().contains("rel=\"canonical\""), "on {}: {}", house.on, page.words());
        all.get("/member/publications/advisories/MLT-AL-2026-0001").await.must(404);
        all.get("/member/publications/nothing/x").await.must(404);
        house.login_as_member_of(amber).await.get(alert).await.must(200);
        let read: Vec<(String, i64, i64)> =
            house.rows("select label, version, count(*) from ledger where basis = 'constituent' group by label, version order by label", vec![]).await;
        assert_eq!(read, [("AMBER".to_owned(), 1, 1), ("GREEN".to_owned(), 1, 3)], "on {}: once for each person and version", house.on);
        // The next version is another thing to have read; what is above is gone for whom it is above.
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "We do it otherwise")]).await.must(303);
        let page = all.get(guidance).await.must(200);
        assert!(page.shows("Withdrawn") && page.shows("We do it otherwise"), "on {}: {}", house.on, page.words());
        let read: Vec<(i64,)> = house.rows("select count(*) from ledger where basis = 'constituent' and label = 'AMBER'", vec![]).await;
        assert_eq!(read[0].0, 2, "on {}", house.on);
        let mut reader = house.app.db.read().await.unwrap();
        let statement = |before| atalaya::publications::inside::statement(Tlp::Amber, before, 30);
        for before in [None, Some((house.app.now(), amber))] {
            let plan = reader.plan(statement(before)).await.unwrap();
            assert!(!plan.contains("TEMP B-TREE"), "on {}: {plan}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_goes_on_and_names_everything_once() {
    let house = House::sqlite().await;
    let amber = of(&house, Tlp::Amber).await;
    for place in 0..33 {
        inside(&house, "alert", &format!("Alert number {place:02} of many"), "GREEN").await;
    }
    let member = house.login_as_member_of(amber).await;
    let first = member.get("/member/publications").await.must(200);
    let next = first.links("/member/publications?before=").pop().expect("a next page");
    let second = member.get(&next).await.must(200);
    for place in 0..33 {
        let title = format!("Alert number {place:02} of many");
        assert_eq!(usize::from(first.shows(&title)) + usize::from(second.shows(&title)), 1, "{title}");
    }
    for odd in ["?before=x", "?before=1~2", "?told=9~", "?before=99999999999999999999~0"] {
        member.get(&format!("/member/publications{odd}")).await.must(200);
    }
}
