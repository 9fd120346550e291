//! The table of events that is ours: database and table hold one name, so that neither takes another's for its own.
//!
//! A place that is not mounted, the place of before, another installation's: each looks like a table, or like none. What
//! is found is compared before anything is opened. Where ours should be and is not, nothing is written, nothing is
//! answered, and the team has one alarm until it is there again, or somebody says that it shall be made again.

use ::lake::{Lake, Table};
use ::store::{Reader, Record};
use jiff::Timestamp;
use serde_json::json;

use super::place::{Place, place};
use super::{erase, read, store, upkeep};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, events::lake};

/// What the database knows of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// What it is called.
    pub id: String,
    /// Where it was found last; empty where it may be made again.
    pub place: String,
    /// Why it cannot be used now; empty where it can.
    pub trouble: String,
}

/// What is where the events should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Our table.
    Ours,
    /// Nothing, and nothing was ever kept: it may be begun.
    Nothing,
    /// Nothing, in another place than before: what was kept is to be read again.
    Moved,
}

/// A file of this name in the data folder: what was kept is to be read again where nothing is. A restored backup has it.
pub const MAKE_AGAIN: &str = "make-events-again";
/// So many of a table's files are looked for, to see whether it is ours.
const LOOKED_FOR: usize = 20;

/// The place, and the table that lies there.
async fn find(app: &App) -> Result<(String, Option<Table>)> {
    let Place { url, options } = place(app)?;
    let here = url.clone();
    Ok((here, upkeep::blocking(move || Lake::find(&url, &options).map_err(lake::fault)).await?))
}

/// Looks where the events should be. Where ours is not there, or another's is, that is the alarm, and an error.
pub(super) async fn look(app: &App) -> Result<(Ours, Found)> {
    let (here, found) = find(app).await?;
    let ours = match store::ours(&mut app.db.read().await?).await? {
        Some(ours) => ours,
        None => adopt(app, found.as_ref(), &here).await?,
    };
    let something = store::is_something_stored(&mut app.db.read().await?).await?;
    let is_moved = ours.place != here || app.data.join(MAKE_AGAIN).exists();
    let what = match &found {
        Some(table) if table.id != ours.id => return Err(wrong(app, &ours, &another(&here, &table.id, &ours.id)).await?),
        Some(table) if !something || !table.files.is_empty() => {
            if let Some(file) = unknown(app, table).await? {
                return Err(wrong(app, &ours, &ahead(&here, &ours.id, file)).await?);
            }
            Found::Ours
        }
        _ if !something => Found::Nothing,
        _ if is_moved => Found::Moved,
        _ => return Err(wrong(app, &ours, &missing(&here, &ours.id)).await?),
    };
    if what == Found::Ours && (is_moved || !ours.trouble.is_empty()) {
        right(app, &ours.id, &here).await?;
    }
    Ok((ours, what))
}

fn another(place: &str, found: &str, wanted: &str) -> String {
    format!("In {place} lies another table of events ({found}) than ours ({wanted}): nothing is written there. Is it the right place, and the right prefix?")
}

fn ahead(place: &str, ours: &str, file: &str) -> String {
    format!(
        "Our table of events ({ours}) in {place} is ahead of the database: it has an event file ({file}) of which the database knows nothing, as after a \
         backup was restored beside it. Nothing is read or written there, because its events would be told twice or never. Restore a database that \
         is as new as the table, or take the table away: then it can be made again from the event files."
    )
}

