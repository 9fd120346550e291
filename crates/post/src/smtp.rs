//! Hands a finished mail to the smarthost (RFC 5321). What is sent is exactly
//! the bytes that were composed; whether to try again is told by the error. A
//! refusal of *us* (login, TLS) is never taken for a refusal of the *mail*: it
//! waits in the outbox until the configuration is right.

use std::time::Duration;

use formats::net::is_here;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls as LettreTls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

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
#[derive(Debug, Clone)]
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Sender {
    /// Prepares the way; nothing is connected yet. Must be called within tokio.
    pub fn new(smarthost: &Smarthost) -> Result<Self, SendError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smarthost.host)
            .port(smarthost.port)
            .hello_name(ClientId::Domain(smarthost.hello.clone()))
            .timeout(Some(Duration::from_mins(1)))
            .tls(tls(smarthost)?);
        if let (Some(user), Some(password)) = (&smarthost.user, &smarthost.password) {
            let protected = matches!(smarthost.tls, Tls::Required | Tls::Wrapper);
            if !protected && !is_here(&smarthost.host) {
                return Err(SendError::later("The password of the smarthost is not sent without TLS."));
            }
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build() })
    }

    /// Sends one mail to one recipient; an empty `from` is the null sender. The
    /// text is what the server answered, with its queue id as a rule.
    pub async fn send(&self, from: &str, to: &str, raw: &[u8]) -> Result<String, SendError> {
        let from = if from.is_empty() { None } else { Some(address(from).map_err(|error| SendError { recipient: false, ..error })?) };
        let envelope = Envelope::new(from, vec![address(to)?]).map_err(|error| SendError { permanent: true, recipient: true, text: error.to_string() })?;
        // The transport ends the mail with a CRLF of its own.
        let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
        match self.transport.send_raw(&envelope, raw).await {
            Ok(response) => Ok(response.message().collect::<Vec<_>>().join(" ")),
            Err(error) => Err(classified(&error)),
        }
    }

    /// Says goodbye on the open connections.
    pub async fn close(&self) {
        self.transport.shutdown().await;
    }
}

fn tls(smarthost: &Smarthost) -> Result<LettreTls, SendError> {
    if smarthost.tls == Tls::None {
        return Ok(LettreTls::None);
    }
    let unusable = |error| SendError::later(format!("TLS cannot be set up: {error}"));
    let mut parameters = TlsParameters::builder(smarthost.host.clone());
    if let Some(pem) = &smarthost.authority {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(unusable)?);
    }
    let parameters = parameters.build().map_err(unusable)?;
    Ok(match smarthost.tls {
        Tls::None => LettreTls::None,
        Tls::Opportunistic => LettreTls::Opportunistic(parameters),
        Tls::Required => LettreTls::Required(parameters),
        Tls::Wrapper => LettreTls::Wrapper(parameters),
    })
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
