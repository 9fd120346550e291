//! Parties, messages, the gate, recommendations: what leaves, to whom, and what never does.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::collections::HashSet;

use atalaya::access::{Person, Role, Who};
use atalaya::cases::before;
use atalaya::cases::messages::{self, Draft, Recorded};
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::recommendations;
use atalaya::cases::{self, Case, NewCase};
use atalaya::constituency::{self, Details, Held};
use atalaya::release::{Channel, Excuse, Leaving, Recipient, weigh};
use atalaya::reports::Answer;
use atalaya::{Error, reports};
use formats::label::Tlp;
use store::{Id, args};
use vault::blob::Hash;

use crate::house::{Browser, House, contact, instant};
use crate::reports::{label, told};

/// Somebody of the team, as verbs know them.
pub fn analyst(id: Id) -> Who {
    Who::Person(Person { id, name: "analyst".into(), role: Role::Analyst, organisation: None, groups: vec![], form: None })
}

/// An organisation with one prefix and one abuse contact.
pub async fn organisation(house: &House, name: &str, prefix: &str, mail: &str) -> Id {
    let (app, who) = (&house.app, &Who::Operator);
    let sector = app.profile.sectors.first().map(|sector| sector.id.clone()).unwrap_or_default();
    let details = Details {
        name: name.into(),
        sector,
        status: "registered".into(),
        country: String::new(),
        language: "en".into(),
        ceiling: Tlp::Amber,
        note: String::new(),
    };
    let id = constituency::add(app, who, details).await.unwrap();
    let held = Held { kind: String::new(), value: prefix.into(), from: None, to: None, source: "test" };
    constituency::add_resource(app, who, id, held).await.unwrap();
    let contact = contact(&format!("{} abuse desk", name.split(' ').next().unwrap()), "abuse", mail);
    constituency::add_contact(app, who, id, contact).await.unwrap();
    id
}

/// A case between Vodalink, Norlink and a reporter.
pub struct Story {
    pub case: Case,
    pub vodalink: Id,
    pub norlink: Id,
    pub reporter: Id,
    pub organisations: [Id; 2],
    pub who: Who,
    pub browser: Browser,
}

pub async fn story(house: &House) -> Story {
    let browser = house.login_as(Role::Analyst).await;
    let who = analyst(browser.person());
    let vodalink = organisation(house, "Vodalink Lesotho", "203.0.113.0/26", "abuse@vodalink.example").await;
    let norlink = organisation(house, "Norlink Transit", "198.51.100.0/24", "noc@norlink.example").await;
    let body = "Floods from 203.0.113.7 and 203.0.113.9 through 198.51.100.20 towards us.";
    let mut new = told(&house.app, "form", "SYN floods", body, "ana@harbour.example");
    new.reporter_name = "Ana Quiroga".into();
    new.reporter_org = "Harbour Mills".into();
    let receipt = reports::receive(&house.app, &Who::Public, new).await.unwrap();
    let case = NewCase { kind: "incident".into(), title: "SYN floods".into(), reports: vec![receipt.id], ..NewCase::default() };
    let case = cases::open(&house.app, &who, case).await.unwrap();
    let add = async |new: NewParty| parties::add(&house.app, &who, case.id, new).await.unwrap();
    let source = add(NewParty { organisation: Some(vodalink), role: "source".into(), ..NewParty::default() }).await;
    let middle = add(NewParty { organisation: Some(norlink), role: "intermediary".into(), alias: "Alias 3".into(), ..NewParty::default() }).await;
    let reporter = add(NewParty { report: Some(receipt.id), role: "reporter".into(), ..NewParty::default() }).await;
    Story { case, vodalink: source, norlink: middle, reporter, organisations: [vodalink, norlink], who, browser }
}

pub fn words(body: &str, base: i64) -> Draft {
    Draft {
        subject: "About the floods".into(),
        body: body.into(),
        label: Some(Tlp::Amber),
        substantive: true,
        channel: "mail".into(),
        base,
        ..Draft::default()
    }
}

/// Changes a party as it was looked at a moment ago.
pub async fn change_party(house: &House, who: &Who, id: Id, changes: parties::Changes) -> Result<(), Error> {
    let party = parties::by_id(&mut house.app.db.read().await.unwrap(), id).await.unwrap();
    let other = parties::change(&house.app, who, id, &parties::Changes::of(&party).mark(), changes).await?;
    assert_eq!(other, None, "nobody was faster");
    Ok(())
}

pub async fn say(house: &House, story: &Story, to: Id, body: &str) -> Result<Id, Error> {
    let sent: i64 = house.rows::<(i64,)>("select count(*) from messages where party_id = $1 and direction = 'out'", args![to]).await[0].0;
    messages::release(&house.app, &story.who, to, &words(body, sent), None).await
}

fn stopped<T: std::fmt::Debug>(result: Result<T, Error>, because: &str) {
    match result {
        Err(Error::Conflict(text)) => assert!(text.contains(because), "{text}"),
        other => panic!("not stopped for {because}: {other:?}"),
    }
}

pub async fn call(house: &House, story: &Story, party: Id, outgoing: bool, words: &str, substantive: bool) -> atalaya::Result<Recorded> {
    let call = messages::Call { outgoing, words: words.into(), label: Tlp::Amber, substantive, excuse: Excuse::default() };
    messages::record_call(&house.app, &story.who, party, &call).await
}

