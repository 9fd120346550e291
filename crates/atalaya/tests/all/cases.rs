//! Cases: opened, worked on, joined, closed; who sees them; and that no edit is lost.

use std::collections::BTreeSet;

use atalaya::Error;
use atalaya::access::{Person, Role, Who};
use atalaya::cases::list::{self, Filter};
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, Case, Closing, NewCase, NewTask, Split};
use atalaya::reports::{self, NewReport};
use formats::label::Tlp;
use store::{Id, args};

use crate::house::{Browser, House};
use crate::reports::{label, told};

fn analyst(id: Id, groups: Vec<Id>) -> Who {
    Who::Person(Person { id, name: "an analyst".into(), role: Role::Analyst, organisation: None, groups, form: None })
}

async fn somebody(house: &House) -> Who {
    analyst(house.person(Role::Analyst, None).await, vec![])
}

async fn report(house: &House, title: &str) -> Id {
    let body = format!("{title}: seen from 192.0.2.77 and the page a.example");
    let new = NewReport { acknowledge: false, ..told(&house.app, "form", title, &body, "desk@shop.example") };
    reports::receive(&house.app, &Who::Public, new).await.unwrap().id
}

fn new(title: &str, reports: Vec<Id>) -> NewCase {
    NewCase { kind: "incident".into(), title: title.into(), reports, ..NewCase::default() }
}

async fn open(house: &House, who: &Who, title: &str, reports: Vec<Id>) -> Case {
    cases::open(&house.app, who, new(title, reports)).await.unwrap()
}

fn done() -> Closing {
    Closing { outcome: "resolved".into(), reason: String::new(), waiver: "nobody to advise".into() }
}

async fn case_now(house: &House, id: Id) -> Case {
    cases::get(&mut house.app.db.read().await.unwrap(), &Who::Operator, id).await.unwrap()
}

async fn report_state(house: &House, id: Id) -> String {
    house.rows::<(String,)>("select state from reports where id = $1", args![id]).await.remove(0).0
}

fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
}

fn invalid<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Invalid(_))), "{result:?}");
}

