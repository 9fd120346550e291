//! Messages: what we say to a party and what it says to us.
//!
//! A draft is a person's own and saves itself; nothing of it leaves. [`release`] lets it out in one
//! change: rights, the gate with the leak check of [`super::before`], ledger, message, mail, clocks
//! and timeline, all or nothing. Answers come back by [`receive_answer_in`].
//!
//! The response that clocks wait for is the first substantive message that a person releases: to
//! anybody for the case's own clocks; for a report's clocks, to its reporter (or to anybody, when
//! the reporter left no address and so cannot be written to).

use formats::label::Tlp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Id, Reader, Record, Tx};
use vault::blob::Hash;

use super::before::{Prepared, one_line, prepare};
use super::parties::Party;
use super::party_store::{self as rows, NewMessage};
use super::recommendations::{self, Recommendation};
use super::{Answer, Case, lives_in, mark_responded_in, parties, reopen_in, templates, touch_in};
use crate::access::{Noun, Verb, Who, require};
use crate::outbox::{self, Mail};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Error, Result, clocks, reports};

/// A message in a thread.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id.
    pub id: Id,
    /// The case.
    pub case: Option<Id>,
    /// The thread.
    pub party: Option<Id>,
    /// `in` or `out`.
    pub direction: String,
    /// `mail`, `portal`, `phone`.
    pub channel: String,
    /// Subject, or empty.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label, as text.
    pub label: String,
    /// Language tag.
    pub language: String,
    /// `released`, `received`, `automatic`, `failed`.
    pub state: String,
    /// Whether it counts as a response.
    pub substantive: bool,
    /// `Message-ID`, if it went or came by mail.
    pub mail_message_id: Option<String>,
    /// Who wrote or released it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Attachments.
    pub files: Vec<Attached>,
    /// The recommendations that it carried.
    pub recommendations: Vec<Recommendation>,
}

impl Message {
    /// Whether it is ours.
    pub fn ours(&self) -> bool {
        self.direction == "out"
    }

    /// The label, for its chip.
    pub fn tlp(&self) -> Tlp {
        self.label.parse().unwrap_or(Tlp::Red)
    }

    /// The channel in words.
    pub fn channel_word(&self) -> &'static str {
        match self.channel.as_str() {
            "mail" => "by mail",
            "phone" => "by phone",
            _ => "on the page",
        }
    }
}

/// A file of a message.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Id.
    pub id: Id,
    /// The message.
    pub message: Id,
    /// Name.
    pub name: String,
    /// Media type as given; never sent to a browser as such.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The content.
    pub blob: Hash,
}

impl Attached {
    /// The size in words.
    pub fn size_word(&self) -> String {
        crate::web::show::size(self.size)
    }
}

/// A draft of a message to a party.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Subject without tags.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label; the team's default when none is chosen.
    pub label: Option<Tlp>,
    /// Why the label may be lower than the case's; empty when it is not.
    pub downgrade: String,
    /// Why observables of others may be told all the same; empty when they may not.
    pub told: String,
    /// Whether it counts as a response.
    pub substantive: bool,
    /// `mail` or `portal`.
    pub channel: String,
    /// Attachments.
    pub files: Vec<DraftFile>,
    /// How many messages had gone out to the party when the draft was begun.
    pub base: i64,
}

/// A file of a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftFile {
    /// Name.
    pub name: String,
    /// Media type as given.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Hash of the content, in hexadecimal digits.
    pub blob: String,
}

impl DraftFile {
    /// The size in words.
    pub fn size_word(&self) -> String {
        crate::web::show::size(self.size)
    }

    /// The content's hash.
    pub fn hash(&self) -> Result<Hash> {
        let bytes = data_encoding::HEXLOWER.decode(self.blob.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Hash::from_bytes).ok_or_else(|| Error::fault("a draft's file without a hash"))
    }
}

