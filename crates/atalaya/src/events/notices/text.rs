//! The words of a notice: what was seen, how bad, what to do, and where to get all of it. One place
//! makes them, for the mail, the member's page and the dry run.

use std::collections::BTreeMap;

use formats::feed::Tables;
use formats::label::Tlp;
use formats::observable::{Kind, Observable, defang};
use jiff::tz::TimeZone;

use super::compare::{Line, Plan, State};
use super::group::Finding;
use crate::app::Guides;
use crate::text::Text;
use crate::web::show;

/// Lines of a type that stand in the text; the list has all.
const SHOWN: usize = 8;
/// Types that stand in the text.
const TYPES: usize = 12;

/// What the words are about.
#[derive(Debug)]
pub struct Told<'a> {
    /// What is said.
    pub plan: &'a Plan,
    /// The organisation.
    pub organisation: &'a str,
    /// The team.
    pub team: &'a str,
    /// The label that counts.
    pub label: Tlp,
    /// `full`, `brief`.
    pub template: &'a str,
    /// Whether the list is attached.
    pub attached: bool,
    /// Whether somebody of the organisation can log in there.
    pub logs_in: bool,
    /// Where the notice can be read and the list be fetched.
    pub page: &'a str,
    /// Where the team's guidance for each type is.
    pub guides: &'a Guides,
}

/// How many events a plan speaks of.
pub fn events(plan: &Plan) -> u64 {
    plan.lines.iter().filter(|line| line.state != State::Gone).map(|line| line.finding.events).sum()
}

/// How bad the worst of it is.
pub fn worst(plan: &Plan) -> i8 {
    plan.lines.iter().filter(|line| line.state != State::Gone).map(|line| line.finding.severity).max().unwrap_or(0)
}

/// The highest label of what it speaks of.
pub fn label(plan: &Plan) -> Tlp {
    plan.lines.iter().map(|line| line.finding.tlp).max().unwrap_or(Tlp::Clear)
}

/// Subject and text.
pub fn words(text: &Text, told: &Told<'_>) -> (String, String) {
    let plan = told.plan;
    let new = plan.count(State::New) + plan.count(State::Again);
    let (lasting, gone) = (plan.count(State::Persisting), plan.count(State::Gone));
    let subject = match (new, lasting) {
        (0, 0) => text.with("notice-subject-gone", "gone", gone),
        (0, _) => text.with("notice-subject-lasting", "lasting", lasting),
        _ => text.fill("notice-subject-new", &[("new", new.to_string()), ("severity", severity(text, worst(plan)))]),
    };
    let mut parts = vec![
        text.fill("letter-label", &[("label", told.label.marking().to_owned()), ("meaning", meaning(text, told.label))]),
        text.fill("notice-opening", &[("organisation", told.organisation.to_owned()), ("team", told.team.to_owned())]),
        summary(text, told, new, lasting, gone),
    ];
    let sections = sections(plan);
    for section in sections.iter().take(TYPES) {
        parts.push(of_type(text, told, section));
    }
    if sections.len() > TYPES {
        parts.push(text.with("notice-more-types", "count", sections.len() - TYPES));
    }
    let everything = match (told.attached, told.logs_in) {
        (true, true) => "notice-attached",
        (false, true) => "notice-fetch",
        (true, false) => "notice-attached-alone",
        (false, false) => "notice-fetch-alone",
    };
    parts.push(text.fill(everything, &[("lines", plan.lines.len().to_string()), ("page", told.page.to_owned())]));
    parts.push(text.say("notice-closing"));
    parts.push(format!("-- \n{}", told.team));
    (subject, format!("{}\n", parts.join("\n\n")))
}

fn summary(text: &Text, told: &Told<'_>, new: usize, lasting: usize, gone: usize) -> String {
    let plan = told.plan;
    let mut lines = Vec::new();
    if new + lasting > 0 {
        let from = plan.lines.iter().filter(|line| line.state != State::Gone).map(|line| line.finding.first).min().unwrap_or(0);
        let values = [
            ("events", events(plan).to_string()),
            ("findings", (new + lasting).to_string()),
            ("from", show::day(::store::instant(from), &TimeZone::UTC, text)),
            ("severity", severity(text, worst(plan))),
        ];
        lines.push(text.fill("notice-summary", &values));
        lines.push(String::new());
    }
    let again = plan.count(State::Again);
    lines.push(format!("  {}", text.with("notice-new", "count", new)));
    if again > 0 {
        lines.push(format!("  {}", text.with("notice-again", "count", again)));
    }
    lines.push(format!("  {}", text.with("notice-lasting", "count", lasting)));
    lines.push(format!("  {}", text.with("notice-gone", "count", gone)));
    if plan.wrong > 0 {
        lines.push(format!("  {}", text.with("notice-wrong", "count", plan.wrong)));
    }
    lines.join("\n")
}

/// The lines of each type and report, the worst first: one type of the taxonomy holds things that have little in common.
fn sections(plan: &Plan) -> Vec<Vec<&Line>> {
    let mut by: BTreeMap<(String, &str), Vec<&Line>> = BTreeMap::new();
    for line in &plan.lines {
        by.entry((line.finding.path(), &line.finding.key.nature.report)).or_default().push(line);
    }
    let mut sections: Vec<Vec<&Line>> = by.into_values().collect();
    let rank = |section: &Vec<&Line>| {
        let still = |line: &&&Line| line.state != State::Gone;
        let worst = section.iter().filter(still).map(|line| line.finding.severity).max();
        (std::cmp::Reverse(worst), std::cmp::Reverse(section.iter().filter(still).count()))
    };
    sections.sort_by_key(rank);
    sections
}

