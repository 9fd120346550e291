//! Before it is done: what an act will do to each report, and the exact words that would leave.
//!
//! The deed is done only when it was shown: a fingerprint of what was shown comes back with the
//! button, and a text that was changed since is shown once more.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::acts::{self, Act};
use super::web::report_of;
use crate::access::{Noun, Verb, require};
use crate::cases::drafts;
use crate::reports::{self, Preview, Report};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{App, Error, Result, cases, constituency, people};

/// How many reports one act takes at most, and how many of its texts a page shows.
const MOST: usize = 200;
const TEXTS: usize = 20;

/// What happens to one report.
struct Step {
    report: Report,
    does: String,
    against: Option<String>,
    preview: Option<Preview>,
}

/// An entry of the directory.
struct Place {
    id: String,
    name: String,
    covers: String,
    fits: bool,
}

#[derive(Template)]
#[template(path = "triage/pages/sheet.html")]
struct SheetPage {
    shell: Shell,
    act: String,
    heading: String,
    fields: Fields,
    steps: Vec<Step>,
    problem: Option<(&'static str, String)>,
    note: &'static str,
    ready: bool,
    shown: String,
    doable: usize,
    staff: Vec<(store::Id, String)>,
    places: Vec<Place>,
    labels: [Tlp; 5],
    kinds: [(&'static str, &'static str); 5],
    cancel: String,
    /// Where what is typed saves itself, if it does, and when it did.
    keeps: Option<String>,
    draft: Option<Timestamp>,
}

impl SheetPage {
    /// Whether this field is the one to mend.
    fn bad(&self, field: &str) -> bool {
        self.problem.as_ref().is_some_and(|(bad, _)| *bad == field)
    }
}

/// What became of one report.
struct Done {
    number: String,
    title: String,
    text: String,
    good: bool,
}

#[derive(Template)]
#[template(path = "triage/pages/done.html")]
struct DonePage {
    shell: Shell,
    act: String,
    done: Vec<Done>,
    good: usize,
    case: Option<String>,
    back: String,
}

impl DonePage {
    /// Whether what was done can be taken back from here.
    fn undoable(&self) -> bool {
        self.act == "reject" && self.good > 0
    }
}

/// `GET /inbox/{number}/answer`
pub async fn answer(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    first(&ctx, "answer", &number).await
}

/// `GET /inbox/{number}/referral`
pub async fn referral(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    first(&ctx, "refer", &number).await
}

/// `GET /inbox/{number}/rejection`
pub async fn rejection(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    first(&ctx, "reject", &number).await
}

async fn first(ctx: &Ctx, act: &str, number: &str) -> Result<Response> {
    let report = report_of(ctx, number).await?;
    let mut fields = Fields(vec![("do".into(), act.into()), ("id".into(), report.number.clone())]);
    if !ctx.query.is_empty() {
        fields.set("back", format!("?{}", ctx.query));
    }
    let left = drafts::draft(&mut ctx.app.db.read().await?, ctx.person()?.id, act, report.id).await?;
    let Some(left) = left else { return show(ctx, fields, vec![report], None).await };
    for (name, value) in left.fields.0 {
        // What was shown then is shown anew.
        if !["do", "id", "back", "shown", "again"].contains(&name.as_str()) {
            fields.set(&name, value);
        }
    }
    show_left(ctx, asked_again(&fields), vec![report], None, Some(left.at)).await
}

/// `POST /inbox/batches`
pub async fn batch(ctx: Ctx, fields: Fields) -> Result<Response> {
    require(&ctx.who, Verb::Change, Noun::Report)?;
    let reports = chosen(&ctx, &fields).await?;
    if reports.is_empty() {
        return Ok(go(&format!("/inbox{}", tail(&fields)), Some("Tick at least one report first.")));
    }
    if ["answer", "refer"].contains(&fields.get("do")) && reports.len() > TEXTS {
        let says = format!("What leaves is shown to you first: choose at most {TEXTS} reports.");
        return Ok(go(&format!("/inbox{}", tail(&fields)), Some(&says)));
    }
    if fields.has("sure") && fields.get("shown") == fingerprint(&fields) {
        return carry_out(&ctx, &fields, reports).await;
    }
    show(&ctx, fields, reports, None).await
}

/// The list that one came from, as the end of an address.
fn tail(fields: &Fields) -> &str {
    Some(fields.get("back")).filter(|back| back.starts_with('?')).unwrap_or_default()
}

/// Everything that makes the act what it is; the same fields always give the same text.
fn fingerprint(fields: &Fields) -> String {
    let counts = |name: &str, value: &str| !value.is_empty() && !["sure", "shown", "again", "back"].contains(&name);
    let mut pairs: Vec<(&str, &str)> = fields.0.iter().map(|(name, value)| (name.as_str(), value.trim())).filter(|(name, value)| counts(name, value)).collect();
    pairs.sort_unstable();
    let mut hash = Sha256::new();
    for (name, value) in pairs {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(value.as_bytes());
        hash.update([0]);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// The page before the deed, or after one that could not be done. What was typed stands in it again.
async fn show(ctx: &Ctx, fields: Fields, reports: Vec<Report>, refused: Option<String>) -> Result<Response> {
    show_left(ctx, fields, reports, refused, None).await
}

/// The same with words of a draft that was left at a time.
async fn show_left(ctx: &Ctx, mut fields: Fields, reports: Vec<Report>, refused: Option<String>, draft: Option<Timestamp>) -> Result<Response> {
    let act = fields.get("do").to_owned();
    let title = acts::title(&act).ok_or(Error::NotFound)?;
    let again = fields.has("again");
    if !again {
        prefill(&ctx.app, &mut fields, &act, &reports);
    }
    let keeps = match reports.as_slice() {
        [one] if ["answer", "refer"].contains(&act.as_str()) => Some(format!("/drafts/{act}/{}", one.id)),
        _ => None,
    };
    let heading = match reports.as_slice() {
        [one] => format!("{title} {}", one.number),
        many => format!("{title} {} reports", many.len()),
    };
    let shell = Shell::new(ctx, &heading, Room::Inbox).await?;
    let mut reader = ctx.app.db.read().await?;
    let read = Act::read(&ctx.app, &mut reader, &ctx.who, &act, &fields).await;
    let places = if act == "refer" { places(&ctx.app, &mut reader, &reports).await? } else { Vec::new() };
    let staff = people::named::staff(&mut reader).await?;
    let (mut steps, mut problem, ready) = (Vec::new(), None, read.is_ok());
    match read {
        Ok(act) => steps = plan(ctx, &mut reader, &act, reports).await?,
        Err(Error::Invalid(says)) => {
            // Half a draft is no mistake.
            problem = (again && draft.is_none()).then(|| (culprit(&act, &fields), says));
            let step = |report| Step { report, does: String::new(), against: None, preview: None };
            steps.extend(reports.into_iter().map(step));
        }
        Err(other) => return Err(other),
    }
    let doable = steps.iter().filter(|step| step.against.is_none()).count();
    let cancel = match steps.as_slice() {
        [one] => format!("/inbox/{}{}", one.report.number, tail(&fields)),
        _ => format!("/inbox{}", tail(&fields)),
    };
    let note = if ready && fields.has("sure") { "You changed something: look at it once more." } else { "" };
    let mut status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some(says) = refused {
        (problem, status) = (Some((culprit(&act, &fields), says)), StatusCode::CONFLICT);
    }
    let shown = fingerprint(&fields);
    let kinds = cases::case::KINDS;
    let labels = Tlp::ALL;
    page_as(status, &SheetPage { shell, act, heading, fields, steps, problem, note, ready, shown, doable, staff, places, labels, kinds, cancel, keeps, draft })
}

/// The reports that were ticked, each once; one that is not there for this viewer stops them all.
async fn chosen(ctx: &Ctx, fields: &Fields) -> Result<Vec<Report>> {
    let mut numbers: Vec<String> = fields.all("id").take(MOST).map(|number| number.trim().to_ascii_uppercase()).collect();
    let mut seen = HashSet::new();
    numbers.retain(|number| seen.insert(number.clone()));
    let mut reader = ctx.app.db.read().await?;
    let reports = reports::find_all(&mut reader, &numbers).await?;
    let hidden = cases::hidden_reports(&mut reader, &ctx.who, &reports.iter().map(|report| report.id).collect::<Vec<_>>()).await?;
    if reports.len() == numbers.len() && hidden.is_empty() { Ok(reports) } else { Err(Error::NotFound) }
}

async fn plan(ctx: &Ctx, reader: &mut store::Reader, act: &Act, reports: Vec<Report>) -> Result<Vec<Step>> {
    let (mut steps, mut texts) = (Vec::with_capacity(reports.len()), 0);
    for report in reports {
        let against = act.against(&ctx.app, reader, &ctx.who, &report).await?;
        let mut preview = None;
        if against.is_none() && texts < TEXTS {
            preview = act.preview(&ctx.app, reader, &report).await?;
            texts += 1;
        }
        steps.push(Step { does: act.does(&report), against, preview, report });
    }
    Ok(steps)
}

/// What stands in the fields when the page is opened first.
fn prefill(app: &App, fields: &mut Fields, act: &str, reports: &[Report]) {
    let Some(report) = reports.first() else { return };
    let mut set = |name: &str, value: String| {
        if !fields.has(name) {
            fields.set(name, value);
        }
    };
    match act {
        // Many read the same words: nothing of one of them may stand there.
        "answer" if reports.len() > 1 => {
            let highest = reports.iter().map(|report| report.label).max().unwrap_or(app.profile.labels.default);
            set("label", highest.as_str().to_owned());
        }
        "answer" => {
            let text = app.languages.text(&report.language);
            let values = [
                ("name", report.reporter_name.clone()),
                ("title", report.title.clone()),
                ("number", report.number.clone()),
                ("team", app.profile.team.name.text(text.shown()).to_owned()),
            ];
            let key = if report.reporter_name.is_empty() { "triage-advice-body" } else { "triage-advice-body-named" };
            set("subject", text.fill("triage-advice-subject", &values));
            set("body", text.fill(key, &values));
            set("label", report.label.as_str().to_owned());
        }
        "verdict" => set("confidence", "medium".into()),
        "assign" => set("owner", "me".into()),
        "open" => {
            set("title", report.title.clone());
            set("kind", acts::case_kind(&report.kind).to_owned());
        }
        _ => {}
    }
}

/// The field to mend.
fn culprit(act: &str, fields: &Fields) -> &'static str {
    match act {
        "verdict" if fields.get("verdict") == "duplicate" => "of",
        "verdict" => "verdict",
        "assign" => "owner",
        "link" => "cases",
        "open" => "title",
        "refer" if fields.get("entry").is_empty() => "entry",
        "answer" if fields.get("subject").is_empty() => "subject",
        "answer" => "body",
        _ => "reason",
    }
}

/// The directory, what fits the reports first.
async fn places(app: &App, reader: &mut store::Reader, reports: &[Report]) -> Result<Vec<Place>> {
    let mut ids = Vec::new();
    for report in reports.iter().take(TEXTS) {
        ids.extend(report.organisation);
        ids.extend(reports::observables(reader, report.id).await?.into_iter().flat_map(|one| one.owners).map(|owner| owner.organisation));
    }
    ids.sort_unstable();
    ids.dedup();
    let known = constituency::found::lines(reader, &ids).await?;
    let mut places: Vec<Place> = app
        .profile
        .referrals
        .iter()
        .map(|referral| Place {
            id: referral.id.clone(),
            name: referral.name.text("en").to_owned(),
            covers: referral.covers.text("en").to_owned(),
            fits: referral.fits(None, None) || known.iter().any(|line| referral.fits(Some(&line.country), Some(&line.sector))),
        })
        .collect();
    places.sort_by_key(|place| !place.fits);
    Ok(places)
}

/// The fields as a page that comes back has them.
fn asked_again(fields: &Fields) -> Fields {
    let mut fields = fields.clone();
    fields.set("again", "1");
    fields
}

async fn refuse(ctx: &Ctx, fields: &Fields, steps: Vec<Step>, says: &str) -> Result<Response> {
    let reports = steps.into_iter().map(|step| step.report).collect();
    show(ctx, asked_again(fields), reports, Some(says.to_owned())).await
}

/// Does what was shown, report by report, and says what became of each.
async fn carry_out(ctx: &Ctx, fields: &Fields, reports: Vec<Report>) -> Result<Response> {
    let name = fields.get("do").to_owned();
    let mut reader = ctx.app.db.read().await?;
    let act = match Act::read(&ctx.app, &mut reader, &ctx.who, &name, fields).await {
        Ok(act) => act,
        Err(Error::Invalid(_)) => {
            drop(reader);
            return show(ctx, fields.clone(), reports, None).await;
        }
        Err(other) => return Err(other),
    };
    let steps = plan(ctx, &mut reader, &act, reports).await?;
    drop(reader);
    let mut case = None;
    let mut done = Vec::with_capacity(steps.len());
    if let Act::Open { title, kind } = &act {
        let free: Vec<store::Id> = steps.iter().filter(|step| step.against.is_none()).map(|step| step.report.id).collect();
        if free.is_empty() {
            return refuse(ctx, fields, steps, "No case was opened: the reports are in one already.").await;
        }
        let opened = match acts::open(&ctx.app, &ctx.who, title, kind, free).await {
            Err(Error::Conflict(says)) => return refuse(ctx, fields, steps, &says).await,
            opened => opened?,
        };
        if let [_] = steps.as_slice() {
            return Ok(go(&format!("/cases/{}", opened.number), Some("Case opened.")));
        }
        case = Some(opened.number);
    }
    let mut stopped = false;
    for step in steps {
        let outcome = match step.against {
            Some(why) => Err(Error::conflict(why)),
            None if stopped => Err(Error::conflict("Not tried, because of what stands above.")),
            None if case.is_some() => Ok(step.does),
            None => act.apply(&ctx.app, &ctx.who, &step.report).await,
        };
        let (good, text) = match outcome {
            Ok(text) => (true, text),
            Err(Error::Conflict(why) | Error::Invalid(why)) => (false, why),
            // What was done before stands, and is told: the next ones may still be done.
            Err(other) if !done.is_empty() => {
                tracing::error!(error = %other, "one of several reports was not acted on");
                stopped = other.is_general();
                (false, format!("Not done, and nothing of it was changed: {}.", other.plain()))
            }
            Err(other) => return Err(other),
        };
        done.push(Done { number: step.report.number, title: step.report.title, text, good });
    }
    if let [one] = done.as_slice() {
        let to = format!("/inbox/{}{}", one.number, tail(fields));
        if one.good {
            let report = report_of(ctx, &one.number).await?;
            drafts::drop_draft(&ctx.app, ctx.person()?.id, &name, report.id).await?;
            return Ok(go(&to, Some(&one.text)));
        }
        let report = report_of(ctx, &one.number).await?;
        return show(ctx, asked_again(fields), vec![report], Some(one.text.clone())).await;
    }
    let shell = Shell::new(ctx, "Done", Room::Inbox).await?;
    let good = done.iter().filter(|one| one.good).count();
    page(&DonePage { shell, act: name, done, good, case, back: format!("/inbox{}", tail(fields)) })
}
