//! Constituency: who held what at a date, contacts, import, and the pages.

use std::collections::HashSet;
use std::net::IpAddr;

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, ContactDetails, Details, Held, days};
use atalaya::reports;
use formats::net::Prefix;
use formats::observable::{Kind, Observable};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use store::Id;

use crate::house::{House, contact};
use crate::reports::told;

async fn organisation(house: &House, name: &str) -> Id {
    let details = Details { name: name.into(), sector: "internet".into(), ..Details::fresh(&house.app.profile) };
    constituency::add(&house.app, &Who::Operator, details).await.expect("an organisation is added")
}

fn held(value: &str, from: Option<&str>, to: Option<&str>) -> Held {
    let day = |text: &str| text.parse::<Date>().expect("a date");
    Held { kind: String::new(), value: value.into(), from: from.map(day), to: to.map(day), source: "test" }
}

async fn holds(house: &House, organisation: Id, value: &str, from: Option<&str>, to: Option<&str>) -> Id {
    constituency::add_resource(&house.app, &Who::Operator, organisation, held(value, from, to)).await.expect(value)
}

/// Name and reason of every match.
async fn whose(house: &House, what: &str, at: &str) -> Vec<(String, String)> {
    let observable = constituency::read_asked(what).expect(what);
    let mut reader = house.app.db.read().await.expect("a reader");
    let found = constituency::owners(&mut reader, &[observable], at.parse().expect("an instant")).await.expect("an answer");
    found.into_iter().map(|one| (one.name, one.reason)).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, reason)| ((*name).to_owned(), (*reason).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_finds_every_holder_at_that_date_the_most_specific_first() {
    for house in House::both().await {
        let (north, south, gov) =
            (organisation(&house, "North Cable").await, organisation(&house, "South Wireless").await, organisation(&house, "Ministry").await);
        holds(&house, north, "203.0.113.0/24", Some("2024-02-01"), Some("2025-12-31")).await;
        holds(&house, south, "203.0.113.0/24", Some("2025-06-01"), None).await;
        holds(&house, north, "203.0.112.0/22", None, None).await;
        holds(&house, north, "AS64501", Some("2024-02-01"), None).await;
        holds(&house, south, "2001:db8:7::/48", Some("2024-02-01"), None).await;
        holds(&house, gov, "gov.example", Some("2024-02-01"), None).await;
        holds(&house, north, "cable.gov.example", Some("2024-02-01"), None).await;

        let both = [
            ("North Cable", "prefix 203.0.113.0/24 held from 2024-02-01 until 2025-12-31"),
            ("South Wireless", "prefix 203.0.113.0/24 held since 2025-06-01"),
            ("North Cable", "prefix 203.0.112.0/22"),
        ];
        assert_eq!(whose(&house, "203.0.113.7", "2025-07-01T00:00:00Z").await, pairs(&both), "two holders of one prefix both appear");
        assert_eq!(whose(&house, "203.0.113.7", "2024-01-31T23:59:59Z").await, pairs(&both[2..]), "the last instant before the first day");
        assert_eq!(whose(&house, "203.0.113.7", "2024-02-01T00:00:00Z").await.len(), 2, "the first instant of the first day");
        assert_eq!(whose(&house, "203.0.113.7", "2025-12-31T23:59:59.999999Z").await.len(), 3, "the last instant of the last day");
        assert_eq!(whose(&house, "203.0.113.7", "2026-01-01T00:00:00Z").await, pairs(&both[1..]), "the first instant after the last day");

        let at = "2025-01-01T12:00:00Z";
        assert_eq!(
            whose(&house, "203.0.113.128/25", at).await,
            pairs(&[("North Cable", "inside prefix 203.0.113.0/24 held from 2024-02-01 until 2025-12-31"), ("North Cable", "inside prefix 203.0.112.0/22")])
        );
        assert_eq!(whose(&house, "203.0.112.0/22", at).await, pairs(&[("North Cable", "prefix 203.0.112.0/22")]));
        assert_eq!(whose(&house, "203.0.111.0-203.0.112.9", at).await, pairs(&[("North Cable", "inside prefix 203.0.112.0/22")]));
        assert_eq!(whose(&house, "as64501", at).await, pairs(&[("North Cable", "AS64501 held since 2024-02-01")]));
        let names = [("North Cable", "domain cable.gov.example held since 2024-02-01"), ("Ministry", "domain gov.example held since 2024-02-01")];
        assert_eq!(whose(&house, "https://www.cable.gov.example:8443/x?y=1", at).await, pairs(&names));
        assert_eq!(whose(&house, "someone@mail.gov.example", at).await, pairs(&names[1..]));
        assert_eq!(whose(&house, "https://[2001:db8:7::1]/", at).await, pairs(&[("South Wireless", "prefix 2001:db8:7::/48 held since 2024-02-01")]));
        assert_eq!(whose(&house, "nogov.example", at).await, [], "a name that only ends alike is somebody else's");

        let mut reader = house.app.db.read().await.unwrap();
        let asked: Vec<Observable> = ["192.0.2.1", "203.0.113.7", "AS64501"].iter().map(|text| constituency::read_asked(text).unwrap()).collect();
        let found = constituency::owners(&mut reader, &asked, at.parse().unwrap()).await.unwrap();
        assert_eq!(found.iter().map(|one| (one.observable, one.place)).collect::<Vec<_>>(), [(1, 0), (1, 1), (2, 0)]);
    }
}

// ---- the property -------------------------------------------------------------------------------

#[derive(Clone, Debug)]
struct Claim {
    organisation: usize,
    value: String,
    from: Option<i16>,
    to: Option<i16>,
}

fn day(offset: i16) -> Date {
    Date::constant(2024, 1, 1).checked_add(jiff::Span::new().days(i64::from(offset))).unwrap()
}

/// Few values, nested in each other, so that every case has matches.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u8..4, 8_u8..=32).prop_map(|(last, len)| Prefix::new(IpAddr::from([192, 0, 2, last * 64]), len).unwrap().to_string()),
        (0_u16..4, 16_u8..=128).prop_map(|(part, len)| Prefix::new(IpAddr::from([0x2001, 0xdb8, part, 0, 0, 0, 0, 1]), len).unwrap().to_string()),
        (64496_u32..64500).prop_map(|asn| format!("AS{asn}")),
        name(),
    ]
}

fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof!["a", "b", "ab"], 0..3)
        .prop_map(|labels| labels.into_iter().chain(["corp.example".to_owned()]).collect::<Vec<_>>().join("."))
}

fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let one = (0_usize..4, value(), proptest::option::of(0_i16..30), proptest::option::of(0_i16..30));
    let one = one.prop_map(|(organisation, value, from, to)| Claim { organisation, value, from, to: to.map(|to| to.max(from.unwrap_or(0))) });
    proptest::collection::vec(one, 1..24)
}

fn observable() -> impl Strategy<Value = Observable> {
    let made = |kind, text: String| Observable::new(kind, &text).unwrap();
    prop_oneof![
        any::<u8>().prop_map(move |last| made(Kind::Ip, format!("192.0.2.{last}"))),
        (0_u16..4, 0_u16..3).prop_map(move |(part, last)| made(Kind::Ip, format!("2001:db8:{part}::{last}"))),
        (any::<u8>(), 12_u8..=31).prop_map(move |(last, len)| made(Kind::Cidr, Prefix::new(IpAddr::from([192, 0, 2, last]), len).unwrap().to_string())),
        (0_u8..200, 1_u8..50).prop_map(move |(low, more)| made(Kind::Range, format!("192.0.2.{low}-192.0.2.{}", low + more))),
        (64495_u32..64501).prop_map(move |asn| made(Kind::Asn, format!("AS{asn}"))),
        name().prop_map(move |name| made(Kind::Domain, name)),
        name().prop_map(move |name| made(Kind::Url, format!("https://x@{name}:8080/a?b=c@d"))),
        name().prop_map(move |name| made(Kind::Mail, format!("someone@www.{name}"))),
        Just(made(Kind::Url, "http://192.0.2.77/".into())),
        Just(made(Kind::Cve, "CVE-2024-12345".into())),
    ]
}

