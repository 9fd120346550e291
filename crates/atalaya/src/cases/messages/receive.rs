//! Answers: what a party says comes into its thread; what it names is seen in the case. After the end of a case it
//! waits there for somebody to say whether work goes on, and what was promised to who asks again counts already.

use serde_json::json;
use store::{Id, Record, Tx};

use super::place::follow;
use super::{Attached, Message};
use crate::access::Who;
use crate::cases::after_end::asked_again;
use crate::cases::message_store::{self, NewMessage};
use crate::cases::{parties, party_of_report, party_store as rows, reopen_for_report_in, see, touch_in};
use crate::reports::Answer;
use crate::reports::sightings::{Place, look_through};
use crate::text::one_line;
use crate::{App, Result, keys, reports};

/// Puts an answer into the thread of a party. Says the message's id.
pub async fn receive_answer(tx: &mut Tx, app: &App, party: Id, answer: Answer) -> Result<Id> {
    // Whoever ends the case, takes it up or merges it at this moment waits, or is seen to have done it.
    let (case, party) = parties::held(tx, party).await?;
    if let Some(there) = reports::sent_before(tx, "parties", party.id, &answer).await? {
        tx.record(Record::new("message.repeated", "message", there).about(party.case));
        return Ok(there);
    }
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
    keys::seen::keep_in(tx, id, &answer.finds).await?;
    for (place, file) in answer.files.into_iter().enumerate() {
        let blob = tx.keep(&file.kept).await?;
        let file = Attached { id, message: id, name: file.name, media_type: file.media_type, size: file.kept.size, blob };
        message_store::insert_file(tx, id, place, &file).await?;
    }
    tx.index("message", id, party.case, &message.subject, &message.body).await?;
    let place = Place { about: party.case, noun: "case", message: Some(id) };
    let after_end = !answer.automatic && !case.is_open();
    let named = if answer.automatic { 0 } else { look_through(tx, &place, &told).await? };
    tx.record(
        Record::new("message.received", "message", id)
            .about(party.case)
            .facts(json!({
                "party": party.id, "channel": answer.channel, "automatic": answer.automatic, "observables": named, "doubted": answer.doubted, "after_end": after_end,
            }))
            .particulars(json!({ "from": party.name, "subject": message.subject })),
    );
    // A machine's answer is shown, but wakes nobody.
    if !answer.automatic {
        if answer.doubted {
            rows::mark_doubted(tx, party.id, now).await?;
        } else {
            rows::mark_in(tx, party.id, now).await?;
        }
        if after_end {
            rows::set_asked(tx, party.id, now).await?;
        }
        // Whether the party asks again is not known before somebody made sure that it wrote.
        if after_end && !answer.doubted {
            asked_again(tx, app, &case, party.report, now).await?;
        }
        touch_in(tx, case.id).await?;
    }
    Ok(id)
}

/// Takes what came in answer to a report: into the thread of its reporter where that takes part in a case, into the report's
/// own otherwise; a report that had ended is taken up again then, for that reason, and its cases with it. Says the
/// message's id.
pub async fn receive_for_report(tx: &mut Tx, app: &App, report: Id, answer: Answer, reason: &str) -> Result<Id> {
    let mut thread = None;
    if party_of_report(tx, report).await?.is_none() {
        // What somebody put into a thread goes on there.
        thread = if reports::is_placed(tx, report).await? { message_store::placed(tx, report).await?.first().copied() } else { None };
        if let Some(thread) = thread {
            parties::held(tx, thread).await?;
        }
        see::hold_of_report_in(tx, report, &[]).await?;
    }
    let thread = if reports::is_placed(tx, report).await? { thread } else { None };
    // Looked for once more: a case that was opened from it meanwhile has its reporter by now.
    if let Some((party, _)) = party_of_report(tx, report).await? {
        return receive_answer(tx, app, party, answer).await;
    }
    if let Some(thread) = thread {
        return follow(tx, app, report, thread, answer).await;
    }
    let automatic = answer.automatic;
    let message = reports::receive_answer(tx, app, report, answer).await?;
    if !automatic {
        reopen_for_report_in(tx, report, reason).await?;
    }
    Ok(message)
}
