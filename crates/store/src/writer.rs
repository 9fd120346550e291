//! SQLite's one writer: a transaction that many changes share, each in a savepoint of its own, and
//! the committer that waits in the same line.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnection;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

use crate::run::{self, Connection};
use crate::{Error, Result};

pub(crate) type Group = watch::Receiver<Option<Result<(), String>>>;

/// The one SQLite connection that writes, and the commit that its guests wait for together.
pub(crate) struct Writer {
    pub(crate) connection: Option<SqliteConnection>,
    /// A transaction is open.
    pub(crate) open: bool,
    /// A savepoint was begun and not ended: its owner went away in the middle.
    pub(crate) broken: bool,
    pub(crate) group: watch::Sender<Option<Result<(), String>>>,
}

/// The baton in a change's hands. However it is laid down, the committer is called: also for
/// those who wait in the same transaction when this change's owner has gone away.
pub(crate) struct Writing {
    pub(crate) writer: OwnedMutexGuard<Writer>,
    pub(crate) commit: Arc<Notify>,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.commit.notify_one();
    }
}

pub(crate) async fn wait_for(group: Option<Group>) -> Result<()> {
    let Some(mut group) = group else { return Ok(()) };
    let ended = group.wait_for(Option::is_some).await.map_err(|_| Error::Away("the writer ended".into()))?.clone();
    match ended {
        Some(Err(text)) if text == Error::Full.to_string() => Err(Error::Full),
        Some(Err(text)) => Err(Error::Database(text)),
        _ => Ok(()),
    }
}

/// Waits in the writer's line and commits what was released before it.
pub(crate) async fn commit_whatever_gathers(writer: Arc<Mutex<Writer>>, commit: Arc<Notify>) {
    loop {
        commit.notified().await;
        let mut writer: OwnedMutexGuard<Writer> = Arc::clone(&writer).lock_owned().await;
        if writer.connection.is_none() {
            return;
        }
        writer.finish().await;
    }
}

impl Writer {
    async fn sql(&mut self, text: &'static str) -> Result<()> {
        let connection = self.connection.as_mut().ok_or_else(|| Error::Away("closed".into()))?;
        run::execute(Connection::Sqlite(connection), text, vec![]).await.map(drop)
    }

    /// Opens the shared transaction if need be and a savepoint in it.
    pub(crate) async fn enter(&mut self) -> Result<()> {
        self.mend().await;
        if !self.open {
            self.sql("begin immediate").await?;
            self.open = true;
            self.group = watch::Sender::new(None);
        }
        self.broken = true;
        self.sql("savepoint change").await
    }

    pub(crate) async fn leave(&mut self, text: &'static str) -> Result<()> {
        let left = self.sql(text).await;
        self.broken = false;
        if let Err(error) = &left {
            self.abandon(&error.to_string()).await;
        }
        left
    }

    /// Takes back the savepoint of a change that failed or whose owner went away.
    pub(crate) async fn mend(&mut self) {
        if !self.broken {
            return;
        }
        self.broken = false;
        // A full disk ends the whole transaction: then there is no savepoint to go back to.
        if self.sql("rollback to change").await.is_err() || self.sql("release change").await.is_err() {
            self.abandon(&Error::Full.to_string()).await;
        }
    }

    async fn abandon(&mut self, why: &str) {
        let _ = self.sql("rollback").await;
        self.open = false;
        self.group.send_replace(Some(Err(why.to_owned())));
    }

    /// Commits what has gathered and tells everybody who waits for it.
    pub(crate) async fn finish(&mut self) {
        self.mend().await;
        if !self.open {
            return;
        }
        match self.sql("commit").await {
            Ok(()) => {
                self.open = false;
                self.group.send_replace(Some(Ok(())));
            }
            Err(error) => self.abandon(&error.to_string()).await,
        }
    }
}
