//! One LMTP session: a dialogue of commands and replies, and the mails in it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::watch;
use tokio::time::timeout;

use super::command::Command;
use super::wire::{Body, Input, Line};
use super::{Config, Connection, Delivery, Verdict};

struct Session<'a, H> {
    config: &'a Config,
    handler: &'a H,
    input: Input<ReadHalf<Box<dyn Connection>>>,
    output: WriteHalf<Box<dyn Connection>>,
    /// Replies that wait to be sent together (RFC 2920 section 3.2).
    replies: String,
    greeted: bool,
    mail: Option<Mail>,
}

/// A mail whose envelope is being told.
struct Mail {
    from: Option<String>,
    /// One reply is due for each accepted RCPT, repeated ones too.
    accepted: Vec<String>,
}

enum Next {
    Go,
    End,
}

/// Talks to one client until it quits, goes, tires us or the server closes.
pub async fn run<H, F>(stream: Box<dyn Connection>, config: &Config, closed: watch::Receiver<bool>, handler: &H, room: bool)
where
    H: Fn(Delivery) -> F,
    F: Future<Output = Verdict>,
{
    let (read, write) = tokio::io::split(stream);
    let mut session = Session { config, handler, input: Input::new(read), output: write, replies: String::new(), greeted: false, mail: None };
    let outcome = if room {
        session.talk(closed).await
    } else {
        session.say("421 4.3.2 Too many connections, come back later");
        session.flush().await
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "lmtp: the connection broke");
    }
    let _ = timeout(Duration::from_secs(5), session.output.shutdown()).await;
}

