//! What the pages of a case show, put together from the room's reads.

use askama::Template;
use formats::label::Tlp;
use formats::rsit;
use jiff::Timestamp;
use store::{Id, args};

use super::case::{self, Case};
use super::extent::Extent;
use super::facts::{Facts, TIMES, times};
use super::list::{Filter, Listed};
use super::messages::{self, Message};
use super::parties::{self, Party};
use super::story::{self, Event};
use super::{drafts, extent, join, list, notes, states, store as rows, tasks, team};
use crate::clocks::{self, Clock};
use crate::people::named;
use crate::people::views::{self, View};
use crate::reports::linked::{self, Brief, Seen};
use crate::web::{Ctx, Fields, Room, Shell, show};
use crate::{App, Result};

/// Value and words of one choice.
pub type Choice = (String, String);

/// What is wrong with a form: the field, and one plain line.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Id of the field.
    pub field: &'static str,
    /// The line; empty when all is well.
    pub text: String,
}

/// A group of RSIT types with the team's own below them.
#[derive(Clone, Debug)]
pub struct Class {
    /// Title of the class.
    pub title: &'static str,
    /// `class/type/subtype` and words.
    pub options: Vec<Choice>,
}

/// RSIT as one list, with the team's sub-types.
pub fn classes(app: &App) -> Vec<Class> {
    rsit::CLASSES
        .iter()
        .map(|(class, title)| {
            let mut options = vec![(format!("{class}//"), format!("{title}, type not known yet"))];
            for known in rsit::types_of(class) {
                options.push((format!("{class}/{}/", known.name), known.title.to_owned()));
                let own = app.profile.subtypes.iter().filter(|own| own.class == *class && own.rsit_type == known.name);
                options.extend(own.map(|own| (format!("{class}/{}/{}", known.name, own.id), format!("{} · {}", known.title, own.title.text("en")))));
            }
            Class { title, options }
        })
        .collect()
}

/// The same list as it is chosen: class, type, sub-type.
pub fn class_of(value: &str) -> [String; 3] {
    let mut parts = value.splitn(3, '/').map(str::to_owned);
    [parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default()]
}

/// Words of a fixed list as choices.
pub fn choices(list: &[(&str, &str)]) -> Vec<Choice> {
    list.iter().map(|(value, title)| ((*value).to_owned(), (*title).to_owned())).collect()
}

/// Labels as choices.
pub fn labels() -> Vec<Choice> {
    Tlp::ALL.into_iter().map(|label| (label.as_str().to_owned(), label.marking().to_owned())).collect()
}

fn people_of(list: Vec<(Id, String)>) -> Vec<Choice> {
    list.into_iter().map(|(id, name)| (id.to_string(), name)).collect()
}

// ---- the list ---------------------------------------------------------------------------------

/// `GET /cases`.
#[derive(Template)]
#[template(path = "cases/pages/list.html")]
pub struct ListPage {
    shell: Shell,
    filter: Filter,
    rows: Vec<ListedRow>,
    next: Option<String>,
    counts: [(&'static str, &'static str, String, bool); 4],
    views: Vec<View>,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    severities: Vec<Choice>,
    classes: Vec<Choice>,
    staff: Vec<Choice>,
    labels: Vec<Choice>,
    me: String,
    problem: Problem,
}

struct ListedRow {
    case: Listed,
    owner: String,
}

