//! The journal's page: what each entry is about, and parts of the journal.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use atalaya::cases::{self, NewCase};
use store::{Id, JournalPart};

use crate::house::{Answer, Browser, House};
use crate::reports::told;
use crate::triage::{person_of, receive, restricted_case};

/// The numbers of the entries that a page shows, in its order.
fn shown(page: &Answer) -> Vec<u64> {
    page.text().split("data-label=\"No.\">").skip(1).map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect()
}

/// All that a question finds, page by page.
async fn all(browser: &Browser, query: &str) -> (Vec<u64>, usize) {
    let (mut seen, mut pages, mut next) = (Vec::new(), 0, Some(format!("/journal?{query}")));
    while let Some(path) = next {
        let page = browser.get(&path).await.must(200);
        seen.extend(shown(&page));
        pages += 1;
        next = page.links("/journal?").into_iter().find(|link| link.contains("before="));
    }
    (seen, pages)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_names_what_it_is_about_and_leads_there_whoever_may_go() {
    for house in House::both().await {
        let lead = house.login_as(Role::Lead).await;
        let who = person_of(&lead, Role::Lead);
        let report = receive(&house, told(&house.app, "form", "Floods", "From 192.0.2.7", "a@shop.example")).await;
        let case = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Floods".into(), reports: vec![report.id], ..NewCase::default() });
        let case = case.await.unwrap();
        cases::add_note(&house.app, &who, case.id, "Look again.").await.unwrap();
        let auditor = house.login_as(Role::Auditor).await;
        for (browser, goes) in [(&lead, true), (&auditor, false)] {
            let page = browser.get("/journal").await.must(200);
            assert!(page.shows(&report.number) && page.shows(&case.number), "on {}: {}", house.on, page.words());
            assert_eq!(!page.links(&format!("/inbox/{}", report.number)).is_empty(), goes, "on {}", house.on);
            assert_eq!(!page.links(&format!("/cases/{}", case.number)).is_empty(), goes, "on {}", house.on);
            // The number leads to all that was done about it, in small letters as well.
            let of_case = browser.get(&format!("/journal?number={}", case.number.to_lowercase())).await.must(200).between("<tbody>", "</tbody>");
            assert!(of_case.contains("case.opened") && of_case.contains("note.added") && !of_case.contains("report.received"), "{of_case}");
        }
        for nobodys in ["R-2026-000999", "x"] {
            let page = lead.get(&format!("/journal?number={nobodys}")).await.must(200);
            assert!(page.shows("No entry like that") && shown(&page).is_empty(), "on {}", house.on);
        }
        lead.get("/journal?day=yesterday").await.must(422);
        lead.get("/journal?before=x").await.must(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_read_by_number_person_kind_and_day_without_a_gap_or_a_repetition() {
    for house in House::both().await {
        let (lead, analyst) = (house.login_as(Role::Lead).await, house.login_as(Role::Analyst).await);
        let who = person_of(&analyst, Role::Analyst);
        // Evening in Maseru is another day than in Greenwich.
        house.set_clock("2026-11-23T23:30:00+02:00");
        let report = receive(&house, told(&house.app, "form", "Floods", "From 192.0.2.7", "")).await;
        let case = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Floods".into(), reports: vec![report.id], ..NewCase::default() });
        let case = case.await.unwrap();
        house.set_clock("2026-11-24T00:30:00+02:00");
        for n in 0..230 {
            cases::add_note(&house.app, &who, case.id, &format!("Note {n}")).await.unwrap();
        }
        let lead = house.login(lead.person()).await;
        let lines = house.journal().await;
        let expected = |wanted: &dyn Fn(&store::Line) -> bool| lines.iter().rev().filter(|line| wanted(line)).map(|line| line.seq).collect::<Vec<_>>();
        let (by, midnight) = (format!("person:{}", analyst.person()), crate::house::instant("2026-11-24T00:00:00+02:00"));
        let table: [(String, Vec<u64>); 7] = [
            (String::new(), expected(&|_| true)),
            (format!("number={}", case.number), expected(&|line| line.about == case.id)),
            (format!("who={by}"), expected(&|line| line.who == by)),
            ("kind=note.added".into(), expected(&|line| line.verb == "note.added")),
            ("day=2026-11-23".into(), expected(&|line| line.at < midnight)),
            (format!("day=2026-11-24&who={by}&kind=note.added&number={}", case.number), expected(&|line| line.at >= midnight && line.verb == "note.added")),
            ("day=2026-11-25".into(), vec![]),
        ];
        for (query, expected) in table {
            let (seen, pages) = all(&lead, &query).await;
            assert_eq!(seen, expected, "{query} on {}", house.on);
            assert_eq!(pages, expected.len().div_ceil(100).max(1), "{query} on {}", house.on);
        }
        let page = lead.get(&format!("/journal?who={by}&kind=note.added")).await.must(200);
        assert!(page.text().contains("value=\"note.added\" selected") && page.text().contains(&format!("value=\"{by}\" selected")), "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn among_the_entries_of_one_person_or_kind_hidden_ones_are_neither_shown_nor_counted() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Lead).await, house.login_as(Role::Lead).await);
        let who = person_of(&owner, Role::Lead);
        let open = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Known".into(), ..NewCase::default() }).await.unwrap();
        let report = receive(&house, told(&house.app, "form", "Quiet", "x", "")).await;
        let number = restricted_case(&house, &who, "Nobody knows", report.id).await;
        let secret: Id = house.rows::<(Id,)>("select id from cases where restricted = 1", vec![]).await[0].0;
        for n in 0..120 {
            cases::add_note(&house.app, &who, secret, &format!("Note {n}")).await.unwrap();
        }
        cases::add_note(&house.app, &who, open.id, "Seen by all").await.unwrap();
        let hidden = outsider.get("/journal").await.must(200);
        assert!(hidden.shows("hidden by your rights") && !hidden.shows(&number), "on {}: {}", house.on, hidden.words());
        for query in [format!("who=person:{}", owner.person()), "kind=note.added".into(), "kind=case.restricted".into()] {
            let page = outsider.get(&format!("/journal?{query}")).await.must(200);
            let lines = house.journal().await;
            let expected = lines.iter().rev().filter(|line| line.about == open.id && (query.starts_with("who") || query.ends_with(&line.verb)));
            let expected: Vec<u64> = expected.map(|line| line.seq).collect();
            assert!(!page.shows("hidden by your rights") && !page.shows(&number), "{query} on {}: {}", house.on, page.words());
            assert!(expected.iter().all(|seq| shown(&page).contains(seq)), "{query} on {}: {:?}", house.on, shown(&page));
            assert!(
                page.links("/journal?").iter().all(|link| !link.contains("before=")),
                "{query} on {}: the page ends where what may be known ends",
                house.on
            );
        }
        for number in [number.clone(), report.number] {
            assert!(outsider.get(&format!("/journal?number={number}")).await.must(200).shows("No entry like that"), "{number} on {}", house.on);
            assert!(owner.get(&format!("/journal?number={number}")).await.must(200).shows(&number), "{number} on {}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_part_of_the_journal_sorts() {
    let house = House::sqlite().await;
    let mut reader = house.app.db.read().await.unwrap();
    let (about, who, verb, now) = (Some(Id([7; 16])), Some("person:x".to_owned()), Some("case.opened".to_owned()), house.app.now());
    let between = Some((now, now));
    let parts = [
        JournalPart::default(),
        JournalPart { about, ..JournalPart::default() },
        JournalPart { who: who.clone(), ..JournalPart::default() },
        JournalPart { verb: verb.clone(), ..JournalPart::default() },
        JournalPart { between, ..JournalPart::default() },
        JournalPart { who: who.clone(), between, ..JournalPart::default() },
        JournalPart { about, who, verb, between },
    ];
    for part in parts {
        let plan = reader.plan(part.statement((5, 9), 100, 100)).await.unwrap();
        assert!(
            !plan.contains("TEMP B-TREE") && !plan.contains("SCAN") || part.who.is_none() && part.about.is_none() && part.verb.is_none(),
            "{part:?}: {plan}"
        );
        assert!(!plan.contains("TEMP B-TREE"), "{part:?}: {plan}");
    }
}
