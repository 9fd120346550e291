//! SQLite's one writer: a transaction that many changes share, each in a savepoint of its own, and
//! the committer that waits in the same line.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

use crate::sqlite::{self, PATIENCE};
use crate::{Error, Result};

pub(crate) type Group = watch::Receiver<Option<Result<(), String>>>;

/// Between two looks whether another process has ended its writing.
const PAUSE: Duration = Duration::from_millis(5);

/// The one SQLite connection that writes, and the commit that its guests wait for together.
pub(crate) struct Writer {
    pub(crate) connection: Option<Connection>,
    group: watch::Sender<Option<Result<(), String>>>,
    commit: Arc<Notify>,
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

pub(crate) async fn wait_for(mut group: Group) -> Result<()> {
    let ended = group.wait_for(Option::is_some).await.map_err(|_| Error::Away("the writer ended".into()))?.clone();
    match ended {
        Some(Err(text)) if text == Error::Full.to_string() => Err(Error::Full),
        Some(Err(text)) => Err(Error::Database(text)),
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
        let mut writer = writer.lock_owned().await;
        if writer.connection.is_none() {
            return;
        }
        writer.finish();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.commit.notify_one();
    }
}

impl Writer {
    pub(crate) fn new(connection: Connection, commit: Arc<Notify>) -> Self {
        Self { connection: Some(connection), group: watch::Sender::new(None), commit }
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
        self.group = watch::Sender::new(None);
        Ok(())
    }

    /// Commits what has gathered, and truncates the log of writes (sqlite.org/wal.html) if nobody reads at this moment.
    pub(crate) fn empty_log(&mut self) -> Result<()> {
        self.finish();
        if self.connection.is_none() {
            return Ok(());
        }
        self.sql("pragma wal_checkpoint(truncate)")
    }

    fn abandon(&mut self, why: &str) {
        // After a full disk there may be none any more.
        let _ = self.sql("rollback");
        self.group.send_replace(Some(Err(why.to_owned())));
    }

    /// Commits what has gathered and tells everybody who waits for it.
    pub(crate) fn finish(&mut self) {
        if !self.is_open() {
            return;
        }
        match self.sql("commit") {
            Ok(()) => drop(self.group.send_replace(Some(Ok(())))),
            Err(error) => self.abandon(&error.to_string()),
        }
    }
}
