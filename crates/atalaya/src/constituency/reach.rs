//! Whom to write to: an organisation's contacts, and which of them is the right one now.

use formats::label::Tlp;
use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Value, args};

use super::Contact;
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
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self { id: row.get()?, name: row.get()?, language: row.get()?, ceiling: row.get::<String>()?.parse().ok() })
    }
}

/// The organisations of these ids.
pub async fn known(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Known>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, name, language, ceiling from organisations where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// Names of organisations, for a list to choose from.
pub async fn names(reader: &mut Reader, limit: u32) -> Result<Vec<(Id, String)>> {
    Ok(reader.rows("select id, name from organisations order by name limit $1", args![limit]).await?)
}

/// A contact with what speaks for or against writing to it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The contact.
    pub contact: Contact,
    /// Phone number, or empty.
    pub phone: String,
    /// When mail to it came back.
    pub bounced_at: Option<Timestamp>,
    /// From when it is right.
    pub valid_from: Timestamp,
    /// Until when, if it ended.
    pub valid_to: Option<Timestamp>,
}

impl FromRow for Candidate {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        let contact = Contact {
            id: row.get()?,
            organisation: row.get()?,
            name: row.get()?,
            function: row.get()?,
            mail: row.get()?,
            language: row.get()?,
            reach: row.get()?,
        };
        Ok(Self { contact, phone: row.get()?, bounced_at: row.get()?, valid_from: row.get()?, valid_to: row.get()? })
    }
}

/// Every contact of these organisations, past ones included.
pub async fn contacts_of(reader: &mut Reader, organisations: &[Id]) -> Result<Vec<Candidate>> {
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "select id, organisation_id, name, function, mail, language, reach, phone, bounced_at, valid_from, valid_to from contacts where organisation_id in (",
    );
    statement.bind_list(organisations.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// A contact that was chosen, and the reason; or the reason why there is none.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The contact.
    pub contact: Option<Contact>,
    /// Why this one, in a sentence.
    pub why: String,
}

/// The functions in the order in which an incident is told to them.
const ORDER: [&str; 6] = ["abuse", "security", "noc", "management", "legal", "press"];

/// The contact that an incident is told to at that date. Pure, so that a table can test it.
pub fn choose(candidates: &[Candidate], at: Timestamp) -> Choice {
    if candidates.is_empty() {
        return Choice { contact: None, why: "No contact is known; enter an address by hand.".into() };
    }
    let valid = |one: &&Candidate| one.valid_from <= at && one.valid_to.is_none_or(|end| at < end);
    let writable = |one: &&Candidate| one.contact.mail.as_deref().is_some_and(|mail| !mail.is_empty());
    let rank = |one: &Candidate| ORDER.iter().position(|name| *name == one.contact.function).unwrap_or(ORDER.len());
    let (ended, no_mail) = (candidates.iter().filter(|one| !valid(one)).count(), candidates.iter().filter(valid).filter(|one| !writable(one)).count());
    let bounced = candidates.iter().filter(valid).filter(writable).filter(|one| one.bounced_at.is_some()).count();
    let best = candidates
        .iter()
        .filter(valid)
        .min_by_key(|one| (!writable(one), one.bounced_at.is_some(), rank(one), one.contact.id));
    let mut passed = Vec::new();
    for (count, reason) in [(ended, "no longer valid"), (no_mail, "without a mail address"), (bounced, "whose mail came back")] {
        if count > 0 {
            passed.push(format!("{count} {reason}"));
        }
    }
    let passed = if passed.is_empty() { String::new() } else { format!(" Not counted as better: {}.", passed.join(", ")) };
    match best {
        None => Choice { contact: None, why: format!("None of {} contacts is valid today.", candidates.len()) },
        Some(one) => {
            let function = if one.contact.function.is_empty() { "only" } else { &one.contact.function };
            let reached = if !writable(&one) {
                ", and has no mail address: reach it by phone or on its page"
            } else if one.bounced_at.is_some() {
                ", though mail to it came back"
            } else {
                ""
            };
            let why = format!("The {function} contact of {}{reached}.{passed}", candidates.len());
            Choice { contact: Some(one.contact.clone()), why }
        }
    }
}
