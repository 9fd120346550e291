//! What a constituent sees once it is logged in: its organisation's reports, its slice of the cases
//! that it takes part in, the recommendations that wait for it, and how we reach it.
//!
//! Every reading here begins with the member's own organisation and asks for rows of that
//! organisation only; what belongs to another is not found, as if it were not there.

pub mod assets_web;
pub mod events_web;
pub mod findings_web;
pub mod notices_web;
pub mod publications_web;
pub mod registry_web;
pub mod web;

use jiff::{SignedDuration, Timestamp};
use store::{Id, Reader};

use crate::access::{Noun, Verb, Who, require};
use crate::cases::messages;
use crate::cases::parties::{self, Party, Slice};
use crate::cases::recommendations::Recommendation;
use crate::constituency::{self, Contact};
use crate::reports::{self, Answer, NewFile, Reported, Said};
use crate::{App, Error, Result, cases, release};

/// A case as the list shows it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The slice.
    pub slice: Slice,
    /// Whether we wait for the organisation.
    pub waits: bool,
    /// What it was last told about; a case's own title is the team's.
    pub subject: String,
}

/// A recommendation that waits for an answer, with where it is answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The recommendation.
    pub one: Recommendation,
    /// The case's number.
    pub number: String,
    /// The party that it was given to.
    pub party: Id,
}

/// All that an organisation sees at a glance.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The organisation's name.
    pub name: String,
    /// Cases it takes part in, a page of them.
    pub parts: Vec<Part>,
    /// Where the next page of them begins.
    pub next: Option<String>,
    /// In how many threads we wait for its answer.
    pub waiting: i64,
    /// What waits for its answer.
    pub asked: Vec<Asked>,
    /// Its newest reports.
    pub reports: Vec<Reported>,
    /// Its contacts that are valid now.
    pub contacts: Vec<Contact>,
}

/// How many cases of the list stand on a page.
const PAGE: usize = 50;

/// The key of a place in the list, as an address has it: a case and a thread in it.
pub fn key_of(text: &str) -> Option<(Id, Id)> {
    let (case, party) = text.split_once('-')?;
    Some((case.parse().ok()?, party.parse().ok()?))
}

/// The organisation of a member who is logged in.
fn organisation(who: &Who) -> Result<Id> {
    require(who, Verb::See, Noun::Membership)?;
    who.organisation().ok_or(Error::NotFound)
}

/// The first page; its list of cases from below a place.
pub async fn overview(reader: &mut Reader, app: &App, who: &Who, below: Option<(Id, Id)>) -> Result<Overview> {
    let id = organisation(who)?;
    let name = constituency::known(reader, &[id]).await?.into_iter().next().map(|one| one.name).ok_or(Error::NotFound)?;
    let mut slices = parties::of_organisation(reader, id, below, PAGE + 1).await?;
    let more = slices.len() > PAGE;
    slices.truncate(PAGE);
    let next = slices.last().filter(|_| more).map(|last| format!("{}-{}", last.party.case, last.party.id));
    let waits = messages::asked_of(reader, id).await?;
    let keys: Vec<String> = waits.iter().map(|(one, _)| parties::key_of(one.party)).collect();
    let told = release::told_to_each(reader, &app.profile, &keys).await?;
    let asked = waits.into_iter().filter_map(|(one, number)| {
        // Shown again as far as the message that carried it may be.
        let (message, party) = (one.message?, one.party);
        let one = told.get(&parties::key_of(party))?.again(message, false, one)?.into_value();
        Some(Asked { one, number, party })
    });
    let mut subjects = messages::last_subjects(reader, app, &slices.iter().map(|slice| slice.party.id).collect::<Vec<_>>()).await?;
    let parts = slices.into_iter().map(|slice| {
        let subject = subjects.remove(&slice.party.id).unwrap_or_default();
        Part { waits: slice.party.waiting_since(slice.open).is_some(), subject, slice }
    });
    let (asked, parts) = (asked.collect(), parts.collect());
    let newest = reports::of_organisation(reader, id, 50).await?;
    let reports = as_given(reader, newest).await?;
    let now = reader.now();
    let contacts = constituency::contacts_at(reader, id, now).await?;
    let waiting = parties::count_waiting(reader, id).await?;
    Ok(Overview { name, parts, next, waiting, asked, reports, contacts })
}

/// Reports under the titles that their reporters gave them: those of the team are for its own eyes.
async fn as_given(reader: &mut Reader, mut reports: Vec<Reported>) -> Result<Vec<Reported>> {
    let mut titles = reports::given_titles(reader, &reports.iter().map(|report| report.id).collect::<Vec<_>>()).await?;
    for report in &mut reports {
        report.title = titles.remove(&report.id).unwrap_or_else(|| report.number.clone());
    }
    Ok(reports)
}

/// The organisation's slice of a case; of a certain thread, if it has several there.
pub async fn part(reader: &mut Reader, who: &Who, number: &str, party: Option<Id>) -> Result<Party> {
    let slices = parties::of_organisation_in(reader, organisation(who)?, number).await?;
    let mut found = slices.into_iter().filter(|slice| party.is_none_or(|id| id == slice.party.id));
    found.next().map(|slice| slice.party).ok_or(Error::NotFound)
}

/// The thread of a report, as its organisation may see it.
pub struct Told {
    /// What was said, oldest first.
    pub said: Vec<Said>,
    /// When mails came that are not shown, because they may be another's.
    pub held: Vec<Timestamp>,
}

/// A report of the organisation, what was said about it, and the cases it is coordinated in, as far
/// as the organisation takes part.
pub async fn report(reader: &mut Reader, app: &App, who: &Who, number: &str) -> Result<(Reported, Told, Vec<Slice>)> {
    let id = organisation(who)?;
    let found = reports::one_of_organisation(reader, id, number).await?.into_iter().collect();
    let report = as_given(reader, found).await?.pop().ok_or(Error::NotFound)?;
    let told = release::told(reader, &app.profile, &format!("reporter:{}", report.id)).await?;
    let thread = reports::thread(reader, report.id).await?;
    let held = thread.iter().filter(|said| said.is_undecided()).map(|said| said.at).collect();
    let thread = thread.into_iter().filter(|said| said.state != "automatic");
    let said = thread.filter_map(|said| told.again(said.id, said.is_own(), said)).map(release::Released::into_value).collect();
    let mine = parties::of_organisation_from(reader, id, report.id).await?;
    Ok((report, Told { said, held }, mine))
}

/// Takes what a member writes to a report of its organisation that we do not coordinate with it in a
/// case; there, the thread of the case takes it.
pub async fn reply(app: &App, who: &Who, number: &str, words: &str, files: Vec<NewFile>) -> Result<()> {
    require(who, Verb::Change, Noun::Membership)?;
    let organisation = organisation(who)?;
    let (raw, channel) = (Some(app.blobs.seal(words.as_bytes())?), "portal");
    app.db
        .change(&who.to_string(), async |tx| {
            let report = reports::one_of_organisation(tx, organisation, number).await?.ok_or(Error::NotFound)?;
            // A form sent twice by an impatient finger is one answer.
            let since = tx.now() - SignedDuration::from_mins(2);
            let same = |said: &Said| said.direction == "in" && said.channel == channel && said.body == words && said.at >= since;
            if files.is_empty() && reports::thread(tx, report.id).await?.iter().any(same) {
                return Ok(());
            }
            let answer = Answer { raw, files, ..Answer::of(channel, words) };
            cases::receive_for_report(tx, app, report.id, answer, "the member answered").await.map(drop)
        })
        .await
}
