//! What people are called: for lists of owners, and for the journal's `who`.

use std::collections::{HashMap, HashSet};

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

/// Whether a person is in a group.
pub async fn is_in(reader: &mut Reader, group: Id, person: Id) -> Result<bool> {
    Ok(store::is_in(reader, group, person).await?)
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
    Ok(describe_all(reader, [who]).await?.remove(who).unwrap_or_default())
}

/// [`describe`] for all that a page shows, each once: two questions, however many there are.
pub async fn describe_all<'a>(reader: &mut Reader, whos: impl IntoIterator<Item = &'a str>) -> Result<HashMap<String, String>> {
    let whos: HashSet<&str> = whos.into_iter().collect();
    let ids = |kind: &str| whos.iter().filter_map(|who| who.strip_prefix(kind)?.parse().ok()).collect::<Vec<Id>>();
    let people = names(reader, &ids("person:")).await?;
    let tokens: HashMap<Id, String> = store::token_names(reader, &ids("token:")).await?.into_iter().collect();
    let words = |who: &str| {
        let (kind, id) = who.split_once(':').unwrap_or((who, ""));
        let named = |names: &HashMap<Id, String>| id.parse().ok().and_then(|id: Id| names.get(&id).cloned());
        let words = match kind {
            "person" => return named(&people).unwrap_or_else(|| "somebody".into()),
            "token" => return named(&tokens).unwrap_or_else(|| "a program".into()),
            "reporter" => "the reporter",
            "party" => "a party",
            "public" => "a visitor",
            "operator" => "the operator",
            "job" | "mail" | "house" => "Atalaya",
            other => other,
        };
        words.to_owned()
    };
    Ok(whos.iter().map(|who| ((*who).to_owned(), words(who))).collect())
}
