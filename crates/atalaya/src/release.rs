//! The one gate out (invariant 3).
//!
//! Whatever leaves to somebody outside the team is a [`Released`] value, and only this file can
//! make one. [`weigh`] says what would happen and why, for the page "before it leaves";
//! [`release`] decides the same way, writes the disclosure ledger and the journal, and hands the
//! value out. Default deny: a check that cannot be made stops.

use std::collections::HashMap;

use formats::label::Tlp;
use serde_json::json;
use store::{Db, Id, Reader, Record, Statement, Tx, Value, args};
use vault::blob::Hash;

use crate::access::Who;
use crate::profile::Profile;
use crate::{Error, Result};

/// How something leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Mail in clear over the configured smarthost.
    Mail,
    /// Mail that only its recipient's key opens.
    MailEncrypted,
    /// A page that asks for a secret or a log-in.
    Portal,
    /// Everybody can read it.
    Public,
    /// A program with a token.
    Api,
    /// Told on the phone and written down.
    Phone,
    /// A message that only its reader's key opens.
    Sealed,
}

impl Channel {
    /// The name in the ledger and in the profile's ceilings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::MailEncrypted => "encrypted mail",
            Self::Portal => "portal",
            Self::Public => "public",
            Self::Api => "api",
            Self::Phone => "phone",
            Self::Sealed => "sealed",
        }
    }

    /// Whether the outbox carries it.
    pub fn is_mail(self) -> bool {
        matches!(self, Self::Mail | Self::MailEncrypted)
    }

    /// What a message says of the way that it took.
    pub fn way(self) -> &'static str {
        if self.is_mail() { "mail" } else { self.name() }
    }

    /// The highest label that the team lets through it.
    pub fn ceiling(self, profile: &Profile) -> Tlp {
        let ceilings = &profile.labels.ceiling;
        match self {
            // RED in a mail that anybody on its way can read is no choice that a profile has.
            Self::Mail => ceilings.mail.min(Tlp::AmberStrict),
            Self::MailEncrypted => ceilings.mail_encrypted,
            Self::Portal => ceilings.portal,
            Self::Public => ceilings.public,
            Self::Api => ceilings.api,
            // A call reaches one person, as a page with a log-in does.
            Self::Phone => ceilings.portal,
            Self::Sealed => Tlp::Red,
        }
    }
}

/// To whom.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// `party:<id>`, `reporter:<report id>`, `contact:<id>`, `organisation:<id>`, `public`.
    pub key: String,
    /// What the page calls them.
    pub name: String,
    /// The organisation behind them, if one is known.
    pub organisation: Option<Id>,
    /// The highest label that they may get.
    pub ceiling: Tlp,
    /// The mail address, or empty on the portal.
    pub address: String,
}

/// What is about to leave.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// To whom.
    pub to: Recipient,
    /// How.
    pub channel: Channel,
    /// Kind and id of the object.
    pub noun: &'static str,
    /// Its id.
    pub id: Id,
    /// The report or case that it belongs to.
    pub about: Id,
    /// The object's version.
    pub version: i64,
    /// The object's own label.
    pub label: Tlp,
    /// Labels of everything that contains it.
    pub containers: Vec<Tlp>,
    /// Why the object may carry a lower label than what contains it: a recorded downgrade.
    pub downgrade: String,
    /// Why this may be told at all: `coordination`, `receipt`, `consent`, ...
    pub basis: String,
    /// What else stands against it, each a finished line; none may remain.
    pub against: Vec<String>,
    /// What is held back, for the page.
    pub held: Vec<String>,
    /// How it is protected on its way: signed with which key, encrypted to which; empty when it is not.
    pub protection: String,
    /// The exact bytes that leave.
    pub content: Hash,
}

/// One line of the gate's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `ok`, `held` or `stop`: also the class on the page.
    pub state: &'static str,
    /// What was checked and how it ended.
    pub text: String,
}

/// The gate's answer.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The label that counts.
    pub effective: Tlp,
    /// Line by line.
    pub checks: Vec<Check>,
}

impl Weighed {
    /// Whether nothing stands against it.
    pub fn may_leave(&self) -> bool {
        self.checks.iter().all(|check| check.state != "stop")
    }

