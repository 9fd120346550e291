//! Taking a doubted answer for its party's own, or for another's: somebody of the team made sure who wrote it.

use serde_json::json;
use store::{Id, Record, Tx};

use super::Message;
use super::shown::show;
use crate::access::{Noun, Verb, Who, require};
use crate::cases::after_end::{made_sure, taken_back_in};
use crate::cases::parties::{self, Party};
use crate::cases::{Case, message_store, party_store as rows, touch_in};
use crate::{App, Error, Result, keys};

/// Takes a doubted answer for its party's own: its page shows it from now on, if the gate lets out what came as a report,
/// and what was promised to who writes after the end counts from when it came. Says the party's id, and why its page does
/// not show it, if it does not.
pub async fn accept(app: &App, who: &Who, case: &Case, message: Id) -> Result<(Id, Option<String>)> {
    require(who, Verb::Change, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let found = message_store::get(tx, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)?;
            let (case, party) = parties::held_for(tx, who, found.party.ok_or(Error::NotFound)?).await?;
            let held = show_placed(tx, app, who, (&case, &party), found.clone()).await?;
            if !message_store::set_own(tx, message).await? {
                return Err(Error::conflict("There is no doubt about this answer: it stands on the party's page already."));
            }
            keys::seen::made_sure_in(tx, message, &party.name).await?;
            rows::mark_heard(tx, party.id, party.last_in.map_or(found.at, |last| last.max(found.at))).await?;
            tx.record(Record::new("message.accepted", "message", message).about(case.id).facts(json!({ "party": party.id })));
            let lines = tx.journal_about(case.id, 500).await?;
            made_sure(tx, app, &case, &party, (message, found.at), &lines).await?;
            touch_in(tx, case.id).await?;
            Ok((party.id, held))
        })
        .await
}

/// Somebody made sure that a doubted answer is not its party's: it stays in the thread, on no page but ours, and nobody is asked
/// about it again. It can still be [accepted](accept). Says the party's id.
pub async fn refuse(app: &App, who: &Who, case: &Case, message: Id) -> Result<Id> {
    require(who, Verb::Change, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let found = message_store::get(tx, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)?;
            let (case, party) = parties::held_for(tx, who, found.party.ok_or(Error::NotFound)?).await?;
            if !message_store::set_refused(tx, message).await? {
                return Err(Error::conflict("Somebody decided about this answer already."));
            }
            keys::seen::refused_in(tx, message, &party.name).await?;
            tx.record(Record::new("message.refused", "message", message).about(case.id).facts(json!({ "party": party.id })));
            // What a stranger wrote after the end waits for no decision.
            taken_back_in(tx, app, &case, &party).await?;
            touch_in(tx, case.id).await?;
            Ok(party.id)
        })
        .await
}

/// What came as a report, and was put into the thread, passes the gate before its party reads it.
async fn show_placed(tx: &mut Tx, app: &App, who: &Who, there: (&Case, &Party), found: Message) -> Result<Option<String>> {
    if found.placed_from.is_none() || !found.is_doubted() {
        return Ok(None);
    }
    let files = message_store::files(tx, &[found.id]).await?.into_iter().map(|file| (file.name, file.size, file.blob)).collect::<Vec<_>>();
    let mut own = Message { state: "received".into(), ..found };
    let held = show(tx, app, who, there, &mut own, &files).await?;
    message_store::set_label(tx, own.id, &own.label).await?;
    Ok(held)
}
