//! From what is released to its documents, and what the standard has against them.

use ::store::{Id, Reader, Tx};
use csaf::advisory::{Advisory, Reference, ReferenceCategory};
use csaf::provider::Sums;
use csaf::validate::{Finding, Preset};
use csaf::withdraw;
use csaf::write::{self, Edition};
use formats::label::Tlp;
use jiff::Timestamp;

use super::super::item::{Publication, Version};
use super::advisory::{Text, advisory, history, site, translation, translations};
use super::judged::{self, Of};
use super::number::{Numbered, numbered};
use super::store::{self, Document, Key, Told};
use super::words;
use crate::release::Channel;
use crate::{App, Error, Result};

/// So many hints are told at once: who follows some sees the next.
const HINTS: usize = 8;
/// Advice that no form of ours can follow: a canonical address, the words of a licence, who did what (2.1 for the last two).
const NOT_ASKED: [&str; 3] = ["6.2.11", "6.2.43", "6.3.26.1"];

/// What mandatory tests would find in the document that a publication would leave, a line each; nothing for kinds that leave
/// none.
pub async fn problems(reader: &mut Reader, app: &App, one: &Publication) -> Result<Vec<String>> {
    told(reader, app, one, true).await
}

/// What the other tests advise, which nobody has to follow.
pub async fn hints(reader: &mut Reader, app: &App, one: &Publication) -> Result<Vec<String>> {
    let mut lines = told(reader, app, one, false).await?;
    lines.truncate(HINTS);
    Ok(lines)
}

async fn told(reader: &mut Reader, app: &App, one: &Publication, blocks: bool) -> Result<Vec<String>> {
    if one.kind != press::Kind::Advisory || !one.is_open() {
        return Ok(Vec::new());
    }
    let versions = super::super::store::versions(reader, one.id).await?;
    let (_, advisory) = original(app, one, &versions, (one.content.label, reader.now()))?;
    let of = Of { content: &one.content, note: &one.note, label: one.content.label, versions: &versions, language: "" };
    let found = judged::found(app, &of, &advisory)?;
    let is_meant = |finding: &&Finding| finding.blocks == blocks && (blocks || !NOT_ASKED.contains(&finding.test.as_str()));
    Ok(lines(&advisory, found.iter().filter(is_meant)))
}

/// The findings for people, each line once.
fn lines<'a>(advisory: &Advisory, findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let mut lines: Vec<String> = findings.map(|finding| words::line(advisory, finding)).collect();
    lines.dedup();
    lines
}

/// The advisory that the working copy would leave, and what its version will be called. A number that is not drawn yet has a
/// word in its place.
pub async fn coming(reader: &mut Reader, app: &App, one: &Publication) -> Result<(Numbered, Advisory)> {
    let versions = super::super::store::versions(reader, one.id).await?;
    original(app, one, &versions, (one.content.label, reader.now()))
}

/// The same of a version that would leave at an instant under a label. `versions` are those before it, the newest first.
fn original(app: &App, one: &Publication, versions: &[Version], (label, now): (Tlp, Timestamp)) -> Result<(Numbered, Advisory)> {
    let name = if one.name.is_empty() { "EX-0" } else { &one.name };
    let numbered = numbered(app, name, &one.content, label, versions)?;
    let text = Text::of(app, &one.content.original);
    let revisions = history(app, label, versions, Some((&numbered.number, &one.note, now)), &text);
    Ok((numbered, advisory(app, name, &one.content, label, revisions)))
}

/// What the version is called, and its documents by the language of each; empty for the original.
pub fn leaving(app: &App, one: &Publication, versions: &[Version], of: (Tlp, Timestamp)) -> Result<(Numbered, Vec<(String, Advisory)>)> {
    let (numbered, original) = original(app, one, versions, of)?;
    let mut all = vec![(String::new(), original.clone())];
    all.extend(translations(app, &original, &one.content));
    Ok((numbered, all))
}

