//! Mail that comes in: kept first, read later, placed by what only we could have signed.

use std::io::Write;
use std::process::{Command, Stdio};

use atalaya::access::{Role, Who};
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, NewCase};
use atalaya::mailbox::{self, Delivered, Kept};
use atalaya::{outbox, reports};
use formats::label::Tlp;
use store::{Id, args};

use crate::house::{House, Lmtp};
use crate::reports::told;
use crate::verify::tamper;

const US: &str = "report@csirt.maluti.example";

pub fn letter(from: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
    format!("From: {from}\r\nTo: {US}\r\nSubject: {subject}\r\nMessage-ID: <{}@mx.example>\r\n{more}\r\n{body}\r\n", subject.len() + body.len()).into_bytes()
}

pub async fn keep(house: &House, from: &str, raw: &[u8]) -> Kept {
    keep_to(house, from, US, raw).await
}

async fn keep_to(house: &House, from: &str, to: &str, raw: &[u8]) -> Kept {
    let mail = Delivered { from: from.into(), to: vec![to.into()], raw: raw.to_vec(), via: "mail-in" };
    mailbox::keep(&house.app, mail).await.unwrap()
}

/// State, note and place of each mail, in the order that they came.
async fn mails(house: &House) -> Vec<(String, String, Option<Id>)> {
    house.rows("select state, note, noun_id from mails order by received_at, id", vec![]).await
}

