//! The case itself, as the database keeps it, and the words that its fields may hold.

use formats::label::Tlp;
use jiff::Timestamp;
use store::{FromRow, Id, Row};

/// Kinds of case, with what people call them.
pub const KINDS: [(&str, &str); 5] =
    [("incident", "Incident"), ("near_miss", "Near miss"), ("threat", "Threat"), ("vulnerability", "Vulnerability"), ("advice", "Request for advice")];

/// Phases of the work; a case goes forward and back between them freely.
pub const PHASES: [(&str, &str); 6] = [
    ("triage", "Triage"),
    ("analysis", "Analysis"),
    ("containment", "Containment"),
    ("eradication", "Eradication"),
    ("recovery", "Recovery"),
    ("post", "Lessons learnt"),
];

/// States.
pub const STATES: [(&str, &str); 3] = [("open", "Open"), ("resolved", "Resolved"), ("abandoned", "Abandoned")];

/// How a case may end.
pub const OUTCOMES: [(&str, &str, &str); 4] = [
    ("resolved", "Resolved", "The cause is gone and nobody is harmed any more."),
    ("mitigated", "Mitigated", "The harm is contained; what is left is known and borne."),
    ("handed_over", "Handed over", "Another team or authority goes on with it."),
    ("not_possible", "Not possible", "We could not bring it to an end: say why."),
];

/// What we hold a case to be: the words that triage has for a report, so that a case takes them over.
pub const VERDICTS: [(&str, &str); 3] = [("confirmed", "Confirmed"), ("not_an_incident", "Not an incident"), ("undetermined", "Undetermined")];

/// How sure we are.
pub const CONFIDENCES: [(&str, &str); 3] = [("low", "Low"), ("medium", "Medium"), ("high", "High")];

/// Severities, the worst first.
pub const SEVERITIES: [(&str, &str); 4] = [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")];

/// The word that people read for a stored one.
pub fn word(list: &'static [(&'static str, &'static str)], stored: &str) -> String {
    list.iter().find(|(name, _)| *name == stored).map_or_else(|| stored.replace('_', " "), |(_, title)| (*title).to_owned())
}

/// A case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Id.
    pub id: Id,
    /// Public number, `ATL-2026-000123`.
    pub number: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// One line.
    pub title: String,
    /// A few lines.
    pub summary: String,
    /// Label.
    pub label: Tlp,
    /// One of [`STATES`].
    pub state: String,
    /// One of [`PHASES`].
    pub phase: String,
    /// One of [`VERDICTS`], once somebody said so.
    pub verdict: Option<String>,
    /// One of [`CONFIDENCES`].
    pub confidence: Option<String>,
    /// RSIT class, or empty.
    pub rsit_class: String,
    /// RSIT type, or empty.
    pub rsit_type: String,
    /// The team's own sub-type, or empty.
    pub subtype: String,
    /// One of [`SEVERITIES`].
    pub severity: String,
    /// The rule that said so with its version, or `override`.
    pub severity_rule: String,
    /// Why somebody overrode the rule.
    pub severity_reason: String,
    /// Who has it.
    pub owner: Option<Id>,
    /// The group that sees it when it is restricted.
    pub group: Option<Id>,
    /// Whether only its owner and its group see it.
    pub restricted: bool,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
    /// When somebody noticed.
    pub detected_at: Option<Timestamp>,
    /// When we were told.
    pub reported_at: Option<Timestamp>,
    /// When we answered.
    pub responded_at: Option<Timestamp>,
    /// When the harm stopped spreading.
    pub contained_at: Option<Timestamp>,
    /// When all was well again.
    pub recovered_at: Option<Timestamp>,
    /// Why the times stand in an unusual order.
    pub times_reason: String,
    /// Cause, in words; may say that it is unknown.
    pub cause: String,
    /// CVE numbers of the cause, separated by spaces.
    pub cause_cve: String,
    /// One of [`OUTCOMES`], once closed.
    pub outcome: Option<String>,
    /// Words to the outcome, or why it was abandoned.
    pub outcome_reason: String,
    /// Who waived the recommendation.
    pub waiver_by: Option<Id>,
    /// Why.
    pub waiver_reason: String,
    /// The case that it lives on in.
    pub merged_into: Option<Id>,
    /// The case that it was split from.
    pub split_from: Option<Id>,
    /// The earliest running clock or open task.
    pub due_at: Option<Timestamp>,
    /// When we opened it.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When anything last happened in it.
    pub updated_at: Timestamp,
    /// Counts edits of its fields, so that two editors are told of each other.
    pub version: i64,
}

/// The select list that [`Case`] reads; the table is called `c`.
pub(super) const COLUMNS: &str = "select c.id, c.number, c.kind, c.title, c.summary, c.label, c.state, c.phase, c.verdict, c.confidence, \
    c.rsit_class, c.rsit_type, c.subtype, c.severity, c.severity_rule, c.severity_reason, c.owner_id, c.group_id, c.restricted, \
    c.occurred_at, c.detected_at, c.reported_at, c.responded_at, c.contained_at, c.recovered_at, c.times_reason, c.cause, c.cause_cve, \
    c.outcome, c.outcome_reason, c.waiver_by, c.waiver_reason, c.merged_into, c.split_from, c.due_at, c.opened_at, c.closed_at, c.updated_at, c.version \
    from cases c ";

impl FromRow for Case {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            kind: row.get()?,
            title: row.get()?,
            summary: row.get()?,
            // A label that cannot be read counts as the highest, never as none.
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            state: row.get()?,
            phase: row.get()?,
            verdict: row.get()?,
            confidence: row.get()?,
            rsit_class: row.get()?,
            rsit_type: row.get()?,
            subtype: row.get()?,
            severity: row.get()?,
            severity_rule: row.get()?,
            severity_reason: row.get()?,
            owner: row.get()?,
            group: row.get()?,
            restricted: row.get()?,
            occurred_at: row.get()?,
            detected_at: row.get()?,
            reported_at: row.get()?,
            responded_at: row.get()?,
            contained_at: row.get()?,
            recovered_at: row.get()?,
            times_reason: row.get()?,
            cause: row.get()?,
            cause_cve: row.get()?,
            outcome: row.get()?,
            outcome_reason: row.get()?,
            waiver_by: row.get()?,
            waiver_reason: row.get()?,
            merged_into: row.get()?,
            split_from: row.get()?,
            due_at: row.get()?,
            opened_at: row.get()?,
            closed_at: row.get()?,
            updated_at: row.get()?,
            version: row.get()?,
        })
    }
}

impl Case {
    /// What is shown of it, as a moment: another one means that something came or was changed since.
    pub fn seen(&self) -> String {
        self.updated_at.as_microsecond().to_string()
    }

    /// Whether work goes on in it.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/cases/{}", self.number)
    }

    /// `availability / ddos`, or empty.
    pub fn class(&self) -> String {
        let mut text = self.rsit_class.clone();
        for part in [&self.rsit_type, &self.subtype] {
            if !part.is_empty() {
                text.push_str(" / ");
                text.push_str(part);
            }
        }
        text
    }

    /// What people call its kind.
    pub fn kind_word(&self) -> String {
        word(&KINDS, &self.kind)
    }

    /// What people call its phase.
    pub fn phase_word(&self) -> String {
        word(&PHASES, &self.phase)
    }

    /// What people call its state.
    pub fn state_word(&self) -> String {
        word(&STATES, &self.state)
    }

    /// What people call its severity.
    pub fn severity_word(&self) -> String {
        word(&SEVERITIES, &self.severity)
    }
}
