//! An installation from before a step of the schema: what the step cannot say in SQL is caught up on by jobs, once,
//! and nothing is wrong meanwhile.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use atalaya::app::MIGRATIONS;
use atalaya::constituency;
use jiff::SignedDuration;
use store::{Clock, Db, Id, Migration};

use crate::house::{House, empty_database};

/// A database as it was before the step of that name, with these rows. They come by a step of their own, since what
/// comes by a change is journaled.
async fn house_from_before(database: &str, step: &str, rows: String) -> House {
    let mut steps: Vec<Migration> = MIGRATIONS.iter().filter(|migration| migration.name != step).copied().collect();
    steps.push(Migration { name: "test_old", text: rows.leak() });
    let db = Db::open(database, Clock::System).await.unwrap();
    db.migrate(&steps).await.unwrap();
    db.close().await;
    House::on(database).await
}

/// Ten parties in one case and a firm with networks, as they
/// stood there before parties were found and networks had spans.
fn parties_and_networks(database: &str) -> String {
    let (id, random, numbers) = if database.starts_with("postgres") {
        ("decode(repeat('07', 16), 'hex')", "uuid_send(gen_random_uuid())", "generate_series(0, 9) as t(n)")
    } else {
        (
            "unhex('07070707070707070707070707070707')",
            "randomblob(16)",
            "(with recursive t(n) as (select 0 union all select n + 1 from t where n < 9) select n from t) as t",
        )
    };
    format!(
        "insert into cases (id, number, kind, title, summary, label, state, phase, rsit_class, rsit_type, subtype, severity, severity_rule, severity_reason, \
         restricted, times_reason, cause, cause_cve, outcome_reason, waiver_reason, opened_at, updated_at, version) values ({id}, 'MLT-2026-000001', 'incident', \
         'From before', '', 'AMBER', 'open', 'triage', '', '', '', 'low', '', '', 0, '', '', '', '', '', 1, 1, 1);
         insert into parties (id, case_id, name, alias, role, mail, language, reach, ceiling, consent_note, secret, unread, added_at) \
         select {random}, {id}, 'Basalt ' || n, '', 'source', 'noc' || n || '@basalt.example', 'en', 'mail', 'AMBER', '', {random}, 0, 1 from {numbers};
         insert into organisations (id, name, sector, status, country, language, ceiling, note, created_at, updated_at, version) \
         values ({id}, 'Quartz Networks', 'internet', 'registered', '', 'en', 'AMBER', '', 1, 1, 1);
         insert into resources (id, organisation_id, kind, value, valid_from, source) values ({random}, {id}, 'prefix', '10.1.0.0/16', 1, 'import'), \
         ({random}, {id}, 'prefix', '2001:db8:7::/48', 1, 'import'), ({random}, {id}, 'asn', 'AS64510', 1, 'import'), ({random}, {id}, 'prefix', 'none at all', 1, 'import');"
    )
}

