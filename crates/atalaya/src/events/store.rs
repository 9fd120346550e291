//! The SQL of this room.

use std::collections::BTreeMap;

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use formats::feed::Rejected;
use formats::label::Tlp;
use jiff::Timestamp;
use jiff::civil::Date;
use vault::blob::Hash;

use super::feed::Feed;
use super::figures::{By, Counted};
use super::file::{Asked, EventFile};
use super::read::Found;
use super::reject::WantedRejects;
use crate::Result;

const FEED: &str =
    "select id, name, title, kind, mapping, label, mail_from, mail_to, every_hours, state, last_at, note, created_at, updated_at, version from feeds ";
const FILE: &str = "select id, number, sha256, feed_id, name, size, via, received_at, state, kind, mapping_version, registry_version, stored, duplicate, rejected, unmatched, alarm, \
     header, mends, read_at, version from event_files ";
const REJECT: &str = "select r.id, f.number, f.name, d.name, r.line, r.column_name, r.reason, r.bytes, r.state, r.note, r.at from event_rejects r join event_files f on f.id = r.file_id \
     join feeds d on d.id = r.feed_id ";

impl FromRow for Feed {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            name: row.get()?,
            title: row.get()?,
            kind: row.get()?,
            mapping: row.get()?,
            // A label that cannot be read lets nothing out.
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            mail_from: row.get()?,
            mail_to: row.get()?,
            every_hours: row.get()?,
            state: row.get()?,
            last_at: row.get()?,
            note: row.get()?,
            created_at: row.get()?,
            updated_at: row.get()?,
            version: row.get()?,
        })
    }
}

impl FromRow for EventFile {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            sha256: row.get()?,
            feed: row.get()?,
            name: row.get()?,
            size: row.get()?,
            via: row.get()?,
            received_at: row.get()?,
            state: row.get()?,
            kind: row.get()?,
            mapping_version: row.get()?,
            registry_version: row.get()?,
            stored: row.get()?,
            duplicate: row.get()?,
            rejected: row.get()?,
            unmatched: row.get()?,
            alarm: row.get()?,
            header: row.get()?,
            mends: row.get()?,
            read_at: row.get()?,
            version: row.get()?,
        })
    }
}

// ---- feeds ----

pub async fn feeds(reader: &mut Reader) -> Result<Vec<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("order by name");
    Ok(reader.select(statement).await?)
}

pub async fn feed(reader: &mut Reader, id: Id) -> Result<Option<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn feed_named(reader: &mut Reader, name: &str) -> Result<Option<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("where name = ").bind(name);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Feeds that name this sender or one of these recipients.
pub async fn feeds_of_mail(reader: &mut Reader, from: &str, to: &[String]) -> Result<Vec<Feed>> {
    let mut statement = Statement::new(FEED);
    statement.push("where (mail_from <> '' and mail_from = ").bind(from).push(") or (mail_to <> '' and mail_to in (");
    statement.bind_list(to.iter().map(Value::from).chain([Value::from("")])).push(")) order by name");
    Ok(reader.select(statement).await?)
}

pub async fn insert_feed(tx: &mut Tx, one: &Feed) -> Result<()> {
    tx.execute(
        "insert into feeds (id, name, title, kind, mapping, label, mail_from, mail_to, every_hours, state, last_at, note, created_at, updated_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            one.id,
            &one.name,
            &one.title,
            &one.kind,
            &one.mapping,
            one.label.as_str(),
            &one.mail_from,
            &one.mail_to,
            one.every_hours,
            &one.state,
            one.last_at,
            &one.note,
            one.created_at,
            one.updated_at,
            one.version
        ],
    )
    .await?;
    Ok(())
}

