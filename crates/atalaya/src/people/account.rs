//! One's own log-in: name, language, password, second factor, sessions.

use ::store::{Id, Record};
use serde_json::json;

use super::{Listed, Login, Session, factor, login, password, sessions, store};
use crate::access::{Noun, Role, Verb, Who, require};
use crate::{App, Error, Result};

/// What somebody sees of their own log-in.
#[derive(Clone, Debug)]
pub struct Account {
    /// What they type to log in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// Language tag.
    pub language: String,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// Whether the team wants one of them.
    pub required: bool,
    /// Recovery codes that are left.
    pub codes_left: i64,
    /// Where they are logged in.
    pub sessions: Vec<Listed>,
}

/// One's own log-in.
pub async fn account(app: &App, who: &Who, session: Option<&Session>) -> Result<Account> {
    let found = own(app, who, Verb::See).await?;
    let mut reader = app.db.read().await?;
    let codes_left = store::recovery_left(&mut reader, found.id).await?;
    drop(reader);
    Ok(Account {
        second_factor: found.totp.is_some(),
        required: required(app, found.role),
        codes_left,
        sessions: sessions::sessions(app, found.id, session).await?,
        login: found.login,
        name: found.name,
        language: found.language,
    })
}

/// Whether the team wants a second factor of this role.
fn required(app: &App, role: Role) -> bool {
    role != Role::Member && app.profile.staff.require_totp
}

/// What the rules say; the page of one's account says it in the reader's language.
pub const WRONG_PASSWORD: &str = "This is not your current password";
/// See [`WRONG_PASSWORD`].
pub const NO_NAME: &str = "Write your name, up to 200 letters";
/// See [`WRONG_PASSWORD`].
pub const NO_LANGUAGE: &str = "Choose one of the languages";
/// See [`WRONG_PASSWORD`].
pub const NOT_THE_SAME: &str = "The two new passwords are not the same";

async fn own(app: &App, who: &Who, verb: Verb) -> Result<Login> {
    require(who, verb, Noun::Account)?;
    let id = who.person().ok_or(Error::LogIn)?.id;
    let mut reader = app.db.read().await?;
    store::login_of(&mut reader, id).await?.ok_or(Error::LogIn)
}

/// [`own`], after the password was given once more.
async fn proven(app: &App, who: &Who, given: &str) -> Result<Login> {
    let found = own(app, who, Verb::Change).await?;
    let budget = format!("account:{}", found.id);
    crate::web::throttle::allow(app, &budget, 10, jiff::SignedDuration::from_mins(15)).await?;
    if !password::verify(given, Some(&found.password)).await? {
        return Err(Error::invalid(WRONG_PASSWORD));
    }
    crate::web::throttle::forget(app, &budget).await?;
    Ok(found)
}

/// Changes name and language.
pub async fn change_account(app: &App, who: &Who, name: &str, language: &str) -> Result<()> {
    let found = own(app, who, Verb::Change).await?;
    let name = name.trim();
    if name.is_empty() || name.len() > 200 {
        return Err(Error::invalid(NO_NAME));
    }
    if !app.languages.offered().iter().any(|tag| tag == language) {
        return Err(Error::invalid(NO_LANGUAGE));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            store::rename(tx, found.id, name, language).await?;
            tx.record(Record::new("person.changed", "person", found.id).facts(json!({ "language": language })).particulars(json!({ "name": name })));
            Ok(())
        })
        .await
}

/// Changes one's password, and ends all other sessions.
pub async fn change_password(app: &App, who: &Who, session: Option<&Session>, old: &str, new: &str, again: &str) -> Result<()> {
    let found = proven(app, who, old).await?;
    if new != again {
        return Err(Error::invalid(NOT_THE_SAME));
    }
    password::check(new, &found.login)?;
    let hash = password::hash(app, new).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            store::set_password(tx, found.id, &hash).await?;
            store::end_sessions(tx, found.id, session.map(|session| session.hash)).await?;
            tx.record(Record::new("person.password_changed", "person", found.id));
            Ok(())
        })
        .await
}

/// Sets up a second factor from one's account. `None`: the code was wrong.
pub async fn set_factor(app: &App, who: &Who, session: &Session, given: &str, code: &str) -> Result<Option<Vec<String>>> {
    let found = proven(app, who, given).await?;
    enrol(app, &who.to_string(), found.id, &found.login, session, code, false).await
}

/// Keeps the secret that was offered to this session once a code proves that the phone has it. The
/// `first` one is set up with a password alone, so it never takes the place of another.
pub(super) async fn enrol(app: &App, who: &str, id: Id, login: &str, session: &Session, code: &str, first: bool) -> Result<Option<Vec<String>>> {
    let offer = factor::offer(app, &session.hash, login)?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(step) = factor::step(app, &offer.secret, &digits)? else { return Ok(None) };
    let sealed = factor::seal(app, &offer.secret)?;
    let codes = factor::recovery_codes(app);
    app.db
        .change(who, async |tx| {
            if !first {
                store::set_totp(tx, id, Some(&sealed), step).await?;
            } else if !store::set_first_totp(tx, id, &sealed, step).await? {
                return Err(Error::LogIn);
            }
            store::end_enrolments(tx, id, session.hash).await?;
            store::set_recovery(tx, id, &codes).await?;
            tx.record(Record::new("person.second_factor_set", "person", id));
            Ok(Some(codes))
        })
        .await
}

/// Takes the second factor away, where the team lets people choose.
pub async fn remove_factor(app: &App, who: &Who, given: &str) -> Result<()> {
    let found = proven(app, who, given).await?;
    if required(app, found.role) {
        return Err(Error::conflict("your team asks for a second factor; you can set it up anew, not remove it"));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            store::set_totp(tx, found.id, None, 0).await?;
            store::set_recovery(tx, found.id, &[]).await?;
            tx.record(Record::new("person.second_factor_removed", "person", found.id));
            Ok(())
        })
        .await
}

/// Makes new recovery codes; the old ones end.
pub async fn renew_codes(app: &App, who: &Who, given: &str) -> Result<Vec<String>> {
    let found = proven(app, who, given).await?;
    if found.totp.is_none() {
        return Err(Error::conflict("set up a second factor first"));
    }
    let codes = factor::recovery_codes(app);
    app.db
        .change(&who.to_string(), async |tx| {
            store::set_recovery(tx, found.id, &codes).await?;
            tx.record(Record::new("person.recovery_codes_renewed", "person", found.id));
            Ok(codes)
        })
        .await
}

/// Ends one of one's own sessions, or with no key all others.
pub async fn revoke_sessions(app: &App, who: &Who, this: Option<&Session>, key: Option<&str>) -> Result<()> {
    let found = own(app, who, Verb::Change).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            for (hash, ..) in store::sessions(tx, found.id, jiff::Timestamp::MIN, jiff::Timestamp::MIN).await? {
                let wanted = key.map_or_else(|| this.is_none_or(|this| this.hash != hash), |key| key == sessions::key(&hash));
                if wanted {
                    store::end_session(tx, hash).await?;
                }
            }
            tx.record(Record::new("person.sessions_ended", "person", found.id).facts(json!({ "all_others": key.is_none() })));
            Ok(())
        })
        .await
}

/// The person of a log-in that is not finished: its name on the pages of the second step.
pub async fn login_name(app: &App, session: &Session) -> Result<String> {
    Ok(login::unfinished(app, session, &session.stage).await?.login)
}
