//! Parties: who takes part in a case, and the thread with each. A party *is* a thread; it sees its
//! own slice of the case and nothing of another's.

use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Id, Reader, Record, Tx};

use super::party_store as rows;
use super::templates::Known;
use super::{Case, lives_in, see, touch_in};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency;
use crate::{App, Error, Result, clocks, reports};

/// Roles, with what people call them.
pub const ROLES: [(&str, &str); 6] =
    [("target", "target"), ("source", "source"), ("intermediary", "intermediary"), ("reporter", "reporter"), ("peer", "peer"), ("other", "other")];

/// Ways to reach a party, with what people call them.
pub const REACHES: [(&str, &str); 3] = [("mail", "by mail"), ("portal", "on its page"), ("phone", "by phone")];

/// A party of a case.
#[derive(Clone, Debug)]
pub struct Party {
    /// Id; also the thread's.
    pub id: Id,
    /// The case.
    pub case: Id,
    /// The organisation, if it is in the registry.
    pub organisation: Option<Id>,
    /// The contact that is written to.
    pub contact: Option<Id>,
    /// The report that it made, if it is its reporter.
    pub report: Option<Id>,
    /// Name.
    pub name: String,
    /// What others may call it while it is not named; may be empty.
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
    /// Until when it may be named to others.
    pub consent_until: Option<Timestamp>,
    /// Who gave or withdrew that, and what was said.
    pub consent_note: String,
    /// When it last answered.
    pub last_in: Option<Timestamp>,
    /// When we last wrote.
    pub last_out: Option<Timestamp>,
    /// Answers that nobody has read.
    pub unread: i64,
    /// When it was added.
    pub added_at: Timestamp,
}

impl Party {
    /// Whether it may be named to others now.
    pub fn consents(&self, now: Timestamp) -> bool {
        self.consent_until.is_some_and(|until| until > now)
    }

    /// [`Self::consents`], for pages.
    pub fn is_named(&self, now: &Timestamp) -> bool {
        self.consents(*now)
    }

    /// Whether this is the lane that is looked at.
    pub fn is(&self, current: &Option<Id>) -> bool {
        *current == Some(self.id)
    }

    /// Since when we wait for its answer.
    pub fn waiting_since(&self) -> Option<Timestamp> {
        self.last_out.filter(|out| self.last_in.is_none_or(|came| came < *out))
    }

    /// Its key in the disclosure ledger.
    pub fn key(&self) -> String {
        format!("party:{}", self.id)
    }

    /// The page of its thread in the console.
    pub fn path(&self, number: &str) -> String {
        format!("/cases/{number}/parties/{}", self.id)
    }
}

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
    /// Language, if not the contact's.
    pub language: Option<String>,
    /// One of [`REACHES`]; the contact's when empty.
    pub reach: String,
    /// Ceiling, if not the organisation's or the team's.
    pub ceiling: Option<Tlp>,
}

/// Adds a party to a case. Says its id.
pub async fn add(app: &App, who: &Who, case: Id, new: NewParty) -> Result<Id> {
    app.db.change(&who.to_string(), async |tx| add_in(tx, app, who, case, new).await).await
}