fn of_type(text: &Text, told: &Told<'_>, section: &[&Line]) -> String {
    let count = |wanted: &[State]| section.iter().filter(|line| wanted.contains(&line.state)).count();
    let name = section.first().map(|line| line.finding.key.nature.r#type.to_string()).unwrap_or_default();
    let worst = section.iter().map(|line| line.finding.severity).max().unwrap_or(0);
    let report = section.first().map(|line| reported(&line.finding.key.nature.report)).unwrap_or_default();
    let kind = titled(text, &name);
    let title = if report.is_empty() || report.eq_ignore_ascii_case(&kind) { kind } else { format!("{report} ({kind})") };
    let counts = text.fill(
        "notice-type-counts",
        &[
            ("new", count(&[State::New, State::Again]).to_string()),
            ("lasting", count(&[State::Persisting]).to_string()),
            ("gone", count(&[State::Gone]).to_string()),
            ("severity", severity(text, worst)),
        ],
    );
    let mut lines = vec![format!("== {title} =="), counts];
    // What is gone needs no advice.
    let is_there = count(&[State::Gone]) < section.len();
    if is_there && told.template != "brief" {
        lines.push(String::new());
        lines.push(text.say(&guide(text, &name)));
    }
    let page = section.first().and_then(|line| told.guides.get(&line.finding.path()));
    if let Some(page) = page.filter(|_| is_there) {
        lines.push(text.with("notice-guidance", "page", format!("{page}?lang={}", text.wanted())));
    }
    if told.template == "brief" {
        return lines.join("\n");
    }
    lines.push(String::new());
    let mut shown: Vec<&&Line> = section.iter().collect();
    shown.sort_by_key(|line| (line.state, std::cmp::Reverse(line.finding.severity)));
    for line in shown.iter().take(SHOWN) {
        lines.push(format!("  {}", one(text, line)));
    }
    if shown.len() > SHOWN {
        lines.push(format!("  {}", text.with("notice-more", "count", shown.len() - SHOWN)));
    }
    lines.join("\n")
}

/// One finding in a line.
fn one(text: &Text, line: &Line) -> String {
    let finding = &line.finding;
    let mut what = subject(finding);
    if finding.key.port >= 0 {
        what.push_str(&format!(" {}{}{}", finding.key.port, if finding.key.nature.transport.is_empty() { "" } else { "/" }, finding.key.nature.transport));
    }
    // Feeds call the same by the same name in several columns.
    let mut named: Vec<&str> = Vec::new();
    for word in [&*finding.cve, &*finding.malware, &*finding.key.nature.identifier] {
        if !word.is_empty() && !named.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            named.push(word);
            what.push_str(&format!(" · {word}"));
        }
    }
    let values = [
        ("what", what),
        ("state", text.say(&format!("notice-state-{}", line.state.name()))),
        ("since", day(line.since)),
        ("last", day(finding.last)),
        ("times", finding.sightings.to_string()),
    ];
    text.fill("notice-line", &values)
}

/// Address and name, so that nobody clicks by accident.
fn subject(finding: &Finding) -> String {
    let broken = |kind, value: &str| Observable::new(kind, value).map_or_else(|_| value.replace('.', "[.]"), |one| defang(&one));
    let address = finding.address();
    let name = if finding.key.url.is_empty() { broken_name(&finding.key.domain, broken) } else { broken(Kind::Url, &finding.key.url) };
    [address, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn broken_name(domain: &str, broken: impl Fn(Kind, &str) -> String) -> String {
    if domain.is_empty() { String::new() } else { broken(Kind::Domain, domain) }
}

/// An RSIT type's name for people.
pub fn titled(text: &Text, name: &str) -> String {
    let key = format!("rsit-{name}");
    if text.has(&key) { text.say(&key) } else { text.say("rsit-other") }
}

/// A report type as its source calls it.
pub fn reported(report: &str) -> String {
    match Tables::built_in().get(report) {
        Some(known) if !known.title.is_empty() => known.title.clone(),
        _ => report.to_owned(),
    }
}

/// The key of what to do about a type.
fn guide(text: &Text, name: &str) -> String {
    let key = format!("guide-{name}");
    if text.has(&key) { key } else { "guide-other".into() }
}

fn severity(text: &Text, level: i8) -> String {
    text.say(&format!("notice-severity-{}", level.clamp(0, 4)))
}

/// The day of an event: UTC, as the lake, the pages and the lists have it.
pub fn day(micros: i64) -> String {
    ::store::instant(micros).strftime("%Y-%m-%d").to_string()
}

fn meaning(text: &Text, label: Tlp) -> String {
    let key = match label {
        Tlp::Clear => "tlp-clear",
        Tlp::Green => "tlp-green",
        Tlp::Amber => "tlp-amber",
        Tlp::AmberStrict => "tlp-amber-strict",
        Tlp::Red => "tlp-red",
    };
    text.say(key)
}
