//! SQL of people, sessions, groups and tokens.

use ::store::{Error, FromRow, Id, Reader, Result, Row, Statement, Tx, Value, args};
use jiff::Timestamp;

use super::{Listing, Login, NewPerson, Token, factor};
use crate::access::Role;

impl FromRow for Login {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            login: row.get()?,
            name: row.get()?,
            role: role(row)?,
            language: row.get()?,
            password: row.get()?,
            totp: row.get()?,
            state: row.get()?,
        })
    }
}

impl FromRow for Listing {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            login: row.get()?,
            name: row.get()?,
            mail: row.get()?,
            role: role(row)?,
            organisation: row.get()?,
            language: row.get()?,
            active: row.get::<String>()? == "active",
            second_factor: row.get()?,
            created_at: row.get()?,
        })
    }
}

impl FromRow for Token {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            name: row.get()?,
            organisation: row.get()?,
            scope: row.get()?,
            feeds: named(&row.get::<String>()?),
            created_at: row.get()?,
            used_at: row.get()?,
            revoked_at: row.get()?,
        })
    }
}

fn role(row: &mut Row) -> Result<Role> {
    Role::named(&row.get::<String>()?).ok_or(Error::Shape("a role"))
}

// ---- people ----

pub async fn insert(tx: &mut Tx, id: Id, new: &NewPerson) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into people (id, login, name, mail, role, organisation_id, language, password, totp_secret, totp_step, state, created_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, '', null, 0, 'active', $8, 1)",
        args![id, &new.login, &new.name, new.mail.clone(), new.role.name(), new.organisation, &new.language, now],
    )
    .await?;
    Ok(())
}

pub async fn update(tx: &mut Tx, id: Id, new: &NewPerson) -> Result<()> {
    tx.execute(
        "update people set login = $2, name = $3, mail = $4, role = $5, organisation_id = $6, language = $7, version = version + 1 where id = $1",
        args![id, &new.login, &new.name, new.mail.clone(), new.role.name(), new.organisation, &new.language],
    )
    .await?;
    Ok(())
}

pub async fn everybody(reader: &mut Reader) -> Result<Vec<Listing>> {
    reader
        .rows(
            "select id, login, name, mail, role, organisation_id, language, state, case when totp_secret is null then 0 else 1 end, created_at \
             from people order by name, id",
            vec![],
        )
        .await
}

pub async fn one(reader: &mut Reader, id: Id) -> Result<Option<Listing>> {
    reader
        .row(
            "select id, login, name, mail, role, organisation_id, language, state, case when totp_secret is null then 0 else 1 end, created_at \
             from people where id = $1",
            args![id],
        )
        .await
}

pub async fn login(reader: &mut Reader, login: &str) -> Result<Option<Login>> {
    reader.row("select id, login, name, role, language, password, totp_secret, state from people where login = $1", args![login]).await
}

pub async fn login_of(reader: &mut Reader, id: Id) -> Result<Option<Login>> {
    reader.row("select id, login, name, role, language, password, totp_secret, state from people where id = $1", args![id]).await
}

pub async fn role_of(reader: &mut Reader, id: Id) -> Result<Option<String>> {
    reader.value("select role from people where id = $1", args![id]).await
}

pub async fn other_admins(reader: &mut Reader, id: Id) -> Result<i64> {
    reader.count("select count(*) from people where role = 'admin' and state = 'active' and id <> $1", args![id]).await
}