impl ListPage {
    /// Reads what the list shows.
    pub async fn read(ctx: &Ctx, filter: Filter, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, "Cases", Room::Cases).await?;
        let person = ctx.person()?.id;
        let mut reader = ctx.app.db.read().await?;
        let (rows, next) = list::list(&mut reader, &ctx.who, &filter).await?;
        let owners: Vec<Id> = rows.iter().filter_map(|row| row.owner).collect();
        let names = named::names(&mut reader, &owners).await?;
        let mut counts = [
            ("state=open", "Open", String::new(), false),
            ("state=open&owner=me", "Mine", String::new(), false),
            ("state=open&owner=none", "Nobody's", String::new(), false),
            ("state=open&due=late", "Overdue", String::new(), false),
        ];
        let query = filter.query();
        for (wanted, _, count, current) in &mut counts {
            *current = *wanted == query;
            let of = Filter::read(&Fields::parse(wanted.as_bytes()));
            if of.owner != "none" {
                let found = list::count(&mut reader, &ctx.who, &of).await?;
                *count = if found > 1000 { "1000+".into() } else { found.to_string() };
            }
        }
        let rows = rows
            .into_iter()
            .map(|case| {
                let owner = match case.owner {
                    Some(id) if id == person => "you".to_owned(),
                    Some(id) => names.get(&id).cloned().unwrap_or_default(),
                    None => String::new(),
                };
                ListedRow { case, owner }
            })
            .collect();
        Ok(Self {
            views: views::list(&mut reader, ctx.person()?, "cases").await?,
            staff: people_of(named::staff(&mut reader).await?),
            states: [("open", "Open"), ("resolved", "Resolved"), ("abandoned", "Abandoned"), ("all", "All")].map(|(a, b)| (a.into(), b.into())).into(),
            kinds: choices(&case::KINDS),
            severities: choices(&case::SEVERITIES),
            classes: choices(rsit::CLASSES),
            labels: labels(),
            me: person.to_string(),
            shell,
            filter,
            rows,
            next,
            counts,
            problem,
        })
    }
}

/// `POST /cases/bulk` before it is done: what would change.
#[derive(Template)]
#[template(path = "cases/pages/bulk.html")]
pub struct BulkPage {
    /// The frame.
    pub shell: Shell,
    /// What would be done, in words.
    pub what: String,
    /// `assign` or `label`.
    pub action: String,
    /// The chosen person or label.
    pub value: String,
    /// Case, and what would change; empty when nothing would.
    pub rows: Vec<(Case, String)>,
    /// The list to go back to.
    pub back: String,
}

// ---- forms ------------------------------------------------------------------------------------

/// `GET /cases/new`.
#[derive(Template)]
#[template(path = "cases/pages/new.html")]
pub struct NewPage {
    shell: Shell,
    typed: Fields,
    reports: Vec<Brief>,
    kinds: Vec<Choice>,
    classes: Vec<Class>,
    labels: Vec<Choice>,
    groups: Vec<Choice>,
    draft: Option<Timestamp>,
    problem: Problem,
}

impl NewPage {
    /// Reads what the form shows. `typed` has the reports as `report` and whatever was typed before.
    pub async fn read(ctx: &Ctx, mut typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, "Open a case", Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        let mut draft = None;
        if !typed.has("title")
            && problem.text.is_empty()
            && let Some(left) = drafts::draft(&mut reader, ctx.person()?.id, "new-case", drafts::NEW).await?
            && left.fields.get("report") == typed.get("report")
        {
            typed = left.fields;
            draft = Some(left.at);
        }
        let mut reports = Vec::new();
        for number in typed.all("report") {
            reports.extend(linked::brief_of_number(&mut reader, number).await?);
        }
        if let (Some(report), false) = (reports.first(), typed.has("title")) {
            typed.set("title", report.title.clone());
            let highest = reports.iter().map(|report| report.label).max().unwrap_or(ctx.app.profile.labels.default);
            typed.set("label", highest.as_str());
            if report.kind == "advice" {
                typed.set("kind", "advice");
            }
        }
        if !typed.has("kind") {
            typed.set("kind", "incident");
        }
        if !typed.has("label") {
            typed.set("label", ctx.app.profile.labels.default.as_str());
        }
        Ok(Self {
            shell,
            typed,
            reports,
            draft,
            problem,
            kinds: choices(&case::KINDS),
            classes: classes(&ctx.app),
            labels: labels(),
            groups: people_of(named::groups(&mut reader).await?),
        })
    }
}

