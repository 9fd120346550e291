//! Whatever arrives, whatever the rules are, whenever they speak: what a rule wants is told, once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fall")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::lake::Event;
use ::store::Id;
use formats::label::Tlp;
use jiff::Timestamp;
use proptest::prelude::*;

use super::{DAY, Heard, Judge, Looked, Passed, Plan, State, compare};
use crate::events::notices::group::Gathered;
use crate::events::notices::key::Key;
use crate::events::notices::rule::{Rule, RuleDetails};
use crate::events::notices::standing::Known;

const TYPES: [&str; 3] = ["weak-crypto", "ddos-amplifier", "vulnerable-system"];

/// One event of a file: subject, type, severity, day.
#[derive(Clone, Copy, Debug)]
struct Seen {
    subject: u8,
    of: usize,
    severity: i8,
    day: i64,
}

fn event(seen: Seen) -> Event<'static> {
    let mut ip = [0; 16];
    (ip[10], ip[11], ip[12], ip[15]) = (0xff, 0xff, 203, seen.subject);
    Event {
        event: 0,
        observed: seen.day * DAY,
        file: 0,
        feed: "feed",
        kind: "scan",
        count: 1,
        ip: Some(ip),
        prefix: None,
        port: Some(23),
        transport: "tcp",
        domain: "",
        url: "",
        asn: None,
        class: "vulnerable",
        r#type: TYPES[seen.of],
        identifier: "",
        severity: Some(seen.severity),
        malware: "",
        cve: "",
        tlp: "GREEN",
    }
}

fn rule(at: u8, of: Option<usize>, severity: i8, threshold: i64) -> Rule {
    let says = RuleDetails {
        place: i64::from(at),
        name: format!("rule {at}"),
        scope: "registered".into(),
        organisation: None,
        feeds: String::new(),
        kinds: String::new(),
        types: of.map(|of| format!("vulnerable/{}", TYPES[of])).unwrap_or_default(),
        severity,
        threshold,
        due: "daily".into(),
        weekday: 0,
        hour: 8,
        quiet_days: 3,
        csv: "attach".into(),
        csv_bytes: 1000,
        template: "full".into(),
        language: String::new(),
        state: "active".into(),
        paused_until: None,
        pause_reason: String::new(),
    };
    Rule { id: Id([at; 16]), says, created_at: Timestamp::UNIX_EPOCH, updated_at: Timestamp::UNIX_EPOCH, version: 1 }
}

/// What a run does, with the reading of events in place of the lake.
struct World {
    files: Vec<Vec<Seen>>,
    known: Vec<Known>,
    floor: i64,
    past: i64,
}

impl World {
    fn run(&mut self, rules: &[Rule], due: &BTreeSet<Id>, heard: &Heard, day: i64, overdue: i64) -> Plan {
        let mut gathered = Gathered::new(Arc::new(self.known.clone()), Tlp::Red, 1000, None);
        for (arrival, file) in (1_i64..).zip(&self.files).filter(|(arrival, _)| *arrival > self.floor) {
            for seen in file {
                gathered.add(&event(*seen), arrival);
            }
        }
        let wrong = BTreeSet::new();
        let judge = Judge { rules, due, wrong: &wrong, most: Some(Tlp::Red), is_own: &|_| true, today: jiff::civil::date(2026, 11, 23) };
        let looked = Looked {
            judge,
            known: std::mem::take(&mut self.known),
            pending: gathered.findings,
            passed: Passed::default(),
            left: &BTreeSet::new(),
            heard,
            whole: !gathered.full,
            floor: self.floor,
            to: i64::try_from(self.files.len()).unwrap(),
            overdue,
            past: self.past,
            now: day * DAY,
        };
        let plan = compare(looked);
        assert!(plan.floor >= self.floor);
        (self.known, self.floor) = (plan.known.clone(), plan.floor);
        plan
    }
}

fn seen() -> impl Strategy<Value = Seen> {
    (0_u8..4, 0_usize..3, 0_i8..5, 0_i64..12).prop_map(|(subject, of, severity, day)| Seen { subject, of, severity, day })
}

