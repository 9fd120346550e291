//! The embedded database: its connections, and one statement run on one of them.
//!
//! A statement runs right where it is asked for, on the thread of the request: an answer mostly takes some
//! ten microseconds, less than waking another thread to fetch it. What may take long (a commit's flush to
//! disk, a copy of everything) goes to another thread.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Result, Row, Value};

/// How many may read at the same time.
const READERS: usize = 4;
/// How long somebody waits for a reader, and for another process that writes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 400;

/// Opens a connection. One that reads only is held to it by the database itself.
pub(crate) fn open(path: &str, reads_only: bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(Path::new(path), flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(PATIENCE)?;
    // A plan hangs on the statement and not on its values: what was prepared once is never prepared again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // The writer flushes its log itself: see `writer`.
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    // What is deleted is overwritten: a report that its reporter deleted, a reply key, a session would lie in free pages
    // until something else is written there, for whoever gets the disk.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", if reads_only { -8_000 } else { -16_000 })?;
    connection.pragma_update(None, "query_only", reads_only)?;
    if !reads_only {
        // From here on it is the writer's own line that waits, and holds no thread meanwhile.
        connection.busy_timeout(Duration::ZERO)?;
    }
    Ok(connection)
}

/// All rows that a statement answers.
pub(crate) fn rows(on: &Connection, text: &str, values: Vec<Value>) -> Result<Vec<Row>> {
    let mut statement = on.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let width = statement.column_count();
    let (mut found, mut out) = (statement.raw_query(), Vec::new());
    while let Some(row) = found.next()? {
        let columns: Result<Vec<Value>> = (0..width).map(|at| value(row.get_ref(at)?)).collect();
        out.push(Row::new(columns?));
    }
    Ok(out)
}

/// Runs a statement and says how many rows it touched.
pub(crate) fn execute(on: &Connection, text: &str, values: Vec<Value>) -> Result<u64> {
    let mut statement = on.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let mut found = statement.raw_query();
    while found.next()?.is_some() {}
    Ok(on.changes())
}

/// `$3` takes the third value, wherever it stands: to SQLite itself it is only a name.
fn bind(statement: &mut rusqlite::Statement<'_>, values: Vec<Value>) -> Result<()> {
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place).and_then(|name| name.strip_prefix('$')).and_then(|name| name.parse::<usize>().ok());
        let value = name.and_then(|number| values.get(number.checked_sub(1)?)).ok_or(Error::Shape("a value for each place of the statement"))?;
        statement.raw_bind_parameter(place, borrowed(value))?;
    }
    Ok(())
}

fn borrowed(value: &Value) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match value {
        Value::Int(Some(v)) => ValueRef::Integer(*v),
        Value::Real(Some(v)) => ValueRef::Real(*v),
        Value::Text(Some(v)) => ValueRef::Text(v.as_bytes()),
        Value::Bytes(Some(v)) => ValueRef::Blob(v),
        Value::Int(None) | Value::Real(None) | Value::Text(None) | Value::Bytes(None) => ValueRef::Null,
    })
}

fn value(found: ValueRef<'_>) -> Result<Value> {
    Ok(match found {
        ValueRef::Null => Value::Int(None),
        ValueRef::Integer(v) => Value::Int(Some(v)),
        ValueRef::Real(v) => Value::Real(Some(v)),
        ValueRef::Text(v) => Value::Text(Some(std::str::from_utf8(v).map_err(|_| Error::Shape("a text in UTF-8"))?.to_owned())),
        ValueRef::Blob(v) => Value::Bytes(Some(v.to_vec())),
    })
}

/// The connections that read.
#[derive(Clone)]
pub(crate) struct Readers {
    path: Arc<str>,
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(path: &str) -> Result<Self> {
        let first = open(path, true)?;
        Ok(Self { path: path.into(), free: Arc::new(Mutex::new(vec![first])), permits: Arc::new(Semaphore::new(READERS)) })
    }

    /// The connection that was used last, since its pages are still at hand; or one more.
    pub(crate) async fn lend(&self) -> Result<Lent> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| Error::Away("all readers are busy".into()))?.map_err(|_| Error::Away("closed".into()))?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match free {
            Some(connection) => connection,
            None => open(&self.path, true)?,
        };
        Ok(Lent { connection: Some(connection), home: Arc::clone(&self.free), permit })
    }

    pub(crate) fn close(&self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        self.permits.close();
        free.clear();
    }
}

/// A reader in somebody's hands; it goes home when it is laid down.
pub(crate) struct Lent {
    connection: Option<Connection>,
    home: Arc<Mutex<Vec<Connection>>>,
    permit: OwnedSemaphorePermit,
}

impl Lent {
    pub(crate) fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or_else(|| Error::Away("closed".into()))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut home = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.permit.semaphore().is_closed() {
            home.extend(self.connection.take());
        }
    }
}
