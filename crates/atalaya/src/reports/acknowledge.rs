//! The receipt that goes back by mail: at once, by itself, once, and never as the answer.

use ::store::{Id, Job, Reader, Record, Tx, args};
use formats::label::Tlp;
use jiff::SignedDuration;
use serde_json::json;

use super::answer::leaving;
use super::report::{self, Report};
use crate::access::Who;
use crate::calendar::Due;
use crate::outbox::{self, Mail};
use crate::profile::{Anchor, Asked};
use crate::release::Leaving;
use crate::text::Text;
use crate::web::throttle;
use crate::{App, Error, Result, release};

/// How many receipts one address gets in an hour. Two robots that answer each other end there; a
/// team that reports all it found in one morning does not.
const PER_HOUR: i64 = 30;

/// The job: `report` and the `secret` of its status link.
pub async fn acknowledge(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.payload.get("report").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a report"))?;
    let secret = job.payload.get("secret").and_then(|secret| secret.as_str()).unwrap_or_default();
    let mut reader = app.db.read().await?;
    let Some(report) = report::get(&mut reader, id).await? else { return Ok(()) };
    if report.reporter_mail.is_empty() || app.profile.mail.is_none() || was_sent(&mut reader, id).await? {
        return Ok(());
    }
    drop(reader);
    let held = held_back(app, &report, job.attempts).await?;
    let who = Who::Job("acknowledge");
    app.db
        .change(&who.to_string(), async |tx| match held {
            Some(why) => {
                tx.record(Record::new("acknowledgement.held", "report", id).facts(json!({ "reason": why })));
                Ok(())
            }
            // Looked at once more, inside: another worker may have been faster.
            None if was_sent(tx, id).await? => Ok(()),
            None => send(tx, app, &who, &report, secret).await,
        })
        .await
}

/// The ledger knows: doing the job twice sends nothing twice.
async fn was_sent(reader: &mut Reader, id: Id) -> Result<bool> {
    let found: Option<String> = reader.value("select basis from ledger where noun_id = $1 and noun = 'report' and basis = 'receipt'", args![id]).await?;
    Ok(found.is_some())
}

/// Why no automatic mail may go to the reporter's address, if so.
pub(super) fn unfit(app: &App, report: &Report) -> Option<&'static str> {
    if post::address::check(&report.reporter_mail).is_err() {
        return Some("address");
    }
    let mut ours = app.profile.mail.iter().flat_map(|mail| mail.recipients.iter().chain([&mail.from_address]));
    ours.any(|ours| ours.eq_ignore_ascii_case(&report.reporter_mail)).then_some("own address")
}

/// The label of what goes out by itself: what the team gives to everything that carries none, as far as
/// mail and the reporter may get it. It says nothing of the matter but its number and its page.
pub(super) fn label(app: &App, leaving: &Leaving) -> Tlp {
    app.profile.labels.default.min(app.profile.labels.ceiling.mail).min(leaving.to.ceiling)
}

async fn held_back(app: &App, report: &Report, attempts: i64) -> Result<Option<&'static str>> {
    if let Some(why) = unfit(app, report) {
        return Ok(Some(why));
    }
    // Another try of the same receipt is none more.
    if attempts > 1 {
        return Ok(None);
    }
    let name = format!("acknowledge:{}", report.reporter_mail.to_ascii_lowercase());
    let count = throttle::count(app, &name, SignedDuration::from_hours(1)).await?;
    Ok((count > PER_HOUR).then_some("too many"))
}

async fn send(tx: &mut Tx, app: &App, who: &Who, report: &Report, secret: &str) -> Result<()> {
    let text = app.languages.text(&report.language);
    let (subject, body) = words(app, &text, report, secret);
    let content = app.blobs.seal(format!("{subject}\n\n{body}").as_bytes())?;
    tx.keep(&content).await?;
    let mut leaving = leaving(app, report, "receipt", content.hash);
    leaving.label = label(app, &leaving);
    let mail = Mail {
        about: report.id,
        message: None,
        contact: None,
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
    tx.record(Record::new("report.acknowledged", "report", report.id).facts(json!({ "language": text.shown() })));
    Ok(())
}

/// Subject and text: thanks, number, link, what is promised and until when, and that this is no answer yet.
fn words(app: &App, text: &Text, report: &Report, secret: &str) -> (String, String) {
    let (language, profile) = (text.shown(), &app.profile);
    let team = profile.team.name.text(language).to_owned();
    let link = format!("{}/status/{}?secret={secret}", profile.web.public_url, report.number);
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
    parts.push(text.with("reports-receipt-link", "link", link));
    if let Some(phone) = &profile.team.urgent_phone {
        parts.push(phone.text(language).to_owned());
    }
    parts.push(text.say("reports-receipt-automatic"));
    (text.say("reports-receipt-subject"), format!("{}\n\n-- \n{team}\n", parts.join("\n\n")))
}