/// `GET /cases/{number}/edit`, and the same with both versions when somebody else was faster.
#[derive(Template)]
#[template(path = "cases/pages/edit.html")]
pub struct EditPage {
    shell: Shell,
    case: Case,
    typed: Fields,
    classes: Vec<Class>,
    times: Vec<(&'static str, String)>,
    draft: Option<Timestamp>,
    stale: Vec<(&'static str, String, String)>,
    other: String,
    problem: Problem,
}

/// The fields of the edit form as text, as the form shows them.
pub fn as_fields(facts: &Facts, version: i64, zone: &jiff::tz::TimeZone) -> Fields {
    let mut fields = Fields::default();
    fields.set("version", version.to_string());
    fields.set("title", facts.title.clone());
    fields.set("summary", facts.summary.clone());
    fields.set("class", format!("{}/{}/{}", facts.rsit_class, facts.rsit_type, facts.subtype));
    for (name, at) in TIMES.into_iter().zip(facts.times) {
        fields.set(name, at.map(|at| show::local(at, zone)).unwrap_or_default());
    }
    fields.set("times_reason", facts.times_reason.clone());
    fields.set("cause", facts.cause.clone());
    fields.set("cause_cve", facts.cause_cve.clone());
    fields
}

/// Reads the edit form. A time that was not touched keeps its seconds.
pub fn as_facts(fields: &Fields, before: &Facts, zone: &jiff::tz::TimeZone) -> Result<Facts> {
    let [rsit_class, rsit_type, subtype] = class_of(fields.get("class"));
    let mut times = [None; 6];
    for ((slot, name), was) in times.iter_mut().zip(TIMES).zip(before.times) {
        let text = fields.get(name);
        let same = was.is_some_and(|was| show::local(was, zone) == text);
        *slot = match (text.is_empty(), same) {
            (true, _) => None,
            (_, true) => was,
            _ => Some(show::from_local(text, zone).ok_or_else(|| crate::Error::invalid(format!("“{text}” is no date and time such as 2026-11-21T10:31")))?),
        };
    }
    Ok(Facts {
        title: fields.get("title").to_owned(),
        summary: fields.exact("summary").to_owned(),
        rsit_class,
        rsit_type,
        subtype,
        times,
        times_reason: fields.get("times_reason").to_owned(),
        cause: fields.get("cause").to_owned(),
        cause_cve: fields.get("cause_cve").to_owned(),
    })
}

impl EditPage {
    /// The form filled from the case, or from the draft that this person left.
    pub async fn read(ctx: &Ctx, case: Case) -> Result<Self> {
        let typed = as_fields(&Facts::of(&case), case.version, &ctx.zone());
        let mut reader = ctx.app.db.read().await?;
        let left = drafts::draft(&mut reader, ctx.person()?.id, "case", case.id).await?;
        drop(reader);
        let mut page = Self::of(ctx, case, typed, Problem::default()).await?;
        if let Some(left) = left {
            // The draft keeps the version it began with, so that a faster editor shows at saving.
            page.typed = left.fields;
            page.draft = Some(left.at);
        }
        page.refill();
        Ok(page)
    }

    /// The form as somebody typed it.
    pub async fn of(ctx: &Ctx, case: Case, typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Edit {}", case.number), Room::Cases).await?;
        let mut page =
            Self { shell, classes: classes(&ctx.app), times: Vec::new(), draft: None, stale: Vec::new(), other: String::new(), case, typed, problem };
        page.refill();
        Ok(page)
    }

    fn refill(&mut self) {
        self.times = TIMES.into_iter().map(|name| (name, self.typed.get(name).to_owned())).collect();
    }

    /// Shows yours and theirs side by side; the next save goes on top of theirs.
    pub async fn stale(ctx: &Ctx, now: Case, mut typed: Fields) -> Result<Self> {
        let theirs = as_fields(&Facts::of(&now), now.version, &ctx.zone());
        let mut reader = ctx.app.db.read().await?;
        let line = reader.journal_about(now.id, 1000).await?.into_iter().rev().find(|line| line.verb.starts_with("case."));
        let id = line.and_then(|line| line.who.strip_prefix("person:").and_then(|id| id.parse::<Id>().ok()));
        let other = match id {
            Some(id) => named::names(&mut reader, &[id]).await?.remove(&id).unwrap_or_default(),
            None => "Somebody else".into(),
        };
        drop(reader);
        let stale = theirs.0.iter().filter(|(name, value)| name != "version" && typed.exact(name).trim() != value.trim());
        let names = [
            ("title", "Title"),
            ("summary", "Summary"),
            ("class", "Class"),
            ("times_reason", "Reason for the order"),
            ("cause", "Cause"),
            ("cause_cve", "CVE"),
            ("occurred", "Occurred"),
            ("detected", "Detected"),
            ("reported", "Reported"),
            ("responded", "Responded"),
            ("contained", "Contained"),
            ("recovered", "Recovered"),
        ];
        let label = |name: &str| names.iter().find(|(key, _)| *key == name).map_or("Field", |(_, label)| *label);
        let stale: Vec<_> = stale.map(|(name, value)| (label(name), typed.exact(name).to_owned(), value.clone())).collect();
        typed.set("version", now.version.to_string());
        let mut page = Self::of(ctx, now, typed, Problem::default()).await?;
        page.stale = stale;
        page.other = other;
        Ok(page)
    }
}

/// `GET /cases/{number}/change`: everything that is decided rather than written.
#[derive(Template)]
#[template(path = "cases/pages/change.html")]
pub struct ChangePage {
    shell: Shell,
    case: Case,
    typed: Fields,
    labels: Vec<Choice>,
    severities: Vec<Choice>,
    verdicts: Vec<Choice>,
    confidences: Vec<Choice>,
    kinds: Vec<Choice>,
    staff: Vec<Choice>,
    groups: Vec<Choice>,
    owner: String,
    group: String,
    rule: String,
    problem: Problem,
}

impl ChangePage {
    /// Reads what the forms show.
    pub async fn read(ctx: &Ctx, case: Case, typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Change {}", case.number), Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        Ok(Self {
            staff: people_of(named::staff(&mut reader).await?),
            groups: people_of(named::groups(&mut reader).await?),
            labels: labels(),
            severities: choices(&case::SEVERITIES),
            verdicts: choices(&case::VERDICTS),
            confidences: choices(&case::CONFIDENCES),
            kinds: choices(&case::KINDS),
            owner: case.owner.map(|id| id.to_string()).unwrap_or_default(),
            group: case.group.map(|id| id.to_string()).unwrap_or_default(),
            rule: story::rule(&case.severity_rule),
            shell,
            case,
            typed,
            problem,
        })
    }
}

