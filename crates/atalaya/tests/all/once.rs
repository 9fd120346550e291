//! Forms of the console that make something: sent again after going back, they make nothing more.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::Role;
use atalaya::people;

use crate::house::House;
use crate::messages::{organisation, story};

async fn count(house: &House, text: &'static str) -> i64 {
    house.rows::<(i64,)>(text, vec![]).await[0].0
}

/// Where it is sent, what is typed, the field that is changed and how, and the statement that counts what was made.
type Form<'a> = (String, &'a [(&'a str, &'a str)], &'a str, &'a str, &'static str);

#[tokio::test(flavor = "multi_thread")]
async fn every_form_that_makes_something_makes_it_once_and_what_was_changed_in_it_makes_another() {
    for house in House::both().await {
        let story = story(&house).await;
        let admin = house.login_as(Role::Admin).await;
        let firm = organisation(&house, "Basalt Telecom", "198.51.100.0/24", "noc@basalt.example").await;
        let number = &story.case.number;
        let desk = [("contact_name", "Desk"), ("function", "noc"), ("reach", "mail"), ("contact_language", "en"), ("mail", "desk@basalt.example")];
        let forms: [Form; 11] = [
            (
                format!("/constituency/{firm}/contacts/new"),
                &desk,
                "contact_name",
                "Other desk",
                "select count(*) from contacts where mail = 'desk@basalt.example'",
            ),
            (
                format!("/constituency/{firm}/resources/new"),
                &[("value", "AS64510")],
                "value",
                "AS64511",
                "select count(*) from resources where value like 'AS6451%'",
            ),
            (
                "/constituency/new".into(),
                &[("name", "Mokorotlo"), ("sector", "internet"), ("status", "registered"), ("language", "en"), ("ceiling", "GREEN")],
                "name",
                "Mokorotlo II",
                "select count(*) from organisations where name like 'Mokorotlo%'",
            ),
            (format!("/cases/{number}/notes"), &[("body", "Asked the carrier.")], "body", "Asked again.", "select count(*) from notes"),
            (format!("/cases/{number}/tasks"), &[("title", "Call them")], "title", "Write to them", "select count(*) from tasks"),
            (
                format!("/cases/{number}/parties/{}/recommendations", story.vodalink),
                &[("kind", "operational"), ("text", "Filter it.")],
                "text",
                "Log it.",
                "select count(*) from recommendations",
            ),
            (
                format!("/cases/{number}/parties/{}/calls", story.norlink),
                &[("direction", "out"), ("words", "Told them."), ("label", "AMBER")],
                "words",
                "Told them more.",
                "select count(*) from messages where channel = 'phone'",
            ),
            (
                format!("/cases/{number}/parties"),
                &[("name", "Helper"), ("role", "other"), ("mail", "help@peer.example")],
                "mail",
                "other@peer.example",
                "select count(*) from parties where name = 'Helper'",
            ),
            (
                "/cases".into(),
                &[("kind", "incident"), ("title", "By hand"), ("summary", "One")],
                "summary",
                "Two",
                "select count(*) from cases where title = 'By hand'",
            ),
            (format!("/cases/{number}/split"), &[("title", "A part")], "title", "A part too", "select count(*) from cases where title like 'A part%'"),
            ("/people/groups".into(), &[("name", "Nights")], "name", "Days", "select count(*) from groups"),
        ];
        for (path, fields, field, other, counted) in &forms {
            let before = count(&house, counted).await;
            let changed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, if name == field { *other } else { *value })).collect();
            let mut led = Vec::new();
            for fields in [*fields, *fields, &changed] {
                let answer = admin.post(path, fields).await;
                assert_eq!(answer.status, 303, "{path} on {}: {}", house.on, answer.words());
                led.push(answer.location());
                house.later(1);
            }
            assert_eq!(led[0], led[1], "the second leads where the first led: {path}");
            assert_eq!(count(&house, counted).await, before + 2, "{path} on {}", house.on);
        }
        // Said again an hour later, it is said again.
        house.later(61);
        let admin = house.login(admin.person()).await;
        let before = count(&house, "select count(*) from notes").await;
        admin.post(&format!("/cases/{number}/notes"), &[("body", "Asked again.")]).await.must(303);
        assert_eq!(count(&house, "select count(*) from notes").await, before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_may_be_made_anew_and_somebody_elses_form_is_another() {
    for house in House::both().await {
        let story = story(&house).await;
        let (one, other) = (&story.browser, house.login_as(Role::Analyst).await);
        let tasks = format!("/cases/{}/tasks", story.case.number);
        one.post(&tasks, &[("title", "Call them")]).await.must(303);
        let (task,): (store::Id,) = house.rows("select id from tasks", vec![]).await.remove(0);
        one.post(&format!("{tasks}/{task}"), &[("do", "done")]).await.must(303);
        one.post(&tasks, &[("title", "Call them")]).await.must(303);
        assert_eq!(count(&house, "select count(*) from tasks").await, 2, "the first is done, on {}", house.on);
        other.post(&tasks, &[("title", "Call them")]).await.must(303);
        assert_eq!(count(&house, "select count(*) from tasks").await, 3, "somebody else wants it too");
        let firm = organisation(&house, "Basalt Telecom", "198.51.100.0/24", "noc@basalt.example").await;
        let add = format!("/constituency/{firm}/resources/new");
        one.post(&add, &[("value", "AS64510")]).await.must(303);
        let (held,): (store::Id,) = house.rows("select id from resources where value = 'AS64510'", vec![]).await.remove(0);
        one.post(&format!("/constituency/{firm}/resources/{held}/removal"), &[]).await.must(303);
        one.post(&add, &[("value", "AS64510")]).await.must(303);
        assert_eq!(count(&house, "select count(*) from resources where value = 'AS64510'").await, 1, "removed by mistake, it is entered again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_made_once_and_its_secret_is_shown_once() {
    for house in House::both().await {
        let admin = house.login_as(Role::Admin).await;
        let form = [("name", "The SIEM"), ("scope", "reports")];
        let made = admin.post("/people/tokens", &form).await.must(200);
        assert!(made.shows("atalaya_"), "{}", made.words());
        let again = admin.post("/people/tokens", &form).await.must(409);
        assert!(again.shows("This token was made already") && !again.shows("atalaya_"), "on {}: {}", house.on, again.words());
        assert_eq!(count(&house, "select count(*) from tokens").await, 1);
        let (token,): (store::Id,) = house.rows("select id from tokens", vec![]).await.remove(0);
        admin.post(&format!("/people/tokens/{token}/end"), &[]).await.must(303);
        assert!(admin.post("/people/tokens", &form).await.must(200).shows("atalaya_"), "the first was ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_sent_again_with_other_wishes_for_secrecy_is_a_case_of_its_own() {
    for house in House::both().await {
        let lead = house.login_as(Role::Lead).await;
        let group = people::add_group(&house.app, &atalaya::access::Who::Operator, "Few").await.unwrap();
        people::set_membership(&house.app, &atalaya::access::Who::Operator, group, lead.person(), true).await.unwrap();
        let group = group.to_string();
        let open = async |more: &[(&str, &str)]| {
            let fields = [&[("kind", "incident"), ("title", "Quiet"), ("summary", "One")], more].concat();
            lead.post("/cases", &fields).await.must(303).location().unwrap()
        };
        let known = open(&[]).await;
        let restricted = open(&[("restricted", "yes")]).await;
        let few = open(&[("restricted", "yes"), ("group", &group)]).await;
        let red = open(&[("label", "RED")]).await;
        let mut all = vec![known.clone(), restricted.clone(), few, red];
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 4, "each is a case of its own, on {}: {all:?}", house.on);
        assert_eq!([open(&[]).await, open(&[("restricted", "yes")]).await], [known, restricted], "and the same wishes the same case");
        let secret: Vec<(i64,)> = house.rows("select restricted from cases order by number", vec![]).await;
        assert_eq!(secret, [(0,), (1,), (1,), (0,)]);
    }
}
