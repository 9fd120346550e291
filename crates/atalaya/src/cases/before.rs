//! Before it leaves: the exact text of a message, who gets it, what is held back, and what stands
//! against it. The page shows this, and [`super::messages::release`] decides by the very same.
//!
//! An identity passes from one party to another only when both have agreed to be named (consent
//! that is live now). Addresses pass when the recipient holds them, reported them, or told us of
//! them; any other only when somebody says why, and the reason goes into the ledger.

use std::collections::HashSet;

use formats::label::Tlp;
use formats::observable::{Kind, Observable, distinct, extract};
use store::{Id, Reader};
use vault::blob::Hash;

use super::leaks::{self, Finding, Held, Hidden, Weight};
use super::messages::{Draft, DraftFile};
use super::parties::Party;
use super::templates::{self, Advice, Around, Known};
use super::{Case, parties, party_store as rows, recommendations, see};
use crate::access::{Noun, Verb, Who, require};
use crate::keys::protect::Wish;
use crate::keys::{Choice, Plan};
use crate::release::{Channel, Leaving, Recipient, Weighed, weigh};
use crate::{App, Error, Result, constituency, keys, reports};

/// A message as it would leave.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The case.
    pub case: Case,
    /// To whom.
    pub party: Party,
    /// Number and page under which the party knows the matter.
    pub known: Known,
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

    /// What identifies exactly this text to exactly this party: the page sends it back, so that
    /// what is released is what was seen.
    pub fn seen(&self) -> String {
        self.leaving.content.to_string()
    }
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
    let (mut read, mut unread) = (0, Vec::new());
    for file in &draft.files {
        written.add("the name of a file", &file.name);
        match read_for_names(reader, app, file, READ.saturating_sub(read)).await? {
            Some(content) => {
                read += content.len();
                written.add(&format!("the file {}", one_line(&file.name)), &content);
            }
            None => unread.push(Finding {
                weight: Weight::Ask,
                what: file.name.clone(),
                why: "could not be read for names and addresses: look into it yourself.".into(),
                at: 0..0,
                instead: String::new(),
                about: String::new(),
            }),
        }
    }
    let mut findings = apart.find(reader, &written.text).await?;
    findings.extend(unread);
    let mut against = Vec::new();
    let told = one_line(&draft.told);
    // What is told with a reason is not held back as well.
    let let_out = |finding: &&Finding| finding.weight == Weight::Ask && !told.is_empty() && !finding.about.is_empty();
    let mut kept = apart.lines(&findings.iter().filter(let_out).map(|finding| finding.about.as_str()).collect());
    for finding in &findings {
        let place = if finding.at.is_empty() { String::new() } else { format!(" in {}", written.place(finding.at.start)) };
        let line = format!("“{}”{place} {}", one_line(&finding.what), finding.why);
        match finding.weight {
            Weight::Ask if !told.is_empty() => kept.push(format!("Told all the same: {line} Reason: {}.", told.trim_end_matches('.'))),
            _ => against.push(line),
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
    if channel == Channel::Portal && known.page.is_none() {
        against.push("The link to its page was ended: issue a new one first, or nobody can read it there.".into());
    }
    if channel == Channel::Portal && known.in_clear && keys::protect::must_encrypt(app, effective) {
        against.push(keys::protect::open_link("its page", effective));
    }
    if known.page.is_some() && party.mail.is_some() && !linked {
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
    Ok(Prepared { case, party, known, linked, subject, text: letter, leaving, weighed, findings, advice, plan })
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

/// What a message of a case is contained in: the case's label, and those of its reports, of which one may
/// have been raised after it was linked. A label that cannot be read counts as the highest, never as none.
pub(super) async fn containers(reader: &mut Reader, case: &Case) -> Result<Vec<Tlp>> {
    let ids = rows::reports_of(reader, case.id).await?;
    let reports = reports::reported(reader, &ids).await?;
    Ok([case.label].into_iter().chain(reports.into_iter().map(|one| one.label.parse().unwrap_or(Tlp::Red))).collect())
}

/// Everything that somebody wrote, as one text that is read for leaks, and where each part of it stands.
#[derive(Default)]
struct Written {
    text: String,
    /// What a part is called, and where it ends.
    parts: Vec<(String, usize)>,
}

impl Written {
    fn add(&mut self, name: &str, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.parts.push((name.to_owned(), self.text.len()));
    }

    /// The part that has the byte at this place.
    fn place(&self, at: usize) -> &str {
        self.parts.iter().find(|(_, end)| at < *end).map_or("the text", |(name, _)| name.as_str())
    }
}

/// How many bytes of attachments are read for names; what is longer is for a person to read.
const READ: usize = 512 << 10;

/// The text of an attachment; none if it is no text, or too long to be read here.
async fn read_for_names(reader: &mut Reader, app: &App, file: &DraftFile, most: usize) -> Result<Option<String>> {
    if file.size > u64::try_from(most).unwrap_or(u64::MAX) {
        return Ok(None);
    }
    let content = app.blobs.get(reader, file.hash()?).await?;
    Ok(String::from_utf8(content).ok().filter(|text| !text.contains('\0')))
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
    let seen = reports::seen(reader, &ids).await?.into_iter().filter(|seen| seen.holder == Some(organisation));
    Ok(seen.map(|seen| seen.observable).filter(|one| known.insert(one.clone())).collect())
}

/// Everything that one party may not learn of the others.
struct Apart {
    hidden: Vec<Hidden>,
    held: Vec<Held>,
    /// Words that betray nobody: the recipient's own, the team's, aliases.
    free: Vec<String>,
    /// What the recipient knows already.
    own: HashSet<Observable>,
    organisation: Option<Id>,
    /// Other organisations whose networks may not be told: id and half a sentence.
    others: Vec<(Id, String)>,
    /// Those of the held that were seen in the case, not only guessed from a mail address.
    addresses: Vec<Observable>,
}

impl Apart {
    async fn of(reader: &mut Reader, app: &App, case: &Case, me: &Party) -> Result<Self> {
        let now = reader.now();
        let all = parties::of(reader, case).await?;
        let same = |one: &Party| one.id == me.id || (one.organisation.is_some() && one.organisation == me.organisation);
        let open = |one: &Party| one.consents(now) && me.consents(now);
        let others: Vec<&Party> = all.iter().filter(|one| !same(one) && !open(one)).collect();
        let ids: Vec<Id> = others.iter().filter_map(|one| one.organisation).chain(me.organisation).collect();
        let organisations = constituency::known(reader, &ids).await?;
        let contacts = constituency::contacts_of(reader, &ids).await?;
        let why = |one: &Party| match (one.consent_until, one.consents(now)) {
            (_, true) => format!("identities pass only when both agreed, and {} has not", me.name),
            (Some(_), false) => "the consent to name it has ended".to_owned(),
            (None, false) => "it has not agreed to be named".to_owned(),
        };
        let mut hidden = Vec::new();
        let mut held: Vec<Held> = Vec::new();
        let mut banned: Vec<(Id, String)> = Vec::new();
        for one in &others {
            let organisation = organisations.iter().find(|known| Some(known.id) == one.organisation);
            let theirs = contacts.iter().filter(|contact| one.organisation == Some(contact.organisation));
            let mut names = vec![one.name.clone()];
            names.extend(organisation.map(|known| known.name.clone()));
            let mut mails: Vec<String> = one.mail.iter().cloned().collect();
            for contact in theirs {
                names.extend([contact.name.clone(), contact.phone.clone()].into_iter().filter(|name| name.trim().chars().count() > 2));
                mails.extend(contact.mail.clone());
            }
            hold_domains(&mut held, &mails, &one.name);
            hidden.push(Hidden { who: format!("{} ({})", one.name, one.role), alias: one.alias.clone(), names, mails, why: why(one) });
            banned.extend(one.organisation.map(|id| (id, format!("is held by {}: {}", one.name, why(one)))));
        }
        let reports_of = rows::reports_of(reader, case.id).await?;
        for report in reports::reported(reader, &reports_of).await? {
            let mine = me.report == Some(report.id)
                || (!report.mail.is_empty() && me.mail.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(&report.mail)))
                || (report.organisation.is_some() && report.organisation == me.organisation);
            let agreed = all.iter().any(|party| {
                open(party) && (party.report == Some(report.id) || (!report.mail.is_empty() && party.mail.as_deref() == Some(report.mail.as_str())))
            });
            if mine || agreed || [&report.name, &report.mail, &report.org].iter().all(|text| text.is_empty()) {
                continue;
            }
            let mails = vec![report.mail.clone()].into_iter().filter(|mail| !mail.is_empty()).collect::<Vec<_>>();
            hold_domains(&mut held, &mails, &format!("the reporter of {}", report.number));
            let names = [report.name, report.org, report.phone].into_iter().filter(|name| name.trim().chars().count() > 2).collect();
            let who = format!("the reporter of {}", report.number);
            hidden.push(Hidden { who, alias: String::new(), names, mails, why: "a reporter is named to nobody without consent".into() });
        }
        let (own, seen) = Self::observables(reader, case, me, &reports_of).await?;
        let mut addresses: Vec<Observable> = Vec::new();
        for one in &seen {
            let shared = own.contains(&one.observable) || held.iter().any(|known| known.observable == one.observable);
            let agreed = one.holder.is_some_and(|id| all.iter().any(|party| party.organisation == Some(id) && open(party)));
            if shared || agreed {
                continue;
            }
            let by = one
                .holder
                .and_then(|id| banned.iter().find(|(known, _)| *known == id))
                .map_or_else(|| "is known from others, not from this party".to_owned(), |(_, by)| by.clone());
            addresses.push(one.observable.clone());
            held.push(Held { observable: one.observable.clone(), by });
        }
        held.retain(|one| !own.contains(&one.observable));
        let language = app.languages.text(&me.language);
        let team = &app.profile.team;
        let mut free = vec![me.name.clone(), team.name.text(language.shown()).to_owned(), team.short_name.text(language.shown()).to_owned()];
        free.extend(organisations.iter().filter(|known| Some(known.id) == me.organisation).map(|known| known.name.clone()));
        free.extend(all.iter().map(|one| one.alias.clone()));
        Ok(Self { hidden, held, free, own, organisation: me.organisation, others: banned, addresses })
    }

    /// What the recipient knows already, and all that the case's reports and messages name.
    async fn observables(reader: &mut Reader, case: &Case, me: &Party, reports_of: &[Id]) -> Result<(HashSet<Observable>, Vec<reports::Seen>)> {
        let mut seen = reports::seen(reader, reports_of).await?;
        seen.extend(reports::seen_in_messages(reader, case.id).await?);
        let theirs = |one: &&reports::Seen| me.report == Some(one.about) || (me.organisation.is_some() && one.holder == me.organisation);
        let mut own: HashSet<Observable> = seen.iter().filter(theirs).map(|one| one.observable.clone()).collect();
        for message in rows::messages_of_party(reader, me.id).await?.iter().filter(|message| message.direction == "in") {
            own.extend(distinct(&extract(&message.body)));
        }
        Ok((own, seen))
    }

    /// What the text would tell.
    async fn find(&self, reader: &mut Reader, text: &str) -> Result<Vec<Finding>> {
        let mut held = self.held.clone();
        // Networks of others that no report has named yet.
        let named: Vec<Observable> = distinct(&extract(text)).into_iter().filter(|one| !self.own.contains(one)).collect();
        let now = reader.now();
        let matches = constituency::owners(reader, &named, now).await?;
        for (at, one) in named.iter().enumerate() {
            let holders: Vec<Id> = matches.iter().filter(|found| found.observable == at).map(|found| found.organisation).collect();
            if self.organisation.is_some_and(|mine| holders.contains(&mine)) {
                held.retain(|known| known.observable != *one);
                continue;
            }
            if let Some((_, by)) = self.others.iter().find(|(id, _)| holders.contains(id)) {
                held.push(Held { observable: one.clone(), by: by.clone() });
            }
        }
        Ok(leaks::find(text, &self.hidden, &held, &self.free))
    }

    /// What is held back, for the page. `told` is let out for a reason: values, and whom names betray.
    fn lines(&self, told: &HashSet<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        let kept = self.addresses.iter().filter(|one| !told.contains(one.value.as_str())).count();
        if kept > 0 {
            lines.push(format!("Held back: {} of others.", count(kept, "address or other observable", "addresses and other observables")));
        }
        let hidden: Vec<&Hidden> = self.hidden.iter().filter(|one| !told.contains(one.who.as_str())).collect();
        match hidden.as_slice() {
            [] => {}
            [one] => lines.push(format!("Held back: who {} is ({}).", one.who, one.why)),
            [one, two] => lines.push(format!("Held back: who {} and {} are.", one.who, two.who)),
            many => lines.push(format!("Held back: who {} others are.", many.len())),
        }
        lines
    }
}

/// The domains of mail addresses say as much as a name.
fn hold_domains(held: &mut Vec<Held>, mails: &[String], name: &str) {
    for domain in mails.iter().filter_map(|mail| mail.rsplit_once('@').map(|(_, domain)| domain)) {
        if let Ok(observable) = Observable::new(Kind::Domain, domain)
            && held.iter().all(|one| one.observable != observable)
        {
            held.push(Held { observable, by: format!("is the mail domain of {name}") });
        }
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// Line breaks and runs of spaces out.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The case of that number with one of its parties, if this viewer may know of it.
pub async fn of_number(reader: &mut Reader, who: &Who, number: &str, party: Id) -> Result<(Case, Party)> {
    let case = see::find(reader, who, number).await?;
    let (_, party) = parties::get(reader, who, party).await?;
    if party.case == case.id { Ok((case, party)) } else { Err(Error::NotFound) }
}
