//! What arrived for whom: which holders got events of which days, and which feeds came.

use ::store::{Id, Reader, Statement, Tx, args};
use jiff::Timestamp;

use crate::events::notices::compare::Heard;

/// Rows that go into one statement.
const AT_ONCE: usize = 1000;

/// The arrival of a file; a new one, if it has none. Says whether it is new.
pub async fn arrival_of(tx: &mut Tx, file: Id) -> ::store::Result<(i64, bool)> {
    let known: Option<Option<i64>> = tx.value("select arrival from event_files where id = $1", args![file]).await?;
    if let Some(arrival) = known.flatten() {
        return Ok((arrival, false));
    }
    let arrival = tx.next_number("event-arrival").await?;
    tx.execute("update event_files set arrival = $2 where id = $1", args![file, arrival]).await?;
    Ok((arrival, true))
}

/// Which holders got how many events of which days, in the order of holders.
pub async fn arrived(tx: &mut Tx, arrival: i64, of: &[(i64, i64, i64)]) -> ::store::Result<()> {
    for some in of.chunks(AT_ONCE) {
        let mut statement = Statement::new("insert into event_arrivals (holder, arrival, day, events) values ");
        for (at, (holder, day, events)) in some.iter().enumerate() {
            statement.push(if at == 0 { "(" } else { ", (" });
            statement.bind_list(args![*holder, arrival, *day, *events]).push(")");
        }
        statement.push(" on conflict do nothing");
        tx.run(statement).await?;
    }
    // Nobody is told nothing.
    let mut holders: Vec<i64> = of.iter().map(|(holder, ..)| *holder).filter(|holder| *holder != 0).collect();
    holders.dedup();
    for some in holders.chunks(AT_ONCE) {
        let mut statement = Statement::new("insert into notice_standing (holder, newest, looked, told_to, open, list, turn) values ");
        for (at, holder) in some.iter().enumerate() {
            statement.push(if at == 0 { "(" } else { ", (" });
            statement.bind_list(args![*holder, arrival]).push(", 0, 0, 0, null, 0)");
        }
        statement.push(" on conflict (holder) do update set newest = excluded.newest");
        tx.run(statement).await?;
    }
    Ok(())
}

/// Holders with the days that they have events of.
pub async fn held_days(reader: &mut Reader) -> ::store::Result<Vec<(i64, i64)>> {
    reader.rows("select distinct holder, day from event_rollups order by holder, day", args![]).await
}

/// The arrivals of files, by the files' numbers, after one arrival.
pub async fn files_since(reader: &mut Reader, after: i64) -> ::store::Result<Vec<(i64, i64)>> {
    reader.rows("select number, arrival from event_files where arrival > $1 order by arrival", args![after]).await
}

/// A holder has events by the registry now that came with these arrivals, each with a day: it was not told of them.
pub async fn moved(tx: &mut Tx, holder: i64, of: &[(i64, i64)]) -> ::store::Result<()> {
    let known = tx.next_number("event-arrival").await?;
    for some in of.chunks(AT_ONCE) {
        let mut statement = Statement::new("insert into event_arrivals (holder, arrival, day, events, known) values ");
        for (at, (arrival, day)) in some.iter().enumerate() {
            statement.push(if at == 0 { "(" } else { ", (" });
            statement.bind_list(args![holder, *arrival, *day, 0_i64, known]).push(")");
        }
        statement.push(" on conflict (holder, arrival, day) do update set known = excluded.known");
        tx.run(statement).await?;
    }
    let arrivals = || of.iter().map(|(arrival, _)| *arrival);
    let (Some(first), Some(last)) = (arrivals().min(), arrivals().max()) else { return Ok(()) };
    // A run that is under way began from another turn, and begins again.
    tx.execute(
        "insert into notice_standing (holder, newest, looked, told_to, open, list, turn) values ($1, $2, 0, $3, 0, null, 0) on conflict (holder) do update set \
         newest = case when notice_standing.newest < excluded.newest then excluded.newest else notice_standing.newest end, looked = 0, turn = notice_standing.turn + 1, \
         told_to = case when notice_standing.told_to > excluded.told_to then excluded.told_to else notice_standing.told_to end",
        args![holder, last, first - 1],
    )
    .await
    .map(drop)
}