/// A draft as the page needs it.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// The words.
    pub draft: Draft,
    /// When it was last saved.
    pub saved_at: Option<Timestamp>,
    /// Others who write to the same party: person, since when, their text.
    pub others: Vec<(Id, Timestamp, String)>,
    /// How many messages went out since the draft was begun.
    pub newer: i64,
}

/// This person's draft to a party, and who else is writing.
pub async fn draft(reader: &mut Reader, app: &App, who: &Who, party: &Party) -> Result<Drafted> {
    let me = who.person().ok_or(Error::LogIn)?.id;
    let sent = rows::sent_count(reader, party.id).await?;
    let channel = if party.reach == "mail" && party.mail.is_some() { "mail" } else { "portal" };
    let fresh = Draft { channel: channel.to_owned(), substantive: true, base: sent, label: Some(app.profile.labels.default), ..Draft::default() };
    let mut drafted = Drafted { draft: fresh, saved_at: None, others: Vec::new(), newer: 0 };
    for kept in rows::drafts(reader, party.id).await? {
        let mut draft: Draft = serde_json::from_str(&kept.fields).map_err(Error::fault)?;
        draft.base = kept.base;
        if kept.person == me {
            drafted.newer = sent - kept.base;
            drafted.draft = draft;
            drafted.saved_at = Some(kept.at);
        } else if !draft.body.trim().is_empty() {
            drafted.others.push((kept.person, kept.at, draft.body));
        }
    }
    Ok(drafted)
}

/// Keeps a draft. Says so when somebody else's message went out meanwhile; the words are kept either way.
pub async fn save_draft(app: &App, who: &Who, party: Id, draft: &Draft) -> Result<()> {
    require(who, Verb::Change, Noun::Message)?;
    let me = who.person().ok_or(Error::LogIn)?.id;
    let mut reader = app.db.read().await?;
    parties::get(&mut reader, who, party).await?;
    drop(reader);
    let fields = serde_json::to_string(draft).map_err(Error::fault)?;
    app.db.keep_house(async |tx| rows::keep_draft(tx, me, party, &fields, draft.base).await).await?;
    Ok(())
}

/// Throws a draft away.
pub async fn drop_draft(app: &App, who: &Who, party: Id) -> Result<()> {
    let me = who.person().ok_or(Error::LogIn)?.id;
    app.db.keep_house(async |tx| rows::drop_draft(tx, me, party).await).await?;
    Ok(())
}

/// Seals files for a draft; they are kept with it.
pub async fn keep_files(app: &App, files: Vec<reports::NewFile>) -> Result<Vec<DraftFile>> {
    app.db
        .keep_house(async |tx| {
            for file in &files {
                tx.keep(&file.kept).await?;
            }
            Ok(())
        })
        .await?;
    Ok(files
        .into_iter()
        .map(|file| DraftFile {
            name: file.name,
            media_type: file.media_type,
            size: file.kept.size,
            blob: data_encoding::HEXLOWER.encode(file.kept.hash.as_bytes()),
        })
        .collect())
}

/// Lets a draft out. `seen` is what [`Prepared::seen`] said when somebody looked; another text is
/// refused. Says the message's id.
pub async fn release(app: &App, who: &Who, party: Id, draft: &Draft, seen: Option<&str>) -> Result<Id> {
    require(who, Verb::Release, Noun::Message)?;
    app.db.change(&who.to_string(), async |tx| release_in(tx, app, who, party, draft, seen).await).await
}

