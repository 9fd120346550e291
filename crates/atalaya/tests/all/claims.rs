//! What a member calls wrong, and what stands on its networks: new, persisting, gone.

use atalaya::access::Role;

use crate::house::House;
use crate::notices::{NORTH, add, bring, list, morning, pairs, two};

/// The links to the findings on a page.
fn links(page: &str) -> Vec<String> {
    page.split("href=\"").filter_map(|part| part.split('"').next()).filter(|link| link.starts_with("/member/findings/")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_is_new_persisting_or_gone_on_the_members_page_and_only_its_own() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.9", 23), ("203.0.113.200", 23)]).await;
        let member = house.login_as_member_of(north).await;
        assert!(member.get("/member/findings").await.must(200).shows("Nothing here"));
        morning(&house, 24).await;
        let member = house.login(member.person()).await;
        let page = member.get("/member/findings").await.must(200);
        assert!(page.shows("203.0.113.7") && page.shows("203.0.113.9") && page.shows("Accessible Telnet"), "on {}: {}", house.on, page.words());
        assert!(!page.shows("203.0.113.200"), "another's");
        // How many are new leaves with a page that shows none of them, too.
        let left = async || house.rows::<(i64,)>("select count(*) from ledger where noun = 'event_findings'", vec![]).await;
        let before = left().await;
        assert!(member.get("/member/findings?state=persisting").await.must(200).shows("Nothing here"));
        assert_eq!(left().await[0].0, before[0].0 + 1, "on {}", house.on);
        for day in 24..27 {
            bring(&house, day, &[("203.0.113.7", 23)]).await;
            morning(&house, day + 1).await;
        }
        let member = house.login(member.person()).await;
        let [new, lasting, gone] = ["new", "persisting", "gone"].map(|state| format!("/member/findings?state={state}"));
        assert!(member.get(&new).await.must(200).shows("Nothing here"));
        let lasting = member.get(&lasting).await.must(200);
        assert!(lasting.shows("203.0.113.7") && !lasting.shows("203.0.113.9"), "{}", lasting.words());
        let gone = member.get(&gone).await.must(200);
        assert!(gone.shows("203.0.113.9") && !gone.shows("203.0.113.7"), "{}", gone.words());
        let mine = links(&lasting.text());
        assert_eq!(mine.len(), 1);
        let other = house.login_as_member_of(south).await;
        let _ = other.get(&mine[0]).await.must(404);
        let _ = other.post(&mine[0], &[("words", "not mine")]).await.must(404);
        // What is shown passed the gate.
        let ledger: Vec<(String, String)> = house.rows("select distinct recipient, channel from ledger where noun = 'event_findings'", vec![]).await;
        assert!(ledger.contains(&(format!("organisation:{north}"), "portal".into())), "{ledger:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_calls_wrong_and_the_team_accepts_is_told_no_more_and_said_so() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.9", 23)]).await;
        morning(&house, 24).await;
        let member = house.login_as_member_of(north).await;
        let all = links(&member.get("/member/findings").await.must(200).text());
        assert_eq!(all.len(), 2, "on {}", house.on);
        let mut wrong = String::new();
        for link in &all {
            if member.get(link).await.must(200).shows("203.0.113.9") {
                wrong.clone_from(link);
            }
        }
        let _ = member.post(&wrong, &[("words", " ")]).await.must(422);
        let _ = member.post(&wrong, &[("words", "This is our honeypot.")]).await.must(303);
        let _ = member.post(&wrong, &[("words", "This is our honeypot.")]).await.must(303);
        assert!(member.get("/member/findings").await.must(200).shows("you called it wrong; we look at it"));
        let claims: Vec<(store::Id, String)> = house.rows("select id, state from event_claims", vec![]).await;
        assert_eq!((claims.len(), claims[0].1.as_str()), (1, "open"), "said twice, kept once");
        // Until somebody decided it is told as before.
        bring(&house, 24, &[("203.0.113.7", 23), ("203.0.113.9", 23)]).await;
        morning(&house, 25).await;
        assert_eq!(list(&house.sink.to(NORTH)[1]).len(), 2);
        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get("/events/claims").await.must(200);
        // What it is about: how bad, of which type.
        let severity: Vec<(i64,)> = house.rows("select severity from event_claims", vec![]).await;
        let title = atalaya::events::notices::severity(i8::try_from(severity[0].0).unwrap());
        let about = page.between("<h2 id=\"claim-", "</header>");
        assert!(severity[0].0 > 0 && about.contains(&format!(">{title}</span>")), "on {}: {about}", house.on);
        assert!(about.contains("Vulnerable system") && about.contains("(Vulnerable)"), "{about}");
        assert!(page.shows("This is our honeypot.") && page.shows("North Cable") && page.text().contains("<b class=\"due\">1</b>"), "{}", page.words());
        let path = format!("/events/claims/{}", claims[0].0);
        let _ = analyst.post(&path, &[("do", "refuse")]).await.must(422);
        let _ = analyst.post(&path, &[("do", "accept"), ("note", "We know it.")]).await.must(303);
        let _ = analyst.post(&path, &[("do", "accept")]).await.must(422);
        bring(&house, 25, &[("203.0.113.7", 23), ("203.0.113.9", 23)]).await;
        morning(&house, 26).await;
        let mail = house.sink.to(NORTH).pop().unwrap();
        assert_eq!(list(&mail), pairs(&[("persisting", "203.0.113.7:23")]), "on {}", house.on);
        let text = mail.letter().text;
        assert!(text.contains("because you called it wrong and we agreed: 1") && !text.contains("203.0.113.9"), "{text}");
        // It is counted, and the figures say so; the member reads what was decided.
        let figures = house.login_as(Role::Analyst).await.get("/events").await.must(200);
        assert!(figures.shows("1 finding that its holder called wrong"), "{}", figures.words());
        let member = house.login(member.person()).await;
        let page = member.get("/member/findings").await.must(200);
        assert!(page.shows("it is left out of notices") && page.shows("We know it."), "{}", page.words());
        let ledger: Vec<(String, String)> = house.rows("select recipient, channel from ledger where noun = 'event_claim'", vec![]).await;
        assert_eq!(ledger, [(format!("organisation:{north}"), "portal".to_owned())], "on {}: what the team says passed the gate", house.on);
        // Nobody hears that it is gone; and decided otherwise, it is told again.
        for day in 27..30 {
            morning(&house, day).await;
            bring(&house, day, &[("203.0.113.7", 23)]).await;
        }
        morning(&house, 30).await;
        assert_eq!(list(&house.sink.to(NORTH).pop().unwrap()), pairs(&[("persisting", "203.0.113.7:23")]));
        let analyst = house.login_as(Role::Analyst).await;
        let _ = analyst.post(&path, &[("do", "refuse"), ("note", "It answers to everybody.")]).await.must(303);
        bring(&house, 30, &[("203.0.113.9", 23)]).await;
        house.set_clock("2026-12-01T08:01:00+02:00");
        house.run_jobs().await;
        assert!(list(&house.sink.to(NORTH).pop().unwrap()).contains(&("persisting".into(), "203.0.113.9:23".into())), "on {}", house.on);
        let done = house.done().await;
        for verb in ["event_claim.made", "event_claim.accepted", "event_claim.refused"] {
            assert_eq!(done.iter().filter(|done| *done == verb).count(), 1, "{verb}");
        }
    }
}
