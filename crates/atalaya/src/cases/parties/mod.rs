//! Parties: who takes part in a case, and the thread with each. A party *is* a thread; it sees its
//! own slice of the case and nothing of another's.

mod add;
mod add_many;
mod change;
mod end;
mod found;
mod links;
mod remove;

use ::store::{Id, Reader, Record, Tx};
use formats::label::Tlp;
use jiff::Timestamp;

use super::{Case, lives_in, message_store, party_store as rows, see, store};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::KeptBy;
use crate::{App, Error, Result, clocks, keys, reports};

pub use add::{NewParty, add, add_in};
pub use add_many::{Added, add_organisations};
pub use change::{Changes, change, set_consent};
pub use end::{end, take_up};
pub use found::index_parties;
pub(super) use links::link_is_ended;
pub(super) use links::{by_mail, hash_of, link_went_in_clear_in, spell};
pub use links::{by_secret, end_link, end_links_of_report, issue_link, known_as, link};
pub use remove::remove;

/// Roles, with what people call them.
pub const ROLES: [(&str, &str); 6] =
    [("target", "target"), ("source", "source"), ("intermediary", "intermediary"), ("reporter", "reporter"), ("peer", "peer"), ("other", "other")];

/// Ways to reach a party, with what people call them.
pub const REACHES: [(&str, &str); 3] = [("mail", "by mail"), ("portal", "on its page"), ("phone", "by phone")];

/// Whether what a party wrote last came encrypted: its newest answer, or the report that it made.
pub async fn last_came_encrypted(reader: &mut Reader, party: Id) -> Result<bool> {
    let last = message_store::of_party(reader, party).await?.into_iter().rfind(|message| !message.ours() && message.channel == "mail");
    let noun = match last {
        Some(message) => Some(message.id),
        None => rows::party(reader, party).await?.and_then(|party| party.report),
    };
    match noun {
        Some(noun) => keys::seen::was_encrypted(reader, noun).await,
        None => Ok(false),
    }
}

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
    /// Number to call; empty if nobody knows one.
    pub phone: String,
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
    /// Since when there are any.
    pub unread_at: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
    /// Whose turn the secret of its page is: each time it was ended, the next.
    pub(in crate::cases) link_turn: i64,
    /// Whether its link was ended and none was issued since.
    pub link_ended: bool,
    /// Whether its link went out in a mail that anybody on its way can read.
    pub(in crate::cases) link_in_clear: bool,
    /// Whether somebody of the team knows that this is its name; else it is what its report says of itself.
    pub checked: bool,
    /// Since when it takes part no longer.
    pub ended_at: Option<Timestamp>,
    /// Why.
    pub ended_reason: String,
    /// Since when what it wrote after the end of the case waits for somebody to say whether work goes on.
    pub asked_at: Option<Timestamp>,
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

    /// Since when we wait for its answer. In a case that ended nobody does.
    pub fn waiting_since(&self, open: bool) -> Option<Timestamp> {
        self.last_out.filter(|out| open && self.ended_at.is_none() && self.last_in.is_none_or(|came| came < *out))
    }

    /// What its lane says of the conversation, and since when.
    pub fn standing(&self, open: bool) -> (&'static str, Option<Timestamp>) {
        let spoke_last = self.last_in.is_none_or(|came| self.last_out.is_some_and(|out| came < out));
        match (self.waiting_since(open), self.last_in, self.last_out) {
            _ if self.ended_at.is_some() => ("ended", None),
            (Some(since), _, _) => ("waiting since", Some(since)),
            (None, _, Some(told)) if spoke_last => ("last told", Some(told)),
            (None, Some(came), _) => ("answered", Some(came)),
            _ => ("nothing told yet", None),
        }
    }

    /// Its answers that nobody has read: news while work goes on or somebody has to decide whether it does, a fact otherwise.
    pub fn unread_words(&self, open: bool) -> String {
        unread_words(self.unread, open || self.asked_at.is_some())
    }

    /// Whether it wrote after the end itself; or else only what may be from it came.
    pub fn asked(&self) -> bool {
        self.asked_at.is_some_and(|since| self.last_in.is_some_and(|came| came >= since))
    }

    /// What stands against telling it anything more.
    pub(in crate::cases) fn against(&self) -> Vec<String> {
        let ended = format!("{} takes part no longer ({}): take it up again on its page first.", self.name, self.ended_reason);
        self.ended_at.map(|_| ended).into_iter().collect()
    }

    /// Its key in the disclosure ledger.
    pub fn key(&self) -> String {
        key_of(self.id)
    }

    /// The page of its thread in the console.
    pub fn path(&self, number: &str) -> String {
        format!("/cases/{number}/parties/{}", self.id)
    }
}

/// Those who wrote after the end of their case and wait for somebody to say whether work goes on.
pub fn after_end(lanes: &[Party]) -> Vec<&Party> {
    lanes.iter().filter(|party| party.asked_at.is_some()).collect()
}

/// How many answers nobody has read, in words; empty when there are none.
pub fn unread_words(unread: i64, open: bool) -> String {
    match (unread, open) {
        (0, _) => String::new(),
        (_, true) => format!("{unread} new"),
        (_, false) => format!("{unread} not read"),
    }
}

/// The key of the party of this id in the disclosure ledger.
pub fn key_of(id: Id) -> String {
    format!("party:{id}")
}

/// A party and its case, if this person of the team may know of the case.
pub async fn get(reader: &mut Reader, who: &Who, id: Id) -> Result<(Case, Party)> {
    require(who, Verb::See, Noun::Case)?;
    let party = rows::party(reader, id).await?.ok_or(Error::NotFound)?;
    Ok((see::get(reader, who, party.case).await?, party))
}

