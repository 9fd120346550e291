//! Lines of messages, which have no page of their own.

use jiff::Timestamp;
use store::{Id, Reader, Statement, Value};

use crate::Result;

/// Id, subject, direction and time of these messages, in no order.
pub(super) async fn messages(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, String, String, Timestamp)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, subject, direction, at from messages where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}
