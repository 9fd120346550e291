//! What is changed about a party by hand: how it is called and reached, and whether it may be named.

use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use store::{Id, Record};

use super::add::address;
use super::{REACHES, ROLES, get, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::severity;
use crate::{App, Error, Result};

/// What of a party may be changed by hand.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Name.
    pub name: String,
    /// Alias, or empty.
    pub alias: String,
    /// One of [`ROLES`].
    pub role: String,
    /// Mail address.
    pub mail: Option<String>,
    /// Language tag.
    pub language: String,
    /// One of [`REACHES`].
    pub reach: String,
    /// The highest label that it may get.
    pub ceiling: Tlp,
}

/// Changes how a party is called and reached.
pub async fn change(app: &App, who: &Who, id: Id, changes: Changes) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, mut party) = get(tx, who, id).await?;
            if changes.name.trim().is_empty() {
                return Err(Error::invalid("Give the party a name"));
            }
            let known = |list: &[(&str, &str)], word: &str| list.iter().any(|(name, _)| *name == word);
            if !known(&ROLES, &changes.role) || !known(&REACHES, &changes.reach) {
                return Err(Error::invalid("Choose a role and a way to reach the party"));
            }
            let before = party.mail.take();
            party.mail = changes.mail.filter(|mail| !mail.trim().is_empty()).map(|mail| address(&mail)).transpose()?;
            if changes.reach == "mail" && party.mail.is_none() {
                return Err(Error::invalid("Enter a mail address, or choose another way to reach the party"));
            }
            // A thread belongs to one person: what was said to the reporter is not for whoever has the next address.
            if party.mail != before && party.report.is_some() && (party.last_in.is_some() || party.last_out.is_some()) {
                return Err(Error::conflict("This thread is the reporter's, and something was said in it. Add the other person as a party of their own."));
            }
            // Another address is not the contact's any more: what bounces there says nothing of the contact.
            if party.mail != before {
                party.contact = None;
            }
            let was = party.ceiling;
            party.name = changes.name.trim().to_owned();
            party.alias = changes.alias.trim().to_owned();
            (party.role, party.reach, party.language, party.ceiling) = (changes.role, changes.reach, changes.language, changes.ceiling);
            rows::update_party(tx, &party).await?;
            tx.record(
                Record::new("party.changed", "party", party.id)
                    .about(case.id)
                    .facts(json!({ "role": party.role, "reach": party.reach, "ceiling": party.ceiling.as_str(), "was": was.as_str() }))
                    .particulars(json!({ "name": party.name, "mail": party.mail })),
            );
            severity::judge_again(tx, app, case.id).await
        })
        .await
}

/// Records that a party may be named to others until a date, or no longer (`None`). What was told
/// before stays in the ledger; from now on the gate stops it.
pub async fn set_consent(app: &App, who: &Who, id: Id, until: Option<Timestamp>, given_by: &str, note: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, party) = get(tx, who, id).await?;
            if until.is_some_and(|until| until <= tx.now()) {
                return Err(Error::invalid("The consent must end in the future"));
            }
            if given_by.trim().is_empty() {
                return Err(Error::invalid("Say who gave or withdrew the consent"));
            }
            let note = if note.trim().is_empty() { given_by.trim().to_owned() } else { format!("{}: {}", given_by.trim(), note.trim()) };
            rows::set_consent(tx, party.id, until, &note).await?;
            let verb = if until.is_some() { "consent.given" } else { "consent.withdrawn" };
            tx.record(
                Record::new(verb, "party", party.id)
                    .about(case.id)
                    .facts(json!({ "until": until.map(|until| until.to_string()) }))
                    .particulars(json!({ "name": party.name, "note": note })),
            );
            Ok(())
        })
        .await
}
