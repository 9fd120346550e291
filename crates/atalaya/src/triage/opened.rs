//! A report as the reading pane and the pane beside it show it.

use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::{Id, Reader};

use super::marked::{Piece, pieces};
use super::told;
use crate::access::Who;
use crate::cases::messages::{self, Message};
use crate::cases::parties::{self, Party};
use crate::cases::{self, Case};
use crate::clocks::Clock;
use crate::reports::{self, File, Observed, Report, Said};
use crate::web::{Shell, show};
use crate::{App, Result, clocks, constituency, keys, people};

/// A clock in words.
#[derive(Clone, Debug)]
pub struct Face {
    /// Class on the page: `due`, `kept`, `missed`, `paused` or nothing.
    pub class: &'static str,
    /// First line.
    pub head: String,
    /// Second line.
    pub text: String,
}

/// Something that the report may have to do with.
#[derive(Clone, Debug)]
pub struct Before {
    /// Where.
    pub path: String,
    /// Public number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Why, and how it stands.
    pub why: String,
    /// Whether it is probably the same report.
    pub duplicate: bool,
    /// A case that the report can be added to.
    pub case: bool,
    /// Whether it came before this one: only that can be what is repeated.
    pub earlier: bool,
}

/// One line of the report's history.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
}

/// All that the page shows of a report.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The report.
    pub report: Report,
    /// The reporter's words.
    pub text: Vec<Piece>,
    /// Whether that is only their beginning.
    pub cut: bool,
    /// The reporter's organisation in the registry.
    pub organisation: Option<String>,
    /// The organisation whose contact's address it names; nobody has made sure that it is from there.
    pub claimed: Option<(::store::Id, String)>,
    /// Whose it is.
    pub owner: Option<String>,
    /// What it repeats.
    pub duplicate_of: Option<String>,
    /// Whether the link to its page was ended and none was issued since.
    pub link_ended: bool,
    /// Clocks.
    pub clocks: Vec<Face>,
    /// Files that came with it.
    pub files: Vec<File>,
    /// What was said to and fro.
    pub thread: Vec<Said>,
    /// What was said to and fro in its cases, as far as the viewer may know of them: each with its thread's place.
    pub in_cases: Vec<(String, String, Message)>,
    /// What somebody is known to hold, most telling first.
    pub owned: Vec<Observed>,
    /// How many observables nobody is known to hold.
    pub unowned: Vec<Observed>,
    /// `3 IP addresses · 1 domain`.
    pub found: Vec<String>,
    /// All of them, kind by kind.
    pub values: Vec<(String, String)>,
    /// Cases that it is in.
    pub cases: Vec<Case>,
    /// Whether what its reporter wrote after the end took it up again, and nobody has decided since.
    pub wrote_again: bool,
    /// The newest answer that is shown.
    pub newest_answer: u64,
    /// In whose threads what it says was put, as far as the viewer may know of the cases.
    pub placed: Vec<(Case, Party)>,
    /// The case whose number stands in its subject: it may be an answer there.
    pub names: Option<Case>,
    /// Probable duplicates and related things.
    pub before: Vec<Before>,
    /// How many cases it is in that the viewer may not know more of; never what is only like it.
    pub hidden: usize,
    /// History, newest first.
    pub history: Vec<Entry>,
    /// What was found of the mail that it came as: encrypted, signed, by whom.
    pub seals: Vec<keys::Line>,
    /// The program that handed it in, by the name of its token.
    pub brought_by: Option<String>,
}

/// How many lines of each kind stand beside a report.
const BESIDE: usize = 8;

