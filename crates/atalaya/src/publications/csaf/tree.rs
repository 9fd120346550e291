//! The tree of a trusted provider, as it is served: made whole, exchanged at once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use ::store::Reader;
use csaf::provider::{self, Document, Key, Role, Settings};
use formats::label::Tlp;
use jiff::Timestamp;

use super::super::item::Version;
use super::document::{publisher, site};
use super::store::{self, Kept};
use crate::profile::{Profile, Signer};
use crate::web::packed::Packed;
use crate::{App, Error, Result, keys};

/// The tree as it is known.
#[derive(Debug, Default)]
pub struct Known {
    /// What it was made of: another number, another tree.
    pub made_of: (i64, usize),
    /// The files by their path beside `provider-metadata.json`.
    pub files: HashMap<String, (Tlp, Arc<Packed>)>,
}

/// What the team says of itself as a provider. Nothing changes it but the profile and its keys.
pub fn settings(profile: &Profile, keys: Vec<Key>, changed: Timestamp) -> Settings {
    Settings {
        canonical_url: format!("{}/.well-known/csaf/provider-metadata.json", site(profile)),
        publisher: publisher(profile),
        // Who signs nothing is a provider, and no trusted one (CSAF 2.0 section 7.2.3).
        role: if keys.is_empty() { Role::Provider } else { Role::TrustedProvider },
        keys,
        list_on_aggregators: profile.publications.aggregators,
        mirror_on_aggregators: profile.publications.aggregators,
        announced: Tlp::Clear,
        changed,
    }
}

/// The tree as it is now.
pub async fn known(app: &App) -> Result<Arc<Known>> {
    let mut reader = app.db.read().await?;
    let keys = ours(&mut reader).await?;
    let made_of = (store::made_of(&mut reader).await?, keys.len());
    let memory = &app.publications.tree;
    let now = memory.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(known) = now.filter(|known| known.made_of == made_of) {
        return Ok(known);
    }
    let files = build(&mut reader, &app.profile, keys).await?;
    let files = files.into_iter().map(|file| (file.path, (file.label, Arc::new(Packed::new(file.bytes))))).collect();
    let known = Arc::new(Known { made_of, files });
    *memory.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
    Ok(known)
}

/// All files of the tree.
pub async fn build(reader: &mut Reader, profile: &Profile, keys: Vec<Key>) -> Result<Vec<provider::File>> {
    let all = store::all(reader).await?;
    let versions = super::super::store::all_versions(reader).await?;
    let offline = profile.publications.signer == Signer::Offline;
    let fit = |kept: &&Kept| !offline || kept.is_signed();
    // The newest version that may be shown: by an offline signer, that is the newest signed one.
    let mut newest: Vec<&Kept> = Vec::new();
    for kept in all.iter().filter(fit) {
        match newest.last_mut().filter(|last| last.publication == kept.publication) {
            Some(last) => *last = kept,
            None => newest.push(kept),
        }
    }
    let documents: Vec<Document> = newest.iter().filter_map(|kept| document(profile, kept, &versions)).collect();
    let signatures: HashMap<&[u8], &str> =
        newest.iter().flat_map(|kept| [&kept.v20, &kept.v21]).flatten().map(|(bytes, signature)| (bytes.as_slice(), signature.as_str())).collect();
    // What has been since the first version is what can have changed the settings last.
    let changed = versions.iter().map(|version| version.at).min().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut sign = |_: &str, bytes: &[u8]| signatures.get(bytes).filter(|signature| !signature.is_empty()).map(|signature| (*signature).to_owned());
    let tree = provider::build(&documents, &settings(profile, keys, changed), &mut sign).map_err(Error::fault)?;
    Ok(tree.files)
}

fn document(profile: &Profile, kept: &Kept, versions: &[Version]) -> Option<Document> {
    let of: Vec<&Version> = versions.iter().filter(|version| version.publication == kept.publication).collect();
    let (first, this) = (of.first()?, of.iter().find(|version| version.version == kept.version)?);
    let own = this.content.own();
    let mut vendors: Vec<String> = this.content.products.iter().map(|product| product.vendor.clone()).collect();
    vendors.sort();
    vendors.dedup();
    let sector = |id: &String| profile.sectors.iter().find(|sector| sector.id == *id).map(|sector| sector.title.text("en").to_owned());
    Some(Document {
        id: kept.id.clone(),
        title: own.title,
        summary: own.summary,
        tlp: kept.label,
        language: Some(this.content.original.clone()),
        sectors: this.content.sectors.iter().filter_map(sector).collect(),
        vendors,
        initial_release_date: first.at,
        current_release_date: this.at,
        v20: kept.v20.as_ref().map(|(bytes, _)| bytes.clone()),
        v21: kept.v21.as_ref().map(|(bytes, _)| bytes.clone()),
    })
}

/// The keys that documents are signed with: the mail address's, and the team's.
pub async fn ours(reader: &mut Reader) -> Result<Vec<Key>> {
    let certificates = keys::wkd::certificates(reader).await?;
    let key = |cert: &post::openpgp::Certificate| Some(Key { fingerprint: cert.fingerprint(), armored: cert.armored().ok()? });
    Ok(certificates.iter().filter_map(key).collect())
}
