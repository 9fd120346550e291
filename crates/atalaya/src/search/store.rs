//! Lines of messages, which have no page of their own, and addresses by the network in which they lie.

use formats::net::Prefix;
use jiff::Timestamp;
use store::{Id, Reader, Statement, Value};

use crate::access::Who;
use crate::{Result, cases, constituency};

/// Id, subject, direction and time of these messages, in no order.
pub(super) async fn messages(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, String, String, Timestamp)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, subject, direction, at from messages where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// The addresses in a network that any report or case speaks of, for this viewer: id, kind, value, by address, so many at
/// the most.
pub(super) async fn addresses_in(reader: &mut Reader, who: &Who, network: &Prefix, most: usize) -> Result<Vec<(Id, String, String)>> {
    let [low, high] = constituency::span(network);
    let mut statement = Statement::new("select o.id, o.kind, o.value from observables o where o.address >= ");
    statement.bind(low).push(" and o.address <= ").bind(high);
    statement.push(" and exists (select 1 from sightings x where x.observable_id = o.id and ");
    cases::see::push_visible_thing(&mut statement, who);
    statement.push(") order by o.address limit ").bind(most);
    Ok(reader.select(statement).await?)
}
