//! The page of one case: its story, its parties, its clocks and what is left to do.

use askama::Template;
use jiff::Timestamp;
use store::{Id, Reader};

use super::{Choice, Problem, choices, people_of};
use crate::Result;
use crate::cases::case::{self, Case};
use crate::cases::extent::{self, Extent, Reach};
use crate::cases::facts::times;
use crate::cases::messages::{self, Message};
use crate::cases::parties::{self, Party};
use crate::cases::story::{self, Event};
use crate::cases::{drafts, join, notes, see, severity, store as rows, tasks, team};
use crate::clocks::{self, Clock};
use crate::people::named;
use crate::reports::linked::{self, Glance};
use crate::reports::sightings::{self, Seen};
use crate::web::{Ctx, Fields, Room, Shell};

/// One piece of the story.
pub enum StoryItem {
    /// A new day begins.
    Day(String),
    /// Something was done.
    Event(Event),
    /// Many things that one person did one after the other.
    Folded(Vec<Event>),
    /// A note of ours.
    Note(NoteRow),
    /// A message of one of the threads.
    Message(Box<Said>),
}

/// A message with the name of its party.
pub struct Said {
    message: Message,
    name: String,
}

fn said_by(messages: Vec<Message>, parties: &[Party]) -> Vec<Said> {
    let name = |id| parties.iter().find(|party| Some(party.id) == id).map_or_else(|| "a party".to_owned(), |party| party.name.clone());
    messages.into_iter().map(|message| Said { name: name(message.party), message }).collect()
}

/// A note with its author's name.
pub struct NoteRow {
    note: notes::Note,
    by: String,
}

/// A task with the names in it.
pub struct TaskRow {
    task: tasks::Task,
    owner: String,
    party: String,
    late: bool,
}

/// How many of its reports the page shows.
const REPORTS: usize = 20;
/// How many clocks it shows.
const CLOCKS: usize = 8;

/// A clock in the words of the team.
pub struct ClockRow {
    /// The report that it runs for; empty when it is the case's own.
    report: String,
    title: String,
    line: String,
    css: &'static str,
}

/// `GET /cases/{number}`.
#[derive(Template)]
#[template(path = "cases/pages/case.html")]
pub struct CasePage {
    shell: Shell,
    case: Case,
    lanes: Vec<Party>,
    /// Whether it was opened from events: then whoever holds their sources can take part.
    from_events: bool,
    current: Option<Id>,
    story: Vec<StoryItem>,
    /// Whether more happened before what is shown.
    earlier: bool,
    /// When and why it was taken up again, if it had ended before.
    reopened: Option<Event>,
    clocks: Vec<ClockRow>,
    clocks_more: usize,
    /// Whether closing kept a promise, which counts on if that was a mistake.
    kept_by_closing: bool,
    /// Whether one of its reports is urgent, and whether help is wanted.
    urgent: bool,
    help: bool,
    owner: String,
    mine: bool,
    watching: bool,
    watchers: String,
    rule: String,
    /// What the rules would say if it were decided whether the case is ours.
    undecided: String,
    group: String,
    reports: Vec<Glance>,
    reports_more: usize,
    linked: Vec<Case>,
    times: Vec<(String, Option<Timestamp>)>,
    extent: Extent,
    reach: Reach,
    tasks: Vec<TaskRow>,
    tasks_done: usize,
    observables: Vec<Observed>,
    observables_count: i64,
    phases: Vec<Choice>,
    staff: Vec<Choice>,
    note_draft: String,
    typed: Fields,
    waiver_by: String,
    problem: Problem,
}

