//! The two databases behind one door.
//!
//! SQLite has one writer and several read-only readers. The writer is a baton: each change runs
//! in a savepoint of a shared transaction, and a committer that waits in the same line commits
//! whatever has gathered before it, so that many changes share one flush to disk. PostgreSQL
//! has as many writers as connections; only the journal's few lines are written one after the other,
//! and these changes share a flush as well (see `flush`).
//!
//! A visitor who goes away in the middle of a request takes its verb along, at any point. So what
//! begins and what ends a change runs in a task of its own, which nobody can cut.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::sync::{Mutex, Notify, watch};

use crate::bells::Bells;
use crate::care::{Care, Until, settle};
use crate::flush::Flusher;
use crate::nodes::News;
use crate::numbers::Numbers;
use crate::read::{Abortable, On, Reader};
use crate::run;
use crate::sqlite::{self, Readers};
use crate::writer::{Group, Writer, Writing, commit_whatever_gathers, wait_for};
use crate::{Clock, Entropy, Error, Id, Result, Tx, nodes};

/// The database.
#[derive(Clone)]
pub struct Db {
    kind: Kind,
    clock: Clock,
    entropy: Entropy,
    /// The newest journal number that is known to be durable; watched by live pages.
    head: Arc<watch::Sender<u64>>,
    /// Rung when a commit left jobs behind.
    bells: Bells,
}

#[derive(Clone)]
enum Kind {
    Sqlite { writer: Arc<Mutex<Writer>>, readers: Readers, commit: Arc<Notify> },
    Postgres(Server),
}

/// A server, and the ways to it.
#[derive(Clone)]
struct Server {
    pool: PgPool,
    /// For looks at the queue of jobs.
    queue: PgPool,
    flusher: Flusher,
    numbers: Numbers,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_postgres() { "Db(PostgreSQL)" } else { "Db(SQLite)" })
    }
}

