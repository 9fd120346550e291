//! Releasing a message: everything that leaves a thread by mail or page leaves here.

use formats::label::Tlp;
use serde_json::json;
use store::{Id, Reader, Record, Tx};
use vault::blob::Hash;

use super::{Attached, Draft, Message};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::after_end::answered_in;
use crate::cases::before::{Prepared, prepare};
use crate::cases::message_store::{self, NewMessage};
use crate::cases::parties::{self, Party};
use crate::cases::{Case, mark_responded_in, party_store as rows, recommendation_store, refresh_due, refresh_due_of_report, templates, touch_in};
use crate::keys::Choice;
use crate::keys::protect::Wish;
use crate::outbox::{self, Mail};
use crate::profile::KeptBy;
use crate::release::{self, Channel, Leaving, Recipient};
use crate::reports::{self, Reported};
use crate::text::one_line;
use crate::{App, Error, Result, clocks, keys, once};

/// Lets a draft out. `seen` is what [`Prepared::seen`] said when somebody looked; another text is
/// refused. Says the message's id.
pub async fn release(app: &App, who: &Who, party: Id, draft: &Draft, seen: Option<&str>) -> Result<Id> {
    require(who, Verb::Release, Noun::Message)?;
    app.db.change(&who.to_string(), async |tx| release_in(tx, app, who, party, draft, seen).await).await
}

async fn release_in(tx: &mut Tx, app: &App, who: &Who, party: Id, draft: &Draft, seen: Option<&str>) -> Result<Id> {
    // Two who press the button at once: one waits here, and then finds that the other was faster.
    let (case, to) = parties::held_for(tx, who, party).await?;
    // The second press of one button sends nothing.
    if let Some(sent) = once::made(tx, who).await? {
        return Ok(sent);
    }
    let reports = hold_reports(tx, &case, &to).await?;
    let sent = message_store::sent_count(tx, party).await?;
    if sent != draft.base {
        return Err(Error::conflict(
            "A message went out to this party since this page was opened. If it was this one, it was sent once; other words of yours are kept as a draft.",
        ));
    }
    let prepared = prepare(tx, app, who, party, draft).await?;
    if seen.is_some_and(|seen| seen != prepared.seen()) {
        return Err(Error::conflict("The text is not the one that was shown any more. Nothing left the house: look at it again, then release."));
    }
    let (id, now) = (tx.new_id(), tx.now());
    let (case, to) = (&prepared.case, &prepared.party);
    let leaving = Leaving { id, ..prepared.leaving.clone() };
    let in_reply_to = last_mail(tx, app, to).await?;
    let mail = mail_of(tx, app, &prepared, draft, id, in_reply_to.clone()).await?;
    let passed = release::release(tx, &app.profile, who, &leaving, mail).await?;
    let message = Message {
        subject: one_line(&draft.subject),
        body: draft.body.trim().to_owned(),
        label: prepared.weighed.effective.as_str().into(),
        substantive: draft.substantive,
        ..Message::begun(to, id, "out", leaving.channel.way(), who, now)
    };
    message_store::insert(tx, NewMessage { message: &message, in_reply_to, raw: None, version: leaving.version }).await?;
    for (place, file) in draft.files.iter().enumerate() {
        let file = Attached { id, message: id, name: file.name.clone(), media_type: file.media_type.clone(), size: file.size, blob: file.hash()? };
        message_store::insert_file(tx, id, place, &file).await?;
    }
    for advice in &prepared.advice {
        recommendation_store::send(tx, *advice, id).await?;
    }
    if leaving.channel.is_mail() {
        let mail_id = outbox::queue(tx, app, passed).await?;
        message_store::set_mail_id(tx, id, &mail_id).await?;
        if prepared.linked && !prepared.plan.protect.encrypts() {
            parties::link_went_in_clear_in(tx, to, &prepared.known).await?;
        }
    } else {
        notify(tx, app, who, case, to).await?;
    }
    rows::mark_out(tx, to.id, now).await?;
    tx.index("message", id, case.id, &message.subject, &message.body).await?;
    tx.record(
        Record::new("message.released", "message", id)
            .about(case.id)
            .facts(json!({
                "party": to.id, "channel": message.channel, "label": message.label, "substantive": draft.substantive,
                "recommendations": prepared.advice.len(), "files": draft.files.len(),
            }))
            .particulars(json!({ "to": to.name, "subject": message.subject })),
    );
    if draft.substantive {
        responded(tx, app, case, to, &reports).await?;
    }
    touch_in(tx, case.id).await?;
    if let Some(person) = who.person() {
        message_store::drop_draft(tx, person.id, to.id).await?;
    }
    once::makes(tx, who, id).await?;
    Ok(id)
}

/// The reports of a case, those held that a message to this party answers, or whose page it leads to.
pub(super) async fn hold_reports(tx: &mut Tx, case: &Case, to: &Party) -> Result<Vec<Reported>> {
    let ids = rows::reports_of(tx, case.id).await?;
    let reports = reports::reported(tx, &ids).await?;
    let answered: Vec<Id> = reports.iter().filter(|report| parties::answers(to, report)).map(|report| report.id).chain(to.report).collect();
    tx.hold_all("reports", &answered).await?;
    Ok(reports)
}

