//! A real SMTP server that keeps what it is given: the smarthost of the tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The server.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    kept: Arc<Mutex<Vec<Mail>>>,
    answers: Arc<Mutex<BTreeMap<String, String>>>,
}

/// A mail that it took.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// As it came, with CRLF, without the dots of the transfer.
    pub raw: Vec<u8>,
}

impl Mail {
    /// As text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// A header, unfolded, as it stands (encoded words stay).
    pub fn header(&self, name: &str) -> Option<String> {
        let text = self.text();
        let head = text.split("\r\n\r\n").next()?.replace("\r\n ", " ").replace("\r\n\t", " ");
        head.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }

    /// Read as our own reader reads it: subject, text, files.
    pub fn letter(&self) -> post::letter::Letter {
        post::letter::read(&self.raw, &post::letter::Limits::default())
    }
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let sink = Self { port, kept: Arc::default(), answers: Arc::default() };
        let one = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = one.clone();
                tokio::spawn(async move { drop(sink.converse(stream).await) });
            }
        });
        sink
    }

    /// All mails so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.kept.lock().unwrap().clone()
    }

    /// The mails to an address so far.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// Forgets what it took.
    pub fn empty(&self) {
        self.kept.lock().unwrap().clear();
    }

    /// Answers `RCPT TO` for an address with this line from now on, like `550 5.1.1 unknown`;
    /// an empty line makes it accept again.
    pub fn answer(&self, address: &str, line: &str) {
        let mut answers = self.answers.lock().unwrap();
        if line.is_empty() {
            answers.remove(address)
        } else {
            answers.insert(address.into(), line.into())
        };
    }

    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).split(b'\n');
        write.write_all(b"220 sink.example\r\n").await?;
        let mut mail = Mail { from: String::new(), to: Vec::new(), raw: Vec::new() };
        while let Some(line) = lines.next_segment().await? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap_or_default();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let reply = match verb.as_str() {
                "EHLO" => "250-sink.example\r\n250 8BITMIME".to_owned(),
                "MAIL" => {
                    mail = Mail { from: address, to: Vec::new(), raw: Vec::new() };
                    "250 ok".into()
                }
                "RCPT" => {
                    let reply = self.answers.lock().unwrap().get(&address).cloned().unwrap_or_else(|| "250 ok".into());
                    if reply.starts_with('2') {
                        mail.to.push(address);
                    }
                    reply
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    while let Some(line) = lines.next_segment().await? {
                        if line == b".\r" {
                            break;
                        }
                        let line = if line.first() == Some(&b'.') { &line[1..] } else { &line[..] };
                        mail.raw.extend_from_slice(line);
                        mail.raw.push(b'\n');
                    }
                    self.kept.lock().unwrap().push(mail.clone());
                    "250 2.0.0 queued as 42".into()
                }
                "QUIT" => "221 bye".into(),
                _ => "250 ok".into(),
            };
            write.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}
