//! A publication's content: one value, whatever the kind. What a kind has no use for stays empty.

use std::collections::{BTreeMap, HashSet};

use csaf::advisory::{Product, Vulnerability};
pub use csaf::write::Severity;
use formats::label::Tlp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Key, Kind};

/// Everything that a reader can come to know of a publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// What kind it is.
    pub kind: Kind,
    /// The language that it was written in first (BCP 47).
    pub original: String,
    /// The words in each language.
    pub words: BTreeMap<String, Words>,
    /// How far it may go (TLP 2.0).
    pub label: Tlp,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it is being exploited, as far as somebody said so.
    pub exploited: Exploited,
    /// An alert is open until it is over.
    pub open: bool,
    /// What it is about.
    pub keys: Vec<Key>,
    /// Sectors of the team profile that it is for; empty for all.
    pub sectors: Vec<String>,
    /// Whom a guidance is for: see [`AUDIENCES`].
    pub audience: Vec<String>,
    /// When somebody looks at it again.
    pub review: Option<Date>,
    /// When and where.
    pub meeting: Option<Meeting>,
    /// What to read.
    pub references: Vec<Reference>,
    /// Whom the team thanks, a line each.
    pub credits: Vec<String>,
    /// Every product that an advisory speaks of.
    pub products: Vec<Product>,
    /// The vulnerabilities that it is about.
    pub vulnerabilities: Vec<Vulnerability>,
    /// Whose document it was taken over from, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The place in a list of pages.
    pub order: i64,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            kind: Kind::Alert,
            original: "en".into(),
            words: BTreeMap::new(),
            // What nobody labelled is not public.
            label: Tlp::Amber,
            severity: Severity::None,
            exploited: Exploited::default(),
            open: true,
            keys: Vec::new(),
            sectors: Vec::new(),
            audience: Vec::new(),
            review: None,
            meeting: None,
            references: Vec::new(),
            credits: Vec::new(),
            products: Vec::new(),
            vulnerabilities: Vec::new(),
            origin: None,
            order: 0,
        }
    }
}

/// Whom a guidance can be for.
pub const AUDIENCES: [&str; 4] = ["everyone", "organisations", "providers", "administrators"];

/// What is said in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// One line.
    pub title: String,
    /// What it is, in two lines.
    pub summary: String,
    /// Who is affected.
    pub affected: String,
    /// What to do.
    pub act: String,
    /// The rest, in Markdown.
    pub body: String,
    /// Where it takes place.
    pub place: String,
    /// A machine made this translation, and nobody looked at it.
    pub machine: bool,
    /// The fingerprint of the original that was translated; empty in the original.
    pub of: String,
}

/// Whether it is being exploited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exploited {
    /// `yes`, `no`, or empty when it is not known.
    pub state: String,
    /// Who says so.
    pub source: String,
    /// Since when that is said.
    pub on: Option<Date>,
}

/// When and where something takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// Local date and time of the beginning.
    pub starts: DateTime,
    /// Of the end.
    pub ends: DateTime,
    /// Whose time it is (IANA).
    pub zone: String,
    /// It takes place online.
    #[serde(default)]
    pub online: bool,
    /// Whoever wants to come says so here.
    #[serde(default)]
    pub registers: bool,
    /// How many can come; more wait.
    #[serde(default)]
    pub places: Option<u32>,
    /// Until when one can say so.
    #[serde(default)]
    pub closes: Option<DateTime>,
    /// It does not take place.
    #[serde(default)]
    pub cancelled: bool,
}

impl Meeting {
    /// Beginning and end as instants; `None` for a zone that nobody knows. A time that the clocks skip is the one after
    /// it (RFC 5545 section 3.3.5 reads it so, too).
    pub fn instants(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.zoned(self.starts)?.timestamp(), self.zoned(self.ends)?.timestamp()))
    }

    /// One of its times, with its zone.
    pub fn zoned(&self, at: DateTime) -> Option<Zoned> {
        at.to_zoned(TimeZone::get(&self.zone).ok()?).ok()
    }
}

/// Something to read elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// What it is called.
    pub title: String,
    /// Where: http or https.
    pub url: String,
}

/// The document of somebody else that a publication was taken over from. Whoever passes it on says whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Who published it.
    pub publisher: String,
    /// The URL that stands for them (`document.publisher.namespace`).
    pub namespace: String,
    /// Their id of it (`document.tracking.id`).
    pub id: String,
    /// The version that was taken.
    pub version: String,
    /// Where it is; empty where nobody said.
    pub url: String,
    /// Their label: ours is never lower, since only a source may lower its own (TLP 2.0).
    pub label: Tlp,
}