/// The first substantive answer of a person stops the clocks that wait for one to this party, and is the
/// response of the case if it went to who reported.
pub(super) async fn responded(tx: &mut Tx, app: &App, case: &Case, to: &Party, reports: &[Reported]) -> Result<()> {
    for report in reports.iter().filter(|report| parties::answers(to, report)) {
        clocks::stop(tx, app, report.id).await?;
        reports::refresh_due(tx, report.id).await?;
        refresh_due_of_report(tx, report.id).await?;
    }
    clocks::stop_those(tx, app, case.id, |kept_by| parties::keeps(to, reports, kept_by)).await?;
    answered_in(tx, app, case, to).await?;
    if parties::keeps(to, reports, KeptBy::Answer) { mark_responded_in(tx, case.id).await } else { refresh_due(tx, case.id).await }
}

/// The mail that carries a message.
async fn mail_of(tx: &mut Tx, app: &App, prepared: &Prepared, draft: &Draft, id: Id, in_reply_to: Option<String>) -> Result<Mail> {
    let to = &prepared.party;
    let mut files = Vec::new();
    for file in &draft.files {
        let content = app.blobs.get(tx, file.hash()?).await?;
        files.push((file.name.clone(), file.media_type.clone(), content));
    }
    Ok(Mail {
        about: prepared.case.id,
        message: Some(id),
        contact: to.contact,
        thread: to.id,
        to_name: to.name.clone(),
        to: to.mail.clone().unwrap_or_default(),
        subject: prepared.subject.clone(),
        number: prepared.known.number.clone(),
        text: prepared.text.clone(),
        language: app.languages.text(&to.language).shown().to_owned(),
        in_reply_to,
        automatic: false,
        files,
        protect: prepared.plan.protect.clone(),
        list: None,
    })
}

/// A message that is read on the page: a mail without content says that it is there. It carries the link to
/// the page, and then the label of all that the page shows, only as far as that may go by this mail.
async fn notify(tx: &mut Tx, app: &App, who: &Who, case: &Case, to: &Party) -> Result<()> {
    let Some(address) = to.mail.clone().filter(|_| to.reach != "phone" && app.profile.mail.is_some()) else { return Ok(()) };
    let text = app.languages.text(&to.language);
    let (zone, mut known) = (app.profile.calendar().zone().clone(), parties::known_as(tx, app, case, to).await?);
    let linking = if known.page.is_some() { parties::by_mail(tx, app, to, known.label, Choice::Rule).await? } else { None };
    let linked = linking.is_some();
    let (label, protect) = if let Some(protect) = linking {
        (known.label, protect)
    } else {
        // It says nothing of the matter: encrypted where a verified key makes that easy, in clear otherwise.
        known.page = None;
        let wish = Wish { address: &address, choice: Choice::Rule, label: Tlp::Clear, answers_encrypted: false };
        (Tlp::Clear, keys::protect::plan(tx, app, &wish).await?.protect)
    };
    let around = templates::Around { label, known: &known, team: app.profile.team.name.text(text.shown()), by_mail: false, zone: &zone };
    let words = text.with(if linked { "notice-body" } else { "notice-body-bare" }, "number", &known.number);
    let body = templates::letter(&text, &around, &words, &[]);
    let subject = text.say("notice-subject");
    let leaving = Leaving {
        to: Recipient { key: to.key(), name: to.name.clone(), organisation: to.organisation, ceiling: to.ceiling, address: address.clone() },
        channel: if protect.encrypts() { Channel::MailEncrypted } else { Channel::Mail },
        noun: "notice",
        id: to.id,
        about: case.id,
        version: 1,
        label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "notice of a message on the page, without its content".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: protect.in_words(),
        content: Hash::of(format!("{subject}\n\n{body}").as_bytes()),
    };
    if linked && !protect.encrypts() {
        parties::link_went_in_clear_in(tx, to, &known).await?;
    }
    let mail = Mail {
        about: case.id,
        message: None,
        contact: to.contact,
        thread: to.id,
        to_name: to.name.clone(),
        to: address,
        subject,
        number: known.number,
        text: body,
        language: text.shown().to_owned(),
        in_reply_to: None,
        automatic: false,
        files: Vec::new(),
        protect,
        list: None,
    };
    let passed = release::release(tx, &app.profile, who, &leaving, mail).await?;
    outbox::queue(tx, app, passed).await?;
    Ok(())
}

/// The newest mail that the party knows of, which the next one answers.
async fn last_mail(reader: &mut Reader, app: &App, party: &Party) -> Result<Option<String>> {
    let told = release::told(reader, &app.profile, &party.key()).await?;
    let messages = message_store::of_party(reader, party.id).await?;
    Ok(messages.into_iter().rev().filter(|message| message.is_known(&told)).find_map(|message| message.mail_message_id))
}
