//! SQLite's one writer: a transaction that many changes share, each in a savepoint of its own, and
//! the committer that waits in the same line.
//!
//! A commit writes into the log of writes and waits for nothing (`synchronous = normal`); the committer flushes that log
//! after it has laid down the baton, so that the next changes are made while the disk works. Only then are those told who
//! asked for it. What a flush covers is whole: the log is read after a crash up to its last whole commit, and SQLite itself
//! flushes where it begins the log anew or copies it into the database (sqlite.org/wal.html section 2.3, 5).

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

use crate::sqlite::{self, PATIENCE};
use crate::{Error, Result};

pub(crate) type Group = watch::Receiver<Stage>;

/// How far a transaction has come that changes share.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// More changes may join it.
    Open,
    /// Everybody sees it, and it outlives this program.
    Committed,
    /// The disk has it.
    Flushed,
    /// It came to nothing, or nobody knows: why.
    Failed(String),
}

/// Between two looks whether another process has ended its writing.
const PAUSE: Duration = Duration::from_millis(5);

/// The one SQLite connection that writes, and the commit that its guests wait for together.
pub(crate) struct Writer {
    pub(crate) connection: Option<Connection>,
    group: watch::Sender<Stage>,
    commit: Arc<Notify>,
    /// The log of writes: where it lies and, once something was written, the one file that all flushes ask. Whoever opens
    /// it later hears nothing of what could not be written before.
    log: (PathBuf, Option<Arc<File>>),
}

/// The baton in a change's hands. However it is laid down, what was not left in order is taken
/// back, and the committer is called: also for those who wait in the same transaction.
pub(crate) struct Writing {
    pub(crate) writer: OwnedMutexGuard<Writer>,
    left: bool,
}

impl Writing {
    /// Takes the baton, opens the shared transaction if need be, and a savepoint in it.
    pub(crate) async fn begin(writer: Arc<Mutex<Writer>>) -> Result<(Self, Group)> {
        let mut writer = writer.lock_owned().await;
        writer.open().await?;
        if let Err(error) = writer.sql("savepoint change") {
            // Others may wait in it.
            writer.commit.notify_one();
            return Err(error);
        }
        let group = writer.group.subscribe();
        Ok((Self { writer, left: false }, group))
    }

    /// Leaves the change in the shared transaction.
    pub(crate) fn leave(mut self) -> Result<()> {
        self.left = true;
        let left = self.writer.sql("release change");
        if let Err(error) = &left {
            self.writer.abandon(&error.to_string());
        }
        left
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // A full disk ends the whole transaction: then there is no savepoint to go back to.
        if !self.left && (self.writer.sql("rollback to change").is_err() || self.writer.sql("release change").is_err()) {
            self.writer.abandon(&Error::Full.to_string());
        }
        self.writer.commit.notify_one();
    }
}

/// Waits until others see a transaction and, if asked for, until the disk has it.
pub(crate) async fn wait_for(mut group: Group, flushed: bool) -> Result<()> {
    let ended = group.wait_for(|stage| match stage {
        Stage::Open => false,
        Stage::Committed => !flushed,
        Stage::Flushed | Stage::Failed(_) => true,
    });
    match ended.await.map_err(|_| Error::Away("the writer ended".into()))?.clone() {
        Stage::Failed(text) if text == Error::Full.to_string() => Err(Error::Full),
        Stage::Failed(text) => Err(Error::Database(text)),
        _ => Ok(()),
    }
}

/// Begins to commit whatever gathers: on a thread of its own, that nobody else can use up. It waits in the writer's
/// line like everybody, and it ends with the writer.
pub(crate) fn commit_whatever_gathers(writer: &Arc<Mutex<Writer>>, commit: Arc<Notify>) -> Result<()> {
    let (writer, runtime) = (Arc::downgrade(writer), Handle::current());
    let work = move || runtime.block_on(commit_in_turn(writer, commit));
    std::thread::Builder::new().name("commit".into()).spawn(work).map(drop).map_err(|error| Error::Away(error.to_string()))
}

