//! Logging in: password, second factor, and limits that stop guessing without stopping the person.
//!
//! A browser that has logged in before as somebody carries a signed cookie for that person and has
//! a budget of its own, which no one else can use up. Any other browser shares a budget with
//! whoever tries the same log-in name from the same network; when a name is tried from everywhere,
//! that budget shrinks, but never to nothing. A recovery code is always worth a try.

use std::net::IpAddr;

use ::store::{Id, Record};
use axum::http::{HeaderMap, header};
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::{Login, factor, password, sessions, store};
use crate::access::{Role, Who};
use crate::web::ctx::{cookie, header_text};
use crate::web::throttle;
use crate::{App, Error, Result};

const QUARTER: SignedDuration = SignedDuration::from_mins(15);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Tries in a quarter of an hour on a browser that this person has used before.
const ON_OWN_DEVICE: u32 = 20;
/// Tries in a quarter of an hour from one network for one log-in name.
const FROM_ELSEWHERE: i64 = 5;
/// Tries in a quarter of an hour from one network for all names.
const FROM_NETWORK: u32 = 100;
/// From so many tries in an hour for one name, each network has one try only.
const STORM: i64 = 50;
/// Wrong codes in an hour, from unknown browsers together.
const CODES_ELSEWHERE: u32 = 20;

/// Where a try comes from.
#[derive(Clone, Copy, Debug)]
pub struct Browser<'a> {
    /// The visitor's address.
    pub address: IpAddr,
    /// Headers of the request: cookies, and what the browser says it is.
    pub headers: &'a HeaderMap,
}

impl Browser<'_> {
    fn agent(&self) -> &str {
        header_text(self.headers, header::USER_AGENT.as_str())
    }
}

/// A step of the log-in that went well.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who.
    pub person: Id,
    /// Their role: where they go.
    pub role: Role,
    /// What is still to be shown: `code`, `enrol` or nothing (`full`).
    pub stage: &'static str,
    /// The secret of the new session.
    pub secret: String,
}

/// Name and value of the cookie that says that this browser has been used by a person before.
pub fn device_cookie(app: &App, person: Id) -> (String, String) {
    let random = HEXLOWER.encode(&app.db.entropy().bytes::<12>());
    let value = format!("{random}.{}", signature(app, person, &random));
    (device_name(app, person), value)
}

fn device_name(app: &App, person: Id) -> String {
    let mac = app.key.mac("device name", &[&person.0]);
    format!("device-{}", HEXLOWER.encode(mac.get(..6).unwrap_or_default()))
}

fn signature(app: &App, person: Id, random: &str) -> String {
    HEXLOWER.encode(&app.key.mac("device", &[&person.0, random.as_bytes()]))
}

/// The budget's name of a browser that has been used by this person before.
fn own_device(app: &App, person: Id, from: Browser<'_>) -> Option<String> {
    let value = cookie(from.headers, &device_name(app, person))?;
    let (random, signed) = value.split_once('.')?;
    let right = signed.as_bytes().ct_eq(signature(app, person, random).as_bytes());
    bool::from(right).then(|| random.to_owned())
}

/// The first step. An unknown name and a wrong password look the same and cost the same.
pub async fn with_password(app: &App, login: &str, password: &str, from: Browser<'_>) -> Result<Option<Entered>> {
    let login = login.trim().to_lowercase();
    let mut reader = app.db.read().await?;
    let found = store::login(&mut reader, &login).await?;
    drop(reader);
    let found = found.filter(|found| found.state == "active");
    let budget = budget(app, &login, found.as_ref().map(|found| found.id), from).await?;
    let right = password::verify(password, found.as_ref().map(|found| found.password.as_str())).await?;
    let Some(found) = found.filter(|_| right) else { return Ok(None) };
    throttle::forget(app, &budget).await?;
    let stage = stage_of(app, &found);
    let secret = if stage == "full" {
        finish(app, &found, None, from, Proof::None).await?.ok_or(Error::LogIn)?
    } else {
        sessions::begin_session(app, found.id, stage, from.agent()).await?
    };
    Ok(Some(Entered { person: found.id, role: found.role, stage, secret }))
}

/// What comes after the right password.
fn stage_of(app: &App, found: &Login) -> &'static str {
    match (&found.totp, found.role) {
        (Some(_), _) => "code",
        (None, Role::Member) => "full",
        (None, _) if app.profile.staff.require_totp => "enrol",
        (None, _) => "full",
    }
}

