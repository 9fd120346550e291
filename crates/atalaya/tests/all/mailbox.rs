//! Mail that comes in: kept first, read later, placed by what only we could have signed.

use std::io::Write;
use std::process::{Command, Stdio};

use atalaya::access::Who;
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, NewCase};
use atalaya::mailbox::{self, Delivered, Kept};
use atalaya::{outbox, reports};
use formats::label::Tlp;
use store::{Id, args};

use crate::house::{House, Lmtp};
use crate::reports::told;

const US: &str = "report@csirt.maluti.example";

fn letter(from: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
    format!("From: {from}\r\nTo: {US}\r\nSubject: {subject}\r\nMessage-ID: <{}@mx.example>\r\n{more}\r\n{body}\r\n", subject.len() + body.len()).into_bytes()
}

async fn keep(house: &House, from: &str, raw: &[u8]) -> Kept {
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
        let said: Vec<String> = thread(&house, id).await.into_iter().skip(1).map(|said| said.body).collect();
        assert_eq!(said.len(), 4, "on {}: {said:?}", house.on);
        assert!(said.contains(&"By id".to_owned()) && said.contains(&"By address".to_owned()) && said.contains(&"By tag".to_owned()), "{said:?}");
        assert!(said.contains(&"[Written from b@home.example, not from a@shop.example.]\n\nFrom home".to_owned()), "{said:?}");
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
        let new = NewCase {
            kind: "incident".into(),
            title: "Phishing".into(),
            summary: String::new(),
            label: None,
            rsit_class: String::new(),
            rsit_type: String::new(),
            subtype: String::new(),
            restricted: false,
            group: None,
            reports: vec![],
        };
        let case = cases::open(app, who, new).await.unwrap();
        let party = NewParty {
            organisation: None,
            contact: None,
            report: None,
            name: "Host".into(),
            alias: String::new(),
            role: "source".into(),
            mail: Some("noc@host.example".into()),
            language: None,
            reach: "mail".into(),
            ceiling: None,
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
        let delivery = &outbox::deliveries(&mut house.app.db.read().await.unwrap(), thread(&house, id).await[0].id).await.unwrap()[0];
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

fn mail_in(house: &House, data: &std::path::Path, raw: &[u8]) -> i32 {
    let profile = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/profile.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_atalaya"))
        .args(["mail-in", "--profile", profile, "--data"])
        .arg(data)
        .arg("--key")
        .arg(house.key())
        .args(["--from", "a@shop.example", "--to", US])
        .env_remove("ATALAYA_DATABASE")
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(raw).unwrap();
    child.wait().unwrap().code().unwrap()
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
    let codes: Vec<i32> = (0..3).map(|n| mail_in(&house, &house.data(), &letter("a@shop.example", &format!("Piped {n}"), "", "x"))).collect();
    busy.await.unwrap();
    assert_eq!(codes, [0, 0, 0]);
    house.catch_up();
    house.run_jobs().await;
    assert_eq!(count_reports(&house).await, 103);
    let nowhere = house.data().join("atalaya.db").join("not-a-folder");
    assert_eq!(mail_in(&house, &nowhere, b"From: a@x.example\r\n\r\nx"), 75);
    assert_eq!(mail_in(&house, &house.data(), b""), 75);
}