impl<H, F> Session<'_, H>
where
    H: Fn(Delivery) -> F,
    F: Future<Output = Verdict>,
{
    async fn talk(&mut self, mut closed: watch::Receiver<bool>) -> io::Result<()> {
        self.say(&format!("220 {} LMTP ready", printable(&self.config.hostname)));
        let (mut commands, mut errors) = (0, 0);
        loop {
            if !self.input.has_more() {
                self.flush().await?;
            }
            let line = tokio::select! {
                biased;
                line = timeout(self.config.idle, self.input.line()) => line,
                () = async { let _ = closed.wait_for(|closed| *closed).await; } => {
                    self.say("421 4.3.2 Closing down, come back later");
                    return self.flush().await;
                }
            };
            let Ok(line) = line else {
                self.say("421 4.4.2 Waited too long");
                return self.flush().await;
            };
            commands += 1;
            if commands > self.config.max_commands || errors >= self.config.max_errors {
                self.say("421 4.7.0 Too many commands");
                return self.flush().await;
            }
            let before = self.replies.len();
            match line? {
                Line::End => return Ok(()),
                Line::TooLong => self.say("500 5.5.6 Line too long"),
                Line::Text(line) => match Command::parse(&line) {
                    Ok(command) => {
                        if let Next::End = self.answer(command).await? {
                            return self.flush().await;
                        }
                    }
                    Err(complaint) => self.say(complaint.reply()),
                },
            }
            errors += usize::from(self.replies.get(before..).is_some_and(|said| said.starts_with('5')));
        }
    }

    async fn answer(&mut self, command: Command) -> io::Result<Next> {
        match command {
            Command::Lhlo => {
                self.greeted = true;
                self.mail = None;
                let name = printable(&self.config.hostname);
                let size = self.config.max_size;
                self.say(&format!("250-{name}\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE {size}"));
            }
            Command::Mail { from, size } => self.begin(from, size),
            Command::Rcpt { to } => self.recipient(&to),
            Command::Data => return self.data().await,
            Command::Rset => {
                self.mail = None;
                self.say("250 2.0.0 Forgotten");
            }
            Command::Noop => self.say("250 2.0.0 Yes"),
            // Who is known here is nobody's business (RFC 5321 section 7.3).
            Command::Vrfy => self.say("252 2.5.0 Send some mail and see"),
            Command::Quit => {
                self.say("221 2.0.0 Goodbye");
                return Ok(Next::End);
            }
        }
        Ok(Next::Go)
    }

    fn begin(&mut self, from: Option<String>, size: Option<u64>) {
        if !self.greeted {
            self.say("503 5.5.1 LHLO first");
        } else if self.mail.is_some() {
            self.say("503 5.5.1 One mail after the other");
        } else if size.is_some_and(|size| size > self.config.max_size as u64) {
            self.say("552 5.3.4 Larger than is taken here");
        } else {
            self.mail = Some(Mail { from, accepted: Vec::new() });
            self.say("250 2.1.0 Sender noted");
        }
    }

    fn recipient(&mut self, to: &str) {
        let accepts = (self.config.accepts)(to);
        let reply = match &mut self.mail {
            None => "503 5.5.1 MAIL first",
            Some(mail) if mail.accepted.len() >= self.config.max_recipients => "452 4.5.3 Too many recipients",
            Some(mail) if accepts => {
                mail.accepted.push(to.to_owned());
                "250 2.1.5 Recipient noted"
            }
            Some(_) => "550 5.1.1 Nobody of this name here",
        };
        self.say(reply);
    }

    async fn data(&mut self) -> io::Result<Next> {
        let Some(mail) = self.mail.take_if(|mail| !mail.accepted.is_empty()) else {
            // Without a recipient there is nobody to reply for (RFC 2033 section 4.2).
            self.say("503 5.5.1 RCPT first");
            return Ok(Next::Go);
        };
        self.say("354 End with a dot alone in its line");
        self.flush().await?;
        let read = read_body(&mut self.input, self.config).await;
        let Some(body) = read else {
            self.say("421 4.4.2 Waited too long for the mail");
            return Ok(Next::End);
        };
        let reply = match body? {
            Body::Cut => return Ok(Next::End),
            Body::TooLarge => "552 5.3.4 Larger than is taken here".to_owned(),
            Body::Whole(raw) => {
                let mut to: Vec<String> = Vec::new();
                for one in &mail.accepted {
                    if !to.contains(one) {
                        to.push(one.clone());
                    }
                }
                reply_of(&(self.handler)(Delivery { from: mail.from, to, raw }).await)
            }
        };
        for _ in &mail.accepted {
            self.say(&reply);
        }
        Ok(Next::Go)
    }

    fn say(&mut self, reply: &str) {
        self.replies.push_str(reply);
        self.replies.push_str("\r\n");
    }

    async fn flush(&mut self) -> io::Result<()> {
        let replies = std::mem::take(&mut self.replies);
        let sent = async {
            self.output.write_all(replies.as_bytes()).await?;
            self.output.flush().await
        };
        timeout(self.config.idle, sent).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

/// The body, or nothing when it came too slowly: a piece at a time may take
/// `idle`, the whole may take `data`.
async fn read_body(input: &mut Input<ReadHalf<Box<dyn Connection>>>, config: &Config) -> Option<io::Result<Body>> {
    let (alive, mut heard) = watch::channel(());
    let body = input.body(config.max_size, || alive.send_replace(()));
    let silence = async { while timeout(config.idle, heard.changed()).await.is_ok() {} };
    tokio::select! {
        body = timeout(config.data, body) => body.ok(),
        () = silence => None,
    }
}

fn reply_of(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Kept(text) => format!("250 2.0.0 {}", said(text, "Kept")),
        Verdict::TryLater(text) => format!("451 4.3.0 {}", said(text, "Try again later")),
        Verdict::Refused(text) => format!("550 5.7.1 {}", said(text, "Refused")),
        Verdict::Full => "452 4.3.1 No room now, try again later".to_owned(),
    }
}

/// Text in a reply: one line of ASCII (RFC 5321 section 4.2).
fn said(text: &str, instead: &str) -> String {
    let line = printable(text);
    if line.trim().is_empty() { instead.to_owned() } else { line }
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).take(400).collect()
}
