//! Cases that are merged, split and linked: what goes along, and what a link can be taken back from.

use atalaya::access::{Role, Who};
use atalaya::cases::{self, Case, NewCase, NewTask};
use jiff::Timestamp;
use store::{Id, args};

use crate::house::{Browser, House, instant};
use crate::messages::{analyst, say, story};

async fn open(house: &House, who: &Who, title: &str) -> Case {
    cases::open(&house.app, who, NewCase { kind: "incident".into(), title: title.into(), ..NewCase::default() }).await.unwrap()
}

async fn case_now(house: &House, id: Id) -> Case {
    cases::get(&mut house.app.db.read().await.unwrap(), &Who::Operator, id).await.unwrap()
}

fn times(case: &Case) -> [Option<Timestamp>; 6] {
    [case.occurred_at, case.detected_at, case.reported_at, case.responded_at, case.contained_at, case.recovered_at]
}

/// Writes the facts of a case through its form; the days are of November 2026.
async fn write(browser: &Browser, case: &Case, more: &[(&str, &str)]) {
    let at = format!("{}/edit", case.path());
    let version = browser.get(&at).await.must(200).input("version");
    let all = [("version", version.as_str()), ("title", case.title.as_str()), ("class", "//")].into_iter().chain(more.iter().copied()).collect::<Vec<_>>();
    let _ = browser.post(&at, &all).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_keeps_times_reasons_counts_threads_and_links_of_both() {
    for house in House::both().await {
        let story = story(&house).await;
        let (browser, who, source) = (&story.browser, &story.who, &story.case);
        let target = open(&house, who, "Seen elsewhere").await;
        let third = open(&house, who, "A third").await;
        // The team's zone is +02:00.
        write(
            browser,
            source,
            &[
                ("summary", "What the first team saw"),
                ("detected", "2026-11-20T10:00"),
                ("occurred", "2026-11-20T12:00"),
                ("reported", "2026-11-20T13:00"),
                ("responded", "2026-11-20T14:00"),
                ("contained", "2026-11-21T12:00"),
                ("recovered", "2026-11-22T12:00"),
                ("times_reason", "their log clock was wrong"),
                ("cause", "An open resolver"),
            ],
        )
        .await;
        write(browser, &target, &[("detected", "2026-11-20T09:00"), ("reported", "2026-11-20T15:00"), ("contained", "2026-11-21T08:00")]).await;
        let extent = |case: &Case| format!("{}/extent", case.path());
        let _ = browser.post(&extent(source), &[("version", "0"), ("items", "asset: CPE routers x 37\ncountry: LS")]).await.must(303);
        let _ = browser.post(&extent(&target), &[("version", "0"), ("items", "asset: cpe routers x 4\naccount: root x 3")]).await.must(303);
        cases::set_verdict(&house.app, who, source.id, "confirmed", "high", "seen twice").await.unwrap();
        cases::add_task(&house.app, who, source.id, NewTask { title: "Ask for logs".into(), ..NewTask::default() }).await.unwrap();
        cases::add_note(&house.app, who, source.id, "a thought").await.unwrap();
        let _ = browser
            .post(&format!("{}/parties/{}/recommendations", source.path(), story.vodalink), &[("kind", "operational"), ("text", "Close the resolver")])
            .await;
        say(&house, &story, story.vodalink, "Please look at 203.0.113.7.").await.unwrap();
        let watcher = house.login_as(Role::Analyst).await;
        let _ = watcher.post(&format!("{}/change", source.path()), &[("what", "watch")]).await.must(303);
        let _ = browser.post(&format!("{}/change", source.path()), &[("what", "link"), ("case", &third.number)]).await.must(303);
        let _ = browser.post(&format!("{}/merge", source.path()), &[("into", &target.number)]).await.must(303);

        let now = case_now(&house, target.id).await;
        let at = |text: &str| Some(instant(text));
        let wanted = [
            at("2026-11-20T12:00:00+02:00"),
            at("2026-11-20T09:00:00+02:00"),
            at("2026-11-20T13:00:00+02:00"),
            at("2026-11-20T14:00:00+02:00"),
            at("2026-11-21T12:00:00+02:00"),
            at("2026-11-22T12:00:00+02:00"),
        ];
        assert_eq!(times(&now), wanted, "on {}", house.on);
        assert_eq!(now.times_reason, "their log clock was wrong");
        for (text, wanted) in [
            ("select count(*) from case_reports where case_id = $1", 1),
            ("select count(*) from parties where case_id = $1", 3),
            ("select count(*) from messages where case_id = $1", 1),
            ("select count(*) from recommendations where case_id = $1", 1),
            ("select count(*) from tasks where case_id = $1", 1),
            ("select count(*) from watchers where case_id = $1", 1),
            ("select count(*) from case_links where case_id = $1", 1),
        ] {
            assert_eq!(house.rows::<(i64,)>(text, args![target.id]).await, [(wanted,)], "{text}");
        }
        let page = browser.get(&extent(&target)).await.must(200);
        assert!(page.shows("cpe routers x 37") && page.shows("root x 3") && page.shows("country: LS"), "{}", page.words());
        let page = browser.get(&target.path()).await.must(200);
        for words in [
            "What the first team saw",
            "An open resolver",
            "confirmed, high confidence",
            "contained 2026-11-21 12:00",
            "Order of the times: their log clock was wrong",
        ] {
            assert!(page.shows(words), "{words}: {}", page.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_takes_what_is_ticked_along_and_nothing_else() {
    for house in House::both().await {
        let story = story(&house).await;
        let (browser, who, case) = (&story.browser, &story.who, &story.case);
        let other = open(&house, who, "Seen elsewhere").await;
        write(browser, case, &[("summary", "What we saw"), ("detected", "2026-11-20T10:00"), ("cause", "An open resolver"), ("cause_cve", "CVE-2026-12345")])
            .await;
        let _ = browser.post(&format!("{}/extent", case.path()), &[("version", "0"), ("items", "asset: CPE routers x 37")]).await.must(303);
        let _ = browser.post(&format!("{}/change", case.path()), &[("what", "link"), ("case", &other.number)]).await.must(303);
        let form = browser.get(&format!("{}/join", case.path())).await.must(200);
        assert!(form.shows("Goes along"), "{}", form.words());
        let split = format!("{}/split", case.path());
        let all = ["summary", "times", "cause", "links", "extent"].map(|take| ("take", take));
        let fields: Vec<_> = [("title", "All of it")].into_iter().chain(all).collect();
        let full = browser.follow(browser.post(&split, &fields).await.must(303)).await.must(200);
        for words in ["What we saw", "An open resolver", "CVE-2026-12345", "37 systems"] {
            assert!(full.shows(words), "{words}: {}", full.words());
        }
        let numbered = async |title: &str| house.rows::<(Id,)>("select id from cases where title = $1", args![title]).await.remove(0).0;
        let links = async |id: Id| house.rows::<(i64,)>("select count(*) from case_links where case_id = $1", args![id]).await.remove(0).0;
        let (id, before) = (numbered("All of it").await, case_now(&house, case.id).await);
        assert_eq!(times(&case_now(&house, id).await), times(&before));
        // The case that it came from, and the one that this was linked to.
        assert_eq!((links(id).await, links(other.id).await), (2, 2), "a link stands on both sides");
        let bare = browser.follow(browser.post(&split, &[("title", "Nothing of it")]).await.must(303)).await.must(200);
        assert!(!bare.shows("What we saw") && !bare.shows("An open resolver") && !bare.shows("37 systems"), "{}", bare.words());
        let id = numbered("Nothing of it").await;
        assert_eq!((case_now(&house, id).await.detected_at, links(id).await), (None, 1));
        let again = browser.post(&split, &[("title", ""), ("take", "cause")]).await.must(422);
        assert!(again.text().contains("value=\"cause\" checked"), "what was ticked stays ticked: {}", again.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_between_cases_is_made_and_taken_back_on_its_page() {
    for house in House::both().await {
        let browser = house.login_as(Role::Analyst).await;
        let who = analyst(browser.person());
        let (one, two) = (open(&house, &who, "One").await, open(&house, &who, "Two").await);
        let (join, change) = (format!("{}/join", one.path()), format!("{}/change", one.path()));
        let link = [("what", "link"), ("case", two.number.as_str())];
        let unlink = [("what", "unlink"), ("case", two.number.as_str())];
        let _ = browser.post(&change, &link).await.must(303);
        let _ = browser.post(&change, &link).await.must(409);
        let page = browser.get(&join).await.must(200);
        assert!(page.shows(&two.number) && page.shows("Unlink"), "{}", page.words());
        assert!(browser.get(&two.path()).await.shows(&one.number), "it stands on both sides");
        let _ = browser.post(&change, &unlink).await.must(303);
        assert!(!browser.get(&join).await.must(200).shows("Unlink"));
        assert_eq!(house.rows::<(i64,)>("select count(*) from case_links", vec![]).await, [(0,)]);
        assert!(browser.get(&two.path()).await.shows("took back the link"), "{}", browser.get(&two.path()).await.words());
        // Twice is once; and what was never linked is told so.
        let _ = browser.post(&change, &unlink).await.must(409);
        let _ = browser.post(&change, &[("what", "unlink"), ("case", "MLT-2026-999999")]).await.must(422);
    }
}
