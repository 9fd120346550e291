//! What is new, what persists and what is gone since an organisation was told last. Pure: the same
//! standing, findings and rules give the same plan, for a run and for a dry run alike.

use std::collections::{BTreeMap, BTreeSet};

use ::store::Id;
use formats::label::Tlp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::group::{Finding, Key};
use super::rule::Rule;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// So long it is remembered that something was there and had gone.
const REMEMBERED: i64 = 90 * DAY;

/// What an organisation was told of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// As it stood then.
    pub finding: Finding,
    /// All its events up to this arrival were told.
    pub told_to: i64,
    /// Whether it was told as gone.
    pub gone: bool,
    /// Whether it is another's now.
    #[serde(default)]
    pub left: bool,
    /// Whether the last notice told it as new.
    #[serde(default)]
    pub fresh: bool,
}

impl Known {
    /// Takes another in that was one of its own when every port made a difference.
    pub(super) fn unite(&mut self, other: Self) {
        if other.finding.last > self.finding.last {
            let before = std::mem::replace(&mut self.finding, other.finding);
            self.finding.unite(&before);
        } else {
            self.finding.unite(&other.finding);
        }
        // What came of either since it was told is new to one of them: better told once more than not at all.
        self.told_to = self.told_to.min(other.told_to);
        (self.gone, self.left, self.fresh) = (self.gone && other.gone, self.left && other.left, self.fresh && other.fresh);
    }
}

/// Up to when the files of a feed and report type say what was seen, in microseconds.
pub type Heard = BTreeMap<(Box<str>, Box<str>), i64>;

/// What became of a finding since the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Never told before.
    New,
    /// Told as gone, and seen again.
    Again,
    /// Told before, and seen since.
    Persisting,
    /// Told before, and its feed told of so many days after it without it.
    Gone,
}

impl State {
    /// As the list has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Again => "again",
            Self::Persisting => "persisting",
            Self::Gone => "gone",
        }
    }
}

/// One line of a notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What became of it.
    pub state: State,
    /// What was seen since the last time; of what is gone, what was seen in all.
    pub finding: Finding,
    /// Since when it is known, in microseconds.
    pub since: i64,
    /// The rule that speaks of it: its place among those given.
    pub rule: usize,
}

/// What decides whether a finding is told now.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// The rules of the organisation, in their order.
    pub rules: &'a [Rule],
    /// Which of them speak now.
    pub due: &'a BTreeSet<Id>,
    /// What the team agreed is wrong: nothing is said of it.
    pub wrong: &'a BTreeSet<Key>,
    /// The highest label that may leave to whoever is told; `None`: nothing may. What is above waits.
    pub most: Option<Tlp>,
    /// Whether a finding is still the organisation's, by the registry of now. What is not waits until that is settled.
    pub is_own: &'a (dyn Fn(&Finding) -> bool + Sync),
    /// Today, for pauses.
    pub today: Date,
}

/// Why a finding is not told now. What is above what may leave is held, and says so by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// No active rule is for the organisation.
    NoRule,
    /// Rules are for it, and none wants such a thing.
    Unwanted,
    /// One would want it if it were worse.
    Mild,
    /// The team agreed that it is wrong.
    Wrong,
    /// Its rule is paused.
    Paused,
    /// Its rule speaks another time.
    Early,
    /// Its rule waits for more of them.
    Few,
    /// By the registry of now it is another's.
    Moved,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 8] = [Self::NoRule, Self::Unwanted, Self::Mild, Self::Wrong, Self::Paused, Self::Early, Self::Few, Self::Moved];

    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoRule => "no_rule",
            Self::Unwanted => "unwanted",
            Self::Mild => "mild",
            Self::Wrong => "wrong",
            Self::Paused => "paused",
            Self::Early => "early",
            Self::Few => "few",
            Self::Moved => "moved",
        }
    }

    /// Whether it is left behind: no later run comes back to it.
    pub fn is_left(self) -> bool {
        matches!(self, Self::NoRule | Self::Unwanted | Self::Mild | Self::Wrong)
    }
}

/// How many findings were not told for a reason, by the place of the rule that it hangs on; with the worst severity and the
/// first arrival of them.
pub type Untold = BTreeMap<(Why, Option<usize>), (i64, i8, i64)>;

/// What becomes of a finding that was not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// This rule tells of it, by its place among those given.
    Told(usize),
    /// It should be told, and may not leave.
    Above,
    /// It is told another time, by this rule.
    Waits(Why, usize),
    /// It is wrong.
    Wrong,
    /// No rule wants it: nothing waits for it.
    Unwanted(Why),
}