/// The naive scan: does this claim hold what was observed, and how specific is it?
fn specific(observable: &Observable, claim: &str) -> Option<usize> {
    let host = |text: &str| text.rsplit('@').next().unwrap().split([':', '/']).next().unwrap().to_owned();
    let named = |name: &str| (name == claim || name.ends_with(&format!(".{claim}"))).then_some(claim.len());
    let inside = |low: IpAddr, high: IpAddr| {
        let prefix: Prefix = claim.contains('/').then(|| claim.parse().ok())??;
        (prefix.contains(low) && prefix.contains(high)).then_some(usize::from(prefix.len()))
    };
    let value = observable.value.as_str();
    match observable.kind {
        Kind::Ip => inside(value.parse().unwrap(), value.parse().unwrap()),
        Kind::Cidr => {
            let prefix: Prefix = value.parse().unwrap();
            inside(prefix.address(), prefix.last())
        }
        // A range is several networks: a holder of any of them is meant.
        Kind::Range => {
            let (low, high) = value.split_once('-').unwrap();
            let pieces = Prefix::from_range(low.parse().unwrap(), high.parse().unwrap());
            pieces.into_iter().find_map(|piece| inside(piece.address(), piece.last()))
        }
        Kind::Asn => (value == claim).then_some(0),
        Kind::Domain => named(value),
        Kind::Url if value.starts_with("http://192") => inside("192.0.2.77".parse().unwrap(), "192.0.2.77".parse().unwrap()),
        Kind::Url => named(&host(value.trim_start_matches("https://").split('/').next().unwrap())),
        Kind::Mail => named(&host(value)),
        _ => None,
    }
}

type Asked = (usize, Vec<Claim>, Vec<Observable>, i16);

async fn agrees(house: &House, (case, claims, observables, at): Asked) {
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push((organisation(house, &format!("Case {case} number {n}")).await, n));
    }
    let mut kept: Vec<Claim> = Vec::new();
    for claim in claims {
        let wanted = Held { kind: String::new(), value: claim.value.clone(), from: claim.from.map(day), to: claim.to.map(day), source: "test" };
        if constituency::add_resource(&house.app, &Who::Operator, ids[claim.organisation].0, wanted).await.is_ok() {
            kept.push(claim);
        }
    }
    let at: Timestamp = days::starts(Some(day(at))).unwrap();
    let mut reader = house.app.db.read().await.unwrap();
    let mut found = constituency::owners(&mut reader, &observables, at).await.unwrap();
    found.retain(|one| ids.iter().any(|(id, _)| *id == one.organisation));
    let holds = |claim: &Claim| {
        claim.from.is_none_or(|from| days::starts(Some(day(from))).unwrap() <= at) && claim.to.is_none_or(|to| days::ends(Some(day(to))).unwrap().unwrap() > at)
    };
    for (n, observable) in observables.iter().enumerate() {
        let mut expected: Vec<(usize, String)> = Vec::new();
        for claim in kept.iter().filter(|claim| holds(claim) && specific(observable, &claim.value).is_some()) {
            expected.push((claim.organisation, claim.value.clone()));
        }
        let matches: Vec<_> = found.iter().filter(|one| one.observable == n).collect();
        let mut got: Vec<(usize, String)> =
            matches.iter().map(|one| (ids.iter().find(|(id, _)| *id == one.organisation).unwrap().1, one.resource.clone())).collect();
        got.sort();
        expected.sort();
        assert_eq!(got, expected, "{observable:?} at {at} among {kept:?}");
        let order: Vec<usize> = matches.iter().map(|one| specific(observable, &one.resource).unwrap()).collect();
        assert!(order.is_sorted_by(|a, b| a >= b), "{observable:?}: {order:?} is not the most specific first");
        let places: Vec<i64> = matches.iter().map(|one| one.place).collect();
        assert!(places.is_sorted(), "{places:?}");
        parts_agree(&mut reader, observable, at, &kept.iter().filter(|claim| holds(claim)).map(|claim| claim.value.as_str()).collect::<Vec<_>>()).await;
    }
    for wide in ["0.0.0.0/0", "128.0.0.0/1", "192.0.0.0/7", "192.0.0.0/8", "192.0.0.0/2", "::/0", "2000::/3", "2001::/16", "191.255.255.0-192.0.2.129"] {
        let wide = constituency::read_asked(wide).unwrap();
        parts_agree(&mut reader, &wide, at, &kept.iter().filter(|claim| holds(claim)).map(|claim| claim.value.as_str()).collect::<Vec<_>>()).await;
    }
}

