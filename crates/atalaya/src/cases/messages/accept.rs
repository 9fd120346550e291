//! Taking a doubted answer for its party's own: somebody of the team made sure who wrote it.

use serde_json::json;
use store::{Id, Record, Tx};

use super::receive::asked_again;
use crate::access::{Noun, Verb, Who, require};
use crate::cases::{Case, message_store, parties, party_store as rows, touch_in};
use crate::{App, Error, Result};

/// Takes a doubted answer for its party's own: its page shows it from now on, and what was promised to who
/// writes after the end counts from when it came. Says the party's id.
pub async fn accept(app: &App, who: &Who, case: &Case, message: Id) -> Result<Id> {
    require(who, Verb::Change, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let found = message_store::get(tx, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)?;
            let (case, party) = parties::get(tx, who, found.party.ok_or(Error::NotFound)?).await?;
            if !message_store::set_own(tx, message).await? {
                return Err(Error::conflict("There is no doubt about this answer: it stands on the party's page already."));
            }
            rows::mark_heard(tx, party.id, party.last_in.map_or(found.at, |last| last.max(found.at))).await?;
            tx.record(Record::new("message.accepted", "message", message).about(case.id).facts(json!({ "party": party.id })));
            if woke(tx, case.id, message).await? {
                asked_again(tx, app, &case, party.report, found.at).await?;
            }
            touch_in(tx, case.id).await?;
            Ok(party.id)
        })
        .await
}

/// Whether an answer came after the end, and took up again what had ended.
async fn woke(tx: &mut Tx, case: Id, message: Id) -> Result<bool> {
    let lines = tx.journal_about(case, 500).await?;
    let came = lines.iter().find(|line| line.verb == "message.received" && line.id == message);
    Ok(came.is_some_and(|line| line.details().get("reopened") == Some(&json!(true))))
}
