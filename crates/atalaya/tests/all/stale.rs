//! Two people who save the same party or resource: the slower is told, both texts stand there, and nothing is overwritten.

use atalaya::access::Role;
use store::args;

use crate::house::{Answer, House};
use crate::messages::{organisation, story};

/// What the form was filled from, as it says itself.
fn seen(page: &Answer) -> String {
    if page.text().contains("name=\"seen\"") { page.input("seen") } else { String::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saves_an_older_page_of_a_party_is_told_and_overwrites_nothing() {
    for house in House::both().await {
        let story = story(&house).await;
        let (one, two) = (&story.browser, house.login_as(Role::Analyst).await);
        let at = format!("/cases/{}/parties/{}", story.case.number, story.norlink);
        let fields = |alias: &'static str, mail: &'static str, ceiling: &'static str, seen: &str| {
            [
                ("name", "Norlink Transit"),
                ("alias", alias),
                ("role", "intermediary"),
                ("mail", mail),
                ("reach", "mail"),
                ("language", "en"),
                ("ceiling", ceiling),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter()
            .chain([("seen".to_owned(), seen.to_owned())])
            .collect::<Vec<_>>()
        };
        let send = async |browser: &crate::house::Browser, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(&at, &fields).await
        };
        let now =
            async || house.rows::<(String, String, String)>("select alias, mail, ceiling from parties where id = $1", args![story.norlink]).await.remove(0);
        let first = seen(&one.get(&at).await.must(200));
        assert_eq!(first, seen(&two.get(&at).await.must(200)));
        let _ = send(one, fields("Alias 3", "security@norlink.example", "GREEN", &first)).await.must(303);
        // The same form once more is no other edit.
        let _ = send(one, fields("Alias 3", "security@norlink.example", "GREEN", &first)).await.must(303);
        let both = send(&two, fields("A carrier", "noc@norlink.example", "AMBER", &first)).await.must(409);
        for words in ["A carrier", "Alias 3", "security@norlink.example", "Somebody else"] {
            assert!(both.shows(words), "{words}: {}", both.words());
        }
        assert_eq!(both.input("alias"), "A carrier", "what was typed stands in the form");
        assert_eq!(both.input("mail"), "security@norlink.example", "what was not touched here stands as it was saved meanwhile");
        assert!(!both.shows("Mail address: yours") && both.shows("Alias: yours"), "{}", both.words());
        assert_eq!(now().await, ("Alias 3".into(), "security@norlink.example".into(), "GREEN".into()), "nothing was overwritten");
        let _ = send(&two, fields("A carrier", "security@norlink.example", "GREEN", &seen(&both))).await.must(303);
        assert_eq!(now().await, ("A carrier".into(), "security@norlink.example".into(), "GREEN".into()));
        // A mistake keeps what was typed, too.
        let wrong = send(&two, fields("Another word", "", "GREEN", &seen(&two.get(&at).await))).await.must(422);
        assert_eq!(wrong.input("alias"), "Another word", "{}", wrong.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saves_older_days_of_a_resource_is_told_and_overwrites_nothing() {
    for house in House::both().await {
        let organisation = organisation(&house, "North Cable", "192.0.2.0/25", "abuse@north.example").await;
        let id: store::Id = house.rows::<(store::Id,)>("select id from resources where organisation_id = $1", args![organisation]).await.remove(0).0;
        let (one, two) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let at = format!("/constituency/{organisation}/resources/{id}");
        let version = one.get(&at).await.must(200).input("version");
        assert_eq!(two.get(&at).await.must(200).input("version"), version);
        let _ = one.post(&at, &[("version", &version), ("from", "2024-02-01"), ("to", "")]).await.must(303);
        let _ = one.post(&at, &[("version", &version), ("from", "2024-02-01"), ("to", "")]).await.must(303);
        let both = two.post(&at, &[("version", &version), ("from", ""), ("to", "2026-10-31")]).await.must(409);
        assert!(both.shows("2024-02-01") && both.shows("2026-10-31") && both.shows("Somebody else"), "{}", both.words());
        let days = |page: &Answer| (page.input("from"), page.input("to"));
        assert_eq!(days(&one.get(&at).await), ("2024-02-01".into(), String::new()), "nothing was overwritten");
        let _ = two.post(&at, &[("version", &both.input("version")), ("from", "2024-02-01"), ("to", "2026-10-31")]).await.must(303);
        assert_eq!(days(&one.get(&at).await), ("2024-02-01".into(), "2026-10-31".into()));
    }
}