impl Opened {
    /// Reads it.
    pub async fn read(app: &App, reader: &mut Reader, who: &Who, shell: &Shell, report: Report) -> Result<Self> {
        let (text, cut) = pieces(&report.body);
        let organisation = match report.organisation {
            Some(id) => constituency::found::lines(reader, &[id]).await?.into_iter().next().map(|line| line.name),
            None => None,
        };
        let claimed = match reports::claimed(reader, &report).await? {
            Some(contact) => {
                constituency::found::lines(reader, &[contact.organisation]).await?.into_iter().next().map(|line| (contact.organisation, line.name))
            }
            None => None,
        };
        let owner = match report.owner {
            Some(id) => people::named::names(reader, &[id]).await?.remove(&id),
            None => None,
        };
        let duplicate_of = match report.duplicate_of {
            Some(id) if cases::hidden_reports(reader, who, &[id]).await?.is_empty() => {
                reports::lines(reader, &[id]).await?.into_iter().next().map(|line| line.number)
            }
            _ => None,
        };
        let link_ended = reports::link(reader, app, report.id).await?.is_none();
        let history = history(reader, report.id).await?;
        let clocks = faces(app, shell, &clocks::of(reader, report.id).await?, &report, &history);
        let observed = reports::observables(reader, report.id).await?;
        let found = counts(&observed);
        let kinds = formats::observable::Kind::ALL.into_iter();
        let values = kinds.flat_map(|kind| observed.iter().filter(move |one| one.kind == kind.as_str()));
        let values = values.map(|one| (one.value.clone(), utf8_percent_encode(&one.value, NON_ALPHANUMERIC).to_string())).collect();
        let (owned, unowned): (Vec<_>, Vec<_>) = observed.into_iter().partition(|one| !one.owners.is_empty());
        let (cases, hidden) = cases::of_report(reader, who, report.id).await?;
        let names = super::place::named(app, reader, who, &report).await?;
        let before = seen_before(reader, who, shell, &report, &cases).await?;
        let in_cases = said_in_cases(reader, report.id, &cases).await?;
        Ok(Self {
            text,
            cut,
            organisation,
            claimed,
            owner,
            duplicate_of,
            link_ended,
            clocks,
            found,
            values,
            owned,
            cases,
            names,
            placed: messages::placed(reader, who, report.id).await?,
            wrote_again: report.state == "open" && report.disposition.is_none() && reports::taken_up_by(&history).is_some(),
            newest_answer: reports::newest_answer(&history),
            before,
            unowned: unowned.into_iter().filter(|one| matches!(one.kind.as_str(), "ip" | "cidr" | "range" | "domain" | "asn")).collect(),
            hidden,
            files: reports::files(reader, report.id).await?,
            thread: reports::thread(reader, report.id).await?,
            in_cases,
            seals: keys::lines(reader, &[report.id]).await?.remove(&report.id).unwrap_or_default(),
            brought_by: brought_by(reader, &report, &history).await?,
            history: entries(app, reader, shell, history).await?,
            report,
        })
    }

    /// Whether somebody has still to decide.
    pub fn waits(&self) -> bool {
        matches!(self.report.state.as_str(), "new" | "open")
    }

    /// The report that this one repeats, as long as this one waits for an answer of its own.
    pub fn repeats(&self) -> Option<&String> {
        self.duplicate_of.as_ref().filter(|_| self.waits() && !self.in_case())
    }

    /// Whether the work goes on in a case.
    pub fn in_case(&self) -> bool {
        self.report.disposition.as_deref() == Some("case")
    }

    /// Whether this person looks after it.
    pub fn owned_by(&self, person: &Id) -> bool {
        self.report.owner == Some(*person)
    }

    /// The open case that it most likely belongs to.
    pub fn likely_case(&self) -> Option<&Before> {
        self.before.iter().find(|one| one.case)
    }

    /// The report that it most likely repeats.
    pub fn likely_duplicate(&self) -> &str {
        self.before.iter().find(|one| one.duplicate && one.earlier).map_or("", |one| one.number.as_str())
    }

    /// The verdict in words.
    pub fn verdict(&self) -> Option<String> {
        let verdict = told::verdict(self.report.verdict.as_deref()?);
        let of = self.duplicate_of.as_ref().map(|number| format!(" of {number}")).unwrap_or_default();
        Some(format!("{verdict}{of}, confidence {}", self.report.confidence.as_deref().unwrap_or("not said")))
    }