impl Db {
    /// Opens a database: a path or `sqlite:PATH` for the embedded one, `postgres://...` for a server.
    pub async fn open(url: &str, clock: Clock) -> Result<Self> {
        let me = Id::new(clock.now(), Entropy).to_string();
        let kind = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url, &me).await?
        } else {
            open_sqlite(url.strip_prefix("sqlite:").unwrap_or(url))?
        };
        let db = Self { kind, clock, entropy: Entropy, head: Arc::new(watch::Sender::new(0)), bells: Bells::default() };
        match &db.kind {
            Kind::Sqlite { writer, commit, .. } => commit_whatever_gathers(writer, Arc::clone(commit))?,
            Kind::Postgres(server) => drop(tokio::spawn(nodes::listen(server.pool.clone(), db.clone(), me))),
        }
        Ok(db)
    }

    /// Whether a server holds the data.
    pub fn is_postgres(&self) -> bool {
        matches!(self.kind, Kind::Postgres(..))
    }

    /// `sqlite` or `postgresql`, as `bench` prints it.
    pub fn name(&self) -> &'static str {
        if self.is_postgres() { "postgresql" } else { "sqlite" }
    }

    /// The program's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The program's randomness.
    pub fn entropy(&self) -> Entropy {
        self.entropy
    }

    /// Watches the newest journal number.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Tells watchers of a journal number that another process committed.
    pub fn announce(&self, seq: u64) {
        self.head.send_if_modified(|head| {
            let newer = seq > *head;
            *head = seq.max(*head);
            newer
        });
    }

    /// The bell that rings when a commit left jobs of one of these kinds behind.
    pub fn bell(&self, kinds: &'static [&'static str]) -> Arc<Notify> {
        self.bells.hang(kinds)
    }

    /// Tells the workers that another process left jobs behind, of whatever kind.
    pub(crate) fn ring_all(&self) {
        self.bells.ring(|_| true);
    }

    /// The same database, for looks at the queue of jobs.
    pub(crate) fn queue(&self) -> Self {
        let mut queue = self.clone();
        if let Kind::Postgres(server) = &mut queue.kind {
            server.pool = server.queue.clone();
        }
        queue
    }

    /// A look at the database.
    pub async fn read(&self) -> Result<Reader> {
        let on = match &self.kind {
            Kind::Sqlite { readers, .. } => On::SqliteReader(readers.lend().await?),
            Kind::Postgres(server) => On::Postgres(reach(&server.pool).await?),
        };
        Ok(Reader { on, clock: self.clock.clone() })
    }

    /// Makes a change on behalf of `who`: the closure's writes, its journal entries and its jobs
    /// commit together, durably, or not at all. Returns after the commit reached the disk.
    pub async fn change<T, E, F>(&self, who: &str, verb: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
    {
        self.transact(who, Care::Recorded, verb).await
    }

    /// Writes house-keeping tables only; needs no journal entry (see [`crate::HOUSEKEEPING`]).
    pub async fn keep_house<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        self.transact("house", Care::Kept, work).await
    }

    /// [`Db::keep_house`] for a count that may be lost with the last moments before a crash: it does not wait for
    /// the disk.
    pub async fn tally<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        self.transact("house", Care::Tallied, work).await
    }

    /// Waits until the disk has whatever can be read now: before somebody is told of a thing that another change
    /// made, and that may be waiting for its flush still.
    pub async fn flushed(&self) -> Result<()> {
        self.keep_house(async |_| Ok(())).await
    }

    /// [`Db::keep_house`] for what may be asked for once more: everybody sees it when this returns, and it outlives the
    /// program. A power cut may take the last moments of it.
    pub async fn jot<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        self.transact("house", Care::Jotted, work).await
    }

    async fn transact<T, E, F>(&self, who: &str, care: Care, verb: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
    {
        let (mut tx, group) = self.begin(who).await?;
        match verb(&mut tx).await {
            Ok(value) => {
                let (seq, enqueued) = match settle(&mut tx, care).await {
                    Ok(seq) => (seq, std::mem::take(&mut tx.enqueued)),
                    Err(error) => {
                        self.undo(tx).await;
                        return Err(error.into());
                    }
                };
                let until = match care {
                    Care::Tallied => Until::Left,
                    Care::Jotted => Until::Committed,
                    Care::Recorded | Care::Kept => Until::Flushed(News { seq, work: !enqueued.is_empty() }),
                };
                self.end(tx, group, until, enqueued).await?;
                Ok(value)
            }
            Err(error) => {
                self.undo(tx).await;
                Err(error)
            }
        }
    }

    async fn begin(&self, who: &str) -> Result<(Tx, Option<Group>)> {
        let (on, group, numbers) = match &self.kind {
            Kind::Sqlite { writer, .. } => {
                let (writing, group) = Writing::begin(Arc::clone(writer)).await?;
                (On::SqliteWriter(writing), Some(group), None)
            }
            Kind::Postgres(Server { pool, numbers, .. }) => {
                let mut connection = Abortable::new(reach(pool).await?);
                match run::execute(connection.connection()?, "begin", vec![]).await {
                    // It went away in this very moment: nothing was changed yet.
                    Err(Error::Away(_)) => {
                        connection = Abortable::new(reach(pool).await?);
                        run::execute(connection.connection()?, "begin", vec![]).await?;
                    }
                    begun => drop(begun?),
                }
                (On::PostgresTx(connection), None, Some(numbers.clone()))
            }
        };
        let reader = Reader { on, clock: self.clock.clone() };
        Ok((Tx { reader, entropy: self.entropy, who: who.to_owned(), records: Vec::new(), wrote: false, enqueued: Vec::new(), numbers }, group))
    }

    /// Commits a change, waits for as much of that as was asked, and tells who waits for such news.
    async fn end(&self, tx: Tx, group: Option<Group>, until: Until, enqueued: Vec<String>) -> Result<()> {
        let on = match tx.reader.on {
            // The baton goes on at once, in the same breath: the next change waits for no task to begin.
            On::SqliteWriter(writing) => {
                writing.leave()?;
                None
            }
            other => Some(other),
        };
        let db = self.clone();
        uncut(async move {
            let seq = if let Until::Flushed(news) = &until { news.seq } else { 0 };
            db.commit(on, group, until).await?;
            if seq > 0 {
                db.announce(seq);
            }
            if !enqueued.is_empty() {
                db.bells.ring(|kind| enqueued.iter().any(|left| left == kind));
            }
            Ok(())
        })
        .await
    }

    async fn commit(&self, on: Option<On>, group: Option<Group>, until: Until) -> Result<()> {
        match (on, &self.kind) {
            (Some(On::PostgresTx(mut connection)), Kind::Postgres(Server { flusher, .. })) => {
                let turn = flusher.turn();
                run::execute(connection.connection()?, "commit", vec![]).await?;
                if let Until::Flushed(news) = until {
                    flusher.wait(turn, news, &mut connection).await?;
                }
                connection.ended();
                Ok(())
            }
            _ => match (group, until) {
                (Some(group), Until::Committed) => wait_for(group, false).await,
                (Some(group), Until::Flushed(_)) => wait_for(group, true).await,
                _ => Ok(()),
            },
        }
    }

    /// Takes a change back. SQLite's is taken back by laying down the baton; what does not succeed
    /// on a server is taken back by the server.
    async fn undo(&self, tx: Tx) {
        let On::PostgresTx(mut connection) = tx.reader.on else { return };
        let undone = uncut(async move {
            run::execute(connection.connection()?, "rollback", vec![]).await?;
            connection.ended();
            Ok(())
        });
        if let Err(error) = undone.await {
            tracing::debug!(%error, "a change was not taken back by its own");
        }
    }

    /// Empties the embedded database's log of writes, which holds what was deleted since, and in which order all was
    /// written, until something else is written over it. Whoever reads at this moment keeps it for the next time. A server
    /// keeps its own log.
    pub async fn empty_log(&self) -> Result<()> {
        let Kind::Sqlite { writer, .. } = &self.kind else { return Ok(()) };
        let mut writer = Arc::clone(writer).lock_owned().await;
        blocking(move || writer.empty_log()).await
    }

    /// Copies the embedded database into a new file, consistently, while the program runs.
    pub async fn copy_to(&self, file: &str) -> Result<()> {
        let Kind::Sqlite { readers, .. } = &self.kind else {
            return Err(Error::Misplaced("the server's own tools back up PostgreSQL".into()));
        };
        let (mut reader, file) = (readers.lend().await?, file.to_owned());
        blocking(move || {
            let connection = reader.connection()?;
            // It writes into the new file only, yet the fence around readers would stop it.
            sqlite::execute(connection, "pragma query_only = 0", vec![])?;
            let copied = sqlite::execute(connection, "vacuum into $1", crate::args![file]);
            sqlite::execute(connection, "pragma query_only = 1", vec![])?;
            copied.map(drop)
        })
        .await
    }

    /// Ends all connections, after what was begun.
    pub async fn close(&self) {
        match &self.kind {
            Kind::Sqlite { writer, readers, .. } => {
                let mut writer = writer.lock().await;
                if let Err(error) = writer.finish() {
                    tracing::error!(%error, "the last changes may not have reached the disk");
                }
                readers.close();
                drop(writer.connection.take());
            }
            Kind::Postgres(server) => {
                server.pool.close().await;
                server.queue.close().await;
            }
        }
    }
}

