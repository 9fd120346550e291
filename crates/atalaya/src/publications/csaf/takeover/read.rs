//! From the bytes of a foreign document to what a publication says, and what is against it. Nothing of it is trusted: it is
//! read within bounds, judged by the schema and every mandatory test, and cut to what a publication holds.

use csaf::advisory::{Credit, Measure, Note, NoteCategory, ReferenceCategory};
use csaf::read::{Adopted, adopt};
use csaf::validate::{self, Preset};
use jiff::Timestamp;
use press::wanted::{BODY, BRIEF, TITLE, is_web};
use press::{Content, Key, Kind, Origin, Reference, Words};

use super::super::advisory::site;
use super::{Becomes, Look};
use crate::publications::known;
use crate::text::{one_line, short_line};
use crate::{App, Error, Result};

/// The largest document that is taken, in bytes (CSAF 2.0 annex C.1 suggests this bound).
pub const MOST: u64 = 15 << 20;
/// The most products and vulnerabilities of one.
const PRODUCTS: usize = 5000;
const VULNERABILITIES: usize = 1000;
/// So many lines of what is against it are told.
const LINES: usize = 200;
/// So many CVE ids, references and credits of it are taken.
const MANY: usize = 200;

/// A document that something can be made of.
#[derive(Clone, Debug)]
pub struct Read {
    /// Who published it.
    pub publisher: String,
    /// The URL that stands for them.
    pub namespace: String,
    /// Their id.
    pub id: String,
    /// Their version.
    pub version: String,
    /// Their title.
    pub title: String,
    /// Which edition of CSAF it is.
    pub edition: String,
    /// When this version was released.
    pub released_at: Option<Timestamp>,
    /// Why, in their words.
    pub change: String,
    /// Whether it says that it no longer holds (CSAF 2.1 profiles 7 and 8).
    pub ended: bool,
    /// What a publication makes of it.
    pub content: Content,
}

/// Reads and judges.
pub fn read(app: &App, bytes: &[u8], url: &str) -> Look {
    let refused = |against: Vec<String>| Look { against, left_out: Vec::new(), read: None, becomes: Becomes::Draft };
    if bytes.len() as u64 > MOST {
        return refused(vec![format!("/: the document has more than {}.", crate::web::show::limit(MOST))]);
    }
    let (adopted, problems) = match adopt(bytes, &known::product_id) {
        Ok(found) => found,
        Err(broken) => return refused(vec![line(&broken.pointer, &broken.words)]),
    };
    let report = validate::check(bytes, Preset::Basic);
    let mut against: Vec<String> = report.blocking().map(ToString::to_string).collect();
    if against.is_empty() && !report.is_valid() {
        against.push(format!("/: it is out of form; {} could not run.", report.skipped.join(", ")));
    }
    if against.is_empty() {
        against = ours_alone(app, &adopted, url);
    }
    if against.len() > LINES {
        let more = against.len() - LINES;
        against.truncate(LINES);
        against.push(format!("… and {more} more."));
    }
    if !against.is_empty() {
        return refused(against);
    }
    let mut left_out: Vec<String> = problems.iter().map(ToString::to_string).collect();
    left_out.extend(report.findings.iter().filter(|finding| !finding.blocks).map(ToString::to_string));
    left_out.truncate(LINES);
    let content = content(app, &adopted, url, &mut left_out);
    let of = adopted.summary;
    let read = Read {
        publisher: one_line(&of.publisher),
        namespace: of.namespace.trim_end_matches('/').to_owned(),
        id: of.id,
        version: of.version,
        title: one_line(&of.title),
        edition: of.edition,
        released_at: of.current_release_date,
        change: adopted.change,
        ended: matches!(of.category.as_str(), "csaf_withdrawn" | "csaf_superseded"),
        content,
    };
    Look { against, left_out, read: Some(read), becomes: Becomes::Draft }
}

/// What a publication made of a document that was taken before.
pub(super) fn content_of(app: &App, bytes: &[u8]) -> Result<Content> {
    let (adopted, _) = adopt(bytes, &known::product_id).map_err(Error::fault)?;
    Ok(content(app, &adopted, "", &mut Vec::new()))
}

fn line(pointer: &str, words: &str) -> String {
    let pointer = if pointer.is_empty() { "/" } else { pointer };
    format!("{pointer}: {}", short_line(words, 500))
}

/// What the standard allows and we do not take.
fn ours_alone(app: &App, adopted: &Adopted, url: &str) -> Vec<String> {
    let of = &adopted.summary;
    let mut against = Vec::new();
    if of.namespace.trim_end_matches('/').eq_ignore_ascii_case(site(&app.profile)) {
        against.push(line("/document/publisher/namespace", "this document is ours."));
    }
    if of.status == "draft" {
        against.push(line("/document/tracking/status", "its publisher has not released it: a draft is not passed on."));
    }
    if of.products.len() > PRODUCTS {
        against.push(line("/product_tree", &format!("{} products are more than the {PRODUCTS} that are taken.", of.products.len())));
    }
    if of.vulnerabilities.len() > VULNERABILITIES {
        against.push(line("/vulnerabilities", &format!("{} are more than the {VULNERABILITIES} that are taken.", of.vulnerabilities.len())));
    }
    if !url.is_empty() && !is_web(url) {
        against.push(format!("Where it is: “{}” is no address that begins with https:// or http://.", short_line(url, 80)));
    }
    against
}

