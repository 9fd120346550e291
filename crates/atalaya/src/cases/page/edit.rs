//! The forms in which a case is written: opening and editing, with drafts, and with both versions
//! side by side when somebody else was faster.

use askama::Template;
use jiff::Timestamp;
use store::Id;

use super::{Choice, Class, Problem, choices, class_of, classes, labels, people_of};
use crate::Result;
use crate::cases::case::{self, Case};
use crate::cases::facts::{Facts, TIMES};
use crate::cases::{drafts, see};
use crate::people::named;
use crate::reports::linked::Brief;
use crate::web::{Ctx, Fields, Room, Shell, show};

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
            reports.extend(see::report_of_number(&mut reader, &ctx.who, number).await?);
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
