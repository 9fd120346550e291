//! A regional registry's list: who holds which numbers at which day, whatever order things moved in.

use std::collections::BTreeMap;

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, allocations};
use proptest::prelude::*;
use store::Id;

use crate::house::{House, instant};

/// A list of one day: value (in the notation of the list) and handle.
fn list(day: &str, records: &[(&str, &str)]) -> String {
    let mut text = format!("2|lacnic|{day}|{}|19840101|{day}|-0300\nlacnic|*|ipv4|*|1|summary\n", records.len());
    for (value, handle) in records {
        let (kind, start, many) = match value.split_once('/') {
            Some((start, len)) if start.contains(':') => ("ipv6", start, len.to_owned()),
            Some((start, len)) => ("ipv4", start, (1_u32 << (32 - len.parse::<u32>().unwrap())).to_string()),
            None => ("asn", value.trim_start_matches("AS"), "1".to_owned()),
        };
        text.push_str(&format!("lacnic|LS|{kind}|{start}|{many}|20200102|allocated|{handle}\n"));
    }
    text
}

async fn import(house: &House, text: &str) -> allocations::Done {
    allocations::import(&house.app, &Who::Operator, text.as_bytes(), true).await.expect("the list is imported")
}

/// The names of the holders of a value at noon of a day.
async fn holders(house: &House, value: &str, day: &str) -> Vec<String> {
    let observable = constituency::read_asked(value).expect(value);
    let mut reader = house.app.db.read().await.unwrap();
    let found = constituency::owners(&mut reader, &[observable], instant(&format!("{day}T12:00:00Z"))).await.unwrap();
    found.into_iter().map(|one| one.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_gives_moves_and_takes_back_and_the_past_stays_as_it_was() {
    for house in House::both().await {
        let first = import(&house, &list("20261101", &[("192.0.2.0/24", "h1"), ("2001:db8::/32", "h1"), ("AS64500", "h2")])).await;
        assert_eq!((first.plan.counts(), first.organisations), ((3, 0, 0, 0), 2), "on {}", house.on);
        let version = constituency::registry_version(&mut house.app.db.read().await.unwrap()).await.unwrap();
        let again = import(&house, &list("20261101", &[("192.0.2.0/24", "h1"), ("2001:db8::/32", "h1"), ("AS64500", "h2")])).await;
        assert_eq!((again.plan.counts(), again.plan.unchanged), ((0, 0, 0, 0), 3));
        let same = constituency::registry_version(&mut house.app.db.read().await.unwrap()).await.unwrap();
        assert_eq!(version, same, "a list that changes nothing makes nothing old");

        let second = import(&house, &list("20261110", &[("192.0.2.0/24", "h2"), ("2001:db8::/32", "h1")])).await;
        assert_eq!(second.plan.counts(), (0, 1, 1, 0));
        assert_eq!(holders(&house, "192.0.2.7", "2026-11-09").await, ["lacnic h1"]);
        assert_eq!(holders(&house, "192.0.2.7", "2026-11-10").await, ["lacnic h2"]);
        assert_eq!(holders(&house, "192.0.2.7", "2020-01-02").await, ["lacnic h1"], "since the day that the list says");
        assert!(holders(&house, "192.0.2.7", "2020-01-01").await.is_empty());
        assert_eq!(holders(&house, "AS64500", "2026-11-09").await, ["lacnic h2"]);
        assert!(holders(&house, "AS64500", "2026-11-10").await.is_empty(), "given back");
        assert!(constituency::registry_version(&mut house.app.db.read().await.unwrap()).await.unwrap() > version);
        let done = house.done().await;
        assert_eq!(done.iter().filter(|verb| *verb == "allocations.imported").count(), 2, "one entry for each list that changed something: {done:?}");

        let old = allocations::import(&house.app, &Who::Operator, list("20261105", &[("192.0.2.0/24", "h1")]).as_bytes(), false).await;
        assert!(old.unwrap_err().to_string().contains("2026-11-10"), "an older list undoes nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_cannot_be_read_cost_nothing_good_and_take_nothing_away() {
    let house = House::sqlite().await;
    import(&house, &list("20261101", &[("192.0.2.0/24", "h1"), ("198.51.100.0/24", "h2")])).await;
    let mut text = list("20261102", &[("203.0.113.0/24", "h3")]);
    text.push_str("lacnic|LS|ipv4|198.51.100.0|many|20200102|allocated|h2\nlacnic|LS|ipv4|192.0.2.0|256|20200102\nlacnic||ipv4|192.0.2.128|128||available|\n");
    text.push_str("lacnic|LS|asn|64500|4294967295|20200102|allocated|h1\nlacnic|LS|ipv6|2001:db8::1|32|20200102|allocated|h1\n");
    let done = import(&house, &text).await;
    assert_eq!(done.plan.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [4, 5, 7, 8]);
    assert_eq!(done.plan.counts(), (1, 0, 0, 0), "nothing is ended while a line might name it");
    assert_eq!(holders(&house, "198.51.100.7", "2026-11-02").await, ["lacnic h2"]);
    let odd = "2|lacnic|20261103|1|19840101|20261103|-0300\nlacnic|LS|ipv4|192.0.2.0|384|20200102|allocated|h1\nlacnic|LS|ipv4|198.51.100.0|256|20200102|allocated|h2\nlacnic|LS|ipv4|203.0.113.0|256|20200102|allocated|h3\n";
    import(&house, odd).await;
    assert_eq!(holders(&house, "192.0.3.100", "2026-11-03").await, ["lacnic h1"], "384 addresses are two prefixes");
    for text in ["", "name,sector\nA,internet\n", "2|lacnic|never|1|1|1|0\n"] {
        assert!(allocations::import(&house.app, &Who::Operator, text.as_bytes(), false).await.is_err(), "{text:?} is no list");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_gets_what_its_handle_has_and_gives_it_back_with_the_link() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let text = list("20261101", &[("192.0.2.0/24", "h1"), ("AS64500", "h1")]);
        let shown = analyst.upload("/constituency/allocations", &[("do", "preview")], &[("file", "list.txt", "text/plain", text.as_bytes())]).await.must(200);
        assert!(shown.shows("2 added, 0 moved, 0 ended"));
        assert!(holders(&house, "192.0.2.7", "2026-11-02").await.is_empty(), "a preview changes nothing");
        analyst.upload("/constituency/allocations", &[("do", "import")], &[("file", "list.txt", "text/plain", text.as_bytes())]).await.must(303);
        assert!(holders(&house, "192.0.2.7", "2026-11-02").await.is_empty(), "nobody is linked yet");

        let north = house.organisation("North Cable").await;
        let path = format!("/constituency/{north}/handles");
        let _ = analyst.post(&path, &[("registry", "lacnic"), ("handle", "h9")]).await.must(422);
        let _ = analyst.post(&path, &[("registry", "lacnic"), ("handle", "h1")]).await.must(303);
        assert_eq!(holders(&house, "192.0.2.7", "2026-11-02").await, ["North Cable"]);
        let page = analyst.get(&format!("/constituency/{north}")).await.must(200);
        assert!(page.shows("AS64500") && page.shows("lacnic"));
        let south = house.organisation("South Wireless").await;
        let _ = analyst.post(&format!("/constituency/{south}/handles"), &[("registry", "lacnic"), ("handle", "h1")]).await.must(409);
        let _ = analyst.post(&path, &[("registry", "lacnic"), ("handle", "h1"), ("do", "end")]).await.must(303);
        assert!(holders(&house, "192.0.2.7", "2026-11-02").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_organisation_has_a_number_of_its_own() {
    for house in House::both().await {
        let ids: Vec<Id> = vec![house.organisation("One").await, house.organisation("Two").await, house.organisation("Three").await];
        let mut reader = house.app.db.read().await.unwrap();
        let mut numbers = Vec::new();
        for id in &ids {
            numbers.push(constituency::number_of(&mut reader, *id).await.unwrap());
        }
        assert_eq!(numbers, [1, 2, 3], "on {}", house.on);
        let named = constituency::numbered(&mut reader, &[3, 1, 99]).await.unwrap();
        assert_eq!(named.iter().map(|one| (one.number, one.name.as_str())).collect::<Vec<_>>(), [(1, "One"), (3, "Three")]);
    }
}

const VALUES: [&str; 4] = ["192.0.2.0/24", "198.51.100.0/25", "2001:db8:7::/48", "AS64500"];

/// What a list of each day says: for each value nobody or one of three handles.
fn days() -> impl Strategy<Value = Vec<[Option<u8>; 4]>> {
    proptest::collection::vec(proptest::array::uniform4(proptest::option::of(0_u8..3)), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn at_every_day_the_holder_is_the_one_that_the_list_of_that_day_names(days in days()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = House::sqlite().await;
            let mut told: BTreeMap<String, [Option<u8>; 4]> = BTreeMap::new();
            for (at, given) in days.iter().enumerate() {
                let day = format!("2026-11-{:02}", 2 + at);
                let names: Vec<String> = given.iter().map(|handle| handle.map(|handle| format!("h{handle}")).unwrap_or_default()).collect();
                let mut records: Vec<(&str, &str)> = VALUES.iter().copied().zip(names.iter().map(String::as_str)).filter(|(_, name)| !name.is_empty()).collect();
                // A list of nothing is no list.
                records.push(("203.0.113.0/24", "rest"));
                import(&house, &list(&day.replace('-', ""), &records)).await;
                told.insert(day, *given);
            }
            for (day, given) in &told {
                for (value, handle) in VALUES.iter().zip(given) {
                    let expected: Vec<String> = handle.iter().map(|handle| format!("lacnic h{handle}")).collect();
                    let inside = value.split('/').next().unwrap();
                    assert_eq!(holders(&house, inside, day).await, expected, "{value} on {day} of {days:?}");
                }
            }
        });
    }
}