/// The newest event file of a table that never came in here, if one of the newest did not. The newest are enough: a
/// database from before lacks what came last.
async fn unknown<'a>(app: &App, table: &'a Table) -> Result<Option<&'a str>> {
    let mut reader = app.db.read().await?;
    for file in table.files.iter().take(LOOKED_FOR) {
        if !is_known(&mut reader, file).await? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

async fn is_known(reader: &mut Reader, file: &str) -> Result<bool> {
    match file.parse() {
        Ok(sha256) => store::is_known(reader, sha256).await,
        Err(_) => Ok(false),
    }
}

fn missing(place: &str, wanted: &str) -> String {
    format!("Our table of events ({wanted}) is not in {place}, and nothing is begun in its stead. Is the disk mounted, the bucket the right one?")
}

/// The first look of an installation: a table whose files came in here is ours; one that has none yet may as well be.
async fn adopt(app: &App, found: Option<&Table>, place: &str) -> Result<Ours> {
    let mut found = found;
    let mut reader = app.db.read().await?;
    for file in found.into_iter().flat_map(|table| &table.files).take(LOOKED_FOR) {
        if !is_known(&mut reader, file).await? {
            // Another installation's: ours will be called otherwise.
            found = None;
        }
    }
    drop(reader);
    let id = found.map_or_else(|| ::lake::new_id(app.db.entropy().bytes()), |table| table.id.clone());
    let place = if found.is_some() { place } else { "" };
    app.db
        .change(&Who::Job("events").to_string(), async |tx| {
            if let Some(ours) = store::ours(tx).await? {
                return Ok(ours);
            }
            store::insert_ours(tx, &id, place).await?;
            tx.record(Record::new("events.tied", "events", tx.new_id()).facts(json!({ "table": id })));
            Ok(Ours { id: id.clone(), place: place.to_owned(), trouble: String::new() })
        })
        .await
}

/// Notes the alarm, once, and says it.
async fn wrong(app: &App, ours: &Ours, why: &str) -> Result<Error> {
    if ours.trouble != why {
        app.db
            .change(&Who::Job("events").to_string(), async |tx| {
                if store::set_trouble(tx, why).await? {
                    tx.record(Record::new("events.missing", "events", tx.new_id()).facts(json!({ "table": ours.id })).particulars(json!({ "why": why })));
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(Error::Unanswered(why.to_owned()))
}

/// Notes that our table was begun where it should be.
pub(super) async fn begun(app: &App, id: &str) -> Result<()> {
    right(app, id, &place(app)?.url).await
}

/// Notes that our table is here.
async fn right(app: &App, id: &str, place: &str) -> Result<()> {
    app.db
        .change(&Who::Job("events").to_string(), async |tx| {
            store::set_ours(tx, id, place).await?;
            store::set_trouble(tx, "").await?;
            tx.record(Record::new("events.found", "events", tx.new_id()).particulars(json!({ "place": place })));
            Ok::<_, Error>(())
        })
        .await?;
    unmark(app)
}

fn unmark(app: &App) -> Result<()> {
    match std::fs::remove_file(app.data.join(MAKE_AGAIN)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::fault(format!("{MAKE_AGAIN}: {error}"))),
        _ => Ok(()),
    }
}

/// Has every event file read again, into a new table in this place: a backup holds the files and not what was made of
/// them. It is called otherwise than the one before, which may turn up again and has not all that comes from now on.
pub(super) async fn make_again(app: &App) -> Result<()> {
    let (here, there) = find(app).await?;
    let id = there.map_or_else(|| ::lake::new_id(app.db.entropy().bytes()), |empty| empty.id);
    app.db
        .change(&Who::Job("make_again").to_string(), async |tx| {
            let without = store::drop_without_original(tx).await?;
            let files = store::stored_files(tx).await?;
            store::forget_lake(tx).await?;
            erase::enqueue(tx).await?;
            for file in &files {
                store::set_file_state(tx, *file, "received", "").await?;
                read::enqueue(tx, *file).await?;
            }
            store::set_ours(tx, &id, &here).await?;
            store::set_trouble(tx, "").await?;
            tx.record(Record::new("events.made_again", "events", tx.new_id()).facts(json!({ "files": files.len(), "without_original": without, "table": id })));
            Ok::<_, Error>(())
        })
        .await?;
    lake::forget_holders(app);
    unmark(app)
}

/// Why the events cannot be used now, and since when.
pub async fn trouble(reader: &mut Reader, who: &Who) -> Result<Option<(String, Timestamp)>> {
    require(who, Verb::See, Noun::Event)?;
    store::trouble(reader).await
}

/// Somebody says that our table is lost for good: what was kept is read again, where it should be.
pub async fn give_up_table(app: &App, who: &Who) -> Result<()> {
    require(who, Verb::Decide, Noun::Event)?;
    if trouble(&mut app.db.read().await?, who).await?.is_none() {
        return Err(Error::conflict("Nothing is wrong with the place of the events any more: nothing was done."));
    }
    lake::close(app);
    // Whatever lies there now is not ours to write over.
    let (here, found) = find(app).await?;
    let ours = store::ours(&mut app.db.read().await?).await?.ok_or(Error::NotFound)?;
    if found.is_some_and(|table| table.id != ours.id || !table.files.is_empty()) {
        return Err(Error::conflict(format!("In {here} lies a table with events: name another place in the profile, or take it away first.")));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            tx.record(Record::new("events.given_up", "events", tx.new_id()).facts(json!({ "table": ours.id })));
            Ok::<_, Error>(())
        })
        .await?;
    make_again(app).await
}
