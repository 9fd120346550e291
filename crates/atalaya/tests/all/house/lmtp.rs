//! A tiny LMTP client (RFC 2033): what the team's own MTA does.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// A conversation.
pub struct Lmtp {
    lines: Lines<BufReader<OwnedReadHalf>>,
    write: OwnedWriteHalf,
}

impl Lmtp {
    /// Connects and says `LHLO`.
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("LMTP listens");
        let (read, write) = stream.into_split();
        let mut lmtp = Self { lines: BufReader::new(read).lines(), write };
        assert!(lmtp.reply().await.starts_with("220"));
        assert!(lmtp.say("LHLO mta.example").await.starts_with("250"));
        lmtp
    }

    /// Connects to a mail server (RFC 5321) and says `EHLO`; the rest is the same for one recipient.
    pub async fn smtp(address: SocketAddr) -> Self {
        let (read, write) = TcpStream::connect(address).await.expect("SMTP listens").into_split();
        let mut smtp = Self { lines: BufReader::new(read).lines(), write };
        assert!(smtp.reply().await.starts_with("220"));
        assert!(smtp.say("EHLO client.example").await.starts_with("250"));
        smtp
    }

    /// Hands over one mail; gives the answer for each recipient.
    pub async fn deliver(&mut self, from: &str, to: &[&str], raw: &[u8]) -> Vec<String> {
        let answer = self.say(&format!("MAIL FROM:<{from}>")).await;
        if !answer.starts_with('2') {
            return vec![answer];
        }
        let (mut refused, mut accepted) = (Vec::new(), 0);
        for address in to {
            let answer = self.say(&format!("RCPT TO:<{address}>")).await;
            if answer.starts_with('2') { accepted += 1 } else { refused.push(answer) }
        }
        if accepted == 0 {
            return refused;
        }
        assert!(self.say("DATA").await.starts_with("354"));
        let mut wire = Vec::with_capacity(raw.len() + 16);
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            if line.first() == Some(&b'.') {
                wire.push(b'.');
            }
            let bare = line.strip_suffix(b"\n").unwrap_or(line);
            wire.extend_from_slice(bare.strip_suffix(b"\r").unwrap_or(bare));
            wire.extend_from_slice(b"\r\n");
        }
        wire.extend_from_slice(b".\r\n");
        self.write.write_all(&wire).await.expect("the mail is sent");
        for _ in 0..accepted {
            refused.push(self.reply().await);
        }
        refused
    }

    /// Sends a line and gives the last line of the answer.
    pub async fn say(&mut self, line: &str) -> String {
        self.write.write_all(format!("{line}\r\n").as_bytes()).await.expect("the line is sent");
        self.reply().await
    }

    async fn reply(&mut self) -> String {
        loop {
            let line = self.lines.next_line().await.expect("an answer").unwrap_or_default();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }
}
