//! An address that nobody confirmed is kept for a week, and no longer.

use ::store::{Id, Kept, Record};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vault::blob::Hash;

use super::store;
use crate::access::Who;
use crate::{App, Error, Result, outbox};

/// What nobody confirms for so long is forgotten.
const PENDING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many are erased in one change.
const STEP: u32 = 100;

/// Once a day: erases the subscriptions that nobody confirmed, with the text of the mails that asked.
pub async fn forget(app: &App) -> Result<()> {
    let stub = app.blobs.seal(b"Subject: [erased]\r\n\r\nWhat this mail said was erased.\r\n")?;
    let before = app.now().checked_sub(PENDING).unwrap_or(Timestamp::MIN);
    loop {
        let some = store::asked_before(&mut app.db.read().await?, before, STEP).await?;
        if some.is_empty() {
            return Ok(());
        }
        for old in erase(app, &stub, some).await? {
            app.blobs.remove(&old)?;
        }
    }
}

/// Erases some; gives the bytes that nothing names any more. A mail that still waits for a smarthost is left to leave.
async fn erase(app: &App, stub: &Kept, some: Vec<Id>) -> Result<Vec<Hash>> {
    app.db
        .change(&Who::Job("sweep_blobs").to_string(), async |tx| {
            tx.hold_all("subscriptions", &some).await?;
            let mut gone = Vec::new();
            for id in &some {
                // Somebody may have confirmed it meanwhile.
                if store::get(tx, *id).await?.is_some_and(|one| one.state == "pending") {
                    gone.extend(outbox::erase(tx, *id, stub).await?.0);
                    store::delete(tx, *id).await?;
                    tx.record(Record::new("subscription.forgotten", "subscription", *id).facts(json!({ "confirmed": false })));
                }
            }
            for old in &gone {
                tx.forget(*old).await?;
            }
            Ok::<_, Error>(gone)
        })
        .await
}
