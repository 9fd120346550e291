//! The small forms of a case, each one verb: what the button says is what is done.

use store::Id;

use super::case::Case;
use super::{after_end, facts, join, open, see, severity, states, team};
use crate::access::Who;
use crate::web::Fields;
use crate::{App, Error, Result};

/// Does what the form's `what` says. Gives the line to show afterwards.
pub async fn apply(app: &App, who: &Who, case: &Case, fields: &Fields) -> Result<&'static str> {
    let (id, reason) = (case.id, fields.get("reason"));
    Ok(match fields.get("what") {
        "label" => {
            let label = fields.get("label").parse().map_err(|_| Error::invalid("Choose a label"))?;
            facts::set_label(app, who, id, label, reason).await?;
            "The label is changed."
        }
        "severity" => {
            severity::set_severity(app, who, id, fields.get("severity"), reason).await?;
            "The severity is changed."
        }
        "verdict" => {
            facts::set_verdict(app, who, id, fields.get("verdict"), fields.get("confidence"), reason).await?;
            "The verdict is written down."
        }
        "phase" => {
            facts::set_phase(app, who, id, fields.get("phase")).await?;
            "The phase is changed."
        }
        "kind" => {
            facts::set_kind(app, who, id, fields.get("kind")).await?;
            "The kind is changed."
        }
        "owner" => {
            team::assign(app, who, id, id_in(fields, "owner")?).await?;
            "The case is handed over."
        }
        "take" => {
            team::assign(app, who, id, who.person().map(|person| person.id)).await?;
            "The case is yours."
        }
        "watch" => {
            team::watch(app, who, id, true).await?;
            "You watch this case."
        }
        "unwatch" => {
            team::watch(app, who, id, false).await?;
            "You no longer watch this case."
        }
        "restriction" => {
            team::restrict(app, who, id, fields.get("restricted") == "yes", id_in(fields, "group")?).await?;
            "Who may know of it is changed."
        }
        "reopen" if fields.has("mistake") => {
            states::take_back(app, who, id, reason).await?;
            "The case is open again, and what closing had kept counts on."
        }
        "reopen" if reason.trim().is_empty() => return Err(Error::invalid("Say why it is taken up again")),
        "reopen" => {
            states::reopen(app, who, id, reason).await?;
            "The case is open again."
        }
        "leave" => {
            after_end::leave_ended(app, who, id, fields.get("seen")).await?;
            "The case stays as it ended."
        }
        "link" => {
            let other = found(app, who, fields.get("case")).await?;
            join::link_cases(app, who, id, other.id).await?;
            "The cases are linked."
        }
        "unlink" => {
            let other = found(app, who, fields.get("case")).await?;
            join::unlink_cases(app, who, id, other.id).await?;
            "The link is taken back."
        }
        what @ ("link-report" | "unlink-report") => {
            let mut reader = app.db.read().await?;
            let report = see::report_of_number(&mut reader, who, fields.get("report")).await?;
            drop(reader);
            let report = report.ok_or_else(|| Error::invalid("There is no report of that number"))?;
            if what == "link-report" {
                open::link_report(app, who, id, report.id).await?;
                "The report is linked."
            } else {
                open::unlink_report(app, who, id, report.id).await?;
                "The report is taken out of the case."
            }
        }
        _ => return Err(Error::invalid("This form is not known")),
    })
}

/// A case by the number that somebody typed.
pub async fn found(app: &App, who: &Who, number: &str) -> Result<Case> {
    let mut reader = app.db.read().await?;
    super::find(&mut reader, who, number).await.map_err(|error| match error {
        Error::NotFound => Error::invalid("There is no case of that number"),
        other => other,
    })
}

/// An id of a list, or nothing.
pub fn id_in(fields: &Fields, name: &str) -> Result<Option<Id>> {
    fields.parsed(name, "a choice of the list")
}