/// A party and its case, both held until this change ends, the case first as everywhere ([`see::hold`]).
pub(super) async fn held(tx: &mut Tx, id: Id) -> Result<(Case, Party)> {
    let before = rows::party(tx, id).await?.ok_or(Error::NotFound)?;
    see::hold(tx, &[before.case]).await?;
    tx.hold("parties", id).await?;
    let party = rows::party(tx, id).await?.ok_or(Error::NotFound)?;
    if party.case != before.case {
        // Its case was merged away while we waited; nobody moves it again before we end.
        see::hold(tx, &[party.case]).await?;
    }
    Ok((store::load(tx, party.case).await?, party))
}

/// [`held`], if this person of the team may know of the case.
pub(super) async fn held_for(tx: &mut Tx, who: &Who, id: Id) -> Result<(Case, Party)> {
    require(who, Verb::See, Noun::Case)?;
    let (case, party) = held(tx, id).await?;
    if see::may_see(&case, who) { Ok((case, party)) } else { Err(Error::NotFound) }
}

/// The parties of a case in the order in which they came: its lanes. One statement, however many.
pub async fn of(reader: &mut Reader, case: &Case) -> Result<Vec<Party>> {
    rows::parties(reader, case.id).await
}

/// The same as a page has them beside it: first those with an answer that nobody has read.
pub async fn lanes(reader: &mut Reader, case: &Case) -> Result<Vec<Party>> {
    let mut lanes = of(reader, case).await?;
    lanes.sort_by_key(|party| party.unread == 0);
    Ok(lanes)
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

/// What waits for an answer to this party, in words: promises of its report, and those of the case that it keeps.
pub async fn waits(reader: &mut Reader, app: &App, case: &Case, party: &Party) -> Result<Vec<String>> {
    let ids = rows::reports_of(reader, case.id).await?;
    let reports = reports::reported(reader, &ids).await?;
    let mut about = vec![case.id];
    about.extend(reports.iter().filter(|report| answers(party, report)).map(|report| report.id));
    let clocks = clocks::of_many(reader, &about).await?;
    let waiting = clocks.iter().filter(|clock| clock.runs() && (clock.about != case.id || keeps(party, &reports, clock.kept_by(&app.profile))));
    let words = waiting.map(|clock| {
        let of = reports.iter().find(|report| report.id == clock.about).map_or(case.number.as_str(), |report| report.number.as_str());
        format!("{of}: {}", clock.title(&app.profile, "en").trim_end_matches('.'))
    });
    Ok(words.collect())
}

/// Whether a substantive message to this party keeps such a promise of a case with these reports. Where nobody
/// reported, whoever is told first is answered.
pub(super) fn keeps(party: &Party, reports: &[reports::Reported], promise: KeptBy) -> bool {
    match promise {
        KeptBy::Answer => reports.is_empty() || reports.iter().any(|report| answers(party, report)),
        KeptBy::Contact => matches!(party.role.as_str(), "target" | "source" | "intermediary"),
        KeptBy::Closing => false,
    }
}

/// Whether a message to this party is the answer that was promised to that reporter: it goes to the address
/// that the report came from, or, where none is known, into the reporter's own thread, which stands on the
/// report's page. What we say to anybody else answers no reporter, however silent this one is.
pub(super) fn answers(party: &Party, report: &reports::Reported) -> bool {
    match party.mail.as_deref().filter(|mail| !mail.is_empty()) {
        Some(mail) if !report.mail.is_empty() => mail.eq_ignore_ascii_case(&report.mail),
        _ => party.report == Some(report.id),
    }
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

/// The slices of an organisation, newest case first, from below a key: case and party. It sees a case once we
/// have written to it, or it to us; before that, that there is a case at all is not told.
pub async fn of_organisation(reader: &mut Reader, organisation: Id, below: Option<(Id, Id)>, limit: usize) -> Result<Vec<Slice>> {
    let parties = rows::parties_of_organisation(reader, organisation, below, limit).await?;
    slices(reader, parties).await
}

/// The slices of an organisation in the case of a number, its newest thread there first.
pub async fn of_organisation_in(reader: &mut Reader, organisation: Id, number: &str) -> Result<Vec<Slice>> {
    let parties = rows::parties_in_case(reader, organisation, number).await?;
    slices(reader, parties).await
}

/// The slices in which an organisation is the reporter of a report.
pub async fn of_organisation_from(reader: &mut Reader, organisation: Id, report: Id) -> Result<Vec<Slice>> {
    let mut parties = rows::parties_of_report(reader, report).await?;
    parties.retain(|party| party.organisation == Some(organisation));
    parties.sort_by_key(|party| std::cmp::Reverse((party.case.0, party.id.0)));
    slices(reader, parties).await
}

async fn slices(reader: &mut Reader, mut parties: Vec<Party>) -> Result<Vec<Slice>> {
    parties.retain(|party| party.last_out.or(party.last_in).is_some());
    let ids: Vec<Id> = parties.iter().map(|party| party.case).collect();
    let cases = rows::numbers(reader, &ids).await?;
    let slices = parties.into_iter().filter_map(|party| {
        let (_, number, state) = cases.iter().find(|(id, _, _)| *id == party.case)?;
        Some(Slice { number: number.clone(), open: state == "open", party })
    });
    Ok(slices.collect())
}

/// In how many threads of an organisation we wait for its answer.
pub async fn count_waiting(reader: &mut Reader, organisation: Id) -> Result<i64> {
    rows::count_waiting(reader, organisation).await
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
