//! People with a log-in: sessions, second factor, groups, tokens.

pub mod named;
mod sessions;
mod store;

use ::store::{Id, Record};
use serde_json::json;

use crate::access::{Noun, Role, Verb, Who, require};
use crate::{App, Error, Result};

pub use sessions::{Session, begin_session, visitor};

/// Somebody who is to get a log-in.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// What they type to log in: a short name or their mail address.
    pub login: String,
    /// What others see.
    pub name: String,
    /// Mail address, if known.
    pub mail: Option<String>,
    /// Role.
    pub role: Role,
    /// A member's organisation.
    pub organisation: Option<Id>,
    /// Language tag.
    pub language: String,
}

/// Adds a person, who cannot log in until a password is set.
pub async fn add(app: &App, who: &Who, new: NewPerson) -> Result<Id> {
    require(who, Verb::Keep, Noun::People)?;
    let new = checked(new)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let id = tx.new_id();
            store::insert(tx, id, &new).await?;
            tx.record(
                Record::new("person.added", "person", id)
                    .facts(json!({ "role": new.role.name(), "organisation": new.organisation }))
                    .particulars(json!({ "login": new.login, "name": new.name })),
            );
            Ok(id)
        })
        .await
        .map_err(|error| match error {
            Error::Conflict(_) => Error::conflict("somebody has this log-in name already; choose another"),
            other => other,
        })
}

fn checked(mut new: NewPerson) -> Result<NewPerson> {
    new.login = new.login.trim().to_lowercase();
    new.name = new.name.trim().to_owned();
    let good = |c: char| c.is_alphanumeric() || "._-+@".contains(c);
    if new.login.is_empty() || new.login.len() > 120 || !new.login.chars().all(good) {
        return Err(Error::invalid("A log-in name has letters, digits and . _ - + @ only, up to 120 of them"));
    }
    if new.name.is_empty() || new.name.len() > 200 {
        return Err(Error::invalid("Write the person's name, up to 200 letters"));
    }
    match (new.role, new.organisation) {
        (Role::Member, None) => Err(Error::invalid("Choose the organisation that a member belongs to")),
        (Role::Member, _) => Ok(new),
        _ => Ok(NewPerson { organisation: None, ..new }),
    }
}

/// A journal's `who` as a name for people.
pub async fn describe(reader: &mut ::store::Reader, who: &str) -> Result<String> {
    let _ = reader;
    Ok(who.to_owned())
}
