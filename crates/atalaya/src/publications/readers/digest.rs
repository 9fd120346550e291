//! Once a day, and once a week: what came since, in one mail.

use std::collections::HashMap;

use ::store::{Job, Tx};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::catalogue::{Catalogue, Item, catalogue};
use super::lost::is_lost;
use super::{Subscription, letter, mailing, store};
use crate::access::Who;
use crate::{App, Error, Result};

/// How often it is looked whether somebody is due.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// So many subscriptions one change goes through.
const STEP: u32 = 100;
/// A digest looks so much further back than the last one.
const BACK: SignedDuration = SignedDuration::from_hours(24);

/// The standing job: tells all whose digest is due, and comes again.
pub async fn digest_round(app: &App, _: &Job) -> Result<()> {
    for due in ["daily", "weekly"] {
        let mut after = None;
        loop {
            let some = store::after(&mut app.db.read().await?, after, due, STEP).await?;
            after = some.last().map(|one| one.id);
            let now = app.now();
            for one in some.iter().filter(|one| letter::is_due(one, now)) {
                match tell(app, one.id).await {
                    Err(error) if error.is_general() => return Err(error),
                    // This very digest cannot be written: the others can.
                    Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => tracing::warn!(%error, id = %one.id, "a digest could not be written"),
                    done => done?,
                }
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
            // Who was told of nothing for a while is told of what comes next within the hour.
            if !is_lost(tx, &one).await? && tell_in(tx, app, &who, &one, &all).await? {
                store::told_until(tx, id, now).await?;
            }
            Ok(())
        })
        .await
}

/// Tells a subscription, in the change that holds it, of what came since its last digest and it was not told of; false if there is
/// nothing. What waits for a second person, or was stopped, waits here too.
pub(super) async fn tell_in(tx: &mut Tx, app: &App, who: &Who, one: &Subscription, all: &Catalogue) -> Result<bool> {
    // A version may have been on its way out when the last digest was made, or on its way to this very reader when it was asked to come
    // otherwise: `deliveries` knows what was told, so that looking further back tells nothing twice.
    let since = one.told_until.checked_sub(BACK).unwrap_or(Timestamp::MIN).max(one.confirmed_at.unwrap_or(Timestamp::MIN));
    let gates: HashMap<_, _> = store::gates(tx, since).await?.into_iter().map(|gate| ((gate.publication, gate.version), gate)).collect();
    store::alone(tx, std::iter::once(one)).await?;
    let (followed, now) = (store::followed(tx, one.id).await?, tx.now());
    let mut items: Vec<&Item> = Vec::new();
    for item in &all.items {
        let gate = gates.get(&(item.id, item.version));
        let at = gate.and_then(|gate| gate.let_go_at).map_or(item.changed_at, |at| at.max(item.changed_at));
        let is_open = gate.is_none_or(|gate| !gate.is_shut);
        let wanted = is_open && at > since && mailing::wants(app, one, item, now, followed.contains(&item.id));
        if wanted && !store::is_told(tx, one, item.id, item.version).await? {
            items.push(item);
        }
    }
    if items.is_empty() {
        return Ok(false);
    }
    letter::digest(tx, app, who, one, &items).await?;
    Ok(true)
}
