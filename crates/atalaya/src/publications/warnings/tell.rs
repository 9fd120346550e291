//! A mailing on its way to constituents: whom the rule names, and one letter after the other.

use std::collections::{BTreeSet, HashMap, HashSet};

use ::store::{Id, Reader, Record, Tx};
use serde_json::json;

use super::super::readers::{self, Mailing};
use super::super::store as publications;
use super::letter;
use super::subject::Subject;
use super::{Reason, Rule, Target, Warning, store};
use crate::access::Who;
use crate::constituency::{self, Contact, Organisation, Wanted};
use crate::outbox::{self, Going, List, Mail, Way};
use crate::release;
use crate::text::Text;
use crate::{App, Error, Result};

/// Organisations that are read at a time.
const PAGE: usize = 500;

/// Whether a publication tells any constituent without asking: by its rule, or because it was told of an earlier version.
pub async fn tells_anybody(reader: &mut Reader, app: &App, publication: Id) -> Result<bool> {
    let Some(one) = publications::get(reader, publication).await? else { return Ok(false) };
    let is_ruled = super::rule(reader, app, &one).await? != Rule::Nobody;
    Ok(is_ruled || !store::organisations(reader, publication).await?.is_empty() || !store::held(reader, publication).await?.is_empty())
}

/// Notes whom a mailing carries, as it begins; gives how many. A release goes to those whom the rule names, and to all who were
/// told of the version before, or of this one before it was out.
pub async fn gather(tx: &mut Tx, app: &App, mailing: &Mailing) -> Result<i64> {
    let one = publications::get(tx, mailing.publication).await?.ok_or(Error::NotFound)?;
    if mailing.kind == "release" && one.version == mailing.version {
        let target = Target { version: mailing.version, ahead: false };
        let told: BTreeSet<Id> = store::organisations(tx, one.id).await?.into_iter().collect();
        let named = named(tx, app, &one).await?;
        store::forget_proposed(tx, one.id, mailing.version).await?;
        for id in named.union(&told) {
            let reason = if named.contains(id) { Reason::Rule } else { Reason::Before };
            store::carry(tx, &Warning::proposed(tx, one.id, target, *id, vec![reason]), mailing.id).await?;
        }
        // Who was chosen and could not be told may be told of this one: for the same reasons, since they heard of nothing.
        for mut held in store::held(tx, one.id).await? {
            held.reasons.retain(|reason| !matches!(reason, Reason::Rule | Reason::Before));
            if one.is_current() && !held.reasons.is_empty() {
                store::carry(tx, &Warning::proposed(tx, one.id, target, held.organisation, held.reasons), mailing.id).await?;
            }
        }
    }
    let waits = store::of_mailing(tx, mailing.id).await?;
    Ok(waits.into_iter().filter(|(state, _)| state == "waits").map(|(_, count)| count).sum())
}

/// The addresses that the letters of a mailing go to as things stand, in small letters.
pub async fn addresses(reader: &mut Reader, mailing: Id) -> Result<HashSet<String>> {
    let (mut addresses, mut after, now) = (HashSet::new(), None, reader.now());
    loop {
        let some = store::waiting(reader, mailing, after, u32::try_from(PAGE).unwrap_or(u32::MAX)).await?;
        let Some(last) = some.last() else { return Ok(addresses) };
        after = Some(last.id);
        let mut of: HashMap<Id, Vec<Contact>> = HashMap::new();
        for contact in constituency::contacts_of(reader, &some.iter().map(|one| one.organisation).collect::<Vec<_>>()).await? {
            of.entry(contact.organisation).or_default().push(contact);
        }
        let chosen = of.values().filter_map(|contacts| outbox::usable(&constituency::choose_for(contacts, now, "security"))?.mail.clone());
        addresses.extend(chosen.map(|address| address.to_lowercase()));
    }
}

/// The organisations that the rule names.
async fn named(reader: &mut Reader, app: &App, one: &super::Publication) -> Result<BTreeSet<Id>> {
    let mut sectors = match super::rule(reader, app, one).await? {
        Rule::Nobody => return Ok(BTreeSet::new()),
        Rule::Sectors => publications::versions(reader, one.id).await?.into_iter().next().map(|version| version.content.sectors).unwrap_or_default(),
        Rule::All => Vec::new(),
    };
    if sectors.is_empty() {
        sectors.push(String::new());
    }
    let mut named = BTreeSet::new();
    for sector in sectors {
        let mut wanted = Wanted { sector, status: "registered".into(), ..Wanted::default() };
        loop {
            let (some, more) = constituency::page_of(reader, &wanted, PAGE).await?;
            named.extend(some.iter().map(|one| one.id));
            match some.into_iter().last().filter(|_| more) {
                Some(last) => wanted.after = last.name,
                None => break,
            }
        }
    }
    Ok(named)
}

