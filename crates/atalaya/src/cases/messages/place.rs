//! A report that was an answer all along: somebody of the team puts what it says into the thread of a party, and what is
//! written on it later follows there. It can be taken out again.

use jiff::Timestamp;
use serde_json::json;
use store::{Id, Reader, Record, Tx};

use super::shown::show;
use super::{Attached, Message};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::after_end::{asked_again, taken_back_in};
use crate::cases::message_store::{self, NewMessage};
use crate::cases::parties::{self, Party};
use crate::cases::{Case, party_store as rows, see, touch_in};
use crate::reports::sightings::{self, Place};
use crate::reports::{self, Answer, Report, Told};
use crate::text::one_line;
use crate::{App, Error, Result, keys};

/// What became of a report that is an answer.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The case.
    pub case: Case,
    /// In whose thread it stands.
    pub party: Party,
    /// Why the party's page does not show it, or not all of it; nothing when it does.
    pub held: Option<String>,
}

/// Puts what a report says into the thread of a party, under the moment at which it came, and ends the report there.
/// Whoever does this says that the party, or a colleague, wrote it; the party's page shows what the gate lets out to it.
/// After the end of a case it counts like any answer.
pub async fn place_report(app: &App, who: &Who, report: Id, party: Id) -> Result<Placed> {
    require(who, Verb::Release, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, party) = parties::held_for(tx, who, party).await?;
            see::may_see_report(tx, who, report).await?;
            if case.merged_into.is_some() {
                return Err(Error::conflict("This case was merged into another one: put it into the thread there."));
            }
            let (report, told) = reports::place_in(tx, who, report, &case.number).await?;
            let held = put_all(tx, app, who, (&case, &party), &report, &told).await?;
            if let Some(last) = told.iter().filter(|one| !one.doubted).map(|one| one.at).max() {
                rows::mark_heard(tx, party.id, party.last_in.map_or(last, |before| before.max(last))).await?;
            }
            Ok(Placed { case, party, held })
        })
        .await
}

/// Takes what came in answer to a report that was put into a thread: it stands in the report, where its writer reads it
/// again, and in that thread, where somebody has to read it. Says the id of the report's message.
pub(super) async fn follow(tx: &mut Tx, app: &App, report: Id, thread: Id, answer: Answer) -> Result<Id> {
    let (case, party) = parties::held(tx, thread).await?;
    let (automatic, now) = (answer.automatic, tx.now());
    let message = reports::receive_placed(tx, app, report, answer).await?;
    if automatic {
        return Ok(message);
    }
    let who = Who::Job("placed");
    let (report, told) = reports::follow_in(tx, report, &case.number).await?;
    put_all(tx, app, &who, (&case, &party), &report, &told).await?;
    if told.iter().any(|one| !one.doubted) {
        rows::mark_in(tx, party.id, now).await?;
    } else if !told.is_empty() {
        rows::mark_doubted(tx, party.id, now).await?;
    }
    Ok(message)
}

/// Puts all of it into the thread. Says why the party's page does not show one of them, if one is not shown.
async fn put_all(tx: &mut Tx, app: &App, who: &Who, (case, party): (&Case, &Party), report: &Report, told: &[Told]) -> Result<Option<String>> {
    let mut held = None;
    for one in told {
        held = put(tx, app, who, (case, party), report, one).await?.or(held);
    }
    if !case.is_open() {
        let own: Option<Timestamp> = told.iter().filter(|one| !one.doubted).map(|one| one.at).min();
        if let Some(first) = told.iter().map(|one| one.at).min() {
            rows::set_asked(tx, party.id, first).await?;
        }
        if let Some(first) = own {
            asked_again(tx, app, case, party.report, first).await?;
        }
    }
    touch_in(tx, case.id).await?;
    Ok(held)
}

