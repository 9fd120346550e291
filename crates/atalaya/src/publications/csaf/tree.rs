//! The tree of a trusted provider, as it is served: its lists made whole and exchanged at once, its documents read when they
//! are asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::store::{Id, Reader};
use csaf::provider::{self, Body, Document, Key, Role, Settings};
use csaf::write::Edition;
use formats::label::Tlp;
use jiff::Timestamp;

use super::super::catalogue::Item;
use super::advisory::{publisher, site};
use super::store::{self, Listed};
use crate::profile::{Profile, Signer};
use crate::release::Channel;
use crate::web::packed::Packed;
use crate::{App, Error, Result, keys};

/// Where the bytes of a document are.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its row.
    key: store::Key,
    /// Which of the two.
    edition: Edition,
}

impl Place {
    /// The publication and version that left it.
    pub fn of(&self) -> (Id, i64) {
        (self.key.publication, self.key.version)
    }
}

/// A file of the tree.
#[derive(Clone, Debug)]
pub enum Held {
    /// A list, a sum, a signature, a key: in memory.
    Here(Arc<Packed>),
    /// A document.
    Document(Place),
}

/// So many bytes of documents are kept after somebody asked for them.
const ROOM: usize = 16 << 20;

/// The tree as it is known.
#[derive(Debug, Default)]
pub struct Known {
    /// What it was made of: another number, another tree.
    pub made_of: (i64, Vec<Key>),
    /// The files by their path beside `provider-metadata.json`.
    pub files: HashMap<String, (Tlp, Held)>,
    /// Documents that were asked for lately, and how many bytes they take.
    asked: Mutex<(usize, HashMap<String, Arc<Packed>>)>,
}

