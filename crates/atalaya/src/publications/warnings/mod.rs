//! Warnings: what one constituent is told of a publication, because it concerns it.
//!
//! Two ways lead to a warning. The publication's rule names constituents that are told of every version without asking; and the team
//! looks whom it concerns ([`search`]: by the products that they declared, and by their events), takes out, adds, and sends. Either
//! way a warning is a letter of its own, with the reason of its organisation and nobody else's, to the contact that the
//! registry names for security, through the gate. An organisation is told of a version once, and once more before it is out; who
//! was told of one version is told of the next.
//!
//! A mailing ([`super::readers::Mailing`]) carries warnings as it carries mails to readers: counted, let go by a second person
//! where there are many, and stopped by one button.

mod choose;
mod letter;
mod reason;
mod search;
mod store;
mod subject;
mod tell;
mod told;

use ::store::{Id, Reader, Record, Tx};
use formats::label::Tlp;
use jiff::Timestamp;
use press::Kind;
use serde_json::json;
use vault::blob::Hash;

use super::item::Publication;
use super::{store as publications, write};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::Told as Rule;
use crate::{App, Error, Result};

pub use choose::{add, choose, retry, send};
pub use reason::{Reason, Sighting};
pub use search::{DAYS, search};
pub(super) use tell::{addresses, gather, step, tally, tells_anybody};
pub use told::{WarningThread, for_member, of_member, of_thread};

/// What one organisation is told, or may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Id.
    pub id: Id,
    /// The mailing that carries it.
    pub mailing: Option<Id>,
    /// Of which publication.
    pub publication: Id,
    /// Of which version.
    pub version: i64,
    /// Before that version is out.
    pub ahead: bool,
    /// Whom.
    pub organisation: Id,
    /// Why.
    pub reasons: Vec<Reason>,
    /// `proposed`, `out`, `waits`, `told`, `held`.
    pub state: String,
    /// What is against it, of what is held.
    pub why: String,
    /// To which contact it went.
    pub contact: Option<Id>,
    /// How.
    pub channel: String,
    /// Under which label.
    pub label: Tlp,
    /// In which language.
    pub language: String,
    /// Subject.
    pub subject: String,
    /// The exact text.
    pub content: Option<Hash>,
    /// The mail's `Message-ID`, where it went by mail.
    pub message_id: String,
    /// When it came into its state.
    pub at: Timestamp,
}

impl Warning {
    fn proposed(tx: &Tx, publication: Id, target: Target, organisation: Id, reasons: Vec<Reason>) -> Self {
        Self {
            id: tx.new_id(),
            mailing: None,
            publication,
            version: target.version,
            ahead: target.ahead,
            organisation,
            reasons,
            state: "proposed".into(),
            why: String::new(),
            contact: None,
            channel: String::new(),
            label: Tlp::Red,
            language: String::new(),
            subject: String::new(),
            content: None,
            message_id: String::new(),
            at: tx.now(),
        }
    }

    /// Whether somebody may still take it out or put it back.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "proposed" | "out")
    }
}

/// Which version is told now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The version.
    pub version: i64,
    /// It is not out yet.
    pub ahead: bool,
}

impl Target {
    /// What is approved and not out yet, or was never out; else what is out.
    pub fn of(one: &Publication) -> Self {
        let ahead = one.version == 0 || matches!(one.stage.as_str(), "approved" | "scheduled");
        Self { version: one.version + i64::from(ahead), ahead }
    }
}

/// Which constituents are told of a publication without asking.
pub async fn rule(reader: &mut Reader, app: &App, one: &Publication) -> Result<Rule> {
    let plain = if matches!(one.kind, Kind::Alert | Kind::Advisory) { app.profile.publications.constituents } else { Rule::Nobody };
    Ok(store::rule(reader, one.id).await?.and_then(|name| Rule::named(&name)).unwrap_or(plain))
}

/// Says which constituents are told of it without asking: it is part of what is approved.
pub async fn set_rule(app: &App, who: &Who, id: Id, seen: i64, rule: Rule) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, Some(seen)).await?;
            if !one.is_open() {
                return Err(Error::conflict("Nothing of it is in work: begin the next version first."));
            }
            store::set_rule(tx, id, rule.name()).await?;
            write::back_to_draft(&mut one, who);
            publications::update(tx, &one).await?;
            tx.record(Record::new("publication.rule_set", "publication", id).facts(json!({ "constituents": rule.name() })));
            Ok(())
        })
        .await
}

/// How many warnings of a version are in each state.
pub async fn counts(reader: &mut Reader, who: &Who, id: Id, target: Target) -> Result<Vec<(String, i64)>> {
    require(who, Verb::See, Noun::Publication)?;
    store::counts(reader, id, target).await
}

/// The warnings of a version: what may still be chosen first, then what is held, waits, was told.
pub async fn warnings(reader: &mut Reader, who: &Who, id: Id, target: Target, limit: u32) -> Result<Vec<Warning>> {
    require(who, Verb::See, Noun::Publication)?;
    store::of(reader, id, target, limit).await
}
