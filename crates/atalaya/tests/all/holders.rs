//! Whoever holds the sources of a case takes part in it by one press, once, and learns of nobody else.

use atalaya::access::{Role, Who};
use atalaya::constituency;
use store::Id;

use crate::found::world;
use crate::house::{Browser, House, contact};

const PATH: &str = "/events/found";

async fn desk(house: &House, id: Id, mail: &str) {
    constituency::add_contact(&house.app, &Who::Operator, id, contact("Abuse desk", "abuse", mail)).await.unwrap();
}

/// The page of the case that is opened from what a filter finds.
async fn opened(analyst: &Browser, fields: &[(&str, &str)]) -> String {
    let answer = analyst.post(PATH, fields).await.must(303);
    answer.location().unwrap().split(['?', '#']).next().unwrap().to_owned()
}

async fn parties(house: &House) -> Vec<(String, String, String)> {
    house.rows("select name, role, coalesce(mail, '') from parties order by name", vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_holders_of_a_cases_sources_take_part_by_one_press_however_often_and_by_however_many() {
    for house in House::both().await {
        let [north, south] = world(&house).await;
        desk(&house, north, "abuse@north.example").await;
        let analyst = house.login_as(Role::Analyst).await;
        let case = opened(&analyst, &[("from", "2026-11-20"), ("title", "A flood"), ("of", "all")]).await;
        let told = (house.sink.mails().len(), house.ledger().await.len());
        assert!(analyst.get(&case).await.must(200).text().contains(&format!("{case}/holders")), "on {}", house.on);
        let page = analyst.get(&format!("{case}/holders")).await.must(200);
        let text = page.text();
        assert!(page.shows("North Cable") && page.shows("South Wave") && page.shows("abuse@north.example"), "{}", page.words());
        assert_eq!(text.matches("checked>").count(), 2, "both are chosen: {text}");
        assert!(text.contains("data-label=\"Events\">3<") && text.contains("data-label=\"Addresses\">2<"), "{text}");
        assert!(page.shows("Held by nobody we know") && page.shows("AS64502"), "{}", page.words());

        let path = format!("{case}/holders");
        let (north_id, south_id) = (north.to_string(), south.to_string());
        let _ = analyst.post(&path, &[("role", "source")]).await.must(422);
        let _ = analyst.post(&path, &[("role", "boss"), ("organisation", &north_id)]).await.must(422);
        let all = [("role", "source"), ("organisation", north_id.as_str()), ("organisation", south_id.as_str())];
        let other = house.login_as(Role::Analyst).await;
        let (one, two) = tokio::join!(analyst.post(&path, &all), other.post(&path, &all));
        let _ = (one.must(303), two.must(303));
        let _ = analyst.post(&path, &all).await.must(303);
        let there = parties(&house).await;
        let expected = [("North Cable", "source", "abuse@north.example"), ("South Wave", "source", "")];
        assert_eq!(there, expected.map(|(name, role, mail)| (name.to_owned(), role.to_owned(), mail.to_owned())), "on {}", house.on);
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "party.added").count(), 2, "on {}", house.on);
        assert!(analyst.get(&path).await.must(200).shows("All of them take part already"));

        // Nobody was told anything, and nobody sees that there is a case before it was written to.
        assert_eq!((house.sink.mails().len(), house.ledger().await.len()), told);
        let member = house.login_as_member_of(north).await;
        assert!(!member.get("/member").await.must(200).shows("A flood"));
        let _ = member.get(&path).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_chosen_events_has_their_holders_and_who_reads_one_mailbox_comes_in_once() {
    let house = House::sqlite().await;
    let [north, south] = world(&house).await;
    for id in [north, south] {
        desk(&house, id, "abuse@shared.example").await;
    }
    let analyst = house.login_as(Role::Analyst).await;
    let found = analyst.get("/events/found.jsonl?ip=203.0.113.0/24").await.must(200).text();
    let event = |ip: &str| {
        let all = found.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        all.filter(|one| one["ip"] == ip).map(|one| one["event"].as_str().unwrap().to_owned()).next().unwrap()
    };
    let (one, two) = (event("203.0.113.1"), event("203.0.113.200"));
    let case = opened(&analyst, &[("event", &one), ("title", "One of them")]).await;
    let page = analyst.get(&format!("{case}/holders")).await.must(200);
    assert!(page.shows("North Cable") && !page.shows("South Wave") && !page.shows("Held by nobody"), "{}", page.words());
    let both = opened(&analyst, &[("event", &one), ("event", &two), ("title", "Both")]).await;
    let (north_id, south_id) = (north.to_string(), south.to_string());
    let all = [("role", "source"), ("organisation", north_id.as_str()), ("organisation", south_id.as_str())];
    let answer = analyst.post(&format!("{both}/holders"), &all).await.must(303);
    let page = analyst.follow(answer).await;
    assert!(page.shows("South Wave is written to at the address of North Cable"), "{}", page.words());
    assert_eq!(parties(&house).await.len(), 1);

    // A case of another kind has none, and one that was merged away leaves its sources to the other.
    let plain = atalaya::cases::NewCase { kind: "incident".into(), title: "Plain".into(), ..atalaya::cases::NewCase::default() };
    let plain = atalaya::cases::open(&house.app, &Who::Operator, plain).await.unwrap();
    let path = format!("{}/holders", plain.path());
    assert!(!analyst.get(&plain.path()).await.must(200).text().contains("/holders"));
    assert!(analyst.get(&path).await.must(200).shows("Nobody holds these sources"));
    let number = case.rsplit('/').next().unwrap();
    let source: Vec<(Id,)> = house.rows("select id from cases where number = $1", store::args![number]).await;
    atalaya::cases::merge(&house.app, &Who::Operator, source[0].0, plain.id).await.unwrap();
    assert!(analyst.get(&path).await.must(200).shows("North Cable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_cannot_be_read_any_more_offers_nobody_instead_of_everybody() {
    let house = House::sqlite().await;
    let [north, _] = world(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let case = opened(&analyst, &[("from", "2026-11-20"), ("organisation", "North Cable"), ("title", "A flood"), ("of", "all")]).await;
    let page = analyst.get(&format!("{case}/holders")).await.must(200);
    assert!(page.shows("North Cable") && !page.shows("South Wave"), "{}", page.words());
    let one = constituency::get(&mut house.app.db.read().await.unwrap(), north).await.unwrap();
    let renamed = constituency::Details { name: "Other Cable".into(), ..constituency::Details::from(&one) };
    constituency::change(&house.app, &Who::Operator, north, one.version, renamed).await.unwrap();
    let page = analyst.get(&format!("{case}/holders")).await.must(409);
    assert!(!page.shows("South Wave") && page.shows("Add its parties by hand"), "{}", page.words());
}
