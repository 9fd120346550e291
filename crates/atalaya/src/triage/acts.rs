//! What can be done with a report here: read from a form, said in words before it is done, done.
//!
//! One report or two hundred go the same way, so that the preview and the deed cannot differ.

use formats::label::Tlp;
use store::{Id, Reader};

use super::told;
use crate::access::Who;
use crate::cases::{self, Case, NewCase};
use crate::reports::{self, Report, Verdict};
use crate::web::Fields;
use crate::{App, Error, Result, people};

/// An act with all that it needs.
#[derive(Clone, Debug)]
pub enum Act {
    /// Say what it turned out to be.
    Verdict {
        /// The verdict.
        verdict: Verdict,
        /// Number of the report that it repeats.
        of: String,
        /// That report's reporter and state.
        first: (String, String),
        /// How sure.
        confidence: String,
    },
    /// Put it aside.
    Reject {
        /// Why.
        reason: String,
    },
    /// Take a rejection back.
    Unreject,
    /// Take the work up again.
    Reopen,
    /// Give it to somebody, or to nobody.
    Assign {
        /// To whom.
        owner: Option<Id>,
        /// Their name.
        name: String,
    },
    /// Add it to cases.
    Link {
        /// Which, all visible to whoever asked.
        cases: Vec<Case>,
    },
    /// Open one case for all.
    Open {
        /// Its title.
        title: String,
        /// Its kind.
        kind: String,
    },
    /// Refer as out of scope.
    Refer {
        /// Entry of the directory.
        entry: String,
        /// Why; the reporter reads it.
        reason: String,
    },
    /// Answer as advice.
    Answer {
        /// Subject.
        subject: String,
        /// Text.
        body: String,
        /// Label.
        label: Tlp,
    },
}

/// What people call an act, as the beginning of a heading.
pub fn title(name: &str) -> Option<&'static str> {
    Some(match name {
        "verdict" => "Judge",
        "reject" => "Reject",
        "unreject" => "Take back the rejection of",
        "reopen" => "Reopen",
        "assign" => "Assign",
        "link" => "Add to a case:",
        "open" => "Open a case from",
        "refer" => "Refer",
        "answer" => "Answer as advice:",
        _ => return None,
    })
}

impl Act {
    /// Reads an act of that name from a form, or says what is missing.
    pub async fn read(app: &App, reader: &mut Reader, who: &Who, name: &str, fields: &Fields) -> Result<Self> {
        Ok(match name {
            "verdict" => Self::verdict(reader, who, fields).await?,
            "reject" => Self::Reject { reason: fields.need("reason", "Say why it is rejected")?.to_owned() },
            "unreject" => Self::Unreject,
            "reopen" => Self::Reopen,
            "assign" => Self::owner(reader, who, fields.get("owner")).await?,
            "link" => Self::Link { cases: wanted_cases(reader, who, fields).await? },
            "open" => Self::Open {
                title: fields.need("title", "Give the case a title")?.to_owned(),
                kind: fields.need("kind", "Choose the kind of case")?.to_owned(),
            },
            "refer" => {
                let entry = fields.need("entry", "Choose where it belongs")?;
                if !app.profile.referrals.iter().any(|referral| referral.id == entry) {
                    return Err(Error::invalid("Choose where it belongs"));
                }
                Self::Refer { entry: entry.to_owned(), reason: fields.need("reason", "Say why it is not ours; the reporter will read it")?.to_owned() }
            }
            "answer" => Self::Answer {
                subject: fields.need("subject", "Write a subject")?.to_owned(),
                body: fields.need("body", "Write the answer")?.to_owned(),
                label: fields.parsed("label", "a label")?.unwrap_or(app.profile.labels.default),
            },
            _ => return Err(Error::NotFound),
        })
    }

    async fn verdict(reader: &mut Reader, who: &Who, fields: &Fields) -> Result<Self> {
        let (mut of, mut whose, confidence) = (String::new(), <(String, String)>::default(), fields.get("confidence"));
        let verdict = match fields.get("verdict") {
            "confirmed" => Verdict::Confirmed,
            "not_an_incident" => Verdict::NotAnIncident,
            "undetermined" => Verdict::Undetermined,
            "duplicate" => {
                let number = fields.need("of", "Write the number of the report that this one repeats")?;
                let none = || Error::invalid(format!("There is no report {number}"));
                let first = reports::find(reader, number).await?.ok_or_else(none)?;
                cases::may_see_report(reader, who, first.id).await.map_err(|error| if matches!(error, Error::NotFound) { none() } else { error })?;
                of.clone_from(&first.number);
                whose = (first.reporter_mail, first.state);
                Verdict::DuplicateOf(first.id)
            }
            _ => return Err(Error::invalid("Choose a verdict")),
        };
        let confidence = if confidence.is_empty() { "medium" } else { confidence };
        if !["low", "medium", "high"].contains(&confidence) {
            return Err(Error::invalid("Say how sure you are: low, medium or high"));
        }
        Ok(Self::Verdict { verdict, of, first: whose, confidence: confidence.to_owned() })
    }

