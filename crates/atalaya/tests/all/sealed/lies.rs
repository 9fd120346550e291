//! A server that tells each side another story of a dialogue: what it hides from one and makes up for the other shows to
//! both, because each message says inside what its writer was shown.

use serde_json::json;

use super::browser::{come_with, on_the_day, step, to_send, wait};
use super::desk::{Begun, NUMBER, begun, end};
use super::meanwhile::{alarm, say, unlocked};
use super::*;
use crate::browser::Walk;
use crate::house::House;

/// The dialogue as the server tells it to its reporter.
fn told(house: &crate::house::House) -> Json {
    let envelope = "json_object('place', place, 'way', way, 'sha256', lower(hex(hash)), 'size', size, 'day', day, 'manifest_version', manifest_version)";
    let text = format!(
        "select json_object('number', number, 'intake', intake, 'grade', grade, 'state', state, 'wrapped_key', lower(hex(wrapped_key)), 'envelopes',
         (select json_group_array(json(e)) from (select {envelope} e from sealed_envelopes order by place))) from sealed_dialogues;"
    );
    serde_json::from_str(&crate::verify::tamper(&house.data(), &text)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hides_a_message_from_the_team_and_makes_one_up_for_the_reporter_is_found_out_by_both() {
    let Begun { house, team, mut walk, receipt, analyst, first } = begun().await;
    on_the_day(&mut walk, &house).await;
    come_with(&mut walk, &receipt).await;
    say(&mut walk, "It was in 2019.", 2).await;

    // The second message never reaches the team. To its reporter two are listed, of which the last is the first by its
    // hash, so that the next message follows on what the team has.
    let mut listed = told(&house);
    crate::verify::tamper(&house.data(), "delete from sealed_envelopes where place = 2;");
    listed["envelopes"][0]["sha256"] = json!(sha(b"no message"));
    listed["envelopes"][1]["sha256"] = json!(sha(&first));
    walk.browser.alter("/sealed/v1/dialogue", Some(listed.to_string().into_bytes())).await;
    come_with(&mut walk, &receipt).await;
    assert_eq!(walk.browser.evaluate("document.querySelectorAll('.message').length").await, json!(2));
    assert_eq!(alarm(&mut walk).await, "", "so far nothing is to be seen");
    walk.browser.write("#sealed-answer", "As I said.").await;
    walk.browser.press("[data-step=talk] [data-reply]").await;
    wait(&mut walk, "[data-sent]").await;
    wait(&mut walk, "[data-chain]").await;
    assert_eq!(alarm(&mut walk).await, "What you sent from this page is not in the list: the server hides it.");
    walk.look("sealed-return-hidden", true).await;
    walk.browser.restore().await;

    rounds(&house).await;
    let analyst = house.login(analyst.person()).await;
    unlocked(&mut walk, &house, &analyst, &team).await;
    walk.must_show("As I said.").await;
    let said = "Whoever wrote message 2 had been shown 2 messages of the reporter before it, and not 1 as here: what is missing was kept back.";
    assert_eq!(alarm(&mut walk).await, said);
    walk.look("sealed-desk-hidden", false).await;
    walk.browser.write("#sealed-reply", "Which year?").await;
    walk.browser.press("[data-reply-form] [data-reply]").await;
    wait(&mut walk, ".message.ours").await;
    walk.browser.forget().await;

    // The team's answer says what it was shown; the list that its reporter gets is another.
    crate::verify::tamper(
        &house.data(),
        "update sealed_envelopes set place = place + 100 where place > 1; update sealed_envelopes set place = place - 99 where place > 1;",
    );
    let answered = told(&house);
    let third = listed["envelopes"].as_array_mut().unwrap();
    third.extend(answered["envelopes"].as_array().unwrap().iter().skip(1).cloned());
    walk.browser.alter("/sealed/v1/dialogue", Some(listed.to_string().into_bytes())).await;
    come_with(&mut walk, &receipt).await;
    walk.must_show("Which year?").await;
    walk.must_show("When this was written, the team had been shown 2 of the 3 messages before it.").await;
    assert_eq!(alarm(&mut walk).await, "As message 2 of the reporter, whoever wrote message 4 was shown another one than stands here.");
    walk.look("sealed-return-lied-to", true).await;
    walk.browser.restore().await;
    assert_eq!(NUMBER, answered["number"]);
    end(walk, &["uploads"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_receipt_was_lost_on_the_way_is_not_sent_twice() {
    let Begun { house, mut walk, receipt, .. } = begun().await;
    on_the_day(&mut walk, &house).await;
    come_with(&mut walk, &receipt).await;
    // What the server says to the commit is lost: the page hears of another message instead, which is its own.
    let lost = "(() => { const real = fetch; globalThis.fetch = async (url, options) => { const answer = await real(url, options);
        return String(url).endsWith('/commit') ? new Response('{\"code\":\"moved\"}', { status: 409 }) : answer } })()";
    walk.browser.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": lost })).await;
    come_with(&mut walk, &receipt).await;
    say(&mut walk, "It was in 2019.", 2).await;
    assert_eq!(walk.browser.evaluate("document.querySelector('#sealed-answer').value").await, json!(""));
    assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(2,)]);
    end(walk, &["uploads"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tries_of_a_report_the_first_arrives_late_and_the_page_knows_it_again() {
    let house = House::sqlite().await;
    team(&house).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    // The first commit hangs on the way, and arrives when the second is sent.
    let late = "(() => { const real = fetch; let first = null; globalThis.fetch = async (url, options) => {
        if (!String(url).endsWith('/commit')) return real(url, options);
        if (!first) { first = [url, options]; return new Response('{\"code\":\"refused\"}', { status: 400 }); }
        await real(...first); return real(url, options) } })()";
    walk.browser.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": late })).await;
    walk.go("/sealed").await;
    step(&mut walk, "tell").await;
    walk.browser.write("#sealed-text", "The director takes bribes.").await;
    walk.browser.press("[data-step=tell] [data-to=files]").await;
    step(&mut walk, "files").await;
    to_send(&mut walk).await;
    for _ in 0..2 {
        walk.browser.press("[data-send]").await;
        wait(&mut walk, "#sealed-a > div > [data-problem]").await;
    }
    walk.browser.press("[data-send]").await;
    step(&mut walk, "done").await;
    walk.must_show(NUMBER).await;
    assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(1,)]);
    walk.browser.complaints.retain(|line| !line.ends_with("/commit\""));
    end(walk, &["uploads", "dialogue"]);
}
