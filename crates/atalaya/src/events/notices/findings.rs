//! What stands: what a member's organisation was told of, as its page shows it: new, persisting, gone, or said to be wrong.

use std::collections::HashMap;

use ::store::{Id, Reader};
use formats::label::Tlp;
use jiff::Timestamp;
use vault::blob::Hash;

use super::key::Key;
use super::standing::{self, Known};
use super::store;
use super::text::{day, reported};
use crate::access::{Noun, Verb, Who, require};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Error, Result, constituency};

/// One finding as a page shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What its page is called by.
    pub name: String,
    key: Key,
    /// An address, a network, a domain or a page.
    pub subject: String,
    /// `23/tcp`, or nothing.
    pub port: String,
    /// RSIT type.
    pub kind: String,
    /// The report, as its source calls it.
    pub report: String,
    /// What it is, as its source names it: malware, weaknesses.
    pub detail: String,
    /// The worst of it: 0 to 4.
    pub severity: i8,
    /// Since when it is known.
    pub since: Timestamp,
    /// When it was last seen.
    pub last: Timestamp,
    /// How often.
    pub times: u64,
    /// `new`, `persisting`, `gone`.
    pub state: &'static str,
    /// Of what was said to be wrong: `open`, `accepted`, `refused`, and what the team said.
    pub claim: Option<(String, String)>,
    label: Tlp,
}

