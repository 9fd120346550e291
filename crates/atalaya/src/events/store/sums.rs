//! The sums of data files: what every page that counts reads.

use std::collections::BTreeMap;

use ::store::{Reader, Statement, Tx, args};
use jiff::civil::Date;

use crate::Result;
use crate::events::figures::{By, Counted};

/// Rows that go into one statement: at nine values each far below what either database binds at most
/// (`SQLite` 32,766, `PostgreSQL` 65,535).
const AT_ONCE: usize = 500;

/// The sums of one data file. What stands there already stays: a data file never changes.
pub async fn insert_rollup(tx: &mut Tx, file: &str, day: i64, rollup: &::lake::Rollup) -> ::store::Result<()> {
    if tx.execute("insert into event_data_files (data_file, day) values ($1, $2) on conflict do nothing", args![file, day]).await? == 0 {
        return Ok(());
    }
    for cells in rollup.cells.chunks(AT_ONCE) {
        let mut statement = Statement::new("insert into event_rollups (data_file, day, holder, first, class, type, asn, country, events) values ");
        for (at, cell) in cells.iter().enumerate() {
            statement.push(if at == 0 { "(" } else { ", (" });
            let values = args![file, day, cell.holder, cell.first, &cell.class, &cell.r#type, cell.asn, &cell.country, cell.events];
            statement.bind_list(values).push(")");
        }
        statement.push(" on conflict do nothing");
        tx.run(statement).await?;
    }
    let mut days: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for cell in rollup.cells.iter().filter(|cell| cell.first) {
        let (events, nobodys) = days.entry((&cell.class, &cell.r#type)).or_default();
        *events += cell.events;
        *nobodys += if cell.holder == 0 { cell.events } else { 0 };
    }
    for ((class, kind), (events, nobodys)) in days {
        let values = args![file, day, class, kind, events, nobodys];
        tx.execute("insert into event_days (data_file, day, class, type, events, nobodys) values ($1, $2, $3, $4, $5, $6) on conflict do nothing", values)
            .await?;
    }
    for sketches in rollup.sketches.chunks(AT_ONCE) {
        let mut statement = Statement::new("insert into event_sketches (data_file, day, of_kind, of_number, sketch) values ");
        for (at, sketch) in sketches.iter().enumerate() {
            let (kind, number) = match sketch.of {
                ::lake::rollup::Of::Holder(number) => ("holder", number),
                ::lake::rollup::Of::Asn(number) => ("asn", number),
            };
            statement.push(if at == 0 { "(" } else { ", (" });
            statement.bind_list(args![file, day, kind, number, sketch.bytes.clone()]).push(")");
        }
        statement.push(" on conflict do nothing");
        tx.run(statement).await?;
    }
    Ok(())
}

/// Takes the sums of a data file away: its rows lie in others now, or nowhere.
pub async fn delete_rollup(tx: &mut Tx, file: &str) -> ::store::Result<()> {
    for text in [
        "delete from event_rollups where data_file = $1",
        "delete from event_days where data_file = $1",
        "delete from event_sketches where data_file = $1",
        "delete from event_data_files where data_file = $1",
    ] {
        tx.execute(text, args![file]).await?;
    }
    Ok(())
}

/// The data files whose sums stand here.
pub async fn data_files(reader: &mut Reader) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader.rows("select data_file from event_data_files order by data_file", vec![]).await?;
    Ok(rows.into_iter().map(|(file,)| file).collect())
}

/// A day as the events have it: days since 1970.
pub fn day_number(day: Date) -> i64 {
    day.since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()))
}

/// The day of such a number.
pub fn day_of(number: i64) -> Date {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(number.clamp(0, 1_000_000))).unwrap_or_default()
}

/// What counts is a condition on the sums; without holder, AS and country the sums of days are enough.
fn condition(statement: &mut Statement, counted: &Counted) {
    statement.push(" where day between ").bind(day_number(counted.from)).push(" and ").bind(day_number(counted.to));
    if !counted.kind.is_empty() {
        let (class, kind) = counted.kind.split_once('/').unwrap_or(("", &counted.kind));
        statement.push(" and class = ").bind(class).push(" and type = ").bind(kind);
    }
    if !sums_of_days(counted) {
        match counted.holder {
            Some(holder) => statement.push(" and holder = ").bind(holder),
            None => statement.push(" and first = 1"),
        };
    }
    if let Some(asn) = counted.asn {
        statement.push(" and asn = ").bind(asn);
    }
    if !counted.country.is_empty() {
        statement.push(" and country = ").bind(&counted.country);
    }
}

fn sums_of_days(counted: &Counted) -> bool {
    matches!(counted.holder, None | Some(0)) && counted.asn.is_none() && counted.country.is_empty()
}

pub fn by_day(counted: &Counted) -> Statement {
    let mut statement = Statement::new(match (sums_of_days(counted), counted.holder) {
        (true, None) => "select day, cast(sum(events) as BIGINT) from event_days",
        (true, _) => "select day, cast(sum(nobodys) as BIGINT) from event_days",
        _ => "select day, cast(sum(events) as BIGINT) from event_rollups",
    });
    condition(&mut statement, counted);
    statement.push(" group by day order by day");
    statement
}

pub async fn top(reader: &mut Reader, counted: &Counted, by: By, limit: u32) -> Result<Vec<(String, i64)>> {
    let days = by == By::Type && sums_of_days(counted);
    let mut statement = Statement::new(match by {
        By::Type if days && counted.holder.is_some() => "select class || '/' || type as k, cast(sum(nobodys) as BIGINT) as n from event_days",
        By::Type if days => "select class || '/' || type as k, cast(sum(events) as BIGINT) as n from event_days",
        By::Type => "select class || '/' || type as k, cast(sum(events) as BIGINT) as n from event_rollups",
        By::Asn => "select cast(asn as TEXT) as k, cast(sum(events) as BIGINT) as n from event_rollups",
        By::Country => "select country as k, cast(sum(events) as BIGINT) as n from event_rollups",
        By::Holder => "select cast(holder as TEXT) as k, cast(sum(events) as BIGINT) as n from event_rollups",
    });
    if days {
        condition(&mut statement, counted);
    } else {
        condition_on_rollups(&mut statement, counted);
    }
    statement.push(" group by 1 order by 2 desc, 1 limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// The same on the full sums, where the sums of days would be enough but do not say by what.
fn condition_on_rollups(statement: &mut Statement, counted: &Counted) {
    condition(statement, counted);
    if sums_of_days(counted) {
        match counted.holder {
            Some(holder) => statement.push(" and holder = ").bind(holder),
            None => statement.push(" and first = 1"),
        };
    }
}