fn hidden<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::NotFound)), "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_takes_number_label_observables_and_reporter_from_its_reports() {
    for house in House::both().await {
        let who = somebody(&house).await;
        let (one, two) = (report(&house, "A false page").await, report(&house, "The same page").await);
        label(&house, &who, two, Tlp::Red).await;
        let case = open(&house, &who, "A false page of the bank", vec![one, two]).await;
        assert_eq!((case.number.as_str(), case.label, case.state.as_str()), ("MLT-2026-000001", Tlp::Red, "open"), "{}", house.on);
        assert_eq!((report_state(&house, one).await.as_str(), case.owner.is_some()), ("open", true));
        let seen =
            house.rows::<(String,)>("select o.value from sightings s join observables o on o.id = s.observable_id where s.about = $1", args![case.id]).await;
        assert!(seen.iter().any(|(value,)| value == "192.0.2.77"), "{seen:?}");
        let parties = house.rows::<(String,)>("select role from parties where case_id = $1", args![case.id]).await;
        assert_eq!(parties.len(), 2);
        conflict(cases::link_report(&house.app, &who, case.id, one).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_is_one_line_and_a_summary_has_an_end() {
    let house = House::sqlite().await;
    let browser = house.login_as(Role::Analyst).await;
    let (title, summary) = ("t".repeat(201), "s".repeat(20_001));
    for (title, summary) in [(title.as_str(), ""), ("One", summary.as_str())] {
        let page = browser.post("/cases", &[("kind", "incident"), ("title", title), ("summary", summary)]).await.must(422);
        assert!(page.text().contains(title) && page.text().contains(summary), "what was typed is still there");
    }
    let who = analyst(browser.person(), vec![]);
    let case = open(&house, &who, &"t".repeat(200), vec![]).await;
    let edit = format!("{}/edit", case.path());
    let version = browser.get(&edit).await.must(200).input("version");
    let _ = browser.post(&edit, &[("version", version.as_str()), ("title", title.as_str()), ("class", "//")]).await.must(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_resolves_when_all_its_cases_are_and_says_why_it_stays_open() {
    let house = House::sqlite().await;
    let who = somebody(&house).await;
    let shared = report(&house, "Seen twice").await;
    let (one, two) = (open(&house, &who, "One", vec![shared]).await, open(&house, &who, "Two", vec![shared]).await);
    cases::close(&house.app, &who, one.id, done()).await.unwrap();
    assert_eq!(report_state(&house, shared).await, "open");
    assert!(house.journal().await.iter().any(|line| line.verb == "report.kept_open" && line.about == one.id));
    cases::close(&house.app, &who, two.id, done()).await.unwrap();
    assert_eq!(report_state(&house, shared).await, "resolved");
    cases::reopen(&house.app, &who, one.id, "again").await.unwrap();
    assert_eq!(report_state(&house, shared).await, "open");
    conflict(cases::reopen(&house.app, &who, one.id, "").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_case_rejects_its_reports_unless_another_goes_on() {
    let house = House::sqlite().await;
    let who = somebody(&house).await;
    let (lone, shared) = (report(&house, "Alone").await, report(&house, "Shared").await);
    let (one, _two) = (open(&house, &who, "One", vec![lone, shared]).await, open(&house, &who, "Two", vec![shared]).await);
    invalid(cases::abandon(&house.app, &who, one.id, " ").await);
    cases::abandon(&house.app, &who, one.id, "a test of the reporter's own").await.unwrap();
    assert_eq!((report_state(&house, lone).await, report_state(&house, shared).await), ("rejected".into(), "open".into()));
    conflict(cases::close(&house.app, &who, one.id, done()).await);
    conflict(cases::add_task(&house.app, &who, one.id, NewTask { title: "late".into(), ..NewTask::default() }).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_asks_for_an_outcome_and_a_recommendation_or_a_waiver_with_its_reason() {
    let house = House::sqlite().await;
    let who = somebody(&house).await;
    let case = open(&house, &who, "Something", vec![]).await;
    invalid(cases::close(&house.app, &who, case.id, Closing::default()).await);
    invalid(cases::close(&house.app, &who, case.id, Closing { waiver: String::new(), ..done() }).await);
    invalid(cases::close(&house.app, &who, case.id, Closing { outcome: "not_possible".into(), ..done() }).await);
    cases::close(&house.app, &who, case.id, done()).await.unwrap();
    let case = case_now(&house, case.id).await;
    assert_eq!((case.outcome.as_deref(), case.waiver_by, case.waiver_reason.as_str()), (Some("resolved"), who.person().map(|p| p.id), "nobody to advise"));
    let advice = cases::open(&house.app, &who, NewCase { kind: "advice".into(), ..new("A question", vec![]) }).await.unwrap();
    cases::close(&house.app, &who, advice.id, Closing { waiver: String::new(), ..done() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn due_is_the_most_urgent_open_task_and_follows_when_it_is_done() {
    let house = House::sqlite().await;
    let who = somebody(&house).await;
    let case = open(&house, &who, "With tasks", vec![]).await;
    let before = case.due_at;
    let at = |hours: i64| house.app.now() + jiff::SignedDuration::from_hours(hours);
    let soon = cases::add_task(&house.app, &who, case.id, NewTask { title: "soon".into(), due_at: Some(at(1)), ..NewTask::default() }).await.unwrap();
    cases::add_task(&house.app, &who, case.id, NewTask { title: "later".into(), due_at: Some(at(5)), ..NewTask::default() }).await.unwrap();
    assert_eq!(case_now(&house, case.id).await.due_at, Some(at(1)));
    cases::finish_task(&house.app, &who, soon, true).await.unwrap();
    conflict(cases::finish_task(&house.app, &who, soon, true).await);
    assert_eq!(case_now(&house, case.id).await.due_at, before.into_iter().chain([at(5)]).min());
}

#[tokio::test(flavor = "multi_thread")]
async fn merging_keeps_everything_of_both_and_leads_on() {
    for house in House::both().await {
        let browser = house.login_as(Role::Analyst).await;
        let who = analyst(browser.person(), vec![]);
        let (r1, r2) = (report(&house, "First").await, report(&house, "Second").await);
        let (one, two) = (open(&house, &who, "One", vec![r1]).await, open(&house, &who, "Two", vec![r1, r2]).await);
        cases::set_label(&house.app, &who, one.id, Tlp::Red, "").await.unwrap();
        cases::add_task(&house.app, &who, one.id, NewTask { title: "of one".into(), ..NewTask::default() }).await.unwrap();
        cases::add_note(&house.app, &who, one.id, "a thought").await.unwrap();
        conflict(cases::merge(&house.app, &who, one.id, one.id).await);
        cases::merge(&house.app, &who, one.id, two.id).await.unwrap();
        let (source, target) = (case_now(&house, one.id).await, case_now(&house, two.id).await);
        assert_eq!((source.state.as_str(), source.merged_into, target.label, target.opened_at), ("resolved", Some(two.id), Tlp::Red, one.opened_at));
        for (text, wanted) in [
            ("select count(*) from case_reports where case_id = $1", 2),
            ("select count(*) from parties where case_id = $1", 3),
            ("select count(*) from tasks where case_id = $1", 1),
            ("select count(*) from notes where about = $1", 2),
        ] {
            assert_eq!(house.rows::<(i64,)>(text, args![two.id]).await, [(wanted,)], "{text}");
        }
        assert_eq!((report_state(&house, r1).await, report_state(&house, r2).await), ("open".into(), "open".into()));
        conflict(cases::reopen(&house.app, &who, one.id, "").await);
        let answer = browser.get(&one.path()).await.must(303);
        assert_eq!(answer.location(), Some(two.path()));
        let page = browser.follow(answer).await.must(200);
        assert!(page.shows("was merged into this case") && page.shows("merged MLT-2026-000001 into this case") && page.shows("a thought"), "{}", page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn splitting_makes_a_linked_case_with_the_chosen_reports_and_parties() {
    let house = House::sqlite().await;
    let who = somebody(&house).await;
    let (r1, r2) = (report(&house, "First").await, report(&house, "Second").await);
    let case = open(&house, &who, "Both", vec![r1, r2]).await;
    let parties: Vec<Id> =
        house.rows::<(Id,)>("select id from parties where case_id = $1 order by id", args![case.id]).await.into_iter().map(|(id,)| id).collect();
    let split = Split { title: "The second alone".into(), reports: vec![r2], parties, ..Split::default() };
    let fresh = cases::split(&house.app, &who, case.id, split).await.unwrap();
    assert_eq!((fresh.split_from, fresh.kind.as_str()), (Some(case.id), "incident"));
    assert_eq!(house.rows::<(i64,)>("select count(*) from parties where case_id = $1", args![fresh.id]).await, [(2,)]);
    let linked = cases::linked_cases(&mut house.app.db.read().await.unwrap(), &who, case.id).await.unwrap();
    assert_eq!(linked.iter().map(|case| case.id).collect::<Vec<_>>(), [fresh.id]);
    invalid(cases::split(&house.app, &who, fresh.id, Split { title: "x".into(), reports: vec![r1], ..Split::default() }).await);
}

async fn group(house: &House, name: &str) -> Id {
    let app = &house.app;
    let id = Id(std::array::from_fn(|at| *name.as_bytes().get(at).unwrap_or(&7)));
    app.db
        .change("operator", async |tx| {
            tx.execute("insert into groups (id, name) values ($1, $2)", args![id, name]).await?;
            tx.record(store::Record::new("group.added", "group", id));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    id
}

async fn join_group(house: &House, group: Id, person: Id) {
    house
        .app
        .db
        .change("operator", async |tx| {
            tx.execute("insert into group_members (group_id, person_id) values ($1, $2)", args![group, person]).await?;
            tx.record(store::Record::new("group.joined", "group", group));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_case_exists_for_its_owner_and_its_group_and_for_nobody_else() {
    let house = House::sqlite().await;
    let (owner, member, lead, admin) =
        (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await, house.login_as(Role::Admin).await);
    let group = group(&house, "Inner circle").await;
    join_group(&house, group, owner.person()).await;
    join_group(&house, group, member.person()).await;
    let who = analyst(owner.person(), vec![group]);
    let told = report(&house, "A quiet thing").await;
    let case = cases::open(&house.app, &who, NewCase { group: Some(group), restricted: true, ..new("Nobody may read this", vec![told]) }).await.unwrap();
    let task = cases::add_task(&house.app, &who, case.id, NewTask { title: "hush".into(), due_at: Some(house.app.now()), ..NewTask::default() }).await.unwrap();
    let note = cases::add_note(&house.app, &who, case.id, "a secret").await.unwrap();
    for seeing in [&owner, &member] {
        let _ = seeing.get(&case.path()).await.must(200);
        assert!(seeing.get("/cases").await.must(200).shows("Nobody may read this"));
    }
    // While the report is in the restricted case alone it is as little there as the case.
    for blind in [&lead, &admin] {
        let number = house.rows::<(String,)>("select number from reports where id = $1", args![told]).await.remove(0).0;
        let _ = blind.get(&format!("/inbox/{number}")).await.must(404);
        let _ = blind.post(&format!("/inbox/{number}/owner"), &[("owner", "me")]).await.must(404);
        for page in ["/inbox?state=all", "/search?q=quiet", "/search?q=192.0.2.77", "/clocks", &format!("/cases/new?report={number}")] {
            let page = blind.get(page).await.must(200);
            assert!(!page.words().contains(&number) && !page.shows("A quiet thing"), "{}", page.words());
        }
        assert!(owner.get("/inbox?state=all").await.shows(&number) && member.get("/search?q=quiet").await.shows(&number));
    }
    hidden(cases::open(&house.app, &somebody(&house).await, new("For all", vec![told])).await);
    let public = open(&house, &who, "For all", vec![told]).await;
    for blind in [&lead, &admin] {
        for route in ["", "/edit", "/change", "/close", "/extent", "/join", &format!("/notes/{note}")] {
            let _ = blind.get(&format!("{}{route}", case.path())).await.must(404);
        }
        for (route, fields) in [
            ("/edit", vec![("title", "x"), ("version", "1")]),
            ("/change", vec![("what", "take")]),
            ("/close", vec![("outcome", "resolved")]),
            ("/extent", vec![("items", "asset: x")]),
            ("/merge", vec![("into", public.number.as_str())]),
            ("/split", vec![("title", "x")]),
            ("/tasks", vec![("title", "x")]),
            (&format!("/tasks/{task}"), vec![("do", "done")]),
            ("/notes", vec![("body", "x")]),
            (&format!("/notes/{note}"), vec![("body", "x"), ("version", "1")]),
        ] {
            let _ = blind.post(&format!("{}{route}", case.path()), &fields).await.must(404);
        }
        // By another case's address, its tasks and notes are not there either.
        let _ = blind.post(&format!("{}/tasks/{task}", public.path()), &[("do", "done")]).await.must(404);
        let _ = blind.get(&format!("{}/notes/{note}", public.path())).await.must(404);
        for page in ["/cases", "/cases?state=all", "/cases?due=any", "/cases?due=late", &public.path(), &format!("{}/join", public.path())] {
            let page = blind.get(page).await.must(200);
            assert!(!page.shows(&case.number) && !page.shows("Nobody may read this"), "{}", page.words());
        }
        let linking = blind.post(&format!("{}/change", public.path()), &[("what", "link"), ("case", &case.number)]).await.must(422);
        assert!(linking.shows("There is no case of that number"));
        let _ = blind.post("/cases/bulk", &[("id", &case.id.to_string()), ("do", "label"), ("value", "RED"), ("sure", "yes")]).await.must(303);
    }
    assert_eq!(case_now(&house, case.id).await.label, Tlp::Amber);
    let mut reader = house.app.db.read().await.unwrap();
    let other = analyst(lead.person(), vec![]);
    assert_eq!(cases::count_open(&mut reader, &other).await.unwrap(), 1);
    assert_eq!(cases::count_open(&mut reader, &who).await.unwrap(), 2);
    assert_eq!(list::count(&mut reader, &other, &Filter { state: "open".into(), due: "late".into(), ..Filter::default() }).await.unwrap(), 0);
    let (seen, more) = cases::of_report(&mut reader, &other, told).await.unwrap();
    assert_eq!((seen.len(), more), (1, 1));
    hidden(cases::get(&mut reader, &Who::Public, case.id).await);
    drop(reader);
    conflict(cases::merge(&house.app, &who, case.id, public.id).await);
    // Whoever would lock themselves out is told so.
    invalid(cases::assign(&house.app, &somebody(&house).await, public.id, Some(Id([9; 16]))).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_one_case_are_told_and_lose_no_word() {
    let house = House::sqlite().await;
    let (one, two) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
    let case = open(&house, &analyst(one.person(), vec![]), "As it was", vec![]).await;
    let edit = format!("{}/edit", case.path());
    let fields = |version: &str, title: &str, cause: &str| {
        [("version", version), ("title", title), ("summary", ""), ("class", "//"), ("cause", cause)].map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    async fn send(browser: &Browser, to: &str, fields: &[(String, String)]) -> crate::house::Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        browser.post(to, &fields).await
    }
    let version = one.get(&edit).await.must(200).input("version");
    assert_eq!(two.get(&edit).await.must(200).input("version"), version);
    let _ = send(&one, &edit, &fields(&version, "Said by one", "Unknown")).await.must(303);
    // The slower one's draft is kept and says that something has changed.
    let draft = format!("/drafts/case/{}", case.id);
    let _ = send(&two, &draft, &fields(&version, "Said by two", "A lost key")).await.must(409);
    let again = two.get(&edit).await.must(200);
    assert_eq!((again.input("title").as_str(), again.input("version")), ("Said by two", version.clone()));
    let both = send(&two, &edit, &fields(&version, "Said by two", "A lost key")).await.must(409);
    assert!(both.shows("Said by one") && both.shows("Said by two") && both.shows("A lost key") && both.shows("analyst 1"), "{}", both.words());
    assert_eq!(case_now(&house, case.id).await.title, "Said by one");
    let _ = send(&two, &edit, &fields(&both.input("version"), "Said by two", "A lost key")).await.must(303);
    let now = case_now(&house, case.id).await;
    assert_eq!((now.title.as_str(), now.cause.as_str()), ("Said by two", "A lost key"));
    // What stood there before is in the journal, and the draft is gone.
    assert!(house.journal().await.iter().any(|line| line.details().to_string().contains("Said by one")));
    assert_eq!(house.rows::<(i64,)>("select count(*) from drafts", vec![]).await, [(0,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_extents_keep_both_versions_too() {
    let house = House::sqlite().await;
    let browser = house.login_as(Role::Analyst).await;
    let who = analyst(browser.person(), vec![]);
    let case = open(&house, &who, "Words", vec![]).await;
    let note = cases::add_note(&house.app, &who, case.id, "first").await.unwrap();
    let path = format!("{}/notes/{note}", case.path());
    let _ = browser.post(&path, &[("version", "1"), ("body", "theirs")]).await.must(303);
    let both = browser.post(&path, &[("version", "1"), ("body", "mine")]).await.must(409);
    assert!(both.shows("theirs") && both.shows("mine") && both.input("version") == "2");
    let extent = format!("{}/extent", case.path());
    let _ = browser
        .post(&extent, &[("version", "0"), ("items", "organisation: A\norganisation: B\ncountry: LS\ncountry: ZA\nasset: routers x 120")])
        .await
        .must(303);
    let page = browser.get(&case.path()).await.must(200);
    assert!(
        page.shows("120 systems · 2 organisations · 2 countries") && page.shows("crosses borders") && page.shows("rule many hit, version 1"),
        "{}",
        page.words()
    );
    assert!(browser.post(&extent, &[("version", "0"), ("items", "asset: mine")]).await.must(409).shows("routers x 120"));
    assert!(browser.post(&extent, &[("version", "1"), ("items", "asset: a\nsomething")]).await.must(422).shows("Line 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_asks_for_scope_waits_until_that_is_decided_and_says_so() {
    for house in House::both().await {
        let browser = house.login_as(Role::Analyst).await;
        let who = analyst(browser.person(), vec![]);
        let report = reports::receive(&house.app, &Who::Public, told(&house.app, "form", "Break-in", "Somebody is in.", "a@shop.example")).await.unwrap();
        let new =
            NewCase { kind: "incident".into(), title: "Break-in".into(), rsit_class: "intrusions".into(), reports: vec![report.id], ..NewCase::default() };
        let case = cases::open(&house.app, &who, new).await.unwrap();
        let waits = "Whether the case is ours is not decided yet. If it is, the rule inside makes it high.";
        let shows = async |severity: &str, rule: &str, open: bool| {
            let now = case_now(&house, case.id).await;
            assert_eq!((now.severity.as_str(), now.severity_rule.as_str()), (severity, rule), "on {}", house.on);
            for path in [case.path(), format!("{}/change", case.path())] {
                let page = browser.get(&path).await.must(200);
                assert_eq!(page.shows(waits), open, "{path} on {}: {}", house.on, page.words());
            }
        };
        let scoped = async |scope: &str| {
            let form = [("scope", scope), ("reason", "As the registry says.")];
            let _ = browser.post(&format!("/inbox/{}/scope", report.number), &form).await.must(303);
        };
        shows("medium", "usual@1", true).await;
        scoped("in").await;
        shows("high", "inside@1", false).await;
        scoped("out").await;
        shows("medium", "usual@1", false).await;
        scoped("unknown").await;
        shows("medium", "usual@1", true).await;
        // A party decides it too: one outside for the one side, a constituent for the other.
        let add = async |name: &str, status: &str| {
            let organisation = crate::triage::organisation(&house, name, "internet", status, &[]).await;
            parties::add(&house.app, &who, case.id, NewParty { organisation: Some(organisation), role: "target".into(), ..NewParty::default() }).await.unwrap()
        };
        add("Far Away", "outside").await;
        shows("medium", "usual@1", false).await;
        let near = add("Near By", "registered").await;
        shows("high", "inside@1", false).await;
        let page = browser.get(&case.path()).await.must(200);
        assert!(page.shows("changed the severity from medium to high (rule inside, version 1)"), "on {}: {}", house.on, page.words());
        // Not the target after all, but somebody else in it.
        let party = format!("{}/parties/{near}", case.path());
        let seen = browser.get(&party).await.must(200).input("seen");
        let form = [("name", "Near By"), ("role", "other"), ("language", "en"), ("reach", "portal"), ("ceiling", "AMBER"), ("seen", seen.as_str())];
        let _ = browser.post(&party, &form).await.must(303);
        shows("medium", "usual@1", false).await;
        // Whoever decided by hand decided that, whatever the scope.
        cases::set_severity(&house.app, &who, case.id, "low", "A test machine").await.unwrap();
        scoped("in").await;
        shows("low", "override", false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_checked_and_decisions_ask_for_reasons() {
    let house = House::sqlite().await;
    let browser = house.login_as(Role::Analyst).await;
    let who = analyst(browser.person(), vec![]);
    let case = open(&house, &who, "Facts", vec![]).await;
    let (edit, change) = (format!("{}/edit", case.path()), format!("{}/change", case.path()));
    let wrong =
        browser.post(&edit, &[("version", "1"), ("title", "Facts"), ("occurred", "2026-11-20T10:00"), ("contained", "2026-11-19T10:00")]).await.must(422);
    assert!(wrong.shows("contained stands before occurred") && wrong.input("contained") == "2026-11-19T10:00");
    let _ = browser.post(&edit, &[("version", "1"), ("title", "Facts"), ("class", "intrusions//sim-swap")]).await.must(422);
    let _ = browser.post(&edit, &[("version", "1"), ("title", "Facts"), ("cause_cve", "CVE-26-1")]).await.must(422);
    let _ = browser.post(&edit, &[("version", "1"), ("title", "Facts"), ("class", "intrusions//"), ("cause_cve", "cve-2026-31337")]).await.must(303);
    let now = case_now(&house, case.id).await;
    assert_eq!((now.severity.as_str(), now.severity_rule.as_str(), now.cause_cve.as_str()), ("medium", "usual@1", "CVE-2026-31337"));
    let _ = browser.post(&change, &[("what", "severity"), ("severity", "low")]).await.must(422);
    let _ = browser.post(&change, &[("what", "severity"), ("severity", "low"), ("reason", "one test machine")]).await.must(303);
    let _ = browser.post(&change, &[("what", "label"), ("label", "GREEN")]).await.must(422);
    let _ = browser.post(&change, &[("what", "label"), ("label", "GREEN"), ("reason", "published already")]).await.must(303);
    let _ = browser.post(&change, &[("what", "verdict"), ("verdict", "confirmed"), ("confidence", "high")]).await.must(303);
    let _ = browser.post(&change, &[("what", "phase"), ("phase", "recovery")]).await.must(303);
    let _ = browser.post(&change, &[("what", "phase"), ("phase", "analysis")]).await.must(303);
    let _ = browser.post(&change, &[("what", "kind"), ("kind", "near_miss")]).await.must(303);
    let now = case_now(&house, case.id).await;
    assert_eq!((now.severity.as_str(), now.label, now.phase.as_str(), now.kind.as_str()), ("low", Tlp::Green, "analysis", "near_miss"));
    let page = browser.get(&case.path()).await.must(200);
    for words in
        ["changed the label from TLP:AMBER to TLP:GREEN", "published already", "one test machine", "went from recovery to analysis", "judged: confirmed"]
    {
        assert!(page.shows(words), "{words} in {}", page.words());
    }
    // A near miss that may be ours asks for a recommendation as any other, or for who says that none is needed.
    let close = format!("{}/close", case.path());
    let _ = browser.post(&close, &[("outcome", "resolved")]).await.must(422);
    let end = [("outcome", "resolved"), ("waiver", "nothing happened")];
    let _ = browser.post(&close, &end).await.must(303);
    let _ = browser.post(&close, &end).await.must(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_opened_from_a_report_on_the_page_and_listed() {
    let house = House::sqlite().await;
    let browser = house.login_as(Role::Analyst).await;
    let told = report(&house, "From the form").await;
    assert!(browser.get("/cases").await.must(200).shows("No case like that"));
    let form = browser.get("/cases/new?report=R-2026-000001").await.must(200);
    assert_eq!((form.input("title").as_str(), form.input("report").as_str()), ("From the form", "R-2026-000001"));
    let wrong = browser.post("/cases", &[("report", "R-2026-000001"), ("title", " "), ("kind", "incident"), ("summary", "kept")]).await.must(422);
    assert!(wrong.shows("Write a title") && wrong.shows("kept"));
    let _ = browser.post("/drafts/new-case/new", &[("report", "R-2026-000001"), ("title", "Half a title"), ("kind", "threat")]).await.must(200);
    assert_eq!(browser.get("/cases/new?report=R-2026-000001").await.must(200).input("title"), "Half a title");
    let made = browser.post("/cases", &[("report", "R-2026-000001"), ("title", "A case"), ("kind", "incident"), ("label", "GREEN")]).await.must(303);
    let page = browser.follow(made).await.must(200);
    assert!(page.shows("R-2026-000001") && page.shows("opened MLT-2026-000001 from R-2026-000001") && page.shows("192.0.2.77"), "{}", page.words());
    assert_eq!(report_state(&house, told).await, "open");
    assert!(browser.get("/cases?state=open&owner=me").await.must(200).shows("A case"));
    let _ = browser.post("/cases/views", &[("name", "Hot"), ("query", "state=open&severity=critical")]).await.must(303);
    assert!(browser.get("/cases").await.must(200).shows("Hot"));
    let id = house.rows::<(Id,)>("select id from cases", vec![]).await[0].0.to_string();
    let look = browser.post("/cases/bulk", &[("id", &id), ("do", "label"), ("label", "RED"), ("owner", ""), ("back", "state=open")]).await.must(200);
    assert!(look.shows("TLP:AMBER → TLP:RED") && look.shows("Nothing has happened yet"), "{}", look.words());
    let _ = browser.post("/cases/bulk", &[("id", &id), ("do", "label"), ("value", "RED"), ("sure", "yes"), ("back", "state=open")]).await.must(303);
    assert_eq!(house.rows::<(String,)>("select label from cases", vec![]).await[0].0, "RED");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_of_cases_sorts_and_pages_neither_skip_nor_repeat() {
    let house = House::sqlite().await;
    let who = somebody(&house).await;
    for n in 0..list::PAGE + 7 {
        open(&house, &who, &format!("Case {n}"), vec![]).await;
        house.later(i64::from(n % 3 == 0));
    }
    let mut reader = house.app.db.read().await.unwrap();
    let now = house.app.now();
    let group = analyst(who.person().unwrap().id, vec![Id([1; 16]), Id([2; 16])]);
    for query in [
        "",
        "state=all",
        "state=resolved",
        "owner=me",
        "owner=none",
        "kind=incident&severity=high",
        "class=fraud",
        "due=any",
        "due=late",
        "due=soon&owner=me",
        "watched=yes",
        "due=late&watched=yes",
    ] {
        for after in [None, Some((now, Id([3; 16])))] {
            let filter = Filter { after, ..Filter::read(&atalaya::web::Fields::parse(query.as_bytes())) };
            let plan = reader.plan(list::statement(&group, &filter, now)).await.unwrap();
            assert!(!plan.contains("TEMP B-TREE"), "{query}: {plan}");
        }
    }
    // What waits to be read is found by what waits, and not by looking at all parties.
    for query in ["unread=yes", "unread=yes&watched=yes"] {
        let plan = reader.plan(list::statement(&group, &Filter::read(&atalaya::web::Fields::parse(query.as_bytes())), now)).await.unwrap();
        assert!(plan.contains("parties_unread") && plan.contains("parties_asked_case") && !plan.contains("parties_case"), "{query}: {plan}");
    }
    let mut filter = Filter { state: "open".into(), ..Filter::default() };
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    loop {
        let (rows, next) = list::list(&mut reader, &who, &filter).await.unwrap();
        assert!(rows.iter().all(|row| seen.insert(row.id)), "a case came twice");
        pages += 1;
        let Some(next) = next else { break };
        filter.after = Filter::read(&atalaya::web::Fields::parse(format!("after={next}").as_bytes())).after;
    }
    assert_eq!((seen.len(), pages), (list::PAGE + 7, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_merged_is_as_secret_as_what_it_was_merged_into_and_loses_no_word() {
    for house in House::both().await {
        let (owner, next, lead) = (house.login_as(Role::Lead).await, house.login_as(Role::Lead).await, house.login_as(Role::Lead).await);
        let group = group(&house, "Inner circle").await;
        for person in [&owner, &next] {
            join_group(&house, group, person.person()).await;
        }
        let who = Who::Person(Person { id: owner.person(), name: "a lead".into(), role: Role::Lead, organisation: None, groups: vec![group], form: None });
        let (a, b, c) = (open(&house, &who, "Nightjar", vec![]).await, open(&house, &who, "Two", vec![]).await, open(&house, &who, "Three", vec![]).await);
        cases::add_note(&house.app, &who, a.id, "a kestrel in the attic").await.unwrap();
        cases::merge(&house.app, &who, a.id, b.id).await.unwrap();
        cases::merge(&house.app, &who, b.id, c.id).await.unwrap();
        assert_eq!(case_now(&house, a.id).await.merged_into, Some(c.id));
        // A note to what was merged away a moment ago stands where it lives on; other edits are told.
        cases::add_note(&house.app, &who, a.id, "typed while it was merged").await.unwrap();
        conflict(cases::set_phase(&house.app, &who, a.id, "recovery").await);
        conflict(cases::set_extent(&house.app, &who, b.id, 0, vec![]).await);
        assert_eq!(house.rows::<(i64,)>("select count(*) from notes where about = $1 and body like 'typed%'", args![c.id]).await, [(1,)]);
        assert!(lead.get("/search?q=kestrel").await.shows("Three"));
        cases::restrict(&house.app, &who, c.id, true, Some(group)).await.unwrap();
        cases::assign(&house.app, &who, c.id, Some(next.person())).await.unwrap();
        for case in [&a, &b, &c] {
            let _ = lead.get(&case.path()).await.must(404);
        }
        for list in ["/cases?state=all", "/journal", "/clocks"] {
            let page = lead.get(list).await.must(200);
            assert!(!page.shows("Nightjar") && !page.shows(&a.number), "{list} on {}: {}", house.on, page.words());
        }
        for words in ["kestrel", "nightjar", &a.number] {
            let page = lead.get(&format!("/search?q={words}")).await;
            assert!(!page.shows("Three") && !page.shows("Nightjar"), "{}", page.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_hides_a_restricted_case_of_any_shape_from_whoever_may_not_know_of_it() {
    for house in House::both().await {
        let (owner, outsider, grouped) = (house.login_as(Role::Lead).await, house.login_as(Role::Lead).await, house.login_as(Role::Lead).await);
        let (inner, other) = (group(&house, "Inner circle").await, group(&house, "Others").await);
        join_group(&house, inner, owner.person()).await;
        join_group(&house, other, grouped.person()).await;
        let who = Who::Person(Person { id: owner.person(), name: "a lead".into(), role: Role::Lead, organisation: None, groups: vec![inner], form: None });
        let alone = open(&house, &who, "Owner alone", vec![]).await;
        cases::restrict(&house.app, &who, alone.id, true, None).await.unwrap();
        let nobodys = open(&house, &who, "Group alone", vec![]).await;
        cases::restrict(&house.app, &who, nobodys.id, true, Some(inner)).await.unwrap();
        cases::assign(&house.app, &who, nobodys.id, None).await.unwrap();
        for blind in [&outsider, &grouped] {
            let page = blind.get("/journal").await.must(200);
            assert!(!page.shows("Owner alone") && !page.shows("Group alone"), "{}", page.words());
            for case in [&alone, &nobodys] {
                let _ = blind.get(&case.path()).await.must(404);
                let _ = blind.get(&format!("/ledger?about={}", case.number)).await.must(404);
            }
        }
        assert!(owner.get("/journal").await.must(200).shows("Owner alone"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_from_before_the_first_answer_is_stale_and_wipes_no_time() {
    for house in House::both().await {
        let who = somebody(&house).await;
        let case = open(&house, &who, "Slow edit", vec![]).await;
        let facts = cases::facts::Facts { title: "Slower".into(), ..cases::facts::Facts::of(&case) };
        house
            .app
            .db
            .change(&who.to_string(), async |tx| {
                tx.record(store::Record::new("message.released", "message", case.id));
                cases::mark_responded_in(tx, case.id).await
            })
            .await
            .unwrap();
        let edited = cases::edit(&house.app, &who, case.id, case.version, facts).await.unwrap();
        assert!(matches!(edited, cases::facts::Edited::Stale(_)), "{edited:?}");
        assert!(case_now(&house, case.id).await.responded_at.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_may_not_be_known_of_is_no_more_there_than_one_that_does_not_exist() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let secret = report(&house, "The minister's telephone").await;
        crate::triage::restricted_case(&house, &crate::triage::person_of(&owner, Role::Analyst), "Quiet", secret).await;
        let case = open(&house, &analyst(outsider.person(), vec![]), "Mine", vec![]).await;
        let path = format!("/cases/{}/change", case.number);
        for what in ["link-report", "unlink-report"] {
            let hidden = outsider.post(&path, &[("what", what), ("report", "R-2026-000001")]).await;
            let unknown = outsider.post(&path, &[("what", what), ("report", "R-2026-000009")]).await;
            assert_eq!((hidden.status, unknown.status), (422, 422), "{what} on {}", house.on);
            assert_eq!(hidden.words().replace("R-2026-000001", "R"), unknown.words().replace("R-2026-000009", "R"), "{what} on {}", house.on);
        }
        let fields = |number| [("kind", "incident"), ("title", "New"), ("report", number)];
        let hidden = outsider.post("/cases", &fields("R-2026-000001")).await;
        let unknown = outsider.post("/cases", &fields("R-2026-000009")).await;
        assert_eq!((hidden.status, unknown.status), (422, 422), "on {}", house.on);
        assert_eq!(hidden.words().replace("R-2026-000001", "R"), unknown.words().replace("R-2026-000009", "R"), "on {}", house.on);
        let party = [("role", "reporter"), ("report", &secret.to_string())];
        assert_eq!(outsider.post(&format!("/cases/{}/parties", case.number), &party).await.status, 404, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_a_case_hears_of_new_answers_and_finds_it_in_a_list_of_its_own() {
    for house in House::both().await {
        let (owner, watcher) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let story = crate::messages::story(&house).await;
        let who = analyst(story.browser.person(), vec![]);
        cases::assign(&house.app, &who, story.case.id, Some(owner.person())).await.unwrap();
        open(&house, &who, "Another", vec![]).await;
        let watched = async || watcher.get("/cases?state=open&watched=yes").await.must(200);
        assert!(watched().await.shows("No case like that"));
        let change = format!("/cases/{}/change", story.case.number);
        watcher.post(&change, &[("what", "watch")]).await.must(303);
        let page = watched().await;
        assert!(page.shows(&story.case.number) && !page.shows("Another") && page.words().contains("Watched 1"), "on {}: {}", house.on, page.words());
        crate::messages::say(&house, &story, story.norlink, "Please look.").await.unwrap();
        let path = crate::messages::page(&house, story.norlink).await;
        house.visitor().upload(&format!("{path}/reply"), &[("words", "We look.")], &[]).await.must(303);
        let uninvolved = house.login_as(Role::Analyst).await;
        for (browser, told) in [(&owner, true), (&watcher, true), (&uninvolved, false)] {
            assert_eq!(browser.get("/inbox").await.must(200).shows("1 new"), told, "on {}", house.on);
        }
        watcher.post(&change, &[("what", "unwatch")]).await.must(303);
        assert!(!watcher.get("/inbox").await.must(200).shows("1 new"), "on {}", house.on);
    }
}
