//! Lines of messages, which have no page of their own, and addresses by the network in which they lie.

use jiff::Timestamp;
use store::{Id, Reader, Statement, Value};

use crate::access::Who;
use crate::{Result, cases};

/// Id, subject, direction and time of these messages, in no order.
pub(super) async fn messages(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, String, String, Timestamp)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, subject, direction, at from messages where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// The addresses and beginnings of ranges in a network or range that any report or case speaks of, for this viewer: id, kind,
/// value, by address, so many at the most.
pub(super) async fn addresses_in(reader: &mut Reader, who: &Who, [low, high]: &[Vec<u8>; 2], most: usize) -> Result<Vec<(Id, String, String)>> {
    let mut statement = Statement::new("select o.id, o.kind, o.value from observables o where o.address >= ");
    statement.bind(low.as_slice()).push(" and o.address <= ").bind(high.as_slice());
    spoken_of(reader, who, statement, most).await
}

/// The ranges that hold all of an address, network or range, likewise.
pub(super) async fn ranges_around(reader: &mut Reader, who: &Who, [low, high]: &[Vec<u8>; 2], most: usize) -> Result<Vec<(Id, String, String)>> {
    let mut statement = Statement::new("select o.id, o.kind, o.value from observables o where o.until >= ");
    statement.bind(high.as_slice()).push(" and o.address <= ").bind(low.as_slice());
    spoken_of(reader, who, statement, most).await
}

async fn spoken_of(reader: &mut Reader, who: &Who, mut statement: Statement, most: usize) -> Result<Vec<(Id, String, String)>> {
    statement.push(" and exists (select 1 from sightings x where x.observable_id = o.id and ");
    cases::see::push_visible_thing(&mut statement, who);
    statement.push(") order by o.address limit ").bind(most);
    Ok(reader.select(statement).await?)
}
