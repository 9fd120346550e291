//! SQLite's one writer: a transaction that many changes share, each in a savepoint of its own, and
//! the committer that waits in the same line.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

use crate::sqlite::{self, PATIENCE};
use crate::{Error, Result};

pub(crate) type Group = watch::Receiver<Option<Result<(), String>>>;

/// Between two looks whether another process has ended its writing.
const PAUSE: Duration = Duration::from_millis(5);

/// The one SQLite connection that writes, and the commit that its guests wait for together.
pub(crate) struct Writer {
    pub(crate) connection: Option<Connection>,
    /// A transaction is open.
    open: bool,
    group: watch::Sender<Option<Result<(), String>>>,
}

/// The baton in a change's hands. However it is laid down, what was not left in order is taken
/// back, and the committer is called: also for those who wait in the same transaction.
pub(crate) struct Writing {
    pub(crate) writer: OwnedMutexGuard<Writer>,
    commit: Arc<Notify>,
    left: bool,
}

impl Writing {
    /// Takes the baton, opens the shared transaction if need be, and a savepoint in it.
    pub(crate) async fn begin(writer: Arc<Mutex<Writer>>, commit: Arc<Notify>) -> Result<(Self, Group)> {
        let mut writer = writer.lock_owned().await;
        writer.open().await?;
        writer.sql("savepoint change")?;
        let group = writer.group.subscribe();
        Ok((Self { writer, commit, left: false }, group))
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
        self.commit.notify_one();
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

/// Waits in the writer's line and commits what was left before it.
pub(crate) async fn commit_whatever_gathers(writer: Arc<Mutex<Writer>>, commit: Arc<Notify>) {
    loop {
        commit.notified().await;
        let mut writer: OwnedMutexGuard<Writer> = Arc::clone(&writer).lock_owned().await;
        if writer.connection.is_none() {
            return;
        }
        // It waits for the disk: not on a thread that serves others.
        if let Err(error) = tokio::task::spawn_blocking(move || writer.finish()).await {
            tracing::error!(%error, "the committer broke");
        }
    }
}

impl Writer {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection: Some(connection), open: false, group: watch::Sender::new(None) }
    }

    fn sql(&mut self, text: &'static str) -> Result<()> {
        let connection = self.connection.as_ref().ok_or_else(|| Error::Away("closed".into()))?;
        sqlite::execute(connection, text, vec![]).map(drop)
    }

    /// Opens the shared transaction if need be. Another process that writes is waited for.
    async fn open(&mut self) -> Result<()> {
        if self.open {
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
        self.open = true;
        self.group = watch::Sender::new(None);
        Ok(())
    }

    fn abandon(&mut self, why: &str) {
        // After a full disk there may be none any more.
        let _ = self.sql("rollback");
        self.open = false;
        self.group.send_replace(Some(Err(why.to_owned())));
    }

    /// Commits what has gathered and tells everybody who waits for it.
    pub(crate) fn finish(&mut self) {
        if !self.open {
            return;
        }
        match self.sql("commit") {
            Ok(()) => {
                self.open = false;
                self.group.send_replace(Some(Ok(())));
            }
            Err(error) => self.abandon(&error.to_string()),
        }
    }
}
