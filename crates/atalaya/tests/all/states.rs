//! The states of cases, reports, tasks, recommendations and clocks against a model that says the rules as
//! shortly as they can be said: whatever is done in whatever order, both agree after each step.

use std::collections::{BTreeMap, BTreeSet};

use atalaya::access::{Role, Who};
use atalaya::cases::messages;
use atalaya::cases::parties::{self, NewParty};
use atalaya::cases::{self, Closing, NewCase, NewTask, recommendations};
use atalaya::reports;
use atalaya::{App, Error, due};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{Id, args};

use crate::house::House;
use crate::messages::{analyst, words};
use crate::reports::told;

const CASES: usize = 3;
const REPORTS: usize = 3;

/// What somebody does. A number that is larger than what there is begins again at the first.
#[derive(Clone, Debug)]
enum Step {
    Link(usize, usize),
    Unlink(usize, usize),
    Close(usize),
    Abandon(usize),
    Reopen(usize),
    ReopenReport(usize),
    Merge(usize, usize),
    /// A new task of a case; it is due after so many hours.
    Task(usize, i64),
    Finish(usize, bool),
    /// A new recommendation to the peer that came with a case.
    Advise(usize),
    Withdraw(usize),
    Answer(usize, &'static str),
    /// A message to a thread: those of the peers first, then those of reporters.
    Say(usize),
    Pause(usize),
    Resume(usize),
    Later(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let (case, told, some) = (0..CASES, 0..REPORTS, 0..6_usize);
    prop_oneof![
        5 => (case.clone(), told.clone()).prop_map(|(c, r)| Step::Link(c, r)),
        1 => (case.clone(), told.clone()).prop_map(|(c, r)| Step::Unlink(c, r)),
        3 => case.clone().prop_map(Step::Close),
        3 => case.clone().prop_map(Step::Abandon),
        3 => case.clone().prop_map(Step::Reopen),
        1 => told.prop_map(Step::ReopenReport),
        2 => (case.clone(), case.clone()).prop_map(|(a, b)| Step::Merge(a, b)),
        2 => (case.clone(), 1..40_i64).prop_map(|(c, hours)| Step::Task(c, hours)),
        2 => (some.clone(), any::<bool>()).prop_map(|(k, done)| Step::Finish(k, done)),
        2 => case.prop_map(Step::Advise),
        3 => some.clone().prop_map(Step::Withdraw),
        2 => (some.clone(), prop::sample::select(vec!["accepted", "rejected", "done"])).prop_map(|(k, answer)| Step::Answer(k, answer)),
        3 => some.clone().prop_map(Step::Say),
        3 => some.clone().prop_map(Step::Pause),
        2 => some.prop_map(Step::Resume),
        3 => (1..40_i64).prop_map(Step::Later),
    ]
}

/// What a clock runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Case(usize),
    Report(usize),
}

#[derive(Clone, Debug)]
struct Clock {
    id: Id,
    about: About,
    state: &'static str,
    /// Whether it was held when it ended, or is.
    held: bool,
    /// Whether the last rejection of its report ended it.
    by_rejection: bool,
    /// Whether the last end of its case ended it.
    by_end: bool,
    /// As the database says: how time is counted is tested elsewhere.
    due: i64,
}

impl Clock {
    fn runs(&self) -> bool {
        matches!(self.state, "running" | "paused")
    }

    /// Somebody was answered. A clock that is held cannot be late: the time held does not count.
    fn stop(&mut self, now: i64) {
        if self.runs() {
            self.state = if self.held || now <= self.due { "kept" } else { "missed" };
            self.held = false;
        }
    }

    fn end(&mut self) {
        if self.runs() {
            self.state = "void";
        }
    }

    /// What it ran for was given up: too late is missed all the same.
    fn give_up(&mut self, now: i64) {
        if self.runs() {
            self.state = if self.held || now <= self.due { "void" } else { "missed" };
        }
    }

    /// Of two of one promise: whoever is held is due nobody knows when.
    fn counts_before(&self, other: &Self) -> bool {
        (self.held, self.due) < (other.held, other.due)
    }

