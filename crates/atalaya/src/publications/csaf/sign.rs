//! Signatures of documents: by the mail address's key in the change that releases them, or by a key that is elsewhere, as a
//! step of its own.

use ::store::{Id, Reader, Record, Tx};
use csaf::write::Edition;
use post::openpgp::verify_detached;
use serde_json::json;

use super::store::{self, Listed};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::Signer;
use crate::{App, Error, Result, keys};

/// A document that waits for its signature.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The file's name: `ex-2026-0001.v2.csaf20.json`. The signature comes back as the same with `.asc`.
    pub name: String,
    /// What is to be signed.
    pub bytes: Vec<u8>,
}

/// So many documents that were left without a signature are signed beside a new one.
const CATCH_UP: usize = 50;

/// Signs the documents of a version that leaves in this change, where the mail address's key does that, and with them some that
/// left while there was none that could.
pub async fn sign_all(tx: &mut Tx, app: &App, publication: Id, version: i64) -> Result<()> {
    let Some(key) = keys::own::current(tx).await?.filter(|_| app.profile.publications.signer != Signer::Offline) else { return Ok(()) };
    let mut all = store::of_version(tx, publication, version).await?;
    let before: Vec<Listed> = store::wanting(tx).await?.into_iter().filter(|one| !all.iter().any(|new| new.key == one.key)).take(CATCH_UP).collect();
    all.extend(before);
    for mut one in all {
        for (place, edition) in Edition::ALL.into_iter().enumerate() {
            if !one.signature(edition).is_empty() {
                continue;
            }
            let Some(bytes) = store::body(tx, &one.key, edition).await? else { continue };
            // A key that ended signs nothing: what leaves so says that it is unsigned, and the console says it to leads.
            let Some(signature) = keys::own::sign_bytes(tx, app, &bytes).await? else { return Ok(()) };
            if let Some(there) = one.signatures.get_mut(place) {
                *there = signature;
            }
        }
        store::set_signatures(tx, &one).await?;
    }
    note_signer(tx, &key.fingerprint, &key.armored).await
}

/// Keeps the public half of a key that signed: it is given out as long as there are documents, whatever becomes of the key.
async fn note_signer(tx: &mut Tx, fingerprint: &str, armored: &str) -> Result<()> {
    let now = tx.now();
    store::note_signer(tx, fingerprint, armored, now).await
}

/// How many documents have no signature that should have one.
pub async fn count_unsigned(reader: &mut Reader, who: &Who) -> Result<usize> {
    require(who, Verb::See, Noun::Publication)?;
    Ok(store::wanting(reader).await?.len())
}

/// What waits for a signature.
pub async fn unsigned(reader: &mut Reader, who: &Who) -> Result<Vec<Unsigned>> {
    require(who, Verb::Keep, Noun::Publication)?;
    let mut all = Vec::new();
    for one in store::wanting(reader).await? {
        for edition in waiting(&one) {
            if let Some(bytes) = store::body(reader, &one.key, edition).await? {
                all.push(Unsigned { name: name(&one, edition), bytes });
            }
        }
    }
    Ok(all)
}

/// The editions of a document that have no signature.
fn waiting(one: &Listed) -> impl Iterator<Item = Edition> {
    Edition::ALL.into_iter().filter(|edition| one.sums(*edition).is_some() && one.signature(*edition).is_empty())
}

fn name(one: &Listed, edition: Edition) -> String {
    let word = if edition == Edition::V20 { "csaf20" } else { "csaf21" };
    format!("{}.v{}.{word}.json", csaf::file_name(&one.id).trim_end_matches(".json"), one.key.version)
}

/// Takes the signature of a document, if it is right and by one of our keys.
pub async fn take_signature(app: &App, who: &Who, file: &str, signature: &str) -> Result<()> {
    require(who, Verb::Keep, Noun::Publication)?;
    let done = app
        .db
        .change(&who.to_string(), async |tx| {
            let all = store::wanting(tx).await?;
            let found = all.into_iter().find_map(|one| waiting(&one).find(|edition| name(&one, *edition) == file).map(|edition| (one.clone(), edition)));
            let unknown = || Error::invalid(format!("No document “{}” waits for a signature.", crate::text::short_line(file, 100)));
            let (mut one, edition) = found.ok_or_else(unknown)?;
            let bytes = store::body(tx, &one.key, edition).await?.ok_or_else(unknown)?;
            let ours = keys::wkd::certificates(tx).await?;
            let verdict = verify_detached(&bytes, signature.as_bytes(), &ours, tx.now()).map_err(|error| Error::invalid(format!("{file}.asc: {error}")))?;
            if !verdict.iter().any(|one| one.good) {
                return Err(Error::invalid(format!("{file}.asc is no good signature by a key of ours.")));
            }
            let [first, second] = &mut one.signatures;
            let there = if edition == Edition::V20 { first } else { second };
            signature.clone_into(there);
            store::set_signatures(tx, &one).await?;
            for cert in &ours {
                note_signer(tx, &cert.fingerprint(), &cert.armored().map_err(Error::fault)?).await?;
            }
            tx.record(Record::new("publication.signed", "publication", one.key.publication).facts(json!({ "version": one.key.version, "file": file })));
            Ok(())
        })
        .await;
    app.publications.forget();
    done
}