/// `GET /cases/{number}/close`.
#[derive(Template)]
#[template(path = "cases/pages/close.html")]
pub struct ClosePage {
    shell: Shell,
    case: Case,
    typed: Fields,
    needs: bool,
    open_tasks: usize,
    running: Vec<String>,
    reports: Vec<Brief>,
    problem: Problem,
}

impl ClosePage {
    /// Reads what stands against closing, and what follows from it.
    pub async fn read(ctx: &Ctx, case: Case, typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Close {}", case.number), Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        let open_tasks = tasks::tasks(&mut reader, case.id).await?.iter().filter(|task| task.state == "open").count();
        let titles =
            |clocks: Vec<Clock>| clocks.into_iter().filter(Clock::runs).map(|clock| clock.title(&ctx.app.profile, "en").to_owned()).collect::<Vec<_>>();
        let mut running = titles(clocks::of(&mut reader, case.id).await?);
        let mut reports = Vec::new();
        for id in rows::reports(&mut reader, case.id).await? {
            let Some(report) = linked::brief(&mut reader, id).await? else { continue };
            // What the reporter was promised does not end with the case: somebody has to tell them.
            running.extend(titles(clocks::of(&mut reader, id).await?).into_iter().map(|title| format!("{}: {title}", report.number)));
            reports.push(report);
        }
        Ok(Self { needs: states::needs_recommendation(&mut reader, &case).await?, shell, case, typed, open_tasks, running, reports, problem })
    }