    fn revive(&mut self) {
        (self.by_end, self.by_rejection) = (false, false);
        self.state = if self.held { "paused" } else { "running" };
    }
}

/// A thread: where it stands, whose it is, how many messages went out.
#[derive(Clone, Debug)]
struct Thread {
    id: Id,
    case: usize,
    reporter_of: Option<usize>,
    sent: i64,
}

/// The rules.
#[derive(Clone, Debug, Default)]
struct Model {
    state: BTreeMap<usize, &'static str>,
    merged: BTreeMap<usize, usize>,
    links: BTreeSet<(usize, usize)>,
    /// Id, case, whether it is open, when it is due.
    tasks: Vec<(Id, usize, bool, i64)>,
    /// Id, thread, state.
    advice: Vec<(Id, usize, &'static str)>,
    threads: Vec<Thread>,
    clocks: Vec<Clock>,
    now: i64,
}

impl Model {
    fn lives(&self, mut case: usize) -> usize {
        while let Some(next) = self.merged.get(&case) {
            case = *next;
        }
        case
    }

    fn is_open(&self, case: usize) -> bool {
        self.state[&case] == "open"
    }

    fn report(&self, r: usize) -> &'static str {
        let states: Vec<&str> = self.links.iter().filter(|(_, told)| *told == r).map(|(c, _)| self.state[c]).collect();
        match () {
            () if states.is_empty() => "new",
            () if states.contains(&"open") => "open",
            () if states.contains(&"resolved") => "resolved",
            () => "rejected",
        }
    }

    fn clocks_of(&mut self, about: About) -> impl Iterator<Item = &mut Clock> {
        self.clocks.iter_mut().filter(move |clock| clock.about == about)
    }

    /// What the end ended without a verdict counts on.
    fn reopen(&mut self, case: usize) {
        self.state.insert(case, "open");
        self.clocks_of(About::Case(case)).filter(|clock| clock.by_end).for_each(Clock::revive);
    }

    fn merge(&mut self, a: usize, b: usize) {
        let moved: Vec<usize> = self.links.iter().filter(|(c, _)| *c == a).map(|(_, r)| *r).collect();
        self.links.retain(|(c, _)| *c != a);
        self.links.extend(moved.into_iter().map(|r| (b, r)));
        self.state.insert(a, "resolved");
        self.merged.insert(a, b);
        self.tasks.iter_mut().filter(|task| task.1 == a).for_each(|task| task.1 = b);
        self.threads.iter_mut().filter(|thread| thread.case == a).for_each(|thread| thread.case = b);
        let theirs = self.clocks.iter().position(|clock| clock.about == About::Case(b) && clock.runs());
        for mine in (0..self.clocks.len()).filter(|k| self.clocks[*k].about == About::Case(a) && self.clocks[*k].runs()).collect::<Vec<_>>() {
            match theirs {
                Some(theirs) if self.clocks[mine].counts_before(&self.clocks[theirs]) => {
                    self.clocks[theirs].about = About::Case(a);
                    self.clocks[theirs].end();
                    self.clocks[mine].about = About::Case(b);
                }
                Some(_) => self.clocks[mine].end(),
                None => self.clocks[mine].about = About::Case(b),
            }
        }
    }

    fn say(&mut self, thread: usize) {
        let Thread { case, reporter_of, .. } = self.threads[thread];
        self.threads[thread].sent += 1;
        for one in self.advice.iter_mut().filter(|one| one.1 == thread && one.2 == "draft") {
            one.2 = "sent";
        }
        let now = self.now;
        let answered = reporter_of.filter(|r| self.links.contains(&(case, *r)));
        // The case's promise was given to who reported; where nobody did, whoever is told first is answered.
        if answered.is_some() || !self.links.iter().any(|(linked, _)| *linked == case) {
            self.clocks_of(About::Case(case)).for_each(|clock| clock.stop(now));
        }
        if let Some(r) = answered {
            self.clocks_of(About::Report(r)).for_each(|clock| clock.stop(now));
        }
    }

    /// Does the step, or says that it is refused.
    fn take(&mut self, step: &Step) -> bool {
        let before: Vec<&str> = (0..REPORTS).map(|r| self.report(r)).collect();
        let (fine, now) = (self.done(step), self.now);
        // A report follows its cases, and its clocks follow it.
        for (r, before) in before.into_iter().enumerate() {
            let after = self.report(r);
            for clock in self.clocks_of(About::Report(r)).filter(|_| before != after) {
                if after == "rejected" {
                    clock.by_rejection = clock.runs();
                    clock.give_up(now);
                } else if before == "rejected" && clock.by_rejection && matches!(clock.state, "void" | "missed") {
                    clock.revive();
                }
            }
        }
        fine
    }

