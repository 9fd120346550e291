//! Once a day, and once a week: what came since, in one mail.

use ::store::Job;
use jiff::SignedDuration;
use serde_json::json;

use super::super::catalogue::{Item, catalogue};
use super::{letter, mailing, store};
use crate::access::Who;
use crate::{App, Error, Result};

/// How often it is looked whether somebody is due.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// So many subscriptions one change goes through.
const STEP: u32 = 100;

/// The standing job: tells all whose digest is due, and comes again.
pub async fn digest_round(app: &App, _: &Job) -> Result<()> {
    for due in ["daily", "weekly"] {
        let mut after = None;
        loop {
            let some = store::after(&mut app.db.read().await?, after, due, STEP).await?;
            after = some.last().map(|one| one.id);
            let now = app.now();
            for one in some.iter().filter(|one| letter::is_due(one, now)) {
                tell(app, one.id).await?;
            }
            if some.len() < STEP as usize {
                break;
            }
        }
    }
    begin(app).await
}

/// Puts the job into the queue, if it is not there.
pub async fn begin(app: &App) -> Result<()> {
    let at = app.now().checked_add(EVERY).map_err(Error::fault)?;
    app.db.keep_house(async |tx| tx.enqueue_at("digest_round", json!({}), at, Some("digest_round")).await).await?;
    Ok(())
}

async fn tell(app: &App, id: ::store::Id) -> Result<()> {
    let all = catalogue(app).await?;
    let who = Who::Job("digest_round");
    app.db
        .change(&who.to_string(), async |tx| {
            tx.hold("subscriptions", id).await?;
            let now = tx.now();
            let Some(one) = store::get(tx, id).await?.filter(|one| one.state == "active" && letter::is_due(one, now)) else { return Ok(()) };
            let fresh = |item: &&Item| item.changed_at > one.told_until && mailing::wants(app, &one, item, now);
            let items: Vec<&Item> = all.items.iter().map(AsRef::as_ref).filter(fresh).collect();
            // Who was told of nothing for a while is told of what comes next within the hour.
            if !items.is_empty() {
                letter::digest(tx, app, &who, &one, &items).await?;
                store::told_until(tx, id, now).await?;
            }
            Ok(())
        })
        .await
}
