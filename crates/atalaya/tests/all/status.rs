//! What a reporter sees of its report, with number and secret and no account.

use atalaya::access::{Role, Who};
use atalaya::reports;
use formats::label::Tlp;
use store::Id;

use crate::house::{Browser, House};

/// A report by form; says number, secret and id.
async fn report(house: &House, visitor: &Browser) -> (String, String, Id) {
    visitor.post("/report", &[("kind", "other")]).await.must(303);
    visitor.post("/report/tell", &[("description", "Mail from 192.0.2.44 asks for money"), ("title", "The title I gave")]).await.must(303);
    visitor.post("/report/check", &[]).await.must(303);
    let link = visitor.get("/report/received").await.must(200).links("/status/R-")[0].clone();
    let (number, secret) = link.strip_prefix("/status/").unwrap().split_once("?secret=").unwrap();
    let report = reports::find(&mut house.app.db.read().await.unwrap(), number).await.unwrap().unwrap();
    (number.to_owned(), secret.to_owned(), report.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reporter_follows_a_report_and_talks_back() {
    for house in House::both().await {
        let (number, secret, id) = report(&house, &house.visitor()).await;
        let reporter = house.visitor();
        let way = reporter.get(&format!("/status/{number}?secret={secret}")).await.must(303);
        assert_eq!(way.location(), Some(format!("/status/{number}")), "the secret leaves the address");
        assert!(way.header("set-cookie").unwrap().contains(&format!("Path=/status/{number}; ")) && way.header("set-cookie").unwrap().contains("HttpOnly"));
        let page = reporter.get(&format!("/status/{number}")).await.must(200);
        assert!(page.shows("The title I gave") && page.shows("We have it") && page.shows("Due "), "{}", page.words());
        assert!(page.shows("A person will read it") && page.text().matches("<time").count() == 2, "what is to come has no time: {}", page.words());
        house.later(90);

        let analyst = Who::Person(atalaya::access::Person {
            id: house.person(Role::Analyst, None).await,
            name: "Analyst 1".into(),
            role: Role::Analyst,
            organisation: None,
            groups: vec![],
            form: None,
        });
        let title = reports::Facts { title: Some("A title for our own eyes".into()), ..reports::Facts::default() };
        reports::set_facts(&house.app, &analyst, id, title).await.unwrap();
        reports::set_verdict(&house.app, &analyst, id, reports::Verdict::Confirmed, "high").await.unwrap();
        let page = reporter.get(&format!("/status/{number}")).await.must(200);
        assert!(page.shows("We are looking at it") && page.shows("The title I gave") && !page.shows("our own eyes") && !page.shows("Analyst 1"));
        // A step that was taken stands in the past, with the team's own time; the next ones in the future.
        assert!(page.shows("A person read it") && page.shows("Mon 23 November 2026, 11:30 (Africa/Maseru)"), "{}", page.words());
        assert!(page.shows("We will close it") && !page.shows("We began"), "{}", page.words());
        house.later(30);

        reports::answer(&house.app, &analyst, id, "What to do", "Delete it and tell your bank.", Tlp::Green).await.unwrap();
        let page = reporter.get(&format!("/status/{number}")).await.must(200);
        assert!(
            page.shows("Delete it and tell your bank.") && page.shows("Answered") && page.shows("TLP:AMBER") && !page.shows("Analyst 1"),
            "{}",
            page.words()
        );

        let path = format!("/status/{number}");
        let empty = reporter.upload(&path, &[("body", "")], &[]).await.must(422);
        assert!(!empty.links("#body").is_empty());
        let words = "It came again <b>today</b>";
        let files: [(&str, &str, &str, &[u8]); 1] = [("files", "again.eml", "message/rfc822", &[9; 200_000])];
        reporter.upload(&path, &[("body", words)], &files).await.must(303);
        let page = reporter.get(&path).await.must(200);
        assert!(
            page.words().contains(words) && page.shows("again.eml") && page.shows("We have your message.") && !page.text().contains(words),
            "{}",
            page.words()
        );
        assert!(house.done().await.contains(&"report.answered".to_owned()));

        reporter.upload(&path, &[("body", "twice")], &[]).await.must(303);
        reporter.upload(&path, &[("body", "twice")], &[]).await.must(303);
        let twice: Vec<(i64,)> = house.rows("select count(*) from messages where body = 'twice'", vec![]).await;
        assert_eq!(twice, [(1,)], "pressed twice, said once");
        let spanish = house.visitor().speaking("es");
        assert!(
            spanish
                .follow(spanish.post("/status", &[("number", &number.to_lowercase()), ("secret", &format!(" {} ", secret.to_uppercase()))]).await)
                .await
                .must(200)
                .shows("Nuestra conversación")
        );
        let page = spanish.get(&path).await.must(200);
        assert!(page.shows("Lo leyó una persona") && page.shows("lun 23 de noviembre de 2026, 11:30 (Africa/Maseru)"), "{}", page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_passed_on_says_to_whom_and_why() {
    let house = House::sqlite().await;
    let (number, secret, id) = report(&house, &house.visitor()).await;
    let entry = house.app.profile.referrals[0].clone();
    reports::refer(&house.app, &Who::Operator, id, &entry.id, "The bank has a team of its own.").await.unwrap();
    let reporter = house.visitor();
    let page = reporter.follow(reporter.get(&format!("/status/{number}?secret={secret}")).await).await.must(200);
    assert!(page.shows("Passed on") && page.shows("The bank has a team of its own.") && page.shows(entry.name.text("en")), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_and_an_unknown_number_are_the_same() {
    for house in House::both().await {
        let (number, secret, _) = report(&house, &house.visitor()).await;
        let wrong = "a".repeat(secret.len());
        let (one, two) = (house.visitor(), house.visitor());
        for (visitor, number) in [(&one, number.as_str()), (&two, "R-2026-999999")] {
            visitor.get(&format!("/status/{number}?secret={wrong}")).await.must(303);
        }
        let known = one.get(&format!("/status/{number}")).await.must(404);
        let unknown = two.get("/status/R-2026-999999").await.must(404);
        assert_eq!(known.body, unknown.body);
        let heads = |answer: &crate::house::Answer| answer.headers.iter().filter(|(name, _)| name != "date").cloned().collect::<Vec<_>>();
        assert_eq!(heads(&known), heads(&unknown));
        let known = one.post("/status", &[("number", &number), ("secret", &wrong)]).await.must(422);
        let unknown = two.post("/status", &[("number", "R-2026-999999"), ("secret", &wrong)]).await.must(422);
        assert_eq!(known.text().replace(&number, "N"), unknown.text().replace("R-2026-999999", "N"));
        let known = one.upload(&format!("/status/{number}"), &[("body", "let me in")], &[]).await.must(404);
        let unknown = two.upload("/status/R-2026-999999", &[("body", "let me in")], &[]).await.must(404);
        assert_eq!(known.text().replace(&number, "N"), unknown.text().replace("R-2026-999999", "N"));
        assert_eq!(house.visitor().get(&format!("/status/{number}")).await.must(404).body, house.visitor().get("/status/%0d%0a%00%2e").await.must(404).body);
        let messages: Vec<(i64,)> = house.rows("select count(*) from messages", vec![]).await;
        assert_eq!(messages, [(0,)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_stopped_and_locks_nobody_out() {
    let house = House::sqlite().await;
    let (number, secret, _) = report(&house, &house.visitor()).await;
    let guess = async |from: String| {
        let visitor = house.visitor();
        visitor.set_header("x-forwarded-for", &from);
        visitor.post("/status", &[("number", &number), ("secret", "guess")]).await.status
    };
    for n in 0..21 {
        let expected = if n < 20 { 422 } else { 429 };
        assert_eq!(guess("198.51.100.7".into()).await, expected, "guess {n}");
    }
    // Behind the same address sits the reporter, too.
    let neighbour = house.visitor();
    neighbour.set_header("x-forwarded-for", "198.51.100.7");
    neighbour.follow(neighbour.get(&format!("/status/{number}?secret={secret}")).await).await.must(200);
    neighbour.upload(&format!("/status/{number}"), &[("body", "It goes on.")], &[]).await.must(303);
    // With an hour that is over it is one more wrong try, and keeps the words.
    neighbour.forget("status");
    let refused = neighbour.upload(&format!("/status/{number}"), &[("body", "It still goes on.")], &[]).await.must(429);
    assert!(refused.text().contains("It still goes on."), "{}", refused.words());
    for n in 0..25 {
        assert_eq!(guess(format!("203.0.113.{n}")).await, 429, "other networks cannot go on with this number");
    }
    let reporter = house.visitor();
    reporter.set_header("x-forwarded-for", "192.0.2.1");
    reporter.follow(reporter.get(&format!("/status/{number}?secret={secret}")).await).await.must(200);
    house.later(61);
    assert_eq!(guess("198.51.100.7".into()).await, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_a_file_too_large_keeps_the_words() {
    let house = House::with(|profile| profile.intake.max_file_bytes = 100_000).await;
    let (number, secret, _) = report(&house, &house.visitor()).await;
    let reporter = house.visitor();
    reporter.get(&format!("/status/{number}?secret={secret}")).await.must(303);
    let page = reporter.upload(&format!("/status/{number}"), &[("body", "See the log")], &[("files", "log.txt", "text/plain", &[1; 100_001])]).await.must(413);
    assert!(page.shows("See the log") && page.shows("“log.txt” is larger than"));
    let messages: Vec<(i64,)> = house.rows("select count(*) from messages", vec![]).await;
    assert_eq!(messages, [(0,)]);
    for words in ["<img src=x>", "a\0b", &"y".repeat(20_001), "\u{202e}"] {
        let status = reporter.upload(&format!("/status/{number}"), &[("body", words)], &[]).await.status;
        assert!([303, 422].contains(&status), "{words:?} {status}");
    }
    assert!(!reporter.get(&format!("/status/{number}")).await.must(200).text().contains("<img"));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_written_after_the_hour_or_too_often_are_not_lost() {
    let house = House::sqlite().await;
    let (number, secret, _) = report(&house, &house.visitor()).await;
    let path = format!("/status/{number}");
    let reporter = house.visitor();
    let _ = reporter.get(&format!("{path}?secret={secret}")).await.must(303);
    let page = reporter.get(&path).await.must(200);
    assert!(page.header("set-cookie").unwrap().contains("Max-Age=3600"), "who looks has an hour from now");
    reporter.forget("status");
    let page = reporter.upload(&path, &[("body", "An hour of words")], &[("files", "a.txt", "text/plain", b"x")]).await.must(404);
    assert!(page.text().contains("An hour of words</textarea>") && page.input("number") == number, "{}", page.words());
    let page = reporter.post("/status", &[("number", &number), ("secret", &secret), ("body", "An hour of words")]).await.must(200);
    assert!(page.text().contains("An hour of words</textarea>") && reporter.cookie("status").is_some());
    for n in 0..30 {
        reporter.upload(&path, &[("body", &format!("Answer {n}"))], &[]).await.must(303);
    }
    let page = reporter.upload(&path, &[("body", "One too many")], &[]).await.must(429);
    assert!(page.input("body") == "One too many" && page.text().contains(&format!("action=\"{path}\"")), "{}", page.words());
    let spanish = house.visitor().speaking("es");
    let answer =
        spanish.send("POST", "/report", &[("origin", "http://evil.example"), ("content-type", "application/x-www-form-urlencoded")], b"kind=outage").await;
    assert!(answer.text().contains("desde otro sitio"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_taken_up_again_says_so_and_its_whole_address_is_found() {
    for house in House::both().await {
        let (number, secret, id) = report(&house, &house.visitor()).await;
        let who = crate::messages::analyst(house.person(Role::Analyst, None).await);
        house.later(10);
        reports::answer(&house.app, &who, id, "What to do", "Delete it.", Tlp::Green).await.unwrap();
        house.later(10);
        reports::reopen(&house.app, &who, id).await.unwrap();
        let visitor = house.visitor();
        // The whole address from the receipt, in either field.
        let address = format!("https://csirt.example/status/{number}?secret={secret}");
        for fields in [[("number", address.as_str()), ("secret", "")], [("number", ""), ("secret", address.as_str())]] {
            let _ = visitor.post("/status", &fields).await.must(303);
        }
        let page = visitor.get(&format!("/status/{number}")).await.must(200);
        assert!(page.shows("We have taken it up again") && !page.shows("We wrote to you"), "on {}: {}", house.on, page.words());
        house.later(10);
        reports::answer(&house.app, &who, id, "More", "Change the password too.", Tlp::Green).await.unwrap();
        assert!(!visitor.get(&format!("/status/{number}")).await.must(200).shows("taken it up again"), "on {}", house.on);
    }
}