/// How the mails of a mailing stand, those to constituents beside those to readers.
pub async fn tally(reader: &mut Reader, mailing: Id, readers: Vec<(String, i64)>) -> Result<Vec<(String, i64)>> {
    let own = store::of_mailing(reader, mailing).await?.into_iter().map(|(state, count)| (format!("constituents {state}"), count));
    Ok(readers.into_iter().chain(own).collect())
}

/// Tells the next of a mailing, in one change with what says that it was told; whether there was one.
pub async fn step(app: &App, mailing: Id) -> Result<bool> {
    let Some(id) = store::next(&mut app.db.read().await?, mailing).await? else { return Ok(false) };
    match tell(app, mailing, id).await {
        // This very letter cannot be written: the others can.
        Err(Error::Invalid(why) | Error::Conflict(why)) => hold(app, id, why).await.map(|()| true),
        done => done,
    }
}

async fn hold(app: &App, id: Id, why: String) -> Result<()> {
    app.db
        .change("job:mail_out", async |tx| {
            let Some(one) = store::get(tx, id).await?.filter(|one| one.state == "waits") else { return Ok(()) };
            hold_in(tx, one, why.clone()).await
        })
        .await
}

async fn hold_in(tx: &mut Tx, one: Warning, why: String) -> Result<()> {
    let one = Warning { state: "held".into(), at: tx.now(), why, ..one };
    store::settle(tx, &one).await?;
    let facts = json!({ "publication": one.publication, "version": one.version, "ahead": one.ahead });
    tx.record(Record::new("warning.held", "warning", one.id).about(one.organisation).facts(facts).particulars(json!({ "why": one.why })));
    Ok(())
}

async fn tell(app: &App, mailing: Id, id: Id) -> Result<bool> {
    app.db
        .change("job:mail_out", async |tx| {
            let mut mailing = readers::held_mailing(tx, mailing).await?;
            let Some(one) = store::get(tx, id).await?.filter(|one| one.state == "waits" && one.mailing == Some(mailing.id)) else { return Ok(true) };
            if mailing.state != "going" {
                return Ok(false);
            }
            let Some(subject) = Subject::of(tx, app, &mailing).await? else {
                // It says something else by now: whoever let this go did not let that go.
                hand_on(tx, &mailing).await?;
                readers::overtaken(tx, &mut mailing).await?;
                return Ok(false);
            };
            if tell_in(tx, app, one, subject).await? {
                mailing.queued += 1;
            }
            readers::update_mailing(tx, &mailing).await?;
            Ok(true)
        })
        .await
}

/// Whoever waits in a mailing that a newer version overtook is told of that one, for the same reasons; of what no longer holds they need
/// not hear, since nobody told them that it did.
async fn hand_on(tx: &mut Tx, mailing: &Mailing) -> Result<()> {
    let Some(one) = publications::get(tx, mailing.publication).await?.filter(super::Publication::is_current) else { return Ok(()) };
    let target = Target { version: one.version, ahead: false };
    let is_newer = one.version > mailing.version || mailing.ahead && one.version == mailing.version;
    let Some(newer) = readers::release_of(tx, one.id, one.version).await?.filter(|_| is_newer) else { return Ok(()) };
    let mut after = None;
    loop {
        let some = store::waiting(tx, mailing.id, after, u32::try_from(PAGE).unwrap_or(u32::MAX)).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        for waits in some {
            store::carry(tx, &Warning::proposed(tx, one.id, target, waits.organisation, waits.reasons), newer).await?;
        }
    }
    // It may have been through with all of its own: then it goes on for these.
    let mut newer = readers::held_mailing(tx, newer).await?;
    if newer.state == "done" && after.is_some() {
        newer.state = "going".into();
        readers::update_mailing(tx, &newer).await?;
        tx.enqueue("mail_out", json!({ "mailing": newer.id })).await?;
    }
    Ok(())
}

