//! Clocks in SQL.

use jiff::Timestamp;
use store::{Error, FromRow, Id, Reader, Result, Row, Statement, Tx, Value, args};

use super::Clock;

const COLUMNS: &str =
    "select id, about, noun, promise, anchor_at, amount, unit, reading, calendar, calendar_version, due_at, state, stopped_at, pauses, version from clocks ";

impl FromRow for Clock {
    fn from_row(row: &mut Row) -> Result<Self> {
        let whole = |number: i64| u32::try_from(number).map_err(|_| Error::Shape("a small number"));
        Ok(Self {
            id: row.get()?,
            about: row.get()?,
            noun: row.get()?,
            promise: row.get()?,
            anchor_at: row.get()?,
            amount: whole(row.get()?)?,
            unit: row.get()?,
            reading: row.get()?,
            calendar: row.get()?,
            calendar_version: whole(row.get()?)?,
            due_at: row.get()?,
            state: row.get()?,
            stopped_at: row.get()?,
            pauses: serde_json::from_str(&row.get::<String>()?).map_err(|_| Error::Shape("the pauses of a clock"))?,
            version: row.get()?,
        })
    }
}

fn pauses(clock: &Clock) -> String {
    serde_json::to_string(&clock.pauses).unwrap_or_else(|_| "[]".into())
}

pub async fn add(tx: &mut Tx, clock: &Clock) -> Result<()> {
    tx.execute(
        "insert into clocks (id, about, noun, promise, anchor_at, amount, unit, reading, calendar, calendar_version, due_at, state, stopped_at, pauses, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)",
        args![
            clock.id,
            clock.about,
            &clock.noun,
            &clock.promise,
            clock.anchor_at,
            clock.amount,
            &clock.unit,
            &clock.reading,
            &clock.calendar,
            clock.calendar_version,
            clock.due_at,
            &clock.state,
            clock.stopped_at,
            pauses(clock)
        ],
    )
    .await?;
    Ok(())
}

/// Writes a changed clock; says whether nobody else was faster.
pub async fn change(tx: &mut Tx, clock: &Clock) -> Result<bool> {
    let changed = tx
        .execute(
            "update clocks set due_at = $2, state = $3, stopped_at = $4, pauses = $5, version = version + 1 where id = $1 and version = $6",
            args![clock.id, clock.due_at, &clock.state, clock.stopped_at, pauses(clock), clock.version],
        )
        .await?;
    Ok(changed == 1)
}

pub async fn hand_over(tx: &mut Tx, id: Id, to: Id) -> Result<()> {
    tx.execute("update clocks set about = $2, version = version + 1 where id = $1", args![id, to]).await?;
    Ok(())
}

pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Clock>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn of(reader: &mut Reader, about: Id) -> Result<Vec<Clock>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where about = ").bind(about);
    let mut clocks: Vec<Clock> = reader.select(statement).await?;
    clocks.sort_by_key(|clock| clock.due_at);
    Ok(clocks)
}

pub async fn of_many(reader: &mut Reader, about: &[Id]) -> Result<Vec<Clock>> {
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    statement.push("where about in (").bind_list(about.iter().map(Value::from)).push(")");
    let mut clocks: Vec<Clock> = reader.select(statement).await?;
    clocks.sort_by_key(|clock| clock.due_at);
    Ok(clocks)
}

/// Clocks of a promise whose counting began since an instant: of more than there is room for, the newest.
pub async fn judged(reader: &mut Reader, promise: &str, since: Timestamp) -> Result<Vec<Clock>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where promise = ").bind(promise).push(" and anchor_at >= ").bind(since).push(" order by anchor_at desc limit 50000");
    reader.select(statement).await
}

/// The calendars that clocks count in still: id, version, how many.
pub async fn calendars(reader: &mut Reader) -> Result<Vec<(String, u32, i64)>> {
    // In the order of the index: nothing is sorted, however many there are.
    let text = "select calendar, calendar_version, count(*) from clocks where state in ('running', 'paused') group by state, calendar, calendar_version";
    let rows: Vec<(String, i64, i64)> = reader.rows(text, vec![]).await?;
    Ok(rows.into_iter().map(|(calendar, version, count)| (calendar, u32::try_from(version).unwrap_or(0), count)).collect())
}
