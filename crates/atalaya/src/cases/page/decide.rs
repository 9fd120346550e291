//! The forms in which something about a case is decided rather than written: changing, closing,
//! extent, joining, and a note.

use askama::Template;
use jiff::Timestamp;
use store::{Id, args};

use super::{Choice, Problem, choices, labels, people_of};
use crate::Result;
use crate::cases::case::{self, Case};
use crate::cases::extent::{self, Extent};
use crate::cases::parties::{self, Party};
use crate::cases::{drafts, find, join, messages, notes, recommendations, severity, states, store as rows, story, tasks};
use crate::clocks;
use crate::people::{describe_all, named};
use crate::profile::KeptBy;
use crate::reports::linked::{self, Brief};
use crate::web::{Ctx, Fields, Room, Shell};

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
    undecided: String,
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
            undecided: severity::undecided(&mut reader, &ctx.app, &case).await?,
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
    /// Recommendations that went out, and how many of them are not said to be done.
    sent: usize,
    undone: usize,
    open_tasks: usize,
    /// Promises that still run: their words, and what closing makes of them.
    running: Vec<(String, Fate)>,
    reports: Vec<Brief>,
    /// Those who reported, and those whose answers nobody has read.
    reporters: Vec<Party>,
    unread: Vec<Party>,
    /// Others whom we told something: nobody else says to them that it has ended.
    others: Vec<Party>,
    /// Those in whose threads a mail stands of which nobody knows who wrote it.
    doubted: Vec<Party>,
    draft: Option<Timestamp>,
    problem: Problem,
}

/// What becomes of a promise when its case is closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Closing keeps it.
    Kept,
    /// Its time is over: it counts as missed.
    Missed,
    /// It ends, and counts neither as kept nor as missed.
    Ends,
    /// It was given to a reporter, and runs on until they are answered.
    RunsOn,
}

impl Fate {
    fn of(clock: &clocks::Clock, case: &Case, ctx: &Ctx) -> Self {
        match () {
            () if clock.about != case.id => Self::RunsOn,
            () if clock.is_late(ctx.app.now()) => Self::Missed,
            () if clock.kept_by(&ctx.app.profile) == KeptBy::Closing => Self::Kept,
            () => Self::Ends,
        }
    }

    /// What the page calls it, and what it says of it.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Kept => ("Closing keeps:", ""),
            Self::Missed => ("Late:", "Its time is over: closing ends it, and it counts as missed."),
            Self::Ends => ("Ends with the case:", "It counts neither as kept nor as missed."),
            Self::RunsOn => ("Still running:", "Only an answer stops it. It stays among what is due, and on the reporter's page, after the case is closed."),
        }
    }
}

impl ClosePage {
    /// Reads what stands against closing, and what follows from it.
    pub async fn read(ctx: &Ctx, case: Case, mut typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Close {}", case.number), Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        let left = if typed.0.is_empty() { drafts::draft(&mut reader, ctx.person()?.id, "closing", case.id).await? } else { None };
        let draft = left.as_ref().map(|left| left.at);
        if let Some(left) = left {
            typed = left.fields;
        }
        let open_tasks = tasks::tasks(&mut reader, case.id).await?.iter().filter(|task| task.state == "open").count();
        let ids = rows::reports(&mut reader, case.id).await?;
        let reports = linked::briefs(&mut reader, &ids).await?;
        // What a reporter was promised does not end with the case: somebody has to tell them.
        let about = [&[case.id], ids.as_slice()].concat();
        let clocks = clocks::of_many(&mut reader, &about).await?;
        let running = clocks.iter().filter(|clock| clock.runs()).map(|clock| {
            let of = reports.iter().find(|report| report.id == clock.about).map(|report| format!("{}: ", report.number));
            (format!("{}{}", of.unwrap_or_default(), clock.title(&ctx.app.profile, "en")), Fate::of(clock, &case, ctx))
        });
        let running = running.collect();
        let parties = parties::of(&mut reader, &case).await?;
        let doubted = messages::doubted_in(&mut reader, case.id).await?;
        let advice = recommendations::of_case(&mut reader, case.id).await?;
        let out = || advice.iter().filter(|one| one.is_open());
        Ok(Self {
            needs: states::needs_recommendation(&mut reader, &case).await?,
            sent: out().count(),
            undone: out().filter(|one| matches!(one.state.as_str(), "sent" | "accepted")).count(),
            reporters: parties.iter().filter(|party| party.report.is_some()).cloned().collect(),
            others: parties.iter().filter(|party| party.report.is_none() && party.last_out.is_some() && party.ended_at.is_none()).cloned().collect(),
            doubted: parties.iter().filter(|party| doubted.contains(&party.id)).cloned().collect(),
            unread: parties.into_iter().filter(|party| party.unread > 0).collect(),
            shell,
            case,
            typed,
            open_tasks,
            running,
            reports,
            draft,
            problem,
        })
    }

    /// Those who may be told one by one on this page; more have their lanes.
    fn first<'a>(&self, parties: &'a [Party]) -> &'a [Party] {
        parties.get(..parties.len().min(5)).unwrap_or_default()
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
    /// The versions before the newest, the last first, each with who wrote it.
    before: Vec<(Extent, String)>,
    draft: Option<Timestamp>,
    problem: Problem,
}

impl ExtentPage {
    /// The form; `typed` is what somebody sent, with its base version. Who has seen what a faster editor wrote goes on from
    /// there.
    pub async fn read(ctx: &Ctx, case: Case, typed: Option<(String, i64)>, problem: Problem, stale: bool) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Extent of {}", case.number), Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        let mut versions = extent::versions(&mut reader, case.id).await?.into_iter();
        let now = versions.next().map(|(newest, _)| newest).unwrap_or_default();
        let names = describe_all(&mut reader, versions.as_slice().iter().map(|(_, by)| by.as_str())).await?;
        let before = versions.map(|(extent, by)| (extent, names.get(&by).cloned().unwrap_or_default())).collect();
        let left = if typed.is_none() { drafts::draft(&mut reader, ctx.person()?.id, "extent", case.id).await? } else { None };
        let draft = left.as_ref().map(|left| left.at);
        // A draft keeps the version it began with, so that a faster editor shows at saving.
        let (items, base) = match (typed, left) {
            (Some((items, base)), _) => (items, if stale { now.version } else { base }),
            (None, Some(left)) => (left.fields.exact("items").to_owned(), left.base_version),
            (None, None) => (now.lines(), now.version),
        };
        Ok(Self { shell, case, items, base, theirs: stale.then_some(now), before, draft, problem })
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
    /// Whether this goes along into the new case, as it was ticked.
    fn takes(&self, part: &str) -> bool {
        self.typed.all("take").any(|along| along == part)
    }

    /// Reads what the forms show; `into` is the case to merge into, for the preview.
    pub async fn read(ctx: &Ctx, case: Case, typed: Fields, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, &format!("Merge, split or link {}", case.number), Room::Cases).await?;
        let mut reader = ctx.app.db.read().await?;
        let ids = rows::reports(&mut reader, case.id).await?;
        let reports = linked::briefs(&mut reader, &ids).await?;
        let parties = reader.rows("select id, name, role from parties where case_id = $1 order by added_at", args![case.id]).await?;
        let into = match find(&mut reader, &ctx.who, typed.get("into")).await {
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
    /// What stands in the box, and the version that it began with.
    pub body: String,
    /// See `body`.
    pub base: i64,
    /// When what was typed saved itself.
    pub draft: Option<Timestamp>,
    /// Somebody else was faster: their name.
    pub other: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}