    fn done(&mut self, step: &Step) -> bool {
        match *step {
            Step::Link(c, r) => self.is_open(c) && self.links.insert((c, r)),
            Step::Unlink(c, r) => self.links.remove(&(c, r)),
            Step::Close(c) => {
                let (fine, now) = (self.is_open(c), self.now);
                if fine {
                    self.state.insert(c, "resolved");
                    for clock in self.clocks_of(About::Case(c)).filter(|clock| clock.runs()) {
                        clock.by_end = clock.state == "paused" || clock.due >= now;
                        clock.state = if clock.by_end { "void" } else { "missed" };
                    }
                }
                fine
            }
            Step::Abandon(c) => {
                let (fine, now) = (self.is_open(c), self.now);
                if fine {
                    self.state.insert(c, "abandoned");
                    for clock in self.clocks_of(About::Case(c)).filter(|clock| clock.runs()) {
                        clock.by_end = true;
                        clock.give_up(now);
                    }
                }
                fine
            }
            Step::Reopen(c) => {
                let fine = !self.is_open(c) && !self.merged.contains_key(&c);
                if fine {
                    self.reopen(c);
                }
                fine
            }
            Step::ReopenReport(r) => {
                for case in self.links.iter().filter(|(_, told)| *told == r).map(|(c, _)| self.lives(*c)).collect::<Vec<_>>() {
                    if !self.is_open(case) {
                        self.reopen(case);
                    }
                }
                true
            }
            Step::Merge(a, b) => {
                let fine = a != b && !self.merged.contains_key(&a) && !self.merged.contains_key(&b) && self.is_open(b);
                if fine {
                    self.merge(a, b);
                }
                fine
            }
            Step::Task(c, _) => self.is_open(c),
            Step::Finish(k, done) => match self.tasks.get_mut(k) {
                Some(task) if task.2 == done => {
                    task.2 = !done;
                    true
                }
                _ => false,
            },
            Step::Advise(_) | Step::Later(_) => true,
            Step::Withdraw(k) => match self.advice.get_mut(k) {
                Some(one) if one.2 != "withdrawn" => {
                    one.2 = "withdrawn";
                    true
                }
                _ => false,
            },
            Step::Answer(k, answer) => match self.advice.get_mut(k) {
                Some(one) if !["draft", "withdrawn"].contains(&one.2) => {
                    one.2 = answer;
                    true
                }
                _ => false,
            },
            Step::Say(k) => {
                self.say(k);
                true
            }
            Step::Pause(k) => {
                let now = self.now;
                let clock = &mut self.clocks[k];
                let fine = clock.state == "running" && clock.due >= now;
                if fine {
                    (clock.state, clock.held) = ("paused", true);
                }
                fine
            }
            Step::Resume(k) => {
                let clock = &mut self.clocks[k];
                let fine = clock.state == "paused";
                if fine {
                    (clock.state, clock.held) = ("running", false);
                }
                fine
            }
        }
    }

    /// What is due first: a running clock of the case or of a report of it, or an open task.
    fn due(&self, case: usize) -> Option<i64> {
        let own = |clock: &&Clock| match clock.about {
            About::Case(c) => c == case,
            About::Report(r) => self.links.contains(&(case, r)),
        };
        let clocks = self.clocks.iter().filter(|clock| clock.state == "running").filter(own).map(|clock| clock.due);
        clocks.chain(self.tasks.iter().filter(|task| task.1 == case && task.2).map(|task| task.3)).min()
    }
}

/// A story under way: the real things beside the model.
struct Beside<'h> {
    house: &'h House,
    who: &'h Who,
    cases: Vec<Id>,
    reports: Vec<Id>,
    model: Model,
}

