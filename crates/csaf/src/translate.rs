//! A translation is a document of its own that says whose it is (CSAF 2.0, section 9.1.9): another
//! tracking id, `publisher.category` translator, `source_lang`, and the original as first reference. It
//! adds nothing and leaves nothing out; only words change.
//!
//! A translator works on a list of texts ([`texts`]), each with the JSON pointer of its place, and gives
//! back those that are done ([`translate`]). What is missing stays in the original language and is told,
//! so that a half translation is seen and not published by mistake.

use crate::advisory::{Advisory, Credit, Note, Original, PublisherCategory, Reference, ReferenceCategory, State};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What a translation is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The language of the translation, as a BCP 47 tag other than the original's (test 6.1.28).
    pub language: String,
    /// Its own tracking id; [`id`] makes one.
    pub id: String,
    /// Where the original is.
    pub original: String,
    /// The words of the reference to it, in the language of the translation.
    pub words: String,
    /// The translated texts by their pointer.
    pub texts: BTreeMap<String, String>,
}

/// The usual id of a translation: the original's id and the language, `EX-2026-0001-es`.
pub fn id(original: &str, language: &str) -> String {
    format!("{original}-{language}")
}

/// Every text for readers with its JSON pointer in the advisory, in reading order.
pub fn texts(advisory: &Advisory) -> Vec<(String, String)> {
    let mut found = Vec::new();
    each_text(&mut advisory.clone(), &mut |pointer, text| found.push((pointer.to_owned(), text.clone())));
    found
}

/// The translation of an advisory as of `now`, and the pointers of the texts that had none.
///
/// The history is the original's, so readers see which version they have before them. Who mends a
/// translation afterwards adds a revision to it; what it was made from stays in [`Original::version`].
pub fn translate(advisory: &Advisory, by: &Translation, now: Timestamp) -> (Advisory, Vec<String>) {
    let mut translated = advisory.clone();
    let mut missing = Vec::new();
    each_text(&mut translated, &mut |pointer, text| match by.texts.get(pointer) {
        Some(words) if !words.trim().is_empty() => text.clone_from(words),
        _ => missing.push(pointer.to_owned()),
    });
    translated.id.clone_from(&by.id);
    translated.language.clone_from(&by.language);
    translated.publisher.category = PublisherCategory::Translator;
    translated.current_release_date = now;
    translated.original = Some(Original {
        id: advisory.id.clone(),
        language: advisory.language.clone(),
        version: advisory.version().to_owned(),
        reference: Reference { category: ReferenceCategory::External, summary: by.words.clone(), url: by.original.clone() },
    });
    // What leads to the original itself does not lead to the translation.
    for reference in &mut translated.references {
        reference.category = ReferenceCategory::External;
    }
    (translated, missing)
}

/// Whether the original has moved on since it was translated. What is no translation is never outdated.
pub fn is_outdated(translation: &Advisory, original: &Advisory) -> bool {
    translation.original.as_ref().is_some_and(|from| from.version != original.version())
}

fn each_text(advisory: &mut Advisory, visit: &mut dyn FnMut(&str, &mut String)) {
    visit("/title", &mut advisory.title);
    match &mut advisory.state {
        State::Current => {}
        State::Withdrawn { reason } => visit("/state/withdrawn/reason", reason),
        State::Superseded { reason, by } => {
            visit("/state/superseded/reason", reason);
            visit("/state/superseded/by/summary", &mut by.summary);
        }
    }
    notes("", &mut advisory.notes, visit);
    option("/terms", &mut advisory.terms, visit);
    for (n, one) in advisory.vulnerabilities.iter_mut().enumerate() {
        let at = format!("/vulnerabilities/{n}");
        option(&format!("{at}/title"), &mut one.title, visit);
        notes(&at, &mut one.notes, visit);
        one.remediations.iter_mut().enumerate().for_each(|(n, one)| visit(&format!("{at}/remediations/{n}/details"), &mut one.details));
        one.threats.iter_mut().enumerate().for_each(|(n, one)| visit(&format!("{at}/threats/{n}/details"), &mut one.details));
        references(&at, &mut one.references, visit);
        credits(&at, &mut one.acknowledgments, visit);
        if let Some(kev) = &mut one.kev {
            option(&format!("{at}/kev/words"), &mut kev.words, visit);
        }
    }
    references("", &mut advisory.references, visit);
    credits("", &mut advisory.acknowledgments, visit);
    advisory.revisions.iter_mut().enumerate().for_each(|(n, one)| visit(&format!("/revisions/{n}/summary"), &mut one.summary));
}

fn option(pointer: &str, text: &mut Option<String>, visit: &mut dyn FnMut(&str, &mut String)) {
    if let Some(text) = text {
        visit(pointer, text);
    }
}

fn notes(at: &str, notes: &mut [Note], visit: &mut dyn FnMut(&str, &mut String)) {
    for (n, note) in notes.iter_mut().enumerate() {
        option(&format!("{at}/notes/{n}/title"), &mut note.title, visit);
        option(&format!("{at}/notes/{n}/audience"), &mut note.audience, visit);
        visit(&format!("{at}/notes/{n}/text"), &mut note.text);
    }
}

fn references(at: &str, references: &mut [Reference], visit: &mut dyn FnMut(&str, &mut String)) {
    references.iter_mut().enumerate().for_each(|(n, one)| visit(&format!("{at}/references/{n}/summary"), &mut one.summary));
}

fn credits(at: &str, credits: &mut [Credit], visit: &mut dyn FnMut(&str, &mut String)) {
    credits.iter_mut().enumerate().for_each(|(n, one)| option(&format!("{at}/acknowledgments/{n}/summary"), &mut one.summary, visit));
}
