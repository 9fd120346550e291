//! Conversations with the LMTP server over the loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use post::lmtp::{Config, Delivery, Verdict, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

struct Server {
    address: std::net::SocketAddr,
    kept: Arc<Mutex<Vec<Delivery>>>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept: Arc<Mutex<Vec<Delivery>>> = Arc::default();
        let mut config = Config::new("mail.csirt.example", |to| to.ends_with("@csirt.example") || to == "postmaster");
        change(&mut config);
        let (stop, stopped) = oneshot::channel::<()>();
        let shelf = kept.clone();
        let handler = move |delivery: Delivery| {
            let shelf = shelf.clone();
            async move {
                match delivery.raw.as_slice() {
                    b"later\r\n" => return Verdict::TryLater("busy\r\nnow".to_owned()),
                    b"no\r\n" => return Verdict::Refused("ñot wanted".to_owned()),
                    b"full\r\n" => return Verdict::Full,
                    b"slow\r\n" => tokio::time::sleep(Duration::from_millis(150)).await,
                    _ => {}
                }
                let mut shelf = shelf.lock().unwrap();
                shelf.push(delivery);
                Verdict::Kept(format!("as {}", shelf.len()))
            }
        };
        let task = tokio::spawn(serve(listener, config, async { drop(stopped.await) }, handler));
        Self { address, kept, stop: Some(stop), task }
    }

    fn kept(&self) -> Vec<Delivery> {
        self.kept.lock().unwrap().clone()
    }
}

/// A client that sends text and expects the beginnings of the reply lines.
struct Client(TcpStream, Vec<u8>);

impl Client {
    async fn to(server: &Server) -> Self {
        let mut client = Self(TcpStream::connect(server.address).await.unwrap(), Vec::new());
        client.expect(&["220 "]).await;
        client
    }

    async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.0.write_all(text.as_ref()).await.unwrap();
    }

    async fn line(&mut self) -> String {
        loop {
            if let Some(end) = self.1.windows(2).position(|w| w == b"\r\n") {
                let line: Vec<u8> = self.1.drain(..end + 2).collect();
                return String::from_utf8(line).unwrap().trim_end().to_owned();
            }
            let read = timeout(Duration::from_secs(10), self.0.read_buf(&mut self.1)).await.expect("a reply").unwrap();
            assert!(read > 0, "the server hung up");
        }
    }

    async fn expect(&mut self, replies: &[&str]) {
        for reply in replies {
            let line = self.line().await;
            assert!(line.starts_with(reply), "expected {reply:?}, got {line:?}");
        }
    }

    async fn ask(&mut self, text: &str, replies: &[&str]) {
        self.send(text).await;
        self.expect(replies).await;
    }

    async fn greet(&mut self) {
        self.ask("LHLO mx.example\r\n", &["250-", "250-PIPELINING", "250-ENHANCEDSTATUSCODES", "250-8BITMIME", "250 SIZE "]).await;
    }

    async fn gone(&mut self) -> bool {
        let mut rest = [0; 16];
        matches!(timeout(Duration::from_secs(10), self.0.read(&mut rest)).await, Ok(Ok(0) | Err(_)))
    }
}

const ENVELOPE: &str = "MAIL FROM:<a@example.org>\r\nRCPT TO:<soc@csirt.example>\r\nDATA\r\n";
const NOTED: [&str; 3] = ["250 2.1.0", "250 2.1.5", "354 "];

#[tokio::test]
async fn a_conversation_by_the_book_and_a_second_mail_in_it() {
    let server = Server::start(|_| ()).await;
    let mut client = Client::to(&server).await;
    client.ask("EHLO x\r\n", &["500 "]).await;
    client.ask("HELO x\r\n", &["500 "]).await;
    client.ask("MAIL FROM:<a@example.org>\r\n", &["503 "]).await;
    client.greet().await;
    client.ask("RCPT TO:<soc@csirt.example>\r\n", &["503 "]).await;
    client.ask("DATA\r\n", &["503 "]).await;
    client.ask("MAIL FROM:<a@example.org> SIZE=99999999999\r\n", &["552 "]).await;
    client.ask("MAIL FROM:<a@example.org> SIZE=100 BODY=8BITMIME\r\n", &["250 "]).await;
    client.ask("MAIL FROM:<b@example.org>\r\n", &["503 "]).await;
    client.ask("RCPT TO:<nobody@elsewhere.example>\r\n", &["550 "]).await;
    client.ask("DATA\r\n", &["503 "]).await;
    client.ask("RCPT TO:<soc@csirt.example>\r\nRCPT TO:<ops@csirt.example>\r\nRCPT TO:<soc@csirt.example>\r\n", &["250 "; 3]).await;
    client.ask("DATA\r\n", &["354 "]).await;
    let told = ["250 2.0.0 as 1"; 3];
    client.ask("Subject: x\r\n\r\n..dot\r\n...\r\na\n.\nb\r\n.\r\n", &told).await;
    client.ask("NOOP\r\nVRFY soc\r\nHELP\r\n", &["250 ", "252 ", "500 "]).await;
    client.ask("MAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n", &["250 ", "250 ", "250 ", "250 ", "354 "]).await;
    client.ask(".\r\n", &["250 2.0.0 as 2"]).await;
    client.ask("QUIT\r\n", &["221 "]).await;
    assert!(client.gone().await);
    let kept = server.kept();
    assert_eq!(kept[0].raw, b"Subject: x\r\n\r\n.dot\r\n..\r\na\n.\nb\r\n");
    assert_eq!(kept[0].to, ["soc@csirt.example", "ops@csirt.example"]);
    assert_eq!((kept[0].from.as_deref(), &kept[1].from), (Some("a@example.org"), &None));
    assert_eq!(kept[1], Delivery { from: None, to: vec!["postmaster".to_owned()], raw: vec![] });
}

