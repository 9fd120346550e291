//! Who should perhaps take part in a case: those who reported, and those who hold what was seen, be it
//! in a report or in an answer. Nobody takes part by itself: a party that names others accuses them, and
//! that is for a person to weigh.

use store::{Id, Reader};

use super::Case;
use super::party_store as rows;
use crate::constituency::{self, Choice};
use crate::{App, Result, reports};

/// Somebody who should perhaps be told, and why.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The organisation.
    pub organisation: Option<Id>,
    /// The report whose reporter this is.
    pub report: Option<Id>,
    /// Name.
    pub name: String,
    /// Role that fits.
    pub role: &'static str,
    /// Why, as half a sentence: `holds 203.0.113.0/26 (…)`.
    pub why: String,
    /// Whom to write to, and why this contact.
    pub choice: Choice,
}

/// Who holds what the case's reports name, and who reported, unless they take part already.
pub async fn suggest(reader: &mut Reader, app: &App, case: &Case) -> Result<Vec<Suggestion>> {
    let parties = rows::parties(reader, case.id).await?;
    let ids = rows::reports_of(reader, case.id).await?;
    let mut suggestions = Vec::new();
    for one in reports::reported(reader, &ids).await? {
        let there = parties.iter().any(|party| party.report == Some(one.id) || (!one.mail.is_empty() && party.mail.as_deref() == Some(one.mail.as_str())));
        let told = !one.name.is_empty() || !one.mail.is_empty();
        if !there && told {
            let name = if one.name.is_empty() { one.mail.clone() } else { one.name.clone() };
            let why = if one.mail.is_empty() { "No mail address was given.".to_owned() } else { "The address of the report.".to_owned() };
            suggestions.push(Suggestion {
                organisation: one.organisation,
                report: Some(one.id),
                name,
                role: "reporter",
                why: format!("reported {}", one.number),
                choice: Choice { contact: None, why },
            });
        }
    }
    let hit = reports::hit(reader, app, &ids).await?;
    let mut holders: Vec<(Id, Vec<String>, bool)> = Vec::new();
    let mut seen = reports::seen(reader, &ids).await?;
    seen.extend(reports::seen_in_messages(reader, case.id).await?);
    let held = seen.into_iter().filter(|seen| seen.place == 0).filter_map(|seen| Some((seen.holder?, seen.observable)));
    for (holder, seen) in held.filter(|(id, _)| parties.iter().all(|party| party.organisation != Some(*id))) {
        let at = holders.iter().position(|(id, _, _)| *id == holder).unwrap_or_else(|| {
            holders.push((holder, Vec::new(), false));
            holders.len() - 1
        });
        if let Some((_, values, is_hit)) = holders.get_mut(at) {
            *is_hit |= hit.observables.contains(&seen);
            if !values.contains(&seen.value) {
                values.push(seen.value);
            }
        }
    }
    let impersonated = constituency::found::named_in(reader, &hit.impersonated).await?;
    for id in impersonated.iter().filter(|id| parties.iter().all(|party| party.organisation != Some(**id))) {
        if holders.iter().all(|(holder, _, _)| holder != id) {
            holders.push((*id, Vec::new(), true));
        }
    }
    let ids: Vec<Id> = holders.iter().map(|(id, _, _)| *id).collect();
    let known = constituency::known(reader, &ids).await?;
    let contacts = constituency::contacts_of(reader, &ids).await?;
    let now = reader.now();
    for (id, values, is_hit) in holders {
        let Some(one) = known.iter().find(|one| one.id == id) else { continue };
        let theirs: Vec<_> = contacts.iter().filter(|contact| contact.organisation == id).cloned().collect();
        let more = values.len().saturating_sub(3);
        let listed: Vec<String> = values.into_iter().take(3).collect();
        let why = if more > 0 { format!("holds {} and {more} more", listed.join(", ")) } else { format!("holds {}", listed.join(", ")) };
        let (role, why) = match () {
            () if impersonated.contains(&id) => ("target", "named as whom somebody pretends to be".to_owned()),
            () if is_hit => ("target", format!("{why}: named as what was hit")),
            () => ("source", why),
        };
        let choice = constituency::choose(&theirs, now);
        suggestions.push(Suggestion { organisation: Some(id), report: None, name: one.name.clone(), role, why, choice });
    }
    Ok(suggestions)
}
