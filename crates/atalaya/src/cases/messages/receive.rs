//! Answers: what a party says comes into its thread, and wakes the case; what it names is seen in the case.

use jiff::Timestamp;
use serde_json::json;
use store::{Id, Record, Tx};

use super::{Attached, Message};
use crate::access::Who;
use crate::cases::message_store::{self, NewMessage};
use crate::cases::{Case, lives_in, party_store as rows, refresh_due, refresh_due_of_report, reopen_in, touch_in};
use crate::reports::Answer;
use crate::reports::sightings::{Place, look_through};
use crate::text::one_line;
use crate::{App, Error, Result, clocks, reports};

/// Puts an answer into the thread of a party. Says the message's id.
pub async fn receive_answer(tx: &mut Tx, app: &App, party: Id, answer: Answer) -> Result<Id> {
    // A merge that moves the thread at this moment waits, or has happened already.
    rows::hold(tx, party).await?;
    let party = rows::party(tx, party).await?.ok_or(Error::NotFound)?;
    if let Some(there) = reports::sent_before(tx, "parties", party.id, &answer).await? {
        tx.record(Record::new("message.repeated", "message", there).about(party.case));
        return Ok(there);
    }
    let case = lives_in(tx, party.case).await?;
    let (id, now) = (tx.new_id(), tx.now());
    let raw = match &answer.raw {
        Some(kept) => Some(tx.keep(kept).await?),
        None => None,
    };
    let told = answer.told();
    let mut message = Message {
        subject: one_line(&answer.subject),
        body: answer.shown(),
        label: crate::reports::marked(app, &answer.subject, &answer.body).as_str().into(),
        mail_message_id: answer.mail_message_id,
        ..Message::begun(&party, id, "in", answer.channel, &Who::Party(party.id), now)
    };
    if answer.automatic || answer.doubted {
        message.state = if answer.automatic { "automatic" } else { "doubted" }.into();
    }
    message_store::insert(tx, NewMessage { message: &message, in_reply_to: answer.in_reply_to, raw, version: 1 }).await?;
    for (place, file) in answer.files.into_iter().enumerate() {
        let blob = tx.keep(&file.kept).await?;
        let file = Attached { id, message: id, name: file.name, media_type: file.media_type, size: file.kept.size, blob };
        message_store::insert_file(tx, id, place, &file).await?;
    }
    tx.index("message", id, party.case, &message.subject, &message.body).await?;
    let place = Place { about: party.case, noun: "case", message: Some(id) };
    let reopens = !answer.automatic && !case.is_open();
    let named = if answer.automatic { 0 } else { look_through(tx, &place, &told).await? };
    tx.record(
        Record::new("message.received", "message", id)
            .about(party.case)
            .facts(json!({
                "party": party.id, "channel": answer.channel, "automatic": answer.automatic, "observables": named, "doubted": answer.doubted, "reopened": reopens,
            }))
            .particulars(json!({ "from": party.name, "subject": message.subject })),
    );
    // A machine's answer is shown, but wakes nobody.
    if !answer.automatic {
        if answer.doubted {
            rows::mark_doubted(tx, party.id).await?;
        } else {
            rows::mark_in(tx, party.id, now).await?;
        }
        if reopens {
            let why = if answer.doubted { "a mail came that may be from" } else { "an answer came from" };
            reopen_in(tx, case.id, &format!("{why} {}", party.name)).await?;
        }
        // Whether the party asks again is not known before somebody made sure that it wrote.
        if reopens && !answer.doubted {
            asked_again(tx, app, &case, party.report, now).await?;
        }
        touch_in(tx, case.id).await?;
    }
    Ok(id)
}

/// Somebody wrote after the case had ended, and waits for an answer again: the case's promises count from then
/// and, if it was a reporter, those to the reporter.
pub(super) async fn asked_again(tx: &mut Tx, app: &App, case: &Case, report: Option<Id>, since: Timestamp) -> Result<()> {
    let facts = clocks::Facts { event: "opened", kind: case.kind.clone(), urgent: false, help: false };
    clocks::renew(tx, app, "case", case.id, &facts, since).await?;
    if let Some(report) = report {
        reports::asked_again_in(tx, app, report, since).await?;
        refresh_due_of_report(tx, report).await?;
    }
    refresh_due(tx, case.id).await
}