impl CasePage {
    /// Reads everything that the page shows.
    pub async fn read(ctx: &Ctx, case: Case, typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("{} {}", case.number, case.title), Room::Cases).await?;
        let me = ctx.person()?.id;
        let mut reader = ctx.app.db.read().await?;
        let watchers = team::watchers(&mut reader, case.id).await?;
        let all = tasks::tasks(&mut reader, case.id).await?;
        let notes = notes::notes(&mut reader, case.id).await?;
        let staff = named::staff(&mut reader).await?;
        let mut known: Vec<Id> = watchers.clone();
        known.extend(all.iter().filter_map(|task| task.owner));
        known.extend(notes.iter().map(|note| note.by));
        known.extend(case.owner.into_iter().chain(case.waiver_by));
        let names = named::names(&mut reader, &known).await?;
        let name = |id: Id| if id == me { "you".to_owned() } else { names.get(&id).cloned().unwrap_or_default() };
        let lanes = parties::lanes(&mut reader, &case).await?;
        let most = if typed.get("story") == "all" { WHOLE } else { NEWEST };
        let said = messages::of_case(&mut reader, case.id, most).await?;
        let report_ids = rows::reports(&mut reader, case.id).await?;
        let reports = linked::glance(&mut reader, &report_ids, REPORTS).await?;
        let events = story::tell(&mut reader, &ctx.who, &case, most).await?;
        let reopened = events.iter().rfind(|event| case.is_open() && event.verb == "case.reopened").cloned();
        let by = |id| if id == me { "You".into() } else { name(id) };
        let (story, earlier) = in_order(&ctx.zone(), events, notes, said_by(said, &lanes), by, most);
        let tasks: Vec<TaskRow> = all
            .into_iter()
            .map(|task| TaskRow {
                owner: task.owner.map(name).unwrap_or_default(),
                party: lanes.iter().find(|party| Some(party.id) == task.party).map(|party| party.name.clone()).unwrap_or_default(),
                late: task.state == "open" && task.due_at.is_some_and(|due| due < shell.now),
                task,
            })
            .collect();
        let mut about = report_ids.clone();
        about.push(case.id);
        let all_clocks = clocks::of_many(&mut reader, &about).await?;
        let by_closing = |clock: &Clock| case.closed_at.is_some_and(|at| clock.about == case.id && clock.was_kept_by_closing(&ctx.app.profile, at));
        let kept_by_closing = all_clocks.iter().any(by_closing);
        let (clocks, clocks_more) = clock_rows(ctx, &shell, all_clocks, case.id, &reports);
        let marks = linked::marks(&mut reader, &[case.id]).await?;
        let draft = drafts::draft(&mut reader, me, "note", case.id).await?;
        let others: Vec<String> = watchers.iter().map(|id| if *id == me { "you".to_owned() } else { name(*id) }).collect();
        let group = match case.group {
            Some(id) => named::groups(&mut reader).await?.into_iter().find(|(known, _)| *known == id).map(|(_, name)| name).unwrap_or_default(),
            None => String::new(),
        };
        let seen = sightings::seen(&mut reader, case.id, 30, |statement| see::push_visible_thing(statement, &ctx.who)).await?;
        let observables = with_origin(&mut reader, seen, &lanes).await?;
        let extent = extent::latest(&mut reader, case.id).await?;
        let titles = ["Occurred", "Detected", "Reported", "Responded", "Contained", "Recovered"];
        Ok(Self {
            owner: case.owner.map(name).unwrap_or_default(),
            mine: case.owner == Some(me),
            watching: watchers.contains(&me),
            watchers: others.join(", "),
            rule: story::rule(&case.severity_rule),
            undecided: severity::undecided(&mut reader, &ctx.app, &case).await?,
            linked: join::linked_cases(&mut reader, &ctx.who, case.id).await?,
            times: titles.into_iter().map(str::to_owned).zip(times(&case)).collect(),
            reach: extent::reach(&mut reader, case.id, &extent).await?,
            extent,
            tasks_done: tasks.iter().filter(|row| row.task.state == "done").count(),
            observables,
            observables_count: sightings::count_seen(&mut reader, case.id).await?,
            phases: choices(&case::PHASES),
            staff: people_of(staff),
            note_draft: draft.map(|draft| draft.fields.exact("body").to_owned()).unwrap_or_default(),
            waiver_by: case.waiver_by.map(name).unwrap_or_default(),
            from_events: !see::selections_of(&mut reader, &case).await?.is_empty(),
            shell,
            case,
            lanes,
            current: None,
            story,
            earlier,
            reopened,
            clocks,
            clocks_more,
            kept_by_closing,
            urgent: marks.iter().any(|(_, urgent, _)| *urgent),
            help: marks.iter().any(|(_, _, help)| *help),
            reports_more: report_ids.len().saturating_sub(REPORTS),
            group,
            reports,
            tasks,
            typed,
            problem,
        })
    }
}

impl CasePage {
    /// The time of day; the heading above says the day.
    fn hour(&self, at: &Timestamp) -> String {
        at.to_zoned(self.shell.zone.clone()).strftime("%H:%M").to_string()
    }
}

/// An observable, and the message that named it when no report did.
struct Observed {
    seen: Seen,
    /// Whose answer, when, and its place in the thread.
    from: Option<(String, Timestamp, String)>,
}

