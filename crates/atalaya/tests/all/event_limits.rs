//! What may not leave holds nothing else back, what was lost and made again tells nothing by halves, and
//! nobody delivers in another's name.

use atalaya::access::{Role, Who};
use atalaya::constituency;
use atalaya::events::{self, FeedDetails};
use formats::label::Tlp;
use store::{Id, args};

use crate::events::{deliver, feed_with};
use crate::house::House;
use crate::notices::{NORTH, add, bring, file, list, morning, pairs, two};
use crate::openpgp::keep;

async fn bring_secret(house: &House, day: u32, lines: &[(&str, u16)]) {
    deliver(house, "secret", &format!("2026-11-{day}-scan_telnet-secret.csv"), &file(day, lines)).await;
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_above_the_recipients_ceiling_is_left_out_and_nothing_is_said_of_it() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        feed_with(&house, "secret", |feed: &mut FeedDetails| feed.label = Tlp::Red).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        bring_secret(&house, 22, &[("203.0.113.66", 23)]).await;
        morning(&house, 24).await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 1, "on {}: the rest is told", house.on);
        assert_eq!(list(&mails[0]), pairs(&[("new", "203.0.113.7:23")]));
        let text = mails[0].letter().text;
        assert!(!text.contains("203.0.113.66") && text.contains("One event since"), "{text}");
        assert!(text.contains("TLP:AMBER") && !text.contains("RED"), "{text}");
        // The team sees that something could not be told, and why.
        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get("/events/notices").await.must(200);
        assert!(page.shows("Cannot be told") && page.shows("TLP:RED"), "{}", page.words());
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "notice.held").count(), 1);
        morning(&house, 25).await;
        assert_eq!(house.sink.to(NORTH).len(), 1, "once");
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "notice.held").count(), 1, "one alarm, not one a day");
        // It may get more: then it is told, and only that.
        let mut reader = house.app.db.read().await.unwrap();
        let known = constituency::get(&mut reader, north).await.unwrap();
        drop(reader);
        let more = constituency::Details { ceiling: Tlp::Red, ..constituency::Details::from(&known) };
        constituency::change(&house.app, &Who::Operator, north, known.version, more).await.unwrap();
        let contacts: Vec<(Id, i64)> = house.rows("select id, version from contacts where organisation_id = $1", args![north]).await;
        let contact = constituency::contact(&mut house.app.db.read().await.unwrap(), contacts[0].0).await.unwrap();
        let portal = constituency::ContactDetails { reach: "portal".into(), ..constituency::ContactDetails::from(&contact) };
        constituency::change_contact(&house.app, &Who::Operator, contact.id, contact.version, portal).await.unwrap();
        morning(&house, 26).await;
        let told: Vec<(String, i64, String)> = house.rows("select label, fresh, channel from notices order by at", vec![]).await;
        assert_eq!(told, [("AMBER".into(), 1, "mail".into()), ("RED".into(), 1, "portal".into())], "on {}", house.on);
        assert!(!analyst_page(&house).await.contains("Cannot be told"));
    }
}