/// Takes one try from the budget that this browser has for this name, before the password is
/// looked at: tries at the same moment count too.
async fn budget(app: &App, login: &str, person: Option<Id>, from: Browser<'_>) -> Result<String> {
    if let Some(device) = person.and_then(|person| own_device(app, person, from)) {
        let own = format!("login-device:{device}");
        throttle::allow(app, &own, ON_OWN_DEVICE, QUARTER).await?;
        return Ok(own);
    }
    let network = throttle::network(from.address);
    throttle::allow(app, &format!("login-network:{network}"), FROM_NETWORK, QUARTER).await?;
    let pair = format!("login-pair:{network}:{login}");
    let most = if throttle::count(app, &format!("login-name:{login}"), HOUR).await? > STORM { 1 } else { FROM_ELSEWHERE };
    if throttle::count(app, &pair, QUARTER).await? > most { Err(Error::TooMany) } else { Ok(pair) }
}

/// The second step: a code from the phone, or a recovery code. `None`: it was wrong.
pub async fn with_code(app: &App, session: &super::Session, code: &str, from: Browser<'_>) -> Result<Option<Entered>> {
    let found = unfinished(app, session, "code").await?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let by_phone = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let budget = match own_device(app, found.id, from) {
        Some(device) => (format!("code-device:{device}"), ON_OWN_DEVICE, QUARTER),
        None if by_phone => (format!("code:{}", found.id), CODES_ELSEWHERE, HOUR),
        None => (format!("recovery:{}:{}", found.id, throttle::network(from.address)), ON_OWN_DEVICE, HOUR),
    };
    throttle::allow(app, &budget.0, budget.1, budget.2).await?;
    let proof = if by_phone {
        let step = found.totp.as_deref().map(|kept| factor::step_of(app, kept, &digits)).transpose()?.flatten();
        let Some(step) = step else { return Ok(None) };
        Proof::Step(step)
    } else {
        Proof::Recovery(factor::recovery_hash(found.id, &digits))
    };
    let Some(secret) = finish(app, &found, Some(session), from, proof).await? else { return Ok(None) };
    throttle::forget(app, &budget.0).await?;
    Ok(Some(Entered { person: found.id, role: found.role, stage: "full", secret }))
}

/// The second step of somebody who has no second factor yet: the first code proves that the phone
/// has the secret. Gives the recovery codes, which are shown this once.
pub async fn with_enrolment(app: &App, session: &super::Session, code: &str, from: Browser<'_>) -> Result<Option<(Entered, Vec<String>)>> {
    let found = unfinished(app, session, "enrol").await?;
    let who = format!("person:{}", found.id);
    let Some(codes) = super::account::enrol(app, &who, found.id, &found.login, session, code, true).await? else { return Ok(None) };
    let secret = finish(app, &found, Some(session), from, Proof::Enrolled).await?.ok_or(Error::LogIn)?;
    Ok(Some((Entered { person: found.id, role: found.role, stage: "full", secret }, codes)))
}

/// The person of a log-in that is at this stage.
pub async fn unfinished(app: &App, session: &super::Session, stage: &str) -> Result<Login> {
    if session.stage != stage {
        return Err(Error::LogIn);
    }
    let mut reader = app.db.read().await?;
    store::login_of(&mut reader, session.person).await?.filter(|found| found.state == "active").ok_or(Error::LogIn)
}

/// What the second step showed.
enum Proof {
    /// None was asked for.
    None,
    /// The phone was set up just now.
    Enrolled,
    /// A code of this step.
    Step(i64),
    /// A recovery code of this hash.
    Recovery([u8; 32]),
}

/// Makes the session, and uses up what was shown, in one change: a code counts once. `None`: it
/// had been used before.
async fn finish(app: &App, found: &Login, before: Option<&super::Session>, from: Browser<'_>, proof: Proof) -> Result<Option<String>> {
    let who = format!("person:{}", found.id);
    app.db
        .change(&who, async |tx| {
            let (second, good) = match proof {
                Proof::None => ("none", true),
                Proof::Enrolled => ("code", true),
                Proof::Step(step) => ("code", store::take_step(tx, found.id, step).await?),
                Proof::Recovery(hash) => ("recovery", store::take_recovery(tx, found.id, hash).await?),
            };
            if !good {
                return Ok(None);
            }
            if let Some(before) = before {
                store::end_session(tx, before.hash).await?;
            }
            store::sweep_sessions(tx).await?;
            let secret = sessions::begin(tx, app, found.id, "full", from.agent()).await?;
            tx.record(Record::new("person.logged_in", "person", found.id).facts(json!({ "second_factor": second })));
            Ok(Some(secret))
        })
        .await
}

/// Where somebody goes after logging in when they asked for no page.
pub fn home(who: &Who) -> &'static str {
    who.person().map_or("/", |person| home_of(person.role))
}

/// [`home`] of a role.
pub fn home_of(role: Role) -> &'static str {
    match role {
        Role::Analyst | Role::Lead | Role::Admin => "/inbox",
        Role::Auditor => "/journal",
        Role::Member => "/member",
    }
}