/// Whether it was told; if not, it is held.
async fn tell_in(tx: &mut Tx, app: &App, one: Warning, mut subject: Subject) -> Result<bool> {
    let organisation = constituency::get(tx, one.organisation).await?;
    let contacts = constituency::contacts_of(tx, &[organisation.id]).await?;
    let choice = constituency::choose_for(&contacts, tx.now(), "security");
    let Some(contact) = outbox::usable(&choice).cloned() else { return hold_in(tx, one, choice.why).await.map(|()| false) };
    // What it may not get of what was seen, it does not read of here either.
    let reasons = told(&one.reasons, &organisation);
    let label = reasons.iter().map(Reason::label).fold(subject.item.content.label, Ord::max);
    subject.item.content.label = label;
    let going = Going { noun: "publication", id: one.publication, about: one.publication, version: one.version, label, basis: basis(&one) };
    let Way { mut leaving, protect, against } = outbox::way(tx, app, &organisation, &contact, going).await?;
    (leaving.containers, leaving.downgrade) = subject.contained.clone();
    leaving.held.clone_from(&subject.held);
    leaving.against = [subject.against.clone(), against].concat();
    let weighed = release::weigh(&app.profile, &leaving);
    if !weighed.may_leave() {
        return hold_in(tx, one, weighed.reasons()).await.map(|()| false);
    }
    subject.item.content.label = weighed.effective;
    let text = app.languages.text(&contact.language);
    let (head, body) = letter::written(app, &subject, &organisation, &reasons, &text);
    let content = app.blobs.seal(format!("{head}\n\n{body}").as_bytes())?;
    tx.keep(&content).await?;
    leaving.content = content.hash;
    let references = store::mails(tx, one.publication, organisation.id).await?;
    let (channel, turn) = (leaving.channel, readers::turn(subject.item.kind));
    let mail = Mail { protect, ..mail(app, &subject, &one, &contact, (&head, &body), references, &text) };
    let passed = release::release(tx, &app.profile, &Who::Job("mail_out"), &leaving, mail).await?;
    let message_id = if channel.is_mail() { outbox::queue_in_turn(tx, app, passed, turn).await? } else { String::new() };
    // What is told ahead is told once more when it is out, to whoever asked, too.
    if let Some(address) = contact.mail.as_deref().filter(|_| channel.is_mail() && !one.ahead) {
        readers::told_otherwise(tx, address, (one.publication, one.version), &message_id).await?;
    }
    let told = Warning {
        state: "told".into(),
        why: String::new(),
        contact: Some(contact.id),
        channel: channel.name().into(),
        label: weighed.effective,
        language: text.shown().to_owned(),
        subject: head,
        content: Some(content.hash),
        message_id,
        at: tx.now(),
        ..one
    };
    store::settle(tx, &told).await?;
    let facts = json!({ "publication": told.publication, "version": told.version, "ahead": told.ahead, "contact": told.contact, "label": told.label.as_str(), "channel": told.channel });
    tx.record(Record::new("warning.told", "warning", told.id).about(told.organisation).facts(facts));
    Ok(true)
}

/// The reasons that an organisation may read; one at least.
fn told(reasons: &[Reason], organisation: &Organisation) -> Vec<Reason> {
    let told: Vec<Reason> = reasons.iter().filter(|reason| reason.label() <= organisation.ceiling).cloned().collect();
    if told.is_empty() { vec![Reason::Chosen] } else { told }
}

fn basis(one: &Warning) -> &'static str {
    match (one.ahead, one.reasons.contains(&Reason::Rule)) {
        (true, _) => "warning before it is out",
        (false, true) => "constituent, by the rule",
        (false, false) => "warning",
    }
}

fn mail(app: &App, subject: &Subject, one: &Warning, contact: &Contact, (head, body): (&str, &str), references: Vec<String>, text: &Text) -> Mail {
    let item = &subject.item;
    let number = if item.kind.letters().is_some() { item.name.clone() } else { String::new() };
    // The head of a mail is read by whoever carries it, encrypted or not: of what is not for everybody it says nothing.
    let field = |name: &str, value: String| (name.to_owned(), value);
    // Nobody ends it, so that nothing in it offers that.
    let mut headers = readers::list_headers(app, "constituents", "/member/publications").unwrap_or_default();
    if subject.is_public {
        headers.push(field("X-Advisory-Id", item.name.clone()));
        headers.push(field("X-Advisory-Version", item.called()));
        headers.push(field("X-Advisory-Severity", item.content.severity.name().to_owned()));
    }
    Mail {
        about: one.publication,
        message: None,
        contact: Some(contact.id),
        thread: one.id,
        to_name: contact.name.clone(),
        to: contact.mail.clone().unwrap_or_default(),
        subject: head.to_owned(),
        number,
        text: body.to_owned(),
        language: item.content.said(text.wanted()).map_or_else(|| text.shown(), |(_, language)| language).to_owned(),
        in_reply_to: references.first().cloned(),
        automatic: true,
        files: Vec::new(),
        protect: crate::keys::Protect::default(),
        list: Some(List { headers, references }),
    }
}
