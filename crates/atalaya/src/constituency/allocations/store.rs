//! The SQL of allocations: what the lists of regional registries say, whose handles are known, and what
//! follows from both for resources.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use jiff::Timestamp;

use super::Allocation;
use crate::Result;

impl FromRow for Allocation {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            kind: row.get()?,
            value: row.get()?,
            handle: row.get()?,
            country: row.get()?,
            status: row.get()?,
            from: row.get()?,
            to: row.get()?,
        })
    }
}

/// An allocation with the organisation that its handle is.
struct Theirs(Id, Allocation);

impl FromRow for Theirs {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self(row.get()?, Allocation::from_row(row)?))
    }
}

/// Every allocation of a registry's lists, past ones included.
pub(super) async fn allocations(reader: &mut Reader, registry: &str) -> Result<Vec<Allocation>> {
    Ok(reader
        .rows(
            "select id, kind, value, handle, country, status, valid_from, valid_to from allocations where registry = $1 order by kind, value, valid_from",
            args![registry],
        )
        .await?)
}

pub(super) async fn insert_allocation(tx: &mut Tx, registry: &str, one: &Allocation, day: &str) -> Result<()> {
    let id = tx.new_id();
    tx.execute(
        "insert into allocations (id, registry, kind, value, handle, country, status, valid_from, valid_to, seen_on) values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9)",
        args![id, registry, &one.kind, &one.value, &one.handle, &one.country, &one.status, one.from, day],
    )
    .await?;
    Ok(())
}

pub(super) async fn end_allocation(tx: &mut Tx, id: Id, at: Timestamp) -> Result<()> {
    tx.execute("update allocations set valid_to = $2 where id = $1", args![id, at]).await?;
    Ok(())
}

pub(super) async fn correct_allocation(tx: &mut Tx, one: &Allocation) -> Result<()> {
    tx.execute("update allocations set country = $2, status = $3 where id = $1", args![one.id, &one.country, &one.status]).await?;
    Ok(())
}

/// The registries whose lists were imported, each with the day of its newest list.
pub(super) async fn lists(reader: &mut Reader) -> Result<Vec<(String, String)>> {
    Ok(reader.rows("select registry, max(seen_on) from allocations group by registry order by registry", vec![]).await?)
}

/// Handles of a registry that are no organisation yet, with a country of what they hold.
pub(super) async fn unknown_handles(reader: &mut Reader, registry: &str) -> Result<Vec<(String, String)>> {
    Ok(reader
        .rows(
            "select a.handle, max(a.country) from allocations a where a.registry = $1 and a.valid_to is null \
             and not exists (select 1 from handles h where h.registry = a.registry and h.handle = a.handle) group by a.handle order by a.handle",
            args![registry],
        )
        .await?)
}

pub(super) async fn linked_handles(reader: &mut Reader, registry: &str) -> Result<std::collections::HashSet<String>> {
    let rows: Vec<(String,)> = reader.rows("select handle from handles where registry = $1", args![registry]).await?;
    Ok(rows.into_iter().map(|(handle,)| handle).collect())
}

pub(super) async fn is_handle(reader: &mut Reader, registry: &str, handle: &str) -> Result<bool> {
    let found: Option<i64> = reader.value("select 1 from allocations where registry = $1 and handle = $2 limit 1", args![registry, handle]).await?;
    Ok(found.is_some())
}

pub(super) async fn holder_of(reader: &mut Reader, registry: &str, handle: &str) -> Result<Option<Id>> {
    Ok(reader.value("select organisation_id from handles where registry = $1 and handle = $2", args![registry, handle]).await?)
}

pub(super) async fn handles_of(reader: &mut Reader, organisation: Id) -> Result<Vec<(String, String)>> {
    Ok(reader.rows("select registry, handle from handles where organisation_id = $1 order by registry, handle", args![organisation]).await?)
}

