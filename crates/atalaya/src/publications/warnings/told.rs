//! What an organisation was told, as its members read it again.

use ::store::{Id, Reader};
use jiff::Timestamp;

use super::super::store as publications;
use super::{Warning, store};
use crate::access::{Noun, Verb, Who, require};
use crate::release::{self, Channel, Leaving, Recipient, Released};
use crate::{App, Error, Result, constituency};

/// A warning as the thread that answers come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningThread {
    /// The number of its publication; its title, while it has none.
    pub name: String,
    /// The organisation.
    pub organisation: Id,
    /// The contact that it went to.
    pub contact: Id,
}

/// The warning that a thread is.
pub async fn of_thread(reader: &mut Reader, thread: Id) -> Result<Option<WarningThread>> {
    let Some(one) = store::get(reader, thread).await? else { return Ok(None) };
    let (Some(contact), Some(publication)) = (one.contact, publications::get(reader, one.publication).await?) else { return Ok(None) };
    Ok(Some(WarningThread { name: publication.called().to_owned(), organisation: one.organisation, contact }))
}

/// What a member's organisation was told, the newest first, as far as a page may show it.
pub async fn of_member(reader: &mut Reader, app: &App, who: &Who, before: Option<(Timestamp, Id)>, limit: u32) -> Result<Vec<Warning>> {
    require(who, Verb::See, Noun::Membership)?;
    let organisation = who.organisation().ok_or(Error::NotFound)?;
    let ceiling = constituency::get(reader, organisation).await?.ceiling.min(Channel::Portal.ceiling(&app.profile));
    store::told(reader, organisation, ceiling, before, limit).await
}

/// One of them, and its text: none of another's. The ledger says once of each person that it was read.
pub async fn for_member(app: &App, who: &Who, id: Id) -> Result<Released<(Warning, String)>> {
    require(who, Verb::See, Noun::Membership)?;
    let organisation = who.organisation().ok_or(Error::NotFound)?;
    let mut reader = app.db.read().await?;
    let one = store::get(&mut reader, id).await?.filter(|one| one.organisation == organisation && one.state == "told").ok_or(Error::NotFound)?;
    let content = one.content.ok_or(Error::NotFound)?;
    let known = constituency::get(&mut reader, organisation).await?;
    let text = String::from_utf8_lossy(&app.blobs.get(&mut reader, content).await?).into_owned();
    drop(reader);
    let leaving = Leaving {
        to: Recipient { key: who.to_string(), name: known.name, organisation: Some(organisation), ceiling: known.ceiling, address: String::new() },
        channel: Channel::Portal,
        noun: "publication",
        id: one.publication,
        about: one.publication,
        version: one.version,
        label: one.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "warning".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content,
    };
    release::once(&app.db, &app.profile, who, &leaving, (one, text)).await
}
