//! What search finds of parties, and the job that catches up on those who came into their case before
//! they were found at all.

use store::{Id, Job, Tx};

use super::{Party, rows};
use crate::{App, Result};

/// How many parties one job looks at, before whatever else waits has its turn.
const AT_ONCE: u32 = 500;

/// Whoever looks for a party finds the cases in which it takes part.
pub(super) async fn index(tx: &mut Tx, party: &Party) -> store::Result<()> {
    tx.index("party", party.id, party.case, &party.name, party.mail.as_deref().unwrap_or_default()).await
}

/// The job: indexes the parties that are not, and leaves the rest to the next job, which begins behind the last one.
pub async fn index_parties(app: &App, job: &Job) -> Result<()> {
    let after = job.walked_to()?;
    let some = rows::whether_found(&mut app.db.read().await?, after, AT_ONCE).await?;
    for (party, found) in &some {
        // Each in a change of its own: nobody who works on a case waits for more than one of them.
        if !found {
            app.db.keep_house(async |tx| catch_up(tx, *party).await).await?;
        }
    }
    let Some((last, _)) = some.last() else { return Ok(()) };
    app.db.keep_house(async |tx| tx.walk_on(job, *last).await).await?;
    Ok(())
}

/// A party as it is now: whoever renames it, merges its case or takes it out at this moment is waited for.
async fn catch_up(tx: &mut Tx, id: Id) -> store::Result<()> {
    tx.hold("parties", id).await?;
    match rows::party_row(tx, id).await? {
        Some(party) => index(tx, &party).await,
        None => Ok(()),
    }
}
