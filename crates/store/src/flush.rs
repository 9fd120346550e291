//! PostgreSQL's commits reach the disk together.
//!
//! The journal's lines are written one after the other, so a change that held its turn until its own
//! flush ended would let all others wait for the disk. Therefore a change commits without waiting
//! (`synchronous_commit = off`: the server keeps the order of the commits, and what is lost with it in a
//! crash is always the newest), lets the next one in, and only then waits until one flush has covered it,
//! with all that have gathered. Nobody is told that a change was made before that (invariant 5), and
//! whatever acts on what it reads (a job, a release) writes first, and waits for a flush that covers
//! what it read.
//!
//! A flush says something of a commit only if no server went away in between: a connection that was there
//! before the commit and is there after the flush has seen no crash. So each commit remembers which
//! connection it was to be flushed by. If that one broke, the connection that made the commit flushes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{mpsc, oneshot};

use crate::nodes::News;
use crate::read::Abortable;
use crate::run::{self, Connection};
use crate::{Error, Result};

/// How long a server may take to answer a new connection, or to flush; until then, commits wait.
const PATIENCE: Duration = Duration::from_secs(5);

/// The line in which commits wait for their flush. It ends with its last owner.
#[derive(Clone)]
pub(crate) struct Flusher {
    line: mpsc::UnboundedSender<Waiting>,
    /// Which connection flushes now: it counts up each time one broke.
    turn: Arc<AtomicU64>,
    /// By which the other nodes know this one.
    me: Arc<str>,
}

struct Waiting {
    turn: u64,
    news: News,
    flushed: oneshot::Sender<bool>,
}

impl Flusher {
    /// Begins to flush whatever gathers, on a connection of its own that leaves the server's setting as it is.
    pub(crate) async fn begin(options: PgConnectOptions, me: &str) -> Result<Self> {
        let connection = options.connect().await?;
        let (line, waiting) = mpsc::unbounded_channel();
        let turn = Arc::new(AtomicU64::new(0));
        let me: Arc<str> = me.into();
        tokio::spawn(flush_what_gathers(options, connection, waiting, Arc::clone(&turn), Arc::clone(&me)));
        Ok(Self { line, turn, me })
    }

    /// The turn to remember before a commit.
    pub(crate) fn turn(&self) -> u64 {
        self.turn.load(Ordering::Acquire)
    }

    /// Waits until the disk has a commit that was made after `turn` was read, and the other nodes were told.
    pub(crate) async fn wait(&self, turn: u64, news: News, committed: &mut Abortable) -> Result<()> {
        let (flushed, told) = oneshot::channel();
        let asked = self.line.send(Waiting { turn, news, flushed });
        if asked.is_ok() && told.await.unwrap_or(false) {
            return Ok(());
        }
        for text in ["begin", "set local synchronous_commit = on"] {
            run::execute(committed.connection()?, text, vec![]).await?;
        }
        flush(committed.connection()?, news, &self.me).await?;
        run::execute(committed.connection()?, "commit", vec![]).await.map(drop)
    }
}

async fn flush_what_gathers(options: PgConnectOptions, first: PgConnection, mut line: mpsc::UnboundedReceiver<Waiting>, turn: Arc<AtomicU64>, me: Arc<str>) {
    let mut connection = Some(first);
    let mut all = Vec::new();
    while line.recv_many(&mut all, usize::MAX).await > 0 {
        let now = turn.load(Ordering::Acquire);
        let news = all.iter().fold(News::default(), |news, waiting| news.and(waiting.news));
        let flushed = match &mut connection {
            // A connection that lies idle may be dropped on its way without a word.
            Some(connection) => match tokio::time::timeout(PATIENCE, flush(Connection::Postgres(connection), news, &me)).await {
                Ok(flushed) => flushed,
                Err(_) => Err(Error::Away("the flush does not end".into())),
            },
            None => Err(Error::Away("no connection".into())),
        };
        for waiting in all.drain(..) {
            let _ = waiting.flushed.send(flushed.is_ok() && waiting.turn == now);
        }
        if flushed.is_err() {
            connection = tokio::time::timeout(PATIENCE, options.connect()).await.ok().and_then(Result::ok);
            turn.fetch_add(1, Ordering::AcqRel);
        }
    }
    if let Some(connection) = connection {
        let _ = connection.close().await;
    }
}

/// Writes a line into the server's log of changes that means nothing, and waits until the disk has it and, with
/// it, all that came before (PostgreSQL 15, section 30.4).
async fn flush(connection: Connection<'_>, news: News, me: &str) -> Result<()> {
    let (text, values) = match news.told(me) {
        Some(values) => ("select pg_logical_emit_message(true, 'atalaya', '')::text, pg_notify($1, $2)", values),
        None => ("select pg_logical_emit_message(true, 'atalaya', '')::text", vec![]),
    };
    run::rows(connection, text, values).await.map(drop)
}
