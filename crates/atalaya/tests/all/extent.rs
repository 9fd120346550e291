//! What a case has hit: older versions can be read, and what crosses borders and sectors follows from all that is known.

use atalaya::access::{Role, Who};
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, NewCase};
use atalaya::constituency::{self, Details};
use formats::label::Tlp;
use store::Id;

use crate::house::House;
use crate::messages::analyst;

async fn organisation(house: &House, name: &str, sector: &str, country: &str) -> Id {
    let details = Details {
        name: name.into(),
        sector: sector.into(),
        status: "registered".into(),
        country: country.into(),
        language: "en".into(),
        ceiling: Tlp::Amber,
        note: String::new(),
    };
    constituency::add(&house.app, &Who::Operator, details).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_of_an_extent_can_be_read_with_who_wrote_it() {
    for house in House::both().await {
        let (one, two) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let new = NewCase { kind: "incident".into(), title: "Routers".into(), ..NewCase::default() };
        let case = cases::open(&house.app, &analyst(one.person()), new).await.unwrap();
        let at = format!("{}/extent", case.path());
        assert!(!one.get(&at).await.must(200).shows("Versions before"));
        let _ = one.post(&at, &[("version", "0"), ("items", "asset: CPE routers x 37")]).await.must(303);
        let _ = two.post(&at, &[("version", "1"), ("items", "asset: CPE routers x 40\naccount: operators x 2")]).await.must(303);
        let _ = two.post(&at, &[("version", "2"), ("items", "account: operators x 2")]).await.must(303);
        let page = one.get(&at).await.must(200);
        for words in ["Versions before", "Version 1", "CPE routers x 37", "analyst 1", "Version 2", "CPE routers x 40", "analyst 2"] {
            assert!(page.shows(words), "{words}: {}", page.words());
        }
        assert!(!page.shows("Version 3"), "the newest stands in the form: {}", page.words());
        // A line that cannot be read does not take what was saved meanwhile for seen.
        let back = one.post(&at, &[("version", "1"), ("items", "nonsense")]).await.must(422);
        assert_eq!(back.input("version"), "1", "on {}", house.on);
        let late = one.post(&at, &[("version", "1"), ("items", "asset: CPE routers x 41")]).await.must(409);
        assert_eq!(late.input("version"), "3", "on {}: both are on the page now", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_crosses_borders_and_sectors_follows_from_parties_and_registry_at_once() {
    for house in House::both().await {
        let browser = house.login_as(Role::Analyst).await;
        let who = analyst(browser.person());
        let (here, abroad) = (organisation(&house, "North Cable", "internet", "LS").await, organisation(&house, "Far Wireless", "mobile", "ZA").await);
        let new = NewCase { kind: "incident".into(), title: "Routers".into(), ..NewCase::default() };
        let case = cases::open(&house.app, &who, new).await.unwrap();
        let flags = async || {
            let page = browser.get(&case.path()).await.must(200);
            (page.shows("crosses borders"), page.shows("crosses sectors"))
        };
        let add = async |organisation: Id, role: &str| {
            parties::add(&house.app, &who, case.id, NewParty { organisation: Some(organisation), role: role.into(), ..NewParty::default() }).await.unwrap()
        };
        add(here, "target").await;
        assert_eq!(flags().await, (false, false), "one country, one sector");
        // Who only carries it is not hit.
        let carrier = add(abroad, "intermediary").await;
        assert_eq!(flags().await, (false, false));
        parties::remove(&house.app, &who, carrier).await.unwrap();
        add(abroad, "target").await;
        assert_eq!(flags().await, (true, true), "a target in another country and sector");

        // The same through what is named in the extent, and by country alone.
        let new = NewCase { kind: "incident".into(), title: "Again".into(), ..NewCase::default() };
        let case = cases::open(&house.app, &who, new).await.unwrap();
        let at = case.path();
        let flags = async || {
            let page = browser.get(&at).await.must(200);
            (page.shows("crosses borders"), page.shows("crosses sectors"))
        };
        let extent = async |version: &str, items: &str| {
            let _ = browser.post(&format!("{at}/extent"), &[("version", version), ("items", items)]).await.must(303);
        };
        extent("0", "organisation: north cable\ncountry: ls").await;
        assert_eq!(flags().await, (false, false), "the same country twice is one");
        extent("1", "organisation: north cable\norganisation: Far Wireless").await;
        assert_eq!(flags().await, (true, true));
        extent("2", "organisation: North Cable\ncountry: ZA").await;
        assert_eq!(flags().await, (true, false));
    }
}