/// One thing that was said, as a message of the thread. Says why the party's page does not show it, if it does not.
async fn put(tx: &mut Tx, app: &App, who: &Who, (case, party): (&Case, &Party), report: &Report, told: &Told) -> Result<Option<String>> {
    let id = tx.new_id();
    let mut message = Message {
        subject: one_line(&told.subject),
        body: told.body.clone(),
        label: told.label.as_str().into(),
        state: if told.doubted { "doubted" } else { "received" }.into(),
        mail_message_id: told.mail_message_id.clone(),
        placed_from: Some(report.id),
        ..Message::begun(party, id, "in", told.channel, &Who::Party(party.id), told.at)
    };
    let files: Vec<_> = told.files.iter().map(|file| (file.name.clone(), file.size, file.blob)).collect();
    // Weighed before it stands in the thread, where it would count as known to the party.
    let held = show(tx, app, who, (case, party), &mut message, &files).await?;
    message_store::insert(tx, NewMessage { message: &message, in_reply_to: None, raw: told.raw, version: 1 }).await?;
    for (place, file) in told.files.iter().enumerate() {
        let file = Attached { id, message: id, name: file.name.clone(), media_type: file.media_type.clone(), size: file.size, blob: file.blob };
        message_store::insert_file(tx, id, place, &file).await?;
    }
    let from = if report.reporter_mail.is_empty() { "somebody who left no address" } else { &report.reporter_mail };
    let page = held.as_ref().map(|why| format!(" The page of the party does not show it: {}.", why.trim_end_matches('.'))).unwrap_or_default();
    let text = format!("It came as {} from {from}, and was put into this thread.{page}", report.number);
    keys::seen::carry_in(tx, told.noun, id, keys::Line { state: "held", text }).await?;
    tx.index("message", id, case.id, &message.subject, &message.body).await?;
    let place = Place { about: case.id, noun: "case", message: Some(id) };
    let named = sightings::look_through(tx, &place, &format!("{}\n{}", told.subject, told.body)).await?;
    tx.record(
        Record::new("message.received", "message", id)
            .about(case.id)
            .facts(json!({
                "party": party.id, "channel": told.channel, "automatic": false, "observables": named, "doubted": told.doubted, "after_end": !case.is_open(),
                "report": report.number, "shown": held.is_none(),
            }))
            .particulars(json!({ "from": party.name, "subject": message.subject })),
    );
    Ok(held)
}

/// In whose threads what a report says stands, as far as this viewer may know of the cases.
pub async fn placed(reader: &mut Reader, who: &Who, report: Id) -> Result<Vec<(Case, Party)>> {
    let mut all = Vec::new();
    for thread in message_store::placed(reader, report).await? {
        match parties::get(reader, who, thread).await {
            Ok(found) => all.push(found),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Takes what a report says out of the threads into which it was put: it was somebody else's answer, or none. The report
/// waits in the inbox again, with its promise. What its party has read of it meanwhile stays in the ledger.
pub async fn take_back(app: &App, who: &Who, report: Id) -> Result<()> {
    require(who, Verb::Release, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            see::may_see_report(tx, who, report).await?;
            let mut threads = message_store::placed(tx, report).await?;
            threads.sort_unstable();
            if threads.is_empty() {
                return Err(Error::conflict("Nothing of what it says stands in a thread."));
            }
            let mut cases = Vec::new();
            for thread in &threads {
                cases.push(parties::get(tx, who, *thread).await?.0.id);
            }
            see::hold(tx, &cases).await?;
            for thread in threads {
                let (case, party) = parties::held_for(tx, who, thread).await?;
                take_out(tx, app, (&case, &party), report).await?;
            }
            reports::unplace_in(tx, app, who, report).await
        })
        .await
}

/// Takes it out of one thread, with what it named and what waited because of it.
async fn take_out(tx: &mut Tx, app: &App, (case, party): (&Case, &Party), report: Id) -> Result<()> {
    let gone = message_store::take_out(tx, party.id, report).await?;
    for message in &gone {
        tx.unindex("message", *message).await?;
        sightings::forget_in(tx, case.id, *message).await?;
        tx.record(
            Record::new("message.taken_back", "message", *message)
                .about(case.id)
                .facts(json!({ "party": party.id }))
                .particulars(json!({ "from": party.name })),
        );
    }
    // What others named as well was seen all the same.
    for linked in rows::reports_of(tx, case.id).await? {
        sightings::copy_sightings_in(tx, linked, case.id).await?;
    }
    for message in message_store::of_case(tx, case.id, 500).await?.into_iter().filter(|message| !message.ours() && message.state != "automatic") {
        let place = Place { about: case.id, noun: "case", message: Some(message.id) };
        sightings::look_through(tx, &place, &format!("{}\n{}", message.subject, message.body)).await?;
    }
    rows::mark_heard_anew(tx, party).await?;
    taken_back_in(tx, app, case, party).await?;
    touch_in(tx, case.id).await
}
