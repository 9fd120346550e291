//! The SQL of registrations.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use jiff::Timestamp;
use press::Seat;

use super::{Counts, Registration};
use crate::{Error, Result};

const COLUMNS: &str = "select id, publication_id, name, organisation, remark, address, language, seat, turn, attended, told_version, message_id, by_whom, asked_at, \
                       confirmed_at from registrations ";

impl FromRow for Registration {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            publication: row.get()?,
            name: row.get()?,
            organisation: row.get()?,
            remark: row.get()?,
            address: row.get()?,
            language: row.get()?,
            seat: Seat::named(&row.get::<String>()?).ok_or(::store::Error::Shape("how a registration stands"))?,
            turn: row.get()?,
            attended: row.get()?,
            told_version: row.get()?,
            message_id: row.get()?,
            by: row.get()?,
            asked_at: row.get()?,
            confirmed_at: row.get()?,
        })
    }
}

pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Registration>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// That of an address in the list of an item.
pub async fn of_address(reader: &mut Reader, publication: Id, spelled: &str) -> Result<Option<Registration>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where publication_id = ").bind(publication).push(" and spelled = ").bind(spelled).push(" and spelled <> ''");
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Those who stand so in the list of an item, in the order of the list, behind a place of it.
pub async fn of_seat(reader: &mut Reader, publication: Id, seat: Seat, after: Option<(i64, Id)>, limit: u32) -> Result<Vec<Registration>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where publication_id = ").bind(publication).push(" and seat = ").bind(seat.name());
    if let Some((turn, id)) = after {
        statement.push(" and (turn > ").bind(turn).push(" or (turn = ").bind(turn).push(" and id > ").bind(id).push("))");
    }
    statement.push(" order by turn, id limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// Some of an item's, whoever they are.
pub async fn some(reader: &mut Reader, publication: Id, limit: u32) -> Result<Vec<Registration>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where publication_id = ").bind(publication).push(" limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// Those that nobody confirmed since an instant.
pub async fn asked_before(reader: &mut Reader, before: Timestamp, limit: u32) -> Result<Vec<Registration>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where seat = 'asked' and asked_at < ").bind(before).push(" order by asked_at, id limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// The items that have a list.
pub async fn items(reader: &mut Reader) -> Result<Vec<Id>> {
    Ok(reader.rows::<(Id,)>("select distinct publication_id from registrations", vec![]).await?.into_iter().map(|(id,)| id).collect())
}

/// How many stand how.
pub async fn counts(reader: &mut Reader, publication: Id) -> Result<Counts> {
    let mut counts = Counts::default();
    let text = "select seat, attended, count(*) from registrations where publication_id = $1 group by seat, attended";
    for (seat, attended, count) in reader.rows::<(String, bool, u64)>(text, args![publication]).await? {
        let count = few(count);
        match Seat::named(&seat) {
            Some(Seat::Asked) => counts.asked += count,
            Some(Seat::Coming) => counts.coming += count,
            Some(Seat::Waiting) => counts.waiting += count,
            Some(Seat::Cancelled) => counts.cancelled += count,
            None => return Err(Error::fault("a registration stands in no way that is known")),
        }
        if attended {
            counts.attended += count;
        }
    }
    Ok(counts)
}

/// How many stood how among those that were erased, and when the last were.
pub async fn kept_counts(reader: &mut Reader, publication: Id) -> Result<Option<(Counts, Timestamp)>> {
    let text = "select coming, waiting, cancelled, attended, erased_at from registration_counts where publication_id = $1";
    let kept: Option<(u64, u64, u64, u64, Timestamp)> = reader.row(text, args![publication]).await?;
    Ok(kept.map(|(coming, waiting, cancelled, attended, at)| {
        (Counts { asked: 0, coming: few(coming), waiting: few(waiting), cancelled: few(cancelled), attended: few(attended) }, at)
    }))
}

fn few(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many wait, up to this place of the list.
pub async fn waiting_up_to(reader: &mut Reader, publication: Id, turn: i64) -> Result<i64> {
    let text = "select count(*) from registrations where publication_id = $1 and seat = 'waiting' and turn <= $2";
    Ok(reader.count(text, args![publication, turn]).await?)
}

/// The end of the list.
pub async fn last_turn(reader: &mut Reader, publication: Id) -> Result<i64> {
    Ok(reader.value::<Option<i64>>("select max(turn) from registrations where publication_id = $1", args![publication]).await?.flatten().unwrap_or(0))
}

pub async fn insert(tx: &mut Tx, one: &Registration) -> Result<()> {
    tx.execute(
        "insert into registrations (id, publication_id, name, organisation, remark, address, spelled, language, seat, turn, attended, told_version, message_id, by_whom, \
         asked_at, confirmed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        args![
            one.id,
            one.publication,
            &one.name,
            &one.organisation,
            &one.remark,
            &one.address,
            one.address.to_lowercase(),
            &one.language,
            one.seat.name(),
            one.turn,
            one.attended,
            one.told_version,
            &one.message_id,
            &one.by,
            one.asked_at,
            one.confirmed_at
        ],
    )
    .await?;
    Ok(())
}

pub async fn update(tx: &mut Tx, one: &Registration) -> Result<()> {
    tx.execute(
        "update registrations set name = $2, organisation = $3, remark = $4, language = $5, seat = $6, turn = $7, attended = $8, told_version = $9, message_id = $10, \
         by_whom = $11, asked_at = $12, confirmed_at = $13, address = $14 where id = $1",
        args![
            one.id,
            &one.name,
            &one.organisation,
            &one.remark,
            &one.language,
            one.seat.name(),
            one.turn,
            one.attended,
            one.told_version,
            &one.message_id,
            &one.by,
            one.asked_at,
            one.confirmed_at,
            &one.address
        ],
    )
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    tx.execute("delete from registrations where id = $1", args![id]).await?;
    Ok(())
}

/// Adds to what is known of an item whose list is being erased.
pub async fn keep_counts(tx: &mut Tx, publication: Id, counts: &Counts) -> Result<()> {
    let now = tx.now();
    let text = "insert into registration_counts (publication_id, coming, waiting, cancelled, attended, erased_at) values ($1, $2, $3, $4, $5, $6) \
                on conflict (publication_id) do update set coming = registration_counts.coming + excluded.coming, waiting = registration_counts.waiting + excluded.waiting, \
                cancelled = registration_counts.cancelled + excluded.cancelled, attended = registration_counts.attended + excluded.attended, erased_at = excluded.erased_at";
    tx.execute(text, args![publication, counts.coming, counts.waiting, counts.cancelled, counts.attended, now]).await?;
    Ok(())
}