    /// The reasons against it, as one line.
    pub fn reasons(&self) -> String {
        let lines: Vec<&str> = self.checks.iter().filter(|check| check.state == "stop").map(|check| check.text.as_str()).collect();
        lines.join(" ")
    }
}

/// What would happen, and why.
pub fn weigh(profile: &Profile, leaving: &Leaving) -> Weighed {
    let contained = leaving.containers.iter().copied().max().unwrap_or(Tlp::Clear);
    let lowered = leaving.label < contained && !leaving.downgrade.trim().is_empty();
    let effective = if lowered { leaving.label } else { leaving.label.max(contained) };
    let ceiling = leaving.channel.ceiling(profile);
    let mut checks = Vec::new();
    let mut check = |good: bool, ok: String, stop: String| {
        checks.push(Check { state: if good { "ok" } else { "stop" }, text: if good { ok } else { stop } });
    };
    let (name, channel) = (&leaving.to.name, leaving.channel.name());
    let label = effective.marking();
    check(
        effective <= leaving.to.ceiling,
        format!("{label} fits what {name} may get ({}).", leaving.to.ceiling.marking()),
        format!("{label} is more than {name} may get ({}).", leaving.to.ceiling.marking()),
    );
    check(
        effective <= ceiling,
        format!("{label} may go by {channel}."),
        format!("{label} may not go by {channel}: the team's ceiling there is {}.", ceiling.marking()),
    );
    if lowered {
        check(true, format!("Lowered from {} with a reason, which is recorded.", contained.marking()), String::new());
    }
    if effective > leaving.label {
        let text =
            format!("Raised from {} to {label}: what it belongs to carries that, and no reason is given why this may carry less.", leaving.label.marking());
        checks.push(Check { state: "held", text });
    }
    checks.extend(leaving.held.iter().map(|text| Check { state: "held", text: text.clone() }));
    checks.extend(leaving.against.iter().map(|text| Check { state: "stop", text: text.clone() }));
    Weighed { effective, checks }
}

/// Something that passed the gate. Only this file makes one.
#[derive(Clone, Debug)]
pub struct Released<T> {
    value: T,
    ledger: Id,
}

impl<T> Released<T> {
    /// What passed.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Its row in the ledger.
    pub fn ledger(&self) -> Id {
        self.ledger
    }

    /// What passed, for handing on.
    pub fn into_value(self) -> T {
        self.value
    }
}

/// Lets something out: ledger and journal are written in the same change as what it causes.
pub async fn release<T>(tx: &mut Tx, profile: &Profile, who: &Who, leaving: &Leaving, value: T) -> Result<Released<T>> {
    let weighed = weigh(profile, leaving);
    if !weighed.may_leave() {
        return Err(Error::conflict(format!("Nothing left the house. {}", weighed.reasons())));
    }
    let basis = if leaving.downgrade.trim().is_empty() { leaving.basis.clone() } else { format!("{}; lowered: {}", leaving.basis, leaving.downgrade.trim()) };
    let ledger = enter(tx, who, leaving, weighed.effective, &basis).await?;
    Ok(Released { value, ledger })
}

/// Why more was said than the gate lets out, and what its writer knew to stand against it.
#[derive(Clone, Debug, Default)]
pub struct Excuse {
    /// Why, in a few words; empty while nothing is to be excused.
    pub words: String,
    /// What [`said`] answered.
    pub of: String,
}

/// Writes down what was said by word of mouth: no gate takes that back, and nothing is handed out. Where it would have been
/// stopped, the answer is what stands against it, until somebody says why it was said: just these reasons are excused,
/// and the ledger has both.
pub async fn said(tx: &mut Tx, profile: &Profile, who: &Who, leaving: &Leaving, excuse: &Excuse) -> Result<Option<String>> {
    let weighed = weigh(profile, leaving);
    let (reasons, words) = (weighed.reasons(), excuse.words.trim());
    let mut basis = leaving.basis.clone();
    if !weighed.may_leave() {
        if words.is_empty() || excuse.of != reasons {
            return Ok(Some(reasons));
        }
        basis = format!("{basis}; said all the same: {words}; against it: {reasons}");
    }
    enter(tx, who, leaving, weighed.effective, &basis).await?;
    Ok(None)
}