impl Fate {
    /// Why it is not told, and the rule on which that hangs.
    fn why(self) -> Option<(Why, Option<usize>)> {
        match self {
            Self::Told(_) | Self::Above => None,
            Self::Waits(why, at) => Some((why, Some(at))),
            Self::Wrong => Some((Why::Wrong, None)),
            Self::Unwanted(why) => Some((why, None)),
        }
    }
}

impl Judge<'_> {
    /// What becomes of one.
    pub fn fate(&self, finding: &Finding) -> Fate {
        if self.wrong.contains(&finding.key) {
            return Fate::Wrong;
        }
        match self.rule(finding) {
            None => Fate::Unwanted(self.unwanted(finding)),
            Some((at, rule)) if rule.says.is_paused(self.today) => Fate::Waits(Why::Paused, at),
            Some((at, rule)) if !self.speaks(rule) => Fate::Waits(Why::Early, at),
            Some((at, _)) if !(self.is_own)(finding) => Fate::Waits(Why::Moved, at),
            Some((at, _)) if self.may_leave(finding) => Fate::Told(at),
            Some(_) => Fate::Above,
        }
    }

    /// Why no rule wants one.
    fn unwanted(&self, finding: &Finding) -> Why {
        if self.rules.is_empty() {
            return Why::NoRule;
        }
        let worst = Finding { severity: i8::MAX, ..finding.clone() };
        if self.rule(&worst).is_some() { Why::Mild } else { Why::Unwanted }
    }

    fn rule(&self, finding: &Finding) -> Option<(usize, &Rule)> {
        self.rules.iter().enumerate().find(|(_, rule)| rule.says.fits(finding))
    }

    fn speaks(&self, rule: &Rule) -> bool {
        self.due.contains(&rule.id) && !rule.says.is_paused(self.today)
    }

    fn may_leave(&self, finding: &Finding) -> bool {
        self.most.is_some_and(|most| finding.tlp <= most)
    }
}

/// What was looked at and is not told now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passed {
    /// What should be said and is above what may leave: how many, and the worst of them.
    pub above: Option<(i64, i8)>,
    /// The highest label of it.
    pub label: Option<Tlp>,
    /// How many are left out because they are wrong.
    pub wrong: i64,
    /// The first arrival of what waits.
    pub first: Option<i64>,
    /// What waits.
    pub waits: BTreeSet<Key>,
    /// Why what is not told is not, above aside.
    pub untold: Untold,
}

impl Passed {
    /// Takes one.
    pub fn note(&mut self, finding: Finding, fate: Fate) {
        if let Some(why) = fate.why() {
            let (count, worst, first) = self.untold.entry(why).or_insert((0, 0, i64::MAX));
            (*count, *worst, *first) = (*count + 1, (*worst).max(finding.severity), (*first).min(finding.arrivals.0));
        }
        match fate {
            Fate::Unwanted(_) => return,
            Fate::Wrong => {
                self.wrong += 1;
                return;
            }
            Fate::Above => {
                let (count, worst) = self.above.unwrap_or_default();
                self.above = Some((count + 1, worst.max(finding.severity)));
                self.label = self.label.max(Some(finding.tlp));
            }
            Fate::Waits(..) | Fate::Told(_) => {}
        }
        let first = finding.arrivals.0;
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        self.waits.insert(finding.key);
    }
}

/// What a run starts from.
pub struct Looked<'a> {
    /// What decides.
    pub judge: Judge<'a>,
    /// What was told.
    pub known: Vec<Known>,
    /// What was not, by key.
    pub pending: BTreeMap<Key, Finding>,
    /// What was not, either, and is not told now.
    pub passed: Passed,
    /// What of the known ones is another's now.
    pub left: &'a BTreeSet<Key>,
    /// Which feeds came.
    pub heard: &'a Heard,
    /// Whether that is all that there is. If not, nothing is left behind, and nothing is known to be gone.
    pub whole: bool,
    /// Nothing at or before this arrival is left to tell.
    pub floor: i64,
    /// The newest arrival that was looked at.
    pub to: i64,
    /// What arrived up to here has waited for a threshold long enough.
    pub overdue: i64,
    /// Now, in microseconds.
    pub now: i64,
}

/// What is said, and what is known when it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// In the order of classes, types and addresses.
    pub lines: Vec<Line>,
    /// The new standing, in the order of keys.
    pub known: Vec<Known>,
    /// Its floor.
    pub floor: i64,
    /// What should be said and is above what may leave: how many, and the worst of them.
    pub above: Option<(i64, i8)>,
    /// How many findings are left out because they are wrong.
    pub wrong: i64,
    /// Why what is not told now is not, what is above aside.
    pub untold: Untold,
}