/// Writes a feed over the version before; says whether that was still there.
pub async fn update_feed(tx: &mut Tx, one: &Feed) -> Result<bool> {
    let touched = tx
        .execute(
            "update feeds set title = $2, kind = $3, mapping = $4, label = $5, mail_from = $6, mail_to = $7, every_hours = $8, state = $9, note = $10, updated_at = $11, \
             version = $12 where id = $1 and version = $13",
            args![
                one.id,
                &one.title,
                &one.kind,
                &one.mapping,
                one.label.as_str(),
                &one.mail_from,
                &one.mail_to,
                one.every_hours,
                &one.state,
                &one.note,
                one.updated_at,
                one.version,
                one.version - 1
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// A feed has delivered.
pub async fn heard(tx: &mut Tx, feed: Id) -> Result<()> {
    let now = tx.now();
    tx.execute("update feeds set last_at = $2 where id = $1", args![feed, now]).await?;
    Ok(())
}

// ---- files ----

pub fn files_statement(asked: &Asked) -> Statement {
    let mut statement = Statement::new(FILE);
    statement.push("where number < ").bind(asked.before.unwrap_or(i64::MAX));
    if let Some(feed) = asked.feed {
        statement.push(" and feed_id = ").bind(feed);
    }
    if asked.alarms {
        statement.push(" and state in ('held', 'failed')");
    }
    statement.push(" order by number desc limit ").bind(asked.limit);
    statement
}

pub async fn file(reader: &mut Reader, id: Id) -> Result<Option<EventFile>> {
    let mut statement = Statement::new(FILE);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn file_numbered(reader: &mut Reader, number: i64) -> Result<Option<EventFile>> {
    let mut statement = Statement::new(FILE);
    statement.push("where number = ").bind(number);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn file_of(reader: &mut Reader, sha256: Hash) -> Result<Option<EventFile>> {
    let mut statement = Statement::new(FILE);
    statement.push("where sha256 = ").bind(sha256);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn insert_file(tx: &mut Tx, one: &EventFile) -> Result<()> {
    tx.execute(
        "insert into event_files (id, number, sha256, feed_id, name, size, via, received_at, state, kind, mapping_version, registry_version, stored, duplicate, rejected, unmatched, \
         alarm, header, mends, read_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, 0, 0, 0, 0, 0, '', '', $10, null, 1)",
        args![one.id, one.number, one.sha256, one.feed, &one.name, one.size, &one.via, one.received_at, &one.state, one.mends],
    )
    .await?;
    Ok(())
}

pub async fn set_file_state(tx: &mut Tx, id: Id, state: &str, alarm: &str) -> Result<()> {
    tx.execute("update event_files set state = $2, alarm = $3, version = version + 1 where id = $1", args![id, state, alarm]).await?;
    Ok(())
}

/// Whether a file is still where its worker left it: another one may have finished it.
pub async fn is_being_read(reader: &mut Reader, id: Id) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from event_files where id = $1 and state = 'reading'", args![id]).await?.is_some())
}

pub async fn store_file(tx: &mut Tx, id: Id, found: &Found) -> Result<()> {
    let now = tx.now();
    let stored = &found.stored;
    tx.execute(
        "update event_files set state = 'stored', alarm = '', kind = $2, mapping_version = $3, registry_version = $4, stored = $5, duplicate = $6, rejected = $7, unmatched = $8, \
         header = $9, read_at = $10, version = version + 1 where id = $1",
        args![
            id,
            &found.kind,
            found.mapping,
            found.registry,
            stored.stored,
            stored.duplicate,
            found.rejects,
            stored.unmatched,
            &found.header,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn count_alarms(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from event_files where state in ('held', 'failed') limit 101) a", vec![]).await?)
}

pub async fn alarms_of(reader: &mut Reader, feed: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from event_files where state in ('held', 'failed') and feed_id = $1", args![feed]).await?)
}

/// Events stored of the newest files of a feed, as far back as this instant.
pub async fn stored_since(reader: &mut Reader, feed: Id, since: Timestamp) -> Result<i64> {
    Ok(reader
        .count(
            "select cast(coalesce(sum(stored), 0) as BIGINT) from (select stored, received_at from event_files where feed_id = $1 order by number desc limit 500) f \
             where received_at >= $2",
            args![feed, since],
        )
        .await?)
}

// ---- rejected lines ----

pub fn rejects_statement(wanted: &WantedRejects) -> Statement {
    let mut statement = Statement::new(REJECT);
    if let Some(file) = wanted.file {
        statement.push("where r.file_id = ").bind(file).push(" and r.line > ").bind(wanted.after);
        statement.push(" order by r.line, r.id limit ").bind(wanted.limit);
        return statement;
    }
    statement.push("where r.state = 'open'");
    if let Some(feed) = wanted.feed {
        statement.push(" and r.feed_id = ").bind(feed);
    }
    if let Some((at, id)) = wanted.before {
        statement.push(" and (r.at, r.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by r.at desc, r.id desc limit ").bind(wanted.limit);
    statement
}

pub async fn insert_reject(tx: &mut Tx, file: &EventFile, one: &Rejected) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    let column = one.column.as_deref().unwrap_or_default();
    tx.execute(
        "insert into event_rejects (id, file_id, feed_id, line, column_name, reason, bytes, state, corrected_in, note, at, by_whom) \
         values ($1, $2, $3, $4, $5, $6, $7, 'open', null, '', $8, '')",
        args![id, file.id, file.feed, one.line, column, one.reason.code(), one.bytes.clone(), now],
    )
    .await?;
    Ok(())
}

/// Which of these lines are open, each with its file.
pub async fn open_rejects(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, Id)>> {
    let mut statement = Statement::new("select id, file_id from event_rejects where state = 'open' and id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

pub async fn settle_reject(tx: &mut Tx, id: Id, state: &str, corrected_in: Option<Id>, note: &str, who: &str) -> Result<bool> {
    let touched = tx
        .execute(
            "update event_rejects set state = $2, corrected_in = $3, note = $4, by_whom = $5 where id = $1 and state = 'open'",
            args![id, state, corrected_in, note, who],
        )
        .await?;
    Ok(touched == 1)
}

pub async fn open_rejects_of(reader: &mut Reader, feed: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 from event_rejects where state = 'open' and feed_id = $1 limit 1001) r", args![feed]).await?)
}

// ---- columns ----

/// A column came that the mapping does not name.
pub async fn see_column(tx: &mut Tx, feed: Id, kind: &str, name: &str, times: u64) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into feed_columns (feed_id, kind, name, known, first_at, last_at, values_seen, looked_at) values ($1, $2, $3, 0, $4, $4, $5, null) \
         on conflict (feed_id, kind, name) do update set last_at = excluded.last_at, values_seen = feed_columns.values_seen + excluded.values_seen",
        args![feed, kind, name, now, times],
    )
    .await?;
    Ok(())
}

/// Columns that nobody has looked at, by name.
pub async fn drift_of(reader: &mut Reader, feed: Id) -> Result<Vec<String>> {
    let rows: Vec<(String, String)> =
        reader.rows("select kind, name from feed_columns where feed_id = $1 and looked_at is null order by kind, name limit 50", args![feed]).await?;
    Ok(rows.into_iter().map(|(kind, name)| format!("{kind}: {name}")).collect())
}

/// Somebody has looked at the columns of a feed that came so far.
pub async fn look_at_columns(tx: &mut Tx, feed: Id) -> Result<u64> {
    let now = tx.now();
    Ok(tx.execute("update feed_columns set looked_at = $2 where feed_id = $1 and looked_at is null", args![feed, now]).await?)
}

// ---- sums ----

/// Rows that go into one statement.
const AT_ONCE: usize = 1000;

/// The sums of one data file. What stands there already stays: a data file never changes.
pub async fn insert_rollup(tx: &mut Tx, file: &str, day: i64, rollup: &::lake::Rollup) -> Result<()> {
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

/// A day as the events have it: days since 1970.
pub fn day_number(day: Date) -> i64 {
    day.since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()))
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
