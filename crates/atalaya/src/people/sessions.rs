//! Sessions: a random secret in a cookie, its hash in the database, an end that comes by itself.

use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use ::store::{FromRow, Id, Row, args};

use crate::access::{Person, Role, Who};
use crate::web::ctx::Visitor;
use crate::people::store;
use crate::{App, Error, Result};

/// A log-in that goes on.
#[derive(Clone, Debug)]
pub struct Session {
    /// Hash of the secret in the cookie.
    pub hash: [u8; 32],
    /// The person's language.
    pub language: String,
    /// What is still to be shown: `password` done, `enrol` a second factor, or `full`.
    pub stage: String,
}

struct Found {
    session: Session,
    person: Person,
    seen_at: jiff::Timestamp,
}

impl FromRow for Found {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let session = Session { hash: row.get()?, language: row.get()?, stage: row.get()? };
        let person = Person {
            id: row.get()?,
            name: row.get()?,
            role: Role::named(&row.get::<String>()?).unwrap_or(Role::Member),
            organisation: row.get()?,
            groups: Vec::new(),
        };
        Ok(Self { session, person, seen_at: row.get()? })
    }
}

/// Begins a session at a stage; gives the secret for the cookie.
pub async fn begin_session(app: &App, person: Id, stage: &str, agent: &str) -> Result<String> {
    let secret = BASE64URL_NOPAD.encode(&app.db.entropy().bytes::<32>());
    let hash = hash(&secret);
    let life = SignedDuration::from_hours(i64::from(app.profile.staff.absolute_hours));
    let expires = app.now().checked_add(life).map_err(Error::fault)?;
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
    app.db.keep_house(async |tx| store::insert_session(tx, hash, person, expires, &agent, stage).await).await?;
    Ok(secret)
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Who holds the secret of this session, if it is still good.
pub async fn visitor(app: &App, secret: &str) -> Result<Option<Visitor>> {
    let hash = hash(secret);
    let now = app.now();
    let mut reader = app.db.read().await?;
    let found: Option<Found> = reader
        .row(
            "select s.hash, p.language, s.stage, p.id, p.name, p.role, p.organisation_id, s.seen_at from sessions s \
             join people p on p.id = s.person_id where s.hash = $1 and s.expires_at > $2 and p.state = 'active'",
            args![hash, now],
        )
        .await?;
    let Some(Found { session, mut person, seen_at }) = found else { return Ok(None) };
    let idle = now.duration_since(seen_at);
    if idle > SignedDuration::from_mins(i64::from(app.profile.staff.idle_minutes)) {
        return Ok(None);
    }
    person.groups =
        reader.rows::<(Id,)>("select group_id from group_members where person_id = $1", args![person.id]).await?.into_iter().map(|(id,)| id).collect();
    drop(reader);
    if idle > SignedDuration::from_mins(1) {
        app.db.keep_house(async |tx| tx.execute("update sessions set seen_at = $2 where hash = $1", args![hash, now]).await).await?;
    }
    // Only a finished log-in makes somebody a person; the steps before it see a visitor with a session.
    let who = if session.stage == "full" { Who::Person(person) } else { Who::Public };
    Ok(Some(Visitor { who, session: Some(session) }))
}
