//! A reader: looks at the database, without any way to write. Each statement sees what was committed
//! when it began; what must fit together is read in one statement, or in a change that holds it.

use crate::run::{self, Connection};
use crate::sqlite::Lent;
use crate::writer::Writing;
use crate::{Clock, Error, FromRow, FromValue, Result, Row, Statement, Value};

pub(crate) enum On {
    SqliteReader(Lent),
    SqliteWriter(Writing),
    Postgres(sqlx::pool::PoolConnection<sqlx::Postgres>),
    PostgresTx(Abortable),
}

/// A connection inside a transaction. If its owner goes away in the middle, the connection is
/// closed, so that the server takes the transaction back and nobody inherits it.
pub(crate) struct Abortable(Option<sqlx::pool::PoolConnection<sqlx::Postgres>>);

impl Abortable {
    pub(crate) fn new(connection: sqlx::pool::PoolConnection<sqlx::Postgres>) -> Self {
        Self(Some(connection))
    }

    pub(crate) fn connection(&mut self) -> Result<Connection<'_>> {
        self.0.as_deref_mut().map(Connection::Postgres).ok_or_else(|| Error::Away("closed".into()))
    }

    /// The transaction has ended: the connection goes back to the pool.
    pub(crate) fn ended(mut self) {
        self.0.take();
    }
}

impl Drop for Abortable {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

/// Reads. A [`crate::Tx`] is a reader too, so that a verb reads what it has just written.
pub struct Reader {
    pub(crate) on: On,
    pub(crate) clock: Clock,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl Reader {
    /// Now, as the program's clock says.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// Whether the database is PostgreSQL; only for what this crate spells differently.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.on, On::Postgres(_) | On::PostgresTx(_))
    }

    pub(crate) fn connection(&mut self) -> Result<Connection<'_>> {
        Ok(match &mut self.on {
            On::SqliteReader(lent) => Connection::Sqlite(lent.connection()?),
            On::SqliteWriter(writing) => Connection::Sqlite(writing.writer.connection.as_mut().ok_or_else(|| Error::Away("closed".into()))?),
            On::Postgres(connection) => Connection::Postgres(connection),
            On::PostgresTx(connection) => connection.connection()?,
        })
    }

    pub(crate) async fn any(&mut self, text: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        run::rows(self.connection()?, text, values).await
    }

    /// All rows of a `select`.
    pub async fn rows<T: FromRow>(&mut self, text: &'static str, values: Vec<Value>) -> Result<Vec<T>> {
        only_reads(text)?;
        self.any(text, values).await?.iter_mut().map(T::from_row).collect()
    }

    /// All rows of a statement put together from pieces.
    pub async fn select<T: FromRow>(&mut self, statement: Statement) -> Result<Vec<T>> {
        only_reads(&statement.text)?;
        self.any(&statement.text, statement.values).await?.iter_mut().map(T::from_row).collect()
    }

    /// The first row, if there is one.
    pub async fn row<T: FromRow>(&mut self, text: &'static str, values: Vec<Value>) -> Result<Option<T>> {
        Ok(self.rows(text, values).await?.into_iter().next())
    }

    /// The first column of the first row, if there is one.
    pub async fn value<T: FromValue>(&mut self, text: &'static str, values: Vec<Value>) -> Result<Option<T>> {
        Ok(self.rows::<(T,)>(text, values).await?.into_iter().next().map(|(value,)| value))
    }

    /// The number that a `select count(*)` answers.
    pub async fn count(&mut self, text: &'static str, values: Vec<Value>) -> Result<i64> {
        Ok(self.value(text, values).await?.unwrap_or(0))
    }

    /// [`Self::plan`] of a statement whose text was traced, and whose values nobody knows: the embedded planner
    /// does not look at them.
    pub async fn plan_of(&mut self, text: &str) -> Result<String> {
        let values = text.matches('$').map(|_| Value::Int(None)).collect();
        self.plan(Statement { text: text.to_owned(), values }).await
    }

    /// How the database would run a statement: for the test that no list sorts.
    pub async fn plan(&mut self, statement: Statement) -> Result<String> {
        let text = if self.is_postgres() { format!("explain {}", statement.text) } else { format!("explain query plan {}", statement.text) };
        let mut lines = String::new();
        for mut row in self.any(&text, statement.values).await? {
            let line: String = if self.is_postgres() {
                row.get()?
            } else {
                let (_, _, _, line): (i64, i64, i64, String) = FromRow::from_row(&mut row)?;
                line
            };
            lines.push_str(&line);
            lines.push('\n');
        }
        Ok(lines)
    }
}

fn only_reads(text: &str) -> Result<()> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("with") { Ok(()) } else { Err(Error::Misplaced(text.to_owned())) }
}
