//! Before it leaves: the exact text of a message, who gets it, what is held back, and what stands
//! against it. The page shows this, and [`super::messages::release`] decides by the very same.
//!
//! An identity passes from one party to another only when both have agreed to be named (consent
//! that is live now). Addresses pass when the recipient holds them, reported them, or told us of
//! them; any other only when somebody says why, and the reason goes into the ledger.

use std::collections::HashSet;

use formats::label::Tlp;
use formats::observable::Observable;
use store::{Id, Reader};
use vault::blob::Hash;

use super::apart::Apart;
use super::leaks::{self, Finding, Weight};
use super::messages::Draft;
use super::parties::Party;
use super::templates::{self, Advice, Around, Known};
use super::written::{Enclosed, Written};
use super::{Case, parties, party_store as rows, recommendations, see};
use crate::access::{Noun, Verb, Who, require};
use crate::keys::protect::Wish;
use crate::keys::{Choice, Plan};
use crate::release::{Channel, Leaving, Recipient, Weighed, weigh};
use crate::text::one_line;
use crate::{App, Error, Result, keys, reports};

/// A message as it would leave.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The case.
    pub case: Case,
    /// To whom.
    pub party: Party,
    /// Number and page under which the party knows the matter.
    pub known: Known,
    /// Whom the mail is from, as the recipient reads it; none on the page.
    pub from: Option<String>,
    /// Whether the mail carries the link to that page.
    pub linked: bool,
    /// The subject with its tag, as the recipient reads it.
    pub subject: String,
    /// The text as the recipient reads it.
    pub text: String,
    /// What the gate is asked.
    pub leaving: Leaving,
    /// What the gate says.
    pub weighed: Weighed,
    /// What would tell this party about another.
    pub findings: Vec<Finding>,
    /// The recommendations it carries.
    pub advice: Vec<Id>,
    /// How it leaves by mail: who can read what of it.
    pub plan: Plan,
}

impl Prepared {
    /// Whether something may be told once somebody says why.
    pub fn asks(&self) -> bool {
        self.findings.iter().any(|finding| finding.weight == Weight::Ask)
    }

    /// What a reason is asked for, a line each: a form says by it for what its reason is given.
    pub fn asked(&self) -> String {
        let asks = self.findings.iter().filter(|finding| finding.weight == Weight::Ask);
        asks.map(asked_of).collect::<Vec<_>>().join("\n")
    }

    /// What identifies exactly this text to exactly this party: the page sends it back, so that
    /// what is released is what was seen.
    pub fn seen(&self) -> String {
        self.leaving.content.to_string()
    }
}

/// What a reason is asked for: whom it gives away, by which words.
fn asked_of(finding: &Finding) -> String {
    one_line(&format!("{} {}", finding.about, finding.what))
}

