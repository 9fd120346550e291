//! Mail from a hosted mailbox, with a real Dovecot as the host: fetched, kept, and only then marked or
//! moved; never lost and never twice, whatever goes away in between.

use std::time::Duration;

use atalaya::access::Who;
use atalaya::profile::{Imap, Tls};
use atalaya::{mailbox, reports};
use formats::label::Tlp;
use store::Id;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::house::{Dovecot, House, Sink};
use crate::kill::{Program, profile};
use crate::reports::told;
use crate::verify::tamper;

const US: &str = "report@csirt.maluti.example";

fn letter(subject: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "Return-Path: <bounces@shop.example>\r\nDelivered-To: {US}\r\nFrom: Ana <ana@shop.example>\r\nTo: {US}\r\nSubject: {subject}\r\n{more}\r\n{body}\r\n"
    )
    .into_bytes()
}

async fn house(imap: Imap) -> House {
    House::with(|profile| profile.mail.as_mut().unwrap().imap = Some(imap)).await
}

/// A collector that runs until it is told to end.
struct Collector(watch::Sender<bool>, JoinHandle<()>);

impl Collector {
    fn start(house: &House) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self(stop, mailbox::collect(&house.app, stopped).expect("the profile names a mailbox"))
    }

    async fn end(self) {
        self.0.send_replace(true);
        tokio::time::timeout(Duration::from_mins(1), self.1).await.expect("it ends at once").expect("it ends well");
    }
}

