//! PostgreSQL's numbers are drawn on a connection of their own.
//!
//! A counter that is counted up inside a change is held until the change ends, and all that want a number wait for
//! each other's whole change. What only needs a name of its own (a report's public number) draws it here: whoever
//! waits at the same moment shares one statement, which commits by itself. The server keeps the order of the
//! commits, so a number is never known to be lost while the change that bears it is there.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{mpsc, oneshot};

use crate::run::{self, Connection};
use crate::{Error, Result, args};

/// Counts a counter up and gives the newest number.
pub(crate) const DRAW: &str =
    "insert into counters (name, value) values ($1, $2) on conflict (name) do update set value = counters.value + excluded.value returning value";

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The line in which numbers are waited for. It ends with its last owner.
#[derive(Clone)]
pub(crate) struct Numbers {
    line: mpsc::UnboundedSender<Wanted>,
}

struct Wanted {
    counter: String,
    drawn: oneshot::Sender<i64>,
}

impl Numbers {
    /// Begins to draw for whoever asks.
    pub(crate) fn begin(options: PgConnectOptions) -> Self {
        let (line, wanted) = mpsc::unbounded_channel();
        tokio::spawn(draw_what_gathers(options, wanted));
        Self { line }
    }

    /// A number that nobody else gets.
    pub(crate) async fn draw(&self, counter: &str) -> Result<i64> {
        let (drawn, number) = oneshot::channel();
        let away = || Error::Away("no number could be drawn".into());
        self.line.send(Wanted { counter: counter.to_owned(), drawn }).map_err(|_| away())?;
        number.await.map_err(|_| away())
    }
}

async fn draw_what_gathers(options: PgConnectOptions, mut line: mpsc::UnboundedReceiver<Wanted>) {
    let (mut connection, mut all) = (None, Vec::new());
    while line.recv_many(&mut all, usize::MAX).await > 0 {
        let mut counters: BTreeMap<String, Vec<oneshot::Sender<i64>>> = BTreeMap::new();
        for Wanted { counter, drawn } in all.drain(..) {
            counters.entry(counter).or_default().push(drawn);
        }
        for (counter, wanted) in counters {
            let many = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
            // Whoever is not answered learns that the database is away.
            match draw(&mut connection, &options, &counter, many).await {
                Ok(newest) => hand_out(newest - many + 1, wanted),
                Err(error) => tracing::warn!(%error, "no number could be drawn"),
            }
        }
    }
    if let Some(connection) = connection {
        let _ = PgConnection::close(connection).await;
    }
}

fn hand_out(first: i64, wanted: Vec<oneshot::Sender<i64>>) {
    for (number, drawn) in (first..).zip(wanted) {
        // Who went away meanwhile leaves a gap.
        let _ = drawn.send(number);
    }
}

/// Draws so many at once. A connection that went away is opened anew: what it may have drawn is left out.
async fn draw(connection: &mut Option<PgConnection>, options: &PgConnectOptions, counter: &str, many: i64) -> Result<i64> {
    if let Some(open) = connection {
        match in_time(count_up(open, counter, many)).await {
            Err(Error::Away(_)) => *connection = None,
            drawn => return drawn,
        }
    }
    let open = connection.insert(in_time(async { Ok(options.connect().await?) }).await?);
    let drawn = in_time(count_up(open, counter, many)).await;
    if drawn.is_err() {
        *connection = None;
    }
    drawn
}

async fn count_up(connection: &mut PgConnection, counter: &str, many: i64) -> Result<i64> {
    let rows = run::rows(Connection::Postgres(connection), DRAW, args![counter, many]).await?;
    rows.into_iter().next().ok_or(Error::Shape("a counter"))?.get()
}

async fn in_time<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(Error::Away("the server does not answer".into())))
}