/// Prepares a draft for its party, without letting anything out.
pub async fn prepare(reader: &mut Reader, app: &App, who: &Who, party: Id, draft: &Draft) -> Result<Prepared> {
    require(who, Verb::See, Noun::Message)?;
    let (case, party) = parties::get(reader, who, party).await?;
    let apart = Apart::of(reader, app, &case, &party).await?;
    let pending: Vec<_> = recommendations::of_party(reader, party.id).await?.into_iter().filter(|one| one.state == "draft").collect();
    let text = app.languages.text(&party.language);
    let channel = if draft.channel == "mail" { Channel::Mail } else { Channel::Portal };
    let label = draft.label.unwrap_or(app.profile.labels.default);
    let lowered = !draft.downgrade.trim().is_empty();
    let containers = containers(reader, &case).await?;
    let effective = if lowered { label } else { containers.iter().copied().fold(label, Tlp::max) };
    let team = app.profile.team.name.text(text.shown());
    let known = parties::known_as(reader, app, &case, &party).await?;
    let mail = app.profile.mail.as_ref().filter(|_| channel == Channel::Mail);
    let from = mail.map(|mail| format!("{} <{}>", mail.from_name.text(text.shown()), mail.from_address));
    let zone = app.profile.calendar().zone().clone();
    let advice: Vec<Advice> = pending
        .iter()
        .map(|one| Advice { kind: one.kind.clone(), text: one.text.clone(), wish_at: one.wish_at, link: recommendations::link(app, one.id, &party) })
        .collect();
    let plan = match (&party.mail, channel) {
        (Some(address), Channel::Mail) => {
            let answers_encrypted = parties::last_came_encrypted(reader, party.id).await?;
            let wish = Wish { address, choice: Choice::named(&draft.protect), label: effective, answers_encrypted };
            keys::protect::plan(reader, app, &wish).await?
        }
        _ => Plan::default(),
    };
    let linked = links_to_its_page(reader, app, &party, &known, (channel, effective), draft, &plan).await?;
    let named = Known { page: known.page.clone().filter(|_| linked || channel != Channel::Mail), ..known.clone() };
    let around = Around { label: effective, known: &named, team, by_mail: channel == Channel::Mail, zone: &zone };
    let letter = templates::letter(&text, &around, &draft.body, &advice);
    let subject = format!("{} {}", effective.marking(), one_line(&draft.subject));

    // What a person wrote is read for leaks; the frame around it is ours.
    let mut written = Written::default();
    written.add("the subject", &draft.subject);
    written.add("the text", &draft.body);
    for (at, one) in pending.iter().enumerate() {
        written.add(&format!("recommendation {}", at + 1), &one.text);
    }
    let mut files: Vec<Enclosed> = Vec::new();
    for file in &draft.files {
        files.push((file.name.clone(), file.size, file.hash()?));
    }
    let findings = written.find(reader, app, &apart, &files).await?;
    let mut against = party.against();
    let told = one_line(&draft.told);
    // What stands in the text is not held back: it is stopped, or told with a reason.
    let mut kept = apart.lines(&findings.iter().map(|finding| finding.about.as_str()).filter(|about| !about.is_empty()).collect());
    for finding in &findings {
        let line = written.line(finding);
        match finding.weight {
            Weight::Ask if draft.excuses(&asked_of(finding)) => kept.push(format!("Told all the same: {line} Reason: {}.", told.trim_end_matches('.'))),
            Weight::Ask if !told.is_empty() => against.push(format!("{line} The reason was given before this was there; with one for it, too, it may leave.")),
            Weight::Ask => against.push(format!("{line} With a reason it may leave.")),
            Weight::Stop => against.push(line),
        }
    }
    if draft.body.trim().is_empty() && advice.is_empty() {
        against.push("There is no text yet.".into());
    }
    if draft.body.contains(&templates::ended(&text, "")) {
        against.push("The text does not say yet how it ended.".into());
    }
    if one_line(&draft.subject).is_empty() {
        against.push("There is no subject yet.".into());
    }
    if channel == Channel::Mail && party.mail.is_none() {
        against.push("There is no mail address; send it to the page instead.".into());
    }
    if channel == Channel::Mail && app.profile.mail.is_none() {
        against.push("The team has no mail; send it to the page instead.".into());
    }
    if channel == Channel::Portal {
        against.extend(against_page(app, &known, effective));
    }
    if channel == Channel::Portal && party.mail.is_some() && app.profile.mail.is_none() {
        kept.push("The team has no mail, so nothing tells them that it is there: hand the link over another way.".into());
    } else if channel == Channel::Portal && (party.mail.is_none() || party.reach == "phone") {
        let call = match (party.phone.as_str(), party.reach.as_str()) {
            ("", "phone") => ": call them, and hand over the link to their page".to_owned(),
            ("", _) => ": they read it when they look at their page again".to_owned(),
            (number, _) => format!(": call them at {number}, and hand over the link to their page"),
        };
        kept.push(format!("No mail tells them that it is there{call}."));
    } else if known.page.is_some() && party.mail.is_some() && !linked {
        kept.push(match channel {
            Channel::Portal => "The mail that says so carries no link to its page: it logs in, or you hand the link over another way.".into(),
            _ => format!("Left out: the link to its page, which shows {}.", known.label.marking()),
        });
    }
    if !pending.is_empty() && known.page.is_none() {
        against.push("The link to its page was ended, and with it those by which recommendations are answered: issue a new one first.".into());
    }
    if case.merged_into.is_some() {
        against.push("This case was merged into another one; write from there.".into());
    }
    against.extend(plan.against.iter().cloned());
    let channel = if plan.protect.encrypts() { Channel::MailEncrypted } else { channel };
    let protection = plan.protect.in_words();
    // The address belongs to what was seen: another one is another message.
    let mut content = format!("{}\n{subject}\n\n{letter}", if channel.is_mail() { party.mail.as_deref().unwrap_or_default() } else { "" }).into_bytes();
    content.extend_from_slice(protection.as_bytes());
    for file in &draft.files {
        content.extend_from_slice(file.name.as_bytes());
        content.extend_from_slice(file.hash()?.as_bytes());
    }
    let basis = if findings.iter().any(|finding| finding.weight == Weight::Ask) && !told.is_empty() {
        format!("coordination; told all the same: {told}")
    } else {
        "coordination".to_owned()
    };
    let leaving = Leaving {
        to: Recipient {
            key: party.key(),
            name: party.name.clone(),
            organisation: party.organisation,
            ceiling: party.ceiling,
            address: if channel.is_mail() { party.mail.clone().unwrap_or_default() } else { String::new() },
        },
        channel,
        noun: "message",
        id: party.id,
        about: case.id,
        version: draft.base + 1,
        label,
        containers,
        downgrade: draft.downgrade.clone(),
        basis,
        against,
        held: kept,
        protection,
        content: Hash::of(&content),
    };
    let weighed = weigh(&app.profile, &leaving);
    let advice = pending.iter().map(|one| one.id).collect();
    Ok(Prepared { case, party, known, linked, from, subject, text: letter, leaving, weighed, findings, advice, plan })
}

