//! What organisations are told of their events: one readable mail, exactly once, and nothing of others.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, ContactDetails, Held};
use atalaya::events::notices::{self, RuleDetails};
use atalaya::keys::directory;
use formats::label::Tlp;
use store::{Id, args};

use crate::events::{deliver, feed};
use crate::house::{Gpg, House, Mail, contact};
use crate::messages::organisation;
use crate::openpgp::{keep, mail_key};
use crate::publications::{begin, press};

const HEADER: &str = "timestamp,ip,port,protocol,hostname,tag,asn,geo";
pub const NORTH: &str = "abuse@north.example";
pub const SOUTH: &str = "abuse@south.example";

/// A file of a day: address and port of each line.
pub fn file(day: u32, lines: &[(&str, u16)]) -> Vec<u8> {
    let rows: Vec<String> = lines.iter().map(|(ip, port)| format!("2026-11-{day} 03:04:05,{ip},{port},tcp,,telnet,64500,LS")).collect();
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

pub async fn bring(house: &House, day: u32, lines: &[(&str, u16)]) {
    deliver(house, "shadow", &format!("2026-11-{day}-scan_telnet-maluti.csv"), &file(day, lines)).await;
    house.run_jobs().await;
}

pub async fn add(house: &House, name: &str, change: impl FnOnce(&mut RuleDetails)) -> Id {
    let mut details = RuleDetails { name: name.into(), ..RuleDetails::fresh(&house.app) };
    change(&mut details);
    notices::add_rule(&house.app, &Who::Operator, details).await.expect("a rule is added")
}

/// The morning of a day, when the daily rule has spoken.
pub async fn morning(house: &House, day: u32) {
    house.set_clock(&format!("2026-11-{day}T08:01:00+02:00"));
    house.run_jobs().await;
}

/// The lines of the attached list: state and address with port.
pub fn list(mail: &Mail) -> BTreeSet<(String, String)> {
    let letter = mail.letter();
    let bytes = letter.attachments.iter().find(|one| one.name.ends_with(".csv")).map(|one| one.content.clone()).unwrap_or_default();
    rows(&bytes).into_iter().map(|row| (row["state"].clone(), format!("{}:{}", row["address"], row["port"]))).collect()
}

pub fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|row| names.iter().cloned().zip(row.unwrap().iter().map(str::to_owned)).collect()).collect()
}

pub fn pairs(of: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    of.iter().map(|(state, what)| ((*state).to_owned(), (*what).to_owned())).collect()
}

pub async fn two(house: &House) -> (Id, Id) {
    feed(house, "shadow").await;
    let north = organisation(house, "North Cable", "203.0.113.0/25", NORTH).await;
    let south = organisation(house, "South Radio", "203.0.113.128/25", SOUTH).await;
    (north, south)
}