    async fn owner(reader: &mut Reader, who: &Who, wanted: &str) -> Result<Self> {
        let owner: Option<Id> = match wanted {
            "" => None,
            "me" => Some(who.person().ok_or(Error::NotFound)?.id),
            id => Some(id.parse().map_err(|_| Error::invalid("Choose somebody of the team"))?),
        };
        let name = match owner {
            Some(id) => people::named::staff(reader).await?.into_iter().find(|(one, _)| *one == id).map(|(_, name)| name),
            None => Some("nobody".to_owned()),
        };
        Ok(Self::Assign { owner, name: name.ok_or_else(|| Error::invalid("Choose somebody of the team"))? })
    }

    /// Why the act cannot be done to this report, if so.
    pub async fn against(&self, app: &App, reader: &mut Reader, who: &Who, report: &Report) -> Result<Option<String>> {
        let waits = matches!(report.state.as_str(), "new" | "open");
        let in_case = report.disposition.as_deref() == Some("case") && report.state == "open";
        Ok(match self {
            Self::Verdict { verdict: Verdict::DuplicateOf(of), .. } if *of == report.id => Some("It cannot repeat itself.".into()),
            Self::Reject { .. } | Self::Refer { .. } if in_case => Some("It is worked on in a case.".into()),
            Self::Reject { .. } | Self::Refer { .. } if !waits => Some(format!("It is {} already.", report.state)),
            Self::Open { .. } if report.disposition.as_deref() == Some("case") => Some("It is in a case already: add it to another one instead.".into()),
            Self::Answer { .. } if report.state == "rejected" => Some("It is rejected: take that back first.".into()),
            Self::Reopen if report.disposition.as_deref() == Some("case") => Some("It is worked on in a case: reopen the case.".into()),
            Self::Unreject if report.state != "rejected" => Some(format!("It is {}, not rejected.", report.state)),
            Self::Reopen if waits => Some(format!("It is {} already.", report.state)),
            Self::Assign { owner, .. } if *owner == report.owner => Some("Nothing changes.".into()),
            Self::Link { .. } if self.new_cases(reader, who, report).await?.is_empty() => Some("It is in there already.".into()),
            Self::Answer { .. } if report.disposition.as_deref() == Some("case") => Some("It belongs to a case: answer in its thread there.".into()),
            Self::Answer { subject, body, label } => {
                let weighed = reports::preview(reader, app, report, subject, body, *label).await?.weighed;
                (!weighed.may_leave()).then(|| weighed.reasons())
            }
            _ => None,
        })
    }

