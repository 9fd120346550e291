//! What is written, answered and put into threads around the end of a case, also at its very moment: nothing stands
//! unread where nobody looks, and nothing waits that was decided.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::Error;
use atalaya::access::{Role, Who};
use atalaya::cases::{self, NewCase};
use atalaya::reports::{self, Answer, Receipt};
use formats::label::Tlp;
use store::{Id, args};

use crate::house::{Browser, House};
use crate::mailbox::{keep, letter};
use crate::messages::{Story, page, say, story};
use crate::nodes::Two;
use crate::reports::told;
use crate::triage::{person_of, receive};

fn without_postgres() -> bool {
    std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some()
}

/// The states of the clocks of a report or case, the oldest promise first.
async fn clocks(house: &House, about: Id) -> Vec<String> {
    let rows: Vec<(String,)> = house.rows("select state from clocks where about = $1 order by anchor_at, id", args![about]).await;
    rows.into_iter().map(|(state,)| state).collect()
}

async fn report_of(house: &House, party: Id) -> Id {
    house.rows::<(Id,)>("select report_id from parties where id = $1", args![party]).await[0].0
}

/// How a thread stands: the state of its case, answers that nobody has read, and since when it waits for a decision.
async fn standing(house: &House, party: Id) -> (String, i64, Option<i64>) {
    let text = "select c.state, p.unread, p.asked_at from parties p join cases c on c.id = p.case_id where p.id = $1";
    house.rows(text, args![party]).await.remove(0)
}

const END: [(&str, &str); 2] = [("outcome", "resolved"), ("waiver", "nothing to recommend")];

/// Whoever holds the link to a party's page writes there.
async fn write(browser: &Browser, house: &House, party: Id, words: &str) -> crate::house::Answer {
    let path = format!("{}/reply", page(house, party).await);
    browser.upload(&path, &[("words", words)], &[]).await
}

/// A reporter who has opened the page of a report in this browser writes there.
async fn write_on(browser: &Browser, report: &Receipt, words: &str) -> crate::house::Answer {
    browser.upload(&format!("/status/{}", report.number), &[("body", words)], &[]).await
}

async fn opened(browser: &Browser, report: &Receipt) {
    browser.get(&format!("/status/{}?secret={}", report.number, report.secret)).await.must(303);
}

