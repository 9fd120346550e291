//! The inbox: what it shows, what is done there, and what it keeps to itself.

use atalaya::access::{Person, Role, Who};
use atalaya::cases::{self, NewCase};
use atalaya::constituency::{self, Details, Held};
use atalaya::reports::{self, Asked, NewFile, NewReport, Receipt};
use formats::label::Tlp;
use store::Id;

use crate::house::{Browser, House};
use crate::reports::told;

pub async fn receive(house: &House, new: NewReport) -> Receipt {
    reports::receive(&house.app, &Who::Public, new).await.unwrap()
}

/// Somebody of the team, as verbs know them.
pub fn person_of(browser: &Browser, role: Role) -> Who {
    Who::Person(Person { id: browser.person(), name: "somebody".into(), role, organisation: None, groups: vec![], form: None })
}

pub async fn organisation(house: &House, name: &str, sector: &str, status: &str, holds: &[&str]) -> Id {
    let details = Details {
        name: name.into(),
        sector: sector.into(),
        status: status.into(),
        country: "LS".into(),
        language: "en".into(),
        ceiling: Tlp::Amber,
        note: String::new(),
    };
    let id = constituency::add(&house.app, &Who::Operator, details).await.unwrap();
    for value in holds {
        let held = Held { kind: String::new(), value: (*value).into(), from: None, to: None, source: "console" };
        constituency::add_resource(&house.app, &Who::Operator, id, held).await.unwrap();
    }
    id
}