async fn with_origin(reader: &mut Reader, seen: Vec<Seen>, lanes: &[Party]) -> Result<Vec<Observed>> {
    let ids: Vec<Id> = seen.iter().filter_map(|seen| seen.message).collect();
    let messages = messages::threads_of(reader, &ids).await?;
    let from = |message: Id| {
        let (_, party, at) = messages.iter().find(|(id, _, _)| *id == message)?;
        let party = lanes.iter().find(|lane| lane.id == *party)?;
        Some((party.name.clone(), *at, format!("parties/{}#m-{message}", party.id)))
    };
    Ok(seen.into_iter().map(|seen| Observed { from: seen.message.and_then(from), seen }).collect())
}

/// The clocks of the case and of its reports, those that run first, and how many more there are.
fn clock_rows(ctx: &Ctx, shell: &Shell, mut clocks: Vec<Clock>, case: Id, reports: &[Glance]) -> (Vec<ClockRow>, usize) {
    clocks.retain(|clock| clock.state != "void" || clock.about == case);
    clocks.sort_by_key(|clock| (!clock.runs(), clock.due_at));
    let more = clocks.len().saturating_sub(CLOCKS);
    let number = |about: Id| reports.iter().find(|report| report.brief.id == about).map(|report| report.brief.number.clone()).unwrap_or_default();
    let row = |clock: &Clock| ClockRow {
        report: number(clock.about),
        title: clock.title(&ctx.app.profile, "en").trim_end_matches('.').to_owned(),
        line: format!("{}{}", shell.turn(clock.turn(&clocks)), clock_line(clock, shell)),
        css: clock.css(&shell.now),
    };
    (clocks.iter().take(CLOCKS).map(row).collect(), more)
}

fn clock_line(clock: &Clock, shell: &Shell) -> String {
    match clock.state.as_str() {
        "kept" => clock.stopped_at.map_or_else(|| "kept".into(), |at| format!("kept {}", shell.when(&at))),
        "missed" => format!("missed, was due {}", shell.when(&clock.due_at)),
        "paused" => format!("paused: {}", clock.pause_reason()),
        "running" => format!("{}, due {}", shell.left(&clock.due_at), shell.when(&clock.due_at)),
        _ => "ended, and counts neither as kept nor as missed".into(),
    }
}

/// How much of the story stands on the page at first, and at most when all of it is asked for.
const NEWEST: u32 = 80;
const WHOLE: u32 = 1000;

/// The newest events, notes and messages in the order of time, a heading before each day; and
/// whether more happened before.
fn in_order(
    zone: &jiff::tz::TimeZone,
    events: Vec<Event>,
    notes: Vec<notes::Note>,
    said: Vec<Said>,
    by: impl Fn(Id) -> String,
    most: u32,
) -> (Vec<StoryItem>, bool) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let cut = events.len() >= most || said.len() >= most;
    let mut all: Vec<(Timestamp, StoryItem)> = events.into_iter().map(|event| (event.at, StoryItem::Event(event))).collect();
    all.extend(notes.into_iter().map(|note| (note.at, StoryItem::Note(NoteRow { by: by(note.by), note }))));
    all.extend(said.into_iter().map(|said| (said.message.at, StoryItem::Message(Box::new(said)))));
    all.sort_by_key(|(at, _)| *at);
    let earlier = cut || all.len() > most;
    all.drain(..all.len().saturating_sub(most));
    let mut story = Vec::with_capacity(all.len() + 4);
    let mut day = String::new();
    for (at, item) in all {
        let here = at.to_zoned(zone.clone()).strftime("%A %-d %B %Y").to_string();
        if here != day {
            story.push(StoryItem::Day(here.clone()));
            day = here;
        }
        story.push(item);
    }
    (folded(story), earlier)
}

/// How many steps in a row of one person stand open in the story.
const RUN: usize = 8;

/// Long runs of steps of one person are folded away behind their first: a case of a hundred parties
/// does not begin with a hundred lines of how they were added.
fn folded(story: Vec<StoryItem>) -> Vec<StoryItem> {
    let mut out: Vec<StoryItem> = Vec::with_capacity(story.len());
    let mut run: Vec<Event> = Vec::new();
    let end = |run: &mut Vec<Event>, out: &mut Vec<StoryItem>| {
        let rest = if run.len() > RUN { run.split_off(3) } else { Vec::new() };
        out.extend(run.drain(..).map(StoryItem::Event));
        if !rest.is_empty() {
            out.push(StoryItem::Folded(rest));
        }
    };
    for item in story {
        match item {
            StoryItem::Event(event) => {
                if run.last().is_some_and(|last| last.who != event.who) {
                    end(&mut run, &mut out);
                }
                run.push(event);
            }
            other => {
                end(&mut run, &mut out);
                out.push(other);
            }
        }
    }
    end(&mut run, &mut out);
    out
}
