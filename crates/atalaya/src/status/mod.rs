//! What a reporter sees of its own report, with the number and the secret, without an account.
//!
//! [`open`] is the door: a wrong secret and an unknown number are one and the same answer, and few
//! tries are let through. Behind it stands only what the reporter gave and what passed the gate to
//! the reporter: never who works on it, nor what anybody else said.

pub mod web;

use jiff::{SignedDuration, Timestamp};
use store::{Id, Reader};

use crate::access::Who;
use crate::cases::{self, messages, parties};
use crate::release::{self, Released};
use crate::reports::{self, Answer, NewFile, Report};
use crate::text::Text;
use crate::web::{Ctx, throttle};
use crate::{App, Result, clocks};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Wrong tries in an hour from one network, and for one number.
const WRONG: u32 = 20;
/// Answers in an hour to one report.
const ANSWERS: u32 = 30;
/// The last stage: nothing more is to come.
pub const CLOSED: usize = 4;
/// What nobody does with a report before they have read it.
const READING: [&str; 12] = [
    "report.assigned",
    "report.judged",
    "report.kind_set",
    "report.labelled",
    "report.scoped",
    "report.titled",
    "report.opened",
    "report.advised",
    "report.placed",
    "report.unplaced",
    "report.referred",
    "report.rejected",
];
/// The most characters of an answer.
pub const LONGEST: usize = 20_000;

/// The report, for whoever knows its secret.
///
/// Only wrong tries are counted and told to wait, by the network that they come from and by the number
/// that they are for. The right secret always opens: nobody can lock a reporter out, neither with guesses
/// at the number nor from behind the same address.
pub async fn open(ctx: &Ctx, number: &str, secret: &str) -> Result<Option<Report>> {
    let app = &ctx.app;
    let found = reports::follow(&mut app.db.read().await?, app, number, secret).await?;
    if found.is_none() {
        throttle::allow(app, &format!("status-from:{}", throttle::network(ctx.from)), WRONG, HOUR).await?;
        throttle::allow(app, &format!("status-number:{}", number.trim().to_ascii_uppercase()), WRONG, HOUR).await?;
    }
    Ok(found)
}

/// Where a report stands, in words for its reporter.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Key of the texts: `status-<word>` and `status-<word>-text`.
    pub word: String,
    /// How far: 1 received, 2 read, 3 worked on, 4 closed.
    pub stage: usize,
    /// Why it was passed on, or why we wait.
    pub reason: String,
    /// When a person first did something about it.
    pub read_at: Option<Timestamp>,
    /// When a case took it up.
    pub worked_at: Option<Timestamp>,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
}

/// One message, as the reporter may see it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whether the team wrote it.
    pub ours: bool,
    /// When.
    pub at: Timestamp,
    /// Subject, or empty.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label of what the team wrote.
    pub label: String,
    /// `mail`, `portal`, `phone`.
    pub channel: String,
    /// Names and sizes of its files.
    pub files: Vec<(String, u64)>,
    /// Where the reporter answers what this message recommends, and fetches its files.
    pub page: String,
}

/// Everything that the reporter may see of its report.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The title that the reporter gave.
    pub title: String,
    /// Where it stands.
    pub standing: Standing,
    /// The promises that run or ran for it.
    pub clocks: Vec<clocks::Clock>,
    /// What was written, oldest first.
    pub lines: Vec<Line>,
    /// When mails came that are not shown, because they may be another's.
    pub held: Vec<Timestamp>,
    /// Files that came with the report.
    pub files: Vec<(String, u64)>,
}

/// Looks at a report with its reporter's eyes.
pub async fn see(reader: &mut Reader, app: &App, report: &Report) -> Result<Seen> {
    let lines = lines(reader, app, report).await?;
    let clocks = clocks::of(reader, report.id).await?;
    let journal = reader.journal_about(report.id, 500).await?;
    let mut standing = standing(reader, app, report, (&clocks, &lines, taken_up_again(&journal))).await?;
    date(report, &journal, &mut standing);
    let files = reports::files(reader, report.id).await?;
    let files = files.into_iter().filter(|file| file.message.is_none()).map(|file| (file.name, file.size)).collect();
    let held = held(reader, report).await?;
    Ok(Seen { title: reports::given_title(reader, report.id).await?.unwrap_or_else(|| report.number.clone()), standing, clocks, lines, held, files })
}