/// What the team says of itself as a provider. Nothing changes it but the profile and its keys, and whether each document is
/// signed.
pub fn settings(profile: &Profile, keys: Vec<Key>, changed: Timestamp, signed: bool) -> Settings {
    Settings {
        canonical_url: format!("{}/.well-known/csaf/provider-metadata.json", site(profile)),
        publisher: publisher(profile),
        // Who leaves one document unsigned is a provider, and no trusted one (CSAF 2.0 section 7.2.3, requirement 19).
        role: if signed && !keys.is_empty() { Role::TrustedProvider } else { Role::Provider },
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
    let made_of = (store::made_of(&mut reader).await?, keys.clone());
    let memory = &app.publications.tree;
    let now = memory.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(known) = now.filter(|known| known.made_of == made_of) {
        return Ok(known);
    }
    let files = listing(&mut reader, &app.profile, keys).await?;
    let held = |body: Body, place: Option<Place>| match (body, place) {
        (Body::Elsewhere(_), Some(place)) => Some(Held::Document(place)),
        (body, _) => body.bytes().map(|bytes| Held::Here(Arc::new(Packed::new(bytes.to_vec())))),
    };
    let files = files.into_iter().filter_map(|(file, place)| Some((file.path, (file.label, held(file.body, place)?)))).collect();
    let known = Arc::new(Known { made_of, files, asked: Mutex::default() });
    *memory.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
    Ok(known)
}

/// Where programs read an item's documents, as links of its page: what each is called, and its address. What is not served to everybody
/// has none: what waits for its signature, what asks for a token, and a signature that nobody made.
pub async fn links(app: &App, item: &Item, language: &str) -> Result<Vec<(&'static str, String)>> {
    let known = known(app).await?;
    let most = Channel::Public.ceiling(&app.profile);
    // A translation that has a document of its own leads to that.
    let language = Some(language).filter(|tag| item.translated.iter().any(|own| own == tag));
    let id = language.map_or_else(|| item.name.clone(), |tag| csaf::translate::id(&item.name, tag));
    let labels = || Tlp::ALL.into_iter().filter(|label| *label <= most);
    let of = |edition| labels().map(|label| provider::path(edition, label, item.first_at, &id)).find(|path| known.files.contains_key(path));
    let (mut links, there) = (Vec::new(), |path: &String| known.files.contains_key(path));
    if let Some(path) = of(Edition::V20) {
        let beside = [("SHA-256", "sha256"), ("SHA-512", "sha512"), ("OpenPGP", "asc")].map(|(name, ending)| (name, format!("{path}.{ending}")));
        links.push(("2.0", path));
        links.extend(beside.into_iter().filter(|(_, path)| there(path)));
    }
    links.extend(of(Edition::V21).map(|path| ("2.1", path)));
    Ok(links.into_iter().map(|(name, path)| (name, format!("/.well-known/csaf/{path}"))).collect())
}

/// The bytes of a document of the tree, as they were a moment ago or as they lie in the database.
pub async fn packed(app: &App, known: &Known, path: &str, place: &Place) -> Result<Arc<Packed>> {
    if let Some(packed) = known.asked.lock().unwrap_or_else(PoisonError::into_inner).1.get(path) {
        return Ok(Arc::clone(packed));
    }
    let packed = Arc::new(Packed::new(bytes(&mut app.db.read().await?, place).await?));
    let mut asked = known.asked.lock().unwrap_or_else(PoisonError::into_inner);
    if asked.0 > ROOM {
        *asked = (0, HashMap::new());
    }
    asked.0 += packed.size();
    asked.1.insert(path.to_owned(), Arc::clone(&packed));
    Ok(packed)
}

/// The bytes of a document.
pub async fn bytes(reader: &mut Reader, place: &Place) -> Result<Vec<u8>> {
    store::body(reader, &place.key, place.edition).await?.ok_or(Error::NotFound)
}

/// All files of the tree, and of each document where its bytes are. No document is read for it.
pub async fn listing(reader: &mut Reader, profile: &Profile, keys: Vec<Key>) -> Result<Vec<(provider::File, Option<Place>)>> {
    let all = store::listed(reader).await?;
    // The settings changed with the newest key, too.
    let added = keys::own::all(reader).await?.into_iter().map(|key| key.added_at);
    let noted = store::signers(reader).await?.into_iter().map(|(_, _, at)| at);
    let changed = added.chain(noted).chain([store::began(reader).await?]).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let offline = profile.publications.signer == Signer::Offline;
    // The newest version that may be shown: by an offline signer, that is the newest signed one.
    let mut newest: HashMap<(Id, &str), &Listed> = HashMap::new();
    for one in all.iter().filter(|one| one.told.is_some() && (!offline || one.wanting() == 0)) {
        newest.insert((one.key.publication, &one.key.language), one);
    }
    let documents: Vec<Document> = newest.values().filter_map(|one| document(profile, one)).collect();
    let mut by_sum: HashMap<&str, (&Listed, Edition)> = HashMap::new();
    for one in newest.values() {
        by_sum.extend(Edition::ALL.into_iter().filter_map(|edition| Some((one.sums(edition)?.sha256.as_str(), (*one, edition)))));
    }
    let mut places: HashMap<String, Place> = HashMap::new();
    let mut sign = |path: &str, body: &Body| {
        let (one, edition) = by_sum.get(body.sums().sha256.as_str())?;
        places.insert(path.to_owned(), Place { key: one.key.clone(), edition: *edition });
        Some(one.signature(*edition).to_owned()).filter(|signature| !signature.is_empty())
    };
    let signed = newest.values().all(|one| one.wanting() == 0);
    let tree = provider::build(&documents, &settings(profile, keys, changed, signed), &mut sign).map_err(Error::fault)?;
    Ok(tree
        .files
        .into_iter()
        .map(|file| {
            let place = places.remove(&file.path);
            (file, place)
        })
        .collect())
}

fn document(profile: &Profile, one: &Listed) -> Option<Document> {
    let told = one.told.clone()?;
    let sector = |id: &String| profile.sectors.iter().find(|sector| sector.id == *id).map(|sector| sector.title.text("en").to_owned());
    Some(Document {
        id: one.id.clone(),
        title: told.title,
        summary: told.summary,
        tlp: one.label,
        language: Some(told.language),
        sectors: told.sectors.iter().filter_map(sector).collect(),
        vendors: told.vendors,
        initial_release_date: told.first_at,
        current_release_date: told.at,
        v20: told.v20.map(Body::Elsewhere),
        v21: told.v21.map(Body::Elsewhere),
    })
}

/// The keys that documents are signed with, or were: the mail address's, the current one first, and the team's. Who checks an
/// older document finds the key that signed it then (requirement 20).
pub async fn ours(reader: &mut Reader) -> Result<Vec<Key>> {
    let mut all: Vec<Key> = keys::own::all(reader).await?.into_iter().map(|key| Key { fingerprint: key.fingerprint, armored: key.armored }).collect();
    let certificates = keys::wkd::certificates(reader).await?;
    let key = |cert: &post::openpgp::Certificate| Some(Key { fingerprint: cert.fingerprint(), armored: cert.armored().ok()? });
    let more: Vec<Key> = certificates.iter().filter_map(key).filter(|key| !all.iter().any(|one| one.fingerprint == key.fingerprint)).collect();
    all.extend(more);
    // What the server holds no more signed once, and its signatures stand.
    for (fingerprint, armored, _) in store::signers(reader).await? {
        if !all.iter().any(|one| one.fingerprint == fingerprint) {
            all.push(Key { fingerprint, armored });
        }
    }
    Ok(all)
}
