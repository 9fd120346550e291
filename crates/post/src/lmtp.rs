//! The LMTP server (RFC 2033) through which our own mail server hands mail over.
//! `250` is said only after the handler has kept the mail; until then the other
//! side keeps it, so that no crash between loses one. A mail ends at
//! `CRLF . CRLF` and at nothing else: bare line ends are content, which closes
//! the door to smuggled mails.

mod command;
mod session;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

pub use command::{Command, Complaint};

/// A mail as it came, byte for byte, with its envelope. `from` is `None` for
/// the null sender; `to` has every recipient that was accepted, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub from: Option<String>,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

/// What became of a delivery; said for each recipient (RFC 2033 section 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// 250: kept for good, with what it is called here.
    Kept(String),
    /// 451: the other side keeps it and tries again.
    TryLater(String),
    /// 550: the other side tells the sender.
    Refused(String),
    /// 452: no room now.
    Full,
}

/// Whether a recipient is one of ours.
pub type Accepts = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Bytes of one mail.
pub const MAX_SIZE: usize = 50 * 1024 * 1024;

/// How the server behaves. At most `max_connections` times `max_size` bytes of
/// mail are held in memory.
#[derive(Clone)]
pub struct Config {
    /// Our name in the greeting.
    pub hostname: String,
    pub max_size: usize,
    pub max_recipients: usize,
    pub max_connections: usize,
    /// Commands in one session.
    pub max_commands: usize,
    /// Refused commands in one session.
    pub max_errors: usize,
    /// Between two commands, and between two pieces of a mail.
    pub idle: Duration,
    /// For the whole of one mail.
    pub data: Duration,
    /// After the end is asked for, sessions get this long to finish a mail.
    pub grace: Duration,
    pub accepts: Accepts,
}

impl Config {
    pub fn new(hostname: &str, accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self {
            hostname: hostname.to_owned(),
            max_size: MAX_SIZE,
            max_recipients: 100,
            max_connections: 20,
            max_commands: 10_000,
            max_errors: 20,
            idle: Duration::from_mins(5),
            data: Duration::from_mins(15),
            grace: Duration::from_secs(30),
            accepts: Arc::new(accepts),
        }
    }
}

/// Where to listen.
#[derive(Debug)]
pub enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

impl From<UnixListener> for Listener {
    fn from(listener: UnixListener) -> Self {
        Self::Unix(listener)
    }
}

trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

impl Listener {
    async fn accept(&self) -> std::io::Result<Box<dyn Connection>> {
        Ok(match self {
            Self::Tcp(listener) => Box::new(listener.accept().await?.0),
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

/// Serves until `stop` completes. Then nobody new is let in, sessions that wait
/// for a command are closed with `421`, and those in the middle of a mail may
/// finish it.
pub async fn serve<H, F>(listener: impl Into<Listener>, config: Config, stop: impl Future<Output = ()>, handler: H)
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Verdict> + Send + 'static,
{
    let listener = listener.into();
    let (config, handler) = (Arc::new(config), Arc::new(handler));
    let room = Arc::new(Semaphore::new(config.max_connections));
    let (closing, closed) = watch::channel(false);
    let mut sessions = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = sessions.join_next(), if !sessions.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(stream) => {
                let (config, handler, closed) = (config.clone(), handler.clone(), closed.clone());
                let place = room.clone().try_acquire_owned().ok();
                sessions.spawn(async move {
                    session::run(stream, &config, closed, handler.as_ref(), place.is_some()).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Mostly no file descriptor left: wait for sessions to end.
                tracing::warn!(%error, "lmtp: cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let _ = closing.send(true);
    let finished = async { while sessions.join_next().await.is_some() {} };
    if tokio::time::timeout(config.grace, finished).await.is_err() {
        tracing::warn!("lmtp: sessions were cut at the end; their mail was not kept and comes again");
    }
}
