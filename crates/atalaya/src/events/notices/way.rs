//! How a notice leaves, to whom, and what stands against it.

use std::collections::BTreeSet;

use ::store::Id;
use formats::label::Tlp;

use crate::constituency::{self, Contact, Organisation};
use crate::outbox::{self, Going};
use crate::release;
use crate::{App, Result};

pub use crate::outbox::{Way, by_mail, usable};

pub async fn way(app: &App, organisation: &Organisation, contact: &Contact, id: Id, label: Tlp) -> Result<Way> {
    let going = Going { noun: "event_notice", id, about: organisation.id, version: 1, label, basis: "notice" };
    outbox::way(&mut app.db.read().await?, app, organisation, contact, going).await
}

/// The highest of these labels that may leave to whoever is told, and why those above may not. Where there is nobody to
/// tell, that is found out later, for all of it.
pub async fn most(app: &App, organisation: &Organisation, choice: &constituency::Choice, labels: BTreeSet<Tlp>) -> Result<(Option<Tlp>, String)> {
    let Some(contact) = usable(choice) else { return Ok((Some(Tlp::Red), String::new())) };
    let mut refused = String::new();
    for label in labels.into_iter().rev() {
        let Way { leaving, against, .. } = way(app, organisation, contact, Id([0; 16]), label).await?;
        let weighed = release::weigh(&app.profile, &leaving);
        if against.is_empty() && weighed.may_leave() {
            return Ok((Some(label), refused));
        }
        if refused.is_empty() {
            refused = [against.join(" "), weighed.reasons()].join(" ").trim().to_owned();
        }
    }
    Ok((None, refused))
}
