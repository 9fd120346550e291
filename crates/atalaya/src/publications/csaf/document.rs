//! From what is released to a document, and what the standard has against it.

use ::store::{Reader, Tx};
use csaf::advisory::{Advisory, Credit, Kind, Note, NoteCategory, Publisher, PublisherCategory, Reference, ReferenceCategory, Revision, State, Status};
use csaf::validate::{self, Preset};
use csaf::withdraw;
use csaf::write::{self, Edition};
use formats::label::Tlp;
use jiff::Timestamp;

use super::super::item::{Publication, Version};
use super::store;
use crate::profile::Profile;
use crate::{App, Error, Result};

/// What mandatory tests would find in the document that a publication would leave, a line each; nothing for kinds that leave
/// none. The number is not drawn yet, so that one stands in its place.
pub async fn problems(reader: &mut Reader, app: &App, one: &Publication) -> Result<Vec<String>> {
    if one.kind != press::Kind::Advisory || !one.is_open() {
        return Ok(Vec::new());
    }
    let versions = super::super::store::versions(reader, one.id).await?;
    let said = Publication {
        name: if one.name.is_empty() { "EX-0".into() } else { one.name.clone() },
        version: one.version + 1,
        standing: "current".into(),
        ..one.clone()
    };
    let advisory = advisory(&app.profile, &said, &versions, one.content.label, reader.now());
    let report = validate::advisory(&advisory, Edition::V20, Preset::Basic);
    let line = |finding: &validate::Finding| {
        format!("{} ({}{})", finding.words, finding.test, finding.field.as_ref().map(|field| format!(", {field}")).unwrap_or_default())
    };
    Ok(report.blocking().map(line).collect())
}

/// Makes and keeps the documents of a version that leaves in this change. `versions` are those before it, the newest first.
pub async fn release_in(tx: &mut Tx, app: &App, one: &Publication, versions: &[Version], label: Tlp) -> Result<()> {
    if one.kind != press::Kind::Advisory {
        return Ok(());
    }
    let advisory = advisory(&app.profile, one, versions, label, tx.now());
    let report = validate::advisory(&advisory, Edition::V20, Preset::Basic);
    if !report.is_valid() {
        let lines: Vec<String> = report.blocking().map(|finding| format!("{} ({})", finding.words, finding.test)).collect();
        return Err(Error::conflict(format!("CSAF 2.0 does not allow it as it is. {}", lines.join(" "))));
    }
    // 2.0 has no AMBER+STRICT: such a document is there in 2.1 only.
    let v20 = (label != Tlp::AmberStrict).then(|| write::bytes(&advisory, Edition::V20));
    store::insert(
        tx,
        &store::Document { publication: one.id, version: one.version, id: advisory.id.clone(), label, v20, v21: Some(write::bytes(&advisory, Edition::V21)) },
    )
    .await
}

/// Makes the documents that say that an advisory no longer holds (CSAF 2.1 profiles 7 and 8). `one` is the version that says
/// so, which is not written yet; one that left no document leaves none.
pub async fn end_in(tx: &mut Tx, app: &App, one: &Publication, label: Tlp) -> Result<()> {
    if one.kind != press::Kind::Advisory {
        return Ok(());
    }
    let now = tx.now();
    let versions = super::super::store::versions(tx, one.id).await?;
    let Some((last, before)) = versions.split_first() else { return Ok(()) };
    let said = Publication { version: last.version, note: last.note.clone(), ..one.clone() };
    let last = advisory(&app.profile, &said, before, label, last.at);
    let by = match one.superseded_by {
        Some(by) => super::super::store::get(tx, by).await?,
        None => None,
    };
    let ended = match by {
        Some(by) => {
            let by = Reference {
                category: ReferenceCategory::External,
                summary: by.content.title().to_owned(),
                url: format!("{}{}", site(&app.profile), by.path()),
            };
            withdraw::supersede(&last, &by, &one.note, &one.note, now)
        }
        None => withdraw::withdraw(&last, &one.note, &one.note, now),
    };
    let ended = ended.map_err(|error| Error::conflict(format!("CSAF does not allow it. {error}")))?;
    let v20 = (label != Tlp::AmberStrict).then(|| write::bytes(&ended, Edition::V20));
    store::insert(
        tx,
        &store::Document { publication: one.id, version: one.version, id: ended.id.clone(), label, v20, v21: Some(write::bytes(&ended, Edition::V21)) },
    )
    .await
}

/// The advisory that a version says. Its history is that of all versions, one number each (CSAF 2.0 section 3.1.11.1).
pub fn advisory(profile: &Profile, one: &Publication, before: &[Version], label: Tlp, now: Timestamp) -> Advisory {
    let content = &one.content;
    let own = content.own();
    let first = before.last().map_or(now, |version| version.at);
    let mut revisions: Vec<Revision> = before.iter().rev().map(|version| revision(version.version, version.at, &version.note)).collect();
    revisions.push(revision(one.version, now, &one.note));
    let note = |category, title: &str, text: &str| Note { category, title: Some(title.to_owned()), audience: None, text: text.to_owned() };
    let all = [
        (NoteCategory::Summary, "Summary", &own.summary),
        (NoteCategory::General, "Who is affected", &own.affected),
        (NoteCategory::General, "What to do", &own.act),
        (NoteCategory::Details, "Details", &own.body),
    ];
    let mut references = vec![Reference {
        category: ReferenceCategory::Same,
        summary: "This advisory as a page".into(),
        url: format!("{}/advisories/{}", site(profile), one.name),
    }];
    references.extend(content.references.iter().map(|one| Reference {
        category: ReferenceCategory::External,
        summary: if one.title.is_empty() { one.url.clone() } else { one.title.clone() },
        url: one.url.clone(),
    }));
    // What names no vulnerability is no security advisory of CSAF's, and needs a reference elsewhere: profile 3.
    let kind = if content.vulnerabilities.is_empty() { Kind::InformationalAdvisory } else { Kind::SecurityAdvisory };
    Advisory {
        id: one.name.clone(),
        aliases: Vec::new(),
        kind,
        state: State::Current,
        language: content.original.clone(),
        original: None,
        title: own.title.clone(),
        notes: all.into_iter().filter(|(_, _, text)| !text.is_empty()).map(|(category, title, text)| note(category, title, text)).collect(),
        tlp: label,
        terms: None,
        license: None,
        publisher: publisher(profile),
        products: content.products.clone(),
        vulnerabilities: content.vulnerabilities.clone(),
        references,
        acknowledgments: content.credits.iter().map(|line| Credit { summary: Some(line.clone()), ..Credit::default() }).collect(),
        status: Status::Final,
        revisions,
        initial_release_date: first,
        current_release_date: now,
    }
}

fn revision(number: i64, date: Timestamp, note: &str) -> Revision {
    let summary = if note.trim().is_empty() { "First version".to_owned() } else { note.trim().to_owned() };
    Revision { number: number.to_string(), date, summary }
}

/// Where the team's site stands for everybody: `https://…` without a slash at its end.
pub fn site(profile: &Profile) -> &str {
    profile.team.website.trim_end_matches('/')
}

/// The team as CSAF names it. A CSIRT coordinates (CSAF 2.0 section 3.2.1.8.1).
pub fn publisher(profile: &Profile) -> Publisher {
    let team = &profile.team;
    Publisher {
        name: team.name.text("en").to_owned(),
        namespace: site(profile).to_owned(),
        category: PublisherCategory::Coordinator,
        contact_details: Some(team.report_address.clone()),
        issuing_authority: Some(team.established_by.text("en").to_owned()).filter(|text| !text.is_empty()),
    }
}