proptest! {
    #[test]
    fn each_event_is_told_once_whatever_becomes_of_the_rules(
        files in prop::collection::vec(prop::collection::vec(seen(), 0..6), 1..12),
        choices in prop::collection::vec((0_u8..8, prop::option::of(0_usize..3), 0_i8..3, 1_i64..3), 12),
    ) {
        let mut world = World { files: Vec::new(), known: Vec::new(), floor: 0, past: i64::MAX };
        let mut told: BTreeMap<Key, u64> = BTreeMap::new();
        let everything = |at: u8| rule(at, None, 0, 1);
        let mut note = |plan: &Plan| {
            for line in plan.lines.iter().filter(|line| line.state != State::Gone) {
                *told.entry(line.finding.key.clone()).or_default() += line.finding.events;
            }
        };
        for (file, (due, of, severity, threshold)) in files.iter().zip(choices) {
            world.files.push(file.clone());
            // Each time other rules, of which some speak; the last one takes what the others leave.
            let rules = [rule(0, of, severity, threshold), everything(1)];
            let due: BTreeSet<Id> = rules.iter().filter(|rule| due & (1 << rule.id.0[0]) != 0).map(|rule| rule.id).collect();
            note(&world.run(&rules, &due, &Heard::new(), 100, 0));
        }
        let rules = [everything(1)];
        note(&world.run(&rules, &BTreeSet::from([rules[0].id]), &Heard::new(), 100, 0));
        let mut wanted: BTreeMap<Key, u64> = BTreeMap::new();
        let mut all = Gathered::new(Arc::default(), Tlp::Red, 1000, None);
        for seen in files.iter().flatten() {
            all.add(&event(*seen), 1);
        }
        wanted.extend(all.findings.into_iter().map(|(key, finding)| (key, finding.events)));
        prop_assert_eq!(told, wanted);
        prop_assert_eq!(world.floor, i64::try_from(files.len()).unwrap());
    }

    #[test]
    fn new_persisting_and_gone_are_what_a_plain_history_says(
        days in prop::collection::vec(prop::collection::btree_set(0_u8..4, 0..4), 1..20),
        silent in prop::collection::vec(any::<bool>(), 20),
    ) {
        let rules = [rule(1, None, 0, 1)];
        let due = BTreeSet::from([rules[0].id]);
        let mut world = World { files: Vec::new(), known: Vec::new(), floor: 0, past: i64::MAX };
        let mut heard = Heard::new();
        // Of each subject: when it was last seen, and whether it was told as gone.
        let mut history: BTreeMap<u8, (i64, bool)> = BTreeMap::new();
        for ((day, subjects), silent) in (0_i64..).zip(&days).zip(silent) {
            let subjects: BTreeSet<u8> = if silent { BTreeSet::new() } else { subjects.clone() };
            world.files.push(subjects.iter().map(|subject| Seen { subject: *subject, of: 0, severity: 1, day }).collect());
            if !silent {
                heard.insert(("feed".into(), "scan".into()), day * DAY);
            }
            let last = heard.values().next().map_or(i64::MIN, |at| at / DAY);
            let plan = world.run(&rules, &due, &heard, day, 0);
            let mut expected = BTreeMap::new();
            for subject in 0..4_u8 {
                match (subjects.contains(&subject), history.get(&subject).copied()) {
                    (true, None) => expected.insert(subject, State::New),
                    (true, Some((_, true))) => expected.insert(subject, State::Again),
                    (true, Some(_)) => expected.insert(subject, State::Persisting),
                    // Three whole days after it.
                    (false, Some((seen, false))) if last - seen > 3 => expected.insert(subject, State::Gone),
                    _ => None,
                };
                match expected.get(&subject) {
                    Some(State::Gone) => history.entry(subject).or_default().1 = true,
                    Some(_) => {
                        history.insert(subject, (day, false));
                    }
                    None => {}
                }
            }
            let got: BTreeMap<u8, State> = plan.lines.iter().map(|line| (line.finding.key.ip.unwrap()[15], line.state)).collect();
            prop_assert_eq!(got, expected, "day {}", day);
        }
    }
}

#[test]
fn what_waits_for_a_threshold_is_told_when_it_waited_long_enough() {
    let rules = [rule(1, None, 0, 5)];
    let due = BTreeSet::from([rules[0].id]);
    let one = Seen { subject: 1, of: 0, severity: 1, day: 1 };
    let mut world = World { files: vec![vec![one]], known: Vec::new(), floor: 0, past: i64::MAX };
    assert!(world.run(&rules, &due, &Heard::new(), 1, 0).lines.is_empty());
    assert_eq!(world.floor, 0, "it waits");
    assert_eq!(world.run(&rules, &due, &Heard::new(), 40, 1).lines.len(), 1);
    assert_eq!(world.floor, 1);
}

#[test]
fn what_is_gone_for_long_is_forgotten_once_nobody_can_have_it_looked_at_again() {
    let rules = [rule(1, None, 0, 1)];
    let due = BTreeSet::from([rules[0].id]);
    let one = Seen { subject: 1, of: 0, severity: 1, day: 1 };
    let mut world = World { files: vec![vec![one]], known: Vec::new(), floor: 0, past: 0 };
    assert_eq!(world.run(&rules, &due, &Heard::new(), 1, 0).count(State::New), 1);
    let heard = Heard::from([(("feed".into(), "scan".into()), 200 * DAY)]);
    assert_eq!(world.run(&rules, &due, &heard, 200, 0).count(State::Gone), 1);
    // Somebody has everything looked at again.
    world.floor = 0;
    assert!(world.run(&rules, &due, &heard, 201, 0).lines.is_empty(), "it was told");
    world.past = 1;
    assert!(world.run(&rules, &due, &heard, 202, 0).known.is_empty());
}

#[test]
fn a_look_in_little_memory_has_the_first_findings_with_all_their_events_and_then_the_next() {
    let seen = |subject| Seen { subject, of: 0, severity: 1, day: 1 };
    let events: Vec<Seen> = [7, 3, 9, 1, 7, 3, 8, 2, 9, 1, 2].map(seen).into();
    let look = |after: Option<Key>| {
        let mut some = Gathered::new(Arc::default(), Tlp::Red, 2, after);
        for seen in &events {
            some.add(&event(*seen), 1);
        }
        let found: Vec<(u8, u64)> = some.findings.iter().map(|(key, finding)| (key.ip.unwrap()[15], finding.events)).collect();
        (found, some.full, some.findings.into_keys().next_back())
    };
    let (first, more, last) = look(None);
    assert_eq!((first, more), (vec![(1, 2), (2, 2)], true));
    let (next, more, last) = look(last);
    assert_eq!((next, more), (vec![(3, 2), (7, 2)], true));
    let (rest, more, _) = look(last);
    assert_eq!((rest, more), (vec![(8, 1), (9, 2)], false));
}
