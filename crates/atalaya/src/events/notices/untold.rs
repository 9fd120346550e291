//! What organisations were not told, and why: what each run left out is kept by reason, and the page says what can be done.
//! Nothing is decided here; [`super::compare`] decides, and this is how staff see it.

use ::store::{Id, Reader, Record};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::compare::{self, Why};
use super::rule::{self, Rule};
use super::{round, store};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency::{self, Organisation};
use crate::{App, Error, Result};

/// So many lines of each kind are shown.
const LINES: u32 = 500;

/// Findings of an organisation that a run did not tell, for one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Untold {
    /// The organisation's number in the events.
    pub holder: i64,
    /// The organisation.
    pub organisation: Id,
    /// The name of a [`Why`].
    pub why: String,
    /// The rule on which it hangs; all zero where there is none.
    pub rule: Id,
    /// How many.
    pub findings: i64,
    /// The worst of them.
    pub severity: i8,
    /// The first arrival of them.
    pub first: i64,
    /// Up to which arrival it was looked.
    pub newest: i64,
    /// Since when they are not told.
    pub since: Timestamp,
}

/// Events that no run looked at yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unseen {
    /// The organisation's number in the events.
    pub holder: i64,
    /// How many.
    pub events: i64,
    /// Since when.
    pub since: Timestamp,
}

/// A line of the page.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whose.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// Why it is not told, in words.
    pub why: String,
    /// Findings; where nothing looked yet, events.
    pub count: i64,
    /// The worst, where somebody looked.
    pub severity: Option<i8>,
    /// Since when.
    pub since: Timestamp,
    /// What to do about it: address and title.
    pub steps: Vec<(String, &'static str)>,
    /// What can be pressed.
    pub press: Step,
    /// Whether it is told by itself in time.
    pub waits: bool,
}

/// What can be pressed beside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    None,
    /// Look again at what was left behind.
    LookAgain,
    /// Try again to tell what is held.
    TellAgain,
}

/// What a run did not tell, as it is kept.
pub(super) fn of(untold: &compare::Untold, rules: &[Rule], (holder, organisation): (i64, Id), newest: i64) -> Vec<Untold> {
    let rule = |at: &Option<usize>| at.and_then(|at| rules.get(at)).map_or(Id([0; 16]), |rule| rule.id);
    let one = |((why, at), (findings, severity, first)): (&(Why, Option<usize>), &(i64, i8, i64))| Untold {
        holder,
        organisation,
        why: why.name().into(),
        rule: rule(at),
        findings: *findings,
        severity: *severity,
        first: *first,
        newest,
        since: Timestamp::UNIX_EPOCH,
    };
    untold.iter().map(one).collect()
}

/// What words need.
struct Frame {
    rules: Vec<Rule>,
    turns: Vec<(Id, Timestamp)>,
    today: Date,
    zone: jiff::tz::TimeZone,
}

/// Who was not told of what, and why: what nobody will be told by itself first, then what waits; the worst first.
pub async fn untold(app: &App, who: &Who) -> Result<Vec<Line>> {
    require(who, Verb::See, Noun::Event)?;
    let mut reader = app.db.read().await?;
    let zone = app.profile.calendar().zone().clone();
    let today = app.now().to_zoned(zone.clone()).date();
    let frame = Frame { rules: store::rules(&mut reader).await?, turns: store::turns(&mut reader).await?, today, zone };
    let (kept, held, unseen) = (store::untold(&mut reader, LINES).await?, store::held(&mut reader, LINES).await?, store::unseen(&mut reader, LINES).await?);
    let numbered = constituency::numbered(&mut reader, &unseen.iter().map(|one| one.holder).collect::<Vec<_>>()).await?;
    let ids: Vec<Id> =
        kept.iter().map(|one| one.organisation).chain(held.iter().map(|one| one.organisation)).chain(numbered.iter().map(|one| one.id)).collect();
    let known = constituency::these(&mut reader, &ids).await?;
    drop(reader);
    let of = |id: Id| known.iter().find(|one| one.id == id);
    let mut lines: Vec<Line> = held.iter().filter_map(|one| of(one.organisation).map(|whose| frame.held(one, whose))).collect();
    lines.extend(kept.iter().filter_map(|one| of(one.organisation).and_then(|whose| frame.kept(one, whose))));
    let number = |holder: i64| numbered.iter().find(|one| one.number == holder).and_then(|one| of(one.id));
    lines.extend(unseen.iter().filter_map(|one| number(one.holder).map(|whose| frame.unseen(*one, whose))));
    lines.sort_by(|a, b| (a.waits, b.severity, b.count, a.since, &a.name).cmp(&(b.waits, a.severity, a.count, b.since, &b.name)));
    Ok(lines)
}

/// How many organisations have findings that nobody tells by itself (1,001 for more).
pub async fn count_untold(reader: &mut Reader, who: &Who) -> Result<i64> {
    require(who, Verb::See, Noun::Event)?;
    store::count_untold(reader).await
}

impl Frame {
    fn held(&self, one: &super::Held, whose: &Organisation) -> Line {
        let steps = vec![(format!("/constituency/{}", whose.id), "Its contacts")];
        line(whose, one.why.clone(), (one.findings, Some(one.severity), one.since), steps, Step::TellAgain)
    }

