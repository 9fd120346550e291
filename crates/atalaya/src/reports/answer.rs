//! The conversation with a reporter outside of any case: its thread, and advice on its way out.

use ::store::{FromRow, Id, Reader, Record, Row, Tx, args};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use vault::blob::Hash;

use super::receive::mailable;
use super::report::{Report, link, link_is_in_clear};
use super::states::{leads_to, must, step};
use super::verbs;
use crate::access::{Noun, Verb, Who, require};
use crate::keys::protect::Wish;
use crate::keys::{Choice, Plan, Protect};
use crate::outbox::{self, Mail};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::text::short_line;
use crate::{App, Error, Result, clocks, keys};

/// One message of a report's thread.
#[derive(Clone, Debug)]
pub struct Said {
    /// Id.
    pub id: Id,
    /// `in` or `out`.
    pub direction: String,
    /// `mail`, `portal`, `phone`.
    pub channel: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label.
    pub label: String,
    /// `released`, `received`, `doubted`, `automatic`, `failed`, `bounced`.
    pub state: String,
    /// Who, as the journal writes it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The mail as it came.
    pub raw: Option<Hash>,
    /// What was found of it: encrypted, signed, by whom.
    pub seals: Vec<keys::Line>,
}

impl Said {
    /// Whether it is the reporter's own, as far as we know.
    pub fn is_own(&self) -> bool {
        self.direction == "in" && !self.is_doubted()
    }

    /// Whether it may be another's: nobody made sure that it is not.
    pub fn is_doubted(&self) -> bool {
        self.is_undecided() || self.is_refused()
    }

    /// Whether somebody has to make sure still.
    pub fn is_undecided(&self) -> bool {
        self.state == "doubted"
    }

    /// Whether somebody made sure that it is another's.
    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }
}

impl FromRow for Said {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            direction: row.get()?,
            channel: row.get()?,
            subject: row.get()?,
            body: row.get()?,
            label: row.get()?,
            state: row.get()?,
            by: row.get()?,
            at: row.get()?,
            raw: row.get()?,
            seals: Vec::new(),
        })
    }
}

/// The thread of a report, oldest first.
pub async fn thread(reader: &mut Reader, report: Id) -> Result<Vec<Said>> {
    let text = "select id, direction, channel, subject, body, label, state, by_whom, at, raw from messages where report_id = $1 order by at, id";
    let mut said: Vec<Said> = reader.rows(text, args![report]).await?;
    let mut seals = keys::lines(reader, &said.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    for one in &mut said {
        one.seals = seals.remove(&one.id).unwrap_or_default();
    }
    Ok(said)
}

/// Words on their way to the reporter.
pub(super) struct Words {
    pub subject: String,
    pub body: String,
    pub label: Tlp,
    pub language: String,
}

/// Answers the reporter as advice: a substantive message that keeps the promise and ends the report.
pub async fn answer(app: &App, who: &Who, id: Id, subject: &str, body: &str, label: Tlp) -> Result<()> {
    require(who, Verb::Release, Noun::Message)?;
    if body.trim().is_empty() {
        return Err(Error::invalid("Write the answer."));
    }
    // The text that we propose begins a list; one that nobody went on with says nothing.
    if body.lines().any(|line| line.trim() == "1.") {
        return Err(Error::invalid("The first recommendation is empty still: write it, or take the “1.” out."));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            tx.hold("reports", id).await?;
            let report = must(tx, id).await?;
            if report.disposition.as_deref() == Some("case") {
                return Err(Error::conflict(format!("{} belongs to a case: answer in its thread there.", report.number)));
            }
            if report.state == "rejected" {
                return Err(Error::conflict(format!("{} is rejected: take that back, then answer.", report.number)));
            }
            let subject = if subject.trim().is_empty() { report.title.clone() } else { short_line(subject, 200) };
            let words = Words { subject, body: body.trim_end().to_owned(), label, language: report.language.clone() };
            if was_just_said(tx, id, &words).await? {
                return Err(Error::conflict("These very words were the last that went out, and nothing was said since: they were sent once."));
            }
            let message = say(tx, app, who, &report, words, "advice").await?;
            clocks::stop(tx, app, id).await?;
            tx.execute("update reports set disposition = 'advice' where id = $1", args![id]).await?;
            if leads_to(&report.state, "resolved") {
                step(tx, &report, "resolved").await?;
            }
            verbs::refresh_due(tx, id).await?;
            tx.record(Record::new("report.advised", "report", id).facts(json!({ "message": message, "from": report.state })));
            Ok(())
        })
        .await
}