impl Content {
    /// An empty one, to be written in a language.
    pub fn new(kind: Kind, original: &str, label: Tlp) -> Self {
        let words = BTreeMap::from([(original.to_owned(), Words::default())]);
        Self { kind, original: original.to_owned(), words, label, ..Self::default() }
    }

    /// The original's words.
    pub fn own(&self) -> Words {
        self.words.get(&self.original).cloned().unwrap_or_default()
    }

    /// The title in the original's language.
    pub fn title(&self) -> &str {
        self.words.get(&self.original).map_or("", |words| words.title.as_str())
    }

    /// The words for a reader of this language, and the language that they are in: its own, else the original's.
    pub fn said(&self, wanted: &str) -> Option<(&Words, &str)> {
        let own = |tag: &str| self.words.get_key_value(tag).map(|(tag, words)| (words, tag.as_str()));
        own(wanted).filter(|(words, _)| !words.title.is_empty()).or_else(|| own(&self.original))
    }

    /// What it is about: its keys, and the CVE ids of its vulnerabilities that stand under no key.
    pub fn about(&self) -> Vec<Key> {
        let mut all = self.keys.clone();
        for key in self.vulnerabilities.iter().filter_map(|one| one.cve.as_deref()).filter_map(Key::read) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        all
    }

    /// Its CVE ids, each once.
    pub fn cves(&self) -> impl Iterator<Item = &str> {
        let own = self.vulnerabilities.iter().filter_map(|one| one.cve.as_deref());
        let named = self.keys.iter().filter_map(Key::cve).filter(|cve| !self.vulnerabilities.iter().any(|one| one.cve.as_deref() == Some(cve)));
        own.chain(named)
    }

    /// Takes out of its vulnerabilities what they say of products that it does not name: a document that speaks of a product which it
    /// does not define is none (CSAF 2.0 test 6.1.1). What was said of such products alone goes whole, since without a product it
    /// would be said of all.
    pub fn prune(&mut self) {
        let known: HashSet<String> = self.products.iter().map(|product| product.id.clone()).collect();
        for one in &mut self.vulnerabilities {
            prune(one, &known);
        }
    }

    /// The highest of its CVSS scores, in tenths, and what that is called; none without a score.
    pub fn highest_score(&self) -> Option<(u32, Severity)> {
        self.vulnerabilities.iter().flat_map(|one| &one.scores).filter_map(|score| csaf::write::rating(&score.vector)).max()
    }

    /// Every word in it, with where it stands: for whoever looks for what must not be said. What is added to the content is looked
    /// at without anybody's doing. Words for people outside the team.
    pub fn written(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        gather(&serde_json::to_value(self).unwrap_or_default(), &mut Vec::new(), &mut all);
        all
    }
}

fn prune(one: &mut Vulnerability, known: &HashSet<String>) {
    let statuses = &mut one.statuses;
    for list in [
        &mut statuses.first_affected,
        &mut statuses.first_fixed,
        &mut statuses.fixed,
        &mut statuses.known_affected,
        &mut statuses.known_not_affected,
        &mut statuses.last_affected,
        &mut statuses.recommended,
        &mut statuses.under_investigation,
    ] {
        list.retain(|id| known.contains(id));
    }
    // Whether it still says something: what named no product speaks of none in particular.
    let says = |list: &mut Vec<String>| {
        let was_empty = list.is_empty();
        list.retain(|id| known.contains(id));
        was_empty || !list.is_empty()
    };
    one.scores.retain_mut(|score| says(&mut score.products));
    one.remediations.retain_mut(|help| says(&mut help.products));
    one.threats.retain_mut(|threat| says(&mut threat.products));
    one.flags.retain_mut(|flag| says(&mut flag.products));
}

/// The texts of a value, whose place is `path`.
fn gather(value: &Value, path: &mut Vec<String>, all: &mut Vec<(String, String)>) {
    let mut go = |name: &str, value: &Value| {
        path.push(name.to_owned());
        gather(value, path, all);
        path.pop();
    };
    match value {
        Value::Array(list) => list.iter().for_each(|one| go("", one)),
        Value::Object(fields) => fields.iter().for_each(|(name, one)| go(name, one)),
        Value::String(text) if !text.is_empty() => all.push((place(path), text.clone())),
        _ => {}
    }
}

fn place(path: &[String]) -> String {
    let at = |n: usize| path.get(n).map_or("", String::as_str);
    let part = match at(2) {
        "affected" => "who is affected",
        "act" => "what to do",
        "body" => "the text",
        "place" => "the place",
        "summary" => "the summary",
        _ => "the title",
    };
    match at(0) {
        "words" => format!("{part} ({})", at(1)),
        "references" => "a reference".into(),
        "exploited" => "who says that it is exploited".into(),
        "products" => "a product".into(),
        "vulnerabilities" => "a vulnerability".into(),
        "origin" => "whose document it was".into(),
        other => format!("the {other}"),
    }
}
