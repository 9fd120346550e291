//! What somebody who had never seen the program stumbled over, once each.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::cases::messages;
use atalaya::cases::{self, NewCase};
use atalaya::reports::{self, NewReport};
use store::{Id, args};

use crate::house::{Browser, House};
use crate::messages::{organisation, say, story};
use crate::reports::told;
use crate::triage::{person_of, receive};

async fn clocks(house: &House, about: Id) -> Vec<String> {
    let rows: Vec<(String,)> = house.rows("select state from clocks where about = $1 order by anchor_at, id", args![about]).await;
    rows.into_iter().map(|(state,)| state).collect()
}

async fn number_of(house: &House, id: Id) -> String {
    house.rows::<(String,)>("select number from reports where id = $1", args![id]).await.remove(0).0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_only_a_report_gave_itself_is_marked_until_somebody_of_the_team_knows_it() {
    for house in House::both().await {
        let story = story(&house).await;
        let here = |party: Id| format!("/cases/{}/parties/{party}", story.case.number);
        let of_reporter = story.browser.get(&here(story.reporter)).await.must(200);
        assert!(of_reporter.shows("Harbour Mills") && of_reporter.shows("name not verified") && of_reporter.shows("Nobody has checked it yet"));
        assert!(story.browser.get(&format!("{}/message", here(story.reporter))).await.must(200).shows("name not verified"));
        let of_organisation = story.browser.get(&here(story.vodalink)).await.must(200);
        assert!(!of_organisation.shows("Nobody has checked"), "the registry's names are known");
        assert!(of_organisation.shows("name not verified ·"), "the lane of the reporter says so beside it");
        let seen = of_reporter.input("seen");
        let fields = [
            ("name", "Harbour Mills"),
            ("role", "reporter"),
            ("mail", "ana@harbour.example"),
            ("reach", "mail"),
            ("language", "en"),
            ("ceiling", "AMBER"),
            ("checked", "1"),
            ("seen", seen.as_str()),
        ];
        story.browser.post(&here(story.reporter), &fields).await.must(303);
        assert!(!story.browser.get(&here(story.reporter)).await.must(200).shows("name not verified"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_whose_address_is_a_contacts_has_the_registrys_name() {
    let house = House::sqlite().await;
    let who = person_of(&house.login_as(Role::Analyst).await, Role::Analyst);
    organisation(&house, "Thaba Hosting", "203.0.113.0/24", "noc@thaba.example").await;
    let mut new = told(&house.app, "mail", "Odd", "Something", "noc@thaba.example");
    new.reporter_org = "The Ministry of Everything".into();
    let report = receive(&house, new).await;
    let case = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Odd".into(), reports: vec![report.id], ..NewCase::default() });
    let case = case.await.unwrap();
    let parties: Vec<(String, i64)> = house.rows("select name, name_checked from parties where case_id = $1", args![case.id]).await;
    assert_eq!(parties, [("Thaba Hosting".to_owned(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_what_the_form_gave_as_hit_is_suggested_as_target_and_anybody_else_as_source() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        organisation(&house, "Hit Networks", "203.0.113.0/24", "noc@hit.example").await;
        organisation(&house, "Odd Networks", "198.51.100.0/24", "noc@odd.example").await;
        organisation(&house, "Weak Networks", "192.0.2.0/24", "noc@weak.example").await;
        let visitor = house.visitor();
        visitor.post("/report", &[("kind", "intrusion")]).await.must(303);
        visitor.post("/report/tell", &[("description", "Somebody is in"), ("systems", "mail server 203.0.113.7")]).await.must(303);
        visitor.post("/report/when", &[("involved", "198.51.100.9 logged in")]).await.must(303);
        visitor.post("/report/check", &[]).await.must(303);
        let mut weak = told(&house.app, "mail", "Exposed database", "On 192.0.2.5 for all to see.", "");
        weak.kind = "weakness".into();
        let weak = receive(&house, weak).await;
        let (first,): (Id,) = house.rows("select id from reports where channel = 'form'", vec![]).await.remove(0);
        let case = NewCase { kind: "incident".into(), title: "In".into(), reports: vec![first, weak.id], ..NewCase::default() };
        let case = cases::open(&house.app, &person_of(&analyst, Role::Analyst), case).await.unwrap();
        let page = analyst.get(&format!("/cases/{}/parties", case.number)).await.must(200).words();
        let role = |name: &str| page.split(name).nth(1).unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned();
        assert_eq!([role("Hit Networks"), role("Odd Networks"), role("Weak Networks")], ["target", "source", "target"], "on {}: {page}", house.on);
        assert!(page.contains("holds 203.0.113.7: named as what was hit"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_for_an_organisation_finds_the_cases_in_which_it_takes_part() {
    for house in House::both().await {
        let story = story(&house).await;
        let found = story.browser.get("/search?q=vodalink").await.must(200);
        assert!(found.shows(&story.case.number) && found.shows("Vodalink Lesotho takes part as source"), "on {}: {}", house.on, found.words());
        assert!(story.browser.get("/search?q=vodalink&in=case").await.must(200).shows(&story.case.number), "as a case, too");
        assert!(story.browser.get("/search?q=harbour+mills&in=case").await.must(200).shows("Harbour Mills takes part as reporter"));
        let number = &story.case.number;
        story.browser.post(&format!("/cases/{number}/parties/{}/removal", story.norlink), &[]).await.must(303);
        assert!(!story.browser.get("/search?q=norlink&in=case").await.must(200).shows(number), "who was taken out is not found there");
        cases::restrict(&house.app, &story.who, story.case.id, true, None).await.unwrap();
        let other = house.login_as(Role::Analyst).await;
        assert!(!other.get("/search?q=vodalink").await.must(200).shows(number), "a restricted case does not exist for others");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_of_which_only_parts_are_held_shows_the_parts() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        organisation(&house, "Low Networks", "203.0.112.0/24", "noc@low.example").await;
        organisation(&house, "High Networks", "203.0.115.128/25", "noc@high.example").await;
        organisation(&house, "Far Networks", "203.1.0.0/24", "noc@far.example").await;
        organisation(&house, "Six Networks", "2001:db8:7::/48", "noc@six.example").await;
        let look = async |what: &str| analyst.get(&format!("/constituency?resource={what}")).await.must(200);
        let page = look("203.0.112.0/22").await;
        let at = |name: &str| page.words().find(name);
        assert!(page.shows("Nobody in the registry held all of") && page.shows("part: prefix 203.0.115.128/25"), "on {}: {}", house.on, page.words());
        assert!(at("part: prefix 203.0.112.0/24") < at("part: prefix 203.0.115.128/25"), "by address");
        assert!(!page.shows("part: prefix 203.1.0.0/24"));
        for (asked, found) in [("2001:db8::/32", true), ("2001:db8:6::/47", true), ("2001:db8:8::/47", false), ("2000::/3", true)] {
            assert_eq!(look(asked).await.shows("part: prefix 2001:db8:7::/48"), found, "{asked}");
        }
        assert!(look("203.0.113.0-203.0.115.255").await.shows("part: prefix 203.0.115.128/25"), "a range has parts too");
        let whole = look("203.0.115.128/25").await;
        assert!(whole.shows("High Networks") && !whole.shows("part:"), "what is held whole is no part of itself");
        assert!(look("192.0.2.0/24").await.shows("Nobody in the registry held 192.0.2.0/24"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_the_ledger_does_not_know_is_told_on_its_own_page() {
    let house = House::sqlite().await;
    let lead = house.login_as(Role::Lead).await;
    for (asked, says) in [("about=unknown", "There is no “unknown”"), ("organisation=Nobody+at+all", "There is no “Nobody at all”")] {
        let page = lead.get(&format!("/ledger?{asked}")).await.must(404);
        assert!(page.shows("Disclosure ledger") && page.shows(says), "{}", page.words());
    }
}

async fn judged(desk: &Browser, number: &str, of: &str) {
    desk.post(&format!("/inbox/{number}/verdict"), &[("verdict", "duplicate"), ("of", of), ("confidence", "high")]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_sent_twice_is_answered_once_and_what_two_sent_is_answered_twice() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let send = async |title: &str, mail: &str| receive(&house, told(&house.app, "mail", title, "The same.", mail)).await;
        let (first, again, other) = (send("One", "ana@shop.example").await, send("Two", "Ana@shop.example").await, send("Three", "bo@mill.example").await);
        house.run_jobs().await;
        judged(&desk, &again.number, &first.number).await;
        judged(&desk, &other.number, &first.number).await;
        assert_eq!(clocks(&house, again.id).await, ["void"], "on {}", house.on);
        assert_eq!(clocks(&house, first.id).await, ["running"], "the promise is kept with the first");
        assert_eq!(clocks(&house, other.id).await, ["running"], "somebody else waits for an answer too");
        let inbox = desk.get("/inbox").await.must(200);
        assert!(!inbox.shows(&again.number) && inbox.shows(&other.number), "{}", inbox.words());
        let page = desk.get(&format!("/inbox/{}", other.number)).await.must(200);
        assert!(page.shows("was promised an answer too"), "{}", page.words());
        let visitor = house.visitor();
        let status = visitor.follow(visitor.get(&format!("/status/{}?secret={}", again.number, again.secret)).await.must(303)).await;
        assert!(status.shows("Sent twice") && status.shows(&first.number), "{}", status.words());
        // Another verdict, and it waits as before.
        desk.post(&format!("/inbox/{}/verdict", again.number), &[("verdict", "undetermined"), ("confidence", "low")]).await.must(303);
        assert_eq!(clocks(&house, again.id).await, ["running"]);
        assert!(desk.get("/inbox").await.must(200).shows(&again.number));
        // Judged after its time was over, the promise was missed all the same.
        house.later(60 * 24 * 14);
        judged(&house.login(desk.person()).await, &again.number, &first.number).await;
        assert_eq!(clocks(&house, again.id).await, ["missed"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_after_the_end_is_promised_an_answer_from_then_on() {
    for house in House::both().await {
        let story = story(&house).await;
        let report: (Id,) = house.rows("select id from reports", vec![]).await.remove(0);
        say(&house, &story, story.reporter, "We are on it.").await.unwrap();
        let lead = person_of(&house.login_as(Role::Lead).await, Role::Lead);
        let end = cases::Closing { outcome: "resolved".into(), waiver: "nothing to recommend".into(), ..cases::Closing::default() };
        cases::close(&house.app, &lead, story.case.id, end).await.unwrap();
        assert_eq!(clocks(&house, report.0).await, ["kept"], "on {}", house.on);
        house.later(60 * 24 * 3);
        let visitor = house.visitor();
        visitor.upload(&format!("{}/reply", crate::messages::page(&house, story.reporter).await), &[("words", "It is back.")], &[]).await.must(303);
        assert_eq!(clocks(&house, report.0).await, ["kept", "running"], "on {}", house.on);
        let (anchor,): (i64,) = house.rows("select anchor_at from clocks where about = $1 and state = 'running'", args![report.0]).await.remove(0);
        assert_eq!(anchor, house.app.now().as_microsecond(), "it counts from when they wrote");
        let due: Vec<(String, Option<i64>)> = house.rows("select state, due_at from cases", vec![]).await;
        assert!(due[0].0 == "resolved" && due[0].1.is_some(), "and the case, which has ended, says when it is due");
        // More of the same before anybody answered promises nothing more.
        house.later(5);
        visitor.upload(&format!("{}/reply", crate::messages::page(&house, story.reporter).await), &[("words", "Really.")], &[]).await.must(303);
        assert_eq!(clocks(&house, report.0).await, ["kept", "running"]);
        let desk = house.login(story.browser.person()).await;
        desk.get(&format!("{}/parties/{}", story.case.path(), story.reporter)).await.must(200);
        say(&house, &story, story.reporter, "We look again.").await.unwrap();
        assert_eq!(clocks(&house, report.0).await, ["kept", "kept"]);
        let waits: Vec<(i64,)> = house.rows("select count(*) from parties where asked_at is not null", vec![]).await;
        assert_eq!(waits[0].0, 0, "on {}: an answer settles what somebody has read", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_once_more_after_going_back_stands_there_once() {
    for house in House::both().await {
        let story = story(&house).await;
        let visitor = house.visitor();
        let own = format!("{}/reply", crate::messages::page(&house, story.vodalink).await);
        let file: [(&str, &str, &str, &[u8]); 1] = [("files", "log.txt", "text/plain", b"one line")];
        for _ in 0..2 {
            visitor.upload(&own, &[("words", "Here is our log.")], &file).await.must(303);
            house.later(10);
        }
        let count = async || house.rows::<(i64,)>("select count(*) from messages where direction = 'in'", vec![]).await[0].0;
        assert_eq!(count().await, 1, "on {}", house.on);
        visitor.upload(&own, &[("words", "Here is our log.")], &[("files", "log.txt", "text/plain", b"another line")]).await.must(303);
        assert_eq!(count().await, 2, "another file is another message");
        house.later(10);
        say(&house, &story, story.vodalink, "Thank you. Is there more?").await.unwrap();
        house.later(10);
        visitor.upload(&own, &[("words", "Here is our log.")], &[("files", "log.txt", "text/plain", b"another line")]).await.must(303);
        assert_eq!(count().await, 3, "said again after an answer, it is said again");
        let before = count().await;
        visitor.upload(&own, &[("words", "Any news?")], &[]).await.must(303);
        house.later(70);
        visitor.upload(&own, &[("words", "Any news?")], &[]).await.must(303);
        assert_eq!(count().await, before + 2, "who asks once more an hour later asks once more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_was_spoken_to_can_be_ended_and_taken_up_again() {
    for house in House::both().await {
        let story = story(&house).await;
        say(&house, &story, story.vodalink, "Look at your router.").await.unwrap();
        let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        assert!(story.browser.post(&format!("{here}/ending"), &[("reason", " ")]).await.must(422).shows("Say why"));
        story.browser.post(&format!("{here}/ending"), &[("reason", "It was another network")]).await.must(303);
        let page = story.browser.get(&here).await.must(200);
        assert!(page.shows("It was another network") && page.shows("Look at your router.") && !page.shows("waiting since"), "{}", page.words());
        let refused = say(&house, &story, story.vodalink, "One more thing.").await;
        assert!(matches!(&refused, Err(atalaya::Error::Conflict(text)) if text.contains("takes part no longer")), "{refused:?}");
        let call = [("direction", "out"), ("words", "Told them more."), ("label", "AMBER")];
        assert!(story.browser.post(&format!("{here}/calls"), &call).await.must(422).shows("takes part no longer"), "nor by phone, without a word why");
        let visitor = house.visitor();
        visitor.upload(&format!("{}/reply", crate::messages::page(&house, story.vodalink).await), &[("words", "We found it.")], &[]).await.must(303);
        assert!(story.browser.get(&here).await.must(200).shows("We found it."), "what it writes still comes in");
        assert!(house.done().await.iter().any(|verb| verb == "party.ended"));
        assert!(story.browser.get(&format!("/cases/{}", story.case.number)).await.must(200).shows("ended the conversation with Vodalink Lesotho"));
        story.browser.post(&format!("{here}/ending/removal"), &[]).await.must(303);
        say(&house, &story, story.vodalink, "One more thing.").await.unwrap();
        let who: &Who = &story.who;
        let sent = messages::thread(&mut house.app.db.read().await.unwrap(), story.vodalink).await.unwrap().len();
        assert_eq!(sent, 3, "on {} by {who}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_keeps_no_cookies_is_told_so() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    visitor.post("/report", &[("kind", "other")]).await.must(303);
    visitor.forget("answers");
    for path in ["/report/tell", "/report/files", "/report/check"] {
        let page = visitor.get(path).await.must(422);
        assert!(page.shows("Your answers are not here") && page.shows("cookies"), "{path}: {}", page.words());
    }
    let receipt = receive(&house, NewReport { acknowledge: false, ..told(&house.app, "form", "One", "Two", "") }).await;
    let visitor = house.visitor();
    visitor.get(&format!("/status/{}?secret={}", receipt.number, receipt.secret)).await.must(303);
    visitor.forget("status");
    assert!(visitor.get(&format!("/status/{}", receipt.number)).await.must(404).shows("Your browser sent us no secret"));
    visitor.set_cookie("status", "wrong");
    assert!(visitor.get(&format!("/status/{}", receipt.number)).await.must(404).shows("We find no report"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_can_forget_the_receipt_and_the_report_stays() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    visitor.post("/report", &[("kind", "other")]).await.must(303);
    visitor.post("/report/tell", &[("description", "On a borrowed machine")]).await.must(303);
    visitor.post("/report/check", &[]).await.must(303);
    assert!(visitor.get("/report/received").await.must(200).shows("Forget this receipt on this device"));
    let answer = visitor.post("/report/forget", &[]).await.must(303);
    let taken: Vec<&String> = answer.headers.iter().filter(|(name, line)| name == "set-cookie" && line.contains("Max-Age=0")).map(|(_, line)| line).collect();
    assert!(taken.iter().any(|line| line.starts_with("answers=;")) && taken.iter().any(|line| line.contains("Path=/status/R-")), "{taken:?}");
    assert!(visitor.get("/report/received").await.status != 200, "the device no longer leads to it");
    let kept: Vec<(String,)> = house.rows("select title from reports", vec![]).await;
    assert_eq!(kept.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_office_says_when_it_reads_again_and_whom_to_call() {
    let house = House::with(|profile| profile.team.urgent_phone = Some(profile.team.host.clone())).await;
    assert!(house.visitor().get("/").await.must(200).shows("Our office is open now"));
    house.set_clock("2026-11-28T23:00:00+02:00");
    let page = house.visitor().get("/").await.must(200);
    assert!(page.shows("Our office is closed now") && page.shows("We read again from Mon 30 November 2026"), "{}", page.words());
    assert!(page.text().matches(house.app.profile.team.host.text("en")).count() >= 2, "the phone stands on the page itself, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_languages_that_have_texts_are_offered() {
    let house = House::with(|profile| profile.languages = ["en", "zu", "es"].map(str::to_owned).to_vec()).await;
    let page = house.visitor().get("/").await.must(200);
    assert!(!page.text().contains("lang=zu") && !page.links("/?lang=es").is_empty(), "{}", page.text());
    assert!(house.visitor().speaking("zu").get("/").await.must(200).shows("This page is not yet in zu"), "who asks for it is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_session_is_told_in_one_voice() {
    let house = House::sqlite().await;
    let stranger = house.visitor();
    let page = stranger.post("/cases", &[("title", "Typed for an hour"), ("kind", "incident")]).await.must(401);
    assert!(page.shows("Leave it open") && !page.shows("go back in your browser"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_footer_leads_to_keys_only_when_there_are_any() {
    let house = House::sqlite().await;
    let page = house.visitor().get("/").await.must(200);
    assert!(page.links("/openpgp").is_empty(), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_the_inbox_says_when_it_is_due() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let report = receive(&house, told(&house.app, "form", "One", "Two", "")).await;
    let shown = |page: &crate::house::Answer| page.words().split("by form").nth(1).unwrap_or_default().to_owned();
    let page = analyst.get("/inbox").await.must(200);
    assert!(shown(&page).starts_with(" · due "), "{}", page.words());
    house.later(60 * 24 * 14);
    let page = house.login(analyst.person()).await.get("/inbox").await.must(200);
    assert!(shown(&page).starts_with(" · was due "), "{}", page.words());
    assert!(number_of(&house, report.id).await == report.number);
    let _ = reports::find(&mut house.app.db.read().await.unwrap(), &report.number).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_may_stand_where_the_other_options_stand_and_blobs_are_counted_in_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("atalaya.toml"), crate::kill::profile(&crate::house::Sink::start().await)).unwrap();
    let app = crate::kill::open(here, store::Clock::System).await;
    reports::receive(&app, &Who::Public, told(&app, "form", "One", "x", "")).await.unwrap();
    app.db.close().await;
    drop(app);
    let run = async |before: &[&str]| {
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_atalaya"));
        program.args(before).arg("--profile").arg(here.join("atalaya.toml")).arg("--data").arg(here.join("data"));
        let output = program.arg("--key").arg(here.join("instance.key")).output().await.unwrap();
        assert!(output.status.success(), "{before:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["user", "list"]).await;
    let checked = run(&["verify"]).await;
    assert!(checked.contains("1 blobs (0 of them files, the others in the database)"), "{checked}");
    let copied = run(&["backup", &here.join("copy").display().to_string()]).await;
    assert!(copied.contains("with every small blob in it, and 0 blob files"), "{copied}");
}
