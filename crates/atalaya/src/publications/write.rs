//! Writing: the working copy, by one or several hands.

use ::store::{Id, Record, Tx};
use formats::label::Tlp;
use press::{Content, Kind, Words};
use serde_json::json;

use super::before::Reasons;
use super::item::Publication;
use super::{before, forms, sources, store};
use crate::access::{Noun, Verb, Who, require};
use crate::release::Channel;
use crate::{App, Error, Result, once};

/// A new one.
#[derive(Clone, Debug)]
pub struct New {
    /// Its kind.
    pub kind: Kind,
    /// The language that it is written in first.
    pub language: String,
    /// Its title in that language.
    pub title: String,
    /// How far it may go; the team's own label where nobody said.
    pub label: Option<Tlp>,
    /// The number of the case or report that it is made from, if there is one.
    pub from: String,
}

/// Begins a publication.
pub async fn add(app: &App, who: &Who, new: New) -> Result<Id> {
    require(who, Verb::Change, Noun::Publication)?;
    let title = crate::text::one_line(&new.title);
    if title.is_empty() {
        return Err(Error::invalid("Write a title; it can be changed until it is out."));
    }
    if !app.languages.offered().contains(&new.language) {
        return Err(Error::invalid(format!("“{}” is none of the team's languages.", new.language)));
    }
    let mut content = Content::new(new.kind, &new.language, new.label.unwrap_or(app.profile.labels.default));
    content.words.entry(new.language).or_default().title = title;
    check(app, &content)?;
    let from = match new.from.trim() {
        "" => None,
        number => Some(sources::of_number(&mut app.db.read().await?, who, number).await?),
    };
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(there) = once::made(tx, who).await? {
                return Ok(there);
            }
            let id = add_in(tx, who, content).await?;
            if let Some(from) = &from {
                sources::note(tx, who, id, from, true).await?;
            }
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// Begins a publication with all that it says, inside a change that does more.
pub(super) async fn add_in(tx: &mut Tx, who: &Who, content: Content) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let person = who.person().map(|person| person.id);
    let one = Publication {
        id,
        kind: content.kind,
        name: String::new(),
        standing: String::new(),
        version: 0,
        stage: "draft".into(),
        content,
        writers: person.into_iter().collect(),
        lowered: String::new(),
        lowered_from: None,
        told: (String::new(), String::new()),
        note: String::new(),
        said_back: String::new(),
        said_by: String::new(),
        approved_by: None,
        approved_at: None,
        publish_at: None,
        publish_zone: String::new(),
        released_by: None,
        superseded_by: None,
        owner: person,
        created_at: now,
        updated_at: now,
        released_at: None,
        edition: 1,
    };
    store::insert(tx, &one).await?;
    note(tx, "publication.begun", &one);
    Ok(id)
}

/// Says in the journal what was done to a publication. Its title may name what is not public yet: a particular.
pub(super) fn note(tx: &mut Tx, verb: &str, one: &Publication) {
    tx.record(
        Record::new(verb, "publication", one.id)
            .facts(
                json!({ "kind": one.kind.name(), "version": one.version, "stage": one.stage, "standing": one.standing, "label": one.content.label.as_str() }),
            )
            .particulars(json!({ "title": one.content.title(), "number": one.name })),
    );
}

/// What can never be kept stands against it at once, all of it.
pub(super) fn check(app: &App, content: &Content) -> Result<()> {
    let sectors: Vec<String> = app.profile.sectors.iter().map(|sector| sector.id.clone()).collect();
    let lines: Vec<String> = content.refused(&sectors).into_iter().map(|one| one.text).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::invalid(lines.join(" "))) }
}

/// Holds the row and reads it as it is; whoever saw another edition is told so.
pub(super) async fn held(tx: &mut Tx, id: Id, seen: Option<i64>) -> Result<Publication> {
    tx.hold("publications", id).await?;
    let one = store::get(tx, id).await?.ok_or(Error::NotFound)?;
    match seen {
        Some(edition) if edition != one.edition => Err(Error::conflict("Somebody else changed it meanwhile.")),
        _ => Ok(one),
    }
}

/// What is saved.
#[derive(Clone, Debug)]
pub enum Part {
    /// The words in a language. `translated`: they say what the original says now.
    Words {
        /// The language.
        language: String,
        /// The words; without a title the language is taken out, unless it is the original's.
        words: Words,
        /// They are a translation of what the original says now.
        translated: bool,
    },
    /// What holds in all languages, and what the next version changes.
    Facts(Box<Content>, String),
}

impl Part {
    fn name(&self) -> &str {
        match self {
            Self::Words { language, .. } => language,
            Self::Facts(..) => "facts",
        }
    }
}