    fn kept(&self, one: &Untold, whose: &Organisation) -> Option<Line> {
        let why = Why::ALL.into_iter().find(|why| why.name() == one.why)?;
        let rule = self.rules.iter().find(|rule| rule.id == one.rule);
        let (words, steps) = self.words(why, rule, whose);
        let press = if why.is_left() && why != Why::Wrong { Step::LookAgain } else { Step::None };
        Some(Line { waits: waits(why), ..line(whose, words, (one.findings, Some(one.severity), one.since), steps, press) })
    }

    /// What no run looked at: by the rules of now it is known why, too.
    fn unseen(&self, one: Unseen, whose: &Organisation) -> Line {
        let rules = rule::of_organisation(self.rules.clone(), whose.id, &whose.status);
        let speaks = rules.iter().find(|rule| !rule.says.is_paused(self.today));
        let (why, rule) = match (rules.first(), speaks) {
            (None, _) => (Why::NoRule, None),
            (Some(first), None) => (Why::Paused, Some(first)),
            (_, Some(rule)) => (Why::Early, Some(rule)),
        };
        let (words, steps) = self.words(why, rule, whose);
        let words = if why == Why::Early { format!("Nobody looked at it yet. {words}") } else { words };
        Line { waits: waits(why), ..line(whose, words, (one.events, None, one.since), steps, Step::None) }
    }

    fn words(&self, why: Why, rule: Option<&Rule>, whose: &Organisation) -> (String, Vec<(String, &'static str)>) {
        let name = rule.map(|rule| rule.says.name.as_str()).unwrap_or_default();
        let its = || rule.map(|rule| (format!("/events/rules/{}", rule.id), "The rule"));
        let all = || ("/events/rules".to_owned(), "Rules");
        match why {
            Why::NoRule => no_rule(whose),
            Why::Unwanted => ("No rule for it wants this type, feed or report.".into(), vec![all()]),
            Why::Mild => ("It is less severe than what the rules for it want.".into(), vec![all()]),
            Why::Wrong => ("It called this wrong, and the team agreed.".into(), vec![("/events/claims".into(), "Said to be wrong")]),
            Why::Paused => {
                let (until, reason) = rule.map(|rule| (rule.says.paused_until, rule.says.pause_reason.as_str())).unwrap_or_default();
                let until = until.map(|day| format!(" until {day}")).unwrap_or_default();
                (format!("The rule “{name}” is paused{until}: {reason}"), its().into_iter().collect())
            }
            Why::Early => (self.moment(rule, name), its().into_iter().collect()),
            Why::Few => {
                let least = rule.map_or(1, |rule| rule.says.threshold);
                (format!("The rule “{name}” waits until there are {least} findings, 30 days at most."), its().into_iter().collect())
            }
            Why::Moved => ("By the registry of now it is another's; it is being matched again.".into(), Vec::new()),
        }
    }

    fn moment(&self, rule: Option<&Rule>, name: &str) -> String {
        let next = rule.and_then(|rule| self.turns.iter().find(|(id, _)| *id == rule.id));
        let when = next.map(|(_, at)| at.to_zoned(self.zone.clone()).strftime(" on %Y-%m-%d at %H:%M").to_string()).unwrap_or_default();
        let soon = if rule.is_some_and(|rule| rule.says.due == "at_once") { " some minutes after a file, and" } else { "" };
        format!("The rule “{name}” speaks{soon}{when}.")
    }
}

fn line(whose: &Organisation, why: String, (count, severity, since): (i64, Option<i8>, Timestamp), steps: Vec<(String, &'static str)>, press: Step) -> Line {
    Line { organisation: whose.id, name: whose.name.clone(), why, count, severity, since, steps, press, waits: false }
}

/// Whether it is told by itself in time.
fn waits(why: Why) -> bool {
    matches!(why, Why::Early | Why::Few | Why::Moved)
}

/// Rules speak by how an organisation stands to the team, so that is what can be changed.
fn no_rule(whose: &Organisation) -> (String, Vec<(String, &'static str)>) {
    let own = (format!("/events/rules/new?organisation={}", whose.id), "A rule for it");
    let page = (format!("/constituency/{}", whose.id), "Register it");
    match whose.status.as_str() {
        "registered" => ("No active rule is for it.".into(), vec![own, ("/events/rules".into(), "Rules")]),
        "unregistered" => {
            ("It is in the mandate and not registered, and no active rule is for such.".into(), vec![page, own, ("/events/rules".into(), "Rules")])
        }
        _ => ("It is outside the mandate, and no active rule is for it alone.".into(), vec![own]),
    }
}

/// Has what was left behind looked at again, by the rules of now, at their next moments. Of what was told the standing
/// knows, so that nothing is told twice.
pub async fn look_again(app: &App, who: &Who, organisation: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let holder = constituency::number_of(tx, organisation).await?;
            let first = store::first_left(tx, holder).await?.ok_or_else(|| Error::conflict("Nothing of this organisation is left behind any more."))?;
            store::look_again(tx, holder, first).await?;
            round::look_now(tx).await?;
            tx.record(Record::new("notice.looked_again", "organisation", organisation).about(organisation).facts(json!({ "from": first })));
            Ok(())
        })
        .await
}
