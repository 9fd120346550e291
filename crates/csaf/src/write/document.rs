//! The document's own part (section 3.2.1 of CSAF 2.0, 3.2.2 of 2.1) and the whole around it.

use super::object::Object;
use super::{Edition, tree, vulnerability, word};
use crate::advisory::{Advisory, Credit, Note, NoteCategory, Publisher, PublisherCategory, Reference, ReferenceCategory, State};
use crate::withdraw::Terms;
use formats::label::Tlp;
use serde_json::Value;

/// The name under which documents say what wrote them. No version: a newer program must not make other
/// bytes of the same advisory.
const ENGINE: &str = "Atalaya";

pub(super) fn whole(advisory: &Advisory, edition: Edition) -> Value {
    let whole = match edition {
        Edition::V20 => Object::new(),
        Edition::V21 => Object::new().set("$schema", edition.schema()),
    };
    let whole = whole.set("document", head(advisory, edition));
    if !advisory.state.is_current() {
        return whole.into();
    }
    let vulnerabilities = advisory.vulnerabilities.iter().map(|one| vulnerability::object(one, edition));
    whole.part("product_tree", tree::tree(advisory, edition)).list("vulnerabilities", vulnerabilities).into()
}

fn head(advisory: &Advisory, edition: Edition) -> Object {
    let head = Object::new().list("acknowledgments", credits(&advisory.acknowledgments)).set("category", category(advisory, edition));
    let head = head.set("csaf_version", edition.as_str()).set("distribution", distribution(advisory, edition)).set("lang", advisory.language.as_str());
    let head = match edition {
        Edition::V20 => head,
        Edition::V21 => head.maybe("license_expression", advisory.license.as_deref()),
    };
    let head = head.list("notes", notes(&all_notes(advisory))).set("publisher", publisher(&advisory.publisher, edition));
    let head = head.list("references", references(&all_references(advisory)));
    let head = head.maybe("source_lang", advisory.original.as_ref().map(|original| original.language.as_str()));
    head.set("title", advisory.title.as_str()).set("tracking", tracking(advisory))
}

/// CSAF 2.0 knows no profile for what does not hold any more. Its informational advisory would say "not
/// about a vulnerability" and wants an external reference, which a withdrawal may not have; the base
/// profile (section 4.1) claims nothing and always validates.
fn category(advisory: &Advisory, edition: Edition) -> &'static str {
    match (&advisory.state, edition) {
        (State::Current, _) => advisory.kind.category(),
        (_, Edition::V20) => "csaf_base",
        (State::Withdrawn { .. }, Edition::V21) => "csaf_withdrawn",
        (State::Superseded { .. }, Edition::V21) => "csaf_superseded",
    }
}

/// Section 3.2.1.5. CSAF 2.0 has the four colours of TLP 1.0. AMBER+STRICT is its AMBER with a limit in
/// words, which TLP 1.0 provides for ("sources are at liberty to specify additional intended limits").
fn distribution(advisory: &Advisory, edition: Edition) -> Object {
    let mut terms = advisory.terms.clone();
    let label = match (edition, advisory.tlp) {
        (Edition::V20, Tlp::Clear) => "WHITE",
        (Edition::V20, Tlp::AmberStrict) => {
            let strict = Tlp::AmberStrict.marking();
            terms = Some(terms.map_or_else(|| strict.to_owned(), |words| format!("{strict}\n{words}")));
            "AMBER"
        }
        (_, tlp) => tlp.as_str(),
    };
    Object::new().maybe("text", terms).set("tlp", Object::new().set("label", label).set("url", "https://www.first.org/tlp/"))
}

