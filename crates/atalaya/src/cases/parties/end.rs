//! A party that takes part no longer: nothing more goes to it. What was said stays in its thread, its
//! secrets stay kept from the others, and what it still writes comes in as before.

use serde_json::json;
use store::{Id, Record};

use super::{held_for, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::touch_in;
use crate::{App, Error, Result};

/// Ends the conversation with a party, for a reason.
pub async fn end(app: &App, who: &Who, id: Id, reason: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            // A message that is released at this moment waits, or has left already.
            let (case, party) = held_for(tx, who, id).await?;
            if party.ended_at.is_some() {
                return Err(Error::conflict(format!("{} takes part no longer already.", party.name)));
            }
            let reason = reason.trim();
            if reason.is_empty() {
                return Err(Error::invalid("Say why it takes part no longer"));
            }
            let now = tx.now();
            rows::set_ended(tx, party.id, Some(now), reason).await?;
            tx.record(Record::new("party.ended", "party", party.id).about(case.id).particulars(json!({ "name": party.name, "reason": reason })));
            touch_in(tx, case.id).await
        })
        .await
}

/// Takes the conversation up again.
pub async fn take_up(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, party) = held_for(tx, who, id).await?;
            if party.ended_at.is_none() {
                return Err(Error::conflict(format!("{} takes part already.", party.name)));
            }
            rows::set_ended(tx, party.id, None, "").await?;
            tx.record(Record::new("party.taken_up", "party", party.id).about(case.id).particulars(json!({ "name": party.name })));
            touch_in(tx, case.id).await
        })
        .await
}
