//! The team's side: who may know of a dialogue, taking it, opening it, answering.
//!
//! Nothing here opens an envelope: bytes go out to a reader, who opens them elsewhere, and what goes
//! out is in the journal with who and when.

use std::collections::HashMap;
use std::io::Read;

use ::store::{Reader, Record, Tx};
use axum::body::Body;
use formats::label::Tlp;
use serde_json::json;
use vault::blob::Hash;

use super::intake::{self, Refused, Taken};
use super::manifest::{self, Published};
use super::{Dialogue, Envelope, bodies, dialogue as shared, keys, level, random_id, store, today};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::{self, NewCase};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Error, Result, clocks};

/// The intakes that a viewer may know of: those it holds a key for. An intake whose keys belong to no
/// log-in is everybody's of the team.
pub(super) async fn intakes(reader: &mut Reader, app: &App, who: &Who) -> Result<Vec<String>> {
    require(who, Verb::See, Noun::Sealed)?;
    let Some(sealed) = &app.profile.sealed else { return Ok(Vec::new()) };
    let readers = keys::readers(reader, None).await?;
    let known = |id: &String| {
        let mut named = readers.iter().filter(|one| one.intake == *id).filter_map(|one| one.person).peekable();
        match who.person() {
            None => true,
            Some(_) if named.peek().is_none() => true,
            Some(person) => named.any(|holder| holder == person.id),
        }
    };
    Ok(sealed.intakes.iter().map(|intake| intake.id.clone()).filter(known).collect())
}

/// Whether a viewer may know of the dialogue with this id; anything else is none of ours.
pub async fn may_see(reader: &mut Reader, app: &App, who: &Who, id: ::store::Id) -> Result<()> {
    let Some(dialogue) = store::dialogue(reader, id).await? else { return Ok(()) };
    visible(reader, app, who, Some(dialogue)).await.map(drop)
}

async fn visible(reader: &mut Reader, app: &App, who: &Who, found: Option<Dialogue>) -> Result<Dialogue> {
    let dialogue = found.filter(|dialogue| !matches!(dialogue.state.as_str(), "arrived" | "withdrawn")).ok_or(Error::NotFound)?;
    if intakes(reader, app, who).await?.contains(&dialogue.intake) { Ok(dialogue) } else { Err(Error::NotFound) }
}

/// The dialogue of a number with the envelopes that the team was told of, if this viewer may know of it.
pub async fn of_number(reader: &mut Reader, app: &App, who: &Who, number: &str) -> Result<(Dialogue, Vec<Envelope>)> {
    let found = store::by_number(reader, &number.trim().to_ascii_uppercase()).await?;
    let dialogue = visible(reader, app, who, found).await?;
    let envelopes = store::envelopes(reader, dialogue.id).await?.into_iter().filter(|envelope| envelope.told).collect();
    Ok((dialogue, envelopes))
}

/// What waits or is worked on, or what is done, the newest first.
pub async fn list(reader: &mut Reader, app: &App, who: &Who, done: bool, before: Option<&str>) -> Result<Vec<Dialogue>> {
    let intakes = intakes(reader, app, who).await?;
    Ok(store::list(reader, &intakes, done, before, 51).await?)
}

/// What an envelope's bytes are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// To be opened in the console, by the reader's own key.
    Browser,
    /// To be opened elsewhere, with gpg, sq or a card.
    Elsewhere,
    /// The same, with the head that it came with: should a newer one have been wrapped badly.
    AsItCame,
}

