//! The engine in the process: DataFusion, which answers the lake's statements over the lake's data
//! files. Nothing of DataFusion or Arrow shows outside: statements come in, rows go out. This
//! crate is heavy to build, so only the program and its own tests link it.

mod answer;
mod table;

use answer::Failed;
use datafusion::common::ParamValues;
use datafusion::common::metadata::ScalarAndMetadata;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::scalar::ScalarValue;
use futures_util::TryStreamExt;
use lake::query::text::Dialect;
use lake::{Error, Question, Result, Rows, Sight, Statement, Value, View};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How much the engine may use.
#[derive(Debug, Clone)]
pub struct Limits<'a> {
    /// Threads that compute.
    pub threads: usize,
    /// Bytes of all questions together; what needs more goes to the disk as far as it can, and fails
    /// with a plain word where it cannot.
    pub memory: usize,
    /// How long a question may take.
    pub time: Duration,
    /// A folder for what does not fit into memory.
    pub scratch: &'a Path,
}

/// Answers statements. Its verbs wait: call them where waiting is allowed, not from async code.
pub struct Engine {
    runtime: Runtime,
    environment: Arc<RuntimeEnv>,
    threads: usize,
    time: Duration,
    /// What an object store's client must know.
    options: Vec<(String, String)>,
}

impl Engine {
    pub fn new(limits: &Limits<'_>, options: Vec<(String, String)>) -> Result<Self> {
        let threads = limits.threads.max(1);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).thread_name("engine").enable_all().build();
        let runtime = runtime.map_err(|error| Error::Engine(error.to_string()))?;
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![limits.scratch.to_owned()]));
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory)))
            .with_disk_manager_builder(disk)
            .with_metadata_cache_limit(limits.memory / 4)
            .build_arc()
            .failed()?;
        Ok(Self { runtime, environment, threads, time: limits.time, options })
    }

    /// Asks a question of a state of the table, as somebody may see it.
    pub fn ask(&self, view: &View, question: &Question, sight: &Sight) -> Result<Rows> {
        self.answer(&view.statement(question, sight, Dialect::DataFusion)?)
    }

    /// Answers a statement with all its rows.
    pub fn answer(&self, statement: &Statement) -> Result<Rows> {
        self.runtime.block_on(async {
            let work = async {
                let stream = self.stream(statement).await?;
                let names = stream.schema().fields().iter().map(|field| field.name().clone()).collect();
                let batches: Vec<_> = stream.try_collect().await.failed()?;
                Ok(Rows { names, rows: answer::rows(&batches)? })
            };
            tokio::time::timeout(self.time, work).await.unwrap_or_else(|_| Err(Error::Engine(format!("it took longer than {} s", self.time.as_secs()))))
        })
    }

    /// The engine's plan, for those who want to know why something is slow.
    pub fn explain(&self, statement: &Statement) -> Result<String> {
        let explained = Statement { sql: format!("EXPLAIN ANALYZE {}", statement.sql), ..statement.clone() };
        let rows = self.answer(&explained)?;
        Ok(rows.rows.iter().flatten().filter_map(Value::text).collect::<Vec<_>>().join("\n"))
    }

    async fn stream(&self, statement: &Statement) -> Result<SendableRecordBatchStream> {
        let context = SessionContext::new_with_config_rt(self.config(), Arc::clone(&self.environment));
        let table = table::Files::open(statement, &self.environment, &self.options)?;
        context.register_table("lake", Arc::new(table)).failed()?;
        let (sql, values) = bind(statement);
        let frame = context.sql(&sql).await.failed()?.with_param_values(values).failed()?;
        frame.execute_stream().await.failed()
    }

    fn config(&self) -> SessionConfig {
        let mut config = SessionConfig::new().with_target_partitions(self.threads).with_information_schema(false);
        let parquet = &mut config.options_mut().execution.parquet;
        // Most questions keep few rows of many: conditions are looked at before other columns are read.
        parquet.pushdown_filters = true;
        parquet.reorder_filters = true;
        parquet.metadata_size_hint = Some(128 * 1024);
        config
    }
}

/// Parameters as the engine names them.
fn bind(statement: &Statement) -> (String, ParamValues) {
    let mut sql = statement.sql.clone();
    let mut values = std::collections::HashMap::new();
    // The longer names first: `:p1` begins `:p10`.
    let mut parameters: Vec<&(String, Value)> = statement.parameters.iter().collect();
    parameters.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, value) in parameters {
        sql = sql.replace(&format!(":{name}"), &format!("${name}"));
        values.insert(name.clone(), ScalarAndMetadata::from(scalar(value)));
    }
    (sql, ParamValues::Map(values))
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Int(value) => ScalarValue::Int64(Some(*value)),
        Value::Float(value) => ScalarValue::Float64(Some(*value)),
        Value::Text(text) => ScalarValue::Utf8View(Some(text.clone())),
        Value::Time(micros) => ScalarValue::TimestampMicrosecond(Some(*micros), Some("UTC".into())),
        Value::Date(days) => ScalarValue::Date32(Some(*days)),
        Value::Bytes(bytes) => ScalarValue::FixedSizeBinary(16, Some(bytes.to_vec())),
    }
}