/// One row of the ledger, and its line in the journal.
async fn enter(tx: &mut Tx, who: &Who, leaving: &Leaving, label: Tlp, basis: &str) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.execute(
        "insert into ledger (id, at, who, recipient, organisation_id, about, noun, noun_id, version, label, basis, channel, address, content, protection) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            id,
            now,
            who.to_string(),
            &leaving.to.key,
            leaving.to.organisation,
            leaving.about,
            leaving.noun,
            leaving.id,
            leaving.version,
            label.as_str(),
            basis,
            leaving.channel.name(),
            &leaving.to.address,
            leaving.content,
            &leaving.protection
        ],
    )
    .await?;
    tx.record(
        Record::new("released", leaving.noun, leaving.id)
            .about(leaving.about)
            .facts(json!({ "ledger": id, "label": label.as_str(), "channel": leaving.channel.name(), "version": leaving.version, "protection": leaving.protection }))
            .particulars(json!({ "to": leaving.to.name, "address": leaving.to.address })),
    );
    Ok(id)
}

/// Lets out what a program asks for again and again: the gate weighs it each time, the ledger says once
/// for each content that it left.
pub async fn once<T>(db: &Db, profile: &Profile, who: &Who, leaving: &Leaving, value: T) -> Result<Released<T>> {
    if weigh(profile, leaving).may_leave() {
        let text = "select id from ledger where noun_id = $1 and recipient = $2 and content = $3 limit 1";
        let known: Option<Id> = db.read().await?.value(text, args![leaving.id, &leaving.to.key, leaving.content]).await?;
        if let Some(ledger) = known {
            return Ok(Released { value, ledger });
        }
    }
    db.change(&who.to_string(), async |tx| release(tx, profile, who, leaving, value).await).await
}

/// What a recipient got before: it may read that again on its own page.
#[derive(Clone, Debug, Default)]
pub struct Told(Vec<(Id, Id)>);

/// The messages that the ledger says a recipient got and that the portal may show.
pub async fn told(reader: &mut Reader, profile: &Profile, recipient: &str) -> Result<Told> {
    let key = recipient.to_owned();
    Ok(told_to_each(reader, profile, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default())
}

/// [`told`] for several recipients, in one statement.
pub async fn told_to_each(reader: &mut Reader, profile: &Profile, recipients: &[String]) -> Result<HashMap<String, Told>> {
    let mut all: HashMap<String, Told> = HashMap::new();
    if recipients.is_empty() {
        return Ok(all);
    }
    let mut statement = Statement::new("select recipient, noun_id, id, label from ledger where noun = 'message' and recipient in (");
    statement.bind_list(recipients.iter().map(Value::from)).push(") order by recipient, at");
    let fits = |label: &str| label.parse::<Tlp>().is_ok_and(|label| label <= profile.labels.ceiling.portal);
    for (recipient, noun, ledger, label) in reader.select::<(String, Id, Id, String)>(statement).await? {
        if fits(&label) {
            all.entry(recipient).or_default().0.push((noun, ledger));
        }
    }
    Ok(all)
}

/// The highest label of what the pages of these recipients show again: what the pages themselves carry. Of a call they
/// show that there was one.
pub async fn highest(reader: &mut Reader, profile: &Profile, recipients: &[String]) -> Result<Tlp> {
    let mut statement = Statement::new("select distinct label from ledger where noun = 'message' and channel <> 'phone' and recipient in (");
    statement.bind_list(recipients.iter().map(Value::from)).push(")");
    let labels: Vec<(String,)> = reader.select(statement).await?;
    let shown = labels.iter().filter_map(|(label,)| label.parse::<Tlp>().ok()).filter(|label| *label <= profile.labels.ceiling.portal);
    Ok(shown.max().unwrap_or(Tlp::Clear))
}

impl Told {
    /// Whether this was among it.
    pub fn has(&self, id: Id) -> bool {
        self.0.iter().any(|(noun, _)| *noun == id)
    }

    /// Shows something again to whom it was released; what is the recipient's `own` words was
    /// theirs before it was ours.
    pub fn again<T>(&self, id: Id, own: bool, value: T) -> Option<Released<T>> {
        if own {
            return Some(Released { value, ledger: id });
        }
        let ledger = self.0.iter().find(|(noun, _)| *noun == id).map(|(_, ledger)| *ledger)?;
        Some(Released { value, ledger })
    }
}