async fn release_in(tx: &mut Tx, app: &App, who: &Who, party: Id, draft: &Draft, seen: Option<&str>) -> Result<Id> {
    // Two who press the button at once: one waits here, and then finds that the other was faster.
    rows::hold(tx, party).await?;
    let sent = rows::sent_count(tx, party).await?;
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
    let in_reply_to = last_mail(tx, to.id).await?;
    let mail = mail_of(tx, app, &prepared, draft, id, in_reply_to.clone()).await?;
    let passed = release::release(tx, &app.profile, who, &leaving, mail).await?;
    let message = Message {
        id,
        case: Some(case.id),
        party: Some(to.id),
        direction: "out".into(),
        channel: leaving.channel.name().into(),
        subject: one_line(&draft.subject),
        body: draft.body.trim().to_owned(),
        label: prepared.weighed.effective.as_str().into(),
        language: to.language.clone(),
        state: "released".into(),
        substantive: draft.substantive,
        mail_message_id: None,
        by: who.to_string(),
        at: now,
        files: Vec::new(),
        recommendations: Vec::new(),
    };
    rows::insert_message(tx, NewMessage { message: &message, in_reply_to, raw: None, version: leaving.version }).await?;
    for (place, file) in draft.files.iter().enumerate() {
        let file = Attached { id, message: id, name: file.name.clone(), media_type: file.media_type.clone(), size: file.size, blob: file.hash()? };
        rows::insert_file(tx, id, place, &file).await?;
    }
    for advice in &prepared.advice {
        rows::send_recommendation(tx, *advice, id).await?;
    }
    if leaving.channel == Channel::Mail {
        let mail_id = outbox::queue(tx, app, passed).await?;
        rows::set_mail_id(tx, id, &mail_id).await?;
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
        responded(tx, app, case, to).await?;
    }
    touch_in(tx, case.id).await?;
    if let Some(person) = who.person() {
        rows::drop_draft(tx, person.id, to.id).await?;
    }
    Ok(id)
}

/// The first substantive answer of a person stops the clocks that wait for one.
async fn responded(tx: &mut Tx, app: &App, case: &Case, to: &Party) -> Result<()> {
    clocks::stop(tx, app, case.id).await?;
    let ids = rows::reports_of(tx, case.id).await?;
    for report in reports::reported(tx, &ids).await? {
        let theirs = to.report == Some(report.id) || to.mail.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(&report.mail));
        if theirs || report.mail.is_empty() {
            clocks::stop(tx, app, report.id).await?;
        }
    }
    mark_responded_in(tx, case.id).await
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
        number: prepared.case.number.clone(),
        text: prepared.text.clone(),
        language: app.languages.text(&to.language).shown().to_owned(),
        in_reply_to,
        automatic: false,
        files,
    })
}

/// A message that is read on the page: a mail without content says that it is there.
async fn notify(tx: &mut Tx, app: &App, who: &Who, case: &Case, to: &Party) -> Result<()> {
    let Some(address) = to.mail.clone().filter(|_| to.reach != "phone") else { return Ok(()) };
    let text = app.languages.text(&to.language);
    let (zone, page) = (app.profile.calendar().zone().clone(), parties::link(app, to.id));
    let around = templates::Around {
        label: Tlp::Clear,
        number: &case.number,
        team: app.profile.team.name.text(text.shown()),
        scope: app.profile.team.community.text(text.shown()),
        page: &page,
        by_mail: false,
        zone: &zone,
    };
    let body = templates::letter(&text, &around, &text.with("notice-body", "number", &case.number), &[]);
    let subject = text.say("notice-subject");
    let leaving = Leaving {
        to: Recipient { key: to.key(), name: to.name.clone(), organisation: to.organisation, ceiling: to.ceiling, address: address.clone() },
        channel: Channel::Mail,
        noun: "notice",
        id: to.id,
        about: case.id,
        version: 1,
        label: Tlp::Clear,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "notice of a message on the page, without its content".into(),
        against: Vec::new(),
        held: Vec::new(),
        content: Hash::of(format!("{subject}\n\n{body}").as_bytes()),
    };
    let mail = Mail {
        about: case.id,
        message: None,
        contact: to.contact,
        thread: to.id,
        to_name: to.name.clone(),
        to: address,
        subject,
        number: case.number.clone(),
        text: body,
        language: text.shown().to_owned(),
        in_reply_to: None,
        automatic: false,
        files: Vec::new(),
    };
    let passed = release::release(tx, &app.profile, who, &leaving, mail).await?;
    outbox::queue(tx, app, passed).await?;
    Ok(())
}

