//! The queue of work that a change caused, in the same database and the same commit.
//!
//! A worker takes a job for a lease. A worker that dies loses the lease, and another takes the
//! job again: handlers are therefore written so that doing one twice does nothing new.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::{Db, Error, FromRow, Id, Result, Row, Tx, args};

/// A job in a worker's hands.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: Id,
    /// What to do; a name known to the program's `jobs.rs`.
    pub kind: String,
    /// With what.
    pub payload: Json,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

impl FromRow for Job {
    fn from_row(row: &mut Row) -> Result<Self> {
        let (id, kind) = (row.get()?, row.get()?);
        let payload: String = row.get()?;
        Ok(Self { id, kind, payload: serde_json::from_str(&payload).map_err(|_| Error::Shape("a job's payload"))?, attempts: row.get()? })
    }
}

pub(crate) async fn enqueue(tx: &mut Tx, kind: &str, payload: &Json, at: Timestamp, key: Option<&str>) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.execute(
        "insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) values ($1, $2, $3, $4, 'ready', 0, $5, $6) \
         on conflict (unique_key) do nothing",
        args![id, kind, payload.to_string(), at, key, now],
    )
    .await?;
    Ok(())
}

impl Db {
    /// Takes the next job that is due, for the length of a lease.
    pub async fn take_job(&self, lease: SignedDuration) -> Result<Option<Job>> {
        // Looking costs no write transaction; most looks find nothing.
        if !self.has_due_job().await? {
            return Ok(None);
        }
        let skip = if self.is_postgres() { "for update skip locked" } else { "" };
        let text = format!(
            "update jobs set state = 'running', lease_until = $1, attempts = attempts + 1 where id = \
             (select id from jobs where state in ('ready', 'running') and run_at <= $2 and (state = 'ready' or lease_until < $2) \
              order by run_at limit 1 {skip}) returning id, kind, payload, attempts"
        );
        self.keep_house(async |tx| {
            let now = tx.now();
            let until = now.checked_add(lease).unwrap_or(now);
            let rows = tx.reader.any(&text, args![until, now]).await?;
            rows.into_iter().next().map(|mut row| Job::from_row(&mut row)).transpose()
        })
        .await
    }

    async fn has_due_job(&self) -> Result<bool> {
        let mut reader = self.read().await?;
        let now = reader.now();
        let found: Option<i64> = reader
            .value("select 1 from jobs where state in ('ready', 'running') and run_at <= $1 and (state = 'ready' or lease_until < $1) limit 1", args![now])
            .await?;
        Ok(found.is_some())
    }

    /// Puts a failed job back for a later try, or lays it aside for a person to look at.
    pub async fn put_back_job(&self, job: &Job, error: &str, again_at: Option<Timestamp>) -> Result<()> {
        let state = if again_at.is_some() { "ready" } else { "dead" };
        self.keep_house(async |tx| {
            let at = again_at.unwrap_or_else(|| tx.now());
            tx.execute("update jobs set state = $2, run_at = $3, lease_until = null, last_error = $4 where id = $1", args![job.id, state, at, error]).await
        })
        .await?;
        Ok(())
    }

    /// When the next job is due, if any waits.
    pub async fn next_job_at(&self) -> Result<Option<Timestamp>> {
        let mut reader = self.read().await?;
        reader.value("select run_at from jobs where state = 'ready' order by run_at limit 1", vec![]).await
    }
}

impl Tx {
    /// Marks a job as done, in the very change that did it.
    pub async fn finish_job(&mut self, job: &Job) -> Result<()> {
        self.execute("delete from jobs where id = $1", args![job.id]).await?;
        Ok(())
    }
}