/// Two nodes and a case that was worked on: who reported was answered.
async fn begun() -> (Two, Story) {
    let two = Two::open().await;
    let story = story(&two.house).await;
    say(&two.house, &story, story.reporter, "We are on it.").await.unwrap();
    two.house.later(5);
    (two, story)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_crosses_the_end_of_its_case_waits_for_a_decision_and_its_promise_runs() {
    if without_postgres() {
        return;
    }
    let (two, story) = begun().await;
    let outside = two.stranger();
    let closing = format!("{}/close", story.case.path());
    let (closed, answered) = two.meanwhile(two.here.post(&closing, &END), write(&outside, &two.house, story.reporter, "It is back.")).await;
    closed.must(303);
    answered.must(303);
    let now = two.house.app.now().as_microsecond();
    assert_eq!(standing(&two.house, story.reporter).await, ("resolved".into(), 1, Some(now)), "it stands in no list");
    assert_eq!(clocks(&two.house, report_of(&two.house, story.reporter).await).await, ["kept", "running"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_taken_up_while_an_answer_comes_keeps_no_mark_of_waiting() {
    if without_postgres() {
        return;
    }
    let (two, story) = begun().await;
    two.here.post(&format!("{}/close", story.case.path()), &END).await.must(303);
    let (outside, change) = (two.stranger(), format!("{}/change", story.case.path()));
    let reopen = [("what", "reopen"), ("reason", "not over")];
    let (reopened, answered) = two.meanwhile(two.here.post(&change, &reopen), write(&outside, &two.house, story.vodalink, "It is back.")).await;
    reopened.must(303);
    answered.must(303);
    assert_eq!(standing(&two.house, story.vodalink).await, ("open".into(), 1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_into_a_thread_while_its_case_ends_waits_for_a_decision() {
    if without_postgres() {
        return;
    }
    let (two, story) = begun().await;
    let report = receive(&two.house, told(&two.house.app, "mail", "Our side", "It is back.", "bea@vodalink.example")).await;
    let (closing, vodalink) = (format!("{}/close", story.case.path()), story.vodalink.to_string());
    let (path, put) = (format!("/inbox/{}/thread", report.number), [("case", story.case.number.as_str()), ("party", vodalink.as_str())]);
    let (closed, placed) = two.meanwhile(two.here.post(&closing, &END), two.there.post(&path, &put)).await;
    closed.must(303);
    placed.must(303);
    let now = two.house.app.now().as_microsecond();
    assert_eq!(standing(&two.house, story.vodalink).await.2, Some(now), "nobody has to say whether work goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_report_that_is_answered_at_the_same_moment_takes_it_up_again() {
    if without_postgres() {
        return;
    }
    let two = Two::open().await;
    let report = receive(&two.house, told(&two.house.app, "form", "A question", "x", "ana@shop.example")).await;
    two.house.later(5);
    let outside = two.stranger();
    opened(&outside, &report).await;
    let advise = reports::answer(&two.house.app, &two.who, report.id, "Advice", "Do this.", Tlp::Green);
    let (advised, answered) = two.meanwhile(advise, write_on(&outside, &report, "One thing more.")).await;
    advised.unwrap();
    answered.must(303);
    assert_eq!(two.states(report.id).await, ("open".into(), None), "what came stands where nobody looks");
    assert_eq!(clocks(&two.house, report.id).await, ["kept", "running"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_report_that_becomes_a_case_at_the_same_moment_stands_in_the_case() {
    if without_postgres() {
        return;
    }
    let two = Two::open().await;
    let report = receive(&two.house, told(&two.house.app, "form", "A false page", "x", "ana@shop.example")).await;
    let outside = two.stranger();
    opened(&outside, &report).await;
    let open = format!("/inbox/{}/cases", report.number);
    let (case, answered) = two.meanwhile(two.here.post(&open, &[]), write_on(&outside, &report, "One thing more.")).await;
    case.must(303);
    answered.must(303);
    let stands: Vec<(Option<Id>, Option<i64>)> =
        two.house.rows("select m.party_id, p.unread from messages m left join parties p on p.id = m.party_id", vec![]).await;
    assert!(matches!(stands[..], [(Some(_), Some(1))]), "{stands:?}");
}

/// Closes a case as a lead.
async fn close(house: &House, case: Id) {
    let lead = person_of(&house.login_as(Role::Lead).await, Role::Lead);
    let end = cases::Closing { outcome: "resolved".into(), waiver: "nothing to recommend".into(), ..cases::Closing::default() };
    cases::close(&house.app, &lead, case, end).await.unwrap();
}

async fn anchor(house: &House, about: Id) -> i64 {
    house.rows::<(i64,)>("select anchor_at from clocks where about = $1 and state = 'running'", args![about]).await[0].0
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_an_answer_is_on_its_way_is_not_settled_by_it() {
    for house in House::both().await {
        let story = story(&house).await;
        let (report, lane) = (report_of(&house, story.reporter).await, format!("{}/parties/{}", story.case.path(), story.reporter));
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        close(&house, story.case.id).await;
        let outside = house.visitor();
        house.later(5);
        write(&outside, &house, story.reporter, "It is back.").await.must(303);
        story.browser.get(&lane).await.must(200);
        house.later(5);
        write(&outside, &house, story.reporter, "And now the mail is down, too.").await.must(303);
        let second = house.app.now().as_microsecond();
        house.later(5);
        say(&house, &story, story.reporter, "It is only the router again.").await.unwrap();
        assert_eq!(standing(&house, story.reporter).await, ("resolved".into(), 1, Some(second)), "on {}: nobody has read it", house.on);
        assert_eq!(clocks(&house, report).await, ["kept", "kept", "running"], "on {}", house.on);
        assert_eq!(anchor(&house, report).await, second, "on {}: it counts from when it came", house.on);
        assert!(story.browser.get("/clocks").await.must(200).shows(&story.case.number), "on {}", house.on);
        story.browser.get(&lane).await.must(200);
        say(&house, &story, story.reporter, "The mail is up again.").await.unwrap();
        assert_eq!(standing(&house, story.reporter).await, ("resolved".into(), 0, None), "on {}", house.on);
        assert_eq!(clocks(&house, report).await, ["kept", "kept", "kept"], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_one_case_ended_leaves_who_waits_in_another_with_the_same_report() {
    for house in House::both().await {
        let story = story(&house).await;
        let report = report_of(&house, story.reporter).await;
        let other =
            cases::open(&house.app, &story.who, NewCase { kind: "incident".into(), title: "Another side".into(), reports: vec![report], ..NewCase::default() });
        let other = other.await.unwrap();
        let (there,): (Id,) = house.rows("select id from parties where case_id = $1", args![other.id]).await[0];
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        close(&house, story.case.id).await;
        close(&house, other.id).await;
        let outside = house.visitor();
        house.later(5);
        write(&outside, &house, story.reporter, "Thank you.").await.must(303);
        house.later(5);
        write(&outside, &house, there, "The other side is down.").await.must(303);
        let asked = house.app.now().as_microsecond();
        house.later(5);
        cases::leave_ended(&house.app, &story.who, story.case.id, "").await.unwrap();
        assert_eq!(standing(&house, there).await.2, Some(asked));
        assert_eq!(clocks(&house, report).await, ["kept", "void", "running"], "on {}: who waits is forgotten", house.on);
        assert_eq!(anchor(&house, report).await, asked, "on {}", house.on);
        cases::leave_ended(&house.app, &story.who, other.id, "").await.unwrap();
        assert_eq!(clocks(&house, report).await, ["kept", "void", "void"], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_doubted_until_the_case_is_closed_once_more_is_asked_once_somebody_made_sure() {
    for house in House::both().await {
        for left in [false, true] {
            let story = story_of(&house, left).await;
            let report = report_of(&house, story.reporter).await;
            say(&house, &story, story.reporter, "We are on it.").await.unwrap();
            close(&house, story.case.id).await;
            house.later(5);
            let came = house.app.now().as_microsecond();
            let mail = Answer { doubted: true, ..Answer::of("mail", "It is back.") };
            let who = Who::Party(story.reporter).to_string();
            let message = house.app.db.change(&who, async |tx| cases::receive_answer(tx, &house.app, story.reporter, mail).await).await.unwrap();
            house.later(5);
            if left {
                cases::leave_ended(&house.app, &story.who, story.case.id, "").await.unwrap();
            } else {
                cases::reopen(&house.app, &story.who, story.case.id, "it may be back").await.unwrap();
                close(&house, story.case.id).await;
            }
            house.later(5);
            let path = format!("{}/messages/{message}/acceptance", story.case.path());
            story.browser.post(&path, &[]).await.must(303);
            let (states, asked) = (clocks(&house, report).await, standing(&house, story.reporter).await.2);
            if left {
                assert_eq!((states, asked), (vec!["kept".to_owned()], None), "on {}: that was decided", house.on);
            } else {
                assert_eq!((states, asked), (vec!["kept".to_owned(), "running".to_owned()], Some(came)), "on {}", house.on);
                assert_eq!(anchor(&house, report).await, came, "on {}", house.on);
            }
        }
    }
}

/// The story, once or twice in one house: the second time between the same organisations.
async fn story_of(house: &House, again: bool) -> Story {
    if !again {
        return story(house).await;
    }
    let browser = house.login_as(Role::Analyst).await;
    let who = person_of(&browser, Role::Analyst);
    let receipt = receive(house, told(&house.app, "form", "More floods", "From 192.0.2.1.", "bo@mill.example")).await;
    let new = NewCase { kind: "incident".into(), title: "More floods".into(), reports: vec![receipt.id], ..NewCase::default() };
    let case = cases::open(&house.app, &who, new).await.unwrap();
    let (reporter,): (Id,) = house.rows("select id from parties where case_id = $1", args![case.id]).await[0];
    Story { case, vodalink: reporter, norlink: reporter, reporter, organisations: [reporter; 2], who, browser }
}

/// A colleague writes with nothing but the number of the case: a report of its own. Its id and number.
async fn colleague(house: &House, subject: &str, words: &str) -> (Id, String) {
    keep(house, "bea@vodalink.example", &letter("bea@vodalink.example", subject, "", words)).await;
    house.run_jobs().await;
    house.rows("select id, number from reports where channel = 'mail' order by received_at desc, id desc", vec![]).await.remove(0)
}

/// Somebody of whom nothing is known writes: a report of its own. Its id and number.
async fn stranger(house: &House, words: &str) -> (Id, String) {
    keep(house, "bo@mill.example", &letter("bo@mill.example", "A word", "", words)).await;
    house.run_jobs().await;
    house.rows("select id, number from reports where reporter_mail = 'bo@mill.example'", vec![]).await.remove(0)
}

/// Puts a report into the thread of Vodalink.
async fn put(desk: &Browser, story: &Story, number: &str) -> crate::house::Answer {
    let vodalink = story.vodalink.to_string();
    desk.post(&format!("/inbox/{number}/thread"), &[("case", story.case.number.as_str()), ("party", vodalink.as_str())]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_in_a_thread_follows_the_secrecy_of_its_case_until_it_is_taken_out_again() {
    for house in House::both().await {
        let story = story(&house).await;
        let (report, number) = colleague(&house, "Our side", "We blocked 203.0.113.9 and 192.0.2.77.").await;
        house.later(5);
        put(&story.browser, &story, &number).await.must(303);
        let lead = house.login_as(Role::Lead).await;
        let change = format!("{}/change", story.case.path());
        lead.post(&change, &[("what", "owner"), ("owner", &lead.person().to_string())]).await.must(303);
        assert!(story.browser.get(&format!("/inbox/{number}")).await.must(200).shows("stands in the thread of"), "on {}", house.on);
        lead.post(&change, &[("what", "restriction"), ("restricted", "yes")]).await.must(303);
        for path in [format!("/inbox/{number}"), format!("/inbox/{number}/original")] {
            story.browser.get(&path).await.must(404);
            lead.get(&path).await.must(200);
        }
        for path in ["/inbox?state=all", "/search?q=blocked"] {
            assert!(!story.browser.get(path).await.must(200).shows(&number), "on {}: {path}", house.on);
            assert!(lead.get(path).await.must(200).shows(&number), "on {}: {path}", house.on);
        }
        assert!(lead.get(&story.case.path()).await.must(200).shows("192.0.2.77"));
        // Taken out, it is a report like any other again, and nothing of it is left in the case.
        story.browser.post(&format!("/inbox/{number}/thread/removal"), &[]).await.must(404);
        lead.post(&format!("/inbox/{number}/thread/removal"), &[]).await.must(303);
        assert!(story.browser.get(&format!("/inbox/{number}")).await.must(200).shows("We blocked"), "on {}", house.on);
        assert!(!lead.get(&format!("{}/parties/{}", story.case.path(), story.vodalink)).await.must(200).shows("We blocked"), "on {}", house.on);
        let page = lead.get(&story.case.path()).await.must(200);
        assert!(
            !page.shows("192.0.2.77") && page.shows("203.0.113.9") && page.shows("took a report out of the thread of"),
            "on {}: {}",
            house.on,
            page.words()
        );
        assert!(!house.visitor().get(&page_of(&house, &story).await).await.must(200).shows("We blocked"), "on {}", house.on);
        assert_eq!(clocks(&house, report).await, ["running"], "on {}: its promise counts on", house.on);
        let done = house.done().await;
        assert!(["message.taken_back", "report.unplaced"].iter().all(|verb| done.iter().any(|one| one == verb)));
        lead.post(&format!("/inbox/{number}/thread/removal"), &[]).await.must(409);
        house.later(5);
        put(&lead, &story, &number).await.must(303);
        assert!(lead.get(&format!("{}/parties/{}", story.case.path(), story.vodalink)).await.must(200).shows("We blocked"), "on {}: once more", house.on);
    }
}

async fn page_of(house: &House, story: &Story) -> String {
    page(house, story.vodalink).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_into_a_thread_passes_the_gate_before_its_party_reads_it() {
    for house in House::both().await {
        let story = story(&house).await;
        let lane = format!("{}/parties/{}", story.case.path(), story.vodalink);
        let left = async || {
            let text = "select l.label, l.channel from ledger l join messages m on m.id = l.noun_id where l.recipient = $1 order by l.at";
            house.rows::<(String, String)>(text, args![format!("party:{}", story.vodalink)]).await
        };
        let (known, good) = colleague(&house, "Our side", "We blocked 203.0.113.9.").await;
        put(&story.browser, &story, &good).await.must(303);
        assert_eq!(left().await, [("AMBER".to_owned(), "portal".to_owned())], "on {}: what is shown stands in the ledger", house.on);
        house.later(5);
        // It names another party and an address of it: the team reads it, and Vodalink does not.
        let (_, bad) = colleague(&house, "The other side", "Norlink Transit says it comes through 198.51.100.20 anyway.").await;
        let done = put(&story.browser, &story, &bad).await.must(303);
        assert!(story.browser.follow(done).await.must(200).shows("The party's page does not show it"), "on {}", house.on);
        let thread = story.browser.get(&lane).await.must(200);
        assert!(thread.shows("comes through 198.51.100.20") && thread.shows("The page of the party does not show it"), "on {}: {}", house.on, thread.words());
        let outside = house.visitor().get(&page_of(&house, &story).await).await.must(200);
        assert!(outside.shows("We blocked") && !outside.shows("Norlink") && !outside.shows("198.51.100.20"), "on {}: {}", house.on, outside.words());
        assert_eq!(left().await.len(), 1, "on {}", house.on);
        let said = say(&house, &story, story.vodalink, "Please look at 198.51.100.20.").await;
        assert!(said.is_err(), "on {}: what was held back is not let out by standing there", house.on);
        // Nor who wrote what the gate held back.
        let (_, lost) = stranger(&house, "Norlink Transit did it.").await;
        put(&story.browser, &story, &lost).await.must(303);
        let named = say(&house, &story, story.vodalink, "Bo of bo@mill.example says so.").await;
        assert!(matches!(&named, Err(Error::Conflict(text)) if text.contains("the reporter of")), "on {}: {named:?}", house.on);
        // Nobody else learns who it came from, and the next mail answers what they know of.
        let named = say(&house, &story, story.norlink, "Ask bea@vodalink.example.").await;
        assert!(matches!(&named, Err(Error::Conflict(text)) if text.contains("the reporter of")), "on {}: {named:?}", house.on);
        say(&house, &story, story.vodalink, "Thank you.").await.unwrap();
        house.run_jobs().await;
        let answers = house.sink.mails().pop().unwrap().header("in-reply-to");
        let id = house.rows::<(String,)>("select mail_message_id from messages where placed_from = $1", args![known]).await.remove(0).0;
        assert_eq!(answers.map(|id| id.trim_matches(['<', '>']).to_owned()), Some(id.trim_matches(['<', '>']).to_owned()), "on {}", house.on);
        // Nor does what carries more than the party may get, or what was told on the phone.
        house.later(5);
        let lead = house.login_as(Role::Lead).await;
        let change = [("what", "label"), ("label", "RED"), ("reason", "an order of the court")];
        lead.post(&format!("{}/change", story.case.path()), &change).await.must(303);
        let (_, more) = colleague(&house, "Our side again", "We blocked the rest as well.").await;
        put(&story.browser, &story, &more).await.must(303);
        let call = receive(&house, told(&house.app, "phone", "A call", "They will look at it tomorrow.", "")).await;
        put(&story.browser, &story, &call.number).await.must(303);
        let outside = house.visitor().get(&page_of(&house, &story).await).await.must(200);
        assert!(!outside.shows("the rest as well") && !outside.shows("tomorrow"), "on {}: {}", house.on, outside.words());
        assert_eq!(left().await.len(), 2, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_answers_to_the_receipt_comes_to_the_thread_that_has_the_report() {
    for house in House::both().await {
        let story = story(&house).await;
        let (report, number) = colleague(&house, &format!("[{}] our side", story.case.number), "We blocked 203.0.113.9.").await;
        let receipt = house.sink.to("bea@vodalink.example").pop().unwrap();
        house.later(5);
        put(&story.browser, &story, &number).await.must(303);
        house.later(5);
        let answer = async |words: &str| {
            let more = format!("In-Reply-To: {}\r\n", receipt.header("message-id").unwrap());
            keep(&house, "bea@vodalink.example", &letter("bea@vodalink.example", "Re: your report", &more, words)).await;
            house.run_jobs().await;
        };
        answer("It was a camera, and it is gone.").await;
        let said: Vec<(String, String)> = house.rows("select body, state from messages where party_id = $1 order by at", args![story.vodalink]).await;
        assert_eq!(said.len(), 2, "on {}: it comes to the report, and somebody has to put it there", house.on);
        assert_eq!(said[1], ("It was a camera, and it is gone.".to_owned(), "received".to_owned()), "on {}", house.on);
        assert_eq!(standing(&house, story.vodalink).await, ("open".into(), 1, None), "on {}: somebody has to read it", house.on);
        assert_eq!(house.rows::<(String,)>("select state from reports where id = $1", args![report]).await[0].0, "resolved", "on {}", house.on);
        assert_eq!(clocks(&house, report).await, ["void"], "on {}: who wrote is answered in the thread", house.on);
        assert!(house.visitor().get(&page_of(&house, &story).await).await.must(200).shows("It was a camera"), "on {}", house.on);
        // After the end it waits like any answer, until it is taken out.
        close(&house, story.case.id).await;
        house.later(5);
        let came = house.app.now().as_microsecond();
        answer("There is another one.").await;
        assert_eq!(standing(&house, story.vodalink).await.2, Some(came), "on {}", house.on);
        house.later(5);
        story.browser.post(&format!("/inbox/{number}/thread/removal"), &[]).await.must(303);
        assert_eq!(standing(&house, story.vodalink).await, ("resolved".into(), 0, None), "on {}: nothing is left to decide", house.on);
        let page = story.browser.get(&format!("/inbox/{number}")).await.must(200);
        assert!(page.shows("There is another one.") && page.shows("It was a camera"), "on {}: no word is lost", house.on);
    }
}
