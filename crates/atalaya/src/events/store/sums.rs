//! The sums of data files: what every page that counts reads.

use std::collections::BTreeMap;

use ::lake::rollup::{Cell, Totals};
use ::store::{FromRow, Reader, Row, Statement, Tx, args};
use jiff::civil::Date;

use crate::Result;
use crate::events::figures::{By, Counted};
use crate::events::lake::fault;

/// Rows that go into one statement. Either database binds more at most
/// (`SQLite` 32,766 values, `PostgreSQL` 65,535), but `SQLite` looks through all names of values for each one it binds.
const AT_ONCE: usize = 50;

/// The sums of one data file. What stands there already stays: a data file never changes.
pub async fn insert_rollup(tx: &mut Tx, file: &str, day: i64, rollup: &::lake::Rollup) -> ::store::Result<()> {
    let totals = Totals::of(&rollup.cells).to_bytes();
    let noted = "insert into event_data_files (data_file, day, totals) values ($1, $2, $3) on conflict do nothing";
    if tx.execute(noted, args![file, day, totals]).await? == 0 {
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
                ::lake::rollup::Of::All => ("all", 0),
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

/// Events by day (all, and those that nobody holds), and their totals over these days: one short row for each data file.
pub async fn totals(reader: &mut Reader, from: Date, to: Date) -> Result<(BTreeMap<i64, (u64, u64)>, Totals)> {
    let (mut days, mut totals): (BTreeMap<i64, (u64, u64)>, Totals) = Default::default();
    let span = args![day_number(from), day_number(to)];
    let text = "select day, totals from event_data_files where day between $1 and $2 and totals is not null";
    let mut count = |day: i64, (events, nobodys): (u64, u64)| {
        let known = days.entry(day).or_default();
        *known = (known.0 + events, known.1 + nobodys);
    };
    for (day, packed) in reader.rows::<(i64, Vec<u8>)>(text, span.clone()).await? {
        count(day, totals.add(&packed).map_err(fault)?);
    }
    let unpacked = "select day, data_file from event_data_files where day between $1 and $2 and totals is null";
    for (day, file) in reader.rows::<(i64, String)>(unpacked, span).await? {
        count(day, totals.add(&Totals::of(&cells(reader, &file).await?).to_bytes()).map_err(fault)?);
    }
    Ok((days, totals))
}

impl FromRow for Summed {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let (holder, first) = (row.get()?, row.get::<i64>()? == 1);
        let (class, r#type, asn, country) = (row.get()?, row.get()?, row.get()?, row.get()?);
        let events = u64::try_from(row.get::<i64>()?).unwrap_or(0);
        Ok(Self(Cell { holder, first, class, r#type, asn, country, events }))
    }
}

struct Summed(Cell);

async fn cells(reader: &mut Reader, file: &str) -> ::store::Result<Vec<Cell>> {
    let text = "select holder, first, class, type, asn, country, events from event_rollups where data_file = $1";
    Ok(reader.rows::<Summed>(text, args![file]).await?.into_iter().map(|Summed(cell)| cell).collect())
}

/// Packs the totals of data files that were noted before there were any, with the sketch of all their addresses; says
/// whether there may be more.
pub async fn pack_totals(tx: &mut Tx) -> ::store::Result<bool> {
    let files: Vec<(String, i64)> = tx.rows("select data_file, day from event_data_files where totals is null limit 100", args![]).await?;
    for (file, day) in &files {
        let packed = Totals::of(&cells(tx, file).await?).to_bytes();
        let sketches: Vec<(Vec<u8>,)> = tx.rows("select sketch from event_sketches where data_file = $1 and of_kind = 'holder'", args![file]).await?;
        if let Ok(all) = ::lake::rollup::unite(sketches.iter().map(|(sketch,)| sketch.as_slice())) {
            let text = "insert into event_sketches (data_file, day, of_kind, of_number, sketch) values ($1, $2, 'all', 0, $3) on conflict do nothing";
            tx.execute(text, args![file, *day, all]).await?;
        }
        tx.execute("update event_data_files set totals = $2 where data_file = $1", args![file, packed]).await?;
    }
    Ok(!files.is_empty())
}

/// What says how many different addresses there are, in sketches that can be united.
pub async fn sketches(reader: &mut Reader, counted: &Counted) -> Result<Vec<Vec<u8>>> {
    let (kind, number) = match (counted.holder, counted.asn) {
        (Some(holder), _) => ("holder", holder),
        (None, Some(asn)) => ("asn", asn),
        (None, None) => ("all", 0),
    };
    let (from, to) = (day_number(counted.from), day_number(counted.to));
    let text = "select sketch from event_sketches where of_kind = $1 and of_number = $2 and day between $3 and $4";
    let mut rows: Vec<(Vec<u8>,)> = reader.rows(text, args![kind, number, from, to]).await?;
    if kind == "all" {
        // Of files that were noted before there were totals, those of all holders say the same.
        // A cross join keeps SQLite from looking first at the sketches of all holders of all years.
        let before = "select s.sketch from event_data_files f cross join event_sketches s \
                      where f.totals is null and f.day between $1 and $2 and s.data_file = f.data_file and s.of_kind = 'holder'";
        rows.extend(reader.rows::<(Vec<u8>,)>(before, args![from, to]).await?);
    }
    Ok(rows.into_iter().map(|(sketch,)| sketch).collect())
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
