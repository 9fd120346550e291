//! A rule played over the last month: who would have got how many notices, and the exact text of one.
//! The same functions as in a run; nothing is sent and nothing is noted.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ::store::Id;
use formats::label::Tlp;
use jiff::{SignedDuration, Timestamp};

use super::claim;
use super::compare::{self, Judge, Looked, Plan};
use super::gather::{Arrival, Registry, Waiting, gather};
use super::rule::{self, Rule};
use super::schedule::{self, When};
use super::send::{HEARD, Words, said};
use super::standing::Known;
use super::way::by_mail;
use super::{sheet, store, text};
use crate::access::{Noun, Verb, Who, require};
use crate::app::Guides;
use crate::constituency::{self, Choice, Organisation};
use crate::{App, Error, Result, people};

/// How far back.
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Events that are looked at at most.
const EVENTS: u64 = 5_000_000;
/// How long "at once" gathers.
const GATHER: SignedDuration = SignedDuration::from_mins(5);

/// What one organisation would have got.
#[derive(Clone, Debug)]
pub struct Month {
    /// The organisation.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// Notices.
    pub notices: u64,
    /// Events in them.
    pub events: u64,
    /// Findings that were new.
    pub fresh: u64,
    /// Whom they would go to, or why to nobody.
    pub to: String,
    /// Whether somebody would get them.
    pub reaches: bool,
}

/// The text of one notice.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Whose.
    pub name: String,
    /// When it would have gone.
    pub at: Timestamp,
    /// Subject.
    pub subject: String,
    /// The exact text, but for its number.
    pub text: String,
    /// Its language.
    pub language: String,
    /// Its label's marking.
    pub label: &'static str,
}

/// A dry run.
#[derive(Clone, Debug, Default)]
pub struct DryRun {
    /// By organisation, the most events first.
    pub months: Vec<Month>,
    /// The last notice of the organisation that was asked for, or of the first.
    pub sample: Option<Sample>,
    /// Whether there were too many events to look at all.
    pub cut: bool,
}

/// What is the same for all holders.
struct Frame<'a> {
    app: &'a App,
    rule: Rule,
    due: BTreeSet<Id>,
    since: Timestamp,
    now: Timestamp,
    floor: i64,
    newest: i64,
    guides: Guides,
}

/// Plays a rule, alone, over the last month.
pub async fn dry_run(app: &App, who: &Who, id: Id, shown: Option<Id>) -> Result<DryRun> {
    require(who, Verb::See, Noun::Event)?;
    let mut reader = app.db.read().await?;
    if store::is_half_filled(&mut reader).await? {
        return Err(Error::conflict("Event files are being read again: wait until all of them are stored, or look at those that are held or failed."));
    }
    let mut rule = store::rule(&mut reader, id).await?.ok_or(Error::NotFound)?;
    // A rule that is off or paused is tried as if it were not.
    (rule.says.state, rule.says.paused_until) = ("active".into(), None);
    let now = app.now();
    let since = now.checked_sub(MONTH).unwrap_or(now);
    let (floor, newest) = (store::arrival_before(&mut reader, since).await?, store::newest(&mut reader).await?);
    let holders = store::holders_since(&mut reader, floor).await?;
    let numbered = constituency::numbered(&mut reader, &holders).await?;
    drop(reader);
    let frame = Frame { app, due: BTreeSet::from([rule.id]), rule, since, now, floor, newest, guides: app.guides().await? };
    let mut found = DryRun::default();
    let mut heard = HashMap::new();
    for one in numbered {
        if found.months.iter().map(|month| month.events).sum::<u64>() > EVENTS {
            found.cut = true;
            break;
        }
        let mut reader = app.db.read().await?;
        let organisation = constituency::get(&mut reader, one.id).await?;
        if rule::of_organisation(vec![frame.rule.clone()], organisation.id, &organisation.status).is_empty() {
            continue;
        }
        let contacts = constituency::contacts_of(&mut reader, &[organisation.id]).await?;
        let contact = constituency::choose_for(&contacts, now, "abuse");
        drop(reader);
        let wanted = shown.map_or(found.sample.is_none(), |id| id == organisation.id);
        let (month, last) = frame.play(one.number, &organisation, &contact, &mut heard).await?;
        if wanted && let Some((at, plan)) = last {
            let logs_in = people::can_log_in(&mut app.db.read().await?, organisation.id).await?;
            found.sample = Some(frame.sample(&organisation, (&contact, logs_in), at, &plan)?);
        }
        if month.notices > 0 {
            found.months.push(month);
        }
    }
    found.months.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    Ok(found)
}