/// The parts of a network, however wide, are those that a scan finds; with a bound, the first of them.
async fn parts_agree(reader: &mut store::Reader, observable: &Observable, at: Timestamp, held: &[&str]) {
    let pieces = match observable.kind {
        Kind::Cidr => vec![observable.value.parse::<Prefix>().unwrap()],
        Kind::Range => {
            let (low, high) = observable.value.split_once('-').unwrap();
            Prefix::from_range(low.parse().unwrap(), high.parse().unwrap())
        }
        _ => vec![],
    };
    let prefixes = held.iter().filter(|value| value.contains('/')).map(|value| value.parse::<Prefix>().unwrap());
    let mut expected: Vec<Prefix> = prefixes.filter(|prefix| pieces.iter().any(|piece| piece != prefix && piece.covers(prefix))).collect();
    expected.sort_by_key(|prefix| (prefix.bounds().0, prefix.len()));
    for most in [100, 3, 1] {
        let found = constituency::holders_inside(reader, observable, at, most).await.unwrap();
        let found: Vec<String> = found.into_iter().map(|one| one.resource).collect();
        let expected: Vec<String> = expected.iter().take(most).map(ToString::to_string).collect();
        assert_eq!(found, expected, "{observable:?} at {at}, up to {most}, among {held:?}");
    }
}

fn try_all(house: &House, cases: u32) {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = (claims(), proptest::collection::vec(observable(), 1..12), 0_i16..32);
    for case in 0..cases {
        let (claims, observables, at) = strategy.new_tree(&mut runner).unwrap().current();
        let asked = (usize::try_from(case).unwrap(), claims, observables, at);
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                agrees(house, asked).await;
                // Each case begins with nothing registered.
                house
                    .app
                    .db
                    .change("operator", async |tx| {
                        tx.execute("delete from resources", vec![]).await?;
                        tx.record(store::Record::new("test.cleared", "test", tx.new_id()));
                        Ok::<_, store::Error>(())
                    })
                    .await
                    .unwrap();
            })
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_look_up_agrees_with_a_naive_scan_on_sqlite() {
    try_all(&House::sqlite().await, 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_look_up_agrees_with_a_naive_scan_on_postgresql() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_none() {
        try_all(&House::postgres().await, 16);
    }
}

// ---- contacts -----------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn the_best_contact_is_chosen_with_its_reason() {
    for house in House::both().await {
        let (app, id) = (&house.app, organisation(&house, "North Cable").await);
        let abuse = constituency::add_contact(app, &Who::Operator, id, contact("Abuse desk", "abuse", "Abuse@North.example")).await.unwrap();
        constituency::add_contact(app, &Who::Operator, id, contact("Network operations", "noc", "noc@north.example")).await.unwrap();
        let gone = ContactDetails { to: Some("2025-12-31".parse().unwrap()), ..contact("Old security", "security", "old@north.example") };
        constituency::add_contact(app, &Who::Operator, id, gone).await.unwrap();
        let best = async |function: &str| {
            let mut reader = house.app.db.read().await.unwrap();
            let (now, function) = (reader.now(), function.to_owned());
            let known = constituency::contacts_of(&mut reader, &[id]).await.unwrap();
            let constituency::Choice { contact, why } = constituency::choose_for(&known, now, &function);
            let contact = contact.unwrap();
            (contact.name, why)
        };
        assert_eq!(best("abuse").await, ("Abuse desk".into(), "Its abuse contact.".into()));
        assert_eq!(best("security").await, ("Abuse desk".into(), "It has no security contact; its abuse contact stands in.".into()));
        let mut reader = app.db.read().await.unwrap();
        let known = constituency::contact_by_mail(&mut reader, "ABUSE@north.example").await.unwrap().unwrap();
        assert_eq!(known.id, abuse);
        assert!(constituency::contact_by_mail(&mut reader, "old@north.example").await.unwrap().is_none(), "a contact of the past speaks for nobody");
        drop(reader);

        app.db.change("job:test", async |tx| constituency::mark_bounced(tx, abuse, "550 no such user").await).await.unwrap();
        assert_eq!(best("abuse").await, ("Network operations".into(), "Mail to its abuse contact came back on 2026-11-23; its noc contact stands in.".into()));
        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get(&format!("/constituency/{id}")).await.must(200);
        assert!(page.shows("Mail came back") && page.shows("550 no such user"), "{}", page.words());
        assert!(analyst.get("/constituency").await.must(200).shows("mail came back"));
        analyst.post(&format!("/constituency/{id}/contacts/{abuse}/bounce"), &[]).await.must(303);
        assert_eq!(best("abuse").await.0, "Abuse desk");
        assert!(house.done().await.ends_with(&["contact.bounced".into(), "person.added".into(), "contact.bounce_cleared".into()]));
    }
}