/// A case from a report that only its owner may know of.
pub async fn restricted_case(house: &House, owner: &Who, title: &str, report: Id) -> String {
    let case =
        cases::open(&house.app, owner, NewCase { kind: "incident".into(), title: title.into(), reports: vec![report], ..NewCase::default() }).await.unwrap();
    cases::restrict(&house.app, owner, case.id, true, None).await.unwrap();
    case.number
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_teaches_when_empty_and_shows_a_report_with_its_owners_and_reasons() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/inbox").await.must(200).shows("Nothing waits"));
        organisation(&house, "Vodalink Lesotho", "mobile", "registered", &["203.0.113.0/24"]).await;
        let body = "SYN floods from 203.0.113.0/26 to 192.0.2.10, C2 at hxxp://update[.]cpe.example/x, CVE-2026-31337.";
        let new = NewReport {
            urgent: true,
            problems: vec!["One part has an unknown charset.".into()],
            ..told(&house.app, "mail", "Router floods", body, "noc@vodalink.example")
        };
        receive(&house, new).await;
        let page = analyst.get("/inbox").await.must(200);
        for words in [
            "1 waiting",
            "Router floods",
            "urgent",
            "Whose is it?",
            "Vodalink Lesotho",
            "constituent",
            "prefix",
            "One part has an unknown charset.",
            "1 vulnerability",
        ] {
            assert!(page.shows(words), "{words} on {}:\n{}", house.on, page.words());
        }
        assert!(page.text().contains("<mark title=\"Network\">203.0.113.0/26</mark>"));
        assert!(page.text().contains("class=\"new selected\""));
        let own = analyst.get("/inbox/R-2026-000001").await.must(200);
        assert!(own.text().contains("class=\"inbox open\""));
        let _ = analyst.get("/inbox/R-2026-000099").await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_views_and_both_orders_page_through_everything_once() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        for n in 0..57 {
            let channel = if n % 3 == 0 { "api" } else { "form" };
            receive(&house, NewReport { urgent: n == 5, help: n == 6, ..told(&house.app, channel, &format!("Report {n:03}"), "Words.", "") }).await;
            if n % 2 == 0 {
                house.later(1);
            }
        }
        for start in ["/inbox", "/inbox?order=oldest", "/inbox?channel=form"] {
            let (mut seen, mut next) = (Vec::new(), Some(start.to_owned()));
            while let Some(path) = next {
                let page = analyst.get(&path).await.must(200);
                seen.extend(page.text().split("name=\"id\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
                next = page.links("/inbox?").into_iter().find(|link| link.contains("after="));
            }
            let mut sorted = seen.clone();
            sorted.sort();
            sorted.dedup();
            assert_eq!((seen.len(), sorted.len()), if start.contains("form") { (38, 38) } else { (57, 57) }, "{start} on {}", house.on);
        }
        assert!(analyst.get("/inbox?flag=urgent").await.must(200).shows("Report 005"));
        assert!(!analyst.get("/inbox?flag=help").await.must(200).shows("Report 005"));
        assert!(analyst.get("/inbox?organisation=Nobody").await.must(200).shows("Nothing matches"));

        let _ = analyst.post("/views", &[("room", "inbox"), ("name", "Urgent ones"), ("query", "flag=urgent"), ("to", "/inbox?flag=urgent")]).await.must(303);
        let page = analyst.get("/inbox?flag=urgent").await.must(200);
        assert!(page.shows("Urgent ones"));
        assert!(!house.login_as(Role::Analyst).await.get("/inbox").await.shows("Urgent ones"), "a view is one's own");
        let path = page.between("action=\"/views/", "/removal");
        let _ = house.login_as(Role::Lead).await.post(&format!("/views/{path}/removal"), &[]).await.must(404);
        let _ = analyst.post(&format!("/views/{path}/removal"), &[]).await.must(303);
        assert!(!analyst.get("/inbox").await.shows("Urgent ones"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_along_an_index_and_never_sorted() {
    for house in House::both().await {
        for n in 0..30 {
            receive(&house, told(&house.app, "form", &format!("Report {n}"), "Words.", "")).await;
        }
        let mut reader = house.app.db.read().await.unwrap();
        for (oldest, before) in [(false, None), (true, None), (false, Some((house.app.now(), Id([7; 16]))))] {
            for waiting in [true, false] {
                let asked = Asked { waiting, oldest, before, state: (!waiting).then(|| "resolved".to_owned()), limit: 51, ..Asked::default() };
                let who = crate::messages::analyst(Id([9; 16]));
                let statement = reports::statement(&asked, None, |s| cases::push_visible_report(s, &who, "r.id"));
                let plan = reader.plan(statement).await.unwrap();
                // So few rows may be read in any way by a server; only the embedded plan is fixed.
                if house.on == "sqlite" {
                    assert!(!plan.contains("TEMP B-TREE"), "{asked:?}: {plan}");
                    assert!(plan.contains(if waiting { "reports_waiting" } else { "reports_inbox" }), "{asked:?}: {plan}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_may_change_and_its_history_stays() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        receive(&house, told(&house.app, "form", "First", "Words.", "")).await;
        receive(&house, told(&house.app, "form", "Second", "Words.", "")).await;
        let path = "/inbox/R-2026-000002/verdict";
        let _ = analyst.post(path, &[("verdict", "confirmed"), ("confidence", "low")]).await.must(303);
        let _ = analyst.post(path, &[("verdict", "duplicate"), ("of", "r-2026-000001"), ("confidence", "high")]).await.must(303);
        let refused = analyst.post(path, &[("verdict", "duplicate"), ("of", "R-2026-000077")]).await.must(422);
        assert!(refused.shows("There is no report R-2026-000077"));
        let _ = analyst.post(path, &[("verdict", "perhaps")]).await.must(422);
        let page = analyst.get("/inbox/R-2026-000002").await.must(200);
        for words in ["duplicate of R-2026-000001, confidence high", "said: confirmed, confidence low", "said: duplicate, confidence high, before: confirmed"] {
            assert!(page.shows(words), "{words} in {}", page.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_shows_its_words_first_tells_the_reporter_and_breaks_no_promise() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        organisation(&house, "Basotho Bank", "finance", "outside", &["198.51.100.0/24"]).await;
        receive(&house, told(&house.app, "form", "Bank fraud", "From 198.51.100.7.", "desk@shop.example")).await;
        let page = analyst.get("/inbox/R-2026-000001/referral").await.must(200);
        assert!(page.shows("Incident team of the Maluti banks fits country and sector"), "{}", page.words());
        let mut fields = vec![("do", "refer"), ("id", "R-2026-000001"), ("again", "1"), ("entry", "bank-team"), ("reason", "")];
        let page = analyst.post("/inbox/batches", &fields).await.must(422);
        assert!(page.shows("Say why it is not ours") && page.text().contains("href=\"#reason\""));
        fields[4].1 = "It is about a bank.";
        let page = analyst.post("/inbox/batches", &fields).await.must(200);
        assert!(page.shows("desk@shop.example") && page.shows("it is not ours to handle: It is about a bank."), "{}", page.words());
        let shown = page.input("shown");

        let mut other = fields.clone();
        other[4].1 = "Something else.";
        other.extend([("sure", "1"), ("shown", shown.as_str())]);
        let again = analyst.post("/inbox/batches", &other).await.must(200);
        assert!(again.shows("look at it once more"), "what was not shown does not leave");
        assert!(house.rows::<(String,)>("select basis from ledger where basis = 'referral'", vec![]).await.is_empty());

        fields.extend([("sure", "1"), ("shown", shown.as_str())]);
        let _ = analyst.post("/inbox/batches", &fields).await.must(303);
        house.run_jobs().await;
        let mails = house.sink.to("desk@shop.example");
        assert!(mails.iter().any(|mail| mail.text().contains("It is about a bank.") && mail.text().contains("csirt.banks.maluti.example")));
        house.set_clock("2026-12-10T10:00:00+02:00");
        house.run_jobs().await;
        assert!(house.rows::<(String,)>("select state from clocks where state in ('running', 'missed')", vec![]).await.is_empty());
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/inbox/R-2026-000001").await.shows("resolved · referred"));
        let _ = analyst.post("/inbox/batches", &fields).await.must(409);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_is_shown_exactly_as_it_leaves_and_ends_the_report() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let new =
            NewReport {
                language: "es".into(), kind: "advice".into(), ..told(&house.app, "form", "¿Qué hacer?", "Una nota de rescate.", "ti@correo.example")
            };
        receive(&house, new).await;
        let page = analyst.get("/inbox/R-2026-000001/answer").await.must(200);
        assert!(page.shows("Hola, Front desk:") && page.shows("Son recomendaciones, no órdenes"), "{}", page.words());
        let fields = [("do", "answer"), ("id", "R-2026-000001"), ("again", "1"), ("subject", "Consejo"), ("body", "No pague."), ("label", "AMBER")];
        let page = analyst.post("/inbox/batches", &fields).await.must(200);
        let leaves = page.between("<div class=\"raw\"", "</div>");
        assert!(leaves.contains("No pague.") && leaves.contains("TLP:AMBER"), "{leaves}");
        let shown = page.input("shown");
        let mut sure = fields.to_vec();
        sure.extend([("sure", "1"), ("shown", shown.as_str())]);
        let _ = analyst.post("/inbox/batches", &sure).await.must(303);
        house.run_jobs().await;
        assert!(house.sink.to("ti@correo.example").iter().any(|mail| mail.text().contains("No pague.")));
        let page = analyst.get("/inbox/R-2026-000001").await.must(200);
        assert!(page.shows("resolved · advice") && page.shows("No pague."));
        assert!(analyst.get("/inbox").await.shows("Nothing waits"));
        let _ = analyst.post("/inbox/R-2026-000001/reopening", &[]).await.must(303);
        assert!(analyst.get("/inbox").await.shows("¿Qué hacer?"), "open outside of a case waits again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_act_says_first_what_happens_to_each_and_then_does_just_that() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        for title in ["One", "Two", "Three", "Four"] {
            receive(&house, told(&house.app, "form", title, "Words.", "")).await;
        }
        let _ = analyst.post("/inbox/R-2026-000002/cases", &[]).await.must(303);
        let ids = [("id", "R-2026-000001"), ("id", "R-2026-000002"), ("id", "R-2026-000003"), ("again", "1"), ("do", "reject"), ("reason", "Spam.")];
        let page = analyst.post("/inbox/batches", &ids).await.must(200);
        assert!(page.shows("2 of 3 reports") && page.shows("Not done: It is worked on in a case.") && page.shows("Do it for 2"), "{}", page.words());
        assert!(house.rows::<(i64,)>("select 1 from reports where state = 'rejected'", vec![]).await.is_empty(), "looking changes nothing");
        let shown = page.input("shown");
        let mut sure = ids.to_vec();
        sure.extend([("sure", "1"), ("shown", shown.as_str())]);
        let done = analyst.post("/inbox/batches", &sure).await.must(200);
        assert!(done.shows("Done for 2 of 3") && done.shows("Undo"), "{}", done.words());
        let rejected = house.rows::<(String,)>("select number from reports where state = 'rejected' order by number", vec![]).await;
        assert_eq!(rejected, [("R-2026-000001".to_owned(),), ("R-2026-000003".to_owned(),)]);

        // Undo, one of them from its own page and one in bulk.
        assert!(analyst.get("/inbox/R-2026-000001").await.shows("Rejected. Spam."));
        let _ = analyst.post("/inbox/R-2026-000001/rejection/removal", &[]).await.must(303);
        let _ = analyst.post("/inbox/R-2026-000001/rejection/removal", &[]).await.must(409);
        let page = analyst.post("/inbox/batches", &[("do", "unreject"), ("id", "R-2026-000003"), ("id", "R-2026-000004")]).await.must(200);
        assert!(page.shows("Not done: It is new, not rejected."));
        let shown = page.input("shown");
        let sure = [("do", "unreject"), ("id", "R-2026-000003"), ("id", "R-2026-000004"), ("again", "1"), ("sure", "1"), ("shown", shown.as_str())];
        let _ = analyst.post("/inbox/batches", &sure).await.must(200);
        assert!(house.rows::<(i64,)>("select 1 from reports where state = 'rejected'", vec![]).await.is_empty());

        // One case for several, and links to several cases.
        let mut open = vec![("do", "open"), ("id", "R-2026-000003"), ("id", "R-2026-000004"), ("title", "Together"), ("kind", "threat"), ("again", "1")];
        let shown = analyst.post("/inbox/batches", &open).await.must(200).input("shown");
        open.extend([("sure", "1"), ("shown", shown.as_str())]);
        assert!(analyst.post("/inbox/batches", &open).await.must(200).shows("All are in MLT-2026-000002"));
        let _ = analyst.post("/inbox/R-2026-000001/links", &[("cases", "MLT-2026-000001, mlt-2026-000002")]).await.must(303);
        let page = analyst.get("/inbox/R-2026-000001").await;
        assert!(page.shows("MLT-2026-000001") && page.shows("MLT-2026-000002"));
        assert!(analyst.post("/inbox/R-2026-000001/links", &[("cases", "MLT-2026-000009")]).await.must(422).shows("There is no case MLT-2026-000009"));
        let _ = analyst.post("/inbox/batches", &[("do", "reject")]).await.must(303);
        let _ = analyst.post("/inbox/batches", &[("do", "burn"), ("id", "R-2026-000001")]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_scope_and_facts_change_on_the_reports_page() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    receive(&house, told(&house.app, "form", "One", "Words.", "")).await;
    let _ = analyst.post("/inbox/R-2026-000001/owner", &[("owner", "me"), ("back", "?owner=nobody")]).await.must(303);
    assert!(analyst.get("/inbox?owner=me").await.shows("One"));
    let _ = analyst.post("/inbox/R-2026-000001/scope", &[("scope", "out"), ("reason", "")]).await.must(422);
    let _ = analyst.post("/inbox/R-2026-000001/scope", &[("scope", "in"), ("reason", "a constituent is the source")]).await.must(303);
    assert!(analyst.get("/inbox/R-2026-000001").await.shows("In scope: a constituent is the source."));
    let _ = analyst.post("/inbox/R-2026-000001/facts", &[("title", "Better"), ("kind", "outage"), ("label", "RED")]).await.must(303);
    let page = analyst.get("/inbox/R-2026-000001").await;
    assert!(page.shows("Better") && page.shows("TLP:RED") && page.shows("outage"));
    let gone = analyst.post("/inbox/R-2026-000001/owner", &[("owner", "me"), ("back", "//evil.example")]).await;
    assert_eq!(gone.location().unwrap(), "/inbox/R-2026-000001");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_like_a_restricted_case_says_nothing_of_it() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let first = receive(&house, told(&house.app, "form", "Known", "C2 at bad.host.example", "")).await;
        let number = restricted_case(&house, &person_of(&owner, Role::Analyst), "The minister's telephone", first.id).await;
        receive(&house, told(&house.app, "form", "New", "Again bad.host.example", "")).await;
        let page = outsider.get("/inbox/R-2026-000002").await.must(200);
        for word in ["hidden by your rights", &number, "minister", "R-2026-000001"] {
            assert!(!page.shows(word), "{word}: {}", page.words());
        }
        let page = owner.get("/inbox/R-2026-000002").await.must(200);
        assert!(page.shows(&number) && page.shows("Add to ") && !page.shows("hidden by your rights"));
        let answer = outsider.post("/inbox/R-2026-000002/links", &[("cases", &number)]).await.must(422);
        assert!(answer.shows(&format!("There is no case {number}")), "as one that never was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_every_field_stays_text_and_files_only_download() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>";
    let file = NewFile { name: "x\"<b>.html".into(), media_type: "text/html".into(), kept: house.app.blobs.seal(b"<script>alert(1)</script>").unwrap() };
    let new = NewReport {
        reporter_name: evil.into(),
        reporter_org: evil.into(),
        reporter_phone: evil.into(),
        problems: vec![evil.into()],
        files: vec![file],
        raw: house.app.blobs.seal(evil.as_bytes()).unwrap(),
        raw_type: "message/rfc822",
        ..told(&house.app, "mail", evil, &format!("{evil} 192.0.2.1 {evil}"), "")
    };
    receive(&house, new).await;
    let _ = analyst.post("/inbox/R-2026-000001/rejection/removal", &[]).await.must(409);
    for path in
        ["/inbox", "/inbox/R-2026-000001", "/inbox/R-2026-000001/original", "/inbox/R-2026-000001/answer", "/inbox/R-2026-000001/referral", "/search?q=alert"]
    {
        let page = analyst.get(path).await.must(200);
        let html = page.text();
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x") && !html.contains("\"'><b>"), "{path}: {html}");
        assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    }
    let link = analyst.get("/inbox/R-2026-000001").await.links("/inbox/R-2026-000001/files/").remove(0);
    for path in [link.as_str(), "/inbox/R-2026-000001/original/file"] {
        let file = analyst.get(path).await.must(200);
        assert_eq!(file.header("content-type"), Some("application/octet-stream"));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
        assert!(file.header("content-security-policy").unwrap().starts_with("sandbox"));
    }
    assert_eq!(analyst.get("/inbox/R-2026-000001/original/file").await.body, evil.as_bytes());
    receive(&house, told(&house.app, "form", "Other", "Words.", "")).await;
    let _ = analyst.get(&link.replace("000001", "000002")).await.must(404);
    let _ = house.visitor().get(&link).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_call_is_written_down_like_any_report() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let _ = analyst.get("/inbox/new").await.must(200);
        let bad = [("title", "Mast is down"), ("body", ""), ("kind", "outage"), ("reporter_mail", "no address")];
        let page = analyst.post("/inbox/new", &bad).await.must(422);
        assert!(page.text().contains("href=\"#body\"") && page.input("title") == "Mast is down", "nothing typed is lost");
        let page = analyst.post("/inbox/new", &[("title", "Mast"), ("body", "Down."), ("kind", "outage"), ("reporter_mail", "no address")]).await.must(422);
        assert!(page.shows("is not a mail address"));
        let call = [
            ("title", "Mast is down"),
            ("body", "Since four, also 203.0.113.9."),
            ("kind", "outage"),
            ("language", "es"),
            ("urgent", "1"),
            ("reporter_name", "Shift lead"),
            ("reporter_mail", "noc@vodalink.example"),
            ("receipt", "1"),
        ];
        let page = analyst.post("/inbox/new", &call).await.must(200);
        assert!(page.shows("Written down as R-2026-000001") && page.shows("/status/R-2026-000001?secret="));
        let page = analyst.get("/inbox/R-2026-000001").await.must(200);
        assert!(page.shows("phone") && page.shows("urgent") && page.shows("203.0.113.9") && page.shows("Shift lead"));
        assert!(analyst.get("/inbox/R-2026-000001/original").await.must(200).shows("Since four, also 203.0.113.9."));
        house.run_jobs().await;
        assert_eq!(house.sink.to("noc@vodalink.example").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_at_an_older_report_is_told_and_keeps_what_was_typed() {
    for house in House::both().await {
        let (one, two) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        receive(&house, told(&house.app, "form", "First title", "Words.", "")).await;
        let path = "/inbox/R-2026-000001";
        let seen = one.get(path).await.must(200).input("version");
        let facts = |title: &'static str, label: &'static str| {
            [("title", title), ("kind", "outage"), ("label", label), ("marks", "1"), ("version", seen.as_str())].map(|(a, b)| (a, b.to_owned()))
        };
        let sent = async |browser: &Browser, form: &str, fields: &[(&str, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(&format!("{path}/{form}"), &fields).await
        };
        let _ = sent(&one, "facts", &facts("Title of one", "RED")).await.must(303);
        let page = sent(&two, "facts", &facts("Title of two", "GREEN")).await.must(409);
        assert!(page.shows("changed by somebody else") && page.shows("Title of one"), "{}", page.words());
        assert!(page.text().contains("value=\"Title of two\""), "what was typed stands in the form");
        let stale = [("scope", "in".to_owned()), ("reason", "Typed before".to_owned()), ("version", seen.clone())];
        let page = sent(&two, "scope", &stale).await.must(409);
        assert!(page.text().contains("value=\"Typed before\""));
        let kept: Vec<(String, String, String)> = house.rows("select title, label, scope from reports", vec![]).await;
        assert_eq!(kept, [("Title of one".to_owned(), "RED".to_owned(), "unknown".to_owned())], "on {}", house.on);
        // Looked at again, it goes through.
        let mut again = facts("Title of two", "GREEN");
        again[4].1 = page.input("version");
        let _ = sent(&two, "facts", &again).await.must(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_pressed_twice_makes_one_case_and_one_report() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let call = [("title", "Mast"), ("body", "Down."), ("kind", "outage")];
        let (first, second) = tokio::join!(analyst.post("/inbox/new", &call), analyst.post("/inbox/new", &call));
        assert_eq!([first.status, second.status], [200, 200], "on {}", house.on);
        assert!(first.shows("it is one report") != second.shows("it is one report"), "on {}", house.on);
        assert_eq!(house.rows::<(String,)>("select number from reports", vec![]).await.len(), 1, "on {}", house.on);
        let path = "/inbox/R-2026-000001/cases";
        let (first, second) = tokio::join!(analyst.post(path, &[]), analyst.post(path, &[]));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "on {}", house.on);
        assert_eq!(house.rows::<(String,)>("select number from cases", vec![]).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_many_names_none_of_them_and_is_shown_to_each() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    for n in 0..21 {
        receive(&house, told(&house.app, "form", &format!("Secret of reporter {n}"), "x", &format!("desk{n}@shop.example"))).await;
    }
    let numbers: Vec<String> = (1..=21).map(|n| format!("R-2026-{n:06}")).collect();
    let mut fields: Vec<(&str, &str)> = numbers.iter().map(|number| ("id", number.as_str())).collect();
    fields.push(("do", "answer"));
    let _ = analyst.post("/inbox/batches", &fields).await.must(303);
    assert!(analyst.get("/inbox").await.shows("choose at most 20 reports"));
    fields.remove(0);
    let page = analyst.post("/inbox/batches", &fields).await.must(200);
    assert!(page.input("subject").is_empty() && page.between("<textarea id=\"body\"", "</textarea>").ends_with('>'), "nothing of one reporter stands there");
    fields.extend([("again", "1"), ("subject", "All of you"), ("body", "The same words."), ("label", "GREEN")]);
    let page = analyst.post("/inbox/batches", &fields).await.must(200);
    assert_eq!(page.text().matches("The same words.").count(), 21, "twenty texts, and the field");
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_that_cannot_leave_comes_back_with_every_word() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let report = receive(&house, told(&house.app, "form", "One", "Words.", "desk@shop.example")).await;
    let fields = [("do", "answer"), ("id", "R-2026-000001"), ("again", "1"), ("subject", "Advice"), ("body", "Half an hour of words."), ("label", "GREEN")];
    let shown = analyst.post("/inbox/batches", &fields).await.must(200).input("shown");
    reports::reject(&house.app, &Who::Operator, report.id, "somebody was faster").await.unwrap();
    let mut sure = fields.to_vec();
    sure.extend([("sure", "1"), ("shown", shown.as_str())]);
    let page = analyst.post("/inbox/batches", &sure).await.must(409);
    assert!(page.text().contains("Half an hour of words.</textarea>") && page.shows("It is rejected"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_shown_about_as_it_looked_where_nothing_of_it_can_act() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let mail = "From: a@shop.example\r\nSubject: Page\r\nContent-Type: text/html\r\n\r\n<h1>Your <i>bank</i></h1><script>alert(1)</script>\
                <img src=http://track.example/x><a href=http://bad.example onclick=x()>Log in</a>";
    let raw = house.app.blobs.seal(mail.as_bytes()).unwrap();
    receive(&house, NewReport { raw, raw_type: "message/rfc822", ..told(&house.app, "mail", "Page", "x", "a@shop.example") }).await;
    assert!(analyst.get("/inbox/R-2026-000001").await.text().contains("/inbox/R-2026-000001/original/page"));
    let page = analyst.get("/inbox/R-2026-000001/original/page").await.must(200);
    let html = page.text();
    assert!(html.contains("<i>bank</i>") && !html.contains("<script") && !html.contains("<img") && !html.contains("href="), "{html}");
    assert!(page.header("content-security-policy").unwrap().starts_with("sandbox; default-src 'none'"));
    receive(&house, told(&house.app, "form", "Other", "x", "")).await;
    let _ = analyst.get("/inbox/R-2026-000002/original/page").await.must(404);
    let _ = house.visitor().get("/inbox/R-2026-000001/original/page").await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_that_another_repeats_is_not_named_to_whom_it_is_hidden_from() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let who = person_of(&owner, Role::Analyst);
        let first = receive(&house, told(&house.app, "form", "First", "One.", "")).await;
        let second = receive(&house, told(&house.app, "form", "Second", "Other.", "")).await;
        let verdict = reports::Verdict::DuplicateOf(first.id);
        reports::set_verdict(&house.app, &who, second.id, verdict, "high").await.unwrap();
        assert!(outsider.get(&format!("/inbox/{}", second.number)).await.must(200).shows(&first.number));
        restricted_case(&house, &who, "The minister's telephone", first.id).await;
        let page = outsider.get(&format!("/inbox/{}", second.number)).await.must(200);
        assert!(!page.shows(&first.number) && page.shows("duplicate"), "on {}: {}", house.on, page.words());
        assert!(owner.get(&format!("/inbox/{}", second.number)).await.must(200).shows(&first.number));
        let fields = [("verdict", "duplicate"), ("of", first.number.as_str()), ("confidence", "low")];
        let answer = outsider.post(&format!("/inbox/{}/verdict", second.number), &fields).await.must(422);
        assert!(answer.shows(&format!("There is no report {}", first.number)), "as one that never was");
        let _ = owner.post(&format!("/inbox/{}/verdict", second.number), &fields).await.must(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_takes_no_place_in_the_list() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let who = person_of(&owner, Role::Analyst);
        for n in 0..52 {
            house.later(1);
            let one = receive(&house, told(&house.app, "form", &format!("Report {n:03}"), "Words.", "")).await;
            if n >= 48 {
                restricted_case(&house, &who, "Nobody knows", one.id).await;
            }
        }
        let (outsider, owner) = (house.login(outsider.person()).await, house.login(owner.person()).await);
        let page = outsider.get("/inbox?state=all").await.must(200);
        let shown = (0..52).filter(|n| page.shows(&format!("Report {n:03}"))).collect::<Vec<_>>();
        assert_eq!(shown, (0..48).collect::<Vec<_>>(), "on {}: one full page of what may be known", house.on);
        assert!(!page.text().contains("after="), "nothing is left for another page");
        assert!(owner.get("/inbox?state=all").await.must(200).text().contains("after="));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_carries_the_label_of_its_report() {
    for house in House::both().await {
        let who = Who::Operator;
        for (title, label) in [("Plain", Tlp::Amber), ("Secret", Tlp::Red)] {
            let one = receive(&house, NewReport { label: Some(label), ..told(&house.app, "form", title, "Words.", "desk@shop.example") }).await;
            reports::refer(&house.app, &who, one.id, "bank-team", "It is about a bank.").await.unwrap();
        }
        let rows = house.rows::<(String, String)>("select label, channel from ledger where basis = 'referral' order by label", vec![]).await;
        let expected = [("AMBER".to_owned(), "mail".to_owned()), ("RED".to_owned(), "portal".to_owned())];
        assert_eq!(rows, expected, "on {}: what may not go by mail stands on the page", house.on);
    }
}