/// What stands against showing something of this label on a party's page.
pub(super) fn against_page(app: &App, known: &Known, effective: Tlp) -> Vec<String> {
    let ended = known.page.is_none().then(|| "The link to its page was ended: issue a new one first, or nobody can read it there.".to_owned());
    let open = (known.in_clear && keys::protect::must_encrypt(app, effective)).then(|| keys::protect::open_link("its page", effective));
    ended.into_iter().chain(open).collect()
}

/// Whether the mail that leaves carries the link to the party's page: be it the message itself, or the notice
/// that there is one. What the page shows goes wherever its link goes.
async fn links_to_its_page(
    reader: &mut Reader,
    app: &App,
    party: &Party,
    known: &Known,
    (channel, effective): (Channel, Tlp),
    draft: &Draft,
    plan: &Plan,
) -> Result<bool> {
    if known.page.is_none() {
        return Ok(false);
    }
    if channel == Channel::Portal {
        return Ok(parties::by_mail(reader, app, party, known.label.max(effective), Choice::Rule).await?.is_some());
    }
    let may = parties::by_mail(reader, app, party, known.label, Choice::named(&draft.protect)).await?.is_some();
    Ok(may && (plan.protect.encrypts() || !keys::protect::must_encrypt(app, known.label)))
}

/// What is said in a case, or where it was merged into another one in that, is contained in.
pub async fn containers_of(reader: &mut Reader, case: Id) -> Result<Vec<Tlp>> {
    let case = super::store::load(reader, case).await?;
    let lives = match case.merged_into {
        Some(target) => super::store::load(reader, target).await?,
        None => case,
    };
    containers(reader, &lives).await
}

/// What a message of a case is contained in: the case's label, and those of its reports, of which one may
/// have been raised after it was linked. A label that cannot be read counts as the highest, never as none.
pub(super) async fn containers(reader: &mut Reader, case: &Case) -> Result<Vec<Tlp>> {
    let ids = rows::reports_of(reader, case.id).await?;
    let reports = reports::reported(reader, &ids).await?;
    Ok([case.label].into_iter().chain(reports.into_iter().map(|one| one.label.parse().unwrap_or(Tlp::Red))).collect())
}

/// A text of one party made fit for another: what would tell of anybody else is taken out.
pub async fn redacted(reader: &mut Reader, app: &App, who: &Who, party: Id, text: &str) -> Result<String> {
    let (case, party) = parties::get(reader, who, party).await?;
    let apart = Apart::of(reader, app, &case, &party).await?;
    let findings = apart.find(reader, text).await?;
    Ok(leaks::redact(text, &findings, &app.languages.text(&party.language).say("held-back")))
}

/// What of this party's own was seen in the case: exactly the observables of the case's reports
/// that the registry gives to its organisation. What another party said in its thread is not among
/// them: a person decides whether that is handed on.
pub async fn own_rows(reader: &mut Reader, case: Id, organisation: Option<Id>) -> Result<Vec<Observable>> {
    let Some(organisation) = organisation else { return Ok(Vec::new()) };
    let ids = rows::reports_of(reader, case).await?;
    let mut known = HashSet::new();
    let seen = reports::seen(reader, &ids).await?.into_iter().filter(|seen| seen.holder == Some(organisation) && !seen.doubted);
    Ok(seen.map(|seen| seen.observable).filter(|one| known.insert(one.clone())).collect())
}

/// The case of that number with one of its parties, if this viewer may know of it.
pub async fn of_number(reader: &mut Reader, who: &Who, number: &str, party: Id) -> Result<(Case, Party)> {
    let case = see::find(reader, who, number).await?;
    let (_, party) = parties::get(reader, who, party).await?;
    if party.case == case.id { Ok((case, party)) } else { Err(Error::NotFound) }
}