/// Whether files that were stored once are being read again: the lake has not all that arrived.
pub async fn is_half_filled(reader: &mut Reader) -> ::store::Result<bool> {
    let text = "select 1 from event_files where arrival is not null and state not in ('stored', 'dropped') limit 1";
    Ok(reader.value::<i64>(text, args![]).await?.is_some())
}

/// The newest arrival.
pub async fn newest(reader: &mut Reader) -> ::store::Result<i64> {
    let newest: Option<i64> = reader.value("select arrival from event_files where arrival is not null order by arrival desc limit 1", args![]).await?;
    Ok(newest.unwrap_or(0))
}

/// The newest number under which something arrived, or became somebody's.
pub async fn newest_known(reader: &mut Reader) -> ::store::Result<i64> {
    let known: Option<i64> = reader.value("select known from event_arrivals where known is not null order by known desc limit 1", args![]).await?;
    Ok(newest(reader).await?.max(known.unwrap_or(0)))
}

/// Where events of a holder lie that arrived, or became its own, after one number and up to another: number, day, the file's number.
pub async fn came_of(reader: &mut Reader, holder: i64, after: i64, to: i64) -> ::store::Result<Vec<(i64, i64, i64)>> {
    reader
        .rows(
            "select coalesce(a.known, a.arrival), a.day, f.number from event_arrivals a join event_files f on f.arrival = a.arrival \
             where a.holder = $1 and coalesce(a.known, a.arrival) > $2 and coalesce(a.known, a.arrival) <= $3 order by 1, 2",
            args![holder, after, to],
        )
        .await
}

/// The newest arrival that came before an instant.
pub async fn arrival_before(reader: &mut Reader, at: Timestamp) -> ::store::Result<i64> {
    let text = "select arrival from event_files where arrival is not null and read_at < $1 order by arrival desc limit 1";
    Ok(reader.value(text, args![at]).await?.unwrap_or(0))
}

/// Where events of a holder lie that arrived after one arrival and up to another: arrival, day, the file's number, and when it was read.
pub async fn arrivals_of(reader: &mut Reader, holder: i64, after: i64, to: i64) -> ::store::Result<Vec<(i64, i64, i64, Timestamp)>> {
    reader
        .rows(
            "select a.arrival, a.day, f.number, f.read_at from event_arrivals a join event_files f on f.arrival = a.arrival \
             where a.holder = $1 and a.arrival > $2 and a.arrival <= $3 order by a.arrival, a.day",
            args![holder, after, to],
        )
        .await
}

/// Holders with events of the arrivals after this one.
pub async fn holders_since(reader: &mut Reader, after: i64) -> ::store::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = reader.rows("select distinct holder from event_arrivals where arrival > $1 order by holder", args![after]).await?;
    Ok(rows.into_iter().map(|(holder,)| holder).collect())
}

/// Up to when the files of each feed and report type say what was seen: those that came before an instant, not looking
/// further back than another. When a file came says nothing: it may be late, a line that was mended, or unreadable.
pub async fn heard(reader: &mut Reader, since: Timestamp, until: Timestamp, to: i64) -> ::store::Result<Heard> {
    let rows: Vec<(String, String, i64)> = reader
        .rows(
            // A row whose clock runs ahead of us says nothing of days that have not come.
            "select d.name, f.kind, cast(max(case when f.seen_to > f.received_at then f.received_at else f.seen_to end) as BIGINT) from event_files f join feeds d on d.id = f.feed_id \
             where f.arrival is not null and f.seen_to is not null and f.arrival <= $3 and f.received_at > $1 and f.received_at <= $2 group by d.name, f.kind",
            args![since, until, to],
        )
        .await?;
    Ok(rows.into_iter().map(|(feed, kind, at)| ((feed.as_str().into(), kind.as_str().into()), at)).collect())
}

/// Lets go of old arrivals that their holders were told of, and of those of nobody. `nobody_speaks`: no rule is there that
/// might still want the rest.
pub async fn forget_arrivals(tx: &mut Tx, before: i64, nobody_speaks: bool) -> ::store::Result<()> {
    let told = "delete from event_arrivals where arrival <= $1 and (holder = 0 or exists \
                (select 1 from notice_standing s where s.holder = event_arrivals.holder and s.told_to >= event_arrivals.arrival))";
    let all = "delete from event_arrivals where arrival <= $1";
    tx.execute(if nobody_speaks { all } else { told }, args![before]).await.map(drop)
}