impl<'h> Beside<'h> {
    async fn begin(house: &'h House, who: &'h Who) -> Self {
        let app = &house.app;
        let (mut cases, mut reports, mut model) = (Vec::new(), Vec::new(), Model::default());
        for n in 0..CASES {
            let new = NewCase { kind: "incident".into(), title: format!("Case {n}"), ..NewCase::default() };
            let case = cases::open(app, who, new).await.unwrap().id;
            let peer = NewParty { name: format!("Peer {n}"), mail: Some(format!("p{n}@peer.example")), role: "peer".into(), ..NewParty::default() };
            let id = parties::add(app, who, case, peer).await.unwrap();
            model.threads.push(Thread { id, case: n, reporter_of: None, sent: 0 });
            model.state.insert(n, "open");
            cases.push(case);
        }
        for n in 0..REPORTS {
            let new =
                reports::NewReport { acknowledge: false, ..told(app, "form", &format!("Report {n}"), "Something is wrong.", &format!("r{n}@shop.example")) };
            reports.push(reports::receive(app, &Who::Public, new).await.unwrap().id);
        }
        let abouts = (0..CASES).map(About::Case).zip(&cases).chain((0..REPORTS).map(About::Report).zip(&reports));
        for (about, id) in abouts {
            let rows: Vec<(Id, i64)> = house.rows("select id, due_at from clocks where about = $1", args![*id]).await;
            assert_eq!(rows.len(), 1, "each has one promise");
            model.clocks.push(Clock { id: rows[0].0, about, state: "running", held: false, by_rejection: false, by_end: false, due: rows[0].1 });
        }
        Self { house, who, cases, reports, model }
    }

    /// The step with its numbers brought down to what there is; nothing where there is nothing.
    fn meant(&self, step: &Step) -> Option<Step> {
        let one_of = |k: usize, all: usize| (all > 0).then(|| k % all.max(1));
        Some(match *step {
            Step::Finish(k, done) => Step::Finish(one_of(k, self.model.tasks.len())?, done),
            Step::Withdraw(k) => Step::Withdraw(one_of(k, self.model.advice.len())?),
            Step::Answer(k, answer) => Step::Answer(one_of(k, self.model.advice.len())?, answer),
            Step::Say(k) => Step::Say(one_of(k, self.model.threads.len())?),
            Step::Pause(k) => Step::Pause(one_of(k, self.model.clocks.len())?),
            Step::Resume(k) => Step::Resume(one_of(k, self.model.clocks.len())?),
            ref other => other.clone(),
        })
    }

    /// Does the step for real. What comes new with it, the model learns of.
    async fn real(&mut self, step: &Step) -> Result<(), Error> {
        let (app, who, model): (&App, &Who, &mut Model) = (&self.house.app, self.who, &mut self.model);
        match *step {
            Step::Link(c, r) => {
                cases::link_report(app, who, self.cases[c], self.reports[r]).await?;
                let text = "select id from parties where case_id = $1 and report_id = $2";
                for (id,) in self.house.rows::<(Id,)>(text, args![self.cases[c], self.reports[r]]).await {
                    if !model.threads.iter().any(|thread| thread.id == id) {
                        model.threads.push(Thread { id, case: c, reporter_of: Some(r), sent: 0 });
                    }
                }
                Ok(())
            }
            Step::Unlink(c, r) => cases::unlink_report(app, who, self.cases[c], self.reports[r]).await,
            Step::Close(c) => {
                let closing = Closing { outcome: "resolved".into(), reason: String::new(), waiver: "nobody to advise".into() };
                cases::close(app, who, self.cases[c], closing).await
            }
            Step::Abandon(c) => cases::abandon(app, who, self.cases[c], "no case").await,
            Step::Reopen(c) => cases::reopen(app, who, self.cases[c], "").await,
            Step::ReopenReport(r) => {
                let report = self.reports[r];
                let change = async |tx: &mut store::Tx| {
                    cases::reopen_for_report_in(tx, report, "an answer").await?;
                    tx.record(store::Record::new("report.answered", "report", report));
                    Ok(())
                };
                app.db.change(&who.to_string(), change).await
            }
            Step::Merge(a, b) => cases::merge(app, who, self.cases[a], self.cases[b]).await,
            Step::Task(c, hours) => {
                let due = app.now() + SignedDuration::from_hours(hours);
                let id =
                    cases::add_task(app, who, self.cases[c], NewTask { title: format!("Look {}", model.tasks.len()), due_at: Some(due), ..NewTask::default() })
                        .await?;
                model.tasks.push((id, c, true, due.as_microsecond()));
                Ok(())
            }
            Step::Finish(k, done) => cases::finish_task(app, who, model.tasks[k].0, done).await,
            Step::Advise(c) => {
                model.advice.push((
                    recommendations::add(app, who, model.threads[c].id, "operational", &format!("Patch it {}.", model.advice.len()), None).await?,
                    c,
                    "draft",
                ));
                Ok(())
            }
            Step::Withdraw(k) => recommendations::withdraw(app, who, model.advice[k].0).await,
            Step::Answer(k, answer) => {
                let addressee = Who::Party(model.threads[model.advice[k].1].id);
                recommendations::answer(app, &addressee, model.advice[k].0, (answer, "", "")).await
            }
            Step::Say(k) => {
                // The model has counted this one already.
                let thread = &model.threads[k];
                messages::release(app, who, thread.id, &words("Please look.", thread.sent - 1), None).await.map(drop)
            }
            Step::Pause(k) => due::pause(app, who, model.clocks[k].id, "waiting-for-reporter").await,
            Step::Resume(k) => due::resume(app, who, model.clocks[k].id).await,
            Step::Later(hours) => {
                self.house.later(hours * 60);
                Ok(())
            }
        }
    }

