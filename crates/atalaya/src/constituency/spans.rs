//! Where prefixes begin and end, so that what lies in a network is found along an index: a network as
//! wide as the Internet reads the rows that are shown and no more.
//!
//! Prefixes never overlap in part, so whatever begins and ends within a network lies in it. Rows from before
//! there were these columns are filled in by a job; until it has ended, they are read one by one.

use ::store::{Id, Job, Reader, Record, Statement, Tx, args};
use formats::net::Prefix;
use jiff::Timestamp;
use serde_json::json;

use super::store::Holder;
use crate::access::Who;
use crate::{App, Error, Result};

/// How many rows the job fills in at once.
const AT_ONCE: u32 = 500;

/// A span as the database has it: the family, then the address. IPv4 does not lie inside IPv6 here, whatever
/// [`Prefix::bounds`] says: who asks for all of IPv6 asks for no IPv4.
pub fn span(prefix: &Prefix) -> [Vec<u8>; 2] {
    let (low, high) = prefix.bounds();
    let family = if prefix.is_v4() { 4 } else { 6 };
    [low, high].map(|address| std::iter::once(family).chain(address).collect())
}

/// The span of a resource; none if it is no prefix.
pub(super) fn span_of(kind: &str, value: &str) -> [Option<Vec<u8>>; 2] {
    let prefix = if kind == "prefix" { value.parse::<Prefix>().ok() } else { None };
    prefix.map_or([None, None], |prefix| span(&prefix).map(Some))
}

/// Whoever held a part of this network at that date, by address, the wider before what lies in it; so many at the most.
pub(super) async fn inside(reader: &mut Reader, network: &Prefix, at: Timestamp, most: usize) -> Result<Vec<(Prefix, Holder)>> {
    let [low, high] = span(network);
    let mut statement = Statement::new(HOLDER);
    statement.push("r.first_address >= ").bind(low.as_slice()).push(" and r.first_address <= ").bind(high.as_slice());
    // The network itself is no part of it, and what begins with it and is wider holds all of it.
    statement.push(" and (r.first_address > ").bind(low.as_slice()).push(" or r.last_address < ").bind(high.as_slice()).push(")");
    push_held(&mut statement, at);
    statement.push(" order by r.first_address, r.last_address desc, r.id limit ").bind(most);
    let mut found: Vec<Holder> = reader.select(statement).await?;
    let mut rest = Statement::new(HOLDER);
    rest.push("r.first_address is null");
    push_held(&mut rest, at);
    found.extend(reader.select::<Holder>(rest).await?);
    let parsed = found.into_iter().filter_map(|holder| Some((holder.value.parse::<Prefix>().ok()?, holder)));
    let mut parts: Vec<(Prefix, Holder)> = parsed.filter(|(prefix, _)| prefix != network && network.covers(prefix)).collect();
    parts.sort_by_key(|(prefix, _)| (prefix.bounds().0, prefix.len()));
    parts.truncate(most);
    Ok(parts)
}

const HOLDER: &str = "select r.organisation_id, o.name, o.status, r.value, r.valid_from, r.valid_to from resources r \
     join organisations o on o.id = r.organisation_id where r.kind = 'prefix' and ";

fn push_held(statement: &mut Statement, at: Timestamp) {
    statement.push(" and r.valid_from <= ").bind(at).push(" and (r.valid_to is null or r.valid_to > ").bind(at).push(")");
}

/// The job: gives prefixes from before the columns their spans, piece by piece, and asks for itself until none is left.
pub async fn span_prefixes(app: &App, job: &Job) -> Result<()> {
    let (who, after) = (Who::Job("span_prefixes").to_string(), job.walked_to()?);
    app.db
        .change(&who, async |tx| {
            let text = "select id, value from resources where kind = 'prefix' and first_address is null and id > $2 order by id limit $1";
            let some: Vec<(Id, String)> = tx.rows(text, args![AT_ONCE, after]).await?;
            for (id, value) in &some {
                fill_in(tx, *id, value).await?;
            }
            if let Some((last, _)) = some.last() {
                // Nobody's act, but what is written is told.
                tx.record(Record::new("registry.spanned", "registry", *last).facts(json!({ "prefixes": some.len() })));
                tx.walk_on(job, *last).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}

/// What cannot be read as a prefix gets a span that holds nothing: it is not asked for again.
async fn fill_in(tx: &mut Tx, id: Id, value: &str) -> Result<()> {
    let [first, last] = span_of("prefix", value).map(Option::unwrap_or_default);
    tx.execute("update resources set first_address = $2, last_address = $3 where id = $1", args![id, first, last]).await?;
    Ok(())
}