/// What the working copy would leave for programs: language, and its documents of both editions as text. 2.0 has no
/// AMBER+STRICT.
pub async fn preview(reader: &mut Reader, app: &App, one: &Publication) -> Result<Vec<(String, Vec<(Edition, String)>)>> {
    let (_, original) = coming(reader, app, one).await?;
    let mut all = vec![(original.language.clone(), original.clone())];
    all.extend(translations(app, &original, &one.content));
    let text = |advisory: &Advisory, edition| (edition, String::from_utf8_lossy(&write::bytes(advisory, edition)).into_owned());
    let editions =
        |advisory: &Advisory| Edition::ALL.into_iter().filter(|edition| fits(*edition, advisory.tlp)).map(|edition| text(advisory, edition)).collect();
    Ok(all.into_iter().map(|(language, advisory)| (language, editions(&advisory))).collect())
}

/// Whether an edition has this label.
pub fn fits(edition: Edition, label: Tlp) -> bool {
    edition == Edition::V21 || label != Tlp::AmberStrict
}

/// Makes and keeps the documents of a version that leaves in this change, at this instant, and says what it is called. `versions`
/// are those before it, the newest first.
pub async fn release_in(tx: &mut Tx, app: &App, one: &Publication, versions: &[Version], (label, now): (Tlp, Timestamp)) -> Result<Numbered> {
    if one.kind != press::Kind::Advisory {
        return Ok(Numbered::default());
    }
    let (numbered, all) = leaving(app, one, versions, (label, now))?;
    for (language, advisory) in &all {
        let of = Of { content: &one.content, note: &one.note, label, versions, language };
        allowed(advisory, language, &judged::found(app, &of, advisory)?)?;
        store::insert(tx, &document(one, language, advisory)).await?;
    }
    Ok(numbered)
}

/// Refuses a document that the standard does not allow.
fn allowed(advisory: &Advisory, language: &str, found: &[Finding]) -> Result<()> {
    let lines = lines(advisory, found.iter().filter(|finding| finding.blocks));
    let of = if language.is_empty() { String::new() } else { format!(" in {language}") };
    if lines.is_empty() { Ok(()) } else { Err(Error::conflict(format!("CSAF does not allow it{of} as it is. {}", lines.join(" ")))) }
}

/// Makes the documents that say that an advisory no longer holds (CSAF 2.1 profiles 7 and 8), also of its translations. `one`
/// is the version that says so, which is not written yet. What took its place is named where these readers may know of it; where
/// they may not, it is just taken back, since profile 8 wants an address.
pub async fn end_in(tx: &mut Tx, app: &App, one: &Publication, (label, now): (Tlp, Timestamp)) -> Result<Numbered> {
    if one.kind != press::Kind::Advisory {
        return Ok(Numbered::default());
    }
    let versions = super::super::store::versions(tx, one.id).await?;
    let text = Text::of(app, &one.content.original);
    let last = advisory(app, &one.name, &one.content, label, history(app, label, &versions, None, &text));
    let by = match one.superseded_by {
        Some(by) => successor(tx, app, by, label).await?,
        None => None,
    };
    let mut all = vec![(String::new(), last.clone())];
    all.extend(store::languages(tx, one.id).await?.into_iter().map(|language| (language.clone(), translation(app, &last, &one.content, &language))));
    let mut number = String::new();
    for (language, last) in &all {
        let ended = match &by {
            Some(by) => withdraw::supersede(last, by, &one.note, &one.note, now),
            None => withdraw::withdraw(last, &one.note, &one.note, now),
        };
        let ended = ended.map_err(|error| Error::conflict(format!("CSAF does not allow it. {error}")))?;
        allowed(&ended, language, &judged::against(&ended, &[Edition::V20], Preset::Basic))?;
        // Nobody is kept from taking something back by a judge of a draft: what it finds is for whoever runs the program.
        if let Err(error) = allowed(&ended, language, &judged::against(&ended, &[Edition::V21], Preset::Basic)) {
            tracing::error!(%error, id = %ended.id, "the CSAF 2.1 document that takes an advisory back is not valid");
        }
        ended.version().clone_into(&mut number);
        store::insert(tx, &document(one, language, &ended)).await?;
    }
    Ok(Numbered { number, weight: "major", changes: Vec::new() })
}

