//! The engine past one machine: Apache Spark, asked by Spark Connect. The same verbs and the same texts
//! as those of the engine in the process; the cluster is told which files are live, so it needs no
//! plug-in for tables. Nothing of Spark, gRPC or Arrow shows outside: statements come in, rows go out.
//!
//! A statement only reads. So whatever breaks on the way is asked again as a whole, and an answer is
//! whole or an error that says why.

mod answer;
mod plan;
mod receive;
mod trouble;

use lake::query::text::Dialect;
use lake::{Error, Question, Result, Rows, Sight, Statement, View};
use receive::Wire;
use spark_connect_core::{ChannelBuilder, RetryPolicy, SparkConnectClient};
use spark_connect_proto::Plan;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::Instant;
use trouble::Trouble;

/// How often a statement is asked as a whole: once, and again when the cluster has lost it.
const TRIES: u32 = 3;

/// How long a cluster is asked to let go of a question.
const ENDING: Duration = Duration::from_secs(5);

/// Where the cluster is.
#[derive(Clone)]
pub struct Settings<'a> {
    /// `sc://host:port`, with `/;use_ssl=true` behind it where the way there is not our own.
    pub address: &'a str,
    /// Who asks shows this, if the cluster wants it; over TLS or on this machine only.
    pub token: Option<String>,
    /// Where the cluster finds the lake, if it is not by the name that we have for it.
    pub place: Option<String>,
    /// How long a question may take.
    pub time: Duration,
}

/// Answers statements. Its verbs wait: call them where waiting is allowed, not from async code.
pub struct Cluster {
    runtime: Option<Runtime>,
    client: SparkConnectClient,
    /// For texts: the address without what is secret.
    name: String,
    place: Option<String>,
    time: Duration,
    /// What is asked just now: the ids that the cluster knows, each with its session.
    asked: Mutex<BTreeMap<String, Arc<SparkConnectClient>>>,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Whoever lets go of it may stand in async code, where an executor must not be waited for.
impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Cluster {
    /// Nothing is sent before the first question.
    pub fn new(settings: &Settings<'_>) -> Result<Self> {
        let unusable = |why: String| Error::Question(format!("the address of the cluster: {why}"));
        let mut address = ChannelBuilder::parse(settings.address).map_err(|error| unusable(error.message()))?;
        if let Some(token) = &settings.token {
            address.set("token", token);
        }
        address.set("user_agent", "atalaya");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("cluster").enable_all().build();
        let runtime = runtime.map_err(|error| Error::Engine(error.to_string()))?;
        let mut client = runtime.block_on(SparkConnectClient::connect(&address)).map_err(|error| unusable(error.message()))?;
        // Whether and how long something is tried again is decided here, in one place.
        client.set_retry_policy(RetryPolicy::no_retries());
        Ok(Self { runtime: Some(runtime), client, name: address.endpoint(), place: settings.place.clone(), time: settings.time, asked: Mutex::default() })
    }

    /// Asks a question of a state of the table, as somebody may see it.
    pub fn ask(&self, view: &View, question: &Question, sight: &Sight) -> Result<Rows> {
        self.answer(&view.statement(question, sight, Dialect::Spark)?)
    }

    /// Answers a statement with all its rows.
    pub fn answer(&self, statement: &Statement) -> Result<Rows> {
        let plan = plan::of(statement, self.place.as_deref())?;
        self.wait(async {
            let until = Instant::now() + self.time;
            let mut tries = 0;
            loop {
                tries += 1;
                match self.once(&plan, until).await {
                    Ok(rows) => return Ok(rows),
                    Err(Trouble::Lost(_)) if tries < TRIES => (),
                    Err(trouble) => return Err(self.said(trouble)),
                }
            }
        })
    }

    /// Ends everything that is asked just now; each asker is told so. Returns how many there were.
    pub fn cancel(&self) -> Result<usize> {
        let asked: Vec<_> = lock(&self.asked).iter().map(|(operation, session)| (operation.clone(), Arc::clone(session))).collect();
        self.wait(async {
            for (operation, session) in &asked {
                session.interrupt_operation(operation).await.map_err(|error| self.said(error.into()))?;
            }
            Ok(asked.len())
        })
    }

    /// One try, in a session of its own: within a session the cluster holds the names of tables in common, and
    /// two questions have different files. With the session ends what it still does.
    async fn once(&self, plan: &Plan, until: Instant) -> Result<Rows, Trouble> {
        let session = Arc::new(self.client.with_new_session_id());
        let wire = Wire::new(&session, plan.clone(), until);
        let operation = wire.operation().to_owned();
        lock(&self.asked).insert(operation.clone(), Arc::clone(&session));
        let received = tokio::time::timeout_at(until, wire.receive()).await;
        lock(&self.asked).remove(&operation);
        if !matches!(received, Ok(Err(Trouble::Away(_) | Trouble::Lost(_)))) {
            let _ = tokio::time::timeout(ENDING, session.release_session()).await;
        }
        received.map_err(|_| Trouble::Slow(self.time))?.and_then(|batches| answer::rows(&batches))
    }

    fn said(&self, trouble: Trouble) -> Error {
        Error::Engine(format!("the cluster at {}: {trouble}", self.name))
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => Err(Error::Engine("it was let go".into())),
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
