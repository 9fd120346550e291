//! Mail handed to a smarthost: here a tiny one that answers as it is told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use post::smtp::{SendError, Sender, Smarthost, Tls};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Takes mail, answering `recipient` to RCPT; sends on what came in DATA, and a
/// line for each connection.
async fn sink(recipient: &'static str) -> (Smarthost, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (out, seen) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            out.send("connected".to_owned()).unwrap();
            let out = out.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).split(b'\n');
                write.write_all(b"220 sink\r\n").await.unwrap();
                let mut data: Option<String> = None;
                while let Ok(Some(line)) = lines.next_segment().await {
                    let line = String::from_utf8(line).unwrap();
                    let line = line.trim_end_matches('\r');
                    if let Some(mail) = &mut data {
                        if line == "." {
                            out.send(data.take().unwrap()).unwrap();
                            write.write_all(b"250 queued as 42\r\n").await.unwrap();
                        } else {
                            mail.push_str(line);
                            mail.push('\n');
                        }
                        continue;
                    }
                    let verb = line.split([' ', ':']).next().unwrap_or("").to_ascii_uppercase();
                    let reply = match verb.as_str() {
                        "EHLO" => "250-sink\r\n250 8BITMIME",
                        "RCPT" => recipient,
                        "DATA" => {
                            data = Some(String::new());
                            "354 go on"
                        }
                        "QUIT" => "221 bye",
                        _ => "250 ok",
                    };
                    write.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
                }
            });
        }
    });
    let smarthost =
        Smarthost { host: "127.0.0.1".to_owned(), port, tls: Tls::None, user: None, password: None, hello: "csirt.example".to_owned(), authority: None };
    (smarthost, seen)
}

/// One mail over a way of its own.
async fn send(smarthost: &Smarthost, from: &str, to: &str, raw: &[u8]) -> Result<String, SendError> {
    Sender::new(smarthost)?.send(from, to, raw).await
}

#[tokio::test]
async fn the_bytes_arrive_with_their_dots_and_the_queue_id_comes_back() {
    let (smarthost, mut seen) = sink("250 ok").await;
    let raw = b"Subject: x\r\n\r\n.\r\n..a\r\nend\r\n";
    let said = send(&smarthost, "csirt@csirt.example", "ana@example.org", raw).await.unwrap();
    assert_eq!(said, "queued as 42");
    assert_eq!(seen.recv().await.as_deref(), Some("connected"));
    assert_eq!(seen.recv().await.as_deref(), Some("Subject: x\n\n..\n...a\nend\n"));
}

#[tokio::test]
async fn a_sender_keeps_its_connection_for_the_next_mail() {
    let (smarthost, mut seen) = sink("250 ok").await;
    let sender = Sender::new(&smarthost).unwrap();
    for _ in 0..10 {
        sender.send("", "ana@example.org", b"x\r\n").await.unwrap();
    }
    sender.close().await;
    let mut connections = 0;
    while let Ok(line) = seen.try_recv() {
        connections += usize::from(line == "connected");
    }
    assert!(connections < 10, "one connection for each mail");
}

#[tokio::test]
async fn a_refusal_for_good_is_told_from_one_for_now() {
    for (reply, permanent) in [("550 5.1.1 no such user", true), ("451 4.7.1 greylisted", false)] {
        let (smarthost, _seen) = sink(reply).await;
        let error = send(&smarthost, "csirt@csirt.example", "ana@example.org", b"x\r\n").await.unwrap_err();
        assert_eq!(error.permanent, permanent, "{error:?}");
        assert!(error.text.contains(&reply[4..]), "{error:?}");
    }
    let (mut smarthost, _seen) = sink("530 5.7.0 log in first").await;
    assert!(!send(&smarthost, "csirt@csirt.example", "ana@example.org", b"x\r\n").await.unwrap_err().permanent);
    smarthost.tls = Tls::Required;
    let error = send(&smarthost, "csirt@csirt.example", "ana@example.org", b"x\r\n").await.unwrap_err();
    assert!(!error.permanent, "{error:?}");
    smarthost.port = 1;
    assert!(!send(&smarthost, "csirt@csirt.example", "ana@example.org", b"x\r\n").await.unwrap_err().permanent);
}

#[tokio::test]
async fn addresses_are_checked_and_passwords_need_tls() {
    let (mut smarthost, _seen) = sink("250 ok").await;
    let error = send(&smarthost, "csirt@csirt.example", "a@b.example>\r\nRCPT TO:<c@d.example", b"x").await.unwrap_err();
    assert!(error.permanent);
    smarthost.host = "mail.example".to_owned();
    (smarthost.user, smarthost.password) = (Some("u".to_owned()), Some("hush".to_owned()));
    assert!(Sender::new(&smarthost).unwrap_err().text.contains("without TLS"));
    assert!(!format!("{smarthost:?}").contains("hush"));
}