/// Whether the newest message of the thread is ours and says just this: a button pressed twice.
async fn was_just_said(reader: &mut Reader, report: Id, words: &Words) -> Result<bool> {
    let text = "select direction, subject, body from messages where report_id = $1 and state <> 'automatic' order by at desc, id desc limit 1";
    let last: Option<(String, String, String)> = reader.row(text, args![report]).await?;
    Ok(last.is_some_and(|(direction, subject, body)| direction == "out" && subject == words.subject && body == words.body))
}

/// Words as they would leave.
#[derive(Clone, Debug)]
pub struct Preview {
    /// By mail, or on the status page.
    pub channel: Channel,
    /// The address; empty on the status page.
    pub address: String,
    /// Subject, with the number's tag when it goes by mail.
    pub subject: String,
    /// The exact text.
    pub text: String,
    /// Its language.
    pub language: String,
    /// What the gate says.
    pub weighed: release::Weighed,
}

/// What [`answer`] would send to the reporter, and what the gate says to it.
pub async fn preview(reader: &mut Reader, app: &App, report: &Report, subject: &str, body: &str, label: Tlp) -> Result<Preview> {
    let subject = if subject.trim().is_empty() { report.title.clone() } else { short_line(subject, 200) };
    let words = Words { subject, body: body.trim_end().to_owned(), label, language: report.language.clone() };
    preview_words(reader, app, report, &words, "advice").await
}

pub(super) async fn preview_words(reader: &mut Reader, app: &App, report: &Report, words: &Words, basis: &str) -> Result<Preview> {
    let (leaving, plan) = aimed(reader, app, report, words, basis, Hash::of(words.body.as_bytes())).await?;
    let mut weighed = release::weigh(&app.profile, &leaving);
    weighed.checks.extend(plan.lines.iter().map(|line| release::Check { state: line.state, text: line.text.clone() }));
    let mail = mail(app, report, words, weighed.effective, None, plan.protect);
    let by_mail = leaving.channel.is_mail();
    Ok(Preview {
        channel: leaving.channel,
        address: leaving.to.address,
        subject: if by_mail { format!("[{}] {}", report.number, mail.subject) } else { mail.subject },
        text: if by_mail { mail.text } else { words.body.clone() },
        language: words.language.clone(),
        weighed,
    })
}

/// What the gate is told of these words: by mail if that may carry them, protected as the rule says; on
/// the status page otherwise, and why.
async fn aimed(reader: &mut Reader, app: &App, report: &Report, words: &Words, basis: &str, content: Hash) -> Result<(Leaving, Plan)> {
    let mut leaving = leaving(app, report, basis, content);
    (leaving.noun, leaving.label) = ("message", words.label);
    // Whatever a person writes carries the label of what it answers: a referral says why it was referred.
    leaving.containers = vec![report.label];
    let mut plan = Plan::default();
    if leaving.channel == Channel::Mail {
        let answers_encrypted = keys::seen::was_encrypted(reader, report.id).await?;
        let wish = Wish { address: &leaving.to.address, choice: Choice::Rule, label: words.label.max(report.label), answers_encrypted };
        plan = keys::protect::plan(reader, app, &wish).await?;
        protect(&mut leaving, &plan.protect);
    }
    if app.profile.mail.is_none() || !plan.against.is_empty() || !release::weigh(&app.profile, &leaving).may_leave() {
        let why = plan.against.drain(..).map(|line| format!("Not by mail, but on the reporter's page: {line}"));
        leaving.held.extend(why);
        (leaving.channel, leaving.protection, plan) = (Channel::Portal, String::new(), Plan::default());
        leaving.to.address.clear();
    }
    let effective = release::weigh(&app.profile, &leaving).effective;
    if leaving.channel == Channel::Portal && keys::protect::must_encrypt(app, effective) && link_is_in_clear(reader, report.id).await? {
        leaving.against.push(keys::protect::open_link("the reporter's page", effective));
    }
    Ok((leaving, plan))
}

