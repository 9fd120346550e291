//! A second pair of eyes.

use ::store::{Id, Tx};
use jiff::Timestamp;
use press::Wanted;

use super::item::Publication;
use super::{before, csaf, store, write};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// Hands the working copy in: somebody else reads it.
pub async fn hand_in(app: &App, who: &Who, id: Id, seen: i64) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            must_be(&one, &["draft"])?;
            complete(&one, tx.now())?;
            one.stage = "review".into();
            (one.said_back, one.said_by) = (String::new(), String::new());
            store::update(tx, &one).await?;
            write::note(tx, "publication.handed_in", &one);
            Ok(())
        })
        .await
}

/// Says that it is good as it is. Whoever wrote in it cannot.
pub async fn approve(app: &App, who: &Who, id: Id, seen: i64) -> Result<()> {
    require(who, Verb::Decide, Noun::Publication)?;
    let person = who.person().map(|person| person.id).ok_or(Error::NotFound)?;
    csaf::judge(app, id).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            must_be(&one, &["review"])?;
            if one.writers.contains(&person) {
                return Err(Error::conflict("You wrote in it: somebody else has to approve it."));
            }
            complete(&one, tx.now())?;
            let weighed = before::weighed(tx, app, who, &one).await?;
            if !weighed.may_leave() {
                return Err(Error::conflict(format!("It could not leave as it is. {}", weighed.reasons())));
            }
            one.stage = "approved".into();
            (one.approved_by, one.approved_at) = (Some(person), Some(tx.now()));
            store::update(tx, &one).await?;
            write::note(tx, "publication.approved", &one);
            Ok(())
        })
        .await
}

/// Gives it back to whoever writes, with a word about it.
pub async fn send_back(app: &App, who: &Who, id: Id, seen: i64, words: &str) -> Result<()> {
    require(who, Verb::Decide, Noun::Publication)?;
    let words = words.trim().to_owned();
    if words.is_empty() {
        return Err(Error::invalid("Say what should be different."));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            must_be(&one, &["review", "approved", "scheduled"])?;
            one.said_by = who.to_string();
            undo(tx, &mut one, words).await?;
            write::note(tx, "publication.sent_back", &one);
            Ok(())
        })
        .await
}

/// Takes approval and instant back, and says why.
pub(super) async fn undo(tx: &mut Tx, one: &mut Publication, why: String) -> Result<()> {
    one.stage = "draft".into();
    one.said_back = why;
    one.unapprove();
    store::update(tx, one).await
}

/// Refuses what is at another stage, in words that say which.
pub(super) fn must_be(one: &Publication, stages: &[&str]) -> Result<()> {
    if stages.contains(&one.stage.as_str()) {
        return Ok(());
    }
    let is = if one.stage.is_empty() { "not in work" } else { &one.stage };
    Err(Error::conflict(format!("It is {is}, and this goes only with what is {}.", stages.join(" or "))))
}

/// What is wanted of the working copy before anybody has to read it.
pub(super) fn wanted(one: &Publication, now: Timestamp) -> Vec<Wanted> {
    let mut wanted = one.content.wanted(now);
    if one.version > 0 && one.note.is_empty() {
        wanted.push(Wanted { field: "note".into(), text: "Say what this version changes, for those who read the one before.".into() });
    }
    wanted
}

/// Refuses what lacks something, all of it at once.
pub(super) fn complete(one: &Publication, now: Timestamp) -> Result<()> {
    let lines: Vec<String> = wanted(one, now).into_iter().map(|one| one.text).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::conflict(format!("Something is missing. {}", lines.join(" ")))) }
}
