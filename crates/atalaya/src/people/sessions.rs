//! Sessions: a random secret in a cookie, its hash in the database, an end that comes by itself.

use ::store::{Id, Tx};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::access::{Person, Who};
use crate::people::store;
use crate::web::ctx::Visitor;
use crate::{App, Error, Result};

/// How long the steps of a log-in may take.
const STEPS: SignedDuration = SignedDuration::from_mins(20);

/// A log-in that goes on.
#[derive(Clone, Debug)]
pub struct Session {
    /// Hash of the secret in the cookie.
    pub hash: [u8; 32],
    /// The person's language.
    pub language: String,
    /// What is still to be shown: a `code`, `enrol` a second factor, or nothing (`full`).
    pub stage: String,
    /// Whose it is; somebody of the program's view only once the stage is `full`.
    pub person: Id,
}

/// A session as its owner sees it in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// First half of its hash in hex: enough to name it.
    pub key: String,
    /// Browser and system, as the browser says.
    pub agent: String,
    /// Log-in.
    pub created_at: Timestamp,
    /// Last request, to the minute.
    pub seen_at: Timestamp,
    /// The one that asks.
    pub this: bool,
}

/// Begins a session at a stage, in a change that does more; gives the secret for the cookie.
pub(super) async fn begin(tx: &mut Tx, app: &App, person: Id, stage: &str, agent: &str) -> Result<String> {
    let secret = BASE64URL_NOPAD.encode(&tx.random::<32>());
    let life = if stage == "full" { SignedDuration::from_hours(i64::from(app.profile.staff.absolute_hours)) } else { STEPS };
    let expires = tx.now().checked_add(life).map_err(Error::fault)?;
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
    store::insert_session(tx, hash(&secret), person, expires, &agent, stage).await?;
    Ok(secret)
}

/// Begins a session at a stage; gives the secret for the cookie.
pub async fn begin_session(app: &App, person: Id, stage: &str, agent: &str) -> Result<String> {
    let mut secret = Err(Error::LogIn);
    app.db
        .keep_house(async |tx| {
            secret = begin(tx, app, person, stage, agent).await;
            Ok(())
        })
        .await?;
    secret
}

/// Ends the session with this hash.
pub async fn end_session(app: &App, session: &Session) -> Result<()> {
    app.db.keep_house(async |tx| store::end_session(tx, session.hash).await).await?;
    Ok(())
}

/// A person's finished log-ins that still go on, the newest first.
pub async fn sessions(app: &App, person: Id, this: Option<&Session>) -> Result<Vec<Listed>> {
    let mut reader = app.db.read().await?;
    let now = reader.now();
    let rows = store::sessions(&mut reader, person, now, oldest_seen(app)).await?;
    let listed = |(hash, agent, created_at, seen_at): ([u8; 32], String, Timestamp, Timestamp)| Listed {
        key: key(&hash),
        agent,
        created_at,
        seen_at,
        this: this.is_some_and(|session| session.hash == hash),
    };
    Ok(rows.into_iter().map(listed).collect())
}

pub(super) fn key(hash: &[u8; 32]) -> String {
    HEXLOWER.encode(hash.get(..16).unwrap_or_default())
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whoever was seen last before this has been idle for too long.
fn oldest_seen(app: &App) -> Timestamp {
    app.now().checked_sub(SignedDuration::from_mins(i64::from(app.profile.staff.idle_minutes))).unwrap_or(Timestamp::MIN)
}

/// Who holds the secret of this session, if it is still good.
pub async fn visitor(app: &App, secret: &str) -> Result<Option<Visitor>> {
    let hash = hash(secret);
    let mut reader = app.db.read().await?;
    let Some(visit) = store::visit(&mut reader, hash, oldest_seen(app)).await? else { return Ok(None) };
    let groups = store::groups_of(&mut reader, visit.person).await?;
    drop(reader);
    if app.now().duration_since(visit.seen_at) > SignedDuration::from_mins(1) {
        // On a full disk reading goes on: then the session just looks a little older.
        if let Err(error) = app.db.keep_house(async |tx| store::touch_session(tx, hash).await).await {
            tracing::warn!(%error, "a session could not be marked as seen");
        }
    }
    let session = Session { hash, language: visit.language, stage: visit.stage, person: visit.person };
    let person = Person { id: visit.person, name: visit.name, role: visit.role, organisation: visit.organisation, groups, form: None };
    // Only a finished log-in makes somebody a person; the steps before it see a visitor with a session.
    let who = if session.stage == "full" { Who::Person(person) } else { Who::Public };
    Ok(Some(Visitor { who, session: Some(session) }))
}
