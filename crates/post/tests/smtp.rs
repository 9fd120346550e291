//! Mail handed to a smarthost: here a tiny one that answers as it is told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::process::Command;
use std::sync::Arc;

use post::smtp::{SendError, Sender, Smarthost, Tls};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Takes mail, answering `recipient` to RCPT; sends on what came in DATA, a line for each connection, and each login.
async fn sink(recipient: &'static str) -> (Smarthost, mpsc::UnboundedReceiver<String>) {
    serve(recipient, None).await
}

/// The same; with `secure`, under TLS from the first byte, or once STARTTLS asks for it.
async fn serve(recipient: &'static str, secure: Option<(TlsAcceptor, Tls)>) -> (Smarthost, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (out, seen) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            out.send("connected".to_owned()).unwrap();
            let (out, secure) = (out.clone(), secure.clone());
            tokio::spawn(async move {
                match secure {
                    None => drop(converse(stream, recipient, &out, Some("220 sink\r\n")).await),
                    // Whoever does not trust the certificate goes away at this point.
                    Some((acceptor, Tls::Wrapper)) => {
                        let Ok(stream) = acceptor.accept(stream).await else { return };
                        converse(stream, recipient, &out, Some("220 sink\r\n")).await;
                    }
                    Some((acceptor, _)) => {
                        let Some(stream) = converse(stream, recipient, &out, Some("220 sink\r\n")).await else { return };
                        let Ok(stream) = acceptor.accept(stream).await else { return };
                        converse(stream, recipient, &out, None).await;
                    }
                }
            });
        }
    });
    let smarthost =
        Smarthost { host: "127.0.0.1".to_owned(), port, tls: Tls::None, user: None, password: None, hello: "csirt.example".to_owned(), authority: None };
    (smarthost, seen)
}

/// One connection until its end, or until it asks for TLS.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: S, recipient: &str, out: &mpsc::UnboundedSender<String>, greeting: Option<&str>) -> Option<S> {
    let mut stream = BufReader::new(stream);
    stream.write_all(greeting.unwrap_or_default().as_bytes()).await.ok()?;
    let (mut data, mut line): (Option<String>, _) = (None, Vec::new());
    loop {
        stream.flush().await.ok()?;
        line.clear();
        if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        let line = String::from_utf8(line.clone()).unwrap();
        let line = line.trim_end_matches(['\r', '\n']);
        if let Some(mail) = &mut data {
            if line == "." {
                out.send(data.take().unwrap()).unwrap();
                stream.write_all(b"250 queued as 42\r\n").await.ok()?;
            } else {
                mail.push_str(line);
                mail.push('\n');
            }
            continue;
        }
        let verb = line.split([' ', ':']).next().unwrap_or("").to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250-sink\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "AUTH" => {
                out.send(line.to_owned()).unwrap();
                "235 ok"
            }
            "STARTTLS" => "220 go on",
            "RCPT" => recipient,
            "DATA" => {
                data = Some(String::new());
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        if verb == "STARTTLS" {
            stream.flush().await.ok()?;
            return Some(stream.into_inner());
        }
    }
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
async fn mail_goes_out_under_tls_to_whom_its_certificate_names() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"])
        .args(["-subj", "/CN=sink", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(folder.path())
        .output()
        .expect("openssl runs (Debian: apt-get install openssl)");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().unwrap();
    let config =
        config.with_no_client_auth().with_single_cert(vec![CertificateDer::from_pem_file(&certificate).unwrap()], PrivateKeyDer::from_pem_file(&key).unwrap());
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    for tls in [Tls::Wrapper, Tls::Required, Tls::Opportunistic] {
        let (mut smarthost, mut seen) = serve("250 ok", Some((acceptor.clone(), tls))).await;
        smarthost.tls = tls;
        let error = send(&smarthost, "csirt@csirt.example", "ana@example.org", b"x\r\n").await.unwrap_err();
        assert!(!error.permanent && error.text.contains("UnknownIssuer"), "{tls:?}: {error:?}");
        smarthost.authority = Some(std::fs::read_to_string(&certificate).unwrap());
        (smarthost.user, smarthost.password) = (Some("u".to_owned()), Some("hush".to_owned()));
        let sender = Sender::new(&smarthost).unwrap();
        for mail in ["one\r\n", "two\r\n"] {
            assert_eq!(sender.send("csirt@csirt.example", "ana@example.org", mail.as_bytes()).await.unwrap(), "queued as 42", "{tls:?}");
        }
        let mut heard = Vec::new();
        while let Ok(one) = seen.try_recv() {
            heard.push(one);
        }
        assert_eq!(heard, ["connected", "connected", "AUTH PLAIN AHUAaHVzaA==", "one\n", "two\n"], "{tls:?}");
    }
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
