//! Search: by words, address, network, CVE and number, and only what the viewer may know of.

use atalaya::access::Role;
use atalaya::cases;
use atalaya::reports::NewReport;

use crate::house::House;
use crate::reports::told;
use crate::triage::{organisation, person_of, receive, restricted_case};

#[tokio::test(flavor = "multi_thread")]
async fn two_words_an_address_a_network_a_cve_and_a_number_each_find_their_report() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        organisation(&house, "Mokorotlo Network Services", "internet", "registered", &["203.0.113.0/24"]).await;
        receive(&house, told(&house.app, "form", "Router sends floods", "From 203.0.113.77 and 198.51.100.0/24.", "")).await;
        receive(&house, told(&house.app, "mail", "Exposed database", "See CVE-2026-31337 at hxxp://db[.]shop.example/ and café.", "")).await;
        let finds = async |q: &str, words: &str| {
            let path = format!("/search?q={}", percent_encoding::utf8_percent_encode(q, percent_encoding::NON_ALPHANUMERIC));
            let page = analyst.get(&path).await.must(200);
            assert!(page.shows(words), "{q} on {}: {}", house.on, page.words());
        };
        finds("floods router", "R-2026-000001").await;
        finds("floods rou\0ter", "R-2026-000001").await;
        finds("cafe database", "R-2026-000002").await;
        finds("203[.]0[.]113[.]77", "R-2026-000001").await;
        finds("198.51.100.9", "network around it").await;
        finds("203.0.113.64/26", "address in it").await;
        finds("198.51.100.0/24", "R-2026-000001").await;
        finds("cve-2026-31337", "R-2026-000002").await;
        finds("db.shop.example", "R-2026-000002").await;
        finds("mokorotlo serv", "Mokorotlo Network Services").await;
        finds("floods database", "Nothing found").await;
        finds("192.0.2.250", "look for its parts as words").await;
        finds("\"; drop table -- *", "Nothing found").await;
        assert_eq!(analyst.get("/search?q=r-2026-000002").await.must(303).location().unwrap(), "/inbox/R-2026-000002");
        assert!(analyst.get("/search?q=MLT-2026-000001").await.must(200).shows("Nothing found"));
        assert!(analyst.get("/search?q=floods&in=case").await.must(200).shows("Nothing found"));
        assert!(analyst.get("/search").await.must(200).shows("Two words find what holds both"));
        let _ = house.visitor().get("/search?q=floods").await.must(303);
        let _ = house.login_as(Role::Auditor).await.get("/search?q=floods").await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_extracted_is_found_in_words_beside_where_it_was_seen() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let who = person_of(&analyst, Role::Analyst);
        let hash = "9e107d9d372bb6826bd81d3542a419d6";
        let body = format!("From 192.0.2.99, bad.host.example, CVE-2026-31337, {hash}.");
        receive(&house, told(&house.app, "form", "Seen", &body, "")).await;
        // The summary of a case and a note are words: nothing is extracted from them.
        let summary = format!("Perhaps 192[.]0[.]2[.]99 of bad[.]host[.]example; see CVE 2026-31337 and {hash}.");
        let new = cases::NewCase { kind: "incident".into(), title: "Open".into(), summary, ..cases::NewCase::default() };
        let open = cases::open(&house.app, &who, new).await.unwrap();
        cases::add_note(&house.app, &who, open.id, "192 . 0 . 2 . 99 again; 192.0.2 and 99 are not it").await.unwrap();
        let other = cases::NewCase {
            title: "Another".into(),
            summary: "2.99.192.0 and 99.2.0.192, host bad example".into(),
            kind: "incident".into(),
            ..cases::NewCase::default()
        };
        let other = cases::open(&house.app, &who, other).await.unwrap();
        for q in ["192.0.2.99", "192[.]0[.]2[.]99", "bad.host.example", "CVE-2026-31337", hash] {
            let page = analyst.get(&format!("/search?q={}", percent_encoding::utf8_percent_encode(q, percent_encoding::NON_ALPHANUMERIC))).await.must(200);
            let (seen, words) = page
                .text()
                .split_once("Texts that hold it")
                .map(|(seen, words)| (seen.to_owned(), words.to_owned()))
                .unwrap_or_else(|| panic!("{q} on {}: {}", house.on, page.words()));
            assert!(seen.contains("R-2026-000001") && !words.contains("R-2026-000001"), "{q} on {}: {}", house.on, page.words());
            assert!(!seen.contains(&open.number) && words.contains(&open.number), "{q} on {}: {}", house.on, page.words());
            assert!(!page.text().contains(&other.number), "{q} on {}: {}", house.on, page.words());
        }
        assert!(analyst.get("/search?q=192.0.2.99").await.must(200).shows("found in “Open”"), "the note");
        assert!(analyst.get("/search?q=192.0.2.99&in=observable").await.must(200).shows("R-2026-000001"));
        assert!(!analyst.get("/search?q=192.0.2.99&in=observable").await.must(200).shows(&open.number));
        // What one may not know of stands in no words either.
        cases::restrict(&house.app, &who, open.id, true, None).await.unwrap();
        let outsider = house.login_as(Role::Analyst).await.get("/search?q=192.0.2.99").await.must(200);
        assert!(
            outsider.shows("R-2026-000001") && !outsider.shows("Texts that hold it") && !outsider.shows(&open.number),
            "on {}: {}",
            house.on,
            outsider.words()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_changes_that_fill_the_index_do_not_wait_for_each_other() {
    let house = House::postgres().await;
    let fill = |name: &'static str| {
        let db = house.app.db.clone();
        async move {
            db.change("operator", async |tx| {
                let id = tx.new_id();
                tx.index("report", id, id, name, "words").await?;
                tx.record(store::Record::new("report.indexed", "report", id));
                Ok::<_, store::Error>(())
            })
            .await
        }
    };
    let outer = house.app.db.change("operator", async |tx| {
        let id = tx.new_id();
        tx.index("report", id, id, "outer", "words").await?;
        // In the middle of this change another one begins and ends.
        tokio::time::timeout(std::time::Duration::from_secs(30), fill("inner")).await.expect("it need not wait")?;
        tx.index("report", id, id, "outer again", "other words").await?;
        tx.record(store::Record::new("report.indexed", "report", id));
        Ok::<_, store::Error>(())
    });
    outer.await.unwrap();
    let found = house.app.db.read().await.unwrap().search("outer", None, 10).await.unwrap();
    assert_eq!(found.len(), 1, "a document stands in the index once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_case_is_not_found_by_those_who_may_not_know_of_it() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Admin).await);
        let report = receive(&house, told(&house.app, "form", "Known", "C2 at bad.host.example", "")).await;
        let number = restricted_case(&house, &person_of(&owner, Role::Analyst), "The minister's telephone", report.id).await;
        for q in [number.as_str(), "minister", "bad.host.example", "telephone minister"] {
            let page = outsider.get(&format!("/search?q={}", q.replace(' ', "+"))).await.must(200);
            assert!(
                !page.text().contains(&format!("/cases/{number}")) && !page.shows("The minister") && !page.words().contains("hidden"),
                "{q}: {}",
                page.words()
            );
        }
        assert!(!outsider.get("/search?q=bad.host.example").await.shows("seen in"), "nor is it counted");
        assert_eq!(owner.get(&format!("/search?q={number}")).await.must(303).location().unwrap(), format!("/cases/{number}"));
        assert!(owner.get("/search?q=minister").await.shows(&number));
        assert!(owner.get("/search?q=bad.host.example").await.shows("seen in 2"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_case_counts_where_else_it_was_seen_and_not_the_reports_that_brought_it() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let who = person_of(&analyst, Role::Analyst);
        let report = async |title: &str, text: &str| receive(&house, told(&house.app, "form", title, text, "")).await.id;
        let (one, two) = (report("One", "From 192.0.2.7 and 192.0.2.8.").await, report("Two", "From 192.0.2.7.").await);
        let new = cases::NewCase { kind: "incident".into(), title: "Scans".into(), reports: vec![one, two], ..cases::NewCase::default() };
        let case = cases::open(&house.app, &who, new).await.unwrap();
        let chips = async || {
            let page = analyst.get(&case.path()).await.must(200).words();
            let observables = page.split(" Observables ").nth(1).and_then(|rest| rest.split(" Reports and cases ").next()).unwrap_or_default().to_owned();
            let chip = |value: &str| {
                let words = observables.rsplit(value).next().unwrap_or_default().split("192.0.2.").next().unwrap_or_default().to_owned();
                words.split(" in ").nth(1).and_then(|words| words.split_whitespace().next().map(str::to_owned))
            };
            (chip("192.0.2.7"), chip("192.0.2.8"))
        };
        assert_eq!(chips().await, (None, None), "its own reports are no others, on {}", house.on);
        report("Three", "From 192.0.2.7 again.").await;
        assert_eq!(chips().await, (Some("1".to_owned()), None), "on {}", house.on);
        let new = cases::NewCase { kind: "incident".into(), title: "Older".into(), reports: vec![one], ..cases::NewCase::default() };
        cases::open(&house.app, &who, new).await.unwrap();
        assert_eq!(chips().await, (Some("2".to_owned()), Some("1".to_owned())), "another case with the same report is another, on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_hits_are_paged_through_without_a_gap_or_a_repetition() {
    for house in House::both().await {
        for n in 0..75 {
            house.later(1);
            receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", &format!("Flood {n}"), "From 203.0.113.5.", "") }).await;
        }
        let analyst = house.login_as(Role::Analyst).await;
        for (q, mark) in [("/search?q=flood", "before="), ("/search?q=203.0.113.5", "seen=")] {
            let (mut seen, mut next) = (Vec::new(), Some(q.to_owned()));
            while let Some(path) = next {
                let page = analyst.get(&path).await.must(200);
                seen.extend(page.links("/inbox/R-"));
                next = page.links("/search?").into_iter().find(|link| link.contains(mark));
            }
            let count = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!((seen.len(), count), (75, 75), "{q} on {}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_at_the_same_instant_is_paged_through_too() {
    for house in House::both().await {
        for n in 0..70 {
            receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", &format!("Flood {n}"), "From 203.0.113.5.", "") }).await;
        }
        let analyst = house.login_as(Role::Analyst).await;
        let (mut seen, mut next) = (Vec::new(), Some("/search?q=203.0.113.5".to_owned()));
        while let Some(path) = next {
            let page = analyst.get(&path).await.must(200);
            seen.extend(page.links("/inbox/R-"));
            next = page.links("/search?").into_iter().find(|link| link.contains("seen="));
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), count), (70, 70), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_can_be_kept_under_a_name() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    receive(&house, told(&house.app, "form", "Flood", "Words.", "")).await;
    let _ = analyst.post("/views", &[("room", "search"), ("name", "Floods"), ("query", "q=flood"), ("to", "https://evil.example/")]).await.must(303);
    assert!(analyst.get("/search?q=flood").await.must(200).shows("Floods"));
    for (room, name) in [("nowhere", "x"), ("search", "")] {
        let _ = analyst.post("/views", &[("room", room), ("name", name), ("query", "q=a")]).await.must(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_state_narrow_what_is_found_by_words_and_by_address() {
    for house in House::both().await {
        let told_at = async |at: &str, title: &str| {
            house.set_clock(at);
            receive(&house, told(&house.app, "form", title, "Floods from 192.0.2.7.", "")).await
        };
        let old = told_at("2026-10-05T10:00:00+02:00", "Floods of October").await;
        let new = told_at("2026-11-23T10:00:00+02:00", "Floods of November").await;
        let analyst = house.login_as(Role::Analyst).await;
        let who = person_of(&analyst, Role::Analyst);
        let case = cases::NewCase { kind: "incident".into(), title: "Floods, all of them".into(), reports: vec![new.id], ..cases::NewCase::default() };
        let case = cases::open(&house.app, &who, case).await.unwrap();
        let finds = async |query: &str| {
            let page = analyst.get(&format!("/search?{query}")).await.must(200);
            let links = [page.links("/inbox/R-"), page.links("/cases/MLT-")].concat();
            let has = |number: &str| links.iter().any(|link| link.ends_with(number));
            (has(&old.number), has(&new.number), has(&case.number))
        };
        for q in ["floods", "192.0.2.7"] {
            assert_eq!(finds(&format!("q={q}")).await, (true, true, true), "{q} on {}", house.on);
            assert_eq!(finds(&format!("q={q}&to=2026-10-31")).await, (true, false, false), "{q} on {}", house.on);
            assert_eq!(finds(&format!("q={q}&from=2026-10-05&to=2026-10-05")).await, (true, false, false), "the last day counts: {q} on {}", house.on);
            assert_eq!(finds(&format!("q={q}&from=2026-10-06")).await, (false, true, true), "{q} on {}", house.on);
            assert_eq!(finds(&format!("q={q}&state=new")).await, (true, false, false), "{q} on {}", house.on);
            assert_eq!(finds(&format!("q={q}&state=open")).await, (false, true, true), "{q} on {}", house.on);
            assert_eq!(finds(&format!("q={q}&state=open&in=case")).await, (false, false, true), "{q} on {}", house.on);
        }
        let page = analyst.get("/search?q=floods&from=2026-10-06&state=open").await.must(200);
        assert_eq!(page.input("from"), "2026-10-06");
        assert!(page.shows("from=2026%2D10%2D06") && page.shows("state=open"), "a view keeps them: {}", page.text());
        let wrong = analyst.get("/search?q=floods&from=soon").await.must(200);
        assert!(wrong.shows("not a date"), "{}", wrong.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_for_older_days_leads_back_past_thousands_of_newer_places() {
    for house in House::both().await {
        house.set_clock("2026-10-05T10:00:00+02:00");
        let old = receive(&house, told(&house.app, "form", "Floods of October", "Floods from 192.0.2.7.", "")).await;
        house.set_clock("2026-11-23T10:00:00+02:00");
        let newer = house.app.db.change("test", async |tx| {
            let seen: store::Id = tx.value("select observable_id from sightings where about = $1", store::args![old.id]).await?.expect("it was seen");
            for n in 0..3_100_i64 {
                let at = tx.now().as_microsecond() + n;
                tx.execute("insert into sightings (observable_id, about, noun, at) values ($1, $2, 'report', $3)", store::args![seen, tx.new_id(), at]).await?;
            }
            tx.record(store::Record::new("report.received", "report", old.id));
            Ok::<_, store::Error>(())
        });
        newer.await.unwrap();
        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get("/search?q=192.0.2.7&to=2026-10-31").await.must(200);
        assert!(!page.shows(&old.number), "on {}: it looks at so many at a time", house.on);
        let back = page.links("/search?").into_iter().find(|link| link.contains("seen=")).expect("a way further back");
        assert!(analyst.get(&back).await.must(200).shows(&old.number), "on {}: {back}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wide_network_finds_the_addresses_in_it_and_says_what_it_left_out() {
    for house in House::both().await {
        let (owner, analyst) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let far = receive(&house, told(&house.app, "form", "Far", "From 198.51.100.77.", "")).await;
        receive(&house, told(&house.app, "form", "Near", "From 198.18.3.4 and 198.18.200.9 and 2001:db8:1::9.", "")).await;
        let finds = async |q: &str| analyst.get(&format!("/search?q={}", q.replace('/', "%2F").replace(':', "%3A"))).await.must(200);
        let page = finds("198.18.0.0/15").await;
        assert!(page.shows("198.18.3.4") && page.shows("198.18.200.9") && page.shows("address in it"), "on {}: {}", house.on, page.words());
        assert!(!page.shows("198.51.100.77") && !page.shows(&far.number), "{}", page.words());
        assert!(finds("2001:db8::/32").await.shows("2001:db8:1::9"), "on {}", house.on);
        assert!(finds("198.51.100.0/24").await.shows(&far.number));
        // An address that stands in a case of others alone is not there, and takes no room.
        let many: Vec<String> = (0..12).map(|n| format!("198.19.0.{n}")).collect();
        let hidden = receive(&house, told(&house.app, "form", "Hidden", &many.join(" "), "")).await;
        restricted_case(&house, &person_of(&owner, Role::Analyst), "The minister's telephone", hidden.id).await;
        let page = finds("198.18.0.0/15").await;
        assert!(!page.shows("198.19.0.1") && !page.shows("more addresses"), "on {}: {}", house.on, page.words());
        let page = owner.get("/search?q=198.18.0.0%2F15").await.must(200);
        assert!(page.shows("198.19.0.1") && page.shows("more addresses"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_found_by_what_lies_in_it_and_finds_what_lies_in_it_and_around_it() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        for (title, body) in [
            ("The range", "From 198.51.100.10-198.51.100.90."),
            ("In it", "From 198.51.100.42."),
            ("Beside it", "From 198.51.100.200."),
            ("Around it", "All of 198.51.100.0/24."),
        ] {
            receive(&house, told(&house.app, "form", title, body, "")).await;
        }
        let finds = async |q: &str| analyst.get(&format!("/search?q={}", q.replace('/', "%2F"))).await.must(200);
        for (q, there, missing) in [
            ("198.51.100.42", vec!["In it", "The range", "range around it", "Around it", "network around it"], "Beside it"),
            ("198.51.100.10-198.51.100.90", vec!["The range", "In it", "address in it", "Around it", "network around it"], "Beside it"),
            ("198.51.100.40-198.51.100.50", vec!["The range", "In it", "Around it"], "Beside it"),
            ("198.51.100.0/25", vec!["The range", "range in it", "In it"], "Beside it"),
            ("198.51.100.95", vec!["Around it"], "The range"),
        ] {
            let page = finds(q).await;
            for words in there {
                assert!(page.shows(words), "{q} finds {words} on {}: {}", house.on, page.words());
            }
            assert!(!page.shows(missing), "{q} on {}: {}", house.on, page.words());
        }
    }
}