#[tokio::test]
async fn everything_may_be_sent_in_one_go() {
    let server = Server::start(|_| ()).await;
    let mut client = Client::to(&server).await;
    client.greet().await;
    client.send(format!("{ENVELOPE}one\r\n.\r\n{ENVELOPE}two\r\n.\r\nQUIT\r\n")).await;
    client.expect(&NOTED).await;
    client.expect(&["250 2.0.0"]).await;
    client.expect(&NOTED).await;
    client.expect(&["250 2.0.0", "221 "]).await;
    assert_eq!(server.kept().iter().map(|d| d.raw.clone()).collect::<Vec<_>>(), [b"one\r\n", b"two\r\n"]);
}

#[tokio::test]
async fn a_mail_byte_by_byte_is_the_same_mail() {
    let server = Server::start(|_| ()).await;
    let mut client = Client::to(&server).await;
    client.0.set_nodelay(true).unwrap();
    client.greet().await;
    client.ask(ENVELOPE, &NOTED).await;
    for byte in b"a\r\n..\r\n.b\r\n\r.\r\n.\r\n" {
        client.send([*byte]).await;
        tokio::task::yield_now().await;
    }
    client.expect(&["250 "]).await;
    assert_eq!(server.kept()[0].raw, b"a\r\n.\r\nb\r\n\r.\r\n");
}

#[tokio::test]
async fn verdicts_are_told_as_replies() {
    let server = Server::start(|_| ()).await;
    let mut client = Client::to(&server).await;
    client.greet().await;
    for (mail, reply) in [("later", "451 4.3.0 busy??now"), ("no", "550 5.7.1 ?ot wanted"), ("full", "452 4.3.1")] {
        client.ask(ENVELOPE, &NOTED).await;
        client.ask(&format!("{mail}\r\n.\r\n"), &[reply]).await;
    }
    assert!(server.kept().is_empty());
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_the_session_goes_on() {
    let server = Server::start(|config| {
        config.max_size = 1000;
        config.max_recipients = 2;
    })
    .await;
    let mut client = Client::to(&server).await;
    client.greet().await;
    client.ask(ENVELOPE, &NOTED).await;
    client.ask(&format!("{}\r\n.\r\n", "x".repeat(500_000)), &["552 5.3.4"]).await;
    client.ask(&format!("NOOP {}\r\n", "x".repeat(10_000)), &["500 5.5.6"]).await;
    client.ask("NOOP\nQUIT\n\r\n", &["501 "]).await;
    client.ask("MAIL FROM:<a@example.org>\r\n", &["250 "]).await;
    for reply in ["250 ", "250 ", "452 4.5.3"] {
        client.ask("RCPT TO:<soc@csirt.example>\r\n", &[reply]).await;
    }
    client.ask("DATA\r\n", &["354 "]).await;
    client.ask("fits\r\n.\r\n", &["250 ", "250 "]).await;
    assert_eq!(server.kept().len(), 1);
}

#[tokio::test]
async fn a_cut_connection_keeps_no_half_mail() {
    let server = Server::start(|_| ()).await;
    for half in ["", "Subject: x\r\n\r\nhalf", "whole\r\n.", "whole\r\n.\r"] {
        let mut client = Client::to(&server).await;
        client.greet().await;
        client.ask(ENVELOPE, &NOTED).await;
        client.send(half).await;
        client.0.shutdown().await.unwrap();
        assert!(client.gone().await, "after {half:?}");
    }
    assert!(server.kept().is_empty());
}

#[tokio::test]
async fn who_errs_too_often_or_is_one_too_many_is_sent_away() {
    let server = Server::start(|config| {
        config.max_errors = 3;
        config.max_connections = 1;
    })
    .await;
    let mut client = Client::to(&server).await;
    let mut second = TcpStream::connect(server.address).await.unwrap();
    let mut said = String::new();
    second.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("421 4.3.2 Too many"), "{said}");
    client.ask("A\r\nB\r\nC\r\nD\r\n", &["500 ", "500 ", "500 ", "421 4.7.0"]).await;
    assert!(client.gone().await);
}

#[tokio::test]
async fn who_waits_too_long_is_sent_away_wherever_it_stopped() {
    let server = Server::start(|config| config.idle = Duration::from_millis(800)).await;
    let mut silent = Client::to(&server).await;
    silent.expect(&["421 4.4.2"]).await;
    let mut client = Client::to(&server).await;
    client.greet().await;
    client.ask(ENVELOPE, &NOTED).await;
    client.send("slowly").await;
    client.expect(&["421 4.4.2"]).await;
    assert!(client.gone().await && server.kept().is_empty());
}

#[tokio::test]
async fn closing_down_sends_idlers_away_and_lets_a_mail_finish() {
    let mut server = Server::start(|_| ()).await;
    let mut idler = Client::to(&server).await;
    let mut busy = Client::to(&server).await;
    busy.greet().await;
    busy.ask(ENVELOPE, &NOTED).await;
    busy.send("slow").await;
    server.stop.take().unwrap().send(()).unwrap();
    idler.expect(&["421 4.3.2"]).await;
    busy.ask("\r\n.\r\n", &["250 2.0.0", "421 4.3.2"]).await;
    (&mut server.task).await.unwrap();
    assert_eq!(server.kept().len(), 1);
    assert!(TcpStream::connect(server.address).await.is_err());
}
