//! The database server goes away under a running program and comes back.

use atalaya::access::Role;
use atalaya::mailbox::{self, Delivered};
use serde_json::json;

use crate::house::{House, Server};
use crate::kill::token;

fn mail(n: u32) -> Delivered {
    let raw = format!("From: desk{n}@shop.example\r\nTo: report@csirt.maluti.example\r\nSubject: Mail {n}\r\n\r\nIt is down.\r\n").into_bytes();
    Delivered { from: "desk@shop.example".into(), to: vec!["report@csirt.maluti.example".into()], raw, via: "lmtp" }
}

fn report(title: &str) -> serde_json::Value {
    json!({ "kind": "intrusion", "title": title, "description": "Seen at 198.51.100.7.", "reporter": { "mail": format!("{}@shop.example", title.replace(' ', ".")) } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_loses_nothing_and_says_so() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let mut server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    let house = House::on(&server.database()).await;
    let bearer = format!("Bearer {}", token(&house.app).await);
    let headers = [("authorization", bearer.as_str())];
    let analyst = house.login_as(Role::Analyst).await;
    let program = house.visitor();
    let _ = program.post_json("/api/v1/reports", &headers, &report("Before")).await.must(201);
    mailbox::keep(&house.app, mail(1)).await.unwrap();

    // Connections that were cut are made anew, and nobody notices.
    server.hang_up();
    let _ = analyst.get("/inbox").await.must(200);
    let _ = program.post_json("/api/v1/reports", &headers, &report("After the cut")).await.must(201);

    server.crash();
    let page = analyst.get("/inbox").await;
    assert_eq!((page.status, page.header("retry-after")), (503, Some("10")), "{}", page.text());
    assert!(page.text().contains("Nothing that we confirmed is lost"), "{}", page.text());
    let spanish = house.visitor().speaking("es");
    assert!(spanish.post("/report", &[("kind", "outage")]).await.text().contains("Nada de lo que confirmamos se ha perdido"));
    let typed = [("kind", "incident"), ("title", "Typed \"in\" the outage"), ("summary", "Two\nlines")];
    let page = analyst.post("/cases", &typed).await;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("action=\"/cases\"") && page.text().contains("Send it again"), "{}", page.text());
    assert!(page.text().contains("value=\"Typed &#34;in&#34; the outage\"") && page.text().contains("value=\"Two\nlines\""), "{}", page.text());
    let page = house.visitor().post("/login", &[("login", "analyst1"), ("password", "hush hush hush")]).await;
    assert_eq!(page.status, 503);
    assert!(!page.text().contains("hush"), "a password is typed anew");
    let answer = program.post_json("/api/v1/reports", &headers, &report("During")).await;
    assert_eq!((answer.status, answer.json()["error"].as_str(), answer.header("retry-after")), (503, Some("away"), Some("10")));
    assert!(mailbox::keep(&house.app, mail(2)).await.is_err(), "a mail that could not be kept comes again");
    assert_eq!(analyst.get("/healthz").await.status, 200);
    assert_eq!(analyst.get("/assets/atalaya.css").await.status, 200, "the page of an error has its style");
    assert_eq!(analyst.get("/readyz").await.status, 503);

    server.begin();
    let _ = analyst.get("/inbox").await.must(200);
    let _ = analyst.post("/cases", &typed).await.must(303);
    let _ = program.post_json("/api/v1/reports", &headers, &report("During")).await.must(201);
    mailbox::keep(&house.app, mail(2)).await.unwrap();
    house.run_jobs().await;
    let titles: Vec<(String,)> = house.rows("select title from reports order by title", vec![]).await;
    let titles: Vec<&str> = titles.iter().map(|(title,)| title.as_str()).collect();
    assert_eq!(titles, ["After the cut", "Before", "During", "Mail 1", "Mail 2"]);
    assert_eq!(house.sink.mails().len(), 5, "each was acknowledged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_is_refused_on_a_page_with_words() {
    let house = House::sqlite().await;
    let answer = house
        .visitor()
        .send("POST", "/report", &[("origin", "http://evil.example"), ("content-type", "application/x-www-form-urlencoded")], b"kind=outage")
        .await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("sent from another site"), "{}", answer.text());
}