/// Writes down a call: what they said (`in`) or what we said (`out`, which is a release).
pub async fn record_call(app: &App, who: &Who, party: Id, outgoing: bool, words: &str, label: Tlp, substantive: bool) -> Result<Id> {
    require(who, Verb::Release, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, to) = parties::get(tx, who, party).await?;
            if words.trim().is_empty() {
                return Err(Error::invalid("Write what was said"));
            }
            let (id, now) = (tx.new_id(), tx.now());
            let label = label.max(case.label);
            if outgoing {
                let leaving = Leaving {
                    to: Recipient { key: to.key(), name: to.name.clone(), organisation: to.organisation, ceiling: to.ceiling, address: String::new() },
                    channel: Channel::Phone,
                    noun: "message",
                    id,
                    about: case.id,
                    version: 1,
                    label,
                    containers: vec![case.label],
                    downgrade: String::new(),
                    basis: "told by phone, written down afterwards".into(),
                    against: Vec::new(),
                    held: Vec::new(),
                    content: Hash::of(words.trim().as_bytes()),
                };
                release::release(tx, &app.profile, who, &leaving, ()).await?;
                rows::mark_out(tx, to.id, now).await?;
            } else {
                rows::mark_in(tx, to.id, now).await?;
                rows::mark_read(tx, to.id).await?;
            }
            let message = Message {
                id,
                case: Some(case.id),
                party: Some(to.id),
                direction: if outgoing { "out" } else { "in" }.into(),
                channel: "phone".into(),
                subject: String::new(),
                body: words.trim().to_owned(),
                label: label.as_str().into(),
                language: to.language.clone(),
                state: if outgoing { "released" } else { "received" }.into(),
                substantive: outgoing && substantive,
                mail_message_id: None,
                by: who.to_string(),
                at: now,
                files: Vec::new(),
                recommendations: Vec::new(),
            };
            rows::insert_message(tx, NewMessage { message: &message, in_reply_to: None, raw: None, version: 1 }).await?;
            tx.index("message", id, case.id, "", &message.body).await?;
            let verb = if outgoing { "message.released" } else { "message.received" };
            tx.record(
                Record::new(verb, "message", id)
                    .about(case.id)
                    .facts(json!({ "party": to.id, "channel": "phone", "label": message.label, "substantive": message.substantive }))
                    .particulars(json!({ if outgoing { "to" } else { "from" }: to.name })),
            );
            if message.substantive {
                responded(tx, app, &case, &to).await?;
            }
            touch_in(tx, case.id).await?;
            Ok(id)
        })
        .await
}

/// Puts an answer into the thread of a party: see [`super::receive_answer`].
pub(super) async fn receive_answer_in(tx: &mut Tx, app: &App, party: Id, answer: Answer) -> Result<Id> {
    let party = rows::party(tx, party).await?.ok_or(Error::NotFound)?;
    let case = lives_in(tx, party.case).await?;
    let (id, now) = (tx.new_id(), tx.now());
    let raw = match &answer.raw {
        Some(kept) => Some(tx.keep(kept).await?),
        None => None,
    };
    let message = Message {
        id,
        case: Some(party.case),
        party: Some(party.id),
        direction: "in".into(),
        channel: answer.channel.into(),
        subject: one_line(&answer.subject),
        body: answer.body.trim().to_owned(),
        label: app.profile.labels.default.as_str().into(),
        language: party.language.clone(),
        state: if answer.automatic { "automatic" } else { "received" }.into(),
        substantive: false,
        mail_message_id: answer.mail_message_id,
        by: Who::Party(party.id).to_string(),
        at: now,
        files: Vec::new(),
        recommendations: Vec::new(),
    };
    rows::insert_message(tx, NewMessage { message: &message, in_reply_to: answer.in_reply_to, raw, version: 1 }).await?;
    for (place, file) in answer.files.into_iter().enumerate() {
        let blob = tx.keep(&file.kept).await?;
        let file = Attached { id, message: id, name: file.name, media_type: file.media_type, size: file.kept.size, blob };
        rows::insert_file(tx, id, place, &file).await?;
    }
    tx.index("message", id, party.case, &message.subject, &message.body).await?;
    tx.record(
        Record::new("message.received", "message", id)
            .about(party.case)
            .facts(json!({ "party": party.id, "channel": answer.channel, "automatic": answer.automatic }))
            .particulars(json!({ "from": party.name, "subject": message.subject })),
    );
    // A machine's answer is shown, but wakes nobody.
    if !answer.automatic {
        rows::mark_in(tx, party.id, now).await?;
        if !case.is_open() {
            reopen_in(tx, case.id, &format!("{} answered", party.name)).await?;
        }
        touch_in(tx, case.id).await?;
    }
    Ok(id)
}

