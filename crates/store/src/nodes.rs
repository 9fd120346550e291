//! Several programs on one PostgreSQL server: each commit tells the others, so that live pages and
//! workers of every node hear of it as they hear of their own.
//!
//! The notice is part of the commit (`NOTIFY` is transactional), and it is no more than a bell: who missed
//! one, because the connection was lost, reads the newest number when it listens again.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};

use crate::{Db, Result, Tx, args};

/// The bell's name.
const CHANNEL: &str = "atalaya";
/// After a lost connection.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells all nodes, with the commit, of a journal number and whether there is work.
pub(crate) async fn tell(tx: &mut Tx, seq: u64) -> Result<()> {
    if !tx.is_postgres() || (seq == 0 && tx.enqueued.is_empty()) {
        return Ok(());
    }
    let notice = format!("{seq} {}", if tx.enqueued.is_empty() { "" } else { "work" });
    tx.reader.any("select pg_notify($1, $2)", args![CHANNEL, notice]).await?;
    Ok(())
}

/// Hears what other nodes committed, until the program ends.
pub(crate) async fn listen(pool: PgPool, db: Db) {
    while !pool.is_closed() {
        let heard = tokio::select! {
            heard = hear(&pool, &db) => heard,
            () = pool.close_event() => return,
        };
        if let Err(error) = heard {
            tracing::debug!(%error, "the other nodes cannot be heard");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Hears until the connection is lost.
async fn hear(pool: &PgPool, db: &Db) -> Result<()> {
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
        let (seq, work) = notice.payload().split_once(' ').unwrap_or_default();
        db.announce(seq.parse().unwrap_or(0));
        if !work.is_empty() {
            db.ring_all();
        }
    }
    Ok(())
}
