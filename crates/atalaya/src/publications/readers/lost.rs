//! Addresses where nothing arrives: after some mails in a row that came back, no more go there until its holder says so.

use ::store::Tx;

use super::{Subscription, store};
use crate::Result;

/// So many mails that came back, one after the other, end the mails to an address.
const LOST: u32 = 3;

/// Whether the last mails all came back since its holder confirmed it last. What our own smarthost did not take says nothing of
/// the address.
pub async fn is_lost(tx: &mut Tx, one: &Subscription) -> Result<bool> {
    let fates = store::fates(tx, one.id, one.confirmed_at, LOST).await?;
    if fates.len() < LOST as usize || fates.contains(&false) {
        return Ok(false);
    }
    // Its holder may change or end it at this moment: what is written back is what that left.
    tx.hold("subscriptions", one.id).await?;
    if let Some(mut one) = store::get(tx, one.id).await?.filter(|now| now.state == "active") {
        one.state = "suspended".into();
        store::update(tx, &one).await?;
        super::note(tx, "subscription.suspended", &one);
    }
    Ok(true)
}