    fn outcomes(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &case::OUTCOMES
    }
}

/// `GET /cases/{number}/extent`.
#[derive(Template)]
#[template(path = "cases/pages/extent.html")]
pub struct ExtentPage {
    shell: Shell,
    case: Case,
    items: String,
    base: i64,
    theirs: Option<Extent>,
    problem: Problem,
}

impl ExtentPage {
    /// The form; `typed` is what somebody sent, with its base version.
    pub async fn read(ctx: &Ctx, case: Case, typed: Option<String>, problem: Problem, stale: bool) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Extent of {}", case.number), Room::Cases).await?;
        let now = extent::latest(&mut ctx.app.db.read().await?, case.id).await?;
        let items = typed.unwrap_or_else(|| now.lines());
        Ok(Self { shell, case, items, base: now.version, theirs: stale.then_some(now), problem })
    }
}

/// `GET /cases/{number}/join`: merge, split, link.
#[derive(Template)]
#[template(path = "cases/pages/join.html")]
pub struct JoinPage {
    shell: Shell,
    case: Case,
    typed: Fields,
    reports: Vec<Brief>,
    parties: Vec<(Id, String, String)>,
    linked: Vec<Case>,
    into: Option<(Case, String)>,
    problem: Problem,
}

impl JoinPage {
    /// Reads what the forms show; `into` is the case to merge into, for the preview.
    pub async fn read(ctx: &Ctx, case: Case, typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Merge, split or link {}", case.number), Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        let mut reports = Vec::new();
        for id in rows::reports(&mut reader, case.id).await? {
            reports.extend(linked::brief(&mut reader, id).await?);
        }
        let parties = reader.rows("select id, name, role from parties where case_id = $1 order by added_at", args![case.id]).await?;
        let into = match super::find(&mut reader, &ctx.who, typed.get("into")).await {
            Ok(into) if typed.has("into") => {
                let against = join::may_merge(&case, &into).err().map(|error| error.to_string()).unwrap_or_default();
                Some((into, against))
            }
            _ => None,
        };
        Ok(Self { linked: join::linked_cases(&mut reader, &ctx.who, case.id).await?, shell, case, typed, reports, parties, into, problem })
    }
}