// ---- pages --------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_kept_by_hand_from_the_first_word_to_its_history() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/constituency").await.must(200).shows("Nobody is registered yet"));
        let bad =
            analyst.post("/constituency/new", &[("name", "North Cable"), ("status", "registered"), ("language", "en"), ("country", "Lesotho")]).await.must(422);
        assert!(bad.shows("Choose a sector") && bad.shows("two letters") && bad.text().contains("href=\"#sector\""), "{}", bad.words());
        assert_eq!(bad.input("name"), "North Cable", "what was typed is kept");
        let made = analyst
            .post(
                "/constituency/new",
                &[("name", " North  Cable "), ("sector", "internet"), ("status", "registered"), ("language", "en"), ("country", "ls"), ("ceiling", "GREEN")],
            )
            .await
            .must(303);
        let at = made.location().unwrap();
        let twice =
            analyst.post("/constituency/new", &[("name", "North Cable"), ("sector", "post"), ("status", "outside"), ("language", "en")]).await.must(409);
        assert!(twice.shows("There is an organisation named “North Cable” already"), "{}", twice.words());

        let wrong = analyst.post(&format!("{at}/resources/new"), &[("value", "192.0.2.7/24")]).await.must(422);
        assert!(wrong.shows("did you mean 192.0.2.0/24?"), "{}", wrong.words());
        for (value, from) in [("203.0.113.0/24", "2024-02-01"), ("as64501", ""), ("WWW.North.Example.", ""), ("2001:DB8:1::/48", "2025-01-01")] {
            analyst.post(&format!("{at}/resources/new"), &[("value", value), ("from", from)]).await.must(303);
        }
        let twice = analyst.post(&format!("{at}/resources/new"), &[("value", "AS64501"), ("from", "2025-01-01")]).await.must(422);
        assert!(twice.shows("It holds AS64501 already"), "{}", twice.words());
        let bad = analyst
            .post(
                &format!("{at}/contacts/new"),
                &[("contact_name", "Desk"), ("function", "abuse"), ("reach", "mail"), ("contact_language", "en"), ("from", "soon")],
            )
            .await
            .must(422);
        assert!(bad.shows("Write the mail address") && bad.shows("“soon” is not a date"), "{}", bad.words());
        let print = "0123 4567 89AB CDEF 0123  4567 89ab cdef 0123 4567";
        let good = [
            ("contact_name", "Desk"),
            ("function", "abuse"),
            ("reach", "mail"),
            ("contact_language", "en"),
            ("mail", "Abuse@north.example"),
            ("key_fingerprint", print),
        ];
        analyst.post(&format!("{at}/contacts/new"), &good).await.must(303);
        let page = analyst.get(&at).await.must(200);
        for words in [
            "North Cable",
            "203.0.113.0/24",
            "since 2024-02-01",
            "AS64501",
            "start not known",
            "www.north.example",
            "2001:db8:1::/48",
            "abuse@north.example",
            "0123456789ABCDEF0123456789ABCDEF01234567",
            "TLP:GREEN",
        ] {
            assert!(page.shows(words), "{words}: {}", page.words());
        }

        // The prefix moves: it ends here, and the look-up still finds the old holder at the old date.
        let mut resource = String::new();
        for link in page.links(&format!("{at}/resources/")) {
            if analyst.get(&link).await.shows("Days of 203.0.113.0/24") {
                resource = link;
            }
        }
        let version = analyst.get(&resource).await.must(200).input("version");
        analyst.post(&resource, &[("from", "2024-02-01"), ("to", "2026-06-30"), ("version", &version)]).await.must(303);
        let version = analyst.get(&resource).await.must(200).input("version");
        assert!(analyst.post(&resource, &[("from", "2024-02-01"), ("to", "2023-06-30"), ("version", &version)]).await.must(422).shows("is before the first"));
        let other = organisation(&house, "South Wireless").await;
        holds(&house, other, "203.0.113.0/24", Some("2026-07-01"), None).await;
        let then = analyst.get("/constituency?resource=203.0.113.9&at=2026-06-30").await.must(200);
        assert!(then.shows("prefix 203.0.113.0/24 held from 2024-02-01 until 2026-06-30") && !then.shows("held since 2026-07-01"), "{}", then.words());
        let now = analyst.get("/constituency?resource=hxxp://203.0.113%5B.%5D9/x").await.must(200);
        assert!(now.shows("prefix 203.0.113.0/24 held since 2026-07-01") && !now.shows("until 2026-06-30"), "{}", now.words());
        assert!(analyst.get("/constituency?resource=198.51.100.1").await.must(200).shows("Nobody in the registry held 198.51.100.1"));
        assert!(analyst.get("/constituency?resource=what%20is%20this").await.must(422).shows("is no address"));

        let history = analyst.get(&at).await.must(200).words();
        for words in [
            "Organisation added",
            "Resource added 203.0.113.0/24 · since 2024-02-01",
            "Resource ended 203.0.113.0/24 · from 2024-02-01 until 2026-06-30",
            "Contact added Desk",
        ] {
            assert!(history.contains(words), "{words}: {history}");
        }
        let domain = page.links(&format!("{at}/resources/")).into_iter().rfind(|link| !link.ends_with("/new")).unwrap();
        analyst.post(&format!("{domain}/removal"), &[]).await.must(303);
        assert!(analyst.get(&at).await.words().contains("Resource removed"));
        assert_eq!(analyst.get(&domain).await.status, 404);
        assert_eq!(house.login_as(Role::Auditor).await.get(&at).await.status, 404, "who may not see is told that there is nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_one_organisation_are_told_and_lose_nothing() {
    for house in House::both().await {
        let id = organisation(&house, "North Cable").await;
        let (one, two) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let at = format!("/constituency/{id}/edit");
        let seen = one.get(&at).await.must(200).input("version");
        let said = |note: &'static str, version: &str| {
            let fixed = [("name", "North Cable"), ("sector", "internet"), ("status", "registered"), ("language", "en"), ("ceiling", "AMBER"), ("note", note)];
            fixed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).chain([("version".to_owned(), version.to_owned())]).collect::<Vec<_>>()
        };
        let post = async |browser: &crate::house::Browser, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(&format!("/constituency/{id}/edit"), &fields).await
        };
        post(&two, said("Call before noon", &seen)).await.must(303);
        let stale = post(&one, said("Writes English only", &seen)).await.must(409);
        assert!(stale.shows("Somebody else has changed this organisation meanwhile"), "{}", stale.words());
        assert!(stale.shows("Call before noon") && stale.shows("Writes English only"), "both are shown: {}", stale.words());
        let now = stale.input("version");
        assert_ne!(now, seen);
        post(&one, said("Call before noon, in English", &now)).await.must(303);
        assert!(one.get(&format!("/constituency/{id}")).await.words().contains("note: Call before noon → Call before noon, in English"));

        let contact = constituency::add_contact(&house.app, &Who::Operator, id, contact("Desk", "abuse", "a@north.example")).await.unwrap();
        let at = format!("/constituency/{id}/contacts/{contact}");
        let fields = |mail| [("contact_name", "Desk"), ("function", "abuse"), ("reach", "mail"), ("contact_language", "en"), ("mail", mail), ("version", "1")];
        one.post(&at, &fields("b@north.example")).await.must(303);
        let stale = two.post(&at, &fields("c@north.example")).await.must(409);
        assert!(stale.shows("b@north.example") && stale.shows("c@north.example"), "{}", stale.words());
    }
}