/// The publication that it becomes.
fn content(app: &App, adopted: &Adopted, url: &str, left_out: &mut Vec<String>) -> Content {
    let of = &adopted.summary;
    let original = language(app, of.language.as_deref());
    // What its publisher did not label is not public by that: it begins as everything here does.
    let label = adopted.tlp.unwrap_or(app.profile.labels.default);
    let mut content = Content::new(Kind::Advisory, &original, label);
    content.words.insert(original, words(adopted, left_out));
    content.severity = adopted.severity;
    content.keys = distinct(adopted.vulnerabilities.iter().filter_map(|one| one.cve.as_deref()).filter_map(Key::read));
    let elsewhere = of.references.iter().filter(|one| one.category == ReferenceCategory::External && is_web(&one.url));
    let mut references: Vec<Reference> = Vec::new();
    for one in elsewhere {
        if references.len() < MANY && !references.iter().any(|known| known.url == one.url) {
            references.push(Reference { title: short_line(&one.summary, TITLE), url: one.url.clone() });
        }
    }
    content.references = references;
    content.credits = distinct(adopted.acknowledgments.iter().map(credit));
    content.products.clone_from(&adopted.products);
    content.vulnerabilities.clone_from(&adopted.vulnerabilities);
    for help in content.vulnerabilities.iter_mut().flat_map(|one| &mut one.remediations) {
        help.url = help.url.take().filter(|url| is_web(url));
    }
    let there = of.references.iter().find(|one| one.category == ReferenceCategory::Same && is_web(&one.url)).map(|one| one.url.clone());
    content.origin = Some(Origin {
        publisher: one_line(&of.publisher),
        namespace: of.namespace.clone(),
        id: one_line(&of.id),
        version: one_line(&of.version),
        url: if url.is_empty() { there.unwrap_or_default() } else { url.to_owned() },
        label: adopted.tlp.unwrap_or(formats::label::Tlp::Clear),
    });
    content
}

fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut out = Vec::new();
    for one in all {
        if out.len() < MANY && !out.contains(&one) {
            out.push(one);
        }
    }
    out
}

/// The language of its words: one of ours where it is that, whatever the country, else what it says, else English.
fn language(app: &App, said: Option<&str>) -> String {
    let said = said.unwrap_or("en");
    let offered = |tag: &str| app.languages.offered().iter().find(|offered| offered.eq_ignore_ascii_case(tag)).cloned();
    let primary = said.split('-').next().unwrap_or(said);
    offered(said).or_else(|| offered(primary)).unwrap_or_else(|| primary.to_ascii_lowercase())
}

/// What it says in the places that a publication has.
fn words(adopted: &Adopted, left_out: &mut Vec<String>) -> Words {
    let notes = &adopted.notes;
    let first = notes.iter().position(|note| note.category == NoteCategory::Summary).or(if notes.is_empty() { None } else { Some(0) });
    let summary = first.and_then(|place| notes.get(place)).map(|note| note.text.clone()).unwrap_or_default();
    let is_cut = summary.chars().count() > BRIEF;
    let rest = notes.iter().enumerate().filter(|(place, _)| is_cut || Some(*place) != first).map(|(_, note)| section(note));
    let body = rest.collect::<Vec<_>>().join("\n\n");
    if body.chars().count() > BODY {
        left_out.push(format!("/document/notes: only the first {BODY} letters of them are taken."));
    }
    Words {
        title: short_line(&adopted.summary.title, TITLE),
        summary: brief(&summary),
        affected: brief(&affected(adopted)),
        act: brief(&act(adopted)),
        body: body.chars().take(BODY).collect(),
        ..Words::default()
    }
}

/// A short answer: as it is where it fits, else as one line that ends with `…`.
fn brief(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= BRIEF { text.to_owned() } else { short_line(text, BRIEF) }
}

fn section(note: &Note) -> String {
    let role = match note.category {
        NoteCategory::Description => "Description",
        NoteCategory::Details => "Details",
        NoteCategory::Faq => "FAQ",
        NoteCategory::General => "General",
        NoteCategory::LegalDisclaimer => "Legal disclaimer",
        NoteCategory::Other => "Other",
        NoteCategory::Summary => "Summary",
    };
    format!("## {}\n\n{}", note.title.as_deref().unwrap_or(role), note.text.trim())
}

/// The products that it says are hit, by their names.
fn affected(adopted: &Adopted) -> String {
    let hit: std::collections::HashSet<String> = adopted.vulnerabilities.iter().flat_map(|one| one.statuses.affected()).collect();
    let named = adopted.products.iter().filter(|product| hit.is_empty() || hit.contains(&product.id));
    named.take(100).map(csaf::advisory::Product::full_name).collect::<Vec<_>>().join(", ")
}

/// What it says to do: fixes, or else what helps until then.
fn act(adopted: &Adopted) -> String {
    let of = |fixes: bool| {
        let helps = adopted.vulnerabilities.iter().flat_map(|one| &one.remediations);
        let fits = helps.filter(move |help| matches!(help.category, Measure::VendorFix | Measure::OptionalPatch) == fixes);
        distinct(fits.map(|help| one_line(&help.details))).join(" ")
    };
    let fixes = of(true);
    if fixes.is_empty() { of(false) } else { fixes }
}

fn credit(of: &Credit) -> String {
    let who = of.names.join(", ");
    let who = match (&of.organization, who.is_empty()) {
        (Some(organization), true) => organization.clone(),
        (Some(organization), false) => format!("{who} ({organization})"),
        (None, _) => who,
    };
    let line = match &of.summary {
        Some(summary) if who.is_empty() => summary.clone(),
        Some(summary) => format!("{who}: {summary}"),
        None => who,
    };
    short_line(&line, BRIEF)
}
