//! Who registered is known for some time after the event, and no longer; how many came is kept.

use ::store::{Id, Kept, Record};
use jiff::{SignedDuration, Timestamp};
use press::{Meeting, Seat};
use serde_json::json;
use vault::blob::Hash;

use super::super::catalogue::{self, Item};
use super::{Counts, Registration, store};
use crate::access::Who;
use crate::{App, Error, Result, outbox};

/// What nobody confirms for so long is forgotten.
const PENDING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many are erased in one change.
const STEP: u32 = 100;

/// Once a day: erases what nobody confirmed, and the lists of what was over long ago.
pub async fn forget(app: &App) -> Result<()> {
    let stub = app.blobs.seal(b"Subject: [erased]\r\n\r\nWhat this mail said was erased.\r\n")?;
    let before = app.now().checked_sub(PENDING).unwrap_or(Timestamp::MIN);
    loop {
        let some = store::asked_before(&mut app.db.read().await?, before, STEP).await?;
        let Some(first) = some.first().map(|one| one.publication) else { break };
        let of_one: Vec<Registration> = some.into_iter().filter(|one| one.publication == first).collect();
        erase(app, &stub, first, of_one, |one| one.seat == Seat::Asked && one.asked_at < before).await?;
    }
    let items = store::items(&mut app.db.read().await?).await?;
    for publication in items {
        let item = catalogue::now(&mut app.db.read().await?, app, publication).await?;
        while is_due(app, item.as_deref()) {
            let some = store::some(&mut app.db.read().await?, publication, STEP).await?;
            if some.is_empty() {
                break;
            }
            erase(app, &stub, publication, some, |_| true).await?;
        }
    }
    Ok(())
}

/// Whether an item was over long ago, as it is public now. A version that says another day gives its list another time, too.
fn is_due(app: &App, item: Option<&Item>) -> bool {
    let days = i64::from(app.profile.publications.registrations_kept_days);
    let over = item.and_then(|item| item.content.meeting.as_ref()).and_then(Meeting::instants).map(|(_, ends)| ends);
    over.and_then(|over| over.checked_add(SignedDuration::from_hours(24 * days)).ok()).is_some_and(|until| until <= app.now())
}

/// Erases some registrations of an item with what their mails said. Mails that still wait for a smarthost are left to leave.
async fn erase(app: &App, stub: &Kept, publication: Id, some: Vec<Registration>, still: impl Fn(&Registration) -> bool) -> Result<()> {
    let gone: Vec<Hash> = app
        .db
        .change(&Who::Job("sweep_blobs").to_string(), async |tx| {
            tx.hold("publications", publication).await?;
            let (mut counts, mut gone, mut erased) = (Counts::default(), Vec::new(), 0);
            for one in some {
                // Somebody may have confirmed it meanwhile.
                let Some(one) = store::get(tx, one.id).await?.filter(&still) else { continue };
                match one.seat {
                    Seat::Asked => {}
                    Seat::Coming => counts.coming += 1,
                    Seat::Waiting => counts.waiting += 1,
                    Seat::Cancelled => counts.cancelled += 1,
                }
                counts.attended += u32::from(one.attended);
                gone.extend(outbox::erase(tx, one.id, stub).await?.0);
                store::delete(tx, one.id).await?;
                erased += 1;
            }
            if counts != Counts::default() {
                store::keep_counts(tx, publication, &counts).await?;
            }
            for old in &gone {
                tx.forget(*old).await?;
            }
            if erased > 0 {
                tx.record(
                    Record::new("registrations.erased", "publication", publication).facts(json!({ "registrations": erased, "attended": counts.attended })),
                );
            }
            Ok::<_, Error>(gone)
        })
        .await?;
    for old in &gone {
        app.blobs.remove(old)?;
    }
    Ok(())
}
