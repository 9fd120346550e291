//! A member sees its own organisation's slice, and nothing of another's, on every route.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::cases::{self, messages, recommendations};
use atalaya::reports;
use atalaya::routes::routes;
use store::args;

use crate::house::House;
use crate::messages::{story, words};
use crate::reports::told;

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_a_member_holds_rows_of_its_own_organisation_only() {
    for house in House::both().await {
        let story = story(&house).await;
        let [vodalink, norlink] = story.organisations;
        let mut numbers = Vec::new();
        for (organisation, title) in [(vodalink, "Strange log-ins"), (norlink, "A leaking route")] {
            let new = reports::NewReport { organisation: Some(organisation), ..told(&house.app, "form", title, "see above", "x@y.example") };
            numbers.push(reports::receive(&house.app, &Who::Public, new).await.unwrap().number);
        }
        let mut advice = Vec::new();
        for (party, what) in [(story.vodalink, "Patch the routers."), (story.norlink, "Filter the prefix.")] {
            advice.push(recommendations::add(&house.app, &story.who, party, "best_practice", what, None).await.unwrap());
            messages::release(&house.app, &story.who, party, &words(&format!("Hello: {what}"), 0), None).await.unwrap();
        }
        cases::add_note(&house.app, &story.who, story.case.id, "We do not trust this operator.").await.unwrap();
        let member = house.login_as_member_of(vodalink).await;
        let other = house.login_as_member_of(norlink).await;
        let case = &story.case.number;

        let home = member.get("/member").await.must(200);
        for own in ["Vodalink Lesotho", "Strange log-ins", case, "Patch the routers.", "abuse@vodalink.example"] {
            assert!(home.shows(own), "{own} on {}", home.words());
        }
        let theirs = ["Norlink", "A leaking route", "Filter the prefix.", "norlink.example", "Ana Quiroga", "198.51.100", "SYN floods", "do not trust"];
        let mine = format!("/member/cases/{case}/{}", story.vodalink);
        for path in ["/member".to_owned(), format!("/member/cases/{case}"), mine.clone(), format!("/member/reports/{}", numbers[0])] {
            let page = member.get(&path).await.must(200);
            for one in theirs {
                assert!(!page.shows(one), "{one} on {path}");
            }
        }
        let foreign = format!("/member/cases/{case}/{}", story.norlink);
        member.get(&foreign).await.must(404);
        member.get(&format!("/member/reports/{}", numbers[1])).await.must(404);
        member.upload(&format!("{foreign}/reply"), &[("words", "hello")], &[]).await.must(404);
        member.post(&format!("{mine}/recommendations/{}", advice[1]), &[("answer", "done")]).await.must(404);

        // It speaks and answers there; files stay with their thread.
        member.upload(&format!("{mine}/reply"), &[("words", "We look into it.")], &[("files", "log.txt", "text/plain", b"lines")]).await.must(303);
        member.post(&format!("{mine}/recommendations/{}", advice[0]), &[("answer", "accepted"), ("words", "soon")]).await.must(303);
        let (file,): (store::Id,) = house.rows("select id from message_files", vec![]).await.remove(0);
        assert_eq!(member.get(&format!("{mine}/files/{file}")).await.must(200).body, b"lines");
        member.get(&format!("{foreign}/files/{file}")).await.must(404);
        other.get(&format!("{foreign}/files/{file}")).await.must(404);
        other.get(&format!("{mine}/files/{file}")).await.must(404);
        let state = house.rows::<(String,)>("select state from recommendations where party_id = $1", args![story.vodalink]).await;
        assert_eq!(state[0].0, "accepted");

        // No route of the room lets in anybody but members.
        let staff = house.login_as(Role::Analyst).await;
        for route in routes().into_iter().filter(|route| route.path.starts_with("/member")) {
            let path = route
                .path
                .replace("{number}", case)
                .replace("{party}", &story.vodalink.to_string())
                .replace("{file}", &file.to_string())
                .replace("{id}", &advice[0].to_string());
            let outside = house.visitor();
            let (inside, outside) = match route.method.as_str() {
                "GET" => (staff.get(&path).await.status, outside.get(&path).await.status),
                _ => (staff.post(&path, &[]).await.status, outside.post(&path, &[]).await.status),
            };
            assert_eq!(inside, 404, "{path}");
            assert!(matches!(outside, 303 | 401), "{path}: {outside}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_answers_on_the_page_of_its_report() {
    for house in House::both().await {
        let story = story(&house).await;
        let [vodalink, norlink] = story.organisations;
        let new = reports::NewReport { organisation: Some(vodalink), ..told(&house.app, "form", "Strange log-ins", "see above", "x@vodalink.example") };
        let report = reports::receive(&house.app, &Who::Public, new).await.unwrap();
        let (member, other) = (house.login_as_member_of(vodalink).await, house.login_as_member_of(norlink).await);
        let path = format!("/member/reports/{}", report.number);
        // The team's title is for the team.
        let title = reports::Facts { title: Some("Norlink's customer did it".into()), ..reports::Facts::default() };
        reports::set_facts(&house.app, &story.who, report.id, title).await.unwrap();
        let home = member.get("/member").await.must(200);
        assert!(home.shows("Strange log-ins") && !home.shows("Norlink"), "on {}: {}", house.on, home.words());
        let page = member.get(&path).await.must(200);
        assert!(page.text().contains(&format!("action=\"{path}\"")) && page.shows("Strange log-ins") && !page.shows("Norlink"), "{}", page.text());
        member.upload(&path, &[("words", " ")], &[]).await.must(422);
        let files: &[(&str, &str, &str, &[u8])] = &[("files", "log.txt", "text/plain", b"lines")];
        member.upload(&path, &[("words", "It goes on since noon.")], files).await.must(303);
        member.upload(&path, &[("words", "Once.")], &[]).await.must(303);
        member.upload(&path, &[("words", "Once.")], &[]).await.must(303);
        let page = member.get(&path).await.must(200);
        assert!(page.shows("It goes on since noon.") && page.text().matches(">Once.<").count() == 1, "on {}: {}", house.on, page.words());
        let desk = story.browser.get(&format!("/inbox/{}", report.number)).await.must(200);
        assert!(desk.shows("It goes on since noon.") && desk.shows("log.txt"), "{}", desk.words());
        let last = house.journal().await.pop().unwrap();
        assert_eq!((last.verb.as_str(), last.who), ("report.answered", format!("person:{}", member.person())));
        other.upload(&path, &[("words", "Not mine.")], &[]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_many_cases_reaches_each_of_them() {
    for house in House::both().await {
        let story = story(&house).await;
        let vodalink = story.organisations[0];
        let first = recommendations::add(&house.app, &story.who, story.vodalink, "operational", "Patch the routers.", None).await.unwrap();
        messages::release(&house.app, &story.who, story.vodalink, &words("Hello: Patch", 0), None).await.unwrap();
        // More than 200 newer ones, written as the verbs would.
        house
            .app
            .db
            .change("test", async |tx| {
                for n in 0..210 {
                    let (case, party, now) = (tx.new_id(), tx.new_id(), tx.now());
                    tx.execute(
                        "insert into cases (id, number, kind, title, summary, label, state, phase, verdict, confidence, rsit_class, rsit_type, subtype, severity, severity_rule, severity_reason, owner_id, group_id, restricted, times_reason, cause, cause_cve, outcome_reason, waiver_reason, opened_at, updated_at, version) \
                         select $1, $2, kind, title, summary, label, state, phase, verdict, confidence, rsit_class, rsit_type, subtype, severity, severity_rule, severity_reason, owner_id, group_id, restricted, times_reason, cause, cause_cve, outcome_reason, waiver_reason, opened_at, updated_at, version from cases where id = $3",
                        args![case, format!("MLT-2025-{n:06}"), story.case.id],
                    )
                    .await?;
                    tx.execute(
                        "insert into parties (id, case_id, organisation_id, name, alias, role, language, reach, ceiling, consent_note, secret, last_out, unread, \
                         added_at) values ($1, $2, $3, 'x', '', 'source', 'en', 'portal', 'AMBER', '', $4, $5, 0, $5)",
                        args![party, case, vodalink, party, now],
                    )
                    .await?;
                }
                tx.record(store::Record::new("test.filled", "case", story.case.id));
                Ok::<_, store::Error>(())
            })
            .await
            .unwrap();
        let member = house.login_as_member_of(vodalink).await;
        let home = member.get("/member").await.must(200);
        assert!(home.shows("Patch the routers.") && home.text().contains(&format!("/member/cases/{}/{}", story.case.number, story.vodalink)));
        let (mut seen, mut next) = (Vec::new(), Some("/member".to_owned()));
        while let Some(path) = next {
            let page = member.get(&path).await.must(200);
            seen.extend(page.between("<tbody>", "</tbody>").split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            next = page.links("/member?below=").into_iter().next();
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), count), (211, 211), "on {}", house.on);
        let mine = format!("/member/cases/{}", story.case.number);
        assert!(member.get(&mine).await.must(200).shows("Hello: Patch"), "on {}", house.on);
        member.post(&format!("{mine}/{}/recommendations/{first}", story.vodalink), &[("answer", "done")]).await.must(303);
        let _ = member.get("/member?below=nonsense").await.must(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_we_write_a_member_does_not_learn_that_there_is_a_case() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let member = house.login_as_member_of(story.organisations[0]).await;
    assert!(!member.get("/member").await.must(200).shows(&story.case.number));
    member.get(&format!("/member/cases/{}", story.case.number)).await.must(404);
}
