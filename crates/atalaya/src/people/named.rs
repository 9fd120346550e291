//! What people are called: for lists of owners, and for the journal's `who`.

use std::collections::HashMap;

use ::store::{Id, Reader};

use super::store;
use crate::Result;

/// Everybody who can own a report or a case, by name.
pub async fn staff(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(store::staff(reader).await?)
}

/// Everybody of the team, auditors and those who left included, by name.
pub async fn team(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(store::team(reader).await?)
}

/// The groups that a case may be restricted to, by name.
pub async fn groups(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(store::groups(reader).await?)
}

/// Whether anybody of the team who can log in is in a group.
pub async fn somebody_in(reader: &mut Reader, group: Id) -> Result<bool> {
    Ok(store::somebody_in(reader, group).await?)
}

/// A person's name.
pub async fn name_of(reader: &mut Reader, id: Id) -> Result<String> {
    Ok(store::names(reader, &[id]).await?.into_iter().next().map_or_else(|| "somebody".to_owned(), |(_, name)| name))
}

/// The names of these people.
pub async fn names(reader: &mut Reader, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(store::names(reader, ids).await?.into_iter().collect())
}

/// The journal's `who` in words: a person's name, “the reporter”, “a party”, ...
pub async fn describe(reader: &mut Reader, who: &str) -> Result<String> {
    let (kind, id) = who.split_once(':').unwrap_or((who, ""));
    if let ("person", Ok(id)) = (kind, id.parse()) {
        return name_of(reader, id).await;
    }
    if let ("token", Ok(id)) = (kind, id.parse()) {
        return Ok(store::token_name(reader, id).await?.unwrap_or_else(|| "a program".into()));
    }
    let words = match kind {
        "reporter" => "the reporter",
        "party" => "a party",
        "public" => "a visitor",
        "operator" => "the operator",
        "job" | "mail" | "house" => "Atalaya",
        other => other,
    };
    Ok(words.to_owned())
}
