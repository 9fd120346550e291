//! The advisory that a version of a publication says, in its own language and in others.

use std::collections::BTreeMap;

use csaf::advisory::{Advisory, Credit, Kind, Note, NoteCategory, Publisher, PublisherCategory, Reference, ReferenceCategory, Revision, State, Status};
use csaf::provider;
use csaf::translate::{self, Translation};
use csaf::write::Edition;
use formats::label::Tlp;
use jiff::Timestamp;
use press::{Content, Words};

use super::super::item::Version;
use crate::App;
use crate::profile::Profile;
use crate::release::Channel;

/// The words of ours that stand in a document, in its language.
pub struct Text(crate::text::Text);

impl Text {
    /// In a language; one that the program does not speak has them in English.
    pub fn of(app: &App, language: &str) -> Self {
        Self(app.languages.text(language))
    }

    fn say(&self, key: &str) -> String {
        self.0.say(key)
    }

    /// The parts of a publication as notes: role, heading, words.
    fn notes(&self, words: &Words) -> [(NoteCategory, String, String); 4] {
        [
            (NoteCategory::Summary, self.say("pub-what"), words.summary.clone()),
            (NoteCategory::General, self.say("pub-affected"), words.affected.clone()),
            (NoteCategory::General, self.say("pub-act"), words.act.clone()),
            (NoteCategory::Details, self.say("csaf-details"), words.body.clone()),
        ]
    }

    /// Whose document it was, as a reference says it.
    fn origin(&self, of: &press::Origin) -> String {
        let values = [("publisher", of.publisher.clone()), ("id", of.id.clone()), ("version", of.version.clone())];
        self.0.fill("csaf-taken", &values)
    }
}

/// Whether readers of a document of this label may know of a version: it went to them, too.
fn may_know(app: &App, version: &Version, label: Tlp) -> bool {
    let for_all = label <= Channel::Public.ceiling(&app.profile);
    version.label <= label && (!for_all || version.channel == Channel::Public.name())
}

/// What left before, the oldest first, and what leaves now: its number, its note, the instant. One number each (CSAF 2.0
/// section 3.1.11), without a gap (test 6.1.21): of a version that went to fewer than read this document stands its number alone,
/// on the day of the next that they know of.
pub fn history(app: &App, label: Tlp, before: &[Version], now: Option<(&str, &str, Timestamp)>, text: &Text) -> Vec<Revision> {
    let summary = |note: &str| if note.trim().is_empty() { text.say("pub-first-version") } else { note.trim().to_owned() };
    let revision = |number: &str, summary: String, date| Revision { number: number.to_owned(), date, summary };
    let mut all: Vec<Revision> = now.map(|(number, note, at)| revision(number, summary(note), at)).into_iter().collect();
    for version in before {
        let next = all.last().map_or(version.at, |next| next.date);
        all.push(if may_know(app, version, label) {
            revision(&version.number, summary(&version.note), version.at)
        } else {
            revision(&version.number, text.say("csaf-earlier"), next)
        });
    }
    all.reverse();
    all
}

/// The advisory in the language in which it was written, with this history.
pub fn advisory(app: &App, name: &str, content: &Content, label: Tlp, revisions: Vec<Revision>) -> Advisory {
    let (profile, own, text) = (&app.profile, content.own(), Text::of(app, &content.original));
    let note = |(category, title, text): (NoteCategory, String, String)| Note { category, title: Some(title), audience: None, text };
    let external = |summary: String, url: &str| Reference { category: ReferenceCategory::External, summary, url: url.to_owned() };
    // Whose document it was comes first: a reader of ours can always compare.
    let origin = content.origin.as_ref();
    let mut references: Vec<Reference> = origin.filter(|of| !of.url.is_empty()).map(|of| external(text.origin(of), &of.url)).into_iter().collect();
    references.push(Reference { category: ReferenceCategory::Same, summary: text.say("csaf-page"), url: format!("{}/advisories/{name}", site(profile)) });
    let rest = content.references.iter().filter(|one| origin.is_none_or(|of| of.url != one.url));
    references.extend(rest.map(|one| external(if one.title.is_empty() { one.url.clone() } else { one.title.clone() }, &one.url)));
    Advisory {
        id: name.to_owned(),
        aliases: origin.map(|of| of.id.clone()).filter(|id| id != name).into_iter().collect(),
        // What names no vulnerability is no security advisory of CSAF's, and needs a reference elsewhere: profile 3.
        kind: if content.vulnerabilities.is_empty() { Kind::InformationalAdvisory } else { Kind::SecurityAdvisory },
        state: State::Current,
        language: content.original.clone(),
        original: None,
        title: own.title.clone(),
        notes: text.notes(&own).into_iter().filter(|(_, _, text)| !text.is_empty()).map(note).collect(),
        tlp: label,
        terms: None,
        license: None,
        publisher: Publisher { category: role(content), ..publisher(profile) },
        products: content.products.clone(),
        vulnerabilities: content.vulnerabilities.clone(),
        references,
        acknowledgments: content.credits.iter().map(|line| Credit { summary: Some(line.clone()), ..Credit::default() }).collect(),
        status: Status::Final,
        initial_release_date: revisions.first().map_or(Timestamp::UNIX_EPOCH, |first| first.date),
        current_release_date: revisions.last().map_or(Timestamp::UNIX_EPOCH, |last| last.date),
        revisions,
    }
}

