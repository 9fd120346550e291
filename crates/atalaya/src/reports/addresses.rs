//! Where observed addresses lie, so that what was seen in a network is found along an index, however wide it is.
//! Rows from before there was this column are filled in by a job, piece by piece.

use ::store::{Id, Job, Record, args};
use formats::net::Prefix;
use formats::observable::{Kind, Observable};
use serde_json::json;

use crate::access::Who;
use crate::{App, Error, Result, constituency};

/// How many rows the job fills in at once.
const AT_ONCE: u32 = 500;

/// The place of an observable among all addresses: the family, then the address. None if it is no single address.
pub(super) fn place_of(one: &Observable) -> Option<Vec<u8>> {
    if one.kind != Kind::Ip {
        return None;
    }
    let [first, _] = constituency::span(&Prefix::host(one.value.parse().ok()?));
    Some(first)
}

/// The job: gives addresses from before the column their place, and asks for itself until none is left.
pub async fn place_addresses(app: &App, job: &Job) -> Result<()> {
    let (who, after) = (Who::Job("place_addresses").to_string(), job.walked_to()?);
    app.db
        .change(&who, async |tx| {
            let text = "select id, value from observables where kind = 'ip' and address is null and id > $2 order by id limit $1";
            let some: Vec<(Id, String)> = tx.rows(text, args![AT_ONCE, after]).await?;
            for (id, value) in &some {
                // What cannot be read as an address has a place that no network holds: it is not asked for again.
                let place = Observable::new(Kind::Ip, value).ok().and_then(|one| place_of(&one)).unwrap_or_default();
                tx.execute("update observables set address = $2 where id = $1", args![id, place]).await?;
            }
            if let Some((last, _)) = some.last() {
                tx.record(Record::new("observables.placed", "observable", *last).facts(json!({ "addresses": some.len() })));
                tx.walk_on(job, *last).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}