/// Restricted cases that this person may know of, and nobody else who can log in. What the cases' own verbs
/// would tell goes to who may see the case, which nobody but this person may.
pub async fn held_alone(reader: &mut Reader, person: Id) -> Result<Vec<Id>> {
    let text = "select c.id from cases c where c.restricted = 1 and c.merged_into is null \
         and (c.owner_id = $1 or exists (select 1 from group_members m where m.group_id = c.group_id and m.person_id = $1)) \
         and not exists (select 1 from people p where p.id = c.owner_id and p.id <> $1 and p.state = 'active' and p.role in ('analyst', 'lead', 'admin')) \
         and not exists (select 1 from group_members m join people p on p.id = m.person_id where m.group_id = c.group_id and p.id <> $1 \
         and p.state = 'active' and p.role in ('analyst', 'lead', 'admin')) order by c.id";
    Ok(reader.rows::<(Id,)>(text, args![person]).await?.into_iter().map(|(id,)| id).collect())
}

/// How many restricted cases nobody but a group may know of: nobody who can log in owns them.
pub async fn for_group_alone(reader: &mut Reader, group: Id) -> Result<i64> {
    let text = "select count(*) from cases c where c.restricted = 1 and c.merged_into is null and c.group_id = $1 and not exists \
         (select 1 from people p where p.id = c.owner_id and p.state = 'active' and p.role in ('analyst', 'lead', 'admin'))";
    reader.count(text, args![group]).await
}

/// Whether somebody of the team who can log in is in a group.
pub async fn somebody_in(reader: &mut Reader, group: Id) -> Result<bool> {
    let text = "select 1 from group_members m join people p on p.id = m.person_id where m.group_id = $1 \
         and p.state = 'active' and p.role in ('analyst', 'lead', 'admin') limit 1";
    Ok(reader.value::<i64>(text, args![group]).await?.is_some())
}

/// Whether a person is in a group.
pub async fn is_in(reader: &mut Reader, group: Id, person: Id) -> Result<bool> {
    let text = "select 1 from group_members where group_id = $1 and person_id = $2";
    Ok(reader.value::<i64>(text, args![group, person]).await?.is_some())
}

pub async fn staff(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    reader.rows("select id, name from people where state = 'active' and role in ('analyst', 'lead', 'admin') order by name, id", vec![]).await
}

pub async fn team(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    reader.rows("select id, name from people where role <> 'member' order by name, id", vec![]).await
}

pub async fn names(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    let mut statement = Statement::new("select id, name from people where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    reader.select(statement).await
}

pub async fn rename(tx: &mut Tx, id: Id, name: &str, language: &str) -> Result<()> {
    tx.execute("update people set name = $2, language = $3, version = version + 1 where id = $1", args![id, name, language]).await?;
    Ok(())
}

pub async fn set_password(tx: &mut Tx, id: Id, hash: &str) -> Result<()> {
    tx.execute("update people set password = $2, version = version + 1 where id = $1", args![id, hash]).await?;
    Ok(())
}

pub async fn set_state(tx: &mut Tx, id: Id, state: &str) -> Result<()> {
    tx.execute("update people set state = $2, version = version + 1 where id = $1", args![id, state]).await?;
    Ok(())
}

// ---- second factor ----

pub async fn set_totp(tx: &mut Tx, id: Id, sealed: Option<&str>, step: i64) -> Result<()> {
    tx.execute("update people set totp_secret = $2, totp_step = $3, version = version + 1 where id = $1", args![id, sealed, step]).await?;
    Ok(())
}

/// Sets up a second factor where there is none. Says whether that was so.
pub async fn set_first_totp(tx: &mut Tx, id: Id, sealed: &str, step: i64) -> Result<bool> {
    let text = "update people set totp_secret = $2, totp_step = $3, version = version + 1 where id = $1 and totp_secret is null";
    Ok(tx.execute(text, args![id, sealed, step]).await? == 1)
}

/// Ends log-ins that were about to set up a second factor.
pub async fn end_enrolments(tx: &mut Tx, id: Id, but: [u8; 32]) -> Result<()> {
    tx.execute("delete from sessions where person_id = $1 and stage = 'enrol' and hash <> $2", args![id, but]).await?;
    Ok(())
}

/// Whether this step is later than the last one that was used; it is the last one then.
pub async fn take_step(tx: &mut Tx, id: Id, step: i64) -> Result<bool> {
    Ok(tx.execute("update people set totp_step = $2 where id = $1 and totp_step < $2", args![id, step]).await? == 1)
}

pub async fn set_recovery(tx: &mut Tx, id: Id, codes: &[String]) -> Result<()> {
    tx.execute("delete from recovery_codes where person_id = $1", args![id]).await?;
    for code in codes {
        let hash = factor::recovery_hash(id, code);
        tx.execute("insert into recovery_codes (hash, person_id, used_at) values ($1, $2, null)", args![hash, id]).await?;
    }
    Ok(())
}

pub async fn take_recovery(tx: &mut Tx, id: Id, hash: [u8; 32]) -> Result<bool> {
    let now = tx.now();
    Ok(tx.execute("update recovery_codes set used_at = $3 where hash = $1 and person_id = $2 and used_at is null", args![hash, id, now]).await? == 1)
}

pub async fn recovery_left(reader: &mut Reader, id: Id) -> Result<i64> {
    reader.count("select count(*) from recovery_codes where person_id = $1 and used_at is null", args![id]).await
}

// ---- sessions ----

pub async fn insert_session(tx: &mut Tx, hash: [u8; 32], person: Id, expires: Timestamp, agent: &str, stage: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into sessions (hash, person_id, created_at, seen_at, expires_at, agent, stage) values ($1, $2, $3, $3, $4, $5, $6)",
        args![hash, person, now, expires, agent, stage],
    )
    .await?;
    Ok(())
}

