//! The queue of work that a change caused, in the same database and the same commit.
//!
//! A job is `ready`, `running`, `dead` (laid aside for a person), or `again`: it runs, and was
//! asked for once more meanwhile, for `again_at`. A worker takes a job for a lease. A worker that dies loses the lease, and another takes the
//! job again: handlers are therefore written so that doing one twice does nothing new. What the
//! late one says of it then counts no more: only whoever holds the lease may end the job, and each
//! lease ends later than every one before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::{Db, Error, FromRow, Id, Reader, Result, Row, Statement, Tx, args};

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
    /// Until when its taker holds it.
    pub lease: Lease,
}

/// The end of a job's lease, in microseconds, as whoever holds it knows it: later than that of any lease before,
/// so that it tells this holder from all others. Holding a job for longer moves it, for every copy of the job.
#[derive(Clone, Debug, Default)]
pub struct Lease(Arc<AtomicI64>);

impl Lease {
    fn until(&self) -> i64 {
        self.0.load(Ordering::Acquire)
    }
}

impl Job {
    /// How far a job that goes through all rows of a table came before this one: it goes on behind that id.
    pub fn walked_to(&self) -> Result<Id> {
        match self.payload.get("after").and_then(Json::as_str) {
            Some(after) => after.parse().map_err(|_| Error::Shape("where a job's walk goes on")),
            None => Ok(Id([0; 16])),
        }
    }
}

impl FromRow for Job {
    fn from_row(row: &mut Row) -> Result<Self> {
        let (id, kind) = (row.get()?, row.get()?);
        let payload: String = row.get()?;
        Ok(Self {
            id,
            kind,
            payload: serde_json::from_str(&payload).map_err(|_| Error::Shape("a job's payload"))?,
            attempts: row.get()?,
            lease: Lease(Arc::new(AtomicI64::new(row.get()?))),
        })
    }
}

/// A job that failed too often, for a person to look at.
#[derive(Clone, Debug)]
pub struct DeadJob {
    /// Its id.
    pub id: Id,
    /// What was to be done.
    pub kind: String,
    /// What went wrong the last time.
    pub error: String,
    /// When it was laid aside.
    pub at: Timestamp,
}

impl FromRow for DeadJob {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self { id: row.get()?, kind: row.get()?, error: row.get::<Option<String>>()?.unwrap_or_default(), at: row.get()? })
    }
}

impl Reader {
    /// What may be taken of each kind, in the order given. Each look ends at the first entry of an index, however
    /// many jobs wait and however many were done a moment ago.
    async fn due_jobs(&mut self, kinds: &[&str]) -> Result<Vec<Due>> {
        let mut look = Statement::new("");
        for (place, kind) in kinds.iter().enumerate() {
            look.push(if place == 0 { "select " } else { " union all select " }).bind(i64::try_from(place).unwrap_or(i64::MAX));
            look.push(" as place, (select min(run_at) from jobs where kind = ").bind(*kind).push(" and state = 'ready')");
            look.push(", (select min(lease_until) from jobs where kind = ").bind(*kind).push(" and state in ('running', 'again'))");
        }
        look.push(" order by place");
        self.select(look).await
    }

    /// Jobs that were laid aside, the newest first.
    pub async fn dead_jobs(&mut self, limit: u32) -> Result<Vec<DeadJob>> {
        self.rows("select id, kind, last_error, run_at from jobs where state = 'dead' order by run_at desc limit $1", args![limit]).await
    }
}

/// No change is under way for so long.
const LONGER_THAN_A_CHANGE: SignedDuration = SignedDuration::from_mins(5);

