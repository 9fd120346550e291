//! The notice that a report is closed: by itself, by mail, and without a word of the matter. How it
//! ended stands on the report's page; what a person has to say to it goes out before, as a message.

use ::store::{Id, Job, Reader, Record, Tx, args};
use serde_json::json;

use super::acknowledge::{label, unfit};
use super::answer::leaving;
use super::report::{self, Report};
use crate::access::Who;
use crate::outbox::{self, Mail};
use crate::{App, Error, Result, release};

/// The basis under which the ledger has it.
const BASIS: &str = "closing notice";

/// The job: `report`, the `version` of the report that closed.
pub async fn tell_closed(app: &App, job: &Job) -> Result<()> {
    let id_of = |name: &str| job.payload.get(name).and_then(|id| id.as_str()).and_then(|id| id.parse::<Id>().ok());
    let id = id_of("report").ok_or_else(|| Error::fault("a job without a report"))?;
    let version = job.payload.get("version").and_then(serde_json::Value::as_i64).unwrap_or(0);
    let who = Who::Job("tell_closed");
    app.db
        .change(&who.to_string(), async |tx| {
            let Some(report) = report::get(tx, id).await? else { return Ok(()) };
            // Taken up again before anybody was told, or told already.
            let over = matches!(report.state.as_str(), "resolved" | "rejected");
            // Who never had mail from us, be it a forged name, a robot or a caller who wanted none, gets none now.
            if !over || report.reporter_mail.is_empty() || app.profile.mail.is_none() || was_told(tx, id, version).await? || !was_written_to(tx, id).await? {
                return Ok(());
            }
            match unfit(app, &report) {
                Some(why) => tx.record(Record::new("report.closing_held", "report", id).facts(json!({ "reason": why }))),
                None => send(tx, app, &who, &report, version).await?,
            }
            Ok(())
        })
        .await
}

/// Whether a receipt went to the reporter by mail, or a message that a person released.
async fn was_written_to(reader: &mut Reader, id: Id) -> Result<bool> {
    let receipt: Option<i64> = reader.value("select 1 from ledger where recipient = $1 and channel = 'mail' limit 1", args![format!("reporter:{id}")]).await?;
    let message: Option<i64> = reader
        .value(
            "select 1 from messages m join parties p on p.id = m.party_id where p.report_id = $1 and m.direction = 'out' and m.channel = 'mail' limit 1",
            args![id],
        )
        .await?;
    Ok(receipt.or(message).is_some())
}

/// The ledger knows: doing the job twice sends nothing twice.
async fn was_told(reader: &mut Reader, id: Id, version: i64) -> Result<bool> {
    let text = "select basis from ledger where noun_id = $1 and noun = 'report' and basis = $2 and version = $3";
    let found: Option<String> = reader.value(text, args![id, BASIS, version]).await?;
    Ok(found.is_some())
}

async fn send(tx: &mut Tx, app: &App, who: &Who, report: &Report, version: i64) -> Result<()> {
    let text = app.languages.text(&report.language);
    let team = app.profile.team.name.text(text.shown());
    let link = report::link(tx, app, report.id).await?;
    let words = text.fill("reports-closed-body", &[("number", report.number.clone()), ("link", link)]);
    let (subject, body) = (text.say("reports-closed-subject"), format!("{words}\n\n-- \n{team}\n"));
    let content = app.blobs.seal(format!("{subject}\n\n{body}").as_bytes())?;
    tx.keep(&content).await?;
    let mut leaving = leaving(app, report, BASIS, content.hash);
    leaving.label = label(app, &leaving);
    leaving.version = version;
    let mail = Mail {
        about: report.id,
        message: None,
        contact: None,
        // An answer that comes back here finds the reporter's thread in the case.
        thread: report.id,
        to_name: String::new(),
        to: report.reporter_mail.clone(),
        subject,
        number: report.number.clone(),
        text: body,
        language: text.shown().to_owned(),
        in_reply_to: report.mail_message_id.clone(),
        automatic: true,
        files: Vec::new(),
    };
    let released = release::release(tx, &app.profile, who, &leaving, mail).await?;
    outbox::queue(tx, app, released).await?;
    tx.record(Record::new("report.closing_told", "report", report.id).facts(json!({ "language": text.shown() })));
    Ok(())
}
