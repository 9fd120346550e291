//! Who wrote it: what a form claims, what somebody made sure of, and who may answer for whom.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::cases::{self, NewCase, recommendations};
use atalaya::reports::{self, Answer, NewReport};
use store::{Id, args};

use crate::house::House;
use crate::messages::{analyst, organisation, page, say, story};
use crate::reports::told;
use crate::triage::receive;

/// The organisation of a report, and of the party that it became.
async fn organisations(house: &House, report: Id) -> (Option<Id>, Vec<(Option<Id>, i64)>) {
    let own = house.rows::<(Option<Id>,)>("select organisation_id from reports where id = $1", args![report]).await[0].0;
    let parties = house.rows("select organisation_id, name_checked from parties where report_id = $1 order by id", args![report]).await;
    (own, parties)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_the_address_of_a_contact_into_the_form_is_not_that_contact_before_somebody_made_sure() {
    for house in House::both().await {
        let firm = organisation(&house, "Norlink Transit", "198.51.100.0/24", "noc@norlink.example").await;
        let desk = house.login_as(Role::Analyst).await;
        let who = analyst(desk.person());
        let case_of = async |report: Id| {
            let new = NewCase { kind: "incident".into(), title: "Floods".into(), reports: vec![report], ..NewCase::default() };
            cases::open(&house.app, &who, new).await.unwrap()
        };
        let typed = receive(&house, told(&house.app, "form", "Floods", "From 192.0.2.7.", "noc@norlink.example")).await;
        assert_eq!(organisations(&house, typed.id).await, (None, vec![]), "on {}", house.on);
        let here = format!("/inbox/{}", typed.number);
        let shown = desk.get(&here).await.must(200);
        assert!(shown.shows("not known to be from Norlink Transit") && !shown.shows("known contact of"), "{}", shown.words());
        case_of(typed.id).await;
        assert_eq!(organisations(&house, typed.id).await, (None, vec![(None, 0)]), "on {}: its party is nobody of the registry", house.on);

        // Somebody called the NOC at the number that the registry has.
        let (sender, named) = (format!("{here}/sender"), [("claimed", shown.input("claimed"))]);
        let named = named.each_ref().map(|(name, value)| (*name, value.as_str()));
        desk.post(&sender, &[]).await.must(409);
        desk.post(&sender, &named).await.must(303);
        desk.post(&sender, &named).await.must(409);
        assert_eq!(organisations(&house, typed.id).await.0, Some(firm), "on {}", house.on);
        assert!(desk.get(&here).await.must(200).shows("known contact of Norlink Transit"));
        case_of(typed.id).await;
        assert!(organisations(&house, typed.id).await.1.contains(&(Some(firm), 1)), "on {}", house.on);

        // What we answer to a mail goes to the mailbox that it names, whoever wrote it.
        let mailed = receive(&house, told(&house.app, "mail", "Floods too", "From 192.0.2.8.", "noc@norlink.example")).await;
        assert_eq!(organisations(&house, mailed.id).await.0, Some(firm), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubted_answer_that_is_found_to_be_a_strangers_asks_nobody_again_and_may_still_be_accepted() {
    for house in House::both().await {
        let story = story(&house).await;
        say(&house, &story, story.vodalink, "Please look at 203.0.113.7.").await.unwrap();
        let mail = Answer { doubted: true, ..Answer::of("mail", "All is well, close it.") };
        let who = Who::Party(story.vodalink).to_string();
        let message = house.app.db.change(&who, async |tx| cases::receive_answer(tx, &house.app, story.vodalink, mail).await).await.unwrap();
        let (desk, case) = (&story.browser, story.case.path());
        let thread = format!("{case}/parties/{}", story.vodalink);
        let theirs = page(&house, story.vodalink).await;
        let asks = async || desk.get(&format!("{case}/close")).await.must(200).shows("nobody has made sure");
        let held = async || house.visitor().get(&theirs).await.must(200).shows("not shown");
        assert!(asks().await && held().await, "on {}", house.on);
        let refusal = format!("{case}/messages/{message}/refusal");
        desk.post(&refusal, &[]).await.must(303);
        desk.post(&refusal, &[]).await.must(409);
        let shown = desk.get(&thread).await.must(200);
        assert!(shown.shows("not theirs") && shown.shows("made sure that it is not from"), "on {}: {}", house.on, shown.words());
        assert!(!asks().await && !held().await, "on {}", house.on);
        assert!(!house.visitor().get(&theirs).await.must(200).shows("All is well"), "on {}", house.on);
        desk.post(&format!("{case}/messages/{message}/acceptance"), &[]).await.must(303);
        assert!(house.visitor().get(&theirs).await.must(200).shows("All is well"), "on {}", house.on);

        // The same of a report outside of any case.
        let report = receive(&house, told(&house.app, "mail", "A question", "x", "ana@shop.example")).await;
        let mail = Answer { doubted: true, ..Answer::of("mail", "Forget it.") };
        house.app.db.change("mail", async |tx| reports::receive_answer(tx, &house.app, report.id, mail).await).await.unwrap();
        let said: Vec<(Id,)> = house.rows("select id from messages where report_id = $1", args![report.id]).await;
        let here = format!("/inbox/{}", report.number);
        desk.post(&format!("{here}/messages/{}/refusal", said[0].0), &[]).await.must(303);
        let shown = desk.get(&here).await.must(200);
        assert!(shown.shows("not theirs") && shown.shows("It is from the reporter after all"), "on {}: {}", house.on, shown.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_page_takes_back_no_answer_to_a_recommendation_and_the_team_answers_for_nobody() {
    for house in House::both().await {
        let story = story(&house).await;
        let id = recommendations::add(&house.app, &story.who, story.vodalink, "operational", "Block it.", None).await.unwrap();
        say(&house, &story, story.vodalink, "Please look.").await.unwrap();
        let path = format!("/answer/{}", recommendations::secret(&house.app, id, 0));
        let (one, other) = (house.visitor(), house.visitor());
        let older = other.get(&path).await.must(200).input("seen");
        let seen = one.get(&path).await.must(200).input("seen");
        house.later(1);
        one.post(&path, &[("seen", &seen), ("answer", "done"), ("words", "Blocked at noon.")]).await.must(303);
        let stale = other.post(&path, &[("seen", &older), ("answer", "rejected"), ("words", "Why should we?")]).await.must(409);
        assert!(stale.shows("answered meanwhile") && stale.shows("Blocked at noon.") && stale.shows("Why should we?"), "{}", stale.words());
        assert!(stale.text().contains("value=\"rejected\" checked"), "on {}: what was chosen stays chosen", house.on);
        let shown = story.browser.get(&path).await.must(200);
        assert!(shown.shows("answers for nobody") && !shown.text().contains("name=\"answer\""), "on {}: {}", house.on, shown.words());
        let state = async || house.rows::<(String, String)>("select state, answer from recommendations", vec![]).await.remove(0);
        assert_eq!(state().await, ("done".into(), "Blocked at noon.".into()), "on {}", house.on);
        // On the party's own page too; who has read it may change it.
        let theirs = page(&house, story.vodalink).await;
        other.post(&format!("{theirs}/recommendations/{id}"), &[("seen", &older), ("answer", "rejected")]).await.must(409);
        for path in [path.clone(), format!("{theirs}/recommendations/{id}")] {
            story.browser.post(&path, &[("answer", "rejected")]).await.must(403);
        }
        story.browser.upload(&format!("{theirs}/reply"), &[("words", "In their name.")], &[]).await.must(403);
        assert_eq!(state().await.0, "done", "on {}", house.on);
        other.post(&path, &[("seen", &stale.input("seen")), ("answer", "rejected"), ("words", "Not any more.")]).await.must(303);
        assert_eq!(state().await, ("rejected".into(), "Not any more.".into()), "on {}", house.on);
        // Two colleagues hear something at the same moment: both stand.
        let hear = async |said: &str| recommendations::hear(&house.app, &story.who, id, said).await.unwrap();
        tokio::join!(hear("by phone"), hear("at the fence"));
        let heard = house.rows::<(String,)>("select hearsay from recommendations", vec![]).await.remove(0).0;
        assert!(heard.contains("by phone") && heard.contains("at the fence"), "on {}: {heard}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_the_smarthost_refuses_stands_on_the_contact_and_policy_does_not() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let bounced = async |mail: &str| house.rows::<(Option<i64>,)>("select bounced_at from contacts where mail = $1", args![mail]).await[0].0.is_some();
    for (party, mail, line, dead) in
        [(story.vodalink, "abuse@vodalink.example", "550 5.1.1 no such user", true), (story.norlink, "noc@norlink.example", "550 5.7.1 not today", false)]
    {
        house.sink.answer(mail, line);
        say(&house, &story, party, "Please look.").await.unwrap();
        house.run_jobs().await;
        assert_eq!(bounced(mail).await, dead, "{line}");
        let states: Vec<(String,)> = house.rows("select state from outbox where recipient = $1", args![mail]).await;
        assert_eq!(states, [("failed".to_owned(),)], "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_sent_twice_shows_a_link_that_leads_to_the_one_report() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let form = [("title", "They called"), ("kind", "other"), ("body", "Floods."), ("language", "en"), ("label", "AMBER")];
        let first = desk.post("/inbox/new", &form).await.must(200);
        let again = desk.post("/inbox/new", &form).await.must(200);
        assert!(again.shows("it is one report") && first.shows("Written down as"), "{}", again.words());
        let link = again.between("id=\"link\">", "</p>");
        let visitor = house.visitor();
        let way = visitor.get(&link[link.find("/status/").unwrap()..]).await.must(303);
        assert!(visitor.follow(way).await.must(200).shows("They called"), "on {}", house.on);
        assert_eq!(house.rows::<(i64,)>("select count(*) from reports", vec![]).await[0].0, 1, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_given_to_somebody_who_may_know_of_its_case() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let lead = house.login_as(Role::Lead).await;
    let (me, other) = (lead.person().to_string(), story.browser.person().to_string());
    let auditor = house.person(Role::Auditor, None).await.to_string();
    let change = format!("{}/change", story.case.path());
    lead.post(&change, &[("what", "owner"), ("owner", &me)]).await.must(303);
    lead.post(&change, &[("what", "restriction"), ("restricted", "yes")]).await.must(303);
    let tasks = format!("{}/tasks", story.case.path());
    for stranger in [&other, &auditor] {
        lead.post(&tasks, &[("title", "Look again"), ("owner", stranger)]).await.must(422);
    }
    lead.post(&tasks, &[("title", "Look again"), ("owner", &me)]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_box_of_the_inbox_finds_a_report_behind_a_thousand_newer_documents_of_other_kinds() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let report = NewReport { acknowledge: false, ..told(&house.app, "form", "Phishing of old", "x", "") };
        let report = receive(&house, report).await;
        let newer = async |tx: &mut store::Tx| {
            for _ in 0..1000 {
                let id = tx.new_id();
                tx.index("message", id, report.id, "phishing", "once more").await?;
            }
            Ok(())
        };
        house.app.db.keep_house(newer).await.unwrap();
        assert!(desk.get("/inbox?q=phishing&view=all").await.must(200).shows("Phishing of old"), "on {}", house.on);
    }
}
