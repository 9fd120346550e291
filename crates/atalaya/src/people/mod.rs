//! People with a log-in: their roles and groups, how they prove who they are, and the tokens of programs.
//!
//! What somebody may do stands in `access.rs`; here stands who they are. A person is never deleted,
//! because the journal names them: they are disabled.

pub(crate) mod account;
pub(crate) mod factor;
mod groups;
mod login;
pub mod named;
mod password;
mod sessions;
mod store;
mod tokens;
pub mod views;
pub mod web;

use ::store::{Id, Reader, Record, Tx};
use jiff::Timestamp;
use serde_json::json;

use crate::access::{Noun, Role, Verb, Who, require};
use crate::{App, Error, Result};

pub use account::{Account, account, change_account, change_password, remove_factor, renew_codes, revoke_sessions, set_factor};
pub use factor::{Offer, code_at};
pub use groups::{Group, add_group, groups, set_membership};
pub use login::{Browser, Entered, device_cookie, home, home_of, with_code, with_enrolment, with_password};
pub use named::{describe, describe_all, name_of, names, staff};
pub use password::check as check_password;
pub use sessions::{Listed, Session, begin_session, end_session, visitor};
pub use tokens::{EVERY_FEED, NewToken, SCOPES, Token, add_token, make_token, may_deliver, revoke_token, token, tokens};

/// Somebody who is to get a log-in, or what is to be changed about them.
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

/// A person as the list shows them.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Id.
    pub id: Id,
    /// What they type to log in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// Mail address.
    pub mail: Option<String>,
    /// Role.
    pub role: Role,
    /// A member's organisation.
    pub organisation: Option<Id>,
    /// Language tag.
    pub language: String,
    /// Whether they may log in.
    pub active: bool,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a log-in is checked against.
#[derive(Clone, Debug)]
pub struct Login {
    /// Id.
    pub id: Id,
    /// What they type.
    pub login: String,
    /// What others see.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Language tag.
    pub language: String,
    /// Hash, or empty.
    password: String,
    /// Sealed secret of the second factor.
    totp: Option<String>,
    /// `active` or `disabled`.
    state: String,
}

/// Everybody, by name. Only whoever may see the list gets it.
pub async fn everybody(reader: &mut Reader, who: &Who) -> Result<Vec<Listing>> {
    require(who, Verb::See, Noun::People)?;
    Ok(store::everybody(reader).await?)
}

/// One person.
pub async fn one(reader: &mut Reader, who: &Who, id: Id) -> Result<Listing> {
    require(who, Verb::See, Noun::People)?;
    store::one(reader, id).await?.ok_or(Error::NotFound)
}

/// Whether somebody of an organisation can log in.
pub async fn can_log_in(reader: &mut Reader, organisation: Id) -> Result<bool> {
    Ok(store::can_log_in(reader, organisation).await?)
}

/// The person with this log-in name.
pub async fn by_login(reader: &mut Reader, login: &str) -> Result<Option<Id>> {
    Ok(store::login(reader, &login.trim().to_lowercase()).await?.map(|found| found.id))
}

/// Adds a person, who cannot log in until a password is set ([`set_password`], [`reset`]).
pub async fn add(app: &App, who: &Who, new: NewPerson) -> Result<Id> {
    require(who, Verb::Keep, Noun::People)?;
    let new = checked(app, new)?;
    let added = app
        .db
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
        .await;
    added.map_err(taken)
}

/// Changes what is known about a person. Another role takes effect with their next request.
pub async fn change(app: &App, who: &Who, id: Id, new: NewPerson) -> Result<()> {
    require(who, Verb::Keep, Noun::People)?;
    let new = checked(app, new)?;
    let changed = app
        .db
        .change(&who.to_string(), async |tx| {
            let before = store::one(tx, id).await?.ok_or(Error::NotFound)?;
            if before.role == Role::Admin && new.role != Role::Admin {
                another_admin(tx, id).await?;
            }
            if before.role.is_staff() && !new.role.is_staff() {
                holds_nothing_alone(tx, id).await?;
            }
            store::update(tx, id, &new).await?;
            tx.record(
                Record::new("person.changed", "person", id)
                    .facts(json!({ "role": new.role.name(), "before": before.role.name(), "organisation": new.organisation }))
                    .particulars(json!({ "login": new.login, "name": new.name })),
            );
            Ok(())
        })
        .await;
    changed.map_err(taken)
}

/// Sets a person's password. Used where the person chose it, or the operator did.
pub async fn set_password(app: &App, who: &Who, id: Id, text: &str) -> Result<()> {
    require(who, Verb::Keep, Noun::People)?;
    let mut reader = app.db.read().await?;
    let found = store::login_of(&mut reader, id).await?.ok_or(Error::NotFound)?;
    drop(reader);
    password::check(text, &found.login)?;
    let hash = password::hash(app, text).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            store::set_password(tx, id, &hash).await?;
            store::end_sessions(tx, id, None).await?;
            tx.record(Record::new("person.password_set", "person", id));
            Ok(())
        })
        .await
}