    async fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let Some(step) = self.meant(step) else { return Ok(()) };
        self.model.now = self.house.app.now().as_microsecond();
        let fine = self.model.take(&step);
        let result = self.real(&step).await;
        prop_assert!(if fine { result.is_ok() } else { matches!(result, Err(Error::Conflict(_))) }, "{step:?}: {result:?}, the rules say {fine}");
        self.agree(&step).await
    }

    async fn agree(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let (house, model) = (self.house, &mut self.model);
        for clock in &mut model.clocks {
            let (state, about, due): (String, Id, i64) = house.rows("select state, about, due_at from clocks where id = $1", args![clock.id]).await.remove(0);
            let home = match clock.about {
                About::Case(c) => self.cases[c],
                About::Report(r) => self.reports[r],
            };
            prop_assert_eq!((state.as_str(), about), (clock.state, home), "the clock of {:?} after {:?}", clock.about, step);
            clock.due = due;
        }
        for (n, id) in self.cases.iter().enumerate() {
            let (state, due): (String, Option<i64>) = house.rows("select state, due_at from cases where id = $1", args![*id]).await.remove(0);
            prop_assert_eq!(state, model.state[&n], "case {} after {:?}", n, step);
            if !model.merged.contains_key(&n) {
                prop_assert_eq!(due, model.due(n), "what is due in case {} after {:?}", n, step);
            }
        }
        for (n, id) in self.reports.iter().enumerate() {
            let (state, due): (String, Option<i64>) = house.rows("select state, due_at from reports where id = $1", args![*id]).await.remove(0);
            prop_assert_eq!(state, model.report(n), "report {} after {:?}", n, step);
            let own = model.clocks.iter().filter(|clock| clock.about == About::Report(n) && clock.state == "running").map(|clock| clock.due).min();
            prop_assert_eq!(due, own, "what is due of report {} after {:?}", n, step);
        }
        for (id, case, open, _) in &model.tasks {
            let (state, home): (String, Id) = house.rows("select state, case_id from tasks where id = $1", args![*id]).await.remove(0);
            prop_assert_eq!((state.as_str(), home), (if *open { "open" } else { "done" }, self.cases[*case]), "a task after {:?}", step);
        }
        for (id, thread, wanted) in &model.advice {
            let (state, home): (String, Id) = house.rows("select state, case_id from recommendations where id = $1", args![*id]).await.remove(0);
            prop_assert_eq!((state.as_str(), home), (*wanted, self.cases[model.threads[*thread].case]), "a recommendation after {:?}", step);
        }
        Ok(())
    }
}

#[test]
fn whatever_is_done_in_whatever_order_leaves_what_the_rules_say() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for house in runtime.block_on(House::both_with(crate::clocks::promised_for_cases)) {
        let who = analyst(runtime.block_on(house.person(Role::Analyst, None)));
        let runs = if house.on == "sqlite" { 192 } else { 24 };
        let mut runner = TestRunner::new(Config { cases: runs, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&prop::collection::vec(step(), 4..24), |steps| {
            runtime.block_on(async {
                let mut beside = Beside::begin(&house, &who).await;
                for step in &steps {
                    beside.step(step).await?;
                }
                Ok(())
            })
        });
        if let Err(error) = outcome {
            panic!("on {}: {error}", house.on);
        }
    }
}