/// Adds a party inside a change that does more.
pub async fn add_in(tx: &mut Tx, app: &App, who: &Who, case: Id, new: NewParty) -> Result<Id> {
    require(who, Verb::Change, Noun::Case)?;
    let case = see::get(tx, who, case).await?;
    if case.merged_into.is_some() {
        return Err(Error::conflict("This case was merged into another one; add the party there."));
    }
    if !ROLES.iter().any(|(role, _)| *role == new.role) {
        return Err(Error::invalid("Choose the party's role"));
    }
    // A reporter takes part once, however often it is added.
    if let Some(report) = new.report {
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
    let candidates = constituency::contacts_of(tx, &ids).await?;
    let contact = match new.contact {
        Some(id) => candidates.into_iter().find(|one| one.id == id),
        None if new.mail.is_none() => constituency::choose(&candidates, tx.now()).contact,
        None => None,
    };
    let report = match new.report {
        Some(id) => reports::reported(tx, &[id]).await?.into_iter().next(),
        None => None,
    };
    let mail = new
        .mail
        .or_else(|| contact.as_ref().and_then(|one| one.mail.clone()))
        .or_else(|| report.as_ref().and_then(|one| reports::mailable(&one.mail)).map(str::to_owned))
        .filter(|mail| !mail.trim().is_empty());
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
    let language = new
        .language
        .filter(|tag| !tag.is_empty())
        .or_else(|| contact.as_ref().map(|one| one.language.clone()))
        .or_else(|| report.as_ref().map(|one| one.language.clone()))
        .or_else(|| organisation.as_ref().map(|one| one.language.clone()))
        .filter(|tag| !tag.is_empty())
        .unwrap_or_else(|| app.profile.default_language().to_owned());
    let reach = [new.reach.as_str(), contact.as_ref().map_or("", |one| &one.reach), if mail.is_some() { "mail" } else { "portal" }]
        .into_iter()
        .find(|reach| REACHES.iter().any(|(known, _)| known == reach))
        .unwrap_or("portal");
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
        language,
        ceiling: new.ceiling.or_else(|| organisation.as_ref().and_then(|one| one.ceiling)).unwrap_or(app.profile.labels.recipient),
        consent_until: None,
        consent_note: String::new(),
        last_in: None,
        last_out: None,
        unread: 0,
        added_at: tx.now(),
    };
    rows::insert_party(tx, &party, hash_of(&secret(app, party.id))).await?;
    touch_in(tx, case.id).await?;
    tx.record(
        Record::new("party.added", "party", party.id)
            .about(case.id)
            .facts(json!({ "role": party.role, "reach": party.reach, "ceiling": party.ceiling.as_str(), "organisation": party.organisation }))
            .particulars(json!({ "name": party.name, "mail": party.mail })),
    );
    Ok(party.id)
}

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
            Ok(())
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

/// A party and its case, if this person of the team may know of the case.
pub async fn get(reader: &mut Reader, who: &Who, id: Id) -> Result<(Case, Party)> {
    require(who, Verb::See, Noun::Case)?;
    let party = rows::party(reader, id).await?.ok_or(Error::NotFound)?;
    Ok((see::get(reader, who, party.case).await?, party))
}

/// The parties of a case in the order in which they came: its lanes. One statement, however many.
pub async fn of(reader: &mut Reader, case: &Case) -> Result<Vec<Party>> {
    rows::parties(reader, case.id).await
}

/// Somebody looked at the thread.
pub async fn mark_read(app: &App, who: &Who, id: Id) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, party) = get(tx, who, id).await?;
            if rows::mark_read(tx, party.id).await? > 0 {
                tx.record(Record::new("thread.read", "party", party.id).about(case.id));
            }
            Ok(())
        })
        .await
}

/// The secret in the link of a party's page: 128 bits that only this installation can make.
pub fn secret(app: &App, party: Id) -> String {
    spell(app.key.mac("party's page", &[&party.0]))
}

/// 26 small letters and digits for the first 128 bits.
pub(super) fn spell(mac: [u8; 32]) -> String {
    data_encoding::BASE32_NOPAD.encode(mac.get(..16).unwrap_or(&mac)).to_ascii_lowercase()
}

/// What the database keeps of a secret.
pub(super) fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.trim().to_ascii_lowercase().as_bytes()).into()
}

/// The address of a party's page.
pub fn link(app: &App, party: Id) -> String {
    format!("{}/party/{}", app.profile.web.public_url, secret(app, party))
}

