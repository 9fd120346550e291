//! What is changed about a party by hand: how it is called and reached, and whether it may be named.

use data_encoding::BASE64URL_NOPAD;
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use store::{Id, Record, Tx};

use super::add::{address, has_way, is_callable, number};
use super::found::index;
use super::{Party, REACHES, ROLES, get, held_for, links, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::severity;
use crate::{App, Error, Result, reports};

/// What of a party may be changed by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// Name.
    pub name: String,
    /// Alias, or empty.
    pub alias: String,
    /// One of [`ROLES`].
    pub role: String,
    /// Mail address.
    pub mail: Option<String>,
    /// Number to call, or empty.
    pub phone: String,
    /// Language tag.
    pub language: String,
    /// One of [`REACHES`].
    pub reach: String,
    /// The highest label that it may get.
    pub ceiling: Tlp,
    /// Whether somebody of the team knows that this is its name.
    pub checked: bool,
}

impl Changes {
    /// What a party holds now.
    pub fn of(party: &Party) -> Self {
        Self {
            name: party.name.clone(),
            alias: party.alias.clone(),
            role: party.role.clone(),
            mail: party.mail.clone(),
            phone: party.phone.clone(),
            language: party.language.clone(),
            reach: party.reach.clone(),
            ceiling: party.ceiling,
            checked: party.checked,
        }
    }

    /// What the form shows: what it calls it, and what stands there, in words.
    pub fn parts(&self) -> [(&'static str, String); 9] {
        let word = |list: &[(&str, &str)], stored: &str| list.iter().find(|(name, _)| *name == stored).map_or_else(String::new, |(_, word)| (*word).to_owned());
        [
            ("Name", self.name.trim().to_owned()),
            ("Verified", if self.checked { "yes" } else { "no" }.to_owned()),
            ("Alias", self.alias.trim().to_owned()),
            ("Role", word(&ROLES, &self.role)),
            ("Mail address", self.mail.as_deref().unwrap_or_default().trim().to_owned()),
            ("Phone", self.phone.trim().to_owned()),
            ("Reached", word(&REACHES, &self.reach)),
            ("Language", self.language.clone()),
            ("Highest label it may get", self.ceiling.marking().to_owned()),
        ]
    }

    /// Just these values as text: a form says by it what it was filled from.
    pub fn mark(&self) -> String {
        let Self { role, language, reach, ceiling, checked, .. } = self;
        let mail = self.mail.as_deref().unwrap_or_default().trim();
        let values = json!([self.name.trim(), self.alias.trim(), role, mail, self.phone.trim(), language, reach, ceiling.as_str(), checked]);
        BASE64URL_NOPAD.encode(values.to_string().as_bytes())
    }

    /// What [`Changes::mark`] wrote; none of another text.
    pub fn marked(mark: &str) -> Option<Self> {
        type Values = (String, String, String, String, String, String, String, String, bool);
        let (name, alias, role, mail, phone, language, reach, ceiling, checked): Values =
            serde_json::from_slice(&BASE64URL_NOPAD.decode(mark.as_bytes()).ok()?).ok()?;
        Some(Self { name, alias, role, mail: Some(mail).filter(|mail| !mail.is_empty()), phone, language, reach, ceiling: ceiling.parse().ok()?, checked })
    }

    /// What was typed into a form that was filled from `base`, on top of what was saved meanwhile: what was not touched
    /// here stays as it is now.
    #[must_use]
    pub fn on_top_of(self, base: &Self, now: &Self) -> Self {
        let text = |typed: String, base: &str, now: &str| if typed.trim() == base.trim() { now.to_owned() } else { typed };
        let mail = |one: &Self| one.mail.clone().unwrap_or_default();
        Self {
            mail: Some(text(mail(&self), &mail(base), &mail(now))),
            phone: text(self.phone, &base.phone, &now.phone),
            name: text(self.name, &base.name, &now.name),
            alias: text(self.alias, &base.alias, &now.alias),
            role: text(self.role, &base.role, &now.role),
            language: text(self.language, &base.language, &now.language),
            reach: text(self.reach, &base.reach, &now.reach),
            ceiling: if self.ceiling == base.ceiling { now.ceiling } else { self.ceiling },
            checked: if self.checked == base.checked { now.checked } else { self.checked },
        }
    }
}

/// Changes how a party is called and reached. `seen` is the mark of what was looked at; if somebody else
/// changed the party since, it comes back as it is now and nothing is written.
pub async fn change(app: &App, who: &Who, id: Id, seen: &str, changes: Changes) -> Result<Option<Changes>> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            // A message that is released at this moment waits, or has left already and its link turns.
            let (case, mut party) = held_for(tx, who, id).await?;
            let now = Changes::of(&party);
            if now.parts() == changes.parts() {
                return Ok(None);
            }
            if now.mark() != seen {
                return Ok(Some(now));
            }
            if changes.name.trim().is_empty() {
                return Err(Error::invalid("Give the party a name"));
            }
            let known = |list: &[(&str, &str)], word: &str| list.iter().any(|(name, _)| *name == word);
            if !known(&ROLES, &changes.role) || !known(&REACHES, &changes.reach) {
                return Err(Error::invalid("Choose a role and a way to reach the party"));
            }
            let before = party.mail.take();
            party.mail = changes.mail.filter(|mail| !mail.trim().is_empty()).map(|mail| address(&mail)).transpose()?;
            is_callable(&changes.phone)?;
            has_way(&changes.reach, party.mail.as_deref(), changes.phone.trim())?;
            if party.mail != before {
                stays_with_its_reporter(tx, &party).await?;
                // Another address is not the contact's any more: what bounces there says nothing of the contact.
                party.contact = None;
                // Whoever has the address before was sent the link to this page, and reads nothing more there.
                if before.is_some() && party.last_out.is_some() {
                    let ended = party.link_ended;
                    links::turn(tx, app, &mut party, ended).await?;
                    tx.record(Record::new("party.link_changed", "party", party.id).about(case.id).facts(json!({ "turn": party.link_turn })));
                }
            }
            let was = party.ceiling;
            party.name = changes.name.trim().to_owned();
            party.alias = changes.alias.trim().to_owned();
            party.phone = number(&changes.phone);
            (party.role, party.reach, party.language, party.ceiling) = (changes.role, changes.reach, changes.language, changes.ceiling);
            party.checked = changes.checked;
            rows::update_party(tx, &party).await?;
            index(tx, &party).await?;
            tx.record(
                Record::new("party.changed", "party", party.id)
                    .about(case.id)
                    .facts(json!({ "role": party.role, "reach": party.reach, "ceiling": party.ceiling.as_str(), "was": was.as_str(), "name_checked": party.checked }))
                    .particulars(json!({ "name": party.name, "mail": party.mail, "phone": party.phone })),
            );
            severity::judge_again(tx, app, case.id).await?;
            Ok(None)
        })
        .await
}

/// A thread belongs to one person: what the reporter writes on the page of the report comes into it, and
/// what was said to the reporter is for nobody who has another address.
async fn stays_with_its_reporter(tx: &mut Tx, party: &Party) -> Result<()> {
    let Some(id) = party.report else { return Ok(()) };
    let spoken = party.last_in.is_some() || party.last_out.is_some();
    let report = reports::reported(tx, &[id]).await?.into_iter().next();
    let own = party.mail.as_deref().is_none_or(|mail| report.is_some_and(|report| report.mail.eq_ignore_ascii_case(mail)));
    if spoken || !own {
        return Err(Error::conflict(
            "This thread is the reporter's and goes where the report came from. Add the other person, or the other address, as a party of its own.",
        ));
    }
    Ok(())
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
