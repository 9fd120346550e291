//! From what is released to its documents, and what the standard has against them.

use ::store::{Id, Reader, Tx};
use csaf::advisory::{Advisory, Reference, ReferenceCategory};
use csaf::provider::Sums;
use csaf::validate::{self, Preset};
use csaf::withdraw;
use csaf::write::{self, Edition};
use formats::label::Tlp;

use super::super::item::{Publication, Version};
use super::advisory::{Text, advisory, history, site, translation, translations};
use super::number::{Numbered, numbered};
use super::store::{self, Document, Key, Told};
use crate::{App, Error, Result};

/// What mandatory tests would find in the document that a publication would leave, a line each; nothing for kinds that leave
/// none.
pub async fn problems(reader: &mut Reader, app: &App, one: &Publication) -> Result<Vec<String>> {
    if one.kind != press::Kind::Advisory || !one.is_open() {
        return Ok(Vec::new());
    }
    let (_, advisory) = coming(reader, app, one).await?;
    let report = validate::advisory(&advisory, Edition::V20, Preset::Basic);
    let line = |finding: &validate::Finding| {
        format!("{} ({}{})", finding.words, finding.test, finding.field.as_ref().map(|field| format!(", {field}")).unwrap_or_default())
    };
    Ok(report.blocking().map(line).collect())
}

/// The advisory that the working copy would leave, and what its version will be called. A number that is not drawn yet has a
/// word in its place.
pub async fn coming(reader: &mut Reader, app: &App, one: &Publication) -> Result<(Numbered, Advisory)> {
    let versions = super::super::store::versions(reader, one.id).await?;
    let name = if one.name.is_empty() { "EX-0" } else { &one.name };
    let label = one.content.label;
    let numbered = numbered(app, name, &one.content, label, &versions)?;
    let text = Text::of(app, &one.content.original);
    let revisions = history(&versions, Some((&numbered.number, &one.note, reader.now())), &text);
    Ok((numbered, advisory(app, name, &one.content, label, revisions)))
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

fn fits(edition: Edition, label: Tlp) -> bool {
    edition == Edition::V21 || label != Tlp::AmberStrict
}

/// Makes and keeps the documents of a version that leaves in this change, and says what it is called. `versions` are those
/// before it, the newest first.
pub async fn release_in(tx: &mut Tx, app: &App, one: &Publication, versions: &[Version], label: Tlp) -> Result<Numbered> {
    if one.kind != press::Kind::Advisory {
        return Ok(Numbered::default());
    }
    let numbered = numbered(app, &one.name, &one.content, label, versions)?;
    let text = Text::of(app, &one.content.original);
    let revisions = history(versions, Some((&numbered.number, &one.note, tx.now())), &text);
    let original = advisory(app, &one.name, &one.content, label, revisions);
    let mut all = vec![(String::new(), original.clone())];
    all.extend(translations(app, &original, &one.content));
    for (language, advisory) in &all {
        let report = validate::advisory(advisory, Edition::V20, Preset::Basic);
        if !report.is_valid() {
            let lines: Vec<String> = report.blocking().map(|finding| format!("{} ({})", finding.words, finding.test)).collect();
            let of = if language.is_empty() { String::new() } else { format!(" in {language}") };
            return Err(Error::conflict(format!("CSAF 2.0 does not allow it{of} as it is. {}", lines.join(" "))));
        }
        store::insert(tx, &document(one, language, advisory)).await?;
    }
    Ok(numbered)
}

/// Makes the documents that say that an advisory no longer holds (CSAF 2.1 profiles 7 and 8), also of its translations. `one`
/// is the version that says so, which is not written yet.
pub async fn end_in(tx: &mut Tx, app: &App, one: &Publication, label: Tlp) -> Result<Numbered> {
    if one.kind != press::Kind::Advisory {
        return Ok(Numbered::default());
    }
    let versions = super::super::store::versions(tx, one.id).await?;
    let text = Text::of(app, &one.content.original);
    let last = advisory(app, &one.name, &one.content, label, history(&versions, None, &text));
    let by = match one.superseded_by {
        Some(by) => super::super::store::get(tx, by).await?,
        None => None,
    };
    let by = by.map(|by| Reference {
        category: ReferenceCategory::External,
        summary: by.content.title().to_owned(),
        url: format!("{}{}", site(&app.profile), by.path()),
    });
    let mut all = vec![(String::new(), last.clone())];
    all.extend(store::languages(tx, one.id).await?.into_iter().map(|language| (language.clone(), translation(app, &last, &one.content, &language))));
    let mut number = String::new();
    for (language, last) in &all {
        let ended = match &by {
            Some(by) => withdraw::supersede(last, by, &one.note, &one.note, tx.now()),
            None => withdraw::withdraw(last, &one.note, &one.note, tx.now()),
        };
        let ended = ended.map_err(|error| Error::conflict(format!("CSAF does not allow it. {error}")))?;
        ended.version().clone_into(&mut number);
        store::insert(tx, &document(one, language, &ended)).await?;
    }
    Ok(Numbered { number, weight: "major", changes: Vec::new() })
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
