//! Names for ids: what pages of other rooms show of people and groups.

use std::collections::HashMap;

use ::store::{Id, Reader, Statement, Value};

use crate::Result;

/// The names of these people.
pub async fn names(reader: &mut Reader, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut statement = Statement::new("select id, name from people where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select::<(Id, String)>(statement).await?.into_iter().collect())
}

/// The people who work on cases, by name.
pub async fn staff(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(reader.rows("select id, name from people where state = 'active' and role in ('analyst', 'lead', 'admin') order by name, id", vec![]).await?)
}

/// The groups that a case may be restricted to, by name.
pub async fn groups(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(reader.rows("select id, name from groups order by name", vec![]).await?)
}
