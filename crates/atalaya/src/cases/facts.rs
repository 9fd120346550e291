//! What we know of a case: title, class, times, cause, verdict, label, phase, kind.
//!
//! The edit form carries the version that it was filled from. If somebody else saved in between,
//! nothing is written and both versions go back to the page.

use formats::label::Tlp;
use formats::rsit;
use jiff::Timestamp;
use serde_json::json;
use store::{Id, Record};

use super::case::{CONFIDENCES, Case, KINDS, PHASES, VERDICTS, word};
use super::{open, see, severity, states, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, clocks};

/// The fields of the edit form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// One line.
    pub title: String,
    /// A few lines.
    pub summary: String,
    /// RSIT class, or empty.
    pub rsit_class: String,
    /// RSIT type, or empty.
    pub rsit_type: String,
    /// The team's own sub-type, or empty.
    pub subtype: String,
    /// Occurred, detected, reported, responded, contained, recovered.
    pub times: [Option<Timestamp>; 6],
    /// Why they stand in an unusual order.
    pub times_reason: String,
    /// Cause, in words.
    pub cause: String,
    /// CVE numbers.
    pub cause_cve: String,
}

/// The six times, in the order in which they usually come.
pub const TIMES: [&str; 6] = ["occurred", "detected", "reported", "responded", "contained", "recovered"];

impl Facts {
    /// What a case holds now.
    pub fn of(case: &Case) -> Self {
        Self {
            title: case.title.clone(),
            summary: case.summary.clone(),
            rsit_class: case.rsit_class.clone(),
            rsit_type: case.rsit_type.clone(),
            subtype: case.subtype.clone(),
            times: times(case),
            times_reason: case.times_reason.clone(),
            cause: case.cause.clone(),
            cause_cve: case.cause_cve.clone(),
        }
    }

    /// The names of the fields in which two versions differ.
    pub fn differ(&self, other: &Self) -> Vec<&'static str> {
        let texts = [
            ("title", self.title != other.title),
            ("summary", self.summary != other.summary),
            ("class", (&self.rsit_class, &self.rsit_type, &self.subtype) != (&other.rsit_class, &other.rsit_type, &other.subtype)),
            ("cause", (&self.cause, &self.cause_cve) != (&other.cause, &other.cause_cve)),
        ];
        let pairs = self.times.iter().zip(&other.times).map(|(ours, theirs)| ours != theirs);
        let times = TIMES.into_iter().zip(pairs);
        texts
            .into_iter()
            .chain(times)
            .chain([("times_reason", self.times_reason != other.times_reason)])
            .filter(|(_, differs)| *differs)
            .map(|(name, _)| name)
            .collect()
    }
}

/// The six times of a case.
pub fn times(case: &Case) -> [Option<Timestamp>; 6] {
    [case.occurred_at, case.detected_at, case.reported_at, case.responded_at, case.contained_at, case.recovered_at]
}

/// What became of an edit.
#[derive(Debug)]
pub enum Edited {
    /// It was written.
    Saved,
    /// Somebody else was faster: the case as it stands now. Nothing was written.
    Stale(Box<Case>),
}

/// Saves the edit form. `version` is the one that the form was filled from.
pub async fn edit(app: &App, who: &Who, id: Id, version: i64, facts: Facts) -> Result<Edited> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::here(tx, who, id).await?;
            let before = Facts::of(&case);
            if case.version != version {
                return Ok(Edited::Stale(Box::new(case)));
            }
            check(app, &facts)?;
            let changed = facts.differ(&before);
            if changed.is_empty() {
                return Ok(Edited::Saved);
            }
            let facts = Facts { cause_cve: cves(&facts.cause_cve)?, ..facts };
            put(&mut case, facts);
            rows::save(tx, &mut case).await?;
            open::index(tx, &case).await?;
            tx.record(Record::new("case.edited", "case", id).facts(json!({ "fields": changed, "class": case.class() })).particulars(
                json!({ "title": case.title, "cause": case.cause, "was": { "title": before.title, "summary": before.summary, "cause": before.cause } }),
            ));
            severity::judge_again(tx, app, id).await?;
            Ok(Edited::Saved)
        })
        .await
}

fn put(case: &mut Case, facts: Facts) {
    case.title = facts.title.trim().to_owned();
    case.summary = facts.summary;
    case.rsit_class = facts.rsit_class;
    case.rsit_type = facts.rsit_type;
    case.subtype = facts.subtype;
    [case.occurred_at, case.detected_at, case.reported_at, case.responded_at, case.contained_at, case.recovered_at] = facts.times;
    case.times_reason = facts.times_reason;
    case.cause = facts.cause;
    case.cause_cve = facts.cause_cve;
}

/// The most characters of a title, as of a report's.
const TITLE: usize = 200;
/// The most characters of a summary, a cause or a reason: some pages.
const WORDS: usize = 20_000;

/// What every case must have, and how much of it.
pub(super) fn check_words(title: &str, words: &[&str]) -> Result<()> {
    if title.trim().is_empty() {
        return Err(Error::invalid("Write a title"));
    }
    if title.trim().chars().count() > TITLE {
        return Err(Error::invalid(format!("A title has at most {TITLE} characters; more goes into the summary")));
    }
    if words.iter().any(|words| words.chars().count() > WORDS) {
        return Err(Error::invalid(format!("This is more than {WORDS} characters; add the rest as notes")));
    }
    Ok(())
}

fn check(app: &App, facts: &Facts) -> Result<()> {
    check_words(&facts.title, &[&facts.summary, &facts.cause, &facts.times_reason])?;
    check_class(app, &facts.rsit_class, &facts.rsit_type, &facts.subtype)?;
    cves(&facts.cause_cve)?;
    if let Some((earlier, later)) = out_of_order(&facts.times)
        && facts.times_reason.trim().is_empty()
    {
        return Err(Error::invalid(format!("{later} stands before {earlier}: correct it, or say why it is so")));
    }
    Ok(())
}

