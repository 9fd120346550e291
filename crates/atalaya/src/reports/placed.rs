//! A report that was an answer all along: who wrote had nothing of ours to answer to but a number in the subject, and
//! stands under another address than the one that we write to. Somebody of the team says in whose thread it belongs;
//! what it says, and what was said on it since, goes there, and the answer to it goes out there.

use ::store::{Id, Reader, Record, Tx, args};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use vault::blob::Hash;

use super::report::{self, File, Report};
use super::states::{must, step};
use super::{answer, for_cases, verbs};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, clocks};

/// How a report ends that belongs to a thread.
pub(super) const PLACED: &str = "answer";

/// Something that was said to us on a report, as it goes into another thread.
#[derive(Clone, Debug)]
pub struct Told {
    /// The report or the message that said it: what was found of its mail stands under this id.
    pub noun: Id,
    /// `mail`, `portal`, `phone`.
    pub channel: &'static str,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label.
    pub label: Tlp,
    /// Its `Message-ID`, if it came by mail.
    pub mail_message_id: Option<String>,
    /// The original.
    pub raw: Option<Hash>,
    /// When it came.
    pub at: Timestamp,
    /// Whether it may be another's than the report's reporter.
    pub doubted: bool,
    /// Its files.
    pub files: Vec<File>,
}

/// Ends a report as an answer in the case of that number, and says what was told on it that stands in no thread yet.
/// Its clock ends without a verdict, unless it was late already: who wrote is answered in the thread.
pub async fn place_in(tx: &mut Tx, who: &Who, id: Id, case: &str) -> Result<(Report, Vec<Told>)> {
    require(who, Verb::Change, Noun::Report)?;
    tx.hold("reports", id).await?;
    let report = must(tx, id).await?;
    if report.channel == "sealed" {
        return Err(Error::conflict("Its reporter is answered in the sealed dialogue: it belongs to no other thread."));
    }
    step(tx, &report, "resolved").await?;
    let told = untold(tx, &report, case).await?;
    if told.is_empty() {
        return Err(Error::conflict("All that it says stands in a thread already."));
    }
    tx.execute("update reports set disposition = $2, disposition_reason = $3 where id = $1", args![id, PLACED, case]).await?;
    clocks::conclude(tx, id, "it is an answer, and is answered in its thread").await?;
    verbs::refresh_due(tx, id).await?;
    Ok((report, told))
}

/// What was written since on a report that stands in a thread: it goes there too.
pub async fn follow_in(tx: &mut Tx, id: Id, case: &str) -> Result<(Report, Vec<Told>)> {
    let report = must(tx, id).await?;
    let told = untold(tx, &report, case).await?;
    Ok((report, told))
}

/// Whether a report ended as an answer that stands in a thread.
pub async fn is_placed(reader: &mut Reader, id: Id) -> Result<bool> {
    Ok(report::get(reader, id).await?.is_some_and(|report| has_ended_placed(&report)))
}

fn has_ended_placed(report: &Report) -> bool {
    report.state == "resolved" && report.disposition.as_deref() == Some(PLACED)
}

/// What a report says was taken out of all threads: it waits in the inbox again, with the promise that it had.
pub async fn unplace_in(tx: &mut Tx, app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    tx.hold("reports", id).await?;
    let report = must(tx, id).await?;
    if has_ended_placed(&report) {
        step(tx, &report, "open").await?;
        verbs::taken_up(tx, app, &report, false).await?;
    }
    tx.record(Record::new("report.unplaced", "report", id).facts(json!({ "from": report.state })));
    Ok(())
}

/// What was told on a report that stands in no thread yet, and from now on does.
async fn untold(tx: &mut Tx, report: &Report, case: &str) -> Result<Vec<Told>> {
    let lines = tx.journal_about(report.id, 500).await?;
    let last = lines.iter().rfind(|line| ["report.placed", "report.unplaced"].contains(&line.verb.as_str()));
    let before = last.filter(|line| line.verb == "report.placed").map(|line| line.at);
    let mut told = told(tx, report).await?;
    told.retain(|one| before.is_none_or(|before| one.at > before));
    if !told.is_empty() {
        tx.record(Record::new("report.placed", "report", report.id).facts(json!({ "case": case, "messages": told.len() })));
    }
    Ok(told)
}

/// All that was said to us on a report, itself first.
async fn told(tx: &mut Tx, report: &Report) -> Result<Vec<Told>> {
    let files = report::files(tx, report.id).await?;
    let of = |message: Option<Id>| files.iter().filter(|file| file.message == message).cloned().collect::<Vec<_>>();
    let channel = |text: &str| match text {
        "mail" => "mail",
        "phone" => "phone",
        _ => "portal",
    };
    let mut told = vec![Told {
        noun: report.id,
        channel: channel(&report.channel),
        subject: for_cases::given_title(tx, report.id).await?.unwrap_or_default(),
        body: report.body.clone(),
        label: report.label,
        mail_message_id: report.mail_message_id.clone(),
        raw: report.raw,
        at: report.received_at,
        doubted: false,
        files: of(None),
    }];
    let theirs = |said: &answer::Said| said.direction == "in" && said.state != "automatic" && !said.is_refused();
    for said in answer::thread(tx, report.id).await?.into_iter().filter(theirs) {
        told.push(Told {
            noun: said.id,
            channel: channel(&said.channel),
            doubted: said.is_doubted(),
            label: said.label.parse().unwrap_or(report.label),
            mail_message_id: None,
            files: of(Some(said.id)),
            subject: said.subject,
            body: said.body,
            raw: said.raw,
            at: said.at,
        });
    }
    Ok(told)
}
