//! An installation from before a step of the schema: what the step cannot say in SQL is caught up on by jobs, once,
//! and nothing is wrong meanwhile.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use atalaya::app::MIGRATIONS;
use atalaya::constituency;
use jiff::SignedDuration;
use store::{Clock, Db, Id, Migration};

use crate::house::{House, new_database};

/// A database as it was before the step of that name: with ten parties in one case and a firm with networks, as they
/// stood there before parties were found and networks had spans. They come by a step of their own, since what comes
/// by a change is journaled.
async fn house_from_before(database: &str, step: &str) -> House {
    let (id, random, numbers) = if database.starts_with("postgres") {
        ("decode(repeat('07', 16), 'hex')", "uuid_send(gen_random_uuid())", "generate_series(0, 9) as t(n)")
    } else {
        (
            "unhex('07070707070707070707070707070707')",
            "randomblob(16)",
            "(with recursive t(n) as (select 0 union all select n + 1 from t where n < 9) select n from t) as t",
        )
    };
    let text = format!(
        "insert into cases (id, number, kind, title, summary, label, state, phase, rsit_class, rsit_type, subtype, severity, severity_rule, severity_reason, \
         restricted, times_reason, cause, cause_cve, outcome_reason, waiver_reason, opened_at, updated_at, version) values ({id}, 'MLT-2026-000001', 'incident', \
         'From before', '', 'AMBER', 'open', 'triage', '', '', '', 'low', '', '', 0, '', '', '', '', '', 1, 1, 1);
         insert into parties (id, case_id, name, alias, role, mail, language, reach, ceiling, consent_note, secret, unread, added_at) \
         select {random}, {id}, 'Basalt ' || n, '', 'source', 'noc' || n || '@basalt.example', 'en', 'mail', 'AMBER', '', {random}, 0, 1 from {numbers};
         insert into organisations (id, name, sector, status, country, language, ceiling, note, created_at, updated_at, version) \
         values ({id}, 'Quartz Networks', 'internet', 'registered', '', 'en', 'AMBER', '', 1, 1, 1);
         insert into resources (id, organisation_id, kind, value, valid_from, source) values ({random}, {id}, 'prefix', '10.1.0.0/16', 1, 'import'), \
         ({random}, {id}, 'prefix', '2001:db8:7::/48', 1, 'import'), ({random}, {id}, 'asn', 'AS64510', 1, 'import'), ({random}, {id}, 'prefix', 'none at all', 1, 'import');"
    );
    let mut steps: Vec<Migration> = MIGRATIONS.iter().filter(|migration| migration.name != step).copied().collect();
    steps.push(Migration { name: "test_old", text: text.leak() });
    let db = Db::open(database, Clock::System).await.unwrap();
    db.migrate(&steps).await.unwrap();
    db.close().await;
    House::on(database).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_there_before_search_knew_parties_and_networks_had_spans_is_caught_up_on_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = vec![folder.path().join("old.db").display().to_string()];
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_none() {
        databases.push(tokio::task::spawn_blocking(new_database).await.unwrap());
    }
    for database in databases {
        let house = house_from_before(&database, "0027_once").await;
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
async fn a_fresh_installation_has_nothing_to_catch_up_on() {
    for house in House::both().await {
        let jobs: Vec<(String,)> = house.rows("select kind from jobs where kind in ('index_parties', 'span_prefixes')", vec![]).await;
        assert!(jobs.is_empty(), "on {}: {jobs:?}", house.on);
    }
}
