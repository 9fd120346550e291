//! Groups: who may see a restricted case.

use std::collections::BTreeMap;

use ::store::{Id, Reader, Record};
use serde_json::json;

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, once};

/// A group with its members.
#[derive(Clone, Debug)]
pub struct Group {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Members, by name.
    pub members: Vec<(Id, String)>,
}

/// All groups, by name.
pub async fn groups(reader: &mut Reader) -> Result<Vec<Group>> {
    let mut members: BTreeMap<Id, Vec<(Id, String)>> = BTreeMap::new();
    for (group, person, name) in store::group_members(reader).await? {
        members.entry(group).or_default().push((person, name));
    }
    let all = store::groups(reader).await?;
    Ok(all.into_iter().map(|(id, name)| Group { id, name, members: members.remove(&id).unwrap_or_default() }).collect())
}

/// Makes a group.
pub async fn add_group(app: &App, who: &Who, name: &str) -> Result<Id> {
    require(who, Verb::Keep, Noun::People)?;
    let name = name.trim();
    if name.is_empty() || name.len() > 100 {
        return Err(Error::invalid("Write a name for the group, up to 100 letters"));
    }
    let added = app
        .db
        .change(&who.to_string(), async |tx| {
            if let Some(there) = once::made(tx, who).await? {
                return Ok(there);
            }
            let id = tx.new_id();
            store::insert_group(tx, id, name).await?;
            tx.record(Record::new("group.added", "group", id).facts(json!({ "name": name })));
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await;
    added.map_err(|error| if matches!(error, Error::Conflict(_)) { Error::conflict("there is a group of this name already") } else { error })
}

/// Puts a person into a group, or takes them out.
pub async fn set_membership(app: &App, who: &Who, group: Id, person: Id, within: bool) -> Result<()> {
    require(who, Verb::Keep, Noun::People)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if !store::is_group(tx, group).await? {
                return Err(Error::NotFound);
            }
            let role = store::role_of(tx, person).await?.ok_or(Error::NotFound)?;
            if within && !crate::access::Role::named(&role).is_some_and(crate::access::Role::is_staff) {
                return Err(Error::invalid("Only analysts, leads and admins can be in a group"));
            }
            tx.alone(super::NEED_TO_KNOW).await?;
            store::set_membership(tx, group, person, within).await?;
            if !within && !store::somebody_in(tx, group).await? && store::for_group_alone(tx, group).await? > 0 {
                return Err(Error::conflict(
                    "Restricted cases are known to this group only, and nobody who can log in would be left in it: put somebody else in first.",
                ));
            }
            let verb = if within { "group.joined" } else { "group.left" };
            tx.record(Record::new(verb, "group", group).facts(json!({ "person": person })));
            Ok(())
        })
        .await
}