pub(crate) async fn enqueue(tx: &mut Tx, kind: &str, payload: &Json, at: Timestamp, key: Option<&str>) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    if key.is_some() {
        // One that waits for a later moment is enough, and it need not be locked to know that: a change ends
        // long before such a job is taken, so that the job sees it. One that is due sooner is asked for below,
        // where whoever takes it waits for this change.
        let later = now.checked_add(LONGER_THAN_A_CHANGE).unwrap_or(now);
        let waits: Option<i64> = tx.value("select 1 from jobs where unique_key = $1 and state = 'ready' and run_at > $2", args![key, later]).await?;
        if waits.is_some() {
            return Ok(());
        }
    }
    tx.execute(
        "insert into jobs (id, kind, payload, run_at, state, attempts, unique_key, created_at) values ($1, $2, $3, $4, 'ready', 0, $5, $6) \
         on conflict (unique_key) do update set state = case jobs.state when 'dead' then 'ready' else 'again' end, \
         run_at = case jobs.state when 'dead' then excluded.run_at else jobs.run_at end, attempts = case jobs.state when 'dead' then 0 else jobs.attempts end, \
         again_at = case when jobs.state = 'dead' then null when jobs.again_at < excluded.run_at then jobs.again_at else excluded.run_at end \
         where jobs.state <> 'ready'",
        args![id, kind, payload.to_string(), at, key, now],
    )
    .await?;
    Ok(())
}

/// Moments at which jobs of one kind may be taken: the earliest that waits, and the earliest whose worker's lease ends.
#[derive(Clone, Copy, Debug)]
struct Due {
    ready: Option<Timestamp>,
    leased: Option<Timestamp>,
}

impl Due {
    fn first(self) -> Option<Timestamp> {
        [self.ready, self.leased].into_iter().flatten().min()
    }
}

impl FromRow for Due {
    fn from_row(row: &mut Row) -> Result<Self> {
        let _place: i64 = row.get()?;
        Ok(Self { ready: row.get()?, leased: row.get()? })
    }
}

impl Db {
    /// Takes the next job of one of these kinds that is due, for the length of a lease. Kinds that
    /// stand first come first.
    pub async fn take_job(&self, kinds: &[&str], lease: SignedDuration) -> Result<Option<Job>> {
        // Looking costs no write transaction; most looks find nothing.
        let queue = self.queue();
        let mut reader = queue.read().await?;
        let (now, due) = (reader.now(), reader.due_jobs(kinds).await?);
        drop(reader);
        if !due.into_iter().filter_map(Due::first).any(|at| at <= now) {
            return Ok(None);
        }
        queue.keep_house(async |tx| tx.take_job(kinds, lease).await).await
    }

    /// Marks a job as done and takes the next one: one change between two jobs.
    pub async fn go_on(&self, done: &Job, kinds: &[&str], lease: SignedDuration) -> Result<Option<Job>> {
        self.queue()
            .keep_house(async |tx| {
                tx.finish_job(done).await?;
                tx.take_job(kinds, lease).await
            })
            .await
    }

    /// When the next job of one of these kinds is due, if any waits.
    pub async fn next_job_at(&self, kinds: &[&str]) -> Result<Option<Timestamp>> {
        Ok(self.queue().read().await?.due_jobs(kinds).await?.into_iter().filter_map(Due::first).min())
    }

    /// Holds a job for longer, while its worker goes on with it. `false`: another worker has taken it meanwhile.
    pub async fn hold_job(&self, job: &Job, lease: SignedDuration) -> Result<bool> {
        let held = self
            .keep_house(async |tx| {
                let now = tx.now();
                let until = now.checked_add(lease).unwrap_or(now);
                let text = "update jobs set lease_until = $3 where id = $1 and lease_until = $2 and state in ('running', 'again')";
                Ok::<_, Error>((tx.execute(text, args![job.id, job.lease.until(), until]).await?, until))
            })
            .await?;
        if held.0 == 1 {
            job.lease.0.store(held.1.as_microsecond(), Ordering::Release);
        }
        Ok(held.0 == 1)
    }