/// Runs to its end, also when whoever waits for it goes away.
async fn uncut<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or_else(|error| Err(Error::Away(error.to_string())))
}

/// Runs on a thread of its own what takes its time.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Error::Away(error.to_string())))
}

/// How often a database that does not answer is asked, before anything was changed, and the pause between.
const ASKED: u32 = 8;
const PAUSE: Duration = Duration::from_millis(250);

/// A connection; a server that went away is asked again for a moment, so that its restart costs a
/// wait and no error.
async fn reach(pool: &PgPool) -> Result<PoolConnection<Postgres>> {
    for _ in 1..ASKED {
        match pool.acquire().await {
            Ok(connection) => return Ok(connection),
            // Everybody is busy, or the program ends: then asking again helps nobody.
            Err(error @ (sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)) => return Err(error.into()),
            Err(error) => match Error::from(error) {
                Error::Away(_) => tokio::time::sleep(PAUSE).await,
                other => return Err(other),
            },
        }
    }
    Ok(pool.acquire().await?)
}

fn open_sqlite(path: &str) -> Result<Kind> {
    let commit = Arc::new(Notify::new());
    let writer = Writer::new(sqlite::open(path, false)?, path, Arc::clone(&commit));
    Ok(Kind::Sqlite { writer: Arc::new(Mutex::new(writer)), readers: Readers::open(path)?, commit })
}

async fn open_postgres(url: &str, me: &str) -> Result<Kind> {
    let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(400).application_name("atalaya");
    let flusher = Flusher::begin(options.clone(), me).await?;
    let unhurried = options.options([("synchronous_commit", "off")]);
    let numbers = Numbers::begin(unhurried.clone());
    let pool = PgPoolOptions::new().max_connections(20).min_connections(1).acquire_timeout(Duration::from_secs(5)).connect_with(unhurried).await?;
    // A server keeps the plan that it made while the queue was short: then it reads the whole table at every look.
    let by_index = (*pool.connect_options()).clone().options([("enable_seqscan", "off")]);
    let queue = PgPoolOptions::new().max_connections(5).acquire_timeout(Duration::from_secs(5)).connect_lazy_with(by_index);
    Ok(Kind::Postgres(Server { pool, queue, flusher, numbers }))
}
