//! Several programs on one PostgreSQL server: each tells the others of its commits, so that live pages and
//! workers of every node hear of it as they hear of their own.
//!
//! The notice goes with the flush that made the commits last (see `flush`), and it is no more than a bell: who
//! missed one, because a connection was lost, reads the newest number when it listens again, and looks for work
//! every few seconds anyway.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};

use crate::{Db, Result, Value, args};

/// The bell's name.
const CHANNEL: &str = "atalaya";
/// After a lost connection.
const PAUSE: Duration = Duration::from_secs(1);

/// What a commit has for the other nodes: the newest journal number, and whether there is work.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct News {
    pub(crate) seq: u64,
    pub(crate) work: bool,
}

impl News {
    /// Both in one.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { seq: self.seq.max(other.seq), work: self.work || other.work }
    }

    /// What `pg_notify` is called with by this node, if anybody has to know.
    pub(crate) fn told(self, by: &str) -> Option<Vec<Value>> {
        let text = format!("{by} {} {}", self.seq, if self.work { "work" } else { "" });
        (self.seq > 0 || self.work).then(|| args![CHANNEL, text])
    }
}

/// Hears what other nodes committed, until the program ends.
pub(crate) async fn listen(pool: PgPool, db: Db, me: String) {
    while !pool.is_closed() {
        let heard = tokio::select! {
            heard = hear(&pool, &db, &me) => heard,
            () = pool.close_event() => return,
        };
        if let Err(error) = heard {
            tracing::debug!(%error, "the other nodes cannot be heard");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Hears until the connection is lost.
async fn hear(pool: &PgPool, db: &Db, me: &str) -> Result<()> {
    // Listening goes on for as long as the program runs: it takes no connection from those who work.
    let own = PgPoolOptions::new().max_connections(1).connect_with((*pool.connect_options()).clone()).await?;
    let mut listener = PgListener::connect_with(&own).await?;
    listener.listen(CHANNEL).await?;
    // What was committed while nobody listened. Before the first start there is no journal yet.
    let head = db.read().await?.journal_head().await;
    if let Ok(head) = head {
        db.announce(head);
        db.ring_all();
    }
    while let Some(notice) = listener.try_recv().await? {
        let mut words = notice.payload().splitn(3, ' ');
        let (by, seq, work) = (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
        // What this node commits rings its bells already, and no more of them than it has to.
        if by == me {
            continue;
        }
        db.announce(seq.parse().unwrap_or(0));
        if !work.is_empty() {
            db.ring_all();
        }
    }
    Ok(())
}
