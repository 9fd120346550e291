//! The end of a dialogue, by the team: closing it, and deleting it by hand.

use ::store::Record;
use jiff::ToSpan;
use serde_json::json;

use super::desk::{act, of_number};
use super::{dialogue, store, today};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, clocks};

/// Ends a dialogue; from now on its days are counted.
pub async fn close(app: &App, who: &Who, number: &str) -> Result<()> {
    let days = app.profile.sealed.as_ref().map_or(90, |sealed| sealed.days_closed);
    let on = today(app).checked_add(i64::from(days).days()).map_err(Error::fault)?.to_string();
    act(app, who, number, async |tx, dialogue| {
        if dialogue.state == "closed" {
            return Err(Error::conflict("This dialogue is closed already."));
        }
        (dialogue.state, dialogue.waits) = ("closed".into(), false);
        // What became a case stays as its evidence.
        (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (Some(on.clone()).filter(|_| dialogue.case.is_none()), 0, None);
        clocks::void(tx, dialogue.id, "closed").await?;
        tx.record(Record::new("sealed.closed", "sealed", dialogue.id).facts(json!({ "delete_on": dialogue.delete_on })));
        Ok(())
    })
    .await
}

/// Deletes what is sealed, for good: nothing that is evidence, and nothing that nobody could have read.
pub async fn delete(app: &App, who: &Who, number: &str, reason: &str) -> Result<()> {
    require(who, Verb::Decide, Noun::Sealed)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("Say why it is deleted"));
    }
    let (found, _) = of_number(&mut app.db.read().await?, app, who, number).await?;
    let hashes = app
        .db
        .change(&who.to_string(), async |tx| {
            let dialogue = store::held(tx, found.id).await?.ok_or(Error::NotFound)?;
            if matches!(dialogue.state.as_str(), "deleted" | "gone") {
                return Err(Error::conflict("This dialogue was deleted already."));
            }
            if dialogue.case.is_some() {
                return Err(Error::conflict("It is evidence of a case, and stays with it."));
            }
            if store::has_untold(tx, dialogue.id).await? {
                return Err(Error::conflict("Its reporter wrote something that the team is told of within a day: read that first."));
            }
            let hashes = store::purge(tx, dialogue.id, "deleted").await?;
            clocks::void(tx, dialogue.id, "deleted").await?;
            tx.record(
                Record::new("sealed.deleted", "sealed", dialogue.id)
                    .facts(json!({ "number": dialogue.number, "by": "team", "state": dialogue.state }))
                    .particulars(json!({ "reason": reason.trim() })),
            );
            Ok::<_, Error>(hashes)
        })
        .await?;
    dialogue::remove(app, hashes).await
}
