//! What a first user stumbled over in reports, cases, mail and clocks, once each.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::access::{Role, Who};
use atalaya::cases::{self, NewCase};
use atalaya::profile::{Anchor, AppliesTo, KeptBy};
use atalaya::reports::{self, NewReport};
use store::{Id, args};

use crate::house::{Browser, House};
use crate::mailbox::{keep, letter};
use crate::messages::{organisation, page, say, story};
use crate::reports::told;
use crate::triage::{person_of, receive};

async fn states(house: &House, about: Id) -> Vec<String> {
    let rows: Vec<(String,)> = house.rows("select state from clocks where about = $1 order by anchor_at, id", args![about]).await;
    rows.into_iter().map(|(state,)| state).collect()
}

/// The page of a report, for whoever holds its link.
async fn followed(house: &House, visitor: &Browser, report: Id) -> String {
    let link = reports::link(&mut house.app.db.read().await.unwrap(), &house.app, report).await.unwrap().unwrap();
    let way = visitor.get(&link[link.find("/status/").unwrap()..]).await.must(303);
    visitor.follow(way).await.must(200).words()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_from_a_colleague_with_nothing_but_the_number_is_put_into_the_partys_thread_by_hand() {
    for house in House::both().await {
        let story = story(&house).await;
        let number = &story.case.number;
        say(&house, &story, story.vodalink, "Please look at 203.0.113.7.").await.unwrap();
        house.later(10);
        let came = house.app.now().as_microsecond();
        let write = async |subject: &str, words: &str| {
            let raw = letter("bea@vodalink.example", subject, "", words);
            keep(&house, "bea@vodalink.example", &raw).await;
            house.run_jobs().await;
            house.rows::<(Id, String)>("select id, number from reports where channel = 'mail' order by received_at desc, id desc", vec![]).await.remove(0)
        };
        let (report, own) = write(&format!("[{number}] our side"), "We blocked 203.0.113.9 and 192.0.2.77.").await;
        let desk = &story.browser;
        let opened = desk.get(&format!("/inbox/{own}")).await.must(200);
        assert!(opened.shows(&format!("It is an answer in {number}")), "on {}: {}", house.on, opened.words());
        let here = format!("/inbox/{own}/thread");
        let asked = desk.get(&here).await.must(200);
        assert!(asked.shows("Vodalink Lesotho same domain") && asked.shows("Norlink Transit"), "on {}: {}", house.on, asked.words());
        assert!(desk.get(&format!("{here}?case=MLT-2026-999999")).await.must(422).shows("There is no case MLT-2026-999999"));
        assert!(desk.post(&here, &[("case", number)]).await.must(422).shows("Choose whose answer it is"));
        house.later(20);
        let vodalink = story.vodalink.to_string();
        desk.post(&here, &[("case", number), ("party", &vodalink)]).await.must(303);
        assert!(desk.post(&here, &[("case", number), ("party", &vodalink)]).await.must(422).shows("is resolved"), "on {}: once", house.on);
        let thread = desk.get(&format!("/cases/{number}/parties/{vodalink}")).await.must(200);
        assert!(thread.shows("We blocked 203.0.113.9") && thread.shows(&format!("It came as {own} from bea@vodalink.example")), "{}", thread.words());
        assert!(thread.text().contains("/original\""), "the mail as it came is there too");
        assert!(desk.get(&format!("/cases/{number}")).await.must(200).shows("192.0.2.77"), "what it names is seen in the case");
        let at: Vec<(i64, i64)> =
            house.rows("select m.at, p.last_in from messages m join parties p on p.id = m.party_id where m.direction = 'in'", vec![]).await;
        assert_eq!(at, [(came, came)], "on {}: it stands where it came", house.on);
        assert!(house.visitor().get(&page(&house, story.vodalink).await).await.must(200).shows("We blocked 203.0.113.9"));
        assert_eq!(states(&house, report).await, ["void"], "on {}: who wrote is answered in the thread", house.on);
        let status = followed(&house, &house.visitor(), report).await;
        assert!(status.contains("Part of a conversation") && status.matches(number.as_str()).count() == 1, "the title alone names it: {status}");

        // After the end it counts from when it came, and waits for somebody to say whether work goes on.
        let lead = person_of(&house.login_as(Role::Lead).await, Role::Lead);
        let end = cases::Closing { outcome: "resolved".into(), waiver: "nothing to recommend".into(), ..cases::Closing::default() };
        cases::close(&house.app, &lead, story.case.id, end).await.unwrap();
        house.later(20);
        let (_, own) = write(&format!("{number} again"), "It is back.").await;
        let before = house.app.now().as_microsecond();
        house.later(20);
        let asked = desk.get(&format!("/inbox/{own}/thread?case={number}")).await.must(200);
        assert!(asked.shows("The case has ended"), "{}", asked.words());
        desk.post(&format!("/inbox/{own}/thread"), &[("case", number), ("party", &vodalink)]).await.must(303);
        let waits: Vec<(Option<i64>,)> = house.rows("select asked_at from parties where id = $1", args![story.vodalink]).await;
        assert_eq!(waits, [(Some(before),)], "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_on_a_placed_report_since_goes_into_the_thread_by_itself_and_nothing_twice() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let desk = &story.browser;
    let told = receive(&house, told(&house.app, "mail", "Our side", "We blocked it.", "bea@vodalink.example")).await;
    let here = format!("/inbox/{}/thread", told.number);
    let (number, vodalink) = (story.case.number.as_str(), story.vodalink.to_string());
    let put = [("case", number), ("party", vodalink.as_str())];
    house.later(1);
    desk.post(&here, &put).await.must(303);
    house.later(20);
    let outside = house.visitor();
    outside.get(&format!("/status/{}?secret={}", told.number, told.secret)).await.must(303);
    outside.upload(&format!("/status/{}", told.number), &[("body", "And the rest of it.")], &[]).await.must(303);
    house.later(1);
    assert!(desk.post(&here, &put).await.must(422).shows("is resolved"));
    assert!(followed(&house, &outside, told.id).await.contains("And the rest of it."), "its writer reads it where it was written");
    let said: Vec<(String,)> = house.rows("select body from messages where party_id = $1 order by at", args![story.vodalink]).await;
    assert_eq!(said, [("We blocked it.".to_owned(),), ("And the rest of it.".to_owned(),)]);
    assert_eq!(states(&house, told.id).await, ["void"]);
    // Who may not know of the case finds none of that number.
    let lead = house.login_as(Role::Lead).await;
    lead.post(&format!("/cases/{number}/change"), &[("what", "owner"), ("owner", &lead.person().to_string())]).await.must(303);
    lead.post(&format!("/cases/{number}/change"), &[("what", "restriction"), ("restricted", "yes")]).await.must(303);
    let other = receive(&house, crate::reports::told(&house.app, "mail", &format!("{number} more"), "Hello.", "bea@vodalink.example")).await;
    let hidden = desk.get(&format!("/inbox/{}/thread?case={number}", other.number)).await.must(422);
    assert!(hidden.shows("There is no case") && !hidden.shows("Vodalink Lesotho"), "{}", hidden.words());
    desk.post(&format!("/inbox/{}/thread", other.number), &put).await.must(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_somebody_typed_in_is_not_verified_before_somebody_says_so() {
    for house in House::both().await {
        let story = story(&house).await;
        let parties = format!("/cases/{}/parties", story.case.number);
        let checked = async |fields: &[(&str, &str)]| {
            let to = story.browser.post(&parties, fields).await.must(303).location().unwrap();
            let id: Id = to.rsplit('/').next().unwrap().parse().unwrap();
            house.rows::<(i64,)>("select name_checked from parties where id = $1", args![id]).await[0].0
        };
        let firm = organisation(&house, "Basalt Telecom", "192.0.2.0/24", "noc@basalt.example").await.to_string();
        assert!(story.browser.get(&parties).await.must(200).shows("Verified: we know that it is who the name says"));
        assert_eq!(checked(&[("name", "A host"), ("role", "other"), ("mail", "desk@host.example")]).await, 0, "on {}", house.on);
        assert_eq!(checked(&[("name", "Another"), ("role", "other"), ("mail", "desk@other.example"), ("checked", "1")]).await, 1, "on {}", house.on);
        assert_eq!(checked(&[("organisation", &firm), ("role", "other"), ("mail", "ceo@free.example")]).await, 0, "an address that the registry does not know");
        assert_eq!(checked(&[("organisation", &firm), ("role", "other"), ("mail", "NOC@basalt.example")]).await, 1, "on {}", house.on);
        let lanes = story.browser.get(&format!("/cases/{}", story.case.number)).await.must(200);
        assert!(lanes.text().matches("name not verified").count() >= 3, "{}", lanes.words());
        let host: Vec<(Id,)> = house.rows("select id from parties where name = 'A host'", vec![]).await;
        let shown = story.browser.get(&format!("{parties}/{}", host[0].0)).await.must(200);
        assert!(shown.shows("Somebody of the team typed it in. Nobody has checked it yet."), "{}", shown.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_reached_by_phone_has_a_number_that_nobody_else_is_told() {
    for house in House::both().await {
        let story = story(&house).await;
        let desk = &story.browser;
        let parties = format!("/cases/{}/parties", story.case.number);
        let by_phone = async |phone: &str| {
            let parties = format!("/cases/{}/parties", story.case.number);
            story.browser.post(&parties, &[("name", "The old mill"), ("role", "target"), ("reach", "phone"), ("phone", phone)]).await.must(422)
        };
        assert!(by_phone("").await.shows("Enter a phone number") && by_phone("ask Ana").await.shows("with its digits"), "on {}", house.on);
        let fields = [("name", "The old mill"), ("role", "target"), ("reach", "phone"), ("phone", "+266 5550 0101")];
        let mill = desk.post(&parties, &fields).await.must(303).location().unwrap();
        let mill = mill.split(['?', '#']).next().unwrap().to_owned();
        assert!(desk.get(&mill).await.must(200).shows("Phone +266 5550 0101"), "on {}", house.on);
        let form = [("do", "save"), ("subject", "News"), ("body", "We look into it."), ("label", "AMBER"), ("channel", "portal"), ("base", "0")];
        desk.post(&format!("{mill}/message"), &form).await;
        let asked = desk.get(&format!("{mill}/message")).await.must(200);
        assert!(asked.shows("No mail tells them that it is there: call them at +266 5550 0101"), "on {}: {}", house.on, asked.words());
        let leaked = say(&house, &story, story.vodalink, "The victim sits at +266 5550 0101.").await;
        assert!(matches!(&leaked, Err(atalaya::Error::Conflict(why)) if why.contains("a number of The old mill")), "on {}: {leaked:?}", house.on);
        let leaked = say(&house, &story, story.vodalink, "The victim sits at 55500101.").await;
        assert!(matches!(&leaked, Err(atalaya::Error::Conflict(why)) if why.contains("a number of The old mill")), "on {}: {leaked:?}", house.on);

        let page = desk.get(&mill).await.must(200);
        let seen = page.input("seen");
        let changed = [
            ("seen", seen.as_str()),
            ("name", "The old mill"),
            ("role", "target"),
            ("reach", "phone"),
            ("phone", "+266 5550 0202"),
            ("language", "en"),
            ("ceiling", "AMBER"),
        ];
        desk.post(&mill, &changed).await.must(303);
        assert!(desk.get(&mill).await.must(200).shows("Phone +266 5550 0202"), "on {}", house.on);
        // A number that the report gives is there by itself.
        let mut new = told_by_phone(&house);
        new.reporter_phone = "+266 5550 0303".into();
        let report = reports::receive(&house.app, &Who::Public, new).await.unwrap();
        let new = cases::NewCase { kind: "incident".into(), title: "Called in".into(), reports: vec![report.id], ..NewCase::default() };
        let case = cases::open(&house.app, &story.who, new).await.unwrap();
        let add = cases::parties::NewParty { report: Some(report.id), role: "reporter".into(), ..cases::parties::NewParty::default() };
        let reporter = cases::parties::add(&house.app, &story.who, case.id, add).await.unwrap();
        let page = format!("/cases/{}/parties/{reporter}", case.number);
        assert!(desk.get(&page).await.must(200).shows("Phone +266 5550 0303"), "on {}", house.on);
        desk.post(&format!("{page}/message"), &form).await.must(303);
        let asked = desk.get(&format!("{page}/message")).await.must(200);
        assert!(asked.shows("call them at +266 5550 0303"), "on {}: {}", house.on, asked.words());
    }
}

fn told_by_phone(house: &House) -> NewReport {
    told(&house.app, "phone", "A call", "Something is wrong.", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_report_is_marked_as_shows_on_its_case_and_in_the_list_while_work_goes_on() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let who = person_of(&desk, Role::Analyst);
        let open = async |title: &str, urgent: bool, help: bool| {
            let report = receive(&house, NewReport { urgent, help, ..told(&house.app, "form", title, "x", "") }).await;
            let new = NewCase { kind: "advice".into(), title: title.into(), reports: vec![report.id], ..NewCase::default() };
            cases::open(&house.app, &who, new).await.unwrap()
        };
        let (burning, quiet) = (open("Burning", true, true).await, open("Quiet", false, false).await);
        let list = desk.get("/cases").await.must(200).text();
        let row = |title: &str| list.split("<tr").find(|row| row.contains(title)).unwrap().to_owned();
        assert!(row("Burning").contains(">urgent<") && row("Burning").contains(">help wanted<"), "on {}: {}", house.on, row("Burning"));
        assert!(!row("Quiet").contains(">urgent<") && !row("Quiet").contains(">help wanted<"), "on {}", house.on);
        let head = async |case: &cases::Case| desk.get(&format!("/cases/{}", case.number)).await.must(200).text();
        assert!(head(&burning).await.contains(">urgent<") && !head(&quiet).await.contains(">urgent<"), "on {}", house.on);
        let end = cases::Closing { outcome: "resolved".into(), ..cases::Closing::default() };
        cases::close(&house.app, &who, burning.id, end).await.unwrap();
        assert!(!head(&burning).await.contains(">urgent<"), "on {}: it is over", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reports_something_urgent_at_night_is_told_whom_to_call_and_when_somebody_reads() {
    let house = House::with(|profile| profile.team.night_phone = Some(profile.team.host.clone())).await;
    let (day, night) = ("+266 0000 0102", house.app.profile.team.host.text("en"));
    let walk = async |urgent: bool| {
        let visitor = house.visitor();
        visitor.post("/report", &[("kind", "intrusion")]).await.must(303);
        visitor.post("/report/tell", &[("description", "Somebody is in")]).await.must(303);
        let asked = visitor.get("/report/urgency").await.must(200).text();
        visitor.post("/report/urgency", if urgent { &[("urgent", "yes")] } else { &[("wanted", "")] }).await.must(303);
        visitor.post("/report/contact", &[("mail", "ana@shop.example")]).await.must(303);
        visitor.post("/report/check", &[]).await.must(303);
        let received = visitor.get("/report/received").await.must(200).text();
        house.run_jobs().await;
        let mail = house.sink.to("ana@shop.example").pop().unwrap().letter().text;
        [asked, received, mail].map(|text| text.split("<footer>").next().unwrap().to_owned())
    };
    for text in walk(true).await {
        assert!(text.contains(day) && !text.contains(night) && !text.contains("office is closed"), "{text}");
    }
    house.set_clock("2026-11-28T23:00:00+02:00");
    let [asked, received, mail] = walk(true).await;
    for text in [&asked, &received, &mail] {
        assert!(text.contains(night) && !text.contains(day), "{text}");
    }
    for text in [&asked, &received] {
        assert!(text.contains("Our office is closed now") && text.contains("a person reads it from Mon 30 November 2026"), "{text}");
    }
    let [_, quiet, _] = walk(false).await;
    assert!(!quiet.contains("Our office is closed now"), "who is in no hurry reads when an answer is due: {quiet}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_to_urgent_reports_says_so() {
    let house = House::sqlite().await;
    for promise in house.app.profile.promises.iter().filter(|promise| promise.applies_to.contains(&AppliesTo::Urgent)) {
        assert!(promise.title.text("en").contains("urgent"), "{:?}", promise.title);
    }
    let sector = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../profiles/sector.toml")).unwrap();
    assert!(sector.contains("If it is urgent or you ask for help, a person comes back"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_closes_says_what_becomes_of_promises_and_whom_nobody_tells() {
    let promises = |profile: &mut atalaya::profile::Profile| {
        let titles = [profile.team.short_name.clone(), profile.team.host.clone()];
        for ((id, kept_by), title) in [("heard", KeptBy::Answer), ("ended", KeptBy::Closing)].into_iter().zip(titles) {
            let mut promise = profile.promises[0].clone();
            (promise.id, promise.anchor, promise.kept_by) = (id.into(), Anchor::Opened, kept_by);
            promise.title = title;
            promise.applies_to = vec![AppliesTo::Any];
            profile.promises.push(promise);
        }
    };
    for house in House::both_with(promises).await {
        let story = story(&house).await;
        say(&house, &story, story.vodalink, "Please look at 203.0.113.7.").await.unwrap();
        let close = format!("/cases/{}/close", story.case.number);
        let shown = story.browser.get(&close).await.must(200);
        assert!(
            shown.shows("Closing keeps: Maluti Communications Regulator.") && shown.shows("Ends with the case: MALUTI-CSIRT."),
            "on {}: {}",
            house.on,
            shown.words()
        );
        assert!(shown.shows("Still running: R-2026-000001: A person answers your report"), "on {}: {}", house.on, shown.words());
        assert!(shown.shows("Tell those whom we wrote to") && shown.shows("Write that it has ended , to Vodalink Lesotho"), "{}", shown.words());
        assert!(!shown.shows("to Norlink Transit"), "who was told nothing need not hear that it ended");
        let way = format!("/cases/{}/parties/{}/message?template=closing&back=close", story.case.number, story.vodalink);
        let looked = story.browser.get(&way).await.must(200);
        assert!(looked.shows("we close it. Thank you for your help") && looked.shows("Back to closing"), "{}", looked.words());
        house.later(60 * 24 * 7);
        let late = house.login_as(Role::Analyst).await.get(&close).await.must(200);
        assert!(
            late.shows("Late: Maluti Communications Regulator. Its time is over: closing ends it, and it counts as missed."),
            "on {}: {}",
            house.on,
            late.words()
        );
        assert!(!late.shows("Closing keeps"), "on {}", house.on);
        // A promise to the reporter runs on, and the reporter reads it.
        let lead = person_of(&house.login_as(Role::Lead).await, Role::Lead);
        let end = cases::Closing { outcome: "resolved".into(), waiver: "nothing to recommend".into(), ..cases::Closing::default() };
        cases::close(&house.app, &lead, story.case.id, end).await.unwrap();
        let report: Vec<(Id,)> = house.rows("select id from reports", vec![]).await;
        let status = followed(&house, &house.visitor(), report[0].0).await;
        assert!(status.contains("Closed: solved") && status.contains("we are late A person answers your report"), "on {}: {status}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_form_names_as_impersonated_is_suggested_as_target() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        for (name, prefix) in [("Maluti Bank", "203.0.113.0/24"), ("Ban", "198.51.100.0/24"), ("Other Bank", "192.0.2.0/24")] {
            organisation(&house, name, prefix, "desk@bank.example").await;
        }
        let visitor = house.visitor();
        visitor.post("/report", &[("kind", "impersonation")]).await.must(303);
        visitor.post("/report/tell", &[("description", "A false page"), ("pretends", "the MALUTI  Bank, or so it says")]).await.must(303);
        visitor.post("/report/check", &[]).await.must(303);
        let report: Vec<(Id,)> = house.rows("select id from reports", vec![]).await;
        let new = NewCase { kind: "incident".into(), title: "False page".into(), reports: vec![report[0].0], ..NewCase::default() };
        let case = cases::open(&house.app, &person_of(&desk, Role::Analyst), new).await.unwrap();
        let shown = desk.get(&format!("/cases/{}/parties", case.number)).await.must(200);
        let suggested = shown.text().split("Somebody else").next().unwrap().to_owned();
        assert!(suggested.contains("Maluti Bank") && suggested.contains("named as whom somebody pretends to be"), "on {}: {suggested}", house.on);
        assert!(!suggested.contains("Other Bank") && !suggested.contains(">Ban<"), "on {}: {suggested}", house.on);
        assert!(suggested.contains("name=\"role\" value=\"target\""), "on {}: {suggested}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_long_ago_that_is_pressed_twice_at_once_makes_its_thing_once() {
    for house in House::both_with(|profile| profile.staff.idle_minutes = 600).await {
        let story = story(&house).await;
        let path = format!("/cases/{}/tasks", story.case.number);
        let task = [("title", "Look again")];
        let count = async || house.rows::<(i64,)>("select count(*) from tasks", vec![]).await[0].0;
        story.browser.post(&path, &task).await.must(303);
        house.later(61);
        let (one, other) = tokio::join!(story.browser.post(&path, &task), story.browser.post(&path, &task));
        assert_eq!([one.status, other.status], [303, 303], "on {}", house.on);
        assert_eq!(count().await, 2, "on {}: one of long ago, one of now", house.on);
        house.later(61);
        atalaya::once::sweep(&house.app).await.unwrap();
        let kept: Vec<(i64,)> = house.rows("select count(*) from sent_forms", vec![]).await;
        assert_eq!(kept[0].0, 0, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recommendation_answered_after_the_end_asks_nobody_to_decide() {
    let house = House::sqlite().await;
    let story = story(&house).await;
    let who = &story.who;
    let id = atalaya::cases::recommendations::add(&house.app, who, story.vodalink, "operational", "Block it.", None).await.unwrap();
    say(&house, &story, story.vodalink, "Please look.").await.unwrap();
    cases::close(&house.app, who, story.case.id, cases::Closing { outcome: "resolved".into(), ..cases::Closing::default() }).await.unwrap();
    atalaya::cases::recommendations::answer(&house.app, &Who::Party(story.vodalink), id, ("done", "", "")).await.unwrap();
    let waits: Vec<(i64,)> = house.rows("select count(*) from parties where asked_at is not null", vec![]).await;
    assert_eq!(waits[0].0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn thanks_for_an_answer_leave_a_report_as_it_ended_with_one_press() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let end = async |number: &str| desk.post(&format!("/inbox/{number}/ending"), &[]).await;
        let thank = async |report: &reports::Receipt, words: &str| {
            house.later(5);
            let outside = house.visitor();
            outside.get(&format!("/status/{}?secret={}", report.number, report.secret)).await.must(303);
            outside.upload(&format!("/status/{}", report.number), &[("body", words)], &[]).await.must(303);
        };
        let standing = async |report: &reports::Receipt| {
            let text = "select state, disposition, disposition_reason from reports where id = $1";
            house.rows::<(String, Option<String>, String)>(text, args![report.id]).await.remove(0)
        };
        let advised = receive(&house, told(&house.app, "form", "A question", "x", "ana@shop.example")).await;
        reports::answer(&house.app, &Who::Operator, advised.id, "Advice", "Do this.", formats::label::Tlp::Green).await.unwrap();
        end(&advised.number).await.must(409);
        thank(&advised, "Thank you.").await;
        assert_eq!(standing(&advised).await, ("open".to_owned(), None, String::new()), "on {}: somebody reads it", house.on);
        assert!(desk.get(&format!("/inbox/{}", advised.number)).await.must(200).shows("Leave it as it ended"), "on {}", house.on);
        // What came after the page was shown is read first.
        let stale = desk.get(&format!("/inbox/{}", advised.number)).await.must(200).input("seen");
        thank(&advised, "And it is back.").await;
        let ending = format!("/inbox/{}/ending", advised.number);
        desk.post(&ending, &[("seen", &stale)]).await.must(409);
        let seen = desk.get(&format!("/inbox/{}", advised.number)).await.must(200).input("seen");
        desk.post(&ending, &[("seen", &seen)]).await.must(303);
        assert_eq!(standing(&advised).await, ("resolved".to_owned(), Some("advice".to_owned()), String::new()), "on {}", house.on);
        assert_eq!(states(&house, advised.id).await, ["kept", "void"], "on {}", house.on);
        assert!(followed(&house, &house.visitor(), advised.id).await.contains("Answered"), "on {}", house.on);
        end(&advised.number).await.must(409);
        let rejected = receive(&house, told(&house.app, "form", "Spam", "x", "bo@shop.example")).await;
        reports::reject(&house.app, &Who::Operator, rejected.id, "an advertisement").await.unwrap();
        thank(&rejected, "It was none.").await;
        end(&rejected.number).await.must(303);
        assert_eq!(standing(&rejected).await, ("rejected".to_owned(), Some("rejected".to_owned()), "an advertisement".to_owned()), "on {}", house.on);
        assert!(states(&house, rejected.id).await.iter().all(|state| state == "void"), "on {}", house.on);
        // Taken back later, the promise of the first day counts again.
        reports::undo_reject(&house.app, &Who::Operator, rejected.id).await.unwrap();
        assert_eq!(states(&house, rejected.id).await[0], "running", "on {}", house.on);
        // Who judges otherwise decided something: there is nothing left to leave.
        thank(&advised, "One thing more.").await;
        reports::reject(&house.app, &Who::Operator, advised.id, "no").await.unwrap();
        reports::undo_reject(&house.app, &Who::Operator, advised.id).await.unwrap();
        end(&advised.number).await.must(409);
    }
}