// ---- import -------------------------------------------------------------------------------------

const FILE: &str = "\
name,sector,status,asn,prefixes,domains,from,to,contact_name,contact_function,contact_mail
North Cable,internet,registered,AS64501,192.0.2.0/25 2001:db8:1::/48,north.example; cable.example,2024-02-01,,Abuse desk,abuse,abuse@north.example
North Cable,,,,,,,,Network operations,noc,noc@north.example
North Cable,,,,198.51.100.0/24,,2020-01-01,2023-12-31,,,
South Wireless,mobile,unregistered,64502,,,,,,,
";

/// Looks and imports.
async fn imported(house: &House, text: &str) -> constituency::import::Plan {
    let plan = constituency::import::preview(&mut house.app.db.read().await.unwrap(), &house.app, &Who::Operator, text.as_bytes()).await.unwrap();
    constituency::import::import(&house.app, &Who::Operator, text.as_bytes(), &plan.mark()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shown_imported_once_and_changes_nothing_the_second_time() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        analyst.get("/constituency/import").await.must(200);
        let shown =
            analyst.upload("/constituency/import", &[("text", ""), ("do", "preview")], &[("file", "members.csv", "text/csv", FILE.as_bytes())]).await.must(200);
        assert!(shown.shows("2 lines add, 2 change, 0 leave as it is"), "{}", shown.words());
        assert!(shown.shows("198.51.100.0/24 added from 2020-01-01 until 2023-12-31"), "{}", shown.words());
        assert_eq!(house.rows::<(i64,)>("select count(*) from organisations", vec![]).await, [(0,)], "a preview writes nothing");
        let seen = shown.input("seen");
        let sure = [("text", FILE), ("do", "import"), ("seen", seen.as_str())];
        // Who has looked at another plan is shown this one first.
        let other = analyst.upload("/constituency/import", &[("text", FILE), ("do", "import"), ("seen", "0")], &[]).await.must(409);
        assert!(other.shows("Nothing was imported yet") && other.input("seen") == seen, "{}", other.words());
        analyst.upload("/constituency/import", &sure, &[]).await.must(303);
        assert_eq!(analyst.upload("/constituency/import", &sure, &[]).await.status, 409, "by now it would change nothing");
        assert_eq!(house.rows::<(i64,)>("select count(*) from resources", vec![]).await, [(7,)]);
        assert_eq!(house.rows::<(i64,)>("select count(*) from contacts", vec![]).await, [(2,)]);
        assert_eq!(whose(&house, "198.51.100.9", "2023-12-31T12:00:00Z").await.len(), 1);

        let before = house.done().await;
        house.later(60 * 24 * 3);
        let again = imported(&house, FILE).await;
        assert_eq!(again.counts(), (0, 0, 4), "{:?}", again.steps);
        assert_eq!(house.done().await, before, "nothing was recorded, since nothing changed");

        let semicolons = "\u{feff}Name;Status;Prefixes;From;To;Contact mail\r\nNorth Cable;outside;192.0.2.0/25;;2026-11-30;abuse@north.example\r\n";
        let plan = imported(&house, semicolons).await;
        assert_eq!(plan.steps[0].details, ["status: registered → outside", "192.0.2.0/25 held from 2024-02-01 until 2026-11-30"]);
        assert!(whose(&house, "192.0.2.1", "2026-12-01T00:00:00Z").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_mistake_names_line_and_column_and_imports_nothing() {
    for house in House::both().await {
        let bad = "\
name,sector,asn,prefixes,domains,from,to,contact_name,contact_mail
Good One,internet,AS64501,192.0.2.0/24,good.example,2024-01-01,,Desk,desk@good.example
Bad One,nowhere,AS99999999999,192.0.2.7/24,not a name,2024-13-01,,Desk,desk at bad
,internet,,,,,,,
Bad Two,internet,,,,2024-02-01,2024-01-01,,
Bad Three,internet,,
Good One,mobile,,,,,,,
";
        let analyst = house.login_as(Role::Analyst).await;
        let shown = analyst.upload("/constituency/import", &[("text", bad), ("do", "import")], &[]).await.must(422);
        for words in [
            "Line 3, sector: Choose a sector",
            "Line 3, asn: “AS99999999999” is not an AS number",
            "Line 3, prefixes: “192.0.2.7/24” has host bits set: did you mean 192.0.2.0/24?",
            "Line 3, from: “2024-13-01” is not a date",
            "Line 3, contact_mail: Write a mail address",
            "Line 4, name: Every line names its organisation",
            "Line 5, to: The last day, 2024-01-01, is before the first, 2024-02-01",
            "Line 6: 4 cells, but 9 columns",
            "Line 7, sector: Line 2 says something else about the same organisation",
            "nothing was imported",
        ] {
            assert!(shown.shows(words), "{words}: {}", shown.words());
        }
        assert!(shown.text().contains("Good One,internet,AS64501"), "what was pasted is kept");
        assert!(constituency::import::import(&house.app, &Who::Operator, bad.as_bytes(), "").await.is_err());
        for table in ["select count(*) from organisations", "select count(*) from resources", "select count(*) from contacts"] {
            assert_eq!(house.rows::<(i64,)>(table, vec![]).await, [(0,)], "{table}");
        }
        let mut reader = house.app.db.read().await.unwrap();
        for (file, fault) in [
            (&b"sector\ninternet\n"[..], "line 1, name: The column “name” is missing"),
            (b"name,colour\nA,red\n", "line 1, colour: No such column"),
            (b"name\nB\xfccher\n", "line 2: This is not UTF-8"),
            (b"", "line 1: The file is empty"),
        ] {
            let plan = constituency::import::preview(&mut reader, &house.app, &Who::Operator, file).await.unwrap();
            assert!(plan.faults.iter().any(|one| one.to_string().starts_with(fault)), "{fault}: {:?}", plan.faults);
        }
    }
}

#[test]
fn the_command_shows_imports_and_refuses() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("atalaya.toml"), include_str!("profile.toml")).unwrap();
    std::fs::write(folder.path().join("good.csv"), FILE).unwrap();
    std::fs::write(folder.path().join("bad.csv"), "name,sector\nA,nowhere\n").unwrap();
    let run = |arguments: &[&str]| {
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_atalaya"))
            .args(["import", "constituency"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned(), String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    let (code, out, err) = run(&["good.csv", "--dry-run"]);
    assert_eq!((code, out.contains("It would be: 2 lines added, 2 changed")), (Some(0), true), "{out}{err}");
    let (code, out, _) = run(&["good.csv", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &said["imported"], &said["added"]), (Some(0), &true.into(), &2.into()), "the dry run before had written nothing");
    let (_, out, _) = run(&["good.csv"]);
    assert!(out.contains("0 lines added, 0 changed, 4 as they were"), "{out}");
    let (code, _, err) = run(&["bad.csv"]);
    assert!(code == Some(1) && err.contains("line 2, sector: Choose a sector") && err.contains("Nothing was imported."), "{err}");
    assert_eq!(run(&["missing.csv"]).0, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_other_letters_is_the_same_name_in_the_registry_and_in_a_report() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let held = |value: &str| Held { kind: String::new(), value: value.into(), from: None, to: None, source: "console" };
        let one = house.organisation("Bücher & Co").await;
        constituency::add_resource(app, who, one, held("Bücher.example")).await.unwrap();
        let other = house.organisation("Nothing but ASCII").await;
        constituency::add_resource(app, who, other, held("xn--strae-oqa.example")).await.unwrap();
        let body = "A false shop at www.xn--bcher-kva.example, and hxxp://straße[.]example/x too.";
        let report = reports::receive(app, &Who::Public, told(app, "form", "Shop", body, "")).await.unwrap();
        let mut reader = app.db.read().await.unwrap();
        let seen = reports::observables(&mut reader, report.id).await.unwrap();
        let owners: HashSet<&str> = seen.iter().flat_map(|one| &one.owners).map(|owner| owner.name.as_str()).collect();
        assert_eq!(owners, HashSet::from(["Bücher & Co", "Nothing but ASCII"]), "on {}: {seen:?}", house.on);
        // What somebody looks up is found in either spelling.
        for asked in ["bücher.example", "xn--bcher-kva.example"] {
            let asked = [constituency::read_asked(asked).unwrap()];
            let found = constituency::owners(&mut reader, &asked, app.now()).await.unwrap();
            assert_eq!(found.iter().map(|one| one.organisation).collect::<Vec<_>>(), [one], "on {}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_accents_is_found_in_whatever_letters_it_is_asked_for() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        for name in ["Électricité du Sud", "ÉNERGIE ÉOLIENNE", "Compañía Ñandú"] {
            house.organisation(name).await;
        }
        for (words, name) in [
            ("électricité", "Électricité du Sud"),
            ("Électricité DU", "Électricité du Sud"),
            ("énergie éolienne", "ÉNERGIE ÉOLIENNE"),
            ("ÑANDÚ", "Compañía Ñandú"),
        ] {
            let page = desk.get(&format!("/constituency?q={}", words.replace(' ', "+"))).await.must(200);
            assert!(page.shows(name), "{words} on {}: {}", house.on, page.words());
        }
    }
}