pub async fn page(house: &House, party: Id) -> String {
    let party = parties::by_id(&mut house.app.db.read().await.unwrap(), party).await.unwrap();
    parties::link(&house.app, &party).unwrap().split_off(house.app.profile.web.public_url.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_looked_at_released_once_mailed_to_one_and_answered() {
    for house in House::both().await {
        let story = story(&house).await;
        house.run_jobs().await;
        let before = house.sink.mails().len();
        let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        let compose = format!("{here}/message");
        let form = [("do", "template"), ("template", "ask_information"), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1"), ("base", "0")];
        story.browser.post(&compose, &form).await.must(303);
        let shown = story.browser.get(&compose).await.must(200);
        for words in ["- 203.0.113.7", "- 203.0.113.9", "TLP:AMBER fits what Vodalink Lesotho may get", "Held back:", "abuse@vodalink.example, alone"] {
            assert!(shown.shows(words), "{words} on {}", shown.words());
        }
        assert!(!shown.shows("198.51.100.20"), "only rows of this party");
        let seen = shown.input("seen");
        let release = format!("{here}/release");
        let fields = [("seen", seen.as_str()), ("base", "0")];
        let (first, second) = tokio::join!(story.browser.post(&release, &fields), story.browser.post(&release, &fields));
        assert_eq!([first.status, second.status], [303, 303], "{}: one release for two clicks, and both say so", house.on);
        // Another window that was opened before is told that somebody was faster.
        let window = [("seen", seen.as_str()), ("base", "0"), ("back", "close")];
        story.browser.post(&release, &window).await.must(409);
        house.run_jobs().await;

        let mails = house.sink.mails().split_off(before);
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, ["abuse@vodalink.example"]);
        let letter = mails[0].letter();
        let text = letter.text.clone();
        assert!(text.contains("203.0.113.9") && text.contains(&page(&house, story.vodalink).await) && text.starts_with("TLP:AMBER"), "{text}");
        let rows = house.rows::<(String, String, Vec<u8>)>("select recipient, label, content from ledger where noun = 'message'", vec![]).await;
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].0.as_str(), rows[0].1.as_str(), rows[0].2.len()), (format!("party:{}", story.vodalink).as_str(), "AMBER", 32));
        assert!(house.rows::<(Option<i64>,)>("select responded_at from cases", vec![]).await[0].0.is_none(), "who reported was told nothing yet");

        // Its page shows it, and takes the answer; looking twice changes nothing.
        let outside = house.visitor();
        let (path, head) = (page(&house, story.vodalink).await, house.journal().await.len());
        outside.get(&path).await.must(200);
        let read = outside.get(&path).await.must(200);
        assert!(read.shows("203.0.113.7") && !read.shows("Norlink") && !read.shows("SYN floods"), "{}", read.words());
        assert_eq!(house.journal().await.len(), head, "a look is no change");
        let sent = outside.upload(&format!("{path}/reply"), &[("words", "Blocked since 11:05.")], &[("files", "flows.txt", "text/plain", b"flows")]).await;
        sent.must(303);
        outside.upload(&format!("{path}/reply"), &[("words", "  ")], &[]).await.must(422);
        let lane = story.browser.get(&here).await.must(200);
        assert!(lane.shows("Blocked since 11:05.") && lane.shows("flows.txt"), "{}", lane.words());
        let files = lane.links(&format!("/cases/{}/messages/", story.case.number));
        assert_eq!(story.browser.get(&files[0]).await.must(200).body, b"flows");
        let done = house.done().await;
        for verb in ["party.added", "message.released", "message.received", "thread.read"] {
            assert!(done.iter().any(|known| known == verb), "{verb} in {done:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_stopped_an_address_needs_a_reason_and_consent_opens_and_closes() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    for (body, because) in [
        ("Ask Norlink Transit.", "Norlink Transit"),
        ("Write to noc[@]norlink[.]example.", "mail address"),
        ("Ana Quiroga saw it.", "reporter"),
        ("It comes from Harbour  mills.", "reporter"),
        ("ana@harbour.example", "reporter"),
        ("Through 198.51.100.20.", "is held by Norlink Transit"),
        ("Through 198.51.100.0/24.", "is held by Norlink Transit"),
        ("And 198[.]51[.]100[.]77, not in any report.", "is held by Norlink Transit"),
        ("", "no text"),
    ] {
        stopped(say(&house, &story, story.vodalink, body).await, because);
    }
    assert_eq!(house.ledger().await.iter().filter(|row| row.0.starts_with("party:")).count(), 0);

    // An address may be told for a reason; a name may not.
    let told = Draft { told: "the source must filter it".into(), ..words("Through 198.51.100.20.", 0) };
    messages::release(&house.app, &story.who, story.vodalink, &told, None).await.unwrap();
    let basis = house.rows::<(String,)>("select basis from ledger where noun = 'message'", vec![]).await;
    assert!(basis[0].0.contains("the source must filter it"), "{basis:?}");
    let named = Draft { told: "because".into(), ..words("Through Norlink Transit.", 1) };
    stopped(messages::release(&house.app, &story.who, story.vodalink, &named, None).await, "Norlink Transit");

    let until = Some(instant("2027-01-31T12:00:00Z"));
    parties::set_consent(&house.app, &story.who, story.norlink, until, "their NOC", "by phone").await.unwrap();
    stopped(say(&house, &story, story.vodalink, "Ask Norlink Transit.").await, "both agreed");
    parties::set_consent(&house.app, &story.who, story.vodalink, until, "their NOC", "").await.unwrap();
    say(&house, &story, story.vodalink, "Ask Norlink Transit at noc@norlink.example about 198.51.100.20.").await.unwrap();
    parties::set_consent(&house.app, &story.who, story.norlink, None, "their NOC", "").await.unwrap();
    stopped(say(&house, &story, story.vodalink, "Ask Norlink Transit.").await, "Norlink Transit");
    // The past stays: in the ledger and on the page.
    assert_eq!(house.ledger().await.iter().filter(|row| row.0.starts_with("party:")).count(), 2);
    assert!(house.visitor().get(&page(&house, story.vodalink).await).await.must(200).shows("Norlink Transit"));
    // A consent that has run out closes by itself.
    parties::set_consent(&house.app, &story.who, story.norlink, until, "their NOC", "").await.unwrap();
    house.set_clock("2027-02-01T10:00:00Z");
    stopped(say(&house, &story, story.vodalink, "Ask Norlink Transit.").await, "has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_written_no_party_learns_of_another_before_both_agreed() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let all = [story.vodalink, story.norlink, story.reporter];
    let marks: [&[&str]; 3] = [
        &["Vodalink Lesotho", "abuse@vodalink.example", "203.0.113.44", "Vodalink abuse desk"],
        &["Norlink Transit", "noc@norlink.example", "198.51.100.77", "NORLINK TRANSIT"],
        &["Ana Quiroga", "ana@harbour.example", "Harbour Mills"],
    ];
    let mut random = fastrand::Rng::with_seed(21);
    let mut agreed = [false; 3];
    // Who may have read of whom: only what was agreed when it was said.
    let mut may_know: HashSet<(usize, usize)> = HashSet::new();
    let mut left = 0;
    for _ in 0..160 {
        let (to, about) = (random.usize(0..3), random.usize(0..3));
        match random.usize(0..10) {
            0 => {
                agreed[to] = !agreed[to];
                let until = agreed[to].then(|| instant("2027-06-01T12:00:00Z"));
                parties::set_consent(&house.app, &story.who, all[to], until, "they", "").await.unwrap();
            }
            1 => {
                let said = messages::of_case(&mut house.app.db.read().await.unwrap(), story.case.id, 100).await.unwrap();
                if let Some(one) = said.iter().rfind(|one| !one.ours()) {
                    let mut reader = house.app.db.read().await.unwrap();
                    let text = before::redacted(&mut reader, &house.app, &story.who, all[to], &one.body).await.unwrap();
                    drop(reader);
                    if say(&house, &story, all[to], &format!("We hand on: {text}")).await.is_ok() {
                        left += 1;
                    }
                }
            }
            2 => {
                let mark = random.choice(marks[to]).unwrap();
                let answer = format!("We are {mark}; we saw {}.", random.choice(marks[about]).unwrap());
                house.visitor().upload(&format!("{}/reply", page(&house, all[to]).await), &[("words", &answer)], &[]).await;
            }
            _ => {
                let mark = random.choice(marks[about]).unwrap();
                let body = match random.usize(0..3) {
                    0 => format!("We learnt of {mark}."),
                    1 => format!("We learnt of {}.", mark.replace('.', "[.]").replace(' ', "  ")),
                    _ => "Please look at your logs of this night.".to_owned(),
                };
                if say(&house, &story, all[to], &body).await.is_ok() {
                    left += 1;
                }
            }
        }
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            if agreed[a] && agreed[b] {
                may_know.extend([(a, b), (b, a)]);
            }
        }
        for a in 0..3 {
            let (text, own) = told_to(&house, all[a]).await;
            for b in (0..3).filter(|b| *b != a && !may_know.contains(&(a, *b))) {
                for mark in marks[b].iter().map(|mark| mark.to_lowercase()) {
                    assert!(!text.contains(&mark) || own.contains(&mark), "{mark} reached party {a}: {text}");
                }
            }
        }
    }
    assert!(left > 30, "{left} messages left");
}

/// All that we told a party on its page, and all that it told us: what it said itself it knows.
async fn told_to(house: &House, party: Id) -> (String, String) {
    let mut reader = house.app.db.read().await.unwrap();
    let party = parties::by_id(&mut reader, party).await.unwrap();
    let said = messages::told(&mut reader, &house.app, &party).await.unwrap();
    let all = |ours: bool| {
        let texts = said.iter().map(|one| one.value()).filter(|one| one.ours() == ours).map(|one| format!("{} {}", one.subject, one.body));
        texts.map(|text| text.replace("[.]", ".").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()).collect::<Vec<_>>().join("\n")
    };
    (all(true), all(false))
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_meet_ceilings_and_what_has_none_carries_the_teams() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let strict = Draft { label: Some(Tlp::AmberStrict), channel: "portal".into(), ..words("Only for you.", 0) };
    stopped(messages::release(&house.app, &story.who, story.vodalink, &strict, None).await, "more than Vodalink Lesotho may get");
    let unlabelled = Draft { label: None, ..words("Hello.", 0) };
    messages::release(&house.app, &story.who, story.vodalink, &unlabelled, None).await.unwrap();
    // Below the case's label only with a reason, which the ledger keeps.
    let low = Draft { label: Some(Tlp::Green), ..words("Hello.", 1) };
    messages::release(&house.app, &story.who, story.vodalink, &low, None).await.unwrap();
    let lowered = Draft { downgrade: "all of it is public".into(), ..Draft { base: 2, ..low.clone() } };
    messages::release(&house.app, &story.who, story.vodalink, &lowered, None).await.unwrap();
    let rows = house.rows::<(String, String)>("select label, basis from ledger where noun = 'message' order by version", vec![]).await;
    let labels: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(labels, ["AMBER", "AMBER", "GREEN"]);
    assert!(rows[2].1.contains("all of it is public"));
    // A report of the case that was labelled higher since counts, on the phone too.
    let report = house.rows::<(Id,)>("select id from reports", vec![]).await[0].0;
    label(&house, &story.who, report, Tlp::Red).await;
    stopped(messages::release(&house.app, &story.who, story.vodalink, &Draft { base: 3, ..words("Hello.", 3) }, None).await, "TLP:RED is more than");
    let told = call(&house, &story, story.vodalink, true, "Told by phone.", false).await;
    assert!(matches!(&told, Ok(Recorded::Asks(text)) if text.contains("TLP:RED is more than")), "{told:?}");
    call(&house, &story, story.vodalink, false, "They told us.", false).await.unwrap();
    label(&house, &story.who, report, Tlp::Amber).await;
    // Another text than the one that was shown does not leave.
    let other = messages::release(&house.app, &story.who, story.vodalink, &words("Changed.", 3), Some("00")).await;
    stopped(other, "not the one that was shown");
    stopped(messages::release(&house.app, &story.who, story.vodalink, &words("Late.", 1), None).await, "since this page was opened");
}

#[test]
fn the_gate_decides_by_label_container_ceiling_and_channel_alone() {
    let profile = crate::house::profile();
    let channels = [
        (Channel::Mail, Tlp::Amber),
        (Channel::MailEncrypted, Tlp::Red),
        (Channel::Portal, Tlp::Red),
        (Channel::Public, Tlp::Clear),
        (Channel::Api, Tlp::Amber),
        (Channel::Phone, Tlp::Red),
    ];
    let mut cells = 0;
    for label in Tlp::ALL {
        for container in Tlp::ALL {
            for ceiling in Tlp::ALL {
                for (channel, most) in channels {
                    for downgrade in ["", " ", "public already"] {
                        let leaving = Leaving {
                            to: Recipient { key: "party:x".into(), name: "X".into(), organisation: None, ceiling, address: String::new() },
                            channel,
                            noun: "message",
                            id: Id([0; 16]),
                            about: Id([0; 16]),
                            version: 1,
                            label,
                            containers: vec![Tlp::Clear, container],
                            downgrade: downgrade.into(),
                            basis: "coordination".into(),
                            against: vec![],
                            held: vec!["something".into()],
                            protection: String::new(),
                            content: Hash::of(b""),
                        };
                        let effective = if downgrade == "public already" { label } else { label.max(container) };
                        let effective = if label >= container { label } else { effective };
                        let weighed = weigh(&profile, &leaving);
                        assert_eq!(weighed.effective, effective);
                        assert_eq!(weighed.may_leave(), effective <= ceiling && effective <= most, "{label} in {container} to {ceiling} by {channel:?}");
                        let against = Leaving { against: vec!["a name".into()], ..leaving };
                        assert!(!weigh(&profile, &against).may_leave());
                        cells += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cells, 5 * 5 * 5 * 6 * 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recommendation_is_answered_by_its_addressee_alone() {
    for house in House::both().await {
        let story = story(&house).await;
        let id = recommendations::add(&house.app, &story.who, story.vodalink, "operational", "Block port 7547 from outside.", None).await.unwrap();
        let path = format!("/answer/{}", recommendations::secret(&house.app, id, 0));
        let outside = house.visitor();
        outside.get(&path).await.must(404);
        say(&house, &story, story.vodalink, "Please see what we recommend.").await.unwrap();
        house.run_jobs().await;
        let mail = house.sink.mails().into_iter().rfind(|mail| mail.to == ["abuse@vodalink.example"]).unwrap().letter().text;
        assert!(mail.contains(&path) && mail.contains("recommendations, not orders"), "{mail}");

        let head = house.journal().await.len();
        let shown = outside.get(&path).await.must(200);
        assert!(shown.shows("Block port 7547") && shown.shows("a recommendation, not an order"));
        assert_eq!(house.journal().await.len(), head, "a scanner that follows links answers nothing");
        outside.post(&path, &[("answer", "certainly")]).await.must(422);
        outside.get("/answer/aaaaaaaaaaaaaaaaaaaaaaaaaa").await.must(404);
        outside.get("/party/aaaaaaaaaaaaaaaaaaaaaaaaaa").await.must(404);

        // The team hears, and sets nothing.
        assert!(matches!(recommendations::answer(&house.app, &story.who, id, ("done", "", "")).await, Err(Error::Barred)));
        // Nor from the page that the link in our mail leads to, which every one of the team can read.
        story.browser.post(&path, &[("answer", "done")]).await.must(403);
        let other = recommendations::answer(&house.app, &Who::Party(story.norlink), id, ("done", "", "")).await;
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
        let note = format!("/cases/{}/recommendations/{id}", story.case.number);
        story.browser.post(&note, &[("do", "hear"), ("said", "their NOC says by phone that it is done")]).await.must(303);
        let state = || async { house.rows::<(String, String, String)>("select state, answer, hearsay from recommendations", vec![]).await[0].clone() };
        assert_eq!(state().await.0, "sent");
        assert!(state().await.2.contains("by phone"));

        outside.post(&path, &[("answer", "accepted"), ("words", "tonight")]).await.must(303);
        outside.post(&path, &[("answer", "done"), ("words", "blocked")]).await.must(303);
        assert_eq!((state().await.0.as_str(), state().await.1.as_str()), ("done", "blocked"));
        let portal = outside.get(&page(&house, story.vodalink).await).await.must(200);
        assert!(portal.shows("Block port 7547") && portal.shows("blocked") && portal.shows("recommendations, not orders"));
        recommendations::withdraw(&house.app, &story.who, id).await.unwrap();
        outside.post(&path, &[("answer", "done")]).await.must(409);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_the_end_waits_for_a_decision_and_a_machines_answer_does_not() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    cases::abandon(&house.app, &story.who, story.case.id, "nothing more to do").await.unwrap();
    let answer = |automatic: bool, body: &str| Answer { subject: "Re: floods".into(), automatic, ..Answer::of("mail", body) };
    let take = async |automatic: bool| {
        let who = Who::Party(story.vodalink).to_string();
        house.app.db.change(&who, async |tx| cases::receive_answer(tx, &house.app, story.vodalink, answer(automatic, "It goes on")).await).await.unwrap()
    };
    let state = async || {
        let text = "select c.state, p.unread, case when p.asked_at is null then 0 else 1 end from cases c join parties p on p.case_id = c.id where p.id = $1";
        house.rows::<(String, i64, i64)>(text, args![story.vodalink]).await[0].clone()
    };
    take(true).await;
    assert_eq!(state().await, ("abandoned".to_owned(), 0, 0));
    assert!(!house.visitor().get(&page(&house, story.vodalink).await).await.must(200).shows("It goes on"), "nobody said that");
    take(false).await;
    assert_eq!(state().await, ("abandoned".to_owned(), 1, 1));
    story.browser.get(&format!("{}/parties/{}", story.case.path(), story.vodalink)).await.must(200);
    call(&house, &story, story.vodalink, true, "We called back.", true).await.unwrap();
    assert_eq!(state().await, ("abandoned".to_owned(), 0, 0), "an answer settles it, and takes nothing up again");
    assert_eq!(house.ledger().await.iter().filter(|row| row.2 == "phone").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_said_on_the_phone_is_for_the_team_and_more_than_may_be_told_needs_a_reason() {
    for house in House::both().await {
        let story = story(&house).await;
        let here = format!("{}/parties/{}", story.case.path(), story.vodalink);
        let said = "Norlink Transit sees your flood too.";
        let told = [("direction", "out"), ("words", said), ("label", "AMBER"), ("substantive", "1")];
        let back = story.browser.post(&format!("{here}/calls"), &told).await.must(422);
        assert!(back.shows("names Norlink Transit") && back.text().contains(said) && back.shows("Why it was said all the same"), "{}", back.words());
        assert!(house.ledger().await.iter().all(|row| row.2 != "phone"), "nothing was kept");
        let against = back.input("against");
        let mut excused = told.to_vec();
        excused.extend([("excuse", "they guessed it themselves"), ("against", against.as_str())]);
        // What was excused is just that: more of it is asked about anew.
        let mut more = excused.clone();
        more[1].1 = "Norlink Transit sees your flood too, at 198.51.100.20.";
        story.browser.post(&format!("{here}/calls"), &more).await.must(422);
        story.browser.post(&format!("{here}/calls"), &excused).await.must(303);
        let strict = [("direction", "out"), ("words", "Only for you."), ("label", "AMBER+STRICT")];
        let back = story.browser.post(&format!("{here}/calls"), &strict).await.must(422);
        assert!(back.shows("more than Vodalink Lesotho may get"), "{}", back.words());
        let against = back.input("against");
        let excused = [strict.as_slice(), &[("excuse", "it burned"), ("against", against.as_str())]].concat();
        story.browser.post(&format!("{here}/calls"), &excused).await.must(303);
        // Their page shows nothing of it, and mails lead there as before.
        say(&house, &story, story.vodalink, "Look at your page.").await.unwrap();
        house.run_jobs().await;
        let mail = house.sink.to("abuse@vodalink.example").pop().unwrap().letter();
        assert!(mail.text.contains("/party/"), "on {}: {}", house.on, mail.text);
        let basis = house.rows::<(String,)>("select basis from ledger where channel = 'phone'", vec![]).await;
        let excused = |(basis,): &(String,)| basis.contains("they guessed it themselves") && basis.contains("names Norlink Transit");
        assert!(basis.len() == 2 && basis.iter().any(excused), "{basis:?}");
        let theirs = house.visitor().get(&page(&house, story.vodalink).await).await.must(200);
        assert!(
            theirs.shows("We called you.") && !theirs.text().contains("sees your flood") && !theirs.shows("AMBER+STRICT"),
            "on {}: {}",
            house.on,
            theirs.words()
        );
        assert!(story.browser.get(&here).await.shows(said), "the team reads it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_a_call_is_ours_and_the_party_never_reads_it() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    say(&house, &story, story.vodalink, "Please look into it.").await.unwrap();
    call(&house, &story, story.vodalink, false, "They sounded evasive.", false).await.unwrap();
    let theirs = house.visitor().get(&page(&house, story.vodalink).await).await.must(200);
    assert!(theirs.shows("Please look into it.") && !theirs.shows("evasive"), "{}", theirs.words());
    assert!(story.browser.get(&format!("{}/parties/{}", story.case.path(), story.vodalink)).await.shows("evasive"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_raised_on_a_report_later_still_holds_for_its_case() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let report = house.rows::<(Id,)>("select report_id from case_reports where case_id = $1", args![story.case.id]).await[0].0;
    house
        .app
        .db
        .change("operator", async |tx| {
            tx.execute("update reports set label = 'RED' where id = $1", args![report]).await?;
            tx.record(store::Record::new("report.labelled", "report", report));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    stopped(say(&house, &story, story.vodalink, "Please look into it.").await, "TLP:RED");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attachment_that_cannot_be_read_for_names_waits_for_a_reason() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let file = |name: &str, bytes: &[u8]| reports::NewFile { name: name.into(), media_type: "text/plain".into(), kept: house.app.blobs.seal(bytes).unwrap() };
    let long = "nothing to see\n".repeat(60_000);
    for (file, why) in
        [(file("photo.zip", b"\xff\xfe\0PK"), "photo.zip"), (file("long.log", long.as_bytes()), "long.log"), (file("a.log", b"ask Norlink Transit"), "Norlink")]
    {
        let files = messages::keep_files(&house.app, vec![file]).await.unwrap();
        let draft = Draft { files, ..words("The files are with this.", 0) };
        stopped(messages::release(&house.app, &story.who, story.vodalink, &draft, None).await, why);
        if why != "Norlink" {
            let told = Draft { told: "looked into by hand".into(), ..draft };
            let party = parties::add(
                &house.app,
                &story.who,
                story.case.id,
                NewParty { name: why.into(), mail: Some(format!("{why}@csirt.example")), role: "peer".into(), ..NewParty::default() },
            )
            .await
            .unwrap();
            messages::release(&house.app, &story.who, party, &told, None).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_name_in_small_letters_is_asked_about_and_a_common_word_is_not() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let path = format!("/cases/{}/parties/{}/message", story.case.number, story.vodalink);
    for (body, asks) in [("We asked norlink as well.", true), ("Look at your transit, and at the mills.", false)] {
        let form = [("do", "look"), ("subject", "Floods"), ("body", body), ("label", "AMBER"), ("channel", "mail"), ("base", "0")];
        let page = story.browser.follow(story.browser.post(&path, &form).await).await.must(200);
        assert_eq!(page.shows("is part of the name of Norlink Transit"), asks, "{body}: {}", page.words());
    }
    stopped(say(&house, &story, story.vodalink, "We asked norlink as well.").await, "is part of the name of Norlink Transit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recommendation_that_was_never_sent_lets_no_case_close() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let id = recommendations::add(&house.app, &story.who, story.vodalink, "operational", "Patch the routers.", None).await.unwrap();
    recommendations::withdraw(&house.app, &story.who, id).await.unwrap();
    let mut reader = house.app.db.read().await.unwrap();
    let case = cases::get(&mut reader, &Who::Operator, story.case.id).await.unwrap();
    assert!(cases::needs_recommendation(&mut reader, &case).await.unwrap());
    drop(reader);
    // Nor does one that was sent and taken back.
    let id = recommendations::add(&house.app, &story.who, story.vodalink, "operational", "Patch the routers.", None).await.unwrap();
    say(&house, &story, story.vodalink, "Please patch.").await.unwrap();
    let needs = async || cases::needs_recommendation(&mut house.app.db.read().await.unwrap(), &case).await.unwrap();
    assert!(!needs().await);
    recommendations::withdraw(&house.app, &story.who, id).await.unwrap();
    assert!(needs().await);
    let closing = cases::Closing { outcome: "resolved".into(), ..cases::Closing::default() };
    assert!(matches!(cases::close(&house.app, &story.who, story.case.id, closing).await, Err(Error::Invalid(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_came_while_somebody_wrote_stays_unread_until_it_is_looked_at() {
    for house in House::both().await {
        let story = story(&house).await;
        say(&house, &story, story.norlink, "Please look.").await.unwrap();
        let unread = async || house.rows::<(i64,)>("select unread from parties where id = $1", args![story.norlink]).await[0].0;
        house.visitor().upload(&format!("{}/reply", page(&house, story.norlink).await), &[("words", "Stop, it was us.")], &[]).await.must(303);
        assert_eq!(unread().await, 1);
        // Whoever writes had the page open since before; whoever writes down a call heard that call.
        say(&house, &story, story.norlink, "One thing more.").await.unwrap();
        call(&house, &story, story.norlink, true, "We rang.", false).await.unwrap();
        call(&house, &story, story.norlink, false, "They rang.", false).await.unwrap();
        assert_eq!(unread().await, 1, "on {}", house.on);
        assert!(story.browser.get("/cases?state=open&unread=yes").await.must(200).shows(&story.case.number));
        story.browser.get(&format!("/cases/{}/parties/{}", story.case.number, story.norlink)).await.must(200);
        assert_eq!(unread().await, 0, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_above_mails_ceiling_goes_to_the_page_and_a_notice_says_only_that() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let reader = &mut house.app.db.read().await.unwrap();
    let party = parties::by_id(reader, story.norlink).await.unwrap();
    let changes = parties::Changes {
        name: party.name,
        alias: party.alias,
        role: party.role,
        mail: party.mail,
        phone: party.phone,
        language: "es".into(),
        reach: "mail".into(),
        ceiling: Tlp::Red,
        checked: true,
    };
    change_party(&house, &story.who, story.norlink, changes).await.unwrap();
    let red = Draft { label: Some(Tlp::Red), ..words("The very secret thing.", 0) };
    stopped(messages::release(&house.app, &story.who, story.norlink, &red, None).await, "may not go by mail");
    let paged = Draft { channel: "portal".into(), ..red };
    messages::release(&house.app, &story.who, story.norlink, &paged, None).await.unwrap();
    house.run_jobs().await;
    let to_norlink = || house.sink.mails().into_iter().rfind(|mail| mail.to == ["noc@norlink.example"]).unwrap().letter();
    let mail = to_norlink();
    assert!(!mail.text.contains("secret thing") && mail.text.contains("mensaje nuevo"), "{}", mail.text);
    assert!(!mail.text.contains("/party/") && mail.text.contains("TLP:CLEAR"), "no link to it goes where it may not go itself: {}", mail.text);
    let shown = house.visitor().get(&page(&house, story.norlink).await).await.must(200);
    assert!(shown.shows("The very secret thing.") && shown.shows("TLP:RED") && shown.shows("Respóndanos"), "{}", shown.words());
    // From now on that page is RED: no later mail in clear leads to it.
    say(&house, &story, story.norlink, "Please look at your logs.").await.unwrap();
    house.run_jobs().await;
    let mail = to_norlink();
    assert!(mail.text.contains("your logs") && !mail.text.contains("/party/"), "{}", mail.text);
    let notices = house.rows::<(String, String)>("select label, channel from ledger where noun = 'notice'", vec![]).await;
    assert_eq!(notices, [("CLEAR".to_owned(), "mail".to_owned())]);
}

/// Writes the pages of this room to a folder, to be looked at.
#[tokio::test(flavor = "multi_thread")]
async fn pages_to_look_at() {
    let Some(folder) = std::env::var_os("ATALAYA_PAGES").map(std::path::PathBuf::from) else { return };
    let house = House::sqlite().await;
    let story = story(&house).await;
    recommendations::add(
        &house.app,
        &story.who,
        story.vodalink,
        "operational",
        "Block port 7547 from outside on all access routers.",
        Some(instant("2026-11-25T15:00:00Z")),
    )
    .await
    .unwrap();
    say(&house, &story, story.vodalink, "Dear colleagues,\n\nfloods came from 203.0.113.7 and 203.0.113.9. Please look into it.").await.unwrap();
    house
        .visitor()
        .upload(
            &format!("{}/reply", page(&house, story.vodalink).await),
            &[("words", "Port 7547 is blocked since 11:05.")],
            &[("files", "flows.csv", "text/csv", b"a,b")],
        )
        .await;
    house.later(20);
    let base = format!("/cases/{}/parties", story.case.number);
    let form = [("do", "template"), ("template", "ask_information"), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1"), ("base", "0")];
    story.browser.post(&format!("{base}/{}/message", story.norlink), &form).await;
    let form = [
        ("do", "look"),
        ("subject", "Who sends"),
        ("body", "It comes from Vodalink Lesotho, 203.0.113.7."),
        ("label", "AMBER"),
        ("channel", "mail"),
        ("base", "0"),
    ];
    story.browser.post(&format!("{base}/{}/message", story.reporter), &form).await;
    let member = house.login_as_member_of(story.organisations[0]).await;
    let outside = house.visitor();
    for (name, page) in [
        ("party", story.browser.get(&format!("{base}/{}", story.vodalink)).await),
        ("new", story.browser.get(&base).await),
        ("compose", story.browser.get(&format!("{base}/{}/message", story.norlink)).await),
        ("stopped", story.browser.get(&format!("{base}/{}/message", story.reporter)).await),
        ("portal", outside.get(&page(&house, story.vodalink).await).await),
        ("member", member.get("/member").await),
    ] {
        std::fs::write(folder.join(format!("{name}.html")), page.must(200).text()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_names_is_searched_like_a_report_and_its_holder_suggested_not_added() {
    for house in House::both().await {
        let story = story(&house).await;
        organisation(&house, "Basalt Mobile", "192.0.2.0/24", "abuse@basalt.example").await;
        let suggested = format!("/cases/{}/parties", story.case.number);
        assert!(!story.browser.get(&suggested).await.must(200).shows("holds 192.0.2.77"));
        let answer = "It came to us from 192[.]0[.]2[.]77, not from our own 198.51.100.20.";
        house.visitor().upload(&format!("{}/reply", page(&house, story.norlink).await), &[("words", answer)], &[]).await.must(303);
        let shown = story.browser.get(&suggested).await.must(200);
        assert!(shown.shows("Basalt Mobile") && shown.shows("holds 192.0.2.77"), "on {}: {}", house.on, shown.words());
        let parties = house.rows::<(String,)>("select name from parties", vec![]).await;
        assert!(parties.len() == 3 && !parties.iter().any(|(name,)| name == "Basalt Mobile"), "nobody takes part by itself: {parties:?}");
        // It is an observable of the case now, and says whose answer named it; what a report named says nothing.
        let case = story.browser.get(&format!("/cases/{}", story.case.number)).await.must(200);
        let message: Id = house.rows::<(Id,)>("select id from messages where direction = 'in'", vec![]).await[0].0;
        let place = format!("/cases/{}/parties/{}#m-{message}", story.case.number, story.norlink);
        assert!(case.shows("192.0.2.77 in the thread with Norlink Transit, 10:00") && case.links(&place).len() == 1, "on {}: {}", house.on, case.words());
        assert!(story.browser.get(&place).await.must(200).text().contains(&format!("id=\"m-{message}\"")));
        let found = story.browser.get("/search?q=192.0.2.77").await.must(200);
        assert!(found.shows("IP address 192.0.2.77") && found.shows(&story.case.number), "on {}: {}", house.on, found.words());
        // Nobody else hears of it by accident: the reporter is told of it only with a reason, and its sender freely.
        stopped(say(&house, &story, story.reporter, "Block 192.0.2.77 too.").await, "is known from others, not from this party");
        say(&house, &story, story.norlink, "We look into 192.0.2.77.").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_name_by_mail_page_member_and_phone_is_of_the_case_and_hidden_with_it() {
    for house in House::both().await {
        let story = story(&house).await;
        let to = atalaya::outbox::thread_key(&house.app).reply_address("report", "csirt.maluti.example", story.vodalink.bytes()).unwrap();
        let inner = "From: x@evil.example\r\nSubject: Prize\r\n\r\nLog in at http://login.bad.example/now\r\n";
        let raw = format!(
            "From: abuse@vodalink.example\r\nTo: {to}\r\nSubject: Re: floods\r\nMessage-ID: <1@vodalink.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nAlso CVE-2026-31337.\r\n\r\n> You saw 192.0.2.1.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
        );
        let mail = atalaya::mailbox::Delivered { from: "abuse@vodalink.example".into(), to: vec![to], raw: raw.into_bytes(), via: "mail-in" };
        atalaya::mailbox::keep(&house.app, mail).await.unwrap();
        house.run_jobs().await;
        say(&house, &story, story.norlink, "Please look into it.").await.unwrap();
        let member = house.login_as_member_of(story.organisations[1]).await;
        let slice = format!("/member/cases/{}/{}", story.case.number, story.norlink);
        member.upload(&format!("{slice}/reply"), &[("words", "And 192.0.2.2.")], &[]).await.must(303);
        call(&house, &story, story.norlink, false, "They see 192.0.2.3.", false).await.unwrap();
        call(&house, &story, story.norlink, true, "We told them of 192.0.2.4.", false).await.unwrap();
        let text =
            "select o.value from sightings s join observables o on o.id = s.observable_id where s.about = $1 and s.message_id is not null order by o.value";
        let named: Vec<String> = house.rows::<(String,)>(text, args![story.case.id]).await.into_iter().map(|(value,)| value).collect();
        for value in ["192.0.2.2", "192.0.2.3", "CVE-2026-31337", "login.bad.example"] {
            assert!(named.iter().any(|one| one == value), "{value} on {}: {named:?}", house.on);
        }
        assert!(!named.iter().any(|one| one == "192.0.2.1" || one == "192.0.2.4" || one.contains("vodalink")), "on {}: {named:?}", house.on);
        // With a case that is hidden, what its answers name is hidden.
        let outsider = house.login_as(Role::Analyst).await;
        assert!(outsider.get("/search?q=192.0.2.3").await.must(200).shows(&story.case.number));
        cases::restrict(&house.app, &story.who, story.case.id, true, None).await.unwrap();
        for value in ["192.0.2.2", "192.0.2.3", "login.bad.example"] {
            let found = outsider.get(&format!("/search?q={value}")).await.must(200);
            assert!(!found.shows(&story.case.number) && found.shows("Nothing found"), "{value} on {}: {}", house.on, found.words());
        }
        // Merged into another case, they are that one's, with the same message.
        let other = cases::open(&house.app, &story.who, NewCase { kind: "incident".into(), title: "Whole".into(), restricted: true, ..NewCase::default() })
            .await
            .unwrap();
        cases::merge(&house.app, &story.who, story.case.id, other.id).await.unwrap();
        assert_eq!(house.rows::<(String,)>(text, args![other.id]).await.len(), named.len(), "on {}", house.on);
        assert!(story.browser.get(&format!("/cases/{}", other.number)).await.must(200).shows("in the thread with Norlink Transit"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_words_than_those_shown_do_not_leave_and_are_kept() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
    let (compose, release) = (format!("{here}/message"), format!("{here}/release"));
    let form = |body: &'static str, seen: &str| -> Vec<(String, String)> {
        [("subject", "Floods"), ("body", body), ("label", "CLEAR"), ("channel", "mail"), ("substantive", "1"), ("base", "0"), ("seen", seen)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    };
    let post = async |path: &str, form: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        story.browser.post(path, &fields).await
    };
    let before = house.ledger().await.len();
    post(&compose, form("Please look.", "")).await.must(303);
    let shown = story.browser.get(&compose).await.must(200);
    assert!(shown.shows("Raised from TLP:CLEAR to TLP:AMBER"), "{}", shown.words());
    assert!(shown.shows("From") && shown.shows("abuse@vodalink.example, alone"));
    let seen = shown.input("seen");
    let refused = post(&release, form("Please look at once.", &seen)).await.must(409);
    assert!(refused.shows("not the one that was shown") && refused.shows("Please look at once."), "{}", refused.words());
    assert_eq!(house.ledger().await.len(), before, "nothing left");
    let mut chosen = form("Please look at once.", &refused.input("seen"));
    chosen.push(("files".into(), "log.txt".into()));
    assert!(post(&release, chosen).await.must(409).shows("not attached yet"));
    post(&release, form("Please look at once.", &refused.input("seen"))).await.must(303);
    assert_eq!(house.ledger().await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_at_for_one_address_does_not_leave_to_another() {
    for house in House::both().await {
        let story = story(&house).await;
        let (draft, who) = (words("Please look.", 0), &story.who);
        let seen = before::prepare(&mut house.app.db.read().await.unwrap(), &house.app, who, story.vodalink, &draft).await.unwrap().seen();
        let party = parties::by_id(&mut house.app.db.read().await.unwrap(), story.vodalink).await.unwrap();
        let changes = parties::Changes {
            name: party.name,
            alias: party.alias,
            role: party.role,
            mail: Some("other@vodalink.example".into()),
            phone: party.phone,
            language: party.language,
            reach: party.reach,
            ceiling: party.ceiling,
            checked: party.checked,
        };
        change_party(&house, who, story.vodalink, changes).await.unwrap();
        stopped(messages::release(&house.app, who, story.vodalink, &draft, Some(&seen)).await, "not the one that was shown");
        assert!(house.ledger().await.iter().all(|(_, _, _, address, _)| address != "other@vodalink.example"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_takes_part_once_and_goes_again_as_long_as_nothing_was_said() {
    for house in House::both().await {
        let story = story(&house).await;
        let case = format!("/cases/{}", story.case.number);
        let fields = [("name", "Vodalink once more"), ("role", "target"), ("mail", "Abuse@vodalink.example"), ("ceiling", "AMBER")];
        let twice = story.browser.post(&format!("{case}/parties"), &fields).await.must(422);
        assert!(twice.shows("Vodalink Lesotho takes part already, as source"), "{}: {}", house.on, twice.words());
        let lane = |id: Id| format!("{case}/parties/{id}");
        assert!(story.browser.get(&lane(story.norlink)).await.must(200).shows("Added by mistake"));
        story.browser.post(&format!("{}/removal", lane(story.norlink)), &[]).await.must(303);
        story.browser.get(&lane(story.norlink)).await.must(404);
        say(&house, &story, story.vodalink, "Please look.").await.unwrap();
        let stays = story.browser.post(&format!("{}/removal", lane(story.vodalink)), &[]).await.must(422);
        assert!(stays.shows("Something was said to it"), "{}", stays.words());
        let stays = story.browser.post(&format!("{}/removal", lane(story.reporter)), &[]).await.must(422);
        assert!(stays.shows("which is in this case"), "{}", stays.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_to_a_party_is_told_of_a_colleague_who_does_too() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let path = format!("/cases/{}/parties/{}/message", story.case.number, story.vodalink);
    let form = |body| [("do", "keep"), ("subject", "Floods"), ("body", body), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1"), ("base", "0")];
    let colleague = house.login_as(Role::Analyst).await;
    assert!(!colleague.get(&path).await.must(200).shows("also writes to"));
    let _ = story.browser.post(&path, &form("Please block the source.")).await;
    let page = colleague.get(&path).await.must(200);
    assert!(page.shows("also writes to Vodalink Lesotho") && page.shows("Please block the source."), "{}", page.words());
    // Both keep their own words.
    let _ = colleague.post(&path, &form("I called them already.")).await;
    for (browser, own) in [(&story.browser, "Please block the source."), (&colleague, "I called them already.")] {
        let page = browser.get(&path).await.must(200);
        assert!(page.between("name=\"body\"", "</textarea>").ends_with(own), "{}", page.words());
    }
}
