//! The way to the server: TCP, TLS, greeting, log-in.

use std::time::Duration;

use data_encoding::BASE64;
use formats::net::is_here;
use tokio::net::TcpStream;

use super::wire::{Stream, Wire};
use super::words::{plain, shown};
use super::{COMMAND, Result, SMALL, Session, Trouble, in_time};
use crate::tls;

/// For TCP and for TLS, each.
const CONNECT: Duration = Duration::from_secs(30);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (RFC 8314 section 3.2).
    Implicit,
    /// STARTTLS, which must succeed.
    StartTls,
    /// None at all: only for a server on this machine.
    None,
}

/// The server that holds the mailbox.
#[derive(Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: String,
    /// A certificate authority of one's own, in PEM, beside the public ones.
    pub authority: Option<String>,
    /// Between two looks at a server that does not know IDLE.
    pub poll: Duration,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port, tls, user, .. } = self;
        write!(f, "Server({host}:{port}, {tls:?}, user {user:?})")
    }
}

/// Connects and logs in.
pub async fn connect(server: &Server) -> Result<Session> {
    if server.tls == Tls::None && !is_here(&server.host) {
        return Err(Trouble::away("the password is not sent without TLS"));
    }
    let tcp =
        in_time(CONNECT, async { TcpStream::connect((server.host.as_str(), server.port)).await.map_err(|error| Trouble::away(error.to_string())) }).await?;
    let stream: Box<dyn Stream> = if server.tls == Tls::Implicit { secured(server, Box::new(tcp)).await? } else { Box::new(tcp) };
    let mut session = Session { wire: Wire::new(stream), tags: 0, abilities: Vec::new(), news: false, poll: server.poll };
    let greeting = in_time(COMMAND, session.wire.response(&mut { SMALL })).await?.text;
    // A session that somebody else has logged in is none of ours (RFC 9051 section 11.2).
    if !greeting.to_ascii_uppercase().starts_with("* OK") {
        return Err(Trouble::away(format!("the server greets with: {}", shown(&greeting))));
    }
    if server.tls == Tls::StartTls {
        session.ask("STARTTLS", SMALL, COMMAND).await?;
        session.wire = Wire::new(secured(server, session.wire.into_stream()?).await?);
    }
    session.log_in(server).await?;
    session.learn().await?;
    Ok(session)
}

impl Session {
    async fn log_in(&mut self, server: &Server) -> Result<()> {
        self.learn().await?;
        let (user, password) = (&server.user, &server.password);
        let refused = |trouble: Trouble| Trouble { text: format!("the log-in of {user} failed, {}", trouble.text), ..trouble };
        if self.can("AUTH=PLAIN") {
            // RFC 4616: any password of any alphabet.
            let secret = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
            return in_time(COMMAND, async {
                let tag = self.begin("AUTHENTICATE PLAIN").await?;
                let mut room = SMALL;
                let mut asked = self.wire.response(&mut room).await?.text;
                while asked.starts_with("* ") {
                    asked = self.wire.response(&mut room).await?.text;
                }
                if !asked.starts_with('+') {
                    return Err(Trouble::away(format!("the server says: {}", shown(&asked))));
                }
                self.wire.send(&secret).await?;
                self.answer(&tag, SMALL).await.map(drop)
            })
            .await
            .map_err(refused);
        }
        if self.can("LOGINDISABLED") {
            return Err(Trouble::away("the server takes no password over this connection"));
        }
        let (Some(user), Some(password)) = (plain(user), plain(password)) else {
            return Err(Trouble::away("the server takes only plain ASCII as user and password"));
        };
        self.ask(&format!("LOGIN {user} {password}"), SMALL, COMMAND).await.map(drop).map_err(refused)
    }

    /// Asks what the server can do; it can do more after the log-in.
    async fn learn(&mut self) -> Result<()> {
        let answer = self.ask("CAPABILITY", SMALL, COMMAND).await?;
        let words = answer.rows.iter().filter_map(|row| row.text.strip_prefix("CAPABILITY "));
        self.abilities = words.flat_map(|words| words.split_ascii_whitespace().map(str::to_ascii_uppercase)).collect();
        Ok(())
    }
}

async fn secured(server: &Server, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>> {
    let agree = async { tls::secure(&server.host, server.authority.as_deref(), stream).await.map_err(Trouble::away) };
    Ok(Box::new(in_time(CONNECT, agree).await?))
}
