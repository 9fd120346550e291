//! The check of the whole: every journal entry, every checkpoint, every blob.

use ::store::{Blobs, Db};
use vault::entry::Verifier;
use vault::key::InstanceKey;

use super::{ORIGIN, store};
use crate::Result;

/// What was checked and is sound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked {
    /// Journal entries.
    pub entries: u64,
    /// How many of them a signed checkpoint covers.
    pub signed: u64,
    /// Entries whose particulars were erased.
    pub erased: u64,
    /// Blobs whose bytes still have their hash.
    pub blobs: u64,
    /// How many of them are files; the others lie in the database.
    pub files: u64,
}

/// The first thing that is not as it was written.
#[derive(Clone, Debug)]
pub struct Unsound {
    /// `journal entry 1234` or `blob ab12…`.
    pub record: String,
    /// What is wrong with it.
    pub why: String,
}

/// Reads everything and names the first record that is not as it was written.
pub async fn check(db: &Db, blobs: &Blobs, key: &InstanceKey, with_blobs: bool) -> Result<Result<Checked, Unsound>> {
    let notes = store::checkpoint_notes(&mut db.read().await?).await?;
    let mut verifier = Verifier::new(notes, &key.public_line(ORIGIN)?);
    let bad_entry = |fault: vault::entry::Fault| Unsound { record: format!("journal entry {}", fault.seq), why: fault.why.to_string() };
    let mut seq = 0;
    loop {
        let lines = db.read().await?.journal_after(seq, 2000).await?;
        let Some(last) = lines.last() else { break };
        seq = last.seq;
        for line in &lines {
            if let Err(fault) = verifier.push(&line.sealed()) {
                return Ok(Err(bad_entry(fault)));
            }
        }
    }
    let summary = match verifier.finish() {
        Ok(summary) => summary,
        Err(fault) => return Ok(Err(bad_entry(fault))),
    };
    if !with_blobs {
        return Ok(Ok(Checked { entries: summary.size, signed: summary.signed, erased: summary.erased, ..Checked::default() }));
    }
    let files = u64::try_from(store::count_files(&mut db.read().await?).await?).unwrap_or(0);
    let mut checked = Checked { entries: summary.size, signed: summary.signed, erased: summary.erased, blobs: 0, files };
    if let Some((noun, hash)) = store::missing_blob(&mut db.read().await?).await? {
        return Ok(Err(Unsound { record: format!("blob {hash}"), why: format!("a {noun} names it, and it is not there") }));
    }
    let mut after: Vec<u8> = Vec::new();
    loop {
        let mut reader = db.read().await?;
        let hashes = store::blobs_after(&mut reader, &after, 500).await?;
        let Some(last) = hashes.last() else { break };
        after = last.as_bytes().to_vec();
        for hash in hashes {
            if let Err(error) = blobs.check(&mut reader, hash).await {
                let (record, why) = (format!("blob {hash}"), error.to_string());
                // The store names the blob too; once is enough.
                let why = why.strip_prefix(&record).map_or(why.as_str(), |rest| rest.trim_start_matches(':').trim()).to_owned();
                return Ok(Err(Unsound { record, why }));
            }
            checked.blobs += 1;
        }
    }
    Ok(Ok(checked))
}
