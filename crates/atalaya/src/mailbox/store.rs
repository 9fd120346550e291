//! The mailbox's own SQL.

use ::store::{Id, Reader, Tx, args};
use post::letter::Envelope;
use vault::blob::Hash;

use crate::Result;

pub async fn is_known(reader: &mut Reader, blob: Hash) -> Result<bool> {
    Ok(reader.value::<Id>("select id from mails where blob = $1", args![blob]).await?.is_some())
}

/// Whether it was new: a mail is known by its bytes.
pub async fn insert(tx: &mut Tx, id: Id, blob: Hash, from: &str, to: &str, via: &str) -> Result<bool> {
    let now = tx.now();
    let added = tx
        .execute(
            "insert into mails (id, blob, envelope_from, envelope_to, received_at, via, state, note) values ($1, $2, $3, $4, $5, $6, 'waiting', '') \
             on conflict (blob) do nothing",
            args![id, blob, from, to, now, via],
        )
        .await?;
    Ok(added > 0)
}

/// Blob and envelope of a mail that nobody has read yet.
pub async fn waiting(reader: &mut Reader, id: Id) -> Result<Option<(Hash, Envelope)>> {
    let found: Option<(Hash, String, String)> =
        reader.row("select blob, envelope_from, envelope_to from mails where id = $1 and state = 'waiting'", args![id]).await?;
    Ok(found.map(|(blob, from, to)| {
        let from = Some(from).filter(|from| !from.is_empty());
        (blob, Envelope { from, to: to.split(',').filter(|to| !to.is_empty()).map(str::to_owned).collect() })
    }))
}

/// Says what a mail turned out to be. Whether nobody else did before.
pub async fn settle(tx: &mut Tx, id: Id, state: &str, noun_id: Option<Id>, note: &str) -> Result<bool> {
    let settled =
        tx.execute("update mails set state = $2, noun_id = $3, note = $4 where id = $1 and state = 'waiting'", args![id, state, noun_id, note]).await?;
    Ok(settled > 0)
}

/// The last mail of a hosted folder that is done with; none if nobody has looked there yet.
pub async fn fetched_up_to(reader: &mut Reader, folder: &str) -> Result<Option<u32>> {
    let seq: Option<i64> = reader.value("select seq from cursors where reader = $1", args![folder]).await?;
    Ok(seq.and_then(|seq| u32::try_from(seq).ok()))
}

/// Says that a hosted folder is done with up to this mail; it never goes back.
pub async fn fetched(tx: &mut Tx, folder: &str, uid: u32) -> ::store::Result<()> {
    tx.execute(
        "insert into cursors (reader, seq) values ($1, $2) on conflict (reader) do update set seq = excluded.seq where cursors.seq < excluded.seq",
        args![folder, i64::from(uid)],
    )
    .await?;
    Ok(())
}
