//! Mail that came in: a report, an answer or a bounce?
//!
//! [`keep`] stores the mail as it came, once, and only then may anybody say that we have it. The job
//! [`read_mail`] has a child process read it and decides what it is: whatever a stranger sends, it
//! ends as something a person will see, with the original beside it.

mod doubts;
mod envelope;
mod imap;
mod leftover;
mod listen;
mod pgp;
mod place;
mod read;
mod store;
mod unplaced;

use ::store::{Id, Record};
use serde_json::json;
use vault::blob::Hash;

use crate::{App, Result};

pub use envelope::sender;
pub use imap::collect;
pub use listen::{Mailbox, listen};
pub use read::read_mail;
pub use unplaced::{Unplaced, unplaced, unplaced_blob};

/// What became of a mail that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept and will be read.
    New(Id),
    /// The same bytes were kept before; nothing new happens.
    Duplicate,
}

/// A mail as it was handed in.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The envelope's sender; empty for the null sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The mail, byte for byte.
    pub raw: Vec<u8>,
    /// `lmtp`, `imap` or `mail-in`.
    pub via: &'static str,
}

/// From this size on sealing is work for another thread.
const LARGE: usize = 256 * 1024;

/// Keeps a mail: durable when it returns.
pub async fn keep(app: &App, mail: Delivered) -> Result<Kept> {
    let hash = Hash::of(&mail.raw);
    if store::is_known(&mut app.db.read().await?, hash).await? {
        app.db.flushed().await?;
        return Ok(Kept::Duplicate);
    }
    let Delivered { from, to, raw, via } = mail;
    let kept = if raw.len() < LARGE {
        app.blobs.seal(&raw)?
    } else {
        let blobs = app.blobs.clone();
        tokio::task::spawn_blocking(move || blobs.seal(&raw)).await.map_err(crate::Error::fault)??
    };
    app.db
        .change("mail", async |tx| {
            let id = tx.new_id();
            tx.keep(&kept).await?;
            if !store::insert(tx, id, kept.hash, &from, &to.join(","), via).await? {
                return Ok(Kept::Duplicate);
            }
            tx.enqueue("read_mail", json!({ "mail": id })).await?;
            tx.record(Record::new("mail.received", "mail", id).facts(json!({ "size": kept.size, "via": via })).particulars(json!({ "from": from, "to": to })));
            Ok(Kept::New(id))
        })
        .await
}