async fn analyst_page(house: &House) -> String {
    house.login_as(Role::Analyst).await.get("/events/notices").await.must(200).words()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_list_of_notices_has_none_that_its_page_may_not_show() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        morning(&house, 24).await;
        let member = house.login_as_member_of(north).await;
        let number: Vec<(String, String)> = house.rows("select number, subject from notices", vec![]).await;
        assert!(member.get("/member/notices").await.must(200).shows(&number[0].0));
        // What it may get is less now than what it was told then.
        let mut reader = house.app.db.read().await.unwrap();
        let known = constituency::get(&mut reader, north).await.unwrap();
        drop(reader);
        let less = constituency::Details { ceiling: Tlp::Green, ..constituency::Details::from(&known) };
        constituency::change(&house.app, &Who::Operator, north, known.version, less).await.unwrap();
        let page = member.get("/member/notices").await.must(200);
        assert!(!page.shows(&number[0].0) && !page.shows(&number[0].1), "on {}: {}", house.on, page.words());
        // Whoever follows the link of the mail reads why nothing is here, and nothing of what it said.
        assert!(!member.get(&format!("/member/notices/{}", number[0].0)).await.must(200).shows(&number[0].1));
        let _ = member.get(&format!("/member/notices/{}/list", number[0].0)).await.must(409);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_findings_than_one_notice_speaks_of_follow_in_the_next_ones() {
    for house in House::both_with(|profile| profile.events.max_findings = 4).await {
        two(&house).await;
        add(&house, "Daily", |rule| rule.place = 100).await;
        add(&house, "Others weekly", |rule| (rule.place, rule.due, rule.weekday, rule.kinds) = (50, "weekly".into(), 4, "scan_rdp".into())).await;
        let all: Vec<(String, u16)> = (1..11).map(|n| (format!("203.0.113.{n}"), 23)).collect();
        let lines: Vec<(&str, u16)> = all.iter().map(|(ip, port)| (ip.as_str(), *port)).collect();
        bring(&house, 22, &lines).await;
        morning(&house, 24).await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.iter().map(|mail| list(mail).len()).collect::<Vec<_>>(), [4, 4, 2], "on {}", house.on);
        let told: Vec<_> = mails.iter().flat_map(list).collect();
        let wanted: Vec<_> = all.iter().map(|(ip, port)| ("new".to_owned(), format!("{ip}:{port}"))).collect();
        assert_eq!(told.iter().collect::<std::collections::BTreeSet<_>>(), wanted.iter().collect(), "each once");
        // The next day they persist; that there are more of them than fit makes none of them gone.
        bring(&house, 24, &lines).await;
        morning(&house, 25).await;
        let told: Vec<_> = house.sink.to(NORTH).iter().skip(3).flat_map(list).collect();
        assert_eq!(told.len(), 10, "{told:?}");
        assert!(told.iter().all(|(state, _)| state == "persisting"));
        assert!(house.rows::<(String,)>("select why from notice_held", vec![]).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_told_takes_no_room_from_what_is() {
    for house in House::both_with(|profile| profile.events.max_findings = 3).await {
        let (north, _) = two(&house).await;
        feed_with(&house, "secret", |feed: &mut FeedDetails| feed.label = Tlp::Red).await;
        add(&house, "Daily", |rule| rule.kinds = "scan_telnet".into()).await;
        // Five that are above what may leave, then three that a member called wrong, stand before all others.
        let lines = |from: u8, to: u8| (from..to).map(|n| (format!("203.0.113.{n}").leak() as &str, 23)).collect::<Vec<(&str, u16)>>();
        bring(&house, 21, &lines(20, 23)).await;
        morning(&house, 24).await;
        let member = house.login_as_member_of(north).await;
        let page = member.get("/member/findings").await.must(200).text();
        for link in page.split("href=\"").filter_map(|part| part.split('"').next()).filter(|link| link.starts_with("/member/findings/")) {
            let _ = member.post(link, &[("words", "Not ours.")]).await.must(303);
        }
        let analyst = house.login_as(Role::Analyst).await;
        for (id,) in house.rows::<(Id,)>("select id from event_claims", vec![]).await {
            let _ = analyst.post(&format!("/events/claims/{id}"), &[("do", "accept")]).await.must(303);
        }
        let before = house.sink.to(NORTH).len();
        bring_secret(&house, 24, &lines(1, 6)).await;
        bring(&house, 24, &[lines(20, 23), lines(60, 67)].concat()).await;
        morning(&house, 25).await;
        let mails: Vec<_> = house.sink.to(NORTH).iter().skip(before).map(|mail| list(mail).into_iter().collect::<Vec<_>>()).collect();
        assert_eq!(mails.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1], "on {}: {mails:?}", house.on);
        let wanted: Vec<_> = (60..67).map(|n| ("new".to_owned(), format!("203.0.113.{n}:23"))).collect();
        assert_eq!(mails.concat(), wanted, "on {}", house.on);
        // What is above waits, and the team sees it.
        let held: Vec<(i64,)> = house.rows("select findings from notice_held", vec![]).await;
        assert_eq!(held, [(5,)], "on {}", house.on);
    }
}

/// A mail with one file, and what our own mail server says of its sender.
fn letter(verdict: &str, bytes: &[u8]) -> Vec<u8> {
    let verdict = if verdict.is_empty() { String::new() } else { format!("Authentication-Results: mx.csirt.maluti.example; {verdict}\r\n") };
    format!(
        "{verdict}From: Feed <reports@feed.example>\r\nTo: report@csirt.maluti.example\r\nSubject: Your report\r\nMessage-ID: <{}@feed.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAttached.\r\n--b\r\nContent-Type: text/csv\r\n\
         Content-Disposition: attachment; filename=2026-11-22-scan_telnet-maluti.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        verdict.len() + bytes.len(),
        data_encoding::BASE64.encode(bytes)
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_nobody_vouches_for_delivers_no_events_in_a_feeds_name() {
    for house in House::both().await {
        feed_with(&house, "shadow", |feed| feed.mail_from = "reports@feed.example".into()).await;
        feed_with(&house, "secret-address", |feed| feed.mail_to = "in-7f3a@csirt.maluti.example".into()).await;
        for (count, (verdict, reports)) in
            [("", 1), ("spf=pass smtp.mailfrom=other.example", 2), ("dmarc=pass header.from=feed.example", 2)].into_iter().enumerate()
        {
            let port = 23 + u16::try_from(count).unwrap();
            keep(&house, "reports@feed.example", &letter(verdict, &file(22, &[("203.0.113.1", port)]))).await;
            house.run_jobs().await;
            assert_eq!(house.rows::<(Id,)>("select id from reports", vec![]).await.len(), reports, "on {}: “{verdict}”", house.on);
        }
        assert_eq!(house.rows::<(i64,)>("select number from event_files", vec![]).await.len(), 1);
    }
}

async fn state(house: &House, number: i64) -> events::EventFile {
    events::file(&mut house.app.db.read().await.unwrap(), &Who::Operator, number).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_of_a_lake_that_is_being_made_again() {
    for house in House::both().await {
        two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.8", 23)]).await;
        let read_at = state(&house, 1).await.read_at;
        house.later(10);
        bring(&house, 23, &[("203.0.113.7", 23), ("203.0.113.9", 23)]).await;
        // The lake is lost, and its files are read again; one of them not yet, because its feed cannot be read now.
        events::lake::close(&house.app);
        std::fs::remove_dir_all(house.data().join("events")).unwrap();
        events::wake(&house.app).await.unwrap();
        let _ = house.login_as(Role::Lead).await.post("/events/table", &[]).await.must(303);
        let later: Vec<(Id,)> = house.rows("select id from event_files where number = 2", vec![]).await;
        hold_back(&house, later[0].0).await;
        house.run_jobs().await;
        assert_eq!((state(&house, 1).await.state.as_str(), state(&house, 2).await.state.as_str()), ("stored", "failed"), "on {}", house.on);
        assert_eq!(state(&house, 1).await.read_at, read_at, "when it came stays when it came");
        morning(&house, 24).await;
        assert!(house.sink.to(NORTH).is_empty(), "on {}: half a lake tells nothing", house.on);
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/events/notices").await.must(200).shows("are being read again"));
        let _ = analyst.post("/events/files/2", &[("do", "again")]).await.must(303);
        house.run_jobs().await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 1, "on {}", house.on);
        assert_eq!(list(&mails[0]), pairs(&[("new", "203.0.113.7:23"), ("new", "203.0.113.8:23"), ("new", "203.0.113.9:23")]));
    }
}

/// Takes the job that reads a file away, as if it had no try left.
async fn hold_back(house: &House, file: Id) {
    house
        .app
        .db
        .change("test", async |tx| {
            tx.execute("delete from jobs where unique_key = $1", args![format!("read_events:{file}")]).await?;
            tx.execute("update event_files set state = 'failed', alarm = 'the disk' where id = $1", args![file]).await?;
            tx.record(store::Record::new("test", "test", tx.new_id()));
            Ok::<_, store::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_events_are_stored_cannot_be_dropped() {
    for house in House::both().await {
        two(&house).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        // The lake has it, and taking note of it failed to the last try.
        let file: Vec<(Id,)> = house.rows("select id from event_files where number = 1", vec![]).await;
        hold_back(&house, file[0].0).await;
        let analyst = house.login_as(Role::Analyst).await;
        let told = analyst.post("/events/files/1", &[("do", "drop"), ("reason", "not wanted")]).await;
        assert_eq!(state(&house, 1).await.state, "failed", "on {}: {}", house.on, told.words());
        let _ = analyst.post("/events/files/1", &[("do", "again")]).await.must(303);
        house.run_jobs().await;
        assert_eq!(state(&house, 1).await.state, "stored");
        // One that the lake does not have can be.
        deliver(&house, "shadow", "2026-11-22-scan_telnet-other.csv", &crate::notices::file(22, &[("203.0.113.8", 23)])).await;
        let other: Vec<(Id,)> = house.rows("select id from event_files where number = 2", vec![]).await;
        hold_back(&house, other[0].0).await;
        let _ = analyst.post("/events/files/2", &[("do", "drop"), ("reason", "not wanted")]).await.must(303);
        assert_eq!(state(&house, 2).await.state, "dropped");
    }
}