impl Shown {
    fn of(known: &Known) -> Result<Self> {
        let finding = &known.finding;
        let key = finding.key.clone();
        let address = finding.address();
        let subject = [address.as_str(), &*key.url, &*key.domain].into_iter().find(|part| !part.is_empty()).unwrap_or_default().to_owned();
        let port = match key.port {
            -1 => String::new(),
            port => [port.to_string().as_str(), &*key.nature.transport].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"),
        };
        let (state, name) = (state_of(known), name_of(&key)?);
        let (kind, report) = (key.nature.r#type.to_string(), reported(&key.nature.report));
        let (since, last) = (::store::instant(finding.first), ::store::instant(finding.last));
        Ok(Self {
            name,
            key,
            subject,
            port,
            kind,
            report,
            detail: named([&finding.key.nature.identifier, &finding.malware, &finding.cve]),
            severity: finding.severity,
            since,
            last,
            times: finding.sightings,
            state,
            claim: None,
            label: finding.tlp,
        })
    }

    /// The day since which it is known, as events have theirs.
    pub fn since_day(&self) -> String {
        day(self.since.as_microsecond())
    }

    /// The day on which it was last seen.
    pub fn last_day(&self) -> String {
        day(self.last.as_microsecond())
    }

    /// The key of its type in words.
    pub fn kind_key(&self) -> String {
        kind_key(&self.kind)
    }

    /// Its type and report, for the team.
    pub(super) fn kind_in_words(&self) -> String {
        let title = formats::rsit::TYPES.iter().find(|known| known.name == self.kind).map_or(self.kind.as_str(), |known| known.title);
        [title, self.report.as_str(), self.port.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The key of how bad it is.
    pub fn severity_key(&self) -> String {
        format!("notice-severity-{}", self.severity.clamp(0, 4))
    }

    /// The key of its state in words.
    pub fn state_key(&self) -> String {
        format!("findings-{}", self.state)
    }

    /// The key of what became of its claim.
    pub fn claim_key(&self) -> String {
        format!("findings-claim-{}", self.claim.as_ref().map_or("open", |(state, _)| state.as_str()))
    }

    /// Its key, as a claim has it.
    pub(super) fn key_json(&self) -> Result<String> {
        serde_json::to_string(&self.key).map_err(Error::fault)
    }
}

/// The key of an RSIT type in words.
pub fn kind_key(name: &str) -> String {
    let known = formats::rsit::TYPES.iter().any(|known| known.name == name);
    if known { format!("rsit-{name}") } else { "rsit-other".into() }
}

/// What a source names it by, each name once.
pub(super) fn named(names: [&str; 3]) -> String {
    let mut some: Vec<&str> = Vec::new();
    for name in names {
        if !name.is_empty() && !some.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            some.push(name);
        }
    }
    some.join(" · ")
}

/// What a claim is compared with, and what a finding's page is called by.
fn name_of(key: &Key) -> Result<String> {
    Ok(Hash::of(&serde_json::to_vec(key).map_err(Error::fault)?).to_string().chars().take(32).collect())
}

/// States, as the page has them.
pub const STATES: [&str; 3] = ["new", "persisting", "gone"];

fn state_of(known: &Known) -> &'static str {
    match (known.gone, known.fresh) {
        (true, _) => "gone",
        (false, true) => "new",
        (false, false) => "persisting",
    }
}

/// What a page shows of what stands.
#[derive(Debug)]
pub struct Found {
    /// The first of them: what is there before what is gone, the worst first.
    pub rows: Vec<Shown>,
    /// How many there are of each of [`STATES`].
    pub counts: [usize; STATES.len()],
    /// How many there are of the state that was asked for.
    pub all: usize,
}

/// What stands for a member's organisation, as far as its page may show it: of a state or of all, and no more than `most`
/// of it. It passes the gate.
pub async fn findings(app: &App, who: &Who, state: &str, most: usize) -> Result<Found> {
    let (holder, organisation, mut known) = known(app, who).await?;
    let label = known.iter().map(|known| known.finding.tlp).max().unwrap_or(Tlp::Clear);
    let counts = STATES.map(|state| known.iter().filter(|known| state_of(known) == state).count());
    known.retain(|known| state.is_empty() || state_of(known) == state);
    known.sort_by(|a, b| (a.gone, -a.finding.severity, &a.finding.key).cmp(&(b.gone, -b.finding.severity, &b.finding.key)));
    let all = known.len();
    known.truncate(most);
    let rows = shown(app, holder, organisation, &known).await?;
    let found = Found { rows, counts, all };
    if counts == [0; STATES.len()] {
        return Ok(found);
    }
    let mut content = format!("{counts:?}\n").into_bytes();
    for shown in &found.rows {
        content.extend(format!("{} {} {}\n", shown.state, shown.key_json()?, shown.last).into_bytes());
    }
    // The counts are of all that there is.
    released(app, who, (organisation, label, &content), found).await
}

/// One of them, by its name. It passes the gate.
pub async fn finding(app: &App, who: &Who, name: &str) -> Result<Shown> {
    let (_, organisation, one) = one(app, who, name).await?;
    let content = format!("{} {} {}\n", one.state, one.key_json()?, one.last).into_bytes();
    let label = one.label;
    released(app, who, (organisation, label, &content), one).await
}

async fn released<T>(app: &App, who: &Who, (organisation, label, content): (Id, Tlp, &[u8]), what: T) -> Result<T> {
    let one = constituency::get(&mut app.db.read().await?, organisation).await?;
    let leaving = Leaving {
        to: Recipient {
            key: format!("organisation:{organisation}"),
            name: one.name,
            organisation: Some(organisation),
            ceiling: one.ceiling,
            address: String::new(),
        },
        channel: Channel::Portal,
        noun: "event_findings",
        id: organisation,
        about: organisation,
        version: 1,
        label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "its own events".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content: Hash::of(content),
    };
    Ok(release::once(&app.db, &app.profile, who, &leaving, what).await?.into_value())
}

/// How many of them are there still.
pub async fn count_findings(app: &App, who: &Who) -> Result<usize> {
    let mut reader = app.db.read().await?;
    let (_, _, ceiling, list) = list(app, &mut reader, who).await?;
    standing::count_open(app, &mut reader, list, ceiling).await
}

/// The key of a finding as it is written now.
fn normal(finding: String) -> String {
    let key = serde_json::from_str::<Key>(&finding).ok().and_then(|key| serde_json::to_string(&key.normal()).ok());
    key.unwrap_or(finding)
}

/// One of them, with its holder and organisation.
pub(super) async fn one(app: &App, who: &Who, name: &str) -> Result<(i64, Id, Shown)> {
    let (holder, organisation, known) = known(app, who).await?;
    let found = known.into_iter().find(|known| name_of(&known.finding.key).is_ok_and(|of| of == name)).ok_or(Error::NotFound)?;
    let mut shown = shown(app, holder, organisation, &[found]).await?;
    Ok((holder, organisation, shown.pop().ok_or(Error::NotFound)?))
}

/// As a page shows them, each with what was said of it.
async fn shown(app: &App, holder: i64, organisation: Id, known: &[Known]) -> Result<Vec<Shown>> {
    let mut reader = app.db.read().await?;
    let claims: HashMap<String, (String, String)> =
        store::claims_of(&mut reader, holder).await?.into_iter().map(|claim| (normal(claim.finding), (claim.state, claim.note))).collect();
    let notes = constituency::note::may_be_shown(&mut reader, app, organisation).await?;
    drop(reader);
    let one = |known: &Known| -> Result<Shown> {
        let shown = Shown::of(known)?;
        let claim = claims.get(&shown.key_json()?).cloned();
        Ok(Shown { claim: claim.map(|(state, note)| (state, if notes { note } else { String::new() })), ..shown })
    };
    known.iter().map(one).collect()
}

/// What a member may see of its organisation's, in the order of keys.
async fn known(app: &App, who: &Who) -> Result<(i64, Id, Vec<Known>)> {
    let mut reader = app.db.read().await?;
    let (holder, organisation, ceiling, list) = list(app, &mut reader, who).await?;
    let mut known = standing::known(app, &mut reader, list).await?;
    known.retain(|known| known.finding.tlp <= ceiling && !known.left);
    Ok((holder, organisation, known))
}

/// A member's organisation: its number in the events, itself, the highest label of its page, and the list that it has.
async fn list(app: &App, reader: &mut Reader, who: &Who) -> Result<(i64, Id, Tlp, Option<Hash>)> {
    require(who, Verb::See, Noun::Membership)?;
    let id = who.organisation().ok_or(Error::NotFound)?;
    let ceiling = constituency::get(reader, id).await?.ceiling.min(Channel::Portal.ceiling(&app.profile));
    let holder = constituency::number_of(reader, id).await?;
    let list = store::standing(reader, holder).await?.and_then(|standing| standing.list);
    Ok((holder, id, ceiling, list))
}
