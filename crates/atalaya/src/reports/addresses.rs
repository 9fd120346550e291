//! Where observed addresses and ranges lie, so that what was seen in a network is found along an index, however wide it is.
//! Rows from before there was this column are filled in by a job, piece by piece.

use std::net::IpAddr;

use ::store::{Id, Job, Record, args};
use formats::net::Prefix;
use formats::observable::{Kind, Observable};
use serde_json::json;

use crate::access::Who;
use crate::{App, Error, Result, constituency};

/// How many rows the job fills in at once.
const AT_ONCE: u32 = 500;

/// The place of an address among all: the family, then the address.
fn place(address: IpAddr) -> Vec<u8> {
    let [first, _] = constituency::span(&Prefix::host(address));
    first
}

/// The places of the first and the last address of what was observed; none of what is neither an address nor a range or a
/// network of them.
pub fn span_of(one: &Observable) -> Option<[Vec<u8>; 2]> {
    match one.kind {
        Kind::Ip => one.value.parse().ok().map(|address| [place(address), place(address)]),
        Kind::Cidr => one.value.parse().ok().map(|network| constituency::span(&network)),
        Kind::Range => {
            let (low, high) = one.value.split_once('-')?;
            Some([place(low.parse().ok()?), place(high.parse().ok()?)])
        }
        _ => None,
    }
}

/// What a row keeps of that: where an address or a range begins, and where a range ends. Networks are found by their names.
pub(super) fn places_of(one: &Observable) -> [Option<Vec<u8>>; 2] {
    match (one.kind, span_of(one)) {
        (Kind::Ip, Some([first, _])) => [Some(first), None],
        (Kind::Range, Some([first, last])) => [Some(first), Some(last)],
        _ => [None, None],
    }
}

/// The job: gives addresses from before the column their place, and asks for itself until none is left.
pub async fn place_addresses(app: &App, job: &Job) -> Result<()> {
    let (who, after) = (Who::Job("place_addresses").to_string(), job.walked_to()?);
    app.db
        .change(&who, async |tx| {
            let text = "select id, kind, value from observables where kind in ('ip', 'range') and address is null and id > $2 order by id limit $1";
            let some: Vec<(Id, String, String)> = tx.rows(text, args![AT_ONCE, after]).await?;
            for (id, kind, value) in &some {
                let kind = if kind == Kind::Range.as_str() { Kind::Range } else { Kind::Ip };
                let [first, last] = Observable::new(kind, value).map_or([None, None], |one| places_of(&one));
                // What cannot be read as an address has a place that no network holds: it is not asked for again.
                let first = first.unwrap_or_default();
                tx.execute("update observables set address = $2, until = $3 where id = $1", args![id, first, last]).await?;
            }
            if let Some((last, _, _)) = some.last() {
                tx.record(Record::new("observables.placed", "observable", *last).facts(json!({ "addresses": some.len() })));
                tx.walk_on(job, *last).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}