/// `GET /cases/{number}/notes/{id}`.
#[derive(Template)]
#[template(path = "cases/pages/note.html")]
pub struct NotePage {
    /// The frame.
    pub shell: Shell,
    /// The case.
    pub case: Case,
    /// The note as it stands.
    pub note: notes::Note,
    /// What stands in the box.
    pub body: String,
    /// Somebody else was faster: their name.
    pub other: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

// ---- the case ---------------------------------------------------------------------------------

/// One piece of the story.
pub enum StoryItem {
    /// A new day begins.
    Day(String),
    /// Something was done.
    Event(Event),
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

/// A clock in the words of the team.
pub struct ClockRow {
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
    current: Option<Id>,
    story: Vec<StoryItem>,
    clocks: Vec<ClockRow>,
    owner: String,
    mine: bool,
    watching: bool,
    watchers: String,
    rule: String,
    group: String,
    reports: Vec<Brief>,
    linked: Vec<Case>,
    times: Vec<(String, Option<Timestamp>)>,
    extent: Extent,
    tasks: Vec<TaskRow>,
    tasks_done: usize,
    observables: Vec<Seen>,
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
        let lanes = parties::of(&mut reader, &case).await?;
        let said = messages::of_case(&mut reader, case.id).await?;
        let mut reports = Vec::new();
        for id in rows::reports(&mut reader, case.id).await? {
            reports.extend(linked::brief(&mut reader, id).await?);
        }
        let events = story::tell(&mut reader, &ctx.who, &case).await?;
        let story = in_order(&ctx.zone(), events, notes, said_by(said, &lanes), |id| if id == me { "You".into() } else { name(id) });
        let tasks: Vec<TaskRow> = all
            .into_iter()
            .map(|task| TaskRow {
                owner: task.owner.map(name).unwrap_or_default(),
                party: lanes.iter().find(|party| Some(party.id) == task.party).map(|party| party.name.clone()).unwrap_or_default(),
                late: task.state == "open" && task.due_at.is_some_and(|due| due < shell.now),
                task,
            })
            .collect();
        let clocks = clocks::of(&mut reader, case.id).await?;
        let clocks = clocks
            .iter()
            .map(|clock| ClockRow { title: clock.title(&ctx.app.profile, "en").to_owned(), line: clock_line(clock, &shell), css: clock.css(&shell.now) })
            .collect();
        let draft = drafts::draft(&mut reader, me, "note", case.id).await?;
        let others: Vec<String> = watchers.iter().map(|id| if *id == me { "you".to_owned() } else { name(*id) }).collect();
        let group = match case.group {
            Some(id) => named::groups(&mut reader).await?.into_iter().find(|(known, _)| *known == id).map(|(_, name)| name).unwrap_or_default(),
            None => String::new(),
        };
        let titles = ["Occurred", "Detected", "Reported", "Responded", "Contained", "Recovered"];
        Ok(Self {
            owner: case.owner.map(name).unwrap_or_default(),
            mine: case.owner == Some(me),
            watching: watchers.contains(&me),
            watchers: others.join(", "),
            rule: story::rule(&case.severity_rule),
            linked: join::linked_cases(&mut reader, &ctx.who, case.id).await?,
            times: titles.into_iter().map(str::to_owned).zip(times(&case)).collect(),
            extent: extent::latest(&mut reader, case.id).await?,
            tasks_done: tasks.iter().filter(|row| row.task.state == "done").count(),
            observables: linked::seen(&mut reader, case.id, 30).await?,
            observables_count: linked::count_seen(&mut reader, case.id).await?,
            phases: choices(&case::PHASES),
            staff: people_of(staff),
            note_draft: draft.map(|draft| draft.fields.exact("body").to_owned()).unwrap_or_default(),
            waiver_by: case.waiver_by.map(name).unwrap_or_default(),
            shell,
            case,
            lanes,
            current: None,
            story,
            clocks,
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

fn clock_line(clock: &Clock, shell: &Shell) -> String {
    match clock.state.as_str() {
        "kept" => clock.stopped_at.map_or_else(|| "kept".into(), |at| format!("kept {}", shell.when(&at))),
        "missed" => format!("missed, was due {}", shell.when(&clock.due_at)),
        "paused" => format!("paused: {}", clock.pause_reason()),
        "running" => format!("{}, due {}", shell.left(&clock.due_at), shell.when(&clock.due_at)),
        other => format!("ended: {other}"),
    }
}

/// Events and notes in the order of time, a heading before each day.
fn in_order(zone: &jiff::tz::TimeZone, events: Vec<Event>, notes: Vec<notes::Note>, said: Vec<Said>, by: impl Fn(Id) -> String) -> Vec<StoryItem> {
    let mut all: Vec<(Timestamp, StoryItem)> = events.into_iter().map(|event| (event.at, StoryItem::Event(event))).collect();
    all.extend(notes.into_iter().map(|note| (note.at, StoryItem::Note(NoteRow { by: by(note.by), note }))));
    all.extend(said.into_iter().map(|said| (said.message.at, StoryItem::Message(Box::new(said)))));
    all.sort_by_key(|(at, _)| *at);
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
    story
}
