//! Whom to write to: an organisation's contacts, and which of them is the right one now.

use ::store::{FromRow, Id, Reader, Row};
use formats::label::Tlp;
use jiff::Timestamp;

use super::contact::{Contact, FUNCTIONS};
use super::{days, store};
use crate::Result;

/// What a thread must know of an organisation.
#[derive(Clone, Debug)]
pub struct Known {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Language tag; empty when none is noted.
    pub language: String,
    /// The highest label it may get, if one is agreed.
    pub ceiling: Option<Tlp>,
}

impl FromRow for Known {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { id: row.get()?, name: row.get()?, language: row.get()?, ceiling: row.get::<String>()?.parse().ok() })
    }
}

/// The organisations of these ids.
pub async fn known(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Known>> {
    store::known(reader, ids).await
}

/// Every contact of these organisations, past ones included, by function.
pub async fn contacts_of(reader: &mut Reader, organisations: &[Id]) -> Result<Vec<Contact>> {
    let mut all = store::contacts(reader, organisations).await?;
    all.sort_by_key(|contact| turn(&contact.function));
    Ok(all)
}

/// The contacts of an organisation that were to be used at that date.
pub async fn contacts_at(reader: &mut Reader, organisation: Id, at: Timestamp) -> Result<Vec<Contact>> {
    let mut all = contacts_of(reader, &[organisation]).await?;
    all.retain(|contact| contact.holds_at(at));
    Ok(all)
}

/// A contact that was chosen, and the reason; or the reason why there is none.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The contact.
    pub contact: Option<Contact>,
    /// Why this one, in a sentence.
    pub why: String,
}

/// The contact that an incident is told to at that date.
pub fn choose(contacts: &[Contact], at: Timestamp) -> Choice {
    choose_for(contacts, at, "abuse")
}

/// The contact for a function at that date: one that is valid and can be written to, whose mail has
/// not come back, and if there is none for this function, the next one that stands in. Pure, so that
/// a table can test it.
pub fn choose_for(contacts: &[Contact], at: Timestamp, function: &str) -> Choice {
    if contacts.is_empty() {
        return Choice { contact: None, why: "No contact is known; enter an address by hand.".into() };
    }
    let valid: Vec<&Contact> = contacts.iter().filter(|contact| contact.holds_at(at)).collect();
    let rank = |one: &Contact| (!one.can_be_written_to(), one.bounced_at.is_some(), one.function != function, turn(&one.function), one.id);
    let Some(best) = valid.iter().min_by_key(|one| rank(one)) else {
        return Choice { contact: None, why: format!("None of {} contacts is valid at that date.", contacts.len()) };
    };
    let came_back = |one: &Contact| one.bounced_at.map(|at| format!("Mail to its {} contact came back on {}", one.function, days::day(at)));
    let asked = valid.iter().find(|one| one.function == function);
    let why = match (came_back(best), asked) {
        (Some(came_back), _) => format!("{came_back}, and it has no other."),
        (None, _) if !best.can_be_written_to() => format!("Its {} contact has no mail address: reach it by phone.", best.function),
        (None, _) if best.function == function => format!("Its {function} contact{}.", days::held(best.valid_from, best.valid_to)),
        (None, None) => format!("It has no {function} contact; its {} contact stands in.", best.function),
        (None, Some(asked)) => {
            let why_not = came_back(asked).unwrap_or_else(|| format!("Its {function} contact has no mail address"));
            format!("{why_not}; its {} contact stands in.", best.function)
        }
    };
    Choice { contact: Some((*best).clone()), why }
}

fn turn(function: &str) -> usize {
    FUNCTIONS.iter().position(|(name, _)| *name == function).unwrap_or(FUNCTIONS.len())
}
