//! What is public, in memory: the newest version of everything that left through the public channel. Whoever shows
//! something to somebody outside reads it here, and a working copy is not in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ::store::{Id, Reader};
use formats::label::Tlp;
use jiff::{SignedDuration, Timestamp};
use press::{Content, Kind};

use super::item::{Version, called};
use super::store;
use crate::release::Channel;
use crate::web::packed::Packed;
use crate::{App, Result};

/// Another process of ours may have released something: so long this one may not know it.
const TRUSTED: SignedDuration = SignedDuration::from_secs(1);

/// Something public.
#[derive(Clone, Debug)]
pub struct Item {
    /// Id.
    pub id: Id,
    /// Its kind.
    pub kind: Kind,
    /// Number or word.
    pub name: String,
    /// The newest version.
    pub version: i64,
    /// What an advisory's document calls it; empty for other kinds.
    pub number: String,
    /// `current`, `withdrawn`, `superseded`.
    pub standing: String,
    /// What it says.
    pub content: Content,
    /// When its first version left.
    pub first_at: Timestamp,
    /// When the newest did.
    pub changed_at: Timestamp,
    /// The address of what took its place.
    pub superseded_by: Option<String>,
    /// The languages in which documents of their own stand beside the original.
    pub translated: Vec<String>,
    /// Its versions, the newest first.
    pub history: Vec<Past>,
}

/// A version of something public.
#[derive(Clone, Debug)]
pub struct Past {
    /// From 1.
    pub version: i64,
    /// See [`Item::number`].
    pub number: String,
    /// When it left.
    pub at: Timestamp,
    /// What it changed.
    pub note: String,
    /// What it said of itself.
    pub standing: String,
}

impl From<&Version> for Past {
    fn from(version: &Version) -> Self {
        let Version { version, number, at, note, standing, .. } = version.clone();
        Self { version, number, at, note, standing }
    }
}

impl Past {
    /// What the version is called.
    pub fn called(&self) -> String {
        called(&self.number, self.version)
    }
}

impl Item {
    /// Something that has this one version.
    pub(super) fn of(kind: Kind, name: &str, version: Version) -> Self {
        let history = vec![Past::from(&version)];
        let Version { publication, version, number, standing, content, at, .. } = version;
        Self {
            id: publication,
            kind,
            name: name.to_owned(),
            version,
            number,
            standing,
            content,
            first_at: at,
            changed_at: at,
            superseded_by: None,
            translated: Vec::new(),
            history,
        }
    }

    /// What the newest version is called: `1.1.0`, or `2` for what leaves no document.
    pub fn called(&self) -> String {
        called(&self.number, self.version)
    }

    /// The address of its page on the site.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.kind.path(), self.name)
    }

    /// Whether it holds.
    pub fn is_current(&self) -> bool {
        self.standing == "current"
    }

    /// Whether somebody has to act on it now: an alert that is open.
    pub fn is_urgent(&self) -> bool {
        self.kind == Kind::Alert && self.is_current() && self.content.open
    }
}

/// Id, kind, name and successor of all that ever left.
type Names = Vec<(Id, String, String, Option<Id>)>;

/// Everything public.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// How many versions it was made from: another number, another catalogue.
    pub made_of: i64,
    /// Everything, the newest change first.
    pub items: Vec<Arc<Item>>,
    by_name: HashMap<(Kind, String), Arc<Item>>,
}

impl Catalogue {
    /// The item of that name.
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Arc<Item>> {
        self.by_name.get(&(kind, name.to_owned()))
    }

    /// Those of a kind, the newest change first.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Arc<Item>> {
        self.items.iter().filter(move |item| item.kind == kind)
    }

    /// The guidance for a type of RSIT: what names the very type before what names its class.
    pub fn guidance(&self, class: &str, name: &str) -> Option<&Arc<Item>> {
        let exact = format!("rsit:{class}/{name}");
        let current = || self.of(Kind::Guidance).filter(|item| item.is_current());
        current()
            .find(|item| item.content.keys.iter().any(|key| key.as_str() == exact))
            .or_else(|| current().find(|item| item.content.keys.iter().any(|key| key.covers(class, name))))
    }

    fn of_versions(made_of: i64, versions: Vec<Version>, names: Names, languages: Vec<(Id, String)>, ceiling: Tlp) -> Self {
        let named: HashMap<Id, (Kind, String, Option<Id>)> =
            names.into_iter().filter_map(|(id, kind, name, by)| Some((id, (Kind::named(&kind)?, name, by)))).collect();
        let mut items: Vec<Item> = Vec::new();
        // A version that was for constituents is no part of what is public: neither its words nor that there is one.
        for version in versions.into_iter().filter(|version| is_public(version, ceiling)) {
            let Some((kind, name, _)) = named.get(&version.publication) else { continue };
            match items.last_mut().filter(|item| item.id == version.publication) {
                Some(item) => {
                    item.history.insert(0, Past::from(&version));
                    (item.version, item.number, item.standing) = (version.version, version.number, version.standing);
                    (item.content, item.changed_at) = (version.content, version.at);
                }
                None => items.push(Item::of(*kind, name, version)),
            }
        }
        // What took its place may be for constituents only: then the page does not say what it is.
        let paths: HashMap<Id, String> = items.iter().map(|item| (item.id, item.path())).collect();
        for item in &mut items {
            item.superseded_by = named.get(&item.id).and_then(|(_, _, by)| *by).and_then(|by| paths.get(&by)).cloned();
        }
        for (id, language) in languages {
            // In the order of their ids, as the versions came.
            if let Ok(place) = items.binary_search_by_key(&id, |item| item.id)
                && let Some(item) = items.get_mut(place)
            {
                item.translated.push(language);
            }
        }
        items.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then_with(|| b.name.cmp(&a.name)));
        let items: Vec<Arc<Item>> = items.into_iter().map(Arc::new).collect();
        let by_name = items.iter().map(|item| ((item.kind, item.name.clone()), Arc::clone(item))).collect();
        Self { made_of, items, by_name }
    }
}

