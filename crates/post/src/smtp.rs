//! Hands a finished mail to the smarthost (RFC 5321). What is sent is exactly
//! the bytes that were composed; whether to try again is told by the error. A
//! refusal of *us* (login, TLS) is never taken for a refusal of the *mail*: it
//! waits in the outbox until the configuration is right.

mod connect;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use formats::net::is_here;
use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::{Instant, interval, timeout};

/// For the way to a logged-in connection, and for a word on one that was kept.
const CONNECT: Duration = Duration::from_mins(1);
/// A connection that nothing was sent over for so long is ended.
const IDLE: Duration = Duration::from_mins(1);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Plain; for a server on the same machine.
    None,
    /// STARTTLS if offered: against listening only, not against tampering.
    Opportunistic,
    /// STARTTLS or nothing (RFC 3207).
    Required,
    /// TLS from the first byte (RFC 8314 section 3.3).
    Wrapper,
}

/// The server that sends our mail on.
#[derive(Clone, PartialEq, Eq)]
pub struct Smarthost {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: Option<String>,
    pub password: Option<String>,
    /// Our name in EHLO.
    pub hello: String,
    /// A certificate authority of one's own, in PEM, beside the public ones.
    pub authority: Option<String>,
}

impl std::fmt::Debug for Smarthost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port, tls, user, hello, .. } = self;
        write!(f, "Smarthost({host}:{port}, {tls:?}, user {user:?}, hello {hello})")
    }
}

/// A mail was not taken. `permanent`: the server will never take this mail; `recipient`: because of whom it is for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct SendError {
    pub permanent: bool,
    pub recipient: bool,
    pub text: String,
}

impl SendError {
    /// Nothing is wrong with the mail: it may go later.
    pub fn later(text: impl Into<String>) -> Self {
        Self { permanent: false, recipient: false, text: text.into() }
    }
}

/// Sends mail through one smarthost and keeps its connections open for more.
#[derive(Clone)]
pub struct Sender {
    smarthost: Arc<Smarthost>,
    kept: Arc<Kept>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.smarthost.fmt(f)
    }
}

/// Connections that wait for the next mail, and since when.
type Kept = Mutex<Vec<(Instant, AsyncSmtpConnection)>>;

impl Sender {
    /// Prepares the way; nothing is connected yet. Must be called within tokio.
    pub fn new(smarthost: &Smarthost) -> Result<Self, SendError> {
        let protected = matches!(smarthost.tls, Tls::Required | Tls::Wrapper);
        if smarthost.user.is_some() && !protected && !is_here(&smarthost.host) {
            return Err(SendError::later("The password of the smarthost is not sent without TLS."));
        }
        let sender = Self { smarthost: Arc::new(smarthost.clone()), kept: Arc::default() };
        sender.end_what_is_idle();
        Ok(sender)
    }

    /// Sends one mail to one recipient; an empty `from` is the null sender. The
    /// text is what the server answered, with its queue id as a rule.
    pub async fn send(&self, from: &str, to: &str, raw: &[u8]) -> Result<String, SendError> {
        let from = if from.is_empty() { None } else { Some(address(from).map_err(|error| SendError { recipient: false, ..error })?) };
        let envelope = Envelope::new(from, vec![address(to)?]).map_err(|error| SendError { permanent: true, recipient: true, text: error.to_string() })?;
        // The library ends the mail with a CRLF of its own.
        let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
        let mut connection = self.connection().await?;
        let sent = connection.send(&envelope, raw).await;
        if !connection.has_broken() {
            self.kept().push((Instant::now(), connection));
        }
        let response = sent.map_err(|error| classified(&error))?;
        Ok(response.message().collect::<Vec<_>>().join(" "))
    }

    /// One that was kept and still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, SendError> {
        while let Some(mut kept) = self.take() {
            if timeout(CONNECT, kept.test_connected()).await.unwrap_or_default() {
                return Ok(kept);
            }
        }
        let late = |_| SendError::later(format!("{} did not greet within {} seconds", self.smarthost.host, CONNECT.as_secs()));
        timeout(CONNECT, connect::connect(&self.smarthost)).await.map_err(late)?
    }

    /// The connection that was used last.
    fn take(&self) -> Option<AsyncSmtpConnection> {
        self.kept().pop().map(|(_, connection)| connection)
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(Instant, AsyncSmtpConnection)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As long as there is a sender, what nothing is sent over is ended now and then.
    fn end_what_is_idle(&self) {
        let kept = Arc::downgrade(&self.kept);
        tokio::spawn(async move {
            let mut now_and_then = interval(IDLE);
            loop {
                let now = now_and_then.tick().await;
                let Some(kept) = kept.upgrade() else { return };
                let old: Vec<_> = kept.lock().unwrap_or_else(PoisonError::into_inner).extract_if(.., |(since, _)| now.duration_since(*since) >= IDLE).collect();
                say_goodbye(old.into_iter().map(|(_, connection)| connection)).await;
            }
        });
    }

    /// Says goodbye on the open connections.
    pub async fn close(&self) {
        let open = std::mem::take(&mut *self.kept());
        say_goodbye(open.into_iter().map(|(_, connection)| connection)).await;
    }
}

async fn say_goodbye(connections: impl Iterator<Item = AsyncSmtpConnection>) {
    for mut connection in connections {
        // Whether it answers or not, the connection is over.
        let _ = timeout(CONNECT, connection.quit()).await;
    }
}

fn address(text: &str) -> Result<Address, SendError> {
    let wrong = |why: String| SendError { permanent: true, recipient: true, text: format!("{text:?} is not an address: {why}") };
    crate::address::check(text).map_err(|error| wrong(error.to_string()))?;
    text.parse().map_err(|error: lettre::address::AddressError| wrong(error.to_string()))
}

/// Replies about our login or TLS (RFC 4954 section 6, RFC 3207 section 4).
const ABOUT_US: [u16; 5] = [530, 534, 535, 538, 454];
/// What a reply says about the recipient's mailbox (RFC 3463 sections 3.2 and 3.3): it or its domain is not there, is no
/// address, has moved, is ambiguous, is disabled, or takes no mail at all (RFC 7505). A number alone (550) is said of
/// senders and of words, too.
const ABOUT_RECIPIENT: [&str; 8] = ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"];

fn classified(error: &lettre::transport::smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    let about_us = code.is_some_and(|code| ABOUT_US.contains(&code));
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(deeper) = source {
        let more = deeper.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = deeper.source();
    }
    let permanent = error.is_permanent() && !about_us;
    let recipient = permanent && text.split(|c: char| !c.is_ascii_digit() && c != '.').any(|word| ABOUT_RECIPIENT.contains(&word));
    SendError { permanent, recipient, text }
}