/// Hands out an envelope, with its newest head unless its first one is asked for, and writes down who took it.
pub async fn take_out(app: &App, who: &Who, number: &str, place: i64, how: How) -> Result<(Body, String)> {
    require(who, Verb::Change, Noun::Sealed)?;
    let mut reader = app.db.read().await?;
    let (_, envelopes) = of_number(&mut reader, app, who, number).await?;
    let envelope = envelopes.into_iter().find(|envelope| envelope.place == place).ok_or(Error::NotFound)?;
    let newest = store::head(&mut reader, envelope.id).await?.filter(|_| how != How::AsItCame);
    let body = shared::body_of(app, &envelope).map_err(plain)?;
    let (head, version) = newest.unwrap_or((envelope.head, envelope.sealed_to));
    drop(reader);
    act(app, who, number, async |tx, dialogue| {
        if dialogue.state == "new" {
            dialogue.state = "open".into();
            // What somebody opened is no longer lost by waiting.
            (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (None, 0, None);
        }
        let how = match how {
            How::Browser => "browser",
            How::Elsewhere => "elsewhere",
            How::AsItCame => "as it came",
        };
        tx.record(Record::new("sealed.opened", "sealed", dialogue.id).facts(json!({ "place": place, "how": how, "manifest": version })));
        Ok(())
    })
    .await?;
    Ok((shared::stream_of(head, body), format!("{number}-{place}.pgp")))
}

/// Writes down that a reader opens a message in the console.
pub async fn opened_here(app: &App, who: &Who, number: &str, place: i64) -> Result<()> {
    take_out(app, who, number, place, How::Browser).await.map(drop)
}

/// Takes a dialogue, or hands it back.
pub async fn take(app: &App, who: &Who, number: &str, mine: bool) -> Result<()> {
    act(app, who, number, async |tx, dialogue| {
        let owner = who.person().map(|person| person.id).filter(|_| mine);
        dialogue.owner = owner;
        tx.record(Record::new("sealed.assigned", "sealed", dialogue.id).facts(json!({ "owner": owner })));
        Ok(())
    })
    .await
}

/// What whoever posts an answer says of it; a form says nothing but its label.
#[derive(Clone, Debug)]
pub struct Said {
    /// Label of what is inside.
    pub label: Tlp,
    /// The version of the manifest that it is sealed to.
    pub version: Option<i64>,
    /// SHA-256 of the whole.
    pub sha256: Option<String>,
    /// SHA-256 of the newest envelope that its writer had seen.
    pub prev: Option<String>,
}

/// What became of an answer of this hash that was posted before.
pub async fn sent(app: &App, who: &Who, number: &str, sha256: &str) -> Result<Option<Taken>> {
    let mut reader = app.db.read().await?;
    let (dialogue, _) = of_number(&mut reader, app, who, number).await?;
    Ok(intake::sent_in(&mut reader, &dialogue, "out", sha256).await?)
}

/// Posts an answer that was sealed elsewhere. From now on the promise is kept, read or not. Gives its place and hash,
/// or nothing if somebody wrote since its writer looked.
pub async fn reply(app: &App, who: &Who, number: &str, from: impl Read + Send + 'static, said: Said) -> Result<Option<(i64, Hash)>> {
    require(who, Verb::Release, Noun::Message)?;
    let sealed = app.profile.sealed.clone().ok_or(Error::NotFound)?;
    let (dialogue, _) = of_number(&mut app.db.read().await?, app, who, number).await?;
    if matches!(dialogue.state.as_str(), "deleted" | "gone") {
        return Err(Error::conflict("This dialogue was deleted; nobody can read an answer."));
    }
    let manifest = intake::sealed_to(app, &dialogue.intake, said.version).await.map_err(plain)?.manifest;
    let came = bodies::keep_answer(app, from, &manifest, said.version.is_some(), intake::most(&sealed)).await.map_err(plain)?;
    if said.sha256.is_some_and(|sha256| !came.hash.to_string().eq_ignore_ascii_case(&sha256)) {
        bodies::drop_body(app, &came).await.map_err(plain)?;
        return Err(Error::invalid("The check sum of what arrived is another one than was said."));
    }
    let (id, day) = (random_id(app), today(app).to_string());
    let dated = level(app)?;
    let written = act(app, who, number, async |tx, dialogue| {
        // Of two who answer at once, the later one looks at the other's answer first.
        let seen = store::envelopes(tx, dialogue.id).await?.into_iter().rfind(|envelope| envelope.told);
        if said.prev.is_some_and(|prev| seen.is_none_or(|seen| seen.hash.to_string() != prev)) {
            return Ok(None);
        }
        bodies::may_name(tx, app, &came).await.map_err(plain)?;
        let place = intake::next_place(tx, dialogue.id).await?;
        let envelope = Envelope { place, way: "out".into(), told: true, ..came.envelope(id, dialogue.id, &manifest, day.clone()) };
        tx.keep_since(&bodies::kept(&envelope), dated).await?;
        let leaving = Leaving {
            to: Recipient {
                key: format!("sealed:{}", dialogue.id),
                name: dialogue.number.clone(),
                organisation: None,
                ceiling: Tlp::Red,
                address: String::new(),
            },
            channel: Channel::Sealed,
            noun: "sealed",
            id: envelope.id,
            about: dialogue.id,
            version: 1,
            label: said.label,
            containers: match dialogue.case {
                Some(case) => cases::containers_of(tx, case).await?,
                None => Vec::new(),
            },
            downgrade: String::new(),
            basis: "sealed answer".into(),
            against: Vec::new(),
            held: Vec::new(),
            protection: String::new(),
            content: came.hash,
        };
        let envelope = release::release(tx, &app.profile, who, &leaving, envelope).await?.into_value();
        store::add_envelope(tx, &envelope).await?;
        (dialogue.answered_day, dialogue.waits) = (Some(day.clone()), false);
        if dialogue.state == "new" {
            dialogue.state = "open".into();
            (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (None, 0, None);
        }
        clocks::stop(tx, app, dialogue.id).await?;
        if let Some(case) = dialogue.case {
            cases::answered_sealed_in(tx, app, case).await?;
        }
        tx.record(
            Record::new("sealed.answered", "sealed", dialogue.id)
                .facts(json!({ "place": place, "manifest": manifest.version, "bucket": envelope.bucket, "sha256": envelope.hash.to_string() })),
        );
        Ok(Some((place, came.hash)))
    })
    .await;
    if !matches!(written, Ok(Some(_))) {
        bodies::drop_body(app, &came).await.map_err(plain)?;
    }
    written
}

/// Which envelopes of a dialogue the readers of the newest manifest may not all open.
pub async fn to_rewrap(reader: &mut Reader, app: &App, who: &Who, number: &str) -> Result<Vec<Old>> {
    let (dialogue, envelopes) = of_number(reader, app, who, number).await?;
    let Some(newest) = manifest::newest(reader, &dialogue.intake).await? else { return Ok(Vec::new()) };
    let (version, since) = (newest.manifest.version, manifest::same_readers_since(reader, &newest.manifest).await?);
    let wrapped: HashMap<_, i64> = store::head_versions(reader, &envelopes.iter().map(|envelope| envelope.id).collect::<Vec<_>>()).await?.into_iter().collect();
    // What the team answered as well: who comes reads the whole dialogue.
    let old = envelopes.iter().filter(|envelope| wrapped.get(&envelope.id).copied().unwrap_or(envelope.sealed_to) < since);
    Ok(old.map(|envelope| Old { number: dialogue.number.clone(), place: envelope.place, intake: dialogue.intake.clone(), version }).collect())
}

/// An envelope that readers of the newest manifest may not all open.
#[derive(Clone, Debug)]
pub struct Old {
    pub number: String,
    pub place: i64,
    pub intake: String,
    /// The newest manifest of the intake.
    pub version: i64,
}

/// The intakes that a viewer may know of and that have a manifest: its version, and since which one its readers are
/// the same.
async fn manifests(reader: &mut Reader, app: &App, who: &Who) -> Result<Vec<(String, i64, i64)>> {
    let mut all = Vec::new();
    for intake in intakes(reader, app, who).await? {
        if let Some(Published { manifest, .. }) = manifest::newest(reader, &intake).await? {
            all.push((intake, manifest.version, manifest::same_readers_since(reader, &manifest).await?));
        }
    }
    Ok(all)
}

/// How many envelopes are to be wrapped anew, of what this viewer may know of: after a reader came or went, or has
/// another key.
pub async fn count_to_rewrap(reader: &mut Reader, app: &App, who: &Who) -> Result<i64> {
    let mut count = 0;
    for (intake, _, since) in manifests(reader, app, who).await? {
        count += store::count_wrapped_before(reader, &intake, since).await?;
    }
    Ok(count)
}

/// How many are told at once.
const PIECE: u32 = 500;

/// Those behind this number and place, in order, and whether there are more.
pub async fn all_to_rewrap(reader: &mut Reader, app: &App, who: &Who, behind: &(String, i64)) -> Result<(Vec<Old>, bool)> {
    let mut all = Vec::new();
    for (intake, version, since) in manifests(reader, app, who).await? {
        let old = store::list_wrapped_before(reader, &intake, since, behind, PIECE + 1).await?;
        all.extend(old.into_iter().map(|(number, place)| Old { number, place, intake: intake.clone(), version }));
    }
    all.sort_by(|a, b| (&a.number, a.place).cmp(&(&b.number, b.place)));
    let more = all.len() > PIECE as usize;
    all.truncate(PIECE as usize);
    Ok((all, more))
}

/// Takes a new head for an envelope: its session key, wrapped by a reader for those of the manifest of that version,
/// which must be the newest.
pub async fn rewrap(app: &App, who: &Who, number: &str, place: i64, (head, version): (&[u8], i64)) -> Result<()> {
    let mut reader = app.db.read().await?;
    let (dialogue, envelopes) = of_number(&mut reader, app, who, number).await?;
    let envelope = envelopes.into_iter().find(|envelope| envelope.place == place).ok_or(Error::NotFound)?;
    let newest = manifest::newest(&mut reader, &dialogue.intake).await?.ok_or_else(|| Error::conflict("There is no manifest."))?.manifest;
    drop(reader);
    if version != newest.version {
        return Err(Error::conflict("There is a newer list of readers. Load the page again, and go on."));
    }
    let count = app.opener.readers_of_head(head).await.map_err(|error| Error::invalid(error.to_string()))?;
    if count != newest.readers.len() {
        return Err(Error::invalid(format!("It is wrapped for {count} readers; the manifest {} names {}.", newest.version, newest.readers.len())));
    }
    act(app, who, number, async |tx, dialogue| {
        store::add_head(tx, envelope.id, head, newest.version, &who.to_string()).await?;
        tx.record(Record::new("sealed.rewrapped", "sealed", dialogue.id).facts(json!({ "place": place, "manifest": newest.version, "readers": count })));
        Ok(())
    })
    .await
}

/// Makes a case that knows nothing but that there is a sealed report.
pub async fn keep_sealed(app: &App, who: &Who, number: &str, title: &str, label: Tlp, group: Option<::store::Id>) -> Result<String> {
    act(app, who, number, async |tx, dialogue| {
        if dialogue.case.is_some() {
            return Err(Error::conflict("This dialogue is a case already."));
        }
        let title = if title.trim().is_empty() { format!("Sealed report {}", dialogue.number) } else { title.trim().to_owned() };
        let summary = format!("Kept sealed: what {} says is read there only, by those who hold a key.", dialogue.number);
        let new = NewCase { kind: "incident".into(), title, summary, label: Some(label), group, restricted: group.is_none(), ..NewCase::default() };
        let case = cases::open_in(tx, app, who, new).await?;
        (dialogue.case, dialogue.delete_on) = (Some(case.id), None);
        dialogue.state = "kept".into();
        tx.record(Record::new("sealed.kept_sealed", "sealed", dialogue.id).facts(json!({ "case": case.number })));
        tx.record(Record::new("case.sealed_report", "case", case.id).facts(json!({ "sealed": dialogue.number })));
        Ok(case.number)
    })
    .await
}

/// One change of a dialogue that this viewer may work on.
pub(super) async fn act<T>(app: &App, who: &Who, number: &str, work: impl AsyncFnOnce(&mut Tx, &mut Dialogue) -> Result<T>) -> Result<T> {
    require(who, Verb::Change, Noun::Sealed)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (found, _) = of_number(tx, app, who, number).await?;
            let mut dialogue = store::held(tx, found.id).await?.ok_or(Error::NotFound)?;
            if matches!(dialogue.state.as_str(), "deleted" | "gone") {
                return Err(Error::conflict("This dialogue was deleted."));
            }
            let done = work(tx, &mut dialogue).await?;
            store::save(tx, &dialogue).await?;
            Ok(done)
        })
        .await
}

