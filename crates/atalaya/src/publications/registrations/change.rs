//! What becomes of a registration: asked for, confirmed, cancelled; and who moves up.

use ::store::{Id, Tx};
use press::{Admission, Seat};

use super::super::catalogue::Item;
use super::letter::{self, Says};
use super::{Registration, admission, all, held, id_of, note, store, tell};
use crate::access::Who;
use crate::{App, Error, Result};

/// So many letters a name, and an organisation or a remark, may have.
const NAME: usize = 120;
const LINE: usize = 300;
/// So many move up in one change; the rest by a job.
const STEP: u32 = 100;

/// A wish to come, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Who.
    pub name: String,
    /// Whom they come for.
    pub organisation: String,
    /// What the team should know.
    pub remark: String,
    /// Where mails are to go.
    pub address: String,
    /// In which language.
    pub language: String,
}

/// Takes a wish down and sends the mail that asks whether it was meant. Whose address stands on the list already gets a mail that
/// says so; whoever asks is told the same in all cases.
pub async fn ask(app: &App, publication: Id, wish: Wish) -> Result<()> {
    let wish = checked(wish)?;
    let address = crate::reports::mailable(&wish.address).ok_or_else(|| Error::invalid("error-said-no-address"))?.to_owned();
    if app.profile.mail.is_none() {
        return Err(Error::NotFound);
    }
    app.db
        .change(&Who::Public.to_string(), async |tx| {
            let item = held(tx, app, publication).await?;
            if admission(&item, tx.now()) != Admission::Open {
                return Err(Error::conflict("error-said-registration-closed"));
            }
            let there = store::of_address(tx, publication, &address.to_lowercase()).await?;
            let is_new = there.is_none();
            let mut one = there.unwrap_or_else(|| begin(tx, publication, &Who::Public));
            let says = if one.seat.is_in() { Says::Again } else { Says::Ask };
            if says == Says::Ask {
                take(&mut one, &wish);
                // Whoever reads that mailbox confirmed what it said before, and none of these words.
                (one.seat, one.asked_at, one.confirmed_at) = (Seat::Asked, tx.now(), None);
            }
            if is_new {
                store::insert(tx, &one).await?;
            }
            letter::send(tx, app, &Who::Public, &mut one, &item, &says).await?;
            store::update(tx, &one).await?;
            note(tx, "registration.asked", &one);
            Ok(())
        })
        .await
}

/// Whoever reads the mailbox says that it was meant, or comes back: from here on it counts.
pub async fn confirm(app: &App, key: &str) -> Result<()> {
    change(app, key, async |tx, item, one| {
        if one.seat.is_in() {
            return Ok(());
        }
        if admission(item, tx.now()) != Admission::Open {
            return Err(Error::conflict("error-said-registration-closed"));
        }
        join(tx, app, &Who::Public, item, one).await
    })
    .await
}

/// Its holder does not come. Said once or several times.
pub async fn cancel(app: &App, key: &str) -> Result<()> {
    change(app, key, async |tx, item, one| {
        if matches!(admission(item, tx.now()), Admission::Begun | Admission::Over) {
            return Err(Error::conflict("error-said-registration-begun"));
        }
        leave(tx, app, &Who::Public, item, one).await
    })
    .await
}

async fn change(app: &App, key: &str, make: impl AsyncFnOnce(&mut Tx, &Item, Registration) -> Result<()>) -> Result<()> {
    let id = id_of(app, key)?;
    let publication = store::get(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)?.publication;
    app.db
        .change(&Who::Public.to_string(), async |tx| {
            let item = held(tx, app, publication).await?;
            let one = store::get(tx, id).await?.ok_or(Error::NotFound)?;
            make(tx, &item, one).await
        })
        .await
}

/// A line of text as somebody typed it: what could pass for another line, or turn the words around it, is refused.
fn line(text: &str, most: usize, says: &'static str) -> Result<String> {
    let hidden = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = text.trim();
    if text.chars().any(hidden) || text.chars().count() > most { Err(Error::invalid(says)) } else { Ok(text.to_owned()) }
}