/// The report that a party made, as long as it is written to where the report came from: another
/// address is not the reporter's, and its page is not for it.
pub async fn report_of(reader: &mut Reader, party: &Party) -> Result<Option<reports::Reported>> {
    let Some(id) = party.report else { return Ok(None) };
    let found = reports::reported(reader, &[id]).await?.into_iter().next();
    Ok(found.filter(|report| party.mail.as_deref().is_none_or(|mail| mail.eq_ignore_ascii_case(&report.mail))))
}

/// Whether a reporter writes on their own account: no organisation is known behind them.
pub async fn is_person(reader: &mut Reader, party: &Party) -> Result<bool> {
    Ok(party.organisation.is_none() && report_of(reader, party).await?.is_some_and(|report| report.org.trim().is_empty()))
}

/// Number and page under which a party knows the matter.
pub async fn known_as(reader: &mut Reader, app: &App, case: &Case, party: &Party) -> Result<Known> {
    Ok(match report_of(reader, party).await? {
        Some(report) => Known {
            page: reports::link(reader, app, report.id).await?,
            report: true,
            person: party.organisation.is_none() && report.org.trim().is_empty(),
            number: report.number,
        },
        None => Known { number: case.number.clone(), page: link(app, party.id), report: false, person: false },
    })
}

/// Whether a clock waits for an answer to this party: the case's own, or its report's.
pub async fn waits(reader: &mut Reader, case: &Case, party: &Party) -> Result<bool> {
    let mut about = vec![case.id];
    let ids = rows::reports_of(reader, case.id).await?;
    about.extend(reports::reported(reader, &ids).await?.into_iter().filter(|report| answers(party, report)).map(|report| report.id));
    Ok(clocks::of_many(reader, &about).await?.iter().any(clocks::Clock::runs))
}

/// Whether an answer to this party is what was promised to that reporter: it is the reporter, or the
/// reporter left no address.
pub(super) fn answers(party: &Party, report: &reports::Reported) -> bool {
    party.report == Some(report.id) || report.mail.is_empty() || party.mail.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(&report.mail))
}

/// The party whose page has this secret.
pub async fn by_secret(reader: &mut Reader, secret: &str) -> Result<Party> {
    rows::party_by_secret(reader, hash_of(secret)).await?.ok_or(Error::NotFound)
}

/// A party, for its own pages.
pub async fn by_id(reader: &mut Reader, id: Id) -> Result<Party> {
    rows::party(reader, id).await?.ok_or(Error::NotFound)
}

/// A slice that an organisation sees of a case.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The party that the organisation is.
    pub party: Party,
    /// The case's number.
    pub number: String,
    /// Whether work goes on.
    pub open: bool,
}

/// The slices of an organisation, newest case first. It sees a case once we have written to it, or
/// it to us; before that, that there is a case at all is not told.
pub async fn of_organisation(reader: &mut Reader, organisation: Id) -> Result<Vec<Slice>> {
    let parties = rows::parties_of_organisation(reader, organisation).await?;
    let ids: Vec<Id> = parties.iter().map(|party| party.case).collect();
    let cases = rows::numbers(reader, &ids).await?;
    let slices = parties.into_iter().filter(|party| party.last_out.or(party.last_in).is_some()).filter_map(|party| {
        let (_, number, state) = cases.iter().find(|(id, _, _)| *id == party.case)?;
        Some(Slice { number: number.clone(), open: state == "open", party })
    });
    Ok(slices.collect())
}

/// The number of a party's case and whether work goes on there; a merged case lives on in another.
pub async fn case_of(reader: &mut Reader, party: &Party) -> Result<(String, bool)> {
    let case = lives_in(reader, party.case).await?;
    Ok((case.number.clone(), case.is_open()))
}

/// The party that a reporter is in the cases of a report.
pub async fn of_report(reader: &mut Reader, report: Id) -> Result<Vec<Party>> {
    rows::parties_of_report(reader, report).await
}

/// A mail address in its one spelling.
fn address(text: &str) -> Result<String> {
    post::address::normalise(text).map_err(|error| Error::invalid(format!("The mail address cannot be used: {error}")))
}
