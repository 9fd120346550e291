//! What the team does with the list of those who come: looks at it, adds and cancels, marks who was there, takes it out as a file.

use ::store::{Id, Reader, Record};
use jiff::Timestamp;
use press::{Admission, Kind, Seat};
use serde_json::json;

use super::super::item::{Publication, Version};
use super::change::{self, Wish};
use super::{Counts, Registration, admission, held, note, store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, once};

/// So many are read at once for the file.
const PIECE: u32 = 1000;

/// How many stand how; and how many did among those that were erased since, and until when.
pub async fn counts(reader: &mut Reader, who: &Who, publication: Id) -> Result<(Counts, Option<(Counts, Timestamp)>)> {
    require(who, Verb::See, Noun::Publication)?;
    Ok((store::counts(reader, publication).await?, store::kept_counts(reader, publication).await?))
}

/// [`counts`] for the page of a publication; none of what nobody can register for, and nobody did.
pub async fn about(reader: &mut Reader, who: &Who, one: &Publication, newest: Option<&Version>) -> Result<Option<Counts>> {
    if one.kind != Kind::Calendar {
        return Ok(None);
    }
    let (counts, kept) = counts(reader, who, one.id).await?;
    let registers = newest.and_then(|version| version.content.meeting.as_ref()).is_some_and(|meeting| meeting.registers);
    Ok(Some(counts).filter(|counts| registers || counts.any() || kept.is_some()))
}

/// A page of those who stand so, in the order of the list, and whether there is more.
pub async fn list(reader: &mut Reader, who: &Who, (publication, seat): (Id, Seat), after: Option<(i64, Id)>, limit: u32) -> Result<(Vec<Registration>, bool)> {
    require(who, Verb::See, Noun::Publication)?;
    let mut some = store::of_seat(reader, publication, seat, after, limit + 1).await?;
    let more = some.len() > limit as usize;
    some.truncate(limit as usize);
    Ok((some, more))
}

/// Adds somebody on the word of the team: it counts at once, at the end of the list. From the beginning on, it says that they were
/// there, whatever the places.
pub async fn add(app: &App, who: &Who, publication: Id, wish: Wish) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    let mut wish = change::checked(wish)?;
    if !wish.address.is_empty() {
        wish.address = crate::reports::mailable(&wish.address).ok_or_else(|| Error::invalid("error-said-no-address"))?.to_owned();
    }
    app.db
        .change(&who.to_string(), async |tx| {
            if once::made(tx, who).await?.is_some() {
                return Ok(());
            }
            let item = held(tx, app, publication).await?;
            let there = if wish.address.is_empty() { None } else { store::of_address(tx, publication, &wish.address.to_lowercase()).await? };
            if there.as_ref().is_some_and(|one| one.seat.is_in()) {
                return Err(Error::conflict("This address is on the list already."));
            }
            let is_new = there.is_none();
            let mut one = there.unwrap_or_else(|| change::begin(tx, publication, who));
            change::take(&mut one, &wish);
            one.by = who.to_string();
            if is_new {
                store::insert(tx, &one).await?;
            }
            once::makes(tx, who, one.id).await?;
            note(tx, "registration.added", &one);
            match admission(&item, tx.now()) {
                Admission::Off => Err(Error::conflict("It does not take place.")),
                Admission::Begun | Admission::Over => {
                    (one.seat, one.attended, one.confirmed_at, one.told_version) = (Seat::Coming, true, Some(tx.now()), item.version);
                    one.turn = store::last_turn(tx, publication).await? + 1;
                    store::update(tx, &one).await
                }
                _ => change::join(tx, app, who, &item, one).await,
            }
        })
        .await
}

/// Takes somebody from the list, who is told so.
pub async fn cancel(app: &App, who: &Who, publication: Id, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let item = held(tx, app, publication).await?;
            let one = store::get(tx, id).await?.filter(|one| one.publication == publication).ok_or(Error::NotFound)?;
            change::leave(tx, app, who, &item, one).await
        })
        .await
}

/// Marks who was there and who was not, of those whose mark is another now.
pub async fn attend(app: &App, who: &Who, publication: Id, marks: &[(Id, bool)]) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            held(tx, app, publication).await?;
            let (mut there, mut not) = (0, 0);
            for (id, attended) in marks {
                let Some(mut one) = store::get(tx, *id).await?.filter(|one| one.publication == publication && one.seat.is_in()) else { continue };
                if one.attended != *attended {
                    one.attended = *attended;
                    store::update(tx, &one).await?;
                    if one.attended { there += 1 } else { not += 1 }
                }
            }
            if there + not > 0 {
                tx.record(Record::new("registrations.attended", "publication", publication).facts(json!({ "there": there, "not": not })));
            }
            Ok(())
        })
        .await
}

/// The whole list as CSV, for a spreadsheet.
pub async fn csv(app: &App, who: &Who, publication: Id) -> Result<Vec<u8>> {
    require(who, Verb::See, Noun::Publication)?;
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["state", "place", "name", "organisation", "address", "remark", "language", "attended", "asked_at", "confirmed_at"])
        .map_err(Error::fault)?;
    for seat in Seat::ALL {
        let mut after = None;
        loop {
            let some = store::of_seat(&mut app.db.read().await?, publication, seat, after, PIECE).await?;
            for one in &some {
                let attended = if one.attended { "yes" } else { "no" };
                let confirmed = one.confirmed_at.map(|at| at.to_string()).unwrap_or_default();
                let turn = if one.turn == 0 { String::new() } else { one.turn.to_string() };
                let (asked, state) = (one.asked_at.to_string(), seat.name());
                let row = [state, &turn, &one.name, &one.organisation, &one.address, &one.remark, &one.language, attended, &asked, &confirmed];
                out.write_record(row.map(crate::web::show::cell)).map_err(Error::fault)?;
            }
            after = some.last().map(|one| (one.turn, one.id));
            if some.len() < PIECE as usize {
                break;
            }
        }
    }
    out.into_inner().map_err(|error| Error::fault(error.error()))
}
