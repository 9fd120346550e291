//! Who has a case, who watches it, and who alone may know of it.

use serde_json::json;
use store::{Id, Reader, Record, Tx, args};

use super::{Case, see, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::people::{NEED_TO_KNOW, named};
use crate::{App, Error, Result};

/// Gives a case to somebody, or to nobody.
pub async fn assign(app: &App, who: &Who, id: Id, owner: Option<Id>) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::here(tx, who, id).await?;
            if case.owner == owner {
                return Ok(());
            }
            if let Some(owner) = owner
                && !named::staff(tx).await?.iter().any(|(id, _)| *id == owner)
            {
                return Err(Error::invalid("Choose somebody of the team"));
            }
            let from = std::mem::replace(&mut case.owner, owner);
            if !is_known_to_somebody(tx, &case).await? {
                return Err(Error::invalid("This case is restricted to its owner: name a group before you leave it, with somebody in it"));
            }
            rows::save(tx, &mut case).await?;
            rows::share_secrecy(tx, &case).await?;
            tx.record(Record::new("case.assigned", "case", id).facts(json!({ "from": from, "to": owner })));
            Ok(())
        })
        .await
}

/// Watches a case, or no longer.
pub async fn watch(app: &App, who: &Who, id: Id, on: bool) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    let Some(person) = who.person().map(|person| person.id) else { return Err(Error::NotFound) };
    app.db
        .change(&who.to_string(), async |tx| {
            let case = see::get(tx, who, id).await?;
            let touched = if on {
                tx.execute("insert into watchers (case_id, person_id) values ($1, $2) on conflict (case_id, person_id) do nothing", args![case.id, person])
                    .await?
            } else {
                tx.execute("delete from watchers where case_id = $1 and person_id = $2", args![case.id, person]).await?
            };
            if touched > 0 {
                tx.record(Record::new(if on { "case.watched" } else { "case.unwatched" }, "case", id));
            }
            Ok(())
        })
        .await
}

/// Who watches a case.
pub async fn watchers(reader: &mut Reader, id: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = reader.rows("select person_id from watchers where case_id = $1 order by person_id", args![id]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether anybody who can log in may know of a case: a restricted one that nobody sees is lost.
pub(super) async fn is_known_to_somebody(tx: &mut Tx, case: &Case) -> Result<bool> {
    if !case.restricted {
        return Ok(true);
    }
    tx.alone(NEED_TO_KNOW).await?;
    if named::staff(tx).await?.iter().any(|(id, _)| case.owner == Some(*id)) {
        return Ok(true);
    }
    match case.group {
        Some(group) => named::somebody_in(tx, group).await,
        None => Ok(false),
    }
}

/// Whether somebody of the team may know of a case.
pub(super) async fn is_known_to(tx: &mut Tx, case: &Case, person: Id) -> Result<bool> {
    match (case.restricted && case.owner != Some(person), case.group) {
        (false, _) => Ok(true),
        (true, Some(group)) => named::is_in(tx, group, person).await,
        (true, None) => Ok(false),
    }
}

/// Lets only the owner and a group know of a case, or everybody of the team again.
pub async fn restrict(app: &App, who: &Who, id: Id, restricted: bool, group: Option<Id>) -> Result<()> {
    require(who, Verb::Decide, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::here(tx, who, id).await?;
            if let Some(group) = group
                && !named::groups(tx).await?.iter().any(|(id, _)| *id == group)
            {
                return Err(Error::invalid("Choose a group"));
            }
            case.restricted = restricted;
            case.group = group.filter(|_| restricted);
            if !is_known_to_somebody(tx, &case).await? {
                return Err(Error::invalid("Nobody would see it: give it an owner, or a group with somebody in it"));
            }
            if !see::may_see(&case, who) {
                return Err(Error::invalid("You would lock yourself out: choose a group of yours, or take the case first"));
            }
            rows::save(tx, &mut case).await?;
            rows::share_secrecy(tx, &case).await?;
            tx.record(Record::new("case.restricted", "case", id).facts(json!({ "restricted": restricted, "group": case.group })));
            Ok(())
        })
        .await
}