async fn kept(house: &House) -> usize {
    house.rows::<(Id,)>("select id from mails", vec![]).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_lies_in_a_hosted_mailbox_and_mail_that_comes_is_kept_and_then_seen() {
    let mut dovecot = Dovecot::start().await;
    dovecot.deliver_seen(&letter("Old", "", "Somebody has dealt with it."));
    let raw = letter("False page", "", "See 192.0.2.7");
    dovecot.deliver(&raw);
    let house = house(dovecot.way()).await;
    let collector = Collector::start(&house);
    dovecot.until("the mail is kept and marked", async || kept(&house).await == 1 && dovecot.lies() == (2, 2)).await;
    house.run_jobs().await;
    let mails: Vec<(String, String, String)> = house.rows("select envelope_from, envelope_to, via from mails", vec![]).await;
    assert_eq!(mails, [("bounces@shop.example".to_owned(), US.to_owned(), "imap".to_owned())]);
    let mut reader = house.app.db.read().await.unwrap();
    let report = reports::find(&mut reader, "R-2026-000001").await.unwrap().unwrap();
    assert_eq!((report.channel.as_str(), report.title.as_str(), report.reporter_mail.as_str()), ("mail", "False page", "ana@shop.example"));
    assert_eq!(house.app.blobs.get(&mut reader, report.raw.unwrap()).await.unwrap(), raw);
    drop(reader);

    // While it waits, mail is announced: a minute's poll or nine minutes' IDLE would come too late.
    let new = reports::NewReport { acknowledge: false, ..told(&house.app, "form", "A page", "x", "b@home.example") };
    let asked = reports::receive(&house.app, &Who::Public, new).await.unwrap().id;
    reports::answer(&house.app, &Who::Operator, asked, "Advice", "Do this.", Tlp::Green).await.unwrap();
    house.run_jobs().await;
    let id = house.sink.to("b@home.example").pop().unwrap().header("message-id").unwrap();
    house.later(1);
    dovecot.deliver(&letter("Re: Advice", &format!("In-Reply-To: {id}\r\n"), "I did."));
    tokio::time::timeout(Duration::from_secs(55), dovecot.until("the answer is kept", async || kept(&house).await == 2)).await.expect("at once");
    house.run_jobs().await;
    let thread = reports::thread(&mut house.app.db.read().await.unwrap(), asked).await.unwrap();
    assert!(thread.last().unwrap().body.ends_with("I did."), "{thread:?}");
    dovecot.until("the answer is marked", async || dovecot.lies() == (3, 3)).await;
    collector.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_away_in_between_no_mail_is_lost_and_none_comes_twice() {
    let mut dovecot = Dovecot::start().await;
    let house = house(dovecot.way()).await;
    let collector = Collector::start(&house);
    dovecot.deliver(&letter("One", "", "1"));
    dovecot.until("the first comes", async || kept(&house).await == 1).await;
    // The server goes and comes back.
    dovecot.stop();
    dovecot.deliver(&letter("Two", "", "2"));
    dovecot.again().await;
    dovecot.until("the second comes", async || kept(&house).await == 2 && dovecot.lies() == (2, 2)).await;
    // The program goes and comes back; meanwhile somebody looks at a mail.
    collector.end().await;
    dovecot.deliver_seen(&letter("Three", "", "3"));
    let collector = Collector::start(&house);
    dovecot.until("the third comes", async || kept(&house).await == 3).await;
    collector.end().await;
    // All mails get other numbers, and one mail comes once more.
    dovecot.stop();
    dovecot.forget();
    dovecot.deliver(&letter("One", "", "1"));
    dovecot.deliver(&letter("Four", "", "4"));
    dovecot.again().await;
    let collector = Collector::start(&house);
    dovecot.until("the fourth comes", async || kept(&house).await == 4 && dovecot.lies() == (5, 5)).await;
    dovecot.deliver(&letter("Five", "", "5"));
    dovecot.until("the fifth comes", async || kept(&house).await == 5 && dovecot.lies() == (6, 6)).await;
    collector.end().await;
    house.run_jobs().await;
    assert_eq!(house.rows::<(Id,)>("select id from reports", vec![]).await.len(), 5);
    let folders: Vec<(i64,)> = house.rows("select seq from cursors where reader like 'imap %'", vec![]).await;
    assert_eq!(folders.len(), 2, "one for each UIDVALIDITY: {folders:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_moved_to_another_folder_whatever_the_server_can_do() {
    for abilities in ["", "IMAP4rev1 IDLE UIDPLUS"] {
        let mut dovecot = Dovecot::able_to(abilities).await;
        dovecot.deliver(&letter("One", "", "1"));
        let way = Imap { tls: Tls::StartTls, port: dovecot.plain, moved_to: Some("Leídos & \"kept\"".into()), ..dovecot.way() };
        let house = house(way).await;
        let collector = Collector::start(&house);
        dovecot.until("the mail is moved", async || dovecot.lies().0 == 0 && dovecot.lies_beside().is_some_and(|(all, _)| all == 1)).await;
        assert_eq!(kept(&house).await, 1);
        dovecot.deliver(&letter("One", "", "1"));
        dovecot.until("a copy is moved, too", async || dovecot.lies().0 == 0 && dovecot.lies_beside().is_some_and(|(all, _)| all == 2)).await;
        assert_eq!(kept(&house).await, 1, "with {abilities:?}");
        collector.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_announces_nothing_is_looked_at_again_and_again_and_no_mail_comes_twice() {
    let mut dovecot = Dovecot::able_to("IMAP4rev1 UIDPLUS").await;
    dovecot.deliver(&letter("One", "", "1"));
    let house = house(Imap { poll_seconds: 1, ..dovecot.way() }).await;
    let collector = Collector::start(&house);
    dovecot.until("the first is kept", async || kept(&house).await == 1 && dovecot.lies() == (1, 1)).await;
    for count in 2..5 {
        dovecot.deliver(&letter(&format!("Mail {count}"), "", "1"));
        // The poll of everyday, a minute, would come too late.
        let comes = dovecot.until("the next is kept", async || kept(&house).await == count && dovecot.lies() == (count, count));
        tokio::time::timeout(Duration::from_secs(30), comes).await.expect("at the next look");
    }
    // The server goes between two looks and comes back.
    dovecot.stop();
    dovecot.deliver(&letter("Last", "", "1"));
    dovecot.again().await;
    dovecot.until("the last is kept", async || kept(&house).await == 5 && dovecot.lies() == (5, 5)).await;
    tokio::time::timeout(Duration::from_secs(30), collector.end()).await.expect("a pause does not hold the end up");
    house.run_jobs().await;
    assert_eq!(house.rows::<(Id,)>("select id from reports", vec![]).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_not_marked_and_comes_later() {
    let mut dovecot = Dovecot::start().await;
    dovecot.deliver(&letter("One", "", "1"));
    let house = house(dovecot.way()).await;
    tamper(&house.data(), "create trigger no_room before insert on mails begin select raise(abort, 'no'); end;");
    let collector = Collector::start(&house);
    dovecot.until("it tried twice", async || dovecot.said("Disconnected") >= 2).await;
    assert_eq!((kept(&house).await, dovecot.lies()), (0, (1, 0)));
    tamper(&house.data(), "drop trigger no_room;");
    dovecot.until("the mail is kept and marked", async || kept(&house).await == 1 && dovecot.lies() == (1, 1)).await;
    collector.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_too_large_stays_in_its_folder_and_a_person_is_told() {
    let mut dovecot = Dovecot::start().await;
    let line = format!("{}\r\n", "x".repeat(998));
    dovecot.deliver(&letter("Large", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", &line.repeat(53_000)));
    dovecot.deliver(&letter("Small", "", "1"));
    let house = house(dovecot.way()).await;
    let collector = Collector::start(&house);
    dovecot.until("both are known", async || kept(&house).await == 2 && dovecot.lies() == (2, 1)).await;
    collector.end().await;
    house.run_jobs().await;
    let large: Vec<(String, String)> = house.rows("select body, reporter_mail from reports where title = 'Large'", vec![]).await;
    assert!(large.len() == 1 && large[0].0.contains("larger than what is taken: 50 MB") && large[0].1 == "ana@shop.example", "{large:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_shows_another_certificate_never_hears_the_password() {
    let (mut dovecot, other) = (Dovecot::start().await, Dovecot::start().await);
    dovecot.deliver(&letter("One", "", "1"));
    for (tls, port) in [(Tls::Implicit, dovecot.implicit), (Tls::StartTls, dovecot.plain)] {
        let before = dovecot.said("unknown ca");
        let house = house(Imap { tls, port, authority: other.way().authority, ..dovecot.way() }).await;
        let collector = Collector::start(&house);
        dovecot.until("it tried twice", async || dovecot.said("unknown ca") >= before + 2).await;
        collector.end().await;
        assert_eq!((kept(&house).await, dovecot.lies(), dovecot.said("Login: ")), (0, (1, 0), 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_one_line_in_the_log_and_loses_no_mail() {
    let mut dovecot = Dovecot::start().await;
    dovecot.deliver(&letter("One", "", "1"));
    let Imap { host, port, user, password_file, authority, .. } = dovecot.way();
    let right = std::fs::read(&password_file).unwrap();
    std::fs::write(&password_file, "wrong\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let way = format!(
        "\n[mail.imap]\nhost = \"{host}\"\nport = {port}\ntls = \"implicit\"\nuser = \"{user}\"\npassword_file = \"{}\"\nauthority = \"{}\"\n\n[web]",
        password_file.display(),
        authority.unwrap().display()
    );
    std::fs::write(here.join("atalaya.toml"), profile(&Sink::start().await).replacen("\n[web]", &way, 1)).unwrap();
    let program = Program::start(here, None).await.unwrap();
    dovecot.until("it tried twice", async || dovecot.said("Password mismatch") >= 2).await;
    assert_eq!(dovecot.lies(), (1, 0));
    std::fs::write(&password_file, right).unwrap();
    let count = || tamper(&here.join("data"), "select count(*) from mails;");
    dovecot.until("the mail comes", async || count() == "1" && dovecot.lies() == (1, 1)).await;
    tokio::time::timeout(Duration::from_mins(1), program.stop()).await.expect("it ends although it waits for mail");
    let log = std::fs::read_to_string(here.join("log")).unwrap();
    let said: Vec<&str> = log.lines().filter(|line| line.contains("cannot be fetched")).collect();
    assert!(said.len() == 1 && said[0].contains(&format!("the log-in of {US} failed, the server says: [AUTHENTICATIONFAILED]")), "{log}");
    assert!(!log.contains("wrong"), "{log}");
}
