//! Twelve days of the demonstration team, told in the order in which they happened.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use post::compose::{Outgoing, compose};
use post::letter::Address;
use store::Id;

use super::cast::{self, Cast, phrases};
use super::stories::Story;
use super::world::{self, Org};
use super::{feeds, publishing};
use crate::access::{Person, Role, Who};
use crate::cases::messages::{self, Draft};
use crate::cases::parties::{self, NewParty};
use crate::cases::{self, NewCase, NewTask, extent, recommendations};
use crate::reports::{self, Answer, NewReport, Verdict};
use crate::{App, Error, Result, jobs, mailbox, outbox, people};

/// In how many minutes it all happens.
const MINUTES: i64 = 12 * 24 * 60;

/// One thing that happens at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    /// A report comes in.
    Arrive(usize),
    /// An analyst takes it up.
    TakeUp(usize),
    /// The other side answers.
    Reply(usize),
    /// The case goes on, or ends.
    GoOn(usize),
    /// The team publishes something.
    Publish(usize),
}

/// What is known so far of the report of that number.
#[derive(Clone, Copy, Debug, Default)]
struct Thread {
    report: Option<Id>,
    case: Option<Id>,
    party: Option<Id>,
}

/// The team's life.
struct Life<'a> {
    app: &'a App,
    cast: Cast,
    orgs: Vec<Org>,
    analysts: Vec<Who>,
    /// A program that hands in reports.
    sensor: Who,
    threads: Vec<Thread>,
}

/// Makes organisations and people and lets twelve days pass. The app's clock must be one set by hand.
/// The folder holds the pages that ship with the program.
pub async fn live(app: &App, content: Option<&Path>) -> Result<()> {
    let now = app.now();
    let start = back(now, MINUTES);
    let cast = cast::of(&app.profile);
    app.db.clock().set(start);
    let zone = app.profile.calendar().zone().clone();
    let orgs = world::organisations(app, &cast, start.to_zoned(zone).date().saturating_sub(jiff::Span::new().days(400))).await?;
    let first = orgs.first().ok_or_else(|| Error::fault("no organisations"))?.id;
    let logins = world::people(app, first).await?;
    let staff = |id: &Id, role| Who::Person(Person { id: *id, name: String::new(), role, organisation: None, groups: Vec::new(), form: None });
    let analysts = logins.iter().take(3).zip([Role::Analyst, Role::Analyst, Role::Lead]).map(|(id, role)| staff(id, role)).collect();
    let token = people::add_token(app, &Who::Operator, "Sensor network", None, "reports").await?;
    let sensor = people::token(app, &token, "reports").await?.ok_or_else(|| Error::fault("no token"))?;
    let mut life = Life { app, cast, orgs, analysts, sensor, threads: vec![Thread::default(); cast.reports] };
    publishing::begin(app, content).await?;
    for (at, act) in plan(now, &cast) {
        app.db.clock().set(at);
        life.happen(act).await?;
    }
    app.db.clock().set(now);
    feeds::deliver(app, life.cast.seed, now).await?;
    jobs::drain(app).await?;
    outbox::pretend_sent(app).await
}

fn back(now: Timestamp, minutes: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(now)
}

/// Reports come evenly over the days; what follows comes hours or, now and then, days later.
fn plan(now: Timestamp, cast: &Cast) -> Vec<(Timestamp, Act)> {
    let mut dice = fastrand::Rng::with_seed(cast.seed);
    let mut all = Vec::new();
    let between = (MINUTES - 480) / i64::try_from(cast.reports).unwrap_or(60).max(1);
    for place in 0..cast.reports {
        let ago = i64::try_from(cast.reports - place).unwrap_or(1) * between - dice.i64(0..between * 5 / 7);
        let slow = place % 9 == 4;
        let first = if slow { dice.i64(4000..5200) } else { dice.i64(20..420) };
        let reply = first + dice.i64(60..600);
        let end = reply + dice.i64(300..3000);
        for (after, act) in [(0, Act::Arrive(place)), (first, Act::TakeUp(place)), (reply, Act::Reply(place)), (end, Act::GoOn(place))] {
            if after < ago {
                all.push((back(now, ago - after), act));
            }
        }
    }
    all.extend(publishing::moments(now).map(|(at, place)| (at, Act::Publish(place))));
    all.sort();
    all
}

