//! Limits on how often something may be tried, counted in the database, so that all nodes count
//! together and a restart forgets nothing. Counting does not wait for the disk: a crash may forget the last
//! moment's tries.
//!
//! A name says what is counted, such as `form-address:192.0.2.7`. What is kept is its keyed hash:
//! nobody can read from the table who visited.

use std::net::IpAddr;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use store::{Reader, Tx, args};

use crate::{App, Error, Result};

/// Counts of no window are looked at after this.
const FORGET: SignedDuration = SignedDuration::from_hours(48);

/// Counts one try. More than `most` within the window are refused.
pub async fn allow(app: &App, name: &str, most: u32, window: SignedDuration) -> Result<()> {
    let count = count(app, name, window).await?;
    if count > i64::from(most) { Err(Error::TooMany) } else { Ok(()) }
}

/// [`allow`] for what several limits count, the narrow ones first: what one refuses does not use up the next.
pub async fn allow_all(app: &App, limits: &[(String, u32)], window: SignedDuration) -> Result<()> {
    let limits: Vec<_> = limits.iter().map(|(name, most)| (hidden(app, name), *most)).collect();
    let refused = app
        .db
        .tally(async |tx| {
            for (name, most) in &limits {
                if add(tx, name, window).await? > i64::from(*most) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await?;
    if refused { Err(Error::TooMany) } else { Ok(()) }
}

/// Refuses what [`spend_in`] would refuse, before any work is done for it.
pub async fn has_room(reader: &mut Reader, app: &App, limits: &[(String, u32)], window: SignedDuration) -> Result<()> {
    let since = before(reader.now(), window);
    for (name, most) in limits {
        let count: Option<i64> = reader.value("select count from throttles where name = $1 and since > $2", args![hidden(app, name), since]).await?;
        if count.unwrap_or(0) >= i64::from(*most) {
            return Err(Error::TooMany);
        }
    }
    Ok(())
}

/// Counts against several limits as the last thing of the change that they limit: what is refused is undone with it, and
/// so counts nothing.
pub async fn spend_in(tx: &mut Tx, app: &App, limits: &[(String, u32)], window: SignedDuration) -> Result<()> {
    for (name, most) in limits {
        if count_in(tx, app, name, window).await? > i64::from(*most) {
            return Err(Error::TooMany);
        }
    }
    Ok(())
}

/// Counts one try with a change that does more, and says how many there were within the window.
pub async fn count_in(tx: &mut Tx, app: &App, name: &str, window: SignedDuration) -> store::Result<i64> {
    add(tx, &hidden(app, name), window).await
}

/// Counts one try and says how many there were within the window, this one included.
pub async fn count(app: &App, name: &str, window: SignedDuration) -> Result<i64> {
    let name = hidden(app, name);
    Ok(app.db.tally(async |tx| add(tx, &name, window).await).await?)
}

/// Starts from zero again.
pub async fn forget(app: &App, name: &str) -> Result<()> {
    let name = hidden(app, name);
    app.db.keep_house(async |tx| tx.execute("delete from throttles where name = $1", args![name]).await).await?;
    Ok(())
}

/// The network that counts as one visitor: an IPv4 address, or the /64 that one IPv6 subscriber gets.
pub fn network(from: IpAddr) -> String {
    match from {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => format!("{:x}", u128::from(address) >> 64),
        },
    }
}

async fn add(tx: &mut Tx, name: &str, window: SignedDuration) -> store::Result<i64> {
    let now = tx.now();
    // Now and then somebody sweeps.
    if tx.random::<1>() == [0] {
        tx.execute("delete from throttles where since <= $1", args![before(now, FORGET)]).await?;
    }
    let text = "insert into throttles (name, count, since) values ($1, 1, $2) on conflict (name) do update set \
         count = case when throttles.since <= $3 then 1 else throttles.count + 1 end, \
         since = case when throttles.since <= $3 then $2 else throttles.since end returning count";
    Ok(tx.returned(text, args![name, now, before(now, window)]).await?.unwrap_or(1))
}

fn before(now: Timestamp, window: SignedDuration) -> Timestamp {
    now.checked_sub(window).unwrap_or(Timestamp::MIN)
}

fn hidden(app: &App, name: &str) -> String {
    HEXLOWER.encode(&app.key.mac("throttle", &[name.as_bytes()]))
}
