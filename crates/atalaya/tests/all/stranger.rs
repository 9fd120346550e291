//! What somebody meets who knows nothing of us: a port that is taken, a way out, pages that exist.

use std::process::Stdio;

use atalaya::access::{Role, Who};
use atalaya::demo;
use atalaya::people::{self, NewPerson};
use atalaya::reports::NewReport;
use atalaya::routes;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use serde_json::json;
use store::Clock;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::house::{House, Sink};
use crate::kill::{Program, open, profile, program_at};
use crate::reports::told;
use crate::triage::{person_of, receive, restricted_case};

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_starts_although_its_mail_port_is_taken_and_serve_says_which_key_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap();
    let text = profile(&Sink::start().await).replacen("listen = \"127.0.0.1:0\"", &format!("listen = \"{port}\""), 1);
    std::fs::write(here.join("atalaya.toml"), &text).unwrap();
    // Something is there already, so that nothing has to be made.
    let app = open(here, Clock::System).await;
    for (login, name, role) in demo::LOGINS.into_iter().filter(|(_, _, role)| role.is_staff()) {
        let new = NewPerson { login: login.into(), name: name.into(), mail: None, role, organisation: None, language: "en".into() };
        people::add(&app, &Who::Operator, new).await.unwrap();
    }
    app.db.close().await;
    drop(app);

    let mut demo = program_at(here, &here.join("data"), "demo");
    demo.arg("--serve");
    let running = Program::of(demo, here, None).await.unwrap();
    assert_ne!(running.place.1, port);
    running.stop().await;

    let said = async |more: &[&str]| {
        let mut serve = program_at(here, &here.join("data"), "serve");
        let output = serve.args(more).stdin(Stdio::null()).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let mail = said(&["--listen", "127.0.0.1:0"]).await;
    assert!(mail.contains(&format!("The mail listener (LMTP) cannot start on {port}")) && mail.contains("`listen` in [mail] of"), "{mail}");
    let web = said(&["--listen", &port.to_string()]).await;
    assert!(web.contains(&format!("The web listener cannot start on {port}")) && web.contains("--listen"), "{web}");
    std::fs::remove_file(here.join("atalaya.toml")).unwrap();
    let none = said(&[]).await;
    assert!(none.contains("There is no profile") && none.contains("profiles/"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_finds_the_way_out_on_every_page_of_its_own() {
    let house = House::sqlite().await;
    let organisation = house.organisation("Vodalink").await;
    let member = house.login_as_member_of(organisation).await;
    for path in ["/member", "/account", "/", "/report", "/status"] {
        let page = member.get(path).await.must(200);
        assert!(page.text().contains("action=\"/logout\"") && page.shows("Log out"), "{path}");
        assert!(!page.links("/account#password").is_empty(), "{path}");
        assert!(!house.visitor().get(path).await.text().contains("/logout"), "{path}");
    }
    assert!(member.get("/account").await.text().contains("id=\"factor\""));
    let _ = member.post("/logout", &[]).await.must(303);
    assert!(member.get("/member").await.location().is_some_and(|to| to.starts_with("/login")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_to_a_page_that_does_not_exist_for_them() {
    let house = House::sqlite().await;
    let _ = receive(&house, told(&house.app, "form", "Open", "192.0.2.8", "desk@shop.example")).await;
    house.run_jobs().await;
    for role in [Role::Analyst, Role::Lead, Role::Admin, Role::Auditor] {
        let browser = house.login_as(role).await;
        let ledger = if role == Role::Analyst { "/inbox" } else { "/ledger" };
        for start in [people::home_of(role), "/account", "/", ledger] {
            let page = browser.get(start).await.must(200);
            for link in page.links("/").into_iter().filter(|link| !link.starts_with("/assets") && !link.starts_with("/language")) {
                let status = browser.get(link.split('#').next().unwrap()).await.status;
                assert!(matches!(status, 200 | 303), "{} on {start}: {link} answers {status}", role.name());
            }
        }
        let page = browser.get("/account").await.must(200);
        let auditor = role == Role::Auditor;
        assert_eq!(page.text().contains("action=\"/search\""), !auditor, "{}", role.name());
        assert_eq!(page.text().contains("data-live=\"/live\""), !auditor, "{}", role.name());
        assert!(page.text().contains(&format!("class=\"brand\" href=\"{}\"", people::home_of(role))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mail_shows_what_became_of_it_and_hides_what_the_viewer_may_not_know_of() {
    for house in House::both().await {
        let lead = house.login_as(Role::Lead).await;
        let other = house.login_as(Role::Lead).await;
        house.sink.answer("desk@gone.example", "550 no such desk");
        let _ = receive(&house, told(&house.app, "form", "Open", "192.0.2.8", "desk@shop.example")).await;
        let _ = receive(&house, told(&house.app, "form", "Wrong address", "192.0.2.9", "desk@gone.example")).await;
        let quiet = receive(&house, told(&house.app, "form", "Quiet", "192.0.2.7", "desk@quiet.example")).await;
        let _ = restricted_case(&house, &person_of(&lead, Role::Lead), "Nobody knows", quiet.id).await;
        house.run_jobs().await;

        let page = lead.get("/outgoing").await.must(200);
        for words in ["desk@shop.example", "desk@quiet.example", "desk@gone.example", "no such desk", "Receipt", "R-2026-000001"] {
            assert!(page.shows(words), "{words} on {}: {}", house.on, page.words());
        }
        assert!(!other.get("/outgoing").await.must(200).shows("desk@quiet.example"));
        assert!(lead.get("/outgoing?state=sent").await.must(200).shows("desk@shop.example"));
        let failed = lead.get("/outgoing?state=failed").await.must(200);
        assert!(failed.shows("desk@gone.example") && !failed.shows("desk@shop.example"));
        // The text speaks in the recipient's name: with a mail server, nobody here reads it.
        let (id,): (store::Id,) = house.rows("select id from outbox where recipient = 'desk@gone.example'", vec![]).await.remove(0);
        let path = format!("/outgoing/{id}");
        let _ = lead.get(&path).await.must(404);
        assert!(page.links("/outgoing/").is_empty());
        house.sink.answer("desk@gone.example", "250 here we are");
        let _ = lead.post(&path, &[]).await.must(303);
        let _ = lead.post(&path, &[]).await.must(409);
        house.run_jobs().await;
        assert_eq!(house.sink.to("desk@gone.example").len(), 1, "on {}", house.on);
        let _ = house.login_as(Role::Analyst).await.get("/outgoing").await.must(404);
        let _ = house.login_as(Role::Auditor).await.get("/outgoing").await.must(404);
        let (hidden,): (store::Id,) = house.rows("select id from outbox where recipient = 'desk@quiet.example'", vec![]).await.remove(0);
        let _ = other.post(&format!("/outgoing/{hidden}"), &[]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_mail_leaves_it_can_be_read_and_its_links_work_in_a_demonstration_only() {
    let house = House::with(|profile| profile.mail.as_mut().unwrap().smarthost = None).await;
    let lead = house.login_as(Role::Lead).await;
    let _ = receive(&house, told(&house.app, "form", "Open", "192.0.2.8", "desk@shop.example")).await;
    house.run_jobs().await;
    let page = lead.get("/outgoing").await.must(200);
    assert!(page.shows("No mail server") && page.shows("waiting"));
    let mail = lead.get(&page.links("/outgoing/")[0]).await.must(200);
    assert!(mail.shows("R-2026-000001"), "{}", mail.words());
    // Real mail will leave one day: who reads it here reads nobody's secret.
    assert!(mail.shows("secret=…") && mail.links(&format!("http://{}/status/R-", house.address)).is_empty(), "{}", mail.words());
    // A demonstration's stays where it is, so that its links can be tried.
    for (login, name, role) in demo::LOGINS.into_iter().filter(|(_, _, role)| role.is_staff()) {
        let new = NewPerson { login: login.into(), name: name.into(), mail: None, role, organisation: None, language: "en".into() };
        people::add(&house.app, &Who::Operator, new).await.unwrap();
    }
    let mail = lead.get(&page.links("/outgoing/")[0]).await.must(200);
    let link = mail.links(&format!("http://{}", house.address))[0].clone();
    let (_, path) = link.split_once(&house.address.to_string()).unwrap();
    let visitor = house.visitor();
    assert!(visitor.follow(visitor.get(path).await).await.must(200).shows("Open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_in_plain_words_what_is_wrong_and_its_reports_name_it() {
    let house = House::sqlite().await;
    let report = json!({ "kind": "weakness", "title": "Open printer", "description": "198.51.100.7 answers" });
    let wrong = house.visitor().post_json("/api/v1/reports", &[("authorization", "Bearer atalaya_x")], &report).await.must(401).json();
    assert_eq!(wrong["error"], "log-in");
    assert!(wrong["message"].as_str().unwrap().contains("token") && wrong["message"].as_str().unwrap().len() > 30, "{wrong}");
    let token = people::add_token(&house.app, &Who::Operator, "Sensor seven", None, "reports").await.unwrap();
    let bearer = format!("Bearer {token}");
    let made = house.visitor().post_json("/api/v1/reports", &[("authorization", bearer.as_str())], &report).await.must(201).json();
    let analyst = house.login_as(Role::Analyst).await;
    let page = analyst.get(&format!("/inbox/{}", made["number"].as_str().unwrap())).await.must(200);
    assert!(page.shows("brought by Sensor seven"), "{}", page.words());
    assert!(page.shows("Clock started:") && !page.shows("clock started."), "{}", page.words());
    assert_eq!(page.links("/search?q=198%2E51%2E100%2E7").len(), 1, "what was found leads to where else it was seen");
    let people = house.login_as(Role::Admin).await.get("/people").await.must(200);
    assert_eq!(people.links("/api/v1/openapi.json").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_press_takes_the_chosen_files_along_and_answers_can_be_thrown_away_there() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    let _ = visitor.post("/report", &[("kind", "impersonation")]).await.must(303);
    let _ = visitor.post("/report/tell", &[("description", "A false page")]).await.must(303);
    let page = visitor.get("/report/when").await.must(200);
    assert!(!page.text().contains("name=\"involved\""), "the addresses were asked for a page before");
    let page = visitor.get("/report/files").await.must(200);
    assert!(page.text().contains("action=\"/report/forget\""));
    let on = visitor.upload("/report/files", &[("do", "on")], &[("files", "shot.png", "image/png", b"png")]).await.must(303);
    assert_eq!(on.location().as_deref(), Some("/report/urgency"));
    let check = visitor.get("/report/check").await.must(200);
    assert!(check.shows("shot.png") && check.shows("It is urgent No"), "{}", check.words());
    let _ = visitor.post("/report/check", &[]).await.must(303);
    assert!(visitor.get("/report/received").await.must(200).shows("no receipt is sent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_how_many_it_shows_and_a_call_without_an_address_that_nothing_is_sent() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let _ = receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", "Open", "192.0.2.8", "") }).await;
    assert!(analyst.get("/inbox").await.must(200).shows("1 waiting"));
    let mine = analyst.get("/inbox?owner=me").await.must(200);
    assert!(mine.shows("None found") && !mine.shows("1 waiting"), "{}", mine.words());
    let call = [("title", "A call"), ("body", "He said it"), ("kind", "other"), ("receipt", "yes"), ("language", "en")];
    assert!(analyst.post("/inbox/new", &call).await.must(200).shows("there is no mail address to send it to"));
    let with = [("title", "A call"), ("body", "She said it"), ("kind", "other"), ("receipt", "yes"), ("reporter_mail", "desk@shop.example")];
    assert!(!analyst.post("/inbox/new", &with).await.must(200).shows("Nothing is sent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_answered_in_plain_words() {
    let house = House::sqlite().await;
    for (path, kind) in [("/report", "text/html"), ("/api/v1/reports", "application/json")] {
        let cut = futures_util::stream::iter([Ok(b"kind=".to_vec()), Err(std::io::Error::other("cut"))]);
        let mut request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", "40")
            .body(Body::from_stream(cut))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(house.address));
        let answer = routes::router(house.app.clone()).oneshot(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), 422, "{path}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}: {:?}", answer.headers());
        assert!(answer.headers().contains_key("content-security-policy"));
        let text = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        assert!(String::from_utf8_lossy(&text).contains("did not arrive whole"), "{path}: {}", String::from_utf8_lossy(&text));
    }
}