/// The thread of a party, oldest first, with files and recommendations: for the team.
pub async fn thread(reader: &mut Reader, party: Id) -> Result<Vec<Message>> {
    let messages = rows::messages_of_party(reader, party).await?;
    let advice = rows::recommendations_of_party(reader, party).await?;
    filled(reader, messages, &advice).await
}

/// The messages of a case, oldest first, with files and recommendations: for the team.
pub async fn of_case(reader: &mut Reader, case: Id) -> Result<Vec<Message>> {
    let mut messages = rows::messages_of_case(reader, case, 500).await?;
    messages.reverse();
    let advice = rows::recommendations_of_case(reader, case).await?;
    filled(reader, messages, &advice).await
}

async fn filled(reader: &mut Reader, mut messages: Vec<Message>, advice: &[Recommendation]) -> Result<Vec<Message>> {
    let ids: Vec<Id> = messages.iter().map(|message| message.id).collect();
    let files = rows::files(reader, &ids).await?;
    for message in &mut messages {
        message.files = files.iter().filter(|file| file.message == message.id).cloned().collect();
        message.recommendations = advice.iter().filter(|one| one.message == Some(message.id)).cloned().collect();
    }
    Ok(messages)
}

/// What a party may read again on its page: its own messages, and of ours those that the ledger
/// says it got, as far as the portal's ceiling allows.
pub async fn told(reader: &mut Reader, app: &App, party: &Party) -> Result<Vec<release::Released<Message>>> {
    let told = release::told(reader, &app.profile, &party.key()).await?;
    let messages = thread(reader, party.id).await?;
    Ok(messages
        .into_iter()
        .filter(|message| message.state != "automatic")
        .filter_map(|message| {
            let own = message.direction == "in";
            told.again(message.id, own, message)
        })
        .collect())
}

/// A file of a message, if this person of the team may see it.
pub async fn file_for_staff(reader: &mut Reader, who: &Who, case: &Case, message: Id, file: Id) -> Result<Attached> {
    require(who, Verb::See, Noun::Message)?;
    let found = rows::message(reader, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)?;
    rows::files(reader, &[found.id]).await?.into_iter().find(|one| one.id == file).ok_or(Error::NotFound)
}

/// A message of a case, for handing its words on.
pub async fn get(reader: &mut Reader, case: &Case, message: Id) -> Result<Message> {
    rows::message(reader, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)
}

/// The newest mail of the party, which the next one answers.
async fn last_mail(reader: &mut Reader, party: Id) -> Result<Option<String>> {
    let messages = rows::messages_of_party(reader, party).await?;
    Ok(messages.into_iter().rev().find_map(|message| message.mail_message_id))
}

/// The recommendations of a party that it may see, newest first.
pub async fn advice_for(reader: &mut Reader, party: Id) -> Result<Vec<Recommendation>> {
    let mut all = recommendations::of_party(reader, party).await?;
    all.retain(|one| one.message.is_some());
    all.reverse();
    Ok(all)
}