/// Somebody of an organisation can log in.
async fn reads(house: &House, organisation: Id) {
    let member = house.person(Role::Member, Some(organisation)).await;
    atalaya::people::first_password(&house.app, &Who::Operator, member).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_gets_one_readable_mail_of_what_is_new_persists_and_is_gone() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        reads(&house, north).await;
        let _ = house.person(Role::Member, Some(south)).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.9", 23), ("203.0.113.200", 2323), ("198.51.100.1", 23)]).await;
        assert!(house.sink.mails().is_empty(), "nothing before its hour");
        let waits = house.login_as(Role::Analyst).await.get("/events/notices").await.must(200);
        assert!(waits.shows("2 organisations have events that no notice spoke of yet") && waits.shows("The next rule looks at them"), "{}", waits.words());
        morning(&house, 24).await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 1, "on {}", house.on);
        let (mail, text) = (&mails[0], mails[0].letter().text);
        assert_eq!(list(mail), pairs(&[("new", "203.0.113.7:23"), ("new", "203.0.113.9:23")]));
        for words in [
            "TLP:AMBER",
            "To North Cable",
            "2 events since",
            "== Accessible Telnet (Vulnerable system) ==",
            "What to do:",
            "203.0.113.7 23/tcp",
            "2 lines are in the attached list",
            "/member/notices/N-2026-00000",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(!text.contains("203.0.113.200") && !text.contains("South") && !text.contains("198.51.100.1"), "{text}");
        assert!(mail.header("subject").unwrap().contains("] 2 new findings on your networks"), "{:?}", mail.header("subject"));
        assert_eq!(mail.header("auto-submitted").as_deref(), Some("auto-generated"));
        assert_eq!(house.sink.to(SOUTH).len(), 1);
        // Who was invited and never came has no log-in.
        let alone = house.sink.to(SOUTH)[0].letter().text;
        assert!(!alone.contains("/member/notices/") && alone.contains("answer this mail if you want one"), "nobody there can log in: {alone}");
        assert_eq!(list(&house.sink.to(SOUTH)[0]), pairs(&[("new", "203.0.113.200:2323")]));
        let ledger = house.ledger().await;
        assert_eq!(
            ledger.iter().map(|row| (row.1.as_str(), row.2.as_str(), row.3.as_str())).collect::<BTreeSet<_>>(),
            BTreeSet::from([("AMBER", "mail", NORTH), ("AMBER", "mail", SOUTH)])
        );
        // The next day one is still there, one is new, one was not seen; nothing is gone so soon.
        bring(&house, 24, &[("203.0.113.7", 23), ("203.0.113.8", 23)]).await;
        morning(&house, 25).await;
        assert_eq!(list(&house.sink.to(NORTH)[1]), pairs(&[("persisting", "203.0.113.7:23"), ("new", "203.0.113.8:23")]));
        assert_eq!(house.sink.to(SOUTH).len(), 1, "who has nothing new gets no mail");
        // Its feed went on for three whole days without it.
        morning(&house, 26).await;
        bring(&house, 26, &[("203.0.113.7", 23)]).await;
        morning(&house, 27).await;
        let last = house.sink.to(NORTH).pop().unwrap();
        assert_eq!(list(&last), pairs(&[("persisting", "203.0.113.7:23"), ("gone", "203.0.113.9:23")]));
        assert!(last.letter().text.contains("no longer seen: 1"), "{}", last.letter().text);
        let south = house.sink.to(SOUTH).pop().unwrap();
        assert!(south.header("subject").unwrap().contains("One finding on your networks is gone"));
        // It comes back, and is known.
        bring(&house, 27, &[("203.0.113.9", 23)]).await;
        morning(&house, 30).await;
        assert!(list(&house.sink.to(NORTH)[3]).contains(&("again".into(), "203.0.113.9:23".into())));
        let done = house.done().await;
        assert_eq!(done.iter().filter(|verb| *verb == "notice.told").count(), 6, "{done:?}");
    }
}