impl Frame<'_> {
    /// One organisation's month, and its last notice.
    async fn play(
        &self,
        holder: i64,
        organisation: &Organisation,
        contact: &Choice,
        heard: &mut HashMap<Timestamp, compare::Heard>,
    ) -> Result<(Month, Option<(Timestamp, Plan)>)> {
        let mut reader = self.app.db.read().await?;
        let arrivals = store::arrivals_of(&mut reader, holder, self.floor, self.newest).await?;
        let wrong = claim::wrong(&mut reader, holder).await?;
        drop(reader);
        let reaches = contact.contact.as_ref().is_some_and(|one| one.bounced_at.is_none() && one.can_be_written_to());
        let to = match &contact.contact {
            Some(one) if reaches => one.mail.clone().unwrap_or_else(|| one.name.clone()),
            _ => contact.why.clone(),
        };
        let mut month = Month { organisation: organisation.id, name: organisation.name.clone(), notices: 0, events: 0, fresh: 0, to, reaches };
        let registry = Registry::now(self.app, holder).await?;
        let (mut known, mut floor, mut last): (Arc<Vec<Known>>, i64, _) = (Arc::default(), self.floor, None);
        for at in self.moments(&arrivals) {
            let to = arrivals.iter().filter(|(.., read)| *read <= at).map(|(arrival, ..)| *arrival).max().unwrap_or(floor).max(floor);
            let part: Vec<Arrival> = arrivals.iter().filter(|(arrival, ..)| *arrival > floor && *arrival <= to).copied().collect();
            let judge = Judge {
                rules: std::slice::from_ref(&self.rule),
                due: &self.due,
                wrong: &wrong,
                most: Some(Tlp::Red),
                is_own: &|_| true,
                today: at.to_zoned(self.app.profile.calendar().zone().clone()).date(),
            };
            let Waiting { findings, passed, whole } = gather(self.app, holder, &part, &known, &judge).await?;
            let came = match heard.entry(at) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let back = at.checked_sub(HEARD).unwrap_or(at);
                    new.insert(store::heard(&mut self.app.db.read().await?, back, at, self.newest).await?)
                }
            };
            let mut plan = tokio::task::block_in_place(|| {
                let (left, known) = (registry.left(&known, self.now.as_microsecond()), Arc::unwrap_or_clone(known));
                let (overdue, past, now) = (0, i64::MAX, at.as_microsecond());
                compare::compare(Looked { judge, known, pending: findings, passed, left: &left, heard: came, whole, floor, to, overdue, past, now })
            });
            (known, floor) = (Arc::new(std::mem::take(&mut plan.known)), plan.floor);
            if !plan.lines.is_empty() {
                month.notices += 1;
                month.events += text::events(&plan);
                month.fresh += u64::try_from(plan.count(compare::State::New)).unwrap_or(0);
                last = Some((at, plan));
            }
        }
        Ok((month, last))
    }

    /// When the rule would have spoken.
    fn moments(&self, arrivals: &[Arrival]) -> Vec<Timestamp> {
        let mut moments = schedule::between(self.app.profile.calendar(), self.rule.says.looks(), self.since, self.now);
        if self.rule.says.when() != When::AtOnce {
            // What no turn of it spoke of yet is played as if the next one were now.
            let last = moments.last().copied().unwrap_or(self.since);
            moments.extend(arrivals.iter().any(|(.., read)| *read > last).then_some(self.now));
            return moments;
        }
        let mut last: Option<Timestamp> = None;
        for (.., read) in arrivals {
            if last.is_none_or(|last| *read > last) {
                let at = read.checked_add(GATHER).unwrap_or(*read);
                moments.push(at);
                last = Some(at);
            }
        }
        moments.sort_unstable();
        moments
    }

    fn sample(&self, organisation: &Organisation, (contact, logs_in): (&Choice, bool), at: Timestamp, plan: &Plan) -> Result<Sample> {
        let by_mail = contact.contact.as_ref().is_some_and(by_mail);
        let mut list = sheet::Copied::new(std::io::sink(), self.rule.says.attached(by_mail));
        sheet::write(&plan.lines, &mut list)?;
        let attached = list.into_parts().1.is_some();
        let language = contact.contact.as_ref().map_or(&organisation.language, |one| &one.language);
        let words = Words { organisation: &organisation.name, language, rule: &self.rule, number: "N-…", attached, logs_in, guides: &self.guides };
        let (subject, text, language) = said(self.app, plan, &words);
        Ok(Sample { name: organisation.name.clone(), at, subject, text, language, label: text::label(plan).marking() })
    }
}
