//! When an advisory does not hold any more: withdrawn (CSAF 2.1, profile 7, section 4.7) or superseded
//! by another one (profile 8). Its id and its history stay, so that who fetched it learns of it; its
//! products and vulnerabilities go, so that no machine matches them any more.

use crate::advisory::{Advisory, Reference, Revision, State, Status};
use crate::version::{self, Level, Scheme};
use jiff::Timestamp;

/// Why an advisory can't be taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A draft that nobody got needs no withdrawal (profile 7: not "during the initial release").
    #[error("a draft was never released; discard it instead")]
    Draft,
    /// It does not hold already.
    #[error("it was withdrawn or superseded before")]
    Gone,
    /// The reason is what readers get in place of the content.
    #[error("a reason is needed")]
    Reason,
    /// The number of the next version can't be told.
    #[error("its version can't be counted on")]
    Version(#[source] version::Error),
}

/// The advisory, taken back. `summary` is the line in its history; `now` the time of the new version.
pub fn withdraw(advisory: &Advisory, reason: &str, summary: &str, now: Timestamp) -> Result<Advisory, Error> {
    end(advisory, State::Withdrawn { reason: reason.to_owned() }, reason, summary, now)
}

/// The advisory, given up for another one: `by` says which and where.
pub fn supersede(advisory: &Advisory, by: &Reference, reason: &str, summary: &str, now: Timestamp) -> Result<Advisory, Error> {
    let state = State::Superseded { reason: reason.to_owned(), by: by.clone() };
    end(advisory, state, reason, summary, now)
}

fn end(advisory: &Advisory, state: State, reason: &str, summary: &str, now: Timestamp) -> Result<Advisory, Error> {
    if advisory.status == Status::Draft {
        return Err(Error::Draft);
    }
    if !advisory.state.is_current() {
        return Err(Error::Gone);
    }
    if reason.trim().is_empty() {
        return Err(Error::Reason);
    }
    // What had products gives up its product tree: a major change (section 3.1.11.2).
    let level = if advisory.products.is_empty() && advisory.vulnerabilities.is_empty() { Level::Minor } else { Level::Major };
    let scheme = Scheme::of(advisory.version()).unwrap_or(Scheme::Integer);
    let number = version::next(scheme, Some(advisory.version()), true, level).map_err(Error::Version)?;
    let mut ended = advisory.clone();
    ended.state = state;
    ended.products.clear();
    ended.vulnerabilities.clear();
    ended.status = Status::Final;
    ended.current_release_date = now;
    ended.revisions.push(Revision { number, date: now, summary: summary.to_owned() });
    Ok(ended)
}

/// The words that profiles 7 and 8 fix for English and leave to a translation for the rest. German as
/// in the standard's table of translations; the others are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The title of the note with the reason of a withdrawal.
    pub withdrawal: &'static str,
    /// The title of the note with the reason of a supersession.
    pub supersession: &'static str,
    /// What the summary of the reference to the other document begins with.
    pub successor: &'static str,
}

impl Terms {
    /// The words for a BCP 47 tag: by its primary language, English for what is not in the table.
    pub fn of(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let (withdrawal, supersession, successor) = match primary.as_str() {
            "de" => ("Begründung für die Zurückziehung", "Begründung für die Ersetzung", "Ersetzendes Dokument"),
            "es" => ("Motivo de la retirada", "Motivo de la sustitución", "Documento que lo sustituye"),
            "fr" => ("Motif du retrait", "Motif du remplacement", "Document de remplacement"),
            "pt" => ("Motivo da retirada", "Motivo da substituição", "Documento que o substitui"),
            _ => ("Reasoning for Withdrawal", "Reasoning for Supersession", "Superseding Document"),
        };
        Self { withdrawal, supersession, successor }
    }
}
