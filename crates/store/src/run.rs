//! Runs one statement on either driver and turns its rows into [`Row`]s: the dialect-free core.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Column, Row as _, TypeInfo};

use crate::{Error, Result, Row, Value, sqlite};

/// The connection that a statement runs on.
pub(crate) enum Connection<'c> {
    Sqlite(&'c mut rusqlite::Connection),
    Postgres(&'c mut sqlx::PgConnection),
}

/// Says which statement runs, and nothing of its values: for the test of what pages ask. No program that is
/// built for use does, because a list of moments would say when a sealed report came.
fn say(text: &str) {
    if cfg!(debug_assertions) {
        tracing::trace!(target: "store::statements", text);
    }
}

pub(crate) async fn rows(on: Connection<'_>, text: &str, values: Vec<Value>) -> Result<Vec<Row>> {
    say(text);
    match on {
        Connection::Sqlite(connection) => sqlite::rows(connection, text, values),
        Connection::Postgres(connection) => {
            let mut out = Vec::new();
            let mut rows = postgres(text, values)?.fetch(connection);
            while let Some(row) = rows.try_next().await? {
                out.push(from_postgres(&row)?);
            }
            Ok(out)
        }
    }
}

pub(crate) async fn execute(on: Connection<'_>, text: &str, values: Vec<Value>) -> Result<u64> {
    say(text);
    match on {
        Connection::Sqlite(connection) => sqlite::execute(connection, text, values),
        Connection::Postgres(connection) => Ok(postgres(text, values)?.execute(connection).await?.rows_affected()),
    }
}

type PostgresQuery = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn postgres(text: &str, values: Vec<Value>) -> Result<PostgresQuery> {
    use sqlx::Arguments;
    let mut arguments = sqlx::postgres::PgArguments::default();
    for value in values {
        match value {
            Value::Int(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            // PostgreSQL keeps no NUL in text; nothing else is lost, and the raw original is kept anyway.
            Value::Text(v) => arguments.add(v.map(|v| if v.contains('\0') { v.replace('\0', "\u{2400}") } else { v })),
            Value::Bytes(v) => arguments.add(v),
        }
        .map_err(|error| Error::Database(error.to_string()))?;
    }
    // Callers can only hand in the program's own text: see `Statement`.
    Ok(sqlx::query_with(AssertSqlSafe(text), arguments))
}

fn from_postgres(row: &sqlx::postgres::PgRow) -> Result<Row> {
    let mut columns = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        columns.push(match column.type_info().name() {
            "INT8" => Value::Int(row.try_get(at)?),
            "INT4" => Value::Int(row.try_get::<Option<i32>, _>(at)?.map(i64::from)),
            "BOOL" => Value::Int(row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
            "FLOAT8" => Value::Real(row.try_get(at)?),
            "FLOAT4" => Value::Real(row.try_get::<Option<f32>, _>(at)?.map(f64::from)),
            "BYTEA" => Value::Bytes(row.try_get(at)?),
            "TEXT" | "VARCHAR" | "NAME" => Value::Text(row.try_get(at)?),
            "VOID" => Value::Int(None),
            other => return Err(Error::Database(format!("the answer has a column of type {other}: cast it in the statement"))),
        });
    }
    Ok(Row::new(columns))
}
