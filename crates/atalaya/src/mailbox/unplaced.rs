//! Mail that stands nowhere, so that a person may look at it: not read yet, or a delivery report
//! about a mail that is not ours.

use ::store::{FromRow, Id, Reader, Row, args};
use jiff::{SignedDuration, Timestamp};
use vault::blob::Hash;

use crate::Result;

/// A mail that stands nowhere.
#[derive(Clone, Debug)]
pub struct Unplaced {
    /// Its id.
    pub id: Id,
    /// When it came.
    pub received_at: Timestamp,
    /// The envelope's sender, or empty.
    pub from: String,
    /// The envelope's recipients.
    pub to: String,
    /// `waiting` or `bounce`.
    pub state: String,
    /// What was found out about it.
    pub note: String,
}

impl FromRow for Unplaced {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { id: row.get()?, received_at: row.get()?, from: row.get()?, to: row.get()?, state: row.get()?, note: row.get()? })
    }
}

/// A mail is read within moments; one that still waits after this is in trouble.
const MOMENTS: SignedDuration = SignedDuration::from_mins(2);
/// What came longer ago is history.
const SHOWN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The mails of the last weeks that stand nowhere, newest first.
pub async fn unplaced(reader: &mut Reader, limit: u32) -> Result<Vec<Unplaced>> {
    let now = reader.now();
    // A mail that waits may belong to a thread that not everybody may know of: only that it waits is told.
    let text = "select id, received_at, case when state = 'waiting' then '' else envelope_from end, case when state = 'waiting' then '' else envelope_to end, \
                state, note from mails where noun_id is null and received_at > $1 and (state <> 'waiting' or received_at < $2) order by received_at desc limit $3";
    Ok(reader.rows(text, args![now - SHOWN, now - MOMENTS, limit]).await?)
}

/// The bytes of a mail that stands nowhere.
pub async fn unplaced_blob(reader: &mut Reader, id: Id) -> Result<Option<Hash>> {
    Ok(reader.value("select blob from mails where id = $1 and noun_id is null and state <> 'waiting'", args![id]).await?)
}
