//! The team's side: who may know of a dialogue, taking it, opening it, answering, ending it.
//!
//! Nothing here opens an envelope: bytes go out to a reader, who opens them elsewhere, and what goes
//! out is in the journal with who and when.

use std::collections::HashMap;
use std::io::Read;

use ::store::{Reader, Record, Tx};
use axum::body::Body;
use formats::label::Tlp;
use jiff::ToSpan;
use serde_json::json;
use vault::blob::Hash;

use super::intake::{self, Refused};
use super::{Dialogue, Envelope, dialogue as shared, keys, level, manifest, random_id, store, today};
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
    let dialogue = found.filter(|dialogue| dialogue.state != "arrived").ok_or(Error::NotFound)?;
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
    let mut found = store::list(reader, &intakes, done, before, 51).await?;
    // What is a case by now is done, until its reporter waits for an answer.
    if !done {
        let waiting = store::waiting_cases(reader, &intakes).await?;
        found.extend(waiting.into_iter().filter(|dialogue| before.is_none_or(|before| dialogue.number.as_str() < before)));
        found.sort_by(|a, b| b.number.cmp(&a.number));
    }
    Ok(found)
}

/// What an envelope's bytes are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// To be opened in the console, by the reader's own key.
    Browser,
    /// To be opened elsewhere, with gpg, sq or a card.
    Elsewhere,
}

