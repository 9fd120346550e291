//! Organisations come into a case together: each as [`add`](super::add) takes one that somebody adds by hand, and all of
//! them in one change, so that a page that was sent twice, or by two people at once, adds nobody twice.

use store::{Id, Tx};

use super::add::{NewParty, add_in, address};
use super::{Party, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::see;
use crate::{App, Result, constituency};

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// How many came in.
    pub parties: usize,
    /// Who was left as it is, each with why.
    pub left: Vec<String>,
}

/// Adds organisations of the registry to a case in one role. Who takes part already is left as it is.
pub async fn add_organisations(app: &App, who: &Who, case: Id, role: &str, organisations: &[Id]) -> Result<Added> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            // Held before it is read who is there: whoever else adds somebody at this moment is waited for.
            let case = see::held(tx, who, case).await?.id;
            let mut there = rows::parties(tx, case).await?;
            let mut added = Added::default();
            for id in organisations {
                if let Some(why) = taken(tx, &there, *id).await? {
                    added.left.push(why);
                    continue;
                }
                let party = add_in(tx, app, who, case, NewParty { organisation: Some(*id), role: role.to_owned(), ..NewParty::default() }).await?;
                there.extend(rows::party(tx, party).await?);
                added.parties += 1;
            }
            Ok(added)
        })
        .await
}

/// Why an organisation need not come in: it is there, or whoever reads its mail is. A reporter is there for its report.
async fn taken(tx: &mut Tx, there: &[Party], organisation: Id) -> Result<Option<String>> {
    let by_hand = |party: &&Party| party.report.is_none();
    if let Some(party) = there.iter().filter(by_hand).find(|party| party.organisation == Some(organisation)) {
        return Ok(Some(format!("{} takes part already, as {}.", party.name, party.role)));
    }
    let contacts = constituency::contacts_of(tx, &[organisation]).await?;
    let Some(mail) = constituency::choose(&contacts, tx.now()).contact.and_then(|contact| contact.mail) else { return Ok(None) };
    let mail = address(&mail)?;
    let same = there.iter().filter(by_hand).find(|party| party.mail.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(&mail)));
    let Some(party) = same else { return Ok(None) };
    let name = constituency::get(tx, organisation).await?.name;
    Ok(Some(format!("{name} is written to at the address of {}, which takes part already.", party.name)))
}