/// The notes with the reason of a withdrawal or supersession first. Profiles 7 and 8 of CSAF 2.1 want
/// exactly one `description`, so of the others only legal words stay.
fn all_notes(advisory: &Advisory) -> Vec<Note> {
    let terms = Terms::of(&advisory.language);
    let (title, reason) = match &advisory.state {
        State::Current => return advisory.notes.clone(),
        State::Withdrawn { reason } => (terms.withdrawal, reason),
        State::Superseded { reason, .. } => (terms.supersession, reason),
    };
    let first = Note { category: NoteCategory::Description, title: Some(title.to_owned()), audience: None, text: reason.clone() };
    let legal = advisory.notes.iter().filter(|note| note.category == NoteCategory::LegalDisclaimer).cloned();
    std::iter::once(first).chain(legal).collect()
}

/// The references: a translation's original first (section 9.1.9), then what supersedes the document
/// (CSAF 2.1, profile 8), then the advisory's own.
fn all_references(advisory: &Advisory) -> Vec<Reference> {
    let mut all: Vec<Reference> = advisory.original.iter().map(|original| original.reference.clone()).collect();
    if let State::Superseded { by, .. } = &advisory.state {
        let summary = format!("{}: {}", Terms::of(&advisory.language).successor, by.summary);
        all.push(Reference { category: ReferenceCategory::External, summary, url: by.url.clone() });
    }
    all.extend(advisory.references.iter().cloned());
    all
}

/// How many references and notes the writer puts before the advisory's own: what a pointer into the
/// document is off by.
#[cfg(feature = "validate")]
pub(crate) fn put_before(advisory: &Advisory) -> (usize, usize) {
    (all_references(advisory).len().saturating_sub(advisory.references.len()), usize::from(!advisory.state.is_current()))
}

pub(crate) fn publisher(of: &Publisher, edition: Edition) -> Object {
    let category = match (edition, of.category) {
        (Edition::V20, PublisherCategory::Multiplier) => PublisherCategory::Other,
        (_, category) => category,
    };
    let object = Object::new().set("category", word(category));
    let object = match edition {
        Edition::V20 => object.maybe("contact_details", of.contact_details.as_deref()),
        // Since draft 04 an object, of which only the words can be said for any contact.
        Edition::V21 => object.maybe("contact", of.contact_details.as_deref().map(|words| Object::new().set("details", words))),
    };
    let object = object.maybe("issuing_authority", of.issuing_authority.as_deref());
    object.set("name", of.name.as_str()).set("namespace", of.namespace.as_str())
}

fn tracking(advisory: &Advisory) -> Object {
    let revisions = advisory
        .revisions
        .iter()
        .map(|one| Object::new().set("date", one.date.to_string()).set("number", one.number.as_str()).set("summary", one.summary.as_str()).into());
    let revisions: Vec<Value> = revisions.collect();
    let generator = Object::new().set("engine", Object::new().set("name", ENGINE));
    let object = Object::new().distinct("aliases", &advisory.aliases).set("current_release_date", advisory.current_release_date.to_string());
    let object = object.set("generator", generator).set("id", advisory.id.as_str());
    let object = object.set("initial_release_date", advisory.initial_release_date.to_string()).set("revision_history", revisions);
    object.set("status", word(advisory.status)).set("version", advisory.version())
}

pub(super) fn notes(of: &[Note]) -> Vec<Value> {
    let notes = of.iter().map(|note| {
        let object = Object::new().maybe("audience", note.audience.as_deref()).set("category", word(note.category));
        object.set("text", note.text.as_str()).maybe("title", note.title.as_deref()).into()
    });
    notes.collect()
}

pub(super) fn references(of: &[Reference]) -> Vec<Value> {
    let references = of.iter().map(|one| {
        let object = Object::new().set("category", word(one.category)).set("summary", one.summary.as_str());
        object.set("url", one.url.as_str()).into()
    });
    references.collect()
}

pub(super) fn credits(of: &[Credit]) -> Vec<Value> {
    let texts = |texts: &[String]| texts.iter().map(|text| Value::from(text.as_str())).collect::<Vec<_>>();
    let credits = of.iter().map(|one| {
        let object = Object::new().list("names", texts(&one.names)).maybe("organization", one.organization.as_deref());
        object.maybe("summary", one.summary.as_deref()).list("urls", texts(&one.urls)).into()
    });
    credits.collect()
}