async fn held(reader: &mut Reader, report: &Report) -> Result<Vec<Timestamp>> {
    let said = reports::thread(reader, report.id).await?;
    let mut held: Vec<Timestamp> = said.iter().filter(|said| said.is_undecided()).map(|said| said.at).collect();
    for party in parties::of_report(reader, report.id).await? {
        held.extend(messages::held(reader, party.id).await?);
    }
    held.sort_unstable();
    Ok(held)
}

async fn lines(reader: &mut Reader, app: &App, report: &Report) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let told = release::told(reader, &app.profile, &format!("reporter:{}", report.id)).await?;
    let sent: Vec<reports::File> = reports::files(reader, report.id).await?;
    for said in reports::thread(reader, report.id).await?.into_iter().filter(|said| said.state != "automatic") {
        let (id, own) = (said.id, said.is_own());
        let Some(said) = told.again(id, own, said).map(Released::into_value) else { continue };
        let files = sent.iter().filter(|file| file.message == Some(id)).map(|file| (file.name.clone(), file.size)).collect();
        lines.push(Line {
            ours: !own,
            at: said.at,
            subject: said.subject,
            body: said.body,
            label: said.label,
            channel: said.channel,
            files,
            page: String::new(),
        });
    }
    for party in parties::of_report(reader, report.id).await? {
        for message in messages::told(reader, app, &party).await?.into_iter().map(Released::into_value) {
            let more = message.ours() && !(message.recommendations.is_empty() && message.files.is_empty());
            lines.push(Line {
                ours: message.ours(),
                at: message.at,
                page: if more { parties::link(app, &party).unwrap_or_default() } else { String::new() },
                files: message.files.into_iter().map(|file| (file.name, file.size)).collect(),
                subject: message.subject,
                body: message.body,
                label: message.label,
                channel: message.channel,
            });
        }
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

type Past<'a> = (&'a [clocks::Clock], &'a [Line], Option<Timestamp>);

async fn standing(reader: &mut Reader, app: &App, report: &Report, (clocks, lines, again): Past<'_>) -> Result<Standing> {
    let at = |word: &str, stage| Standing { word: word.to_owned(), stage, ..Standing::default() };
    let disposition = report.disposition.as_deref();
    if report.state == "rejected" {
        return Ok(at(if wrote_again(reader, report.id).await? { "closed-again" } else { "rejected" }, CLOSED));
    }
    if report.state == "resolved" {
        return Ok(match disposition {
            Some("referred") => Standing { reason: report.disposition_reason.clone(), ..at("referred", CLOSED) },
            Some("advice") => at("advised", CLOSED),
            Some("answer") => at("answer", CLOSED),
            // The reason is the number of the report that it repeats: of the same reporter.
            Some("duplicate") => Standing { reason: report.disposition_reason.clone(), ..at("duplicate", CLOSED) },
            _ if wrote_again(reader, report.id).await? => at("closed-again", CLOSED),
            _ => at(&format!("closed-{}", outcome(reader, report.id).await?), CLOSED),
        });
    }
    if let Some(paused) = clocks.iter().find(|clock| clock.state == "paused") {
        let reasons = &app.profile.pause_reasons;
        let reason = reasons.iter().find(|reason| reason.id == paused.pause_reason()).map(|reason| reason.title.text(&report.language).to_owned());
        return Ok(Standing { reason: reason.unwrap_or_default(), ..at("waiting", 3) });
    }
    // What we wrote of its end says nothing of what is done since.
    if let Some(last) = lines.last().filter(|line| line.ours && again.is_none_or(|at| line.at > at)) {
        return Ok(at(if last.channel == "phone" { "called" } else { "wrote" }, 3));
    }
    let touched = report.owner.is_some() || report.verdict.is_some() || report.state != "new";
    Ok(match disposition {
        disposition if again.is_some() => at("again", if disposition == Some("case") { 3 } else { 2 }),
        Some("case") => at("working", 3),
        _ if touched => at("looking", 2),
        _ => at("received", 1),
    })
}

/// What ends a report.
const ENDS: &[&str] = &["report.resolved", "report.placed", "report.advised", "report.referred", "report.rejected"];
/// What takes up again a report that had ended.
const AGAIN: &[&str] = &["report.opened", "report.reopened", "report.returned", "report.unrejected", "report.unplaced", "report.answered"];

/// When a report was taken up again after its last end.
fn taken_up_again(journal: &[store::Line]) -> Option<Timestamp> {
    let mut since = journal.iter().skip_while(|line| !ENDS.contains(&line.verb.as_str()));
    let end = since.next()?;
    let last = since.clone().filter(|line| ENDS.contains(&line.verb.as_str())).last().unwrap_or(end);
    // An answer that woke nobody took nothing up.
    let woke = |line: &store::Line| line.verb != "report.answered" || line.details().get("was").is_some_and(serde_json::Value::is_object);
    since.find(|line| line.seq > last.seq && AGAIN.contains(&line.verb.as_str()) && woke(line)).map(|line| line.at)
}

/// When each step was taken: the first thing that a person did about it, the first case that took it up, its last end.
fn date(report: &Report, lines: &[store::Line], standing: &mut Standing) {
    // A member of an organisation has a log-in, too: what only the team does says that the team read it.
    let read = |verb: &str| READING.contains(&verb) || (verb == "report.received" && report.channel == "phone");
    standing.read_at = lines.iter().find(|line| line.who.starts_with("person:") && read(&line.verb)).map(|line| line.at);
    standing.worked_at = lines.iter().find(|line| line.verb == "report.opened").map(|line| line.at);
    let end = lines.iter().rev().find(|line| ENDS.contains(&line.verb.as_str())).map(|line| line.at);
    standing.closed_at = end.filter(|_| standing.stage == CLOSED);
}

/// Whether the reporter wrote after the end of its case, and nobody has said yet whether work goes on.
async fn wrote_again(reader: &mut Reader, report: Id) -> Result<bool> {
    Ok(parties::of_report(reader, report).await?.iter().any(parties::Party::asked))
}

/// How the last of its cases ended, in one word.
async fn outcome(reader: &mut Reader, report: Id) -> Result<String> {
    let (cases, _) = cases::of_report(reader, &Who::Job("status"), report).await?;
    let last = cases.into_iter().filter_map(|case| Some((case.closed_at?, case.outcome?))).max_by_key(|(at, _)| *at);
    Ok(last.map_or_else(|| "resolved".to_owned(), |(_, outcome)| outcome))
}

/// Takes an answer of the reporter: into its thread in the case, if there is one.
pub async fn answer(ctx: &Ctx, report: &Report, body: &str, files: Vec<NewFile>) -> Result<()> {
    let app = &ctx.app;
    throttle::allow(app, &format!("status-answer:{}", report.number), ANSWERS, HOUR).await?;
    let (body, channel) = (body.to_owned(), "portal");
    app.db
        .change(&Who::Reporter(report.id).to_string(), async |tx| {
            let answer = Answer { files, ..Answer::of(channel, body) };
            cases::receive_for_report(tx, app, report.id, answer, "the reporter answered").await.map(drop)
        })
        .await
}

/// What is wrong with an answer, in words.
pub fn wrong(text: &Text, body: &str, files: usize) -> Option<String> {
    if body.chars().count() > LONGEST {
        Some(text.with("form-error-long", "limit", LONGEST))
    } else if body.is_empty() && files == 0 {
        Some(text.say("status-error-empty"))
    } else {
        None
    }
}