/// Hands out an envelope with its newest head, and writes down who took it.
pub async fn take_out(app: &App, who: &Who, number: &str, place: i64, how: How) -> Result<(Body, String)> {
    require(who, Verb::Change, Noun::Sealed)?;
    let mut reader = app.db.read().await?;
    let (_, envelopes) = of_number(&mut reader, app, who, number).await?;
    let envelope = envelopes.into_iter().find(|envelope| envelope.place == place).ok_or(Error::NotFound)?;
    let (head, version) = store::head(&mut reader, envelope.id).await?.unwrap_or((envelope.head.clone(), envelope.manifest_version));
    drop(reader);
    let body = app.blobs.stream(&envelope.body)?;
    act(app, who, number, async |tx, dialogue| {
        if dialogue.state == "new" {
            dialogue.state = "open".into();
            // What somebody opened is no longer lost by waiting.
            (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (None, 0, None);
        }
        let how = if how == How::Browser { "browser" } else { "elsewhere" };
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

/// Posts an answer that was sealed elsewhere. From now on the promise is kept, read or not.
pub async fn reply(
    app: &App,
    who: &Who,
    number: &str,
    from: impl Read + Send + 'static,
    label: Tlp,
    version: Option<i64>,
    said: Option<&str>,
) -> Result<(i64, Hash)> {
    require(who, Verb::Release, Noun::Message)?;
    let sealed = app.profile.sealed.clone().ok_or(Error::NotFound)?;
    let (dialogue, _) = of_number(&mut app.db.read().await?, app, who, number).await?;
    if matches!(dialogue.state.as_str(), "deleted" | "gone") {
        return Err(Error::conflict("This dialogue was deleted; nobody can read an answer."));
    }
    let manifest = intake::sealed_to(app, &dialogue.intake, version).await.map_err(plain)?.manifest;
    let came = intake::keep_any(app, from, intake::most(&sealed)).await.map_err(plain)?;
    if said.is_some_and(|said| !came.hash.to_string().eq_ignore_ascii_case(said)) {
        intake::drop_body(app, &came).await.map_err(plain)?;
        return Err(Error::invalid("The check sum of what arrived is another one than was said."));
    }
    let (id, day) = (random_id(app), today(app).to_string());
    let dated = level(app)?;
    let alone = intake::alone(app, &came).await.map_err(plain)?;
    let written = act(app, who, number, async |tx, dialogue| {
        let place = intake::next_place(tx, dialogue.id).await?;
        let envelope = Envelope { place, way: "out".into(), told: true, ..came.envelope(id, dialogue.id, &manifest, day.clone()) };
        tx.keep_since(&intake::kept(&envelope), dated).await?;
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
            label,
            containers: Vec::new(),
            downgrade: String::new(),
            basis: "sealed answer".into(),
            against: Vec::new(),
            held: Vec::new(),
            protection: String::new(),
            content: came.hash,
        };
        let envelope = release::release(tx, &app.profile, who, &leaving, envelope).await?.into_value();
        store::add_envelope(tx, &envelope).await?;
        dialogue.answered_day = Some(day.clone());
        if dialogue.state == "new" {
            dialogue.state = "open".into();
            (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (None, 0, None);
        }
        clocks::stop(tx, app, dialogue.id).await?;
        tx.record(
            Record::new("sealed.answered", "sealed", dialogue.id)
                .facts(json!({ "place": place, "manifest": manifest.version, "bucket": envelope.bucket, "sha256": envelope.hash.to_string() })),
        );
        Ok((place, came.hash))
    })
    .await;
    drop(alone);
    if written.is_err() {
        intake::drop_body(app, &came).await.map_err(plain)?;
    }
    written
}

/// Which envelopes of a dialogue the readers of the newest manifest may not all open, and its version.
pub async fn to_rewrap(reader: &mut Reader, app: &App, who: &Who, number: &str) -> Result<(i64, Vec<(i64, i64)>)> {
    let (dialogue, envelopes) = of_number(reader, app, who, number).await?;
    let Some(newest) = manifest::newest(reader, &dialogue.intake).await? else { return Ok((0, Vec::new())) };
    let versions: HashMap<_, i64> =
        store::head_versions(reader, &envelopes.iter().map(|envelope| envelope.id).collect::<Vec<_>>()).await?.into_iter().collect();
    // What the team answered as well: who comes reads the whole dialogue.
    let old = envelopes.iter().map(|envelope| (envelope.place, versions.get(&envelope.id).copied().unwrap_or(envelope.manifest_version)));
    Ok((newest.manifest.version, old.filter(|(_, version)| *version < newest.manifest.version).collect()))
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

/// All envelopes that are to be wrapped anew, of what this viewer may know of: after a reader came or went, or
/// has another key.
pub async fn all_to_rewrap(reader: &mut Reader, app: &App, who: &Who) -> Result<Vec<Old>> {
    let mut all = Vec::new();
    for intake in intakes(reader, app, who).await? {
        let Some(version) = store::newest_version(reader, &intake).await? else { continue };
        let old = store::wrapped_before(reader, &intake, version).await?;
        all.extend(old.into_iter().map(|(number, place)| Old { number, place, intake: intake.clone(), version }));
    }
    all.sort_by(|a, b| (&a.number, a.place).cmp(&(&b.number, b.place)));
    Ok(all)
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

/// Ends a dialogue; from now on its days are counted.
pub async fn close(app: &App, who: &Who, number: &str) -> Result<()> {
    let days = app.profile.sealed.as_ref().map_or(90, |sealed| sealed.days_closed);
    let on = today(app).checked_add(i64::from(days).days()).map_err(Error::fault)?.to_string();
    act(app, who, number, async |tx, dialogue| {
        if dialogue.state == "closed" {
            return Err(Error::conflict("This dialogue is closed already."));
        }
        dialogue.state = "closed".into();
        // What became a case stays as its evidence.
        (dialogue.delete_on, dialogue.warned, dialogue.warned_on) = (Some(on.clone()).filter(|_| dialogue.case.is_none()), 0, None);
        clocks::void(tx, dialogue.id, "closed").await?;
        tx.record(Record::new("sealed.closed", "sealed", dialogue.id).facts(json!({ "delete_on": dialogue.delete_on })));
        Ok(())
    })
    .await
}

/// Deletes what is sealed, for good.
pub async fn delete(app: &App, who: &Who, number: &str, reason: &str) -> Result<()> {
    require(who, Verb::Decide, Noun::Sealed)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("Say why it is deleted"));
    }
    let (dialogue, _) = of_number(&mut app.db.read().await?, app, who, number).await?;
    if dialogue.state == "deleted" {
        return Err(Error::conflict("This dialogue was deleted already."));
    }
    let hashes = app
        .db
        .change(&who.to_string(), async |tx| {
            let hashes = store::purge(tx, dialogue.id, "deleted").await?;
            clocks::void(tx, dialogue.id, "deleted").await?;
            tx.record(
                Record::new("sealed.deleted", "sealed", dialogue.id)
                    .facts(json!({ "number": dialogue.number, "by": "team", "state": dialogue.state }))
                    .particulars(json!({ "reason": reason.trim() })),
            );
            Ok::<_, Error>(hashes)
        })
        .await?;
    shared::remove(app, hashes).await
}

/// One change of a dialogue that this viewer may work on.
pub(super) async fn act<T>(app: &App, who: &Who, number: &str, work: impl AsyncFnOnce(&mut Tx, &mut Dialogue) -> Result<T>) -> Result<T> {
    require(who, Verb::Change, Noun::Sealed)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (mut dialogue, _) = of_number(tx, app, who, number).await?;
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
        Refused::Invalid("sealed-error-readers") => Error::invalid("It is encrypted to none of the keys that are known here."),
        Refused::Invalid(key) | Refused::Conflict(key) | Refused::Closed(key) => Error::conflict(match key {
            "sealed-error-manifest" => "It is sealed to an old manifest: seal it to the newest.",
            "sealed-error-no-manifest" => "There is no manifest that is valid today.",
            "sealed-error-full" => "The disk is full.",
            "sealed-problem-manifest-reader" => "The key of a reader cannot be used.",
            _ => "It was sent already.",
        }),
        Refused::NotFound => Error::NotFound,
        Refused::Moved => Error::conflict("Something came in between: look at it first."),
        Refused::TooMany => Error::TooMany,
        Refused::Fault(error) => error,
    }
}