/// What took a document's place, as everybody reads it: its newest public version up to this label, and never what somebody is
/// writing.
async fn successor(tx: &mut Tx, app: &App, by: Id, label: Tlp) -> Result<Option<Reference>> {
    let Some(one) = super::super::store::get(tx, by).await? else { return Ok(None) };
    let newest = super::super::store::versions(tx, by).await?.into_iter().find(|version| version.channel == Channel::Public.name() && version.label <= label);
    Ok(newest.map(|newest| Reference {
        category: ReferenceCategory::External,
        summary: newest.content.title().to_owned(),
        url: format!("{}{}", site(&app.profile), one.path()),
    }))
}

/// The files of an advisory, and what lists say of them.
fn document(one: &Publication, language: &str, advisory: &Advisory) -> Document {
    let bytes = |edition| fits(edition, advisory.tlp).then(|| write::bytes(advisory, edition));
    let (v20, v21) = (bytes(Edition::V20), bytes(Edition::V21));
    let key = Key { publication: one.id, version: one.version, language: language.to_owned() };
    let summary = advisory.notes.first().map_or_else(|| advisory.title.clone(), |note| note.text.clone());
    let told = Told {
        title: advisory.title.clone(),
        summary,
        language: advisory.language.clone(),
        sectors: one.content.sectors.clone(),
        vendors: vendors(advisory),
        first_at: advisory.initial_release_date,
        at: advisory.current_release_date,
        v20: v20.as_deref().map(Sums::of),
        v21: v21.as_deref().map(Sums::of),
    };
    Document { key, id: advisory.id.clone(), label: advisory.tlp, told, v20, v21 }
}

fn vendors(advisory: &Advisory) -> Vec<String> {
    let mut vendors: Vec<String> = advisory.products.iter().map(|product| product.vendor.clone()).filter(|vendor| !vendor.is_empty()).collect();
    vendors.sort();
    vendors.dedup();
    vendors
}

/// At start: says of the documents that left before there were lists what lists say, read from their own bytes.
pub async fn tell_of_old(app: &App) -> Result<()> {
    const STEP: u32 = 50;
    loop {
        let some = store::untold(&mut app.db.read().await?, STEP).await?;
        if some.is_empty() {
            return Ok(());
        }
        app.db
            .change("operator", async |tx| {
                for one in &some {
                    let versions = super::super::store::versions(tx, one.key.publication).await?;
                    let of = versions.iter().find(|version| version.version == one.key.version);
                    let (v20, v21) = (store::body(tx, &one.key, Edition::V20).await?, store::body(tx, &one.key, Edition::V21).await?);
                    let sums = (v20.as_deref().map(Sums::of), v21.as_deref().map(Sums::of));
                    let read = csaf::provider::Document::of(v20, v21, Vec::new()).map_err(Error::fault)?;
                    let told = Told {
                        title: read.title,
                        summary: read.summary,
                        language: read.language.unwrap_or_default(),
                        sectors: of.map(|version| version.content.sectors.clone()).unwrap_or_default(),
                        vendors: read.vendors,
                        first_at: read.initial_release_date,
                        at: read.current_release_date,
                        v20: sums.0,
                        v21: sums.1,
                    };
                    store::tell(tx, &one.key, &told).await?;
                    tx.record(listed(one.key.publication, one.key.version));
                }
                Ok::<(), Error>(())
            })
            .await?;
    }
}

fn listed(publication: Id, version: i64) -> ::store::Record {
    ::store::Record::new("publication.listed", "publication", publication).facts(serde_json::json!({ "version": version }))
}