impl Life<'_> {
    /// Whom a report is about: somebody who reads the language it is told in.
    fn org(&self, place: usize) -> Result<&Org> {
        let missing = || Error::fault("no such organisation");
        if place == self.cast.for_member {
            return self.orgs.first().ok_or_else(missing);
        }
        let language = self.story(place)?.language;
        let fitting: Vec<&Org> = self.orgs.iter().filter(|org| org.language == language).collect();
        if fitting.is_empty() {
            return self.orgs.get(place * 7 % self.orgs.len().max(1)).ok_or_else(missing);
        }
        fitting.get(place * 7 % fitting.len()).copied().ok_or_else(missing)
    }

    fn story(&self, place: usize) -> Result<&'static Story> {
        let stories = self.cast.stories;
        let of_member = self.orgs.first().filter(|_| place == self.cast.for_member);
        let told = of_member.and_then(|org| stories.iter().find(|story| story.language == org.language));
        told.or_else(|| stories.get(place * 5 % stories.len().max(1))).ok_or_else(|| Error::fault("no such story"))
    }

    fn analyst(&self, place: usize) -> Result<Who> {
        self.analysts.get(place % self.analysts.len().max(1)).cloned().ok_or_else(|| Error::fault("nobody on duty"))
    }

    fn thread(&mut self, place: usize) -> Result<&mut Thread> {
        self.threads.get_mut(place).ok_or_else(|| Error::fault("no such thread"))
    }

    async fn happen(&mut self, act: Act) -> Result<()> {
        match act {
            Act::Arrive(place) => self.arrive(place).await,
            Act::TakeUp(place) => self.take_up(place).await,
            Act::Reply(place) => self.reply(place).await,
            Act::GoOn(place) => self.go_on(place).await,
            Act::Publish(place) => publishing::publish(self.app, place, &self.analysts).await.map_err(publishing::fault),
        }
    }

    async fn arrive(&mut self, place: usize) -> Result<()> {
        let (story, org) = (self.story(place)?, self.org(place)?.clone());
        let (title, body) = (org.tell(story.title), org.tell(story.body));
        let app = self.app;
        let reporter = format!("reporter{place}@reporters.example");
        if place.is_multiple_of(3) {
            let from = if place.is_multiple_of(2) { &reporter } else { &org.mail };
            let to = &app.profile.team.report_address;
            let raw = compose(&Outgoing {
                message_id: format!("<{place}.{}@reporters.example>", app.now().as_second()),
                from: Address::bare(from),
                to: Address::bare(to),
                subject: title,
                text: body,
                language: Some(story.language.to_owned()),
                date: app.now().as_microsecond(),
                ..Outgoing::default()
            })
            .map_err(Error::fault)?;
            mailbox::keep(app, mailbox::Delivered { from: from.clone(), to: vec![to.clone()], raw, via: "lmtp" }).await?;
            jobs::drain(app).await?;
            let mut reader = app.db.read().await?;
            let newest = reports::list(&mut reader, &reports::Asked { limit: 1, ..reports::Asked::default() }, reports::everything).await?;
            self.thread(place)?.report = newest.first().map(|row| row.id);
            return Ok(());
        }
        let kept = app.blobs.seal(format!("{title}\n\n{body}").as_bytes())?;
        let (channel, who) = match place % 3 {
            1 => ("form", Who::Public),
            _ if place.is_multiple_of(2) => ("phone", self.analyst(place)?),
            _ => ("api", self.sensor.clone()),
        };
        let new = NewReport {
            kind: story.kind.into(),
            title,
            body,
            language: story.language.to_owned(),
            urgent: place % 11 == 1,
            help: story.kind == "advice" || place % 7 == 1,
            reporter_name: if place % 4 == 1 { phrases(story.language).citizen.into() } else { String::new() },
            reporter_mail: if place % 4 == 2 { String::new() } else { reporter },
            acknowledge: true,
            ..NewReport::of(channel, kept, "text/plain")
        };
        let receipt = reports::receive(app, &who, new).await?;
        self.thread(place)?.report = Some(receipt.id);
        jobs::drain(app).await
    }

    /// Five of twelve become a case; the others are turned away, referred, answered, added to a case, or wait.
    async fn take_up(&mut self, place: usize) -> Result<()> {
        let Some(report) = self.thread(place)?.report else { return Ok(()) };
        let (app, who) = (self.app, self.analyst(place)?);
        match place % 12 {
            0 | 2 | 4 | 6 | 8 => self.open(place, report, &who).await,
            1 => reports::reject(app, &who, report, "The mail that was reported is a usual newsletter.").await,
            3 if !app.profile.referrals.is_empty() => {
                let entry = app.profile.referrals.first().map(|referral| referral.id.clone()).unwrap_or_default();
                reports::set_verdict(app, &who, report, Verdict::Undetermined, "low").await?;
                reports::refer(app, &who, report, &entry, "Neither side belongs to those that we serve; this team does.").await
            }
            5 => {
                let words = phrases(self.story(place)?.language);
                reports::answer(app, &who, report, words.subject, words.advice, app.profile.labels.default).await
            }
            7 => match self.threads.iter().rev().find_map(|thread| thread.case) {
                Some(case) => {
                    cases::link_report(app, &who, case, report).await?;
                    self.thank(place, report, &who).await
                }
                None => Ok(()),
            },
            _ if place + 9 < self.cast.reports => reports::reject(app, &who, report, "Looked at: a scan that everybody sees, no harm done.").await,
            _ => Ok(()),
        }
    }

    async fn open(&mut self, place: usize, report: Id, who: &Who) -> Result<()> {
        let (app, story, org) = (self.app, self.story(place)?, self.org(place)?.clone());
        reports::set_verdict(app, who, report, Verdict::Confirmed, "high").await?;
        let kind = match story.kind {
            "advice" => "advice",
            "weakness" => "vulnerability",
            _ => "incident",
        };
        let (class, name) = story.class;
        let new = NewCase {
            kind: kind.into(),
            title: org.tell(story.title),
            rsit_class: class.into(),
            rsit_type: name.into(),
            reports: vec![report],
            ..NewCase::default()
        };
        let case = cases::open(app, who, new).await?;
        let role = if matches!(class, "availability" | "fraud") && place.is_multiple_of(4) { "target" } else { "source" };
        let party = NewParty { organisation: Some(org.id), contact: Some(org.contact), role: role.into(), ..NewParty::default() };
        let party = parties::add(app, who, case.id, party).await?;
        *self.thread(place)? = Thread { report: Some(report), case: Some(case.id), party: Some(party) };
        recommendations::add(app, who, party, "operational", &org.tell(story.advice), None).await?;
        self.say(phrases(story.language).greeting, &org.tell(story.title), party, who, &org.tell(story.message)).await?;
        let due = app.now().checked_add(SignedDuration::from_hours(30)).ok();
        let task = NewTask { title: "Check whether it has stopped".into(), owner: who.person().map(|person| person.id), party: None, due_at: due };
        cases::add_task(app, who, case.id, task).await?;
        self.thank(place, report, who).await
    }

    /// The reporter hears from a person too: that is what stops the clock.
    async fn thank(&self, place: usize, report: Id, who: &Who) -> Result<()> {
        let reporter = { parties::of_report(&mut self.app.db.read().await?, report).await?.first().map(|party| party.id) };
        match reporter {
            Some(reporter) => {
                let words = phrases(self.story(place)?.language);
                self.say(words.hello, words.subject, reporter, who, words.thanks).await
            }
            None => Ok(()),
        }
    }

    /// A message as an analyst would release it, after looking at the checks.
    async fn say(&self, greeting: &str, subject: &str, party: Id, who: &Who, words: &str) -> Result<()> {
        let mut reader = self.app.db.read().await?;
        let (_, to) = parties::get(&mut reader, who, party).await?;
        let fresh = messages::draft(&mut reader, self.app, who, &to).await?.draft;
        drop(reader);
        let draft = Draft {
            subject: subject.to_owned(),
            body: format!("{greeting}\n\n{words}"),
            substantive: true,
            told: "It is what the report is about, and theirs to act on.".into(),
            ..fresh
        };
        match messages::release(self.app, who, party, &draft, None).await {
            // What the gate holds back stays a draft, as it would for a person.
            Err(Error::Conflict(_)) => messages::save_draft(self.app, who, party, &draft, None, &messages::Moving::default()).await,
            other => other.map(drop),
        }
    }

    async fn reply(&mut self, place: usize) -> Result<()> {
        let Thread { party: Some(party), .. } = *self.thread(place)? else { return Ok(()) };
        if place % 8 == 6 || place == self.cast.for_member {
            return Ok(());
        }
        let words = self.org(place)?.tell(self.story(place)?.answer);
        let (app, who) = (self.app, Who::Party(party));
        let answer = Answer::of(if place.is_multiple_of(4) { "portal" } else { "mail" }, words);
        app.db.change(&who.to_string(), async |tx| cases::receive_answer(tx, app, party, answer).await).await?;
        let given = { recommendations::of_party(&mut app.db.read().await?, party).await? };
        if let Some(one) = given.iter().find(|one| one.state == "sent") {
            let state = ["done", "accepted", "done", "rejected"].get(place / 2 % 4).copied().unwrap_or("accepted");
            recommendations::answer(app, &who, one.id, (state, "", "")).await?;
        }
        Ok(())
    }

    async fn go_on(&mut self, place: usize) -> Result<()> {
        let Thread { case: Some(case), .. } = *self.thread(place)? else { return Ok(()) };
        if place == self.cast.for_member {
            return Ok(());
        }
        let (app, who) = (self.app, self.analyst(place)?);
        let items = vec![
            extent::Item { kind: "asset".into(), name: self.org(place)?.tell("{net}5"), count: 1 },
            extent::Item { kind: "organisation".into(), name: self.org(place)?.name.clone(), count: 1 },
            extent::Item { kind: "country".into(), name: app.profile.team.country.clone(), count: 1 },
        ];
        let base = { extent::latest(&mut app.db.read().await?, case).await?.version };
        extent::set_extent(app, &who, case, base, items).await?;
        if let Some(task) = { cases::tasks(&mut app.db.read().await?, case).await?.first().map(|task| task.id) } {
            cases::finish_task(app, &who, task, true).await?;
        }
        cases::add_note(app, &who, case, "Flow data looked at again: the pattern fits what was reported.").await?;
        match place % 10 {
            0 | 2 => self.end(place, case, "resolved", "").await,
            4 => self.end(place, case, if place % 20 == 4 { "mitigated" } else { "not_possible" }, "The network abroad did not answer three letters.").await,
            6 if place % 20 == 6 => cases::abandon(app, &who, case, "It was a test of the owner's own.").await,
            6 => cases::set_phase(app, &who, case, "containment").await,
            _ => cases::set_phase(app, &who, case, "recovery").await,
        }
    }

    async fn end(&self, place: usize, case: Id, outcome: &str, reason: &str) -> Result<()> {
        let who = self.analyst(place)?;
        let closing = cases::Closing { outcome: outcome.into(), reason: reason.into(), waiver: "The owner had acted before we wrote.".into() };
        cases::close(self.app, &who, case, closing).await
    }
}
