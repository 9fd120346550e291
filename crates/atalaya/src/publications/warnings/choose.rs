//! Who is told: somebody takes out, adds, and sends.

use ::store::{Id, Record, Tx};
use serde_json::json;

use super::super::{before, readers, write};
use super::{Publication, Reason, Target, Warning, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, constituency};

/// Of those that were shown, these are told; the others are taken out.
pub async fn choose(app: &App, who: &Who, id: Id, shown: &[Id], chosen: &[Id]) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            write::held(tx, id, None).await?;
            choose_in(tx, id, shown, chosen).await
        })
        .await
}

async fn choose_in(tx: &mut Tx, id: Id, shown: &[Id], chosen: &[Id]) -> Result<()> {
    let mut changed = 0;
    for one in shown {
        changed += store::choose(tx, id, *one, if chosen.contains(one) { "proposed" } else { "out" }).await?;
    }
    if changed > 0 {
        tx.record(Record::new("publication.chosen", "publication", id).facts(json!({ "changed": changed })));
    }
    Ok(())
}

/// Adds an organisation that nothing speaks for but the team's own knowledge.
pub async fn add(app: &App, who: &Who, id: Id, name: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let one = write::held(tx, id, None).await?;
            let target = Target::of(&one);
            let organisation = constituency::find_by_name(tx, name).await?.filter(|one| one.status != "outside");
            let organisation = organisation
                .ok_or_else(|| Error::invalid(format!("“{}” is no constituent: write its name as the registry has it.", crate::text::short_line(name, 80))))?;
            let known = store::of_organisation(tx, id, target, organisation.id).await?;
            if let Some(known) = known {
                if known.is_open() {
                    return choose_in(tx, id, &[known.id], &[known.id]).await;
                }
                return Err(Error::conflict("It is told of this version already, or about to be."));
            }
            store::propose(tx, &Warning::proposed(tx, id, target, organisation.id, vec![Reason::Chosen])).await?;
            tx.record(Record::new("publication.chosen", "publication", id).facts(json!({ "added": organisation.id })));
            Ok(())
        })
        .await
}

/// Has those that are chosen told. Of what is not out yet, a lead says so in as many words; `seen` is the edition that was looked at.
pub async fn send(app: &App, who: &Who, id: Id, seen: i64, ahead: bool) -> Result<()> {
    begin(app, who, (id, seen), ahead, false).await
}

/// Tries again to tell those that could not be told, and those whom a stop left out.
pub async fn retry(app: &App, who: &Who, id: Id, seen: i64, ahead: bool) -> Result<()> {
    begin(app, who, (id, seen), ahead, true).await
}

async fn begin(app: &App, who: &Who, (id, seen): (Id, i64), ahead: bool, again: bool) -> Result<()> {
    require(who, Verb::Decide, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let one = write::held(tx, id, Some(seen)).await?;
            let target = Target::of(&one);
            let mut mailing = readers::begun(tx, who.to_string(), id, target.version);
            if target.ahead {
                may_tell_ahead(tx, app, who, &one, ahead).await?;
                (mailing.ahead, mailing.text) = (true, before::content_hash(&one.content)?.to_string());
            }
            if store::carry_chosen(tx, id, target, mailing.id, again).await? == 0 {
                return Err(Error::invalid("Choose somebody first."));
            }
            readers::insert(tx, &mailing).await?;
            readers::note_mailing(tx, "mailing.chosen", &mailing);
            Ok(())
        })
        .await
}

/// What nobody knows yet is told by a lead, knowingly, in words that somebody else has read and the gate lets out.
async fn may_tell_ahead(tx: &mut Tx, app: &App, who: &Who, one: &Publication, said: bool) -> Result<()> {
    require(who, Verb::Release, Noun::Publication)?;
    if !matches!(one.stage.as_str(), "approved" | "scheduled") {
        return Err(Error::conflict("It is not out, and nobody has approved it: what is told ahead has been read by somebody else."));
    }
    if !said {
        return Err(Error::invalid("It is not out yet. Say that these organisations are to know of it before everybody else."));
    }
    let against = before::before(tx, app, who, one).await?.leaving.against;
    if against.is_empty() { Ok(()) } else { Err(Error::conflict(format!("Nothing left the house. {}", against.join(" ")))) }
}
