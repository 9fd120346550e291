//! What becomes of a report inside its case: its promise, its reporter's mails, and what the desk sees of both.

#![allow(unused_must_use, reason = "must() itself is the check")]

use atalaya::Error;
use atalaya::access::{Role, Who};
use atalaya::cases::{self, Closing, messages, parties};
use atalaya::reports::{self, Receipt};
use store::{Id, args};

use crate::house::{Answer, Browser, House};
use crate::messages::analyst;
use crate::reports::told;

async fn report(house: &House, language: &str) -> Receipt {
    let mut new = told(&house.app, "form", "A secret title", "Somebody asks for my password on 203.0.113.9.", "nomvula@home.example");
    new.language = language.into();
    reports::receive(&house.app, &Who::Public, new).await.unwrap()
}

/// Opens a case from a report with the button of the inbox; the case's page and its reporter's lane.
async fn opened(desk: &Browser, number: &str) -> (Answer, String, String) {
    let made = desk.post(&format!("/inbox/{number}/cases"), &[]).await.must(303);
    let page = desk.follow(made).await.must(200);
    let lane = page.links("/cases/").into_iter().find(|link| link.contains("/parties/")).unwrap();
    let case = lane.split("/parties/").next().unwrap().to_owned();
    (page, case, lane)
}

/// Looks at a text and releases it.
async fn send(desk: &Browser, lane: &str, subject: &str, body: &str, back: &str) -> Answer {
    let fields =
        [("do", "look"), ("subject", subject), ("body", body), ("label", "AMBER"), ("channel", "mail"), ("substantive", "1"), ("base", "0"), ("back", back)];
    let kept = desk.post(&format!("{lane}/message"), &fields).await.must(303);
    let looked = desk.follow(kept).await.must(200);
    let release = [("seen", looked.input("seen")), ("base", looked.input("base")), ("back", back.to_owned())];
    let release: Vec<(&str, &str)> = release.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.post(&format!("{lane}/release"), &release).await.must(303)
}