/// A CSIRT coordinates in its own advisories; what it takes over from others it passes on (CSAF 2.0 section 3.2.1.8.1).
fn role(content: &Content) -> PublisherCategory {
    if content.origin.is_some() { PublisherCategory::Multiplier } else { PublisherCategory::Coordinator }
}

/// The documents that stand beside the original: each language whose words a person translated from what it says now. What is
/// outdated or a machine's has none; one that left before stays, and says which version it was made from.
pub fn translations(app: &App, original: &Advisory, content: &Content) -> Vec<(String, Advisory)> {
    let tags = content.words.keys().filter(|tag| content.state(tag) == press::State::Current);
    tags.map(|tag| (tag.clone(), translation(app, original, content, tag))).collect()
}

/// The advisory in another language (CSAF 2.0 section 9.1.9). Words of vulnerabilities and titles of references are there in the
/// original's language alone.
pub fn translation(app: &App, original: &Advisory, content: &Content, language: &str) -> Advisory {
    let (text, own) = (Text::of(app, language), Text::of(app, &content.original));
    let words = content.words.get(language).cloned().unwrap_or_default();
    let mut texts = BTreeMap::from([("/title".to_owned(), words.title.clone())]);
    let theirs = own.notes(&content.own()).into_iter().zip(text.notes(&words)).filter(|((_, _, said), _)| !said.is_empty());
    for (place, (_, (_, title, said))) in theirs.enumerate() {
        texts.insert(format!("/notes/{place}/title"), title);
        texts.insert(format!("/notes/{place}/text"), said);
    }
    for (place, one) in original.references.iter().enumerate() {
        let said = match (&one.category, &content.origin) {
            (ReferenceCategory::Same, _) => text.say("csaf-page"),
            (_, Some(of)) if of.url == one.url => text.origin(of),
            _ => continue,
        };
        texts.insert(format!("/references/{place}/summary"), said);
    }
    for key in ["pub-first-version", "csaf-earlier"] {
        for (place, _) in original.revisions.iter().enumerate().filter(|(_, one)| one.summary == own.say(key)) {
            texts.insert(format!("/revisions/{place}/summary"), text.say(key));
        }
    }
    let by = Translation {
        language: language.to_owned(),
        id: translate::id(&original.id, language),
        original: format!("{}/.well-known/csaf/{}", site(&app.profile), path(original)),
        words: text.0.fill("csaf-original", &[("language", crate::text::own_name(&content.original).to_owned()), ("version", original.version().to_owned())]),
        texts,
    };
    translate::translate(original, &by, original.current_release_date).0
}

/// Where a document lies in the tree, as a part of an address: the file of 2.1 where 2.0 has no such label.
fn path(of: &Advisory) -> String {
    let edition = if of.tlp == Tlp::AmberStrict { Edition::V21 } else { Edition::V20 };
    provider::path(edition, of.tlp, of.initial_release_date, &of.id).replace('+', "%2B")
}

/// Where the team's site stands for everybody: `https://…` without a slash at its end.
pub fn site(profile: &Profile) -> &str {
    profile.team.website.trim_end_matches('/')
}

/// The team as CSAF names it.
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
