//! Unsealing into a case: what a reader chose to bring out becomes a report and a case like any other,
//! kept like any other. The ciphertext stays where it is, as evidence.

use ::store::{Id, Kept, Record};
use formats::label::Tlp;
use serde_json::json;

use super::desk::act;
use super::store;
use crate::access::Who;
use crate::cases::{self, NewCase};
use crate::reports::{self, NewFile, NewReport};
use crate::{App, Error, Result};

/// What comes out.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// One line.
    pub title: String,
    /// The parts of the text that may be read by those who see the case.
    pub text: String,
    /// What the report is about.
    pub kind: String,
    /// The label of report and case.
    pub label: Tlp,
    /// The group that may know of the case; without one it is its owner's.
    pub group: Option<Id>,
    /// Whether everybody of the team may know of it.
    pub open: bool,
    /// Chosen files.
    pub files: Vec<NewFile>,
    /// The text as it came, sealed.
    pub raw: Kept,
}

/// Makes the case; gives its number.
pub async fn unseal(app: &App, who: &Who, number: &str, chosen: Chosen) -> Result<String> {
    if chosen.title.trim().is_empty() {
        return Err(Error::invalid("Write a title"));
    }
    act(app, who, number, async |tx, dialogue| {
        if dialogue.case.is_some() {
            return Err(Error::conflict("This dialogue is a case already."));
        }
        let new = NewReport {
            kind: chosen.kind.clone(),
            title: chosen.title.trim().to_owned(),
            body: chosen.text.clone(),
            language: app.languages.first().to_owned(),
            label: Some(chosen.label),
            acknowledge: false,
            files: chosen.files.clone(),
            ..NewReport::of("sealed", chosen.raw.clone(), "text/plain")
        };
        let report = reports::receive_in(tx, app, new).await?;
        let new = NewCase {
            kind: "incident".into(),
            title: chosen.title.trim().to_owned(),
            label: Some(chosen.label),
            group: chosen.group,
            restricted: !chosen.open,
            reports: vec![report.id],
            ..NewCase::default()
        };
        let case = cases::open_in(tx, app, who, new).await?;
        let envelopes: Vec<String> = store::envelopes(tx, dialogue.id).await?.iter().map(|envelope| envelope.hash.to_string()).collect();
        (dialogue.case, dialogue.delete_on) = (Some(case.id), None);
        dialogue.state = "unsealed".into();
        tx.record(Record::new("sealed.unsealed", "sealed", dialogue.id).facts(
            json!({ "case": case.number, "report": report.number, "label": chosen.label.as_str(), "files": chosen.files.len(), "envelopes": envelopes }),
        ));
        tx.record(Record::new("case.unsealed_from", "case", case.id).facts(json!({ "sealed": dialogue.number, "envelopes": envelopes })));
        Ok(case.number)
    })
    .await
}
