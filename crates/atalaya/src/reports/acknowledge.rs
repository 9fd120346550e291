//! The receipt that goes back by mail: at once, by itself, once, and never as the answer.

use ::store::{Id, Job, Reader, Record, Tx, args};
use jiff::SignedDuration;
use serde_json::json;

use super::automatic::{self, Automatic, unfit};
use super::report::{self, Report};
use crate::access::Who;
use crate::calendar::Due;
use crate::profile::{Anchor, Asked};
use crate::text::Text;
use crate::web::throttle;
use crate::{App, Error, Result};

/// How many receipts one address gets in an hour. Two robots that answer each other end there; a
/// team that reports all it found in one morning does not.
const PER_HOUR: i64 = 30;

/// The job: `report` and the `secret` of its status link.
pub async fn acknowledge(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.payload.get("report").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a report"))?;
    let secret = job.payload.get("secret").and_then(|secret| secret.as_str()).unwrap_or_default();
    let mut reader = app.db.read().await?;
    let Some(report) = report::get(&mut reader, id).await? else { return Ok(()) };
    if report.reporter_mail.is_empty() || app.profile.mail.is_none() {
        return Ok(());
    }
    drop(reader);
    let who = Who::Job("acknowledge");
    app.db
        .change(&who.to_string(), async |tx| {
            // Looked at once more, inside: another worker may have been faster.
            if was_sent(tx, id).await? {
                return Ok(());
            }
            if let Some(why) = held_back(tx, app, &report, job.attempts).await? {
                tx.record(Record::new("acknowledgement.held", "report", id).facts(json!({ "reason": why })));
                return Ok(());
            }
            send(tx, app, &who, &report, secret).await
        })
        .await
}

/// The ledger knows: doing the job twice sends nothing twice.
async fn was_sent(reader: &mut Reader, id: Id) -> Result<bool> {
    let found: Option<String> = reader.value("select basis from ledger where noun_id = $1 and noun = 'report' and basis = 'receipt'", args![id]).await?;
    Ok(found.is_some())
}

async fn held_back(tx: &mut Tx, app: &App, report: &Report, attempts: i64) -> Result<Option<&'static str>> {
    if let Some(why) = unfit(app, report) {
        return Ok(Some(why));
    }
    // Another try of the same receipt is none more.
    if attempts > 1 {
        return Ok(None);
    }
    let name = format!("acknowledge:{}", report.reporter_mail.to_ascii_lowercase());
    let count = throttle::count_in(tx, app, &name, SignedDuration::from_hours(1)).await?;
    Ok((count > PER_HOUR).then_some("too many"))
}

async fn send(tx: &mut Tx, app: &App, who: &Who, report: &Report, secret: &str) -> Result<()> {
    let text = app.languages.text(&report.language);
    // A link that was ended meanwhile is none to send.
    let automatic::Protected { protect, exposed } = automatic::protected(tx, app, report).await?;
    let link = report::link_of_receipt(tx, app, &report.number, report.id, secret).await?.filter(|_| !exposed);
    let linked = link.is_some();
    let (subject, body) = words(app, &text, report, link);
    let receipt = Automatic { basis: "receipt", version: report.version, subject, body, language: text.shown(), protect, linked };
    automatic::send(tx, app, who, report, receipt).await?;
    tx.record(Record::new("report.acknowledged", "report", report.id).facts(json!({ "language": text.shown() })));
    Ok(())
}

/// Subject and text: thanks, number, link, what is promised and until when, and that this is no answer yet.
fn words(app: &App, text: &Text, report: &Report, link: Option<String>) -> (String, String) {
    let now = app.now();
    let (language, profile) = (text.shown(), &app.profile);
    let team = profile.team.name.text(language).to_owned();
    // Nothing that the sender wrote stands here: the address may be somebody else's.
    let mut parts = vec![text.fill("reports-receipt-thanks", &[("team", team.clone()), ("number", report.number.clone())])];
    let asked = Asked { kind: &report.kind, advice: report.kind == "advice", help: report.help, urgent: report.urgent };
    for promise in profile.promises_for(asked).filter(|promise| promise.anchor == Anchor::Received) {
        let title = promise.title.text(language).to_owned();
        parts.push(match promise.due(report.received_at, &[]) {
            Due::At(due) => {
                let due = crate::web::show::in_full(due, promise.calendar.zone(), text);
                text.fill("reports-receipt-promise", &[("promise", title), ("due", due)])
            }
            Due::Held { .. } => title,
        });
    }
    if let Some(notice) = &profile.intake.capacity_notice {
        parts.push(notice.text(language).to_owned());
    }
    if let Some(link) = link {
        parts.push(text.with("reports-receipt-link", "link", link));
    }
    if let Some(phone) = profile.team.phone_now(profile.calendar().opens_after(now).is_none()) {
        parts.push(phone.text(language).to_owned());
    }
    parts.push(text.say("reports-receipt-automatic"));
    (text.say("reports-receipt-subject"), format!("{}\n\n-- \n{team}\n", parts.join("\n\n")))
}