/// The wish, if it can be kept.
pub(super) fn checked(wish: Wish) -> Result<Wish> {
    let name = line(&wish.name, NAME, "error-said-registration-name")?;
    if name.is_empty() {
        return Err(Error::invalid("error-said-registration-name"));
    }
    Ok(Wish {
        name,
        organisation: line(&wish.organisation, LINE, "error-said-registration-organisation")?,
        remark: line(&wish.remark, LINE, "error-said-registration-remark")?,
        address: wish.address.trim().to_owned(),
        language: wish.language,
    })
}

/// A registration that has nothing yet but its id.
pub(super) fn begin(tx: &Tx, publication: Id, who: &Who) -> Registration {
    Registration {
        id: tx.new_id(),
        publication,
        name: String::new(),
        organisation: String::new(),
        remark: String::new(),
        address: String::new(),
        language: String::new(),
        seat: Seat::Asked,
        turn: 0,
        attended: false,
        told_version: 0,
        message_id: String::new(),
        by: who.to_string(),
        asked_at: tx.now(),
        confirmed_at: None,
    }
}

/// What was typed last holds, as long as nobody confirmed it.
pub(super) fn take(one: &mut Registration, wish: &Wish) {
    one.name = wish.name.clone();
    one.organisation = wish.organisation.clone();
    one.remark = wish.remark.clone();
    one.address = wish.address.clone();
    one.language = wish.language.clone();
}

/// Puts one that stands in the table at the end of the list, and says what came of it.
pub(super) async fn join(tx: &mut Tx, app: &App, who: &Who, item: &Item, mut one: Registration) -> Result<()> {
    one.turn = store::last_turn(tx, one.publication).await? + 1;
    (one.seat, one.confirmed_at) = (Seat::Waiting, Some(tx.now()));
    store::update(tx, &one).await?;
    note(tx, "registration.confirmed", &one);
    settle(tx, app, who, item, Some(one.id)).await?;
    let mut one = store::get(tx, one.id).await?.ok_or(Error::NotFound)?;
    if one.seat == Seat::Waiting {
        letter::send(tx, app, who, &mut one, item, &Says::Waiting).await?;
        store::update(tx, &one).await?;
    }
    Ok(())
}

/// Takes one from the list; its place goes to the first who waits.
pub(super) async fn leave(tx: &mut Tx, app: &App, who: &Who, item: &Item, mut one: Registration) -> Result<()> {
    if one.seat == Seat::Cancelled {
        return Ok(());
    }
    // Who never confirmed it, and perhaps never asked, gets no mail about it.
    let tells = one.seat.is_in() && admission(item, tx.now()).is_ahead();
    (one.seat, one.attended) = (Seat::Cancelled, false);
    if tells {
        let says = if who.person().is_some() { Says::Removed } else { Says::Cancelled };
        letter::send(tx, app, who, &mut one, item, &says).await?;
    }
    store::update(tx, &one).await?;
    note(tx, "registration.cancelled", &one);
    settle(tx, app, who, item, None).await
}

/// The first of those who wait get what is free. `new` is the one that just joined, and is told so in other words.
pub(super) async fn settle(tx: &mut Tx, app: &App, who: &Who, item: &Item, new: Option<Id>) -> Result<()> {
    if !admission(item, tx.now()).is_ahead() {
        return Ok(());
    }
    let free = store::counts(tx, item.id).await?.places(all(item)).moves_up();
    for mut one in store::of_seat(tx, item.id, Seat::Waiting, None, free.min(STEP)).await? {
        one.seat = Seat::Coming;
        let says = if new == Some(one.id) { Says::Coming } else { Says::MovedUp };
        letter::send(tx, app, who, &mut one, item, &says).await?;
        store::update(tx, &one).await?;
        note(tx, "registration.seated", &one);
    }
    if free > STEP { tell::later(tx, item.id).await } else { Ok(()) }
}
