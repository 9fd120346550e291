//! Secret links that were seen by the wrong eyes end at a lead's word; the API keeps its measure.

use atalaya::Error;
use atalaya::access::{Role, Who};
use atalaya::cases::messages::Draft;
use atalaya::cases::{self, Closing, messages, parties, recommendations};
use atalaya::{people, reports};
use formats::label::Tlp;
use serde_json::json;
use store::Id;

use crate::house::House;
use crate::messages::{analyst, story, words};
use crate::reports::told;

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_ends_the_link_to_a_reports_page() {
    for house in House::both().await {
        let visitor = house.visitor();
        let _ = visitor.post("/report", &[("kind", "other")]).await.must(303);
        let _ = visitor.post("/report/tell", &[("description", "Mail asks for money"), ("title", "Money")]).await.must(303);
        let _ = visitor.post("/report/check", &[]).await.must(303);
        let link = visitor.get("/report/received").await.must(200).links("/status/R-")[0].clone();
        let reporter = house.visitor();
        let page = reporter.follow(reporter.get(&link).await).await.must(200);
        assert!(page.shows("Money"));
        let (number, _) = link.strip_prefix("/status/").unwrap().split_once('?').unwrap();
        let path = format!("/inbox/{number}/link/removal");
        let analyst = house.login_as(Role::Analyst).await;
        assert!(!analyst.get(&format!("/inbox/{number}")).await.must(200).text().contains(&path), "an analyst has no such button");
        let _ = analyst.post(&path, &[]).await.must(404);
        let lead = house.login_as(Role::Lead).await;
        assert!(lead.get(&format!("/inbox/{number}")).await.must(200).text().contains(&path));
        let _ = lead.post(&path, &[]).await.must(303);
        assert!(!reporter.follow(reporter.get(&format!("/status/{number}")).await).await.shows("Money"), "an open page is closed");
        let other = house.visitor();
        assert!(!other.follow(other.get(&link).await).await.shows("Money"), "on {}", house.on);
        assert!(house.done().await.contains(&"report.link_revoked".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_ends_the_link_to_a_recommendation() {
    for house in House::both().await {
        let story = story(&house).await;
        let id = recommendations::add(&house.app, &story.who, story.vodalink, "best_practice", "Patch the routers.", None).await.unwrap();
        messages::release(&house.app, &story.who, story.vodalink, &words("Hello: Patch", 0), None).await.unwrap();
        let path = format!("/answer/{}", recommendations::secret(&house.app, id, 0));
        assert!(house.visitor().get(&path).await.must(200).shows("Patch the routers."));
        let form = format!("/cases/{}/recommendations/{id}", story.case.number);
        let fields = [("party", story.vodalink.to_string()), ("do", "revoke".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let _ = story.browser.post(&form, &fields).await.must(404);
        let _ = house.visitor().get(&path).await.must(200);
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post(&form, &fields).await.must(303);
        let _ = house.visitor().get(&path).await.must(404);
        assert!(house.done().await.contains(&"recommendation.link_revoked".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_calls_too_often_waits_and_another_does_not() {
    let house = House::with(|profile| profile.intake.max_per_minute_and_token = 3).await;
    let one = people::add_token(&house.app, &Who::Operator, "one", None, "reports").await.unwrap();
    let two = people::add_token(&house.app, &Who::Operator, "two", None, "reports").await.unwrap();
    let post = async |token: &str| {
        let report = json!({ "kind": "outage", "title": "Down", "description": "x" });
        house.visitor().post_json("/api/v1/reports", &[("authorization", &format!("Bearer {token}"))], &report).await
    };
    for _ in 0..3 {
        let _ = post(&one).await.must(201);
    }
    let answer = post(&one).await.must(429);
    assert_eq!((answer.json()["error"].as_str(), answer.header("retry-after")), (Some("too-many"), Some("60")));
    let _ = post(&two).await.must(201);
    house.later(1);
    let _ = post(&one).await.must(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_tells_of_a_report_passes_the_gate_and_stands_in_the_ledger_once() {
    for house in House::both().await {
        let token = people::add_token(&house.app, &Who::Operator, "one", None, "reports").await.unwrap();
        let bearer = format!("Bearer {token}");
        let program = house.visitor();
        program.set_header("authorization", &bearer);
        for (title, label) in [("Plain", "TLP:GREEN"), ("Secret", "TLP:RED")] {
            let report = json!({ "kind": "outage", "title": title, "description": "x", "label": label });
            let _ = program.post_json("/api/v1/reports", &[("authorization", bearer.as_str())], &report).await.must(201);
        }
        for _ in 0..3 {
            assert_eq!(program.get("/api/v1/reports/R-2026-000001").await.must(200).json()["status"], "received");
        }
        let told = house.ledger().await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].1.as_str(), told[0].2.as_str()), ("GREEN", "api"));
        let answer = program.get("/api/v1/reports/R-2026-000002").await.must(409).json();
        assert!(answer["message"].as_str().unwrap().contains("may not go by api"), "{answer}");
        assert_eq!(house.ledger().await.len(), 1);
    }
}

/// Where a text leads to, after our own address.
fn way(text: &str, to: &str) -> Option<String> {
    let rest = text.split(to).nth(1)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-?=".contains(c))).unwrap_or(rest.len());
    Some(format!("{to}{}", &rest[..end]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_ended_opens_nothing_and_comes_back_in_no_mail_until_somebody_issues_another() {
    for house in House::both().await {
        let (desk, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let who = analyst(desk.person());
        let new = told(&house.app, "form", "A secret title", "Somebody asks.", "nomvula@home.example");
        let receipt = reports::receive(&house.app, &Who::Public, new).await.unwrap();
        let number = &receipt.number;
        let _ = desk.post(&format!("/inbox/{number}/cases"), &[]).await.must(303);
        let case = house.rows::<(Id,)>("select id from cases", vec![]).await[0].0;
        let party = house.rows::<(Id,)>("select id from parties", vec![]).await[0].0;
        recommendations::add(&house.app, &who, party, "best_practice", "Change it.", None).await.unwrap();
        messages::release(&house.app, &who, party, &words("Hello: change it", 0), None).await.unwrap();
        house.run_jobs().await;
        // The page of the report leads on to the page of the thread.
        let reporter = house.visitor();
        let status = reporter.follow(reporter.get(&format!("/status/{number}?secret={}", receipt.secret)).await).await.must(200);
        let thread = way(&status.text(), "/party/").unwrap();
        assert!(house.visitor().get(&thread).await.must(200).shows("Change it."));

        let _ = lead.post(&format!("/inbox/{number}/link/removal"), &[]).await.must(303);
        let _ = house.visitor().get(&thread).await.must(404);
        house.sink.empty();
        let closing = || Closing { outcome: "mitigated".into(), reason: String::new(), waiver: "nobody to advise".into() };
        cases::close(&house.app, &Who::Operator, case, closing()).await.unwrap();
        house.run_jobs().await;
        let mails = house.sink.mails();
        let text = mails[0].letter().text.clone();
        assert!(text.contains("is closed") && !text.contains("secret=") && !text.contains("/party/"), "on {}: {text}", house.on);
        let looked = desk.get(&format!("/cases/{}/parties/{party}/message", house.rows::<(String,)>("select number from cases", vec![]).await[0].0)).await;
        assert!(!looked.must(200).text().contains("secret="), "nor does what a person writes");

        // Somebody issues another: it goes out with the next mail, and the first stays shut.
        let page = desk.get(&format!("/inbox/{number}")).await.must(200);
        assert!(page.shows("Its link was ended"), "{}", page.words());
        let _ = desk.post(&format!("/inbox/{number}/link"), &[]).await.must(303);
        let _ = desk.post(&format!("/inbox/{number}/link"), &[]).await.must(409);
        cases::reopen(&house.app, &who, case, "more came").await.unwrap();
        messages::release(&house.app, &who, party, &words("Hello: once more", 1), None).await.unwrap();
        house.run_jobs().await;
        let text = house.sink.mails().last().unwrap().letter().text.clone();
        let link = way(&text, "/status/").unwrap();
        let other = house.visitor();
        assert!(other.follow(other.get(&link).await).await.must(200).shows("once more"), "on {}", house.on);
        let first = house.visitor();
        let _ = first.follow(first.get(&format!("/status/{number}?secret={}", receipt.secret)).await).await.must(404);
        let _ = house.visitor().get(&thread).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_ends_the_link_to_a_thread_and_an_analyst_issues_another() {
    for house in House::both().await {
        let story = story(&house).await;
        let advice = recommendations::add(&house.app, &story.who, story.vodalink, "best_practice", "Patch the routers.", None).await.unwrap();
        messages::release(&house.app, &story.who, story.vodalink, &words("Hello: Patch", 0), None).await.unwrap();
        house.run_jobs().await;
        let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        let answer = format!("/answer/{}", recommendations::secret(&house.app, advice, 0));
        let _ = house.visitor().get(&answer).await.must(200);
        let old = way(&story.browser.get(&here).await.must(200).text(), "/party/").unwrap();
        let _ = house.visitor().get(&old).await.must(200);
        let ended = format!("{here}/link/removal");
        let _ = story.browser.post(&ended, &[]).await.must(404);
        let lead = house.login_as(Role::Lead).await;
        let _ = lead.post(&ended, &[]).await.must(303);
        let _ = house.visitor().get(&old).await.must(404);
        // Neither the one that went out, nor the one that would come after it.
        for path in [answer.clone(), format!("/answer/{}", recommendations::secret(&house.app, advice, 1))] {
            let _ = house.visitor().get(&path).await.must(404);
        }
        let page = story.browser.get(&here).await.must(200);
        assert!(page.shows("Its link was ended") && way(&page.text(), "/party/").is_none(), "{}", page.words());
        assert!(way(&story.browser.get(&format!("{here}/message")).await.must(200).text(), "/party/").is_none());
        // What would stand on its page alone cannot be read there now.
        let there = Draft { channel: "portal".into(), ..words("Hello: more", 1) };
        match messages::release(&house.app, &story.who, story.vodalink, &there, None).await {
            Err(Error::Conflict(text)) => assert!(text.contains("link"), "{text}"),
            other => panic!("{other:?}"),
        }
        let _ = story.browser.post(&format!("{here}/link"), &[]).await.must(303);
        let new = way(&story.browser.get(&here).await.must(200).text(), "/party/").unwrap();
        assert_ne!(new, old);
        let _ = house.visitor().get(&new).await.must(200);
        let _ = house.visitor().get(&old).await.must(404);
        let _ = house.visitor().get(&answer).await.must(404);
        let _ = house.visitor().get(&format!("/answer/{}", recommendations::secret(&house.app, advice, 2))).await.must(200);
        let done = house.done().await;
        assert!(done.contains(&"party.link_ended".to_owned()) && done.contains(&"party.link_issued".to_owned()));
    }
}

/// A party as it is, with another address or ceiling.
async fn changed(house: &House, who: &Who, party: Id, mail: &str, ceiling: Tlp) -> Result<(), Error> {
    let one = parties::by_id(&mut house.app.db.read().await.unwrap(), party).await.unwrap();
    let changes = parties::Changes {
        name: one.name,
        alias: one.alias,
        role: one.role,
        mail: Some(mail.into()),
        phone: one.phone,
        language: one.language,
        reach: "mail".into(),
        ceiling,
        checked: true,
    };
    crate::messages::change_party(house, who, party, changes).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_written_to_by_mistake_reads_nothing_more_once_the_address_is_put_right() {
    for house in House::both().await {
        let story = story(&house).await;
        let wrong = parties::NewParty { name: "Basalt".into(), mail: Some("wrong@basalt.example".into()), role: "peer".into(), ..Default::default() };
        let party = parties::add(&house.app, &story.who, story.case.id, wrong).await.unwrap();
        let advice = recommendations::add(&house.app, &story.who, party, "best_practice", "Patch the routers.", None).await.unwrap();
        messages::release(&house.app, &story.who, party, &words("Hello: Patch", 0), None).await.unwrap();
        house.run_jobs().await;
        let sent = house.sink.mails().into_iter().rfind(|mail| mail.to == ["wrong@basalt.example"]).unwrap().letter().text;
        let (thread, answer) = (way(&sent, "/party/").unwrap(), way(&sent, "/answer/").unwrap());
        for path in [&thread, &answer] {
            let _ = house.visitor().get(path).await.must(200);
        }
        changed(&house, &story.who, party, "right@basalt.example", Tlp::Amber).await.unwrap();
        for path in [&thread, &answer] {
            let _ = house.visitor().get(path).await.must(404);
        }
        messages::release(&house.app, &story.who, party, &words("Hello: once more", 1), None).await.unwrap();
        house.run_jobs().await;
        let sent = house.sink.mails().into_iter().rfind(|mail| mail.to == ["right@basalt.example"]).unwrap().letter().text;
        assert!(house.visitor().get(&way(&sent, "/party/").unwrap()).await.must(200).shows("once more"), "on {}", house.on);
        let _ = house.visitor().get(&thread).await.must(404);
        let _ = house.visitor().get(&format!("/answer/{}", recommendations::secret(&house.app, advice, 1))).await.must(200);
        // The same address in other words is no other one.
        let one = parties::by_id(&mut house.app.db.read().await.unwrap(), party).await.unwrap();
        changed(&house, &story.who, party, "right@basalt.example", Tlp::Green).await.unwrap();
        let same = parties::by_id(&mut house.app.db.read().await.unwrap(), party).await.unwrap();
        assert_eq!(parties::link(&house.app, &one), parties::link(&house.app, &same));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_behind_a_link_that_could_not_go_by_the_mail_that_carried_it() {
    for house in House::both().await {
        let (story, lead) = (story(&house).await, house.login_as(Role::Lead).await);
        changed(&house, &story.who, story.vodalink, "abuse@vodalink.example", Tlp::Red).await.unwrap();
        let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        let red = |base| Draft { label: Some(Tlp::Red), channel: "portal".into(), ..words("The very secret thing.", base) };
        messages::release(&house.app, &story.who, story.vodalink, &words("Hello.", 0), None).await.unwrap();
        // The link stood in that mail, which anybody on its way could read.
        match messages::release(&house.app, &story.who, story.vodalink, &red(1), None).await {
            Err(Error::Conflict(text)) => assert!(text.contains("went out in a mail that anybody on its way can read"), "{text}"),
            other => panic!("on {}: {other:?}", house.on),
        }
        let old = way(&story.browser.get(&here).await.must(200).text(), "/party/").unwrap();
        let _ = lead.post(&format!("{here}/link/removal"), &[]).await.must(303);
        let _ = story.browser.post(&format!("{here}/link"), &[]).await.must(303);
        messages::release(&house.app, &story.who, story.vodalink, &red(1), None).await.unwrap();
        let new = way(&story.browser.get(&here).await.must(200).text(), "/party/").unwrap();
        assert!(house.visitor().get(&new).await.must(200).shows("The very secret thing."), "on {}", house.on);
        let _ = house.visitor().get(&old).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holds_for_the_page_of_a_report() {
    for house in House::both().await {
        let (desk, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let who = analyst(desk.person());
        let receive = async |label| {
            let new = reports::NewReport { label, acknowledge: true, ..told(&house.app, "form", "One", "Somebody asks.", "nomvula@home.example") };
            let receipt = reports::receive(&house.app, &Who::Public, new).await.unwrap();
            house.run_jobs().await;
            (receipt, house.sink.mails().pop().unwrap().letter().text)
        };
        // What was strict from the beginning was never linked from a mail in clear: its page may carry the answer.
        let (strict, mail) = receive(Some(Tlp::AmberStrict)).await;
        assert!(mail.contains(&strict.number) && !mail.contains("/status/"), "{mail}");
        reports::answer(&house.app, &who, strict.id, "What to do", "Delete it.", Tlp::AmberStrict).await.unwrap();
        let reporter = house.visitor();
        let page = reporter.follow(reporter.get(&format!("/status/{}?secret={}", strict.number, strict.secret)).await).await.must(200);
        assert!(page.shows("Delete it."), "on {}", house.on);
        // What became strict later was.
        let (later, mail) = receive(None).await;
        let link = way(&mail, "/status/").unwrap();
        let strict = reports::Facts { label: Some(Tlp::AmberStrict), ..reports::Facts::default() };
        reports::set_facts(&house.app, &who, later.id, strict).await.unwrap();
        let answer = async || reports::answer(&house.app, &who, later.id, "What to do", "Delete it.", Tlp::AmberStrict).await;
        let refused = answer().await;
        assert!(matches!(refused, Err(Error::Conflict(ref text)) if text.contains("have that link ended")), "on {}: {refused:?}", house.on);
        let _ = lead.post(&format!("/inbox/{}/link/removal", later.number), &[]).await.must(303);
        let _ = desk.post(&format!("/inbox/{}/link", later.number), &[]).await.must(303);
        answer().await.unwrap();
        let other = house.visitor();
        let _ = other.follow(other.get(&link).await).await.must(404);
        let labels = house.rows::<(String, String)>("select label, channel from ledger where noun = 'message' order by at", vec![]).await;
        assert!(labels.iter().all(|(label, channel)| label == "AMBER+STRICT" && channel == "portal"), "{labels:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_may_not_carry_is_not_shown_on_it_again() {
    let house = House::with(|profile| profile.labels.ceiling.portal = Tlp::Green).await;
    let story = story(&house).await;
    let member = house.login_as_member_of(story.organisations[0]).await;
    messages::release(&house.app, &story.who, story.vodalink, &words("An amber thing.", 0), None).await.unwrap();
    let open = Draft { label: Some(Tlp::Green), downgrade: "all of it is public".into(), subject: "The green one".into(), ..words("A green thing.", 1) };
    messages::release(&house.app, &story.who, story.vodalink, &open, None).await.unwrap();
    house.later(1);
    messages::release(&house.app, &story.who, story.vodalink, &words("Another amber thing.", 2), None).await.unwrap();
    let thread = crate::messages::page(&house, story.vodalink).await;
    let member_case = format!("/member/cases/{}", story.case.number);
    for page in [house.visitor().get(&thread).await.must(200), member.get(&member_case).await.must(200)] {
        assert!(page.shows("A green thing.") && !page.shows("amber thing"), "{}", page.words());
    }
    let home = member.get("/member").await.must(200);
    assert!(home.shows("The green one") && !home.shows("About the floods"), "{}", home.words());
}

/// The text of the newest mail to somebody.
async fn newest_mail(house: &House, to: &str) -> String {
    house.run_jobs().await;
    house.sink.mails().into_iter().rfind(|mail| mail.to == [to]).unwrap().letter().text
}

fn refused_behind_an_open_link(result: Result<Id, Error>) {
    assert!(matches!(result, Err(Error::Conflict(ref text)) if text.contains("went out in a mail that anybody on its way can read")), "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_carries_the_link_is_such_a_mail_too_whatever_the_profile_lets_go_in_clear() {
    let house = House::with(|profile| profile.labels.ceiling.mail = Tlp::Red).await;
    let story = story(&house).await;
    changed(&house, &story.who, story.norlink, "noc@norlink.example", Tlp::Red).await.unwrap();
    let paged = |label, base| Draft { label: Some(label), channel: "portal".into(), ..words("Look at this.", base) };
    messages::release(&house.app, &story.who, story.norlink, &paged(Tlp::Amber, 0), None).await.unwrap();
    assert!(newest_mail(&house, "noc@norlink.example").await.contains("/party/"));
    refused_behind_an_open_link(messages::release(&house.app, &story.who, story.norlink, &paged(Tlp::Red, 1), None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_party_may_not_get_any_more_is_not_linked_for_it() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    messages::release(&house.app, &story.who, story.vodalink, &words("Hello.", 0), None).await.unwrap();
    assert!(newest_mail(&house, "abuse@vodalink.example").await.contains("/party/"));
    changed(&house, &story.who, story.vodalink, "abuse@vodalink.example", Tlp::Green).await.unwrap();
    let green = Draft { label: Some(Tlp::Green), downgrade: "all of it is public".into(), ..words("A green thing.", 1) };
    messages::release(&house.app, &story.who, story.vodalink, &green, None).await.unwrap();
    let mail = newest_mail(&house, "abuse@vodalink.example").await;
    assert!(mail.contains("A green thing.") && !mail.contains("/party/"), "{mail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporters_page_is_as_high_as_what_was_said_in_its_case() {
    for house in House::both().await {
        let (desk, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
        let (who, to) = (analyst(desk.person()), "nomvula@home.example");
        let new = reports::NewReport { acknowledge: false, ..told(&house.app, "form", "One", "Somebody asks.", to) };
        let receipt = reports::receive(&house.app, &Who::Public, new).await.unwrap();
        let case = cases::NewCase { kind: "advice".into(), title: "One".into(), reports: vec![receipt.id], ..cases::NewCase::default() };
        let case = cases::open(&house.app, &who, case).await.unwrap();
        let party = house.rows::<(Id,)>("select id from parties", vec![]).await[0].0;
        changed(&house, &who, party, to, Tlp::Red).await.unwrap();
        let red = |base| Draft { label: Some(Tlp::Red), channel: "portal".into(), ..words("The very secret thing.", base) };
        messages::release(&house.app, &who, party, &words("Hello.", 0), None).await.unwrap();
        assert!(newest_mail(&house, to).await.contains("/status/"), "on {}", house.on);
        // The link to the report's page stood in that mail.
        refused_behind_an_open_link(messages::release(&house.app, &who, party, &red(1), None).await);
        let _ = lead.post(&format!("/inbox/{}/link/removal", receipt.number), &[]).await.must(303);
        let _ = desk.post(&format!("/inbox/{}/link", receipt.number), &[]).await.must(303);
        messages::release(&house.app, &who, party, &red(1), None).await.unwrap();
        // Now that page is RED: no mail in clear leads to it, written by hand or by itself.
        messages::release(&house.app, &who, party, &words("Hello again.", 2), None).await.unwrap();
        let mail = newest_mail(&house, to).await;
        assert!(mail.contains("Hello again.") && !mail.contains("/status/"), "on {}: {mail}", house.on);
        let closing = Closing { outcome: "resolved".into(), ..Closing::default() };
        cases::close(&house.app, &who, case.id, closing).await.unwrap();
        let mail = newest_mail(&house, to).await;
        assert!(mail.contains("is closed") && !mail.contains("/status/"), "on {}: {mail}", house.on);
    }
}