async fn count_reports(house: &House) -> usize {
    house.rows::<(Id,)>("select id from reports", vec![]).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_over_lmtp_becomes_a_report_with_its_files_and_its_original() {
    for house in House::both().await {
        let listener = mailbox::listen(&house.app, std::future::pending()).await.unwrap().unwrap();
        let mut lmtp = Lmtp::connect(listener.address.unwrap()).await;
        let raw = letter(
            "\"Ana Desk\" <ana@shop.example>",
            "False page",
            "Content-Language: es\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
            "--b\r\nContent-Type: text/plain\r\n\r\nSee hxxp://bad[.]bank.example/x\r\n--b\r\nContent-Type: text/csv; name=list.csv\r\n\
             Content-Disposition: attachment; filename=list.csv\r\n\r\na,b\r\n--b--\r\n",
        );
        let answers = lmtp.deliver("ana@shop.example", &[US, "nobody@csirt.maluti.example"], &raw).await;
        assert!(answers[0].starts_with("550") && answers[1].starts_with("250"), "{answers:?}");
        // The same bytes once more: said to be kept, and nothing new happens.
        assert!(lmtp.deliver("ana@shop.example", &[US], &raw).await[0].starts_with("250"));
        house.run_jobs().await;
        assert_eq!(count_reports(&house).await, 1, "on {}", house.on);
        let mut reader = house.app.db.read().await.unwrap();
        let report = reports::find(&mut reader, "R-2026-000001").await.unwrap().unwrap();
        assert_eq!((report.channel.as_str(), report.title.as_str(), report.reporter_mail.as_str()), ("mail", "False page", "ana@shop.example"));
        assert_eq!((report.reporter_name.as_str(), report.language.as_str()), ("Ana Desk", "es"));
        assert_eq!(house.app.blobs.get(&mut reader, report.raw.unwrap()).await.unwrap(), raw);
        assert_eq!(reports::files(&mut reader, report.id).await.unwrap()[0].name, "list.csv");
        let receipt = &house.sink.to("ana@shop.example")[0];
        assert_eq!(receipt.header("auto-submitted").unwrap(), "auto-replied");
        assert_eq!(receipt.header("in-reply-to"), report.mail_message_id);
        assert!(receipt.letter().text.contains("Hemos recibido") || receipt.letter().text.contains("ha recibido"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_mails_become_reports_and_keep_every_byte() {
    let mut many = b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for n in 0..700 {
        many.extend(format!("--b\r\nContent-Type: text/plain; name=f{n}\r\n\r\npart {n}\r\n").bytes());
    }
    let mut deep = String::from("From: a@x.example\r\n");
    for n in 0..40 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=n{n}\r\n\r\n--n{n}\r\n"));
    }
    let mut flood = b"From: a@x.example\r\n".to_vec();
    for n in 0..20_000 {
        flood.extend(format!("X-Flood-{n}: {}\r\n", "y".repeat(60)).bytes());
    }
    flood.extend(b"\r\nbody\r\n");
    let hostile: Vec<Vec<u8>> = vec![
        b"not a mail at all, just words".to_vec(),
        b"\x00\x01\x02\xff\xfe".to_vec(),
        b"From: a@x.example\r\nSubject: =?nope?X?\xff\xff?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\x00\xfe words\r\n".to_vec(),
        b"From: a@x.example\r\nContent-Type: text/html\r\n\r\n<img src=http://track.example/x><script>alert(1)</script>hello".to_vec(),
        many,
        deep.into_bytes(),
        flood,
    ];
    for house in House::both().await {
        for raw in &hostile {
            keep(&house, "a@x.example", raw).await;
        }
        house.run_jobs().await;
        assert_eq!(count_reports(&house).await, hostile.len(), "on {}", house.on);
        let mut reader = house.app.db.read().await.unwrap();
        let mut kept = Vec::new();
        for n in 1..=hostile.len() {
            let report = reports::find(&mut reader, &format!("R-2026-{n:06}")).await.unwrap().unwrap();
            kept.push(house.app.blobs.get(&mut reader, report.raw.unwrap()).await.unwrap());
            assert!(!report.body.contains("<script"), "{}", report.body);
        }
        for raw in &hostile {
            assert!(kept.contains(raw), "a mail of {} bytes is not as it came", raw.len());
        }
    }
}

/// A report that was answered; gives its id and our mail to the reporter.
async fn answered(house: &House, from: &str) -> (Id, crate::house::Mail) {
    let new = reports::NewReport { acknowledge: false, ..told(&house.app, "form", "A page", "x", from) };
    let id = reports::receive(&house.app, &Who::Public, new).await.unwrap().id;
    reports::answer(&house.app, &Who::Operator, id, "Advice", "Do this.", Tlp::Green).await.unwrap();
    house.run_jobs().await;
    let mail = house.sink.to(from).pop().unwrap();
    // What comes back comes later, and stands below.
    house.later(1);
    (id, mail)
}

/// What there is to doubt of a message's sender.
fn doubted(said: &reports::Said) -> String {
    said.seals.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
}

async fn thread(house: &House, id: Id) -> Vec<reports::Said> {
    reports::thread(&mut house.app.db.read().await.unwrap(), id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_finds_its_thread_by_message_id_by_address_and_by_a_tag_from_the_reporter() {
    for house in House::both().await {
        let (id, mail) = answered(&house, "a@shop.example").await;
        let message_id = mail.header("message-id").unwrap();
        let reply_to = mail.header("reply-to").unwrap();
        keep(&house, "a@shop.example", &letter("a@shop.example", "Re: no tag", &format!("In-Reply-To: {message_id}\r\n"), "By id\r\n\r\n> Do this.")).await;
        keep_to(&house, "a@shop.example", &reply_to.to_uppercase(), &letter("a@shop.example", "hello", "", "By address")).await;
        keep(&house, "a@shop.example", &letter("a@shop.example", "Re: [R-2026-000001] Advice", "", "By tag")).await;
        keep(&house, "b@home.example", &letter("b@home.example", "Re: x", &format!("References: <x@y.example> {message_id}\r\n"), "From home")).await;
        house.run_jobs().await;
        let mut said: Vec<(String, String)> = thread(&house, id).await.into_iter().skip(1).map(|said| (doubted(&said), said.body)).collect();
        said.sort();
        let unchecked =
            "Nobody has checked that this is from a@shop.example. The number in its subject brought it here, and anybody who has seen the number can write it.";
        let expected = [
            ("", "By address"),
            ("", "By id"),
            ("It is from b@home.example. The address that we write to is a@shop.example.", "From home"),
            (unchecked, "By tag"),
        ];
        assert_eq!(said, expected.map(|(doubt, body)| (doubt.to_owned(), body.to_owned())), "on {}", house.on);
        assert_eq!(count_reports(&house).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_outsiders_forge_makes_a_new_report_and_no_answer() {
    for house in House::both().await {
        let (id, mail) = answered(&house, "a@shop.example").await;
        let message_id = mail.header("message-id").unwrap();
        let reply_to = mail.header("reply-to").unwrap();
        let twist = |text: &str| text.replace(&text[40..44], if &text[40..44] == "aaaa" { "bbbb" } else { "aaaa" });
        keep(&house, "m@evil.example", &letter("m@evil.example", "Re: [R-2026-000001] Advice", "", "A tag is no key")).await;
        keep(&house, "m@evil.example", &letter("m@evil.example", "forged id", &format!("In-Reply-To: {}\r\n", twist(&message_id)), "x1")).await;
        keep_to(&house, "m@evil.example", &twist(&reply_to), &letter("m@evil.example", "forged address", "", "x2")).await;
        let failed = "Authentication-Results: mx.csirt.maluti.example; dmarc=fail header.from=shop.example\r\n";
        keep(&house, "m@evil.example", &letter("a@shop.example", "Re: [R-2026-000001] Advice", failed, "A forged sender")).await;
        house.run_jobs().await;
        assert_eq!(thread(&house, id).await.len(), 1, "on {}", house.on);
        assert_eq!(count_reports(&house).await, 5);
        assert!(mails(&house).await.iter().all(|(state, _, _)| state == "report"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_answers_into_its_own_thread() {
    for house in House::both().await {
        let (app, who) = (&house.app, &Who::Operator);
        let new = NewCase { kind: "incident".into(), title: "Phishing".into(), ..NewCase::default() };
        let case = cases::open(app, who, new).await.unwrap();
        let party = NewParty {
            name: "Host".into(),
            role: "source".into(),
            mail: Some("noc@host.example".into()),
            reach: "mail".into(),
            checked: true,
            ..NewParty::default()
        };
        let party = parties::add(app, who, case.id, party).await.unwrap();
        let to = outbox::thread_key(app).reply_address("report", "csirt.maluti.example", party.bytes()).unwrap();
        keep_to(&house, "noc@host.example", &to, &letter("noc@host.example", "Re: your mail", "", "It is down now.")).await;
        keep(&house, "noc@host.example", &letter("noc@host.example", &format!("[{}] more", case.number), "", "By tag.")).await;
        keep(&house, "m@evil.example", &letter("m@evil.example", &format!("[{}] more", case.number), "", "By a stranger.")).await;
        house.run_jobs().await;
        let said: Vec<(String,)> = house.rows("select body from messages where party_id = $1 order by at, id", args![party]).await;
        assert_eq!(said.len(), 2, "on {}: {said:?} {:?}", house.on, mails(&house).await);
        assert_eq!(count_reports(&house).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_robots_exchange_one_message_at_most() {
    for house in House::both().await {
        keep(&house, "a@shop.example", &letter("a@shop.example", "A page", "", "x")).await;
        house.run_jobs().await;
        let receipt = house.sink.to("a@shop.example").pop().unwrap();
        let id = receipt.header("message-id").unwrap();
        for n in 0..5 {
            let more = format!("Auto-Submitted: auto-replied\r\nIn-Reply-To: {id}\r\n");
            keep_to(&house, "", &receipt.from, &letter("a@shop.example", &format!("Out of office {n}"), &more, "Back on Monday")).await;
            keep(
                &house,
                "robot@shop.example",
                &letter("robot@shop.example", &format!("Ticket {n}"), "Auto-Submitted: auto-generated\r\n", &format!("Ticket {n}")),
            )
            .await;
            keep(&house, US, &letter(US, &format!("Us {n}"), "", "From ourselves")).await;
            house.run_jobs().await;
        }
        assert_eq!(house.sink.mails().len(), 1, "on {}", house.on);
        let automatic = mails(&house).await.into_iter().filter(|(state, _, _)| state == "automatic").count();
        assert_eq!(automatic, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_lands_on_its_message_and_a_strange_one_is_kept() {
    for house in House::both().await {
        let (id, mail) = answered(&house, "gone@shop.example").await;
        let report = |message_id: &str| {
            format!(
                "From: MAILER-DAEMON@mx.example\r\nTo: {US}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
                 Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; gone@shop.example\r\n\
                 Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                 Message-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
            )
            .into_bytes()
        };
        keep(&house, "", &report(&mail.header("message-id").unwrap())).await;
        keep(&house, "", &report("<t.nobody@csirt.maluti.example>")).await;
        house.run_jobs().await;
        assert_eq!(thread(&house, id).await[0].state, "bounced", "on {}", house.on);
        let message = thread(&house, id).await[0].id;
        let delivery = &outbox::deliveries(&mut house.app.db.read().await.unwrap(), [message]).await.unwrap()[&message];
        assert!(delivery.state == "bounced" && delivery.answer.contains("5.1.1"), "{delivery:?}");
        let mut all = mails(&house).await;
        all.sort();
        assert_eq!(all.iter().filter(|(state, _, _)| state == "bounce").count(), 2);
        assert!(all.iter().any(|(_, note, place)| note.contains("not ours") && place.is_none()), "{all:?}");
        assert_eq!(count_reports(&house).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_read_twice_makes_one_report() {
    let house = House::sqlite().await;
    let Kept::New(id) = keep(&house, "a@shop.example", &letter("a@shop.example", "Once", "", "x")).await else { panic!("kept before") };
    house.app.db.keep_house(async |tx| tx.enqueue("read_mail", serde_json::json!({ "mail": id })).await).await.unwrap();
    house.run_jobs().await;
    assert_eq!(count_reports(&house).await, 1);
    assert_eq!(keep(&house, "a@shop.example", &letter("a@shop.example", "Once", "", "x")).await, Kept::Duplicate);
}

/// Its exit code, and what it printed.
fn mail_in(house: &House, data: &std::path::Path, raw: &[u8], more: &[&str]) -> (i32, String) {
    let profile = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/profile.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_atalaya"))
        .args(["mail-in", "--profile", profile, "--data"])
        .arg(data)
        .arg("--key")
        .arg(house.key())
        .args(["--from", "a@shop.example", "--to", US])
        .args(more)
        .env_remove("ATALAYA_DATABASE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(raw).unwrap();
    let ended = child.wait_with_output().unwrap();
    (ended.status.code().unwrap(), String::from_utf8(ended.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_in_keeps_a_mail_beside_a_running_server_or_says_75() {
    let house = House::sqlite().await;
    // The server writes all the while.
    let app = house.app.clone();
    let busy = tokio::spawn(async move {
        for n in 0..100 {
            reports::receive(&app, &Who::Public, told(&app, "form", &format!("Meanwhile {n}"), "x", "")).await.unwrap();
        }
    });
    let piped = |n: usize, more: &[&str]| mail_in(&house, &house.data(), &letter("a@shop.example", &format!("Piped {n}"), "", "x"), more);
    assert_eq!(piped(0, &[]), (0, String::new()), "a mail server takes output for trouble");
    let (code, said) = piped(1, &["--verbose"]);
    assert!(code == 0 && said.starts_with("kept ") && said.lines().count() == 1, "{said}");
    let (code, said) = piped(2, &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(code == 0 && said["kept"] == "new" && said["mail"].is_string() && said["bytes"].as_u64() > Some(0), "{said}");
    let (code, said) = piped(2, &["--json"]);
    assert!(code == 0 && said.contains(r#""kept":"known""#), "{said}");
    busy.await.unwrap();
    house.catch_up();
    house.run_jobs().await;
    assert_eq!(count_reports(&house).await, 103);
    let nowhere = house.data().join("atalaya.db").join("not-a-folder");
    assert_eq!(mail_in(&house, &nowhere, b"From: a@x.example\r\n\r\nx", &["--json"]), (75, String::new()));
    assert_eq!(mail_in(&house, &house.data(), b"", &[]), (75, String::new()));
}

async fn report(house: &House, n: usize) -> reports::Report {
    let number = format!("R-2026-{n:06}");
    reports::find(&mut house.app.db.read().await.unwrap(), &number).await.unwrap().unwrap_or_else(|| panic!("no {number} on {}", house.on))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_too_long_for_an_index_keeps_no_report_out() {
    for house in House::both().await {
        // What compresses badly: an index over the whole value would refuse it.
        let noise: String = (0..3000_u32).map(|n| char::from(b'a' + u8::try_from(n.wrapping_mul(2_654_435_761) >> 27).unwrap() % 26)).collect();
        keep(&house, "a@shop.example", &letter("a@shop.example", "Long", "", &format!("See http://long.bank.example/{noise} and 192.0.2.9."))).await;
        house.run_jobs().await;
        let report = report(&house, 1).await;
        assert!(report.body.contains(&noise) && report.problems.iter().any(|line| line.contains("longer than 2000 bytes")), "{:?}", report.problems);
        let seen = reports::observables(&mut house.app.db.read().await.unwrap(), report.id).await.unwrap();
        assert!(seen.iter().any(|one| one.value == "192.0.2.9") && seen.iter().all(|one| one.kind != "url"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_processed_ends_as_a_bare_report_and_waits_in_sight_until_then() {
    let house = House::sqlite().await;
    tamper(&house.data(), "create trigger broken before insert on observables begin select raise(abort, 'broken'); end;");
    let raw = letter("a@shop.example", "From 192.0.2.9", "", "Seen 198.51.100.7.");
    keep(&house, "a@shop.example", &raw).await;
    assert_eq!(house.try_jobs().await.len(), 1);
    house.later(3);
    let analyst = house.login_as(Role::Analyst).await;
    assert!(analyst.get("/inbox").await.must(200).text().contains("href=\"/inbox/mails\""));
    let page = analyst.get("/inbox/mails").await.must(200);
    // It may belong to a thread that not everybody may know of: until it is read, only that it waits is told.
    assert!(!page.shows("a@shop.example") && page.shows("Not read yet") && page.links("/inbox/mails/").is_empty(), "{}", page.words());
    assert_eq!(house.try_jobs().await.len(), 1);
    house.later(3);
    house.run_jobs().await;
    let bare = report(&house, 1).await;
    assert_eq!((bare.title.as_str(), bare.reporter_mail.as_str()), ("A mail that could not be processed", "a@shop.example"));
    assert!(bare.problems.iter().any(|line| line.contains("From 192.0.2.9")), "{:?}", bare.problems);
    assert_eq!(house.app.blobs.get(&mut house.app.db.read().await.unwrap(), bare.raw.unwrap()).await.unwrap(), raw);
    assert!(analyst.get("/inbox/mails").await.must(200).shows("There is none"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_answers_through_a_list_or_ticket_system_wakes_us_and_a_machine_does_not() {
    for house in House::both().await {
        let (id, mail) = answered(&house, "a@shop.example").await;
        let to = format!("In-Reply-To: {}\r\n", mail.header("message-id").unwrap());
        for (n, header) in ["Precedence: bulk", "Precedence: list\r\nList-Id: <noc.shop.example>", "X-Auto-Response-Suppress: All"].iter().enumerate() {
            keep(&house, "a@shop.example", &letter("a@shop.example", &format!("Re: {n}"), &format!("{to}{header}\r\n"), "A person wrote this")).await;
        }
        for (n, header) in ["Auto-Submitted: auto-generated", "X-Autoreply: yes", "Precedence: auto_reply"].iter().enumerate() {
            keep(&house, "a@shop.example", &letter("a@shop.example", &format!("Ticket {n}"), &format!("{to}{header}\r\n"), "A machine wrote this")).await;
        }
        house.run_jobs().await;
        let said: Vec<(String, String)> = thread(&house, id).await.into_iter().skip(1).map(|said| (said.body, said.state)).collect();
        assert_eq!(said.len(), 6, "on {}", house.on);
        assert!(said.iter().all(|(body, state)| (state == "received") == body.starts_with("A person")), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_that_names_no_mail_of_ours_goes_by_its_address_or_is_seen_anyway() {
    for house in House::both().await {
        let (id, mail) = answered(&house, "gone@shop.example").await;
        let bounce = |text: &str| format!("From: MAILER-DAEMON@mx.example\r\nTo: {US}\r\nSubject: Undelivered\r\n\r\n{text}\r\n").into_bytes();
        keep_to(&house, "", &mail.from, &bounce("Mailbox is full.")).await;
        keep(&house, "", &bounce("No such mailbox here.")).await;
        house.run_jobs().await;
        let said = thread(&house, id).await;
        assert!(
            said.len() == 2 && said[1].state == "automatic" && said[1].body == "Mailbox is full." && doubted(&said[1]).is_empty(),
            "on {}: {said:?}",
            house.on
        );
        assert_eq!(report(&house, 2).await.title, "Undelivered");
        assert_eq!(house.sink.mails().len(), 1, "no machine gets a receipt");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_label_on_a_mail_counts_when_it_is_higher_than_ours() {
    for house in House::both().await {
        for (n, (subject, body)) in [
            ("[TLP:RED] A", "x"),
            ("B", "tlp: amber + strict\r\n\r\nx"),
            ("[TLP:CLEAR] C", "x"),
            ("D", "We would mark it red."),
            ("E", "Some TLP:GREEN, some TLP:RED"),
        ]
        .iter()
        .enumerate()
        {
            keep(&house, "peer@csirt.example", &letter("peer@csirt.example", subject, &format!("X-N: {n}\r\n"), body)).await;
        }
        house.run_jobs().await;
        let default = house.app.profile.labels.default;
        let labels: Vec<(String, String)> = house.rows("select title, label from reports", vec![]).await;
        for (title, label) in [("[TLP:RED] A", "RED"), ("B", "AMBER+STRICT"), ("[TLP:CLEAR] C", default.as_str()), ("D", default.as_str()), ("E", "RED")] {
            assert!(labels.contains(&(title.to_owned(), label.to_owned())), "{title} on {}: {labels:?}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_led_by_a_number_is_marked_unless_our_mail_server_vouches_for_the_sender() {
    let house = House::sqlite().await;
    let (id, _) = answered(&house, "a@shop.example").await;
    let results = |text: &str| format!("Authentication-Results: mx.csirt.maluti.example; {text}\r\n");
    for (n, (verdict, _)) in VOUCHED.iter().enumerate() {
        keep(&house, "a@shop.example", &letter("a@shop.example", "[R-2026-000001] more", &results(verdict), &format!("Answer {n}"))).await;
    }
    keep(&house, "a@shop.example", &letter("b@shop.example", "Forged", &results("dmarc=fail header.from=shop.example"), "x")).await;
    house.run_jobs().await;
    let said: Vec<reports::Said> = thread(&house, id).await.into_iter().skip(1).collect();
    for (n, (verdict, doubt)) in VOUCHED.iter().enumerate() {
        let doubted = doubted(said.iter().find(|said| said.body == format!("Answer {n}")).unwrap());
        assert!(if doubt.is_empty() { doubted.is_empty() } else { doubted.starts_with(doubt) }, "{verdict}: {doubted}");
    }
    assert!(house.sink.to("b@shop.example").is_empty(), "who is named by a forger gets no receipt");
}

/// What our mail server says, and what is left to doubt.
const VOUCHED: [(&str, &str); 5] = [
    ("dmarc=pass header.from=shop.example", ""),
    ("spf=pass smtp.mailfrom=a@shop.example; dkim=none", ""),
    ("spf=pass smtp.mailfrom=m@evil.example; dkim=pass header.d=evil.example", "evil.example sent this mail in the name of a@shop.example."),
    ("dkim=pass header.d=shop.example", ""),
    ("spf=none; dmarc=none", "Nobody has checked that this is from a@shop.example."),
];

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_be_who_a_mail_says_is_named_in_plain_words_and_nobody_else() {
    for house in House::both().await {
        crate::messages::organisation(&house, "Norlink Transit", "norlink.example", "noc@norlink.example").await;
        let results = |text: &str| format!("Authentication-Results: mx.csirt.maluti.example; {text}\r\n");
        let table = [
            ("ana@shop.example", results("dmarc=fail header.from=shop.example"), "This mail is probably not from ana@shop.example."),
            ("ana@shop.example", results("spf=fail smtp.mailfrom=ana@shop.example"), "It came from a machine"),
            ("ana@shop.example", results("dkim=fail header.d=shop.example"), "somebody changed it on its way"),
            ("ana@shop.example", results("dkim=pass header.d=list.example"), "list.example sent this mail in the name of ana@shop.example."),
            ("noc@norl1nk.example", results("dmarc=pass"), "norl1nk.example is not norlink.example, which is of Norlink Transit."),
            ("help@mаluti.example", String::new(), "is not csirt.maluti.example, which is ours."),
            ("\"ana@shop.example\" <x@evil.example>", String::new(), "It shows ana@shop.example as its sender's name, but it is from x@evil.example."),
            ("ana@shop.example", "Reply-To: ana@elsewhere.example\r\n".into(), "It asks that answers go to ana@elsewhere.example"),
            // Nothing to say of these.
            ("noc@norlink.example", results("dmarc=pass"), ""),
            ("noc@norlink.example", results("spf=softfail smtp.mailfrom=x@y.example; dkim=pass header.d=norlink.example"), ""),
            ("Desk of Shop <ana@shop.example>", "Reply-To: desk@mail.shop.example\r\n".into(), ""),
            ("ana@shop.example", results("spf=none; dkim=none; dmarc=none"), ""),
            // What a stranger claims our server said counts for nothing.
            ("ana@shop.example", "Authentication-Results: mx.other.example; dmarc=fail\r\n".into(), ""),
        ];
        for (n, (from, more, _)) in table.iter().enumerate() {
            keep(&house, "x@y.example", &letter(from, &format!("Mail {n}"), more, "192.0.2.7")).await;
        }
        house.run_jobs().await;
        let analyst = house.login_as(Role::Analyst).await;
        for (n, (from, more, doubt)) in table.iter().enumerate() {
            let number: String = house.rows::<(String,)>("select number from reports where title = $1", args![format!("Mail {n}")]).await[0].0.clone();
            let page = analyst.get(&format!("/inbox/{number}")).await.must(200);
            let found = page.text().contains("What is known of this mail");
            assert_eq!(found, !doubt.is_empty(), "{from} {more} on {}: {}", house.on, page.words());
            let (page, doubt) = (page.words().to_lowercase(), doubt.to_lowercase());
            assert!(page.contains(&doubt) && !["spf", "dkim", "dmarc"].iter().any(|word| page.contains(word)), "{from} {more} on {}: {page}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_from_an_address_that_we_cannot_write_to_is_worked_on_like_any_other() {
    for house in House::both().await {
        let listener = mailbox::listen(&house.app, std::future::pending()).await.unwrap().unwrap();
        let mut lmtp = Lmtp::connect(listener.address.unwrap()).await;
        let raw = letter("josé@correo.example", "Ayuda", "", "192.0.2.7");
        let answers = lmtp.deliver("josé@correo.example", &[US], &raw).await;
        assert!(answers[0].starts_with("250"), "{answers:?}");
        house.run_jobs().await;
        let report = report(&house, 1).await;
        assert_eq!(report.reporter_mail, "josé@correo.example");
        assert!(report.problems.iter().any(|line| line.contains("cannot be written to")), "{:?}", report.problems);
        let analyst = house.login_as(Role::Analyst).await;
        let case = analyst.post("/inbox/R-2026-000001/cases", &[]).await.must(303).location().unwrap();
        let parties: Vec<(String, Option<String>)> = house.rows("select reach, mail from parties", vec![]).await;
        assert_eq!(parties, [("portal".to_owned(), None)], "{case} on {}", house.on);
        let id = reports::receive(&house.app, &Who::Public, told(&house.app, "form", "Two", "x", "a..b@shop.example")).await.unwrap().id;
        reports::answer(&house.app, &Who::Operator, id, "Advice", "Do this.", Tlp::Green).await.unwrap();
        assert_eq!(thread(&house, id).await[0].channel, "portal");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_attached_mails_and_answers_name_is_found() {
    for house in House::both().await {
        let inner = "From: x@evil.example\r\nSubject: Prize\r\n\r\nLog in at http://login.bad.example/now\r\n";
        let body = format!("--b\r\n\r\nSee the mail.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n");
        keep(&house, "a@shop.example", &letter("a@shop.example", "Forwarded", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", &body))
            .await;
        house.run_jobs().await;
        let id = report(&house, 1).await.id;
        let to = outbox::thread_key(&house.app).reply_address("report", "csirt.maluti.example", id.bytes()).unwrap();
        for n in 0..2 {
            keep_to(&house, "a@shop.example", &to, &letter("a@shop.example", &format!("Re {n}"), "", "It also came from 198.51.100.77.")).await;
        }
        house.run_jobs().await;
        let seen = reports::observables(&mut house.app.db.read().await.unwrap(), id).await.unwrap();
        let seen: Vec<&str> = seen.iter().map(|one| one.value.as_str()).collect();
        assert!(seen.contains(&"login.bad.example") && seen.contains(&"198.51.100.77"), "on {}: {seen:?}", house.on);
        let title = reports::Facts { title: Some("Another title".into()), ..reports::Facts::default() };
        reports::set_facts(&house.app, &Who::Operator, id, title).await.unwrap();
        let analyst = house.login_as(Role::Analyst).await;
        assert!(analyst.get("/search?q=login.bad.example").await.must(200).shows("R-2026-000001"), "a new title forgets nothing that was found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_says_nothing_of_the_mails_of_a_restricted_case_to_whom_it_is_hidden_from() {
    for house in House::both().await {
        let (owner, outsider) = (house.login_as(Role::Lead).await, house.login_as(Role::Lead).await);
        let who = crate::triage::person_of(&owner, Role::Lead);
        keep(&house, "whistle@blower.example", &letter("whistle@blower.example", "Quiet", "", "Something is wrong.")).await;
        house.run_jobs().await;
        let id = report(&house, 1).await.id;
        crate::triage::restricted_case(&house, &who, "Nobody knows", id).await;
        let case: Id = house.rows::<(Id,)>("select id from cases", vec![]).await[0].0;
        let new = NewParty { name: "Host".into(), role: "source".into(), mail: Some("noc@host.example".into()), reach: "mail".into(), ..NewParty::default() };
        let party = parties::add(&house.app, &who, case, new).await.unwrap();
        let to = outbox::thread_key(&house.app).reply_address("report", "csirt.maluti.example", party.bytes()).unwrap();
        keep_to(&house, "other@host.example", &to, &letter("other@host.example", "Re: your mail", "", "It is down now.")).await;
        house.run_jobs().await;
        let page = owner.get("/journal").await.must(200);
        assert!(page.shows("whistle@blower.example") && page.shows("written from other@host.example"), "on {}: {}", house.on, page.words());
        let page = outsider.get("/journal").await.must(200);
        for hidden in ["blower.example", "host.example"] {
            assert!(!page.shows(hidden), "on {}: {hidden} in {}", house.on, page.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_of_an_answer_in_a_case_can_be_had_by_those_who_may_know_of_the_case() {
    for house in House::both().await {
        let (desk, other) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await);
        let who = crate::triage::person_of(&desk, Role::Analyst);
        let case = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Phishing".into(), ..NewCase::default() }).await.unwrap();
        let new = NewParty { name: "Host".into(), role: "source".into(), mail: Some("noc@host.example".into()), reach: "mail".into(), ..NewParty::default() };
        let party = parties::add(&house.app, &who, case.id, new).await.unwrap();
        let to = outbox::thread_key(&house.app).reply_address("report", "csirt.maluti.example", party.bytes()).unwrap();
        let raw = letter("noc@host.example", "Re: your mail", "X-Odd: kept\r\n", "It is down now.");
        keep_to(&house, "noc@host.example", &to, &raw).await;
        house.run_jobs().await;
        let page = desk.get(&format!("/cases/{}/parties/{party}", case.number)).await.must(200);
        let link = page.links(&format!("/cases/{}/messages/", case.number)).into_iter().find(|link| link.ends_with("/original"));
        let link = link.unwrap_or_else(|| panic!("on {}: {}", house.on, page.words()));
        let had = desk.get(&link).await.must(200);
        assert!(had.header("content-disposition").unwrap().starts_with("attachment") && had.header("content-type") == Some("application/octet-stream"));
        assert_eq!(had.text().as_bytes(), raw, "byte for byte");
        let _ = house.visitor().get(&link).await.must(303);
        cases::restrict(&house.app, &who, case.id, true, None).await.unwrap();
        let _ = other.get(&link).await.must(404);
        let _ = desk.get(&link).await.must(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_remark_of_an_answer_is_for_the_team_and_no_word_of_the_party() {
    for house in House::both().await {
        let desk = house.login_as(Role::Analyst).await;
        let who = crate::triage::person_of(&desk, Role::Analyst);
        let case = cases::open(&house.app, &who, NewCase { kind: "incident".into(), title: "Phishing".into(), ..NewCase::default() }).await.unwrap();
        let new = NewParty { name: "Host".into(), role: "source".into(), mail: Some("noc@host.example".into()), reach: "mail".into(), ..NewParty::default() };
        let party = parties::add(&house.app, &who, case.id, new).await.unwrap();
        let to = outbox::thread_key(&house.app).reply_address("report", "csirt.maluti.example", party.bytes()).unwrap();
        let raw = letter("other@host.example", "Re: your mail", "Subject: once more\r\n", "It is down now.");
        keep_to(&house, "other@host.example", &to, &raw).await;
        house.run_jobs().await;
        let bodies = house.rows::<(String,)>("select body from messages where direction = 'in'", vec![]).await;
        assert_eq!(bodies, [("It is down now.".to_owned(),)], "{}", house.on);
        let page = desk.get(&format!("/cases/{}/parties/{party}", case.number)).await.must(200);
        for remark in ["It is from other@host.example.", "Subject fields; the first was used"] {
            assert!(page.shows(remark), "{}: {}", house.on, page.words());
        }
        // Somebody made sure that it is from the party: its words stand on its page, and our remarks do not.
        let id = house.rows::<(Id,)>("select id from messages where direction = 'in'", vec![]).await[0].0;
        let _ = desk.post(&format!("/cases/{}/messages/{id}/acceptance", case.number), &[]).await.must(303);
        let theirs = house.visitor().get(&crate::messages::page(&house, party).await).await.must(200);
        assert!(theirs.shows("It is down now.") && !theirs.shows("fields") && !theirs.shows("other@host"), "{}: {}", house.on, theirs.words());
        let page = desk.get(&format!("/cases/{}/parties/{party}", case.number)).await.must(200);
        assert!(page.shows("Somebody of the team made sure that it is from"), "{}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_of_the_largest_size_is_kept_to_its_last_byte_and_one_byte_more_is_refused_before_it_is_kept() {
    let house = House::sqlite().await;
    let listener = mailbox::listen(&house.app, std::future::pending()).await.unwrap().unwrap();
    let mut lmtp = Lmtp::connect(listener.address.unwrap()).await;
    // Three attachments of some 12 MiB each, and one that fills the mail up to its last byte.
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let part = |name: &str| format!("--b\r\nContent-Type: application/octet-stream; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    let mut raw = String::from_utf8(letter(
        "ana@shop.example",
        "All that we have",
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
        "--b\r\nContent-Type: text/plain\r\n\r\nIt came from 203.0.113.9.",
    ))
    .unwrap();
    for name in ["one.bin", "two.bin", "three.bin"] {
        raw.push_str(&part(name));
        raw.push_str(&line.repeat((16 << 20) / line.len()));
    }
    raw.push_str("--b\r\nContent-Type: text/plain; name=rest.txt\r\nContent-Disposition: attachment\r\n\r\n");
    let end = "\r\n--b--\r\n";
    while raw.len() + end.len() + 80 < post::lmtp::MAX_SIZE {
        raw.push_str(&format!("{}\r\n", "z".repeat(76)));
    }
    raw.push_str(&"z".repeat(post::lmtp::MAX_SIZE - raw.len() - end.len()));
    raw.push_str(end);
    assert_eq!(raw.len(), post::lmtp::MAX_SIZE);

    let larger = raw.replacen("All that we have", "All that we have!", 1);
    let refused = lmtp.deliver("ana@shop.example", &[US], larger.as_bytes()).await;
    assert!(refused[0].starts_with("552"), "{refused:?}");
    assert!(mails(&house).await.is_empty(), "it was not kept");
    let kept = lmtp.deliver("ana@shop.example", &[US], raw.as_bytes()).await;
    assert!(kept[0].starts_with("250"), "{kept:?}");
    house.run_jobs().await;
    assert_eq!(count_reports(&house).await, 1);
    let (hash,): (vault::blob::Hash,) = house.rows("select raw from reports", vec![]).await.remove(0);
    let original = house.app.blobs.get(&mut house.app.db.read().await.unwrap(), hash).await.unwrap();
    assert!(original == raw.as_bytes(), "the original is what came, to its last byte");
    let files: Vec<(String, i64)> = house.rows("select name, size from report_files order by place", vec![]).await;
    assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["one.bin", "two.bin", "three.bin", "rest.txt"]);
    let analyst = house.login_as(Role::Analyst).await;
    assert!(analyst.get("/inbox").await.must(200).shows("All that we have"));
}