async fn commit_in_turn(writer: Weak<Mutex<Writer>>, commit: Arc<Notify>) {
    loop {
        commit.notified().await;
        let Some(writer) = writer.upgrade() else { return };
        let mut held = Arc::clone(&writer).lock_owned().await;
        if held.connection.is_none() {
            return;
        }
        let committed = held.commit();
        drop(held);
        if let Some((group, log)) = committed
            && let Err(error) = flush(&group, &log)
        {
            writer.lock_owned().await.end(&error);
        }
    }
}

/// Waits until the disk has what was committed, and tells everybody who waits for it. After a flush that failed nobody
/// knows what the disk has, and the next one may say that all is well: the writer has to end.
fn flush(group: &watch::Sender<Stage>, log: &File) -> Result<()> {
    let flushed = log.sync_data();
    let stage = flushed.as_ref().map_or_else(|error| Stage::Failed(error.to_string()), |()| Stage::Flushed);
    group.send_replace(stage);
    flushed.map_err(|error| Error::Database(error.to_string()))
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.commit.notify_one();
    }
}

impl Writer {
    pub(crate) fn new(connection: Connection, database: &str, commit: Arc<Notify>) -> Self {
        // Beside the file itself, when the path is a link to it.
        let mut log = std::fs::canonicalize(database).unwrap_or_else(|_| database.into()).into_os_string();
        log.push("-wal");
        Self { connection: Some(connection), group: watch::Sender::new(Stage::Open), commit, log: (log.into(), None) }
    }

    /// Whether a transaction is open: the database itself knows, and it ends one by itself when the disk is full.
    fn is_open(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| !connection.is_autocommit())
    }

    fn sql(&mut self, text: &'static str) -> Result<()> {
        let connection = self.connection.as_ref().ok_or_else(|| Error::Away("closed".into()))?;
        sqlite::execute(connection, text, vec![]).map(drop)
    }

    /// Opens the shared transaction if need be. Another process that writes is waited for.
    async fn open(&mut self) -> Result<()> {
        if self.is_open() {
            return Ok(());
        }
        let begin = Instant::now();
        loop {
            match self.sql("begin immediate") {
                Err(Error::Away(_)) if self.connection.is_some() && begin.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                begun => {
                    begun?;
                    break;
                }
            }
        }
        // Who waits still for the one before learns that it did not end well.
        self.group = watch::Sender::new(Stage::Open);
        // SQLite makes it at the first transaction, and keeps it as long as a connection is open.
        if let (path, log @ None) = &mut self.log {
            match File::open(path) {
                Ok(file) => *log = Some(Arc::new(file)),
                Err(error) => {
                    let _ = self.sql("rollback");
                    return Err(Error::Database(format!("the log of writes cannot be opened: {error}")));
                }
            }
        }
        Ok(())
    }

    /// Commits what has gathered, and truncates the log of writes (sqlite.org/wal.html) if nobody reads at this moment.
    pub(crate) fn empty_log(&mut self) -> Result<()> {
        self.finish()?;
        if self.connection.is_none() {
            return Ok(());
        }
        self.sql("pragma wal_checkpoint(truncate)")
    }

    fn abandon(&mut self, why: &str) {
        // After a full disk there may be none any more.
        let _ = self.sql("rollback");
        self.group.send_replace(Stage::Failed(why.to_owned()));
    }

    /// The disk does not keep what is written: nothing more is, and whoever waits hears it.
    fn end(&mut self, error: &Error) {
        tracing::error!(%error, "the disk does not keep what is written: nothing more is written before the program is started anew");
        self.abandon(&error.to_string());
        self.connection.take();
    }

    /// Commits what has gathered. Gives those who wait for the flush, and what is to be flushed.
    fn commit(&mut self) -> Option<(watch::Sender<Stage>, Arc<File>)> {
        if !self.is_open() {
            return None;
        }
        match self.sql("commit") {
            Ok(()) => {
                self.group.send_replace(Stage::Committed);
                Some(std::mem::replace(&mut self.group, watch::Sender::new(Stage::Open))).zip(self.log.1.clone())
            }
            Err(error) => {
                self.abandon(&error.to_string());
                None
            }
        }
    }

    /// Commits what has gathered, flushes it, and tells everybody who waits for it.
    pub(crate) fn finish(&mut self) -> Result<()> {
        match self.commit() {
            Some((group, log)) => flush(&group, &log).inspect_err(|error| self.end(error)),
            None => Ok(()),
        }
    }
}
