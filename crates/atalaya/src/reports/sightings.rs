//! What texts name: observables, seen in a report or case, each with who held it then and, when an
//! answer named it, with the message.

use ::store::{Id, Statement, Tx, args};
use formats::observable::{DISTINCT_CAP, Observable, distinct, extract_capped};

use super::store;
use crate::Result;
use crate::constituency::{self, Match};

/// The longest observable that is kept apart, in bytes: an index holds no more.
pub(super) const LONGEST: usize = 2_000;

/// Where something was seen.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The report or case.
    pub about: Id,
    /// `report` or `case`.
    pub noun: &'static str,
    /// The message that named it; none when the report itself did.
    pub message: Option<Id>,
}

impl Place {
    /// In the text of a report.
    pub(super) fn report(about: Id) -> Self {
        Self { about, noun: "report", message: None }
    }
}

/// What a text speaks of, each once, in one order for all; whether there was more; and how many were too
/// long to keep apart.
pub(super) fn look(text: &str) -> (Vec<Observable>, bool, usize) {
    let (found, capped) = extract_capped(text, DISTINCT_CAP);
    let mut seen = distinct(&found);
    let all = seen.len();
    seen.retain(|one| one.value.len() <= LONGEST);
    let too_long = all - seen.len();
    seen.sort();
    (seen, capped, too_long)
}

/// Writes down what was seen and who holds it now.
pub(super) async fn sight(tx: &mut Tx, place: &Place, seen: &[Observable]) -> Result<Vec<Match>> {
    let ids = store::sight(tx, place, seen).await?;
    let now = tx.now();
    let owners = constituency::owners(tx, seen, now).await?;
    store::add_matches(tx, place.about, &ids, &owners).await?;
    Ok(owners)
}

/// What an answer names belongs to its report or case as well. Says how many observables that are.
pub async fn look_through(tx: &mut Tx, place: &Place, text: &str) -> Result<usize> {
    let (seen, _, _) = look(text);
    if !seen.is_empty() {
        sight(tx, place, &seen).await?;
    }
    Ok(seen.len())
}

/// What a report names is seen in its case too.
pub async fn copy_sightings_in(tx: &mut Tx, report: Id, case: Id) -> Result<()> {
    let text = "insert into sightings (observable_id, about, noun, at) select observable_id, $2, 'case', at from sightings where about = $1 \
                on conflict (observable_id, about) do nothing";
    tx.execute(text, args![report, case]).await?;
    Ok(())
}

/// What an answer to a report names is seen in all its cases.
pub(super) async fn tell_cases(tx: &mut Tx, report: Id, message: Id) -> Result<()> {
    let text = "insert into sightings (observable_id, about, noun, at) select s.observable_id, c.case_id, 'case', s.at from sightings s \
                join case_reports c on c.report_id = s.about where s.about = $1 and s.message_id = $2 on conflict (observable_id, about) do nothing";
    tx.execute(text, args![report, message]).await?;
    Ok(())
}

/// What a message named that is none of the case's any more was not seen there, as far as nothing else names it: whoever
/// calls this looks through the rest again.
pub async fn forget_in(tx: &mut Tx, about: Id, message: Id) -> Result<()> {
    for text in [
        "delete from matches where about = $1 and observable_id in (select observable_id from sightings where about = $1 and message_id = $2)",
        "delete from sightings where about = $1 and message_id = $2",
    ] {
        tx.execute(text, args![about, message]).await?;
    }
    Ok(())
}

/// What was seen in one case is seen in another, whose messages are the one's from now on.
pub async fn join_sightings_in(tx: &mut Tx, from: Id, to: Id) -> Result<()> {
    for text in [
        "insert into sightings (observable_id, about, noun, at, message_id) select observable_id, $2, noun, at, message_id from sightings where about = $1 \
         on conflict (observable_id, about) do nothing",
        "insert into matches (about, observable_id, organisation_id, resource, reason, place) select $2, observable_id, organisation_id, resource, reason, place \
         from matches where about = $1 on conflict (about, observable_id, organisation_id, resource) do nothing",
    ] {
        tx.execute(text, args![from, to]).await?;
    }
    Ok(())
}

/// An observable as a case's page shows it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Kind.
    pub kind: String,
    /// Value.
    pub value: String,
    /// In how many other reports and cases it stands, a case's own reports and what became part of another case left out; counted up to 20.
    pub elsewhere: i64,
    /// The message of the case that named it first; none when a report did.
    pub message: Option<Id>,
}

/// What was seen in a report or case. `visible` adds the condition that the thing of the id `x.about`
/// may be known of, so that a count says nothing about the rest.
pub async fn seen(reader: &mut ::store::Reader, about: Id, limit: u32, visible: impl FnOnce(&mut Statement)) -> Result<Vec<Seen>> {
    let mut statement = Statement::new(
        "select o.kind, o.value, (select count(*) from (select 1 as one from sightings x where x.observable_id = s.observable_id and x.about <> s.about \
         and not exists (select 1 from case_reports l where l.case_id = s.about and l.report_id = x.about) \
         and not exists (select 1 from cases m where m.id = x.about and m.merged_into is not null) and ",
    );
    visible(&mut statement);
    statement.push(" limit 20) others), s.message_id from sightings s join observables o on o.id = s.observable_id where s.about = ").bind(about);
    statement.push(" order by o.kind, o.value limit ").bind(limit);
    let rows: Vec<(String, String, i64, Option<Id>)> = reader.select(statement).await?;
    Ok(rows.into_iter().map(|(kind, value, elsewhere, message)| Seen { kind, value, elsewhere, message }).collect())
}

/// How many observables stand in a report or case; counted up to 1001.
pub async fn count_seen(reader: &mut ::store::Reader, about: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from (select 1 as one from sightings where about = $1 limit 1001) seen", args![about]).await?)
}