    /// The scope as one sentence.
    pub fn scope(&self) -> String {
        let reason = self.report.scope_reason.trim().trim_end_matches('.');
        let head = match self.report.scope.as_str() {
            "in" => "In scope",
            "out" => "Out of scope",
            _ => "Scope not decided",
        };
        if !reason.is_empty() {
            return format!("{head}: {reason}.");
        }
        let constituent = self.owned.iter().flat_map(|one| &one.owners).any(|owner| reports::scope::is_constituent(&owner.status));
        match (self.report.scope.as_str(), constituent) {
            ("unknown", true) => format!("{head}. A constituent holds what was seen: in scope if it is the target, the source or in between."),
            ("unknown", false) => format!("{head}. No constituent is known to be the target, the source or in between."),
            _ => format!("{head}."),
        }
    }

    /// What the page says of the file's size.
    pub fn size(&self, file: &File) -> String {
        show::size(file.size)
    }
}

fn faces(app: &App, shell: &Shell, clocks: &[Clock], report: &Report, history: &[store::Line]) -> Vec<Face> {
    let mut faces: Vec<Face> = clocks.iter().filter(|clock| clock.state != "void").map(|clock| face(app, shell, clock, clocks)).collect();
    let receipt = history.iter().find(|line| line.verb == "report.acknowledged");
    if let Some(line) = receipt {
        let language = crate::text::own_name(&report.language);
        faces.push(Face { class: "", head: format!("Acknowledged {}", shell.when(&line.at)), text: format!("by mail, in {language}") });
    }
    faces
}

fn face(app: &App, shell: &Shell, clock: &Clock, all: &[Clock]) -> Face {
    let promise = app.profile.promises.iter().find(|promise| promise.id == clock.promise);
    let title = format!("{}{}", shell.turn(clock.turn(all)), promise.map_or(clock.promise.as_str(), |promise| promise.title.text("en")));
    let due = shell.when(&clock.due_at);
    let left = clock.due_at.duration_since(shell.now);
    match clock.state.as_str() {
        "running" if left.is_negative() => {
            Face { class: "missed", head: format!("Missed: was due {due}"), text: format!("{} · {title}", shell.left(&clock.due_at)) }
        }
        "running" => Face {
            class: if left < SignedDuration::from_hours(24) { "due" } else { "" },
            head: format!("Answer due {due}"),
            text: format!("{} · {title}", shell.left(&clock.due_at)),
        },
        "paused" => Face { class: "paused", head: "Paused".into(), text: format!("{}{}", shell.turn(clock.turn(all)), clock.pause_reason()) },
        "kept" => Face { class: "kept", head: format!("Kept {}", clock.stopped_at.map(|at| shell.when(&at)).unwrap_or_default()), text: title },
        _ => Face { class: "missed", head: format!("Missed: was due {due}"), text: title },
    }
}

/// `3 IP addresses`: how many of each kind.
fn counts(observed: &[Observed]) -> Vec<String> {
    let kinds = formats::observable::Kind::ALL.into_iter();
    let counted = kinds.map(|kind| (kind, observed.iter().filter(|one| one.kind == kind.as_str()).count()));
    counted
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            let title = kind.title();
            let many = if let Some(stem) = title.strip_suffix('y') {
                format!("{stem}ies")
            } else {
                format!("{title}{}", if title.ends_with('s') || title.ends_with('h') { "es" } else { "s" })
            };
            format!("{count} {}", lower(if count == 1 { title } else { &many }))
        })
        .collect()
}

/// `IP addresses` stays, `Domains` becomes `domains`.
fn lower(title: &str) -> String {
    let acronym = title.chars().nth(1).is_some_and(char::is_uppercase);
    if acronym { title.to_owned() } else { title.to_lowercase() }
}