    /// Puts a failed job back for a later try, or lays it aside for a person to look at; one that was asked for
    /// again meanwhile is not laid aside, but has its tries again. Whoever lost the lease meanwhile changes nothing.
    pub async fn put_back_job(&self, job: &Job, error: &str, again_at: Option<Timestamp>) -> Result<()> {
        self.keep_house(async |tx| {
            let now = tx.now();
            if let Some(at) = again_at {
                let text = "update jobs set state = 'ready', run_at = $2, lease_until = null, last_error = $3 where id = $1 and lease_until = $4";
                return tx.execute(text, args![job.id, at, error, job.lease.until()]).await;
            }
            let text = "update jobs set run_at = case state when 'again' then again_at else $2 end, \
                 attempts = case state when 'again' then 0 else attempts end, state = case state when 'again' then 'ready' else 'dead' end, \
                 again_at = null, lease_until = null, last_error = $3 where id = $1 and lease_until = $4";
            tx.execute(text, args![job.id, now, error, job.lease.until()]).await
        })
        .await?;
        Ok(())
    }
}

/// A job that waits, and one whose worker lost its lease.
const READY: &str = "select id from jobs where kind = $3 and state = 'ready' and run_at <= $2 order by run_at limit 1";
const LEFT: &str = "select id from jobs where kind = $3 and state in ('running', 'again') and lease_until < $2 order by lease_until limit 1";

impl Tx {
    async fn take_job(&mut self, kinds: &[&str], lease: SignedDuration) -> Result<Option<Job>> {
        let now = self.now();
        for (kind, due) in kinds.iter().zip(self.due_jobs(kinds).await?) {
            // What a worker left behind comes first: else it would wait for as long as new ones come.
            for (at, which) in [(due.leased, LEFT), (due.ready, READY)] {
                if at.is_some_and(|at| at <= now)
                    && let Some(job) = self.lease_job(which, kind, lease).await?
                {
                    return Ok(Some(job));
                }
            }
        }
        Ok(None)
    }

    /// Takes the job that `which` finds, unless another worker has just taken it.
    async fn lease_job(&mut self, which: &str, kind: &str, lease: SignedDuration) -> Result<Option<Job>> {
        let now = self.now();
        let until = now.checked_add(lease).unwrap_or(now);
        let skip = if self.is_postgres() { "for update skip locked" } else { "" };
        // What was asked for meanwhile, and for now, is done by this very run; what was asked for later still waits.
        let text = format!(
            "update jobs set state = case when again_at > $2 then 'again' else 'running' end, again_at = case when again_at > $2 then again_at end, \
             lease_until = $1, attempts = attempts + 1 where id = ({which} {skip}) returning id, kind, payload, attempts, lease_until"
        );
        let rows = self.reader.any(&text, args![until, now, kind]).await?;
        rows.into_iter().next().map(|mut row| Job::from_row(&mut row)).transpose()
    }

    /// Marks a job as done; one that was asked for again meanwhile waits for the moment for which it was asked. Whoever lost the
    /// lease meanwhile changes nothing.
    pub async fn finish_job(&mut self, job: &Job) -> Result<()> {
        if self.execute("delete from jobs where id = $1 and lease_until = $2 and state <> 'again'", args![job.id, job.lease.until()]).await? == 0 {
            let text = "update jobs set state = 'ready', run_at = again_at, again_at = null, attempts = 0, lease_until = null \
                 where id = $1 and lease_until = $2 and state = 'again'";
            self.execute(text, args![job.id, job.lease.until()]).await?;
        }
        Ok(())
    }

    /// Gives a job that was laid aside all its tries again. Says whether there was one.
    pub async fn revive_job(&mut self, id: Id) -> Result<bool> {
        let now = self.now();
        let text = "update jobs set state = 'ready', run_at = $2, attempts = 0, lease_until = null where id = $1 and state = 'dead' returning kind";
        let revived: Option<String> = self.returned(text, args![id, now]).await?;
        self.enqueued.extend(revived.clone());
        Ok(revived.is_some())
    }
}