/// An empty one of each kind.
async fn databases(folder: &std::path::Path) -> Vec<String> {
    let mut databases = vec![folder.join("old.db").display().to_string()];
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_none() {
        databases.push(tokio::task::spawn_blocking(empty_database).await.unwrap());
    }
    databases
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_there_before_search_knew_parties_and_networks_had_spans_is_caught_up_on_once() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(folder.path()).await {
        let house = house_from_before(&database, "0027_once", parties_and_networks(&database)).await;
        let analyst = house.login_as(Role::Analyst).await;
        let parts = async |network: &str| -> Vec<String> {
            let mut reader = house.app.db.read().await.unwrap();
            let (asked, at) = (constituency::read_asked(network).unwrap(), reader.now());
            constituency::holders_inside(&mut reader, &asked, at, 10).await.unwrap().into_iter().map(|one| one.resource).collect()
        };
        let looked_up = async || {
            assert_eq!(parts("12.0.0.0/6").await, [] as [&str; 0]);
            assert_eq!(parts("10.0.0.0/7").await, ["10.1.0.0/16"], "on {}", house.on);
            assert_eq!(parts("2000::/3").await, ["2001:db8:7::/48"], "on {}", house.on);
        };
        looked_up().await;
        assert!(!analyst.get("/search?q=basalt+3&in=case").await.must(200).shows("MLT-2026-000001"));
        // A worker that takes the jobs and dies costs nothing but its lease.
        for kind in ["index_parties", "span_prefixes"] {
            assert!(house.app.db.take_job(&[kind], SignedDuration::from_mins(5)).await.unwrap().is_some(), "{kind} on {}", house.on);
        }
        house.later(6);
        house.run_jobs().await;
        for place in 0..10 {
            let page = analyst.get(&format!("/search?q=basalt+{place}&in=case")).await.must(200);
            assert!(page.shows("MLT-2026-000001") && page.shows("takes part as source"), "{place} on {}: {}", house.on, page.words());
        }
        looked_up().await;
        let rest: Vec<(String,)> = house.rows("select value from resources where kind = 'prefix' and first_address is null", vec![]).await;
        assert!(rest.is_empty(), "{rest:?}");
        let found: Vec<(Id,)> = house.rows("select noun_id from search_rows where noun = 'party'", vec![]).await;
        assert_eq!(found.len(), 10, "each once");
        let left: Vec<(String, String)> = house.rows("select kind, state from jobs where kind in ('index_parties', 'span_prefixes')", vec![]).await;
        assert!(left.is_empty(), "on {}: {left:?}", house.on);
        // A start later, nothing of it is done again.
        let again = house.beside(&database).await;
        let left: Vec<(i64,)> =
            again.db.read().await.unwrap().rows("select count(*) from jobs where kind in ('index_parties', 'span_prefixes')", vec![]).await.unwrap();
        assert_eq!(left, [(0,)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_were_seen_before_networks_found_them_are_found_after_a_job() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(folder.path()).await {
        let postgres = database.starts_with("postgres");
        let id =
            |byte: u8| if postgres { format!("decode(repeat('{byte:02x}', 16), 'hex')") } else { format!("unhex('{}')", format!("{byte:02x}").repeat(16)) };
        let rows = format!(
            "insert into observables (id, kind, value) values ({}, 'ip', '198.51.100.77'), ({}, 'ip', '2001:db8::9'), ({}, 'domain', 'a.example'), ({}, 'ip', 'none at all');",
            id(1),
            id(2),
            id(3),
            id(4)
        );
        let house = house_from_before(&database, "0055_addresses", rows).await;
        let without = "select count(*) from observables where kind = 'ip' and address is null";
        assert_eq!(house.rows::<(i64,)>(without, vec![]).await, [(3,)]);
        house.run_jobs().await;
        assert_eq!(house.rows::<(i64,)>(without, vec![]).await, [(0,)], "on {}", house.on);
        let placed: Vec<(String, Vec<u8>)> = house.rows("select value, address from observables where address is not null order by value", vec![]).await;
        let lengths: Vec<(&str, usize)> = placed.iter().map(|(value, place)| (value.as_str(), place.len())).collect();
        assert_eq!(lengths, [("198.51.100.77", 17), ("2001:db8::9", 17), ("none at all", 0)], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_installation_has_nothing_to_catch_up_on() {
    for house in House::both().await {
        let jobs: Vec<(String,)> = house.rows("select kind from jobs where kind in ('index_parties', 'span_prefixes', 'place_addresses')", vec![]).await;
        assert!(jobs.is_empty(), "on {}: {jobs:?}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_sealed_report_waited_before_the_schema_said_so_is_seen_among_what_is_open() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(folder.path()).await {
        let hex = |byte: u8| {
            if database.starts_with("postgres") {
                format!("decode(repeat('{byte:02x}', 16), 'hex')")
            } else {
                format!("unhex('{}')", format!("{byte:02x}").repeat(16))
            }
        };
        let mut rows = String::new();
        // Number, state, what came and went in its order, whether a clock runs.
        for (at, (number, state, ways, runs)) in (1..).zip([
            (1, "unsealed", vec!["in", "out"], false),
            (2, "unsealed", vec!["in", "out", "in"], false),
            // It came while the team answered: only its clock knows.
            (3, "kept", vec!["in", "in", "out"], true),
            (4, "closed", vec!["in"], false),
            (5, "new", vec!["in"], true),
        ]) {
            rows += &format!(
                "insert into sealed_dialogues (id, number, intake, grade, lookup, day, state, warned) values ({id}, 'S-2026-00000{number}', 'default', 'A', {id}, '2026-11-20', '{state}', 0);\n",
                id = hex(at)
            );
            for (place, way) in (1_u8..).zip(ways) {
                rows += &format!(
                    "insert into sealed_envelopes (id, dialogue_id, place, way, hash, head, body, size, bucket, manifest_version, day, told) \
                     values ({one}, {id}, {place}, '{way}', {one}, {one}, {one}, 1, 1, 1, '2026-11-20', 1);\n",
                    id = hex(at),
                    one = hex(at * 16 + place)
                );
            }
            if runs {
                rows += &format!(
                    "insert into clocks (id, about, noun, promise, anchor_at, amount, unit, calendar, calendar_version, due_at, state, pauses, version) \
                     values ({id}, {id}, 'sealed', 'answer', 1, 1, 'day', '', 1, 2, 'running', '[]', 1);\n",
                    id = hex(at)
                );
            }
        }
        let house = house_from_before(&database, "0035_sealed_waits", rows).await;
        let page = house.login_as(Role::Analyst).await.get("/dialogues").await.must(200);
        let open: Vec<bool> = (1..=5).map(|number| page.shows(&format!("S-2026-00000{number}"))).collect();
        assert_eq!(open, [false, true, true, false, true], "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn advisories_that_left_before_numbers_followed_from_changes_keep_what_they_said_and_count_on() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(folder.path()).await {
        let hex = |bytes: &[u8]| {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            if database.starts_with("postgres") { format!("decode('{digits}', 'hex')") } else { format!("unhex('{digits}')") }
        };
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        let mut content = press::Content::new(press::Kind::Advisory, "en", formats::label::Tlp::Clear);
        let words = content.words.get_mut("en").unwrap();
        (words.title, words.summary, words.affected, words.act) = ("From before".into(), "It was.".into(), "All.".into(), "Wait.".into());
        content.severity = press::Severity::High;
        content.references = vec![press::Reference { title: "Vendor".into(), url: "https://vendor.example/".into() }];
        let mut rows = String::new();
        let (id, instants) = (hex(&[7; 16]), [at("2026-11-01T08:00:00Z"), at("2026-11-02T08:00:00Z")]);
        let json = serde_json::to_string(&content).unwrap();
        rows += &format!(
            "insert into publications (id, kind, name, standing, version, stage, content, title, label, writers, lowered, told, told_of, note, said_back, review_on, created_at, \
             updated_at, released_at, edition) values ({id}, 'advisory', 'MLT-AD-2026-0001', 'current', 2, '', '{json}', 'From before', 'CLEAR', '', '', '', '', '', '', '', 1, 1, \
             {}, 5);\n",
            instants[1].as_microsecond()
        );
        for (version, (instant, note)) in (1..).zip([(instants[0], ""), (instants[1], "More of it")]) {
            let document = csaf_of(&content, version, &instants);
            rows += &format!(
                "insert into publication_versions (id, publication_id, version, standing, content, label, channel, note, by_whom, at, ledger_id) \
                 values ({one}, {id}, {version}, 'current', '{json}', 'CLEAR', 'public', '{note}', 'operator', {at}, {one});\n\
                 insert into csaf_documents (publication_id, version, document_id, label, v20, signature20, signature21) values ({id}, {version}, 'MLT-AD-2026-0001', 'CLEAR', {v20}, '', '');\n",
                one = hex(&[u8::try_from(version).unwrap() + 20; 16]),
                at = instant.as_microsecond(),
                v20 = hex(&document)
            );
        }
        let house = house_from_before(&database, "0068_csaf", rows).await;
        atalaya::publications::wake(&house.app).await.unwrap();
        let path = "/.well-known/csaf/white/2026/mlt-ad-2026-0001.json";
        let there = house.visitor().get(path).await.must(200);
        assert_eq!(there.body, csaf_of(&content, 2, &instants), "on {}: byte for byte", house.on);
        let feed = house.visitor().get("/.well-known/csaf/white/csaf-feed-tlp-white.json").await.must(200).text();
        assert!(feed.contains("From before"), "on {}: {feed}", house.on);
        let page = house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
        assert!(page.shows("version 2") && page.shows("version 1"), "on {}: {}", house.on, page.words());
        // The next one goes on in the scheme that the document has always had (test 6.1.30).
        let lead = house.login_as(Role::Lead).await;
        let one = format!("/publishing/{}", store::Id([7; 16]));
        let edition = lead.get(&one).await.must(200).input("edition");
        lead.post(&format!("{one}/withdrawal"), &[("edition", &edition), ("why", "It was wrong")]).await.must(303);
        let gone = house.visitor().get(path).await.must(200);
        let report = csaf::validate::check(&gone.body, csaf::validate::Preset::Basic);
        assert!(report.is_valid(), "on {}: {:?}", house.on, report.findings);
        let history: Vec<String> =
            gone.json()["document"]["tracking"]["revision_history"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap().to_owned()).collect();
        assert_eq!(history, ["1", "2", "3"], "on {}", house.on);
    }
}

/// A document as it was written before.
fn csaf_of(content: &press::Content, version: usize, instants: &[jiff::Timestamp; 2]) -> Vec<u8> {
    use csaf::advisory::{Advisory, Kind, Note, NoteCategory, Publisher, PublisherCategory, Reference, ReferenceCategory, Revision, State, Status};
    let own = content.own();
    let revisions: Vec<Revision> =
        instants.iter().take(version).zip(1..).map(|(at, n)| Revision { number: n.to_string(), date: *at, summary: "First version".into() }).collect();
    let advisory = Advisory {
        id: "MLT-AD-2026-0001".into(),
        aliases: Vec::new(),
        kind: Kind::InformationalAdvisory,
        state: State::Current,
        language: "en".into(),
        original: None,
        title: own.title,
        notes: vec![Note { category: NoteCategory::Summary, title: Some("Summary".into()), audience: None, text: own.summary }],
        tlp: formats::label::Tlp::Clear,
        terms: None,
        license: None,
        publisher: Publisher {
            name: "Maluti Communications CSIRT".into(),
            namespace: "https://csirt.maluti.example".into(),
            category: PublisherCategory::Coordinator,
            contact_details: None,
            issuing_authority: None,
        },
        products: Vec::new(),
        vulnerabilities: Vec::new(),
        references: vec![Reference { category: ReferenceCategory::External, summary: "Vendor".into(), url: "https://vendor.example/".into() }],
        acknowledgments: Vec::new(),
        status: Status::Final,
        initial_release_date: instants[0],
        current_release_date: instants[version - 1],
        revisions,
    };
    csaf::write::bytes(&advisory, csaf::write::Edition::V20)
}