/// A file of infected machines: address and the port that each went out from.
async fn infected(house: &House, day: u32, lines: &[(&str, u16)]) {
    let rows: Vec<String> = lines.iter().map(|(ip, port)| format!("2026-11-{day} 23:04:05,{ip},{port},tcp,mirai")).collect();
    let bytes = format!("timestamp,src_ip,src_port,protocol,infection\n{}\n", rows.join("\n")).into_bytes();
    deliver(house, "shadow", &format!("2026-11-{day}-event4_sinkhole-maluti.csv"), &bytes).await;
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_infected_machine_is_one_finding_whatever_port_it_goes_out_from() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        infected(&house, 22, &[("203.0.113.7", 49152), ("203.0.113.7", 50001), ("203.0.113.8", 50001)]).await;
        for day in 24..28 {
            morning(&house, day).await;
            infected(&house, day, &[("203.0.113.7", 50_000 + u16::try_from(day).unwrap())]).await;
        }
        let mails = house.sink.to(NORTH);
        assert_eq!(list(&mails[0]), pairs(&[("new", "203.0.113.7:50001"), ("new", "203.0.113.8:50001")]), "on {}: the last port is named", house.on);
        assert_eq!(list(&mails[1]), pairs(&[("persisting", "203.0.113.7:50024")]), "on {}", house.on);
        let rest: Vec<_> = mails.iter().skip(1).flat_map(list).filter(|(_, what)| what.starts_with("203.0.113.7")).map(|(state, _)| state).collect();
        assert!(rest.len() >= 2 && rest.iter().all(|state| state == "persisting"), "on {}: it goes on, it is not gone: {rest:?}", house.on);
        // A member reads the day that its events have: UTC, where the team's own day had begun already.
        let member = house.login_as_member_of(north).await;
        let page = member.get("/member/findings").await.must(200);
        assert!(page.shows("2026-11-22") && page.shows("UTC"), "on {}: {}", house.on, page.words());
        assert!(mails[0].letter().text.contains("since 2026-11-22"), "{}", mails[0].letter().text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weekend_is_no_business_day_and_a_silent_feed_makes_nothing_gone() {
    let house = House::sqlite().await;
    two(&house).await;
    add(&house, "Daily", |_| {}).await;
    house.set_clock("2026-11-27T09:00:00+02:00");
    house.run_jobs().await;
    bring(&house, 26, &[("203.0.113.7", 23)]).await;
    morning(&house, 28).await;
    morning(&house, 29).await;
    assert!(house.sink.mails().is_empty(), "Saturday and Sunday");
    morning(&house, 30).await;
    assert_eq!(house.sink.to(NORTH).len(), 1);
    house.set_clock("2026-12-14T08:01:00+02:00");
    house.run_jobs().await;
    assert_eq!(house.sink.to(NORTH).len(), 1, "nothing came, so nothing is known to be gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_late_or_could_not_be_read_makes_nothing_gone() {
    for house in House::both().await {
        two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        morning(&house, 24).await;
        morning(&house, 26).await;
        // The file of an older day comes four days after what was seen: it says nothing of the days since.
        bring(&house, 21, &[("203.0.113.8", 23)]).await;
        morning(&house, 27).await;
        assert_eq!(list(&house.sink.to(NORTH)[1]), pairs(&[("new", "203.0.113.8:23")]), "on {}", house.on);
        // Neither do a file of which no line can be read, and the same lines once more.
        let unreadable = String::from_utf8(file(27, &[("203.0.113.9", 23)])).unwrap().replace("2026-11-27 03:04:05", "yesterday");
        deliver(&house, "shadow", "2026-11-27-scan_telnet-maluti.csv", unreadable.as_bytes()).await;
        let same = [file(22, &[("203.0.113.7", 23)]), b"\n".to_vec()].concat();
        deliver(&house, "shadow", "2026-11-22-scan_telnet-again.csv", &same).await;
        morning(&house, 30).await;
        assert_eq!(house.sink.to(NORTH).len(), 2, "on {}: {:?}", house.on, house.sink.to(NORTH).last().map(list));
        // What was seen days after both, and not they, does.
        bring(&house, 29, &[("203.0.113.10", 23)]).await;
        house.set_clock("2026-12-01T08:01:00+02:00");
        house.run_jobs().await;
        let last = house.sink.to(NORTH).pop().unwrap();
        assert_eq!(list(&last), pairs(&[("new", "203.0.113.10:23"), ("gone", "203.0.113.7:23"), ("gone", "203.0.113.8:23")]), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_once_gathers_a_mornings_files_and_an_own_rule_stands_before_those_for_all() {
    for house in House::both().await {
        let (_, south) = two(&house).await;
        add(&house, "All", |rule| rule.due = "at_once".into()).await;
        add(&house, "South weekly", |rule| {
            (rule.scope, rule.organisation) = ("one".into(), Some(south));
            (rule.due, rule.weekday, rule.csv) = ("weekly".into(), 2, "link".into());
        })
        .await;
        house.run_jobs().await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.201", 23)]).await;
        house.later(2);
        bring(&house, 21, &[("203.0.113.8", 23)]).await;
        assert!(house.sink.mails().is_empty());
        house.later(4);
        house.run_jobs().await;
        let north = house.sink.to(NORTH);
        assert_eq!(north.len(), 1, "on {}", house.on);
        assert_eq!(list(&north[0]), pairs(&[("new", "203.0.113.7:23"), ("new", "203.0.113.8:23")]));
        assert!(house.sink.to(SOUTH).is_empty());
        morning(&house, 25).await;
        let mail = house.sink.to(SOUTH).pop().expect("on Wednesday");
        assert!(mail.letter().attachments.is_empty());
        assert!(mail.letter().text.contains("The list of all 1 lines"), "{}", mail.letter().text);
        assert_eq!(house.sink.to(NORTH).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_what_by_whatever_rule_every_mail_has_its_own_events_and_each_event_is_told_once() {
    for house in House::both().await {
        let mut dice = fastrand::Rng::with_seed(7);
        feed(&house, "shadow").await;
        let held = ["203.0.113.0/24", "203.0.113.0/26", "203.0.113.64/26", "203.0.113.128/25", "198.51.100.0/24", "192.0.2.0/28"];
        let mut all = Vec::new();
        for (at, prefix) in held.iter().enumerate() {
            let mail = format!("abuse@org{at}.example");
            let id = organisation(&house, &format!("Org{at} Example"), prefix, &mail).await;
            all.push((id, mail, prefix.parse::<formats::net::Prefix>().unwrap()));
        }
        add(&house, "All", |rule| (rule.place, rule.csv_bytes) = (100, 1_000_000)).await;
        add(&house, "Two at least", |rule| (rule.place, rule.threshold, rule.due) = (50, 2, "at_once".into())).await;
        add(&house, "Own", |rule| {
            (rule.scope, rule.organisation) = ("one".into(), Some(all[3].0));
            (rule.due, rule.weekday) = ("weekly".into(), 3);
        })
        .await;
        add(&house, "Off", |rule| (rule.place, rule.state) = (1, "off".into())).await;
        let mut events: BTreeSet<(String, u16, u32)> = BTreeSet::new();
        for day in 24..29 {
            morning(&house, day).await;
            for _ in 0..2 {
                let mut lines = Vec::new();
                for _ in 0..dice.usize(1..25) {
                    let net = ["203.0.113", "198.51.100", "192.0.2"][dice.usize(..3)];
                    lines.push((format!("{net}.{}", dice.u8(..)), 20 + dice.u16(..3)));
                }
                events.extend(lines.iter().map(|(ip, port)| (ip.clone(), *port, day)));
                let lines: Vec<(&str, u16)> = lines.iter().map(|(ip, port)| (ip.as_str(), *port)).collect();
                deliver(&house, "shadow", &format!("2026-11-{day}-scan_telnet-{}.csv", dice.u32(..)), &file(day, &lines)).await;
                if dice.bool() {
                    house.run_jobs().await;
                }
            }
            house.run_jobs().await;
        }
        // The weekly rule, and what waited for a threshold.
        for late in ["2026-12-03T08:01:00+02:00", "2027-01-15T08:01:00+02:00"] {
            house.set_clock(late);
            house.run_jobs().await;
        }
        // Something new makes a run look again at what waited for long.
        bring(&house, 29, &[("203.0.113.1", 99), ("203.0.113.65", 99), ("203.0.113.130", 99), ("198.51.100.1", 99), ("192.0.2.1", 99)]).await;
        house.later(6);
        house.run_jobs().await;
        for (_, mail, prefix) in &all {
            let mut told = 0;
            for mail in house.sink.to(mail) {
                let letter = mail.letter();
                let csv = letter.attachments.iter().find(|one| one.name.ends_with(".csv")).expect("a list");
                for row in rows(&csv.content).into_iter().filter(|row| row["state"] != "gone") {
                    assert!(prefix.contains(row["address"].parse().unwrap()), "{} is none of {prefix}", row["address"]);
                    told += if row["port"] == "99" { 0 } else { row["events"].parse::<usize>().unwrap() };
                }
                for word in letter.text.split_whitespace() {
                    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                    assert!(word.parse().map_or(true, |address| prefix.contains(address)), "{word} is none of {prefix}");
                }
            }
            let wanted = events.iter().filter(|(ip, ..)| prefix.contains(ip.parse().unwrap())).count();
            assert_eq!(told, wanted, "{prefix} on {}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_changed_registry_gives_to_an_organisation_is_told_to_it_if_it_came_of_late() {
    for house in House::both().await {
        let (_, south) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("198.51.100.1", 23), ("203.0.113.7", 23)]).await;
        let held = Held { kind: String::new(), value: "198.51.100.0/24".into(), from: None, to: None, source: "test" };
        constituency::add_resource(&house.app, &Who::Operator, south, held).await.unwrap();
        house.later(5);
        house.run_jobs().await;
        morning(&house, 24).await;
        morning(&house, 25).await;
        let mails = house.sink.to(SOUTH);
        assert_eq!(mails.len(), 1, "on {}", house.on);
        assert_eq!(list(&mails[0]), pairs(&[("new", "198.51.100.1:23")]));
        assert_eq!(house.sink.to(NORTH).len(), 1);
    }
}

/// The job that tells a holder, as a worker has it.
fn job(holder: i64) -> store::Job {
    store::Job {
        id: Id([1; 16]),
        kind: "tell_organisation".into(),
        payload: serde_json::json!({ "holder": holder }),
        attempts: 1,
        lease: store::Lease::default(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_any_moment_leaves_no_double_and_no_gap() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        let rule = add(&house, "Daily", |_| {}).await;
        let holder = constituency::number_of(&mut house.app.db.read().await.unwrap(), north).await.unwrap();
        let mut dice = fastrand::Rng::with_seed(11);
        for turn in 0..12_u16 {
            bring(&house, 22, &[("203.0.113.7", 1000 + turn)]).await;
            house
                .app
                .db
                .keep_house(async |tx| {
                    let text = "insert into notice_due (holder, rule_id, slot, at) values ($1, $2, $3, 0)";
                    tx.execute(text, args![holder, rule, format!("turn {turn}")]).await.map(drop)
                })
                .await
                .unwrap();
            // Cut off somewhere, several times; and two at the same time.
            for _ in 0..4 {
                let (app, job) = (house.app.clone(), job(holder));
                let _ = tokio::time::timeout(Duration::from_micros(dice.u64(0..4000)), notices::tell_organisation(&app, &job)).await;
            }
            let (one, two) = (job(holder), job(holder));
            let both = tokio::join!(notices::tell_organisation(&house.app, &one), notices::tell_organisation(&house.app, &two));
            if both.0.is_err() || both.1.is_err() {
                notices::tell_organisation(&house.app, &job(holder)).await.unwrap();
            }
            notices::tell_organisation(&house.app, &job(holder)).await.unwrap();
        }
        house.run_jobs().await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 12, "on {}", house.on);
        let told: BTreeSet<String> = mails.iter().flat_map(list).map(|(state, what)| format!("{state} {what}")).collect();
        let wanted: BTreeSet<String> = (0..12).map(|turn| format!("new 203.0.113.7:{}", 1000 + turn)).collect();
        assert_eq!(told, wanted, "on {}", house.on);
        let slots: Vec<(i64,)> = house.rows("select count(*) from notice_slots", vec![]).await;
        assert_eq!(slots[0].0, 12);
    }
}

fn bounce(of: &Mail) -> Vec<u8> {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: report@csirt.maluti.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {NORTH}\r\n\
         Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         Message-ID: {}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n",
        of.header("message-id").unwrap()
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_marks_the_contact_and_what_cannot_be_told_waits_on_the_teams_list() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        morning(&house, 24).await;
        keep(&house, "", &bounce(&house.sink.to(NORTH)[0])).await;
        house.run_jobs().await;
        bring(&house, 24, &[("203.0.113.8", 23)]).await;
        morning(&house, 25).await;
        morning(&house, 26).await;
        assert_eq!(house.sink.to(NORTH).len(), 1, "on {}", house.on);
        let analyst = house.login_as(Role::Analyst).await;
        let page = analyst.get("/events/notices").await.must(200);
        assert!(page.shows("Cannot be told") && page.shows("came back on 2026-11-24"), "{}", page.words());
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "notice.held").count(), 1, "one alarm, not one a day");
        let contacts: Vec<(Id,)> = house.rows("select id from contacts where organisation_id = $1", args![north]).await;
        let _ = analyst.post(&format!("/constituency/{north}/contacts/{}/bounce", contacts[0].0), &[]).await.must(303);
        let _ = analyst.post(&format!("/events/held/{north}"), &[]).await.must(303);
        house.run_jobs().await;
        assert_eq!(list(&house.sink.to(NORTH)[1]), pairs(&[("new", "203.0.113.8:23")]));
        assert!(!analyst.get("/events/notices").await.must(200).shows("Cannot be told"));
        let _ = analyst.post(&format!("/events/held/{north}"), &[]).await.must(409);
        // Another contact stands in for one whose mail came back.
        constituency::add_contact(&house.app, &Who::Operator, north, contact("North security", "security", "soc@north.example")).await.unwrap();
        keep(&house, "", &bounce(&house.sink.to(NORTH)[1])).await;
        bring(&house, 26, &[("203.0.113.9", 23)]).await;
        morning(&house, 27).await;
        assert_eq!(house.sink.to("soc@north.example").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_a_notice_by_itself_is_no_report_and_what_a_person_answers_is_one() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        morning(&house, 24).await;
        let id = house.sink.to(NORTH)[0].header("message-id").unwrap();
        let answer = |more: &str, text: &str| {
            format!("From: Desk <{NORTH}>\r\nTo: report@csirt.maluti.example\r\nSubject: Re: findings\r\nIn-Reply-To: {id}\r\n{more}\r\n{text}\r\n")
                .into_bytes()
        };
        let reports = async || house.rows::<(Id,)>("select id from reports", vec![]).await.len();
        keep(&house, "", &answer("Auto-Submitted: auto-replied\r\n", "Back on Monday")).await;
        house.run_jobs().await;
        assert_eq!(reports().await, 0, "on {}", house.on);
        let mails: Vec<(String, Option<Id>)> = house.rows("select state, noun_id from mails", vec![]).await;
        assert_eq!(mails, [("automatic".into(), Some(north))]);
        keep(&house, NORTH, &answer("", "This network is not ours since last year.")).await;
        house.run_jobs().await;
        assert_eq!(reports().await, 1);
        let number: Vec<(String,)> = house.rows("select number from reports", vec![]).await;
        let page = house.login_as(Role::Analyst).await.get(&format!("/inbox/{}", number[0].0)).await.must(200);
        assert!(page.shows("It answers the notice N-2026-00000") && page.shows("North Cable"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_mail_may_not_carry_is_held_until_there_is_a_key_and_then_only_the_key_opens_it() {
    let house = House::sqlite().await;
    mail_key(&house).await;
    let mut details = atalaya::events::FeedDetails { name: "secret".into(), title: "Secret".into(), ..atalaya::events::FeedDetails::fresh(&house.app) };
    details.label = Tlp::AmberStrict;
    atalaya::events::add(&house.app, &Who::Operator, details).await.unwrap();
    let north = organisation(&house, "North Cable", "203.0.113.0/25", NORTH).await;
    add(&house, "Daily", |_| {}).await;
    deliver(&house, "secret", "2026-11-22-scan_telnet-maluti.csv", &file(22, &[("203.0.113.7", 23)])).await;
    house.run_jobs().await;
    morning(&house, 24).await;
    assert!(house.sink.mails().is_empty(), "more than this organisation may get");
    let held: Vec<(String,)> = house.rows("select why from notice_held", vec![]).await;
    assert!(held[0].0.contains("TLP:AMBER+STRICT"), "{held:?}");
    let mut reader = house.app.db.read().await.unwrap();
    let known = constituency::get(&mut reader, north).await.unwrap();
    drop(reader);
    let more = constituency::Details { ceiling: Tlp::Red, ..constituency::Details::from(&known) };
    constituency::change(&house.app, &Who::Operator, north, known.version, more).await.unwrap();
    morning(&house, 25).await;
    assert!(house.sink.mails().is_empty(), "mail in clear may not carry it");
    let gpg = Gpg::of(&format!("North <{NORTH}>"));
    let print = gpg.fingerprint(NORTH);
    directory::take(&house.app, &Who::Operator, &gpg.export(NORTH), NORTH, directory::Source::Upload).await.unwrap();
    directory::verify(&house.app, &Who::Operator, &print, NORTH, "on paper").await.unwrap();
    morning(&house, 26).await;
    let mail = house.sink.to(NORTH).pop().expect("it is told");
    assert!(!mail.text().contains("203.0.113.7") && mail.text().contains("BEGIN PGP MESSAGE"), "{}", mail.text());
    assert_eq!(mail.header("subject").unwrap(), "[N-2026-000001] ...");
    let rows: Vec<(String, String)> = house.rows("select channel, label from ledger", vec![]).await;
    assert_eq!(rows, [("encrypted mail".into(), "AMBER+STRICT".into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_reads_its_notices_again_and_no_other_ones() {
    for house in House::both().await {
        let (north, south) = two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.200", 23)]).await;
        morning(&house, 24).await;
        let (mine, theirs) = (house.login_as_member_of(north).await, house.login_as_member_of(south).await);
        let number: Vec<(String,)> = house.rows("select number from notices where organisation_id = $1", args![north]).await;
        let path = format!("/member/notices/{}", number[0].0);
        assert!(mine.get("/member/notices").await.must(200).shows(&number[0].0));
        assert!(!theirs.get("/member/notices").await.must(200).shows(&number[0].0));
        assert!(mine.get(&path).await.must(200).shows("203.0.113.7 23/tcp"));
        let list = mine.get(&format!("{path}/list")).await.must(200);
        assert!(list.text().contains("new,203.0.113.7,"), "{}", list.text());
        for path in [path.clone(), format!("{path}/list")] {
            let _ = theirs.get(&path).await.must(404);
        }
        let portal: Vec<(String,)> = house.rows("select recipient from ledger where channel = 'portal'", vec![]).await;
        assert_eq!(portal, [(format!("organisation:{north}"),)], "reading it again and again is told once in the ledger");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_leads_to_the_guidance_that_is_published_for_its_type() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        reads(&house, north).await;
        let rule = add(&house, "Daily", |_| {}).await;
        let piece = begin(&house, "guidance", "Close what nobody needs").await;
        piece.facts(&[("label", "CLEAR"), ("keys", "vulnerable/vulnerable-system"), ("review", "2027-05-31")]).await.must(303);
        let path = piece.out().await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        morning(&house, 24).await;
        let tried = house.login_as(Role::Analyst).await.get(&format!("/events/rules/{rule}/month")).await.must(200);
        let text = house.sink.to(NORTH)[0].letter().text;
        let address = format!("{}{path}?lang=en", house.app.profile.web.public_url);
        assert!(text.contains(&format!("More about what to do: {address}")), "on {}: {text}", house.on);
        assert!(tried.shows(&address), "on {}: {}", house.on, tried.words());
        let number = text.split("/member/notices/").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().to_owned();
        let member = house.login_as_member_of(north).await;
        let page = member.get(&format!("/member/notices/{number}")).await.must(200);
        assert!(page.links(&path).len() == 1 && page.shows("Close what nobody needs"), "on {}: {}", house.on, page.words());
        // What no longer holds is no advice.
        let lead = house.login_as(Role::Lead).await;
        press(&lead, &piece.at, "withdrawal", &[("why", "We say it otherwise")]).await.must(303);
        bring(&house, 24, &[("203.0.113.8", 23)]).await;
        morning(&house, 25).await;
        assert!(!house.sink.to(NORTH)[1].letter().text.contains("/guidance/"), "on {}", house.on);
        assert!(house.login_as_member_of(north).await.get(&format!("/member/notices/{number}")).await.must(200).links(&path).is_empty(), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_written_tried_on_the_last_month_paused_and_changed() {
    for house in House::both().await {
        let (_, south) = two(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        bring(&house, 22, &[("203.0.113.7", 23), ("203.0.113.8", 23), ("203.0.113.200", 23)]).await;
        let mut fields = vec![
            ("name", "Open services"),
            ("place", "10"),
            ("scope", "registered"),
            ("types", "vulnerable/no-such-thing"),
            ("severity", "0"),
            ("threshold", "1"),
            ("quiet_days", "3"),
            ("due", "daily"),
            ("weekday", "0"),
            ("hour", "8"),
            ("csv", "attach"),
            ("csv_bytes", "100000"),
            ("template", "full"),
            ("off", "yes"),
        ];
        let refused = analyst.post("/events/rules/new", &fields).await.must(422);
        assert!(refused.shows("no-such-thing") && refused.shows("neither a class nor"), "{}", refused.words());
        fields[3].1 = "vulnerable";
        let made = analyst.post("/events/rules/new", &fields).await.must(303);
        let month = made.location().unwrap();
        house.set_clock("2026-11-24T09:00:00+02:00");
        let analyst = house.login(analyst.person()).await;
        let page = analyst.get(&month).await.must(200);
        assert!(page.shows("North Cable") && page.shows("South Radio") && page.shows(NORTH), "{}", page.words());
        assert!(house.sink.mails().is_empty(), "a dry run sends nothing");
        let shown = analyst.get(&format!("{month}?organisation={south}")).await.must(200);
        assert!(shown.shows("203.0.113.200 23/tcp") && !shown.shows("203.0.113.7 "), "{}", shown.words());
        // Switched on, it sends what the dry run said.
        let rule = month.trim_end_matches("/month").to_owned();
        fields.retain(|(name, _)| *name != "off");
        fields.push(("version", "1"));
        let _ = analyst.post(&rule, &fields).await.must(303);
        let _ = analyst.post(&rule, &fields).await.must(422);
        morning(&house, 25).await;
        let analyst = house.login(analyst.person()).await;
        let text = house.sink.to(SOUTH).pop().expect("a notice").letter().text;
        for line in text.lines().filter(|line| !line.contains("/member/notices/") && !line.contains(['&', '\'', '"', '<', '>'])) {
            assert!(shown.text().contains(line.trim_end()), "“{line}” in the dry run");
        }
        // Paused, it waits; afterwards what came meanwhile is told.
        fields.retain(|(name, _)| *name != "version");
        fields.extend([("version", "2"), ("paused_until", "2026-11-27")]);
        let refused = analyst.post(&rule, &fields).await.must(422);
        assert!(refused.shows("Say why it is paused"));
        fields.push(("pause_reason", "their desk moves"));
        let _ = analyst.post(&rule, &fields).await.must(303);
        bring(&house, 25, &[("203.0.113.201", 23)]).await;
        morning(&house, 26).await;
        assert_eq!(house.sink.to(SOUTH).len(), 1);
        assert!(house.login(analyst.person()).await.get("/events/rules").await.must(200).shows("their desk moves"));
        bring(&house, 26, &[("203.0.113.201", 23)]).await;
        morning(&house, 27).await;
        assert_eq!(list(&house.sink.to(SOUTH)[1]), pairs(&[("gone", "203.0.113.200:23"), ("new", "203.0.113.201:23")]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_rule_comes_from_the_profile_and_is_written_once() {
    let house = House::with(|profile| profile.events.notices = Some(atalaya::profile::Notices { hour: 11, ..atalaya::profile::Notices::default() })).await;
    two(&house).await;
    notices::wake(&house.app).await.unwrap();
    notices::wake(&house.app).await.unwrap();
    let rules = notices::rules(&mut house.app.db.read().await.unwrap(), &Who::Operator).await.unwrap();
    assert_eq!(rules.len(), 1);
    bring(&house, 22, &[("203.0.113.7", 23)]).await;
    house.set_clock("2026-11-23T11:00:30+02:00");
    house.run_jobs().await;
    assert_eq!(house.sink.to(NORTH).len(), 1);
    let other = House::sqlite().await;
    notices::wake(&other.app).await.unwrap();
    let none = notices::rules(&mut other.app.db.read().await.unwrap(), &Who::Operator).await.unwrap();
    assert!(none.is_empty(), "who says nothing tells nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_the_taxonomy_has_a_name_and_advice_in_each_language_and_no_list_sorts() {
    let house = House::sqlite().await;
    let north = house.organisation("North Cable").await;
    let held = Held { kind: String::new(), value: "203.0.113.0/25".into(), from: None, to: None, source: "test" };
    constituency::add_resource(&house.app, &Who::Operator, north, held).await.unwrap();
    for language in ["en", "es", "pt", "fr", "de", "st"] {
        let text = house.app.languages.text(language);
        for known in formats::rsit::TYPES {
            assert!(text.has(&format!("rsit-{}", known.name)) && text.has(&format!("guide-{}", known.name)), "{language}: {}", known.name);
        }
    }
    let mut reader = house.app.db.read().await.unwrap();
    for organisation in [None, Some(north)] {
        for before in [None, Some((house.app.now(), north))] {
            let plan = reader.plan(notices::notices_statement(organisation, before, 50)).await.unwrap();
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_its_page_hears_by_a_mail_without_content_that_a_notice_is_there() {
    for house in House::both().await {
        let (north, _) = two(&house).await;
        let contacts = constituency::contacts_of(&mut house.app.db.read().await.unwrap(), &[north]).await.unwrap();
        let paged = ContactDetails { reach: "portal".into(), ..ContactDetails::from(&contacts[0]) };
        constituency::change_contact(&house.app, &Who::Operator, contacts[0].id, contacts[0].version, paged).await.unwrap();
        add(&house, "Daily", |_| {}).await;
        bring(&house, 22, &[("203.0.113.7", 23)]).await;
        morning(&house, 24).await;
        let mails = house.sink.to(NORTH);
        assert_eq!(mails.len(), 1, "on {}", house.on);
        let text = mails[0].text();
        assert!(text.contains("N-2026-000001") && !text.contains("203.0.113") && !text.to_lowercase().contains("telnet"), "{text}");
        let told: Vec<(String, String, String)> = house.rows("select noun, channel, label from ledger order by noun", vec![]).await;
        let row = |noun: &str, channel: &str, label: &str| (noun.to_owned(), channel.to_owned(), label.to_owned());
        assert_eq!(told, [row("event_notice", "portal", "AMBER"), row("notice", "mail", "CLEAR")], "on {}", house.on);
        let member = house.login_as_member_of(north).await;
        assert!(member.get("/member/notices/N-2026-000001").await.must(200).shows("203.0.113.7 23/tcp"));
        morning(&house, 25).await;
        assert_eq!(house.sink.to(NORTH).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_late_does_not_make_older_what_was_seen_last() {
    for house in House::both().await {
        two(&house).await;
        add(&house, "Daily", |_| {}).await;
        bring(&house, 23, &[("203.0.113.7", 23)]).await;
        infected(&house, 23, &[("203.0.113.8", 50_023)]).await;
        morning(&house, 24).await;
        bring(&house, 21, &[("203.0.113.7", 23)]).await;
        infected(&house, 21, &[("203.0.113.8", 50_021)]).await;
        morning(&house, 25).await;
        let mail = &house.sink.to(NORTH)[1];
        // Instant and port are one sighting's: by both a machine behind a shared address is found.
        assert!(list(mail).contains(&("persisting".to_owned(), "203.0.113.8:50023".to_owned())), "on {}: {:?}", house.on, list(mail));
        let text = mail.letter().text;
        let line = text.lines().find(|line| line.contains("203.0.113.7 23/tcp")).unwrap();
        assert!(line.contains("since 2026-11-21") && line.contains("2026-11-23"), "on {}: {line}", house.on);
    }
}