/// The first two times that stand in the wrong order; what is not known is skipped.
pub fn out_of_order(times: &[Option<Timestamp>; 6]) -> Option<(&'static str, &'static str)> {
    let known: Vec<(&'static str, Timestamp)> = TIMES.into_iter().zip(times).filter_map(|(name, at)| Some((name, (*at)?))).collect();
    known.windows(2).find_map(|pair| match pair {
        [(earlier, first), (later, second)] if second < first => Some((*earlier, *later)),
        _ => None,
    })
}

/// Class and type must be RSIT's, a sub-type the team's own below exactly that type.
pub(super) fn check_class(app: &App, class: &str, rsit_type: &str, subtype: &str) -> Result<()> {
    if !class.is_empty() && rsit::types_of(class).next().is_none() {
        return Err(Error::invalid("Choose a class from the list"));
    }
    if !rsit_type.is_empty() && rsit::find(class, rsit_type).is_none() {
        return Err(Error::invalid("Choose a type of that class"));
    }
    let known = |known: &crate::profile::Subtype| known.id == subtype && known.class == class && known.rsit_type == rsit_type;
    if !subtype.is_empty() && !app.profile.subtypes.iter().any(known) {
        return Err(Error::invalid("Choose a sub-type of that type"));
    }
    Ok(())
}

/// CVE numbers from what somebody typed, each once, separated by spaces.
fn cves(text: &str) -> Result<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split([' ', ',', ';', '\n', '\t']).filter(|word| !word.is_empty()) {
        let word = word.to_ascii_uppercase();
        let digits = |part: &str, least: usize| part.len() >= least && part.bytes().all(|byte| byte.is_ascii_digit());
        let good = word
            .strip_prefix("CVE-")
            .and_then(|rest| rest.split_once('-'))
            .is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4));
        if !good {
            return Err(Error::invalid(format!("“{word}” is not a CVE number such as CVE-2026-12345")));
        }
        if !found.contains(&word) {
            found.push(word);
        }
    }
    Ok(found.join(" "))
}

/// Changes one thing of a case that has no form of its own, and records it.
async fn change(app: &App, who: &Who, id: Id, work: impl FnOnce(&mut Case) -> Result<Option<Record>>) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::here(tx, who, id).await?;
            if let Some(record) = work(&mut case)? {
                rows::save(tx, &mut case).await?;
                tx.record(record);
                severity::judge_again(tx, app, id).await?;
            }
            Ok(())
        })
        .await
}

/// Raises the label at any time; lowers it with a reason.
pub async fn set_label(app: &App, who: &Who, id: Id, label: Tlp, reason: &str) -> Result<()> {
    change(app, who, id, |case| {
        if label < case.label && reason.trim().is_empty() {
            return Err(Error::invalid("Say why the label may be lowered"));
        }
        let from = std::mem::replace(&mut case.label, label);
        let record = Record::new("case.labelled", "case", id).facts(json!({ "from": from.as_str(), "to": label.as_str() }));
        Ok((from != label).then(|| record.particulars(json!({ "reason": reason.trim() }))))
    })
    .await
}

/// Says what we hold the case to be, and how sure we are.
pub async fn set_verdict(app: &App, who: &Who, id: Id, verdict: &str, confidence: &str, reason: &str) -> Result<()> {
    change(app, who, id, |case| {
        if !VERDICTS.iter().any(|(known, _)| *known == verdict) || !CONFIDENCES.iter().any(|(known, _)| *known == confidence) {
            return Err(Error::invalid("Choose a verdict and how sure you are"));
        }
        let from = case.verdict.replace(verdict.to_owned());
        case.confidence = Some(confidence.to_owned());
        let record = Record::new("case.verdict", "case", id).facts(json!({ "from": from, "to": verdict, "confidence": confidence }));
        Ok(Some(record.particulars(json!({ "reason": reason.trim() }))))
    })
    .await
}

/// Goes to a phase, forward or back.
pub async fn set_phase(app: &App, who: &Who, id: Id, phase: &str) -> Result<()> {
    change(app, who, id, |case| {
        if !PHASES.iter().any(|(known, _)| *known == phase) {
            return Err(Error::invalid("Choose a phase"));
        }
        let from = std::mem::replace(&mut case.phase, phase.to_owned());
        Ok((from != phase).then(|| Record::new("case.phase", "case", id).facts(json!({ "from": from, "to": phase }))))
    })
    .await
}

/// Makes it a case of another kind. History stays as it is; promises that the other kind does not have end, and those that
/// it has count from when the case was opened.
pub async fn set_kind(app: &App, who: &Who, id: Id, kind: &str) -> Result<()> {
    if !KINDS.iter().any(|(known, _)| *known == kind) {
        return Err(Error::invalid("Choose what kind of case this is"));
    }
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::here(tx, who, id).await?;
            let from = std::mem::replace(&mut case.kind, kind.to_owned());
            if from == kind {
                return Ok(());
            }
            // Its promises have ended with it.
            states::must_be_open(&case)?;
            rows::save(tx, &mut case).await?;
            tx.record(Record::new("case.converted", "case", id).facts(json!({ "from": word(&KINDS, &from), "to": word(&KINDS, kind) })));
            clocks::refit(tx, app, "case", id, &clocks::Facts::opened(kind), case.opened_at).await?;
            states::refresh_due(tx, id).await?;
            severity::judge_again(tx, app, id).await
        })
        .await
}