async fn seen_before(reader: &mut Reader, who: &Who, shell: &Shell, report: &Report, linked: &[Case]) -> Result<Vec<Before>> {
    let all = reports::alike(reader, report).await?;
    let ids: Vec<Id> = all.iter().filter(|one| one.noun == "case").map(|one| one.id).collect();
    let visible = cases::lookup::lines(reader, who, &ids).await?;
    let reports: Vec<Id> = all.iter().filter(|one| one.noun == "report").map(|one| one.id).collect();
    let hidden = cases::hidden_reports(reader, who, &reports).await?;
    let mut before = Vec::new();
    for one in all.into_iter().filter(|one| !hidden.contains(&one.id)) {
        let mut why: Vec<String> = one.reasons.iter().take(2).cloned().collect();
        if one.reasons.len() > 2 {
            why.push(format!("{} more", one.reasons.len() - 2));
        }
        if one.noun == "report" {
            why.extend([shell.when(&one.at), one.state.clone()]);
            let path = format!("/inbox/{}", one.number);
            let earlier = one.at < report.received_at;
            before.push(Before { path, number: one.number, title: one.title, why: why.join(", "), duplicate: one.duplicate, case: false, earlier });
        } else if let Some(case) = visible.iter().find(|case| case.id == one.id && !linked.iter().any(|known| known.id == case.id)) {
            why.push(if case.merged_into.is_some() { "merged into another case".into() } else { case.state.clone() });
            if who.person().is_some_and(|person| case.owner == Some(person.id)) {
                why.push("yours".into());
            }
            let path = format!("/cases/{}", case.number);
            let open = case.state == "open" && case.merged_into.is_none();
            before.push(Before {
                path,
                number: case.number.clone(),
                title: case.title.clone(),
                why: why.join(", "),
                duplicate: false,
                case: open,
                earlier: false,
            });
        }
    }
    before.truncate(BESIDE);
    Ok(before)
}

/// The threads of the reporter in these cases: number, place, message. Where the party's address is another by
/// now, it is another's thread.
async fn said_in_cases(reader: &mut Reader, report: Id, seen: &[Case]) -> Result<Vec<(String, String, Message)>> {
    let mut said = Vec::new();
    for party in parties::of_report(reader, report).await? {
        let Some(case) = seen.iter().find(|case| case.id == party.case) else { continue };
        if parties::report_of(reader, &party).await?.is_none() {
            continue;
        }
        let path = party.path(&case.number);
        said.extend(messages::thread(reader, party.id).await?.into_iter().map(|message| (case.number.clone(), path.clone(), message)));
    }
    said.sort_by_key(|(_, _, message)| message.at);
    Ok(said)
}

async fn history(reader: &mut Reader, report: Id) -> Result<Vec<store::Line>> {
    Ok(reader.journal_about(report, 200).await?)
}

/// Who a program is, when one brought the report.
async fn brought_by(reader: &mut Reader, report: &Report, history: &[store::Line]) -> Result<Option<String>> {
    let by = history.iter().find(|line| line.verb == "report.received" && line.who.starts_with("token:"));
    match by {
        Some(line) if report.channel == "api" => Ok(Some(people::describe(reader, &line.who).await?)),
        _ => Ok(None),
    }
}

async fn entries(app: &App, reader: &mut Reader, shell: &Shell, lines: Vec<store::Line>) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(lines.len());
    let names = people::describe_all(reader, lines.iter().map(|line| line.who.as_str())).await?;
    let title = |id: &str| {
        let promise = app.profile.promises.iter().find(|promise| promise.id == id);
        promise.map_or(id, |promise| promise.title.text("en")).trim_end_matches('.').to_owned()
    };
    for line in lines.into_iter().rev() {
        if let Some(what) = told::clock(&line, title, |at| shell.when(at)) {
            entries.push(Entry { at: line.at, who: String::new(), what });
            continue;
        }
        entries.push(Entry { at: line.at, who: names.get(&line.who).cloned().unwrap_or_default(), what: told::told(&line) });
    }
    Ok(entries)
}
