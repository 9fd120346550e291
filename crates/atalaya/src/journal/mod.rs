//! The journal seen from the program: signed checkpoints, the check of the whole, and the pages of
//! the audit, of the disclosure ledger ("what does X know", "who knows Y") and of outgoing mail; and
//! the sweep of bytes that nothing names.

pub mod audit;
mod check;
mod ledger;
mod outgoing;
mod store;
mod sweep;
pub mod web;

pub use check::{Checked, Unsound, check};
pub use ledger::{Disclosure, Wanted, disclosures};
pub use outgoing::{Outgoing, outgoing};
pub use sweep::{sweep_blobs, wake};

use vault::log::{Checkpoint, Frontier};

use ::store::Db;

use crate::{App, Result};

/// The log's name in its checkpoints (C2SP tlog-checkpoint, "origin").
pub const ORIGIN: &str = "atalaya/journal";

/// The page of the report, notice or case of this number.
fn path_of(number: &str) -> String {
    let room = match number.get(..2) {
        Some("R-") => "inbox",
        Some("N-") => "events/notices",
        _ => "cases",
    };
    format!("/{room}/{number}")
}

/// The newest signed checkpoint, if there is one.
pub async fn newest_note(db: &Db) -> Result<Option<String>> {
    Ok(store::newest_note(&mut db.read().await?).await?)
}

/// Signs the journal as it stands, if it grew. Whoever later cuts or rewrites it is found out.
pub async fn seal(app: &App) -> Result<()> {
    let (mut frontier, sealed) = {
        let mut reader = app.db.read().await?;
        match store::newest_checkpoint(&mut reader).await? {
            Some((size, state)) => (Frontier::from_bytes(&state)?, size),
            None => (Frontier::new(), 0),
        }
    };
    let mut seq = sealed;
    loop {
        let lines = app.db.read().await?.journal_after(seq, 2000).await?;
        let Some(last) = lines.last() else { break };
        seq = last.seq;
        for line in &lines {
            frontier.append(line.leaf);
        }
    }
    if seq == sealed {
        return Ok(());
    }
    let note = Checkpoint { origin: ORIGIN.into(), size: frontier.size(), root: frontier.root() }.sign(&app.key)?;
    app.db.keep_house(async |tx| store::add_checkpoint(tx, frontier.size(), &note, &frontier.to_bytes()).await).await?;
    Ok(())
}