/// A page as it was made.
#[derive(Clone, Debug)]
pub struct Kept {
    /// `Content-Type`.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: Packed,
    /// `ETag`.
    pub tag: String,
    /// `Link`, `Last-Modified` and the like.
    pub headers: Vec<(&'static str, String)>,
}

/// So many bytes of pages are kept.
const ROOM: usize = 24 << 20;

/// The catalogue, and pages made from it.
#[derive(Default)]
pub struct Memory {
    known: RwLock<Option<(Timestamp, Arc<Catalogue>)>>,
    /// The tree of CSAF documents.
    pub(super) tree: RwLock<Option<Arc<super::csaf::Known>>>,
    /// What was found in documents before they left.
    pub(super) judged: super::csaf::Verdicts,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    made_of: i64,
    minute: i64,
    bytes: usize,
    by_address: HashMap<String, Arc<Kept>>,
}

impl Memory {
    /// What is known may have changed: the next who asks looks.
    pub fn forget(&self) {
        if let Some((at, _)) = self.known.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            *at = Timestamp::UNIX_EPOCH;
        }
    }

    /// The kinds of which something is public, as far as is known without asking.
    pub fn kinds(&self) -> Vec<Kind> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let Some((_, catalogue)) = known.as_ref() else { return Vec::new() };
        Kind::ALL.into_iter().filter(|kind| catalogue.items.iter().any(|item| item.kind == *kind)).collect()
    }

    fn trusted(&self, now: Timestamp) -> Option<Arc<Catalogue>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: &Timestamp| now.duration_since(*at).abs() < TRUSTED;
        known.as_ref().filter(|(at, _)| fresh(at)).map(|(_, catalogue)| Arc::clone(catalogue))
    }

    fn keep(&self, now: Timestamp, catalogue: &Arc<Catalogue>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(catalogue)));
    }

    /// A page of this catalogue and minute.
    pub fn page(&self, catalogue: &Catalogue, now: Timestamp, address: &str) -> Option<Arc<Kept>> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let same = pages.made_of == catalogue.made_of && pages.minute == now.as_second().div_euclid(60);
        if same { pages.by_address.get(address).cloned() } else { None }
    }

    /// Keeps a page; all of another catalogue or minute are forgotten, and all of them when there is no room.
    pub fn keep_page(&self, catalogue: &Catalogue, now: Timestamp, address: String, page: &Arc<Kept>) {
        let minute = now.as_second().div_euclid(60);
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.made_of != catalogue.made_of || pages.minute != minute || pages.bytes > ROOM {
            *pages = Pages { made_of: catalogue.made_of, minute, ..Pages::default() };
        }
        pages.bytes += page.bytes.size() + address.len() + 500;
        pages.by_address.insert(address, Arc::clone(page));
    }
}

fn is_public(version: &Version, ceiling: Tlp) -> bool {
    version.channel == Channel::Public.name() && version.label <= ceiling
}

/// The public versions of one publication as this reader sees them, the newest first: for whoever changes something by them, and
/// cannot go by what memory has.
pub(super) async fn versions_now(reader: &mut Reader, app: &App, id: Id) -> Result<Vec<Version>> {
    let ceiling = Channel::Public.ceiling(&app.profile);
    Ok(store::versions(reader, id).await?.into_iter().filter(|version| is_public(version, ceiling)).collect())
}

/// One publication as it is public for this reader, in the same way.
pub(super) async fn now(reader: &mut Reader, app: &App, id: Id) -> Result<Option<Arc<Item>>> {
    let Some(one) = store::get(reader, id).await? else { return Ok(None) };
    let mut versions = versions_now(reader, app, id).await?;
    versions.reverse();
    let names = vec![(id, one.kind.name().to_owned(), one.name, one.superseded_by)];
    Ok(Catalogue::of_versions(0, versions, names, Vec::new(), Channel::Public.ceiling(&app.profile)).items.pop())
}

/// Everything public as it is now.
pub async fn catalogue(app: &App) -> Result<Arc<Catalogue>> {
    let now = app.now();
    if let Some(known) = app.publications.trusted(now) {
        return Ok(known);
    }
    let mut reader = app.db.read().await?;
    let made_of = store::count_versions(&mut reader).await?;
    let known = app.publications.known.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, known)| Arc::clone(known));
    let catalogue = if let Some(known) = known.filter(|known| known.made_of == made_of) {
        known
    } else {
        let (versions, names) = (store::all_versions(&mut reader).await?, store::names(&mut reader).await?);
        let languages = super::csaf::languages(&mut reader).await?;
        Arc::new(Catalogue::of_versions(made_of, versions, names, languages, Channel::Public.ceiling(&app.profile)))
    };
    app.publications.keep(now, &catalogue);
    Ok(catalogue)
}