async fn due(house: &House, table: &'static str) -> Option<i64> {
    let text = if table == "cases" { "select due_at from cases order by opened_at limit 1" } else { "select due_at from reports order by received_at limit 1" };
    house.rows::<(Option<i64>,)>(text, vec![]).await[0].0
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_a_report_is_seen_in_its_case_until_its_reporter_is_answered() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let told = report(&house, "en").await;
        let (page, case, lane) = opened(&desk, &told.number).await;
        let promise = "A person answers your report within one business day";
        assert!(page.shows(promise) && page.shows(&format!("{} ·", told.number)), "{}", page.words());
        assert!(page.shows("Somebody asks for my password"), "its first words stand there");
        assert_eq!(due(&house, "cases").await, due(&house, "reports").await);
        assert!(due(&house, "cases").await.is_some());
        assert_eq!(house.rows::<(Option<Id>,)>("select owner_id from reports", vec![]).await[0].0, Some(desk.person()));
        assert!(desk.get("/clocks").await.must(200).shows(&told.number), "it is among mine");
        // It is held, and then too late: the case says both.
        let clock = house.rows::<(Id,)>("select id from clocks where state = 'running'", vec![]).await[0].0;
        desk.post(&format!("/clocks/{clock}/pause"), &[("reason", "waiting-for-reporter")]).await.must(303);
        assert_eq!(due(&house, "cases").await, None, "{}: what is held is not due", house.on);
        desk.post(&format!("/clocks/{clock}/resumption"), &[]).await.must(303);
        house.later(6 * 24 * 60);
        let desk = house.login(desk.person()).await;
        assert!(desk.get("/cases?state=open&due=late").await.must(200).shows("A secret title"), "{}", house.on);
        // An answer to the reporter stops it in both.
        send(&desk, &lane, "About your report", "We look after it.", "").await;
        assert_eq!((due(&house, "cases").await, due(&house, "reports").await), (None, None), "{}", house.on);
        assert!(desk.get(&case).await.must(200).shows("missed, was due"));
        assert!(!desk.get("/cases?state=open&due=late").await.must(200).shows("A secret title"));
        assert!(!desk.get(&format!("{lane}/message")).await.must(200).shows("clocks that wait for an answer"), "none waits any more");
        // Linked and taken out again, its clock comes and goes.
        let more = report(&house, "en").await;
        let id = house.rows::<(Id,)>("select id from cases", vec![]).await[0].0;
        let who = analyst(desk.person());
        cases::link_report(&house.app, &who, id, more.id).await.unwrap();
        assert!(due(&house, "cases").await.is_some(), "{}", house.on);
        cases::unlink_report(&house.app, &who, id, more.id).await.unwrap();
        assert_eq!(due(&house, "cases").await, None, "{}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_triage_found_goes_along_into_the_case() {
    let house = House::sqlite().await;
    let desk = house.login_as(Role::Analyst).await;
    let told = report(&house, "en").await;
    desk.post(&format!("/inbox/{}/verdict", told.number), &[("verdict", "not_an_incident"), ("confidence", "high")]).await.must(303);
    let (page, case, _) = opened(&desk, &told.number).await;
    assert!(page.shows("not an incident, high confidence"), "{}", page.words());
    desk.post(&format!("{case}/change"), &[("what", "verdict"), ("verdict", "confirmed"), ("confidence", "low"), ("reason", "")]).await.must(303);
    assert!(desk.get(&case).await.must(200).shows("confirmed, low confidence"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_has_read_shows_on_the_list_and_in_the_menu() {
    for house in House::both().await {
        let (desk, other) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let told = report(&house, "en").await;
        let (_, _, lane) = opened(&desk, &told.number).await;
        send(&desk, &lane, "About your report", "We look after it.", "").await;
        assert!(!desk.get("/inbox").await.must(200).shows("1 new"));
        let outside = house.visitor();
        let status = format!("/status/{}", told.number);
        let way = outside.get(&format!("{status}?secret={}", told.secret)).await.must(303);
        outside.follow(way).await.must(200);
        outside.upload(&status, &[("body", "It came again.")], &[]).await.must(303);
        assert!(desk.get("/inbox").await.must(200).shows("1 new"), "{}: it is mine", house.on);
        assert!(!other.get("/inbox").await.must(200).shows("1 new"), "{}: it is somebody else's", house.on);
        for path in ["/cases", "/cases?state=open&unread=yes"] {
            assert!(other.get(path).await.must(200).shows("1 new"), "{}: {path} says it to everybody", house.on);
        }
        desk.get(&lane).await.must(200);
        assert!(!desk.get("/cases").await.must(200).shows("1 new"), "{}: it was read", house.on);
        assert!(desk.get("/cases?state=open&unread=yes").await.must(200).shows("No case like that"), "{}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_is_written_to_about_its_report_and_in_its_own_words() {
    let house = House::sqlite().await;
    let desk = house.login_as(Role::Analyst).await;
    for (language, hello, label) in [("en", "Hello,", "for you; pass it on only to people"), ("es", "Buenos días:", "para usted; compártalo solo")] {
        let told = report(&house, language).await;
        let (_, case, lane) = opened(&desk, &told.number).await;
        let looked = desk.get(&format!("{lane}/message?template=answer_reporter")).await.must(200);
        assert!(looked.shows(hello) && looked.shows(label) && looked.shows(&told.number), "{}", looked.words());
        for never in ["Dear colleagues", "Estimados colegas", "nothing of yours", "/party/", "Notify", "Tell the source"] {
            assert!(!looked.shows(never), "{never} in {}", looked.words());
        }
        // What is only shown cannot be released yet; inserted, the choice stays chosen.
        assert!(looked.shows("Keep the draft, then release it"), "{}", looked.words());
        let fields = [("do", "template"), ("template", "how_it_ended"), ("label", "AMBER"), ("channel", "mail"), ("base", "0")];
        let kept = desk.post(&format!("{lane}/message"), &fields).await.must(303);
        let looked = desk.follow(kept).await.must(200);
        assert!(looked.text().contains(r#"<option value="how_it_ended" selected>"#));
        assert!(looked.shows("does not say yet how it ended"), "{}", looked.words());
        house.run_jobs().await;
        house.sink.empty();
        send(&desk, &lane, "About it", "We look after it.", "").await;
        house.run_jobs().await;
        let mails = house.sink.mails();
        let letter = mails[0].letter();
        assert!(letter.subject.contains(&format!("[{}]", told.number)) && !letter.subject.contains("MLT-"), "{}", letter.subject);
        assert!(!letter.text.contains("MLT-") && !letter.text.contains("/party/"), "{}", letter.text);
        // The link leads to the report's own page, where the thread stands, until it is revoked.
        let link = letter.text.lines().find(|line| line.contains("/status/")).unwrap();
        let path = format!("/status/{}", link.split("/status/").nth(1).unwrap());
        let outside = house.visitor();
        let way = outside.get(&path).await.must(303);
        assert!(outside.follow(way).await.must(200).shows("We look after it."));
        let lead = house.login_as(Role::Lead).await;
        lead.post(&format!("/inbox/{}/link/removal", told.number), &[]).await.must(303);
        let late = house.visitor();
        let way = late.get(&path).await.must(303);
        late.follow(way).await.must(404);
        // Somebody of whom nothing was seen reads no empty list.
        let helper = desk.post(&format!("{case}/parties"), &[("name", "Helper"), ("role", "other"), ("mail", "help@peer.example")]).await.must(303);
        let helper = helper.location().unwrap();
        for template in ["ask_information", "notify_source"] {
            let looked = desk.get(&format!("{helper}/message?template={template}")).await.must(200);
            assert!(looked.shows("Dear colleagues") && !looked.shows("nothing of yours") && !looked.shows("On your side it concerns"), "{}", looked.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_whose_part_was_ended_hears_no_closing_notice() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let told = report(&house, "en").await;
        let (_, _, lane) = opened(&desk, &told.number).await;
        house.run_jobs().await;
        send(&desk, &lane, "How your report ended", "The harm has been stopped.", "close").await;
        desk.post(&format!("{lane}/ending"), &[("reason", "Somebody else reads this address")]).await.must(303);
        house.run_jobs().await;
        house.sink.empty();
        let id = house.rows::<(Id,)>("select id from cases", vec![]).await[0].0;
        let closing = Closing { outcome: "mitigated".into(), reason: String::new(), waiver: "nobody to advise".into() };
        cases::close(&house.app, &Who::Operator, id, closing).await.unwrap();
        house.run_jobs().await;
        assert!(house.sink.mails().is_empty(), "on {}", house.on);
        assert!(house.done().await.contains(&"report.closing_held".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reporter_is_told_before_and_after_its_case_is_closed() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let told = report(&house, "en").await;
        let (_, case, lane) = opened(&desk, &told.number).await;
        house.run_jobs().await;
        let receipts = house.rows::<(String,)>("select label from ledger where basis = 'receipt'", vec![]).await;
        assert_eq!(receipts, [("AMBER".to_owned(),)], "{}: what carries no label has the team's", house.on);
        let close = format!("{case}/close");
        let page = desk.get(&close).await.must(200);
        assert!(page.shows("Tell the reporter first") && page.shows("Its class is not known yet"), "{}", page.words());
        let looked = desk.get(&format!("{lane}/message?template=how_it_ended&outcome=mitigated&back=close")).await.must(200);
        assert!(looked.shows("The harm has been stopped.") && looked.shows("Back to closing"), "{}", looked.words());
        let sent = send(&desk, &lane, "How your report ended", "The harm has been stopped.", "close").await;
        assert_eq!(sent.location().as_deref(), Some(close.as_str()), "and back to closing");
        assert!(desk.follow(sent).await.must(200).shows("We last wrote"));
        house.run_jobs().await;
        house.sink.empty();

        let who = analyst(desk.person());
        let id = house.rows::<(Id,)>("select id from cases", vec![]).await[0].0;
        let lead = Who::Operator;
        let closing = || Closing { outcome: "mitigated".into(), reason: String::new(), waiver: "nobody to advise".into() };
        cases::close(&house.app, &lead, id, closing()).await.unwrap();
        house.run_jobs().await;
        house.run_jobs().await;
        let mails = house.sink.mails();
        assert_eq!(mails.len(), 1, "{}: one notice", house.on);
        assert_eq!(mails[0].header("Auto-Submitted").as_deref(), Some("auto-generated"));
        let letter = mails[0].letter();
        assert!(letter.subject.contains(&told.number) && letter.text.contains("is closed"), "{} {}", letter.subject, letter.text);
        assert!(!letter.text.contains("secret title") && !letter.text.contains("harm"), "{}", letter.text);
        let link = letter.text.lines().find(|line| line.contains("/status/")).unwrap();
        let outside = house.visitor();
        let way = outside.get(&format!("/status/{}", link.split("/status/").nth(1).unwrap())).await.must(303);
        assert!(outside.follow(way).await.must(200).shows("Closed: under control"));
        let rows = house.rows::<(String, String)>("select label, channel from ledger where basis = 'closing notice'", vec![]).await;
        assert_eq!(rows, [("AMBER".to_owned(), "mail".to_owned())]);
        let quiet: i64 = house.rows::<(i64,)>("select count(*) from clocks where state = 'running'", vec![]).await[0].0;
        assert_eq!(quiet, 0, "the answer of a person had stopped them, not the notice");

        // A slip that is put right the same day, or closing once more what the reporter never heard was
        // open again, is nothing that they have to hear of twice.
        cases::reopen(&house.app, &who, id, "it came back").await.unwrap();
        cases::close(&house.app, &lead, id, closing()).await.unwrap();
        cases::reopen(&house.app, &who, id, "a slip").await.unwrap();
        house.run_jobs().await;
        assert_eq!(house.sink.mails().len(), 1, "{}", house.on);
        cases::close(&house.app, &lead, id, closing()).await.unwrap();
        house.run_jobs().await;
        assert_eq!(house.sink.mails().len(), 1, "{}: it was told that already", house.on);
        // Whoever was spoken to since does not know how it stands: they are told.
        cases::reopen(&house.app, &who, id, "it came back").await.unwrap();
        let party = house.rows::<(Id,)>("select id from parties", vec![]).await[0].0;
        house.later(1);
        messages::release(&house.app, &who, party, &crate::messages::words("Hello,\n\nwe look at it again.", 1), None).await.unwrap();
        house.run_jobs().await;
        house.sink.empty();
        cases::abandon(&house.app, &who, id, "none of ours").await.unwrap();
        house.run_jobs().await;
        assert_eq!(house.sink.mails().len(), 1, "{}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_says_where_a_name_stands_and_holds_back_nothing_that_it_lets_out() {
    let house = House::sqlite().await;
    let story = crate::messages::story(&house).await;
    let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
    let look = async |subject: &str, body: &str, (told, of): (&str, &str)| {
        let words = [("do", "look"), ("subject", subject), ("body", body), ("label", "AMBER"), ("channel", "mail"), ("base", "0")];
        let fields: Vec<_> = words.into_iter().chain([("told", told), ("told_of", of)]).collect();
        let kept = story.browser.post(&format!("{here}/message"), &fields).await.must(303);
        story.browser.follow(kept).await.must(200)
    };
    let stopped = look("Norlink Transit", "Ana Quiroga saw it.", ("", "")).await;
    assert!(stopped.shows("“Norlink Transit” in the subject names") && stopped.shows("“Ana Quiroga” in the text names"), "{}", stopped.words());
    let asked = look("Floods", "Through 198.51.100.20.", ("", "")).await;
    assert!(asked.shows("“198.51.100.20” in the text is held by") && asked.shows("With a reason it may leave"), "{}", asked.words());
    assert!(!asked.shows("Held back: 1 address"), "what stands in the text is not held back: {}", asked.words());
    let gate = asked.text().split("id=\"gate\"").nth(1).unwrap().to_owned();
    assert!(gate.contains("name=\"told\" form=\"edit\""), "the reason is given where it is asked for");
    let told = look("Floods", "Through 198.51.100.20.", ("It is public.", &asked.input("told_of"))).await;
    assert!(told.shows("Told all the same:") && !told.shows("Held back: 1 address"), "{}", told.words());
    // The reason covers what stood there when it was given, and nothing that is written later.
    let again = async |body: &str, of: &str| {
        let fields =
            [("do", "look"), ("subject", "Floods"), ("body", body), ("told", "It is public."), ("told_of", of), ("label", "AMBER"), ("channel", "mail")];
        let kept = story.browser.post(&format!("{here}/message"), &fields).await.must(303);
        story.browser.follow(kept).await.must(200)
    };
    let more = again("Through 198.51.100.20, says Norlink.", &told.input("told_of")).await;
    assert!(more.shows("The reason was given before this was there") && more.shows("Told all the same:"), "{}", more.words());
    let both = again("Through 198.51.100.20, says Norlink.", &more.input("told_of")).await;
    assert!(!both.shows("The reason was given before"), "{}", both.words());
    again("Through 198.51.100.20.", "").await;
    // A wish for a day ends when the team goes home.
    story.browser.post(&format!("{here}/recommendations"), &[("text", "Block it."), ("kind", "operational"), ("wish", "2026-12-02")]).await.must(303);
    let wish = house.rows::<(i64,)>("select wish_at from recommendations where party_id = $1", args![story.vodalink]).await[0].0;
    let close = house.app.profile.calendar().close_of("2026-12-02".parse().unwrap()).unwrap();
    assert_eq!(wish, close.as_microsecond());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_to_another_party_answers_no_reporter_who_left_no_address() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let new = told(&house.app, "phone", "A mast is down", "They saw 203.0.113.9 near the mast.", "");
        let told = reports::receive(&house.app, &Who::Public, new).await.unwrap();
        let (_, case, lane) = opened(&desk, &told.number).await;
        let added =
            desk.post(&format!("{case}/parties"), &[("name", "Mast Owners"), ("role", "target"), ("mail", "noc@mast.example"), ("ceiling", "AMBER")]).await;
        let target = added.must(303).location().unwrap();
        send(&desk, &target, "A mast", "Please look at your mast.", "").await;
        let running = async || house.rows::<(String,)>("select state from clocks where about = $1", args![told.id]).await;
        assert_eq!(running().await, [("running".to_owned(),)], "{}: nobody told the reporter anything", house.on);
        let outside = house.visitor();
        let way = outside.get(&format!("/status/{}?secret={}", told.number, told.secret)).await.must(303);
        assert!(!outside.follow(way).await.must(200).shows("Kept"), "{}", house.on);
        // What the reporter said before the case begins its thread there.
        let page = desk.get(&lane).await.must(200);
        assert!(page.shows("They saw 203.0.113.9 near the mast.") && page.shows("reported"), "{}", page.words());
        assert!(!desk.get(&target).await.must(200).shows("near the mast"), "{}: nobody else's thread has it", house.on);
        // Its page is where the answer goes.
        let fields = [
            ("do", "look"),
            ("subject", "Your call"),
            ("body", "We look after it."),
            ("label", "AMBER"),
            ("channel", "portal"),
            ("substantive", "1"),
            ("base", "0"),
        ];
        let kept = desk.post(&format!("{lane}/message"), &fields).await.must(303);
        let looked = desk.follow(kept).await.must(200);
        desk.post(&format!("{lane}/release"), &[("seen", &looked.input("seen")), ("base", "0")]).await.must(303);
        assert_eq!(running().await, [("kept".to_owned(),)], "{}", house.on);
        let report = desk.get(&format!("/inbox/{}", told.number)).await.must(200);
        assert!(report.shows("Said since") && report.shows("We look after it."), "{}", report.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reporters_words_reach_nobody_who_has_another_address() {
    for house in House::both().await {
        let story = crate::messages::story(&house).await;
        let change = async |mail: Option<&str>| {
            let party = parties::by_id(&mut house.app.db.read().await.unwrap(), story.reporter).await.unwrap();
            let reach = if mail.is_some() { "mail" } else { "portal" };
            let changes = parties::Changes {
                name: party.name,
                alias: party.alias,
                role: party.role,
                mail: mail.map(Into::into),
                phone: party.phone,
                language: party.language,
                reach: reach.into(),
                ceiling: party.ceiling,
                checked: true,
            };
            crate::messages::change_party(&house, &story.who, story.reporter, changes).await
        };
        let refused = change(Some("bob@harbour.example")).await;
        assert!(matches!(refused, Err(Error::Conflict(ref text)) if text.contains("as a party of its own")), "on {}: {refused:?}", house.on);
        // Off mail and back is the same person.
        change(None).await.unwrap();
        change(Some("Ana@harbour.example")).await.unwrap();
        // Nor does a contact of the reporter's organisation stand in for the reporter.
        let (report, number) = house.rows::<(Id, String)>("select id, number from reports", vec![]).await.remove(0);
        let other = cases::NewCase { kind: "advice".into(), title: "Elsewhere".into(), ..cases::NewCase::default() };
        let other = cases::open(&house.app, &story.who, other).await.unwrap();
        let new =
            parties::NewParty { organisation: Some(story.organisations[0]), report: Some(report), role: "reporter".into(), ..parties::NewParty::default() };
        let there = parties::add(&house.app, &story.who, other.id, new).await.unwrap();
        let party = parties::by_id(&mut house.app.db.read().await.unwrap(), there).await.unwrap();
        assert_eq!((party.mail.as_deref(), party.contact), (Some("ana@harbour.example"), None), "{number} on {}", house.on);
        // Once something was said, the thread stays where it was said.
        crate::messages::say(&house, &story, story.reporter, "We look after it.").await.unwrap();
        let refused = change(None).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "on {}: {refused:?}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_where_work_goes_on_and_not_where_it_ended() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let (who, told) = (analyst(desk.person()), report(&house, "en").await);
        let open = async |title: &str| {
            let new = cases::NewCase { kind: "advice".into(), title: title.into(), reports: vec![told.id], ..cases::NewCase::default() };
            cases::open(&house.app, &who, new).await.unwrap()
        };
        let goes_on = open("Goes on").await;
        house.later(1);
        let over = open("Over").await;
        cases::close(&house.app, &who, over.id, Closing { outcome: "resolved".into(), ..Closing::default() }).await.unwrap();
        let (path, outside) = (format!("/status/{}", told.number), house.visitor());
        outside.get(&format!("{path}?secret={}", told.secret)).await.must(303);
        outside.upload(&path, &[("body", "It came again.")], &[]).await.must(303);
        let places = house.rows::<(Id,)>("select case_id from messages where body = 'It came again.'", vec![]).await;
        assert_eq!(places, [(goes_on.id,)], "on {}", house.on);
        let states = house.rows::<(String,)>("select state from cases where id = $1", args![over.id]).await;
        assert_eq!(states, [("resolved".to_owned(),)], "nobody took up what is over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_button_was_pressed_twice_goes_out_once() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let receipt = reports::receive(&house.app, &Who::Public, told(&house.app, "form", "One", "x", "ana@harbour.example")).await.unwrap();
        let fields = [("do", "answer"), ("id", receipt.number.as_str()), ("subject", "What to do"), ("body", "Delete it."), ("label", "AMBER"), ("again", "1")];
        let sheet = desk.post("/inbox/batches", &fields).await.must(200);
        let shown = sheet.input("shown");
        let sure: Vec<(&str, &str)> = fields.iter().copied().chain([("sure", "1"), ("shown", shown.as_str())]).collect();
        let (first, second) = tokio::join!(desk.post("/inbox/batches", &sure), desk.post("/inbox/batches", &sure));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "on {}", house.on);
        assert!([first, second].iter().any(|answer| answer.words().contains("they were sent once")));
        let sent = async || house.rows::<(i64,)>("select count(*) from messages where direction = 'out'", vec![]).await[0].0;
        assert_eq!(sent().await, 1);
        // Asked again, the same words may be the answer again.
        let path = format!("/status/{}", receipt.number);
        let reporter = house.visitor();
        reporter.get(&format!("{path}?secret={}", receipt.secret)).await.must(303);
        house.later(1);
        reporter.upload(&path, &[("body", "And now?")], &[]).await.must(303);
        desk.post("/inbox/batches", &sure).await.must(303);
        assert_eq!(sent().await, 2, "on {}", house.on);
    }
}
