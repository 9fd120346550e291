//! A party that somebody added by mistake leaves its case again, as long as nothing was said to it or by it.

use serde_json::json;
use store::Record;

use super::{held_for, report_of, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::{severity, touch_in};
use crate::{App, Error, Result};
use store::Id;

/// Takes a party out of its case, with what was only drafted for it. Who was spoken to stays: what it was told
/// is on record, and it may answer.
pub async fn remove(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, party) = held_for(tx, who, id).await?;
            if let Some(report) = report_of(tx, &party).await?
                && rows::reports_of(tx, case.id).await?.contains(&report.id)
            {
                return Err(Error::invalid(format!("It reported {}, which is in this case: it stays as long as the report does.", report.number)));
            }
            if party.last_in.or(party.last_out).is_some() || rows::is_bound(tx, party.id).await? {
                return Err(Error::invalid("Something was said to it or by it, or it has a task: it stays, so that what it was told is on record."));
            }
            rows::remove_party(tx, party.id).await?;
            tx.unindex("party", party.id).await?;
            tx.record(
                Record::new("party.removed", "party", party.id)
                    .about(case.id)
                    .facts(json!({ "role": party.role, "organisation": party.organisation }))
                    .particulars(json!({ "name": party.name })),
            );
            severity::judge_again(tx, app, case.id).await?;
            touch_in(tx, case.id).await
        })
        .await
}