/// Keeps a part of the working copy; `seen` is what [`forms::seen`] said of it when the form was made. An approval is of what was
/// read: any change takes it back, and with it the instant at which it was to leave.
pub async fn save(app: &App, who: &Who, id: Id, seen: &str, part: Part) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = held(tx, id, None).await?;
            if !one.is_open() {
                return Err(Error::conflict("Nothing of it is in work: begin the next version first."));
            }
            if forms::seen(&one, part.name())? != seen {
                return Err(Error::conflict("Somebody else changed this meanwhile."));
            }
            if let Part::Facts(facts, _) = &part {
                may_register(app, facts)?;
            }
            put(&mut one, part.clone());
            check(app, &one.content)?;
            back_to_draft(&mut one, who);
            store::update(tx, &one).await?;
            note(tx, "publication.saved", &one);
            Ok(())
        })
        .await
}

/// The form to register stands on a public page: what is for fewer has none.
fn may_register(app: &App, facts: &Content) -> Result<()> {
    let most = Channel::Public.ceiling(&app.profile);
    if facts.label > most && facts.meeting.as_ref().is_some_and(|meeting| meeting.registers) {
        return Err(Error::invalid(format!(
            "Whoever wants to come registers on a public page, which {} has not: label it {}, or keep the list yourself.",
            facts.label.marking(),
            most.marking()
        )));
    }
    Ok(())
}

fn put(one: &mut Publication, part: Part) {
    match part {
        Part::Facts(facts, change) => {
            let words = std::mem::take(&mut one.content.words);
            one.content = Content { words, kind: one.kind, original: one.content.original.clone(), ..*facts };
            one.note = change.trim().to_owned();
        }
        Part::Words { language, words, .. } if words.title.is_empty() && language != one.content.original => {
            one.content.words.remove(&language);
        }
        Part::Words { language, mut words, translated } => {
            // What it was translated from stays what it was, until somebody says that it is current.
            words.of = one.content.words.get(&language).map(|was| was.of.clone()).unwrap_or_default();
            let original = language == one.content.original;
            words.machine &= !original;
            one.content.words.insert(language.clone(), words);
            if translated && !original {
                one.content.translated(&language);
            }
        }
    }
}

/// Whoever changed it has written in it, and nobody has approved it any more.
pub(super) fn back_to_draft(one: &mut Publication, who: &Who) {
    one.stage = "draft".into();
    one.unapprove();
    if let Some(person) = who.person().filter(|person| !one.writers.contains(&person.id)) {
        one.writers.push(person.id);
    }
}

/// Says why it may carry a lower label than what it was made from, and why what the leak check asks about may be said;
/// both are part of what is approved.
pub async fn excuse(app: &App, who: &Who, id: Id, seen: i64, reasons: Reasons) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = held(tx, id, Some(seen)).await?;
            if !one.is_open() {
                return Err(Error::conflict("Nothing of it is in work."));
            }
            // Of what its writer saw, and of nothing that came to it since.
            let contained = before::contained(tx, app, id).await?;
            one.lowered = crate::text::one_line(&reasons.lowered);
            one.lowered_from = Some(reasons.lowered_of.unwrap_or(contained).min(contained)).filter(|_| !one.lowered.is_empty());
            one.told = (crate::text::one_line(&reasons.told), reasons.told_of);
            back_to_draft(&mut one, who);
            store::update(tx, &one).await?;
            note(tx, "publication.excused", &one);
            Ok(())
        })
        .await
}

/// Begins the next version of what is out.
pub async fn revise(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = held(tx, id, None).await?;
            if one.is_open() {
                return Err(Error::conflict("The next version is in work already."));
            }
            one.note = String::new();
            (one.said_back, one.said_by) = (String::new(), String::new());
            // What was never out is still the text of those who wrote it.
            if one.version > 0 {
                one.writers = Vec::new();
            }
            back_to_draft(&mut one, who);
            store::update(tx, &one).await?;
            note(tx, "publication.revised", &one);
            Ok(())
        })
        .await
}

/// Lays the working copy aside: what is out stays as it is. Of what was never out, the draft stays and can be taken up again.
pub async fn discard(app: &App, who: &Who, id: Id, seen: i64) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = held(tx, id, Some(seen)).await?;
            if !one.is_open() {
                return Err(Error::conflict("Nothing of it is in work."));
            }
            if let Some(last) = store::versions(tx, id).await?.into_iter().next() {
                one.content = last.content;
            }
            back_to_draft(&mut one, who);
            one.stage = String::new();
            (one.note, one.said_back, one.said_by) = (String::new(), String::new(), String::new());
            store::update(tx, &one).await?;
            note(tx, "publication.discarded", &one);
            Ok(())
        })
        .await
}
