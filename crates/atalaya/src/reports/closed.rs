//! The notice that a report is closed: by itself, by mail, and without a word of the matter. How it
//! ended stands on the report's page; what a person has to say to it goes out before, as a message.

use ::store::{Id, Job, Reader, Record, Tx, args};
use jiff::Timestamp;
use serde_json::json;

use super::automatic::{self, Automatic, unfit};
use super::report::{self, Report};
use crate::access::Who;
use crate::{App, Error, Result};

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
            let ended = tx.value::<i64>("select 1 from parties where report_id = $1 and ended_at is not null limit 1", args![id]).await?;
            match ended.map(|_| "ended").or_else(|| unfit(app, &report)) {
                Some(why) => tx.record(Record::new("report.closing_held", "report", id).facts(json!({ "reason": why }))),
                None => send(tx, app, &who, &report, version).await?,
            }
            Ok(())
        })
        .await
}

/// Whether a receipt went to the reporter by mail, or a message that a person released.
async fn was_written_to(reader: &mut Reader, id: Id) -> Result<bool> {
    let receipt: Option<i64> =
        reader.value("select 1 from ledger where recipient = $1 and channel in ('mail', 'encrypted mail') limit 1", args![format!("reporter:{id}")]).await?;
    let message: Option<i64> = reader
        .value(
            "select 1 from messages m join parties p on p.id = m.party_id where p.report_id = $1 and m.direction = 'out' and m.channel = 'mail' limit 1",
            args![id],
        )
        .await?;
    Ok(receipt.or(message).is_some())
}

/// Whether the reporter was told, and believes it still. The ledger knows: doing the job twice sends
/// nothing twice. Nor does closing twice: who was told that it is closed, and neither wrote nor was
/// written to since, never heard that it was open again. Whoever did gets one notice more.
async fn was_told(reader: &mut Reader, id: Id, version: i64) -> Result<bool> {
    let text = "select version, at from ledger where noun_id = $1 and noun = 'report' and basis = $2 order by at desc, id desc limit 1";
    let Some((told, at)) = reader.row::<(i64, Timestamp)>(text, args![id, BASIS]).await? else { return Ok(false) };
    if told == version {
        return Ok(true);
    }
    let in_report: Option<i64> = reader
        .value("select 1 from messages where report_id = $1 and at > $2 and state not in ('automatic', 'doubted', 'refused') limit 1", args![id, at])
        .await?;
    let in_case: Option<i64> = reader
        .value(
            "select 1 from messages m join parties p on p.id = m.party_id where p.report_id = $1 and m.at > $2 and m.state not in ('automatic', 'doubted', 'refused') limit 1",
            args![id, at],
        )
        .await?;
    Ok(in_report.or(in_case).is_none())
}

async fn send(tx: &mut Tx, app: &App, who: &Who, report: &Report, version: i64) -> Result<()> {
    let text = app.languages.text(&report.language);
    let team = app.profile.team.name.text(text.shown());
    let number = ("number", report.number.clone());
    let automatic::Protected { protect, exposed } = automatic::protected(tx, app, report).await?;
    let link = report::link(tx, app, report.id).await?.filter(|_| !exposed);
    let linked = link.is_some();
    let words = match link {
        Some(link) => text.fill("reports-closed-body", &[number, ("link", link)]),
        None => text.fill("reports-closed-bare-body", &[number]),
    };
    let (subject, body) = (text.say("reports-closed-subject"), format!("{words}\n\n-- \n{team}\n"));
    automatic::send(tx, app, who, report, Automatic { basis: BASIS, version, subject, body, language: text.shown(), protect, linked }).await?;
    tx.record(Record::new("report.closing_told", "report", report.id).facts(json!({ "language": text.shown() })));
    Ok(())
}
