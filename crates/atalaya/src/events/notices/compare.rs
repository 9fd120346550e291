//! What is new, what persists and what is gone since an organisation was told last. Pure: the same
//! standing, findings and rules give the same plan, for a run and for a dry run alike.

use std::collections::{BTreeMap, BTreeSet};

use ::store::Id;
use formats::label::Tlp;
use jiff::civil::Date;

use super::group::Finding;
use super::key::Key;
use super::rule::Rule;
use super::standing::Known;
use super::words::Word;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// So long it is remembered that something was there and had gone.
const REMEMBERED: i64 = 90 * DAY;

/// Up to when the files of a feed and report type say what was seen, in microseconds.
pub type Heard = BTreeMap<(Word, Word), i64>;

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
        if self.rules.iter().any(|rule| rule.says.wants(finding)) { Why::Mild } else { Why::Unwanted }
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
    pub fn note(&mut self, finding: &Finding, fate: Fate) {
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
        self.waits.insert(finding.key.clone());
    }
}

/// What a run starts from.
pub struct Looked<'a> {
    /// What decides.
    pub judge: Judge<'a>,
    /// What was told, in the order of keys.
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
    /// What arrived up to here never comes back, whoever looks again.
    pub past: i64,
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
        self.known.iter().filter(|known| known.is_there()).count()
    }

    fn say(&mut self, state: State, since: i64, finding: Finding, rule: usize) {
        self.lines.push(Line { state, finding, since, rule });
    }

    /// What was never told.
    fn begin(&mut self, finding: Finding, rule: usize, told_to: i64) {
        self.known.push(Known { finding: finding.clone(), told_to, gone: false, left: false, fresh: true });
        self.say(State::New, finding.first, finding, rule);
    }

    /// What was told before, and came again.
    fn go_on(&mut self, before: Known, mut finding: Finding, rule: usize, told_to: i64) {
        let state = if before.gone { State::Again } else { State::Persisting };
        let mut united = finding.clone();
        united.unite(&before.finding);
        finding.see_last(&before.finding);
        self.say(state, united.first, finding, rule);
        self.known.push(Known { finding: united, told_to, gone: false, left: before.left, fresh: before.gone });
    }
}

/// Decides what is said. What is known and what is new are gone through side by side, in the order of keys: there may be a
/// million of either.
pub fn compare(looked: Looked<'_>) -> Plan {
    let Looked { judge, known, mut pending, mut passed, left, heard, whole, floor, to, overdue, past, now } = looked;
    keep_told(&judge, &mut pending, &mut passed, overdue);
    let kept = if whole { passed.first.map_or(to, |first| to.min(first - 1)) } else { floor };
    let mut plan = Plan { floor: kept.max(floor), above: passed.above, wrong: passed.wrong, untold: passed.untold, ..Plan::default() };
    let waits = passed.waits;
    let mut told = pending.into_values().filter_map(|finding| judge.rule(&finding).map(|(at, _)| at).map(|at| (finding, at))).peekable();
    for mut before in known {
        while let Some((finding, at)) = told.next_if(|(finding, _)| finding.key < before.finding.key) {
            plan.begin(finding, at, to);
        }
        // What is another's now is not gone; should it come back, it is known.
        before.left = left.contains(&before.finding.key);
        if let Some((finding, at)) = told.next_if(|(finding, _)| finding.key == before.finding.key) {
            plan.go_on(before, finding, at, to);
            continue;
        }
        // What an earlier notice told as new is known by now.
        before.fresh = false;
        let key = &before.finding.key;
        let may_be_gone = whole && !before.gone && !before.left && judge.may_leave(&before.finding) && !waits.contains(key) && !judge.wrong.contains(key);
        if let Some((at, rule)) = judge.rule(&before.finding).filter(|(_, rule)| may_be_gone && judge.speaks(rule))
            && is_gone(&before.finding, heard, rule.says.quiet_days)
        {
            before.gone = true;
            plan.say(State::Gone, before.finding.first, before.finding.clone(), at);
        }
        let closed = before.gone || before.left;
        let forgotten = closed && before.told_to <= plan.floor.min(past) && now - before.finding.last > REMEMBERED;
        if !forgotten {
            plan.known.push(before);
        }
    }
    for (finding, at) in told {
        plan.begin(finding, at, to);
    }
    plan
}

/// Leaves what is told now; what is not is noted.
fn keep_told(judge: &Judge<'_>, pending: &mut BTreeMap<Key, Finding>, passed: &mut Passed, overdue: i64) {
    // Of each rule: how many, and whether one of them waited long enough.
    let mut of: BTreeMap<usize, (i64, bool)> = BTreeMap::new();
    pending.retain(|_, finding| match judge.fate(finding) {
        Fate::Told(at) => {
            let (count, waited) = of.entry(at).or_default();
            (*count, *waited) = (*count + 1, *waited || finding.arrivals.0 <= overdue);
            true
        }
        fate => {
            passed.note(finding, fate);
            false
        }
    });
    of.retain(|at, (count, waited)| !*waited && judge.rules.get(*at).is_some_and(|rule| *count < rule.says.threshold));
    if of.is_empty() {
        return;
    }
    pending.retain(|_, finding| match judge.rule(finding) {
        Some((at, _)) if of.contains_key(&at) => {
            passed.note(finding, Fate::Waits(Why::Few, at));
            false
        }
        _ => true,
    });
}

/// Whether its feed says what was seen so many whole days after the day on which it was seen last, and not it. Within a day
/// the first sighting is kept alone, so that the day counts from its end.
fn is_gone(finding: &Finding, heard: &Heard, quiet_days: i64) -> bool {
    let day = |at: i64| at.div_euclid(DAY);
    let last = heard.get(&(finding.key.nature.feed.clone(), finding.key.nature.report.clone()));
    last.is_some_and(|at| day(*at) - day(finding.last) > quiet_days)
}

#[cfg(test)]
#[path = "properties.rs"]
mod properties;