/// Says to the gate how a mail is protected.
pub(super) fn protect(leaving: &mut Leaving, how: &Protect) {
    leaving.protection = how.in_words();
    if how.encrypts() {
        leaving.channel = Channel::MailEncrypted;
    }
}

/// Puts a message through the gate into the reporter's thread: by mail if that may carry it, on
/// the status page otherwise.
pub(super) async fn say(tx: &mut Tx, app: &App, who: &Who, report: &Report, words: Words, basis: &str) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let content = app.blobs.seal(format!("{}\n\n{}", words.subject, words.body).as_bytes())?;
    let (leaving, plan) = aimed(tx, app, report, &words, basis, content.hash).await?;
    let leaving = Leaving { id, ..leaving };
    let effective = release::weigh(&app.profile, &leaving).effective;
    if leaving.channel == Channel::Portal && report.member.is_none() && link(tx, app, report.id).await?.is_none() {
        return Err(Error::conflict("Mail cannot carry this, and the link to the reporter's page was ended: issue a new one first, or nobody can read it."));
    }
    tx.keep(&content).await?;
    let mut mail_message_id = None;
    if leaving.channel.is_mail() {
        let mail = mail(app, report, &words, effective, Some(id), plan.protect);
        let released = release::release(tx, &app.profile, who, &leaving, mail).await?;
        mail_message_id = Some(outbox::queue(tx, app, released).await?);
    } else {
        release::release(tx, &app.profile, who, &leaving, ()).await?;
    }
    tx.execute(
        "insert into messages (id, report_id, direction, channel, subject, body, label, language, state, substantive, mail_message_id, in_reply_to, by_whom, \
         at, version) values ($1, $2, 'out', $3, $4, $5, $6, $7, 'released', $8, $9, $10, $11, $12, 1)",
        args![
            id,
            report.id,
            leaving.channel.way(),
            words.subject,
            words.body,
            effective.as_str(),
            words.language,
            basis == "advice",
            mail_message_id,
            report.mail_message_id.clone(),
            who.to_string(),
            now
        ],
    )
    .await?;
    Ok(id)
}

/// What the gate is told of anything that goes to the reporter.
pub(super) fn leaving(app: &App, report: &Report, basis: &str, content: Hash) -> Leaving {
    let address = mailable(&report.reporter_mail).unwrap_or_default();
    let channel = if address.is_empty() { Channel::Portal } else { Channel::Mail };
    let name = [&report.reporter_name, &report.reporter_mail].into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_else(|| "the reporter".into());
    Leaving {
        to: Recipient {
            key: format!("reporter:{}", report.id),
            name,
            organisation: report.organisation,
            // Whoever told us something may hear of it again.
            ceiling: app.profile.labels.recipient.max(report.label),
            address: address.to_owned(),
        },
        channel,
        noun: "report",
        id: report.id,
        about: report.id,
        version: report.version,
        label: Tlp::Clear,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: basis.to_owned(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content,
    }
}

fn mail(app: &App, report: &Report, words: &Words, label: Tlp, message: Option<Id>, protect: Protect) -> Mail {
    let team = app.profile.team.name.text(&words.language);
    Mail {
        about: report.id,
        message,
        contact: None,
        thread: report.id,
        to_name: report.reporter_name.clone(),
        to: report.reporter_mail.clone(),
        subject: words.subject.clone(),
        number: report.number.clone(),
        text: format!("{}\n\n{}\n\n-- \n{team}\n", label.marking(), words.body),
        language: words.language.clone(),
        in_reply_to: report.mail_message_id.clone(),
        automatic: false,
        files: Vec::new(),
        protect,
        list: None,
    }
}