impl Plan {
    /// How many lines have a state.
    pub fn count(&self, state: State) -> usize {
        self.lines.iter().filter(|line| line.state == state).count()
    }

    /// How many known findings are not gone.
    pub fn open(&self) -> usize {
        self.known.iter().filter(|known| !known.gone && !known.left).count()
    }
}

/// Decides what is said.
pub fn compare(looked: Looked<'_>) -> Plan {
    let Looked { judge, known, pending, mut passed, left, heard, whole, floor, to, overdue, now } = looked;
    let rules = judge.rules;
    let mut by_rule: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for finding in pending.into_values() {
        match judge.fate(&finding) {
            Fate::Told(at) => by_rule.entry(at).or_default().push(finding),
            fate => passed.note(finding, fate),
        }
    }
    let mut told: BTreeMap<Key, (Finding, usize)> = BTreeMap::new();
    for (at, findings) in by_rule {
        let wanted = rules.get(at).map_or(1, |rule| rule.says.threshold);
        let enough = i64::try_from(findings.len()).unwrap_or(i64::MAX) >= wanted || findings.iter().any(|finding| finding.arrivals.0 <= overdue);
        if enough {
            told.extend(findings.into_iter().map(|finding| (finding.key.clone(), (finding, at))));
        } else {
            for finding in findings {
                passed.note(finding, Fate::Waits(Why::Few, at));
            }
        }
    }
    let kept = if whole { passed.first.map_or(to, |first| to.min(first - 1)) } else { floor };
    let mut plan = Plan { floor: kept.max(floor), above: passed.above, wrong: passed.wrong, untold: passed.untold, ..Plan::default() };
    let waits = passed.waits;
    let mut standing: BTreeMap<Key, Known> = BTreeMap::new();
    for mut before in known {
        // What is another's now is not gone; should it come back, it is known.
        before.left = left.contains(&before.finding.key);
        if let Some((finding, at)) = told.remove(&before.finding.key) {
            let state = if before.gone { State::Again } else { State::Persisting };
            plan.lines.push(Line { state, since: before.finding.first.min(finding.first), finding: finding.clone(), rule: at });
            let mut finding = finding;
            finding.unite(&before.finding);
            standing.insert(finding.key.clone(), Known { finding, told_to: to, gone: false, left: before.left, fresh: before.gone });
            continue;
        }
        let key = &before.finding.key;
        let may_be_gone = whole && !before.gone && !before.left && judge.may_leave(&before.finding) && !waits.contains(key) && !judge.wrong.contains(key);
        if let Some((at, rule)) = judge.rule(&before.finding).filter(|(_, rule)| may_be_gone && judge.speaks(rule))
            && is_gone(&before.finding, heard, rule.says.quiet_days)
        {
            before.gone = true;
            plan.lines.push(Line { state: State::Gone, since: before.finding.first, finding: before.finding.clone(), rule: at });
        }
        let closed = before.gone || before.left;
        let forgotten = closed && before.told_to <= plan.floor && now - before.finding.last > REMEMBERED;
        if !forgotten {
            standing.insert(before.finding.key.clone(), before);
        }
    }
    for (key, (finding, at)) in told {
        plan.lines.push(Line { state: State::New, since: finding.first, finding: finding.clone(), rule: at });
        standing.insert(key, Known { finding, told_to: to, gone: false, left: false, fresh: true });
    }
    if !plan.lines.is_empty() {
        // What an earlier notice told as new is known by now.
        let new: BTreeSet<&Key> = plan.lines.iter().filter(|line| matches!(line.state, State::New | State::Again)).map(|line| &line.finding.key).collect();
        for known in standing.values_mut() {
            known.fresh = new.contains(&known.finding.key);
        }
    }
    plan.lines.sort_by(|a, b| a.finding.key.cmp(&b.finding.key));
    plan.known = standing.into_values().collect();
    plan
}

/// Whether its feed says what was seen so many whole days after the day on which it was seen last, and not it. Within a day
/// the first sighting is kept alone, so that the day counts from its end.
fn is_gone(finding: &Finding, heard: &Heard, quiet_days: i64) -> bool {
    let day = |at: i64| at.div_euclid(DAY);
    let last = heard.get(&(finding.key.feed.clone(), finding.key.report.clone()));
    last.is_some_and(|at| day(*at) - day(finding.last) > quiet_days)
}

#[cfg(test)]
#[path = "properties.rs"]
mod properties;