/// A session with whose it is.
pub struct Visit {
    pub language: String,
    pub stage: String,
    pub person: Id,
    pub name: String,
    pub role: Role,
    pub organisation: Option<Id>,
    pub seen_at: Timestamp,
}

impl FromRow for Visit {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            language: row.get()?,
            stage: row.get()?,
            person: row.get()?,
            name: row.get()?,
            role: role(row)?,
            organisation: row.get()?,
            seen_at: row.get()?,
        })
    }
}

pub async fn visit(reader: &mut Reader, hash: [u8; 32], seen_after: Timestamp) -> Result<Option<Visit>> {
    let now = reader.now();
    reader
        .row(
            "select p.language, s.stage, p.id, p.name, p.role, p.organisation_id, s.seen_at from sessions s join people p on p.id = s.person_id \
             where s.hash = $1 and s.expires_at > $2 and s.seen_at >= $3 and p.state = 'active'",
            args![hash, now, seen_after],
        )
        .await
}

pub async fn touch_session(tx: &mut Tx, hash: [u8; 32]) -> Result<()> {
    let now = tx.now();
    tx.execute("update sessions set seen_at = $2 where hash = $1", args![hash, now]).await?;
    Ok(())
}

pub async fn sessions(reader: &mut Reader, person: Id, after: Timestamp, seen_after: Timestamp) -> Result<Vec<([u8; 32], String, Timestamp, Timestamp)>> {
    reader
        .rows(
            "select hash, agent, created_at, seen_at from sessions where person_id = $1 and stage = 'full' and expires_at > $2 and seen_at >= $3 order by seen_at desc, hash",
            args![person, after, seen_after],
        )
        .await
}

pub async fn end_session(tx: &mut Tx, hash: [u8; 32]) -> Result<()> {
    tx.execute("delete from sessions where hash = $1", args![hash]).await?;
    Ok(())
}

pub async fn end_sessions(tx: &mut Tx, person: Id, but: Option<[u8; 32]>) -> Result<()> {
    let but = but.unwrap_or_default();
    tx.execute("delete from sessions where person_id = $1 and hash <> $2", args![person, but]).await?;
    Ok(())
}

pub async fn sweep_sessions(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    tx.execute("delete from sessions where expires_at <= $1", args![now]).await?;
    Ok(())
}

// ---- groups ----

