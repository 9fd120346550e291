//! What somebody who worked with the program for a day found wrong, once each.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::cases::{self, NewCase};
use atalaya::profile::{Anchor, AppliesTo, KeptBy, Profile};
use atalaya::reports;
use store::{Id, args};

use crate::house::{Answer, House};
use crate::mailbox::{keep, letter};
use crate::messages::{Story, page, say, story};
use crate::reports::told;
use crate::triage::person_of;

async fn close(house: &House, story: &Story) {
    let lead = person_of(&house.login_as(Role::Lead).await, Role::Lead);
    let end = cases::Closing { outcome: "resolved".into(), waiver: "nothing to recommend".into(), ..cases::Closing::default() };
    cases::close(&house.app, &lead, story.case.id, end).await.unwrap();
}

async fn lanes(story: &Story) -> Answer {
    story.browser.get(&format!("/cases/{}", story.case.number)).await.must(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_closed_case_nothing_waits_and_what_comes_after_the_end_waits_for_somebody_to_say_whether_work_goes_on() {
    for house in House::both().await {
        let story = story(&house).await;
        say(&house, &story, story.vodalink, "Please look at 203.0.113.7.").await.unwrap();
        say(&house, &story, story.norlink, "Please look at it.").await.unwrap();
        house.later(1);
        let answer = [("words", "We look.")];
        house.visitor().upload(&format!("{}/reply", page(&house, story.norlink).await), &answer, &[]).await.must(303);
        let open = lanes(&story).await;
        assert!(open.shows("waiting since") && open.shows("1 new"), "on {}: {}", house.on, open.words());
        let thread = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        assert!(story.browser.get(&thread).await.must(200).text().matches("waiting since").count() >= 2);
        house.later(1);
        close(&house, &story).await;
        let closed = lanes(&story).await;
        assert!(!closed.shows("waiting since") && !closed.shows("1 new"), "on {}: {}", house.on, closed.words());
        assert!(closed.shows("last told") && closed.shows("1 not read"), "on {}: {}", house.on, closed.words());
        assert!(!story.browser.get(&thread).await.must(200).shows("waiting since"));
        let list = story.browser.get("/cases?state=all").await.must(200);
        assert!(list.shows("1 not read") && !list.shows("1 new"), "on {}: {}", house.on, list.words());
        // Somebody writes after the end: the case stays ended, and everybody sees that it waits.
        house.later(60);
        house.visitor().upload(&format!("{}/reply", page(&house, story.vodalink).await), &[("words", "Thank you.")], &[]).await.must(303);
        let again = lanes(&story).await;
        assert!(again.shows("Vodalink Lesotho wrote after the end") && again.shows("Resolved"), "on {}: {}", house.on, again.words());
        assert!(again.shows("1 new") && again.shows("1 not read"), "on {}: {}", house.on, again.words());
        let here = format!("/cases/{}", story.case.number);
        for (path, words) in [
            ("/clocks", "take up or leave ended Written by Vodalink Lesotho"),
            ("/cases?state=open&unread=yes", "written to after its end"),
            ("/cases?state=all", "1 new"),
            (&format!("{here}/parties/{}", story.vodalink), "wrote after the end"),
        ] {
            let waits = story.browser.get(path).await.must(200);
            assert!(waits.shows(words), "on {}: {words} on {path}: {}", house.on, waits.words());
        }
        // It was thanks: one press leaves it as it ended, by somebody's name, and nobody is reminded any more.
        let change = format!("{here}/change");
        // What came after the page was shown is read first.
        let stale = lanes(&story).await.input("seen");
        house.later(1);
        house.visitor().upload(&format!("{}/reply", page(&house, story.vodalink).await), &[("words", "Thanks again.")], &[]).await.must(303);
        story.browser.post(&change, &[("what", "leave"), ("seen", &stale)]).await.must(409);
        let seen = lanes(&story).await.input("seen");
        story.browser.post(&change, &[("what", "leave"), ("seen", &seen)]).await.must(303);
        let left = lanes(&story).await;
        assert!(!left.shows("Leave it ended") && left.shows("left the case as it ended, after Vodalink Lesotho wrote"), "{}", left.words());
        assert!(!story.browser.get("/clocks").await.must(200).shows("Written by"), "on {}", house.on);
        story.browser.post(&change, &[("what", "leave")]).await.must(409);
        // It is back: one press takes it up again, and the case says since when and why.
        house.visitor().upload(&format!("{}/reply", page(&house, story.vodalink).await), &[("words", "It is back.")], &[]).await.must(303);
        let reason = lanes(&story).await.input("reason");
        story.browser.post(&change, &[("what", "reopen"), ("reason", &reason)]).await.must(303);
        let again = lanes(&story).await;
        assert!(again.shows("Taken up again") && again.shows("Vodalink Lesotho wrote after the end"), "on {}: {}", house.on, again.words());
        assert!(again.shows("new") && !again.shows("not read") && !again.shows("Leave it ended"), "on {}: {}", house.on, again.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clocks_of_one_promise_say_which_is_which() {
    for house in House::both().await {
        let story = story(&house).await;
        let (number, secret) = followed(&house).await;
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        let once = lanes(&story).await;
        assert!(once.shows("kept") && !once.shows("the first time"), "one clock needs no number: {}", once.words());
        close(&house, &story).await;
        house.set_clock("2026-11-25T11:00:00+02:00");
        house.visitor().upload(&format!("{}/reply", page(&house, story.reporter).await), &[("words", "It is back.")], &[]).await.must(303);
        let desk = house.login_as(Role::Analyst).await;
        for path in [format!("/cases/{}", story.case.number), format!("/inbox/{number}")] {
            let twice = desk.get(&path).await.must(200);
            assert!(twice.shows("the first time:") && twice.shows("asked again 11:00:"), "on {}: {path}: {}", house.on, twice.words());
        }
        let outside = house.visitor();
        let way = outside.get(&format!("/status/{number}?secret={secret}")).await.must(303);
        let status = outside.follow(way).await.must(200);
        assert!(status.shows("For your report: A person answers"), "on {}: {}", house.on, status.words());
        assert!(status.shows("Since you wrote again on Wed 25 November 2026, 11:00 (Africa/Maseru): A person answers"), "{}", status.words());
    }
}

/// Number and secret of the report of the story, with which its reporter follows it.
async fn followed(house: &House) -> (String, String) {
    let (id,): (Id,) = house.rows("select id from reports", vec![]).await.remove(0);
    let mut reader = house.app.db.read().await.unwrap();
    let number = reports::get(&mut reader, id).await.unwrap().unwrap().number;
    let link = reports::link(&mut reader, &house.app, id).await.unwrap().unwrap();
    (number, link.split_once("secret=").unwrap().1.to_owned())
}

/// A team that promises three things from the opening of a case on, one for each way to keep it.
fn promises_for_cases(profile: &mut Profile) {
    for (id, kept_by) in [("answered", KeptBy::Answer), ("contacted", KeptBy::Contact), ("ended", KeptBy::Closing)] {
        let mut promise = profile.promises[0].clone();
        (promise.id, promise.anchor, promise.kept_by) = (id.into(), Anchor::Opened, kept_by);
        promise.applies_to = vec![AppliesTo::Any];
        profile.promises.push(promise);
    }
}

async fn standing(house: &House) -> String {
    let clocks: Vec<(String, String)> = house.rows("select promise, state from clocks where noun = 'case' order by promise", vec![]).await;
    clocks.into_iter().map(|(promise, state)| format!("{promise} {state}")).collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_responded_to_when_who_reported_is_answered_and_each_promise_when_whom_it_was_given_to_is_told() {
    for house in House::both_with(promises_for_cases).await {
        let story = story(&house).await;
        let responded = async || house.rows::<(Option<i64>,)>("select responded_at from cases", vec![]).await[0].0;
        say(&house, &story, story.vodalink, "Please look at 203.0.113.7.").await.unwrap();
        assert_eq!(standing(&house).await, "answered running, contacted kept, ended running", "on {}", house.on);
        assert_eq!(responded().await, None, "on {}: the reporter was told nothing", house.on);
        let due: Vec<(Option<i64>,)> = house.rows("select due_at from cases", vec![]).await;
        assert!(due[0].0.is_some(), "on {}: and still waits", house.on);
        // What an answer stops is named where it is written.
        let to = |party: Id| format!("/cases/{}/parties/{party}/message", story.case.number);
        let shown = story.browser.get(&to(story.reporter)).await.must(200);
        assert!(shown.shows("clocks that wait for an answer") && shown.shows("R-2026-000001: A person answers"), "{}", shown.words());
        assert!(!story.browser.get(&to(story.norlink)).await.must(200).shows("clocks that wait for an answer"), "nothing waits for it");
        house.later(30);
        say(&house, &story, story.reporter, "We look after it.").await.unwrap();
        assert_eq!(standing(&house).await, "answered kept, contacted kept, ended running", "on {}", house.on);
        assert_eq!(responded().await, Some(house.app.now().as_microsecond()), "on {}", house.on);
        let lead = house.login_as(Role::Lead).await;
        let closing = lead.get(&format!("/cases/{}/close", story.case.number)).await.must(200);
        assert!(closing.shows("Closing keeps:"), "{}", closing.words());
        close(&house, &story).await;
        assert_eq!(standing(&house).await, "answered kept, contacted kept, ended kept", "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_reported_whoever_is_told_first_is_answered() {
    let house = House::with(promises_for_cases).await;
    let who = person_of(&house.login_as(Role::Analyst).await, Role::Analyst);
    let case = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Seen in events".into(), ..NewCase::default() }).await.unwrap();
    let new =
        cases::parties::NewParty { name: "Host".into(), role: "other".into(), mail: Some("noc@host.example".into()), ..cases::parties::NewParty::default() };
    let party = cases::parties::add(&house.app, &who, case.id, new).await.unwrap();
    cases::messages::release(&house.app, &who, party, &crate::messages::words("Look at it.", 0), None).await.unwrap();
    assert_eq!(standing(&house).await, "answered kept, contacted running, ended running");
    assert!(house.rows::<(Option<i64>,)>("select responded_at from cases", vec![]).await[0].0.is_some());
}

/// Says what a stranger writes who got hold of our mail to that address.
async fn stranger_answers(house: &House, address: &str, words: &str) {
    house.run_jobs().await;
    let ours = house.sink.to(address).pop().unwrap().header("message-id").unwrap();
    house.later(1);
    let raw = letter("mallory@stranger.example", "Re: your mail", &format!("In-Reply-To: {ours}\r\n"), words);
    keep(house, "mallory@stranger.example", &raw).await;
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_may_be_a_strangers_stands_on_no_partys_page_before_somebody_made_sure() {
    for house in House::both().await {
        let story = story(&house).await;
        say(&house, &story, story.norlink, "Please look at it.").await.unwrap();
        stranger_answers(&house, "noc@norlink.example", "Open http://trap.example/ and see 192.0.2.200.").await;
        let (outside, path) = (house.visitor(), page(&house, story.norlink).await);
        let theirs = outside.get(&path).await.must(200);
        assert!(!theirs.shows("trap.example") && !theirs.shows("stranger.example"), "on {}: {}", house.on, theirs.words());
        assert!(theirs.shows("is not shown here: we are not sure that it is from you"), "on {}: {}", house.on, theirs.words());
        let here = format!("/cases/{}/parties/{}", story.case.number, story.norlink);
        let ours = story.browser.get(&here).await.must(200);
        assert!(ours.shows("trap.example") && ours.shows("not known to be theirs"), "on {}: {}", house.on, ours.words());
        assert!(ours.shows("waiting since"), "whether Norlink answered is not known: {}", ours.words());
        // What a stranger named is nothing that Norlink told us.
        let told_it = say(&house, &story, story.norlink, "You told us of 192.0.2.200.").await;
        assert!(told_it.is_err(), "on {}: {told_it:?}", house.on);
        // Somebody asked Norlink by phone: it is a colleague.
        let accept = format!("/cases/{}/messages/", story.case.number);
        let accept = ours.between(&format!("action=\"{accept}"), "\"");
        // Nor is it handed on as somebody's words.
        let forward = format!("/cases/{}/parties/{}/message?forward={}", story.case.number, story.vodalink, accept.split('/').next().unwrap());
        assert!(!ours.shows("Hand on to"), "on {}: {}", house.on, ours.words());
        story.browser.get(&forward).await.must(409);
        let accept = format!("/cases/{}/messages/{accept}", story.case.number);
        house.login_as(Role::Auditor).await.post(&accept, &[]).await.must(404);
        story.browser.post(&accept, &[]).await.must(303);
        story.browser.post(&accept, &[]).await.must(409);
        let theirs = outside.get(&path).await.must(200);
        assert!(theirs.shows("trap.example") && !theirs.shows("is not shown here"), "on {}: {}", house.on, theirs.words());
        assert!(story.browser.get(&here).await.must(200).shows("Hand on to"), "on {}", house.on);
        story.browser.get(&forward).await.must(200);
        let case = lanes(&story).await;
        assert!(case.shows("made sure that an answer is from Norlink Transit") && case.shows("answered"), "{}", case.words());
        say(&house, &story, story.norlink, "You told us of 192.0.2.200.").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_mail_to_a_reporter_after_the_end_wakes_us_and_promises_nobody_anything() {
    for house in House::both().await {
        let new = told(&house.app, "form", "A page", "x", "ana@shop.example");
        let receipt = reports::receive(&house.app, &Who::Public, new).await.unwrap();
        reports::answer(&house.app, &Who::Operator, receipt.id, "Advice", "Do this.", formats::label::Tlp::Green).await.unwrap();
        stranger_answers(&house, "ana@shop.example", "Tell me more.").await;
        let clocks = async || -> Vec<(String,)> { house.rows("select state from clocks where about = $1 order by anchor_at, id", args![receipt.id]).await };
        assert_eq!(clocks().await, [("kept".to_owned(),)], "on {}: nobody knows that Ana asks again", house.on);
        let outside = house.visitor();
        let way = outside.get(&format!("/status/{}?secret={}", receipt.number, receipt.secret)).await.must(303);
        let status = outside.follow(way).await.must(200);
        assert!(!status.shows("Tell me more.") && status.shows("we are not sure that it is from you"), "on {}: {}", house.on, status.words());
        let desk = house.login_as(Role::Analyst).await;
        let ours = desk.get(&format!("/inbox/{}", receipt.number)).await.must(200);
        assert!(ours.shows("Tell me more.") && ours.shows("not known to be theirs"), "on {}: {}", house.on, ours.words());
        let accept = ours.between(&format!("action=\"/inbox/{}/messages/", receipt.number), "\"");
        house.later(60);
        desk.post(&format!("/inbox/{}/messages/{accept}", receipt.number), &[]).await.must(303);
        assert_eq!(clocks().await, [("kept".to_owned(),), ("running".to_owned(),)], "on {}", house.on);
        let anchor: Vec<(i64,)> = house.rows("select anchor_at from clocks where state = 'running'", vec![]).await;
        assert_eq!(anchor[0].0, house.app.now().as_microsecond() - 60 * 60 * 1_000_000, "from when it came");
        assert!(outside.get(&format!("/status/{}", receipt.number)).await.must(200).shows("Tell me more."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_counts_from_the_mail_after_the_end_until_somebody_answers_or_says_that_it_needs_no_answer() {
    for house in House::both_with(promises_for_cases).await {
        let story = story(&house).await;
        let (number, secret) = followed(&house).await;
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        close(&house, &story).await;
        let clocks = async || {
            let rows: Vec<(String, String, String)> =
                house.rows("select noun, promise, state from clocks where state in ('running', 'void') order by noun, promise, state", vec![]).await;
            rows.into_iter().map(|(noun, promise, state)| format!("{noun} {promise} {state}")).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(clocks().await, "case contacted void", "on {}", house.on);
        let reply = async |words: &str| {
            house.later(20);
            house.visitor().upload(&format!("{}/reply", page(&house, story.reporter).await), &[("words", words)], &[]).await.must(303);
        };
        reply("Thank you!").await;
        let asked = "case answered running, case contacted running, case contacted void, case ended running, report first-answer running";
        assert_eq!(clocks().await, asked, "on {}", house.on);
        let outside = house.visitor();
        let way = outside.get(&format!("/status/{number}?secret={secret}")).await.must(303);
        let status = outside.follow(way).await.must(200);
        assert!(status.shows("Closed, and you wrote again") && status.shows("Due "), "on {}: {}", house.on, status.words());
        // Nothing is to be done: the promises that this began end without a verdict, and none that ran before.
        cases::leave_ended(&house.app, &story.who, story.case.id, "").await.unwrap();
        assert!(!clocks().await.contains("running"), "on {}: {}", house.on, clocks().await);
        assert!(outside.get(&format!("/status/{number}")).await.must(200).shows("Closed: solved"));
        assert!(cases::leave_ended(&house.app, &story.who, story.case.id, "").await.is_err());
        // A question is answered without taking the case up again: nothing runs on where nobody works.
        reply("When did it end?").await;
        let came = house.app.now().as_microsecond();
        house.later(1);
        say(&house, &story, story.reporter, "You are welcome.").await.unwrap();
        let asked: Vec<(Option<i64>,)> = house.rows("select asked_at from parties where id = $1", args![story.reporter]).await;
        assert_eq!(asked, [(Some(came),)], "on {}: nobody has read that, and the thanks before were left", house.on);
        story.browser.get(&format!("/cases/{}/parties/{}", story.case.number, story.reporter)).await.must(200);
        say(&house, &story, story.reporter, "On Monday.").await.unwrap();
        assert!(!clocks().await.contains("running"), "on {}: {}", house.on, clocks().await);
        let states: Vec<(String,)> = house.rows("select state from cases", vec![]).await;
        assert_eq!(states[0].0, "resolved");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_mail_after_the_end_takes_no_promise_from_the_party_that_writes_next() {
    for house in House::both().await {
        let story = story(&house).await;
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        close(&house, &story).await;
        house.later(20);
        stranger_answers(&house, "ana@harbour.example", "Tell me more.").await;
        let standing = async || {
            let clocks: Vec<(String,)> = house.rows("select state from clocks where noun = 'report' order by anchor_at, id", vec![]).await;
            let states: Vec<(String,)> = house.rows("select state from cases", vec![]).await;
            (states[0].0.clone(), clocks.into_iter().map(|(state,)| state).collect::<Vec<_>>().join(" "))
        };
        let waits = lanes(&story).await;
        assert!(waits.shows("A mail came after the end that may be from"), "on {}: {}", house.on, waits.words());
        assert_eq!(standing().await, ("resolved".to_owned(), "kept".to_owned()), "on {}: nobody knows that Ana asks", house.on);
        let accept = || {
            let path = format!("/cases/{}/messages/", story.case.number);
            let id = waits.between(&format!("action=\"{path}"), "\"");
            format!("{path}{id}")
        };
        // The true one writes next, and is promised an answer.
        house.later(20);
        house.visitor().upload(&format!("{}/reply", page(&house, story.reporter).await), &[("words", "It is back.")], &[]).await.must(303);
        assert_eq!(standing().await, ("resolved".to_owned(), "kept running".to_owned()), "on {}", house.on);
        // Somebody left all of it as it ended: making sure who wrote begins nothing on what is closed.
        cases::leave_ended(&house.app, &story.who, story.case.id, "").await.unwrap();
        story.browser.post(&accept(), &[]).await.must(303);
        assert_eq!(standing().await, ("resolved".to_owned(), "kept void".to_owned()), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_closing_kept_counts_on_when_closing_was_a_mistake() {
    for house in House::both_with(promises_for_cases).await {
        let story = story(&house).await;
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        say(&house, &story, story.vodalink, "Please look.").await.unwrap();
        let change = format!("/cases/{}/change", story.case.number);
        close(&house, &story).await;
        house.later(5);
        assert!(lanes(&story).await.shows("Closed by mistake"), "on {}", house.on);
        story.browser.post(&change, &[("what", "reopen"), ("reason", "it goes on")]).await.must(303);
        assert_eq!(standing(&house).await, "answered kept, contacted kept, ended kept", "on {}: they were told what we found", house.on);
        close(&house, &story).await;
        assert!(!lanes(&story).await.shows("Closed by mistake"), "on {}: this end kept nothing", house.on);
    }
    for house in House::both_with(promises_for_cases).await {
        let story = story(&house).await;
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        say(&house, &story, story.vodalink, "Please look.").await.unwrap();
        close(&house, &story).await;
        let change = format!("/cases/{}/change", story.case.number);
        story.browser.post(&change, &[("what", "reopen"), ("mistake", "1")]).await.must(303);
        assert_eq!(standing(&house).await, "answered kept, contacted kept, ended running", "on {}", house.on);
        let due: Vec<(Option<i64>,)> = house.rows("select due_at from cases", vec![]).await;
        assert!(due[0].0.is_some(), "on {}: and it is due", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exact_mail_is_shown_whole_and_no_footer_ends_in_a_dot_between_two_things() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let path = format!("/cases/{}/parties/{}/message", story.case.number, story.norlink);
    let body = (0..80).map(|n| format!("Line {n}.")).collect::<Vec<_>>().join("\n");
    let fields = [("do", "look"), ("subject", "Long"), ("body", &body), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1"), ("base", "0")];
    story.browser.post(&path, &fields).await.must(303);
    let shown = story.browser.get(&path).await.must(200);
    assert!(shown.between("aria-label=\"The exact text\"", "</div>").contains("Line 79."));
    assert!(!shown.text().contains("raw long"), "no box hides the end of what leaves");
    let portal = house.visitor().get("/").await.must(200);
    let footer = portal.text().split("<footer>").nth(1).unwrap().to_owned();
    assert!(!footer.contains(" · ") && footer.contains("<li>"), "{footer}");
}
