//! A party comes into a case: who it is, how it is reached, and what it may get are looked up as far
//! as the registry or its report knows.

use formats::label::Tlp;
use serde_json::json;
use store::{Id, Record, Tx};

use super::found::index;
use super::links::{hash_of, secret};
use super::{Party, REACHES, ROLES, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::{see, severity, touch_in};
use crate::text::short_line;
use crate::{App, Error, Result, constituency, once, reports};

/// A party to be added.
#[derive(Clone, Debug, Default)]
pub struct NewParty {
    /// The organisation, if it is in the registry.
    pub organisation: Option<Id>,
    /// The contact to write to; chosen and explained when it is left out.
    pub contact: Option<Id>,
    /// The report that it made.
    pub report: Option<Id>,
    /// Name; the organisation's when empty.
    pub name: String,
    /// Alias, or empty.
    pub alias: String,
    /// One of [`ROLES`].
    pub role: String,
    /// Mail address, if not the contact's.
    pub mail: Option<String>,
    /// Number to call; the report's or the contact's when empty.
    pub phone: String,
    /// Language, if not the contact's.
    pub language: Option<String>,
    /// One of [`REACHES`]; the contact's when empty.
    pub reach: String,
    /// Ceiling, if not the organisation's or the team's.
    pub ceiling: Option<Tlp>,
    /// Whether somebody of the team knows that it is who the name says.
    pub checked: bool,
}

/// Adds a party to a case, unless it takes part already. Says its id.
pub async fn add(app: &App, who: &Who, case: Id, new: NewParty) -> Result<Id> {
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(made) = once::made(tx, who).await?
                && rows::party(tx, made).await?.is_some()
            {
                return Ok(made);
            }
            let by_hand = new.report.is_none();
            let before = rows::parties(tx, case).await?;
            let id = add_in(tx, app, who, case, new).await?;
            let party = rows::party(tx, id).await?.filter(|_| by_hand);
            // A reporter comes with its report, whoever it is besides.
            let there = party.and_then(|party| before.into_iter().find(|one| one.report.is_none() && is_same(one, &party)));
            if let Some(there) = there {
                return Err(Error::invalid(format!("{} takes part already, as {}: its thread stands on the case's page.", there.name, there.role)));
            }
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// Adds a party inside a change that does more.
pub async fn add_in(tx: &mut Tx, app: &App, who: &Who, case: Id, new: NewParty) -> Result<Id> {
    require(who, Verb::Change, Noun::Case)?;
    // Held: nothing comes into a case that is being merged away.
    let case = see::held(tx, who, case).await?;
    if case.merged_into.is_some() {
        return Err(Error::conflict("This case was merged into another one; add the party there."));
    }
    if !ROLES.iter().any(|(role, _)| *role == new.role) {
        return Err(Error::invalid("Choose the party's role"));
    }
    // A reporter takes part once, however often it is added.
    if let Some(report) = new.report {
        see::may_see_report(tx, who, report).await?;
        let there = rows::parties_of_report(tx, report).await?.into_iter().find(|party| party.case == case.id);
        if let Some(party) = there {
            return Ok(party.id);
        }
    }
    let ids: Vec<Id> = new.organisation.into_iter().collect();
    let organisation = constituency::known(tx, &ids).await?.into_iter().next();
    if new.organisation.is_some() && organisation.is_none() {
        return Err(Error::invalid("This organisation is not in the registry"));
    }
    let report = match new.report {
        Some(id) => reports::reported(tx, &[id]).await?.into_iter().next(),
        None => None,
    };
    let candidates = constituency::contacts_of(tx, &ids).await?;
    let is_theirs = |mail: &str| candidates.iter().any(|contact| contact.mail.as_deref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(mail.trim())));
    // What the registry says of an organisation is known; an address that somebody typed is not.
    let is_known = organisation.is_some() && (report.is_some() || new.mail.as_deref().is_none_or(|mail| mail.trim().is_empty() || is_theirs(mail)));
    let contact = match new.contact {
        // A reporter's thread goes where the report came from: a contact of the same house is somebody else.
        _ if report.is_some() => None,
        Some(id) => candidates.into_iter().find(|one| one.id == id),
        None if new.mail.is_none() => constituency::choose(&candidates, tx.now()).contact,
        None => None,
    };
    let mail = match &report {
        Some(report) => reports::mailable(&report.mail).map(str::to_owned),
        None => new.mail.or_else(|| contact.as_ref().and_then(|one| one.mail.clone())).filter(|mail| !mail.trim().is_empty()),
    };
    let mail = mail.map(|mail| address(&mail)).transpose()?;
    let name =
        [new.name.trim(), organisation.as_ref().map_or("", |one| &one.name), report.as_ref().map_or("", |one| one.name.trim()), mail.as_deref().unwrap_or("")]
            .into_iter()
            .find(|name| !name.is_empty())
            .map(str::to_owned);
    let name = match (name, &report) {
        (Some(name), _) => name,
        (None, Some(report)) => format!("Reporter of {}", report.number),
        (None, None) => return Err(Error::invalid("Give the party a name")),
    };
    // A report may say of itself what it likes; who is called by the number or address of a report claims nothing.
    let is_claimed = report.as_ref().is_none_or(|report| [report.name.trim(), report.org.trim()].contains(&name.as_str()));
    let phone = [new.phone.as_str(), report.as_ref().map_or("", |one| &one.phone), contact.as_ref().map_or("", |one| &one.phone)];
    let phone = phone.into_iter().map(number).find(|phone| !phone.is_empty()).unwrap_or_default();
    let language = new
        .language
        .filter(|tag| !tag.is_empty())
        .or_else(|| contact.as_ref().map(|one| one.language.clone()))
        .or_else(|| report.as_ref().map(|one| one.language.clone()))
        .or_else(|| organisation.as_ref().map(|one| one.language.clone()))
        .filter(|tag| !tag.is_empty())
        .unwrap_or_else(|| app.profile.default_language().to_owned());
    let way = match (&mail, phone.as_str()) {
        (Some(_), _) => "mail",
        (None, "") => "portal",
        (None, _) => "phone",
    };
    let reach = [new.reach.as_str(), contact.as_ref().map_or("", |one| &one.reach), way]
        .into_iter()
        .find(|reach| REACHES.iter().any(|(known, _)| known == reach))
        .unwrap_or("portal");
    is_callable(&new.phone)?;
    if report.is_none() {
        has_way(&new.reach, mail.as_deref(), &phone)?;
    }
    let party = Party {
        id: tx.new_id(),
        case: case.id,
        organisation: organisation.as_ref().map(|one| one.id),
        contact: contact.as_ref().map(|one| one.id),
        report: report.as_ref().map(|one| one.id),
        name,
        alias: new.alias.trim().to_owned(),
        role: new.role,
        // Mail reaches nobody without an address.
        reach: if reach == "mail" && mail.is_none() { "portal".into() } else { reach.into() },
        mail,
        phone,
        language,
        ceiling: new.ceiling.or_else(|| organisation.as_ref().and_then(|one| one.ceiling)).unwrap_or(app.profile.labels.recipient),
        consent_until: None,
        consent_note: String::new(),
        last_in: None,
        last_out: None,
        unread: 0,
        unread_at: None,
        added_at: tx.now(),
        link_turn: 0,
        link_ended: false,
        link_in_clear: false,
        checked: new.checked || is_known || !is_claimed,
        ended_at: None,
        ended_reason: String::new(),
        asked_at: None,
    };
    rows::insert_party(tx, &party, hash_of(&secret(app, &party))).await?;
    index(tx, &party).await?;
    touch_in(tx, case.id).await?;
    tx.record(
        Record::new("party.added", "party", party.id)
            .about(case.id)
            .facts(json!({ "role": party.role, "reach": party.reach, "ceiling": party.ceiling.as_str(), "organisation": party.organisation }))
            .particulars(json!({ "name": party.name, "mail": party.mail, "phone": party.phone })),
    );
    severity::judge_again(tx, app, case.id).await?;
    Ok(party.id)
}

/// A mail address in its one spelling.
pub(super) fn address(text: &str) -> Result<String> {
    post::address::normalise(text).map_err(|error| Error::invalid(format!("The mail address cannot be used: {error}")))
}

/// A number to call as it is kept: what somebody typed, on one short line.
pub(super) fn number(text: &str) -> String {
    short_line(text, 60)
}

/// What was typed as a phone number has digits, or nothing was typed.
pub(super) fn is_callable(typed: &str) -> Result<()> {
    if typed.trim().is_empty() || typed.chars().filter(char::is_ascii_digit).count() >= 3 {
        Ok(())
    } else {
        Err(Error::invalid("Enter the phone number with its digits"))
    }
}

/// Whoever is to be reached in a way has what it takes.
pub(super) fn has_way(reach: &str, mail: Option<&str>, phone: &str) -> Result<()> {
    match (reach, mail, phone) {
        ("mail", None, _) => Err(Error::invalid("Enter a mail address, or choose another way to reach the party")),
        ("phone", _, "") => Err(Error::invalid("Enter a phone number, or choose another way to reach the party")),
        _ => Ok(()),
    }
}

/// Whether two parties are one: written to at one address or, where there is none, of one organisation or name.
fn is_same(one: &Party, other: &Party) -> bool {
    match (&one.mail, &other.mail) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (None, None) => (one.organisation.is_some() && one.organisation == other.organisation) || one.name.eq_ignore_ascii_case(&other.name),
        _ => false,
    }
}
