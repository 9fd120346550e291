//! Reports: taken in once, kept as they came, acknowledged, judged, answered, closed.

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, Details, Held};
use atalaya::reports::{self, Answer, Asked, NewFile, NewReport, Receipt, Verdict};
use atalaya::{App, Error, cases};
use formats::label::Tlp;
use jiff::Timestamp;
use store::{Id, args};

use crate::house::{House, contact};

pub fn told(app: &App, channel: &'static str, title: &str, body: &str, mail: &str) -> NewReport {
    NewReport {
        channel,
        kind: "impersonation".into(),
        title: title.into(),
        body: body.into(),
        attached: String::new(),
        language: "en".into(),
        urgent: false,
        help: false,
        reporter_name: "Front desk".into(),
        reporter_mail: mail.into(),
        reporter_phone: String::new(),
        reporter_org: String::new(),
        organisation: None,
        member: None,
        raw: app.blobs.seal(format!("{channel}|{title}|{body}").as_bytes()).unwrap(),
        raw_type: "text/plain",
        problems: vec![],
        label: None,
        idempotency: None,
        mail_message_id: None,
        acknowledge: true,
        files: vec![],
    }
}

async fn receive(house: &House, new: NewReport) -> Receipt {
    reports::receive(&house.app, &Who::Public, new).await.unwrap()
}

/// Gives a report another label.
pub async fn label(house: &House, who: &Who, id: Id, label: Tlp) {
    reports::set_facts(&house.app, who, id, reports::Facts { label: Some(label), ..reports::Facts::default() }).await.unwrap();
}

async fn state(house: &House, id: Id) -> String {
    reports::get(&mut house.app.db.read().await.unwrap(), id).await.unwrap().unwrap().state
}

fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_numbered_kept_read_and_acknowledged_once() {
    for house in House::both().await {
        let app = &house.app;
        let file = NewFile { name: "page.png".into(), media_type: "image/png".into(), kept: app.blobs.seal(b"a picture").unwrap() };
        let body = "The page hxxps://login[.]bank.example/x at 203.0.113.9 asks for card numbers.\0";
        let new = NewReport { files: vec![file], ..told(app, "form", "A false bank page", body, "Desk@Shop.Example") };
        let receipt = receive(&house, new).await;
        assert_eq!((receipt.number.as_str(), receipt.secret.len()), ("R-2026-000001", 26));
        assert_eq!(house.rows::<(String,)>("select kind from jobs where kind <> 'acknowledge'", vec![]).await, []);

        let mut reader = app.db.read().await.unwrap();
        let report = reports::find(&mut reader, "r-2026-000001").await.unwrap().unwrap();
        assert_eq!((report.state.as_str(), report.label, report.reporter_mail.as_str()), ("new", Tlp::Amber, "Desk@shop.example"));
        assert_eq!(app.blobs.get(&mut reader, report.raw.unwrap()).await.unwrap(), format!("form|A false bank page|{body}").into_bytes());
        let files = reports::files(&mut reader, report.id).await.unwrap();
        assert_eq!(app.blobs.get(&mut reader, files[0].blob).await.unwrap(), b"a picture");
        let seen: Vec<String> = reports::observables(&mut reader, report.id).await.unwrap().into_iter().map(|one| one.value).collect();
        for value in ["https://login.bank.example/x", "login.bank.example", "203.0.113.9"] {
            assert!(seen.iter().any(|one| one == value), "{value} in {seen:?}");
        }
        assert_eq!(reader.search("203.0.113.9", None, 5).await.unwrap()[0].id, report.id);
        assert!(reports::follow(&mut reader, &house.app, &receipt.number, &receipt.secret).await.unwrap().is_some());
        assert!(reports::follow(&mut reader, &house.app, &receipt.number, "aaaaaaaaaaaaaaaaaaaaaaaaaa").await.unwrap().is_none());
        assert!(reports::follow(&mut reader, &house.app, "R-2026-000009", &receipt.secret).await.unwrap().is_none());
        drop(reader);

        house.run_jobs().await;
        let mails = house.sink.to("Desk@shop.example");
        assert_eq!(mails.len(), 1, "on {}", house.on);
        assert_eq!(mails[0].header("subject").unwrap(), "[R-2026-000001] We have received your report");
        assert_eq!(mails[0].header("auto-submitted").unwrap(), "auto-generated");
        let text = mails[0].letter().text;
        for words in
            [&format!("/status/R-2026-000001?secret={}", receipt.secret), "within one business day", "24 November 2026", "automatic receipt, not our answer"]
        {
            assert!(text.contains(words), "{words} in {text}");
        }
        // The secret is gone, and the same job once more sends nothing.
        assert_eq!(house.rows::<(String,)>("select payload from jobs", vec![]).await, []);
        app.db.keep_house(async |tx| tx.enqueue("acknowledge", serde_json::json!({ "report": report.id, "secret": "x" })).await).await.unwrap();
        house.run_jobs().await;
        assert_eq!(house.sink.mails().len(), 1);
        assert_eq!(house.ledger().await.len(), 1);
        let done = house.done().await;
        assert_eq!(done.iter().filter(|verb| *verb == "mail.sent").count(), 1, "{done:?}");
        assert!(done.contains(&"report.received".into()), "{done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_speaks_the_reporters_language() {
    let house = House::sqlite().await;
    receive(&house, NewReport { language: "es-UY".into(), ..told(&house.app, "form", "Página falsa", "Un banco", "ana@shop.example") }).await;
    house.run_jobs().await;
    let mail = &house.sink.to("ana@shop.example")[0];
    let text = mail.letter().text;
    assert!(text.contains("en un día hábil") && text.contains("acuse de recibo automático"), "{text}");
    assert_eq!(mail.header("content-language").as_deref(), Some("es"));
    // What the team says of its capacity stands in it, too, in the same language.
    let busy = House::with(|profile| profile.intake.capacity_notice = Some(profile.team.host.clone())).await;
    receive(&busy, NewReport { language: "es-UY".into(), ..told(&busy.app, "form", "Página falsa", "Un banco", "ana@shop.example") }).await;
    busy.run_jobs().await;
    let (text, notice) = (busy.sink.to("ana@shop.example")[0].letter().text, busy.app.profile.team.host.text("es").to_owned());
    assert!(!notice.is_empty() && text.replace('\n', " ").contains(&notice), "{notice}: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_gets_three_receipts_in_an_hour_and_no_more() {
    let house = House::sqlite().await;
    for n in 0..32 {
        receive(&house, told(&house.app, "form", &format!("Number {n}"), "x", "loop@shop.example")).await;
    }
    house.run_jobs().await;
    assert_eq!(house.sink.to("loop@shop.example").len(), 30);
    assert_eq!(house.done().await.iter().filter(|verb| *verb == "acknowledgement.held").count(), 2);
    house.later(61);
    receive(&house, told(&house.app, "form", "Later", "x", "loop@shop.example")).await;
    house.run_jobs().await;
    assert_eq!(house.sink.to("loop@shop.example").len(), 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_repeated_eight_times_at_once_makes_one_report() {
    for house in House::both().await {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let app = house.app.clone();
                tokio::spawn(async move {
                    let new = NewReport { idempotency: Some("key-1".into()), ..told(&app, "api", "Once", "198.51.100.7", "a@shop.example") };
                    reports::receive(&app, &Who::Public, new).await.unwrap()
                })
            })
            .collect();
        let mut receipts = Vec::new();
        for task in tasks {
            receipts.push(task.await.unwrap());
        }
        assert!(receipts.iter().all(|receipt| receipt.number == "R-2026-000001"), "on {}: {receipts:?}", house.on);
        assert_eq!(receipts.iter().filter(|receipt| !receipt.secret.is_empty()).count(), 1);
        assert_eq!(house.done().await.into_iter().filter(|verb| verb == "report.received").count(), 1);
        house.run_jobs().await;
        assert_eq!(house.sink.mails().len(), 1);
        // Nothing was burnt: the next report has the next number.
        assert_eq!(receive(&house, told(&house.app, "form", "Next", "x", "")).await.number, "R-2026-000002");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reports_at_once_share_observables_and_have_numbers_without_gaps() {
    for house in House::both().await {
        let tasks: Vec<_> = (0..24)
            .map(|n| {
                let app = house.app.clone();
                // The same names, in an order that differs from one to the next.
                let names: Vec<String> = (0..12).map(|k| format!("n{}.shared.example", (k * 5 + n) % 12)).collect();
                tokio::spawn(async move { reports::receive(&app, &Who::Public, told(&app, "form", "Many", &names.join(" "), "")).await.unwrap().number })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.push(task.await.unwrap());
        }
        numbers.sort();
        let expected: Vec<String> = (1..=24).map(|n| format!("R-2026-{n:06}")).collect();
        assert_eq!(numbers, expected, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_incident_by_three_channels_is_seen_as_one() {
    for house in House::both().await {
        let app = &house.app;
        let url = "https://login.bank.example/verify";
        let first = receive(&house, told(app, "form", "False bank page", &format!("See {url}"), "a@shop.example")).await;
        receive(&house, told(app, "phone", "Caller tells of a page", "hxxps://login[.]bank[.]example/verify", "")).await;
        receive(&house, told(app, "api", "Phishing", &format!("{{\"url\":\"{url}\"}}"), "feed@cert.example")).await;
        receive(&house, told(app, "form", "Something else", "Spam from 192.0.2.4", "b@shop.example")).await;
        let mut reader = app.db.read().await.unwrap();
        let report = reports::get(&mut reader, first.id).await.unwrap().unwrap();
        let alike = reports::likely_duplicates(&mut reader, &report).await.unwrap();
        let mut numbers: Vec<&str> = alike.iter().map(|one| one.number.as_str()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, ["R-2026-000002", "R-2026-000003"], "on {}", house.on);
        assert!(alike[0].reasons.iter().any(|reason| reason == &format!("same URL {url}")), "{:?}", alike[0].reasons);
        assert!(reports::related(&mut reader, &report).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_address_relates_and_the_same_person_again_repeats() {
    let house = House::sqlite().await;
    let app = &house.app;
    let first = receive(&house, told(app, "form", "Router is scanned", "from 192.0.2.4", "a@shop.example")).await;
    house.later(60 * 24 * 3);
    receive(&house, told(app, "form", "Other thing", "from 192.0.2.4 too", "b@shop.example")).await;
    receive(&house, told(app, "form", "Router is scanned again", "still", "a@shop.example")).await;
    let mut reader = app.db.read().await.unwrap();
    let report = reports::get(&mut reader, first.id).await.unwrap().unwrap();
    let related = reports::related(&mut reader, &report).await.unwrap();
    assert_eq!(related.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["R-2026-000002"]);
    let repeats = reports::likely_duplicates(&mut reader, &report).await.unwrap();
    assert_eq!(repeats[0].reasons, ["same reporter, similar title"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_takes_lawful_steps_only() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let id = receive(&house, told(app, "form", "One", "x", "")).await.id;
        let refer = async |id| reports::refer(app, who, id, "bank-team", "A bank.").await;
        conflict(reports::reopen(app, who, id).await);
        conflict(reports::undo_reject(app, who, id).await);
        refer(id).await.unwrap();
        conflict(refer(id).await);
        conflict(reports::reject(app, who, id, "no").await);
        reports::reopen(app, who, id).await.unwrap();
        assert!(matches!(reports::reject(app, who, id, "  ").await, Err(Error::Invalid(_))));
        reports::reject(app, who, id, "advertising").await.unwrap();
        conflict(refer(id).await);
        reports::undo_reject(app, who, id).await.unwrap();
        assert_eq!(state(&house, id).await, "open");
        conflict(reports::reopen(app, who, id).await);
        assert!(matches!(reports::reject(app, &Who::Public, id, "x").await, Err(Error::NotFound)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_may_change_and_its_history_stays() {
    let house = House::sqlite().await;
    let (app, who) = (&house.app, &Who::Operator);
    let one = receive(&house, told(app, "form", "One", "x", "")).await.id;
    let two = receive(&house, told(app, "form", "Two", "x", "")).await.id;
    reports::set_verdict(app, who, two, Verdict::Undetermined, "low").await.unwrap();
    reports::set_verdict(app, who, two, Verdict::DuplicateOf(one), "high").await.unwrap();
    conflict(reports::set_verdict(app, who, one, Verdict::DuplicateOf(two), "high").await);
    conflict(reports::set_verdict(app, who, one, Verdict::DuplicateOf(one), "high").await);
    let three = receive(&house, told(app, "form", "Three", "x", "")).await.id;
    reports::set_verdict(app, who, three, Verdict::DuplicateOf(two), "high").await.unwrap();
    conflict(reports::set_verdict(app, who, one, Verdict::DuplicateOf(three), "high").await);
    assert!(matches!(reports::set_verdict(app, who, one, Verdict::Confirmed, "very").await, Err(Error::Invalid(_))));
    let judged: Vec<String> =
        house.journal().await.into_iter().filter(|line| line.verb == "report.judged").map(|line| line.details()["verdict"].to_string()).collect();
    assert_eq!(judged, ["\"undetermined\"", "\"duplicate\"", "\"duplicate\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ours_is_referred_with_words_and_no_promise_is_missed() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let id = receive(&house, told(app, "form", "Card fraud", "x", "a@shop.example")).await.id;
        house.run_jobs().await;
        house.sink.empty();
        assert!(matches!(reports::refer(app, who, id, "nobody", "fraud").await, Err(Error::Invalid(_))));
        reports::refer(app, who, id, "bank-team", "It is about a bank outside of our constituency.").await.unwrap();
        house.run_jobs().await;
        let text = house.sink.to("a@shop.example")[0].letter().text;
        for words in ["Incident team of the Maluti banks", "incident@csirt.banks.maluti.example", "outside of our constituency"] {
            assert!(text.contains(words), "{text}");
        }
        assert_eq!(state(&house, id).await, "resolved");
        let running: Vec<(String,)> = house.rows("select promise from clocks where about = $1 and state in ('running', 'missed')", args![id]).await;
        assert_eq!(running, [], "on {}", house.on);
        conflict(reports::refer(app, who, id, "bank-team", "again").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_is_answered_and_the_reporter_may_write_back() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let id = receive(&house, told(app, "form", "May I open it?", "x", "a@shop.example")).await.id;
        house.run_jobs().await;
        house.sink.empty();
        reports::answer(app, who, id, "", "Do not open it.", Tlp::Green).await.unwrap();
        house.run_jobs().await;
        let mail = &house.sink.to("a@shop.example")[0];
        assert_eq!(mail.header("subject").unwrap(), "[R-2026-000001] May I open it?");
        // The report's own label counts, not the lower one.
        assert!(mail.letter().text.contains("TLP:AMBER") && mail.letter().text.contains("Do not open it."));
        assert_eq!(mail.header("auto-submitted"), None);
        assert_eq!(state(&house, id).await, "resolved");

        let back = Answer::of("portal", "Too late");
        let robot = Answer { automatic: true, ..back.clone() };
        house.later(1);
        app.db.change("public", async |tx| reports::receive_answer(tx, app, id, robot).await).await.unwrap();
        assert_eq!(state(&house, id).await, "resolved", "a robot wakes nobody");
        house.later(1);
        app.db.change("public", async |tx| reports::receive_answer(tx, app, id, back).await).await.unwrap();
        assert_eq!(state(&house, id).await, "open");
        let thread = reports::thread(&mut app.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(thread.iter().map(|said| said.state.as_str()).collect::<Vec<_>>(), ["released", "automatic", "received"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_refused_for_good_says_so_and_one_that_is_not_taken_yet_tries_again() {
    let house = House::sqlite().await;
    let (app, who) = (&house.app, &Who::Operator);
    let id = receive(&house, NewReport { acknowledge: false, ..told(app, "form", "One", "x", "gone@shop.example") }).await.id;
    house.sink.answer("gone@shop.example", "450 4.2.1 come later");
    reports::answer(app, who, id, "", "First", Tlp::Green).await.unwrap();
    assert!(house.try_jobs().await[0].1.contains("come later"));
    assert_eq!(house.rows::<(String, String)>("select state, answer from outbox", vec![]).await[0].0, "queued");
    house.later(2);
    house.sink.answer("gone@shop.example", "550 5.1.1 no such user");
    house.run_jobs().await;
    let thread = reports::thread(&mut app.db.read().await.unwrap(), id).await.unwrap();
    assert_eq!(thread[0].state, "failed");
    let delivery = &atalaya::outbox::deliveries(&mut app.db.read().await.unwrap(), [thread[0].id]).await.unwrap()[&thread[0].id];
    assert!(delivery.state == "failed" && delivery.answer.contains("no such user"), "{delivery:?}");
    let done = house.done().await;
    assert!(done.contains(&"mail.delayed".into()) && done.contains(&"mail.failed".into()), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_waits_while_there_is_no_smarthost_and_goes_when_there_is_one() {
    let house = House::with(|profile| {
        if let Some(mail) = &mut profile.mail {
            mail.smarthost = None;
        }
    })
    .await;
    let id = receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", "One", "x", "a@shop.example") }).await.id;
    reports::answer(&house.app, &Who::Operator, id, "", "First", Tlp::Green).await.unwrap();
    house.run_jobs().await;
    let waits: Vec<(String, String)> = house.rows("select state, answer from outbox", vec![]).await;
    assert_eq!(waits, [("queued".to_owned(), "No smarthost is configured: the mail waits.".to_owned())]);
    atalaya::outbox::wake(&house.app).await.unwrap();
    assert_eq!(house.rows::<(String,)>("select kind from jobs", vec![]).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_is_read_page_by_page_without_a_gap() {
    for house in House::both().await {
        for n in 0..25 {
            // Five share an instant, so that the page's edge falls between equals.
            if n % 5 == 0 {
                house.later(1);
            }
            receive(&house, told(&house.app, if n % 2 == 0 { "form" } else { "phone" }, &format!("Number {n}"), "x", "")).await;
        }
        let mut reader = house.app.db.read().await.unwrap();
        let mut asked = Asked { state: Some("new".into()), limit: 7, ..Asked::default() };
        let mut numbers = Vec::new();
        loop {
            let page = reports::list(&mut reader, &asked, reports::everything).await.unwrap();
            let Some(last) = page.last() else { break };
            asked.before = Some((last.received_at, last.id));
            numbers.extend(page.into_iter().map(|row| row.number));
        }
        assert_eq!(numbers.len(), 25, "on {}", house.on);
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 25);
        let found = reports::list(&mut reader, &Asked { text: "number 17".into(), limit: 50, ..Asked::default() }, reports::everything).await.unwrap();
        assert_eq!(found.len(), 1);
        let phone = reports::list(
            &mut reader,
            &Asked { channel: Some("phone".into()), verdict: Some("none".into()), unowned: true, limit: 50, ..Asked::default() },
            reports::everything,
        )
        .await;
        assert_eq!(phone.unwrap().len(), 12);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reports_of_an_organisation_are_read_page_by_page_from_either_end() {
    for house in House::both().await {
        let net = house.organisation("Lowland Net").await;
        let held = Held { kind: String::new(), value: "203.0.113.0/24".into(), from: None, to: None, source: "console" };
        constituency::add_resource(&house.app, &Who::Operator, net, held).await.unwrap();
        for n in 0..20 {
            // Two of three name what it holds; five share an instant.
            house.later(i64::from(n % 5 == 0));
            let body = if n % 3 == 0 { "x".to_owned() } else { format!("from 203.0.113.{n} and 203.0.113.{}", n + 100) };
            receive(&house, told(&house.app, "form", &format!("Number {n}"), &body, "")).await;
        }
        let mut reader = house.app.db.read().await.unwrap();
        let mut both = Vec::new();
        for oldest in [false, true] {
            let mut asked = Asked { organisation: Some(net), oldest, limit: 4, ..Asked::default() };
            let mut ids = Vec::new();
            loop {
                let page = reports::list(&mut reader, &asked, reports::everything).await.unwrap();
                let Some(last) = page.last() else { break };
                asked.before = Some((last.received_at, last.id));
                ids.extend(page.into_iter().map(|row| row.id));
            }
            assert_eq!(ids.len(), 13, "on {}", house.on);
            both.push(ids);
        }
        both[1].reverse();
        assert_eq!(both[0], both[1], "on {}", house.on);
        let late = Asked { organisation: Some(net), state: Some("resolved".into()), limit: 4, ..Asked::default() };
        assert!(reports::list(&mut reader, &late, reports::everything).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_given_to_the_team_only() {
    let house = House::sqlite().await;
    let app = &house.app;
    let id = receive(&house, told(app, "form", "One", "x", "")).await.id;
    let (analyst, auditor) = (house.person(Role::Analyst, None).await, house.person(Role::Auditor, None).await);
    reports::assign(app, &Who::Operator, id, Some(analyst)).await.unwrap();
    assert!(matches!(reports::assign(app, &Who::Operator, id, Some(auditor)).await, Err(Error::Invalid(_))));
    let report = reports::get(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap();
    assert_eq!(report.owner, Some(analyst));
    assert!(report.due_at.is_some_and(|due| due > report.received_at && due < "2026-11-25T00:00:00Z".parse::<Timestamp>().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_knows_who_holds_what_it_speaks_of_and_from_where_it_was_written() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let details = |name: &str, status: &str| Details {
            name: name.into(),
            sector: "internet".into(),
            status: status.into(),
            country: "LS".into(),
            language: "en".into(),
            ceiling: Tlp::Amber,
            note: String::new(),
        };
        let held = |value: &str| Held { kind: String::new(), value: value.into(), from: None, to: None, source: "console" };
        let net = constituency::add(app, who, details("Lowland Net", "registered")).await.unwrap();
        let shop = constituency::add(app, who, details("Shop", "outside")).await.unwrap();
        constituency::add_resource(app, who, net, held("203.0.113.0/24")).await.unwrap();
        constituency::add_resource(app, who, shop, held("203.0.113.0/28")).await.unwrap();
        constituency::add_resource(app, who, shop, held("shop.example")).await.unwrap();
        let contact = contact("Desk", "abuse", "desk@shop.example");
        constituency::add_contact(app, who, shop, contact).await.unwrap();
        let id = receive(&house, told(app, "mail", "Scans", "from 203.0.113.9 against www.shop.example", "desk@shop.example")).await.id;
        let mut reader = app.db.read().await.unwrap();
        let report = reports::get(&mut reader, id).await.unwrap().unwrap();
        assert_eq!(report.organisation, Some(shop), "on {}", house.on);
        let seen = reports::observables(&mut reader, id).await.unwrap();
        let address = seen.iter().find(|one| one.value == "203.0.113.9").unwrap();
        let owners: Vec<(&str, &str)> = address.owners.iter().map(|owner| (owner.name.as_str(), owner.resource.as_str())).collect();
        assert_eq!(owners, [("Shop", "203.0.113.0/28"), ("Lowland Net", "203.0.113.0/24")]);
        assert!(address.owners.iter().all(|owner| owner.reason.contains(&owner.resource)), "{:?}", address.owners);
        let rows = reports::list(&mut reader, &Asked { organisation: Some(net), limit: 10, ..Asked::default() }, reports::everything).await.unwrap();
        assert_eq!(rows.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_of_reports_sorts() {
    let house = House::sqlite().await;
    let before = Some((house.app.now(), Id([7; 16])));
    let lists = [
        Asked { limit: 50, ..Asked::default() },
        Asked { limit: 50, before, ..Asked::default() },
        Asked { limit: 50, state: Some("new".into()), before, ..Asked::default() },
        Asked { limit: 50, waiting: true, ..Asked::default() },
        Asked { limit: 50, oldest: true, before, ..Asked::default() },
        Asked { limit: 50, state: Some("open".into()), unowned: true, channel: Some("mail".into()), ..Asked::default() },
    ];
    let mut reader = house.app.db.read().await.unwrap();
    for asked in &lists {
        let who = crate::messages::analyst(Id([9; 16]));
        let plan = reader.plan(reports::list_statement(asked, None, |s| cases::push_visible_report(s, &who, "r.id"))).await.unwrap();
        assert!(!plan.contains("TEMP B-TREE"), "{asked:?}: {plan}");
    }
}

/// Promise and state of each clock, in order.
async fn clocks(house: &House, id: Id) -> Vec<(String, String)> {
    house.rows("select promise, state from clocks where about = $1 order by promise, state", args![id]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_taken_back_revives_the_clocks_that_it_ended_and_no_other() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let clock = |promise: &str, state: &str| (promise.to_owned(), state.to_owned());
        let id = receive(&house, NewReport { help: true, ..told(app, "form", "One", "x", "") }).await.id;
        let due: Vec<(i64,)> = house.rows("select due_at from clocks order by due_at", vec![]).await;
        reports::reject(app, who, id, "spam").await.unwrap();
        house.later(60);
        reports::undo_reject(app, who, id).await.unwrap();
        assert_eq!(clocks(&house, id).await, [clock("first-answer", "running"), clock("help", "running")], "on {}", house.on);
        assert_eq!(house.rows::<(i64,)>("select due_at from clocks order by due_at", vec![]).await, due);
        // Answered, reopened, rejected by mistake: nothing is promised a second time.
        reports::answer(app, who, id, "Advice", "Do this.", Tlp::Green).await.unwrap();
        reports::reopen(app, who, id).await.unwrap();
        reports::reject(app, who, id, "spam").await.unwrap();
        conflict(reports::answer(app, who, id, "Advice", "And this.", Tlp::Green).await);
        reports::undo_reject(app, who, id).await.unwrap();
        assert_eq!(clocks(&house, id).await, [clock("first-answer", "kept"), clock("help", "kept")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mail_turns_out_to_be_starts_its_promises_from_the_day_it_came() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let report = receive(&house, told(app, "mail", "Help", "x", "")).await;
        house.later(30);
        let urgent = reports::Facts { urgent: Some(true), ..reports::Facts::default() };
        reports::set_facts(app, who, report.id, urgent).await.unwrap();
        let rows: Vec<(String, i64)> = house.rows("select promise, anchor_at from clocks where state = 'running' order by promise", vec![]).await;
        assert_eq!(rows.iter().map(|(promise, _)| promise.as_str()).collect::<Vec<_>>(), ["first-answer", "help"], "on {}", house.on);
        assert_eq!(rows[0].1, rows[1].1, "counted from when it came");
        let calm = reports::Facts { urgent: Some(false), ..reports::Facts::default() };
        reports::set_facts(app, who, report.id, calm).await.unwrap();
        let running: Vec<(String,)> = house.rows("select promise from clocks where state = 'running'", vec![]).await;
        assert_eq!(running, [("first-answer".to_owned(),)]);
    }
}