    async fn new_cases<'a>(&'a self, reader: &mut Reader, who: &Who, report: &Report) -> Result<Vec<&'a Case>> {
        let Self::Link { cases } = self else { return Ok(Vec::new()) };
        let (linked, _) = cases::of_report(reader, who, report.id).await?;
        Ok(cases.iter().filter(|case| !linked.iter().any(|one| one.id == case.id)).collect())
    }

    /// What the act does to this report, in words.
    pub fn does(&self, report: &Report) -> String {
        match self {
            Self::Verdict { verdict, of, first: (mail, state), confidence } => {
                let with = if report.is_answered_with(mail, state) { format!(" Resolved: its reporter is answered with {of}.") } else { String::new() };
                let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
                let was = report.verdict.as_deref().map(|was| format!(" (was: {})", told::verdict(was))).unwrap_or_default();
                format!("Verdict: {}{of}, confidence {confidence}{was}.{with}", told::verdict(verdict.as_str()))
            }
            Self::Reject { .. } => "Rejected. Its clocks end; the reporter is not written to.".into(),
            Self::Unreject => "Open again, with the clocks that it had.".into(),
            Self::Reopen => "Open again.".into(),
            Self::Assign { name, .. } => format!("Given to {name}."),
            Self::Link { cases } => {
                let numbers: Vec<&str> = cases.iter().map(|case| case.number.as_str()).collect();
                format!("Added to {}.", numbers.join(", "))
            }
            Self::Open { .. } => "In the new case; the reporter becomes a party.".into(),
            Self::Refer { .. } => format!("Referred and resolved. The reporter is told, in {}.", crate::text::own_name(&report.language)),
            Self::Answer { .. } => "Answered and resolved. The reporter gets the text below.".into(),
        }
    }

    /// The exact words that would leave, if any do.
    pub async fn preview(&self, app: &App, reader: &mut Reader, report: &Report) -> Result<Option<reports::Preview>> {
        Ok(match self {
            Self::Refer { entry, reason } => Some(reports::preview_referral(reader, app, report, entry, reason).await?),
            Self::Answer { subject, body, label } => Some(reports::preview(reader, app, report, subject, body, *label).await?),
            _ => None,
        })
    }

    /// Does it. Says what was done, as a sentence.
    pub async fn apply(&self, app: &App, who: &Who, report: &Report) -> Result<String> {
        let id = report.id;
        match self {
            Self::Verdict { verdict, confidence, .. } => reports::set_verdict(app, who, id, *verdict, confidence).await?,
            Self::Reject { reason } => reports::reject(app, who, id, reason).await?,
            Self::Unreject => reports::undo_reject(app, who, id).await?,
            Self::Reopen => {
                // A report that is taken up again takes its cases along.
                app.db
                    .change(&who.to_string(), async |tx| {
                        cases::hold_of_report_in(tx, id, &[]).await?;
                        let in_case = cases::has_report(tx, id).await?;
                        reports::reopen_in(tx, app, who, id, in_case).await?;
                        cases::reopen_for_report_in(tx, id, "its report was reopened").await
                    })
                    .await?;
            }
            Self::Assign { owner, .. } => reports::assign(app, who, id, *owner).await?,
            Self::Refer { entry, reason } => reports::refer(app, who, id, entry, reason).await?,
            Self::Answer { subject, body, label } => reports::answer(app, who, id, subject, body, *label).await?,
            Self::Link { .. } => {
                let mut reader = app.db.read().await?;
                let new = self.new_cases(&mut reader, who, report).await?;
                drop(reader);
                // All or none: the links are one change.
                app.db
                    .change(&who.to_string(), async |tx| {
                        cases::hold_of_report_in(tx, id, &new.iter().map(|case| case.id).collect::<Vec<_>>()).await?;
                        for case in &new {
                            cases::link_report_in(tx, app, who, case.id, id).await?;
                        }
                        Ok::<_, Error>(())
                    })
                    .await?;
            }
            Self::Open { title, kind } => {
                open(app, who, title, kind, vec![id]).await?;
            }
        }
        Ok(self.does(report))
    }
}

/// One case from several reports that no case works on yet: a button pressed twice opens one case.
pub async fn open(app: &App, who: &Who, title: &str, kind: &str, reports: Vec<Id>) -> Result<Case> {
    let new = NewCase { title: title.to_owned(), kind: kind.to_owned(), reports, ..NewCase::default() };
    app.db
        .change(&who.to_string(), async |tx| {
            let mut free = new.reports.clone();
            free.sort_unstable();
            for id in &free {
                if !reports::linked::hold_free_in(tx, *id).await? {
                    return Err(Error::conflict("A case was opened from it meanwhile. To have it in another case too, add it there."));
                }
            }
            cases::open_in(tx, app, who, new).await
        })
        .await
}

/// The kind of case that a report of this kind usually becomes.
pub fn case_kind(report_kind: &str) -> &'static str {
    match report_kind {
        "advice" => "advice",
        "weakness" => "vulnerability",
        _ => "incident",
    }
}

/// The cases that were ticked or whose numbers were typed, separated by anything.
async fn wanted_cases(reader: &mut Reader, who: &Who, fields: &Fields) -> Result<Vec<Case>> {
    let mut found: Vec<Case> = Vec::new();
    for text in fields.all("cases") {
        for number in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|number| !number.is_empty()) {
            let case = cases::find(reader, who, number).await.map_err(|error| match error {
                Error::NotFound => Error::invalid(format!("There is no case {number}")),
                other => other,
            })?;
            if case.merged_into.is_some() {
                return Err(Error::invalid(format!("{} was merged into another case: add it there", case.number)));
            }
            if !found.iter().any(|one| one.id == case.id) {
                found.push(case);
            }
        }
    }
    if found.is_empty() { Err(Error::invalid("Write the number of a case")) } else { Ok(found) }
}