pub async fn groups(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    reader.rows("select id, name from groups order by name, id", vec![]).await
}

pub async fn groups_of(reader: &mut Reader, person: Id) -> Result<Vec<Id>> {
    Ok(reader.rows::<(Id,)>("select group_id from group_members where person_id = $1", args![person]).await?.into_iter().map(|(id,)| id).collect())
}

pub async fn group_members(reader: &mut Reader) -> Result<Vec<(Id, Id, String)>> {
    reader.rows("select m.group_id, p.id, p.name from group_members m join people p on p.id = m.person_id order by p.name, p.id", vec![]).await
}

pub async fn is_group(reader: &mut Reader, id: Id) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from groups where id = $1", args![id]).await?.is_some())
}

pub async fn insert_group(tx: &mut Tx, id: Id, name: &str) -> Result<()> {
    tx.execute("insert into groups (id, name) values ($1, $2)", args![id, name]).await?;
    Ok(())
}

pub async fn set_membership(tx: &mut Tx, group: Id, person: Id, within: bool) -> Result<()> {
    let text = if within {
        "insert into group_members (group_id, person_id) values ($1, $2) on conflict (group_id, person_id) do nothing"
    } else {
        "delete from group_members where group_id = $1 and person_id = $2"
    };
    tx.execute(text, args![group, person]).await?;
    Ok(())
}

// ---- tokens ----

pub async fn token(reader: &mut Reader, hash: [u8; 32], scope: &str) -> Result<Option<(Id, Option<Id>, Option<Timestamp>)>> {
    reader.row("select id, organisation_id, used_at from tokens where hash = $1 and scope = $2 and revoked_at is null", args![hash, scope]).await
}

pub async fn token_names(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id, name from tokens where id in (");
    statement.bind_list(ids.iter().map(Value::from)).push(")");
    reader.select(statement).await
}

pub async fn tokens(reader: &mut Reader) -> Result<Vec<Token>> {
    reader.rows("select id, name, organisation_id, scope, feeds, created_at, used_at, revoked_at from tokens order by created_at desc, id", vec![]).await
}

/// Names as they stand in one text, with spaces between.
fn named(feeds: &str) -> Vec<String> {
    feeds.split_whitespace().map(ToOwned::to_owned).collect()
}

/// Whether somebody of an organisation can log in.
pub async fn can_log_in(reader: &mut Reader, organisation: Id) -> Result<bool> {
    let text = "select 1 from people where organisation_id = $1 and state = 'active' and password <> '' limit 1";
    Ok(reader.value::<i64>(text, args![organisation]).await?.is_some())
}

/// The feeds that a token delivers to; none of them for every feed.
pub async fn token_feeds(reader: &mut Reader, id: Id) -> Result<Option<Vec<String>>> {
    let row: Option<(String,)> = reader.row("select feeds from tokens where id = $1 and scope = 'feeds'", args![id]).await?;
    Ok(row.map(|(feeds,)| named(&feeds)))
}

#[expect(clippy::too_many_arguments, reason = "the columns of a row")]
pub async fn insert_token(
    tx: &mut Tx,
    id: Id,
    hash: [u8; 32],
    name: &str,
    person: Option<Id>,
    organisation: Option<Id>,
    scope: &str,
    feeds: &str,
) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into tokens (id, hash, name, person_id, organisation_id, scope, feeds, created_at, used_at, revoked_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, null, null)",
        args![id, hash, name, person, organisation, scope, feeds, now],
    )
    .await?;
    Ok(())
}

pub async fn use_token(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    tx.execute("update tokens set used_at = $2 where id = $1", args![id, now]).await?;
    Ok(())
}

pub async fn revoke_token(tx: &mut Tx, id: Id) -> Result<bool> {
    let now = tx.now();
    Ok(tx.execute("update tokens set revoked_at = $2 where id = $1 and revoked_at is null", args![id, now]).await? == 1)
}