pub(super) async fn link_handle(tx: &mut Tx, registry: &str, handle: &str, organisation: Id) -> Result<()> {
    tx.execute("insert into handles (registry, handle, organisation_id) values ($1, $2, $3)", args![registry, handle, organisation]).await?;
    Ok(())
}

pub(super) async fn unlink_handle(tx: &mut Tx, registry: &str, handle: &str, organisation: Id) -> Result<bool> {
    let text = "delete from handles where registry = $1 and handle = $2 and organisation_id = $3";
    Ok(tx.execute(text, args![registry, handle, organisation]).await? == 1)
}

/// Ends the resources that a list gave once and has ended since.
pub(super) async fn end_resources_of_list(tx: &mut Tx, registry: &str) -> Result<u64> {
    Ok(tx
        .execute(
            "update resources set valid_to = (select max(a.valid_to) from allocations a join handles h on h.registry = a.registry and h.handle = a.handle \
             where a.registry = resources.source and a.kind = resources.kind and a.value = resources.value and a.valid_from = resources.valid_from \
             and h.organisation_id = resources.organisation_id) \
             where source = $1 and valid_to is null and exists (select 1 from allocations a join handles h on h.registry = a.registry and h.handle = a.handle \
             where a.registry = resources.source and a.kind = resources.kind and a.value = resources.value and a.valid_from = resources.valid_from \
             and h.organisation_id = resources.organisation_id and a.valid_to is not null)",
            args![registry],
        )
        .await?)
}

/// What a list gave to an organisation that its resources do not say, in whatever way they know it.
pub(super) async fn unheld_allocations(reader: &mut Reader, registry: &str) -> Result<Vec<(Id, Allocation)>> {
    let rows: Vec<Theirs> = reader
        .rows(
            "select h.organisation_id, a.id, a.kind, a.value, a.handle, a.country, a.status, a.valid_from, a.valid_to from allocations a \
             join handles h on h.registry = a.registry and h.handle = a.handle where a.registry = $1 and not exists (select 1 from resources r \
             where r.organisation_id = h.organisation_id and r.kind = a.kind and r.value = a.value \
             and (a.valid_to is null or r.valid_from < a.valid_to) and (r.valid_to is null or a.valid_from < r.valid_to)) order by a.kind, a.value, a.valid_from",
            args![registry],
        )
        .await?;
    Ok(rows.into_iter().map(|Theirs(organisation, one)| (organisation, one)).collect())
}

/// Takes away what a handle gave to an organisation.
pub(super) async fn drop_resources_of_handle(tx: &mut Tx, organisation: Id, registry: &str, handle: &str) -> Result<u64> {
    Ok(tx
        .execute(
            "delete from resources where organisation_id = $1 and source = $2 and exists (select 1 from allocations a where a.registry = $2 and a.handle = $3 \
             and a.kind = resources.kind and a.value = resources.value and a.valid_from = resources.valid_from)",
            args![organisation, registry, handle],
        )
        .await?)
}

/// The allocations of some lists that have one of these values now: registry, value, handle, country.
pub(super) async fn allocated(reader: &mut Reader, registries: &[String], values: &[String]) -> Result<Vec<(String, String, String, String)>> {
    let mut statement = Statement::new("select registry, value, handle, country from allocations where registry in (");
    statement.bind_list(registries.iter().map(Value::from)).push(") and kind = 'prefix' and valid_to is null and value in (");
    statement.bind_list(values.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// The allocations of IPv4 that are narrower than 256 addresses; lists have few of them.
pub(super) async fn narrow_allocations(reader: &mut Reader) -> Result<Vec<(String, String, String, String)>> {
    let text = "select registry, value, handle, country from allocations where kind = 'prefix' and valid_to is null and value like '%.%/%' \
                and (value like '%/25' or value like '%/26' or value like '%/27' or value like '%/28' or value like '%/29' or value like '%/3_') limit 10000";
    Ok(reader.rows(text, args![]).await?)
}
