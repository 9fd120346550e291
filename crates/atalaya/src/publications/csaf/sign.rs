//! Signatures of documents: by the mail address's key in the change that releases them, or by a key that is elsewhere, as a
//! step of its own.

use ::store::{Id, Reader, Record, Tx};
use post::openpgp::verify_detached;
use serde_json::json;

use super::store::{self, Kept};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::Signer;
use crate::{App, Error, Result, keys};

/// A document that waits for its signature.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The publication.
    pub publication: Id,
    /// Its version.
    pub version: i64,
    /// The file's name: `ex-2026-0001.v2.csaf20.json`. The signature comes back as the same with `.asc`.
    pub name: String,
    /// What is to be signed.
    pub bytes: Vec<u8>,
}

/// Signs the documents of a version that leaves in this change, where the mail address's key does that.
pub async fn sign_all(tx: &mut Tx, app: &App, publication: Id, version: i64) -> Result<()> {
    if app.profile.publications.signer == Signer::Offline {
        return Ok(());
    }
    let Some(kept) = store::all(tx).await?.into_iter().find(|kept| kept.publication == publication && kept.version == version) else { return Ok(()) };
    let mut signatures = [String::new(), String::new()];
    for (signature, document) in signatures.iter_mut().zip([&kept.v20, &kept.v21]) {
        if let Some((bytes, _)) = document {
            *signature = keys::own::sign_bytes(tx, app, bytes).await?.unwrap_or_default();
        }
    }
    let [first, second] = &signatures;
    store::set_signatures(tx, publication, version, [first, second]).await
}

/// What waits for a signature.
pub async fn unsigned(reader: &mut Reader, who: &Who) -> Result<Vec<Unsigned>> {
    require(who, Verb::Keep, Noun::Publication)?;
    Ok(store::all(reader).await?.iter().flat_map(waiting).collect())
}

fn waiting(kept: &Kept) -> Vec<Unsigned> {
    let one = |edition: &str, document: &Option<(Vec<u8>, String)>| {
        let (bytes, _) = document.as_ref().filter(|(_, signature)| signature.is_empty())?;
        Some(Unsigned {
            publication: kept.publication,
            version: kept.version,
            name: format!("{}.v{}.{edition}.json", stem(&kept.id), kept.version),
            bytes: bytes.clone(),
        })
    };
    [one("csaf20", &kept.v20), one("csaf21", &kept.v21)].into_iter().flatten().collect()
}

fn stem(id: &str) -> String {
    csaf::file_name(id).trim_end_matches(".json").to_owned()
}

/// Takes the signature of a document, if it is right and by one of our keys.
pub async fn take_signature(app: &App, who: &Who, name: &str, signature: &str) -> Result<()> {
    require(who, Verb::Keep, Noun::Publication)?;
    let done = app
        .db
        .change(&who.to_string(), async |tx| {
            let all = store::all(tx).await?;
            let found = all.iter().find_map(|kept| waiting(kept).into_iter().find(|one| one.name == name).map(|one| (kept, one)));
            let (kept, one) = found.ok_or_else(|| Error::invalid(format!("No document “{}” waits for a signature.", crate::text::short_line(name, 100))))?;
            let ours = keys::wkd::certificates(tx).await?;
            let verdict = verify_detached(&one.bytes, signature.as_bytes(), &ours, tx.now()).map_err(|error| Error::invalid(format!("{name}.asc: {error}")))?;
            if !verdict.iter().any(|one| one.good) {
                return Err(Error::invalid(format!("{name}.asc is no good signature by a key of ours.")));
            }
            let had = |document: &Option<(Vec<u8>, String)>| document.as_ref().map(|(_, signature)| signature.clone()).unwrap_or_default();
            let (mut first, mut second) = (had(&kept.v20), had(&kept.v21));
            if one.name.ends_with("csaf20.json") {
                first = signature.to_owned();
            } else {
                second = signature.to_owned();
            }
            store::set_signatures(tx, kept.publication, kept.version, [&first, &second]).await?;
            tx.record(Record::new("publication.signed", "publication", kept.publication).facts(json!({ "version": kept.version, "file": name })));
            Ok(())
        })
        .await;
    app.publications.forget();
    done
}
