//! Products that organisations say they run: theirs and the team's to read, and nobody else's.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use store::{Id, args};

use crate::advisories::technical;
use crate::house::House;
use crate::notices::two;

#[tokio::test(flavor = "multi_thread")]
async fn a_member_names_its_products_and_the_team_sees_who_did() {
    for house in House::both().await {
        technical(&house, "CLEAR").await.out().await;
        let (north, south) = two(&house).await;
        let (member, other) = (house.login_as_member_of(north).await, house.login_as_member_of(south).await);
        assert!(member.get("/member").await.must(200).links("/member/assets").contains(&"/member/assets".to_owned()));
        let page = member.get("/member/assets").await.must(200);
        assert!(page.shows("You have named none yet.") && page.text().contains("<option value=\"Example Gateway\">"), "on {}: {}", house.on, page.words());
        let runs = [("vendor", "Example  Vendor"), ("name", "Example Gateway"), ("version", "7.1"), ("cpe", ""), ("purl", "")];
        member.post("/member/assets", &runs).await.must(303);
        let again = member.post("/member/assets", &[("vendor", "example-vendor"), ("name", "EXAMPLE GATEWAY"), ("version", "7.1")]).await.must(422);
        assert!(
            again.shows("This product is there already") && again.text().contains("EXAMPLE GATEWAY"),
            "on {}: what was typed stays: {}",
            house.on,
            again.words()
        );
        let long = "x".repeat(201);
        for bad in [
            vec![("vendor", ""), ("name", "x")],
            vec![("vendor", "x"), ("name", " - ")],
            vec![("vendor", "x"), ("name", long.as_str())],
            vec![("vendor", "x"), ("name", "turned\u{202e}round")],
            vec![("vendor", "x"), ("name", "y"), ("cpe", "cpe:2.3:a:*:y:1")],
            vec![("vendor", "x"), ("name", "y"), ("cpe", "cpe:2.3:a:x:y:<script>\u{e9}")],
            vec![("vendor", "x"), ("name", "y"), ("purl", "javascript:alert(1)")],
        ] {
            member.post("/member/assets", &bad).await.must(422);
        }
        member.post("/member/assets", &[("vendor", "<b>x</b>"), ("name", "'; drop table assets --"), ("version", "=1+1")]).await.must(303);
        let page = member.get("/member/assets").await.must(200);
        assert!(page.text().contains("&#60;b&#62;x") && page.shows("'; drop table assets --"), "on {}", house.on);
        assert!(!other.get("/member/assets").await.must(200).shows("Example Vendor Example Gateway"), "on {}: another's are not there", house.on);
        let all: Vec<(Id, String)> = house.rows("select id, version from assets where organisation_id = $1 order by version", args![north]).await;
        let removal = format!("/member/assets/{}/removal", all[0].0);
        other.post(&removal, &[]).await.must(404);
        other.get(&format!("/constituency/{north}/assets")).await.must(404);
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get(&format!("/constituency/{north}")).await.must(200).shows("Products that it runs"));
        let at = format!("/constituency/{north}/assets");
        let page = analyst.get(&at).await.must(200);
        assert!(page.shows("Example Vendor Example Gateway") && page.shows("7.1") && page.shows("member"), "on {}: {}", house.on, page.words());
        analyst.post(&at, &[("vendor", "Other"), ("name", "Switch"), ("version", "")]).await.must(303);
        analyst.post(&at, &[("vendor", ""), ("name", "Switch")]).await.must(422);
        analyst.post(&format!("/constituency/{south}/assets/{}/removal", all[0].0), &[]).await.must(404);
        member.post(&removal, &[]).await.must(303);
        member.post(&removal, &[]).await.must(404);
        let page = member.get("/member/assets").await.must(200);
        assert!(page.shows("Other Switch"), "on {}: what the team entered is the member's to see: {}", house.on, page.words());
        let done = house.done().await;
        assert_eq!(done.iter().filter(|verb| *verb == "asset.declared").count(), 3, "on {}: {done:?}", house.on);
        assert!(done.iter().any(|verb| verb == "asset.ended"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_what_is_not_public_are_offered_to_the_team_alone() {
    let house = House::sqlite().await;
    let piece = technical(&house, "AMBER").await;
    piece.approved().await;
    crate::publications::press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    let (north, _) = two(&house).await;
    let offered = |text: &str| text.contains("<option value=\"Example Gateway\">");
    assert!(!offered(&house.login_as_member_of(north).await.get("/member/assets").await.must(200).text()));
    assert!(offered(&house.login_as(Role::Analyst).await.get(&format!("/constituency/{north}/assets")).await.must(200).text()));
}
