//! What somebody wrote is not lost with the answer that it cannot be taken: the page that says so has it.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use atalaya::cases::{messages, recommendations};
use atalaya::reports;

use crate::house::{House, Server};
use crate::messages::{page, story, words};
use crate::reports::told;

const WORDS: &str = "An hour of words, with \"quotes\".";
const SHOWN: &str = "An hour of words, with &#34;quotes&#34;.";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_one_too_many_can_be_sent_again_from_the_page_that_says_so() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    messages::release(&house.app, &story.who, story.vodalink, &words("Hello.", 0), None).await.unwrap();
    let member = house.login_as_member_of(story.organisations[0]).await;
    let outside = house.visitor();
    let paths = [format!("{}/reply", page(&house, story.vodalink).await), format!("/member/cases/{}/{}/reply", story.case.number, story.vodalink)];
    for n in 0..30 {
        outside.upload(&paths[0], &[("words", &format!("Answer {n}"))], &[]).await.must(303);
    }
    for (browser, path) in [(&outside, &paths[0]), (&member, &paths[1])] {
        let refused = browser.upload(path, &[("words", WORDS)], &[("files", "a.txt", "text/plain", b"x")]).await.must(429);
        let html = refused.text();
        assert!(html.contains(SHOWN) && html.contains(&format!("action=\"{path}\"")) && html.contains("type=\"file\" name=\"files\""), "{html}");
    }
    house.later(61);
    outside.upload(&paths[0], &[("words", WORDS)], &[]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_for_a_page_that_ended_meanwhile_or_an_answer_that_came_too_late_are_shown_again() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let advice = recommendations::add(&house.app, &story.who, story.vodalink, "operational", "Patch the routers.", None).await.unwrap();
    messages::release(&house.app, &story.who, story.vodalink, &words("Hello: Patch", 0), None).await.unwrap();
    let (outside, path) = (house.visitor(), page(&house, story.vodalink).await);
    recommendations::withdraw(&house.app, &story.who, advice).await.unwrap();
    let late = outside.post(&format!("{path}/recommendations/{advice}"), &[("answer", "done"), ("words", WORDS)]).await.must(409);
    assert!(late.text().contains(&format!("{SHOWN}</textarea>")) && late.shows("What you wrote"), "{}", late.text());
    let lead = house.login_as(Role::Lead).await;
    lead.post(&format!("/cases/{}/parties/{}/link/removal", story.case.number, story.vodalink), &[]).await.must(303);
    let ended = outside.upload(&format!("{path}/reply"), &[("words", WORDS)], &[("files", "a.txt", "text/plain", b"x")]).await.must(404);
    assert!(ended.text().contains(&format!("{SHOWN}</textarea>")), "{}", ended.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn words_written_while_the_database_is_away_wait_on_the_page() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let mut server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    let house = House::on(&server.database()).await;
    let story = story(&house).await;
    messages::release(&house.app, &story.who, story.vodalink, &words("Hello.", 0), None).await.unwrap();
    let receipt = reports::receive(&house.app, &atalaya::access::Who::Public, told(&house.app, "form", "One", "x", "")).await.unwrap();
    let reporter = house.visitor();
    reporter.get(&format!("/status/{}?secret={}", receipt.number, receipt.secret)).await.must(303);
    let path = format!("{}/reply", page(&house, story.vodalink).await);
    server.crash();
    for (browser, path, field) in [(&house.visitor(), path.as_str(), "words"), (&reporter, &format!("/status/{}", receipt.number), "body")] {
        let away = browser.upload(path, &[(field, WORDS)], &[]).await.must(503);
        assert!(away.text().contains(SHOWN) && away.text().contains(&format!("action=\"{path}\"")), "{}", away.text());
    }
    server.begin();
    house.visitor().upload(&path, &[("words", WORDS)], &[]).await.must(303);
}