/// What was not taken, in the words of the console.
pub(super) fn plain(refused: Refused) -> Error {
    match refused {
        Refused::Envelope(why) => Error::invalid(format!("This cannot be posted: {why}.")),
        Refused::Message(why) => Error::invalid(format!("This cannot be posted: {why}.")),
        Refused::TooLarge => Error::invalid("It is larger than may be taken."),
        Refused::Invalid("sealed-error-hard") => Error::invalid("It could not be read: that took too much time or memory, or broke the reader."),
        Refused::Invalid("sealed-error-readers-only") => Error::invalid(
            "It is encrypted to fewer keys than there are readers and a reporter: its reporter could not open it, or one of the readers. Encrypt it to all of them.",
        ),
        Refused::Invalid("sealed-error-readers") => Error::invalid("It is encrypted to none of the keys that are known here."),
        Refused::Invalid(key) | Refused::Conflict(key) | Refused::Closed(key) => Error::conflict(match key {
            "sealed-error-manifest" => "It is sealed to an old manifest: seal it to the newest.",
            "sealed-error-no-manifest" => "There is no manifest that is valid today.",
            "sealed-problem-body-missing" => "The file of this message is missing on the server; a backup may have it.",
            "sealed-error-full" => "The disk is full.",
            "sealed-error-busy" => "There is too much at once: try again in a few minutes.",
            "sealed-problem-manifest-reader" => "The key of a reader cannot be used.",
            _ => "It was sent already.",
        }),
        Refused::NotFound => Error::NotFound,
        Refused::Moved => Error::conflict("Something came in between: look at it first."),
        Refused::TooMany => Error::TooMany,
        Refused::Fault(error) => error,
    }
}