/// Gives somebody who was just added a first password, shown this once.
pub async fn first_password(app: &App, who: &Who, id: Id) -> Result<String> {
    let text = password::generate(app);
    set_password(app, who, id, &text).await?;
    Ok(text)
}

/// Gives a person a new password, shown this once, and takes second factor and sessions away:
/// for the lost phone, the forgotten password, the stolen notebook.
pub async fn reset(app: &App, who: &Who, id: Id) -> Result<String> {
    require(who, Verb::Keep, Noun::People)?;
    let text = password::generate(app);
    let hash = password::hash(app, &text).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            store::one(tx, id).await?.ok_or(Error::NotFound)?;
            store::set_password(tx, id, &hash).await?;
            store::set_totp(tx, id, None, 0).await?;
            store::set_recovery(tx, id, &[]).await?;
            store::end_sessions(tx, id, None).await?;
            tx.record(Record::new("person.reset", "person", id));
            Ok(text)
        })
        .await
}

/// Lets a person log in again, or no longer; who is inside is outside at once.
pub async fn set_active(app: &App, who: &Who, id: Id, active: bool) -> Result<()> {
    require(who, Verb::Keep, Noun::People)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let before = store::one(tx, id).await?.ok_or(Error::NotFound)?;
            if !active && before.role == Role::Admin {
                another_admin(tx, id).await?;
            }
            if !active {
                holds_nothing_alone(tx, id).await?;
            }
            store::set_state(tx, id, if active { "active" } else { "disabled" }).await?;
            store::end_sessions(tx, id, None).await?;
            tx.record(Record::new(if active { "person.enabled" } else { "person.disabled" }, "person", id));
            Ok(())
        })
        .await
}

/// Somebody must be left who can keep people; the command line is the last way back.
async fn another_admin(tx: &mut Tx, id: Id) -> Result<()> {
    // Two admins who disable each other at the same moment do it one after the other.
    tx.alone("admins").await?;
    if store::other_admins(tx, id).await? == 0 {
        return Err(Error::conflict("this is the last admin; make somebody else one first"));
    }
    Ok(())
}

/// Restricted cases that exist for this person only; the command line hands them over.
pub async fn held_alone(reader: &mut Reader, who: &Who, id: Id) -> Result<Vec<Id>> {
    require(who, Verb::Keep, Noun::People)?;
    Ok(store::held_alone(reader, id).await?)
}

/// Whoever takes somebody away from those who know of restricted cases does it alone: of the last two, one stays.
pub const NEED_TO_KNOW: &str = "need to know";

/// A case that one person alone may know of must not leave with them.
async fn holds_nothing_alone(tx: &mut Tx, id: Id) -> Result<()> {
    tx.alone(NEED_TO_KNOW).await?;
    let cases = match store::held_alone(tx, id).await?.len() {
        0 => return Ok(()),
        1 => "1 restricted case is".to_owned(),
        more => format!("{more} restricted cases are"),
    };
    Err(Error::conflict(format!(
        "{cases} known to this person only and would be lost to everybody: they hand them over first, or somebody else joins the group. To keep them out until then, reset the log-in."
    )))
}

fn taken(error: Error) -> Error {
    if matches!(&error, Error::Conflict(text) if text == "this exists already") {
        return Error::conflict("somebody has this log-in name already; choose another");
    }
    error
}

fn checked(app: &App, mut new: NewPerson) -> Result<NewPerson> {
    new.login = new.login.trim().to_lowercase();
    new.name = new.name.trim().to_owned();
    new.mail = new.mail.map(|mail| mail.trim().to_owned()).filter(|mail| !mail.is_empty());
    let good = |c: char| c.is_alphanumeric() || "._-+@".contains(c);
    if new.login.is_empty() || new.login.len() > 120 || !new.login.chars().all(good) {
        return Err(Error::invalid("A log-in name has letters, digits and . _ - + @ only, up to 120 of them"));
    }
    if new.name.is_empty() || new.name.len() > 200 {
        return Err(Error::invalid("Write the person's name, up to 200 letters"));
    }
    if !app.languages.offered().contains(&new.language) {
        app.languages.first().clone_into(&mut new.language);
    }
    match (new.role, new.organisation) {
        (Role::Member, None) => Err(Error::invalid("Choose the organisation that a member belongs to")),
        (Role::Member, _) => Ok(new),
        _ => Ok(NewPerson { organisation: None, ..new }),
    }
}
