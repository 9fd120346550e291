//! Whom nobody told of its events, and why: the console says it of each.

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, Details};
use atalaya::events::FeedDetails;
use formats::label::Tlp;
use jiff::civil::date;
use store::Id;

use crate::events::{deliver, feed};
use crate::house::{Answer, House};
use crate::messages::organisation;
use crate::notices::{add, bring, file, list, morning, pairs};

async fn status(house: &House, id: Id, status: &str) {
    let known = constituency::get(&mut house.app.db.read().await.unwrap(), id).await.unwrap();
    let details = Details { status: status.into(), ..Details::from(&known) };
    constituency::change(&house.app, &Who::Operator, id, known.version, details).await.unwrap();
}

/// The row of an organisation.
fn row(page: &Answer, name: &str) -> String {
    page.text().split("<tr>").find(|row| row.contains(&format!(">{name}</a>"))).unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_told_of_its_events_stands_on_a_page_with_the_reason_and_what_to_do() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        let mut ids = Vec::new();
        for (at, name) in ["Told Cable", "Waiting Net", "Known Radio", "Outside Bank", "Mute Post", "Quiet Water", "Mild Mint"].iter().enumerate() {
            ids.push(organisation(&house, name, &format!("203.0.113.{}/28", at * 16), &format!("abuse@org{at}.example")).await);
        }
        let [_, waiting, known, outside, mute, quiet, mild] = ids[..] else { panic!("seven") };
        status(&house, known, "unregistered").await;
        status(&house, outside, "outside").await;
        let all = constituency::contacts_of(&mut house.app.db.read().await.unwrap(), &[mute]).await.unwrap();
        house.app.db.change("test", async |tx| constituency::mark_bounced(tx, all[0].id, "no such mailbox").await).await.unwrap();
        add(&house, "All", |rule| rule.due = "at_once".into()).await;
        let own = |of: Id| move |rule: &mut atalaya::events::notices::RuleDetails| (rule.scope, rule.organisation) = ("one".into(), Some(of));
        add(&house, "Five at least", |rule| {
            own(waiting)(rule);
            (rule.due, rule.threshold) = ("at_once".into(), 5);
        })
        .await;
        add(&house, "Silent for now", |rule| {
            own(quiet)(rule);
            (rule.due, rule.paused_until, rule.pause_reason) = ("at_once".into(), Some(date(2026, 12, 24)), "their network moves".into());
        })
        .await;
        house.run_jobs().await;
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/events/untold").await.must(200).shows("Nobody was left out"));
        let lines: Vec<(String, u16)> = (0..7).map(|at| (format!("203.0.113.{}", at * 16 + 1), 23)).collect();
        bring(&house, 22, &lines.iter().map(|(ip, port)| (ip.as_str(), *port)).collect::<Vec<_>>()).await;
        let page = analyst.get("/events/untold").await.must(200);
        assert!(row(&page, "Known Radio").contains("not registered") && row(&page, "Told Cable").contains("Nobody looked at it yet"), "{}", page.words());
        house.later(6);
        house.run_jobs().await;
        let page = analyst.get("/events/untold").await.must(200);
        assert!(row(&page, "Told Cable").is_empty() && row(&page, "Mild Mint").is_empty(), "on {}: {}", house.on, page.words());
        for (name, why, step) in [
            ("Waiting Net", "“Five at least” waits until there are 5", "/events/rules/"),
            ("Known Radio", "in the mandate and not registered", "/constituency/"),
            ("Outside Bank", "outside the mandate", "/events/rules/new?organisation="),
            ("Mute Post", "and it has no other", "/events/held/"),
            ("Quiet Water", "is paused until 2026-12-24: their network moves", "/events/rules/"),
        ] {
            let row = row(&page, name);
            assert!(row.contains(why) && row.contains(step), "on {}: {name}: {row}", house.on);
        }
        let notices = analyst.get("/events/notices").await.must(200);
        assert!(notices.shows("3 organisations have findings that no rule tells"), "{}", notices.words());
        assert!(analyst.get(&format!("/events/rules/new?organisation={outside}")).await.must(200).text().contains("value=\"Outside Bank\""));
        // What a rule wants by its type or severity is told; the rest stands here.
        add(&house, "Worse only", |rule| {
            own(mild)(rule);
            (rule.due, rule.severity) = ("at_once".into(), 4);
        })
        .await;
        add(&house, "Sinkholes only", |rule| {
            own(waiting)(rule);
            (rule.place, rule.due, rule.kinds) = (1, "at_once".into(), "event4_sinkhole".into());
        })
        .await;
        let _ = analyst.post(&format!("/events/untold/{outside}"), &[]).await.must(303);
        bring(&house, 24, &[("203.0.113.97", 23)]).await;
        house.later(6);
        house.run_jobs().await;
        // An organisation's own rules do not stand in place of those for all: what they leave, those tell.
        assert_eq!(house.sink.to("abuse@org6.example").len(), 2, "on {}", house.on);
        let page = analyst.get("/events/untold").await.must(200);
        assert!(row(&page, "Outside Bank").contains("outside the mandate"), "it was looked at again, and nothing changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_behind_is_told_once_when_the_reason_is_gone_and_somebody_has_it_looked_at_again() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        let north = organisation(&house, "North Cable", "203.0.113.0/25", "abuse@north.example").await;
        status(&house, north, "unregistered").await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.8", 23)]).await;
        morning(&house, 24).await;
        bring(&house, 24, &[("203.0.113.9", 23)]).await;
        morning(&house, 25).await;
        assert!(house.sink.mails().is_empty(), "on {}", house.on);
        status(&house, north, "registered").await;
        morning(&house, 26).await;
        assert!(house.sink.mails().is_empty(), "what was left behind is not told by itself");
        let analyst = house.login_as(Role::Analyst).await;
        let path = format!("/events/untold/{north}");
        let _ = analyst.post(&path, &[]).await.must(303);
        let _ = analyst.post(&path, &[]).await.must(409);
        let page = analyst.get("/events/untold").await.must(200);
        assert!(row(&page, "North Cable").contains("“Daily” speaks on 2026-11-27 at 08:00"), "{}", page.words());
        morning(&house, 27).await;
        let analyst = house.login_as(Role::Analyst).await;
        let mails = house.sink.to("abuse@north.example");
        assert_eq!(mails.len(), 1, "on {}", house.on);
        assert_eq!(list(&mails[0]), pairs(&[("new", "203.0.113.7:23"), ("new", "203.0.113.8:23"), ("new", "203.0.113.9:23")]), "on {}", house.on);
        let page = analyst.get("/events/untold").await.must(200);
        assert!(page.shows("Nobody was left out"), "{}", page.words());
        // Once: neither the next morning nor another look says it again.
        morning(&house, 30).await;
        assert_eq!(house.sink.to("abuse@north.example").len(), 1);
        assert!(house.done().await.contains(&"notice.looked_again".to_owned()));
        let member = house.login_as_member_of(north).await;
        let _ = member.get("/events/untold").await.must(404);
        let _ = member.post(&path, &[]).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_rule_wants_says_so_by_type_and_by_severity() {
    let house = House::sqlite().await;
    let mut red = FeedDetails { name: "shadow".into(), title: "Feed".into(), ..FeedDetails::fresh(&house.app) };
    red.label = Tlp::Amber;
    atalaya::events::add(&house.app, &Who::Operator, red).await.unwrap();
    let north = organisation(&house, "North Cable", "203.0.113.0/25", "abuse@north.example").await;
    let south = organisation(&house, "South Radio", "203.0.113.128/25", "abuse@south.example").await;
    for (name, of, worst) in [("North", north, true), ("South", south, false)] {
        add(&house, name, |rule| {
            (rule.scope, rule.organisation) = ("one".into(), Some(of));
            if worst { rule.severity = 4 } else { rule.types = "fraud".into() }
        })
        .await;
    }
    let lines = [("203.0.113.7", 23), ("203.0.113.207", 23), ("203.0.113.208", 23)];
    deliver(&house, "shadow", "2026-11-22-scan_telnet-maluti.csv", &file(22, &lines)).await;
    house.run_jobs().await;
    morning(&house, 24).await;
    let page = house.login_as(Role::Analyst).await.get("/events/untold").await.must(200);
    assert!(row(&page, "North Cable").contains("less severe than what the rules for it want"), "{}", page.words());
    let south = row(&page, "South Radio");
    assert!(south.contains("No rule for it wants this type") && south.contains("data-label=\"Findings\">2"), "{south}");
    assert!(house.sink.mails().is_empty());
}
